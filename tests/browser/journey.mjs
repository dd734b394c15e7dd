// A journey: what somebody sees and does on the way is counted, and each screen is looked at.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fail, listen, sticksOut, violations } from "./browser.mjs";

/** Which screen an address is: without identifiers, numbers and what is asked of a list. */
const screenOf = (url) => new URL(url).pathname.replaceAll(/\/(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+)(?=\/|$)/g, "/:id");

/** Figures as Dutch people write them: "1.098". */
export const figure = (words) => Number(words.replaceAll(".", "").replace(",", "."));

export class Journey {
  screens = new Set();
  interactions = 0;
  looked = 0;
  #aside = false;
  #started = Date.now();

  /** Begins a journey in a window of its own. */
  static async begin(browser, name, folder, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "nl-NL", reducedMotion: "reduce", acceptDownloads: true, ...options });
    const page = await context.newPage();
    return new Journey(page, name, folder);
  }

  constructor(page, name, folder) {
    mkdirSync(folder, { recursive: true });
    Object.assign(this, { page, name, folder, errors: listen(page) });
    page.on("framenavigated", (frame) => {
      if (frame === page.mainFrame() && !this.#aside && frame.url().startsWith("http")) this.screens.add(screenOf(frame.url()));
    });
  }

  /** Does something that is not counted: a detour. */
  async aside(work) {
    this.#aside = true;
    await work();
    this.#aside = false;
  }

  #did() {
    if (!this.#aside) this.interactions += 1;
  }

  async fill(label, value) {
    this.#did();
    await this.page.getByLabel(label, { exact: true }).fill(value);
  }

  async pick(label, value) {
    this.#did();
    await this.page.getByLabel(label, { exact: true }).selectOption(value);
  }

  async choose(label) {
    this.#did();
    await this.page.getByLabel(label).first().check();
  }

  async attach(files) {
    this.#did();
    await this.page.setInputFiles("main input[type=file]", files);
  }

  /** Presses something that leads to another page. */
  async #go(target) {
    this.#did();
    await Promise.all([this.page.waitForNavigation({ timeout: 60_000 }), target.click()]);
  }

  async press(words) {
    await this.#go(this.page.locator("main").getByRole("button", { name: words }).first());
  }

  async follow(words) {
    await this.#go(this.page.locator("main").getByRole("link", { name: words }).first());
  }

  /** A place in the menu at the side. */
  async menu(words) {
    await this.#go(this.page.locator(".side-nav").getByRole("link", { name: words, exact: true }));
  }

  /** Something by its place in the page, where words do not tell it apart. */
  async open(selector) {
    await this.#go(this.page.locator(selector).first());
  }

  /** Waits for long work to end, and goes to what came of it. */
  async result(words = /Bekijk|Naar/) {
    const link = this.page.locator("#taak").getByRole("link", { name: words }).first();
    await link.waitFor({ timeout: 120_000 });
    await this.#go(link);
  }

  text() {
    return this.page.locator("main").innerText();
  }

  /** The figures in a sentence of the page; nothing when it does not stand there. */
  async figures(sentence) {
    const text = (await this.text()).replaceAll(/\s+/g, " ");
    const found = sentence.exec(text);
    if (!found) this.fail(`niet op ${this.page.url()}: ${sentence}`);
    return found ? found.slice(1).map(figure) : [];
  }

  expect(truth, what) {
    if (!truth) this.fail(what);
  }

  equal(found, expected, what) {
    if (JSON.stringify(found) !== JSON.stringify(expected)) this.fail(`${what}: ${JSON.stringify(found)} in plaats van ${JSON.stringify(expected)}`);
  }

  /** Says a figure that was found on the way. */
  say(words) {
    console.log(`  ${this.name}: ${words}`);
  }

  fail(what) {
    fail(this.name, what);
  }

  /** Looks at the page as it stands, wide and narrow. */
  async look(name) {
    for (const [width, height] of [[375, 740], [1280, 800]]) {
      await this.page.setViewportSize({ width, height });
      for (const violation of await violations(this.page)) this.fail(`${name} ${width}: ${violation}`);
      for (const element of await sticksOut(this.page)) this.fail(`${name} ${width} steekt uit: ${element}`);
      await this.page.screenshot({ path: join(this.folder, `${name}-${width}.png`), fullPage: true });
    }
    for (const error of this.errors.splice(0)) this.fail(`${name}: console: ${error}`);
    this.looked += 1;
  }

  /** Ends the journey and says what it took. */
  async end({ screens = Infinity, interactions = Infinity } = {}) {
    for (const error of this.errors) this.fail(`console: ${error}`);
    if (this.screens.size > screens) this.fail(`${this.screens.size} schermen, hoogstens ${screens}: ${[...this.screens].join(" ")}`);
    if (this.interactions > interactions) this.fail(`${this.interactions} handelingen, hoogstens ${interactions}`);
    await this.page.context().close();
    const seconds = Math.round((Date.now() - this.#started) / 1000);
    console.log(`${this.name}: ${this.screens.size} schermen, ${this.interactions} handelingen, ${this.looked} bekeken, ${seconds} s`);
  }
}
