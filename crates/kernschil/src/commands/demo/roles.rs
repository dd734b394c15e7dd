//! An account for each role, so that people can see what differs. Only where somebody asks for them.

use kernschil_app::access::{self, NewUser};
use kernschil_app::{Actor, App};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::registry::Registry;
use kernschil_storage::{StorageError, access as accounts, registry};
use serde_json::{Value, json};

use crate::exit::Stop;
use crate::output::{Align, table};

/// Part of the name of the partnership whose people these are.
const PARTNERSHIP: &str = "almere";

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
    scope: Scope,
    words: String,
}

/// The people of the example of Almere: its coordinator, and of one institute, one school and its board; and two who
/// have everything in scope.
fn wanted(registry: &Registry, today: chrono::NaiveDate) -> Option<[Wanted; 6]> {
    let partnership = registry.partnerships.values().find(|one| one.name.to_lowercase().contains(PARTNERSHIP))?;
    let memberships = registry.institute_memberships.iter().filter(|one| one.partnership == partnership.id && one.span.holds_on(today));
    let institute = memberships.filter_map(|one| registry.institutes.get(&one.institute)).min_by_key(|one| &one.brin)?;
    let takes_part = |school: &&kernschil_domain::registry::School| {
        let memberships = registry.school_memberships.get(&school.id).map(Vec::as_slice).unwrap_or_default();
        memberships.iter().any(|one| one.partnership == partnership.id && one.span.holds_on(today))
    };
    let school = registry.schools.values().filter(takes_part).min_by_key(|one| &one.code)?;
    let board = registry.school_boards.get(&school.id)?.iter().find(|one| one.span.holds_on(today))?.board;
    let board_words = registry.boards.get(&board)?.label();
    let one = |local, role, scope, words: &str| Wanted { local, role, scope, words: words.to_owned() };
    Some([
        one("coordinator", Role::PartnershipCoordinator, Scope::Partnership(partnership.id), &partnership.name),
        one("pabo", Role::InstituteStaff, Scope::Institute(institute.id), &institute.name),
        one("schoolopleider", Role::SchoolTrainer, Scope::School(school.id), &school.name),
        one("bestuurder", Role::BoardMember, Scope::Board(board), &board_words),
        one("lezer", Role::Reader, Scope::All, "alles"),
        one("beheerder", Role::Administrator, Scope::All, "alles"),
    ])
}

/// Makes the accounts that are not there yet.
pub(super) async fn make(app: &App) -> Result<Vec<Account>, Stop> {
    let registry = app.store.read(async |tx| registry::load(tx).await).await?;
    let wanted = wanted(&registry, app.clock.today()).ok_or_else(|| Stop::internal(&"the example of Almere is not what it was"))?;
    let mut made = Vec::new();
    for Wanted { local, role, scope, words } in wanted {
        let email = format!("{local}@kernschil.nl");
        let known = app.store.read(async |tx| Ok::<_, StorageError>(accounts::user_by_email(tx, &email).await?.is_some())).await?;
        let password = if known {
            None
        } else {
            let password = access::fresh_password()?;
            let name = format!("Demo {}", role.dutch());
            let new = NewUser { email: email.clone(), name, password: password.clone(), roles: vec![(role, scope)] };
            access::add_user(app, &Actor::CommandLine, new).await?;
            Some(password)
        };
        made.push(Account { role, scope: words, email, password });
    }
    Ok(made)
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
