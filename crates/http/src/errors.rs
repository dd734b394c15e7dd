//! Every error as a response: a problem under `/api/`, else a page, or a redirect to sign in.

use kernschil_app::AppError;
use poem::http::header::{ALLOW, LOCATION, RETRY_AFTER};
use poem::http::{HeaderValue, StatusCode};
use poem::{IntoResponse, Response};

use crate::caller::Caller;
use crate::failure::Failure;
use crate::layers::{Http, Visit};
use crate::problem::Problem;
use crate::return_path::sign_in_address;
use crate::typed::TypedText;

/// What an error page shows.
#[derive(Debug, Clone)]
pub struct ErrorView {
    /// The status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// Dutch sentence that says what is wrong and what to do.
    pub detail: String,
    /// Number of the request, to mention when asking for help.
    pub request_id: String,
    /// Who is signed in.
    pub caller: Option<Caller>,
    /// The page the request came from, as far as it is ours.
    pub came_from: Option<String>,
    /// What somebody typed that was not stored, to give back.
    pub typed: Vec<TypedText>,
}

/// Who asked, and what was typed.
pub(crate) struct Asked {
    /// Who is signed in.
    pub(crate) caller: Option<Caller>,
    /// What a form held.
    pub(crate) typed: Vec<TypedText>,
}

/// Makes a response of an error.
pub(crate) fn response(http: &Http, visit: &Visit, asked: Asked, error: poem::Error) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    let status = error.status();
    if status.is_server_error() {
        tracing::error!(request = %visit.id, %error, "the request failed");
    }
    let mut response = match error.downcast_ref::<Failure>() {
        // What was typed would be lost on the way.
        Some(Failure::App(AppError::Unauthenticated)) if !visit.is_api() && asked.typed.is_empty() => return to_sign_in(visit),
        Some(failure) => show(http, visit, asked, Problem::of(failure, visit.id)),
        None => show(http, visit, asked, of_framework(&error, visit)),
    };
    let headers = response.headers_mut();
    match error.downcast_ref::<Failure>() {
        Some(Failure::Method { allow }) => set(headers, ALLOW, allow),
        Some(Failure::TooMany { seconds }) => set(headers, RETRY_AFTER, &seconds.to_string()),
        _ => {}
    }
    response
}

fn set(headers: &mut poem::http::HeaderMap, name: poem::http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn show(http: &Http, visit: &Visit, asked: Asked, problem: Problem) -> Response {
    if visit.is_api() {
        return problem.into_response();
    }
    let view = ErrorView {
        status: problem.status,
        code: problem.code,
        detail: problem.detail,
        request_id: visit.id.to_string(),
        caller: asked.caller,
        came_from: visit.return_to.clone(),
        typed: asked.typed,
    };
    let status = StatusCode::from_u16(view.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Response::builder().status(status).content_type("text/html; charset=utf-8").body((http.error_page)(&view))
}

/// What poem itself refuses: unknown paths, methods, parameters and bodies it cannot read.
fn of_framework(error: &poem::Error, visit: &Visit) -> Problem {
    let status = error.status();
    let (code, detail) = match status.as_u16() {
        401 => ("niet-ingelogd", AppError::Unauthenticated.dutch()),
        404 => ("niet-gevonden", AppError::NotFound.dutch()),
        405 => ("methode-niet-toegestaan", Failure::Method { allow: String::new() }.dutch()),
        413 => ("te-groot", Failure::TooLarge { most: 0 }.dutch()),
        415 => ("formaat-niet-ondersteund", "Dit formaat leest Kernschil hier niet. Controleer het Content-Type.".to_owned()),
        500.. => ("interne-fout", AppError::Internal(String::new()).dutch()),
        _ => ("ongeldig-verzoek", "Het verzoek klopt niet. Controleer het adres en de velden en probeer het opnieuw.".to_owned()),
    };
    Problem::plain(status, code, detail, visit.id)
}

fn to_sign_in(visit: &Visit) -> Response {
    let location = sign_in_address(visit.return_to.as_deref());
    Response::builder().status(StatusCode::SEE_OTHER).header(LOCATION, location).finish()
}
