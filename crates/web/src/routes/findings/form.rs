//! The form to take along: downloading it, looking at what it changes, and taking that over.

use kernschil_app::AppError;
use kernschil_app::imports::ImportFile;
use kernschil_app::reviews::findings::{self, Chosen, Difference, FindingsList, FormChoice, FormPreview, FormRow};
use kernschil_domain::ids::FindingId;
use kernschil_domain::reviews::FindingKind;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Multipart, Path};

use super::{FIELDS, address, filled, input, page, part_words, stored};
use crate::components::nav::NavItem;
use crate::routes::reflection::{dossier, seen};
use crate::routes::support::{Answer, capital, field_errors, html_with, id, problem, see_other, size, workbook};
use crate::routes::{State, Web};
use crate::views::findings::{DifferenceView, FindingFields, FormPreviewView, form_preview_page};

/// The form with her findings.
#[handler]
pub(crate) async fn download(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let bytes = findings::form_workbook(&web.app, &caller.actor, &slug).await?;
    Ok(workbook(&format!("bevindingen-{slug}.xlsx"), bytes))
}

fn about(list: &FindingsList, fields: &FindingFields) -> String {
    let kind = FindingKind::parse(&fields.kind).map_or("", FindingKind::dutch);
    let part = list.content.part(&fields.part).map_or_else(|| fields.part.clone(), |part| part_words(list, &part));
    format!("{} bij {part}", capital(kind))
}

fn fields(row: &FormRow) -> FindingFields {
    FindingFields {
        kind: row.input.kind.clone(),
        part: row.input.part.clone(),
        text: row.input.text.clone(),
        evidence: row.input.evidence.iter().map(ToString::to_string).collect(),
    }
}

/// What a difference is, and what can be chosen about it.
fn words(difference: &Difference) -> (&'static str, Vec<(&'static str, &'static str)>) {
    let choice = |choice: FormChoice, words| (choice.code(), words);
    match difference {
        Difference::New(_) => {
            ("Nieuw op het formulier", vec![choice(FormChoice::Form, "Toevoegen"), choice(FormChoice::Screen, "Niet overnemen")])
        }
        Difference::Changed(..) => (
            "Gewijzigd op het formulier",
            vec![
                choice(FormChoice::Form, "Neem over wat op het formulier staat"),
                choice(FormChoice::Screen, "Houd wat op het scherm staat"),
                choice(FormChoice::Both, "Houd allebei"),
            ],
        ),
        Difference::ChangedTwice(..) => (
            "Gewijzigd op het formulier en op het scherm",
            vec![
                choice(FormChoice::Both, "Houd allebei"),
                choice(FormChoice::Form, "Neem over wat op het formulier staat"),
                choice(FormChoice::Screen, "Houd wat op het scherm staat"),
            ],
        ),
        Difference::Gone(_) => (
            "Gewijzigd op het formulier, verwijderd op het scherm",
            vec![choice(FormChoice::Form, "Weer toevoegen"), choice(FormChoice::Screen, "Verwijderd laten")],
        ),
        Difference::LeftOut(_) => (
            "Weggelaten op het formulier",
            vec![choice(FormChoice::Screen, "Houd de bevinding"), choice(FormChoice::Form, "Verwijder de bevinding")],
        ),
    }
}

fn view(preview: &FormPreview) -> FormPreviewView {
    let list = &preview.list;
    let one = |difference: &Difference| {
        let (what, choices) = words(difference);
        let now = difference.now();
        DifferenceView {
            what: what.to_owned(),
            id: now.map(|now| now.id.to_string()).unwrap_or_default(),
            version: now.map(|now| now.version.0.to_string()).unwrap_or_default(),
            now: now.map(|now| (about(list, &stored(now)), now.text.clone())),
            form: difference.form().map(|row| (about(list, &fields(row)), fields(row))),
            choices,
            chosen: difference.usual().code(),
        }
    };
    let fault = |fault: &findings::RowFault| {
        let words: Vec<_> = field_errors(&fault.errors, &FIELDS).into_iter().map(|error| error.message).collect();
        (fault.row, words.join(" "))
    };
    FormPreviewView {
        dossier: dossier(&list.review),
        differences: preview.differences.iter().map(one).collect(),
        unchanged: size(preview.unchanged),
        faults: preview.faults.iter().map(fault).collect(),
    }
}

