//! The placement board: exceptions first, choose a student, see which schools fit and why, place.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};

use crate::components::figures::{Figure, figures};
use crate::components::filters::{Chip, chips, search};
use crate::components::forms::csrf;
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, UndoForm, page};
use crate::components::signs::{Sign, StatusCounts, sign, sign_of, standing};
use crate::components::table::Paging;
use crate::components::text::{change, counted, number};

/// The placement board.
#[derive(Debug, Clone, Default)]
pub struct BoardView {
    /// Which round.
    pub round: RoundRef,
    /// How the students stand now.
    pub counts: StatusCounts,
    /// Kinds of exceptions with their numbers; the chosen one is marked.
    pub kinds: Vec<Chip>,
    /// Words for the chosen kind, such as "Niet geplaatst".
    pub kind: String,
    /// Code of the chosen kind, for the links and forms.
    pub kind_code: String,
    /// Text that was searched for by POST, or nothing.
    pub search: String,
    /// The students of the chosen kind, at most a hundred.
    pub list: Vec<BoardStudent>,
    /// How many there are in all.
    pub list_total: u32,
    /// Which part of them it is.
    pub paging: Paging,
    /// The chosen student.
    pub chosen: Option<Chosen>,
    /// How the last change by this user is taken back.
    pub undo: Option<UndoForm>,
}

/// A place needed, in the list.
#[derive(Debug, Clone)]
pub struct BoardStudent {
    /// Where the board shows this student.
    pub href: String,
    /// Name.
    pub name: String,
    /// Phase and period.
    pub phase: String,
    /// How the student counts now.
    pub status: CoverageStatus,
    /// School now, or nothing.
    pub school: String,
    /// Why it is an exception.
    pub remark: String,
    /// Whether it is the chosen one.
    pub state: crate::components::filters::ChipState,
}

/// The chosen student with the schools.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The demand, for the forms.
    pub demand: String,
    /// Version of the placement, for the forms.
    pub version: String,
    /// Name.
    pub name: String,
    /// Where the page of the student is.
    pub href: String,
    /// Programme, phase, period, days, groups.
    pub needs: String,
    /// How the student counts now.
    pub status: CoverageStatus,
    /// School and travel now, or nothing.
    pub now: String,
    /// Why it is an exception.
    pub remark: String,
    /// Places that fit, best first.
    pub fitting: Vec<Candidate>,
    /// How many fit in all.
    pub fitting_total: u32,
    /// Where all of them are shown.
    pub all_href: String,
    /// Schools that do not fit, by reason.
    pub unfit: Vec<UnfitGroup>,
}

/// A school that fits.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The offer, for the form.
    pub offer: String,
    /// Name of the school.
    pub school: String,
    /// School code.
    pub code: String,
    /// Place.
    pub place: String,
    /// What a student there counts as.
    pub status: CoverageStatus,
    /// Phases, groups and days of the place, when the school has several that fit.
    pub details: String,
    /// Travel time in minutes.
    pub minutes: Option<u32>,
    /// Rank of the wish, when it is one.
    pub wish: Option<u32>,
    /// Places left.
    pub free: u32,
    /// Places offered.
    pub count: u32,
    /// What changes when the student is placed here.
    pub effects: Vec<Effect>,
    /// What to look at before placing, or nothing.
    pub warnings: Vec<String>,
    /// Whether the student is here already.
    pub here: Here,
}

/// Whether the student is at this school already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// A figure that changes.
#[derive(Debug, Clone)]
pub struct Effect {
    /// Which figure.
    pub label: String,
    /// What it becomes, ready to show.
    pub after: String,
    /// By how much.
    pub change: i32,
    /// Whether that is good.
    pub good: Good,
}

/// Whether a change is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Good {
    /// It is better.
    Better,
    /// It is worse.
    Worse,
    /// It is neither.
    Same,
}

/// Schools that do not fit, for one reason.
#[derive(Debug, Clone)]
pub struct UnfitGroup {
    /// The reason in words.
    pub reason: String,
    /// Its code.
    pub code: String,
    /// The schools, at most twenty.
    pub schools: Vec<String>,
    /// How many in all.
    pub count: u32,
}

fn student(entry: &BoardStudent) -> Markup {
    html! {
        li {
            a class="board-student" href=(entry.href) aria-current=[(entry.state == crate::components::filters::ChipState::Chosen).then_some("true")] data-student {
                (sign(sign_of(entry.status)))
                span class="board-student-words" {
                    span class="board-name" { (entry.name) }
                    span class="board-phase" { (entry.phase) }
                    span class="visually-hidden" { (entry.status.dutch()) }
                    @if !entry.school.is_empty() { span class="board-phase" { (entry.school) } }
                    @if !entry.remark.is_empty() { span class="board-remark" { (entry.remark) } }
                }
            }
        }
    }
}

