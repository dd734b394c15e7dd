//! The calendar to take along: as a workbook, and as days for somebody's own calendar (iCalendar, RFC 5545).

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::reviews::{FollowUp, ReportState, Review, ReviewState, ReviewStep, StepFact, StepStanding, open_steps};
use kernschil_spreadsheets::write::{CellOut, Column, ColumnKind, Orientation, Report, ReportSheet, report};
use kernschil_storage::reviews::{follow_ups, steps};
use serde_json::json;

use super::calendar::{CalendarQuery, CalendarRow, load};
use super::happened::Happened;
use super::sight;
use super::waiting::short;
use crate::error::AppError;
use crate::exports::Workbook;
use crate::{Actor, App, Change};

/// Octets of a line in a calendar file, without its end.
const MOST_LINE: usize = 75;

/// A file with days for a calendar.
#[derive(Debug, Clone)]
pub struct CalendarFile {
    /// Its name.
    pub file_name: String,
    /// Its content.
    pub text: String,
}

/// The reviews of a query as a workbook: exactly what the calendar shows. That somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn calendar_workbook(app: &App, actor: &Actor, query: &CalendarQuery) -> Result<Workbook, AppError> {
    actor.require(Permission::ReadReviews)?;
    let calendar = app.store.read(async |tx| load(app, tx, actor, query).await).await?;
    let rows = calendar.rows.len();
    let bytes =
        tokio::task::spawn_blocking(move || report(&Report { title: "Reviewkalender".to_owned(), sheets: vec![sheet(&calendar.rows)] }));
    let bytes = bytes.await.map_err(|e| AppError::Internal(e.to_string()))?.map_err(|e| AppError::Internal(e.to_string()))?;
    note(app, actor, "", Change::to(json!({ "rows": rows, "form": "workbook" }))).await?;
    Ok(Workbook { file_name: format!("reviewkalender-{}.xlsx", app.clock.today()), bytes })
}

async fn note(app: &App, actor: &Actor, subject: &str, change: Change) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            app.audit_as(tx, actor, actor.role(Some(Permission::ReadReviews)), EventKind::ReviewExported, subject, change);
            Ok::<_, AppError>(())
        })
        .await
}

fn sheet(rows: &[CalendarRow]) -> ReportSheet {
    let column = |header: &str, width, kind| Column { header: header.to_owned(), width, kind };
    let words = |header: &str, width| column(header, width, ColumnKind::Text);
    let date = |header: &str| column(header, 14, ColumnKind::Date);
    ReportSheet {
        name: "Reviewkalender".to_owned(),
        title: "Peer reviews, per jaar".to_owned(),
        columns: vec![
            column("Jaar", 8, ColumnKind::Number),
            words("Peer review", 36),
            words("Van", 30),
            words("Regio", 26),
            words("Soort", 22),
            words("Stand", 22),
            date("Bezoekdag"),
            date("Gehouden op"),
            date("Uiterlijk"),
            words("Aan zet", 22),
            words("Stap", 34),
            date("Stap uiterlijk"),
            words("Let op", 60),
        ],
        rows: rows.iter().map(cells).collect(),
        chart: None,
        print: Orientation::Landscape,
    }
}

fn cells(row: &CalendarRow) -> Vec<CellOut> {
    let text = |value: &str| if value.is_empty() { CellOut::Empty } else { CellOut::Text(value.to_owned()) };
    let day = |value: Option<NaiveDate>| value.map_or(CellOut::Empty, CellOut::Date);
    vec![
        row.year.map_or(CellOut::Empty, |year| CellOut::Number(i64::from(year))),
        text(&row.review.name),
        text(&row.receiver),
        text(&row.regions.join(", ")),
        text(row.review.kind.dutch()),
        text(row.review.state.dutch()),
        day(row.review.visit_on),
        day(row.review.held_on),
        day(row.review.due_on),
        text(row.turn.as_ref().map_or("", |turn| turn.waits_for.dutch())),
        text(row.turn.as_ref().map_or("", |turn| turn.step.as_str())),
        day(row.turn.as_ref().and_then(|turn| turn.due_on)),
        text(&row.warnings().join(" ")),
    ]
}

/// The days of one review, for somebody's own calendar.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn review_days(app: &App, actor: &Actor, slug: &str) -> Result<CalendarFile, AppError> {
    let days = app
        .store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let steps = steps::of_review(tx, known.review.id).await?;
            let happened = Happened::of(tx, &known.registry, &known.review, &steps, app.clock.today()).await?;
            let told = Told {
                respond_by: known.review.respond_by.filter(|_| happened.facts.report == Some(ReportState::Responding)),
                follow_ups: &follow_ups::open(tx).await?.into_iter().filter(|action| action.review == known.review.id).collect::<Vec<_>>(),
                review: &known.review,
                steps: &steps,
                standings: &happened.standings,
                detail: Detail::Steps,
            };
            Ok::<_, AppError>(days(&app.address, &told))
        })
        .await?;
    Ok(CalendarFile { file_name: format!("{slug}.ics"), text: file(&days, app.clock.now()) })
}

