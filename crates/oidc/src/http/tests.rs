use std::net::Ipv4Addr;

use openidconnect::http::Request;
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::*;

const SHORT: Duration = Duration::from_millis(300);

fn http(roots: RootCertStore) -> Http {
    Http::trusting(roots, true, SHORT).unwrap()
}

async fn get(http: &Http, url: &str) -> Result<HttpResponse, Transport> {
    http.call(Request::get(url).body(Vec::new()).unwrap()).await
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Answers every request with these bytes, whatever it is.
async fn answering(bytes: Vec<u8>) -> u16 {
    let (listener, port) = listen().await;
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let _ = tcp.read(&mut [0; 4096]).await;
            let _ = tcp.write_all(&bytes).await;
        }
    });
    port
}

/// Speaks TLS with a certificate of its own for a name; answers with the request it got.
async fn secure(name: &str) -> (u16, CertificateDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let certificate: CertificateDer<'static> = CertificateParams::new([name.to_owned()]).unwrap().self_signed(&key).unwrap().into();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions().unwrap();
    let private = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.clone()], private).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (listener, port) = listen().await;
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let Ok(mut tls) = acceptor.accept(tcp).await else { continue };
            let mut request = vec![0; 4096];
            let read = tls.read(&mut request).await.unwrap_or_default();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {read}\r\n\r\n");
            let _ = tls.write_all(head.as_bytes()).await;
            let _ = tls.write_all(&request[..read]).await;
            let _ = tls.shutdown().await;
        }
    });
    (port, certificate)
}

fn only(certificate: CertificateDer<'static>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    roots
}

#[tokio::test]
async fn a_provider_that_proves_who_it_is_is_asked() {
    let (port, certificate) = secure("localhost").await;
    let answer = get(&http(only(certificate)), &format!("https://localhost:{port}/a/b?c=d")).await.unwrap();
    let request = String::from_utf8(answer.into_body()).unwrap();
    assert!(request.starts_with("GET /a/b?c=d HTTP/1.1\r\n"), "{request}");
    assert!(request.to_lowercase().contains(&format!("host: localhost:{port}\r\n")), "{request}");
}

#[tokio::test]
async fn a_provider_that_does_not_is_not() {
    let (port, _) = secure("localhost").await;
    let browsers = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    assert_eq!(get(&http(browsers), &format!("https://localhost:{port}/")).await.unwrap_err(), Transport::Tls);

    let (port, certificate) = secure("elders.example.nl").await;
    assert_eq!(get(&http(only(certificate)), &format!("https://localhost:{port}/")).await.unwrap_err(), Transport::Tls);

    let port = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec()).await;
    assert_eq!(get(&http(RootCertStore::empty()), &format!("https://localhost:{port}/")).await.unwrap_err(), Transport::Tls);
}

#[tokio::test]
async fn without_tls_only_this_machine_is_asked_and_only_for_a_provider_on_it() {
    let port = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec()).await;
    let url = format!("http://127.0.0.1:{port}/");
    assert_eq!(get(&http(RootCertStore::empty()), &url).await.unwrap().into_body(), b"ok");
    let elsewhere = Http::new(&Url::parse("https://connect.example.nl").unwrap()).unwrap();
    assert_eq!(get(&elsewhere, &url).await.unwrap_err(), Transport::Address);
    for address in ["http://example.nl/", "http://[::1]/", "http://169.254.169.254/"] {
        assert_eq!(get(&http(RootCertStore::empty()), address).await.unwrap_err(), Transport::Address, "{address}");
    }
}

#[tokio::test]
async fn what_does_not_answer_well_is_given_up() {
    let large = [&b"HTTP/1.1 200 OK\r\n\r\n"[..], &vec![b'x'; LARGEST + 1]].concat();
    let large_head = [&b"HTTP/1.1 200 OK\r\na: "[..], &vec![b'x'; LARGEST_HEAD * 2], b"\r\n\r\n"].concat();
    let cases = [
        (large, Transport::TooLarge),
        (large_head, Transport::Broken),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec(), Transport::Broken),
        (b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), Transport::Broken),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n".to_vec(), Transport::Redirect(302)),
        (b"HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n".to_vec(), Transport::Unwell(503)),
    ];
    for (answer, expected) in cases {
        let port = answering(answer).await;
        assert_eq!(get(&http(RootCertStore::empty()), &format!("http://localhost:{port}/")).await.unwrap_err(), expected);
    }
}

#[tokio::test]
async fn what_does_not_answer_at_all_is_given_up() {
    let (listener, port) = listen().await;
    let url = format!("http://127.0.0.1:{port}/");
    assert_eq!(get(&http(RootCertStore::empty()), &url).await.unwrap_err(), Transport::Timeout);
    drop(listener);
    assert_eq!(get(&http(RootCertStore::empty()), &url).await.unwrap_err(), Transport::Connect);
}
