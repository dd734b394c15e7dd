//! What explanations and shortages state.

use crate::eligibility::{Reason, Removed};
use crate::input::Standing;
use crate::proposal::{Explanation, Outcome, Placed, Side};

use super::{Check, Seeker, Violation};

impl Check<'_> {
    pub(super) fn explanations(&mut self) {
        let mut wrong = Vec::new();
        for (key, outcome) in &self.proposal.assignments {
            let Some(demand) = self.demands.get(key) else { continue };
            let (given, only) = match outcome {
                Outcome::Unplaced(given) => (given, None),
                Outcome::Placed(Placed { why_not_kern: Some(given), .. }) => (given, Some(Standing::Kern)),
                Outcome::Placed(_) => continue,
            };
            if !self.explains(demand, given, only) {
                wrong.push(Violation::Explanation(*key));
            }
        }
        self.violations.extend(wrong);
    }

    /// True when the counts of an explanation are right and fit its kind, and what it names as full
    /// is full.
    fn explains(&self, demand: &Seeker<'_>, given: &Explanation, only: Option<Standing>) -> bool {
        let (Explanation::NoCandidate { removed }
        | Explanation::Full { removed, .. }
        | Explanation::Held { removed, .. }
        | Explanation::Outranked { removed }) = given;
        let recounted = self.recounted(demand, only);
        let fits = match given {
            Explanation::NoCandidate { .. } => recounted.possible == 0,
            Explanation::Full { bottlenecks, .. } => {
                recounted.possible > 0 && !bottlenecks.is_empty() && bottlenecks.iter().all(|&capacity| self.is_full(capacity))
            }
            Explanation::Held { by, .. } => recounted.possible > 0 && by.iter().all(|&side| self.holds(demand, side)),
            Explanation::Outranked { .. } => recounted.possible > 0 && only.is_some(),
        };
        fits && *removed == recounted
    }

    /// True when the rule is no capacity and can be in the way of this student.
    fn holds(&self, demand: &Seeker<'_>, side: Side) -> bool {
        match side {
            Side::Least(school, period) => period == demand.period && self.schools.get(&school).is_some_and(|school| school.least > 1),
            Side::Team(team) => demand.team == Some(team),
            Side::Board(..) | Side::Trainer(..) | Side::School(..) | Side::Outside => false,
        }
    }

    fn recounted(&self, demand: &Seeker<'_>, only: Option<Standing>) -> Removed {
        let (mut considered, mut possible) = (0, 0);
        let mut counts = [0; Reason::ALL.len()];
        let hard = self.hard.iter().fold(0, |hard, &reason| hard | 1 << reason as u32);
        for school in self.plain.in_period(demand.period).chunk_by(|one, other| one.school == other.school) {
            if only.is_some_and(|standing| school.first().is_none_or(|place| demand.standing(place) != standing)) {
                continue;
            }
            let found = |place| {
                let broken = hard & self.all_broken(demand, place);
                (broken.count_ones(), broken)
            };
            let Some((_, mut broken)) = school.iter().map(found).min() else { continue };
            considered += 1;
            possible += u32::from(broken == 0);
            while broken != 0 {
                counts[broken.trailing_zeros() as usize] += 1;
                broken &= broken - 1;
            }
        }
        let having = |reason: Reason| counts[reason as usize];
        Removed {
            considered,
            possible,
            phase: having(Reason::Phase),
            groups: having(Reason::Groups),
            weekdays: having(Reason::Weekdays),
            travel_limit: having(Reason::TravelLimit),
            earlier_school: having(Reason::EarlierSchool),
            fixed_school: having(Reason::FixedSchool),
            excluded: having(Reason::Excluded),
            pinned: having(Reason::Pinned),
            reserved: having(Reason::Reserved),
            not_qualified: having(Reason::NotQualified),
            familiar_school: having(Reason::FamiliarSchool),
            familiar_groups: having(Reason::FamiliarGroups),
        }
    }

    pub(super) fn shortages(&mut self) {
        let proposal = self.proposal;
        let mut short = 0;
        let mut good = true;
        for shortage in &proposal.shortages {
            short += u64::from(shortage.short);
            let room: u64 = shortage.capacities.iter().map(|&c| u64::from(c.cap())).sum();
            let closes = u64::from(shortage.students) == u64::from(shortage.short) + room;
            let by_phase: u64 = shortage.by_phase.iter().map(|row| u64::from(row.short)).sum();
            good &= (closes || !proposal.crossing.is_empty())
                && by_phase == u64::from(shortage.short)
                && shortage.capacities.iter().all(|&capacity| self.is_full(capacity));
        }
        if !good || short != u64::from(proposal.figures.unplaced) {
            self.violations.push(Violation::Shortage);
        }
    }
}
