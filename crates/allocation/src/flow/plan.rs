//! Where everybody is, and what may still change without giving up anything on the words so far.

use std::ops::Range;

use crate::candidates::Candidates;
use crate::cost::Cost;
use crate::network::{Network, Node};

use super::{Flow, NONE};

/// A plan, and what is as good as it on the words so far.
#[derive(Debug)]
pub(super) struct Plan {
    /// Students through each link, and the least and the most there may be.
    pub(super) used: Vec<u32>,
    pub(super) least: Vec<u32>,
    pub(super) most: Vec<u32>,
    /// Pairs each student may still choose, students one after another: positions in the
    /// candidates, and their places.
    pub(super) pairs: Vec<u32>,
    pub(super) places: Vec<Node>,
    offsets: Vec<u32>,
    /// True per student who may still have no place.
    pub(super) may_miss: Vec<bool>,
    /// Chosen slot (position in `pairs`) of each student, or [`NONE`].
    pub(super) slot: Vec<u32>,
    /// Students with a choice, at each place, and the position of each there.
    pub(super) at: Vec<Vec<u32>>,
    position: Vec<u32>,
    /// By how many students more come to a node than leave it.
    pub(super) over: Vec<i32>,
}

impl Plan {
    /// The plan to start from. Nothing has been decided yet.
    pub(super) fn new<const W: usize>(network: &Network, candidates: &Candidates<W>, start: Option<&Flow<W>>) -> Self {
        let demands = candidates.unplaced.len();
        let most: Vec<u32> = network.links.iter().map(|link| link.cap).collect();
        let used = match start {
            Some(start) => start.used.iter().zip(&most).map(|(&used, &most)| used.min(most)).collect(),
            None => vec![0; most.len()],
        };
        let mut plan = Self {
            least: vec![0; most.len()],
            most,
            used,
            pairs: (0..number(candidates.arcs.len())).collect(),
            places: candidates.arcs.iter().map(|arc| arc.place).collect(),
            offsets: (0..demands).map(|demand| number(candidates.of(demand).start)).chain([number(candidates.arcs.len())]).collect(),
            may_miss: vec![true; demands],
            slot: vec![NONE; demands],
            at: vec![Vec::new(); network.place_site.len()],
            position: vec![NONE; demands],
            over: vec![0; network.nodes],
        };
        for (link, &used) in network.links.iter().zip(&plan.used) {
            plan.over[link.from as usize] -= signed(used);
            plan.over[link.to as usize] += signed(used);
        }
        if let Some(start) = start {
            for (demand, &choice) in (0..).zip(&start.choice) {
                if choice != NONE {
                    plan.enter(demand, choice);
                    let place = plan.place(demand);
                    plan.over[place as usize] += 1;
                }
            }
        }
        plan.over[network.sink as usize] = 0;
        plan
    }

    /// Slots of a student.
    #[inline]
    pub(super) fn of(&self, demand: u32) -> Range<u32> {
        self.offsets[demand as usize]..self.offsets[demand as usize + 1]
    }

    /// True when the student has more than one thing left to choose from.
    pub(super) fn has_choice(&self, demand: u32) -> bool {
        self.of(demand).len() + usize::from(self.may_miss[demand as usize]) > 1
    }

    /// Place of a student who has one.
    #[inline]
    pub(super) fn place(&self, demand: u32) -> Node {
        self.places[self.slot[demand as usize] as usize]
    }

    /// Puts a student in a slot.
    pub(super) fn enter(&mut self, demand: u32, slot: u32) {
        self.slot[demand as usize] = slot;
        let here = &mut self.at[self.places[slot as usize] as usize];
        self.position[demand as usize] = number(here.len());
        here.push(demand);
    }

    /// Takes a student out of the slot, if there is one.
    pub(super) fn leave(&mut self, demand: u32) {
        let slot = std::mem::replace(&mut self.slot[demand as usize], NONE);
        if slot != NONE {
            self.forget(demand, self.places[slot as usize]);
        }
    }

    fn forget(&mut self, demand: u32, place: Node) {
        let here = &mut self.at[place as usize];
        let position = self.position[demand as usize];
        here.swap_remove(position as usize);
        if let Some(&moved) = here.get(position as usize) {
            self.position[moved as usize] = position;
        }
    }

    /// Keeps the slots for which `keep` holds, which is so for every chosen one.
    pub(super) fn narrow(&mut self, keep: impl Fn(u32, Node, u32) -> bool) {
        let mut kept = 0;
        for demand in 0..number(self.slot.len()) {
            let slots = self.of(demand);
            self.offsets[demand as usize] = kept;
            let had_choice = slots.len() + usize::from(self.may_miss[demand as usize]) > 1;
            let chosen = self.slot[demand as usize];
            for slot in slots {
                if had_choice && !keep(demand, self.places[slot as usize], slot) {
                    continue;
                }
                if slot == chosen {
                    self.slot[demand as usize] = kept;
                }
                self.pairs[kept as usize] = self.pairs[slot as usize];
                self.places[kept as usize] = self.places[slot as usize];
                kept += 1;
            }
        }
        if let Some(end) = self.offsets.last_mut() {
            *end = kept;
        }
        self.pairs.truncate(kept as usize);
        self.places.truncate(kept as usize);
    }

    /// Students who have nothing left to choose are not looked at again.
    pub(super) fn settle(&mut self) {
        for demand in 0..number(self.slot.len()) {
            if self.slot[demand as usize] != NONE && self.position[demand as usize] != NONE && !self.has_choice(demand) {
                self.forget(demand, self.place(demand));
                self.position[demand as usize] = NONE;
            }
        }
    }

    /// The plan as it is.
    pub(super) fn flow<const W: usize>(self, network: &Network, prices: Vec<Cost<W>>) -> Flow<W> {
        let mut at = vec![Vec::new(); network.place_site.len()];
        let mut choice = vec![NONE; self.slot.len()];
        for (demand, &slot) in (0..).zip(&self.slot) {
            if slot != NONE {
                choice[demand as usize] = self.pairs[slot as usize];
                at[self.places[slot as usize] as usize].push(demand);
            }
        }
        Flow { choice, at, used: self.used, prices }
    }
}

pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}

fn signed(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
