//! Where places are short.

use kernschil_app::App;
use kernschil_app::reasons;
use kernschil_app::shortages::{self, FullCapacity as AppCapacity, ShortPart as AppPart, Shortage as AppShortage};
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::Currency;
use crate::input::{Path, Slug};
use crate::output::{Found, Moment};
use crate::refusal::{Refusal, Trouble};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Shortages;

/// A capacity that is full.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct FullCapacity {
    /// What it is, in Dutch, with its size.
    label: String,
    /// Code of the school, where it is of one school.
    school_code: Option<String>,
    /// What one more would bring, as Dutch sentences, the most important first; empty when that was not worked out.
    brings: Vec<String>,
}

impl From<&AppCapacity> for FullCapacity {
    fn from(capacity: &AppCapacity) -> Self {
        Self { label: capacity.label.clone(), school_code: capacity.school.clone(), brings: reasons::brings(&capacity.brings) }
    }
}

/// Students without a place who need the same.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ShortPart {
    /// Code of the phase.
    phase: String,
    /// Name of the period.
    period: String,
    /// Groups that fit.
    groups: String,
    /// Days that are needed; absent when any will do.
    weekdays: Option<String>,
    /// Partnership that sees to the place.
    partnership: Option<String>,
    /// Their demands.
    demands: Vec<Uuid>,
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

impl From<&AppPart> for ShortPart {
    fn from(part: &AppPart) -> Self {
        Self {
            phase: part.phase.clone(),
            period: part.period.clone(),
            groups: part.groups.clone(),
            weekdays: some(&part.weekdays),
            partnership: some(&part.partnership),
            demands: part.demands.iter().map(|demand| demand.0).collect(),
        }
    }
}

/// Students who together have too few places, divided.
#[derive(Debug, Object)]
pub(crate) struct ShortageGroup {
    /// Students without a place.
    short: u32,
    /// Students who together want these places.
    students: u32,
    /// What is full; empty when no place suits these students.
    capacities: Vec<FullCapacity>,
    /// Towns of the schools that are full, those with most first.
    towns: Vec<String>,
    /// The students without a place, divided.
    parts: Vec<ShortPart>,
    /// Why no place suits, in Dutch, where that is so.
    reasons: Vec<String>,
}

impl From<&AppShortage> for ShortageGroup {
    fn from(shortage: &AppShortage) -> Self {
        Self {
            short: shortage.short,
            students: shortage.students,
            capacities: shortage.capacities.iter().map(Into::into).collect(),
            towns: shortage.towns.clone(),
            parts: shortage.parts.iter().map(Into::into).collect(),
            reasons: shortage.reasons.clone(),
        }
    }
}

/// Where a round is short, by its latest proposal.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct RoundShortages {
    /// The run of the proposal.
    run: Uuid,
    /// When it was made.
    made_at: Moment,
    /// Whether the round is still as it was.
    currency: Currency,
    /// The shortages, the largest first.
    shortages: Vec<ShortageGroup>,
}

#[OpenApi(tag = "Tag::Proposals")]
impl Shortages {
    /// Shows where places are short
    ///
    /// By the latest proposal: for whom, by how many, and which capacities are full. 404 when there is no proposal yet; the
    /// code then is `geen-voorstel`.
    #[oai(path = "/rounds/:round/shortages", method = "get", operation_id = "getShortages")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Found<RoundShortages>, Refusal> {
        let report = shortages::of_round(&app, &session.0.actor, &round.named("round")?.0).await?;
        let run = report.run.ok_or(Trouble::Nothing { code: "geen-voorstel", message: "Er is nog geen voorstel voor deze ronde." })?;
        Ok(Found(RoundShortages {
            run: run.run.0,
            made_at: Moment(run.made_at),
            currency: run.currency.into(),
            shortages: report.shortages.iter().map(Into::into).collect(),
        }))
    }
}
