//! The school file of DUO: schools with their board, from a source that knows no partnerships.
//!
//! DUO has the last word on name, postcode and place. It never takes the name of a board away, and of
//! a school that is known already it leaves the sector as it is, unless the file tells sectors apart.
//! Since when a school belongs to its board the file does not say: taken is the first day of the
//! school year that is running.

use kernschil_domain::ids::{BoardId, SchoolId};
use kernschil_domain::periods::Span;
use kernschil_domain::registry::{Board, Registry, School, SchoolBoard};
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::{DuoFile, DuoSchoolRow};

use super::codes;
use super::dated::{Dated, Timelines};
use super::diff::{Staged, Table};
use super::findings::{Place, problem};
use super::keys::{Keys, id_of};
use super::planner::Planner;

/// Plans a school file of DUO.
pub(super) fn plan(file: &DuoFile, registry: &Registry, planner: &mut Planner<'_>) {
    let mut keys = Keys::of(registry);
    let (mut boards, mut schools, mut links) = (Staged::default(), Staged::default(), Timelines::default());
    for row in &file.schools {
        let duo = &row.value;
        let place = Place::of("duo", row);
        let board = id_of(&mut keys.boards, duo.board.clone(), planner.ids);
        let known = registry.boards.get(&board).cloned();
        boards.put(board, known.unwrap_or(Board { id: board, number: duo.board.clone(), name: None }));
        let id = id_of(&mut keys.schools, duo.school.clone(), planner.ids);
        let tells_sectors = planner.found.has_column(place, "sector");
        schools.put(id, school(id, duo, registry.schools.get(&id), tells_sectors.then_some(duo.sector)));
        link(row, id, board, registry, planner, &mut links);
    }
    let (rows, counts) = boards.settle(|id| registry.boards.get(id));
    planner.rows.registry.boards = rows;
    planner.tally.add(Table::Boards, counts);
    let (rows, counts) = schools.settle(|id| registry.schools.get(id));
    planner.rows.registry.schools = rows;
    planner.tally.add(Table::Schools, counts);
    let (changes, counts) = links.settle();
    planner.rows.registry.school_boards =
        changes.into_iter().map(|c| SchoolBoard { school: c.key, board: c.now.what, span: c.now.span }).collect();
    planner.tally.add(Table::SchoolBoards, counts);
}

fn school(id: SchoolId, duo: &DuoSchoolRow, known: Option<&School>, sector: Option<kernschil_domain::codes::Sector>) -> School {
    let place = known.and_then(|k| k.place.clone()).filter(|p| p.to_lowercase() == duo.place.as_str().to_lowercase());
    School {
        id,
        code: duo.school.clone(),
        name: duo.name.to_string(),
        sector: sector.or(known.map(|k| k.sector)).unwrap_or(duo.sector),
        postcode: duo.postcode.clone().or_else(|| known.and_then(|k| k.postcode.clone())),
        place: Some(place.unwrap_or_else(|| town(duo.place.as_str()))),
        coordinate: known.and_then(|k| k.coordinate),
        closed_on: known.and_then(|k| k.closed_on),
        email: known.and_then(|k| k.email.clone()),
    }
}

/// The board as it is now counts, not the date since when: so the same file changes nothing, also in
/// the next school year.
fn link(
    row: &Located<DuoSchoolRow>,
    school: SchoolId,
    board: BoardId,
    registry: &Registry,
    planner: &mut Planner<'_>,
    links: &mut Timelines<SchoolId, BoardId>,
) {
    let (from, today) = (planner.school_year_start(), planner.today);
    let line = links.of(school, || known_boards(registry, school));
    match line.on(today).or_else(|| line.now().last()) {
        Some(current) if current.what == board => {
            let from = current.span.from;
            line.confirm(from);
        }
        Some(current) if current.span.from >= from => {
            let number = registry.boards.get(&current.what).map(|b| b.number.to_string()).unwrap_or_default();
            let message = format!(
                "Volgens DUO hoort school {} bij bestuur {}. In dit schooljaar is vastgelegd: bestuur {number}. Dat blijft zo.",
                row.value.school, row.value.board
            );
            let advice = "Controleer welk bestuur klopt. Laad zo nodig het werkboek met scholen opnieuw.";
            planner.found.warning(Place::of("duo", row), "board", problem(codes::SCHOOL_OTHER_BOARD, message, advice));
        }
        _ => {
            let new = Dated { span: Span::since(from), what: board };
            planner.fit(Place::of("duo", row), "board", line, new, "het bestuur van deze school");
        }
    }
}

