//! Places, schools and boards: what is left of every capacity after those who stay.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernschil_allocation as engine;
use kernschil_domain::fit::{is_closed, workplace_offer};
use kernschil_domain::ids::{BoardId, DemandId, OfferId, PeriodId, SchoolId};
use kernschil_domain::policy::{RuleKind, RuleMode};
use kernschil_domain::rounds::{Offer, WishTarget};
use kernschil_domain::standing::has_certified_trainer;

use super::keys::{board_key, demand_key, kept_key, period_key, place_key, school_key, stable_hash};
use super::{Builder, cap, number};
use crate::policy::kern_schools;

/// A period at a school.
type Here = (SchoolId, PeriodId);

impl Builder<'_> {
    fn is_on(&self, kind: RuleKind) -> bool {
        self.data.round.rules.policy.mode(kind) != RuleMode::Off
    }

    /// Places that are left, those kept for zij-instromers apart. Where fewer are left than may be together, there are none.
    pub(super) fn places(&self) -> Vec<engine::Place> {
        let kept = self.kept();
        let least = self.least();
        let room = self.room();
        let mut places = Vec::new();
        for offer in self.data.offers.values().filter(|offer| self.schools.contains(&offer.school) && !is_closed(self.data, offer)) {
            let too_small = least.get(&offer.school).is_some_and(|least| room.get(&(offer.school, offer.period)) < Some(least));
            let left = if too_small { 0 } else { self.left(offer) };
            let workers = kept.get(&offer.id).map(Vec::as_slice).unwrap_or_default();
            let reserved = left.min(number(workers.len()));
            places.push(self.place(offer, left - reserved));
            if reserved > 0 {
                places.push(self.kept_place(offer, reserved, workers));
            }
        }
        places
    }

    fn left(&self, offer: &Offer) -> u32 {
        cap(offer.count - self.staying.on_offer(offer.id))
    }

    fn place(&self, offer: &Offer, count: u32) -> engine::Place {
        let period = self.data.periods.get(&offer.period).map(|p| p.name.as_str()).unwrap_or_default();
        let phases = offer.phases.join(";");
        engine::Place {
            key: place_key(offer.id),
            school: school_key(offer.school),
            period: period_key(offer.period),
            phases: offer.phases.iter().flat_map(|code| self.phases.of_code(code)).collect(),
            groups: engine::Groups(offer.groups.bits()),
            weekdays: engine::Weekdays(offer.weekdays.bits()),
            count,
            refuses: self.refuses(offer),
            reserved_for: Vec::new(),
            tie_break: stable_hash(&[period, &phases, &offer.groups.to_string(), &offer.weekdays.to_string()]),
        }
    }

    /// Places of an offer for those who work at the school: phase, groups and days do not matter there.
    fn kept_place(&self, offer: &Offer, count: u32, workers: &[DemandId]) -> engine::Place {
        let place = self.place(offer, count);
        engine::Place {
            key: kept_key(offer.id),
            phases: Vec::new(),
            groups: engine::Groups::ANY,
            weekdays: engine::Weekdays::ALL,
            reserved_for: workers.iter().copied().map(demand_key).collect(),
            tie_break: stable_hash(&["eigen werkplek", &place.tie_break.to_string()]),
            ..place
        }
    }

    /// The zij-instromers for whom a place of an offer is kept.
    fn kept(&self) -> BTreeMap<OfferId, Vec<DemandId>> {
        let mut kept: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for demand in self.open_demands() {
            if let Some(offer) = workplace_offer(self.data, demand) {
                kept.entry(offer).or_default().push(demand.id);
            }
        }
        kept
    }

    /// Final phases, where the school has no certified trainer when the period begins.
    fn refuses(&self, offer: &Offer) -> Vec<engine::PhaseCode> {
        let starts_on = self.data.periods.get(&offer.period).map(|period| period.starts_on);
        match starts_on {
            Some(date) if self.is_on(RuleKind::Qualified) && !has_certified_trainer(&self.data.registry, offer.school, date) => {
                self.phases.finals().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Places that are left at a school in a period, within its total.
    fn room(&self) -> BTreeMap<Here, u32> {
        let mut room: BTreeMap<Here, u32> = BTreeMap::new();
        for offer in self.data.offers.values().filter(|offer| !is_closed(self.data, offer)) {
            *room.entry((offer.school, offer.period)).or_default() += self.left(offer);
        }
        for total in &self.data.totals {
            let left = cap(total.maximum - self.staying.at_school(total.school, total.period));
            room.entry((total.school, total.period)).and_modify(|room| *room = left.min(*room));
        }
        room
    }

    /// The smallest number that may be together at a school. Where somebody stays already nobody comes alone, so the rule
    /// says nothing there.
    fn least(&self) -> BTreeMap<SchoolId, u32> {
        if !self.is_on(RuleKind::NotAlone) {
            return BTreeMap::new();
        }
        let least = self.data.round.rules.policy.number(RuleKind::NotAlone);
        let has_company = |school: &SchoolId| self.data.periods.keys().any(|period| self.staying.at_school(*school, *period) > 0);
        self.schools.iter().filter(|school| !has_company(school)).map(|school| (*school, least)).collect()
    }

    /// What kern schools are short of their minimum, where they have places for so many.
    fn minimums(&self) -> HashMap<SchoolId, Vec<engine::PeriodCap>> {
        let mut minimums: HashMap<_, Vec<_>> = HashMap::new();
        if !self.is_on(RuleKind::SchoolMinimum) {
            return minimums;
        }
        let asked = self.data.round.rules.policy.number(RuleKind::SchoolMinimum);
        let kern = kern_schools(self.data);
        for ((school, period), room) in self.room() {
            let staying = u32::try_from(self.staying.at_school(school, period)).unwrap_or_default();
            if kern.contains(&school) && room + staying >= asked && staying < asked {
                minimums.entry(school).or_default().push(engine::PeriodCap { period: period_key(period), cap: asked - staying });
            }
        }
        minimums
    }

    /// The board of each school that has a total: that on the first day of the first period of the round.
    fn boards_of_schools(&self) -> HashMap<SchoolId, BoardId> {
        let Some(first) = self.data.periods.values().map(|period| period.starts_on).min() else { return HashMap::new() };
        let limited: BTreeSet<_> = self.limited_boards().keys().copied().collect();
        let board = |school: &SchoolId| self.data.registry.board_of(*school, first).map(|board| (*school, board.id));
        self.all_schools().iter().filter_map(board).filter(|(_, board)| limited.contains(board)).collect()
    }

    /// What is left of the totals of boards.
    fn limited_boards(&self) -> BTreeMap<BoardId, Vec<engine::PeriodCap>> {
        let mut boards: BTreeMap<_, Vec<_>> = BTreeMap::new();
        if self.is_on(RuleKind::BoardTotal) {
            for total in &self.data.board_totals {
                let left = cap(total.maximum - self.staying.of_board(total.board, total.period));
                boards.entry(total.board).or_default().push(engine::PeriodCap { period: period_key(total.period), cap: left });
            }
        }
        boards
    }

    pub(super) fn boards(&self) -> Vec<engine::Board> {
        let used: BTreeSet<_> = self.boards_of_schools().into_values().collect();
        let number = |id: &BoardId| self.data.registry.boards.get(id).map_or(0, |board| stable_hash(&[board.number.as_str()]));
        let boards = self.limited_boards().into_iter().filter(|(id, _)| used.contains(id));
        boards.map(|(id, totals)| engine::Board { key: board_key(id), totals, tie_break: number(&id) }).collect()
    }

    /// The schools with offers, the fixed schools of students, and the schools that are wished, so that every reference is
    /// known.
    pub(super) fn all_schools(&self) -> BTreeSet<SchoolId> {
        let fixed = self.data.students.values().filter_map(|s| s.custom.fixed_school);
        let wished = self.data.demands.values().flat_map(|demand| &demand.wishes).filter_map(|wish| match wish {
            WishTarget::School(school) => Some(*school),
            WishTarget::Board(_) => None,
        });
        self.schools.iter().copied().chain(fixed).chain(wished).collect()
    }

    pub(super) fn schools(&self) -> Vec<engine::School> {
        let mut totals: HashMap<_, Vec<_>> = HashMap::new();
        for total in &self.data.totals {
            let left = cap(total.maximum - self.staying.at_school(total.school, total.period));
            totals.entry(total.school).or_default().push(engine::PeriodCap { period: period_key(total.period), cap: left });
        }
        let (mut minimums, boards, least, guides) = (self.minimums(), self.boards_of_schools(), self.least(), self.guides());
        let school = |id| engine::School {
            key: school_key(id),
            totals: totals.remove(&id).unwrap_or_default(),
            trainers: guides.of_school(id),
            board: boards.get(&id).copied().map(board_key),
            minimum: minimums.remove(&id).unwrap_or_default(),
            least: least.get(&id).copied().unwrap_or_default(),
            tie_break: self.data.registry.schools.get(&id).map_or(0, |s| stable_hash(&[s.code.as_str()])),
        };
        self.all_schools().into_iter().map(school).collect()
    }
}
