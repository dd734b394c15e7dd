//! Weighing together: what each member of the panel found, side by side, and where they see it differently. Nothing here
//! is a mark: it counts who says something, never how good something is.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, FindingKind, JointFinding};
use crate::codes::code_enum;
use crate::frameworks::{FrameworkContent, Part, PartCode};
use crate::ids::{FindingId, MemberId};

code_enum! {
    /// How one member looks at a part of the framework, as her findings about it show.
    Stance {
        /// Strong points or good practice, and nothing to work on.
        Strong = "strong" / "alleen sterke punten",
        /// Both strong points and something to work on.
        Both = "both" / "sterke punten en ontwikkelpunten",
        /// Something to work on, and no strong points.
        Development = "development" / "alleen ontwikkelpunten",
        /// Only questions.
        Question = "question" / "alleen vragen",
        /// No findings.
        Silent = "silent" / "geen bevindingen",
    }
}

impl Stance {
    /// How somebody looks at something who found these.
    pub fn of(kinds: impl IntoIterator<Item = FindingKind>) -> Self {
        let (mut is_strong, mut is_developing, mut asks) = (false, false, false);
        for kind in kinds {
            match kind {
                FindingKind::Strength | FindingKind::GoodPractice => is_strong = true,
                FindingKind::Development => is_developing = true,
                FindingKind::Question => asks = true,
            }
        }
        match (is_strong, is_developing, asks) {
            (true, true, _) => Self::Both,
            (true, false, _) => Self::Strong,
            (false, true, _) => Self::Development,
            (false, false, true) => Self::Question,
            (false, false, false) => Self::Silent,
        }
    }
}

/// How differently members look at a part, in pairs of members. A pair that contradicts each other weighs more than any
/// number of pairs of which one says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Spread {
    /// Pairs of which one has only strong points and the other only something to work on.
    pub opposed: usize,
    /// Pairs of which one found something and the other nothing.
    pub one_sided: usize,
}

impl Spread {
    /// The spread between members who look at a part like this, one stance for each.
    pub fn between(stances: &[Stance]) -> Self {
        let count = |wanted: Stance| stances.iter().filter(|stance| **stance == wanted).count();
        let silent = count(Stance::Silent);
        Self { opposed: count(Stance::Strong) * count(Stance::Development), one_sided: silent * (stances.len() - silent) }
    }

    /// What it says, in a Dutch sentence.
    pub fn dutch(self) -> String {
        let opposed = format!("{} keer spreken twee leden elkaar tegen", self.opposed);
        let one_sided = format!("{} keer zegt de een iets en de ander niets", self.one_sided);
        match (self.opposed, self.one_sided) {
            (0, 0) => "Niemand spreekt een ander hier tegen.".to_owned(),
            (_, 0) => format!("{opposed}."),
            (0, _) => format!("Niemand spreekt elkaar tegen; {one_sided}."),
            (_, _) => format!("{opposed}; {one_sided}."),
        }
    }
}

/// One part of the framework with what each member found about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeighedPart {
    /// The part.
    pub part: Part,
    /// The members in their order, each with her findings about it; also who has none.
    pub members: Vec<(MemberId, Vec<Finding>)>,
    /// How differently they look at it.
    pub spread: Spread,
}

/// Those whose view counts when findings are weighed, in the order of the panel: who handed in, and who found anything.
pub fn voices(panel: &[MemberId], handed_in: &BTreeSet<MemberId>, findings: &[Finding]) -> Vec<MemberId> {
    let speaks = |id: &MemberId| handed_in.contains(id) || findings.iter().any(|finding| finding.member == *id);
    panel.iter().copied().filter(speaks).collect()
}

/// The parts about which somebody found something, the largest spread first; parts of equal spread stand in the order of
/// the framework.
pub fn weigh(framework: &FrameworkContent, voices: &[MemberId], findings: &[Finding]) -> Vec<WeighedPart> {
    let places: BTreeMap<Part, usize> = framework.parts().zip(0..).collect();
    let found: BTreeSet<&Part> = findings.iter().map(|finding| &finding.part).collect();
    let weighed = |part: &Part| {
        let of = |member: MemberId| findings.iter().filter(move |f| f.member == member && f.part == *part).cloned().collect::<Vec<_>>();
        let members: Vec<_> = voices.iter().map(|member| (*member, of(*member))).collect();
        let stances: Vec<_> = members.iter().map(|(_, own)| Stance::of(own.iter().map(|finding| finding.kind))).collect();
        WeighedPart { part: part.clone(), members, spread: Spread::between(&stances) }
    };
    let mut parts: Vec<_> = found.into_iter().map(weighed).collect();
    // A part that the framework does not know any more comes last, and is not lost.
    let place = |part: &Part| (places.get(part).copied().unwrap_or(usize::MAX), part.clone());
    parts.sort_by_cached_key(|weighed| (Reverse(weighed.spread), place(&weighed.part)));
    parts
}

/// The findings that no joint finding was made from.
pub fn unweighed(findings: &[Finding], joint: &[JointFinding]) -> BTreeSet<FindingId> {
    let used: BTreeSet<FindingId> = joint.iter().flat_map(|finding| finding.sources.iter().copied()).collect();
    findings.iter().map(|finding| finding.id).filter(|id| !used.contains(id)).collect()
}

/// One safeguard in the picture of a review: counts, never marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeguardPicture {
    /// The safeguard.
    pub safeguard: PartCode,
    /// How many members look at the safeguard and its criteria in which way; only what occurs.
    pub stances: BTreeMap<Stance, usize>,
    /// How differently they look at it.
    pub spread: Spread,
    /// Joint findings about the safeguard and its criteria, by kind; only what occurs.
    pub joint: BTreeMap<FindingKind, usize>,
}

/// The picture of a review: its safeguards in the order of the framework, with the spread between members.
pub fn picture(framework: &FrameworkContent, voices: &[MemberId], findings: &[Finding], joint: &[JointFinding]) -> Vec<SafeguardPicture> {
    let of = |code: &PartCode| {
        let kinds = |member: &MemberId| {
            let own = findings.iter().filter(|finding| finding.member == *member && finding.part.safeguard == *code);
            own.map(|finding| finding.kind).collect::<Vec<_>>()
        };
        let stances: Vec<_> = voices.iter().map(|member| Stance::of(kinds(member))).collect();
        SafeguardPicture {
            safeguard: code.clone(),
            spread: Spread::between(&stances),
            stances: counted(stances),
            joint: counted(joint.iter().filter(|finding| finding.part.safeguard == *code).map(|finding| finding.kind)),
        }
    };
    framework.safeguards.iter().map(|safeguard| of(&safeguard.code)).collect()
}

fn counted<T: Ord>(values: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests;
