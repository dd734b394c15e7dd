//! Frameworks as files: workbooks and YAML, out and in, with everything that is wrong at its place.

use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::{Fault, FrameworkContent};
use kernschil_domain::ids::Version;
use kernschil_spreadsheets::parse::parse_framework;
use kernschil_spreadsheets::write::{annotated as findings_workbook, framework_template, framework_workbook};
use kernschil_spreadsheets::{Finding, Outcome, Severity, yaml as spreadsheet_yaml};

use super::{Begin, change, get, make};
use crate::error::AppError;
use crate::imports::{ImportFile, cells};
use crate::{Actor, App};

/// A file to take along.
#[derive(Debug, Clone)]
pub struct MadeFile {
    /// Name.
    pub file_name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What a file says, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// Name of the file, fit to show.
    pub file_name: String,
    /// What it says; complete only when nothing is wrong.
    pub content: FrameworkContent,
    /// What is wrong, and what was noticed.
    pub outcome: Outcome,
}

impl FileReport {
    /// Whether nothing has to be repaired first.
    pub fn is_clean(&self) -> bool {
        self.outcome.errors == 0
    }
}

/// What came of loading a file.
#[derive(Debug, Clone)]
pub enum Loaded {
    /// It is a draft now, under this name in addresses.
    Draft(String),
    /// Nothing was stored: this is wrong.
    Refused(FileReport),
}

/// A framework as a workbook.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Internal`] when it cannot be written.
pub async fn workbook(app: &App, actor: &Actor, slug: &str) -> Result<MadeFile, AppError> {
    let framework = get(app, actor, slug).await?.framework;
    let bytes = framework_workbook(&framework.content).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(MadeFile { file_name: format!("{}.xlsx", framework.slug), bytes })
}

/// A framework as YAML.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Internal`] when it cannot be written.
pub async fn yaml(app: &App, actor: &Actor, slug: &str) -> Result<MadeFile, AppError> {
    let framework = get(app, actor, slug).await?.framework;
    let text = spreadsheet_yaml::write(&framework.content).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(MadeFile { file_name: format!("{}.yaml", framework.slug), bytes: text.into_bytes() })
}

/// An empty workbook to fill in.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Internal`] when it cannot be written.
pub fn template(actor: &Actor) -> Result<Vec<u8>, AppError> {
    actor.require(Permission::ManageFrameworks)?;
    framework_template().map_err(|error| AppError::Internal(error.to_string()))
}

/// A workbook with everything that is wrong with a file.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub fn annotated(report: &FileReport) -> Result<Vec<u8>, AppError> {
    findings_workbook(&report.file_name, &report.outcome).map_err(|error| AppError::Internal(error.to_string()))
}

/// Where a fault of a file without cells is, in words: `waarborg 1, criterium 2, vraag 3`.
fn place(fault: &Fault) -> String {
    let mut parts = Vec::new();
    for part in fault.path.split('/') {
        let word = match part {
            "safeguards" => "waarborg",
            "criteria" => "criterium",
            "questions" => "vraag",
            "name" => "naam",
            "source" => "bron",
            "code" => "code",
            "text" => "tekst",
            "description" => "omschrijving",
            number => {
                let number = number.parse::<usize>().map(|number| number + 1);
                if let (Some(last), Ok(number)) = (parts.last_mut(), number) {
                    *last = format!("{last} {number}");
                }
                continue;
            }
        };
        parts.push(word.to_owned());
    }
    parts.join(", ")
}

fn from_yaml(file: &ImportFile) -> Result<FileReport, AppError> {
    let content = spreadsheet_yaml::read(&file.bytes).map_err(|error| AppError::File {
        code: error.code().to_owned(),
        message: error.to_string(),
        advice: error.advice().to_owned(),
    })?;
    let mut outcome = Outcome::default();
    for fault in content.faults() {
        let (message, advice) = fault.kind.dutch().split_once(". ").unwrap_or((fault.kind.dutch(), ""));
        outcome.errors += 1;
        outcome.findings.push(Finding {
            severity: Severity::Error,
            code: fault.kind.code().into(),
            sheet: None,
            row: None,
            column: None,
            value: None,
            message: format!("Bij {}: {message}.", place(&fault)),
            advice: advice.to_owned(),
        });
    }
    Ok(FileReport { file_name: file.name.clone(), content, outcome })
}

/// Reads a file without storing anything. A name that ends in .yaml or .yml is YAML, any other a workbook.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::File`] when it cannot be read at all.
pub async fn read(app: &App, actor: &Actor, file: ImportFile) -> Result<FileReport, AppError> {
    actor.require(Permission::ManageFrameworks)?;
    let name = file.name.to_lowercase();
    if [".yaml", ".yml"].iter().any(|end| name.ends_with(end)) {
        return from_yaml(&file);
    }
    let (file_name, raw) = cells(app, file).await?;
    let parsed = parse_framework(&raw);
    Ok(FileReport { file_name, content: parsed.value, outcome: parsed.outcome })
}

/// Makes a draft of a file, or puts what it says in the place of a draft somebody saw.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::File`] when it cannot be read at all; what [`make`] and
/// [`change`] answer.
pub async fn load(app: &App, actor: &Actor, file: ImportFile, into: Option<(&str, Version)>) -> Result<Loaded, AppError> {
    if let Some((slug, _)) = into {
        // A framework that is not there is not there, whatever the file says.
        get(app, actor, slug).await?;
    }
    let report = read(app, actor, file).await?;
    if !report.is_clean() {
        return Ok(Loaded::Refused(report));
    }
    match into {
        None => Ok(Loaded::Draft(make(app, actor, Begin::Content(report.content)).await?)),
        Some((slug, seen)) => {
            change(app, actor, slug, seen, &report.content).await?;
            Ok(Loaded::Draft(slug.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_in_yaml_is_said_with_its_place() {
        let text = "name: Kader\nsource: ''\nsafeguards:\n- code: 1\n  name: Een\n  description: ''\n  origin: own\n  criteria:\n  - code: 1\n    text: x\n    origin: own\n";
        let report = from_yaml(&ImportFile { name: "kader.yaml".to_owned(), bytes: text.as_bytes().to_vec() }).unwrap();
        let said: Vec<_> = report.outcome.findings.list.iter().map(|finding| (finding.code.as_ref(), finding.message.as_str())).collect();
        assert_eq!(
            said,
            [
                ("leeg", "Bij bron: Hier staat nog niets."),
                ("code-dubbel", "Bij waarborg 1, criterium 1, code: Deze code komt al eerder voor in dit kader."),
            ]
        );
        assert!(!report.is_clean());
    }
}
