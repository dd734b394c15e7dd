//! Everything about one student (inzage): on the screen, as one workbook, and as JSON.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::access::{Permission, Role};
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{EnrolmentStatus, ExclusionCategory, Guidance, Need, PlacementSource, PlacementStatus, StudentKind, Turn};
use kernschil_domain::cohorts::Student;
use kernschil_domain::ids::{DemandId, SchoolId, StudentId, UserId};
use kernschil_domain::mutations::{LetterKind, Wave};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::TravelMode;
use kernschil_domain::privacy::{Subject, Terms};
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::{Demand, Exclusion, RoundData};
use kernschil_domain::standing::Standing;
use kernschil_storage::privacy::{self, Trace};
use kernschil_storage::{Tx, access, cohorts, registry, rounds, settings};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::correction::{student, version};
use super::files;
use super::register::{RegisterLine, lines};
use crate::announcements::LetterText;
use crate::board::team_of;
use crate::error::AppError;
use crate::exports::Workbook;
use crate::{Actor, App, Change, announcements, labels, proposals};

/// In which form somebody gets a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DossierForm {
    /// A page.
    Screen,
    /// A workbook.
    Workbook,
    /// JSON.
    Json,
}

impl DossierForm {
    fn code(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Workbook => "workbook",
            Self::Json => "json",
        }
    }
}

/// Who the student is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierPerson {
    /// Number at the institute.
    pub number: String,
    /// Given name.
    pub given_name: String,
    /// Tussenvoegsel.
    pub prefix: Option<String>,
    /// Family name.
    pub family_name: String,
    /// Name as one is addressed.
    pub full_name: String,
    /// Home postcode.
    pub postcode: Option<String>,
    /// Where letters go.
    pub email: Option<String>,
    /// How the student travels.
    pub travel_mode: Option<TravelMode>,
    /// The school where a zij-instromer works.
    pub workplace: Option<String>,
    /// Student or zij-instromer.
    pub kind: StudentKind,
    /// Name of the institute.
    pub institute: String,
    /// Maatwerk: longest trip one way, in minutes.
    pub travel_limit: Option<u16>,
    /// Maatwerk: the only school.
    pub fixed_school: Option<String>,
    /// Names of schools where the student was before.
    pub earlier_schools: Vec<String>,
}

/// An enrolment.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierEnrolment {
    /// Name and form of the programme.
    pub programme: String,
    /// Calendar year in which the cohort began.
    pub start_year: i32,
    /// Code of the phase.
    pub phase: String,
    /// How it stands.
    pub status: EnrolmentStatus,
    /// Since when.
    pub from: NaiveDate,
    /// First day on which it holds no more.
    pub until: Option<NaiveDate>,
}

/// What the student needs in a period, and wishes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierDemand {
    /// Name of the round.
    pub round: String,
    /// Name of the period.
    pub period: String,
    /// First day of the period.
    pub starts_on: Option<NaiveDate>,
    /// Last day of the period.
    pub ends_on: Option<NaiveDate>,
    /// Code of the phase.
    pub phase: String,
    /// Groups that fit.
    pub groups: String,
    /// Days the student comes.
    pub weekdays: String,
    /// Whether a place is needed.
    pub need: Need,
    /// The partnership that sees to the place.
    pub partnership: Option<String>,
    /// Whether it takes part when a proposal is made.
    pub turn: Turn,
    /// The team that stays together, by its name.
    pub team: Option<String>,
    /// Wishes, first wish first.
    pub wishes: Vec<String>,
    /// Why the latest proposal gives no place, or none at a kern school.
    pub explanation: Option<String>,
}

/// A place the student has or had.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierPlacement {
    /// Name of the round.
    pub round: String,
    /// Name of the period.
    pub period: String,
    /// Code of the school.
    pub school_code: String,
    /// Name of the school.
    pub school: String,
    /// What the school was to the student.
    pub standing: Standing,
    /// How far it is.
    pub status: PlacementStatus,
    /// Where it came from.
    pub source: PlacementSource,
    /// Name of the trainer.
    pub trainer: Option<String>,
    /// Extra guidance, for a place outside.
    pub guidance: Option<Guidance>,
    /// Why it was given by hand.
    pub reason: Option<String>,
}

