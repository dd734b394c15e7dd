// What journeys do after a proposal: fix, announce, and change what was announced.

/** Fixes the round of the menu and tells everybody. */
export const announce = async (j) => {
  await j.menu("Overzicht");
  await j.follow("Vaststellen");
  await j.press(/^Stel .* vast$/);
  await j.follow("Naar bekendmaken");
  await j.press(/^Maak bekend aan .*(iedereen|scholen en studenten)/i);
};

/** The offers of which places can be taken back, as the form names them. */
export const offersToTakeBack = (j) =>
  j.page.locator("select[name=aanbod] option:not([value=''])").evaluateAll((options) =>
    options.map((option) => {
      const [, words, used, count] = /^(.*) \((\d+) van (\d+) bezet\)$/.exec(option.textContent.trim());
      return { value: option.value, words, school: words.split(/, | \(/)[0], used: Number(used), count: Number(count) };
    }),
  );

/** Notes that a school takes places back; a plan is made. */
export const withdraw = async (j, offer, left) => {
  await j.pick("Welke plekken?", offer.value);
  await j.fill("Hoeveel plekken blijven over?", String(left));
  await j.press("Meld de wijziging en maak een plan");
  await j.result();
};

/** Who goes from where to where, in each plan on the page. */
export const movesOf = (j) =>
  j.page.locator("section[aria-labelledby^='plan-']").evaluateAll((plans) =>
    plans.map((plan) =>
      [...plan.querySelectorAll("table")]
        .filter((table) => table.caption?.textContent.startsWith("Wie verhuist"))
        .flatMap((table) => [...table.tBodies[0].rows])
        .map((row) => ({ student: row.cells[0].textContent, from: row.cells[1].textContent, to: row.cells[2].textContent, why: row.cells[3].textContent })),
    ),
  );

/** Carries the first plan out. */
export const carryOut = async (j) => {
  await j.open("form.plan-button button");
  if (!(await j.text()).includes("is doorgevoerd")) j.fail("het plan is niet doorgevoerd");
};

/** How many letters the last wave has to students and to schools; leaves the page of the wave open. */
export const lettersOf = async (j) => {
  const waves = j.page.locator("section[aria-labelledby=verzendingen] tbody th a");
  const hrefs = await waves.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const number = (href) => Number(href.split("/").pop());
  const last = hrefs.sort((a, b) => number(b) - number(a))[0];
  const count = async (audience) => {
    await j.page.goto(new URL(`${last}?voor=${audience}`, j.page.url()).href);
    return j.page.locator("main table tbody tr").count();
  };
  const letters = { schools: await count("scholen"), students: await count("studenten") };
  await j.page.goto(new URL(last, j.page.url()).href);
  return letters;
};
