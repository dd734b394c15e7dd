//! Accounts: the list, one account, and what is done about it. Names never stand in an address, so searching is a form
//! that is posted.

use std::cmp::Ordering;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kernschil_app::access::{self, Entrance, GrantMoment, GrantView, SecondFactorUse, UserRow as AppRow, UserState, UserView as AppUser};
use kernschil_app::listing::search_key;
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::access::Role;
use kernschil_domain::ids::{GrantId, UserId};
use kernschil_domain::periods::{Span, dutch_date};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::facets::facet_of;
use super::support::{Answer, capital, done, html, html_with, id, part, problem, see_other, size, workbook};
use super::words::when;
use super::{State, Web, sheets};
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::status::Tone;
use crate::components::table::{Direction, Paging};
use crate::views::user::{GrantEnd, GrantRow, UserAction, UserView, user_page};
use crate::views::users::{PATH, UserFilter, UserRow, UserSort, UsersView, users_page};

/// Of a search no more than these are shown.
const MOST_FOUND: usize = 100;

/// A filter, to count what is left without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Role,
    State,
}

fn roles_now(row: &AppRow) -> impl Iterator<Item = &GrantView> {
    row.grants.iter().filter(|grant| grant.moment == GrantMoment::Now)
}

fn has_role(row: &AppRow, code: &str) -> bool {
    roles_now(row).any(|grant| grant.role.code() == code)
}

fn passes(row: &AppRow, filter: &UserFilter, except: Option<Field>) -> bool {
    let state = match (except == Some(Field::State), filter.stand.as_str()) {
        (true, _) => true,
        (false, "") => row.state != UserState::Removed,
        (false, code) => row.state.code() == code,
    };
    state && (filter.rol.is_empty() || except == Some(Field::Role) || has_role(row, &filter.rol))
}

fn order(by: UserSort, a: &AppRow, b: &AppRow) -> Ordering {
    let first_role = |row: &AppRow| roles_now(row).map(|grant| grant.role).min();
    match by {
        UserSort::Naam => Ordering::Equal,
        // Who has no role comes last.
        UserSort::Rol => (first_role(a).is_none(), first_role(a)).cmp(&(first_role(b).is_none(), first_role(b))),
        UserSort::Stand => a.state.cmp(&b.state),
        UserSort::Ingelogd => a.signed_in_at.cmp(&b.signed_in_at),
    }
}

/// The rows that pass, in the order that is asked; equal ones by name.
fn chosen<'r>(rows: &'r [AppRow], filter: &UserFilter) -> Vec<&'r AppRow> {
    let mut chosen: Vec<_> = rows.iter().filter(|row| passes(row, filter, None)).collect();
    chosen.sort_by_cached_key(|row| search_key(&row.name));
    match (filter.volgorde, filter.richting) {
        (UserSort::Naam, Direction::Up) => {}
        (UserSort::Naam, Direction::Down) => chosen.reverse(),
        (by, Direction::Up) => chosen.sort_by(|a, b| order(by, a, b)),
        (by, Direction::Down) => chosen.sort_by(|a, b| order(by, b, a)),
    }
    chosen
}

fn is_found(row: &AppRow, search: &str) -> bool {
    let wanted = search_key(search);
    let (name, email) = (search_key(&row.name), search_key(&row.email));
    wanted.split_whitespace().all(|word| name.contains(word) || email.contains(word))
}

fn state(state: UserState) -> (Tone, String) {
    let tone = match state {
        UserState::Active => Tone::Good,
        UserState::Invited => Tone::Busy,
        UserState::Blocked => Tone::Signal,
        UserState::Removed => Tone::Quiet,
    };
    (tone, state.dutch().to_owned())
}

fn moment_or(moment: Option<DateTime<Utc>>, now: DateTime<Utc>, otherwise: &str) -> String {
    moment.map_or_else(|| otherwise.to_owned(), |moment| when(moment, now))
}

pub(super) fn row(row: &AppRow, now: DateTime<Utc>) -> UserRow {
    UserRow {
        id: row.id.to_string(),
        name: row.name.clone(),
        email: row.email.clone(),
        roles: roles_now(row).map(|grant| grant.words.clone()).collect(),
        state: state(row.state),
        second_factor: second_factor(row.second_factor).to_owned(),
        signed_in: moment_or(row.signed_in_at, now, "nog nooit"),
    }
}

