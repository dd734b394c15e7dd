//! What a school is to the students of an institute on a date: kern, schil or outside.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes::{ConditionKind, EvidenceKind, InspectionJudgement, QualificationKind, Tier};
use crate::ids::{InstituteId, PartnershipId, SchoolId};
use crate::registry::{Registry, SchoolMembership, TierCondition};
use crate::rounds::RoundData;

/// What a school is to a student: a step on Almere's ladder (seed 003), best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// A kern school of a partnership of the student's institute.
    Kern,
    /// A schil school that meets the conditions its partnership sets.
    Schil,
    /// A schil school that does not meet them (yet): not counted as samen opleiden.
    SchilUnmet,
    /// No member of a partnership of the student's institute.
    Outside,
}

impl Standing {
    /// All, best first.
    pub const ALL: [Self; 4] = [Self::Kern, Self::Schil, Self::SchilUnmet, Self::Outside];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kern => "kern",
            Self::Schil => "schil",
            Self::SchilUnmet => "schil-unmet",
            Self::Outside => "outside",
        }
    }

    /// The Dutch word.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Kern => "kern",
            Self::Schil => "schil",
            Self::SchilUnmet => "schil, voorwaarden niet gehaald",
            Self::Outside => "buiten",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }

    /// Whether a student there is trained according to the framework, by the definition of DOMAIN 7.
    pub fn is_covered(self) -> bool {
        matches!(self, Self::Kern | Self::Schil)
    }
}

/// A condition that a school does not meet, with what was found instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmetCondition {
    /// The partnership that asks it.
    pub partnership: PartnershipId,
    /// What is asked.
    pub kind: ConditionKind,
    /// How much is asked.
    pub asked: Option<i32>,
    /// What was found, where it is a number.
    pub found: Option<i32>,
}

impl UnmetCondition {
    /// A Dutch sentence that says what is missing.
    pub fn dutch(&self) -> String {
        let (asked, found) = (self.asked.unwrap_or_default(), self.found.unwrap_or_default());
        match self.kind {
            ConditionKind::CertifiedSchoolTrainer => "geen schoolopleider met een geldig certificaat of registratie".to_owned(),
            ConditionKind::TrainedMentors if self.found.is_none() => {
                format!("niet bekend hoeveel mentoren getraind zijn (gevraagd {asked}%)")
            }
            ConditionKind::TrainedMentors => {
                format!("{found}% van de mentoren getraind (gevraagd {asked}%)")
            }
            ConditionKind::InspectionJudgement => "de inspectie beoordeelt de school als onvoldoende of zeer zwak".to_owned(),
            ConditionKind::MinimumPlaces => {
                format!("{found} plekken aangeboden (gevraagd {asked})")
            }
            ConditionKind::GuidedByKern => "geen maatje uit de kern".to_owned(),
        }
    }
}

/// The conditions of a membership's partnership that the school does not meet on a date.
///
/// `places` is the number of places the school offers in the round at hand.
pub fn unmet_conditions(registry: &Registry, membership: &SchoolMembership, places: i32, date: NaiveDate) -> Vec<UnmetCondition> {
    let asked = registry.conditions.iter().filter(|c| c.partnership == membership.partnership && c.tier == membership.tier);
    asked.filter_map(|condition| unmet(registry, membership, condition, places, date)).collect()
}

fn unmet(
    registry: &Registry,
    membership: &SchoolMembership,
    condition: &TierCondition,
    places: i32,
    date: NaiveDate,
) -> Option<UnmetCondition> {
    let missing =
        |found| Some(UnmetCondition { partnership: condition.partnership, kind: condition.kind, asked: condition.parameter, found });
    let asked = condition.parameter.unwrap_or_default();
    match condition.kind {
        ConditionKind::CertifiedSchoolTrainer => {
            if has_certified_trainer(registry, membership.school, date) {
                None
            } else {
                missing(None)
            }
        }
        ConditionKind::TrainedMentors => {
            let share = evidence(registry, membership.school, EvidenceKind::TrainedMentors, date).and_then(|v| v.parse().ok());
            if share.is_some_and(|share: i32| share >= asked) { None } else { missing(share) }
        }
        ConditionKind::InspectionJudgement => {
            // No judgement known is no reason to refuse: the inspectorate does not judge every school.
            let judgement = evidence(registry, membership.school, EvidenceKind::InspectionJudgement, date);
            match judgement.and_then(InspectionJudgement::parse) {
                Some(InspectionJudgement::Insufficient | InspectionJudgement::VeryWeak) => missing(None),
                _ => None,
            }
        }
        ConditionKind::MinimumPlaces => {
            if places >= asked {
                None
            } else {
                missing(Some(places))
            }
        }
        ConditionKind::GuidedByKern => {
            if is_guided(registry, membership, date) {
                None
            } else {
                missing(None)
            }
        }
    }
}

