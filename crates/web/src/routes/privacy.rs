//! Privacy: the register, and everything about one student. Retention terms have a room of their own.

mod dossier;
mod register;
pub(super) mod retention;

use kernschil_app::AppError;
use kernschil_app::privacy::{self as use_cases, Correction, Dossier, DossierForm, Erasure, FoundStudent};
use kernschil_domain::codes::StudentKind;
use kernschil_domain::ids::StudentId;
use kernschil_http::{Caller, Failure};
use poem::http::StatusCode;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::support::{Answer, capital, done, field_errors, html, html_with, id, see_other, size, workbook};
use super::{State, Web};
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::components::page::Frame;
use crate::views::privacy::{
    CorrectionView, ErasureView, FoundRow, STUDENTS_PATH, SearchView, correction_page, dossier_page, erasure_page, privacy_page,
    register_page, search_page,
};

/// Names of fields in the use case and in the form.
const FIELDS: [(&str, &str); 5] =
    [("given_name", "voornaam"), ("prefix", "tussenvoegsel"), ("family_name", "achternaam"), ("number", "nummer"), ("kind", "soort")];

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
}

async fn frame(web: &Web, caller: &Caller) -> Result<Frame, Failure> {
    web.frame(caller, NavItem::Privacy).await
}

/// Where everything about privacy begins.
#[handler]
pub(super) async fn start(web: State<'_>, caller: &Caller) -> Answer {
    Ok(html(privacy_page(&frame(&web, caller).await?)))
}

/// The register of processing.
#[handler]
pub(super) async fn show_register(web: State<'_>, caller: &Caller) -> Answer {
    let view = register::view(&use_cases::register(&web.app, &caller.actor).await?);
    Ok(html(register_page(&frame(&web, caller).await?, &view)))
}

/// The register as a workbook.
#[handler]
pub(super) async fn export_register(web: State<'_>, caller: &Caller) -> Answer {
    let made = use_cases::register_workbook(&web.app, &caller.actor).await?;
    Ok(workbook(&made.file_name, made.bytes))
}

/// The form to look for a student.
#[handler]
pub(super) async fn search_form(web: State<'_>, caller: &Caller, Query(did): Query<Did>) -> Answer {
    let mut frame = frame(&web, caller).await?;
    frame.flash =
        (did.gedaan == "geanonimiseerd").then(|| done("De student is geanonimiseerd. Aantallen en dekking zijn gelijk gebleven."));
    Ok(html(search_page(&frame, &SearchView::default())))
}

/// What somebody looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SearchForm {
    zoek: String,
}

fn found_row(found: FoundStudent) -> FoundRow {
    FoundRow { id: found.id.to_string(), name: found.name, number: found.number, institute: found.institute }
}

