//! Charts. plotters computes and draws; its colours are place-holders that become classes here, so
//! that charts follow the light and dark colours of the page and each standing keeps its pattern.
//! Every chart has a title, a description and the same figures in a table.

mod bars;
mod columns;
mod ink;
mod pairs;
mod safeguards;
mod timeline;

pub use bars::{Bar, Segment, bullet_chart, bullet_key, stacked_chart};
pub use columns::{Column, Weight, column_chart};
pub use ink::patterns;
pub use pairs::{Pair, pair_chart, pair_key};
pub use safeguards::{SafeguardRow, safeguards_chart};
pub use timeline::{Moment, TimelineRow, timeline_chart};
