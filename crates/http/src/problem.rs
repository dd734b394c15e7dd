//! Errors for programs: problem details by RFC 9457.

use poem::http::StatusCode;
use poem::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use crate::failure::Failure;

/// Media type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong, for a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Kind of problem: `about:blank`, the code says more.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The status.
    pub status: u16,
    /// Dutch sentence that says what is wrong and what to do.
    pub detail: String,
    /// Stable code.
    pub code: String,
    /// This one occurrence: the number of the request, to mention when asking for help.
    pub instance: String,
    /// What is wrong per field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemError {
    /// Which field: a JSON pointer into the request.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// Dutch sentence.
    pub message: String,
}

impl Problem {
    /// The problem for a failure.
    pub fn of(failure: &Failure, request: Uuid) -> Self {
        let errors = failure.fields().iter().map(|field| ProblemError {
            pointer: pointer(&field.field),
            code: field.code.clone(),
            message: field.message.clone(),
        });
        Self { errors: errors.collect(), ..Self::plain(failure.http_status(), failure.code(), failure.dutch(), request) }
    }

    /// A problem without fields.
    pub fn plain(status: StatusCode, code: &str, detail: String, request: Uuid) -> Self {
        Self {
            kind: "about:blank",
            title: title(status),
            status: status.as_u16(),
            detail,
            code: code.to_owned(),
            instance: format!("urn:uuid:{request}"),
            errors: Vec::new(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        Response::builder().status(status).content_type(PROBLEM_JSON).body(body)
    }
}

/// `wishes.2.school` is `/wishes/2/school`, with the escapes of RFC 6901.
fn pointer(field: &str) -> String {
    field.split('.').fold(String::new(), |path, part| format!("{path}/{}", part.replace('~', "~0").replace('/', "~1")))
}

/// The status in Dutch words.
fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "Ongeldig verzoek",
        401 => "Niet ingelogd",
        403 => "Niet toegestaan",
        404 => "Niet gevonden",
        405 => "Methode niet toegestaan",
        406 => "Niet leverbaar in dit formaat",
        409 => "Conflict",
        412 => "Intussen gewijzigd",
        413 => "Te groot",
        415 => "Formaat niet ondersteund",
        428 => "Versie nodig",
        429 => "Te veel verzoeken",
        503 => "Niet beschikbaar",
        500.. => "Interne fout",
        _ => "Verzoek niet uitgevoerd",
    }
}

#[cfg(test)]
mod tests {
    use kernschil_app::{AppError, FieldError};

    use super::*;

    #[test]
    fn fields_become_pointers() {
        let fields = vec![FieldError::new("wishes.2.a/b", "code", "Kies een school.")];
        let problem = Problem::of(&AppError::Invalid(fields).into(), Uuid::nil());
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "about:blank", "title": "Ongeldig verzoek", "status": 400, "detail": "Kies een school.",
                "code": "ongeldige-invoer", "instance": "urn:uuid:00000000-0000-0000-0000-000000000000",
                "errors": [{"pointer": "/wishes/2/a~1b", "code": "code", "message": "Kies een school."}],
            })
        );
    }
}
