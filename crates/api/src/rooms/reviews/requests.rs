//! What callers send about peer reviews.

use kernschil_app::reviews::{NewReview, PastReview, ReviewEdit, StepEdit};
use kernschil_domain::ids::{PartnershipId, RegionId};
use kernschil_domain::reviews::{self, PlannedYear as DomainYear, Receiver};
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde_json::Value;

use super::super::follow_ups::ReviewJudgement;
use super::super::rules::{array_of, chosen, fields, list};
use super::answers::{PlannedYear, ReviewEvent, ReviewKind, ReviewPhase, StepFact, StepTemplate, WaitsFor};
use crate::input::{All, Clearable, Day, Faults, Flag, Given, Id, Input, Maybe, Scalar, Text, Wrong};

/// A list in a request must be a JSON array.
fn no_text<T>() -> Result<T, Wrong> {
    Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
}

/// A whole number; what it may be is decided where it is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole(pub(super) i32);

impl Scalar for Whole {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("integer", "int32")))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        text.parse().map(Self).map_err(|_| Wrong::new("geen-getal", "Geef een heel getal op."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        Self::read(&value.as_i64().map(|number| number.to_string()).unwrap_or_default())
    }
}

#[derive(Debug)]
struct YearList(Vec<DomainYear>);

impl Scalar for YearList {
    fn schema() -> MetaSchemaRef {
        array_of::<PlannedYear>()
    }

    fn register(registry: &mut Registry) {
        PlannedYear::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["year", "source"])?;
            Ok(DomainYear { year: chosen::<Whole>(object, "year")?.0, source: chosen::<Text<1, 200>>(object, "source")?.0 })
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// A review to put on the calendar.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ReviewRequest {
    /// Name.
    name: Given<Text<1, 200>>,
    /// Kind.
    kind: Given<ReviewKind>,
    /// The partnership whose it is; this or `region`.
    partnership: Maybe<Id>,
    /// The region whose it is; this or `partnership`.
    region: Maybe<Id>,
    /// Name in addresses of the framework; the one that was published last when absent.
    framework: Maybe<Text<1, 200>>,
    /// The years that documents name.
    years: Maybe<YearList>,
    /// The visit day, where it is known.
    visit_on: Maybe<Day>,
    /// The last day on which it must be done.
    due_on: Maybe<Day>,
    /// Name in addresses of the review before it.
    previous: Maybe<Text<1, 200>>,
    /// Whether it was held already, elsewhere or before this installation was there.
    held: Maybe<Flag>,
    /// The day on which it was held, where that is known.
    held_on: Maybe<Day>,
    /// Of a review that was held: the year of the annual report that carries its report.
    report_year: Maybe<Whole>,
    /// Of a judging review that was held: what was found as a whole, where that is known.
    judgement: Maybe<ReviewJudgement>,
    /// The day on which that was decided, where it is known.
    decided_on: Maybe<Day>,
}

fn receiver(partnership: Result<Option<Id>, Faults>, region: Result<Option<Id>, Faults>) -> Result<Receiver, Faults> {
    match (partnership, region).all()? {
        (Some(id), None) => Ok(Receiver::Partnership(PartnershipId(id.0))),
        (None, Some(id)) => Ok(Receiver::Region(RegionId(id.0))),
        _ => Err(Wrong::new("ontvanger-onbekend", "Geef precies één van partnership en region op.").at("partnership")),
    }
}

impl Input for ReviewRequest {
    type Checked = NewReview;

    const FIELDS: &'static [&'static str] = &[
        "name",
        "kind",
        "partnership",
        "region",
        "framework",
        "years",
        "visitOn",
        "dueOn",
        "previous",
        "held",
        "heldOn",
        "reportYear",
        "judgement",
        "decidedOn",
    ];

    fn check(self) -> Result<NewReview, Faults> {
        let receiver = receiver(self.partnership.named("partnership"), self.region.named("region"));
        let what = (self.name.named("name"), self.kind.named("kind"), receiver, self.framework.named("framework")).all();
        let when = (self.years.named("years"), self.visit_on.named("visitOn"), self.due_on.named("dueOn")).all();
        let past = (self.held.named("held"), self.held_on.named("heldOn"), self.report_year.named("reportYear")).all();
        let judged = (self.judgement.named("judgement"), self.decided_on.named("decidedOn")).all();
        let (what, when, previous, past, judged) = (what, when, self.previous.named("previous"), past, judged).all()?;
        let ((name, kind, receiver, framework), (years, visit_on, due_on), (held, held_on, report_year)) = (what, when, past);
        let (judgement, decided_on) = judged;
        let past = PastReview { held_on: held_on.map(|day| day.0), outcome: None, report_year: report_year.map(|year| year.0) };
        let past = (held == Some(Flag::Yes)).then_some(past);
        let past = PastReview::judged(past, judgement.map(|overall| overall.0), decided_on.map(|day| day.0))?;
        Ok(NewReview {
            name: name.0,
            kind: kind.0,
            receiver,
            framework: framework.map(|slug| slug.0),
            years: years.map(|years| years.0).unwrap_or_default(),
            visit_on: visit_on.map(|day| day.0),
            due_on: due_on.map(|day| day.0),
            previous: previous.map(|slug| slug.0),
            past,
        })
    }
}

