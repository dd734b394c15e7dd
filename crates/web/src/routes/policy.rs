//! The page "wie mag wat": the policy table itself, and one's own roles.

use kernschil_app::access::{self, GrantView};
use kernschil_domain::access::{Permission, Role, ScopeKind, roles};
use kernschil_domain::periods::dutch_date;
use kernschil_http::Caller;
use poem::handler;

use super::State;
use super::support::{Answer, capital, html};
use crate::components::nav::NavItem;
use crate::components::text::listed;
use crate::views::policy::{Held, PermissionRow, PolicyView, RoleDoc, policy_page};

/// What a role is, in a sentence.
pub(super) fn what(role: Role) -> &'static str {
    match role {
        Role::Administrator => "Beheert accounts, instellingen en privacy. Ziet geen studenten.",
        Role::RegionCoordinator => "Coördineert een regio, of alle regio's.",
        Role::PartnershipCoordinator => "Coördineert één partnerschap.",
        Role::InstituteStaff => "Werkt bij een lerarenopleiding: de eigen studenten, in elk partnerschap.",
        Role::SchoolTrainer => "Begeleidt studenten op een school, of op de scholen van een cluster.",
        Role::BoardMember => "Kijkt mee voor een schoolbestuur, zonder namen van studenten.",
        Role::PanelMember => "Lid van het panel van één peer review.",
        Role::PanelChair => "Voorzitter van het panel van één peer review.",
        Role::PanelSecretary => "Secretaris van het panel van één peer review.",
        Role::ReflectionAuthor => "Schrijft mee aan de kritische reflectie van één peer review.",
        Role::Observer => "Gaat mee met het panel van één peer review om te leren; schrijft niets.",
        Role::Reader => "Leest cijfers, zonder namen van studenten.",
    }
}

fn own(grant: &GrantView) -> String {
    let until = grant.span.until.and_then(|until| until.pred_opt());
    match until {
        Some(last) => format!("U bent {}, tot en met {}.", grant.words, dutch_date(last)),
        None => format!("U bent {}.", grant.words),
    }
}

fn scopes(role: Role) -> String {
    let word = |kind: &ScopeKind| match kind {
        ScopeKind::All => "alles".to_owned(),
        ScopeKind::Trainer => "het cluster van een opleider".to_owned(),
        other => format!("een {}", other.dutch()),
    };
    let words: Vec<_> = role.scopes().iter().map(word).collect();
    listed(&words).replace(" en ", " of ")
}

fn held(permission: Permission, role: Role) -> Held {
    if !roles(permission).contains(&role) {
        return Held::No;
    }
    // Who can hold the role for less than everything hears that this takes all of it.
    if permission.needs_everything() && role.scopes() != [ScopeKind::All] { Held::Everything } else { Held::Yes }
}

fn doc(role: Role) -> RoleDoc {
    let may = Permission::ALL.iter().filter_map(|permission| match held(*permission, role) {
        Held::Yes => Some(permission.dutch().to_owned()),
        Held::Everything => Some(format!("{} (alleen wie de rol voor alles heeft)", permission.dutch())),
        Held::No => None,
    });
    RoleDoc { name: capital(role.dutch()), what: what(role).to_owned(), scopes: scopes(role), may: may.collect() }
}

/// The table as the page shows it.
fn view(own_grants: &[GrantView]) -> PolicyView {
    let row = |permission: &Permission| PermissionRow {
        name: capital(permission.dutch()),
        held: Role::ALL.iter().map(|role| held(*permission, *role)).collect(),
    };
    PolicyView {
        own: own_grants.iter().map(own).collect(),
        roles: Role::ALL.iter().copied().map(doc).collect(),
        permissions: Permission::ALL.iter().map(row).collect(),
    }
}

/// Who may do what.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller) -> Answer {
    let own = access::own_grants(&web.app, &caller.actor).await?;
    Ok(html(policy_page(&web.frame(caller, NavItem::Help).await?, &view(&own))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_the_table_says() {
        let view = view(&[]);
        assert_eq!((view.roles.len(), view.permissions.len()), (Role::ALL.len(), Permission::ALL.len()));
        for (permission, row) in Permission::ALL.iter().zip(&view.permissions) {
            for (role, held) in Role::ALL.iter().zip(&row.held) {
                assert_eq!(*held != Held::No, roles(*permission).contains(role), "{permission} {role}");
            }
        }
        assert_eq!(held(Permission::ImportRegistry, Role::RegionCoordinator), Held::Everything);
        assert_eq!(held(Permission::ManageUsers, Role::Administrator), Held::Yes);
        assert_eq!(scopes(Role::SchoolTrainer), "een school of het cluster van een opleider");
    }
}
