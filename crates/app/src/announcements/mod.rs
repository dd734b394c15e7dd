//! Fixing a round and announcing its places: what was fixed, who was told what, and the letters.

mod letters;
mod reading;
mod snapshots;
mod waves;
mod workbook;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Need, PlacementStatus, RoundState};
use kernschil_domain::ids::{Version, WaveId};
use kernschil_domain::mutations::{Audience, SnapshotKind, Wave};
use kernschil_domain::rounds::RoundData;
use kernschil_domain::steps::{Facts, Gate, GateWeight, ReopenReason, RoundEvent, gates, next};
use kernschil_storage::{announcements, rounds};
use serde_json::json;

use crate::board::ExceptionKind;
use crate::error::AppError;
use crate::steps::{facts, require, require_version, was_told};
use crate::{Actor, App, Change, board, proposals, sight};

pub use letters::{LetterPart, LetterText, Visitor};
pub(crate) use reading::to_student;
pub use reading::{Delivery, LetterRow, WaveView, letter, wave, waves};
pub(crate) use snapshots::freeze;
pub use snapshots::{BrokenSnapshot, SnapshotView, Soundness, broken, snapshots};
pub use waves::{LetterChange, letters_for};
pub use workbook::{school_workbook, wave_workbook};

/// What is about to be fixed.
#[derive(Debug, Clone)]
pub struct FixDesk {
    /// The round and its registry.
    pub data: RoundData,
    /// What is known of it.
    pub facts: Facts,
    /// Why it does not fit where the round stands, in Dutch; nothing when it does.
    pub misfit: Option<String>,
    /// What stands in the way, or is worth knowing.
    pub gates: Vec<(Gate, GateWeight)>,
    /// Number of demands per kind of exception; those without any are left out.
    pub exceptions: Vec<(ExceptionKind, usize)>,
    /// Number of demands without exceptions.
    pub unremarkable: usize,
}

/// What is about to be fixed.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round.
pub async fn fix_desk(app: &App, actor: &Actor, slug: &str) -> Result<FixDesk, AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Announce).await?;
            let data = rounds::picture(tx, slug).await?;
            let facts = facts(tx, &data).await?;
            let reasons = proposals::latest(tx, &data).await?.map(|run| run.reasons).unwrap_or_default();
            let rows = board::rows(&data, &reasons);
            let count = |kind| rows.iter().filter(|row| row.exceptions.contains(&kind)).count();
            Ok(FixDesk {
                misfit: next(data.round.state, RoundEvent::Fix).err().map(|error| error.to_string()),
                gates: gates(data.round.state, RoundEvent::Fix, &facts),
                exceptions: ExceptionKind::ALL.into_iter().map(|kind| (kind, count(kind))).filter(|(_, count)| *count > 0).collect(),
                unremarkable: rows.iter().filter(|row| row.exceptions.is_empty()).count(),
                facts,
                data,
            })
        })
        .await
}

/// Fixes the placements of a round: from then on nothing is proposed or moved. Answers the hash of what was fixed.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed the round, or
/// when something stands in the way: all of it at once.
pub async fn fix(app: &App, actor: &Actor, slug: &str, seen: Version) -> Result<String, AppError> {
    app.store
        .write(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Announce).await?;
            rounds::lock(tx, slug).await?;
            let data = rounds::picture(tx, slug).await?;
            require_version(&data.round, seen)?;
            let known = facts(tx, &data).await?;
            let to = require(&data.round, RoundEvent::Fix, &known)?;
            let drafts = waves::with_status(&data, PlacementStatus::Proposed);
            announcements::advance(tx, &drafts, PlacementStatus::Proposed, PlacementStatus::Fixed, None).await?;
            let hash = snapshots::freeze(app, tx, actor, &data, SnapshotKind::Fixed).await?;
            rounds::set_state(tx, data.round.id, to, seen).await?;
            let detail = json!({ "placed": drafts.len(), "left": known.demands.saturating_sub(known.placed), "hash": hash });
            app.audit(tx, actor, EventKind::RoundFixed, slug, Change::to(detail));
            Ok(hash)
        })
        .await
}

