//! What the reader may do, so that no page offers what would be refused.

use kernschil_app::Actor;
use kernschil_domain::access::Permission;

/// Permissions of the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct May(Vec<Permission>);

impl May {
    /// What somebody may do, in any scope.
    pub fn of(actor: &Actor) -> Self {
        Self(Permission::ALL.iter().copied().filter(|permission| actor.may(*permission)).collect())
    }

    /// Nothing: nobody is signed in.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Everything.
    pub fn everything() -> Self {
        Self(Permission::ALL.to_vec())
    }

    /// Whether a permission is among them.
    pub fn has(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    /// Whether one of several is among them.
    pub fn has_any(&self, permissions: &[Permission]) -> bool {
        permissions.iter().any(|permission| self.has(*permission))
    }
}
