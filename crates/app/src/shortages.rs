//! Where places are short: for whom, by how many, which capacities are full, and what one more in each would bring.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_allocation::{Bottleneck, Explanation, Input, Level, Outcome, Proposal, Solved};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{BoardId, DemandId, PeriodId, SchoolId};
use kernschil_domain::rounds::{Demand, RoundData};
use kernschil_storage::rounds;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::AppError;
use crate::overview::{self, Overview};
use crate::proposals::{self, Currency, ProposalView, demand_id};
use crate::{Actor, App, labels, reasons, sight};

/// A group of students who together have too few places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// Students without a place.
    pub short: u32,
    /// Students who together want these places.
    pub students: u32,
    /// What is full; nothing when no place suits these students.
    pub capacities: Vec<FullCapacity>,
    /// Towns of the schools that are full, those with most first.
    pub towns: Vec<String>,
    /// The students without a place, divided.
    pub parts: Vec<ShortPart>,
    /// Why no place suits, in Dutch, where that is so; one sentence per reason.
    pub reasons: Vec<String>,
}

/// A capacity that is full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FullCapacity {
    /// What it is, in Dutch, with its size.
    pub label: String,
    /// Which capacity it is, as the engine names it.
    pub bottleneck: Bottleneck,
    /// Code of the school, where it is of one school.
    pub school: Option<String>,
    /// What one more would change, per level; nothing when that was not worked out.
    pub brings: Vec<(Level, i64)>,
}

/// Students without a place who need the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortPart {
    /// Code of the phase.
    pub phase: String,
    /// Name of the period.
    pub period: String,
    /// Groups that fit.
    pub groups: String,
    /// Days that are needed; empty when any will do.
    pub weekdays: String,
    /// Partnership that sees to the place; empty when none does.
    pub partnership: String,
    /// Their demands.
    pub demands: Vec<DemandId>,
}

fn offer_of(data: &RoundData, bottleneck: Bottleneck) -> Option<SchoolId> {
    match bottleneck {
        Bottleneck::Place(place, _) => data.offers.get(&proposals::offer_id(place)).map(|offer| offer.school),
        Bottleneck::SchoolTotal(school, ..) => Some(SchoolId(Uuid::from_u128(school.0))),
        _ => None,
    }
}

/// The schools behind a capacity.
fn schools_of(data: &RoundData, bottleneck: Bottleneck) -> Vec<SchoolId> {
    if let Bottleneck::Trainer(trainer, period, _) = bottleneck {
        let (trainer, period) = (proposals::trainer_id(trainer), PeriodId(Uuid::from_u128(period.0)));
        let offering: BTreeSet<_> = data.offers.values().filter(|offer| offer.period == period).map(|offer| offer.school).collect();
        let covers = |school: &SchoolId| data.guides_of(*school, period).iter().any(|guide| guide.id == trainer);
        return offering.into_iter().filter(covers).collect();
    }
    if let Bottleneck::Board(board, period, _) = bottleneck {
        let (board, period) = (BoardId(Uuid::from_u128(board.0)), PeriodId(Uuid::from_u128(period.0)));
        let Some(date) = data.periods.get(&period).map(|period| period.starts_on) else { return Vec::new() };
        let offering: BTreeSet<_> = data.offers.values().filter(|offer| offer.period == period).map(|offer| offer.school).collect();
        return offering.into_iter().filter(|school| data.registry.board_of(*school, date).is_some_and(|b| b.id == board)).collect();
    }
    offer_of(data, bottleneck).into_iter().collect()
}

/// Towns of schools, those with most first.
fn towns(data: &RoundData, schools: impl IntoIterator<Item = SchoolId>) -> Vec<String> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for school in schools {
        if let Some(town) = data.registry.schools.get(&school).and_then(|school| school.place.as_deref()) {
            *counts.entry(town).or_default() += 1;
        }
    }
    let mut towns: Vec<_> = counts.into_iter().collect();
    towns.sort_by_key(|(town, count)| (std::cmp::Reverse(*count), *town));
    towns.into_iter().map(|(town, _)| town.to_owned()).collect()
}

fn capacity(data: &RoundData, bottleneck: Bottleneck) -> FullCapacity {
    let school = offer_of(data, bottleneck).and_then(|id| data.registry.schools.get(&id));
    let mut label = reasons::bottleneck(data, bottleneck);
    if let Bottleneck::Trainer(..) = bottleneck {
        let places = towns(data, schools_of(data, bottleneck));
        if !places.is_empty() {
            label = format!("{label}, voor scholen in {}", reasons::join(&places));
        }
    }
    FullCapacity { label, bottleneck, school: school.map(|school| school.code.to_string()), brings: Vec::new() }
}

/// Where a round is short, by its latest proposal.
#[derive(Debug, Clone)]
pub struct ShortageReport {
    /// The round and its registry.
    pub data: RoundData,
    /// The round at a glance.
    pub overview: Overview,
    /// The latest proposal; nothing when none was made.
    pub run: Option<ProposalView>,
    /// Its shortages, the largest first.
    pub shortages: Vec<Shortage>,
}

