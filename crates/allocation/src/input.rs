//! What a round looks like to the engine: plain data, every reference by key.
//!
//! The order of rows never matters. The engine sorts by the tie-break numbers (and then by key)
//! before it does anything, so two snapshots with the same rows give the same proposal.

use serde::{Deserialize, Serialize};

use crate::eligibility::{Reason, Reasons};
use crate::travel::Minutes;

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u128);
    )*};
}

keys! {
    /// Names one demand: one student who needs one place in one period.
    DemandKey;
    /// Names one student. A student may have a demand in several periods, one in each.
    StudentKey;
    /// Names one place: an offer of a school for one period, for `count` students at once.
    PlaceKey;
    /// Names one school.
    SchoolKey;
    /// Names one trainer who covers students at one or more schools.
    TrainerKey;
    /// Names one period of the round. Nothing is shared between periods but outside guidance and teams.
    PeriodKey;
    /// Names one school board.
    BoardKey;
    /// Names demands that stay together at one school: a pair, a leerteam, the two periods of one
    /// student's year.
    TeamKey;
}

/// Code of a study phase, chosen by the caller. The engine only compares codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhaseCode(pub u32);

/// Names a row of [`StandingTable`]: students for whom every school has the same standing,
/// usually the students of one institute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StandingGroup(pub u32);

/// Names a row of [`TravelTable`]: students who travel from the same origin, usually a postcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OriginGroup(pub u32);

/// School groups 1 to 8 as a bit mask: bit 0 is group 1. An empty mask means any group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Groups(pub u8);

impl Groups {
    /// Any group will do.
    pub const ANY: Self = Self(0xff);

    /// True when at least one group is in both masks; an empty mask meets every mask.
    pub const fn meets(self, other: Self) -> bool {
        self.0 == 0 || other.0 == 0 || self.0 & other.0 != 0
    }

    /// True when all groups of this mask, eight when it is empty, are among `known`.
    pub(crate) const fn all_within(self, known: Self) -> bool {
        let all = if self.0 == 0 { Self::ANY.0 } else { self.0 };
        all & !known.0 == 0
    }
}

/// Weekdays Monday to Friday as a bit mask: bit 0 is Monday, bits 5 to 7 must be zero.
///
/// On a demand: the days the student needs, empty when any day will do. On a place: the days on
/// which the school receives students.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// No day in particular.
    pub const NONE: Self = Self(0);
    /// Monday to Friday.
    pub const ALL: Self = Self(0b1_1111);

    /// True when every day of `self` is also a day of `other`.
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

/// Whether a student is in the final phase of the study; those students are placed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FinalPhase {
    /// The demand is for the final phase (afstudeerfase, LIO).
    Final,
    /// Any earlier phase.
    Earlier,
}

/// How the student's last trip was. After a long one, a long trip now counts double.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LastTrip {
    /// Nothing to make good.
    #[default]
    Ordinary,
    /// The last trip was long: on the travel levels this student counts twice.
    Long,
}

/// How firm a placement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Firmness {
    /// Proposed, and known to coordinators only.
    Draft,
    /// Made known to the student and the school.
    Announced,
}

/// The place a student has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keep {
    /// The place. It may be gone from the snapshot: then the placement cannot be kept.
    pub place: PlaceKey,
    /// How firm it is.
    pub firmness: Firmness,
}

/// What a school is to a group of students, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// A kern school of a partnership of the students' institute: covered.
    Kern,
    /// A schil school that meets the conditions of its partnership: covered.
    Schil,
    /// A schil school that does not meet its conditions: not covered.
    SchilUnmet,
    /// No school of a partnership of the institute: not covered, needs extra guidance.
    Outside,
}

/// One line of a wish list; its rank is its position in [`Demand::wishes`], the first is rank 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The schools that fulfil the wish: one school, or all schools of the wished board.
    pub schools: Vec<SchoolKey>,
}

