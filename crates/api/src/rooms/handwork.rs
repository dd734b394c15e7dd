//! What is decided by hand besides placing: swapping, pinning, excluding, leaving out, teams, and many at once.

use kernschil_app::board::{self, BulkCommand, ExcludeCommand, Placed, Seen, SwapCommand, TeamCommand, TeamSeen, team_tag};
use kernschil_app::{App, AppError};
use kernschil_domain::access::Permission;
use kernschil_domain::codes;
use kernschil_domain::ids::{ChangeId, DemandId, PlacementId, SchoolId, TeamId};
use kernschil_domain::rounds::{RoundData, Team};
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{Object, OpenApi};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Tag;
use crate::input::{All, Body, Faults, Given, Header, Id, Input, Maybe, Path, Scalar, SchoolCode, Slug, Text, Wrong, coded, one_field};
use crate::output::Found;
use crate::precondition::{Absent, EntityTag, seen, seen_placement, seen_tag, stale};
use crate::refusal::{Conflicts, Refusal, Trouble, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Handwork;

coded! {
    /// Whether a proposal may move a placement.
    Hold(codes::Hold)
}

coded! {
    /// Whether a demand takes part when a proposal is made.
    Turn(codes::Turn)
}

coded! {
    /// On whose request a student does not go to a school. Categories only, never a medical or family detail.
    ExclusionCategory(codes::ExclusionCategory)
}

coded! {
    /// What can be done to several students at once.
    BulkAction(board::BulkAction)
}

/// A change that was made.
#[derive(Debug, Object)]
pub(crate) struct MadeChange {
    /// The change; undo it with `reverseChange`.
    change: Uuid,
}

impl From<ChangeId> for MadeChange {
    fn from(change: ChangeId) -> Self {
        Self { change: change.0 }
    }
}

/// A demand with the placement it had when the caller looked.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct SeenDemand {
    /// The demand.
    demand: Uuid,
    /// Its placement; absent when it had none.
    placement: Option<Uuid>,
}

fn not_a_list() -> Wrong {
    Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken.")
}

/// The fields of an object, and no others.
fn fields<'a>(value: &'a Value, known: &[&str]) -> Result<&'a Map<String, Value>, Wrong> {
    let object = value.as_object().ok_or_else(|| Wrong::new("geen-object", "Dit moet een JSON-object zijn."))?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(other) => Err(Wrong::new("onbekend-veld", format!("Het veld {other} hoort hier niet. Laat het weg."))),
        None => Ok(object),
    }
}

fn id_at(object: &Map<String, Value>, field: &str) -> Result<Option<Uuid>, Wrong> {
    object.get(field).filter(|value| !value.is_null()).map(Id::read_json).transpose().map(|id| id.map(|id| id.0))
}

/// A demand as seen, in a request.
#[derive(Debug)]
struct SeenInput(Seen);

impl Scalar for SeenInput {
    fn schema() -> MetaSchemaRef {
        SeenDemand::schema_ref()
    }

    fn register(registry: &mut Registry) {
        SeenDemand::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-object", "Dit moet een JSON-object zijn."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let object = fields(value, &["demand", "placement"])?;
        let demand = id_at(object, "demand")?.ok_or_else(Wrong::missing)?;
        Ok(Self(Seen { demand: DemandId(demand), placement: id_at(object, "placement")?.map(PlacementId) }))
    }
}

impl SeenInput {
    /// With a placement: who swaps has one.
    fn placed(&self, field: &str) -> Result<Placed, Faults> {
        let placement = self.0.placement.ok_or_else(|| Wrong::missing().at(&format!("{field}.placement")))?;
        Ok(Placed { demand: self.0.demand, placement })
    }
}

/// Several of something, in a request.
#[derive(Debug)]
struct Several<T>(Vec<T>);

impl<T: Scalar> Scalar for Several<T> {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { items: Some(Box::new(T::schema())), ..MetaSchema::new("array") }))
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(not_a_list())
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        value.as_array().ok_or_else(not_a_list)?.iter().map(T::read_json).collect::<Result<_, _>>().map(Self)
    }
}

/// Two students who change places.
#[derive(Debug, Object)]
pub(crate) struct SwapRequest {
    /// One of them, with her placement.
    one: Given<SeenInput>,
    /// The other, with her placement.
    other: Given<SeenInput>,
    /// Why; needed when a rule is set aside for one of them.
    reason: Maybe<Text<0, 500>>,
}

impl Input for SwapRequest {
    type Checked = SwapCommand;

    const FIELDS: &'static [&'static str] = &["one", "other", "reason"];

    fn check(self) -> Result<SwapCommand, Faults> {
        let (one, other, reason) = (self.one.named("one"), self.other.named("other"), self.reason.named("reason")).all()?;
        let (one, other) = (one.placed("one"), other.placed("other")).all()?;
        Ok(SwapCommand { one, other, reason: reason.map(|reason| reason.0) })
    }
}

