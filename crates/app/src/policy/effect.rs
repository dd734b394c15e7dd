//! What each rule does to a round: which combinations of student and school it rules out, and who is left without a place.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::codes::{Need, StudentKind, Tier, Turn};
use kernschil_domain::fit::{PAIR_RULES, against, had_long_trip, is_closed, workplace, workplace_offer};
use kernschil_domain::ids::{PeriodId, SchoolId};
use kernschil_domain::policy::{RuleKind, RuleMode};
use kernschil_domain::rounds::{Demand, Offer, RoundData};
use serde::Serialize;

/// Combinations of demand and offer that are looked at. A larger round is measured on a part of its demands.
const MOST_PAIRS: usize = 6_000_000;

/// What a rule does now, or would do if it always held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Combinations of demand and school that it rules out by itself, for rules about one student and one place.
    pub ruled_out: Option<u64>,
    /// Demands that have a place to go to without it, and none with it.
    pub stranded: Option<u32>,
    /// How many it is about, for other rules: students, teams, boards or schools.
    pub concerns: Option<u32>,
}

/// What all rules do, and on how many demands that was measured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Effects {
    /// Per rule.
    pub by_rule: BTreeMap<RuleKind, Effect>,
    /// Demands that take part.
    pub demands: u32,
    /// Demands it was measured on: all of them, unless the round is very large.
    pub measured: u32,
    /// Combinations of demand and school in the same period that were looked at.
    pub pairs: u64,
    /// Demands, of those, that have no place to go to under the rules as they are.
    pub without_place: u32,
}

/// The rules that a pair breaks, as bits in the order of [`PAIR_RULES`].
type Broken = u16;

const WITHIN_OFFER: [RuleKind; 4] = [RuleKind::Phase, RuleKind::Groups, RuleKind::Weekdays, RuleKind::OtherGroups];

fn bit(kind: RuleKind) -> Broken {
    PAIR_RULES.iter().position(|other| *other == kind).map_or(0, |at| 1 << at)
}

/// Bits of the rules of `kinds` that a student at a place breaks.
fn broken(data: &RoundData, kinds: &[RuleKind], demand: &Demand, offer: &Offer) -> Broken {
    let these = kinds.iter().filter(|kind| against(data, **kind, demand, offer).is_some());
    these.fold(0, |bits, kind| bits | bit(*kind))
}

/// The bits of the rules that always hold.
fn hard(data: &RoundData) -> Broken {
    let kinds = PAIR_RULES.iter().filter(|kind| data.round.rules.policy.mode(**kind) == RuleMode::Hard);
    kinds.fold(0, |bits, kind| bits | bit(*kind))
}

/// Offers that somebody can be placed on, per period and school.
fn open_offers(data: &RoundData) -> BTreeMap<PeriodId, BTreeMap<SchoolId, Vec<&Offer>>> {
    let mut open: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
    for offer in data.offers.values().filter(|offer| offer.count > 0 && !is_closed(data, offer)) {
        open.entry(offer.period).or_default().entry(offer.school).or_default().push(offer);
    }
    open
}

/// Demands that take part when a proposal is made.
pub(super) fn taking_part(data: &RoundData) -> impl Iterator<Item = &Demand> {
    data.demands.values().filter(|demand| demand.need == Need::Required && demand.turn == Turn::TakesPart)
}

/// What every rule of a round does.
pub fn effects(data: &RoundData) -> Effects {
    let open = open_offers(data);
    let demands: Vec<_> = taking_part(data).collect();
    let largest = open.values().map(|schools| schools.values().map(Vec::len).sum::<usize>()).max().unwrap_or_default();
    let step = (demands.len() * largest).div_ceil(MOST_PAIRS).max(1);
    let mut counts = Counts { hard: hard(data), ..Counts::default() };
    for demand in demands.iter().step_by(step) {
        counts.measured += 1;
        let schools = open.get(&demand.period);
        counts.add(data, demand, schools.into_iter().flat_map(BTreeMap::values));
    }
    let mut by_rule = BTreeMap::new();
    for kind in RuleKind::ALL {
        let effect = match PAIR_RULES.iter().position(|other| other == kind) {
            Some(at) => Effect { ruled_out: Some(counts.ruled_out[at]), stranded: Some(counts.stranded[at]), concerns: None },
            None => Effect { concerns: concerns(data, *kind), ..Effect::default() },
        };
        by_rule.insert(*kind, effect);
    }
    let demands = u32::try_from(demands.len()).unwrap_or(u32::MAX);
    Effects { by_rule, demands, measured: counts.measured, pairs: counts.pairs, without_place: counts.without_place }
}

