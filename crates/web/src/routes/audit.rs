//! The log: looking through it, and taking it along.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Europe::Amsterdam;
use kernschil_app::AppError;
use kernschil_app::audit::{self, Destination, EventQuery, EventView, LogPage, Someone, Who};
use kernschil_app::listing::PageRequest;
use kernschil_domain::access::Role;
use kernschil_domain::audit::{EventGroup, EventKind};
use kernschil_domain::periods::dutch_date;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Query;

use super::State;
use super::support::{Answer, capital, html_with, id, size, workbook};
use crate::components::filters::FilterOption;
use crate::components::nav::NavItem;
use crate::components::table::Paging;
use crate::views::audit::{LogDay, LogDetail, LogEvent, LogFilter, LogView, log_page};

/// Stands in the address for who has no account.
const NOBODY: &str = "geen";
/// No identifier, name in addresses or route is longer.
const LONGEST_SUBJECT: usize = 200;

/// What the address asks for, but the days. A code that nothing goes by does not exist.
fn query(filter: &LogFilter) -> Result<EventQuery, Failure> {
    let asked = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let who = match asked(&filter.wie) {
        None => None,
        Some(text) if text == NOBODY => Some(Who::Nobody),
        Some(text) => Some(Who::User(id(&text)?)),
    };
    let kind = match asked(&filter.soort) {
        None => None,
        Some(code) => Some(EventKind::ALL.iter().copied().find(|kind| kind.code() == code).ok_or(AppError::NotFound)?),
    };
    let group = match asked(&filter.groep) {
        None => None,
        Some(code) => Some(EventGroup::ALL.iter().copied().find(|group| group.code() == code).ok_or(AppError::NotFound)?),
    };
    if filter.onderwerp.len() > LONGEST_SUBJECT {
        return Err(AppError::NotFound.into());
    }
    Ok(EventQuery { who, kind, group, subject: asked(&filter.onderwerp), from: None, until: None })
}

/// A day that was filled in, or what is wrong with it.
fn day(text: &str) -> Result<Option<NaiveDate>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = (text.len() == 10 && text.starts_with(|sign: char| sign.is_ascii_digit()))
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten();
    found.map(Some).ok_or_else(|| "Deze datum bestaat niet. Vul een datum in zoals 2026-10-01.".to_owned())
}

/// The log.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Query(filter): Query<LogFilter>) -> Answer {
    let asked = query(&filter)?;
    let ((from, from_error), (until, until_error)) = (told(&filter.van), told(&filter.tot));
    let per_page = if filter.aantal == 100 { 100 } else { 50 };
    let request = PageRequest { page: filter.pagina as usize, size: per_page as usize };
    let found = audit::events(&web.app, &caller.actor, &EventQuery { from, until, ..asked }, request).await?;
    let status = if from_error.is_empty() && until_error.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let view = view(filter, found, per_page, from_error, until_error);
    Ok(html_with(status, log_page(&web.frame(caller, NavItem::Log).await?, &view)))
}

fn told(text: &str) -> (Option<NaiveDate>, String) {
    day(text).map_or_else(|error| (None, error), |day| (day, String::new()))
}

/// The same events, all pages, as a workbook.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Query(filter): Query<LogFilter>) -> Answer {
    let valid = |text: &str| day(text).map_err(|_| Failure::from(AppError::NotFound));
    let query = EventQuery { from: valid(&filter.van)?, until: valid(&filter.tot)?, ..query(&filter)? };
    let made = audit::workbook(&web.app, &caller.actor, &query).await?;
    Ok(workbook(&made.file_name, made.bytes))
}

fn option(value: &str, label: &str) -> FilterOption {
    FilterOption { value: value.to_owned(), label: label.to_owned(), count: None }
}

fn people(people: &[Someone], chosen: &str) -> Vec<FilterOption> {
    let mut options = vec![option(NOBODY, "Zonder account")];
    options.extend(people.iter().map(|someone| option(&someone.id.to_string(), &someone.name)));
    // Somebody who left can still be asked for, by way of what she did.
    if !chosen.is_empty() && options.iter().all(|option| option.value != chosen) {
        options.push(option(chosen, "Verwijderd account"));
    }
    options
}

