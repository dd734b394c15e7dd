//! Dekking: the figures, how they divide, and the students behind each of them.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::coverage::{Coverage, CoverageScope, CoverageStatus, DEFINITION, Moment, coverage};
use kernschil_domain::ids::{DemandId, InstituteId, PartnershipId, PeriodId, ProgrammeId, StudentId, StudyPhaseId};
use kernschil_domain::rounds::RoundData;
use serde::Serialize;
use uuid::Uuid;

use crate::error::AppError;
use crate::listing::search_key;
use crate::students::{PlaceSummary, place};
use crate::{Actor, App, labels, sight};

/// For whom and when; nothing set means everybody in the round, each on the first day of the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CoverageQuery {
    /// On this date instead.
    pub date: Option<NaiveDate>,
    /// Only students this partnership sees to.
    pub partnership: Option<PartnershipId>,
    /// Only students of this institute.
    pub institute: Option<InstituteId>,
    /// Only students of this programme.
    pub programme: Option<ProgrammeId>,
    /// Only students in this phase.
    pub phase: Option<StudyPhaseId>,
    /// Only this period.
    pub period: Option<PeriodId>,
}

impl CoverageQuery {
    /// The scope to count.
    pub fn scope(&self) -> CoverageScope {
        CoverageScope {
            moment: self.date.map_or(Moment::WholeRound, Moment::On),
            partnership: self.partnership,
            institute: self.institute,
            programme: self.programme,
            phase: self.phase,
            period: self.period,
        }
    }
}

/// Figures of one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Students trained according to the framework.
    pub numerator: u32,
    /// Students who must have a place.
    pub denominator: u32,
    /// The share in tenths of a percent, rounded down.
    pub permille: Option<u32>,
    /// Students by status; every status, the most favourable first.
    pub counts: Vec<(CoverageStatus, u32)>,
    /// Covered students of programmes that count for funding.
    pub covered_for_funding: u32,
}

impl From<&Coverage> for Figures {
    fn from(coverage: &Coverage) -> Self {
        Self {
            numerator: coverage.numerator(),
            denominator: coverage.denominator(),
            permille: coverage.permille(),
            counts: CoverageStatus::ALL.iter().map(|status| (*status, coverage.count(*status))).collect(),
            covered_for_funding: coverage.covered_for_funding,
        }
    }
}

/// How a figure can be divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// By the partnership that sees to the place.
    Partnership,
    /// By institute.
    Institute,
    /// By programme.
    Programme,
    /// By study phase.
    Phase,
    /// By period.
    Period,
}

impl Dimension {
    /// All, from large to small.
    pub const ALL: [Self; 5] = [Self::Partnership, Self::Institute, Self::Programme, Self::Phase, Self::Period];

    /// The Dutch word.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Partnership => "partnerschap",
            Self::Institute => "instituut",
            Self::Programme => "opleiding",
            Self::Phase => "fase",
            Self::Period => "periode",
        }
    }
}

/// One line of a division.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Identifier of the partnership, institute, programme, phase or period.
    pub id: Uuid,
    /// Its name.
    pub label: String,
    /// Its figures.
    pub figures: Figures,
    /// What counts it: the query with this part filled in.
    pub query: CoverageQuery,
}

/// A division of the figures.
#[derive(Debug, Clone, Serialize)]
pub struct Division {
    /// By what.
    pub by: Dimension,
    /// Its lines, by name or in the order of phases.
    pub parts: Vec<Part>,
}

/// Something to choose from in a filter.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// Identifier.
    pub id: Uuid,
    /// Name.
    pub label: String,
}

/// Coverage of a round or a part of it.
#[derive(Debug, Clone, Serialize)]
pub struct CoverageView {
    /// Version of the definition.
    pub definition: &'static str,
    /// What was counted.
    pub query: CoverageQuery,
    /// The figures.
    pub figures: Figures,
    /// How they divide.
    pub divisions: Vec<Division>,
    /// What can be chosen, per dimension, whatever was chosen now.
    pub choices: Vec<(Dimension, Vec<Choice>)>,
}

/// Coverage of a round.
pub fn view(data: &RoundData, query: CoverageQuery) -> CoverageView {
    let figures = Figures::from(&coverage(data, &query.scope()));
    let all: Vec<_> = Dimension::ALL.into_iter().map(|by| (by, choices(data, by))).collect();
    let divisions = all.iter().map(|(by, choices)| Division { by: *by, parts: parts(data, query, *by, choices) }).collect();
    CoverageView { definition: DEFINITION, query, figures, divisions, choices: all }
}

/// The figures of a scope, without divisions.
pub(crate) fn figures(data: &RoundData, query: CoverageQuery) -> Figures {
    Figures::from(&coverage(data, &query.scope()))
}

/// The figures of everybody in a round, without divisions.
pub fn figures_of(data: &RoundData) -> Figures {
    Figures::from(&coverage(data, &CoverageQuery::default().scope()))
}

