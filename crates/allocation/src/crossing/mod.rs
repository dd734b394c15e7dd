//! What is more than a flow: capacities that cross, nobody alone, teams that stay together.
//!
//! The flow without those rules is solved first (by the engine); when it keeps them, it is the
//! optimum. Otherwise capacities that cross get a multiplier each, a whole cost: a student who uses
//! the capacity pays it, and as many times as the capacity is large it is given back. Costs are an
//! ordered group, so weak duality holds for all levels at once: that flow is never above the
//! optimum. Which multipliers prove most, a linear programme says (`sharing`), solved in whole numbers
//! word after word (`simplex`); where that is too much, one multiplier after another is tried (`dual`).
//! They are often a half or a third of something, so costs are counted in small units meanwhile.
//! Where a gap is left, or a school has too few or a team is apart, the round is split in two cases,
//! each of which is such a flow again (`tree`). Plans that keep everything come from dividing trainers
//! as the programme does, or from fixing what a flow suggests (`repair`). The proposal is optimal when
//! no case is below it, and otherwise tells how far it is proven (`claim`).

mod case;
mod claim;
mod dual;
mod repair;
mod sharing;
mod simplex;
mod tree;

use std::ops::ControlFlow;

use crate::candidates::Candidates;
use crate::cost::Cost;
use crate::engine::{Halt, Problem, Progress, Report, Stage};
use crate::error::SolveError;
use crate::flow::{self, Convex, Flow, NONE};
use crate::input::Standing;
use crate::network::{Guidance, Network};
use crate::proposal::{Branch, Prices, Proof};

use case::Case;

/// The best plan found, and what it rests on.
pub(crate) struct Found<const W: usize> {
    pub(crate) plan: Flow<W>,
    pub(crate) proof: Proof,
    pub(crate) prices: Prices,
    pub(crate) branches: Vec<Branch>,
}

/// Finds the best plan that keeps every rule, or the best until the search is stopped.
pub(crate) fn search<const W: usize>(problem: &Problem<'_, W>, progress: Report<'_>) -> Result<Found<W>, SolveError> {
    let mut search = Search::new(problem, progress);
    tree::search(&mut search)
}

/// Pairs looked at by all flows of a search together: a limit that does not depend on the clock.
const MOST_WORK: usize = 40_000_000;

/// Why a search ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Cancelled,
    Settled,
    Exhausted,
}

/// A capacity that is not in the network.
#[derive(Clone, Copy, Debug)]
struct SideCap {
    kind: SideKind,
    cap: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SideKind {
    /// A trainer who is taken apart.
    Trainer(usize),
    Outside,
}

/// The flow of a case at some multipliers.
struct Relaxed<const W: usize> {
    /// With pairs numbered as in the problem.
    plan: Flow<W>,
    /// No plan in the case costs less.
    bound: Cost<W>,
    /// Students of each side.
    usage: Vec<u32>,
    multipliers: Vec<Cost<W>>,
    /// The pairs of the case, with their multipliers.
    candidates: Candidates<W>,
    /// Number in the problem of each pair.
    origin: Vec<u32>,
}

/// A plan that keeps every rule.
#[derive(Clone)]
struct Incumbent<const W: usize> {
    cost: Cost<W>,
    plan: Flow<W>,
}

struct Search<'a, 'b, const W: usize> {
    problem: &'a Problem<'a, W>,
    progress: Report<'b>,
    sides: Vec<SideCap>,
    outside_side: Option<usize>,
    /// What schools fall short of when nobody is placed.
    constant: Cost<W>,
    forbidden: Cost<W>,
    /// False for pairs that no better plan than the best one uses.
    alive: Vec<bool>,
    /// What costs are multiples of.
    scale: i128,
    best: Option<Incumbent<W>>,
    evaluated: usize,
    most: usize,
}

impl<'a, 'b, const W: usize> Search<'a, 'b, W> {
    fn new(problem: &'a Problem<'a, W>, progress: Report<'b>) -> Self {
        let network = &problem.network;
        let trainers = network.shared.iter().enumerate();
        let mut sides: Vec<SideCap> =
            trainers.map(|(number, shared)| SideCap { kind: SideKind::Trainer(number), cap: shared.cap }).collect();
        let mut outside_side = None;
        if let Guidance::Crossing(cap) = network.guidance {
            outside_side = Some(sides.len());
            sides.push(SideCap { kind: SideKind::Outside, cap });
        }
        let short = i64::try_from(crate::cost::most_shortfall(problem.index.input)).unwrap_or(i64::MAX);
        let pairs = problem.candidates.arcs.len();
        Self {
            problem,
            progress,
            sides,
            outside_side,
            constant: problem.packing.cost(|level| if level == crate::Level::Shortfall { short } else { 0 }),
            forbidden: problem.packing.forbidden(),
            alive: vec![true; pairs],
            scale: problem.packing.scale,
            best: None,
            evaluated: 0,
            most: MOST_WORK / (pairs + 1_000) + 50,
        }
    }

    /// True for a pair of the problem at an outside school, when the cap on those is a side.
    fn is_outside(&self, arc: usize) -> bool {
        self.outside_side.is_some() && self.problem.candidates.arcs[arc].standing == Standing::Outside
    }

