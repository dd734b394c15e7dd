//! The waiting list: who has no place, and placing from it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernschil_app::waiting_list::{self, Free, RULE, WaitingList, WaitingRow};
use kernschil_app::{mutations, students};
use kernschil_domain::codes::{PhaseKind, Turn};
use kernschil_domain::ids::DemandId;
use kernschil_http::Caller;
use poem::handler;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::State;
use super::facets::facet;
use super::sheets::{number, sheet, text, words};
use super::support::{Answer, html, id, part, round_ref, see_other, size, workbook};
use super::words::when;
use crate::components::nav::NavItem;
use crate::views::waiting_list::{FreePlace, Placing, WaitingFilter, WaitingLine, WaitingView, waiting_page};

fn passes(row: &WaitingRow, phase: &str, period: &str) -> bool {
    (phase.is_empty() || row.row.phase_code == phase) && (period.is_empty() || row.row.period_name == period)
}

fn since(row: &WaitingRow, now: DateTime<Utc>) -> String {
    let moment = row.since.map(|at| when(at, now));
    match (&row.last_school, moment) {
        (Some(school), Some(moment)) => format!("{moment}, eerst op {school}"),
        (None, Some(moment)) => moment,
        (_, None) => String::new(),
    }
}

fn line(row: &WaitingRow, free: Option<&Free>, now: DateTime<Utc>) -> WaitingLine {
    let fitting = |candidate: &kernschil_app::board::Candidate| {
        let minutes = candidate.minutes.map(|minutes| format!(", {minutes} min")).unwrap_or_default();
        let words = format!("{} ({}{minutes}, {} vrij)", candidate.school_name, candidate.standing.dutch(), candidate.free);
        FreePlace { offer: candidate.offer.to_string(), words }
    };
    let is_final = row.phase_kind == PhaseKind::Final;
    WaitingLine {
        rank: size(row.rank),
        student: row.row.student.to_string(),
        demand: row.row.demand.to_string(),
        name: row.row.name.clone(),
        number: row.row.number.clone(),
        phase: if is_final { format!("{} (laatste fase)", row.row.phase_code) } else { row.row.phase_code.clone() },
        period: row.row.period_name.clone(),
        since: since(row, now),
        turn: if row.turn == Turn::LeftOut { row.turn.dutch().to_owned() } else { String::new() },
        free: free.map(|free| free.best.iter().map(fitting).collect()).unwrap_or_default(),
        free_count: free.map_or(0, |free| size(free.count)),
    }
}

fn view(list: &WaitingList, filter: WaitingFilter, now: DateTime<Utc>) -> WaitingView {
    let chosen: Vec<_> = list.rows.iter().filter(|row| passes(row, &filter.fase, &filter.periode)).collect();
    let (rows, paging) = part(chosen, filter.pagina, filter.aantal);
    let demands: Vec<_> = rows.iter().map(|row| row.row.demand).collect();
    let free: HashMap<_, _> = waiting_list::free(&list.data, &demands);
    let state = list.data.round.state;
    let named = |value: &str| vec![(value.to_owned(), value.to_owned())];
    WaitingView {
        round: round_ref(&list.data.round),
        rule: RULE.to_owned(),
        phases: facet(&list.rows, |row| passes(row, "", &filter.periode), |row| named(&row.row.phase_code)),
        periods: facet(&list.rows, |row| passes(row, &filter.fase, ""), |row| named(&row.row.period_name)),
        rows: rows.into_iter().map(|row| line(row, free.get(&row.row.demand), now)).collect(),
        paging,
        placing: if state.is_announced() {
            Placing::AtOnce
        } else if state.is_open() {
            Placing::OnTheBoard
        } else {
            Placing::NotNow
        },
        filter,
    }
}

/// The waiting list.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<WaitingFilter>) -> Answer {
    let list = waiting_list::list(&web.app, &caller.actor, &slug).await?;
    let view = view(&list, filter, web.app.clock.now());
    Ok(html(waiting_page(&web.frame_of(caller, NavItem::Mutations, &view.round), &view)))
}

/// The same list, all pages, as a workbook.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<WaitingFilter>) -> Answer {
    let list = waiting_list::list(&web.app, &caller.actor, &slug).await?;
    let now = web.app.clock.now();
    let chosen: Vec<_> = list.rows.iter().filter(|row| passes(row, &filter.fase, &filter.periode)).collect();
    let cells = |row: &&WaitingRow| {
        let line = line(row, None, now);
        vec![
            number(Some(line.rank)),
            text(&line.number),
            text(&line.name),
            text(&row.row.institute_name),
            text(&line.phase),
            text(&line.period),
            text(&line.since),
            text(&line.turn),
        ]
    };
    let rows: Vec<_> = chosen.iter().map(cells).collect();
    let columns = vec![
        super::sheets::figure("Nr."),
        words("Studentnummer", 15),
        words("Student", 30),
        words("Instituut", 30),
        words("Fase", 20),
        words("Periode", 18),
        words("Wacht sinds", 50),
        words("Bijzonder", 16),
    ];
    students::note_export(&web.app, &caller.actor, &slug, rows.len()).await?;
    let bytes = sheet("Wachtlijst", &format!("Wachtlijst, {}", list.data.round.name), columns, rows)?;
    Ok(workbook(&format!("{slug}-wachtlijst.xlsx"), bytes))
}

/// Who gets which place.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PlaceForm {
    vraag: String,
    plek: String,
}

/// Gives somebody who waits a place that is free.
#[handler]
pub(super) async fn place(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<PlaceForm>) -> Answer {
    let demand: DemandId = id(&form.vraag)?;
    mutations::place_waiting(&web.app, &caller.actor, &slug, demand, id(&form.plek)?).await?;
    Ok(see_other(&format!("/rondes/{slug}/wachtlijst")))
}
