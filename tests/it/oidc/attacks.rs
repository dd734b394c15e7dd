//! Ways that somebody else laid out, and ways that lead nowhere.

use std::sync::Arc;

use kernschil_app::App;
use kernschil_domain::audit::EventKind;

use super::institution::Institution;
use super::trips::invite;
use super::visitor::Site;
use super::{COORDINATOR, Later, TRAINER, account, after, node, noted, round_trips, settings, shared, with_provider};
use crate::support::TestApp;

/// The value of a parameter in an address.
fn parameter(address: &str, name: &str) -> String {
    let (_, rest) = address.split_once(&format!("{name}=")).unwrap();
    rest.split('&').next().unwrap().to_owned()
}

round_trips! {
    async fn what_came_back_works_once(app: App, _clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        site.signed_in("coen@school.nl").await.link(COORDINATOR).await;
        let mut coen = site.visitor();
        let away = coen.get("/inloggen/surfconext").await.location;
        let back = Institution::default().sign_in(&away, COORDINATOR).await;
        let (mut one, mut other) = (coen.clone(), coen.clone());
        let (one, other) = tokio::join!(one.get(&back), other.get(&back));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 400], "of two at the same time one gets in");
        let replayed = coen.get(&back).await;
        assert_eq!(replayed.status, 400);
        assert!(replayed.text.contains("inloggen-verlopen") && replayed.text.contains("al gebruikt"), "{}", replayed.text);

        // The code of then with the state of a way that is still open.
        let away = coen.get("/inloggen/surfconext").await.location;
        let forged = back.replace(&parameter(&back, "state"), &parameter(&away, "state"));
        let replayed = coen.get(&forged).await;
        assert_eq!(replayed.status, 400);
        assert!(replayed.text.contains("inloggen-verlopen"), "{}", replayed.text);
        assert_eq!(coen.name().await, None);
        assert_eq!(noted(&app, &[EventKind::SignInRefused]).await.len(), 3);
    }

    async fn nobody_ends_the_way_of_another_browser(app: App, _clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        site.signed_in("coen@school.nl").await.link(COORDINATOR).await;
        for has_cookie in [false, true] {
            let (mut attacker, mut victim) = (site.visitor(), site.visitor());
            let away = attacker.get("/inloggen/surfconext").await.location;
            let back = Institution::default().sign_in(&away, COORDINATOR).await;
            if has_cookie {
                victim.get("/inloggen/surfconext").await;
            }
            let page = victim.get(&back).await;
            assert_eq!((page.status, victim.name().await), (400, None));
            assert!(page.text.contains("in een andere browser begonnen"), "{}", page.text);
            assert_eq!(attacker.get(&back).await.status, 400, "and it is used up");
        }
        for back in ["/inloggen/surfconext/terug", "/inloggen/surfconext/terug?state=&code=x", "/inloggen/surfconext/terug?error=access_denied"] {
            assert_eq!(site.visitor().get(back).await.status, 400, "{back}");
        }
        assert_eq!(site.visitor().get("/inloggen/elders/terug?state=x&code=x").await.status, 404);
    }

    async fn a_way_ends_after_ten_minutes(app: App, clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        site.signed_in("coen@school.nl").await.link(COORDINATOR).await;
        let mut coen = site.visitor();
        let away = coen.get("/inloggen/surfconext").await.location;
        let back = Institution::default().sign_in(&away, COORDINATOR).await;
        clock.wait(10);
        let late = coen.get(&back).await;
        assert_eq!((late.status, coen.name().await), (400, None));
        assert!(late.text.contains("inloggen-verlopen"), "{}", late.text);
    }

    async fn a_login_is_linked_only_by_who_began_it_and_is_still_there(app: App, _clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        account(&app, "ander@school.nl").await;
        let site = Site::new(&app);
        let mut coen = site.signed_in("coen@school.nl").await;
        assert_eq!(coen.post_forged("/account/inlogdiensten/koppelen", &[("provider", "surfconext")]).await.status, 403);
        assert_eq!(coen.post_forged("/account/inlogdiensten/loskoppelen", &[("login", "x")]).await.status, 403);
        assert_eq!(site.visitor().post("/account/inlogdiensten/koppelen", &[("provider", "surfconext")]).await.status, 303);

        let address = coen.leave_to_link().await;
        let back = Institution::default().sign_in(&address, TRAINER).await;
        coen.post("/uitloggen", &[]).await;
        assert_eq!(coen.get(&back).await.status, 400, "signed out meanwhile");

        let mut coen = site.signed_in("coen@school.nl").await;
        let address = coen.leave_to_link().await;
        let back = Institution::default().sign_in(&address, TRAINER).await;
        let other = site.signed_in("ander@school.nl").await;
        coen.cookies.extend(other.cookies);
        assert_eq!(coen.get(&back).await.status, 400, "somebody else signed in meanwhile");
        assert_eq!(coen.logins().await, Vec::<String>::new());
        assert_eq!(site.visitor().round_trip("/inloggen/surfconext", TRAINER).await.status, 403, "linked to nobody");
    }

    async fn another_site_sends_nobody_into_an_invitation(app: App, _clock: Arc<Later>) {
        let site = Site::new(&app);
        let invitation = invite(&app, "ola@school.nl").await;
        let way = format!("{invitation}/surfconext");
        let mut ola = site.visitor();
        let sent = ola.get_from_elsewhere(&way).await;
        assert_eq!((sent.status, sent.location.as_str()), (303, invitation.as_str()), "she sees the invitation first");
        let foreign = ola.get(&way).await.location;
        assert!(foreign.starts_with(shared().unwrap()), "{foreign}");
        assert_eq!(site.visitor().get("/uitnodiging/verzonnen/surfconext").await.status, 404);
    }

    async fn our_address_is_that_of_the_settings_and_the_provider_knows_no_other(app: App, _clock: Arc<Later>) {
        let site = Site::new(&app);
        let away = site.visitor().get_as_host("/inloggen/surfconext", "evil.example.nl").await.location;
        assert!(away.contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Finloggen%2Fsurfconext%2Fterug"), "{away}");
        assert!(!away.contains("evil"), "{away}");
        let elsewhere = App { address: "https://evil.example.nl".into(), ..app.clone() };
        let away = Site::new(&elsewhere).visitor().get("/inloggen/surfconext").await.location;
        let page = Institution::default().open(&away).await;
        assert_eq!(page.status, 400, "the provider sends nobody there");
    }

    async fn nobody_is_sent_to_another_site_afterwards(app: App, _clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        site.signed_in("coen@school.nl").await.link(COORDINATOR).await;
        for next in ["//evil.example.nl", "https://evil.example.nl", "/%5Cevil.example.nl", "/inloggen"] {
            let arrived = site.visitor().round_trip(&format!("/inloggen/surfconext?terug={next}"), COORDINATOR).await;
            assert_eq!((arrived.status, arrived.location.as_str()), (303, "/"), "{next}");
        }
    }

    async fn who_leaves_too_often_has_to_wait(app: App, _clock: Arc<Later>) {
        account(&app, "coen@school.nl").await;
        let site = Site::new(&app);
        let mut left = 0;
        // A turn comes back every second.
        while site.visitor().get("/inloggen/surfconext").await.status == 303 {
            left += 1;
            assert!(left < 300, "nobody is stopped");
        }
        assert!(left >= 60, "{left}");
        site.signed_in("coen@school.nl").await;
    }
}

