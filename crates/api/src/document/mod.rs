//! The `OpenAPI` document: what the operations declare, made complete and readable.
//!
//! poem-openapi writes what types and operations declare. [`mod@tidy`] adds what holds for all of them (the
//! version header, the usual problems), repairs what the generator writes differently from what the
//! design rules ask, and [`mod@print`] puts it down in one order, whatever the order of a build.

mod examples;
mod print;
mod tidy;
mod views;

use std::sync::LazyLock;

use poem_openapi::{ContactObject, LicenseObject, OpenApiService, ServerObject};
use serde_json::Value;

use crate::PREFIX;
use crate::rooms::Rooms;

pub use views::{GroupDoc, OperationDoc, ParameterDoc, ResponseDoc, groups, operations};

/// Version of the API, on every answer in `API-Version` (semantic versioning).
pub const VERSION: &str = "1.0.0";

const DESCRIPTION: &str = "\
Kernschil allocates internship places for teacher-training partnerships (samen opleiden): spreadsheets in, a provably best and explained \
allocation out, and coverage (dekking) that anybody can recount. This API does what the screens do.

* It follows the Dutch API Design Rules (NL GOV REST API Design Rules 2.2).
* `POST /sessions` signs in and sets a cookie. Requests that change something and do not send JSON also need `X-CSRF-Token`, with the \
`csrfToken` of the session.
* A program sends a token of its user instead, in `Authorization: Bearer`. It carries at most what the user may do; accounts, roles and \
tokens are for people with a session only.
* What is out of your reach answers 404, just as what does not exist.
* Every error is a problem (RFC 9457) with a stable `code`. Input is checked as a whole: `errors` holds everything that is wrong at once.
* Lists come in pages, with a `Link` header. Unknown parameters and fields are refused.
* Moments are in UTC (RFC 3339), dates are `YYYY-MM-DD`. Texts for people are Dutch; codes and names of fields are stable.";

static TIDY: LazyLock<Value> = LazyLock::new(|| tidy::tidy(declared()));
static PRINTED: LazyLock<String> = LazyLock::new(|| print::print(&TIDY));

/// What the types and operations declare.
fn declared() -> Value {
    let host = "Where your Kernschil is reached.";
    let contact = ContactObject::new().name("Kernschil").email("api@kernschil.example").url("https://kernschil.example/api");
    let service = OpenApiService::new(Rooms::default(), "Kernschil", VERSION)
        .description(DESCRIPTION)
        .contact(contact)
        .license(LicenseObject::new("EUPL-1.2").url("https://eupl.eu/1.2/en/"))
        .server(ServerObject::new(format!("https://{{host}}{PREFIX}")).description("Your own installation.").variable(
            "host",
            host,
            "kernschil.example",
        ));
    // It is JSON: poem-openapi wrote it.
    serde_json::from_str(&service.spec()).unwrap_or_default()
}

/// The document, as it is committed under `openapi/`: the same text from every build.
pub fn document() -> String {
    PRINTED.clone()
}

/// The document, for the operation that shows it.
pub(crate) fn served() -> &'static str {
    &PRINTED
}
