//! Signing in against a real provider, and against one that does what a real provider never does.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod attacks;
mod knowledge;
mod people;
mod real;
mod support;
