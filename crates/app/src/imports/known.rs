//! What is known of the rounds that a file names.

use std::collections::{BTreeSet, HashMap, HashSet};

use kernschil_domain::access::Reach;
use kernschil_domain::codes::RoundState;
use kernschil_domain::cohorts::{Cohort, Enrolment, Student};
use kernschil_domain::ids::{DemandId, InstituteId, StudentId};
use kernschil_domain::periods::Period;
use kernschil_domain::placements::Placement;
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::{Demand, Offer, Round, SchoolTotal, slug};
use kernschil_domain::values::{Brin, Label};
use kernschil_spreadsheets::parse::{OffersFile, StudentsFile};
use kernschil_storage::{StorageError, Tx, cohorts, placements, rounds};

use super::codes;
use super::findings::{Place, names, problem};
use super::lookup::{self, Source};
use super::planner::Planner;
use super::read::Content;
use crate::error::AppError;
use crate::sight;

/// A round with everything in it.
pub(super) struct KnownRound {
    /// The round.
    pub(super) round: Round,
    /// Its periods.
    pub(super) periods: Vec<Period>,
    /// Its offers.
    pub(super) offers: Vec<Offer>,
    /// Its school totals.
    pub(super) totals: Vec<SchoolTotal>,
    /// Its demands; only read for a students file.
    pub(super) demands: Vec<Demand>,
    /// The live placements of those.
    pub(super) live: HashMap<DemandId, Placement>,
}

/// The registry and the rounds of an offers file, as they are now.
pub(super) struct ForOffers {
    /// The registry.
    pub(super) registry: Registry,
    /// Rounds within reach by slug.
    pub(super) rounds: HashMap<String, KnownRound>,
    /// Slugs on the sheet of rounds that rounds out of reach have.
    pub(super) taken: HashSet<String>,
}

/// What a students file is held against.
pub(super) struct ForStudents {
    /// The registry.
    pub(super) registry: Registry,
    /// Rounds within reach by slug.
    pub(super) rounds: HashMap<String, KnownRound>,
    /// Names of all rounds within reach.
    pub(super) round_names: Vec<String>,
    /// Students of the institutes in the file, by institute and number in lower case.
    pub(super) students: HashMap<(InstituteId, String), Student>,
    /// Those of them about whom who loads the file may know nothing.
    pub(super) out_of_reach: HashSet<StudentId>,
    /// Their enrolments.
    pub(super) enrolments: HashMap<StudentId, Vec<Enrolment>>,
    /// Cohorts.
    pub(super) cohorts: Vec<Cohort>,
}

/// The rounds that a file names, by slug.
pub(super) fn named(content: &Content) -> BTreeSet<String> {
    let named = |label: &Label| slug(label.as_str());
    match content {
        Content::Offers(file) => {
            let rows = file.rounds.iter().map(|r| named(&r.value.round));
            let rows = rows.chain(file.periods.iter().map(|r| named(&r.value.round)));
            let rows = rows.chain(file.offers.iter().map(|r| named(&r.value.round)));
            rows.chain(file.totals.iter().map(|r| named(&r.value.round))).collect()
        }
        Content::Students(file) => file.students.iter().map(|row| named(&row.value.round)).collect(),
        Content::Partnerships(_) | Content::Trainers(_) | Content::Duo(_) | Content::Postcodes(_) | Content::TravelTimes(_) => {
            BTreeSet::new()
        }
    }
}

/// Leaves of the partnerships those that somebody may know of: her own, those she shares a round with, and those of
/// her institute. The others do not exist for her.
fn narrow(registry: &mut Registry, reach: &Reach, seen: &[Round]) {
    let Reach::Part { partnerships, institutes, .. } = reach else { return };
    let mut known = partnerships.clone();
    known.extend(seen.iter().flat_map(|round| &round.partnerships));
    known.extend(registry.institute_memberships.iter().filter(|m| institutes.contains(&m.institute)).map(|m| m.partnership));
    registry.partnerships.retain(|id, _| known.contains(id));
}

/// Reads what an offers file is held against.
pub(super) async fn for_offers(
    tx: &Tx,
    file: &OffersFile,
    named: &BTreeSet<String>,
    mut registry: Registry,
    reach: &Reach,
) -> Result<ForOffers, AppError> {
    let seen = sight::touched(tx, reach, &registry).await?;
    let mut taken = HashSet::new();
    if *reach != Reach::Everything {
        let made: HashSet<_> = file.rounds.iter().map(|row| slug(row.value.round.as_str())).collect();
        taken.extend(rounds::list(tx).await?.into_iter().map(|round| round.slug).filter(|slug| made.contains(slug)));
        for round in &seen {
            taken.remove(&round.slug);
        }
    }
    narrow(&mut registry, reach, &seen);
    let mut known = HashMap::new();
    for round in seen.into_iter().filter(|round| named.contains(&round.slug)) {
        known.insert(round.slug.clone(), of_round(tx, round).await?);
    }
    Ok(ForOffers { registry, rounds: known, taken })
}

