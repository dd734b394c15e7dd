//! The plan is the cheapest of all plans, and its prices prove it, with costs on the links.

use super::{Convex, Flow, NONE, solve};
use crate::candidates::Candidates;
use crate::cost::Cost;
use crate::network::{Capacity, Link, Network, Node, UNLIMITED};

/// Words of the costs.
const W: usize = 3;

type Words = [i128; W];

/// A small generator of numbers.
struct Rng(u64);

impl Rng {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(end)).expect("small")
    }
}

/// Something in one of the words.
fn one_word(rng: &mut Rng, value: impl Fn(&mut Rng) -> i128) -> Words {
    let mut words = [0; W];
    words[rng.below(3) as usize] = value(rng);
    words
}

/// Something in all words, often the same.
fn words(rng: &mut Rng, most: u32) -> Words {
    std::array::from_fn(|word| i128::from(if word == 2 { rng.below(most) } else { rng.below(3) }))
}

fn plus(mut a: Words, b: Words) -> Words {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
    a
}

struct Case {
    network: Network,
    candidates: Candidates<W>,
    costs: Vec<Option<Convex<W>>>,
}

/// Places 0 to `places`, then two layers of nodes, then the sink.
fn case(seed: u64) -> Case {
    let mut rng = Rng(seed);
    let (places, first, second) = (1 + rng.below(4), 1 + rng.below(3), 1 + rng.below(2));
    let sink = places + first + second;
    let mut links = Vec::new();
    let mut costs = Vec::new();
    let mut link = |rng: &mut Rng, from: Node, to: Node| {
        let cap = if rng.below(4) == 0 { UNLIMITED } else { rng.below(4) };
        links.push(Link { from, to, cap, capacity: Capacity::Covers });
        costs.push((rng.below(2) == 0).then(|| Convex {
            first: rng.below(3),
            bonus: Cost(one_word(rng, |rng| -i128::from(rng.below(30)))),
            step: Cost(one_word(rng, |rng| i128::from(rng.below(20)))),
            per: rng.below(4) * 50,
        }));
    };
    for place in 0..places {
        let to = places + rng.below(first);
        link(&mut rng, place, to);
    }
    for node in places..places + first {
        for to in places + first..sink {
            if rng.below(2) == 0 {
                link(&mut rng, node, to);
            }
        }
        if rng.below(3) == 0 {
            link(&mut rng, node, sink);
        }
    }
    for node in places + first..sink {
        link(&mut rng, node, sink);
    }
    let students = rng.below(5);
    let mut pair = |place| (rng.below(3) > 0).then(|| (place, Cost(words(&mut rng, 40))));
    let pairs: Vec<Vec<(u32, Cost<W>)>> = (0..students).map(|_| (0..places).filter_map(&mut pair).collect()).collect();
    let unplaced = pairs.iter().map(|_| Cost(words(&mut rng, 60))).collect();
    let nodes = sink as usize + 1;
    Case { network: Network::of_links(places as usize, nodes, sink, links), candidates: Candidates::of_pairs(&pairs, unplaced), costs }
}

impl Case {
    fn solve(&self, start: Option<Flow<W>>) -> Flow<W> {
        solve(&self.network, &self.candidates, &self.costs, start, |_| true).expect("nobody says stop")
    }

    fn room(&self, link: u32, used: u32) -> bool {
        let cap = self.network.links[link as usize].cap;
        cap == UNLIMITED || used < cap
    }

    fn next(&self, link: u32, used: u32) -> Words {
        let cost = self.costs[link as usize];
        std::array::from_fn(|word| cost.map_or(0, |cost| cost.marginal(used + 1, word)))
    }

    /// Lowest cost for this student and all after, whatever way everybody goes.
    fn cheapest(&self, student: usize, used: &mut [u32]) -> Words {
        if student == self.candidates.unplaced.len() {
            return [0; W];
        }
        let mut best = plus(self.candidates.unplaced[student].0, self.cheapest(student + 1, used));
        for arc in self.candidates.of(student) {
            let place = self.candidates.arcs[arc].place;
            if let Some(rest) = self.through(place, student, used) {
                best = best.min(plus(self.candidates.cost(arc).0, rest));
            }
        }
        best
    }

    fn through(&self, node: Node, student: usize, used: &mut [u32]) -> Option<Words> {
        if node == self.network.sink {
            return Some(self.cheapest(student + 1, used));
        }
        let mut best = None;
        for &link in self.network.outgoing(node) {
            let before = used[link as usize];
            if !self.room(link, before) {
                continue;
            }
            used[link as usize] += 1;
            let rest = self.through(self.network.links[link as usize].to, student, used);
            used[link as usize] = before;
            let whole = rest.map(|rest| plus(rest, self.next(link, before)));
            best = best.into_iter().chain(whole).min();
        }
        best
    }

