//! Accounts and roles on the screen: inviting, accepting, granting, ending, blocking, and one's own tokens.

use kernschil_app::Actor;
use kernschil_app::access::{self, NewUser};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::UserId;
use poem::http::StatusCode;

use super::support::{PASSWORD, Site, Visitor, field, got, link};

const EMAIL: &str = "noor@school.nl";

async fn add(site: &Site, email: &str, roles: Vec<(Role, Scope)>) -> UserId {
    let new = NewUser { email: email.into(), name: "Noor Visser".into(), password: PASSWORD.into(), roles };
    access::add_user(&site.app, &Actor::CommandLine, new).await.unwrap()
}

/// The link in the latest mail.
async fn mailed(site: &Site) -> String {
    let (mails, _) = site.app.store.read(async |tx| kernschil_storage::outbox::latest(tx, None, 0, 1).await).await.unwrap();
    let link = mails[0].body.lines().find(|line| line.starts_with("http://")).unwrap().to_owned();
    link.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
}

/// The first value of a select.
fn first_option(html: &str, name: &str) -> String {
    let select = html.split_once(&format!("name=\"{name}\"")).unwrap().1;
    let after_choose = select.split_once("</option>").unwrap().1;
    after_choose.split_once("value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
}

async fn invited(site: &Site, sanne: &Visitor<'_>) -> String {
    let steps = sanne.page("/gebruikers/uitnodigen").await;
    assert!(steps.contains("value=\"partnership-coordinator.partnership\"") && steps.contains("Nog geen rol"));
    let step = sanne.page("/gebruikers/uitnodigen?rol=partnership-coordinator.partnership").await;
    let partnership = first_option(&step, "bereik");
    let role = ("rol", "partnership-coordinator.partnership");
    let wrong =
        sanne.post("/gebruikers/uitnodigen", &[role, ("email", "noor"), ("name", "Noor"), ("vanaf", "1-9-2026"), ("tot", "x")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let page = wrong.text().await;
    assert!(page.contains("href=\"#veld-bereik\"") && page.contains("href=\"#veld-tot\"") && page.contains("value=\"noor\""));
    let fields = [role, ("email", EMAIL), ("name", "Noor"), ("bereik", &partnership), ("vanaf", "2026-09-01"), ("tot", "31-7-2027")];
    let done = sanne.post("/gebruikers/uitnodigen", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(done.location.ends_with("?gedaan=uitgenodigd"), "{}", done.location);
    let page = sanne.page(&done.location).await;
    assert!(page.contains("De uitnodiging is onderweg") && page.contains("1 september 2026 tot en met 31 juli 2027"), "{page}");
    assert!(page.contains(">uitgenodigd<") && !page.contains(&mailed(site).await));
    mailed(site).await
}

#[tokio::test]
async fn an_invitation_leads_from_the_mail_to_the_rounds() {
    let site = Site::almere().await;
    let (slug, sanne) = (site.slug().await, site.visitor().await);
    let link = invited(&site, &sanne).await;

    let page = got(site.client.get(&link)).await.text().await;
    assert!(page.contains("Sanne de Wit nodigt u uit") && page.contains("partnerschapscoördinator van ") && page.contains(EMAIL), "{page}");
    let weak = got(site.client.post(&link).form(&[("name", "Noor"), ("password", "kort")])).await;
    assert_eq!(weak.status, StatusCode::BAD_REQUEST);
    assert!(weak.text().await.contains("href=\"#veld-password\""));
    let done = got(site.client.post(&link).form(&[("name", "Noor Visser"), ("password", PASSWORD), ("email", "ander@school.nl")])).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/"));
    let cookie = done.response.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let get = async |path: String| got(site.client.get(path).header("cookie", &cookie)).await;
    assert_eq!(get(format!("/rondes/{slug}/studenten")).await.status, StatusCode::OK);
    assert_eq!(get("/gebruikers".to_owned()).await.status, StatusCode::FORBIDDEN);
    let own = get("/hulp/wie-mag-wat".to_owned()).await.text().await;
    assert!(own.contains("U bent partnerschapscoördinator van ") && own.contains(", tot en met 31 juli 2027."), "{own}");
    assert!(!own.contains("href=\"/gebruikers\""), "nothing is offered that would be refused");

    let again = got(site.client.get(&link)).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.text().await.contains("Deze uitnodiging werkt niet meer"));
    let again = got(site.client.post(&link).form(&[("name", "Iemand"), ("password", PASSWORD)])).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_is_signed_in_as_somebody_else_is_signed_out_by_accepting() {
    let site = Site::almere().await;
    let sanne = site.visitor().await;
    let link = invited(&site, &sanne).await;
    assert!(sanne.page(&link).await.contains("U bent in deze browser ingelogd als"));
    let forged = sanne.post_forged(&link).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let done = sanne.post(&link, &[("name", "Noor"), ("password", PASSWORD)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(sanne.get("/").await.status, StatusCode::SEE_OTHER, "Sanne's session has ended");
}

#[tokio::test]
async fn a_role_is_given_and_ended_on_the_page_of_an_account() {
    let site = Site::almere().await;
    let sanne = site.visitor().await;
    let noor = add(&site, EMAIL, Vec::new()).await;
    let path = format!("/gebruikers/{noor}");
    assert!(sanne.page(&path).await.contains("heeft nog geen rol"));
    let step = sanne.page(&format!("{path}/rollen/nieuw?rol=school-trainer.school&zoek=krul")).await;
    assert!(step.contains("name=\"zoek\" value=\"krul\""));
    let board = sanne.page(&format!("{path}/rollen/nieuw?rol=board-member.board")).await;
    let which = first_option(&board, "bereik");
    let given =
        sanne.post(&format!("{path}/rollen"), &[("rol", "board-member.board"), ("bereik", &which), ("vanaf", ""), ("tot", "")]).await;
    assert_eq!((given.status, given.location.as_str()), (StatusCode::SEE_OTHER, &*format!("{path}?gedaan=rol")));
    let page = sanne.page(&path).await;
    assert!(page.contains("Bestuurder van ") && page.contains("geldt nu"));

    let twice = sanne.post(&format!("{path}/rollen"), &[("rol", "board-member.board"), ("bereik", &which)]).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    assert!(twice.text().await.contains("Deze rol is er al"));
    for (role, which) in [("administrator.school", ""), ("", ""), ("panel-member.review", "")] {
        let refused = sanne.post(&format!("{path}/rollen"), &[("rol", role), ("bereik", which)]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{role}");
    }

    let mut forms = page.split("action=\"").filter_map(|rest| rest.split('"').next());
    let end = forms.find(|action| action.ends_with("/eind")).unwrap();
    let bad = sanne.post(end, &[("per", "31-2-2027")]).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    assert!(bad.text().await.contains("Deze datum bestaat niet"));
    let done = sanne.post(end, &[("per", "1-9-2026")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(sanne.page(&path).await.contains("voorbij"));
}

#[tokio::test]
async fn the_last_administrator_is_told_and_nothing_happens() {
    let site = Site::almere().await;
    let sanne = site.visitor().await;
    let list = sanne.page("/gebruikers").await;
    let own = link(&list, "/gebruikers/0");
    let page = sanne.page(&own).await;
    assert!(!page.contains("/blokkeren") && !page.contains("/verwijderen"), "one's own account is not offered");
    for action in ["blokkeren", "verwijderen"] {
        let refused = sanne.post(&format!("{own}/{action}"), &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{action}");
        assert!(refused.text().await.contains("Dit is de laatste beheerder"), "{action}");
    }
    assert_eq!(sanne.get("/gebruikers").await.status, StatusCode::OK);
}

#[tokio::test]
async fn accounts_are_found_blocked_reset_and_removed() {
    let site = Site::almere().await;
    let sanne = site.visitor().await;
    let noor = add(&site, EMAIL, vec![(Role::Reader, Scope::All)]).await;
    let path = format!("/gebruikers/{noor}");
    let found = sanne.post("/gebruikers", &[("zoek", "VISSER")]).await.text().await;
    assert!(found.contains(&format!("href=\"{path}\"")) && found.contains("1 gebruiker gevonden") && !found.contains("sanne@school.nl"));
    assert!(sanne.post("/gebruikers", &[("zoek", "xyz")]).await.text().await.contains("Niemand gevonden"));
    assert!(!sanne.page("/gebruikers?rol=administrator").await.contains("Noor Visser"));
    let sheet = sanne.get("/gebruikers.xlsx?rol=reader").await;
    assert_eq!(sheet.response.header("content-disposition"), Some("attachment; filename=\"gebruikers.xlsx\""));
    assert!(sheet.bytes().await.starts_with(b"PK"));

    let session = access::sign_in(&site.app, EMAIL, PASSWORD, access::SignInWay { browser: "x".into(), request: None }).await.unwrap();
    let inside = async || got(site.client.get("/hulp").header("cookie", format!("kernschil={}", session.token))).await.status;
    assert_eq!(inside().await, StatusCode::OK);
    assert!(sanne.post(&format!("{path}/blokkeren"), &[]).await.location.ends_with("gedaan=geblokkeerd"));
    assert_eq!(inside().await, StatusCode::SEE_OTHER);
    assert!(sanne.page("/gebruikers?stand=blocked").await.contains("Noor Visser"));
    let refused = sanne.post(&format!("{path}/wachtwoord"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(sanne.post(&format!("{path}/deblokkeren"), &[]).await.location.ends_with("gedaan=gedeblokkeerd"));
    assert!(sanne.post(&format!("{path}/wachtwoord"), &[]).await.location.ends_with("gedaan=wachtwoord"));
    assert!(mailed(&site).await.starts_with("/wachtwoord-herstellen/"));
    assert_eq!(sanne.post(&format!("{path}/uitnodiging"), &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(sanne.post(&format!("{path}/tweede-factor"), &[]).await.status, StatusCode::CONFLICT);

    assert!(sanne.post(&format!("{path}/verwijderen"), &[]).await.location.ends_with("gedaan=verwijderd"));
    let gone = sanne.page(&path).await;
    assert!(gone.contains("verwijderd account") && !gone.contains("Noor") && !gone.contains(EMAIL) && !gone.contains("/blokkeren"));
    assert!(!sanne.page("/gebruikers").await.contains("verwijderd account"));
    assert!(sanne.page("/gebruikers?stand=removed").await.contains("verwijderd account"));
    assert_eq!(sanne.get("/gebruikers/01920000-0000-7000-0000-0000ffffffff").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_token_is_shown_once_on_a_page_that_is_not_kept() {
    let site = Site::almere().await;
    let sanne = site.visitor().await;
    assert!(sanne.page("/account/sleutels").await.contains("U hebt nog geen API-sleutels"));
    let wrong = sanne.post("/account/sleutels", &[("name", ""), ("scope", "everything"), ("days", "1000")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let made = sanne.post("/account/sleutels", &[("name", "Rooster"), ("scope", "figures"), ("days", "90"), ("userId", "x")]).await;
    assert_eq!((made.status, made.response.header("cache-control")), (StatusCode::OK, Some("no-store")));
    let page = made.text().await;
    let token = page.split_once("value=\"ks_").unwrap().1.split_once('"').unwrap().0.to_owned();
    assert_eq!(token.len(), 64);
    let list = sanne.page("/account/sleutels").await;
    assert!(list.contains("Rooster") && list.contains("alleen cijfers") && !list.contains(&token));
    let revoke = list.split_once("action=\"/account/sleutels/").unwrap().1.split_once('"').unwrap().0.to_owned();
    let done = sanne.post(&format!("/account/sleutels/{revoke}"), &[]).await;
    assert_eq!(done.location, "/account/sleutels?gedaan=ingetrokken");
    assert!(sanne.page(&done.location).await.contains("ingetrokken"));
    assert_eq!(sanne.post_forged("/account/sleutels").await.status, StatusCode::FORBIDDEN);
    assert_eq!(field(&list, "<main", "csrf"), sanne.csrf);
}

#[tokio::test]
async fn who_may_not_is_told_where_to_read_about_it() {
    let site = Site::almere().await;
    add(&site, EMAIL, vec![(Role::Reader, Scope::All)]).await;
    let session = access::sign_in(&site.app, EMAIL, PASSWORD, access::SignInWay { browser: "x".into(), request: None }).await.unwrap();
    for path in ["/gebruikers", "/gebruikers.xlsx", "/gebruikers/uitnodigen"] {
        let refused = got(site.client.get(path).header("cookie", format!("kernschil={}", session.token))).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.text().await.contains("href=\"/hulp/wie-mag-wat\""), "{path}");
    }
}
