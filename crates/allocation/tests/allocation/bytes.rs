//! No bytes whatever make the engine panic, give a proposal that the check refuses, or break what
//! the engine promises.
//!
//! Runs 3,000 inputs by default. `KERNSCHIL_FUZZ_CASES=1000000 cargo test --release -p
//! kernschil-allocation bytes` runs longer, and `KERNSCHIL_FUZZ_SEED` starts elsewhere; a failure
//! names the seed of its input and the axiom. Tools that make bytes of their own can call [`holds`].

use std::ops::ControlFlow;

use kernschil_allocation::{
    Board, BoardKey, Bottleneck, Demand, DemandKey, FinalPhase, Firmness, Groups, Input, Keep, LastTrip, LevelKind, OriginGroup, PeriodCap,
    PeriodKey, PhaseCode, Place, PlaceKey, Proof, Proposal, Reason, Reasons, School, SchoolKey, SolveError, Solved, Standing,
    StandingGroup, StandingRow, StandingTable, StudentKey, TeamKey, Trainer, TrainerKey, TravelRow, TravelTable, Weekdays, Wish, solve,
    verify,
};

use crate::axioms::AXIOMS;
use crate::oracle;
use crate::rounds::Rng;

/// Reads numbers from bytes, zeros when they are used up.
pub(crate) struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    /// Mostly small; now and then anything.
    fn count(&mut self) -> u32 {
        match self.byte() {
            255 => u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()]),
            254 => 1_000_000,
            byte => u32::from(byte % 5),
        }
    }

    fn below(&mut self, end: u8) -> u8 {
        self.byte() % end
    }

    fn key(&mut self) -> u128 {
        u128::from(if self.byte() == 255 { self.byte() } else { self.below(4) })
    }

    fn chance(&mut self, of_eight: u8) -> bool {
        self.below(8) < of_eight
    }

    fn some<T>(&mut self, of_eight: u8, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(of_eight).then(|| make(self))
    }

    fn list<T>(&mut self, most: u8, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| make(self)).collect()
    }

    fn schools(&mut self) -> Vec<SchoolKey> {
        self.list(2, |r| SchoolKey(r.key()))
    }

    fn caps(&mut self) -> Vec<PeriodCap> {
        self.list(2, |r| PeriodCap { period: PeriodKey(u128::from(r.below(2))), cap: r.count() })
    }

    fn reason(&mut self) -> Reason {
        Reason::ALL[usize::from(self.below(13))]
    }

    fn tie_break(&mut self) -> u64 {
        u64::from_le_bytes([self.byte(), self.byte(), 0, 0, 0, 0, 0, self.byte()])
    }

    fn level(&mut self) -> LevelKind {
        match self.below(12) {
            0 => LevelKind::NotPlaced,
            1 => LevelKind::NotCovered,
            2 => LevelKind::Kept,
            3 => LevelKind::Shortfall,
            4 => LevelKind::Ladder,
            5 => LevelKind::Wishes,
            6 => LevelKind::Travel,
            7 => LevelKind::Spread,
            8 => LevelKind::Variety,
            9 | 10 => LevelKind::Broken(self.reason()),
            _ => LevelKind::Lot,
        }
    }

    fn demand(&mut self, number: u128) -> Demand {
        Demand {
            key: DemandKey(if self.byte() == 255 { 0 } else { number }),
            student: StudentKey(if self.byte() == 255 { 0 } else { number }),
            period: PeriodKey(u128::from(self.below(8) / 7)),
            phase: PhaseCode(u32::from(self.below(3))),
            final_phase: if self.chance(2) { FinalPhase::Final } else { FinalPhase::Earlier },
            groups: Groups(if self.chance(2) { self.byte() } else { 0 }),
            weekdays: Weekdays(if self.chance(2) { self.byte() & 0x1f } else { 0 }),
            travel_limit: self.some(1, |r| u16::from(r.byte())),
            wishes: self.list(3, |r| Wish { schools: r.schools() }),
            earlier_schools: self.some(1, Self::schools).unwrap_or_default(),
            only_school: self.some(1, |r| SchoolKey(r.key())),
            standing_group: StandingGroup(u32::from(self.below(64) / 32)),
            origin: self.some(6, |r| OriginGroup(u32::from(r.below(2)))),
            keeps: self.some(2, |r| {
                let firmness = if r.chance(4) { Firmness::Draft } else { Firmness::Announced };
                Keep { place: PlaceKey(r.key()), firmness }
            }),
            pinned: self.some(1, |r| PlaceKey(r.key())),
            excluded_schools: self.some(1, Self::schools).unwrap_or_default(),
            last_trip: if self.chance(2) { LastTrip::Long } else { LastTrip::Ordinary },
            familiar_schools: self.some(2, Self::schools).unwrap_or_default(),
            familiar_groups: Groups(if self.chance(2) { self.byte() } else { 0 }),
            team: self.some(2, |r| TeamKey(u128::from(r.below(2)))),
            tie_break: self.tie_break(),
        }
    }

    fn place(&mut self, number: u128) -> Place {
        Place {
            key: PlaceKey(number),
            school: SchoolKey(self.key()),
            period: PeriodKey(u128::from(self.below(8) / 7)),
            phases: self.some(1, |r| r.list(2, |r| PhaseCode(u32::from(r.below(3))))).unwrap_or_default(),
            groups: Groups(if self.chance(2) { self.byte() } else { 0 }),
            weekdays: Weekdays(if self.chance(2) { self.byte() & 0x1f } else { 0x1f }),
            count: self.count(),
            refuses: self.some(1, |r| r.list(2, |r| PhaseCode(u32::from(r.below(3))))).unwrap_or_default(),
            reserved_for: self.some(1, |r| r.list(2, |r| DemandKey(r.key()))).unwrap_or_default(),
            tie_break: self.tie_break(),
        }
    }

    fn input(&mut self) -> Input {
        let mut input = Input::default();
        let schools = u128::from(1 + self.below(4));
        input.standings.schools = (0..schools).map(SchoolKey).collect();
        input.travel.schools = (0..schools).map(SchoolKey).collect();
        input.trainers = (0..u128::from(self.below(3)))
            .map(|number| Trainer { key: TrainerKey(number), capacity: self.caps(), tie_break: self.tie_break() })
            .collect();
        input.boards = (0..u128::from(self.below(3)))
            .map(|number| Board { key: BoardKey(number), totals: self.caps(), tie_break: self.tie_break() })
            .collect();
        input.schools = (0..schools)
            .map(|number| School {
                key: SchoolKey(number),
                totals: self.caps(),
                trainers: self.list(2, |r| TrainerKey(u128::from(r.below(3)))),
                board: self.some(4, |r| BoardKey(u128::from(r.below(2)))),
                minimum: self.some(2, Self::caps).unwrap_or_default(),
                least: if self.chance(2) { self.count() } else { 0 },
                tie_break: self.tie_break(),
            })
            .collect();
        let standing = |r: &mut Self| [Standing::Kern, Standing::Schil, Standing::SchilUnmet, Standing::Outside][usize::from(r.below(4))];
        let rows =
            (0..2).map(|group| StandingRow { group: StandingGroup(group), standings: (0..schools).map(|_| standing(self)).collect() });
        input.standings = StandingTable { schools: input.standings.schools, rows: rows.collect() };
        let rows = (0..2).map(|origin| {
            let minutes = (0..schools).map(|_| self.some(7, |r| u16::from(r.byte()) / 2)).collect();
            TravelRow { origin: OriginGroup(origin), minutes }
        });
        input.travel = TravelTable { schools: input.travel.schools, rows: rows.collect() };
        input.places = (0..u128::from(self.below(6))).map(|number| self.place(number)).collect();
        input.demands = (0..u128::from(self.below(6))).map(|number| self.demand(number)).collect();
        input.settings.travel_limit = self.some(2, |r| u16::from(r.byte()));
        input.settings.outside_cap = self.some(3, Self::count);
        input.settings.seed = u64::from(self.byte());
        if self.chance(3) {
            input.settings.levels = self.list(6, Self::level);
            if self.chance(7) {
                input.settings.levels.retain(|level| !matches!(level, LevelKind::NotPlaced | LevelKind::Lot));
                input.settings.levels.insert(0, LevelKind::NotPlaced);
                input.settings.levels.push(LevelKind::Lot);
            }
        }
        if self.chance(3) {
            input.settings.hard = Reasons::of(&self.list(12, Self::reason));
        }
        if self.chance(7) {
            make_sense(&mut input);
        }
        input
    }
}

