//! The panel of a peer review: what is wrong with it, what to look at, a proposal with why, and what is decided by hand
//! about who is independent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{PeerId, ReviewId};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{
    Absence, Availability, Doubt, MemberAnswer, NoPanel, PanelCase, PanelFinding, PanelProposal, PanelRules, PanelVerdict, Peer, PeerVisit,
    PinnedVerdict, Review, ReviewMember, ReviewState, Severity, panel_findings, propose as proposed,
};
use kernschil_storage::reviews::{members, peers, poll, verdicts};
use kernschil_storage::{Tx, reviews};
use serde_json::json;

use super::members::require_open;
use super::sight::{self, Known};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// Smallest and largest panel that can be proposed.
pub const SIZES: (usize, usize) = (1, 10);
/// Longest reason, in characters.
const MOST_REASON: usize = 300;

/// Everything about the panel of one review.
pub struct Panel {
    /// The review.
    pub review: Review,
    /// Who takes part in the field.
    pub registry: Registry,
    /// The visit day, or today while there is none.
    pub day: NaiveDate,
    /// Everybody in the review.
    pub members: Vec<ReviewMember>,
    /// The pool.
    pub peers: Vec<Peer>,
    /// What was decided by hand.
    pub verdicts: Vec<PinnedVerdict>,
    visits: Vec<PeerVisit>,
    absent: BTreeMap<PeerId, Absence>,
    if_needed: BTreeSet<PeerId>,
}

impl Panel {
    fn case(&self) -> PanelCase<'_> {
        PanelCase {
            review: self.review.id,
            kind: self.review.kind,
            receiver: self.review.receiver,
            registry: &self.registry,
            day: self.day,
            peers: &self.peers,
            visits: &self.visits,
            verdicts: &self.verdicts,
            rules: PanelRules::default(),
        }
    }

    /// Everything there is to say about the panel, errors first.
    pub fn findings(&self) -> Vec<PanelFinding> {
        panel_findings(&self.case(), &self.members)
    }

    /// Why somebody in the pool may not be independent.
    pub fn doubts(&self, peer: &Peer) -> Vec<Doubt> {
        self.case().doubts(peer)
    }

    /// What was decided by hand about somebody.
    pub fn verdict(&self, peer: PeerId) -> Option<&PinnedVerdict> {
        self.verdicts.iter().find(|verdict| verdict.peer == peer)
    }

    /// Somebody in the pool.
    pub fn peer(&self, id: PeerId) -> Option<&Peer> {
        self.peers.iter().find(|peer| peer.id == id)
    }

    /// The people on the panel who did not decline.
    pub fn on_it(&self) -> impl Iterator<Item = &ReviewMember> {
        self.members.iter().filter(|member| member.role.is_panel() && member.answer != Some(MemberAnswer::Declined))
    }
}

async fn load(tx: &Tx, known: Known, today: NaiveDate) -> Result<Panel, AppError> {
    let Known { review, registry } = known;
    let day = review.visit_on.unwrap_or(today);
    let everybody = members::all(tx).await?;
    let all = reviews::list(tx).await?;
    let mut visits = peers::visits(tx).await?;
    visits.extend(to_come(&registry, &all, &everybody));
    let own: Vec<_> = everybody.iter().filter(|member| member.review == review.id).cloned().collect();
    let peers = peers::list(tx).await?;
    let (mut absent, if_needed) = availability(tx, &review, &own).await?;
    absent.extend(busy(&review, &all, &everybody));
    for peer in &peers {
        let mut mine = own.iter().filter(|member| member.peer == Some(peer.id) || member.email == peer.email);
        if let Some(member) = mine.find(|member| !member.role.is_panel() || member.answer == Some(MemberAnswer::Declined)) {
            let declined = member.answer == Some(MemberAnswer::Declined);
            absent.insert(peer.id, if declined { Absence::Declined } else { Absence::Involved });
        }
    }
    let verdicts = verdicts::of_review(tx, review.id).await?;
    Ok(Panel { review, registry, day, members: own, peers, verdicts, visits, absent, if_needed })
}

fn is_over(review: &Review) -> bool {
    matches!(review.state, ReviewState::Closed | ReviewState::Cancelled)
}

/// Visits that are agreed on and were not written down yet: they count as much as those that were held.
fn to_come(registry: &Registry, all: &[Review], everybody: &[ReviewMember]) -> Vec<PeerVisit> {
    let planned = |member: &ReviewMember| {
        let review = all.iter().find(|review| review.id == member.review && review.held_on.is_none() && !is_over(review))?;
        let region = review.receiver.regions(registry).into_iter().next();
        Some(PeerVisit { peer: member.peer?, review: Some(review.id), label: review.name.clone(), visited_on: review.visit_on?, region })
    };
    let panel = everybody.iter().filter(|member| member.role.is_panel() && member.answer != Some(MemberAnswer::Declined));
    panel.filter_map(planned).collect()
}

