//! Evidence of a review: the list, bringing a piece, a newer version of it, and taking it along.

use chrono::{DateTime, Utc};
use kernschil_app::reviews::evidence::{self, EvidenceFile, EvidenceItem, EvidenceList, FILE_BYTES, Source};
use kernschil_app::reviews::reflection::ReflectionAccess;
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::ids::ReviewEvidenceId;
use kernschil_domain::reviews::{EvidenceForm as Shape, ReviewEvidenceVersion};
use kernschil_http::{Caller, Failure};
use poem::http::StatusCode;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::{Form, Multipart, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::reflection::{Writers, dossier, seen, title};
use super::support::{Answer, done, field_errors, html_with, id, problem, see_other};
use super::{State, Web};
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::components::text::number;
use crate::views::evidence::{
    EvidenceForm, EvidenceLine, EvidenceVersionLine, EvidenceView, PartChoice, PieceView, evidence_page, piece_page,
};

/// Names of the fields of the forms, by those of the use case.
const FIELDS: [(&str, &str); 4] = [("title", "titel"), ("file", "bestand"), ("link", "link"), ("parts", "onderdeel")];

fn most() -> String {
    format!("{} MB", FILE_BYTES / (1024 * 1024))
}

/// `340 kB`, `2,4 MB`
fn size_in_words(bytes: i64) -> String {
    let kilobytes = u32::try_from(bytes.div_euclid(1_000).max(1)).unwrap_or(u32::MAX);
    if kilobytes < 1_000 {
        return format!("{kilobytes} kB");
    }
    format!("{},{} MB", number(kilobytes / 1_000), kilobytes % 1_000 / 100)
}

fn href(list: &EvidenceList, version: &ReviewEvidenceVersion, form: Shape) -> String {
    match form {
        Shape::Link => version.name.clone(),
        Shape::File => {
            format!("/peer-reviews/{}/bewijsstukken/{}/versies/{}", list.review.slug, version.evidence, version.number)
        }
    }
}

fn writers(list: &EvidenceList, now: DateTime<Utc>) -> Writers<'_> {
    Writers { names: &list.names, now }
}

fn line(list: &EvidenceList, item: &EvidenceItem, now: DateTime<Utc>) -> EvidenceLine {
    let is_gone = item.evidence.removed_at.is_some();
    let latest = item.versions.last();
    let what = |version: &ReviewEvidenceVersion| match item.evidence.kind {
        Shape::Link => version.name.clone(),
        Shape::File => format!("{} ({})", version.name, size_in_words(version.size)),
    };
    EvidenceLine {
        id: item.evidence.id.to_string(),
        title: item.evidence.title.clone(),
        what: latest.map(what).unwrap_or_default(),
        href: latest.filter(|_| !is_gone).map(|version| href(list, version, item.evidence.kind)).unwrap_or_default(),
        used_for: item.evidence.used_for.iter().map(|part| part.code().0.clone()).collect(),
        brought: latest.map(|version| writers(list, now).line(version.by, version.at)).unwrap_or_default(),
        is_gone,
    }
}

/// The parts to choose from, with those that were chosen.
fn parts(list: &EvidenceList, chosen: &[String]) -> Vec<PartChoice> {
    let choice = |part: kernschil_domain::frameworks::Part| PartChoice {
        title: title(&list.content, &part),
        is_chosen: chosen.contains(&part.code().0),
        code: part.code().0.clone(),
    };
    list.content.parts().map(choice).collect()
}

/// What just happened, or where somebody comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    gedaan: String,
    onderdeel: String,
}

/// What somebody sent.
#[derive(Default)]
struct Sent {
    title: String,
    link: String,
    version: String,
    parts: Vec<String>,
    file: Option<EvidenceFile>,
}

async fn sent(mut form: Multipart) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(|_| Failure::Body)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "bestand" {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| Failure::Body)?;
            // A browser sends an empty part without a name when nothing was chosen.
            sent.file = (!name.is_empty()).then_some(EvidenceFile { name, bytes });
            continue;
        }
        let text = field.text().await.map_err(|_| Failure::Body)?;
        match name.as_str() {
            "titel" => sent.title = text,
            "link" => sent.link = text,
            "versie" => sent.version = text,
            "onderdeel" => sent.parts.push(text),
            _ => {}
        }
    }
    Ok(sent)
}

