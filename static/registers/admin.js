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

/* What is folded says that it is what it was, until it is changed */
document.querySelectorAll(".change-form details.as-it-was").forEach((fold) => {
  fold.addEventListener("input", () => {
    fold.querySelector("[data-as-was]").textContent = "changed, not saved yet";
  });
});

/* What a submission still needs, while one writes */
document.querySelectorAll("[data-needs]").forEach((bar) => {
  const form = bar.closest("form");
  const holds = (name) => new FormData(form).getAll(name).some((value) => value.trim() && value !== "unknown");
  const slips = (name) => {
    const of = (column) => form.elements[name.replace(/reason$/, column)];
    if (of("status").value === "dropped") return true;
    const was = of("due").dataset.was;
    return Boolean(was) && of("status").value !== "done" && (!of("due").value || of("due").value > was);
  };
  const lacks = (name) => !holds(name) && (!name.startsWith("actions-") || slips(name));
  const needOf = (name) => bar.querySelector(`[data-need="${name.replace(/-(due|status)$/, "-reason")}"]`);
  const count = () => {
    const some = Boolean(bar.querySelector("[data-need]:not([hidden])"));
    bar.querySelector("[data-lacking]").hidden = !some;
    bar.querySelector("[data-complete]").hidden = some;
  };
  /* The server knows best what lacks; a need is judged anew once its own field is touched. */
  const judge = (ev) => {
    const need = needOf(ev.target.name || "");
    if (need) need.hidden = !lacks(need.dataset.need);
    count();
  };
  form.addEventListener("input", judge);
  form.addEventListener("change", judge);
  count();
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

/* What is seldom used of an action is opened where it will be asked for: a date, or an ending */
document.querySelectorAll("[data-rows]").forEach((group) => {
  group.addEventListener("change", (ev) => {
    const more = ev.target.closest("tr")?.querySelector("details.more");
    if (more && /-(due|status)$/.test(ev.target.name)) more.open = true;
  });
});

/* The form of an entry: what is typed is kept on this device until it is saved, so that a closed
   lid, a lost network or an expired session costs nothing. */
const entry = document.getElementById("snapshot_form");
if (entry && entry.elements.version && entry.elements.writer.value) {
  const key = `f5:${entry.elements.writer.value}:${location.pathname}`;
  const own = new Set(["csrfmiddlewaretoken", "version", "seen", "writer", "sending", "clash"]);
  const read = () => JSON.parse(localStorage.getItem(key) || "null");
  const values = () => [...new FormData(entry)].filter(([name]) => !own.has(name));
  const refused = document.getElementById("error-summary");
  const opened = JSON.stringify(values());
  const notice = document.querySelector("[data-unsaved]");
  let late = 0;
  let loggedOut = false;
  addEventListener("storage", (ev) => { if (ev.key === "f5-logged-out") loggedOut = true; });

  const keep = (sent) => {
    clearTimeout(late);
    late = 0;
    if (loggedOut) return;
    const now = values();
    if (!sent && JSON.stringify(now) === opened) { localStorage.removeItem(key); return; }
    const version = Number(entry.elements.version.value);
    localStorage.setItem(key, JSON.stringify({ version, sent, when: Date.now(), values: now }));
  };

  /* The rows as they were then: those that are missing are added, those that came since go.
     The server brings them back, for the form is sent as one that saw the version of then. */
  const putRows = (group, rows, stale) => {
    const prefix = group.dataset.rows;
    const total = group.querySelector(`#id_${prefix}-TOTAL_FORMS`);
    const wanted = Number((rows[`${prefix}-TOTAL_FORMS`] || [0])[0]);
    while (total && Number(total.value) < wanted) group.querySelector("button[name=_addrow]").click();
    if (!total || !stale) return;
    for (let place = wanted; place < Number(total.value); place += 1) {
      document.getElementById(`${prefix}-${place}`)?.remove();
    }
    for (let place = 0; place < wanted; place += 1) {
      const id = entry.elements[`${prefix}-${place}-id`];
      if (id) id.value = (rows[`${prefix}-${place}-id`] || [""])[0];
    }
    total.value = wanted;
  };
  const put = (kept) => {
    const rows = {};
    kept.values.forEach(([name, value]) => { (rows[name] ??= []).push(value); });
    const stale = kept.version !== Number(entry.elements.version.value);
    document.querySelectorAll("[data-rows]").forEach((group) => putRows(group, rows, stale));
    entry.elements.version.value = kept.version;
    for (const field of entry.elements) {
      if (!field.name || own.has(field.name) || field.type === "hidden" || field.type === "submit") continue;
      const was = rows[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = was.includes(field.value);
      else if (was.length) field.value = was[0];
      if (field.value !== field.defaultValue && field.closest("details.as-it-was")) field.closest("details.as-it-was").open = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    entry.querySelectorAll("[data-picker]").forEach((picker) => {
      const on = picker.querySelector("input:checked");
      if (on) on.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };

  try {
    const kept = read();
    if (kept && kept.sent && !refused && Number(notice.dataset.saved) > kept.version) localStorage.removeItem(key);
    else if (kept && !refused && JSON.stringify(kept.values) !== opened) {
      notice.querySelector("[data-when]").textContent =
        new Date(kept.when).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
      notice.hidden = false;
      const done = () => {
        notice.hidden = true;
        const first = entry.querySelector("input:not([type=hidden]), textarea");
        if (first) first.focus({ preventScroll: true });
      };
      notice.querySelector("[data-restore]").addEventListener("click", () => { put(kept); done(); });
      notice.querySelector("[data-discard]").addEventListener("click", () => { localStorage.removeItem(key); done(); });
    }
    entry.addEventListener("input", () => { clearTimeout(late); late = setTimeout(() => keep(false), 400); });
    entry.addEventListener("submit", () => keep(true));
    addEventListener("pagehide", () => { if (late) keep(false); });
  } catch (blocked) { /* storage is switched off: the draft on the server is all there is */ }
}

/* What the scores did, while a square is being chosen */
document.querySelectorAll("[data-movement]").forEach((line) => {
  const before = Number(line.dataset.movement);
  const picker = document.querySelector(".field-current [data-picker], [data-picker]");
  if (!picker || !before) return;
  picker.addEventListener("change", () => {
    const on = picker.querySelector("input:checked");
    if (!on || !/^\dx\d$/.test(on.value)) return;
    const [impact, likelihood] = on.value.split("x").map(Number);
    const now = impact * likelihood;
    const moved = `${now > before ? "Up" : "Down"} ${Math.abs(now - before)}`;
    line.querySelector("[data-told]").textContent =
      now === before ? `stays at ${now}` : `has gone from ${before} to ${now}: ${moved}`;
  });
});
