//! Which day suits for the visit.

use kernschil_app::reviews::poll::{self, Poll, PollDay};
use kernschil_app::{AppError, FieldError};
use kernschil_domain::periods::{dutch_day, is_weekend};
use kernschil_domain::reviews::Availability;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::super::support::{Answer, capital, done, field_errors, html_with, problem, see_other, size};
use super::super::{State, Web};
use super::{Fields, Refused, day, refused, review_ref, seen, value};
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::text::number;
use crate::views::people::{PollDayRow, PollView, poll_page};

/// Empty fields for more days.
const ROOM: usize = 4;

fn day_row(poll: &Poll, day: &PollDay) -> PollDayRow {
    let own = poll.own.and_then(|own| poll.people.iter().position(|member| member.id == own));
    let own = own.and_then(|at| day.answers.get(at).copied().flatten());
    let if_needed = if day.if_needed > 0 { format!(", {} als het moet", number(size(day.if_needed))) } else { String::new() };
    PollDayRow {
        day: day.day.to_string(),
        words: dutch_day(day.day),
        answers: day.answers.iter().map(|answer| answer.map(|answer| answer.dutch().to_owned()).unwrap_or_default()).collect(),
        count: format!("{} van {}{if_needed}", number(size(day.yes)), number(size(poll.people.len()))),
        best: poll.best == Some(day.day),
        chosen: poll.review.visit_on == Some(day.day),
        weekend: is_weekend(day.day),
        own: own.map(|answer| answer.code().to_owned()).unwrap_or_default(),
    }
}

/// What just happened, in words, by its code in the address after a form.
fn flash(did: &str, poll: &Poll) -> Option<Flash> {
    match did {
        "voorgesteld" if poll.days.iter().any(|day| is_weekend(day.day)) => {
            Some(problem("De dagen zijn voorgesteld. Let op: er is een dag in het weekend bij.".to_owned()))
        }
        "voorgesteld" => Some(done("De dagen zijn voorgesteld. Wie nog niet antwoordde, krijgt een mail.")),
        "gekozen" => Some(done("De bezoekdag is gekozen. Iedereen die meedoet, krijgt een mail.")),
        "antwoord" => Some(done("Uw antwoorden zijn bewaard.")),
        _ => None,
    }
}

async fn page(web: &Web, caller: &Caller, slug: &str, fields: Option<&Fields>, (said, did): (Refused, &str)) -> Answer {
    let poll = poll::get(&web.app, &caller.actor, slug).await?;
    let known: Vec<_> = match fields {
        Some(fields) => (1..).map_while(|at| fields.get(&format!("dag-{at}"))).filter(|text| !text.trim().is_empty()).cloned().collect(),
        None => poll.days.iter().map(|day| day.day.to_string()).collect(),
    };
    let view = PollView {
        review: review_ref(&poll.review),
        version: poll.review.version.0.to_string(),
        visit: poll.review.visit_on.map(dutch_day).unwrap_or_default(),
        people: poll.people.iter().map(|member| member.name.clone()).collect(),
        days: poll.days.iter().map(|day| day_row(&poll, day)).collect(),
        answers: poll.own.is_some(),
        manages: poll.manages,
        fields: known.into_iter().chain(std::iter::repeat_n(String::new(), ROOM)).collect(),
        choices: Availability::ALL.iter().map(|answer| (answer.code().to_owned(), capital(answer.dutch()))).collect(),
        errors: field_errors(&said.errors, &[("days", "dagen"), ("answers", "antwoord")]),
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = said.message.map(problem).or_else(|| flash(did, &poll));
    Ok(html_with(said.status, poll_page(&frame, &view)))
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
}

/// The days and who can come.
#[handler]
pub(in super::super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    let nothing = Refused { status: StatusCode::OK, errors: Vec::new(), message: None };
    page(&web, caller, &slug, None, (nothing, &did.gedaan)).await
}

/// Goes back to the page, or shows on it what was filled in and why it was not done.
async fn after(web: &Web, caller: &Caller, slug: &str, fields: Option<&Fields>, (result, did): (Result<(), AppError>, &str)) -> Answer {
    match result {
        Ok(()) => Ok(see_other(&format!("/peer-reviews/{slug}/datum?gedaan={did}"))),
        Err(error) => page(web, caller, slug, fields, (refused(error)?, "")).await,
    }
}

/// Answers for oneself.
#[handler]
pub(in super::super) async fn answer_poll(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let given = |(name, code): (&String, &String)| Some((name.strip_prefix("dag-")?.parse().ok()?, Availability::parse(code)?));
    let answers: Vec<_> = fields.iter().filter_map(given).collect();
    let done = poll::answer(&web.app, &caller.actor, &slug, &answers).await;
    after(&web, caller, &slug, None, (done, "antwoord")).await
}

/// Proposes days.
#[handler]
pub(in super::super) async fn propose(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let mut wrong = Vec::new();
    let names: Vec<_> = fields.keys().filter(|name| name.starts_with("dag-")).collect();
    let days: Vec<_> = names.into_iter().filter_map(|name| day(&fields, name, "days", &mut wrong)).collect();
    let done = if wrong.is_empty() { poll::set_days(&web.app, &caller.actor, &slug, &days).await } else { Err(AppError::Invalid(wrong)) };
    after(&web, caller, &slug, Some(&fields), (done, "voorgesteld")).await
}

/// Chooses the visit day.
#[handler]
pub(in super::super) async fn choose(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let done = match value(&fields, "dag").parse() {
        Ok(day) => poll::choose(&web.app, &caller.actor, &slug, seen(&fields), day).await.map(|_| ()),
        Err(_) => Err(AppError::Invalid(vec![FieldError::new("days", "geen-datum", "Kies een van de dagen.")])),
    };
    after(&web, caller, &slug, None, (done, "gekozen")).await
}