#[tokio::test]
async fn a_provider_that_is_down_gets_a_page_that_says_what_to_do() {
    let test = TestApp::sqlite().await;
    // Port 9 is for discarding; nobody listens there.
    let (app, _) = with_provider(&test, settings("http://127.0.0.1:9"));
    let site = Site::new(&app);
    let down = site.visitor().get("/inloggen/surfconext?terug=/hulp").await;
    assert_eq!(down.status, 503);
    for part in [
        "De inlogdienst is nu niet bereikbaar.",
        "inlogdienst-onbereikbaar",
        "href=\"/inloggen/surfconext?terug=/hulp\"",
        "Anders inloggen",
    ] {
        assert!(down.text.contains(part), "{part} in {}", down.text);
    }
    assert!(!down.text.contains("127.0.0.1"), "{}", down.text);
    account(&app, "coen@school.nl").await;
    site.signed_in("coen@school.nl").await;
}

#[tokio::test]
async fn a_provider_that_stops_halfway_gets_such_a_page_as_well() {
    let Some(own) = node::start() else { return };
    let test = TestApp::sqlite().await;
    let (app, _) = with_provider(&test, settings(&own.issuer));
    let site = Site::new(&app);
    let mut coen = site.visitor();
    let away = coen.get("/inloggen/surfconext").await.location;
    let back = Institution::default().sign_in(&away, COORDINATOR).await;
    drop(own);
    let page = coen.get(&back).await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("De inlogdienst is nu niet bereikbaar."), "{}", page.text);
    assert_eq!(after(&noted(&app, &[EventKind::SignInRefused]).await[0])["code"], "inlogdienst-onbereikbaar");
}
