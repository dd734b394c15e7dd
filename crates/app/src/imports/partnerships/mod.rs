//! Partnerships with their programmes, boards, schools, conditions and quality evidence.
//!
//! A cell that is empty says nothing: what is known stays. A row that is not in the file stays as well.

mod members;
mod programmes;
mod schools;

use std::collections::BTreeSet;

use kernschil_domain::codes::{ConditionKind, EvidenceKind, PartnershipStatus, Tier};
use kernschil_domain::ids::{BoardId, InstituteId, PartnershipId, ProgrammeId, RegionId, SchoolId, StudyPhaseId};
use kernschil_domain::periods::Span;
use kernschil_domain::registry::{
    Board, BoardMembership, Evidence, Institute, InstituteMembership, Partnership, PartnershipStanding, Programme, Region, Registry,
    School, SchoolBoard, SchoolMembership, StudyPhase, TierCondition,
};
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::{ConditionRow, PartnershipRow, PartnershipsFile, QualityRow};

use super::codes;
use super::dated::{Change, Dated, Timelines};
use super::diff::{Staged, Table};
use super::findings::{Place, key, problem};
use super::keys::{Keys, id_of};
use super::lookup::{self, Source};
use super::members::{Listed, align};
use super::planner::Planner;

/// Role and buddy of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seat<B> {
    tier: Tier,
    buddy: Option<B>,
}

/// Everything the file says, next to what is known.
struct Plan<'p, 'a> {
    registry: &'p Registry,
    planner: &'p mut Planner<'a>,
    keys: Keys,
    regions: Staged<RegionId, Region>,
    institutes: Staged<InstituteId, Institute>,
    programmes: Staged<ProgrammeId, Programme>,
    phases: Staged<StudyPhaseId, StudyPhase>,
    boards: Staged<BoardId, Board>,
    schools: Staged<SchoolId, School>,
    school_boards: Timelines<SchoolId, BoardId>,
    partnerships: Staged<PartnershipId, Partnership>,
    standings: Timelines<PartnershipId, PartnershipStatus>,
    institute_members: Timelines<(PartnershipId, InstituteId), ()>,
    board_members: Timelines<(PartnershipId, BoardId), Seat<BoardId>>,
    school_members: Timelines<(PartnershipId, SchoolId), Seat<SchoolId>>,
    conditions: Staged<(PartnershipId, Tier, ConditionKind), TierCondition>,
    evidence: Timelines<(SchoolId, EvidenceKind), String>,
}

/// Plans a partnerships file.
pub(super) fn plan(file: &PartnershipsFile, registry: &Registry, planner: &mut Planner<'_>) {
    let mut plan = Plan {
        registry,
        planner,
        keys: Keys::of(registry),
        regions: Staged::default(),
        institutes: Staged::default(),
        programmes: Staged::default(),
        phases: Staged::default(),
        boards: Staged::default(),
        schools: Staged::default(),
        school_boards: Timelines::default(),
        partnerships: Staged::default(),
        standings: Timelines::default(),
        institute_members: Timelines::default(),
        board_members: Timelines::default(),
        school_members: Timelines::default(),
        conditions: Staged::default(),
        evidence: Timelines::default(),
    };
    // First everything that others can name, then what names it.
    plan.programmes(&file.programmes);
    plan.boards(&file.boards);
    plan.schools(&file.schools);
    for row in &file.partnerships {
        plan.partnership(row);
    }
    plan.memberships(&file.boards, &file.schools);
    plan.check_members(&file.boards, &file.schools);
    for row in &file.conditions {
        plan.condition(row);
    }
    let mut quality: Vec<_> = file.quality.iter().collect();
    quality.sort_by_key(|row| row.value.span.from);
    for row in quality {
        plan.quality(row);
    }
    plan.settle();
}

impl Plan<'_, '_> {
    fn partnership(&mut self, row: &Located<PartnershipRow>) {
        let place = Place::of("partnerships", row);
        let id: PartnershipId = id_of(&mut self.keys.partnerships, key(row.value.name.as_str()), self.planner.ids);
        let known = self.registry.partnerships.get(&id);
        let lead = row
            .value
            .lead_board
            .as_ref()
            .map(|number| lookup::board(self.planner, &self.keys, Source::SameFile, (place, "lead_board"), number));
        let regions: BTreeSet<RegionId> = row.value.regions.iter().map(|name| self.region(name.as_str())).collect();
        let regions = if regions.is_empty() { known.map(|k| k.regions.clone()).unwrap_or_default() } else { regions.into_iter().collect() };
        let lead_board = lead.flatten().or(known.and_then(|k| k.lead_board));
        self.partnerships.put(id, Partnership { id, name: row.value.name.to_string(), lead_board, regions });

        let line = self.standings.of(id, || {
            let known = self.registry.partnership_standings.iter().filter(|s| s.partnership == id);
            known.map(|s| Dated { span: s.span, what: s.status }).collect()
        });
        let status = Dated { span: Span::since(row.value.valid_from), what: row.value.status };
        self.planner.fit(place, "valid_from", line, status, "de status van dit partnerschap");
        self.institutes_of(row, id);
    }

    fn region(&mut self, name: &str) -> RegionId {
        let id = id_of(&mut self.keys.regions, key(name), self.planner.ids);
        // A known region keeps its own spelling.
        let known = self.registry.regions.get(&id).cloned();
        self.regions.put(id, known.unwrap_or(Region { id, name: name.to_owned() }));
        id
    }

