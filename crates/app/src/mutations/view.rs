//! Mutations as people look at them: the list, and one with its plan.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::fit::{minutes_to, wish_rank};
use kernschil_domain::ids::{DemandId, JobId, MutationId, OfferId, SchoolId, StudentId, TrainerId, UserId, Version};
use kernschil_domain::mutations::{Audience, MutationState, MutationSubject};
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::{Round, RoundData};
use kernschil_domain::standing::{Standing, Standings};
use kernschil_storage::mutations::{self, StoredMutation};
use kernschil_storage::{Tx, access, rounds};
use serde::Serialize;

use super::plan::{self, Move, Plan, PlanOption, Proven, Tally};
use super::prices::Prices;
use super::{after, letters, planning, words};
use crate::error::AppError;
use crate::listing::search_key;
use crate::proposals::Currency;
use crate::{Actor, App, labels, sight};

/// A mutation as a row of the list.
#[derive(Debug, Clone, Serialize)]
pub struct MutationRow {
    /// Identifier.
    pub id: MutationId,
    /// What happened.
    pub subject: MutationSubject,
    /// The same in Dutch.
    pub what: String,
    /// How far it is.
    pub state: MutationState,
    /// When it was noted.
    pub made_at: DateTime<Utc>,
    /// By whom; only for who may see the log.
    pub made_by: Option<String>,
    /// When it was carried out or taken back.
    pub ended_at: Option<DateTime<Utc>>,
    /// Students who moved, lost their place, and got one; nothing before it was carried out.
    pub outcome: Option<(usize, usize, usize)>,
    /// Version for changes.
    pub version: Version,
}

/// The mutations of a round.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The round.
    pub round: Round,
    /// All, the newest first.
    pub rows: Vec<MutationRow>,
    /// Students without a place.
    pub waiting: usize,
}

/// Names of users, for who may see the log; nobody otherwise.
async fn names(tx: &Tx, actor: &Actor) -> Result<HashMap<UserId, String>, AppError> {
    if !actor.may(Permission::ReadAudit) {
        return Ok(HashMap::new());
    }
    Ok(access::users(tx).await?.into_iter().map(|user| (user.id, user.name)).collect())
}

fn row(data: &RoundData, stored: &StoredMutation, plan: Option<&Plan>, names: &HashMap<UserId, String>) -> MutationRow {
    let mutation = &stored.mutation;
    let done = plan.and_then(|plan| plan.option(plan.done.as_ref()?.order));
    MutationRow {
        id: mutation.id,
        subject: mutation.subject.clone(),
        what: words::sentence(data, &mutation.subject, plan.and_then(|plan| plan.places_before)),
        state: mutation.state,
        made_at: mutation.made_at,
        made_by: mutation.made_by.and_then(|id| names.get(&id).cloned()),
        ended_at: mutation.ended_at,
        outcome: done.map(|option| (option.moved(), option.ended(), option.placed())),
        version: mutation.version,
    }
}

/// The mutations of a round.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who coordinates a part of the round only.
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<Overview, AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Mutate).await?;
            let data = sight::round(app, tx, actor, slug, Permission::Mutate).await?;
            let names = names(tx, actor).await?;
            let all = mutations::of_round(tx, data.round.id).await?;
            let rows = all.iter().map(|stored| row(&data, stored, Plan::read(stored.plan.as_deref()).as_ref(), &names)).collect();
            Ok(Overview { rows, waiting: after::without_place(&data).count(), round: data.round })
        })
        .await
}

/// Why somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// What happened is about this student's own place.
    Own,
    /// Makes room for somebody else.
    Room,
    /// Had no place.
    New,
    /// Comes inside samen opleiden.
    Inside,
}

/// A place that somebody leaves or gets.
#[derive(Debug, Clone, Serialize)]
pub struct Stop {
    /// The school.
    pub school: SchoolId,
    /// Its code.
    pub school_code: String,
    /// Its name.
    pub school_name: String,
    /// What it is to the student.
    pub standing: Standing,
    /// Estimated minutes one way.
    pub minutes: Option<u16>,
    /// Rank among the wishes, from 1.
    pub wish_rank: Option<usize>,
}

