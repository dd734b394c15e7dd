//! A provider that says what a test tells it to say.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use kernschil_oidc::{Begun, Identity, OidcError, Provider};
use openidconnect::url::Url;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The moment at which everything here happens.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// Subject of everybody here.
pub(crate) const SUBJECT: &str = "0f3a9c";
/// Access token of everybody here.
pub(crate) const ACCESS_TOKEN: &str = "toegang";

type Answers = Arc<Mutex<HashMap<String, (String, String)>>>;
type Asked = Arc<Mutex<Vec<String>>>;

/// A provider on a port of its own.
pub(crate) struct Fake {
    pub(crate) issuer: String,
    answers: Answers,
    asked: Asked,
}

impl Fake {
    /// One that does everything as it should.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let fake = Self {
            issuer: format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port()),
            answers: Answers::default(),
            asked: Asked::default(),
        };
        fake.discovery(|_| {});
        fake.json("/jwks", &json!({ "keys": [Signer::new(1).jwk("een")] }));
        fake.json("/userinfo", &json!({ "sub": SUBJECT }));
        let (answers, asked) = (Arc::clone(&fake.answers), Arc::clone(&fake.asked));
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                tokio::spawn(serve(tcp, Arc::clone(&answers), Arc::clone(&asked)));
            }
        });
        fake
    }

    /// What it says of itself, as `OpenConext` does, with a change.
    pub(crate) fn discovery(&self, change: impl FnOnce(&mut Value)) {
        let issuer = &self.issuer;
        let mut metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code", "token", "id_token", "code token", "code id_token", "token id_token", "code token id_token"],
            "response_modes_supported": ["fragment", "query", "form_post"],
            "grant_types_supported": ["authorization_code", "implicit", "urn:ietf:params:oauth:grant-type:device_code"],
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"],
            "claims_supported": ["sub", "schac_home_organization"],
        });
        change(&mut metadata);
        self.json("/.well-known/openid-configuration", &metadata);
    }

    /// Answers a path with JSON.
    pub(crate) fn json(&self, path: &str, body: &Value) {
        self.answer(path, "200 OK\r\ncontent-type: application/json;charset=UTF-8", &body.to_string());
    }

    /// Answers a path with a status and headers, and a body.
    pub(crate) fn answer(&self, path: &str, head: &str, body: &str) {
        self.answers.lock().unwrap().insert(path.to_owned(), (head.to_owned(), body.to_owned()));
    }

    /// Answers the token endpoint with this ID token.
    pub(crate) fn id_token(&self, token: &str) {
        self.json("/token", &json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 3600, "id_token": token }));
    }

    /// The claims of an ID token that is right.
    pub(crate) fn claims(&self, begun: &Begun) -> Value {
        let now = now().timestamp();
        json!({ "iss": self.issuer, "sub": SUBJECT, "aud": ["kernschil"], "exp": now + 3600, "iat": now, "nonce": begun.nonce })
    }

    /// A sign-in with an ID token that is right but for a change.
    pub(crate) async fn sign_in(&self, provider: &Provider, change: impl FnOnce(&mut Value)) -> Result<Identity, OidcError> {
        let begun = provider.begin(super::REDIRECT, now()).await?;
        let mut claims = self.claims(&begun);
        change(&mut claims);
        self.id_token(&Signer::new(1).token(&json!({ "alg": "EdDSA", "kid": "een", "typ": "JWT" }), &claims));
        provider.finish(&super::with_code(&begun, "code"), super::expected(&begun), now()).await
    }

    /// The requests for a path, as they came in.
    pub(crate) fn asked(&self, path: &str) -> Vec<String> {
        let line = format!(" {path} HTTP/1.1\r\n");
        self.asked.lock().unwrap().iter().filter(|request| request.contains(&line)).cloned().collect()
    }
}

async fn serve(mut tcp: TcpStream, answers: Answers, asked: Asked) {
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                let path = head.split(' ').nth(1).unwrap_or_default();
                let answer = answers.lock().unwrap().get(path).cloned();
                let (head, body) = answer.unwrap_or_else(|| ("404 Not Found".to_owned(), String::new()));
                asked.lock().unwrap().push(text);
                let answer = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
                let _ = tcp.write_all(answer.as_bytes()).await;
                return;
            }
        }
        match tcp.read(&mut piece).await {
            Ok(read @ 1..) => request.extend_from_slice(&piece[..read]),
            _ => return,
        }
    }
}

/// Bytes as they stand in a token.
pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64.encode(bytes)
}

/// Header and claims as they stand in a token, before the signature.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(header.to_string()), base64(claims.to_string()))
}

/// Somebody with a key.
pub(crate) struct Signer(Ed25519KeyPair);

impl Signer {
    /// The same number, the same key.
    pub(crate) fn new(number: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[number; 32]).unwrap())
    }

    /// The public key.
    pub(crate) fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// The public key as a provider shows it.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": base64(self.public()) })
    }

    /// A signed token.
    pub(crate) fn token(&self, header: &Value, claims: &Value) -> String {
        let signed = unsigned(header, claims);
        let signature = base64(self.0.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

/// What an address asks for.
pub(crate) fn query(address: &str) -> HashMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}
