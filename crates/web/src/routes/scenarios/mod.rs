//! Scenarios of a round: the list, making one, one of them, choosing and removing.

mod changing;
mod comparing;

use chrono::{DateTime, Utc};
use kernschil_app::AppError;
use kernschil_app::scenarios::{self, Begin, DeviationKind, KeyFigures, Ready, ScenarioState, ScenarioView as AppView};
use kernschil_domain::ids::{ScenarioId, Version};
use kernschil_domain::rounds::RoundData;
use kernschil_domain::standing::Standing;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::support::{Answer, field_errors, html, html_with, id, problem, round_ref, see_other};
use super::words::when;
use super::{State, Web, shortages};
use crate::components::forms::Choice;
use crate::components::nav::NavItem;
use crate::views::scenarios::{
    ChoiceView, Found, LineFigures, NewScenarioView, ReadyCard, RemovalView, ScenarioForm, ScenarioLine, ScenarioView, ScenariosView,
    Stage, choice_page, new_scenario_page, removal_page, scenario_page, scenarios_page,
};

pub(super) use changing::{change, places};
pub(super) use comparing::{compare, export};

fn stage(state: ScenarioState) -> Stage {
    match state {
        ScenarioState::New => Stage::New,
        ScenarioState::Solving(job) => Stage::Solving(format!("/taken/{job}")),
        ScenarioState::Current => Stage::Current,
        ScenarioState::Outdated => Stage::Outdated,
    }
}

fn line_figures(key: &KeyFigures) -> LineFigures {
    LineFigures {
        demands: key.demands,
        placed: key.placed(),
        unplaced: key.unplaced,
        kern: key.kern,
        schil: key.schil + key.schil_unmet,
        outside: key.outside,
        covered: (key.covered, key.countable),
        first_wish: key.by_wish.first().copied().unwrap_or_default(),
        average: key.average_minutes(),
    }
}

fn line(view: &AppView) -> ScenarioLine {
    ScenarioLine {
        id: view.scenario.id.to_string(),
        name: view.scenario.name.clone(),
        stage: stage(view.state),
        deviations: view.deviations.iter().map(|deviation| deviation.sentence.clone()).collect(),
        figures: view.picture.as_ref().map(|picture| line_figures(&picture.key())),
    }
}

fn missing(data: &RoundData) -> String {
    let what = match (data.offers.is_empty(), data.demands.is_empty()) {
        (true, true) => "plekken en studenten",
        (true, false) => "plekken",
        (false, true) => "studenten",
        (false, false) => return String::new(),
    };
    format!("Er zijn nog geen {what} geladen. Doe dat eerst: zonder is er niets door te rekenen.")
}

/// The scenarios of a round.
#[handler]
pub(super) async fn index(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let list = scenarios::list(&web.app, &caller.actor, &slug).await?;
    let is_new = |ready: &Ready| list.scenarios.iter().all(|view| view.scenario.name != ready.dutch());
    let card = |ready: Ready| ReadyCard {
        code: ready.code().to_owned(),
        name: ready.dutch().to_owned(),
        explanation: ready.explanation().to_owned(),
    };
    let view = ScenariosView {
        round: round_ref(&list.data.round),
        board: line_figures(&list.board),
        lines: list.scenarios.iter().map(line).collect(),
        ready: Ready::ALL.into_iter().filter(is_new).map(card).collect(),
        missing: missing(&list.data),
    };
    Ok(html(scenarios_page(&web.frame_of(caller, NavItem::Scenarios, &view.round), &view)))
}

/// What somebody fills in for a new scenario.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewForm {
    naam: String,
    begin: String,
    daarna: String,
}