one_field! {
    /// How a placement is to be held.
    HoldRequest {
        /// Whether a proposal may move it.
        hold: Hold => codes::Hold,
    }
}

one_field! {
    /// Whether a demand is to take part.
    TurnRequest {
        /// Whether it takes part when a proposal is made.
        turn: Turn => codes::Turn,
    }
}

/// That a school is excluded.
#[derive(Debug, Object)]
pub(crate) struct ExclusionRequest {
    /// On whose request.
    category: Given<ExclusionCategory>,
    /// The placement of the student as seen; absent when she had none. A place at this school comes free.
    placement: Maybe<Id>,
}

/// A checked one.
pub(crate) struct Excluding {
    category: codes::ExclusionCategory,
    placement: Option<PlacementId>,
}

impl Input for ExclusionRequest {
    type Checked = Excluding;

    const FIELDS: &'static [&'static str] = &["category", "placement"];

    fn check(self) -> Result<Excluding, Faults> {
        let (category, placement) = (self.category.named("category"), self.placement.named("placement")).all()?;
        Ok(Excluding { category: category.0, placement: placement.map(|id| PlacementId(id.0)) })
    }
}

/// A school that a student does not go to.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Exclusion {
    /// Code of the school.
    school_code: String,
    /// Name of the school.
    school_name: String,
    /// On whose request. In quotation marks it is the version, for `If-Match`.
    category: ExclusionCategory,
}

/// The schools that a student does not go to.
#[derive(Debug, Object)]
pub(crate) struct Exclusions {
    /// By name of the school.
    exclusions: Vec<Exclusion>,
}

/// A team.
#[derive(Debug, Object)]
pub(crate) struct TeamView {
    /// Identifier.
    id: Uuid,
    /// Its version, to put in quotation marks in `If-Match`.
    version: String,
    /// Name, unique in the round.
    name: String,
    /// Its members: demands.
    members: Vec<Uuid>,
}

impl From<&Team> for TeamView {
    fn from(team: &Team) -> Self {
        let members = team.members.iter().map(|member| member.0).collect();
        Self { id: team.id.0, version: team_tag(team), name: team.name.clone(), members }
    }
}

/// The teams of a round.
#[derive(Debug, Object)]
pub(crate) struct Teams {
    /// By name.
    teams: Vec<TeamView>,
}

/// A team as it should be.
#[derive(Debug, Object)]
pub(crate) struct TeamRequest {
    /// Name, unique in the round.
    name: Given<Text<1, 200>>,
    /// Its members: 2 to 100 demands of this round.
    members: Given<Several<Id>>,
}

/// A checked one.
pub(crate) struct WantedTeam {
    name: String,
    members: Vec<DemandId>,
}

impl Input for TeamRequest {
    type Checked = WantedTeam;

    const FIELDS: &'static [&'static str] = &["name", "members"];

    fn check(self) -> Result<WantedTeam, Faults> {
        let (name, members) = (self.name.named("name"), self.members.named("members")).all()?;
        Ok(WantedTeam { name: name.0, members: members.0.into_iter().map(|id| DemandId(id.0)).collect() })
    }
}

/// What was done to a team.
#[derive(Debug, Object)]
pub(crate) struct MadeTeam {
    /// The change; undo it with `reverseChange`.
    change: Uuid,
    /// The team.
    team: Uuid,
}

impl From<board::TeamChange> for MadeTeam {
    fn from(made: board::TeamChange) -> Self {
        Self { change: made.change.0, team: made.team.0 }
    }
}

/// The same for several students.
#[derive(Debug, Object)]
pub(crate) struct BulkRequest {
    /// What.
    action: Given<BulkAction>,
    /// Whom, each as seen: 1 to 500.
    demands: Given<Several<SeenInput>>,
}

impl Input for BulkRequest {
    type Checked = BulkCommand;

    const FIELDS: &'static [&'static str] = &["action", "demands"];

    fn check(self) -> Result<BulkCommand, Faults> {
        let (action, demands) = (self.action.named("action"), self.demands.named("demands")).all()?;
        Ok(BulkCommand { action: action.0, rows: demands.0.into_iter().map(|row| row.0).collect() })
    }
}

/// The school with a code, for who sees the round.
fn school_of(data: &RoundData, code: &SchoolCode) -> Result<SchoolId, AppError> {
    let mut schools = data.registry.schools.values();
    schools.find(|school| school.code == code.0).map(|school| school.id).ok_or(AppError::NotFound)
}

