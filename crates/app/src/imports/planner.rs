//! What every kind of import needs while it is planned, and what comes out of it.

use chrono::{Datelike, NaiveDate};
use kernschil_domain::access::Reach;
use kernschil_domain::cohorts::Enrolment;
use kernschil_domain::ids::{IdGen, OfferId, PartnershipId, RoundId};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::registry::StudyPhase;
use kernschil_domain::values::SchoolYear;
use kernschil_storage::cohorts::CohortRows;
use kernschil_storage::registry::RegistryRows;
use kernschil_storage::rounds::RoundRows;
use kernschil_storage::{StorageError, WriteTx, cohorts, registry, rounds};

use super::codes;
use super::dated::{Dated, Fit, Timeline};
use super::diff::Tally;
use super::findings::{Findings, Place, problem};

/// Whether every row of the file could be read. When not, what is missing may stand on a row that
/// could not: it is then not reported as unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileRows {
    /// All could be read.
    All,
    /// Some could not.
    Some,
}

/// What every kind of import needs while it is planned.
pub(super) struct Planner<'a> {
    /// Where identifiers come from.
    pub(super) ids: &'a dyn IdGen,
    /// Today.
    pub(super) today: NaiveDate,
    /// How far who loads the file may go.
    pub(super) reach: &'a Reach,
    /// Whether every row could be read.
    pub(super) file_rows: FileRows,
    /// What is wrong.
    pub(super) found: Findings<'a>,
    /// What changes, in numbers.
    pub(super) tally: Tally,
    /// What is to be stored.
    pub(super) rows: Rows,
}

impl Planner<'_> {
    /// First day of the school year that is running. Where a file does not say since when a school
    /// belongs to its board, it is from this day on.
    pub(super) fn school_year_start(&self) -> NaiveDate {
        let first_year = if self.today.month() >= 8 { self.today.year() } else { self.today.year() - 1 };
        first_day(SchoolYear::starting(first_year))
    }

    /// Fits a row into a timeline and reports when it does not fit. `what` names the relation.
    pub(super) fn fit<P: Clone + PartialEq>(
        &mut self,
        place: Place<'_>,
        field: &'static str,
        line: &mut Timeline<P>,
        new: Dated<P>,
        what: &str,
    ) {
        match line.state(new) {
            Ok(Fit::Fits) => {}
            Ok(Fit::UntilLater(date)) => {
                let message = format!("Vanaf {} is al iets anders bekend over {what}. Deze rij geldt tot die dag.", dutch_date(date));
                self.found.warning(place, field, problem(codes::LATER_KNOWN, message, "Klopt dat, dan hoeft u niets te doen."));
            }
            Err(span) => {
                let end =
                    span.until.and_then(|until| until.pred_opt()).map_or(String::new(), |last| format!(" tot en met {}", dutch_date(last)));
                let message = format!("Dit overlapt met wat al bekend is over {what}: vanaf {}{end}.", dutch_date(span.from));
                self.found.error(
                    place,
                    field,
                    problem(codes::SPAN_OVERLAPS, message, "Pas Vanaf of Tot en met aan, zodat de tijdvakken op elkaar aansluiten."),
                );
            }
        }
    }
}

/// First day of a school year.
pub(super) fn first_day(year: SchoolYear) -> NaiveDate {
    NaiveDate::from_ymd_opt(year.first_year(), 8, 1).unwrap_or_default()
}

/// Everything that is to be stored.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Registry.
    pub(super) registry: RegistryRows,
    /// Phases under a number that is free, before they get the one they should have: numbers are
    /// unique, and two phases may change places.
    pub(super) parked_phases: Vec<StudyPhase>,
    /// Partnerships of which the regions are replaced.
    pub(super) cleared_regions: Vec<PartnershipId>,
    /// Cohorts, students, enrolments.
    pub(super) cohorts: CohortRows,
    /// Enrolments that were never true.
    pub(super) wrong_enrolments: Vec<Enrolment>,
    /// Rounds; of the offers only new ones.
    pub(super) rounds: RoundRows,
    /// Rounds of which the partnerships are replaced.
    pub(super) cleared_partnerships: Vec<RoundId>,
    /// Offers of which the number of places changes.
    pub(super) counts: Vec<(OfferId, i32)>,
}

impl Rows {
    /// Stores everything, in an order that keeps every reference whole.
    pub(super) async fn store(self, tx: &WriteTx) -> Result<(), StorageError> {
        registry::store(tx, RegistryRows { phases: self.parked_phases, ..RegistryRows::default() }).await?;
        registry::clear_regions(tx, &self.cleared_regions).await?;
        registry::store(tx, self.registry).await?;
        cohorts::take_back_enrolments(tx, &self.wrong_enrolments).await?;
        cohorts::store(tx, self.cohorts).await?;
        rounds::clear_partnerships(tx, &self.cleared_partnerships).await?;
        rounds::store(tx, self.rounds).await?;
        for (offer, count) in self.counts {
            rounds::set_count(tx, offer, count).await?;
        }
        Ok(())
    }
}
