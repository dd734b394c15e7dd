//! What a panel found together: made, changed, taken away and put back by chair or secretary.

use std::collections::BTreeSet;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{FindingId, JointFindingId, Version};
use kernschil_domain::reviews::{FindingKind, JointFinding, ReviewMember, tidy};
use kernschil_storage::reviews::{follow_ups, joint};
use kernschil_storage::{StorageError, WriteTx};
use serde_json::json;

use super::Ground;
use crate::error::{AppError, FieldError};
use crate::mail::{self, Letter, MailKind};
use crate::reviews::{findings, sight};
use crate::{Actor, App, Change};

/// The most joint findings of one review that were not taken away.
pub const JOINT_FINDINGS: usize = 200;
/// The most signs in one joint finding or dissent: it fits a cell of a workbook.
pub const JOINT_SIGNS: usize = 10_000;

/// A joint finding as somebody writes it.
#[derive(Debug, Clone)]
pub struct JointDraft {
    /// What it is, by its code or Dutch word.
    pub kind: String,
    /// The code of the part it is about.
    pub part: String,
    /// What it says. Markdown.
    pub text: String,
    /// The findings of members it was made from.
    pub sources: Vec<FindingId>,
}

/// A draft that was looked at and found right.
struct Checked {
    kind: FindingKind,
    part: Part,
    text: String,
    sources: Vec<FindingId>,
}

/// A text of the weighing as it is kept.
pub(super) fn clean_text(text: &str) -> Result<String, FieldError> {
    let message = format!("Schrijf een tekst van hooguit {JOINT_SIGNS} tekens.");
    let wrong = || FieldError::new("text", "tekst-ongeldig", message.clone());
    let text = tidy(text).map_err(|_| wrong())?.trim().to_owned();
    if (1..=JOINT_SIGNS).contains(&text.chars().count()) { Ok(text) } else { Err(wrong()) }
}

/// The weighing of a review while somebody changes it.
pub(super) struct Changing {
    pub(super) ground: Ground,
    pub(super) joint: Vec<JointFinding>,
}

impl Changing {
    pub(super) async fn load(tx: &WriteTx, actor: &Actor, slug: &str, permission: Permission) -> Result<Self, AppError> {
        let known = sight::locked(tx, actor, slug, permission).await?;
        let ground = Ground::of(tx, actor, known).await?;
        Ok(Self { joint: joint::of_review(tx, ground.known.review.id).await?, ground })
    }

    /// Refuses who has a role of the panel and is not in it, and everybody while nothing can change.
    pub(super) fn require_open(&self) -> Result<(), AppError> {
        if !self.ground.role.is_panel() {
            return Err(self.ground.no_panel());
        }
        self.ground.require_open()
    }

    /// A joint finding as somebody saw it. One that is not there is told before anything else.
    fn seen(&self, id: JointFindingId, seen: Version) -> Result<&JointFinding, AppError> {
        let found = self.joint.iter().find(|finding| finding.id == id).ok_or(AppError::NotFound)?;
        self.require_open()?;
        if found.version == seen { Ok(found) } else { Err(StorageError::Stale.into()) }
    }

    async fn check(&self, tx: &WriteTx, actor: &Actor, draft: &JointDraft, before: &[FindingId]) -> Result<Checked, AppError> {
        let visible = findings::visible(tx, actor, &self.ground.known).await?;
        let known: BTreeSet<FindingId> = visible.iter().map(|finding| finding.id).chain(before.iter().copied()).collect();
        let kind = clean_kind(&draft.kind);
        let part = clean_part(&self.ground.content, &draft.part);
        let text = clean_text(&draft.text);
        let sources = clean_sources(&known, &draft.sources);
        match (kind, part, text, sources) {
            (Ok(kind), Ok(part), Ok(text), Ok(sources)) => Ok(Checked { kind, part, text, sources }),
            (kind, part, text, sources) => {
                Err(AppError::Invalid([kind.err(), part.err(), text.err(), sources.err()].into_iter().flatten().collect()))
            }
        }
    }

    /// Tells who sees a joint finding in another way that it says something else now: her words stay below it.
    async fn tell_dissenters(
        &self,
        app: &App,
        tx: &WriteTx,
        actor: &Actor,
        (before, after): (&JointFinding, &JointFinding),
    ) -> Result<(), AppError> {
        if (before.kind, &before.part, &before.text) == (after.kind, &after.part, &after.text) {
            return Ok(());
        }
        let review = &self.ground.known.review;
        let dissents = |member: &&ReviewMember| member.role.is_panel() && after.dissents.iter().any(|said| said.member == member.id);
        let others = self.ground.people.iter().filter(dissents).filter(|member| member.user.is_none() || member.user != actor.user());
        let letter = |member: &ReviewMember| Letter {
            kind: MailKind::PeerReview,
            to_address: member.email.clone(),
            to_name: member.name.clone(),
            subject: "Een bevinding is gewijzigd na uw andere mening".to_owned(),
            text: format!(
                "Beste {},\n\nBij “{}” is een gezamenlijke bevinding gewijzigd waar uw andere mening bij staat. Lees of uw mening nog klopt, pas haar aan of neem haar terug:\n{}/peer-reviews/{}/weging#samen\n",
                member.name, review.name, app.address, review.slug
            ),
        };
        mail::queue_all(app, tx, others.map(letter).collect::<Vec<_>>()).await?;
        Ok(())
    }

