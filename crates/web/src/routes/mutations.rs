//! Changes after publication: the list, noting one, and searching the student it is about.

use std::cmp::Ordering;

use kernschil_app::AppError;
use kernschil_app::listing::search_key;
use kernschil_app::mutations::{self, MutationRow, NewMutation, Overview, Subjects};
use kernschil_domain::codes::Need;
use kernschil_domain::ids::{DemandId, SchoolId, Version};
use kernschil_domain::mutations::{MutationState, MutationSubject};
use kernschil_domain::rounds::Demand;
use kernschil_domain::steps::{RoundEvent, next};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::facets::facet_of;
use super::sheets::{sheet, text, words};
use super::support::{Answer, capital, field_errors, html, html_with, id, part, round_ref, see_other, size, workbook};
use super::words::when;
use super::{State, Web};
use crate::components::forms::{Choice, FieldError};
use crate::components::nav::NavItem;
use crate::components::status::Tone;
use crate::components::table::{Direction, Paging};
use crate::components::text::counted;
use crate::views::mutations::{
    DetailStep, Details, FoundStudent, KindStep, MutationFilter, MutationLine, MutationSort, MutationsView, Noting, StudentChoice,
    detail_step_page, kind_step_page, mutations_page,
};

/// Of a search for a student no more than these are shown.
const MOST_FOUND: usize = 20;

/// Code, words and explanation of what can happen.
const KINDS: [(&str, &str, &str); 6] = [
    (
        "places-withdrawn",
        "Een school trekt plekken in",
        "Wie daardoor geen plek meer heeft, krijgt een andere. Anderen blijven zo veel mogelijk waar zij zijn.",
    ),
    (
        "trainer-out",
        "Een opleider valt uit",
        "Zijn of haar studenten krijgen een andere opleider op dezelfde school. Is daar geen ruimte, dan verhuist er iemand.",
    ),
    ("student-stopped", "Een student stopt", "De plek komt vrij. Niemand anders verhuist."),
    (
        "student-late",
        "Een student komt later",
        "De student heeft alsnog een plek nodig. Is er geen plek die past, dan schuift er zo weinig mogelijk.",
    ),
    ("student-refused", "Een school weigert een student", "De student krijgt een andere school en komt niet meer op deze."),
    (
        "enrolment",
        "Er zijn meer studenten",
        "Iedereen zonder plek krijgt er een, als dat kan. Laad eerst het werkboek met de nieuwe studenten.",
    ),
];

/// The colour of how far it is.
pub(super) fn tone(state: MutationState) -> Tone {
    match state {
        MutationState::Noted => Tone::Signal,
        MutationState::Planned => Tone::Busy,
        MutationState::CarriedOut => Tone::Good,
        MutationState::Cancelled => Tone::Quiet,
    }
}

/// What came of it, in words.
fn outcome((moved, ended, placed): (usize, usize, usize)) -> String {
    let mut parts = Vec::new();
    if moved > 0 {
        parts.push(format!("{} verhuisd", counted(size(moved), "student", "studenten")));
    }
    if placed > 0 {
        parts.push(format!("{placed} geplaatst"));
    }
    if ended > 0 {
        parts.push(format!("{ended} zonder plek"));
    }
    if parts.is_empty() { "niemand verhuisd".to_owned() } else { parts.join(", ") }
}

struct Listed {
    overview: Overview,
    filter: MutationFilter,
}

impl Listed {
    fn passes(row: &MutationRow, kind: &str, state: &str) -> bool {
        (kind.is_empty() || row.subject.code() == kind) && (state.is_empty() || row.state.code() == state)
    }

    /// The rows that pass, in the order that is asked; they come the newest first.
    fn chosen(&self) -> Vec<&MutationRow> {
        let filter = &self.filter;
        let mut chosen: Vec<_> = self.overview.rows.iter().filter(|row| Self::passes(row, &filter.soort, &filter.stand)).collect();
        let order = |a: &MutationRow, b: &MutationRow| match filter.volgorde {
            MutationSort::Gemeld => Ordering::Equal,
            MutationSort::Soort => a.subject.dutch().cmp(b.subject.dutch()),
            MutationSort::Stand => a.state.cmp(&b.state),
        };
        chosen.sort_by(|a, b| order(a, b));
        if filter.richting == Direction::Down {
            chosen.reverse();
        }
        chosen
    }

