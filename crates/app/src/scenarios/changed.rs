//! The round as a scenario has it: its rules, its places, its trainers, and more or fewer students.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernschil_domain::cohorts::{Enrolment, Student};
use kernschil_domain::ids::{DemandId, StudentId};
use kernschil_domain::rounds::{Demand, RoundData, RoundRules};
use kernschil_domain::scenarios::ScenarioChanges;
use kernschil_domain::values::StudentNumber;
use uuid::Uuid;

use crate::proposals::stable_hash;

/// The round with the rules and changes of a scenario. The same round and scenario always give the same students.
pub(crate) fn changed(base: &RoundData, rules: &RoundRules, changes: &ScenarioChanges) -> RoundData {
    let mut data = base.clone();
    data.round.rules = rules.clone();
    for (id, count) in &changes.offers {
        if let Some(offer) = data.offers.get_mut(id) {
            offer.count = *count;
        }
    }
    for (id, capacity) in &changes.trainers {
        if let Some(trainer) = data.registry.trainers.get_mut(id) {
            trainer.capacity = Some(*capacity);
        }
    }
    change_enrolment(&mut data, &changes.enrolment);
    data
}

/// The students of a phase, in the order in which they are doubled or left out.
struct PhaseStudents {
    code: String,
    students: Vec<StudentId>,
}

fn phases(data: &RoundData) -> Vec<PhaseStudents> {
    let mut of_phase: BTreeMap<&str, BTreeSet<StudentId>> = BTreeMap::new();
    for demand in data.demands.values() {
        if let Some(phase) = data.registry.phases.get(&demand.phase) {
            of_phase.entry(phase.code.as_str()).or_default().insert(demand.student);
        }
    }
    let sorted = |(code, students): (&str, BTreeSet<StudentId>)| {
        let mut students: Vec<_> = students.into_iter().collect();
        // By natural keys, so that another import of the same students gives the same order.
        students.sort_by_cached_key(|id| (hash(data, *id, &[code]), *id));
        PhaseStudents { code: code.to_owned(), students }
    };
    of_phase.into_iter().map(sorted).collect()
}

fn hash(data: &RoundData, student: StudentId, more: &[&str]) -> u64 {
    let known = data.students.get(&student);
    let brin = known.and_then(|s| data.registry.institutes.get(&s.institute)).map_or("", |i| i.brin.as_str());
    let number = known.map_or("", |student| student.number.as_str());
    stable_hash(&[&[brin, number], more].concat())
}

/// The percentage for a phase: its own, or that of every phase.
fn percentage(enrolment: &[(String, i32)], code: &str) -> i32 {
    let of = |wanted: &str| enrolment.iter().find(|(phase, _)| phase == wanted).map(|(_, percent)| *percent);
    of(code).or_else(|| of("")).unwrap_or_default()
}

/// So many per cent of a number, halves up.
fn share(number: usize, percent: i32) -> usize {
    let percent = usize::try_from(percent.unsigned_abs()).unwrap_or_default();
    (number * percent + 50) / 100
}

fn change_enrolment(data: &mut RoundData, enrolment: &[(String, i32)]) {
    for phase in phases(data) {
        let percent = percentage(enrolment, &phase.code);
        let count = share(phase.students.len(), percent);
        if percent < 0 {
            leave_out(data, &phase, count);
        } else {
            add(data, &phase, count);
        }
    }
}

fn is_in_phase(data: &RoundData, demand: &Demand, code: &str) -> bool {
    data.registry.phases.get(&demand.phase).is_some_and(|phase| phase.code == code)
}

fn leave_out(data: &mut RoundData, phase: &PhaseStudents, count: usize) {
    let gone: BTreeSet<_> = phase.students.iter().take(count).copied().collect();
    let left_out = |demand: &&Demand| gone.contains(&demand.student) && is_in_phase(data, demand, &phase.code);
    let demands: BTreeSet<DemandId> = data.demands.values().filter(left_out).map(|demand| demand.id).collect();
    data.demands.retain(|id, _| !demands.contains(id));
    data.placements.retain(|id, _| !demands.contains(id));
    data.exclusions.retain(|exclusion| !demands.contains(&exclusion.demand));
    for team in &mut data.teams {
        team.members.retain(|member| !demands.contains(member));
    }
    let staying: BTreeSet<_> = data.demands.values().map(|demand| demand.student).collect();
    data.students.retain(|id, _| staying.contains(id));
}

fn add(data: &mut RoundData, phase: &PhaseStudents, count: usize) {
    let mut demands: HashMap<StudentId, Vec<Demand>> = HashMap::new();
    for demand in data.demands.values().filter(|demand| is_in_phase(data, demand, &phase.code)) {
        demands.entry(demand.student).or_default().push(demand.clone());
    }
    for (number, like) in (1..=count).zip(phase.students.iter().cycle()) {
        let Some(student) = data.students.get(like).and_then(|like| extra(data, like, &phase.code, number)) else { continue };
        let enrolments = data.enrolments.get(like).cloned().unwrap_or_default();
        let enrolments = enrolments.into_iter().map(|enrolment| Enrolment { student: student.id, ..enrolment }).collect();
        for demand in demands.get(like).into_iter().flatten() {
            let period = data.periods.get(&demand.period).map_or("", |period| period.name.as_str()).to_owned();
            let id = DemandId(made_up(data, *like, &phase.code, number, &period));
            data.demands.insert(id, Demand { id, student: student.id, ..demand.clone() });
        }
        data.enrolments.insert(student.id, enrolments);
        data.students.insert(student.id, student);
    }
}

/// A student like another one, without a name and without what is personal about that one.
fn extra(data: &RoundData, like: &Student, phase: &str, number: usize) -> Option<Student> {
    Some(Student {
        id: StudentId(made_up(data, like.id, phase, number, "")),
        // Never shown and never stored; it decides between equals.
        number: StudentNumber::parse(&format!("extra-{:016x}", hash(data, like.id, &[phase, &number.to_string()]))).ok()?,
        given_name: String::new(),
        prefix: None,
        family_name: format!("extra student {number}, {phase}"),
        custom: kernschil_domain::cohorts::CustomEffect::default(),
        earlier_schools: Vec::new(),
        email: None,
        workplace: None,
        ..like.clone()
    })
}

/// An identifier of somebody who does not exist, the same each time.
fn made_up(data: &RoundData, like: StudentId, phase: &str, number: usize, period: &str) -> Uuid {
    let number = number.to_string();
    let part = |salt: &str| u128::from(hash(data, like, &[phase, &number, period, salt]));
    Uuid::from_u128(part("a") << 64 | part("b"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_never_negative() {
        assert_eq!((share(1131, 25), share(2, 25), share(1, 50), share(10, -30), share(0, 400)), (283, 1, 1, 3, 0));
    }

    #[test]
    fn a_phase_has_its_own_percentage_before_that_of_all() {
        let enrolment = [(String::new(), 25), ("fase 1".to_owned(), -10)];
        assert_eq!((percentage(&enrolment, "fase 1"), percentage(&enrolment, "fase 2"), percentage(&[], "fase 2")), (-10, 25, 0));
    }
}
