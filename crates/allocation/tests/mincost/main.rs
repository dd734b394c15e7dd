//! The general solver: compared with a plain method on thousands of small networks, on what is
//! infeasible or has no bound, and on files that are not right.

#![expect(clippy::expect_used, reason = "a test may stop")]

mod cycles;
mod files;

use kernschil_allocation::mincost::{Answer, Arc, Problem, UNLIMITED, solve};

/// A small generator of numbers.
struct Rng(u64);

impl Rng {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(end)).expect("small")
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::from(self.below(u32::try_from(high - low + 1).expect("small")))
    }
}

/// A problem with everything in it: lower bounds, negative costs, no bounds, loops, parallel arcs.
fn problem(seed: u64) -> Problem {
    let rng = &mut Rng(seed);
    let nodes = 1 + rng.below(7);
    let mut supplies = vec![0_i64; nodes as usize];
    for _ in 0..rng.below(4) {
        let (from, to, much) = (rng.below(nodes), rng.below(nodes), rng.between(0, 4));
        supplies[from as usize] += much;
        supplies[to as usize] -= much;
    }
    if rng.below(40) == 0 {
        supplies[0] += 1;
    }
    let cheapest = if rng.below(3) == 0 { -6 } else { 0 };
    let arcs = (0..rng.below(18)).map(|_| {
        let lower = if rng.below(6) == 0 { rng.between(-2, 3) } else { 0 };
        let upper = if rng.below(8) == 0 { UNLIMITED } else { lower + rng.between(0, 5) };
        Arc { from: rng.below(nodes), to: rng.below(nodes), lower, upper, cost: [rng.between(cheapest, 9).into()] }
    });
    let arcs = arcs.collect();
    Problem { supplies, arcs }
}

#[test]
fn both_methods_give_the_same_answer() {
    let mut seen = [0; 3];
    for seed in 0..20_000 {
        let problem = problem(seed);
        let answer = solve(&problem).expect("a problem");
        let plain = cycles::solve(&problem);
        match &answer {
            Answer::Optimal(optimum) => {
                assert!(optimum.is_proven(&problem), "problem {seed}");
                assert_eq!(plain, cycles::Answer::Optimal(optimum.value(&problem).expect("small")[0]), "problem {seed}");
                seen[0] += 1;
            }
            Answer::Infeasible => {
                assert_eq!(plain, cycles::Answer::Infeasible, "problem {seed}");
                seen[1] += 1;
            }
            Answer::Unbounded => {
                assert_eq!(plain, cycles::Answer::Unbounded, "problem {seed}");
                seen[2] += 1;
            }
        }
    }
    assert!(seen.iter().all(|&count| count > 500), "{seen:?}");
}

#[test]
fn words_compare_from_the_left() {
    for seed in 0..3_000 {
        let (one, other) = (problem(seed), problem(seed + 1));
        let arcs = one.arcs.iter().zip(other.arcs.iter().cycle());
        let second = |other: &Arc| other.cost[0] * 1_000_000_007;
        let words = arcs.clone().map(|(arc, other)| Arc {
            cost: [arc.cost[0], second(other)],
            from: arc.from,
            to: arc.to,
            lower: arc.lower,
            upper: arc.upper,
        });
        let words = Problem { supplies: one.supplies.clone(), arcs: words.collect() };
        let packed = arcs.map(|(arc, other)| Arc { cost: [(arc.cost[0] << 64) + second(other)], ..*arc });
        let packed = Problem { supplies: one.supplies.clone(), arcs: packed.collect() };
        if words.arcs.len() < one.arcs.len() {
            continue;
        }
        match (solve(&words).expect("a problem"), solve(&packed).expect("a problem")) {
            (Answer::Optimal(a), Answer::Optimal(b)) => {
                assert!(a.is_proven(&words) && b.is_proven(&packed), "problem {seed}");
                let [high, low] = a.value(&words).expect("fits");
                assert_eq!(b.value(&packed), Some([(high << 64) + low]), "problem {seed}");
            }
            (Answer::Infeasible, Answer::Infeasible) | (Answer::Unbounded, Answer::Unbounded) => {}
            (a, b) => panic!("problem {seed}: {a:?} {b:?}"),
        }
    }
}

#[test]
fn the_largest_numbers_fit() {
    let arc = |from, to, upper, cost: i64| Arc { from, to, lower: 0, upper, cost: [cost.into()] };
    let supplies = vec![i64::MAX - 1, 0, 1 - i64::MAX];
    let arcs = vec![arc(0, 1, i64::MAX - 1, i64::MAX), arc(1, 2, UNLIMITED, i64::MIN + 1), arc(0, 2, i64::MAX - 2, 1)];
    let problem = Problem { supplies, arcs };
    let Ok(Answer::Optimal(optimum)) = solve(&problem) else { panic!("there is an optimum") };
    assert!(optimum.is_proven(&problem));
    assert_eq!(optimum.value(&problem), Some([0]));
    let wide = Arc { from: 0, to: 0, lower: i64::MIN, upper: UNLIMITED - 1, cost: [-1] };
    let problem = Problem { supplies: vec![0], arcs: vec![wide] };
    let Ok(Answer::Optimal(optimum)) = solve(&problem) else { panic!("there is an optimum") };
    assert_eq!(optimum.flows, [i128::from(UNLIMITED - 1)]);
}

#[test]
fn a_tampered_optimum_is_refused() {
    let arc = |from, to, upper, cost| Arc { from, to, lower: 0, upper, cost: [cost] };
    let problem = Problem { supplies: vec![4, 0, -4], arcs: vec![arc(0, 2, 3, 5), arc(0, 1, 9, 2), arc(1, 2, 2, 1)] };
    let Ok(Answer::Optimal(optimum)) = solve(&problem) else { panic!("there is an optimum") };
    for (arc, by) in [(0, 1), (1, -1), (2, 1)] {
        let mut wrong = optimum.clone();
        wrong.flows[arc] += by;
        assert!(!wrong.is_proven(&problem));
    }
    let mut worse = optimum.clone();
    worse.flows = vec![3, 1, 1];
    assert!(!worse.is_proven(&problem));
    let mut unpaid = optimum;
    unpaid.potentials[1] = [9];
    assert!(!unpaid.is_proven(&problem));
}
