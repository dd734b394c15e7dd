//! Each role x each API operation and each page x own, sibling's, foreign and missing: the answer is what the policy
//! table says. An operation or page that is not known here fails the test, so that none is forgotten.

mod fields;
mod leaks;
mod requests;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::access::{Permission, Role, ScopeKind, roles};
use kernschil_http::Door;
use kernschil_storage::Backend;

use crate::support::site::{Client, client};

use leaks::Students;
use requests::{Cell, Subject, api_cells, page_cells};
use world::{Relation, World};

/// What the policy table says about a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is done, or refused for a reason of its own; never 401, 403 or 404.
    Allowed,
    /// 403.
    Forbidden,
    /// 404, the same as for something that does not exist.
    NotFound,
}

/// The kind of scope that each role has in this world.
fn scope_of(role: Role) -> ScopeKind {
    match role {
        Role::Administrator => ScopeKind::All,
        Role::RegionCoordinator => ScopeKind::Region,
        Role::PartnershipCoordinator | Role::Reader => ScopeKind::Partnership,
        Role::InstituteStaff => ScopeKind::Institute,
        Role::SchoolTrainer => ScopeKind::School,
        Role::BoardMember => ScopeKind::Board,
        Role::PanelMember | Role::PanelChair | Role::PanelSecretary | Role::ReflectionAuthor | Role::Observer => ScopeKind::Review,
    }
}

/// Whether somebody with this scope may know of a thing. Written out by hand, so that it checks the code that decides.
#[expect(clippy::match_same_arms, reason = "each line is a rule with its own reason")]
fn knows(role: Role, relation: Relation, subject: Subject) -> bool {
    let scope = scope_of(role);
    match (relation, subject) {
        (_, Subject::Own) => true,
        (Relation::Missing, _) | (_, Subject::Nowhere) => false,
        (_, Subject::Installation) => true,
        (_, Subject::OfReader) => role == Role::Reader,
        (_, Subject::Import) => scope == ScopeKind::All,
        // Work for a round is for who coordinates all of it, not for who manages the installation.
        (Relation::Own | Relation::Sibling, Subject::Job) => scope == ScopeKind::Region,
        (_, Subject::Job) => false,
        // A role in a review reaches that review; who trains at a school has no part in reviews.
        (Relation::Own, Subject::Review) => scope != ScopeKind::School,
        (Relation::Sibling, Subject::Review) => matches!(scope, ScopeKind::All | ScopeKind::Region),
        (Relation::Foreign | Relation::Mixed, Subject::Review) => scope == ScopeKind::All,
        (Relation::Own, _) => scope != ScopeKind::Review,
        // A thing of another round is nowhere in this one, whoever asks.
        (Relation::Mixed, Subject::Round | Subject::WholeRound) => scope != ScopeKind::Review,
        (Relation::Foreign, _) => scope == ScopeKind::All,
        (Relation::Mixed, _) => false,
        (Relation::Sibling, Subject::Round | Subject::WholeRound | Subject::Scenario | Subject::Letter) => scope != ScopeKind::Review,
        (Relation::Sibling, Subject::School) => matches!(scope, ScopeKind::All | ScopeKind::Region | ScopeKind::Institute),
        (Relation::Sibling, Subject::Student) => matches!(scope, ScopeKind::All | ScopeKind::Region),
    }
}

fn verdict(role: Role, cell: &Cell) -> Verdict {
    let permissions: &[Permission] = match &cell.door {
        Door::Open | Door::SignedIn => &[],
        Door::Needs(permission) => std::slice::from_ref(permission),
        Door::NeedsOne(permissions) => permissions,
    };
    let scope = scope_of(role);
    let holds = |permission: &Permission| roles(*permission).contains(&role) && (!permission.needs_everything() || scope == ScopeKind::All);
    if !permissions.is_empty() && !permissions.iter().any(holds) {
        return Verdict::Forbidden;
    }
    if cell.also.is_some_and(|permission| !holds(&permission)) {
        return Verdict::Forbidden;
    }
    if cell.subjects.contains(&Subject::WholeRound) && !knows(role, cell.relation, Subject::WholeRound) {
        return Verdict::NotFound;
    }
    // The own round is of three partnerships: who coordinates one of them does not decide about all, whatever else is asked for.
    if cell.subjects.contains(&Subject::WholeRound) && !matches!(scope, ScopeKind::All | ScopeKind::Region) {
        return Verdict::Forbidden;
    }
    if cell.subjects.iter().any(|subject| !knows(role, cell.relation, *subject)) {
        return Verdict::NotFound;
    }
    Verdict::Allowed
}

