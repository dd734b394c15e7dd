//! What happens to the figures of a round when something is done, before it is done.

use std::collections::{BTreeMap, HashMap};

use kernschil_domain::codes::{Guidance, Need};
use kernschil_domain::coverage::{Coverage, CoverageStatus, Moment, counts_for_funding, coverage, status_at, status_of};
use kernschil_domain::fit::{Load, misfits};
use kernschil_domain::ids::{DemandId, OfferId, SchoolId, StudentId};
use kernschil_domain::rounds::RoundData;
use kernschil_domain::standing::{Standing, Standings};
use serde::Serialize;

use super::BoardView;
use super::candidates::Candidate;
use crate::coverage::{CoverageQuery, Figures};

/// Counts a round once, and then what single changes do to it: only the students concerned are counted anew.
pub struct Outlook<'a> {
    data: &'a RoundData,
    standings: Standings<'a>,
    now: Coverage,
    demands: HashMap<StudentId, Vec<DemandId>>,
}

/// Where a demand would be: at a school, with or without extra guidance; or nowhere.
pub type Supposed = Option<(SchoolId, Guidance)>;

impl<'a> Outlook<'a> {
    /// Of a round as it is now.
    pub fn new(data: &'a RoundData) -> Self {
        let mut demands: HashMap<_, Vec<_>> = HashMap::new();
        for demand in data.demands.values() {
            demands.entry(demand.student).or_default().push(demand.id);
        }
        Self { data, standings: Standings::new(data), now: coverage(data, &CoverageQuery::default().scope()), demands }
    }

    /// The figures now.
    pub fn now(&self) -> Figures {
        Figures::from(&self.now)
    }

    /// The figures when these demands are where they are supposed to be.
    pub fn after(&mut self, supposed: &BTreeMap<DemandId, Supposed>) -> Figures {
        let mut counts = self.now.counts.clone();
        let mut funded = self.now.covered_for_funding;
        let students: Vec<_> = supposed.keys().filter_map(|demand| Some(self.data.demands.get(demand)?.student)).collect();
        for student in students.iter().collect::<std::collections::BTreeSet<_>>() {
            let (before, then) = (self.status(*student, &BTreeMap::new()), self.status(*student, supposed));
            let (Some(before), Some(then)) = (before, then) else { continue };
            if let Some(count) = counts.get_mut(&before.0) {
                *count = count.saturating_sub(1);
            }
            *counts.entry(then.0).or_default() += 1;
            let counted =
                |(status, demand): (CoverageStatus, DemandId)| u32::from(status.is_covered() && counts_for_funding(self.data, demand));
            funded = (funded + counted(then)).saturating_sub(counted(before));
        }
        Figures::from(&Coverage { students: Vec::new(), counts, covered_for_funding: funded })
    }

    /// How a student counts, by the demand that decides.
    fn status(&mut self, student: StudentId, supposed: &BTreeMap<DemandId, Supposed>) -> Option<(CoverageStatus, DemandId)> {
        let demands = self.demands.get(&student)?;
        let status = |id: &DemandId| {
            let demand = self.data.demands.get(id)?;
            let status = match supposed.get(id) {
                None => status_of(self.data, &mut self.standings, demand, Moment::WholeRound),
                Some(place) => {
                    let place = place.map(|(school, guidance)| (school, Some(guidance)));
                    status_at(self.data, &mut self.standings, demand, Moment::WholeRound, place)
                }
            };
            Some((status, *id))
        };
        demands.iter().filter_map(status).min()
    }

    /// How one demand counts at a school.
    pub fn status_there(&mut self, demand: DemandId, school: SchoolId) -> Option<CoverageStatus> {
        let demand = self.data.demands.get(&demand)?;
        Some(status_at(self.data, &mut self.standings, demand, Moment::WholeRound, Some((school, Some(Guidance::Extra)))))
    }
}

/// What happens to coverage when a student goes to a school of one standing.
#[derive(Debug, Clone, Serialize)]
pub struct Consequence {
    /// What the school is to the student.
    pub standing: Standing,
    /// How the demand counts there; outside, with extra guidance.
    pub status: CoverageStatus,
    /// Coverage of the round then.
    pub coverage: Figures,
}

/// What happens to coverage for each standing that a place of the list can give a demand.
pub fn consequences(view: &BoardView, demand: DemandId, candidates: &[Candidate]) -> Vec<Consequence> {
    let mut outlook = Outlook::new(&view.data);
    let of = |standing| {
        let place = candidates.iter().find(|candidate| candidate.standing == standing)?;
        let coverage = outlook.after(&BTreeMap::from([(demand, Some((place.school, Guidance::Extra)))]));
        Some(Consequence { standing, status: outlook.status_there(demand, place.school)?, coverage })
    };
    Standing::ALL.into_iter().filter_map(of).collect()
}

/// Students without a place who fit on each of these offers as well: who takes the last one takes it from them.
pub fn rivals(data: &RoundData, demand: DemandId, offers: &[OfferId]) -> HashMap<OfferId, usize> {
    let load = Load::of(data, |placement| placement.demand != demand);
    let waiting: Vec<_> = data
        .demands
        .values()
        .filter(|other| other.id != demand && other.need == Need::Required && !data.placements.contains_key(&other.id))
        .collect();
    let fits = |offer: &OfferId| {
        let offer = data.offers.get(offer)?;
        Some((offer.id, waiting.iter().filter(|other| misfits(data, &load, other, offer).is_empty()).count()))
    };
    offers.iter().filter_map(fits).collect()
}
