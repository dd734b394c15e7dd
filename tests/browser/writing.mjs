// Writing in the kritische reflectie: saved by itself, and nothing lost in two tabs, without network, when the program is killed, or
// when the session ends. What is typed as a finding is kept as well.
// node writing.mjs PROGRAM DATA EMAIL PASSWORD, with the data of a demo of its own
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failures, launch, signIn, sticksOut, violations } from "./browser.mjs";
import { Journey } from "./journey.mjs";
import { account, asking, join as joinPanel } from "./panel.mjs";
import { serve } from "./program.mjs";

const [program, data, email, password] = process.argv.slice(2);
if (!password) {
  console.error("Gebruik: node writing.mjs PROGRAMMA GEGEVENSMAP E-MAIL WACHTWOORD");
  process.exit(2);
}
const SLUG = "peer-review-onderwijsregio-hak";
const REVIEW = `/peer-reviews/${SLUG}`;
const folder = join(dirname(fileURLToPath(import.meta.url)), "screenshots/schrijven");
const MOST_SECONDS = 5;
let server = await serve(program, data);
const { port } = server;
const browser = await launch();
const j = await Journey.begin(browser, "schrijven", folder);
const { page } = j;
const context = page.context();
const status = (tab) => tab.locator("[data-saved]");
const says = (tab, words) => status(tab).filter({ hasText: words }).waitFor({ timeout: 20_000 });
const type = (tab, words) => tab.locator("#veld-tekst").pressSequentially(words);
const open = async (tab, part) => {
  await tab.goto(`${server.base}${REVIEW}/reflectie/${part}`);
  return tab;
};
/** What is stored, as another window reads it. */
const stored = async (part) => {
  const tab = await open(await context.newPage(), part);
  const text = await tab.locator("#veld-tekst").inputValue();
  await tab.close();
  return text;
};
// What the network says of itself in the console is what is tried here.
const forgive = () => j.errors.splice(0, Infinity, ...j.errors.filter((error) => !/Failed to load resource|net::/.test(error)));