/// Opens a fixed round again, while nobody was told.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed the round, when
/// it is not fixed, or when somebody was told already.
pub async fn reopen(app: &App, actor: &Actor, slug: &str, reason: ReopenReason, seen: Version) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Announce).await?;
            rounds::lock(tx, slug).await?;
            let data = rounds::picture(tx, slug).await?;
            require_version(&data.round, seen)?;
            let to = require(&data.round, RoundEvent::Reopen, &facts(tx, &data).await?)?;
            let fixed = waves::with_status(&data, PlacementStatus::Fixed);
            announcements::advance(tx, &fixed, PlacementStatus::Fixed, PlacementStatus::Proposed, None).await?;
            let version = rounds::set_state(tx, data.round.id, to, seen).await?;
            app.audit(tx, actor, EventKind::RoundReopened, slug, Change::to(json!({ "reason": reason.code(), "placed": fixed.len() })));
            Ok(version)
        })
        .await
}

/// What is about to be announced.
#[derive(Debug, Clone)]
pub struct AnnounceDesk {
    /// The round and its registry.
    pub data: RoundData,
    /// Why it does not fit where the round stands, in Dutch; nothing when it does.
    pub misfit: Option<String>,
    /// What stands in the way, or is worth knowing.
    pub gates: Vec<(Gate, GateWeight)>,
    /// Who can be told now, with the letters.
    pub options: Vec<AnnounceOption>,
    /// Students who need a place, have none, and get no letter.
    pub without: usize,
    /// Waves that were made already.
    pub waves: Vec<Wave>,
    /// A letter to a student, as an example.
    pub student_example: Option<LetterText>,
    /// A list for a school, as an example.
    pub school_example: Option<LetterText>,
}

/// Somebody who can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnounceOption {
    /// Who.
    pub audience: Audience,
    /// Letters to schools.
    pub schools: usize,
    /// Of those, with an e-mail address.
    pub schools_by_mail: usize,
    /// Letters to students.
    pub students: usize,
    /// Of those, with an e-mail address.
    pub students_by_mail: usize,
}

impl AnnounceOption {
    fn of(data: &RoundData, audience: Audience) -> Self {
        let count = |part: Audience| {
            let drafts = if audience == part || audience == Audience::Everybody { waves::drafts(data, part) } else { Vec::new() };
            (drafts.len(), drafts.iter().filter(|draft| draft.address(data).is_some()).count())
        };
        let ((schools, schools_by_mail), (students, students_by_mail)) = (count(Audience::Schools), count(Audience::Students));
        Self { audience, schools, schools_by_mail, students, students_by_mail }
    }
}

/// Who can be told after these waves: schools before students, or both at once.
fn audiences(waves: &[Wave]) -> Vec<Audience> {
    match (was_told(waves, Audience::Schools), was_told(waves, Audience::Students)) {
        (false, _) => vec![Audience::Schools, Audience::Everybody],
        (true, false) => vec![Audience::Students],
        (true, true) => Vec::new(),
    }
}

/// What is about to be announced.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round.
pub async fn announce_desk(app: &App, actor: &Actor, slug: &str) -> Result<AnnounceDesk, AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Announce).await?;
            let data = rounds::picture(tx, slug).await?;
            let facts = facts(tx, &data).await?;
            let waves = announcements::waves(tx, data.round.id).await?;
            let (student_example, school_example) = reading::examples(app, &data);
            let lacks = data.demands.values().filter(|demand| demand.need == Need::Required && !data.placements.contains_key(&demand.id));
            let lacking: std::collections::BTreeSet<_> = lacks.map(|demand| demand.student).collect();
            let placed: std::collections::BTreeSet<_> =
                data.placements.keys().filter_map(|demand| data.demands.get(demand)).map(|demand| demand.student).collect();
            Ok(AnnounceDesk {
                misfit: next(data.round.state, RoundEvent::Announce).err().map(|error| error.to_string()),
                gates: gates(data.round.state, RoundEvent::Announce, &facts),
                options: audiences(&waves).into_iter().map(|audience| AnnounceOption::of(&data, audience)).collect(),
                without: lacking.difference(&placed).count(),
                waves,
                student_example,
                school_example,
                data,
            })
        })
        .await
}