/// The one of two that was filled in.
fn source(file: Option<EvidenceFile>, link: &str) -> Result<Source, AppError> {
    let wrong = |code: &str, message: &str| AppError::Invalid(vec![AppFieldError::new("file", code, message)]);
    match (file, link.trim()) {
        (Some(file), "") => Ok(Source::File(file)),
        (None, link) if !link.is_empty() => Ok(Source::Link(link.to_owned())),
        (Some(_), _) => Err(wrong("bestand-of-link", "Kies een bestand of vul een link in, niet allebei.")),
        (None, _) => Err(wrong("verplicht", "Kies een bestand of vul een link in.")),
    }
}

/// What a refusal means for a page with the form on it: a file that is too large has a status of its own.
fn refusal(error: AppError) -> Result<(StatusCode, Vec<FieldError>, Option<String>), Failure> {
    match error {
        AppError::Invalid(errors) => {
            let is_large = errors.iter().any(|error| error.code == "bestand-te-groot");
            let status = if is_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
            Ok((status, field_errors(&errors, &FIELDS), None))
        }
        AppError::Conflict { message, .. } => Ok((StatusCode::CONFLICT, Vec::new(), Some(message))),
        other => Err(other.into()),
    }
}

async fn page(web: &Web, caller: &Caller, slug: &str, filled: Sent, refused: Option<AppError>, did: &str) -> Answer {
    let list = evidence::list(&web.app, &caller.actor, slug).await?;
    let (status, errors, message) = refused.map_or(Ok((StatusCode::OK, Vec::new(), None)), refusal)?;
    let now = web.app.clock.now();
    let form = EvidenceForm { title: filled.title, link: filled.link, parts: parts(&list, &filled.parts), errors };
    let view = EvidenceView {
        dossier: dossier(&list.review),
        lines: list.items.iter().map(|item| line(&list, item, now)).collect(),
        form: list.takes_more().then_some(form),
        most: most(),
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = match did {
        "toegevoegd" => Some(done("Het bewijsstuk is toegevoegd.")),
        "weggehaald" => Some(done("Het bewijsstuk is weggehaald. De titel staat er nog.")),
        _ => message.map(problem),
    };
    Ok(html_with(status, evidence_page(&frame, &view)))
}

/// The evidence of a review.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let filled = Sent { parts: vec![asked.onderdeel], ..Sent::default() };
    page(&web, caller, &slug, filled, None, &asked.gedaan).await
}

/// Brings a piece of evidence.
#[handler]
pub(super) async fn add(web: State<'_>, caller: &Caller, Path(slug): Path<String>, form: Multipart) -> Answer {
    let mut sent = sent(form).await?;
    let added = match source(sent.file.take(), &sent.link) {
        Ok(source) => evidence::add(&web.app, &caller.actor, &slug, (&sent.title, &sent.parts), source).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/bewijsstukken?gedaan=toegevoegd"))),
        Err(error) => page(&web, caller, &slug, sent, Some(error), "").await,
    }
}

/// What was filled in of a piece, where that differs from what it is.
struct Filled {
    title: String,
    link: String,
    parts: Vec<String>,
}

