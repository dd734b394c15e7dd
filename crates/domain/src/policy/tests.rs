use super::*;
use crate::rounds::RoundRules;

fn with(kind: RuleKind, mode: RuleMode, number: Option<u32>) -> RoundRules {
    let mut rules = RoundRules::default();
    rules.policy.rules.insert(kind, Rule { mode, number });
    rules
}

fn found(rules: &RoundRules) -> Vec<(&'static str, &'static str)> {
    problems(rules).into_iter().map(|problem| (problem.code, problem.subject)).collect()
}

#[test]
fn a_new_round_has_nothing_wrong_with_it() {
    assert_eq!(problems(&RoundRules::default()), []);
    for kind in RuleKind::ALL {
        assert!(kind.modes().contains(&kind.usual().mode), "{kind:?}");
    }
}

#[test]
fn every_rule_says_something_else_in_each_of_its_modes() {
    let rules = RoundRules { outside_guidance: Some(3), ..RoundRules::default() };
    let mut all: Vec<_> = RuleKind::ALL.iter().flat_map(|kind| kind.modes().iter().map(|mode| rules.sentence_as(*kind, *mode))).collect();
    assert!(all.iter().all(|sentence| sentence.ends_with('.') && sentence.len() > 15), "{all:#?}");
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn sentences_hold_the_numbers_of_the_round() {
    let mut rules = RoundRules { travel_limit: Some(75), outside_guidance: Some(1), ..RoundRules::default() };
    let said = |rules: &RoundRules, kind| rules.sentence(kind);
    assert!(said(&rules, RuleKind::TravelLimit).contains("hoogstens 75 minuten"));
    assert!(said(&rules, RuleKind::OutsideGuidance).contains("hoogstens 1 student:"));
    rules.policy.rules.insert(RuleKind::NotAlone, Rule { mode: RuleMode::Hard, number: None });
    assert_eq!(said(&rules, RuleKind::NotAlone), "Een student is nooit de enige op een school.");
    rules.policy.rules.insert(RuleKind::NotAlone, Rule { mode: RuleMode::Hard, number: Some(4) });
    assert!(said(&rules, RuleKind::NotAlone).contains("minstens 4 studenten"));
    rules.travel_limit = None;
    assert!(said(&rules, RuleKind::TravelLimit).contains("voor een student is afgesproken"));
}

#[test]
fn a_mode_that_a_rule_does_not_have_is_refused() {
    assert_eq!(found(&with(RuleKind::Team, RuleMode::Soft, None)), [("stand-kan-niet", "team")]);
    assert_eq!(found(&with(RuleKind::Wishes, RuleMode::Hard, None)), [("stand-kan-niet", "wishes")]);
    assert_eq!(found(&with(RuleKind::Exclusion, RuleMode::Off, None)), [("stand-kan-niet", "exclusion")]);
    assert_eq!(found(&with(RuleKind::Phase, RuleMode::Soft, None)), []);
}

#[test]
fn numbers_are_within_their_range_and_only_where_they_belong() {
    assert_eq!(found(&with(RuleKind::NotAlone, RuleMode::Hard, Some(2))), []);
    assert_eq!(found(&with(RuleKind::NotAlone, RuleMode::Hard, Some(1))), [("getal-buiten-bereik", "not-alone")]);
    assert_eq!(found(&with(RuleKind::SchoolMinimum, RuleMode::Soft, Some(0))), [("getal-buiten-bereik", "school-minimum")]);
    assert_eq!(found(&with(RuleKind::SchoolMinimum, RuleMode::Soft, Some(u32::MAX))), [("getal-buiten-bereik", "school-minimum")]);
    assert_eq!(found(&with(RuleKind::Phase, RuleMode::Hard, Some(3))), [("getal-zonder-regel", "phase")]);
    let absurd = RoundRules { travel_limit: Some(0), outside_guidance: Some(u32::MAX), max_wishes: 200, ..RoundRules::default() };
    let expected =
        [("getal-buiten-bereik", "travel-limit"), ("getal-buiten-bereik", "outside-guidance"), ("getal-buiten-bereik", "max-wishes")];
    assert_eq!(found(&absurd), expected);
}

#[test]
fn rules_that_contradict_each_other_are_named_together() {
    let mut rules = with(RuleKind::NotAlone, RuleMode::Hard, Some(5));
    rules.policy.rules.insert(RuleKind::SchoolMinimum, Rule { mode: RuleMode::Soft, number: Some(3) });
    assert_eq!(found(&rules), [("regels-tegenstrijdig", "school-minimum")]);
    rules.policy.rules.insert(RuleKind::SchoolMinimum, Rule { mode: RuleMode::Soft, number: Some(5) });
    assert_eq!(found(&rules), []);

    let wishless = RoundRules { max_wishes: 0, ..with(RuleKind::Wishes, RuleMode::Soft, None) };
    assert_eq!(found(&wishless), [("regels-tegenstrijdig", "wishes")]);
}

#[test]
fn aims_stand_once_each_with_places_first_and_the_ladder_below_coverage() {
    let with_aims = |aims: Vec<Aim>| RoundRules { policy: Policy { aims, ..Policy::default() }, ..RoundRules::default() };
    let mut aims = Aim::ALL.to_vec();
    aims.swap(0, 1);
    assert_eq!(found(&with_aims(aims)), [("doel-volgorde", "placed")]);
    let mut aims = Aim::ALL.to_vec();
    aims.retain(|aim| *aim != Aim::Travel);
    aims.push(Aim::Wishes);
    assert_eq!(found(&with_aims(aims)), [("doel-dubbel", "wishes"), ("doel-ontbreekt", "travel")]);
    let mut aims = Aim::ALL.to_vec();
    aims.swap(1, 4);
    assert_eq!(found(&with_aims(aims)), [("doel-volgorde", "ladder")]);
    assert_eq!(found(&with_aims(Vec::new())).len(), Aim::ALL.len());
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut rules = with(RuleKind::Team, RuleMode::Soft, Some(2));
    rules.travel_limit = Some(0);
    rules.policy.aims.pop();
    let codes: Vec<_> = found(&rules).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["getal-buiten-bereik", "stand-kan-niet", "getal-zonder-regel", "doel-ontbreekt"]);
}

#[test]
fn a_named_order_moves_only_the_kept_places() {
    let usual = Policy::default();
    assert_eq!(usual.order(), Order::CoveredFirst);
    let kept = usual.ordered(Order::KeptFirst);
    assert_eq!(kept.order(), Order::KeptFirst);
    assert_eq!(kept.aims[..3], [Aim::Placed, Aim::Kept, Aim::Covered]);
    assert_eq!(kept.ordered(Order::CoveredFirst), usual);
    assert_eq!(usual.ordered(Order::CoveredFirst), usual);
    assert!(problems(&RoundRules { policy: kept, ..RoundRules::default() }).is_empty());
}

#[test]
fn a_policy_is_stored_and_read_as_it_is() {
    let mut policy = Policy::default().ordered(Order::KeptFirst);
    policy.rules.insert(RuleKind::NotAlone, Rule { mode: RuleMode::Hard, number: Some(3) });
    policy.travel_mode = TravelMode::Transit;
    policy.guided_by = GuidedBy::Either;
    let stored = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
}
