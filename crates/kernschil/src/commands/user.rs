//! `kernschil user`: accounts and roles from the machine itself, with passwords that are never on the command line.

use std::io::{self, IsTerminal, Read};

use kernschil_app::access::{self, GrantMoment, NewGrant, NewInvitation, NewUser, UserRow, UserState};
use kernschil_app::{Actor, App, AppError};
use kernschil_credentials::passwords;
use kernschil_domain::access::{Role, Scope, ScopeKind};
use kernschil_domain::ids::UserId;
use serde_json::{Value, json};

use crate::cli::{User, UserAdd, UserInvite, UserReset, UserRole};
use crate::exit::{Stop, reason};
use crate::open::{Need, with};
use crate::output::{Align, Answer, table};
use crate::settings::Settings;

/// Who works at the command line may do everything.
const ACTOR: Actor = Actor::CommandLine;

/// Does what is asked of the accounts.
pub(crate) async fn run(settings: &Settings, user: User) -> Result<Answer, Stop> {
    match user {
        User::Add(user) => with(settings, Need::Any, async |app| add(app, user).await).await,
        User::Invite(user) => with(settings, Need::Any, async |app| invite(app, settings, user).await).await,
        User::Reset(user) => with(settings, Need::Existing, async |app| reset(app, user).await).await,
        User::List => with(settings, Need::Existing, async |app| Ok(listed(&access::list_users(app, &ACTOR).await?))).await,
        User::Role(user) => with(settings, Need::Existing, async |app| role(app, user).await).await,
    }
}

/// Makes the account.
async fn add(app: &App, user: UserAdd) -> Result<Answer, Stop> {
    let email = user.email.trim().to_lowercase();
    let mut roles = Vec::new();
    for text in &user.role {
        roles.push(read_role(app, text).await?);
    }
    let is_first = access::is_first_run(app).await?;
    if roles.is_empty() && is_first {
        roles = access::EVERYTHING.to_vec();
    }
    let hint = if roles.is_empty() {
        format!(" Het heeft nog geen rol en ziet dus niets. Geef er een met:\n  kernschil user role --email {email} --add ROL")
    } else {
        String::new()
    };
    let password = if user.password_stdin { from_input()? } else { asked()? };
    let new = NewUser { email: user.email, name: user.name, password, roles };
    let id = access::add_user(app, &ACTOR, new).await?;
    Ok(Answer::done(format!("Het account {email} is gemaakt.{hint}"), json!({ "id": id, "email": email })))
}

/// Invites somebody, or invites her again.
async fn invite(app: &App, settings: &Settings, user: UserInvite) -> Result<Answer, Stop> {
    let email = user.email.trim().to_lowercase();
    let mut grants = Vec::new();
    for text in &user.role {
        let (role, scope) = read_role(app, text).await?;
        grants.push(NewGrant { role, scope, from: None, until: None });
    }
    let invited = if let Some(id) = waiting(app, &email).await? {
        for grant in &grants {
            access::grant(app, &ACTOR, id, grant).await?;
        }
        access::invite_again(app, &ACTOR, id).await?
    } else {
        let name = user.name.ok_or_else(|| Stop::usage("verkeerd-gebruik", "Er ontbreekt: --name <NAAM>."))?;
        access::invite(app, &ACTOR, NewInvitation { email: user.email, name, grants }).await?
    };
    let mut text = format!("De uitnodiging aan {email} staat klaar en gaat weg zodra Kernschil draait.");
    let mut json = json!({ "id": invited.user, "email": email });
    if user.print_link || settings.keeps_mail() {
        text = format!("{text} De link werkt één keer, {} dagen lang:\n{}", access::INVITATION_DAYS, invited.link);
        json["link"] = json!(invited.link);
    }
    Ok(Answer::done(text, json))
}

/// The account with an address, when it waits for somebody who was invited.
async fn waiting(app: &App, email: &str) -> Result<Option<UserId>, Stop> {
    let users = access::list_users(app, &ACTOR).await?;
    Ok(users.into_iter().find(|user| user.email == email && user.state == UserState::Invited).map(|user| user.id))
}

