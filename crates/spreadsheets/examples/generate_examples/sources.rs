//! The committed source lists in `imports/bron`: real schools, postcode areas, which board takes part
//! in which partnership, and names to make persons of.

use std::error::Error;

use kernschil_domain::geo::Coordinate;

/// What goes wrong is told in one line; this is a tool for developers.
pub(crate) type Fallible<T> = Result<T, Box<dyn Error>>;

const SCHOOLS: &str = include_str!("../../../../imports/bron/scholen.csv");
const AREAS: &str = include_str!("../../../../imports/bron/gebieden.csv");
const BOARDS: &str = include_str!("../../../../imports/bron/besturen.csv");
const GIVEN_NAMES: &str = include_str!("../../../../imports/bron/voornamen.txt");
const FAMILY_NAMES: &str = include_str!("../../../../imports/bron/achternamen.txt");

/// A school from DUO's file 02.
pub(crate) struct SourceSchool {
    /// BRIN with vestiging.
    pub(crate) code: &'static str,
    /// Name.
    pub(crate) name: &'static str,
    /// Postcode.
    pub(crate) postcode: &'static str,
    /// Town.
    pub(crate) place: &'static str,
    /// Number of the board.
    pub(crate) board: &'static str,
}

/// A four-digit postcode area.
pub(crate) struct Area {
    /// The four digits.
    pub(crate) code: &'static str,
    /// Latitude as in the source.
    pub(crate) latitude: &'static str,
    /// Longitude as in the source.
    pub(crate) longitude: &'static str,
    /// Its centre.
    pub(crate) at: Coordinate,
    /// Place.
    pub(crate) place: &'static str,
    /// Municipality.
    pub(crate) municipality: &'static str,
    /// Province.
    pub(crate) province: &'static str,
}

/// The part of a board in one partnership, or in none.
pub(crate) struct BoardRole {
    /// Number at DUO, or a made-up one that begins with 999.
    pub(crate) number: &'static str,
    /// Name, or `Bestuur` with the number where no source gives a name.
    pub(crate) name: &'static str,
    /// Partnership; empty when the board takes part in none.
    pub(crate) partnership: &'static str,
    /// kern or schil; empty when the board takes part in none.
    pub(crate) tier: &'static str,
    /// How many of every ten schools are kern.
    pub(crate) kern: usize,
    /// How many of every ten schools are schil.
    pub(crate) schil: usize,
    /// How many schools are known in the round without being a member.
    pub(crate) outside: usize,
    /// First day.
    pub(crate) since: &'static str,
    /// Number of the board that guides it; empty when none does.
    pub(crate) buddy: &'static str,
}

fn records<const N: usize>(text: &'static str) -> impl Iterator<Item = Fallible<[&'static str; N]>> {
    text.lines().skip(1).map(|line| {
        let fields: Vec<_> = line.split(';').collect();
        fields.try_into().map_err(|_| format!("bronregel heeft geen {N} velden: {line}").into())
    })
}

/// The schools of an example.
pub(crate) fn schools(example: &str) -> Fallible<Vec<SourceSchool>> {
    let mut found = Vec::new();
    for record in records::<7>(SCHOOLS) {
        let [of, code, name, postcode, place, _municipality, board] = record?;
        if of == example {
            found.push(SourceSchool { code, name, postcode, place, board });
        }
    }
    Ok(found)
}

/// The boards of an example, one row for each partnership.
pub(crate) fn board_roles(example: &str) -> Fallible<Vec<BoardRole>> {
    let mut found = Vec::new();
    for record in records::<10>(BOARDS) {
        let [of, number, name, partnership, tier, kern, schil, outside, since, buddy] = record?;
        if of == example {
            let (kern, schil, outside) = (kern.parse()?, schil.parse()?, outside.parse()?);
            found.push(BoardRole { number, name, partnership, tier, kern, schil, outside, since, buddy });
        }
    }
    Ok(found)
}

/// All postcode areas that are known.
pub(crate) fn areas() -> Fallible<Vec<Area>> {
    records::<6>(AREAS)
        .map(|record| {
            let [code, latitude, longitude, place, municipality, province] = record?;
            let at = Coordinate { latitude: hundred_thousandths(latitude)?, longitude: hundred_thousandths(longitude)? };
            Ok(Area { code, latitude, longitude, at, place, municipality, province })
        })
        .collect()
}

/// `51.84250` as 5184250: the source has exactly five decimals.
fn hundred_thousandths(text: &str) -> Fallible<i32> {
    Ok(text.replace('.', "").parse()?)
}

/// Given names.
pub(crate) fn given_names() -> Vec<&'static str> {
    GIVEN_NAMES.lines().collect()
}

/// Family names: tussenvoegsel, name.
pub(crate) fn family_names() -> Vec<(&'static str, &'static str)> {
    FAMILY_NAMES.lines().filter_map(|line| line.split_once(';')).collect()
}
