//! What is known of the rounds that a file names.

use std::collections::{BTreeSet, HashMap};

use kernschil_domain::codes::RoundState;
use kernschil_domain::cohorts::{Cohort, Enrolment, Student};
use kernschil_domain::ids::{DemandId, InstituteId, StudentId};
use kernschil_domain::periods::Period;
use kernschil_domain::placements::Placement;
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::{Demand, Offer, Round, SchoolTotal, slug};
use kernschil_domain::values::{Brin, Label};
use kernschil_spreadsheets::parse::{OffersFile, StudentsFile};
use kernschil_storage::{StorageError, Tx, cohorts, placements, registry, rounds};

use super::codes;
use super::findings::{Place, names, problem};
use super::lookup::{self, Source};
use super::planner::Planner;

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
    /// Rounds by slug.
    pub(super) rounds: HashMap<String, KnownRound>,
}

/// What a students file is held against.
pub(super) struct ForStudents {
    /// The registry.
    pub(super) registry: Registry,
    /// Rounds by slug.
    pub(super) rounds: HashMap<String, KnownRound>,
    /// Names of all rounds.
    pub(super) round_names: Vec<String>,
    /// Students of the institutes in the file, by institute and number in lower case.
    pub(super) students: HashMap<(InstituteId, String), Student>,
    /// Their enrolments.
    pub(super) enrolments: HashMap<StudentId, Vec<Enrolment>>,
    /// Cohorts.
    pub(super) cohorts: Vec<Cohort>,
}

/// Reads what an offers file is held against.
pub(super) async fn for_offers(tx: &Tx, file: &OffersFile) -> Result<ForOffers, StorageError> {
    let named = |label: &Label| slug(label.as_str());
    let rows = file.rounds.iter().map(|r| named(&r.value.round));
    let rows = rows.chain(file.periods.iter().map(|r| named(&r.value.round)));
    let rows = rows.chain(file.offers.iter().map(|r| named(&r.value.round)));
    let slugs: BTreeSet<_> = rows.chain(file.totals.iter().map(|r| named(&r.value.round))).collect();
    let mut known = HashMap::new();
    for round in rounds::list(tx).await?.into_iter().filter(|round| slugs.contains(&round.slug)) {
        known.insert(round.slug.clone(), of_round(tx, round).await?);
    }
    Ok(ForOffers { registry: registry::load(tx).await?, rounds: known })
}

/// Reads what a students file is held against.
pub(super) async fn for_students(tx: &Tx, file: &StudentsFile) -> Result<ForStudents, StorageError> {
    let slugs: BTreeSet<_> = file.students.iter().map(|row| slug(row.value.round.as_str())).collect();
    let all = rounds::list(tx).await?;
    let round_names = all.iter().map(|round| round.name.clone()).collect();
    let mut known = HashMap::new();
    for round in all.into_iter().filter(|round| slugs.contains(&round.slug)) {
        let mut round = of_round(tx, round).await?;
        round.demands = rounds::demands(tx, round.round.id).await?;
        let (live, _) = placements::of_round(tx, &round.demands).await?;
        round.live = live.into_iter().map(|placement| (placement.demand, placement)).collect();
        known.insert(round.round.slug.clone(), round);
    }
    let registry = registry::load(tx).await?;
    let brins: BTreeSet<&Brin> = file.students.iter().map(|row| &row.value.institute).collect();
    let mut students = HashMap::new();
    for institute in registry.institutes.values().filter(|institute| brins.contains(&institute.brin)) {
        for student in cohorts::students_of(tx, institute.id).await? {
            students.insert((institute.id, student.number.as_str().to_lowercase()), student);
        }
    }
    let ids: Vec<_> = students.values().map(|student| student.id).collect();
    let mut enrolments: HashMap<_, Vec<_>> = HashMap::new();
    for enrolment in cohorts::enrolments(tx, &ids).await? {
        enrolments.entry(enrolment.student).or_default().push(enrolment);
    }
    Ok(ForStudents { registry, rounds: known, round_names, students, enrolments, cohorts: cohorts::cohorts(tx).await? })
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
