//! Accounts, invitations and roles.

use kernschil_app::App;
use kernschil_app::access::{self, GrantView, NewGrant, NewInvitation, SecondFactorUse, UserRow};
use kernschil_app::listing::{PageRequest, search_key};
use kernschil_domain::access as domain;
use kernschil_domain::ids::{GrantId, UserId};
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use crate::PREFIX;
use crate::input::{
    All, Body, Day, Faults, Given, Id, Input, Maybe, PageNumber, PageSize, Path, Query, Sort, Text, Wrong, coded, page_request, paging,
    sort_fields,
};
use crate::output::{Created, Done, Found, Here, Listed, Moment, Page};
use crate::refusal::{Conflicts, Refusal};
use crate::session::InPerson;

/// The room.
#[derive(Default)]
pub(crate) struct Users;

coded! {
    /// What somebody is in Kernschil, within a scope.
    Role(domain::Role)
}

coded! {
    /// What a role is granted for.
    ScopeKind(domain::ScopeKind)
}

coded! {
    /// Whether somebody may come in with an account.
    UserState(access::UserState)
}

/// A role that somebody has, had or will have.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct RoleGrant {
    /// Identifier.
    id: Uuid,
    /// The role.
    role: Role,
    /// For what.
    scope: ScopeKind,
    /// Which one; absent when it is for everything.
    scope_id: Option<Uuid>,
    /// The name of that.
    scope_name: String,
    /// First day on which it holds.
    from: Day,
    /// First day on which it holds no more; absent when it has no end. The same day as `from`: it never held.
    until: Option<Day>,
}

impl From<GrantView> for RoleGrant {
    fn from(view: GrantView) -> Self {
        Self {
            id: view.id.0,
            role: view.role.into(),
            scope: view.scope.kind().into(),
            scope_id: view.scope.id(),
            scope_name: view.scope_name,
            from: Day(view.span.from),
            until: view.span.until.map(Day),
        }
    }
}

/// An account.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct User {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
    /// Address to sign in with.
    email: String,
    /// Whether somebody may come in with it.
    state: UserState,
    /// Whether signing in asks for a second factor.
    second_factor: bool,
    /// When it was made.
    created_at: Moment,
    /// When somebody last signed in.
    signed_in_at: Option<Moment>,
    /// Roles: those that hold first, then those to come, then those that are over.
    roles: Vec<RoleGrant>,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id.0,
            name: row.name,
            email: row.email,
            state: row.state.into(),
            second_factor: row.second_factor == SecondFactorUse::On,
            created_at: Moment(row.created_at),
            signed_in_at: row.signed_in_at.map(Moment),
            roles: row.grants.into_iter().map(Into::into).collect(),
        }
    }
}

/// A role to grant, of which the fields were read.
fn grant(role: Role, kind: ScopeKind, id: Option<Id>, from: Option<Day>, until: Option<Day>) -> Result<NewGrant, Faults> {
    let wrong = match id {
        None => Wrong::new("verplicht", "Geef op waarvoor de rol is."),
        Some(_) => Wrong::new("bereik-past-niet", "Een rol voor alles heeft geen scopeId. Laat dit veld weg."),
    };
    let scope = domain::Scope::new(kind.0, id.map(|id| id.0)).ok_or_else(|| wrong.at("scopeId"))?;
    Ok(NewGrant { role: role.0, scope, from: from.map(|day| day.0), until: until.map(|day| day.0) })
}

/// A role to grant.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct RoleRequest {
    /// The role.
    role: Given<Role>,
    /// For what; not every role is granted for everything.
    scope: Given<ScopeKind>,
    /// Which one; leave it out for everything.
    scope_id: Maybe<Id>,
    /// First day; today when it is left out.
    from: Maybe<Day>,
    /// First day on which it holds no more; no end when it is left out.
    until: Maybe<Day>,
}

impl Input for RoleRequest {
    type Checked = NewGrant;

    const FIELDS: &'static [&'static str] = &["role", "scope", "scopeId", "from", "until"];

    fn check(self) -> Result<Self::Checked, Faults> {
        let (role, scope, id, from, until) = (
            self.role.named("role"),
            self.scope.named("scope"),
            self.scope_id.named("scopeId"),
            self.from.named("from"),
            self.until.named("until"),
        )
            .all()?;
        grant(role, scope, id, from, until)
    }
}

/// Somebody to invite, with one role or none yet.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct InvitationRequest {
    /// Address to send the invitation to, and to sign in with later.
    email: Given<Text<1, 254>>,
    /// Name; who accepts can still change it.
    name: Given<Text<1, 100>>,
    /// A role to begin with. More of them: with `grantRole`.
    role: Maybe<Role>,
    /// For what; goes with `role`.
    scope: Maybe<ScopeKind>,
    /// Which one; leave it out for everything.
    scope_id: Maybe<Id>,
    /// First day of the role; today when it is left out.
    from: Maybe<Day>,
    /// First day on which the role holds no more; no end when it is left out.
    until: Maybe<Day>,
}

