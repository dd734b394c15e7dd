//! Two pictures side by side: who gains, who loses, and at what.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use kernschil_domain::ids::{DemandId, StudentId};
use kernschil_domain::rounds::RoundData;
use kernschil_domain::standing::Standing;
use serde::Serialize;

use super::picture::{KeyFigures, Picture, PlaceRow, Row, SchoolLoad, Who};
use crate::labels;
use crate::listing::search_key;

/// What somebody gains or loses at, the most important first: the order in which a proposal weighs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// Having a place.
    Placed,
    /// Being inside samen opleiden.
    Covered,
    /// Kern before schil.
    Ladder,
    /// The rank of the wish.
    Wish,
    /// Minutes of travel.
    Travel,
    /// Nothing of the above: another place that is as good.
    Nothing,
}

impl Aspect {
    /// All, the most important first.
    pub const ALL: [Self; 6] = [Self::Placed, Self::Covered, Self::Ladder, Self::Wish, Self::Travel, Self::Nothing];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Covered => "covered",
            Self::Ladder => "ladder",
            Self::Wish => "wish",
            Self::Travel => "travel",
            Self::Nothing => "nothing",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Placed => "een plek hebben",
            Self::Covered => "binnen samen opleiden",
            Self::Ladder => "kern of schil",
            Self::Wish => "voorkeur",
            Self::Travel => "reistijd",
            Self::Nothing => "even goede plek",
        }
    }
}

/// Which way it goes for somebody, from the first to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Worse in the second.
    Worse,
    /// Better in the second.
    Better,
    /// Elsewhere, as good.
    Equal,
}

impl Direction {
    /// All, what needs a look first.
    pub const ALL: [Self; 3] = [Self::Worse, Self::Better, Self::Equal];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Equal => "equal",
        }
    }

    /// The Dutch word.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Worse => "slechter",
            Self::Better => "beter",
            Self::Equal => "even goed",
        }
    }
}

/// Somebody for whom it makes a difference.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// The demand.
    pub demand: DemandId,
    /// The student; nothing for one that a scenario adds.
    pub student: Option<StudentId>,
    /// Name as in a list.
    pub name: String,
    /// Code of the phase.
    pub phase: String,
    /// Name of the period.
    pub period: String,
    /// The place in the first.
    pub from: Option<PlaceRow>,
    /// The place in the second.
    pub to: Option<PlaceRow>,
    /// Which way it goes.
    pub direction: Direction,
    /// At what.
    pub at: Aspect,
}

/// A school that has more or fewer students.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchoolDifference {
    /// Name.
    pub name: String,
    /// Students in the first.
    pub before: u32,
    /// Students in the second.
    pub after: u32,
}

/// Two pictures side by side.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Figures of the first.
    pub before: KeyFigures,
    /// Figures of the second.
    pub after: KeyFigures,
    /// Everybody for whom it makes a difference: who loses first, the most important first, by name.
    pub differences: Vec<Difference>,
    /// How many per direction and aspect; those that occur.
    pub counts: Vec<(Direction, Aspect, u32)>,
    /// Demands with the same place in both, or without one in both.
    pub same: u32,
    /// Demands that are only in the first.
    pub only_before: u32,
    /// Demands that are only in the second.
    pub only_after: u32,
    /// Schools with more or fewer students, the largest change first.
    pub schools: Vec<SchoolDifference>,
}

impl Comparison {
    /// How many go one way.
    pub fn count(&self, direction: Direction) -> u32 {
        self.counts.iter().filter(|(way, ..)| *way == direction).map(|(.., count)| count).sum()
    }
}

fn size(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Compares two pictures of a round; the round gives names.
pub(crate) fn compare(data: &RoundData, before: &Picture, after: &Picture) -> Comparison {
    let first: BTreeMap<DemandId, &Row> = before.rows.iter().map(|row| (row.demand, row)).collect();
    let mut differences = Vec::new();
    let (mut same, mut only_after) = (0, 0);
    for row in &after.rows {
        match first.get(&row.demand) {
            None => only_after += 1,
            Some(was) if is_same(was.place.as_ref(), row.place.as_ref()) => same += 1,
            Some(was) => differences.push(difference(data, was, row)),
        }
    }
    differences.sort_by_cached_key(|d| (d.direction, d.at, search_key(&d.name), d.period.clone()));
    Comparison {
        only_before: size(first.len()) - same - size(differences.len()),
        counts: counts(&differences),
        schools: schools(&before.schools, &after.schools),
        before: before.key(),
        after: after.key(),
        differences,
        same,
        only_after,
    }
}

fn is_same(a: Option<&PlaceRow>, b: Option<&PlaceRow>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.offer == b.offer,
        (a, b) => a.is_none() == b.is_none(),
    }
}

