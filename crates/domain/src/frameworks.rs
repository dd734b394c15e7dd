//! Quality frameworks: versions of what partnerships are held against, as data. A version is written as a draft and
//! never changes once it was published; a review is pinned to one version.
//!
//! The four safeguards and their names come from the field (DOMAIN.md section 8). The literal official criteria are not
//! known to this product: a user loads them from a workbook, and what the product brings along says of itself that it
//! is a paraphrase or an own theme.

mod canonical;
mod carrying;
mod diff;
mod faults;

#[cfg(test)]
mod samples;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::codes::code_enum;
use crate::ids::{FrameworkId, UserId, Version};

pub use carrying::{Carried, Carrying, carry};
pub use diff::{Difference, DifferenceKind, differences};
pub use faults::{Fault, FaultKind};

code_enum! {
    /// Whose words something in a framework are.
    Origin {
        /// The framework's own words.
        Official = "official" / "uit het kader",
        /// What the framework says, in other words.
        Paraphrase = "paraphrase" / "omschrijving in eigen woorden",
        /// A theme of the partnership or of this product; the framework does not ask it.
        Own = "own" / "eigen thema",
    }
}

/// Code of a safeguard or criterion within one framework: `1`, `1.2`, `L-A`. Unique over the framework, case included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartCode(pub String);

impl std::fmt::Display for PartCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Something a partnership is held against, within a safeguard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Code, unique over the framework.
    pub code: PartCode,
    /// What it says.
    pub text: String,
    /// Whose words.
    pub origin: Origin,
    /// Questions that help to reflect on it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
}

/// One of the safeguards (waarborgen) of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Safeguard {
    /// Code, unique over the framework.
    pub code: PartCode,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Whose words the description are.
    pub origin: Origin,
    /// Questions that help to reflect on it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
    /// Its criteria, in order; may be none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
}

/// What a framework says. Two frameworks with equal content have equal hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameworkContent {
    /// Name, such as `Samen Opleiden in de Onderwijsregio`.
    pub name: String,
    /// Where it comes from: a document, a date, who agreed on it.
    pub source: String,
    /// Questions that reviewers ask about everything, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
    /// Its safeguards, in order.
    pub safeguards: Vec<Safeguard>,
}

impl FrameworkContent {
    /// A safeguard by its code.
    pub fn safeguard(&self, code: &PartCode) -> Option<&Safeguard> {
        self.safeguards.iter().find(|safeguard| safeguard.code == *code)
    }

    /// A criterion by its code, with the safeguard it belongs to.
    pub fn criterion(&self, code: &PartCode) -> Option<(&Safeguard, &Criterion)> {
        self.safeguards.iter().find_map(|safeguard| {
            let criterion = safeguard.criteria.iter().find(|criterion| criterion.code == *code)?;
            Some((safeguard, criterion))
        })
    }

    /// Whether a safeguard, or a criterion of it, stands in the framework.
    pub fn holds(&self, part: &Part) -> bool {
        match &part.criterion {
            None => self.safeguard(&part.safeguard).is_some(),
            Some(code) => self.criterion(code).is_some_and(|(safeguard, _)| safeguard.code == part.safeguard),
        }
    }

    /// All parts that can be reflected on or found something about: each safeguard, followed by its criteria.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        self.safeguards.iter().flat_map(|safeguard| {
            let whole = Part { safeguard: safeguard.code.clone(), criterion: None };
            let of = |criterion: &Criterion| Part { safeguard: safeguard.code.clone(), criterion: Some(criterion.code.clone()) };
            std::iter::once(whole).chain(safeguard.criteria.iter().map(of))
        })
    }
}

/// What a text, finding or piece of evidence is about: a safeguard as a whole, or one of its criteria.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    /// The safeguard.
    pub safeguard: PartCode,
    /// The criterion; none for the safeguard as a whole.
    pub criterion: Option<PartCode>,
}

/// How far a version of a framework is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameworkState {
    /// Being written; no review can be pinned to it.
    Draft,
    /// In use, and unchangeable.
    Published {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Unchangeable, and not to be chosen any more; reviews that were pinned to it keep it.
    Withdrawn {
        /// When it was published.
        published: DateTime<Utc>,
        /// Since when it is not to be chosen.
        at: DateTime<Utc>,
    },
}

impl FrameworkState {
    /// When it was published; nothing for a draft.
    pub fn published_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Draft => None,
            Self::Published { at } | Self::Withdrawn { published: at, .. } => Some(at),
        }
    }

    /// Since when a review can be given it; nothing when it cannot.
    pub fn offered_since(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Published { at } => Some(at),
            Self::Draft | Self::Withdrawn { .. } => None,
        }
    }
}

/// One version of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// Identifier.
    pub id: FrameworkId,
    /// Name in addresses, unique.
    pub slug: String,
    /// What it says.
    pub content: FrameworkContent,
    /// How far it is.
    pub state: FrameworkState,
    /// Hash of the content, 64 hexadecimal digits.
    pub hash: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom; none for what the program brings along.
    pub made_by: Option<UserId>,
    /// Version of the row, for changes to a draft.
    pub version: Version,
}
