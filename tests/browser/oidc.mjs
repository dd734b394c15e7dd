// Signs in at a provider in a real browser: links a login, accepts an invitation, comes back by the button, and meets what goes wrong.
// Starts the provider of tests/oidc and the program itself, on the data of a demo that has stopped.
// node oidc.mjs PROGRAM DATA
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { fail, failures, launch, listen, signIn, sticksOut, violations } from "./browser.mjs";

const [program, data] = process.argv.slice(2);
if (!data) {
  console.error("Gebruik: node oidc.mjs PROGRAMMA GEGEVENSMAP");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "screenshots", "oidc");
const work = mkdtempSync(join(tmpdir(), "kernschil-oidc-"));
const processes = [];

const freePort = async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
};

const start = (command, args, options) => {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], ...options });
  processes.push(child);
  return child;
};

/** The first line that a program writes, as JSON; its end is an error. */
const firstLine = (child, what) =>
  new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line)));
    child.once("exit", (code) => reject(new Error(`${what} stopte met ${code}`)));
  });

const stop = async (child) => {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, "exit");
};

const run = async () => {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const redirect = `${base}/inloggen/surfconext/terug`;
  // The data may be used again: for another client everybody is somebody else.
  const client = `kernschil-${randomBytes(6).toString("hex")}`;
  const provider = start("node", ["provider.mjs", "--redirect", redirect, "--client-id", client, "--until-stdin-ends"], { cwd: join(here, "../oidc") });
  const { issuer, clients } = await firstLine(provider, "de inlogdienst");
  const config = join(work, "kernschil.toml");
  const text = (value) => JSON.stringify(value);
  writeFileSync(
    config,
    `data = ${text(data)}\nlisten = "127.0.0.1:${port}"\naddress = ${text(base)}\nlog = "error"\nmail_folder = ${text(join(work, "mail"))}\n\n` +
      `[[providers]]\ncode = "surfconext"\nname = "SURFconext"\nissuer = ${text(issuer)}\nclient_id = ${text(clients[0].client_id)}\nclient_secret = ${text(clients[0].client_secret)}\n` +
      // Port 9 is for discarding; nobody listens there.
      '[[providers]]\ncode = "elders"\nname = "een dienst die stilstaat"\nissuer = "http://127.0.0.1:9"\nclient_id = "kernschil"\n',
    { mode: 0o600 },
  );
  const server = start(program, ["serve", "--json", "--config", config]);
  await firstLine(server, "Kernschil");
  const user = (command, input, ...args) => JSON.parse(execFileSync(program, ["user", command, "--json", "--config", config, "--role", "lezer", ...args], { input }));
  const coen = { email: `coen.${client}@school.nl`, password: randomBytes(12).toString("hex") };
  user("add", `${coen.password}\n`, "--password-stdin", "--email", coen.email, "--name", "Coen Ordinator");
  const { link } = user("invite", "", "--print-link", "--email", `ola.${client}@school.nl`, "--name", "Ola van der Pabo");

  const browser = await launch();
  try {
    await links(browser, base, coen);
    await accepts(browser, base, link);
    await withoutScripts(browser, base);
    await isStranger(browser, base);
    await isDown(browser, base);
  } finally {
    await browser.close();
  }
};

