// Notes of the visit day: kept on the device until the program has them. The page works as plain forms without it.
(() => {
  "use strict";

  const PREFIX = "kernschil-dag:";
  const DRAFT = "kernschil-dag-schets:";
  const CONCEPT = "kernschil-concept:";
  const CACHE = "kernschil-dag";

  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; }
  };
  const keys = (prefix) => {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; }
  };

  // Nothing of the day, and nothing that was typed elsewhere, stays on a device after signing out. What did not arrive keeps somebody from it; what was typed and not
  // saved goes when she says so twice.
  const leave = async () => {
    [DRAFT, CONCEPT, PREFIX].flatMap(keys).forEach((key) => localStorage.removeItem(key));
    if ("caches" in window) await caches.delete(CACHE);
    const workers = await navigator.serviceWorker?.getRegistrations() ?? [];
    await Promise.all(workers.map((worker) => worker.unregister()));
  };
  let warned = false;
  for (const form of document.querySelectorAll('form[action="/uitloggen"]')) {
    form.addEventListener("submit", (event) => {
      if (![PREFIX, DRAFT, CONCEPT].some((prefix) => keys(prefix).length) && !navigator.serviceWorker?.controller) return;
      event.preventDefault();
      const waiting = keys(PREFIX).reduce((count, key) => count + read(key).length, 0);
      const typed = keys(CONCEPT).length > 0 || keys(DRAFT).some((key) => localStorage.getItem(key).trim());
      if (waiting || (typed && !warned)) {
        let words = form.querySelector("[role=alert]");
        if (!words) { words = document.createElement("p"); words.setAttribute("role", "alert"); form.append(words); }
        words.textContent = waiting
          ? `${waiting === 1 ? "Er wacht nog één notitie" : `Er wachten nog ${waiting} notities`} op verbinding. Open de pagina Bezoekdag met verbinding, en log dan uit.`
          : "In deze browser staat nog tekst die niet is bewaard. Klik nog eens op Uitloggen om die weg te gooien.";
        warned = true;
        return;
      }
      leave().finally(() => form.submit());
    });
  }

  const page = document.querySelector("[data-day]");
  if (!page) return;
  const key = PREFIX + page.dataset.dayKey;
  const draftOf = (form) => `${DRAFT}${page.dataset.dayKey}:${form.elements.onderdeel.value}:${"dayFresh" in form.dataset ? "" : form.elements.notitie.value}`;
  const status = page.querySelector("[data-day-status]");
  const csrf = page.querySelector("[name=csrf]");
  let busy = false;
  let timer = null;

  // A browser has randomUUID only where it trusts the connection.
  const fresh = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const queue = () => read(key);
  const store = (notes) => {
    try {
      if (notes.length) localStorage.setItem(key, JSON.stringify(notes)); else localStorage.removeItem(key);
      return true;
    } catch { return false; }
  };
  const without = (note) => store(queue().filter((one) => one.id !== note.id || one.body !== note.body));

  // What waits stands in the list at once, so that it is seen that it is kept.
  const show = (note, words) => {
    const part = [...page.querySelectorAll("[data-day-part]")].find((one) => one.dataset.dayPart === note.item) ?? page;
    const list = part.querySelector("[data-day-notes]");
    let item = [...page.querySelectorAll("[data-note]")].find((one) => one.dataset.note === note.id);
    if (!item) {
      item = document.createElement("li");
      item.className = "day-kept";
      item.dataset.note = note.id;
      item.append(document.createElement("p"), document.createElement("p"));
      item.firstChild.className = "day-text";
      item.lastChild.className = "small muted";
      list.append(item);
    }
    const [text, line] = item.querySelectorAll("p");
    text.textContent = note.body;
    line.textContent = words;
  };

  const send = async (note) => {
    const headers = { "Content-Type": "application/json", "If-Match": `"${note.version}"`, "X-CSRF-Token": csrf.value };
    const body = { body: note.body, writtenAt: note.at };
    if (note.item) body.item = note.item;
    return fetch(page.dataset.daySave + note.id, { method: "PUT", credentials: "same-origin", headers, body: JSON.stringify(body) });
  };

  // One after the other, in the order in which they were written.
  const flush = async () => {
    clearTimeout(timer);
    if (busy || !queue().length) return;
    busy = true;
    try {
      for (let note = queue()[0]; note; note = queue()[0]) {
        const answer = await send(note);
        if (answer.ok) {
          const version = answer.headers.get("ETag").replaceAll('"', "");
          for (const form of page.querySelectorAll("[data-day-form]")) {
            if (form.elements.notitie.value === note.id) form.elements.versie.value = version;
          }
          without(note);
          show(note, "Bewaard.");
        } else if (answer.status === 412) {
          // The program kept it as a note of its own.
          without(note);
          say("Een notitie was op een ander apparaat gewijzigd. Beide zijn bewaard; ververs de pagina om ze te zien.");
        } else if (answer.status === 401 || answer.status === 403) {
          say("U bent niet meer ingelogd. Uw notities staan veilig op dit apparaat. Log in en open deze pagina opnieuw.");
          busy = false;
          return;
        } else {
          const problem = await answer.json().catch(() => null);
          say(`Nog niet bewaard. ${problem?.detail ?? ""} Uw notities staan veilig op dit apparaat.`);
          timer = setTimeout(flush, 30000);
          busy = false;
          return;
        }
      }
      say("Alles is bewaard.");
      remember().catch(() => { /* The page that was kept is older; nothing of it is lost. */ });
    } catch {
      say("Geen verbinding. Uw notities staan veilig op dit apparaat en worden vanzelf verstuurd.");
      timer = setTimeout(flush, 5000);
    }
    busy = false;
  };

  for (const form of page.querySelectorAll("[data-day-form]")) {
    const field = form.elements.tekst;
    const draft = draftOf(form);
    // A page that was kept has the identifier of a note that may wait or have arrived already.
    if ("dayFresh" in form.dataset) form.elements.notitie.value = fresh();
    try { const kept = localStorage.getItem(draft); if (kept) field.value = kept; } catch { /* Nothing was kept. */ }
    field.addEventListener("input", () => { try { localStorage.setItem(draft, field.value); } catch { /* The form holds it. */ } });
    form.addEventListener("submit", (event) => {
      const fields = form.elements;
      const body = field.value.trim();
      if (!body) return;
      const note = { id: fields.notitie.value, item: fields.onderdeel.value, version: fields.versie.value, body, at: new Date().toISOString() };
      // What waits already of the same note was never seen by the program: the newest counts.
      const others = queue().filter((one) => one.id !== note.id);
      // A device that keeps nothing sends the form as it is.
      if (!store([...others, note])) return;
      event.preventDefault();
      try { localStorage.removeItem(draft); } catch { /* Nothing was kept. */ }
      show(note, "Wacht op verbinding.");
      if ("dayFresh" in form.dataset) {
        fields.notitie.value = fresh();
        field.value = "";
        field.focus();
      }
      flush();
    });
  }

  for (const note of queue()) show(note, "Wacht op verbinding.");
  addEventListener("online", flush);
  flush();

  const remember = async () => {
    if (!("serviceWorker" in navigator) || !("caches" in window)) return;
    await navigator.serviceWorker.register(page.dataset.dayWorker, { scope: page.dataset.dayScope });
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((link) => link.href);
    const scripts = [...document.scripts].map((script) => script.src).filter(Boolean);
    await (await caches.open(CACHE)).addAll([page.dataset.dayScope, ...files, ...scripts]);
  };
  if (navigator.onLine) remember().catch(() => { /* The page does not open without a network then; notes are kept all the same. */ });
})();
