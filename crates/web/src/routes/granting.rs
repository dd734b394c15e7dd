//! Giving somebody a role, and inviting somebody: in two steps, so that it works without a script.

use kernschil_app::AppError;
use kernschil_app::access::{self, NewGrant, NewInvitation};
use kernschil_domain::access::{Role, ScopeKind};
use kernschil_domain::ids::UserId;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::support::{Answer, capital, field_errors, html_with, id, see_other, size};
use super::users::{address, date, name_of};
use super::{State, Web};
use crate::components::forms::{Choice, FieldError};
use crate::components::nav::NavItem;
use crate::views::granting::{GrantFor, RoleStep, ScopeList, ScopeStep, role_step_page, scope_step_page};

/// What the first step calls no role at all.
const NO_ROLE: &str = "geen";

/// A role for a kind of thing, as the first step calls it: `school-trainer.school`.
type Kind = (Role, ScopeKind);

fn code((role, kind): Kind) -> String {
    format!("{}.{}", role.code(), kind.code())
}

fn kind(code: &str) -> Option<Kind> {
    offered().into_iter().find(|kind| self::code(*kind) == code)
}

/// Every role for every kind of thing there can be; there are no peer reviews yet.
fn offered() -> Vec<Kind> {
    let kinds = |role: Role| role.scopes().iter().map(move |kind| (role, *kind));
    Role::ALL.iter().copied().flat_map(kinds).filter(|(_, kind)| *kind != ScopeKind::Review).collect()
}

/// `schoolopleider van een school`
fn words((role, kind): Kind) -> String {
    match (role, kind) {
        (Role::Administrator, _) => role.dutch().to_owned(),
        (Role::RegionCoordinator, ScopeKind::All) => format!("{} van alle regio's", role.dutch()),
        (_, ScopeKind::All) => format!("{} van alles", role.dutch()),
        (_, ScopeKind::Trainer) => format!("{} van het cluster van een opleider", role.dutch()),
        (_, kind) => format!("{} van een {}", role.dutch(), kind.dutch()),
    }
}

fn choices(whom: &GrantFor) -> Vec<Choice> {
    let choice = |kind: Kind| Choice { value: code(kind), label: capital(&words(kind)), hint: super::policy::what(kind.0).to_owned() };
    let mut choices: Vec<_> = offered().into_iter().map(choice).collect();
    if *whom == GrantFor::Guest {
        let hint = "De gebruiker kan inloggen maar ziet niets tot er een rol is.".to_owned();
        choices.push(Choice { value: NO_ROLE.to_owned(), label: "Nog geen rol".to_owned(), hint });
    }
    choices
}

/// What was asked in the first step.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ask {
    rol: Option<String>,
    zoek: String,
}

/// What was filled in in the second step.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct GrantForm {
    rol: String,
    zoek: String,
    bereik: String,
    vanaf: String,
    tot: String,
    name: String,
    email: String,
}

async fn step_one(web: &Web, caller: &Caller, whom: GrantFor, errors: Vec<FieldError>) -> Answer {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let view = RoleStep { roles: choices(&whom), whom, errors };
    Ok(html_with(status, role_step_page(&web.frame(caller, NavItem::Users).await?, &view)))
}

/// Both steps: which one depends on whether there is a role yet.
async fn steps(web: &Web, caller: &Caller, whom: GrantFor, ask: Ask) -> Answer {
    let chosen = match ask.rol.as_deref() {
        None => return step_one(web, caller, whom, Vec::new()).await,
        Some(NO_ROLE) if whom == GrantFor::Guest => None,
        Some(code) => match kind(code) {
            Some(kind) => Some(kind),
            None => return step_one(web, caller, whom, vec![FieldError::new("rol", "Kies een rol.")]).await,
        },
    };
    let from = web.app.clock.today().to_string();
    let form = GrantForm { rol: ask.rol.unwrap_or_default(), zoek: ask.zoek, vanaf: from, ..GrantForm::default() };
    step_two(web, caller, whom, chosen, form, Vec::new()).await
}

async fn scopes(web: &Web, caller: &Caller, kind: ScopeKind, search: &str) -> Result<Option<ScopeList>, Failure> {
    if kind == ScopeKind::All {
        return Ok(None);
    }
    let found = access::scope_choices(&web.app, &caller.actor, kind, search).await?;
    let option = |choice: access::ScopeChoice| Some((choice.scope.id()?.to_string(), choice.name));
    let label = match kind {
        ScopeKind::Trainer => "Cluster van opleider".to_owned(),
        other => capital(other.dutch()),
    };
    let (total, options) = (size(found.total), found.rows.into_iter().filter_map(option).collect());
    Ok(Some(ScopeList { label, options, total, search: search.to_owned() }))
}

async fn step_two(web: &Web, caller: &Caller, whom: GrantFor, chosen: Option<Kind>, form: GrantForm, errors: Vec<FieldError>) -> Answer {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let scopes = match chosen {
        Some((_, kind)) => scopes(web, caller, kind, &form.zoek).await?,
        None => None,
    };
    let view = ScopeStep {
        whom,
        role: form.rol,
        role_words: chosen.map(words).unwrap_or_default(),
        scopes,
        scope: form.bereik,
        from: form.vanaf,
        through: form.tot,
        name: form.name,
        email: form.email,
        errors,
    };
    Ok(html_with(status, scope_step_page(&web.frame(caller, NavItem::Users).await?, &view)))
}

