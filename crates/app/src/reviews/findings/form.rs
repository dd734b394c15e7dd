//! The form to take along: a workbook with one's own findings, to fill in without network, and to bring back.
//!
//! The form says what each finding was recognised by when it was downloaded, so that bringing it back tells what changed on
//! the form from what changed on the screen meanwhile. Nothing is stored before she chose; what changed in both places is
//! kept twice unless she says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{FindingId, ReviewEvidenceId};
use kernschil_domain::reviews::{Finding, FindingKind, ReviewEvidence};
use kernschil_spreadsheets::parse::{FilledForm, FormColumn, FormLine, parse_findings_form};
use kernschil_spreadsheets::write::{FindingsForm, FormFinding, FormPart, findings_form};
use kernschil_storage::reviews::findings;
use serde_json::json;
use uuid::Uuid;

use super::taking_over::Chosen;
use super::writing::{Checked, FindingInput, Own, not_in_panel};
use super::{FindingsList, list_known, panel_member, state_hash};
use crate::error::{AppError, FieldError};
use crate::imports::{ImportFile, cells};
use crate::reviews::reflection::framework_of;
use crate::reviews::sight;
use crate::{Actor, App, Change};

/// A row of the form, as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// Number of the row on the form; nothing when it is chosen about again.
    pub row: Option<u32>,
    /// The finding it is of; nothing for a new one.
    pub key: Option<FindingId>,
    /// What it says.
    pub input: FindingInput,
}

/// A row that cannot be taken over.
#[derive(Debug, Clone)]
pub struct RowFault {
    /// Number of the row on the form.
    pub row: u32,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// What is done with a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormChoice {
    /// As the form says.
    Form,
    /// As it stands.
    Screen,
    /// What stands stays, and what the form says is added.
    Both,
}

impl FormChoice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Form, Self::Screen, Self::Both];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Screen => "screen",
            Self::Both => "both",
        }
    }

    /// By its code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.code() == code)
    }
}

/// How the form and what stands differ about one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// New on the form.
    New(FormRow),
    /// Changed on the form only.
    Changed(Finding, FormRow),
    /// Changed on the form, and on the screen since it was downloaded.
    ChangedTwice(Finding, FormRow),
    /// Changed on the form, and removed on the screen since it was downloaded.
    Gone(FormRow),
    /// Emptied on the form, or not on it any more.
    LeftOut(Finding),
}

impl Difference {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::New(_) => "new",
            Self::Changed(..) => "changed",
            Self::ChangedTwice(..) => "changed-twice",
            Self::Gone(_) => "gone",
            Self::LeftOut(_) => "left-out",
        }
    }

    /// What is chosen when nobody says anything: nothing is lost by it.
    pub fn usual(&self) -> FormChoice {
        match self {
            Self::New(_) | Self::Changed(..) | Self::Gone(_) => FormChoice::Form,
            Self::ChangedTwice(..) => FormChoice::Both,
            Self::LeftOut(_) => FormChoice::Screen,
        }
    }

    /// What stands.
    pub fn now(&self) -> Option<&Finding> {
        match self {
            Self::New(_) | Self::Gone(_) => None,
            Self::Changed(now, _) | Self::ChangedTwice(now, _) | Self::LeftOut(now) => Some(now),
        }
    }

    /// What the form says.
    pub fn form(&self) -> Option<&FormRow> {
        match self {
            Self::New(row) | Self::Gone(row) | Self::Changed(_, row) | Self::ChangedTwice(_, row) => Some(row),
            Self::LeftOut(_) => None,
        }
    }
}

/// What a form would change.
#[derive(Debug, Clone)]
pub struct FormPreview {
    /// The findings as they stand.
    pub list: FindingsList,
    /// How the form differs from them.
    pub differences: Vec<Difference>,
    /// How many findings are the same.
    pub unchanged: usize,
    /// Rows that cannot be taken over; with any of them nothing is.
    pub faults: Vec<RowFault>,
}

/// What one finding is recognised by as it stands.
fn digest(finding: &Finding) -> String {
    let hash = state_hash(finding.review, finding.member, std::slice::from_ref(finding));
    hash.chars().take(16).collect()
}

