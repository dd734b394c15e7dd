//! Where places are short, who the students behind a figure are, and the list as a workbook.

use kernschil_app::proposals::Currency;
use kernschil_app::scenarios::Ready;
use kernschil_app::shortages::{self, FullCapacity, ShortPart, Shortage, ShortageReport};
use kernschil_app::{AppError, reasons};
use kernschil_domain::ids::DemandId;
use kernschil_http::{Caller, Failure};
use kernschil_spreadsheets::write::CellOut;
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;

use super::support::{Answer, capital, groups, html, round_ref, size, workbook};
use super::words::when;
use super::{State, sheets};
use crate::charts::Bar;
use crate::components::nav::{NavItem, RoundRef};
use crate::components::text::listed;
use crate::components::url::href;
use crate::views::shortages::{
    CapacityLine, PartLine, ShortStudent, ShortStudentsView, ShortageCard, ShortagesView, short_students_page, shortages_page,
};

/// Towns named in a heading.
const FEW_TOWNS: usize = 3;

/// Who a part is for: phase, groups, days, period, partnership.
pub(super) fn who(part: &ShortPart) -> String {
    let mut words = vec![part.phase.clone(), groups(&part.groups)];
    if !part.weekdays.is_empty() {
        words.push(part.weekdays.clone());
    }
    words.push(part.period.clone());
    if !part.partnership.is_empty() {
        words.push(part.partnership.clone());
    }
    words.join(", ")
}

fn towns(towns: &[String]) -> String {
    let mut first: Vec<_> = towns.iter().take(FEW_TOWNS).cloned().collect();
    match towns.len() - first.len() {
        0 => {}
        1 => first.push("nog 1 plaats".to_owned()),
        more => first.push(format!("nog {more} plaatsen")),
    }
    listed(&first)
}

fn capacity(round: &RoundRef, full: &FullCapacity) -> CapacityLine {
    CapacityLine {
        label: capital(&full.label),
        href: full.school.as_ref().map(|code| round.path(&format!("scholen/{code}"))),
        brings: reasons::brings(&full.brings),
    }
}

/// A shortage as the pages show it; with links to its students where those are of the round itself.
pub(super) fn card(round: &RoundRef, shortage: &Shortage, number: Option<usize>) -> ShortageCard {
    let link = |part: usize| {
        let (shortage, part) = (number?.to_string(), (part + 1).to_string());
        Some(href(&round.path("tekorten/studenten"), &[("tekort", &shortage), ("deel", &part)]))
    };
    let part = |(at, part): (usize, &ShortPart)| PartLine { who: who(part), short: size(part.demands.len()), href: link(at) };
    ShortageCard {
        short: shortage.short,
        students: shortage.students,
        towns: towns(&shortage.towns),
        parts: shortage.parts.iter().enumerate().map(part).collect(),
        capacities: shortage.capacities.iter().map(|full| capacity(round, full)).collect(),
        reasons: shortage.reasons.clone(),
    }
}

fn view(report: &ShortageReport, now: chrono::DateTime<chrono::Utc>) -> ShortagesView {
    let round = round_ref(&report.data.round);
    let bars = &report.overview.balances;
    let bar = |balance: &kernschil_app::overview::Balance| Bar {
        label: format!("{}, {}", balance.phase, balance.period),
        value: balance.capacity,
        target: balance.demand,
    };
    let outdated = report.run.as_ref().is_some_and(|run| run.currency == Currency::Outdated);
    ShortagesView {
        made: report.run.as_ref().map(|run| format!("Volgens het voorstel van {}.", when(run.made_at, now))).unwrap_or_default(),
        outdated: if outdated { "Na dit voorstel is er iets veranderd. De tekorten zijn van daarvoor.".to_owned() } else { String::new() },
        short: report.shortages.iter().map(|shortage| shortage.short).sum(),
        shortages: report.shortages.iter().enumerate().map(|(at, one)| card(&round, one, Some(at + 1))).collect(),
        bar_hrefs: bars.iter().map(|balance| href(&round.path("studenten"), &[("fase", &balance.phase)])).collect(),
        bars: bars.iter().map(bar).collect(),
        export_href: round.path("tekorten.xlsx"),
        more_students_href: href(&round.path("scenarios/nieuw"), &[("begin", Ready::MoreStudents.code())]),
        round,
    }
}

