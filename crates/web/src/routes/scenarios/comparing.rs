//! Two scenarios beside each other, or one and the board; on the page and as a workbook.

use kernschil_app::proposals::Currency;
use kernschil_app::scenarios::{self, Aspect, Compared, Difference, Direction, KeyFigures, Side, Versus};
use kernschil_app::students;
use kernschil_domain::ids::ScenarioId;
use kernschil_http::{Caller, Failure};
use kernschil_spreadsheets::write::CellOut;
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;

use super::super::support::{Answer, capital, html, id, part, round_ref, size, workbook};
use super::super::{State, Web, sheets};
use super::place_words;
use crate::charts::Pair;
use crate::components::filters::{Chip, ChipState, FilterOption};
use crate::components::nav::{NavItem, RoundRef};
use crate::components::status::Tone;
use crate::components::text::{change, counted, listed, number, percent};
use crate::components::url::href;
use crate::views::scenarios::{Beside, ComparisonView, DifferenceRow, SideView, comparison_page};

/// Schools shown in the chart.
const MOST_SCHOOLS: usize = 12;

/// What is compared, as it stands in the address; empty means the board.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Ask {
    a: String,
    b: String,
    wie: String,
    pagina: u32,
    aantal: u32,
}

impl Ask {
    fn versus(text: &str) -> Result<Versus, Failure> {
        if text.is_empty() { Ok(Versus::Board) } else { Ok(Versus::Scenario(id::<ScenarioId>(text)?)) }
    }

    async fn compared(&self, web: &Web, caller: &Caller, slug: &str) -> Result<Compared, Failure> {
        Ok(scenarios::compare(&web.app, &caller.actor, slug, Self::versus(&self.a)?, Self::versus(&self.b)?).await?)
    }

    /// The direction and aspect that were asked for: `worse`, `worse-wish`.
    fn holds(&self, difference: &Difference) -> bool {
        self.wie.is_empty() || self.wie == difference.direction.code() || self.wie == code(difference.direction, difference.at)
    }
}

fn code(direction: Direction, at: Aspect) -> String {
    format!("{}-{}", direction.code(), at.code())
}

fn side(round: &RoundRef, side: &Side) -> SideView {
    SideView {
        name: side.name.clone(),
        href: match side.versus {
            Versus::Board => round.path("plaatsbord"),
            Versus::Scenario(id) => round.path(&format!("scenarios/{id}")),
        },
        outdated: if side.currency == Currency::Outdated {
            "de ronde of het scenario is veranderd na het doorrekenen. Reken het opnieuw door voor actuele cijfers.".to_owned()
        } else {
            String::new()
        },
        proof: side.picture.proof_sentence().unwrap_or_default().to_owned(),
    }
}

fn tone(change: i64, more_is: Tone) -> Option<Tone> {
    match (change, more_is) {
        (0, _) => None,
        (1.., tone) => Some(tone),
        (_, Tone::Good) => Some(Tone::Signal),
        (_, _) => Some(Tone::Good),
    }
}

/// A figure of both, and whether more of it is better.
fn beside(label: &str, before: u32, after: u32, more_is: Option<Tone>) -> Beside {
    let difference = i64::from(after) - i64::from(before);
    Beside {
        label: label.to_owned(),
        before: number(before),
        after: number(after),
        change: change(i32::try_from(difference).unwrap_or_default()),
        tone: more_is.and_then(|more_is| tone(difference, more_is)),
    }
}

fn share(label: &str, before: (u32, u32), after: (u32, u32)) -> Beside {
    let points = |(part, whole): (u32, u32)| (i64::from(part) * 1000).checked_div(i64::from(whole)).unwrap_or_default();
    let difference = points(after) - points(before);
    let (sign, size) = (if difference < 0 { "−" } else { "+" }, difference.unsigned_abs());
    Beside {
        label: label.to_owned(),
        before: percent(before.0, before.1),
        after: percent(after.0, after.1),
        change: if difference == 0 { "0".to_owned() } else { format!("{sign}{},{} punt", size / 10, size % 10) },
        tone: tone(difference, Tone::Good),
    }
}

fn minutes(label: &str, before: Option<u32>, after: Option<u32>) -> Beside {
    let words = |minutes: Option<u32>| minutes.map_or_else(|| "–".to_owned(), |minutes| format!("{minutes} min"));
    let difference = before.zip(after).map_or(0, |(before, after)| i64::from(after) - i64::from(before));
    Beside {
        label: label.to_owned(),
        before: words(before),
        after: words(after),
        change: change(i32::try_from(difference).unwrap_or_default()),
        tone: tone(difference, Tone::Signal),
    }
}

