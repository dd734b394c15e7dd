// What people do in a peer review, each in a window of her own.
import { signIn } from "./browser.mjs";
import { Journey } from "./journey.mjs";

export const PASSWORD = "een lange zin voor de peer review";

/** Everybody in one review of a journey, by what they are in it. */
export class Review {
  people = {};

  constructor({ browser, server, mail, name, folder }) {
    Object.assign(this, { browser, server, mail, name, folder });
  }

  get base() {
    return this.server.base;
  }

  /** Somebody with an account. */
  async person(role, email, password) {
    const j = await Journey.begin(this.browser, `${this.name} ${role}`, this.folder);
    this.people[role] = { j, email, password };
    await this.signIn(role);
    return j;
  }

  /** Signs somebody in, as she has to after the program went on another day. */
  async signIn(role) {
    const { j, email, password } = this.people[role];
    await j.page.context().clearCookies();
    await signIn(j.page, { base: this.base, email, password });
    await j.page.goto(`${this.base}/`);
  }

  /** Follows the link of an invitation, makes an account and says she takes part. */
  async accept(role, email) {
    const text = await this.mail.latest(email);
    const link = /https?:\/\/\S*uitnodiging\S*/.exec(text)?.[0];
    const j = await Journey.begin(this.browser, `${this.name} ${role}`, this.folder);
    if (!link) j.fail("in de uitnodiging staat geen link");
    this.people[role] = { j, email, password: PASSWORD };
    await j.page.goto(link);
    await j.fill("Wachtwoord", PASSWORD);
    await j.open("main form button[type=submit]");
    if (j.page.url().includes("inloggen")) await this.signIn(role);
    await this.page(role, "deelnemers");
    await j.press(/^Ja, ik doe mee/);
    return j;
  }

  /** Goes to a page of the review. */
  async page(role, part = "") {
    const { j } = this.people[role];
    await j.page.goto(`${this.base}/peer-reviews/${this.slug}${part && "/"}${part}`);
    return j;
  }

  /** Says that somebody can come on every day that is proposed. */
  async answerPoll(role) {
    const j = await this.page(role, "datum");
    for (const group of await j.page.locator("main fieldset.radios").all()) await group.locator("input[type=radio]").first().check();
    await j.press("Bewaar mijn antwoorden");
  }

  /** Takes somebody back who was asked. */
  async withdraw(name) {
    const { j } = this.people["coördinator"];
    await j.press(new RegExp(`^Haal weg\\s*: ${name}`));
  }

  /** A short visit day. */
  async programme(j) {
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

  async end() {
    for (const { j } of Object.values(this.people)) await j.end();
  }
}

/** Somebody in the pool of peers. */
export const addPeer = async (j, base, { name, email, region, trained }) => {
  await j.page.goto(`${base}/peers/nieuw`);
  await j.fill("Naam", name);
  await j.fill("E-mailadres", email);
  await j.pick("Regio", { label: region });
  await j.fill("Getraind op", trained);
  await j.press("Zet in de pool");
};

/** Asks somebody of the pool, or somebody else. */
export const invite = async (j, { role, peer, name, email, until }) => {
  await j.choose(role);
  if (peer) {
    const value = await j.page.locator("select[name=peer] option", { hasText: peer }).first().getAttribute("value");
    await j.pick("Iemand uit de pool van peers", value);
  } else {
    await j.fill("Naam", name);
    await j.fill("E-mailadres", email);
  }
  if (until) await j.fill("Toegang tot en met", until);
  await j.press("Verstuur uitnodiging");
};

/** Presses what ends a phase, and answers what the page says is missing. */
export const refused = async (j, words) => {
  await j.press(words);
  const text = await j.text();
  if (!/er ontbre(ekt|ken)/.test(text)) j.fail(`“${words}” werd niet geweigerd`);
  return j.page.locator(".note-signal li").allInnerTexts();
};

/** Writes about every safeguard as a whole. */
export const writeReflection = async (j, open, texts) => {
  for (const [part, text] of Object.entries(texts)) {
    await open(`reflectie/${part}`);
    await j.fill("Uw tekst", text);
    await j.press("Opslaan");
  }
};
