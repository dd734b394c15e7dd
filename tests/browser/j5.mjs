// J5: a peer review from opening to published report, with every gate refusing once: of the region HAK (reflection in 2027, visit in
// 2028, report in 2029), of OPLIS/ILA (2025), and the judging review of Het Leercollectief.
// node j5.mjs PROGRAM DATA EMAIL PASSWORD, with the data of a demo of its own; needs the Debian package faketime for the years to come
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failures, launch } from "./browser.mjs";
import { mailbox } from "./mailbox.mjs";
import { serve } from "./program.mjs";
import { Review, addPeer, invite, refused, writeReflection } from "./reviews.mjs";

const [program, data, email, password] = process.argv.slice(2);
if (!password) {
  console.error("Gebruik: node j5.mjs PROGRAMMA GEGEVENSMAP E-MAIL WACHTWOORD");
  process.exit(2);
}
const folder = join(dirname(fileURLToPath(import.meta.url)), "screenshots/j5");
const mail = await mailbox();
const browser = await launch();
const REFLECTION = {
  1: "## Waar wij staan\n\nSchoolopleiders en docenten delen **één beeld** van het beroep.\n\n- toetsbare doelen per fase\n- begeleiding van starters",
  2: "De leeromgeving op de werkplek sluit aan op het instituut. Nog niet op iedere school.",
  3: "Taken van opleiders staan op papier. De uren verschillen per bestuur.",
  4: "Wij spreken elk half jaar over wat wij leerden. Daarna volgt een verbeterplan.",
};
const QUESTION = "Hoe groeit een starter door op een kleine school?";
const VISIT = "2028-03-14";
const HAK = "Haarlemmermeer Amstelland Kennemerland (HAK)";

/** The region HAK, over the years that its plan names. */
const hak = async () => {
  let server = await serve(program, data, { settings: mail.settings, day: "2027-10-04" });
  const review = new Review({ browser, server, mail, name: "J5 HAK", folder: join(folder, "hak") });
  const { port } = server;
  /** The program goes on another day; everybody signs in again. */
  const on = async (day) => {
    await server.stop();
    server = await serve(program, data, { settings: mail.settings, day, port });
    review.server = server;
    for (const role of Object.keys(review.people)) await review.signIn(role);
  };
  try {
    const j = await review.person("coördinator", email, password);
    await j.menu("Peer reviews");
    await j.look("1-kalender");
    await j.follow("Peer review onderwijsregio HAK");
    review.slug = new URL(j.page.url()).pathname.split("/")[2];
    await j.press("Begin met de voorbereiding");
    const gate = await refused(j, "Sluit de voorbereidende fase af");
    for (const words of ["reflectie op", "ontwikkelvraag", "panel", "bezoekdag"]) j.expect(gate.some((line) => line.includes(words)), `de poort noemt ${words} niet: ${gate}`);
    await j.look("2-poort-voorbereiden");

    await j.aside(async () => {
      await addPeer(j, review.base, { name: "Mara de Boer", email: "mara@regio-leiden.nl", region: "Leiden (voorbeeldnaam)", trained: "2027-03-01" });
      await addPeer(j, review.base, { name: "Joris Bakker", email: "joris@regio-almere.nl", region: "Almere", trained: "2027-03-01" });
      await addPeer(j, review.base, { name: "Fatma Yilmaz", email: "fatma@regio-almere.nl", region: "Almere", trained: "2027-03-01" });
      await addPeer(j, review.base, { name: "Wim Visser", email: "wim@regio-hak.nl", region: HAK, trained: "2027-03-01" });
    });
    await review.page("coördinator", "deelnemers");
    await invite(j, { role: "Panellid", peer: "Wim Visser" });
    await review.page("coördinator", "panel");
    j.expect((await j.text()).includes("niemand uit een andere onderwijsregio"), "een panel van alleen eigen mensen wordt niet geweigerd");
    await j.look("3-panel-fout");
    await j.press("Toon voorstel");
    await j.look("4-panel-voorstel");
    await review.page("coördinator", "deelnemers");
    await invite(j, { role: "Voorzitter", peer: "Mara de Boer", until: "2028-06-30" });
    await invite(j, { role: "Secretaris", peer: "Joris Bakker", until: "2028-06-30" });
    await invite(j, { role: "Panellid", peer: "Fatma Yilmaz", until: "2028-06-30" });
    await j.look("5-deelnemers");
    await review.accept("voorzitter", "mara@regio-leiden.nl");
    await review.accept("secretaris", "joris@regio-almere.nl");
    await review.accept("panellid", "fatma@regio-almere.nl");
    await review.page("coördinator", "deelnemers");
    await j.aside(() => review.withdraw("Wim Visser"));

    await review.page("coördinator", "datum");
    await j.fill("Dag 1", VISIT);
    await j.fill("Dag 2", "2028-03-16");
    await j.press("Stel deze dagen voor");
    for (const role of ["voorzitter", "secretaris", "panellid"]) await review.answerPoll(role);
    await review.page("coördinator", "datum");
    await j.look("6-datum");
    await j.press(/^Kies\s*: .*14 maart 2028/);

    await j.aside(() => writeReflection(j, (part) => review.page("coördinator", part), REFLECTION));
    await review.page("coördinator", "reflectie");
    await j.look("7-reflectie");
    const before = await review.page("panellid", "reflectie");
    before.expect(!(await before.text()).includes("één beeld"), "het panel leest de reflectie voor zij is ingeleverd");
    await j.press(/^Lever de reflectie in/);
    await review.page("coördinator", "ontwikkelvragen");
    await j.fill("Vraag", QUESTION);
    await j.press("Voeg de vraag toe");
    await review.page("coördinator", "programma");
    await review.programme(j);
    await j.look("8-programma");
    await review.page("coördinator");
    await j.press("Sluit de voorbereidende fase af");
    await j.look("9-uitvoerend");
    await on(VISIT);
    console.log("voorbereid");
  } finally {
    await review.end();
    await server.stop();
  }
};

try {
  await hak();
} catch (error) {
  console.error(error);
  failures.push(error.message);
} finally {
  await browser.close();
  mail.stop();
}
process.exit(failures.length === 0 ? 0 : 1);