/// The category that a caller saw; a tag that is none cannot be the current one.
fn seen_category(if_match: Option<EntityTag>) -> Result<codes::ExclusionCategory, Trouble> {
    let tag = seen_tag(if_match)?;
    let known = codes::ExclusionCategory::ALL.iter().copied().find(|category| category.code() == tag);
    known.ok_or_else(|| Trouble::Stale { message: "De uitsluiting is niet meer zoals u die zag. Haal haar opnieuw op.".to_owned() })
}

#[expect(clippy::too_many_arguments, reason = "an argument for each parameter of the request")]
#[OpenApi(tag = "Tag::Placements")]
impl Handwork {
    /// Lets two students change places
    ///
    /// Both have a place in the same period, and are as the caller saw them. Where a rule keeps one from the other's place
    /// a reason is needed, and the placement is marked. It can be undone as one change.
    #[oai(path = "/rounds/:round/swaps", method = "post", operation_id = "swapPlacements")]
    async fn swap(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        body: Body<SwapRequest>,
    ) -> Result<Found<MadeChange>, Refusal<Conflicts>> {
        let (round, command) = (round.named("round"), body.0).all()?;
        Ok(Found(board::swap(&app, &session.0.actor, &round.0, command).await?.into()))
    }

    /// Pins a placement, or sets it free
    ///
    /// A proposal does not move a pinned placement. Say what you saw: `If-Match` with the `ETag` of the placement.
    #[oai(path = "/rounds/:round/demands/:demand/hold", method = "put", operation_id = "putHold")]
    async fn hold(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
        /// `ETag` of the placement.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<HoldRequest>,
    ) -> Result<Found<MadeChange>, Refusal<Versions>> {
        let (round, demand, if_match, hold) = (round.named("round"), demand.named("demand"), if_match.0, body.0).all()?;
        let who = Placed { demand: DemandId(demand.0), placement: PlacementId(seen_placement(if_match)?) };
        Ok(Found(board::hold(&app, &session.0.actor, &round.0, who, hold).await.map_err(stale)?.into()))
    }

    /// Leaves a demand out of proposals, or lets it take part again
    ///
    /// Who is left out gives her place back. Say what you saw: `If-Match` with the `ETag` of the placement, or
    /// `If-None-Match: *` when there was none.
    #[oai(path = "/rounds/:round/demands/:demand/turn", method = "put", operation_id = "putTurn")]
    async fn turn(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
        /// `ETag` of the placement.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        /// `*`, when the student has no place.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Absent>,
        body: Body<TurnRequest>,
    ) -> Result<Found<MadeChange>, Refusal<Versions>> {
        let (round, demand, if_match, if_none_match, turn) =
            (round.named("round"), demand.named("demand"), if_match.0, if_none_match.0, body.0).all()?;
        let who = Seen { demand: DemandId(demand.0), placement: seen(if_match, if_none_match)?.map(PlacementId) };
        Ok(Found(board::turn(&app, &session.0.actor, &round.0, who, turn).await.map_err(stale)?.into()))
    }

    /// Lists the schools that are excluded for a student
    ///
    /// By name, each with the category of the reason; never the reason itself.
    #[oai(path = "/rounds/:round/demands/:demand/exclusions", method = "get", operation_id = "listExclusions")]
    async fn exclusions(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
    ) -> Result<Found<Exclusions>, Refusal> {
        let (round, demand) = (round.named("round"), demand.named("demand")).all()?;
        let data = app.picture(&session.0.actor, &round.0, Permission::ReadPlacements).await?;
        let demand = data.demands.get(&DemandId(demand.0)).ok_or(AppError::NotFound)?.id;
        let own = data.exclusions.iter().filter(|exclusion| exclusion.demand == demand);
        let mut exclusions: Vec<_> = own
            .filter_map(|exclusion| {
                let school = data.registry.schools.get(&exclusion.school)?;
                let category = ExclusionCategory(exclusion.category);
                Some(Exclusion { school_code: school.code.to_string(), school_name: school.name.clone(), category })
            })
            .collect();
        exclusions.sort_by(|a, b| (&a.school_name, &a.school_code).cmp(&(&b.school_name, &b.school_code)));
        Ok(Found(Exclusions { exclusions }))
    }

    /// Excludes a school for a student
    ///
    /// A place of the student at this school comes free. Say what you saw: `If-None-Match: *` when the school was not
    /// excluded, or `If-Match` with the category in quotation marks to give another.
    #[oai(path = "/rounds/:round/demands/:demand/exclusions/:school", method = "put", operation_id = "putExclusion")]
    async fn exclude(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
        /// Code of the school.
        school: Path<SchoolCode>,
        /// The category that was seen, in quotation marks.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        /// `*`, when the school was not excluded.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Absent>,
        body: Body<ExclusionRequest>,
    ) -> Result<Found<MadeChange>, Refusal<Versions>> {
        let (round, demand, school, if_match, if_none_match, wanted) =
            (round.named("round"), demand.named("demand"), school.named("school"), if_match.0, if_none_match.0, body.0).all()?;
        let before = if if_none_match.is_some() { None } else { Some(seen_category(if_match)?) };
        let data = app.picture(&session.0.actor, &round.0, Permission::PlaceStudents).await?;
        let command = ExcludeCommand {
            who: Seen { demand: DemandId(demand.0), placement: wanted.placement },
            school: school_of(&data, &school)?,
            before,
            category: Some(wanted.category),
        };
        Ok(Found(board::exclude(&app, &session.0.actor, &round.0, command).await.map_err(stale)?.into()))
    }

