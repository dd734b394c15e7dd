//! People of a peer review: the panel, who takes part, and which day suits for the visit.

mod requests;

use kernschil_app::App;
use kernschil_app::reviews::members::{self, MemberView};
use kernschil_app::reviews::panel::{self, Panel as AppPanel};
use kernschil_app::reviews::{lasting, poll};
use kernschil_domain::ids::{MemberId, PeerId};
use kernschil_domain::reviews;
use poem::web::Data;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::reflection::ReviewSlug;
use crate::PREFIX;
use crate::input::{All, Body, Day, Header, Id, Path, Query, coded};
use crate::output::{Created, Done, Found, Moment};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;
use requests::{
    AskAgainRequest, AskRequest, ChoiceRequest, ExtendRequest, InvitationAnswerRequest, PollAnswersRequest, PollDaysRequest, Size,
    VerdictRequest,
};

/// The room.
#[derive(Default)]
pub(crate) struct Panels;

coded! {
    /// What somebody does in one review.
    ReviewRole(reviews::ReviewRole)
}

coded! {
    /// How much weight something about a panel has.
    PanelSeverity(reviews::Severity)
}

coded! {
    /// What can be said about a panel.
    PanelIssue(reviews::PanelIssue)
}

coded! {
    /// What was decided by hand about somebody's independence.
    PanelVerdict(reviews::PanelVerdict)
}

coded! {
    /// What somebody said to an invitation and to the role in it.
    MemberAnswer(reviews::MemberAnswer)
}

coded! {
    /// Whether somebody can come on a day.
    Availability(reviews::Availability)
}

/// How far somebody is with a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum MemberState {
    /// Asked, and not signed in yet.
    Asked,
    /// Has an account; gave no answer.
    CameIn,
    /// Takes part.
    Agreed,
    /// Does not.
    Declined,
    /// The role came to its last day.
    Ended,
}

/// Somebody in a review.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReviewMember {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
    /// Address for mail; only for who manages the review.
    email: Option<String>,
    /// The role.
    role: ReviewRole,
    /// Who she is in the pool of peers.
    peer: Option<Uuid>,
    /// How far.
    state: MemberState,
    /// When she was asked last.
    invited_at: Option<Moment>,
    /// First day on which her role holds no more.
    until: Option<Day>,
    /// `ETag` for changes, as `If-Match` asks for it.
    etag: String,
}

impl From<&MemberView> for ReviewMember {
    fn from(view: &MemberView) -> Self {
        let member = &view.member;
        Self {
            id: member.id.0,
            name: member.name.clone(),
            email: Some(member.email.clone()).filter(|email| !email.is_empty()),
            role: member.role.into(),
            peer: member.peer.map(|peer| peer.0),
            state: match view.state {
                members::MemberState::Asked => MemberState::Asked,
                members::MemberState::CameIn => MemberState::CameIn,
                members::MemberState::Agreed => MemberState::Agreed,
                members::MemberState::Declined => MemberState::Declined,
                members::MemberState::Ended => MemberState::Ended,
            },
            invited_at: member.invited_at.map(Moment),
            until: view.until.map(Day),
            etag: format!("\"{}\"", member.version.0),
        }
    }
}

/// Who takes part in a review.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ReviewMembers {
    /// Everybody, by role and name.
    members: Vec<ReviewMember>,
    /// Which of them looks.
    own: Option<Uuid>,
}

/// Something about a panel.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct PanelFinding {
    /// How much weight it has; a panel with an error is not valid.
    severity: PanelSeverity,
    /// What it is.
    issue: PanelIssue,
    /// The member it is about; absent when it is about the panel.
    member: Option<Uuid>,
    /// A Dutch sentence.
    text: String,
}

/// A decision by hand about somebody's independence.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct PinnedVerdict {
    /// The peer.
    peer: Uuid,
    /// What was decided.
    verdict: PanelVerdict,
    /// Why.
    reason: String,
    /// When.
    at: Moment,
}

/// The panel of a review.
#[derive(Debug, Object)]
pub(crate) struct Panel {
    /// Everything there is to say about it, errors first.
    findings: Vec<PanelFinding>,
    /// What was decided by hand.
    verdicts: Vec<PinnedVerdict>,
}

