//! Key figures of the product in a reflection: pinned as they were on a day, with where they come from. What is pinned
//! never changes, however the round goes on.

use std::collections::BTreeSet;

use kernschil_domain::access::{Permission, Reach};
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::TrainerKind;
use kernschil_domain::coverage::DEFINITION;
use kernschil_domain::frameworks::Part;
use kernschil_domain::ids::{FigureId, PartnershipId, SchoolId};
use kernschil_domain::reviews::{PinnedFigure, Review};
use kernschil_domain::rounds::{Round, RoundData};
use kernschil_storage::Tx;
use kernschil_storage::reviews::figures;
use serde_json::json;

use super::reflection::{access_of, framework_of, require_open};
use super::sight::{self, Known};
use crate::coverage::{self, CoverageQuery, Figures};
use crate::error::{AppError, FieldError};
use crate::overview::number;
use crate::sight as rounds_sight;
use crate::{Actor, App, Change, labels};

/// The most figures of one review.
const MOST: usize = 100;

/// What can be counted of a partnership in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Coverage,
    Places,
    Schools,
    Trainers,
}

impl Count {
    const ALL: [Self; 4] = [Self::Coverage, Self::Places, Self::Schools, Self::Trainers];

    fn code(self) -> &'static str {
        match self {
            Self::Coverage => "dekking",
            Self::Places => "plekken",
            Self::Schools => "scholen",
            Self::Trainers => "opleiders",
        }
    }
}

/// A figure that can be pinned, as it is today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureChoice {
    /// What it is known by: the same for the same figure on another day.
    pub key: String,
    /// What it counts, in words.
    pub label: String,
    /// The value.
    pub value: String,
    /// Where it comes from: the round and the definition.
    pub source: String,
}

/// `99,6%`: rounded down, so that 999 of 1.000 never shows as everybody.
fn share(permille: u32) -> String {
    if permille == 1000 { "100%".to_owned() } else { format!("{},{}%", permille / 10, permille % 10) }
}

fn coverage_words(figures: &Figures) -> String {
    match figures.permille {
        None => "geen studenten die een plek nodig hebben".to_owned(),
        Some(permille) => {
            format!("{} ({} van {} studenten)", share(permille), number(&figures.numerator), number(&figures.denominator))
        }
    }
}

/// The schools of a partnership with places in a round.
fn schools(data: &RoundData, partnership: PartnershipId) -> BTreeSet<SchoolId> {
    let on = crate::schools::first_day(data);
    let is_member = |school: SchoolId| data.registry.memberships_of(school, on).any(|one| one.partnership == partnership);
    data.offers.values().filter(|offer| offer.count > 0 && is_member(offer.school)).map(|offer| offer.school).collect()
}

fn counted(app: &App, data: &RoundData, partnership: PartnershipId, count: Count) -> FigureChoice {
    let name = labels::partnership(data, partnership);
    let schools = || schools(data, partnership);
    let (label, value) = match count {
        Count::Coverage => {
            let query = CoverageQuery { partnership: Some(partnership), ..CoverageQuery::default() };
            (format!("Dekking van {name}"), coverage_words(&coverage::figures(data, query)))
        }
        Count::Places => {
            let own = schools();
            let places: i32 = data.offers.values().filter(|offer| own.contains(&offer.school)).map(|offer| offer.count).sum();
            (format!("Aangeboden plekken van {name}"), format!("{} plekken", number(&places)))
        }
        Count::Schools => (format!("Scholen van {name} met plekken"), format!("{} scholen", number(&schools().len()))),
        Count::Trainers => {
            let today = app.clock.today();
            let of = |school: SchoolId| data.registry.trainers_of(school, today).into_iter();
            let own = schools().into_iter().flat_map(of).filter(|one| one.kind == TrainerKind::School);
            let trainers: BTreeSet<_> = own.map(|trainer| trainer.id).collect();
            (format!("Schoolopleiders van {name}"), format!("{} schoolopleiders", number(&trainers.len())))
        }
    };
    let definition = match count {
        Count::Coverage => format!(", definitie {DEFINITION}"),
        Count::Places | Count::Schools | Count::Trainers => String::new(),
    };
    FigureChoice {
        key: format!("{}.{}.{}", data.round.slug, count.code(), partnership),
        label,
        value,
        source: format!("Ronde {}{definition}", data.round.name),
    }
}

/// The partnerships of a review in a round of which somebody sees every student: of a part, a share would say something
/// else than it seems to.
fn whole(actor: &Actor, known: &Known, round: &Round, app: &App) -> Vec<PartnershipId> {
    let reach = actor.reach(Permission::ReadCoverage, &known.registry, app.clock.today());
    let sees = |id: &PartnershipId| match &reach {
        Reach::Everything => true,
        Reach::Part { partnerships, .. } => partnerships.contains(id),
    };
    let all = known.review.receiver.partnerships(&known.registry);
    all.into_iter().filter(|id| round.partnerships.contains(id) && sees(id)).collect()
}

