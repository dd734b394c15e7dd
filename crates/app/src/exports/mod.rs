//! Workbooks to take along: per school, per student, the exceptions, and coverage.
//!
//! What people typed is always written as text, never as a formula, and nothing is hidden. Every
//! export of names is noted in the audit.

pub(crate) mod cells;
mod coverage;
mod exceptions;
mod schools;
mod students;

#[cfg(test)]
mod tests;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::rounds::RoundData;
use kernschil_spreadsheets::write::{Report, ReportSheet, report};
use serde_json::json;

use crate::coverage::{CoverageQuery, Explained, explained};
use crate::error::AppError;
use crate::{Actor, App, Change};

pub use kernschil_spreadsheets::write::XLSX_MEDIA_TYPE;

/// A workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbook {
    /// Name of the file.
    pub file_name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What a workbook is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExportKind {
    /// Schools, and who comes when.
    Schools,
    /// Students with their place.
    Students,
    /// Who is not placed, not at a kern school, or outside, and why.
    Exceptions,
    /// Coverage.
    Coverage,
}

impl ExportKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Schools, Self::Students, Self::Exceptions, Self::Coverage];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Schools => "schools",
            Self::Students => "students",
            Self::Exceptions => "exceptions",
            Self::Coverage => "coverage",
        }
    }

    /// The Dutch title.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Schools => "Scholen en wie er komt",
            Self::Students => "Studenten en hun plaats",
            Self::Exceptions => "Uitzonderingen",
            Self::Coverage => "Dekking",
        }
    }

    /// What is in it and for whom, in Dutch.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Schools => {
                "Per school de plekken, en wie wanneer komt, in welke groepen en bij welke opleider. Voor scholen en besturen."
            }
            Self::Students => "Per student de school, de periode, de reistijd en de opleider. Voor de opleiding.",
            Self::Exceptions => {
                "Wie geen plaats heeft, niet op een kernschool staat of buiten samen opleiden valt, met de reden. Voor overleg."
            }
            Self::Coverage => {
                "De dekking met teller, noemer en alle andere studenten, per partnerschap, instituut, opleiding, fase en periode. Voor verantwoording."
            }
        }
    }

    /// What one must be permitted to take it along. Each kind names students.
    pub fn permission(self) -> Permission {
        match self {
            Self::Schools | Self::Students | Self::Exceptions | Self::Coverage => Permission::ExportStudents,
        }
    }

    /// The Dutch word in the name of the file.
    fn file_word(self) -> &'static str {
        match self {
            Self::Schools => "scholen",
            Self::Students => "studenten",
            Self::Exceptions => "uitzonderingen",
            Self::Coverage => "dekking",
        }
    }

    /// Name of the file for a round.
    pub fn file_name(self, slug: &str) -> String {
        format!("{slug}-{}.xlsx", self.file_word())
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A workbook about a round that was loaded already.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub fn export(round: &Explained, kind: ExportKind) -> Result<Workbook, AppError> {
    match kind {
        ExportKind::Schools => written(&round.data, kind, schools::sheets(&round.data)),
        ExportKind::Students => written(&round.data, kind, students::sheets(round)),
        ExportKind::Exceptions => written(&round.data, kind, exceptions::sheets(round)),
        ExportKind::Coverage => coverage_of(round, CoverageQuery::default()),
    }
}

/// The workbook about coverage, of a part of the round or on a date.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub fn coverage_of(round: &Explained, query: CoverageQuery) -> Result<Workbook, AppError> {
    written(&round.data, ExportKind::Coverage, coverage::sheets(round, query))
}

fn written(data: &RoundData, kind: ExportKind, sheets: Vec<ReportSheet>) -> Result<Workbook, AppError> {
    let title = format!("{}, {}", kind.dutch(), data.round.name);
    let bytes = report(&Report { title, sheets }).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Workbook { file_name: kind.file_name(&data.round.slug), bytes })
}

/// A workbook about a round; that somebody took it along is noted.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round; [`AppError::Storage`] when the database fails.
pub async fn round_workbook(app: &App, actor: &Actor, slug: &str, kind: ExportKind) -> Result<Workbook, AppError> {
    let round = explained(app, actor, slug, kind.permission()).await?;
    let students = round.data.students.len();
    let work = move || export(&round, kind);
    let workbook = tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))??;
    let detail = json!({ "kind": kind.code(), "students": students });
    app.store
        .write(async |tx| {
            app.audit(tx, actor, EventKind::WorkbookExported, slug, Change::to(detail));
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(workbook)
}
