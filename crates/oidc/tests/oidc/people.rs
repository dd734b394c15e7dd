//! What we learn of somebody, and from where.

use kernschil_oidc::{ClaimsFrom, Identity, OidcError, Provider, Step};
use serde_json::{Value, json};

use crate::support::fake::{Fake, SUBJECT};
use crate::support::{provider, settings};

async fn known(userinfo: Value, token: Value) -> Identity {
    let fake = Fake::start().await;
    let mut info = json!({ "sub": SUBJECT });
    merge(&mut info, userinfo);
    fake.json("/userinfo", &info);
    fake.sign_in(&provider(&fake.issuer), |claims| merge(claims, token)).await.unwrap()
}

fn merge(into: &mut Value, from: Value) {
    let Value::Object(from) = from else { return };
    into.as_object_mut().unwrap().extend(from);
}

#[tokio::test]
async fn userinfo_goes_before_the_token() {
    let person = known(
        json!({ "name": " Anna de Vries ", "email": "anna@example.nl", "updated_at": 1_700_000_000, "eduperson_affiliation": ["employee"] }),
        json!({ "name": "A", "given_name": "Anna", "family_name": " ", "email": "oud@example.nl", "email_verified": true }),
    );
    let person = person.await;
    assert_eq!(person.name.as_deref(), Some("Anna de Vries"));
    assert_eq!((person.given_name.as_deref(), person.family_name), (Some("Anna"), None));
    assert_eq!(
        (person.email.as_deref(), person.email_verified),
        (Some("anna@example.nl"), None),
        "that another address is verified says nothing"
    );
}

#[tokio::test]
async fn providers_write_the_same_in_several_ways() {
    let person = known(json!({ "email": "a@example.nl", "email_verified": "true", "updated_at": "2026-01-01T00:00:00Z" }), json!({})).await;
    assert_eq!(person.email_verified, Some(true));
    let person = known(json!({ "email_verified": true, "name#nl": "Anna", "schac_home_organization": null }), json!({})).await;
    assert_eq!((person.email_verified, person.name.as_deref(), person.organisation), (None, Some("Anna"), None));
}

#[tokio::test]
async fn somebody_is_of_one_organisation_or_of_none() {
    for (claim, organisation) in [
        (json!("Example.NL"), Some("example.nl")),
        (json!(["example.nl"]), Some("example.nl")),
        (json!(["example.nl", "evil.example.nl"]), None),
        (json!([]), None),
        (json!(""), None),
    ] {
        let person = known(json!({ "schac_home_organization": claim }), json!({})).await;
        assert_eq!(person.organisation.as_deref(), organisation, "{claim}");
    }
    let fake = Fake::start().await;
    fake.json("/userinfo", &json!({ "sub": SUBJECT, "schac_home_organization": 7 }));
    assert_eq!(fake.sign_in(&provider(&fake.issuer), |_| {}).await, Err(OidcError::Unreadable(Step::Userinfo)));
}

#[tokio::test]
async fn the_token_is_enough_when_there_is_no_userinfo_or_it_is_not_wanted() {
    let in_token = |claims: &mut Value| merge(claims, json!({ "email": "a@example.nl", "schac_home_organization": "example.nl" }));
    let fake = Fake::start().await;
    let mut settings = settings(&fake.issuer);
    settings.claims = ClaimsFrom::IdToken;
    let person = fake.sign_in(&Provider::new(settings).unwrap(), in_token).await.unwrap();
    assert_eq!((person.email.as_deref(), person.organisation.as_deref()), (Some("a@example.nl"), Some("example.nl")));

    fake.discovery(|metadata| metadata["userinfo_endpoint"] = Value::Null);
    assert_eq!(fake.sign_in(&provider(&fake.issuer), in_token).await.unwrap(), person);
    assert!(fake.asked("/userinfo").is_empty());
}
