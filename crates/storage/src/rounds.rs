//! Rounds: periods, offers, totals, demands, wishes; and the picture of a whole round.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernschil_domain::codes::{Need, RoundState, Turn};
use kernschil_domain::ids::{BoardId, DemandId, OfferId, PartnershipId, PeriodId, RoundId, SchoolId, StudentId, StudyPhaseId, Version};
use kernschil_domain::periods::Period;
use kernschil_domain::policy::Policy;
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::{Demand, Offer, Round, RoundData, RoundRules, SchoolTotal, WishTarget};
use kernschil_domain::values::{Groups, SchoolYear, Weekdays};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::{demands, offers, periods, round_partnerships, rounds, school_totals, wishes};
use crate::error::StorageError;
use crate::rows::{all, in_chunks, put, read};
use crate::store::{Tx, WriteTx};
use crate::{cohorts, handwork, mutations, placements, planning, policy, registry};

/// All rounds, by name.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn list(tx: &Tx) -> Result<Vec<Round>, StorageError> {
    let mut partnerships: HashMap<_, Vec<_>> = HashMap::new();
    for row in all::<round_partnerships::Entity>(tx).await? {
        partnerships.entry(row.round_id).or_default().push(PartnershipId(row.partnership_id));
    }
    let mut rounds = Vec::new();
    for row in all::<rounds::Entity>(tx).await? {
        let mut partnerships = partnerships.remove(&row.id).unwrap_or_default();
        partnerships.sort_unstable();
        rounds.push(round(row, partnerships)?);
    }
    rounds.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rounds)
}

/// The round with a slug.
///
/// # Errors
/// [`StorageError::NotFound`] when there is none.
pub async fn by_slug(tx: &Tx, slug: &str) -> Result<Round, StorageError> {
    list(tx).await?.into_iter().find(|round| round.slug == slug).ok_or(StorageError::NotFound)
}

fn round(row: rounds::Model, partnerships: Vec<PartnershipId>) -> Result<Round, StorageError> {
    Ok(Round {
        id: RoundId(row.id),
        slug: row.slug,
        name: row.name,
        school_year: SchoolYear::starting(row.school_year),
        state: read(RoundState::parse(&row.state), "rounds.state")?,
        rules: RoundRules {
            travel_limit: row.travel_limit.and_then(|minutes| u16::try_from(minutes).ok()),
            outside_guidance: row.outside_guidance.and_then(|count| u32::try_from(count).ok()),
            max_wishes: read(u8::try_from(row.max_wishes).ok(), "rounds.max_wishes")?,
            seed: row.seed.cast_unsigned(),
            policy: match &row.policy {
                Some(json) => read(serde_json::from_str(json).ok(), "rounds.policy")?,
                None => Policy::default(),
            },
        },
        partnerships,
        version: Version(row.version),
    })
}

/// Periods of a round.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn periods(tx: &Tx, round: RoundId) -> Result<Vec<Period>, StorageError> {
    let rows = periods::Entity::find().filter(periods::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    let period = |row: periods::Model| Period {
        id: PeriodId(row.id),
        round: RoundId(row.round_id),
        name: row.name,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    };
    Ok(rows.into_iter().map(period).collect())
}

/// Which schools offer places in which round.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn offering(tx: &Tx) -> Result<BTreeSet<(RoundId, SchoolId)>, StorageError> {
    let pairs: Vec<(Uuid, Uuid)> = offers::Entity::find()
        .select_only()
        .column(offers::Column::RoundId)
        .column(offers::Column::SchoolId)
        .distinct()
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(pairs.into_iter().map(|(round, school)| (RoundId(round), SchoolId(school))).collect())
}