fn difference(data: &RoundData, was: &Row, is: &Row) -> Difference {
    let (order, at) = judged(was, is);
    let (student, name) = match &is.who {
        Who::Student(id) => (Some(*id), data.students.get(id).map(kernschil_domain::cohorts::Student::list_name).unwrap_or_default()),
        Who::Extra(words) => (None, words.clone()),
    };
    Difference {
        demand: is.demand,
        student,
        name,
        phase: is.phase.clone(),
        period: labels::period(data, is.period),
        from: was.place.clone(),
        to: is.place.clone(),
        direction: match order {
            Ordering::Less => Direction::Better,
            Ordering::Greater => Direction::Worse,
            Ordering::Equal => Direction::Equal,
        },
        at,
    }
}

/// How the second stands to the first, less being better, and at what they differ first.
fn judged(was: &Row, is: &Row) -> (Ordering, Aspect) {
    let (Some(from), Some(to)) = (&was.place, &is.place) else {
        return (was.place.is_some().cmp(&is.place.is_some()), Aspect::Placed);
    };
    let covered = |place: &PlaceRow| u8::from(!matches!(place.standing, Standing::Kern | Standing::Schil));
    let wish = |place: &PlaceRow| place.wish_rank.unwrap_or(usize::MAX);
    // A trip that is not known is compared with nothing.
    let travel = to.minutes.zip(from.minutes).map_or(Ordering::Equal, |(to, from)| to.cmp(&from));
    let orders = [
        (covered(to).cmp(&covered(from)), Aspect::Covered),
        (to.standing.cmp(&from.standing), Aspect::Ladder),
        (wish(to).cmp(&wish(from)), Aspect::Wish),
        (travel, Aspect::Travel),
    ];
    orders.into_iter().find(|(order, _)| order.is_ne()).unwrap_or((Ordering::Equal, Aspect::Nothing))
}

fn counts(differences: &[Difference]) -> Vec<(Direction, Aspect, u32)> {
    let mut counts: BTreeMap<(Direction, Aspect), u32> = BTreeMap::new();
    for difference in differences {
        *counts.entry((difference.direction, difference.at)).or_default() += 1;
    }
    counts.into_iter().map(|((direction, at), count)| (direction, at, count)).collect()
}

fn schools(before: &[SchoolLoad], after: &[SchoolLoad]) -> Vec<SchoolDifference> {
    let mut both: BTreeMap<_, (String, u32, u32)> = BTreeMap::new();
    for load in before {
        both.entry(load.school).or_insert_with(|| (load.name.clone(), 0, 0)).1 = load.students;
    }
    for load in after {
        both.entry(load.school).or_insert_with(|| (load.name.clone(), 0, 0)).2 = load.students;
    }
    let changed = both.into_values().filter(|(_, before, after)| before != after);
    let mut changed: Vec<_> = changed.map(|(name, before, after)| SchoolDifference { name, before, after }).collect();
    changed.sort_by(|a, b| b.before.abs_diff(b.after).cmp(&a.before.abs_diff(a.after)).then_with(|| a.name.cmp(&b.name)));
    changed
}

#[cfg(test)]
mod tests {
    use kernschil_domain::coverage::CoverageStatus;
    use kernschil_domain::ids::{OfferId, PeriodId, SchoolId};
    use uuid::Uuid;

    use super::*;

    fn place(offer: u128, standing: Standing, wish_rank: Option<usize>, minutes: Option<u16>) -> PlaceRow {
        let (offer, school) = (OfferId(Uuid::from_u128(offer)), SchoolId(Uuid::from_u128(offer)));
        PlaceRow { offer, school, school_name: "De Linde".to_owned(), standing, wish_rank, minutes }
    }

    fn row(place: Option<PlaceRow>) -> Row {
        Row {
            demand: DemandId(Uuid::nil()),
            who: Who::Extra("extra student 1, fase 1".to_owned()),
            phase: "fase 1".to_owned(),
            period: PeriodId(Uuid::nil()),
            wishes: 3,
            status: CoverageStatus::Kern,
            place,
        }
    }

    #[test]
    fn the_first_aspect_that_differs_decides() {
        let kern = |wish, minutes| row(Some(place(1, Standing::Kern, wish, minutes)));
        let schil = row(Some(place(2, Standing::Schil, Some(1), Some(5))));
        let unmet = row(Some(place(3, Standing::SchilUnmet, Some(1), Some(5))));
        for (from, to, expected) in [
            (row(None), schil.clone(), (Ordering::Less, Aspect::Placed)),
            (schil.clone(), row(None), (Ordering::Greater, Aspect::Placed)),
            (schil.clone(), unmet, (Ordering::Greater, Aspect::Covered)),
            // Kern goes before a first wish close to home.
            (schil, kern(None, Some(80)), (Ordering::Less, Aspect::Ladder)),
            (kern(Some(2), Some(10)), kern(Some(1), Some(60)), (Ordering::Less, Aspect::Wish)),
            (kern(Some(1), Some(10)), kern(None, Some(5)), (Ordering::Greater, Aspect::Wish)),
            (kern(None, Some(10)), kern(None, Some(12)), (Ordering::Greater, Aspect::Travel)),
            (kern(None, None), kern(None, Some(12)), (Ordering::Equal, Aspect::Nothing)),
        ] {
            assert_eq!(judged(&from, &to), expected, "{from:?} {to:?}");
        }
    }
}