impl From<&AppPanel> for Panel {
    fn from(panel: &AppPanel) -> Self {
        let finding = |finding: reviews::PanelFinding| PanelFinding {
            severity: finding.severity.into(),
            issue: finding.issue.into(),
            member: finding.member.map(|member| member.0),
            text: finding.text,
        };
        let verdict = |verdict: &reviews::PinnedVerdict| PinnedVerdict {
            peer: verdict.peer.0,
            verdict: verdict.verdict.into(),
            reason: verdict.reason.clone(),
            at: Moment(verdict.at),
        };
        Self { findings: panel.findings().into_iter().map(finding).collect(), verdicts: panel.verdicts.iter().map(verdict).collect() }
    }
}

/// Somebody on a proposed panel, with what counted.
#[expect(clippy::struct_excessive_bools, reason = "facts that stand beside each other, each yes or no")]
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ProposedMember {
    /// The peer.
    peer: Uuid,
    /// Whether she was on the panel already.
    already: bool,
    /// Whether she comes from another region.
    outsider: bool,
    /// Why she may not be independent, in Dutch sentences.
    doubts: Vec<String>,
    /// Why she is all the same, where somebody decided so.
    settled: Option<String>,
    /// Visits that her partnership still owes.
    owed: u32,
    /// Reviews she visited in the last six years.
    visits: u32,
    /// Whether she was trained.
    trained: bool,
    /// Whether she can come only if need be.
    if_needed: bool,
    /// Kilometres as the crow flies, where known.
    kilometres: Option<u32>,
}

/// Somebody who was not proposed.
#[derive(Debug, Object)]
pub(crate) struct NotProposed {
    /// The peer.
    peer: Uuid,
    /// Why not, in a Dutch line.
    why: String,
}

/// A panel to ask: with this pool none is better.
#[derive(Debug, Object)]
pub(crate) struct PanelProposal {
    /// Who is on it.
    chosen: Vec<ProposedMember>,
    /// Everybody else in the pool.
    others: Vec<NotProposed>,
}

impl From<reviews::PanelProposal> for PanelProposal {
    fn from(made: reviews::PanelProposal) -> Self {
        let chosen = |choice: reviews::PanelChoice| ProposedMember {
            peer: choice.peer.0,
            already: choice.already,
            outsider: choice.facts.outsider,
            doubts: choice.facts.doubts.into_iter().map(|doubt| doubt.because).collect(),
            settled: choice.facts.settled,
            owed: choice.facts.owed,
            visits: choice.facts.visits,
            trained: choice.facts.trained,
            if_needed: choice.facts.if_needed,
            kilometres: choice.facts.kilometres,
        };
        let other = |passed: reviews::PassedOver| NotProposed { peer: passed.peer.0, why: passed.why.dutch().to_owned() };
        Self { chosen: made.chosen.into_iter().map(chosen).collect(), others: made.others.into_iter().map(other).collect() }
    }
}

/// What somebody answered about a day.
#[derive(Debug, Object)]
pub(crate) struct DayAnswer {
    /// Who.
    member: Uuid,
    /// What she said.
    availability: Availability,
}

/// A day that was proposed for the visit.
#[derive(Debug, Object)]
pub(crate) struct VisitPollDay {
    /// The day.
    day: Day,
    /// What was answered.
    answers: Vec<DayAnswer>,
}

/// Which day suits for the visit.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct VisitPoll {
    /// The days, in order.
    days: Vec<VisitPollDay>,
    /// The day on which most can come, once somebody answered.
    best: Option<Day>,
    /// The visit day, once chosen.
    visit_on: Option<Day>,
    /// `ETag` of the review, as `If-Match` asks for it when a day is chosen.
    etag: String,
}

impl From<poll::Poll> for VisitPoll {
    fn from(poll: poll::Poll) -> Self {
        let answers = |day: &poll::PollDay| {
            let given = poll.people.iter().zip(&day.answers);
            given.filter_map(|(member, answer)| Some(DayAnswer { member: member.id.0, availability: (*answer)?.into() })).collect()
        };
        Self {
            days: poll.days.iter().map(|day| VisitPollDay { day: Day(day.day), answers: answers(day) }).collect(),
            best: poll.best.map(Day),
            visit_on: poll.review.visit_on.map(Day),
            etag: format!("\"{}\"", poll.review.version.0),
        }
    }
}

async fn member_list(app: &App, session: &Session, review: &str) -> Result<ReviewMembers, kernschil_app::AppError> {
    let list = members::list(app, &session.0.actor, review).await?;
    Ok(ReviewMembers { members: list.members.iter().map(Into::into).collect(), own: list.own.map(|own| own.0) })
}