fn evidence(registry: &Registry, school: SchoolId, kind: EvidenceKind, date: NaiveDate) -> Option<&str> {
    let known = registry.evidence.get(&school)?;
    let current = known.iter().filter(|e| e.kind == kind && e.span.holds_on(date)).max_by_key(|e| e.span.from)?;
    Some(&current.value)
}

/// Whether a trainer of the school holds a valid certificate or registration on a date.
pub fn has_certified_trainer(registry: &Registry, school: SchoolId, date: NaiveDate) -> bool {
    registry.trainers_of(school, date).iter().any(|trainer| {
        let held = registry.qualifications.get(&trainer.id).map(Vec::as_slice).unwrap_or_default();
        held.iter()
            .any(|q| matches!(q.kind, QualificationKind::Brlo | QualificationKind::SchoolTrainerCertificate) && q.span.holds_on(date))
    })
}

fn is_guided(registry: &Registry, membership: &SchoolMembership, date: NaiveDate) -> bool {
    let by_school = membership
        .buddy
        .is_some_and(|buddy| registry.memberships_of(buddy, date).any(|m| m.partnership == membership.partnership && m.tier == Tier::Kern));
    let Some(board) = registry.board_of(membership.school, date) else {
        return by_school;
    };
    let kern_board = |id| {
        registry
            .board_memberships
            .iter()
            .any(|m| m.board == id && m.partnership == membership.partnership && m.tier == Tier::Kern && m.span.holds_on(date))
    };
    by_school
        || registry.board_memberships.iter().any(|m| {
            m.board == board.id && m.partnership == membership.partnership && m.span.holds_on(date) && m.buddy.is_some_and(kern_board)
        })
}

/// Answers what a school is to an institute's students, and remembers the answer.
pub struct Standings<'a> {
    data: &'a RoundData,
    places: HashMap<SchoolId, i32>,
    partnerships: HashMap<(InstituteId, NaiveDate), Vec<PartnershipId>>,
    known: HashMap<(InstituteId, SchoolId, NaiveDate), Standing>,
}

impl<'a> Standings<'a> {
    /// Over one round.
    pub fn new(data: &'a RoundData) -> Self {
        let mut places = HashMap::new();
        for offer in data.offers.values() {
            *places.entry(offer.school).or_insert(0) += offer.count;
        }
        Self { data, places, partnerships: HashMap::new(), known: HashMap::new() }
    }

    /// Number of places a school offers in the round, over all periods.
    pub fn places(&self, school: SchoolId) -> i32 {
        self.places.get(&school).copied().unwrap_or_default()
    }

    /// The best of what the school is in the partnerships of the institute on a date. For an
    /// institute that takes part in none (its students do not count, DOMAIN 7) the partnerships of
    /// the round are looked at, so that they too get the best place there is.
    pub fn standing(&mut self, institute: InstituteId, school: SchoolId, date: NaiveDate) -> Standing {
        if let Some(known) = self.known.get(&(institute, school, date)) {
            return *known;
        }
        let registry = &self.data.registry;
        let places = self.places(school);
        let partnerships = self.partnerships.entry((institute, date)).or_insert_with(|| {
            let own = registry.partnerships_of(institute, date);
            if own.is_empty() { self.data.round.partnerships.clone() } else { own }
        });
        let memberships = registry.memberships_of(school, date).filter(|m| partnerships.contains(&m.partnership));
        let standing = memberships
            .map(|m| match m.tier {
                Tier::Kern => Standing::Kern,
                Tier::Schil if unmet_conditions(registry, m, places, date).is_empty() => Standing::Schil,
                Tier::Schil => Standing::SchilUnmet,
            })
            .min()
            .unwrap_or(Standing::Outside);
        self.known.insert((institute, school, date), standing);
        standing
    }
}
