// A peer review in a browser: everybody in a window of her own, from the calendar to what is done with the report.
import { join } from "node:path";
import { signIn } from "./browser.mjs";
import { Journey } from "./journey.mjs";
import { serve } from "./program.mjs";

const PASSWORD = "een lange zin voor de peer review";
/** What each member finds: kind, part of the framework, text. */
const FINDINGS = {
  voorzitter: [
    ["strength", "1", "Opleiders gebruiken dezelfde taal."],
    ["development", "2", "De leeromgeving verschilt te veel per school."],
  ],
  secretaris: [
    ["strength", "1", "Starters worden door dezelfde mensen begeleid."],
    ["question", "3", "Wie bewaakt de uren van opleiders?"],
  ],
  panellid: [
    ["strength", "2", "De opdrachten sluiten aan op de praktijk."],
    ["good-practice", "4", "Elk half jaar een gesprek over wat er is geleerd."],
  ],
};
/** What they find together. */
const TOGETHER = [
  ["2", "development", "De leeromgeving sluit nog niet op elke school aan. **Begin bij de kleine scholen.**"],
  ["1", "strength", "Er is één gedeeld beeld van het beroep."],
];
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
    await j.pick("Kader", "samen-opleiden-in-de-onderwijsregio");
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
      await j.page.locator("main summary", { hasText: `Haal weg: ${own.name}` }).click();
      await j.press(new RegExp(`^Ja, haal weg\\s*: ${own.name}`));
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
    const { j } = this.people["coördinator"];
    await this.page("coördinator");
    await this.#refused(j, "Sluit de uitvoerende fase af", ["nog niet gehouden", "nog niet ingeleverd"]);
    await this.look(j, "poort-uitvoeren");
    await this.page("coördinator", "gegevens");
    await j.fill("Bezoek gehouden op", this.visit);
    await j.press("Gegevens bewaren");
    for (const { role } of this.peers) await this.#find(role);
    await this.#unseen("voorzitter", "panellid");
    const waits = this.plan.isOpened ? ["secretaris"] : [];
    for (const { role } of this.peers) if (!waits.includes(role)) await this.#handIn(role);
    if (this.plan.isOpened) await this.#openFindings();
    await this.page("voorzitter", "bevindingen");
    await this.look(this.people.voorzitter.j, "bevindingen-van-het-panel");
    await this.page("coördinator", "bevindingen");
    j.expect(!(await j.text()).includes(this.#marker("panellid")), "de ontvangende partij leest een bevinding");
    await this.page("coördinator");
    await j.press("Sluit de uitvoerende fase af");
  }

  #marker(role) {
    return `gezien-door-de-${role}`;
  }

  async #find(role) {
    const j = await this.page(role, "bevindingen");
    for (const [kind, part, text] of FINDINGS[role]) {
      await j.page.locator("main form select[name=soort]").selectOption(kind);
      await j.page.locator("main form select[name=onderdeel]").selectOption(part);
      await j.fill("Bevinding", `${text} (${this.#marker(role)})`);
      await j.press("Voeg de bevinding toe");
    }
    await this.look(j, `bevindingen-${role}`);
  }

  /** Whoever looks, on every page of the dossier: nothing of what another has not handed in. */
  async #unseen(reader, writer) {
    const j = await this.page(reader);
    const parts = await j.page.locator(".part-links a").evaluateAll((links) => links.map((link) => link.href));
    for (const address of parts) {
      await j.page.goto(address);
      j.expect(!(await j.page.content()).includes(this.#marker(writer)), `op ${address} leest de ${reader} wat de ${writer} nog niet inleverde`);
    }
  }

  async #handIn(role) {
    const j = await this.page(role, "bevindingen");
    await j.follow(/^Bevindingen inleveren/);
    if (role === "voorzitter") await this.look(j, "inleveren");
    await j.press("Lever mijn bevindingen in");
  }

  async #openFindings() {
    const j = await this.page("voorzitter", "bevindingen");
    await j.follow(/^Bevindingen openen/);
    await this.look(j, "openen");
    await j.press("Open de bevindingen van iedereen");
  }

  /** What the panel finds together, with another view that is kept. */
  async weigh() {
    const j = await this.page("voorzitter", "weging");
    await this.look(j, "weging");
    const [first] = await j.page.locator("section[aria-labelledby^='naast-'] h3").allInnerTexts();
    j.expect(first.startsWith("2"), `het grootste verschil staat niet bovenaan: ${first}`);
    for (const [part, kind, text] of TOGETHER) {
      const box = j.page.locator(`section[aria-labelledby='naast-${part}']`);
      await box.locator("summary").last().click();
      await box.locator("select[name=soort]").selectOption(kind);
      await box.locator("textarea[name=tekst]").fill(text);
      await j.open(`section[aria-labelledby='naast-${part}'] form button[type=submit]`);
    }
    const member = await this.page("panellid", "weging");
    await member.page.locator("summary", { hasText: "Ik zie dit anders" }).first().click();
    await member.page.locator("details[open] textarea[name=tekst]").first().fill("Op de scholen die ik sprak, sluit de leeromgeving wel aan.");
    await member.press("Bewaar uw andere mening");
    await this.page("voorzitter", "weging");
    await this.look(j, "weging-samen");
    if (this.isJudging) await this.#judge();
    const receiver = await this.page("coördinator", "weging");
    receiver.expect(!(await receiver.text()).includes(TOGETHER[0][2]), "de ontvangende partij leest wat het panel vond voor het is verstuurd");
  }

  async #judge() {
    const j = await this.page("voorzitter", "oordeel");
    for (const group of await j.page.locator("main fieldset.field").all()) await group.getByLabel("voldoende", { exact: true }).check();
    await j.fill("Besloten op", this.visit);
    await j.press("Leg het oordeel vast");
    await this.look(j, "oordeel");
  }

  /** Concept, response per paragraph, final, and out of the house. */
  async report() {
    await this.#goOn("report");
    const { j } = this.people["coördinator"];
    await this.page("coördinator");
    const asked = ["rapport is nog niet vastgesteld"];
    await this.#refused(j, "Rond de peer review af", this.isJudging ? asked : [...asked, "jaarrapportage"]);
    await this.look(j, "poort-afronden");

    const secretary = await this.page("secretaris", "rapport");
    await secretary.press("Maak de eerste versie van de gezamenlijke bevindingen");
    await this.#write(secretary);
    await this.page("secretaris", "rapport");
    await this.look(secretary, "rapport-concept");
    await this.#download(secretary);
    const early = await this.page("coördinator", "rapport");
    early.expect(!(await early.text()).includes("Versie 1"), "de ontvangende partij ziet het concept voor het is verstuurd");
    await this.page("secretaris", "rapport");
    await secretary.fill("Reageren kan tot en met", this.#later(21));
    await secretary.press(/^Verstuur versie \d+ ter reactie/);

    await this.page("coördinator", "rapport/reactie");
    await j.page.locator("summary", { hasText: "Reageer op deze alinea" }).first().click();
    await j.page.locator("details[open] textarea[name=tekst]").first().fill("Wij herkennen dit. Twee scholen zijn al begonnen.");
    await j.press("Plaats de reactie");
    await this.look(j, "reactie");

    const chair = await this.page("voorzitter", "rapport/vaststellen");
    await this.look(chair, "vaststellen-kan-niet");
    const number = Number(/versie (\d+)/i.exec(await chair.text())[1]);
    await this.#finalise(chair, number);
    chair.expect(/reactie/.test(await chair.text()), "een rapport met een open reactie wordt vastgesteld");
    await this.page("secretaris", "rapport/reactie");
    await secretary.page.locator("details[open] textarea[name=tekst]").first().fill("Wij noemen het in de inleiding.");
    await secretary.press("Bewaar het antwoord");
    await this.page("voorzitter", "rapport/vaststellen");
    await this.look(chair, "vaststellen");
    await this.#finalise(chair, number);
    await this.page("voorzitter", "rapport");
    await this.look(chair, "rapport-vastgesteld");
    await this.#download(chair);

    await this.page("coördinator", "publiceren");
    await this.look(j, "publiceren");
    await j.press(/^Publiceer versie/);
    await this.page("coördinator", "publicatie");
    await this.look(j, "publicatie");
  }

  async #write(j) {
    await this.page("secretaris", "rapport/schrijven");
    await j.page.locator("main form textarea").first().fill("Het panel sprak met *opleiders*, studenten en bestuurders.");
    await this.look(j, "rapport-schrijven");
    await j.open("main form button[type=submit]");
  }

  /** A day so many days after the one on which the program believes it is, as a field of a form has it. */
  #later(days) {
    const day = this.plan.days ? new Date(this.plan.days.report) : new Date();
    day.setDate(day.getDate() + days);
    return day.toISOString().slice(0, 10);
  }

  async #finalise(j, number) {
    const ready = j.page.locator("input[name=klaar]");
    if (await ready.count()) await ready.check();
    await j.press(new RegExp(`^Stel versie ${number} vast`));
  }

  /** The document and the workbook of the report are kept beside the pictures. */
  async #download(j) {
    for (const words of ["document (.docx)", "werkboek (.xlsx)"]) {
      const [file] = await Promise.all([j.page.waitForEvent("download"), j.page.getByRole("link", { name: words }).first().click()]);
      await file.saveAs(join(this.folder, file.suggestedFilename()));
    }
  }

  /** The last gate, and the review is done. */
  async close() {
    await this.#goOn("close");
    const { j } = this.people["coördinator"];
    if (!this.isJudging) {
      await this.page("coördinator", "gegevens");
      await j.fill("Jaar van de jaarrapportage", this.plan.year);
      await j.press("Gegevens bewaren");
    }
    await this.page("coördinator");
    await j.press("Rond de peer review af");
    await this.look(j, "afgerond");
  }

  /** What is done with the findings. */
  async followUp() {
    const j = await this.page("coördinator", "opvolging");
    await j.page.locator("select[name=bevinding]").first().selectOption({ index: 1 });
    await j.fill("Wat gaat er gebeuren?", "Elke kleine school krijgt een vaste instituutopleider.");
    await j.fill("Wie zorgt ervoor? Een functie of een naam.", "Programmaleider");
    await j.fill("Wanneer moet het af zijn?", "2030-01-31");
    await j.press("Voeg de actie toe");
    await this.look(j, "opvolging");
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