#[OpenApi(tag = "Tag::Reviews")]
impl Panels {
    /// Shows the panel of a peer review
    ///
    /// What is wrong with it and what to look at, and what was decided by hand. For who plans the review.
    #[oai(path = "/reviews/:review/panel", method = "get", operation_id = "getPanel")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<Panel>, Refusal> {
        let panel = panel::get(&app, &session.0.actor, &review.named("review")?.0).await?;
        Ok(Found((&panel).into()))
    }

    /// Proposes a panel for a peer review
    ///
    /// The best one of a size that holds who is on it already, with why. Equal data gives an equal proposal.
    #[oai(path = "/reviews/:review/panel/proposal", method = "get", operation_id = "getPanelProposal")]
    async fn proposal(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Members, chair and secretary included; 1 to 10, and 3 when absent.
        size: Query<Size>,
    ) -> Result<Found<PanelProposal>, Refusal<Conflicts>> {
        let (review, size) = (review.named("review"), size.0).all()?;
        let panel = panel::get(&app, &session.0.actor, &review.0).await?;
        Ok(Found(panel::propose(&panel, size.map_or(3, |size| size.0))?.into()))
    }

    /// Decides whether a peer is independent for a review
    ///
    /// In the place of what was decided before.
    #[oai(path = "/reviews/:review/panel/verdicts/:peer", method = "put", operation_id = "putPanelVerdict")]
    async fn pin(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The peer.
        peer: Path<Id>,
        body: Body<VerdictRequest>,
    ) -> Result<Done, Refusal<Conflicts>> {
        let (review, peer, new) = (review.named("review"), peer.named("peer"), body.0).all()?;
        panel::pin(&app, &session.0.actor, &review.0, PeerId(peer.0), new.verdict, &new.reason).await?;
        Ok(Done)
    }

    /// Takes a decision about a peer back
    ///
    /// The rules count again for that peer in this review.
    #[oai(
        path = "/reviews/:review/panel/verdicts/:peer",
        method = "delete",
        operation_id = "deletePanelVerdict",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn unpin(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The peer.
        peer: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        let (review, peer) = (review.named("review"), peer.named("peer")).all()?;
        panel::unpin(&app, &session.0.actor, &review.0, PeerId(peer.0)).await?;
        Ok(Done)
    }

    /// Lists who takes part in a peer review
    ///
    /// With their roles, whether they agreed, and until when they have access.
    #[oai(path = "/reviews/:review/members", method = "get", operation_id = "listReviewMembers")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<ReviewMembers>, Refusal> {
        Ok(Found(member_list(&app, &session, &review.named("review")?.0).await?))
    }

    /// Asks somebody for a peer review
    ///
    /// By mail, for one role in this review, until a day. Who has no account makes one with the link in the mail. Who plans the
    /// review, writes its reflection or responds to its report does not sit with the panel and does not observe it
    /// (`hoort-bij-ontvanger`), nor does who wrote in the reflection (`schreef-reflectie`). From the conducting phase on the
    /// panel stays valid (`panel-ongeldig`), and the others in it hear of every change by mail.
    #[oai(path = "/reviews/:review/members", method = "post", operation_id = "askReviewMember")]
    async fn ask(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<AskRequest>,
    ) -> Result<Created<ReviewMembers>, Refusal<Conflicts>> {
        let (review, new) = (review.named("review"), body.0).all()?;
        let id = members::ask(&app, &session.0.actor, &review.0, &new).await?;
        let body = member_list(&app, &session, &review.0).await?;
        Ok(Created { body, location: format!("{PREFIX}/reviews/{}/members/{id}", review.0) })
    }

    /// Asks somebody in a peer review again
    ///
    /// Maybe for another role. What she answered counts no more. Who could have written findings stays in the panel
    /// (`blijft-in-panel`), and who sits with it is asked the same as when she is asked first. Say what you saw: `If-Match` with the `etag` of the member.
    #[oai(path = "/reviews/:review/members/:member", method = "put", operation_id = "askReviewMemberAgain")]
    async fn again(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The member.
        member: Path<Id>,
        /// `etag` of the member.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<AskAgainRequest>,
    ) -> Result<Found<ReviewMembers>, Refusal<Versions>> {
        let (review, member, if_match, ask) = (review.named("review"), member.named("member"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        members::ask_again(&app, &session.0.actor, &review.0, MemberId(member.0), seen, ask).await.map_err(stale)?;
        Ok(Found(member_list(&app, &session, &review.0).await?))
    }

    /// Gives somebody's access to a peer review another end
    ///
    /// Without asking her again: what she answered stays. Also after the access ended. She gets a mail. Say what you saw:
    /// `If-Match` with the `etag` of the member.
    #[oai(path = "/reviews/:review/members/:member", method = "patch", operation_id = "extendReviewMember")]
    async fn extend(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The member.
        member: Path<Id>,
        /// `etag` of the member.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ExtendRequest>,
    ) -> Result<Found<ReviewMembers>, Refusal<Versions>> {
        let (review, member, if_match, until) = (review.named("review"), member.named("member"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        lasting::extend(&app, &session.0.actor, &review.0, MemberId(member.0), seen, until.0).await.map_err(stale)?;
        Ok(Found(member_list(&app, &session, &review.0).await?))
    }

    /// Takes somebody out of a peer review
    ///
    /// Her access ends at once; what she handed in stays with the panel. From the conducting phase on the panel stays valid
    /// (`panel-ongeldig`). Say what you saw: `If-Match` with the `etag` of the member.
    #[oai(
        path = "/reviews/:review/members/:member",
        method = "delete",
        operation_id = "withdrawReviewMember",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn withdraw(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The member.
        member: Path<Id>,
        /// `etag` of the member.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, member, if_match) = (review.named("review"), member.named("member"), if_match.0).all()?;
        let seen = seen_version(if_match)?;
        members::withdraw(&app, &session.0.actor, &review.0, MemberId(member.0), seen).await.map_err(stale)?;
        Ok(Done)
    }

    /// Answers an invitation to a peer review
    ///
    /// For oneself. Who declines has no access any more. Say what you saw: `If-Match` with the `etag` of the member.
    #[oai(path = "/reviews/:review/own-answer", method = "put", operation_id = "answerReviewInvitation")]
    async fn answer(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `etag` of the member.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<InvitationAnswerRequest>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, if_match, answer) = (review.named("review"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        members::answer(&app, &session.0.actor, &review.0, seen, answer.0).await.map_err(stale)?;
        Ok(Done)
    }

    /// Shows which day suits for the visit of a peer review
    ///
    /// The days that are proposed, and what everybody answered.
    #[oai(path = "/reviews/:review/visit-poll", method = "get", operation_id = "getVisitPoll")]
    async fn poll(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<VisitPoll>, Refusal> {
        Ok(Found(poll::get(&app, &session.0.actor, &review.named("review")?.0).await?.into()))
    }

    /// Proposes days for the visit of a peer review
    ///
    /// In the place of those before; answers about days that stay, stay.
    #[oai(path = "/reviews/:review/visit-poll/days", method = "put", operation_id = "putVisitPollDays")]
    async fn set_days(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<PollDaysRequest>,
    ) -> Result<Found<VisitPoll>, Refusal<Conflicts>> {
        let (review, days) = (review.named("review"), body.0).all()?;
        poll::set_days(&app, &session.0.actor, &review.0, &days.0).await?;
        Ok(Found(poll::get(&app, &session.0.actor, &review.0).await?.into()))
    }

    /// Answers for oneself which days suit
    ///
    /// A day without an answer stays open.
    #[oai(path = "/reviews/:review/visit-poll/answers", method = "put", operation_id = "putVisitPollAnswers")]
    async fn answer_days(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<PollAnswersRequest>,
    ) -> Result<Found<VisitPoll>, Refusal<Conflicts>> {
        let (review, answers) = (review.named("review"), body.0).all()?;
        poll::answer(&app, &session.0.actor, &review.0, &answers.0).await?;
        Ok(Found(poll::get(&app, &session.0.actor, &review.0).await?.into()))
    }

    /// Chooses the visit day of a peer review
    ///
    /// One of the proposed days. Say what you saw: `If-Match` with the `etag` of the poll.
    #[oai(path = "/reviews/:review/visit-poll/choice", method = "put", operation_id = "chooseVisitDay")]
    async fn choose(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `etag` of the poll.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ChoiceRequest>,
    ) -> Result<Found<VisitPoll>, Refusal<Versions>> {
        let (review, if_match, day) = (review.named("review"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        poll::choose(&app, &session.0.actor, &review.0, seen, day.0).await.map_err(stale)?;
        Ok(Found(poll::get(&app, &session.0.actor, &review.0).await?.into()))
    }
}
