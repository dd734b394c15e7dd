//! What must always hold in a round. `kernschil check` and every test scenario run these.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::codes::{Guidance, Need, PlacementStatus};
use crate::periods::Span;
use crate::rounds::RoundData;
use crate::standing::{Standing, Standings};

/// Something that must hold and does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Violation {
    /// Stable code of the rule.
    pub code: &'static str,
    /// Which thing breaks it, by codes people know; no names of students.
    pub subject: String,
    /// A Dutch sentence.
    pub message: String,
}

impl Violation {
    fn new(code: &'static str, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, subject: subject.into(), message: message.into() }
    }
}

/// All violations in a round and its registry, sorted.
pub fn violations(data: &RoundData) -> Vec<Violation> {
    let mut found = Vec::new();
    capacities(data, &mut found);
    placements(data, &mut found);
    wishes(data, &mut found);
    spans(data, &mut found);
    found.sort();
    found
}

fn school_code(data: &RoundData, school: crate::ids::SchoolId) -> String {
    data.registry.schools.get(&school).map_or_else(|| school.to_string(), |s| s.code.to_string())
}

fn capacities(data: &RoundData, found: &mut Vec<Violation>) {
    let mut used = HashMap::new();
    let mut per_school = HashMap::new();
    let mut per_trainer = HashMap::new();
    for placement in data.placements.values() {
        *used.entry(placement.offer).or_insert(0) += 1;
        let Some(offer) = data.offers.get(&placement.offer) else {
            continue;
        };
        *per_school.entry((offer.school, offer.period)).or_insert(0) += 1;
        if let Some(trainer) = placement.trainer {
            *per_trainer.entry((trainer, offer.period)).or_insert(0) += 1;
        }
    }
    for offer in data.offers.values() {
        let real = used.get(&offer.id).copied().unwrap_or_default();
        let school = school_code(data, offer.school);
        if real != offer.used {
            found.push(Violation::new(
                "offer-used-differs",
                &school,
                format!("{real} plaatsingen, maar de teller staat op {}", offer.used),
            ));
        }
        if real > offer.count {
            found.push(Violation::new("offer-exceeded", &school, format!("{real} plaatsingen op {} plekken", offer.count)));
        }
    }
    for total in &data.totals {
        let real = per_school.get(&(total.school, total.period)).copied().unwrap_or_default();
        if real > total.maximum {
            let message = format!("{real} studenten, de school neemt er hoogstens {}", total.maximum);
            found.push(Violation::new("school-total-exceeded", school_code(data, total.school), message));
        }
    }
    for ((trainer, period), real) in per_trainer {
        let Some(trainer) = data.registry.trainers.get(&trainer) else {
            continue;
        };
        if let Some(capacity) = data.capacity_of(trainer, period).filter(|capacity| real > *capacity) {
            let message = format!("{real} studenten, de opleider kan er {capacity} begeleiden");
            found.push(Violation::new("trainer-exceeded", &trainer.number, message));
        }
    }
}

