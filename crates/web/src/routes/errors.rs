//! The page for whatever went wrong.

use kernschil_http::{ErrorView as HttpError, return_path, sign_in_address};

use super::support::{frame, outside};
use crate::components::nav::NavItem;
use crate::views::errors::{ErrorView, TypedView, error_page as page};

/// The page to go back to, of what was too large: what else was filled in still stands there.
fn back(error: &HttpError) -> String {
    error.came_from.as_deref().filter(|_| error.status == 413).map(|path| return_path(path).to_owned()).unwrap_or_default()
}

/// What was typed, with the page to store it on: the one it came from, or the one to sign in on first.
fn typed(error: &HttpError) -> TypedView {
    let came_from = error.came_from.as_deref();
    let way_on = match error.status {
        401 => (sign_in_address(came_from), "Log in, in een nieuw tabblad"),
        _ => (return_path(came_from.unwrap_or_default()).to_owned(), "Open de pagina opnieuw, in een nieuw tabblad"),
    };
    TypedView { texts: error.typed.iter().map(|typed| (typed.label.clone(), typed.text.clone())).collect(), way_on }
}

/// The page for an error, as [`kernschil_http::wrap`] asks for it.
pub fn error_page(error: &HttpError) -> String {
    let frame = error.caller.as_ref().map_or_else(outside, |caller| frame(caller, NavItem::Elsewhere, None));
    let more = (error.code == "niet-toegestaan").then(|| ("Wie mag wat".to_owned(), "/hulp/wie-mag-wat".to_owned()));
    let view = ErrorView {
        status: error.status,
        detail: error.detail.clone(),
        request_id: error.request_id.clone(),
        back: back(error),
        more,
        typed: (!error.typed.is_empty()).then(|| typed(error)),
    };
    page(&frame, &view).into_string()
}
