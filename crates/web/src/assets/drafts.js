// Keeps what is typed into a form with data-draft in this browser until the program has it. The form works without it.
(() => {
  "use strict";

  const PREFIX = "kernschil-concept:";
  const SENT = "kernschil-verstuurd";
  const owner = document.body.dataset.owner;

  // The program has what was sent when the page after it says that something was done.
  const settle = () => {
    try {
      const key = sessionStorage.getItem(SENT);
      sessionStorage.removeItem(SENT);
      if (key && document.querySelector(".flash:not(.flash-problem)")) localStorage.removeItem(key);
    } catch { /* Nothing was kept. */ }
  };
  settle();
  if (!owner) return;

  const isRefused = document.querySelector(".error-summary, .flash-problem") !== null;
  const holds = (field) => field.name && !["csrf", "password"].includes(field.name) && !["password", "file", "submit", "button"].includes(field.type);
  const fieldsOf = (form) => [...form.elements].filter(holds);
  const textsOf = (form) => fieldsOf(form).filter((field) => field.tagName === "TEXTAREA");
  const isTick = (field) => field.type === "checkbox" || field.type === "radio";
  // By place, for a name can stand in a form more than once.
  const valuesOf = (form) => fieldsOf(form).map((field) => [field.name, isTick(field) ? field.checked : field.value]);
  const moment = (at) => {
    const time = at.toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    return `${at.toLocaleDateString("nl-NL", { day: "numeric", month: "long" })} om ${time}`;
  };

  const button = (words, look, work) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button ${look}`;
    made.textContent = words;
    made.addEventListener("click", work);
    return made;
  };

  const offer = (form, draft, { back, away }) => {
    const note = document.createElement("div");
    note.className = "note note-signal";
    note.dataset.draftOffer = "";
    const inside = document.createElement("div");
    const words = document.createElement("p");
    words.textContent = `In deze browser staat nog tekst die niet is opgeslagen, van ${moment(new Date(draft.at))}.`;
    const buttons = document.createElement("p");
    buttons.className = "buttons";
    const done = (work) => () => {
      work();
      note.remove();
      textsOf(form)[0].focus();
    };
    buttons.append(button("Zet die tekst terug", "button-second", done(back)), button("Gooi die tekst weg", "button-quiet", done(away)));
    inside.append(words, buttons);
    note.append(inside);
    form.prepend(note);
    const folded = form.closest("details");
    if (folded) folded.open = true;
  };

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = `${PREFIX}${owner}:${new URL(form.action).pathname}:${form.dataset.draft}`;
    const forget = () => { try { localStorage.removeItem(key); } catch { /* Nothing was kept. */ } };
    const isChanged = () => isRefused || textsOf(form).some((field) => field.value !== field.defaultValue);
    const keep = () => {
      if (!isChanged()) { forget(); return; }
      try { localStorage.setItem(key, JSON.stringify({ values: valuesOf(form), at: new Date().toISOString() })); } catch { /* The form holds it. */ }
    };
    const kept = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
    const put = (values) => {
      const fields = fieldsOf(form);
      for (const [name, value] of values) {
        // What it was written over comes back too, so that what others wrote since is not replaced.
        const at = fields.findIndex((field) => field.name === name);
        if (at < 0) continue;
        const [field] = fields.splice(at, 1);
        if (isTick(field)) field.checked = value; else field.value = value;
      }
      keep();
    };

    const draft = kept();
    // A page that refused gives back what was typed itself.
    if (draft && Array.isArray(draft.values) && !isRefused) {
      const now = new Set(textsOf(form).map((field) => `${field.name}:${field.value}`));
      const names = new Set(textsOf(form).map((field) => field.name));
      const differs = draft.values.some(([name, value]) => names.has(name) && String(value).trim() && !now.has(`${name}:${value}`));
      if (differs) offer(form, draft, { back: () => put(draft.values), away: forget });
      else forget();
    }

    // What waits to be put back is not written over.
    const waits = () => form.querySelector("[data-draft-offer]") !== null;
    form.addEventListener("input", () => { if (!waits()) keep(); });
    form.addEventListener("submit", () => {
      if (waits()) return;
      keep();
      try { sessionStorage.setItem(SENT, key); } catch { /* It stays until it is thrown away. */ }
    });
  }
})();
