//! A developmental review with everybody who takes part in it: what findings, weighing and the report are tested on.

use kernschil_app::Actor;
use kernschil_app::reviews::findings::{self, Contents, FindingInput};
use kernschil_app::reviews::{evidence, questions, reflection};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{MemberId, PartnershipId, ReviewEvidenceId, Version};
use kernschil_domain::reviews::{Finding, FindingKind, MemberAnswer, Receiver, Review, ReviewMember, ReviewRole, ReviewState};
use kernschil_storage::reviews::members;
use kernschil_storage::{StorageError, Tx, access, registry, reviews};

use super::reflection::{REVIEW, review};
use crate::support::TestApp;

/// Somebody in the review: who is signed in, and her row in it.
pub(super) struct Player {
    pub(super) actor: Actor,
    pub(super) member: MemberId,
}

/// A developmental review (name in addresses: `REVIEW`) of a partnership of Almere, whose reflection on the four safeguards
/// was handed in, with a piece of evidence and a development question. Parts of its framework: 1, 1.1, 2, 3, 4.
pub(super) struct Stage {
    pub(super) chair: Player,
    pub(super) member: Player,
    pub(super) other: Player,
    pub(super) secretary: Player,
    pub(super) observer: Player,
    pub(super) author: Player,
    /// Coordinates the receiving partnership, and manages the review.
    pub(super) coordinator: Actor,
    /// Reads what is published for the receiving partnership.
    pub(super) reader: Actor,
    pub(super) administrator: Actor,
    /// Coordinates another partnership: the review is out of her reach.
    pub(super) stranger: Actor,
    pub(super) evidence: ReviewEvidenceId,
}

impl Stage {
    /// In the conducting phase, after the visit.
    pub(super) async fn conducting(app: &TestApp) -> Self {
        Self::at(app, ReviewState::Conducting).await
    }

    /// In any state. From the conducting phase on, the visit was held.
    pub(super) async fn at(app: &TestApp, state: ReviewState) -> Self {
        let made = review(app, ReviewState::Preparing).await;
        let Receiver::Partnership(partnership) = made.receiver else { panic!("a partnership receives") };
        let author = player(app, &made, ReviewRole::Author, "Anna Auteur").await;
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        for part in ["1", "1.1", "2", "3", "4"] {
            reflection::save(&app.app, &author.actor, REVIEW, part, Version(0), &format!("Zo doen wij {part}.")).await.unwrap();
        }
        let link = evidence::Source::Link("https://school.example/plan".to_owned());
        let evidence = evidence::add(&app.app, &author.actor, REVIEW, ("Opleidingsplan", &["1.1".to_owned()]), link).await.unwrap();
        questions::add(&app.app, &coordinator, REVIEW, "Wat kan beter aan het werkplekleren?", "2").await.unwrap();
        reflection::hand_in(&app.app, &author.actor, REVIEW, made.version).await.unwrap();
        let stage = Self {
            chair: player(app, &made, ReviewRole::Chair, "Vera Voorzitter").await,
            member: player(app, &made, ReviewRole::Member, "Mo Panellid").await,
            other: player(app, &made, ReviewRole::Member, "Olga Panellid").await,
            secretary: player(app, &made, ReviewRole::Secretary, "Sam Secretaris").await,
            observer: player(app, &made, ReviewRole::Observer, "Wim Waarnemer").await,
            author,
            coordinator,
            reader: app.with_role(Role::Reader, Scope::Partnership(partnership)).await,
            administrator: app.with_role(Role::Administrator, Scope::All).await,
            stranger: app.with_role(Role::PartnershipCoordinator, Scope::Partnership(elsewhere(app, partnership).await)).await,
            evidence,
        };
        stage.put_in(app, state).await;
        stage
    }

    /// The review as it stands.
    pub(super) async fn review(&self, app: &TestApp) -> Review {
        app.app.store.read(async |tx| find(tx).await).await.unwrap()
    }

    /// Puts the review in a state, past its gates.
    pub(super) async fn put_in(&self, app: &TestApp, state: ReviewState) {
        let day = Some("2026-06-15".parse().unwrap());
        app.app
            .store
            .write(async |tx| {
                let review = find(tx).await?;
                let held_on = if matches!(state, ReviewState::Planned | ReviewState::Preparing) { None } else { day };
                reviews::save(tx, &Review { state, visit_on: day, held_on, ..review }).await
            })
            .await
            .unwrap();
    }

    /// Somebody writes a finding about a part.
    pub(super) async fn finds(&self, app: &TestApp, who: &Player, kind: FindingKind, part: &str, text: &str) -> Finding {
        let input = FindingInput { kind: kind.code().to_owned(), part: part.to_owned(), text: text.to_owned(), evidence: Vec::new() };
        findings::add(&app.app, &who.actor, REVIEW, &input).await.unwrap()
    }

    /// Somebody hands in what she has.
    pub(super) async fn hands_in(&self, app: &TestApp, who: &Player) {
        let own = findings::list(&app.app, &who.actor, REVIEW).await.unwrap().own.unwrap();
        let contents = if own.findings.is_empty() { Contents::Nothing } else { Contents::Findings };
        findings::hand_in(&app.app, &who.actor, REVIEW, &own.hash, contents).await.unwrap();
    }

    /// Each of the panel writes two findings and hands them in: all a strength about part 1, and each one of another kind about
    /// another part.
    pub(super) async fn hand_in_all(&self, app: &TestApp) {
        for ((who, kind), part) in self.panel().into_iter().zip(FindingKind::ALL).zip(["1.1", "2", "3", "4"]) {
            self.finds(app, who, FindingKind::Strength, "1", "Er is een gedeeld beeld van het beroep.").await;
            self.finds(app, who, *kind, part, &format!("Dit viel op bij {part}.")).await;
            self.hands_in(app, who).await;
        }
    }

    /// Everybody of the panel.
    pub(super) fn panel(&self) -> [&Player; 4] {
        [&self.chair, &self.member, &self.other, &self.secretary]
    }
}

async fn find(tx: &Tx) -> Result<Review, StorageError> {
    Ok(reviews::list(tx).await?.into_iter().find(|review| review.slug == REVIEW).unwrap())
}

async fn player(app: &TestApp, review: &Review, role: ReviewRole, name: &str) -> Player {
    let actor = app.with_role(role.role(), Scope::Review(review.id)).await;
    let user = actor.user().unwrap();
    let id = MemberId(app.app.ids.next());
    app.app
        .store
        .write(async |tx| {
            let account = access::user(tx, user).await?.unwrap();
            let grant = access::grants_of(tx, user).await?.first().map(|grant| grant.id);
            let member = ReviewMember {
                id,
                review: review.id,
                role,
                peer: None,
                user: Some(user),
                grant,
                name: name.to_owned(),
                email: account.email,
                invited_at: Some(app.app.clock.now()),
                answer: Some(MemberAnswer::Agreed),
                answered_at: Some(app.app.clock.now()),
                version: Version::FIRST,
            };
            members::insert(tx, &member).await
        })
        .await
        .unwrap();
    Player { actor, member: id }
}

/// A partnership that shares no region with another.
async fn elsewhere(app: &TestApp, partnership: PartnershipId) -> PartnershipId {
    app.load(kernschil_spreadsheets::ImportKind::Partnerships, "hak/partnerschappen.xlsx").await;
    let registry = app.app.store.read(async |tx| registry::load(tx).await).await.unwrap();
    let own = &registry.partnerships[&partnership].regions;
    registry.partnerships.values().find(|other| !other.regions.iter().any(|region| own.contains(region))).unwrap().id
}
