//! Loading workbooks: checking and storing, templates, and what was loaded before.

pub(super) mod file;

use kernschil_app::App;
use kernschil_app::imports::{self, ImportFile, ImportReport, PastChange, PastImport, Stored, TableChange};
use kernschil_http::ProblemError;
use kernschil_spreadsheets::{self as spreadsheets, ColumnRef, ImportKind as Kind, Outcome, Severity};
use poem::web::Data;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

use self::file::File;
use super::Tag;
use crate::input::{All, Choice, Flag, PageNumber, PageSize, Path, Query, Text, choice, paging};
use crate::output::{Found, Here, Listed, Moment, Page, Workbook};
use crate::refusal::{Conflicts, Refusal, Trouble};
use crate::session::Session;

/// So many imports are listed.
const MOST_LISTED: u64 = 500;

/// The room.
#[derive(Default)]
pub(crate) struct Imports;

choice! {
    /// Kind of file.
    ImportKind(Kind)
}

impl Choice for ImportKind {
    fn every() -> Vec<Self> {
        Kind::ALL.into_iter().map(Self).collect()
    }

    fn code(self) -> &'static str {
        self.0.code()
    }

    fn dutch(self) -> Option<&'static str> {
        Some(match self.0 {
            Kind::Partnerships => "partnerschappen, besturen en scholen",
            Kind::Trainers => "opleiders",
            Kind::Offers => "ronden en plekken",
            Kind::Students => "studenten met voorkeuren",
            Kind::Duo => "schoolvestigingen van DUO",
            Kind::Postcodes => "postcodetabel van GeoNames",
            Kind::TravelTimes => "reistijden tussen postcodegebieden",
        })
    }
}

/// What a file changes in one table.
#[derive(Debug, Object)]
pub(crate) struct ImportChange {
    /// Stable code of the table.
    table: String,
    /// Dutch name of what is in it.
    label: String,
    /// Rows that were not there yet.
    added: usize,
    /// Rows that change.
    changed: usize,
    /// Rows of the file that were there already.
    unchanged: usize,
}

impl From<TableChange> for ImportChange {
    fn from(change: TableChange) -> Self {
        Self {
            table: change.table.to_owned(),
            label: change.dutch.to_owned(),
            added: change.added,
            changed: change.changed,
            unchanged: change.unchanged,
        }
    }
}

impl From<PastChange> for ImportChange {
    fn from(change: PastChange) -> Self {
        Self { table: change.table, label: change.dutch, added: change.added, changed: change.changed, unchanged: change.unchanged }
    }
}

/// Something to look at before the file is loaded, or after.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ImportWarning {
    /// Stable code.
    code: String,
    /// Sheet, where it belongs to one.
    sheet: Option<String>,
    /// Row as one sees it, from 1.
    row: Option<u32>,
    /// Letters of the column.
    column: Option<String>,
    /// Value as it stands in the file, shortened.
    value: Option<String>,
    /// What is wrong, in Dutch.
    message: String,
    /// What to do, in Dutch.
    advice: String,
}

/// Something that was rewritten or left out.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ImportNote {
    /// Stable code.
    code: String,
    /// Sheet, where it belongs to one.
    sheet: Option<String>,
    /// Row as one sees it, from 1.
    row: Option<u32>,
    /// Letters of the column.
    column: Option<String>,
    /// Value as it stands in the file, shortened.
    value: Option<String>,
    /// What it became.
    became: Option<String>,
    /// What was done, in Dutch.
    message: String,
}

/// What was stored of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum ImportOutcome {
    /// Nothing: it was a check.
    Nothing,
    /// Everything.
    Everything,
    /// Nothing had to be: everything in the file was known.
    Unchanged,
}

/// What a file says and what it changes. A file with errors is answered with a problem instead.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ImportResult {
    /// Kind of file.
    kind: ImportKind,
    /// Name of the file.
    file_name: String,
    /// What was stored: `nothing` when it was a check, `unchanged` when everything in the file was known.
    stored: ImportOutcome,
    /// The import in the history, when something was stored.
    import: Option<Uuid>,
    /// What it changes, or would change.
    changes: Vec<ImportChange>,
    /// What to look at; at most a thousand.
    warnings: Vec<ImportWarning>,
    /// What was rewritten or left out; at most a thousand.
    notes: Vec<ImportNote>,
    /// How many notes there are in all.
    notes_total: usize,
}

