//! A round at a glance.

use kernschil_app::overview::{self, Balance, Overview, PeriodBalance, TaskKind, TaskState as AppState};
use kernschil_domain::access::Permission;
use kernschil_http::Caller;
use poem::handler;
use poem::web::Path;

use super::State;
use super::support::{Answer, html, round_ref, size, status_counts, whole};
use crate::charts::Bar;
use crate::components::may::May;
use crate::components::nav::{NavItem, RoundRef};
use crate::views::round::{RoundView, Task, TaskState, round_page};

fn task(round: &RoundRef, may: &May, task: &overview::Task) -> Task {
    let (name, page) = match task.kind {
        TaskKind::Data => ("Gegevens", None),
        TaskKind::Offers => ("Plekken", Some("scholen")),
        TaskKind::Wishes => ("Studenten en voorkeuren", Some("studenten")),
        TaskKind::Proposal => ("Voorstel", Some("voorstel")),
        TaskKind::Check => ("Controleren", Some("plaatsbord")),
        TaskKind::Fix => ("Vaststellen", Some("vaststellen")),
        TaskKind::Publish => ("Bekendmaken", Some("bekendmaken")),
    };
    let state = match (task.kind, task.state) {
        (_, AppState::Done) => TaskState::Done,
        (_, AppState::Later) => TaskState::Later,
        (TaskKind::Check, AppState::ToDo) | (TaskKind::Proposal, AppState::Busy) => TaskState::Attention,
        (_, AppState::Busy) => TaskState::Busy,
        (_, AppState::ToDo) => TaskState::Open,
    };
    let loaded_by_workbook = matches!(task.kind, TaskKind::Data | TaskKind::Offers | TaskKind::Wishes);
    let href = match (state, page) {
        (TaskState::Later, _) => None,
        (TaskState::Open, _) if loaded_by_workbook => Some("/importeren".to_owned()),
        (_, Some(page)) => Some(round.path(page)),
        (_, None) => (task.kind == TaskKind::Data).then(|| "/importeren".to_owned()),
    };
    // Only who decides about the round goes there.
    let href = href.filter(|_| !matches!(task.kind, TaskKind::Fix | TaskKind::Publish) || may.has_any(&[Permission::Announce]));
    Task { name: name.to_owned(), hint: task.detail.clone(), state, href }
}

/// Places against need per phase, over all periods, in the order of the phases.
fn by_phase(balances: &[Balance]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for balance in balances {
        if let Some(bar) = bars.iter_mut().find(|bar| bar.label == balance.phase) {
            bar.value += balance.capacity;
            bar.target += balance.demand;
        } else {
            bars.push(Bar { label: balance.phase.clone(), value: balance.capacity, target: balance.demand });
        }
    }
    bars
}

fn by_period(periods: &[PeriodBalance]) -> Vec<Bar> {
    let wanted = periods.iter().filter(|period| period.demand > 0 || period.capacity > 0);
    wanted.map(|period| Bar { label: period.period.clone(), value: period.capacity, target: period.demand }).collect()
}

impl RoundView {
    fn of(overview: &Overview, may: &May) -> Self {
        let round = round_ref(&overview.round);
        Self {
            tasks: overview.tasks.iter().map(|one| task(&round, may, one)).collect(),
            schools: size(overview.members),
            waiting: size(overview.waiting),
            several: size(overview.several),
            half_placed: size(overview.half_placed),
            round,
            partnerships: overview.partnerships.clone(),
            students: size(overview.students),
            demands: size(overview.demands),
            places: whole(overview.offered),
            counts: status_counts(&overview.coverage),
            by_phase: by_phase(&overview.balances),
            by_period: by_period(&overview.periods),
        }
    }
}

/// A round at a glance.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let view = RoundView::of(&overview::of_round(&web.app, &caller.actor, &slug).await?, &May::of(&caller.actor));
    Ok(html(round_page(&web.frame_of(caller, NavItem::Overview, &view.round), &view)))
}