/// A move as people look at it.
#[derive(Debug, Clone, Serialize)]
pub struct MoveView {
    /// The demand.
    pub demand: DemandId,
    /// The student.
    pub student: StudentId,
    /// Number at the institute.
    pub number: String,
    /// Name as in a list.
    pub name: String,
    /// Code of the phase.
    pub phase: String,
    /// Name of the period.
    pub period: String,
    /// From where.
    pub from: Option<Stop>,
    /// To where.
    pub to: Option<Stop>,
    /// Why.
    pub cause: Cause,
    /// The same as a Dutch sentence.
    pub why: String,
}

/// An option as people look at it.
#[derive(Debug, Clone, Serialize)]
pub struct OptionView {
    /// Which aim goes first.
    pub order: Order,
    /// Who goes from where to where: whose own place is touched first, then by name.
    pub moves: Vec<MoveView>,
    /// Students who move, lose their place, and get one.
    pub outcome: (usize, usize, usize),
    /// Students who stay and get another trainer.
    pub retrained: usize,
    /// Who has no place in the end, by name, and why.
    pub waiting: Vec<(String, String)>,
    /// The round afterwards.
    pub after: Tally,
    /// Whether nothing better exists.
    pub proven: Proven,
    /// Letters to students.
    pub to_students: usize,
    /// Letters to schools.
    pub to_schools: usize,
}

/// A mutation with its plan.
#[derive(Debug, Clone)]
pub struct MutationView {
    /// The round.
    pub round: Round,
    /// As in the list.
    pub row: MutationRow,
    /// A note for colleagues.
    pub note: Option<String>,
    /// The work that makes a plan, while it waits or goes on.
    pub planning: Option<JobId>,
    /// When the plan was made; nothing when there is none.
    pub planned_at: Option<DateTime<Utc>>,
    /// Whether the plan still answers the round; nothing when there is none, or it was carried out.
    pub currency: Option<Currency>,
    /// The round before.
    pub before: Tally,
    /// What can be done, or was done.
    pub options: Vec<OptionView>,
    /// What fewer and more moves would mean.
    pub prices: Option<Prices>,
    /// Which option was carried out.
    pub done: Option<Order>,
}

/// One mutation with its plan.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who coordinates a part of the round only.
pub async fn get(app: &App, actor: &Actor, slug: &str, id: MutationId) -> Result<MutationView, AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Mutate).await?;
            let data = sight::round(app, tx, actor, slug, Permission::Mutate).await?;
            let stored = mutations::get(tx, data.round.id, id).await?;
            let plan = Plan::read(stored.plan.as_deref());
            let currency = match (&plan, stored.mutation.state) {
                (Some(plan), MutationState::Planned) => {
                    let whole = rounds::picture(tx, slug).await?;
                    let holds = plan::input_hash(&whole, &stored.mutation)? == plan.input_hash;
                    Some(if holds { Currency::Current } else { Currency::Outdated })
                }
                _ => None,
            };
            let audience = letters::audience(tx, data.round.id).await?;
            let planning = planning::open_job(tx, id).await?;
            Ok(MutationView { planning, ..view(&data, &stored, plan, currency, audience, &names(tx, actor).await?) })
        })
        .await
}

fn view(
    data: &RoundData,
    stored: &StoredMutation,
    plan: Option<Plan>,
    currency: Option<Currency>,
    audience: Audience,
    names: &HashMap<UserId, String>,
) -> MutationView {
    let subject = &stored.mutation.subject;
    let options = plan.as_ref().map(|plan| plan.options.iter().map(|option| option_view(data, subject, option, audience)).collect());
    MutationView {
        round: data.round.clone(),
        row: row(data, stored, plan.as_ref(), names),
        note: stored.mutation.note.clone(),
        planning: None,
        planned_at: plan.as_ref().map(|plan| plan.made_at),
        currency,
        before: plan.as_ref().map(|plan| plan.before.clone()).unwrap_or_default(),
        options: options.unwrap_or_default(),
        done: plan.as_ref().and_then(|plan| Some(plan.done.as_ref()?.order)),
        prices: plan.map(|plan| plan.prices),
    }
}

