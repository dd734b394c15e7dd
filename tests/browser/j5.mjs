// J5: a peer review from opening to published report, with every gate refusing once: of the region HAK (reflection in 2027, visit in
// 2028, report in 2029), of OPLIS/ILA (2025), and the judging review of Het Leercollectief.
// node j5.mjs PROGRAM DATA EMAIL PASSWORD [JOURNEY], with the data of a demo of its own; needs the Debian package faketime for the years to come
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failures, launch } from "./browser.mjs";
import { mailbox } from "./mailbox.mjs";
import { Review } from "./reviews.mjs";

const [program, data, email, password, only] = process.argv.slice(2);
if (!password) {
  console.error("Gebruik: node j5.mjs PROGRAMMA GEGEVENSMAP E-MAIL WACHTWOORD [REIS]");
  process.exit(2);
}
const pictures = join(dirname(fileURLToPath(import.meta.url)), "screenshots/j5");
const coordinator = { email, password };

const LEIDEN = "Leiden (voorbeeldnaam)";
const PEERS = [
  { role: "voorzitter", name: "Mara de Boer", email: "mara@peers.nl", region: "Almere" },
  { role: "secretaris", name: "Joris Bakker", email: "joris@peers.nl", region: "Talent voor Onderwijs" },
  { role: "panellid", name: "Fatma Yilmaz", email: "fatma@peers.nl", region: "Almere" },
];
const REFLECTION = {
  1: "## Waar wij staan\n\nSchoolopleiders en docenten delen **één beeld** van het beroep.\n\n- toetsbare doelen per fase\n- begeleiding van starters",
  2: "De leeromgeving op de werkplek sluit aan op het instituut. Nog niet op iedere school.",
  3: "Taken van opleiders staan op papier. De uren verschillen per bestuur.",
  4: "Wij spreken elk half jaar over wat wij leerden. Daarna volgt een verbeterplan.",
};

/** What tells the three journeys apart. */
const JOURNEYS = {
  hak: {
    title: "J5 HAK",
    slug: "peer-review-onderwijsregio-hak",
    own: { name: "Wim Visser", email: "wim@regio-hak.nl", region: "Haarlemmermeer Amstelland Kennemerland (HAK)" },
    days: { prepare: "2027-10-04", visit: "2028-03-14", report: "2028-04-11", close: "2028-06-20" },
    until: "2028-06-30",
    year: "2029",
  },
  oplis: {
    title: "J5 OPLIS/ILA",
    make: { name: "Peer review OPLIS/ILA in de regio", receiver: "OPLIS/ILA", kind: "Ontwikkelingsgericht", year: "2025", source: "jaarplan" },
    own: { name: "Wim Visser", email: "wim@leiden.nl", region: LEIDEN },
    visit: "2025-11-18",
    isOpened: true,
    year: "2026",
  },
  leercollectief: {
    title: "J5 Leercollectief",
    make: { name: "Beoordeling Het Leercollectief na vier jaar", receiver: "Het Leercollectief", kind: "Beoordelingsgericht", year: "2024", source: "besluit over de aspirantstatus" },
    visit: "2024-11-12",
  },
};

const browser = await launch();
for (const [key, plan] of Object.entries(JOURNEYS).filter(([key]) => !only || key === only)) {
  const work = mkdtempSync(join(tmpdir(), "kernschil-j5-"));
  // A postbox of its own: a reminder of the journey before would be read for an invitation.
  const mail = await mailbox();
  cpSync(data, work, { recursive: true });
  const review = new Review({ program, data: work, browser, mail, plan, folder: join(pictures, key), peers: PEERS, reflection: REFLECTION });
  try {
    await review.start(coordinator);
    await review.open();
    await review.prepare();
    await review.conduct();
    await review.weigh();
    await review.report();
    await review.close();
    await review.followUp();
  } catch (error) {
    console.error(error);
    failures.push(`${plan.title}: ${error.message}`);
    await review.pictureOfTrouble();
  } finally {
    await review.end();
    mail.stop();
    rmSync(work, { recursive: true, force: true });
  }
}
await browser.close();
process.exit(failures.length === 0 ? 0 : 1);