/// Offers of a round.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn offers(tx: &Tx, round: RoundId) -> Result<Vec<Offer>, StorageError> {
    let rows = offers::Entity::find().filter(offers::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Offer {
                id: OfferId(row.id),
                school: SchoolId(row.school_id),
                period: PeriodId(row.period_id),
                phases: row.phases.split(';').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
                groups: Groups::from_bits(read(u8::try_from(row.groups).ok(), "offers.groups")?),
                weekdays: Weekdays::from_bits(read(u8::try_from(row.weekdays).ok(), "offers.weekdays")?),
                count: row.count,
                used: row.used,
            })
        })
        .collect()
}

/// School totals of a round.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn totals(tx: &Tx, round: RoundId) -> Result<Vec<SchoolTotal>, StorageError> {
    let rows = school_totals::Entity::find().filter(school_totals::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    let total =
        |row: school_totals::Model| SchoolTotal { school: SchoolId(row.school_id), period: PeriodId(row.period_id), maximum: row.maximum };
    Ok(rows.into_iter().map(total).collect())
}

/// Demands of a round, with their wishes.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn demands(tx: &Tx, round: RoundId) -> Result<Vec<Demand>, StorageError> {
    let rows = demands::Entity::find().filter(demands::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut wished: HashMap<_, BTreeMap<_, _>> = HashMap::new();
    for row in in_chunks::<wishes::Entity, _>(tx, wishes::Column::DemandId, &ids).await? {
        let target = row.school_id.map(|id| WishTarget::School(SchoolId(id))).or(row.board_id.map(|id| WishTarget::Board(BoardId(id))));
        wished.entry(row.demand_id).or_default().insert(row.rank, read(target, "wishes.school_id")?);
    }
    rows.into_iter()
        .map(|row| {
            Ok(Demand {
                id: DemandId(row.id),
                student: StudentId(row.student_id),
                period: PeriodId(row.period_id),
                phase: StudyPhaseId(row.phase_id),
                groups: Groups::from_bits(read(u8::try_from(row.groups).ok(), "demands.groups")?),
                weekdays: Weekdays::from_bits(read(u8::try_from(row.weekdays).ok(), "demands.weekdays")?),
                need: read(Need::parse(&row.need), "demands.need")?,
                turn: read(Turn::parse(&row.turn), "demands.turn")?,
                partnership: row.partnership_id.map(PartnershipId),
                wishes: wished.remove(&row.id).map(|ranked| ranked.into_values().collect()).unwrap_or_default(),
            })
        })
        .collect()
}

/// Everything of a round, with the registry.
///
/// # Errors
/// [`StorageError::NotFound`] when there is no such round.
pub async fn picture(tx: &Tx, slug: &str) -> Result<RoundData, StorageError> {
    let round = by_slug(tx, slug).await?;
    picture_with(tx, round, registry::load(tx).await?).await
}

/// Everything of a round, with a registry that was loaded already.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn picture_with(tx: &Tx, round: Round, registry: Registry) -> Result<RoundData, StorageError> {
    let demands = demands(tx, round.id).await?;
    let students: BTreeSet<_> = demands.iter().map(|demand| demand.student).collect();
    let students: Vec<_> = students.into_iter().collect();
    let mut enrolments: HashMap<_, Vec<_>> = HashMap::new();
    for enrolment in cohorts::enrolments(tx, &students).await? {
        enrolments.entry(enrolment.student).or_default().push(enrolment);
    }
    let (live, withdrawn) = placements::of_round(tx, &demands).await?;
    let ids: Vec<_> = demands.iter().map(|demand| demand.id).collect();
    let periods: BTreeMap<_, _> = periods(tx, round.id).await?.into_iter().map(|p| (p.id, p)).collect();
    let students: BTreeMap<_, _> = cohorts::students(tx, &students).await?.into_iter().map(|s| (s.id, s)).collect();
    let past = match periods.values().map(|period| period.starts_on).min() {
        Some(first_day) => policy::past(tx, &round, &registry, &students, first_day).await?,
        None => HashMap::new(),
    };
    Ok(RoundData {
        registry,
        periods,
        cohorts: cohorts::cohorts(tx).await?.into_iter().map(|c| (c.id, c)).collect(),
        students,
        enrolments,
        offers: offers(tx, round.id).await?.into_iter().map(|o| (o.id, o)).collect(),
        totals: totals(tx, round.id).await?,
        demands: demands.into_iter().map(|d| (d.id, d)).collect(),
        placements: live.into_iter().map(|p| (p.demand, p)).collect(),
        withdrawn: withdrawn.into_iter().map(|p| (p.id, p)).collect(),
        dates: planning::dates(tx, round.id).await?,
        answers: planning::answers(tx, round.id).await?,
        board_totals: planning::board_totals(tx, round.id).await?,
        exclusions: handwork::exclusions(tx, &ids).await?,
        teams: handwork::teams(tx, round.id).await?,
        absences: mutations::absences(tx, round.id).await?,
        past,
        round,
    })
}

