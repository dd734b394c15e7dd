//! Headers that keep a browser from doing more than our pages need.

use poem::Response;
use poem::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use poem::http::{HeaderName, HeaderValue};

use crate::ASSETS_PREFIX;
use crate::layers::Visit;
use crate::proxies::Transport;

const POLICY: &str =
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

const ALWAYS: [(HeaderName, HeaderValue); 7] = [
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("accelerometer=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Adds them to a response.
pub(crate) fn add(response: &mut Response, visit: &Visit, transport: Transport, signed_in: SignedIn) {
    let status = response.status();
    let headers = response.headers_mut();
    // A page may tell the browser to say even less of where it comes from.
    let silent = headers.get(REFERRER_POLICY).is_some_and(|value| value == "no-referrer");
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    if silent {
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    if transport == Transport::Https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let keeps = visit.path.starts_with(ASSETS_PREFIX) && !status.is_client_error() && !status.is_server_error();
    let public = signed_in == SignedIn::No && headers.contains_key(CACHE_CONTROL);
    if !keeps && !public {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::from_str(&visit.id.to_string()) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// Whether somebody was signed in when the request was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignedIn {
    /// Nobody.
    No,
    /// Somebody.
    Yes,
}
