//! Makes school trainers, each for a cluster of schools, and institute trainers.

use crate::offers::Offer;
use crate::plan::{Plan, Standard};
use crate::rng::Rng;
use crate::sources::{Fallible, family_names, given_names};
use crate::world::World;

/// The most places a school trainer sees to: a leerteam of about 15 (`IJmond`, DOMAIN 4).
const LEERTEAM: usize = 15;
/// The most schools in one cluster.
const CLUSTER: usize = 5;

/// A trainer.
pub(crate) struct Trainer {
    /// Number.
    pub(crate) number: String,
    /// Name.
    pub(crate) name: String,
    /// schoolopleider or instituutopleider.
    pub(crate) kind: &'static str,
    /// Board number or BRIN of the institute.
    pub(crate) employer: String,
    /// Students in one period; none for institute trainers.
    pub(crate) capacity: Option<usize>,
    /// Which schools of the world.
    pub(crate) schools: Vec<usize>,
    /// First day.
    pub(crate) since: String,
    /// Qualifications: kind, first day, last day.
    pub(crate) qualifications: Vec<(&'static str, String, String)>,
}

/// Makes the trainers of a plan.
pub(crate) fn make(plan: &Plan, world: &World, offers: &[Offer], rng: &mut Rng) -> Fallible<Vec<Trainer>> {
    let clusters = clusters(plan, world, offers);
    let mut trainers = Vec::new();
    for (nth, cluster) in clusters.into_iter().enumerate() {
        let places = busiest_period(plan, offers, &cluster);
        let tight = plan.tight_trainer > 0 && nth % plan.tight_trainer == plan.tight_trainer - 1;
        let capacity = if tight && places > 4 { places - 1 } else { places + usize::try_from(rng.below(3)).unwrap_or_default() };
        let first = cluster.first().and_then(|at| world.schools.get(*at));
        let vo = first.is_some_and(|s| s.sector == "vo");
        let since = rng.between(2016, 2024);
        // From 2021 on: six years later it has to be renewed (Hogeschool Utrecht, DOMAIN 3).
        let certified = rng.between(2021, 2025);
        let mut qualifications = vec![("certificaat schoolopleider", format!("{certified}-02-01"), format!("{}-01-31", certified + 6))];
        if vo {
            qualifications.push(("BRLO-registratie", format!("{}-09-01", certified - 1), String::new()));
        } else if nth % 4 == 1 && nth / 4 < plan.registered {
            let month = rng.between(2, 6);
            qualifications.push(("BRLO-registratie", format!("2026-{month:02}-15"), String::new()));
        }
        trainers.push(Trainer {
            number: format!("{}-SO-{:03}", plan.letter, nth + 1),
            name: name(rng)?,
            kind: "schoolopleider",
            employer: first.map(|s| s.board.clone()).unwrap_or_default(),
            capacity: Some(capacity.max(1)),
            schools: cluster,
            since: format!("{since}-08-01"),
            qualifications,
        });
    }
    institute_trainers(plan, world, offers, rng, &mut trainers)?;
    Ok(trainers)
}

/// Schools of one board that lie together, until the trainer has enough; a board with one school joins
/// the nearest cluster of another board.
fn clusters(plan: &Plan, world: &World, offers: &[Offer]) -> Vec<Vec<usize>> {
    let mut members: Vec<usize> = (0..world.schools.len())
        .filter(|at| world.schools.get(*at).is_some_and(|s| !s.members.is_empty() && s.standard == Standard::Met))
        .collect();
    let key = |at: &usize| world.schools.get(*at).map(|s| (s.board.clone(), s.sector, s.postcode.clone(), s.code.clone()));
    members.sort_by_key(key);
    let board = |at: usize| world.schools.get(at).map(|s| (s.board.as_str(), s.sector));
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    let mut single = Vec::new();
    for at in members.iter().copied() {
        if members.iter().filter(|other| board(**other) == board(at)).count() == 1 {
            single.push(at);
            continue;
        }
        let joins = clusters.last().is_some_and(|cluster| {
            let mut with = cluster.clone();
            with.push(at);
            cluster.len() < CLUSTER
                && cluster.first().is_some_and(|first| board(*first) == board(at))
                && busiest_period(plan, offers, &with) <= LEERTEAM
        });
        match clusters.last_mut() {
            Some(cluster) if joins => cluster.push(at),
            _ => clusters.push(vec![at]),
        }
    }
    for at in single {
        let Some(school) = world.schools.get(at) else { continue };
        let nearest = clusters
            .iter_mut()
            .filter(|c| c.len() <= CLUSTER)
            .filter_map(|c| {
                let first = world.schools.get(*c.first()?)?;
                (first.sector == school.sector).then(|| (kernschil_domain::geo::distance_metres(first.at, school.at), c))
            })
            .min_by_key(|(metres, _)| *metres);
        match nearest {
            Some((_, cluster)) => cluster.push(at),
            None => clusters.push(vec![at]),
        }
    }
    clusters
}

/// Places of a cluster in the period with the most.
fn busiest_period(plan: &Plan, offers: &[Offer], cluster: &[usize]) -> usize {
    let places = |period: &str| offers.iter().filter(|o| o.period == period && cluster.contains(&o.school)).map(|o| o.count).sum::<usize>();
    plan.periods.iter().map(|p| places(p.name)).max().unwrap_or_default()
}

/// Institute trainers: about twelve schools each, over all boards of the institute's partnerships.
fn institute_trainers(plan: &Plan, world: &World, offers: &[Offer], rng: &mut Rng, trainers: &mut Vec<Trainer>) -> Fallible<()> {
    let mut nth = 0;
    for partnership in plan.partnerships {
        let mut schools: Vec<usize> = (0..world.schools.len())
            .filter(|at| world.schools.get(*at).is_some_and(|s| s.tier(partnership.name).is_some() && s.standard == Standard::Met))
            .filter(|at| offers.iter().any(|o| o.school == *at))
            .collect();
        schools.sort_by_key(|at| world.schools.get(*at).map(|s| (s.postcode.clone(), s.code.clone())));
        for (chunk, part) in schools.chunks(12).enumerate() {
            let employer = partnership.institutes.get(chunk % partnership.institutes.len().max(1)).copied().unwrap_or_default();
            nth += 1;
            let since = rng.between(2015, 2024);
            let registered = rng.between(2021, 2025);
            trainers.push(Trainer {
                number: format!("{}-IO-{nth:03}", plan.letter),
                name: name(rng)?,
                kind: "instituutopleider",
                employer: employer.to_owned(),
                capacity: None,
                schools: part.to_vec(),
                since: format!("{since}-08-01"),
                qualifications: if rng.chance(40) {
                    vec![("BRLO-registratie", format!("{registered}-09-01"), String::new())]
                } else {
                    Vec::new()
                },
            });
        }
    }
    Ok(())
}

fn name(rng: &mut Rng) -> Fallible<String> {
    let given = rng.pick(&given_names()).copied().ok_or("geen voornamen")?;
    let (prefix, family) = rng.pick(&family_names()).copied().ok_or("geen achternamen")?;
    let parts: Vec<_> = [given, prefix, family].into_iter().filter(|part| !part.is_empty()).collect();
    Ok(parts.join(" "))
}
