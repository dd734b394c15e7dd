//! A browser of forty lines: cookies, forms, and redirects one at a time.

use std::collections::BTreeMap;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use kernschil_oidc::Returned;
use openidconnect::url::{Url, form_urlencoded};
use tokio::net::TcpStream;

/// What a page showed.
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) location: Option<Url>,
    pub(crate) body: String,
}

/// Somebody with a browser.
#[derive(Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// Opens an address and follows redirects, until there is a page or we are sent to `REDIRECT`.
    pub(crate) async fn open(&mut self, address: &str) -> Page {
        let page = self.request(Method::GET, address.parse().unwrap(), "").await;
        self.follow(page).await
    }

    /// Sends a form to the page where we are, and follows redirects.
    pub(crate) async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let page = self.request(Method::POST, page.url.clone(), &body).await;
        self.follow(page).await
    }

    /// Signs in with any password; answers what comes back to us.
    pub(crate) async fn sign_in(&mut self, address: &str, login: &str) -> Returned {
        let form = self.open(address).await;
        assert!(form.body.contains("<form method=\"post\">"), "{} {}", form.status, form.body);
        let page = self.submit(&form, &[("login", login), ("password", "x"), ("action", "login")]).await;
        returned(&page)
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            match &page.location {
                Some(to) if !to.as_str().starts_with(super::REDIRECT) => page = self.request(Method::GET, to.clone(), "").await,
                _ => return page,
            }
        }
        panic!("redirected more than ten times");
    }

    async fn request(&mut self, method: Method, url: Url, body: &str) -> Page {
        let authority = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let tcp = TcpStream::connect(&authority).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(tcp)).await.unwrap();
        tokio::spawn(connection);
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(&url[openidconnect::url::Position::BeforePath..])
            .header(HOST, authority)
            .header(COOKIE, cookies.join("; "))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
            .unwrap();
        let response = sender.send_request(request).await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = response.headers().get(LOCATION).map(|to| url.join(to.to_str().unwrap()).unwrap());
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Page { url, status, location, body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// What a redirect to us says.
pub(crate) fn returned(page: &Page) -> Returned {
    let url = page.location.as_ref().unwrap_or_else(|| panic!("{} {}", page.status, page.body));
    let pairs: serde_json::Map<_, _> = url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned().into())).collect();
    serde_json::from_value(pairs.into()).unwrap()
}
