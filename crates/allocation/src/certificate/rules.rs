//! The rules and the levels, in the words of the manual.

use crate::cost::{Level, MAX_WORDS, lot};
use crate::eligibility::Reason;
use crate::input::{Demand, FinalPhase, Firmness, LastTrip, PeriodKey, SchoolKey, Standing, UNKNOWN_MINUTES};

use super::{Check, Seeker, Spot, Words};

impl<'a> Check<'a> {
    #[inline]
    fn breaks(&self, reason: Reason, demand: &Seeker<'_>, place: &Spot<'_>) -> bool {
        let all_if_none = |mask: u8| if mask == 0 { 0xff } else { mask };
        let school = place.school;
        match reason {
            Reason::Period => place.period != demand.period,
            Reason::Phase => !(place.phases.is_empty() || place.phases.contains(&demand.phase)),
            Reason::Groups => all_if_none(demand.groups.0) & all_if_none(place.groups.0) == 0,
            Reason::Weekdays => demand.weekdays.0 & place.weekdays.0 != demand.weekdays.0,
            Reason::TravelLimit => {
                let limits = [demand.travel_limit, self.input.settings.travel_limit];
                demand.minutes(place).is_some_and(|minutes| limits.into_iter().flatten().any(|limit| minutes > limit))
            }
            Reason::EarlierSchool => demand.earlier_schools.contains(&school),
            Reason::FixedSchool => demand.only_school.is_some() && demand.only_school != Some(school),
            Reason::Excluded => demand.excluded_schools.contains(&school),
            Reason::Pinned => demand.pinned.is_some() && demand.pinned != Some(place.key),
            Reason::Reserved => !(place.reserved_for.is_empty() || place.reserved_for.contains(&demand.key)),
            Reason::NotQualified => place.refuses.contains(&demand.phase),
            Reason::FamiliarSchool => demand.familiar_schools.contains(&school),
            Reason::FamiliarGroups => {
                let groups = all_if_none(place.groups.0);
                place.reserved_for.is_empty() && groups & demand.familiar_groups.0 == groups
            }
        }
    }

    /// The hard rules that the pair breaks.
    pub(super) fn broken_rules(&self, demand: &Seeker<'_>, place: &Spot<'_>) -> impl Iterator<Item = Reason> {
        self.hard.iter().copied().filter(|&reason| self.breaks(reason, demand, place))
    }

    /// All rules that the pair breaks, hard or not, as bits. Written out, for it is asked of every student and place.
    pub(super) fn all_broken(&self, demand: &Seeker<'_>, place: &Spot<'_>) -> u32 {
        let bit = |reason: Reason| u32::from(self.breaks(reason, demand, place)) << reason as u32;
        bit(Reason::Period)
            | bit(Reason::Phase)
            | bit(Reason::Groups)
            | bit(Reason::Weekdays)
            | bit(Reason::TravelLimit)
            | bit(Reason::EarlierSchool)
            | bit(Reason::FixedSchool)
            | bit(Reason::Excluded)
            | bit(Reason::Pinned)
            | bit(Reason::Reserved)
            | bit(Reason::NotQualified)
            | bit(Reason::FamiliarSchool)
            | bit(Reason::FamiliarGroups)
    }

    pub(super) fn possible(&self, demand: &Seeker<'_>, place: &Spot<'_>) -> bool {
        self.broken_rules(demand, place).next().is_none()
    }

