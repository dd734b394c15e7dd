// Takes the pictures of docs/images from a demo that runs. Make them smaller afterwards, with ImageMagick:
// convert x.png -strip +dither -colors 64 PNG8:x.png
// node images.mjs BASE EMAIL PASSWORD FOLDER
import { join } from "node:path";
import { launch, signIn } from "./browser.mjs";
import { Journey } from "./journey.mjs";

const [base, email, password, folder] = process.argv.slice(2);
if (!folder) {
  console.error("Gebruik: node images.mjs BASE E-MAIL WACHTWOORD MAP");
  process.exit(2);
}
const browser = await launch();
const j = await Journey.begin(browser, "plaatjes", folder);
const { page } = j;
const picture = async (name, height) => {
  await page.setViewportSize({ width: 1280, height });
  await page.screenshot({ path: join(folder, `${name}.png`) });
};

await signIn(page, { base, email, password });
// Somebody in the schil with wishes, and with another place to go to.
for (let at = 1; at <= 40 && (await page.locator("[data-place]").count()) < 2; at += 1) {
  await page.goto(`${base}/rondes/talent-voor-onderwijs-2026-2027/plaatsbord?groep=schil`);
  await j.open(`:nth-match([data-student], ${at})`);
  if ((await page.locator(".board-chosen").innerText()).includes("geen voorkeur opgegeven")) await page.goto(`${base}/`);
}
await picture("plaatsbord", 1000);
await j.follow("Waarom hier?");
await picture("waarom-hier", 1000);
await page.goto(`${base}/rondes/almere-2026-2027`);
await j.menu("Tekorten");
await picture("tekorten", 900);
await page.goto(`${base}/rondes/talent-voor-onderwijs-2026-2027/scenarios`);
await j.open("section[aria-labelledby=klaar] form:has(input[name=begin][value=more-students]) button");
await j.result();
await j.menu("Scenario's");
await j.press("Vergelijk");
await picture("scenarios-vergelijken", 1100);
await browser.close();
