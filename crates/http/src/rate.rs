//! How often somebody may try to sign in.
//!
//! Who guesses is stopped by network address and by account. That would let anybody keep somebody else out, by guessing
//! at her account until nobody may try any more. Therefore a browser in which the owner signed in before has turns of its
//! own: it brings a cookie that nobody else has (device cookies, as OWASP describes them).

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernschil_app::access::{self, Account};
use kernschil_domain::ids::UserId;
use poem::{FromRequest, Request, RequestBody};

use crate::cookie::DeviceCookie;
use crate::failure::Failure;
use crate::layers::Http;

const fn times(count: u32) -> NonZeroU32 {
    // Every count below is more than nothing.
    NonZeroU32::MIN.saturating_add(count.saturating_sub(1))
}

/// Attempts from one network address: a whole school may be behind it, on the first morning.
const BY_ADDRESS: Quota = Quota::per_minute(times(30));
/// Attempts on one account from browsers that are not known there, or from one that is: ten at once, then one a minute.
const BY_ACCOUNT: Quota = Quota::per_hour(times(60)).allow_burst(times(10));
/// Links by mail to one account.
const LINKS: Quota = Quota::per_hour(times(3));
/// Going to a provider and coming back, from one network address.
const TRIPS: Quota = Quota::per_minute(times(60));
/// Refusals from one network address that are noted in the log of who did what.
const NOTED: Quota = Quota::per_minute(times(120));
/// With more keys than this in memory, those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// Turns for whoever has a key.
struct Turns<K: Hash + Eq + Clone> {
    clock: DefaultClock,
    limiter: DefaultKeyedRateLimiter<K>,
}

impl<K: Hash + Eq + Clone> Turns<K> {
    fn new(quota: Quota) -> Self {
        Self { clock: DefaultClock::default(), limiter: RateLimiter::keyed(quota) }
    }

    fn take(&self, key: &K) -> Result<(), Failure> {
        if self.limiter.len() > REMEMBERED {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|not| {
            let wait = not.wait_time_from(self.clock.now());
            Failure::TooMany { seconds: wait.as_secs().saturating_add(1) }
        })
    }
}

/// What is tried; each has turns of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Attempt {
    /// A password at the door.
    Password,
    /// A second factor.
    Code,
    /// A password or code of who is signed in already.
    Proof,
    /// Something else that strangers may do, such as following a link from a mail.
    Visit,
}

/// Where somebody tries from.
#[derive(Debug, Clone, Copy)]
enum From<'a> {
    /// A browser that is known for this account, by its token.
    Known(&'a str),
    /// Any other, by its network address.
    Anywhere(IpAddr),
}

/// Whether a link may be mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It may.
    Free,
    /// This account got enough of them lately; the last one still works.
    Spent,
}

/// Counts attempts to sign in.
pub struct SignInLimiter {
    addresses: Turns<IpAddr>,
    accounts: Turns<(Attempt, String)>,
    devices: Turns<(Attempt, String)>,
    links: Turns<String>,
    trips: Turns<IpAddr>,
    refusals: Turns<IpAddr>,
}

impl Default for SignInLimiter {
    fn default() -> Self {
        Self {
            addresses: Turns::new(BY_ADDRESS),
            accounts: Turns::new(BY_ACCOUNT),
            devices: Turns::new(BY_ACCOUNT),
            links: Turns::new(LINKS),
            trips: Turns::new(TRIPS),
            refusals: Turns::new(NOTED),
        }
    }
}

impl SignInLimiter {
    fn attempt(&self, what: Attempt, from: From<'_>, account: &str) -> Result<(), Failure> {
        match from {
            From::Known(device) => self.devices.take(&(what, device.to_owned())),
            From::Anywhere(address) => {
                self.addresses.take(&network(address))?;
                self.accounts.take(&(what, folded(account)))
            }
        }
    }

    fn link(&self, address: IpAddr, account: &str) -> Result<Turn, Failure> {
        self.addresses.take(&network(address))?;
        Ok(if self.links.take(&folded(account)).is_ok() { Turn::Free } else { Turn::Spent })
    }

    /// Whether a refusal from an address may still be noted in the log of who did what.
    pub(crate) fn may_note(&self, address: IpAddr) -> bool {
        self.refusals.take(&network(address)).is_ok()
    }
}

/// One household or school has a whole range of IPv6 addresses; they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// An account as it was typed, however that was.
fn folded(account: &str) -> String {
    account.trim().chars().take(254).flat_map(char::to_lowercase).collect()
}

/// Argument of a handler in which somebody proves who she is: it must ask before it looks at what she brings.
pub struct SignInGuard {
    http: Arc<Http>,
    address: IpAddr,
    device: DeviceCookie,
}

impl SignInGuard {
    /// Counts something that strangers may do, such as following a link from a mail, by network address and by what it is
    /// about.
    ///
    /// # Errors
    /// [`Failure::TooMany`] with the seconds to wait.
    pub fn attempt(&self, what: &str) -> Result<(), Failure> {
        self.http.limiter.attempt(Attempt::Visit, From::Anywhere(self.address), what)
    }

    /// Counts going to a provider or coming back from one: guessing at passwords is for the provider to count.
    ///
    /// # Errors
    /// [`Failure::TooMany`] with the seconds to wait.
    pub fn trip(&self) -> Result<(), Failure> {
        self.http.limiter.trips.take(&network(self.address))
    }

