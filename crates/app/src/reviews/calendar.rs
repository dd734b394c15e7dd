//! The calendar: all reviews within reach, with whose turn it is, what is due, and which visits are owed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{PartnershipId, RegionId, ReviewId};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{
    DEADLINE_YEAR, Deadline, FollowUp, Peer, PeerVisit, RHYTHM_YEARS, Receiver, ReportState, Review, ReviewKind, ReviewState, ReviewStep,
    StepStanding, VISITS_OWED, deadline, is_near, next_due, pays, year_of,
};
use kernschil_storage::reviews::{follow_ups, peers, steps};
use kernschil_storage::{Tx, registry, reviews};

use super::dossier::{Turn, turn};
use super::happened::{Happened, Onlooker};
use super::sight;
use crate::error::AppError;
use crate::listing::{Direction, search_key};
use crate::{Actor, App};

/// What the calendar is ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CalendarOrder {
    /// By year; reviews without one last.
    #[default]
    Year,
    /// By name.
    Name,
    /// By name of the partnership or region that receives.
    Receiver,
    /// By how far they are.
    State,
    /// By when the next step should be done; reviews that wait for nobody last.
    Due,
}

/// Which reviews somebody wants to see, and in which order.
#[derive(Debug, Clone, Default)]
pub struct CalendarQuery {
    /// With these words in the name or in that of the receiver.
    pub text: Option<String>,
    /// In this calendar year.
    pub year: Option<i32>,
    /// Of this region.
    pub region: Option<RegionId>,
    /// Of this kind.
    pub kind: Option<ReviewKind>,
    /// As far as this.
    pub state: Option<ReviewState>,
    /// In this order.
    pub order: CalendarOrder,
    /// Which way.
    pub direction: Direction,
}

/// A review on the calendar.
#[derive(Debug, Clone)]
pub struct CalendarRow {
    /// The review.
    pub review: Review,
    /// Whose it is, in words.
    pub receiver: String,
    /// Names of its regions.
    pub regions: Vec<String>,
    /// The year it stands in; nothing while no document names one and no day was agreed.
    pub year: Option<i32>,
    /// Its steps, in order.
    pub steps: Vec<ReviewStep>,
    /// How each of them stands, in the same order.
    pub standings: Vec<StepStanding>,
    /// The last day for the receiving side to respond, while the report waits for that.
    pub respond_by: Option<NaiveDate>,
    /// Its follow-ups with a day that still have to be done, for who may open its dossier.
    pub follow_ups: Vec<FollowUp>,
    /// Whose turn it is.
    pub turn: Option<Turn>,
    /// How it stands to its last day.
    pub deadline: Deadline,
    /// The years that contradict each other.
    pub contradicting: Option<Vec<i32>>,
    /// The last day for the next review in the rhythm, of one that was held, once that day is near.
    pub next_due: Option<NaiveDate>,
    /// Whether the next in the rhythm stands on the calendar.
    pub has_next: bool,
    /// Whether the reader may open its dossier.
    pub may_open: bool,
}

impl CalendarRow {
    /// Everything to look at, in Dutch sentences.
    pub fn warnings(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(years) = &self.contradicting {
            let said = |year: &i32| {
                let sources: Vec<_> = self.review.years.iter().filter(|p| p.year == *year).map(|p| p.source.as_str()).collect();
                format!("{year} ({})", sources.join(", "))
            };
            let years: Vec<_> = years.iter().map(said).collect();
            found.push(format!("Documenten spreken elkaar tegen over het jaar: {}.", years.join(" en ")));
        }
        found.extend(self.deadline.dutch());
        if let Some(day) = self.next_due.filter(|_| !self.has_next) {
            found.push(format!("De volgende staat nog niet op de kalender; die moet vóór {} zijn gehouden.", day.format("%-d-%-m-%Y")));
        }
        found
    }
}

/// Visits that the people of a partnership pay to others, over the last six years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitsPaid {
    /// The partnership.
    pub partnership: String,
    /// The region its peers are found by.
    pub region: Option<RegionId>,
    /// Visits paid: reviews that its peers went to.
    pub paid: usize,
    /// Visits it still owes.
    pub owed: usize,
}

