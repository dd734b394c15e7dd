//! The steps of a round: where it stands, moving it, and its dates.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kernschil_app::steps::{self, StepsView as AppView};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::codes::RoundState;
use kernschil_domain::ids::Version;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::steps::{GateWeight, RoundEvent, next};
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::settings::Did;
use super::support::{Answer, capital, done, field_errors, html_with, problem, round_ref, see_other};
use super::{State, Web};
use crate::components::nav::{NavItem, RoundRef};
use crate::components::page::Flash;
use crate::views::steps::{Move, MoveWeight, Step, StepPlace, StepsView, steps_page};

/// What happens in a step, in Dutch.
fn hint(state: RoundState) -> &'static str {
    match state {
        RoundState::Collecting => "Scholen, besturen, opleidingen en studenten worden geladen.",
        RoundState::Offering => "Scholen geven hun plekken door.",
        RoundState::Wishing => "Studenten geven hun voorkeuren.",
        RoundState::Proposing => "Kernschil maakt een voorstel.",
        RoundState::Checking => "U bekijkt de bijzonderheden en past aan.",
        RoundState::Fixed => "Niemand verschuift meer. Nog niemand heeft bericht.",
        RoundState::Published => "Scholen en studenten weten waar zij aan toe zijn.",
        RoundState::Changing => "Na de bekendmaking verandert er nog iets.",
        RoundState::Closed => "De ronde is klaar.",
    }
}

/// The version that a form was made with; text that is none is an old one.
pub(super) fn version(text: &str) -> Version {
    Version(text.trim().parse().unwrap_or_default())
}

fn step(view: &AppView, state: RoundState, today: NaiveDate, filled: Option<&HashMap<String, String>>) -> Step {
    let due = view.dates.get(&state).copied();
    let place = match state.cmp(&view.round.state) {
        std::cmp::Ordering::Less => StepPlace::Past,
        std::cmp::Ordering::Equal if due.is_some_and(|due| due < today) && state != RoundState::Closed => StepPlace::Late,
        std::cmp::Ordering::Equal => StepPlace::Now,
        std::cmp::Ordering::Greater => StepPlace::Later,
    };
    let stored = || due.map(|due| due.to_string()).unwrap_or_default();
    Step {
        field: state.code().to_owned(),
        name: capital(state.dutch()),
        hint: hint(state).to_owned(),
        place,
        date: filled.map_or_else(stored, |filled| filled.get(state.code()).cloned().unwrap_or_default()),
        due: due.map(dutch_date).unwrap_or_default(),
    }
}

fn moves(view: &AppView) -> Vec<Move> {
    let one = |event: RoundEvent, weight: MoveWeight| {
        let gates = view.gates(event)?;
        let to = next(view.round.state, event).ok()?;
        let label = match event {
            RoundEvent::Forward => format!("Verder naar {}", to.dutch()),
            RoundEvent::Back => format!("Terug naar {}", to.dutch()),
            _ => "Ronde sluiten".to_owned(),
        };
        let of = |asked: GateWeight| gates.iter().filter(|(_, weight)| *weight == asked).map(|(gate, _)| gate.dutch()).collect();
        Some(Move { event: event.code().to_owned(), label, blocked: of(GateWeight::Blocks), warnings: of(GateWeight::Warns), weight })
    };
    let all =
        [one(RoundEvent::Forward, MoveWeight::Main), one(RoundEvent::Close, MoveWeight::Second), one(RoundEvent::Back, MoveWeight::Second)];
    all.into_iter().flatten().collect()
}

/// The page of what comes next, where that is a page of its own.
fn next_page(round: &RoundRef, state: RoundState) -> Option<(String, String)> {
    match state {
        RoundState::Checking => Some(("Naar vaststellen".to_owned(), round.path("vaststellen"))),
        RoundState::Fixed | RoundState::Published | RoundState::Changing => {
            Some(("Naar bekendmaken".to_owned(), round.path("bekendmaken")))
        }
        RoundState::Proposing => Some(("Naar het voorstel".to_owned(), round.path("voorstel"))),
        RoundState::Collecting | RoundState::Offering | RoundState::Wishing | RoundState::Closed => None,
    }
}