    /// Counts an attempt to sign in with a password.
    ///
    /// # Errors
    /// [`Failure::TooMany`] with the seconds to wait; [`Failure::App`] when the database fails.
    pub async fn password(&self, email: &str) -> Result<(), Failure> {
        let from = self.from(Account::Email(email)).await?;
        self.http.limiter.attempt(Attempt::Password, from, email)
    }

    /// Counts an attempt to give a second factor.
    ///
    /// # Errors
    /// [`Failure::TooMany`] with the seconds to wait; [`Failure::App`] when the database fails.
    pub async fn code(&self, user: Option<UserId>) -> Result<(), Failure> {
        let Some(user) = user else { return self.attempt("") };
        let from = self.from(Account::Id(user)).await?;
        self.http.limiter.attempt(Attempt::Code, from, &user.to_string())
    }

    /// Counts an attempt of somebody who is signed in to prove again who she is.
    ///
    /// # Errors
    /// [`Failure::TooMany`] with the seconds to wait.
    pub fn proof(&self, user: Option<UserId>) -> Result<(), Failure> {
        let user = user.map(|user| user.to_string()).unwrap_or_default();
        self.http.limiter.attempt(Attempt::Proof, From::Anywhere(self.address), &user)
    }

    /// Counts somebody who asks for a link by mail. Whether the account got enough of them is not for her to know.
    ///
    /// # Errors
    /// [`Failure::TooMany`] with the seconds to wait, by network address.
    pub fn link(self, email: &str) -> Result<Turn, Failure> {
        self.http.limiter.link(self.address, email)
    }

    async fn from(&self, account: Account<'_>) -> Result<From<'_>, Failure> {
        Ok(match self.device.brought() {
            Some(device) if access::knows_device(&self.http.app, account, device).await? => From::Known(device),
            Some(_) | None => From::Anywhere(self.address),
        })
    }
}

impl<'a> FromRequest<'a> for SignInGuard {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let http = Arc::clone(Http::of(req)?);
        let address = http.proxies.client(req.remote_addr().as_socket_addr().copied(), req.headers());
        let device = DeviceCookie::of(http.transport, req.headers());
        Ok(Self { http, address, device })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(limiter: &SignInLimiter, address: &str, account: &str) -> Result<(), Failure> {
        limiter.attempt(Attempt::Password, From::Anywhere(address.parse().unwrap()), account)
    }

    fn let_in(times: usize, attempt: impl Fn(usize) -> Result<(), Failure>) -> usize {
        (0..times).filter(|n| attempt(*n).is_ok()).count()
    }

    #[test]
    fn thirty_attempts_an_address_whatever_the_account() {
        let limiter = SignInLimiter::default();
        assert_eq!(let_in(40, |n| stranger(&limiter, "203.0.113.9", &format!("{n}@school.nl"))), 30);
        assert!(stranger(&limiter, "203.0.113.10", "x@school.nl").is_ok());
    }

    #[test]
    fn ten_attempts_an_account_whatever_the_address_and_the_capitals() {
        let limiter = SignInLimiter::default();
        let account = |n: usize| if n.is_multiple_of(2) { "a@school.nl" } else { " A@School.NL" };
        assert_eq!(let_in(200, |n| stranger(&limiter, &format!("203.0.113.{n}"), account(n))), 10);
    }

    #[test]
    fn who_is_known_has_turns_of_her_own_and_not_without_end() {
        let limiter = SignInLimiter::default();
        assert_eq!(let_in(200, |n| stranger(&limiter, &format!("203.0.113.{n}"), "a@school.nl")), 10);
        assert_eq!(let_in(20, |_| limiter.attempt(Attempt::Password, From::Known("mine"), "a@school.nl")), 10);
        assert_eq!(let_in(20, |_| limiter.attempt(Attempt::Password, From::Known("hers"), "a@school.nl")), 10);
    }

    #[test]
    fn who_guesses_at_passwords_uses_up_no_codes() {
        let limiter = SignInLimiter::default();
        assert_eq!(let_in(20, |n| stranger(&limiter, &format!("203.0.113.{n}"), "a")), 10);
        assert!(limiter.attempt(Attempt::Code, From::Anywhere("203.0.113.99".parse().unwrap()), "a").is_ok());
    }

    #[test]
    fn a_range_of_ipv6_addresses_counts_as_one_and_the_wait_is_told() {
        let limiter = SignInLimiter::default();
        assert_eq!(let_in(40, |n| stranger(&limiter, &format!("2001:db8::{n}"), &format!("{n}@school.nl"))), 30);
        let refused = stranger(&limiter, "2001:db8::99", "q@school.nl");
        assert!(matches!(refused, Err(Failure::TooMany { seconds: 1..=3 })), "{refused:?}");
    }

    #[test]
    fn sixty_trips_an_address_and_no_attempts_are_used_up_by_them() {
        let limiter = SignInLimiter::default();
        let address = network("203.0.113.9".parse().unwrap());
        assert_eq!(let_in(80, |_| limiter.trips.take(&address)), 60);
        assert_eq!(let_in(80, |n| stranger(&limiter, "203.0.113.9", &format!("{n}@school.nl"))), 30);
    }

    #[test]
    fn three_links_an_account_and_nobody_is_told_that_it_was_enough() {
        let limiter = SignInLimiter::default();
        let turns: Vec<_> = (0..5).map(|n| limiter.link(format!("203.0.113.{n}").parse().unwrap(), "a@school.nl").unwrap()).collect();
        assert_eq!(turns, [Turn::Free, Turn::Free, Turn::Free, Turn::Spent, Turn::Spent]);
        assert_eq!(let_in(40, |n| limiter.link("198.51.100.7".parse().unwrap(), &n.to_string()).map(drop)), 30);
    }
}
