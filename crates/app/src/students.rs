//! Students of a round: the list, and one student with the reason for her place.

use std::collections::HashMap;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Guidance, Hold, PlacementSource, PlacementStatus, StudentKind};
use kernschil_domain::coverage::{CoverageStatus, Moment, status_of};
use kernschil_domain::fit::{minutes_to, wish_rank};
use kernschil_domain::ids::{DemandId, InstituteId, OfferId, PeriodId, PlacementId, ProgrammeId, SchoolId, StudentId, StudyPhaseId};
use kernschil_domain::policy::RuleKind;
use kernschil_domain::rounds::{Demand, RoundData};
use kernschil_domain::standing::{Standing, Standings};
use serde::Serialize;
use serde_json::json;

use crate::board::{Candidate, candidates};
use crate::error::AppError;
use crate::listing::search_key;
use crate::{Actor, App, Change, labels, sight};

/// A demand of a student as a row of a list.
#[derive(Debug, Clone, Serialize)]
pub struct StudentRow {
    /// The demand.
    pub demand: DemandId,
    /// The student.
    pub student: StudentId,
    /// Number at the institute.
    pub number: String,
    /// Name as in a list: family name first.
    pub name: String,
    /// Student or zij-instromer.
    pub kind: StudentKind,
    /// Institute.
    pub institute: InstituteId,
    /// Its name.
    pub institute_name: String,
    /// Programme.
    pub programme: ProgrammeId,
    /// Its name and form.
    pub programme_name: String,
    /// Phase.
    pub phase: StudyPhaseId,
    /// Its code.
    pub phase_code: String,
    /// Period.
    pub period: PeriodId,
    /// Its name.
    pub period_name: String,
    /// How the student counts for coverage by this demand.
    pub status: CoverageStatus,
    /// The place, where there is one.
    pub place: Option<PlaceSummary>,
    /// Why there is none, or none at a kern school.
    pub reason: Option<String>,
}

/// Where a student is placed.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceSummary {
    /// The placement.
    pub placement: PlacementId,
    /// The offer.
    pub offer: OfferId,
    /// The school.
    pub school: SchoolId,
    /// Its code.
    pub school_code: String,
    /// Its name.
    pub school_name: String,
    /// Town.
    pub place: Option<String>,
    /// What the school is to the student, as recorded for the first day.
    pub standing: Standing,
    /// How far the placement is.
    pub status: PlacementStatus,
    /// Where it came from.
    pub source: PlacementSource,
    /// Rank among the wishes, from 1.
    pub wish_rank: Option<usize>,
    /// Estimated minutes of travel, one way.
    pub minutes: Option<u16>,
    /// Name of the trainer.
    pub trainer: Option<String>,
    /// Extra guidance, for a place outside.
    pub guidance: Option<Guidance>,
    /// Whether a proposal may move it.
    pub hold: Hold,
    /// Rules that were set aside when it was placed by hand.
    pub broken: Vec<RuleKind>,
}

/// All demands of a round as rows, by name.
pub(crate) fn rows(data: &RoundData, reasons: &HashMap<DemandId, String>) -> Vec<StudentRow> {
    let mut standings = Standings::new(data);
    let mut rows: Vec<_> = data.demands.values().filter_map(|demand| row(data, &mut standings, reasons, demand)).collect();
    rows.sort_by_cached_key(|row| (search_key(&row.name), row.period_name.clone()));
    rows
}

/// One demand as a row of a list.
pub(crate) fn row(
    data: &RoundData,
    standings: &mut Standings<'_>,
    reasons: &HashMap<DemandId, String>,
    demand: &Demand,
) -> Option<StudentRow> {
    let student = data.students.get(&demand.student)?;
    let programme = data.registry.phases.get(&demand.phase)?.programme;
    let status = status_of(data, standings, demand, Moment::WholeRound);
    // A reason of a run says nothing about a place that was given by hand since.
    // Neither about one that a mutation gave.
    let by_hand = data.placements.get(&demand.id).is_some_and(|p| p.source != PlacementSource::Run || p.mutation.is_some());
    let reason = if status == CoverageStatus::Kern || by_hand { None } else { reasons.get(&demand.id).cloned() };
    Some(StudentRow {
        demand: demand.id,
        student: student.id,
        number: student.number.to_string(),
        name: student.list_name(),
        kind: student.kind,
        institute: student.institute,
        institute_name: labels::institute(data, student.institute),
        programme,
        programme_name: labels::programme(data, programme),
        phase: demand.phase,
        phase_code: labels::phase(data, demand.phase),
        period: demand.period,
        period_name: labels::period(data, demand.period),
        status,
        place: place(data, demand),
        reason,
    })
}

