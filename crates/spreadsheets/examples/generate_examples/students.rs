//! Makes students and zij-instromers: name, home, what they need and what they wish.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::geo::travel_minutes;

use crate::offers::{Offer, add_own};
use crate::plan::{Case, Cohort, Home, Plan};
use crate::rng::Rng;
use crate::sources::{Fallible, family_names, given_names};
use crate::world::World;

/// A student.
pub(crate) struct Student {
    /// Which cohort of the plan.
    pub(crate) cohort: usize,
    /// Number at the institute.
    pub(crate) number: String,
    /// Given name.
    pub(crate) given_name: &'static str,
    /// Tussenvoegsel.
    pub(crate) prefix: &'static str,
    /// Family name.
    pub(crate) family_name: &'static str,
    /// Postcode area of the home.
    pub(crate) home: &'static str,
    /// Longest travel time, if it differs.
    pub(crate) travel_limit: Option<u16>,
    /// The only school where the student can be.
    pub(crate) fixed_school: Option<String>,
    /// Schools of earlier years.
    pub(crate) earlier: Vec<String>,
    /// ja or nee: whether a place is needed.
    pub(crate) needed: &'static str,
    /// One for each period.
    pub(crate) demands: Vec<Demand>,
}

/// What a student needs in a period.
pub(crate) struct Demand {
    /// Period.
    pub(crate) period: &'static str,
    /// Groups.
    pub(crate) groups: &'static str,
    /// Days.
    pub(crate) days: &'static str,
    /// Codes of the schools wished for, first wish first.
    pub(crate) wishes: Vec<String>,
}

/// What students are drawn from.
struct Draw<'a> {
    plan: &'a Plan,
    world: &'a World,
    offers: &'a mut Vec<Offer>,
    numbers: Numbers,
    rng: &'a mut Rng,
}

/// Makes all students of a plan; who works at a school brings a place along.
pub(crate) fn make(plan: &Plan, world: &World, offers: &mut Vec<Offer>, rng: &mut Rng) -> Fallible<Vec<Student>> {
    let mut draw = Draw { plan, world, offers, numbers: Numbers::default(), rng };
    let mut students = Vec::new();
    for (at, cohort) in plan.cohorts.iter().enumerate() {
        for nth in 0..cohort.count {
            let case = plan.cases.iter().find(|c| c.cohort == at && c.nth == nth);
            students.push(student(&mut draw, at, cohort, nth, case)?);
        }
    }
    // Wishes come last: by then every place is known.
    for student in &mut students {
        if let Some(cohort) = plan.cohorts.get(student.cohort) {
            wish(&mut draw, cohort, student)?;
        }
    }
    students.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(students)
}

fn student(draw: &mut Draw<'_>, at: usize, cohort: &Cohort, nth: usize, case: Option<&Case>) -> Fallible<Student> {
    let given_name = draw.rng.pick(&given_names()).copied().ok_or("geen voornamen")?;
    let (prefix, family_name) = draw.rng.pick(&family_names()).copied().ok_or("geen achternamen")?;
    let home = match (case.and_then(|c| c.home), cohort.home) {
        (Some(home), _) => home,
        (None, Some(middle)) => home(&[Home { area: middle, share: 1, reach: 45 }], draw)?,
        (None, None) => home(draw.plan.homes, draw)?,
    };
    let mut fixed_school = case.and_then(|c| c.school).map(ToOwned::to_owned);
    if fixed_school.is_none() && nth < cohort.own_school {
        fixed_school = own_school(draw, cohort, home)?;
    }
    let custom = fixed_school.is_none() && draw.rng.chance(2);
    let shorter = if draw.rng.chance(50) { 45 } else { 60 };
    let demands = cohort
        .needs
        .iter()
        .map(|need| Demand {
            period: need.period,
            groups: need.groups.get(nth % need.groups.len().max(1)).copied().unwrap_or_default(),
            days: need.days,
            wishes: Vec::new(),
        })
        .collect();
    Ok(Student {
        cohort: at,
        number: draw.numbers.next(cohort, draw.plan.first_number, draw.rng),
        given_name,
        prefix,
        family_name,
        home,
        travel_limit: case.and_then(|c| c.travel_limit).or_else(|| custom.then_some(shorter)),
        earlier: earlier(draw, cohort, home, fixed_school.as_deref())?,
        fixed_school,
        needed: case.map_or("ja", |c| c.needed),
        demands,
    })
}

/// A home: first a middle, then an area near it, likelier where there are more schools.
fn home(homes: &[Home], draw: &mut Draw<'_>) -> Fallible<&'static str> {
    let shares: Vec<u64> = homes.iter().map(|h| h.share).collect();
    let world = draw.world;
    let middle = draw.rng.weighted(&shares).and_then(|at| homes.get(at)).ok_or("geen woonplaatsen")?;
    let from = world.area(middle.area)?.at;
    let weights: Vec<u64> = world
        .areas
        .iter()
        .map(|area| {
            let minutes = travel_minutes(from, area.at);
            if minutes > middle.reach {
                return 0;
            }
            let schools = world.schools.iter().filter(|s| s.postcode.starts_with(area.code)).count() as u64;
            (1 + 3 * schools) * 100_000 / (u64::from(minutes) + 12).pow(2)
        })
        .collect();
    let area = draw.rng.weighted(&weights).and_then(|at| world.areas.get(at)).ok_or("geen postcodegebied in de buurt")?;
    Ok(area.code)
}

/// Kern schools for a cohort: of a partnership of the institute, and of its own sector.
fn kern<'a>(plan: &Plan, cohort: &Cohort, world: &'a World) -> impl Iterator<Item = usize> + 'a {
    let partnerships = partnerships_of(plan, cohort.brin);
    let secondary = cohort.phase.starts_with("vo ");
    world
        .schools
        .iter()
        .enumerate()
        .filter(move |(_, school)| (school.sector == "vo") == secondary && partnerships.iter().any(|p| school.tier(p) == Some("kern")))
        .map(|(at, _)| at)
}

