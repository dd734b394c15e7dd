//! Ways that end where they should.

use std::sync::Arc;

use kernschil_app::access::{self, NewInvitation};
use kernschil_app::{Actor, App};
use kernschil_domain::audit::EventKind;
use serde_json::json;

use super::institution::Institution;
use super::visitor::Site;
use super::{COORDINATOR, Later, STUDENT, TRAINER, account, after, noted, round_trips};

/// Invites somebody; answers the path of the invitation.
pub(super) async fn invite(app: &App, email: &str) -> String {
    let new = NewInvitation { email: email.to_owned(), name: "Ola van der Pabo".to_owned(), grants: Vec::new() };
    let link = access::invite(app, &Actor::CommandLine, new).await.unwrap().link;
    link.strip_prefix(&*app.address).unwrap().to_owned()
}

round_trips! {
    async fn an_invitation_is_accepted_with_a_login_that_opens_the_account_from_then_on(app: App, _clock: Arc<Later>) {
        let site = Site::new(&app);
        let invitation = invite(&app, "ola@school.nl").await;
        let mut ola = site.visitor();
        let page = ola.get(&invitation).await.text;
        let way = format!("{invitation}/surfconext");
        assert!(page.contains("Maak mijn account met SURFconext") && page.contains(&way), "{page}");

        let arrived = ola.round_trip(&way, TRAINER).await;
        assert_eq!((arrived.status, arrived.location.as_str()), (303, "/"), "{}", arrived.text);
        assert_eq!(ola.name().await.as_deref(), Some("Ola van der Pabo"));
        let sessions = ola.get("/account/sessies").await.text;
        assert!(sessions.contains("SURFconext (pabo.example.nl)"), "{sessions}");

        ola.post("/uitloggen", &[]).await;
        assert_eq!(ola.name().await, None);
        let form = ola.get("/inloggen?terug=/hulp").await.text;
        assert!(form.contains("Inloggen met SURFconext") && form.contains("href=\"/inloggen/surfconext?terug=/hulp\""), "{form}");
        let again = ola.round_trip("/inloggen/surfconext?terug=/hulp", TRAINER).await;
        assert_eq!((again.status, again.location.as_str()), (303, "/hulp"), "{}", again.text);
        assert_eq!(ola.name().await.as_deref(), Some("Ola van der Pabo"));
        assert_eq!(ola.get("/inloggen/surfconext?terug=/hulp").await.location, "/hulp", "who is signed in stays here");

        let events = noted(&app, &[EventKind::InvitationAccepted, EventKind::LoginLinked, EventKind::SignedIn]).await;
        let said: Vec<_> = events.iter().map(|event| (event.kind, after(event))).collect();
        let signed_in = (EventKind::SignedIn, json!({ "method": "surfconext" }));
        assert_eq!(
            said,
            [
                (EventKind::InvitationAccepted, json!({ "method": "surfconext" })),
                (EventKind::LoginLinked, json!({ "provider": "surfconext" })),
                signed_in.clone(),
                signed_in,
            ]
        );
        assert!(events.iter().all(|event| event.user.is_some() && event.subject == events[0].subject));

        let used = site.visitor().get(&way).await;
        assert_eq!(used.status, 404);
        assert!(used.text.contains("Deze uitnodiging werkt niet meer"), "{}", used.text);
    }

    async fn a_login_is_linked_from_the_account_and_taken_off_again(app: App, _clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        let mut coen = site.signed_in("coen@school.nl").await;
        let empty = coen.get("/account/inlogdiensten").await.text;
        assert!(empty.contains("Er is nog geen login gekoppeld") && empty.contains("Koppel een login bij SURFconext"), "{empty}");

        let linked = coen.link(COORDINATOR).await;
        assert_eq!((linked.status, linked.location.as_str()), (303, "/account/inlogdiensten?gedaan=gekoppeld"), "{}", linked.text);
        let page = coen.get(&linked.location).await.text;
        assert!(page.contains("De login is gekoppeld.") && page.contains("Login van example.nl."), "{page}");
        coen.link(COORDINATOR).await;
        assert_eq!(coen.logins().await.len(), 1, "the same login twice is one login");
        coen.link(STUDENT).await;
        assert_eq!(coen.logins().await.len(), 2, "somebody may have a login at two institutions");

        let mut elsewhere = site.visitor();
        assert_eq!(elsewhere.round_trip("/inloggen/surfconext", COORDINATOR).await.location, "/");
        assert_eq!(elsewhere.name().await.as_deref(), Some("Coen Ordinator"));

        let login = coen.logins().await.remove(0);
        let off = coen.post("/account/inlogdiensten/loskoppelen", &[("login", &login)]).await;
        assert_eq!((off.status, off.location.as_str()), (303, "/account/inlogdiensten?gedaan=losgekoppeld"), "{}", off.text);
        assert_eq!(site.visitor().round_trip("/inloggen/surfconext", COORDINATOR).await.status, 403);
        assert_eq!(coen.post("/account/inlogdiensten/loskoppelen", &[("login", &login)]).await.status, 404);

        let events = noted(&app, &[EventKind::LoginLinked, EventKind::LoginUnlinked]).await;
        let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::LoginLinked, EventKind::LoginLinked, EventKind::LoginUnlinked]);
    }

    async fn two_tabs_do_not_stand_in_each_others_way(app: App, _clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        site.signed_in("coen@school.nl").await.link(COORDINATOR).await;
        let mut coen = site.visitor();
        let one = coen.get("/inloggen/surfconext?terug=/hulp").await.location;
        let other = coen.get("/inloggen/surfconext?terug=/hulp/toetsen").await.location;
        let mut institution = Institution::default();
        let (one, other) = (institution.sign_in(&one, COORDINATOR).await, institution.sign_in(&other, COORDINATOR).await);
        assert_eq!(coen.clone().get(&other).await.location, "/hulp/toetsen");
        assert_eq!(coen.get(&one).await.location, "/hulp");
    }

    async fn who_changes_her_mind_can_begin_again(app: App, _clock: Arc<Later>) {
        let site = Site::new(&app);
        let mut coen = site.visitor();
        let away = coen.get("/inloggen/surfconext?terug=/hulp").await.location;
        let back = Institution::default().cancel(&away).await;
        let page = coen.get(&back).await;
        assert_eq!(page.status, 403);
        for part in ["Inloggen met SURFconext is niet gelukt", "inloggen-geweigerd", "Probeer het opnieuw", "href=\"/inloggen/surfconext?terug=/hulp\""] {
            assert!(page.text.contains(part), "{part} in {}", page.text);
        }
        assert_eq!(after(&noted(&app, &[EventKind::SignInRefused]).await[0])["code"], "inloggen-geweigerd");
    }
}
