//! Start: every round with its key figures, or what to do first.

use maud::{Markup, html};

use crate::components::figures::{Figure, figures};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::{Sign, StatusCounts, mark};
use crate::components::status::{Tone, note, tag};
use crate::components::text::counted;

/// All rounds the user can see.
#[derive(Debug, Clone, Default)]
pub struct StartView {
    /// The rounds, newest first.
    pub rounds: Vec<RoundCard>,
    /// Where the reader goes on setting up the installation; nothing when that is done, or not for the reader.
    pub unfinished: Option<String>,
    /// What waits for the reader in peer reviews.
    pub waiting: Vec<WaitingLine>,
    /// Reviews that the reader took part in and cannot open any more: name, and the last day in words.
    pub past: Vec<(String, String)>,
    /// What the reader comes for.
    pub visits: Visits,
}

/// What somebody comes for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Visits {
    /// Placement rounds, and perhaps reviews as well.
    #[default]
    Rounds,
    /// Peer reviews alone.
    Reviews,
    /// Nothing that is there: no role of hers holds now.
    Nothing,
}

/// Something in a peer review that waits for the reader.
#[derive(Debug, Clone, Default)]
pub struct WaitingLine {
    /// Name of the review.
    pub review: String,
    /// Where it is done.
    pub href: String,
    /// What it is and when.
    pub sentence: String,
    /// Whether its day is past.
    pub is_late: bool,
}

/// One round at a glance.
#[derive(Debug, Clone, Default)]
pub struct RoundCard {
    /// Which round.
    pub round: RoundRef,
    /// Names of the partnerships.
    pub partnerships: Vec<String>,
    /// Word for its state, such as "controleren".
    pub state: String,
    /// Students in the round.
    pub students: u32,
    /// Schools that take part.
    pub schools: u32,
    /// Places offered.
    pub places: u32,
    /// How the students stand.
    pub counts: StatusCounts,
    /// Students or schools that need a decision.
    pub exceptions: u32,
}

fn card(card: &RoundCard) -> Markup {
    let list = [
        Figure::count("Studenten", card.students),
        Figure::count("Plekken", card.places).note(&counted(card.schools, "school", "scholen")),
        Figure::share("Dekking", card.counts.covered(), card.counts.required()),
        Figure::count("Niet geplaatst", card.counts.unplaced).sign(Sign::Unplaced),
    ];
    html! {
        article class="card round-card" {
            div class="card-head" {
                h2 { a class="card-link" href=(card.round.path("")) { (card.round.name) } }
                (tag(Tone::Busy, &card.state))
            }
            p class="muted" { "Studiejaar " (card.round.school_year) @if !card.partnerships.is_empty() { " · " (card.partnerships.join(", ")) } }
            (figures(&list))
            @if card.exceptions > 0 {
                p class="card-foot" { a href=(card.round.path("plaatsbord")) { "Bekijk " (counted(card.exceptions, "uitzondering", "uitzonderingen")) } }
            }
        }
    }
}

fn first_steps(unfinished: Option<&str>) -> Markup {
    html! {
        div class="welcome" {
            (mark())
            h2 { "Er zijn nog geen gegevens" }
            p { "Laad eerst uw werkboeken. Daarna maakt Kernschil een voorstel: een plek voor elke student." }
            ol class="steps-list" {
                li { strong { "Besturen en scholen" } span { "welke scholen meedoen, en of zij kern of schil zijn" } }
                li { strong { "Opleiders en plekken" } span { "wie begeleidt, en hoeveel studenten een school kan ontvangen" } }
                li { strong { "Studenten en voorkeuren" } span { "wie een plek nodig heeft, en waar het liefst" } }
            }
            p class="buttons" {
                @if let Some(href) = unfinished { a class="button" href=(href) { "Richt Kernschil in" } }
                a class=(if unfinished.is_some() { "quiet-link" } else { "button" }) href="/importeren" { "Laad uw gegevens" }
                a class="quiet-link" href="/hulp" { "Lees eerst hoe het werkt" }
            }
        }
    }
}

fn waiting(view: &StartView) -> Markup {
    html! {
        @if !view.waiting.is_empty() {
            section class="panel" aria-labelledby="wacht-op-u" {
                h2 id="wacht-op-u" { "Dit wacht op u in peer reviews" }
                ul class="plain-list" {
                    @for line in &view.waiting {
                        li { a href=(line.href) { (line.review) } " – " @if line.is_late { span class="signal-text" { (line.sentence) } } @else { (line.sentence) } }
                    }
                }
            }
        }
    }
}

fn past(view: &StartView) -> Markup {
    html! {
        @for (review, last_day) in &view.past {
            (note(&html! { p { "Uw toegang tot de peer review “" (review) "” was tot en met " (last_day) ". Moet u er nog in? Vraag wie u uitnodigde om uw toegang te verlengen." } }))
        }
    }
}

/// `/`
pub fn start_page(frame: &Frame, view: &StartView) -> Markup {
    let body = html! {
        @if let Some(href) = view.unfinished.as_ref().filter(|_| !view.rounds.is_empty()) {
            (note(&html! { p { "Kernschil is nog niet helemaal ingericht. " a href=(href) { "Ga verder met inrichten" } "." } }))
        }
        (waiting(view))
        (past(view))
        @if view.visits == Visits::Nothing {
            @if view.past.is_empty() { p { "U heeft nu geen rol in Kernschil. Verwacht u die wel? Vraag het aan wie u uitnodigde." } }
        } @else if view.visits == Visits::Reviews {
            p { a class="button button-second" href="/peer-reviews" { "Ga naar de peer reviews" } }
        } @else if view.rounds.is_empty() { (first_steps(view.unfinished.as_deref())) }
        @else { div class="cards cards-wide" { @for round in &view.rounds { (card(round)) } } }
    };
    let lead = match view.rounds.len() {
        0 => String::new(),
        count => {
            format!("{} op deze installatie.", counted(u32::try_from(count).unwrap_or(u32::MAX), "plaatsingsronde", "plaatsingsrondes"))
        }
    };
    let words = frame.user.as_deref().map_or_else(|| "Plaatsingsrondes".to_owned(), |user| format!("Dag {}", first_name(user)));
    page(frame, Title::new(&words).lead(&lead), &body)
}

fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}
