//! The log of who did what: looking through it, taking it along, and holding it against its chain. What is noted, is
//! noted by the use cases themselves with [`App::audit`]; its oldest part goes with the other retention terms.

mod check;
mod details;
mod export;
mod known;
mod of_review;
mod review_words;
mod words;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use kernschil_domain::access::{Permission, Role};
use kernschil_domain::audit::{EventGroup, EventKind};
use kernschil_domain::ids::{EventId, ImportId, StudentId, UserId};
use kernschil_storage::Tx;
use kernschil_storage::audit::{self, EventFilter, NewEvent, StoredEvent};
use serde_json::Value;
use uuid::Uuid;

use crate::error::AppError;
use crate::listing::{Page, PageRequest};
use crate::{Actor, App};

pub use check::{LogCheck, LogDeviation, check};
pub use export::workbook;
pub use kernschil_domain::audit::LogEnd;
pub use kernschil_storage::audit::Who;
pub use of_review::{ReviewLog, of_review};

use known::Known;

/// Which events somebody wants to see. Days are days in the Netherlands.
#[derive(Debug, Clone, Default)]
pub struct EventQuery {
    /// Of whom.
    pub who: Option<Who>,
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// Of the kinds of this group.
    pub group: Option<EventGroup>,
    /// About this subject: an identifier, a name of a round in addresses, or a route.
    pub subject: Option<String>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Up to and including this day.
    pub until: Option<NaiveDate>,
}

impl EventQuery {
    fn filter(&self) -> EventFilter {
        let kinds = match (self.kind, self.group) {
            (None, None) => None,
            (Some(kind), None) => Some(vec![kind]),
            (kind, Some(group)) => Some(EventKind::of(group).filter(|one| kind.is_none_or(|kind| kind == *one)).collect()),
        };
        EventFilter {
            who: self.who,
            kinds,
            subject: self.subject.clone(),
            from: self.from.and_then(midnight),
            until: self.until.and_then(|day| day.succ_opt()).and_then(midnight),
        }
    }
}

/// The moment a day begins in the Netherlands.
fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    Amsterdam.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map(|moment| moment.to_utc())
}

/// Who did something, as far as is known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// Somebody with an account.
    Person {
        /// Which.
        id: UserId,
        /// Her name.
        name: String,
    },
    /// Somebody whose account was removed since.
    Removed(UserId),
    /// Somebody who was not signed in.
    Stranger,
    /// Somebody at the command line of the machine itself.
    CommandLine,
    /// The program by itself.
    Program,
}

impl Author {
    /// Words for a list.
    pub fn dutch(&self) -> &str {
        match self {
            Self::Person { name, .. } => name,
            Self::Removed(_) => "verwijderd account",
            Self::Stranger => "niet ingelogd",
            Self::CommandLine => "opdrachtregel",
            Self::Program => "Kernschil zelf",
        }
    }
}

/// A page about what an event was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// The dossier of a peer review, by its name in addresses.
    Review(String),
    /// An account.
    User(UserId),
    /// A round, by its name in addresses.
    Round(String),
    /// A student in a round.
    Student {
        /// Name of the round in addresses.
        round: String,
        /// Which student.
        student: StudentId,
    },
    /// A workbook that was loaded.
    Import(ImportId),
}

/// What an event was about, in words, with the page about it where there is one and the reader may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The words, as part of the sentence.
    pub words: String,
    /// The page.
    pub page: Option<Destination>,
}

/// What happened as one Dutch sentence, in three parts so that the middle one can be a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What stands before it.
    pub lead: String,
    /// What it was about.
    pub about: Option<About>,
    /// What stands after it, with the full stop.
    pub tail: String,
}

impl Sentence {
    /// All of it.
    pub fn text(&self) -> String {
        format!("{}{}{}", self.lead, self.about.as_ref().map_or("", |about| about.words.as_str()), self.tail)
    }
}

/// One thing that was changed, or is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What.
    pub label: String,
    /// What it was; empty when that is not told.
    pub before: String,
    /// What it is; empty when it is not there any more.
    pub after: String,
}

/// An event for who reads the log.
#[derive(Debug, Clone)]
pub struct EventView {
    /// Place in the chain, from 1; 0 when not even that can be read, or when it is not told.
    pub seq: i64,
    /// What happened, for a list: the whole sentence with who did it.
    pub sentence: Sentence,
    /// The rest; nothing for a row that nobody can read.
    pub event: Option<EventFacts>,
}

/// What is known of an event.
#[derive(Debug, Clone)]
pub struct EventFacts {
    /// Identifier.
    pub id: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub author: Author,
    /// In which role; nothing for what goes with one's own account.
    pub role: Option<Role>,
    /// What.
    pub kind: EventKind,
    /// On what: an identifier, a name of a round in addresses, or a route; empty for nothing in particular.
    pub subject: String,
    /// Before and after, in words.
    pub details: Vec<Detail>,
    /// Before, as it was noted.
    pub before: Option<Value>,
    /// After, as it was noted.
    pub after: Option<Value>,
    /// Number of the request; nothing when it did not come over the network.
    pub request: Option<Uuid>,
}

