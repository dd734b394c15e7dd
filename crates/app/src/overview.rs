//! A round at a glance: what is done, what is next, and whether there are enough places.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::access::Permission;
use kernschil_domain::answers::{Answer, answers};
use kernschil_domain::codes::{Need, RoundState};
use kernschil_domain::ids::PeriodId;
use kernschil_domain::periods::Period;
use kernschil_domain::registry::SchoolMembership;
use kernschil_domain::rounds::{Round, RoundData};
use kernschil_domain::several::several_periods;
use kernschil_storage::Tx;
use serde::Serialize;

use crate::coverage::Figures;
use crate::error::AppError;
use crate::proposals::Currency;
use crate::schools::first_day;
use crate::{Actor, App, labels, sight};

/// A step of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// Boards, schools, programmes, trainers.
    Data,
    /// Places offered by schools.
    Offers,
    /// Students and their wishes.
    Wishes,
    /// The proposal.
    Proposal,
    /// Looking at the exceptions.
    Check,
    /// Fixing the allocation.
    Fix,
    /// Publishing it.
    Publish,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// Done.
    Done,
    /// Something is there, and something is left to do.
    Busy,
    /// To be done now.
    ToDo,
    /// Something else goes first.
    Later,
}

/// A step with how far it is.
#[derive(Debug, Clone, Serialize)]
pub struct Task {
    /// Which step.
    pub kind: TaskKind,
    /// How far.
    pub state: TaskState,
    /// What is there, in Dutch.
    pub detail: String,
}

/// Places against demand, for one phase in one period.
#[derive(Debug, Clone, Serialize)]
pub struct Balance {
    /// Period.
    pub period: String,
    /// Phase.
    pub phase: String,
    /// Students who need a place.
    pub demand: u32,
    /// Places that admit the phase; one place may admit several phases and then counts for each.
    pub capacity: u32,
    /// Students placed.
    pub placed: u32,
}

/// Places against demand, for one period.
#[derive(Debug, Clone, Serialize)]
pub struct PeriodBalance {
    /// Period.
    pub period: String,
    /// Students who need a place.
    pub demand: u32,
    /// Places offered, each counted once.
    pub capacity: u32,
}

/// A round at a glance.
#[derive(Debug, Clone, Serialize)]
pub struct Overview {
    /// The round.
    pub round: Round,
    /// Names of its partnerships.
    pub partnerships: Vec<String>,
    /// Different students.
    pub students: usize,
    /// Demands that need a place.
    pub demands: usize,
    /// Demands with a place.
    pub placed: usize,
    /// Schools with places.
    pub schools: usize,
    /// Places offered.
    pub offered: i32,
    /// Schools of its partnerships.
    pub members: usize,
    /// Schools among them that did not say yet whether they have places.
    pub waiting: usize,
    /// Students who need a place in several periods.
    pub several: usize,
    /// Students among them with a place in only some.
    pub half_placed: usize,
    /// Coverage.
    pub coverage: Figures,
    /// The steps of the year.
    pub tasks: Vec<Task>,
    /// Places against demand, by period and phase.
    pub balances: Vec<Balance>,
    /// Places against demand, by period.
    pub periods: Vec<PeriodBalance>,
}

/// A round at a glance.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn of_round(app: &App, actor: &Actor, slug: &str) -> Result<Overview, AppError> {
    app.store.read(async |tx| in_transaction(app, tx, actor, slug).await).await
}

async fn in_transaction(app: &App, tx: &Tx, actor: &Actor, slug: &str) -> Result<Overview, AppError> {
    let (data, run) = sight::explained(app, tx, actor, slug, Permission::ReadRounds).await?;
    Ok(view(&data, run.map(|run| run.view.currency)))
}

/// All rounds within reach at a glance, by name.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn all(app: &App, actor: &Actor) -> Result<Vec<Overview>, AppError> {
    app.store
        .read(async |tx| {
            let mut all = Vec::new();
            for round in app.rounds_in(tx, actor, Permission::ReadRounds).await? {
                all.push(in_transaction(app, tx, actor, &round.slug).await?);
            }
            Ok(all)
        })
        .await
}

/// The round at a glance, from what was loaded already.
pub fn view(data: &RoundData, currency: Option<Currency>) -> Overview {
    let required: Vec<_> = data.demands.values().filter(|d| d.need == Need::Required).collect();
    let placed = required.iter().filter(|d| data.placements.contains_key(&d.id)).count();
    let schools: BTreeSet<_> = data.offers.values().filter(|o| o.count > 0).map(|o| o.school).collect();
    let offered = data.offers.values().map(|o| o.count).sum();
    let coverage = crate::coverage::figures_of(data);
    let answers = answers(data, first_day(data));
    let several = several_periods(data);
    Overview {
        members: answers.len(),
        waiting: answers.values().filter(|answer| **answer == Answer::Waiting).count(),
        half_placed: several.iter().filter(|student| student.is_half()).count(),
        several: several.len(),
        partnerships: data.round.partnerships.iter().map(|id| labels::partnership(data, *id)).collect(),
        students: data.students.len(),
        demands: required.len(),
        placed,
        schools: schools.len(),
        offered,
        tasks: tasks(data, required.len(), placed, schools.len(), offered, currency),
        coverage,
        balances: balances(data),
        periods: periods(data),
        round: data.round.clone(),
    }
}