/// Students by name or number.
#[handler]
pub(super) async fn search(web: State<'_>, caller: &Caller, Form(form): Form<SearchForm>) -> Answer {
    let text = form.zoek.trim().to_owned();
    let frame = frame(&web, caller).await?;
    match use_cases::find(&web.app, &caller.actor, &text).await {
        Ok((rows, total)) => {
            let view = SearchView { search: text, rows: rows.into_iter().map(found_row).collect(), total: size(total), errors: Vec::new() };
            Ok(html(search_page(&frame, &view)))
        }
        Err(AppError::Invalid(errors)) => {
            let view = SearchView { search: text, errors: field_errors(&errors, &[("text", "zoek")]), ..SearchView::default() };
            Ok(html_with(StatusCode::BAD_REQUEST, search_page(&frame, &view)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Everything about a student.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(student): Path<String>, Query(did): Query<Did>) -> Answer {
    let dossier = use_cases::dossier(&web.app, &caller.actor, id(&student)?, DossierForm::Screen).await?;
    let mut frame = frame(&web, caller).await?;
    frame.flash = match did.gedaan.as_str() {
        "verbeterd" => Some(done("De gegevens zijn verbeterd.")),
        "gelijk" => Some(done("Er was niets te verbeteren: alles stond er al zo.")),
        _ => None,
    };
    Ok(html(dossier_page(&frame, &dossier::view(&dossier))))
}

/// The dossier as a workbook.
#[handler]
pub(super) async fn export_dossier(web: State<'_>, caller: &Caller, Path(student): Path<String>) -> Answer {
    let made = use_cases::dossier_workbook(&web.app, &caller.actor, id(&student)?).await?;
    Ok(workbook(&made.file_name, made.bytes))
}

/// The dossier as JSON.
#[handler]
pub(super) async fn export_json(web: State<'_>, caller: &Caller, Path(student): Path<String>) -> Answer {
    let bytes = use_cases::dossier_json(&web.app, &caller.actor, id(&student)?).await?;
    let response = Response::builder().content_type("application/json");
    Ok(response.header(CONTENT_DISPOSITION, "attachment; filename=\"inzage.json\"").body(bytes))
}

fn kinds() -> Vec<(String, String)> {
    StudentKind::ALL.iter().map(|kind| (kind.code().to_owned(), capital(kind.dutch()))).collect()
}

fn correction_view(dossier: Dossier) -> CorrectionView {
    let person = dossier.person;
    CorrectionView {
        id: dossier.id.to_string(),
        seen: dossier.version.to_string(),
        given_name: person.given_name,
        prefix: person.prefix.unwrap_or_default(),
        family_name: person.family_name,
        number: person.number,
        postcode: person.postcode.unwrap_or_default(),
        kind: person.kind.code().to_owned(),
        kinds: kinds(),
        errors: Vec::new(),
    }
}

/// The form to correct data.
#[handler]
pub(super) async fn correction_form(web: State<'_>, caller: &Caller, Path(student): Path<String>) -> Answer {
    let dossier = use_cases::dossier(&web.app, &caller.actor, id(&student)?, DossierForm::Screen).await?;
    Ok(html(correction_page(&frame(&web, caller).await?, &correction_view(dossier))))
}

/// Data of a student as they are sent.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CorrectionForm {
    gezien: String,
    voornaam: String,
    tussenvoegsel: String,
    achternaam: String,
    nummer: String,
    postcode: String,
    soort: String,
}

/// Corrects data.
#[handler]
pub(super) async fn correct(web: State<'_>, caller: &Caller, Path(student): Path<String>, Form(form): Form<CorrectionForm>) -> Answer {
    let id: StudentId = id(&student)?;
    let new = Correction {
        seen: form.gezien.parse().unwrap_or_default(),
        given_name: form.voornaam.clone(),
        prefix: form.tussenvoegsel.clone(),
        family_name: form.achternaam.clone(),
        number: form.nummer.clone(),
        postcode: form.postcode.clone(),
        kind: form.soort.clone(),
    };
    match use_cases::correct(&web.app, &caller.actor, id, &new).await {
        Ok(corrected) => {
            let did = if corrected.fields.is_empty() { "gelijk" } else { "verbeterd" };
            Ok(see_other(&format!("{STUDENTS_PATH}/{id}?gedaan={did}")))
        }
        Err(AppError::Invalid(errors)) => {
            let view = CorrectionView {
                id: id.to_string(),
                seen: form.gezien,
                given_name: form.voornaam,
                prefix: form.tussenvoegsel,
                family_name: form.achternaam,
                number: form.nummer,
                postcode: form.postcode,
                kind: form.soort,
                kinds: kinds(),
                errors: field_errors(&errors, &FIELDS),
            };
            Ok(html_with(StatusCode::BAD_REQUEST, correction_page(&frame(&web, caller).await?, &view)))
        }
        Err(error) => Err(error.into()),
    }
}

fn erasure_view(erasure: Erasure) -> ErasureView {
    ErasureView {
        id: erasure.id.to_string(),
        name: erasure.name,
        number: erasure.number,
        obstacles: erasure.obstacles.into_iter().map(|obstacle| obstacle.advice).collect(),
        goes: Erasure::GOES.map(capital).to_vec(),
        stays: Erasure::STAYS.map(capital).to_vec(),
        errors: Vec::new(),
    }
}

/// What erasing a student does, and the question whether that is meant.
#[handler]
pub(super) async fn erasure_form(web: State<'_>, caller: &Caller, Path(student): Path<String>) -> Answer {
    let view = erasure_view(use_cases::erasure(&web.app, &caller.actor, id(&student)?).await?);
    Ok(html(erasure_page(&frame(&web, caller).await?, &view)))
}

/// Whether it is meant.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ErasureForm {
    zeker: String,
}

/// Makes a student unrecognisable.
#[handler]
pub(super) async fn erase(web: State<'_>, caller: &Caller, Path(student): Path<String>, Form(form): Form<ErasureForm>) -> Answer {
    let id: StudentId = id(&student)?;
    if form.zeker != "ja" {
        let mut view = erasure_view(use_cases::erasure(&web.app, &caller.actor, id).await?);
        view.errors = vec![FieldError::new("zeker", "Zet het vinkje als u het zeker weet. Er is nog niets veranderd.")];
        return Ok(html_with(StatusCode::BAD_REQUEST, erasure_page(&frame(&web, caller).await?, &view)));
    }
    match use_cases::erase(&web.app, &caller.actor, id).await {
        Ok(()) => Ok(see_other(&format!("{STUDENTS_PATH}?gedaan=geanonimiseerd"))),
        // The page says what stands in the way, and what to do first.
        Err(AppError::Conflict { .. }) => {
            let view = erasure_view(use_cases::erasure(&web.app, &caller.actor, id).await?);
            Ok(html_with(StatusCode::CONFLICT, erasure_page(&frame(&web, caller).await?, &view)))
        }
        Err(error) => Err(error.into()),
    }
}
