//! Waves of letters: who is told what, in the transaction in which it becomes so.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::PlacementStatus;
use kernschil_domain::ids::{DemandId, LetterId, MutationId, PlacementId, SchoolId, StudentId, WaveId};
use kernschil_domain::mutations::{Audience, Letter, LetterKind, Wave};
use kernschil_domain::rounds::RoundData;
use kernschil_storage::{WriteTx, announcements};
use serde_json::json;

use super::letters::Writer;
use crate::error::AppError;
use crate::mail::{self, MailKind};
use crate::{Actor, App, Change};

/// What changed for one demand, for who has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterChange {
    /// The demand.
    pub demand: DemandId,
    /// The announced place it had; nothing when it had none.
    pub before: Option<PlacementId>,
    /// The place it has now; nothing when it has none any more.
    pub after: Option<PlacementId>,
}

/// A letter that is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Draft {
    kind: LetterKind,
    school: Option<SchoolId>,
    demand: Option<DemandId>,
    placement: Option<PlacementId>,
}

impl Draft {
    fn to_school(school: SchoolId) -> Self {
        Self { kind: LetterKind::School, school: Some(school), demand: None, placement: None }
    }

    fn to_student(kind: LetterKind, demand: DemandId, placement: PlacementId) -> Self {
        Self { kind, school: None, demand: Some(demand), placement: Some(placement) }
    }

    pub(super) fn school(&self) -> Option<SchoolId> {
        self.school
    }

    /// The letter, without a mail yet.
    pub(super) fn letter(&self, id: LetterId, wave: WaveId) -> Letter {
        Letter { id, wave, kind: self.kind, school: self.school, demand: self.demand, placement: self.placement, mail: None }
    }

    /// The address that mail goes to, where it is known, and the name there.
    pub(super) fn address(&self, data: &RoundData) -> Option<(String, String)> {
        let (email, name) = if let Some(demand) = self.demand {
            let student = data.students.get(&data.demands.get(&demand)?.student)?;
            (student.email.clone(), student.full_name())
        } else {
            let school = data.registry.schools.get(&self.school?)?;
            (school.email.clone(), school.name.clone())
        };
        Some((email.filter(|address| !address.is_empty())?, name))
    }
}

/// Who hears of the placements of a round when they are announced: every school with places, also those where nobody
/// comes, and every student with a place, once.
pub(super) fn drafts(data: &RoundData, audience: Audience) -> Vec<Draft> {
    let mut drafts = Vec::new();
    if audience != Audience::Students {
        let offering: BTreeSet<_> = data.offers.values().filter(|offer| offer.count > 0).map(|offer| offer.school).collect();
        drafts.extend(by_name(data, offering).into_iter().map(Draft::to_school));
    }
    if audience != Audience::Schools {
        // Of several places the first one stands for the letter.
        let mut first: BTreeMap<StudentId, _> = BTreeMap::new();
        for placement in data.placements.values() {
            let Some(demand) = data.demands.get(&placement.demand) else { continue };
            let Some(student) = data.students.get(&demand.student) else { continue };
            let starts_on = data.periods.get(&demand.period).map(|period| period.starts_on);
            let draft = ((starts_on, demand.id), crate::listing::search_key(&student.list_name()), placement.id);
            let known = first.entry(student.id).or_insert_with(|| draft.clone());
            if draft.0 < known.0 {
                *known = draft;
            }
        }
        let mut students: Vec<_> = first.into_values().collect();
        students.sort_by(|a, b| (&a.1, a.0.1).cmp(&(&b.1, b.0.1)));
        drafts.extend(students.into_iter().map(|((_, demand), _, placement)| Draft::to_student(LetterKind::Placed, demand, placement)));
    }
    drafts
}

fn by_name(data: &RoundData, schools: BTreeSet<SchoolId>) -> Vec<SchoolId> {
    let mut schools: Vec<_> = schools.into_iter().collect();
    let name =
        |id: &SchoolId| data.registry.schools.get(id).map(|school| (crate::listing::search_key(&school.name), school.code.to_string()));
    schools.sort_by_cached_key(name);
    schools
}

