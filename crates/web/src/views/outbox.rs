//! Outgoing mail: how each mail fares. What is in a mail and whom it is for stays out of sight.

use maud::{Markup, html};

use crate::components::figures::empty;
use crate::components::filters::{Chip, chips};
use crate::components::forms::csrf;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag, warning};
use crate::components::table::{Density, Paging, pagination, pagination_below, table};
use crate::components::text::counted;

/// Where the page is.
pub const HREF: &str = "/instellingen/mail";

/// The outbox.
#[derive(Debug, Clone, Default)]
pub struct OutboxView {
    /// States to filter by, with their number.
    pub states: Vec<Chip>,
    /// The chosen state, or nothing.
    pub state: String,
    /// Mails of the page, newest first.
    pub rows: Vec<MailRow>,
    /// Which part is on the page.
    pub paging: Paging,
    /// Mails of which nobody knows whether they arrived.
    pub unknown: u32,
}

/// A mail in the list.
#[derive(Debug, Clone)]
pub struct MailRow {
    /// Identifier in addresses.
    pub id: String,
    /// What it is about.
    pub kind: String,
    /// Address, in part.
    pub to: String,
    /// When it was queued, in words.
    pub when: String,
    /// How far it is.
    pub state: String,
    /// How that looks.
    pub tone: Tone,
    /// Attempts so far.
    pub attempts: u32,
    /// Why it was not sent, when it is tried next, or when it was sent.
    pub remark: String,
    /// Whether it can be sent again.
    pub again: Again,
}

/// Whether a mail can be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// There is no reason to.
    NotNeeded,
    /// It can.
    Possible,
    /// It cannot, and what to do instead.
    Instead(String),
}

fn row(frame: &Frame, mail: &MailRow) -> Markup {
    html! {
        tr {
            th scope="row" { (mail.kind) }
            td { (mail.to) }
            td { (mail.when) }
            td { (tag(mail.tone, &mail.state)) }
            td class="figure" { (mail.attempts) }
            td { (mail.remark) }
            td {
                @match &mail.again {
                    Again::NotNeeded => { "–" }
                    Again::Possible => {
                        form method="post" action={ (HREF) "/" (mail.id) "/opnieuw" } {
                            (csrf(&frame.csrf))
                            button class="button button-quiet" type="submit" { "Opnieuw versturen" span class="visually-hidden" { ": " (mail.kind) " aan " (mail.to) ", " (mail.when) } }
                        }
                    }
                    Again::Instead(words) => { span class="small" { (words) } }
                }
            }
        }
    }
}

/// `/instellingen/mail`
pub fn outbox_page(frame: &Frame, view: &OutboxView) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Onderwerp" } th scope="col" { "Aan" } th scope="col" { "Klaargezet" } th scope="col" { "Stand" }
            th scope="col" class="figure" { "Pogingen" } th scope="col" { "Bijzonderheden" } th scope="col" { "Opnieuw" }
        }
    };
    let rows = html! { @for mail in &view.rows { (row(frame, mail)) } };
    let pairs = [("stand", view.state.as_str())];
    let body = html! {
        @if view.unknown > 0 {
            (warning(&html! { p {
                "Van " (counted(view.unknown, "mail", "mails")) " is onzeker of die is aangekomen. Kernschil verstuurt zo'n mail niet vanzelf opnieuw, want dan komt hij misschien twee keer. "
                "Vraag het na bij de ontvanger voordat u hem opnieuw verstuurt."
            } }))
        }
        form class="buttons" method="post" action={ (HREF) "/proef" } {
            (csrf(&frame.csrf))
            button class="button button-second" type="submit" { "Stuur mijzelf een proefmail" }
        }
        (chips("Mail naar stand", &view.states))
        @if view.rows.is_empty() {
            @if view.state.is_empty() {
                (empty("Er is nog geen mail verstuurd", &html! { p { "Kernschil mailt uitnodigingen, links voor een nieuw wachtwoord en meldingen over accounts. Stuur uzelf een proefmail om te zien of het werkt." } }))
            } @else {
                (empty("Geen mail in deze stand", &html! { p { a href=(HREF) { "Toon alle mail" } } }))
            }
        } @else {
            (pagination(HREF, &pairs, &view.paging))
            (table("Uitgaande mail", Density::Dense, &head, &rows))
            (pagination_below(HREF, &pairs, &view.paging))
        }
    };
    let title = Title::new("Uitgaande mail")
        .lead("Hoe het met elke mail gaat. Wat erin staat en aan wie precies, is hier niet te zien.")
        .trail(&[("Instellingen", "/instellingen")]);
    page(frame, title, &body)
}
