//! The rules about one student and one place, each on its own.

use std::cmp::Reverse;

use crate::codes::{PhaseKind, StudentKind};
use crate::cohorts::Student;
use crate::ids::{OfferId, SchoolId};
use crate::policy::{RuleKind, RuleMode};
use crate::rounds::{Demand, Offer, RoundData};
use crate::standing::has_certified_trainer;
use crate::values::Groups;

use super::{Misfit, minutes_to, travel_limit};

/// A trip of more minutes than this, one way, is a long one (HAN eases the next).
pub const LONG_TRIP: u16 = 45;

/// The rules that say of one student and one place whether they go together, without regard to who else is there.
pub const PAIR_RULES: [RuleKind; 10] = [
    RuleKind::Phase,
    RuleKind::Groups,
    RuleKind::Weekdays,
    RuleKind::TravelLimit,
    RuleKind::EarlierSchool,
    RuleKind::FixedSchool,
    RuleKind::Exclusion,
    RuleKind::Qualified,
    RuleKind::OtherBoard,
    RuleKind::OtherGroups,
];

/// What a rule has against a student at a place, however hard the rule is; nothing when they go together, and for rules
/// that are not about one student and one place.
pub fn against(data: &RoundData, kind: RuleKind, demand: &Demand, offer: &Offer) -> Option<Misfit> {
    let broken = match kind {
        RuleKind::Phase => {
            let phase = data.registry.phases.get(&demand.phase).map_or("", |phase| phase.code.as_str());
            !offer.admits_phase(phase) && !is_kept_for(data, demand, offer)
        }
        RuleKind::Groups => !demand.groups.overlaps(offer.groups) && !is_kept_for(data, demand, offer),
        RuleKind::Weekdays => !demand.weekdays.within(offer.weekdays) && !is_kept_for(data, demand, offer),
        RuleKind::TravelLimit => {
            let (minutes, limit) = (minutes_to(data, demand, offer.school)?, travel_limit(data, demand)?);
            return (minutes > limit).then_some(Misfit::Travel { minutes, limit });
        }
        RuleKind::EarlierSchool => {
            let student = data.students.get(&demand.student)?;
            earlier_schools(data, student).any(|school| school == offer.school) && !works_at(data, demand, offer.school)
        }
        RuleKind::FixedSchool => data.students.get(&demand.student)?.custom.fixed_school.is_some_and(|fixed| fixed != offer.school),
        RuleKind::Exclusion => data.exclusions.iter().any(|known| known.demand == demand.id && known.school == offer.school),
        RuleKind::Qualified => {
            let phase = data.registry.phases.get(&demand.phase)?;
            let starts_on = data.periods.get(&offer.period)?.starts_on;
            phase.kind == PhaseKind::Final && !has_certified_trainer(&data.registry, offer.school, starts_on)
        }
        RuleKind::OtherBoard => is_familiar_school(data, demand, offer.school) && !works_at(data, demand, offer.school),
        RuleKind::OtherGroups => is_familiar_groups(earlier_groups(data, demand), offer.groups) && !is_kept_for(data, demand, offer),
        _ => false,
    };
    broken.then(|| misfit(kind)).flatten()
}

fn misfit(kind: RuleKind) -> Option<Misfit> {
    match kind {
        RuleKind::Phase => Some(Misfit::Phase),
        RuleKind::Groups => Some(Misfit::Groups),
        RuleKind::Weekdays => Some(Misfit::Weekdays),
        RuleKind::EarlierSchool => Some(Misfit::EarlierSchool),
        RuleKind::FixedSchool => Some(Misfit::FixedSchool),
        RuleKind::Exclusion => Some(Misfit::Excluded),
        RuleKind::Qualified => Some(Misfit::NotQualified),
        RuleKind::OtherBoard => Some(Misfit::FamiliarSchool),
        RuleKind::OtherGroups => Some(Misfit::FamiliarGroups),
        _ => None,
    }
}

/// The rules that weigh and that a student at a place breaks.
pub fn soft_breaks(data: &RoundData, demand: &Demand, offer: &Offer) -> Vec<Misfit> {
    let soft = PAIR_RULES.into_iter().filter(|kind| data.round.rules.policy.mode(*kind) == RuleMode::Soft);
    soft.filter_map(|kind| against(data, kind, demand, offer)).collect()
}

