//! The cookies: each holds one token, and nothing else.

use poem::http::header::COOKIE;
use poem::http::{HeaderMap, HeaderValue};
use poem::{FromRequest, Request, RequestBody};

use crate::failure::Failure;
use crate::layers::Http;
use crate::proxies::Transport;

const YEAR: u32 = 365 * 24 * 60 * 60;
const HOUR: u32 = 60 * 60;
const TEN_MINUTES: u32 = 10 * 60;

/// A cookie as this installation names and guards it. Browsers take `__Host-` only encrypted, for this host alone and for
/// every path.
#[derive(Debug, Clone, Copy)]
struct TokenCookie {
    plain: &'static str,
    guarded: &'static str,
    /// Seconds that the browser keeps it; nothing means until it is closed.
    keeps: Option<u32>,
}

const SESSION: TokenCookie = TokenCookie { plain: "kernschil", guarded: "__Host-kernschil", keeps: None };
const DEVICE: TokenCookie = TokenCookie { plain: "kernschil-apparaat", guarded: "__Host-kernschil-apparaat", keeps: Some(YEAR) };
const RESET: TokenCookie = TokenCookie { plain: "kernschil-herstel", guarded: "__Host-kernschil-herstel", keeps: Some(HOUR) };
const AWAY: TokenCookie = TokenCookie { plain: "kernschil-inloggen", guarded: "__Host-kernschil-inloggen", keeps: Some(TEN_MINUTES) };

impl TokenCookie {
    fn name(self, transport: Transport) -> &'static str {
        match transport {
            Transport::Http => self.plain,
            Transport::Https => self.guarded,
        }
    }

    fn attributes(transport: Transport) -> &'static str {
        match transport {
            Transport::Http => "Path=/; HttpOnly; SameSite=Lax",
            Transport::Https => "Path=/; HttpOnly; SameSite=Lax; Secure",
        }
    }

    fn set(self, transport: Transport, token: &str) -> Result<HeaderValue, Failure> {
        let (name, attributes) = (self.name(transport), Self::attributes(transport));
        let text = match self.keeps {
            Some(seconds) => format!("{name}={token}; Max-Age={seconds}; {attributes}"),
            None => format!("{name}={token}; {attributes}"),
        };
        let mut value = HeaderValue::from_str(&text).map_err(|error| Failure::internal(&error))?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn clear(self, transport: Transport) -> Result<HeaderValue, Failure> {
        let text = format!("{}=; Max-Age=0; {}", self.name(transport), Self::attributes(transport));
        HeaderValue::from_str(&text).map_err(|error| Failure::internal(&error))
    }

    /// The token a request brings. Anything that is not a token of ours counts as none.
    fn token(self, transport: Transport, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        let mut values = cookies.filter_map(|pair| pair.trim().split_once('=')).filter(|(name, _)| *name == self.name(transport));
        let (_, token) = values.next()?;
        is_token(token).then(|| token.to_owned())
    }
}

/// Whether a text has the form of a token of ours; it says nothing about whether it is one.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The session cookie: who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie(Transport);

impl SessionCookie {
    /// The cookie for a way of serving.
    pub fn new(transport: Transport) -> Self {
        Self(transport)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        SESSION.name(self.0)
    }

    /// Value of `Set-Cookie` when somebody signs in. It ends with the browser; the session itself ends
    /// on the server.
    ///
    /// # Errors
    /// [`Failure::App`] when the token holds what a header cannot; tokens of ours never do.
    pub fn set(self, token: &str) -> Result<HeaderValue, Failure> {
        SESSION.set(self.0, token)
    }

    /// Value of `Set-Cookie` when somebody signs out.
    ///
    /// # Errors
    /// None in practice.
    pub fn clear(self) -> Result<HeaderValue, Failure> {
        SESSION.clear(self.0)
    }

    /// The token a request brings.
    pub(crate) fn token(self, headers: &HeaderMap) -> Option<String> {
        SESSION.token(self.0, headers)
    }
}

impl<'a> FromRequest<'a> for SessionCookie {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(Http::of(req)?.transport))
    }
}

/// The cookie of a browser in which somebody signed in before. It opens nothing; it only keeps those who guess at her
/// password from elsewhere from keeping her out.
#[derive(Clone)]
pub struct DeviceCookie {
    transport: Transport,
    brought: Option<String>,
}

impl DeviceCookie {
    /// The token the browser has.
    pub fn brought(&self) -> Option<&str> {
        self.brought.as_deref()
    }

    /// Value of `Set-Cookie` when somebody signed in, with everything that was asked.
    ///
    /// # Errors
    /// [`Failure::App`] when the token holds what a header cannot; tokens of ours never do.
    pub fn set(&self, token: &str) -> Result<HeaderValue, Failure> {
        DEVICE.set(self.transport, token)
    }

    pub(crate) fn of(transport: Transport, headers: &HeaderMap) -> Self {
        Self { transport, brought: DEVICE.token(transport, headers) }
    }
}

impl<'a> FromRequest<'a> for DeviceCookie {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::of(Http::of(req)?.transport, req.headers()))
    }
}

/// The cookie with the token of a link to choose a new password: from the link in the mail to the form, so that no
/// address of a page holds it.
#[derive(Clone)]
pub struct ResetCookie {
    transport: Transport,
    brought: Option<String>,
}

impl ResetCookie {
    /// The token of the link that was followed in this browser.
    pub fn brought(&self) -> Option<&str> {
        self.brought.as_deref()
    }

