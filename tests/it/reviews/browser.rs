//! A browser in the review of the stage, as somebody who is signed in.

use kernschil_app::Actor;
use kernschil_app::access::{self, SignInWay};
use poem::Response;
use poem::endpoint::BoxEndpoint;
use poem::test::{TestForm, TestFormField, TestRequestBuilder};

use super::reflection::REVIEW;
use crate::support::TestApp;
use crate::support::site::{Client, client};

/// Somebody in a browser. Pages are named from the review on: `weging`.
pub(super) struct Browser {
    client: Client,
    session: String,
    csrf: String,
}

fn path(page: &str) -> String {
    format!("/peer-reviews/{REVIEW}/{page}")
}

impl Browser {
    pub(super) async fn of(app: &TestApp, actor: &Actor) -> Self {
        let user = actor.user().unwrap();
        let account = app.app.store.read(async |tx| kernschil_storage::access::user(tx, user).await).await.unwrap().unwrap();
        let way = SignInWay { browser: "proef".to_owned(), request: None };
        let session = access::sign_in(&app.app, &account.email, "een lang wachtwoord", way).await.unwrap().token;
        let csrf = access::session(&app.app, &session, None).await.unwrap().csrf_token;
        Self { client: client(&app.app), session, csrf }
    }

    pub(super) async fn page(&self, page: &str) -> (u16, String) {
        self.at(&path(page)).await
    }

    /// A page of another review, by its whole address.
    pub(super) async fn at(&self, path: &str) -> (u16, String) {
        self.text(self.client.get(path)).await
    }

    /// A file to download.
    pub(super) async fn file(&self, page: &str) -> Vec<u8> {
        self.answer(self.client.get(path(page))).await.1
    }

    /// Signs her out, as in another tab.
    pub(super) async fn sign_out(&self, app: &TestApp, actor: &Actor) {
        access::sign_out(&app.app, actor, &self.session).await.unwrap();
    }

    /// Posts from a page that was opened in a session before this one.
    pub(super) async fn post_stale(&self, page: &str, fields: &[(&str, &str)]) -> (u16, String) {
        self.post_with("van-een-vorige-sessie", page, fields).await
    }

    pub(super) async fn post(&self, page: &str, fields: &[(&str, &str)]) -> (u16, String) {
        self.post_with(&self.csrf, page, fields).await
    }

    /// Posts to a page of another review, or to one of none, by its whole address.
    pub(super) async fn post_at(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let csrf = ("csrf", self.csrf.as_str());
        let fields: Vec<_> = fields.iter().copied().chain([csrf]).collect();
        self.text(self.client.post(path).form(&fields)).await
    }

    async fn post_with(&self, csrf: &str, page: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let csrf = ("csrf", csrf);
        let fields: Vec<_> = fields.iter().copied().chain([csrf]).collect();
        let from = format!("http://kernschil.example{}", path(page));
        let request = self.client.post(path(page)).header("host", "kernschil.example").header("referer", from);
        self.text(request.form(&fields)).await
    }

    /// Sends a form that can hold a file, with one or none.
    pub(super) async fn post_parts(&self, page: &str, fields: &[(&str, &str)], file: Option<(&'static str, Vec<u8>)>) -> (u16, String) {
        let mut form = TestForm::new().text("csrf", self.csrf.clone());
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        if let Some((name, bytes)) = file {
            form = form.field(TestFormField::bytes(bytes).name("bestand").filename(name));
        }
        self.text(self.client.post(path(page)).multipart(form)).await
    }

    async fn answer(&self, request: TestRequestBuilder<'_, BoxEndpoint<'static, Response>>) -> (u16, Vec<u8>) {
        let response = request.header("cookie", format!("kernschil={}", self.session)).send().await.0;
        let status = response.status().as_u16();
        (status, response.into_body().into_vec().await.unwrap())
    }

    async fn text(&self, request: TestRequestBuilder<'_, BoxEndpoint<'static, Response>>) -> (u16, String) {
        let (status, bytes) = self.answer(request).await;
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }
}
