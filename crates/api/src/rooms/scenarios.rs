//! Scenarios of a round: made, changed, solved beside the round, compared, chosen.

mod compared;
mod requests;

use kernschil_app::scenarios::{self, DeviationKind as AppDeviationKind, Edit, ScenarioState as AppState, ScenarioView};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::ids::{ScenarioId, Version};
use kernschil_domain::rounds::RoundRules as Rules;
use poem::web::Data;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::jobs::{Job, accepted};
use super::rules::RulesRequest;
use super::shortages::ShortageGroup;
use crate::PREFIX;
use crate::input::{All, Body, Header, Id, Path, Slug};
use crate::output::{Accepted, Created, Done, Found, Moment, Tagged};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;
use compared::{ScenarioComparison, ScenarioFigures};
use requests::{ScenarioRequest, ShiftRequest};

pub(crate) use requests::NewScenarioRequest;

/// The room.
#[derive(Default)]
pub(crate) struct Scenarios;

/// How far a scenario is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum ScenarioState {
    /// It was never solved.
    New,
    /// It waits for the worker, or is being solved.
    Solving,
    /// What came out still holds.
    Current,
    /// The scenario, or the round, changed since.
    Outdated,
}

/// What a scenario has otherwise than its round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum DeviationKind {
    /// A rule, or the order of the aims: becomes the round's when the scenario is chosen.
    Rule,
    /// More or fewer students.
    Enrolment,
    /// Another number of places.
    Offer,
    /// Another capacity of a trainer.
    Trainer,
}

/// Something that a scenario has otherwise than its round.
#[derive(Debug, Object)]
pub(crate) struct Deviation {
    /// What it is about.
    kind: DeviationKind,
    /// As a Dutch sentence.
    sentence: String,
}

/// A scenario with what came out.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Scenario {
    /// Identifier.
    id: Uuid,
    /// Name; unique in the round.
    name: String,
    /// How far it is.
    state: ScenarioState,
    /// The job that solves it, while it does.
    job: Option<Uuid>,
    /// When it was made.
    made_at: Moment,
    /// When it was solved last.
    solved_at: Option<Moment>,
    /// Hash of everything that was solved.
    input_hash: Option<String>,
    /// What it has otherwise than its round now.
    deviations: Vec<Deviation>,
    /// What came out, when it was solved.
    figures: Option<ScenarioFigures>,
    /// How good that is known to be, in Dutch.
    proof: Option<String>,
    /// Where places are short, the largest shortage first.
    shortages: Vec<ShortageGroup>,
}

impl From<&ScenarioView> for Scenario {
    fn from(view: &ScenarioView) -> Self {
        let (state, job) = match view.state {
            AppState::New => (ScenarioState::New, None),
            AppState::Solving(job) => (ScenarioState::Solving, Some(job.0)),
            AppState::Current => (ScenarioState::Current, None),
            AppState::Outdated => (ScenarioState::Outdated, None),
        };
        let kind = |kind| match kind {
            AppDeviationKind::Rule => DeviationKind::Rule,
            AppDeviationKind::Enrolment => DeviationKind::Enrolment,
            AppDeviationKind::Offer => DeviationKind::Offer,
            AppDeviationKind::Trainer => DeviationKind::Trainer,
        };
        let deviations = view.deviations.iter().map(|one| Deviation { kind: kind(one.kind), sentence: one.sentence.clone() });
        Self {
            id: view.scenario.id.0,
            name: view.scenario.name.clone(),
            state,
            job,
            made_at: Moment(view.scenario.made_at),
            solved_at: view.scenario.solved_at.map(Moment),
            input_hash: view.scenario.input_hash.clone(),
            deviations: deviations.collect(),
            figures: view.picture.as_ref().map(|picture| picture.key().into()),
            proof: view.picture.as_ref().and_then(|picture| picture.proof_sentence().map(str::to_owned)),
            shortages: view.picture.iter().flat_map(|picture| &picture.shortages).map(Into::into).collect(),
        }
    }
}

/// The scenarios of a round, with what is on its board.
#[derive(Debug, Object)]
pub(crate) struct ScenarioList {
    /// What is on the board now.
    board: ScenarioFigures,
    /// The scenarios, oldest first.
    scenarios: Vec<Scenario>,
}

