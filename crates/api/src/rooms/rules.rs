//! Rules and aims of a round, and totals of boards.

use kernschil_app::App;
use kernschil_app::policy::{self, PolicyView, RuleView, TotalChange, TotalView};
use kernschil_domain::ids::{BoardId, PeriodId, Version};
use kernschil_domain::policy as domain;
use kernschil_domain::rounds::RoundRules as Rules;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use crate::input::{All, Body, Faults, Given, Header, Input, Maybe, Path, Scalar, Slug, Wrong, coded, one_field};
use crate::output::Tagged;
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Refusal, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct RoundRulesRoom;

coded! {
    /// A rule about who goes where.
    RuleKind(domain::RuleKind)
}

coded! {
    /// How hard a rule is.
    RuleMode(domain::RuleMode)
}

coded! {
    /// Something a proposal strives for.
    Aim(domain::Aim)
}

coded! {
    /// How somebody travels.
    TravelMode(domain::TravelMode)
}

coded! {
    /// Which trainers of a school guide its students.
    GuidedBy(domain::GuidedBy)
}

/// A rule as it stands, with what it does to the round.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct RoundRule {
    /// Which rule.
    rule: RuleKind,
    /// How hard.
    mode: RuleMode,
    /// How hard it can be.
    modes: Vec<RuleMode>,
    /// Students, for a rule with a number of them.
    number: Option<u32>,
    /// What it says, in Dutch.
    sentence: String,
    /// Combinations of demand and school that it rules out by itself, now or if it always held.
    ruled_out: Option<u64>,
    /// Demands that have a place to go to without it, and none with it.
    stranded: Option<u32>,
}

impl From<&RuleView> for RoundRule {
    fn from(view: &RuleView) -> Self {
        Self {
            rule: RuleKind(view.kind),
            mode: RuleMode(view.rule.mode),
            modes: view.kind.modes().iter().copied().map(RuleMode).collect(),
            number: view.rule.number.or(view.kind.number().map(|range| range.usual)),
            sentence: view.sentence.clone(),
            ruled_out: view.effect.ruled_out,
            stranded: view.effect.stranded,
        }
    }
}

/// Something that cannot work out with the rules as they are.
#[derive(Debug, Object)]
pub(crate) struct RuleWarning {
    /// Stable code.
    code: String,
    /// A Dutch sentence.
    message: String,
}

/// The rules and aims of a round.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct RulesOfRound {
    /// Every rule.
    rules: Vec<RoundRule>,
    /// The aims, the most important first.
    aims: Vec<Aim>,
    /// Longest trip one way, in minutes; absent means that of the student only.
    travel_limit: Option<u16>,
    /// Students outside samen opleiden who can get extra guidance; absent means any number.
    outside_guidance: Option<u32>,
    /// Most wishes of a student.
    max_wishes: u8,
    /// How students travel of whom it is not known.
    travel_mode: TravelMode,
    /// Which trainers of a school guide its students.
    guided_by: GuidedBy,
    /// Demands that take part.
    demands: u32,
    /// Demands on which effects were measured: all, unless the round is very large.
    measured: u32,
    /// What cannot work out with these rules.
    warnings: Vec<RuleWarning>,
}

fn rules_of(view: &PolicyView) -> Tagged<RulesOfRound> {
    let rules = &view.data.round.rules;
    let problems = view.problems.iter().map(|problem| RuleWarning { code: problem.code.to_owned(), message: problem.sentence.clone() });
    let warnings = view.warnings.iter().map(|warning| RuleWarning { code: warning.code.to_owned(), message: warning.sentence.clone() });
    let body = RulesOfRound {
        rules: view.rules.iter().map(Into::into).collect(),
        aims: rules.policy.aims.iter().copied().map(Aim).collect(),
        travel_limit: rules.travel_limit,
        outside_guidance: rules.outside_guidance,
        max_wishes: rules.max_wishes,
        travel_mode: TravelMode(rules.policy.travel_mode),
        guided_by: GuidedBy(rules.policy.guided_by),
        demands: view.effects.demands,
        measured: view.effects.measured,
        warnings: problems.chain(warnings).collect(),
    };
    Tagged { tag: tag_of(view.data.round.version), body }
}

fn tag_of(version: Version) -> String {
    format!("\"{}\"", version.0)
}

/// A whole number that is not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count(u32);

