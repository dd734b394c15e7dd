//! What an answer holds of students, whatever its form: page, JSON or workbook.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use kernschil_domain::access::Role;
use kernschil_domain::rounds::RoundData;

use super::world::{Relation, World};

/// Numbers and identifiers of students, and by which relation somebody would have to know them.
pub(super) struct Students {
    /// Two institutes may use the same number.
    by_token: BTreeMap<String, BTreeSet<String>>,
    allowed: BTreeMap<Role, BTreeSet<String>>,
}

impl Students {
    /// All students of both regions, and for each role those it may know by name. Decided here by hand: the
    /// coordinator of the region all of the own round; of a partnership those it sees to; an institute its own; a
    /// school the one it was told of; nobody else anybody.
    pub(super) fn of(world: &World, rounds: &[&RoundData]) -> Self {
        let own = rounds[0];
        let mine = world.things(Relation::Own);
        let partnership = own.demands[&mine.demand].partnership;
        let institute = own.students[&mine.student].institute;
        let all = |keep: &dyn Fn(&kernschil_domain::rounds::Demand) -> bool| -> BTreeSet<String> {
            own.demands.values().filter(|demand| keep(demand)).map(|demand| demand.student.to_string()).collect()
        };
        let allowed = Role::ALL
            .iter()
            .map(|role| {
                let known = match role {
                    Role::RegionCoordinator => all(&|_| true),
                    Role::PartnershipCoordinator => all(&|demand| demand.partnership == partnership),
                    Role::InstituteStaff => all(&|demand| own.students[&demand.student].institute == institute),
                    Role::SchoolTrainer => BTreeSet::from([mine.student.to_string()]),
                    Role::Administrator
                    | Role::BoardMember
                    | Role::PanelMember
                    | Role::PanelChair
                    | Role::PanelSecretary
                    | Role::ReflectionAuthor
                    | Role::Observer
                    | Role::Reader => BTreeSet::new(),
                };
                (*role, known)
            })
            .collect();
        let mut by_token: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for student in rounds.iter().flat_map(|data| data.students.values()) {
            for token in [student.number.to_string(), student.id.to_string()] {
                by_token.entry(token).or_default().insert(student.id.to_string());
            }
        }
        Self { by_token, allowed }
    }

    /// Students in an answer that this role may not know of. What somebody looks for may be repeated to her.
    pub(super) fn leaked(&self, role: Role, body: &[u8], sought: &str) -> BTreeSet<String> {
        let texts = texts(body);
        let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-'));
        let is_out_of_reach = |word: &&str| self.by_token.get(*word).is_some_and(|students| students.is_disjoint(&self.allowed[&role]));
        words.filter(|word| *word != sought).filter(is_out_of_reach).map(str::to_owned).collect()
    }

    /// Number of different students in an answer.
    pub(super) fn shown(&self, body: &[u8]) -> usize {
        let texts = texts(body);
        let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-'));
        words.filter_map(|word| self.by_token.get(word)).collect::<BTreeSet<_>>().len()
    }
}

/// The text of an answer; of a workbook that of all its parts.
fn texts(body: &[u8]) -> Vec<String> {
    if !body.starts_with(b"PK") {
        return vec![String::from_utf8_lossy(body).into_owned()];
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(body)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut text = String::new();
            archive.by_index(at).unwrap().read_to_string(&mut text).unwrap();
            text
        })
        .collect()
}
