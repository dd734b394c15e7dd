//! What somebody may fill in for a scenario, and what a scenario changes, in words.

use std::collections::BTreeSet;

use kernschil_domain::ids::{OfferId, PartnershipId, SchoolId, TrainerId};
use kernschil_domain::policy::{RuleKind, problems};
use kernschil_domain::rounds::{RoundData, RoundRules};
use kernschil_domain::scenarios::ScenarioChanges;
use serde::Serialize;

use crate::error::{AppError, FieldError};
use crate::labels;

/// Longest name, in characters.
const MOST_NAME: usize = 80;
/// Smallest and largest change of enrolment, in per cent.
pub const ENROLMENT: (i32, i32) = (-100, 400);
/// Largest number of places or of students of a trainer.
pub const MOST_PLACES: i32 = 1_000;

/// A name without space around it.
pub(super) fn clean_name(name: &str) -> Result<String, FieldError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(FieldError::new("name", "verplicht", "Geef het scenario een naam, zoals “Instroom 25% hoger”."));
    }
    if name.chars().count() > MOST_NAME || name.chars().any(char::is_control) {
        return Err(FieldError::new("name", "naam-ongeldig", format!("Kies een naam van hoogstens {MOST_NAME} tekens.")));
    }
    Ok(name)
}

/// Codes of the phases in which students of the round are.
pub fn phases(data: &RoundData) -> Vec<String> {
    let codes: BTreeSet<_> = data.demands.values().filter_map(|d| data.registry.phases.get(&d.phase)).map(|p| p.code.clone()).collect();
    codes.into_iter().collect()
}

/// Trainers of the schools with places in the round, by school.
fn trainers(data: &RoundData) -> BTreeSet<TrainerId> {
    let dates: Vec<_> = data.periods.values().map(|period| period.starts_on).collect();
    let schools: BTreeSet<_> = data.offers.values().map(|offer| offer.school).collect();
    let of = |school: SchoolId| dates.iter().flat_map(move |date| data.registry.trainers_of(school, *date)).map(|trainer| trainer.id);
    schools.into_iter().flat_map(of).collect()
}

/// Everything that is wrong with rules and changes.
pub(super) fn wrong(data: &RoundData, rules: &RoundRules, changes: &ScenarioChanges) -> Vec<FieldError> {
    let mut found: Vec<_> = problems(rules).into_iter().map(|p| FieldError::new(p.subject, p.code, p.sentence)).collect();
    wrong_enrolment(data, changes, &mut found);
    let mut offers = BTreeSet::new();
    for (id, count) in &changes.offers {
        if !data.offers.contains_key(id) {
            found.push(FieldError::new("offers", "onbekende-plek", "Deze plekken horen niet bij deze ronde. Kies plekken uit de ronde."));
        } else if !offers.insert(id) {
            found.push(FieldError::new("offers", "dubbel", format!("{} staat er twee keer. Laat er één weg.", labels::offer(data, *id))));
        }
        if !(0..=MOST_PLACES).contains(count) {
            found.push(FieldError::new("offers", "getal-buiten-bereik", format!("Een aantal plekken is 0 tot en met {MOST_PLACES}.")));
        }
    }
    let (known, mut seen) = (trainers(data), BTreeSet::new());
    for (id, capacity) in &changes.trainers {
        if !known.contains(id) {
            let message = "Deze opleider werkt niet op een school van deze ronde. Kies een opleider uit de ronde.";
            found.push(FieldError::new("trainers", "onbekende-opleider", message));
        } else if !seen.insert(id) {
            found.push(FieldError::new("trainers", "dubbel", "Een opleider staat er twee keer. Laat er één weg."));
        }
        if !(0..=MOST_PLACES).contains(capacity) {
            let message = format!("Een opleider begeleidt 0 tot en met {MOST_PLACES} studenten.");
            found.push(FieldError::new("trainers", "getal-buiten-bereik", message));
        }
    }
    found
}