    /// The places that no hard rule keeps the student from.
    pub(super) fn possible_for(&self, demand: &Seeker<'_>) -> impl Iterator<Item = &Spot<'a>> {
        self.plain.in_reach(demand).filter(|place| self.possible(demand, place))
    }

    pub(super) fn wish_rank(demand: &Demand, school: SchoolKey) -> Option<usize> {
        let position = demand.wishes.iter().position(|wish| wish.schools.contains(&school));
        position.map(|position| position + 1)
    }

    /// Value of one level for one student at one place or at none.
    pub(super) fn value(&self, level: Level, demand: &Seeker<'_>, place: Option<&Spot<'_>>) -> i64 {
        let is_final = demand.final_phase == FinalPhase::Final;
        let gives_up =
            |firmness| demand.keeps.is_some_and(|keep| keep.firmness == firmness && place.map(|place| place.key) != Some(keep.place));
        match level {
            Level::AnnouncedMoved => return gives_up(Firmness::Announced).into(),
            Level::DraftMoved => return gives_up(Firmness::Draft).into(),
            _ => {}
        }
        let Some(place) = place else {
            return match level {
                Level::FinalNotPlaced => i64::from(is_final),
                Level::NotPlaced => i64::from(!is_final),
                _ => 0,
            };
        };
        let standing = || demand.standing(place);
        let minutes = || demand.minutes(place).unwrap_or(UNKNOWN_MINUTES);
        let times = if demand.last_trip == LastTrip::Long { 2 } else { 1 };
        let rank = || Self::wish_rank(demand, place.school);
        let broken = |reason| i64::from(self.breaks(reason, demand, place));
        match level {
            Level::FinalNotPlaced | Level::NotPlaced | Level::AnnouncedMoved | Level::DraftMoved | Level::Shortfall | Level::Spread => 0,
            Level::NotCovered => i64::from(standing() > Standing::Schil),
            Level::Ladder => standing() as i64,
            Level::NotListed => i64::from(!demand.wishes.is_empty() && rank().is_none()),
            Level::WishRank(wanted) => i64::from(rank() == Some(usize::from(wanted))),
            Level::TripsOver60 => times * i64::from(minutes() > 60),
            Level::TripsOver45 => times * i64::from(minutes() > 45),
            Level::Minutes => times * i64::from(minutes()),
            Level::Variety => broken(Reason::FamiliarSchool) + broken(Reason::FamiliarGroups),
            Level::Broken(reason) => broken(reason),
            Level::Lot => place.offered_by.map_or(0, |school| {
                let lot = lot(self.input.settings.seed, demand, school, place);
                i64::try_from(lot).unwrap_or(i64::MAX)
            }),
        }
    }

    /// The soft minimum of a school in a period.
    pub(super) fn minimum(&self, school: SchoolKey, period: PeriodKey) -> u32 {
        let minimums = self.schools.get(&school).map_or(&[][..], |school| &school.minimum);
        minimums.iter().find(|minimum| minimum.period == period).map_or(0, |minimum| minimum.cap)
    }

    /// Value of one level for the number of students at a school in a period.
    pub(super) fn school_value(&self, level: Level, (school, period): (SchoolKey, PeriodKey), students: u32) -> i64 {
        match level {
            Level::Shortfall => self.minimum(school, period).saturating_sub(students).into(),
            Level::Spread => {
                let room = i64::from(self.room.get(&(school, period)).copied().unwrap_or(0));
                (0..i64::from(students)).map(|before| (100 * before).checked_div(room).unwrap_or(0)).sum()
            }
            _ => 0,
        }
    }

    /// Of the levels that count students at a school: what the periods without places add.
    pub(super) fn value_elsewhere(&self, level: Level) -> i64 {
        if level != Level::Shortfall {
            return 0;
        }
        let minimums = self.input.schools.iter().flat_map(|school| school.minimum.iter().map(move |minimum| (school.key, minimum)));
        minimums.filter(|(key, minimum)| !self.room.contains_key(&(*key, minimum.period))).map(|(_, minimum)| i64::from(minimum.cap)).sum()
    }

    pub(super) fn packed(&self, value: impl Fn(Level) -> i64) -> Words {
        let mut cost = [0; MAX_WORDS];
        for packed in &self.proposal.certificate.levels {
            cost[packed.word] += packed.weight * i128::from(value(packed.level));
        }
        cost
    }

    pub(super) fn cost(&self, demand: &Seeker<'_>, place: Option<&Spot<'_>>) -> Words {
        self.packed(|level| self.value(level, demand, place))
    }
}
