//! Peer reviews: the calendar, making one, its dossier and steps, and the steps that new ones get.

mod changing;
mod dossier;
mod log;
mod making;
mod steps;
mod templates;

use std::collections::HashMap;

use chrono::NaiveDate;
use kernschil_app::FieldError as AppFieldError;
use kernschil_app::listing::Direction as ListDirection;
use kernschil_app::reviews::{self, Calendar, CalendarOrder, CalendarQuery, CalendarRow, VisitsPaid};
use kernschil_domain::access::Permission;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{DEADLINE_YEAR, PlannedYear, ReviewKind, ReviewState};
use kernschil_http::Caller;
use poem::handler;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::Query;
use poem::{Response, http::StatusCode};
use serde::Deserialize;

use super::State;
use super::support::{Answer, capital, html, id, part, size, workbook};
use crate::charts::{Moment, TimelineRow};
use crate::components::filters::FilterOption;
use crate::components::nav::NavItem;
use crate::components::status::Tone;
use crate::components::table::Direction;
use crate::components::text::{counted, listed};
use crate::components::url::href;
use crate::views::reviews::{CalendarFilter, CalendarLine, CalendarView, MayMake, VisitsLine, YearField, calendar_page};

pub(super) use changing::{change, details};
pub(super) use dossier::{move_on, second_chance, show};
pub(super) use log::show_log;
pub(super) use making::{make, new_form};
pub(super) use steps::{add_step, change_step, remove_step, show_steps};
pub(super) use templates::{set_templates, show_templates};

/// Years of one review that the forms have room for.
const YEAR_FIELDS: usize = 4;

/// What somebody filled in, by field.
type Filled = HashMap<String, String>;

fn filled<'a>(form: &'a Filled, field: &str) -> &'a str {
    form.get(field).map(|value| value.trim()).unwrap_or_default()
}

/// A day of a form; nothing when it is empty.
fn day(form: &Filled, field: &str) -> Result<Option<NaiveDate>, AppFieldError> {
    let text = filled(form, field);
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || AppFieldError::new(field, "dag-ongeldig", "Schrijf een dag als jaar-maand-dag, zoals 2027-05-11.");
    text.parse().map(Some).map_err(|_| wrong())
}

/// The years of a form. A year that is none stays zero, so that the use case says what is wrong with it.
fn years(form: &Filled) -> Vec<PlannedYear> {
    let field = |at: usize| {
        let (year, source) = (filled(form, &format!("jaar-{at}")), filled(form, &format!("bron-{at}")));
        (!year.is_empty() || !source.is_empty()).then(|| PlannedYear { year: year.parse().unwrap_or_default(), source: source.to_owned() })
    };
    (0..YEAR_FIELDS).filter_map(field).collect()
}

/// The fields of years, as filled in.
fn filled_years(form: &Filled) -> Vec<YearField> {
    let field = |at: usize| YearField {
        year: filled(form, &format!("jaar-{at}")).to_owned(),
        source: filled(form, &format!("bron-{at}")).to_owned(),
    };
    (0..YEAR_FIELDS).map(field).collect()
}

fn day_words(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "–".to_owned(), dutch_date)
}

fn day_value(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn tone(state: ReviewState) -> Tone {
    match state {
        ReviewState::Planned | ReviewState::Cancelled => Tone::Quiet,
        ReviewState::Preparing | ReviewState::Conducting | ReviewState::Concluding => Tone::Busy,
        ReviewState::Closed => Tone::Good,
    }
}

/// What somebody asks of the calendar, in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    zoek: String,
    jaar: String,
    regio: String,
    soort: String,
    stand: String,
    volgorde: String,
    richting: Direction,
    pagina: u32,
    aantal: u32,
}

/// The columns of the calendar that it can be ordered by.
const ORDERS: [(&str, CalendarOrder); 5] = [
    ("jaar", CalendarOrder::Year),
    ("naam", CalendarOrder::Name),
    ("van", CalendarOrder::Receiver),
    ("stand", CalendarOrder::State),
    ("aan-zet", CalendarOrder::Due),
];

