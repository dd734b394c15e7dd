//! Nobody who plans or receives a review gets into its panel: by no address, no role and no door; and who is there in spite
//! of that reads nothing. Who was asked and has not agreed yet reads and hands in nothing either.

use std::sync::Arc;

use kernschil_app::Actor;
use kernschil_app::access;
use kernschil_app::reviews::day;
use kernschil_app::reviews::findings::{self, Contents, FindingInput};
use kernschil_app::reviews::members::{self, AskAgain, NewMember};
use kernschil_app::reviews::peers::{self, PeerInput};
use kernschil_app::reviews::report::{self, ReportSide};
use kernschil_app::reviews::weighing::{self, WeighingRole, WeighingStage};
use kernschil_domain::access::{Grant, Rights, Role, Scope, TokenScope};
use kernschil_domain::ids::{GrantId, MemberId, PeerId, UserId, Version};
use kernschil_domain::periods::Span;
use kernschil_domain::reviews::{MemberAnswer, Receiver, ReviewMember, ReviewRole};
use kernschil_storage::access as accounts;
use kernschil_storage::reviews as stored;
use poem::http::Method;
use serde_json::json;

use super::browser::Browser;
use super::people::codes;
use super::program::Program;
use super::reflection::REVIEW;
use super::stage::{Player, Stage};
use super::weighing::{draft, found};
use super::{LINE, leaks, regions};
use crate::support::TestApp;
use crate::support::site::client;

const OF_RECEIVER: &str = "hoort-bij-ontvanger";
const WITH_PANEL: [ReviewRole; 4] = [ReviewRole::Chair, ReviewRole::Secretary, ReviewRole::Member, ReviewRole::Observer];
/// What a finding says that nobody of the receiving side reads.
const SECRET: &str = "zandlopertje";

async fn address(app: &TestApp, actor: &Actor) -> String {
    let user = actor.user().unwrap();
    app.app.store.read(async |tx| accounts::user(tx, user).await).await.unwrap().unwrap().email
}

pub(super) fn asked(role: ReviewRole, email: &str) -> NewMember {
    NewMember { role, peer: None, name: "Iemand".to_owned(), email: email.to_owned(), until: None }
}

pub(super) async fn member(app: &TestApp, id: MemberId) -> ReviewMember {
    let all = app.app.store.read(async |tx| stored::members::all(tx).await).await.unwrap();
    all.into_iter().find(|member| member.id == id).unwrap()
}

/// Puts a role for this review in the database, past everything that looks at it.
async fn plant_grant(app: &TestApp, stage: &Stage, user: UserId, role: Role) -> GrantId {
    let scope = Scope::Review(stage.review(app).await.id);
    let grant = Grant { id: GrantId(app.app.ids.next()), user, role, scope, span: Span::since(app.app.clock.today()) };
    app.app.store.write(async |tx| accounts::put_grant(tx, &grant).await).await.unwrap();
    grant.id
}

/// Puts somebody in the review who agreed to a role, past everything that looks at it. Answers who she is from then on.
async fn plant(app: &TestApp, stage: &Stage, actor: &Actor, role: ReviewRole) -> Player {
    let user = actor.user().unwrap();
    let grant = plant_grant(app, stage, user, role.role()).await;
    let (email, review) = (address(app, actor).await, stage.review(app).await.id);
    let planted = ReviewMember {
        id: MemberId(app.app.ids.next()),
        review,
        role,
        peer: None,
        user: Some(user),
        grant: Some(grant),
        name: "Ingeslopen".to_owned(),
        email,
        invited_at: Some(app.app.clock.now()),
        answer: Some(MemberAnswer::Agreed),
        answered_at: Some(app.app.clock.now()),
        version: Version::FIRST,
    };
    app.app.store.write(async |tx| stored::members::insert(tx, &planted).await).await.unwrap();
    Player { actor: access::actor(&app.app, user).await.unwrap(), member: planted.id }
}

/// Takes the chair out, so that her place is free.
async fn without_chair(app: &TestApp, stage: &Stage) {
    members::withdraw(&app.app, &LINE, REVIEW, stage.chair.member, Version::FIRST).await.unwrap();
}

