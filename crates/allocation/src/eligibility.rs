//! The hard rules: which student may go to which place, and every reason why not.

mod tally;

use serde::{Deserialize, Serialize};

use crate::error::InputError;
use crate::index::Index;
use crate::input::{Demand, DemandKey, Input, Place, PlaceKey, SchoolKey};

pub(crate) use tally::Tally;

/// A hard rule that keeps a student from a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The place is for another period.
    Period,
    /// The place is not for the student's phase.
    Phase,
    /// No school group suits both.
    Groups,
    /// The school does not receive students on all days the student needs.
    Weekdays,
    /// The trip is longer than the travel limit.
    TravelLimit,
    /// The student has been at the school before.
    EarlierSchool,
    /// The student has a fixed school, and it is not this one.
    FixedSchool,
    /// The school is excluded by hand.
    Excluded,
    /// The student is pinned to another place by hand.
    Pinned,
    /// The place is reserved for others.
    Reserved,
    /// The school does not meet what the round asks of it for the student's phase.
    NotQualified,
    /// The school resembles an earlier one: the same board or kind.
    FamiliarSchool,
    /// The student had all school groups of the place before.
    FamiliarGroups,
}

impl Reason {
    /// All reasons, in the order in which they are reported.
    pub const ALL: [Self; 13] = [
        Self::Period,
        Self::Phase,
        Self::Groups,
        Self::Weekdays,
        Self::TravelLimit,
        Self::EarlierSchool,
        Self::FixedSchool,
        Self::Excluded,
        Self::Pinned,
        Self::Reserved,
        Self::NotQualified,
        Self::FamiliarSchool,
        Self::FamiliarGroups,
    ];
}

/// A set of [`Reason`]s, one bit each in the order of [`Reason::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reasons(u16);

impl Reasons {
    /// No reason: the student may go there.
    pub const NONE: Self = Self(0);
    /// Rules that no round can do without.
    pub const ALWAYS_HARD: Self = Self::of(&[Reason::Period, Reason::Excluded, Reason::Pinned, Reason::Reserved]);
    /// All rules but those on variety.
    pub const USUALLY_HARD: Self = Self((1 << Reason::FamiliarSchool as u16) - 1);

    /// The set of these reasons.
    pub const fn of(reasons: &[Reason]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < reasons.len() {
            bits |= 1 << reasons[at] as u16;
            at += 1;
        }
        Self(bits)
    }

    /// The reasons in either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The reasons in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// True when nothing stands in the way.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True when the reason is in the set.
    pub const fn contains(self, reason: Reason) -> bool {
        self.0 & (1 << reason as u16) != 0
    }

    /// The reasons in the set, in the order of [`Reason::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |&reason| self.contains(reason))
    }

    const fn len(self) -> u32 {
        self.0.count_ones()
    }

    fn add_if(&mut self, reason: Reason, holds: impl FnOnce() -> bool) {
        if holds() {
            self.0 |= 1 << reason as u16;
        }
    }
}

/// How many schools with places in the student's period are ruled out, by reason.
///
/// A school counts when none of its places is possible. It counts under every reason of the
/// place that comes nearest (fewest reasons), so one school may count under several reasons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Schools with a place in the period that were looked at, possible or not.
    pub considered: u32,
    /// Of those: schools that are possible.
    pub possible: u32,
    /// Ruled out by phase.
    pub phase: u32,
    /// Ruled out by school groups.
    pub groups: u32,
    /// Ruled out by weekdays.
    pub weekdays: u32,
    /// Ruled out by the travel limit.
    pub travel_limit: u32,
    /// Ruled out because the student has been there.
    pub earlier_school: u32,
    /// Ruled out because the student has another, fixed school.
    pub fixed_school: u32,
    /// Ruled out by hand.
    #[serde(default)]
    pub excluded: u32,
    /// Ruled out because the student is pinned elsewhere.
    #[serde(default)]
    pub pinned: u32,
    /// Ruled out because the places are reserved for others.
    #[serde(default)]
    pub reserved: u32,
    /// Ruled out because the school does not meet what the round asks of it for the phase.
    #[serde(default)]
    pub not_qualified: u32,
    /// Ruled out because the school resembles an earlier one.
    #[serde(default)]
    pub familiar_school: u32,
    /// Ruled out because the student had all its groups before.
    #[serde(default)]
    pub familiar_groups: u32,
}

