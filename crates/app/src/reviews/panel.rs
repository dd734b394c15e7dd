//! The panel of a peer review: what is wrong with it, what to look at, a proposal with why, and what is decided by hand
//! about who is independent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{MemberId, PeerId, ReviewId};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{
    Absence, Availability, Doubt, MemberAnswer, NoPanel, PanelCase, PanelFinding, PanelProposal, PanelRules, PanelVerdict, Peer, PeerVisit,
    PinnedVerdict, Receiver, Review, ReviewMember, ReviewRole, ReviewState, SeatState, Severity, panel_findings, propose as proposed,
};
use kernschil_storage::reviews::{members, peers, poll, verdicts};
use kernschil_storage::{Tx, access, reviews};
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
    receivers: BTreeMap<ReviewId, Receiver>,
    away: BTreeSet<MemberId>,
    until: BTreeMap<MemberId, NaiveDate>,
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
            receivers: &self.receivers,
            away: &self.away,
            until: &self.until,
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
    let Availabilities { away, mut absent, if_needed } = availability(tx, &review, &own).await?;
    let until = roles_until(tx, &own).await?;
    let receivers = all.iter().map(|review| (review.id, review.receiver)).collect();
    absent.extend(busy(&review, &all, &everybody));
    for peer in &peers {
        let mut mine = own.iter().filter(|member| member.peer == Some(peer.id) || member.email == peer.email);
        if let Some(member) = mine.find(|member| !member.role.is_panel() || member.answer == Some(MemberAnswer::Declined)) {
            let declined = member.answer == Some(MemberAnswer::Declined);
            absent.insert(peer.id, if declined { Absence::Declined } else { Absence::Involved });
        }
    }
    let verdicts = verdicts::of_review(tx, review.id).await?;
    Ok(Panel { review, registry, day, members: own, peers, verdicts, visits, receivers, away, until, absent, if_needed })
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

/// The first day on which the role of each member holds no more; nothing for who has none, or one without an end.
async fn roles_until(tx: &Tx, own: &[ReviewMember]) -> Result<BTreeMap<MemberId, NaiveDate>, AppError> {
    let of: BTreeMap<_, _> = own.iter().filter_map(|member| Some((member.grant?, member.id))).collect();
    let grants = access::grants(tx).await?.into_iter();
    Ok(grants.filter_map(|grant| Some((*of.get(&grant.id)?, grant.span.until?))).collect())
}

/// What people answered about the visit day.
#[derive(Default)]
struct Availabilities {
    /// Members who cannot come.
    away: BTreeSet<MemberId>,
    /// Of the pool, who cannot come.
    absent: BTreeMap<PeerId, Absence>,
    /// Of the pool, who can come if need be.
    if_needed: BTreeSet<PeerId>,
}

async fn availability(tx: &Tx, review: &Review, own: &[ReviewMember]) -> Result<Availabilities, AppError> {
    let mut found = Availabilities::default();
    let Some(day) = review.visit_on else { return Ok(found) };
    let ids: Vec<_> = own.iter().map(|member| member.id).collect();
    for answer in poll::answers(tx, &ids).await?.into_iter().filter(|answer| answer.day == day) {
        let peer = own.iter().find(|member| member.id == answer.member).and_then(|member| member.peer);
        match answer.availability {
            Availability::Yes => {}
            Availability::IfNeeded => found.if_needed.extend(peer),
            Availability::No => {
                found.away.insert(answer.member);
                found.absent.extend(peer.map(|peer| (peer, Absence::Away)));
            }
        }
    }
    Ok(found)
}

/// How far the panel of a review is, as far as gates ask.
pub(crate) struct Seats {
    /// What makes it impossible, as Dutch sentences without names: nothing when it is valid.
    pub(crate) errors: Vec<String>,
    /// How far it is with the chair.
    pub(crate) chair: SeatState,
    /// How far it is with somebody of another region.
    pub(crate) outsider: SeatState,
}

impl Panel {
    /// How far it is with the members of whom something holds.
    fn seat(&self, holds: impl Fn(&ReviewMember) -> bool) -> SeatState {
        let states = self.on_it().filter(|member| holds(member)).map(|member| match member.answer {
            Some(MemberAnswer::Agreed) => SeatState::Agreed,
            Some(MemberAnswer::Declined) | None => SeatState::Asked,
        });
        states.max().unwrap_or(SeatState::Open)
    }
}

/// How far the panel of a review is, as far as gates ask.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub(crate) async fn seats(tx: &Tx, known: &Known, today: NaiveDate) -> Result<Seats, AppError> {
    let panel = load(tx, known.clone(), today).await?;
    let is_outsider = |member: &ReviewMember| member.peer.and_then(|id| panel.peer(id)).is_some_and(|peer| panel.case().is_outsider(peer));
    let wrong = panel.findings().into_iter().filter(|finding| finding.severity == Severity::Error);
    Ok(Seats {
        errors: wrong.map(|finding| finding.text).collect(),
        chair: panel.seat(|member| member.role == ReviewRole::Chair),
        outsider: panel.seat(is_outsider),
    })
}

/// What makes the panel of a review impossible, as Dutch sentences without names: nothing when it is valid.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub(crate) async fn errors(tx: &Tx, known: &Known, today: NaiveDate) -> Result<Vec<String>, AppError> {
    Ok(seats(tx, known, today).await?.errors)
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
