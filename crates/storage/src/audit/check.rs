//! Looking whether the chain is what it was.

use kernschil_domain::audit::{EventKind, LogEnd};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::chain::{self, Row};
use crate::entity::{audit_head, audit_log};
use crate::error::StorageError;
use crate::store::Tx;

/// Rows read in one go.
const AT_ONCE: u64 = 2_000;

/// What is wrong with a row of the chain, or with its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// The row is not what it was when it was written.
    Changed {
        /// Its place.
        seq: i64,
    },
    /// The row does not follow the one before it.
    Unlinked {
        /// Its place.
        seq: i64,
    },
    /// Rows are missing before this place, or stand where none belong.
    Missing {
        /// The place after the gap.
        seq: i64,
    },
    /// The row holds something that was never written.
    Unreadable {
        /// Its place, or the one where it should be.
        seq: i64,
    },
    /// The end of the chain is not where it was.
    End {
        /// Where the head says it is.
        seq: i64,
    },
    /// There is no head that says where the end is.
    NoEnd,
    /// The beginning was moved without an event that says so.
    Base {
        /// Where the base says it is.
        seq: i64,
    },
    /// At the place of an earlier end stands something else now.
    Rewritten {
        /// That place.
        seq: i64,
    },
    /// The chain does not reach an earlier end any more.
    Shortened {
        /// Where it was.
        seq: i64,
    },
    /// An earlier end was removed at the end of its term, so that nothing can be said about it.
    Removed {
        /// Where it was.
        seq: i64,
    },
}

/// The state of the chain.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Number of events looked at.
    pub events: u64,
    /// Where it ends; keep it elsewhere to prove later that nothing before it was changed.
    pub end: LogEnd,
    /// What is wrong, from the oldest row to the newest.
    pub deviations: Vec<Deviation>,
}

/// What is known while walking along the chain.
struct Walk<'a> {
    since: Option<&'a LogEnd>,
    seq: i64,
    hash: String,
    since_hash: Option<String>,
    told_base: Option<(i64, String)>,
    events: u64,
    deviations: Vec<Deviation>,
}

impl Walk<'_> {
    fn step(&mut self, row: Row) -> Result<(), StorageError> {
        self.events += 1;
        let expected = self.seq.checked_add(1);
        let Some(seq) = row.seq else {
            self.deviations.push(Deviation::Unreadable { seq: expected.unwrap_or(self.seq) });
            return Ok(());
        };
        let is_next = expected == Some(seq);
        if !is_next {
            self.deviations.push(Deviation::Missing { seq });
        }
        match &row.whole {
            None => self.deviations.push(Deviation::Unreadable { seq }),
            Some(whole) => {
                if is_next && whole.previous != self.hash {
                    self.deviations.push(Deviation::Unlinked { seq });
                }
                if chain::hash(whole)? != whole.hash {
                    self.deviations.push(Deviation::Changed { seq });
                }
                if whole.kind == EventKind::AuditPruned.code() {
                    self.told_base = whole.after.as_deref().and_then(base);
                }
            }
        }
        self.seq = seq;
        self.hash = row.hash.unwrap_or_default();
        if self.since.is_some_and(|since| since.seq == seq) {
            self.since_hash = Some(self.hash.clone());
        }
        Ok(())
    }

    /// What only the ends can tell.
    fn finish(mut self, head: Option<&audit_head::Model>) -> Verdict {
        let mut end = LogEnd { seq: self.seq, hash: self.hash };
        match head {
            None => self.deviations.push(Deviation::NoEnd),
            Some(head) => {
                if (end.seq, &end.hash) != (head.seq, &head.hash) {
                    self.deviations.push(Deviation::End { seq: head.seq });
                }
                // The last removal tells where the chain begins; without one it begins at nothing.
                if (head.base_seq, &head.base_hash) != self.told_base.as_ref().map_or((0, &String::new()), |(seq, hash)| (*seq, hash)) {
                    self.deviations.push(Deviation::Base { seq: head.base_seq });
                }
                end = LogEnd { seq: head.seq, hash: head.hash.clone() };
            }
        }
        if let Some(since) = self.since {
            let (base_seq, base_hash) = head.map_or((0, ""), |head| (head.base_seq, head.base_hash.as_str()));
            match &self.since_hash {
                Some(hash) if *hash == since.hash => {}
                Some(_) => self.deviations.push(Deviation::Rewritten { seq: since.seq }),
                None if since.seq == base_seq && since.hash == base_hash => {}
                None if since.seq == base_seq => self.deviations.push(Deviation::Rewritten { seq: since.seq }),
                None if since.seq < base_seq => self.deviations.push(Deviation::Removed { seq: since.seq }),
                None => self.deviations.push(Deviation::Shortened { seq: since.seq }),
            }
        }
        Verdict { events: self.events, end, deviations: self.deviations }
    }
}

/// Where the event of a removal says that the chain begins.
fn base(after: &str) -> Option<(i64, String)> {
    let after: Value = serde_json::from_str(after).ok()?;
    Some((after.get("seq")?.as_i64()?, after.get("hash")?.as_str()?.to_owned()))
}

/// Looks at the whole chain, and whether an earlier end is still in it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn check(tx: &Tx, since: Option<&LogEnd>) -> Result<Verdict, StorageError> {
    let connection = tx.connection();
    let head = chain::head(connection).await?;
    let (seq, hash) = head.as_ref().map_or((0, String::new()), |head| (head.base_seq, head.base_hash.clone()));
    let mut walk = Walk { since, seq, hash, since_hash: None, told_base: None, events: 0, deviations: Vec::new() };
    let mut after = None;
    loop {
        let mut query = audit_log::Entity::find().order_by_asc(audit_log::Column::Seq).limit(AT_ONCE);
        if let Some(after) = after {
            query = query.filter(audit_log::Column::Seq.gt(after));
        }
        let rows = chain::rows(connection, query).await?;
        let is_last = rows.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        let last = rows.iter().filter_map(|row| row.seq).max();
        for row in rows {
            walk.step(row)?;
        }
        // Places that are no numbers come after all numbers, so then there is nothing left to walk.
        if is_last || last.is_none() {
            break;
        }
        after = last;
    }
    Ok(walk.finish(head.as_ref()))
}
