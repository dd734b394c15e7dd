//! Who takes part in a peer review: asked by mail, for one role in one review, until a day; each answers for herself.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{MemberId, PeerId, ReviewId, Version};
use kernschil_domain::periods::{dutch_date, dutch_day};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{MemberAnswer, PanelVerdict, Review, ReviewMember, ReviewRole, ReviewState};
use kernschil_storage::reviews::{members, peers, verdicts};
use kernschil_storage::{StorageError, Tx, WriteTx, access as accounts};
use serde_json::json;

use super::independence::{Candidate, Objection, objection};
use super::lasting::{self, checked_until, usual_until};
use super::panel_watch::{PanelChange, PanelWatch};
use super::sight::{self, Known};
use crate::access::{Guest, WayIn, admit, check_identity, dismiss};
use crate::error::{AppError, FieldError};
use crate::mail::{self, Letter, MailKind};
use crate::{Actor, App, Change};

/// Where the people of a review stand.
pub fn path(slug: &str) -> String {
    format!("/peer-reviews/{slug}/deelnemers")
}

/// Somebody to ask.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// For which role.
    pub role: ReviewRole,
    /// Somebody in the pool; her name and address are used then.
    pub peer: Option<PeerId>,
    /// Name, of somebody who is not in the pool.
    pub name: String,
    /// Address, of somebody who is not in the pool.
    pub email: String,
    /// The first day on which the role holds no more.
    pub until: Option<NaiveDate>,
}

/// How far somebody is with a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberState {
    /// Asked, and not signed in yet.
    Asked,
    /// Signed in at some time; she gave no answer.
    CameIn,
    /// She takes part.
    Agreed,
    /// She does not.
    Declined,
    /// Her role came to its last day: she cannot open the review any more.
    Ended,
}

impl MemberState {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::CameIn => "came-in",
            Self::Agreed => "agreed",
            Self::Declined => "declined",
            Self::Ended => "ended",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Asked => "gevraagd",
            Self::CameIn => "gevraagd, heeft een account",
            Self::Agreed => MemberAnswer::Agreed.dutch(),
            Self::Declined => MemberAnswer::Declined.dutch(),
            Self::Ended => "toegang voorbij",
        }
    }
}

/// Somebody in a review.
#[derive(Debug, Clone)]
pub struct MemberView {
    /// Who, and in which role.
    pub member: ReviewMember,
    /// How far.
    pub state: MemberState,
    /// The first day on which her role holds no more.
    pub until: Option<NaiveDate>,
}

/// The people of a review.
#[derive(Debug, Clone)]
pub struct Members {
    /// The review.
    pub review: Review,
    /// Name of the receiving side.
    pub receiver: String,
    /// Everybody, by role and name. Addresses are empty for who does not manage the review.
    pub members: Vec<MemberView>,
    /// Who of them looks.
    pub own: Option<MemberId>,
    /// Whether who looks may ask and withdraw people.
    pub manages: bool,
    /// The day until which a role lasts when no other is chosen.
    pub until: NaiveDate,
}

/// Whether somebody manages a review that she may know.
pub(crate) fn manages(actor: &Actor, known: &Known) -> bool {
    let of = vec![known.review.clone()];
    !sight::within(actor, Permission::ManageReview, &known.registry, of).is_empty()
}

/// The row of who is signed in, unless she declined.
pub(crate) async fn own(tx: &Tx, actor: &Actor, review: ReviewId) -> Result<Option<ReviewMember>, AppError> {
    let Some(user) = actor.user() else { return Ok(None) };
    let all = members::of_review(tx, review).await?;
    Ok(all.into_iter().find(|member| member.user == Some(user) && member.answer != Some(MemberAnswer::Declined)))
}

/// The row of who is signed in, unless she declined, for what the panel and who comes along with it do. One of the receiving
/// side has no such place, also when a row says so.
pub(crate) async fn seat(tx: &Tx, actor: &Actor, known: &Known) -> Result<Option<ReviewMember>, AppError> {
    let receives = sight::receives(actor, &known.review, &known.registry);
    let own = own(tx, actor, known.review.id).await?;
    Ok(own.filter(|member| !(receives && member.role.sits_with_panel())))
}

