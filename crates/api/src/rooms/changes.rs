//! Changes on the placement board, and undoing them.

use kernschil_app::App;
use kernschil_app::board::{self, ChangeView};
use kernschil_domain::ids::ChangeId;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use crate::input::{All, Id, Path, Slug};
use crate::output::{Done, Found, Moment};
use crate::refusal::{Conflicts, Refusal, Trouble};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Changes;

/// A change that can be undone.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Change {
    /// Identifier.
    id: Uuid,
    /// When it was made.
    made_at: Moment,
    /// What it did, in Dutch.
    sentence: String,
}

impl From<ChangeView> for Change {
    fn from(view: ChangeView) -> Self {
        Self { id: view.id.0, made_at: Moment(view.made_at), sentence: view.sentence }
    }
}

#[OpenApi(tag = "Tag::Placements")]
impl Changes {
    /// Shows the latest change on the board
    ///
    /// The latest one that was not undone. 404 when there is none; the code then is `geen-wijziging`.
    #[oai(path = "/rounds/:round/changes/latest", method = "get", operation_id = "getLatestChange")]
    async fn latest_change(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Found<Change>, Refusal> {
        let view = board::board(&app, &session.0.actor, &round.named("round")?.0).await?;
        let change = view.last_change.ok_or(Trouble::Nothing { code: "geen-wijziging", message: "Er is niets om ongedaan te maken." })?;
        Ok(Found(change.into()))
    }

    /// Undoes a change
    ///
    /// When nothing else happened to the same student since.
    #[oai(
        path = "/rounds/:round/changes/:change/reversals",
        method = "post",
        operation_id = "reverseChange",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn reverse(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The change.
        change: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        let (round, change) = (round.named("round"), change.named("change")).all()?;
        board::undo(&app, &session.0.actor, &round.0, ChangeId(change.0)).await?;
        Ok(Done)
    }
}