fn letters(column: Option<ColumnRef>) -> Option<String> {
    column.map(|column| column.letters).filter(|letters| !letters.is_empty())
}

impl From<spreadsheets::Finding> for ImportWarning {
    fn from(finding: spreadsheets::Finding) -> Self {
        Self {
            code: finding.code.into_owned(),
            sheet: finding.sheet,
            row: finding.row,
            column: letters(finding.column),
            value: finding.value,
            message: finding.message,
            advice: finding.advice,
        }
    }
}

impl From<spreadsheets::Note> for ImportNote {
    fn from(note: spreadsheets::Note) -> Self {
        Self {
            code: note.code.into_owned(),
            sheet: note.sheet,
            row: note.row,
            column: letters(note.column),
            value: note.value,
            became: note.became,
            message: note.message,
        }
    }
}

impl From<ImportReport> for ImportResult {
    fn from(report: ImportReport) -> Self {
        let (stored, import) = match report.stored {
            Stored::Nothing => (ImportOutcome::Nothing, None),
            Stored::Everything { import } => (ImportOutcome::Everything, Some(import.0)),
            Stored::Unchanged => (ImportOutcome::Unchanged, None),
        };
        Self {
            kind: report.kind.into(),
            file_name: report.file_name,
            stored,
            import,
            changes: report.changes.into_iter().map(Into::into).collect(),
            warnings: report.outcome.findings.list.into_iter().map(Into::into).collect(),
            notes_total: report.outcome.notes.total,
            notes: report.outcome.notes.list.into_iter().map(Into::into).collect(),
        }
    }
}

/// A problem with every error of the file that is kept.
fn errors_of(report: ImportReport) -> Trouble {
    errors_in(report.outcome)
}

/// A problem with every error that was found in a file.
pub(super) fn errors_in(outcome: Outcome) -> Trouble {
    let message = match outcome.errors {
        1 => "Er zit 1 fout in het bestand. Er is niets opgeslagen. Herstel haar en stuur het bestand opnieuw.".to_owned(),
        errors => format!("Er zitten {errors} fouten in het bestand. Er is niets opgeslagen. Herstel ze en stuur het bestand opnieuw."),
    };
    let wrong = outcome.findings.list.into_iter().filter(|finding| finding.severity == Severity::Error);
    let errors = wrong.map(|finding| {
        let column = finding.column.map(|column| if column.letters.is_empty() { column.header } else { column.letters });
        let parts = [finding.sheet, finding.row.map(|row| row.to_string()), column];
        let pointer =
            parts.into_iter().flatten().fold(String::new(), |path, part| path + "/" + &part.replace('~', "~0").replace('/', "~1"));
        ProblemError { pointer, code: finding.code.into_owned(), message: format!("{} {}", finding.message, finding.advice) }
    });
    Trouble::Workbook { message, errors: errors.collect() }
}

/// A file that was loaded.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Import {
    /// Identifier.
    id: Uuid,
    /// Kind of file.
    kind: ImportKind,
    /// Name of the file.
    file_name: String,
    /// When.
    made_at: Moment,
    /// Name of who did it; absent for somebody at the command line.
    made_by: Option<String>,
    /// What it changed.
    changes: Vec<ImportChange>,
}

impl From<PastImport> for Import {
    fn from(past: PastImport) -> Self {
        Self {
            id: past.id.0,
            kind: past.kind.into(),
            file_name: past.file_name,
            made_at: Moment(past.made_at),
            made_by: past.made_by,
            changes: past.changes.into_iter().map(Into::into).collect(),
        }
    }
}

