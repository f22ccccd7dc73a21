/* Data entry: enhancement only. Every form works without this file. */
"use strict";

/* Add a row where it stands; without script the button saves and comes back with one */
document.querySelectorAll("[data-rows]").forEach((group) => {
  const prefix = group.dataset.rows;
  const blank = group.querySelector("template");
  const button = group.querySelector("button[name=_addrow]");
  const total = group.querySelector(`#id_${prefix}-TOTAL_FORMS`);
  if (!blank || !button || !total) return;
  button.addEventListener("click", (ev) => {
    ev.preventDefault();
    const count = Number(total.value);
    const holder = document.createElement("template");
    holder.innerHTML = blank.innerHTML
      .replaceAll("__prefix__", count).replaceAll("__number__", count + 1);
    blank.before(holder.content);
    total.value = count + 1;
    const row = document.getElementById(`${prefix}-${count}`);
    row.querySelector("textarea, input:not([type=hidden]), select").focus();
  });
});

/* Last quarter's text beside this one: say whether they differ */
document.querySelectorAll("[data-beside]").forEach((pair) => {
  const box = pair.querySelector("textarea");
  const note = pair.querySelector(".state");
  const flat = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
  box.addEventListener("input", () => {
    const words = flat(box.value) === flat(pair.dataset.beside) ? "same as now" : "differs from now";
    if (note.textContent !== words) note.textContent = words;
  });
});

/* A score on its own belongs to 'square not known' */
document.querySelectorAll("[data-picker] select").forEach((select) => {
  const picker = select.closest("[data-picker]");
  select.addEventListener("change", () => {
    const unknown = picker.querySelector("input[value=unknown]");
    if (select.value) {
      unknown.checked = true;
      picker.querySelector("output").textContent = `Square not known, score ${select.value}`;
    }
  });
  picker.addEventListener("change", (ev) => {
    if (ev.target.type === "radio" && ev.target.value !== "unknown") select.value = "";
  });
});

/* What was refused comes first */
const problems = document.getElementById("error-summary");
if (problems) problems.focus();
