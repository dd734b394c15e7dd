//! The schools of a round: the list with its filters, and the same list as a workbook.

use std::cmp::Ordering;

use kernschil_app::listing::search_key;
use kernschil_app::schools::{self, first_day};
use kernschil_domain::codes::Tier;
use kernschil_domain::ids::PartnershipId;
use kernschil_domain::rounds::RoundData;
use kernschil_http::Caller;
use poem::handler;
use poem::web::{Path, Query};

use super::facets::{facet, facet_of};
use super::support::{Answer, html, part, round_ref, size, whole, workbook};
use super::{State, codes, sheets};
use crate::components::nav::NavItem;
use crate::components::signs::Sign;
use crate::components::status::Met;
use crate::components::table::Direction;
use crate::views::schools::{SchoolFilter, SchoolRow, SchoolSort, SchoolsView, TierMark, schools_page};

const YES_NO: [(&str, &str); 2] = [("ja", "Ja"), ("nee", "Nee")];
const MET: [(&str, &str); 2] = [("ja", "Op orde"), ("nee", "Niet op orde")];
const TIERS: [(&str, &str); 3] = [("kern", "Kern"), ("schil", "Schil"), ("buiten", "Buiten")];

/// A school with what the filters look at.
pub(super) struct Entry {
    pub(super) row: schools::SchoolRow,
    board: Option<(String, String)>,
    members: Vec<Member>,
    answer: Offered,
}

/// Whether a school said how many places it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offered {
    /// It did.
    Told,
    /// It did not.
    Unknown,
}

struct Member {
    partnership: PartnershipId,
    tier: Tier,
}

/// A filter, to count what is left without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Partnership,
    Board,
    Tier,
    Conditions,
    Free,
}

/// The schools of a round with the filter of an address.
pub(super) struct Listed {
    data: RoundData,
    entries: Vec<Entry>,
    filter: SchoolFilter,
    search: String,
}

impl Listed {
    pub(super) fn new(data: RoundData, rows: Vec<schools::SchoolRow>, filter: SchoolFilter) -> Self {
        let date = first_day(&data);
        let answered: std::collections::HashSet<_> = data.offers.values().map(|offer| offer.school).collect();
        let entries = rows
            .into_iter()
            .map(|row| {
                let board = data.registry.board_of(row.school, date).map(|board| (board.number.to_string(), board.label()));
                let memberships = data.registry.memberships_of(row.school, date);
                let own = memberships.filter(|membership| data.round.partnerships.contains(&membership.partnership));
                let members = own.map(|membership| Member { partnership: membership.partnership, tier: membership.tier }).collect();
                let answer = if answered.contains(&row.school) { Offered::Told } else { Offered::Unknown };
                Entry { row, board, members, answer }
            })
            .collect();
        let search = search_key(filter.zoek.trim());
        Self { data, entries, filter, search }
    }

    /// Whether a school passes the filters, except one.
    fn passes(&self, entry: &Entry, except: Option<Field>) -> bool {
        let filter = &self.filter;
        let asks = |field, value: &str| !value.is_empty() && except != Some(field);
        self.is_found(entry)
            && (!asks(Field::Partnership, &filter.partnerschap) || self.takes_part(entry, &filter.partnerschap))
            && (!asks(Field::Board, &filter.bestuur) || entry.board.as_ref().is_some_and(|(number, _)| *number == filter.bestuur))
            && (!asks(Field::Tier, &filter.rol) || self.has_tier(entry, &filter.rol))
            && (!asks(Field::Conditions, &filter.voorwaarden) || meets(entry, &filter.voorwaarden))
            && (!asks(Field::Free, &filter.vrij) || has_free(entry, &filter.vrij))
    }

    fn is_found(&self, entry: &Entry) -> bool {
        let row = &entry.row;
        let texts = [Some(row.code.as_str()), Some(row.name.as_str()), row.place.as_deref(), row.board.as_deref()];
        self.search.is_empty() || texts.into_iter().flatten().any(|text| search_key(text).contains(&self.search))
    }

    fn takes_part(&self, entry: &Entry, partnership: &str) -> bool {
        entry.members.iter().any(|member| codes::partnership(&self.data, member.partnership) == partnership)
    }

    /// The tier within the partnership that is asked for, or in any.
    fn has_tier(&self, entry: &Entry, tier: &str) -> bool {
        let asked = &self.filter.partnerschap;
        let mut own =
            entry.members.iter().filter(|member| asked.is_empty() || codes::partnership(&self.data, member.partnership) == *asked);
        if tier == "buiten" { own.next().is_none() } else { own.any(|member| member.tier.code() == tier) }
    }

    /// The schools that pass, in the order that is asked.
    pub(super) fn chosen(&self) -> Vec<&Entry> {
        let mut chosen: Vec<_> = self.entries.iter().filter(|entry| self.passes(entry, None)).collect();
        // By name it is already, so equal ones stay by name.
        match (self.filter.volgorde, self.filter.richting) {
            (SchoolSort::Naam, Direction::Up) => {}
            (SchoolSort::Naam, Direction::Down) => chosen.reverse(),
            (by, Direction::Up) => chosen.sort_by(|a, b| order(by, a, b)),
            (by, Direction::Down) => chosen.sort_by(|a, b| order(by, b, a)),
        }
        chosen
    }

