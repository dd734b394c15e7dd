//! Weighing together: the panel lays its findings side by side, largest difference first, and says what it found
//! together; who sees it in another way says so, and that stays.
//!
//! Nobody weighs before everybody handed in or the chair opened the findings. What was found together stays with the
//! panel until the report was sent to the receiving side, which reads it as that report says it.

mod dissent;
mod export;
mod joint;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{FindingId, JointFindingId, MemberId};
use kernschil_domain::reviews::{
    Finding, JointFinding, ReportState, Review, ReviewMember, ReviewRole, ReviewState, SafeguardPicture, WeighedPart, hand_in_is_over,
    picture, unweighed, voices, weigh,
};
use kernschil_storage::Tx;
use kernschil_storage::reviews::{gates, joint as stored, members};

use super::reflection::framework_of;
use super::sight::{self, Known};
use super::{findings, members as people};
use crate::error::AppError;
use crate::{Actor, App};

pub use dissent::{dissent, withdraw_dissent};
pub use export::workbook;
pub use joint::{JOINT_FINDINGS, JOINT_SIGNS, JointDraft, add, change, put_back, remove};
pub use told::ToldFinding;
pub(super) use told::as_sent;

/// What somebody is to the weighing of a review she may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeighingRole {
    /// Chair or secretary: makes and changes joint findings.
    Weigher,
    /// Another member of the panel: reads, and says where she sees it in another way.
    Member,
    /// Comes along with the panel: reads what was found together.
    Observer,
    /// Of the receiving side, or somebody else who may read the dossier: reads what was found together once it was sent.
    Receiver,
}

impl WeighingRole {
    /// Whether she is on the panel.
    pub fn is_panel(self) -> bool {
        match self {
            Self::Weigher | Self::Member => true,
            Self::Observer | Self::Receiver => false,
        }
    }
}

/// The table on which findings lie, for the panel.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What each member found, the largest difference first.
    pub parts: Vec<WeighedPart>,
    /// Findings of members that no joint finding was made from.
    pub unweighed: BTreeSet<FindingId>,
    /// What was found together, in the order of the framework.
    pub joint: Vec<JointFinding>,
    /// What was found together and taken away, the latest first; only for who can put it back.
    pub removed: Vec<JointFinding>,
    /// The safeguards with the spread between members.
    pub picture: Vec<SafeguardPicture>,
    /// Names of the members whose findings and dissent are shown.
    pub names: BTreeMap<MemberId, String>,
    /// Why nothing changes here any more; nothing while it can be changed.
    pub locked: Option<String>,
}

impl Table {
    /// A finding of a member, by its identifier.
    pub fn finding(&self, id: FindingId) -> Option<&Finding> {
        self.parts.iter().flat_map(|part| part.members.iter().flat_map(|(_, own)| own)).find(|finding| finding.id == id)
    }

    /// A joint finding by its identifier.
    pub fn joint(&self, id: JointFindingId) -> Option<&JointFinding> {
        self.joint.iter().find(|finding| finding.id == id)
    }
}

/// How far the weighing is, for who looks.
#[derive(Debug, Clone)]
pub enum WeighingStage {
    /// It cannot begin: these members of the panel have not handed in; or she who looks has to, as she joined after it began.
    /// Nothing for who may not know who did.
    Waiting(Vec<String>),
    /// The panel keeps what it found together to itself until it sends the report.
    Private,
    /// The findings are on the table of the panel.
    Open(Box<Table>),
    /// What was found together, for who is not on the panel, in the order of the framework: as it is now for an observer,
    /// and for others as the report says it that was sent.
    Told(Vec<ToldFinding>),
}

/// The weighing of a review.
#[derive(Debug, Clone)]
pub struct Weighing {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// What who looks is to it.
    pub role: WeighingRole,
    /// Her own place in the panel.
    pub own: Option<MemberId>,
    /// How far it is.
    pub stage: WeighingStage,
}

