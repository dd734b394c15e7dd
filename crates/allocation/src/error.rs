//! What can be wrong with a snapshot, and why a run can stop.

use serde::{Deserialize, Serialize};

use crate::eligibility::Reason;
use crate::input::{BoardKey, DemandKey, LevelKind, OriginGroup, PeriodKey, PlaceKey, SchoolKey, StandingGroup, StudentKey, TrainerKey};

/// The row in which a wrong reference or number was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Row {
    /// A demand.
    Demand(DemandKey),
    /// A place.
    Place(PlaceKey),
    /// A school.
    School(SchoolKey),
    /// A trainer.
    Trainer(TrainerKey),
    /// A board.
    Board(BoardKey),
    /// The columns of the standing table.
    StandingColumns,
    /// A row of the standing table.
    Standing(StandingGroup),
    /// The columns of the travel table.
    TravelColumns,
    /// A row of the travel table.
    Travel(OriginGroup),
    /// The settings.
    Settings,
}

/// A snapshot the engine refuses to work with. The first fault found is reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum InputError {
    /// More than [`MAX_DEMANDS`](crate::MAX_DEMANDS) demands, or more than
    /// [`MAX_PLACES`](crate::MAX_PLACES) places, schools, trainers or table rows.
    TooManyRows(usize),
    /// Two rows have this key, or a table has two columns for one school.
    Duplicate(Row),
    /// A student has two demands in one period.
    TwoDemandsInPeriod(StudentKey, PeriodKey),
    /// The row names a school that is not in the snapshot.
    UnknownSchool(Row, SchoolKey),
    /// The row names a trainer that is not in the snapshot.
    UnknownTrainer(Row, TrainerKey),
    /// The school names a board that is not in the snapshot.
    UnknownBoard(SchoolKey, BoardKey),
    /// The demand is pinned to a place that is not in the snapshot.
    UnknownPlace(DemandKey, PlaceKey),
    /// The demand is pinned to a place in another period.
    PinnedInOtherPeriod(DemandKey, PlaceKey),
    /// The demand is pinned to a place at a school that is excluded for it.
    PinnedAtExcluded(DemandKey, SchoolKey),
    /// The soft minimum of the school in the period is above its total.
    MinimumAboveTotal(SchoolKey, PeriodKey),
    /// The school takes nobody or at least this many, and can take fewer in the period.
    LeastAboveOffer(SchoolKey, PeriodKey, u32),
    /// The demand names a group without a row in the standing table.
    UnknownStandingGroup(DemandKey, StandingGroup),
    /// The demand names an origin without a row in the travel table.
    UnknownOrigin(DemandKey, OriginGroup),
    /// A count or cap above [`MAX_COUNT`](crate::MAX_COUNT).
    CountTooLarge(Row, u32),
    /// A travel time or limit above [`MAX_MINUTES`](crate::MAX_MINUTES).
    MinutesTooLarge(Row, u16),
    /// Two caps for one period.
    DuplicatePeriod(Row, PeriodKey),
    /// The same school or trainer named twice in one list of a row.
    NamedTwice(Row),
    /// A weekday mask with a bit above Friday.
    NotAWeekday(Row, u8),
    /// A wish list longer than [`MAX_WISHES`](crate::MAX_WISHES).
    TooManyWishes(DemandKey, usize),
    /// A wish that names no school.
    EmptyWish(DemandKey),
    /// A table row whose length differs from the number of columns.
    RowLength(Row, usize),
    /// A level counts how often a rule is broken that is hard.
    BrokenButHard(Reason),
    /// [`LevelKind::NotPlaced`] is not first, [`LevelKind::Lot`] is not last, or a level occurs twice.
    LevelOrder(Vec<LevelKind>),
    /// The levels do not fit the widest number the engine has.
    ObjectiveTooLarge,
}

/// Why there is no proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SolveError {
    /// The snapshot is not valid.
    Input(InputError),
    /// The caller's progress function asked to stop.
    Cancelled,
}

impl From<InputError> for SolveError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl std::fmt::Display for InputError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "invalid snapshot: {self:?}")
    }
}

impl std::fmt::Display for SolveError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl std::error::Error for InputError {}
impl std::error::Error for SolveError {}