fn second_factor(used: SecondFactorUse) -> &'static str {
    match used {
        SecondFactorUse::On => "aan",
        SecondFactorUse::Off => "uit",
    }
}

fn view(rows: &[AppRow], filter: UserFilter, search: String, now: DateTime<Utc>) -> UsersView {
    let (shown, paging) = if search.is_empty() {
        part(chosen(rows, &filter), filter.pagina, filter.aantal)
    } else {
        let found: Vec<_> = rows.iter().filter(|row| row.state != UserState::Removed && is_found(row, &search)).collect();
        let paging = Paging { page: 1, per_page: size(MOST_FOUND), rows: size(found.len()) };
        (found.into_iter().take(MOST_FOUND).collect(), paging)
    };
    let roles: Vec<_> = Role::ALL.iter().map(|role| (role.code(), role.dutch())).collect();
    let states = UserState::ALL.map(|state| (state.code(), state.dutch()));
    UsersView {
        roles: facet_of(rows, &roles, |row| passes(row, &filter, Some(Field::Role)), has_role),
        states: facet_of(rows, &states, |row| passes(row, &filter, Some(Field::State)), |row, code| row.state.code() == code),
        rows: shown.into_iter().map(|user| row(user, now)).collect(),
        filter,
        search,
        paging,
    }
}

/// The list of accounts.
#[handler]
pub(super) async fn list(web: State<'_>, caller: &Caller, Query(filter): Query<UserFilter>) -> Answer {
    let rows = access::list_users(&web.app, &caller.actor).await?;
    let view = view(&rows, filter, String::new(), web.app.clock.now());
    Ok(html(users_page(&web.frame(caller, NavItem::Users).await?, &view)))
}

/// What somebody looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SearchForm {
    zoek: String,
}

/// Accounts by name or address.
#[handler]
pub(super) async fn find(web: State<'_>, caller: &Caller, Form(form): Form<SearchForm>) -> Answer {
    let rows = access::list_users(&web.app, &caller.actor).await?;
    let view = view(&rows, UserFilter::default(), form.zoek.trim().to_owned(), web.app.clock.now());
    Ok(html(users_page(&web.frame(caller, NavItem::Users).await?, &view)))
}

/// The same list, all pages, as a workbook.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Query(filter): Query<UserFilter>) -> Answer {
    let rows = access::list_users(&web.app, &caller.actor).await?;
    let now = web.app.clock.now();
    let rows: Vec<_> = chosen(&rows, &filter).into_iter().map(|user| row(user, now)).collect();
    let bytes = sheets::users(&rows)?;
    access::note_users_export(&web.app, &caller.actor, rows.len()).await?;
    Ok(workbook("gebruikers.xlsx", bytes))
}

/// From when until when, in words.
pub(super) fn dates(span: Span) -> String {
    let from = dutch_date(span.from);
    match span.until {
        _ if !span.is_ordered() => "nooit: ingetrokken voor het begin".to_owned(),
        None => format!("vanaf {from}"),
        Some(until) => format!("{from} tot en met {}", dutch_date(until.pred_opt().unwrap_or(until))),
    }
}

fn grant_row(grant: &GrantView, today: NaiveDate, state: UserState) -> GrantRow {
    let is_over = grant.span.until.is_some_and(|until| until <= today);
    let (tone, word) = match grant.moment {
        GrantMoment::Now => (Tone::Good, "geldt nu"),
        GrantMoment::Later => (Tone::Busy, "komt nog"),
        GrantMoment::Past => (Tone::Quiet, "voorbij"),
    };
    GrantRow {
        id: grant.id.to_string(),
        words: capital(&grant.words),
        dates: dates(grant.span),
        moment: (tone, word.to_owned()),
        end: if is_over || state == UserState::Removed { GrantEnd::Closed } else { GrantEnd::Open },
    }
}

