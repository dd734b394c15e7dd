//! An account for each role, so that people can see what differs. Only where somebody asks for them.

use chrono::NaiveDate;
use kernschil_app::access::{NewUser, add_user, fresh_password};
use kernschil_app::{Actor, App};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{PartnershipId, SchoolId};
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::Round;
use kernschil_storage::{StorageError, access, registry, rounds};
use serde_json::{Value, json};

use crate::exit::Stop;
use crate::output::{Align, table};

/// The round whose people these are.
const ROUND: &str = "almere";

/// Somebody in a role.
pub(super) struct Account {
    role: Role,
    scope: String,
    email: String,
    /// Shown once, when the account is made.
    password: Option<String>,
}

/// Somebody who is to have an account.
struct Wanted {
    local: &'static str,
    role: Role,
    scopes: Vec<Scope>,
    words: String,
}

/// What is known of the example.
struct Example {
    registry: Registry,
    round: Round,
    /// Schools that offer places in the round.
    offering: Vec<SchoolId>,
}

/// The people of the example of Almere: who coordinates all its partnerships, and of one institute, one school and
/// its board; and two who have everything in scope.
fn wanted(example: &Example, today: NaiveDate) -> Option<[Wanted; 6]> {
    let Example { registry, round, offering } = example;
    let of_round = |id: &PartnershipId| round.partnerships.contains(id);
    let partnerships: Vec<_> = registry.partnerships.values().filter(|one| of_round(&one.id)).collect();
    let mut names: Vec<_> = partnerships.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    let memberships = registry.institute_memberships.iter().filter(|one| of_round(&one.partnership) && one.span.holds_on(today));
    let institute = memberships.filter_map(|one| registry.institutes.get(&one.institute)).min_by_key(|one| &one.brin)?;
    let school = offering.iter().filter_map(|id| registry.schools.get(id)).min_by_key(|one| &one.code)?;
    let board = registry.school_boards.get(&school.id)?.iter().find(|one| one.span.holds_on(today))?.board;
    let board_words = registry.boards.get(&board)?.label();
    let one = |local, role, scopes, words: &str| Wanted { local, role, scopes, words: words.to_owned() };
    let coordinated = partnerships.iter().map(|one| Scope::Partnership(one.id)).collect();
    Some([
        one("coordinator", Role::PartnershipCoordinator, coordinated, &names.join(", ")),
        one("pabo", Role::InstituteStaff, vec![Scope::Institute(institute.id)], &institute.name),
        one("schoolopleider", Role::SchoolTrainer, vec![Scope::School(school.id)], &school.name),
        one("bestuurder", Role::BoardMember, vec![Scope::Board(board)], &board_words),
        one("lezer", Role::Reader, vec![Scope::All], "alles"),
        one("beheerder", Role::Administrator, vec![Scope::All], "alles"),
    ])
}

async fn example(app: &App) -> Result<Option<Example>, StorageError> {
    app.store
        .read(async |tx| {
            let Some(round) = rounds::list(tx).await?.into_iter().find(|round| round.slug.starts_with(ROUND)) else { return Ok(None) };
            let offering = rounds::offering(tx).await?.into_iter().filter(|(id, _)| *id == round.id).map(|(_, school)| school).collect();
            Ok(Some(Example { registry: registry::load(tx).await?, round, offering }))
        })
        .await
}

/// Makes the accounts that are not there yet.
pub(super) async fn make(app: &App) -> Result<Vec<Account>, Stop> {
    let example = example(app).await?;
    let wanted = example.and_then(|example| wanted(&example, app.clock.today()));
    let wanted = wanted.ok_or_else(|| Stop::internal(&"the example of Almere is not what it was"))?;
    let mut made = Vec::new();
    for Wanted { local, role, scopes, words } in wanted {
        let email = format!("{local}@kernschil.nl");
        let known = app.store.read(async |tx| Ok::<_, StorageError>(access::user_by_email(tx, &email).await?.is_some())).await?;
        let password = if known { None } else { Some(add(app, &email, role, &scopes).await?) };
        made.push(Account { role, scope: words, email, password });
    }
    Ok(made)
}

async fn add(app: &App, email: &str, role: Role, scopes: &[Scope]) -> Result<String, Stop> {
    let password = fresh_password()?;
    let roles = scopes.iter().map(|scope| (role, *scope)).collect();
    let new = NewUser { email: email.to_owned(), name: format!("Demo {}", role.dutch()), password: password.clone(), roles };
    add_user(app, &Actor::CommandLine, new).await?;
    Ok(password)
}

/// The accounts as a table.
pub(super) fn in_words(accounts: &[Account]) -> String {
    let row = |account: &Account| {
        let password = account.password.clone().unwrap_or_else(|| "(van de eerste keer)".to_owned());
        vec![account.role.dutch().to_owned(), account.scope.clone(), account.email.clone(), password]
    };
    let rows: Vec<_> = accounts.iter().map(row).collect();
    let columns = [("Rol", Align::Left), ("Voor", Align::Left), ("E-mailadres", Align::Left), ("Wachtwoord", Align::Left)];
    let table = table(&columns, &rows);
    if accounts.iter().any(|account| account.password.is_some()) {
        format!("{table}\n(deze wachtwoorden ziet u maar één keer)")
    } else {
        table
    }
}

/// The same for a machine.
pub(super) fn in_json(accounts: &[Account]) -> Value {
    let account = |account: &Account| json!({ "role": account.role.code(), "scope": account.scope, "email": account.email, "password": account.password });
    accounts.iter().map(account).collect()
}