    /// Lets a student go to a school again
    ///
    /// Say what you saw: `If-Match` with the category in quotation marks.
    #[oai(
        path = "/rounds/:round/demands/:demand/exclusions/:school",
        method = "delete",
        operation_id = "deleteExclusion",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn include(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
        /// Code of the school.
        school: Path<SchoolCode>,
        /// The category that was seen, in quotation marks.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Found<MadeChange>, Refusal<Versions>> {
        let (round, demand, school, if_match) = (round.named("round"), demand.named("demand"), school.named("school"), if_match.0).all()?;
        let before = Some(seen_category(if_match)?);
        let data = app.picture(&session.0.actor, &round.0, Permission::PlaceStudents).await?;
        let who = Seen { demand: DemandId(demand.0), placement: None };
        let command = ExcludeCommand { who, school: school_of(&data, &school)?, before, category: None };
        Ok(Found(board::exclude(&app, &session.0.actor, &round.0, command).await.map_err(stale)?.into()))
    }

    /// Lists the teams of a round
    ///
    /// Who stay together at one school: a pair, a leerteam, or the periods of one student.
    #[oai(path = "/rounds/:round/teams", method = "get", operation_id = "listTeams")]
    async fn teams(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Found<Teams>, Refusal> {
        let data = app.picture(&session.0.actor, &round.named("round")?.0, Permission::ReadPlacements).await?;
        Ok(Found(Teams { teams: data.teams.iter().map(Into::into).collect() }))
    }

    /// Makes a team
    ///
    /// Its members are of this round and in no other team.
    #[oai(path = "/rounds/:round/teams", method = "post", operation_id = "createTeam")]
    async fn make_team(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        body: Body<TeamRequest>,
    ) -> Result<Found<MadeTeam>, Refusal<Conflicts>> {
        let (round, WantedTeam { name, members }) = (round.named("round"), body.0).all()?;
        Ok(Found(board::team(&app, &session.0.actor, &round.0, TeamCommand::Make { name, members }).await?.into()))
    }

    /// Changes a team
    ///
    /// Gives it a name and members. Say what you saw: `If-Match` with its version in quotation marks.
    #[oai(path = "/rounds/:round/teams/:team", method = "put", operation_id = "putTeam")]
    async fn change_team(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The team.
        team: Path<Id>,
        /// Its version, in quotation marks.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<TeamRequest>,
    ) -> Result<Found<MadeTeam>, Refusal<Versions>> {
        let (round, team, if_match, wanted) = (round.named("round"), team.named("team"), if_match.0, body.0).all()?;
        let seen = TeamSeen { team: TeamId(team.0), tag: seen_tag(if_match)? };
        let command = TeamCommand::Change { seen, name: wanted.name, members: wanted.members };
        Ok(Found(board::team(&app, &session.0.actor, &round.0, command).await.map_err(stale)?.into()))
    }

    /// Removes a team
    ///
    /// Its members keep their places. Say what you saw: `If-Match` with its version in quotation marks.
    #[oai(
        path = "/rounds/:round/teams/:team",
        method = "delete",
        operation_id = "deleteTeam",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove_team(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The team.
        team: Path<Id>,
        /// Its version, in quotation marks.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Found<MadeTeam>, Refusal<Versions>> {
        let (round, team, if_match) = (round.named("round"), team.named("team"), if_match.0).all()?;
        let seen = TeamSeen { team: TeamId(team.0), tag: seen_tag(if_match)? };
        Ok(Found(board::team(&app, &session.0.actor, &round.0, TeamCommand::Remove(seen)).await.map_err(stale)?.into()))
    }

    /// Does the same for several students
    ///
    /// All of it or nothing, as one change that can be undone. Who it would change nothing for is passed over. Each is as
    /// the caller saw her.
    #[oai(path = "/rounds/:round/bulk-changes", method = "post", operation_id = "createBulkChange")]
    async fn bulk(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        body: Body<BulkRequest>,
    ) -> Result<Found<MadeChange>, Refusal<Conflicts>> {
        let (round, command) = (round.named("round"), body.0).all()?;
        Ok(Found(board::bulk(&app, &session.0.actor, &round.0, command).await?.into()))
    }
}