fn student_list(frame: &Frame, view: &BoardView) -> Markup {
    html! {
        section class="board-list" aria-labelledby="lijst" {
            h2 id="lijst" { (view.kind) " " span class="muted" { (number(view.list_total)) } }
            form class="board-search" method="post" action=(view.round.path("plaatsbord")) role="search" {
                (csrf(&frame.csrf))
                input type="hidden" name="groep" value=(view.kind_code);
                (search("zoek", "Zoek een student", &view.search))
                button class="button button-second" type="submit" { (icon(Icon::Search)) span class="visually-hidden" { "Zoek" } }
            }
            @if view.list.is_empty() {
                p class="board-empty" { @if view.search.is_empty() { "Hier is niets meer te doen." } @else { "Niemand gevonden. Zoek op een deel van de naam of op studentnummer." } }
            } @else {
                ul class="board-students" tabindex="-1" { @for entry in &view.list { (student(entry)) } }
                @if view.paging.pages() > 1 { (pages(view)) }
            }
        }
    }
}

/// Other parts of the list; a search is a form, so it has only its first part.
fn pages(view: &BoardView) -> Markup {
    let (page, pages) = (view.paging.page, view.paging.pages());
    let to = |page: u32| format!("{}?groep={}&pagina={page}", view.round.path("plaatsbord"), view.kind_code);
    html! {
        @if view.search.is_empty() {
            nav class="board-pages" aria-label="Delen van de lijst" {
                @if page > 1 { a href=(to(page - 1)) rel="prev" { "Vorige" } }
                span class="muted" { "Deel " (page) " van " (pages) }
                @if page < pages { a href=(to(page + 1)) rel="next" { "Volgende" } }
            }
        } @else { p class="small muted" { "De eerste " (view.paging.per_page) " staan hier. Zoek preciezer om een ander te vinden." } }
    }
}

fn facts(candidate: &Candidate) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(minutes) = candidate.minutes {
        out.push(format!("reis {minutes} min"));
    }
    out.push(candidate.wish.map_or_else(|| "geen voorkeur".to_owned(), |rank| format!("voorkeur {rank}")));
    out.push(match candidate.free {
        0 => "vol".to_owned(),
        free => format!("plek vrij {} van {}", number(free), number(candidate.count)),
    });
    out
}

fn effects(list: &[Effect]) -> Markup {
    html! {
        ul class="effects" aria-label="Wat er verandert" {
            @for effect in list {
                @let class = match effect.good { Good::Better => "effect effect-better", Good::Worse => "effect effect-worse", Good::Same => "effect" };
                li class=(class) {
                    (effect.label) " " strong { (effect.after) }
                    @if effect.change != 0 { span class="effect-change" { " (" (change(effect.change)) ")" } }
                }
            }
        }
    }
}

fn candidate(frame: &Frame, view: &BoardView, chosen: &Chosen, candidate: &Candidate) -> Markup {
    html! {
        li class={ "candidate" @if candidate.here == Here::Yes { " candidate-here" } } data-candidate {
            div class="candidate-words" {
                p class="candidate-school" {
                    a href=(view.round.path(&format!("scholen/{}", candidate.code))) { (candidate.school) }
                    span class="muted" { " " (candidate.place) }
                }
                p class="candidate-facts" { (standing(candidate.status)) " · " (facts(candidate).join(" · ")) }
                @if !candidate.details.is_empty() { p class="candidate-facts" { (candidate.details) } }
                @for text in &candidate.warnings { p class="candidate-warning" { (icon(Icon::Warning)) (text) } }
                @if candidate.here == Here::No && !candidate.effects.is_empty() { (effects(&candidate.effects)) }
            }
            @if candidate.here == Here::Yes { p class="candidate-now" { (icon(Icon::Tick)) "Staat nu hier" } }
            @else {
                form method="post" action=(view.round.path("plaatsbord/plaats")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="vraag" value=(chosen.demand);
                    input type="hidden" name="plek" value=(candidate.offer);
                    input type="hidden" name="versie" value=(chosen.version);
                    input type="hidden" name="groep" value=(view.kind_code);
                    @if matches!(candidate.status, CoverageStatus::OutsideGuided | CoverageStatus::OutsideUnguided) {
                        div class="radio candidate-guidance" {
                            input type="checkbox" id={ "begeleiding-" (candidate.offer) } name="begeleiding" value="extra" checked;
                            label for={ "begeleiding-" (candidate.offer) } { "Met extra begeleiding" }
                        }
                    }
                    button class="button" type="submit" data-place { "Plaats hier" span class="visually-hidden" { ": " (candidate.school) } }
                }
            }
        }
    }
}