    fn view(&self, web: &Web, search: String) -> MutationsView {
        let now = web.app.clock.now();
        let (rows, paging) = if search.is_empty() {
            part(self.chosen(), self.filter.pagina, self.filter.aantal)
        } else {
            let wanted = search_key(&search);
            let is_found = |row: &&MutationRow| wanted.split_whitespace().all(|word| search_key(&row.what).contains(word));
            let found: Vec<_> = self.overview.rows.iter().filter(is_found).collect();
            let paging = Paging { page: 1, per_page: 50, rows: size(found.len()) };
            (found, paging)
        };
        let all = &self.overview.rows;
        let kinds: Vec<_> = KINDS.iter().map(|(code, words, _)| (*code, *words)).collect();
        let states: Vec<_> = MutationState::ALL.iter().map(|state| (state.code(), state.dutch())).collect();
        MutationsView {
            round: round_ref(&self.overview.round),
            filter: self.filter.clone(),
            search,
            kinds: facet_of(all, &kinds, |row| Self::passes(row, "", &self.filter.stand), |row, code| row.subject.code() == code),
            states: facet_of(all, &states, |row| Self::passes(row, &self.filter.soort, ""), |row, code| row.state.code() == code),
            rows: rows.into_iter().map(|row| line(row, now)).collect(),
            paging,
            waiting: size(self.overview.waiting),
            noting: match next(self.overview.round.state, RoundEvent::Change) {
                Ok(_) => Noting::Open,
                Err(error) => Noting::Shut(format!("Een wijziging melden kan nu niet: {error}.")),
            },
        }
    }
}

fn line(row: &MutationRow, now: chrono::DateTime<chrono::Utc>) -> MutationLine {
    MutationLine {
        id: row.id.to_string(),
        what: row.what.clone(),
        kind: capital(row.subject.dutch()),
        state: (tone(row.state), row.state.dutch().to_owned()),
        noted: when(row.made_at, now),
        by: row.made_by.clone().unwrap_or_default(),
        outcome: row.outcome.map(outcome).unwrap_or_default(),
    }
}

async fn listed(web: &Web, caller: &Caller, slug: &str, filter: MutationFilter) -> Result<Listed, Failure> {
    Ok(Listed { overview: mutations::list(&web.app, &caller.actor, slug).await?, filter })
}

/// The list of mutations.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<MutationFilter>) -> Answer {
    let view = listed(&web, caller, &slug, filter).await?.view(&web, String::new());
    Ok(html(mutations_page(&web.frame_of(caller, NavItem::Mutations, &view.round), &view)))
}

/// What somebody looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SearchForm {
    zoek: String,
}

/// Mutations by what they are about.
#[handler]
pub(super) async fn find(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<SearchForm>) -> Answer {
    let view = listed(&web, caller, &slug, MutationFilter::default()).await?.view(&web, form.zoek.trim().to_owned());
    Ok(html(mutations_page(&web.frame_of(caller, NavItem::Mutations, &view.round), &view)))
}

/// The same list, all pages, as a workbook.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<MutationFilter>) -> Answer {
    let listed = listed(&web, caller, &slug, filter).await?;
    let now = web.app.clock.now();
    let cells = |row: &&MutationRow| {
        let line = line(row, now);
        vec![text(&line.what), text(&line.kind), text(&line.state.1), text(&line.noted), text(&line.by), text(&line.outcome)]
    };
    let rows: Vec<_> = listed.chosen().iter().map(cells).collect();
    let columns =
        vec![words("Wat", 60), words("Soort", 26), words("Stand", 16), words("Gemeld", 36), words("Door", 26), words("Gevolg", 40)];
    mutations::note_list_export(&web.app, &caller.actor, &slug, rows.len()).await?;
    let bytes = sheet("Wijzigingen", &format!("Wijzigingen, {}", listed.overview.round.name), columns, rows)?;
    Ok(workbook(&format!("{slug}-wijzigingen.xlsx"), bytes))
}

/// What was chosen so far.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct NewForm {
    soort: String,
    aanbod: String,
    over: String,
    opleider: String,
    vraag: String,
    notitie: String,
    zoek: String,
}

