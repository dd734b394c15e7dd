// Every page works without this file. It adds keys, focus on errors and progress without reloading.
(() => {
  "use strict";

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const keysOn = () => {
    try { return localStorage.getItem("kernschil-toetsen") !== "uit"; } catch { return true; }
  };

  one("[data-focus]")?.focus();

  const rememberKeys = () => {
    const choice = one("[data-keys-choice]");
    const box = choice && one("[data-keys-toggle]", choice);
    if (!box) return;
    choice.hidden = false;
    box.checked = keysOn();
    box.addEventListener("change", () => {
      try { localStorage.setItem("kernschil-toetsen", box.checked ? "aan" : "uit"); } catch { box.checked = true; }
    });
  };

  const step = (by) => {
    const students = all("[data-student]");
    if (students.length === 0) return;
    const now = students.findIndex((student) => student.hasAttribute("aria-current"));
    const next = students[Math.min(Math.max(now + by, 0), students.length - 1)];
    if (next && !next.hasAttribute("aria-current")) location.assign(next.href);
  };

  const keys = {
    "/": () => one("[data-board] [data-search], [data-search]")?.focus(),
    "?": () => location.assign("/hulp/toetsen"),
    j: () => step(1),
    k: () => step(-1),
    p: () => one("[data-board] [data-place]")?.click(),
    x: () => one("[data-student][aria-current]")?.closest("li")?.querySelector("[data-pick]")?.click(),
    u: () => one("[data-undo] button")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (typing) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
    const action = keys[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });

  const follow = async () => {
    const live = one("[data-live]");
    if (!live) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (answer.redirected) { location.assign(answer.url); return; }
      if (answer.ok) {
        const fresh = one("#taak", new DOMParser().parseFromString(await answer.text(), "text/html"));
        if (fresh) {
          const hadFocus = live.contains(document.activeElement);
          live.replaceWith(document.adoptNode(fresh));
          if (hadFocus) one("#taak .button")?.focus();
          if (!fresh.hasAttribute("data-live")) { one("[data-done]")?.focus(); return; }
        }
      }
    } catch {
      // The network may come back: ask again.
    }
    setTimeout(follow, Number(one("[data-live]")?.dataset.live ?? 2000));
  };
  setTimeout(follow, 1000);

  for (const drop of all("[data-drop]")) {
    const field = one("input[type=file]", drop);
    const mark = (on) => drop.classList.toggle("drop-over", on);
    drop.addEventListener("dragover", (event) => { event.preventDefault(); mark(true); });
    drop.addEventListener("dragleave", () => mark(false));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(false);
      if (event.dataTransfer?.files.length) field.files = event.dataTransfer.files;
    });
  }

  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  for (const button of all("[data-copy]")) {
    const text = () => [...document.getElementById(button.dataset.copy).children].map((line) => line.textContent).join("\n");
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(text()); button.textContent = "Gekopieerd"; } catch { button.hidden = true; }
    });
  }

  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "ja";
      setTimeout(() => delete form.dataset.sent, 4000);
    });
  }

  const picked = one("[data-picked]");
  if (picked) {
    const count = () => {
      const number = all("[data-pick]:checked").length;
      picked.textContent = number ? ` (${number})` : "";
      picked.closest("form").classList.toggle("board-picked-none", number === 0);
    };
    for (const box of all("[data-pick]")) box.addEventListener("change", count);
    count();
  }

  const list = one(".board-students");
  const current = list && one("[aria-current]", list);
  if (current) list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 3;
  rememberKeys();
})();
