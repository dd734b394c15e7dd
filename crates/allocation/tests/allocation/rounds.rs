//! Makes rounds for tests and benches, from a seed.

#![expect(dead_code, reason = "every test and bench that includes this uses a part of it")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "the numbers of a made-up round are small"
)]

use kernschil_allocation::{
    Board, BoardKey, Demand, DemandKey, FinalPhase, Firmness, Groups, Input, Keep, LastTrip, LevelKind, OriginGroup, PeriodCap, PeriodKey,
    PhaseCode, Place, PlaceKey, Reason, Reasons, School, SchoolKey, Standing, StandingGroup, StandingRow, StandingTable, StudentKey,
    TeamKey, Trainer, TrainerKey, TravelRow, Weekdays, Wish,
};

/// Splitmix64: small, seeded and good enough to make rounds.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True in `percent` of the cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            list.swap(last, other);
        }
    }
}

/// A demand for anything, in period 0 and phase 1, of a student from origin and group 0.
pub(crate) fn demand(number: u128) -> Demand {
    Demand {
        key: DemandKey(number),
        student: StudentKey(number),
        period: PeriodKey(0),
        phase: PhaseCode(1),
        final_phase: FinalPhase::Earlier,
        groups: Groups::ANY,
        weekdays: Weekdays::NONE,
        travel_limit: None,
        wishes: Vec::new(),
        earlier_schools: Vec::new(),
        only_school: None,
        standing_group: StandingGroup(0),
        origin: None,
        keeps: None,
        pinned: None,
        excluded_schools: Vec::new(),
        last_trip: LastTrip::Ordinary,
        familiar_schools: Vec::new(),
        familiar_groups: Groups(0),
        team: None,
        tie_break: Rng(number as u64).next(),
    }
}

/// A place for anybody at a school in period 0.
pub(crate) fn place(number: u128, school: u128, count: u32) -> Place {
    Place {
        key: PlaceKey(number),
        school: SchoolKey(school),
        period: PeriodKey(0),
        phases: Vec::new(),
        groups: Groups::ANY,
        weekdays: Weekdays::ALL,
        count,
        refuses: Vec::new(),
        reserved_for: Vec::new(),
        tie_break: Rng(number as u64 + 1_000_000).next(),
    }
}

/// A school without caps.
pub(crate) fn school(number: u128) -> School {
    School {
        key: SchoolKey(number),
        totals: Vec::new(),
        trainers: Vec::new(),
        board: None,
        minimum: Vec::new(),
        least: 0,
        tie_break: Rng(number as u64 + 2_000_000).next(),
    }
}

/// A trainer with a capacity in period 0.
pub(crate) fn trainer(number: u128, cap: u32) -> Trainer {
    Trainer {
        key: TrainerKey(number),
        capacity: vec![PeriodCap { period: PeriodKey(0), cap }],
        tie_break: Rng(number as u64 + 3_000_000).next(),
    }
}

/// A round with schools 0, 1, 2 ... of these standings and no demands or places yet.
pub(crate) fn round_with(standings: &[Standing]) -> Input {
    let keys: Vec<SchoolKey> = (0..standings.len() as u128).map(SchoolKey).collect();
    Input {
        schools: keys.iter().map(|key| school(key.0)).collect(),
        standings: StandingTable { schools: keys, rows: vec![StandingRow { group: StandingGroup(0), standings: standings.to_vec() }] },
        ..Input::default()
    }
}

