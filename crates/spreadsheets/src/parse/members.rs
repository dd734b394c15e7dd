//! Boards and schools with their memberships: sheets Besturen and Scholen.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use kernschil_domain::codes::{Sector, Tier};
use kernschil_domain::geo::Coordinate;
use kernschil_domain::periods::Span;
use kernschil_domain::values::{BoardNumber, Label, Postcode, SchoolCode};

use super::partnerships::tier;
use super::span;
use crate::codes;
use crate::convert::{self, Cell};
use crate::findings::{Located, Outcome};
use crate::table::{Col, Row, Table};

pub(super) const BOARD: [&str; 7] = ["number", "name", "partnership", "tier", "valid_from", "valid_until", "buddy"];
pub(super) const SCHOOL: [&str; 15] = [
    "school",
    "location",
    "name",
    "sector",
    "postcode",
    "place",
    "board",
    "partnership",
    "tier",
    "valid_from",
    "valid_until",
    "buddy",
    "latitude",
    "longitude",
    "email",
];
/// Taking part in a partnership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership<B> {
    /// Name of the partnership.
    pub partnership: Label,
    /// Kern or schil.
    pub tier: Tier,
    /// When.
    pub span: Span,
    /// Who guides it (maatje).
    pub buddy: Option<B>,
}

/// A row of sheet Besturen. A board can stand there once for each membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRow {
    /// Number at DUO.
    pub number: BoardNumber,
    /// Name.
    pub name: Label,
    /// Taking part, if any.
    pub membership: Option<Membership<BoardNumber>>,
}

/// A row of sheet Scholen. A school can stand there once for each membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolRow {
    /// Code: BRIN with vestiging.
    pub school: SchoolCode,
    /// Name.
    pub name: Label,
    /// Sector.
    pub sector: Sector,
    /// Postcode.
    pub postcode: Option<Postcode>,
    /// Town.
    pub place: Option<Label>,
    /// Board it belongs to.
    pub board: BoardNumber,
    /// Taking part, if any.
    pub membership: Option<Membership<SchoolCode>>,
    /// Own coordinate.
    pub coordinate: Option<Coordinate>,
    /// Where letters about placements go.
    pub email: Option<String>,
}

/// Columns of a membership.
struct MembershipCols {
    partnership: Col,
    tier: Col,
    from: Col,
    until: Col,
    buddy: Col,
}

