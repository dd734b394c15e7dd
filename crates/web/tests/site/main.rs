//! The pages behind the layers, as a browser meets them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod account;
mod audit;
mod board;
mod board_by_hand;
mod entrance;
mod first_run;
mod loading;
mod privacy;
mod reading;
mod settings;
mod several;
mod support;
mod users;
