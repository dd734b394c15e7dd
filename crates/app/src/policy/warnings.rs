//! What cannot work out in a round with its rules as they are: said before a proposal is made, with what to do.

use std::collections::BTreeSet;

use kernschil_domain::codes::Hold;
use kernschil_domain::fit::is_closed;
use kernschil_domain::ids::{PeriodId, SchoolId};
use kernschil_domain::policy::{RuleKind, RuleMode};
use kernschil_domain::rounds::{Demand, RoundData, Team};
use serde::Serialize;

use super::effect::{self, Effects};
use crate::labels;

/// Something in the data that a rule can do nothing with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// A Dutch sentence that says what is wrong and what to do.
    pub sentence: String,
}

fn warning(code: &'static str, sentence: impl Into<String>) -> Warning {
    Warning { code, sentence: sentence.into() }
}

/// Everything in a round that cannot work out with its rules as they are.
pub fn warnings(data: &RoundData, effects: &Effects) -> Vec<Warning> {
    let mut found = Vec::new();
    if effects.demands == 0 {
        found.push(warning(
            "geen-vraag",
            "Er zijn geen studenten die een plek nodig hebben en meedoen. Laad eerst een werkboek met studenten.",
        ));
        return found;
    }
    if effects.pairs == 0 {
        found.push(warning("geen-plekken", "Er zijn geen plekken in de perioden van de studenten. Laad eerst een werkboek met plekken."));
        return found;
    }
    if effects.without_place > 0 {
        let who = match effects.without_place {
            1 => "1 student heeft".to_owned(),
            many => format!("{many} studenten hebben"),
        };
        let sentence = format!(
            "{who} met deze regels geen enkele passende plek, hoeveel plekken er ook vrij zijn. Bekijk hieronder welke regel dat doet."
        );
        found.push(warning("student-zonder-plek", sentence));
    }
    workplaces(data, &mut found);
    fixed_schools(data, &mut found);
    teams(data, &mut found);
    small_schools(data, &mut found);
    lost_pins(data, &mut found);
    found
}

fn workplaces(data: &RoundData, found: &mut Vec<Warning>) {
    let schools: BTreeSet<_> = effect::without_workplace_offer(data).into_iter().collect();
    for school in schools {
        let sentence = format!(
            "Een zij-instromer werkt op {}, maar die school biedt in die periode geen plek. Vraag de school om een plek en laad die in.",
            labels::school(data, school)
        );
        found.push(warning("werkplek-zonder-plek", sentence));
    }
}

fn fixed_school(data: &RoundData, demand: &Demand) -> Option<SchoolId> {
    data.students.get(&demand.student)?.custom.fixed_school
}

fn offers_in(data: &RoundData, school: SchoolId, period: PeriodId) -> bool {
    data.offers.values().any(|offer| offer.school == school && offer.period == period && offer.count > 0 && !is_closed(data, offer))
}

fn fixed_schools(data: &RoundData, found: &mut Vec<Warning>) {
    if data.round.rules.policy.mode(RuleKind::FixedSchool) != RuleMode::Hard {
        return;
    }
    let mut without = BTreeSet::new();
    let mut excluded = BTreeSet::new();
    for demand in effect::taking_part(data) {
        let Some(school) = fixed_school(data, demand) else { continue };
        if !offers_in(data, school, demand.period) {
            without.insert((school, demand.period));
        }
        if data.exclusions.iter().any(|known| known.demand == demand.id && known.school == school) {
            excluded.insert(school);
        }
    }
    for (school, period) in without {
        let sentence = format!(
            "{} is de vaste school van een student, maar biedt geen plek in {}. Vraag de school om een plek, of pas de vaste school aan.",
            labels::school(data, school),
            labels::period(data, period)
        );
        found.push(warning("vaste-school-zonder-plek", sentence));
    }
    for school in excluded {
        let sentence = format!(
            "{} is de vaste school van een student én voor die student uitgesloten. Haal een van de twee weg.",
            labels::school(data, school)
        );
        found.push(warning("vaste-school-uitgesloten", sentence));
    }
}

fn teams(data: &RoundData, found: &mut Vec<Warning>) {
    if data.round.rules.policy.mode(RuleKind::Team) == RuleMode::Off {
        return;
    }
    for team in &data.teams {
        let members = || team.members.iter().filter_map(|id| data.demands.get(id));
        let fixed: BTreeSet<_> = members().filter_map(|demand| fixed_school(data, demand)).collect();
        if fixed.len() > 1 {
            let sentence = format!(
                "De leden van team {} hebben verschillende vaste scholen. Splits het team, of pas een vaste school aan.",
                team.name
            );
            found.push(warning("team-vaste-scholen", sentence));
        }
        if !fits_somewhere(data, team) {
            let sentence = format!(
                "Geen school biedt plek aan alle leden van team {} tegelijk. Splits het team, of vraag een school om meer plekken.",
                team.name
            );
            found.push(warning("team-te-groot", sentence));
        }
    }
}

/// Whether some school offers as many places as the team has members, in each period.
fn fits_somewhere(data: &RoundData, team: &Team) -> bool {
    let members: Vec<_> = team.members.iter().filter_map(|id| data.demands.get(id)).collect();
    let periods: BTreeSet<_> = members.iter().map(|demand| demand.period).collect();
    let schools: BTreeSet<_> = data.offers.values().map(|offer| offer.school).collect();
    schools.into_iter().any(|school| {
        periods.iter().all(|period| {
            let asked = members.iter().filter(|demand| demand.period == *period).count();
            let offered: i32 = data.offers.values().filter(|o| o.school == school && o.period == *period).map(|o| o.count).sum();
            let most = data.totals.iter().find(|t| t.school == school && t.period == *period).map_or(offered, |t| t.maximum.min(offered));
            usize::try_from(most).unwrap_or_default() >= asked
        })
    })
}

fn small_schools(data: &RoundData, found: &mut Vec<Warning>) {
    let policy = &data.round.rules.policy;
    if policy.mode(RuleKind::NotAlone) == RuleMode::Off {
        return;
    }
    let least = policy.number(RuleKind::NotAlone);
    let mut offered = std::collections::BTreeMap::<_, i64>::new();
    for offer in data.offers.values().filter(|offer| offer.count > 0) {
        *offered.entry((offer.school, offer.period)).or_default() += i64::from(offer.count);
    }
    let small: BTreeSet<_> = offered.iter().filter(|(_, places)| **places < i64::from(least)).map(|((school, _), _)| *school).collect();
    if !small.is_empty() {
        let schools = if small.len() == 1 { "1 school biedt".to_owned() } else { format!("{} scholen bieden", small.len()) };
        let sentence = format!(
            "{schools} minder dan {least} plekken in een periode en krijgt dan niemand, omdat een student er niet met minder mag zijn."
        );
        found.push(warning("school-te-klein", sentence));
    }
}

/// Pins on places that are gone: the offer became smaller, or the school closed.
fn lost_pins(data: &RoundData, found: &mut Vec<Warning>) {
    for placement in data.placements.values().filter(|placement| placement.hold == Hold::Pinned) {
        let offer = data.offers.get(&placement.offer).filter(|offer| offer.count > 0 && !is_closed(data, offer));
        if offer.is_none() {
            let sentence = "Een vastgezette plaats bestaat niet meer. Zet de student vrij op het plaatsbord en kies een andere plek.";
            found.push(warning("vaste-plaats-weg", sentence));
        }
    }
}
