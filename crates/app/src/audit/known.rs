//! What identifiers in the log stand for now, as far as the reader may know it.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::access::{Permission, Reach};
use kernschil_domain::ids::{DemandId, MemberId, OfferId, ReviewId, RoundId, SchoolId, StudentId, UserId};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::Review;
use kernschil_domain::rounds::Round;
use kernschil_storage::access::{self, UserState};
use kernschil_storage::audit::{self, StoredEvent};
use kernschil_storage::reviews::members;
use kernschil_storage::{Tx, registry, reviews, rounds};
use serde_json::Value;
use uuid::Uuid;

use super::{Destination, Someone};
use crate::error::AppError;
use crate::reviews::sight as review_sight;
use crate::{Actor, App, sight};

/// What identifiers stand for.
pub(super) struct Known {
    people: Vec<Someone>,
    names: BTreeMap<UserId, Option<String>>,
    registry: Registry,
    rounds: Vec<Round>,
    open_rounds: BTreeSet<RoundId>,
    reviews: Vec<Review>,
    open_reviews: BTreeSet<ReviewId>,
    members: BTreeMap<MemberId, String>,
    students: BTreeMap<Uuid, (RoundId, StudentId)>,
    offers: BTreeMap<OfferId, SchoolId>,
    may: Vec<Permission>,
}

impl Known {
    /// Everything that some events are about. Of students only which page is about them, for who may open it.
    pub(super) async fn load(app: &App, tx: &Tx, actor: &Actor, events: &[StoredEvent]) -> Result<Self, AppError> {
        let ids = ids_in(events);
        let users = access::users(tx).await?;
        let present = users.iter().filter(|user| user.state != UserState::Removed);
        let registry = registry::load(tx).await?;
        let open_rounds = app.rounds_in(tx, actor, Permission::ReadRounds).await?.into_iter().map(|round| round.id).collect();
        let rounds = rounds::list(tx).await?;
        let reviews = reviews::list(tx).await?;
        let open_reviews = review_sight::within(actor, Permission::ReadReview, &registry, reviews.clone());
        let members = members_in(tx, &reviews, events).await?;
        let students = students(app, tx, actor, &rounds, &registry, events).await?;
        Ok(Self {
            people: present.map(|user| Someone { id: user.id, name: user.name.clone() }).collect(),
            names: users.into_iter().map(|user| (user.id, (user.state != UserState::Removed).then_some(user.name))).collect(),
            registry,
            rounds,
            open_rounds,
            reviews,
            open_reviews: open_reviews.into_iter().map(|review| review.id).collect(),
            members,
            students,
            offers: audit::schools_of(tx, &ids.iter().copied().map(OfferId).collect::<Vec<_>>()).await?,
            may: Permission::ALL.iter().copied().filter(|permission| actor.may(*permission)).collect(),
        })
    }

    /// Everybody with an account, by name.
    pub(super) fn people(self) -> Vec<Someone> {
        self.people
    }

    /// The name of somebody who has an account.
    pub(super) fn user(&self, id: UserId) -> Option<&str> {
        self.names.get(&id)?.as_deref()
    }

    /// Whether somebody has an account, or had one.
    pub(super) fn is_user(&self, id: UserId) -> bool {
        self.names.contains_key(&id)
    }

    /// Whether the reader holds a permission.
    pub(super) fn may(&self, permission: Permission) -> bool {
        self.may.contains(&permission)
    }

    /// A round by its name in addresses, with its page when the reader may open it.
    pub(super) fn round(&self, slug: &str) -> Option<(&Round, Option<Destination>)> {
        let round = self.rounds.iter().find(|round| round.slug == slug)?;
        Some((round, self.open_rounds.contains(&round.id).then(|| Destination::Round(round.slug.clone()))))
    }

    /// A peer review by its name in addresses, with its page when the reader may open it.
    pub(super) fn review(&self, slug: &str) -> Option<(&Review, Option<Destination>)> {
        let review = self.reviews.iter().find(|review| review.slug == slug)?;
        Some((review, self.open_reviews.contains(&review.id).then(|| Destination::Review(review.slug.clone()))))
    }

    /// Where the page is about a student, or about the student of a demand, that the reader may open.
    pub(super) fn student(&self, subject: Uuid) -> Option<(&Round, StudentId)> {
        let (round, student) = self.students.get(&subject)?;
        Some((self.rounds.iter().find(|known| known.id == *round)?, *student))
    }

