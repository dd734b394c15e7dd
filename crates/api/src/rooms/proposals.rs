//! Making a proposal, and the latest one with its proof.

use kernschil_app::proposals::{self, LevelView, ProposalView, ShortageView};
use kernschil_app::{App, jobs};
use poem::web::Data;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::Currency;
use super::jobs::{Job, accepted};
use crate::input::{Path, Slug};
use crate::output::{Accepted, Found, Moment};
use crate::refusal::{Refusal, Trouble};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Proposals;

/// How good a proposal is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum Proof {
    /// No proposal is better on any level without being worse on a higher one.
    Optimal,
    /// Given who may be placed outside it is optimal; that choice is not proven.
    WithinBound,
}

/// Totals of a proposal.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ProposalFigures {
    /// Demands that needed a place.
    demands: u32,
    /// Without a place.
    unplaced: u32,
    /// At a kern school.
    kern: u32,
    /// At a schil school that meets its conditions.
    schil: u32,
    /// At a schil school that does not.
    schil_unmet: u32,
    /// At a school outside samen opleiden.
    outside: u32,
    /// At the first, second, third wish and so on.
    by_wish: Vec<u32>,
    /// With wishes, and placed elsewhere.
    not_listed: u32,
    /// Possible pairs of student and place.
    pairs: u64,
    /// Places offered.
    offered: u64,
}

/// A level of the objective; a level only counts where all before it are equal.
#[derive(Debug, Object)]
pub(crate) struct ObjectiveLevel {
    /// What it counts, in Dutch.
    label: String,
    /// Its value; lower is better.
    value: i64,
}

impl From<LevelView> for ObjectiveLevel {
    fn from(level: LevelView) -> Self {
        Self { label: level.label, value: level.value }
    }
}

/// Students without a place, of one phase in one period.
#[derive(Debug, Object)]
pub(crate) struct PhaseShortage {
    /// Name of the period.
    period: String,
    /// Code of the phase.
    phase: String,
    /// Students without a place.
    short: u32,
}

/// A group of students with too few places.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Shortage {
    /// Students without a place.
    short: u32,
    /// Students who together want these places.
    students: u32,
    /// The capacities that are full, in Dutch.
    capacities: Vec<String>,
    /// The students without a place.
    by_phase: Vec<PhaseShortage>,
}

impl From<ShortageView> for Shortage {
    fn from(view: ShortageView) -> Self {
        let by_phase = view.by_phase.into_iter();
        Self {
            short: view.short,
            students: view.students,
            capacities: view.capacities,
            by_phase: by_phase.map(|(period, phase, short)| PhaseShortage { period, phase, short }).collect(),
        }
    }
}

/// A proposal: the best allocation there is for the data it was made from.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Proposal {
    /// The run that made it.
    run: Uuid,
    /// When.
    made_at: Moment,
    /// Version of the engine.
    engine_version: String,
    /// Hash of everything that went in.
    input_hash: String,
    /// Whether the round is still as it was.
    currency: Currency,
    /// Totals.
    figures: ProposalFigures,
    /// How good it is known to be.
    proof: Proof,
    /// What each level of the objective counts, the most important first.
    levels: Vec<ObjectiveLevel>,
    /// Groups of students with too few places, the largest shortage first.
    shortages: Vec<Shortage>,
}

impl From<ProposalView> for Proposal {
    fn from(view: ProposalView) -> Self {
        let proof = if view.is_proven() { Proof::Optimal } else { Proof::WithinBound };
        let figures = view.figures;
        Self {
            run: view.run.0,
            made_at: Moment(view.made_at),
            engine_version: view.engine_version,
            input_hash: view.input_hash,
            currency: view.currency.into(),
            figures: ProposalFigures {
                demands: figures.demands,
                unplaced: figures.unplaced,
                kern: figures.kern,
                schil: figures.schil,
                schil_unmet: figures.schil_unmet,
                outside: figures.outside,
                by_wish: figures.by_wish,
                not_listed: figures.not_listed,
                pairs: figures.pairs,
                offered: figures.offered,
            },
            proof,
            levels: view.levels.into_iter().map(Into::into).collect(),
            shortages: view.shortages.into_iter().map(Into::into).collect(),
        }
    }
}

#[OpenApi(tag = "Tag::Proposals")]
impl Proposals {
    /// Asks for a proposal
    ///
    /// A job makes it and puts it on the board: drafts of earlier proposals make room, places given by hand stay. When
    /// nothing changed since the latest proposal, that one stands.
    #[oai(
        path = "/rounds/:round/proposals",
        method = "post",
        operation_id = "createProposal",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn ask(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Accepted<Job>, Refusal> {
        let round = round.named("round")?;
        let job = jobs::ask_proposal(&app, &session.0.actor, &round.0).await?;
        Ok(accepted(&app, &session.0.actor, job).await?)
    }

    /// Shows the latest proposal
    ///
    /// 404 when there is none yet; the code then is `geen-voorstel`.
    #[oai(path = "/rounds/:round/proposals/latest", method = "get", operation_id = "getLatestProposal")]
    async fn latest(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Found<Proposal>, Refusal> {
        let view = proposals::of_round(&app, &session.0.actor, &round.named("round")?.0).await?;
        let view = view.ok_or(Trouble::Nothing { code: "geen-voorstel", message: "Er is nog geen voorstel voor deze ronde." })?;
        Ok(Found(view.into()))
    }
}