fn kind_step(web: &Web, caller: &Caller, subjects: &Subjects, errors: Vec<FieldError>) -> poem::Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let choice = |(code, words, hint): &(&str, &str, &str)| Choice {
        value: (*code).to_owned(),
        label: (*words).to_owned(),
        hint: (*hint).to_owned(),
    };
    let view = KindStep { round: round_ref(&subjects.data.round), kinds: KINDS.iter().map(choice).collect(), errors };
    html_with(status, kind_step_page(&web.frame_of(caller, NavItem::Mutations, &view.round), &view))
}

/// Whether this can have happened to a student now.
fn fits(subjects: &Subjects, kind: &str, demand: &Demand) -> bool {
    let has_place = subjects.data.placements.contains_key(&demand.id);
    match kind {
        "student-stopped" => demand.need == Need::Required,
        "student-late" => !has_place,
        _ => has_place,
    }
}

fn about(subjects: &Subjects, demand: &Demand) -> String {
    let data = &subjects.data;
    let number = data.students.get(&demand.student).map(|student| student.number.to_string()).unwrap_or_default();
    let phase = data.registry.phases.get(&demand.phase).map(|phase| phase.code.clone()).unwrap_or_default();
    let period = data.periods.get(&demand.period).map(|period| period.name.clone()).unwrap_or_default();
    let school = data.place_of(demand.id).and_then(|(_, offer)| data.registry.schools.get(&offer.school));
    let place = school.map_or("geen plek", |school| school.name.as_str());
    format!("{number} · {phase} · {period} · {place}")
}

fn student_choice(subjects: &Subjects, form: &NewForm) -> StudentChoice {
    let data = &subjects.data;
    let name = |demand: &Demand| data.students.get(&demand.student).map(kernschil_domain::cohorts::Student::list_name).unwrap_or_default();
    let chosen = id::<DemandId>(&form.vraag).ok().and_then(|id| data.demands.get(&id)).filter(|demand| fits(subjects, &form.soort, demand));
    let wanted = search_key(form.zoek.trim());
    let is_found = |demand: &&Demand| {
        let key = search_key(&format!("{} {}", name(demand), about(subjects, demand)));
        !wanted.is_empty() && wanted.split_whitespace().all(|word| key.contains(word)) && fits(subjects, &form.soort, demand)
    };
    let mut found: Vec<_> = data.demands.values().filter(is_found).collect();
    found.sort_by_cached_key(|demand| search_key(&name(demand)));
    let student = |demand: &Demand| FoundStudent { demand: demand.id.to_string(), name: name(demand), about: about(subjects, demand) };
    StudentChoice {
        search: form.zoek.trim().to_owned(),
        found: found.into_iter().take(MOST_FOUND).map(student).collect(),
        chosen: chosen.map(|demand| (demand.id.to_string(), format!("{}, {}", name(demand), about(subjects, demand)))),
    }
}

fn details(subjects: &Subjects, form: &NewForm) -> Details {
    match form.soort.as_str() {
        "places-withdrawn" => Details::Places {
            offers: subjects
                .offers
                .iter()
                .map(|choice| (choice.offer.to_string(), format!("{} ({} van {} bezet)", choice.label, choice.used, choice.count)))
                .collect(),
            offer: form.aanbod.clone(),
            left: form.over.clone(),
        },
        "trainer-out" => Details::Trainer {
            trainers: subjects
                .trainers
                .iter()
                .map(|choice| {
                    let students = counted(size(choice.students), "student", "studenten");
                    (choice.trainer.to_string(), format!("{}: {} ({students})", choice.name, choice.schools.join(", ")))
                })
                .collect(),
            trainer: form.opleider.clone(),
        },
        "enrolment" => Details::Nothing,
        _ => Details::Student(student_choice(subjects, form)),
    }
}

