//! Rounds, their periods, the places that schools offer, and totals per school.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernschil_domain::values::{Groups, Label, SchoolCode, SchoolYear, Weekdays};

use super::{parse, small};
use crate::codes;
use crate::convert;
use crate::definition::ImportKind;
use crate::findings::{Located, Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::{Seen, Table};

const ROUND: [&str; 6] = ["round", "school_year", "partnerships", "travel_limit", "outside_guidance", "max_wishes"];
const PERIOD: [&str; 4] = ["round", "period", "starts_on", "ends_on"];
const OFFER: [&str; 7] = ["round", "school", "period", "phases", "groups", "weekdays", "count"];
const TOTAL: [&str; 4] = ["round", "school", "period", "maximum"];

#[cfg(test)]
pub(super) const SHEETS: &[super::SheetFields] = &[("rounds", &ROUND), ("periods", &PERIOD), ("offers", &OFFER), ("totals", &TOTAL)];

/// A row of sheet Rondes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundRow {
    /// Name of the round.
    pub round: Label,
    /// School year.
    pub school_year: SchoolYear,
    /// Names of the partnerships.
    pub partnerships: Vec<Label>,
    /// Longest travel time one way in minutes; nothing when not given.
    pub travel_limit: Option<u16>,
    /// How many students outside can get extra guidance; nothing when not given.
    pub outside_guidance: Option<u32>,
    /// How many wishes a student may give; nothing when not given.
    pub max_wishes: Option<u8>,
}

/// A row of sheet Perioden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodRow {
    /// Name of the round.
    pub round: Label,
    /// Name of the period.
    pub period: Label,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, included.
    pub ends_on: NaiveDate,
}

/// A row of sheet Plekken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferRow {
    /// Name of the round.
    pub round: Label,
    /// The school.
    pub school: SchoolCode,
    /// Name of the period.
    pub period: Label,
    /// Codes of the phases; empty means all.
    pub phases: Vec<Label>,
    /// Groups.
    pub groups: Groups,
    /// Days.
    pub weekdays: Weekdays,
    /// Number of places.
    pub count: i32,
}

/// A row of sheet Schooltotalen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolTotalRow {
    /// Name of the round.
    pub round: Label,
    /// The school.
    pub school: SchoolCode,
    /// Name of the period.
    pub period: Label,
    /// Most students over all offers.
    pub maximum: i32,
}

/// What an offers file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffersFile {
    /// Rounds.
    pub rounds: Vec<Located<RoundRow>>,
    /// Periods.
    pub periods: Vec<Located<PeriodRow>>,
    /// Offers.
    pub offers: Vec<Located<OfferRow>>,
    /// Totals per school.
    pub totals: Vec<Located<SchoolTotalRow>>,
}

/// Reads an offers file.
pub fn parse_offers(workbook: &RawWorkbook) -> Parsed<OffersFile> {
    parse(ImportKind::Offers, workbook, |[rounds, periods, offers, totals], outcome| {
        let rounds = rounds.map(|t| read_rounds(&t, outcome)).unwrap_or_default();
        let periods = periods.map(|t| read_periods(&t, outcome)).unwrap_or_default();
        let offers = offers.map(|t| read_offers(&t, outcome)).unwrap_or_default();
        let totals = totals.map(|t| read_totals(&t, &offers, outcome)).unwrap_or_default();
        OffersFile { rounds, periods, offers, totals }
    })
}

fn read_rounds(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<RoundRow>> {
    let [round, school_year, partnerships, travel_limit, outside_guidance, max_wishes] = table.fields(ROUND);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let (name, year) = (row.required(round, convert::label), row.required(school_year, convert::school_year));
        let partnerships = row.required(partnerships, |cell| convert::labels(cell, &[';', '\n']));
        let (travel, guidance) = (row.optional(travel_limit, convert::integer), row.optional(outside_guidance, convert::integer));
        let wishes = row.optional(max_wishes, convert::integer);
        let name = name?;
        if let Some((first, ())) = seen.before(convert::text_key(&name), row.number(), ()) {
            row.error(codes::ROUND_TWICE, round, format!("Ronde “{name}” staat ook op rij {first}."), "Verwijder een van de twee rijen.");
            return None;
        }
        Some(RoundRow {
            round: name,
            school_year: year?,
            partnerships: partnerships?,
            travel_limit: travel?.and_then(small),
            outside_guidance: guidance?.and_then(small),
            max_wishes: wishes?.and_then(small),
        })
    })
}

