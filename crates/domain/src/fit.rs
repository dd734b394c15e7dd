//! Whether a student can go to a place, and every reason why not.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::codes::{Need, TrainerKind, Turn};
use crate::ids::{BoardId, OfferId, PeriodId, SchoolId, TrainerId};
use crate::placements::Placement;
use crate::policy::{RuleKind, RuleMode};
use crate::registry::Trainer;
use crate::rounds::{Demand, Offer, RoundData, WishTarget};

mod rules;

pub use rules::{
    LONG_TRIP, PAIR_RULES, against, earlier_groups, earlier_schools, had_long_trip, is_familiar_school, soft_breaks, workplace,
    workplace_offer,
};

/// A hard rule that keeps a student from a place, or a capacity that is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "rule")]
pub enum Misfit {
    /// The place is in another period.
    Period,
    /// The place is not for the student's phase.
    Phase,
    /// No group suits both.
    Groups,
    /// The school does not receive students on all days the student needs.
    Weekdays,
    /// The trip takes longer than the limit; both in minutes one way.
    Travel {
        /// Estimated minutes.
        minutes: u16,
        /// The limit of the round, or the student's own lower one.
        limit: u16,
    },
    /// The student was at the school before.
    EarlierSchool,
    /// The student has another, fixed school.
    FixedSchool,
    /// The school was excluded by hand for the student.
    Excluded,
    /// The school has no certified trainer on the first day, and the student is in the final phase.
    NotQualified,
    /// The school has the same board and is of the same kind as an earlier one.
    FamiliarSchool,
    /// The student had all groups of the place before.
    FamiliarGroups,
    /// The school is closed on the first day of the period.
    Closed,
    /// All places of the offer are taken.
    OfferFull,
    /// The school takes no more students in the period.
    SchoolFull,
    /// Nobody who may guide at the school can guide one more student in the period.
    TrainersFull,
    /// The schools of the board take no more students in the period.
    BoardFull,
    /// What is left is kept for zij-instromers who work at the school.
    Reserved,
}

impl Misfit {
    /// Whether it is about something being full, and not about the student and the place themselves.
    pub fn is_capacity(self) -> bool {
        matches!(self, Self::OfferFull | Self::SchoolFull | Self::TrainersFull | Self::BoardFull | Self::Reserved)
    }

    /// The rule that a coordinator may set aside with a reason. What is full or closed, and the period, never give way.
    pub fn rule(self) -> Option<RuleKind> {
        match self {
            Self::Phase => Some(RuleKind::Phase),
            Self::Groups => Some(RuleKind::Groups),
            Self::Weekdays => Some(RuleKind::Weekdays),
            Self::Travel { .. } => Some(RuleKind::TravelLimit),
            Self::EarlierSchool => Some(RuleKind::EarlierSchool),
            Self::FixedSchool => Some(RuleKind::FixedSchool),
            Self::Excluded => Some(RuleKind::Exclusion),
            Self::NotQualified => Some(RuleKind::Qualified),
            Self::FamiliarSchool => Some(RuleKind::OtherBoard),
            Self::FamiliarGroups => Some(RuleKind::OtherGroups),
            Self::Period | Self::Closed | Self::OfferFull | Self::SchoolFull | Self::TrainersFull | Self::BoardFull | Self::Reserved => {
                None
            }
        }
    }

    /// A Dutch phrase.
    pub fn dutch(self) -> String {
        match self {
            Self::Period => "andere periode".to_owned(),
            Self::Phase => "niet voor deze fase".to_owned(),
            Self::Groups => "andere groepen".to_owned(),
            Self::Weekdays => "niet op de dagen van de student".to_owned(),
            Self::Travel { minutes, limit } => format!("reis {minutes} min, grens {limit} min"),
            Self::EarlierSchool => "hier al eerder geweest".to_owned(),
            Self::FixedSchool => "student heeft een vaste school".to_owned(),
            Self::Excluded => "met de hand uitgesloten".to_owned(),
            Self::NotQualified => "geen gecertificeerde opleider voor de laatste fase".to_owned(),
            Self::FamiliarSchool => "zelfde bestuur en soort school als eerder".to_owned(),
            Self::FamiliarGroups => "alleen groepen die de student al had".to_owned(),
            Self::Closed => "school is gesloten".to_owned(),
            Self::OfferFull => "plekken vol".to_owned(),
            Self::SchoolFull => "school vol".to_owned(),
            Self::TrainersFull => "opleiders vol".to_owned(),
            Self::BoardFull => "bestuur vol".to_owned(),
            Self::Reserved => "vrijgehouden voor een zij-instromer die hier werkt".to_owned(),
        }
    }
}

