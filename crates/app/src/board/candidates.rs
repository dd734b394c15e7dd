//! The places a student could have, with everything that keeps her from each.

use std::collections::BTreeSet;

use kernschil_domain::fit::{Load, Misfit, minutes_to, misfits, wish_rank};
use kernschil_domain::ids::{DemandId, OfferId, SchoolId};
use kernschil_domain::policy::{RuleKind, RuleMode};
use kernschil_domain::rounds::{Demand, Offer, RoundData};
use kernschil_domain::standing::{Standing, Standings};
use serde::Serialize;

use super::BoardView;
use crate::error::AppError;
use crate::labels;

/// A place that a student could have, or why not.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    /// The offer.
    pub offer: OfferId,
    /// The school.
    pub school: SchoolId,
    /// Its code.
    pub school_code: String,
    /// Its name.
    pub school_name: String,
    /// Town.
    pub place: Option<String>,
    /// What the school is to the student.
    pub standing: Standing,
    /// Phases of the offer, in Dutch.
    pub phases: String,
    /// Groups of the offer.
    pub groups: String,
    /// Days of the offer.
    pub weekdays: String,
    /// Places left, the student's own counted as free.
    pub free: i32,
    /// Places in all.
    pub count: i32,
    /// Students the school still takes in the period, the student's own place counted as free; nothing without a total.
    pub school_free: Option<i32>,
    /// Students that those who may guide at the school still can; nothing when one has no limit, or there is none.
    pub trainers_free: Option<i32>,
    /// Rank among the wishes, from 1.
    pub wish_rank: Option<usize>,
    /// Estimated minutes of travel, one way.
    pub minutes: Option<u16>,
    /// Everything that keeps the student from it; empty means it fits.
    pub misfits: Vec<Misfit>,
    /// How the place can be had.
    pub access: PlaceAccess,
    /// Whether the student is placed here now.
    pub current: Current,
}

/// Whether a candidate is where the student is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Current {
    /// The student is placed here.
    Here,
    /// Elsewhere, or not at all.
    Elsewhere,
}

/// How a student can have a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "access", content = "rules")]
pub enum PlaceAccess {
    /// It fits.
    Fits,
    /// When these rules are set aside, with a reason.
    WithReason(Vec<RuleKind>),
    /// Every rule would be met, but it is full.
    Full,
    /// Never: it is in another period, closed, or full besides.
    Never,
}

impl PlaceAccess {
    /// What misfits mean for who places by hand.
    pub(super) fn of(data: &RoundData, found: &[Misfit]) -> Self {
        if found.is_empty() {
            return Self::Fits;
        }
        if found.iter().all(|misfit| misfit.is_capacity()) {
            return Self::Full;
        }
        let rules: Option<BTreeSet<_>> = found.iter().map(|misfit| misfit.rule()).collect();
        let policy = &data.round.rules.policy;
        match rules {
            None => Self::Never,
            Some(rules) => {
                let hard: Vec<_> = rules.into_iter().filter(|rule| policy.rule(*rule).mode == RuleMode::Hard).collect();
                if hard.is_empty() { Self::Fits } else { Self::WithReason(hard) }
            }
        }
    }
}

/// Every place in the period of a demand: those that fit first, best first.
pub fn candidates(data: &RoundData, standings: &mut Standings<'_>, demand: &Demand) -> Vec<Candidate> {
    let load = Load::of(data, |p| p.demand != demand.id);
    let in_period = data.offers.values().filter(|offer| offer.period == demand.period && offer.count > 0);
    let mut found: Vec<_> = in_period.filter_map(|offer| candidate(data, standings, &load, demand, offer)).collect();
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found
}

fn candidate(data: &RoundData, standings: &mut Standings<'_>, load: &Load, demand: &Demand, offer: &Offer) -> Option<Candidate> {
    let school = data.registry.schools.get(&offer.school)?;
    let institute = data.students.get(&demand.student)?.institute;
    let starts_on = data.periods.get(&demand.period)?.starts_on;
    let misfits = misfits(data, load, demand, offer);
    let total = data.totals.iter().find(|total| total.school == school.id && total.period == offer.period);
    Some(Candidate {
        offer: offer.id,
        school: school.id,
        school_code: school.code.to_string(),
        school_name: school.name.clone(),
        place: school.place.clone(),
        standing: standings.standing(institute, school.id, starts_on),
        phases: labels::phases(offer),
        groups: offer.groups.to_string(),
        weekdays: offer.weekdays.to_string(),
        free: offer.count - load.on_offer(offer.id),
        count: offer.count,
        school_free: total.map(|total| total.maximum - load.at_school(school.id, offer.period)),
        trainers_free: trainers_free(data, load, offer),
        wish_rank: wish_rank(data, demand, school.id),
        minutes: minutes_to(data, demand, school.id),
        access: PlaceAccess::of(data, &misfits),
        misfits,
        current: if data.placements.get(&demand.id).is_some_and(|p| p.offer == offer.id) { Current::Here } else { Current::Elsewhere },
    })
}

fn trainers_free(data: &RoundData, load: &Load, offer: &Offer) -> Option<i32> {
    let guides = data.guides_of(offer.school, offer.period);
    let left = guides.iter().map(|guide| Some(data.capacity_of(guide, offer.period)? - load.of_trainer(guide.id, offer.period)));
    if guides.is_empty() { None } else { left.sum() }
}

/// Those that fit first; then the full ones, then those that a rule removes; each by ladder, wish,
/// travel and name.
fn order(c: &Candidate) -> (usize, Standing, usize, u16, &str, OfferId) {
    let rules = c.misfits.iter().filter(|m| !m.is_capacity()).count();
    let group = if c.misfits.is_empty() { 0 } else { 1 + rules };
    (group, c.standing, c.wish_rank.unwrap_or(usize::MAX), c.minutes.unwrap_or(u16::MAX), &c.school_name, c.offer)
}

/// The places for one demand of a round.
///
/// # Errors
/// [`AppError::NotFound`] when the round has no such demand.
pub fn candidates_of(view: &BoardView, demand: DemandId) -> Result<Vec<Candidate>, AppError> {
    let demand = view.data.demands.get(&demand).ok_or(AppError::NotFound)?;
    Ok(candidates(&view.data, &mut Standings::new(&view.data), demand))
}