fn unfit(list: &[UnfitGroup]) -> Markup {
    let count: u32 = list.iter().map(|group| group.count).sum();
    html! {
        @if count > 0 {
            details class="unfit" {
                summary { (counted(count, "school past", "scholen passen")) " niet" }
                @for group in list {
                    h4 { (group.reason) " " span class="muted" { (number(group.count)) } }
                    p class="small" {
                        (group.schools.join(", "))
                        @let shown = u32::try_from(group.schools.len()).unwrap_or(u32::MAX);
                        @if group.count > shown { " en " (number(group.count - shown)) " andere" }
                    }
                }
            }
        }
    }
}

fn remove(frame: &Frame, view: &BoardView, chosen: &Chosen) -> Markup {
    html! {
        form method="post" action=(view.round.path("plaatsbord/los")) {
            (csrf(&frame.csrf))
            input type="hidden" name="vraag" value=(chosen.demand);
            input type="hidden" name="versie" value=(chosen.version);
            input type="hidden" name="groep" value=(view.kind_code);
            button class="button button-quiet" type="submit" { "Haal van deze plek" }
        }
    }
}

fn chosen_panel(frame: &Frame, view: &BoardView, chosen: &Chosen) -> Markup {
    html! {
        section class="board-chosen" id="gekozen" aria-labelledby="gekozen-naam" {
            p class="board-back" { a href={ "#lijst" } { "Terug naar de lijst" } }
            div class="board-chosen-head" {
                div {
                    h2 id="gekozen-naam" { (chosen.name) }
                    p class="muted" { (chosen.needs) }
                }
                a class="quiet-link" href=(chosen.href) { "Waarom hier?" }
            }
            div class={ "verdict verdict-" (sign_of(chosen.status).class()) } {
                (sign(sign_of(chosen.status)))
                div {
                    p class="verdict-place" { @if chosen.now.is_empty() { "Nog geen plek" } @else { (chosen.now) } }
                    p class="muted" { (chosen.status.dutch()) }
                }
                @if !chosen.now.is_empty() { (remove(frame, view, chosen)) }
            }
            @if !chosen.remark.is_empty() { p class="board-why" { (chosen.remark) } }
            h3 { "Plekken die passen " span class="muted" { (number(chosen.fitting_total)) } }
            @if chosen.fitting.is_empty() { p class="board-empty" { "Er is geen school met een vrije plek die aan alle regels voldoet. Hieronder ziet u waarom." } }
            @else {
                ol class="candidates" { @for one in &chosen.fitting { (candidate(frame, view, chosen, one)) } }
                @let shown = u32::try_from(chosen.fitting.len()).unwrap_or(u32::MAX);
                @if chosen.fitting_total > shown { p { a href=(chosen.all_href) { "Toon alle " (number(chosen.fitting_total)) " plekken die passen" } } }
            }
            (unfit(&chosen.unfit))
        }
    }
}

/// `/rondes/{slug}/plaatsbord`
pub fn board_page(frame: &Frame, view: &BoardView) -> Markup {
    let counts = &view.counts;
    let list = [
        Figure::count("Kern", counts.kern).sign(Sign::Kern),
        Figure::count("Schil", counts.all_schil()).sign(Sign::Schil),
        Figure::count("Buiten", counts.outside()).sign(Sign::Outside),
        Figure::count("Niet geplaatst", counts.unplaced).sign(Sign::Unplaced),
        Figure::share("Dekking", counts.covered(), counts.required()),
    ];
    let body = html! {
        div class="board-bar" {
            div class="figures-compact" { (figures(&list)) }
            @if let Some(undo) = &view.undo {
                form method="post" action=(undo.action) data-undo {
                    (csrf(&frame.csrf))
                    @for (name, value) in &undo.fields { input type="hidden" name=(name) value=(value); }
                    button class="button button-second" type="submit" { (icon(Icon::Undo)) (undo.label) }
                }
            }
        }
        (chips("Soorten uitzonderingen", &view.kinds))
        div class={ "board" @if view.chosen.is_some() { " board-has-chosen" } } data-board {
            (student_list(frame, view))
            @match &view.chosen {
                Some(chosen) => { (chosen_panel(frame, view, chosen)) }
                None => { section class="board-chosen board-none" { (sign(Sign::Schil)) p { "Kies links een student. Dan ziet u hier welke scholen passen, en waarom." } } }
            }
        }
        p class="keys" {
            "Toetsen: " kbd { "j" } " volgende, " kbd { "k" } " vorige, " kbd { "p" } " plaats op de eerste school, " kbd { "u" } " ongedaan maken, " kbd { "/" } " zoeken, "
            kbd { "?" } " " a href="/hulp/toetsen" { "alle toetsen" }
        }
    };
    page(frame, Title::new("Plaatsbord"), &body)
}