/// Puts every list of a round in another order.
pub(crate) fn shuffled(input: &Input, seed: u64) -> Input {
    let mut rng = Rng(seed);
    let mut input = input.clone();
    rng.shuffle(&mut input.demands);
    rng.shuffle(&mut input.places);
    rng.shuffle(&mut input.schools);
    rng.shuffle(&mut input.trainers);
    rng.shuffle(&mut input.boards);
    for demand in &mut input.demands {
        rng.shuffle(&mut demand.earlier_schools);
        rng.shuffle(&mut demand.excluded_schools);
        rng.shuffle(&mut demand.familiar_schools);
        for wish in &mut demand.wishes {
            rng.shuffle(&mut wish.schools);
        }
    }
    for place in &mut input.places {
        rng.shuffle(&mut place.phases);
        rng.shuffle(&mut place.refuses);
        rng.shuffle(&mut place.reserved_for);
    }
    for school in &mut input.schools {
        rng.shuffle(&mut school.totals);
        rng.shuffle(&mut school.trainers);
        rng.shuffle(&mut school.minimum);
    }
    for board in &mut input.boards {
        rng.shuffle(&mut board.totals);
    }
    for trainer in &mut input.trainers {
        rng.shuffle(&mut trainer.capacity);
    }
    let mut columns: Vec<usize> = (0..input.standings.schools.len()).collect();
    rng.shuffle(&mut columns);
    input.standings.schools = columns.iter().map(|&c| input.standings.schools[c]).collect();
    for row in &mut input.standings.rows {
        row.standings = columns.iter().map(|&c| row.standings[c]).collect();
    }
    rng.shuffle(&mut input.standings.rows);
    let mut columns: Vec<usize> = (0..input.travel.schools.len()).collect();
    rng.shuffle(&mut columns);
    input.travel.schools = columns.iter().map(|&c| input.travel.schools[c]).collect();
    for row in &mut input.travel.rows {
        row.minutes = columns.iter().map(|&c| row.minutes.at(c)).collect();
    }
    rng.shuffle(&mut input.travel.rows);
    input
}

/// A small round in which everything is scarce and every rule occurs.
pub(crate) fn small(seed: u64) -> Input {
    let rng = &mut Rng(seed);
    let schools = 2 + u128::from(rng.below(3));
    let periods = if rng.chance(20) { 2 } else { 1 };
    let period = |rng: &mut Rng| PeriodKey(u128::from(rng.below(periods)));
    let standing = |rng: &mut Rng| {
        use Standing::{Kern, Outside, Schil, SchilUnmet};
        rng.pick(&[Kern, Kern, Schil, Schil, SchilUnmet, Outside])
    };
    let standings: Vec<Standing> = (0..schools).map(|_| standing(rng)).collect();
    let mut input = round_with(&standings);
    let other = if rng.chance(50) { standings.clone() } else { (0..schools).map(|_| standing(rng)).collect() };
    input.standings.rows.push(StandingRow { group: StandingGroup(1), standings: other });
    let trainers = u128::from(rng.below(4));
    input.trainers = (0..trainers).map(|number| trainer(number, rng.below(4) as u32)).collect();
    for trainer in &mut input.trainers {
        if rng.chance(15) {
            trainer.capacity.clear();
        }
        if periods == 2 && rng.chance(50) {
            trainer.capacity.push(PeriodCap { period: PeriodKey(1), cap: rng.below(3) as u32 });
        }
    }
    for school in &mut input.schools {
        for trainer in 0..trainers {
            if rng.chance(40) {
                school.trainers.push(TrainerKey(trainer));
            }
        }
        for period in 0..periods {
            if rng.chance(40) {
                let period = PeriodKey(u128::from(period));
                school.totals.push(PeriodCap { period, cap: rng.below(4) as u32 });
            }
        }
    }
    let groups = [Groups::ANY, Groups(0), Groups(0b11), Groups(0b11_1100), Groups(0b1111_0000)];
    let days = [Weekdays::NONE, Weekdays(1), Weekdays(0b110), Weekdays::ALL];
    for number in 0..=u128::from(rng.below(5)) {
        let at = u128::from(rng.below(schools as u64));
        let mut place = place(number, at, rng.below(3) as u32);
        place.period = period(rng);
        if rng.chance(30) {
            place.phases = vec![PhaseCode(1 + rng.below(2) as u32)];
        }
        if rng.chance(30) {
            place.groups = rng.pick(&groups);
        }
        if rng.chance(30) {
            place.weekdays = rng.pick(&[Weekdays(0b111), Weekdays(0b1_1110), Weekdays::ALL]);
        }
        input.places.push(place);
    }
    input.travel.schools = (0..schools).map(SchoolKey).collect();
    for origin in 0..2 {
        let minutes = (0..schools).map(|_| rng.chance(85).then(|| rng.pick(&[5, 20, 45, 46, 55, 61, 90])));
        let minutes = minutes.collect();
        input.travel.rows.push(TravelRow { origin: OriginGroup(origin), minutes });
    }
    for number in 0..=u128::from(rng.below(6)) {
        let mut demand = demand(number);
        demand.period = period(rng);
        if let Some(last) = input.demands.last()
            && last.student == StudentKey(number - 1)
            && rng.chance(20)
        {
            demand.student = last.student;
            demand.period = PeriodKey(1 - last.period.0);
        }
        demand.phase = PhaseCode(1 + rng.below(2) as u32);
        if rng.chance(30) {
            demand.final_phase = FinalPhase::Final;
        }
        if rng.chance(30) {
            demand.groups = rng.pick(&groups);
        }
        if rng.chance(30) {
            demand.weekdays = rng.pick(&days);
        }
        if rng.chance(20) {
            demand.travel_limit = Some(rng.pick(&[20, 45, 60]));
        }
        let any = |rng: &mut Rng| SchoolKey(u128::from(rng.below(schools as u64)));
        for _ in 0..rng.below(4) {
            let named = 1 + rng.below(2);
            demand.wishes.push(Wish { schools: (0..named).map(|_| any(rng)).collect() });
        }
        if rng.chance(15) {
            demand.earlier_schools.push(any(rng));
        }
        if rng.chance(10) {
            demand.only_school = Some(any(rng));
        }
        demand.standing_group = StandingGroup(rng.below(2) as u32);
        demand.origin = rng.chance(90).then(|| OriginGroup(rng.below(2) as u32));
        input.demands.push(demand);
    }
    if rng.chance(40) {
        input.settings.travel_limit = Some(60);
    }
    if rng.chance(25) {
        let last = input.settings.levels.len() - 1;
        let middle = &mut input.settings.levels[1..last];
        rng.shuffle(middle);
        if rng.chance(50) {
            let dropped = 1 + rng.below(last as u64 - 1) as usize;
            input.settings.levels.remove(dropped);
        }
    }
    input.settings.seed = rng.next();
    input
}