/// What can be done about an account, of what would not be refused at once.
fn actions(user: &AppUser, actor: &Actor) -> Vec<UserAction> {
    use UserAction::{Block, Grant, Invite, Remove, Reset, SecondFactor, Unblock};
    let is_own = actor.user() == Some(user.row.id);
    let mut actions = match user.row.state {
        UserState::Removed => return Vec::new(),
        UserState::Invited => vec![Grant, Invite],
        UserState::Active if user.entrance == Entrance::Password => vec![Grant, Reset],
        UserState::Active => vec![Grant],
        UserState::Blocked => vec![Grant, Unblock],
    };
    if user.row.second_factor == SecondFactorUse::On {
        actions.push(SecondFactor);
    }
    if !is_own {
        if user.row.state != UserState::Blocked {
            actions.push(Block);
        }
        actions.push(Remove);
    }
    actions
}

fn facts(web: &Web, user: &AppUser, now: DateTime<Utc>) -> Vec<(String, String)> {
    let fact = |word: &str, what: String| (word.to_owned(), what);
    let providers: Vec<_> = user.providers.iter().map(|code| web.app.providers.name(code).to_owned()).collect();
    let entrance = match (user.entrance, providers.is_empty()) {
        (Entrance::Nothing, _) => "nog niet".to_owned(),
        (Entrance::Provider, _) => providers.join(", "),
        (Entrance::Password, true) => "wachtwoord".to_owned(),
        (Entrance::Password, false) => format!("wachtwoord, {}", providers.join(", ")),
    };
    let mut facts = vec![
        fact("Gemaakt", when(user.row.created_at, now)),
        fact("Laatst ingelogd", moment_or(user.row.signed_in_at, now, "nog nooit")),
        fact("Logt in met", entrance),
        fact("Tweede factor", second_factor(user.row.second_factor).to_owned()),
    ];
    for (word, count) in [("Open sessies", user.sessions), ("API-sleutels", user.tokens)] {
        if count > 0 {
            facts.push(fact(word, count.to_string()));
        }
    }
    facts
}

async fn page(web: &Web, caller: &Caller, user: UserId, status: StatusCode, flash: Option<Flash>) -> Answer {
    let (now, today) = (web.app.clock.now(), web.app.clock.today());
    let user = access::get_user(&web.app, &caller.actor, user).await?;
    let view = UserView {
        id: user.row.id.to_string(),
        name: user.row.name.clone(),
        email: user.row.email.clone(),
        state: state(user.row.state),
        facts: facts(web, &user, now),
        grants: user.row.grants.iter().map(|grant| grant_row(grant, today, user.row.state)).collect(),
        actions: actions(&user, &caller.actor),
        today: today.to_string(),
    };
    let mut frame = web.frame(caller, NavItem::Users).await?;
    frame.flash = flash;
    Ok(html_with(status, user_page(&frame, &view)))
}

/// What was just done, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    gedaan: String,
}

fn flash(code: &str) -> Option<Flash> {
    let text = match code {
        "rol" => "De rol is gegeven.",
        "rol-eind" => "Het einde van de rol is vastgelegd.",
        "uitgenodigd" => "De uitnodiging is onderweg. De link werkt één keer, een week lang.",
        "wachtwoord" => "Een link voor een nieuw wachtwoord is onderweg. Hij werkt één keer, een uur lang.",
        "tweede-factor" => "De tweede factor staat uit. De gebruiker heeft bericht gekregen.",
        "geblokkeerd" => "Het account is geblokkeerd. Wie ermee ingelogd was, is er meteen uit.",
        "gedeblokkeerd" => "De blokkade is opgeheven.",
        "verwijderd" => "Het account is verwijderd.",
        _ => return None,
    };
    Some(done(text))
}

/// The address of an account, with what was just done.
pub(super) fn address(user: UserId, done: &str) -> String {
    format!("{PATH}/{user}?gedaan={done}")
}

/// One account.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(user): Path<String>, Query(ask): Query<Ask>) -> Answer {
    page(&web, caller, id(&user)?, StatusCode::OK, flash(&ask.gedaan)).await
}

/// Back to the account: with what was done, or with why it was not.
async fn after<T>(web: &Web, caller: &Caller, user: UserId, done: &str, outcome: Result<T, AppError>) -> Answer {
    match outcome {
        Ok(_) => Ok(see_other(&address(user, done))),
        Err(error @ AppError::Conflict { .. }) => page(web, caller, user, StatusCode::CONFLICT, Some(problem(error.dutch()))).await,
        Err(error @ AppError::Invalid(_)) => page(web, caller, user, StatusCode::BAD_REQUEST, Some(problem(error.dutch()))).await,
        Err(error) => Err(error.into()),
    }
}

