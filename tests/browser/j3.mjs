// J3: after everybody was told a school takes four places back; at most four students move, and only they are written to.
// node j3.mjs PROGRAM DATA EMAIL PASSWORD, with the data of a demo of its own
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failures, launch, signIn } from "./browser.mjs";
import { announce, carryOut, lettersOf, movesOf, offersToTakeBack, withdraw } from "./changes.mjs";
import { Journey } from "./journey.mjs";
import { serve } from "./program.mjs";

const [program, data, email, password] = process.argv.slice(2);
if (!password) {
  console.error("Gebruik: node j3.mjs PROGRAMMA GEGEVENSMAP E-MAIL WACHTWOORD");
  process.exit(2);
}
const folder = join(dirname(fileURLToPath(import.meta.url)), "screenshots/j3");
const server = await serve(program, data);
const browser = await launch();
const j = await Journey.begin(browser, "J3", folder);
const LESS = 4;

try {
  await j.aside(async () => {
    await signIn(j.page, { base: server.base, email, password });
    await j.page.goto(`${server.base}/`);
    await j.open(".round-card h2 a[href*=talent]");
    await announce(j);
  });
  await j.menu("Wijzigingen");
  await j.look("1-wijzigingen-leeg");
  await j.follow("Meld een wijziging");
  await j.choose("Een school trekt plekken in");
  await j.press("Verder");
  const offers = await offersToTakeBack(j);
  const full = offers.filter((offer) => offer.used >= LESS && offer.used === offer.count).sort((a, b) => b.used - a.used);
  await withdraw(j, full[0], full[0].count - LESS);
  await j.look("2-plan");
  const plans = await movesOf(j);
  const fewest = plans[0];
  j.expect(fewest.length > 0 && fewest.length <= LESS, `${fewest.length} studenten verhuizen, hoogstens ${LESS}`);
  j.expect(fewest.every((move) => move.from.includes(full[0].school)), "er verhuist iemand van een andere school");
  await carryOut(j);
  await j.look("3-doorgevoerd");
  await j.menu("Brieven");
  await j.look("4-brieven");
  await j.aside(async () => {
    const letters = await lettersOf(j);
    j.equal(letters.students, fewest.length, "brieven aan studenten");
    j.say(`${full[0].school} trekt ${LESS} van ${full[0].count} plekken in: ${fewest.length} studenten verhuizen, ${letters.students} brieven aan studenten en ${letters.schools} aan scholen`);
  });
  await j.look("5-verzending");
} catch (error) {
  j.fail(`${error.message} op ${j.page.url()}`);
  await j.page.screenshot({ path: join(folder, "mis.png") });
} finally {
  await j.end();
  await browser.close();
  await server.stop();
}
process.exit(failures.length === 0 ? 0 : 1);