fn view(filter: LogFilter, found: LogPage, per_page: u32, from_error: String, until_error: String) -> LogView {
    let group = EventGroup::ALL.iter().find(|group| group.code() == filter.groep);
    let kinds = EventKind::ALL.iter().filter(|kind| group.is_none_or(|group| kind.group() == *group) || kind.code() == filter.soort);
    LogView {
        people: people(&found.people, &filter.wie),
        groups: EventGroup::ALL.iter().map(|group| option(group.code(), &capital(group.dutch()))).collect(),
        kinds: kinds.map(|kind| option(kind.code(), &capital(kind.dutch()))).collect(),
        paging: Paging { page: size(found.page.page), per_page, rows: size(found.page.total) },
        days: days(found.page.rows),
        from_error,
        until_error,
        filter,
    }
}

/// Events by day.
pub(super) fn days(events: Vec<EventView>) -> Vec<LogDay> {
    let mut days: Vec<LogDay> = Vec::new();
    for view in events {
        // A row without a moment stands with the one before it.
        let title = match &view.event {
            Some(event) => title(event.at),
            None => days.last().map_or_else(|| "Onbekende dag".to_owned(), |day| day.title.clone()),
        };
        let event = event(view);
        match days.last_mut().filter(|day| day.title == title) {
            Some(day) => day.events.push(event),
            None => days.push(LogDay { title, events: vec![event] }),
        }
    }
    days
}

/// The day in the Netherlands: `Zondag 22 november 2026`.
fn title(at: DateTime<Utc>) -> String {
    const DAYS: [&str; 7] = ["Maandag", "Dinsdag", "Woensdag", "Donderdag", "Vrijdag", "Zaterdag", "Zondag"];
    let date = at.with_timezone(&Amsterdam).date_naive();
    let day = DAYS.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    format!("{day} {}", dutch_date(date))
}

fn event(view: EventView) -> LogEvent {
    let sentence = view.sentence;
    let about = sentence.about.map(|about| (about.words, about.page.as_ref().map(address)));
    let told = LogEvent { seq: view.seq, lead: sentence.lead, about, tail: sentence.tail, ..LogEvent::default() };
    let Some(event) = view.event else { return told };
    let detail = |detail: audit::Detail| LogDetail { label: detail.label, before: detail.before, after: detail.after };
    LogEvent {
        time: event.at.with_timezone(&Amsterdam).format("%H.%M").to_string(),
        moment: event.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        role: event.role.map(Role::dutch).unwrap_or_default().to_owned(),
        request: event.request.map(|id| id.to_string()).unwrap_or_default(),
        subject: event.subject,
        details: event.details.into_iter().map(detail).collect(),
        ..told
    }
}

fn address(page: &Destination) -> String {
    match page {
        Destination::User(id) => format!("/gebruikers/{id}"),
        Destination::Round(slug) => format!("/rondes/{slug}"),
        Destination::Review(slug) => format!("/peer-reviews/{slug}"),
        Destination::Student { round, student } => format!("/rondes/{round}/studenten/{student}"),
        Destination::Import(id) => format!("/importeren/{id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_dutch_day() {
        assert_eq!(title("2026-11-22T22:59:59Z".parse().unwrap()), "Zondag 22 november 2026");
        assert_eq!(title("2026-11-22T23:00:00Z".parse().unwrap()), "Maandag 23 november 2026");
    }

    #[test]
    fn a_date_has_one_form() {
        assert_eq!(day(""), Ok(None));
        assert!(day("2026-10-01").unwrap().is_some());
        for bad in ["1-10-2026", "2026-02-30", "+2026-1-01", "gisteren"] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_no_event_goes_by_does_not_exist() {
        let bad = |change: fn(&mut LogFilter)| {
            let mut filter = LogFilter::default();
            change(&mut filter);
            query(&filter).is_err()
        };
        assert!(bad(|filter| filter.wie = "Sanne de Wit".into()));
        assert!(bad(|filter| filter.soort = "uitgelogd".into()));
        assert!(bad(|filter| filter.groep = "alles".into()));
        assert!(bad(|filter| filter.onderwerp = "x".repeat(201)));
        assert!(!bad(|filter| filter.wie = NOBODY.into()));
    }
}
