//! Who takes part in a review.

use kernschil_app::reviews::members::{self, AskAgain, MemberState, MemberView as AppMember, Members, NewMember};
use kernschil_app::reviews::{lasting, peers};
use kernschil_app::{AppError, FieldError};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::MemberId;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{MemberAnswer, ReviewRole};
use kernschil_http::Caller;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::super::support::{Answer, capital, done, field_errors, html_with, id, problem, see_other};
use super::super::{State, Web};
use super::{Fields, day, refused, review_ref, seen, shown, value};
use crate::components::forms::Choice;
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::status::Tone;
use crate::views::people::{AskForm, MemberRow, MembersView, OwnAnswer, members_page};

/// Where what is wrong stands in the form.
const NAMES: [(&str, &str); 3] = [("role", "rol"), ("name", "naam"), ("until", "tot")];

fn row(view: &AppMember) -> MemberRow {
    let tone = match view.state {
        MemberState::Agreed => Tone::Good,
        MemberState::Asked | MemberState::CameIn => Tone::Busy,
        MemberState::Declined => Tone::Quiet,
        MemberState::Ended => Tone::Signal,
    };
    let last = view.until.and_then(|until| until.pred_opt());
    let has_access = view.member.grant.is_some() && view.state != MemberState::Declined;
    MemberRow {
        id: view.member.id.to_string(),
        version: view.member.version.0.to_string(),
        name: view.member.name.clone(),
        email: view.member.email.clone(),
        role: view.member.role.code().to_owned(),
        role_words: capital(view.member.role.dutch()),
        state: (tone, view.state.dutch().to_owned()),
        until: last.map_or_else(|| "geen".to_owned(), dutch_date),
        until_day: has_access.then(|| shown(last)),
    }
}

fn own(list: &Members) -> Option<OwnAnswer> {
    let member = &list.members.iter().find(|view| Some(view.member.id) == list.own)?.member;
    Some(OwnAnswer {
        version: member.version.0.to_string(),
        role: member.role.dutch().to_owned(),
        agreed: member.answer == Some(MemberAnswer::Agreed),
    })
}

/// What the page shows besides the list itself.
#[derive(Default)]
struct Said {
    form: Option<AskForm>,
    flash: Option<Flash>,
    status: StatusCode,
}

/// What just happened, in words, by its code in the address after a form.
fn did(code: &str) -> Option<Flash> {
    Some(done(match code {
        "gevraagd" => "De uitnodiging gaat per mail weg.",
        "opnieuw" => "De nieuwe uitnodiging gaat per mail weg. Het antwoord van eerder telt niet meer.",
        "toegang" => "De toegang is gewijzigd. Daarover gaat een mail weg.",
        "weg" => {
            "Die persoon doet niet meer mee; daarover gaat een mail weg. Was dit niet de bedoeling? Vraag haar of hem hieronder opnieuw."
        }
        "antwoord" => "Uw antwoord is bewaard.",
        _ => return None,
    }))
}

async fn page(web: &Web, caller: &Caller, slug: &str, said: Said) -> Answer {
    let list = members::list(&web.app, &caller.actor, slug).await?;
    let mut pool = Vec::new();
    if list.manages && caller.actor.may(Permission::ManagePeers) {
        let today = web.app.clock.today();
        let (all, _) = peers::list(&web.app, &caller.actor).await?;
        pool = all
            .iter()
            .filter(|view| view.is_asked_on(today))
            .map(|view| (view.peer.id.to_string(), format!("{}, {}", view.peer.name, view.region)))
            .collect();
    }
    let empty = AskForm { role: ReviewRole::Member.code().to_owned(), until: shown(list.until.pred_opt()), ..AskForm::default() };
    let form =
        said.form.map(|form| AskForm { until: if form.until.is_empty() { empty.until.clone() } else { form.until.clone() }, ..form });
    let role = |role: &ReviewRole| Choice { value: role.code().to_owned(), label: capital(role.dutch()), hint: String::new() };
    let view = MembersView {
        review: review_ref(&list.review),
        rows: list.members.iter().map(row).collect(),
        own: own(&list),
        ask: list.manages.then(|| form.unwrap_or(empty)),
        roles: ReviewRole::ALL.iter().map(role).collect(),
        pool,
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = said.flash;
    Ok(html_with(said.status, members_page(&frame, &view)))
}

/// Whom the form is about when the page opens.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    peer: String,
    gedaan: String,
}

/// The people of a review.
#[handler]
pub(in super::super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let form = AskForm { role: ReviewRole::Member.code().to_owned(), peer: asked.peer, ..AskForm::default() };
    page(&web, caller, &slug, Said { form: Some(form), flash: did(&asked.gedaan), ..Said::default() }).await
}

