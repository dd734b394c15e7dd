//! Small workbooks, and what came of them.

use kernschil_app::imports::{self, ImportFile, ImportReport, Stored};
use kernschil_app::{Actor, AppError};
use kernschil_domain::rounds::RoundData;
use kernschil_spreadsheets::ImportKind;
use kernschil_spreadsheets::definition::definition;
use kernschil_spreadsheets::write::{FilledSheet, filled};

use crate::support::TestApp;

/// A row: fields of the definition with their values.
pub(super) type Row<'a> = Vec<(&'a str, &'a str)>;

/// A row with some values changed.
pub(super) fn with<'a>(usual: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Row<'a> {
    let kept = usual.iter().filter(|(field, _)| changes.iter().all(|(changed, _)| changed != field));
    kept.chain(changes).copied().collect()
}

/// A workbook with these rows.
pub(super) fn book(kind: ImportKind, sheets: &[(&str, Vec<Row<'_>>)]) -> ImportFile {
    let filled_sheet = |(key, rows): &(&str, Vec<Row<'_>>)| {
        let def = definition(kind).sheets.iter().find(|def| def.key == *key).unwrap();
        let row = |row: &Row<'_>| {
            let mut cells = vec![""; def.columns.len()];
            for (field, value) in row {
                cells[def.column(field).unwrap_or_else(|| panic!("{field}"))] = value;
            }
            cells.into_iter().map(str::to_owned).collect()
        };
        FilledSheet { key: (*key).to_owned(), rows: rows.iter().map(row).collect() }
    };
    let sheets: Vec<_> = sheets.iter().map(filled_sheet).collect();
    ImportFile { name: format!("{}.xlsx", kind.code()), bytes: filled(kind, &sheets).unwrap() }
}

/// Loads a workbook as somebody.
pub(super) async fn load(app: &TestApp, actor: &Actor, kind: ImportKind, file: ImportFile) -> Outcome {
    Outcome(imports::load(&app.app, actor, kind, file).await.unwrap())
}

/// Checks a workbook as somebody.
pub(super) async fn check(app: &TestApp, actor: &Actor, kind: ImportKind, file: ImportFile) -> Result<Outcome, AppError> {
    imports::check(&app.app, actor, kind, file).await.map(Outcome)
}

/// What came of a workbook.
pub(super) struct Outcome(pub(super) ImportReport);

impl Outcome {
    /// Everything was stored; added, changed and unchanged rows of a table.
    #[track_caller]
    pub(super) fn stored(&self, table: &str) -> (usize, usize, usize) {
        assert!(matches!(self.0.stored, Stored::Everything { .. }), "{:#?}", self.0);
        self.0.changes.iter().find(|change| change.table == table).map_or((0, 0, 0), |c| (c.added, c.changed, c.unchanged))
    }

    /// Errors as `code C2`; nothing was stored.
    #[track_caller]
    pub(super) fn errors(&self) -> Vec<String> {
        assert_eq!(self.0.stored, Stored::Nothing, "{:#?}", self.0);
        assert!(self.0.outcome.errors > 0 && self.0.changes.is_empty(), "{:#?}", self.0);
        let wrong = self.0.outcome.findings.list.iter().filter(|f| f.severity == kernschil_spreadsheets::Severity::Error);
        let column = |f: &kernschil_spreadsheets::Finding| f.column.as_ref().map(|c| c.letters.clone()).unwrap_or_default();
        wrong.map(|f| format!("{} {}{}", f.code, column(f), f.row.map(|row| row.to_string()).unwrap_or_default())).collect()
    }

    /// Codes of what is worth a look.
    pub(super) fn warnings(&self) -> Vec<&str> {
        let list = &self.0.outcome.findings.list;
        list.iter().filter(|f| f.severity == kernschil_spreadsheets::Severity::Warning).map(|f| f.code.as_ref()).collect()
    }

    /// Everything that is said, as one reads it.
    pub(super) fn text(&self) -> String {
        let one = |f: &kernschil_spreadsheets::Finding| format!("{} {} {}", f.code, f.message, f.advice);
        self.0.outcome.findings.list.iter().map(one).collect::<Vec<_>>().join("\n")
    }
}

/// A round as somebody sees it, in words that are the same for the same content.
pub(super) fn in_words(data: &RoundData) -> String {
    let mut lines = vec![format!("{:?}", data.round)];
    macro_rules! rows {
        ($($rows:expr),+ $(,)?) => { $(lines.extend($rows.map(|row| format!("{row:?}")));)+ };
    }
    let registry = &data.registry;
    rows!(
        data.periods.values(),
        data.students.values(),
        data.enrolments.values().flatten(),
        data.offers.values(),
        data.totals.iter(),
        data.demands.values(),
        data.placements.values(),
        data.withdrawn.values(),
        registry.schools.values(),
        registry.school_boards.values().flatten(),
        registry.partnerships.values(),
        registry.institute_memberships.iter(),
        registry.board_memberships.iter(),
        registry.school_memberships.values().flatten(),
        registry.trainers.values(),
        registry.qualifications.values().flatten(),
        registry.trainer_schools.values().flatten(),
    );
    lines.sort();
    lines.join("\n")
}
