//! Retention terms: looking at them, seeing what would go now, and choosing others.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::privacy::{LONGEST_TERM, RetentionKind, Terms, is_term};
use kernschil_storage::{Tx, privacy, settings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::retention::{DAY, LAST};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// A term with what it means now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermView {
    /// What it is about.
    pub kind: RetentionKind,
    /// The term, in months.
    pub months: u16,
    /// The term as long as nobody chose another.
    pub default_months: u16,
    /// What ended before this day is past it.
    pub limit: NaiveDate,
    /// How much is past it now.
    pub due: u64,
}

/// The last time the terms were applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// When.
    pub at: DateTime<Utc>,
    /// What went, per kind.
    pub counts: BTreeMap<RetentionKind, u64>,
}

/// All terms.
#[derive(Debug, Clone, Serialize)]
pub struct RetentionView {
    /// Each of them.
    pub terms: Vec<TermView>,
    /// When they were last applied.
    pub last: Option<LastRun>,
    /// The day on which they are applied next, when Kernschil runs.
    pub next_on: NaiveDate,
}

/// Terms as somebody fills them in, in months.
#[derive(Debug, Clone, Default)]
pub struct NewTerms(pub BTreeMap<RetentionKind, String>);

impl NewTerms {
    /// The terms, with the stored ones where nothing was filled in.
    fn read(&self, stored: Terms) -> Result<Terms, AppError> {
        let mut errors = Vec::new();
        let mut terms = stored;
        for (kind, text) in &self.0 {
            if let Some(months) = text.trim().parse().ok().filter(|months| is_term(*months)) {
                terms = terms.with(*kind, months);
            } else {
                let what = kind.dutch();
                let message =
                    format!("Vul bij {what} een heel aantal maanden in, van 1 tot en met {LONGEST_TERM}. Nooit weggooien kan niet.");
                errors.push(FieldError::new(kind.code(), "termijn-ongeldig", message));
            }
        }
        if errors.is_empty() { Ok(terms) } else { Err(AppError::Invalid(errors)) }
    }
}

/// How much of a kind is past its term.
pub(super) async fn due(tx: &Tx, kind: RetentionKind, terms: &Terms, now: DateTime<Utc>) -> Result<u64, AppError> {
    let today = now.date_naive();
    let (limit, moment) = (terms.limit(kind, today), terms.moment(kind, today));
    let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Ok(match kind {
        RetentionKind::Students => size(privacy::last_days(tx).await?.values().filter(|last| **last < limit).count()),
        RetentionKind::Trainers => size(privacy::idle_trainers(tx, limit).await?.len()),
        RetentionKind::Reviews => size(privacy::ended_reviews(tx, moment).await?.len() + privacy::ended_peers(tx, limit).await?.len()),
        RetentionKind::Users => size(privacy::removed_users(tx, moment).await?.len()),
        RetentionKind::Devices => privacy::count_devices(tx, moment, now).await?,
        RetentionKind::Mails => privacy::count_mails(tx, moment).await?,
        RetentionKind::History => privacy::count_history(tx, moment).await?,
        RetentionKind::Audit => privacy::count_events(tx, moment).await?,
    })
}

async fn view(app: &App, tx: &Tx, terms: &Terms) -> Result<RetentionView, AppError> {
    let now = app.clock.now();
    let mut views = Vec::new();
    for kind in RetentionKind::ALL {
        views.push(TermView {
            kind: *kind,
            months: terms.months(*kind),
            default_months: kind.default_months(),
            limit: terms.limit(*kind, now.date_naive()),
            due: due(tx, *kind, terms, now).await?,
        });
    }
    let last = settings::get(tx, LAST).await?.and_then(|text| serde_json::from_str(&text).ok());
    let asked = settings::get(tx, DAY).await?.and_then(|text| text.parse::<NaiveDate>().ok());
    let after = asked.and_then(|day| day.checked_add_days(Days::new(1))).unwrap_or(now.date_naive());
    Ok(RetentionView { terms: views, last, next_on: after.max(now.date_naive()) })
}

/// The terms, with what is past them now.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Storage`] when the database fails.
pub async fn retention(app: &App, actor: &Actor) -> Result<RetentionView, AppError> {
    preview(app, actor, &NewTerms::default()).await
}

/// What would be past these terms now. Nothing is stored or removed.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] with everything that is wrong.
pub async fn preview(app: &App, actor: &Actor, new: &NewTerms) -> Result<RetentionView, AppError> {
    actor.require(Permission::ManageSettings)?;
    app.store
        .read(async |tx| {
            let terms = new.read(Terms::of(&settings::load(tx).await?))?;
            view(app, tx, &terms).await
        })
        .await
}

/// Chooses other terms. They hold from the next time they are applied; nothing is removed now.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] with everything that is wrong.
pub async fn change_terms(app: &App, actor: &Actor, new: &NewTerms) -> Result<RetentionView, AppError> {
    actor.require(Permission::ManageSettings)?;
    app.store
        .write(async |tx| {
            let before = Terms::of(&settings::load(tx).await?);
            let after = new.read(before.clone())?;
            let (mut was, mut is) = (Map::new(), Map::new());
            for kind in RetentionKind::ALL.iter().filter(|kind| before.months(**kind) != after.months(**kind)) {
                settings::set(tx, &kind.setting(), &after.months(*kind).to_string()).await?;
                was.insert(kind.code().to_owned(), json!(before.months(*kind)));
                is.insert(kind.code().to_owned(), json!(after.months(*kind)));
            }
            if !is.is_empty() {
                let change = Change::between(Value::Object(was), Value::Object(is));
                app.audit(tx, actor, EventKind::SettingsChanged, "retention", change);
            }
            view(app, tx, &after).await
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(values: &[(RetentionKind, &str)]) -> NewTerms {
        NewTerms(values.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect())
    }

    #[test]
    fn everything_wrong_is_said_at_once_and_what_is_left_out_stays() {
        let stored = Terms::of(&BTreeMap::new()).with(RetentionKind::Mails, 7);
        let read = new(&[(RetentionKind::Students, " 36 ")]).read(stored.clone()).unwrap();
        assert_eq!((read.months(RetentionKind::Students), read.months(RetentionKind::Mails)), (36, 7));
        let wrong = new(&[(RetentionKind::Students, "0"), (RetentionKind::Audit, "altijd"), (RetentionKind::Mails, "241")]).read(stored);
        let Err(AppError::Invalid(errors)) = wrong else { panic!("accepted") };
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["students", "mails", "audit"]);
    }
}
