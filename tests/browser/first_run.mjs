// Sets an empty installation up in a real browser, without scripts, and looks at every screen on the way.
// node first_run.mjs BASE
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, failures, launch, listen, sticksOut, violations } from "./browser.mjs";

const [base] = process.argv.slice(2);
if (!base) {
  console.error("Gebruik: node first_run.mjs BASE");
  process.exit(2);
}
const folder = join(dirname(fileURLToPath(import.meta.url)), "screenshots/eerste-keer");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const browser = await launch();
// axe is a script, so who looks has scripts; who fills in has none.
const looking = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const filling = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
const page = await filling.newPage();
const watcher = await looking.newPage();
const errors = listen(watcher);

const look = async (name, path) => {
  for (const [width, scheme] of [[1280, "light"], [375, "light"], [1280, "dark"]]) {
    // A page that follows work must not ask for news between two sets of cookies.
    await watcher.goto("about:blank");
    await looking.clearCookies();
    await looking.addCookies(await filling.cookies());
    await watcher.setViewportSize({ width, height: 900 });
    await watcher.emulateMedia({ colorScheme: scheme });
    await watcher.goto(`${base}${path}`);
    for (const found of await violations(watcher)) fail(`${name} ${width} ${scheme}`, found);
    for (const found of await sticksOut(watcher)) fail(`${name} ${width}`, `steekt uit: ${found}`);
    await watcher.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
  }
};
const at = (path) => {
  const { pathname } = new URL(page.url());
  if (pathname !== path) fail(path, `staat op ${pathname}`);
};
const press = (words) => page.getByRole("button", { name: words, exact: true }).click();

await page.goto(`${base}/instellingen`);
at("/eerste-keer");
await look("1-account", "/eerste-keer");
await page.fill("#veld-name", "Sanne de Wit");
await page.fill("#veld-email", "sanne@school.nl");
await page.fill("#veld-password", "een lange zin voor de eerste keer");
await press("Maak het account en log in");
at("/eerste-keer/organisatie");
await look("2-organisatie", "/eerste-keer/organisatie");
await press("Bewaar en ga verder");
if (!(await page.title()).startsWith("Fout: ")) fail("2-organisatie", "een leeg veld is aangenomen");

// Away, and back later.
await page.goto(`${base}/`);
await look("2-begin", "/");
await page.getByRole("link", { name: "Richt Kernschil in" }).click();
await look("2-overzicht", "/eerste-keer");
await page.getByRole("link", { name: "Ga verder" }).click();
await page.fill("#veld-organisation", "Opleidingsschool Almere");
await press("Bewaar en ga verder");
at("/eerste-keer/gegevens");
await look("3-gegevens", "/eerste-keer/gegevens");
await press("Laad de voorbeelden");
at("/eerste-keer/gegevens");
await look("3-bezig", "/eerste-keer/gegevens");

// With scripts the page follows by itself.
await watcher.setViewportSize({ width: 1280, height: 900 });
await watcher.goto(`${base}/eerste-keer/gegevens`);
await watcher.getByRole("link", { name: "Bekijk de voorbeelden" }).waitFor({ timeout: 300_000 });
await page.goto(`${base}/eerste-keer/gegevens`);
await look("3-klaar", "/eerste-keer/gegevens");
await look("4-overzicht", "/eerste-keer");
await page.goto(`${base}/`);
const rounds = await page.locator(".round-card").count();
if (rounds !== 3) fail("/", `${rounds} rondes in plaats van 3`);

await look("5-instellingen", "/instellingen");
await look("5-mail-leeg", "/instellingen/mail");
await page.goto(`${base}/instellingen/mail`);
await press("Stuur mijzelf een proefmail");
await watcher.goto(`${base}/instellingen/mail`);
for (let times = 0; times < 40 && (await watcher.locator("tbody .tag-good").count()) === 0; times += 1) {
  await watcher.waitForTimeout(250);
  await watcher.reload();
}
if ((await watcher.locator("tbody .tag-good").count()) !== 1) fail("5-mail", "de proefmail is niet verstuurd");
await look("5-mail", "/instellingen/mail");

for (const error of errors) fail("scripts", error);
await browser.close();
console.log(failures.length === 0 ? "Eerste keer: alles in orde." : `Eerste keer: ${failures.length} fouten.`);
process.exit(failures.length === 0 ? 0 : 1);