/// The calendar as somebody may see it.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The reviews of the query, in its order.
    pub rows: Vec<CalendarRow>,
    /// Number of reviews within reach, whatever was asked for.
    pub total: usize,
    /// Years that reviews within reach stand in.
    pub years: Vec<i32>,
    /// Regions that reviews can belong to, by name.
    pub regions: Vec<(RegionId, String)>,
    /// Names of regions within reach without a developmental review up to the end of 2029.
    pub without: Vec<String>,
    /// Visits paid and owed by partnerships within reach, by name.
    pub visits: Vec<VisitsPaid>,
    /// Visits in the same years by peers of regions within reach who visit for no partnership: they count for nobody.
    pub visits_for_nobody: usize,
    /// Today.
    pub today: NaiveDate,
    /// Whether the reader may put a review on it.
    pub may_make: bool,
}

/// The calendar.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn calendar(app: &App, actor: &Actor, query: &CalendarQuery) -> Result<Calendar, AppError> {
    actor.require(Permission::ReadReviews)?;
    app.store.read(async |tx| load(app, tx, actor, query).await).await
}

pub(super) async fn load(app: &App, tx: &Tx, actor: &Actor, query: &CalendarQuery) -> Result<Calendar, AppError> {
    let registry = registry::load(tx).await?;
    let all = reviews::list(tx).await?;
    let received: BTreeMap<ReviewId, Receiver> = all.iter().map(|review| (review.id, review.receiver)).collect();
    let known = sight::within(actor, Permission::ReadReviews, &registry, all.clone());
    let open: BTreeSet<ReviewId> = if actor.may(Permission::ReadReview) {
        sight::within(actor, Permission::ReadReview, &registry, all).into_iter().map(|review| review.id).collect()
    } else {
        BTreeSet::new()
    };
    let receivers = sight::receivers(actor, Permission::ReadReviews, &registry);
    let mut stored = steps::all(tx).await?;
    let today = app.clock.today();
    let continued: BTreeSet<ReviewId> = known.iter().filter_map(|review| review.previous).collect();
    let without = regions_without(&registry, &receivers, &known);
    let (pool, all_visits) = (peers::list(tx).await?, peers::visits(tx).await?);
    let visits_for_nobody = visits_for_nobody(&registry, &receivers, (&pool, &all_visits), today);
    let visits = visits(&registry, &receivers, (&pool, &all_visits, &received), today);
    let mut actions: BTreeMap<ReviewId, Vec<FollowUp>> = BTreeMap::new();
    for action in follow_ups::open(tx).await?.into_iter().filter(|action| open.contains(&action.review)) {
        actions.entry(action.review).or_default().push(action);
    }
    let mut rows = Vec::new();
    for review in known {
        let steps = stored.remove(&review.id).unwrap_or_default();
        let happened = Happened::of(tx, &registry, &review, &steps, today).await?;
        let follow_ups = actions.remove(&review.id).unwrap_or_default();
        rows.push(CalendarRow { follow_ups, ..row(&registry, review, steps, happened, (today, &continued, &open)) });
    }
    let years: BTreeSet<i32> = rows.iter().filter_map(|row| row.year).collect();
    let region_ids: BTreeSet<RegionId> = rows.iter().flat_map(|row| row.review.receiver.regions(&registry)).collect();
    let mut regions: Vec<_> =
        region_ids.into_iter().filter_map(|id| registry.regions.get(&id)).map(|region| (region.id, region.name.clone())).collect();
    regions.sort_by(|a, b| a.1.cmp(&b.1));
    let total = rows.len();
    let mut rows: Vec<_> = rows.into_iter().filter(|row| asked(row, query, &registry)).collect();
    rows.sort_by(|a, b| match query.direction {
        Direction::Up => compared(query.order, a, b),
        Direction::Down => compared(query.order, b, a),
    });
    let may_make = actor.may(Permission::ManageReview);
    Ok(Calendar { rows, total, years: years.into_iter().collect(), regions, without, visits, visits_for_nobody, today, may_make })
}

