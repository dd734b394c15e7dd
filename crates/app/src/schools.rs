//! Schools and places of a round: the list, and one school.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::codes::{ConditionKind, PlacementStatus, QualificationKind, Sector, Tier, TrainerKind};
use kernschil_domain::fit::Load;
use kernschil_domain::ids::{DemandId, OfferId, SchoolId, StudentId};
use kernschil_domain::registry::{School, SchoolMembership, Trainer};
use kernschil_domain::rounds::RoundData;
use kernschil_domain::standing::{Standing, unmet_conditions};
use kernschil_domain::values::SchoolCode;
use serde::Serialize;

use crate::error::AppError;
use crate::listing::search_key;
use crate::{Actor, App, labels, sight};

/// A school as a row of a list.
#[derive(Debug, Clone, Serialize)]
pub struct SchoolRow {
    /// The school.
    pub school: SchoolId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Town.
    pub place: Option<String>,
    /// Kind of education.
    pub sector: Sector,
    /// Board.
    pub board: Option<String>,
    /// The best it is in a partnership of the round: kern, schil, schil without conditions, outside.
    pub standing: Standing,
    /// Places offered, over all periods.
    pub offered: i32,
    /// Places taken.
    pub used: i32,
    /// Names of trainers.
    pub trainers: Vec<String>,
    /// What it does not meet, in Dutch.
    pub unmet: Vec<String>,
}

/// A membership of a school, looked at on a date.
#[derive(Debug, Clone, Serialize)]
pub struct MembershipView {
    /// Partnership.
    pub partnership: String,
    /// Tier there.
    pub tier: Tier,
    /// Tier of its board there, where the board takes part.
    pub board_tier: Option<Tier>,
    /// The school that guides it.
    pub buddy: Option<String>,
    /// First day.
    pub from: NaiveDate,
    /// First day on which it holds no more.
    pub until: Option<NaiveDate>,
    /// What is asked of its tier and not met, in Dutch; empty means it meets everything.
    pub unmet: Vec<String>,
    /// Everything that is asked of its tier, and whether it is met.
    pub conditions: Vec<ConditionView>,
}

/// A condition of a partnership for a tier, looked at for one school.
#[derive(Debug, Clone, Serialize)]
pub struct ConditionView {
    /// What is asked.
    pub kind: ConditionKind,
    /// How much: a percentage or a number of places; otherwise nothing.
    pub asked: Option<i32>,
    /// Why it is not met, in Dutch; nothing when it is.
    pub unmet: Option<String>,
}

/// A trainer of a school.
#[derive(Debug, Clone, Serialize)]
pub struct TrainerView {
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// School or institute trainer.
    pub kind: TrainerKind,
    /// Students the trainer can guide in one period.
    pub capacity: Option<i32>,
    /// Students placed with the trainer, per period in order; at all schools.
    pub students: Vec<(String, i32)>,
    /// Other schools the trainer covers.
    pub other_schools: Vec<String>,
    /// Qualifications, with their last day.
    pub qualifications: Vec<(QualificationKind, Option<NaiveDate>)>,
}

/// An offer of a school.
#[derive(Debug, Clone, Serialize)]
pub struct OfferView {
    /// The offer.
    pub offer: OfferId,
    /// Name of the period.
    pub period: String,
    /// Phases, in Dutch.
    pub phases: String,
    /// Groups.
    pub groups: String,
    /// Days.
    pub weekdays: String,
    /// Places in all.
    pub count: i32,
    /// Places taken.
    pub used: i32,
}

/// A student who comes to a school.
#[derive(Debug, Clone, Serialize)]
pub struct VisitorView {
    /// The demand.
    pub demand: DemandId,
    /// The student.
    pub student: StudentId,
    /// Name as in a list.
    pub name: String,
    /// Institute.
    pub institute: String,
    /// Phase.
    pub phase: String,
    /// Period.
    pub period: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Days the student comes.
    pub weekdays: String,
    /// Groups.
    pub groups: String,
    /// Trainer.
    pub trainer: Option<String>,
    /// What the school is to the student.
    pub standing: Standing,
    /// How far the placement is.
    pub status: PlacementStatus,
}

/// A school of a round.
#[derive(Debug, Clone, Serialize)]
pub struct SchoolView {
    /// As a row of the list.
    pub row: SchoolRow,
    /// Postcode.
    pub postcode: Option<String>,
    /// First day on which it exists no more.
    pub closed_on: Option<NaiveDate>,
    /// The date its memberships were looked at.
    pub date: NaiveDate,
    /// Memberships.
    pub memberships: Vec<MembershipView>,
    /// Trainers.
    pub trainers: Vec<TrainerView>,
    /// Offers.
    pub offers: Vec<OfferView>,
    /// Most students per period: period, maximum.
    pub totals: Vec<(String, i32)>,
    /// Who comes when.
    pub visitors: Vec<VisitorView>,
}

