//! What roles are granted for: names for people, what there is to choose from, and finding one by what people call it.

use kernschil_domain::access::{Permission, Role, Scope, ScopeKind};
use kernschil_domain::ids::{SchoolId, TrainerId};
use kernschil_domain::registry::{Registry, School};
use kernschil_storage::registry;
use uuid::Uuid;

use crate::error::{AppError, FieldError};
use crate::listing::search_key;
use crate::{Actor, App};

/// Of things to choose from no more than these are shown; who does not find one among them looks for it.
const MOST_CHOICES: usize = 300;

/// One thing a role can be granted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeChoice {
    /// Which.
    pub scope: Scope,
    /// Its name, with what sets it apart from others of the same name.
    pub name: String,
}

/// Things of one kind to grant a role for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeChoices {
    /// By name; the first few hundred.
    pub rows: Vec<ScopeChoice>,
    /// How many there are.
    pub total: usize,
}

/// What a role is granted for, by its kind and the identifier that a form brings; nothing when that is none.
pub fn scope_of(kind: ScopeKind, id: &str) -> Option<Scope> {
    match kind {
        ScopeKind::All => Some(Scope::All),
        _ => Scope::new(kind, Some(Uuid::try_parse(id).ok()?)),
    }
}

/// The name of what a role is granted for. Trainers go by their number: who manages accounts does not see their names.
pub(super) fn name(registry: &Registry, scope: Scope) -> String {
    let named = match scope {
        Scope::All => return ScopeKind::All.dutch().to_owned(),
        Scope::Region(id) => registry.regions.get(&id).map(|region| region.name.clone()),
        Scope::Partnership(id) => registry.partnerships.get(&id).map(|partnership| partnership.name.clone()),
        Scope::Institute(id) => registry.institutes.get(&id).map(|institute| format!("{} ({})", institute.name, institute.brin)),
        Scope::School(id) => registry.schools.get(&id).map(school),
        Scope::Board(id) => registry.boards.get(&id).map(|board| match &board.name {
            Some(name) => format!("{name} ({})", board.number),
            None => board.label(),
        }),
        Scope::Trainer(id) => registry.trainers.get(&id).map(|trainer| format!("opleider {}", trainer.number)),
        Scope::Review(_) => Some("een peer review".to_owned()),
    };
    named.unwrap_or_else(|| format!("{} die er niet meer is", scope.kind().dutch()))
}

fn school(school: &School) -> String {
    match &school.place {
        Some(place) => format!("{}, {place} ({})", school.name, school.code),
        None => format!("{} ({})", school.name, school.code),
    }
}

/// A role and what it is for, as it stands in a sentence: `partnerschapscoördinator van Almere`.
pub(super) fn role_words(registry: &Registry, role: Role, scope: Scope) -> String {
    let role_name = role.dutch();
    match (role, scope) {
        (Role::Administrator, _) => role_name.to_owned(),
        (Role::RegionCoordinator, Scope::All) => format!("{role_name} van alle regio's"),
        (_, Scope::All) => format!("{role_name} van alles"),
        (_, Scope::Trainer(_)) => format!("{role_name} van het cluster van {}", name(registry, scope)),
        _ => format!("{role_name} van {}", name(registry, scope)),
    }
}

/// Whether there is such a thing. Roles in a peer review are given at the review itself, with an invitation.
pub(super) fn exists(registry: &Registry, scope: Scope) -> bool {
    match scope {
        Scope::All => true,
        Scope::Region(id) => registry.regions.contains_key(&id),
        Scope::Partnership(id) => registry.partnerships.contains_key(&id),
        Scope::Institute(id) => registry.institutes.contains_key(&id),
        Scope::School(id) => registry.schools.contains_key(&id),
        Scope::Trainer(id) => registry.trainers.contains_key(&id),
        Scope::Board(id) => registry.boards.contains_key(&id),
        Scope::Review(_) => false,
    }
}

/// Everything of a kind that a role can be granted for today.
fn all(app: &App, registry: &Registry, kind: ScopeKind) -> Vec<Scope> {
    let today = app.clock.today();
    match kind {
        ScopeKind::All => vec![Scope::All],
        ScopeKind::Region => registry.regions.keys().copied().map(Scope::Region).collect(),
        ScopeKind::Partnership => registry.partnerships.keys().copied().map(Scope::Partnership).collect(),
        ScopeKind::Institute => registry.institutes.keys().copied().map(Scope::Institute).collect(),
        ScopeKind::School => {
            let open = registry.schools.values().filter(|school| school.closed_on.is_none_or(|day| today < day));
            open.map(|school| Scope::School(school.id)).collect()
        }
        ScopeKind::Trainer => registry.trainers.keys().copied().map(Scope::Trainer).collect(),
        ScopeKind::Board => registry.boards.keys().copied().map(Scope::Board).collect(),
        ScopeKind::Review => Vec::new(),
    }
}

