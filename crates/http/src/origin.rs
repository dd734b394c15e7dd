//! Whether a request that changes something comes from our own pages.
//!
//! A browser says so itself: `Sec-Fetch-Site`, or else `Origin` beside `Host`. A request with neither
//! header does not come from a browser that another site could misuse.

use std::net::SocketAddr;

use poem::Request;
use poem::http::header::{HOST, ORIGIN};
use poem::http::uri::Authority;
use poem::http::{HeaderMap, Uri};

use crate::failure::Failure;
use crate::proxies::{Transport, TrustedProxies};

/// What we are called: host and port as the browser sees them.
pub(crate) fn own_authority(req: &Request, proxies: &TrustedProxies) -> Option<Authority> {
    let peer = req.remote_addr().as_socket_addr().copied();
    own_authority_of(req.headers(), req.uri(), peer, proxies)
}

fn own_authority_of(headers: &HeaderMap, uri: &Uri, peer: Option<SocketAddr>, proxies: &TrustedProxies) -> Option<Authority> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if peer.is_some_and(|peer| proxies.trusts(peer.ip()))
        && let Some(host) = text("x-forwarded-host").and_then(|hosts| hosts.split(',').next())
    {
        return host.trim().parse().ok();
    }
    match text(HOST.as_str()) {
        Some(host) => host.parse().ok(),
        None => uri.authority().cloned(),
    }
}

/// Refuses a request that another site made.
pub(crate) fn require_own_site(req: &Request, transport: Transport, proxies: &TrustedProxies) -> Result<(), Failure> {
    if is_own_site(req.headers(), own_authority(req, proxies).as_ref(), transport) { Ok(()) } else { Err(Failure::CrossSite) }
}

fn is_own_site(headers: &HeaderMap, own: Option<&Authority>, transport: Transport) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    if let Some(site) = sites.next() {
        return sites.next().is_none() && (site == "same-origin" || site == "none");
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    if origins.next().is_some() {
        return false;
    }
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let Some((origin, own)) = origin.zip(own) else { return false };
    let (Some(scheme), Some(authority)) = (origin.scheme_str(), origin.authority()) else { return false };
    let default_port = match scheme {
        "https" => 443,
        "http" if transport == Transport::Http => 80,
        _ => return false,
    };
    let port = |authority: &Authority| authority.port_u16().unwrap_or(default_port);
    authority.host().eq_ignore_ascii_case(own.host()) && port(authority) == port(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &str)], host: &str, transport: Transport) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        is_own_site(&headers, Some(&host.parse().unwrap()), transport)
    }

    #[test]
    fn the_browsers_own_word_decides() {
        for (site, expected) in [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)] {
            assert_eq!(own(&[("sec-fetch-site", site)], "kernschil.example", Transport::Https), expected, "{site}");
        }
        assert!(!own(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], "a.example", Transport::Https));
    }

    #[test]
    fn else_the_origin_must_be_our_host() {
        for (origin, host, transport, expected) in [
            ("https://kernschil.example", "kernschil.example", Transport::Https, true),
            ("https://Kernschil.example", "kernschil.example:443", Transport::Https, true),
            ("http://127.0.0.1:8080", "127.0.0.1:8080", Transport::Http, true),
            ("http://[::1]:8080", "[::1]:8080", Transport::Http, true),
            ("http://kernschil.example", "kernschil.example", Transport::Https, false),
            ("http://127.0.0.1:8081", "127.0.0.1:8080", Transport::Http, false),
            ("https://evil.example", "kernschil.example", Transport::Https, false),
            ("https://kernschil.example.evil.example", "kernschil.example", Transport::Https, false),
            ("https://kernschil.example@evil.example", "kernschil.example", Transport::Https, false),
            ("null", "kernschil.example", Transport::Https, false),
            ("", "kernschil.example", Transport::Https, false),
            ("file://kernschil.example", "kernschil.example", Transport::Http, false),
        ] {
            assert_eq!(own(&[("origin", origin)], host, transport), expected, "{origin} at {host}");
        }
    }

    #[test]
    fn a_program_without_either_header_is_let_through() {
        assert!(own(&[], "kernschil.example", Transport::Https));
    }

    #[test]
    fn only_a_trusted_proxy_says_what_we_are_called() {
        let proxies = TrustedProxies::parse(&["10.0.0.7"]).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("host", "127.0.0.1:8080".parse().unwrap());
        headers.insert("x-forwarded-host", "kernschil.example".parse().unwrap());
        let called = |peer: &str| own_authority_of(&headers, &Uri::default(), Some(SocketAddr::new(peer.parse().unwrap(), 1)), &proxies);
        assert_eq!(called("10.0.0.7").unwrap(), "kernschil.example");
        assert_eq!(called("10.0.0.8").unwrap(), "127.0.0.1:8080");
    }
}
