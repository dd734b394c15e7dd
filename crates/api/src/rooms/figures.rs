//! Key figures of the product that are pinned into a reflection.

use kernschil_app::App;
use kernschil_app::reviews::figures;
use kernschil_domain::ids::FigureId;
use kernschil_domain::reviews::PinnedFigure as DomainFigure;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::reflection::{PartName, ReviewSlug};
use crate::PREFIX;
use crate::input::{All, Body, Day, Faults, Given, Id, Input, Path, Text};
use crate::output::{Created, Done, Found};
use crate::refusal::{Conflicts, Refusal};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct PinnedFigures;

/// A key figure that can be pinned, as it is today.
#[derive(Debug, Object)]
pub(crate) struct FigureChoice {
    /// What it is known by, to pin it.
    key: String,
    /// What it counts.
    label: String,
    /// The value.
    value: String,
    /// Where it comes from: the round and the definition.
    source: String,
}

impl From<figures::FigureChoice> for FigureChoice {
    fn from(choice: figures::FigureChoice) -> Self {
        Self { key: choice.key, label: choice.label, value: choice.value, source: choice.source }
    }
}

/// A key figure, as it was on the day it was pinned.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct PinnedFigure {
    /// Identifier.
    id: Uuid,
    /// Code of the part of the framework it was pinned at.
    part: String,
    /// What it counts.
    label: String,
    /// The value it had.
    value: String,
    /// Where it comes from: the round and the definition.
    source: String,
    /// The day it holds for.
    as_of: Day,
}

impl From<&DomainFigure> for PinnedFigure {
    fn from(figure: &DomainFigure) -> Self {
        Self {
            id: figure.id.0,
            part: figure.part.code().0.clone(),
            label: figure.label.clone(),
            value: figure.value.clone(),
            source: figure.source.clone(),
            as_of: Day(figure.as_of),
        }
    }
}

/// A key figure to pin.
#[derive(Debug, Object)]
pub(crate) struct PinRequest {
    /// Code of the part of the framework.
    part: Given<PartName>,
    /// What the figure is known by.
    figure: Given<Text<1, 300>>,
}

pub(crate) struct Pin {
    part: String,
    figure: String,
}

impl Input for PinRequest {
    type Checked = Pin;

    const FIELDS: &'static [&'static str] = &["part", "figure"];

    fn check(self) -> Result<Pin, Faults> {
        let (part, figure) = (self.part.named("part"), self.figure.named("figure")).all()?;
        Ok(Pin { part: part.0, figure: figure.0 })
    }
}

#[OpenApi(tag = "Tag::Reflection")]
impl PinnedFigures {
    /// Lists the key figures that can be pinned
    ///
    /// Of the partnerships that receive, in the rounds that you read the coverage of, as they are today. None once the
    /// reflection was handed in.
    #[oai(path = "/reviews/:review/figure-choices", method = "get", operation_id = "listFigureChoices")]
    async fn choices(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<Vec<FigureChoice>>, Refusal> {
        let found = figures::choices(&app, &session.0.actor, &review.named("review")?.0).await?;
        Ok(Found(found.into_iter().map(Into::into).collect()))
    }

    /// Lists the key figures that were pinned
    ///
    /// Each with the value it had on the day it was pinned. None while you may not read the reflection.
    #[oai(path = "/reviews/:review/figures", method = "get", operation_id = "listPinnedFigures")]
    async fn pinned(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<Vec<PinnedFigure>>, Refusal> {
        let found = figures::pinned(&app, &session.0.actor, &review.named("review")?.0).await?;
        Ok(Found(found.iter().map(Into::into).collect()))
    }

    /// Pins a key figure
    ///
    /// With the value of today, which never changes afterwards.
    #[oai(path = "/reviews/:review/figures", method = "post", operation_id = "pinFigure")]
    async fn pin(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<PinRequest>,
    ) -> Result<Created<PinnedFigure>, Refusal<Conflicts>> {
        let (review, pin) = (review.named("review"), body.0).all()?;
        let actor = &session.0.actor;
        let id = figures::pin(&app, actor, &review.0, &pin.part, &pin.figure).await?;
        let found = figures::pinned(&app, actor, &review.0).await?;
        let made = found.iter().find(|figure| figure.id == id).ok_or(kernschil_app::AppError::NotFound)?;
        Ok(Created { body: made.into(), location: format!("{PREFIX}/reviews/{}/figures", review.0) })
    }

    /// Takes a pinned key figure away
    ///
    /// It can be put back until the reflection is handed in.
    #[oai(
        path = "/reviews/:review/figures/:figure",
        method = "delete",
        operation_id = "unpinFigure",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn unpin(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The figure.
        figure: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        let (review, id) = (review.named("review"), figure.named("figure")).all()?;
        figures::unpin(&app, &session.0.actor, &review.0, FigureId(id.0)).await?;
        Ok(Done)
    }

    /// Puts a key figure back that was taken away
    ///
    /// With the value and the day it had.
    #[oai(
        path = "/reviews/:review/figures/:figure/restorations",
        method = "post",
        operation_id = "putFigureBack",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn put_back(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The figure.
        figure: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        let (review, id) = (review.named("review"), figure.named("figure")).all()?;
        figures::put_back(&app, &session.0.actor, &review.0, FigureId(id.0)).await?;
        Ok(Done)
    }
}
