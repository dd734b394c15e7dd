//! The placement board: exceptions first, choose a student, place, and take it back.

use std::collections::HashMap;

use kernschil_app::AppError;
use kernschil_app::board::{self as app_board, BoardRow, ExceptionKind, PlaceCommand};
use kernschil_app::coverage::figures_of;
use kernschil_domain::codes::Guidance;
use kernschil_domain::ids::{ChangeId, DemandId, OfferId, PlacementId};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::support::{Answer, capital, done, groups, html_with, id, part, problem, round_ref, see_other, size, status_counts};
use super::{State, Web, choosing, students};
use crate::components::filters::{Chip, ChipState};
use crate::components::nav::{NavItem, RoundRef};
use crate::components::page::{Flash, UndoForm};
use crate::components::text::listed;
use crate::components::url::href;
use crate::views::board::{BoardStudent, BoardView, Chosen, board_page};

/// Students in the list at the same time.
const LIST: u32 = 100;
/// Fitting places shown before somebody asks for all.
const FITTING: usize = 25;

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
}

impl Board {
    async fn load(web: &Web, caller: &Caller, slug: &str, ask: Ask, search: String) -> Result<Self, Failure> {
        let view = app_board::board(&web.app, &caller.actor, slug).await?;
        let chosen = if ask.vraag.is_empty() { None } else { Some(id::<DemandId>(&ask.vraag)?) };
        let row = chosen.map(|demand| view.rows.iter().find(|row| row.row.demand == demand).ok_or(AppError::NotFound)).transpose()?;
        let group = if ask.groep.is_empty() { Group::first(&view, row) } else { Group::parse(&ask.groep).ok_or(AppError::NotFound)? };
        Ok(Self { round: round_ref(&view.data.round), view, group, ask, search })
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
        groups.map(|group| Chip { label: group.words(), count: count(group), href: self.path(group, None), state: state(group) }).collect()
    }

    fn student(&self, row: &BoardRow) -> BoardStudent {
        let own = |kind: &&ExceptionKind| self.group != Group::Kind(**kind) && **kind != ExceptionKind::Unplaced;
        let remarks: Vec<_> = row.exceptions.iter().filter(own).map(|kind| kind.dutch().to_owned()).collect();
        BoardStudent {
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

    fn chosen(&self) -> Result<Option<Chosen>, Failure> {
        let Some(BoardRow { row, .. }) = self.chosen_row() else { return Ok(None) };
        let demand = self.view.data.demands.get(&row.demand).ok_or(AppError::NotFound)?;
        let candidates = app_board::candidates_of(&self.view, row.demand)?;
        let after = app_board::consequences(&self.view, row.demand, &candidates);
        let mut offers_of = HashMap::new();
        for candidate in candidates.iter().filter(|candidate| candidate.misfits.is_empty()) {
            *offers_of.entry(candidate.school).or_insert(0) += 1;
        }
        let several = |school| offers_of.get(&school).is_some_and(|count| *count > 1);
        let mut fitting = choosing::fitting(&candidates, &figures_of(&self.view.data), &after, &several);
        let fitting_total = size(fitting.len());
        if self.ask.scholen != "alle" {
            fitting.truncate(FITTING);
        }
        let all = [("groep", self.group.code()), ("vraag", self.ask.vraag.as_str()), ("scholen", "alle")];
        let days = if demand.weekdays.bits() == 0 { "dagen in overleg".to_owned() } else { demand.weekdays.to_string() };
        Ok(Some(Chosen {
            demand: row.demand.to_string(),
            version: row.place.as_ref().map(|place| place.placement.to_string()).unwrap_or_default(),
            name: row.name.clone(),
            href: self.round.path(&format!("studenten/{}", row.student)),
            needs: format!(
                "{} · {} · {} · {days} · {}",
                row.programme_name,
                row.phase_code,
                row.period_name,
                groups(&demand.groups.to_string())
            ),
            status: row.status,
            now: row.place.as_ref().map(now).unwrap_or_default(),
            remark: row.reason.clone().unwrap_or_default(),
            fitting,
            fitting_total,
            all_href: href(&self.round.path("plaatsbord"), &all),
            unfit: choosing::unfit(&candidates),
        }))
    }

    fn page_view(&self) -> Result<BoardView, Failure> {
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
            chosen: self.chosen()?,
            undo: self.view.last_change.as_ref().filter(|_| !has_message).map(|change| self.undo(change.id)),
        })
    }

