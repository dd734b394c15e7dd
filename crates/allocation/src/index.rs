//! Validation, and the snapshot in a fixed order with numbers instead of keys.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::ops::Range;

use crate::eligibility::Reasons;
use crate::error::{InputError, Row};
use crate::input::{
    Board, BoardKey, Demand, Input, LevelKind, MAX_COUNT, MAX_DEMANDS, MAX_MINUTES, MAX_PLACES, MAX_WISHES, PeriodCap, PeriodKey, Place,
    PlaceKey, School, SchoolKey, Settings, Standing, Trainer, TrainerKey, Weekdays,
};

/// A valid snapshot, sorted by tie-break and key. All numbers are positions in these vectors.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    pub(crate) input: &'a Input,
    pub(crate) demands: Vec<&'a Demand>,
    /// Sorted by period and school first, so that a period, and a school in it, is a range.
    pub(crate) places: Vec<&'a Place>,
    pub(crate) place_school: Vec<usize>,
    pub(crate) schools: Vec<&'a School>,
    pub(crate) trainers: Vec<&'a Trainer>,
    pub(crate) trainer_number: HashMap<TrainerKey, usize>,
    pub(crate) boards: Vec<&'a Board>,
    /// Board of each school.
    pub(crate) school_board: Vec<Option<usize>>,
    /// Rules that rule a place out.
    pub(crate) hard: Reasons,
    place_numbers: HashMap<PlaceKey, usize>,
    periods: HashMap<PeriodKey, Range<usize>>,
    standing_row: Vec<usize>,
    standing_column: Vec<Option<usize>>,
    travel_row: Vec<Option<usize>>,
    travel_column: Vec<Option<usize>>,
}

impl<'a> Index<'a> {
    /// Checks the snapshot and sorts it.
    pub(crate) fn new(input: &'a Input) -> Result<Self, InputError> {
        check_sizes(input)?;
        check_levels(&input.settings)?;

        let mut schools: Vec<&School> = input.schools.iter().collect();
        schools.sort_unstable_by_key(|school| (school.tie_break, school.key));
        let school_number = numbers(schools.iter().map(|school| school.key), Row::School)?;
        let mut trainers: Vec<&Trainer> = input.trainers.iter().collect();
        trainers.sort_unstable_by_key(|trainer| (trainer.tie_break, trainer.key));
        let trainer_number = numbers(trainers.iter().map(|trainer| trainer.key), Row::Trainer)?;
        let mut boards: Vec<&Board> = input.boards.iter().collect();
        boards.sort_unstable_by_key(|board| (board.tie_break, board.key));
        let board_number = numbers(boards.iter().map(|board| board.key), Row::Board)?;
        let mut school_board = Vec::with_capacity(schools.len());
        for school in &schools {
            check_school(school, &trainer_number)?;
            school_board.push(find_board(&board_number, school)?);
        }
        for board in &boards {
            check_caps(&board.totals, Row::Board(board.key))?;
        }
        for trainer in &trainers {
            check_caps(&trainer.capacity, Row::Trainer(trainer.key))?;
        }

        let mut places = Vec::with_capacity(input.places.len());
        for place in &input.places {
            let row = Row::Place(place.key);
            let school = find_school(&school_number, row, place.school)?;
            check_count(place.count, row)?;
            check_weekdays(place.weekdays, row)?;
            places.push((place.period, school, place.tie_break, place.key, place));
        }
        places.sort_unstable_by_key(|&(period, school, tie_break, key, _)| (period, school, tie_break, key));
        let place_school: Vec<usize> = places.iter().map(|row| row.1).collect();
        let places: Vec<&Place> = places.into_iter().map(|row| row.4).collect();
        let place_numbers = numbers(places.iter().map(|place| place.key), Row::Place)?;
        let mut periods: HashMap<PeriodKey, Range<usize>> = HashMap::new();
        for (number, place) in places.iter().enumerate() {
            periods.entry(place.period).or_insert(number..number).end = number + 1;
        }
        check_least(&schools, &places, &place_school)?;

        let groups = numbers(input.standings.rows.iter().map(|row| row.group), Row::Standing)?;
        for row in &input.standings.rows {
            if row.standings.len() != input.standings.schools.len() {
                return Err(InputError::RowLength(Row::Standing(row.group), row.standings.len()));
            }
        }
        let origins = numbers(input.travel.rows.iter().map(|row| row.origin), Row::Travel)?;
        for row in &input.travel.rows {
            let name = Row::Travel(row.origin);
            if row.minutes.len() != input.travel.schools.len() {
                return Err(InputError::RowLength(name, row.minutes.len()));
            }
            row.minutes.iter().flatten().try_for_each(|minutes| check_minutes(minutes, name))?;
        }

        let mut demands: Vec<&Demand> = input.demands.iter().collect();
        demands.sort_unstable_by_key(|demand| (demand.tie_break, demand.key));
        numbers(demands.iter().map(|demand| demand.key), Row::Demand)?;
        let mut students = HashSet::with_capacity(demands.len());
        let mut standing_row = Vec::with_capacity(demands.len());
        let mut travel_row = Vec::with_capacity(demands.len());
        for demand in &demands {
            check_demand(demand, &school_number)?;
            check_pin(demand, &places, &place_numbers)?;
            if !students.insert((demand.student, demand.period)) {
                return Err(InputError::TwoDemandsInPeriod(demand.student, demand.period));
            }
            let group = demand.standing_group;
            let row = groups.get(&group).copied();
            standing_row.push(row.ok_or(InputError::UnknownStandingGroup(demand.key, group))?);
            travel_row.push(match demand.origin {
                None => None,
                Some(origin) => Some(origins.get(&origin).copied().ok_or(InputError::UnknownOrigin(demand.key, origin))?),
            });
        }

        let columns = |keys: &[SchoolKey], row| columns(keys, row, &school_number);
        Ok(Self {
            standing_column: columns(&input.standings.schools, Row::StandingColumns)?,
            travel_column: columns(&input.travel.schools, Row::TravelColumns)?,
            input,
            demands,
            places,
            place_school,
            schools,
            trainers,
            trainer_number,
            boards,
            school_board,
            hard: input.settings.hard.or(Reasons::ALWAYS_HARD),
            place_numbers,
            periods,
            standing_row,
            travel_row,
        })
    }

