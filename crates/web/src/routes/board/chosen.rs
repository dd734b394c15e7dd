//! The chosen student as the view wants her.

use std::collections::{BTreeMap, HashMap};

use kernschil_app::AppError;
use kernschil_app::board::{self as app_board, BoardRow, Candidate, PlaceAccess, SwapOutlook, team_of};
use kernschil_app::coverage::{Figures, figures_of};
use kernschil_domain::codes::{ExclusionCategory, Hold, Turn};
use kernschil_domain::rounds::{Demand, RoundData};
use kernschil_http::Failure;

use super::super::choosing::{self, Judging};
use super::super::support::{groups, size};
use super::{Board, Custom};
use crate::components::text::listed;
use crate::components::url::href;
use crate::views::board::{Bent, Chosen, Excluded, LeftOut, Mark, Pinned, Swap};

/// Fitting places shown before somebody asks for all.
const FITTING: usize = 25;
/// Places shown that ask for a rule to be set aside.
const BENT: usize = 12;
/// Students shown to change places with.
const SWAPS: usize = 8;

impl Board {
    /// The chosen student; with `custom` also what is different for her.
    pub(super) fn chosen(&self, custom: Option<Custom>) -> Result<Option<Chosen>, Failure> {
        let Some(BoardRow { row, .. }) = self.chosen_row() else { return Ok(None) };
        let data = &self.view.data;
        let demand = data.demands.get(&row.demand).ok_or(AppError::NotFound)?;
        let candidates = app_board::candidates_of(&self.view, row.demand)?;
        let now = figures_of(data);
        let judging = Judging {
            now: &now,
            after: &app_board::consequences(&self.view, row.demand, &candidates),
            minutes: row.place.as_ref().and_then(|place| place.minutes),
            rivals: &rivals(data, demand, &candidates),
            several: &several(&candidates),
        };
        let mut fitting = choosing::fitting(&candidates, &judging);
        let fitting_total = size(fitting.len());
        if self.ask.scholen != "alle" {
            fitting.truncate(FITTING);
        }
        let all = [("groep", self.group.code()), ("vraag", self.ask.vraag.as_str()), ("scholen", "alle")];
        let swaps = app_board::partners(data, row.demand, SWAPS);
        Ok(Some(Chosen {
            demand: row.demand.to_string(),
            version: row.place.as_ref().map(|place| place.placement.to_string()).unwrap_or_default(),
            name: row.name.clone(),
            href: self.round.path(&format!("studenten/{}", row.student)),
            needs: needs(row, demand),
            status: row.status,
            now: row.place.as_ref().map(place_now).unwrap_or_default(),
            remark: row.reason.clone().unwrap_or_default(),
            fitting,
            fitting_total,
            all_href: href(&self.round.path("plaatsbord"), &all),
            unfit: choosing::unfit(&candidates),
            marks: self.marks(row, demand),
            bent: self.bent(&candidates, &judging),
            swaps: swaps.iter().map(|swap| swap_view(data, &now, swap)).collect(),
            pinned: row.place.as_ref().map(|place| if place.hold == Hold::Pinned { Pinned::Yes } else { Pinned::No }),
            left_out: if demand.turn == Turn::LeftOut { LeftOut::Yes } else { LeftOut::No },
            excluded: excluded(data, demand),
            schools: custom.map(|Custom| schools(data, demand, &candidates)).unwrap_or_default(),
            categories: ExclusionCategory::ALL.iter().map(|category| (category.code().to_owned(), category.dutch().to_owned())).collect(),
        }))
    }

    fn bent(&self, candidates: &[Candidate], judging: &Judging<'_>) -> Vec<Bent> {
        let bent = candidates.iter().filter(|candidate| matches!(candidate.access, PlaceAccess::WithReason(_)));
        let is_asked = |candidate: &&Candidate| candidate.offer.to_string() == self.written.offer;
        let asked = bent.clone().skip(BENT).find(is_asked);
        bent.clone()
            .take(BENT)
            .chain(asked)
            .map(|candidate| Bent {
                reason: if is_asked(&candidate) { self.written.reason.clone() } else { String::new() },
                rules: candidate.misfits.iter().map(|misfit| misfit.dutch()).collect(),
                place: choosing::place(candidate, judging),
            })
            .collect()
    }