/// Rows of a round to store: new ones, and changed ones under their own key.
#[derive(Debug, Clone, Default)]
pub struct RoundRows {
    /// Rounds, with their partnerships.
    pub rounds: Vec<Round>,
    /// Periods.
    pub periods: Vec<Period>,
    /// New offers, with their round. The count of a stored one changes through [`set_count`].
    pub offers: Vec<(RoundId, Offer)>,
    /// School totals, with their round.
    pub totals: Vec<(RoundId, SchoolTotal)>,
    /// Demands, with their round; their wishes replace the stored ones.
    pub demands: Vec<(RoundId, Demand)>,
}

/// Stores rows of rounds, in an order that keeps every reference whole.
///
/// # Errors
/// [`StorageError::Constraint`] when a reference is missing; [`StorageError::PlaceTaken`] when an
/// offer would hold fewer places than are in use.
pub async fn store(tx: &WriteTx, rows: RoundRows) -> Result<(), StorageError> {
    let links: Vec<_> = rows
        .rounds
        .iter()
        .flat_map(|r| r.partnerships.iter().map(|p| round_partnerships::Model { round_id: r.id.0, partnership_id: p.0 }))
        .collect();
    put(tx, rows.rounds.into_iter().map(round_model).collect()).await?;
    put(tx, links).await?;
    let periods = rows.periods.into_iter().map(|p| periods::Model {
        id: p.id.0,
        round_id: p.round.0,
        name: p.name,
        starts_on: p.starts_on,
        ends_on: p.ends_on,
    });
    put(tx, periods.collect()).await?;
    put(tx, rows.offers.into_iter().map(|(round, offer)| offer_model(round, offer)).collect()).await?;
    let totals = rows.totals.into_iter().map(|(round, t)| school_totals::Model {
        round_id: round.0,
        school_id: t.school.0,
        period_id: t.period.0,
        maximum: t.maximum,
    });
    put(tx, totals.collect()).await?;
    store_demands(tx, rows.demands).await
}

fn round_model(round: Round) -> rounds::Model {
    rounds::Model {
        id: round.id.0,
        slug: round.slug,
        name: round.name,
        school_year: round.school_year.first_year(),
        state: round.state.code().to_owned(),
        travel_limit: round.rules.travel_limit.map(i32::from),
        outside_guidance: round.rules.outside_guidance.and_then(|count| i32::try_from(count).ok()),
        max_wishes: i32::from(round.rules.max_wishes),
        seed: round.rules.seed.cast_signed(),
        version: round.version.0,
        policy: serde_json::to_string(&round.rules.policy).ok(),
    }
}

fn offer_model(round: RoundId, offer: Offer) -> offers::Model {
    let mut phases = offer.phases;
    phases.sort_unstable();
    offers::Model {
        id: offer.id.0,
        round_id: round.0,
        school_id: offer.school.0,
        period_id: offer.period.0,
        phases: phases.join(";"),
        groups: i32::from(offer.groups.bits()),
        weekdays: i32::from(offer.weekdays.bits()),
        count: offer.count,
        used: offer.used,
    }
}