/// The schools where a student was before: as the institute told, and in earlier rounds.
pub fn earlier_schools<'a>(data: &'a RoundData, student: &'a Student) -> impl Iterator<Item = SchoolId> + use<'a> {
    let past = data.past.get(&student.id).map(|past| past.schools.as_slice()).unwrap_or_default();
    student.earlier_schools.iter().chain(past).copied()
}

/// The groups that a student had in earlier rounds; an empty set when none is known.
pub fn earlier_groups(data: &RoundData, demand: &Demand) -> Groups {
    let past = data.past.get(&demand.student).map(|past| past.groups.as_slice()).unwrap_or_default();
    Groups::from_bits(past.iter().fold(0, |bits, groups| bits | groups.bits()))
}

fn is_familiar_groups(had: Groups, offered: Groups) -> bool {
    had.bits() != 0 && offered.bits() & !had.bits() == 0
}

/// Whether a school has the same board and is of the same kind as one where the student was before. The earlier school
/// itself is so, and who was at no school before knows none.
pub fn is_familiar_school(data: &RoundData, demand: &Demand, school: SchoolId) -> bool {
    let Some(student) = data.students.get(&demand.student) else { return false };
    let Some(date) = data.periods.get(&demand.period).map(|period| period.starts_on) else { return false };
    let kind = |id: SchoolId| {
        let sector = data.registry.schools.get(&id)?.sector;
        Some((data.registry.board_of(id, date)?.id, sector))
    };
    let Some(this) = kind(school) else { return false };
    earlier_schools(data, student).any(|earlier| kind(earlier) == Some(this))
}

/// Whether the last trip of a student was a long one, and the round eases this one for that.
pub fn had_long_trip(data: &RoundData, demand: &Demand) -> bool {
    let counts = data.round.rules.policy.mode(RuleKind::LastTrip) != RuleMode::Off;
    counts && data.past.get(&demand.student).and_then(|past| past.last_trip).is_some_and(|minutes| minutes > LONG_TRIP)
}

/// The own workplace of a zij-instromer, where the round regards it.
pub fn workplace(data: &RoundData, demand: &Demand) -> Option<SchoolId> {
    let student = data.students.get(&demand.student)?;
    let regards = data.round.rules.policy.mode(RuleKind::Workplace) != RuleMode::Off && student.kind == StudentKind::CareerChanger;
    student.workplace.filter(|_| regards)
}

/// Whether a student works at a school that offers a place in the period.
fn works_at(data: &RoundData, demand: &Demand, school: SchoolId) -> bool {
    workplace(data, demand) == Some(school) && workplace_offer(data, demand).is_some()
}

/// Whether a place of an offer is kept for a zij-instromer who works there: phase, groups and days do not matter then.
pub(super) fn is_kept_for(data: &RoundData, demand: &Demand, offer: &Offer) -> bool {
    workplace(data, demand) == Some(offer.school) && workplace_offer(data, demand) == Some(offer.id)
}

/// The offer of the own workplace of which a place is kept for a zij-instromer: one that suits, and then the largest.
/// Nothing when the school offers nothing in the period: then it has to give a place first.
pub fn workplace_offer(data: &RoundData, demand: &Demand) -> Option<OfferId> {
    let school = workplace(data, demand)?;
    let phase = data.registry.phases.get(&demand.phase).map_or("", |phase| phase.code.as_str());
    let suits = |offer: &Offer| offer.admits_phase(phase) && demand.groups.overlaps(offer.groups) && demand.weekdays.within(offer.weekdays);
    let offers = data.offers.values().filter(|offer| offer.school == school && offer.period == demand.period && offer.count > 0);
    let best = offers.min_by(|a, b| {
        let order = |offer: &Offer| (!suits(offer), Reverse(offer.count), offer.groups, offer.weekdays);
        order(a).cmp(&order(b)).then_with(|| a.phases.cmp(&b.phases))
    });
    best.map(|offer| offer.id)
}
