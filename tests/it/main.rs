//! Tests over the whole system: real SQLite, real PostgreSQL, the real program.
//!
//! A topic is a module. `support` starts databases and programs; nothing here replaces our own code.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests say what they test by their names, and stop at the first surprise")]

#[macro_use]
mod support;

mod access;
mod allocation;
mod announcing;
mod audit;
mod board;
mod cli;
mod house;
mod imports;
mod mail;
mod matrix;
mod migrations;
mod mutations;
mod oidc;
mod openapi;
mod policy;
mod privacy;
mod reviews;
mod rooms;
mod scenarios;
mod settings;
mod steps;
mod users;
mod why;
mod words;
