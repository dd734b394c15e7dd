// The three regions of the examples, each with what it is there for: Almere's cascade, a quarter more students at
// Talent, and the match over the region of HAK with a board in two roles.
// node regions.mjs PROGRAM DATA EMAIL PASSWORD, with the data of a demo of its own
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failures, launch, signIn } from "./browser.mjs";
import { announce, carryOut, lettersOf, movesOf, offersToTakeBack, withdraw } from "./changes.mjs";
import { Journey, figure } from "./journey.mjs";
import { serve } from "./program.mjs";

const [program, data, email, password] = process.argv.slice(2);
if (!password) {
  console.error("Gebruik: node regions.mjs PROGRAMMA GEGEVENSMAP E-MAIL WACHTWOORD");
  process.exit(2);
}
const folder = join(dirname(fileURLToPath(import.meta.url)), "screenshots/regios");
const server = await serve(program, data);
const browser = await launch();

/** Walks one region, signed in and at the overview of its round. */
const walk = async (name, slug, work) => {
  const j = await Journey.begin(browser, name, folder);
  try {
    await j.aside(async () => {
      await signIn(j.page, { base: server.base, email, password });
      await j.page.goto(`${server.base}/rondes/${slug}`);
    });
    await work(j);
  } catch (error) {
    j.fail(`${error.message} op ${j.page.url()}`);
    await j.page.screenshot({ path: join(folder, `mis-${slug}.png`) });
  }
  await j.end();
};

/** A school takes back places of which there are no others left: its students only have a place when others make room. */
const almere = async (j) => {
  await announce(j);
  await j.menu("Wijzigingen");
  await j.follow("Meld een wijziging");
  await j.choose("Een school trekt plekken in");
  await j.press("Verder");
  const offer = (await offersToTakeBack(j)).find(({ words }) => words.startsWith("Basisschool De Kring (hoofdfase, groep 6-8)"));
  await withdraw(j, offer, 0);
  await j.look("almere-1-plan");
  const [fewest] = await movesOf(j);
  const own = fewest.filter((move) => move.from.includes(offer.school));
  const others = fewest.filter((move) => !own.includes(move));
  const unplaced = fewest.filter((move) => move.to.includes("geen plek"));
  j.equal(own.length, offer.used, "studenten die hun plek verliezen");
  j.expect(others.length > 0 && unplaced.length === 0, `geen cascade: ${others.length} maken ruimte, ${unplaced.length} zonder plek`);
  await carryOut(j);
  await j.look("almere-2-doorgevoerd");
  await j.menu("Brieven");
  const letters = await lettersOf(j);
  j.equal(letters.students, fewest.length, "brieven aan studenten");
  await j.look("almere-3-verzending");
  await j.menu("Wijzigingen");
  await j.look("almere-4-wijzigingen");
  await j.open("main td a[href*='/studenten/'], main a[href*='/wijzigingen/0']");
  await j.open("main tbody th a[href*='/studenten/']");
  j.expect((await j.text()).includes("Geschiedenis"), "geen geschiedenis bij de student");
  await j.look("almere-5-geschiedenis");
  j.say(`${offer.school} trekt ${offer.used} plekken in: ${own.length} verhuizen van daar, ${others.length} maakt ruimte, niemand zonder plek; ${letters.students} brieven aan studenten, ${letters.schools} aan scholen`);
};

