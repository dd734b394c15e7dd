//! Placement rounds: the list, and one at a glance.

use kernschil_app::{App, overview};
use kernschil_domain::rounds;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::codes::{RoundState, TaskKind, TaskState};
use super::coverage::Figures;
use crate::input::{PageNumber, PageSize, Path, Query, Slug, paging};
use crate::output::{Found, Here, Listed, Page};
use crate::refusal::Refusal;
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Rounds;

/// A placement round.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct RoundSummary {
    /// Name in addresses.
    slug: String,
    /// Name.
    name: String,
    /// School year, such as `2026-2027`.
    school_year: String,
    /// How far it is.
    state: RoundState,
}

impl From<rounds::Round> for RoundSummary {
    fn from(round: rounds::Round) -> Self {
        Self { slug: round.slug, name: round.name, school_year: round.school_year.to_string(), state: round.state.into() }
    }
}

/// Rules of a round.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct RoundRules {
    /// Longest trip one way, in minutes; absent means no limit.
    travel_limit: Option<u16>,
    /// Students outside samen opleiden who can get extra guidance; absent means any number.
    outside_guidance: Option<u32>,
    /// Most wishes of a student.
    max_wishes: u8,
}

/// A step of the year.
#[derive(Debug, Object)]
pub(crate) struct Task {
    /// Which step.
    kind: TaskKind,
    /// How far.
    state: TaskState,
    /// What is there, in Dutch.
    detail: String,
}

/// Places against demand, for one phase in one period.
#[derive(Debug, Object)]
pub(crate) struct Balance {
    /// Name of the period.
    period: String,
    /// Code of the phase.
    phase: String,
    /// Students who need a place.
    demand: u32,
    /// Places that admit the phase; a place that admits several phases counts for each.
    capacity: u32,
    /// Students placed.
    placed: u32,
}

/// A placement round at a glance.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Round {
    /// Name in addresses.
    slug: String,
    /// Name.
    name: String,
    /// School year, such as `2026-2027`.
    school_year: String,
    /// How far it is.
    state: RoundState,
    /// Its rules.
    rules: RoundRules,
    /// Names of its partnerships.
    partnerships: Vec<String>,
    /// Different students.
    students: usize,
    /// Demands that need a place; a student has one for each period.
    demands: usize,
    /// Demands with a place.
    placed: usize,
    /// Schools that offer places.
    schools: usize,
    /// Places offered.
    offered: i32,
    /// Coverage of everybody in the round.
    coverage: Figures,
    /// Steps of the year, in order.
    tasks: Vec<Task>,
    /// Places against demand, by period and phase.
    balances: Vec<Balance>,
}

impl From<overview::Overview> for Round {
    fn from(view: overview::Overview) -> Self {
        let rules = &view.round.rules;
        let task = |task: overview::Task| Task { kind: task.kind.into(), state: task.state.into(), detail: task.detail };
        let balance =
            |b: overview::Balance| Balance { period: b.period, phase: b.phase, demand: b.demand, capacity: b.capacity, placed: b.placed };
        Self {
            rules: RoundRules { travel_limit: rules.travel_limit, outside_guidance: rules.outside_guidance, max_wishes: rules.max_wishes },
            slug: view.round.slug,
            name: view.round.name,
            school_year: view.round.school_year.to_string(),
            state: view.round.state.into(),
            partnerships: view.partnerships,
            students: view.students,
            demands: view.demands,
            placed: view.placed,
            schools: view.schools,
            offered: view.offered,
            coverage: view.coverage.into(),
            tasks: view.tasks.into_iter().map(task).collect(),
            balances: view.balances.into_iter().map(balance).collect(),
        }
    }
}

#[OpenApi(tag = "Tag::Rounds")]
impl Rounds {
    /// Lists the placement rounds
    ///
    /// By name.
    #[oai(path = "/rounds", method = "get", operation_id = "listRounds")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<RoundSummary>, Refusal> {
        let request = paging(page, size)?;
        Ok(Listed(Page::of(app.rounds(&session.0.actor).await?, request), here))
    }

    /// Shows a round at a glance
    ///
    /// What is done, what is next, whether there are enough places, and coverage.
    #[oai(path = "/rounds/:round", method = "get", operation_id = "getRound")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Found<Round>, Refusal> {
        let round = round.named("round")?;
        Ok(Found(overview::of_round(&app, &session.0.actor, &round.0).await?.into()))
    }
}