/// Takes out what makes a round invalid in uninteresting ways.
fn make_sense(input: &mut Input) {
    fn each_once<T, K: Ord>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
        list.sort_by_key(&key);
        list.dedup_by_key(|row| key(row));
    }
    let schools = input.schools.len() as u128;
    let school = |key: &mut SchoolKey| key.0 %= schools;
    let small = |cap: &mut PeriodCap| cap.cap = cap.cap.min(1_000_000);
    for (number, demand) in (0..).zip(&mut input.demands) {
        (demand.key, demand.student) = (DemandKey(number), StudentKey(number));
        demand.wishes.retain(|wish| !wish.schools.is_empty());
        demand.wishes.iter_mut().flat_map(|wish| &mut wish.schools).for_each(school);
        demand.earlier_schools.iter_mut().chain(&mut demand.excluded_schools).for_each(school);
        demand.familiar_schools.iter_mut().chain(&mut demand.only_school).for_each(school);
    }
    for place in &mut input.places {
        school(&mut place.school);
        place.count = place.count.min(1_000_000);
    }
    for trainer in &mut input.trainers {
        trainer.capacity.iter_mut().for_each(small);
        each_once(&mut trainer.capacity, |cap| cap.period);
    }
    for board in &mut input.boards {
        board.totals.iter_mut().for_each(small);
        each_once(&mut board.totals, |cap| cap.period);
    }
    let (trainers, boards) = (input.trainers.len() as u128, input.boards.len() as u128);
    for row in &mut input.schools {
        row.trainers.retain(|trainer| trainer.0 < trainers);
        each_once(&mut row.trainers, |trainer| *trainer);
        row.board = row.board.filter(|board| board.0 < boards);
        row.totals.iter_mut().chain(&mut row.minimum).for_each(small);
        each_once(&mut row.totals, |cap| cap.period);
        each_once(&mut row.minimum, |cap| cap.period);
        let room = |period: PeriodKey| row.totals.iter().find(|total| total.period == period).map_or(u32::MAX, |total| total.cap);
        row.minimum.iter_mut().for_each(|minimum| minimum.cap = minimum.cap.min(room(minimum.period)));
        let offered = |period: u128| {
            let here = input.places.iter().filter(|place| (place.school, place.period.0) == (row.key, period));
            here.map(|place| place.count).sum::<u32>().min(room(PeriodKey(period)))
        };
        let least = [offered(0), offered(1)].into_iter().filter(|&offered| offered > 0).min();
        row.least = row.least.min(least.unwrap_or(0));
    }
    for demand in &mut input.demands {
        let pinned = demand.pinned.and_then(|key| input.places.iter().find(|place| place.key == key));
        let fits = pinned.filter(|place| place.period == demand.period && !demand.excluded_schools.contains(&place.school));
        demand.pinned = fits.map(|place| place.key);
    }
    let levels = std::mem::take(&mut input.settings.levels);
    let hard = input.settings.hard.or(Reasons::ALWAYS_HARD);
    for level in levels {
        let contradicts = matches!(level, LevelKind::Broken(reason) if hard.contains(reason));
        if !contradicts && !input.settings.levels.contains(&level) {
            input.settings.levels.push(level);
        }
    }
}

