//! A proposal for a panel: independent, fair, trained, available and near, in that order.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::code_enum;
use crate::ids::{PartnershipId, PeerId};
use crate::reviews::{PanelVerdict, Peer, ReviewKind};

use super::{Doubt, PanelCase};

/// Kilometres for somebody from a region of which it is not known where it is: farther than any in the Netherlands, so
/// that who is known to be near goes first.
const UNKNOWN_KILOMETRES: u32 = 500;

code_enum! {
    /// What one panel is better in than another. In this order: a later one decides only between panels that are equal in
    /// all earlier ones.
    Aspect {
        /// Fewer warnings about independence.
        Independence = "independence" / "er komen waarschuwingen over onafhankelijkheid bij",
        /// More visits paid that partnerships still owe.
        Debt = "debt" / "er gaan minder partnerschappen mee die nog een bezoek moeten doen",
        /// More members who were trained.
        Training = "training" / "er zijn dan minder leden getraind",
        /// Members who visited fewer reviews.
        Load = "load" / "deed in de laatste jaren meer bezoeken",
        /// Fewer members who can come only if need be.
        Day = "day" / "kan op de bezoekdag alleen als het moet",
        /// Less to travel.
        Travel = "travel" / "moet verder reizen",
    }
}

code_enum! {
    /// Why somebody cannot be asked.
    Absence {
        /// She is not asked any more.
        Ended = "ended" / "doet niet meer mee in de pool",
        /// She was pinned as not independent.
        Conflict = "conflict" / "is met de hand aangemerkt als niet onafhankelijk",
        /// She declined for this review.
        Declined = "declined" / "heeft voor deze review afgezegd",
        /// She visits another review on the day.
        Busy = "busy" / "is die dag al bij een andere review",
        /// She said she cannot come on the day.
        Away = "away" / "kan niet op de bezoekdag",
        /// She takes part in this review in another way.
        Involved = "involved" / "doet al op een andere manier mee aan deze review",
    }
}

/// What counted for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Whether she comes from another region, and from no receiving partnership.
    pub outsider: bool,
    /// Warnings about her independence that nobody settled.
    pub doubts: Vec<Doubt>,
    /// Why she is independent all the same, where somebody decided so.
    pub settled: Option<String>,
    /// Visits that her partnership still owes and can pay here.
    pub owed: u32,
    /// Reviews she visited in the last years.
    pub visits: u32,
    /// Whether she was trained by the day.
    pub trained: bool,
    /// Whether she can come only if need be.
    pub if_needed: bool,
    /// Kilometres as the crow flies, where known.
    pub kilometres: Option<u32>,
}

/// Somebody on a proposed panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelChoice {
    /// Who.
    pub peer: PeerId,
    /// Whether she was on the panel already.
    pub already: bool,
    /// What counted.
    pub facts: Facts,
}

/// Why somebody was not chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// She cannot be asked.
    Absent(Absence),
    /// With her in the place of anybody chosen, nobody from another region would be left.
    OnlyOutsider,
    /// With her in the place of whom she could best replace, the panel is worse in this.
    Worse(Aspect),
    /// There is no room on the panel for anybody else.
    Full,
    /// She is as good; somebody had to be chosen.
    Equal,
}

impl WhyNot {
    /// One line, in Dutch.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Absent(absence) => absence.dutch(),
            Self::OnlyOutsider => "dan is er niemand uit een andere regio",
            Self::Worse(aspect) => aspect.dutch(),
            Self::Full => "er is geen plek meer in dit panel",
            Self::Equal => "even geschikt; iemand moest gekozen worden",
        }
    }
}

/// Somebody who was not chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Who.
    pub peer: PeerId,
    /// Why not.
    pub why: WhyNot,
}

/// A panel to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelProposal {
    /// Who is on it: first who was already, then who is added, the best first.
    pub chosen: Vec<PanelChoice>,
    /// Everybody else in the pool.
    pub others: Vec<PassedOver>,
}

/// Why there is no proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPanel {
    /// So many can be asked, and that is fewer than there is room for.
    TooFew(usize),
    /// Nobody from another region can be asked.
    NoOutsider,
}

/// What is compared, in the order of [`Aspect`]; less is better. The order of such rows does not change when the same is
/// added to both, which is what makes the choice exact.
type Cost = [i64; 6];

fn plus(a: Cost, b: Cost) -> Cost {
    std::array::from_fn(|at| a[at] + b[at])
}

/// Somebody who can be chosen.
struct Candidate<'a> {
    peer: &'a Peer,
    facts: Facts,
    /// What she costs apart from the visit her partnership owes: that is paid once, whoever of it comes.
    cost: Cost,
}

