//! Who guides at which school, and what is left of how many they can guide.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_allocation as engine;
use kernschil_domain::ids::{PeriodId, SchoolId, TrainerId};

use super::keys::{MOST_PARTS, period_key, stable_hash, trainer_key};
use super::{Builder, cap};

/// The schools where each trainer may guide, per period.
pub(super) struct Guides(BTreeMap<TrainerId, BTreeMap<PeriodId, BTreeSet<SchoolId>>>);

impl Guides {
    /// The trainers of a school as the engine knows them. To the engine somebody guides at a school in all periods or in
    /// none. Who does not, is somebody else in each period: a part, who guides nobody in the other periods.
    pub(super) fn of_school(&self, school: SchoolId) -> Vec<engine::TrainerKey> {
        let mut keys = Vec::new();
        for (trainer, periods) in &self.0 {
            let here = periods.values().enumerate().filter(|(_, schools)| schools.contains(&school));
            if is_the_same_throughout(periods) {
                keys.extend((here.count() > 0).then(|| trainer_key(*trainer, 0)));
            } else {
                keys.extend(here.map(|(at, _)| trainer_key(*trainer, at + 1)));
            }
        }
        keys
    }
}

fn is_the_same_throughout(periods: &BTreeMap<PeriodId, BTreeSet<SchoolId>>) -> bool {
    let mut sets = periods.values();
    let first = sets.next();
    periods.len() > MOST_PARTS || sets.all(|schools| Some(schools) == first)
}

impl Builder<'_> {
    pub(super) fn guides(&self) -> Guides {
        let mut guides: BTreeMap<_, BTreeMap<_, BTreeSet<_>>> = BTreeMap::new();
        for school in self.all_schools() {
            for period in self.data.periods.keys() {
                for trainer in self.data.guides_of(school, *period) {
                    let nowhere = || self.data.periods.keys().map(|period| (*period, BTreeSet::new())).collect();
                    guides.entry(trainer.id).or_insert_with(nowhere).entry(*period).or_default().insert(school);
                }
            }
        }
        Guides(guides)
    }

    pub(super) fn trainers(&self) -> Vec<engine::Trainer> {
        let mut trainers = Vec::new();
        for (id, periods) in self.guides().0 {
            let Some(trainer) = self.data.registry.trainers.get(&id) else { continue };
            let left = |period: PeriodId| {
                let most = self.data.capacity_of(trainer, period)?;
                Some(engine::PeriodCap { period: period_key(period), cap: cap(most - self.staying.of_trainer(id, period)) })
            };
            let all = || periods.keys().copied();
            let of = |part, capacity| engine::Trainer { key: trainer_key(id, part), capacity, tie_break: stable_hash(&[&trainer.number]) };
            if is_the_same_throughout(&periods) {
                trainers.push(of(0, all().filter_map(left).collect()));
                continue;
            }
            for (at, own) in all().enumerate() {
                let nobody = all().filter(|period| *period != own).map(|period| engine::PeriodCap { period: period_key(period), cap: 0 });
                trainers.push(of(at + 1, nobody.chain(left(own)).collect()));
            }
        }
        trainers
    }
}
