//! Error pages: what happened, what to do, and the number to mention.

use maud::{Markup, html};

use crate::components::page::{Frame, Title, outside_page, page};

/// Something that went wrong with a request.
#[derive(Debug, Clone)]
pub struct ErrorView {
    /// The HTTP status.
    pub status: u16,
    /// More precise words, or nothing.
    pub detail: String,
    /// Number of the request.
    pub request_id: String,
    /// Where to go on; nothing means the start.
    pub back: String,
    /// Where to read more: words and address.
    pub more: Option<(String, String)>,
    /// What somebody typed that was not stored; nothing when she typed nothing.
    pub typed: Option<TypedView>,
}

/// What somebody typed that was not stored.
#[derive(Debug, Clone)]
pub struct TypedView {
    /// What each field is called, and the text.
    pub texts: Vec<(String, String)>,
    /// Where she can store it after all: the address, and words on the link.
    pub way_on: (String, &'static str),
}

fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("Dit verzoek klopt niet", "Ga terug en probeer het opnieuw. Hebt u een link overgetypt? Controleer hem dan."),
        401 => ("U bent niet ingelogd", "Log opnieuw in. Daarna kunt u verder waar u was."),
        403 => ("Dit mag u niet doen", "Stond de pagina lang open? Ga dan terug, laad de pagina opnieuw en probeer het nog eens."),
        404 => ("Deze pagina bestaat niet", "Controleer het adres, of ga naar het begin en zoek de pagina in het menu."),
        405 => ("Dit kan hier niet", "Ga terug en gebruik de knoppen op de pagina."),
        409 => ("Dit kan nu niet", "Ga terug, bekijk de stand van nu en doe het zo nodig opnieuw."),
        412 => (
            "Iemand anders was u voor",
            "De gegevens zijn intussen gewijzigd. Ga terug, bekijk de nieuwe stand en doe het zo nodig opnieuw.",
        ),
        413 => {
            ("Dit bestand is te groot", "Verwijder bladen en plaatjes die niet nodig zijn, of splits het bestand, en probeer het opnieuw.")
        }
        415 => ("Dit soort bestand kunnen wij niet lezen", "Sla het bestand op als werkboek (.xlsx) of als .csv en probeer het opnieuw."),
        429 => ("Te veel pogingen", "Wacht een minuut en probeer het dan opnieuw."),
        503 => ("Kernschil is even niet bereikbaar", "Wacht een paar minuten en probeer het dan opnieuw."),
        500.. => (
            "Er ging bij ons iets mis",
            "Probeer het over een minuut opnieuw. Blijft het misgaan? Geef dan het nummer hieronder door aan de beheerder.",
        ),
        _ => ("Dit is niet gelukt", "Ga terug en probeer het opnieuw."),
    }
}

/// What was typed, to copy. The way on opens beside this page, which is the only place where it stands.
fn typed(view: &TypedView) -> Markup {
    let (way_on, words) = &view.way_on;
    html! {
        section class="panel" aria-labelledby="getypt" {
            h2 id="getypt" { "Dit heeft u getypt" }
            p { "Dit is niet opgeslagen. Kopieer het, ga verder in een nieuw tabblad en plak het daar terug. Laat deze pagina tot dan open." }
            @for (at, (label, text)) in view.texts.iter().enumerate() {
                h3 { (label) }
                div id={ "getypt-" (at) } { pre class="typed" { "\n" (text) } }
                p { button class="button button-second" type="button" data-copy={ "getypt-" (at) } hidden { "Kopieer" span class="visually-hidden" { ": " (label) } } }
            }
            p class="buttons" { a class="button" href=(way_on) target="_blank" rel="noopener" { (words) } }
        }
    }
}

/// The page for an error of any kind.
pub fn error_page(frame: &Frame, view: &ErrorView) -> Markup {
    let (what, advice) = words(view.status);
    let back = if view.back.is_empty() { "/" } else { &view.back };
    let body = html! {
        @if !view.detail.is_empty() { p { (view.detail) } }
        // The detail says what to do itself, but not where the number is.
        @if view.detail.is_empty() || view.status >= 500 { p { (advice) } }
        @if let Some(lost) = &view.typed { (typed(lost)) }
        @else { p class="buttons" { a class="button" href=(back) { @if view.back.is_empty() { "Naar het begin" } @else { "Terug" } } @if let Some((words, href)) = &view.more { a class="quiet-link" href=(href) { (words) } } } }
        p class="small muted request-id" { "Fout " (view.status) " · verzoek " code { (view.request_id) } }
    };
    let title = Title::new(what);
    if frame.user.is_some() { page(frame, title, &body) } else { outside_page(frame, title, &[], &body) }
}
