//! Who was where from when to when, how that came about, and since when it is known: of one student, and of one school.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::codes::PlacementStatus;
use kernschil_domain::ids::{DemandId, PlacementId, SchoolId, StudentId, UserId};
use kernschil_domain::placements::Placement;
use kernschil_domain::rounds::RoundData;
use kernschil_storage::{Tx, access, history, mutations};
use serde::Serialize;
use serde_json::Value;

use crate::error::AppError;
use crate::listing::search_key;
use crate::mutations::{Plan, what_happened};
use crate::{Actor, App, schools, sight};

/// One stay of a student at a school: a placement that is, or was.
#[derive(Debug, Clone, Serialize)]
pub struct Stay {
    /// The placement.
    pub placement: PlacementId,
    /// The demand it answered.
    pub demand: DemandId,
    /// The student.
    pub student: StudentId,
    /// Name as in a list.
    pub student_name: String,
    /// Name of the period.
    pub period: String,
    /// First day of the period.
    pub starts_on: NaiveDate,
    /// The school.
    pub school: SchoolId,
    /// Its code.
    pub school_code: String,
    /// Its name.
    pub school_name: String,
    /// How far it is, or was.
    pub status: PlacementStatus,
    /// When it was made; not known of what was there before this was kept.
    pub made_at: Option<DateTime<Utc>>,
    /// How it came about, in Dutch.
    pub made_how: String,
    /// Who did that; only for who may see the log.
    pub made_by: Option<String>,
    /// When school and student were told.
    pub announced_at: Option<DateTime<Utc>>,
    /// When it ended; not known of some that ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended, in Dutch; nothing for a placement that stands.
    pub ended_how: Option<String>,
    /// Who did that; only for who may see the log.
    pub ended_by: Option<String>,
}

/// Everything that tells how placements came about and ended.
struct Sources {
    made: HashMap<PlacementId, (String, Option<UserId>)>,
    ended: HashMap<PlacementId, (String, Option<UserId>)>,
    names: HashMap<UserId, String>,
}

impl Sources {
    /// Who did it is looked up only for who may know.
    async fn load(tx: &Tx, actor: &Actor, data: &RoundData) -> Result<Self, AppError> {
        let may_know = actor.may(Permission::ReadAudit);
        let names = if may_know { access::users(tx).await?.into_iter().map(|user| (user.id, user.name)).collect() } else { HashMap::new() };
        let mut sources = Self { made: HashMap::new(), ended: HashMap::new(), names };
        if may_know {
            sources.of_board(tx, data).await?;
        }
        for stored in mutations::of_round(tx, data.round.id).await? {
            let Some(done) = Plan::read(stored.plan.as_deref()).and_then(|plan| plan.done) else { continue };
            let what = format!("wijziging: {}", what_happened(&stored.mutation.subject));
            sources.made.extend(done.made.iter().map(|id| (*id, (what.clone(), done.by))));
            sources.ended.extend(done.ended.iter().map(|id| (*id, (what.clone(), done.by))));
        }
        Ok(sources)
    }

    async fn of_board(&mut self, tx: &Tx, data: &RoundData) -> Result<(), AppError> {
        let runs = history::makers_of_runs(tx, data.round.id).await?;
        for placement in data.placements.values().chain(data.withdrawn.values()) {
            if let Some(by) = placement.run.and_then(|run| runs.get(&run).copied()) {
                self.made.insert(placement.id, ("voorstel".to_owned(), by));
            }
        }
        for (steps, by) in history::makers_of_changes(tx, data.round.id).await? {
            let Ok(Value::Array(steps)) = serde_json::from_str(&steps) else { continue };
            for step in steps {
                let placement = |side: &str| serde_json::from_value::<PlacementId>(step.get(side)?.get("placement")?.clone()).ok();
                if let Some(id) = placement("after") {
                    self.made.insert(id, ("met de hand".to_owned(), by));
                }
                if let Some(id) = placement("before") {
                    self.ended.insert(id, ("met de hand".to_owned(), by));
                }
            }
        }
        Ok(())
    }