fn back(slug: &str, did: &str) -> Response {
    see_other(&format!("{}?gedaan={did}", members::path(slug)))
}

fn unknown_role() -> FieldError {
    FieldError::new("role", "verplicht", "Kies een rol.")
}

/// Asks somebody.
#[handler]
pub(in super::super) async fn ask(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let mut wrong = Vec::new();
    let last = day(&fields, "tot", "until", &mut wrong);
    let role = ReviewRole::parse(value(&fields, "rol"));
    if role.is_none() {
        wrong.push(unknown_role());
    }
    let peer = match value(&fields, "peer") {
        "" => None,
        text => Some(id(text)?),
    };
    let new = NewMember {
        role: role.unwrap_or(ReviewRole::Member),
        peer,
        name: value(&fields, "naam").to_owned(),
        email: value(&fields, "email").to_owned(),
        until: last.and_then(|day| day.succ_opt()),
    };
    let asked = if wrong.is_empty() { members::ask(&web.app, &caller.actor, &slug, &new).await } else { Err(AppError::Invalid(wrong)) };
    let Err(error) = asked else { return Ok(back(&slug, "gevraagd")) };
    let refused = refused(error)?;
    let form = AskForm {
        role: value(&fields, "rol").to_owned(),
        peer: value(&fields, "peer").to_owned(),
        name: new.name,
        email: new.email,
        until: value(&fields, "tot").to_owned(),
        errors: field_errors(&refused.errors, &NAMES),
    };
    page(&web, caller, &slug, Said { form: Some(form), flash: refused.message.map(problem), status: refused.status }).await
}

/// Goes back to the page, or says on it why not.
async fn after<T>(web: &Web, caller: &Caller, slug: &str, done: Result<T, AppError>, did: &str) -> Answer {
    let Err(error) = done else { return Ok(back(slug, did)) };
    let refused = refused(error)?;
    let words: Vec<_> = refused.errors.into_iter().map(|error| error.message).collect();
    let message = refused.message.or_else(|| (!words.is_empty()).then(|| words.join(" ")));
    page(web, caller, slug, Said { form: None, flash: message.map(problem), status: refused.status }).await
}

/// Asks somebody again, maybe for another role.
#[handler]
pub(in super::super) async fn again(
    web: State<'_>,
    caller: &Caller,
    Path((slug, member)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let member: MemberId = id(&member)?;
    let done = match ReviewRole::parse(value(&fields, "rol")) {
        Some(role) => members::ask_again(&web.app, &caller.actor, &slug, member, seen(&fields), AskAgain { role, until: None }).await,
        None => Err(AppError::Invalid(vec![unknown_role()])),
    };
    after(&web, caller, &slug, done, "opnieuw").await
}

/// Gives somebody's access another last day.
#[handler]
pub(in super::super) async fn extend(
    web: State<'_>,
    caller: &Caller,
    Path((slug, member)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let member: MemberId = id(&member)?;
    let mut wrong = Vec::new();
    let last = day(&fields, "tot", "until", &mut wrong);
    let done = match last.and_then(|day| day.succ_opt()) {
        Some(until) => lasting::extend(&web.app, &caller.actor, &slug, member, seen(&fields), until).await,
        None if wrong.is_empty() => {
            let message = "Vul de laatste dag in waarop zij of hij erin kan.";
            Err(AppError::Invalid(vec![FieldError::new("until", "datum-ontbreekt", message)]))
        }
        None => Err(AppError::Invalid(wrong)),
    };
    after(&web, caller, &slug, done, "toegang").await
}

/// Takes somebody out of the review.
#[handler]
pub(in super::super) async fn withdraw(
    web: State<'_>,
    caller: &Caller,
    Path((slug, member)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let member: MemberId = id(&member)?;
    let done = members::withdraw(&web.app, &caller.actor, &slug, member, seen(&fields)).await;
    after(&web, caller, &slug, done, "weg").await
}

/// Says for oneself whether one takes part. Who declines cannot see the page any more, and goes to the start.
#[handler]
pub(in super::super) async fn answer_invitation(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(fields): Form<Fields>,
) -> Answer {
    let Some(answer) = MemberAnswer::parse(value(&fields, "antwoord")) else {
        return Err(AppError::Invalid(vec![FieldError::new("answer", "verplicht", "Kies of u meedoet.")]).into());
    };
    let done = members::answer(&web.app, &caller.actor, &slug, seen(&fields), answer).await;
    if done.is_ok() && answer == MemberAnswer::Declined {
        return Ok(see_other("/"));
    }
    after(&web, caller, &slug, done, "antwoord").await
}
