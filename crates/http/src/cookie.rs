//! The cookie that holds the session token, and nothing else.

use poem::http::header::COOKIE;
use poem::http::{HeaderMap, HeaderValue};
use poem::{FromRequest, Request, RequestBody};

use crate::failure::Failure;
use crate::layers::Http;
use crate::proxies::Transport;

/// The session cookie, as this installation names and guards it.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie(Transport);

impl SessionCookie {
    /// The cookie for a way of serving.
    pub fn new(transport: Transport) -> Self {
        Self(transport)
    }

    /// Its name. Browsers take `__Host-` only encrypted, for this host alone and for every path.
    pub fn name(self) -> &'static str {
        match self.0 {
            Transport::Http => "kernschil",
            Transport::Https => "__Host-kernschil",
        }
    }

    fn attributes(self) -> &'static str {
        match self.0 {
            Transport::Http => "Path=/; HttpOnly; SameSite=Lax",
            Transport::Https => "Path=/; HttpOnly; SameSite=Lax; Secure",
        }
    }

    /// Value of `Set-Cookie` when somebody signs in. It ends with the browser; the session itself ends
    /// on the server.
    ///
    /// # Errors
    /// [`Failure::App`] when the token holds what a header cannot; tokens of ours never do.
    pub fn set(self, token: &str) -> Result<HeaderValue, Failure> {
        let text = format!("{}={token}; {}", self.name(), self.attributes());
        let mut value = HeaderValue::from_str(&text).map_err(|error| Failure::internal(&error))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Value of `Set-Cookie` when somebody signs out.
    ///
    /// # Errors
    /// None in practice.
    pub fn clear(self) -> Result<HeaderValue, Failure> {
        let text = format!("{}=; Max-Age=0; {}", self.name(), self.attributes());
        HeaderValue::from_str(&text).map_err(|error| Failure::internal(&error))
    }

    /// The token a request brings. Anything that is not a token of ours counts as none.
    pub(crate) fn token(self, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        let mut values = cookies.filter_map(|pair| pair.trim().split_once('=')).filter(|(name, _)| *name == self.name());
        let (_, token) = values.next()?;
        let is_token = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_token.then(|| token.to_owned())
    }
}

impl<'a> FromRequest<'a> for SessionCookie {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(Http::of(req)?.transport))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn token(cookie: SessionCookie, values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(COOKIE, value.parse().unwrap());
        }
        cookie.token(&headers)
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
        assert_eq!(token(secure, &["__Host-kernschil=short"]), None);
        assert_eq!(token(secure, &[]), None);
    }
}