async fn piece(
    web: &Web,
    caller: &Caller,
    (slug, evidence): (&str, &str),
    filled: Option<Filled>,
    refused: Option<AppError>,
    did: &str,
) -> Answer {
    let list = evidence::list(&web.app, &caller.actor, slug).await?;
    let wanted: ReviewEvidenceId = id(evidence)?;
    let found = list.items.iter().find(|item| item.evidence.id == wanted && item.evidence.removed_at.is_none());
    let item = found.ok_or_else(|| Failure::from(AppError::NotFound))?;
    let (status, errors, message) = refused.map_or(Ok((StatusCode::OK, Vec::new(), None)), refusal)?;
    let writers = writers(&list, web.app.clock.now());
    let version = |version: &ReviewEvidenceVersion| EvidenceVersionLine {
        number: version.number.to_string(),
        name: version.name.clone(),
        href: href(&list, version, item.evidence.kind),
        size: if item.evidence.kind == Shape::File { size_in_words(version.size) } else { String::new() },
        brought: writers.line(version.by, version.at),
    };
    let used = || item.evidence.used_for.iter().map(|part| part.code().0.clone()).collect();
    let filled = filled.unwrap_or_else(|| Filled { title: item.evidence.title.clone(), link: String::new(), parts: used() });
    let view = PieceView {
        dossier: dossier(&list.review),
        id: wanted.to_string(),
        is_file: item.evidence.kind == Shape::File,
        versions: item.versions.iter().rev().map(version).collect(),
        form: EvidenceForm { title: filled.title, link: filled.link, parts: parts(&list, &filled.parts), errors },
        version: item.evidence.version.0.to_string(),
        can_change: list.access == ReflectionAccess::Write,
        most: most(),
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = match did {
        "bewaard" => Some(done("Titel en gebruik zijn bewaard.")),
        "vernieuwd" => Some(done("De nieuwe versie is toegevoegd.")),
        _ => message.map(problem),
    };
    Ok(html_with(status, piece_page(&frame, &view, &item.evidence.title)))
}

/// One piece with its versions.
#[handler]
pub(super) async fn show_piece(
    web: State<'_>,
    caller: &Caller,
    Path((slug, evidence)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    piece(&web, caller, (&slug, &evidence), None, None, &asked.gedaan).await
}

/// Another title, and other parts it is used for.
#[handler]
pub(super) async fn change(
    web: State<'_>,
    caller: &Caller,
    Path((slug, evidence)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let all = |name: &str| pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect::<Vec<_>>();
    let (title, parts) = (all("titel").pop().unwrap_or_default(), all("onderdeel"));
    let key = (id(&evidence)?, seen(&all("versie").pop().unwrap_or_default()));
    match evidence::change(&web.app, &caller.actor, &slug, key, (&title, &parts)).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/bewijsstukken/{evidence}?gedaan=bewaard"))),
        Err(error) => {
            let filled = Filled { title, link: String::new(), parts };
            piece(&web, caller, (&slug, &evidence), Some(filled), Some(error), "").await
        }
    }
}

/// A newer version of a piece.
#[handler]
pub(super) async fn renew(web: State<'_>, caller: &Caller, Path((slug, evidence)): Path<(String, String)>, form: Multipart) -> Answer {
    let mut sent = sent(form).await?;
    let key = (id(&evidence)?, seen(&sent.version));
    let renewed = match source(sent.file.take(), &sent.link) {
        Ok(source) => evidence::renew(&web.app, &caller.actor, &slug, key, source).await,
        Err(error) => Err(error),
    };
    match renewed {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/bewijsstukken/{evidence}?gedaan=vernieuwd"))),
        Err(error) => piece(&web, caller, (&slug, &evidence), None, Some(error), "").await,
    }
}

/// The version of the piece that somebody saw.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VersionForm {
    versie: String,
}

/// Takes a piece away.
#[handler]
pub(super) async fn remove(
    web: State<'_>,
    caller: &Caller,
    Path((slug, evidence)): Path<(String, String)>,
    Form(form): Form<VersionForm>,
) -> Answer {
    match evidence::remove(&web.app, &caller.actor, &slug, (id(&evidence)?, seen(&form.versie))).await {
        Ok(()) => Ok(see_other(&format!("/peer-reviews/{slug}/bewijsstukken?gedaan=weggehaald"))),
        Err(error) => piece(&web, caller, (&slug, &evidence), None, Some(error), "").await,
    }
}

/// The name of a file in a header: plain letters for old programs, and the name as it is.
fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let whole: String =
        name.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// A version of a file, to keep: a browser never shows it as a page of ours.
#[handler]
pub(super) async fn download(web: State<'_>, caller: &Caller, Path((slug, evidence, number)): Path<(String, String, String)>) -> Answer {
    let number = number.parse().map_err(|_| Failure::from(AppError::NotFound))?;
    let file = evidence::download(&web.app, &caller.actor, &slug, id(&evidence)?, number).await?;
    Ok(Response::builder().content_type(file.media_type).header(CONTENT_DISPOSITION, disposition(&file.name)).body(file.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_the_header() {
        assert_eq!(disposition("a\"b\r\n.pdf"), "attachment; filename=\"a-b--.pdf\"; filename*=UTF-8''a%22b%0D%0A.pdf");
        assert_eq!(disposition("Zoë.pdf"), "attachment; filename=\"Zo-.pdf\"; filename*=UTF-8''Zo%C3%AB.pdf");
    }

    #[test]
    fn a_size_is_told_in_few_signs() {
        assert_eq!([200, 340_000, 2_440_000].map(size_in_words), ["1 kB", "340 kB", "2,4 MB"]);
    }
}
