//! Spreads the places of a plan over the schools.

use kernschil_domain::values::{Groups, Weekdays};

use crate::plan::{Plan, Standard, Supply};
use crate::rng::Rng;
use crate::world::{School, World};

/// Places at a school.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Offer {
    /// Which school of the world.
    pub(crate) school: usize,
    /// Period.
    pub(crate) period: &'static str,
    /// Phases; empty means all.
    pub(crate) phases: String,
    /// Groups; empty means all.
    pub(crate) groups: String,
    /// Days; empty means all.
    pub(crate) days: String,
    /// Number of places.
    pub(crate) count: usize,
}

impl Offer {
    /// Whether a demand fits.
    pub(crate) fn fits(&self, period: &str, phase: &str, groups: &str, days: &str) -> bool {
        self.period == period
            && (self.phases.is_empty() || self.phases.split(';').any(|p| p == phase))
            && parsed_groups(&self.groups).overlaps(parsed_groups(groups))
            && Weekdays::parse(days).unwrap_or(Weekdays::NONE).within(Weekdays::parse(&self.days).unwrap_or(Weekdays::ALL))
    }
}

fn parsed_groups(text: &str) -> Groups {
    Groups::parse(text).unwrap_or(Groups::ALL)
}

/// Every offer of a plan, without the ones that students with an own school bring along.
pub(crate) fn spread(plan: &Plan, world: &World, rng: &mut Rng) -> Vec<Offer> {
    let mut offers = Vec::new();
    for supply in plan.supply {
        let member =
            |school: &School, tier: &str, standard: Standard| school.tier(supply.partnership) == Some(tier) && school.standard == standard;
        give(&mut offers, supply, supply.kern, world, rng, |s| member(s, "kern", Standard::Met));
        give(&mut offers, supply, supply.schil, world, rng, |s| member(s, "schil", Standard::Met));
        give(&mut offers, supply, supply.unmet, world, rng, |s| member(s, "schil", Standard::Unmet));
        let sector = sector_of(supply, world);
        give(&mut offers, supply, supply.outside, world, rng, |s| s.members.is_empty() && s.sector == sector);
    }
    for extra in plan.extra_offers {
        if let Some(school) = world.schools.iter().position(|s| s.code == extra.school) {
            offers.push(Offer {
                school,
                period: extra.period,
                phases: extra.phases.to_owned(),
                groups: String::new(),
                days: extra.days.to_owned(),
                count: extra.count,
            });
        }
    }
    offers
}

/// Sector of the kern schools of a partnership: places outside are sought in the same one.
fn sector_of(supply: &Supply, world: &World) -> &'static str {
    world.schools.iter().find(|s| s.tier(supply.partnership) == Some("kern")).map_or("bo", |s| s.sector)
}

/// Gives places one at a time; a large school with few places yet is the likeliest to get the next.
fn give(offers: &mut Vec<Offer>, supply: &Supply, places: usize, world: &World, rng: &mut Rng, may: impl Fn(&School) -> bool) {
    let mut all: Vec<u64> = vec![0; world.schools.len()];
    for offer in offers.iter() {
        if let Some(sum) = all.get_mut(offer.school) {
            *sum += offer.count as u64;
        }
    }
    let mut here: Vec<u64> = vec![0; world.schools.len()];
    for _ in 0..places {
        let weights: Vec<u64> = world
            .schools
            .iter()
            .zip(all.iter().zip(&here))
            .map(|(school, (all, here))| if may(school) { school.size * 10_000 / (4 + 3 * here + all) } else { 0 })
            .collect();
        let Some(at) = rng.weighted(&weights) else { return };
        if let (Some(all), Some(here)) = (all.get_mut(at), here.get_mut(at)) {
            *all += 1;
            *here += 1;
        }
    }
    for (school, count) in here.iter().enumerate().filter(|(_, count)| **count > 0) {
        offers.push(Offer {
            school,
            period: supply.period,
            phases: supply.phases.to_owned(),
            groups: supply.groups.to_owned(),
            days: supply.days.to_owned(),
            count: usize::try_from(*count).unwrap_or_default(),
        });
    }
}

/// Adds one place for a student who works at a school.
pub(crate) fn add_own(offers: &mut Vec<Offer>, school: usize, period: &'static str, phase: &str) {
    let same = offers.iter_mut().find(|o| o.school == school && o.period == period && o.phases == phase && o.days.is_empty());
    match same {
        Some(offer) => offer.count += 1,
        None => offers.push(Offer { school, period, phases: phase.to_owned(), groups: String::new(), days: String::new(), count: 1 }),
    }
}

/// Offers of one school for the same thing become one row; rows in the order of the schools.
pub(crate) fn tidy(mut offers: Vec<Offer>) -> Vec<Offer> {
    offers.sort();
    let mut merged: Vec<Offer> = Vec::new();
    for offer in offers {
        match merged.last_mut() {
            Some(last)
                if (last.school, last.period, &last.phases, &last.groups, &last.days)
                    == (offer.school, offer.period, &offer.phases, &offer.groups, &offer.days) =>
            {
                last.count += offer.count;
            }
            _ => merged.push(offer),
        }
    }
    merged
}
