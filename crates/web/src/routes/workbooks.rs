//! Workbooks to take along.

use kernschil_app::AppError;
use kernschil_app::exports::{self, ExportKind};
use kernschil_app::overview::{self, Overview};
use kernschil_http::Caller;
use poem::handler;
use poem::web::Path;

use super::State;
use super::support::{Answer, html, round_ref, size, workbook};
use crate::components::nav::NavItem;
use crate::components::text::counted;
use crate::views::workbooks::{WorkbookCard, WorkbooksView, workbooks_page};

fn contents(overview: &Overview, kind: ExportKind) -> String {
    let students = counted(size(overview.students), "student", "studenten");
    match kind {
        ExportKind::Schools => {
            let schools = counted(size(overview.schools), "school", "scholen");
            format!("{schools}, {}", counted(size(overview.placed), "plaatsing", "plaatsingen"))
        }
        ExportKind::Students | ExportKind::Coverage => students,
        ExportKind::Exceptions => format!("van {students}"),
    }
}

fn card(overview: &Overview, kind: ExportKind) -> WorkbookCard {
    let round = round_ref(&overview.round);
    let has_something = if kind == ExportKind::Schools { overview.offered > 0 } else { overview.demands > 0 };
    WorkbookCard {
        title: kind.dutch().to_owned(),
        description: kind.explanation().to_owned(),
        contents: contents(overview, kind),
        file: kind.file_name(&round.slug),
        href: has_something.then(|| round.path(&format!("werkboeken/{}.xlsx", kind.code()))),
    }
}

impl From<&Overview> for WorkbooksView {
    fn from(overview: &Overview) -> Self {
        Self { round: round_ref(&overview.round), workbooks: ExportKind::ALL.map(|kind| card(overview, kind)).into() }
    }
}

/// The workbooks of a round.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let view = WorkbooksView::from(&overview::of_round(&web.app, &caller.actor, &slug).await?);
    Ok(html(workbooks_page(&web.frame_of(caller, NavItem::Workbooks, &view.round), &view)))
}

/// One workbook.
#[handler]
pub(super) async fn download(web: State<'_>, caller: &Caller, Path((slug, file)): Path<(String, String)>) -> Answer {
    let kind = file.strip_suffix(".xlsx").and_then(ExportKind::parse).ok_or(AppError::NotFound)?;
    let made = exports::round_workbook(&web.app, &caller.actor, &slug, kind).await?;
    Ok(workbook(&made.file_name, made.bytes))
}
