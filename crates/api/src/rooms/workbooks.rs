//! Workbooks to take along.

use kernschil_app::App;
use kernschil_app::exports::{self, ExportKind};
use poem::web::Data;
use poem_openapi::OpenApi;

use super::Tag;
use crate::input::{All, Path, Slug, coded};
use crate::output::Workbook;
use crate::refusal::Refusal;
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Workbooks;

coded! {
    /// What a workbook is about.
    WorkbookKind(ExportKind)
}

#[OpenApi(tag = "Tag::Workbooks")]
impl Workbooks {
    /// Gives a workbook about a round
    ///
    /// Dutch, ready to print and to filter; coverage with a chart. That it was taken along is noted.
    #[oai(path = "/rounds/:round/workbooks/:kind", method = "get", operation_id = "getWorkbook")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// What it is about.
        kind: Path<WorkbookKind>,
    ) -> Result<Workbook, Refusal> {
        let (round, kind) = (round.named("round"), kind.named("kind")).all()?;
        let exports::Workbook { file_name, bytes } = exports::round_workbook(&app, &session.0.actor, &round.0, kind.0).await?;
        Ok(Workbook { bytes, file_name })
    }
}
