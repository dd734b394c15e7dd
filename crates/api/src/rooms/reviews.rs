//! Peer reviews as a whole: the calendar, each review with its phases and steps, and what new reviews begin with.

mod answers;
mod requests;

use kernschil_app::listing::Direction as ListDirection;
use kernschil_app::reviews::{self, CalendarFile, CalendarOrder, CalendarQuery};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::ids::RegionId;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::reflection::ReviewSlug;
use crate::PREFIX;
use crate::input::choices::Direction;
use crate::input::{All, Body, Faults, Header, Id, PageNumber, PageSize, Path, Query, Sort, Text, paging, sort_fields};
use crate::output::{Created, Done, Found, Here, Listed, Page, Tagged, Workbook, header, meta};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;
use answers::{PeerReview, ReviewKind, ReviewRhythm, ReviewState, ReviewStep, ReviewSummary, StepTemplate};
use requests::{
    ReviewChangeRequest, ReviewMoveRequest, ReviewRequest, ReviewStepChangeRequest, ReviewStepRequest, StepTemplatesRequest, Whole,
};

/// The room.
#[derive(Default)]
pub(crate) struct PeerReviews;

sort_fields! {
    /// What the calendar can be ordered by.
    ReviewSort { Year = "year", Name = "name", Receiver = "receiver", State = "state", Due = "due" }
}

/// 200 with days for somebody's own calendar.
pub(crate) struct Days(CalendarFile);

impl IntoResponse for Days {
    fn into_response(self) -> Response {
        // The name is made of slugs.
        let attachment = format!("attachment; filename=\"{}\"", self.0.file_name);
        Response::builder().content_type("text/calendar; charset=utf-8").header(CONTENT_DISPOSITION, attachment).body(self.0.text)
    }
}

impl ApiResponse for Days {
    fn meta() -> MetaResponses {
        let text = MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")));
        let content = vec![MetaMediaType { content_type: "text/calendar", schema: text }];
        meta(200, "Days as iCalendar (RFC 5545).", content, vec![header("Content-Disposition", "Says what to call the file.")])
    }

    fn register(_: &mut Registry) {}
}

/// The filters of the calendar.
struct Filters {
    text: Query<Text<1, 100>>,
    year: Query<Whole>,
    region: Query<Id>,
    kind: Query<ReviewKind>,
    state: Query<ReviewState>,
    sort: Query<Sort<ReviewSort>>,
}

impl Filters {
    fn read(self) -> Result<CalendarQuery, Faults> {
        let (text, year, region, kind, state, sort) =
            (self.text.0, self.year.0, self.region.0, self.kind.0, self.state.0, self.sort.0).all()?;
        let order = sort.map_or(CalendarOrder::Year, |sort| match sort.by {
            ReviewSort::Year => CalendarOrder::Year,
            ReviewSort::Name => CalendarOrder::Name,
            ReviewSort::Receiver => CalendarOrder::Receiver,
            ReviewSort::State => CalendarOrder::State,
            ReviewSort::Due => CalendarOrder::Due,
        });
        let direction = sort.map_or(ListDirection::Up, |sort| match sort.direction {
            Direction::Up => ListDirection::Up,
            Direction::Down => ListDirection::Down,
        });
        Ok(CalendarQuery {
            text: text.map(|text| text.0),
            year: year.map(|year| year.0),
            region: region.map(|id| RegionId(id.0)),
            kind: kind.map(|kind| kind.0),
            state: state.map(|state| state.0),
            order,
            direction,
        })
    }
}

async fn shown(app: &App, actor: &Actor, slug: &str) -> Result<Tagged<PeerReview>, AppError> {
    let dossier = reviews::dossier(app, actor, slug).await?;
    Ok(Tagged { tag: format!("\"{}\"", dossier.review.version.0), body: dossier.into() })
}

async fn made(app: &App, actor: &Actor, slug: &str) -> Result<Created<PeerReview>, AppError> {
    Ok(Created { body: shown(app, actor, slug).await?.body, location: format!("{PREFIX}/reviews/{slug}") })
}

async fn shown_steps(app: &App, actor: &Actor, slug: &str) -> Result<Tagged<Vec<ReviewStep>>, AppError> {
    let dossier = reviews::dossier(app, actor, slug).await?;
    Ok(Tagged { tag: format!("\"{}\"", dossier.review.version.0), body: answers::steps(&dossier) })
}

#[OpenApi(tag = "Tag::Reviews")]
impl PeerReviews {
    /// Lists peer reviews
    ///
    /// The calendar: every review within your reach, with whose turn it is and what to look at.
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the operation")]
    #[oai(path = "/reviews", method = "get", operation_id = "listReviews")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Words in the name or in that of the receiver.
        text: Query<Text<1, 100>>,
        /// A calendar year.
        year: Query<Whole>,
        /// A region.
        region: Query<Id>,
        /// A kind.
        kind: Query<ReviewKind>,
        /// How far it is.
        state: Query<ReviewState>,
        /// In which order; by year when absent.
        sort: Query<Sort<ReviewSort>>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<ReviewSummary>, Refusal> {
        let (query, request) = (Filters { text, year, region, kind, state, sort }.read(), paging(page, size)).all()?;
        let calendar = reviews::calendar(&app, &session.0.actor, &query).await?;
        Ok(Listed(Page::of(calendar.rows, request), here))
    }

