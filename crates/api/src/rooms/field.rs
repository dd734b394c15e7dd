//! Regions and partnerships, to name in other calls.

use kernschil_app::App;
use kernschil_app::reviews::field;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use crate::output::Found;
use crate::refusal::Refusal;
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Field;

/// A region.
#[derive(Debug, Object)]
pub(crate) struct RegionRow {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
}

/// A partnership.
#[derive(Debug, Object)]
pub(crate) struct PartnershipRow {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
    /// The regions it works in.
    regions: Vec<Uuid>,
}

#[OpenApi(tag = "Tag::Peers")]
impl Field {
    /// Lists the regions
    ///
    /// By name. Their identifiers are what peers and reviews are given a region by.
    #[oai(path = "/regions", method = "get", operation_id = "listRegions")]
    async fn regions(&self, session: Session, app: Data<&App>) -> Result<Found<Vec<RegionRow>>, Refusal> {
        let all = field::regions(&app, &session.0.actor).await?;
        Ok(Found(all.into_iter().map(|region| RegionRow { id: region.id.0, name: region.name }).collect()))
    }

    /// Lists the partnerships
    ///
    /// By name, with the regions each works in. Their identifiers are what peers and reviews are given a partnership by.
    #[oai(path = "/partnerships", method = "get", operation_id = "listPartnerships")]
    async fn partnerships(&self, session: Session, app: Data<&App>) -> Result<Found<Vec<PartnershipRow>>, Refusal> {
        let all = field::partnerships(&app, &session.0.actor).await?.into_iter().map(|partnership| PartnershipRow {
            id: partnership.id.0,
            name: partnership.name,
            regions: partnership.regions.into_iter().map(|region| region.0).collect(),
        });
        Ok(Found(all.collect()))
    }
}
