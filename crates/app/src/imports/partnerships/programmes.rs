//! Institutes, their programmes and the phases of those.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::ids::{InstituteId, ProgrammeId, StudyPhaseId};
use kernschil_domain::registry::{Institute, Programme, Registry, StudyPhase};
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::ProgrammeRow;

use super::Plan;
use crate::imports::codes;
use crate::imports::findings::{Place, key, problem};
use crate::imports::keys::id_of;

impl Plan<'_, '_> {
    /// Stages institutes, programmes and phases.
    pub(super) fn programmes(&mut self, rows: &[Located<ProgrammeRow>]) {
        for row in rows {
            let ProgrammeRow { croho, form, level, funding, phase_ordinal, phase_kind, .. } = row.value.clone();
            let institute: InstituteId = id_of(&mut self.keys.institutes, row.value.institute.clone(), self.planner.ids);
            let name = row.value.institute_name.to_string();
            self.institutes.put(institute, Institute { id: institute, brin: row.value.institute.clone(), name });
            let id: ProgrammeId = id_of(&mut self.keys.programmes, (institute, croho.clone(), form), self.planner.ids);
            self.programmes.put(id, Programme { id, institute, croho, form, level, name: row.value.name.to_string(), funding });
            let phase: StudyPhaseId = id_of(&mut self.keys.phases, (id, key(row.value.phase.as_str())), self.planner.ids);
            let code = row.value.phase.to_string();
            self.separator(row);
            self.phases.put(phase, StudyPhase { id: phase, programme: id, ordinal: phase_ordinal, code, kind: phase_kind });
        }
        self.ordinals(rows);
    }

    /// Places name phases in a list, so a phase cannot hold what separates a list.
    fn separator(&mut self, row: &Located<ProgrammeRow>) {
        if row.value.phase.as_str().contains([',', ';']) {
            let message =
                format!("De naam “{}” bevat een komma of puntkomma. Daarmee kan een school deze fase niet noemen.", row.value.phase);
            let place = Place::of("programmes", row);
            self.planner.found.error(
                place,
                "phase",
                problem(codes::PHASE_SEPARATOR, message, "Gebruik een naam zonder komma of puntkomma."),
            );
        }
    }

    /// A phase that is known and is not in the file keeps its number, so no other can have it.
    fn ordinals(&mut self, rows: &[Located<ProgrammeRow>]) {
        let staying: BTreeMap<_, _> = self
            .registry
            .phases
            .values()
            .filter(|phase| self.phases.get(&phase.id).is_none())
            .map(|phase| ((phase.programme, phase.ordinal), &phase.code))
            .collect();
        for row in rows {
            let institute = self.keys.institutes.get(&row.value.institute).copied();
            let programme = institute.and_then(|i| self.keys.programmes.get(&(i, row.value.croho.clone(), row.value.form)).copied());
            let taken = programme.and_then(|programme| staying.get(&(programme, row.value.phase_ordinal)));
            if let Some(code) = taken {
                let message =
                    format!("Fase “{code}” van deze opleiding heeft al nummer {}. Zij staat niet in dit bestand.", row.value.phase_ordinal);
                let advice = "Zet alle fasen van de opleiding in het bestand, of kies een ander nummer.";
                self.planner.found.error(
                    Place::of("programmes", row),
                    "phase_ordinal",
                    problem(codes::PHASE_ORDINAL_TAKEN, message, advice),
                );
            }
        }
    }
}

/// The known phases that change, each under a number that nobody has or will have.
pub(super) fn parked(registry: &Registry, changed: &[StudyPhase]) -> Vec<StudyPhase> {
    let mut used: BTreeMap<ProgrammeId, BTreeSet<i32>> = BTreeMap::new();
    for phase in registry.phases.values().chain(changed) {
        used.entry(phase.programme).or_default().insert(phase.ordinal);
    }
    let mut parked = Vec::new();
    for phase in changed.iter().filter_map(|phase| registry.phases.get(&phase.id)) {
        let used = used.entry(phase.programme).or_default();
        if let Some(free) = (1..=99).rev().find(|number| !used.contains(number)) {
            used.insert(free);
            parked.push(StudyPhase { ordinal: free, ..phase.clone() });
        }
    }
    parked
}
