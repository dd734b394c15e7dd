//! Settings of the installation, and outgoing mail.

use kernschil_app::mail::{self, Letter, MailKind};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::MailId;
use kernschil_storage::outbox::{self, MailState, StoredMail};
use poem::http::StatusCode;

use super::support::Site;

async fn queue(site: &Site, kind: MailKind, to: &str) -> MailId {
    let letter = Letter {
        kind,
        to_address: to.to_owned(),
        to_name: "Zoë Smit".to_owned(),
        subject: "Over uw account".to_owned(),
        text: "Er is iets gewijzigd.".to_owned(),
    };
    site.app.store.write(async |tx| mail::queue(&site.app, tx, letter).await).await.unwrap()
}

async fn stored(site: &Site, id: MailId) -> StoredMail {
    site.app.store.read(async |tx| outbox::get(tx, id).await).await.unwrap()
}

async fn ends(site: &Site, id: MailId, state: MailState, body: &str) {
    let ended = StoredMail { state, body: body.to_owned(), reason: "tekst aanbieden: fout".to_owned(), ..stored(site, id).await };
    site.app.store.write(async |tx| outbox::put_mail(tx, ended).await).await.unwrap();
}

#[tokio::test]
async fn the_name_of_the_organisation_stands_on_every_page() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    assert!(!visitor.page("/hulp").await.contains("side-place"));
    let wrong = visitor.post("/instellingen", &[("organisation", ""), ("school_year", "2026-2027")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let fields = [("organisation", "Samen <Opleiden>"), ("school_year", "2027-2028")];
    let saved = visitor.post("/instellingen", &fields).await;
    assert_eq!(saved.location, "/instellingen?gedaan=bewaard");
    let page = visitor.page(&saved.location).await;
    assert!(page.contains("De instellingen zijn bewaard.") && page.contains("value=\"2027-2028\" checked"));
    for path in ["/hulp", "/instellingen/mail"] {
        assert!(visitor.page(path).await.contains("Samen &lt;Opleiden&gt;"), "{path}");
    }
    assert!(visitor.get("/bestaat-niet").await.text().await.contains("Samen &lt;Opleiden&gt;"));
}

#[tokio::test]
async fn how_mail_fares_is_shown_without_whom_it_is_for() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    assert!(visitor.page("/instellingen/mail").await.contains("Er is nog geen mail verstuurd"));

    let asked = visitor.post("/instellingen/mail/proef", &[]).await;
    assert_eq!(asked.location, "/instellingen/mail?gedaan=proef");
    let page = visitor.page(&asked.location).await;
    assert!(page.contains("De proefmail staat klaar") && page.contains("s***@school.nl") && page.contains("Proefmail"));

    let link = queue(&site, MailKind::Invitation, "zoe@school.nl").await;
    ends(&site, link, MailState::Refused, "").await;
    let note = queue(&site, MailKind::AccountChanged, "noor@school.nl").await;
    ends(&site, note, MailState::Unknown, "Er is iets gewijzigd.").await;
    let page = visitor.page("/instellingen/mail").await;
    assert!(page.contains("Van 1 mail is onzeker") && page.contains("De link in deze mail is verwijderd"));
    assert_eq!(page.matches("/opnieuw\"").count(), 1);
    for secret in ["zoe@", "noor@", "Zoë", "Over uw account", "Er is iets gewijzigd"] {
        assert!(!page.contains(secret), "{secret}");
    }
    let refused = visitor.page("/instellingen/mail?stand=refused").await;
    assert!(refused.contains("z***@school.nl") && !refused.contains("n***@school.nl"));
    assert!(visitor.page("/instellingen/mail?stand=sent").await.contains("Geen mail in deze stand"));
    assert!(visitor.page("/instellingen").await.contains("Kijk wat er mis ging."));
}

#[tokio::test]
async fn a_mail_is_sent_again_only_when_its_text_is_there() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    let note = queue(&site, MailKind::AccountChanged, "noor@school.nl").await;
    let again = format!("/instellingen/mail/{note}/opnieuw");
    assert_eq!(visitor.post(&again, &[]).await.status, StatusCode::CONFLICT, "it waits for its turn");
    ends(&site, note, MailState::Unknown, "Er is iets gewijzigd.").await;
    assert_eq!(visitor.post(&again, &[]).await.location, "/instellingen/mail?gedaan=opnieuw");
    let queued = stored(&site, note).await;
    assert_eq!((queued.state, queued.attempts), (MailState::Queued, 0));
    ends(&site, note, MailState::Unknown, "").await;
    let gone = visitor.post(&again, &[]).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    assert!(gone.text().await.contains("De tekst van deze mail is verwijderd"));
    for missing in ["01920000-0000-7000-0000-ffffffffffff", "x"] {
        assert_eq!(visitor.post(&format!("/instellingen/mail/{missing}/opnieuw"), &[]).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn settings_are_for_who_manages_the_installation() {
    let site = Site::empty().await.with_account().await;
    site.add("noor@school.nl", &[(Role::RegionCoordinator, Scope::All)]).await;
    let noor = site.visitor_of("noor@school.nl").await;
    for path in ["/instellingen", "/instellingen/mail"] {
        assert_eq!(noor.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/instellingen", "/instellingen/mail/proef", "/instellingen/mail/x/opnieuw"] {
        assert_eq!(noor.post(path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!noor.page("/").await.contains("href=\"/instellingen\""));
    assert!(site.visitor().await.page("/").await.contains("href=\"/instellingen\""));
}
