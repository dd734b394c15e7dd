//! Follow-up of a review, and what was done with the one before.

use std::collections::HashMap;

use kernschil_app::AppError;
use kernschil_app::reviews::follow_up::{self, FollowUpDraft, FollowUpItem, FollowUpOrder, FollowUpQuery, FollowUps, Previous};
use kernschil_app::reviews::weighing::ToldFinding;
use kernschil_domain::frameworks::FrameworkContent;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::FollowUpStatus;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::reflection::{dossier, seen, title};
use super::support::{Answer, done, field_errors, html, html_with, id, problem, see_other, size, workbook};
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::components::text::{counted, listed};
use crate::components::url::href;
use crate::views::follow_up::{ActionView, FollowUpView, PreviousView, follow_up_page, previous_page};

/// Signs of a finding that stand for it in a list.
const GLANCE: usize = 80;

type Filled = HashMap<String, String>;

fn field(form: &Filled, name: &str) -> String {
    form.get(name).map(|value| value.trim().to_owned()).unwrap_or_default()
}

/// What somebody asks of the list, in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    zoek: String,
    stand: String,
    volgorde: String,
    gedaan: String,
}

impl Asked {
    /// What is no value of a filter asks for nothing.
    fn query(&self) -> FollowUpQuery {
        FollowUpQuery {
            status: FollowUpStatus::parse(&self.stand),
            text: Some(self.zoek.trim().to_owned()).filter(|text| !text.is_empty()),
            order: match self.volgorde.as_str() {
                "stand" => FollowUpOrder::Status,
                "onderdeel" => FollowUpOrder::Part,
                _ => FollowUpOrder::Due,
            },
        }
    }
}

fn about(content: &FrameworkContent, told: &ToldFinding) -> String {
    format!("{} {}", told.part.code(), title(content, &told.part))
}

/// A joint finding in a few words.
fn glance(content: &FrameworkContent, told: &ToldFinding) -> String {
    let text = told.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = if text.chars().count() > GLANCE { text.chars().take(GLANCE).chain(['…']).collect() } else { text };
    format!("{}, {}: {short}", about(content, told), told.kind.dutch())
}

fn action_view(content: &FrameworkContent, item: &FollowUpItem) -> ActionView {
    let action = &item.follow_up;
    ActionView {
        id: action.id.to_string(),
        finding: action.finding.map(|finding| finding.to_string()).unwrap_or_default(),
        finding_text: item.finding.as_ref().map(|joint| joint.text.clone()).unwrap_or_default(),
        about: item.finding.as_ref().map(|joint| about(content, joint)).unwrap_or_default(),
        text: action.text.clone(),
        owner: action.owner.clone(),
        due: action.due_on.map(|day| day.to_string()).unwrap_or_default(),
        due_words: action.due_on.map_or_else(|| "nog geen datum".to_owned(), dutch_date),
        status: action.status.code().to_owned(),
        late: match item.days_late {
            0 => String::new(),
            1 => "1 dag te laat".to_owned(),
            days => format!("{days} dagen te laat"),
        },
        result: action.result.clone(),
        version: action.version.0.to_string(),
    }
}

fn filled(form: &Filled) -> ActionView {
    ActionView {
        finding: field(form, "bevinding"),
        text: field(form, "actie"),
        owner: field(form, "wie"),
        due: field(form, "uiterlijk"),
        status: field(form, "stand"),
        result: field(form, "resultaat"),
        ..ActionView::default()
    }
}

fn draft(form: &Filled) -> Result<FollowUpDraft, Failure> {
    let finding = field(form, "bevinding");
    Ok(FollowUpDraft {
        finding: if finding.is_empty() { None } else { Some(id(&finding)?) },
        text: field(form, "actie"),
        owner: field(form, "wie"),
        // What is no day is missing, and the use case says so.
        due_on: field(form, "uiterlijk").parse().ok(),
        status: field(form, "stand"),
        result: field(form, "resultaat"),
    })
}

fn view(found: &FollowUps, asked: &Asked, (wrong, form): (&str, &Filled)) -> FollowUpView {
    let content = &found.content;
    let path = format!("/peer-reviews/{}/opvolging/werkboek.xlsx", found.review.slug);
    FollowUpView {
        dossier: dossier(&found.review),
        items: found.items.iter().map(|item| action_view(content, item)).collect(),
        total: found.total,
        status: asked.stand.clone(),
        text: asked.zoek.clone(),
        order: asked.volgorde.clone(),
        joint: found.joint.iter().map(|joint| (joint.id.to_string(), glance(content, joint))).collect(),
        can_change: found.can_change && found.locked.is_none(),
        locked: found.locked.clone().unwrap_or_default(),
        export_href: href(&path, &[("zoek", &asked.zoek), ("stand", &asked.stand), ("volgorde", &asked.volgorde)]),
        wrong: wrong.to_owned(),
        filled: filled(form),
        errors: Vec::new(),
    }
}