    fn note(&self, app: &App, tx: &WriteTx, actor: &Actor, id: JointFindingId, what: &str) {
        let change = Change::to(json!({ "finding": id, "what": what }));
        app.audit(tx, actor, EventKind::JointFindingChanged, &self.ground.known.review.slug, change);
    }
}

fn clean_kind(kind: &str) -> Result<FindingKind, FieldError> {
    let message = "Kies wat het is: sterk punt, ontwikkelpunt, vraag of goede praktijk.";
    FindingKind::parse(kind).ok_or_else(|| FieldError::new("kind", "soort-onbekend", message))
}

fn clean_part(content: &FrameworkContent, code: &str) -> Result<Part, FieldError> {
    let unknown = || FieldError::new("part", "onderdeel-onbekend", "Kies een onderdeel dat in het kader staat.");
    content.part(code).ok_or_else(unknown)
}

/// The findings it was made from, each once. One that the panel cannot see is one that does not exist.
fn clean_sources(known: &BTreeSet<FindingId>, sources: &[FindingId]) -> Result<Vec<FindingId>, FieldError> {
    let mut kept = Vec::new();
    for id in sources {
        if !known.contains(id) {
            let message = "Kies bevindingen die bij deze review op tafel liggen. Laad de pagina opnieuw.";
            return Err(FieldError::new("sources", "bevinding-onbekend", message));
        }
        if !kept.contains(id) {
            kept.push(*id);
        }
    }
    Ok(kept)
}

/// Adds a joint finding.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when weighing cannot begin, is over, or there are enough.
pub async fn add(app: &App, actor: &Actor, slug: &str, draft: &JointDraft) -> Result<JointFindingId, AppError> {
    app.store
        .write(async |tx| {
            let changing = Changing::load(tx, actor, slug, Permission::WeighFindings).await?;
            changing.require_open()?;
            let Checked { kind, part, text, sources } = changing.check(tx, actor, draft, &[]).await?;
            require_room(&changing.joint)?;
            let (id, review) = (JointFindingId(app.ids.next()), changing.ground.known.review.id);
            let by = actor.user();
            let new = JointFinding { id, review, kind, part, text, sources, dissents: Vec::new(), by, version: Version::FIRST };
            joint::put(tx, &new).await?;
            changing.note(app, tx, actor, id, "added");
            Ok(id)
        })
        .await
}

fn require_room(joint: &[JointFinding]) -> Result<(), AppError> {
    if joint.len() < JOINT_FINDINGS {
        return Ok(());
    }
    let message = format!("Er zijn al {JOINT_FINDINGS} gezamenlijke bevindingen. Voeg er eerst een paar samen.");
    Err(AppError::conflict("te-veel-bevindingen", message))
}

/// Changes a joint finding; what others see in another way stays with it, and they hear of it by mail.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`]; [`AppError::Conflict`] when somebody else changed
/// it since, or weighing is over.
pub async fn change(
    app: &App,
    actor: &Actor,
    slug: &str,
    (id, seen): (JointFindingId, Version),
    draft: &JointDraft,
) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let changing = Changing::load(tx, actor, slug, Permission::WeighFindings).await?;
            let before = changing.seen(id, seen)?;
            let Checked { kind, part, text, sources } = changing.check(tx, actor, draft, &before.sources).await?;
            let after = JointFinding { kind, part, text, sources, by: actor.user(), version: seen.next(), ..before.clone() };
            joint::put(tx, &after).await?;
            changing.note(app, tx, actor, id, "changed");
            changing.tell_dissenters(app, tx, actor, (before, &after)).await?;
            Ok(after.version)
        })
        .await
}

/// Takes a joint finding away; it can be put back.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed it since, weighing is
/// over, or something is being done with it already.
pub async fn remove(app: &App, actor: &Actor, slug: &str, (id, seen): (JointFindingId, Version)) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let changing = Changing::load(tx, actor, slug, Permission::WeighFindings).await?;
            changing.seen(id, seen)?;
            let actions = follow_ups::of_review(tx, changing.ground.known.review.id).await?;
            if actions.iter().any(|action| action.finding == Some(id)) {
                let message = "Bij deze bevinding staat al een actie in de opvolging. Pas de tekst aan in plaats van haar weg te halen.";
                return Err(AppError::conflict("bevinding-in-opvolging", message));
            }
            joint::remove(tx, id, app.clock.now()).await?;
            changing.note(app, tx, actor, id, "removed");
            Ok(())
        })
        .await
}

/// Puts a joint finding back that was taken away, with what others see in another way.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed it since, or weighing
/// is over.
pub async fn put_back(app: &App, actor: &Actor, slug: &str, (id, seen): (JointFindingId, Version)) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let mut changing = Changing::load(tx, actor, slug, Permission::WeighFindings).await?;
            let present = std::mem::take(&mut changing.joint);
            changing.joint = joint::removed(tx, changing.ground.known.review.id).await?;
            let back = JointFinding { version: seen.next(), ..changing.seen(id, seen)?.clone() };
            require_room(&present)?;
            joint::put(tx, &back).await?;
            changing.note(app, tx, actor, id, "put-back");
            Ok(back.version)
        })
        .await
}