/// Where a round is short, by its latest proposal.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round; [`AppError::Forbidden`] for who does not coordinate all of it.
pub async fn of_round(app: &App, actor: &Actor, slug: &str) -> Result<ShortageReport, AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            let data = rounds::picture(tx, slug).await?;
            let run = proposals::latest(tx, &data).await?;
            let overview = overview::view(&data, run.as_ref().map(|run| run.view.currency));
            let mut shortages = run.as_ref().map(|run| of(&data, &run.proposal)).unwrap_or_default();
            if let Some(run) = run.as_ref().filter(|run| run.view.currency == Currency::Current) {
                // The proposal is the engine's own for this input: the hash says so.
                work_out(&mut shortages, &proposals::input_of(&data), &run.proposal);
            }
            Ok(ShortageReport { data, overview, run: run.map(|run| run.view), shortages })
        })
        .await
}

/// The shortages of a proposal, the largest first.
pub(crate) fn of(data: &RoundData, proposal: &Proposal) -> Vec<Shortage> {
    let mut unplaced: Vec<Vec<DemandId>> = vec![Vec::new(); proposal.shortages.len()];
    let mut sentences: Vec<BTreeSet<String>> = vec![BTreeSet::new(); proposal.shortages.len()];
    for (key, outcome) in &proposal.assignments {
        let Outcome::Unplaced(explanation) = outcome else { continue };
        let Some(at) = group_of(proposal, explanation) else { continue };
        unplaced[at].push(demand_id(*key));
        if let Explanation::NoCandidate { .. } = explanation {
            sentences[at].insert(reasons::explain(data, explanation, reasons::Aim::AnyPlace));
        }
    }
    let groups = proposal.shortages.iter().zip(unplaced).zip(sentences).filter(|((shortage, _), _)| shortage.short > 0);
    groups
        .map(|((shortage, demands), sentences)| Shortage {
            short: shortage.short,
            students: shortage.students,
            capacities: shortage.capacities.iter().map(|bottleneck| capacity(data, *bottleneck)).collect(),
            towns: towns(data, shortage.capacities.iter().flat_map(|bottleneck| schools_of(data, *bottleneck)).collect::<BTreeSet<_>>()),
            parts: parts(data, &demands),
            reasons: sentences.into_iter().collect(),
        })
        .collect()
}

/// Capacities of a shortage of which it is worked out what one more would bring.
const WORKED_OUT: usize = 12;

/// Works out what one more in the capacities would bring.
pub(crate) fn work_out(shortages: &mut [Shortage], input: &Input, proposal: &Proposal) {
    if shortages.is_empty() {
        return;
    }
    let Ok(solved) = Solved::new(input, proposal) else { return };
    for full in shortages.iter_mut().flat_map(|shortage| shortage.capacities.iter_mut().take(WORKED_OUT)) {
        full.brings = solved.extra_place(full.bottleneck);
    }
}

/// The group of a student without a place: that of most of the capacities that keep her from one.
fn group_of(proposal: &Proposal, explanation: &Explanation) -> Option<usize> {
    let Explanation::Full { bottlenecks, .. } = explanation else {
        return proposal.shortages.iter().position(|shortage| shortage.capacities.is_empty());
    };
    let shared = |at: &usize| bottlenecks.iter().filter(|b| proposal.shortages[*at].capacities.contains(b)).count();
    let best = (0..proposal.shortages.len()).rev().max_by_key(shared)?;
    (shared(&best) > 0).then_some(best)
}

fn parts(data: &RoundData, demands: &[DemandId]) -> Vec<ShortPart> {
    let known: Vec<&Demand> = demands.iter().filter_map(|id| data.demands.get(id)).collect();
    let mut parts: BTreeMap<(String, String, u8, u8, String), Vec<DemandId>> = BTreeMap::new();
    for demand in known {
        let partnership = demand.partnership.map(|id| labels::partnership(data, id)).unwrap_or_default();
        let key = (
            labels::phase(data, demand.phase),
            labels::period(data, demand.period),
            demand.groups.bits(),
            demand.weekdays.bits(),
            partnership,
        );
        parts.entry(key).or_default().push(demand.id);
    }
    let mut parts: Vec<_> = parts.into_iter().map(part).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.demands.len()));
    parts
}

fn part(((phase, period, groups, weekdays, partnership), demands): ((String, String, u8, u8, String), Vec<DemandId>)) -> ShortPart {
    let weekdays = kernschil_domain::values::Weekdays::from_bits(weekdays);
    ShortPart {
        phase,
        period,
        groups: kernschil_domain::values::Groups::from_bits(groups).to_string(),
        weekdays: if weekdays.bits() == 0 { String::new() } else { weekdays.to_string() },
        partnership,
        demands,
    }
}
