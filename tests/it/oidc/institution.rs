//! A browser at the provider: cookies, forms, and redirects until it is sent back to us.

use std::collections::BTreeMap;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::REDIRECT;

/// Somebody with a browser at her institution.
#[derive(Default)]
pub(super) struct Institution {
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub(super) struct Page {
    pub(super) status: u16,
    address: String,
    location: Option<String>,
    body: String,
}

impl Institution {
    /// Signs in, where it is asked, and answers the path at our site that the provider sends her to.
    pub(super) async fn sign_in(&mut self, address: &str, login: &str) -> String {
        let page = self.open(address).await;
        let page = if page.body.contains("<form method=\"post\">") {
            self.submit(&page, &format!("login={}&password=x&action=login", login.replace('@', "%40"))).await
        } else {
            page
        };
        back(&page)
    }

    /// Does not sign in after all.
    pub(super) async fn cancel(&mut self, address: &str) -> String {
        let page = self.open(address).await;
        back(&self.submit(&page, "action=cancel").await)
    }

    /// Opens an address and follows redirects, until there is a page or she is sent to us.
    pub(super) async fn open(&mut self, address: &str) -> Page {
        let page = self.request("GET", address, "").await;
        self.follow(page).await
    }

    async fn submit(&mut self, page: &Page, form: &str) -> Page {
        let page = self.request("POST", &page.address, form).await;
        self.follow(page).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            match page.location.clone() {
                Some(to) if !to.starts_with(REDIRECT) => page = self.request("GET", &to, "").await,
                _ => return page,
            }
        }
        panic!("redirected more than ten times");
    }

    // HTTP 1.0: the answer ends when the connection does.
    async fn request(&mut self, method: &str, address: &str, body: &str) -> Page {
        let rest = address.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_at(rest.find('/').unwrap());
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut tcp = TcpStream::connect(host).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.0\r\nhost: {host}\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        );
        tcp.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        tcp.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let headers = head.lines().skip(1).filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value));
        let mut location = None;
        for (name, value) in headers {
            match name.as_str() {
                "location" if value.starts_with('/') => location = Some(format!("http://{host}{value}")),
                "location" => location = Some(value.to_owned()),
                "set-cookie" => {
                    let (name, value) = value.split(';').next().unwrap().split_once('=').unwrap();
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Page { status, address: address.to_owned(), location, body: body.to_owned() }
    }
}

fn back(page: &Page) -> String {
    let to = page.location.as_deref().unwrap_or_else(|| panic!("{} {}", page.status, page.body));
    to.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
}