/// Refuses what is done by the panel for who was asked for it and has not said yet that she takes part.
pub(crate) fn not_agreed() -> AppError {
    let message = "U heeft nog niet gezegd of u meedoet in het panel. Doe dat eerst op de pagina Deelnemers; daarna gaat u hier verder.";
    AppError::conflict("nog-niet-akkoord", message)
}

/// Refuses changes about people in a review that is over.
pub(crate) fn require_open(review: &Review) -> Result<(), AppError> {
    if !matches!(review.state, ReviewState::Closed | ReviewState::Cancelled) {
        return Ok(());
    }
    let message = format!("Deze peer review is {}. Er verandert niets meer aan wie meedoet. Heropen hem eerst.", review.state.dutch());
    Err(AppError::conflict("review-voorbij", message))
}

async fn view(tx: &Tx, member: ReviewMember, today: NaiveDate) -> Result<MemberView, AppError> {
    let mut came_in = false;
    if let Some(user) = member.user {
        came_in = accounts::user(tx, user).await?.is_some_and(|user| user.state == accounts::UserState::Active);
    }
    let until = lasting::until(tx, &member).await?;
    let state = match member.answer {
        Some(MemberAnswer::Declined) => MemberState::Declined,
        _ if until.is_some_and(|until| until <= today) => MemberState::Ended,
        Some(MemberAnswer::Agreed) => MemberState::Agreed,
        None if came_in => MemberState::CameIn,
        None => MemberState::Asked,
    };
    Ok(MemberView { member, state, until })
}

/// The people of a review.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<Members, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let manages = manages(actor, &known);
            let mut found = Vec::new();
            for mut member in members::of_review(tx, known.review.id).await? {
                if !manages && member.user != actor.user() {
                    member.email.clear();
                }
                found.push(view(tx, member, app.clock.today()).await?);
            }
            found.sort_by_key(|view| view.member.role);
            let own = own(tx, actor, known.review.id).await?.map(|member| member.id);
            let until = usual_until(&known.review, app.clock.today());
            let receiver = known.review.receiver.name(&known.registry);
            Ok(Members { review: known.review, receiver, members: found, own, manages, until })
        })
        .await
}

/// Asks somebody for a role in a review, by mail.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong, also when one of the receiving side is asked to
/// sit with the panel; [`AppError::Conflict`] when the review is over, or its panel cannot go on with her.
pub async fn ask(app: &App, actor: &Actor, slug: &str, new: &NewMember) -> Result<MemberId, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            require_open(&known.review)?;
            let all = members::of_review(tx, known.review.id).await?;
            let mut errors = Vec::new();
            let (name, email) = if let Some(peer) = new.peer {
                from_pool(app, tx, &known.review, peer, &mut errors).await?
            } else {
                let (email, name) = check_identity(&new.email, &new.name, &mut errors);
                (name, email)
            };
            let account = accounts::user_by_email(tx, &email).await?.map(|user| user.id);
            if all.iter().any(|member| member.email == email || (account.is_some() && member.user == account)) {
                let message =
                    "Iemand met dit e-mailadres staat al bij de deelnemers. Vraag haar of hem daar opnieuw, of kies een ander adres.";
                errors.push(FieldError::new("email", "al-deelnemer", message));
            }
            errors.extend(taken(&all, new.role, None));
            let field = if new.peer.is_some() { "peer" } else { "email" };
            let candidate = Candidate { email: &email, user: account, leaves: None };
            errors.extend(objected(app, tx, &known, new.role, &candidate).await?.map(|found| refusal(field, found)));
            let until = checked_until(app, &known.review, new.until, &mut errors);
            if !errors.is_empty() {
                return Err(AppError::Invalid(errors));
            }
            let member = ReviewMember {
                id: MemberId(app.ids.next()),
                review: known.review.id,
                role: new.role,
                peer: new.peer,
                user: None,
                grant: None,
                name,
                email,
                invited_at: None,
                answer: None,
                answered_at: None,
                version: Version::FIRST,
            };
            let watch = PanelWatch::begin(app, tx, &known).await?;
            let member = invited(app, actor, tx, &known, member, until).await?;
            members::insert(tx, &member).await?;
            watch.require_valid(tx).await?;
            watch.tell(tx, &member, PanelChange::Asked).await?;
            note(app, actor, tx, slug, "gevraagd", &member);
            Ok(member.id)
        })
        .await
}