impl Asked {
    /// What is no value of a filter asks for nothing.
    fn query(&self) -> CalendarQuery {
        CalendarQuery {
            text: Some(self.zoek.trim().to_owned()).filter(|text| !text.is_empty()),
            year: self.jaar.parse().ok(),
            region: id(&self.regio).ok(),
            kind: ReviewKind::parse(&self.soort),
            state: ReviewState::parse(&self.stand),
            order: ORDERS.iter().find(|(code, _)| *code == self.volgorde).map_or(CalendarOrder::Year, |(_, order)| *order),
            direction: match self.richting {
                Direction::Up => ListDirection::Up,
                Direction::Down => ListDirection::Down,
            },
        }
    }

    fn pairs(&self) -> [(&str, &str); 7] {
        [
            ("zoek", &self.zoek),
            ("jaar", &self.jaar),
            ("regio", &self.regio),
            ("soort", &self.soort),
            ("stand", &self.stand),
            ("volgorde", &self.volgorde),
            ("richting", self.richting.value()),
        ]
    }
}

fn when(row: &CalendarRow) -> String {
    if let Some(day) = row.review.held_on {
        return format!("Gehouden op {}", dutch_date(day));
    }
    if let Some(day) = row.review.visit_on {
        return format!("Bezoek op {}", dutch_date(day));
    }
    let years: Vec<_> = match &row.contradicting {
        Some(years) => years.iter().map(i32::to_string).collect(),
        None => row.year.iter().map(i32::to_string).collect(),
    };
    if years.is_empty() { "Nog geen jaar".to_owned() } else { years.join(" of ") }
}

fn line(row: &CalendarRow) -> CalendarLine {
    CalendarLine {
        name: row.review.name.clone(),
        href: row.may_open.then(|| format!("/peer-reviews/{}", row.review.slug)),
        report: row.review.published_at.map(|_| format!("/peer-reviews/{}/publicatie", row.review.slug)),
        receiver: row.receiver.clone(),
        regions: row.regions.join(", "),
        kind: row.review.kind.dutch().to_owned(),
        state: (tone(row.review.state), row.review.state.dutch().to_owned()),
        when: when(row),
        turn: row.turn.as_ref().map(reviews::Turn::sentence).unwrap_or_default(),
        warnings: row.warnings(),
    }
}

fn timeline_row(row: &CalendarRow) -> TimelineRow {
    let is_done = row.review.state == ReviewState::Closed || row.review.held_on.is_some();
    let moments = match (&row.contradicting, row.year) {
        (Some(years), _) if row.review.visit_on.is_none() => years.iter().map(|year| (*year, Moment::Doubted)).collect(),
        (_, Some(year)) => vec![(year, if is_done { Moment::Done } else { Moment::Planned })],
        (_, None) => Vec::new(),
    };
    TimelineRow { label: row.review.name.clone(), moments }
}

fn sentence(rows: &[&CalendarRow]) -> String {
    let done = rows.iter().filter(|row| row.review.state == ReviewState::Closed || row.review.held_on.is_some()).count();
    let doubted = rows.iter().filter(|row| row.contradicting.is_some()).count();
    let mut words = vec![
        format!("{} gehouden", counted(size(done), "peer review is", "peer reviews zijn")),
        format!("{} nog", counted(size(rows.len() - done), "komt", "komen")),
    ];
    if doubted > 0 {
        words.push(format!("bij {} spreken documenten elkaar tegen over het jaar", counted(size(doubted), "review", "reviews")));
    }
    format!("{}.", capital(&listed(&words)))
}

fn options(calendar: &Calendar) -> (Vec<FilterOption>, Vec<FilterOption>, Vec<FilterOption>, Vec<FilterOption>) {
    let option = |value: String, label: &str| FilterOption { value, label: label.to_owned(), count: None };
    (
        calendar.years.iter().map(|year| option(year.to_string(), &year.to_string())).collect(),
        calendar.regions.iter().map(|(region, name)| option(region.to_string(), name)).collect(),
        ReviewKind::ALL.iter().map(|kind| option(kind.code().to_owned(), kind.dutch())).collect(),
        ReviewState::ALL.iter().map(|state| option(state.code().to_owned(), state.dutch())).collect(),
    )
}