fn tasks(data: &RoundData, demands: usize, placed: usize, schools: usize, offered: i32, currency: Option<Currency>) -> Vec<Task> {
    let registry = &data.registry;
    let with_wishes = data.demands.values().filter(|d| d.need == Need::Required && !d.wishes.is_empty()).count();
    let ready = offered > 0 && demands > 0;
    let done = !data.round.state.is_open();
    let task = |kind, state, detail: String| Task { kind, state, detail };
    let left = demands.saturating_sub(placed);
    vec![
        task(TaskKind::Data, if registry.partnerships.is_empty() { TaskState::ToDo } else { TaskState::Done }, members(data)),
        task(
            TaskKind::Offers,
            if offered > 0 { TaskState::Done } else { TaskState::ToDo },
            format!("{} plekken op {} scholen", number(&offered), number(&schools)),
        ),
        task(
            TaskKind::Wishes,
            if demands > 0 { TaskState::Done } else { TaskState::ToDo },
            format!("{} vragen van {} studenten, {} met voorkeuren", number(&demands), number(&data.students.len()), number(&with_wishes)),
        ),
        match currency {
            _ if !ready => task(TaskKind::Proposal, TaskState::Later, "Eerst plekken en studenten".to_owned()),
            None => task(TaskKind::Proposal, TaskState::ToDo, "Er is nog geen voorstel".to_owned()),
            Some(Currency::Current) => {
                task(TaskKind::Proposal, TaskState::Done, format!("{} van {} geplaatst", number(&placed), number(&demands)))
            }
            Some(Currency::Outdated) => task(
                TaskKind::Proposal,
                TaskState::Busy,
                format!("{} van {} geplaatst; sindsdien is er iets veranderd", number(&placed), number(&demands)),
            ),
        },
        match currency {
            _ if done => task(TaskKind::Check, TaskState::Done, "Gecontroleerd".to_owned()),
            None => task(TaskKind::Check, TaskState::Later, "Eerst een voorstel".to_owned()),
            Some(_) if left > 0 => task(TaskKind::Check, TaskState::ToDo, format!("{} nog niet geplaatst", number(&left))),
            Some(_) => task(TaskKind::Check, TaskState::Busy, "Iedereen is geplaatst; bekijk de bijzonderheden".to_owned()),
        },
        match (done, placed) {
            (true, _) => task(TaskKind::Fix, TaskState::Done, format!("{} plaatsen vastgesteld", number(&placed))),
            (false, 0) => task(TaskKind::Fix, TaskState::Later, "Eerst plaatsen".to_owned()),
            (false, _) if data.round.state == RoundState::Checking => {
                task(TaskKind::Fix, TaskState::ToDo, "Controleer en stel de plaatsen vast".to_owned())
            }
            (false, _) => task(TaskKind::Fix, TaskState::Later, "Eerst controleren".to_owned()),
        },
        match data.round.state {
            RoundState::Fixed => task(TaskKind::Publish, TaskState::ToDo, "Nog niemand heeft bericht".to_owned()),
            RoundState::Published | RoundState::Changing | RoundState::Closed => {
                task(TaskKind::Publish, TaskState::Done, "Scholen of studenten hebben bericht".to_owned())
            }
            _ => task(TaskKind::Publish, TaskState::Later, "Eerst vaststellen".to_owned()),
        },
    ]
}

/// Who takes part in the partnerships of the round: boards, schools and their trainers.
fn members(data: &RoundData) -> String {
    let registry = &data.registry;
    let own = |partnership| data.round.partnerships.contains(&partnership);
    let boards: BTreeSet<_> = registry.board_memberships.iter().filter(|m| own(m.partnership)).map(|m| m.board).collect();
    let member = |memberships: &Vec<SchoolMembership>| memberships.iter().any(|m| own(m.partnership));
    let schools: Vec<_> = registry.school_memberships.iter().filter(|(_, memberships)| member(memberships)).map(|(id, _)| *id).collect();
    let links = schools.iter().filter_map(|school| registry.trainer_schools.get(school)).flatten();
    let trainers: BTreeSet<_> = links.map(|link| link.trainer).collect();
    format!("{} besturen, {} scholen, {} opleiders", number(&boards.len()), number(&schools.len()), number(&trainers.len()))
}

/// A number as people write it: `1.187`.
pub(crate) fn number(value: &dyn ToString) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !text.ends_with('-') {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

fn balances(data: &RoundData) -> Vec<Balance> {
    let mut by: BTreeMap<(chrono::NaiveDate, PeriodId, i32, String), (u32, u32)> = BTreeMap::new();
    for demand in data.demands.values().filter(|d| d.need == Need::Required) {
        let (Some(period), Some(phase)) = (data.periods.get(&demand.period), data.registry.phases.get(&demand.phase)) else { continue };
        let (wanted, placed) = by.entry((period.starts_on, period.id, phase.ordinal, phase.code.clone())).or_default();
        *wanted += 1;
        *placed += u32::from(data.placements.contains_key(&demand.id));
    }
    by.into_iter()
        .map(|((_, period, _, phase), (demand, placed))| {
            let fitting = data.offers.values().filter(|o| o.period == period && o.admits_phase(&phase));
            let capacity = fitting.map(|o| u32::try_from(o.count).unwrap_or_default()).sum();
            Balance { period: labels::period(data, period), phase, demand, capacity, placed }
        })
        .collect()
}

fn periods(data: &RoundData) -> Vec<PeriodBalance> {
    let mut periods: Vec<_> = data.periods.values().collect();
    periods.sort_by_key(|period| (period.starts_on, period.name.clone()));
    let balance = |period: &Period| {
        let wanted = data.demands.values().filter(|d| d.need == Need::Required && d.period == period.id).count();
        let offered = data.offers.values().filter(|o| o.period == period.id).map(|o| u32::try_from(o.count).unwrap_or_default());
        PeriodBalance { period: period.name.clone(), demand: u32::try_from(wanted).unwrap_or(u32::MAX), capacity: offered.sum() }
    };
    periods.into_iter().map(balance).collect()
}
