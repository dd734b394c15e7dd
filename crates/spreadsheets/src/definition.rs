//! The definitions in `imports/*.toml`: which sheets and columns a file has, and what they mean.
//!
//! One definition drives the parser, the template, the help page and the documentation, so these
//! cannot drift apart.

use std::sync::LazyLock;

use serde::Deserialize;

/// Kind of import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportKind {
    /// Partnerships, programmes, boards, schools, conditions, quality.
    Partnerships,
    /// Trainers and their qualifications.
    Trainers,
    /// Rounds, periods and offers.
    Offers,
    /// Students with their demand and wishes.
    Students,
    /// The school file of DUO.
    Duo,
    /// Coordinates of postcode areas.
    Postcodes,
    /// Travel times between postcode areas.
    TravelTimes,
}

impl ImportKind {
    /// All kinds, in the order in which they are loaded.
    pub const ALL: [Self; 7] =
        [Self::Duo, Self::Postcodes, Self::TravelTimes, Self::Partnerships, Self::Trainers, Self::Offers, Self::Students];

    /// Stable code, also the name of the definition file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Partnerships => "partnerships",
            Self::Trainers => "trainers",
            Self::Offers => "offers",
            Self::Students => "students",
            Self::Duo => "duo",
            Self::Postcodes => "postcodes",
            Self::TravelTimes => "travel-times",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What kind of value a column holds; decides how it is read, formatted and offered in the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// Free text.
    Text,
    /// Whole number.
    Integer,
    /// Percentage or other number whose meaning another column gives.
    Amount,
    /// Date.
    Date,
    /// Yes or no.
    YesNo,
    /// BRIN of four characters.
    Brin,
    /// Code of a school: BRIN with vestiging.
    School,
    /// Number of a vestiging, two digits.
    Location,
    /// Number of a board.
    Board,
    /// Board number or BRIN of an institute.
    Employer,
    /// Code of a school or number of a board.
    Wish,
    /// CROHO code.
    Croho,
    /// Student number.
    StudentNumber,
    /// Postcode.
    Postcode,
    /// Latitude.
    Latitude,
    /// Longitude.
    Longitude,
    /// Groups 1 to 8.
    Groups,
    /// Weekdays.
    Weekdays,
    /// School year.
    SchoolYear,
    /// Sector of a school.
    Sector,
    /// Kern or schil.
    Tier,
    /// Aspirant or erkend.
    PartnershipStatus,
    /// Form of a programme.
    ProgrammeForm,
    /// Level of a programme.
    ProgrammeLevel,
    /// First, middle or final phase.
    PhaseKind,
    /// Condition of a partnership.
    ConditionKind,
    /// Kind of quality evidence.
    EvidenceKind,
    /// School or institute trainer.
    TrainerKind,
    /// Qualification.
    QualificationKind,
    /// Student or zij-instromer.
    StudentKind,
    /// Bicycle, car or public transport.
    TravelMode,
    /// Mail address.
    Email,
    /// Text that stays as it is, line breaks and all.
    Prose,
    /// Code of a part of a quality framework.
    PartCode,
    /// Whose words something in a quality framework are.
    Origin,
}

/// Whether something has to be there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "bool")]
pub enum Presence {
    /// May be missing.
    #[default]
    Optional,
    /// Must be there.
    Required,
}

impl From<bool> for Presence {
    fn from(required: bool) -> Self {
        if required { Self::Required } else { Self::Optional }
    }
}

/// A column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnDef {
    /// Name in code.
    pub field: String,
    /// Dutch header.
    pub header: String,
    /// Other headers that mean the same.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Kind of value.
    pub kind: ValueKind,
    /// Whether a cell holds several values, separated by `;` or `,`.
    #[serde(default)]
    pub list: bool,
    /// Whether column and cells must be filled.
    #[serde(default, rename = "required")]
    pub presence: Presence,
    /// Longest text, in characters.
    pub max_length: Option<usize>,
    /// Smallest number.
    pub min: Option<i64>,
    /// Largest number.
    pub max: Option<i64>,
    /// What to fill in, in Dutch.
    pub help: String,
    /// A good value.
    pub example: String,
}

/// Which rows under the headers are data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowsMeant {
    /// Not those with totals, footnotes or repeated headers, as people put them in lists.
    #[default]
    Data,
    /// All that hold something: a sheet of texts, in which any word can be a word of the text.
    All,
}

