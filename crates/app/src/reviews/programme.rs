//! The programme of the visit day: who speaks to whom, when and where.

use chrono::NaiveTime;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{MemberId, ProgrammeItemId, Version};
use kernschil_domain::reviews::{Overlap, ProgrammeItem, Review, ReviewMember, ReviewState, overlaps};
use kernschil_storage::reviews::{members, programme};
use kernschil_storage::{StorageError, Tx, WriteTx};
use serde_json::json;

use super::sight;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// The most parts of one programme.
pub const PARTS: usize = 60;
const TITLE_SIGNS: usize = 200;
const WORDS_SIGNS: usize = 120;

/// The programme of a visit day.
#[derive(Debug, Clone)]
pub struct Programme {
    /// The review.
    pub review: Review,
    /// Its parts, by time.
    pub items: Vec<ProgrammeItem>,
    /// What collides.
    pub overlaps: Vec<Overlap>,
    /// The members of the panel who can be in it.
    pub panel: Vec<ReviewMember>,
    /// Whether the reader can change it.
    pub can_change: bool,
}

/// A part of the programme as somebody fills it in.
#[derive(Debug, Clone, Default)]
pub struct NewItem {
    /// When it begins, as `9:30` or `09.30`.
    pub starts_at: String,
    /// When it ends.
    pub ends_at: String,
    /// What it is.
    pub title: String,
    /// The room; may be empty.
    pub room: String,
    /// Who is spoken to; may be empty.
    pub audience: String,
    /// The members of the panel who are there; none means all.
    pub members: Vec<MemberId>,
}

fn is_open(review: &Review) -> bool {
    matches!(review.state, ReviewState::Planned | ReviewState::Preparing | ReviewState::Conducting)
}

fn require_open(review: &Review) -> Result<(), AppError> {
    if is_open(review) {
        return Ok(());
    }
    Err(AppError::conflict("programma-gesloten", "De bezoekdag is voorbij. Het programma verandert niet meer."))
}

fn clean_time(field: &str, text: &str) -> Result<NaiveTime, FieldError> {
    let time = NaiveTime::parse_from_str(&text.trim().replace('.', ":"), "%H:%M");
    time.map_err(|_| FieldError::new(field, "tijd-ongeldig", "Schrijf een tijd als 9.30 of 13:45."))
}

fn clean_words(field: &str, text: &str, signs: std::ops::RangeInclusive<usize>) -> Result<String, FieldError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if signs.contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(text);
    }
    let message = match signs.start() {
        0 => format!("Gebruik hooguit {} tekens.", signs.end()),
        _ => format!("Zeg in hooguit {} tekens wat er dan is.", signs.end()),
    };
    Err(FieldError::new(field, "tekst-ongeldig", message))
}

impl NewItem {
    /// The part as it will be stored, or everything that is wrong.
    fn checked(&self, panel: &[ReviewMember], id: ProgrammeItemId, review: &Review, version: Version) -> Result<ProgrammeItem, AppError> {
        let (starts_at, ends_at) = (clean_time("startsAt", &self.starts_at), clean_time("endsAt", &self.ends_at));
        let order = match (&starts_at, &ends_at) {
            (Ok(start), Ok(end)) if start >= end => Err(FieldError::new("endsAt", "tijd-volgorde", "Het einde komt na het begin.")),
            _ => Ok(()),
        };
        let is_known = |member: &MemberId| panel.iter().any(|one| one.id == *member);
        let known = if self.members.iter().all(is_known) {
            Ok(())
        } else {
            Err(FieldError::new("members", "lid-onbekend", "Kies leden die in dit panel zitten."))
        };
        let title = clean_words("title", &self.title, 1..=TITLE_SIGNS);
        let (room, audience) = (clean_words("room", &self.room, 0..=WORDS_SIGNS), clean_words("audience", &self.audience, 0..=WORDS_SIGNS));
        match (starts_at, ends_at, order, known, title, room, audience) {
            (Ok(starts_at), Ok(ends_at), Ok(()), Ok(()), Ok(title), Ok(room), Ok(audience)) => Ok(ProgrammeItem {
                id,
                review: review.id,
                starts_at,
                ends_at,
                title,
                room,
                audience,
                members: self.members.clone(),
                version,
            }),
            (starts_at, ends_at, order, known, title, room, audience) => {
                let wrong = [starts_at.err(), ends_at.err(), order.err(), known.err(), title.err(), room.err(), audience.err()];
                Err(AppError::Invalid(wrong.into_iter().flatten().collect()))
            }
        }
    }
}

async fn panel_of(tx: &Tx, review: &Review) -> Result<Vec<ReviewMember>, AppError> {
    let mut panel = members::of_review(tx, review.id).await?;
    panel.retain(|member| member.role.is_panel());
    Ok(panel)
}

/// The programme, for everybody who may read the dossier.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn get(app: &App, actor: &Actor, slug: &str) -> Result<Programme, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let manages = !sight::within(actor, Permission::ManageReview, &known.registry, vec![known.review.clone()]).is_empty();
            let items = programme::of_review(tx, known.review.id).await?;
            Ok(Programme {
                overlaps: overlaps(&items),
                items,
                panel: panel_of(tx, &known.review).await?,
                can_change: manages && is_open(&known.review),
                review: known.review,
            })
        })
        .await
}

fn note(app: &App, tx: &WriteTx, (actor, slug): (&Actor, &str), id: ProgrammeItemId, what: &str) {
    app.audit(tx, actor, EventKind::ProgrammeChanged, slug, Change::to(json!({ "item": id, "what": what })));
}

/// Adds a part.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when the visit is over or the programme is full.
pub async fn add(app: &App, actor: &Actor, slug: &str, new: &NewItem) -> Result<ProgrammeItemId, AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
            require_open(&review)?;
            let id = ProgrammeItemId(app.ids.next());
            let item = new.checked(&panel_of(tx, &review).await?, id, &review, Version::FIRST)?;
            if programme::of_review(tx, review.id).await?.len() >= PARTS {
                let message = format!("Er zijn al {PARTS} onderdelen. Haal er eerst een weg.");
                return Err(AppError::conflict("programma-vol", message));
            }
            programme::store(tx, &item).await?;
            note(app, tx, (actor, slug), id, "added");
            Ok(id)
        })
        .await
}

/// A part that somebody changes, as she saw it.
async fn locked(tx: &WriteTx, actor: &Actor, slug: &str, id: ProgrammeItemId, seen: Version) -> Result<Review, AppError> {
    let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
    let item = programme::of_review(tx, review.id).await?.into_iter().find(|item| item.id == id).ok_or(AppError::NotFound)?;
    require_open(&review)?;
    if item.version == seen { Ok(review) } else { Err(StorageError::Stale.into()) }
}

/// Changes a part.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when somebody else changed it since, or the visit is over.
pub async fn change(app: &App, actor: &Actor, slug: &str, (id, seen): (ProgrammeItemId, Version), new: &NewItem) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let review = locked(tx, actor, slug, id, seen).await?;
            let item = new.checked(&panel_of(tx, &review).await?, id, &review, seen.next())?;
            programme::store(tx, &item).await?;
            note(app, tx, (actor, slug), id, "changed");
            Ok(())
        })
        .await
}

/// Removes a part.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed it since, or the
/// visit is over.
pub async fn remove(app: &App, actor: &Actor, slug: &str, (id, seen): (ProgrammeItemId, Version)) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            locked(tx, actor, slug, id, seen).await?;
            programme::remove(tx, id).await?;
            note(app, tx, (actor, slug), id, "removed");
            Ok(())
        })
        .await
}