/// What must hold for any bytes. Tells whether they made a valid round.
fn holds(bytes: &[u8]) -> bool {
    let mut reader = Reader(bytes);
    let input = reader.input();
    let proposal = match solve(&input, &mut |_| ControlFlow::Continue(())) {
        Ok(proposal) => proposal,
        Err(SolveError::Input(_)) => {
            assert!(verify(&input, &Proposal { proof: Proof::Optimal, ..anything() }).is_err());
            return false;
        }
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(verify(&input, &proposal), Ok(()));
    assert_eq!(proposal.proof, Proof::Optimal);
    let small = input.places.iter().all(|place| place.count < 5) && input.schools.iter().all(|school| school.least < 5);
    if small {
        let values: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        assert_eq!(values, oracle::optimum(&input));
    }
    let asked = Solved::new(&input, &proposal).expect("valid");
    for demand in &input.demands {
        assert!(asked.why(demand.key).is_some());
        asked.force(demand.key, PlaceKey(reader.key()));
    }
    for place in &input.places {
        asked.extra_place(Bottleneck::Place(place.key, place.count));
    }
    // A certificate of nonsense is refused or true, but never a panic.
    let mut other = proposal.clone();
    let branches = other.certificate.branches.iter_mut().map(|branch| &mut branch.prices);
    let prices = branches.chain([&mut other.certificate.prices]);
    let words = prices.flat_map(|prices| {
        let capacities = prices.capacities.iter_mut().map(|row| &mut row.1);
        capacities.chain(prices.schools.iter_mut().map(|row| &mut row.1))
    });
    for word in words.flatten() {
        match reader.below(4) {
            0 => *word = i128::from(reader.byte()) << (reader.byte() & 0x7f),
            1 => *word = -*word,
            _ => {}
        }
    }
    drop(verify(&input, &other));
    for (name, axiom) in AXIOMS {
        let mut reader = Reader(reader.0);
        let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| axiom(&input, &proposal, &mut reader)));
        assert!(held.is_ok(), "{name}");
    }
    true
}

/// A proposal for nothing.
fn anything() -> Proposal {
    solve(&Input::default(), &mut |_| ControlFlow::Continue(())).expect("an empty round is a round")
}

#[test]
fn no_bytes_break_a_promise() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let first = number("KERNSCHIL_FUZZ_SEED", 0);
    let cases = number("KERNSCHIL_FUZZ_CASES", 3_000);
    let mut valid = 0;
    for seed in first..first + cases {
        let mut rng = Rng(seed);
        let bytes: Vec<u8> = (0..200 + rng.below(300)).map(|_| rng.next().to_le_bytes()[3]).collect();
        let held = std::panic::catch_unwind(|| holds(&bytes));
        valid += u64::from(held.unwrap_or_else(|_| panic!("the bytes of seed {seed}")));
    }
    assert!(valid * 2 > cases, "{valid} valid rounds of {cases}");
}
