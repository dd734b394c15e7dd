//! Follow-ups to take along.

use kernschil_domain::audit::EventKind;
use kernschil_spreadsheets::write::{CellOut, Column, ColumnKind, Orientation, Report, ReportSheet, report};
use serde_json::json;

use super::{FollowUpItem, FollowUpQuery, FollowUps, list};
use crate::error::AppError;
use crate::exports::Workbook;
use crate::{Actor, App, Change};

/// The follow-ups of a query as a workbook: exactly what the list shows. That somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn workbook(app: &App, actor: &Actor, slug: &str, query: &FollowUpQuery) -> Result<Workbook, AppError> {
    let found = list(app, actor, slug, query).await?;
    let rows = found.items.len();
    let title = format!("Opvolging – {}", found.review.name);
    let bytes = tokio::task::spawn_blocking(move || report(&Report { title, sheets: vec![sheet(&found)] }));
    let bytes = bytes.await.map_err(|e| AppError::Internal(e.to_string()))?.map_err(|e| AppError::Internal(e.to_string()))?;
    app.store
        .write(async |tx| {
            app.audit(tx, actor, EventKind::ReviewExported, slug, Change::to(json!({ "what": "follow-up", "rows": rows })));
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(Workbook { file_name: format!("opvolging-{slug}-{}.xlsx", app.clock.today()), bytes })
}

fn sheet(found: &FollowUps) -> ReportSheet {
    let column = |header: &str, width, kind| Column { header: header.to_owned(), width, kind };
    let words = |header: &str, width| column(header, width, ColumnKind::Text);
    ReportSheet {
        name: "Opvolging".to_owned(),
        title: "Wat er met de bevindingen gebeurt".to_owned(),
        columns: vec![
            words("Waarborg", 28),
            words("Bevinding", 60),
            words("Actie", 60),
            words("Wie", 24),
            column("Uiterlijk", 14, ColumnKind::Date),
            words("Stand", 14),
            column("Dagen te laat", 14, ColumnKind::Number),
            words("Resultaat of reden", 50),
        ],
        rows: found.items.iter().map(|item| cells(found, item)).collect(),
        chart: None,
        print: Orientation::Landscape,
    }
}

fn cells(found: &FollowUps, item: &FollowUpItem) -> Vec<CellOut> {
    let text = |value: &str| if value.is_empty() { CellOut::Empty } else { CellOut::Text(value.to_owned()) };
    let safeguard = item.part().and_then(|part| found.content.safeguard(&part.safeguard));
    let action = &item.follow_up;
    vec![
        text(safeguard.map_or("", |safeguard| safeguard.name.as_str())),
        text(item.finding.as_ref().map_or("", |finding| finding.text.as_str())),
        text(&action.text),
        text(&action.owner),
        action.due_on.map_or(CellOut::Empty, CellOut::Date),
        text(action.status.dutch()),
        CellOut::Number(item.days_late),
        text(&action.result),
    ]
}
