//! What an import does to places that were given already.
//!
//! A correction of the registry can change what a school is to a student who has a place there. That
//! is recorded anew. Everything else that must hold in a round is checked before and after: an import
//! that would break it is refused.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::access::Reach;
use kernschil_domain::codes::Guidance;
use kernschil_domain::invariants::{Violation, violations};
use kernschil_domain::placements::Placement;
use kernschil_domain::rounds::RoundData;
use kernschil_domain::standing::{Standing, Standings};
use kernschil_spreadsheets::Severity;
use kernschil_storage::{Tx, WriteTx, placements, rounds};

use super::codes;
use super::findings::{Findings, problem};
use crate::error::AppError;

/// What was wrong before, in each round in which somebody has a place.
pub(super) type Before = BTreeMap<String, BTreeSet<Violation>>;

/// Looks at the rounds in which somebody has a place.
pub(super) async fn before(tx: &Tx) -> Result<Before, AppError> {
    let placed = rounds::with_places(tx).await?;
    let mut before = Before::new();
    for round in rounds::list(tx).await?.into_iter().filter(|round| placed.contains(&round.id)) {
        let data = rounds::picture(tx, &round.slug).await?;
        before.insert(round.slug, violations(&data).into_iter().collect());
    }
    Ok(before)
}

/// Brings the places up to date and reports what would no longer hold. Of what is out of reach nothing is told but
/// that it stands in the way.
pub(super) async fn after(tx: &WriteTx, before: &Before, reach: &Reach, found: &mut Findings<'_>) -> Result<(), AppError> {
    let mut is_broken_elsewhere = false;
    for (slug, known) in before {
        let mut data = rounds::picture(tx, slug).await?;
        let changed = restood(&data);
        for placement in &changed {
            placements::restand(tx, placement).await?;
        }
        let is_seen = reach.touches_round(&data.round, &data.registry, |school| data.offers.values().any(|offer| offer.school == school));
        let told = changed.iter().filter_map(|placement| data.demands.get(&placement.demand));
        let told = told.filter(|demand| is_seen && reach.holds_demand(&data, demand)).count();
        if told > 0 {
            let message =
                format!("Van {told} plaatsingen in ronde “{}” is bijgewerkt of de school kern, schil of buiten is.", data.round.name);
            let advice = "Bekijk de uitzonderingen op het plaatsbord. Maak zo nodig een nieuw voorstel.";
            found.general(Severity::Warning, None, problem(codes::PLACES_RESTOOD, message, advice));
        }
        data.placements.extend(changed.into_iter().map(|placement| (placement.demand, placement)));
        let new: Vec<_> = violations(&data).into_iter().filter(|violation| !known.contains(violation)).collect();
        if new.is_empty() {
            continue;
        }
        if reach.covers_round(&data.round) {
            for violation in new {
                let message = format!("Ronde “{}” zou niet meer kloppen ({}): {}.", data.round.name, violation.subject, violation.message);
                let advice = "Maak op het plaatsbord eerst ruimte, of laat dit gegeven in het bestand zoals het was.";
                found.general(Severity::Error, None, problem(codes::BREAKS_ROUND, message, advice));
            }
        } else {
            is_broken_elsewhere = true;
        }
    }
    if is_broken_elsewhere {
        let message = "Na het laden zou een ronde niet meer kloppen die ook van anderen is.";
        found.out_of_reach(None, message, "Laad alleen wat u zelf kunt wijzigen, of vraag de regiocoördinator.");
    }
    Ok(())
}

/// The placements of which the school is now something else to the student. A place that turns out to
/// be outside has no extra guidance until somebody arranges it.
fn restood(data: &RoundData) -> Vec<Placement> {
    let mut standings = Standings::new(data);
    let mut changed = Vec::new();
    for placement in data.placements.values() {
        let place = data.offers.get(&placement.offer).zip(data.demands.get(&placement.demand));
        let Some((offer, demand)) = place else { continue };
        let (Some(student), Some(period)) = (data.students.get(&demand.student), data.periods.get(&demand.period)) else { continue };
        let standing = standings.standing(student.institute, offer.school, period.starts_on);
        if standing != placement.standing {
            let guidance = (standing == Standing::Outside).then(|| placement.guidance.unwrap_or(Guidance::None));
            changed.push(Placement { standing, guidance, ..placement.clone() });
        }
    }
    changed
}