fn option_view(data: &RoundData, subject: &MutationSubject, option: &PlanOption, audience: Audience) -> OptionView {
    let mut standings = Standings::new(data);
    let mut moves: Vec<_> = option.moves.iter().filter_map(|one| move_view(data, &mut standings, subject, option, one)).collect();
    moves.sort_by_cached_key(|one| (one.cause != Cause::Own, one.from.is_none(), search_key(&one.name), one.demand));
    let told = letters::count(data, option, audience);
    let name = |demand: &DemandId| {
        data.demands.get(demand).and_then(|d| data.students.get(&d.student)).map(kernschil_domain::cohorts::Student::list_name)
    };
    let mut waiting: Vec<_> = option.waiting.iter().filter_map(|(demand, why)| Some((name(demand)?, why.clone()))).collect();
    waiting.sort_by_cached_key(|(name, _)| search_key(name));
    OptionView {
        order: option.order,
        moves,
        outcome: (option.moved(), option.ended(), option.placed()),
        retrained: option.retrained.len(),
        waiting,
        after: option.after.clone(),
        proven: option.proven,
        to_students: told.students,
        to_schools: told.schools,
    }
}

fn move_view(
    data: &RoundData,
    standings: &mut Standings<'_>,
    subject: &MutationSubject,
    option: &PlanOption,
    one: &Move,
) -> Option<MoveView> {
    let demand = data.demands.get(&one.demand)?;
    let student = data.students.get(&demand.student)?;
    let starts_on = data.periods.get(&demand.period)?.starts_on;
    let mut stop = |offer: OfferId| {
        let school = data.registry.schools.get(&data.offers.get(&offer)?.school)?;
        Some(Stop {
            school: school.id,
            school_code: school.code.to_string(),
            school_name: school.name.clone(),
            standing: standings.standing(student.institute, school.id, starts_on),
            minutes: minutes_to(data, demand, school.id),
            wish_rank: wish_rank(data, demand, school.id),
        })
    };
    let from = one.from.and_then(|(_, offer)| stop(offer));
    let to = one.to.and_then(|seat| stop(seat.offer));
    let cause = cause(data, subject, one, from.as_ref(), to.as_ref());
    let why = match cause {
        Cause::Own => own(subject).to_owned(),
        Cause::New => "Had nog geen plek.".to_owned(),
        Cause::Inside => "Komt zo binnen samen opleiden.".to_owned(),
        Cause::Room => room(data, option, one),
    };
    Some(MoveView {
        demand: demand.id,
        student: student.id,
        number: student.number.to_string(),
        name: student.list_name(),
        phase: labels::phase(data, demand.phase),
        period: labels::period(data, demand.period),
        from,
        to,
        cause,
        why,
    })
}

fn cause(data: &RoundData, subject: &MutationSubject, one: &Move, from: Option<&Stop>, to: Option<&Stop>) -> Cause {
    let Some((placement, offer)) = one.from else { return Cause::New };
    let placement = data.placements.get(&one.demand).filter(|p| p.id == placement).or_else(|| data.withdrawn.get(&placement));
    let is_own = match subject {
        MutationSubject::PlacesWithdrawn { offer: withdrawn, .. } => offer == *withdrawn,
        MutationSubject::TrainerOut { trainer } => placement.is_some_and(|placement| placement.trainer == Some(*trainer)),
        MutationSubject::StudentStopped { demand }
        | MutationSubject::StudentLate { demand }
        | MutationSubject::StudentRefused { demand, .. } => one.demand == *demand,
        MutationSubject::Enrolment => false,
    };
    let inside = |stop: Option<&Stop>| stop.is_some_and(|stop| matches!(stop.standing, Standing::Kern | Standing::Schil));
    if is_own {
        Cause::Own
    } else if inside(to) && !inside(from) {
        Cause::Inside
    } else {
        Cause::Room
    }
}

