//! What students need, beside what they needed before and the places they have.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kernschil_domain::codes::{Need, Turn};
use kernschil_domain::ids::{DemandId, InstituteId, PartnershipId, PeriodId, StudentId, StudyPhaseId};
use kernschil_domain::periods::Period;
use kernschil_domain::rounds::{Demand, WishTarget};
use kernschil_spreadsheets::parse::StudentRow;
use kernschil_spreadsheets::{Located, Severity};

use super::{Plan, Resolved};
use crate::imports::codes;
use crate::imports::findings::{Place, problem};
use crate::imports::known::KnownRound;

/// What a row asks, with everything it names looked up.
pub(super) struct Wanted {
    /// The student.
    pub(super) student: StudentId,
    /// The period.
    pub(super) period: PeriodId,
    /// The phase.
    pub(super) phase: StudyPhaseId,
    /// The partnership, where it is known.
    pub(super) partnership: Option<PartnershipId>,
    /// The wishes, where the file has columns for them.
    pub(super) wishes: Option<Vec<WishTarget>>,
}

impl Plan<'_, '_> {
    /// Stages what a row asks.
    pub(super) fn demand(&mut self, place: Place<'_>, row: &Located<StudentRow>, round: &KnownRound, wanted: Wanted) {
        let known = self.known_demands.get(&(wanted.student, wanted.period)).copied();
        let has_partnership = self.planner.found.has_column(place, "partnership");
        let partnership = if has_partnership { wanted.partnership } else { known.and_then(|k| k.partnership).or(wanted.partnership) };
        let demand = Demand {
            id: known.map_or_else(|| DemandId(self.planner.ids.next()), |known| known.id),
            student: wanted.student,
            period: wanted.period,
            phase: wanted.phase,
            groups: row.value.groups,
            weekdays: row.value.weekdays,
            need: row.value.need,
            turn: known.map_or(Turn::TakesPart, |known| known.turn),
            partnership,
            wishes: wanted.wishes.or_else(|| known.map(|k| k.wishes.clone())).unwrap_or_default(),
        };
        if known.is_some_and(|known| *known != demand) {
            self.place_still_fits(place, round, &demand);
        }
        self.demands.put(demand.id, (round.round.id, demand));
    }

    fn place_still_fits(&mut self, place: Place<'_>, round: &KnownRound, demand: &Demand) {
        let Some(placement) = round.live.get(&demand.id) else { return };
        if demand.need == Need::NotRequired {
            let message = "Deze student heeft geen plaats meer nodig, maar heeft er al een.";
            let advice = "Haal de student eerst van zijn plaats op het plaatsbord. Laad het bestand daarna opnieuw.";
            self.planner.found.error(place, "needed", problem(codes::DEMAND_HAS_PLACE, message, advice));
            return;
        }
        let phase = self.known.registry.phases.get(&demand.phase).map_or("", |phase| phase.code.as_str());
        let fits = round.offers.iter().find(|offer| offer.id == placement.offer).is_none_or(|offer| {
            offer.admits_phase(phase) && demand.groups.overlaps(offer.groups) && demand.weekdays.within(offer.weekdays)
        });
        if !fits {
            let message = "De plaats die deze student al heeft, past niet meer bij de fase, groepen of dagen.";
            let advice = "Kijk op het plaatsbord of de plaats kan blijven. Maak anders een nieuw voorstel.";
            self.planner.found.warning(place, "phase", problem(codes::PLACE_NO_LONGER_FITS, message, advice));
        }
    }

    /// Places at the same time are possible, on different days, but seldom meant.
    pub(super) fn overlapping(&mut self, rows: &[&Resolved<'_, '_>]) {
        let needed: Vec<_> = rows.iter().filter(|one| one.row.value.need == Need::Required).collect();
        for (at, one) in needed.iter().enumerate() {
            let earlier = needed.iter().take(at).find(|other| other.round.id == one.round.id && overlap(other.period, one.period));
            if let Some(other) = earlier {
                let message = format!(
                    "Deze periode overlapt met “{}” op rij {}. De student krijgt dan twee plaatsen tegelijk.",
                    other.period.name, other.row.row
                );
                let advice = "Klopt dat, bijvoorbeeld op verschillende dagen, dan hoeft u niets te doen.";
                self.planner.found.warning(Place::of("students", one.row), "period", problem(codes::DEMANDS_OVERLAP, message, advice));
            }
        }
    }

