//! What callers send about people of a peer review.

use chrono::NaiveDate;
use kernschil_app::reviews::members::{AskAgain, NewMember};
use kernschil_domain::ids::PeerId;
use kernschil_domain::reviews;
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde_json::Value;

use super::super::rules::{array_of, chosen, fields, list};
use super::{Availability, MemberAnswer, PanelVerdict, ReviewRole};
use crate::input::{All, Day, Faults, Given, Id, Input, Maybe, Scalar, Text, Wrong};

/// A list in a request must be a JSON array.
fn no_text<T>() -> Result<T, Wrong> {
    Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
}

/// Members of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size(pub(super) usize);

impl Scalar for Size {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            minimum: Some(1.0),
            maximum: Some(10.0),
            ..MetaSchema::new_with_format("integer", "int32")
        }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let size = text.parse().ok().filter(|size| (1..=10).contains(size));
        size.map(Self).ok_or_else(|| Wrong::new("getal-buiten-bereik", "Geef een heel getal van 1 tot en met 10 op."))
    }
}

/// A decision about somebody's independence.
#[derive(Debug, Object)]
pub(crate) struct VerdictRequest {
    /// What was decided.
    verdict: Given<PanelVerdict>,
    /// Why; it stands beside the panel.
    reason: Given<Text<1, 300>>,
}

pub(crate) struct Verdict {
    pub(super) verdict: reviews::PanelVerdict,
    pub(super) reason: String,
}

impl Input for VerdictRequest {
    type Checked = Verdict;

    const FIELDS: &'static [&'static str] = &["verdict", "reason"];

    fn check(self) -> Result<Verdict, Faults> {
        let (verdict, reason) = (self.verdict.named("verdict"), self.reason.named("reason")).all()?;
        Ok(Verdict { verdict: verdict.0, reason: reason.0 })
    }
}

/// Somebody to ask: a peer, or somebody else with name and address.
#[derive(Debug, Object)]
pub(crate) struct AskRequest {
    /// For which role.
    role: Given<ReviewRole>,
    /// Somebody in the pool; her name and address are used then.
    peer: Maybe<Id>,
    /// Name of somebody who is not in the pool.
    name: Maybe<Text<1, 100>>,
    /// Her address.
    email: Maybe<Text<1, 254>>,
    /// First day on which the role holds no more; 90 days after the visit when absent.
    until: Maybe<Day>,
}

impl Input for AskRequest {
    type Checked = NewMember;

    const FIELDS: &'static [&'static str] = &["role", "peer", "name", "email", "until"];

    fn check(self) -> Result<NewMember, Faults> {
        let who = (self.peer.named("peer"), self.name.named("name"), self.email.named("email")).all();
        let ((peer, name, email), role, until) = (who, self.role.named("role"), self.until.named("until")).all()?;
        Ok(NewMember {
            role: role.0,
            peer: peer.map(|id| PeerId(id.0)),
            name: name.map(|name| name.0).unwrap_or_default(),
            email: email.map(|email| email.0).unwrap_or_default(),
            until: until.map(|day| day.0),
        })
    }
}

/// What somebody is asked for anew.
#[derive(Debug, Object)]
pub(crate) struct AskAgainRequest {
    /// The role from now on.
    role: Given<ReviewRole>,
    /// First day on which it holds no more; 90 days after the visit when absent.
    until: Maybe<Day>,
}

impl Input for AskAgainRequest {
    type Checked = AskAgain;

    const FIELDS: &'static [&'static str] = &["role", "until"];

    fn check(self) -> Result<AskAgain, Faults> {
        let (role, until) = (self.role.named("role"), self.until.named("until")).all()?;
        Ok(AskAgain { role: role.0, until: until.map(|day| day.0) })
    }
}

/// Until when somebody has access.
#[derive(Debug, Object)]
pub(crate) struct ExtendRequest {
    /// First day on which the role holds no more.
    until: Given<Day>,
}

impl Input for ExtendRequest {
    type Checked = Day;

    const FIELDS: &'static [&'static str] = &["until"];

    fn check(self) -> Result<Day, Faults> {
        self.until.named("until")
    }
}

/// Whether one takes part.
#[derive(Debug, Object)]
pub(crate) struct InvitationAnswerRequest {
    /// The answer.
    answer: Given<MemberAnswer>,
}

impl Input for InvitationAnswerRequest {
    type Checked = MemberAnswer;

    const FIELDS: &'static [&'static str] = &["answer"];

    fn check(self) -> Result<MemberAnswer, Faults> {
        self.answer.named("answer")
    }
}

#[derive(Debug)]
struct DayList(Vec<NaiveDate>);

impl Scalar for DayList {
    fn schema() -> MetaSchemaRef {
        array_of::<Day>()
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        list(value)?.iter().map(|value| Ok(Day::read_json(value)?.0)).collect::<Result<_, _>>().map(Self)
    }
}

/// Days for a visit.
#[derive(Debug, Object)]
pub(crate) struct PollDaysRequest {
    /// The days.
    days: Given<DayList>,
}

pub(crate) struct Days(pub(super) Vec<NaiveDate>);

impl Input for PollDaysRequest {
    type Checked = Days;

    const FIELDS: &'static [&'static str] = &["days"];

    fn check(self) -> Result<Days, Faults> {
        Ok(Days(self.days.named("days")?.0))
    }
}

/// Whether one can come on a day.
#[derive(Debug, Object)]
pub(crate) struct DayAvailability {
    /// The day.
    day: Day,
    /// The answer.
    availability: Availability,
}

#[derive(Debug)]
struct AvailabilityList(Vec<(NaiveDate, reviews::Availability)>);

impl Scalar for AvailabilityList {
    fn schema() -> MetaSchemaRef {
        array_of::<DayAvailability>()
    }

    fn register(registry: &mut Registry) {
        DayAvailability::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["day", "availability"])?;
            Ok((chosen::<Day>(object, "day")?.0, chosen::<Availability>(object, "availability")?.0))
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// On which days one can come.
#[derive(Debug, Object)]
pub(crate) struct PollAnswersRequest {
    /// Per day.
    answers: Given<AvailabilityList>,
}

pub(crate) struct Answers(pub(super) Vec<(NaiveDate, reviews::Availability)>);

impl Input for PollAnswersRequest {
    type Checked = Answers;

    const FIELDS: &'static [&'static str] = &["answers"];

    fn check(self) -> Result<Answers, Faults> {
        Ok(Answers(self.answers.named("answers")?.0))
    }
}

/// The visit day.
#[derive(Debug, Object)]
pub(crate) struct ChoiceRequest {
    /// One of the proposed days.
    day: Given<Day>,
}

impl Input for ChoiceRequest {
    type Checked = Day;

    const FIELDS: &'static [&'static str] = &["day"];

    fn check(self) -> Result<Day, Faults> {
        self.day.named("day")
    }
}