/// The first day of the round: the date its registry is looked at in lists.
pub fn first_day(data: &RoundData) -> NaiveDate {
    let first = data.periods.values().map(|period| period.starts_on).min();
    first.unwrap_or_else(|| NaiveDate::from_ymd_opt(data.round.school_year.first_year(), 8, 1).unwrap_or_default())
}

/// The schools of a round: members of its partnerships, and all that offer places. By name.
pub fn rows(data: &RoundData) -> Vec<SchoolRow> {
    let date = first_day(data);
    let load = Load::of(data, |_| true);
    // One pass over the offers, not one per school: there may be thousands of both.
    let mut offered = std::collections::HashMap::new();
    for offer in data.offers.values() {
        let (places, used) = offered.entry(offer.school).or_insert((0, 0));
        *places += offer.count;
        *used += load.on_offer(offer.id);
    }
    let member = |school: &School| data.registry.memberships_of(school.id, date).any(|m| data.round.partnerships.contains(&m.partnership));
    let mut rows: Vec<_> = data
        .registry
        .schools
        .values()
        .filter(|school| offered.contains_key(&school.id) || member(school))
        .map(|school| row(data, school, date, offered.get(&school.id).copied().unwrap_or_default()))
        .collect();
    rows.sort_by_cached_key(|row| (search_key(&row.name), row.code.clone()));
    rows
}

fn row(data: &RoundData, school: &School, date: NaiveDate, (offered, used): (i32, i32)) -> SchoolRow {
    let registry = &data.registry;
    let memberships: Vec<_> =
        registry.memberships_of(school.id, date).filter(|m| data.round.partnerships.contains(&m.partnership)).collect();
    let best = memberships.iter().map(|m| (standing(data, m, offered, date), *m)).min_by_key(|(standing, _)| *standing);
    let unmet = best.map(|(_, m)| unmet(data, m, offered, date)).unwrap_or_default();
    SchoolRow {
        school: school.id,
        code: school.code.to_string(),
        name: school.name.clone(),
        place: school.place.clone(),
        sector: school.sector,
        board: registry.board_of(school.id, date).map(kernschil_domain::registry::Board::label),
        standing: best.map_or(Standing::Outside, |(standing, _)| standing),
        offered,
        used,
        trainers: registry.trainers_of(school.id, date).iter().map(|t| t.name.clone()).collect(),
        unmet,
    }
}

fn standing(data: &RoundData, membership: &SchoolMembership, places: i32, date: NaiveDate) -> Standing {
    match membership.tier {
        Tier::Kern => Standing::Kern,
        Tier::Schil if unmet_conditions(&data.registry, membership, places, date).is_empty() => Standing::Schil,
        Tier::Schil => Standing::SchilUnmet,
    }
}

fn unmet(data: &RoundData, membership: &SchoolMembership, places: i32, date: NaiveDate) -> Vec<String> {
    unmet_conditions(&data.registry, membership, places, date).iter().map(kernschil_domain::standing::UnmetCondition::dutch).collect()
}

/// The round and its schools.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<(RoundData, Vec<SchoolRow>), AppError> {
    let data = app.picture(actor, slug, Permission::ReadSchools).await?;
    let rows = rows(&data);
    Ok((data, rows))
}

/// One school of a round.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round or school.
pub async fn get(app: &App, actor: &Actor, slug: &str, code: &str) -> Result<SchoolView, AppError> {
    let code = SchoolCode::parse(code);
    let (schools, people) = app
        .store
        .read(async |tx| {
            let schools = sight::round(app, tx, actor, slug, Permission::ReadSchools).await?;
            // Who comes is for who may see students by name.
            let people = if actor.may(Permission::ReadStudents) {
                match sight::round(app, tx, actor, slug, Permission::ReadStudents).await {
                    Err(AppError::NotFound) => None,
                    other => Some(other?),
                }
            } else {
                None
            };
            Ok::<_, AppError>((schools, people))
        })
        .await?;
    let code = code.map_err(|_| AppError::NotFound)?;
    let school = schools.registry.schools.values().find(|school| school.code == code).filter(|school| takes_part(&schools, school.id));
    let school = school.ok_or(AppError::NotFound)?;
    Ok(view(&schools, school, people.as_ref()))
}

/// Whether a school takes part in the round: by a membership in a partnership of it, or by an offer.
fn takes_part(data: &RoundData, school: SchoolId) -> bool {
    let memberships = data.registry.school_memberships.get(&school).map(Vec::as_slice).unwrap_or_default();
    memberships.iter().any(|m| data.round.partnerships.contains(&m.partnership)) || data.offers.values().any(|o| o.school == school)
}