async fn available(app: &App, tx: &Tx, actor: &Actor, known: &Known) -> Result<Vec<FigureChoice>, AppError> {
    if !actor.may(Permission::ReadCoverage) || !actor.may(Permission::ReadSchools) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for round in app.rounds_in(tx, actor, Permission::ReadCoverage).await? {
        let partnerships = whole(actor, known, &round, app);
        if partnerships.is_empty() {
            continue;
        }
        let data = rounds_sight::round(app, tx, actor, &round.slug, Permission::ReadCoverage).await?;
        found.extend(partnerships.iter().flat_map(|id| Count::ALL.map(|count| counted(app, &data, *id, count))));
    }
    Ok(found)
}

/// The figures that somebody can pin into the reflection of a review, as they are today: of the partnerships that receive,
/// in every round that she reads the coverage of. None for who reads no coverage, or may not write the reflection now.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn choices(app: &App, actor: &Actor, slug: &str) -> Result<Vec<FigureChoice>, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::WriteReflection).await?;
            if require_open(&known.review).is_err() {
                return Ok(Vec::new());
            }
            available(app, tx, actor, &known).await
        })
        .await
}

/// The figures that were pinned, in the order in which they were; none for who may not read the reflection yet.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn pinned(app: &App, actor: &Actor, slug: &str) -> Result<Vec<PinnedFigure>, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            if !access_of(actor, &known.review, &known.registry).reads() {
                return Ok(Vec::new());
            }
            Ok(figures::of_review(tx, known.review.id).await?)
        })
        .await
}

async fn part_of(tx: &Tx, review: &Review, code: &str) -> Result<Part, AppError> {
    let content = framework_of(tx, review.framework).await?.content;
    content.part(code).ok_or(AppError::NotFound)
}

/// Pins a figure at a part of the framework, as it is today.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a part that the framework does not have; [`AppError::Invalid`]
/// when there is no such figure for her; [`AppError::Conflict`] when the reflection was handed in, the figure stands there
/// already as it was today, or there are too many.
pub async fn pin(app: &App, actor: &Actor, slug: &str, code: &str, key: &str) -> Result<FigureId, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReflection).await?;
            let part = part_of(tx, &known.review, code).await?;
            require_open(&known.review)?;
            let found = available(app, tx, actor, &known).await?.into_iter().find(|choice| choice.key == key);
            let unknown = || FieldError::new("figure", "cijfer-onbekend", "Kies een kerncijfer uit de lijst.");
            let choice = found.ok_or_else(|| AppError::Invalid(vec![unknown()]))?;
            let figure = PinnedFigure {
                id: FigureId(app.ids.next()),
                review: known.review.id,
                part,
                label: choice.label,
                value: choice.value,
                source: choice.source,
                as_of: app.clock.today(),
                by: actor.user(),
            };
            require_room(&figures::of_review(tx, known.review.id).await?, &figure)?;
            figures::pin(tx, &figure).await?;
            let change = Change::to(json!({ "figure": figure.id, "part": code, "key": key, "what": "pinned" }));
            app.audit(tx, actor, EventKind::FigurePinned, slug, change);
            Ok(figure.id)
        })
        .await
}

fn require_room(all: &[PinnedFigure], new: &PinnedFigure) -> Result<(), AppError> {
    let is_same = |one: &PinnedFigure| {
        (&one.part, &one.label, &one.value, &one.source, one.as_of) == (&new.part, &new.label, &new.value, &new.source, new.as_of)
    };
    if all.iter().any(is_same) {
        let message = "Dit kerncijfer staat hier al, met de stand van vandaag. Kies een ander.";
        return Err(AppError::conflict("cijfer-staat-er-al", message));
    }
    if all.len() >= MOST {
        let message = format!("Er zijn al {MOST} kerncijfers vastgezet. Haal er eerst een weg.");
        return Err(AppError::conflict("te-veel-cijfers", message));
    }
    Ok(())
}

/// Takes a pinned figure away; [`put_back`] puts it back as it was.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when the reflection was handed in.
pub async fn unpin(app: &App, actor: &Actor, slug: &str, id: FigureId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::WriteReflection).await?.review;
            if !figures::of_review(tx, review.id).await?.iter().any(|figure| figure.id == id) {
                return Err(AppError::NotFound);
            }
            require_open(&review)?;
            figures::set_removed(tx, review.id, id, Some(app.clock.now())).await?;
            app.audit(tx, actor, EventKind::FigurePinned, slug, Change::to(json!({ "figure": id, "what": "removed" })));
            Ok(())
        })
        .await
}

/// Puts a figure back that was taken away: with the value and the day it had.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when the reflection was handed in.
pub async fn put_back(app: &App, actor: &Actor, slug: &str, id: FigureId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::WriteReflection).await?.review;
            figures::set_removed(tx, review.id, id, None).await?;
            require_open(&review)?;
            app.audit(tx, actor, EventKind::FigurePinned, slug, Change::to(json!({ "figure": id, "what": "put-back" })));
            Ok(())
        })
        .await
}