fn row(
    registry: &Registry,
    review: Review,
    steps: Vec<ReviewStep>,
    happened: Happened,
    (today, continued, open): (NaiveDate, &BTreeSet<ReviewId>, &BTreeSet<ReviewId>),
) -> CalendarRow {
    let mut regions: Vec<_> = review
        .receiver
        .regions(registry)
        .into_iter()
        .filter_map(|id| registry.regions.get(&id))
        .map(|region| region.name.clone())
        .collect();
    regions.sort();
    CalendarRow {
        receiver: review.receiver.name(registry),
        regions,
        year: year_of(&review),
        turn: turn(&review, &steps, &happened, today, Onlooker::Calendar),
        respond_by: review.respond_by.filter(|_| happened.facts.report == Some(ReportState::Responding)),
        follow_ups: Vec::new(),
        standings: happened.standings,
        deadline: deadline(&review, today),
        contradicting: review.contradicting_years(),
        next_due: next_due(&review).filter(|due| review.kind == ReviewKind::Developmental && is_near(*due, today)),
        has_next: continued.contains(&review.id),
        may_open: open.contains(&review.id),
        steps,
        review,
    }
}

/// How two reviews stand to each other in an order; equal ones by year and name.
fn compared(order: CalendarOrder, a: &CalendarRow, b: &CalendarRow) -> Ordering {
    let usual = |row: &CalendarRow| (row.year.is_none(), row.year, search_key(&row.review.name));
    let due = |row: &CalendarRow| row.turn.as_ref().and_then(|turn| turn.due_on);
    let first = match order {
        CalendarOrder::Year => Ordering::Equal,
        CalendarOrder::Name => search_key(&a.review.name).cmp(&search_key(&b.review.name)),
        CalendarOrder::Receiver => search_key(&a.receiver).cmp(&search_key(&b.receiver)),
        CalendarOrder::State => a.review.state.cmp(&b.review.state),
        CalendarOrder::Due => (due(a).is_none(), due(a)).cmp(&(due(b).is_none(), due(b))),
    };
    first.then_with(|| usual(a).cmp(&usual(b)))
}

fn asked(row: &CalendarRow, query: &CalendarQuery, registry: &Registry) -> bool {
    let in_year = |year| row.year == Some(year) || row.review.years.iter().any(|planned| planned.year == year);
    let words = search_key(&format!("{} {}", row.review.name, row.receiver));
    query.text.as_deref().is_none_or(|text| words.contains(&search_key(text)))
        && query.year.is_none_or(in_year)
        && query.region.is_none_or(|region| row.review.receiver.regions(registry).contains(&region))
        && query.kind.is_none_or(|kind| row.review.kind == kind)
        && query.state.is_none_or(|state| row.review.state == state)
}

/// Regions that somebody may know reviews of, without one that counts for the deadline: developmental, not cancelled, of
/// the region or of a partnership in it, and in a year up to the deadline that is not before the new norm.
fn regions_without(registry: &Registry, receivers: &[Receiver], known: &[Review]) -> Vec<String> {
    /// The norm *Samen Opleiden in de Onderwijsregio* holds from this year on.
    const FROM: i32 = 2026;
    let counts = |review: &&Review| {
        let in_time = year_of(review).is_none_or(|year| (FROM..=DEADLINE_YEAR).contains(&year));
        review.kind == ReviewKind::Developmental && review.state != ReviewState::Cancelled && in_time
    };
    let covered: BTreeSet<RegionId> = known.iter().filter(counts).flat_map(|review| review.receiver.regions(registry)).collect();
    let of_region = |receiver: &Receiver| match receiver {
        Receiver::Region(id) if !covered.contains(id) => registry.regions.get(id).map(|region| region.name.clone()),
        _ => None,
    };
    let mut names: Vec<_> = receivers.iter().filter_map(of_region).collect();
    names.sort();
    names
}

