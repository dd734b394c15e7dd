//! The steps of a round, their dates, and who is waited for.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_app::App;
use kernschil_app::answers::{self, AnswerRow, Contact};
use kernschil_app::steps::{self, StepsView};
use kernschil_domain::answers::Answer;
use kernschil_domain::codes;
use kernschil_domain::steps::{Gate, GateWeight};
use poem::web::Data;
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;

use super::Tag;
use super::codes::{RoundState, Tier};
use super::rules::{array_of, chosen, fields, list};
use crate::input::{All, Body, Day, Header, PageNumber, PageSize, Path, Query, Scalar, SchoolCode, Slug, Wrong, coded, one_field, paging};
use crate::output::{Done, Found, Here, Listed, Page, Tagged};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Steps;

coded! {
    /// Something that moves a round. Only `forward`, `back` and `close` are done here; the others are operations of their own.
    RoundEvent(kernschil_domain::steps::RoundEvent)
}

coded! {
    /// What is noted of a school: that it is waited for, or that it has no places.
    AnswerState(codes::AnswerState)
}

/// What a gate does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum Weight {
    /// The round cannot move.
    Blocks,
    /// The round can move; people should know.
    Warns,
}

/// Something that is missing, or worth knowing.
#[derive(Debug, Object)]
pub(crate) struct RoundGate {
    /// Stable code.
    code: String,
    /// What it does.
    weight: Weight,
    /// What is missing and what to do, in Dutch.
    message: String,
}

/// Gates as the document has them.
fn gates(gates: &[(Gate, GateWeight)]) -> Vec<RoundGate> {
    let weight = |weight: GateWeight| if weight == GateWeight::Blocks { Weight::Blocks } else { Weight::Warns };
    gates.iter().map(|(gate, has)| RoundGate { code: gate.code().to_owned(), weight: weight(*has), message: gate.dutch() }).collect()
}

/// Something that fits where a round stands.
#[derive(Debug, Object)]
pub(crate) struct RoundMove {
    /// What.
    event: RoundEvent,
    /// What stands in its way, or is worth knowing.
    gates: Vec<RoundGate>,
}

/// When a step should be done.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct StepDate {
    /// The step.
    step: RoundState,
    /// Its date.
    due_on: Day,
}

/// Where a round stands.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct RoundSteps {
    /// The step it is at.
    state: RoundState,
    /// Dates, in the order of the steps; a step without a date is absent.
    dates: Vec<StepDate>,
    /// What fits here.
    events: Vec<RoundMove>,
    /// Schools in its partnerships.
    schools: usize,
    /// Schools that did not answer yet.
    waiting: usize,
    /// Demands that need a place.
    demands: usize,
    /// Demands with a place.
    placed: usize,
    /// Students with a place in only some of their periods.
    half_placed: usize,
}

fn steps_of(view: &StepsView) -> Tagged<RoundSteps> {
    let body = RoundSteps {
        state: view.round.state.into(),
        dates: view.dates.iter().map(|(step, date)| StepDate { step: (*step).into(), due_on: Day(*date) }).collect(),
        events: view.events.iter().map(|(event, found)| RoundMove { event: RoundEvent(*event), gates: gates(found) }).collect(),
        schools: view.facts.schools,
        waiting: view.facts.waiting,
        demands: view.facts.demands,
        placed: view.facts.placed,
        half_placed: view.facts.half_placed,
    };
    Tagged { tag: format!("\"{}\"", view.round.version.0), body }
}

one_field! {
    /// A move that is asked for.
    MoveRequest {
        /// Which: `forward`, `back` or `close`.
        event: RoundEvent => kernschil_domain::steps::RoundEvent,
    }
}

#[derive(Debug)]
struct DateList(BTreeMap<codes::RoundState, NaiveDate>);

impl Scalar for DateList {
    fn schema() -> MetaSchemaRef {
        array_of::<StepDate>()
    }

    fn register(registry: &mut Registry) {
        StepDate::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let mut dates = BTreeMap::new();
        for value in list(value)? {
            let object = fields(value, &["step", "dueOn"])?;
            let step = chosen::<RoundState>(object, "step")?.0;
            if dates.insert(step, chosen::<Day>(object, "dueOn")?.0).is_some() {
                return Err(Wrong::new("stap-dubbel", format!("De stap {} staat er twee keer in. Laat er een weg.", step.code())));
            }
        }
        Ok(Self(dates))
    }
}

one_field! {
    /// Dates of steps; a step that is absent has no date any more.
    DatesRequest {
        /// Dates; none before that of an earlier step.
        dates: DateList => BTreeMap<codes::RoundState, NaiveDate>,
    }
}

/// What a school said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum SchoolSaid {
    /// Nothing yet: it is waited for.
    Waiting,
    /// It has no places this time.
    None,
    /// It offers places.
    Places,
}

