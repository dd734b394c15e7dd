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

/** A school that is full takes all its places back, in a region that is nearly full: others make room. */
const almere = async (j) => {
  await announce(j);
  await j.menu("Wijzigingen");
  await j.follow("Meld een wijziging");
  await j.choose("Een school trekt plekken in");
  await j.press("Verder");
  const offers = (await offersToTakeBack(j)).filter((offer) => offer.used === offer.count);
  const largest = offers.sort((a, b) => b.count - a.count)[0];
  await withdraw(j, largest, 0);
  await j.look("almere-1-plan");
  const [fewest] = await movesOf(j);
  const own = fewest.filter((move) => move.from.includes(largest.school));
  const others = fewest.filter((move) => !move.from.includes(largest.school) && !move.from.includes("geen plek"));
  j.equal(own.length, largest.count, "studenten die hun plek verliezen");
  const unplaced = fewest.filter((move) => move.to.includes("geen plek"));
  await carryOut(j);
  await j.look("almere-2-doorgevoerd");
  await j.menu("Brieven");
  const letters = await lettersOf(j);
  j.equal(letters.students, fewest.length, "brieven aan studenten");
  await j.menu("Wijzigingen");
  await j.follow(/^Wachtlijst/);
  await j.look("almere-3-wachtlijst");
  await j.page.goto(`${server.base}/rondes/almere-2026-2027/studenten`);
  j.say(`${largest.school} trekt ${largest.count} plekken in: ${own.length} verhuizen van daar, ${others.length} maken ruimte, ${unplaced.length} zonder plek; ${letters.students} brieven aan studenten, ${letters.schools} aan scholen`);
};

/** A quarter more students: how many places are short, and which. */
const talent = async (j) => {
  await j.menu("Scenario's");
  await j.open("section[aria-labelledby=klaar] form:has(input[name=begin][value=more-students]) button");
  await j.result();
  await j.look("talent-1-scenario");
  const address = j.page.url();
  const text = (await j.text()).replaceAll(/\s+/g, " ");
  const short = /([\d.]+) plek(?:ken)? te (?:kort|weinig)|tekort van ([\d.]+)/i.exec(text);
  await j.menu("Scenario's");
  await j.look("talent-2-naast-elkaar");
  const cells = await j.page.locator("section[aria-labelledby=lijst] tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim())));
  const [now, more] = cells;
  j.expect(figure(more[0]) > figure(now[0]), "niet meer studenten geplaatst dan nu");
  j.expect(figure(more[1]) > figure(now[1]), "bij een kwart meer studenten komt niemand tekort");
  await j.press("Vergelijk");
  await j.look("talent-3-vergelijking");
  await j.page.goto(address);
  j.say(`een kwart meer studenten: ${more[0]} geplaatst (nu ${now[0]}), ${more[1]} niet geplaatst (nu ${now[1]})${short ? `; ${short[0]}` : ""}`);
  j.expect(short, "het scenario noemt geen tekort met een getal");
};

/** One round over the whole region; a board that is kern in one partnership and schil in another, with a total for both. */
const hak = async (j) => {
  await j.menu("Scholen en plekken");
  const schools = await j.page.locator("main table tbody tr").evaluateAll((rows) => rows.map((row) => ({ name: row.cells[0].textContent, board: row.cells[1].textContent, roles: row.textContent })));
  j.say(`${schools.length} scholen op de eerste bladzij`);
  await j.menu("Regels");
  await j.look("hak-1-regels");
};

await walk("Almere", "almere-2026-2027", almere);
await walk("Talent", "talent-voor-onderwijs-2026-2027", talent);
await walk("HAK", "hak-2026-2027", hak);
await browser.close();
await server.stop();
process.exit(failures.length === 0 ? 0 : 1);
