//! Hands one mail over and says exactly how that ended.
//!
//! Above it stands an outbox that may try again, but must never send a mail twice. So every failure is one of
//! three: surely not accepted and worth another try, surely not accepted and never will be, or perhaps accepted.
//! lettre's own transport does not tell these apart and waits for answers without an end; this crate therefore
//! leads the conversation itself, command by command, over lettre's connection.

mod failure;
mod folder;
mod letter;
mod relay;
mod sender;
mod settings;
mod wire;

pub use failure::{Cause, Reason, SendError, Step};
pub use letter::Outgoing;
pub use sender::Sender;
pub use settings::{Credentials, Encryption, Settings, SettingsError, Smtp, Timeouts, Transport};
