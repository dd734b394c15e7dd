//! From the codes and names that people write to the identifiers behind them.

use std::collections::HashMap;
use std::hash::Hash;

use kernschil_domain::codes::ProgrammeForm;
use kernschil_domain::ids::{BoardId, IdGen, InstituteId, PartnershipId, ProgrammeId, RegionId, SchoolId, StudyPhaseId, TrainerId};
use kernschil_domain::registry::Registry;
use kernschil_domain::values::{BoardNumber, Brin, Croho, SchoolCode};
use uuid::Uuid;

use super::findings::key;

/// The identifiers of the registry by what people call things; grows with what a file adds.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Boards by number.
    pub(super) boards: HashMap<BoardNumber, BoardId>,
    /// Schools by code.
    pub(super) schools: HashMap<SchoolCode, SchoolId>,
    /// Institutes by BRIN.
    pub(super) institutes: HashMap<Brin, InstituteId>,
    /// Programmes by institute, CROHO code and form.
    pub(super) programmes: HashMap<(InstituteId, Croho, ProgrammeForm), ProgrammeId>,
    /// Phases by programme and name.
    pub(super) phases: HashMap<(ProgrammeId, String), StudyPhaseId>,
    /// Partnerships by name.
    pub(super) partnerships: HashMap<String, PartnershipId>,
    /// Regions by name.
    pub(super) regions: HashMap<String, RegionId>,
    /// Trainers by number.
    pub(super) trainers: HashMap<String, TrainerId>,
}

impl Keys {
    /// Of everything in the registry.
    pub(super) fn of(registry: &Registry) -> Self {
        Self {
            boards: registry.boards.values().map(|b| (b.number.clone(), b.id)).collect(),
            schools: registry.schools.values().map(|s| (s.code.clone(), s.id)).collect(),
            institutes: registry.institutes.values().map(|i| (i.brin.clone(), i.id)).collect(),
            programmes: registry.programmes.values().map(|p| ((p.institute, p.croho.clone(), p.form), p.id)).collect(),
            phases: registry.phases.values().map(|p| ((p.programme, key(&p.code)), p.id)).collect(),
            partnerships: registry.partnerships.values().map(|p| (key(&p.name), p.id)).collect(),
            regions: registry.regions.values().map(|r| (key(&r.name), r.id)).collect(),
            trainers: registry.trainers.values().map(|t| (t.number.to_lowercase(), t.id)).collect(),
        }
    }
}

/// The identifier behind a name, or a new one.
pub(super) fn id_of<N: Hash + Eq, I: Copy + From<Uuid>>(known: &mut HashMap<N, I>, name: N, ids: &dyn IdGen) -> I {
    *known.entry(name).or_insert_with(|| I::from(ids.next()))
}