    fn stay(&self, data: &RoundData, placement: &Placement) -> Option<Stay> {
        let demand = data.demands.get(&placement.demand)?;
        let student = data.students.get(&demand.student)?;
        let school = data.registry.schools.get(&data.offers.get(&placement.offer)?.school)?;
        let period = data.periods.get(&demand.period)?;
        let name = |by: Option<UserId>| by.and_then(|id| self.names.get(&id).cloned());
        let made = self.made.get(&placement.id);
        let ended = self.ended.get(&placement.id).filter(|_| placement.status == PlacementStatus::Withdrawn);
        let is_over = placement.status == PlacementStatus::Withdrawn;
        Some(Stay {
            placement: placement.id,
            demand: demand.id,
            student: student.id,
            student_name: student.list_name(),
            period: period.name.clone(),
            starts_on: period.starts_on,
            school: school.id,
            school_code: school.code.to_string(),
            school_name: school.name.clone(),
            status: placement.status,
            made_at: placement.made_at,
            made_how: made.map_or_else(|| placement.source.dutch().to_owned(), |(how, _)| how.clone()),
            made_by: made.and_then(|(_, by)| name(*by)),
            announced_at: placement.announced_at,
            ended_at: placement.ended_at.filter(|_| is_over),
            ended_how: is_over.then(|| ended.map_or_else(|| "ingetrokken".to_owned(), |(how, _)| how.clone())),
            ended_by: ended.and_then(|(_, by)| name(*by)),
        })
    }
}

/// Who does not place students knows only of what was announced.
fn may_see(actor: &Actor, placement: &Placement) -> bool {
    placement.announced_at.is_some() || placement.status == PlacementStatus::Announced || actor.may(Permission::ReadPlacements)
}

async fn stays(tx: &Tx, actor: &Actor, data: &RoundData, which: impl Fn(&Placement) -> bool) -> Result<Vec<Stay>, AppError> {
    let sources = Sources::load(tx, actor, data).await?;
    let all = data.placements.values().chain(data.withdrawn.values());
    let mut stays: Vec<_> = all
        .filter(|placement| which(placement) && may_see(actor, placement))
        .filter_map(|placement| sources.stay(data, placement))
        .collect();
    // The latest first; what stands goes before what ended at the same moment.
    stays.sort_by_cached_key(|stay| {
        (std::cmp::Reverse(stay.starts_on), search_key(&stay.student_name), stay.ended_how.is_some(), std::cmp::Reverse(stay.made_at))
    });
    Ok(stays)
}

/// Everywhere a student was in a round, the latest first.
///
/// # Errors
/// [`AppError::NotFound`] when the round has no such student within reach.
pub async fn of_student(app: &App, actor: &Actor, slug: &str, student: StudentId) -> Result<Vec<Stay>, AppError> {
    app.store
        .read(async |tx| {
            let data = sight::round(app, tx, actor, slug, Permission::ReadStudents).await?;
            if !data.students.contains_key(&student) {
                return Err(AppError::NotFound);
            }
            let of = |placement: &Placement| data.demands.get(&placement.demand).is_some_and(|demand| demand.student == student);
            stays(tx, actor, &data, of).await
        })
        .await
}

/// Everybody who is, or was, at a school in a round, as far as the reader sees them.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round or school within reach.
pub async fn of_school(app: &App, actor: &Actor, slug: &str, code: &str) -> Result<Vec<Stay>, AppError> {
    let school = schools::get(app, actor, slug, code).await?.row.school;
    app.store
        .read(async |tx| {
            // Who sees the school and no students of the round gets no history of them either.
            let data = match sight::round(app, tx, actor, slug, Permission::ReadStudents).await {
                Err(AppError::NotFound) => return Ok(Vec::new()),
                other => other?,
            };
            let of = |placement: &Placement| data.offers.get(&placement.offer).is_some_and(|offer| offer.school == school);
            stays(tx, actor, &data, of).await
        })
        .await
}