fn figures(before: &KeyFigures, after: &KeyFigures) -> Vec<Beside> {
    let (good, bad) = (Some(Tone::Good), Some(Tone::Signal));
    let first = |key: &KeyFigures| key.by_wish.first().copied().unwrap_or_default();
    vec![
        beside("Studenten die een plek nodig hebben", before.demands, after.demands, None),
        beside("Geplaatst", before.placed(), after.placed(), good),
        beside("Niet geplaatst", before.unplaced, after.unplaced, bad),
        share("Dekking", (before.covered, before.countable), (after.covered, after.countable)),
        beside("Kern", before.kern, after.kern, good),
        beside("Schil, op orde", before.schil, after.schil, None),
        beside("Schil, niet op orde", before.schil_unmet, after.schil_unmet, bad),
        beside("Buiten samen opleiden", before.outside, after.outside, bad),
        beside("Eerste voorkeur", first(before), first(after), good),
        beside("Geen van de voorkeuren", before.not_listed, after.not_listed, bad),
        minutes("Gemiddelde reis", before.average_minutes(), after.average_minutes()),
        beside("Reis langer dan 45 minuten", before.over_45, after.over_45, bad),
        beside("Reis langer dan 60 minuten", before.over_60, after.over_60, bad),
        beside("Scholen met studenten", before.schools_used, after.schools_used, None),
        beside("Scholen die vol zijn", before.schools_full, after.schools_full, None),
        beside("Meeste studenten op één school", before.most_at_school, after.most_at_school, None),
    ]
}

fn pair(label: &str, before: u32, after: u32) -> Pair {
    Pair { label: label.to_owned(), before, after }
}

fn wishes(before: &KeyFigures, after: &KeyFigures) -> Vec<Pair> {
    let at = |key: &KeyFigures, rank: usize| key.by_wish.get(rank).copied().unwrap_or_default();
    let most = before.by_wish.len().max(after.by_wish.len());
    let mut pairs: Vec<_> = (0..most).map(|rank| pair(&format!("{}e voorkeur", rank + 1), at(before, rank), at(after, rank))).collect();
    pairs.push(pair("geen ervan", before.not_listed, after.not_listed));
    if before.without_wishes + after.without_wishes > 0 {
        pairs.push(pair("gaf er geen", before.without_wishes, after.without_wishes));
    }
    pairs
}

fn travel(before: &KeyFigures, after: &KeyFigures) -> Vec<Pair> {
    let words = ["0-15", "16-30", "31-45", "46-60", "60+"];
    words.into_iter().zip(before.travel.iter().zip(after.travel)).map(|(label, (before, after))| pair(label, *before, after)).collect()
}

/// Long names are cut in the chart; the table beside it has them whole in its own words.
fn short(name: &str) -> String {
    if name.chars().count() <= 15 { name.to_owned() } else { name.chars().take(14).chain(['…']).collect() }
}

fn sentence(compared: &Compared) -> String {
    let comparison = &compared.comparison;
    let (better, worse, equal) =
        (comparison.count(Direction::Better), comparison.count(Direction::Worse), comparison.count(Direction::Equal));
    if better + worse + equal + comparison.only_before + comparison.only_after == 0 {
        return "Er is geen verschil: iedereen heeft in beide dezelfde plek.".to_owned();
    }
    let mut parts = vec![
        counted(better, "student gaat erop vooruit", "studenten gaan erop vooruit"),
        counted(worse, "gaat erop achteruit", "gaan erop achteruit"),
    ];
    if equal > 0 {
        parts.push(counted(equal, "krijgt een andere plek die even goed is", "krijgen een andere plek die even goed is"));
    }
    parts.push(format!("voor {} blijft alles gelijk", number(comparison.same)));
    let mut sentences = vec![format!("Van “{}” naar “{}”: {}.", compared.before.name, compared.after.name, listed(&parts))];
    let only = [(comparison.only_before, &compared.before), (comparison.only_after, &compared.after)];
    let alone = only.into_iter().filter(|(count, _)| *count > 0);
    sentences
        .extend(alone.map(|(count, side)| format!("{} alleen in “{}”.", counted(count, "student staat", "studenten staan"), side.name)));
    sentences.join(" ")
}

fn row(round: &RoundRef, difference: &Difference) -> DifferenceRow {
    DifferenceRow {
        name: difference.name.clone(),
        href: difference.student.map(|student| round.path(&format!("studenten/{student}/waarom"))),
        phase: format!("{} · {}", difference.phase, difference.period),
        from: place_words(difference.from.as_ref()),
        to: place_words(difference.to.as_ref()),
        direction: difference.direction.dutch().to_owned(),
        tone: match difference.direction {
            Direction::Better => Tone::Good,
            Direction::Worse => Tone::Signal,
            Direction::Equal => Tone::Quiet,
        },
        at: if difference.at == Aspect::Nothing { String::new() } else { difference.at.dutch().to_owned() },
    }
}

fn chips(compared: &Compared, ask: &Ask, path: &str) -> Vec<Chip> {
    let chip = |label: String, count: u32, wie: &str| Chip {
        label,
        count,
        href: href(path, &[("a", &ask.a), ("b", &ask.b), ("wie", wie)]),
        state: if ask.wie == wie { ChipState::Chosen } else { ChipState::Open },
    };
    let comparison = &compared.comparison;
    let mut chips = vec![chip("Iedereen".to_owned(), size(comparison.differences.len()), "")];
    for direction in Direction::ALL {
        let count = comparison.count(direction);
        if count > 0 {
            chips.push(chip(capital(direction.dutch()), count, direction.code()));
        }
        let aspects = comparison.counts.iter().filter(|(way, at, _)| *way == direction && *at != Aspect::Nothing);
        chips.extend(
            aspects.map(|(_, at, count)| chip(format!("{}: {}", capital(direction.dutch()), at.dutch()), *count, &code(direction, *at))),
        );
    }
    chips
}

