//! The placement board: exceptions first, choose a student, place, and take it back.

mod changing;
mod chosen;
mod many;

use kernschil_app::AppError;
use kernschil_app::board::{self as app_board, BoardRow, ExceptionKind, Seen};
use kernschil_app::coverage::figures_of;
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{ChangeId, DemandId, PlacementId};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::support::{Answer, capital, done, html_with, id, part, round_ref, size, status_counts};
use super::{State, Web, students};
use crate::components::filters::{Chip, ChipState};
use crate::components::forms::FieldError;
use crate::components::nav::{NavItem, RoundRef};
use crate::components::page::{Flash, UndoForm};
use crate::components::text::listed;
use crate::components::url::href;
use crate::views::board::{BoardStudent, BoardView, board_page};

pub(super) use changing::{
    change_several, exclude_school, hold_placement, leave_out, place_student, release_student, swap_students, team_up, undo_change,
};
pub(super) use many::pick;

/// Students in the list at the same time.
const LIST: u32 = 100;

/// What is asked of the board, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Ask {
    groep: String,
    vraag: String,
    pagina: u32,
    scholen: String,
    gedaan: String,
    ongedaan: String,
}

/// Which students the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Kind(ExceptionKind),
    Any,
    Clear,
    Everyone,
}

impl Group {
    fn parse(code: &str) -> Option<Self> {
        match code {
            "bijzonder" => Some(Self::Any),
            "zonder" => Some(Self::Clear),
            "alle" => Some(Self::Everyone),
            kind => ExceptionKind::parse(kind).map(Self::Kind),
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.code(),
            Self::Any => "bijzonder",
            Self::Clear => "zonder",
            Self::Everyone => "alle",
        }
    }

    fn words(self) -> String {
        match self {
            Self::Kind(kind) => capital(kind.dutch()),
            Self::Any => "Met een bijzonderheid".to_owned(),
            Self::Clear => "Zonder bijzonderheden".to_owned(),
            Self::Everyone => "Alle plekken".to_owned(),
        }
    }

    /// Whether it is about what was decided by hand.
    fn is_by_hand(self) -> bool {
        use ExceptionKind::{ByHand, LeftOut, Pinned, RuleSetAside, TeamApart};
        matches!(self, Self::Kind(RuleSetAside | TeamApart | LeftOut | ByHand | Pinned))
    }

    fn holds(self, row: &BoardRow) -> bool {
        match self {
            Self::Kind(kind) => row.exceptions.contains(&kind),
            Self::Any => !row.exceptions.is_empty(),
            Self::Clear => row.exceptions.is_empty(),
            Self::Everyone => true,
        }
    }

    /// What to look at first: the most urgent kind that occurs, or that of the chosen student.
    fn first(view: &app_board::BoardView, chosen: Option<&BoardRow>) -> Self {
        match chosen {
            Some(row) => row.exceptions.first().copied().map_or(Self::Clear, Self::Kind),
            None => view.counts.iter().find(|(_, count)| *count > 0).map_or(Self::Clear, |(kind, _)| Self::Kind(*kind)),
        }
    }
}

/// The board as one reader asks for it.
struct Board {
    view: app_board::BoardView,
    round: RoundRef,
    group: Group,
    ask: Ask,
    search: String,
    /// Several chosen students, as the reader saw them.
    picked: Vec<Seen>,
    /// What somebody wrote that was not right.
    written: Written,
}

/// What came with a form that was not right, to be shown again.
#[derive(Debug, Clone, Default)]
struct Written {
    offer: String,
    reason: String,
    team: String,
    errors: Vec<FieldError>,
}

impl Board {
    async fn load(web: &Web, caller: &Caller, slug: &str, ask: Ask, search: String) -> Result<Self, Failure> {
        let view = app_board::board(&web.app, &caller.actor, slug).await?;
        let chosen = if ask.vraag.is_empty() { None } else { Some(id::<DemandId>(&ask.vraag)?) };
        let row = chosen.map(|demand| view.rows.iter().find(|row| row.row.demand == demand).ok_or(AppError::NotFound)).transpose()?;
        let group = if ask.groep.is_empty() { Group::first(&view, row) } else { Group::parse(&ask.groep).ok_or(AppError::NotFound)? };
        Ok(Self { round: round_ref(&view.data.round), view, group, ask, search, picked: Vec::new(), written: Written::default() })
    }

    fn path(&self, group: Group, demand: Option<DemandId>) -> String {
        let demand = demand.map(|demand| demand.to_string()).unwrap_or_default();
        href(&self.round.path("plaatsbord"), &[("groep", group.code()), ("vraag", &demand)])
    }

    fn chosen_row(&self) -> Option<&BoardRow> {
        self.view.rows.iter().find(|row| row.row.demand.to_string() == self.ask.vraag)
    }

    fn chips(&self) -> Vec<Chip> {
        let count = |group: Group| size(self.view.rows.iter().filter(|row| group.holds(row)).count());
        let groups = ExceptionKind::ALL.into_iter().map(Group::Kind).chain([Group::Clear, Group::Everyone]);
        let state = |group| if group == self.group && self.search.is_empty() { ChipState::Chosen } else { ChipState::Open };
        // What was decided by hand stands there only when there is some of it: most of the time there is not.
        let is_shown = |group: &Group| !group.is_by_hand() || *group == self.group || count(*group) > 0;
        groups
            .filter(is_shown)
            .map(|group| Chip { label: group.words(), count: count(group), href: self.path(group, None), state: state(group) })
            .collect()
    }

