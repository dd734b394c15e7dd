//! What comes out for everybody: of a scenario that was solved, or of the round as it is on the board. Pictures are
//! stored with a scenario and compared with each other; they hold no names but of schools.

use std::collections::BTreeMap;

use kernschil_allocation::{Level, Proof, Proposal};
use kernschil_domain::codes::{Need, Turn};
use kernschil_domain::coverage::{CoverageStatus, Moment, status_of};
use kernschil_domain::ids::{DemandId, OfferId, PeriodId, RunId, SchoolId, StudentId};
use kernschil_domain::rounds::{Demand, RoundData};
use kernschil_domain::standing::{Standing, Standings};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::shortages::Shortage;
use crate::{labels, proposals, students};

/// What comes out for everybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Every demand that needs a place and takes part.
    pub rows: Vec<Row>,
    /// How many each school has and offers, by school.
    pub schools: Vec<SchoolLoad>,
    /// Value of every level of the proposal; nothing for the board.
    pub levels: Vec<(Level, i64)>,
    /// How good the proposal is known to be; nothing for the board.
    pub proof: Option<Proof>,
    /// Where places are short.
    pub shortages: Vec<Shortage>,
}

/// What comes out for one demand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The demand.
    pub demand: DemandId,
    /// Whose it is.
    pub who: Who,
    /// Code of the phase.
    pub phase: String,
    /// The period.
    pub period: PeriodId,
    /// Number of wishes.
    pub wishes: usize,
    /// How it counts for coverage.
    pub status: CoverageStatus,
    /// The place, where there is one.
    pub place: Option<PlaceRow>,
}

/// Whose a demand is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// A student of the round.
    Student(StudentId),
    /// A student that a scenario adds: words instead of a name.
    Extra(String),
}

/// A place that somebody gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// The offer.
    pub offer: OfferId,
    /// The school.
    pub school: SchoolId,
    /// Its name.
    pub school_name: String,
    /// What it is to the student.
    pub standing: Standing,
    /// Rank among the wishes, from 1.
    pub wish_rank: Option<usize>,
    /// Minutes of travel one way, when known.
    pub minutes: Option<u16>,
}

/// How many a school has and offers, over all periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolLoad {
    /// The school.
    pub school: SchoolId,
    /// Its name.
    pub name: String,
    /// Placed students.
    pub students: u32,
    /// Places offered.
    pub places: u32,
}

fn size(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Picture {
    /// The round as it is on the board.
    pub(crate) fn of(data: &RoundData) -> Self {
        Self::among(data, data)
    }

    /// `known` is the round without what a scenario adds.
    fn among(known: &RoundData, data: &RoundData) -> Self {
        let mut standings = Standings::new(data);
        let needed = data.demands.values().filter(|d| d.need == Need::Required && d.turn == Turn::TakesPart);
        let rows: Vec<_> = needed.filter_map(|demand| row(known, data, &mut standings, demand)).collect();
        Self { schools: schools(data, &rows), rows, levels: Vec::new(), proof: None, shortages: Vec::new() }
    }

    /// The round as a proposal has it: what stays stays, and the proposal in the place of earlier drafts.
    pub(crate) fn proposed(known: &RoundData, mut data: RoundData, proposal: &Proposal, shortages: Vec<Shortage>) -> Self {
        data.placements.retain(|_, placement| proposals::stays(placement));
        // Never stored: their identifiers do not matter.
        for draft in proposals::drafts(proposal, RunId(Uuid::nil()), None, Uuid::nil) {
            data.placements.insert(draft.demand, draft);
        }
        Self { levels: proposal.objective.clone(), proof: Some(proposal.proof), shortages, ..Self::among(known, &data) }
    }

    /// How good it is known to be, in Dutch; nothing when that is not known.
    pub fn proof_sentence(&self) -> Option<&'static str> {
        self.proof.map(|proof| match proof {
            Proof::Optimal => "Beter kan niet met deze regels, plekken en studenten. Een tweede berekening heeft dit nagerekend.",
            Proof::WithinBound { .. } => "Dit is het beste dat gevonden is; dat er niets beters bestaat, is niet bewezen.",
        })
    }

    /// The figures of it.
    pub fn key(&self) -> KeyFigures {
        KeyFigures::of(self)
    }
}

fn row(known: &RoundData, data: &RoundData, standings: &mut Standings<'_>, demand: &Demand) -> Option<Row> {
    let student = data.students.get(&demand.student)?;
    let place = students::place(data, demand).map(|place| PlaceRow {
        offer: place.offer,
        school: place.school,
        school_name: place.school_name,
        standing: place.standing,
        wish_rank: place.wish_rank,
        minutes: place.minutes,
    });
    let is_extra = !known.students.contains_key(&student.id);
    Some(Row {
        demand: demand.id,
        who: if is_extra { Who::Extra(student.family_name.clone()) } else { Who::Student(student.id) },
        phase: labels::phase(data, demand.phase),
        period: demand.period,
        wishes: demand.wishes.len(),
        status: status_of(data, standings, demand, Moment::WholeRound),
        place,
    })
}

