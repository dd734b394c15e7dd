//! Putting a review on the calendar.

use chrono::{DateTime, Utc};
use kernschil_app::reviews::{self, CalendarQuery, NewReview, PastReview};
use kernschil_app::{AppError, FieldError as AppFieldError, frameworks};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{DEADLINE_YEAR, Judgement, Receiver, ReviewKind, end_of};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Form;

use super::{Filled, day, day_value, filled, filled_years, years};
use crate::components::forms::Choice;
use crate::components::nav::NavItem;
use crate::routes::support::{Answer, capital, field_errors, html_with, id, see_other};
use crate::routes::{State, Web};
use crate::views::reviews::{NewReviewView, new_review_page};

/// Names of the use case and of the form.
const FIELDS: [(&str, &str); 10] = [
    ("name", "naam"),
    ("receiver", "van"),
    ("framework", "kader"),
    ("visitOn", "bezoekdag"),
    ("dueOn", "uiterlijk"),
    ("heldOn", "bezoekdag"),
    ("judgement", "oordeel"),
    ("decidedOn", "besloten"),
    ("previous", "vorige"),
    ("kind", "soort"),
];

fn receiver_value(receiver: Receiver) -> String {
    match receiver {
        Receiver::Partnership(id) => format!("partnerschap:{id}"),
        Receiver::Region(id) => format!("regio:{id}"),
    }
}

fn receiver(text: &str) -> Result<Receiver, AppFieldError> {
    let found = match text.split_once(':') {
        Some(("partnerschap", value)) => id(value).ok().map(Receiver::Partnership),
        Some(("regio", value)) => id(value).ok().map(Receiver::Region),
        _ => None,
    };
    found.ok_or_else(|| AppFieldError::new("receiver", "ontvanger-onbekend", "Kies een partnerschap of regio uit de lijst."))
}

fn hint(kind: ReviewKind) -> &'static str {
    match kind {
        ReviewKind::Developmental => {
            "Om van te leren, door een panel met mensen uit een andere regio. Er valt niets te halen of te zakken."
        }
        ReviewKind::Judging => "Van een aspirant, door een commissie: per waarborg en als geheel voldoende of onvoldoende.",
    }
}

async fn answer(web: &Web, caller: &Caller, form: &Filled, errors: &[AppFieldError]) -> Answer {
    let receivers = reviews::receivers(&web.app, &caller.actor).await?;
    let calendar = reviews::calendar(&web.app, &caller.actor, &CalendarQuery::default()).await?;
    let published = published(web, caller).await?;
    let choice = |kind: &ReviewKind| Choice { value: kind.code().to_owned(), label: capital(kind.dutch()), hint: hint(*kind).to_owned() };
    let or = |field: &str, usual: String| if form.is_empty() { usual } else { filled(form, field).to_owned() };
    let view = NewReviewView {
        name: or("naam", String::new()),
        receiver: or("van", String::new()),
        receivers: receivers.into_iter().map(|choice| (receiver_value(choice.receiver), choice.name)).collect(),
        kind: or("soort", ReviewKind::Developmental.code().to_owned()),
        kinds: ReviewKind::ALL.iter().map(choice).collect(),
        framework: or("kader", published.last().map(|(slug, _)| slug.clone()).unwrap_or_default()),
        frameworks: published,
        years: filled_years(form),
        visit_on: or("bezoekdag", String::new()),
        due_on: or("uiterlijk", day_value(end_of(DEADLINE_YEAR))),
        past: or("gehouden", "nee".to_owned()),
        judgement: or("oordeel", String::new()),
        judgements: Judgement::ALL.iter().map(|judgement| (judgement.code().to_owned(), judgement.dutch().to_owned())).collect(),
        decided_on: or("besloten", String::new()),
        previous: or("vorige", String::new()),
        previous_options: calendar.rows.into_iter().filter(|row| row.may_open).map(|row| (row.review.slug, row.review.name)).collect(),
        errors: field_errors(errors, &FIELDS),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok(html_with(status, new_review_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}

/// The frameworks that are offered: name in addresses, and name with when it was published, as two can have one name. The
/// one that was published last stands last.
async fn published(web: &Web, caller: &Caller) -> Result<Vec<(String, String)>, Failure> {
    let mut all = Vec::new();
    for view in frameworks::list(&web.app, &caller.actor).await? {
        if let Some(at) = view.framework.state.offered_since() {
            all.push((at, view.framework.slug, view.framework.content.name));
        }
    }
    all.sort();
    let words =
        |(at, slug, name): (DateTime<Utc>, String, String)| (slug, format!("{name} (gepubliceerd op {})", dutch_date(at.date_naive())));
    Ok(all.into_iter().map(words).collect())
}

/// The form for a new review.
#[handler]
pub(in crate::routes) async fn new_form(web: State<'_>, caller: &Caller) -> Answer {
    answer(&web, caller, &Filled::new(), &[]).await
}

fn read(form: &Filled) -> Result<NewReview, Vec<AppFieldError>> {
    let mut errors = Vec::new();
    let receiver = receiver(filled(form, "van")).map_err(|wrong| errors.push(wrong)).ok();
    let visit_on = day(form, "bezoekdag").map_err(|wrong| errors.push(wrong)).ok().flatten();
    let due_on = day(form, "uiterlijk").map_err(|wrong| errors.push(wrong)).ok().flatten();
    let kind = ReviewKind::parse(filled(form, "soort"));
    if kind.is_none() {
        errors.push(AppFieldError::new("kind", "verplicht", "Kies de soort peer review."));
    }
    let decided_on = day(form, "besloten").map_err(|wrong| errors.push(wrong)).ok().flatten();
    let is_past = filled(form, "gehouden") == "ja";
    let past = is_past.then(|| PastReview { held_on: visit_on, ..PastReview::default() });
    let past = PastReview::judged(past, Judgement::parse(filled(form, "oordeel")), decided_on);
    let past = past.map_err(|wrong| errors.push(wrong)).ok().flatten();
    let (Some(receiver), Some(kind), true) = (receiver, kind, errors.is_empty()) else { return Err(errors) };
    let given = |field: &str| Some(filled(form, field).to_owned()).filter(|text| !text.is_empty());
    Ok(NewReview {
        name: filled(form, "naam").to_owned(),
        kind,
        receiver,
        framework: given("kader"),
        years: years(form),
        visit_on: visit_on.filter(|_| !is_past),
        due_on: due_on.filter(|_| !is_past),
        previous: given("vorige"),
        past,
    })
}

/// Puts a review on the calendar.
#[handler]
pub(in crate::routes) async fn make(web: State<'_>, caller: &Caller, Form(form): Form<Filled>) -> Answer {
    let new = match read(&form) {
        Ok(new) => new,
        Err(errors) => return answer(&web, caller, &form, &errors).await,
    };
    match reviews::make(&web.app, &caller.actor, new).await {
        Ok(slug) => Ok(see_other(&format!("/peer-reviews/{slug}"))),
        Err(AppError::Invalid(errors)) => answer(&web, caller, &form, &errors).await,
        Err(error) => Err(error.into()),
    }
}