    fn cost(&self, flow: &Flow<W>) -> Words {
        let chosen = flow.choice.iter().zip(&self.candidates.unplaced);
        let pairs = chosen.map(|(&choice, none)| if choice == NONE { none.0 } else { self.candidates.cost(choice as usize).0 });
        let links = (0..).zip(&flow.used).map(|(link, &used)| (0..used).map(|before| self.next(link, before)).fold([0; W], plus));
        pairs.chain(links).fold([0; W], plus)
    }

    /// The plan is one, and complementary slackness holds everywhere.
    fn check(&self, flow: &Flow<W>) {
        let price = |node: Node| flow.prices[node as usize].0;
        let mut into = vec![0; self.network.nodes];
        for (student, &choice) in flow.choice.iter().enumerate() {
            let total = |arc: usize| plus(self.candidates.cost(arc).0, price(self.candidates.arcs[arc].place));
            let none = self.candidates.unplaced[student].0;
            let here = if choice == NONE { none } else { total(choice as usize) };
            assert!(here <= none && self.candidates.of(student).all(|arc| here <= total(arc)));
            if choice != NONE {
                let place = self.candidates.arcs[choice as usize].place as usize;
                into[place] += 1;
                assert_eq!(flow.at[place].iter().filter(|&&other| other as usize == student).count(), 1);
            }
        }
        assert_eq!(flow.at.iter().map(Vec::len).sum::<usize>(), into.iter().sum::<u32>() as usize);
        for (number, link) in (0..).zip(&self.network.links) {
            let used = flow.used[number as usize];
            into[link.to as usize] += used;
            assert!(used <= link.cap);
            if self.room(number, used) {
                assert!(price(link.from) <= plus(self.next(number, used), price(link.to)));
            }
            if used > 0 {
                assert!(price(link.from) >= plus(self.next(number, used - 1), price(link.to)));
            }
        }
        assert_eq!(price(self.network.sink), [0; W]);
        for node in (0..).take(self.network.nodes).filter(|&node| node != self.network.sink) {
            let out: u32 = self.network.outgoing(node).iter().map(|&link| flow.used[link as usize]).sum();
            assert_eq!(into[node as usize], out);
        }
    }
}

/// A start that is worth nothing: students, uses and prices at random.
fn somewhere(case: &Case, seed: u64) -> Flow<W> {
    let mut rng = Rng(seed + 77_000);
    let choice: Vec<u32> = (0..case.candidates.unplaced.len())
        .map(|student| case.candidates.of(student).find(|_| rng.below(3) == 0).map_or(NONE, |arc| u32::try_from(arc).expect("small")))
        .collect();
    Flow {
        choice,
        at: Vec::new(),
        used: case.network.links.iter().map(|_| rng.below(5)).collect(),
        prices: (0..case.network.nodes)
            .map(|node| Cost(if node == case.network.sink as usize { [0; W] } else { words(&mut rng, 30) }))
            .collect(),
    }
}

#[test]
fn costs_on_links_give_the_cheapest_plan() {
    let (mut unplaced, mut placed) = (0, 0);
    for seed in 0..5_000 {
        let case = case(seed);
        let flow = case.solve(None);
        case.check(&flow);
        assert_eq!(case.cost(&flow), case.cheapest(0, &mut vec![0; case.network.links.len()]), "case {seed}");
        unplaced += flow.choice.iter().filter(|&&choice| choice == NONE).count();
        placed += flow.choice.iter().filter(|&&choice| choice != NONE).count();
        let again = case.solve(Some(flow.clone()));
        assert_eq!(again.choice, flow.choice, "case {seed}");
        let other = case.solve(Some(somewhere(&case, seed)));
        case.check(&other);
        assert_eq!(case.cost(&other), case.cost(&flow), "case {seed}");
    }
    assert!(unplaced > 1_000 && placed > 1_000, "{unplaced} {placed}");
}

#[test]
fn a_convex_cost_never_falls() {
    let cost = Convex { first: 2, bonus: Cost([0, -50, 0]), step: Cost([0, 7, 0]), per: 150 };
    let marginals: Vec<i128> = (1..=6).map(|k| cost.marginal(k, 1)).collect();
    assert_eq!(marginals, [-50, -50, 7, 14, 14, 21]);
}