#[OpenApi(tag = "Tag::Imports")]
impl Imports {
    /// Lists the files that were loaded
    ///
    /// The newest first, at most five hundred: the caller's own, or of everybody for who loads partnerships as well.
    #[oai(path = "/imports", method = "get", operation_id = "listImports")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<Import>, Refusal> {
        let request = paging(page, size)?;
        Ok(Listed(Page::of(imports::history(&app, &session.0.actor, MOST_LISTED).await?, request), here))
    }

    /// Loads or checks a workbook
    ///
    /// All rows are checked first, and nothing is stored unless the file is good. Errors come as a problem with the code
    /// `werkboek-met-fouten`: each error points at its sheet, row and column. The same file again changes nothing.
    ///
    /// A caller loads what is within reach. Of rows about anything else (`buiten-bereik`) nothing more is said.
    #[oai(
        path = "/imports/:kind",
        method = "post",
        operation_id = "createImport",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn load(
        &self,
        session: Session,
        app: Data<&App>,
        /// Kind of file.
        kind: Path<ImportKind>,
        /// `true` only says what is wrong and what would change.
        #[oai(name = "dryRun")]
        dry_run: Query<Flag>,
        /// Name of the file, for messages and the history.
        #[oai(name = "fileName")]
        file_name: Query<Text<1, 255>>,
        /// The file as it is, up to 20 MB.
        file: File,
    ) -> Result<Found<ImportResult>, Refusal<Conflicts>> {
        let (kind, dry_run, name) = (kind.named("kind"), dry_run.0, file_name.0).all()?;
        let name = name.map_or_else(|| "bestand".to_owned(), |name| name.0);
        let file = ImportFile { name, bytes: file.0 };
        let report = match dry_run {
            Some(Flag::Yes) => imports::check(&app, &session.0.actor, kind.0, file).await?,
            Some(Flag::No) | None => imports::load(&app, &session.0.actor, kind.0, file).await?,
        };
        if !report.is_clean() {
            return Err(errors_of(report).into());
        }
        Ok(Found(report.into()))
    }

    /// Gives an empty workbook to fill in
    ///
    /// With a sheet for each table, the columns and their explanation, and lists to choose from. For callers who may load
    /// this kind.
    #[oai(path = "/imports/:kind/template", method = "get", operation_id = "getImportTemplate")]
    #[expect(clippy::unused_async, reason = "poem-openapi asks for it")]
    async fn template(
        &self,
        session: Session,
        /// Kind of file.
        kind: Path<ImportKind>,
    ) -> Result<Workbook, Refusal> {
        let kind = kind.named("kind")?;
        Ok(Workbook { bytes: imports::template(&session.0.actor, kind.0)?, file_name: format!("kernschil-{}.xlsx", kind.0.code()) })
    }
}

#[cfg(test)]
mod tests {
    use kernschil_spreadsheets::Finding;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_error_points_at_its_cell() {
        let finding = |row, column: Option<(&str, &str)>| Finding {
            severity: Severity::Error,
            code: "verplicht-leeg".into(),
            sheet: Some("Studenten a/b".into()),
            row,
            column: column.map(|(letters, header)| ColumnRef { letters: letters.into(), header: header.into() }),
            value: None,
            message: "Dit is leeg.".into(),
            advice: "Vul het in.".into(),
        };
        let mut outcome = Outcome { errors: 3, ..Outcome::default() };
        outcome.findings.push(finding(Some(12), Some(("C", "Naam"))));
        outcome.findings.push(finding(None, Some(("", "Naam"))));
        outcome.findings.push(Finding { severity: Severity::Warning, ..finding(Some(13), None) });
        let kind = Kind::Students;
        let report = ImportReport { kind, file_name: "s.xlsx".into(), outcome, changes: Vec::new(), stored: Stored::Nothing };
        let problem = errors_of(report).problem(Uuid::nil());
        assert_eq!((problem.status, problem.code.as_str()), (400, "werkboek-met-fouten"));
        assert_eq!(
            problem.errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(),
            ["/Studenten a~1b/12/C", "/Studenten a~1b/Naam"]
        );
        assert_eq!(problem.errors[0].message, "Dit is leeg. Vul het in.");
    }
}