async fn from_pool(app: &App, tx: &Tx, review: &Review, peer: PeerId, errors: &mut Vec<FieldError>) -> Result<(String, String), AppError> {
    let peer = match peers::get(tx, peer).await {
        Err(StorageError::NotFound) => {
            errors.push(FieldError::new("peer", "onbekende-peer", "Deze peer staat niet (meer) in de pool. Kies iemand uit de pool."));
            return Ok((String::new(), String::new()));
        }
        found => found?,
    };
    if peer.ended_on.is_some_and(|day| day <= app.clock.today()) {
        errors.push(FieldError::new("peer", "peer-gestopt", "Deze peer doet niet meer mee in de pool. Kies iemand anders."));
    }
    let pinned = verdicts::of_review(tx, review.id).await?;
    if pinned.iter().any(|verdict| verdict.peer == peer.id && verdict.verdict == PanelVerdict::Conflict) {
        let message = "Deze peer is voor deze review aangemerkt als niet onafhankelijk. Kies iemand anders, of wijzig dat oordeel op de pagina Panel.";
        errors.push(FieldError::new("peer", "niet-onafhankelijk", message));
    }
    Ok((peer.name, peer.email))
}

/// Why somebody cannot have a role, where it sits with the panel.
async fn objected(app: &App, tx: &Tx, known: &Known, role: ReviewRole, who: &Candidate<'_>) -> Result<Option<Objection>, AppError> {
    if role.sits_with_panel() { objection(tx, known, who, app.clock.today()).await } else { Ok(None) }
}

fn refusal(field: &str, found: Objection) -> FieldError {
    FieldError::new(field, found.code(), found.dutch())
}

/// A panel has one chair and one secretary.
fn taken(all: &[ReviewMember], role: ReviewRole, but: Option<MemberId>) -> Option<FieldError> {
    if !matches!(role, ReviewRole::Chair | ReviewRole::Secretary) {
        return None;
    }
    let mut others = all.iter().filter(|member| Some(member.id) != but && member.answer != Some(MemberAnswer::Declined));
    let message = format!("Er is al een {}. Geef die eerst een andere rol, of haal die weg.", role.dutch());
    others.any(|member| member.role == role).then(|| FieldError::new("role", "rol-bezet", message))
}

/// Gives somebody the role and mails her.
async fn invited(
    app: &App,
    actor: &Actor,
    tx: &WriteTx,
    known: &Known,
    member: ReviewMember,
    until: NaiveDate,
) -> Result<ReviewMember, AppError> {
    let review = &known.review;
    let guest = Guest { email: &member.email, name: &member.name, role: member.role.role(), review: review.id, until };
    let admitted = admit(app, actor, tx, &guest).await?;
    mail::queue(app, tx, letter(app, actor, known, &member, until, &admitted.way_in)).await?;
    let (user, grant, invited_at) = (Some(admitted.user), Some(admitted.grant), Some(app.clock.now()));
    Ok(ReviewMember { user, grant, invited_at, answer: None, answered_at: None, ..member })
}