pub(super) async fn finds(app: &TestApp, who: &Player, part: &str, text: &str) {
    let input = FindingInput { kind: "strength".to_owned(), part: part.to_owned(), text: text.to_owned(), evidence: Vec::new() };
    findings::add(&app.app, &who.actor, REVIEW, &input).await.unwrap();
}

/// The same person by a program whose token does not carry all she may do.
fn with_token(app: &TestApp, actor: &Actor, token: TokenScope) -> Actor {
    let Actor::User(person) = actor else { panic!("somebody") };
    let rights = Rights::on(app.app.clock.today(), person.rights.grants().to_vec(), Some(token));
    Actor::User(Arc::new(kernschil_app::Person { rights, ..(**person).clone() }))
}

/// Somebody of the pool of another region than that of the review, or of its own.
pub(super) async fn pooled(app: &TestApp, stage: &Stage, email: &str, from_outside: bool) -> PeerId {
    let registry = super::registry(app).await;
    let own = stage.review(app).await.receiver.regions(&registry);
    let region = registry.regions.keys().copied().find(|region| own.contains(region) != from_outside).unwrap();
    let input = PeerInput { name: "Uit de pool".to_owned(), email: email.to_owned(), region: Some(region), ..PeerInput::default() };
    peers::add(&app.app, &LINE, &input).await.unwrap()
}

pub(super) fn from_pool(peer: PeerId, role: ReviewRole) -> NewMember {
    NewMember { role, peer: Some(peer), name: String::new(), email: String::new(), until: None }
}