/// A school with what it said about its places.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct SchoolAnswer {
    /// Code of the school.
    school: String,
    /// Name.
    name: String,
    /// Board.
    board: Option<String>,
    /// Kern when it is that in one of the round's partnerships.
    tier: Tier,
    /// What it said.
    answer: SchoolSaid,
    /// Places it offers; absent while it is waited for.
    places: Option<u32>,
    /// When it was asked.
    asked_on: Option<Day>,
    /// When it was reminded last.
    reminded_on: Option<Day>,
    /// When it answered, as far as noted by hand.
    answered_on: Option<Day>,
    /// Whether mail reaches it.
    reachable: bool,
}

impl From<AnswerRow> for SchoolAnswer {
    fn from(row: AnswerRow) -> Self {
        let (answer, places) = match row.answer {
            Answer::Waiting => (SchoolSaid::Waiting, None),
            Answer::NoPlaces => (SchoolSaid::None, Some(0)),
            Answer::Places(places) => (SchoolSaid::Places, Some(places)),
        };
        Self {
            school: row.code,
            name: row.name,
            board: row.board,
            tier: row.tier.into(),
            answer,
            places,
            asked_on: row.asked_on.map(Day),
            reminded_on: row.reminded_on.map(Day),
            answered_on: row.answered_on.map(Day),
            reachable: row.contact == Contact::Mail,
        }
    }
}

one_field! {
    /// What is to be noted of a school.
    AnswerRequest {
        /// What it said.
        answer: AnswerState => codes::AnswerState,
    }
}

/// What asking did.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct SchoolsAsked {
    /// Mails queued.
    mails: usize,
    /// Schools that are waited for and have no e-mail address.
    without_address: usize,
    /// Schools that were asked earlier today.
    today: usize,
}

#[OpenApi(tag = "Tag::Rounds")]
impl Steps {
    /// Shows the steps of a round
    ///
    /// Where it stands, its dates, and what is missing for what comes next. For who coordinates the whole round.
    #[oai(path = "/rounds/:round/steps", method = "get", operation_id = "getRoundSteps")]
    async fn steps(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Tagged<RoundSteps>, Refusal> {
        Ok(steps_of(&steps::of_round(&app, &session.0.actor, &round.named("round")?.0).await?))
    }

    /// Moves a round to another step
    ///
    /// Say what you saw: `If-Match` with the `ETag` of the steps. Refused with everything that is missing at once.
    #[oai(path = "/rounds/:round/steps", method = "post", operation_id = "moveRound")]
    async fn shift(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// `ETag` of the steps.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<MoveRequest>,
    ) -> Result<Tagged<RoundSteps>, Refusal<Versions>> {
        let (round, if_match, event) = (round.named("round"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        steps::shift(&app, &session.0.actor, &round.0, event, seen).await.map_err(stale)?;
        Ok(steps_of(&steps::of_round(&app, &session.0.actor, &round.0).await?))
    }

    /// Sets the dates of a round
    ///
    /// All of them. Say what you saw: `If-Match` with the `ETag` of the steps.
    #[oai(path = "/rounds/:round/dates", method = "put", operation_id = "putRoundDates")]
    async fn put_dates(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// `ETag` of the steps.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<DatesRequest>,
    ) -> Result<Tagged<RoundSteps>, Refusal<Versions>> {
        let (round, if_match, dates) = (round.named("round"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        steps::set_dates(&app, &session.0.actor, &round.0, dates, seen).await.map_err(stale)?;
        Ok(steps_of(&steps::of_round(&app, &session.0.actor, &round.0).await?))
    }

    /// Lists what schools said about their places
    ///
    /// The schools of the round's partnerships that you coordinate, by name. A school that did not answer is `waiting`,
    /// which is not the same as no places.
    #[oai(path = "/rounds/:round/answers", method = "get", operation_id = "listSchoolAnswers")]
    async fn answers(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<SchoolAnswer>, Refusal> {
        let (round, request) = (round.named("round"), paging(page, size)).all()?;
        let (_, rows) = answers::list(&app, &session.0.actor, &round.0).await?;
        Ok(Listed(Page::of(rows, request), here))
    }

    /// Notes what a school said
    ///
    /// That it has no places, or that it is waited for after all. Places themselves come with a workbook.
    #[oai(path = "/rounds/:round/answers/:school", method = "put", operation_id = "putSchoolAnswer")]
    async fn put_answer(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Code of the school.
        school: Path<SchoolCode>,
        body: Body<AnswerRequest>,
    ) -> Result<Done, Refusal<Conflicts>> {
        let (round, school, said) = (round.named("round"), school.named("school"), body.0).all()?;
        answers::note(&app, &session.0.actor, &round.0, &school.0.to_string(), said).await?;
        Ok(Done)
    }

    /// Asks the schools that are waited for
    ///
    /// Queues a mail to each that has an address, or a reminder when it was asked before; one a day for each school.
    #[oai(
        path = "/rounds/:round/questions",
        method = "post",
        operation_id = "askSchools",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn ask(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Found<SchoolsAsked>, Refusal<Conflicts>> {
        let asked = answers::ask(&app, &session.0.actor, &round.named("round")?.0).await?;
        Ok(Found(SchoolsAsked { mails: asked.mails, without_address: asked.without_address, today: asked.today }))
    }
}
