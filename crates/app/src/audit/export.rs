//! The log as a workbook.

use chrono_tz::Europe::Amsterdam;
use kernschil_domain::access::{Permission, Role};
use kernschil_domain::audit::{EventGroup, EventKind};
use kernschil_spreadsheets::write::{CellOut, Column, ColumnKind, Orientation, Report, ReportSheet, report};
use kernschil_storage::audit::Who;
use serde_json::{Value, json};

use super::{Detail, EventQuery, EventView, everything};
use crate::error::AppError;
use crate::exports::Workbook;
use crate::{Actor, App, Change};

/// A workbook of more events than this nobody opens with pleasure.
const MOST: u64 = 100_000;

/// All events that a query asks for as a workbook; that somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Conflict`] when there are too many for one workbook.
pub async fn workbook(app: &App, actor: &Actor, query: &EventQuery) -> Result<Workbook, AppError> {
    actor.require(Permission::ReadAudit)?;
    let (events, total) = app.store.read(async |tx| everything(app, tx, actor, query, MOST).await).await?;
    if total > MOST {
        let message = format!("Dit zijn {total} gebeurtenissen; in één werkboek gaan er {MOST}. Kies een kortere periode.");
        return Err(AppError::conflict("te-veel-regels", message));
    }
    let rows = events.len();
    let bytes = tokio::task::spawn_blocking(move || report(&Report { title: "Logboek".to_owned(), sheets: vec![sheet(&events)] }));
    let bytes = bytes.await.map_err(|e| AppError::Internal(e.to_string()))?.map_err(|e| AppError::Internal(e.to_string()))?;
    let change = Change::to(json!({ "rows": rows, "filter": filter(query) }));
    app.store
        .write(async |tx| {
            app.audit(tx, actor, EventKind::AuditExported, "", change);
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(Workbook { file_name: format!("logboek-{}.xlsx", app.clock.today()), bytes })
}

/// The filters as they are noted: codes and identifiers.
fn filter(query: &EventQuery) -> Value {
    let who = query.who.map(|who| match who {
        Who::User(id) => id.to_string(),
        Who::Nobody => "nobody".to_owned(),
    });
    let mut filter = json!({
        "who": who,
        "kind": query.kind.map(EventKind::code),
        "group": query.group.map(EventGroup::code),
        "subject": query.subject,
        "from": query.from,
        "until": query.until,
    });
    if let Some(fields) = filter.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    filter
}

fn sheet(events: &[EventView]) -> ReportSheet {
    let column = |header: &str, width, kind| Column { header: header.to_owned(), width, kind };
    let words = |header: &str, width| column(header, width, ColumnKind::Text);
    let columns = vec![
        column("Plaats", 9, ColumnKind::Number),
        column("Datum", 12, ColumnKind::Date),
        words("Tijd", 10),
        words("Wie", 26),
        words("In welke rol", 24),
        words("Onderwerp", 24),
        words("Wat", 26),
        words("In een zin", 60),
        words("Waarover", 38),
        words("Was", 40),
        words("Is", 40),
        words("Nummer van het verzoek", 38),
    ];
    let title = "Logboek: wie wat deed, het nieuwste eerst".to_owned();
    ReportSheet {
        name: "Logboek".to_owned(),
        title,
        columns,
        rows: events.iter().map(row).collect(),
        chart: None,
        print: Orientation::Landscape,
    }
}

fn row(view: &EventView) -> Vec<CellOut> {
    let place = CellOut::Number(view.seq);
    let sentence = text(&view.sentence.text());
    let Some(event) = &view.event else {
        let mut cells = vec![CellOut::Empty; 12];
        (cells[0], cells[7]) = (place, sentence);
        return cells;
    };
    let local = event.at.with_timezone(&Amsterdam);
    vec![
        place,
        CellOut::Date(local.date_naive()),
        text(&local.format("%H:%M:%S").to_string()),
        text(event.author.dutch()),
        text(event.role.map_or("", Role::dutch)),
        text(event.kind.group().dutch()),
        text(event.kind.dutch()),
        sentence,
        text(&event.subject),
        text(&side(&event.details, |detail| &detail.before)),
        text(&side(&event.details, |detail| &detail.after)),
        text(&event.request.map(|id| id.to_string()).unwrap_or_default()),
    ]
}

fn side(details: &[Detail], value: impl Fn(&Detail) -> &String) -> String {
    let told = details.iter().filter(|detail| !value(detail).is_empty());
    told.map(|detail| format!("{}: {}", detail.label, value(detail))).collect::<Vec<_>>().join("; ")
}

fn text(value: &str) -> CellOut {
    if value.is_empty() { CellOut::Empty } else { CellOut::Text(value.to_owned()) }
}