/// An answer without what is different in every answer.
fn bare(body: &str) -> String {
    let mut text = String::new();
    let mut rest = body;
    while let Some(at) = rest.find("urn:uuid:") {
        text.push_str(&rest[..at]);
        rest = rest.get(at + 45..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// What is asked about on a database: everything on SQLite; on PostgreSQL what is one's own and what does not exist. Who may
/// do what is decided above the database, and each kind of thing takes minutes of every run.
fn is_asked(backend: Backend, relation: Relation) -> bool {
    backend == Backend::Sqlite || matches!(relation, Relation::Own | Relation::Missing)
}

async fn check(world: &World) -> usize {
    let backend = world.app.store.backend();
    let cells = api_cells(world).into_iter().chain(page_cells(world)).filter(|cell| is_asked(backend, cell.relation));
    let cells: Vec<Cell> = cells.collect();
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut shown: BTreeMap<Role, usize> = BTreeMap::new();
    let rounds = [world.picture(Relation::Own).await, world.picture(Relation::Foreign).await];
    let students = Students::of(world, &[&rounds[0], &rounds[1]]);
    let shared = client(&world.app);
    for (role, session) in &world.sessions {
        let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for cell in &cells {
            let expected = verdict(*role, cell);
            // What is allowed to change something does so in an installation of its own.
            let (status, body) = if cell.changes && expected == Verdict::Allowed {
                let spare = world.spare().await;
                let answer = cell.send(&client(&spare), session).await;
                spare.store.close().await.unwrap();
                answer
            } else {
                cell.send(&shared, session).await
            };
            count += 1;
            let mut leaked = students.leaked(*role, &body, &world.things(cell.relation).number);
            if cell.door == Door::Needs(Permission::ReadAudit) {
                // The log says by an identifier what something was done to; never by a number or name.
                leaked.retain(|token| token.len() != 36);
            }
            // Who handles privacy looks one student up, whoever it is; that she did so is in the log.
            if !leaked.is_empty() && cell.door != Door::Needs(Permission::HandlePrivacy) {
                wrong.push(format!("{} {:?} {}: shows students out of reach: {:?}", role.code(), cell.relation, cell.name, leaked));
            }
            *shown.entry(*role).or_default() += students.shown(&body);
            let right = match expected {
                // What a link or a provider that does not exist answers is not about who asks.
                Verdict::Allowed if cell.door == Door::Open => status < 500,
                Verdict::Allowed => ![401, 403, 404].contains(&status) && status < 500,
                Verdict::Forbidden => status == 403,
                Verdict::NotFound => status == 404,
            };
            if !right {
                wrong.push(format!("{} {:?} {}: {status} instead of {expected:?}", role.code(), cell.relation, cell.name));
            }
            if status == 404 && cell.is_api {
                missing.entry(cell.name.clone()).or_default().insert(bare(&String::from_utf8_lossy(&body)));
            }
        }
        wrong.extend(
            missing
                .iter()
                .filter(|(_, bodies)| bodies.len() > 1)
                .map(|(name, bodies)| format!("{}: {name} says 404 in {} ways: {bodies:?}", role.code(), bodies.len())),
        );
    }
    assert!(wrong.is_empty(), "{} of {count} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
    // Those who may see students do see them, so that the search for leaks is no empty one.
    for role in [Role::RegionCoordinator, Role::PartnershipCoordinator, Role::InstituteStaff, Role::SchoolTrainer] {
        assert!(shown[&role] > 0, "{} saw nobody", role.code());
    }
    count
}

/// A cell for everybody who is not signed in: only open doors open.
async fn check_strangers(world: &World) -> usize {
    let client = client(&world.app);
    let mut count = 0;
    for cell in api_cells(world).into_iter().chain(page_cells(world)).filter(|cell| cell.door != Door::Open) {
        let (status, _) = cell.send_as_stranger(&client).await;
        let expected: &[u16] = if cell.is_api { &[401] } else { &[303, 401] };
        assert!(expected.contains(&status), "{}: {status}", cell.name);
        count += 1;
    }
    count
}

async fn run(world: World, database: &str) {
    fields::check(&world, &client(&world.app)).await;
    let cells = check(&world).await;
    let strangers = check_strangers(&world).await;
    eprintln!("matrix on {database}: {} roles, {cells} cells, and {strangers} for who is not signed in", world.sessions.len());
    assert!(cells > 1_000, "only {cells} cells");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_gets_what_the_policy_table_says_on_sqlite() {
    run(World::sqlite().await, "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_gets_what_the_policy_table_says_on_postgres() {
    if let Some(world) = World::postgres().await {
        run(world, "PostgreSQL").await;
    }
}