/// Makes the letters about a few demands and queues the mails, in the transaction of the change itself: a letter to
/// each student who moved, got a place or lost it, and a new list to each school that she left or comes to. Nobody else
/// is told.
///
/// `data` is the whole round after the change: load it again with `rounds::picture` when the new placements are stored
/// as announced (`status`, `announced_at`) and the old ones are withdrawn (`ended_at`). The caller checks who may do
/// this and notes what it did; that letters were made is noted here.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn letters_for(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    data: &RoundData,
    audience: Audience,
    mutation: Option<MutationId>,
    changes: &[LetterChange],
) -> Result<WaveId, AppError> {
    let mut drafts = Vec::new();
    if audience != Audience::Students {
        let placements =
            changes.iter().flat_map(|change| [change.before, change.after].into_iter().flatten().map(|id| (change.demand, id)));
        let schools = placements.filter_map(|(demand, id)| school_of(data, demand, id)).collect();
        drafts.extend(by_name(data, schools).into_iter().map(Draft::to_school));
    }
    if audience != Audience::Schools {
        drafts.extend(changes.iter().filter_map(|change| match (change.before, change.after) {
            (None, Some(after)) => Some(Draft::to_student(LetterKind::Placed, change.demand, after)),
            (Some(_), Some(after)) => Some(Draft::to_student(LetterKind::Moved, change.demand, after)),
            (Some(before), None) => Some(Draft::to_student(LetterKind::Ended, change.demand, before)),
            (None, None) => None,
        }));
    }
    send(app, tx, actor, data, audience, mutation, &drafts).await
}

fn school_of(data: &RoundData, demand: DemandId, id: PlacementId) -> Option<SchoolId> {
    let live = data.placements.get(&demand).filter(|placement| placement.id == id);
    let placement = live.or_else(|| data.withdrawn.get(&id))?;
    data.offers.get(&placement.offer).map(|offer| offer.school)
}

/// Stores a wave with its letters, and queues a mail for each letter with an address.
pub(super) async fn send(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    data: &RoundData,
    audience: Audience,
    mutation: Option<MutationId>,
    drafts: &[Draft],
) -> Result<WaveId, AppError> {
    let earlier = announcements::waves(tx, data.round.id).await?;
    let wave = Wave {
        id: WaveId(app.ids.next()),
        round: data.round.id,
        ordinal: earlier.last().map_or(1, |wave| wave.ordinal + 1),
        audience,
        made_at: app.clock.now(),
        made_by: actor.user(),
        mutation,
    };
    let writer = Writer::new(data, &wave);
    let mut letters: Vec<_> = drafts.iter().map(|draft| draft.letter(LetterId(app.ids.next()), wave.id)).collect();
    let (mut mails, mut mailed) = (Vec::new(), Vec::new());
    for (at, (draft, letter)) in drafts.iter().zip(&letters).enumerate() {
        let (Some((to_address, to_name)), Some(text)) = (draft.address(data), writer.text(letter)) else { continue };
        mails.push(mail::Letter { kind: MailKind::Placement, to_address, to_name, subject: text.subject.clone(), text: text.plain() });
        mailed.push(at);
    }
    for (at, id) in mailed.into_iter().zip(mail::queue_all(app, tx, mails).await?) {
        if let Some(letter) = letters.get_mut(at) {
            letter.mail = Some(id);
        }
    }
    announcements::insert_wave(tx, &wave, &letters).await?;
    let detail = json!({
        "wave": wave.ordinal,
        "audience": audience.code(),
        "letters": letters.len(),
        "mails": letters.iter().filter(|letter| letter.mail.is_some()).count(),
    });
    app.audit(tx, actor, EventKind::LettersSent, &data.round.slug, Change::to(detail));
    Ok(wave.id)
}

/// The placements with a status.
pub(super) fn with_status(data: &RoundData, status: PlacementStatus) -> Vec<PlacementId> {
    data.placements.values().filter(|placement| placement.status == status).map(|placement| placement.id).collect()
}
