// One's own account in a real browser: a second factor, recovery codes, sign-out everywhere. Each page on two screens.
// node account.mjs BASE EMAIL PASSWORD
import { createHmac } from "node:crypto";
import { mkdirSync } from "node:fs";
import { fail, failures, launch, listen, signIn, sticksOut, violations } from "./browser.mjs";

const [base, email, password] = process.argv.slice(2);
const folder = new URL("./screenshots/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });

/** What an authenticator shows, so many half minutes from now (RFC 6238). */
const shown = (secret, steps = 0) => {
  const bits = [...secret.replaceAll(" ", "")].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", key).update(step).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
};

const screens = [
  { width: 1280, height: 900 },
  { width: 375, height: 812 },
];

/** Whether words come to stand on a page. */
const shows = (page, words) => page.getByText(words).first().waitFor().then(() => true, () => false);

/** Looks at a page as it stands, on every screen. */
const look = async (page, name) => {
  await page.waitForLoadState("load");
  for (const screen of screens) {
    await page.setViewportSize(screen);
    for (const rule of await violations(page)) fail(`${name} ${screen.width}`, rule);
    for (const element of await sticksOut(page)) fail(`${name} ${screen.width}`, `steekt uit: ${element}`);
    await page.screenshot({ path: `${folder}${name}-${screen.width}.png`, fullPage: true });
  }
  await page.setViewportSize(screens[0]);
};

const expect = (where, truth, what) => {
  if (!truth) fail(where, what);
};

const browser = await launch();
const at = async () => {
  const context = await browser.newContext({ locale: "nl-NL" });
  const page = await context.newPage();
  return { page, errors: listen(page) };
};

const here = await at();
const { page } = here;
const open = async (path) => page.goto(`${base}${path}`);
const submit = () => page.click("main form button[type=submit]");

await open("/wachtwoord-vergeten");
await look(page, "wachtwoord-vergeten");
await page.fill("#veld-email", "niemand@school.example");
await submit();
await look(page, "wachtwoord-vergeten-verstuurd");
await open("/wachtwoord-herstellen");
await look(page, "wachtwoord-herstellen-verlopen");
await open("/inloggen");
await look(page, "inloggen");
await signIn(page, { base, email, password });
await page.click(".side > .account .account-name");
await look(page, "account");
await open("/account/wachtwoord");
await page.fill("#veld-current", "iets anders dan dat");
await page.fill("#veld-password", "kort");
await submit();
await look(page, "account-wachtwoord-fout");

await open("/account/tweede-factor");
await look(page, "tweede-factor-uit");
await page.fill("#veld-password", password);
await submit();
await look(page, "tweede-factor-instellen");
const secret = await page.textContent(".secret code");
const used = shown(secret);
await page.fill("#veld-code", used);
await submit();
await look(page, "tweede-factor-codes");
const codes = await page.locator(".codes code").allTextContents();
expect("tweede-factor-codes", codes.length === 10, `${codes.length} herstelcodes`);
await page.emulateMedia({ media: "print" });
await page.screenshot({ path: `${folder}tweede-factor-codes-print.png`, fullPage: true });
await page.emulateMedia({ media: "screen" });
await page.click("main .buttons a.button");
await look(page, "tweede-factor-aan");

const there = await at();
await there.page.goto(`${base}/inloggen`);
await there.page.fill("#veld-email", email);
await there.page.fill("#veld-password", password);
await there.page.click("main button[type=submit]");
await there.page.waitForURL((url) => url.pathname === "/inloggen/tweede-factor");
await there.page.fill("#veld-code", used);
await there.page.click("main form button[type=submit]");
await look(there.page, "inloggen-code-fout");
expect("inloggen-code", await there.page.locator(".error-summary").isVisible(), "een gebruikte code is niet geweigerd");
await there.page.click("summary");
await there.page.fill("#veld-recovery", codes[0].toUpperCase());
await there.page.click("details button[type=submit]");
await there.page.waitForURL((url) => !url.pathname.startsWith("/inloggen"));

await open("/account/sessies");
await look(page, "account-sessies");
await page.click("text=Log overal elders uit");
expect("account-sessies", await shows(page, "U bent nergens anders ingelogd"), "er is nog een sessie");
await there.page.goto(`${base}/account`);
expect("overal uitloggen", new URL(there.page.url()).pathname === "/inloggen", "elders nog ingelogd");

await open("/account/tweede-factor/herstelcodes");
await look(page, "tweede-factor-herstelcodes");
await open("/account/tweede-factor/verwijderen");
await page.fill("#veld-code", shown(secret, 1));
await submit();
expect("tweede-factor-verwijderen", await shows(page, "De tweede factor is verwijderd"), "niet verwijderd");

for (const error of [...here.errors, ...there.errors]) fail("console", error);
await browser.close();
console.log(failures.length === 0 ? "Account: alles in orde" : `Account: ${failures.length} fouten`);
process.exit(failures.length === 0 ? 0 : 1);
