//! What callers send about scenarios.

use kernschil_app::scenarios::{Among, Begin, Ready};
use kernschil_domain::ids::{OfferId, PartnershipId, ScenarioId, SchoolId, TrainerId};
use kernschil_domain::scenarios::ScenarioChanges;
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde_json::Value;
use uuid::Uuid;

use super::super::rules::{array_of, chosen, fields, list};
use crate::input::{All, Faults, Given, Id, Input, Maybe, Scalar, Text, Wrong, choice};

impl crate::input::Choice for ReadyScenario {
    fn every() -> Vec<Self> {
        Ready::ALL.into_iter().map(Self).collect()
    }

    fn code(self) -> &'static str {
        self.0.code()
    }

    fn dutch(self) -> Option<&'static str> {
        Some(self.0.dutch())
    }
}

choice! {
    /// A scenario that is ready to be made.
    ReadyScenario(Ready)
}

/// A scenario to make.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct NewScenarioRequest {
    /// Name; unique in the round.
    name: Given<Text<1, 200>>,
    /// One that is ready; a copy of the round when absent.
    ready: Maybe<ReadyScenario>,
    /// A scenario to copy instead.
    copy_of: Maybe<Id>,
}

/// A scenario to make, of which the fields were read.
pub(crate) struct NewScenario {
    pub(super) name: String,
    pub(super) begin: Begin,
}

impl Input for NewScenarioRequest {
    type Checked = NewScenario;

    const FIELDS: &'static [&'static str] = &["name", "ready", "copyOf"];

    fn check(self) -> Result<NewScenario, Faults> {
        let (name, ready, copy_of) = (self.name.named("name"), self.ready.named("ready"), self.copy_of.named("copyOf")).all()?;
        let begin = match (ready, copy_of) {
            (None, None) => Begin::Round,
            (Some(ready), None) => Begin::Ready(ready.0),
            (None, Some(id)) => Begin::Copy(ScenarioId(id.0)),
            (Some(_), Some(_)) => {
                return Err(Wrong::new("tegenstrijdig", "Geef ready of copyOf op, niet allebei.").at("copyOf"));
            }
        };
        Ok(NewScenario { name: name.0, begin })
    }
}

/// A whole number that fits 32 bits.
#[derive(Debug, Clone, Copy)]
struct Number(i32);

impl Scalar for Number {
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

/// A list in a request must be a JSON array.
fn no_text<T>() -> Result<T, Wrong> {
    Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
}

/// More or fewer students.
#[derive(Debug, Object)]
pub(crate) struct EnrolmentSetting {
    /// Code of the phase; every phase when absent.
    phase: Option<String>,
    /// Per cent more, or fewer below zero.
    percent: i32,
}

#[derive(Debug)]
struct EnrolmentList(Vec<(String, i32)>);

impl Scalar for EnrolmentList {
    fn schema() -> MetaSchemaRef {
        array_of::<EnrolmentSetting>()
    }

    fn register(registry: &mut Registry) {
        EnrolmentSetting::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["phase", "percent"])?;
            let phase = object.get("phase").filter(|phase| !phase.is_null()).map(Text::<1, 200>::read_json).transpose()?;
            Ok((phase.map(|phase| phase.0).unwrap_or_default(), chosen::<Number>(object, "percent")?.0))
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// Another number of places.
#[derive(Debug, Object)]
pub(crate) struct OfferSetting {
    /// The offer.
    offer: Uuid,
    /// Places.
    count: i32,
}

#[derive(Debug)]
struct OfferList(Vec<(OfferId, i32)>);

impl Scalar for OfferList {
    fn schema() -> MetaSchemaRef {
        array_of::<OfferSetting>()
    }

    fn register(registry: &mut Registry) {
        OfferSetting::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["offer", "count"])?;
            Ok((OfferId(chosen::<Id>(object, "offer")?.0), chosen::<Number>(object, "count")?.0))
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// Another capacity of a trainer.
#[derive(Debug, Object)]
pub(crate) struct TrainerSetting {
    /// The trainer.
    trainer: Uuid,
    /// Most students.
    capacity: i32,
}

#[derive(Debug)]
struct TrainerList(Vec<(TrainerId, i32)>);

impl Scalar for TrainerList {
    fn schema() -> MetaSchemaRef {
        array_of::<TrainerSetting>()
    }

    fn register(registry: &mut Registry) {
        TrainerSetting::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["trainer", "capacity"])?;
            Ok((TrainerId(chosen::<Id>(object, "trainer")?.0), chosen::<Number>(object, "capacity")?.0))
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// What changes about a scenario; a list replaces all there was.
#[derive(Debug, Object)]
pub(crate) struct ScenarioRequest {
    /// Another name.
    name: Maybe<Text<1, 200>>,
    /// More or fewer students, per phase.
    enrolment: Maybe<EnrolmentList>,
    /// Other numbers of places.
    offers: Maybe<OfferList>,
    /// Other capacities of trainers.
    trainers: Maybe<TrainerList>,
}

/// What changes about a scenario, of which the fields were read.
pub(crate) struct ChangedScenario {
    pub(super) name: Option<String>,
    enrolment: Option<Vec<(String, i32)>>,
    offers: Option<Vec<(OfferId, i32)>>,
    trainers: Option<Vec<(TrainerId, i32)>>,
}

impl ChangedScenario {
    /// The changes of a scenario with these in the place of what there was.
    pub(super) fn over(self, before: ScenarioChanges) -> ScenarioChanges {
        ScenarioChanges {
            enrolment: self.enrolment.unwrap_or(before.enrolment),
            offers: self.offers.unwrap_or(before.offers),
            trainers: self.trainers.unwrap_or(before.trainers),
        }
    }
}

impl Input for ScenarioRequest {
    type Checked = ChangedScenario;

    const FIELDS: &'static [&'static str] = &["name", "enrolment", "offers", "trainers"];

    fn check(self) -> Result<ChangedScenario, Faults> {
        let (name, enrolment, offers, trainers) =
            (self.name.named("name"), self.enrolment.named("enrolment"), self.offers.named("offers"), self.trainers.named("trainers"))
                .all()?;
        Ok(ChangedScenario {
            name: name.map(|name| name.0),
            enrolment: enrolment.map(|list| list.0),
            offers: offers.map(|list| list.0),
            trainers: trainers.map(|list| list.0),
        })
    }
}

/// More or fewer places at several schools; at all of the round when neither school nor partnership is named.
#[derive(Debug, Object)]
pub(crate) struct ShiftRequest {
    /// A school.
    school: Maybe<Id>,
    /// The schools of a partnership.
    partnership: Maybe<Id>,
    /// Places more, or fewer below zero, per school and period.
    by: Given<Number>,
}

impl Input for ShiftRequest {
    type Checked = (Among, i32);

    const FIELDS: &'static [&'static str] = &["school", "partnership", "by"];

    fn check(self) -> Result<(Among, i32), Faults> {
        let (school, partnership, by) = (self.school.named("school"), self.partnership.named("partnership"), self.by.named("by")).all()?;
        let among = match (school, partnership) {
            (None, None) => Among::Everywhere,
            (Some(school), None) => Among::School(SchoolId(school.0)),
            (None, Some(partnership)) => Among::Partnership(PartnershipId(partnership.0)),
            (Some(_), Some(_)) => {
                return Err(Wrong::new("tegenstrijdig", "Geef school of partnership op, niet allebei.").at("partnership"));
            }
        };
        Ok((among, by.0))
    }
}
