//! Closed lists of the floors below, under their name in the document.

use kernschil_domain::coverage;
use kernschil_domain::{codes, standing};
use poem_openapi::Enum;

use crate::input::coded;

coded! {
    /// Kind of education.
    Sector(codes::Sector)
}

coded! {
    /// Role of a board or school inside one partnership.
    Tier(codes::Tier)
}

coded! {
    /// What a school is to a student, or to the partnerships of a round: a step on the ladder, best first.
    Standing(standing::Standing)
}

coded! {
    /// How a student counts for coverage (dekking); the first two are covered, the last two are not counted.
    CoverageStatus(coverage::CoverageStatus)
}

coded! {
    /// Step at which a round stands.
    RoundState(codes::RoundState)
}

coded! {
    /// How somebody is trained.
    StudentKind(codes::StudentKind)
}

coded! {
    /// Who employs a trainer.
    TrainerKind(codes::TrainerKind)
}

coded! {
    /// A qualification of a trainer.
    QualificationKind(codes::QualificationKind)
}

coded! {
    /// How far a placement is.
    PlacementStatus(codes::PlacementStatus)
}

coded! {
    /// Where a placement came from.
    PlacementSource(codes::PlacementSource)
}

coded! {
    /// Whether a student placed outside samen opleiden gets extra guidance.
    Guidance(codes::Guidance)
}

coded! {
    /// How far work in the background is.
    JobState(codes::JobState)
}

/// How a figure can be divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case", remote = "kernschil_app::coverage::Dimension")]
pub(crate) enum Dimension {
    /// By the partnership that sees to the place.
    Partnership,
    /// By institute.
    Institute,
    /// By programme.
    Programme,
    /// By study phase.
    Phase,
    /// By period.
    Period,
}

/// A step of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case", remote = "kernschil_app::overview::TaskKind")]
pub(crate) enum TaskKind {
    /// Boards, schools, programmes, trainers.
    Data,
    /// Places offered by schools.
    Offers,
    /// Students and their wishes.
    Wishes,
    /// The proposal.
    Proposal,
    /// Looking at the exceptions.
    Check,
    /// Fixing the allocation.
    Fix,
    /// Publishing it.
    Publish,
}

/// How far a step of the year is; `later` means that something else goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case", remote = "kernschil_app::overview::TaskState")]
pub(crate) enum TaskState {
    /// Done.
    Done,
    /// Something is there, and something is left to do.
    Busy,
    /// To be done now.
    ToDo,
    /// Something else goes first.
    Later,
}

/// Whether data, offers, wishes, rules or places by hand changed since a proposal was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case", remote = "kernschil_app::proposals::Currency")]
pub(crate) enum Currency {
    /// Nothing changed.
    Current,
    /// Something changed.
    Outdated,
}
