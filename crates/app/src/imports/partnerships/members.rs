//! Boards and schools that take part in partnerships, in the kern or the schil.

use std::collections::BTreeSet;

use kernschil_domain::codes::Tier;
use kernschil_domain::ids::{BoardId, PartnershipId, SchoolId};
use kernschil_domain::periods::Span;
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::{BoardRow, SchoolRow};

use super::{Plan, Seat};
use crate::imports::codes;
use crate::imports::dated::Dated;
use crate::imports::findings::{Place, key, problem};
use crate::imports::lookup::{self, Source};

impl Plan<'_, '_> {
    /// Fits in the memberships of boards and schools, the earliest first.
    pub(super) fn memberships(&mut self, boards: &[Located<BoardRow>], schools: &[Located<SchoolRow>]) {
        let mut boards: Vec<_> = boards.iter().filter_map(|row| Some((row, row.value.membership.as_ref()?))).collect();
        boards.sort_by_key(|(_, membership)| membership.span.from);
        let mut schools: Vec<_> = schools.iter().filter_map(|row| Some((row, row.value.membership.as_ref()?))).collect();
        schools.sort_by_key(|(_, membership)| membership.span.from);
        for (row, membership) in boards {
            let place = Place::of("boards", row);
            let buddy = membership.buddy.as_ref().and_then(|number| self.keys.boards.get(number).copied());
            if let Some(number) = membership.buddy.as_ref().filter(|_| buddy.is_none()) {
                self.unknown_buddy(place, number.as_str());
            }
            let at = (place, "partnership");
            let partnership = lookup::partnership(self.planner, &self.keys, Source::SameFile, at, &membership.partnership);
            let (Some(partnership), Some(board)) = (partnership, self.keys.boards.get(&row.value.number).copied()) else { continue };
            let new = Dated { span: membership.span, what: Seat { tier: membership.tier, buddy } };
            let known = || known_boards(self.registry, partnership, board);
            let line = self.board_members.of((partnership, board), known);
            self.planner.fit(place, "valid_from", line, new, "de deelname van dit bestuur aan dit partnerschap");
        }
        for (row, membership) in schools {
            let place = Place::of("schools", row);
            let buddy = membership.buddy.as_ref().and_then(|code| self.keys.schools.get(code).copied());
            if let Some(code) = membership.buddy.as_ref().filter(|_| buddy.is_none()) {
                self.unknown_buddy(place, code.as_str());
            }
            let at = (place, "partnership");
            let partnership = lookup::partnership(self.planner, &self.keys, Source::SameFile, at, &membership.partnership);
            let (Some(partnership), Some(school)) = (partnership, self.keys.schools.get(&row.value.school).copied()) else { continue };
            let new = Dated { span: membership.span, what: Seat { tier: membership.tier, buddy } };
            let known = || known_schools(self.registry, partnership, school);
            let line = self.school_members.of((partnership, school), known);
            self.planner.fit(place, "valid_from", line, new, "de deelname van deze school aan dit partnerschap");
        }
    }

    fn unknown_buddy(&mut self, place: Place<'_>, code: &str) {
        let what = problem(
            codes::BUDDY_UNKNOWN,
            format!("Maatje {code} is niet bekend."),
            "Controleer de code, of zet het maatje ook in dit bestand.",
        );
        lookup::unknown(self.planner, Source::SameFile, place, "buddy", what);
    }

    /// Looks, when all memberships are known, at what they say about each other.
    pub(super) fn check_members(&mut self, boards: &[Located<BoardRow>], schools: &[Located<SchoolRow>]) {
        for row in boards {
            let Some(membership) = &row.value.membership else { continue };
            let buddy = membership.buddy.as_ref().and_then(|number| self.keys.boards.get(number).copied());
            let partnership = self.keys.partnerships.get(&key(membership.partnership.as_str())).copied();
            let (Some(buddy), Some(partnership)) = (buddy, partnership) else { continue };
            if !is_kern(&self.seats_of_board(partnership, buddy), membership.span) {
                self.buddy_not_kern(Place::of("boards", row), membership.partnership.as_str());
            }
        }
        let mut reported = BTreeSet::new();
        for row in schools {
            let Some(membership) = &row.value.membership else { continue };
            let Some(partnership) = self.keys.partnerships.get(&key(membership.partnership.as_str())).copied() else { continue };
            let buddy = membership.buddy.as_ref().and_then(|code| self.keys.schools.get(code).copied());
            if buddy.is_some_and(|buddy| !is_kern(&self.seats_of_school(partnership, buddy), membership.span)) {
                self.buddy_not_kern(Place::of("schools", row), membership.partnership.as_str());
            }
            let Some(board) = self.keys.boards.get(&row.value.board).copied() else { continue };
            let takes_part = self.seats_of_board(partnership, board).iter().any(|seat| seat.span.overlaps(&membership.span));
            if !takes_part && reported.insert((partnership, board)) {
                let message = format!(
                    "School {} doet mee aan “{}”, maar haar bestuur {} niet.",
                    row.value.school, membership.partnership, row.value.board
                );
                let advice = "Zet het bestuur met dit partnerschap op het blad Besturen. Klopt het zo, dan hoeft u niets te doen.";
                self.planner.found.warning(Place::of("schools", row), "partnership", problem(codes::BOARD_NOT_MEMBER, message, advice));
            }
        }
    }

    fn buddy_not_kern(&mut self, place: Place<'_>, partnership: &str) {
        let message = format!("Het maatje hoort niet bij de kern van “{partnership}”. Het telt dan niet als begeleiding door de kern.");
        self.planner.found.warning(
            place,
            "buddy",
            problem(codes::BUDDY_NOT_KERN, message, "Kies een maatje uit de kern, of geef het maatje de rol kern."),
        );
    }

    fn seats_of_board(&self, partnership: PartnershipId, board: BoardId) -> Vec<Dated<Seat<BoardId>>> {
        match self.board_members.get(&(partnership, board)) {
            Some(line) => line.now().to_vec(),
            None => known_boards(self.registry, partnership, board),
        }
    }

    fn seats_of_school(&self, partnership: PartnershipId, school: SchoolId) -> Vec<Dated<Seat<SchoolId>>> {
        match self.school_members.get(&(partnership, school)) {
            Some(line) => line.now().to_vec(),
            None => known_schools(self.registry, partnership, school),
        }
    }
}

fn is_kern<B>(seats: &[Dated<Seat<B>>], span: Span) -> bool {
    seats.iter().any(|seat| seat.what.tier == Tier::Kern && seat.span.overlaps(&span))
}

fn known_boards(registry: &kernschil_domain::registry::Registry, partnership: PartnershipId, board: BoardId) -> Vec<Dated<Seat<BoardId>>> {
    let known = registry.board_memberships.iter().filter(|m| m.partnership == partnership && m.board == board);
    known.map(|m| Dated { span: m.span, what: Seat { tier: m.tier, buddy: m.buddy } }).collect()
}

fn known_schools(
    registry: &kernschil_domain::registry::Registry,
    partnership: PartnershipId,
    school: SchoolId,
) -> Vec<Dated<Seat<SchoolId>>> {
    let known = registry.school_memberships.get(&school).into_iter().flatten().filter(|m| m.partnership == partnership);
    known.map(|m| Dated { span: m.span, what: Seat { tier: m.tier, buddy: m.buddy } }).collect()
}