/** A quarter more students: how many places are short, and which. */
const talent = async (j) => {
  await j.menu("Scenario's");
  await j.open("section[aria-labelledby=klaar] form:has(input[name=begin][value=more-students]) button");
  await j.result();
  await j.look("talent-1-scenario");
  const address = j.page.url();
  const text = (await j.text()).replaceAll(/\s+/g, " ");
  const shortages = [...text.matchAll(/([\d.]+) plek(?:ken)? te kort/g)].map(([, number]) => figure(number));
  await j.menu("Scenario's");
  await j.look("talent-2-naast-elkaar");
  const cells = await j.page.locator("section[aria-labelledby=lijst] tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim())));
  const [now, more] = cells;
  j.expect(figure(more[0]) > figure(now[0]), "niet meer studenten geplaatst dan nu");
  j.expect(figure(more[1]) > figure(now[1]), "bij een kwart meer studenten komt niemand tekort");
  await j.press("Vergelijk");
  await j.look("talent-3-vergelijking");
  const [losers] = await j.figures(/Slechter: een plek hebben ([\d.]+)/);
  j.expect(losers > 100, `${losers} van wie nu een plek heeft, verliezen die`);
  await j.page.goto(address);
  j.say(`een kwart meer studenten: ${more[0]} geplaatst (nu ${now[0]}), ${more[1]} niet geplaatst (nu ${now[1]}); te kort: ${shortages.join(" + ")}`);
  j.equal(shortages.reduce((sum, number) => sum + number, 0), figure(more[1]), "tekorten samen");
};

/** The boards of which schools are kern for one partnership and schil for another. */
const boardsInTwoRoles = async (j) => {
  const roles = new Map();
  for (const page of [1, 2]) {
    await j.page.goto(`${server.base}/rondes/hak-2026-2027/scholen?aantal=100&pagina=${page}`);
    const rows = await j.page.locator("main table").evaluateAll(([table]) => {
      const at = [...table.tHead.rows[0].cells].findIndex((cell) => /^Kern of schil/.test(cell.textContent.trim()));
      const board = [...table.tHead.rows[0].cells].findIndex((cell) => /^Bestuur/.test(cell.textContent.trim()));
      return [...table.tBodies[0].rows].map((row) => [row.cells[board].textContent.trim(), row.cells[at].innerText]);
    });
    for (const [board, words] of rows) {
      const known = roles.get(board) ?? { kern: new Set(), schil: new Set() };
      for (const [, role, partnership] of words.matchAll(/(kern|schil)\s+([^\n]+)/gi)) known[role.toLowerCase()].add(partnership.trim());
      roles.set(board, known);
    }
  }
  return [...roles].filter(([, { kern, schil }]) => kern.size > 0 && [...schil].some((partnership) => !kern.has(partnership)));
};

/** The rows of board totals of a board: places, placed and most. */
const totalsOf = (j, board) =>
  j.page.locator("section[aria-labelledby=besturen] tbody tr").evaluateAll(
    (rows, name) =>
      rows.filter((row) => row.cells[0].textContent.trim().startsWith(name)).map((row) => ({ period: row.cells[1].textContent.trim(), placed: Number(row.cells[3].textContent), field: row.querySelector("input").id })),
    board,
  );

/** One match over the region; a board that is kern here and schil there gets one total for both. */
const hak = async (j) => {
  const lead = await j.page.locator("main .lead").first().textContent();
  const partnerships = ["Het Leercollectief", "OPLIS/ILA", "Partners in Opleiding en Ontwikkeling", "Samen Opleidend Leren"];
  for (const name of partnerships) j.expect(lead.includes(name), `${name} doet niet mee aan de ronde`);
  await j.look("hak-1-ronde");
  const boards = await boardsInTwoRoles(j);
  j.expect(boards.length > 0, "geen bestuur met twee rollen");
  const [board, { kern, schil }] = boards[0];
  await j.menu("Regels");
  const before = (await totalsOf(j, board)).sort((a, b) => b.placed - a.placed)[0];
  const most = before.placed - 3;
  j.interactions += 1;
  await j.page.fill(`#${before.field}`, String(most));
  await j.press("Bewaar de bestuurstotalen");
  await j.look("hak-2-bestuurstotaal");
  await j.menu("Voorstel");
  await j.press(/voorstel/);
  await j.result();
  await j.look("hak-3-voorstel");
  j.expect((await j.text()).includes("Beter kan niet met deze gegevens"), "geen bewijs");
  const [clear, unplaced, remarkable] = await j.figures(/([\d.]+) plekken zonder bijzonderheden, ([\d.]+) niet geplaatst en ([\d.]+) met een bijzonderheid/);
  await j.menu("Regels");
  const after = (await totalsOf(j, board)).find(({ period }) => period === before.period);
  j.expect(after.placed <= most, `${after.placed} studenten bij ${board}, hoogstens ${most}`);
  j.say(`${partnerships.length} partnerschappen in één ronde; ${board} is kern voor ${[...kern].join(", ")} en schil voor ${[...schil].join(", ")}; bestuurstotaal ${most} in ${before.period}: eerst ${before.placed} geplaatst, daarna ${after.placed}; ${clear} zonder bijzonderheden, ${unplaced} niet geplaatst, ${remarkable} met een bijzonderheid`);
};

await walk("Almere", "almere-2026-2027", almere);
await walk("Talent", "talent-voor-onderwijs-2026-2027", talent);
await walk("HAK", "hak-2026-2027", hak);
await browser.close();
await server.stop();
process.exit(failures.length === 0 ? 0 : 1);
