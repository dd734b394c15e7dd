//! The dossier of a student as it goes out.

use kernschil_app::privacy as app;
use kernschil_domain::codes;
use poem_openapi::Object;
use uuid::Uuid;

use super::RegisterEntry;
use crate::input::{Day, coded};
use crate::output::Moment;
use crate::rooms::announcing::LetterKind;
use crate::rooms::audit::EventKind;
use crate::rooms::codes::{Guidance, PlacementSource, PlacementStatus, Standing, StudentKind};
use crate::rooms::handwork::{ExclusionCategory, Turn};
use crate::rooms::rules::TravelMode;
use crate::rooms::users::Role;

coded! {
    /// How an enrolment stands.
    EnrolmentStatus(codes::EnrolmentStatus)
}

coded! {
    /// Whether a place is needed in a period.
    Need(codes::Need)
}

/// Who a student is.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct DossierPerson {
    /// Number at the institute.
    number: String,
    /// Given name.
    given_name: String,
    /// Tussenvoegsel.
    prefix: Option<String>,
    /// Family name.
    family_name: String,
    /// Home postcode.
    postcode: Option<String>,
    /// Where letters go.
    email: Option<String>,
    /// How the student travels.
    travel_mode: Option<TravelMode>,
    /// The school where a zij-instromer works.
    workplace: Option<String>,
    /// How the student is trained.
    kind: StudentKind,
    /// Name of the institute.
    institute: String,
    /// Maatwerk: longest trip one way, in minutes.
    travel_limit: Option<u16>,
    /// Maatwerk: the only school.
    fixed_school: Option<String>,
    /// Names of schools where the student was before.
    earlier_schools: Vec<String>,
}

/// An enrolment.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct DossierEnrolment {
    /// Name and form of the programme.
    programme: String,
    /// Calendar year in which the cohort began.
    start_year: i32,
    /// Code of the phase.
    phase: String,
    /// How it stands.
    status: EnrolmentStatus,
    /// Since when.
    from: Day,
    /// First day on which it holds no more.
    until: Option<Day>,
}

/// What a student needs in a period, and wishes.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct DossierDemand {
    /// Name of the round.
    round: String,
    /// Name of the period.
    period: String,
    /// First day of the period.
    starts_on: Option<Day>,
    /// Last day of the period.
    ends_on: Option<Day>,
    /// Code of the phase.
    phase: String,
    /// Groups that fit.
    groups: String,
    /// Days of the week the student comes.
    weekdays: String,
    /// Whether a place is needed.
    need: Need,
    /// The partnership that sees to the place.
    partnership: Option<String>,
    /// Whether it takes part when a proposal is made.
    turn: Turn,
    /// Name of the team that stays together.
    team: Option<String>,
    /// Wishes, first wish first.
    wishes: Vec<String>,
    /// Why the latest proposal gives no place, or none at a kern school, in Dutch.
    explanation: Option<String>,
}

/// A place that a student has or had.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct DossierPlacement {
    /// Name of the round.
    round: String,
    /// Name of the period.
    period: String,
    /// Code of the school.
    school_code: String,
    /// Name of the school.
    school: String,
    /// What the school was to the student.
    standing: Standing,
    /// How far it is.
    status: PlacementStatus,
    /// Where it came from.
    source: PlacementSource,
    /// Name of the trainer.
    trainer: Option<String>,
    /// Extra guidance, for a place outside.
    guidance: Option<Guidance>,
    /// Why it was given by hand.
    reason: Option<String>,
}

/// A school that a student does not go to, decided by hand.
#[derive(Debug, Object)]
pub(crate) struct DossierExclusion {
    /// Name of the round.
    round: String,
    /// Name of the period.
    period: String,
    /// Name of the school.
    school: String,
    /// Why, as a category.
    category: ExclusionCategory,
}

/// A letter to a student.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct DossierLetter {
    /// Name of the round.
    round: String,
    /// When it was made.
    made_at: Moment,
    /// What it says.
    kind: LetterKind,
    /// Its text.
    text: String,
}

/// Something that was done with the data of a student.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct DossierTrace {
    /// When.
    at: Moment,
    /// What.
    kind: EventKind,
    /// About what, in Dutch.
    about: String,
    /// In which role.
    role: Option<Role>,
    /// Name of the account; absent at the command line, or when Kernschil did it by itself.
    who: Option<String>,
}

