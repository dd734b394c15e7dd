//! Loading workbooks: choose a file, see what it says and changes, load it.

use chrono::{DateTime, Utc};
use kernschil_app::AppError;
use kernschil_app::imports::{self, ImportFile, ImportReport, PastImport, Stored};
use kernschil_domain::ids::ImportId;
use kernschil_http::{Caller, Failure, UPLOAD_BYTES};
use kernschil_spreadsheets::{ColumnRef, Finding as AppFinding, ImportKind, Note, Severity, definition};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Data, Multipart, Path, Query};
use serde::Deserialize;

use super::several;
use super::staging::{Found, Staged};
use super::support::{Answer, capital, html, html_with, id, problem, see_other, size, workbook};
use super::words::when;
use super::{State, Web};
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::components::text::number;
use crate::views::imports::{
    self as views, ChangeRow, Finding, ImportResultView, ImportRow, ImportState, ImportView, Remark, Rewrite, import_page,
    import_result_page,
};

/// Imports in the history on the page.
const HISTORY: u64 = 30;
/// How far back an import can be looked at by its address.
const LOOKED_BACK: u64 = 1_000;
/// Findings of a kind on the page; the workbook with remarks holds more.
const SHOWN: usize = 200;
/// In place of a kind: what it is, shows from the file.
const RECOGNISE: &str = "herkennen";
/// Files of one upload.
const MOST_FILES: usize = 10;

/// Whether a kind of file comes from elsewhere, so that there is no template to fill in.
fn is_published(kind: ImportKind) -> bool {
    matches!(kind, ImportKind::Duo | ImportKind::Postcodes)
}

/// Whether somebody may load a kind of file.
fn may_load(caller: &Caller, kind: ImportKind) -> bool {
    caller.actor.may(imports::permission(kind))
}

/// Address of the template of a kind, for who may load it.
pub(super) fn template_href(caller: &Caller, kind: ImportKind) -> Option<String> {
    (!is_published(kind) && may_load(caller, kind)).then(|| format!("/importeren/sjabloon/{}.xlsx", kind.code()))
}

/// The first sentence or two of what a kind is for.
pub(super) fn intro(kind: ImportKind) -> String {
    definition(kind).explanation.trim().split("\n\n").next().unwrap_or_default().replace('\n', " ")
}

/// The kinds that somebody may load.
fn kinds(caller: &Caller) -> Vec<views::ImportKind> {
    let kind = |kind: ImportKind| views::ImportKind {
        code: kind.code().to_owned(),
        name: definition(kind).title.clone(),
        help: intro(kind),
        template: template_href(caller, kind),
        docs: format!("/hulp/importeren/{}", kind.code()),
    };
    ImportKind::ALL.into_iter().filter(|kind| may_load(caller, *kind)).map(kind).collect()
}

fn past_row(past: &PastImport, now: DateTime<Utc>) -> ImportRow {
    let sum = |count: fn(&imports::PastChange) -> usize| number(size(past.changes.iter().map(count).sum()));
    let by = past.made_by.as_ref().map_or_else(|| "op de opdrachtregel".to_owned(), |name| format!("door {name}"));
    ImportRow {
        file: past.file_name.clone(),
        kind: definition(past.kind).title.clone(),
        when: capital(&format!("{}, {by}", when(past.made_at, now))),
        outcome: format!("{} nieuw, {} gewijzigd", sum(|change| change.added), sum(|change| change.changed)),
        href: format!("/importeren/{}", past.id),
    }
}

async fn form(web: &Web, caller: &Caller, chosen: String, errors: Vec<FieldError>) -> Answer {
    let now = web.app.clock.now();
    let history = imports::history(&web.app, &caller.actor, HISTORY).await?.iter().map(|past| past_row(past, now)).collect();
    let max_size = format!("{} MB", UPLOAD_BYTES / (1024 * 1024));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let kinds = kinds(caller);
    let chosen = match kinds.as_slice() {
        [only] => only.code.clone(),
        _ if chosen.is_empty() && errors.is_empty() => RECOGNISE.to_owned(),
        _ => chosen,
    };
    let view = ImportView { kinds, chosen, history, max_size, errors };
    Ok(html_with(status, import_page(&web.frame(caller, NavItem::Import).await?, &view)))
}

