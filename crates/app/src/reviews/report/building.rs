//! What a version of the report is made of, as things stand.

use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{MemberAnswer, Peer, ReportBasis, ReportContent, ReportPanelist, ReviewMember};
use kernschil_storage::Tx;
use kernschil_storage::reviews::{joint, members, peers, programme, questions};

use super::Desk;
use crate::error::AppError;
use crate::reviews::reflection::framework_of;

/// Where a peer comes from: who she works for, else the partnership or region she visits for.
fn organisation(peer: &Peer, registry: &Registry) -> String {
    let board = peer.board.and_then(|id| registry.boards.get(&id)).and_then(|board| board.name.clone());
    let institute = || peer.institute.and_then(|id| registry.institutes.get(&id)).map(|institute| institute.name.clone());
    let partnership = || peer.partnership.and_then(|id| registry.partnerships.get(&id)).map(|partnership| partnership.name.clone());
    let region = || registry.regions.get(&peer.region).map(|region| region.name.clone());
    board.or_else(institute).or_else(partnership).or_else(region).unwrap_or_default()
}

fn panelist(member: &ReviewMember, pool: &[Peer], registry: &Registry) -> ReportPanelist {
    let peer = member.peer.and_then(|id| pool.iter().find(|peer| peer.id == id));
    let organisation = peer.map(|peer| organisation(peer, registry)).unwrap_or_default();
    ReportPanelist { name: member.name.clone(), role: member.role, organisation }
}

/// A version as things stand now. What was written, and the keys of paragraphs, come from the versions before.
pub(super) async fn build(tx: &Tx, desk: &Desk) -> Result<ReportContent, AppError> {
    let review = desk.review();
    let framework = framework_of(tx, review.framework).await?;
    let pool = peers::list(tx).await?;
    let on_panel = |member: &ReviewMember| member.role.is_panel() && member.answer != Some(MemberAnswer::Declined);
    let mut panel: Vec<_> = members::of_review(tx, review.id).await?.into_iter().filter(on_panel).collect();
    panel.sort_by_key(|member| (member.role, member.name.clone()));
    let programme = programme::of_review(tx, review.id).await?;
    let questions = questions::of_review(tx, review.id).await?;
    let findings = joint::of_review(tx, review.id).await?;
    let basis = ReportBasis {
        review,
        receiver: review.receiver.name(&desk.known.registry),
        framework: &framework,
        panel: panel.iter().map(|member| panelist(member, &pool, &desk.known.registry)).collect(),
        programme: &programme,
        questions: &questions,
        findings: &findings,
    };
    Ok(ReportContent::build(&basis, &desk.contents))
}

/// Whether a version made now would say something else than the latest, what the receiving side said apart.
pub(super) async fn is_behind(tx: &Tx, desk: &Desk) -> Result<bool, AppError> {
    let now = build(tx, desk).await?;
    Ok(desk.latest().is_some_and(|(_, content)| content.without_responses() != now))
}