/// What weighing asks of a review: who is in it, and how far it is.
pub(super) struct Ground {
    pub(super) known: Known,
    pub(super) content: FrameworkContent,
    /// Everybody who is or was in the review.
    pub(super) people: Vec<ReviewMember>,
    own: Option<ReviewMember>,
    pub(super) role: WeighingRole,
    handed_in: BTreeSet<MemberId>,
    /// Whether anything was found together, also when it was taken away since.
    was_weighed: bool,
    report: Option<ReportState>,
    was_sent: bool,
}

impl Ground {
    pub(super) async fn of(tx: &Tx, actor: &Actor, known: Known) -> Result<Self, AppError> {
        let own = people::seat(tx, actor, &known).await?;
        let together = [stored::of_review(tx, known.review.id).await?, stored::removed(tx, known.review.id).await?];
        Ok(Self {
            people: members::of_review(tx, known.review.id).await?,
            was_weighed: together.iter().any(|findings| !findings.is_empty()),
            content: framework_of(tx, known.review.framework).await?.content,
            role: role(actor, &known, own.as_ref()),
            handed_in: gates::handed_in(tx, known.review.id).await?,
            report: gates::report(tx, known.review.id).await?,
            was_sent: gates::was_sent(tx, known.review.id).await?,
            known,
            own,
        })
    }

    /// Those whose findings lie on the table: the panel, and who handed in before she left it or got another role.
    fn panel(&self) -> Vec<MemberId> {
        let counts = |member: &&ReviewMember| member.role.is_panel() || self.handed_in.contains(&member.id);
        self.people.iter().filter(counts).map(|member| member.id).collect()
    }

    /// Whether somebody still has to hand in before she weighs: she takes part, and there is time for it.
    fn has_to_hand_in(&self, member: &ReviewMember) -> bool {
        let review = &self.known.review;
        let can = review.opened_at.is_none() && !hand_in_is_over(review.state) && !self.handed_in.contains(&member.id);
        can && member.is_on_panel() && member.has_agreed()
    }

    /// The members who still have to hand in before weighing can begin. Who was asked and did not agree is not waited for.
    fn waits_for(&self) -> Vec<&ReviewMember> {
        self.people.iter().filter(|member| self.has_to_hand_in(member)).collect()
    }

    /// Whether the findings are on the table: everybody handed in, or the chair opened them. What was begun stays begun when
    /// somebody joins the panel later.
    fn has_begun(&self) -> bool {
        let all_handed_in = !self.handed_in.is_empty() && self.waits_for().is_empty();
        self.known.review.opened_at.is_some() || self.was_weighed || all_handed_in
    }

    /// Who looks, when she joined after weighing began and has to judge by herself first.
    fn own_first(&self) -> Option<&ReviewMember> {
        self.own.as_ref().filter(|member| self.has_to_hand_in(member))
    }

    /// Why nothing changes in the weighing.
    fn lock(&self) -> Option<(&'static str, String)> {
        let review = &self.known.review;
        if self.report == Some(ReportState::Final) {
            return Some(("rapport-vastgesteld", "Het rapport is vastgesteld. Wat het panel samen vond, verandert niet meer.".to_owned()));
        }
        if !matches!(review.state, ReviewState::Conducting | ReviewState::Concluding) {
            let state = review.state.dutch();
            let message = format!(
                "Het panel weegt in de uitvoerende en de afrondende fase; deze review is nu {state}. Bekijk in het dossier wat kan."
            );
            return Some(("weging-gesloten", message));
        }
        None
    }

    /// Refuses changes while the findings are not on the table, or when nothing changes any more.
    pub(super) fn require_open(&self) -> Result<(), AppError> {
        if let Some((code, message)) = self.lock() {
            return Err(AppError::conflict(code, message));
        }
        if !self.has_begun() {
            let message = "Wegen kan als alle panelleden hebben ingeleverd, of als de voorzitter de bevindingen opent.";
            return Err(AppError::conflict("weging-te-vroeg", message));
        }
        if self.own_first().is_some() {
            let message = "Lever eerst uw eigen bevindingen in, of zeg bij het inleveren dat u er geen heeft. Daarna weegt u mee.";
            return Err(AppError::conflict("eerst-inleveren", message));
        }
        Ok(())
    }

