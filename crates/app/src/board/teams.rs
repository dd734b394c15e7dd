//! Teams: who stay together at one school. A pair, a leerteam, or the periods of one student.

use kernschil_credentials::tokens::hex;
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{ChangeId, DemandId, TeamId};
use kernschil_domain::rounds::{RoundData, Team};
use kernschil_domain::values::Label;
use kernschil_storage::{StorageError, handwork};
use sha2::{Digest, Sha256};

use super::change::{ChangeKind, Desk, KeptTeam, Step};
use super::exceptions::team_of;
use super::moves;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, sight};

/// Fewest members of a team.
const FEWEST: usize = 2;
/// Most members of a team.
const MOST: usize = 100;

/// A team as somebody knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamSeen {
    /// The team.
    pub team: TeamId,
    /// Its [`team_tag`].
    pub tag: String,
}

/// What is to become of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TeamCommand {
    /// It is made.
    Make {
        /// Name, unique in the round.
        name: String,
        /// Its members, in no team yet.
        members: Vec<DemandId>,
    },
    /// It gets another name, or other members.
    Change {
        /// Which, as the user saw it.
        seen: TeamSeen,
        /// Its name.
        name: String,
        /// Its members, in no other team.
        members: Vec<DemandId>,
    },
    /// It is no more.
    Remove(
        /// Which, as the user saw it.
        TeamSeen,
    ),
}

/// Tells one version of a team from another: a hash of its name and members.
pub fn team_tag(team: &Team) -> String {
    let mut hasher = Sha256::new();
    hasher.update(team.id.to_string());
    hasher.update(&team.name);
    for member in &team.members {
        hasher.update(format!(";{member}"));
    }
    hex(&hasher.finalize()).chars().take(32).collect()
}

/// What was done to a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamChange {
    /// The change, which can be undone.
    pub change: ChangeId,
    /// The team.
    pub team: TeamId,
}

/// Makes, changes or removes a team.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for a name or members that cannot be; [`AppError::Conflict`] when the
/// name is taken, a member is in another team, or somebody else changed the team.
pub async fn team(app: &App, actor: &Actor, slug: &str, command: TeamCommand) -> Result<TeamChange, AppError> {
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            let (team, wanted) = match &command {
                TeamCommand::Make { name, members } => (TeamId(app.ids.next()), Some(checked(&data, None, name, members)?)),
                TeamCommand::Change { seen, name, members } => {
                    let known = require_seen(&data, seen)?;
                    (seen.team, Some(checked(&data, Some(known), name, members)?))
                }
                TeamCommand::Remove(seen) => {
                    require_seen(&data, seen)?;
                    (seen.team, None)
                }
            };
            let step = set(&desk, &mut data, team, wanted).await?;
            let (event, told) = step.told();
            app.audit(tx, actor, event, slug, told);
            let change = desk.keep(&data, ChangeKind::Team, &[step]).await?;
            Ok(TeamChange { change, team })
        })
        .await
}

fn require_seen<'a>(data: &'a RoundData, seen: &TeamSeen) -> Result<&'a Team, AppError> {
    let known = data.teams.iter().find(|team| team.id == seen.team).ok_or(AppError::NotFound)?;
    if team_tag(known) == seen.tag { Ok(known) } else { Err(StorageError::Stale.into()) }
}

/// A team that can be: its name is free, and its members are of this round and in no other team.
fn checked(data: &RoundData, known: Option<&Team>, name: &str, members: &[DemandId]) -> Result<KeptTeam, AppError> {
    let own = known.map(|team| team.id);
    let mut members = members.to_vec();
    members.sort_unstable();
    members.dedup();
    if members.iter().any(|member| !data.demands.contains_key(member)) {
        return Err(AppError::NotFound);
    }
    let mut wrong = Vec::new();
    let name = Label::parse(name).map_err(|_| {
        let message = format!("Geef het team een naam van hoogstens {} tekens.", Label::MAX);
        wrong.push(FieldError::new("name", "naam-ongeldig", message));
    });
    if members.len() < FEWEST || members.len() > MOST {
        let message = format!("Een team heeft {FEWEST} tot {MOST} leden. Kies meer of minder studenten.");
        wrong.push(FieldError::new("members", "aantal-leden", message));
    }
    let Ok(name) = name else { return Err(AppError::Invalid(wrong)) };
    if !wrong.is_empty() {
        return Err(AppError::Invalid(wrong));
    }
    let name = name.to_string();
    if data.teams.iter().any(|team| Some(team.id) != own && team.name.to_lowercase() == name.to_lowercase()) {
        return Err(name_taken(&name));
    }
    if let Some(other) = members.iter().find_map(|member| team_of(data, *member).filter(|team| Some(team.id) != own)) {
        let message = format!("Een van de studenten hoort al bij team {}. Haal die daar eerst uit.", other.name);
        return Err(AppError::conflict("al-in-team", message));
    }
    Ok(KeptTeam { name, members })
}

fn name_taken(name: &str) -> AppError {
    AppError::conflict("naam-bestaat", format!("Er is al een team met de naam {name}. Kies een andere naam."))
}

/// Stores what is to become of a team. Members out of sight of who changes it stay in it.
pub(super) async fn set(desk: &Desk<'_>, data: &mut RoundData, id: TeamId, to: Option<KeptTeam>) -> Result<Step, AppError> {
    let at = data.teams.iter().position(|team| team.id == id);
    let before = at.map(|at| data.teams.remove(at)).map(|team| KeptTeam { name: team.name, members: team.members });
    let gone = before.iter().flat_map(|team| &team.members).filter(|member| !to.as_ref().is_some_and(|to| to.members.contains(member)));
    handwork::leave(desk.tx, id, &gone.copied().collect::<Vec<_>>()).await?;
    match &to {
        Some(team) => {
            let named = handwork::name_team(desk.tx, data.round.id, id, &team.name).await;
            named.map_err(|error| match error {
                // Of a team out of sight.
                StorageError::Constraint(_) => name_taken(&team.name),
                other => other.into(),
            })?;
            handwork::join(desk.tx, id, &team.members).await?;
            data.teams.push(Team { id, name: team.name.clone(), members: team.members.clone() });
        }
        None => handwork::remove_team(desk.tx, id).await?,
    }
    Ok(Step::Team { team: id, before, after: to })
}