async fn page(web: &Web, caller: &Caller, slug: &str, asked: &Asked, (at, form): (&str, &Filled), refused: Option<AppError>) -> Answer {
    let found = follow_up::list(&web.app, &caller.actor, slug, &asked.query()).await?;
    let mut view = view(&found, asked, (at, form));
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = (asked.gedaan == "bewaard").then(|| done("De actie is bewaard."));
    let status = match refused {
        None => StatusCode::OK,
        Some(AppError::Invalid(errors)) => {
            let names = [
                ("finding", "bevinding"),
                ("text", "actie"),
                ("owner", "wie"),
                ("dueOn", "uiterlijk"),
                ("status", "stand"),
                ("result", "resultaat"),
            ];
            view.errors = field_errors(&errors, &names);
            StatusCode::BAD_REQUEST
        }
        Some(AppError::Conflict { message, .. }) => {
            frame.flash = Some(problem(format!("{message} Wat u invulde staat nog in het formulier, onder wat er nu staat.")));
            StatusCode::CONFLICT
        }
        Some(other) => return Err(other.into()),
    };
    Ok(html_with(status, follow_up_page(&frame, &view)))
}

/// The follow-ups.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Answer {
    page(&web, caller, &slug, &asked, ("", &Filled::new()), None).await
}

async fn answered<T>(web: &Web, caller: &Caller, slug: &str, (at, form): (&str, &Filled), outcome: Result<T, AppError>) -> Answer {
    match outcome {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/opvolging?gedaan=bewaard"))),
        Err(error) => page(web, caller, slug, &Asked::default(), (at, form), Some(error)).await,
    }
}

/// Adds a follow-up.
#[handler]
pub(super) async fn add(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Filled>) -> Answer {
    let added = follow_up::add(&web.app, &caller.actor, &slug, &draft(&form)?).await;
    answered(&web, caller, &slug, ("nieuw", &form), added).await
}

/// Changes a follow-up.
#[handler]
pub(super) async fn change(
    web: State<'_>,
    caller: &Caller,
    Path((slug, action)): Path<(String, String)>,
    Form(form): Form<Filled>,
) -> Answer {
    let key = (id(&action)?, seen(&field(&form, "versie")));
    let changed = follow_up::change(&web.app, &caller.actor, &slug, key, &draft(&form)?).await;
    answered(&web, caller, &slug, (&action, &form), changed).await
}

/// The follow-ups as a workbook.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let made = follow_up::workbook(&web.app, &caller.actor, &slug, &asked.query()).await?;
    Ok(workbook(&made.file_name, made.bytes))
}

/// How far the actions are, in a sentence.
pub(super) fn sentence(previous: &Previous) -> String {
    let count = |status: FollowUpStatus| size(previous.items.iter().filter(|item| item.follow_up.status == status).count());
    let told = |status: &FollowUpStatus| Some(count(*status)).filter(|count| *count > 0).map(|count| format!("{count} {}", status.dutch()));
    let parts: Vec<_> = FollowUpStatus::ALL.iter().filter_map(told).collect();
    if parts.is_empty() {
        return "Bij de vorige review staan geen acties.".to_owned();
    }
    format!("Bij de vorige review: {}; {}.", counted(size(previous.items.len()), "actie", "acties"), listed(&parts))
}

fn previous_view(found: &Previous) -> PreviousView {
    let group = |(safeguard, items): (Option<&kernschil_domain::frameworks::Safeguard>, Vec<&FollowUpItem>)| {
        let name = safeguard.map_or_else(|| "Niet bij een bevinding".to_owned(), |safeguard| safeguard.name.clone());
        (name, items.into_iter().map(|item| action_view(&found.content, item)).collect())
    };
    PreviousView {
        dossier: dossier(&found.review),
        name: found.previous.name.clone(),
        href: found.may_open.then(|| format!("/peer-reviews/{}", found.previous.slug)),
        held: found.previous.held_on.map(|day| format!("Het bezoek was op {}.", dutch_date(day))).unwrap_or_default(),
        sentence: sentence(found),
        groups: found.groups().into_iter().map(group).collect(),
    }
}

/// What was done with the review before this one.
#[handler]
pub(super) async fn show_previous(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let found = follow_up::previous(&web.app, &caller.actor, &slug).await?.ok_or(AppError::NotFound)?;
    Ok(html(previous_page(&web.frame(caller, NavItem::Reviews).await?, &previous_view(&found))))
}
