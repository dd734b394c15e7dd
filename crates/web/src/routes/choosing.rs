//! The places a student can choose from, for the board and for "Waarom hier?".

use std::collections::{HashMap, HashSet};

use kernschil_app::board::{Candidate, Consequence, Current, PlaceAccess, Side};
use kernschil_app::coverage::Figures;
use kernschil_domain::coverage::CoverageStatus;
use kernschil_domain::fit::Misfit;
use kernschil_domain::ids::{OfferId, SchoolId};

use super::support::{groups, size, status_at, status_counts, whole};
use crate::components::text::{number, percent};
use crate::views::board::{self, Effect, Good, Here, UnfitGroup};
use crate::views::student::{CandidateRow, RemovedBy};

/// Names of schools shown of a group that does not fit.
const NAMES: usize = 20;

/// Full schools shown before the rest is only counted.
const FULL: usize = 6;

/// Code and words of a rule, the same for every school.
fn rule(misfit: Misfit) -> (&'static str, String) {
    match misfit {
        Misfit::Travel { limit, .. } => ("reistijd", format!("de reis is langer dan {limit} minuten")),
        Misfit::Period => ("periode", misfit.dutch()),
        Misfit::Phase => ("fase", "de plek is voor een andere fase".to_owned()),
        Misfit::Groups => ("groepen", "de plek is in andere groepen".to_owned()),
        Misfit::Weekdays => ("dagen", "de school kan niet op de dagen van de student".to_owned()),
        Misfit::EarlierSchool => ("eerder", "de student is hier al eerder geweest".to_owned()),
        Misfit::FixedSchool => ("vast", "de student heeft een andere, vaste school".to_owned()),
        Misfit::Excluded => ("uitgesloten", "de school is met de hand uitgesloten voor deze student".to_owned()),
        Misfit::NotQualified => ("opleider", "de school heeft geen gecertificeerde opleider voor de laatste fase".to_owned()),
        Misfit::FamiliarSchool => ("bekend", "het bestuur en de soort school zijn dezelfde als eerder".to_owned()),
        Misfit::FamiliarGroups => ("bekendegroepen", "de student had deze groepen al eerder".to_owned()),
        Misfit::BoardFull => ("bestuurvol", "het bestuur heeft zijn maximum bereikt".to_owned()),
        Misfit::Reserved => ("vrijgehouden", "wat over is, wordt vrijgehouden voor een zij-instromer die er werkt".to_owned()),
        Misfit::Closed => ("gesloten", "de school is dan gesloten".to_owned()),
        Misfit::OfferFull => ("vol", "alle plekken zijn bezet".to_owned()),
        Misfit::SchoolFull => ("schoolvol", "de school heeft haar maximum bereikt".to_owned()),
        Misfit::TrainersFull => ("opleidersvol", "de opleiders hebben geen ruimte meer".to_owned()),
    }
}

/// The nearest place of each school: they come in that order.
fn nearest(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut known: HashSet<SchoolId> = HashSet::new();
    candidates.iter().filter(|candidate| known.insert(candidate.school)).collect()
}

/// What keeps the nearest place of a school from fitting: a rule before something full.
fn first_misfit(candidate: &Candidate) -> Option<Misfit> {
    let rule = candidate.misfits.iter().find(|misfit| !misfit.is_capacity());
    rule.or(candidate.misfits.first()).copied()
}

/// Schools that do not fit, by what keeps them from it; full ones first, then the largest groups.
pub(super) fn unfit(candidates: &[Candidate]) -> Vec<UnfitGroup> {
    let mut groups: Vec<UnfitGroup> = Vec::new();
    for candidate in nearest(candidates) {
        let Some(misfit) = first_misfit(candidate) else { continue };
        let (code, reason) = rule(misfit);
        let name = &candidate.school_name;
        if let Some(group) = groups.iter_mut().find(|group| group.code == code) {
            group.count += 1;
            if group.schools.len() < NAMES {
                group.schools.push(name.clone());
            }
        } else {
            let reason = super::support::capital(&reason);
            groups.push(UnfitGroup { reason, code: code.to_owned(), schools: vec![name.clone()], count: 1 });
        }
    }
    groups.sort_by_key(|group| (!group.code.ends_with("vol"), std::cmp::Reverse(group.count)));
    groups
}