fn schools(data: &RoundData, rows: &[Row]) -> Vec<SchoolLoad> {
    let mut loads: BTreeMap<SchoolId, (u32, u32)> = BTreeMap::new();
    for offer in data.offers.values() {
        loads.entry(offer.school).or_default().1 += u32::try_from(offer.count).unwrap_or_default();
    }
    for place in rows.iter().filter_map(|row| row.place.as_ref()) {
        loads.entry(place.school).or_default().0 += 1;
    }
    let load = |(school, (students, places))| SchoolLoad { school, name: labels::school(data, school), students, places };
    loads.into_iter().map(load).collect()
}

/// Bounds of the bands of travel time, in minutes: 0 to 15, 16 to 30 and so on; the last has no end.
pub const TRAVEL_BANDS: [(u16, u16); 5] = [(0, 15), (16, 30), (31, 45), (46, 60), (61, u16::MAX)];

/// The figures of a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct KeyFigures {
    /// Demands.
    pub demands: u32,
    /// Without a place.
    pub unplaced: u32,
    /// At a kern school.
    pub kern: u32,
    /// At a schil school that meets its conditions.
    pub schil: u32,
    /// At a schil school that does not.
    pub schil_unmet: u32,
    /// At a school outside samen opleiden.
    pub outside: u32,
    /// Demands that count for coverage, placed or not.
    pub countable: u32,
    /// Of those, at a kern or good schil school.
    pub covered: u32,
    /// At the first, second, third wish and so on.
    pub by_wish: Vec<u32>,
    /// Placed with wishes, at none of them.
    pub not_listed: u32,
    /// Placed without having wishes.
    pub without_wishes: u32,
    /// Trips per band of [`TRAVEL_BANDS`].
    pub travel: [u32; 5],
    /// Trips of which the time is known.
    pub trips: u32,
    /// Their minutes together.
    pub minutes: u32,
    /// Trips over 45 minutes, those over 60 counted as well.
    pub over_45: u32,
    /// Trips over 60 minutes.
    pub over_60: u32,
    /// Schools with at least one student.
    pub schools_used: u32,
    /// Schools with places.
    pub schools_offering: u32,
    /// Schools of which every place is taken.
    pub schools_full: u32,
    /// The most students at one school.
    pub most_at_school: u32,
}

impl KeyFigures {
    fn of(picture: &Picture) -> Self {
        let placed: Vec<_> = picture.rows.iter().filter_map(|row| Some((row, row.place.as_ref()?))).collect();
        let at = |standing| size(placed.iter().filter(|(_, place)| place.standing == standing).count());
        let longest = picture.rows.iter().map(|row| row.wishes).max().unwrap_or_default();
        let minutes: Vec<_> = placed.iter().filter_map(|(_, place)| place.minutes).collect();
        let trips = |from: u16, to: u16| size(minutes.iter().filter(|minutes| (from..=to).contains(*minutes)).count());
        let offering = picture.schools.iter().filter(|school| school.places > 0);
        Self {
            demands: size(picture.rows.len()),
            unplaced: size(picture.rows.len() - placed.len()),
            kern: at(Standing::Kern),
            schil: at(Standing::Schil),
            schil_unmet: at(Standing::SchilUnmet),
            outside: at(Standing::Outside),
            countable: size(picture.rows.iter().filter(|row| row.status.is_counted()).count()),
            covered: size(picture.rows.iter().filter(|row| row.status.is_covered()).count()),
            by_wish: (1..=longest).map(|rank| size(placed.iter().filter(|(_, p)| p.wish_rank == Some(rank)).count())).collect(),
            not_listed: size(placed.iter().filter(|(row, place)| row.wishes > 0 && place.wish_rank.is_none()).count()),
            without_wishes: size(placed.iter().filter(|(row, _)| row.wishes == 0).count()),
            travel: TRAVEL_BANDS.map(|(from, to)| trips(from, to)),
            trips: size(minutes.len()),
            minutes: minutes.iter().map(|minutes| u32::from(*minutes)).sum(),
            over_45: trips(46, u16::MAX),
            over_60: trips(61, u16::MAX),
            schools_used: size(picture.schools.iter().filter(|school| school.students > 0).count()),
            schools_full: size(offering.clone().filter(|school| school.students >= school.places).count()),
            schools_offering: size(offering.count()),
            most_at_school: picture.schools.iter().map(|school| school.students).max().unwrap_or_default(),
        }
    }

    /// Demands with a place.
    pub fn placed(&self) -> u32 {
        self.demands - self.unplaced
    }

    /// Average trip in whole minutes, rounded down; nothing without a known trip.
    pub fn average_minutes(&self) -> Option<u32> {
        self.minutes.checked_div(self.trips)
    }
}
