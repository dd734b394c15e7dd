//! Signing in safely, and one's own account, as a browser does it: with a second factor, by a link from a mail, from many
//! addresses at once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kernschil_app::{App, access};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::Clock;
use kernschil_http::{Http, SignInLimiter, Transport, TrustedProxies, wrap};
use kernschil_storage::audit::{self, EventFilter};
use kernschil_storage::outbox::{self, StoredMail};
use kernschil_web::views::api_docs::ApiDocsView;
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::http::header::SET_COOKIE;
use poem::test::{TestClient, TestRequestBuilder};
use poem::{EndpointExt, Response};
use totp_rs::{Algorithm, Builder, Secret};

use super::support::{EMAIL, Got, PASSWORD, Site, field, got, link};

const NEW: &str = "drie groene fietsen op zolder";

/// A site behind a proxy that says where somebody comes from.
struct Place {
    client: TestClient<BoxEndpoint<'static, Response>>,
    app: App,
    _site: Site,
}

/// A browser that keeps its cookies.
struct Browser<'a> {
    place: &'a Place,
    address: String,
    cookies: RefCell<BTreeMap<String, String>>,
}

struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

impl Place {
    async fn new() -> Self {
        let site = Site::empty().await.with_account().await;
        let app = site.app.clone();
        let http = Http {
            app: app.clone(),
            transport: Transport::Https,
            proxies: TrustedProxies::parse(&["0.0.0.0"]).unwrap(),
            error_page: kernschil_web::error_page,
            limiter: SignInLimiter::default(),
        };
        let client = TestClient::new(wrap(kernschil_web::routes(app.clone(), ApiDocsView::default()), http).boxed());
        Self { client, app, _site: site }
    }

    fn browser(&self, address: &str) -> Browser<'_> {
        Browser { place: self, address: address.to_owned(), cookies: RefCell::default() }
    }

    async fn mails(&self) -> Vec<StoredMail> {
        self.app.store.read(async |tx| outbox::latest(tx, None, 0, 100).await).await.unwrap().0
    }

    /// Waits until so many mails were queued: a link is sent beside the answer.
    async fn mails_once(&self, count: usize) -> Vec<StoredMail> {
        let arrived = async {
            loop {
                let mails = self.mails().await;
                if mails.len() >= count {
                    return mails;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), arrived).await.unwrap()
    }

    async fn noted(&self, kind: EventKind) -> usize {
        let filter = EventFilter { kinds: Some(vec![kind]), ..EventFilter::default() };
        usize::try_from(self.app.store.read(async |tx| audit::count(tx, &filter).await).await.unwrap()).unwrap()
    }
}