/** Looks at a page of ours, wide and narrow. */
const look = async (page, name) => {
  for (const [width, height] of [[375, 740], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    for (const violation of await violations(page)) fail(`${name} ${width}`, violation);
    for (const element of await sticksOut(page)) fail(`${name} ${width}`, `steekt uit: ${element}`);
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
};

const atInstitution = async (page, login) => {
  await page.waitForSelector("text=Inloggen bij de proefinstelling");
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", "geheim");
  await page.click("button[value=login]");
};

const expectText = async (page, where, words) => {
  const body = await page.locator("body").innerText();
  if (!body.includes(words)) fail(where, `"${words}" staat niet op ${page.url()}`);
};

const expectPath = (page, where, path) => {
  const { pathname } = new URL(page.url());
  if (pathname !== path) fail(where, `${pathname} in plaats van ${path}`);
};

const signOut = async (page) => {
  await page.click(".account button >> visible=true");
  await page.waitForURL((url) => url.pathname === "/inloggen");
};

const newPage = async (browser, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  return { context, page, errors: listen(page) };
};

/** Links a login to an account with a password, signs out, and comes back by the button. */
const links = async (browser, base, { email, password }) => {
  const where = "koppelen";
  const { context, page, errors } = await newPage(browser);
  await signIn(page, { base, email, password });
  await page.goto(`${base}/account/inlogdiensten`);
  await look(page, "inlogdiensten-leeg");
  await page.click("text=Koppel een login bij SURFconext");
  await page.waitForSelector("text=Verder naar SURFconext");
  await look(page, "verder-naar-surfconext");
  await page.click("text=Verder naar SURFconext");
  await atInstitution(page, "coordinator@example.nl");
  await page.waitForURL((url) => url.pathname === "/account/inlogdiensten");
  await expectText(page, where, "De login is gekoppeld.");
  await expectText(page, where, "example.nl");
  await look(page, "gekoppeld");

  await signOut(page);
  await look(page, "inloggen");
  await page.click("text=Inloggen met SURFconext");
  await page.waitForURL((url) => url.origin === base && !url.pathname.startsWith("/inloggen"));
  expectPath(page, where, "/");
  await page.goto(`${base}/account/sessies`);
  await expectText(page, where, "SURFconext (example.nl)");
  await look(page, "sessies");
  for (const error of errors) fail(where, `console: ${error}`);
  await context.close();
};

/** Makes an account by an invitation, without a password, and comes back in a browser that the institution does not know. */
const accepts = async (browser, base, invitation) => {
  const where = "uitnodiging";
  const first = await newPage(browser);
  await first.page.goto(invitation);
  await look(first.page, "uitnodiging");
  await first.page.click("text=Maak mijn account met SURFconext");
  await atInstitution(first.page, "opleider@pabo.example.nl");
  await first.page.waitForURL(`${base}/`);
  await expectText(first.page, where, "Ola van der Pabo");
  await signOut(first.page);
  for (const error of first.errors) fail(where, `console: ${error}`);
  await first.context.close();

  const later = await newPage(browser);
  await later.page.goto(`${base}/hulp`);
  await later.page.click("text=Inloggen met SURFconext");
  await atInstitution(later.page, "opleider@pabo.example.nl");
  await later.page.waitForURL((url) => url.origin === base && !url.pathname.startsWith("/inloggen"));
  expectPath(later.page, where, "/hulp");
  for (const error of later.errors) fail(where, `console: ${error}`);
  await later.context.close();
};

/** The same way back with scripts switched off. */
const withoutScripts = async (browser, base) => {
  const { context, page } = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(`${base}/inloggen`);
  await page.click("text=Inloggen met SURFconext");
  await atInstitution(page, "opleider@pabo.example.nl");
  await page.waitForURL(`${base}/`).catch(() => fail("zonder JavaScript", `niet ingelogd op ${page.url()}`));
  await context.close();
};

/** Somebody who is known at the institution and not here. */
const isStranger = async (browser, base) => {
  const { context, page } = await newPage(browser);
  await page.goto(`${base}/inloggen`);
  await page.click("text=Inloggen met SURFconext");
  await atInstitution(page, "student@example.nl");
  await page.waitForSelector("text=U bent nog niet bekend");
  await look(page, "onbekend");
  const cookies = await context.cookies(base);
  if (cookies.some((cookie) => cookie.name === "kernschil")) fail("onbekend", "er is een sessie");
  await context.close();
};

/** A provider that does not answer. */
const isDown = async (browser, base) => {
  const { context, page } = await newPage(browser);
  await page.goto(`${base}/inloggen`);
  await page.click("text=Inloggen met een dienst die stilstaat");
  await page.waitForSelector("text=De inlogdienst is nu niet bereikbaar");
  await look(page, "onbereikbaar");
  await context.close();
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const started = Date.now();
try {
  await run();
} catch (error) {
  fail("inloggen met SURFconext", error.message);
} finally {
  for (const child of processes.reverse()) await stop(child);
  rmSync(work, { recursive: true, force: true });
}
console.log(`inloggen met SURFconext: ${failures.length} fouten, ${Math.round((Date.now() - started) / 1000)} s; plaatjes in ${folder}`);
process.exit(failures.length === 0 ? 0 : 1);
