//! Finding what a row of a students file names, and holding it against the round.

use kernschil_domain::codes::StudentKind;
use kernschil_domain::cohorts::CustomEffect;
use kernschil_domain::ids::{InstituteId, PartnershipId, ProgrammeId, SchoolId, StudyPhaseId};
use kernschil_domain::periods::{Period, dutch_date};
use kernschil_domain::rounds::{Round, WishTarget, slug};
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::{StudentRow, WishCode};

use super::Plan;
use crate::imports::codes;
use crate::imports::findings::{Place, key, names, problem};
use crate::imports::known::{KnownRound, refuse_closed, unknown_period, unknown_round};
use crate::imports::lookup::{self, Source};

const WISHES: [&str; 5] = ["wish1", "wish2", "wish3", "wish4", "wish5"];

impl<'p> Plan<'p, '_> {
    pub(super) fn round(&mut self, place: Place<'_>, row: &Located<StudentRow>) -> Option<&'p KnownRound> {
        let known = self.known;
        let Some(round) = known.rounds.get(&slug(row.value.round.as_str())) else {
            unknown_round(self.planner, Source::Before, place, &row.value.round, known.round_names.iter().map(String::as_str));
            return None;
        };
        if self.said.insert((codes::ROUND_CLOSED, round.round.slug.clone())) {
            refuse_closed(self.planner, place, &round.round);
        }
        Some(round)
    }

    pub(super) fn period(&mut self, place: Place<'_>, round: &'p KnownRound, row: &Located<StudentRow>) -> Option<&'p Period> {
        let wanted = key(row.value.period.as_str());
        let found = round.periods.iter().find(|period| key(&period.name) == wanted);
        if found.is_none() {
            unknown_period(self.planner, Source::Before, place, &row.value.period, round.periods.iter().map(|p| p.name.as_str()));
        }
        found
    }

    pub(super) fn institute(&mut self, place: Place<'_>, row: &Located<StudentRow>) -> Option<InstituteId> {
        lookup::institute(self.planner, &self.keys, Source::Before, (place, "institute"), &row.value.institute)
    }

    pub(super) fn programme(&mut self, place: Place<'_>, institute: InstituteId, row: &Located<StudentRow>) -> Option<ProgrammeId> {
        let found = self.keys.programmes.get(&(institute, row.value.croho.clone(), row.value.form)).copied();
        if found.is_none() {
            let programmes = self.known.registry.programmes.values().filter(|p| p.institute == institute);
            let known: Vec<_> = programmes.map(|p| format!("{} {}", p.croho, p.form)).collect();
            let message =
                format!("Instituut {} heeft geen opleiding {} in de vorm {}.", row.value.institute, row.value.croho, row.value.form);
            let advice = format!("Controleer CROHO en Vorm. Bekend: {}.", names(known.iter().map(String::as_str)));
            self.planner.found.error(place, "croho", problem(codes::PROGRAMME_UNKNOWN, message, advice));
        }
        found
    }

    pub(super) fn phase(&mut self, place: Place<'_>, programme: ProgrammeId, row: &Located<StudentRow>) -> Option<StudyPhaseId> {
        let found = self.keys.phases.get(&(programme, key(row.value.phase.as_str()))).copied();
        if found.is_none() {
            let phases = self.known.registry.phases.values().filter(|phase| phase.programme == programme);
            let message = format!("Deze opleiding heeft geen fase “{}”.", row.value.phase);
            let advice = format!("Controleer de naam. Bekend: {}.", names(phases.map(|phase| phase.code.as_str())));
            self.planner.found.error(place, "phase", problem(codes::PHASE_UNKNOWN, message, advice));
        }
        found
    }

    /// The student as known, by institute and number.
    fn known_student(&self, row: &Located<StudentRow>) -> Option<&'p kernschil_domain::cohorts::Student> {
        let institute = self.keys.institutes.get(&row.value.institute)?;
        self.known.students.get(&(*institute, row.value.number.as_str().to_lowercase()))
    }

    pub(super) fn custom(&mut self, place: Place<'_>, row: &Located<StudentRow>) -> Option<CustomEffect> {
        let known = self.known_student(row).map(|student| student.custom).unwrap_or_default();
        let travel_limit = if self.planner.found.has_column(place, "travel_limit") { row.value.travel_limit } else { known.travel_limit };
        let fixed_school = match &row.value.fixed_school {
            Some(code) => Some(lookup::school(self.planner, &self.keys, Source::Before, (place, "fixed_school"), code)?),
            None if self.planner.found.has_column(place, "fixed_school") => None,
            None => known.fixed_school,
        };
        Some(CustomEffect { travel_limit, fixed_school })
    }

    pub(super) fn earlier_schools(&mut self, place: Place<'_>, row: &Located<StudentRow>) -> Option<Vec<SchoolId>> {
        if !self.planner.found.has_column(place, "earlier_schools") {
            return Some(self.known_student(row).map(|student| student.earlier_schools.clone()).unwrap_or_default());
        }
        let codes = row.value.earlier_schools.iter();
        let found: Vec<_> =
            codes.map(|code| lookup::school(self.planner, &self.keys, Source::Before, (place, "earlier_schools"), code)).collect();
        let mut schools = found.into_iter().collect::<Option<Vec<_>>>()?;
        schools.sort_unstable();
        schools.dedup();
        Some(schools)
    }

    /// The own workplace of a zij-instromer. The outer `None` means that something is wrong and was reported.
    #[expect(clippy::option_option, reason = "outer: wrong and reported; inner: no workplace")]
    pub(super) fn workplace(&mut self, place: Place<'_>, row: &Located<StudentRow>) -> Option<Option<SchoolId>> {
        let known = self.known_student(row);
        if !self.planner.found.has_column(place, "workplace") {
            return Some(known.and_then(|student| student.workplace));
        }
        let Some(code) = &row.value.workplace else { return Some(None) };
        let kind = match known {
            Some(student) if !self.planner.found.has_column(place, "kind") => student.kind,
            _ => row.value.kind,
        };
        if kind != StudentKind::CareerChanger {
            let message = "Er staat een eigen werkplek, maar deze student is geen zij-instromer.";
            let advice = "Maak Eigen werkplek leeg, of vul bij Soort in dat het een zij-instromer is.";
            self.planner.found.error(place, "workplace", problem(codes::WORKPLACE_NOT_CAREER_CHANGER, message, advice));
            return None;
        }
        lookup::school(self.planner, &self.keys, Source::Before, (place, "workplace"), code).map(Some)
    }

    /// The wishes. The outer `None` means that one is not known; the inner that the file has no column
    /// for wishes.
    #[expect(clippy::option_option, reason = "outer: wrong and reported; inner: not in the file")]
    pub(super) fn wishes(
        &mut self,
        place: Place<'_>,
        row: &Located<StudentRow>,
        round: Option<&KnownRound>,
    ) -> Option<Option<Vec<WishTarget>>> {
        if !WISHES.iter().any(|field| self.planner.found.has_column(place, field)) {
            return Some(None);
        }
        let mut found = Vec::new();
        for (field, wish) in WISHES.into_iter().zip(&row.value.wishes) {
            found.push(match wish {
                WishCode::School(code) => {
                    lookup::school(self.planner, &self.keys, Source::Before, (place, field), code).map(WishTarget::School)
                }
                WishCode::Board(number) => {
                    lookup::board(self.planner, &self.keys, Source::Before, (place, field), number).map(WishTarget::Board)
                }
            });
        }
        let most = round.map_or(WISHES.len(), |known| usize::from(known.round.rules.max_wishes));
        if found.len() > most {
            let message = format!("Deze student geeft {} voorkeuren. In deze ronde mogen het er hoogstens {most} zijn.", found.len());
            let advice = "Maak de laatste voorkeuren leeg, of verhoog Aantal voorkeuren van de ronde in het werkboek met plekken.";
            self.planner.found.error(place, WISHES.get(most).copied().unwrap_or("wish1"), problem(codes::WISHES_TOO_MANY, message, advice));
            return None;
        }
        found.into_iter().collect::<Option<Vec<_>>>().map(Some)
    }

    /// The partnership that sees to the place. The outer `None` means that it is not known.
    #[expect(clippy::option_option, reason = "outer: wrong and reported; inner: none was given")]
    pub(super) fn partnership(&mut self, place: Place<'_>, row: &Located<StudentRow>, round: &Round) -> Option<Option<PartnershipId>> {
        let Some(name) = &row.value.partnership else { return Some(None) };
        let id = lookup::partnership(self.planner, &self.keys, Source::Before, (place, "partnership"), name)?;
        if !round.partnerships.contains(&id) && self.said.insert((codes::PARTNERSHIP_NOT_IN_ROUND, format!("{} {id}", round.slug))) {
            let message = format!("Partnerschap “{name}” hoort niet bij ronde “{}”. Dat kan ook voor andere rijen gelden.", round.name);
            let advice = "Kies een partnerschap van de ronde, of voeg het toe op het blad Rondes van het werkboek met plekken.";
            self.planner.found.warning(place, "partnership", problem(codes::PARTNERSHIP_NOT_IN_ROUND, message, advice));
        }
        Some(Some(id))
    }

    /// The partnership of the institute in the round, when there is only one.
    pub(super) fn only_partnership(&self, institute: InstituteId, round: &Round, period: &Period) -> Option<PartnershipId> {
        let all = self.known.registry.partnerships_of(institute, period.starts_on);
        let mut of_round = all.into_iter().filter(|id| round.partnerships.contains(id));
        of_round.next().filter(|_| of_round.next().is_none())
    }

    pub(super) fn check_against_round(
        &mut self,
        place: Place<'_>,
        row: &Located<StudentRow>,
        (institute, round, period): (InstituteId, &Round, &Period),
        custom: CustomEffect,
    ) {
        let registry = &self.known.registry;
        let takes_part = registry.partnerships_of(institute, period.starts_on).iter().any(|id| round.partnerships.contains(id));
        if !takes_part && self.said.insert((codes::INSTITUTE_NOT_IN_ROUND, format!("{} {institute}", round.slug))) {
            let message = format!(
                "Instituut {} doet op {} niet mee aan een partnerschap van ronde “{}”. Zijn studenten tellen niet mee in de dekking.",
                row.value.institute,
                dutch_date(period.starts_on),
                round.name
            );
            let advice = "Controleer de BRIN. Doet het instituut wel mee, zet het dan bij het partnerschap en laad dat eerst. Klopt het zo, dan hoeft u niets te doen.";
            self.planner.found.warning(place, "institute", problem(codes::INSTITUTE_NOT_IN_ROUND, message, advice));
        }
        if row.value.start_year > round.school_year.first_year() {
            let message = format!("Het startjaar {} ligt na schooljaar {}.", row.value.start_year, round.school_year);
            self.planner.found.warning(
                place,
                "start_year",
                problem(codes::START_YEAR_LATE, message, "Controleer het startjaar en de ronde."),
            );
        }
        let Some(fixed) = custom.fixed_school else { return };
        if row.value.earlier_schools.iter().any(|code| self.keys.schools.get(code) == Some(&fixed)) {
            let message = "De vaste school staat ook bij de eerdere scholen. Naar een eerdere school gaat een student niet nog eens.";
            self.planner.found.warning(
                place,
                "fixed_school",
                problem(codes::FIXED_SCHOOL_EARLIER, message, "Haal de school weg uit een van de twee kolommen."),
            );
        }
        let closed = registry.schools.get(&fixed).and_then(|school| school.closed_on);
        if let Some(closed) = closed.filter(|closed| *closed <= period.starts_on) {
            let message = format!("De vaste school is vanaf {} gesloten.", dutch_date(closed));
            self.planner.found.warning(
                place,
                "fixed_school",
                problem(codes::SCHOOL_CLOSED, message, "Kies een andere vaste school, of maak de cel leeg."),
            );
        }
    }
}