async fn new_page(web: &Web, caller: &Caller, slug: &str, form: NewForm, errors: &[kernschil_app::FieldError]) -> Answer {
    let list = scenarios::list(&web.app, &caller.actor, slug).await?;
    let choice = |value: String, label: String, hint: String| Choice { value, label, hint };
    let mut begins = vec![choice("ronde".to_owned(), "De ronde zoals zij is".to_owned(), String::new())];
    begins.extend(Ready::ALL.map(|ready| choice(ready.code().to_owned(), ready.dutch().to_owned(), ready.explanation().to_owned())));
    begins.extend(
        list.scenarios
            .iter()
            .map(|view| choice(view.scenario.id.to_string(), format!("Een kopie van “{}”", view.scenario.name), String::new())),
    );
    let ready = Ready::parse(&form.begin).filter(|ready| list.scenarios.iter().all(|view| view.scenario.name != ready.dutch()));
    let view = NewScenarioView {
        round: round_ref(&list.data.round),
        name: if form.naam.is_empty() { ready.map_or("", Ready::dutch).to_owned() } else { form.naam },
        begin: if form.begin.is_empty() { "ronde".to_owned() } else { form.begin },
        begins,
        errors: field_errors(errors, &[("name", "naam")]),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok(html_with(status, new_scenario_page(&web.frame_of(caller, NavItem::Scenarios, &view.round), &view)))
}

/// The form for a new scenario.
#[handler]
pub(super) async fn new_form(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(form): Query<NewForm>) -> Answer {
    new_page(&web, caller, &slug, NewForm { naam: String::new(), ..form }, &[]).await
}

/// Makes a scenario, and has it solved when that was asked.
#[handler]
pub(super) async fn make(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<NewForm>) -> Answer {
    let begin = match form.begin.as_str() {
        "" | "ronde" => Begin::Round,
        code => match Ready::parse(code) {
            Some(ready) => Begin::Ready(ready),
            None => Begin::Copy(id(code)?),
        },
    };
    match scenarios::make(&web.app, &caller.actor, &slug, &form.naam, begin).await {
        Ok(made) if form.daarna == "doorrekenen" => solve_and_follow(&web, caller, &slug, made).await,
        Ok(made) => Ok(see_other(&format!("/rondes/{slug}/scenarios/{made}"))),
        Err(AppError::Invalid(errors)) => new_page(&web, caller, &slug, form, &errors).await,
        Err(AppError::Conflict { code: "naam-bestaat", message }) => {
            let error = kernschil_app::FieldError::new("name", "naam-bestaat", message);
            new_page(&web, caller, &slug, form, &[error]).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn solve_and_follow(web: &Web, caller: &Caller, slug: &str, id: ScenarioId) -> Answer {
    let job = scenarios::solve(&web.app, &caller.actor, slug, id).await?;
    Ok(see_other(&format!("/taken/{job}")))
}

fn found(view: &AppView, round: &crate::components::nav::RoundRef, now: DateTime<Utc>) -> Option<Found> {
    let picture = view.picture.as_ref()?;
    Some(Found {
        solved: view.scenario.solved_at.map(|at| format!("Doorgerekend {}.", when(at, now))).unwrap_or_default(),
        figures: line_figures(&picture.key()),
        proven: picture.proof_sentence().map(str::to_owned),
        shortages: picture.shortages.iter().map(|shortage| shortages::card(round, shortage, None)).collect(),
    })
}

fn scenario_view(data: &RoundData, view: &AppView, form: ScenarioForm, now: DateTime<Utc>) -> ScenarioView {
    let round = round_ref(&data.round);
    ScenarioView {
        id: view.scenario.id.to_string(),
        name: view.scenario.name.clone(),
        stage: stage(view.state),
        deviations: view.deviations.iter().map(|deviation| deviation.sentence.clone()).collect(),
        found: found(view, &round, now),
        form,
        round,
    }
}

/// Which school somebody looks at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Where {
    waar: String,
}

/// One scenario.
#[handler]
pub(super) async fn show(
    web: State<'_>,
    caller: &Caller,
    Path((slug, scenario)): Path<(String, String)>,
    Query(asked): Query<Where>,
) -> Answer {
    let (data, view) = scenarios::get(&web.app, &caller.actor, &slug, id(&scenario)?).await?;
    let form = changing::form(&data, &view.scenario, &asked.waar)?;
    let view = scenario_view(&data, &view, form, web.app.clock.now());
    Ok(html(scenario_page(&web.frame_of(caller, NavItem::Scenarios, &view.round), &view)))
}

/// Has a scenario solved.
#[handler]
pub(super) async fn solve(web: State<'_>, caller: &Caller, Path((slug, scenario)): Path<(String, String)>) -> Answer {
    solve_and_follow(&web, caller, &slug, id(&scenario)?).await
}

/// The version that somebody saw; what is none is never the current one.
fn seen(text: &str) -> Version {
    Version(text.parse().unwrap_or_default())
}

/// What choosing would do. A scenario of before a change says so.
async fn choice(web: &Web, caller: &Caller, slug: &str, scenario: ScenarioId, refusal: Option<String>) -> Answer {
    let (data, view) = scenarios::get(&web.app, &caller.actor, slug, scenario).await?;
    let (rules, others): (Vec<_>, Vec<_>) = view.deviations.iter().partition(|deviation| deviation.kind == DeviationKind::Rule);
    let sentences = |list: Vec<&scenarios::Deviation>| list.into_iter().map(|deviation| deviation.sentence.clone()).collect();
    let stale = match view.state {
        ScenarioState::Current => String::new(),
        ScenarioState::New => "Dit scenario is nog niet doorgerekend. Reken het eerst door.".to_owned(),
        ScenarioState::Solving(_) => "Dit scenario wordt nog doorgerekend. Wacht tot dat klaar is.".to_owned(),
        ScenarioState::Outdated => "Het scenario of de ronde is veranderd na het doorrekenen. Reken het opnieuw door.".to_owned(),
    };
    let page = ChoiceView {
        round: round_ref(&data.round),
        id: scenario.to_string(),
        name: view.scenario.name.clone(),
        version: view.scenario.version.0.to_string(),
        taken_over: sentences(rules),
        left: sentences(others),
        refusal: stale,
    };
    let mut frame = web.frame_of(caller, NavItem::Scenarios, &page.round);
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    frame.flash = refusal.map(problem);
    Ok(html_with(status, choice_page(&frame, &page)))
}

/// What is taken over and what is not.
#[handler]
pub(super) async fn choice_form(web: State<'_>, caller: &Caller, Path((slug, scenario)): Path<(String, String)>) -> Answer {
    choice(&web, caller, &slug, id(&scenario)?, None).await
}

/// The version that goes with a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VersionForm {
    versie: String,
}

/// Chooses a scenario; the page of the work follows the proposal.
#[handler]
pub(super) async fn choose(
    web: State<'_>,
    caller: &Caller,
    Path((slug, scenario)): Path<(String, String)>,
    Form(form): Form<VersionForm>,
) -> Answer {
    let scenario: ScenarioId = id(&scenario)?;
    match scenarios::choose(&web.app, &caller.actor, &slug, scenario, seen(&form.versie)).await {
        Ok(job) => Ok(see_other(&format!("/taken/{job}"))),
        Err(AppError::Conflict { message, .. }) => choice(&web, caller, &slug, scenario, Some(message)).await,
        Err(error) => Err(error.into()),
    }
}

async fn removal(web: &Web, caller: &Caller, slug: &str, scenario: ScenarioId, refusal: Option<String>) -> Answer {
    let (data, view) = scenarios::get(&web.app, &caller.actor, slug, scenario).await?;
    let page = RemovalView {
        round: round_ref(&data.round),
        id: scenario.to_string(),
        name: view.scenario.name.clone(),
        version: view.scenario.version.0.to_string(),
    };
    let mut frame = web.frame_of(caller, NavItem::Scenarios, &page.round);
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    frame.flash = refusal.map(problem);
    Ok(html_with(status, removal_page(&frame, &page)))
}

/// What goes when a scenario is removed.
#[handler]
pub(super) async fn removal_form(web: State<'_>, caller: &Caller, Path((slug, scenario)): Path<(String, String)>) -> Answer {
    removal(&web, caller, &slug, id(&scenario)?, None).await
}

/// Removes a scenario.
#[handler]
pub(super) async fn remove(
    web: State<'_>,
    caller: &Caller,
    Path((slug, scenario)): Path<(String, String)>,
    Form(form): Form<VersionForm>,
) -> Answer {
    let scenario: ScenarioId = id(&scenario)?;
    match scenarios::remove(&web.app, &caller.actor, &slug, scenario, seen(&form.versie)).await {
        Ok(()) => Ok(see_other(&format!("/rondes/{slug}/scenarios"))),
        Err(AppError::Conflict { message, .. }) => removal(&web, caller, &slug, scenario, Some(message)).await,
        Err(error) => Err(error.into()),
    }
}

/// Words for a place in a comparison.
fn place_words(place: Option<&scenarios::PlaceRow>) -> String {
    let Some(place) = place else { return "geen plek".to_owned() };
    let standing = match place.standing {
        Standing::Kern => "kern",
        Standing::Schil => "schil",
        Standing::SchilUnmet => "schil, niet op orde",
        Standing::Outside => "buiten",
    };
    let wish = place.wish_rank.map(|rank| format!(", {rank}e voorkeur")).unwrap_or_default();
    let minutes = place.minutes.map(|minutes| format!(", {minutes} min")).unwrap_or_default();
    format!("{} ({standing}{wish}{minutes})", place.school_name)
}

/// What a failure of a form means for its page: what is wrong with which field.
fn wrong(error: AppError) -> Result<Vec<kernschil_app::FieldError>, Failure> {
    match error {
        AppError::Invalid(errors) => Ok(errors),
        AppError::Conflict { code: code @ "naam-bestaat", message } => Ok(vec![kernschil_app::FieldError::new("name", code, message)]),
        other => Err(other.into()),
    }
}
