//! Who is waited for: what each school of a round said about its places.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::codes::AnswerState;
use crate::ids::SchoolId;
use crate::rounds::RoundData;

/// What a school said. Not having answered is a state of its own, never zero places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It did not answer yet.
    Waiting,
    /// It has no places this time.
    NoPlaces,
    /// It offers so many places, over all periods.
    Places(u32),
}

impl Answer {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::NoPlaces => "none",
            Self::Places(_) => "places",
        }
    }
}

/// The schools of the round's partnerships on its first day, each with what it said. A school with an offer has
/// answered with that, whoever noted what.
pub fn answers(data: &RoundData, first_day: NaiveDate) -> BTreeMap<SchoolId, Answer> {
    let mut offered: BTreeMap<SchoolId, u32> = BTreeMap::new();
    for offer in data.offers.values() {
        *offered.entry(offer.school).or_default() += u32::try_from(offer.count).unwrap_or_default();
    }
    let answer = |school: SchoolId| match (offered.get(&school), data.answers.get(&school).map(|answer| answer.state)) {
        (Some(0), _) | (None, Some(AnswerState::None)) => Answer::NoPlaces,
        (Some(places), _) => Answer::Places(*places),
        (None, Some(AnswerState::Waiting) | None) => Answer::Waiting,
    };
    members(data, first_day).into_iter().map(|school| (school, answer(school))).collect()
}

/// The schools that are still open and belong to a partnership of the round on a date.
fn members(data: &RoundData, date: NaiveDate) -> BTreeSet<SchoolId> {
    let memberships = data.registry.school_memberships.values().flatten();
    let own = memberships.filter(|m| data.round.partnerships.contains(&m.partnership) && m.span.holds_on(date));
    let open = |school: &SchoolId| {
        let school = data.registry.schools.get(school);
        school.is_some_and(|school| school.closed_on.is_none_or(|closed| closed > date))
    };
    own.map(|membership| membership.school).filter(open).collect()
}
