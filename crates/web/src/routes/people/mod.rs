//! People of peer reviews: the pool of peers, panels, who takes part, and which day suits.

mod members;
mod panel;
mod peers;
mod poll;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_app::{AppError, FieldError};
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::Review;
use kernschil_http::Failure;
use poem::http::StatusCode;

use crate::views::people::ReviewRef;

pub(super) use members::{again as ask_again, answer_invitation, ask, extend, show as members_page, withdraw};
pub(super) use panel::{judge, show as panel_page};
pub(super) use peers::{add, change, export, find, list, new_form, show as peer_page};
pub(super) use poll::{answer_poll, choose, propose as propose_days, show as poll_page};

/// A form as it was sent.
type Fields = BTreeMap<String, String>;

fn review_ref(review: &Review) -> ReviewRef {
    ReviewRef { slug: review.slug.clone(), name: review.name.clone() }
}

/// A value of a form, without space around it.
fn value<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map(|value| value.trim()).unwrap_or_default()
}

/// The version that was seen when the form was made; one that cannot be read was never seen.
fn seen(fields: &Fields) -> Version {
    Version(value(fields, "versie").parse().unwrap_or_default())
}

/// A day of a form, or what is wrong with it; an empty field is no day.
fn day(fields: &Fields, name: &str, field: &str, wrong: &mut Vec<FieldError>) -> Option<NaiveDate> {
    let text = value(fields, name);
    let found = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    if found.is_none() && !text.is_empty() {
        let message = format!("“{text}” is geen datum. Vul een dag in, zoals 2027-03-15.");
        wrong.push(FieldError::new(field, "geen-datum", message));
    }
    found
}

/// A day as a field of a form shows it.
fn shown(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// What a use case refused of a form, to show on the page it came from.
struct Refused {
    status: StatusCode,
    errors: Vec<FieldError>,
    message: Option<String>,
}

/// Sorts what can be said at the form from what cannot.
fn refused(error: AppError) -> Result<Refused, Failure> {
    match error {
        AppError::Invalid(errors) => Ok(Refused { status: StatusCode::BAD_REQUEST, errors, message: None }),
        AppError::Conflict { message, .. } => Ok(Refused { status: StatusCode::CONFLICT, errors: Vec::new(), message: Some(message) }),
        other => Err(other.into()),
    }
}