/// A date as a browser sends it, or as people write it; empty is none.
pub(super) fn date(text: &str) -> Result<Option<NaiveDate>, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let found = ["%Y-%m-%d", "%d-%m-%Y"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
    // A year has four digits: what is kept as text would be in another order.
    found
        .filter(|date| (1900..=9999).contains(&date.year()))
        .map(Some)
        .ok_or("Deze datum bestaat niet. Schrijf hem als dag-maand-jaar, zoals 1-9-2026.")
}

/// When a role ends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EndForm {
    per: String,
}

/// Ends a role.
#[handler]
pub(super) async fn end(web: State<'_>, caller: &Caller, Path((user, grant)): Path<(String, String)>, Form(form): Form<EndForm>) -> Answer {
    let (user, grant): (UserId, GrantId) = (id(&user)?, id(&grant)?);
    let outcome = match date(&form.per) {
        Ok(per) => access::end_grant(&web.app, &caller.actor, user, grant, per).await,
        Err(message) => return page(&web, caller, user, StatusCode::BAD_REQUEST, Some(problem(message.to_owned()))).await,
    };
    after(&web, caller, user, "rol-eind", outcome).await
}

/// Sends a new invitation.
#[handler]
pub(super) async fn invite_again(web: State<'_>, caller: &Caller, Path(user): Path<String>) -> Answer {
    let user = id(&user)?;
    let outcome = access::invite_again(&web.app, &caller.actor, user).await;
    after(&web, caller, user, "uitgenodigd", outcome).await
}

/// Sends a link to choose a new password.
#[handler]
pub(super) async fn reset(web: State<'_>, caller: &Caller, Path(user): Path<String>) -> Answer {
    let user = id(&user)?;
    let outcome = access::send_reset(&web.app, &caller.actor, user).await;
    after(&web, caller, user, "wachtwoord", outcome).await
}

/// Turns a second factor off.
#[handler]
pub(super) async fn reset_second_factor(web: State<'_>, caller: &Caller, Path(user): Path<String>) -> Answer {
    let user = id(&user)?;
    let outcome = access::reset_second_factor(&web.app, &caller.actor, user).await;
    after(&web, caller, user, "tweede-factor", outcome).await
}

/// Blocks an account.
#[handler]
pub(super) async fn block(web: State<'_>, caller: &Caller, Path(user): Path<String>) -> Answer {
    let user = id(&user)?;
    let outcome = access::block_user(&web.app, &caller.actor, user).await;
    after(&web, caller, user, "geblokkeerd", outcome).await
}

/// Lets an account in again.
#[handler]
pub(super) async fn unblock(web: State<'_>, caller: &Caller, Path(user): Path<String>) -> Answer {
    let user = id(&user)?;
    let outcome = access::unblock_user(&web.app, &caller.actor, user).await;
    after(&web, caller, user, "gedeblokkeerd", outcome).await
}

/// Removes an account.
#[handler]
pub(super) async fn remove(web: State<'_>, caller: &Caller, Path(user): Path<String>) -> Answer {
    let user = id(&user)?;
    let outcome = access::remove_user(&web.app, &caller.actor, user).await;
    after(&web, caller, user, "verwijderd", outcome).await
}

/// The name of an account, for a page about it.
pub(super) async fn name_of(app: &App, actor: &Actor, user: UserId) -> Result<String, Failure> {
    Ok(access::get_user(app, actor, user).await?.row.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_is_read_as_browsers_and_people_write_it() {
        assert_eq!(date("2026-09-01"), Ok(Some(day("2026-09-01"))));
        assert_eq!(date(" 1-9-2026 "), Ok(Some(day("2026-09-01"))));
        assert_eq!(date(""), Ok(None));
        assert!(["31-2-2026", "morgen", "1-1-99999", "1-1-26"].iter().all(|text| date(text).is_err()));
    }

    #[test]
    fn people_hear_the_last_day_itself() {
        let until = |until: &str| dates(Span { from: day("2026-08-01"), until: Some(day(until)) });
        assert_eq!(until("2027-08-01"), "1 augustus 2026 tot en met 31 juli 2027");
        assert_eq!(until("2026-08-01"), "nooit: ingetrokken voor het begin");
        assert_eq!(dates(Span::since(day("2026-08-01"))), "vanaf 1 augustus 2026");
    }
}
