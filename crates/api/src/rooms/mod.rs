//! The operations, one room per capability.

mod access;
mod changes;
mod codes;
mod coverage;
mod imports;
mod jobs;
mod openapi;
mod placements;
mod places;
mod proposals;
mod rounds;
mod schools;
mod students;
mod workbooks;

use poem_openapi::{OpenApiService, Tags};

/// All rooms.
pub(crate) type Rooms = (
    access::Access,
    rounds::Rounds,
    schools::Schools,
    students::Students,
    placements::Placements,
    changes::Changes,
    proposals::Proposals,
    coverage::Coverage,
    imports::Imports,
    workbooks::Workbooks,
    jobs::Jobs,
    openapi::Document,
);

/// All rooms as a service.
pub(crate) fn service() -> OpenApiService<Rooms, ()> {
    OpenApiService::new(Rooms::default(), "", "")
}

/// Groups of operations.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Signing in and out.
    Access,
    /// Placement rounds at a glance.
    Rounds,
    /// Schools of a round: what they offer, who guides, and who comes when.
    Schools,
    /// Students of a round: what they need and wish, and why they are where they are.
    Students,
    /// The placement board: exceptions first, placing by hand, and undoing it.
    Placements,
    /// Proposals: the best allocation there is, with its proof.
    Proposals,
    /// Dekking: which share of the students is trained according to the framework, and who is not.
    Coverage,
    /// Workbooks in: checking and loading them, and empty ones to fill in.
    Imports,
    /// Workbooks out: who comes when, who goes where, exceptions and coverage.
    Workbooks,
    /// Work in the background.
    Jobs,
    /// This document.
    Document,
}