/// How many schools each rule takes away, the largest number first.
pub(super) fn removed(candidates: &[Candidate]) -> Vec<RemovedBy> {
    let groups = unfit(candidates).into_iter().filter(|group| !group.code.ends_with("vol"));
    groups.map(|group| RemovedBy { rule: group.reason, schools: group.count }).collect()
}

/// Schools that pass every rule but are full.
pub(super) fn full(candidates: &[Candidate]) -> Vec<String> {
    let full = nearest(candidates).into_iter().filter(|c| !c.misfits.is_empty() && c.misfits.iter().all(|m| m.is_capacity()));
    let mut names: Vec<_> = full.filter_map(|c| Some(format!("{}: {}", c.school_name, rule(*c.misfits.first()?).1))).collect();
    if names.len() > FULL + 1 {
        let rest = names.len() - FULL;
        names.truncate(FULL);
        names.push(format!("en nog {rest} andere scholen"));
    }
    names
}

/// Schools that pass every rule, full or not, best first.
pub(super) fn possible(candidates: &[Candidate]) -> Vec<CandidateRow> {
    let possible = nearest(candidates).into_iter().filter(|c| c.misfits.iter().all(|m| m.is_capacity()));
    possible
        .map(|c| CandidateRow {
            code: c.school_code.clone(),
            name: c.school_name.clone(),
            status: status_at(c.standing),
            minutes: c.minutes.map(u32::from),
            wish: c.wish_rank.map(size),
            free: if c.misfits.is_empty() { whole(c.free) } else { 0 },
            count: whole(c.count),
        })
        .collect()
}

/// What a place is judged by, for one student.
pub(super) struct Judging<'a> {
    /// The figures of the round now.
    pub(super) now: &'a Figures,
    /// What they become, by standing.
    pub(super) after: &'a [Consequence],
    /// Minutes of travel to the present place.
    pub(super) minutes: Option<u16>,
    /// How many others without a place could use a place.
    pub(super) rivals: &'a HashMap<OfferId, usize>,
    /// Whether a school has several places that fit.
    pub(super) several: &'a dyn Fn(SchoolId) -> bool,
}

/// Places that fit as the board shows them, each with what happens when it is chosen.
pub(super) fn fitting(candidates: &[Candidate], judging: &Judging<'_>) -> Vec<board::Candidate> {
    candidates.iter().filter(|candidate| candidate.access == PlaceAccess::Fits).map(|candidate| place(candidate, judging)).collect()
}

/// One place as the board shows it, with what happens when it is chosen.
pub(super) fn place(c: &Candidate, judging: &Judging<'_>) -> board::Candidate {
    let consequence = judging.after.iter().find(|consequence| consequence.standing == c.standing);
    board::Candidate {
        offer: c.offer.to_string(),
        school: c.school_name.clone(),
        code: c.school_code.clone(),
        place: c.place.clone().unwrap_or_default(),
        status: consequence.map_or_else(|| status_at(c.standing), |consequence| consequence.status),
        details: if (judging.several)(c.school) { format!("{}, {}, {}", c.phases, groups(&c.groups), c.weekdays) } else { String::new() },
        minutes: c.minutes.map(u32::from),
        wish: c.wish_rank.map(size),
        free: whole(c.free),
        count: whole(c.count),
        effects: consequence.map(|consequence| effects(judging, &consequence.coverage, c)).unwrap_or_default(),
        warnings: warnings(c, judging),
        here: if c.current == Current::Here { Here::Yes } else { Here::No },
    }
}

fn difference(before: u32, after: u32) -> i32 {
    i32::try_from(i64::from(after) - i64::from(before)).unwrap_or_default()
}

fn judged(change: i32, more_is: Good) -> Good {
    match (change, more_is) {
        (0, _) => Good::Same,
        (1.., good) => good,
        (_, Good::Better) => Good::Worse,
        (_, Good::Worse) => Good::Better,
        (_, Good::Same) => Good::Same,
    }
}