    /// Value of `Set-Cookie` when a link is followed. When what stands in it is no token of ours the cookie goes.
    ///
    /// # Errors
    /// None in practice.
    pub fn set(self, token: &str) -> Result<HeaderValue, Failure> {
        if is_token(token) { RESET.set(self.transport, token) } else { self.clear() }
    }

    /// Value of `Set-Cookie` when the link was used.
    ///
    /// # Errors
    /// None in practice.
    pub fn clear(&self) -> Result<HeaderValue, Failure> {
        RESET.clear(self.transport)
    }
}

impl<'a> FromRequest<'a> for ResetCookie {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let transport = Http::of(req)?.transport;
        Ok(Self { transport, brought: RESET.token(transport, req.headers()) })
    }
}

/// The cookie of a browser that went to a provider to sign in: who comes back without it, did not leave from here.
#[derive(Clone)]
pub struct AwayCookie {
    transport: Transport,
    brought: Option<String>,
}

impl AwayCookie {
    /// The token the browser left with.
    pub fn brought(&self) -> Option<&str> {
        self.brought.as_deref()
    }

    /// Value of `Set-Cookie` when a browser leaves.
    ///
    /// # Errors
    /// [`Failure::App`] when the token holds what a header cannot; tokens of ours never do.
    pub fn set(&self, token: &str) -> Result<HeaderValue, Failure> {
        AWAY.set(self.transport, token)
    }

    /// Value of `Set-Cookie` when it came back and somebody is signed in.
    ///
    /// # Errors
    /// None in practice.
    pub fn clear(&self) -> Result<HeaderValue, Failure> {
        AWAY.clear(self.transport)
    }
}

impl<'a> FromRequest<'a> for AwayCookie {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let transport = Http::of(req)?.transport;
        Ok(Self { transport, brought: AWAY.token(transport, req.headers()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(COOKIE, value.parse().unwrap());
        }
        headers
    }

    fn token(cookie: SessionCookie, values: &[&str]) -> Option<String> {
        cookie.token(&headers(values))
    }

    #[test]
    fn the_cookie_is_closed_to_scripts_and_other_sites() {
        let plain = SessionCookie::new(Transport::Http);
        assert_eq!(plain.set(TOKEN).unwrap().to_str().unwrap(), format!("kernschil={TOKEN}; Path=/; HttpOnly; SameSite=Lax"));
        let secure = SessionCookie::new(Transport::Https);
        assert_eq!(
            secure.set(TOKEN).unwrap().to_str().unwrap(),
            format!("__Host-kernschil={TOKEN}; Path=/; HttpOnly; SameSite=Lax; Secure")
        );
        assert!(secure.clear().unwrap().to_str().unwrap().starts_with("__Host-kernschil=; Max-Age=0; Path=/;"));
    }

    #[test]
    fn only_a_token_under_the_right_name_counts() {
        let secure = SessionCookie::new(Transport::Https);
        assert_eq!(token(secure, &[&format!("a=b; __Host-kernschil={TOKEN}")]).as_deref(), Some(TOKEN));
        assert_eq!(token(secure, &["a=b", &format!("__Host-kernschil={TOKEN}")]).as_deref(), Some(TOKEN));
        assert_eq!(token(secure, &[&format!("kernschil={TOKEN}")]), None);
        assert_eq!(token(secure, &[&format!("__Host-kernschil-apparaat={TOKEN}")]), None);
        assert_eq!(token(secure, &["__Host-kernschil=short"]), None);
        assert_eq!(token(secure, &[]), None);
    }

    #[test]
    fn a_browser_is_known_for_a_year_by_a_cookie_as_closed() {
        let device = DeviceCookie::of(Transport::Https, &headers(&[&format!("__Host-kernschil-apparaat={TOKEN}")]));
        assert_eq!(device.brought(), Some(TOKEN));
        assert_eq!(
            device.set(TOKEN).unwrap().to_str().unwrap(),
            format!("__Host-kernschil-apparaat={TOKEN}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax; Secure")
        );
        assert_eq!(DeviceCookie::of(Transport::Http, &headers(&[&format!("__Host-kernschil-apparaat={TOKEN}")])).brought(), None);
    }

    #[test]
    fn a_browser_on_its_way_has_a_cookie_that_comes_back_with_it_from_another_site() {
        let away = AwayCookie { transport: Transport::Https, brought: None };
        assert_eq!(
            away.set(TOKEN).unwrap().to_str().unwrap(),
            format!("__Host-kernschil-inloggen={TOKEN}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure")
        );
        assert!(away.clear().unwrap().to_str().unwrap().starts_with("__Host-kernschil-inloggen=; Max-Age=0; Path=/;"));
    }

    #[test]
    fn what_is_no_token_does_not_reach_a_cookie() {
        let set = |token: &str| ResetCookie { transport: Transport::Https, brought: None }.set(token).unwrap();
        assert!(
            set(TOKEN).is_sensitive()
                && set(TOKEN).to_str().unwrap().starts_with(&format!("__Host-kernschil-herstel={TOKEN}; Max-Age=3600;"))
        );
        for bad in ["", "x", "00; Domain=evil.example", "a\r\nb"] {
            assert!(set(bad).to_str().unwrap().starts_with("__Host-kernschil-herstel=; Max-Age=0;"), "{bad}");
        }
    }
}
