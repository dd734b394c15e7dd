//! Evidence of a review: files and links that show what the reflection rests on, with versions, used for parts of the
//! framework. A file is kept and given back as it is; it is never opened here.

use std::collections::BTreeMap;

use kernschil_credentials::tokens::hex;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{ReviewEvidenceId, UserId, Version};
use kernschil_domain::reviews::{EvidenceForm, Review, ReviewEvidence, ReviewEvidenceVersion, ReviewState};
use kernschil_spreadsheets::documents;
use kernschil_storage::reviews::evidence;
use kernschil_storage::{StorageError, Tx, WriteTx};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::reflection::{ReflectionAccess, access_of, framework_of, names, require_open};
use super::sight;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// The most bytes of one file: a report with pictures fits, a film does not. Files stand in the database, so that a backup
/// holds them, and that should stay small enough to make one every night.
pub const FILE_BYTES: usize = 10 * 1024 * 1024;
/// The most pieces of evidence of one review that were not taken away.
pub const PIECES: u64 = 200;
/// The most versions of one piece.
pub const VERSIONS: usize = 50;
const TITLE_SIGNS: usize = 200;
const NAME_SIGNS: usize = 150;
const ADDRESS_SIGNS: usize = 2_000;

/// A file as somebody sent it.
#[derive(Clone)]
pub struct EvidenceFile {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What evidence is made of.
#[derive(Clone)]
pub enum Source {
    /// A file.
    File(EvidenceFile),
    /// The address of a page elsewhere.
    Link(String),
}

impl Source {
    fn form(&self) -> EvidenceForm {
        match self {
            Self::File(_) => EvidenceForm::File,
            Self::Link(_) => EvidenceForm::Link,
        }
    }
}

/// A piece of evidence with its versions.
#[derive(Debug, Clone)]
pub struct EvidenceItem {
    /// The piece.
    pub evidence: ReviewEvidence,
    /// Its versions, the oldest first.
    pub versions: Vec<ReviewEvidenceVersion>,
}

/// The evidence of a review.
#[derive(Debug, Clone)]
pub struct EvidenceList {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// The pieces, by title; what was taken away included.
    pub items: Vec<EvidenceItem>,
    /// Names of those who brought it.
    pub names: BTreeMap<UserId, String>,
    /// What the reader may do with the reflection it belongs to.
    pub access: ReflectionAccess,
}

impl EvidenceList {
    /// Whether the reader can bring more: as long as the panel looks at it.
    pub fn takes_more(&self) -> bool {
        self.access.is_author() && takes_more(&self.review)
    }
}

/// A file to take along.
pub struct Download {
    /// Name of the file.
    pub name: String,
    /// Media type, found by looking at the bytes.
    pub media_type: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

fn takes_more(review: &Review) -> bool {
    matches!(review.state, ReviewState::Planned | ReviewState::Preparing | ReviewState::Conducting)
}

fn wrong(field: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError::new(field, code, message)
}

fn clean_title(title: &str) -> Result<String, FieldError> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let signs = title.chars().count();
    if (1..=TITLE_SIGNS).contains(&signs) && !title.chars().any(char::is_control) {
        return Ok(title);
    }
    Err(wrong("title", "titel-ongeldig", format!("Geef het bewijsstuk een titel van hooguit {TITLE_SIGNS} tekens.")))
}

/// The parts that codes mean, each once.
fn clean_parts(content: &FrameworkContent, codes: &[String]) -> Result<Vec<Part>, FieldError> {
    let mut parts = Vec::new();
    for code in codes {
        let part = content.part(code).ok_or_else(|| wrong("parts", "onderdeel-onbekend", "Kies onderdelen die in het kader staan."))?;
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    Ok(parts)
}

/// The name of a file, without a folder and without signs that a file system does not take.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let kept: String = last.chars().filter(|sign| !sign.is_control() && !"<>:\"|?*".contains(*sign)).collect();
    // The end says what the file is, so that stays.
    let signs = kept.chars().count();
    kept.chars().skip(signs.saturating_sub(NAME_SIGNS)).collect()
}

fn clean_address(address: &str) -> Result<String, FieldError> {
    let address = address.trim();
    let host = ["https://", "http://"].into_iter().find_map(|scheme| {
        let start = address.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| address[scheme.len()..].split(['/', '?', '#']).next().unwrap_or_default())
    });
    let is_right = host.is_some_and(|host| !host.is_empty() && !host.contains('@'))
        && address.chars().count() <= ADDRESS_SIGNS
        && !address.chars().any(|sign| sign.is_control() || sign.is_whitespace() || "<>\"".contains(sign));
    let message = "Vul een adres in dat begint met https://, zonder spaties.";
    if is_right { Ok(address.to_owned()) } else { Err(wrong("link", "adres-ongeldig", message)) }
}

/// A version as it will be stored, with the bytes of a file.
struct Checked {
    name: String,
    media_type: String,
    size: i64,
    hash: String,
    bytes: Option<Vec<u8>>,
}