    fn marks(&self, row: &kernschil_app::students::StudentRow, demand: &Demand) -> Vec<Mark> {
        let data = &self.view.data;
        let mut marks = Vec::new();
        let mut mark = |label: &str, detail: String| marks.push(Mark { label: label.to_owned(), detail });
        if let Some(place) = &row.place {
            if !place.broken.is_empty() {
                let rules: Vec<_> = place.broken.iter().map(|rule| rule.dutch().to_owned()).collect();
                let reason = data.placements.get(&demand.id).and_then(|placement| placement.reason.clone());
                mark("Regel opzij gezet", format!("{}. {}", listed(&rules), reason.unwrap_or_default()));
            } else if let Some(reason) = data.placements.get(&demand.id).and_then(|placement| placement.reason.clone()) {
                mark("Met de hand geplaatst", reason);
            }
            if place.hold == Hold::Pinned {
                mark("Vastgezet", "een voorstel verplaatst deze student niet".to_owned());
            }
        }
        if demand.turn == Turn::LeftOut {
            mark("Overgeslagen", "een voorstel geeft deze student geen plek".to_owned());
        }
        if let Some(team) = team_of(data, demand.id) {
            let others = team.members.iter().filter(|member| **member != demand.id).filter_map(|member| name(data, *member));
            mark(&format!("Team {}", team.name), format!("met {}", listed(&others.collect::<Vec<_>>())));
        }
        marks
    }
}

/// The name of the student of a demand.
pub(super) fn name(data: &RoundData, demand: kernschil_domain::ids::DemandId) -> Option<String> {
    Some(data.students.get(&data.demands.get(&demand)?.student)?.full_name())
}

fn needs(row: &kernschil_app::students::StudentRow, demand: &Demand) -> String {
    let days = if demand.weekdays.bits() == 0 { "dagen in overleg".to_owned() } else { demand.weekdays.to_string() };
    let groups = groups(&demand.groups.to_string());
    format!("{} · {} · {} · {days} · {groups}", row.programme_name, row.phase_code, row.period_name)
}

fn place_now(place: &kernschil_app::students::PlaceSummary) -> String {
    let mut parts = vec![place.school_name.clone()];
    parts.extend(place.place.clone());
    let minutes = place.minutes.map(|minutes| format!(" · reis {minutes} min")).unwrap_or_default();
    format!("{}{minutes}", parts.join(", "))
}

fn several(candidates: &[Candidate]) -> impl Fn(kernschil_domain::ids::SchoolId) -> bool + use<> {
    let mut offers_of = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.access == PlaceAccess::Fits) {
        *offers_of.entry(candidate.school).or_insert(0) += 1;
    }
    move |school| offers_of.get(&school).is_some_and(|count| *count > 1)
}

/// Of the places that are almost full: how many others without a place could use them.
fn rivals(data: &RoundData, demand: &Demand, candidates: &[Candidate]) -> HashMap<kernschil_domain::ids::OfferId, usize> {
    let last = candidates.iter().filter(|candidate| candidate.access == PlaceAccess::Fits && candidate.free == 1);
    app_board::rivals(data, demand.id, &last.take(FITTING).map(|candidate| candidate.offer).collect::<Vec<_>>())
}

fn excluded(data: &RoundData, demand: &Demand) -> Vec<Excluded> {
    let own = data.exclusions.iter().filter(|exclusion| exclusion.demand == demand.id);
    own.filter_map(|exclusion| {
        Some(Excluded {
            school: exclusion.school.to_string(),
            name: data.registry.schools.get(&exclusion.school)?.name.clone(),
            category: exclusion.category.code().to_owned(),
            words: exclusion.category.dutch().to_owned(),
        })
    })
    .collect()
}

/// Schools that offer places in the period and are not excluded yet, by name.
fn schools(data: &RoundData, demand: &Demand, candidates: &[Candidate]) -> Vec<(String, String)> {
    let is_excluded = |school| data.exclusions.iter().any(|known| known.demand == demand.id && known.school == school);
    let open = candidates.iter().filter(|candidate| !is_excluded(candidate.school));
    let by_name: BTreeMap<_, _> =
        open.map(|candidate| ((candidate.school_name.clone(), candidate.school_code.clone()), candidate.school.to_string())).collect();
    by_name.into_iter().map(|((name, code), school)| (school, format!("{name} ({code})"))).collect()
}

/// A swap as the view shows it, seen from the student one begins with.
pub(super) fn swap_view(data: &RoundData, now: &Figures, swap: &SwapOutlook) -> Swap {
    let other = swap.other.who.demand;
    let school = data.place_of(other).and_then(|(_, offer)| data.registry.schools.get(&offer.school)).map(|school| school.name.clone());
    let other_name = name(data, other).unwrap_or_default();
    let own_name = name(data, swap.one.who.demand).unwrap_or_default();
    let mut effects = choosing::side(&first_word(&own_name), &swap.one);
    effects.extend(choosing::side(&first_word(&other_name), &swap.other));
    effects.extend(choosing::coverage_effects(now, &swap.coverage));
    let rules = [(&own_name, &swap.one), (&other_name, &swap.other)];
    Swap {
        demand: other.to_string(),
        version: swap.other.who.placement.to_string(),
        school: school.unwrap_or_default(),
        effects,
        rules: rules.into_iter().flat_map(|(name, side)| side.against.iter().map(move |rule| format!("{rule} ({name})"))).collect(),
        name: other_name,
    }
}

fn first_word(name: &str) -> String {
    name.split(' ').next().unwrap_or_default().to_owned()
}
