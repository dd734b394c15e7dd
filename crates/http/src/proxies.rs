//! What lies between the browser and us: how we are served, and which proxies may speak for others.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use poem::http::HeaderMap;

/// How browsers reach us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Without encryption: on the machine itself.
    Http,
    /// Encrypted, by a proxy in front of us.
    Https,
}

/// Proxies whose `X-Forwarded-*` headers are believed. Nobody's are, unless configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

/// Addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| ())?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| ())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most { Err(()) } else { Ok(Self { address, bits }) }
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits,
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits,
            _ => false,
        }
    }
}

impl TrustedProxies {
    /// Reads addresses (`10.0.0.7`) and networks (`10.0.0.0/8`).
    ///
    /// # Errors
    /// The first text that is neither.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, String> {
        let networks = texts.iter().map(|text| text.as_ref().parse().map_err(|()| text.as_ref().to_owned()));
        Ok(Self(networks.collect::<Result<_, _>>()?))
    }

    /// Whether the other end of a connection is one of them.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address.to_canonical()))
    }

    /// Where a request comes from: the other end of the connection, or the last address in
    /// `X-Forwarded-For` that is not a trusted proxy.
    pub(crate) fn client(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        let forwarded: Vec<_> =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
        for hop in forwarded.into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        headers
    }

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let peer = Some(SocketAddr::new(peer.parse().unwrap(), 40_000));
        TrustedProxies::parse(trusted).unwrap().client(peer, &headers(forwarded)).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(client(&[], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_says_who_came_and_what_the_client_added_is_ignored() {
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.7", &["6.6.6.6, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.7", &["6.6.6.6", "198.51.100.1, 10.0.0.8"]), "198.51.100.1");
        assert_eq!(client(&["10.0.0.0/8"], "::ffff:10.0.0.7", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.7", &["nonsense"]), "10.0.0.7");
        assert_eq!(client(&["::1"], "::1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn what_is_no_address_or_network_is_named() {
        for bad in ["", "10.0.0", "10.0.0.0/33", "::1/129", "10.0.0.0/x", "proxy.example"] {
            assert_eq!(TrustedProxies::parse(&["127.0.0.1", bad]), Err(bad.to_owned()));
        }
    }
}
