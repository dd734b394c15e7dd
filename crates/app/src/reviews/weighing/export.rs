//! The weighing to take along, for the table around which the panel sits.

use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::reviews::{Dissent, JointFinding, SafeguardPicture, Stance};
use kernschil_spreadsheets::write::{CellOut, Column, ColumnKind, Orientation, Report, ReportSheet, report};
use serde_json::json;

use super::{Table, ToldFinding, Weighing, WeighingStage, get};
use crate::error::AppError;
use crate::exports::Workbook;
use crate::{Actor, App, Change};

/// The weighing as a workbook, for the panel: findings side by side, what was found together, and the picture. That
/// somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] while there is nothing on the table for her.
pub async fn workbook(app: &App, actor: &Actor, slug: &str) -> Result<Workbook, AppError> {
    let weighing = get(app, actor, slug).await?;
    let sheets = sheets(&weighing)?;
    let rows: usize = sheets.iter().map(|sheet| sheet.rows.len()).sum();
    let title = format!("Samen wegen – {}", weighing.review.name);
    let bytes = tokio::task::spawn_blocking(move || report(&Report { title, sheets }));
    let bytes = bytes.await.map_err(|e| AppError::Internal(e.to_string()))?.map_err(|e| AppError::Internal(e.to_string()))?;
    app.store
        .write(async |tx| {
            app.audit(tx, actor, EventKind::ReviewExported, slug, Change::to(json!({ "what": "weighing", "rows": rows })));
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(Workbook { file_name: format!("samen-wegen-{slug}-{}.xlsx", app.clock.today()), bytes })
}

fn sheets(weighing: &Weighing) -> Result<Vec<ReportSheet>, AppError> {
    let content = &weighing.content;
    match &weighing.stage {
        WeighingStage::Open(table) => Ok(vec![side_by_side(content, table), together(content, of_table(table)), picture(content, table)]),
        WeighingStage::Told(findings) => Ok(vec![together(content, findings.clone())]),
        WeighingStage::Waiting(_) | WeighingStage::Private => {
            let message = "Er ligt voor u nog niets op tafel. Bekijk op de pagina “Samen wegen” waarop wordt gewacht.";
            Err(AppError::conflict("weging-te-vroeg", message))
        }
    }
}

/// What was found together, with the names of who sees it in another way.
fn of_table(table: &Table) -> Vec<ToldFinding> {
    let named = |finding: &JointFinding| {
        let said = |dissent: &Dissent| format!("{}: {}", table.names.get(&dissent.member).map_or("", String::as_str), dissent.text);
        ToldFinding { dissents: finding.dissents.iter().map(said).collect(), ..finding.clone().into() }
    };
    table.joint.iter().map(named).collect()
}

fn words(header: &str, width: u16) -> Column {
    Column { header: header.to_owned(), width, kind: ColumnKind::Text }
}

fn text(value: &str) -> CellOut {
    if value.is_empty() { CellOut::Empty } else { CellOut::Text(value.to_owned()) }
}

fn number(value: usize) -> CellOut {
    CellOut::Number(i64::try_from(value).unwrap_or(i64::MAX))
}

/// The safeguard and the part, in words.
fn about(content: &FrameworkContent, part: &Part) -> [CellOut; 2] {
    let safeguard = content.safeguard(&part.safeguard).map_or("", |safeguard| safeguard.name.as_str());
    let title =
        part.criterion.as_ref().map_or_else(|| "De waarborg als geheel".to_owned(), |code| format!("{code} {}", content.title(part)));
    [text(safeguard), text(&title)]
}

fn side_by_side(content: &FrameworkContent, table: &Table) -> ReportSheet {
    let mut rows = Vec::new();
    for part in &table.parts {
        for (member, own) in &part.members {
            for finding in own {
                let mut row = about(content, &part.part).to_vec();
                row.extend([
                    text(&part.spread.dutch()),
                    text(table.names.get(member).map_or("", String::as_str)),
                    text(finding.kind.dutch()),
                    text(&finding.text),
                    text(if table.unweighed.contains(&finding.id) { "nog niet gewogen" } else { "gewogen" }),
                ]);
                rows.push(row);
            }
        }
    }
    ReportSheet {
        name: "Naast elkaar".to_owned(),
        title: "Wat ieder panellid vond, het grootste verschil eerst".to_owned(),
        columns: vec![
            words("Waarborg", 28),
            words("Onderdeel", 40),
            words("Verschil", 44),
            words("Panellid", 24),
            words("Soort", 18),
            words("Bevinding", 70),
            words("Gewogen", 18),
        ],
        rows,
        chart: None,
        print: Orientation::Landscape,
    }
}

fn together(content: &FrameworkContent, findings: Vec<ToldFinding>) -> ReportSheet {
    let row = |finding: ToldFinding| {
        let mut row = about(content, &finding.part).to_vec();
        row.extend([text(finding.kind.dutch()), text(&finding.text), text(&finding.dissents.join("\n"))]);
        row
    };
    ReportSheet {
        name: "Samen gevonden".to_owned(),
        title: "Wat het panel samen vond, met wie het anders ziet".to_owned(),
        columns: vec![
            words("Waarborg", 28),
            words("Onderdeel", 40),
            words("Soort", 18),
            words("Bevinding", 70),
            words("Andere mening", 60),
        ],
        rows: findings.into_iter().map(row).collect(),
        chart: None,
        print: Orientation::Landscape,
    }
}

fn picture(content: &FrameworkContent, table: &Table) -> ReportSheet {
    let count = |header: &str| Column { header: header.to_owned(), width: 18, kind: ColumnKind::Number };
    let mut columns = vec![words("Waarborg", 40)];
    columns.extend(Stance::ALL.iter().map(|stance| count(&format!("Leden: {}", stance.dutch()))));
    columns.extend([count("Samen gevonden"), words("Verschil", 50)]);
    let row = |drawn: &SafeguardPicture| {
        let mut row = vec![text(content.safeguard(&drawn.safeguard).map_or("", |safeguard| safeguard.name.as_str()))];
        row.extend(Stance::ALL.iter().map(|stance| number(drawn.stances.get(stance).copied().unwrap_or_default())));
        row.extend([number(drawn.joint.values().sum()), text(&drawn.spread.dutch())]);
        row
    };
    ReportSheet {
        name: "Beeld".to_owned(),
        title: "Hoeveel leden hoe naar elke waarborg kijken: aantallen, geen cijfers".to_owned(),
        columns,
        rows: table.picture.iter().map(row).collect(),
        chart: None,
        print: Orientation::Landscape,
    }
}