impl Input for InvitationRequest {
    type Checked = NewInvitation;

    const FIELDS: &'static [&'static str] = &["email", "name", "role", "scope", "scopeId", "from", "until"];

    fn check(self) -> Result<Self::Checked, Faults> {
        let (email, name, role, scope, id, from, until) = (
            self.email.named("email"),
            self.name.named("name"),
            self.role.named("role"),
            self.scope.named("scope"),
            self.scope_id.named("scopeId"),
            self.from.named("from"),
            self.until.named("until"),
        )
            .all()?;
        let loose = Wrong::new("rol-onvolledig", "Geef role en scope samen op, of geen van beide.");
        let grants = match (role, scope) {
            (Some(role), Some(scope)) => vec![grant(role, scope, id, from, until)?],
            (None, None) if id.is_none() && from.is_none() && until.is_none() => Vec::new(),
            (None, _) => return Err(loose.at("role")),
            (Some(_), None) => return Err(loose.at("scope")),
        };
        Ok(NewInvitation { email: email.0, name: name.0, grants })
    }
}

/// Which accounts are looked for.
#[derive(Debug, Object)]
pub(crate) struct UserSearch {
    /// A part of the name or address; capitals and accents do not matter.
    text: Given<Text<1, 100>>,
    /// Number of the page, from 1.
    page: Maybe<PageNumber>,
    /// Rows on a page.
    size: Maybe<PageSize>,
}

impl Input for UserSearch {
    type Checked = (String, PageRequest);

    const FIELDS: &'static [&'static str] = &["text", "page", "size"];

    fn check(self) -> Result<Self::Checked, Faults> {
        let (text, page, size) = (self.text.named("text"), self.page.named("page"), self.size.named("size")).all()?;
        Ok((search_key(text.0.trim()), page_request(page, size)))
    }
}

sort_fields! {
    /// What accounts can be sorted by.
    UserField { Name = "name", State = "state", SignedInAt = "signedInAt" }
}

fn sorted(mut rows: Vec<UserRow>, sort: Option<Sort<UserField>>) -> Vec<UserRow> {
    rows.sort_by_cached_key(|row| search_key(&row.name));
    let Some(sort) = sort else { return rows };
    match sort.by {
        UserField::Name => sort.apply(&mut rows, |row| search_key(&row.name)),
        UserField::State => sort.apply(&mut rows, |row| row.state),
        UserField::SignedInAt => sort.apply(&mut rows, |row| row.signed_in_at),
    }
    rows
}

/// The account as it is after something was done.
async fn now(app: &App, person: &InPerson, user: UserId) -> Result<User, kernschil_app::AppError> {
    Ok(access::get_user(app, &person.0.actor, user).await?.row.into())
}

#[expect(clippy::too_many_arguments, reason = "an argument for each parameter of the request")]
#[OpenApi(tag = "Tag::Users")]
impl Users {
    /// Lists the accounts
    ///
    /// By name, unless `sort` says otherwise; removed ones only when `state` asks for them. To look for a name or address,
    /// use `searchUsers`: those do not belong in addresses.
    #[oai(path = "/users", method = "get", operation_id = "listUsers")]
    async fn list(
        &self,
        person: InPerson,
        app: Data<&App>,
        here: Here,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
        /// Only accounts that have this role now.
        role: Query<Role>,
        /// Only accounts in this state.
        state: Query<UserState>,
        /// Order; with `-` from high to low.
        sort: Query<Sort<UserField>>,
    ) -> Result<Listed<User>, Refusal> {
        let (request, role, state, sort) = (paging(page, size), role.0, state.0, sort.0).all()?;
        let mut rows = access::list_users(&app, &person.0.actor).await?;
        rows.retain(|row| {
            let has_role = |role: Role| row.grants.iter().any(|grant| grant.moment == access::GrantMoment::Now && grant.role == role.0);
            state.map_or(row.state != access::UserState::Removed, |state| state.0 == row.state) && role.is_none_or(has_role)
        });
        Ok(Listed(Page::of(sorted(rows, sort), request), here))
    }

    /// Looks for accounts by name or address
    ///
    /// A POST, so that names and addresses stand in no address or log. Nothing is stored. Removed accounts have neither.
    #[oai(path = "/users/searches", method = "post", operation_id = "searchUsers")]
    async fn search(&self, person: InPerson, app: Data<&App>, body: Body<UserSearch>) -> Result<Found<Page<User>>, Refusal> {
        let (wanted, request) = body.0?;
        let mut rows = access::list_users(&app, &person.0.actor).await?;
        rows.retain(|row| {
            let found = search_key(&row.name).contains(&wanted) || search_key(&row.email).contains(&wanted);
            row.state != access::UserState::Removed && found
        });
        Ok(Found(Page::of(sorted(rows, None), request)))
    }

