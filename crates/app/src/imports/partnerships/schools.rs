//! Boards and schools, and which school belongs to which board.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernschil_domain::ids::{BoardId, SchoolId};
use kernschil_domain::periods::{Span, dutch_date};
use kernschil_domain::registry::{Board, School};
use kernschil_domain::values::SchoolCode;
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::{BoardRow, SchoolRow};

use super::Plan;
use crate::imports::codes;
use crate::imports::dated::Dated;
use crate::imports::duo::known_boards;
use crate::imports::findings::{Place, problem};
use crate::imports::keys::id_of;
use crate::imports::lookup::{self, Source};

impl Plan<'_, '_> {
    /// Stages boards.
    pub(super) fn boards(&mut self, rows: &[Located<BoardRow>]) {
        for row in rows {
            let id: BoardId = id_of(&mut self.keys.boards, row.value.number.clone(), self.planner.ids);
            self.boards.put(id, Board { id, number: row.value.number.clone(), name: Some(row.value.name.to_string()) });
        }
    }

    /// Stages schools with their boards.
    pub(super) fn schools(&mut self, rows: &[Located<SchoolRow>]) {
        let mut members_since: HashMap<&SchoolCode, NaiveDate> = HashMap::new();
        for row in rows {
            if let Some(membership) = &row.value.membership {
                let since = members_since.entry(&row.value.school).or_insert(membership.span.from);
                *since = membership.span.from.min(*since);
            }
        }
        for row in rows {
            let id: SchoolId = id_of(&mut self.keys.schools, row.value.school.clone(), self.planner.ids);
            self.school(id, &row.value);
            let at = (Place::of("schools", row), "board");
            if let Some(board) = lookup::board(self.planner, &self.keys, Source::SameFile, at, &row.value.board) {
                self.school_board(row, id, board, members_since.get(&row.value.school).copied());
            }
        }
    }

    fn school(&mut self, id: SchoolId, row: &SchoolRow) {
        let known = self.schools.get(&id).or_else(|| self.registry.schools.get(&id));
        let school = School {
            id,
            code: row.school.clone(),
            name: row.name.to_string(),
            sector: row.sector,
            postcode: row.postcode.clone().or_else(|| known.and_then(|k| k.postcode.clone())),
            place: row.place.as_ref().map(ToString::to_string).or_else(|| known.and_then(|k| k.place.clone())),
            coordinate: row.coordinate.or_else(|| known.and_then(|k| k.coordinate)),
            closed_on: known.and_then(|k| k.closed_on),
            email: row.email.clone().or_else(|| known.and_then(|k| k.email.clone())),
        };
        self.schools.put(id, school);
    }

    /// The file says to which board a school belongs, not since when. A new school belongs to it for
    /// as long as it takes part; a change holds from the first day of this school year.
    fn school_board(&mut self, row: &Located<SchoolRow>, school: SchoolId, board: BoardId, member_since: Option<NaiveDate>) {
        let place = Place::of("schools", row);
        let (year_start, today) = (self.planner.school_year_start(), self.planner.today);
        let line = self.school_boards.of(school, || known_boards(self.registry, school));
        let Some(current) = line.on(today).or_else(|| line.now().last()).cloned() else {
            let from = member_since.map_or(year_start, |since| since.min(year_start));
            self.planner.fit(place, "board", line, Dated { span: Span::since(from), what: board }, "het bestuur van deze school");
            return;
        };
        if current.what == board {
            line.confirm(current.span.from);
            return;
        }
        let from = current.span.from.max(year_start);
        if current.span.from >= year_start {
            line.correct(current.span.from, board);
        } else {
            self.planner.fit(place, "board", line, Dated { span: Span::since(from), what: board }, "het bestuur van deze school");
        }
        let number = self.registry.boards.get(&current.what).map(|b| b.number.to_string()).unwrap_or_default();
        let message = format!(
            "School {} hoort tot nu toe bij bestuur {number}. Vanaf {} wordt dat {}.",
            row.value.school,
            dutch_date(from),
            row.value.board
        );
        self.planner.found.warning(
            place,
            "board",
            problem(codes::SCHOOL_OTHER_BOARD, message, "Controleer het bestuursnummer. Klopt het, dan hoeft u niets te doen."),
        );
    }
}
