//! Tokens and answers that a proper provider never gives.

use kernschil_oidc::{MetadataFault, OidcError, Provider, Step, TokenFault, Transport};
use ring::{digest, hmac};
use serde_json::{Value, json};

use crate::support::fake::{ACCESS_TOKEN, Fake, Signer, base64, now, query, unsigned};
use crate::support::{REDIRECT, SECRET, expected, provider, settings, with_code};

#[tokio::test]
async fn a_token_with_a_wrong_claim_is_refused() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    assert!(fake.sign_in(&provider, |_| {}).await.is_ok());

    let long = "x".repeat(256);
    let soon = now().timestamp();
    let cases = [
        ("iss", json!("https://evil.example.nl"), TokenFault::Issuer),
        ("iss", json!(format!("{}/", fake.issuer)), TokenFault::Issuer),
        ("aud", json!("kernschil-ander"), TokenFault::Audience),
        ("aud", json!([]), TokenFault::Audience),
        ("aud", json!(["kernschil", "kernschil-ander"]), TokenFault::Audience),
        ("azp", json!("kernschil-ander"), TokenFault::Audience),
        ("exp", json!(soon), TokenFault::Expired),
        ("exp", json!(soon - 1), TokenFault::Expired),
        ("iat", json!(soon + 121), TokenFault::Future),
        ("nonce", json!("anders"), TokenFault::Nonce),
        ("nonce", json!(""), TokenFault::Nonce),
        ("nonce", Value::Null, TokenFault::Nonce),
        ("sub", json!(""), TokenFault::Subject),
        ("sub", json!(long), TokenFault::Subject),
        ("at_hash", json!("anders"), TokenFault::AccessToken),
    ];
    for (claim, value, fault) in cases {
        let outcome = fake.sign_in(&provider, |claims| claims[claim] = value.clone()).await;
        assert_eq!(outcome, Err(OidcError::Token(fault)), "{claim} {value}");
    }
    for claim in ["iss", "aud", "exp", "iat", "sub"] {
        let outcome = fake.sign_in(&provider, |claims| drop(claims.as_object_mut().unwrap().remove(claim))).await;
        assert!(matches!(outcome, Err(OidcError::Unreadable(Step::Token) | OidcError::Token(_))), "{claim} {outcome:?}");
    }
}

#[tokio::test]
async fn a_token_with_more_that_is_right_is_accepted() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    let hash = digest::digest(&digest::SHA512, ACCESS_TOKEN.as_bytes());
    let outcome = fake.sign_in(&provider, |claims| {
        claims["aud"] = json!("kernschil");
        claims["azp"] = json!("kernschil");
        claims["at_hash"] = json!(base64(&hash.as_ref()[..32]));
        claims["iat"] = json!(now().timestamp() + 60);
        claims["acr"] = json!("http://test.surfconext.nl/assurance/loa1");
    });
    assert!(outcome.await.is_ok());
}

#[tokio::test]
async fn a_token_that_is_not_signed_by_the_provider_is_refused() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    let ours = Signer::new(1);
    let hmac = |key: &[u8], header: &Value, claims: &Value| {
        let text = unsigned(header, claims);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
        format!("{text}.{}", base64(tag))
    };
    for (case, fault) in [
        ("none", TokenFault::Algorithm),
        ("not announced", TokenFault::Algorithm),
        ("our own secret", TokenFault::Algorithm),
        ("the public key as a secret", TokenFault::Algorithm),
        ("key of somebody else", TokenFault::Signature),
        ("unknown key", TokenFault::UnknownKey),
        ("other claims", TokenFault::Signature),
        ("no signature", TokenFault::Signature),
        ("changed signature", TokenFault::Signature),
        ("header that must be understood", TokenFault::Other),
        ("access token", TokenFault::Other),
    ] {
        let begun = provider.begin(REDIRECT, now()).await.unwrap();
        let (claims, header) = (fake.claims(&begun), json!({ "alg": "EdDSA", "kid": "een" }));
        let mut others = claims.clone();
        others["sub"] = json!("somebody else");
        let right = ours.token(&header, &claims);
        let signature = right.rsplit('.').next().unwrap();
        let token = match case {
            "none" => format!("{}.", unsigned(&json!({ "alg": "none" }), &claims)),
            "not announced" => ours.token(&json!({ "alg": "RS256", "kid": "een" }), &claims),
            "our own secret" => hmac(SECRET.as_bytes(), &json!({ "alg": "HS256" }), &claims),
            "the public key as a secret" => hmac(ours.public(), &json!({ "alg": "HS256", "kid": "een" }), &claims),
            "key of somebody else" => Signer::new(2).token(&header, &claims),
            "unknown key" => Signer::new(2).token(&json!({ "alg": "EdDSA", "kid": "twee", "jwk": Signer::new(2).jwk("twee") }), &claims),
            "other claims" => format!("{}.{signature}", unsigned(&header, &others)),
            "no signature" => format!("{}.", unsigned(&header, &claims)),
            "changed signature" => format!("{}.{}", unsigned(&header, &claims), base64([0; 64])),
            "header that must be understood" => ours.token(&json!({ "alg": "EdDSA", "kid": "een", "crit": ["x"], "x": 1 }), &claims),
            _ => ours.token(&json!({ "alg": "EdDSA", "kid": "een", "typ": "at+jwt" }), &claims),
        };
        fake.id_token(&token);
        let outcome = provider.finish(&with_code(&begun, "code"), expected(&begun), now()).await;
        assert_eq!(outcome, Err(OidcError::Token(fault)), "{case}");
    }
}