/// Reads a membership. The outer `None` means that something is wrong and was reported.
#[expect(clippy::option_option, reason = "outer: wrong and reported; inner: no membership")]
fn membership<B: PartialEq>(
    row: &mut Row<'_, '_>,
    cols: &MembershipCols,
    own: Option<&B>,
    read_buddy: impl Fn(Cell<'_>) -> convert::Outcome<B>,
) -> Option<Option<Membership<B>>> {
    let (partnership, tier) = (row.optional(cols.partnership, convert::label), row.optional(cols.tier, tier));
    let (from, until) = (row.optional(cols.from, convert::date), row.optional(cols.until, convert::date));
    let buddy = row.optional(cols.buddy, read_buddy);
    let (partnership, tier, from, until, buddy) = (partnership?, tier?, from?, until?, buddy?);
    let Some(partnership) = partnership else {
        if tier.is_some() || from.is_some() || until.is_some() || buddy.is_some() {
            row.error(
                codes::MEMBERSHIP_WITHOUT_PARTNERSHIP,
                cols.partnership,
                "Er staat een rol, datum of maatje, maar geen partnerschap.",
                "Vul het partnerschap in, of maak rol, datums en maatje leeg.",
            );
            return None;
        }
        return Some(None);
    };
    if buddy.is_some() && buddy.as_ref() == own {
        row.error(
            codes::BUDDY_SELF,
            cols.buddy,
            "Het maatje is de school of het bestuur zelf.",
            "Kies een andere school of een ander bestuur uit de kern.",
        );
        return None;
    }
    let (Some(tier), Some(from)) = (tier, from) else {
        let (col, what) = match (tier, from) {
            (None, None) => (cols.tier, "de rol en de begindatum (Vanaf) ontbreken"),
            (None, _) => (cols.tier, "de rol ontbreekt"),
            _ => (cols.from, "de begindatum (Vanaf) ontbreekt"),
        };
        row.error(
            codes::MEMBERSHIP_INCOMPLETE,
            col,
            format!("Er staat een partnerschap, maar {what}."),
            "Vul Rol (kern of schil) en Vanaf in.",
        );
        return None;
    };
    let span = span(row, from, until, cols.until)?;
    Some(Some(Membership { partnership, tier, span, buddy }))
}

/// Rows of one school or board: may stand in the file again only for another stretch of membership.
fn is_repeated(spans: &[(String, Span)], membership: Option<(String, Span)>) -> bool {
    match membership {
        None => true,
        Some((partnership, span)) => spans.iter().any(|(p, s)| *p == partnership && s.overlaps(&span)),
    }
}

/// What earlier rows said about one school or board.
struct Earlier<F> {
    row: u32,
    facts: F,
    spans: Vec<(String, Span)>,
}

/// How a row stands to earlier rows of the same school or board.
enum Standing {
    New,
    Repeated(u32),
    Conflicting(u32),
}

/// Compares a row with earlier rows and remembers it.
fn compare<K: std::hash::Hash + Eq, F: PartialEq>(
    seen: &mut HashMap<K, Earlier<F>>,
    id: K,
    row: u32,
    facts: F,
    membership: Option<(String, Span)>,
) -> Standing {
    match seen.entry(id) {
        Entry::Vacant(entry) => {
            entry.insert(Earlier { row, facts, spans: membership.into_iter().collect() });
            Standing::New
        }
        Entry::Occupied(mut entry) => {
            let earlier = entry.get_mut();
            if earlier.facts != facts {
                return Standing::Conflicting(earlier.row);
            }
            if is_repeated(&earlier.spans, membership.clone()) {
                return Standing::Repeated(earlier.row);
            }
            earlier.spans.extend(membership);
            Standing::New
        }
    }
}

/// Reads sheet Besturen.
pub(super) fn read_boards(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<BoardRow>> {
    let [number, name, partnership, tier, from, until, buddy] = table.fields(BOARD);
    let cols = MembershipCols { partnership, tier, from, until, buddy };
    let mut seen = HashMap::new();
    table.read_rows(outcome, |row| {
        let (number_value, name_value) = (row.required(number, convert::board), row.required(name, convert::label));
        let membership = membership(row, &cols, number_value.as_ref(), convert::board);
        let read = BoardRow { number: number_value?, name: name_value?, membership: membership? };
        let stretch = read.membership.as_ref().map(|m| (convert::text_key(&m.partnership), m.span));
        match compare(&mut seen, read.number.clone(), row.number(), read.name.clone(), stretch) {
            Standing::New => Some(read),
            Standing::Conflicting(first) => {
                row.error(
                    codes::BOARD_CONFLICT,
                    name,
                    format!("Bestuur {} heeft op rij {first} een andere naam.", read.number),
                    "Maak de rijen gelijk, of verander het nummer.",
                );
                None
            }
            Standing::Repeated(first) => {
                row.error(
                    codes::BOARD_TWICE,
                    number,
                    format!("Bestuur {} staat ook op rij {first}.", read.number),
                    "Verwijder een van de twee rijen, of geef elke deelname een eigen partnerschap of eigen datums.",
                );
                None
            }
        }
    })
}

/// Reads sheet Scholen.
pub(super) fn read_schools(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<SchoolRow>> {
    let [school, location, name, sector, postcode, place, board, partnership, tier, from, until, buddy, latitude, longitude, email] =
        table.fields(SCHOOL);
    let cols = MembershipCols { partnership, tier, from, until, buddy };
    let mut seen = HashMap::new();
    table.read_rows(outcome, |row| {
        let code = school_with_location(row, school, location);
        let name_value = row.required(name, convert::label);
        let sector = row.required(sector, |cell| convert::choice(cell, Sector::parse, Sector::ALL, Sector::dutch));
        let (postcode, place) = (row.optional(postcode, convert::postcode), row.optional(place, convert::label));
        let board = row.required(board, convert::board);
        let membership = membership(row, &cols, code.as_ref(), convert::school);
        let coordinate = coordinate(row, latitude, longitude);
        let email = row.optional(email, convert::email);
        let read = SchoolRow {
            school: code?,
            name: name_value?,
            sector: sector?,
            postcode: postcode?,
            place: place?,
            board: board?,
            membership: membership?,
            coordinate: coordinate?,
            email: email?,
        };
        let stretch = read.membership.as_ref().map(|m| (convert::text_key(&m.partnership), m.span));
        let facts = (read.name.clone(), read.sector, read.postcode.clone(), read.board.clone(), read.email.clone());
        match compare(&mut seen, read.school.clone(), row.number(), facts, stretch) {
            Standing::New => Some(read),
            Standing::Conflicting(first) => {
                row.error(
                    codes::SCHOOL_CONFLICT,
                    name,
                    format!("School {} heeft op rij {first} een andere naam, sector, postcode, e-mail of ander bestuur.", read.school),
                    "Maak de rijen gelijk, of verander de code.",
                );
                None
            }
            Standing::Repeated(first) => {
                row.error(
                    codes::SCHOOL_TWICE,
                    school,
                    format!("School {} staat ook op rij {first}.", read.school),
                    "Verwijder een van de twee rijen, of geef elke deelname een eigen partnerschap of eigen datums.",
                );
                None
            }
        }
    })
}

/// A school by its BRIN with or without vestiging, and the column Vestiging.
fn school_with_location(row: &mut Row<'_, '_>, school: Col, location: Col) -> Option<SchoolCode> {
    let (code, number) = (row.required(school, convert::school), row.optional(location, convert::location));
    let (code, number) = (code?, number?);
    let Some(number) = number else { return Some(code) };
    let joined = SchoolCode::of(&code.brin(), number).ok()?;
    if joined == code || code.location() == "00" {
        return Some(joined);
    }
    row.error(
        codes::LOCATION_CONFLICT,
        location,
        format!("De code {code} heeft vestiging {}, maar in deze kolom staat {number:02}.", code.location()),
        "Laat de kolom Vestiging leeg als de code al een vestiging heeft.",
    );
    None
}

/// A coordinate, or nothing when both columns are empty.
#[expect(clippy::option_option, reason = "outer: wrong and reported; inner: no coordinate")]
fn coordinate(row: &mut Row<'_, '_>, latitude: Col, longitude: Col) -> Option<Option<Coordinate>> {
    let (north, east) = (row.optional(latitude, convert::latitude), row.optional(longitude, convert::longitude));
    match (north?, east?) {
        (Some(latitude), Some(longitude)) => Some(Some(Coordinate { latitude, longitude })),
        (None, None) => Some(None),
        (north, _) => {
            let col = if north.is_some() { longitude } else { latitude };
            row.error(
                codes::COORDINATE_HALF,
                col,
                "Van de coördinaat is maar een van de twee getallen ingevuld.",
                "Vul breedtegraad en lengtegraad allebei in, of geen van beide.",
            );
            None
        }
    }
}
