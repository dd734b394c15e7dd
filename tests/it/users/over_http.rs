//! What a program with a token meets, and what a page of somebody who is blocked answers.

use kernschil_app::App;
use kernschil_app::access::{self, NewToken};
use kernschil_domain::access::{Role, Scope, TokenScope};
use poem::http::Method;
use serde_json::{Value, json};

use super::{ADMINISTRATOR, CLI, Duration, PASSWORD, actor, add, later, way};
use crate::support::TestApp;
use crate::support::site::{Client, client};

/// Status and code of what a program with a token gets.
async fn asked(client: &Client, token: &str, method: Method, path: &str, body: Option<Value>) -> (u16, String) {
    let request = client.request(method, format!("{}{path}", kernschil_api::PREFIX)).header("authorization", format!("Bearer {token}"));
    let request = if let Some(body) = &body { request.body_json(body) } else { request };
    let response = request.send().await.0;
    let status = response.status().as_u16();
    let text = response.into_body().into_string().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

fn no(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

both_databases! {
    async fn a_token_carries_no_more_than_its_scope(test: TestApp) {
        let round = test.proposed("almere").await;
        let app = &test.app;
        let sanne = add(app, "Sanne", &[ADMINISTRATOR, (Role::RegionCoordinator, Scope::All)]).await;
        let own = actor(app, sanne).await;
        let mut tokens = Vec::new();
        for scope in [TokenScope::Figures, TokenScope::Read, TokenScope::Change] {
            let new = NewToken { name: scope.code().to_owned(), scope, days: 30 };
            tokens.push(access::make_token(app, &own, new).await.unwrap());
        }
        let client = client(app);
        let get = async |at: usize, path: &str| asked(&client, &tokens[at].token, Method::GET, path, None).await;
        let post = async |at: usize, path: &str, body: Option<Value>| asked(&client, &tokens[at].token, Method::POST, path, body).await;
        let (students, proposals) = (format!("/rounds/{round}/students"), format!("/rounds/{round}/proposals"));

        assert_eq!(get(0, &format!("/rounds/{round}/coverage")).await.0, 200);
        assert_eq!(get(0, &students).await, no(403, "token-bereik"));
        assert_eq!(post(0, &proposals, None).await, no(403, "token-bereik"));

        assert_eq!(get(1, &students).await.0, 200);
        assert_eq!(post(1, &proposals, None).await, no(403, "token-bereik"));
        assert_eq!(post(1, "/imports/students?dryRun=true", None).await, no(403, "token-bereik"));
        assert!(kernschil_app::jobs::latest(app, &own).await.unwrap().is_empty(), "nothing was asked");

        assert_eq!(post(2, &proposals, None).await.0, 202);
        for (method, path, body) in [
            (Method::GET, "/users", None),
            (Method::POST, "/users", Some(json!({ "email": "x@school.nl", "name": "X" }))),
            (Method::DELETE, &*format!("/users/{sanne}"), None),
            (Method::GET, "/tokens", None),
            (Method::POST, "/tokens", Some(json!({ "name": "X", "scope": "change", "days": 365 }))),
            (Method::GET, "/sessions/current", None),
            (Method::DELETE, "/sessions/current", None),
        ] {
            assert_eq!(asked(&client, &tokens[2].token, method.clone(), path, body).await, no(403, "token-bereik"), "{method} {path}");
        }
        assert_eq!(access::own_tokens(app, &own).await.unwrap().len(), 3);
        assert_eq!(access::list_users(app, &own).await.unwrap().len(), 1);

        // What its owner may not do either is said of her role, whatever the scope.
        let reader = add(app, "Noor", &[(Role::Reader, Scope::All)]).await;
        let new = NewToken { name: "Lezer".to_owned(), scope: TokenScope::Figures, days: 30 };
        let readers = access::make_token(app, &actor(app, reader).await, new).await.unwrap().token;
        assert_eq!(asked(&client, &readers, Method::GET, &students, None).await, no(403, "niet-toegestaan"));
    }

    async fn a_token_that_was_revoked_or_has_ended_is_none(test: TestApp) {
        let app = &test.app;
        let own = actor(app, add(app, "Sanne", &[ADMINISTRATOR]).await).await;
        let new = NewToken { name: "Rooster".to_owned(), scope: TokenScope::Read, days: 30 };
        let made = access::make_token(app, &own, new).await.unwrap();
        let get = async |app: &App, token: &str| asked(&client(app), token, Method::GET, "/rounds", None).await;
        assert_eq!(get(app, &made.token).await.0, 200);
        assert_eq!(get(&later(app, Duration::days(30)), &made.token).await, no(401, "niet-ingelogd"));
        for false_one in ["", "ks_0", &format!("ks_{}", "0".repeat(64)), &made.token.to_uppercase(), &made.token[3..]] {
            assert_eq!(get(app, false_one).await, no(401, "niet-ingelogd"), "{false_one}");
        }
        access::revoke_token(app, &own, made.view.id).await.unwrap();
        assert_eq!(get(app, &made.token).await, no(401, "niet-ingelogd"));
    }

    async fn a_token_opens_no_page_and_a_session_of_who_is_blocked_opens_nothing(test: TestApp) {
        let app = &test.app;
        add(app, "Sanne", &[ADMINISTRATOR]).await;
        let noor = add(app, "Noor", &[(Role::Reader, Scope::All)]).await;
        let new = NewToken { name: "Rooster".to_owned(), scope: TokenScope::Read, days: 30 };
        let token = access::make_token(app, &actor(app, noor).await, new).await.unwrap().token;
        let session = access::sign_in(app, "noor@school.nl", PASSWORD, way()).await.unwrap().token;
        let client = client(app);
        let page = async |name: &'static str, value: String| client.get("/account/sleutels").header(name, value).send().await.0;
        assert_eq!(page("authorization", format!("Bearer {token}")).await.status(), 303);
        assert_eq!(page("cookie", format!("kernschil={session}")).await.status(), 200);
        access::block_user(app, &CLI, noor).await.unwrap();
        let refused = page("cookie", format!("kernschil={session}")).await;
        assert_eq!((refused.status().as_u16(), refused.header("location")), (303, Some("/inloggen?terug=/account/sleutels")));
        assert_eq!(asked(&client, &token, Method::GET, "/rounds", None).await, no(401, "niet-ingelogd"));
    }
}
