//! Where a member of the panel sees something in another way than what was found together. It is hers alone to write and
//! to take back, and it goes into the report.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{JointFindingId, MemberId, Version};
use kernschil_domain::reviews::Dissent;
use kernschil_storage::reviews::joint;
use kernschil_storage::{StorageError, WriteTx};
use serde_json::json;

use super::joint::{Changing, clean_text};
use crate::error::AppError;
use crate::reviews::findings::not_in_panel;
use crate::{Actor, App, Change};

/// Whose dissent it is, and what the joint finding says, when she saw her dissent as it is; version 0 while there is none.
async fn own(tx: &WriteTx, actor: &Actor, slug: &str, (id, seen): (JointFindingId, Version)) -> Result<(MemberId, String), AppError> {
    let changing = Changing::load(tx, actor, slug, Permission::WriteFindings).await?;
    let finding = changing.joint.iter().find(|finding| finding.id == id).ok_or(AppError::NotFound)?;
    changing.require_open()?;
    let member = changing.ground.own.as_ref().map(|member| member.id).ok_or_else(not_in_panel)?;
    let before = finding.dissents.iter().find(|dissent| dissent.member == member);
    if before.map_or(Version(0), |dissent| dissent.version) != seen {
        return Err(StorageError::Stale.into());
    }
    Ok((member, finding.text.clone()))
}

fn note(app: &App, tx: &WriteTx, (actor, slug): (&Actor, &str), id: JointFindingId, what: &str) {
    app.audit(tx, actor, EventKind::DissentChanged, slug, Change::to(json!({ "finding": id, "what": what })));
}

/// Says where one sees a joint finding in another way, in the place of what one said before.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`]; [`AppError::Conflict`] when one changed it since
/// elsewhere, or weighing is over.
pub async fn dissent(app: &App, actor: &Actor, slug: &str, (id, seen): (JointFindingId, Version), text: &str) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let (member, about) = own(tx, actor, slug, (id, seen)).await?;
            let text = clean_text(text).map_err(|wrong| AppError::Invalid(vec![wrong]))?;
            let said = Dissent { member, text, about, at: app.clock.now(), version: seen.next() };
            joint::put_dissent(tx, id, &said).await?;
            note(app, tx, (actor, slug), id, "said");
            Ok(said.version)
        })
        .await
}

/// Takes back where one saw a joint finding in another way.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also when one said nothing; [`AppError::Conflict`] when one changed it
/// since elsewhere, or weighing is over.
pub async fn withdraw_dissent(app: &App, actor: &Actor, slug: &str, (id, seen): (JointFindingId, Version)) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let (member, _) = own(tx, actor, slug, (id, seen)).await?;
            joint::remove_dissent(tx, id, member).await?;
            note(app, tx, (actor, slug), id, "withdrawn");
            Ok(())
        })
        .await
}