async fn preview_page(web: &Web, caller: &Caller, preview: &FormPreview, refused: Option<String>) -> Answer {
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let status = match &refused {
        Some(_) => StatusCode::CONFLICT,
        None if preview.faults.is_empty() => StatusCode::OK,
        None => StatusCode::BAD_REQUEST,
    };
    frame.flash = refused.map(problem);
    Ok(html_with(status, form_preview_page(&frame, &view(preview))))
}

async fn upload(mut parts: Multipart) -> Result<Option<ImportFile>, Failure> {
    let mut file = None;
    while let Some(part) = parts.next_field().await.map_err(|_| Failure::Body)? {
        if part.name() == Some("bestand") {
            let name = part.file_name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(|_| Failure::Body)?;
            // A browser sends an empty part without a name when nothing was chosen.
            file = (!name.is_empty()).then_some(ImportFile { name, bytes });
        }
    }
    Ok(file)
}

/// Shows what a form that was filled in would change.
#[handler]
pub(crate) async fn read(web: State<'_>, caller: &Caller, Path(slug): Path<String>, parts: Multipart) -> Answer {
    let Some(file) = upload(parts).await? else {
        let missing = AppError::File {
            code: "verplicht".to_owned(),
            message: "U heeft geen bestand gekozen.".to_owned(),
            advice: "Kies het formulier dat u heeft ingevuld.".to_owned(),
        };
        return page(&web, caller, &slug, FindingFields::default(), Some(missing)).await;
    };
    match findings::read_form(&web.app, &caller.actor, &slug, file).await {
        Ok(preview) => preview_page(&web, caller, &preview, None).await,
        Err(error) => page(&web, caller, &slug, FindingFields::default(), Some(error)).await,
    }
}

/// The most differences of one form: as many as a form that is all new and all left out.
const MOST: usize = 1_000;

/// The choices about differences, by the number that stands behind the names of their fields.
async fn choices(mut parts: Multipart) -> Result<Vec<Chosen>, Failure> {
    let mut pairs: Vec<Vec<(String, String)>> = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|_| Failure::Body)? {
        let Some((name, number)) =
            part.name().and_then(|name| name.rsplit_once('-')).map(|(name, number)| (name.to_owned(), number.to_owned()))
        else {
            continue;
        };
        let Some(at) = number.parse::<usize>().ok().filter(|at| *at < MOST) else { continue };
        let text = part.text().await.map_err(|_| Failure::Body)?;
        if pairs.len() <= at {
            pairs.resize(at + 1, Vec::new());
        }
        pairs[at].push((name, text));
    }
    Ok(pairs.into_iter().filter(|pairs| !pairs.is_empty()).map(chosen).collect())
}

fn chosen(pairs: Vec<(String, String)>) -> Chosen {
    let value = |name: &str| pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
    let id: Option<FindingId> = value("kenmerk").and_then(|text| id(&text).ok());
    // Without a choice what stands stays, so that nothing is done that nobody asked for.
    let choice = value("keuze").and_then(|code| FormChoice::parse(&code)).unwrap_or(FormChoice::Screen);
    let version = seen(&value("versie").unwrap_or_default());
    let has_form = value("bevinding").is_some();
    let form = has_form.then(|| FormRow { row: None, key: id, input: input(&filled(pairs).fields) });
    Chosen { seen: id.map(|id| (id, version)), form, choice }
}

/// Takes over what was chosen.
#[handler]
pub(crate) async fn take_over(web: State<'_>, caller: &Caller, Path(slug): Path<String>, parts: Multipart) -> Answer {
    let chosen = choices(parts).await?;
    match findings::take_over(&web.app, &caller.actor, &slug, &chosen).await {
        Ok(_) => Ok(see_other(&format!("{}?gedaan=overgenomen", address(&slug)))),
        Err(error @ AppError::Conflict { .. }) => {
            let preview = findings::compare_form(&web.app, &caller.actor, &slug, &chosen).await?;
            let words = format!("{} Er is niets overgenomen. Kijk hieronder wat er nu verandert en kies opnieuw.", error.dutch());
            preview_page(&web, caller, &preview, Some(words)).await
        }
        Err(error) => Err(error.into()),
    }
}
