//! What does not change any more, held against its hash: findings that were handed in, versions of a report, files of
//! evidence, and the words of a published framework. And findings, held against the journal of their changes.

use kernschil_credentials::tokens::hex;
use kernschil_domain::frameworks::{Framework, FrameworkState};
use kernschil_domain::reviews::{Review, replayed};
use kernschil_storage::reviews::{evidence, findings, members, reports};
use kernschil_storage::{Tx, frameworks, reviews};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::findings::{says_the_same, seal};
use super::report::hash_of;
use crate::App;
use crate::error::AppError;

/// Something that was changed although it had been sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokenSeal {
    /// Name of the review or the framework.
    pub of: String,
    /// The stable code of what was sealed.
    pub code: &'static str,
    /// What it is: an identifier or a number, never a text.
    pub subject: String,
}

impl BrokenSeal {
    fn new(of: &str, code: &'static str, subject: &dyn std::fmt::Display) -> Self {
        Self { of: of.to_owned(), code, subject: subject.to_string() }
    }
}

async fn of_hand_ins(tx: &Tx, review: &Review) -> Result<Vec<BrokenSeal>, AppError> {
    let all = findings::of_review(tx, review.id).await?;
    let mut found = Vec::new();
    for done in findings::hand_ins(tx, review.id).await? {
        let own: Vec<_> = all.iter().filter(|finding| finding.member == done.member).cloned().collect();
        if seal(&done.salt, review.id, done.member, &own) != done.hash {
            found.push(BrokenSeal::new(&review.name, "inlevering-gewijzigd", &done.member));
        }
    }
    Ok(found)
}

/// Members whose findings are not what is left of the changes in their journals.
async fn of_journals(tx: &Tx, review: &Review) -> Result<Vec<BrokenSeal>, AppError> {
    let all = findings::of_review(tx, review.id).await?;
    let mut found = Vec::new();
    for member in members::of_review(tx, review.id).await? {
        let changes = findings::changes_of(tx, member.id).await?;
        let left = replayed(&changes);
        let own: Vec<_> = all.iter().filter(|finding| finding.member == member.id).collect();
        let fits = own.len() == left.len() && own.iter().all(|now| left.get(&now.id).is_some_and(|then| says_the_same(now, then)));
        if !fits {
            found.push(BrokenSeal::new(&review.name, "bevindingen-buiten-dagboek", &member.id));
        }
    }
    Ok(found)
}

async fn of_reports(tx: &Tx, review: &Review) -> Result<Vec<BrokenSeal>, AppError> {
    let versions = reports::versions(tx, review.id).await?.into_iter();
    let broken = versions.filter(|version| hash_of(&version.content) != version.hash);
    Ok(broken.map(|version| BrokenSeal::new(&review.name, "rapport-gewijzigd", &version.number)).collect())
}

/// Files one at a time: together they may be larger than what fits in memory.
async fn of_files(tx: &Tx, review: &Review) -> Result<Vec<BrokenSeal>, AppError> {
    let pieces: Vec<_> = evidence::of_review(tx, review.id).await?.into_iter().map(|piece| piece.id).collect();
    let mut found = Vec::new();
    for version in evidence::versions(tx, &pieces).await? {
        // A link has no bytes.
        let Some(bytes) = evidence::bytes(tx, version.evidence, version.number).await? else { continue };
        if hex(&Sha256::digest(&bytes)) != version.hash {
            found.push(BrokenSeal::new(&review.name, "bestand-gewijzigd", &format!("{} versie {}", version.evidence, version.number)));
        }
    }
    Ok(found)
}

fn of_framework(framework: &Framework) -> Option<BrokenSeal> {
    let is_published = framework.state != FrameworkState::Draft;
    let is_broken = is_published && crate::frameworks::hash(&framework.content) != framework.hash;
    is_broken.then(|| BrokenSeal::new(&framework.content.name, "kader-gewijzigd", &framework.slug))
}

/// Everything that was sealed and does not fit its hash any more; nothing is the good answer.
///
/// # Errors
/// [`AppError::Storage`] when the database fails or holds a value this version cannot read.
pub async fn broken(app: &App) -> Result<Vec<BrokenSeal>, AppError> {
    app.store
        .read(async |tx| {
            let mut found: Vec<_> = frameworks::list(tx).await?.iter().filter_map(of_framework).collect();
            for review in reviews::list(tx).await? {
                found.extend(of_hand_ins(tx, &review).await?);
                found.extend(of_journals(tx, &review).await?);
                found.extend(of_reports(tx, &review).await?);
                found.extend(of_files(tx, &review).await?);
            }
            Ok(found)
        })
        .await
}
