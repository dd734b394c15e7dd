//! The moves of a plan as a workbook.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::MutationId;
use kernschil_domain::policy::Order;
use kernschil_spreadsheets::write::{CellOut, Column, Orientation, Report, ReportSheet, report};
use serde_json::json;

use super::plan::Tally;
use super::view::{MutationView, OptionView, Stop, get};
use crate::error::AppError;
use crate::exports::Workbook;
use crate::exports::cells::{number, numbers, text, words};
use crate::{Actor, App, Change};

/// Who moves in one option, with the figures before and after. That somebody took it along is noted.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such mutation, or no plan for it.
pub async fn workbook(app: &App, actor: &Actor, slug: &str, id: MutationId, order: Order) -> Result<Workbook, AppError> {
    actor.require(Permission::ExportStudents)?;
    let view = get(app, actor, slug, id).await?;
    let option = view.options.iter().find(|option| option.order == order).or(view.options.first());
    let option = option.ok_or_else(|| AppError::conflict("geen-plan", "Er is nog geen plan. Maak eerst een plan en download het dan."))?;
    let sheets = vec![moves(&view, option), figures(&view, option)];
    let title = format!("Wijziging, {}", view.round.name);
    let bytes = report(&Report { title, sheets }).map_err(|e| AppError::Internal(e.to_string()))?;
    let detail = json!({ "mutation": id, "students": option.moves.len() });
    app.store
        .write(async |tx| {
            app.audit(tx, actor, EventKind::WorkbookExported, slug, Change::to(detail));
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(Workbook { file_name: format!("{slug}-wijziging.xlsx"), bytes })
}

/// Notes that somebody took the list of mutations along as a workbook.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Storage`] when the database fails.
pub async fn note_list_export(app: &App, actor: &Actor, slug: &str, rows: usize) -> Result<(), AppError> {
    actor.require(Permission::ExportStudents)?;
    app.store
        .write(async |tx| {
            app.audit(tx, actor, EventKind::WorkbookExported, slug, Change::to(json!({ "mutations": rows })));
            Ok(())
        })
        .await
}

fn sheet(view: &MutationView, name: &str, columns: Vec<Column>, rows: Vec<Vec<CellOut>>) -> ReportSheet {
    let title = format!("{}, {}", view.row.what, view.round.name);
    ReportSheet { name: name.to_owned(), title, columns, rows, chart: None, print: Orientation::Landscape }
}

fn moves(view: &MutationView, option: &OptionView) -> ReportSheet {
    let columns = vec![
        words("Studentnummer", 14),
        words("Naam", 26),
        words("Fase", 12),
        words("Periode", 14),
        words("Van code", 12),
        words("Van school", 30),
        words("Naar code", 12),
        words("Naar school", 30),
        words("Telt als", 26),
        numbers("Reistijd (min)"),
        words("Waarom", 50),
    ];
    let code = |stop: Option<&Stop>| stop.map_or(CellOut::Empty, |stop| text(&stop.school_code));
    let name = |stop: Option<&Stop>| stop.map_or_else(|| text("geen plek"), |stop| text(&stop.school_name));
    let line = |one: &super::MoveView| {
        let (from, to) = (one.from.as_ref(), one.to.as_ref());
        vec![
            text(&one.number),
            text(&one.name),
            text(&one.phase),
            text(&one.period),
            code(from),
            name(from),
            code(to),
            name(to),
            to.map_or(CellOut::Empty, |stop| text(stop.standing.dutch())),
            to.and_then(|stop| stop.minutes).map_or(CellOut::Empty, number),
            text(&one.why),
        ]
    };
    sheet(view, "Verplaatsingen", columns, option.moves.iter().map(line).collect())
}

fn figures(view: &MutationView, option: &OptionView) -> ReportSheet {
    type Count = fn(&Tally) -> u32;
    let lines: [(&str, Count); 9] = [
        ("Plekken nodig", |tally| tally.demands),
        ("Binnen samen opleiden", Tally::covered),
        ("Kern", |tally| tally.kern),
        ("Schil", |tally| tally.schil),
        ("Schil, niet op orde", |tally| tally.schil_unmet),
        ("Buiten samen opleiden", |tally| tally.outside),
        ("Zonder plek", |tally| tally.unplaced),
        ("Eerste voorkeur", |tally| tally.by_wish.first().copied().unwrap_or_default()),
        ("Reis langer dan een uur", |tally| tally.over_60),
    ];
    let rows = lines.into_iter().map(|(label, count)| vec![text(label), number(count(&view.before)), number(count(&option.after))]);
    sheet(view, "Cijfers", vec![words("Wat", 30), numbers("Voor"), numbers("Na")], rows.collect())
}