both_databases! {
    async fn who_plans_or_receives_a_review_is_not_asked_for_its_panel(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        without_chair(&app, &stage).await;
        members::withdraw(&app.app, &LINE, REVIEW, stage.secretary.member, Version::FIRST).await.unwrap();
        let Receiver::Partnership(partnership) = stage.review(&app).await.receiver else { panic!("a partnership") };
        let region = regions(&app, partnership).await[0];
        let second = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        let of_region = app.with_role(Role::RegionCoordinator, Scope::Region(region)).await;
        let of_all = app.with_role(Role::RegionCoordinator, Scope::All).await;
        for role in WITH_PANEL {
            for actor in [&stage.coordinator, &second, &of_region, &of_all] {
                let email = address(&app, actor).await;
                let (name, host) = email.split_once('@').unwrap();
                for email in [email.clone(), email.to_uppercase(), format!(" {email} "), format!("{name}+panel@{host}")] {
                    assert_eq!(codes(members::ask(&app.app, &stage.coordinator, REVIEW, &asked(role, &email)).await), [OF_RECEIVER], "{role} {email}");
                }
            }
        }
        // By the pool of peers, that she keeps herself.
        let peer = pooled(&app, &stage, &address(&app, &second).await, true).await;
        assert_eq!(codes(members::ask(&app.app, &stage.coordinator, REVIEW, &from_pool(peer, ReviewRole::Chair)).await), [OF_RECEIVER]);
        // Who coordinates elsewhere can be asked, and so can who only reads there.
        members::ask(&app.app, &stage.coordinator, REVIEW, &asked(ReviewRole::Chair, &address(&app, &stage.stranger).await)).await.unwrap();
        members::ask(&app.app, &stage.coordinator, REVIEW, &asked(ReviewRole::Secretary, &address(&app, &stage.reader).await)).await.unwrap();
        // Writing the reflection is what she may be asked for.
        members::ask(&app.app, &stage.coordinator, REVIEW, &asked(ReviewRole::Author, &address(&app, &second).await)).await.unwrap();
        app.check_invariants().await;
    }

    async fn no_role_leads_to_another_that_sits_with_the_panel(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        without_chair(&app, &stage).await;
        members::withdraw(&app.app, &LINE, REVIEW, stage.secretary.member, Version::FIRST).await.unwrap();
        let coordinator = &stage.coordinator;
        let again = async |id: MemberId, role: ReviewRole| {
            let seen = member(&app, id).await.version;
            members::ask_again(&app.app, coordinator, REVIEW, id, seen, AskAgain { role, until: None }).await
        };
        // As author first, which gives a row in the review, and from there to the panel.
        let id = members::ask(&app.app, coordinator, REVIEW, &asked(ReviewRole::Author, &address(&app, coordinator).await)).await.unwrap();
        for role in WITH_PANEL {
            assert_eq!(codes(again(id, role).await), [OF_RECEIVER], "{role}");
        }
        // The author gives her role up for the other one; what she wrote stays hers.
        for role in WITH_PANEL {
            assert_eq!(codes(again(stage.author.member, role).await), ["schreef-reflectie"], "{role}");
        }
        let seen = member(&app, stage.author.member).await.version;
        members::withdraw(&app.app, coordinator, REVIEW, stage.author.member, seen).await.unwrap();
        let email = address(&app, &stage.author.actor).await;
        assert_eq!(codes(members::ask(&app.app, coordinator, REVIEW, &asked(ReviewRole::Chair, &email)).await), ["schreef-reflectie"]);
        // Asked by mistake for the reflection, and nothing written: she can be on the panel after all.
        let mistake = members::ask(&app.app, coordinator, REVIEW, &asked(ReviewRole::Author, "peer@elders.example")).await.unwrap();
        again(mistake, ReviewRole::Chair).await.unwrap();
        // One account has one place, also by another address than the one it was asked with.
        let (user, new) = (stage.member.actor.user().unwrap(), "mo@nieuw.example");
        app.app.store.write(async |tx| {
            let account = accounts::user(tx, user).await?.unwrap();
            accounts::put_user(tx, accounts::StoredUser { email: new.to_owned(), ..account }).await
        }).await.unwrap();
        assert_eq!(codes(members::ask(&app.app, coordinator, REVIEW, &asked(ReviewRole::Observer, new)).await), ["al-deelnemer"]);
        app.check_invariants().await;
    }

    async fn the_form_and_the_api_refuse_it_in_the_same_words(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        without_chair(&app, &stage).await;
        let email = address(&app, &stage.coordinator).await;
        let words = "zit niet in het panel en kijkt niet mee. Kies iemand anders.";
        let browser = Browser::of(&app, &stage.coordinator).await;
        let (status, page) = browser.post("deelnemers", &[("rol", "chair"), ("naam", "Iemand Anders"), ("email", &email), ("tot", "")]).await;
        assert!(status == 400 && page.contains(words) && page.contains("Iemand Anders"), "{status} {page}");
        let id = members::ask(&app.app, &stage.coordinator, REVIEW, &asked(ReviewRole::Author, &email)).await.unwrap();
        let (status, page) = browser.post(&format!("deelnemers/{id}/opnieuw"), &[("versie", "1"), ("rol", "member")]).await;
        assert!(status == 400 && page.contains(words), "{status} {page}");

        let program = Program::of(&app.app, &stage.coordinator).await;
        let path = format!("/reviews/{REVIEW}/members");
        let other = address(&app, &app.with_role(Role::RegionCoordinator, Scope::All).await).await;
        let body = json!({ "role": "chair", "name": "Iemand Anders", "email": other });
        let refused = program.send(Method::POST, &path, "", &body).await;
        assert_eq!((refused.status, refused.wrong()), (400, vec![OF_RECEIVER]), "{}", refused.text);
        assert!(refused.text.contains(words));
        let refused = program.send(Method::PUT, &format!("{path}/{id}"), "\"1\"", &json!({ "role": "member" })).await;
        assert_eq!((refused.status, refused.wrong()), (400, vec![OF_RECEIVER]), "{}", refused.text);
    }

    async fn a_row_in_the_database_lets_nobody_of_the_receiving_side_read_anything(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let Receiver::Partnership(partnership) = stage.review(&app).await.receiver else { panic!("a partnership") };
        let coordinates = async || app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        let mut intruders = Vec::new();
        for role in WITH_PANEL {
            intruders.push(plant(&app, &stage, &coordinates().await, role).await);
        }
        // The author with a role of the panel and no place in it, and one of the panel who came to coordinate later.
        let user = stage.author.actor.user().unwrap();
        plant_grant(&app, &stage, user, Role::PanelChair).await;
        intruders.push(Player { actor: access::actor(&app.app, user).await.unwrap(), member: stage.author.member });
        let user = stage.member.actor.user().unwrap();
        let later = Grant { id: GrantId(app.app.ids.next()), user, role: Role::PartnershipCoordinator, scope: Scope::Partnership(partnership), span: Span::since(app.app.clock.today()) };
        app.app.store.write(async |tx| accounts::put_grant(tx, &later).await).await.unwrap();
        intruders.push(Player { actor: access::actor(&app.app, user).await.unwrap(), member: stage.member.member });

        // Everything that the panel itself can read by now: findings, what was found together, the concept of the report.
        let secret = found(&app, &stage.other, "strength", "2", SECRET).await;
        stage.hands_in(&app, &stage.other).await;
        let seen = stage.review(&app).await.version;
        for intruder in &intruders {
            assert_eq!(codes(findings::open(&app.app, &intruder.actor, REVIEW, seen).await).len(), 1);
        }
        findings::open(&app.app, &stage.chair.actor, REVIEW, seen).await.unwrap();
        let written = draft("strength", "2", &format!("Samen: {SECRET}"), &[secret]);
        let joint = weighing::add(&app.app, &stage.chair.actor, REVIEW, &written).await.unwrap();
        report::renew(&app.app, &stage.secretary.actor, REVIEW, 0).await.unwrap();

        for intruder in &intruders {
            for actor in [intruder.actor.clone(), with_token(&app, &intruder.actor, TokenScope::Read), with_token(&app, &intruder.actor, TokenScope::Change)] {
                let list = findings::list(&app.app, &actor, REVIEW).await.unwrap();
                assert!(list.own.is_none() && list.others.is_empty() && !list.can_open);
                let seen = weighing::get(&app.app, &actor, REVIEW).await.unwrap();
                assert!(matches!(seen.stage, WeighingStage::Private) && seen.role == WeighingRole::Receiver);
                let seen = report::overview(&app.app, &actor, REVIEW).await.unwrap();
                assert!(seen.side != ReportSide::Panel && seen.versions.is_empty());
            }
            let actor = &intruder.actor;
            let refused = [
                codes(findings::get(&app.app, actor, REVIEW, secret).await),
                codes(findings::hand_in(&app.app, actor, REVIEW, "", Contents::Nothing).await),
                codes(weighing::add(&app.app, actor, REVIEW, &written).await),
                codes(weighing::dissent(&app.app, actor, REVIEW, (joint, Version(0)), "Anders").await),
                codes(weighing::workbook(&app.app, actor, REVIEW).await),
                codes(report::renew(&app.app, actor, REVIEW, 1).await),
                codes(report::version(&app.app, actor, REVIEW, 1).await),
                codes(day::get(&app.app, actor, REVIEW).await),
            ];
            for codes in refused {
                assert!(["niet-gevonden", "niet-toegestaan", "weging-te-vroeg"].contains(&codes[0].as_str()), "{codes:?}");
            }
        }

        // And by every page and operation that there is about reviews.
        let client = client(&app.app);
        let (mut asked, mut wrong) = (0, Vec::new());
        for (name, intruder) in ["chair", "secretary", "member", "observer", "author", "later"].into_iter().zip(&intruders) {
            let viewer = leaks::viewer(&app, name, &intruder.actor, false).await;
            let csrf = access::session(&app.app, viewer.session.as_ref().unwrap(), None).await.unwrap().csrf_token;
            for surface in leaks::surfaces(&stage, secret) {
                asked += 1;
                if leaks::ask(&client, &viewer, &csrf, &surface).await.contains(SECRET) && !surface.path.contains(SECRET) {
                    wrong.push(format!("{name} {}", surface.path));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        // The chair does read it there, so that the search is no empty one.
        let viewer = leaks::viewer(&app, "chair", &stage.chair.actor, true).await;
        let page = leaks::Surface { method: Method::GET, path: format!("/peer-reviews/{REVIEW}/weging"), body: None };
        assert!(leaks::ask(&client, &viewer, "", &page).await.contains(SECRET));
        eprintln!("intruders: {asked} answers, none with what the panel found");

        // Agreeing is refused as well; leaving is not.
        let planted = &intruders[0];
        let again = |answer| members::answer(&app.app, &planted.actor, REVIEW, Version::FIRST, answer);
        assert_eq!(codes(again(MemberAnswer::Agreed).await), [OF_RECEIVER]);
        again(MemberAnswer::Declined).await.unwrap();
        app.check_invariants().await;
    }

    async fn who_is_asked_and_has_not_agreed_reads_and_hands_in_nothing(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        finds(&app, &stage.other, "2", SECRET).await;
        stage.hands_in(&app, &stage.other).await;
        without_chair(&app, &stage).await;
        let (chair, member_) = (app.with_role(Role::Reader, Scope::All).await, app.with_role(Role::Reader, Scope::All).await);
        let mut players = Vec::new();
        for (actor, role) in [(&chair, ReviewRole::Chair), (&member_, ReviewRole::Member)] {
            let member = members::ask(&app.app, &stage.coordinator, REVIEW, &asked(role, &address(&app, actor).await)).await.unwrap();
            players.push(Player { actor: access::actor(&app.app, actor.user().unwrap()).await.unwrap(), member });
        }
        for player in &players {
            let list = findings::list(&app.app, &player.actor, REVIEW).await.unwrap();
            assert!(list.others.is_empty() && !list.can_open);
            let own = list.own.unwrap();
            assert!(!own.can_hand_in);
            let input = FindingInput { kind: "strength".to_owned(), part: "2".to_owned(), text: "Al vast".to_owned(), evidence: Vec::new() };
            assert_eq!(codes(findings::add(&app.app, &player.actor, REVIEW, &input).await), ["nog-niet-akkoord"]);
            assert_eq!(codes(findings::hand_in(&app.app, &player.actor, REVIEW, &own.hash, Contents::Nothing).await), ["nog-niet-akkoord"]);
        }
        let seen = stage.review(&app).await.version;
        assert_eq!(codes(findings::open(&app.app, &players[0].actor, REVIEW, seen).await), ["nog-niet-akkoord"]);
        // Nor once the others opened, weighed and wrote.
        let secretary = &stage.secretary.actor;
        findings::open(&app.app, secretary, REVIEW, seen).await.unwrap();
        let written = draft("strength", "2", SECRET, &[]);
        weighing::add(&app.app, secretary, REVIEW, &written).await.unwrap();
        report::renew(&app.app, secretary, REVIEW, 0).await.unwrap();
        for player in &players {
            assert!(findings::list(&app.app, &player.actor, REVIEW).await.unwrap().others.is_empty());
            assert!(matches!(weighing::get(&app.app, &player.actor, REVIEW).await.unwrap().stage, WeighingStage::Private));
            assert_eq!(codes(weighing::workbook(&app.app, &player.actor, REVIEW).await), ["weging-te-vroeg"]);
            let seen = report::overview(&app.app, &player.actor, REVIEW).await.unwrap();
            assert!(seen.side == ReportSide::Reader && seen.versions.is_empty());
        }
        assert_eq!(codes(weighing::add(&app.app, &players[0].actor, REVIEW, &written).await), ["nog-niet-akkoord"]);
        assert_eq!(codes(report::renew(&app.app, &players[0].actor, REVIEW, 1).await), ["nog-niet-akkoord"]);
        // As soon as she agrees, she takes part.
        for player in &players {
            members::answer(&app.app, &player.actor, REVIEW, Version::FIRST, MemberAnswer::Agreed).await.unwrap();
            assert_eq!(findings::list(&app.app, &player.actor, REVIEW).await.unwrap().others.len(), 4);
            assert!(matches!(weighing::get(&app.app, &player.actor, REVIEW).await.unwrap().stage, WeighingStage::Open(_)));
        }
        app.check_invariants().await;
    }
}
