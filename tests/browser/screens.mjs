// Opens every screen of the demo and looks at it on a wide and a narrow window, and in the dark; walks two journeys.
// node screens.mjs BASE EMAIL PASSWORD
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, failures, launch, listen, signIn, sticksOut, violations } from "./browser.mjs";
import { byKeyboard, withoutScripts } from "./journeys.mjs";

const [base, email, password] = process.argv.slice(2);
if (!password) {
  console.error("Gebruik: node screens.mjs BASE E-MAIL WACHTWOORD");
  process.exit(2);
}
const visitor = { base, email, password };
const here = dirname(fileURLToPath(import.meta.url));
const wrong = join(here, "../../imports/voorbeelden/fout");
const folder = join(here, "screenshots");

const firstLink = (page, selector) => page.locator(selector).first().getAttribute("href", { timeout: 5000 });

/** The rounds of the demo, by their addresses. */
const rounds = async (page) => {
  await page.goto(`${base}/`);
  const links = await page.locator(".round-card h2 a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  if (links.length < 3) fail("start", `${links.length} rondes in plaats van 3`);
  return links;
};

/** Screens of which the figures of a round may be too wide or too many. */
const ofFigures = (round) =>
  [
    ["ronde", round],
    ["scholen", `${round}/scholen`],
    ["studenten", `${round}/studenten`],
    ["voorstel", `${round}/voorstel`],
    ["tekorten", `${round}/tekorten`],
    ["plaatsbord", `${round}/plaatsbord`],
    ["dekking", `${round}/dekking`],
    ["antwoorden", `${round}/antwoorden`],
  ].map(([screen, path]) => [`${round.split("/").pop()}-${screen}`, path]);

/** All screens of a round: name and address. */
const screensOf = async (page, round) => {
  const name = round.split("/").pop();
  await page.goto(`${base}${round}/scholen`);
  const school = await firstLink(page, "tbody th a");
  await page.goto(`${base}${round}/studenten?status=unplaced`);
  const student = await firstLink(page, "tbody th a");
  await page.goto(`${base}${round}/plaatsbord?groep=schil`);
  const chosen = await firstLink(page, "[data-student]");
  await page.goto(`${base}${round}/plaatsbord`);
  const unplaced = await firstLink(page, "[data-student]");
  return [
    ["ronde", round],
    ["scholen", `${round}/scholen`],
    ["scholen-gefilterd", `${round}/scholen?rol=schil&volgorde=vrij&richting=af`],
    ["school", school],
    ["studenten", `${round}/studenten`],
    ["studenten-niets", `${round}/studenten?status=not-required&fase=geen`],
    ["student", student],
    ["regels", `${round}/regels`],
    ["voorstel", `${round}/voorstel`],
    ["waarom", `${student}/waarom`],
    ["tekorten", `${round}/tekorten`],
    ["tekorten-studenten", `${round}/tekorten/studenten`],
    ["scenarios", `${round}/scenarios`],
    ["scenario-nieuw", `${round}/scenarios/nieuw?begin=more-students`],
    ["scenarios-vergelijken", `${round}/scenarios/vergelijken`],
    ["volgorde", `${round}/voorstel/volgorde`],
    ["plaatsbord", `${round}/plaatsbord`],
    ["plaatsbord-gekozen", chosen],
    ["plaatsbord-geen-plek", unplaced],
    ["dekking", `${round}/dekking`],
    ["dekking-per-fase", `${round}/dekking?per=fase&datum=2026-10-05`],
    ["dekking-studenten", `${round}/dekking/studenten?status=schil`],
    ["wijzigingen", `${round}/wijzigingen`],
    ["wijziging-nieuw", `${round}/wijzigingen/nieuw`],
    ["wijziging-plekken", `${round}/wijzigingen/nieuw?soort=places-withdrawn`],
    ["wachtlijst", `${round}/wachtlijst`],
    ["stappen", `${round}/stappen`],
    ["antwoorden", `${round}/antwoorden`],
    ["vaststellen", `${round}/vaststellen`],
    ["bekendmaken", `${round}/bekendmaken`],
    ["brieven", `${round}/brieven`],
    ["werkboeken", `${round}/werkboeken`],
  ].map(([screen, path]) => [`${name}-${screen}`, path]);
};

/** Screens of peer reviews: the calendar, frameworks, the pool, and every page of the dossiers of the demo that somebody may open. */
const reviewScreens = async (page) => {
  await page.goto(`${base}/kaders`);
  const framework = await firstLink(page, "tbody th a");
  const dossier = async (slug) => {
    await page.goto(`${base}/peer-reviews/${slug}`);
    const parts = await page.locator(".part-links a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    return [`/peer-reviews/${slug}`, ...parts].map((path) => [path.slice(1).replaceAll("/", "-"), path]);
  };
  return [
    ["reviewkalender", "/peer-reviews"],
    ["reviewkalender-niets", "/peer-reviews?jaar=2022&soort=judging&stand=planned"],
    ["review-nieuw", "/peer-reviews/nieuw"],
    ["review-stappen", "/peer-reviews/stappen"],
    ["peers", "/peers"],
    ["peer-nieuw", "/peers/nieuw"],
    ["kaders", "/kaders"],
    ["kader", framework],
    ["kader-nieuw", "/kaders/nieuw"],
    ...(await dossier("peer-review-onderwijsregio-hak")),
    ...(await dossier("beoordeling-het-leercollectief-2024")),
    ["reflectie-schrijven", "/peer-reviews/peer-review-onderwijsregio-hak/reflectie/E1.1"],
    ["review-stappen-wijzigen", "/peer-reviews/peer-review-onderwijsregio-hak/stappen"],
    ["review-kader", "/peer-reviews/peer-review-onderwijsregio-hak/kader"],
  ];
};

/** Sends a workbook and answers where its result is. */
const upload = async (page, kind, file) => {
  await page.goto(`${base}/importeren`);
  await page.check(`input[name=soort][value=${kind}]`);
  await page.setInputFiles("input[type=file]", file);
  await page.click("main form button[type=submit]");
  await page.waitForLoadState("load");
  return new URL(page.url()).pathname;
};

const generalScreens = async (page) => {
  const findings = await upload(page, "offers", join(wrong, "onbekende-brin.xlsx"));
  const unchanged = await upload(page, "trainers", join(here, "../../imports/voorbeelden/almere/opleiders.xlsx"));
  await page.goto(`${base}/importeren`);
  const past = await firstLink(page, "tbody th a");
  await page.goto(`${base}/gebruikers`);
  const user = await page.locator("main a[href^='/gebruikers/0']").first().getAttribute("href", { timeout: 5000 });
  return [
    ["gebruikers", "/gebruikers"],
    ["gebruiker", user],
    ["uitnodigen", "/gebruikers/uitnodigen"],
    ["rol-toekennen", `${user}/rollen/nieuw`],
    ["wie-mag-wat", "/hulp/wie-mag-wat"],
    ["account", "/account"],
    ["sessies", "/account/sessies"],
    ["sleutels", "/account/sleutels"],
    ["tweede-factor", "/account/tweede-factor"],
    ["wachtwoord", "/account/wachtwoord"],
    ["inlogdiensten", "/account/inlogdiensten"],
    ["instellingen", "/instellingen"],
    ["mail", "/instellingen/mail"],
    ["bewaartermijnen", "/instellingen/bewaartermijnen"],
    ["logboek", "/logboek"],
    ["privacy", "/privacy"],
    ["privacy-register", "/privacy/register"],
    ["privacy-studenten", "/privacy/studenten"],
    ["start", "/"],
    ["taken", "/taken"],
    ["importeren", "/importeren"],
    ["import-fouten", findings],
    ["import-onveranderd", unchanged],
    ["import-geladen", past],
    ["hulp", "/hulp"],
    ["woordenlijst", "/hulp/woordenlijst"],
    ["toetsen", "/hulp/toetsen"],
    ["bevindingen", "/hulp/bevindingen"],
    ["api", "/hulp/api"],
    ["uitleg-studenten", "/hulp/importeren/students"],
    ["uitleg-duo", "/hulp/importeren/duo"],
    ["bestaat-niet", "/bestaat-niet"],
  ];
};

const WINDOWS = [
  { width: 1280, height: 800 },
  { width: 375, height: 740 },
];

/** Looks at a page as it stands on every window; in the dark only colours can go wrong. */
const look = async (page, errors, name) => {
  for (const size of WINDOWS) {
    const where = `${name} ${size.width}`;
    await page.setViewportSize(size);
    for (const violation of await violations(page)) fail(where, violation);
    for (const element of await sticksOut(page)) fail(where, `steekt uit: ${element}`);
    await page.screenshot({ path: join(folder, `${size.width}-light`, `${name}.png`), fullPage: true });
  }
  await page.setViewportSize(WINDOWS[0]);
  await page.emulateMedia({ colorScheme: "dark" });
  for (const violation of await violations(page, ["color-contrast"])) fail(`${name} donker`, violation);
  await page.screenshot({ path: join(folder, "1280-dark", `${name}.png`), fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
  for (const error of errors.splice(0)) fail(name, `console: ${error}`);
};

/** What opens only when somebody asks for it: swap, exclude, leave out, set a rule aside, and several at once. */
const lookAtBoardByHand = async (page, errors, round) => {
  await page.goto(`${base}${round}/plaatsbord?groep=schil`);
  await page.locator("[data-student]").first().click();
  await page.waitForSelector(".board-chosen .verdict-place");
  await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => (details.open = true)));
  await look(page, errors, "plaatsbord-met-de-hand");
  await page.goto(`${base}${round}/plaatsbord?groep=schil`);
  for (const at of [0, 1, 2]) await page.locator("[data-pick]").nth(at).check();
  await page.getByRole("button", { name: /Verder met aangevinkte/ }).click();
  await page.waitForSelector(".board-chosen");
  await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => (details.open = true)));
  await look(page, errors, "plaatsbord-meer-tegelijk");
};

