//! The door to every round: what somebody may not see is not there, and a round out of reach is a round that does not
//! exist. Only what runs over whole rounds (making proposals, loading workbooks, checks) loads rounds in another way.

use std::collections::BTreeSet;

use kernschil_domain::access::{Permission, Reach, Sight};
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::{Round, RoundData};
use kernschil_storage::{StorageError, Tx, WriteTx, registry, rounds};

use crate::error::AppError;
use crate::proposals::{self, LatestRun};
use crate::{Actor, App};

fn sight(app: &App, actor: &Actor, permission: Permission, registry: &Registry) -> Sight {
    match actor {
        Actor::User(person) => Sight::of(&person.rights, permission, registry, app.clock.today()),
        Actor::CommandLine => Sight::everything(),
    }
}

/// The rounds that a reach touches, by name.
pub(crate) async fn touched(tx: &Tx, reach: &Reach, registry: &Registry) -> Result<Vec<Round>, AppError> {
    let mut all = rounds::list(tx).await?;
    let Reach::Part { schools, .. } = reach else { return Ok(all) };
    let offering = if schools.is_empty() { BTreeSet::default() } else { rounds::offering(tx).await? };
    all.retain(|round| reach.touches_round(round, registry, |school| offering.contains(&(round.id, school))));
    Ok(all)
}

/// Finds a round. Whether it is out of reach or does not exist takes the same work and gives the same answer.
async fn find(app: &App, tx: &Tx, actor: &Actor, slug: &str, permission: Permission) -> Result<(Round, Registry, Sight), AppError> {
    actor.require(permission)?;
    let registry = registry::load(tx).await?;
    let sight = sight(app, actor, permission, &registry);
    let round = touched(tx, &sight.demands, &registry).await?.into_iter().find(|round| round.slug == slug);
    Ok((round.ok_or(AppError::NotFound)?, registry, sight))
}

/// A round as somebody may know it with a permission.
pub(crate) async fn round(app: &App, tx: &Tx, actor: &Actor, slug: &str, permission: Permission) -> Result<RoundData, AppError> {
    let (round, registry, sight) = find(app, tx, actor, slug, permission).await?;
    Ok(sight.narrow(rounds::picture_with(tx, round, registry).await?))
}

/// A round as somebody may know it, with its latest run. The run is held against the whole round.
pub(crate) async fn explained(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    slug: &str,
    permission: Permission,
) -> Result<(RoundData, Option<LatestRun>), AppError> {
    let (round, registry, sight) = find(app, tx, actor, slug, permission).await?;
    let data = rounds::picture_with(tx, round, registry).await?;
    let run = proposals::latest(tx, &data).await?;
    Ok((sight.narrow(data), run))
}

/// A round as somebody may know it, the same round as it is, and its latest run: for answers that are computed on all of it
/// and told in words of what she may know.
pub(crate) async fn asked(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    slug: &str,
    permission: Permission,
) -> Result<(RoundData, RoundData, Option<LatestRun>), AppError> {
    let (round, registry, sight) = find(app, tx, actor, slug, permission).await?;
    let data = rounds::picture_with(tx, round, registry).await?;
    let run = proposals::latest(tx, &data).await?;
    Ok((sight.narrow(data.clone()), data, run))
}

/// A round to change something in: others who change it wait until this transaction ends.
pub(crate) async fn locked(app: &App, tx: &WriteTx, actor: &Actor, slug: &str, permission: Permission) -> Result<RoundData, AppError> {
    actor.require(permission)?;
    match rounds::lock(tx, slug).await {
        // A round that does not exist is looked for in the same way as one out of reach.
        Ok(()) | Err(StorageError::NotFound) => round(app, tx, actor, slug, permission).await,
        Err(error) => Err(error.into()),
    }
}

/// Refuses who may not do something to a round as a whole. A round that several partnerships share is for who
/// coordinates all of them.
pub(crate) async fn require_whole(app: &App, tx: &Tx, actor: &Actor, slug: &str, permission: Permission) -> Result<Round, AppError> {
    let (round, _, sight) = find(app, tx, actor, slug, permission).await?;
    if sight.demands.covers_round(&round) {
        Ok(round)
    } else {
        let message = "Deze ronde is van meer partnerschappen. Dit kan alleen wie ze allemaal coördineert; vraag de regiocoördinator.";
        Err(AppError::Forbidden { message: message.to_owned() })
    }
}

impl App {
    /// The rounds that somebody may know of, by name. Nobody is refused: who may know of none gets none.
    ///
    /// # Errors
    /// [`AppError::Storage`] when the database fails.
    pub async fn rounds(&self, actor: &Actor) -> Result<Vec<Round>, AppError> {
        self.store.read(async |tx| self.rounds_in(tx, actor, Permission::ReadRounds).await).await
    }

    /// The rounds that somebody may know of with a permission.
    pub(crate) async fn rounds_in(&self, tx: &Tx, actor: &Actor, permission: Permission) -> Result<Vec<Round>, AppError> {
        let registry = registry::load(tx).await?;
        touched(tx, &actor.reach(permission, &registry, self.clock.today()), &registry).await
    }

    /// A round as somebody may know it with a permission.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round within reach.
    pub async fn picture(&self, actor: &Actor, slug: &str, permission: Permission) -> Result<RoundData, AppError> {
        self.store.read(async |tx| round(self, tx, actor, slug, permission).await).await
    }
}
