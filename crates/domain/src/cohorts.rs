//! Who is trained: cohorts, students and zij-instromers, and where they are in their studies.

use serde::{Deserialize, Serialize};

use crate::codes::{EnrolmentStatus, StudentKind};
use crate::ids::{CohortId, InstituteId, ProgrammeId, SchoolId, StudentId, StudyPhaseId};
use crate::periods::Span;
use crate::policy::TravelMode;
use crate::values::{Postcode, StudentNumber};

/// The students who began a programme in the same year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// Identifier.
    pub id: CohortId,
    /// The programme.
    pub programme: ProgrammeId,
    /// Calendar year in which they began.
    pub start_year: i32,
}

/// What personal circumstances change about a placement ("maatwerk"). Only the effect is kept, never
/// the reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomEffect {
    /// Longest travel time for this student, one way, in minutes.
    pub travel_limit: Option<u16>,
    /// The only school where this student can be.
    pub fixed_school: Option<SchoolId>,
}

/// A student or zij-instromer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Student {
    /// Identifier.
    pub id: StudentId,
    /// The institute.
    pub institute: InstituteId,
    /// Number at the institute; unique there.
    pub number: StudentNumber,
    /// Given name.
    pub given_name: String,
    /// Tussenvoegsel, such as `van 't`.
    pub prefix: Option<String>,
    /// Family name without tussenvoegsel.
    pub family_name: String,
    /// Postcode of the home address, for travel times only.
    pub postcode: Option<Postcode>,
    /// Student or zij-instromer.
    pub kind: StudentKind,
    /// What is different for this student.
    pub custom: CustomEffect,
    /// Schools where the student was before; not again there.
    pub earlier_schools: Vec<SchoolId>,
    /// Where letters go.
    pub email: Option<String>,
    /// How the student travels, when known.
    pub travel_mode: Option<TravelMode>,
    /// The school where a zij-instromer works.
    pub workplace: Option<SchoolId>,
}

impl Student {
    /// The name as one is addressed: given name, tussenvoegsel, family name. Who was made unrecognisable has no given
    /// name.
    pub fn full_name(&self) -> String {
        joined(&[&self.given_name, self.prefix.as_deref().unwrap_or_default(), &self.family_name])
    }

    /// The name as in a Dutch list: family name first, tussenvoegsel last.
    pub fn list_name(&self) -> String {
        match joined(&[&self.given_name, self.prefix.as_deref().unwrap_or_default()]) {
            first if first.is_empty() => self.family_name.clone(),
            first => format!("{}, {first}", self.family_name),
        }
    }
}

/// Words with a space between them; what is empty is left out.
fn joined(words: &[&str]) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// A student's place in a cohort and phase for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The student.
    pub student: StudentId,
    /// The cohort.
    pub cohort: CohortId,
    /// The phase.
    pub phase: StudyPhaseId,
    /// How it stands.
    pub status: EnrolmentStatus,
    /// When.
    pub span: Span,
}
