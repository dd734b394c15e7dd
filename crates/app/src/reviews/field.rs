//! Regions and partnerships: what a program names when it puts a review on the calendar or somebody in the pool.

use kernschil_domain::access::Permission;
use kernschil_domain::registry::{Partnership, Region};
use kernschil_storage::registry;

use crate::error::AppError;
use crate::listing::search_key;
use crate::{Actor, App};

/// Every region, by name.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn regions(app: &App, actor: &Actor) -> Result<Vec<Region>, AppError> {
    actor.require(Permission::ReadReviews)?;
    let registry = app.store.read(async |tx| registry::load(tx).await).await?;
    let mut found: Vec<_> = registry.regions.into_values().collect();
    found.sort_by_cached_key(|region| search_key(&region.name));
    Ok(found)
}

/// Every partnership, by name, with the regions it works in.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn partnerships(app: &App, actor: &Actor) -> Result<Vec<Partnership>, AppError> {
    actor.require(Permission::ReadReviews)?;
    let registry = app.store.read(async |tx| registry::load(tx).await).await?;
    let mut found: Vec<_> = registry.partnerships.into_values().collect();
    found.sort_by_cached_key(|partnership| search_key(&partnership.name));
    Ok(found)
}