/// The days of the reviews of a query, for somebody's own calendar: steps of the reviews she may open, visits and last days
/// of all.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn calendar_days(app: &App, actor: &Actor, query: &CalendarQuery) -> Result<CalendarFile, AppError> {
    actor.require(Permission::ReadReviews)?;
    let calendar = app.store.read(async |tx| load(app, tx, actor, query).await).await?;
    let of = |row: &CalendarRow| {
        let told = Told {
            review: &row.review,
            steps: &row.steps,
            standings: &row.standings,
            respond_by: row.respond_by,
            follow_ups: &row.follow_ups,
            detail: if row.may_open { Detail::Steps } else { Detail::Visit },
        };
        days(&app.address, &told)
    };
    let days: Vec<_> = calendar.rows.iter().flat_map(of).collect();
    Ok(CalendarFile { file_name: "reviewkalender.ics".to_owned(), text: file(&days, app.clock.now()) })
}

/// What of a review is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Visit day and last day.
    Visit,
    /// Every step as well, with the address of the dossier.
    Steps,
}

/// A day in a calendar.
struct Day {
    uid: String,
    on: NaiveDate,
    summary: String,
    url: Option<String>,
}

/// What the days of a review are made of.
struct Told<'a> {
    review: &'a Review,
    steps: &'a [ReviewStep],
    standings: &'a [StepStanding],
    /// The last day to respond, while the report waits for that.
    respond_by: Option<NaiveDate>,
    /// Follow-ups that still have to be done.
    follow_ups: &'a [FollowUp],
    detail: Detail,
}

fn days(address: &str, told: &Told) -> Vec<Day> {
    let review = told.review;
    if review.state == ReviewState::Cancelled {
        return Vec::new();
    }
    let url = (told.detail == Detail::Steps).then(|| format!("{address}/peer-reviews/{}", review.slug));
    let day =
        |what: &str, on: NaiveDate, summary: String| Day { uid: format!("{}-{what}@kernschil", review.id), on, summary, url: url.clone() };
    let mut found = Vec::new();
    found.extend(review.held_on.or(review.visit_on).map(|on| day("bezoek", on, format!("Bezoekdag – {}", review.name))));
    if review.state != ReviewState::Closed {
        found.extend(review.due_on.map(|on| day("uiterlijk", on, format!("Uiterste dag – {}", review.name))));
    }
    if told.detail == Detail::Steps {
        found.extend(work(told, &day));
    }
    found
}

/// The days on which something should be done: steps, the response to the report, and follow-ups, which go on after the
/// review was closed.
fn work(told: &Told, day: &impl Fn(&str, NaiveDate, String) -> Day) -> Vec<Day> {
    let review = told.review;
    let is_told = |step: &ReviewStep, due_on: Option<NaiveDate>| {
        // The visit day itself stands there already, and so does the last day to respond.
        due_on == review.visit_on || (told.respond_by.is_some() && step.template.fact == Some(StepFact::Responded))
    };
    let open = open_steps(review.state, told.steps, told.standings).filter(|(step, standing)| !is_told(step, standing.due_on));
    let mut found: Vec<_> = open
        .filter_map(|(step, standing)| {
            let summary = format!("{} – {}", step.template.name, review.name);
            Some(day(&format!("stap-{}", step.ordinal), standing.due_on?, summary))
        })
        .collect();
    found.extend(
        told.respond_by.map(|on| day("reactie", on, format!("Laatste dag om te reageren op het conceptrapport – {}", review.name))),
    );
    let action = |action: &FollowUp| {
        let summary = format!("Opvolging: {} ({}) – {}", short(&action.text), action.owner, review.name);
        Some(day(&format!("opvolging-{}", action.id), action.due_on?, summary))
    };
    found.extend(told.follow_ups.iter().filter_map(action));
    found
}

fn file(days: &[Day], now: DateTime<Utc>) -> String {
    let stamp = now.format("%Y%m%dT%H%M%SZ");
    let mut lines = vec!["BEGIN:VCALENDAR".to_owned(), "VERSION:2.0".to_owned(), "PRODID:-//Kernschil//Reviewkalender//NL".to_owned()];
    for day in days {
        let next = day.on.succ_opt().unwrap_or(day.on);
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", day.uid),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", day.on.format("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")),
            format!("SUMMARY:{}", escaped(&day.summary)),
        ]);
        lines.extend(day.url.as_ref().map(|url| format!("URL:{url}")));
        lines.extend(["TRANSP:TRANSPARENT".to_owned(), "END:VEVENT".to_owned()]);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line of at most 75 octets, continued on the next with a space before it.
fn folded(line: &str) -> String {
    let mut text = String::new();
    let mut used = 0;
    for sign in line.chars() {
        if used + sign.len_utf8() > MOST_LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(sign);
        used += sign.len_utf8();
    }
    text.push_str("\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_folded_between_signs() {
        let line = format!("SUMMARY:{}", "Zoë ".repeat(40));
        let text = folded(&line);
        assert!(text.split("\r\n").all(|part| part.len() <= MOST_LINE), "{text}");
        assert_eq!(text.replace("\r\n ", "").trim_end_matches("\r\n"), line);
    }

    #[test]
    fn what_has_a_meaning_in_the_file_is_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