/// A small round with every rule that a flow can keep.
pub(crate) fn ruled(seed: u64) -> Input {
    let mut input = small(seed);
    let rng = &mut Rng(seed ^ 0x5eed);
    let schools = input.schools.len() as u64;
    let places = input.places.len();
    let any = |rng: &mut Rng| SchoolKey(u128::from(rng.below(schools)));
    let keys: Vec<DemandKey> = input.demands.iter().map(|demand| demand.key).collect();
    for demand in &mut input.demands {
        let place = &input.places[rng.below(places as u64) as usize];
        if rng.chance(40) {
            let gone = if rng.chance(10) { PlaceKey(500) } else { place.key };
            demand.keeps = Some(Keep { place: gone, firmness: rng.pick(&[Firmness::Draft, Firmness::Announced]) });
        }
        if rng.chance(15) {
            demand.excluded_schools.push(any(rng));
        }
        if rng.chance(15) && place.period == demand.period && !demand.excluded_schools.contains(&place.school) {
            demand.pinned = Some(place.key);
        }
        if rng.chance(30) {
            demand.last_trip = LastTrip::Long;
        }
        if rng.chance(30) {
            demand.familiar_schools.push(any(rng));
        }
        if rng.chance(30) {
            demand.familiar_groups = rng.pick(&[Groups(0b11), Groups(0b11_1111), Groups::ANY, Groups(0b1111_0000)]);
        }
    }
    for place in &mut input.places {
        if rng.chance(15) {
            place.reserved_for.push(rng.pick(&keys));
        }
        if rng.chance(15) {
            place.refuses.push(PhaseCode(1 + rng.below(2) as u32));
        }
    }
    for school in &mut input.schools {
        for period in 0..2 {
            let period = PeriodKey(period);
            let total = school.totals.iter().find(|total| total.period == period).map_or(3, |total| total.cap);
            if rng.chance(30) {
                school.minimum.push(PeriodCap { period, cap: rng.below(u64::from(total) + 1) as u32 });
            }
        }
    }
    let soft = [Reason::Phase, Reason::Groups, Reason::Weekdays, Reason::TravelLimit, Reason::EarlierSchool, Reason::FixedSchool];
    let soft = [&soft[..], &[Reason::NotQualified, Reason::FamiliarSchool, Reason::FamiliarGroups]].concat();
    let mut hard = Vec::new();
    for reason in soft {
        match rng.below(4) {
            0 => {
                let at = 1 + rng.below(input.settings.levels.len() as u64 - 1) as usize;
                input.settings.levels.insert(at, LevelKind::Broken(reason));
            }
            1 => {}
            _ => hard.push(reason),
        }
    }
    input.settings.hard = Reasons::of(&hard);
    input
}