/// One student who needs one place in one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Unique key.
    pub key: DemandKey,
    /// The student; at most one demand per student and period.
    pub student: StudentKey,
    /// The period in which the place is needed.
    pub period: PeriodKey,
    /// The study phase of the student in that period.
    pub phase: PhaseCode,
    /// Whether that phase is the final one.
    pub final_phase: FinalPhase,
    /// The school groups that are acceptable; one of them is enough.
    pub groups: Groups,
    /// The days the student needs; all of them.
    pub weekdays: Weekdays,
    /// The student's own travel limit in minutes one way. A lower limit of the round wins.
    pub travel_limit: Option<u16>,
    /// Wishes in order of rank, at most [`MAX_WISHES`]. Empty: every place costs the same.
    pub wishes: Vec<Wish>,
    /// Schools where the student has been before and may not return to.
    pub earlier_schools: Vec<SchoolKey>,
    /// The only school that will do (maatwerk). Breaks no other rule.
    pub only_school: Option<SchoolKey>,
    /// Row of the standing table that holds for this student.
    pub standing_group: StandingGroup,
    /// Row of the travel table; `None` when travel times are not known.
    pub origin: Option<OriginGroup>,
    /// The place the student has now; `None` when there is none.
    #[serde(default)]
    pub keeps: Option<Keep>,
    /// Pinned by hand: only this place or none.
    #[serde(default)]
    pub pinned: Option<PlaceKey>,
    /// Schools excluded by hand.
    #[serde(default)]
    pub excluded_schools: Vec<SchoolKey>,
    /// How the last trip was.
    #[serde(default)]
    pub last_trip: LastTrip,
    /// Schools that resemble an earlier one (same board, same kind), each once.
    #[serde(default)]
    pub familiar_schools: Vec<SchoolKey>,
    /// School groups the student had before. A place is familiar when all its groups are among
    /// them; with an empty mask none is. A place that is reserved is not chosen for its groups and
    /// never familiar by them.
    #[serde(default)]
    pub familiar_groups: Groups,
    /// The team the demand belongs to: its members that are placed are placed at one school.
    #[serde(default)]
    pub team: Option<TeamKey>,
    /// Stable hash of the natural key (not of the UUID), so that the choice between equal
    /// proposals survives a re-import. Should be unique.
    pub tie_break: u64,
}

/// An offer: one school receives up to `count` students of certain phases in one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Unique key.
    pub key: PlaceKey,
    /// The school that offers.
    pub school: SchoolKey,
    /// The period of the offer.
    pub period: PeriodKey,
    /// Phases that are welcome; empty means all.
    pub phases: Vec<PhaseCode>,
    /// School groups that can receive a student; empty means any.
    pub groups: Groups,
    /// Days on which the students can come.
    pub weekdays: Weekdays,
    /// Number of students, 0 to [`MAX_COUNT`].
    pub count: u32,
    /// Phases the school may not train here: it does not meet what the round asks for them.
    #[serde(default)]
    pub refuses: Vec<PhaseCode>,
    /// Only for these demands (the own workplace of a zij-instromer); empty means for everybody.
    #[serde(default)]
    pub reserved_for: Vec<DemandKey>,
    /// Stable hash of the natural key, unique within the school.
    pub tie_break: u64,
}

/// A cap in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodCap {
    /// The period in which the cap holds.
    pub period: PeriodKey,
    /// Largest number of students, 0 to [`MAX_COUNT`].
    pub cap: u32,
}

/// A school, with what limits it beyond its separate offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// Unique key.
    pub key: SchoolKey,
    /// Largest number of students over all places, per period; no row means no such cap.
    pub totals: Vec<PeriodCap>,
    /// Trainers of the school. With at least one, every student at the school is covered by
    /// exactly one of them; without, trainers do not limit the school. Where one of them has no
    /// cap in a period, that one covers everybody (the first, when there are more).
    pub trainers: Vec<TrainerKey>,
    /// The board of the school, when boards have caps.
    #[serde(default)]
    pub board: Option<BoardKey>,
    /// Soft minimum of students per period; what is missing counts on [`LevelKind::Shortfall`].
    #[serde(default)]
    pub minimum: Vec<PeriodCap>,
    /// Nobody alone: in every period no students, or at least this many. 0 and 1 mean no such rule.
    #[serde(default)]
    pub least: u32,
    /// Stable hash of the natural key.
    pub tie_break: u64,
}

/// A trainer, who may cover several schools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trainer {
    /// Unique key.
    pub key: TrainerKey,
    /// Largest number of students over all schools, per period; no row means unlimited.
    pub capacity: Vec<PeriodCap>,
    /// Stable hash of the natural key.
    pub tie_break: u64,
}

/// A school board that limits the students at its schools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// Unique key.
    pub key: BoardKey,
    /// Largest number of students over all its schools, per period; no row means unlimited.
    pub totals: Vec<PeriodCap>,
    /// Stable hash of the natural key.
    pub tie_break: u64,
}

/// Standing of every school for every group of students.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingTable {
    /// The schools of the columns. A school without a column is outside for everybody.
    pub schools: Vec<SchoolKey>,
    /// One row per group of students.
    pub rows: Vec<StandingRow>,
}