/** A file that cannot be read leads back to the form: not an address, so it is made in place. */
const lookAtRefusedFile = async (page, errors) => {
  const name = "importeren-fout";
  await upload(page, "students", join(wrong, "leeg.xlsx"));
  if (!(await page.locator(".error-summary").isVisible())) fail(name, "geen overzicht van fouten");
  if (!(await page.evaluate(() => document.activeElement?.classList.contains("error-summary")))) fail(name, "de fouten hebben geen focus");
  await look(page, errors, name);
};

const started = Date.now();
const seconds = () => Math.round((Date.now() - started) / 1000);
const browser = await launch();
rmSync(folder, { recursive: true, force: true });
for (const own of ["1280-light", "1280-dark", "375-light"]) mkdirSync(join(folder, own), { recursive: true });

const options = { viewport: WINDOWS[0], reducedMotion: "reduce" };
const context = await browser.newContext(options);
const page = await context.newPage();
const errors = listen(page);
await page.goto(`${base}/inloggen`);
await look(page, errors, "inloggen");
await signIn(page, visitor);
const [almere, ...others] = await rounds(page);
const screens = [...(await screensOf(page, almere)), ...others.flatMap(ofFigures), ...(await generalScreens(page)), ...(await reviewScreens(page))];
const state = await context.storageState();

for (const [name, path] of screens) {
  const answer = await page.goto(`${base}${path}`);
  const expected = name === "bestaat-niet" ? 404 : 200;
  if (answer.status() !== expected) fail(name, `status ${answer.status()} op ${path}`);
  await look(page, errors, name);
}
await lookAtBoardByHand(page, errors, almere);
await lookAtRefusedFile(page, errors);
await context.close();
const count = screens.length + 4;
console.log(`${count} schermen op 1280, 375 en in het donker bekeken (${seconds()} s)`);

await byKeyboard(browser, visitor, state, almere, join(folder, "1280-light"));
console.log(`met het toetsenbord geplaatst en teruggezet (${seconds()} s)`);
await withoutScripts(browser, visitor, almere);
console.log(`zonder JavaScript voorgesteld, geplaatst en teruggezet (${seconds()} s)`);
await browser.close();

console.log(`${count} schermen, ${failures.length} fouten, ${seconds()} s; plaatjes in ${folder}`);
process.exit(failures.length === 0 ? 0 : 1);
