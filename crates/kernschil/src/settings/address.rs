//! The setting that says where people reach this installation, for the links in mails.

use std::net::{SocketAddr, ToSocketAddrs};

use kernschil_http::Transport;

use super::Settings;
use crate::exit::Stop;

impl Settings {
    /// Where people reach this installation, without a slash at the end. Without a setting it is where the program
    /// listens, which is right only without https.
    ///
    /// # Errors
    /// [`Stop`] when it is missing or no address.
    pub(crate) fn public_address(&self) -> Result<String, Stop> {
        match (&self.address, self.transport()) {
            (Some(address), transport) => checked(address, transport),
            (None, Transport::Http) => Ok(of_listen(&self.listen)),
            (None, Transport::Https) => {
                let message = "De instelling \"address\" ontbreekt. Geef het adres waarop mensen Kernschil bereiken, zoals https://kernschil.school.nl; het staat in mails.";
                Err(Stop::usage("adres-ontbreekt", message))
            }
        }
    }
}

fn checked(address: &str, transport: Transport) -> Result<String, Stop> {
    let bad = |what: &str| {
        Stop::usage("adres-ongeldig", format!("De instelling \"address\" {what} Schrijf bijvoorbeeld https://kernschil.school.nl."))
    };
    let address = address.trim().trim_end_matches('/');
    let host = match (address.strip_prefix("https://"), address.strip_prefix("http://"), transport) {
        (Some(host), _, _) | (None, Some(host), Transport::Http) => host,
        (None, Some(_), Transport::Https) => return Err(bad("begint niet met https://, en de instelling \"secure_cookies\" staat aan.")),
        (None, None, _) => return Err(bad("begint niet met https:// of http://.")),
    };
    let is_host = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    if is_host { Ok(address.to_owned()) } else { Err(bad("is geen adres van een site zonder pad.")) }
}

/// The address for a browser on this machine.
pub(crate) fn of_socket(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
    }
    format!("http://{address}")
}

/// What is no address to listen on is told by who listens.
fn of_listen(listen: &str) -> String {
    let socket = listen.to_socket_addrs().ok().and_then(|mut sockets| sockets.next());
    socket.map_or_else(|| format!("http://{listen}"), of_socket)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn of(address: Option<&str>, secure_cookies: bool) -> Result<String, String> {
        let address = address.map(str::to_owned);
        let settings = Settings { address, secure_cookies, ..Settings::of_folder(Path::new("x")) };
        settings.public_address().map_err(|stop| stop.code)
    }

    #[test]
    fn an_address_is_a_site_without_a_path() {
        assert_eq!(of(None, false).unwrap(), "http://127.0.0.1:8080");
        assert_eq!(of(Some("https://kernschil.school.nl/"), true).unwrap(), "https://kernschil.school.nl");
        assert_eq!(of(Some("http://10.0.0.7:8080"), false).unwrap(), "http://10.0.0.7:8080");
        assert_eq!(of(Some("http://[::1]:8080"), false).unwrap(), "http://[::1]:8080");
        assert_eq!(of(None, true), Err("adres-ontbreekt".to_owned()));
        for bad in ["", "kernschil.school.nl", "https://", "https://school.nl/kernschil", "https://u:p@school.nl", "https://school.nl?x"] {
            assert_eq!(of(Some(bad), false), Err("adres-ongeldig".to_owned()), "{bad}");
        }
        assert_eq!(of(Some("http://kernschil.school.nl"), true), Err("adres-ongeldig".to_owned()));
    }

    #[test]
    fn who_listens_everywhere_is_reached_here() {
        assert_eq!(of_listen("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(of_listen("[::]:80"), "http://[::1]:80");
    }
}