#[tokio::test]
async fn userinfo_of_somebody_else_is_refused() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    fake.json("/userinfo", &json!({ "sub": "somebody else", "email": "directeur@example.nl" }));
    assert_eq!(fake.sign_in(&provider, |_| {}).await, Err(OidcError::OtherSubject));
    fake.json("/userinfo", &json!({ "email": "directeur@example.nl" }));
    assert_eq!(fake.sign_in(&provider, |_| {}).await, Err(OidcError::Unreadable(Step::Userinfo)));
    fake.answer("/userinfo", "401 Unauthorized\r\ncontent-type: application/json", r#"{"error":"invalid_token"}"#);
    assert_eq!(fake.sign_in(&provider, |_| {}).await, Err(OidcError::Userinfo));
    fake.answer("/userinfo", "307 Temporary Redirect\r\nlocation: /jwks", "");
    assert_eq!(fake.sign_in(&provider, |_| {}).await, Err(OidcError::Unreachable(Step::Userinfo, Transport::Redirect(307))));
    let stranger = Signer::new(2).token(&json!({ "alg": "EdDSA", "kid": "een" }), &json!({ "sub": "0f3a9c" }));
    fake.answer("/userinfo", "200 OK\r\ncontent-type: application/jwt", &stranger);
    assert_eq!(fake.sign_in(&provider, |_| {}).await, Err(OidcError::Userinfo));
}