/// What changes about a review; a field that is absent stays as it is, and `null` empties a day or year.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ReviewChangeRequest {
    /// Another name; its name in addresses stays.
    name: Maybe<Text<1, 200>>,
    /// The years that documents name, in the place of all there were.
    years: Maybe<YearList>,
    /// The visit day. Steps without a date of their own move along.
    visit_on: Clearable<Day>,
    /// The last day on which it must be done.
    due_on: Clearable<Day>,
    /// The day on which the visit was held.
    held_on: Clearable<Day>,
    /// The year of the annual report that carries the report.
    report_year: Clearable<Whole>,
}

impl Input for ReviewChangeRequest {
    type Checked = ReviewEdit;

    const FIELDS: &'static [&'static str] = &["name", "years", "visitOn", "dueOn", "heldOn", "reportYear"];

    fn check(self) -> Result<ReviewEdit, Faults> {
        let (name, years, visit_on, due_on, held_on, report_year) = (
            self.name.named("name"),
            self.years.named("years"),
            self.visit_on.named("visitOn"),
            self.due_on.named("dueOn"),
            self.held_on.named("heldOn"),
            self.report_year.named("reportYear"),
        )
            .all()?;
        let day = |field: Option<Option<Day>>| field.map(|day| day.map(|day| day.0));
        Ok(ReviewEdit {
            name: name.map(|name| name.0),
            years: years.map(|years| years.0),
            visit_on: day(visit_on),
            due_on: day(due_on),
            held_on: day(held_on),
            report_year: report_year.map(|year| year.map(|year| year.0)),
        })
    }
}

/// What happens to a review.
#[derive(Debug, Object)]
pub(crate) struct ReviewMoveRequest {
    /// What happens.
    event: Given<ReviewEvent>,
    /// Why; asked for what goes back, or off.
    reason: Maybe<Text<1, 500>>,
}

pub(crate) struct Move {
    pub(super) event: reviews::ReviewEvent,
    pub(super) reason: Option<String>,
}

impl Input for ReviewMoveRequest {
    type Checked = Move;

    const FIELDS: &'static [&'static str] = &["event", "reason"];

    fn check(self) -> Result<Move, Faults> {
        let (event, reason) = (self.event.named("event"), self.reason.named("reason")).all()?;
        Ok(Move { event: event.0, reason: reason.map(|reason| reason.0) })
    }
}

/// A step to add to a review.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ReviewStepRequest {
    /// The phase it belongs to.
    phase: Given<ReviewPhase>,
    /// Name.
    name: Given<Text<1, 200>>,
    /// Days from the visit day; below zero is before it.
    days: Given<Whole>,
    /// Whose turn.
    waits_for: Given<WaitsFor>,
    /// What shows that it is done; absent or `null`: only somebody can say so.
    fact: Maybe<StepFact>,
}

impl Input for ReviewStepRequest {
    type Checked = reviews::StepTemplate;

    const FIELDS: &'static [&'static str] = &["phase", "name", "days", "waitsFor", "fact"];

    fn check(self) -> Result<reviews::StepTemplate, Faults> {
        let (phase, name, days) = (self.phase.named("phase"), self.name.named("name"), self.days.named("days"));
        let (phase, name, days, waits_for, fact) = (phase, name, days, self.waits_for.named("waitsFor"), self.fact.named("fact")).all()?;
        Ok(reviews::StepTemplate { phase: phase.0, name: name.0, days: days.0, waits_for: waits_for.0, fact: fact.map(|fact| fact.0) })
    }
}

/// What changes about a step; a field that is absent stays as it is, and `null` empties a day.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ReviewStepChangeRequest {
    /// Another name.
    name: Maybe<Text<1, 200>>,
    /// A date of its own; `null`: it follows from the visit day again.
    own_date: Clearable<Day>,
    /// The day on which it was done; `null`: it was not.
    done_on: Clearable<Day>,
}

impl Input for ReviewStepChangeRequest {
    type Checked = StepEdit;

    const FIELDS: &'static [&'static str] = &["name", "ownDate", "doneOn"];

    fn check(self) -> Result<StepEdit, Faults> {
        let (name, own_date, done_on) = (self.name.named("name"), self.own_date.named("ownDate"), self.done_on.named("doneOn")).all()?;
        let day = |field: Option<Option<Day>>| field.map(|day| day.map(|day| day.0));
        Ok(StepEdit { name: name.map(|name| name.0), own_date: day(own_date), done_on: day(done_on) })
    }
}

#[derive(Debug)]
struct TemplateList(Vec<reviews::StepTemplate>);

impl Scalar for TemplateList {
    fn schema() -> MetaSchemaRef {
        array_of::<StepTemplate>()
    }

    fn register(registry: &mut Registry) {
        StepTemplate::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["phase", "name", "days", "waitsFor", "fact"])?;
            let fact = object.get("fact").filter(|fact| !fact.is_null()).map(StepFact::read_json).transpose()?;
            Ok(reviews::StepTemplate {
                phase: chosen::<ReviewPhase>(object, "phase")?.0,
                name: chosen::<Text<1, 200>>(object, "name")?.0,
                days: chosen::<Whole>(object, "days")?.0,
                waits_for: chosen::<WaitsFor>(object, "waitsFor")?.0,
                fact: fact.map(|fact| fact.0),
            })
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// The steps that new reviews of a kind get.
#[derive(Debug, Object)]
pub(crate) struct StepTemplatesRequest {
    /// The steps, in order; none gives the product's own back.
    steps: Given<TemplateList>,
}

pub(crate) struct Templates(pub(super) Vec<reviews::StepTemplate>);

impl Input for StepTemplatesRequest {
    type Checked = Templates;

    const FIELDS: &'static [&'static str] = &["steps"];

    fn check(self) -> Result<Templates, Faults> {
        Ok(Templates(self.steps.named("steps")?.0))
    }
}
