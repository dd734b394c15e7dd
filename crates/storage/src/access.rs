//! Accounts and how people sign in: sessions, logins at providers, second factors, links by mail and API tokens. Only
//! hashes of passwords, tokens and codes are kept.

mod accounts;
mod factors;
mod grants;
mod links;
mod logins;
mod own;
mod sessions;
mod tokens;
mod users;

pub use accounts::{lock_accounts, remove_tokens, with_second_factor};
pub use factors::{
    StoredSecondFactor, forget_devices, knows_device, put_device, put_second_factor, recovery_codes_left, remove_second_factor,
    replace_recovery_codes, second_factor, use_recovery_code, use_step,
};
pub use grants::{end_grants, grants, grants_of, put_grant};
pub use links::{LinkPurpose, StoredLink, link, put_link, remove_links, use_link};
pub use logins::{StoredFlow, StoredLogin, add_login, login, logins_of, put_flow, remove_login, remove_logins, take_flow, touch_login};
pub use own::{count_attempt, count_failure, forget_devices_before, forget_failures, set_name, set_password, set_signed_in};
pub use sessions::{
    Stage, StoredSession, end_session, end_session_of, end_sessions_of, put_session, session, sessions_of, sweep, touch_session,
};
pub use tokens::{StoredToken, put_token, revoke_tokens, token, tokens_of, touch_token};
pub use users::{StoredUser, UserState, count_users, lock_user, put_user, user, user_by_email, users};
