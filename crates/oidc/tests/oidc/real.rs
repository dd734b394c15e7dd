//! The whole way round with a provider that other people wrote.

use chrono::TimeDelta;
use kernschil_oidc::{Decline, Expected, Identity, OidcError, Provider, Step, TokenFault, Transport};

use crate::support::browser::{Browser, returned};
use crate::support::{REDIRECT, expected, machine_time, node, provider, settings};

const COORDINATOR: &str = "coordinator@example.nl";

async fn sign_in(provider: &Provider, login: &str) -> Result<Identity, OidcError> {
    let begun = provider.begin(REDIRECT, machine_time()).await?;
    let returned = Browser::default().sign_in(&begun.address, login).await;
    provider.finish(&returned, expected(&begun), machine_time()).await
}

#[tokio::test]
async fn the_whole_way_round_says_who_it_is() {
    let Some(node) = node::start() else { return };
    let provider = provider(&node.issuer);
    let identity = sign_in(&provider, COORDINATOR).await.unwrap();
    assert_eq!(identity.subject.len(), 40);
    let known = Identity {
        issuer: node.issuer.clone(),
        subject: identity.subject.clone(),
        name: Some("Coen Ordinator".to_owned()),
        given_name: Some("Coen".to_owned()),
        family_name: Some("Ordinator".to_owned()),
        email: Some(COORDINATOR.to_owned()),
        // As with SURFconext, which does not say it.
        email_verified: None,
        organisation: Some("example.nl".to_owned()),
    };
    assert_eq!(identity, known);
    assert_eq!(sign_in(&provider, COORDINATOR).await.unwrap(), known, "the same again");
    assert_ne!(sign_in(&provider, "student@example.nl").await.unwrap().subject, known.subject);
}

#[tokio::test]
async fn somebody_is_somebody_else_for_another_service() {
    let Some(node) = node::start() else { return };
    let mut other = settings(&node.issuer);
    other.client_id = "kernschil-ander".to_owned();
    let here = sign_in(&provider(&node.issuer), COORDINATOR).await.unwrap();
    let there = sign_in(&Provider::new(other).unwrap(), COORDINATOR).await.unwrap();
    assert_ne!(here.subject, there.subject);
}

#[tokio::test]
async fn a_code_works_once() {
    let Some(node) = node::start() else { return };
    let provider = provider(&node.issuer);
    let begun = provider.begin(REDIRECT, machine_time()).await.unwrap();
    let returned = Browser::default().sign_in(&begun.address, COORDINATOR).await;
    provider.finish(&returned, expected(&begun), machine_time()).await.unwrap();
    let again = provider.finish(&returned, expected(&begun), machine_time()).await;
    assert_eq!(again, Err(OidcError::Code));
}

#[tokio::test]
async fn a_code_is_of_one_sign_in_of_one_service_in_one_browser() {
    let Some(node) = node::start() else { return };
    let ours = provider(&node.issuer);
    let mut settings = settings(&node.issuer);
    settings.client_id = "kernschil-ander".to_owned();
    let other = Provider::new(settings).unwrap();
    let (verifier, elsewhere) = ("v".repeat(64), REDIRECT.replace("surfconext", "elders"));

    for case in ["nonce", "verifier", "redirect", "client", "state", "issuer", "no issuer"] {
        let begun = ours.begin(REDIRECT, machine_time()).await.unwrap();
        let mut returned = Browser::default().sign_in(&begun.address, COORDINATOR).await;
        let expected = expected(&begun);
        let (provider, expected, error) = match case {
            "nonce" => (&ours, Expected { nonce: "n", ..expected }, OidcError::Token(TokenFault::Nonce)),
            "verifier" => (&ours, Expected { verifier: &verifier, ..expected }, OidcError::Code),
            "redirect" => (&ours, Expected { redirect_url: &elsewhere, ..expected }, OidcError::Code),
            "client" => (&other, expected, OidcError::Code),
            "state" => (&ours, Expected { state: "s", ..expected }, OidcError::State),
            "issuer" => {
                returned.iss = Some("https://evil.example.nl".to_owned());
                (&ours, expected, OidcError::Issuer)
            }
            _ => {
                returned.iss = None;
                (&ours, expected, OidcError::Issuer)
            }
        };
        assert_eq!(provider.finish(&returned, expected, machine_time()).await, Err(error), "{case}");
    }
}

#[tokio::test]
async fn a_token_expires() {
    let Some(node) = node::start() else { return };
    let provider = provider(&node.issuer);
    for (minutes, outcome) in [(59, Ok(())), (61, Err(OidcError::Token(TokenFault::Expired)))] {
        let begun = provider.begin(REDIRECT, machine_time()).await.unwrap();
        let returned = Browser::default().sign_in(&begun.address, COORDINATOR).await;
        let later = machine_time() + TimeDelta::minutes(minutes);
        assert_eq!(provider.finish(&returned, expected(&begun), later).await.map(drop), outcome, "{minutes}");
    }
}

#[tokio::test]
async fn the_provider_sends_nobody_to_a_foreign_address() {
    let Some(node) = node::start() else { return };
    let begun = provider(&node.issuer).begin("https://evil.example.nl/terug", machine_time()).await.unwrap();
    let page = Browser::default().open(&begun.address).await;
    assert_eq!((page.status.as_u16(), page.location), (400, None));
}

#[tokio::test]
async fn a_request_without_pkce_is_not_accepted() {
    let Some(node) = node::start() else { return };
    let provider = provider(&node.issuer);
    let begun = provider.begin(REDIRECT, machine_time()).await.unwrap();
    let page = Browser::default().open(&begun.address.replace("code_challenge", "other")).await;
    let error = provider.finish(&returned(&page), expected(&begun), machine_time()).await;
    assert_eq!(error, Err(OidcError::Declined(Decline::Request)));
}

#[tokio::test]
async fn somebody_can_change_their_mind() {
    let Some(node) = node::start() else { return };
    let provider = provider(&node.issuer);
    let begun = provider.begin(REDIRECT, machine_time()).await.unwrap();
    let mut browser = Browser::default();
    let form = browser.open(&begun.address).await;
    let unknown = browser.submit(&form, &[("login", "niemand@example.nl"), ("action", "login")]).await;
    assert!(unknown.body.contains("niet bekend"), "{}", unknown.body);
    let page = browser.submit(&form, &[("action", "cancel")]).await;
    let error = provider.finish(&returned(&page), expected(&begun), machine_time()).await;
    assert_eq!(error, Err(OidcError::Declined(Decline::Denied)));
}

#[tokio::test]
async fn our_own_password_must_be_right() {
    let Some(node) = node::start() else { return };
    let mut settings = settings(&node.issuer);
    settings.client_secret = Some(kernschil_oidc::Secret::new("anders"));
    assert_eq!(sign_in(&Provider::new(settings).unwrap(), COORDINATOR).await, Err(OidcError::Client));
}

#[tokio::test]
async fn a_provider_that_stops_halfway_is_an_error() {
    let Some(node) = node::start() else { return };
    let provider = provider(&node.issuer);
    let begun = provider.begin(REDIRECT, machine_time()).await.unwrap();
    let returned = Browser::default().sign_in(&begun.address, COORDINATOR).await;
    drop(node);
    let error = provider.finish(&returned, expected(&begun), machine_time()).await;
    assert_eq!(error, Err(OidcError::Unreachable(Step::Token, Transport::Connect)));
}