/// One row of [`StandingTable`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingRow {
    /// The group of students.
    pub group: StandingGroup,
    /// One standing per column.
    pub standings: Vec<Standing>,
}

/// Travel time from every origin to every school.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TravelTable {
    /// The schools of the columns. A school without a column has unknown travel times.
    pub schools: Vec<SchoolKey>,
    /// One row per origin.
    pub rows: Vec<TravelRow>,
}

/// One row of [`TravelTable`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TravelRow {
    /// The origin.
    pub origin: OriginGroup,
    /// Minutes one way per column, 0 to [`MAX_MINUTES`]. `None` is unknown: never removed by a
    /// travel limit, and weighed as a trip of [`UNKNOWN_MINUTES`].
    pub minutes: Minutes,
}

/// A level of the objective as the round orders them. Several of them unfold into more than one
/// [`Level`](crate::Level) of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LevelKind {
    /// Students without a place, those of the final phase first. Always the first level.
    NotPlaced,
    /// Students placed where they are not covered.
    NotCovered,
    /// Placements that are not kept: announced ones first, then drafts.
    Kept,
    /// Students short of the soft minimums of schools.
    Shortfall,
    /// Steps down from kern.
    Ladder,
    /// Wish profile, worst wishes first.
    Wishes,
    /// Long trips, then minutes.
    Travel,
    /// Uneven use of schools.
    Spread,
    /// Students at a school that resembles an earlier one, or in groups they had before.
    Variety,
    /// Students for whom this rule, soft in this round, is broken.
    Broken(Reason),
    /// Seeded lot that makes the optimum unique. Always the last level.
    Lot,
}

/// The policy of the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Longest trip in minutes one way; `None` means no limit but the student's own.
    pub travel_limit: Option<u16>,
    /// Largest number of students that can get extra guidance at an outside school, over the
    /// whole round; `None` means no limit.
    pub outside_cap: Option<u32>,
    /// Seed of the lot.
    pub seed: u64,
    /// Levels, most important first. [`LevelKind::NotPlaced`] first, [`LevelKind::Lot`] last,
    /// none twice; a level left out does not count.
    pub levels: Vec<LevelKind>,
    /// Rules that rule a place out. A rule that is neither here nor a [`LevelKind::Broken`] is
    /// off; those of [`Reasons::ALWAYS_HARD`] cannot be off.
    #[serde(default = "hard")]
    pub hard: Reasons,
}

const fn hard() -> Reasons {
    Reasons::USUALLY_HARD
}

impl Settings {
    /// The usual order of the levels.
    pub const LEVELS: [LevelKind; 10] = [
        LevelKind::NotPlaced,
        LevelKind::NotCovered,
        LevelKind::Kept,
        LevelKind::Shortfall,
        LevelKind::Ladder,
        LevelKind::Wishes,
        LevelKind::Travel,
        LevelKind::Spread,
        LevelKind::Variety,
        LevelKind::Lot,
    ];
}

impl Default for Settings {
    fn default() -> Self {
        Self { travel_limit: None, outside_cap: None, seed: 0, levels: Self::LEVELS.to_vec(), hard: hard() }
    }
}

/// A complete snapshot of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Students who need a place.
    pub demands: Vec<Demand>,
    /// Offers of the schools.
    pub places: Vec<Place>,
    /// All schools that are named anywhere.
    pub schools: Vec<School>,
    /// All trainers that are named by a school.
    pub trainers: Vec<Trainer>,
    /// All boards that are named by a school.
    #[serde(default)]
    pub boards: Vec<Board>,
    /// What each school is to each group of students.
    pub standings: StandingTable,
    /// Travel times.
    pub travel: TravelTable,
    /// Policy of the round.
    pub settings: Settings,
}

/// Largest number of demands in a round.
pub const MAX_DEMANDS: usize = 1_000_000;
/// Largest number of places (offers) in a round.
pub const MAX_PLACES: usize = 1_000_000;
/// Largest number of lines on a wish list.
pub const MAX_WISHES: usize = 20;
/// Largest count of a place and largest cap of a school, trainer or board.
pub const MAX_COUNT: u32 = 1_000_000;
/// Longest travel time or travel limit in minutes: one day.
pub const MAX_MINUTES: u16 = 1_440;
/// Minutes that an unknown travel time counts for: no long trip, but worse than any known
/// shorter one.
pub const UNKNOWN_MINUTES: u16 = 45;