/// Where a demand is placed.
pub(crate) fn place(data: &RoundData, demand: &Demand) -> Option<PlaceSummary> {
    let (placement, offer) = data.place_of(demand.id)?;
    let school = data.registry.schools.get(&offer.school)?;
    Some(PlaceSummary {
        placement: placement.id,
        offer: offer.id,
        school: school.id,
        school_code: school.code.to_string(),
        school_name: school.name.clone(),
        place: school.place.clone(),
        standing: placement.standing,
        status: placement.status,
        source: placement.source,
        wish_rank: wish_rank(data, demand, offer.school),
        minutes: minutes_to(data, demand, offer.school),
        trainer: placement.trainer.map(|id| labels::trainer(data, id)),
        guidance: placement.guidance,
        hold: placement.hold,
        broken: placement.broken.clone(),
    })
}

/// A round with its students.
#[derive(Debug, Clone)]
pub struct RoundStudents {
    /// The round and its registry.
    pub data: RoundData,
    /// All demands, by name.
    pub rows: Vec<StudentRow>,
}

/// The students of a round that somebody sees with a permission.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn list(app: &App, actor: &Actor, slug: &str, permission: Permission) -> Result<RoundStudents, AppError> {
    app.store
        .read(async |tx| {
            let (data, run) = sight::explained(app, tx, actor, slug, permission).await?;
            let reasons = run.map(|run| run.reasons).unwrap_or_default();
            Ok(RoundStudents { rows: rows(&data, &reasons), data })
        })
        .await
}

/// What became of a wish.
#[derive(Debug, Clone, Serialize)]
pub struct WishView {
    /// Rank, from 1.
    pub rank: usize,
    /// The school or board.
    pub target: String,
    /// What became of it, in Dutch.
    pub outcome: String,
    /// Whether the student is placed there.
    pub granted: Granted,
}

/// Whether a wish came true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Granted {
    /// The student is placed there.
    Yes,
    /// The student is placed elsewhere, or not at all.
    No,
}

/// One demand of a student, with everything that could have been.
#[derive(Debug, Clone, Serialize)]
pub struct DemandView {
    /// As a row of the list.
    pub row: StudentRow,
    /// First and last day of the period.
    pub starts_on: chrono::NaiveDate,
    /// Last day of the period.
    pub ends_on: chrono::NaiveDate,
    /// Groups that fit.
    pub groups: String,
    /// Days the student comes.
    pub weekdays: String,
    /// Longest trip in minutes, one way.
    pub travel_limit: Option<u16>,
    /// Wishes and what became of them.
    pub wishes: Vec<WishView>,
    /// Places in the period, those that fit first.
    pub candidates: Vec<Candidate>,
}

/// A student of a round.
#[derive(Debug, Clone, Serialize)]
pub struct StudentView {
    /// The student.
    pub id: StudentId,
    /// Number at the institute.
    pub number: String,
    /// Name as one is addressed.
    pub name: String,
    /// Student or zij-instromer.
    pub kind: StudentKind,
    /// Name of the institute.
    pub institute: String,
    /// Home postcode.
    pub postcode: Option<String>,
    /// What is different for this student, in Dutch; never why.
    pub custom: Vec<String>,
    /// Schools where the student was before.
    pub earlier_schools: Vec<String>,
    /// Demands, by first day of the period.
    pub demands: Vec<DemandView>,
}