/// The partnerships an institute takes part in; all of them when it takes part in none.
pub(crate) fn partnerships_of(plan: &Plan, brin: &str) -> Vec<&'static str> {
    let own: Vec<_> = plan.partnerships.iter().filter(|p| p.institutes.contains(&brin)).map(|p| p.name).collect();
    if own.is_empty() { plan.partnerships.iter().map(|p| p.name).collect() } else { own }
}

/// A workplace at a kern school near home, with a place of its own.
fn own_school(draw: &mut Draw<'_>, cohort: &Cohort, home: &str) -> Fallible<Option<String>> {
    let world = draw.world;
    let Some(at) = near_kern_school(draw, cohort, home)? else { return Ok(None) };
    for need in cohort.needs {
        add_own(draw.offers, at, need.period, cohort.phase);
    }
    Ok(world.schools.get(at).map(|s| s.code.clone()))
}

/// A kern school for the students of an institute, likelier when it is near home.
fn near_kern_school(draw: &mut Draw<'_>, cohort: &Cohort, home: &str) -> Fallible<Option<usize>> {
    let from = draw.world.area(home)?.at;
    let schools: Vec<usize> = kern(draw.plan, cohort, draw.world).collect();
    let near = |at: &usize| draw.world.schools.get(*at).map_or(0, |s| 1_000_000 / (u64::from(travel_minutes(from, s.at)) + 10).pow(2));
    let weights: Vec<u64> = schools.iter().map(near).collect();
    Ok(draw.rng.weighted(&weights).and_then(|nth| schools.get(nth)).copied())
}

/// Schools of earlier years: one for each year behind the student, near home.
fn earlier(draw: &mut Draw<'_>, cohort: &Cohort, home: &str, fixed: Option<&str>) -> Fallible<Vec<String>> {
    let years = if cohort.kind == "student" { 2026_u64.saturating_sub(cohort.start_year) } else { 0 };
    let mut found = BTreeSet::new();
    for _ in 0..years.min(3) {
        let school = near_kern_school(draw, cohort, home)?.and_then(|at| draw.world.schools.get(at));
        found.extend(school.filter(|s| Some(s.code.as_str()) != fixed).map(|s| s.code.clone()));
    }
    Ok(found.into_iter().collect())
}

/// Wishes: schools with a place that fits, near home, and some that everybody wants.
fn wish(draw: &mut Draw<'_>, cohort: &Cohort, student: &mut Student) -> Fallible<()> {
    if student.fixed_school.is_some() || student.needed == "nee" {
        return Ok(());
    }
    let (world, most) = (draw.world, draw.plan.round.wishes);
    let from = world.area(student.home)?.at;
    let partnerships = partnerships_of(draw.plan, cohort.brin);
    for demand in &mut student.demands {
        let mut weights = vec![0_u64; world.schools.len()];
        for offer in draw.offers.iter().filter(|o| o.fits(demand.period, cohort.phase, demand.groups, demand.days)) {
            let (Some(school), Some(weight)) = (world.schools.get(offer.school), weights.get_mut(offer.school)) else { continue };
            let minutes = u64::from(travel_minutes(from, school.at));
            let member = if partnerships.iter().any(|p| school.tier(p) == Some("kern")) { 8 } else { 1 };
            if minutes <= 75 && !student.earlier.contains(&school.code) {
                *weight = member * school.popularity * 1_000_000 / (minutes + 10).pow(2);
            }
        }
        let wanted = match draw.rng.below(100) {
            0..=4 => 0,
            5..=16 => most.saturating_sub(1),
            _ => most,
        };
        for _ in 0..wanted {
            let Some(at) = draw.rng.weighted(&weights) else { break };
            let last = demand.wishes.len() + 1 == wanted;
            // Now and then the last wish is any school of a board.
            let board = last && draw.rng.chance(4);
            demand.wishes.extend(world.schools.get(at).map(|s| if board { s.board.clone() } else { s.code.clone() }));
            if let Some(weight) = weights.get_mut(at) {
                *weight = 0;
            }
        }
    }
    Ok(())
}

/// Student numbers: year of start and a counter with gaps, unique at the institute.
#[derive(Default)]
struct Numbers(BTreeMap<(&'static str, u64), u64>);

impl Numbers {
    fn next(&mut self, cohort: &Cohort, first: u64, rng: &mut Rng) -> String {
        let counter = self.0.entry((cohort.brin, cohort.start_year)).or_insert(first);
        *counter += rng.between(1, 9);
        let year = cohort.start_year % 100;
        match cohort.brin {
            // Letters and leading zeros are as they are: a student number is text.
            "21PM" => format!("s1{year}{counter:04}"),
            "01VU" => format!("s{year}{counter:05}"),
            "21UG" => format!("00{year}{counter:04}"),
            _ => format!("{year}{counter:05}"),
        }
    }
}
