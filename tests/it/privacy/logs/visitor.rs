//! A browser, as far as this takes one: forms, uploads and one cookie, over a plain connection.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Somebody who visits the site.
pub(super) struct Visitor {
    address: String,
    cookie: String,
    pub(super) csrf: String,
}

/// What came back.
pub(super) struct Got {
    pub(super) status: u16,
    head: String,
    pub(super) body: String,
}

impl Got {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The first value of a field after a text.
pub(super) fn field(html: &str, after: &str, name: &str) -> String {
    let rest = html.split_once(after).unwrap_or_else(|| panic!("{after} is not on the page")).1;
    let mark = format!("name=\"{name}\" value=\"");
    rest.split_once(&mark).unwrap_or_else(|| panic!("no field {name} after {after}")).1.split_once('"').unwrap().0.to_owned()
}

/// The first address that begins with something.
pub(super) fn link(html: &str, begins: &str) -> String {
    let at = html.find(&format!("href=\"{begins}")).unwrap_or_else(|| panic!("no link to {begins}"));
    html[at + 6..].split_once('"').unwrap().0.replace("&amp;", "&")
}

impl Visitor {
    pub(super) fn new(address: &str) -> Self {
        Self { address: address.to_owned(), cookie: String::new(), csrf: String::new() }
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Got {
        let host = self.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        let cookie = if self.cookie.is_empty() { String::new() } else { format!("Cookie: {}\r\n", self.cookie) };
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nConnection: close\r\n{cookie}{headers}Content-Length: {length}\r\n\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Got { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(super) fn get(&self, path: &str) -> Got {
        self.send("GET", path, "", b"")
    }

    /// A page that must be there.
    pub(super) fn page(&self, path: &str) -> String {
        let got = self.get(path);
        assert_eq!(got.status, 200, "{path}");
        got.body
    }

    /// A form as a page sends it, with the token.
    pub(super) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let pairs = [("csrf", self.csrf.as_str())].into_iter().chain(fields.iter().copied());
        let body: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", body.join("&").as_bytes())
    }

    /// A request to the API.
    pub(super) fn api(&self, method: &str, path: &str, json: &str) -> Got {
        let headers = format!("Content-Type: application/json\r\nX-CSRF-Token: {}\r\n", self.csrf);
        self.send(method, &format!("/api/v1{path}"), &headers, json.as_bytes())
    }

    /// A file with a form.
    pub(super) fn upload(&self, kind: &str, name: &str, bytes: &[u8]) -> Got {
        let part = |name: &str, value: &str| format!("--grens\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let mut body = format!("{}{}", part("csrf", &self.csrf), part("soort", kind)).into_bytes();
        let file = format!("--grens\r\nContent-Disposition: form-data; name=\"bestand\"; filename=\"{name}\"\r\n");
        body.extend(format!("{file}Content-Type: application/octet-stream\r\n\r\n").into_bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n--grens--\r\n");
        self.send("POST", "/importeren", "Content-Type: multipart/form-data; boundary=grens\r\n", &body)
    }

    /// Signs in and keeps the cookie and the token.
    pub(super) fn sign_in(&mut self, email: &str, password: &str) {
        let got = self.post("/inloggen", &[("email", email), ("password", password)]);
        assert_eq!(got.status, 303, "{}", got.body);
        got.header("set-cookie").unwrap().split(';').next().unwrap().clone_into(&mut self.cookie);
        self.csrf = field(&self.page("/"), "<body", "csrf");
    }
}