fn wrong_enrolment(data: &RoundData, changes: &ScenarioChanges, found: &mut Vec<FieldError>) {
    let known = phases(data);
    let mut seen = BTreeSet::new();
    for (code, percent) in &changes.enrolment {
        if !code.is_empty() && !known.contains(code) {
            let message = format!("Fase “{code}” komt in deze ronde niet voor. Kies uit: {}.", known.join(", "));
            found.push(FieldError::new("enrolment", "onbekende-fase", message));
        } else if !seen.insert(code.as_str()) {
            found.push(FieldError::new("enrolment", "dubbel", format!("Fase “{code}” staat er twee keer. Laat er één weg.")));
        }
        let (least, most) = ENROLMENT;
        if !(least..=most).contains(percent) {
            let message = format!("De instroom verandert met {least}% tot en met {most}%, niet met {percent}%. Vul een ander getal in.");
            found.push(FieldError::new("enrolment", "instroom-buiten-bereik", message));
        }
    }
}

/// Changes in one order, without those that change nothing.
pub(super) fn tidy(data: &RoundData, mut changes: ScenarioChanges) -> ScenarioChanges {
    let of_all = changes.enrolment.iter().find(|(code, _)| code.is_empty()).map_or(0, |(_, percent)| *percent);
    changes.enrolment.retain(|(code, percent)| if code.is_empty() { *percent != 0 } else { *percent != of_all });
    changes.enrolment.sort();
    changes.offers.retain(|(id, count)| data.offers.get(id).is_none_or(|offer| offer.count != *count));
    changes.offers.sort_unstable();
    changes.trainers.retain(|(id, capacity)| data.registry.trainers.get(id).is_none_or(|t| t.capacity != Some(*capacity)));
    changes.trainers.sort_unstable();
    changes
}

/// Several offers at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// Those of a school.
    School(SchoolId),
    /// Those of the schools of a partnership.
    Partnership(PartnershipId),
    /// All of the round.
    Everywhere,
}

/// Changes with a number of places more (or fewer, below zero) at each school meant: in each period on its largest
/// offer, and what does not fit there on the next.
///
/// # Errors
/// [`AppError::Invalid`] when the number is too large, or there is no such school or partnership in the round.
pub(super) fn shifted(data: &RoundData, changes: &ScenarioChanges, among: Among, by: i32) -> Result<ScenarioChanges, AppError> {
    if !(-MOST_PLACES..=MOST_PLACES).contains(&by) {
        let message = format!("Vul een getal in van −{MOST_PLACES} tot en met {MOST_PLACES}.");
        return Err(AppError::Invalid(vec![FieldError::new("by", "getal-buiten-bereik", message)]));
    }
    let schools = meant(data, among);
    if schools.is_empty() {
        let message = "Deze keuze heeft geen plekken in deze ronde. Kies een school of partnerschap uit de lijst.";
        return Err(AppError::Invalid(vec![FieldError::new("among", "onbekende-plek", message)]));
    }
    let mut changes = changes.clone();
    for school in schools {
        for period in data.periods.keys() {
            let count = |id: &OfferId, stored: i32| changes.offers.iter().find(|(o, _)| o == id).map_or(stored, |(_, count)| *count);
            let here = data.offers.values().filter(|offer| offer.school == school && offer.period == *period);
            let mut offers: Vec<_> = here.map(|offer| (count(&offer.id, offer.count), offer.id)).collect();
            offers.sort_by_key(|(count, id)| (std::cmp::Reverse(*count), *id));
            let mut left = by;
            for (count, id) in offers {
                let new = (count + left).clamp(0, MOST_PLACES);
                left -= new - count;
                changes.offers.retain(|(offer, _)| *offer != id);
                changes.offers.push((id, new));
            }
        }
    }
    Ok(tidy(data, changes))
}