/// The number of each piece of evidence on a form: the same on every form of a review, as pieces that are taken away keep
/// theirs.
fn numbers(evidence: &[ReviewEvidence]) -> BTreeMap<usize, &ReviewEvidence> {
    let mut sorted: Vec<_> = evidence.iter().collect();
    sorted.sort_by_key(|piece| piece.id);
    (1..).zip(sorted).collect()
}

fn form_parts(content: &FrameworkContent, findings: &[Finding]) -> Vec<FormPart> {
    let about = |part: &Part| {
        let questions = match &part.criterion {
            None => content.safeguard(&part.safeguard).map(|safeguard| &safeguard.questions),
            Some(code) => content.criterion(code).map(|(_, criterion)| &criterion.questions),
        };
        let asked = questions.into_iter().flatten().chain(&content.questions).map(String::as_str);
        std::iter::once(content.title(part)).chain(asked).collect::<Vec<_>>().join("\n")
    };
    let mut parts: Vec<_> = content.parts().map(|part| FormPart { code: part.code().0.clone(), about: about(&part) }).collect();
    for finding in findings {
        let code = &finding.part.code().0;
        if !parts.iter().any(|part| part.code == *code) {
            parts.push(FormPart { code: code.clone(), about: "Dit onderdeel staat niet meer in het kader.".to_owned() });
        }
    }
    parts
}

/// The form with one's own findings as they stand, as .xlsx. It is given as long as she can write.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for who cannot write now.
pub async fn form_workbook(app: &App, actor: &Actor, slug: &str) -> Result<Vec<u8>, AppError> {
    app.store
        .write(async |tx| {
            let own = Own::open(tx, actor, slug).await?;
            own.require_open(tx).await?;
            let framework = framework_of(tx, own.known.review.framework).await?;
            let numbers = numbers(&own.evidence);
            let number = |id: &ReviewEvidenceId| numbers.iter().find(|(_, piece)| piece.id == *id).map(|(number, _)| *number);
            let line = |finding: &Finding| FormFinding {
                key: finding.id.to_string(),
                part: finding.part.code().0.clone(),
                kind: finding.kind.dutch().to_owned(),
                text: finding.text.clone(),
                evidence: finding.evidence.iter().filter_map(number).collect(),
                digest: digest(finding),
            };
            let form = FindingsForm {
                title: format!("Bevindingen – {}", own.known.review.name),
                review_name: own.known.review.name.clone(),
                member_name: own.member.name.clone(),
                review: slug.to_owned(),
                framework: framework.hash,
                member: own.member.id.to_string(),
                state: state_hash(own.known.review.id, own.member.id, &own.findings),
                kinds: FindingKind::ALL.iter().map(|kind| kind.dutch().to_owned()).collect(),
                parts: form_parts(&own.content, &own.findings),
                findings: own.findings.iter().map(line).collect(),
                evidence: numbers
                    .iter()
                    .filter(|(_, piece)| piece.removed_at.is_none())
                    .map(|(number, piece)| (*number, piece.title.clone()))
                    .collect(),
            };
            app.audit(tx, actor, EventKind::ReviewExported, slug, Change::to(json!({ "what": "findings-form" })));
            findings_form(&form).map_err(|error| AppError::Internal(error.to_string()))
        })
        .await
}

fn refused(code: &str, message: &str, advice: &str) -> AppError {
    AppError::File { code: code.to_owned(), message: message.to_owned(), advice: advice.to_owned() }
}

fn no_form() -> AppError {
    let advice = "Kies het werkboek dat u op de pagina Bevindingen heeft gedownload, met alle bladen en kolommen.";
    refused("geen-formulier", "Dit werkboek is geen formulier voor bevindingen.", advice)
}

