//! Whether a row is within reach of who loads the file.
//!
//! First what the row itself says: a student of somebody else is then answered like one who does not exist. Only when
//! that is in order, what is stored can stand in the way. It is never said what that is.

use kernschil_domain::access::Reach;
use kernschil_domain::codes::Need;
use kernschil_domain::ids::{InstituteId, PartnershipId, StudentId};
use kernschil_domain::periods::Period;
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::StudentRow;

use super::Plan;
use super::demands::overlap;
use crate::imports::findings::Place;
use crate::imports::known::KnownRound;

const ADVICE: &str = "Laad alleen studenten van uw eigen partnerschap of instituut, of vraag de regiocoördinator.";
const FILL_IN: &str =
    "Vul bij Partnerschap in welk partnerschap voor de plaats zorgt. Is dat niet uw eigen partnerschap, vraag dan de regiocoördinator.";

impl Plan<'_, '_> {
    /// Whether a row is out of reach; then that is reported. `partnership` sees to the place by what the row says.
    pub(super) fn refuse(
        &mut self,
        place: Place<'_>,
        row: &Located<StudentRow>,
        (round, institute, period): (&KnownRound, InstituteId, &Period),
        partnership: Option<PartnershipId>,
    ) -> bool {
        let reach = self.planner.reach;
        let is_hers = |partnership| reach.holds_need(&round.round, institute, partnership);
        let number = row.value.number.as_str().to_lowercase();
        let student = self.known.students.get(&(institute, number)).map(|student| student.id);
        let stored = student.and_then(|student| self.known_demands.get(&(student, period.id)).copied());
        // Without the column what is known stays, and that may be hers where the row alone would not be.
        let stays = stored.is_some_and(|stored| is_hers(stored.partnership)) && !self.planner.found.has_column(place, "partnership");
        if !is_hers(partnership) && !stays {
            let message = "Deze plaatsingsvraag valt niet onder een partnerschap of instituut binnen uw bereik.";
            let can_fill_in = partnership.is_none() && matches!(reach, Reach::Part { partnerships, .. } if !partnerships.is_empty());
            let advice = if can_fill_in { FILL_IN } else { ADVICE };
            self.planner.found.out_of_reach(Some((place, "partnership")), message, advice);
            return true;
        }
        let belongs_to_others = student.is_some_and(|student| {
            self.known.out_of_reach.contains(&student)
                || stored.is_some_and(|stored| !is_hers(stored.partnership))
                || self.would_end_anothers(round, student, period, is_hers)
        });
        if belongs_to_others {
            self.planner.found.out_of_reach(Some((place, "number")), "Deze student valt buiten uw bereik.", ADVICE);
        }
        belongs_to_others
    }

    /// Whether a place that others see to would fall away, because the student needs one at the same time here.
    fn would_end_anothers(
        &self,
        round: &KnownRound,
        student: StudentId,
        period: &Period,
        is_hers: impl Fn(Option<PartnershipId>) -> bool,
    ) -> bool {
        let others = round.periods.iter().filter(|other| other.id != period.id && overlap(other, period));
        let mut demands = others.filter_map(|other| self.known_demands.get(&(student, other.id)));
        demands.any(|demand| demand.need == Need::Required && !is_hers(demand.partnership))
    }
}
