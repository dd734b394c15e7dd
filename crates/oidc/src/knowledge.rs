//! What we know of a provider: read when it is first needed, kept for an hour, and its keys read again when a token has an unknown one.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::url::Url;
use openidconnect::{DiscoveryError, IssuerUrl, JsonWebKeySet, UserInfoUrl};
use tokio::sync::Mutex;

use crate::claims::Metadata;
use crate::error::{MetadataFault, OidcError, Step};
use crate::http::{Http, Transport};

const KEPT: TimeDelta = TimeDelta::hours(1);
/// A provider that is down is not asked again for every user who tries.
const REST_AFTER_FAILURE: TimeDelta = TimeDelta::seconds(5);
const REST_BETWEEN_KEYS: TimeDelta = TimeDelta::seconds(30);

/// What we know of one provider.
#[derive(Default)]
pub(crate) struct Knowledge {
    // Held while the provider is asked, so that many users at once ask it once.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: Option<Known>,
    failed: Option<(DateTime<Utc>, OidcError)>,
}

struct Known {
    metadata: Arc<Metadata>,
    read: DateTime<Utc>,
    keys_read: DateTime<Utc>,
}

impl Knowledge {
    /// What the provider says of itself.
    pub(crate) async fn metadata(&self, issuer: &IssuerUrl, http: &Http, now: DateTime<Utc>) -> Result<Arc<Metadata>, OidcError> {
        let mut state = self.state.lock().await;
        if let Some(known) = state.known.as_ref().filter(|known| within(known.read, KEPT, now)) {
            return Ok(Arc::clone(&known.metadata));
        }
        if let Some((_, error)) = state.failed.as_ref().filter(|(at, _)| within(*at, REST_AFTER_FAILURE, now)) {
            return Err(error.clone());
        }
        match discover(issuer, http).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *state = State { known: Some(Known { metadata: Arc::clone(&metadata), read: now, keys_read: now }), failed: None };
                Ok(metadata)
            }
            Err(error) => {
                state.failed = Some((now, error.clone()));
                Err(error)
            }
        }
    }

    /// With the keys of this moment, for a token whose key is not in `seen`; `None` when they were just read.
    pub(crate) async fn newer_keys(
        &self,
        seen: &Arc<Metadata>,
        http: &Http,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Metadata>>, OidcError> {
        let mut state = self.state.lock().await;
        let Some(known) = &mut state.known else { return Ok(None) };
        if !Arc::ptr_eq(&known.metadata, seen) {
            return Ok(Some(Arc::clone(&known.metadata)));
        }
        if within(known.keys_read, REST_BETWEEN_KEYS, now) {
            return Ok(None);
        }
        known.keys_read = now;
        let keys = JsonWebKeySet::fetch_async(seen.jwks_uri(), http).await.map_err(|error| failure(Step::Keys, &error))?;
        known.metadata = Arc::new(Metadata::clone(seen).set_jwks(keys));
        Ok(Some(Arc::clone(&known.metadata)))
    }
}

/// A clock that was set back must not keep something for longer.
fn within(start: DateTime<Utc>, length: TimeDelta, now: DateTime<Utc>) -> bool {
    (TimeDelta::zero()..length).contains(&(now - start))
}

async fn discover(issuer: &IssuerUrl, http: &Http) -> Result<Metadata, OidcError> {
    let metadata = Metadata::discover_async(issuer.clone(), http).await.map_err(|error| failure(Step::Discovery, &error))?;
    let token = metadata.token_endpoint().ok_or(OidcError::Metadata(MetadataFault::TokenEndpoint))?;
    let userinfo = metadata.userinfo_endpoint().map(UserInfoUrl::url);
    let endpoints: [Option<&Url>; 4] =
        [Some(metadata.authorization_endpoint().url()), Some(token.url()), userinfo, Some(metadata.jwks_uri().url())];
    if !endpoints.into_iter().flatten().all(|endpoint| http.allows(endpoint)) {
        return Err(OidcError::Metadata(MetadataFault::Endpoint));
    }
    Ok(metadata)
}

fn failure(step: Step, error: &DiscoveryError<Transport>) -> OidcError {
    match error {
        DiscoveryError::Request(transport) => OidcError::Unreachable(step, *transport),
        DiscoveryError::Validation(_) => OidcError::Metadata(MetadataFault::Issuer),
        _ => OidcError::Unreadable(step),
    }
}