    /// What an identifier stands for, in words that people know.
    pub(super) fn name(&self, id: Uuid) -> Option<String> {
        let registry = &self.registry;
        let school = |id: SchoolId| registry.schools.get(&id).map(|school| format!("{} ({})", school.name, school.code));
        self.user(UserId(id))
            .map(str::to_owned)
            .or_else(|| school(SchoolId(id)))
            .or_else(|| self.offers.get(&OfferId(id)).and_then(|id| school(*id)))
            .or_else(|| self.members.get(&MemberId(id)).cloned())
            .or_else(|| registry.institutes.get(&id.into()).map(|institute| institute.name.clone()))
            .or_else(|| registry.partnerships.get(&id.into()).map(|partnership| partnership.name.clone()))
            .or_else(|| registry.boards.get(&id.into()).map(kernschil_domain::registry::Board::label))
            .or_else(|| registry.regions.get(&id.into()).map(|region| region.name.clone()))
            // Names of trainers are not for everybody who reads the log.
            .or_else(|| registry.trainers.get(&id.into()).map(|trainer| format!("opleider {}", trainer.number)))
            .or_else(|| self.rounds.iter().find(|round| round.id.0 == id).map(|round| round.name.clone()))
    }
}

/// The names of who takes part in the peer reviews that events are about.
async fn members_in(tx: &Tx, reviews: &[Review], events: &[StoredEvent]) -> Result<BTreeMap<MemberId, String>, AppError> {
    let subjects: BTreeSet<_> = events.iter().filter_map(|stored| Some(stored.event.as_ref()?.subject.as_str())).collect();
    let mut names = BTreeMap::new();
    for review in reviews.iter().filter(|review| subjects.contains(review.slug.as_str())) {
        names.extend(members::of_review(tx, review.id).await?.into_iter().map(|member| (member.id, member.name)));
    }
    Ok(names)
}

/// Every identifier in what was noted before and after.
fn ids_in(events: &[StoredEvent]) -> BTreeSet<Uuid> {
    fn collect(value: &Value, ids: &mut BTreeSet<Uuid>) {
        match value {
            Value::String(text) => ids.extend(Uuid::try_parse(text).ok()),
            Value::Array(values) => values.iter().for_each(|value| collect(value, ids)),
            Value::Object(fields) => fields.values().for_each(|value| collect(value, ids)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut ids = BTreeSet::new();
    for event in events.iter().filter_map(|stored| stored.event.as_ref()) {
        for text in [&event.before, &event.after].into_iter().flatten() {
            if let Ok(value) = serde_json::from_str(text) {
                collect(&value, &mut ids);
            }
        }
    }
    ids
}

/// The student pages that the reader may open, of what events are about: a demand or a student.
async fn students(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    rounds: &[Round],
    registry: &Registry,
    events: &[StoredEvent],
) -> Result<BTreeMap<Uuid, (RoundId, StudentId)>, AppError> {
    if !actor.may(Permission::ReadStudents) {
        return Ok(BTreeMap::new());
    }
    let subjects: BTreeSet<_> = events.iter().filter_map(|stored| Uuid::try_parse(&stored.event.as_ref()?.subject).ok()).collect();
    let subjects: Vec<_> = subjects.into_iter().collect();
    let mut found: BTreeMap<_, _> = audit::demands_of(tx, &subjects).await?;
    if actor.reach(Permission::ReadStudents, registry, app.clock.today()) == Reach::Everything {
        return Ok(found.into_iter().map(|(subject, (round, student, _))| (subject, (round, student))).collect());
    }
    let asked: BTreeSet<_> = found.values().map(|(round, ..)| *round).collect();
    let mut seen: BTreeSet<DemandId> = BTreeSet::new();
    for round in rounds.iter().filter(|round| asked.contains(&round.id)) {
        match sight::round(app, tx, actor, &round.slug, Permission::ReadStudents).await {
            Ok(data) => seen.extend(data.demands.keys()),
            // Out of reach is nothing to link to.
            Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    found.retain(|_, (.., demand)| seen.contains(demand));
    Ok(found.into_iter().map(|(subject, (round, student, _))| (subject, (round, student))).collect())
}