/// Everything that is kept about one student.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Dossier {
    /// The student.
    id: Uuid,
    /// When it was drawn up.
    made_at: Moment,
    /// Tells this state of the data from others; send it along with a correction.
    version: Uuid,
    /// Who it is.
    person: DossierPerson,
    /// Enrolments, the oldest first.
    enrolments: Vec<DossierEnrolment>,
    /// What is needed and wished.
    demands: Vec<DossierDemand>,
    /// Places, also those that were taken back, the oldest first.
    placements: Vec<DossierPlacement>,
    /// Schools the student does not go to.
    exclusions: Vec<DossierExclusion>,
    /// Letters to the student, the oldest first.
    letters: Vec<DossierLetter>,
    /// What the log tells, the oldest first.
    traces: Vec<DossierTrace>,
    /// What is kept of students in general, why and how long.
    register: Vec<RegisterEntry>,
}

impl From<app::DossierPerson> for DossierPerson {
    fn from(person: app::DossierPerson) -> Self {
        Self {
            number: person.number,
            given_name: person.given_name,
            prefix: person.prefix,
            family_name: person.family_name,
            postcode: person.postcode,
            email: person.email,
            travel_mode: person.travel_mode.map(TravelMode),
            workplace: person.workplace,
            kind: person.kind.into(),
            institute: person.institute,
            travel_limit: person.travel_limit,
            fixed_school: person.fixed_school,
            earlier_schools: person.earlier_schools,
        }
    }
}

impl From<app::DossierEnrolment> for DossierEnrolment {
    fn from(line: app::DossierEnrolment) -> Self {
        Self {
            programme: line.programme,
            start_year: line.start_year,
            phase: line.phase,
            status: line.status.into(),
            from: Day(line.from),
            until: line.until.map(Day),
        }
    }
}

impl From<app::DossierDemand> for DossierDemand {
    fn from(line: app::DossierDemand) -> Self {
        Self {
            round: line.round,
            period: line.period,
            starts_on: line.starts_on.map(Day),
            ends_on: line.ends_on.map(Day),
            phase: line.phase,
            groups: line.groups,
            weekdays: line.weekdays,
            need: line.need.into(),
            partnership: line.partnership,
            turn: Turn(line.turn),
            team: line.team,
            wishes: line.wishes,
            explanation: line.explanation,
        }
    }
}

impl From<app::DossierPlacement> for DossierPlacement {
    fn from(line: app::DossierPlacement) -> Self {
        Self {
            round: line.round,
            period: line.period,
            school_code: line.school_code,
            school: line.school,
            standing: line.standing.into(),
            status: line.status.into(),
            source: line.source.into(),
            trainer: line.trainer,
            guidance: line.guidance.map(Into::into),
            reason: line.reason,
        }
    }
}

impl From<app::DossierExclusion> for DossierExclusion {
    fn from(line: app::DossierExclusion) -> Self {
        Self { round: line.round, period: line.period, school: line.school, category: ExclusionCategory(line.category) }
    }
}

impl From<app::DossierLetter> for DossierLetter {
    fn from(line: app::DossierLetter) -> Self {
        Self { round: line.round, made_at: Moment(line.made_at), kind: LetterKind(line.kind), text: line.text }
    }
}

impl From<app::DossierTrace> for DossierTrace {
    fn from(line: app::DossierTrace) -> Self {
        Self { at: Moment(line.at), kind: line.kind.into(), about: line.about, role: line.role.map(Into::into), who: line.who }
    }
}

impl From<app::Dossier> for Dossier {
    fn from(dossier: app::Dossier) -> Self {
        Self {
            id: dossier.id.0,
            made_at: Moment(dossier.made_at),
            version: dossier.version,
            person: dossier.person.into(),
            enrolments: dossier.enrolments.into_iter().map(Into::into).collect(),
            demands: dossier.demands.into_iter().map(Into::into).collect(),
            placements: dossier.placements.into_iter().map(Into::into).collect(),
            exclusions: dossier.exclusions.into_iter().map(Into::into).collect(),
            letters: dossier.letters.into_iter().map(Into::into).collect(),
            traces: dossier.traces.into_iter().map(Into::into).collect(),
            register: dossier.register.into_iter().map(Into::into).collect(),
        }
    }
}
