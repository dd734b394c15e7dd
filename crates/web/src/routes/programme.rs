//! The programme of the visit day.

use kernschil_app::AppError;
use kernschil_app::reviews::programme::{self, NewItem, Programme};
use kernschil_domain::ids::{MemberId, ProgrammeItemId};
use kernschil_domain::periods::dutch_day;
use kernschil_domain::reviews::{Collision, Overlap, ProgrammeItem, ReviewMember};
use kernschil_http::{Caller, Failure};
use poem::Response;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::reflection::{dossier, seen};
use super::support::{Answer, done, field_errors, html_with, id, problem, see_other};
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::components::text::listed;
use crate::views::programme::{ItemForm, MemberChoice, ProgrammeLine, ProgrammeView, programme_item_page, programme_page};

/// Names of the fields of the form, by those of the use case.
const FIELDS: [(&str, &str); 6] =
    [("startsAt", "begin"), ("endsAt", "eind"), ("title", "titel"), ("room", "ruimte"), ("audience", "metwie"), ("members", "lid")];

fn member_name(member: &ReviewMember) -> String {
    format!("{} ({})", member.name, member.role.dutch())
}

fn members(programme: &Programme, item: &ProgrammeItem) -> String {
    if item.members.is_empty() {
        return "hele panel".to_owned();
    }
    let names: Vec<_> =
        programme.panel.iter().filter(|member| item.members.contains(&member.id)).map(|member| member.name.clone()).collect();
    if names.is_empty() { "niemand meer".to_owned() } else { listed(&names) }
}

fn line(programme: &Programme, item: &ProgrammeItem) -> ProgrammeLine {
    ProgrammeLine {
        id: item.id.to_string(),
        time: format!("{} – {}", item.starts_at.format("%H.%M"), item.ends_at.format("%H.%M")),
        title: item.title.clone(),
        room: item.room.clone(),
        audience: item.audience.clone(),
        members: members(programme, item),
        version: item.version.0.to_string(),
    }
}

fn collision(programme: &Programme, overlap: &Overlap) -> String {
    let title = |id: ProgrammeItemId| programme.items.iter().find(|item| item.id == id).map_or("", |item| item.title.as_str());
    let what = match overlap.what {
        Collision::Room => "in dezelfde ruimte",
        Collision::Members => "met dezelfde mensen van het panel",
    };
    format!("“{}” en “{}” zijn tegelijk, {what}.", title(overlap.first), title(overlap.second))
}

fn choices(programme: &Programme, chosen: &[MemberId]) -> Vec<MemberChoice> {
    let choice = |member: &ReviewMember| MemberChoice {
        id: member.id.to_string(),
        name: member_name(member),
        is_chosen: chosen.contains(&member.id),
    };
    programme.panel.iter().map(choice).collect()
}

fn form(programme: &Programme, filled: NewItem) -> ItemForm {
    ItemForm {
        members: choices(programme, &filled.members),
        starts_at: filled.starts_at,
        ends_at: filled.ends_at,
        title: filled.title,
        room: filled.room,
        audience: filled.audience,
        errors: Vec::new(),
    }
}

/// What somebody filled in, and the version she saw.
fn filled(pairs: Vec<(String, String)>) -> Result<(NewItem, String), Failure> {
    let (mut new, mut version) = (NewItem::default(), String::new());
    for (name, value) in pairs {
        match name.as_str() {
            "begin" => new.starts_at = value,
            "eind" => new.ends_at = value,
            "titel" => new.title = value,
            "ruimte" => new.room = value,
            "metwie" => new.audience = value,
            "lid" => new.members.push(id(&value)?),
            "versie" => version = value,
            _ => {}
        }
    }
    Ok((new, version))
}

/// What a refusal means for a form: its status, and a message for what is not about a field.
fn refusal(error: AppError, form: &mut ItemForm) -> Result<(StatusCode, Option<String>), Failure> {
    match error {
        AppError::Invalid(errors) => {
            form.errors = field_errors(&errors, &FIELDS);
            Ok((StatusCode::BAD_REQUEST, None))
        }
        AppError::Conflict { message, .. } => Ok((StatusCode::CONFLICT, Some(message))),
        other => Err(other.into()),
    }
}

