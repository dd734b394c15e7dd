// The browser, and what is asked of every page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** What went wrong, in words. */
export const failures = [];
export const fail = (where, what) => {
  failures.push(`${where}: ${what}`);
  console.log(`  FOUT ${where}: ${what}`);
};

export const signIn = async (page, { base, email, password }) => {
  await page.goto(`${base}/inloggen`);
  await page.fill("#veld-email", email);
  await page.fill("#veld-password", password);
  await page.click("main button[type=submit]");
  await page.waitForURL((url) => !url.pathname.startsWith("/inloggen"));
};

/** Notes errors of a page in the list that is returned. */
export const listen = (page) => {
  const errors = [];
  page.on("console", (message) => {
    // The browser says so itself when a page answers 404; that is what such a page is for.
    const refused = /status of (400|404|409)/.test(message.text());
    if (message.type() === "error" && !refused) errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  return errors;
};

/** Accessibility rules that a page breaks, with the first place of each; of all rules, or of some. */
export const violations = async (page, rules) => {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const found = await page.evaluate((asked) => window.axe.run(document, { resultTypes: ["violations"], ...asked }), only);
  return found.violations.map((rule) => `${rule.id} (${rule.nodes.length}): ${rule.nodes[0].html.slice(0, 160)} [${rule.nodes[0].failureSummary.replaceAll("\n", " ").slice(0, 240)}]`);
};

/** Elements that stick out of the page, when it can be scrolled sideways. */
export const sticksOut = (page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const inside = (element) => element.closest(".table-region, .board-students, pre");
    const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1 && !inside(element));
    return wide.slice(0, 3).map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
  });