/// A school the student does not go to, decided by hand.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierExclusion {
    /// Name of the round.
    pub round: String,
    /// Name of the period.
    pub period: String,
    /// Name of the school.
    pub school: String,
    /// Why, as a category.
    pub category: ExclusionCategory,
}

/// A letter to the student.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierLetter {
    /// Name of the round.
    pub round: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// What it says.
    pub kind: LetterKind,
    /// Its text.
    pub text: String,
}

/// Something that was done with the data of the student.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierTrace {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: EventKind,
    /// About what, in Dutch.
    pub about: String,
    /// In which role.
    pub role: Option<Role>,
    /// Name of the account; nothing at the command line or by itself.
    pub who: Option<String>,
}

/// Everything about one student.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dossier {
    /// The student.
    pub id: StudentId,
    /// When it was drawn up.
    pub made_at: DateTime<Utc>,
    /// Tells this state of the data from others; send it along with a correction.
    pub version: Uuid,
    /// Who it is.
    pub person: DossierPerson,
    /// Enrolments, the oldest first.
    pub enrolments: Vec<DossierEnrolment>,
    /// What is needed and wished, by round.
    pub demands: Vec<DossierDemand>,
    /// Places, also those that were taken back, the oldest first.
    pub placements: Vec<DossierPlacement>,
    /// Schools the student does not go to.
    pub exclusions: Vec<DossierExclusion>,
    /// Letters to the student, the oldest first.
    pub letters: Vec<DossierLetter>,
    /// What the log tells, the oldest first.
    pub traces: Vec<DossierTrace>,
    /// What is kept of students in general, why and how long.
    pub register: Vec<RegisterLine>,
}