fn own(subject: &MutationSubject) -> &'static str {
    match subject {
        MutationSubject::PlacesWithdrawn { .. } => "De plek is ingetrokken.",
        MutationSubject::TrainerOut { .. } => "De opleider valt uit; hier is geen andere opleider met ruimte.",
        MutationSubject::StudentStopped { .. } => "De student stopt.",
        MutationSubject::StudentRefused { .. } => "De school neemt de student niet aan.",
        MutationSubject::StudentLate { .. } | MutationSubject::Enrolment => "Had nog geen plek.",
    }
}

/// For whom somebody makes room: who comes to the same offer, or else to the same school.
fn room(data: &RoundData, option: &PlanOption, one: &Move) -> String {
    let school = |offer: OfferId| data.offers.get(&offer).map(|offer| (offer.school, offer.period));
    let Some((_, left)) = one.from else { return String::new() };
    let comes = |same: &dyn Fn(OfferId) -> bool| option.moves.iter().find(|other| other.to.is_some_and(|seat| same(seat.offer)));
    let other = comes(&|offer| offer == left).or_else(|| comes(&|offer| school(offer) == school(left)));
    match other {
        Some(other) => format!("Maakt plaats voor {}.", words::student(data, other.demand)),
        None => "Maakt ruimte bij de opleider of het bestuur voor een ander.".to_owned(),
    }
}

/// An offer that can be withdrawn.
#[derive(Debug, Clone, Serialize)]
pub struct OfferChoice {
    /// The offer.
    pub offer: OfferId,
    /// School, phases and groups, with the period.
    pub label: String,
    /// Places.
    pub count: i32,
    /// Places taken.
    pub used: i32,
}

/// A trainer who can fall out.
#[derive(Debug, Clone, Serialize)]
pub struct TrainerChoice {
    /// The trainer.
    pub trainer: TrainerId,
    /// Name.
    pub name: String,
    /// Schools.
    pub schools: Vec<String>,
    /// Students now.
    pub students: usize,
}

/// What can happen in a round.
#[derive(Debug, Clone)]
pub struct Subjects {
    /// The round as the reader may know it.
    pub data: RoundData,
    /// Offers with places, by school.
    pub offers: Vec<OfferChoice>,
    /// Trainers, by name; nobody for who may not see trainers.
    pub trainers: Vec<TrainerChoice>,
    /// Students without a place.
    pub waiting: usize,
}

/// What can happen in a round that was announced.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who coordinates a part of the round only.
pub async fn subjects(app: &App, actor: &Actor, slug: &str) -> Result<Subjects, AppError> {
    let data = app
        .store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Mutate).await?;
            sight::round(app, tx, actor, slug, Permission::Mutate).await
        })
        .await?;
    let offering = data.offers.values().filter(|offer| offer.count > 0);
    let mut offers: Vec<_> = offering
        .map(|offer| OfferChoice {
            offer: offer.id,
            label: format!("{}, {}", labels::offer(&data, offer.id), labels::period(&data, offer.period)),
            count: offer.count,
            used: offer.used,
        })
        .collect();
    offers.sort_by_cached_key(|choice| (search_key(&choice.label), choice.offer));
    let mut trainers: Vec<_> = data
        .registry
        .trainers
        .values()
        .filter(|trainer| data.absences.iter().all(|absence| absence.trainer != trainer.id))
        .map(|trainer| TrainerChoice {
            trainer: trainer.id,
            name: trainer.name.clone(),
            schools: after::schools_of(&data, trainer.id).into_iter().map(|school| labels::school(&data, school)).collect(),
            students: data.placements.values().filter(|placement| placement.trainer == Some(trainer.id)).count(),
        })
        .filter(|choice| !choice.schools.is_empty())
        .collect();
    trainers.sort_by_cached_key(|choice| (search_key(&choice.name), choice.trainer));
    Ok(Subjects { waiting: after::without_place(&data).count(), offers, trainers, data })
}