fn placements(data: &RoundData, found: &mut Vec<Violation>) {
    let mut standings = Standings::new(data);
    let mut periods_of = HashSet::new();
    for demand in data.demands.values() {
        if demand.need == Need::Required && !periods_of.insert((demand.student, demand.period)) {
            found.push(Violation::new("double-demand", demand.id.to_string(), "een student heeft twee vragen in dezelfde periode"));
        }
    }
    for placement in data.placements.values() {
        let subject = placement.id.to_string();
        let (Some(demand), Some(offer)) = (data.demands.get(&placement.demand), data.offers.get(&placement.offer)) else {
            found.push(Violation::new("placement-dangling", subject, "de plaatsing hoort bij een vraag of plek die er niet is"));
            continue;
        };
        if placement.status == PlacementStatus::Withdrawn {
            found.push(Violation::new("withdrawn-live", &subject, "een ingetrokken plaatsing telt nog mee"));
        }
        if demand.need == Need::NotRequired {
            found.push(Violation::new("placement-not-required", &subject, "er is een plaatsing terwijl geen plaats nodig is"));
        }
        if demand.period != offer.period {
            found.push(Violation::new("period-differs", &subject, "de plek is in een andere periode dan de vraag"));
        }
        if let (Some(student), Some(period)) = (data.students.get(&demand.student), data.periods.get(&demand.period)) {
            let now = standings.standing(student.institute, offer.school, period.starts_on);
            if now != placement.standing {
                let message =
                    format!("bij de plaatsing staat {}, op de begindatum is de school {}", placement.standing.dutch(), now.dutch());
                found.push(Violation::new("standing-differs", &subject, message));
            }
            let closed = data.registry.schools.get(&offer.school).and_then(|s| s.closed_on);
            if closed.is_some_and(|closed| closed <= period.starts_on) {
                found.push(Violation::new("school-closed", school_code(data, offer.school), "een gesloten school heeft een plaatsing"));
            }
        }
        let decided = matches!(placement.guidance, Some(Guidance::Extra | Guidance::None));
        if (placement.standing == Standing::Outside) != decided {
            found.push(Violation::new("guidance-undecided", &subject, "extra begeleiding is precies bij een plaats buiten bekend"));
        }
        trainer_covers(data, placement, found);
    }
}

fn trainer_covers(data: &RoundData, placement: &crate::placements::Placement, found: &mut Vec<Violation>) {
    let Some(offer) = data.offers.get(&placement.offer) else {
        return;
    };
    let Some(period) = data.periods.get(&offer.period) else {
        return;
    };
    let trainers = data.registry.trainers_of(offer.school, period.starts_on);
    let covered = match placement.trainer {
        Some(id) => trainers.iter().any(|trainer| trainer.id == id),
        None => trainers.is_empty(),
    };
    if !covered {
        let message = "de opleider van de plaatsing hoort niet bij de school";
        found.push(Violation::new("trainer-elsewhere", school_code(data, offer.school), message));
    }
}

fn wishes(data: &RoundData, found: &mut Vec<Violation>) {
    for demand in data.demands.values() {
        if demand.wishes.len() > usize::from(data.round.rules.max_wishes) {
            let message = format!("{} voorkeuren, in deze ronde hoogstens {}", demand.wishes.len(), data.round.rules.max_wishes);
            found.push(Violation::new("too-many-wishes", demand.id.to_string(), message));
        }
    }
}

fn spans(data: &RoundData, found: &mut Vec<Violation>) {
    let registry = &data.registry;
    for period in data.periods.values() {
        if period.ends_on < period.starts_on {
            found.push(Violation::new("period-reversed", &period.name, "de periode eindigt voor het begin"));
        }
    }
    for (school, memberships) in &registry.school_memberships {
        let code = school_code(data, *school);
        let of: Vec<_> = memberships.iter().map(|m| (m.partnership, m.span)).collect();
        overlaps(&of, "school-membership-overlap", &code, found);
    }
    for (school, boards) in &registry.school_boards {
        let of: Vec<_> = boards.iter().map(|link| ((), link.span)).collect();
        overlaps(&of, "school-board-overlap", &school_code(data, *school), found);
    }
    let mut by_board: HashMap<_, Vec<_>> = HashMap::new();
    for membership in &registry.board_memberships {
        by_board.entry(membership.board).or_default().push((membership.partnership, membership.span));
    }
    for (board, of) in by_board {
        let number = registry.boards.get(&board).map_or_else(String::new, |b| b.number.to_string());
        overlaps(&of, "board-membership-overlap", &number, found);
    }
}

fn overlaps<K: PartialEq>(spans: &[(K, Span)], code: &'static str, subject: &str, found: &mut Vec<Violation>) {
    for (at, (key, span)) in spans.iter().enumerate() {
        if !span.is_ordered() {
            found.push(Violation::new("span-reversed", subject, "het einde ligt niet na het begin"));
        }
        let rest = spans.get(at + 1..).unwrap_or_default();
        if rest.iter().any(|(other, other_span)| other == key && other_span.overlaps(span)) {
            found.push(Violation::new(code, subject, "twee tijdvakken van dezelfde deelname overlappen"));
        }
    }
}