    /// The number of a place.
    pub(crate) fn place_number(&self, key: PlaceKey) -> Option<usize> {
        self.place_numbers.get(&key).copied()
    }

    /// The places of a period.
    pub(crate) fn places_in(&self, period: PeriodKey) -> Range<usize> {
        self.periods.get(&period).cloned().unwrap_or(0..0)
    }

    /// What the school is to the student.
    pub(crate) fn standing(&self, demand: usize, school: usize) -> Standing {
        self.standing_column[school]
            .map_or(Standing::Outside, |column| self.input.standings.rows[self.standing_row[demand]].standings[column])
    }

    /// Travel time, if known.
    pub(crate) fn minutes(&self, demand: usize, school: usize) -> Option<u16> {
        let row = self.travel_row[demand]?;
        let column = self.travel_column[school]?;
        self.input.travel.rows[row].minutes.at(column)
    }

    /// Row of the travel table of the student.
    pub(crate) fn origin(&self, demand: usize) -> Option<usize> {
        self.travel_row[demand]
    }

    /// The longest trip the student may be asked to make.
    pub(crate) fn travel_limit(&self, demand: usize) -> Option<u16> {
        let own = self.demands[demand].travel_limit;
        match (own, self.input.settings.travel_limit) {
            (Some(own), Some(general)) => Some(own.min(general)),
            (own, general) => own.or(general),
        }
    }
}

fn numbers<K: Copy + Eq + Hash>(keys: impl ExactSizeIterator<Item = K>, row: impl Fn(K) -> Row) -> Result<HashMap<K, usize>, InputError> {
    let mut numbers = HashMap::with_capacity(keys.len());
    for (number, key) in keys.enumerate() {
        if numbers.insert(key, number).is_some() {
            return Err(InputError::Duplicate(row(key)));
        }
    }
    Ok(numbers)
}

fn columns(keys: &[SchoolKey], row: Row, school_number: &HashMap<SchoolKey, usize>) -> Result<Vec<Option<usize>>, InputError> {
    let mut columns = vec![None; school_number.len()];
    for (column, &key) in keys.iter().enumerate() {
        let school = find_school(school_number, row, key)?;
        if columns[school].replace(column).is_some() {
            return Err(InputError::Duplicate(row));
        }
    }
    Ok(columns)
}

fn check_sizes(input: &Input) -> Result<(), InputError> {
    let sizes = [
        (input.demands.len(), MAX_DEMANDS),
        (input.places.len(), MAX_PLACES),
        (input.schools.len(), MAX_PLACES),
        (input.trainers.len(), MAX_PLACES),
        (input.boards.len(), MAX_PLACES),
        (input.standings.rows.len(), MAX_PLACES),
        (input.travel.rows.len(), MAX_PLACES),
    ];
    match sizes.iter().find(|(size, most)| size > most) {
        Some(&(size, _)) => Err(InputError::TooManyRows(size)),
        None => Ok(()),
    }
}

fn check_levels(settings: &Settings) -> Result<(), InputError> {
    if let Some(limit) = settings.travel_limit {
        check_minutes(limit, Row::Settings)?;
    }
    if let Some(cap) = settings.outside_cap {
        check_count(cap, Row::Settings)?;
    }
    let levels = &settings.levels;
    let good = levels.first() == Some(&LevelKind::NotPlaced)
        && levels.last() == Some(&LevelKind::Lot)
        && levels.iter().collect::<HashSet<_>>().len() == levels.len();
    if !good {
        return Err(InputError::LevelOrder(levels.clone()));
    }
    let hard = settings.hard.or(Reasons::ALWAYS_HARD);
    let contradicts = levels.iter().find_map(|level| match level {
        LevelKind::Broken(reason) if hard.contains(*reason) => Some(*reason),
        _ => None,
    });
    contradicts.map_or(Ok(()), |reason| Err(InputError::BrokenButHard(reason)))
}