fn letter(app: &App, actor: &Actor, known: &Known, member: &ReviewMember, until: NaiveDate, way_in: &WayIn) -> Letter {
    let Known { review, registry } = known;
    let inviter = if actor.name().is_empty() { "De coördinator" } else { actor.name() };
    let address = format!("{}{}", app.address, path(&review.slug));
    let (kind, how) = match way_in {
        WayIn::Account => (MailKind::AccountChanged, format!("Log in en laat weten of u meedoet:\n{address}")),
        WayIn::Link { link, until } => {
            let until = dutch_date(until.date_naive());
            let how = format!(
                "Maak eerst uw account met deze link. Hij werkt één keer, tot {until}:\n{link}\n\nLaat daarna hier weten of u meedoet:\n{address}"
            );
            (MailKind::Invitation, how)
        }
    };
    let text = format!(
        "Beste {},\n\n{inviter} vraagt u als {} voor de peer review “{}”{}.\n{}\n{how}\n\n\
         U krijgt alleen toegang tot deze peer review, tot en met {}.\n\n\
         Verwacht u deze mail niet? Dan kunt u hem weggooien.\n",
        member.name,
        member.role.dutch(),
        review.name,
        receiver_words(review, registry),
        review.visit_on.map(|day| format!("Het bezoek is op {}.\n", dutch_day(day))).unwrap_or_default(),
        lasting::last_day(until),
    );
    let subject = format!("Uitnodiging voor een peer review: {}", member.role.dutch());
    Letter { kind, to_address: member.email.clone(), to_name: member.name.clone(), subject, text }
}

fn receiver_words(review: &Review, registry: &Registry) -> String {
    let receiver = review.receiver.name(registry);
    if review.name.contains(&receiver) { String::new() } else { format!(" van {receiver}") }
}

/// Notes what was done about somebody: which and in what role, never who.
pub(super) fn note(app: &App, actor: &Actor, tx: &WriteTx, slug: &str, done: &str, member: &ReviewMember) {
    let after = json!({ "member": member.id, "role": member.role.code(), "done": done });
    app.audit(tx, actor, EventKind::ReviewMemberChanged, slug, Change::to(after));
}

pub(super) async fn held(
    tx: &WriteTx,
    review: &Review,
    id: MemberId,
    seen: Version,
) -> Result<(ReviewMember, Vec<ReviewMember>), AppError> {
    let all = members::of_review(tx, review.id).await?;
    let member = all.iter().find(|member| member.id == id).cloned().ok_or(AppError::NotFound)?;
    if member.version == seen { Ok((member, all)) } else { Err(StorageError::Stale.into()) }
}

/// What somebody in a review is asked for anew.
#[derive(Debug, Clone, Copy)]
pub struct AskAgain {
    /// The role from now on.
    pub role: ReviewRole,
    /// The first day on which it holds no more.
    pub until: Option<NaiveDate>,
}

/// Asks somebody again, maybe for another role, by a new mail. What she answered before counts no more.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`], also when one of the receiving side is asked to sit with the panel, or
/// one of the panel who could have written findings to leave it; [`AppError::Conflict`] when the review is over, its panel
/// cannot go on like that, or somebody else changed her since `seen`.
pub async fn ask_again(app: &App, actor: &Actor, slug: &str, id: MemberId, seen: Version, ask: AskAgain) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            require_open(&known.review)?;
            let (member, all) = held(tx, &known.review, id, seen).await?;
            let mut errors: Vec<_> = taken(&all, ask.role, Some(id)).into_iter().collect();
            errors.extend(leaves_panel(&known.review, &member, ask.role));
            let candidate = Candidate { email: &member.email, user: member.user, leaves: member.grant };
            errors.extend(objected(app, tx, &known, ask.role, &candidate).await?.map(|found| refusal("role", found)));
            let until = checked_until(app, &known.review, ask.until, &mut errors);
            if !errors.is_empty() {
                return Err(AppError::Invalid(errors));
            }
            let watch = PanelWatch::begin(app, tx, &known).await?;
            if let (Some(user), Some(grant)) = (member.user, member.grant) {
                dismiss(app, actor, tx, user, grant).await?;
            }
            let member = invited(app, actor, tx, &known, ReviewMember { role: ask.role, ..member }, until).await?;
            let version = members::save(tx, &member).await?;
            watch.require_valid(tx).await?;
            watch.tell(tx, &member, PanelChange::AskedAgain).await?;
            note(app, actor, tx, slug, "opnieuw gevraagd", &member);
            Ok(version)
        })
        .await
}

