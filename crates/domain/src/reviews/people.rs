//! Who takes part in a review, and the pool of peers that panels are made from.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::Role;
use crate::codes::code_enum;
use crate::ids::{BoardId, GrantId, InstituteId, MemberId, PartnershipId, PeerId, RegionId, ReviewId, UserId, Version};

code_enum! {
    /// What somebody does in one review, in the order in which people are listed.
    ReviewRole {
        /// Writes the reflection, for the receiving side.
        Author = "author" / "auteur van de reflectie",
        /// Chair of the panel.
        Chair = "chair" / "voorzitter",
        /// Secretary of the panel.
        Secretary = "secretary" / "secretaris",
        /// Member of the panel.
        Member = "member" / "panellid",
        /// Comes along to learn; writes nothing.
        Observer = "observer" / "waarnemer",
    }
}

impl ReviewRole {
    /// The role that somebody with an account gets for the review.
    pub fn role(self) -> Role {
        match self {
            Self::Author => Role::ReflectionAuthor,
            Self::Member => Role::PanelMember,
            Self::Chair => Role::PanelChair,
            Self::Secretary => Role::PanelSecretary,
            Self::Observer => Role::Observer,
        }
    }

    /// Whether it makes somebody one of the panel.
    pub fn is_panel(self) -> bool {
        match self {
            Self::Member | Self::Chair | Self::Secretary => true,
            Self::Author | Self::Observer => false,
        }
    }

    /// Whether it makes somebody one of the panel, or lets her read along with it before the report was sent.
    pub fn sits_with_panel(self) -> bool {
        self.is_panel() || self == Self::Observer
    }
}

code_enum! {
    /// What somebody said to an invitation and to the role in it.
    MemberAnswer {
        /// Agrees to take part in this role.
        Agreed = "agreed" / "akkoord",
        /// Does not take part.
        Declined = "declined" / "afgezegd",
    }
}

/// Somebody in one review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewMember {
    /// Identifier.
    pub id: MemberId,
    /// The review.
    pub review: ReviewId,
    /// What she does in it.
    pub role: ReviewRole,
    /// Who she is in the pool of peers; none for authors, and for who is not in the pool.
    pub peer: Option<PeerId>,
    /// Her account, once she has one.
    pub user: Option<UserId>,
    /// The role that was granted with it.
    pub grant: Option<GrantId>,
    /// Name.
    pub name: String,
    /// Address for mail.
    pub email: String,
    /// When she was invited.
    pub invited_at: Option<DateTime<Utc>>,
    /// What she answered.
    pub answer: Option<MemberAnswer>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// Version for changes.
    pub version: Version,
}

impl ReviewMember {
    /// Whether she is on the panel, or asked for it: who declined is not.
    pub fn is_on_panel(&self) -> bool {
        self.role.is_panel() && self.answer != Some(MemberAnswer::Declined)
    }

    /// Whether she said that she takes part in her role.
    pub fn has_agreed(&self) -> bool {
        self.answer == Some(MemberAnswer::Agreed)
    }
}

/// Somebody who can be asked for a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Identifier.
    pub id: PeerId,
    /// Name.
    pub name: String,
    /// Address for mail, unique.
    pub email: String,
    /// The region she comes from.
    pub region: RegionId,
    /// The partnership she visits for: a visit of hers is one of the visits it owes.
    pub partnership: Option<PartnershipId>,
    /// The board she works for.
    pub board: Option<BoardId>,
    /// The institute she works for.
    pub institute: Option<InstituteId>,
    /// Boards and institutes she left, with the last day: recent colleagues are warned about.
    pub left: Vec<FormerEmployer>,
    /// The day on which she was trained for peer review.
    pub trained_on: Option<NaiveDate>,
    /// The day from which she is not asked any more.
    pub ended_on: Option<NaiveDate>,
    /// Version for changes.
    pub version: Version,
}

/// Where a peer worked before.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FormerEmployer {
    /// The board, when it was one.
    pub board: Option<BoardId>,
    /// The institute, when it was one.
    pub institute: Option<InstituteId>,
    /// The last day.
    pub until: NaiveDate,
}

/// A review that a peer visited: one in this installation, or one elsewhere with only its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerVisit {
    /// The peer.
    pub peer: PeerId,
    /// The review, where it is known here.
    pub review: Option<ReviewId>,
    /// What it was, in words.
    pub label: String,
    /// The visit day.
    pub visited_on: NaiveDate,
    /// The region that was visited, where known.
    pub region: Option<RegionId>,
}

code_enum! {
    /// What was decided by hand about somebody's independence.
    PanelVerdict {
        /// Not on this panel, whatever the rules say.
        Conflict = "conflict" / "niet onafhankelijk",
        /// May be on this panel, whatever the rules warn for.
        NoConflict = "no-conflict" / "onafhankelijk verklaard",
    }
}

/// A decision by hand about a peer and a review, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedVerdict {
    /// The review.
    pub review: ReviewId,
    /// The peer.
    pub peer: PeerId,
    /// What was decided.
    pub verdict: PanelVerdict,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<UserId>,
}

code_enum! {
    /// Whether somebody can come on a day.
    Availability {
        /// Can.
        Yes = "yes" / "kan",
        /// Can if need be.
        IfNeeded = "if-needed" / "kan als het moet",
        /// Cannot.
        No = "no" / "kan niet",
    }
}

/// What somebody answered about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollAnswer {
    /// Who.
    pub member: MemberId,
    /// The day.
    pub day: NaiveDate,
    /// What she said.
    pub availability: Availability,
}