    fn view(&self) -> SchoolsView {
        let chosen = self.chosen();
        let offered = chosen.iter().map(|entry| whole(entry.row.offered)).sum();
        let used = chosen.iter().map(|entry| whole(entry.row.used)).sum();
        let (rows, paging) = part(chosen, self.filter.pagina, self.filter.aantal);
        let partnerships = facet(
            &self.entries,
            |entry| self.passes(entry, Some(Field::Partnership)),
            |entry| {
                let name = |id| (codes::partnership(&self.data, id), self.partnership(id));
                entry.members.iter().map(|member| name(member.partnership)).collect()
            },
        );
        let boards = facet(&self.entries, |entry| self.passes(entry, Some(Field::Board)), |entry| entry.board.iter().cloned().collect());
        let fixed = |field, values: &[(&str, &str)], holds: &dyn Fn(&Entry, &str) -> bool| {
            facet_of(&self.entries, values, |entry| self.passes(entry, Some(field)), holds)
        };
        SchoolsView {
            round: round_ref(&self.data.round),
            filter: self.filter.clone(),
            partnerships,
            boards,
            tiers: fixed(Field::Tier, &TIERS, &|entry, tier| self.has_tier(entry, tier)),
            conditions: fixed(Field::Conditions, &MET, &meets),
            free: fixed(Field::Free, &YES_NO, &has_free),
            rows: rows.into_iter().map(|entry| self.row(entry)).collect(),
            paging,
            offered,
            used,
        }
    }

    fn partnership(&self, id: PartnershipId) -> String {
        self.data.registry.partnerships.get(&id).map(|partnership| partnership.name.clone()).unwrap_or_default()
    }

    pub(super) fn row(&self, entry: &Entry) -> SchoolRow {
        let row = &entry.row;
        let several = self.data.round.partnerships.len() > 1;
        let mark = |member: &Member| TierMark {
            sign: if member.tier == Tier::Kern { Sign::Kern } else { Sign::Schil },
            word: member.tier.dutch().to_owned(),
            partnership: if several { self.partnership(member.partnership) } else { String::new() },
        };
        let mut tiers: Vec<_> = entry.members.iter().map(mark).collect();
        if tiers.is_empty() {
            tiers.push(TierMark { sign: Sign::Outside, word: "buiten".to_owned(), partnership: String::new() });
        }
        SchoolRow {
            code: row.code.clone(),
            name: row.name.clone(),
            place: row.place.clone().unwrap_or_default(),
            board: row.board.clone().unwrap_or_default(),
            tiers,
            offered: (entry.answer == Offered::Told).then(|| whole(row.offered)),
            used: whole(row.used),
            trainers: size(row.trainers.len()),
            conditions: conditions(entry),
        }
    }
}

fn meets(entry: &Entry, asked: &str) -> bool {
    !entry.members.is_empty() && entry.row.unmet.is_empty() == (asked == "ja")
}

fn has_free(entry: &Entry, asked: &str) -> bool {
    (entry.row.offered > entry.row.used) == (asked == "ja")
}

fn conditions(entry: &Entry) -> Option<(Met, String)> {
    if entry.members.is_empty() {
        return None;
    }
    Some(match entry.row.unmet.len() {
        0 => (Met::Yes, "op orde".to_owned()),
        1 => (Met::No, "1 niet gehaald".to_owned()),
        count => (Met::No, format!("{count} niet gehaald")),
    })
}

fn order(by: SchoolSort, a: &Entry, b: &Entry) -> Ordering {
    let (x, y) = (&a.row, &b.row);
    match by {
        SchoolSort::Code => x.code.cmp(&y.code),
        SchoolSort::Naam => search_key(&x.name).cmp(&search_key(&y.name)),
        SchoolSort::Bestuur => x.board.cmp(&y.board),
        SchoolSort::Aangeboden => x.offered.cmp(&y.offered),
        SchoolSort::Bezet => x.used.cmp(&y.used),
        SchoolSort::Vrij => (x.offered - x.used).cmp(&(y.offered - y.used)),
    }
}

/// The list of schools.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<SchoolFilter>) -> Answer {
    let (data, rows) = schools::list(&web.app, &caller.actor, &slug).await?;
    let view = Listed::new(data, rows, filter).view();
    Ok(html(schools_page(&web.frame_of(caller, NavItem::Schools, &view.round), &view)))
}

/// The same list, all pages, as a workbook. It holds no personal data.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<SchoolFilter>) -> Answer {
    let (data, rows) = schools::list(&web.app, &caller.actor, &slug).await?;
    let name = data.round.name.clone();
    let listed = Listed::new(data, rows, filter);
    let rows: Vec<_> = listed.chosen().into_iter().map(|entry| listed.row(entry)).collect();
    Ok(workbook(&format!("{slug}-scholen.xlsx"), sheets::schools(&name, &rows)?))
}
