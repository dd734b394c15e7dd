//! A browser at our site.

use std::collections::BTreeMap;

use kernschil_app::{App, access};
use kernschil_http::{SessionCookie, Transport};
use poem::Response;
use poem::endpoint::BoxEndpoint;
use poem::test::TestRequestBuilder;

use super::PASSWORD;
use super::institution::Institution;
use crate::support::site::{Client, client};

/// The site, as everybody meets it.
pub(super) struct Site {
    client: Client,
    app: App,
}

impl Site {
    pub(super) fn new(app: &App) -> Self {
        Self { client: client(app), app: app.clone() }
    }

    /// Somebody who comes for the first time.
    pub(super) fn visitor(&self) -> Visitor<'_> {
        Visitor { site: self, cookies: BTreeMap::new() }
    }

    /// Somebody who signed in with her password.
    pub(super) async fn signed_in(&self, email: &str) -> Visitor<'_> {
        let mut visitor = self.visitor();
        let got = visitor.post("/inloggen", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!((got.status, got.location.as_str()), (303, "/"), "{}", got.text);
        visitor
    }
}

/// Somebody with a browser.
#[derive(Clone)]
pub(super) struct Visitor<'a> {
    site: &'a Site,
    pub(super) cookies: BTreeMap<String, String>,
}

/// What came back.
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) location: String,
    pub(super) text: String,
}

impl Visitor<'_> {
    pub(super) async fn get(&mut self, path: &str) -> Got {
        self.send(self.site.client.get(path)).await
    }

    /// Follows a link on a page of another site.
    pub(super) async fn get_from_elsewhere(&mut self, path: &str) -> Got {
        self.send(self.site.client.get(path).header("sec-fetch-site", "cross-site")).await
    }

    /// Asks under another name than the site has.
    pub(super) async fn get_as_host(&mut self, path: &str, host: &str) -> Got {
        self.send(self.site.client.get(path).header("host", host).header("x-forwarded-host", host)).await
    }

    /// Sends a form, with the token of the session.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Got {
        let csrf = self.csrf().await;
        let mut all = fields.to_vec();
        if let Some(csrf) = &csrf {
            all.push(("csrf", csrf));
        }
        self.send(self.site.client.post(path).form(&all)).await
    }

    /// Sends a form without the token.
    pub(super) async fn post_forged(&mut self, path: &str, fields: &[(&str, &str)]) -> Got {
        self.send(self.site.client.post(path).form(&fields)).await
    }

    /// Name of who is signed in.
    pub(super) async fn name(&self) -> Option<String> {
        let session = access::session(&self.site.app, self.token()?, None).await.ok()?;
        Some(session.actor.name().to_owned())
    }

    async fn csrf(&self) -> Option<String> {
        Some(access::session(&self.site.app, self.token()?, None).await.ok()?.csrf_token)
    }

    fn token(&self) -> Option<&str> {
        self.cookies.get(SessionCookie::new(Transport::Http).name()).map(String::as_str).filter(|token| !token.is_empty())
    }

    async fn send(&mut self, request: TestRequestBuilder<'_, BoxEndpoint<'static, Response>>) -> Got {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header("cookie", cookies.join("; ")).send().await.0;
        for value in response.headers().get_all("set-cookie") {
            let (name, value) = value.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = response.header("location").unwrap_or_default().to_owned();
        let status = response.status().as_u16();
        Got { status, location, text: response.into_body().into_string().await.unwrap() }
    }
}

impl Visitor<'_> {
    /// Goes to the provider by a link and comes back.
    pub(super) async fn round_trip(&mut self, path: &str, login: &str) -> Got {
        let away = self.get(path).await;
        assert_eq!(away.status, 303, "{path}: {}", away.text);
        let back = Institution::default().sign_in(&away.location, login).await;
        self.get(&back).await
    }

    /// Sets out to link a login; answers the address at the provider.
    pub(super) async fn leave_to_link(&mut self) -> String {
        let got = self.post("/account/inlogdiensten/koppelen", &[("provider", "surfconext")]).await;
        assert_eq!(got.status, 200, "{}", got.text);
        let (_, rest) = got.text.split_once("<a class=\"button\" href=\"").unwrap();
        rest.split('"').next().unwrap().replace("&amp;", "&")
    }

    /// Links a login to her account.
    pub(super) async fn link(&mut self, login: &str) -> Got {
        let address = self.leave_to_link().await;
        let back = Institution::default().sign_in(&address, login).await;
        self.get(&back).await
    }

    /// What the logins of her account are called in the form.
    pub(super) async fn logins(&mut self) -> Vec<String> {
        let page = self.get("/account/inlogdiensten").await;
        assert_eq!(page.status, 200, "{}", page.text);
        let handles = page.text.split("name=\"login\" value=\"").skip(1);
        handles.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }
}