/// How full everything is, counted from the live placements.
#[derive(Debug, Clone, Default)]
pub struct Load {
    offers: HashMap<OfferId, i32>,
    schools: HashMap<(SchoolId, PeriodId), i32>,
    trainers: HashMap<(TrainerId, PeriodId), i32>,
    boards: HashMap<(BoardId, PeriodId), i32>,
    reserved: HashMap<OfferId, i32>,
}

impl Load {
    /// Counts the live placements of a round that `which` picks.
    pub fn of(data: &RoundData, which: impl Fn(&Placement) -> bool) -> Self {
        let mut load = Self::default();
        for placement in data.placements.values().filter(|p| which(p)) {
            let Some(offer) = data.offers.get(&placement.offer) else { continue };
            *load.offers.entry(offer.id).or_default() += 1;
            *load.schools.entry((offer.school, offer.period)).or_default() += 1;
            if let Some(trainer) = placement.trainer {
                *load.trainers.entry((trainer, offer.period)).or_default() += 1;
            }
            if let Some(board) = board_of(data, offer) {
                *load.boards.entry((board, offer.period)).or_default() += 1;
            }
        }
        let counted = |demand: &Demand| data.placements.get(&demand.id).is_some_and(&which);
        let waiting = data.demands.values().filter(|d| d.need == Need::Required && d.turn == Turn::TakesPart && !counted(d));
        for offer in waiting.filter_map(|demand| workplace_offer(data, demand)) {
            *load.reserved.entry(offer).or_default() += 1;
        }
        load
    }

    /// Places of an offer that are kept for zij-instromers who work at the school and have no place yet.
    pub fn reserved_on(&self, offer: OfferId) -> i32 {
        self.reserved.get(&offer).copied().unwrap_or_default()
    }

    /// Students at the schools of a board in a period.
    pub fn of_board(&self, board: BoardId, period: PeriodId) -> i32 {
        self.boards.get(&(board, period)).copied().unwrap_or_default()
    }

    /// Students on an offer.
    pub fn on_offer(&self, offer: OfferId) -> i32 {
        self.offers.get(&offer).copied().unwrap_or_default()
    }

    /// Students at a school in a period.
    pub fn at_school(&self, school: SchoolId, period: PeriodId) -> i32 {
        self.schools.get(&(school, period)).copied().unwrap_or_default()
    }

    /// Students of a trainer in a period.
    pub fn of_trainer(&self, trainer: TrainerId, period: PeriodId) -> i32 {
        self.trainers.get(&(trainer, period)).copied().unwrap_or_default()
    }

    /// Of those who may guide at the offer's school, the one with the most room left, school trainers first, if any has
    /// room. `Err` when the school has trainers and all who may are full; `Ok(None)` when it has none.
    ///
    /// # Errors
    /// [`Misfit::TrainersFull`].
    pub fn trainer_for<'a>(&self, data: &'a RoundData, offer: &Offer) -> Result<Option<&'a Trainer>, Misfit> {
        let guides = data.guides_of(offer.school, offer.period);
        if guides.is_empty() {
            return Ok(None);
        }
        let room = |trainer: &Trainer| {
            data.capacity_of(trainer, offer.period).map_or(i32::MAX, |cap| cap - self.of_trainer(trainer.id, offer.period))
        };
        guides
            .into_iter()
            .filter(|t| room(t) > 0)
            .max_by_key(|t| (t.kind == TrainerKind::School, room(t), std::cmp::Reverse(t.number.clone())))
            .map(Some)
            .ok_or(Misfit::TrainersFull)
    }
}

