//! The check accepts what the engine makes and refuses everything else.

use kernschil_allocation::{
    Board, BoardKey, Bottleneck, DemandKey, Explanation, Firmness, Input, Keep, LevelKind, Outcome, PeriodCap, PeriodKey, PhaseCode,
    PlaceKey, Prices, Proof, Proposal, Reason, Reasons, Removed, SchoolKey, Standing, TeamKey, Violation, verify,
};

use crate::rounds::{Rng, Size, big, demand, everything, place as place_at, round_with, small};
use crate::solved;

fn refused(input: &Input, proposal: &Proposal, what: &str) -> Vec<Violation> {
    verify(input, proposal).expect_err(what)
}

/// Rounds of some size, each with its proposal.
fn examples() -> impl Iterator<Item = (Input, Proposal)> {
    (0..8).map(|seed| {
        let size = Size { demands: 80, schools: 20, near: 12, percent: 95 };
        let input = big(size, seed);
        let proposal = solved(&input);
        assert_eq!(verify(&input, &proposal), Ok(()));
        (input, proposal)
    })
}

#[test]
fn a_student_left_out_is_refused() {
    for (input, proposal) in examples() {
        for row in 0..proposal.assignments.len() {
            let mut other = proposal.clone();
            other.assignments.remove(row);
            assert_eq!(refused(&input, &other, "a row less"), [Violation::Rows]);
        }
    }
}

#[test]
fn a_student_named_twice_is_refused() {
    for (input, proposal) in examples() {
        let mut other = proposal.clone();
        other.assignments.insert(1, other.assignments[0].clone());
        assert_eq!(refused(&input, &other, "a row more"), [Violation::Rows]);
        other.assignments[0].0 = DemandKey(u128::MAX);
        refused(&input, &other, "an unknown student");
    }
}

#[test]
fn a_dropped_student_is_refused() {
    for (input, proposal) in examples() {
        for row in 0..proposal.assignments.len() {
            let mut other = proposal.clone();
            let removed = Removed::default();
            let dropped = Outcome::Unplaced(Explanation::NoCandidate { removed });
            if matches!(other.assignments[row].1, Outcome::Placed(_)) {
                other.assignments[row].1 = dropped;
                refused(&input, &other, "a student dropped");
            }
        }
    }
}

#[test]
fn two_students_who_swap_are_refused() {
    let mut swaps = 0;
    for (input, proposal) in examples() {
        let mut rng = Rng(7);
        for _ in 0..300 {
            let one = rng.below(80) as usize;
            let two = rng.below(80) as usize;
            let mut other = proposal.clone();
            let outcome = other.assignments[one].1.clone();
            other.assignments[one].1 = other.assignments[two].1.clone();
            other.assignments[two].1 = outcome;
            if place(&other, one) != place(&proposal, one) {
                swaps += 1;
                refused(&input, &other, "a swap");
                repair(&input, &mut other);
                refused(&input, &other, "a swap with the facts put right");
            }
        }
    }
    assert!(swaps > 1_000);
}

#[test]
fn another_place_is_refused() {
    for (input, proposal) in examples() {
        let mut rng = Rng(11);
        for _ in 0..300 {
            let row = rng.below(80) as usize;
            let target = &input.places[rng.below(input.places.len() as u64) as usize];
            let mut other = proposal.clone();
            let Outcome::Placed(placed) = &mut other.assignments[row].1 else { continue };
            if placed.place != target.key {
                placed.place = target.key;
                placed.school = target.school;
                refused(&input, &other, "another place");
                repair(&input, &mut other);
                refused(&input, &other, "another place with the facts put right");
            }
        }
    }
}

#[test]
fn wrong_prices_values_and_claims_are_refused() {
    for (input, proposal) in examples() {
        let mut other = proposal.clone();
        other.objective[3].1 -= 1;
        refused(&input, &other, "a better value than true");
        let mut other = proposal.clone();
        other.certificate.prices = Prices::default();
        refused(&input, &other, "no prices");
        for row in 0..proposal.certificate.prices.capacities.len() {
            let mut other = proposal.clone();
            other.certificate.prices.capacities[row].1[0] = i128::MAX;
            assert_eq!(refused(&input, &other, "an absurd price"), [Violation::Packing]);
            other.certificate.prices.capacities[row].1[0] = 1 << 119;
            if other.certificate.prices.capacities[row].0.cap() > 0 {
                refused(&input, &other, "a price too high");
            }
            other.certificate.prices.capacities[row].1[0] = -1;
            assert_eq!(refused(&input, &other, "a price below zero"), [Violation::Packing]);
        }
        for row in 0..proposal.certificate.prices.schools.len() {
            let mut other = proposal.clone();
            other.certificate.prices.schools[row].1[0] = -(1 << 119);
            refused(&input, &other, "a price too low");
        }
        let mut other = proposal.clone();
        for level in &mut other.certificate.levels {
            level.weight = 0;
        }
        assert_eq!(refused(&input, &other, "weights of zero"), [Violation::Packing]);
        let mut other = proposal.clone();
        other.shortages.clear();
        assert_eq!(refused(&input, &other, "no shortages"), [Violation::Shortage]);
        let mut other = proposal.clone();
        other.figures.kern += 1;
        assert_eq!(refused(&input, &other, "wrong figures"), [Violation::Figures]);
        assert_eq!(proposal.proof, Proof::Optimal);
    }
}