/// What the page shows: dates as somebody filled them in, what is wrong with them, and a message.
#[derive(Default)]
struct Shown<'a> {
    filled: Option<&'a HashMap<String, String>>,
    errors: &'a [AppFieldError],
    flash: Option<Flash>,
}

async fn answer(web: &Web, caller: &Caller, slug: &str, status: StatusCode, shown: Shown<'_>) -> Answer {
    let view = steps::of_round(&web.app, &caller.actor, slug).await?;
    let round = round_ref(&view.round);
    let today = web.app.clock.today();
    let page = StepsView {
        now: view.round.state.dutch().to_owned(),
        steps: RoundState::ALL.iter().map(|state| step(&view, *state, today, shown.filled)).collect(),
        moves: moves(&view),
        next: next_page(&round, view.round.state),
        version: view.round.version.0.to_string(),
        errors: field_errors(shown.errors, &[]),
        round,
    };
    let mut frame = web.frame_of(caller, NavItem::Steps, &page.round);
    frame.flash = shown.flash;
    Ok(html_with(status, steps_page(&frame, &page)))
}

/// The steps.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    let flash = match did.gedaan.as_str() {
        "stap" => Some(done("De ronde staat op een andere stap.")),
        "datums" => Some(done("De datums zijn bewaard.")),
        _ => None,
    };
    answer(&web, caller, &slug, StatusCode::OK, Shown { flash, ..Shown::default() }).await
}

/// A move that somebody asks for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    version: String,
    event: String,
}

/// Moves the round.
#[handler]
pub(super) async fn shift(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(asked): Form<Asked>) -> Answer {
    let event = RoundEvent::parse(&asked.event).ok_or(AppError::NotFound)?;
    match steps::shift(&web.app, &caller.actor, &slug, event, version(&asked.version)).await {
        Ok(_) => Ok(see_other(&format!("/rondes/{slug}/stappen?gedaan=stap"))),
        Err(AppError::Conflict { message, .. }) => {
            answer(&web, caller, &slug, StatusCode::CONFLICT, Shown { flash: Some(problem(message)), ..Shown::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The dates of a form; each that is none is told.
fn dates(filled: &HashMap<String, String>) -> Result<BTreeMap<RoundState, NaiveDate>, Vec<AppFieldError>> {
    let (mut dates, mut wrong) = (BTreeMap::new(), Vec::new());
    for state in RoundState::ALL {
        let text = filled.get(state.code()).map(|text| text.trim()).unwrap_or_default();
        if text.is_empty() {
            continue;
        }
        let read = text.parse().or_else(|_| NaiveDate::parse_from_str(text, "%d-%m-%Y"));
        if let Ok(date) = read {
            dates.insert(*state, date);
        } else {
            let message = format!("De datum van {} is geen datum. Schrijf hem als 31-12-2026.", state.dutch());
            wrong.push(AppFieldError::new(state.code(), "geen-datum", message));
        }
    }
    if wrong.is_empty() { Ok(dates) } else { Err(wrong) }
}

/// Stores the dates.
#[handler]
pub(super) async fn change_dates(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(filled): Form<HashMap<String, String>>,
) -> Answer {
    let seen = version(filled.get("version").map(String::as_str).unwrap_or_default());
    let stored = match dates(&filled) {
        Ok(dates) => steps::set_dates(&web.app, &caller.actor, &slug, dates, seen).await,
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    let shown = Shown { filled: Some(&filled), ..Shown::default() };
    match stored {
        Ok(_) => Ok(see_other(&format!("/rondes/{slug}/stappen?gedaan=datums"))),
        Err(AppError::Invalid(errors)) => answer(&web, caller, &slug, StatusCode::BAD_REQUEST, Shown { errors: &errors, ..shown }).await,
        Err(AppError::Conflict { message, .. }) => {
            answer(&web, caller, &slug, StatusCode::CONFLICT, Shown { flash: Some(problem(message)), ..shown }).await
        }
        Err(error) => Err(error.into()),
    }
}
