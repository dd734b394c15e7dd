//! The second factor of one's own account: setting it up, its recovery codes, and taking it off.

use kernschil_app::access::Password;
use maud::{Markup, PreEscaped, html};

use super::account::TRAIL;
use crate::components::figures::facts;
use crate::components::forms::{FieldError, Input, InputKind, csrf, input, submit};
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{Tone, tag, warning};
use crate::components::text::counted;

/// Where it is.
pub const PATH: &str = "/account/tweede-factor";

/// Who has no second factor yet.
#[derive(Debug, Clone, Default)]
pub struct OffView {
    /// Whether a password is asked.
    pub password: Password,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// `/account/tweede-factor`, without one
pub fn off_page(frame: &Frame, view: &OffView) -> Markup {
    let password = Input::text("password", "Uw wachtwoord", "").kind(InputKind::Password).autocomplete("current-password");
    let body = html! {
        section class="panel" aria-labelledby="zo" {
            h2 id="zo" { "Zo werkt het" }
            ol class="steps-list" {
                li { strong { "U koppelt een app" } span { "Bijvoorbeeld Microsoft Authenticator, Google Authenticator, 2FAS of Aegis. Met de camera of door een sleutel over te typen." } }
                li { strong { "U vult een eerste code in" } span { "Zo weten we dat het werkt. Pas dan vraagt Kernschil erom." } }
                li { strong { "U bewaart tien herstelcodes" } span { "Voor als u uw telefoon kwijt bent." } }
            }
            form class="form" method="post" action=(PATH) novalidate {
                (csrf(&frame.csrf))
                @if view.password == Password::Set { (input(password, &view.errors)) }
                (submit("Stel de tweede factor in"))
            }
        }
    };
    let lead =
        "Na uw wachtwoord vraagt Kernschil dan een code uit een app op uw telefoon. Wie uw wachtwoord weet, komt er niet mee binnen.";
    form_page(frame, Title::new("Tweede factor").lead(lead).trail(TRAIL), &view.errors, &body)
}

/// Telling the authenticator.
#[derive(Debug, Clone, Default)]
pub struct SetupView {
    /// A QR code in SVG, made by us.
    pub qr: String,
    /// What it holds: an address that an app on this same telephone opens.
    pub address: String,
    /// The secret in base32.
    pub secret: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// In groups of four, as one types it over.
fn grouped(secret: &str) -> String {
    let signs: Vec<char> = secret.chars().collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `/account/tweede-factor/instellen`
pub fn setup_page(frame: &Frame, view: &SetupView) -> Markup {
    let code = Input::text("code", "De code die er nu staat", "").kind(InputKind::Digits).autocomplete("one-time-code");
    // Inside a page a drawing needs no namespace.
    let qr = view.qr.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
    let body = html! {
        div class="two-columns" {
            section class="panel" aria-labelledby="koppel" {
                h2 id="koppel" { "1. Koppel uw app" }
                p { "Kies in de app voor een account toevoegen en richt de camera op deze code." }
                div class="qr" role="img" aria-label="QR-code met de sleutel die hieronder staat" { (PreEscaped(qr)) }
                p { "Geen camera? Typ deze sleutel over:" }
                p class="secret" { code { (grouped(&view.secret)) } }
                p class="small" { a href=(view.address) { "Open de app op dit apparaat" } }
            }
            section class="panel" aria-labelledby="bevestig" {
                h2 id="bevestig" { "2. Vul een code in" }
                form class="form" method="post" action={ (PATH) "/instellen" } novalidate {
                    (csrf(&frame.csrf))
                    (input(code.hint("Zes cijfers. Er komt elke halve minuut een nieuwe."), &view.errors))
                    div class="buttons" { (submit("Bevestig")) a class="quiet-link" href=(PATH) { "Annuleer" } }
                }
            }
        }
    };
    let title = Title::new("Tweede factor instellen").trail(&[("Uw account", super::account::PATH), ("Tweede factor", PATH)]);
    form_page(frame, title, &view.errors, &body)
}

/// Recovery codes, which are shown this once.
#[derive(Debug, Clone)]
pub struct CodesView {
    /// The codes.
    pub codes: Vec<String>,
    /// Whether the second factor was set up just now.
    pub occasion: Occasion,
}

/// Why recovery codes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The second factor was set up.
    SetUp,
    /// They replace earlier ones.
    Replaced,
}

/// The answer to a form: these codes cannot be asked for again
pub fn codes_page(frame: &Frame, view: &CodesView) -> Markup {
    let lead = match view.occasion {
        Occasion::SetUp => "De tweede factor staat aan. Bewaar deze codes voor als u uw telefoon kwijt bent.",
        Occasion::Replaced => "Dit zijn uw nieuwe herstelcodes. De oude werken niet meer.",
    };
    let body = html! {
        (warning(&html! { p { "U ziet deze codes maar één keer. Print ze, of bewaar ze in een wachtwoordkluis. Elke code werkt één keer." } }))
        section class="panel" aria-labelledby="codes" {
            h2 id="codes" { "Herstelcodes voor Kernschil" }
            ul class="codes" id="herstelcodes" { @for code in &view.codes { li { code { (code) } } } }
            div class="buttons" {
                a class="button" href=(PATH) { "Ik heb ze bewaard" }
                button class="button button-second" type="button" data-print hidden { "Print" }
                button class="button button-second" type="button" data-copy="herstelcodes" hidden { "Kopieer" }
            }
            p class="small muted" { "Was u ook ergens anders ingelogd? " a href="/account/sessies" { "Bekijk uw sessies" } "." }
        }
    };
    let title = Title::new("Herstelcodes").lead(lead).trail(&[("Uw account", super::account::PATH), ("Tweede factor", PATH)]);
    page(frame, title, &body)
}

/// Who has a second factor.
#[derive(Debug, Clone, Default)]
pub struct OnView {
    /// Since when, in words.
    pub since: String,
    /// Recovery codes that are left.
    pub codes_left: u32,
}

/// `/account/tweede-factor`, with one
pub fn on_page(frame: &Frame, view: &OnView) -> Markup {
    let left = html! { (counted(view.codes_left, "herstelcode", "herstelcodes")) " over" };
    let body = html! {
        (facts(&[("Stand", tag(Tone::Good, "staat aan")), ("Ingesteld", html! { (view.since) }), ("Herstelcodes", left)]))
        @if view.codes_left < 3 {
            (warning(&html! { p { "U heeft bijna geen herstelcodes meer. Maak nieuwe, voor als u uw telefoon kwijt bent." } }))
        }
        div class="buttons" {
            a class="button" href={ (PATH) "/herstelcodes" } { "Maak nieuwe herstelcodes" }
            a class="button button-second" href={ (PATH) "/verwijderen" } { "Verwijder de tweede factor" }
        }
        p class="muted" { "Een nieuwe telefoon? Verwijder de tweede factor en stel hem opnieuw in." }
    };
    let lead = "Na uw wachtwoord vraagt Kernschil een code uit de app op uw telefoon.";
    page(frame, Title::new("Tweede factor").lead(lead).trail(TRAIL), &body)
}

/// Proving again who one is, before something changes.
#[derive(Debug, Clone)]
pub struct ProofView {
    /// What will change.
    pub about: About,
    /// Whether a password can be given.
    pub password: Password,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// What a proof is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// New recovery codes.
    Codes,
    /// Taking the second factor off.
    Removal,
}

/// `/account/tweede-factor/herstelcodes` and `/account/tweede-factor/verwijderen`
pub fn proof_page(frame: &Frame, view: &ProofView) -> Markup {
    let (title, lead, action, button) = match view.about {
        About::Codes => (
            "Nieuwe herstelcodes",
            "U krijgt tien nieuwe codes. De oude werken daarna niet meer.",
            "/herstelcodes",
            "Maak nieuwe herstelcodes",
        ),
        About::Removal => (
            "Tweede factor verwijderen",
            "Inloggen vraagt daarna alleen uw wachtwoord. Uw herstelcodes vervallen.",
            "/verwijderen",
            "Verwijder de tweede factor",
        ),
    };
    let password = Input::text("password", "Uw wachtwoord", "").kind(InputKind::Password).autocomplete("current-password");
    let code = match view.password {
        Password::Set => Input::text("code", "Of een code", "").hint("Uit uw app, of een herstelcode."),
        Password::None => Input::text("code", "Code uit uw app, of een herstelcode", ""),
    };
    let body = html! {
        form class="form" method="post" action={ (PATH) (action) } novalidate {
            (csrf(&frame.csrf))
            @if view.password == Password::Set { (input(password, &view.errors)) }
            (input(code.autocomplete("one-time-code"), &view.errors))
            div class="buttons" { (submit(button)) a class="quiet-link" href=(PATH) { "Annuleer" } }
        }
    };
    let title = Title::new(title).lead(lead).trail(&[("Uw account", super::account::PATH), ("Tweede factor", PATH)]);
    form_page(frame, title, &view.errors, &body)
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_secret_is_typed_over_in_groups() {
        assert_eq!(grouped("GEZDGNBVGY"), "GEZD GNBV GY");
        assert_eq!(grouped(""), "");
    }
}
