//! The example workbooks, as they are in the program.

use kernschil_app::examples::Example;
use kernschil_spreadsheets::ImportKind;

macro_rules! example {
    ($kind:ident, $path:literal) => {
        Example { kind: ImportKind::$kind, name: $path, bytes: include_bytes!(concat!("../../../imports/voorbeelden/", $path)) }
    };
}

/// The examples, in the order in which they are loaded.
pub(crate) const EXAMPLES: [Example; 13] = [
    example!(Postcodes, "postcodes.txt"),
    example!(Partnerships, "talent/partnerschappen.xlsx"),
    example!(Trainers, "talent/opleiders.xlsx"),
    example!(Offers, "talent/plekken.xlsx"),
    example!(Students, "talent/studenten.xlsx"),
    example!(Partnerships, "almere/partnerschappen.xlsx"),
    example!(Trainers, "almere/opleiders.xlsx"),
    example!(Offers, "almere/plekken.xlsx"),
    example!(Students, "almere/studenten.xlsx"),
    example!(Partnerships, "hak/partnerschappen.xlsx"),
    example!(Trainers, "hak/opleiders.xlsx"),
    example!(Offers, "hak/plekken.xlsx"),
    example!(Students, "hak/studenten.xlsx"),
];