impl<'a> Candidate<'a> {
    fn new(peer: &'a Peer, facts: Facts) -> Self {
        let kilometres = facts.kilometres.unwrap_or(UNKNOWN_KILOMETRES);
        let doubts = i64::try_from(facts.doubts.len()).unwrap_or(i64::MAX);
        let cost = [doubts, 0, i64::from(!facts.trained), i64::from(facts.visits), i64::from(facts.if_needed), i64::from(kilometres)];
        Self { peer, facts, cost }
    }
}

/// Some of the candidates, with what they cost together.
#[derive(Clone)]
struct Choice {
    cost: Cost,
    chosen: Vec<usize>,
}

/// The best choice so far of each size, without and with somebody from another region.
type Table = Vec<[Option<Choice>; 2]>;

/// Makes the best panel of a size that holds who is on it already. Equal cases give equal panels.
///
/// Exact: within a partnership, and among those from the own or from another region, only the cheapest so many can be in
/// a best panel, so that it is enough to choose how many of each.
///
/// # Errors
/// [`NoPanel`] when there are too few to ask, or nobody from another region among them.
pub fn propose(
    case: &PanelCase<'_>,
    size: usize,
    already: &BTreeSet<PeerId>,
    absent: &BTreeMap<PeerId, Absence>,
    if_needed: &BTreeSet<PeerId>,
) -> Result<PanelProposal, NoPanel> {
    let kilometres = case.kilometres();
    let facts = |peer: &Peer| {
        let settled = case.verdict(peer.id).filter(|verdict| verdict.verdict == PanelVerdict::NoConflict);
        Facts {
            outsider: case.is_outsider(peer),
            doubts: if settled.is_some() { Vec::new() } else { case.doubts(peer) },
            settled: settled.map(|verdict| verdict.reason.clone()),
            owed: peer.partnership.map_or(0, |partnership| case.owed_here(partnership)),
            visits: case.visits_of(peer.id),
            trained: peer.trained_on.is_some_and(|day| day <= case.day),
            if_needed: if_needed.contains(&peer.id),
            kilometres: kilometres.get(&peer.region).copied(),
        }
    };
    let (mut on_it, mut free, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for peer in case.peers {
        if already.contains(&peer.id) {
            on_it.push(Candidate::new(peer, facts(peer)));
        } else if let Some(absence) = absence(case, peer, absent) {
            others.push(PassedOver { peer: peer.id, why: WhyNot::Absent(absence) });
        } else {
            free.push(Candidate::new(peer, facts(peer)));
        }
    }
    for candidates in [&mut on_it, &mut free] {
        candidates.sort_by(|a, b| (a.cost, &a.peer.name, a.peer.id).cmp(&(b.cost, &b.peer.name, b.peer.id)));
    }
    let search = Search { case, on_it: &on_it, free: &free };
    let chosen = search.best(size.saturating_sub(on_it.len()))?;
    others.extend(search.passed_over(&chosen));
    let choice = |already: bool| move |c: &Candidate<'_>| PanelChoice { peer: c.peer.id, already, facts: c.facts.clone() };
    let added = chosen.iter().filter_map(|at| free.get(*at)).map(choice(false));
    Ok(PanelProposal { chosen: on_it.iter().map(choice(true)).chain(added).collect(), others })
}

fn absence(case: &PanelCase<'_>, peer: &Peer, absent: &BTreeMap<PeerId, Absence>) -> Option<Absence> {
    if peer.ended_on.is_some_and(|day| day <= case.day) {
        return Some(Absence::Ended);
    }
    if case.verdict(peer.id).is_some_and(|verdict| verdict.verdict == PanelVerdict::Conflict) {
        return Some(Absence::Conflict);
    }
    absent.get(&peer.id).copied()
}

struct Search<'a> {
    case: &'a PanelCase<'a>,
    on_it: &'a [Candidate<'a>],
    free: &'a [Candidate<'a>],
}

