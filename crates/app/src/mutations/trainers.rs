//! Who guides whom after a change: everybody keeps the trainer she has where that can be.

use std::collections::{BTreeMap, HashMap, VecDeque};

use kernschil_domain::ids::{DemandId, OfferId, PeriodId, SchoolId, TrainerId};
use kernschil_domain::rounds::RoundData;

/// A student at a place, and the trainer she has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guided {
    pub(super) demand: DemandId,
    pub(super) offer: OfferId,
    pub(super) trainer: Option<TrainerId>,
}

/// The trainer of everybody, nobody at a school without trainers. Nothing when there is no way to guide all of them.
///
/// Who has a trainer of her school keeps him as long as he has room; each of the others finds one of those who may guide
/// there by the shortest row of changes, so that few change.
pub(super) fn assign(data: &RoundData, guided: &[Guided]) -> Option<BTreeMap<DemandId, Option<TrainerId>>> {
    let mut desk = Desk { data, guides: HashMap::new(), of: HashMap::new(), at: BTreeMap::new() };
    let mut seekers = Vec::new();
    for one in guided {
        let offer = data.offers.get(&one.offer)?;
        let seat = Seat { demand: one.demand, school: offer.school, period: offer.period };
        match one.trainer.filter(|trainer| desk.is_there(seat, *trainer)) {
            _ if desk.guides(seat).is_empty() => {
                desk.at.insert(one.demand, None);
            }
            Some(trainer) if desk.room(trainer, seat.period) > 0 => desk.put(seat, trainer),
            _ => seekers.push(seat),
        }
    }
    for seat in seekers {
        desk.seek(seat)?;
    }
    Some(desk.at)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seat {
    demand: DemandId,
    school: SchoolId,
    period: PeriodId,
}

struct Desk<'a> {
    data: &'a RoundData,
    guides: HashMap<(SchoolId, PeriodId), Vec<TrainerId>>,
    of: HashMap<(TrainerId, PeriodId), Vec<Seat>>,
    at: BTreeMap<DemandId, Option<TrainerId>>,
}

impl Desk<'_> {
    /// Those who may guide at a school in a period, by number.
    fn guides(&mut self, seat: Seat) -> Vec<TrainerId> {
        let data = self.data;
        let here = self.guides.entry((seat.school, seat.period));
        here.or_insert_with(|| data.guides_of(seat.school, seat.period).into_iter().map(|trainer| trainer.id).collect()).clone()
    }

    /// Whether a trainer is there at all. Who began with a student goes on with her, also when the round chose otherwise.
    fn is_there(&self, seat: Seat, trainer: TrainerId) -> bool {
        let starts_on = self.data.periods.get(&seat.period).map(|period| period.starts_on);
        starts_on.is_some_and(|date| self.data.registry.trainers_of(seat.school, date).iter().any(|known| known.id == trainer))
    }

    fn room(&self, trainer: TrainerId, period: PeriodId) -> i64 {
        let taken = self.of.get(&(trainer, period)).map_or(0, Vec::len);
        let capacity = self.data.registry.trainers.get(&trainer).and_then(|trainer| self.data.capacity_of(trainer, period));
        capacity.map_or(i64::MAX, |capacity| i64::from(capacity) - i64::try_from(taken).unwrap_or(i64::MAX))
    }

    fn put(&mut self, seat: Seat, trainer: TrainerId) {
        self.of.entry((trainer, seat.period)).or_default().push(seat);
        self.at.insert(seat.demand, Some(trainer));
    }

    fn take(&mut self, seat: Seat, trainer: TrainerId) {
        if let Some(seats) = self.of.get_mut(&(trainer, seat.period)) {
            seats.retain(|other| *other != seat);
        }
    }

    /// Finds a trainer for a student; others may go to another trainer of their own school to make room.
    fn seek(&mut self, seat: Seat) -> Option<()> {
        // How each trainer was come by: who would go to this one, and from whom.
        let mut reached: HashMap<TrainerId, (Seat, Option<TrainerId>)> = HashMap::new();
        let mut queue = VecDeque::new();
        for trainer in self.guides(seat) {
            reached.insert(trainer, (seat, None));
            queue.push_back(trainer);
        }
        while let Some(trainer) = queue.pop_front() {
            if self.room(trainer, seat.period) > 0 {
                self.shift(trainer, &reached);
                return Some(());
            }
            for other in self.of.get(&(trainer, seat.period)).cloned().unwrap_or_default() {
                for next in self.guides(other) {
                    if let std::collections::hash_map::Entry::Vacant(place) = reached.entry(next) {
                        place.insert((other, Some(trainer)));
                        queue.push_back(next);
                    }
                }
            }
        }
        None
    }

    fn shift(&mut self, free: TrainerId, reached: &HashMap<TrainerId, (Seat, Option<TrainerId>)>) {
        let mut to = free;
        while let Some((seat, from)) = reached.get(&to).copied() {
            if let Some(from) = from {
                self.take(seat, from);
            }
            self.put(seat, to);
            let Some(from) = from else { return };
            to = from;
        }
    }
}
