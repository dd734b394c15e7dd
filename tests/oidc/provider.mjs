// A real OpenID Connect provider (npm oidc-provider) that behaves like SURFconext: one scope, `sub` per client, what is known of a person only
// from userinfo. Anybody of ACCOUNTS gets in with any password.
//
//   node provider.mjs [--port 0] [--redirect URL]... [--client-id ID] [--client-secret SECRET] [--id-token-ttl SECONDS] [--until-stdin-ends]
//
// All redirect addresses have one host, as oidc-provider wants it where `sub` differs per client. Each option can also be given as OIDC_PORT,
// OIDC_REDIRECTS (with spaces between), OIDC_CLIENT_ID, OIDC_CLIENT_SECRET or OIDC_ID_TOKEN_TTL.
// When it listens, it writes one line of JSON: { issuer, clients: [{ client_id, client_secret, redirect_uris }], accounts }.
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

import Provider from "oidc-provider";

const { values: args } = parseArgs({
  options: {
    port: { type: "string", default: process.env.OIDC_PORT ?? "0" },
    redirect: { type: "string", multiple: true },
    "client-id": { type: "string", default: process.env.OIDC_CLIENT_ID ?? "kernschil" },
    "client-secret": { type: "string", default: process.env.OIDC_CLIENT_SECRET ?? "geheim-voor-de-proef" },
    "id-token-ttl": { type: "string", default: process.env.OIDC_ID_TOKEN_TTL ?? "3600" },
    "until-stdin-ends": { type: "boolean", default: false },
  },
});
const redirects = args.redirect ?? process.env.OIDC_REDIRECTS?.split(" ").filter(Boolean) ?? ["http://127.0.0.1:8080/inloggen/surfconext/terug"];

// Standard output is for the one line of JSON.
console.info = console.log = console.error;

const ACCOUNTS = Object.fromEntries(
  [
    ["coordinator@example.nl", "Coen", "Ordinator", "example.nl"],
    ["opleider@pabo.example.nl", "Ola", "van der Pabo", "pabo.example.nl"],
    ["student@example.nl", "Stu", "Dent", "example.nl"],
  ].map(([email, given_name, family_name, organisation]) => [
    email,
    {
      name: `${given_name} ${family_name}`,
      given_name,
      family_name,
      email,
      schac_home_organization: organisation,
      eduperson_affiliation: ["employee"],
      updated_at: 1_700_000_000,
    },
  ]),
);
const CLAIMS = [...new Set(Object.values(ACCOUNTS).flatMap(Object.keys))];

const client = (client_id) => ({
  client_id,
  client_secret: args["client-secret"],
  redirect_uris: redirects,
  grant_types: ["authorization_code"],
  response_types: ["code"],
});
const clients = [client(args["client-id"]), client(`${args["client-id"]}-ander`)];

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const server = createServer();
await new Promise((listening) => server.listen(Number(args.port), "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients,
  findAccount: (_, id) => ACCOUNTS[id] && { accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) },
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: (_, id, { clientId }) => createHash("sha256").update(`${clientId} ${id}`).digest("hex").slice(0, 40),
  claims: { openid: ["sub", ...CLAIMS] },
  scopes: ["openid"],
  pkce: { required: () => true },
  // What is known of a person is not in the ID token.
  conformIdTokenClaims: true,
  jwks: { keys: [{ ...key, kid: "proef", use: "sig", alg: "RS256" }] },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  ttl: { IdToken: Number(args["id-token-ttl"]), AuthorizationCode: 60, AccessToken: 3600, Interaction: 3600, Session: 3600, Grant: 3600 },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interactie/${interaction.uid}` },
  // Institutions settle this with SURFconext; the user is not asked.
  async loadExistingGrant(context) {
    const { client, session } = context.oidc;
    const { Grant } = context.oidc.provider;
    const known = session.grantIdFor(client.clientId);
    // Another one would end what was granted in another tab.
    if (known) return Grant.find(known);
    const grant = new Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid");
    grant.addOIDCClaims(CLAIMS);
    await grant.save();
    return grant;
  },
});

const page = (message) => `<!doctype html>
<html lang="nl">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Inloggen bij de proefinstelling</title>
<h1>Inloggen bij de proefinstelling</h1>
<p role="alert">${message}</p>
<form method="post">
<p><label>E-mailadres <input name="login" type="email" autocomplete="username"></label></p>
<p><label>Wachtwoord <input name="password" type="password" autocomplete="current-password"></label></p>
<p><button name="action" value="login">Inloggen</button> <button name="action" value="cancel">Annuleren</button></p>
</form>
</html>`;

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

async function interaction(request, response) {
  // Throws when this browser did not begin it.
  await provider.interactionDetails(request, response);
  const show = (message) => response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(page(message));
  if (request.method !== "POST") return show("");
  const form = await body(request);
  if (form.get("action") === "cancel") {
    return provider.interactionFinished(request, response, { error: "access_denied", error_description: "geannuleerd" });
  }
  const accountId = form.get("login")?.trim().toLowerCase();
  if (!ACCOUNTS[accountId]) return show("Dit e-mailadres is hier niet bekend.");
  return provider.interactionFinished(request, response, { login: { accountId } });
}

const protocol = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/interactie/")) return protocol(request, response);
  interaction(request, response).catch((error) => {
    console.error(error);
    response.writeHead(400, { "content-type": "text/plain; charset=utf-8" }).end("Begin opnieuw met inloggen.\n");
  });
});

process.stdout.write(`${JSON.stringify({ issuer, clients, accounts: Object.keys(ACCOUNTS) })}\n`);
if (args["until-stdin-ends"]) process.stdin.resume().on("end", () => process.exit());