#[test]
fn a_proposal_for_another_round_is_refused() {
    for (input, proposal) in examples() {
        let mut less = input.clone();
        let mut used = proposal.assignments.iter().filter_map(|(_, outcome)| match outcome {
            Outcome::Placed(placed) => Some(placed.place),
            Outcome::Unplaced(_) => None,
        });
        let used = used.next().expect("somebody has a place");
        less.places.iter_mut().filter(|row| row.key == used).for_each(|row| row.count = 0);
        let violations = refused(&less, &proposal, "a place less");
        assert!(violations.iter().any(|violation| matches!(violation, Violation::Over(..) | Violation::Packing)));
    }
}

#[test]
fn wrong_explanations_are_refused() {
    let mut wrong = 0;
    for seed in 0..500 {
        let input = small(seed);
        let proposal = solved(&input);
        for row in 0..proposal.assignments.len() {
            let mut other = proposal.clone();
            let why = match &mut other.assignments[row].1 {
                Outcome::Unplaced(why) => Some(why),
                Outcome::Placed(placed) => placed.why_not_kern.as_mut(),
            };
            match why {
                None => continue,
                Some(Explanation::Full { bottlenecks, .. }) => bottlenecks.clear(),
                Some(Explanation::NoCandidate { removed } | Explanation::Outranked { removed } | Explanation::Held { removed, .. }) => {
                    removed.considered += 1;
                }
            }
            wrong += 1;
            let key = other.assignments[row].0;
            let violations = refused(&input, &other, "a wrong explanation");
            assert!(violations.contains(&Violation::Explanation(key)));
        }
    }
    assert!(wrong > 500);
}

fn place(proposal: &Proposal, row: usize) -> Option<kernschil_allocation::PlaceKey> {
    match &proposal.assignments[row].1 {
        Outcome::Placed(placed) => Some(placed.place),
        Outcome::Unplaced(_) => None,
    }
}

/// Puts right what an outcome says about its place, so that only the choice itself is wrong.
fn repair(input: &Input, proposal: &mut Proposal) {
    for (key, outcome) in &mut proposal.assignments {
        let Outcome::Placed(placed) = outcome else { continue };
        let demand = input.demands.iter().find(|row| row.key == *key).expect("a demand");
        let school = input.schools.iter().find(|row| row.key == placed.school).expect("a school");
        placed.standing = crate::oracle::standing(input, demand, school.key);
        placed.minutes = crate::oracle::minutes(input, demand, school.key);
        let rank = demand.wishes.iter().position(|wish| wish.schools.contains(&school.key));
        placed.wish_rank = rank.map(|rank| u8::try_from(rank + 1).expect("a short list"));
        if placed.trainer.is_none_or(|trainer| !school.trainers.contains(&trainer)) {
            placed.trainer = school.trainers.first().copied();
        }
        let kern = placed.standing == kernschil_allocation::Standing::Kern;
        let removed = Removed::default();
        placed.why_not_kern = match placed.why_not_kern.take() {
            _ if kern => None,
            None => Some(Explanation::NoCandidate { removed }),
            why => why,
        };
    }
}

/// A proposal for a tighter round, given out as one for the round itself.
#[test]
fn a_worse_proposal_is_refused_whatever_the_rules() {
    let mut refusals = 0;
    for seed in 0..3_000 {
        let input = everything(seed);
        let best = solved(&input);
        let mut tighter = input.clone();
        let pinned = |key| input.demands.iter().any(|demand| demand.key == key && demand.pinned.is_some());
        let Some((key, placed)) = best.assignments.iter().find_map(|(key, outcome)| match outcome {
            Outcome::Placed(placed) if !pinned(*key) => Some((*key, placed)),
            _ => None,
        }) else {
            continue;
        };
        tighter.demands.iter_mut().filter(|demand| demand.key == key).for_each(|demand| {
            demand.excluded_schools.push(placed.school);
        });
        let worse = solved(&tighter);
        assert!(worse.objective != best.objective, "round {seed}");
        let violations = refused(&input, &worse, "a worse proposal");
        let proof = |violation: &Violation| {
            use Violation::{Cases, NotBest, NotBestTrainer, Proof, SchoolPrice, Slackness};
            matches!(violation, Cases | NotBest(..) | NotBestTrainer(..) | Proof | SchoolPrice(..) | Slackness(_) | Violation::Packing)
        };
        assert!(violations.iter().any(proof), "round {seed}: {violations:?}");
        refusals += 1;
    }
    assert!(refusals > 1_500, "{refusals}");
}

