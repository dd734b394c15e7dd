//! What every handler uses: the frame of a page, answers, and numbers as the views want them.

use kernschil_app::coverage::Figures;
use kernschil_app::settings::Installation;
use kernschil_app::{Actor, App, AppError, FieldError as AppFieldError};
use kernschil_domain::coverage::CoverageStatus;
use kernschil_domain::rounds::Round;
use kernschil_domain::standing::Standing;
use kernschil_http::{Caller, Failure};
use maud::Markup;
use poem::Response;
use poem::http::StatusCode;
use poem::http::header::{CONTENT_DISPOSITION, LOCATION};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::components::forms::FieldError;
use crate::components::may::May;
use crate::components::nav::{NavItem, RoundRef};
use crate::components::page::{Flash, FlashKind, Frame};
use crate::components::signs::{Sign, StatusCounts};
use crate::components::table::Paging;

/// What a handler answers.
pub(super) type Answer = Result<Response, Failure>;

/// A page.
pub(super) fn html(page: Markup) -> Response {
    html_with(StatusCode::OK, page)
}

/// A page with another status.
pub(super) fn html_with(status: StatusCode, page: Markup) -> Response {
    Response::builder().status(status).content_type("text/html; charset=utf-8").body(page.into_string())
}

/// The answer to a form that was carried out: go and look.
pub(super) fn see_other(path: &str) -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(LOCATION, path).finish()
}

/// A workbook to keep.
pub(super) fn workbook(file_name: &str, bytes: Vec<u8>) -> Response {
    // Names are made of slugs and codes, but a header must never break.
    let safe: String = file_name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    Response::builder()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{safe}\""))
        .body(bytes)
}

/// The frame of a page for somebody who is signed in.
pub(super) fn frame(caller: &Caller, active: NavItem, round: Option<RoundRef>) -> Frame {
    Frame {
        user: Some(caller.name().to_owned()),
        owner: caller.actor.user().map(|user| user.to_string()).unwrap_or_default(),
        csrf: caller.csrf_token.clone(),
        active,
        round,
        flash: None,
        may: May::of(&caller.actor),
        installation: caller.installation.clone(),
    }
}

/// The frame of a page before signing in.
pub(super) fn outside() -> Frame {
    Frame {
        user: None,
        owner: String::new(),
        csrf: String::new(),
        active: NavItem::Elsewhere,
        round: None,
        flash: None,
        may: May::nothing(),
        installation: Installation::default(),
    }
}

/// A message that something was done.
pub(super) fn done(text: &str) -> Flash {
    Flash { kind: FlashKind::Done, text: text.to_owned(), undo: None }
}

/// A message that something was not done.
pub(super) fn problem(text: String) -> Flash {
    Flash { kind: FlashKind::Problem, text, undo: None }
}

/// A round as the navigation shows it.
pub(super) fn round_ref(round: &Round) -> RoundRef {
    RoundRef { name: round.name.clone(), school_year: round.school_year.to_string(), slug: round.slug.clone(), state: Some(round.state) }
}

/// The round of an address. Reads the short list of rounds, not the round itself.
pub(super) async fn find_round(app: &App, actor: &Actor, slug: &str) -> Result<RoundRef, Failure> {
    let rounds = app.rounds(actor).await?;
    Ok(rounds.iter().find(|round| round.slug == slug).map(round_ref).ok_or(AppError::NotFound)?)
}

/// The identifier in an address; what is none does not exist.
pub(super) fn id<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    let deserializer: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|_| AppError::NotFound.into())
}

/// Errors of a use case at the fields of a form. `names` maps the names of the use case to those of the form.
pub(super) fn field_errors(errors: &[AppFieldError], names: &[(&str, &str)]) -> Vec<FieldError> {
    let name =
        |field: &str| names.iter().find(|(theirs, _)| *theirs == field).map_or_else(|| field.to_owned(), |(_, ours)| (*ours).to_owned());
    errors.iter().map(|error| FieldError { field: name(&error.field), message: error.message.clone() }).collect()
}

/// A count of things in memory.
pub(super) fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A count that is never negative.
pub(super) fn whole(count: i32) -> u32 {
    u32::try_from(count).unwrap_or_default()
}

/// The figures as the views show them.
pub(super) fn status_counts(figures: &Figures) -> StatusCounts {
    let mut counts = StatusCounts::default();
    for (status, count) in &figures.counts {
        let place = match status {
            CoverageStatus::Kern => &mut counts.kern,
            CoverageStatus::Schil => &mut counts.schil,
            CoverageStatus::SchilUnmet => &mut counts.schil_unmet,
            CoverageStatus::OutsideGuided => &mut counts.outside_guided,
            CoverageStatus::OutsideUnguided => &mut counts.outside_unguided,
            CoverageStatus::Unplaced => &mut counts.unplaced,
            CoverageStatus::NotRequired => &mut counts.not_required,
            CoverageStatus::NotCountable => &mut counts.not_countable,
        };
        *place = *count;
    }
    counts
}

/// What a student counts as at a school of a standing; outside with extra guidance, as the ladder asks.
pub(super) fn status_at(standing: Standing) -> CoverageStatus {
    match standing {
        Standing::Kern => CoverageStatus::Kern,
        Standing::Schil => CoverageStatus::Schil,
        Standing::SchilUnmet => CoverageStatus::SchilUnmet,
        Standing::Outside => CoverageStatus::OutsideGuided,
    }
}

/// The sign of a standing.
pub(super) fn sign_at(standing: Standing) -> Sign {
    match standing {
        Standing::Kern => Sign::Kern,
        Standing::Schil | Standing::SchilUnmet => Sign::Schil,
        Standing::Outside => Sign::Outside,
    }
}

/// One page of rows: 50, or 100 when asked. A page past the end is the last one.
pub(super) fn part<T>(rows: Vec<T>, page: u32, per_page: u32) -> (Vec<T>, Paging) {
    let per_page = if per_page == 100 { 100 } else { 50 };
    let request = kernschil_app::listing::PageRequest { page: page as usize, size: per_page as usize };
    let part = kernschil_app::listing::page(rows, request);
    (part.rows, Paging { page: size(part.page), per_page, rows: size(part.total) })
}

/// Groups in words.
pub(super) fn groups(groups: &str) -> String {
    if groups == "alle" { "alle groepen".to_owned() } else { format!("groep {groups}") }
}

/// The first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_the_header() {
        let response = workbook("a\"\r\nb é.xlsx", Vec::new());
        assert_eq!(response.header("content-disposition"), Some("attachment; filename=\"a---b--.xlsx\""));
    }
}
