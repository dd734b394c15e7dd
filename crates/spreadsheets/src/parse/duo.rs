//! The school files of DUO: 02 "Alle schoolvestigingen basisonderwijs" and 09 for sbo, so and vso.

use kernschil_domain::codes::Sector;
use kernschil_domain::values::{BoardNumber, Label, Postcode, SchoolCode};

use super::parse;
use crate::clean::clean;
use crate::codes;
use crate::convert::{self, Cell, Problem, Read, display};
use crate::definition::ImportKind;
use crate::findings::{Located, Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::{Col, Row, Seen, Table};

const DUO: [&str; 10] =
    ["board", "institution", "school", "name", "sector", "postcode", "place", "municipality_code", "municipality", "province"];

#[cfg(test)]
pub(super) const SHEETS: &[super::SheetFields] = &[("duo", &DUO)];

/// A school in the file of DUO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuoSchoolRow {
    /// Number of the board; the file has no names of boards.
    pub board: BoardNumber,
    /// Code: BRIN with vestiging.
    pub school: SchoolCode,
    /// Name.
    pub name: Label,
    /// Sector. File 02 does not tell sbo apart, so there it is always bo.
    pub sector: Sector,
    /// Postcode.
    pub postcode: Option<Postcode>,
    /// Town, in capitals as DUO writes it.
    pub place: Label,
    /// Code of the municipality, four digits.
    pub municipality_code: Option<Label>,
    /// Name of the municipality.
    pub municipality: Option<Label>,
    /// Province.
    pub province: Option<Label>,
}

/// What a school file of DUO says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DuoFile {
    /// Schools.
    pub schools: Vec<Located<DuoSchoolRow>>,
}

/// Reads a school file of DUO.
pub fn parse_duo(workbook: &RawWorkbook) -> Parsed<DuoFile> {
    parse(ImportKind::Duo, workbook, |[schools], outcome| DuoFile {
        schools: schools.map(|t| read_schools(&t, outcome)).unwrap_or_default(),
    })
}

fn read_schools(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<DuoSchoolRow>> {
    let [board, institution, school, name, sector, postcode, place, municipality_code, municipality, province] = table.fields(DUO);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let (board, code) = (row.required(board, convert::board), school_code(row, institution, school));
        let (name, sector) = (row.required(name, convert::label), row.or(sector, Sector::Bo, sector_of));
        let (postcode, place) = (row.optional(postcode, convert::postcode), row.required(place, convert::label));
        let (municipality_code, municipality) = (row.optional(municipality_code, four_digits), row.optional(municipality, convert::label));
        let province = row.optional(province, convert::label);
        let read = DuoSchoolRow {
            board: board?,
            school: code?,
            name: name?,
            sector: sector?,
            postcode: postcode?,
            place: place?,
            municipality_code: municipality_code?,
            municipality: municipality?,
            province: province?,
        };
        if let Some((first, ())) = seen.before(read.school.clone(), row.number(), ()) {
            row.error(
                codes::DUO_TWICE,
                school,
                format!("Vestiging {} staat ook op rij {first}.", read.school),
                "Haal het bestand opnieuw op bij DUO.",
            );
            return None;
        }
        Some(read)
    })
}

/// The vestiging as a whole code, or in newer files as two digits next to the code of the institution.
fn school_code(row: &mut Row<'_, '_>, institution: Col, school: Col) -> Option<SchoolCode> {
    let short = |cell: Cell<'_>| clean(&display(cell.value, cell.date_1904)).len() <= 2;
    let only_location = row.required(school, |cell| Ok(Read::same(short(cell))))?;
    if !only_location {
        return row.required(school, convert::school);
    }
    let brin = row.required(institution, convert::brin);
    let location = row.required(school, convert::location);
    SchoolCode::of(&brin?, location?).ok()
}

/// Reads `sbo`, `so/vso` or the words in full; of two the first counts.
fn sector_of(cell: Cell<'_>) -> convert::Outcome<Sector> {
    let text = clean(&display(cell.value, cell.date_1904)).to_lowercase();
    let first = text.split(['/', ';', '+']).next().unwrap_or("").trim().to_owned();
    let found = Sector::parse(&first).or_else(|| Sector::parse(&first.replace(['(', ')'], ""))).or(match first.as_str() {
        "s(b)o" => Some(Sector::Sbo),
        "(v)so" | "sovso" => Some(Sector::So),
        _ => None,
    });
    found.map(Read::same).ok_or_else(|| {
        Problem::new(
            codes::CHOICE_UNKNOWN,
            format!("“{}” is geen soort onderwijs die wij kennen.", crate::findings::shorten(&text)),
            "Verwacht wordt bo, sbo, so of vso.",
        )
    })
}

/// A code of four digits; lost zeros in front come back.
fn four_digits(cell: Cell<'_>) -> convert::Outcome<Label> {
    let text = clean(&display(cell.value, cell.date_1904));
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    let padded = format!("{text:0>4}");
    let label = Label::parse(&padded).ok().filter(|_| digits);
    let label = label.ok_or_else(|| {
        Problem::new(codes::NUMBER_UNREADABLE, "Een gemeentenummer heeft vier cijfers.", "Haal het bestand opnieuw op bij DUO.")
    })?;
    Ok(Read::compared(label, padded, &text))
}