/// The kind that is chosen beforehand.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    soort: String,
}

/// The form and what was loaded before.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Query(chosen): Query<Chosen>) -> Answer {
    form(&web, caller, chosen.soort, Vec::new()).await
}

/// What somebody sent.
#[derive(Debug, Default)]
struct Upload {
    kind: String,
    files: Vec<ImportFile>,
}

async fn upload(mut parts: Multipart) -> Result<Upload, Failure> {
    let mut upload = Upload::default();
    while let Some(part) = parts.next_field().await.map_err(|_| Failure::Body)? {
        match part.name() {
            Some("soort") => upload.kind = part.text().await.map_err(|_| Failure::Body)?,
            Some("bestand") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await.map_err(|_| Failure::Body)?;
                // A browser sends an empty part without a name when nothing was chosen.
                upload.files.extend((!name.is_empty()).then_some(ImportFile { name, bytes }));
            }
            _ => {}
        }
    }
    Ok(upload)
}

/// What is wrong with what somebody sent, before any file is opened.
fn wrong(upload: &Upload) -> Vec<FieldError> {
    let mut errors = Vec::new();
    match ImportKind::parse(&upload.kind) {
        None if upload.kind != RECOGNISE => errors.push(FieldError::new("soort", "Kies wat u wilt laden.")),
        Some(_) if upload.files.len() > 1 => {
            let words = "Van deze soort laadt u één bestand tegelijk. Laat Kernschil de soort herkennen als u er meer kiest.";
            errors.push(FieldError::new("soort", words));
        }
        Some(_) | None => {}
    }
    if upload.files.is_empty() {
        errors.push(FieldError::new("bestand", "Kies een bestand."));
    } else if upload.files.len() > MOST_FILES {
        errors.push(FieldError::new("bestand", &format!("Kies hoogstens {MOST_FILES} bestanden tegelijk.")));
    }
    errors
}

async fn checked(web: &Web, caller: &Caller, upload: &Upload) -> Result<Found, AppError> {
    if let (Some(kind), [file]) = (ImportKind::parse(&upload.kind), upload.files.as_slice()) {
        return imports::check(&web.app, &caller.actor, kind, file.clone()).await.map(Found::One);
    }
    let mut several = imports::check_several(&web.app, &caller.actor, upload.files.clone()).await?;
    match several.files.pop() {
        Some(only) if several.files.is_empty() && several.waiting.is_empty() => Ok(Found::One(only)),
        last => {
            several.files.extend(last);
            Ok(Found::Several(several))
        }
    }
}

/// Checks files and shows what was found; nothing is stored.
#[handler]
pub(super) async fn check(web: State<'_>, caller: &Caller, parts: Multipart) -> Answer {
    let upload = upload(parts).await?;
    let errors = wrong(&upload);
    if !errors.is_empty() {
        return form(&web, caller, upload.kind, errors).await;
    }
    let Some(owner) = caller.actor.user() else { return Err(AppError::Unauthenticated.into()) };
    match checked(&web, caller, &upload).await {
        Ok(found) => {
            let now = web.app.clock.now();
            let is_clean = match &found {
                Found::One(report) => report.is_clean(),
                Found::Several(several) => several.is_clean(),
            };
            let files = if is_clean { upload.files } else { Vec::new() };
            let staged = Staged { id: ImportId(web.app.ids.next()), owner, at: now, files, found };
            let address = format!("/importeren/{}", staged.id);
            web.staging.put(staged, now);
            Ok(see_other(&address))
        }
        Err(error @ AppError::File { .. }) => {
            let error = FieldError::new("bestand", &error.dutch());
            form(&web, caller, upload.kind, vec![error]).await
        }
        Err(error) => Err(error.into()),
    }
}