/// Whether letters were made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// They were made now.
    Now(WaveId, i32),
    /// They were made before: somebody pressed twice.
    Before(WaveId, i32),
}

impl Announced {
    /// Number of the wave in its round, from 1.
    pub fn ordinal(self) -> i32 {
        match self {
            Self::Now(_, ordinal) | Self::Before(_, ordinal) => ordinal,
        }
    }
}

/// Tells schools, students or both, in one transaction: placements become announced, what was announced is frozen, each
/// gets a letter, and a mail goes out where there is an address. Who was told already is not told again.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed the round, when
/// schools do not know yet and students are asked for, or when something stands in the way.
pub async fn announce(app: &App, actor: &Actor, slug: &str, audience: Audience, seen: Version) -> Result<Announced, AppError> {
    app.store
        .write(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Announce).await?;
            rounds::lock(tx, slug).await?;
            let data = rounds::picture(tx, slug).await?;
            let earlier = announcements::waves(tx, data.round.id).await?;
            if let Some(wave) = earlier.iter().find(|wave| wave.mutation.is_none() && wave.audience == audience) {
                return Ok(Announced::Before(wave.id, wave.ordinal));
            }
            require_version(&data.round, seen)?;
            let to = require(&data.round, RoundEvent::Announce, &facts(tx, &data).await?)?;
            require_audience(&earlier, audience)?;
            let data = if data.round.state == RoundState::Fixed { make_known(app, tx, actor, &data, audience).await? } else { data };
            let drafts = waves::drafts(&data, audience);
            let wave = waves::send(app, tx, actor, &data, audience, None, &drafts).await?;
            rounds::set_state(tx, data.round.id, to, seen).await?;
            let ordinal = earlier.last().map_or(1, |wave| wave.ordinal + 1);
            Ok(Announced::Now(wave, ordinal))
        })
        .await
}

fn require_audience(earlier: &[Wave], audience: Audience) -> Result<(), AppError> {
    if audiences(earlier).contains(&audience) {
        return Ok(());
    }
    if was_told(earlier, Audience::Schools) {
        let message = "De scholen weten het al. Maak de plaatsingen nu alleen aan de studenten bekend, als zij het nog niet weten.";
        return Err(AppError::conflict("al-bekendgemaakt", message));
    }
    let message = "De scholen weten het nog niet. Maak de plaatsingen eerst aan de scholen bekend, of aan iedereen tegelijk.";
    Err(AppError::conflict("scholen-eerst", message))
}

/// Makes fixed placements announced, and freezes them. Answers the round as it is then.
async fn make_known(
    app: &App,
    tx: &kernschil_storage::WriteTx,
    actor: &Actor,
    data: &RoundData,
    audience: Audience,
) -> Result<RoundData, AppError> {
    let fixed = waves::with_status(data, PlacementStatus::Fixed);
    announcements::advance(tx, &fixed, PlacementStatus::Fixed, PlacementStatus::Announced, Some(app.clock.now())).await?;
    let data = rounds::picture(tx, &data.round.slug).await?;
    let hash = snapshots::freeze(app, tx, actor, &data, SnapshotKind::Announced).await?;
    let detail = json!({ "audience": audience.code(), "placed": fixed.len(), "hash": hash });
    app.audit(tx, actor, EventKind::PlacementsAnnounced, &data.round.slug, Change::to(detail));
    Ok(data)
}