async fn page(web: &Web, caller: &Caller, slug: &str, new: NewItem, refused: Option<AppError>, did: &str) -> Answer {
    let programme = programme::get(&web.app, &caller.actor, slug).await?;
    let mut form = form(&programme, new);
    let (status, message) = refused.map_or(Ok((StatusCode::OK, None)), |error| refusal(error, &mut form))?;
    let view = ProgrammeView {
        dossier: dossier(&programme.review),
        day: programme.review.visit_on.map(dutch_day).unwrap_or_default(),
        lines: programme.items.iter().map(|item| line(&programme, item)).collect(),
        collisions: programme.overlaps.iter().map(|overlap| collision(&programme, overlap)).collect(),
        form: programme.can_change.then_some(form),
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = if did == "bewaard" { Some(done("Het programma is bewaard.")) } else { message.map(problem) };
    Ok(html_with(status, programme_page(&frame, &view)))
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
}

/// The programme.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    page(&web, caller, &slug, NewItem::default(), None, &did.gedaan).await
}

fn back(slug: &str) -> Response {
    see_other(&format!("/peer-reviews/{slug}/programma?gedaan=bewaard"))
}

/// Adds a part.
#[handler]
pub(super) async fn add(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Answer {
    let (new, _) = filled(pairs)?;
    match programme::add(&web.app, &caller.actor, &slug, &new).await {
        Ok(_) => Ok(back(&slug)),
        Err(error) => page(&web, caller, &slug, new, Some(error), "").await,
    }
}

async fn item_page(
    web: &Web,
    caller: &Caller,
    (slug, item): (&str, &str),
    again: Option<(NewItem, String)>,
    refused: Option<AppError>,
) -> Answer {
    let programme = programme::get(&web.app, &caller.actor, slug).await?;
    let wanted: ProgrammeItemId = id(item)?;
    let found = programme.items.iter().find(|item| item.id == wanted && programme.can_change);
    let item = found.ok_or_else(|| Failure::from(AppError::NotFound))?;
    let stored = || NewItem {
        starts_at: item.starts_at.format("%H.%M").to_string(),
        ends_at: item.ends_at.format("%H.%M").to_string(),
        title: item.title.clone(),
        room: item.room.clone(),
        audience: item.audience.clone(),
        members: item.members.clone(),
    };
    let (new, version) = again.unwrap_or_else(|| (stored(), item.version.0.to_string()));
    let mut form = form(&programme, new);
    let (status, message) = refused.map_or(Ok((StatusCode::OK, None)), |error| refusal(error, &mut form))?;
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = message.map(problem);
    Ok(html_with(status, programme_item_page(&frame, &dossier(&programme.review), (&wanted.to_string(), &version), &form)))
}

/// The form to change a part.
#[handler]
pub(super) async fn edit(web: State<'_>, caller: &Caller, Path((slug, item)): Path<(String, String)>) -> Answer {
    item_page(&web, caller, (&slug, &item), None, None).await
}

/// Changes a part.
#[handler]
pub(super) async fn change(
    web: State<'_>,
    caller: &Caller,
    Path((slug, item)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let (new, version) = filled(pairs)?;
    match programme::change(&web.app, &caller.actor, &slug, (id(&item)?, seen(&version)), &new).await {
        Ok(()) => Ok(back(&slug)),
        Err(error) => item_page(&web, caller, (&slug, &item), Some((new, version)), Some(error)).await,
    }
}

/// Removes a part.
#[handler]
pub(super) async fn remove(
    web: State<'_>,
    caller: &Caller,
    Path((slug, item)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let (_, version) = filled(pairs)?;
    match programme::remove(&web.app, &caller.actor, &slug, (id(&item)?, seen(&version))).await {
        Ok(()) => Ok(back(&slug)),
        Err(error) => page(&web, caller, &slug, NewItem::default(), Some(error), "").await,
    }
}