/// Refuses a form that is not of this review, member and framework.
fn require_own(own: &Own, form: &FilledForm, framework: &str) -> Result<(), AppError> {
    let again = "Download uw formulier opnieuw en neem over wat u opgeschreven heeft.";
    if form.review != own.known.review.slug {
        let advice = "Open de bevindingen van die andere peer review en lees het daar in.";
        return Err(refused("formulier-andere-review", "Dit formulier hoort bij een andere peer review.", advice));
    }
    if form.member != own.member.id.to_string() {
        return Err(refused("formulier-van-ander", "Dit formulier is van een ander panellid.", again));
    }
    if form.framework != framework {
        return Err(refused("formulier-ander-kader", "De peer review volgt intussen een andere versie van het kader.", again));
    }
    Ok(())
}

fn row(line: &FormLine, evidence: &BTreeMap<usize, &ReviewEvidence>) -> FormRow {
    let kind = FindingKind::ALL.iter().find(|kind| kind.dutch().eq_ignore_ascii_case(&line.kind)).map(|kind| kind.code());
    // A number of no evidence becomes an identifier of none, which is refused where all is checked.
    let id = |number: &usize| evidence.get(number).map_or(ReviewEvidenceId(Uuid::nil()), |piece| piece.id);
    FormRow {
        row: Some(line.row),
        key: line.key.parse().ok().map(FindingId),
        input: FindingInput {
            kind: kind.unwrap_or(&line.kind).to_owned(),
            part: line.part.clone(),
            text: line.text.clone(),
            evidence: line.evidence.iter().map(id).collect(),
        },
    }
}

/// What is wrong with a row, with the cell it stands in and what that holds.
fn in_cell(line: &FormLine, error: FieldError) -> FieldError {
    let column = match error.field.as_str() {
        "kind" => FormColumn::Kind,
        "part" => FormColumn::Part,
        "text" => FormColumn::Text,
        "evidence" => FormColumn::Evidence,
        _ => return error,
    };
    let (value, place) = (line.value(column), format!("Cel {}, kolom {}", line.cell(column), column.header()));
    let advice = if column == FormColumn::Kind {
        let kinds: Vec<_> = FindingKind::ALL.iter().map(|kind| kind.dutch()).collect();
        format!("Kies uit de lijst: {}.", kinds.join(", "))
    } else {
        error.message.clone()
    };
    let message = match value {
        "" => format!("{place}, is leeg. {advice}"),
        // A text that is too long says so itself.
        _ if column == FormColumn::Text => format!("{place}. {advice}"),
        value => format!("{place}, zegt “{value}”. {advice}"),
    };
    FieldError { message, ..error }
}

/// Whether a finding says the same as what was checked.
fn is_same(finding: &Finding, checked: &Checked) -> bool {
    let mut evidence = finding.evidence.clone();
    evidence.sort();
    (finding.kind, &finding.part, &finding.text, &evidence) == (checked.kind, &checked.part, &checked.text, &checked.evidence)
}

/// What a comparison found.
#[derive(Default)]
struct Compared {
    differences: Vec<Difference>,
    unchanged: usize,
    faults: Vec<RowFault>,
}

