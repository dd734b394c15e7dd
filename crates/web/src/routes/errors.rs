//! The page for whatever went wrong.

use kernschil_http::ErrorView as HttpError;

use super::support::{frame, outside};
use crate::components::nav::NavItem;
use crate::views::errors::{ErrorView, error_page as page};

/// The page for an error, as [`kernschil_http::wrap`] asks for it.
pub fn error_page(error: &HttpError) -> String {
    let frame = error.caller.as_ref().map_or_else(outside, |caller| frame(caller, NavItem::Elsewhere, None));
    let more = (error.code == "niet-toegestaan").then(|| ("Wie mag wat".to_owned(), "/hulp/wie-mag-wat".to_owned()));
    let view =
        ErrorView { status: error.status, detail: error.detail.clone(), request_id: error.request_id.clone(), back: String::new(), more };
    page(&frame, &view).into_string()
}