try {
  await signIn(page, { base: server.base, email, password });

  await open(page, "1");
  const begun = Date.now();
  await type(page, "Een eerste zin over de leraar die leert.");
  await says(page, "Opgeslagen om");
  const seconds = (Date.now() - begun) / 1000;
  j.expect(seconds <= MOST_SECONDS, `opgeslagen na ${seconds} s`);
  j.equal(await stored("1"), "Een eerste zin over de leraar die leert.", "opgeslagen");
  j.say(`opgeslagen ${seconds.toFixed(1)} s na de eerste toets`);
  await j.look("1-opgeslagen");

  // Somebody who goes on typing without a pause is saved as well.
  await open(page, "2");
  // From the first key to the moment of sending: how busy the machine is afterwards is not what is asked here.
  await page.evaluate(() => addEventListener("input", () => { window.firstKey ??= Date.now(); }, true));
  const saving = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.ok());
  let typing = true;
  const typist = (async () => {
    while (typing) await type(page, "woord ");
  })();
  const sent = (await saving).request().timing().startTime - (await page.evaluate(() => window.firstKey));
  j.expect(sent <= MOST_SECONDS * 1000, `wie doortypt wordt na ${sent / 1000} s opgeslagen`);
  typing = false;
  await typist;
  await says(page, "Opgeslagen om");

  // Two tabs: who saves last over an older text loses neither.
  const other = await open(await context.newPage(), "3");
  await open(page, "3");
  await type(page, "Uit het eerste tabblad.");
  await says(page, "Opgeslagen om");
  await type(other, "Uit het tweede tabblad.");
  await says(other, "apart bewaard");
  await other.locator("[data-saved] a").click();
  await other.waitForURL(/samenvoegen/);
  const both = await other.locator("main").innerText();
  for (const words of ["Uit het eerste tabblad.", "Uit het tweede tabblad."]) j.expect(both.includes(words), `bij het samenvoegen ontbreekt “${words}”`);
  await other.close();
  await page.goto(`${server.base}${REVIEW}/reflectie/3/samenvoegen`);
  await j.look("2-samenvoegen");

  // The network goes away, and comes back.
  await open(page, "4");
  await context.setOffline(true);
  await type(page, "Geschreven in de trein.");
  await says(page, "Geen verbinding");
  await page.screenshot({ path: join(folder, "3-geen-verbinding.png") });
  await context.setOffline(false);
  await says(page, "Opgeslagen om");
  j.equal(await stored("4"), "Geschreven in de trein.", "na het netwerk");
  forgive();

  // The program is killed, and started again.
  await server.stop("SIGKILL");
  await type(page, " En toen viel de server uit.");
  await says(page, "Geen verbinding");
  server = await serve(program, data, { port });
  await says(page, "Opgeslagen om");
  j.equal(await stored("4"), "Geschreven in de trein. En toen viel de server uit.", "na de server");
  forgive();

  // The session ends; the text waits in this browser.
  await open(page, "E1.1");
  await context.clearCookies();
  await type(page, "Deze zin wacht op het inloggen.");
  await says(page, "niet meer ingelogd");
  forgive();
  await j.look("4-uitgelogd");
  page.once("dialog", (dialog) => dialog.accept());
  await signIn(page, { base: server.base, email, password });
  await open(page, "E1.1");
  await page.locator("[data-kept]").waitFor();
  await j.look("5-terugzetten");
  await page.locator("[data-kept-back]").click();
  await says(page, "Opgeslagen om");
  j.equal(await stored("E1.1"), "Deze zin wacht op het inloggen.", "na het inloggen");

  // Without scripts it is a form.
  const plain = await browser.newContext({ javaScriptEnabled: false, locale: "nl-NL" });
  await plain.addCookies(await context.cookies());
  const form = await open(await plain.newPage(), "E2.1");
  await form.fill("#veld-tekst", "Zonder script.");
  await form.getByRole("button", { name: "Opslaan" }).click();
  j.equal(await stored("E2.1"), "Zonder script.", "zonder script");
  await plain.close();

  // A finding is a form. What was typed when the session ended comes back, and stays in this browser until it is stored.
  const ask = asking(page);
  await page.goto(`${server.base}${REVIEW}`);
  await ask("POST", `${SLUG}/moves`, { seen: (await ask("GET", SLUG)).tag, body: { event: "begin" } });
  const handedIn = await ask("POST", `${SLUG}/reflection-hand-ins`, { seen: (await ask("GET", `${SLUG}/reflection`)).tag });
  j.expect(handedIn.status < 300, `reflectie inleveren: ${handedIn.status}`);
  const own = account(program, data, { email: "lid@panel.example", name: "Lid van het panel" });
  const panel = await browser.newContext({ locale: "nl-NL" });
  const member = await panel.newPage();
  await signIn(member, { ...own, base: server.base });
  await joinPanel(page, member, SLUG, own);
  const findings = () => member.goto(`${server.base}${REVIEW}/bevindingen`);
  const offered = member.locator("[data-draft-offer]");
  const kept = () => member.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("kernschil-concept:")).length);
  const add = () => member.getByRole("button", { name: "Voeg de bevinding toe" }).click();
  const typed = "Getypt toen de sessie eindigde.\nMet een tweede regel.";
  await findings();
  await member.selectOption("#veld-onderdeel", "1");
  await member.selectOption("#veld-soort", "strength");
  await member.fill("#veld-bevinding", typed);
  await panel.clearCookies();
  await add();
  await member.getByText("Dit heeft u getypt").waitFor();
  j.expect((await member.locator("main").innerText()).includes(typed), "wat getypt was staat niet op de pagina");
  for (const width of [375, 1280]) {
    await member.setViewportSize({ width, height: 800 });
    for (const fault of [...(await violations(member)), ...(await sticksOut(member))]) j.fail(`6-getypt ${width}: ${fault}`);
    await member.screenshot({ path: join(folder, `6-getypt-${width}.png`), fullPage: true });
  }
  await signIn(member, { ...own, base: server.base });
  await findings();
  await offered.waitFor();
  for (const fault of await violations(member)) j.fail(`7-concept: ${fault}`);
  await member.screenshot({ path: join(folder, "7-concept.png"), fullPage: true });
  await member.getByRole("button", { name: "Zet die tekst terug" }).click();
  j.equal([await member.inputValue("#veld-bevinding"), await member.inputValue("#veld-soort")], [typed, "strength"], "teruggezet");
  await add();
  await member.getByText("De bevinding is bewaard.").waitFor();
  j.equal(await kept(), 0, "in de browser na het bewaren");
  await findings();
  j.equal(await offered.count(), 0, "aangeboden na het bewaren");
  j.expect((await member.locator("main").innerText()).includes("Getypt toen de sessie eindigde."), "de bevinding staat er niet");
  // What is not stored is asked about once before signing out, and then leaves nothing behind.
  await member.fill("#veld-bevinding", "Nog niet af.");
  await member.getByRole("button", { name: "Uitloggen" }).first().click();
  await member.getByText("staat nog tekst die niet is bewaard").first().waitFor();
  await member.getByRole("button", { name: "Uitloggen" }).first().click();
  await member.waitForURL(/inloggen/);
  j.equal(await kept(), 0, "in de browser na het uitloggen");
  await panel.close();
} catch (error) {
  j.fail(`${error.message} op ${page.url()}`);
  await page.screenshot({ path: join(folder, "mis.png") });
} finally {
  await j.end();
  await browser.close();
  await server.stop();
}
process.exit(failures.length === 0 ? 0 : 1);