fn compare(own: &Own, form: &FilledForm, at: DateTime<Utc>) -> Compared {
    let numbers = numbers(&own.evidence);
    let before: BTreeMap<FindingId, &str> =
        form.digests.iter().filter_map(|(key, digest)| Some((FindingId(key.parse().ok()?), digest.as_str()))).collect();
    let (mut found, mut seen) = (Compared::default(), BTreeSet::new());
    for line in &form.lines {
        let mut row = row(line, &numbers);
        // Of a row that was copied with its key, the first is the finding and the others are new.
        row.key = row.key.filter(|id| before.contains_key(id) && seen.insert(*id));
        let now = row.key.and_then(|id| own.findings.iter().find(|finding| finding.id == id));
        if row.input.text.is_empty() && row.key.is_some() && line.unreadable.is_empty() {
            found.differences.extend(now.map(|now| Difference::LeftOut(now.clone())));
            continue;
        }
        let checked = match own.check(&row.input, now) {
            Ok(checked) if line.unreadable.is_empty() => checked,
            checked => {
                let broken = line.unreadable.iter().map(|title| {
                    let message = format!("In de kolom {title} staat een formule of een fout. Typ de tekst zelf in de cel.");
                    FieldError::new("row", "cel-onleesbaar", message)
                });
                let wrong = checked.err().into_iter().flatten().map(|error| in_cell(line, error));
                let errors = broken.chain(wrong).collect();
                found.faults.push(RowFault { row: line.row, errors });
                continue;
            }
        };
        let said = |id| digest(&own.with(id, checked.clone(), at));
        let is_as_downloaded = row.key.is_some_and(|id| before.get(&id).copied() == Some(said(id).as_str()));
        match now {
            Some(now) if is_same(now, &checked) || is_as_downloaded => found.unchanged += 1,
            Some(now) if row.key.is_some_and(|id| before.get(&id).copied() == Some(digest(now).as_str())) => {
                found.differences.push(Difference::Changed(now.clone(), row));
            }
            Some(now) => found.differences.push(Difference::ChangedTwice(now.clone(), row)),
            None if row.key.is_none() => found.differences.push(Difference::New(row)),
            None if is_as_downloaded => {}
            None => found.differences.push(Difference::Gone(row)),
        }
    }
    // A finding that was on the form and has no row any more. What was added on the screen since was never on it.
    let gone = own.findings.iter().filter(|finding| before.contains_key(&finding.id) && !seen.contains(&finding.id));
    found.differences.extend(gone.map(|finding| Difference::LeftOut(finding.clone())));
    found.unchanged += own.findings.iter().filter(|finding| !before.contains_key(&finding.id)).count();
    found
}

/// Reads a form that was filled in and says what it would change; nothing is stored.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when she cannot write now; [`AppError::File`] for
/// what is no form, or a form of another review, member or framework.
pub async fn read_form(app: &App, actor: &Actor, slug: &str, file: ImportFile) -> Result<FormPreview, AppError> {
    require_writing(app, actor, slug).await?;
    let (_, raw) = cells(app, file).await?;
    let form = parse_findings_form(&raw).ok_or_else(no_form)?;
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::WriteFindings).await?;
            let framework = framework_of(tx, known.review.framework).await?;
            let own = Own::read(tx, actor, known).await?;
            require_own(&own, &form, &framework.hash)?;
            let Compared { differences, unchanged, faults } = compare(&own, &form, app.clock.now());
            Ok(FormPreview { list: list_known(tx, actor, own.known).await?, differences, unchanged, faults })
        })
        .await
}

/// Refuses who cannot write now, before a file is read.
async fn require_writing(app: &App, actor: &Actor, slug: &str) -> Result<(), AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::WriteFindings).await?;
            let member = panel_member(tx, actor, &known).await?.ok_or_else(not_in_panel)?;
            let hand_ins = findings::hand_ins(tx, known.review.id).await?;
            let lock = super::lock(&known.review, &member, hand_ins.iter().find(|done| done.member == member.id));
            lock.map_or(Ok(()), |lock| Err(lock.into()))
        })
        .await
}

/// The same differences again, held against what stands now: after a choice that came too late, so that nothing that was
/// brought is lost.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn compare_form(app: &App, actor: &Actor, slug: &str, chosen: &[Chosen]) -> Result<FormPreview, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::WriteFindings).await?;
            let own = Own::read(tx, actor, known).await?;
            let find = |id: FindingId| own.findings.iter().find(|finding| finding.id == id).cloned();
            let again = |one: &Chosen| match (one.seen, &one.form) {
                (None, Some(row)) => Some(Difference::New(row.clone())),
                (Some((id, seen)), Some(row)) => Some(match find(id) {
                    Some(now) if now.version == seen => Difference::Changed(now, row.clone()),
                    Some(now) => Difference::ChangedTwice(now, row.clone()),
                    None => Difference::Gone(row.clone()),
                }),
                (Some((id, _)), None) => find(id).map(Difference::LeftOut),
                (None, None) => None,
            };
            let differences: Vec<_> = chosen.iter().filter_map(again).collect();
            let touched = differences.iter().filter(|difference| difference.now().is_some()).count();
            let unchanged = own.findings.len().saturating_sub(touched);
            Ok(FormPreview { list: list_known(tx, actor, own.known).await?, differences, unchanged, faults: Vec::new() })
        })
        .await
}