fn check(source: Source) -> Result<Checked, FieldError> {
    let file = match source {
        Source::Link(address) => {
            let name = clean_address(&address)?;
            return Ok(Checked { name, media_type: String::new(), size: 0, hash: String::new(), bytes: None });
        }
        Source::File(file) => file,
    };
    let most = FILE_BYTES / (1024 * 1024);
    if file.bytes.len() > FILE_BYTES {
        return Err(wrong(
            "file",
            "bestand-te-groot",
            format!("Het bestand is te groot: hooguit {most} MB. Maak het kleiner of geef een link."),
        ));
    }
    let name = clean_name(&file.name);
    let kind = documents::recognise(&name, &file.bytes).map_err(|error| wrong("file", error.code(), error.dutch()))?;
    let digest = Sha256::digest(&file.bytes);
    Ok(Checked {
        name,
        media_type: kind.media_type().to_owned(),
        size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        hash: hex(&digest),
        bytes: Some(file.bytes),
    })
}

impl Checked {
    fn version(&self, app: &App, actor: &Actor, evidence: ReviewEvidenceId, number: i32) -> ReviewEvidenceVersion {
        ReviewEvidenceVersion {
            evidence,
            number,
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size: self.size,
            hash: self.hash.clone(),
            at: app.clock.now(),
            by: actor.user(),
        }
    }
}

/// The evidence of a review, for everybody who may read its dossier.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<EvidenceList, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let content = framework_of(tx, known.review.framework).await?.content;
            let pieces = evidence::of_review(tx, known.review.id).await?;
            let ids: Vec<_> = pieces.iter().map(|piece| piece.id).collect();
            let mut versions: BTreeMap<_, Vec<_>> = BTreeMap::new();
            for version in evidence::versions(tx, &ids).await? {
                versions.entry(version.evidence).or_default().push(version);
            }
            let item = |evidence: ReviewEvidence| EvidenceItem { versions: versions.remove(&evidence.id).unwrap_or_default(), evidence };
            let access = access_of(actor, &known.review, &known.registry);
            Ok(EvidenceList {
                items: pieces.into_iter().map(item).collect(),
                review: known.review,
                content,
                names: names(tx).await?,
                access,
            })
        })
        .await
}

/// Brings a piece of evidence. Its type is what its bytes say.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong, also with the
/// file; [`AppError::Conflict`] when the visit is over or there is too much already.
pub async fn add(
    app: &App,
    actor: &Actor,
    slug: &str,
    (title, codes): (&str, &[String]),
    source: Source,
) -> Result<ReviewEvidenceId, AppError> {
    let form = source.form();
    let (title, checked) = (clean_title(title), check(source));
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::WriteReflection).await?.review;
            let parts = clean_parts(&framework_of(tx, review.framework).await?.content, codes);
            let (title, parts, checked) = all_right(title, parts, checked)?;
            require_room(tx, &review).await?;
            let id = ReviewEvidenceId(app.ids.next());
            let version = checked.version(app, actor, id, 1);
            let new =
                ReviewEvidence { id, review: review.id, title, kind: form, used_for: parts, removed_at: None, version: Version::FIRST };
            evidence::insert(tx, &new).await?;
            evidence::put_version(tx, &version, checked.bytes).await?;
            note(app, tx, (actor, slug), id, "brought");
            Ok(id)
        })
        .await
}

fn all_right(
    title: Result<String, FieldError>,
    parts: Result<Vec<Part>, FieldError>,
    checked: Result<Checked, FieldError>,
) -> Result<(String, Vec<Part>, Checked), AppError> {
    match (title, parts, checked) {
        (Ok(title), Ok(parts), Ok(checked)) => Ok((title, parts, checked)),
        (title, parts, checked) => Err(AppError::Invalid([title.err(), parts.err(), checked.err()].into_iter().flatten().collect())),
    }
}

async fn require_room(tx: &Tx, review: &Review) -> Result<(), AppError> {
    if !takes_more(review) {
        let message = "Na het bezoek komen er geen bewijsstukken meer bij. Bekijk in het dossier waar de review staat.";
        return Err(AppError::conflict("bewijs-gesloten", message));
    }
    if evidence::count(tx, review.id).await? >= PIECES {
        let message = format!("Er zijn al {PIECES} bewijsstukken. Haal er eerst een weg, of voeg er een paar samen.");
        return Err(AppError::conflict("bewijs-vol", message));
    }
    Ok(())
}

fn note(app: &App, tx: &WriteTx, (actor, slug): (&Actor, &str), id: ReviewEvidenceId, what: &str) {
    app.audit(tx, actor, EventKind::EvidenceChanged, slug, Change::to(json!({ "evidence": id, "what": what })));
}

/// A piece that somebody changes, as she saw it, in a reflection that is still being written.
async fn locked(
    tx: &WriteTx,
    actor: &Actor,
    slug: &str,
    id: ReviewEvidenceId,
    seen: Version,
) -> Result<(Review, ReviewEvidence), AppError> {
    let review = sight::locked(tx, actor, slug, Permission::WriteReflection).await?.review;
    let piece = evidence::of_review(tx, review.id).await?.into_iter().find(|piece| piece.id == id && piece.removed_at.is_none());
    let piece = piece.ok_or(AppError::NotFound)?;
    require_open(&review)?;
    if piece.version == seen { Ok((review, piece)) } else { Err(StorageError::Stale.into()) }
}