/// The boards a school belonged to.
pub(super) fn known_boards(registry: &Registry, school: SchoolId) -> Vec<Dated<BoardId>> {
    let links = registry.school_boards.get(&school).map(Vec::as_slice).unwrap_or_default();
    links.iter().map(|link| Dated { span: link.span, what: link.board }).collect()
}

/// A town as people write it. DUO writes capitals: `ALPHEN AAN DEN RIJN`, `'S-GRAVENHAGE`,
/// `IJSSELSTEIN UT`.
fn town(capitals: &str) -> String {
    const SMALL: [&str; 18] =
        ["aan", "ad", "bij", "d'", "de", "den", "der", "en", "gem", "gem.", "het", "in", "op", "'s", "'t", "ter", "ten", "van"];
    if capitals.chars().any(char::is_lowercase) {
        return capitals.to_owned();
    }
    let last = capitals.split(' ').count() - 1;
    let words = capitals.split(' ').enumerate().map(|(at, word)| {
        let lower = word.to_lowercase();
        // A province behind a name that occurs more than once.
        let is_province = at > 0 && at == last && word.chars().count() <= 2;
        if is_province {
            word.to_owned()
        } else if at > 0 && SMALL.contains(&lower.as_str()) {
            lower
        } else {
            lower
                .split('-')
                .enumerate()
                .map(|(nth, part)| if nth > 0 && SMALL.contains(&part) { part.to_owned() } else { capital(part) })
                .collect::<Vec<_>>()
                .join("-")
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A capital in front; `ij` counts as one letter, and an `'s` in front stays small.
fn capital(word: &str) -> String {
    if word.starts_with('\'') && word.chars().count() == 2 {
        return word.to_owned();
    }
    if let Some(rest) = word.strip_prefix("ij") {
        return format!("IJ{rest}");
    }
    let mut done = false;
    let raise = |c: char| {
        let raise = !done && c.is_alphabetic();
        // Behind a digit no capital: `2e`.
        done |= c.is_alphanumeric();
        if raise { c.to_uppercase().to_string() } else { c.to_string() }
    };
    word.chars().map(raise).collect()
}

#[cfg(test)]
mod tests {
    use super::town;

    #[test]
    fn a_town_in_capitals_is_written_as_people_write_it() {
        for (duo, expected) in [
            ("NIJMEGEN", "Nijmegen"),
            ("ALPHEN AAN DEN RIJN", "Alphen aan den Rijn"),
            ("'S-GRAVENHAGE", "'s-Gravenhage"),
            ("DEN HAAG", "Den Haag"),
            ("IJSSELSTEIN UT", "IJsselstein UT"),
            ("CAPELLE AAN DEN IJSSEL", "Capelle aan den IJssel"),
            ("BERGEN L", "Bergen L"),
            ("SINT-MICHIELSGESTEL", "Sint-Michielsgestel"),
            ("2E EXLOERMOND", "2e Exloermond"),
            ("SPAARNDAM GEM. HAARLEM", "Spaarndam gem. Haarlem"),
            ("SÚDWEST-FRYSLÂN", "Súdwest-Fryslân"),
            ("Nijmegen", "Nijmegen"),
        ] {
            assert_eq!(town(duo), expected);
        }
    }
}
