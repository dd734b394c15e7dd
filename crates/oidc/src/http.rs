//! Requests to a provider: one at a time, over TLS, never redirected, never long and never large.
//!
//! A sign-in makes two or three requests and a day sees few of them, so there is no pool, no proxy and no cookie. That leaves hyper, which
//! poem brings anyway, and a handshake: about ten crates less than reqwest.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::settings::is_local;

const LARGEST: usize = 256 * 1024;
const LARGEST_HEAD: usize = 32 * 1024;
const LONGEST: Duration = Duration::from_secs(10);
/// One address that drops packets must not use the time of the others.
const LONGEST_CONNECT: Duration = Duration::from_secs(3);

/// Why a request to the provider did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Transport {
    /// The address is not one that may be asked.
    #[error("address is not https")]
    Address,
    /// The name is not known, or nobody answers there.
    #[error("no connection")]
    Connect,
    /// The provider did not prove who it is.
    #[error("TLS refused")]
    Tls,
    /// What came back is not HTTP, or stopped halfway.
    #[error("broken answer")]
    Broken,
    /// The answer is too large.
    #[error("answer too large")]
    TooLarge,
    /// It took too long.
    #[error("timed out")]
    Timeout,
    /// The provider sent us elsewhere.
    #[error("redirect (status {0}) not followed")]
    Redirect(u16),
    /// The provider has a fault of its own.
    #[error("status {0}")]
    Unwell(u16),
}

/// Who asks the provider.
pub(crate) struct Http {
    tls: TlsConnector,
    /// Whether this machine may be asked without TLS: only for a provider that is on it.
    local: bool,
    longest: Duration,
}

impl Http {
    /// For a provider with this issuer; trusts what browsers trust.
    pub(crate) fn new(issuer: &Url) -> Option<Self> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self::trusting(roots, is_local(issuer), LONGEST)
    }

    fn trusting(roots: RootCertStore, local: bool, longest: Duration) -> Option<Self> {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions().ok()?;
        let config = config.with_root_certificates(roots).with_no_client_auth();
        Some(Self { tls: TlsConnector::from(Arc::new(config)), local, longest })
    }

    /// Whether an address may be asked, or a browser sent to it.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        url.has_host() && (url.scheme() == "https" || (self.local && is_local(url)))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Transport> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| Transport::Address)?;
        if !self.allows(&url) {
            return Err(Transport::Address);
        }
        timeout(self.longest, self.exchange(&url, request)).await.map_err(|_| Transport::Timeout)?
    }

    async fn exchange(&self, url: &Url, request: HttpRequest) -> Result<HttpResponse, Transport> {
        let host = url.host_str().ok_or(Transport::Address)?.trim_matches(['[', ']']);
        let tcp = connect(host, url.port_or_known_default().ok_or(Transport::Address)?).await?;
        if url.scheme() != "https" {
            return over(tcp, url, request).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Transport::Address)?;
        over(self.tls.connect(name, tcp).await.map_err(|_| Transport::Tls)?, url, request).await
    }
}

async fn connect(host: &str, port: u16) -> Result<TcpStream, Transport> {
    let addresses: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(|_| Transport::Connect)?.collect();
    for address in addresses {
        if let Ok(Ok(tcp)) = timeout(LONGEST_CONNECT, TcpStream::connect(address)).await {
            return Ok(tcp);
        }
    }
    Err(Transport::Connect)
}

async fn over(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    url: &Url,
    request: HttpRequest,
) -> Result<HttpResponse, Transport> {
    let handshake = http1::Builder::new().max_buf_size(LARGEST_HEAD).handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|_| Transport::Broken)?;
    // Ends with this request, also when that is given up.
    let mut driver = JoinSet::new();
    driver.spawn(connection);

    let response = sender.send_request(as_sent(url, request)?).await.map_err(|_| Transport::Broken)?;
    let (head, body) = response.into_parts();
    match head.status.as_u16() {
        status @ 300..=399 => return Err(Transport::Redirect(status)),
        status @ 500.. => return Err(Transport::Unwell(status)),
        _ => {}
    }
    let body = Limited::new(body, LARGEST).collect().await;
    let body = body.map_err(|error| if error.is::<LengthLimitError>() { Transport::TooLarge } else { Transport::Broken })?;
    Ok(HttpResponse::from_parts(head, body.to_bytes().to_vec()))
}

/// The request as it goes over the wire: the path in the first line, the host in a header.
fn as_sent(url: &Url, request: HttpRequest) -> Result<Request<Full<Bytes>>, Transport> {
    let (mut head, body) = request.into_parts();
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => return Err(Transport::Address),
    };
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = path.parse::<Uri>().map_err(|_| Transport::Address)?;
    head.headers.insert(HOST, HeaderValue::from_str(&host).map_err(|_| Transport::Address)?);
    head.headers.insert(USER_AGENT, HeaderValue::from_static("Kernschil"));
    Ok(Request::from_parts(head, Full::from(body)))
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Transport;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Transport>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

#[cfg(test)]
mod tests;
