//! Figures of scenarios, and two beside each other.

use kernschil_app::scenarios::{self, Aspect as AppAspect, Compared, Direction as AppDirection, KeyFigures, PlaceRow};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::super::codes::{Currency, Standing};

/// Figures of a scenario or of the board.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ScenarioFigures {
    /// Demands that need a place.
    demands: u32,
    /// Without a place.
    unplaced: u32,
    /// At a kern school.
    kern: u32,
    /// At a schil school that meets its conditions.
    schil: u32,
    /// At a schil school that does not.
    schil_unmet: u32,
    /// At a school outside samen opleiden.
    outside: u32,
    /// Demands that count for coverage.
    countable: u32,
    /// Of those, covered.
    covered: u32,
    /// At the first, second, third wish and so on.
    by_wish: Vec<u32>,
    /// With wishes, and placed at none of them.
    not_listed: u32,
    /// Trips of 0-15, 16-30, 31-45, 46-60 and over 60 minutes.
    travel: Vec<u32>,
    /// Average trip in whole minutes, rounded down; absent when no trip is known.
    average_minutes: Option<u32>,
    /// Trips over 45 minutes.
    over45: u32,
    /// Trips over 60 minutes.
    over60: u32,
    /// Schools with at least one student.
    schools_used: u32,
    /// Schools with places.
    schools_offering: u32,
    /// Schools of which every place is taken.
    schools_full: u32,
}

impl From<KeyFigures> for ScenarioFigures {
    fn from(key: KeyFigures) -> Self {
        Self {
            average_minutes: key.average_minutes(),
            demands: key.demands,
            unplaced: key.unplaced,
            kern: key.kern,
            schil: key.schil,
            schil_unmet: key.schil_unmet,
            outside: key.outside,
            countable: key.countable,
            covered: key.covered,
            by_wish: key.by_wish,
            not_listed: key.not_listed,
            travel: key.travel.to_vec(),
            over45: key.over_45,
            over60: key.over_60,
            schools_used: key.schools_used,
            schools_offering: key.schools_offering,
            schools_full: key.schools_full,
        }
    }
}

/// Which way it goes for somebody, from the first to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum Direction {
    /// Worse in the second.
    Worse,
    /// Better in the second.
    Better,
    /// Elsewhere, as good.
    Equal,
}

impl From<AppDirection> for Direction {
    fn from(direction: AppDirection) -> Self {
        match direction {
            AppDirection::Worse => Self::Worse,
            AppDirection::Better => Self::Better,
            AppDirection::Equal => Self::Equal,
        }
    }
}

/// What somebody gains or loses at, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum Aspect {
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
    /// Nothing of the above.
    Nothing,
}

impl From<AppAspect> for Aspect {
    fn from(aspect: AppAspect) -> Self {
        match aspect {
            AppAspect::Placed => Self::Placed,
            AppAspect::Covered => Self::Covered,
            AppAspect::Ladder => Self::Ladder,
            AppAspect::Wish => Self::Wish,
            AppAspect::Travel => Self::Travel,
            AppAspect::Nothing => Self::Nothing,
        }
    }
}

/// How many go one way at one aspect.
#[derive(Debug, Object)]
pub(crate) struct DifferenceCount {
    /// Which way.
    direction: Direction,
    /// At what.
    aspect: Aspect,
    /// How many.
    demands: u32,
}

/// A place in a comparison.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ComparedPlace {
    /// The offer.
    offer: Uuid,
    /// Name of the school.
    school_name: String,
    /// What the school is to the student.
    standing: Standing,
    /// Rank among the wishes, from 1.
    wish_rank: Option<usize>,
    /// Minutes of travel one way.
    minutes: Option<u16>,
}

impl From<PlaceRow> for ComparedPlace {
    fn from(place: PlaceRow) -> Self {
        Self {
            offer: place.offer.0,
            school_name: place.school_name,
            standing: place.standing.into(),
            wish_rank: place.wish_rank,
            minutes: place.minutes,
        }
    }
}

/// Somebody for whom it makes a difference.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ScenarioDifference {
    /// The demand.
    demand: Uuid,
    /// The student; absent for one that a scenario adds.
    student: Option<Uuid>,
    /// Name as in a list.
    name: String,
    /// Code of the phase.
    phase: String,
    /// Name of the period.
    period: String,
    /// The place in the first; absent when there is none.
    before: Option<ComparedPlace>,
    /// The place in the second; absent when there is none.
    after: Option<ComparedPlace>,
    /// Which way it goes.
    direction: Direction,
    /// At what.
    aspect: Aspect,
}

impl From<scenarios::Difference> for ScenarioDifference {
    fn from(difference: scenarios::Difference) -> Self {
        Self {
            demand: difference.demand.0,
            student: difference.student.map(|student| student.0),
            name: difference.name,
            phase: difference.phase,
            period: difference.period,
            before: difference.from.map(Into::into),
            after: difference.to.map(Into::into),
            direction: difference.direction.into(),
            aspect: difference.at.into(),
        }
    }
}

/// A school with more or fewer students.
#[derive(Debug, Object)]
pub(crate) struct SchoolDifference {
    /// Name.
    name: String,
    /// Students in the first.
    before: u32,
    /// Students in the second.
    after: u32,
}

/// One side of a comparison.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ComparedSide {
    /// Its name.
    name: String,
    /// Whether it is as the round is now.
    currency: Currency,
    /// Its figures.
    figures: ScenarioFigures,
    /// How good it is known to be, in Dutch.
    proof: Option<String>,
}

/// Two scenarios beside each other, or one and the board.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ScenarioComparison {
    /// The first.
    before: ComparedSide,
    /// The second.
    after: ComparedSide,
    /// Demands with the same place in both, or without one in both.
    same: u32,
    /// Demands that are only in the first.
    only_before: u32,
    /// Demands that are only in the second.
    only_after: u32,
    /// How many gain and lose, and at what.
    counts: Vec<DifferenceCount>,
    /// Everybody for whom it makes a difference: who loses first, the most important first.
    differences: Vec<ScenarioDifference>,
    /// Schools with more or fewer students, the largest change first.
    schools: Vec<SchoolDifference>,
}

fn side(side: scenarios::Side) -> ComparedSide {
    ComparedSide {
        name: side.name,
        currency: side.currency.into(),
        figures: side.picture.key().into(),
        proof: side.picture.proof_sentence().map(str::to_owned),
    }
}

impl From<Compared> for ScenarioComparison {
    fn from(compared: Compared) -> Self {
        let comparison = compared.comparison;
        let count = |(direction, at, demands): (AppDirection, AppAspect, u32)| DifferenceCount {
            direction: direction.into(),
            aspect: at.into(),
            demands,
        };
        let school =
            |school: scenarios::SchoolDifference| SchoolDifference { name: school.name, before: school.before, after: school.after };
        Self {
            before: side(compared.before),
            after: side(compared.after),
            same: comparison.same,
            only_before: comparison.only_before,
            only_after: comparison.only_after,
            counts: comparison.counts.into_iter().map(count).collect(),
            differences: comparison.differences.into_iter().map(Into::into).collect(),
            schools: comparison.schools.into_iter().map(school).collect(),
        }
    }
}