/// Who is on the panel of another review on the visit day.
fn busy(review: &Review, all: &[Review], everybody: &[ReviewMember]) -> BTreeMap<PeerId, Absence> {
    let same_day =
        |other: &&Review| other.id != review.id && other.visit_on.is_some() && other.visit_on == review.visit_on && !is_over(other);
    let others: BTreeSet<ReviewId> = all.iter().filter(same_day).map(|other| other.id).collect();
    let there = everybody.iter().filter(|member| others.contains(&member.review) && member.answer != Some(MemberAnswer::Declined));
    there.filter_map(|member| Some((member.peer?, Absence::Busy))).collect()
}

/// What people answered about the visit day.
async fn availability(tx: &Tx, review: &Review, own: &[ReviewMember]) -> Result<(BTreeMap<PeerId, Absence>, BTreeSet<PeerId>), AppError> {
    let (mut away, mut if_needed) = (BTreeMap::new(), BTreeSet::new());
    let Some(day) = review.visit_on else { return Ok((away, if_needed)) };
    let ids: Vec<_> = own.iter().map(|member| member.id).collect();
    for answer in poll::answers(tx, &ids).await?.into_iter().filter(|answer| answer.day == day) {
        let Some(peer) = own.iter().find(|member| member.id == answer.member).and_then(|member| member.peer) else { continue };
        match answer.availability {
            Availability::Yes => {}
            Availability::IfNeeded => {
                if_needed.insert(peer);
            }
            Availability::No => {
                away.insert(peer, Absence::Away);
            }
        }
    }
    Ok((away, if_needed))
}

/// What makes the panel of a review impossible, as Dutch sentences without names: nothing when it is valid.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub(crate) async fn errors(tx: &Tx, known: &Known, today: NaiveDate) -> Result<Vec<String>, AppError> {
    let known = Known { review: known.review.clone(), registry: known.registry.clone() };
    let found = load(tx, known, today).await?.findings();
    Ok(found.into_iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.text).collect())
}

/// The panel of a review with the pool, for who composes it.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn get(app: &App, actor: &Actor, slug: &str) -> Result<Panel, AppError> {
    let today = app.clock.today();
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ManageReview).await?;
            load(tx, known, today).await
        })
        .await
}

/// The best panel of a size that holds who is on it already, with why.
///
/// # Errors
/// [`AppError::Invalid`] for a size that cannot be; [`AppError::Conflict`] when too few can be asked, or nobody of another
/// region among them.
pub fn propose(panel: &Panel, size: usize) -> Result<PanelProposal, AppError> {
    let (least, most) = SIZES;
    if !(least..=most).contains(&size) {
        let message = format!("Een panel heeft {least} tot en met {most} leden. Vul een ander aantal in.");
        return Err(AppError::Invalid(vec![FieldError::new("size", "getal-buiten-bereik", message)]));
    }
    let already: BTreeSet<_> = panel.on_it().filter_map(|member| member.peer).collect();
    // Who is on the panel and not in the pool takes a seat as well.
    let strangers = panel.on_it().filter(|member| member.peer.is_none_or(|id| panel.peer(id).is_none())).count();
    let seats = size.saturating_sub(strangers);
    proposed(&panel.case(), seats, &already, &panel.absent, &panel.if_needed).map_err(|none| match none {
        NoPanel::TooFew(there) => {
            let message = format!(
                "Er zijn {} peers die gevraagd kunnen worden, te weinig voor een panel van {size}. Zet meer mensen in de pool van peers, of kies een kleiner panel.",
                there + strangers
            );
            AppError::conflict("te-weinig-peers", message)
        }
        NoPanel::NoOutsider => {
            let message = "Niemand die gevraagd kan worden, komt uit een andere onderwijsregio. Zet mensen van andere regio's in de pool van peers.";
            AppError::conflict("panel-zonder-buitenstaander", message)
        }
    })
}

/// Decides by hand whether somebody in the pool is independent for a review.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] without a reason; [`AppError::Conflict`] when the review is over.
pub async fn pin(app: &App, actor: &Actor, slug: &str, peer: PeerId, verdict: PanelVerdict, reason: &str) -> Result<(), AppError> {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > MOST_REASON {
        let message = format!("Zeg in hoogstens {MOST_REASON} tekens waarom. De reden staat bij het panel.");
        return Err(AppError::Invalid(vec![FieldError::new("reason", "reden-ontbreekt", message)]));
    }
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            require_open(&known.review)?;
            peers::get(tx, peer).await?;
            let pinned = PinnedVerdict { review: known.review.id, peer, verdict, reason, at: app.clock.now(), by: actor.user() };
            verdicts::pin(tx, &pinned).await?;
            let after = json!({ "peer": peer, "verdict": verdict.code() });
            app.audit(tx, actor, EventKind::PanelVerdictPinned, slug, Change::to(after));
            Ok(())
        })
        .await
}

/// Takes a decision by hand back: the rules decide again.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when the review is over.
pub async fn unpin(app: &App, actor: &Actor, slug: &str, peer: PeerId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            require_open(&known.review)?;
            verdicts::unpin(tx, known.review.id, peer).await?;
            app.audit(tx, actor, EventKind::PanelVerdictPinned, slug, Change::to(json!({ "peer": peer, "verdict": null })));
            Ok(())
        })
        .await
}