/// Reads what a students file is held against.
pub(super) async fn for_students(
    tx: &Tx,
    file: &StudentsFile,
    named: &BTreeSet<String>,
    mut registry: Registry,
    reach: &Reach,
) -> Result<ForStudents, AppError> {
    let seen = sight::touched(tx, reach, &registry).await?;
    let round_names = seen.iter().map(|round| round.name.clone()).collect();
    narrow(&mut registry, reach, &seen);
    let brins: BTreeSet<&Brin> = file.students.iter().map(|row| &row.value.institute).collect();
    let mut students = HashMap::new();
    for institute in registry.institutes.values().filter(|institute| brins.contains(&institute.brin)) {
        for student in cohorts::students_of(tx, institute.id).await? {
            students.insert((institute.id, student.number.as_str().to_lowercase()), student);
        }
    }
    let mut out_of_reach: HashMap<_, _> = match reach {
        Reach::Everything => HashMap::new(),
        Reach::Part { .. } => students.values().map(|student| (student.id, student.institute)).collect(),
    };
    out_of_reach.retain(|_, institute| !reach.holds_institute(*institute));
    let mut known = HashMap::new();
    for round in seen {
        let is_named = named.contains(&round.slug);
        if !is_named && out_of_reach.is_empty() {
            continue;
        }
        let demands = rounds::demands(tx, round.id).await?;
        for demand in &demands {
            // One need within reach, also in another round, makes a student somebody one knows.
            if out_of_reach.get(&demand.student).is_some_and(|institute| reach.holds_need(&round, *institute, demand.partnership)) {
                out_of_reach.remove(&demand.student);
            }
        }
        if is_named {
            let (live, _) = placements::of_round(tx, &demands).await?;
            let live = live.into_iter().map(|placement| (placement.demand, placement)).collect();
            let slug = round.slug.clone();
            known.insert(slug, KnownRound { demands, live, ..of_round(tx, round).await? });
        }
    }
    let ids: Vec<_> = students.values().map(|student| student.id).collect();
    let mut enrolments: HashMap<_, Vec<_>> = HashMap::new();
    for enrolment in cohorts::enrolments(tx, &ids).await? {
        enrolments.entry(enrolment.student).or_default().push(enrolment);
    }
    let out_of_reach = out_of_reach.into_keys().collect();
    Ok(ForStudents { registry, rounds: known, round_names, students, out_of_reach, enrolments, cohorts: cohorts::cohorts(tx).await? })
}

async fn of_round(tx: &Tx, round: Round) -> Result<KnownRound, StorageError> {
    Ok(KnownRound {
        periods: rounds::periods(tx, round.id).await?,
        offers: rounds::offers(tx, round.id).await?,
        totals: rounds::totals(tx, round.id).await?,
        demands: Vec::new(),
        live: HashMap::new(),
        round,
    })
}

/// Reports a round that is not known.
pub(super) fn unknown_round<'n>(
    planner: &mut Planner<'_>,
    source: Source,
    place: Place<'_>,
    name: &Label,
    others: impl IntoIterator<Item = &'n str>,
) {
    let known = names(others);
    let advice = if known.is_empty() {
        "Laad eerst het werkboek met de ronde en de plekken.".to_owned()
    } else {
        format!("Controleer de naam. Bekend: {known}. Laad een nieuwe ronde eerst met het werkboek met plekken.")
    };
    lookup::unknown(planner, source, place, "round", problem(codes::ROUND_UNKNOWN, format!("Ronde “{name}” is niet bekend."), advice));
}

/// Reports a period that is not known.
pub(super) fn unknown_period<'n>(
    planner: &mut Planner<'_>,
    source: Source,
    place: Place<'_>,
    name: &Label,
    others: impl IntoIterator<Item = &'n str>,
) {
    let known = names(others);
    let advice = if known.is_empty() {
        "De ronde heeft nog geen perioden. Zet ze op het blad Perioden van het werkboek met plekken.".to_owned()
    } else {
        format!("Controleer de naam. Bekend: {known}.")
    };
    lookup::unknown(
        planner,
        source,
        place,
        "period",
        problem(codes::PERIOD_UNKNOWN, format!("Deze ronde heeft geen periode “{name}”."), advice),
    );
}

/// Reports a round in which nothing may change any more.
pub(super) fn refuse_closed(planner: &mut Planner<'_>, place: Place<'_>, round: &Round) {
    if round.state == RoundState::Closed {
        let message = format!("Ronde “{}” is gesloten. Er kan niets meer in veranderen.", round.name);
        planner.found.error(
            place,
            "round",
            problem(
                codes::ROUND_CLOSED,
                message,
                "Laad een bestand voor een ronde die nog loopt, of geef een nieuwe ronde een andere naam.",
            ),
        );
    }
}
