//! Making versions: from the findings of now, and with other texts.

use std::collections::BTreeMap;

use kernschil_credentials::tokens::hex;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::reviews::{ReportContent, ReportState, ReportVersion, TEXT_SIGNS, tidy};
use kernschil_storage::reviews::reports;
use kernschil_storage::{StorageError, WriteTx};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Desk, building};
use crate::error::{AppError, FieldError};
use crate::reviews::sight;
use crate::{Actor, App, Change};

/// The most signs in one paragraph: as many as fit a cell of a workbook, whatever signs they are.
pub const PARAGRAPH_SIGNS: usize = 15_000;

/// How saving a report ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedReport {
    /// It is the latest version now, with this number.
    Stored(i32),
    /// The latest version, with this number, says the same already.
    Unchanged(i32),
}

impl SavedReport {
    /// The number of the latest version.
    pub fn number(self) -> i32 {
        match self {
            Self::Stored(number) | Self::Unchanged(number) => number,
        }
    }
}

/// The hash of a version, by what it says in its own form.
pub(in crate::reviews) fn hash_of(content: &str) -> String {
    hex(&Sha256::digest(content.as_bytes()))
}

impl Desk {
    /// Stores what the report says as its next version. Whoever calls this locked the review.
    pub(super) async fn put(
        &self,
        (app, tx, actor): (&App, &WriteTx, &Actor),
        content: &ReportContent,
        state: ReportState,
    ) -> Result<i32, AppError> {
        let number = self.latest().map_or(0, |(version, _)| version.number) + 1;
        let text = content.canonical();
        let version = ReportVersion {
            review: self.review().id,
            number,
            state,
            hash: hash_of(&text),
            content: text,
            at: app.clock.now(),
            by: actor.user(),
        };
        reports::insert(tx, &version).await?;
        let change = Change::to(json!({ "version": number, "state": state, "hash": version.hash }));
        app.audit(tx, actor, EventKind::ReportMade, &self.review().slug, change);
        Ok(number)
    }

    async fn put_changed(&self, (app, tx, actor): (&App, &WriteTx, &Actor), content: &ReportContent) -> Result<SavedReport, AppError> {
        match self.latest() {
            Some((version, now)) if now.without_responses() == *content => Ok(SavedReport::Unchanged(version.number)),
            _ => self.put((app, tx, actor), content, ReportState::Concept).await.map(SavedReport::Stored),
        }
    }
}

/// Makes a version from findings, questions, panel and programme as they are now. What was written stays. A version that
/// would say the same as the latest is not made, unless that is final and was reopened: then it is what is corrected.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] before the visit, when the report is final, when
/// the review is over, or when somebody else made a version since `seen`: 0 for who saw none.
pub async fn renew(app: &App, actor: &Actor, slug: &str, seen: i32) -> Result<SavedReport, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            desk.require_writable()?;
            if desk.latest().map_or(0, |(version, _)| version.number) != seen {
                return Err(StorageError::Stale.into());
            }
            let content = building::build(tx, &desk).await?;
            if desk.latest().is_some_and(|(version, _)| version.state == ReportState::Final) {
                return desk.put((app, tx, actor), &content, ReportState::Concept).await.map(SavedReport::Stored);
            }
            desk.put_changed((app, tx, actor), &content).await
        })
        .await
}

/// Texts as they are kept, when none of them is too long, and all of them together neither.
fn tidied(texts: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, AppError> {
    let wrong = |message: String| AppError::Invalid(vec![FieldError::new("texts", "tekst-te-lang", message)]);
    let mut kept = BTreeMap::new();
    let mut all = 0;
    for (key, text) in texts {
        let signs = text.chars().count();
        all += signs;
        let text = tidy(text).ok().filter(|_| signs <= PARAGRAPH_SIGNS);
        let too_long = || wrong(format!("Een tekst heeft {signs} tekens en er passen er {PARAGRAPH_SIGNS}. Maak hem korter."));
        kept.insert(key.clone(), text.ok_or_else(too_long)?.trim().to_owned());
    }
    let too_many = || wrong(format!("De teksten hebben samen {all} tekens en er passen er {TEXT_SIGNS}. Maak ze korter."));
    if all > TEXT_SIGNS { Err(too_many()) } else { Ok(kept) }
}

/// Saves texts, by the keys of their paragraphs, as the next version; paragraphs that are not named stay as they are.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] for texts that are too long, or a key of something
/// that is not written in the report; [`AppError::Conflict`] before the visit, when the report is final, when the review is
/// over, when there is no version yet, or when somebody else made a version since `seen`. Nothing was stored then, so
/// whoever asks keeps the texts.
pub async fn save(app: &App, actor: &Actor, slug: &str, seen: i32, texts: &BTreeMap<String, String>) -> Result<SavedReport, AppError> {
    let texts = tidied(texts)?;
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            desk.require_writable()?;
            let none = || AppError::conflict("rapport-ontbreekt", "Er is nog geen rapport. Maak eerst een versie van de bevindingen.");
            let (latest, now) = desk.latest().ok_or_else(none)?;
            let now = now.without_responses();
            let content = now.clone().with_texts(&texts).map_err(|unknown| {
                let message = format!("In het rapport staat geen alinea “{}” om te schrijven. Ververs de pagina.", unknown.0);
                AppError::Invalid(vec![FieldError::new("texts", "alinea-onbekend", message)])
            })?;
            // Who saves over an older version what the latest says already, loses nothing.
            if content != now && latest.number != seen {
                return Err(StorageError::Stale.into());
            }
            desk.put_changed((app, tx, actor), &content).await
        })
        .await
}
