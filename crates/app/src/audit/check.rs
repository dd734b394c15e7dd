//! Holding the log against its chain.

use kernschil_domain::audit::LogEnd;
use kernschil_storage::audit::{self, Deviation};
use serde::Serialize;

use crate::App;
use crate::error::AppError;

/// The state of the log.
#[derive(Debug, Clone, Serialize)]
pub struct LogCheck {
    /// Number of events in it.
    pub events: u64,
    /// Where it ends, as `12:9f86…`: kept elsewhere, it proves later that nothing before it was changed.
    pub end: String,
    /// What is wrong, from the oldest event to the newest.
    pub deviations: Vec<LogDeviation>,
}

/// Something in the log that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogDeviation {
    /// Stable code.
    pub code: &'static str,
    /// Place in the log; nothing when it is about the log as a whole.
    pub seq: Option<i64>,
    /// What is wrong, in Dutch.
    pub message: String,
}

impl From<Deviation> for LogDeviation {
    fn from(deviation: Deviation) -> Self {
        let (code, seq, message) = match deviation {
            Deviation::Changed { seq } => {
                ("regel-gewijzigd", Some(seq), format!("De gebeurtenis op plaats {seq} is veranderd nadat zij is opgeschreven."))
            }
            Deviation::Unlinked { seq } => (
                "regel-los",
                Some(seq),
                format!(
                    "De gebeurtenis op plaats {seq} sluit niet aan op de vorige: er is iets vervangen, verwisseld of opnieuw berekend."
                ),
            ),
            Deviation::Missing { seq } => {
                ("regel-ontbreekt", Some(seq), format!("Vóór plaats {seq} ontbreekt een gebeurtenis, of er staat er een te veel."))
            }
            Deviation::Unreadable { seq } => (
                "regel-onleesbaar",
                Some(seq),
                format!("Op plaats {seq} staat iets dat Kernschil niet heeft geschreven en niet kan lezen."),
            ),
            Deviation::End { seq } => (
                "eind-verschoven",
                Some(seq),
                format!("Het logboek eindigt niet waar het hoort: volgens zijn slot is dat op plaats {seq}."),
            ),
            Deviation::NoEnd => ("slot-weg", None, "Het slot van het logboek ontbreekt of is niet te lezen.".to_owned()),
            Deviation::Base { seq } => (
                "begin-verschoven",
                Some(seq),
                format!("Het begin van het logboek is verplaatst naar na plaats {seq}, zonder een gebeurtenis die dat zegt."),
            ),
            Deviation::Rewritten { seq } => (
                "herschreven",
                Some(seq),
                format!("Op plaats {seq} staat een andere gebeurtenis dan bij uw eerdere controle: het logboek is opnieuw geschreven."),
            ),
            Deviation::Shortened { seq } => (
                "ingekort",
                Some(seq),
                format!("Het logboek komt niet meer tot plaats {seq}, waar het bij uw eerdere controle eindigde: het is ingekort."),
            ),
            Deviation::Removed { seq } => (
                "opgeschoond",
                Some(seq),
                format!("Plaats {seq} is na de bewaartermijn opgeschoond, dus uw eerdere controle zegt niets meer. Gebruik een latere."),
            ),
        };
        Self { code, seq, message }
    }
}

/// Looks whether every event is as it was written and none is gone; with an earlier end, also whether that is still in it.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn check(app: &App, since: Option<&LogEnd>) -> Result<LogCheck, AppError> {
    let verdict = app.store.read(async |tx| Ok::<_, AppError>(audit::check(tx, since).await?)).await?;
    let deviations = verdict.deviations.into_iter().map(LogDeviation::from).collect();
    Ok(LogCheck { events: verdict.events, end: verdict.end.to_string(), deviations })
}
