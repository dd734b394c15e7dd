//! The pool of peers: the list, and one of them.

use std::cmp::Ordering;

use kernschil_app::listing::search_key;
use kernschil_app::reviews::peers::{self, PeerChoices, PeerInput, PeerView as AppView, ToldVisit};
use kernschil_app::{AppError, FieldError};
use kernschil_domain::ids::{PeerId, Version};
use kernschil_domain::periods::dutch_date;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::facets::{facet, facet_of};
use super::super::support::{Answer, done, field_errors, html, html_with, id, part, problem, see_other, size, workbook};
use super::super::{State, Web, sheets};
use super::{Fields, day, refused, seen, shown, value};
use crate::components::nav::NavItem;
use crate::components::status::Tone;
use crate::components::table::{Direction, Paging};
use crate::views::people::{FormerRow, PEERS, PeerFilter, PeerFormView, PeerRow, PeerSort, PeersView, VisitRow, peer_page, peers_page};

/// Of a search no more than these are shown.
const MOST_FOUND: usize = 100;
/// Empty rows for more former employers or visits.
const ROOM: usize = 2;

const STATES: [(&str, &str); 2] = [("niet-getraind", "niet getraind"), ("gestopt", "doet niet meer mee")];

/// A filter, to count what is left without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Region,
    State,
}

fn has_state(row: &AppView, code: &str, today: chrono::NaiveDate) -> bool {
    match code {
        "gestopt" => !row.is_asked_on(today),
        "niet-getraind" => row.is_asked_on(today) && row.peer.trained_on.is_none(),
        _ => row.is_asked_on(today),
    }
}

fn passes(row: &AppView, filter: &PeerFilter, today: chrono::NaiveDate, except: Option<Field>) -> bool {
    let region = except == Some(Field::Region) || filter.regio.is_empty() || row.peer.region.to_string() == filter.regio;
    region && (except == Some(Field::State) || has_state(row, &filter.stand, today))
}

fn order(by: PeerSort, a: &AppView, b: &AppView) -> Ordering {
    match by {
        PeerSort::Naam => Ordering::Equal,
        PeerSort::Regio => search_key(&a.region).cmp(&search_key(&b.region)),
        PeerSort::Bezoeken => a.recent.cmp(&b.recent),
        PeerSort::Getraind => a.peer.trained_on.cmp(&b.peer.trained_on),
    }
}

/// The rows that pass, in the order that is asked; equal ones by name.
fn chosen<'r>(rows: &'r [AppView], filter: &PeerFilter, today: chrono::NaiveDate) -> Vec<&'r AppView> {
    let mut chosen: Vec<_> = rows.iter().filter(|row| passes(row, filter, today, None)).collect();
    chosen.sort_by_cached_key(|row| search_key(&row.peer.name));
    match (filter.volgorde, filter.richting) {
        (PeerSort::Naam, Direction::Up) => {}
        (PeerSort::Naam, Direction::Down) => chosen.reverse(),
        (by, Direction::Up) => chosen.sort_by(|a, b| order(by, a, b)),
        (by, Direction::Down) => chosen.sort_by(|a, b| order(by, b, a)),
    }
    chosen
}

fn row(view: &AppView, today: chrono::NaiveDate) -> PeerRow {
    PeerRow {
        id: view.peer.id.to_string(),
        name: view.peer.name.clone(),
        email: view.peer.email.clone(),
        region: view.region.clone(),
        partnership: view.partnership.clone().unwrap_or_default(),
        employer: view.employer.clone().unwrap_or_default(),
        visits: size(view.recent),
        trained: view.peer.trained_on.map_or_else(|| "nog niet".to_owned(), dutch_date),
        state: if view.is_asked_on(today) { (Tone::Good, "doet mee") } else { (Tone::Quiet, "doet niet meer mee") },
    }
}

