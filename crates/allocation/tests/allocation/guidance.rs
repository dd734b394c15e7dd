//! The cap on students who get extra guidance outside.

use kernschil_allocation::{Bottleneck, Explanation, Level, Outcome, Proof, Standing, verify};

use crate::oracle::{self, Cap};
use crate::rounds::{Rng, demand, place, round_with, small};
use crate::solved;

#[test]
fn the_cap_on_students_outside_is_exact() {
    let mut crossing = 0;
    for seed in 0..6_000 {
        let mut input = small(seed);
        let rng = &mut Rng(seed ^ 0xabc);
        let cap = rng.below(5).min(2);
        input.settings.outside_cap = Some(u32::try_from(cap).expect("small"));
        for row in &mut input.standings.rows {
            for standing in &mut row.standings {
                if rng.chance(45) {
                    *standing = Standing::Outside;
                }
            }
        }
        if rng.chance(30) {
            input.standings.rows[1].standings = input.standings.rows[0].standings.clone();
        }
        let proposal = solved(&input);
        assert_eq!(verify(&input, &proposal), Ok(()), "round {seed}");
        assert!(u64::from(proposal.figures.outside) <= cap);
        let values: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        assert_eq!(proposal.proof, Proof::Optimal, "round {seed}");
        assert_eq!(values, oracle::optimum(&input), "round {seed}");
        crossing += u32::from(!proposal.crossing.is_empty());
        for (_, outcome) in &proposal.assignments {
            if let Outcome::Unplaced(Explanation::Full { bottlenecks, .. }) = outcome {
                let raise: Vec<Cap> = bottlenecks.iter().map(|&b| Cap::of(b)).collect();
                let better = oracle::optimum(&oracle::raised(&input, &raise));
                assert!(better[..2] < values[..2], "round {seed}: {bottlenecks:?}");
            }
        }
    }
    assert!(crossing > 1_000, "{crossing} rounds in which the cap crosses others");
}

#[test]
fn a_school_outside_for_everybody_is_capped_exactly() {
    let mut input = round_with(&[Standing::Kern, Standing::Outside]);
    input.places = vec![place(0, 0, 1), place(1, 1, 3)];
    input.demands = (0..4).map(demand).collect();
    input.settings.outside_cap = Some(2);
    let proposal = solved(&input);
    assert_eq!(proposal.proof, Proof::Optimal);
    assert_eq!(proposal.objective[1], (Level::NotPlaced, 1));
    let named = proposal.assignments.iter().find_map(|(_, outcome)| match outcome {
        Outcome::Unplaced(Explanation::Full { bottlenecks, .. }) => Some(bottlenecks.clone()),
        _ => None,
    });
    let one = named.expect("one student without a place");
    assert!(matches!(one[..], [Bottleneck::Place(..) | Bottleneck::OutsideGuidance(2)]));
}
