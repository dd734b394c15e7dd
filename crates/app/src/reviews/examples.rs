//! The reviews of the demo: those that are known from the field (DOMAIN.md section 9), as they are. Nothing is made up: where
//! only a year is known, only a year stands there.

use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{DEADLINE_YEAR, Judgement, Outcome, PlannedYear, Receiver, ReviewKind, end_of};
use kernschil_storage::reviews::steps;
use kernschil_storage::{WriteTx, registry, reviews};

use super::making::{self, NewReview, PastReview};
use crate::error::AppError;
use crate::{Actor, App, frameworks};

/// The framework agreed in 2021, and the norm for 2026-2029.
const INDUCTION: &str = "samen-opleiden-en-inductie";
const REGION: &str = "samen-opleiden-in-de-onderwijsregio";

const HAK: &str = "Peer review onderwijsregio HAK";
/// HAK starts its reflection in this year.
const HAK_REFLECTION: &str = "Kritische reflectie op de vier waarborgen (begint in 2027)";

/// Whose review it is, by its name in the registry of the examples.
#[derive(Clone, Copy)]
enum Of {
    Partnership(&'static str),
    Region(&'static str),
}

impl Of {
    fn receiver(self, registry: &Registry) -> Option<Receiver> {
        match self {
            Self::Partnership(name) => registry.partnerships.values().find(|p| p.name == name).map(|p| Receiver::Partnership(p.id)),
            Self::Region(name) => registry.regions.values().find(|region| region.name == name).map(|region| Receiver::Region(region.id)),
        }
    }
}

/// How far it is.
#[derive(Clone, Copy)]
enum Stage {
    /// It was held; what came out is not known here.
    Held,
    /// It was held, and judged as a whole.
    Judged(Judgement),
    /// It must be held before the end of 2029.
    Planned,
}

struct Example {
    name: &'static str,
    kind: ReviewKind,
    of: Of,
    framework: &'static str,
    years: &'static [(i32, &'static str)],
    stage: Stage,
    /// Name of the review before it.
    previous: Option<&'static str>,
}

const EXAMPLES: [Example; 7] = [
    Example {
        name: "Peer review OPLIS/ILA 2025",
        kind: ReviewKind::Developmental,
        of: Of::Partnership("OPLIS/ILA"),
        framework: INDUCTION,
        years: &[(2025, "gehouden in 2025")],
        stage: Stage::Held,
        previous: None,
    },
    Example {
        name: "Peer review Partners in Opleiding en Ontwikkeling 2024",
        kind: ReviewKind::Developmental,
        of: Of::Partnership("Partners in Opleiding en Ontwikkeling"),
        framework: INDUCTION,
        years: &[(2024, "gehouden in 2024")],
        stage: Stage::Held,
        previous: None,
    },
    Example {
        name: "Beoordeling Het Leercollectief 2024",
        kind: ReviewKind::Judging,
        of: Of::Partnership("Het Leercollectief"),
        framework: INDUCTION,
        years: &[(2024, "beoordeeld in 2024")],
        stage: Stage::Judged(Judgement::Sufficient),
        previous: None,
    },
    Example {
        name: "Beoordeling Samen Opleidend Leren 2022-2023",
        kind: ReviewKind::Judging,
        of: Of::Partnership("Samen Opleidend Leren"),
        framework: INDUCTION,
        years: &[(2023, "in het schooljaar 2022-2023")],
        stage: Stage::Held,
        previous: None,
    },
    Example {
        name: HAK,
        kind: ReviewKind::Developmental,
        of: Of::Region("Haarlemmermeer Amstelland Kennemerland (HAK)"),
        framework: REGION,
        years: &[(2029, "uiterlijk eind 2029")],
        stage: Stage::Planned,
        previous: None,
    },
    Example {
        name: "Peer review Talent 2025",
        kind: ReviewKind::Developmental,
        of: Of::Region("Talent voor Onderwijs"),
        framework: INDUCTION,
        years: &[(2025, "gehouden in 2025")],
        stage: Stage::Held,
        previous: None,
    },
    Example {
        name: "Volgende peer review Talent",
        kind: ReviewKind::Developmental,
        of: Of::Region("Talent voor Onderwijs"),
        framework: REGION,
        years: &[(2028, "tabel met activiteiten"), (2029, "tekst van het plan")],
        stage: Stage::Planned,
        previous: Some("Peer review Talent 2025"),
    },
];

/// Puts the reviews of the demo on the calendar, of who is in the registry, each once. Answers how many were new.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn load(app: &App, actor: &Actor) -> Result<usize, AppError> {
    frameworks::bring(app).await?;
    app.store
        .write(async |tx| {
            let registry = registry::load(tx).await?;
            let mut made = 0;
            for example in &EXAMPLES {
                let known = reviews::list(tx).await?;
                let is_new = known.iter().all(|review| review.name != example.name);
                if let Some(receiver) = example.of.receiver(&registry).filter(|_| is_new) {
                    let before = known.iter().find(|review| Some(review.name.as_str()) == example.previous);
                    make(app, tx, actor, example, receiver, before.map(|review| review.slug.clone())).await?;
                    made += 1;
                }
            }
            Ok(made)
        })
        .await
}

async fn make(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    example: &Example,
    receiver: Receiver,
    previous: Option<String>,
) -> Result<(), AppError> {
    let (past, due_on) = match example.stage {
        Stage::Held => (Some(PastReview::default()), None),
        Stage::Judged(overall) => (Some(PastReview { outcome: Some(Outcome::overall(overall, None)), ..PastReview::default() }), None),
        Stage::Planned => (None, end_of(DEADLINE_YEAR)),
    };
    let year = |(year, source): &(i32, &str)| PlannedYear { year: *year, source: (*source).to_owned() };
    let new = NewReview {
        name: example.name.to_owned(),
        kind: example.kind,
        receiver,
        framework: Some(example.framework.to_owned()),
        years: example.years.iter().map(year).collect(),
        visit_on: None,
        due_on,
        previous,
        past,
    };
    let review = making::make_in(app, tx, actor, new).await?;
    if example.name == HAK {
        let mut all = steps::of_review(tx, review.id).await?;
        if let Some(step) = all.get_mut(1) {
            HAK_REFLECTION.clone_into(&mut step.template.name);
        }
        steps::replace(tx, review.id, &all).await?;
    }
    Ok(())
}