/// Whether a visit falls in the years that count.
fn is_recent(visit: &PeerVisit, today: NaiveDate) -> bool {
    let since = today.checked_sub_months(Months::new(RHYTHM_YEARS.unsigned_abs() * 12));
    since.is_none_or(|since| visit.visited_on >= since) && visit.visited_on <= today
}

fn visits_for_nobody(registry: &Registry, receivers: &[Receiver], (pool, all): (&[Peer], &[PeerVisit]), today: NaiveDate) -> usize {
    let regions: BTreeSet<RegionId> = receivers.iter().flat_map(|receiver| receiver.regions(registry)).collect();
    let is_for_nobody = |peer: &&Peer| peer.partnership.is_none() && regions.contains(&peer.region);
    let peers: BTreeSet<_> = pool.iter().filter(is_for_nobody).map(|peer| peer.id).collect();
    all.iter().filter(|visit| peers.contains(&visit.peer) && is_recent(visit, today)).count()
}

/// What is known of visits: who makes them, the visits, and whose the visited reviews are.
type Visited<'a> = (&'a [Peer], &'a [PeerVisit], &'a BTreeMap<ReviewId, Receiver>);

fn visits(registry: &Registry, receivers: &[Receiver], (pool, all, received): Visited<'_>, today: NaiveDate) -> Vec<VisitsPaid> {
    let mut paid: BTreeMap<PartnershipId, BTreeSet<(NaiveDate, &str)>> = BTreeMap::new();
    for visit in all.iter().filter(|visit| is_recent(visit, today)) {
        // Several people of one partnership at one review pay one visit together.
        if let Some(partnership) = pool.iter().find(|peer| peer.id == visit.peer).and_then(|peer| peer.partnership)
            && pays(visit, partnership, registry, received)
        {
            paid.entry(partnership).or_default().insert((visit.visited_on, visit.label.as_str()));
        }
    }
    let of_partnership = |receiver: &Receiver| match receiver {
        Receiver::Partnership(id) => {
            let paid = paid.get(id).map_or(0, BTreeSet::len);
            let partnership = registry.partnerships.get(id)?;
            let (region, partnership) = (partnership.regions.first().copied(), partnership.name.clone());
            Some(VisitsPaid { partnership, region, paid, owed: VISITS_OWED.saturating_sub(paid) })
        }
        Receiver::Region(_) => None,
    };
    let mut found: Vec<_> = receivers.iter().filter_map(of_partnership).collect();
    found.sort_by(|a, b| a.partnership.cmp(&b.partnership));
    found
}

/// A partnership or region that can receive a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverChoice {
    /// Which.
    pub receiver: Receiver,
    /// Its name.
    pub name: String,
}

/// The partnerships and regions that somebody may put a review on the calendar for: regions first, by name.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn receivers(app: &App, actor: &Actor) -> Result<Vec<ReceiverChoice>, AppError> {
    actor.require(Permission::ManageReview)?;
    let registry = app.store.read(async |tx| registry::load(tx).await).await?;
    let choice = |receiver: Receiver| ReceiverChoice { name: receiver.name(&registry), receiver };
    let mut found: Vec<_> = sight::receivers(actor, Permission::ManageReview, &registry).into_iter().map(choice).collect();
    found.sort_by(|a, b| {
        (matches!(a.receiver, Receiver::Partnership(_)), &a.name).cmp(&(matches!(b.receiver, Receiver::Partnership(_)), &b.name))
    });
    Ok(found)
}

/// The years from the first review on the calendar to the deadline, or later where reviews are.
pub fn span(rows: &[CalendarRow], today: NaiveDate) -> std::ops::RangeInclusive<i32> {
    let years = || rows.iter().flat_map(|row| row.year.into_iter().chain(row.review.years.iter().map(|planned| planned.year)));
    let first = years().chain([today.year()]).min().unwrap_or(DEADLINE_YEAR);
    let last = years().chain([DEADLINE_YEAR]).max().unwrap_or(DEADLINE_YEAR);
    first..=last
}
