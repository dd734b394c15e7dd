//! The log.

use kernschil_web::components::filters::FilterOption;
use kernschil_web::components::nav::NavItem;
use kernschil_web::components::table::Paging;
use kernschil_web::views::audit::{LogDay, LogDetail, LogEvent, LogFilter, LogView, log_page};
use maud::Markup;

use super::{HOSTILE, frame, text};

const SUBJECT: &str = "0190f3b2-7c4e-7000-8000-000000000007";

fn choices(values: &[(&str, &str)]) -> Vec<FilterOption> {
    values.iter().map(|(value, label)| FilterOption { value: text(value), label: text(label), count: None }).collect()
}

fn detail(label: &str, before: &str, after: &str) -> LogDetail {
    LogDetail { label: text(label), before: text(before), after: text(after) }
}

fn events() -> Vec<LogEvent> {
    let moved = LogEvent {
        seq: 214,
        time: text("14.05"),
        moment: text("2026-11-22T13:05:00Z"),
        lead: text("Marieke de Groot heeft "),
        about: Some((text("een student"), Some(text("/rondes/talent-2026/studenten/7")))),
        tail: text(" met de hand geplaatst."),
        role: text("regiocoördinator"),
        request: text("0190f3b2-7c4e-7000-8000-0000000000aa"),
        subject: text(SUBJECT),
        details: vec![detail("Plek", "De Regenboog (05XH00)", HOSTILE), detail("Begeleiding", "extra begeleiding", "")],
    };
    let granted = LogEvent {
        seq: 213,
        time: text("09.12"),
        moment: text("2026-11-22T08:12:00Z"),
        lead: text("Marieke de Groot heeft de rol lezer (alles) gegeven aan "),
        about: Some((text(HOSTILE), None)),
        tail: text("."),
        role: text("beheerder"),
        subject: text(SUBJECT),
        details: vec![detail("Rol", "", "lezer"), detail("Bereik", "", "alles")],
        ..LogEvent::default()
    };
    let refused = LogEvent {
        seq: 212,
        time: text("09.10"),
        moment: text("2026-11-22T08:10:00Z"),
        lead: text("Iemand die niet was ingelogd is geweigerd bij "),
        about: Some((text("GET /api/v1/rounds/:round/students/:student"), None)),
        tail: text("."),
        request: text("0190f3b2-7c4e-7000-8000-0000000000ab"),
        subject: text("GET /api/v1/rounds/:round/students/:student"),
        ..LogEvent::default()
    };
    let unreadable = LogEvent {
        seq: 211,
        lead: text("Deze regel is niet te lezen. Voer op de server uit: kernschil check audit."),
        ..LogEvent::default()
    };
    vec![moved, granted, refused, unreadable]
}

fn log() -> LogView {
    let day = |title: &str, events| LogDay { title: text(title), events };
    LogView {
        filter: LogFilter::default(),
        people: choices(&[("geen", "Zonder account"), (SUBJECT, HOSTILE)]),
        groups: choices(&[("accounts", "Accounts en rollen"), ("placements", "Voorstellen en plaatsingen")]),
        kinds: choices(&[("placed-by-hand", "Met de hand geplaatst"), ("role-granted", "Rol toegekend")]),
        days: vec![day("Zondag 22 november 2026", events()), day("Zaterdag 21 november 2026", events())],
        paging: Paging { page: 2, per_page: 50, rows: 214 },
        ..LogView::default()
    }
}

pub(super) fn pages() -> Vec<(&'static str, Markup)> {
    let frame = || frame(NavItem::Log);
    let narrowed = LogView { filter: LogFilter { onderwerp: text(SUBJECT), aantal: 100, ..LogFilter::default() }, ..log() };
    let nothing = LogView {
        filter: LogFilter { wie: text(SUBJECT), ..LogFilter::default() },
        days: Vec::new(),
        paging: Paging { page: 1, per_page: 50, rows: 0 },
        ..log()
    };
    let empty = LogView { filter: LogFilter::default(), ..nothing.clone() };
    let wrong = LogView {
        filter: LogFilter { van: text("2026-02-30"), ..LogFilter::default() },
        from_error: text("Deze datum bestaat niet. Vul een datum in zoals 2026-10-01."),
        ..log()
    };
    vec![
        ("logboek", log_page(&frame(), &log())),
        ("logboek-hierover", log_page(&frame(), &narrowed)),
        ("logboek-niets", log_page(&frame(), &nothing)),
        ("logboek-leeg", log_page(&frame(), &empty)),
        ("logboek-datum", log_page(&frame(), &wrong)),
    ]
}