    /// Solves the flow of a case. A plan to start from makes it faster.
    fn relax(&mut self, case: &Case, multipliers: &[Cost<W>], start: Option<&Flow<W>>) -> Result<Relaxed<W>, Stop> {
        let problem = self.problem;
        let this = &*self;
        let outside = self.outside_side.map_or(Cost::ZERO, |side| multipliers[side]);
        let extra = |arc: usize| if this.is_outside(arc) { outside } else { Cost::ZERO };
        let allowed = |demand: usize, arc: usize| (this.alive[arc] && case.allows(this, demand, arc)).then(|| extra(arc));
        let unplaced = |demand: usize| if case.must_be_placed(demand) { this.forbidden } else { Cost::ZERO };
        let (candidates, origin) = problem.candidates.filtered(allowed, unplaced);
        let mut costs = problem.costs.clone();
        let mut bound = self.constant;
        let at_least = |least: u32| Convex { first: least, bonus: Cost::ZERO - self.forbidden, step: Cost::ZERO, per: 0 };
        for &site in case.open() {
            let site = problem.network.sites[site];
            let least = problem.index.schools[site.school].least;
            if let Some(link) = site.least {
                costs[link as usize] = Some(at_least(least));
                bound += self.forbidden.times(least);
            }
        }
        for (side, &price) in self.sides.iter().zip(multipliers).filter(|(_, price)| **price > Cost::ZERO) {
            let SideKind::Trainer(shared) = side.kind else { continue };
            for &coach in &problem.network.shared[shared].coaches {
                if let Some((_, link)) = problem.network.coaches[coach].part {
                    costs[link as usize] = Some(Convex { first: u32::MAX, bonus: price, step: Cost::ZERO, per: 0 });
                }
            }
        }
        let network = case.network(problem);
        for (coach, least) in case.at_least() {
            costs[problem.network.coaches[coach].link as usize] = Some(at_least(least));
            bound += self.forbidden.times(least);
        }
        let start = start.map(|start| renumbered(start, &origin, problem.candidates.arcs.len()));
        let flow = self.solve(&network, &candidates, &costs, start)?;
        for (demand, &choice) in flow.choice.iter().enumerate() {
            bound += if choice == NONE { candidates.unplaced[demand] } else { candidates.cost(choice as usize) };
        }
        for (cost, &used) in costs.iter().zip(&flow.used) {
            let Some(cost) = cost else { continue };
            (1..=used).for_each(|student| bound += cost.whole(student));
        }
        for (side, &multiplier) in self.sides.iter().zip(multipliers) {
            bound = bound - multiplier.times(side.cap);
        }
        let mut plan = flow;
        for choice in plan.choice.iter_mut().filter(|choice| **choice != NONE) {
            *choice = origin[*choice as usize];
        }
        let usage = self.usage(&plan);
        Ok(Relaxed { plan, bound, usage, multipliers: multipliers.to_vec(), candidates, origin })
    }

    fn solve(
        &mut self,
        network: &Network,
        candidates: &Candidates<W>,
        costs: &[Option<Convex<W>>],
        start: Option<Flow<W>>,
    ) -> Result<Flow<W>, Stop> {
        if self.evaluated >= self.most && self.best.is_some() {
            return Err(Stop::Exhausted);
        }
        self.evaluated += 1;
        if let Some(stop) = self.ask() {
            return Err(stop);
        }
        let mut stop = None;
        let step = |_: usize| {
            stop = self.ask();
            stop.is_none()
        };
        flow::solve(network, candidates, costs, start, step).ok_or(stop.unwrap_or(Stop::Cancelled))
    }

    /// Asks the caller whether to go on.
    fn ask(&mut self) -> Option<Stop> {
        let at = Progress { stage: Stage::Searching, done: self.evaluated.min(self.most), total: self.most };
        match (self.progress)(at) {
            ControlFlow::Break(Halt::Cancel) => Some(Stop::Cancelled),
            ControlFlow::Break(Halt::Settle) if self.best.is_some() => Some(Stop::Settled),
            _ => None,
        }
    }

    fn usage(&self, plan: &Flow<W>) -> Vec<u32> {
        let network = &self.problem.network;
        let of = |side: &SideCap| match side.kind {
            SideKind::Trainer(shared) => network.through(&network.shared[shared], &plan.used),
            SideKind::Outside => {
                let placed = plan.choice.iter().filter(|&&choice| choice != NONE && self.is_outside(choice as usize));
                u32::try_from(placed.count()).unwrap_or(u32::MAX)
            }
        };
        self.sides.iter().map(of).collect()
    }

    /// What a plan costs.
    fn cost(&self, plan: &Flow<W>) -> Cost<W> {
        let problem = self.problem;
        let mut sum = self.constant;
        for (demand, &choice) in plan.choice.iter().enumerate() {
            sum += if choice == NONE { problem.candidates.unplaced[demand] } else { problem.candidates.cost(choice as usize) };
        }
        for (cost, &used) in problem.costs.iter().zip(&plan.used) {
            let Some(cost) = cost else { continue };
            (1..=used).for_each(|student| sum += cost.whole(student));
        }
        sum
    }

    /// Keeps a plan if it keeps every rule and is the best so far.
    fn offer(&mut self, plan: &Flow<W>) {
        if !self.problem.keeps_all(plan) {
            return;
        }
        let cost = self.cost(plan);
        if self.best.as_ref().is_none_or(|best| cost < best.cost) {
            self.best = Some(Incumbent { cost, plan: plan.clone() });
        }
    }

    /// True when a case with this bound has nothing better than the best plan.
    fn is_settled(&self, bound: Cost<W>) -> bool {
        self.best.as_ref().is_some_and(|best| bound >= best.cost)
    }
}

/// A plan of the problem with the pairs numbered as in a case; who has a pair that the case does not
/// allow has none.
fn renumbered<const W: usize>(plan: &Flow<W>, origin: &[u32], pairs: usize) -> Flow<W> {
    let mut number = vec![NONE; pairs];
    for (here, &there) in (0..).zip(origin) {
        number[there as usize] = here;
    }
    let mut plan = plan.clone();
    for choice in plan.choice.iter_mut().filter(|choice| **choice != NONE) {
        *choice = number[*choice as usize];
    }
    plan
}