fn board_of(data: &RoundData, offer: &Offer) -> Option<BoardId> {
    let period = data.periods.get(&offer.period)?;
    data.registry.board_of(offer.school, period.starts_on).map(|board| board.id)
}

/// Minutes one way from the student's home to a school, in the manner of the student or else of the round; none when home
/// or school is not known.
pub fn minutes_to(data: &RoundData, demand: &Demand, school: SchoolId) -> Option<u16> {
    let student = data.students.get(&demand.student)?;
    let mode = student.travel_mode.unwrap_or(data.round.rules.policy.travel_mode);
    data.registry.minutes(student.postcode.as_ref()?, mode, data.registry.schools.get(&school)?)
}

/// The longest trip allowed, in minutes one way: the round's, or the student's own lower one.
pub fn travel_limit(data: &RoundData, demand: &Demand) -> Option<u16> {
    let own = data.students.get(&demand.student).and_then(|s| s.custom.travel_limit);
    [data.round.rules.travel_limit, own].into_iter().flatten().min()
}

/// The rank of a school among the student's wishes, from 1.
pub fn wish_rank(data: &RoundData, demand: &Demand, school: SchoolId) -> Option<usize> {
    let date = data.periods.get(&demand.period)?.starts_on;
    let board = data.registry.board_of(school, date).map(|b| b.id);
    let fulfils = |wish: &WishTarget| match wish {
        WishTarget::School(id) => *id == school,
        WishTarget::Board(id) => board == Some(*id),
    };
    demand.wishes.iter().position(fulfils).map(|at| at + 1)
}

/// Everything that keeps a student from a place as the rules of the round are; nothing when the student can go there.
pub fn misfits(data: &RoundData, load: &Load, demand: &Demand, offer: &Offer) -> Vec<Misfit> {
    let mut found = Vec::new();
    if demand.period != offer.period {
        found.push(Misfit::Period);
    }
    let hard = PAIR_RULES.into_iter().filter(|kind| data.round.rules.policy.mode(*kind) == RuleMode::Hard);
    found.extend(hard.filter_map(|kind| against(data, kind, demand, offer)));
    if is_closed(data, offer) {
        found.push(Misfit::Closed);
    }
    found.extend(full(data, load, demand, offer));
    found
}

/// Whether the school of an offer is closed on the first day of its period.
pub fn is_closed(data: &RoundData, offer: &Offer) -> bool {
    let start = data.periods.get(&offer.period).map(|period| period.starts_on);
    let closed = data.registry.schools.get(&offer.school).and_then(|school| school.closed_on);
    closed.zip(start).is_some_and(|(closed, start)| closed <= start)
}

fn full(data: &RoundData, load: &Load, demand: &Demand, offer: &Offer) -> Vec<Misfit> {
    let mut found = Vec::new();
    let left = offer.count - load.on_offer(offer.id);
    if left <= 0 {
        found.push(Misfit::OfferFull);
    } else if left <= load.reserved_on(offer.id) && !rules::is_kept_for(data, demand, offer) {
        found.push(Misfit::Reserved);
    }
    let total = data.totals.iter().find(|t| t.school == offer.school && t.period == offer.period);
    if total.is_some_and(|t| load.at_school(offer.school, offer.period) >= t.maximum) {
        found.push(Misfit::SchoolFull);
    }
    if load.trainer_for(data, offer).is_err() {
        found.push(Misfit::TrainersFull);
    }
    if is_board_full(data, load, offer) {
        found.push(Misfit::BoardFull);
    }
    found
}

fn is_board_full(data: &RoundData, load: &Load, offer: &Offer) -> bool {
    if data.board_totals.is_empty() || data.round.rules.policy.mode(RuleKind::BoardTotal) == RuleMode::Off {
        return false;
    }
    let Some(board) = board_of(data, offer) else { return false };
    let total = data.board_totals.iter().find(|total| total.board == board && total.period == offer.period);
    total.is_some_and(|total| load.of_board(board, offer.period) >= total.maximum)
}
