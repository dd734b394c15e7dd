// Saves a text while somebody writes. The form works without it; this loses nothing when the network or the session goes.
(() => {
  "use strict";

  const form = document.querySelector("[data-writing]");
  if (!form) return;
  const field = form.querySelector("textarea");
  const version = form.querySelector("[name=versie]");
  const csrf = form.querySelector("[name=csrf]");
  const status = form.querySelector("[data-saved]");
  const banner = form.querySelector("[data-kept]");
  const key = `kernschil-tekst:${form.dataset.key}`;
  // After the last key that long, and never longer than that after the first.
  const rest = 1500;
  const longest = 4000;
  let saved = field.value;
  let timer = null;
  let first = 0;
  let busy = false;
  let stopped = false;

  const clock = (at) => at.toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  const moment = (at) => `${at.toLocaleDateString("nl-NL", { day: "numeric", month: "long" })} om ${clock(at)}`;
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const dirty = () => field.value !== saved;

  const kept = () => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  const keep = () => {
    try { localStorage.setItem(key, JSON.stringify({ body: field.value, version: version.value, at: new Date().toISOString() })); return true; } catch { return false; }
  };
  const forget = () => {
    try { localStorage.removeItem(key); } catch { /* Nothing was kept. */ }
  };
  const here = () => (keep() ? "Uw tekst staat veilig in deze browser." : "Kopieer uw tekst: deze browser kan hem niet bewaren.");

  const beside = (body) => {
    stopped = true;
    saved = body;
    // What was typed since is not in what was kept aside.
    if (dirty()) keep(); else forget();
    say("Iemand schreef intussen ook aan dit onderdeel. Uw tekst is apart bewaard. ");
    const link = document.createElement("a");
    link.href = form.dataset.merge;
    link.textContent = "Bekijk beide teksten";
    status.append(link);
  };

  const save = async (leaving = false) => {
    clearTimeout(timer);
    timer = null;
    first = 0;
    if (stopped || busy || !dirty()) return;
    busy = true;
    const body = field.value;
    keep();
    try {
      const answer = await fetch(form.dataset.save, {
        method: "PUT",
        credentials: "same-origin",
        // A text that is larger than a browser sends while it leaves, stays in this browser and is offered back.
        keepalive: leaving && body.length < 15000,
        headers: { "Content-Type": "application/json", "If-Match": `"${version.value}"`, "X-CSRF-Token": csrf.value },
        body: JSON.stringify({ body }),
      });
      if (answer.ok) {
        version.value = answer.headers.get("ETag").replaceAll('"', "");
        saved = body;
        if (dirty()) { keep(); plan(); } else { forget(); }
        say(`Opgeslagen om ${clock(new Date())}`);
      } else if (answer.status === 412) {
        beside(body);
      } else if (answer.status === 401 || answer.status === 403) {
        say(`U bent niet meer ingelogd. ${here()} Log in en kom terug op deze pagina; dan kunt u hem terugzetten.`);
      } else {
        const problem = await answer.json().catch(() => null);
        const why = problem?.errors?.map((wrong) => wrong.message).join(" ") || problem?.detail || "";
        say(`Niet opgeslagen. ${why} ${here()}`);
        if (answer.status >= 500 || answer.status === 429) timer = setTimeout(save, 10000);
      }
    } catch {
      say(`Geen verbinding. ${here()} Wij proberen het vanzelf opnieuw.`);
      timer = setTimeout(save, 5000);
    }
    busy = false;
  };

  const plan = () => {
    const now = Date.now();
    first = first || now;
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(rest, first + longest - now)));
  };

  field.addEventListener("input", () => {
    keep();
    if (!stopped) plan();
  });

  const offer = () => {
    const draft = kept();
    if (!draft || typeof draft.body !== "string") return;
    if (draft.body === field.value) { forget(); return; }
    form.querySelector("[data-kept-at]").textContent = moment(new Date(draft.at));
    banner.hidden = false;
    form.querySelector("[data-kept-back]").addEventListener("click", () => {
      field.value = draft.body;
      // Over the version it was written over: what others wrote since is not replaced.
      version.value = draft.version;
      banner.hidden = true;
      field.focus();
      save();
    });
    form.querySelector("[data-kept-away]").addEventListener("click", () => {
      forget();
      banner.hidden = true;
      field.focus();
    });
  };

  form.addEventListener("submit", () => {
    keep();
    stopped = true;
    saved = field.value;
  });
  addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
  addEventListener("beforeunload", (event) => {
    if (dirty()) { keep(); event.preventDefault(); }
  });
  offer();
})();