fn place(sheet: Option<&String>, row: Option<u32>, column: Option<&ColumnRef>) -> String {
    let mut parts: Vec<String> = sheet.cloned().into_iter().collect();
    parts.extend(row.map(|row| format!("rij {row}")));
    parts.extend(column.map(|column| column.header.clone()).filter(|header| !header.is_empty()));
    if parts.is_empty() { "Het bestand".to_owned() } else { parts.join(", ") }
}

/// A finding for the screen.
pub(super) fn finding(finding: &AppFinding) -> Finding {
    let column = finding.column.as_ref().map(|column| match (column.header.as_str(), column.letters.as_str()) {
        ("", letters) => letters.to_owned(),
        (header, "") => header.to_owned(),
        (header, letters) => format!("{header} ({letters})"),
    });
    Finding {
        sheet: finding.sheet.clone().unwrap_or_else(|| "Het bestand".to_owned()),
        row: finding.row,
        column: column.unwrap_or_default(),
        value: finding.value.clone().unwrap_or_default(),
        code: finding.code.clone().into_owned(),
        message: finding.message.clone(),
        advice: finding.advice.clone(),
    }
}

fn state(report: &ImportReport) -> ImportState {
    if !report.is_clean() {
        ImportState::Wrong
    } else if report.changes_anything() {
        ImportState::Ready
    } else {
        ImportState::Unchanged
    }
}

fn rewrite(note: &Note) -> Option<Rewrite> {
    let place = place(note.sheet.as_ref(), note.row, note.column.as_ref());
    Some(Rewrite { place, from: note.value.clone().unwrap_or_default(), to: note.became.clone()? })
}

fn remark(note: &Note) -> Option<Remark> {
    let place = place(note.sheet.as_ref(), note.row, note.column.as_ref());
    note.became.is_none().then(|| Remark { place, text: note.message.clone() })
}

/// What is shown of a file that was checked.
pub(super) fn checked_view(id: ImportId, report: &ImportReport) -> ImportResultView {
    let outcome = &report.outcome;
    let with = |severity| outcome.findings.list.iter().filter(move |finding| finding.severity == severity);
    let rewritten: Vec<_> = outcome.notes.list.iter().filter_map(rewrite).collect();
    let change = |change: &imports::TableChange| ChangeRow {
        table: capital(change.dutch),
        new: size(change.added),
        changed: size(change.changed),
        unchanged: size(change.unchanged),
    };
    ImportResultView {
        id: id.to_string(),
        file: report.file_name.clone(),
        kind: definition(report.kind).title.clone(),
        loaded: String::new(),
        state: state(report),
        changes: report.changes.iter().map(change).collect(),
        errors: with(Severity::Error).take(SHOWN).map(finding).collect(),
        error_count: size(outcome.errors),
        remarks: with(Severity::Warning).take(SHOWN).map(finding).collect(),
        remark_count: size(outcome.findings.total.saturating_sub(outcome.errors)),
        rewrite_count: size(rewritten.len()),
        rewritten: rewritten.into_iter().take(SHOWN).collect(),
        notes: outcome.notes.list.iter().filter_map(remark).take(SHOWN).collect(),
        annotated: (outcome.findings.total > 0).then(|| format!("/importeren/{id}/bevindingen.xlsx")),
    }
}

fn past_view(past: &PastImport, now: DateTime<Utc>) -> ImportResultView {
    let row = past_row(past, now);
    let change = |change: &imports::PastChange| ChangeRow {
        table: capital(&change.dutch),
        new: size(change.added),
        changed: size(change.changed),
        unchanged: size(change.unchanged),
    };
    ImportResultView {
        id: past.id.to_string(),
        file: row.file,
        kind: row.kind,
        loaded: row.when,
        state: ImportState::Loaded,
        changes: past.changes.iter().map(change).collect(),
        ..ImportResultView::default()
    }
}

