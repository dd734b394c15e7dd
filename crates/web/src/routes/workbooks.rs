//! Workbooks to take along.

use kernschil_http::Caller;
use poem::handler;
use poem::web::Path;

use super::State;
use super::support::Answer;

/// The workbooks of a round.
#[handler]
pub(super) async fn show(_web: State<'_>, _caller: &Caller, Path(_slug): Path<String>) -> Answer {
    Err(kernschil_app::AppError::NotFound.into())
}

/// One workbook.
#[handler]
pub(super) async fn download(_web: State<'_>, _caller: &Caller, Path(_file): Path<(String, String)>) -> Answer {
    Err(kernschil_app::AppError::NotFound.into())
}