/// One student with the reason for her place.
///
/// # Errors
/// [`AppError::NotFound`] when the round has no such student.
pub async fn get(app: &App, actor: &Actor, slug: &str, id: StudentId) -> Result<StudentView, AppError> {
    app.store
        .read(async |tx| {
            let (data, run) = sight::explained(app, tx, actor, slug, Permission::ReadStudents).await?;
            let reasons = run.map(|run| run.reasons).unwrap_or_default();
            let mut view = view(&data, &reasons, id).ok_or(AppError::NotFound)?;
            if !actor.may(Permission::ReadPlacements) {
                // What else there was is for who places students.
                view.demands.iter_mut().for_each(|demand| demand.candidates.clear());
            }
            Ok(view)
        })
        .await
}

fn view(data: &RoundData, reasons: &HashMap<DemandId, String>, id: StudentId) -> Option<StudentView> {
    let student = data.students.get(&id)?;
    let mut standings = Standings::new(data);
    let mut custom = Vec::new();
    if let Some(limit) = student.custom.travel_limit {
        custom.push(format!("hoogstens {limit} minuten reizen"));
    }
    if let Some(school) = student.custom.fixed_school {
        custom.push(format!("vaste school: {}", labels::school(data, school)));
    }
    let own = data.demands.values().filter(|demand| demand.student == id);
    let mut demands: Vec<_> = own.filter_map(|demand| demand_view(data, &mut standings, reasons, demand)).collect();
    demands.sort_by_key(|demand| demand.starts_on);
    Some(StudentView {
        id,
        number: student.number.to_string(),
        name: student.full_name(),
        kind: student.kind,
        institute: labels::institute(data, student.institute),
        postcode: student.postcode.as_ref().map(ToString::to_string),
        custom,
        earlier_schools: student.earlier_schools.iter().map(|school| labels::school(data, *school)).collect(),
        demands,
    })
}

fn demand_view(
    data: &RoundData,
    standings: &mut Standings<'_>,
    reasons: &HashMap<DemandId, String>,
    demand: &Demand,
) -> Option<DemandView> {
    let row = row(data, standings, reasons, demand)?;
    let period = data.periods.get(&demand.period)?;
    let candidates = candidates(data, standings, demand);
    let wishes = (1..).zip(&demand.wishes).map(|(rank, wish)| wish_view(data, demand, &row, &candidates, rank, *wish)).collect();
    Some(DemandView {
        row,
        starts_on: period.starts_on,
        ends_on: period.ends_on,
        groups: demand.groups.to_string(),
        weekdays: demand.weekdays.to_string(),
        travel_limit: kernschil_domain::fit::travel_limit(data, demand),
        wishes,
        candidates,
    })
}

fn wish_view(
    data: &RoundData,
    demand: &Demand,
    row: &StudentRow,
    candidates: &[Candidate],
    rank: usize,
    wish: kernschil_domain::rounds::WishTarget,
) -> WishView {
    let target = labels::wish(data, wish);
    let granted = row.place.as_ref().is_some_and(|place| place.wish_rank == Some(rank));
    let offers: Vec<_> = candidates.iter().filter(|c| wish_rank(data, demand, c.school) == Some(rank)).collect();
    let outcome = if granted {
        "hier geplaatst".to_owned()
    } else if offers.is_empty() {
        "biedt in deze periode geen plekken aan".to_owned()
    } else if offers.iter().any(|c| c.misfits.is_empty()) {
        "er is nog plek; een andere plaats ging voor".to_owned()
    } else if let Some(nearest) = offers.iter().min_by_key(|c| (c.misfits.iter().filter(|m| !m.is_capacity()).count(), c.misfits.len())) {
        let parts: Vec<_> = nearest.misfits.iter().map(|m| m.dutch()).collect();
        parts.join(", ")
    } else {
        String::new()
    };
    WishView { rank, target, outcome, granted: if granted { Granted::Yes } else { Granted::No } }
}

/// Notes that somebody took a list of students along as a workbook.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn note_export(app: &App, actor: &Actor, slug: &str, rows: usize) -> Result<(), AppError> {
    actor.require(Permission::ExportStudents)?;
    app.store
        .write(async |tx| {
            app.audit(tx, actor, EventKind::StudentsExported, slug, Change::to(json!({ "rows": rows })));
            Ok(())
        })
        .await
}