/// Somebody whose events can be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Someone {
    /// Which account.
    pub id: UserId,
    /// Her name.
    pub name: String,
}

/// A part of the log.
#[derive(Debug, Clone)]
pub struct LogPage {
    /// The events, newest first.
    pub page: Page<EventView>,
    /// Everybody with an account, by name.
    pub people: Vec<Someone>,
}

/// Events, newest first.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn events(app: &App, actor: &Actor, query: &EventQuery, request: PageRequest) -> Result<LogPage, AppError> {
    actor.require(Permission::ReadAudit)?;
    let filter = query.filter();
    app.store
        .read(async |tx| {
            let total = usize::try_from(audit::count(tx, &filter).await?).unwrap_or(usize::MAX);
            let size = request.size.clamp(1, 500);
            let pages = total.div_ceil(size).max(1);
            let page = request.page.clamp(1, pages);
            let skip = u64::try_from((page - 1) * size).unwrap_or(u64::MAX);
            let stored = audit::events(tx, &filter, skip, u64::try_from(size).unwrap_or(u64::MAX)).await?;
            let known = Known::load(app, tx, actor, &stored).await?;
            let rows = stored.into_iter().map(|stored| view(&known, stored)).collect();
            Ok(LogPage { page: Page { rows, page, pages, total }, people: known.people() })
        })
        .await
}

/// All events that a query asks for, no more than `most`, and how many there are.
async fn everything(app: &App, tx: &Tx, actor: &Actor, query: &EventQuery, most: u64) -> Result<(Vec<EventView>, u64), AppError> {
    let filter = query.filter();
    let total = audit::count(tx, &filter).await?;
    let stored = audit::events(tx, &filter, 0, most).await?;
    let known = Known::load(app, tx, actor, &stored).await?;
    Ok((stored.into_iter().map(|stored| view(&known, stored)).collect(), total))
}

fn view(known: &Known, stored: StoredEvent) -> EventView {
    let seq = stored.seq;
    let Some(event) = stored.event else {
        let lead = "Deze regel is niet te lezen. Voer op de server uit: kernschil check audit.".to_owned();
        return EventView { seq, sentence: Sentence { lead, about: None, tail: String::new() }, event: None };
    };
    let author = author(known, &event);
    let (before, after) = (read(event.before.as_deref()), read(event.after.as_deref()));
    let sentence = words::sentence(known, &author, &event, after.as_ref());
    let details = details::details(known, before.as_ref(), after.as_ref());
    let NewEvent { id, at, role, kind, subject, request, .. } = event;
    EventView { seq, sentence, event: Some(EventFacts { id, at, author, role, kind, subject, details, before, after, request }) }
}

/// What was noted before or after, where it says anything.
fn read(text: Option<&str>) -> Option<Value> {
    let text = text?;
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    (!value.is_null()).then_some(value)
}

fn author(known: &Known, event: &NewEvent) -> Author {
    match event.user {
        Some(id) => known.user(id).map_or(Author::Removed(id), |name| Author::Person { id, name: name.to_owned() }),
        None if event.request.is_some() || is_from_outside(event.kind) => Author::Stranger,
        None if is_by_itself(event.kind) => Author::Program,
        None => Author::CommandLine,
    }
}

/// Whether it comes over the network from who is not signed in, when nobody is known.
fn is_from_outside(kind: EventKind) -> bool {
    matches!(kind, EventKind::Refused | EventKind::SignInRefused | EventKind::ResetAsked)
}

/// Whether it happens at its time, when nobody asked for it.
fn is_by_itself(kind: EventKind) -> bool {
    matches!(kind, EventKind::RetentionRun | EventKind::AuditPruned | EventKind::StudentErased)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day_in_the_netherlands() {
        let at = |day: &str| midnight(day.parse().unwrap()).unwrap().to_rfc3339();
        assert_eq!(at("2026-07-01"), "2026-06-30T22:00:00+00:00");
        assert_eq!(at("2026-11-22"), "2026-11-21T23:00:00+00:00");
        let query = EventQuery { from: "2026-10-25".parse().ok(), until: "2026-10-25".parse().ok(), ..EventQuery::default() };
        let filter = query.filter();
        assert_eq!(filter.until.unwrap() - filter.from.unwrap(), chrono::Duration::hours(25), "the clock goes back");
    }

    #[test]
    fn a_kind_outside_the_group_finds_nothing() {
        let query = |kind, group| EventQuery { kind, group, ..EventQuery::default() }.filter().kinds;
        assert_eq!(query(None, None), None);
        assert_eq!(query(Some(EventKind::SignedIn), Some(EventGroup::SignIn)), Some(vec![EventKind::SignedIn]));
        assert_eq!(query(Some(EventKind::SignedIn), Some(EventGroup::Privacy)), Some(Vec::new()));
        assert!(query(None, Some(EventGroup::Exports)).unwrap().contains(&EventKind::AuditExported));
    }
}
