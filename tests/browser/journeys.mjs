// Two ways to work that must always be possible: by keyboard only, and without scripts.
import { join } from "node:path";
import { fail, listen, signIn, violations } from "./browser.mjs";

const activeText = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");

/** Presses Tab until something that begins like this has the focus. */
const tabTo = async (page, words) => {
  for (let at = 0; at < 400; at += 1) {
    await page.keyboard.press("Tab");
    if (words.test(await activeText(page))) return true;
  }
  return false;
};

const settled = async (page, press) => {
  await Promise.all([page.waitForNavigation(), press()]);
};

/** Chooses a student in the schil, places her elsewhere and takes it back, without a mouse. */
export const byKeyboard = async (browser, { base }, storageState, round, folder) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, storageState });
  const page = await context.newPage();
  const errors = listen(page);
  const where = "toetsenbord";
  await page.goto(`${base}${round}`);
  if (!(await tabTo(page, /^Direct naar de inhoud/))) fail(where, "geen link naar de inhoud");
  if (!(await tabTo(page, /^Plaatsbord/))) fail(where, "plaatsbord niet te bereiken");
  await settled(page, () => page.keyboard.press("Enter"));
  if (!(await tabTo(page, /^Schil\s*\d/))) fail(where, "soort uitzondering niet te bereiken");
  await settled(page, () => page.keyboard.press("Enter"));
  await settled(page, () => page.keyboard.press("j"));
  for (let at = 0; at < 20 && (await page.locator("[data-place]").count()) === 0; at += 1) {
    await settled(page, () => page.keyboard.press("j"));
  }
  const name = await page.locator("#gekozen-naam").textContent();
  const before = await page.locator(".board-chosen .verdict-place").textContent();
  if (!(await tabTo(page, /^Plaats hier/))) fail(where, "knop om te plaatsen niet te bereiken");
  await settled(page, () => page.keyboard.press("Enter"));
  const message = await page.locator(".flash").textContent();
  if (!message.includes("is verplaatst van")) fail(where, `geen bericht na plaatsen: ${message}`);
  for (const violation of await violations(page)) fail(where, violation);
  await page.screenshot({ path: join(folder, "plaatsbord-geplaatst.png"), fullPage: true });
  if ((await page.locator("#gekozen-naam").textContent()) !== name) fail(where, "een andere student na het plaatsen");
  await settled(page, () => page.keyboard.press("u"));
  const after = await page.locator(".board-chosen .verdict-place").textContent();
  if (after !== before) fail(where, `na ongedaan maken niet terug: ${before} werd ${after}`);
  await page.keyboard.press("/");
  if (!(await page.evaluate(() => document.activeElement?.matches("[data-search]")))) fail(where, "de toets / gaat niet naar zoeken");
  await page.keyboard.press("Escape");
  await settled(page, () => page.keyboard.press("?"));
  if (!page.url().endsWith("/hulp/toetsen")) fail(where, "de toets ? gaat niet naar de uitleg");
  for (const error of errors) fail(where, `console: ${error}`);
  await context.close();
};

/** Signs in, asks for a proposal, places and takes back with scripts switched off. */
export const withoutScripts = async (browser, visitor, round) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, javaScriptEnabled: false });
  const page = await context.newPage();
  const where = "zonder JavaScript";
  await signIn(page, visitor);
  await page.goto(`${visitor.base}${round}/voorstel`);
  await page.click("button:has-text('voorstel')");
  await page.waitForURL((url) => url.pathname.startsWith("/taken/"));
  for (let at = 0; at < 150 && (await page.locator("text=Bekijk het resultaat").count()) === 0; at += 1) {
    await page.waitForTimeout(200);
    await page.locator("text=Ververs deze pagina").click({ timeout: 5000 }).catch(() => {});
    await page.waitForLoadState("load");
  }
  if ((await page.locator("text=Bekijk het resultaat").count()) === 0) fail(where, "het voorstel kwam niet klaar");
  await page.goto(`${visitor.base}${round}/plaatsbord?groep=schil`);
  for (let at = 0; at < 20; at += 1) {
    await page.locator("[data-student]").nth(at).click();
    await page.waitForURL((url) => url.search.includes("vraag="));
    await page.waitForSelector(".board-chosen .verdict-place");
    if ((await page.locator("[data-place]").count()) > 0) break;
  }
  const before = await page.locator(".board-chosen .verdict-place").textContent();
  await page.locator("[data-place]").first().click();
  await page.waitForSelector(".flash");
  if (!(await page.locator(".flash").textContent()).includes("is verplaatst van")) fail(where, "niet geplaatst");
  await page.click(".flash button");
  await page.waitForURL((url) => url.search.includes("ongedaan="));
  const after = await page.locator(".board-chosen .verdict-place").textContent();
  if (after !== before) fail(where, `na ongedaan maken niet terug: ${before} werd ${after}`);
  await page.click(".account button >> visible=true");
  await page.waitForURL((url) => url.pathname === "/inloggen").catch(() => fail(where, "niet uitgelogd"));
  await context.close();
};
