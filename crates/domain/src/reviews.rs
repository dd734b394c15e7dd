//! Peer reviews: developmental ones that a region holds for itself, and judging ones of an aspirant. What a review is,
//! how far it is, who takes part, and what is written in it.
//!
//! Sources: DOMAIN.md sections 8 and 9. What is marked there as not known is data here: names of steps, lead times and
//! criteria can be changed by whoever holds the review.

mod findings;
mod handing_in;
mod panel;
mod people;
mod planning;
mod preparation;
mod programme;
mod reminding;
mod report;
mod rhythm;
mod standing;
mod steps;
mod transitions;
mod weighing;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::codes::code_enum;
use crate::frameworks::PartCode;
use crate::ids::{FrameworkId, PartnershipId, RegionId, ReviewId, UserId, Version};
use crate::registry::Registry;

pub use findings::{Dissent, Finding, FindingChange, FindingChangeKind, FindingKind, HandIn, JointFinding, replayed};
pub use handing_in::{FINDING_SIGNS, MEMBER_FINDINGS, canonical_findings, hand_in_is_over, reads_findings, tidy_finding};
pub use panel::{
    Absence, Aspect, Doubt, Facts, NoPanel, PanelCase, PanelChoice, PanelFinding, PanelIssue, PanelProposal, PanelRules, PassedOver,
    Severity, WhyNot, panel_findings, pays, propose,
};
pub use people::{
    Availability, FormerEmployer, MemberAnswer, PanelVerdict, Peer, PeerVisit, PinnedVerdict, PollAnswer, ReviewMember, ReviewRole,
};
pub use planning::{MOST_STEP_DAYS, MOST_STEP_NAME, StepShift, TemplateProblem, from_templates, shifts, template_problems};
pub use preparation::{
    DayNote, DevelopmentQuestion, EvidenceForm, PinnedFigure, ProgrammeItem, ReflectionEvent, ReflectionMove, ReviewEvidence,
    ReviewEvidenceVersion, ReviewText, SaveCause, TextVersion,
};
pub use programme::{Collision, Overlap, overlaps};
pub use reminding::{DEADLINE_DAYS, REMINDER_DAYS, reminder_on, until_words};
pub use report::{
    DISSENT, FollowUp, FollowUpStatus, ParagraphAbout, ParagraphChange, ParagraphDifference, Publication, PublishedPart, REPLY,
    ReportBasis, ReportBlock, ReportComment, ReportContent, ReportJudgement, ReportPanelist, ReportParagraph, ReportPictureRow,
    ReportProgrammePart, ReportResponse, ReportSection, ReportState, ReportText, ReportVersion, UnknownParagraph, report_differences,
};
pub use rhythm::{
    DEADLINE_YEAR, Deadline, NoSecondChance, RHYTHM_YEARS, VISITS_OWED, deadline, end_of, is_near, next_due, second_chance, year_of,
};
pub use standing::{StepFact, StepFacts, StepStanding, StepState, Waits, next_step, open_steps, report_reached, standings};
pub use steps::{ReviewPhase, ReviewStep, StepTemplate, WaitsFor};
pub use transitions::{
    DossierPage, Missing, MoveRefused, ReviewProgress, SeatState, WrongMove, after, attempt, may_be_held, missing, possible, unjudged,
};
pub use weighing::{SafeguardPicture, Spread, Stance, WeighedPart, picture, unweighed, voices, weigh};
pub use writing::{DiffLine, SafeguardProgress, TEXT_SIGNS, TooLong, differences, safeguard_progress, tidy, unreflected};

code_enum! {
    /// The two kinds of peer review.
    ReviewKind {
        /// Of a recognised partnership or a region: to learn from. Nothing in it is scored, passed or failed.
        Developmental = "developmental" / "ontwikkelingsgericht",
        /// Of an aspirant: on basic quality, per safeguard and as a whole.
        Judging = "judging" / "beoordelingsgericht",
    }
}

code_enum! {
    /// How far a review is.
    ReviewState {
        /// On the calendar; nothing has begun.
        Planned = "planned" / "gepland",
        /// Voorbereidende fase.
        Preparing = "preparing" / "voorbereidende fase",
        /// Uitvoerende fase.
        Conducting = "conducting" / "uitvoerende fase",
        /// Afrondende fase.
        Concluding = "concluding" / "afrondende fase",
        /// Done: report final, and carried by an annual report where that is asked.
        Closed = "closed" / "afgerond",
        /// Will not be held.
        Cancelled = "cancelled" / "vervallen",
    }
}

code_enum! {
    /// What can happen to a review as a whole.
    ReviewEvent {
        /// The preparing phase begins.
        Begin = "begin" / "voorbereiding begonnen",
        /// The preparing phase is done.
        FinishPreparing = "finish-preparing" / "voorbereidende fase afgesloten",
        /// The conducting phase is done.
        FinishConducting = "finish-conducting" / "uitvoerende fase afgesloten",
        /// The review is closed.
        Close = "close" / "peer review afgerond",
        /// One phase back, with a reason.
        Reopen = "reopen" / "fase heropend",
        /// It will not be held, with a reason.
        Cancel = "cancel" / "peer review vervallen",
        /// A review that was cancelled is planned again, with a reason.
        Resume = "resume" / "peer review weer gepland",
    }
}

