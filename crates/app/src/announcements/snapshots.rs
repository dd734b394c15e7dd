//! Snapshots: what was fixed and announced, with a hash by which anybody can see later that nothing of it was changed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_credentials::tokens::hex;
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{DemandId, SnapshotId};
use kernschil_domain::mutations::{Snapshot, SnapshotKind};
use kernschil_domain::rounds::RoundData;
use kernschil_storage::{WriteTx, announcements, rounds};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::AppError;
use crate::{Actor, App, sight};

/// SHA-256 of a text, hexadecimal.
fn hash(content: &str) -> String {
    hex(&Sha256::digest(content.as_bytes()))
}

/// One line of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    demand: DemandId,
    placement: Option<Value>,
}

/// The placements of a round as canonical JSON: keys and lines in a fixed order, ids and codes, no names, numbers or
/// reasons.
fn content(data: &RoundData, kind: SnapshotKind) -> String {
    let code = |placement: &kernschil_domain::placements::Placement| {
        let offer = data.offers.get(&placement.offer)?;
        let school = data.registry.schools.get(&offer.school)?;
        Some(json!({
            "id": placement.id,
            "offer": placement.offer,
            "school": school.code.to_string(),
            "standing": placement.standing.code(),
            "trainer": placement.trainer,
            "guidance": placement.guidance.map(kernschil_domain::codes::Guidance::code),
            "source": placement.source.code(),
            "run": placement.run,
        }))
    };
    let lines: Vec<_> = data
        .demands
        .values()
        .map(|demand| {
            json!({
                "demand": demand.id,
                "student": demand.student,
                "period": demand.period,
                "phase": demand.phase,
                "need": demand.need.code(),
                "placement": data.placements.get(&demand.id).and_then(code),
            })
        })
        .collect();
    // Demands come by id.
    let all = json!({ "format": 1, "kind": kind.code(), "round": data.round.id, "rules": data.round.rules, "demands": lines });
    all.to_string()
}

/// Freezes the placements of a round as they are now. Answers the hash.
pub(crate) async fn freeze(app: &App, tx: &WriteTx, actor: &Actor, data: &RoundData, kind: SnapshotKind) -> Result<String, AppError> {
    let content = content(data, kind);
    let hash = hash(&content);
    let snapshot = Snapshot {
        id: SnapshotId(app.ids.next()),
        round: data.round.id,
        kind,
        made_at: app.clock.now(),
        made_by: actor.user(),
        hash: hash.clone(),
        content,
    };
    announcements::insert_snapshot(tx, snapshot).await?;
    Ok(hash)
}

/// Whether a snapshot is still what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Soundness {
    /// Its hash is that of its content.
    Sound,
    /// Its content or its hash was changed.
    Changed,
}

/// A snapshot, held against its hash and against the round as it is now.
#[derive(Debug, Clone, Serialize)]
pub struct SnapshotView {
    /// Identifier.
    pub id: SnapshotId,
    /// What of.
    pub kind: SnapshotKind,
    /// When.
    pub made_at: DateTime<Utc>,
    /// SHA-256 of the content, hexadecimal.
    pub hash: String,
    /// Whether that is so.
    pub soundness: Soundness,
    /// Demands with a place in it.
    pub placed: usize,
    /// Demands whose place is another now, or that came or went.
    pub differences: usize,
}

/// Where each demand was in a snapshot; nothing when it cannot be read.
fn places(content: &str) -> Option<BTreeMap<DemandId, Option<Value>>> {
    let value: Value = serde_json::from_str(content).ok()?;
    let lines: Vec<Line> = serde_json::from_value(value.get("demands")?.clone()).ok()?;
    Some(lines.into_iter().map(|line| (line.demand, line.placement)).collect())
}

pub(super) fn view(data: &RoundData, snapshot: Snapshot) -> SnapshotView {
    let then = places(&snapshot.content).unwrap_or_default();
    let now = places(&content(data, snapshot.kind)).unwrap_or_default();
    let changed = then.iter().filter(|(demand, place)| now.get(demand) != Some(place)).count();
    let came = now.keys().filter(|demand| !then.contains_key(demand)).count();
    SnapshotView {
        id: snapshot.id,
        kind: snapshot.kind,
        made_at: snapshot.made_at,
        soundness: if hash(&snapshot.content) == snapshot.hash { Soundness::Sound } else { Soundness::Changed },
        hash: snapshot.hash,
        placed: then.values().filter(|place| place.is_some()).count(),
        differences: changed + came,
    }
}

/// The snapshots of a round, newest first.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round.
pub async fn snapshots(app: &App, actor: &Actor, slug: &str) -> Result<(RoundData, Vec<SnapshotView>), AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Announce).await?;
            let data = rounds::picture(tx, slug).await?;
            let found = announcements::snapshots(tx, data.round.id).await?;
            let views = found.into_iter().map(|snapshot| view(&data, snapshot)).collect();
            Ok((data, views))
        })
        .await
}

/// A snapshot that is not what it was.
#[derive(Debug, Clone, Serialize)]
pub struct BrokenSnapshot {
    /// Name of the round.
    pub round: String,
    /// Which one.
    pub id: SnapshotId,
    /// What of.
    pub kind: SnapshotKind,
}

/// The snapshots of all rounds whose hash is not that of their content; none is the good answer.
///
/// # Errors
/// [`AppError::Storage`] when the database fails or holds a value this version cannot read.
pub async fn broken(app: &App) -> Result<Vec<BrokenSnapshot>, AppError> {
    app.store
        .read(async |tx| {
            let names: BTreeMap<_, _> = rounds::list(tx).await?.into_iter().map(|round| (round.id, round.name)).collect();
            let mut found = Vec::new();
            for snapshot in announcements::all_snapshots(tx).await? {
                if hash(&snapshot.content) != snapshot.hash {
                    let round = names.get(&snapshot.round).cloned().unwrap_or_default();
                    found.push(BrokenSnapshot { round, id: snapshot.id, kind: snapshot.kind });
                }
            }
            Ok(found)
        })
        .await
}
