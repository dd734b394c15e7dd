//! Why an operation was not carried out, in the document and on the wire.
//!
//! What holds for every operation (400, 401, 403, 404, 500, ...) is added to the document by
//! [`mod@crate::document`]; what only some operations answer stands in their type: `Refusal<Conflicts>`.

use std::fmt;
use std::marker::PhantomData;

use kernschil_app::AppError;
use kernschil_http::{Failure, Problem as WireProblem, ProblemError as WireError};
use poem::error::ResponseError;
use poem::http::StatusCode;
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};
use uuid::Uuid;

use crate::input::Faults;

/// Why an operation was not carried out.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// What the screens can meet as well.
    Failure(Failure),
    /// Somebody else changed it since the caller saw it.
    Stale {
        /// Dutch sentence.
        message: String,
    },
    /// The caller does not say which version it saw.
    VersionNeeded,
    /// The caller does not say which version it saw, or that there was nothing.
    VersionOrAbsenceNeeded,
    /// The body is of a kind that the operation does not take.
    MediaType {
        /// What it takes.
        accepted: &'static str,
    },
    /// The body cannot be read.
    Unreadable {
        /// Stable code.
        code: &'static str,
        /// Dutch sentence.
        message: String,
    },
    /// There is nothing of that kind yet.
    Nothing {
        /// Stable code.
        code: &'static str,
        /// Dutch sentence.
        message: &'static str,
    },
    /// A workbook with errors: all of them.
    Workbook {
        /// Dutch sentence.
        message: String,
        /// Each error.
        errors: Vec<WireError>,
    },
}

impl Trouble {
    fn code(&self) -> &str {
        match self {
            Self::Failure(failure) => failure.code(),
            Self::Stale { .. } => "intussen-gewijzigd",
            Self::VersionNeeded | Self::VersionOrAbsenceNeeded => "versie-nodig",
            Self::MediaType { .. } => "formaat-niet-ondersteund",
            Self::Unreadable { code, .. } | Self::Nothing { code, .. } => code,
            Self::Workbook { .. } => "werkboek-met-fouten",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Failure(failure) => failure.dutch(),
            Self::Stale { message } | Self::Unreadable { message, .. } | Self::Workbook { message, .. } => message.clone(),
            Self::VersionNeeded => "Haal eerst op wat u wilt wijzigen, en stuur If-Match mee met de ETag die u daarbij kreeg.".to_owned(),
            Self::VersionOrAbsenceNeeded => {
                "Stuur If-Match mee met de ETag van de plaatsing die u zag, of If-None-Match: * als er geen was.".to_owned()
            }
            Self::MediaType { accepted } => format!("Stuur de inhoud als {accepted} en zet dat in Content-Type."),
            Self::Nothing { message, .. } => (*message).to_owned(),
        }
    }

    /// The problem for the answer to a request.
    pub(crate) fn problem(self, request: Uuid) -> WireProblem {
        let (status, message) = (self.status(), self.message());
        match self {
            Self::Failure(failure) => WireProblem::of(&failure, request),
            Self::Workbook { errors, .. } => WireProblem { errors, ..WireProblem::plain(status, "werkboek-met-fouten", message, request) },
            other => WireProblem::plain(status, other.code(), message, request),
        }
    }
}

impl ResponseError for Trouble {
    fn status(&self) -> StatusCode {
        match self {
            Self::Failure(failure) => failure.http_status(),
            Self::Stale { .. } => StatusCode::PRECONDITION_FAILED,
            Self::VersionNeeded | Self::VersionOrAbsenceNeeded => StatusCode::PRECONDITION_REQUIRED,
            Self::MediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unreadable { .. } | Self::Workbook { .. } => StatusCode::BAD_REQUEST,
            Self::Nothing { .. } => StatusCode::NOT_FOUND,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Trouble {}

/// An operation refuses; `A` names the answers that not every operation gives.
pub(crate) struct Refusal<A = Nothing>(Trouble, PhantomData<fn() -> A>);

/// Answers beside the usual ones.
pub(crate) trait Also: 'static {
    /// Status and, in English, when.
    const ANSWERS: &'static [(u16, &'static str)];
}