impl Search<'_> {
    /// The places of those to add, in order.
    fn best(&self, room: usize) -> Result<Vec<usize>, NoPanel> {
        let mut table: Table = vec![[None, None]; room + 1];
        let begin = Choice { cost: [0; 6], chosen: Vec::new() };
        table[0][usize::from(self.on_it.iter().any(|c| c.facts.outsider))] = Some(begin);
        for (partnership, places) in self.groups() {
            table = self.with_group(&table, partnership, &places);
        }
        let Some(last) = table.pop() else { return Ok(Vec::new()) };
        let [without, with] = last;
        let best = match (self.case.kind, without, with) {
            (_, None, None) => {
                return Err(NoPanel::TooFew(self.free.len() + self.on_it.len()));
            }
            (ReviewKind::Developmental, Some(_), None) => return Err(NoPanel::NoOutsider),
            (ReviewKind::Developmental, _, Some(with)) | (ReviewKind::Judging, None, Some(with)) => with,
            (ReviewKind::Judging, Some(without), None) => without,
            (ReviewKind::Judging, Some(without), Some(with)) => {
                if without.cost < with.cost {
                    without
                } else {
                    with
                }
            }
        };
        let mut chosen = best.chosen;
        chosen.sort_unstable();
        Ok(chosen)
    }

    /// Candidates by partnership; of each first those from the own region, then those from another, the best first.
    fn groups(&self) -> BTreeMap<Option<PartnershipId>, [Vec<usize>; 2]> {
        let mut groups: BTreeMap<_, [Vec<usize>; 2]> = BTreeMap::new();
        for (at, candidate) in self.free.iter().enumerate() {
            groups.entry(candidate.peer.partnership).or_default()[usize::from(candidate.facts.outsider)].push(at);
        }
        groups
    }

    fn with_group(&self, table: &Table, partnership: Option<PartnershipId>, places: &[Vec<usize>; 2]) -> Table {
        let mut after = table.clone();
        let room = table.len() - 1;
        let paid = self.paid(partnership, &[]);
        for own in 0..=places[0].len().min(room) {
            for other in 0..=places[1].len().min(room - own) {
                if own + other == 0 {
                    continue;
                }
                let added: Vec<_> = places[0].iter().take(own).chain(places[1].iter().take(other)).copied().collect();
                let cost = added.iter().filter_map(|at| self.free.get(*at)).fold(paid, |sum, c| plus(sum, c.cost));
                for (taken, row) in table.iter().enumerate().take(room + 1 - own - other) {
                    for (from, choice) in row.iter().enumerate() {
                        let Some(choice) = choice else { continue };
                        let slot = &mut after[taken + own + other][from.max(usize::from(other > 0))];
                        let cost = plus(choice.cost, cost);
                        if slot.as_ref().is_none_or(|known| cost < known.cost) {
                            *slot = Some(Choice { cost, chosen: choice.chosen.iter().chain(&added).copied().collect() });
                        }
                    }
                }
            }
        }
        after
    }

    /// What it brings that somebody of a partnership comes, when nobody of it is on the panel or among these yet.
    fn paid(&self, partnership: Option<PartnershipId>, among: &[&Candidate<'_>]) -> Cost {
        let Some(id) = partnership else { return [0; 6] };
        if self.on_it.iter().chain(among.iter().copied()).any(|c| c.peer.partnership == partnership) {
            return [0; 6];
        }
        [0, -i64::from(self.case.owed_here(id)), 0, 0, 0, 0]
    }

    fn cost(&self, added: &[&Candidate<'_>]) -> Cost {
        let mut sum = [0; 6];
        for (at, candidate) in added.iter().enumerate() {
            let earlier = added.get(..at).unwrap_or_default();
            sum = plus(plus(sum, candidate.cost), self.paid(candidate.peer.partnership, earlier));
        }
        sum
    }

    /// Why each of those who could be asked was not chosen: what is worse with her in the place of whom she could best
    /// replace.
    fn passed_over(&self, chosen: &[usize]) -> Vec<PassedOver> {
        let panel: Vec<_> = chosen.iter().filter_map(|at| self.free.get(*at)).collect();
        let best = self.cost(&panel);
        let left = self.free.iter().enumerate().filter(|(at, _)| !chosen.contains(at));
        left.map(|(_, candidate)| PassedOver { peer: candidate.peer.id, why: self.why_not(candidate, &panel, best) }).collect()
    }

    fn why_not(&self, candidate: &Candidate<'_>, panel: &[&Candidate<'_>], best: Cost) -> WhyNot {
        let replaced = |gone: usize| {
            let mut other = panel.to_vec();
            other[gone] = candidate;
            let outsider = self.on_it.iter().chain(other.iter().copied()).any(|c| c.facts.outsider);
            (outsider || self.case.kind == ReviewKind::Judging).then(|| self.cost(&other))
        };
        let Some(cost) = (0..panel.len()).filter_map(replaced).min() else {
            return if panel.is_empty() { WhyNot::Full } else { WhyNot::OnlyOutsider };
        };
        let worse = Aspect::ALL.iter().zip(cost.iter().zip(best)).find(|(_, (mine, theirs))| **mine != *theirs);
        worse.map_or(WhyNot::Equal, |(aspect, _)| WhyNot::Worse(*aspect))
    }
}
