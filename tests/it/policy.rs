//! The rules of a round as data: what they do, changing them, and totals of boards.

mod agreement;
mod bad_input;
mod guides;
mod plans;

use std::collections::{BTreeMap, BTreeSet};

use kernschil_app::policy::{self, PolicyView, TotalChange};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::codes::Need;
use kernschil_domain::fit::{PAIR_RULES, against};
use kernschil_domain::ids::Version;
use kernschil_domain::policy::{Aim, Order, Policy, Rule, RuleKind, RuleMode};
use kernschil_domain::rounds::RoundRules;

use crate::support::TestApp;

async fn view(app: &TestApp, round: &str) -> PolicyView {
    policy::of_round(&app.app, &Actor::CommandLine, round).await.unwrap()
}

async fn change(app: &TestApp, round: &str, rules: RoundRules, seen: Version) -> Result<Version, AppError> {
    policy::change(&app.app, &Actor::CommandLine, round, rules, seen).await
}

/// The rules of a view with one of them otherwise.
fn with(view: &PolicyView, kind: RuleKind, mode: RuleMode, number: Option<u32>) -> RoundRules {
    let mut rules = view.data.round.rules.clone();
    rules.policy.rules.insert(kind, Rule { mode, number });
    rules
}

/// Codes of what was wrong, with the field.
fn wrong(result: Result<Version, AppError>) -> Vec<(String, String)> {
    match result.unwrap_err() {
        AppError::Invalid(fields) => fields.into_iter().map(|field| (field.code, field.field)).collect(),
        other => panic!("{other:?}"),
    }
}

/// Combinations of demand and school that a rule rules out, counted one by one.
fn ruled_out(view: &PolicyView, kind: RuleKind) -> u64 {
    let mut pairs = BTreeMap::new();
    for demand in view.data.demands.values().filter(|demand| demand.need == Need::Required) {
        for offer in view.data.offers.values().filter(|offer| offer.period == demand.period && offer.count > 0) {
            let fits = against(&view.data, kind, demand, offer).is_none();
            *pairs.entry((demand.id, offer.school)).or_insert(false) |= fits;
        }
    }
    pairs.values().filter(|fits| !**fits).count() as u64
}

both_databases! {
    async fn each_rule_says_what_it_does_to_the_round(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let view = view(&app, &round).await;
        assert_eq!(view.effects.measured, view.effects.demands);
        assert_eq!(view.problems, []);
        for kind in PAIR_RULES {
            let effect = view.effects.by_rule[&kind];
            assert_eq!(effect.ruled_out, Some(ruled_out(&view, kind)), "{kind:?}");
        }
        let shown: BTreeSet<_> = view.rules.iter().map(|rule| rule.kind).collect();
        assert_eq!(shown.len(), RuleKind::ALL.len());
        let travel = view.rules.iter().find(|rule| rule.kind == RuleKind::TravelLimit).unwrap();
        assert_eq!(travel.sentence, "De reis is hoogstens 90 minuten, of korter als dat voor een student is afgesproken.");
    }

    async fn a_shorter_travel_limit_rules_out_more_and_leaves_students_without_a_place(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let before = view(&app, &round).await;
        let rules = RoundRules { travel_limit: Some(5), ..before.data.round.rules.clone() };
        change(&app, &round, rules, before.data.round.version).await.unwrap();
        let after = view(&app, &round).await;
        let travel = |view: &PolicyView| view.effects.by_rule[&RuleKind::TravelLimit];
        assert!(travel(&after).ruled_out > travel(&before).ruled_out);
        assert!(travel(&after).stranded > travel(&before).stranded);
        assert_eq!(before.effects.without_place + travel(&after).stranded.unwrap(), after.effects.without_place);
        assert!(after.warnings.iter().any(|warning| warning.code == "student-zonder-plek"));
    }

    async fn rules_are_changed_noted_and_put_back(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let before = view(&app, &round).await;
        let seen = before.data.round.version;
        let mut rules = with(&before, RuleKind::NotAlone, RuleMode::Hard, Some(3));
        rules.policy.rules.insert(RuleKind::Groups, Rule { mode: RuleMode::Soft, number: None });
        let version = change(&app, &round, rules.clone(), seen).await.unwrap();
        assert_eq!(version, seen.next());
        let changed = view(&app, &round).await;
        assert_eq!(changed.data.round.rules, rules);
        // The same again is no change.
        assert_eq!(change(&app, &round, rules, version).await.unwrap(), version);

        let version = policy::set_order(&app.app, &Actor::CommandLine, &round, Order::KeptFirst, version).await.unwrap();
        let kept = view(&app, &round).await.data.round.rules.policy;
        assert_eq!(kept.aims[..3], [Aim::Placed, Aim::Kept, Aim::Covered]);
        policy::reset(&app.app, &Actor::CommandLine, &round, version).await.unwrap();
        let back = view(&app, &round).await.data.round.rules;
        assert_eq!(back, RoundRules { policy: Policy::default(), ..before.data.round.rules });
        app.check_invariants().await;
    }

    async fn who_looked_at_older_rules_changes_nothing(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let before = view(&app, &round).await;
        let seen = before.data.round.version;
        change(&app, &round, with(&before, RuleKind::Phase, RuleMode::Off, None), seen).await.unwrap();
        let late = change(&app, &round, with(&before, RuleKind::Groups, RuleMode::Off, None), seen).await.unwrap_err();
        assert_eq!(late.code(), "intussen-gewijzigd");
        let rules = view(&app, &round).await.data.round.rules.policy;
        assert_eq!((rules.mode(RuleKind::Phase), rules.mode(RuleKind::Groups)), (RuleMode::Off, RuleMode::Hard));
    }

    async fn who_does_not_coordinate_the_whole_round_changes_no_rules(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let before = view(&app, &round).await;
        let partnership = before.data.round.partnerships[0];
        let of_one = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        let coordinator = app.with_role(Role::RegionCoordinator, Scope::All).await;
        let institute = *before.data.registry.institutes.keys().next().unwrap();
        let staff = app.with_role(Role::InstituteStaff, Scope::Institute(institute)).await;
        let rules = with(&before, RuleKind::Phase, RuleMode::Off, None);
        for actor in [&staff, &of_one] {
            let refused = policy::change(&app.app, actor, &round, rules.clone(), before.data.round.version).await.unwrap_err();
            assert_eq!(refused.code(), "niet-toegestaan");
        }
        assert_eq!(policy::of_round(&app.app, &staff, &round).await.unwrap_err().code(), "niet-toegestaan");
        policy::change(&app.app, &coordinator, &round, rules, before.data.round.version).await.unwrap();
    }

    async fn boards_have_totals_for_a_period(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let before = view(&app, &round).await;
        assert!(before.totals.iter().all(|total| total.maximum.is_none() && total.offered > 0));
        let first = before.totals[0].clone();
        let set = |maximum| TotalChange { board: first.board, period: first.period, maximum };
        let seen = before.data.round.version;
        let version = policy::set_totals(&app.app, &Actor::CommandLine, &round, vec![set(Some(4))], seen).await.unwrap();
        let after = view(&app, &round).await;
        assert_eq!(after.totals[0].maximum, Some(4));
        assert_eq!(after.data.board_totals.len(), 1);
        let late = policy::set_totals(&app.app, &Actor::CommandLine, &round, vec![set(Some(5))], seen).await.unwrap_err();
        assert_eq!(late.code(), "intussen-gewijzigd");
        policy::set_totals(&app.app, &Actor::CommandLine, &round, vec![set(None)], version).await.unwrap();
        assert!(view(&app, &round).await.data.board_totals.is_empty());
    }
}