impl Browser<'_> {
    fn dressed<'c>(
        &self,
        request: TestRequestBuilder<'c, BoxEndpoint<'static, Response>>,
    ) -> TestRequestBuilder<'c, BoxEndpoint<'static, Response>> {
        let cookies: Vec<_> = self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
        let request = request.header("x-forwarded-for", &self.address).header("user-agent", agent);
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    fn keep(&self, answer: Got) -> Got {
        for value in answer.response.headers().get_all(SET_COOKIE) {
            let text = value.to_str().unwrap();
            let (pair, rest) = text.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(name.starts_with("__Host-") && rest.ends_with("Path=/; HttpOnly; SameSite=Lax; Secure"), "{text}");
            if rest.starts_with("Max-Age=0;") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    async fn get(&self, path: &str) -> Got {
        self.keep(got(self.dressed(self.place.client.get(path))).await)
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} leads to {}", answer.location);
        answer.text().await
    }

    /// Sends a form as a page does, with the token of that page.
    async fn send(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Got {
        let shown = self.get(page).await.text().await;
        let csrf = field(&shown, "<form", "csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.keep(got(self.dressed(self.place.client.post(path)).form(&all)).await)
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        self.keep(got(self.dressed(self.place.client.post(path)).form(&fields)).await)
    }

    async fn sign_in(&self, password: &str) -> Got {
        self.post("/inloggen", &[("email", EMAIL), ("password", password)]).await
    }

    fn session(&self) -> String {
        self.cookies.borrow().get("__Host-kernschil").cloned().unwrap_or_default()
    }

    async fn is_in(&self) -> bool {
        self.get("/account").await.status == StatusCode::OK
    }
}

/// What an authenticator shows, so many half minutes from now.
fn shown(secret: &str, app: &App, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30).with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(app.clock.now().timestamp() + 30 * steps).unwrap()).to_string()
}

/// Sets a second factor up through the pages: its secret and recovery codes.
async fn set_up(browser: &Browser<'_>) -> (String, Vec<String>) {
    let begun = browser.send("/account/tweede-factor", "/account/tweede-factor", &[("password", PASSWORD)]).await;
    assert_eq!(begun.location, "/account/tweede-factor/instellen");
    let page = browser.page("/account/tweede-factor/instellen").await;
    assert!(page.contains("role=\"img\" aria-label=\"QR-code") && page.contains("<svg viewBox="));
    let secret = page.split_once("class=\"secret\"><code>").unwrap().1.split_once('<').unwrap().0.to_owned();
    let code = shown(&secret, &browser.place.app, -1);
    let wrong = browser.send("/account/tweede-factor/instellen", "/account/tweede-factor/instellen", &[("code", "12345")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let done = browser.send("/account/tweede-factor/instellen", "/account/tweede-factor/instellen", &[("code", &code)]).await;
    assert_eq!((done.status, done.response.header("cache-control")), (StatusCode::OK, Some("no-store")));
    let page = done.text().await;
    let codes: Vec<_> = page.split("<li><code>").skip(1).map(|rest| rest.split_once('<').unwrap().0.to_owned()).collect();
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get("/account/tweede-factor/instellen").await.location, "/account/tweede-factor");
    (secret, codes)
}

#[tokio::test]
async fn a_second_factor_is_set_up_asked_for_and_counts_once() {
    let place = Place::new().await;
    let (laptop, phone, thief) = (place.browser("203.0.113.1"), place.browser("203.0.113.2"), place.browser("203.0.113.3"));
    laptop.sign_in(PASSWORD).await;
    let (secret, codes) = set_up(&laptop).await;
    assert!(laptop.page("/account/tweede-factor").await.contains("10 herstelcodes"));

    let half = phone.post("/inloggen", &[("email", EMAIL), ("password", PASSWORD), ("next", "/importeren?soort=students")]).await;
    assert_eq!(half.location, "/inloggen/tweede-factor?terug=/importeren?soort%3Dstudents");
    let before = phone.session();
    assert!(!phone.is_in().await, "half a sign-in opens nothing");
    assert!(!phone.cookies.borrow().contains_key("__Host-kernschil-apparaat"), "and makes no browser known");
    let form = phone.page("/inloggen/tweede-factor?terug=/importeren").await;
    assert!(form.contains("autocomplete=\"one-time-code\"") && form.contains("name=\"next\" value=\"/importeren\""));
    let code = shown(&secret, &place.app, 0);
    let open = phone.post("/inloggen/tweede-factor", &[("code", &code), ("next", "/importeren")]).await;
    assert_eq!(open.location, "/importeren");
    assert!(phone.is_in().await && phone.session() != before);
    phone.cookies.borrow_mut().insert("__Host-kernschil".to_owned(), before);
    assert!(!phone.is_in().await, "the token of before is worth nothing");

    thief.sign_in(PASSWORD).await;
    for replayed in [code.as_str(), "000000", ""] {
        let refused = thief.post("/inloggen/tweede-factor", &[("code", replayed)]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text().await.contains("href=\"#veld-code\""));
    }
    let recovered = thief.post("/inloggen/tweede-factor", &[("recovery", &codes[0].to_uppercase())]).await;
    assert_eq!(recovered.location, "/");
    let again = place.browser("203.0.113.4");
    again.sign_in(PASSWORD).await;
    let refused = again.post("/inloggen/tweede-factor", &[("recovery", &codes[0])]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let page = refused.text().await;
    assert!(page.contains("<details class=\"more\" open>") && page.contains("href=\"#veld-recovery\"") && !page.contains(&codes[0]));
    assert_eq!(place.noted(EventKind::RecoveryCodeUsed).await, 1);
    assert_eq!(got(place.client.get("/inloggen/tweede-factor")).await.location, "/inloggen");
}

#[tokio::test]
async fn ten_wrong_codes_end_half_a_sign_in() {
    let place = Place::new().await;
    let (owner, thief) = (place.browser("203.0.113.1"), place.browser("203.0.113.2"));
    owner.sign_in(PASSWORD).await;
    let (secret, _) = set_up(&owner).await;
    thief.sign_in(PASSWORD).await;
    for _ in 0..9 {
        assert_eq!(thief.post("/inloggen/tweede-factor", &[("code", "999999")]).await.status, StatusCode::BAD_REQUEST);
    }
    let last = thief.post("/inloggen/tweede-factor", &[("code", "999999")]).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    assert!(last.text().await.contains("Log opnieuw in met uw wachtwoord") && thief.session().is_empty());
    thief.sign_in(PASSWORD).await;
    let stopped = thief.post("/inloggen/tweede-factor", &[("code", &shown(&secret, &place.app, 0))]).await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS, "ten codes an account from unknown browsers");

    let out = owner.send("/account", "/uitloggen", &[]).await;
    assert_eq!(out.location, "/inloggen");
    owner.sign_in(PASSWORD).await;
    owner.post("/inloggen/tweede-factor", &[("code", &shown(&secret, &place.app, 1))]).await;
    assert!(owner.is_in().await, "the owner has turns of her own");
    assert!(place.mails().await.iter().any(|mail| mail.subject == "Iemand probeert bij Kernschil in te loggen als u"));
}

#[tokio::test]
async fn who_hammers_an_account_is_stopped_and_its_owner_still_gets_in() {
    let place = Place::new().await;
    let owner = place.browser("203.0.113.200");
    owner.sign_in(PASSWORD).await;
    owner.send("/account", "/uitloggen", &[]).await;
    assert!(!owner.is_in().await);

    let mut statuses = BTreeMap::from([(401, 0), (429, 0)]);
    for n in 0..60 {
        let status = place.browser(&format!("198.51.100.{n}")).sign_in(&format!("geraden wachtwoord {n}")).await.status;
        *statuses.entry(status.as_u16()).or_default() += 1;
    }
    // Nine turns were left; a slow machine may see one more come.
    assert!((9..=10).contains(&statuses[&401]) && statuses[&401] + statuses[&429] == 60, "{statuses:?}");
    assert_eq!(place.noted(EventKind::SignInRefused).await, statuses[&401]);
    assert_eq!(place.noted(EventKind::Refused).await, statuses[&429]);

    let elsewhere = place.browser("203.0.113.201").sign_in(PASSWORD).await;
    assert_eq!(elsewhere.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(elsewhere.response.header("retry-after").is_some());
    assert!(elsewhere.text().await.contains("Wachtwoord vergeten?"));
    assert_eq!(owner.sign_in(PASSWORD).await.location, "/");
    assert!(owner.is_in().await, "from a browser that is known she gets in");

    let forged = place.browser("198.51.100.7");
    forged.cookies.borrow_mut().insert("__Host-kernschil-apparaat".to_owned(), "0".repeat(64));
    assert_eq!(forged.sign_in(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let stolen = owner.cookies.borrow()["__Host-kernschil-apparaat"].clone();
    forged.cookies.borrow_mut().insert("__Host-kernschil-apparaat".to_owned(), stolen);
    let mut refused = 0;
    for _ in 0..12 {
        refused += usize::from(forged.sign_in("nog een gok").await.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 2, "also a known browser has an end: {refused}");
}

#[tokio::test]
async fn a_new_password_by_mail_works_once_ends_everything_and_gets_past_who_hammers() {
    let place = Place::new().await;
    let (old, owner, late) = (place.browser("203.0.113.1"), place.browser("203.0.113.2"), place.browser("203.0.113.3"));
    old.sign_in(PASSWORD).await;
    set_up(&old).await;
    let sent = place.mails().await.len();

    for email in [EMAIL, "niemand@school.nl"] {
        let asked = owner.post("/wachtwoord-vergeten", &[("email", email)]).await;
        assert_eq!((asked.status, asked.location.as_str()), (StatusCode::SEE_OTHER, "/wachtwoord-vergeten/verstuurd"));
    }
    let mails = place.mails_once(sent + 1).await;
    let address = link(&mails[0].body.replace("http://127.0.0.1:8080", "href=\"").replace('\n', "\" "), "/wachtwoord-herstellen/");
    let followed = owner.get(&address).await;
    assert_eq!((followed.location.as_str(), followed.response.header("referrer-policy")), ("/wachtwoord-herstellen", Some("no-referrer")));
    let form = owner.page("/wachtwoord-herstellen").await;
    let token = address.rsplit('/').next().unwrap();
    assert!(!form.contains(token), "the token stands in no page");
    let weak = owner.post("/wachtwoord-herstellen", &[("password", "kort")]).await;
    assert_eq!(weak.status, StatusCode::BAD_REQUEST);

    for n in 0..20 {
        place.browser(&format!("198.51.100.{n}")).sign_in("nog een gok").await;
    }
    let chosen = owner.post("/wachtwoord-herstellen", &[("password", NEW)]).await;
    assert_eq!(chosen.location, "/inloggen?gedaan=wachtwoord");
    assert!(owner.page("/inloggen?gedaan=wachtwoord").await.contains("Uw nieuwe wachtwoord is bewaard"));
    assert!(!old.is_in().await && !owner.is_in().await, "nobody is signed in by it");
    assert_eq!(owner.sign_in(NEW).await.location, "/inloggen/tweede-factor", "nor past the second factor");

    late.get(&address).await;
    let used = late.get("/wachtwoord-herstellen").await;
    assert_eq!(used.status, StatusCode::NOT_FOUND);
    assert!(used.text().await.contains("Deze link werkt niet meer"));
    assert_eq!(late.post("/wachtwoord-herstellen", &[("password", PASSWORD)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.browser("203.0.113.9").post("/wachtwoord-herstellen", &[("password", PASSWORD)]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_that_is_too_old_opens_nothing() {
    let place = Place::new().await;
    let an_hour_ago = App { clock: Arc::new(At(place.app.clock.now() - TimeDelta::minutes(61))), ..place.app.clone() };
    access::ask_reset(&an_hour_ago, EMAIL, None).await.unwrap();
    let body = place.mails().await.remove(0).body;
    let address = link(&body.replace("http://127.0.0.1:8080", "href=\"").replace('\n', "\" "), "/wachtwoord-herstellen/");
    let browser = place.browser("203.0.113.1");
    browser.get(&address).await;
    assert_eq!(browser.get("/wachtwoord-herstellen").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post("/wachtwoord-herstellen", &[("password", NEW)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.sign_in(PASSWORD).await.location, "/");
    browser.get("/wachtwoord-herstellen/geen-token").await;
    assert!(!browser.cookies.borrow().contains_key("__Host-kernschil-herstel"));
}

#[tokio::test]
async fn three_links_an_hour_reach_a_mailbox_and_the_last_one_works() {
    let place = Place::new().await;
    for n in 0..8 {
        let asked = place.browser(&format!("198.51.100.{n}")).post("/wachtwoord-vergeten", &[("email", EMAIL)]).await;
        assert_eq!(asked.location, "/wachtwoord-vergeten/verstuurd");
        place.mails_once(usize::min(n + 1, 3)).await;
    }
    let mails = place.mails().await;
    assert_eq!(mails.len(), 3);
    let links: Vec<_> = mails.iter().map(|mail| mail.body.split_once("/wachtwoord-herstellen/").unwrap().1[..64].to_owned()).collect();
    let mut holding = Vec::new();
    for token in &links {
        holding.push(access::reset_holds(&place.app, token).await.unwrap());
    }
    assert_eq!(holding.iter().filter(|holds| **holds).count(), 1);
    let one = place.browser("203.0.113.1");
    // A turn comes back every two seconds, so on a slow machine there are a few more.
    let mut asked = 0;
    while one.post("/wachtwoord-vergeten", &[("email", "wie@school.nl")]).await.status != StatusCode::TOO_MANY_REQUESTS {
        asked += 1;
        assert!(asked < 100, "nothing was refused");
    }
    assert!(asked >= 30, "refused after {asked}");
}

#[tokio::test]
async fn signing_out_everywhere_and_in_one_place() {
    let place = Place::new().await;
    let here = place.browser("203.0.113.1");
    let others = ["203.0.113.2", "203.0.113.3", "203.0.113.4"].map(|address| place.browser(address));
    here.sign_in(PASSWORD).await;
    for other in &others {
        other.sign_in(PASSWORD).await;
    }
    let page = here.page("/account/sessies").await;
    assert_eq!((page.matches("<strong>Firefox op Linux</strong>").count(), page.matches("deze sessie").count()), (4, 1));
    assert_eq!(page.matches("/beeindigen").count(), 3, "one's own session ends by signing out");

    let one = page.split_once("action=\"/account/sessies/").unwrap().1.split_once('"').unwrap().0.to_owned();
    let ended = here.send("/account/sessies", &format!("/account/sessies/{one}"), &[]).await;
    assert_eq!(ended.location, "/account/sessies?gedaan=sessie");
    let mut still = 0;
    for other in &others {
        still += usize::from(other.is_in().await);
    }
    assert_eq!(still, 2);
    let everywhere = here.send("/account/sessies", "/account/sessies/andere", &[]).await;
    assert_eq!(everywhere.location, "/account/sessies?gedaan=sessies");
    for other in &others {
        assert!(!other.is_in().await);
    }
    assert!(here.page("/account/sessies?gedaan=sessies").await.contains("U bent nergens anders ingelogd"));
    assert_eq!(here.send("/account", "/account/sessies/x/beeindigen", &[]).await.status, StatusCode::NOT_FOUND);

    let cookie = here.session();
    here.send("/account", "/uitloggen", &[]).await;
    assert!(here.session().is_empty());
    here.cookies.borrow_mut().insert("__Host-kernschil".to_owned(), cookie);
    assert!(!here.is_in().await, "the cookie of a session that was signed out opens nothing");
    assert_eq!(place.noted(EventKind::SessionsEnded).await, 2);
}

#[tokio::test]
async fn another_password_leaves_this_browser_in_under_another_token() {
    let place = Place::new().await;
    let (here, there) = (place.browser("203.0.113.1"), place.browser("203.0.113.2"));
    here.sign_in(PASSWORD).await;
    there.sign_in(PASSWORD).await;
    let path = "/account/wachtwoord";
    let wrong = here.send(path, path, &[("current", "iets anders dan dat"), ("password", "kort")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let page = wrong.text().await;
    assert!(
        page.contains("Er zijn 2 dingen niet goed ingevuld") && page.contains("href=\"#veld-current\"") && page.contains("#veld-password")
    );
    assert!(!page.contains("iets anders dan dat"));

    let (token, device) = (here.session(), here.cookies.borrow()["__Host-kernschil-apparaat"].clone());
    let changed = here.send(path, path, &[("current", PASSWORD), ("password", NEW)]).await;
    assert_eq!(changed.location, "/account?gedaan=wachtwoord");
    assert!(here.session() != token && here.cookies.borrow()["__Host-kernschil-apparaat"] != device);
    assert!(here.page("/account?gedaan=wachtwoord").await.contains("Uw wachtwoord is gewijzigd"));
    assert!(!there.is_in().await);
    assert_eq!(there.sign_in(PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(there.sign_in(NEW).await.location, "/");

    for _ in 0..10 {
        here.send(path, path, &[("current", "nog een gok"), ("password", NEW)]).await;
    }
    let stopped = here.send(path, path, &[("current", NEW), ("password", PASSWORD)]).await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS, "who found an open browser does not guess on");
}

#[tokio::test]
async fn signing_in_anew_ends_the_session_that_was_there() {
    let place = Place::new().await;
    let browser = place.browser("203.0.113.1");
    browser.sign_in(PASSWORD).await;
    let (first, device) = (browser.session(), browser.cookies.borrow()["__Host-kernschil-apparaat"].clone());
    browser.sign_in(PASSWORD).await;
    let second = browser.session();
    assert_eq!(browser.cookies.borrow()["__Host-kernschil-apparaat"], device, "the browser is known already");
    browser.cookies.borrow_mut().insert("__Host-kernschil".to_owned(), first);
    assert!(!browser.is_in().await);
    browser.cookies.borrow_mut().insert("__Host-kernschil".to_owned(), second);
    assert!(browser.is_in().await);
    let planted = place.browser("203.0.113.2");
    planted.cookies.borrow_mut().insert("__Host-kernschil".to_owned(), "a".repeat(64));
    planted.sign_in(PASSWORD).await;
    assert_ne!(planted.session(), "a".repeat(64), "a token that was planted is never taken over");
}

#[tokio::test]
async fn the_account_is_ones_own_and_its_forms_carry_the_token() {
    let place = Place::new().await;
    let browser = place.browser("203.0.113.1");
    for path in ["/account", "/account/wachtwoord", "/account/sessies", "/account/tweede-factor", "/account/tweede-factor/instellen"] {
        assert!(browser.get(path).await.location.starts_with("/inloggen?terug=/account"), "{path}");
    }
    browser.sign_in(PASSWORD).await;
    assert!(browser.page("/").await.contains("class=\"account-name\" href=\"/account\""));
    for path in [
        "/account/naam",
        "/account/wachtwoord",
        "/account/sessies/andere",
        "/account/tweede-factor",
        "/account/tweede-factor/instellen",
        "/account/tweede-factor/herstelcodes",
        "/account/tweede-factor/verwijderen",
    ] {
        assert_eq!(browser.post(path, &[("name", "x")]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let named = browser.send("/account", "/account/naam", &[("name", " Sanne Bakker ")]).await;
    assert_eq!(named.location, "/account?gedaan=naam");
    let page = browser.page("/account?gedaan=naam").await;
    assert!(page.contains("Uw naam is gewijzigd.") && page.contains("value=\"Sanne Bakker\"") && page.contains(EMAIL));
    assert_eq!(browser.send("/account", "/account/naam", &[("name", "")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/account/tweede-factor/verwijderen").await.location, "/account/tweede-factor", "there is none");
}

#[tokio::test]
async fn the_second_factor_goes_with_a_proof_only() {
    let place = Place::new().await;
    let browser = place.browser("203.0.113.1");
    browser.sign_in(PASSWORD).await;
    let (secret, codes) = set_up(&browser).await;
    let (removal, renewal) = ("/account/tweede-factor/verwijderen", "/account/tweede-factor/herstelcodes");
    for fields in
        [[("password", ""), ("code", "")], [("password", "nog een gok"), ("code", "")], [("password", PASSWORD), ("code", "000000")]]
    {
        for path in [removal, renewal] {
            assert_eq!(browser.send(path, path, &fields).await.status, StatusCode::BAD_REQUEST);
        }
    }
    let before = browser.session();
    let made = browser.send(renewal, renewal, &[("code", &shown(&secret, &place.app, 0))]).await;
    assert_eq!(made.status, StatusCode::OK);
    assert_ne!(browser.session(), before, "who proves herself gets another token");
    let page = made.text().await;
    assert!(page.contains("De oude werken niet meer") && codes.iter().all(|code| !page.contains(code.as_str())));
    let removed = browser.send(removal, removal, &[("password", PASSWORD)]).await;
    assert_eq!(removed.location, "/account/tweede-factor?gedaan=verwijderd");
    assert!(browser.page("/account/tweede-factor?gedaan=verwijderd").await.contains("De tweede factor is verwijderd"));
    assert_eq!(place.browser("203.0.113.2").sign_in(PASSWORD).await.location, "/");
}