fn view(compared: &Compared, options: Vec<FilterOption>, ask: &Ask) -> ComparisonView {
    let round = round_ref(&compared.data.round);
    let comparison = &compared.comparison;
    let (before, after) = (&comparison.before, &comparison.after);
    let chosen: Vec<_> = comparison.differences.iter().filter(|difference| ask.holds(difference)).collect();
    let (rows, paging) = part(chosen, ask.pagina, ask.aantal);
    let pairs = vec![("a", ask.a.clone()), ("b", ask.b.clone()), ("wie", ask.wie.clone())];
    let schools = comparison.schools.iter().take(MOST_SCHOOLS);
    ComparisonView {
        options,
        chosen: (ask.a.clone(), ask.b.clone()),
        before: side(&round, &compared.before),
        after: side(&round, &compared.after),
        sentence: sentence(compared),
        figures: figures(before, after),
        ladder: vec![
            pair("kern", before.kern, after.kern),
            pair("schil", before.schil, after.schil),
            pair("schil, n.o.o.", before.schil_unmet, after.schil_unmet),
            pair("buiten", before.outside, after.outside),
            pair("niet geplaatst", before.unplaced, after.unplaced),
        ],
        wishes: wishes(before, after),
        travel: travel(before, after),
        schools: schools.map(|school| pair(&short(&school.name), school.before, school.after)).collect(),
        schools_changed: size(comparison.schools.len()),
        chips: chips(compared, ask, &round.path("scenarios/vergelijken")),
        rows: rows.into_iter().map(|difference| row(&round, difference)).collect(),
        paging,
        export_href: href(&round.path("scenarios/vergelijken.xlsx"), &[("a", &ask.a), ("b", &ask.b)]),
        pairs,
        round,
    }
}

/// Two beside each other.
#[handler]
pub(in super::super) async fn compare(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(ask): Query<Ask>) -> Answer {
    let list = scenarios::list(&web.app, &caller.actor, &slug).await?;
    let solved = list.scenarios.iter().filter(|view| view.picture.is_some());
    let options =
        solved.map(|view| FilterOption { value: view.scenario.id.to_string(), label: view.scenario.name.clone(), count: None }).collect();
    let view = view(&ask.compared(&web, caller, &slug).await?, options, &ask);
    Ok(html(comparison_page(&web.frame_of(caller, NavItem::Scenarios, &view.round), &view)))
}

fn level_rows(compared: &Compared) -> Vec<Vec<CellOut>> {
    let cell = |value: Option<i64>| value.map_or(CellOut::Empty, CellOut::Number);
    let row = |(words, before, after): (String, Option<i64>, Option<i64>)| {
        let change = before.zip(after).map(|(before, after)| after - before);
        vec![sheets::text(&format!("Doel: {words}")), cell(before), cell(after), cell(change)]
    };
    compared.levels().into_iter().map(row).collect()
}

/// The comparison as a workbook: the figures, and everybody for whom it makes a difference.
#[handler]
pub(in super::super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(ask): Query<Ask>) -> Answer {
    let compared = ask.compared(&web, caller, &slug).await?;
    let (before, after) = (&compared.before.name, &compared.after.name);
    let comparison = &compared.comparison;
    let mut figures: Vec<_> = figures(&comparison.before, &comparison.after)
        .iter()
        .map(|one| vec![sheets::text(&one.label), sheets::text(&one.before), sheets::text(&one.after), sheets::text(&one.change)])
        .collect();
    figures.extend(level_rows(&compared));
    let difference = |one: &Difference| {
        vec![
            sheets::text(&one.name),
            sheets::text(&one.phase),
            sheets::text(&one.period),
            sheets::text(&place_words(one.from.as_ref())),
            sheets::text(&place_words(one.to.as_ref())),
            sheets::text(one.direction.dutch()),
            sheets::text(one.at.dutch()),
        ]
    };
    let sheet_of_figures = (
        "Cijfers",
        vec![sheets::words("Cijfer", 44), sheets::words(before, 24), sheets::words(after, 24), sheets::words("Verschil", 14)],
        figures,
    );
    let columns = vec![
        sheets::words("Student", 30),
        sheets::words("Fase", 14),
        sheets::words("Periode", 18),
        sheets::words(before, 50),
        sheets::words(after, 50),
        sheets::words("Verschil", 12),
        sheets::words("Waarin", 24),
    ];
    let rows = comparison.differences.iter().map(difference).collect();
    let bytes =
        sheets::book(&format!("{before} en {after}, {}", compared.data.round.name), vec![sheet_of_figures, ("Studenten", columns, rows)])?;
    students::note_export(&web.app, &caller.actor, &slug, comparison.differences.len()).await?;
    Ok(workbook(&format!("{slug}-scenarios.xlsx"), bytes))
}