async fn store_demands(tx: &WriteTx, rows: Vec<(RoundId, Demand)>) -> Result<(), StorageError> {
    let ids: Vec<_> = rows.iter().map(|(_, demand)| demand.id.0).collect();
    for chunk in ids.chunks(10_000) {
        let these = wishes::Column::DemandId.is_in(chunk.iter().copied());
        wishes::Entity::delete_many().filter(these).exec(tx.connection()).await?;
    }
    let mut wished = Vec::new();
    for (_, demand) in &rows {
        for (rank, wish) in (1..).zip(&demand.wishes) {
            let (school_id, board_id) = match wish {
                WishTarget::School(school) => (Some(school.0), None),
                WishTarget::Board(board) => (None, Some(board.0)),
            };
            wished.push(wishes::Model { demand_id: demand.id.0, rank, school_id, board_id });
        }
    }
    let demands = rows.into_iter().map(|(round, d)| demands::Model {
        id: d.id.0,
        round_id: round.0,
        student_id: d.student.0,
        period_id: d.period.0,
        phase_id: d.phase.0,
        groups: i32::from(d.groups.bits()),
        weekdays: i32::from(d.weekdays.bits()),
        need: d.need.code().to_owned(),
        partnership_id: d.partnership.map(|p| p.0),
        turn: d.turn.code().to_owned(),
    });
    put(tx, demands.collect()).await?;
    put(tx, wished).await
}

/// Moves a round to another state. Fails with `Stale` when somebody else changed it since `seen`.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn set_state(tx: &WriteTx, round: RoundId, state: RoundState, seen: Version) -> Result<Version, StorageError> {
    let done = rounds::Entity::update_many()
        .col_expr(rounds::Column::State, Expr::value(state.code()))
        .col_expr(rounds::Column::Version, Expr::value(seen.next().0))
        .filter(rounds::Column::Id.eq(round.0))
        .filter(rounds::Column::Version.eq(seen.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(seen.next()) }
}

/// Makes other writers to the placements of a round wait until this transaction ends, so that
/// capacities over several offers (school totals, trainers) can be counted and kept.
///
/// # Errors
/// [`StorageError::NotFound`] when there is no such round.
pub async fn lock(tx: &WriteTx, slug: &str) -> Result<(), StorageError> {
    // Writing the row locks it on PostgreSQL; on SQLite there is one writer anyway.
    let done = rounds::Entity::update_many()
        .col_expr(rounds::Column::Slug, Expr::col(rounds::Column::Slug))
        .filter(rounds::Column::Slug.eq(slug))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// Forgets for which partnerships rounds are; [`store`] then stores the new ones.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn clear_partnerships(tx: &WriteTx, rounds: &[RoundId]) -> Result<(), StorageError> {
    let these = round_partnerships::Column::RoundId.is_in(rounds.iter().map(|id| id.0));
    round_partnerships::Entity::delete_many().filter(these).exec(tx.connection()).await?;
    Ok(())
}

/// Changes the number of places of an offer, and nothing else: places may be taken at the same time.
///
/// # Errors
/// [`StorageError::PlaceTaken`] when more places are in use.
pub async fn set_count(tx: &WriteTx, offer: OfferId, count: i32) -> Result<(), StorageError> {
    let done = offers::Entity::update_many()
        .col_expr(offers::Column::Count, Expr::value(count))
        .filter(offers::Column::Id.eq(offer.0))
        .filter(offers::Column::Used.lte(count))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::PlaceTaken) } else { Ok(()) }
}

/// The rounds in which somebody has a place.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn with_places(tx: &Tx) -> Result<BTreeSet<RoundId>, StorageError> {
    let ids: Vec<Uuid> = offers::Entity::find()
        .select_only()
        .column(offers::Column::RoundId)
        .distinct()
        .filter(offers::Column::Used.gt(0))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(ids.into_iter().map(RoundId).collect())
}
