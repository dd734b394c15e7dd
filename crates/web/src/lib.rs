//! The Dutch pages: components, charts and views, each a pure function of plain data.
//!
//! A page is `view::xxx_page(&Frame, &XView) -> Markup`. Views hold text and numbers that are ready
//! to show; nothing is looked up or decided there. The handlers in `routes` fill the views from the
//! use cases of the floor below.

pub mod assets;
pub mod charts;
pub mod components;
pub mod views;

mod routes;

pub use routes::{doors, error_page, routes};