/// A sheet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetDef {
    /// Name in code.
    pub key: String,
    /// Dutch name on the tab.
    pub name: String,
    /// Other names that mean the same.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether the sheet must be there.
    #[serde(default, rename = "required")]
    pub presence: Presence,
    /// Which rows are data.
    #[serde(default)]
    pub rows: RowsMeant,
    /// What the sheet is for, in Dutch.
    pub explanation: String,
    /// Columns in the order of the template.
    pub columns: Vec<ColumnDef>,
}

impl SheetDef {
    /// Place of a column by its name in code.
    pub fn column(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field == field)
    }
}

/// Whether columns that the definition does not know are worth a note.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherColumns {
    /// They are named in a note.
    #[default]
    Noted,
    /// They are expected: a published file with far more columns than are used.
    Expected,
}

/// A definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Kind of import; none for a workbook that has a page of its own.
    pub kind: Option<ImportKind>,
    /// Dutch title.
    pub title: String,
    /// What it is for and how to use it, in Dutch; paragraphs are separated by an empty line.
    pub explanation: String,
    /// What to do with unknown columns.
    #[serde(default)]
    pub other_columns: OtherColumns,
    /// Sheets in the order of the template.
    pub sheets: Vec<SheetDef>,
}

const SOURCES: [(ImportKind, &str); 7] = [
    (ImportKind::Partnerships, include_str!("../../../imports/partnerships.toml")),
    (ImportKind::Trainers, include_str!("../../../imports/trainers.toml")),
    (ImportKind::Offers, include_str!("../../../imports/offers.toml")),
    (ImportKind::Students, include_str!("../../../imports/students.toml")),
    (ImportKind::Duo, include_str!("../../../imports/duo.toml")),
    (ImportKind::Postcodes, include_str!("../../../imports/postcodes.toml")),
    (ImportKind::TravelTimes, include_str!("../../../imports/travel-times.toml")),
];

static DEFINITIONS: LazyLock<Vec<Definition>> =
    LazyLock::new(|| SOURCES.iter().map(|(kind, source)| toml::from_str(source).unwrap_or_else(|_| empty(*kind))).collect());

/// Stands in for a definition that does not parse. The tests hold every definition to parse, so a
/// user never meets it.
fn empty(kind: ImportKind) -> Definition {
    Definition {
        kind: Some(kind),
        title: kind.code().to_owned(),
        explanation: String::new(),
        other_columns: OtherColumns::Noted,
        sheets: Vec::new(),
    }
}

static FALLBACK: LazyLock<Definition> = LazyLock::new(|| empty(ImportKind::Partnerships));

/// The definition of a kind of import.
pub fn definition(kind: ImportKind) -> &'static Definition {
    DEFINITIONS.iter().find(|definition| definition.kind == Some(kind)).unwrap_or(&FALLBACK)
}

const FRAMEWORK_SOURCE: &str = include_str!("../../../imports/frameworks.toml");

static FRAMEWORK: LazyLock<Definition> = LazyLock::new(|| toml::from_str(FRAMEWORK_SOURCE).unwrap_or_else(|_| FALLBACK.clone()));

/// The definition of a workbook with a quality framework.
pub fn framework() -> &'static Definition {
    &FRAMEWORK
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_definition_parses_and_names_nothing_twice() {
        let all = SOURCES.iter().map(|(kind, source)| (Some(*kind), *source)).chain([(None, FRAMEWORK_SOURCE)]);
        for (kind, source) in all {
            let name = kind.map_or("framework", ImportKind::code);
            let definition: Definition = toml::from_str(source).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(definition.kind, kind);
            assert!(!definition.explanation.is_empty() && !definition.sheets.is_empty());
            for sheet in &definition.sheets {
                let fields: BTreeSet<_> = sheet.columns.iter().map(|c| &c.field).collect();
                assert_eq!(fields.len(), sheet.columns.len(), "{name} {}", sheet.name);
                let names: Vec<_> = sheet
                    .columns
                    .iter()
                    .flat_map(|c| std::iter::once(&c.header).chain(&c.aliases))
                    .map(|name| crate::clean::key(name))
                    .collect();
                let unique: BTreeSet<_> = names.iter().collect();
                assert_eq!(unique.len(), names.len(), "{name} {}: {names:?}", sheet.name);
                assert!(sheet.columns.iter().all(|c| !c.help.is_empty() && (c.presence == Presence::Optional || !c.example.is_empty())));
            }
        }
    }
}
