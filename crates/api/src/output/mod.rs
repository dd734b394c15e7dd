//! What operations answer.

mod answers;
mod moment;
mod page;

pub(crate) use answers::{Accepted, Created, Done, Found, Listed, Tagged, Workbook, YamlFile, etag_header, header, json_of, meta};
pub(crate) use moment::Moment;
pub(crate) use page::{Here, Page};