fn check_school(school: &School, trainers: &HashMap<TrainerKey, usize>) -> Result<(), InputError> {
    let row = Row::School(school.key);
    check_caps(&school.totals, row)?;
    check_caps(&school.minimum, row)?;
    check_count(school.least, row)?;
    for minimum in &school.minimum {
        if cap_in(&school.totals, minimum.period).is_some_and(|total| total < minimum.cap) {
            return Err(InputError::MinimumAboveTotal(school.key, minimum.period));
        }
    }
    let mut seen = HashSet::new();
    for &trainer in &school.trainers {
        if !trainers.contains_key(&trainer) {
            return Err(InputError::UnknownTrainer(row, trainer));
        }
        if !seen.insert(trainer) {
            return Err(InputError::NamedTwice(row));
        }
    }
    Ok(())
}

fn check_demand(demand: &Demand, schools: &HashMap<SchoolKey, usize>) -> Result<(), InputError> {
    let row = Row::Demand(demand.key);
    check_weekdays(demand.weekdays, row)?;
    if let Some(limit) = demand.travel_limit {
        check_minutes(limit, row)?;
    }
    if demand.wishes.len() > MAX_WISHES {
        return Err(InputError::TooManyWishes(demand.key, demand.wishes.len()));
    }
    if demand.wishes.iter().any(|wish| wish.schools.is_empty()) {
        return Err(InputError::EmptyWish(demand.key));
    }
    let wished = demand.wishes.iter().flat_map(|wish| &wish.schools);
    let ruled = demand.earlier_schools.iter().chain(&demand.excluded_schools).chain(&demand.familiar_schools);
    for &school in wished.chain(ruled).chain(&demand.only_school) {
        find_school(schools, row, school)?;
    }
    Ok(())
}

fn check_pin(demand: &Demand, places: &[&Place], numbers: &HashMap<PlaceKey, usize>) -> Result<(), InputError> {
    let Some(key) = demand.pinned else { return Ok(()) };
    let number = numbers.get(&key).ok_or(InputError::UnknownPlace(demand.key, key))?;
    let place = places[*number];
    if place.period != demand.period {
        Err(InputError::PinnedInOtherPeriod(demand.key, key))
    } else if demand.excluded_schools.contains(&place.school) {
        Err(InputError::PinnedAtExcluded(demand.key, place.school))
    } else {
        Ok(())
    }
}

/// A school that takes nobody or at least so many, and offers places, offers as many.
fn check_least(schools: &[&School], places: &[&Place], place_school: &[usize]) -> Result<(), InputError> {
    let same = |a: &usize, b: &usize| (places[*a].period, place_school[*a]) == (places[*b].period, place_school[*b]);
    let numbers: Vec<usize> = (0..places.len()).collect();
    for here in numbers.chunk_by(same) {
        let (school, period) = (schools[place_school[here[0]]], places[here[0]].period);
        let offered: u64 = here.iter().map(|&place| u64::from(places[place].count)).sum();
        let room = cap_in(&school.totals, period).map_or(offered, |total| offered.min(total.into()));
        if room > 0 && room < school.least.into() {
            return Err(InputError::LeastAboveOffer(school.key, period, school.least));
        }
    }
    Ok(())
}

fn check_caps(caps: &[PeriodCap], row: Row) -> Result<(), InputError> {
    let mut seen = HashSet::new();
    for cap in caps {
        check_count(cap.cap, row)?;
        if !seen.insert(cap.period) {
            return Err(InputError::DuplicatePeriod(row, cap.period));
        }
    }
    Ok(())
}

fn find_school(schools: &HashMap<SchoolKey, usize>, row: Row, key: SchoolKey) -> Result<usize, InputError> {
    schools.get(&key).copied().ok_or(InputError::UnknownSchool(row, key))
}

fn find_board(numbers: &HashMap<BoardKey, usize>, school: &School) -> Result<Option<usize>, InputError> {
    let Some(key) = school.board else { return Ok(None) };
    numbers.get(&key).copied().map(Some).ok_or(InputError::UnknownBoard(school.key, key))
}

/// The cap in a period, if there is one.
pub(crate) fn cap_in(caps: &[PeriodCap], period: PeriodKey) -> Option<u32> {
    caps.iter().find(|cap| cap.period == period).map(|cap| cap.cap)
}

const fn check_count(count: u32, row: Row) -> Result<(), InputError> {
    if count > MAX_COUNT { Err(InputError::CountTooLarge(row, count)) } else { Ok(()) }
}

const fn check_minutes(minutes: u16, row: Row) -> Result<(), InputError> {
    if minutes > MAX_MINUTES { Err(InputError::MinutesTooLarge(row, minutes)) } else { Ok(()) }
}

const fn check_weekdays(days: Weekdays, row: Row) -> Result<(), InputError> {
    if days.within(Weekdays::ALL) { Ok(()) } else { Err(InputError::NotAWeekday(row, days.0)) }
}
