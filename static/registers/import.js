/* Bringing a register in, made easier: a file dropped on the form, a paste with its table kept. */
"use strict";

document.querySelectorAll("form[data-drop]").forEach((form) => {
  const file = form.querySelector("input[type=file]");
  const hint = form.querySelector("[data-drop-hint]");
  const text = form.querySelector("textarea[name=paste]");
  const html = form.querySelector("input[name=paste_html]");
  if (hint) hint.hidden = false;
  form.addEventListener("dragover", (ev) => {
    if (ev.dataTransfer.types.includes("Files")) ev.preventDefault();
  });
  form.addEventListener("drop", (ev) => {
    if (!ev.dataTransfer.files.length) return;
    ev.preventDefault();
    file.files = ev.dataTransfer.files;
    file.focus();
  });
  /* A browser gives a text box the words alone; the table is in what was copied beside them. */
  text.addEventListener("paste", (ev) => {
    const copied = ev.clipboardData.getData("text/html");
    const whole = text.selectionEnd - text.selectionStart === text.value.length;
    html.value = whole && copied.includes("<table") && copied.length < 2000000 ? copied : "";
  });
  text.addEventListener("input", (ev) => {
    if (ev.inputType !== "insertFromPaste") html.value = "";
  });
});