code_enum! {
    /// What a judging review found, per safeguard and as a whole.
    Judgement {
        /// Basic quality is there.
        Sufficient = "sufficient" / "voldoende",
        /// Basic quality is not there yet.
        Insufficient = "insufficient" / "onvoldoende",
    }
}

/// Whose review it is: the partnership or region that receives the panel, and owns process and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "id")]
pub enum Receiver {
    /// One partnership.
    Partnership(PartnershipId),
    /// A region as a whole.
    Region(RegionId),
}

impl Receiver {
    /// The regions the review belongs to.
    pub fn regions(self, registry: &Registry) -> BTreeSet<RegionId> {
        match self {
            Self::Region(region) => BTreeSet::from([region]),
            Self::Partnership(id) => registry.partnerships.get(&id).map(|p| p.regions.iter().copied().collect()).unwrap_or_default(),
        }
    }

    /// The partnerships that receive: the one, or all of the region.
    pub fn partnerships(self, registry: &Registry) -> BTreeSet<PartnershipId> {
        match self {
            Self::Partnership(id) => BTreeSet::from([id]),
            Self::Region(region) => registry.partnerships.values().filter(|p| p.regions.contains(&region)).map(|p| p.id).collect(),
        }
    }

    /// Its name.
    pub fn name(self, registry: &Registry) -> String {
        let name = match self {
            Self::Partnership(id) => registry.partnerships.get(&id).map(|partnership| partnership.name.clone()),
            Self::Region(id) => registry.regions.get(&id).map(|region| region.name.clone()),
        };
        name.unwrap_or_else(|| "onbekend".to_owned())
    }
}

/// A year in which a review is planned, as some document says it. Documents contradict each other (Talent: 2028 in a
/// table, 2029 in the text); all of them are kept, and the contradiction is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlannedYear {
    /// The calendar year.
    pub year: i32,
    /// Where it is said.
    pub source: String,
}

/// What a judging review found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Per safeguard.
    pub safeguards: BTreeMap<PartCode, Judgement>,
    /// As a whole.
    pub overall: Judgement,
    /// When it was decided.
    pub decided_on: Option<NaiveDate>,
}

impl Outcome {
    /// An outcome of which only the whole is known, as of a review that was held before this installation was there.
    pub fn overall(overall: Judgement, decided_on: Option<NaiveDate>) -> Self {
        Self { safeguards: BTreeMap::new(), overall, decided_on }
    }
}

/// A peer review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Identifier.
    pub id: ReviewId,
    /// Name in addresses, unique.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: ReviewKind,
    /// Whose.
    pub receiver: Receiver,
    /// The framework it is pinned to.
    pub framework: FrameworkId,
    /// How far it is.
    pub state: ReviewState,
    /// The years that documents name, by year.
    pub years: Vec<PlannedYear>,
    /// The visit day, once agreed.
    pub visit_on: Option<NaiveDate>,
    /// The day on which the visit was held.
    pub held_on: Option<NaiveDate>,
    /// The last day on which it must be done, where there is one: the end of 2029, or the end of a second chance.
    pub due_on: Option<NaiveDate>,
    /// When the reflection was handed to the panel; it changes no more from then on.
    pub reflected_at: Option<DateTime<Utc>>,
    /// When the chair opened the findings to the panel, with who had not handed in.
    pub opened_at: Option<DateTime<Utc>>,
    /// What a judging review found; never anything for a developmental one.
    pub outcome: Option<Outcome>,
    /// The last day for the receiving side to respond to the report.
    pub respond_by: Option<NaiveDate>,
    /// The year of the annual report that carries the report.
    pub report_year: Option<i32>,
    /// When the report was published.
    pub published_at: Option<DateTime<Utc>>,
    /// The review before this one: of which this is the second chance, or the next in the rhythm.
    pub previous: Option<ReviewId>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<UserId>,
    /// Version for changes.
    pub version: Version,
}

impl Review {
    /// The years that documents name, when they contradict each other.
    pub fn contradicting_years(&self) -> Option<Vec<i32>> {
        let years: BTreeSet<i32> = self.years.iter().map(|planned| planned.year).collect();
        (years.len() > 1).then(|| years.into_iter().collect())
    }
}

/// Something that happened to a review as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewMove {
    /// The review.
    pub review: ReviewId,
    /// What happened.
    pub event: ReviewEvent,
    /// From where.
    pub from: ReviewState,
    /// To where.
    pub to: ReviewState,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<UserId>,
    /// Why, where a reason is asked.
    pub reason: Option<String>,
}
