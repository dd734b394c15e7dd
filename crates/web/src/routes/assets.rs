//! The files that go with the pages.

use poem::http::header::CACHE_CONTROL;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

use crate::assets::{CSS, CSS_PRINT, JS, JS_PRINT, MARK, MARK_PRINT};

/// The fingerprint an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Print {
    v: String,
}

fn file(kind: &str, body: &'static str, print: u64, asked: &Print) -> Response {
    // Only the address with the right fingerprint always has this content.
    let keep = if asked.v == format!("{print:016x}") { "public, max-age=31536000, immutable" } else { "no-cache" };
    Response::builder().content_type(kind).header(CACHE_CONTROL, keep).body(body)
}

/// The styles.
#[handler]
pub(super) fn css(Query(print): Query<Print>) -> Response {
    file("text/css; charset=utf-8", CSS, CSS_PRINT, &print)
}

/// The script.
#[handler]
pub(super) fn js(Query(print): Query<Print>) -> Response {
    file("text/javascript; charset=utf-8", JS, JS_PRINT, &print)
}

/// The mark.
#[handler]
pub(super) fn mark(Query(print): Query<Print>) -> Response {
    file("image/svg+xml", MARK, MARK_PRINT, &print)
}