/// Everything about a student; that somebody looked is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also when the student was made unrecognisable.
pub async fn dossier(app: &App, actor: &Actor, id: StudentId, form: DossierForm) -> Result<Dossier, AppError> {
    actor.require(Permission::HandlePrivacy)?;
    let dossier = app.store.read(async |tx| draw_up(app, tx, id).await).await?;
    app.store
        .write(async |tx| {
            let change = Change::to(json!({ "form": form.code() }));
            app.audit(tx, actor, EventKind::DossierExported, &id.to_string(), change);
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(dossier)
}

/// Everything about a student as one workbook; that somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Internal`] when it cannot be written.
pub async fn dossier_workbook(app: &App, actor: &Actor, id: StudentId) -> Result<Workbook, AppError> {
    files::dossier(&dossier(app, actor, id, DossierForm::Workbook).await?)
}

/// Everything about a student as JSON; that somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Internal`] when it cannot be written.
pub async fn dossier_json(app: &App, actor: &Actor, id: StudentId) -> Result<Vec<u8>, AppError> {
    let dossier = dossier(app, actor, id, DossierForm::Json).await?;
    serde_json::to_vec_pretty(&dossier).map_err(|e| AppError::Internal(e.to_string()))
}

/// Subjects under which the log may tell about the student, with Dutch words for them.
#[derive(Default)]
struct Subjects {
    own: BTreeMap<String, String>,
    rounds: BTreeMap<String, String>,
}

async fn draw_up(app: &App, tx: &Tx, id: StudentId) -> Result<Dossier, AppError> {
    let student = student(tx, id).await?;
    let registry = registry::load(tx).await?;
    let mut subjects = Subjects::default();
    subjects.own.insert(id.to_string(), "de student".to_owned());
    let (mut demands, mut placements, mut exclusions, mut letters) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let own_rounds = privacy::of_student(tx, id).await?;
    for round in rounds::list(tx).await?.into_iter().filter(|round| own_rounds.contains(&round.id)) {
        let data = rounds::picture_with(tx, round, registry.clone()).await?;
        add_round(tx, &data, id, &mut subjects, &mut demands, &mut placements).await?;
        let own = |demand: &DemandId| data.demands.get(demand).is_some_and(|demand| demand.student == id);
        exclusions
            .extend(data.exclusions.iter().filter(|exclusion| own(&exclusion.demand)).map(|exclusion| exclusion_line(&data, exclusion)));
        letters.extend(letter_lines(tx, &data, id).await?);
    }
    demands.sort_by(|a, b| (a.starts_on, &a.period).cmp(&(b.starts_on, &b.period)));
    let terms = Terms::of(&settings::load(tx).await?);
    Ok(Dossier {
        id,
        made_at: app.clock.now(),
        version: version(&student),
        enrolments: enrolments(tx, &registry, id).await?,
        person: person(&student, &registry),
        demands,
        placements,
        exclusions,
        letters,
        traces: traces(tx, &subjects).await?,
        register: lines(&terms, Some(Subject::Student)),
    })
}

fn person(student: &Student, registry: &Registry) -> DossierPerson {
    let school = |id: &SchoolId| registry.schools.get(id).map(|school| format!("{} ({})", school.name, school.code));
    DossierPerson {
        number: student.number.to_string(),
        given_name: student.given_name.clone(),
        prefix: student.prefix.clone(),
        family_name: student.family_name.clone(),
        full_name: student.full_name(),
        postcode: student.postcode.as_ref().map(ToString::to_string),
        email: student.email.clone(),
        travel_mode: student.travel_mode,
        workplace: student.workplace.as_ref().and_then(school),
        kind: student.kind,
        institute: registry.institutes.get(&student.institute).map(|institute| institute.name.clone()).unwrap_or_default(),
        travel_limit: student.custom.travel_limit,
        fixed_school: student.custom.fixed_school.as_ref().and_then(school),
        earlier_schools: student.earlier_schools.iter().filter_map(school).collect(),
    }
}

async fn enrolments(tx: &Tx, registry: &Registry, id: StudentId) -> Result<Vec<DossierEnrolment>, AppError> {
    let years: BTreeMap<_, _> = cohorts::cohorts(tx).await?.into_iter().map(|cohort| (cohort.id, cohort)).collect();
    let mut found: Vec<_> = cohorts::enrolments(tx, &[id]).await?;
    found.sort_by_key(|enrolment| enrolment.span.from);
    let line = |enrolment: kernschil_domain::cohorts::Enrolment| {
        let cohort = years.get(&enrolment.cohort);
        let programme = cohort.and_then(|cohort| registry.programmes.get(&cohort.programme));
        DossierEnrolment {
            programme: programme.map(|programme| format!("{} ({})", programme.name, programme.form.dutch())).unwrap_or_default(),
            start_year: cohort.map(|cohort| cohort.start_year).unwrap_or_default(),
            phase: registry.phases.get(&enrolment.phase).map(|phase| phase.code.clone()).unwrap_or_default(),
            status: enrolment.status,
            from: enrolment.span.from,
            until: enrolment.span.until,
        }
    };
    Ok(found.into_iter().map(line).collect())
}

async fn add_round(
    tx: &Tx,
    data: &RoundData,
    id: StudentId,
    subjects: &mut Subjects,
    demands: &mut Vec<DossierDemand>,
    placements: &mut Vec<DossierPlacement>,
) -> Result<(), AppError> {
    let reasons = proposals::latest(tx, data).await?.map(|run| run.reasons).unwrap_or_default();
    let name = &data.round.name;
    let own: Vec<_> = data.demands.values().filter(|demand| demand.student == id).collect();
    let ids: BTreeSet<_> = own.iter().map(|demand| demand.id).collect();
    for demand in own {
        subjects.own.insert(demand.id.to_string(), format!("{name}, {}", labels::period(data, demand.period)));
        demands.push(demand_line(data, demand, reasons.get(&demand.id).cloned()));
    }
    let live = data.placements.values();
    let mut all: Vec<_> = live.chain(data.withdrawn.values()).filter(|placement| ids.contains(&placement.demand)).collect();
    // Identifiers follow time.
    all.sort_by_key(|placement| placement.id);
    for placement in all {
        subjects.own.insert(placement.id.to_string(), format!("plaatsing in {name}"));
        placements.extend(placement_line(data, placement));
    }
    for change in privacy::changes_about(tx, data.round.id, &ids).await? {
        subjects.own.insert(change.to_string(), format!("wijziging op het plaatsbord van {name}"));
    }
    subjects.rounds.insert(data.round.slug.clone(), format!("lijst van {name} waarin de student kan staan"));
    Ok(())
}

fn demand_line(data: &RoundData, demand: &Demand, explanation: Option<String>) -> DossierDemand {
    let period = data.periods.get(&demand.period);
    DossierDemand {
        round: data.round.name.clone(),
        period: labels::period(data, demand.period),
        starts_on: period.map(|period| period.starts_on),
        ends_on: period.map(|period| period.ends_on),
        phase: labels::phase(data, demand.phase),
        groups: demand.groups.to_string(),
        weekdays: demand.weekdays.to_string(),
        need: demand.need,
        partnership: demand.partnership.map(|id| labels::partnership(data, id)),
        turn: demand.turn,
        team: team_of(data, demand.id).map(|team| team.name.clone()),
        wishes: demand.wishes.iter().map(|wish| labels::wish(data, *wish)).collect(),
        explanation,
    }
}

fn placement_line(data: &RoundData, placement: &Placement) -> Option<DossierPlacement> {
    let offer = data.offers.get(&placement.offer)?;
    Some(DossierPlacement {
        round: data.round.name.clone(),
        period: labels::period(data, offer.period),
        school_code: data.registry.schools.get(&offer.school).map(|school| school.code.to_string()).unwrap_or_default(),
        school: labels::school(data, offer.school),
        standing: placement.standing,
        status: placement.status,
        source: placement.source,
        trainer: placement.trainer.map(|id| labels::trainer(data, id)),
        guidance: placement.guidance,
        reason: placement.reason.clone(),
    })
}

fn exclusion_line(data: &RoundData, exclusion: &Exclusion) -> DossierExclusion {
    DossierExclusion {
        round: data.round.name.clone(),
        period: data.demands.get(&exclusion.demand).map(|demand| labels::period(data, demand.period)).unwrap_or_default(),
        school: labels::school(data, exclusion.school),
        category: exclusion.category,
    }
}

async fn letter_lines(tx: &Tx, data: &RoundData, id: StudentId) -> Result<Vec<DossierLetter>, AppError> {
    let letters = announcements::to_student(tx, data, id).await?;
    let line = |(wave, kind, text): (Wave, LetterKind, Option<LetterText>)| DossierLetter {
        round: data.round.name.clone(),
        made_at: wave.made_at,
        kind,
        text: text.map(|text| text.plain()).unwrap_or_default(),
    };
    Ok(letters.into_iter().map(line).collect())
}

async fn traces(tx: &Tx, subjects: &Subjects) -> Result<Vec<DossierTrace>, AppError> {
    let wanted: Vec<_> = subjects.own.keys().chain(subjects.rounds.keys()).cloned().collect();
    let names: BTreeMap<UserId, String> = access::users(tx).await?.into_iter().map(|user| (user.id, user.name)).collect();
    let about = |trace: &Trace| match trace.kind {
        EventKind::StudentsExported | EventKind::WorkbookExported | EventKind::ProposalExported => {
            subjects.rounds.get(&trace.subject).cloned()
        }
        _ => subjects.own.get(&trace.subject).cloned(),
    };
    let line = |trace: Trace| {
        Some(DossierTrace {
            about: about(&trace)?,
            at: trace.at,
            kind: trace.kind,
            role: trace.role,
            who: trace.user.and_then(|id| names.get(&id).cloned()),
        })
    };
    Ok(privacy::traces(tx, &wanted).await?.into_iter().filter_map(line).collect())
}
