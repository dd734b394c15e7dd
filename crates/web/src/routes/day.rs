//! The visit day on a tablet. The page works as plain forms; the script keeps notes while there is no network.

use kernschil_app::AppError;
use kernschil_app::reviews::day::{self, NoteInput, NoteSaved, NoteWriting, VisitDay};
use kernschil_domain::ids::{DayNoteId, ProgrammeItemId};
use kernschil_domain::periods::dutch_day;
use kernschil_domain::reviews::{DayNote, ProgrammeItem};
use kernschil_http::{Caller, Failure};
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::reflection::{dossier, seen};
use super::support::{Answer, capital, done, field_errors, html_with, id, problem, see_other};
use super::words::when;
use super::{State, Web};
use crate::assets::DAY_WORKER;
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::text::listed;
use crate::views::day::{DayPart, DayView, FreshNote, NoteLine, Presence, day_page};

/// What somebody filled in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoteForm {
    notitie: String,
    onderdeel: String,
    versie: String,
    tekst: String,
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
}

fn place(item: &ProgrammeItem) -> String {
    let both = [item.room.as_str(), item.audience.as_str()];
    both.iter().copied().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" – ")
}

/// Who of the panel is at a part.
fn who(day: &VisitDay, item: &ProgrammeItem) -> (Presence, String) {
    if item.members.is_empty() {
        return (Presence::Here, "Het hele panel.".to_owned());
    }
    let others = item.members.iter().filter(|member| **member != day.member);
    let names: Vec<_> = others.filter_map(|member| day.panel.get(member).cloned()).collect();
    let presence = if item.members.contains(&day.member) { Presence::Here } else { Presence::Elsewhere };
    let words = match presence {
        _ if names.is_empty() => String::new(),
        Presence::Here => format!("Met {}.", listed(&names)),
        Presence::Elsewhere => format!("Wel: {}.", listed(&names)),
    };
    (presence, words)
}

fn part(web: &Web, day: &VisitDay, item: Option<&ProgrammeItem>, fresh: &DayNoteId) -> DayPart {
    let now = web.app.clock.now();
    let line = |note: &DayNote| NoteLine {
        id: note.id.to_string(),
        body: note.body.clone(),
        written: capital(&when(note.written_at, now)),
        version: note.version.0.to_string(),
    };
    // A note at a part that is not in the programme any more stands with what belongs to none.
    let known = |id: ProgrammeItemId| day.items.iter().any(|item| item.id == id);
    let is_here = |note: &&DayNote| note.item.filter(|id| known(*id)) == item.map(|item| item.id);
    DayPart {
        item: item.map(|item| item.id.to_string()).unwrap_or_default(),
        time: item.map(|item| format!("{} – {}", item.starts_at.format("%H.%M"), item.ends_at.format("%H.%M"))).unwrap_or_default(),
        title: item.map_or_else(|| "Algemeen".to_owned(), |item| item.title.clone()),
        place: item.map(place).unwrap_or_default(),
        who: item.map(|item| who(day, item)),
        notes: day.notes.iter().filter(is_here).map(line).collect(),
        fresh: FreshNote { id: fresh.to_string(), body: String::new() },
    }
}

fn day_view(web: &Web, day: &VisitDay) -> DayView {
    let items = day.items.iter().map(Some).chain([None]);
    DayView {
        dossier: dossier(&day.review),
        member: day.member.to_string(),
        day: day.review.held_on.or(day.review.visit_on).map(dutch_day).unwrap_or_default(),
        parts: items.zip(&day.fresh).map(|(item, fresh)| part(web, day, item, fresh)).collect(),
        is_open: day.writing == NoteWriting::Open,
        ..DayView::default()
    }
}

/// Puts what was sent back in its form, so that nothing of it is lost.
fn refill(view: &mut DayView, form: &NoteForm, errors: Vec<FieldError>) {
    (view.errors, view.refused) = (errors, form.notitie.clone());
    for part in &mut view.parts {
        if let Some(line) = part.notes.iter_mut().find(|line| line.id == form.notitie) {
            line.body.clone_from(&form.tekst);
            return;
        }
    }
    let at = view.parts.iter().position(|part| part.item == form.onderdeel).unwrap_or(view.parts.len().saturating_sub(1));
    if let Some(part) = view.parts.get_mut(at) {
        part.fresh = FreshNote { id: form.notitie.clone(), body: form.tekst.clone() };
    }
}

async fn answer(web: &Web, caller: &Caller, slug: &str, flash: Option<Flash>, refused: Option<(NoteForm, AppError)>) -> Answer {
    let mut view = day_view(web, &day::get(&web.app, &caller.actor, slug).await?);
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = flash;
    let mut status = StatusCode::OK;
    if let Some((form, error)) = refused {
        let errors = match error {
            AppError::Invalid(errors) => {
                status = StatusCode::BAD_REQUEST;
                field_errors(&errors, &[("body", "tekst")])
            }
            AppError::Conflict { message, .. } => {
                status = StatusCode::CONFLICT;
                frame.flash = Some(problem(message));
                Vec::new()
            }
            other => return Err(other.into()),
        };
        refill(&mut view, &form, errors);
    }
    Ok(html_with(status, day_page(&frame, &view)))
}

/// The programme with one's own notes.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    let flash = match did.gedaan.as_str() {
        "bewaard" => Some(done("De notitie is bewaard.")),
        "apart" => {
            Some(problem("Deze notitie is op een ander apparaat gewijzigd. Wat u schreef, staat er als aparte notitie bij.".to_owned()))
        }
        "weg" => Some(done("De notitie is weggehaald.")),
        _ => None,
    };
    answer(&web, caller, &slug, flash, None).await
}

/// Saves a note.
#[handler]
pub(super) async fn save(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<NoteForm>) -> Answer {
    let item = if form.onderdeel.is_empty() { None } else { Some(id(&form.onderdeel)?) };
    let input = NoteInput { item, body: form.tekst.clone(), written_at: None };
    let key = (id(&form.notitie)?, seen(&form.versie));
    let did = match day::save(&web.app, &caller.actor, &slug, key, &input).await {
        Ok(NoteSaved::Stored(_)) => "bewaard",
        Ok(NoteSaved::Beside { .. }) => "apart",
        Err(error @ (AppError::Invalid(_) | AppError::Conflict { .. })) => {
            return answer(&web, caller, &slug, None, Some((form, error))).await;
        }
        Err(error) => return Err(error.into()),
    };
    Ok(see_other(&format!("/peer-reviews/{slug}/dag?gedaan={did}")))
}

/// Removes a note.
#[handler]
pub(super) async fn remove(
    web: State<'_>,
    caller: &Caller,
    Path((slug, note)): Path<(String, String)>,
    Form(form): Form<NoteForm>,
) -> Answer {
    match day::remove(&web.app, &caller.actor, &slug, (id(&note)?, seen(&form.versie))).await {
        Ok(()) => Ok(see_other(&format!("/peer-reviews/{slug}/dag?gedaan=weg"))),
        Err(AppError::Conflict { message, .. }) => answer(&web, caller, &slug, Some(problem(message)), None).await,
        Err(error) => Err(error.into()),
    }
}

/// The script that opens the page while there is no network. Its address lies under that of the page, and the header lets
/// it serve the page itself.
#[handler]
pub(super) async fn worker(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Result<Response, Failure> {
    day::get(&web.app, &caller.actor, &slug).await?;
    Ok(Response::builder()
        .content_type("text/javascript; charset=utf-8")
        .header("service-worker-allowed", format!("/peer-reviews/{slug}/dag"))
        .body(DAY_WORKER))
}