fn view(rows: &[AppView], filter: PeerFilter, search: String, today: chrono::NaiveDate) -> PeersView {
    let (shown, paging) = if search.is_empty() {
        part(chosen(rows, &filter, today), filter.pagina, filter.aantal)
    } else {
        let found: Vec<_> = rows.iter().filter(|row| row.is_found(&search)).collect();
        let paging = Paging { page: 1, per_page: size(MOST_FOUND), rows: size(found.len()) };
        (found.into_iter().take(MOST_FOUND).collect(), paging)
    };
    PeersView {
        regions: facet(
            rows,
            |row| passes(row, &filter, today, Some(Field::Region)),
            |row| vec![(row.peer.region.to_string(), row.region.clone())],
        ),
        states: facet_of(rows, &STATES, |row| passes(row, &filter, today, Some(Field::State)), |row, code| has_state(row, code, today)),
        nobody: rows.is_empty(),
        rows: shown.into_iter().map(|peer| row(peer, today)).collect(),
        filter,
        search,
        paging,
    }
}

/// The pool.
#[handler]
pub(in super::super) async fn list(web: State<'_>, caller: &Caller, Query(filter): Query<PeerFilter>) -> Answer {
    let (rows, _) = peers::list(&web.app, &caller.actor).await?;
    let view = view(&rows, filter, String::new(), web.app.clock.today());
    Ok(html(peers_page(&web.frame(caller, NavItem::Peers).await?, &view)))
}

/// What somebody looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Search {
    zoek: String,
}

/// Finds peers by text.
#[handler]
pub(in super::super) async fn find(web: State<'_>, caller: &Caller, Form(search): Form<Search>) -> Answer {
    let (rows, _) = peers::list(&web.app, &caller.actor).await?;
    let view = view(&rows, PeerFilter::default(), search.zoek.trim().to_owned(), web.app.clock.today());
    Ok(html(peers_page(&web.frame(caller, NavItem::Peers).await?, &view)))
}

/// The list as a workbook.
#[handler]
pub(in super::super) async fn export(web: State<'_>, caller: &Caller, Query(filter): Query<PeerFilter>) -> Answer {
    let (rows, _) = peers::list(&web.app, &caller.actor).await?;
    let today = web.app.clock.today();
    let rows: Vec<_> = chosen(&rows, &filter, today).into_iter().map(|view| row(view, today)).collect();
    let columns = vec![
        sheets::words("Naam", 30),
        sheets::words("E-mailadres", 36),
        sheets::words("Regio", 34),
        sheets::words("Partnerschap", 34),
        sheets::words("Werkgever", 40),
        sheets::figure("Bezoeken in zes jaar"),
        sheets::words("Getraind", 20),
        sheets::words("Stand", 20),
    ];
    let cells = |peer: &PeerRow| {
        let text = |value: &str| sheets::text(value);
        vec![
            text(&peer.name),
            text(&peer.email),
            text(&peer.region),
            text(&peer.partnership),
            text(&peer.employer),
            sheets::number(Some(peer.visits)),
            text(&peer.trained),
            text(peer.state.1),
        ]
    };
    let bytes = sheets::sheet("Peers", "Pool van peers", columns, rows.iter().map(cells).collect())?;
    peers::note_export(&web.app, &caller.actor, rows.len()).await?;
    Ok(workbook("peers.xlsx", bytes))
}

fn options<T: ToString>(choices: &[(T, String)]) -> Vec<(String, String)> {
    choices.iter().map(|(id, name)| (id.to_string(), name.clone())).collect()
}

fn empty_form(choices: &PeerChoices) -> PeerFormView {
    PeerFormView {
        regions: options(&choices.regions),
        partnerships: options(&choices.partnerships),
        employers: choices.employers(),
        left: vec![FormerRow::default(); ROOM],
        told: vec![VisitRow::default(); ROOM],
        ..PeerFormView::default()
    }
}