fn parts(data: &RoundData, query: CoverageQuery, by: Dimension, choices: &[Choice]) -> Vec<Part> {
    let with = |id: Uuid| match by {
        Dimension::Partnership => {
            query.partnership.is_none_or(|set| set.0 == id).then_some(CoverageQuery { partnership: Some(id.into()), ..query })
        }
        Dimension::Institute => {
            query.institute.is_none_or(|set| set.0 == id).then_some(CoverageQuery { institute: Some(id.into()), ..query })
        }
        Dimension::Programme => {
            query.programme.is_none_or(|set| set.0 == id).then_some(CoverageQuery { programme: Some(id.into()), ..query })
        }
        Dimension::Phase => query.phase.is_none_or(|set| set.0 == id).then_some(CoverageQuery { phase: Some(id.into()), ..query }),
        Dimension::Period => query.period.is_none_or(|set| set.0 == id).then_some(CoverageQuery { period: Some(id.into()), ..query }),
    };
    choices
        .iter()
        .filter_map(|choice| {
            let query = with(choice.id)?;
            let counted = coverage(data, &query.scope());
            if counted.students.is_empty() {
                return None;
            }
            Some(Part { id: choice.id, label: choice.label.clone(), figures: Figures::from(&counted), query })
        })
        .collect()
}

fn choices(data: &RoundData, by: Dimension) -> Vec<Choice> {
    let registry = &data.registry;
    let mut found: Vec<((String, i32), Choice)> = Vec::new();
    let mut add = |key: (String, i32), id: Uuid, label: String| {
        if found.iter().all(|(_, choice)| choice.id != id) {
            found.push((key, Choice { id, label }));
        }
    };
    for demand in data.demands.values() {
        let Some(student) = data.students.get(&demand.student) else { continue };
        let Some(phase) = registry.phases.get(&demand.phase) else { continue };
        let programme = || labels::programme(data, phase.programme);
        match by {
            Dimension::Partnership => {
                if let Some(id) = demand.partnership {
                    let label = labels::partnership(data, id);
                    add((label.clone(), 0), id.0, label);
                }
            }
            Dimension::Institute => {
                let label = labels::institute(data, student.institute);
                add((label.clone(), 0), student.institute.0, label);
            }
            Dimension::Programme => {
                let label = format!("{}, {}", labels::institute(data, student.institute), programme());
                add((label.clone(), 0), phase.programme.0, label);
            }
            Dimension::Phase => {
                let institute = labels::institute(data, student.institute);
                // The phase first: a long name is cut at its end.
                let label = format!("{}: {institute}, {}", phase.code, programme());
                add((format!("{institute}, {}", programme()), phase.ordinal), phase.id.0, label);
            }
            Dimension::Period => {
                let Some(period) = data.periods.get(&demand.period) else { continue };
                add((period.starts_on.to_string(), 0), period.id.0, period.name.clone());
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.into_iter().map(|(_, choice)| choice).collect()
}

/// A student behind a figure.
#[derive(Debug, Clone, Serialize)]
pub struct CoveredStudent {
    /// The student.
    pub student: StudentId,
    /// Number at the institute.
    pub number: String,
    /// Name as in a list.
    pub name: String,
    /// Name of the institute.
    pub institute: String,
    /// Name and form of the programme.
    pub programme: String,
    /// Code of the phase.
    pub phase: String,
    /// Name of the period.
    pub period: String,
    /// How the student counts.
    pub status: CoverageStatus,
    /// The place, where there is one.
    pub place: Option<PlaceSummary>,
    /// Why there is none, or none at a kern school.
    pub reason: Option<String>,
}

/// Coverage of a round.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn of_round(app: &App, actor: &Actor, slug: &str, query: CoverageQuery) -> Result<CoverageView, AppError> {
    let data = app.picture(actor, slug, Permission::ReadCoverage).await?;
    Ok(view(&data, query))
}

/// The students behind a figure, by name; of one status or of all.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn students(
    app: &App,
    actor: &Actor,
    slug: &str,
    query: CoverageQuery,
    status: Option<CoverageStatus>,
) -> Result<Vec<CoveredStudent>, AppError> {
    Ok(students_in(&explained(app, actor, slug, Permission::ReadStudents).await?, query, status))
}

/// A round with the reasons of its latest run.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The round and its registry.
    pub data: RoundData,
    /// Why a student is not placed, or not at a kern school.
    pub reasons: HashMap<DemandId, String>,
}

/// A round with the reasons of its latest run.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn explained(app: &App, actor: &Actor, slug: &str, permission: Permission) -> Result<Explained, AppError> {
    app.store
        .read(async |tx| {
            let (data, run) = sight::explained(app, tx, actor, slug, permission).await?;
            Ok(Explained { data, reasons: run.map(|run| run.reasons).unwrap_or_default() })
        })
        .await
}

/// The students behind a figure of a round that was loaded already.
pub fn students_in(round: &Explained, query: CoverageQuery, status: Option<CoverageStatus>) -> Vec<CoveredStudent> {
    let Explained { data, reasons } = round;
    let counted = coverage(data, &query.scope());
    let wanted = counted.students.iter().filter(|s| status.is_none_or(|status| s.status == status));
    let mut rows: Vec<_> = wanted
        .filter_map(|s| {
            let demand = data.demands.get(&s.demand)?;
            let student = data.students.get(&s.student)?;
            let programme = data.registry.phases.get(&demand.phase)?.programme;
            Some(CoveredStudent {
                student: student.id,
                number: student.number.to_string(),
                name: student.list_name(),
                institute: labels::institute(data, student.institute),
                programme: labels::programme(data, programme),
                phase: labels::phase(data, demand.phase),
                period: labels::period(data, demand.period),
                status: s.status,
                place: place(data, demand),
                reason: if s.status == CoverageStatus::Kern { None } else { reasons.get(&demand.id).cloned() },
            })
        })
        .collect();
    rows.sort_by_cached_key(|row| search_key(&row.name));
    rows
}