impl Scalar for Count {
    fn schema() -> MetaSchemaRef {
        let (minimum, maximum) = (Some(0.0), Some(f64::from(u32::MAX)));
        MetaSchemaRef::Inline(Box::new(MetaSchema { minimum, maximum, ..MetaSchema::new_with_format("integer", "int64") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        text.parse().map(Self).map_err(|_| Wrong::new("geen-getal", "Geef een heel getal op, niet negatief."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        Self::read(&value.as_u64().map(|number| number.to_string()).unwrap_or_default())
    }
}

/// How a rule should stand.
#[derive(Debug, Object)]
pub(crate) struct RuleSetting {
    /// Which rule.
    rule: RuleKind,
    /// How hard.
    mode: RuleMode,
    /// Students, for a rule with a number of them; absent means the usual number.
    number: Option<u32>,
}

/// The schema of a list.
pub(super) fn array_of<T: Type>() -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema { items: Some(Box::new(T::schema_ref())), ..MetaSchema::new("array") }))
}

/// A JSON array.
pub(super) fn list(value: &Value) -> Result<&Vec<Value>, Wrong> {
    value.as_array().ok_or_else(|| Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
}

fn unknown(field: &str) -> Wrong {
    Wrong::new("onbekend-veld", format!("Het veld {field} hoort hier niet. Laat het weg."))
}

/// A value at a field of an object in a list.
pub(super) fn chosen<C: Scalar>(object: &serde_json::Map<String, Value>, field: &str) -> Result<C, Wrong> {
    C::read_json(object.get(field).ok_or_else(Wrong::missing)?)
}

/// An object in a list, with these fields and no others.
pub(super) fn fields<'a>(value: &'a Value, known: &[&str]) -> Result<&'a serde_json::Map<String, Value>, Wrong> {
    let object = value.as_object().ok_or_else(|| Wrong::new("geen-object", "Elk onderdeel van de lijst is een JSON-object."))?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(other) => Err(unknown(other)),
        None => Ok(object),
    }
}

#[derive(Debug)]
struct RuleList(Vec<(domain::RuleKind, domain::Rule)>);

impl Scalar for RuleList {
    fn schema() -> MetaSchemaRef {
        array_of::<RuleSetting>()
    }

    fn register(registry: &mut Registry) {
        RuleSetting::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let mut rules: Vec<(domain::RuleKind, domain::Rule)> = Vec::new();
        for value in list(value)? {
            let object = fields(value, &["rule", "mode", "number"])?;
            let kind = chosen::<RuleKind>(object, "rule")?.0;
            if rules.iter().any(|(known, _)| *known == kind) {
                return Err(Wrong::new("regel-dubbel", format!("De regel {} staat er twee keer in. Laat er een weg.", kind.code())));
            }
            let mode = chosen::<RuleMode>(object, "mode")?.0;
            let number = object.get("number").filter(|number| !number.is_null()).map(Count::read_json).transpose()?.map(|count| count.0);
            rules.push((kind, domain::Rule { mode, number }));
        }
        Ok(Self(rules))
    }
}

#[derive(Debug)]
struct AimList(Vec<domain::Aim>);

impl Scalar for AimList {
    fn schema() -> MetaSchemaRef {
        array_of::<Aim>()
    }

    fn register(registry: &mut Registry) {
        <Aim as Type>::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        list(value)?.iter().map(|aim| Aim::read_json(aim).map(|aim| aim.0)).collect::<Result<_, _>>().map(Self)
    }
}

/// Rules and aims as they should be; all of them.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct RulesRequest {
    /// Rules that are not as usual; a rule that is absent is as usual.
    rules: Given<RuleList>,
    /// Every aim once, the most important first.
    aims: Given<AimList>,
    /// Longest trip one way, in minutes; absent means that of the student only.
    travel_limit: Maybe<Count>,
    /// Students outside samen opleiden who can get extra guidance; absent means any number.
    outside_guidance: Maybe<Count>,
    /// Most wishes of a student.
    max_wishes: Given<Count>,
    /// How students travel of whom it is not known.
    travel_mode: Given<TravelMode>,
    /// Which trainers of a school guide its students.
    guided_by: Given<GuidedBy>,
}

/// Rules without the seed, which stays.
pub(crate) struct NewRules {
    policy: domain::Policy,
    travel_limit: Option<u16>,
    outside_guidance: Option<u32>,
    max_wishes: u8,
}

impl NewRules {
    /// These rules, with what is not asked of rules that were there before.
    pub(super) fn over(self, before: &Rules) -> Rules {
        Rules {
            travel_limit: self.travel_limit,
            outside_guidance: self.outside_guidance,
            max_wishes: self.max_wishes,
            policy: self.policy,
            ..before.clone()
        }
    }
}

impl Input for RulesRequest {
    type Checked = NewRules;

    const FIELDS: &'static [&'static str] = &["rules", "aims", "travelLimit", "outsideGuidance", "maxWishes", "travelMode", "guidedBy"];

    fn check(self) -> Result<NewRules, Faults> {
        let (rules, aims, travel_limit, outside_guidance, max_wishes, travel_mode, guided_by) = (
            self.rules.named("rules"),
            self.aims.named("aims"),
            self.travel_limit.named("travelLimit"),
            self.outside_guidance.named("outsideGuidance"),
            self.max_wishes.named("maxWishes"),
            self.travel_mode.named("travelMode"),
            self.guided_by.named("guidedBy"),
        )
            .all()?;
        Ok(NewRules {
            policy: domain::Policy {
                rules: rules.0.into_iter().collect(),
                aims: aims.0,
                travel_mode: travel_mode.0,
                guided_by: guided_by.0,
            },
            // What does not fit the type is too large, and refused with that sentence.
            travel_limit: travel_limit.map(|minutes| u16::try_from(minutes.0).unwrap_or(u16::MAX)),
            outside_guidance: outside_guidance.map(|students| students.0),
            max_wishes: u8::try_from(max_wishes.0).unwrap_or(u8::MAX),
        })
    }
}