/// Where the round is short.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let report = shortages::of_round(&web.app, &caller.actor, &slug).await?;
    let view = view(&report, web.app.clock.now());
    Ok(html(shortages_page(&web.frame_of(caller, NavItem::Shortages, &view.round), &view)))
}

/// Which part of which shortage, both from 1.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Which {
    tekort: String,
    deel: String,
}

/// The demands that were asked for, and who they are; all of them when no part was.
fn chosen(report: &ShortageReport, which: &Which) -> Result<(String, Vec<DemandId>), Failure> {
    if which.tekort.is_empty() && which.deel.is_empty() {
        let parts = report.shortages.iter().flat_map(|shortage| &shortage.parts);
        return Ok(("alle fasen".to_owned(), parts.flat_map(|part| part.demands.iter().copied()).collect()));
    }
    let at = |text: &str| text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let part =
        at(&which.tekort).and_then(|at| report.shortages.get(at)).zip(at(&which.deel)).and_then(|(shortage, at)| shortage.parts.get(at));
    let part = part.ok_or(AppError::NotFound)?;
    Ok((who(part), part.demands.clone()))
}

/// The students behind a figure.
#[handler]
pub(super) async fn students(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(which): Query<Which>) -> Answer {
    let report = shortages::of_round(&web.app, &caller.actor, &slug).await?;
    let (who, demands) = chosen(&report, &which)?;
    let round = round_ref(&report.data.round);
    let student = |id| {
        let demand = report.data.demands.get(id)?;
        let student = report.data.students.get(&demand.student)?;
        Some(ShortStudent {
            name: student.list_name(),
            number: student.number.to_string(),
            why_href: round.path(&format!("studenten/{}/waarom", student.id)),
            board_href: href(&round.path("plaatsbord"), &[("vraag", &id.to_string())]),
        })
    };
    let mut rows: Vec<_> = demands.iter().filter_map(student).collect();
    rows.sort_by_cached_key(|row: &ShortStudent| kernschil_app::listing::search_key(&row.name));
    let view = ShortStudentsView { round, who, rows };
    Ok(html(short_students_page(&web.frame_of(caller, NavItem::Shortages, &view.round), &view)))
}

/// The shortages as a workbook. It names nobody.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let report = shortages::of_round(&web.app, &caller.actor, &slug).await?;
    let mut rows = Vec::new();
    for (at, shortage) in (1..).zip(&report.shortages) {
        let full: Vec<_> = shortage.capacities.iter().map(|full| full.label.clone()).collect();
        let why = if full.is_empty() { shortage.reasons.join(" ") } else { full.join("; ") };
        for part in &shortage.parts {
            rows.push(vec![
                CellOut::Number(at),
                sheets::text(&part.phase),
                sheets::text(&part.groups),
                sheets::text(&part.weekdays),
                sheets::text(&part.period),
                sheets::text(&part.partnership),
                CellOut::Number(i64::from(size(part.demands.len()))),
                sheets::text(&shortage.towns.join(", ")),
                sheets::text(&why),
            ]);
        }
    }
    let columns = vec![
        sheets::figure("Tekort"),
        sheets::words("Fase", 14),
        sheets::words("Groepen", 12),
        sheets::words("Dagen", 12),
        sheets::words("Periode", 18),
        sheets::words("Partnerschap", 30),
        sheets::figure("Te kort"),
        sheets::words("Plaatsen", 30),
        sheets::words("Wat vol is", 80),
    ];
    let bytes = sheets::sheet("Tekorten", &format!("Tekorten, {}", report.data.round.name), columns, rows)?;
    Ok(workbook(&format!("{slug}-tekorten.xlsx"), bytes))
}
