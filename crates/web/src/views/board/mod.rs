//! The placement board: exceptions first, choose a student, see which schools fit and why, place. Choose several, and
//! do the same for all of them.

mod chosen;
mod list;
mod many;
mod parts;

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};

use crate::components::figures::{Figure, figures};
use crate::components::filters::{Chip, chips};
use crate::components::forms::{FieldError, csrf};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, UndoForm, form_page};
use crate::components::signs::{Sign, StatusCounts, sign};
use crate::components::table::Paging;

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
    /// Several chosen students.
    pub many: Option<Many>,
    /// What was filled in wrongly.
    pub errors: Vec<FieldError>,
    /// How the last change by this user is taken back.
    pub undo: Option<UndoForm>,
}

/// A place needed, in the list.
#[derive(Debug, Clone)]
pub struct BoardStudent {
    /// Value of its tick box: the demand and the placement as they are now.
    pub pick: String,
    /// Whether it is ticked.
    pub ticked: crate::components::filters::ChipState,
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
    /// What was decided about this student by hand.
    pub marks: Vec<Mark>,
    /// Places that can be had when a rule is set aside, best first.
    pub bent: Vec<Bent>,
    /// Students to change places with, best first.
    pub swaps: Vec<Swap>,
    /// Whether the placement is pinned; nothing without a placement.
    pub pinned: Option<Pinned>,
    /// Whether the student is left out.
    pub left_out: LeftOut,
    /// Schools that are excluded.
    pub excluded: Vec<Excluded>,
    /// Schools that can be excluded: identifier and name; nothing for who may not see maatwerk.
    pub schools: Vec<(String, String)>,
    /// On whose request a school is excluded: code and words.
    pub categories: Vec<(String, String)>,
}

/// Something that was decided by hand, as a mark.
#[derive(Debug, Clone)]
pub struct Mark {
    /// One or two words.
    pub label: String,
    /// What more there is to say, or nothing.
    pub detail: String,
}

/// Whether a placement is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pinned {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Whether a student is left out of proposals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// She is.
    Yes,
    /// She takes part.
    No,
}

/// A school that is excluded for the student.
#[derive(Debug, Clone)]
pub struct Excluded {
    /// The school, for the form.
    pub school: String,
    /// Its name.
    pub name: String,
    /// The category, for the form.
    pub category: String,
    /// On whose request.
    pub words: String,
}

/// A place that can be had when a rule is set aside.
#[derive(Debug, Clone)]
pub struct Bent {
    /// The place.
    pub place: Candidate,
    /// Which rules, with the figures.
    pub rules: Vec<String>,
    /// What was written as a reason, when it was not right.
    pub reason: String,
}

/// A student to change places with.
#[derive(Debug, Clone)]
pub struct Swap {
    /// Her demand, for the form.
    pub demand: String,
    /// Version of her placement, for the form.
    pub version: String,
    /// Her name.
    pub name: String,
    /// Her school: where the chosen student would go.
    pub school: String,
    /// What it does to both.
    pub effects: Vec<Effect>,
    /// Which rules would be set aside, for whom.
    pub rules: Vec<String>,
}

/// Several chosen students.
#[derive(Debug, Clone)]
pub struct Many {
    /// Who.
    pub students: Vec<Picked>,
    /// What can be done for all of them.
    pub actions: Vec<ManyAction>,
    /// Changing places, for two.
    pub swap: Option<ManySwap>,
    /// What was written as the name of a team.
    pub team_name: String,
    /// The team that all of them are in.
    pub team: Option<ManyTeam>,
}

/// The team that all chosen students are in.
#[derive(Debug, Clone)]
pub struct ManyTeam {
    /// Its name.
    pub name: String,
    /// The team, for the form.
    pub team: String,
    /// Its version, for the form.
    pub version: String,
    /// Whether too few stay when they leave.
    pub ends: Ends,
}

/// Whether a team ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// It does.
    Yes,
    /// It goes on with the others.
    No,
}

/// One of several chosen students.
#[derive(Debug, Clone)]
pub struct Picked {
    /// Value for the forms: the demand and the placement as they are now.
    pub pick: String,
    /// Name.
    pub name: String,
    /// School now, or nothing.
    pub school: String,
    /// How she counts.
    pub status: CoverageStatus,
    /// What was decided by hand, and her team.
    pub remark: String,
}

/// Something that can be done for several students.
#[derive(Debug, Clone)]
pub struct ManyAction {
    /// Its code, for the form.
    pub code: String,
    /// Words on the button.
    pub label: String,
    /// What it does.
    pub effects: Vec<Effect>,
}

/// Two chosen students who can change places.
#[derive(Debug, Clone)]
pub struct ManySwap {
    /// The first, for the form.
    pub demand: String,
    /// Version of her placement.
    pub version: String,
    /// Her name.
    pub name: String,
    /// The other, and what it does.
    pub with: Swap,
    /// What was written as a reason.
    pub reason: String,
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
        div class={ "board" @if view.chosen.is_some() || view.many.is_some() { " board-has-chosen" } } data-board {
            (list::student_list(frame, view))
            @match (&view.many, &view.chosen) {
                (Some(many), _) => { (many::many_panel(frame, view, many)) }
                (None, Some(chosen)) => { (chosen::chosen_panel(frame, view, chosen)) }
                (None, None) => { section class="board-chosen board-none" { (sign(Sign::Schil)) p { "Kies links een student. Dan ziet u hier welke scholen passen, en waarom." } p class="small" { "Vink er meer aan om in één keer iets voor allemaal te doen." } } }
            }
        }
        p class="keys" {
            "Toetsen: " kbd { "j" } " volgende, " kbd { "k" } " vorige, " kbd { "p" } " plaats op de eerste school, " kbd { "x" } " vink aan, " kbd { "u" } " ongedaan maken, " kbd { "/" } " zoeken, "
            kbd { "?" } " " a href="/hulp/toetsen" { "alle toetsen" }
        }
    };
    form_page(frame, Title::new("Plaatsbord"), &view.errors, &body)
}
