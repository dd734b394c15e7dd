// Somebody of the panel of a review, with an account of her own: who manages a review is never in its panel.
import { execFileSync } from "node:child_process";

const PASSWORD = "een lange zin voor het panel";

/** Makes an account without any role, before the program serves its data. */
export const account = (program, data, { email, name }) => {
  const asked = ["--data", data, "user", "add", "--email", email, "--name", name, "--password-stdin"];
  execFileSync(program, asked, { input: `${PASSWORD}\n`, stdio: ["pipe", "ignore", "inherit"] });
  return { email, name, password: PASSWORD };
};

/** Asks the API about reviews as who is signed in on a page; answers status, tag and body. */
export const asking = (page) => (method, path, { seen, body } = {}) =>
  page.evaluate(
    async ({ method, path, seen, body }) => {
      const csrf = document.querySelector("[name=csrf]").value;
      const headers = { "X-CSRF-Token": csrf, "Content-Type": "application/json", ...(seen ? { "If-Match": seen } : {}) };
      const answer = await fetch(`/api/v1/reviews/${path}`, { method, headers, body: body && JSON.stringify(body) });
      return { status: answer.status, tag: answer.headers.get("ETag"), body: await answer.json().catch(() => null) };
    },
    { method, path, seen, body },
  );

/** Who manages the review asks her for its panel; `member` is the page on which she is signed in, and she agrees. */
export const join = async (manager, member, slug, { email, name }) => {
  const asked = await asking(manager)("POST", `${slug}/members`, { body: { role: "member", name, email } });
  if (asked.status >= 300) throw new Error(`vragen voor het panel: ${asked.status} ${JSON.stringify(asked.body)}`);
  await member.reload();
  const own = (await asking(member)("GET", `${slug}/members`)).body.members.find((one) => one.name === name);
  const agreed = await asking(member)("PUT", `${slug}/own-answer`, { seen: own.etag, body: { answer: "agreed" } });
  if (agreed.status >= 300) throw new Error(`meedoen in het panel: ${agreed.status} ${JSON.stringify(agreed.body)}`);
};