/// The role that was filled in, or what is wrong.
fn read((role, kind): Kind, form: &GrantForm) -> Result<NewGrant, Vec<FieldError>> {
    let mut errors = Vec::new();
    let scope = access::scope_of(kind, &form.bereik);
    if scope.is_none() {
        errors.push(FieldError::new("bereik", &format!("Kies waarvoor de rol is: welke {}.", kind.dutch())));
    }
    let mut read = |field: &str, text: &str| date(text).map_err(|message| errors.push(FieldError::new(field, message))).ok().flatten();
    let (from, through) = (read("vanaf", &form.vanaf), read("tot", &form.tot));
    match scope {
        // People name the last day; a role is stored up to the day after.
        Some(scope) if errors.is_empty() => Ok(NewGrant { role, scope, from, until: through.and_then(|day| day.succ_opt()) }),
        _ => Err(errors),
    }
}

/// Errors of the use cases at the fields of this form.
fn at_fields(errors: &[kernschil_app::FieldError], chosen: Option<Kind>) -> Vec<FieldError> {
    // Without a list to choose from, what is wrong with the role stands at the date.
    let scope = if chosen.is_some_and(|(_, kind)| kind == ScopeKind::All) { "vanaf" } else { "bereik" };
    field_errors(errors, &[("role", scope), ("scope", scope), ("from", "vanaf"), ("until", "tot")])
}

/// The steps for somebody who has an account.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(user): Path<String>, Query(ask): Query<Ask>) -> Answer {
    let user: UserId = id(&user)?;
    let name = name_of(&web.app, &caller.actor, user).await?;
    steps(&web, caller, GrantFor::User { id: user.to_string(), name }, ask).await
}

/// Grants a role.
#[handler]
pub(super) async fn grant(web: State<'_>, caller: &Caller, Path(user): Path<String>, Form(form): Form<GrantForm>) -> Answer {
    let user: UserId = id(&user)?;
    let name = name_of(&web.app, &caller.actor, user).await?;
    let whom = GrantFor::User { id: user.to_string(), name };
    let Some(chosen) = kind(&form.rol) else {
        return step_one(&web, caller, whom, vec![FieldError::new("rol", "Kies een rol.")]).await;
    };
    let errors = match read(chosen, &form) {
        Err(errors) => errors,
        Ok(new) => match access::grant(&web.app, &caller.actor, user, &new).await {
            Ok(_) => return Ok(see_other(&address(user, "rol"))),
            Err(AppError::Invalid(errors)) => at_fields(&errors, Some(chosen)),
            Err(error) => return Err(error.into()),
        },
    };
    step_two(&web, caller, whom, Some(chosen), form, errors).await
}

/// The steps for somebody who is invited.
#[handler]
pub(super) async fn invitation_form(web: State<'_>, caller: &Caller, Query(ask): Query<Ask>) -> Answer {
    steps(&web, caller, GrantFor::Guest, ask).await
}

/// Invites somebody.
#[handler]
pub(super) async fn invite(web: State<'_>, caller: &Caller, Form(form): Form<GrantForm>) -> Answer {
    let chosen = match kind(&form.rol) {
        None if form.rol != NO_ROLE => {
            return step_one(&web, caller, GrantFor::Guest, vec![FieldError::new("rol", "Kies een rol.")]).await;
        }
        chosen => chosen,
    };
    let errors = match chosen.map(|chosen| read(chosen, &form)).transpose() {
        Err(errors) => errors,
        Ok(new) => {
            let new = NewInvitation { email: form.email.clone(), name: form.name.clone(), grants: new.into_iter().collect() };
            match access::invite(&web.app, &caller.actor, new).await {
                Ok(invited) => return Ok(see_other(&address(invited.user, "uitgenodigd"))),
                Err(AppError::Invalid(errors)) => at_fields(&errors, chosen),
                Err(error) => return Err(error.into()),
            }
        }
    };
    step_two(&web, caller, GrantFor::Guest, chosen, form, errors).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_can_be_chosen_for_what_the_table_says() {
        let codes: Vec<_> = offered().into_iter().map(code).collect();
        assert_eq!(codes.len(), 12);
        assert!(codes.contains(&"region-coordinator.region".to_owned()) && codes.contains(&"reader.all".to_owned()));
        assert!(codes.iter().all(|code| kind(code).is_some() && !code.contains("review")));
        assert_eq!(kind("administrator.school"), None);
    }

    #[test]
    fn the_last_day_is_part_of_the_role() {
        let form = GrantForm { vanaf: "2026-08-01".to_owned(), tot: "31-7-2027".to_owned(), ..GrantForm::default() };
        let new = read((Role::Administrator, ScopeKind::All), &form).unwrap();
        assert_eq!((new.from.unwrap().to_string(), new.until.unwrap().to_string()), ("2026-08-01".to_owned(), "2027-08-01".to_owned()));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let form = GrantForm { vanaf: "gisteren".to_owned(), tot: "31-2-2027".to_owned(), ..GrantForm::default() };
        let errors = read((Role::SchoolTrainer, ScopeKind::School), &form).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["bereik", "vanaf", "tot"]);
    }
}