/// Makes a link to choose a new password with.
async fn reset(app: &App, user: UserReset) -> Result<Answer, Stop> {
    let id = find(app, &user.email).await?;
    let mut done = Vec::new();
    if user.second_factor {
        match access::reset_second_factor(app, &ACTOR, id).await {
            Ok(()) => done.push("De tweede factor staat uit."),
            Err(AppError::Conflict { code: "geen-tweede-factor", .. }) => done.push("Dit account had geen tweede factor."),
            Err(error) => return Err(error.into()),
        }
    }
    let link = access::send_reset(app, &ACTOR, id).await?;
    done.push("Met deze link kiest de gebruiker een nieuw wachtwoord. Hij werkt één keer, een uur lang, en gaat ook per mail:");
    Ok(Answer::done(format!("{}\n{link}", done.join("\n")), json!({ "id": id, "link": link })))
}

/// Grants and ends roles.
async fn role(app: &App, user: UserRole) -> Result<Answer, Stop> {
    if user.add.is_empty() && user.end.is_empty() {
        return Err(Stop::usage("verkeerd-gebruik", "Er staat geen rol. Noem er een met --add of --end."));
    }
    let id = find(app, &user.email).await?;
    for text in &user.add {
        let (role, scope) = read_role(app, text).await?;
        access::grant(app, &ACTOR, id, &NewGrant { role, scope, from: None, until: None }).await?;
    }
    for text in &user.end {
        let (role, scope) = read_role(app, text).await?;
        let view = access::get_user(app, &ACTOR, id).await?;
        let is_that = |grant: &&access::GrantView| (grant.role, grant.scope) == (role, scope) && grant.moment != GrantMoment::Past;
        let grant = view.row.grants.iter().find(is_that);
        let grant = grant.ok_or_else(|| Stop::usage("rol-onbekend", format!("Dit account heeft de rol \"{text}\" niet.")))?;
        access::end_grant(app, &ACTOR, id, grant.id, None).await?;
    }
    let view = access::get_user(app, &ACTOR, id).await?;
    let roles = roles(&view.row);
    let text = if roles.is_empty() { "Dit account heeft nu geen rol.".to_owned() } else { format!("Rollen: {}", roles.join("; ")) };
    Ok(Answer::done(text, json!({ "id": id, "roles": roles })))
}

async fn find(app: &App, email: &str) -> Result<UserId, Stop> {
    access::find_user(app, &ACTOR, email).await.map_err(|error| match error {
        AppError::NotFound => {
            let message = format!("Er is geen account met het adres {}. Kijk met: kernschil user list", email.trim());
            Stop::usage("account-onbekend", message)
        }
        error => error.into(),
    })
}

/// Roles that hold, in words.
fn roles(user: &UserRow) -> Vec<String> {
    user.grants.iter().filter(|grant| grant.moment == GrantMoment::Now).map(|grant| grant.words.clone()).collect()
}

fn listed(users: &[UserRow]) -> Answer {
    let shown: Vec<_> = users.iter().filter(|user| user.state != UserState::Removed).collect();
    let columns = [("Naam", Align::Left), ("E-mailadres", Align::Left), ("Stand", Align::Left), ("Rollen", Align::Left)];
    let row = |user: &&UserRow| vec![user.name.clone(), user.email.clone(), user.state.dutch().to_owned(), roles(user).join("; ")];
    let rows: Vec<_> = shown.iter().map(row).collect();
    let text = if rows.is_empty() { "Er zijn nog geen accounts.".to_owned() } else { table(&columns, &rows) };
    let as_json = |user: &&UserRow| -> Value {
        json!({ "id": user.id, "name": user.name, "email": user.email, "state": user.state.code(), "roles": roles(user) })
    };
    Answer::done(text, json!({ "users": shown.iter().map(as_json).collect::<Vec<_>>() }))
}

/// Reads `ROL` or `ROL:SOORT:WELKE`.
async fn read_role(app: &App, text: &str) -> Result<(Role, Scope), Stop> {
    let (role, kind, called) = parts(text)?;
    Ok((role, access::find_scope(app, &ACTOR, kind, called).await?))
}