    fn student(&self, row: &BoardRow) -> BoardStudent {
        let own = |kind: &&ExceptionKind| self.group != Group::Kind(**kind) && **kind != ExceptionKind::Unplaced;
        let remarks: Vec<_> = row.exceptions.iter().filter(own).map(|kind| kind.dutch().to_owned()).collect();
        let placement = row.row.place.as_ref().map(|place| place.placement);
        let ticked = self.picked.iter().any(|seen| seen.demand == row.row.demand);
        BoardStudent {
            pick: pick_of(row.row.demand, placement),
            ticked: if ticked { ChipState::Chosen } else { ChipState::Open },
            href: self.path(self.group, Some(row.row.demand)),
            name: row.row.name.clone(),
            phase: format!("{} · {}", row.row.phase_code, row.row.period_name),
            status: row.row.status,
            school: row.row.place.as_ref().map(|place| place.school_name.clone()).unwrap_or_default(),
            remark: listed(&remarks),
            state: if row.row.demand.to_string() == self.ask.vraag { ChipState::Chosen } else { ChipState::Open },
        }
    }

    fn undo(&self, change: ChangeId) -> UndoForm {
        UndoForm {
            action: self.round.path("plaatsbord/ongedaan"),
            label: "Maak de laatste wijziging ongedaan".to_owned(),
            fields: vec![
                ("wijziging".to_owned(), change.to_string()),
                ("groep".to_owned(), self.group.code().to_owned()),
                ("vraag".to_owned(), self.ask.vraag.clone()),
            ],
        }
    }

    /// The message about what just happened, by what stands in the address after a form.
    fn flash(&self) -> Option<Flash> {
        if !self.ask.ongedaan.is_empty() {
            return Some(done("De laatste wijziging is ongedaan gemaakt."));
        }
        let change = self.view.last_change.as_ref().filter(|change| change.id.to_string() == self.ask.gedaan)?;
        let undo = UndoForm { label: "Ongedaan maken".to_owned(), ..self.undo(change.id) };
        Some(Flash { undo: Some(undo), ..done(&change.sentence) })
    }

    fn page_view(&self, caller: &Caller) -> Result<BoardView, Failure> {
        let holds = |row: &&BoardRow| {
            if self.search.is_empty() { self.group.holds(row) } else { students::is_found(&row.row, &self.search) }
        };
        let list: Vec<_> = self.view.rows.iter().filter(holds).collect();
        let at = list.iter().position(|row| row.row.demand.to_string() == self.ask.vraag);
        let page = if self.ask.pagina == 0 { at.map_or(1, |at| size(at) / LIST + 1) } else { self.ask.pagina };
        let (list, paging) = part(list, page, LIST);
        let has_message = !self.ask.gedaan.is_empty();
        Ok(BoardView {
            round: self.round.clone(),
            counts: status_counts(&figures_of(&self.view.data)),
            kinds: self.chips(),
            kind: if self.search.is_empty() { self.group.words() } else { "Gevonden".to_owned() },
            kind_code: self.group.code().to_owned(),
            search: self.search.clone(),
            list: list.into_iter().map(|row| self.student(row)).collect(),
            list_total: paging.rows,
            paging,
            chosen: if self.picked.is_empty() { self.chosen(caller.actor.may(Permission::ReadCustom).then_some(Custom))? } else { None },
            many: self.many(),
            errors: self.written.errors.clone(),
            undo: self.view.last_change.as_ref().filter(|_| !has_message).map(|change| self.undo(change.id)),
        })
    }

    fn answer(&self, web: &Web, caller: &Caller, status: StatusCode, flash: Option<Flash>) -> Answer {
        let mut frame = web.frame_of(caller, NavItem::Board, &self.round);
        frame.flash = flash;
        Ok(html_with(status, board_page(&frame, &self.page_view(caller)?)))
    }
}

/// The reader may see what is different for a student.
#[derive(Debug, Clone, Copy)]
struct Custom;

/// A demand and its placement as the value of a tick box.
fn pick_of(demand: DemandId, placement: Option<PlacementId>) -> String {
    format!("{demand}.{}", placement.map(|id| id.to_string()).unwrap_or_default())
}

/// The demand and placement of a tick box.
fn read_pick(value: &str) -> Result<Seen, Failure> {
    let (demand, placement) = value.split_once('.').ok_or(AppError::NotFound)?;
    let placement = if placement.is_empty() { None } else { Some(id(placement)?) };
    Ok(Seen { demand: id(demand)?, placement })
}

/// The board.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(ask): Query<Ask>) -> Answer {
    let board = Board::load(&web, caller, &slug, ask, String::new()).await?;
    board.answer(&web, caller, StatusCode::OK, board.flash())
}

/// What somebody looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SearchForm {
    zoek: String,
    groep: String,
}

/// The board with only the students that were found. A name never stands in an address.
#[handler]
pub(super) async fn find(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<SearchForm>) -> Answer {
    let ask = Ask { groep: form.groep, ..Ask::default() };
    let board = Board::load(&web, caller, &slug, ask, form.zoek.trim().to_owned()).await?;
    board.answer(&web, caller, StatusCode::OK, None)
}
