//! The token that only our own pages know, for requests of somebody who is signed in.

use poem::http::HeaderMap;
use poem::web::{Form, Multipart};
use poem::{Body, FromRequest, Request, RequestBody};
use subtle::ConstantTimeEq;

use crate::body::Kind;
use crate::caller::{Caller, Way};
use crate::failure::Failure;
use crate::{CSRF_FIELD, CSRF_HEADER};

/// The field comes first in every form, so the beginning of a form with a file is enough.
const BEGINNING: usize = 16 * 1024;

/// Refuses a form without the token of this session.
pub(crate) async fn require_page_token(req: &Request, kind: Kind, bytes: &[u8], caller: &Caller) -> Result<(), Failure> {
    if header_matches(req.headers(), caller) {
        return Ok(());
    }
    let sent = match kind {
        Kind::Form => form_field(req, bytes).await,
        Kind::Multipart => first_part(req, bytes).await,
        Kind::Json | Kind::File | Kind::Other => None,
    };
    if sent.is_some_and(|sent| equal(&sent, &caller.csrf_token)) { Ok(()) } else { Err(Failure::Forged) }
}

/// Refuses a request to the API that a form on another site could have made: JSON cannot be, and
/// everything else brings the token in a header.
pub(crate) fn require_api_token(req: &Request, kind: Kind, caller: &Caller) -> Result<(), Failure> {
    // No browser sends a token in `Authorization` by itself.
    if caller.way == Way::Token || kind == Kind::Json || header_matches(req.headers(), caller) { Ok(()) } else { Err(Failure::NoToken) }
}

fn header_matches(headers: &HeaderMap, caller: &Caller) -> bool {
    headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).is_some_and(|sent| equal(sent, &caller.csrf_token))
}

fn equal(sent: &str, expected: &str) -> bool {
    !expected.is_empty() && bool::from(sent.as_bytes().ct_eq(expected.as_bytes()))
}

async fn form_field(req: &Request, bytes: &[u8]) -> Option<String> {
    let mut body = RequestBody::new(Body::from_vec(bytes.to_vec()));
    let Form(fields) = Form::<Vec<(String, String)>>::from_request(req, &mut body).await.ok()?;
    fields.into_iter().find(|(name, _)| name == CSRF_FIELD).map(|(_, value)| value)
}

async fn first_part(req: &Request, bytes: &[u8]) -> Option<String> {
    let beginning = bytes.get(..BEGINNING).unwrap_or(bytes);
    let mut body = RequestBody::new(Body::from_vec(beginning.to_vec()));
    let mut parts = Multipart::from_request(req, &mut body).await.ok()?;
    let part = parts.next_field().await.ok()??;
    if part.name() == Some(CSRF_FIELD) && part.file_name().is_none() { part.text().await.ok() } else { None }
}