    fn institutes_of(&mut self, row: &Located<PartnershipRow>, partnership: PartnershipId) {
        let place = Place::of("partnerships", row);
        let found: Vec<_> = row
            .value
            .institutes
            .iter()
            .map(|brin| lookup::institute(self.planner, &self.keys, Source::SameFile, (place, "institutes"), brin))
            .collect();
        let Some(named) = found.into_iter().collect::<Option<Vec<_>>>() else { return };
        if named.is_empty() {
            return;
        }
        let known = self.registry.institute_memberships.iter().filter(|m| m.partnership == partnership);
        let known: Vec<_> = known.map(|m| (m.institute, m.span)).collect();
        let list = Listed { owner: partnership, named: &named, from: row.value.valid_from, known: &known };
        for (institute, end) in align(&list, &mut self.institute_members) {
            let name = self.registry.institutes.get(&institute).map(|i| i.name.clone()).unwrap_or_default();
            let message = format!("{name} doet nu mee aan “{}”, maar staat hier niet bij. {}", row.value.name, end.dutch());
            let advice = "Doet het instituut nog mee, zet zijn BRIN dan erbij. Anders hoeft u niets te doen.";
            self.planner.found.warning(place, "institutes", problem(codes::INSTITUTE_LEAVES, message, advice));
        }
    }

    fn condition(&mut self, row: &Located<ConditionRow>) {
        let at = (Place::of("conditions", row), "partnership");
        let Some(partnership) = lookup::partnership(self.planner, &self.keys, Source::SameFile, at, &row.value.partnership) else { return };
        let ConditionRow { tier, kind, parameter, .. } = row.value;
        self.conditions.put((partnership, tier, kind), TierCondition { partnership, tier, kind, parameter });
    }

    fn quality(&mut self, row: &Located<QualityRow>) {
        let place = Place::of("quality", row);
        let Some(school) = lookup::school(self.planner, &self.keys, Source::SameFile, (place, "school"), &row.value.school) else { return };
        let kind = row.value.kind;
        let line = self.evidence.of((school, kind), || {
            let known = self.registry.evidence.get(&school).into_iter().flatten().filter(|e| e.kind == kind);
            known.map(|e| Dated { span: e.span, what: e.value.clone() }).collect()
        });
        let new = Dated { span: row.value.span, what: row.value.value.clone() };
        self.planner.fit(place, "valid_from", line, new, "dit gegeven van deze school");
    }

    fn settle(self) {
        let Self { registry, planner, .. } = self;
        let rows = &mut planner.rows.registry;
        let tally = &mut planner.tally;
        macro_rules! settle {
            ($staged:expr, $target:ident, $table:ident, $before:expr) => {
                let (changed, counts) = $staged.settle($before);
                tally.add(Table::$table, counts);
                rows.$target = changed;
            };
        }
        settle!(self.regions, regions, Regions, |id| registry.regions.get(id));
        settle!(self.boards, boards, Boards, |id| registry.boards.get(id));
        settle!(self.schools, schools, Schools, |id| registry.schools.get(id));
        settle!(self.institutes, institutes, Institutes, |id| registry.institutes.get(id));
        settle!(self.programmes, programmes, Programmes, |id| registry.programmes.get(id));
        settle!(self.phases, phases, Phases, |id| registry.phases.get(id));
        settle!(self.partnerships, partnerships, Partnerships, |id| registry.partnerships.get(id));
        settle!(self.conditions, conditions, Conditions, |(partnership, tier, kind)| {
            registry.conditions.iter().find(|c| c.partnership == *partnership && c.tier == *tier && c.kind == *kind)
        });
        macro_rules! settle_dated {
            ($lines:expr, $target:ident, $table:ident, $row:expr) => {
                let (changes, counts) = $lines.settle();
                tally.add(Table::$table, counts);
                rows.$target = changes.into_iter().map($row).collect();
            };
        }
        settle_dated!(self.school_boards, school_boards, SchoolBoards, |c: Change<_, _>| SchoolBoard {
            school: c.key,
            board: c.now.what,
            span: c.now.span
        });
        settle_dated!(self.standings, partnership_standings, PartnershipStandings, |c: Change<_, _>| PartnershipStanding {
            partnership: c.key,
            status: c.now.what,
            span: c.now.span
        });
        settle_dated!(self.institute_members, institute_memberships, InstituteMemberships, |c: Change<(_, _), _>| InstituteMembership {
            partnership: c.key.0,
            institute: c.key.1,
            span: c.now.span
        });
        settle_dated!(self.board_members, board_memberships, BoardMemberships, |c: Change<(_, _), Seat<_>>| BoardMembership {
            partnership: c.key.0,
            board: c.key.1,
            tier: c.now.what.tier,
            buddy: c.now.what.buddy,
            span: c.now.span
        });
        settle_dated!(self.school_members, school_memberships, SchoolMemberships, |c: Change<(_, _), Seat<_>>| SchoolMembership {
            partnership: c.key.0,
            school: c.key.1,
            tier: c.now.what.tier,
            buddy: c.now.what.buddy,
            span: c.now.span
        });
        settle_dated!(self.evidence, evidence, Evidence, |c: Change<(_, _), _>| Evidence {
            school: c.key.0,
            kind: c.key.1,
            value: c.now.what,
            span: c.now.span
        });
        // Regions are replaced, not added to.
        planner.rows.cleared_regions = rows.partnerships.iter().map(|p| p.id).collect();
        planner.rows.parked_phases = programmes::parked(registry, &rows.phases);
    }
}