/// What changes for the round: coverage, and who is outside or without a place.
pub(super) fn coverage_effects(now: &Figures, after: &Figures) -> Vec<Effect> {
    let (before, then) = (status_counts(now), status_counts(after));
    let mut effects = Vec::new();
    let covered = difference(before.covered(), then.covered());
    let share = percent(then.covered(), then.required());
    effects.push(if covered == 0 {
        Effect { label: "dekking blijft".to_owned(), after: share, change: 0, good: Good::Same }
    } else {
        let after = format!("{share}, {} van {}", number(then.covered()), number(then.required()));
        Effect { label: "dekking".to_owned(), after, change: covered, good: judged(covered, Good::Better) }
    });
    for (label, status) in [("niet geplaatst", CoverageStatus::Unplaced), ("schil, niet op orde", CoverageStatus::SchilUnmet)] {
        let change = difference(before.get(status), then.get(status));
        if change != 0 {
            effects.push(Effect { label: label.to_owned(), after: number(then.get(status)), change, good: judged(change, Good::Worse) });
        }
    }
    let outside = difference(before.outside(), then.outside());
    if outside != 0 {
        let good = judged(outside, Good::Worse);
        effects.push(Effect { label: "buiten".to_owned(), after: number(then.outside()), change: outside, good });
    }
    effects
}

/// Travel for somebody, with the difference where it is known.
fn travel(label: &str, now: Option<u16>, then: Option<u16>) -> Option<Effect> {
    let (now, then) = (now?, then?);
    let change = i32::from(then) - i32::from(now);
    Some(Effect { label: label.to_owned(), after: format!("{then} min"), change, good: judged(change, Good::Worse) })
}

/// What a swap changes for one of the two.
pub(super) fn side(name: &str, side: &Side) -> Vec<Effect> {
    let wish = |rank: Option<usize>| rank.map_or_else(|| "geen voorkeur".to_owned(), |rank| format!("voorkeur {rank}"));
    // Rank 1 is best; not a wish is worse than any.
    let order = |rank: Option<usize>| rank.unwrap_or(usize::MAX);
    let mut effects: Vec<_> = travel(&format!("{name}: reis"), side.minutes_now, side.minutes_then).into_iter().collect();
    let good = match order(side.wish_then).cmp(&order(side.wish_now)) {
        std::cmp::Ordering::Less => Good::Better,
        std::cmp::Ordering::Equal => Good::Same,
        std::cmp::Ordering::Greater => Good::Worse,
    };
    if good != Good::Same {
        let after = format!("{} in plaats van {}", wish(side.wish_then), wish(side.wish_now));
        effects.push(Effect { label: format!("{name}:"), after, change: 0, good });
    }
    effects
}

fn effects(judging: &Judging<'_>, after: &Figures, candidate: &Candidate) -> Vec<Effect> {
    let mut effects = coverage_effects(judging.now, after);
    effects.extend(travel("reis", judging.minutes, candidate.minutes).filter(|effect| effect.change != 0));
    // What is left after this student, where that is least: of the place, the school or its trainers.
    let left = [
        ("nog vrij op deze plek", Some(candidate.free)),
        ("nog ruimte bij de school", candidate.school_free),
        ("nog ruimte bij de opleiders", candidate.trainers_free),
    ];
    let least = left.into_iter().filter_map(|(label, free)| Some((label, free? - 1))).min_by_key(|(_, free)| *free);
    if let Some((label, free)) = least {
        effects.push(Effect { label: label.to_owned(), after: number(whole(free)), change: 0, good: Good::Same });
    }
    effects
}

fn warnings(candidate: &Candidate, judging: &Judging<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    match judging.rivals.get(&candidate.offer) {
        None | Some(0) => {}
        Some(1) => warnings.push("De laatste plek: nog 1 student zonder plek past hier ook.".to_owned()),
        Some(others) => warnings.push(format!("De laatste plek: nog {others} studenten zonder plek passen hier ook.")),
    }
    match candidate.standing {
        kernschil_domain::standing::Standing::SchilUnmet => {
            warnings.push("Deze schilschool haalt de voorwaarden niet: de student telt niet mee in de dekking.".to_owned());
        }
        kernschil_domain::standing::Standing::Outside => {
            warnings.push("Deze school doet niet mee in een partnerschap van de student.".to_owned());
        }
        _ => {}
    }
    if candidate.minutes.is_some_and(|minutes| minutes > 60) {
        warnings.push("De reis duurt langer dan een uur.".to_owned());
    }
    warnings
}