fn tagged(view: &ScenarioView) -> Tagged<Scenario> {
    Tagged { tag: format!("\"{}\"", view.scenario.version.0), body: view.into() }
}

async fn found(app: &App, actor: &Actor, round: &str, id: ScenarioId) -> Result<Tagged<Scenario>, AppError> {
    Ok(tagged(&scenarios::get(app, actor, round, id).await?.1))
}

/// Changes a scenario that a caller saw, and shows it.
async fn changed(
    app: &App,
    actor: &Actor,
    (round, id, seen): (&str, ScenarioId, Version),
    edit: Edit,
) -> Result<Tagged<Scenario>, Refusal<Versions>> {
    scenarios::change(app, actor, round, id, seen, edit).await.map_err(stale)?;
    Ok(found(app, actor, round, id).await?)
}

#[OpenApi(tag = "Tag::Scenarios")]
impl Scenarios {
    /// Lists the scenarios of a round
    ///
    /// With the figures of each, and those of the board. For who coordinates the whole round.
    #[oai(path = "/rounds/:round/scenarios", method = "get", operation_id = "listScenarios")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Found<ScenarioList>, Refusal> {
        let list = scenarios::list(&app, &session.0.actor, &round.named("round")?.0).await?;
        Ok(Found(ScenarioList { board: list.board.into(), scenarios: list.scenarios.iter().map(Into::into).collect() }))
    }

    /// Makes a scenario
    ///
    /// A copy of the round, of another scenario, or one that is ready. It is not solved yet.
    #[oai(path = "/rounds/:round/scenarios", method = "post", operation_id = "createScenario")]
    async fn create(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        body: Body<NewScenarioRequest>,
    ) -> Result<Created<Scenario>, Refusal<Conflicts>> {
        let (round, new) = (round.named("round"), body.0).all()?;
        let actor = &session.0.actor;
        let id = scenarios::make(&app, actor, &round.0, &new.name, new.begin).await?;
        let body = found(&app, actor, &round.0, id).await?.body;
        Ok(Created { body, location: format!("{PREFIX}/rounds/{}/scenarios/{id}", round.0) })
    }

    /// Shows a scenario
    ///
    /// With its rules, what it changes, and what came out when it was solved last.
    #[oai(path = "/rounds/:round/scenarios/:scenario", method = "get", operation_id = "getScenario")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The scenario.
        scenario: Path<Id>,
    ) -> Result<Tagged<Scenario>, Refusal> {
        let (round, id) = (round.named("round"), scenario.named("scenario")).all()?;
        Ok(found(&app, &session.0.actor, &round.0, ScenarioId(id.0)).await?)
    }

    /// Changes a scenario
    ///
    /// Its name, enrolment, places and trainers; a field that is absent stays as it is. What came out before is outdated
    /// then. Say what you saw: `If-Match` with the `ETag` of the scenario.
    #[oai(path = "/rounds/:round/scenarios/:scenario", method = "patch", operation_id = "changeScenario")]
    async fn change(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The scenario.
        scenario: Path<Id>,
        /// `ETag` of the scenario.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ScenarioRequest>,
    ) -> Result<Tagged<Scenario>, Refusal<Versions>> {
        let (round, id, if_match, new) = (round.named("round"), scenario.named("scenario"), if_match.0, body.0).all()?;
        let (seen, id) = (seen_version(if_match)?, ScenarioId(id.0));
        let actor = &session.0.actor;
        let before = scenarios::get(&app, actor, &round.0, id).await?.1.scenario.changes;
        let edit = Edit { name: new.name.clone(), changes: Some(new.over(before)), ..Edit::default() };
        changed(&app, actor, (&round.0, id, seen), edit).await
    }

    /// Changes the rules of a scenario
    ///
    /// Say what you saw: `If-Match` with the `ETag` of the scenario.
    #[oai(path = "/rounds/:round/scenarios/:scenario/rules", method = "put", operation_id = "putScenarioRules")]
    async fn put_rules(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The scenario.
        scenario: Path<Id>,
        /// `ETag` of the scenario.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<RulesRequest>,
    ) -> Result<Tagged<Scenario>, Refusal<Versions>> {
        let (round, id, if_match, new) = (round.named("round"), scenario.named("scenario"), if_match.0, body.0).all()?;
        let (seen, id) = (seen_version(if_match)?, ScenarioId(id.0));
        let actor = &session.0.actor;
        let before = scenarios::get(&app, actor, &round.0, id).await?.1.scenario.rules;
        let rules: Rules = new.over(&before);
        changed(&app, actor, (&round.0, id, seen), Edit { rules: Some(rules), ..Edit::default() }).await
    }

    /// Changes places at several schools of a scenario at once
    ///
    /// More or fewer at each school meant, in each period, on its largest offer. Say what you saw: `If-Match` with the
    /// `ETag` of the scenario.
    #[oai(path = "/rounds/:round/scenarios/:scenario/shifts", method = "post", operation_id = "shiftScenarioPlaces")]
    async fn shift(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The scenario.
        scenario: Path<Id>,
        /// `ETag` of the scenario.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ShiftRequest>,
    ) -> Result<Tagged<Scenario>, Refusal<Versions>> {
        let (round, id, if_match, shift) = (round.named("round"), scenario.named("scenario"), if_match.0, body.0).all()?;
        let (seen, id) = (seen_version(if_match)?, ScenarioId(id.0));
        changed(&app, &session.0.actor, (&round.0, id, seen), Edit { shift: Some(shift), ..Edit::default() }).await
    }

    /// Removes a scenario
    ///
    /// With what came out of it. Say what you saw: `If-Match` with the `ETag` of the scenario.
    #[oai(
        path = "/rounds/:round/scenarios/:scenario",
        method = "delete",
        operation_id = "removeScenario",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The scenario.
        scenario: Path<Id>,
        /// `ETag` of the scenario.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (round, id, if_match) = (round.named("round"), scenario.named("scenario"), if_match.0).all()?;
        let seen = seen_version(if_match)?;
        scenarios::remove(&app, &session.0.actor, &round.0, ScenarioId(id.0), seen).await.map_err(stale)?;
        Ok(Done)
    }

    /// Asks for a scenario to be solved
    ///
    /// A job does it, beside the round: nothing of it is on the board. Where that was asked already, answers that job.
    #[oai(
        path = "/rounds/:round/scenarios/:scenario/solutions",
        method = "post",
        operation_id = "solveScenario",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn solve(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The scenario.
        scenario: Path<Id>,
    ) -> Result<Accepted<Job>, Refusal> {
        let (round, id) = (round.named("round"), scenario.named("scenario")).all()?;
        let actor = &session.0.actor;
        let job = scenarios::solve(&app, actor, &round.0, ScenarioId(id.0)).await?;
        Ok(accepted(&app, actor, job).await?)
    }

    /// Chooses a scenario
    ///
    /// Its rules become those of the round, and a job makes a proposal with them. Places, trainers and students of the
    /// round stay as they are. Only a scenario that was solved as it is now can be chosen. Say what you saw: `If-Match`
    /// with the `ETag` of the scenario.
    #[oai(
        path = "/rounds/:round/scenarios/:scenario/choice",
        method = "post",
        operation_id = "chooseScenario",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn choose(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The scenario.
        scenario: Path<Id>,
        /// `ETag` of the scenario.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Accepted<Job>, Refusal<Versions>> {
        let (round, id, if_match) = (round.named("round"), scenario.named("scenario"), if_match.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        let job = scenarios::choose(&app, actor, &round.0, ScenarioId(id.0), seen).await.map_err(stale)?;
        Ok(accepted(&app, actor, job).await?)
    }

    /// Compares two scenarios, or one and the board
    ///
    /// Figures of both, and everybody for whom it makes a difference.
    #[oai(path = "/rounds/:round/comparison", method = "get", operation_id = "compareScenarios")]
    async fn compare(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The first scenario; the board when absent.
        before: crate::input::Query<Id>,
        /// The second scenario; the board when absent.
        after: crate::input::Query<Id>,
    ) -> Result<Found<ScenarioComparison>, Refusal<Conflicts>> {
        let (round, before, after) = (round.named("round"), before.0, after.0).all()?;
        let versus = |id: Option<Id>| id.map_or(scenarios::Versus::Board, |id| scenarios::Versus::Scenario(ScenarioId(id.0)));
        let compared = scenarios::compare(&app, &session.0.actor, &round.0, versus(before), versus(after)).await?;
        Ok(Found(compared.into()))
    }
}
