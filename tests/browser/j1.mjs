// J1: from an empty installation to announced places, with a file of students that is wrong first.
// node j1.mjs PROGRAM
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failures, launch } from "./browser.mjs";
import { Journey } from "./journey.mjs";
import { serve } from "./program.mjs";
import { rows } from "./zip.mjs";

const [program] = process.argv.slice(2);
if (!program) {
  console.error("Gebruik: node j1.mjs PROGRAMMA");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const examples = join(here, "../../imports/voorbeelden");
const data = mkdtempSync(join(tmpdir(), "kernschil-j1-"));
const workbooks = (students) => [
  ...["partnerschappen", "opleiders", "plekken"].map((name) => join(examples, "talent", `${name}.xlsx`)),
  join(examples, "postcodes.txt"),
  join(examples, students),
];
const server = await serve(program, join(data, "leeg"));
const browser = await launch();
const j = await Journey.begin(browser, "J1", join(here, "screenshots/j1"));

/** 23 mistakes in 1.131 students: all at once, in a workbook to walk through, and nothing stored. */
const wrongFirst = async () => {
  await j.attach(workbooks("fout/studenten-23-fouten.xlsx"));
  await j.press("Controleer deze werkboeken");
  j.equal(await j.figures(/In “studenten-23-fouten\.xlsx” zitten (\d+) fouten/), [23], "fouten");
  await j.look("2-fouten");
  const [download] = await Promise.all([j.page.waitForEvent("download"), j.page.getByRole("link", { name: "Download alle bevindingen" }).click()]);
  const found = rows(await download.path()).filter((row) => row.some((cell) => /^(fout|Fout)$/.test(cell)));
  j.equal(found.length, 23, "fouten in het werkboek met bevindingen");
  await j.page.goto(`${server.base}/eerste-keer/gegevens`);
};

try {
  await j.page.goto(`${server.base}/`);
  await j.fill("Uw naam", "Sanne de Wit");
  await j.fill("E-mailadres", "sanne@school.nl");
  await j.fill("Wachtwoord", "een lange zin voor de eerste keer");
  await j.press("Maak het account en log in");
  await j.page.fill("#veld-organisation", "Talent voor Onderwijs");
  j.interactions += 1;
  await j.press("Bewaar en ga verder");
  await j.look("1-gegevens");
  await j.aside(wrongFirst);

  await j.attach(workbooks("talent/studenten.xlsx"));
  await j.press("Controleer deze werkboeken");
  await j.look("3-controleren");
  await j.press(/Laad deze 5 bestanden/);
  j.expect((await j.text()).includes("Alles is geladen"), "niet geladen");
  await j.look("4-geladen");
  await j.follow(/Maak een voorstel voor Talent/);
  await j.look("5-voorstel-leeg");
  await j.menu("Regels");
  await j.look("6-regels");
  await j.menu("Voorstel");
  await j.press(/voorstel/);
  await j.result();
  const [clear, unplaced, remarkable] = await j.figures(/([\d.]+) plekken zonder bijzonderheden, ([\d.]+) niet geplaatst en ([\d.]+) met een bijzonderheid/);
  j.equal([clear + unplaced + remarkable, unplaced], [1187, 2], "plekken in alle en niet geplaatst");
  j.expect((await j.text()).includes("Beter kan niet met deze gegevens"), "geen bewijs");
  await j.look("7-voorstel");
  await j.follow("Controleer de uitzonderingen");
  await j.look("8-plaatsbord");
  await j.open("[data-student]");
  await j.follow("Waarom hier?");
  j.expect(/past geen enkele plek|zijn? vol|Met één plek meer/.test(await j.text()), "geen reden");
  await j.look("9-waarom");
  await j.menu("Vaststellen");
  await j.look("10-vaststellen");
  await j.press(/Stel 1\.185 plaatsen vast/);
  await j.follow("Naar bekendmaken");
  await j.look("11-bekendmaken");
  await j.press(/iedereen|scholen en studenten/i);
  await j.look("12-brieven");
  const [letters] = await j.figures(/([\d.]+) brieven/);
  j.say(`${clear} zonder bijzonderheden, ${unplaced} niet geplaatst, ${remarkable} met een bijzonderheid; ${letters} brieven`);
  j.expect(letters >= 1129, `${letters} brieven`);
} catch (error) {
  j.fail(`${error.message} op ${j.page.url()}`);
  await j.page.screenshot({ path: join(here, "screenshots/j1/mis.png") });
} finally {
  await j.end({ screens: 12, interactions: 25 });
  await browser.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}
process.exit(failures.length === 0 ? 0 : 1);