/// Boards with totals, of which every school has one or none.
pub(crate) fn with_boards(mut input: Input, seed: u64) -> Input {
    let rng = &mut Rng(seed ^ 0xb0a);
    let boards = 1 + u128::from(rng.below(3));
    for number in 0..boards {
        let cap = |rng: &mut Rng| rng.below(4) as u32;
        let totals = (0..2).filter(|_| rng.chance(85)).map(PeriodKey).collect::<Vec<_>>();
        let totals = totals.into_iter().map(|period| PeriodCap { period, cap: cap(rng) }).collect();
        input.boards.push(Board { key: BoardKey(number), totals, tie_break: number as u64 });
    }
    for school in &mut input.schools {
        if rng.chance(80) {
            school.board = Some(BoardKey(u128::from(rng.below(boards as u64))));
        }
    }
    // Often the second trainer has one school of each of two boards.
    if rng.chance(50) && input.trainers.len() > 1 && input.schools.len() > 2 {
        for (school, (board, trainer)) in input.schools.iter_mut().zip([(0, 0), (0, 1), (boards - 1, 1)]) {
            school.board = Some(BoardKey(board));
            school.trainers = vec![TrainerKey(trainer)];
        }
    }
    input
}

/// A small round with every rule there is.
pub(crate) fn everything(seed: u64) -> Input {
    let mut input = if seed.is_multiple_of(2) { small(seed) } else { ruled(seed) };
    let rng = &mut Rng(seed ^ 0xa11);
    if rng.chance(60) {
        input = with_boards(input, seed);
    }
    if rng.chance(40) {
        input.settings.outside_cap = Some(rng.below(3) as u32);
    }
    if rng.chance(50) {
        let teams = 1 + rng.below(2);
        for demand in &mut input.demands {
            demand.team = rng.chance(60).then(|| TeamKey(u128::from(rng.below(teams))));
        }
    }
    if rng.chance(50) {
        for school in &mut input.schools {
            let offered = |period: u128| {
                let period = PeriodKey(period);
                let here = input.places.iter().filter(|place| (place.school, place.period) == (school.key, period));
                let total = school.totals.iter().find(|total| total.period == period).map_or(9, |total| total.cap);
                here.map(|place| place.count).sum::<u32>().min(total)
            };
            let room = [offered(0), offered(1)].into_iter().filter(|&room| room > 0).min().unwrap_or(0);
            if rng.chance(60) {
                school.least = (2 + rng.below(2) as u32).min(room);
            }
        }
    }
    input
}

/// How large and how tight a big round is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) demands: usize,
    pub(crate) schools: usize,
    /// Schools within the travel limit of each student.
    pub(crate) near: usize,
    /// Places per hundred students.
    pub(crate) percent: usize,
}

impl Size {
    /// The largest partnership: 1,131 students and 200 schools, with a little too little room.
    pub(crate) const fn partnership(near: usize) -> Self {
        Self { demands: 1_131, schools: 200, near, percent: 97 }
    }

    /// The country, with about thirty possible places for each student.
    pub(crate) const fn country() -> Self {
        Self { demands: 30_000, schools: 6_500, near: 22, percent: 103 }
    }

    /// Steps on the map that take a minute: the more schools there are, the larger the map.
    fn minute(self) -> i64 {
        let schools = self.schools.max(200) as i64;
        120 * 14 / schools.isqrt()
    }

    /// Postcodes that students live in: there are about four thousand.
    fn origins(self) -> usize {
        self.demands.min(4_000)
    }
}

