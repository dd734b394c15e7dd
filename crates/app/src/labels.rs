//! Names that people know for what a round holds.

use kernschil_domain::ids::{InstituteId, OfferId, PartnershipId, PeriodId, ProgrammeId, SchoolId, StudyPhaseId, TrainerId};
use kernschil_domain::rounds::{Offer, RoundData, WishTarget};
use kernschil_domain::values::Groups;

/// Name of a school, or its id where it is gone.
pub(crate) fn school(data: &RoundData, id: SchoolId) -> String {
    data.registry.schools.get(&id).map_or_else(|| id.to_string(), |s| s.name.clone())
}

/// Name of an institute.
pub(crate) fn institute(data: &RoundData, id: InstituteId) -> String {
    data.registry.institutes.get(&id).map_or_else(|| id.to_string(), |i| i.name.clone())
}

/// Name and form of a programme.
pub(crate) fn programme(data: &RoundData, id: ProgrammeId) -> String {
    data.registry.programmes.get(&id).map_or_else(|| id.to_string(), |p| format!("{} ({})", p.name, p.form.dutch()))
}

/// Code of a phase.
pub(crate) fn phase(data: &RoundData, id: StudyPhaseId) -> String {
    data.registry.phases.get(&id).map_or_else(|| id.to_string(), |p| p.code.clone())
}

/// Name of a period.
pub(crate) fn period(data: &RoundData, id: PeriodId) -> String {
    data.periods.get(&id).map_or_else(|| id.to_string(), |p| p.name.clone())
}

/// Name of a partnership.
pub(crate) fn partnership(data: &RoundData, id: PartnershipId) -> String {
    data.registry.partnerships.get(&id).map_or_else(|| id.to_string(), |p| p.name.clone())
}

/// Name of a trainer.
pub(crate) fn trainer(data: &RoundData, id: TrainerId) -> String {
    data.registry.trainers.get(&id).map_or_else(|| id.to_string(), |t| t.name.clone())
}

/// Phases of an offer, or that it is for all.
pub(crate) fn phases(offer: &Offer) -> String {
    if offer.phases.is_empty() { "alle fasen".to_owned() } else { offer.phases.join(", ") }
}

/// Groups of an offer, or that it is for all.
pub(crate) fn groups(offer: &Offer) -> String {
    if offer.groups == Groups::ALL { "alle groepen".to_owned() } else { format!("groep {}", offer.groups) }
}

/// An offer: school, phases and groups.
pub(crate) fn offer(data: &RoundData, id: OfferId) -> String {
    let Some(offer) = data.offers.get(&id) else { return id.to_string() };
    format!("{} ({}, {})", school(data, offer.school), phases(offer), groups(offer))
}

/// A wish.
pub(crate) fn wish(data: &RoundData, wish: WishTarget) -> String {
    match wish {
        WishTarget::School(id) => school(data, id),
        WishTarget::Board(id) => {
            let board = data.registry.boards.get(&id).map_or_else(|| id.to_string(), kernschil_domain::registry::Board::label);
            format!("een school van {board}")
        }
    }
}
