//! The door to every peer review: one out of reach is one that does not exist.
//!
//! A permission held for a region reaches the reviews of that region and of its partnerships; for a partnership, its own
//! and those of the regions it is in, as they receive the panel together; for a review, that one. Institutes and boards
//! know of the reviews of the partnerships they take part in. Nobody is on both sides of a review: who plans or receives it
//! does nothing of the panel, whatever roles and places she was given.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_domain::access::{Grant, Permission, Scope, roles};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{Receiver, Review};
use kernschil_storage::access::{UserState, grants, users};
use kernschil_storage::{Tx, WriteTx, registry, reviews};

use crate::Actor;
use crate::error::AppError;

/// Whether a scope reaches a review.
fn reaches(scope: Scope, review: &Review, registry: &Registry) -> bool {
    match scope {
        Scope::Review(id) => id == review.id,
        _ => reaches_receiver(scope, review.receiver, registry),
    }
}

/// Whether a scope reaches every review of a partnership or region.
fn reaches_receiver(scope: Scope, receiver: Receiver, registry: &Registry) -> bool {
    let partnerships = receiver.partnerships(registry);
    match scope {
        Scope::All => true,
        Scope::Region(id) => receiver.regions(registry).contains(&id),
        Scope::Partnership(id) => partnerships.contains(&id),
        Scope::Institute(id) => registry.institute_memberships.iter().any(|m| m.institute == id && partnerships.contains(&m.partnership)),
        Scope::Board(id) => registry.board_memberships.iter().any(|m| m.board == id && partnerships.contains(&m.partnership)),
        // Who trains students at a school takes no part in reviews by that role, and a role in one review is for that one.
        Scope::School(_) | Scope::Trainer(_) | Scope::Review(_) => false,
    }
}

/// A review that somebody may know with a permission, and what it belongs to.
#[derive(Clone)]
pub(crate) struct Known {
    /// The review.
    pub(crate) review: Review,
    /// Who takes part in the field.
    pub(crate) registry: Registry,
}

/// What makes somebody one of the receiving side of a review: she plans it, writes its reflection or responds to its report.
const OF_RECEIVER: [Permission; 3] = [Permission::ManageReview, Permission::WriteReflection, Permission::RespondToReport];
/// What only the panel of a review does.
const OF_PANEL: [Permission; 3] = [Permission::WriteFindings, Permission::WeighFindings, Permission::WriteReport];

/// Whether a role makes somebody one of the receiving side of a review.
pub(crate) fn is_of_receiver(grant: &Grant, review: &Review, registry: &Registry) -> bool {
    OF_RECEIVER.iter().any(|permission| roles(*permission).contains(&grant.role)) && reaches(grant.scope, review, registry)
}

/// Whether who is signed in is one of the receiving side of a review, by any role that holds now: also by one that the token
/// she came with does not carry. Whatever else she was given, she is not one of the panel.
pub(crate) fn receives(actor: &Actor, review: &Review, registry: &Registry) -> bool {
    match actor {
        Actor::User(person) => person.rights.grants().iter().any(|grant| is_of_receiver(grant, review, registry)),
        Actor::CommandLine => false,
    }
}

/// Which of these reviews somebody may know with a permission. What only the panel does, nobody of the receiving side does.
pub(crate) fn within(actor: &Actor, permission: Permission, registry: &Registry, mut all: Vec<Review>) -> Vec<Review> {
    if let Actor::User(person) = actor {
        let scopes = person.rights.scopes(permission);
        all.retain(|review| scopes.iter().any(|scope| reaches(*scope, review, registry)));
        if OF_PANEL.contains(&permission) {
            all.retain(|review| !receives(actor, review, registry));
        }
    }
    all
}

/// The regions and partnerships whose reviews somebody may know with a permission.
pub(crate) fn receivers(actor: &Actor, permission: Permission, registry: &Registry) -> Vec<Receiver> {
    let regions = registry.regions.keys().copied().map(Receiver::Region);
    let mut all: Vec<_> = regions.chain(registry.partnerships.keys().copied().map(Receiver::Partnership)).collect();
    if let Actor::User(person) = actor {
        let scopes = person.rights.scopes(permission);
        all.retain(|receiver| scopes.iter().any(|scope| reaches_receiver(*scope, *receiver, registry)));
    }
    all
}

/// Address and name of everybody with an account who holds a permission for a review by a role of a region, a partnership
/// or the review itself: not those who hold it for everything, who did not ask to hear of each review.
pub(crate) async fn holders(tx: &Tx, known: &Known, permission: Permission, today: NaiveDate) -> Result<Vec<(String, String)>, AppError> {
    let users: BTreeMap<_, _> = users(tx).await?.into_iter().map(|user| (user.id, user)).collect();
    let counts = |grant: &Grant| {
        let is_near = grant.scope != Scope::All && reaches(grant.scope, &known.review, &known.registry);
        is_near && roles(permission).contains(&grant.role) && grant.span.holds_on(today)
    };
    let held = grants(tx).await?.into_iter().filter(counts).filter_map(|grant| users.get(&grant.user));
    let active = held.filter(|user| user.state == UserState::Active);
    Ok(active.map(|user| (user.email.clone(), user.name.clone())).collect())
}

/// A review by its name in addresses. Whether it is out of reach or does not exist takes the same work and gives the same
/// answer.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub(crate) async fn review(tx: &Tx, actor: &Actor, slug: &str, permission: Permission) -> Result<Known, AppError> {
    actor.require(permission)?;
    let registry = registry::load(tx).await?;
    let mut found = within(actor, permission, &registry, reviews::list(tx).await?);
    let at = found.iter().position(|review| review.slug == slug).ok_or(AppError::NotFound)?;
    Ok(Known { review: found.swap_remove(at), registry })
}

/// A review to change something in: others who change it wait until this transaction ends.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub(crate) async fn locked(tx: &WriteTx, actor: &Actor, slug: &str, permission: Permission) -> Result<Known, AppError> {
    let id = review(tx, actor, slug, permission).await?.review.id;
    reviews::lock(tx, id).await?;
    // Again, as it is now that nobody else can change it.
    review(tx, actor, slug, permission).await
}