/// The most students at the schools of a board in a period.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct BoardTotal {
    /// The board.
    board: Uuid,
    /// Its name.
    board_name: String,
    /// The period.
    period: Uuid,
    /// Its name.
    period_name: String,
    /// Places its schools offer.
    offered: i32,
    /// Students there now.
    placed: i32,
    /// Most students; absent means no total.
    maximum: Option<i32>,
}

impl From<&TotalView> for BoardTotal {
    fn from(view: &TotalView) -> Self {
        Self {
            board: view.board.0,
            board_name: view.board_name.clone(),
            period: view.period.0,
            period_name: view.period_name.clone(),
            offered: view.offered,
            placed: view.placed,
            maximum: view.maximum,
        }
    }
}

/// Totals of boards.
#[derive(Debug, Object)]
pub(crate) struct BoardTotals {
    /// Every board whose schools offer places, with every period in which they do.
    totals: Vec<BoardTotal>,
}

/// A total to set.
#[derive(Debug, Object)]
pub(crate) struct BoardTotalSetting {
    /// The board.
    board: Uuid,
    /// The period.
    period: Uuid,
    /// Most students; absent means no total.
    maximum: Option<i64>,
}

#[derive(Debug)]
struct TotalList(Vec<TotalChange>);

impl Scalar for TotalList {
    fn schema() -> MetaSchemaRef {
        array_of::<BoardTotalSetting>()
    }

    fn register(registry: &mut Registry) {
        BoardTotalSetting::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["board", "period", "maximum"])?;
            let id = |field: &str| chosen::<crate::input::Id>(object, field).map(|id| id.0);
            let whole = |number: &Value| number.as_i64().ok_or_else(|| Wrong::new("geen-getal", "Geef een heel getal op."));
            let maximum = object.get("maximum").filter(|number| !number.is_null()).map(whole).transpose()?;
            Ok(TotalChange { board: BoardId(id("board")?), period: PeriodId(id("period")?), maximum })
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

one_field! {
    /// Totals of boards to set; boards that are not named keep theirs.
    BoardTotalsRequest {
        /// Totals.
        totals: TotalList => Vec<TotalChange>,
    }
}

#[OpenApi(tag = "Tag::Rounds")]
impl RoundRulesRoom {
    /// Shows the rules of a round
    ///
    /// Every rule with what it does to the round, and the aims in their order. For who coordinates the whole round.
    #[oai(path = "/rounds/:round/rules", method = "get", operation_id = "getRules")]
    async fn rules(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Tagged<RulesOfRound>, Refusal> {
        Ok(rules_of(&policy::of_round(&app, &session.0.actor, &round.named("round")?.0).await?))
    }

    /// Changes the rules of a round
    ///
    /// While its places are not fixed. Say what you saw: `If-Match` with the `ETag` of the rules.
    #[oai(path = "/rounds/:round/rules", method = "put", operation_id = "putRules")]
    async fn put_rules(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// `ETag` of the rules that are to be replaced.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<RulesRequest>,
    ) -> Result<Tagged<RulesOfRound>, Refusal<Versions>> {
        let (round, if_match, new) = (round.named("round"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        let actor = &session.0.actor;
        let before = policy::of_round(&app, actor, &round.0).await?.data.round.rules;
        policy::change(&app, actor, &round.0, new.over(&before), seen).await.map_err(stale)?;
        Ok(rules_of(&policy::of_round(&app, actor, &round.0).await?))
    }

    /// Lists the totals of boards
    ///
    /// The most students that the schools of a board take together in a period.
    #[oai(path = "/rounds/:round/board-totals", method = "get", operation_id = "getBoardTotals")]
    async fn totals(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Tagged<BoardTotals>, Refusal> {
        let view = policy::of_round(&app, &session.0.actor, &round.named("round")?.0).await?;
        Ok(Tagged { tag: tag_of(view.data.round.version), body: BoardTotals { totals: view.totals.iter().map(Into::into).collect() } })
    }

    /// Changes the totals of boards
    ///
    /// While the places of the round are not fixed. Say what you saw: `If-Match` with the `ETag` of the totals.
    #[oai(path = "/rounds/:round/board-totals", method = "put", operation_id = "putBoardTotals")]
    async fn put_totals(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// `ETag` of the totals that are to be changed.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<BoardTotalsRequest>,
    ) -> Result<Tagged<BoardTotals>, Refusal<Versions>> {
        let (round, if_match, changes) = (round.named("round"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        let actor = &session.0.actor;
        policy::set_totals(&app, actor, &round.0, changes, seen).await.map_err(stale)?;
        let view = policy::of_round(&app, actor, &round.0).await?;
        Ok(Tagged { tag: tag_of(view.data.round.version), body: BoardTotals { totals: view.totals.iter().map(Into::into).collect() } })
    }
}