#[derive(Default)]
struct Counts {
    hard: Broken,
    measured: u32,
    pairs: u64,
    without_place: u32,
    ruled_out: [u64; PAIR_RULES.len()],
    stranded: [u32; PAIR_RULES.len()],
}

impl Counts {
    fn add<'a>(&mut self, data: &RoundData, demand: &Demand, schools: impl Iterator<Item = &'a Vec<&'a Offer>>) {
        let of_school: Vec<_> = PAIR_RULES.into_iter().filter(|kind| !WITHIN_OFFER.contains(kind)).collect();
        let mut seen = BTreeSet::new();
        for offers in schools {
            let Some(first) = offers.first() else { continue };
            // What is about the school is the same for all its offers of one period.
            let school = broken(data, &of_school, demand, first);
            let mut everywhere = Broken::MAX;
            for offer in offers {
                let all = school | broken(data, &WITHIN_OFFER, demand, offer);
                everywhere &= all;
                seen.insert(all);
            }
            self.pairs += 1;
            for (at, count) in self.ruled_out.iter_mut().enumerate() {
                *count += u64::from(everywhere >> at & 1);
            }
        }
        let fits = |rules: Broken| seen.iter().any(|broken| broken & rules == 0);
        if !fits(self.hard) {
            self.without_place += 1;
        }
        for (at, count) in self.stranded.iter_mut().enumerate() {
            let this = 1 << at;
            if fits(self.hard & !this) && !fits(self.hard | this) {
                *count += 1;
            }
        }
    }
}

/// How many a rule is about that does not judge single pairs.
fn concerns(data: &RoundData, kind: RuleKind) -> Option<u32> {
    let counted = match kind {
        RuleKind::BoardTotal => data.board_totals.iter().map(|total| total.board).collect::<BTreeSet<_>>().len(),
        RuleKind::Team => data.teams.len(),
        RuleKind::Workplace => taking_part(data).filter(|demand| has_workplace(data, demand)).count(),
        RuleKind::LastTrip => taking_part(data).filter(|demand| had_long_trip(data, demand)).count(),
        RuleKind::Wishes => taking_part(data).filter(|demand| !demand.wishes.is_empty()).count(),
        RuleKind::SchoolMinimum => kern_schools(data).len(),
        _ => return None,
    };
    u32::try_from(counted).ok()
}

fn has_workplace(data: &RoundData, demand: &Demand) -> bool {
    data.students.get(&demand.student).is_some_and(|s| s.kind == StudentKind::CareerChanger && s.workplace.is_some())
}

/// Schools with places that are kern in a partnership of the round on the first day of a period in which they offer.
pub(crate) fn kern_schools(data: &RoundData) -> BTreeSet<SchoolId> {
    let is_kern = |offer: &&Offer| {
        let Some(period) = data.periods.get(&offer.period) else { return false };
        data.registry
            .memberships_of(offer.school, period.starts_on)
            .any(|membership| membership.tier == Tier::Kern && data.round.partnerships.contains(&membership.partnership))
    };
    data.offers.values().filter(|offer| offer.count > 0).filter(is_kern).map(|offer| offer.school).collect()
}

/// Zij-instromers whose own workplace offers nothing in their period, so that no place can be kept there.
pub(super) fn without_workplace_offer(data: &RoundData) -> Vec<SchoolId> {
    let missing = taking_part(data).filter(|demand| workplace_offer(data, demand).is_none());
    missing.filter_map(|demand| workplace(data, demand)).collect()
}
