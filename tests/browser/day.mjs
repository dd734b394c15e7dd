// The visit day on a tablet: notes are kept while there is no network, also over a reload and a killed program, and arrive once.
// node day.mjs PROGRAM DATA EMAIL PASSWORD, with the data of a demo of its own
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failures, launch, signIn } from "./browser.mjs";
import { Journey } from "./journey.mjs";
import { account, asking, join as joinPanel } from "./panel.mjs";
import { serve } from "./program.mjs";

const [program, data, email, password] = process.argv.slice(2);
if (!password) {
  console.error("Gebruik: node day.mjs PROGRAMMA GEGEVENSMAP E-MAIL WACHTWOORD");
  process.exit(2);
}
const SLUG = "peer-review-onderwijsregio-hak";
const folder = join(dirname(fileURLToPath(import.meta.url)), "screenshots/bezoekdag");
const peer = account(program, data, { email: "fatma@peers.nl", name: "Fatma Yilmaz" });
let server = await serve(program, data);
const { port } = server;
const browser = await launch();
const j = await Journey.begin(browser, "bezoekdag", folder);
const { page } = j;
const context = page.context();
const open = (tab) => tab.goto(`${server.base}/peer-reviews/${SLUG}/dag`);
const says = (words) => page.locator("[data-day-status]").filter({ hasText: words }).waitFor({ timeout: 20_000 });
const note = async (words) => {
  const part = page.locator("[data-day-part]").first();
  await part.locator("[data-day-fresh] textarea").fill(words);
  await part.getByRole("button", { name: "Bewaar de notitie" }).click();
};
// What the network says of itself in the console is what is tried here.
const forgive = () => j.errors.splice(0, Infinity, ...j.errors.filter((error) => !/Failed to load resource|net::|fetch/i.test(error)));
const stored = async () => (await asking(page)("GET", `${SLUG}/day-notes`)).body.map((one) => one.body);

try {
  await signIn(page, { base: server.base, ...peer });
  const desk = await browser.newContext({ locale: "nl-NL" });
  const manager = await desk.newPage();
  await signIn(manager, { base: server.base, email, password });
  await manager.goto(`${server.base}/peer-reviews/${SLUG}`);
  const api = asking(manager);
  const { tag } = await api("GET", SLUG);
  await api("POST", `${SLUG}/moves`, { seen: tag, body: { event: "begin" } });
  const own = await api("POST", `${SLUG}/members`, { body: { role: "member", name: "Demo", email } });
  j.equal(own.status, 400, "wie de review plant, komt in het panel");
  await joinPanel(manager, page, SLUG, peer);
  const part = await api("POST", `${SLUG}/programme`, { body: { startsAt: "9:30", endsAt: "10:15", title: "Gesprek met schoolopleiders", room: "Aula" } });
  j.expect(part.status === 201, `programma: ${part.status}`);
  await desk.close();

  await open(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => (await (await caches.open("kernschil-dag")).keys()).length >= 3);
  await note("Met verbinding geschreven.");
  await says("Alles is bewaard");
  await j.look("1-bewaard");

  // The program goes, as a network does; the page opens all the same, with everything in it.
  await server.stop("SIGKILL");
  await note("In de kelder geschreven.");
  await says("Geen verbinding");
  await page.locator("[data-day-fresh] textarea").first().fill("Nog niet af");
  await page.reload();
  const text = await page.locator("main").innerText();
  j.expect(text.includes("In de kelder geschreven."), "na herladen staat de notitie er niet");
  j.equal(await page.locator("[data-day-fresh] textarea").first().inputValue(), "Nog niet af", "wat half was getypt");
  // The page that was kept was made before these notes; each of them is a note of its own all the same.
  await note("Nog steeds in de kelder.");
  await page.locator("[data-day-fresh] textarea").first().fill("Weer niet af");
  await page.screenshot({ path: join(folder, "2-zonder-verbinding.png") });
  await page.getByRole("button", { name: "Uitloggen" }).first().click();
  j.expect((await page.locator("[role=alert]").first().innerText()).includes("wachten nog 2 notities"), "uitloggen wacht niet op de notities");
  forgive();

  server = await serve(program, data, { port });
  await says("Alles is bewaard");
  forgive();
  j.equal((await stored()).sort(), ["In de kelder geschreven.", "Met verbinding geschreven.", "Nog steeds in de kelder."], "aangekomen");
  // Sent again, as after an answer that got lost, it is one note still.
  await page.reload();
  j.equal((await stored()).length, 3, "elk één keer");
  await j.look("3-aangekomen");

  // Without scripts it is a form.
  const plain = await browser.newContext({ javaScriptEnabled: false, locale: "nl-NL" });
  await plain.addCookies(await context.cookies());
  const form = await plain.newPage();
  await open(form);
  await form.locator("[data-day-fresh] textarea").first().fill("Zonder script.");
  await form.getByRole("button", { name: "Bewaar de notitie" }).first().click();
  await form.getByText("De notitie is bewaard.").waitFor();
  await plain.close();
  j.equal((await stored()).length, 4, "zonder script");

  // Signing out leaves nothing behind; what was typed and not saved is asked about once.
  await page.getByRole("button", { name: "Uitloggen" }).first().click();
  await page.getByText("staat nog tekst die niet is bewaard").waitFor();
  await page.getByRole("button", { name: "Uitloggen" }).first().click();
  await page.waitForURL(/inloggen/);
  const left = await page.evaluate(async () => [Object.keys(localStorage).filter((key) => key.startsWith("kernschil-dag")).length, await caches.has("kernschil-dag")]);
  j.equal(left, [0, false], "op het apparaat");
} catch (error) {
  j.fail(`${error.message} op ${page.url()}`);
  await page.screenshot({ path: join(folder, "mis.png") });
} finally {
  await j.end();
  await browser.close();
  await server.stop();
}
process.exit(failures.length === 0 ? 0 : 1);
