//! Rules and aims of the round as the engine's.

use kernschil_allocation::{self as engine, LevelKind, Reason, Reasons};
use kernschil_domain::policy::{Aim, Policy, RuleKind, RuleMode};

/// The engine's reason behind a rule about one student and one place.
pub(crate) fn reason(kind: RuleKind) -> Option<Reason> {
    match kind {
        RuleKind::Phase => Some(Reason::Phase),
        RuleKind::Groups => Some(Reason::Groups),
        RuleKind::Weekdays => Some(Reason::Weekdays),
        RuleKind::TravelLimit => Some(Reason::TravelLimit),
        RuleKind::EarlierSchool => Some(Reason::EarlierSchool),
        RuleKind::FixedSchool => Some(Reason::FixedSchool),
        RuleKind::Exclusion => Some(Reason::Excluded),
        RuleKind::Qualified => Some(Reason::NotQualified),
        RuleKind::OtherBoard => Some(Reason::FamiliarSchool),
        RuleKind::OtherGroups => Some(Reason::FamiliarGroups),
        RuleKind::BoardTotal
        | RuleKind::OutsideGuidance
        | RuleKind::SchoolMinimum
        | RuleKind::NotAlone
        | RuleKind::Team
        | RuleKind::Workplace
        | RuleKind::LastTrip
        | RuleKind::Spread
        | RuleKind::Wishes => None,
    }
}

/// The rules that rule a place out.
pub(super) fn hard(policy: &Policy) -> Reasons {
    let rules = RuleKind::ALL.iter().filter(|kind| policy.mode(**kind) == RuleMode::Hard).filter_map(|kind| reason(*kind));
    rules.fold(Reasons::ALWAYS_HARD, |all, reason| all.or(Reasons::of(&[reason])))
}

/// The levels of the aims, in their order; an aim whose rule is off does not count.
pub(super) fn levels(policy: &Policy) -> Vec<LevelKind> {
    let mut levels = Vec::new();
    for aim in &policy.aims {
        match aim {
            Aim::Placed => levels.push(LevelKind::NotPlaced),
            Aim::Covered => levels.push(LevelKind::NotCovered),
            Aim::Kept => levels.push(LevelKind::Kept),
            Aim::Minimum => when(policy, &[RuleKind::SchoolMinimum], LevelKind::Shortfall, &mut levels),
            Aim::Ladder => levels.push(LevelKind::Ladder),
            Aim::SoftRules => levels.extend(broken(policy)),
            Aim::Wishes => when(policy, &[RuleKind::Wishes], LevelKind::Wishes, &mut levels),
            Aim::Travel => levels.push(LevelKind::Travel),
            Aim::Spread => when(policy, &[RuleKind::Spread], LevelKind::Spread, &mut levels),
            Aim::Variety => when(policy, &[RuleKind::OtherBoard, RuleKind::OtherGroups], LevelKind::Variety, &mut levels),
        }
    }
    levels.push(LevelKind::Lot);
    levels
}

fn when(policy: &Policy, rules: &[RuleKind], level: LevelKind, levels: &mut Vec<LevelKind>) {
    if rules.iter().any(|kind| policy.mode(*kind) == RuleMode::Soft) {
        levels.push(level);
    }
}

/// A level for each soft rule that weighs at [`Aim::SoftRules`].
fn broken(policy: &Policy) -> impl Iterator<Item = LevelKind> {
    let soft = RuleKind::ALL.iter().filter(|kind| policy.mode(**kind) == RuleMode::Soft && kind.aim() == Some(Aim::SoftRules));
    soft.filter_map(|kind| reason(*kind)).map(LevelKind::Broken)
}

/// The engine's settings without capacities.
pub(super) fn settings(policy: &Policy) -> engine::Settings {
    engine::Settings { levels: levels(policy), hard: hard(policy), ..engine::Settings::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernschil_domain::policy::{Order, Rule};

    #[test]
    fn the_usual_rules_are_the_usual_levels_of_the_engine_without_what_is_off() {
        let policy = Policy::default();
        let expected = [
            LevelKind::NotPlaced,
            LevelKind::NotCovered,
            LevelKind::Kept,
            LevelKind::Ladder,
            LevelKind::Wishes,
            LevelKind::Travel,
            LevelKind::Lot,
        ];
        assert_eq!(levels(&policy), expected);
        assert!(!hard(&policy).contains(Reason::NotQualified) && hard(&policy).contains(Reason::TravelLimit));
        assert_eq!(levels(&policy.ordered(Order::KeptFirst))[..3], [LevelKind::NotPlaced, LevelKind::Kept, LevelKind::NotCovered]);
    }

    #[test]
    fn a_rule_rules_out_or_weighs_or_is_off() {
        let mut policy = Policy::default();
        let mut set = |kind, mode| policy.rules.insert(kind, Rule { mode, number: None });
        set(RuleKind::Groups, RuleMode::Soft);
        set(RuleKind::Phase, RuleMode::Off);
        set(RuleKind::OtherBoard, RuleMode::Hard);
        set(RuleKind::Qualified, RuleMode::Soft);
        let (hard, levels) = (hard(&policy), levels(&policy));
        for (reason, rules_out, weighs) in [
            (Reason::Groups, false, true),
            (Reason::Phase, false, false),
            (Reason::FamiliarSchool, true, false),
            (Reason::NotQualified, false, true),
            (Reason::Excluded, true, false),
        ] {
            assert_eq!((hard.contains(reason), levels.contains(&LevelKind::Broken(reason))), (rules_out, weighs), "{reason:?}");
        }
        assert!(!levels.contains(&LevelKind::Variety));
    }
}
