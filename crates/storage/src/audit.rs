//! Who did what: one event per change, in the transaction of the change.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::UserId;
use uuid::Uuid;

use crate::entity::audit_events;
use crate::error::StorageError;
use crate::rows::put;
use crate::store::WriteTx;

/// Appends an event. `detail` is JSON without names, student numbers or postcodes.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn append(
    tx: &WriteTx,
    id: Uuid,
    at: DateTime<Utc>,
    user: Option<UserId>,
    kind: &str,
    subject: &str,
    detail: &str,
) -> Result<(), StorageError> {
    let row = audit_events::Model {
        id,
        at,
        user_id: user.map(|u| u.0),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    };
    put(tx, vec![row]).await
}
