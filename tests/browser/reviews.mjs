// A peer review in a browser: everybody in a window of her own, from the calendar to what is done with the report.
import { join } from "node:path";
import { signIn } from "./browser.mjs";
import { Journey } from "./journey.mjs";
import { serve } from "./program.mjs";

const PASSWORD = "een lange zin voor de peer review";
const QUESTION = "Hoe groeit een starter door op een kleine school?";

export class Review {
  people = {};
  #picture = 0;

  /** `plan` says which review it is, and on which days the program believes that it runs. */
  constructor({ program, data, browser, mail, plan, folder, peers, reflection }) {
    Object.assign(this, { program, data, browser, mail, plan, folder, peers, reflection, slug: plan.slug });
  }

  get base() {
    return this.server.base;
  }

  get isJudging() {
    return this.plan.make?.kind === "Beoordelingsgericht";
  }

  get visit() {
    return this.plan.visit ?? this.plan.days.visit;
  }

  #serve(day) {
    return serve(this.program, this.data, { settings: this.mail.settings, day, port: this.server?.port });
  }

  async start({ email, password }) {
    this.server = await this.#serve(this.plan.days?.prepare);
    await this.#person("coördinator", email, password);
  }

  /** Lets the program go on another day, where the plan names one; everybody signs in again. */
  async #goOn(moment) {
    const day = this.plan.days?.[moment];
    if (!day) return;
    await this.server.stop();
    this.server = await this.#serve(day);
    for (const role of Object.keys(this.people)) await this.#signIn(role);
  }

  async #window(role) {
    return Journey.begin(this.browser, `${this.plan.title} ${role}`, this.folder);
  }

  async #person(role, email, password) {
    this.people[role] = { j: await this.#window(role), email, password };
    await this.#signIn(role);
  }

  async #signIn(role) {
    const { j, email, password } = this.people[role];
    await j.page.context().clearCookies();
    await signIn(j.page, { base: this.base, email, password });
    await j.page.goto(`${this.base}/`);
  }

  /** Goes to a page of the review. */
  async page(role, part = "") {
    const { j } = this.people[role];
    await j.page.goto(`${this.base}/peer-reviews/${this.slug}${part && "/"}${part}`);
    return j;
  }

  /** Looks at a page, with a number so that pictures stand in order. */
  async look(j, name) {
    this.#picture += 1;
    await j.look(`${String(this.#picture).padStart(2, "0")}-${name}`);
  }

  /** Presses what ends a phase; it is refused, and the page says what is missing. */
  async #refused(j, button, missing) {
    await j.press(button);
    const lines = (await j.page.locator(".note-signal li").allInnerTexts()).join(" ");
    for (const words of missing) j.expect(lines.includes(words), `“${button}” zegt niet dat “${words}” ontbreekt: ${lines}`);
  }

  /** The review stands on the calendar, and its dossier is opened. */
  async open() {
    const { j } = this.people["coördinator"];
    await j.menu("Peer reviews");
    if (this.plan.make) await this.#make(j);
    await this.look(j, "kalender");
    await this.page("coördinator");
    await j.press("Begin met de voorbereiding");
    const asked = ["reflectie op", "panel", "bezoekdag"];
    await this.#refused(j, "Sluit de voorbereidende fase af", this.isJudging ? asked : [...asked, "ontwikkelvraag"]);
    await this.look(j, "poort-voorbereiden");
  }

  async #make(j) {
    const { name, receiver, kind, year, source } = this.plan.make;
    await j.follow("Zet een peer review op de kalender");
    await j.fill("Naam", name);
    await j.pick("Van wie is de peer review?", { label: receiver });
    await j.choose(kind);
    await j.pick("Kader", { label: "Samen Opleiden in de Onderwijsregio" });
    await j.fill("Jaar 1", year);
    await j.fill("Waar staat jaar 1?", source);
    await j.press("Zet op de kalender");
    this.slug = new URL(j.page.url()).pathname.split("/")[2];
    await j.menu("Peer reviews");
  }

  /** Panel, day, reflection, question and programme. */
  async prepare() {
    const { j } = this.people["coördinator"];
    await this.#panel(j);
    await this.#day(j);
    await j.aside(() => this.#reflect(j));
    await this.page("coördinator", "reflectie");
    await this.look(j, "reflectie");
    const before = await this.page("panellid", "reflectie");
    before.expect(!(await before.text()).includes("één beeld"), "het panel leest de reflectie voor zij is ingeleverd");
    await j.press(/^Lever de reflectie in/);
    if (!this.isJudging) {
      await this.page("coördinator", "ontwikkelvragen");
      await j.fill("Vraag", QUESTION);
      await j.press("Voeg de vraag toe");
    }
    await this.page("coördinator", "programma");
    await j.aside(() => this.#programme(j));
    await this.look(j, "programma");
    await this.page("coördinator");
    await j.press("Sluit de voorbereidende fase af");
    await this.look(j, "uitvoerende-fase");
  }

  async #panel(j) {
    const { own, until } = this.plan;
    await j.aside(async () => {
      for (const peer of own ? [...this.peers, own] : this.peers) await this.#addPeer(j, peer);
    });
    if (own) {
      await this.page("coördinator", "deelnemers");
      await this.#invite(j, { role: "Panellid", name: own.name });
      await this.page("coördinator", "panel");
      j.expect((await j.text()).includes("niemand uit een andere onderwijsregio"), "een panel van alleen eigen mensen kan");
      await j.press("Toon voorstel");
      await this.look(j, "panel");
      await this.page("coördinator", "deelnemers");
      await j.press(new RegExp(`^Haal weg\\s*: ${own.name}`));
    } else {
      await this.page("coördinator", "deelnemers");
    }
    for (const { role, name } of this.peers) await this.#invite(j, { role: role[0].toUpperCase() + role.slice(1), name, until });
    await this.look(j, "deelnemers");
    for (const peer of this.peers) await this.#accept(peer);
  }

  async #addPeer(j, { name, email, region }) {
    await j.page.goto(`${this.base}/peers/nieuw`);
    await j.fill("Naam", name);
    await j.fill("E-mailadres", email);
    await j.pick("Regio", { label: region });
    await j.fill("Getraind op", "2024-03-01");
    await j.press("Zet in de pool");
  }

  async #invite(j, { role, name, until }) {
    await j.choose(role);
    const value = await j.page.locator("select[name=peer] option", { hasText: name }).first().getAttribute("value");
    await j.pick("Iemand uit de pool van peers", value);
    if (until) await j.fill("Toegang tot en met", until);
    await j.press("Verstuur uitnodiging");
  }

  /** Somebody follows the link of the mail she got, makes an account and says she takes part. */
  async #accept({ role, email }) {
    const link = /https?:\/\/\S*uitnodiging\S*/.exec(await this.mail.latest(email))?.[0];
    const j = await this.#window(role);
    this.people[role] = { j, email, password: PASSWORD };
    await j.page.goto(link);
    await j.fill("Wachtwoord", PASSWORD);
    await j.open("main form button[type=submit]");
    if (j.page.url().includes("inloggen")) await this.#signIn(role);
    await this.page(role, "deelnemers");
    await j.press(/^Ja, ik doe mee/);
  }

  async #day(j) {
    await this.page("coördinator", "datum");
    if (this.plan.visit) {
      // A day of years ago is not looked for; it is filled in.
      await this.page("coördinator", "gegevens");
      await j.fill("Bezoekdag", this.visit);
      await j.press("Gegevens bewaren");
      return;
    }
    await j.fill("Dag 1", this.visit);
    await j.fill("Dag 2", this.visit.replace(/\d\d$/, "28"));
    await j.press("Stel deze dagen voor");
    for (const { role } of this.peers) {
      const member = await this.page(role, "datum");
      for (const day of await member.page.locator("main fieldset.radios").all()) await day.locator("input[type=radio]").first().check();
      await member.press("Bewaar mijn antwoorden");
    }
    await this.page("coördinator", "datum");
    await this.look(j, "datum");
    await j.open(`form:has(input[value="${this.visit}"]) button`);
  }

  async #reflect(j) {
    for (const [part, text] of Object.entries(this.reflection)) {
      await this.page("coördinator", `reflectie/${part}`);
      await j.fill("Uw tekst", text);
      await j.press("Opslaan");
    }
  }

  async #programme(j) {
    for (const [from, to, title, room, audience] of [
      ["9.00", "9.30", "Ontvangst", "Aula", "bestuurders en panel"],
      ["9.30", "10.45", "Gesprek over de leeromgeving", "Lokaal 1", "schoolopleiders en instituutopleiders"],
      ["11.00", "12.00", "Gesprek over begeleiding", "Lokaal 2", "studenten"],
    ]) {
      await j.fill("Van", from);
      await j.fill("Tot", to);
      await j.fill("Onderdeel", title);
      await j.fill("Ruimte", room);
      await j.fill("Met wie", audience);
      await j.press("Voeg het onderdeel toe");
    }
  }

  /** The visit, and what each member finds. */
  async conduct() {
    await this.#goOn("visit");
    throw new Error("tot hier");
  }

  async pictureOfTrouble() {
    for (const [role, { j }] of Object.entries(this.people)) {
      j.fail(`staat op ${j.page.url()}`);
      await j.page.screenshot({ path: join(this.folder, `mis-${role}.png`) }).catch(() => {});
    }
  }

  async end() {
    for (const { j } of Object.values(this.people)) await j.end();
    await this.server?.stop();
  }
}
