//! Every outcome by itself, and what they add up to.

use std::collections::HashMap;

use crate::input::{Firmness, SchoolKey, Standing, TeamKey};
use crate::proposal::{Bottleneck, Figures, Outcome, Placed};

use super::{Check, Seeker, Spot, Violation, count};

impl Check<'_> {
    /// Every outcome by itself, the levels and the figures.
    pub(super) fn assignments(&mut self) {
        let proposal = self.proposal;
        let mut objective = vec![0_i64; proposal.objective.len()];
        let mut figures = Figures {
            by_wish: vec![0; proposal.figures.by_wish.len()],
            pairs: proposal.figures.pairs,
            demands: count(self.input.demands.len()),
            offered: self.input.places.iter().map(|place| u64::from(place.count)).sum(),
            ..Figures::default()
        };
        for (key, outcome) in &proposal.assignments {
            let Some(demand) = self.demands.get(key).copied() else { continue };
            let place = match outcome {
                Outcome::Unplaced(_) => {
                    figures.unplaced += 1;
                    None
                }
                Outcome::Placed(placed) => {
                    let Some(&place) = self.places.get(&placed.place) else {
                        self.violations.push(Violation::UnknownPlace(*key, placed.place));
                        continue;
                    };
                    self.placed(&demand, &place, placed);
                    count_placed(&mut figures, &demand, &place, placed.standing);
                    Some(place)
                }
            };
            if let Some(keep) = demand.keeps {
                match keep.firmness {
                    _ if place.as_ref().map(|place| place.key) == Some(keep.place) => figures.kept += 1,
                    Firmness::Announced => figures.announced_moved += 1,
                    Firmness::Draft => figures.draft_moved += 1,
                }
            }
            for (sum, (level, _)) in objective.iter_mut().zip(&proposal.objective) {
                *sum += self.value(*level, &demand, place.as_ref());
            }
        }
        for (sum, (level, value)) in objective.iter_mut().zip(&proposal.objective) {
            let here = |site| self.school_value(*level, site, self.at_site.get(&site).copied().unwrap_or(0));
            *sum += self.value_elsewhere(*level) + self.room.keys().map(|&site| here(site)).sum::<i64>();
            if *sum != *value {
                self.violations.push(Violation::Objective(*level));
            }
        }
        figures.shortfall = self.shortfall();
        if figures != proposal.figures {
            self.violations.push(Violation::Figures);
        }
    }

    fn shortfall(&self) -> u64 {
        let minimums = self.input.schools.iter().flat_map(|school| school.minimum.iter().map(move |minimum| (school.key, minimum)));
        let short = minimums.map(|(key, minimum)| {
            let here = self.at_site.get(&(key, minimum.period)).copied().unwrap_or(0);
            u64::from(minimum.cap.saturating_sub(here))
        });
        short.sum()
    }

    /// One placed student: allowed, told right, and counted against every capacity.
    fn placed(&mut self, demand: &Seeker<'_>, place: &Spot<'_>, placed: &Placed) {
        let broken: Vec<Violation> = self.broken_rules(demand, place).map(|reason| Violation::Forbidden(demand.key, reason)).collect();
        self.violations.extend(broken);
        let standing = demand.standing(place);
        let crew = self.schools.get(&place.school).map_or(&[][..], |school| &school.trainers);
        let right_trainer = match placed.trainer {
            Some(trainer) => crew.contains(&trainer),
            None => crew.is_empty(),
        };
        let rank = placed.wish_rank.map(usize::from);
        let right = right_trainer
            && placed.school == place.school
            && placed.standing == standing
            && placed.minutes == demand.minutes(place)
            && rank == Self::wish_rank(demand, place.school)
            && placed.why_not_kern.is_none() == (standing == Standing::Kern);
        if !right {
            self.violations.push(Violation::WrongFact(demand.key));
        }
        let site = (place.school, place.period);
        *self.at_site.entry(site).or_default() += 1;
        let trainer = placed.trainer.and_then(|trainer| self.trainer_cap(trainer, place.period));
        let uses = [Some(Bottleneck::Place(place.key, place.count)), self.total(site), trainer, self.board_cap(site)];
        for capacity in uses.into_iter().flatten() {
            *self.used.entry(capacity).or_default() += 1;
        }
        self.outside += u32::from(standing == Standing::Outside);
    }

    pub(super) fn capacities(&mut self) {
        if let Some(cap) = self.input.settings.outside_cap {
            self.used.insert(Bottleneck::OutsideGuidance(cap), self.outside);
        }
        let over = self.used.iter().filter(|&(capacity, &used)| used > capacity.cap());
        let over: Vec<_> = over.map(|(&capacity, &used)| Violation::Over(capacity, used)).collect();
        self.violations.extend(over);
    }

    /// Nobody alone, and teams at one school.
    pub(super) fn together(&mut self) {
        let mut violations = Vec::new();
        for (&(school, period), &students) in &self.at_site {
            let least = self.schools.get(&school).map_or(0, |school| school.least);
            if students > 0 && students < least {
                violations.push(Violation::Alone(school, period, students));
            }
        }
        let mut at: HashMap<TeamKey, SchoolKey> = HashMap::new();
        for (key, outcome) in &self.proposal.assignments {
            let team = self.demands.get(key).and_then(|demand| demand.team);
            if let (Some(team), Outcome::Placed(placed)) = (team, outcome)
                && *at.entry(team).or_insert(placed.school) != placed.school
            {
                violations.push(Violation::Apart(team));
            }
        }
        self.violations.extend(violations);
    }
}

fn count_placed(figures: &mut Figures, demand: &Seeker<'_>, place: &Spot<'_>, standing: Standing) {
    match standing {
        Standing::Kern => figures.kern += 1,
        Standing::Schil => figures.schil += 1,
        Standing::SchilUnmet => figures.schil_unmet += 1,
        Standing::Outside => figures.outside += 1,
    }
    let slot = Check::wish_rank(demand, place.school).and_then(|rank| figures.by_wish.get_mut(rank - 1));
    match slot {
        Some(count) => *count += 1,
        None => figures.not_listed += u32::from(!demand.wishes.is_empty()),
    }
}