fn form_of(view: &AppView, choices: &PeerChoices) -> PeerFormView {
    let peer = &view.peer;
    let former =
        peer.left.iter().map(|left| FormerRow { code: choices.employer_words(left.board, left.institute), until: left.until.to_string() });
    let (here, told): (Vec<_>, Vec<_>) = view.visits.iter().partition(|visit| visit.review.is_some());
    let told = told.into_iter().map(|visit| VisitRow {
        label: visit.label.clone(),
        day: visit.visited_on.to_string(),
        region: visit.region.map(|region| region.to_string()).unwrap_or_default(),
    });
    PeerFormView {
        id: peer.id.to_string(),
        version: peer.version.0.to_string(),
        name: peer.name.clone(),
        email: peer.email.clone(),
        region: peer.region.to_string(),
        partnership: peer.partnership.map(|id| id.to_string()).unwrap_or_default(),
        employer: choices.employer_words(peer.board, peer.institute),
        trained: shown(peer.trained_on),
        ended: shown(peer.ended_on),
        left: former.chain(std::iter::repeat_n(FormerRow::default(), ROOM)).collect(),
        told: told.chain(std::iter::repeat_n(VisitRow::default(), ROOM)).collect(),
        visits: here.into_iter().map(|visit| (dutch_date(visit.visited_on), visit.label.clone())).collect(),
        ..empty_form(choices)
    }
}

/// The rows of a form that have something filled in: their numbers.
fn rows<'f>(fields: &'f Fields, names: &'f [&'f str]) -> impl Iterator<Item = usize> + 'f {
    let filled = move |at: &usize| names.iter().any(|name| !value(fields, &format!("{name}-{at}")).is_empty());
    let known = move |at: &usize| names.iter().any(|name| fields.contains_key(&format!("{name}-{at}")));
    (1..).take_while(known).filter(filled)
}

const FORMER: [&str; 2] = ["werkgever", "tot"];
const TOLD: [&str; 3] = ["bezoek", "dag", "bezochte-regio"];

/// What was chosen from a list; something that is no identifier was not chosen from it.
fn pick<T: DeserializeOwned>(fields: &Fields, name: &str) -> Result<Option<T>, Failure> {
    match value(fields, name) {
        "" => Ok(None),
        text => Ok(Some(id(text)?)),
    }
}

fn missing_day(field: &str, wrong: &mut Vec<FieldError>) {
    wrong.push(FieldError::new(field, "datum-ontbreekt", "Vul bij elke regel de dag in, of maak de hele regel leeg."));
}

fn input_of(fields: &Fields) -> Result<(PeerInput, Vec<FieldError>), Failure> {
    let mut wrong = Vec::new();
    let (mut left, mut visits) = (Vec::new(), Vec::new());
    for at in rows(fields, &FORMER) {
        let before = wrong.len();
        match day(fields, &format!("tot-{at}"), "left", &mut wrong) {
            Some(until) => left.push((value(fields, &format!("werkgever-{at}")).to_owned(), until)),
            None if before == wrong.len() => missing_day("left", &mut wrong),
            None => {}
        }
    }
    for at in rows(fields, &TOLD) {
        let before = wrong.len();
        let region = pick(fields, &format!("bezochte-regio-{at}"))?;
        match day(fields, &format!("dag-{at}"), "visits", &mut wrong) {
            Some(visited_on) => visits.push(ToldVisit { label: value(fields, &format!("bezoek-{at}")).to_owned(), visited_on, region }),
            None if before == wrong.len() => missing_day("visits", &mut wrong),
            None => {}
        }
    }
    let input = PeerInput {
        name: value(fields, "naam").to_owned(),
        email: value(fields, "email").to_owned(),
        region: pick(fields, "regio")?,
        partnership: pick(fields, "partnerschap")?,
        employer: value(fields, "werkgever").to_owned(),
        left,
        trained_on: day(fields, "getraind", "trained_on", &mut wrong),
        ended_on: day(fields, "gestopt", "ended_on", &mut wrong),
        visits,
    };
    Ok((input, wrong))
}

/// Where what is wrong stands in the form.
const NAMES: [(&str, &str); 8] = [
    ("name", "naam"),
    ("region", "regio"),
    ("partnership", "partnerschap"),
    ("employer", "werkgever"),
    ("left", "vroeger"),
    ("trained_on", "getraind"),
    ("ended_on", "gestopt"),
    ("visits", "bezoeken"),
];