    /// What is told to who is not on the panel and does something of the panel.
    fn no_panel(&self) -> AppError {
        let is_asked = self.own.as_ref().is_some_and(|member| member.is_on_panel() && !member.has_agreed());
        if is_asked { people::not_agreed() } else { findings::not_in_panel() }
    }
}

fn role(actor: &Actor, known: &Known, own: Option<&ReviewMember>) -> WeighingRole {
    let holds =
        |permission| actor.may(permission) && !sight::within(actor, permission, &known.registry, vec![known.review.clone()]).is_empty();
    // Who was asked and has not agreed yet is not on the panel.
    match own.filter(|member| member.has_agreed()).map(|member| member.role) {
        Some(role) if role.is_panel() && holds(Permission::WeighFindings) => WeighingRole::Weigher,
        Some(role) if role.is_panel() && holds(Permission::WriteFindings) => WeighingRole::Member,
        Some(ReviewRole::Observer) => WeighingRole::Observer,
        _ => WeighingRole::Receiver,
    }
}

/// The weighing of a review, as far as who looks may see it.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn get(app: &App, actor: &Actor, slug: &str) -> Result<Weighing, AppError> {
    app.store.read(async |tx| load(tx, actor, slug).await).await
}

async fn load(tx: &Tx, actor: &Actor, slug: &str) -> Result<Weighing, AppError> {
    let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
    let ground = Ground::of(tx, actor, known).await?;
    let stage = stage(tx, actor, &ground).await?;
    let Ground { known, content, role, own, .. } = ground;
    Ok(Weighing { review: known.review, content, role, own: own.map(|member| member.id), stage })
}

async fn stage(tx: &Tx, actor: &Actor, ground: &Ground) -> Result<WeighingStage, AppError> {
    let review = &ground.known.review;
    match ground.role {
        WeighingRole::Receiver if !ground.was_sent => return Ok(WeighingStage::Private),
        WeighingRole::Receiver => return Ok(WeighingStage::Told(as_sent(tx, &ground.content, review.id).await?)),
        WeighingRole::Weigher | WeighingRole::Member | WeighingRole::Observer => {}
    }
    if !ground.has_begun() && !ground.was_sent {
        let names = ground.waits_for().into_iter().map(|member| member.name.clone());
        return Ok(WeighingStage::Waiting(if ground.role.is_panel() { names.collect() } else { Vec::new() }));
    }
    if let Some(own) = ground.own_first().filter(|_| ground.role.is_panel()) {
        return Ok(WeighingStage::Waiting(vec![own.name.clone()]));
    }
    let joint = in_order(&ground.content, stored::of_review(tx, review.id).await?, |finding| &finding.part);
    if ground.role.is_panel() {
        return Ok(WeighingStage::Open(Box::new(table(tx, actor, ground, joint).await?)));
    }
    Ok(WeighingStage::Told(joint.into_iter().map(ToldFinding::from).collect()))
}

async fn table(tx: &Tx, actor: &Actor, ground: &Ground, joint: Vec<JointFinding>) -> Result<Table, AppError> {
    let locked = ground.lock().map(|(_, message)| message);
    let found = findings::visible(tx, actor, &ground.known).await?;
    let voices = voices(&ground.panel(), &ground.handed_in, &found);
    let can_put_back = ground.role == WeighingRole::Weigher && locked.is_none();
    Ok(Table {
        parts: weigh(&ground.content, &voices, &found),
        unweighed: unweighed(&found, &joint),
        picture: picture(&ground.content, &voices, &found, &joint),
        names: ground.people.iter().map(|member| (member.id, member.name.clone())).collect(),
        removed: if can_put_back { stored::removed(tx, ground.known.review.id).await? } else { Vec::new() },
        joint,
        locked,
    })
}

/// Findings in the order of the framework, and within a part as they were made.
fn in_order<F>(content: &FrameworkContent, mut findings: Vec<F>, part: impl Fn(&F) -> &Part) -> Vec<F> {
    let places: BTreeMap<_, usize> = content.parts().zip(0..).collect();
    findings.sort_by_key(|finding| places.get(part(finding)).copied().unwrap_or(usize::MAX));
    findings
}
