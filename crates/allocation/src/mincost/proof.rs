//! What an optimum is worth, and the check that it is one.

use super::{Optimum, Problem, UNLIMITED};

impl<const W: usize> Optimum<W> {
    /// The cost of the flow. `None` when it does not fit in 128 bits.
    pub fn value(&self, problem: &Problem<W>) -> Option<[i128; W]> {
        let mut value = [0_i128; W];
        for (arc, &flow) in problem.arcs.iter().zip(&self.flows) {
            for (sum, &cost) in value.iter_mut().zip(&arc.cost) {
                *sum = sum.checked_add(cost.checked_mul(flow)?)?;
            }
        }
        Some(value)
    }

    /// True when the flow fits the supplies and the bounds and the potentials prove that no other
    /// one costs less. Uses nothing of the method that found it.
    pub fn is_proven(&self, problem: &Problem<W>) -> bool {
        let rows = self.flows.len() == problem.arcs.len() && self.potentials.len() == problem.supplies.len();
        rows && self.is_flow(problem) && self.is_cheapest(problem)
    }

    fn is_flow(&self, problem: &Problem<W>) -> bool {
        let mut left: Vec<i128> = problem.supplies.iter().map(|&supply| supply.into()).collect();
        for (arc, &flow) in problem.arcs.iter().zip(&self.flows) {
            if flow < i128::from(arc.lower) || (arc.upper != UNLIMITED && flow > i128::from(arc.upper)) {
                return false;
            }
            left[arc.from as usize] -= flow;
            left[arc.to as usize] += flow;
        }
        left.iter().all(|&left| left == 0)
    }

    fn is_cheapest(&self, problem: &Problem<W>) -> bool {
        problem.arcs.iter().zip(&self.flows).all(|(arc, &flow)| {
            let (from, to) = (&self.potentials[arc.from as usize], &self.potentials[arc.to as usize]);
            let mut reduced = arc.cost;
            for ((word, from), to) in reduced.iter_mut().zip(from).zip(to) {
                *word += from - to;
            }
            let room = arc.upper == UNLIMITED || flow < i128::from(arc.upper);
            (!room || reduced >= [0; W]) && (flow == i128::from(arc.lower) || reduced <= [0; W])
        })
    }
}
