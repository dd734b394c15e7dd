//! The pool of peers, the panel, who takes part, and which day suits.

use chrono::NaiveDate;
use kernschil_app::access::{self, SignInWay};
use kernschil_app::reviews::members::{self, AskAgain, MemberState, NewMember};
use kernschil_app::reviews::peers::{self, PeerInput, ToldVisit};
use kernschil_app::reviews::{panel, poll};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Permission, Role, Scope};
use kernschil_domain::ids::{MemberId, PeerId, RegionId, Version};
use kernschil_domain::reviews::{Availability, MemberAnswer, PanelIssue, PanelVerdict, ReviewRole, Severity, WhyNot};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::outbox;

use super::{LINE, new_review, one_review, registry};
use crate::support::TestApp;

/// Codes of everything that is wrong, or of the conflict.
pub(super) fn codes<T: std::fmt::Debug>(refused: Result<T, AppError>) -> Vec<String> {
    match refused {
        Err(AppError::Invalid(fields)) => fields.into_iter().map(|field| field.code).collect(),
        Err(error) => vec![error.code().to_owned()],
        Ok(done) => panic!("should be refused: {done:?}"),
    }
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A review with the pool: a region that receives, and one that does not.
pub(super) async fn with_regions(app: &TestApp) -> (String, RegionId, RegionId) {
    let slug = one_review(app).await;
    app.load(ImportKind::Partnerships, "hak/partnerschappen.xlsx").await;
    let known = panel::get(&app.app, &LINE, &slug).await.unwrap();
    let own = known.review.receiver.regions(&known.registry);
    let other = registry(app).await.regions.keys().copied().find(|region| !own.contains(region)).unwrap();
    (slug, *own.first().unwrap(), other)
}

pub(super) fn input(name: &str, region: RegionId) -> PeerInput {
    let email = format!("{}@school.example", name.to_lowercase().replace(' ', "."));
    PeerInput { name: name.to_owned(), email, region: Some(region), trained_on: Some(day("2025-03-01")), ..PeerInput::default() }
}

pub(super) async fn peer(app: &TestApp, name: &str, region: RegionId) -> PeerId {
    peers::add(&app.app, &LINE, &input(name, region)).await.unwrap()
}

pub(super) fn from_pool(peer: PeerId, role: ReviewRole) -> NewMember {
    NewMember { role, peer: Some(peer), name: String::new(), email: String::new(), until: None }
}

pub(super) fn guest(name: &str, role: ReviewRole) -> NewMember {
    NewMember { role, peer: None, name: name.to_owned(), email: format!("{}@elders.example", name.to_lowercase()), until: None }
}

/// The newest mail to an address.
pub(super) async fn mail_to(app: &TestApp, address: &str) -> String {
    let (mails, _) = app.app.store.read(async |tx| outbox::latest(tx, None, 0, 50).await).await.unwrap();
    mails.into_iter().find(|mail| mail.to_address == address).unwrap().body
}

/// Follows the link of an invitation; answers who came in.
pub(super) async fn comes_in(app: &TestApp, address: &str, name: &str) -> Actor {
    let body = mail_to(app, address).await;
    let token = body.split("/uitnodiging/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    access::accept(&app.app, &token, name, "een lang wachtwoord voor nu", SignInWay { browser: "test".to_owned(), request: None })
        .await
        .unwrap();
    let user = member(app, address).await.user.unwrap();
    access::actor(&app.app, user).await.unwrap()
}

pub(super) async fn member(app: &TestApp, address: &str) -> kernschil_domain::reviews::ReviewMember {
    let all = app.app.store.read(async |tx| kernschil_storage::reviews::members::all(tx).await).await.unwrap();
    all.into_iter().find(|member| member.email == address).unwrap()
}

both_databases! {
    async fn who_is_asked_comes_in_for_one_review_and_answers_for_herself(app: TestApp) {
        let slug = one_review(&app).await;
        let other = kernschil_app::reviews::make(&app.app, &LINE, new_review("Andere review", panel::get(&app.app, &LINE, &slug).await.unwrap().review.receiver)).await.unwrap();
        let partnership = *registry(&app).await.partnerships.keys().next().unwrap();
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        assert!(!coordinator.may(Permission::ManageUsers), "asking takes no right to manage accounts");
        members::ask(&app.app, &coordinator, &slug, &guest("Vera", ReviewRole::Chair)).await.unwrap();
        let body = mail_to(&app, "vera@elders.example").await;
        assert!(body.contains("voorzitter voor de peer review “Peer review proef”"), "{body}");

        let vera = comes_in(&app, "vera@elders.example", "Vera Visser").await;
        let seen = members::list(&app.app, &vera, &slug).await.unwrap();
        assert!(!seen.manages && seen.own.is_some());
        assert_eq!(seen.members[0].state, MemberState::CameIn);
        assert!(matches!(members::list(&app.app, &vera, &other).await, Err(AppError::NotFound)), "one review only");
        assert!(matches!(members::ask(&app.app, &vera, &slug, &guest("Bo", ReviewRole::Member)).await, Err(AppError::Forbidden { .. })));
        assert!(matches!(panel::get(&app.app, &vera, &slug).await, Err(AppError::Forbidden { .. })));

        let version = seen.members[0].member.version;
        assert_eq!(codes(members::answer(&app.app, &vera, &slug, version.next(), MemberAnswer::Agreed).await), ["intussen-gewijzigd"]);
        members::answer(&app.app, &vera, &slug, version, MemberAnswer::Agreed).await.unwrap();
        assert_eq!(member(&app, "vera@elders.example").await.answer, Some(MemberAnswer::Agreed));
        assert!(matches!(members::answer(&app.app, &coordinator, &slug, version, MemberAnswer::Agreed).await, Err(AppError::NotFound)));

        let version = member(&app, "vera@elders.example").await.version;
        members::answer(&app.app, &vera, &slug, version, MemberAnswer::Declined).await.unwrap();
        let vera = access::actor(&app.app, vera.user().unwrap()).await.unwrap();
        assert!(!vera.may(Permission::ReadReview), "who declines has no access any more");
        app.check_invariants().await;
    }

    async fn asking_again_gives_another_role_and_withdrawing_ends_access_at_once(app: TestApp) {
        let slug = one_review(&app).await;
        let id = members::ask(&app.app, &LINE, &slug, &guest("Vera", ReviewRole::Member)).await.unwrap();
        let first = mail_to(&app, "vera@elders.example").await;
        let again = AskAgain { role: ReviewRole::Secretary, until: Some(day("2026-12-01")) };
        let version = members::ask_again(&app.app, &LINE, &slug, id, Version::FIRST, again).await.unwrap();
        let vera = comes_in(&app, "vera@elders.example", "Vera").await;
        let scope = Scope::Review(panel::get(&app.app, &LINE, &slug).await.unwrap().review.id);
        let Actor::User(person) = &vera else { panic!("nobody") };
        assert_eq!(person.rights.grants().iter().map(|grant| (grant.role, grant.scope, grant.span.until)).collect::<Vec<_>>(), [(Role::PanelSecretary, scope, Some(day("2026-12-01")))]);
        assert_ne!(first, mail_to(&app, "vera@elders.example").await);

        assert_eq!(codes(members::withdraw(&app.app, &LINE, &slug, id, Version::FIRST).await), ["intussen-gewijzigd"]);
        members::withdraw(&app.app, &LINE, &slug, id, version).await.unwrap();
        let vera = access::actor(&app.app, vera.user().unwrap()).await.unwrap();
        assert!(!vera.may(Permission::ReadReview));
        assert!(members::list(&app.app, &LINE, &slug).await.unwrap().members.is_empty());
        // With an account that is there, the next mail holds no link to make one.
        members::ask(&app.app, &LINE, &slug, &guest("Vera", ReviewRole::Observer)).await.unwrap();
        assert!(!mail_to(&app, "vera@elders.example").await.contains("/uitnodiging/"));
        app.check_invariants().await;
    }

    async fn an_invitation_that_is_taken_back_opens_nothing(app: TestApp) {
        let slug = one_review(&app).await;
        let id = members::ask(&app.app, &LINE, &slug, &guest("Vera", ReviewRole::Member)).await.unwrap();
        let body = mail_to(&app, "vera@elders.example").await;
        let token = body.split("/uitnodiging/").nth(1).unwrap().split_whitespace().next().unwrap();
        access::invitation(&app.app, token).await.unwrap();
        members::withdraw(&app.app, &LINE, &slug, id, Version::FIRST).await.unwrap();
        assert!(matches!(access::invitation(&app.app, token).await, Err(AppError::NotFound)));
    }

    async fn asking_somebody_has_its_refusals(app: TestApp) {
        let (slug, own, other) = with_regions(&app).await;
        let ask = async |new: NewMember| codes(members::ask(&app.app, &LINE, &slug, &new).await);
        assert_eq!(ask(NewMember { email: "geen adres".to_owned(), name: " ".to_owned(), ..guest("x", ReviewRole::Member) }).await, ["e-mailadres-ongeldig", "naam-ongeldig"]);
        assert_eq!(ask(NewMember { until: Some(day("2026-07-01")), ..guest("x", ReviewRole::Member) }).await, ["datum-buiten-bereik"]);
        assert_eq!(ask(from_pool(PeerId(uuid::Uuid::nil()), ReviewRole::Member)).await, ["onbekende-peer"]);
        members::ask(&app.app, &LINE, &slug, &guest("Vera", ReviewRole::Chair)).await.unwrap();
        assert_eq!(ask(guest("Vera", ReviewRole::Observer)).await, ["al-deelnemer"]);
        assert_eq!(ask(guest("Karin", ReviewRole::Chair)).await, ["rol-bezet"]);
        let stopped = peers::add(&app.app, &LINE, &PeerInput { ended_on: Some(day("2026-01-01")), ..input("Stop", other) }).await.unwrap();
        assert_eq!(ask(from_pool(stopped, ReviewRole::Member)).await, ["peer-gestopt"]);
        let pinned = peer(&app, "Pien", own).await;
        panel::pin(&app.app, &LINE, &slug, pinned, PanelVerdict::Conflict, "Zus van de directeur").await.unwrap();
        assert_eq!(ask(from_pool(pinned, ReviewRole::Member)).await, ["niet-onafhankelijk"]);
        assert_eq!(codes(members::withdraw(&app.app, &LINE, &slug, MemberId(uuid::Uuid::nil()), Version::FIRST).await), ["niet-gevonden"]);
    }

    async fn a_panel_says_what_is_wrong_and_proposes_a_better_one(app: TestApp) {
        let (slug, own, other) = with_regions(&app).await;
        assert_eq!(codes(panel::propose(&panel::get(&app.app, &LINE, &slug).await.unwrap(), 3)), ["te-weinig-peers"]);
        let near = peer(&app, "Nel Nabij", own).await;
        let loaded = PeerInput { visits: vec![ToldVisit { label: "Elders".to_owned(), visited_on: day("2025-05-01"), region: None }], ..input("Bas Bezocht", other) };
        let loaded = peers::add(&app.app, &LINE, &loaded).await.unwrap();
        let fresh = peer(&app, "Fleur Vers", other).await;
        members::ask(&app.app, &LINE, &slug, &from_pool(near, ReviewRole::Chair)).await.unwrap();

        let panel = panel::get(&app.app, &LINE, &slug).await.unwrap();
        let found = panel.findings();
        assert_eq!(found.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.issue).collect::<Vec<_>>(), [PanelIssue::NoOutsider]);
        assert!(found.iter().any(|finding| finding.issue == PanelIssue::OwnRegion && finding.severity == Severity::Warning));
        let made = panel::propose(&panel, 2).unwrap();
        assert_eq!(made.chosen.iter().map(|choice| choice.peer).collect::<Vec<_>>(), [near, fresh]);
        assert!(matches!(made.others.iter().find(|passed| passed.peer == loaded).unwrap().why, WhyNot::Worse(_)));
        assert_eq!(codes(panel::propose(&panel, 0)), ["getal-buiten-bereik"]);

        assert_eq!(codes(panel::pin(&app.app, &LINE, &slug, near, PanelVerdict::NoConflict, " ").await), ["reden-ontbreekt"]);
        panel::pin(&app.app, &LINE, &slug, near, PanelVerdict::NoConflict, "Werkt er pas sinds kort").await.unwrap();
        members::ask(&app.app, &LINE, &slug, &from_pool(fresh, ReviewRole::Member)).await.unwrap();
        let found = panel::get(&app.app, &LINE, &slug).await.unwrap().findings();
        assert!(found.iter().all(|finding| finding.severity != Severity::Error), "{found:?}");
        assert!(found.iter().any(|finding| finding.severity == Severity::Settled && finding.text.contains("Werkt er pas sinds kort")));
        panel::unpin(&app.app, &LINE, &slug, near).await.unwrap();
        assert_eq!(codes(panel::unpin(&app.app, &LINE, &slug, near).await), ["niet-gevonden"]);
        app.check_invariants().await;
    }

    async fn the_pool_is_kept_by_who_composes_panels(app: TestApp) {
        let (_, own, other) = with_regions(&app).await;
        let coordinator = app.with_role(Role::RegionCoordinator, Scope::Region(own)).await;
        let reader = app.with_role(Role::Reader, Scope::All).await;
        let new = input("Fleur Vers", other);
        assert!(matches!(peers::add(&app.app, &reader, &new).await, Err(AppError::Forbidden { .. })));
        assert!(matches!(peers::list(&app.app, &reader).await, Err(AppError::Forbidden { .. })));
        let id = peers::add(&app.app, &coordinator, &new).await.unwrap();
        let (view, _) = peers::get(&app.app, &coordinator, id).await.unwrap();
        assert!(view.is_found("vers fleur") && !view.is_found("bas"));

        let wrong = PeerInput {
            region: None,
            employer: "99999".to_owned(),
            trained_on: Some(day("2026-07-02")),
            visits: vec![ToldVisit { label: " ".to_owned(), visited_on: day("2026-07-02"), region: None }; 2],
            ..new.clone()
        };
        let expected = ["e-mailadres-bezet", "regio-ontbreekt", "werkgever-onbekend", "datum-in-toekomst", "bezoek-ongeldig", "datum-in-toekomst", "bezoek-ongeldig", "datum-in-toekomst", "dubbel"];
        assert_eq!(codes(peers::add(&app.app, &coordinator, &wrong).await), expected);
        let elsewhere = registry(&app).await.partnerships.values().find(|p| !p.regions.contains(&other)).unwrap().id;
        assert_eq!(codes(peers::change(&app.app, &coordinator, id, Version::FIRST, &PeerInput { partnership: Some(elsewhere), ..new.clone() }).await), ["partnerschap-past-niet"]);
        let visits = vec![ToldVisit { label: "Review elders".to_owned(), visited_on: day("2024-05-01"), region: Some(own) }];
        let version = peers::change(&app.app, &coordinator, id, Version::FIRST, &PeerInput { visits, ..new.clone() }).await.unwrap();
        assert_eq!(codes(peers::change(&app.app, &coordinator, id, Version::FIRST, &new).await), ["intussen-gewijzigd"]);
        assert_eq!(peers::get(&app.app, &coordinator, id).await.unwrap().0.recent, 1);
        peers::change(&app.app, &coordinator, id, version, &new).await.unwrap();
        assert_eq!(peers::get(&app.app, &coordinator, id).await.unwrap().0.visits, []);
        app.check_invariants().await;
    }

    async fn the_day_on_which_most_can_come_is_chosen_by_who_plans(app: TestApp) {
        let slug = one_review(&app).await;
        let mut people = Vec::new();
        for name in ["Vera", "Bas"] {
            members::ask(&app.app, &LINE, &slug, &guest(name, ReviewRole::Member)).await.unwrap();
            people.push(comes_in(&app, &format!("{}@elders.example", name.to_lowercase()), name).await);
        }
        let (early, late, later) = (day("2027-03-01"), day("2027-03-08"), day("2027-03-15"));
        assert_eq!(codes(poll::set_days(&app.app, &LINE, &slug, &[day("2026-06-30")]).await), ["datum-voorbij"]);
        assert!(matches!(poll::set_days(&app.app, &people[0], &slug, &[early]).await, Err(AppError::Forbidden { .. })));
        poll::set_days(&app.app, &LINE, &slug, &[late, early]).await.unwrap();
        assert_eq!(poll::get(&app.app, &LINE, &slug).await.unwrap().best, None);
        assert_eq!(codes(poll::answer(&app.app, &people[0], &slug, &[(later, Availability::Yes)]).await), ["onbekende-dag"]);
        poll::answer(&app.app, &people[0], &slug, &[(early, Availability::Yes), (late, Availability::IfNeeded)]).await.unwrap();
        poll::answer(&app.app, &people[1], &slug, &[(early, Availability::No), (late, Availability::Yes)]).await.unwrap();
        let seen = poll::get(&app.app, &people[1], &slug).await.unwrap();
        assert_eq!((seen.best, seen.manages), (Some(late), false));

        // Answers about a day that stays, stay.
        poll::set_days(&app.app, &LINE, &slug, &[late, later]).await.unwrap();
        let seen = poll::get(&app.app, &LINE, &slug).await.unwrap();
        assert_eq!(seen.days.iter().map(|day| (day.day, day.yes, day.if_needed, day.no)).collect::<Vec<_>>(), [(late, 1, 1, 0), (later, 0, 0, 0)]);
        assert_eq!(codes(poll::choose(&app.app, &LINE, &slug, seen.review.version, early).await), ["onbekende-dag"]);
        poll::choose(&app.app, &LINE, &slug, seen.review.version, late).await.unwrap();
        assert_eq!(codes(poll::choose(&app.app, &LINE, &slug, seen.review.version, later).await), ["intussen-gewijzigd"]);
        assert_eq!(poll::get(&app.app, &LINE, &slug).await.unwrap().review.visit_on, Some(late));
        app.check_invariants().await;
    }
}