#[tokio::test]
async fn an_answer_of_the_token_endpoint_that_makes_no_sense_is_an_error() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    let json = "200 OK\r\ncontent-type: application/json";
    let bad = "400 Bad Request\r\ncontent-type: application/json";
    for (head, body, error) in [
        (bad, r#"{"error":"invalid_grant"}"#, OidcError::Code),
        (bad, r#"{"error":"invalid_code","error_description":"Invalid code: c","status":400,"path":"/token"}"#, OidcError::Code),
        (bad, r#"{"error":"invalid_client"}"#, OidcError::Client),
        (bad, r#"{"error":"x"}"#, OidcError::Client),
        (bad, "nee", OidcError::Unreadable(Step::Token)),
        (bad, "", OidcError::Unreadable(Step::Token)),
        (json, "", OidcError::Unreadable(Step::Token)),
        (json, r#"{"access_token":"a","token_type":"Bearer"}"#, OidcError::Token(TokenFault::Missing)),
        (json, r#"{"access_token":"a","token_type":"Bearer","id_token":"a.b.c"}"#, OidcError::Unreadable(Step::Token)),
        ("200 OK\r\ncontent-type: text/html", "{}", OidcError::Unreadable(Step::Token)),
        ("302 Found\r\nlocation: /jwks", "", OidcError::Unreachable(Step::Token, Transport::Redirect(302))),
        ("502 Bad Gateway", "", OidcError::Unreachable(Step::Token, Transport::Unwell(502))),
    ] {
        let begun = provider.begin(REDIRECT, now()).await.unwrap();
        fake.answer("/token", head, body);
        assert_eq!(provider.finish(&with_code(&begun, "code"), expected(&begun), now()).await, Err(error), "{head} {body}");
    }
}

#[tokio::test]
async fn an_access_token_that_does_not_fit_in_a_header_is_an_error() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    let begun = provider.begin(REDIRECT, now()).await.unwrap();
    let token = Signer::new(1).token(&json!({ "alg": "EdDSA", "kid": "een" }), &fake.claims(&begun));
    fake.json("/token", &json!({ "access_token": "a\r\nb", "token_type": "Bearer", "id_token": token }));
    let outcome = provider.finish(&with_code(&begun, "code"), expected(&begun), now()).await;
    assert_eq!(outcome, Err(OidcError::Unreadable(Step::Token)));
}

#[tokio::test]
async fn a_provider_that_says_strange_things_of_itself_is_not_used() {
    for (field, value, error) in [
        ("issuer", json!("https://evil.example.nl"), OidcError::Metadata(MetadataFault::Issuer)),
        ("token_endpoint", json!("http://10.0.0.1/token"), OidcError::Metadata(MetadataFault::Endpoint)),
        ("userinfo_endpoint", json!("http://169.254.169.254/"), OidcError::Metadata(MetadataFault::Endpoint)),
        ("authorization_endpoint", json!("javascript:alert(1)"), OidcError::Metadata(MetadataFault::Endpoint)),
        ("authorization_endpoint", json!("http://evil.example.nl/"), OidcError::Metadata(MetadataFault::Endpoint)),
        ("jwks_uri", json!("http://192.168.1.1/"), OidcError::Unreachable(Step::Discovery, Transport::Address)),
        ("token_endpoint", Value::Null, OidcError::Metadata(MetadataFault::TokenEndpoint)),
        ("jwks_uri", json!(7), OidcError::Unreadable(Step::Discovery)),
    ] {
        let fake = Fake::start().await;
        fake.discovery(|metadata| metadata[field] = value.clone());
        assert_eq!(provider(&fake.issuer).begin(REDIRECT, now()).await.map(drop), Err(error), "{field} {value}");
    }
}

#[tokio::test]
async fn errors_repeat_nothing_of_what_was_said() {
    let fake = Fake::start().await;
    let provider = provider(&fake.issuer);
    let mut errors = Vec::new();
    for claim in ["iss", "aud", "azp", "exp", "nonce", "at_hash", "sub"] {
        errors.push(fake.sign_in(&provider, |claims| claims[claim] = json!("GEHEIM")).await.unwrap_err());
    }
    fake.json("/userinfo", &json!({ "sub": "GEHEIM", "email": "GEHEIM" }));
    errors.push(fake.sign_in(&provider, |_| {}).await.unwrap_err());
    fake.json("/userinfo", &json!({ "sub": 7, "email": "GEHEIM" }));
    errors.push(fake.sign_in(&provider, |_| {}).await.unwrap_err());
    let begun = provider.begin(REDIRECT, now()).await.unwrap();
    for body in [r#"{"error":"GEHEIM"}"#, r#"{"error":"invalid_grant","error_description":"GEHEIM"}"#, r#"{"GEHEIM":"GEHEIM"}"#, "GEHEIM"] {
        for head in ["400 Bad Request\r\ncontent-type: application/json", "200 OK\r\ncontent-type: GEHEIM", "200 GEHEIM"] {
            fake.answer("/token", head, body);
            errors.push(provider.finish(&with_code(&begun, "GEHEIM"), expected(&begun), now()).await.unwrap_err());
        }
    }
    for error in errors {
        let said = format!("{error} {error:?} {} {}", error.code(), error.dutch());
        assert!(!said.contains("GEHEIM") && error.dutch().ends_with('.'), "{said}");
    }
}

#[tokio::test]
async fn a_level_of_assurance_that_was_asked_for_must_be_reached() {
    let fake = Fake::start().await;
    let mut strict = settings(&fake.issuer);
    strict.acr = vec!["loa3".to_owned(), "loa2".to_owned()];
    strict.max_age_seconds = Some(600);
    let provider = Provider::new(strict).unwrap();
    let asked = query(&provider.begin(REDIRECT, now()).await.unwrap().address);
    assert_eq!((asked["acr_values"].as_str(), asked["max_age"].as_str()), ("loa3 loa2", "600"));

    let fresh = json!(now().timestamp() - 600);
    for (acr, time, outcome) in [
        (json!("loa2"), fresh.clone(), Ok(())),
        (json!("password loa3"), fresh.clone(), Ok(())),
        (json!("loa1"), fresh.clone(), Err(OidcError::Token(TokenFault::Assurance))),
        (Value::Null, fresh, Err(OidcError::Token(TokenFault::Assurance))),
        (json!("loa2"), json!(now().timestamp() - 800), Err(OidcError::Token(TokenFault::TooLongAgo))),
        (json!("loa2"), Value::Null, Err(OidcError::Token(TokenFault::TooLongAgo))),
    ] {
        let found = fake.sign_in(&provider, |claims| {
            claims["acr"] = acr.clone();
            claims["auth_time"] = time.clone();
        });
        assert_eq!(found.await.map(drop), outcome, "{acr} {time}");
    }
}