/// Whether somebody of the panel could have written findings. Her row then stays whether she did or not: that it goes would
/// tell who manages the review that she had none.
fn may_have_written(review: &Review, member: &ReviewMember) -> bool {
    let is_begun = !matches!(review.state, ReviewState::Planned | ReviewState::Preparing) || review.reflected_at.is_some();
    member.role.is_panel() && is_begun
}

/// Who could have written findings stays one of the panel: what she handed in would leave the table with her, and she may
/// have read what others found.
fn leaves_panel(review: &Review, member: &ReviewMember, role: ReviewRole) -> Option<FieldError> {
    if role.is_panel() || !may_have_written(review, member) {
        return None;
    }
    let message = "Dit panellid kon al bevindingen schrijven en blijft daarom in het panel. Kies voorzitter, secretaris of panellid, of haal haar of hem weg.";
    Some(FieldError::new("role", "blijft-in-panel", message))
}

/// Takes somebody out of a review; her access ends at once. Who wrote something in it, or could have, stays as declined.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when the review is over, its panel cannot go on without her, or somebody else
/// changed her since `seen`.
pub async fn withdraw(app: &App, actor: &Actor, slug: &str, id: MemberId, seen: Version) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            require_open(&known.review)?;
            let (member, _) = held(tx, &known.review, id, seen).await?;
            let watch = PanelWatch::begin(app, tx, &known).await?;
            if let (Some(user), Some(grant)) = (member.user, member.grant) {
                dismiss(app, actor, tx, user, grant).await?;
            }
            if may_have_written(&known.review, &member) || members::has_written(tx, id).await? {
                let at = Some(app.clock.now());
                members::save(tx, &ReviewMember { answer: Some(MemberAnswer::Declined), answered_at: at, ..member.clone() }).await?;
            } else {
                members::remove(tx, id, seen).await?;
            }
            watch.require_valid(tx).await?;
            watch.tell(tx, &member, PanelChange::TakenOut).await?;
            if member.answer != Some(MemberAnswer::Declined) {
                mail::queue(app, tx, lasting::farewell(&known.review, &member)).await?;
            }
            note(app, actor, tx, slug, "weggehaald", &member);
            Ok(())
        })
        .await
}

/// Says for oneself whether one takes part. Who declines has no access any more.
///
/// # Errors
/// [`AppError::NotFound`] for who is not in the review; [`AppError::Conflict`] when the review is over, the invitation
/// changed since `seen`, or one of the receiving side agrees to sit with the panel.
pub async fn answer(app: &App, actor: &Actor, slug: &str, seen: Version, answer: MemberAnswer) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ReadReview).await?;
            require_open(&known.review)?;
            let member = own(tx, actor, known.review.id).await?.ok_or(AppError::NotFound)?;
            let stands_apart = !member.role.sits_with_panel() || !sight::receives(actor, &known.review, &known.registry);
            if answer == MemberAnswer::Agreed && !stands_apart {
                return Err(AppError::conflict(Objection::OfReceiver.code(), Objection::OfReceiver.dutch()));
            }
            let watch = PanelWatch::begin(app, tx, &known).await?;
            let changed = ReviewMember { answer: Some(answer), answered_at: Some(app.clock.now()), version: seen, ..member };
            members::save(tx, &changed).await?;
            if answer == MemberAnswer::Declined {
                watch.tell(tx, &changed, PanelChange::Declined).await?;
            }
            if let (MemberAnswer::Declined, Some(user), Some(grant)) = (answer, changed.user, changed.grant) {
                dismiss(app, actor, tx, user, grant).await?;
            }
            note(app, actor, tx, slug, answer.dutch(), &changed);
            Ok(())
        })
        .await
}
