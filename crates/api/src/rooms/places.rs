//! What several rooms show.

use kernschil_app::students::PlaceSummary;
use poem_openapi::Object;
use uuid::Uuid;

use super::codes::{Guidance, PlacementSource, PlacementStatus, Standing};
use super::handwork::Hold;
use super::rules::RuleKind;

/// Something with a name.
#[derive(Debug, Object)]
pub(crate) struct Named {
    /// Identifier, for filters.
    pub(crate) id: Uuid,
    /// Name or code, for people.
    pub(crate) name: String,
}

/// Where a student is placed.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Placement {
    /// The placement; its `ETag` is this identifier in quotation marks.
    id: Uuid,
    /// The offer it takes a place of.
    offer: Uuid,
    /// Code of the school.
    school_code: String,
    /// Name of the school.
    school_name: String,
    /// Town of the school.
    place: Option<String>,
    /// What the school is to the student, as recorded for the first day.
    standing: Standing,
    /// How far the placement is.
    status: PlacementStatus,
    /// Where it came from.
    source: PlacementSource,
    /// Rank of the school among the wishes, from 1; absent when it is none of them.
    wish_rank: Option<usize>,
    /// Estimated minutes of travel one way; absent when an address is not known.
    minutes: Option<u16>,
    /// Name of the trainer.
    trainer: Option<String>,
    /// Extra guidance; only for a place outside samen opleiden.
    guidance: Option<Guidance>,
    /// Whether a proposal may move it.
    hold: Hold,
    /// Rules that were set aside when it was placed by hand; empty when none were.
    broken: Vec<RuleKind>,
}

impl Placement {
    /// Its version, as `ETag`.
    pub(crate) fn tag(&self) -> String {
        format!("\"{}\"", self.id)
    }
}

impl From<PlaceSummary> for Placement {
    fn from(place: PlaceSummary) -> Self {
        Self {
            id: place.placement.0,
            offer: place.offer.0,
            school_code: place.school_code,
            school_name: place.school_name,
            place: place.place,
            standing: place.standing.into(),
            status: place.status.into(),
            source: place.source.into(),
            wish_rank: place.wish_rank,
            minutes: place.minutes,
            trainer: place.trainer,
            guidance: place.guidance.map(Into::into),
            hold: place.hold.into(),
            broken: place.broken.into_iter().map(Into::into).collect(),
        }
    }
}