fn visits_line(visit: &VisitsPaid, peers: Option<&str>) -> VisitsLine {
    let region = visit.region.map(|id| id.to_string()).unwrap_or_default();
    VisitsLine {
        partnership: visit.partnership.clone(),
        paid: visit.paid,
        owed: visit.owed,
        href: peers.map(|peers| href(peers, &[("regio", &region), ("volgorde", "bezoeken"), ("richting", "af")])),
    }
}

fn visits_for_nobody(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "Eén bezoek telt voor niemand mee: bij die peer staat geen partnerschap.".to_owned(),
        _ => format!("{count} bezoeken tellen voor niemand mee: bij die peers staat geen partnerschap."),
    }
}

/// The calendar of reviews.
#[handler]
pub(super) async fn index(web: State<'_>, caller: &Caller, Query(asked): Query<Asked>) -> Answer {
    let calendar = reviews::calendar(&web.app, &caller.actor, &asked.query()).await?;
    let (years, regions, kinds, states) = options(&calendar);
    let drawn: Vec<&CalendarRow> = calendar.rows.iter().filter(|row| row.review.state != ReviewState::Cancelled).collect();
    let span = reviews::span(&calendar.rows, calendar.today);
    let peers_href = caller.actor.may(Permission::ManagePeers).then(|| "/peers".to_owned());
    let (shown, paging) = part(calendar.rows.iter().collect(), asked.pagina, asked.aantal);
    let view = CalendarView {
        years,
        regions,
        kinds,
        states,
        lines: shown.into_iter().map(line).collect(),
        paging,
        total: calendar.total,
        deadline: format!(
            "Deze regio's hebben nog geen peer review op de kalender, terwijl die vóór 31 december {DEADLINE_YEAR} moet zijn gehouden:"
        ),
        without: calendar.without.clone(),
        timeline: drawn.iter().map(|row| timeline_row(row)).collect(),
        span: (*span.start(), *span.end()),
        last: DEADLINE_YEAR,
        sentence: sentence(&drawn),
        visits: calendar.visits.iter().map(|visit| visits_line(visit, peers_href.as_deref())).collect(),
        visits_for_nobody: visits_for_nobody(calendar.visits_for_nobody),
        peers_href,
        export_href: href("/peer-reviews/werkboek.xlsx", &asked.pairs()),
        days_href: href("/peer-reviews/kalender.ics", &asked.pairs()),
        may_make: if calendar.may_make { MayMake::Yes } else { MayMake::No },
        steps_href: caller.actor.may(Permission::ManageFrameworks).then(|| "/peer-reviews/stappen".to_owned()),
        filter: CalendarFilter {
            order: if asked.volgorde.is_empty() { "jaar".to_owned() } else { asked.volgorde },
            direction: asked.richting,
            per_page: asked.aantal,
            text: asked.zoek,
            year: asked.jaar,
            region: asked.regio,
            kind: asked.soort,
            state: asked.stand,
        },
    };
    Ok(html(calendar_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}

/// The calendar as a workbook: exactly what the page shows.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Query(asked): Query<Asked>) -> Answer {
    let made = reviews::calendar_workbook(&web.app, &caller.actor, &asked.query()).await?;
    Ok(workbook(&made.file_name, made.bytes))
}

fn days_file(file: reviews::CalendarFile) -> Response {
    // The name is made of slugs.
    Response::builder()
        .status(StatusCode::OK)
        .content_type("text/calendar; charset=utf-8")
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.file_name))
        .body(file.text)
}

/// The days of the calendar, for one's own.
#[handler]
pub(super) async fn calendar_days(web: State<'_>, caller: &Caller, Query(asked): Query<Asked>) -> Answer {
    Ok(days_file(reviews::calendar_days(&web.app, &caller.actor, &asked.query()).await?))
}

/// The days of one review, for one's own calendar.
#[handler]
pub(super) async fn days(web: State<'_>, caller: &Caller, poem::web::Path(slug): poem::web::Path<String>) -> Answer {
    Ok(days_file(reviews::review_days(&web.app, &caller.actor, &slug).await?))
}
