//! How much a request may bring.

use std::time::Duration;

use poem::http::header::CONTENT_LENGTH;
use poem::{Body, Request};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::failure::Failure;
use crate::{BODY_BYTES, UPLOAD_BYTES};

/// A form around a file takes some bytes itself.
const FORM_BYTES: usize = 64 * 1024;
/// What we still read, and throw away, so that the browser can show our answer instead of a broken
/// connection.
const DRAINED_BYTES: u64 = 100 * 1024 * 1024;
const DRAINED_TIME: Duration = Duration::from_secs(20);

/// What a body holds, as far as size and tokens are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// JSON.
    Json,
    /// A form with fields only.
    Form,
    /// A form with a file.
    Multipart,
    /// A file by itself.
    File,
    /// Anything else, or nothing.
    Other,
}

impl Kind {
    /// The kind by `Content-Type`.
    pub(crate) fn of(req: &Request) -> Self {
        let essence = req.content_type().and_then(|text| text.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" => Self::Multipart,
            "text/csv" | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" | "application/octet-stream" => Self::File,
            json if json == "application/json" || (json.starts_with("application/") && json.ends_with("+json")) => Self::Json,
            _ => Self::Other,
        }
    }

    fn most(self) -> (usize, usize) {
        match self {
            Self::Multipart => (UPLOAD_BYTES + FORM_BYTES, UPLOAD_BYTES),
            Self::File => (UPLOAD_BYTES, UPLOAD_BYTES),
            Self::Json | Self::Form | Self::Other => (BODY_BYTES, BODY_BYTES),
        }
    }
}

/// Reads a whole body, if it is not too large.
pub(crate) async fn read(req: &mut Request, kind: Kind) -> Result<Vec<u8>, Failure> {
    let (limit, most) = kind.most();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let announced = req.header(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    let mut reader = req.take_body().into_async_read();
    if announced.is_some_and(|length| length > limit) {
        drain(&mut reader).await;
        return Err(Failure::TooLarge { most });
    }
    let mut bytes = Vec::new();
    (&mut reader).take(limit.saturating_add(1)).read_to_end(&mut bytes).await.map_err(|_| Failure::Body)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        drop(bytes);
        drain(&mut reader).await;
        return Err(Failure::TooLarge { most });
    }
    Ok(bytes)
}

/// Whether a body says that it is no larger than that of a form without a file.
pub(crate) fn is_small(req: &Request) -> bool {
    req.header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length <= BODY_BYTES)
}

/// Reads a body that nobody is going to use, for who is refused on other grounds.
pub(crate) async fn discard(req: &mut Request) {
    drain(&mut req.take_body().into_async_read()).await;
}

async fn drain(reader: &mut (impl AsyncRead + Unpin)) {
    let mut rest = reader.take(DRAINED_BYTES);
    let mut sink = tokio::io::sink();
    // Whether it ends, breaks or takes too long: the answer is the same.
    let _ = tokio::time::timeout(DRAINED_TIME, tokio::io::copy(&mut rest, &mut sink)).await;
}

/// Puts a body back for the handler.
pub(crate) fn put_back(req: &mut Request, bytes: Vec<u8>) {
    req.set_body(Body::from_vec(bytes));
}