/// Nothing beside the usual answers.
pub(crate) struct Nothing;

/// The operation can be impossible as things stand.
pub(crate) struct Conflicts;

/// The operation asks which version the caller saw.
pub(crate) struct Versions;

/// The operation may not be tried too often.
pub(crate) struct Attempts;

const CONFLICT: (u16, &str) = (409, "It cannot be done as things stand now; `detail` says why and what to do.");

impl Also for Nothing {
    const ANSWERS: &'static [(u16, &'static str)] = &[];
}

impl Also for Conflicts {
    const ANSWERS: &'static [(u16, &'static str)] = &[CONFLICT];
}

impl Also for Versions {
    const ANSWERS: &'static [(u16, &'static str)] =
        &[CONFLICT, (412, "Somebody else changed it since; get it again."), (428, "Neither `If-Match` nor `If-None-Match` was sent.")];
}

impl Also for Attempts {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        CONFLICT,
        (401, "Address and password do not belong together."),
        (429, "Too many attempts; `Retry-After` says when to try again."),
    ];
}

impl<A, T: Into<Trouble>> From<T> for Refusal<A> {
    fn from(trouble: T) -> Self {
        Self(trouble.into(), PhantomData)
    }
}

impl<A> From<Refusal<A>> for poem::Error {
    fn from(refusal: Refusal<A>) -> Self {
        refusal.0.into()
    }
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Faults> for Trouble {
    fn from(faults: Faults) -> Self {
        Self::Failure(faults.into())
    }
}

impl<A: Also> ApiResponse for Refusal<A> {
    fn meta() -> MetaResponses {
        let answer = |(status, description): &(u16, &'static str)| MetaResponse {
            description,
            status: Some(*status),
            status_range: None,
            content: vec![MetaMediaType { content_type: "application/problem+json", schema: <Json<Problem> as Payload>::schema_ref() }],
            headers: Vec::new(),
        };
        MetaResponses { responses: A::ANSWERS.iter().map(answer).collect() }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}

/// What went wrong (RFC 9457).
#[derive(Debug, Object)]
pub(crate) struct Problem {
    /// Always `about:blank`: the status and `code` say what kind of problem it is.
    #[oai(rename = "type")]
    kind: String,
    /// The status in Dutch words.
    title: String,
    /// The status.
    #[oai(validator(minimum(value = "400"), maximum(value = "599")))]
    status: u16,
    /// Dutch sentences that say what is wrong and what to do.
    detail: String,
    /// Stable code of the problem, in Dutch kebab-case. Decide by this, never by the texts.
    code: String,
    /// This one occurrence: the number of the request, as a URN. Mention it when asking for help.
    instance: String,
    /// Everything that is wrong with what was sent, at once.
    errors: Option<Vec<ProblemError>>,
}

/// One thing that is wrong with what was sent.
#[derive(Debug, Object)]
pub(crate) struct ProblemError {
    /// Where it stands, as a JSON pointer: `/reason` is a field of the body, `/query/page` a parameter of the query,
    /// `/path/student` a part of the path, `/header/If-Match` a header, `/Studenten/12/C` a cell of a workbook.
    pointer: String,
    /// Stable code, in Dutch kebab-case.
    code: String,
    /// Dutch sentence that says what is wrong and what to do.
    message: String,
}

#[cfg(test)]
mod tests {
    use poem_openapi::registry::Registry;

    use super::*;

    #[test]
    fn the_document_knows_every_member_of_a_problem() {
        let error = WireError { pointer: "/a".into(), code: "c".into(), message: "m".into() };
        let trouble = Trouble::Workbook { message: "Er zijn fouten.".into(), errors: vec![error] };
        let wire = serde_json::to_value(trouble.problem(Uuid::nil())).unwrap();
        let mut registry = Registry::new();
        Problem::register(&mut registry);
        let names = |schema: &str| registry.schemas[schema].properties.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
        let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(keys(&wire), names("Problem").into_iter().collect());
        assert_eq!(keys(&wire["errors"][0]), names("ProblemError").into_iter().collect());
    }
}
