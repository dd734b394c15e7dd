//! When a provider is asked what, and how we ask it.

use chrono::TimeDelta;
use kernschil_oidc::{OidcError, Prompt, Provider, Step, TokenFault, Transport};
use ring::digest;
use serde_json::json;

use crate::support::fake::{Fake, Signer, base64, now, query};
use crate::support::{REDIRECT, SECRET, expected, provider, settings, with_code};

const DISCOVERY: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn a_provider_is_asked_once_an_hour() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    assert_eq!(fake.asked(DISCOVERY).len(), 0, "making it asks nothing");
    let (a, b, c) = tokio::join!(provider.begin(REDIRECT, now()), provider.begin(REDIRECT, now()), provider.begin(REDIRECT, now()));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    provider.begin(REDIRECT, now() + TimeDelta::minutes(59)).await.unwrap();
    assert_eq!((fake.asked(DISCOVERY).len(), fake.asked("/jwks").len()), (1, 1));
    provider.begin(REDIRECT, now() + TimeDelta::minutes(60)).await.unwrap();
    assert_eq!(fake.asked(DISCOVERY).len(), 2);
    provider.begin(REDIRECT, now()).await.unwrap();
    assert_eq!(fake.asked(DISCOVERY).len(), 3, "the clock was set back");
}

#[tokio::test]
async fn a_provider_that_is_down_is_left_alone_for_a_moment() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    fake.answer(DISCOVERY, "503 Service Unavailable", "");
    let down = OidcError::Unreachable(Step::Discovery, Transport::Unwell(503));
    assert_eq!(provider.begin(REDIRECT, now()).await.map(drop), Err(down.clone()));
    fake.discovery(|_| {});
    assert_eq!(provider.begin(REDIRECT, now() + TimeDelta::seconds(4)).await.map(drop), Err(down));
    assert_eq!(fake.asked(DISCOVERY).len(), 1);
    assert!(provider.begin(REDIRECT, now() + TimeDelta::seconds(5)).await.is_ok());
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_an_error() {
    // Port 9 is for discarding; nobody listens there.
    let error = provider("http://127.0.0.1:9").begin(REDIRECT, now()).await.unwrap_err();
    assert_eq!(error, OidcError::Unreachable(Step::Discovery, Transport::Connect));
    assert_eq!(error.code(), "inlogdienst-onbereikbaar");
}

#[tokio::test]
async fn a_redirect_of_the_discovery_is_not_followed() {
    let fake = Fake::start().await;
    let elsewhere = Fake::start().await;
    fake.answer(DISCOVERY, &format!("302 Found\r\nlocation: {}{DISCOVERY}", elsewhere.issuer), "");
    let error = provider(&fake.issuer).begin(REDIRECT, now()).await.map(drop);
    assert_eq!(error, Err(OidcError::Unreachable(Step::Discovery, Transport::Redirect(302))));
    assert_eq!(elsewhere.asked(DISCOVERY).len(), 0);
}

#[tokio::test]
async fn new_keys_are_read_when_they_are_used_but_not_all_the_time() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    fake.sign_in(&provider, |_| {}).await.unwrap();
    fake.json("/jwks", &json!({ "keys": [Signer::new(2).jwk("twee")] }));

    let unknown = Err(OidcError::Token(TokenFault::UnknownKey));
    for (seconds, number, kid, outcome, reads) in [
        (29, 2, "twee", unknown.clone(), 1),
        (30, 2, "twee", Ok(()), 2),
        (31, 2, "twee", Ok(()), 2),
        (32, 1, "een", unknown.clone(), 2),
        (59, 3, "drie", unknown.clone(), 2),
        (60, 3, "drie", unknown, 3),
    ] {
        let now = now() + TimeDelta::seconds(seconds);
        let begun = provider.begin(REDIRECT, now).await.unwrap();
        fake.id_token(&Signer::new(number).token(&json!({ "alg": "EdDSA", "kid": kid }), &fake.claims(&begun)));
        let found = provider.finish(&with_code(&begun, "code"), expected(&begun), now).await.map(drop);
        assert_eq!((found, fake.asked("/jwks").len()), (outcome, reads), "{seconds}");
    }
}

#[tokio::test]
async fn the_address_asks_what_the_settings_say() {
    let fake = Fake::start().await;
    let mut settings = settings(&fake.issuer);
    settings.scopes = ["openid", "email", "profile"].map(str::to_owned).to_vec();
    settings.prompt = Some(Prompt::SelectAccount);
    let provider = Provider::new(settings).unwrap();
    let begun = provider.begin(REDIRECT, now()).await.unwrap();
    assert!(begun.address.starts_with(&format!("{}/authorize?", fake.issuer)));
    let asked = query(&begun.address);
    let challenge = base64(digest::digest(&digest::SHA256, begun.verifier.as_bytes()));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "kernschil"),
        ("redirect_uri", REDIRECT),
        ("scope", "openid email profile"),
        ("state", &begun.state),
        ("nonce", &begun.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("prompt", "select_account"),
    ] {
        assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!asked.contains_key("max_age") && !asked.contains_key("acr_values") && !begun.address.contains(&begun.verifier));

    let again = provider.begin(REDIRECT, now()).await.unwrap();
    let all = [&begun.state, &begun.nonce, &begun.verifier, &again.state, &again.nonce, &again.verifier];
    assert!(all.iter().enumerate().all(|(i, one)| one.len() == 64 && !all[..i].contains(one)), "each is new");
    assert_eq!(provider.begin("/terug", now()).await.map(drop), Err(OidcError::RedirectUrl));
}

#[tokio::test]
async fn our_password_goes_where_the_provider_wants_it() {
    let fake = Fake::start().await;
    fake.sign_in(&provider(&fake.issuer), |_| {}).await.unwrap();
    fake.discovery(|metadata| metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]));
    fake.sign_in(&provider(&fake.issuer), |_| {}).await.unwrap();
    let mut public = settings(&fake.issuer);
    public.client_secret = None;
    fake.sign_in(&Provider::new(public).unwrap(), |_| {}).await.unwrap();

    let asked = fake.asked("/token");
    let shown: Vec<_> = asked.iter().map(|request| (request.contains("authorization: Basic "), request.contains(SECRET))).collect();
    assert_eq!(shown, [(true, false), (false, true), (false, false)]);
    assert!(asked.iter().all(|request| request.contains("code_verifier=") && request.contains("grant_type=authorization_code")));
}

#[tokio::test]
async fn handlers_on_several_threads_can_sign_people_in() {
    fn on_any_thread(future: impl Future<Output: Send> + Send) -> impl Future {
        future
    }
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    let begun = provider.begin(REDIRECT, now()).await.unwrap();
    on_any_thread(provider.begin(REDIRECT, now())).await;
    on_any_thread(provider.finish(&with_code(&begun, "code"), expected(&begun), now())).await;
}