impl Removed {
    fn count(&mut self, reasons: Reasons) {
        self.considered += 1;
        self.possible += u32::from(reasons.is_empty());
        for reason in reasons.iter() {
            match reason {
                Reason::Period => {}
                Reason::Phase => self.phase += 1,
                Reason::Groups => self.groups += 1,
                Reason::Weekdays => self.weekdays += 1,
                Reason::TravelLimit => self.travel_limit += 1,
                Reason::EarlierSchool => self.earlier_school += 1,
                Reason::FixedSchool => self.fixed_school += 1,
                Reason::Excluded => self.excluded += 1,
                Reason::Pinned => self.pinned += 1,
                Reason::Reserved => self.reserved += 1,
                Reason::NotQualified => self.not_qualified += 1,
                Reason::FamiliarSchool => self.familiar_school += 1,
                Reason::FamiliarGroups => self.familiar_groups += 1,
            }
        }
    }
}

/// All reasons why the student may not go to the place; none when it is possible. `None` when
/// the snapshot has no such demand or place.
pub fn why_not(input: &Input, demand: DemandKey, place: PlaceKey) -> Result<Option<Reasons>, InputError> {
    let index = Index::new(input)?;
    let demand = index.demands.iter().position(|row| row.key == demand);
    let place = index.place_number(place);
    Ok(demand.zip(place).map(|(demand, place)| reasons(&index, demand, place).and(index.hard)))
}

/// The rules that a pair breaks, whether they count in this round or not.
pub(crate) fn reasons(index: &Index<'_>, demand: usize, place: usize) -> Reasons {
    let (wanted, offered) = (index.demands[demand], index.places[place]);
    let mut reasons = place_reasons(wanted, offered);
    reasons.add_if(Reason::TravelLimit, || too_far(index, demand, place));
    reasons
}

fn too_far(index: &Index<'_>, demand: usize, place: usize) -> bool {
    let minutes = index.minutes(demand, index.place_school[place]);
    minutes.zip(index.travel_limit(demand)).is_some_and(|(minutes, limit)| minutes > limit)
}

fn place_reasons(wanted: &Demand, offered: &Place) -> Reasons {
    let school = offered.school;
    let mut reasons = Reasons::NONE;
    reasons.add_if(Reason::Period, || offered.period != wanted.period);
    reasons.add_if(Reason::Phase, || !offered.phases.is_empty() && !offered.phases.contains(&wanted.phase));
    reasons.add_if(Reason::Groups, || !wanted.groups.meets(offered.groups));
    reasons.add_if(Reason::Weekdays, || !wanted.weekdays.within(offered.weekdays));
    reasons.add_if(Reason::EarlierSchool, || wanted.earlier_schools.contains(&school));
    reasons.add_if(Reason::FixedSchool, || wanted.only_school.is_some_and(|only| only != school));
    reasons.add_if(Reason::Excluded, || wanted.excluded_schools.contains(&school));
    reasons.add_if(Reason::Pinned, || wanted.pinned.is_some_and(|pinned| pinned != offered.key));
    reasons.add_if(Reason::Reserved, || !offered.reserved_for.is_empty() && !offered.reserved_for.contains(&wanted.key));
    reasons.add_if(Reason::NotQualified, || offered.refuses.contains(&wanted.phase));
    reasons.add_if(Reason::FamiliarSchool, || wanted.familiar_schools.contains(&school));
    reasons.add_if(Reason::FamiliarGroups, || offered.reserved_for.is_empty() && offered.groups.all_within(wanted.familiar_groups));
    reasons
}

impl Reasons {
    fn min_by_len(self, other: Self) -> Self {
        if (other.len(), other) < (self.len(), self) { other } else { self }
    }
}

/// How a place relates to the wish list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WishFit {
    /// The student made no list.
    NoList,
    /// The school is on the list at this rank, from 1.
    Rank(u8),
    /// The school is not on the list.
    NotListed,
}

impl WishFit {
    pub(crate) const fn rank(self) -> Option<u8> {
        match self {
            Self::Rank(rank) => Some(rank),
            Self::NoList | Self::NotListed => None,
        }
    }
}

/// Rank of a school on a wish list; the best one when it is listed twice.
pub(crate) fn wish_fit(demand: &Demand, school: SchoolKey) -> WishFit {
    if demand.wishes.is_empty() {
        return WishFit::NoList;
    }
    let position = demand.wishes.iter().position(|wish| wish.schools.contains(&school));
    let rank = position.and_then(|position| u8::try_from(position + 1).ok());
    rank.map_or(WishFit::NotListed, WishFit::Rank)
}

/// True when no hard rule stands in the way; the same rules as [`reasons`], cheapest first.
pub(crate) fn eligible(index: &Index<'_>, demand: usize, place: usize) -> bool {
    let kept_near = index.hard.contains(Reason::TravelLimit);
    !(kept_near && too_far(index, demand, place)) && place_reasons(index.demands[demand], index.places[place]).and(index.hard).is_empty()
}