/// The form as it was filled in.
fn filled(fields: &Fields, form: PeerFormView) -> PeerFormView {
    let text = |name: &str| value(fields, name).to_owned();
    let left = rows(fields, &FORMER).map(|at| FormerRow { code: text(&format!("werkgever-{at}")), until: text(&format!("tot-{at}")) });
    let told = rows(fields, &TOLD).map(|at| VisitRow {
        label: text(&format!("bezoek-{at}")),
        day: text(&format!("dag-{at}")),
        region: text(&format!("bezochte-regio-{at}")),
    });
    PeerFormView {
        version: text("versie"),
        name: text("naam"),
        email: text("email"),
        region: text("regio"),
        partnership: text("partnerschap"),
        employer: text("werkgever"),
        trained: text("getraind"),
        ended: text("gestopt"),
        left: left.chain(std::iter::repeat_n(FormerRow::default(), ROOM)).collect(),
        told: told.chain(std::iter::repeat_n(VisitRow::default(), ROOM)).collect(),
        ..form
    }
}

async fn again(web: &Web, caller: &Caller, form: PeerFormView, fields: &Fields, error: AppError) -> Answer {
    let refused = refused(error)?;
    let mut view = filled(fields, form);
    view.errors = field_errors(&refused.errors, &NAMES);
    let mut frame = web.frame(caller, NavItem::Peers).await?;
    frame.flash = refused.message.map(problem);
    Ok(html_with(refused.status, peer_page(&frame, &view)))
}

/// The form for somebody new.
#[handler]
pub(in super::super) async fn new_form(web: State<'_>, caller: &Caller) -> Answer {
    let (_, choices) = peers::list(&web.app, &caller.actor).await?;
    Ok(html(peer_page(&web.frame(caller, NavItem::Peers).await?, &empty_form(&choices))))
}

/// Puts somebody in the pool.
#[handler]
pub(in super::super) async fn add(web: State<'_>, caller: &Caller, Form(fields): Form<Fields>) -> Answer {
    let (input, wrong) = input_of(&fields)?;
    let added = if wrong.is_empty() { peers::add(&web.app, &caller.actor, &input).await } else { Err(AppError::Invalid(wrong)) };
    match added {
        Ok(peer) => Ok(see_other(&format!("{PEERS}/{peer}?gedaan=toegevoegd"))),
        Err(error) => {
            let (_, choices) = peers::list(&web.app, &caller.actor).await?;
            again(&web, caller, empty_form(&choices), &fields, error).await
        }
    }
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
}

/// Somebody in the pool.
#[handler]
pub(in super::super) async fn show(web: State<'_>, caller: &Caller, Path(peer): Path<String>, Query(did): Query<Did>) -> Answer {
    let (view, choices) = peers::get(&web.app, &caller.actor, id(&peer)?).await?;
    let mut frame = web.frame(caller, NavItem::Peers).await?;
    frame.flash = match did.gedaan.as_str() {
        "bewaard" => Some(done("De gegevens zijn bewaard.")),
        "toegevoegd" => Some(done("Deze persoon staat nu in de pool.")),
        _ => None,
    };
    Ok(html_with(StatusCode::OK, peer_page(&frame, &form_of(&view, &choices))))
}

/// Changes somebody in the pool.
#[handler]
pub(in super::super) async fn change(web: State<'_>, caller: &Caller, Path(peer): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let peer: PeerId = id(&peer)?;
    let (before, choices) = peers::get(&web.app, &caller.actor, peer).await?;
    let (input, wrong) = input_of(&fields)?;
    let changed: Result<Version, AppError> = if wrong.is_empty() {
        peers::change(&web.app, &caller.actor, peer, seen(&fields), &input).await
    } else {
        Err(AppError::Invalid(wrong))
    };
    match changed {
        Ok(_) => Ok(see_other(&format!("{PEERS}/{peer}?gedaan=bewaard"))),
        Err(error) => again(&web, caller, form_of(&before, &choices), &fields, error).await,
    }
}