    fn answer(&self, web: &Web, caller: &Caller, status: StatusCode, flash: Option<Flash>) -> Answer {
        let mut frame = web.frame_of(caller, NavItem::Board, &self.round);
        frame.flash = flash;
        Ok(html_with(status, board_page(&frame, &self.page_view()?)))
    }
}

fn now(place: &kernschil_app::students::PlaceSummary) -> String {
    let mut parts = vec![place.school_name.clone()];
    parts.extend(place.place.clone());
    let minutes = place.minutes.map(|minutes| format!(" · reis {minutes} min")).unwrap_or_default();
    format!("{}{minutes}", parts.join(", "))
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

/// What comes with a form of the board.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ChangeForm {
    vraag: String,
    plek: String,
    versie: String,
    groep: String,
    wijziging: String,
    begeleiding: String,
}

impl ChangeForm {
    fn ask(&self) -> Ask {
        Ask { groep: self.groep.clone(), vraag: self.vraag.clone(), ..Ask::default() }
    }

    fn seen(&self) -> Result<Option<PlacementId>, Failure> {
        if self.versie.is_empty() { Ok(None) } else { id(&self.versie).map(Some) }
    }

    /// Back to the board with the same student, and what happened.
    fn back(&self, slug: &str, what: (&str, &str)) -> poem::Response {
        let pairs = [("groep", self.groep.as_str()), ("vraag", &self.vraag), what];
        see_other(&href(&format!("/rondes/{slug}/plaatsbord"), &pairs))
    }
}

/// Back to the board: after a change with the change, after a refusal with the reason and the board as
/// it is now.
async fn after(web: &Web, caller: &Caller, slug: &str, form: &ChangeForm, change: Result<ChangeId, AppError>) -> Answer {
    match change {
        Ok(change) => Ok(form.back(slug, ("gedaan", &change.to_string()))),
        Err(AppError::Conflict { message, .. }) => refused(web, caller, slug, form, message).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(web: &Web, caller: &Caller, slug: &str, form: &ChangeForm, message: String) -> Answer {
    let board = Board::load(web, caller, slug, form.ask(), String::new()).await?;
    board.answer(web, caller, StatusCode::CONFLICT, Some(problem(message)))
}

/// Gives a student a place.
#[handler]
pub(super) async fn place_student(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<ChangeForm>) -> Answer {
    let command = PlaceCommand {
        demand: id::<DemandId>(&form.vraag)?,
        offer: id::<OfferId>(&form.plek)?,
        seen: form.seen()?,
        guidance: if form.begeleiding == "extra" { Guidance::Extra } else { Guidance::None },
        reason: None,
    };
    let change = app_board::place(&web.app, &caller.actor, &slug, command).await;
    after(&web, caller, &slug, &form, change).await
}

/// Takes a student's place back.
#[handler]
pub(super) async fn release_student(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<ChangeForm>) -> Answer {
    let seen = form.seen()?.ok_or(AppError::NotFound)?;
    let change = app_board::release(&web.app, &caller.actor, &slug, id(&form.vraag)?, seen).await;
    after(&web, caller, &slug, &form, change).await
}

/// Takes the last change back.
#[handler]
pub(super) async fn undo_change(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<ChangeForm>) -> Answer {
    match app_board::undo(&web.app, &caller.actor, &slug, id(&form.wijziging)?).await {
        Ok(()) => Ok(form.back(&slug, ("ongedaan", "ja"))),
        Err(AppError::Conflict { message, .. }) => refused(&web, caller, &slug, &form, message).await,
        Err(error) => Err(error.into()),
    }
}