    /// Puts a peer review on the calendar
    ///
    /// One to prepare, with steps planned back from the visit day, or one that was held already.
    #[oai(path = "/reviews", method = "post", operation_id = "createReview")]
    async fn create(
        &self,
        session: Session,
        app: Data<&App>,
        body: Body<ReviewRequest>,
    ) -> Result<Created<PeerReview>, Refusal<Conflicts>> {
        let (new, actor) = (body.0?, &session.0.actor);
        let slug = reviews::make(&app, actor, new).await?;
        Ok(made(&app, actor, &slug).await?)
    }

    /// Shows what the six-year rhythm still asks
    ///
    /// Regions without a review up to the end of 2029, and visits paid and owed by partnerships within your reach.
    #[oai(path = "/review-rhythm", method = "get", operation_id = "getReviewRhythm")]
    async fn rhythm(&self, session: Session, app: Data<&App>) -> Result<Found<ReviewRhythm>, Refusal> {
        Ok(Found(reviews::calendar(&app, &session.0.actor, &CalendarQuery::default()).await?.into()))
    }

    /// Gives the calendar as a workbook
    ///
    /// The reviews that `listReviews` gives with the same filters, on one sheet.
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the operation")]
    #[oai(path = "/review-calendar/workbook", method = "get", operation_id = "getReviewWorkbook")]
    async fn workbook(
        &self,
        session: Session,
        app: Data<&App>,
        /// Words in the name or in that of the receiver.
        text: Query<Text<1, 100>>,
        /// A calendar year.
        year: Query<Whole>,
        /// A region.
        region: Query<Id>,
        /// A kind.
        kind: Query<ReviewKind>,
        /// How far it is.
        state: Query<ReviewState>,
        /// In which order; by year when absent.
        sort: Query<Sort<ReviewSort>>,
    ) -> Result<Workbook, Refusal> {
        let query = Filters { text, year, region, kind, state, sort }.read()?;
        let made = reviews::calendar_workbook(&app, &session.0.actor, &query).await?;
        Ok(Workbook { bytes: made.bytes, file_name: made.file_name })
    }

    /// Gives the days of the calendar
    ///
    /// Visit days and last days of the reviews that `listReviews` gives with the same filters, and every step of those that
    /// you may open, for your own calendar.
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the operation")]
    #[oai(path = "/review-calendar/days", method = "get", operation_id = "getReviewCalendarDays")]
    async fn calendar_days(
        &self,
        session: Session,
        app: Data<&App>,
        /// Words in the name or in that of the receiver.
        text: Query<Text<1, 100>>,
        /// A calendar year.
        year: Query<Whole>,
        /// A region.
        region: Query<Id>,
        /// A kind.
        kind: Query<ReviewKind>,
        /// How far it is.
        state: Query<ReviewState>,
        /// In which order; by year when absent.
        sort: Query<Sort<ReviewSort>>,
    ) -> Result<Days, Refusal> {
        let query = Filters { text, year, region, kind, state, sort }.read()?;
        Ok(Days(reviews::calendar_days(&app, &session.0.actor, &query).await?))
    }

    /// Lists the steps that new peer reviews get
    ///
    /// Per kind of review, with the days from the visit. Reviews that exist keep their own steps.
    #[oai(path = "/review-steps/:kind", method = "get", operation_id = "listStepTemplates")]
    async fn templates(
        &self,
        session: Session,
        app: Data<&App>,
        /// The kind of review.
        kind: Path<ReviewKind>,
    ) -> Result<Found<Vec<StepTemplate>>, Refusal> {
        let kind = kind.named("kind")?;
        Ok(Found(reviews::templates(&app, &session.0.actor, kind.0).await?.into_iter().map(Into::into).collect()))
    }

    /// Changes the steps that new peer reviews get
    ///
    /// In the place of all there were. Reviews that are on the calendar keep theirs.
    #[oai(path = "/review-steps/:kind", method = "put", operation_id = "putStepTemplates")]
    async fn set_templates(
        &self,
        session: Session,
        app: Data<&App>,
        /// The kind of review.
        kind: Path<ReviewKind>,
        body: Body<StepTemplatesRequest>,
    ) -> Result<Done, Refusal> {
        let (kind, steps) = (kind.named("kind"), body.0).all()?;
        reviews::set_templates(&app, &session.0.actor, kind.0, steps.0).await?;
        Ok(Done)
    }