fn detail_step(web: &Web, caller: &Caller, subjects: &Subjects, form: &NewForm, errors: Vec<FieldError>) -> poem::Response {
    let Some((code, words, explanation)) = KINDS.iter().find(|(code, ..)| *code == form.soort) else {
        return kind_step(web, caller, subjects, vec![FieldError::new("soort", "Kies wat er is gebeurd.")]);
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let waiting = counted(size(subjects.waiting), "student heeft", "studenten hebben");
    let view = DetailStep {
        round: round_ref(&subjects.data.round),
        kind: (*code).to_owned(),
        kind_words: (*words).to_owned(),
        explanation: if *code == "enrolment" { format!("{explanation} Nu {waiting} nog geen plek.") } else { (*explanation).to_owned() },
        details: details(subjects, form),
        note: form.notitie.clone(),
        errors,
    };
    html_with(status, detail_step_page(&web.frame_of(caller, NavItem::Mutations, &view.round), &view))
}

/// Noting something: first what, then which school, trainer or student.
#[handler]
pub(super) async fn new_form(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(form): Query<NewForm>) -> Answer {
    let subjects = mutations::subjects(&web.app, &caller.actor, &slug).await?;
    if form.soort.is_empty() {
        return Ok(kind_step(&web, caller, &subjects, Vec::new()));
    }
    Ok(detail_step(&web, caller, &subjects, &NewForm { zoek: String::new(), ..form }, Vec::new()))
}

/// The same with students that were searched for.
#[handler]
pub(super) async fn find_student(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<NewForm>) -> Answer {
    let subjects = mutations::subjects(&web.app, &caller.actor, &slug).await?;
    Ok(detail_step(&web, caller, &subjects, &NewForm { vraag: String::new(), ..form }, Vec::new()))
}

/// What was filled in, or what is wrong with it.
fn subject(subjects: &Subjects, form: &NewForm) -> Result<MutationSubject, Vec<FieldError>> {
    let wrong = |field: &str, message: &str| vec![FieldError::new(field, message)];
    let demand = || id::<DemandId>(&form.vraag).map_err(|_| wrong("zoek", "Zoek en kies een student."));
    match form.soort.as_str() {
        "places-withdrawn" => {
            let mut errors = Vec::new();
            let offer = id(&form.aanbod).map_err(|_| errors.push(FieldError::new("aanbod", "Kies welke plekken."))).ok();
            let left = form.over.trim().parse::<i32>();
            let left = left.map_err(|_| errors.push(FieldError::new("over", "Vul een heel getal in, bijvoorbeeld 3."))).ok();
            offer.zip(left).map(|(offer, left)| MutationSubject::PlacesWithdrawn { offer, left }).ok_or(errors)
        }
        "trainer-out" => {
            let trainer = id(&form.opleider).map_err(|_| wrong("opleider", "Kies een opleider."))?;
            Ok(MutationSubject::TrainerOut { trainer })
        }
        "student-stopped" => Ok(MutationSubject::StudentStopped { demand: demand()? }),
        "student-late" => Ok(MutationSubject::StudentLate { demand: demand()? }),
        "student-refused" => {
            let demand = demand()?;
            let here: Option<SchoolId> = subjects.data.place_of(demand).map(|(_, offer)| offer.school);
            let school = here.ok_or_else(|| wrong("zoek", "Deze student heeft geen plek. Zoek een student met een plek."))?;
            Ok(MutationSubject::StudentRefused { demand, school })
        }
        "enrolment" => Ok(MutationSubject::Enrolment),
        _ => Err(wrong("soort", "Kies wat er is gebeurd.")),
    }
}

/// Notes what happened and has the plan made.
#[handler]
pub(super) async fn note(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<NewForm>) -> Answer {
    let subjects = mutations::subjects(&web.app, &caller.actor, &slug).await?;
    let subject = match subject(&subjects, &form) {
        Ok(subject) => subject,
        Err(errors) => return Ok(detail_step(&web, caller, &subjects, &form, errors)),
    };
    let new = NewMutation { subject, note: Some(form.notitie.clone()) };
    let id = match mutations::note(&web.app, &caller.actor, &slug, new).await {
        Ok(id) => id,
        Err(AppError::Invalid(errors)) => {
            return Ok(detail_step(&web, caller, &subjects, &form, field_errors(&errors, &[("left", "over"), ("note", "notitie")])));
        }
        Err(error) => return Err(error.into()),
    };
    match mutations::ask_plan(&web.app, &caller.actor, &slug, id, Version::FIRST).await {
        Ok(job) => Ok(see_other(&format!("/taken/{job}"))),
        // What was noted stands; its page says what is still to be done.
        Err(AppError::Conflict { .. }) => Ok(see_other(&format!("/rondes/{slug}/wijzigingen/{id}"))),
        Err(error) => Err(error.into()),
    }
}
