//! What somebody proves who they are with: passwords, tokens, the code of an authenticator and recovery codes.
//!
//! Making and checking only. Nothing here knows a database or a clock: what is stored comes in as text and the time as an
//! argument.

pub mod passwords;
pub mod recovery;
pub mod second_factor;
pub mod tokens;

/// The machine gave no random bytes, so that nothing secret can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no randomness from the machine: {0}")]
pub struct NoRandomness(getrandom::Error);

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}
