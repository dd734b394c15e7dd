//! A second, different algorithm agrees on every level: the round as one general network, solved by
//! the network simplex method.

use kernschil_allocation::LevelKind;
use kernschil_allocation::mincost::{Answer, Problem, solve};

use crate::model::Model;
use crate::rounds::{Size, big, small};
use crate::solved;

/// Levels of the rounds that are compared.
const LEVELS: usize = 11;

fn agree(input: kernschil_allocation::Input, name: &str) {
    let mut input = input;
    let others = [LevelKind::Kept, LevelKind::Shortfall, LevelKind::Spread, LevelKind::Variety];
    input.settings.levels.retain(|level| !others.contains(level));
    let input = &input;
    let model = Model::new(input);
    assert!(model.levels <= LEVELS, "{name}");
    let by_level = |values: &[i64]| std::array::from_fn(|level| values.get(level).map_or(0, |&value| value.into()));
    let problem: Problem<LEVELS> = model.problem(by_level);
    let Ok(Answer::Optimal(optimum)) = solve(&problem) else { panic!("{name}: nobody placed is a plan") };
    assert!(optimum.is_proven(&problem), "{name}");
    let values: Vec<i128> = solved(input).objective.iter().map(|row| row.1.into()).collect();
    let best = optimum.value(&problem).expect("small");
    assert_eq!(values, best[..model.levels], "{name}");
}

#[test]
fn small_rounds() {
    for seed in 0..5_000 {
        agree(small(seed), &format!("round {seed}"));
    }
}

#[test]
fn big_rounds() {
    for (seed, size) in [
        Size { demands: 400, schools: 80, near: 15, percent: 95 },
        Size { demands: 700, schools: 300, near: 10, percent: 104 },
        Size { demands: 300, schools: 60, near: 60, percent: 120 },
        Size::partnership(30),
    ]
    .into_iter()
    .enumerate()
    {
        agree(big(size, seed as u64), &format!("{size:?}"));
    }
}
