//! The pages behind the layers, as a browser meets them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod board;
mod entrance;
mod loading;
mod reading;
mod support;
