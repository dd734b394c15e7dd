//! What an account asks besides the login, and whose it is.

use std::sync::Arc;

use kernschil_app::access::{self, Stage};
use kernschil_app::{Actor, App};
use kernschil_domain::audit::EventKind;
use kernschil_oidc::SecondFactor;
use kernschil_storage::access::{self as storage, StoredSecondFactor};

use super::trips::invite;
use super::visitor::Site;
use super::{COORDINATOR, Later, STUDENT, TRAINER, account, after, noted, round_trips, settings, shared, with_provider};
use crate::support::TestApp;

/// The number of accounts and of logins.
async fn counts(app: &App) -> (u64, usize) {
    let users = app.store.read(async |tx| storage::users(tx).await).await.unwrap();
    let mut logins = 0;
    for user in &users {
        logins += app.store.read(async |tx| storage::logins_of(tx, user.id).await).await.unwrap().len();
    }
    (users.len() as u64, logins)
}

round_trips! {
    async fn a_stranger_gets_no_account_also_not_by_a_mail_address_that_is_known(app: App, _clock: Arc<Later>) {
        account(&app, COORDINATOR).await;
        let site = Site::new(&app);
        let mut coen = site.visitor();
        let page = coen.round_trip("/inloggen/surfconext", COORDINATOR).await;
        assert_eq!(page.status, 403);
        for part in ["U bent nog niet bekend", "met een uitnodiging", "login-onbekend", "Naar inloggen"] {
            assert!(page.text.contains(part), "{part} in {}", page.text);
        }
        assert!(!page.text.contains(COORDINATOR) && !page.text.contains("Coen"), "{}", page.text);
        assert_eq!(coen.name().await, None);
        assert_eq!(counts(&app).await, (1, 0));

        let refused = noted(&app, &[EventKind::SignInRefused]).await;
        assert_eq!((refused.len(), refused[0].subject.as_str(), refused[0].user), (1, "", None));
        let said = after(&refused[0]);
        assert_eq!((said["method"].as_str(), said["code"].as_str()), (Some("surfconext"), Some("login-onbekend")));
        let keys: Vec<_> = said.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "method"], "nothing of who it was");
        assert!(refused[0].request.is_some());
    }

    async fn a_blocked_or_removed_account_answers_as_if_it_were_not_there(app: App, _clock: Arc<Later>) {
        let site = Site::new(&app);
        account(&app, "beheer@school.nl").await;
        let coen = account(&app, "coen@school.nl").await;
        site.signed_in("coen@school.nl").await.link(COORDINATOR).await;
        let stranger = site.visitor().round_trip("/inloggen/surfconext", STUDENT).await;
        // The number of the request differs, whoever asks.
        let same = |text: &str| text.split("verzoek").next().unwrap().to_owned();

        access::block_user(&app, &Actor::CommandLine, coen).await.unwrap();
        let blocked = site.visitor().round_trip("/inloggen/surfconext", COORDINATOR).await;
        assert_eq!((blocked.status, same(&blocked.text)), (stranger.status, same(&stranger.text)));
        let noted = noted(&app, &[EventKind::SignInRefused]).await;
        assert_eq!(noted.last().unwrap().subject, coen.to_string(), "the log does say whose account it was");

        access::remove_user(&app, &Actor::CommandLine, coen).await.unwrap();
        let removed = site.visitor().round_trip("/inloggen/surfconext", COORDINATOR).await;
        assert_eq!((removed.status, same(&removed.text)), (stranger.status, same(&stranger.text)));
    }

    async fn the_second_factor_of_the_account_is_asked_as_well(app: App, _clock: Arc<Later>) {
        let coen = account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        site.signed_in("coen@school.nl").await.link(COORDINATOR).await;
        let factor = StoredSecondFactor {
            user: coen,
            secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned(),
            last_step: None,
            confirmed_at: Some(app.clock.now()),
        };
        app.store.write(async |tx| storage::put_second_factor(tx, factor).await).await.unwrap();

        let mut half = site.visitor();
        let arrived = half.round_trip("/inloggen/surfconext?terug=/hulp", COORDINATOR).await;
        assert_eq!((arrived.status, arrived.location.as_str()), (303, "/inloggen/tweede-factor?terug=/hulp"));
        assert_eq!(half.get("/hulp").await.status, 303, "half a sign-in opens nothing");

        let mut at_provider = settings(shared().unwrap());
        at_provider.second_factor = SecondFactor::Provider;
        let providers = Arc::new(access::Providers::new(vec![at_provider], |_| false).unwrap());
        let trusting = App { providers, ..app.clone() };
        let site = Site::new(&trusting);
        let mut whole = site.visitor();
        assert_eq!(whole.round_trip("/inloggen/surfconext?terug=/hulp", COORDINATOR).await.location, "/hulp");
        assert_eq!(whole.get("/hulp").await.status, 200);
        assert_eq!(noted(&app, &[EventKind::SignedIn]).await.len(), 2, "with the password, and by the provider that asked itself");
    }

    async fn the_only_way_in_is_not_taken_off(app: App, _clock: Arc<Later>) {
        let site = Site::new(&app);
        let invitation = invite(&app, "ola@school.nl").await;
        let mut ola = site.visitor();
        ola.round_trip(&format!("{invitation}/surfconext"), TRAINER).await;
        let login = ola.logins().await.remove(0);
        let kept = ola.post("/account/inlogdiensten/loskoppelen", &[("login", &login)]).await;
        assert_eq!(kept.status, 409);
        assert!(kept.text.contains("Dit is de enige manier waarop u kunt inloggen."), "{}", kept.text);

        ola.link(STUDENT).await;
        let logins = ola.logins().await;
        let (mut one, mut other) = (ola.clone(), ola.clone());
        let (first, second) = ([("login", logins[0].as_str())], [("login", logins[1].as_str())]);
        let path = "/account/inlogdiensten/loskoppelen";
        let (one, other) = tokio::join!(one.post(path, &first), other.post(path, &second));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "of two at once one is left");
        assert_eq!(ola.logins().await.len(), 1);
    }

    async fn a_login_belongs_to_one_account(app: App, _clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        account(&app, "ander@school.nl").await;
        let site = Site::new(&app);
        let (mut coen, mut other) = (site.signed_in("coen@school.nl").await, site.signed_in("ander@school.nl").await);
        coen.link(COORDINATOR).await;
        let refused = other.link(COORDINATOR).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("login-van-ander-account") && refused.text.contains("Terug naar uw logins"), "{}", refused.text);
        let hers = coen.logins().await.remove(0);
        assert_eq!(other.post("/account/inlogdiensten/loskoppelen", &[("login", &hers)]).await.status, 404);

        let invitation = invite(&app, "ola@school.nl").await;
        let mut ola = site.visitor();
        assert_eq!(ola.round_trip(&format!("{invitation}/surfconext"), COORDINATOR).await.status, 409);
        assert_eq!((ola.get(&invitation).await.status, ola.name().await), (200, None), "the invitation is not used up");
    }

    async fn ways_into_an_account_change_only_shortly_after_signing_in(app: App, clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        let mut coen = site.signed_in("coen@school.nl").await;
        coen.link(COORDINATOR).await;
        let login = coen.logins().await.remove(0);
        clock.wait(16);
        for (path, field) in [("koppelen", ("provider", "surfconext")), ("loskoppelen", ("login", login.as_str()))] {
            let late = coen.post(&format!("/account/inlogdiensten/{path}"), &[field]).await;
            assert_eq!(late.status, 409, "{path}");
            assert!(late.text.contains("Log uit, log opnieuw in"), "{}", late.text);
        }
        assert_eq!(coen.logins().await.len(), 1);
    }
}

#[tokio::test]
async fn a_provider_that_is_no_longer_in_the_settings_lets_nobody_in() {
    let Some(issuer) = shared() else { return };
    let test = TestApp::sqlite().await;
    let (app, _) = with_provider(&test, settings(issuer));
    let site = Site::new(&app);
    let invitation = invite(&app, "ola@school.nl").await;
    let mut ola = site.visitor();
    ola.round_trip(&format!("{invitation}/surfconext"), TRAINER).await;
    let without = App { providers: Arc::default(), ..app.clone() };
    let site = Site::new(&without);
    assert_eq!(site.visitor().get("/inloggen/surfconext").await.status, 404);
    assert_eq!(site.visitor().get("/inloggen/surfconext/terug?state=x&code=y").await.status, 404);
    let page = site.visitor().get("/inloggen").await.text;
    assert!(!page.contains("SURFconext"), "{page}");
    let session = access::session(&without, ola.cookies["kernschil"].as_str(), None).await.unwrap();
    assert_eq!(session.stage, Stage::Open, "who is in stays in until she is signed out");
}