/// What a checked file says, or what was loaded before.
#[handler]
pub(super) async fn result(web: State<'_>, caller: &Caller, Path(import): Path<String>) -> Answer {
    let import: ImportId = id(&import)?;
    let now = web.app.clock.now();
    let view = if let Some(staged) = web.staging.get(import, caller.actor.user(), now) {
        // What was found is only for who may still load it: a role that ended ends at once.
        match &staged.found {
            Found::One(report) => {
                caller.actor.require(imports::permission(report.kind))?;
                checked_view(staged.id, report)
            }
            Found::Several(several) => return several::answer(&web, caller, StatusCode::OK, None, (staged.id, several)).await,
        }
    } else {
        let history = imports::history(&web.app, &caller.actor, LOOKED_BACK).await?;
        past_view(history.iter().find(|past| past.id == import).ok_or(AppError::NotFound)?, now)
    };
    Ok(html(import_result_page(&web.frame(caller, NavItem::Import).await?, &view)))
}

pub(super) fn expired() -> Failure {
    AppError::conflict("controle-verlopen", "Deze controle is verlopen. Kies het bestand opnieuw; er is niets opgeslagen.").into()
}

/// Loads a file that was checked.
#[handler]
pub(super) async fn load(web: State<'_>, caller: &Caller, Path(import): Path<String>) -> Answer {
    let import: ImportId = id(&import)?;
    let staged = web.staging.get(import, caller.actor.user(), web.app.clock.now()).ok_or_else(expired)?;
    let report = match &staged.found {
        Found::One(report) => report,
        Found::Several(found) => return several::load(&web, caller, &staged, found).await,
    };
    let file = staged.files.first().cloned().ok_or_else(expired)?;
    let loaded = imports::load(&web.app, &caller.actor, report.kind, file).await;
    let now = web.app.clock.now();
    match loaded {
        Ok(ImportReport { stored: Stored::Everything { import: stored }, .. }) => {
            web.staging.remove(import, now);
            Ok(see_other(&format!("/importeren/{stored}")))
        }
        // Somebody else loaded the same, or something that makes this file wrong: show it as it is now.
        Ok(report) => {
            let files = if report.is_clean() { staged.files.clone() } else { Vec::new() };
            web.staging.put(Staged { files, found: Found::One(report), at: now, ..staged.as_ref().clone() }, now);
            Ok(see_other(&format!("/importeren/{import}")))
        }
        Err(AppError::Conflict { message, .. }) => {
            let mut frame = web.frame(caller, NavItem::Import).await?;
            frame.flash = Some(problem(message));
            Ok(html_with(StatusCode::CONFLICT, import_result_page(&frame, &checked_view(staged.id, report))))
        }
        Err(error) => Err(error.into()),
    }
}

/// Everything that was found as a workbook.
#[handler]
pub(super) fn annotated(Data(web): State<'_>, caller: &Caller, Path(import): Path<String>) -> Answer {
    let staged = web.staging.get(id(&import)?, caller.actor.user(), web.app.clock.now()).ok_or_else(expired)?;
    let report = staged.found.last().ok_or_else(expired)?;
    caller.actor.require(imports::permission(report.kind))?;
    let name = report.file_name.rsplit_once('.').map_or(report.file_name.as_str(), |(name, _)| name);
    Ok(workbook(&format!("bevindingen-{name}.xlsx"), imports::annotated(report)?))
}

/// An empty workbook to fill in.
#[handler]
pub(super) fn template(caller: &Caller, Path(file): Path<String>) -> Answer {
    let kind = file.strip_suffix(".xlsx").and_then(ImportKind::parse).filter(|kind| !is_published(*kind)).ok_or(AppError::NotFound)?;
    let name = format!("sjabloon-{}.xlsx", kernschil_domain::rounds::slug(&definition(kind).title));
    Ok(workbook(&name, imports::template(&caller.actor, kind)?))
}
