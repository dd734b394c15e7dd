//! How often somebody may try to sign in: by network address, and by account.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use poem::{FromRequest, Request, RequestBody};

use crate::failure::Failure;
use crate::layers::Http;

/// Attempts a minute, per address and per account.
const PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// Refusals a minute, per address, that are noted in the log of who did what.
const NOTED_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(119);
/// With more addresses or accounts than this in memory, those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts attempts to sign in.
pub struct SignInLimiter {
    clock: DefaultClock,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    by_account: DefaultKeyedRateLimiter<String>,
    refusals: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for SignInLimiter {
    fn default() -> Self {
        let quota = Quota::per_minute(PER_MINUTE);
        Self {
            clock: DefaultClock::default(),
            by_address: RateLimiter::keyed(quota),
            by_account: RateLimiter::keyed(quota),
            refusals: RateLimiter::keyed(Quota::per_minute(NOTED_PER_MINUTE)),
        }
    }
}

impl SignInLimiter {
    /// Counts an attempt.
    ///
    /// # Errors
    /// [`Failure::TooMany`] with the seconds to wait.
    pub fn attempt(&self, address: IpAddr, account: &str) -> Result<(), Failure> {
        if self.by_address.len() > REMEMBERED {
            self.by_address.retain_recent();
        }
        if self.by_account.len() > REMEMBERED {
            self.by_account.retain_recent();
        }
        self.by_address.check_key(&network(address)).map_err(|not| self.wait(&not))?;
        let account: String = account.trim().chars().take(254).flat_map(char::to_lowercase).collect();
        self.by_account.check_key(&account).map_err(|not| self.wait(&not))
    }

    /// Whether a refusal from an address may still be noted in the log of who did what.
    pub(crate) fn may_note(&self, address: IpAddr) -> bool {
        if self.refusals.len() > REMEMBERED {
            self.refusals.retain_recent();
        }
        self.refusals.check_key(&network(address)).is_ok()
    }

    fn wait(&self, not: &governor::NotUntil<<DefaultClock as Clock>::Instant>) -> Failure {
        let wait = not.wait_time_from(self.clock.now());
        Failure::TooMany { seconds: wait.as_secs().saturating_add(1) }
    }
}

/// One household or school has a whole range of IPv6 addresses; they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// Argument of a handler that signs somebody in: it must ask before it looks at the password.
pub struct SignInGuard {
    http: Arc<Http>,
    address: IpAddr,
}

impl SignInGuard {
    /// Counts an attempt for an account.
    ///
    /// # Errors
    /// [`Failure::TooMany`] with the seconds to wait.
    pub fn attempt(self, account: &str) -> Result<(), Failure> {
        self.http.limiter.attempt(self.address, account)
    }
}

impl<'a> FromRequest<'a> for SignInGuard {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let http = Arc::clone(Http::of(req)?);
        let address = http.proxies.client(req.remote_addr().as_socket_addr().copied(), req.headers());
        Ok(Self { http, address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(limiter: &SignInLimiter, times: usize, attempt: impl Fn(usize) -> (String, String)) -> Vec<bool> {
        let outcome = |n| {
            let (address, account) = attempt(n);
            limiter.attempt(address.parse().unwrap(), &account).is_ok()
        };
        (0..times).map(outcome).collect()
    }

    #[test]
    fn ten_attempts_an_address_whatever_the_account() {
        let limiter = SignInLimiter::default();
        let outcomes = tried(&limiter, 11, |n| ("203.0.113.9".to_owned(), format!("{n}@school.nl")));
        assert_eq!(outcomes, [vec![true; 10], vec![false]].concat());
        assert!(limiter.attempt("203.0.113.10".parse().unwrap(), "x@school.nl").is_ok());
    }

    #[test]
    fn ten_attempts_an_account_whatever_the_address_and_the_capitals() {
        let limiter = SignInLimiter::default();
        let outcomes =
            tried(&limiter, 11, |n| (format!("203.0.113.{n}"), if n % 2 == 0 { "a@school.nl" } else { " A@School.NL" }.to_owned()));
        assert_eq!(outcomes, [vec![true; 10], vec![false]].concat());
    }

    #[test]
    fn a_range_of_ipv6_addresses_counts_as_one_and_the_wait_is_told() {
        let limiter = SignInLimiter::default();
        let outcomes = tried(&limiter, 11, |n| (format!("2001:db8::{n}"), format!("{n}@school.nl")));
        assert_eq!(outcomes, [vec![true; 10], vec![false]].concat());
        let refused = limiter.attempt("2001:db8::99".parse().unwrap(), "q@school.nl");
        assert!(matches!(refused, Err(Failure::TooMany { seconds: 1..=7 })), "{refused:?}");
    }
}