fn read_periods(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<PeriodRow>> {
    let [round, period, starts_on, ends_on] = table.fields(PERIOD);
    let mut seen = Seen::default();
    let mut earlier: HashMap<String, Vec<(u32, NaiveDate, NaiveDate)>> = HashMap::new();
    table.read_rows(outcome, |row| {
        let (round, name) = (row.required(round, convert::label), row.required(period, convert::label));
        let (starts, ends) = (row.required(starts_on, convert::date), row.required(ends_on, convert::date));
        let read = PeriodRow { round: round?, period: name?, starts_on: starts?, ends_on: ends? };
        if read.ends_on < read.starts_on {
            row.error(codes::DATES_REVERSED, ends_on, "Het einde van de periode ligt voor het begin.", "Verander een van de twee datums.");
            return None;
        }
        let round_key = convert::text_key(&read.round);
        if let Some((first, ())) = seen.before((round_key.clone(), convert::text_key(&read.period)), row.number(), ()) {
            row.error(
                codes::PERIOD_TWICE,
                period,
                format!("Periode “{}” staat ook op rij {first}.", read.period),
                "Verwijder een van de twee rijen, of geef de periode een andere naam.",
            );
            return None;
        }
        let others = earlier.entry(round_key).or_default();
        if let Some((first, _, _)) = others.iter().find(|(_, starts, ends)| *starts <= read.ends_on && read.starts_on <= *ends) {
            row.warning(
                codes::PERIODS_OVERLAP,
                starts_on,
                format!("Deze periode overlapt met die op rij {first}."),
                "Klopt dat, bijvoorbeeld bij een heel jaar en een half jaar, dan hoeft u niets te doen.",
            );
        }
        others.push((row.number(), read.starts_on, read.ends_on));
        Some(read)
    })
}

fn read_offers(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<OfferRow>> {
    let [round, school, period, phases, groups, weekdays, count] = table.fields(OFFER);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let (round, code) = (row.required(round, convert::label), row.required(school, convert::school));
        let (period, phases) = (row.required(period, convert::label), row.list(phases, |cell| convert::labels(cell, &[';', ',', '\n'])));
        let (groups, weekdays) = (row.or(groups, Groups::ALL, convert::groups), row.or(weekdays, Weekdays::ALL, convert::weekdays));
        let count = row.required(count, convert::integer);
        let read = OfferRow {
            round: round?,
            school: code?,
            period: period?,
            phases: phases?,
            groups: groups?,
            weekdays: weekdays?,
            count: count.and_then(small)?,
        };
        let mut phase_keys: Vec<String> = read.phases.iter().map(convert::text_key).collect();
        phase_keys.sort_unstable();
        let id =
            (convert::text_key(&read.round), read.school.clone(), convert::text_key(&read.period), phase_keys, read.groups, read.weekdays);
        if let Some((first, ())) = seen.before(id, row.number(), ()) {
            row.warning(
                codes::OFFER_TWICE,
                school,
                format!("Dezelfde plekken staan ook op rij {first}. Wij tellen ze bij elkaar op."),
                "Verwijder een van de twee rijen als dat niet de bedoeling is.",
            );
        }
        Some(read)
    })
}

fn read_totals(table: &Table<'_>, offers: &[Located<OfferRow>], outcome: &mut Outcome) -> Vec<Located<SchoolTotalRow>> {
    let [round, school, period, maximum] = table.fields(TOTAL);
    let id = |round: &Label, school: &SchoolCode, period: &Label| (convert::text_key(round), school.clone(), convert::text_key(period));
    let mut offered: HashMap<_, i64> = HashMap::new();
    for offer in offers {
        *offered.entry(id(&offer.value.round, &offer.value.school, &offer.value.period)).or_default() += i64::from(offer.value.count);
    }
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let (round, code) = (row.required(round, convert::label), row.required(school, convert::school));
        let (period, most) = (row.required(period, convert::label), row.required(maximum, convert::integer));
        let read = SchoolTotalRow { round: round?, school: code?, period: period?, maximum: most.and_then(small)? };
        let id = id(&read.round, &read.school, &read.period);
        let places = offered.get(&id).copied().unwrap_or(0);
        if let Some((first, ())) = seen.before(id, row.number(), ()) {
            row.error(
                codes::TOTAL_TWICE,
                school,
                format!("Voor school {} staat in deze periode ook op rij {first} een maximum.", read.school),
                "Verwijder een van de twee rijen.",
            );
            return None;
        }
        if places > i64::from(read.maximum) {
            row.warning(
                codes::TOTAL_BELOW_OFFERS,
                maximum,
                format!("School {} biedt {places} plekken aan; het maximum is {}.", read.school, read.maximum),
                "Klopt dat, dan hoeft u niets te doen: het maximum geldt.",
            );
        }
        Some(read)
    })
}