#[test]
fn every_new_rule_that_is_broken_is_named() {
    let violations_after = |change: &dyn Fn(&mut Input)| {
        let mut input = round_with(&[Standing::Kern, Standing::Kern]);
        input.places = vec![place_at(0, 0, 2), place_at(1, 1, 2)];
        input.demands = (0..3).map(demand).collect();
        input.settings.levels.retain(|level| *level != LevelKind::Variety);
        let proposal = solved(&input);
        let first = match proposal.outcome(DemandKey(0)) {
            Some(Outcome::Placed(placed)) => placed.place.0,
            other => panic!("{other:?}"),
        };
        assert_eq!(verify(&input, &proposal), Ok(()));
        change(&mut input);
        // The place of the first student is what the changes below are about.
        if first == 1 {
            input.places.swap(0, 1);
        }
        (first, refused(&input, &proposal, "a rule broken"))
    };
    let forbidden = |reason| move |violations: &[Violation]| violations.contains(&Violation::Forbidden(DemandKey(0), reason));
    let all = |input: &mut Input, change: &dyn Fn(&mut kernschil_allocation::Demand)| change(&mut input.demands[0]);
    let (first, _) = violations_after(&|input| input.demands[0].earlier_schools = vec![SchoolKey(0), SchoolKey(1)]);
    let here = SchoolKey(first);
    let elsewhere = PlaceKey(1 - first);
    let (_, found) = violations_after(&|input| all(input, &|demand| demand.excluded_schools = vec![here]));
    assert!(forbidden(Reason::Excluded)(&found));
    let (_, found) = violations_after(&|input| all(input, &|demand| demand.pinned = Some(elsewhere)));
    assert!(forbidden(Reason::Pinned)(&found));
    let (_, found) = violations_after(&|input| input.places.iter_mut().for_each(|place| place.reserved_for = vec![DemandKey(77)]));
    assert!(forbidden(Reason::Reserved)(&found));
    let (_, found) = violations_after(&|input| input.places.iter_mut().for_each(|place| place.refuses = vec![PhaseCode(1)]));
    assert!(forbidden(Reason::NotQualified)(&found));
    let (_, found) = violations_after(&|input| {
        input.settings.hard = input.settings.hard.or(Reasons::of(&[Reason::FamiliarSchool]));
        input.demands[0].familiar_schools = vec![here];
    });
    assert!(forbidden(Reason::FamiliarSchool)(&found));
    let (_, found) = violations_after(&|input| {
        input.boards = vec![Board { key: BoardKey(0), totals: vec![PeriodCap { period: PeriodKey(0), cap: 1 }], tie_break: 0 }];
        input.schools.iter_mut().for_each(|school| school.board = Some(BoardKey(0)));
    });
    assert!(found.contains(&Violation::Over(Bottleneck::Board(BoardKey(0), PeriodKey(0), 1), 3)));
    let (_, found) = violations_after(&|input| input.schools.iter_mut().for_each(|school| school.least = 2));
    assert!(found.iter().any(|violation| matches!(violation, Violation::Alone(_, _, 1))));
    let (_, found) = violations_after(&|input| input.demands.iter_mut().for_each(|demand| demand.team = Some(TeamKey(5))));
    assert!(found.contains(&Violation::Apart(TeamKey(5))));
    let keep = |firmness| Keep { place: elsewhere, firmness };
    let (_, found) = violations_after(&|input| input.demands[0].keeps = Some(keep(Firmness::Announced)));
    assert_eq!(found, [Violation::Packing]);
}

#[test]
fn claims_of_a_search_are_checked() {
    let (mut fewer, mut cheaper, mut stronger) = (0, 0, 0);
    for seed in 0..6_000 {
        let input = everything(seed);
        let proposal = solved(&input);
        let branches = proposal.certificate.branches.len();
        if branches == 0 {
            continue;
        }
        let mut other = proposal.clone();
        other.certificate.branches.remove(seed as usize % branches);
        refused(&input, &other, "a case left out");
        fewer += 1;
        let mut other = proposal.clone();
        for branch in &mut other.certificate.branches {
            branch.prices = Prices::default();
        }
        cheaper += u32::from(verify(&input, &other).is_err());
        let mut other = proposal.clone();
        other.certificate.branches.clear();
        refused(&input, &other, "no cases");
        let last = other.objective.len() - 1;
        other.proof = Proof::WithinBound { proven_levels: last, bound: other.objective[last].1 + 1 };
        refused(&input, &other, "a bound above the value");
        stronger += 1;
    }
    assert!(fewer > 200 && cheaper > 100 && stronger > 200, "{fewer} {cheaper} {stronger}");
}