    /// Invites somebody
    ///
    /// Makes an account that waits, and sends a mail with a link that works once, for a week.
    #[oai(path = "/users", method = "post", operation_id = "inviteUser")]
    async fn invite(&self, person: InPerson, app: Data<&App>, body: Body<InvitationRequest>) -> Result<Created<User>, Refusal> {
        let invited = access::invite(&app, &person.0.actor, body.0?).await?;
        let location = format!("{PREFIX}/users/{}", invited.user);
        Ok(Created { body: now(&app, &person, invited.user).await?, location })
    }

    /// Shows an account
    ///
    /// With its roles, also those to come and those that are over.
    #[oai(path = "/users/:user", method = "get", operation_id = "getUser")]
    async fn get(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
    ) -> Result<Found<User>, Refusal> {
        Ok(Found(now(&app, &person, UserId(user.named("user")?.0)).await?))
    }

    /// Removes an account
    ///
    /// Name and address are forgotten, sessions, tokens and roles end. What was done with the account stays in the log,
    /// without a name. The last administrator cannot be removed, nor your own account.
    #[oai(
        path = "/users/:user",
        method = "delete",
        operation_id = "removeUser",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        access::remove_user(&app, &person.0.actor, UserId(user.named("user")?.0)).await?;
        Ok(Done)
    }

    /// Sends a new invitation
    ///
    /// To somebody who did not accept the one before; the link in that one is worth nothing from then on.
    #[oai(
        path = "/users/:user/invitations",
        method = "post",
        operation_id = "createInvitation",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn invite_again(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        access::invite_again(&app, &person.0.actor, UserId(user.named("user")?.0)).await?;
        Ok(Done)
    }

    /// Sends a link to choose a new password
    ///
    /// It works once, for an hour. The old password works until then.
    #[oai(
        path = "/users/:user/password-resets",
        method = "post",
        operation_id = "createPasswordReset",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn reset_password(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        access::send_reset(&app, &person.0.actor, UserId(user.named("user")?.0)).await?;
        Ok(Done)
    }

    /// Turns the second factor off
    ///
    /// For somebody who lost it. Sessions of the account end, and its owner gets a mail.
    #[oai(
        path = "/users/:user/second-factor",
        method = "delete",
        operation_id = "removeSecondFactor",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn reset_second_factor(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        access::reset_second_factor(&app, &person.0.actor, UserId(user.named("user")?.0)).await?;
        Ok(Done)
    }

    /// Blocks an account
    ///
    /// Its sessions end at once and its tokens open nothing. Blocking it again changes nothing.
    #[oai(
        path = "/users/:user/block",
        method = "put",
        operation_id = "blockUser",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn block(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        access::block_user(&app, &person.0.actor, UserId(user.named("user")?.0)).await?;
        Ok(Done)
    }

    /// Lets a blocked account in again
    ///
    /// With the roles it has. An account that is not blocked stays as it is.
    #[oai(
        path = "/users/:user/block",
        method = "delete",
        operation_id = "unblockUser",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn unblock(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        access::unblock_user(&app, &person.0.actor, UserId(user.named("user")?.0)).await?;
        Ok(Done)
    }

    /// Grants a role
    ///
    /// For a scope and a time. Which roles exist for which scopes is on the page "wie mag wat".
    #[oai(path = "/users/:user/roles", method = "post", operation_id = "grantRole")]
    async fn grant(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
        body: Body<RoleRequest>,
    ) -> Result<Created<RoleGrant>, Refusal<Conflicts>> {
        let (user, new) = (user.named("user"), body.0).all()?;
        let user = UserId(user.0);
        let made = access::grant(&app, &person.0.actor, user, &new).await?;
        Ok(Created { body: made.into(), location: format!("{PREFIX}/users/{user}") })
    }

    /// Ends a role
    ///
    /// Today, or from a later day on. The role stays in the list of what the account had.
    #[oai(
        path = "/users/:user/roles/:grant",
        method = "delete",
        operation_id = "endRole",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn end(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// The account.
        user: Path<Id>,
        /// The role, by the identifier it has for this account.
        grant: Path<Id>,
        /// First day without the role; today when it is left out.
        from: Query<Day>,
    ) -> Result<Done, Refusal<Conflicts>> {
        let (user, grant, from) = (user.named("user"), grant.named("grant"), from.0).all()?;
        access::end_grant(&app, &person.0.actor, UserId(user.0), GrantId(grant.0), from.map(|day| day.0)).await?;
        Ok(Done)
    }
}