    /// Shows a peer review
    ///
    /// How far it is, what is missing for the next phase, whose turn it is and what happened.
    #[oai(path = "/reviews/:review", method = "get", operation_id = "getReview")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Tagged<PeerReview>, Refusal> {
        Ok(shown(&app, &session.0.actor, &review.named("review")?.0).await?)
    }

    /// Changes a peer review
    ///
    /// Its name, years and days. Say what you saw: `If-Match` with the `ETag` of the review.
    #[oai(path = "/reviews/:review", method = "patch", operation_id = "changeReview")]
    async fn change(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the review.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReviewChangeRequest>,
    ) -> Result<Tagged<PeerReview>, Refusal<Versions>> {
        let (review, if_match, edit) = (review.named("review"), if_match.0, body.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        reviews::change(&app, actor, &review.0, seen, edit).await.map_err(stale)?;
        Ok(shown(&app, actor, &review.0).await?)
    }

    /// Moves a peer review to another phase
    ///
    /// Or cancels, reopens or resumes it. A gate that is closed answers 400 with everything that is missing. Say what you
    /// saw: `If-Match` with the `ETag` of the review.
    #[oai(path = "/reviews/:review/moves", method = "post", operation_id = "moveReview")]
    async fn move_on(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the review.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReviewMoveRequest>,
    ) -> Result<Tagged<PeerReview>, Refusal<Versions>> {
        let (review, if_match, asked) = (review.named("review"), if_match.0, body.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        reviews::move_on(&app, actor, &review.0, seen, asked.event, asked.reason).await.map_err(stale)?;
        Ok(shown(&app, actor, &review.0).await?)
    }

    /// Puts the second chance on the calendar
    ///
    /// After a judging review that found onvoldoende, with its last day: at most two school years.
    #[oai(
        path = "/reviews/:review/second-chance",
        method = "post",
        operation_id = "createSecondChance",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn second_chance(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Created<PeerReview>, Refusal<Conflicts>> {
        let (review, actor) = (review.named("review")?, &session.0.actor);
        let slug = reviews::make_second_chance(&app, actor, &review.0).await?;
        Ok(made(&app, actor, &slug).await?)
    }

    /// Gives the days of a peer review
    ///
    /// Its visit day, its last day and its steps, for your own calendar.
    #[oai(path = "/reviews/:review/days", method = "get", operation_id = "getReviewDays")]
    async fn days(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Days, Refusal> {
        Ok(Days(reviews::review_days(&app, &session.0.actor, &review.named("review")?.0).await?))
    }

    /// Lists the steps of a peer review
    ///
    /// The `ETag` is that of the review.
    #[oai(path = "/reviews/:review/steps", method = "get", operation_id = "listReviewSteps")]
    async fn steps(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Tagged<Vec<ReviewStep>>, Refusal> {
        Ok(shown_steps(&app, &session.0.actor, &review.named("review")?.0).await?)
    }

    /// Adds a step to a peer review
    ///
    /// Among those of its phase, by its days from the visit. Say what you saw: `If-Match` with the `ETag` of the review.
    #[oai(path = "/reviews/:review/steps", method = "post", operation_id = "addReviewStep")]
    async fn add_step(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the review.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReviewStepRequest>,
    ) -> Result<Tagged<Vec<ReviewStep>>, Refusal<Versions>> {
        let (review, if_match, step) = (review.named("review"), if_match.0, body.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        reviews::add_step(&app, actor, &review.0, seen, step).await.map_err(stale)?;
        Ok(shown_steps(&app, actor, &review.0).await?)
    }

    /// Changes a step of a peer review
    ///
    /// Its name and date, and whether it was done. Say what you saw: `If-Match` with the `ETag` of the review.
    #[oai(path = "/reviews/:review/steps/:number", method = "patch", operation_id = "changeReviewStep")]
    async fn change_step(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Number of the step.
        number: Path<Whole>,
        /// `ETag` of the review.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReviewStepChangeRequest>,
    ) -> Result<Tagged<Vec<ReviewStep>>, Refusal<Versions>> {
        let (review, number, if_match, edit) = (review.named("review"), number.named("number"), if_match.0, body.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        reviews::change_step(&app, actor, &review.0, seen, number.0, edit).await.map_err(stale)?;
        Ok(shown_steps(&app, actor, &review.0).await?)
    }

    /// Removes a step of a peer review
    ///
    /// One that was not done. The steps after it get another number. Say what you saw: `If-Match` with the `ETag` of the
    /// review.
    #[oai(
        path = "/reviews/:review/steps/:number",
        method = "delete",
        operation_id = "removeReviewStep",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove_step(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Number of the step.
        number: Path<Whole>,
        /// `ETag` of the review.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Tagged<Vec<ReviewStep>>, Refusal<Versions>> {
        let (review, number, if_match) = (review.named("review"), number.named("number"), if_match.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        reviews::remove_step(&app, actor, &review.0, seen, number.0).await.map_err(stale)?;
        Ok(shown_steps(&app, actor, &review.0).await?)
    }
}