/// The schools of a trainer, in a few words: what one knows a cluster by.
fn schools_of(app: &App, registry: &Registry, trainer: TrainerId) -> String {
    let today = app.clock.today();
    let links = registry.trainer_schools.values().flatten().filter(|link| link.trainer == trainer && link.span.holds_on(today));
    let name = |id: SchoolId| registry.schools.get(&id).map(|school| school.name.clone());
    let mut names: Vec<_> = links.filter_map(|link| name(link.school)).collect();
    names.sort();
    match names.len() {
        0 => "nog zonder school".to_owned(),
        1..=3 => names.join(", "),
        more => format!("{} en nog {}", names.iter().take(2).cloned().collect::<Vec<_>>().join(", "), more - 2),
    }
}

/// What there is of a kind to grant a role for, by name. Text that is looked for may stand anywhere in the name, in any
/// order.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn scope_choices(app: &App, actor: &Actor, kind: ScopeKind, search: &str) -> Result<ScopeChoices, AppError> {
    actor.require(Permission::ManageUsers)?;
    let registry = app.store.read(async |tx| Ok::<_, AppError>(registry::load(tx).await?)).await?;
    let words: Vec<_> = search_key(search).split_whitespace().map(str::to_owned).collect();
    let choice = |scope: Scope| {
        let name = match scope {
            Scope::Trainer(id) => format!("{}: {}", name(&registry, scope), schools_of(app, &registry, id)),
            _ => name(&registry, scope),
        };
        ScopeChoice { scope, name }
    };
    let mut rows: Vec<_> = all(app, &registry, kind).into_iter().map(choice).collect();
    rows.retain(|row| {
        let key = search_key(&row.name);
        words.iter().all(|word| key.contains(word))
    });
    rows.sort_by_cached_key(|row| search_key(&row.name));
    let total = rows.len();
    rows.truncate(MOST_CHOICES);
    Ok(ScopeChoices { rows, total })
}

/// Finds what a role is granted for by what people call it: the name of a region or partnership, the BRIN of an
/// institute, the code of a school, the number of a board or trainer.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] when there is none.
pub async fn find_scope(app: &App, actor: &Actor, kind: ScopeKind, called: &str) -> Result<Scope, AppError> {
    actor.require(Permission::ManageUsers)?;
    let registry = app.store.read(async |tx| Ok::<_, AppError>(registry::load(tx).await?)).await?;
    let wanted = search_key(called.trim());
    let is = |text: &str| search_key(text) == wanted;
    let found = match kind {
        ScopeKind::All => Some(Scope::All),
        ScopeKind::Region => registry.regions.values().find(|region| is(&region.name)).map(|region| Scope::Region(region.id)),
        ScopeKind::Partnership => registry.partnerships.values().find(|p| is(&p.name)).map(|p| Scope::Partnership(p.id)),
        ScopeKind::Institute => registry.institutes.values().find(|i| is(&i.brin.to_string())).map(|i| Scope::Institute(i.id)),
        ScopeKind::School => registry.schools.values().find(|s| is(&s.code.to_string())).map(|s| Scope::School(s.id)),
        ScopeKind::Trainer => registry.trainers.values().find(|trainer| is(&trainer.number)).map(|trainer| Scope::Trainer(trainer.id)),
        ScopeKind::Board => registry.boards.values().find(|board| is(&board.number.to_string())).map(|board| Scope::Board(board.id)),
        ScopeKind::Review => None,
    };
    found.ok_or_else(|| {
        let message = match kind {
            ScopeKind::Review => "Een rol in een peer review geeft u op de pagina van die peer review.".to_owned(),
            _ => format!("Kernschil kent geen {} \"{called}\". Schrijf {}.", kind.dutch(), called_by(kind)),
        };
        AppError::Invalid(vec![FieldError::new("scope", "bereik-onbekend", message)])
    })
}

/// How things of a kind are called where there is no list to choose from.
fn called_by(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::All | ScopeKind::Review => "alleen de rol",
        ScopeKind::Region | ScopeKind::Partnership => "de hele naam",
        ScopeKind::Institute => "de BRIN, zoals 27NF",
        ScopeKind::School => "de BRIN met vestiging, zoals 05XH00",
        ScopeKind::Trainer | ScopeKind::Board => "het nummer",
    }
}
