//! Signing in at a provider of OIDC, such as `SURFconext`: only the protocol. Sessions, cookies and the database are not here.
//!
//! The authorization code flow with PKCE (S256), `state` and `nonce`:
//!
//! 1. [`Provider::begin`] gives the address to send the browser to. Whoever calls it keeps `state`, `nonce` and `verifier` on the server
//!    for some minutes, bound to this browser by a cookie.
//! 2. The browser comes back with [`Returned`]. Whoever gets it takes what was kept, deletes it, and calls [`Provider::finish`].
//! 3. [`Identity`] says who it is. `issuer` and `subject` together are the key; a mail address is not, unless the provider vouches for it.
//!
//! The provider is asked for its addresses and keys when they are first needed. What it says is trusted as far as it is https and its own
//! issuer; it cannot send us elsewhere. Time is an argument.
//!
//! # `SURFconext`
//!
//! What it does, as far as found in what SURF writes and in the source of `OpenConext`, which it runs on. Nothing here was tried there.
//!
//! - Addresses begin with `https://connect.surfconext.nl`, and with `https://connect.test.surfconext.nl` for the test environment \[1\].
//! - The code flow is advised; PKCE with S256 is supported, and required of clients without a secret \[1\].
//! - What is known of a person comes from userinfo. It is in the ID token only when the request has a `claims` parameter, or when SURF has
//!   set that for the service \[1\]\[2\]. An access token, needed for userinfo, lives for an hour by default \[2\].
//! - Which claims a service gets is agreed on when it is registered: no more than needed \[2\]. Scopes do not change userinfo \[10\].
//! - `sub` is another one for each service: persistent, or transient and then new at each sign-in. Kernschil needs the persistent one. It
//!   is made from the login name, `schacHomeOrganization` and the client id, so a change of these at the institution or the service makes
//!   somebody a stranger \[3\].
//! - `name`, `given_name`, `family_name`, `email` and `schac_home_organization` (a domain) are single texts. There is no `email_verified`
//!   \[4\].
//! - ID tokens are signed with RS256 and have a `kid`; `aud` is the client id alone; there is an `acr`, with spaces between
//!   several; there is no `at_hash` in the code flow \[5\]. Keys are replaced at times \[6\].
//! - `prompt` may be `login` or `consent`; `select_account` is sent back as `account_selection_required` \[7\].
//! - The redirect has no `iss` (RFC 9207), and discovery does not announce it \[7\]\[8\].
//! - A second step (`SURFsecureID`) can be asked for with a level of assurance in the request, which never succeeds for an institution that
//!   does not use it. For all sign-ins of a service it is set at `SURFconext` and needs nothing here \[9\].
//!
//! 1. <https://servicedesk.surf.nl/wiki/spaces/IAM/pages/128909987/OpenID+Connect+features>, for the addresses
//!    <https://wiki.surfnet.nl/pages/viewpage.action?pageId=23791408>
//! 2. <https://servicedesk.surf.nl/wiki/pages/viewpage.action?pageId=128918862>
//! 3. <https://wiki.surfnet.nl/pages/diffpages.action?originalId=55349766&pageId=55349768>
//! 4. `oidc/src/main/resources/oidc/saml_mapping.json` in <https://github.com/OpenConext/OpenConext-oidcng>, as are those below
//! 5. `oidc/src/main/java/oidc/secure/TokenGenerator.java`
//! 6. `README.md`, key rollover
//! 7. `oidc/src/main/java/oidc/endpoints/AuthorizationEndpoint.java`
//! 8. `oidc/src/main/resources/openid-configuration.json`
//! 9. <https://wiki.surfnet.nl/display/surfconextdev/Requesting+SURFsecureID+in+authentication+requests>
//! 10. `oidc/src/main/java/oidc/endpoints/UserInfoEndpoint.java`

pub use claims::Identity;
pub use error::{Decline, MetadataFault, OidcError, Step, TokenFault};
pub use http::Transport;
pub use provider::Provider;
pub use redirect::{Begun, Expected, Returned};
pub use settings::{ClaimsFrom, Prompt, ProviderSettings, SecondFactor, Secret, SettingsFault};

mod claims;
mod error;
mod http;
mod knowledge;
mod provider;
mod redirect;
mod settings;
mod token;
