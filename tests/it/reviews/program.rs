//! A program that works in a review by the API, as somebody with a role.

use kernschil_app::access::{self, NewToken};
use kernschil_app::{Actor, App};
use kernschil_domain::access::TokenScope;
use poem::Response;
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::test::TestRequestBuilder;
use serde_json::Value;

use crate::support::site::{Client, client};

/// A program of somebody.
pub(super) struct Program {
    client: Client,
    token: String,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) tag: String,
    pub(super) text: String,
    pub(super) body: Value,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// Status and code.
    pub(super) fn no(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }

    /// Codes of everything that is wrong.
    pub(super) fn wrong(&self) -> Vec<&str> {
        self.body["errors"].as_array().into_iter().flatten().filter_map(|error| error["code"].as_str()).collect()
    }
}

impl Program {
    pub(super) async fn of(app: &App, actor: &Actor) -> Self {
        let new = NewToken { name: "programma".to_owned(), scope: TokenScope::Change, days: 30 };
        Self { client: client(app), token: access::make_token(app, actor, new).await.unwrap().token }
    }

    fn request(&self, method: Method, path: &str, seen: &str) -> TestRequestBuilder<'_, BoxEndpoint<'static, Response>> {
        let path = format!("{}{path}", kernschil_api::PREFIX);
        let request = self.client.request(method, path).header("authorization", format!("Bearer {}", self.token));
        if seen.is_empty() { request } else { request.header("if-match", seen) }
    }

    async fn answer(request: TestRequestBuilder<'_, BoxEndpoint<'static, Response>>) -> Answer {
        let response = request.send().await.0;
        let status = response.status().as_u16();
        let tag = response.header("etag").unwrap_or_default().to_owned();
        let bytes = response.into_body().into_vec().await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, tag, body: serde_json::from_str(&text).unwrap_or_default(), text, bytes }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        Self::answer(self.request(Method::GET, path, "")).await
    }

    /// Sends JSON, having seen a version; an empty tag says nothing of what was seen.
    pub(super) async fn send(&self, method: Method, path: &str, seen: &str, body: &Value) -> Answer {
        Self::answer(self.request(method, path, seen).body_json(body)).await
    }

    pub(super) async fn delete(&self, path: &str, seen: &str) -> Answer {
        Self::answer(self.request(Method::DELETE, path, seen)).await
    }

    /// Sends a file.
    pub(super) async fn upload(&self, path: &str, seen: &str, bytes: &[u8]) -> Answer {
        let request = self.request(Method::POST, path, seen).header("content-type", "application/octet-stream");
        Self::answer(request.body(bytes.to_vec())).await
    }
}