/// The parts of a role as it is typed. A role alone is for everything, where it can be.
fn parts(text: &str) -> Result<(Role, ScopeKind, &str), Stop> {
    let wrong = |message: String| Stop::usage("rol-onbekend", message);
    let mut words = text.splitn(3, ':').map(str::trim);
    let name = words.next().unwrap_or_default();
    let role = Role::parse(name).ok_or_else(|| wrong(format!("De rol \"{name}\" bestaat niet. Uitleg: kernschil user add --help")))?;
    let kinds: Vec<_> = role.scopes().iter().map(|kind| kind.dutch()).collect();
    let kinds = kinds.join(" of ");
    let Some(kind) = words.next() else {
        return if role.scopes().contains(&ScopeKind::All) {
            Ok((role, ScopeKind::All, ""))
        } else {
            Err(wrong(format!("Zeg waarvoor de rol {role} is: {name}:SOORT:WELKE, met als soort {kinds}.")))
        };
    };
    let known = ScopeKind::parse(kind).filter(|kind| role.scopes().contains(kind));
    let kind = known.ok_or_else(|| wrong(format!("De rol {role} bestaat niet voor \"{kind}\". Kies uit: {kinds}.")))?;
    match words.next().filter(|called| !called.is_empty()) {
        None if kind != ScopeKind::All => Err(wrong(format!("Zeg welke {kind} u bedoelt: {name}:{kind}:WELKE."))),
        called => Ok((role, kind, called.unwrap_or_default())),
    }
}

/// The first line of standard input.
fn from_input() -> Result<String, Stop> {
    let mut text = String::new();
    let most = u64::try_from(passwords::MAX * 4 + 2).unwrap_or(u64::MAX);
    let read = io::stdin().take(most).read_to_string(&mut text);
    read.map_err(|error| Stop::outside("wachtwoord-onleesbaar", format!("Het wachtwoord is niet te lezen: {}.", reason(&error))))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Asks for it twice, without showing it.
fn asked() -> Result<String, Stop> {
    if !io::stdin().is_terminal() {
        let message = "Er is geen toetsenbord om het wachtwoord te vragen. Geef het op de standaardinvoer, met --password-stdin.";
        return Err(Stop::usage("geen-toetsenbord", message));
    }
    let ask = |question: &str| {
        let answer = rpassword::prompt_password(question);
        answer.map_err(|error| Stop::outside("wachtwoord-onleesbaar", format!("Het wachtwoord is niet te lezen: {}.", reason(&error))))
    };
    let password = ask("Wachtwoord (minstens 12 tekens): ")?;
    if ask("Nog een keer: ")? == password {
        Ok(password)
    } else {
        Err(Stop::usage("wachtwoord-ongelijk", "De twee wachtwoorden zijn niet gelijk. Probeer het opnieuw."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_role_is_typed_in_dutch_or_by_its_code() {
        assert_eq!(parts("beheerder").unwrap(), (Role::Administrator, ScopeKind::All, ""));
        assert_eq!(parts("regiocoordinator:alles").unwrap(), (Role::RegionCoordinator, ScopeKind::All, ""));
        let almere = parts("partnerschapscoordinator:partnerschap:Almere: samen opleiden").unwrap();
        assert_eq!(almere, (Role::PartnershipCoordinator, ScopeKind::Partnership, "Almere: samen opleiden"));
        assert_eq!(parts("school-trainer:cluster:12").unwrap(), (Role::SchoolTrainer, ScopeKind::Trainer, "12"));
    }

    #[test]
    fn what_is_not_clear_is_asked_for() {
        for (text, part) in [
            ("baas", "De rol \"baas\" bestaat niet."),
            ("schoolopleider", "met als soort school of cluster van een opleider."),
            ("schoolopleider:regio:Almere", "De rol schoolopleider bestaat niet voor \"regio\"."),
            ("schoolopleider:school", "Zeg welke school u bedoelt"),
            ("beheerder:regio:Almere", "Kies uit: alles."),
        ] {
            let stop = parts(text).unwrap_err();
            assert_eq!((stop.exit, stop.code.as_str()), (Exit::Usage, "rol-onbekend"), "{text}");
            assert!(stop.message.contains(part), "{}", stop.message);
        }
    }
}
