//! The plainest method there is: some flow that fits, and then round every cycle that makes it
//! cheaper, until there is none.

use kernschil_allocation::mincost::{Problem, UNLIMITED};

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Optimal(i128),
    Infeasible,
    Unbounded,
}

/// An arc with room: forwards or backwards, at a cost.
#[derive(Clone, Copy)]
struct Residual {
    arc: usize,
    from: usize,
    to: usize,
    room: Option<i128>,
    cost: i128,
    sign: i128,
}

fn residuals(problem: &Problem, flows: &[i128]) -> Vec<Residual> {
    let mut all = Vec::new();
    for (number, (arc, &flow)) in problem.arcs.iter().zip(flows).enumerate() {
        let (from, to, [cost]) = (arc.from as usize, arc.to as usize, arc.cost);
        let room = (arc.upper != UNLIMITED).then(|| i128::from(arc.upper) - flow);
        if room != Some(0) {
            all.push(Residual { arc: number, from, to, room, cost, sign: 1 });
        }
        let back = flow - i128::from(arc.lower);
        if back > 0 {
            all.push(Residual { arc: number, from: to, to: from, room: Some(back), cost: -cost, sign: -1 });
        }
    }
    all
}

pub(crate) fn solve(problem: &Problem) -> Answer {
    let nodes = problem.supplies.len();
    let mut left: Vec<i128> = problem.supplies.iter().map(|&supply| supply.into()).collect();
    let mut flows: Vec<i128> = problem.arcs.iter().map(|arc| arc.lower.into()).collect();
    for arc in &problem.arcs {
        left[arc.from as usize] -= i128::from(arc.lower);
        left[arc.to as usize] += i128::from(arc.lower);
    }
    if left.iter().sum::<i128>() != 0 {
        return Answer::Infeasible;
    }
    while let Some(start) = left.iter().position(|&left| left > 0) {
        let all = residuals(problem, &flows);
        let mut by: Vec<Option<Residual>> = vec![None; nodes];
        let mut reached = vec![start];
        let mut next = 0;
        while let Some(&node) = reached.get(next) {
            next += 1;
            for &residual in all.iter().filter(|residual| residual.from == node) {
                if residual.to != start && by[residual.to].is_none() {
                    by[residual.to] = Some(residual);
                    reached.push(residual.to);
                }
            }
        }
        let Some(&end) = reached.iter().find(|&&node| left[node] < 0) else { return Answer::Infeasible };
        let mut node = end;
        while let Some(residual) = by[node].filter(|_| node != start) {
            flows[residual.arc] += residual.sign;
            node = residual.from;
        }
        left[start] -= 1;
        left[end] += 1;
    }
    loop {
        let all = residuals(problem, &flows);
        // A cycle without bounds first: after it nothing else matters.
        let free: Vec<Residual> = all.iter().copied().filter(|residual| residual.room.is_none()).collect();
        if cycle(nodes, &free).is_some() {
            return Answer::Unbounded;
        }
        let Some(cycle) = cycle(nodes, &all) else { break };
        let room = cycle.iter().filter_map(|residual| residual.room).min().expect("a bound");
        for residual in cycle {
            flows[residual.arc] += residual.sign * room;
        }
    }
    Answer::Optimal(problem.arcs.iter().zip(&flows).map(|(arc, flow)| arc.cost[0] * flow).sum())
}

/// A cycle that costs less than nothing.
fn cycle(nodes: usize, all: &[Residual]) -> Option<Vec<Residual>> {
    let mut distance = vec![0; nodes];
    let mut by: Vec<Option<Residual>> = vec![None; nodes];
    let mut last = None;
    for _ in 0..=nodes {
        last = None;
        for &residual in all {
            if distance[residual.from] + residual.cost < distance[residual.to] {
                distance[residual.to] = distance[residual.from] + residual.cost;
                by[residual.to] = Some(residual);
                last = Some(residual.to);
            }
        }
    }
    let mut node = last?;
    for _ in 0..nodes {
        node = by[node]?.from;
    }
    let (start, mut cycle) = (node, Vec::new());
    loop {
        let residual = by[node]?;
        cycle.push(residual);
        node = residual.from;
        if node == start {
            return Some(cycle);
        }
    }
}
