//! What stands in an address for a thing of the registry: a code people know, never an identifier.

use kernschil_domain::ids::{InstituteId, PartnershipId, PeriodId, ProgrammeId, StudyPhaseId};
use kernschil_domain::rounds::{RoundData, slug};

/// BRIN of an institute.
pub(super) fn institute(data: &RoundData, id: InstituteId) -> String {
    data.registry.institutes.get(&id).map(|institute| institute.brin.to_string()).unwrap_or_default()
}

/// BRIN, CROHO code and form of a programme.
pub(super) fn programme(data: &RoundData, id: ProgrammeId) -> String {
    let Some(programme) = data.registry.programmes.get(&id) else { return String::new() };
    format!("{}-{}-{}", institute(data, programme.institute), programme.croho, programme.form.code())
}

/// Programme and code of a phase.
pub(super) fn phase(data: &RoundData, id: StudyPhaseId) -> String {
    let Some(phase) = data.registry.phases.get(&id) else { return String::new() };
    format!("{}-{}", programme(data, phase.programme), slug(&phase.code))
}

/// Name of a partnership.
pub(super) fn partnership(data: &RoundData, id: PartnershipId) -> String {
    data.registry.partnerships.get(&id).map(|partnership| slug(&partnership.name)).unwrap_or_default()
}

/// Name of a period.
pub(super) fn period(data: &RoundData, id: PeriodId) -> String {
    data.periods.get(&id).map(|period| slug(&period.name)).unwrap_or_default()
}

/// The thing that a code stands for.
pub(super) fn find<Id: Copy>(code: &str, ids: impl IntoIterator<Item = Id>, code_of: impl Fn(Id) -> String) -> Option<Id> {
    if code.is_empty() { None } else { ids.into_iter().find(|id| code_of(*id) == code) }
}
