//! The operations, one room per capability.

mod access;
mod announcing;
mod audit;
mod changes;
mod codes;
mod coverage;
mod day;
mod evidence;
mod field;
mod figures;
mod findings;
mod follow_ups;
mod frameworks;
mod handwork;
mod imports;
mod jobs;
mod mutations;
mod openapi;
mod panels;
mod peers;
mod placements;
mod places;
mod privacy;
mod programme;
mod proposals;
mod questions;
mod reflection;
mod reports;
mod reviews;
mod rounds;
mod rules;
mod scenarios;
mod schools;
mod shortages;
mod steps;
mod students;
mod tokens;
mod users;
mod waiting;
mod weighing;
mod why;
mod workbooks;

use poem_openapi::{OpenApiService, Tags};

/// The rooms about who comes in.
type People = (access::Access, tokens::Tokens, users::Users, audit::Audit, privacy::Privacy);

/// The rooms of peer review.
type Reviews = (
    frameworks::Frameworks,
    (reviews::PeerReviews, audit::ReviewLog),
    (reflection::Reflection, evidence::Evidence, figures::PinnedFigures),
    (peers::Peers, field::Field),
    (panels::Panels, questions::Questions, programme::VisitProgramme, day::DayNotes),
    ((findings::Findings, findings::FindingsForms, findings::FindingJournals), weighing::Weighing, reports::Reports, follow_ups::FollowUps),
);

/// All rooms.
pub(crate) type Rooms = (
    People,
    (rounds::Rounds, steps::Steps, announcing::Announcing, rules::RoundRulesRoom),
    schools::Schools,
    students::Students,
    (placements::Placements, handwork::Handwork),
    (changes::Changes, mutations::Mutations, waiting::Waiting),
    (proposals::Proposals, scenarios::Scenarios, shortages::Shortages, why::Reasons),
    coverage::Coverage,
    Reviews,
    imports::Imports,
    (workbooks::Workbooks, jobs::Jobs),
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
    /// API tokens of one's own. Only with a session: a program makes no tokens for itself.
    Tokens,
    /// Accounts, invitations and roles. Only with a session.
    Users,
    /// The log of who did what. Only with a session.
    Audit,
    /// What is kept about people and how long, and everything about one student. Only with a session.
    Privacy,
    /// Placement rounds at a glance.
    Rounds,
    /// Fixing a round, announcing its places, and the letters.
    Announcing,
    /// Schools of a round: what they offer, who guides, and who comes when.
    Schools,
    /// Students of a round: what they need and wish, and why they are where they are.
    Students,
    /// The placement board: exceptions first, placing by hand, and undoing it.
    Placements,
    /// Changes after publication with as few moves as can be, the waiting list, and who was where.
    Mutations,
    /// Proposals: the best allocation there is, with its proof.
    Proposals,
    /// Scenarios: named copies of a round with other rules, places or enrolment, solved beside it, compared, and chosen.
    Scenarios,
    /// Dekking: which share of the students is trained according to the framework, and who is not.
    Coverage,
    /// Workbooks in: checking and loading them, and empty ones to fill in.
    Imports,
    /// Workbooks out: who comes when, who goes where, exceptions and coverage.
    Workbooks,
    /// The kritische reflectie of a peer review: texts of which every version stays.
    Reflection,
    /// Peer reviews: the panel, who takes part, and the visit day.
    Reviews,
    /// The pool of peers.
    Peers,
    /// Work in the background.
    Jobs,
    /// This document.
    Document,
}