    /// Demands of earlier files in a period that overlaps one of this file: the student moved to
    /// another period. In a period apart from those the earlier demand stays.
    pub(super) fn earlier_demands(&mut self, rows: &[&Resolved<'_, '_>]) {
        let Some(first) = rows.first() else { return };
        let here: HashSet<_> = rows.iter().map(|one| one.period.id).collect();
        let rounds: BTreeSet<_> = rows.iter().map(|one| one.round.slug.as_str()).collect();
        let known = self.known;
        for round in rounds.into_iter().filter_map(|slug| known.rounds.get(slug)) {
            let periods = round.periods.iter().filter(|period| !here.contains(&period.id));
            for (period, demand) in
                periods.filter_map(|period| Some((period, *self.known_demands.get(&(first.student, period.id))?))).collect::<Vec<_>>()
            {
                let moved = rows.iter().find(|one| one.round.id == round.round.id && overlap(one.period, period));
                if let Some(moved) = moved.filter(|_| demand.need == Need::Required) {
                    self.moved(moved, round, period, demand);
                }
            }
        }
    }

    fn moved(&mut self, row: &Resolved<'_, '_>, round: &KnownRound, period: &Period, demand: &Demand) {
        let place = Place::of("students", row.row);
        if round.live.contains_key(&demand.id) {
            let message = format!("Deze student staat nu in “{}”, maar heeft al een plaats in “{}”.", row.period.name, period.name);
            let advice = "Haal de student eerst van zijn plaats op het plaatsbord, of zet de oude periode terug.";
            self.planner.found.error(place, "period", problem(codes::DEMAND_HAS_PLACE, message, advice));
            return;
        }
        let message = format!("Deze student stond in “{}”. Die vraag vervalt, omdat zij overlapt met “{}”.", period.name, row.period.name);
        let advice = "Klopt dat, dan hoeft u niets te doen. Zet anders ook een rij met de andere periode in het bestand.";
        self.planner.found.warning(place, "period", problem(codes::DEMAND_DROPPED, message, advice));
        self.demands.put(demand.id, (round.round.id, Demand { need: Need::NotRequired, ..demand.clone() }));
    }

    /// Students of the same institutes who were in an earlier file of the round and are not in this one.
    pub(super) fn not_in_file(&mut self, rows: &[Resolved<'_, '_>]) {
        let mut here: BTreeMap<(&str, InstituteId), (HashSet<StudentId>, &Resolved<'_, '_>)> = BTreeMap::new();
        for one in rows {
            let Some(institute) = self.keys.institutes.get(&one.row.value.institute) else { continue };
            here.entry((one.round.slug.as_str(), *institute)).or_insert_with(|| (HashSet::new(), one)).0.insert(one.student);
        }
        for ((slug, institute), (students, first)) in here {
            let of_institute: HashSet<_> = self.known.students.values().filter(|s| s.institute == institute).map(|s| s.id).collect();
            let demands = self.known.rounds.get(slug).map(|round| round.demands.as_slice()).unwrap_or_default();
            let missing: BTreeSet<_> = demands
                .iter()
                .filter(|demand| {
                    demand.need == Need::Required && of_institute.contains(&demand.student) && !students.contains(&demand.student)
                })
                .filter(|demand| self.planner.reach.holds_need(first.round, institute, demand.partnership))
                .map(|demand| demand.student)
                .collect();
            if missing.is_empty() {
                continue;
            }
            let who = if missing.len() == 1 { "1 student".to_owned() } else { format!("{} studenten", missing.len()) };
            let message = format!(
                "{who} van instituut {} in ronde “{}” staan niet in dit bestand, maar wel in een eerder bestand. Zij blijven staan.",
                first.row.value.institute, first.round.name
            );
            let advice = "Heeft een student geen plaats meer nodig, zet dan een rij in het bestand met Plaats nodig: nee.";
            let place = Place::of("students", first.row).sheet();
            self.planner.found.general(Severity::Warning, Some(place), problem(codes::STUDENTS_NOT_IN_FILE, message, advice));
        }
    }
}

pub(super) fn overlap(a: &Period, b: &Period) -> bool {
    a.starts_on <= b.ends_on && b.starts_on <= a.ends_on
}