fn view(data: &RoundData, school: &School, people: Option<&RoundData>) -> SchoolView {
    let date = first_day(data);
    let load = Load::of(data, |_| true);
    let own: Vec<_> = data.offers.values().filter(|offer| offer.school == school.id).collect();
    let offered = own.iter().map(|offer| offer.count).sum();
    let used = own.iter().map(|offer| load.on_offer(offer.id)).sum();
    let mut offers: Vec<_> = own
        .iter()
        .map(|offer| OfferView {
            offer: offer.id,
            period: labels::period(data, offer.period),
            phases: labels::phases(offer),
            groups: offer.groups.to_string(),
            weekdays: offer.weekdays.to_string(),
            count: offer.count,
            used: load.on_offer(offer.id),
        })
        .collect();
    offers.sort_by(|a, b| (&a.period, &a.phases, &a.groups).cmp(&(&b.period, &b.phases, &b.groups)));
    let totals = data.totals.iter().filter(|t| t.school == school.id).map(|t| (labels::period(data, t.period), t.maximum)).collect();
    SchoolView {
        row: row(data, school, date, (offered, used)),
        postcode: school.postcode.as_ref().map(ToString::to_string),
        closed_on: school.closed_on,
        date,
        memberships: data.registry.memberships_of(school.id, date).map(|m| membership_view(data, m, offered, date)).collect(),
        trainers: data.registry.trainers_of(school.id, date).into_iter().map(|t| trainer_view(data, &load, t, school.id, date)).collect(),
        offers,
        totals,
        visitors: people.map(|people| visitors(people, school.id)).unwrap_or_default(),
    }
}

fn membership_view(data: &RoundData, m: &SchoolMembership, places: i32, date: NaiveDate) -> MembershipView {
    let board = data.registry.board_of(m.school, date).map(|board| board.id);
    let of_board =
        data.registry.board_memberships.iter().find(|b| Some(b.board) == board && b.partnership == m.partnership && b.span.holds_on(date));
    MembershipView {
        partnership: labels::partnership(data, m.partnership),
        tier: m.tier,
        board_tier: of_board.map(|b| b.tier),
        buddy: m.buddy.map(|buddy| labels::school(data, buddy)),
        from: m.span.from,
        until: m.span.until,
        unmet: unmet(data, m, places, date),
        conditions: conditions(data, m, places, date),
    }
}

fn conditions(data: &RoundData, m: &SchoolMembership, places: i32, date: NaiveDate) -> Vec<ConditionView> {
    let unmet = unmet_conditions(&data.registry, m, places, date);
    let asked = data.registry.conditions.iter().filter(|c| c.partnership == m.partnership && c.tier == m.tier);
    asked
        .map(|c| ConditionView {
            kind: c.kind,
            asked: c.parameter,
            unmet: unmet.iter().find(|u| u.kind == c.kind).map(kernschil_domain::standing::UnmetCondition::dutch),
        })
        .collect()
}

fn trainer_view(data: &RoundData, load: &Load, trainer: &Trainer, here: SchoolId, date: NaiveDate) -> TrainerView {
    let registry = &data.registry;
    let mut periods: Vec<_> = data.periods.values().collect();
    periods.sort_by_key(|period| period.starts_on);
    let covers =
        |links: &Vec<kernschil_domain::registry::TrainerSchool>| links.iter().any(|l| l.trainer == trainer.id && l.span.holds_on(date));
    let mut other_schools: Vec<_> = registry
        .trainer_schools
        .iter()
        .filter(|(school, links)| **school != here && covers(links))
        .map(|(school, _)| labels::school(data, *school))
        .collect();
    other_schools.sort();
    let qualifications = registry.qualifications.get(&trainer.id).map(Vec::as_slice).unwrap_or_default();
    TrainerView {
        number: trainer.number.clone(),
        name: trainer.name.clone(),
        kind: trainer.kind,
        capacity: trainer.capacity,
        students: periods.iter().map(|p| (p.name.clone(), load.of_trainer(trainer.id, p.id))).collect(),
        other_schools,
        qualifications: qualifications.iter().map(|q| (q.kind, q.span.until.and_then(|until| until.pred_opt()))).collect(),
    }
}

/// Who comes to a school when, by period and name.
pub fn visitors(data: &RoundData, school: SchoolId) -> Vec<VisitorView> {
    let placed = data.placements.values().filter_map(|placement| {
        let offer = data.offers.get(&placement.offer).filter(|offer| offer.school == school)?;
        let demand = data.demands.get(&placement.demand)?;
        let student = data.students.get(&demand.student)?;
        let period = data.periods.get(&offer.period)?;
        let groups = kernschil_domain::values::Groups::from_bits(demand.groups.bits() & offer.groups.bits());
        Some(VisitorView {
            demand: demand.id,
            student: student.id,
            name: student.list_name(),
            institute: labels::institute(data, student.institute),
            phase: labels::phase(data, demand.phase),
            period: period.name.clone(),
            starts_on: period.starts_on,
            ends_on: period.ends_on,
            weekdays: if demand.weekdays.bits() == 0 { "in overleg".to_owned() } else { demand.weekdays.to_string() },
            groups: groups.to_string(),
            trainer: placement.trainer.map(|id| labels::trainer(data, id)),
            standing: placement.standing,
            status: placement.status,
        })
    });
    let mut visitors: Vec<_> = placed.collect();
    visitors.sort_by_cached_key(|v| (v.starts_on, search_key(&v.name)));
    visitors
}
