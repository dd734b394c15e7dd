//! What operations answer.

mod answers;
mod moment;
mod page;

pub(crate) use answers::{Accepted, Found, Listed, Tagged, Workbook, etag_header, header, json_of, meta, respond};
pub(crate) use moment::Moment;
pub(crate) use page::{Here, Page};
