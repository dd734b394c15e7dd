//! What the API and the screens share: who asks, and what holds for every request.
//!
//! [`wrap`] puts the same layers around every endpoint; `layers` shows them in order. The extractors
//! [`Caller`], [`SessionCookie`], [`SignInGuard`] and [`RequestId`] give handlers what the layers found.
//! A handler answers [`Failure`]; [`wrap`] makes a problem (RFC 9457) or a page of it.

mod allow;
mod body;
mod browser;
mod caller;
mod cookie;
mod csrf;
mod doors;
mod errors;
mod failure;
mod headers;
mod layers;
mod log;
mod origin;
mod problem;
mod proxies;
mod rate;
mod refusals;
mod return_path;
mod typed;
mod words;

pub use allow::{Methods, get, post};
pub use browser::Browser;
pub use caller::{Caller, Halfway, Way};
pub use cookie::{AwayCookie, DeviceCookie, ResetCookie, SessionCookie};
pub use doors::{Door, LOADING, PageDoor, Pages, WORK};
pub use errors::ErrorView;
pub use failure::Failure;
pub use layers::{Http, RequestId, wrap};
pub use problem::{Problem, ProblemError};
pub use proxies::{Transport, TrustedProxies};
pub use rate::{SignInGuard, SignInLimiter, Turn};
pub use return_path::{return_path, sign_in_address};
pub use typed::{TypedText, gives_back};
pub use words::is_address_word;

/// Largest body of a request that brings a file, in bytes.
pub const UPLOAD_BYTES: usize = 20 * 1024 * 1024;
/// Largest body of any other request, in bytes.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Path under which the API lives; errors there are problems, not pages.
pub const API_PREFIX: &str = "/api/";
/// Page to sign in on.
pub const SIGN_IN_PATH: &str = "/inloggen";
/// Page to give the second factor on.
pub const SECOND_FACTOR_PATH: &str = "/inloggen/tweede-factor";
/// Page for the first account.
pub const FIRST_RUN_PATH: &str = "/eerste-keer";
/// Path of the files that go with the pages.
pub const ASSETS_PREFIX: &str = "/assets/";
/// Name of the form field with the token that only our own pages know.
pub const CSRF_FIELD: &str = "csrf";
/// Name of the header that may carry that token instead.
pub const CSRF_HEADER: &str = "x-csrf-token";