/// A big round: schools and students on a map, two places per school, a total, a trainer for
/// every two schools or so, three wishes each, popular schools wished more.
pub(crate) fn big(size: Size, seed: u64) -> Input {
    let rng = &mut Rng(seed);
    let point = |rng: &mut Rng| (rng.below(10_000) as i64, rng.below(10_000) as i64);
    let at: Vec<(i64, i64)> = (0..size.schools).map(|_| point(rng)).collect();
    let standings: Vec<Standing> = (0..size.schools)
        .map(|_| match rng.below(100) {
            0..55 => Standing::Kern,
            55..85 => Standing::Schil,
            85..90 => Standing::SchilUnmet,
            _ => Standing::Outside,
        })
        .collect();
    let mut input = round_with(&standings);
    let mean = size.demands * size.percent / size.schools;
    let mut room = (size.demands * size.percent).div_ceil(100) as u64;
    for number in 0..size.schools {
        let left = (size.schools - number) as u64;
        let total = if left == 1 { room } else { (1 + rng.below(2 * room / left)).min(room) };
        room -= total;
        let half = (total / 2 + rng.below(2)) as u32;
        let mut low = place(2 * number as u128, number as u128, half);
        low.groups = Groups(0b1111);
        let mut high = place(2 * number as u128 + 1, number as u128, (total as u32 + 1) - half);
        high.groups = Groups(0b1111_0000);
        input.places.extend([low, high]);
        let cap = total as u32;
        input.schools[number].totals.push(PeriodCap { period: PeriodKey(0), cap });
        let trainer = (number / 2) as u128;
        input.schools[number].trainers.push(TrainerKey(trainer));
        if rng.chance(20) && number > 2 {
            input.schools[number].trainers.push(TrainerKey(trainer - 1));
        }
    }
    let cap = (mean * 3 / 100 + 1) as u32;
    input.trainers = (0..size.schools.div_ceil(2)).map(|t| trainer(t as u128, cap)).collect();
    input.travel.schools = (0..size.schools as u128).map(SchoolKey).collect();
    let mut nearest = Vec::new();
    for origin in 0..size.origins() {
        let home = point(rng);
        let minutes: Vec<u16> =
            at.iter().map(|school| 5 + (((school.0 - home.0).abs() + (school.1 - home.1).abs()) / size.minute()) as u16).collect();
        let mut sorted: Vec<(u16, usize)> = minutes.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        nearest.push(sorted[..size.near].to_vec());
        let minutes = minutes.into_iter().map(Some).collect();
        input.travel.rows.push(TravelRow { origin: OriginGroup(origin as u32), minutes });
    }
    for number in 0..size.demands {
        let mut demand = demand(number as u128);
        let origin = number % size.origins();
        let sorted = &nearest[origin];
        demand.phase = PhaseCode(1 + rng.below(4) as u32);
        if demand.phase == PhaseCode(4) {
            demand.final_phase = FinalPhase::Final;
        }
        demand.groups = rng.pick(&[Groups::ANY, Groups(0b1111), Groups(0b1111_0000)]);
        if size.near < size.schools {
            demand.travel_limit = Some(sorted[size.near - 1].0);
        }
        for _ in 0..3 {
            let rank = rng.below(size.near as u64).min(rng.below(size.near as u64));
            let school = SchoolKey(sorted[rank as usize].1 as u128);
            demand.wishes.push(Wish { schools: vec![school] });
        }
        demand.origin = Some(OriginGroup(origin as u32));
        input.demands.push(demand);
    }
    input.settings.seed = seed;
    input
}

/// Boards of about six schools each, with room for so many in a hundred of what the schools offer.
pub(crate) fn with_big_boards(mut input: Input, percent: u32, seed: u64) -> Input {
    let rng = &mut Rng(seed);
    let boards = input.schools.len() / 6 + 1;
    let mut offered = vec![0_u32; boards];
    for school in &mut input.schools {
        let board = rng.below(boards as u64) as usize;
        school.board = Some(BoardKey(board as u128));
        offered[board] += school.totals[0].cap;
    }
    for (number, offered) in offered.into_iter().enumerate() {
        let totals = vec![PeriodCap { period: PeriodKey(0), cap: offered * percent / 100 }];
        input.boards.push(Board { key: BoardKey(number as u128), totals, tie_break: number as u64 });
    }
    input
}

/// Every school that has room for two takes nobody or at least two.
pub(crate) fn nobody_alone(mut input: Input) -> Input {
    for school in &mut input.schools {
        let offered: u32 = input.places.iter().filter(|place| place.school == school.key).map(|place| place.count).sum();
        school.least = offered.min(school.totals[0].cap).min(2);
    }
    input
}