fn meant(data: &RoundData, among: Among) -> BTreeSet<SchoolId> {
    let offering = data.offers.values().map(|offer| offer.school);
    match among {
        Among::Everywhere => offering.collect(),
        Among::School(school) => offering.filter(|id| *id == school).collect(),
        Among::Partnership(partnership) => {
            let of = |school: &SchoolId| {
                let memberships = data.registry.school_memberships.get(school);
                memberships.is_some_and(|all| all.iter().any(|membership| membership.partnership == partnership))
            };
            offering.filter(of).collect()
        }
    }
}

/// What a scenario has otherwise than its round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// What it is about.
    pub kind: DeviationKind,
    /// As a Dutch sentence.
    pub sentence: String,
}

/// What a scenario has otherwise than its round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviationKind {
    /// A rule, or the order of the aims: becomes the round's when the scenario is chosen.
    Rule,
    /// More or fewer students.
    Enrolment,
    /// Other numbers of places.
    Offer,
    /// Another capacity of a trainer.
    Trainer,
}

/// Everything that a scenario has otherwise than its round now.
pub(crate) fn deviations(data: &RoundData, rules: &RoundRules, changes: &ScenarioChanges) -> Vec<Deviation> {
    let of = |kind| move |sentence| Deviation { kind, sentence };
    let mut all: Vec<_> = rule_sentences(&data.round.rules, rules).into_iter().map(of(DeviationKind::Rule)).collect();
    all.extend(changes.enrolment.iter().map(enrolment_sentence).map(of(DeviationKind::Enrolment)));
    let offer = |(id, count): &(OfferId, i32)| {
        let now = data.offers.get(id).map_or(0, |offer| offer.count);
        let period = data.offers.get(id).map(|offer| labels::period(data, offer.period)).unwrap_or_default();
        format!("{}, {period}: {}, nu {now}.", labels::offer(data, *id), plekken(*count))
    };
    all.extend(changes.offers.iter().map(offer).map(of(DeviationKind::Offer)));
    let trainer = |(id, capacity): &(TrainerId, i32)| {
        let now = data.registry.trainers.get(id).and_then(|t| t.capacity).map_or_else(|| "zonder grens".to_owned(), |n| n.to_string());
        format!("Opleider {} begeleidt hoogstens {capacity} studenten, nu {now}.", labels::trainer(data, *id))
    };
    all.extend(changes.trainers.iter().map(trainer).map(of(DeviationKind::Trainer)));
    all
}

fn plekken(count: i32) -> String {
    if count == 1 { "1 plek".to_owned() } else { format!("{count} plekken") }
}

fn enrolment_sentence((code, percent): &(String, i32)) -> String {
    let way = if *percent < 0 { "lager" } else { "hoger" };
    match code.as_str() {
        "" => format!("Instroom {}% {way} dan nu.", percent.unsigned_abs()),
        code => format!("Instroom van {code} {}% {way} dan nu.", percent.unsigned_abs()),
    }
}

/// The rules that differ, as they are in the second.
pub(crate) fn rule_sentences(now: &RoundRules, then: &RoundRules) -> Vec<String> {
    let changed = RuleKind::ALL.iter().filter(|kind| now.sentence(**kind) != then.sentence(**kind));
    let mut sentences: Vec<_> = changed.map(|kind| then.sentence(*kind)).collect();
    if now.policy.aims != then.policy.aims {
        let aims: Vec<_> = then.policy.aims.iter().map(|aim| aim.dutch()).collect();
        sentences.push(format!("Volgorde van de doelen: {}.", aims.join(", ")));
    }
    if now.max_wishes != then.max_wishes {
        sentences.push(format!("Een student geeft hoogstens {} voorkeuren.", then.max_wishes));
    }
    if now.policy.travel_mode != then.policy.travel_mode {
        sentences.push(format!("Wie niet opgaf hoe hij reist, reist per {}.", then.policy.travel_mode.dutch()));
    }
    if now.policy.guided_by != then.policy.guided_by {
        sentences.push(then.policy.guided_by.sentence().to_owned());
    }
    if now.seed != then.seed {
        sentences.push("Tussen gelijke voorstellen wordt anders geloot.".to_owned());
    }
    sentences
}