/// Gives a piece another title, and other parts it is used for.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`]; [`AppError::Conflict`] when somebody else changed
/// it since, or the reflection was handed in.
pub async fn change(
    app: &App,
    actor: &Actor,
    slug: &str,
    (id, seen): (ReviewEvidenceId, Version),
    (title, codes): (&str, &[String]),
) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let (review, piece) = locked(tx, actor, slug, id, seen).await?;
            let parts = clean_parts(&framework_of(tx, review.framework).await?.content, codes);
            let (title, used_for) = match (clean_title(title), parts) {
                (Ok(title), Ok(parts)) => (title, parts),
                (title, parts) => return Err(AppError::Invalid([title.err(), parts.err()].into_iter().flatten().collect())),
            };
            let version = evidence::save(tx, &ReviewEvidence { title, used_for, ..piece }).await?;
            note(app, tx, (actor, slug), id, "changed");
            Ok(version)
        })
        .await
}

/// Brings a newer version of a piece; the older ones stay.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`]; [`AppError::Conflict`] when it is not of the
/// same form, somebody else changed it since, or the reflection was handed in.
pub async fn renew(
    app: &App,
    actor: &Actor,
    slug: &str,
    (id, seen): (ReviewEvidenceId, Version),
    source: Source,
) -> Result<Version, AppError> {
    let form = source.form();
    let checked = check(source).map_err(|error| AppError::Invalid(vec![error]));
    app.store
        .write(async |tx| {
            let (_, piece) = locked(tx, actor, slug, id, seen).await?;
            let checked = checked?;
            if piece.kind != form {
                let message = "Een bestand blijft een bestand en een link een link. Voeg dit als nieuw bewijsstuk toe.";
                return Err(AppError::conflict("andere-vorm", message));
            }
            let versions = evidence::versions(tx, &[id]).await?;
            if versions.len() >= VERSIONS {
                let message = format!("Er zijn al {VERSIONS} versies. Voeg dit als nieuw bewijsstuk toe.");
                return Err(AppError::conflict("te-veel-versies", message));
            }
            let latest = versions.last().ok_or_else(|| AppError::Internal("evidence without a version".to_owned()))?;
            if (&latest.hash, &latest.name) == (&checked.hash, &checked.name) {
                return Ok(piece.version);
            }
            let version = checked.version(app, actor, id, latest.number + 1);
            let next = evidence::add_version(tx, &piece, &version, checked.bytes).await?;
            note(app, tx, (actor, slug), id, "renewed");
            Ok(next)
        })
        .await
}

/// Takes a piece away: its files go, its title stays where it was used.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed it since, or the
/// reflection was handed in.
pub async fn remove(app: &App, actor: &Actor, slug: &str, (id, seen): (ReviewEvidenceId, Version)) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let (_, piece) = locked(tx, actor, slug, id, seen).await?;
            evidence::remove(tx, &piece, app.clock.now()).await?;
            note(app, tx, (actor, slug), id, "removed");
            Ok(())
        })
        .await
}

/// A version of a file, to take along; for everybody who may read the dossier.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a link and for what was taken away.
pub async fn download(app: &App, actor: &Actor, slug: &str, id: ReviewEvidenceId, number: i32) -> Result<Download, AppError> {
    app.store
        .write(async |tx| {
            let review = sight::review(tx, actor, slug, Permission::ReadReview).await?.review;
            let pieces = evidence::of_review(tx, review.id).await?;
            if !pieces.iter().any(|piece| piece.id == id && piece.removed_at.is_none()) {
                return Err(AppError::NotFound);
            }
            let version = evidence::versions(tx, &[id]).await?.into_iter().find(|version| version.number == number);
            let (Some(version), Some(bytes)) = (version, evidence::bytes(tx, id, number).await?) else { return Err(AppError::NotFound) };
            app.audit(tx, actor, EventKind::ReviewExported, slug, Change::to(json!({ "evidence": id, "version": number })));
            Ok(Download { name: version.name, media_type: version.media_type, bytes })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_folder_and_keeps_its_end() {
        assert_eq!(clean_name("C:\\Mijn map\\plan <1>.pdf"), "plan 1.pdf");
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert!(clean_name(&format!("{}.pdf", "a".repeat(400))).ends_with("a.pdf"));
    }

    #[test]
    fn a_link_leads_to_the_web() {
        assert_eq!(clean_address(" https://school.example/plan?a=1#b ").unwrap(), "https://school.example/plan?a=1#b");
        for bad in
            ["", "school.example", "javascript:alert(1)", "https://", "http://u:p@a.example", "ftp://a.example", "https://a b", "data:,x"]
        {
            assert_eq!(clean_address(bad).unwrap_err().code, "adres-ongeldig", "{bad}");
        }
    }
}
