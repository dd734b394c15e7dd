//! API tokens of one's own.

use kernschil_app::App;
use kernschil_app::access::{self, MadeToken, NewToken, TOKEN_DAYS, TokenState as AppState, TokenView};
use kernschil_domain::ids::TokenId;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use crate::PREFIX;
use crate::input::{All, Body, Faults, Given, Id, Input, Path, Scalar, Text, Wrong, coded};
use crate::output::{Created, Done, Found, Moment};
use crate::refusal::{Conflicts, Refusal};
use crate::session::InPerson;

/// The room.
#[derive(Default)]
pub(crate) struct Tokens;

coded! {
    /// How much of its owner's rights a token carries. Accounts, roles, settings and privacy are for people only.
    TokenScope(kernschil_domain::access::TokenScope)
}

/// Whether a token works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum TokenState {
    /// It does.
    Works,
    /// It has ended.
    Ended,
    /// It was revoked.
    Revoked,
}

/// How many days a token lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TokenDays(i64);

impl Scalar for TokenDays {
    fn schema() -> MetaSchemaRef {
        let enum_items = TOKEN_DAYS.iter().map(|days| (*days).into()).collect();
        MetaSchemaRef::Inline(Box::new(MetaSchema { enum_items, ..MetaSchema::new_with_format("integer", "int32") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let days = text.parse().ok().filter(|days| TOKEN_DAYS.contains(days));
        days.map(Self).ok_or_else(|| Wrong::new("onbekende-waarde", "Geef 30, 90 of 365 op, als getal."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        Self::read(&value.as_i64().map(|days| days.to_string()).unwrap_or_default())
    }
}

/// A token to make.
#[derive(Debug, Object)]
pub(crate) struct TokenRequest {
    /// What to call it, to know it by later.
    name: Given<Text<1, 60>>,
    /// How much of your rights it carries.
    scope: Given<TokenScope>,
    /// How many days it lasts.
    days: Given<TokenDays>,
}

impl Input for TokenRequest {
    type Checked = NewToken;

    const FIELDS: &'static [&'static str] = &["name", "scope", "days"];

    fn check(self) -> Result<Self::Checked, Faults> {
        let (name, scope, days) = (self.name.named("name"), self.scope.named("scope"), self.days.named("days")).all()?;
        Ok(NewToken { name: name.0, scope: scope.0, days: days.0 })
    }
}

/// A token, without the token itself.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Token {
    /// Identifier, to revoke it by.
    id: Uuid,
    /// What its owner calls it.
    name: String,
    /// How much of her rights it carries.
    scope: TokenScope,
    /// Whether it works.
    state: TokenState,
    /// When it was made.
    created_at: Moment,
    /// When it ends.
    expires_at: Moment,
    /// When it was last used, to the minute.
    used_at: Option<Moment>,
}

impl From<TokenView> for Token {
    fn from(view: TokenView) -> Self {
        Self {
            id: view.id.0,
            name: view.name,
            scope: view.scope.into(),
            state: match view.state {
                AppState::Works => TokenState::Works,
                AppState::Ended => TokenState::Ended,
                AppState::Revoked => TokenState::Revoked,
            },
            created_at: Moment(view.created_at),
            expires_at: Moment(view.expires_at),
            used_at: view.used_at.map(Moment),
        }
    }
}

/// A token that was just made.
#[derive(Debug, Object)]
pub(crate) struct NewlyMadeToken {
    /// The token itself. Keep it now: it is stored nowhere and shown only here.
    token: String,
    /// All else about it.
    details: Token,
}

/// One's own tokens, the newest first; those that ended or were revoked stay in the list.
#[derive(Debug, Object)]
pub(crate) struct TokenList {
    /// The tokens.
    items: Vec<Token>,
}

#[OpenApi(tag = "Tag::Tokens")]
impl Tokens {
    /// Lists your API tokens
    ///
    /// Without the tokens themselves: those are shown once, when they are made.
    #[oai(path = "/tokens", method = "get", operation_id = "listTokens")]
    async fn list(&self, person: InPerson, app: Data<&App>) -> Result<Found<TokenList>, Refusal> {
        let items = access::own_tokens(&app, &person.0.actor).await?.into_iter().map(Into::into).collect();
        Ok(Found(TokenList { items }))
    }

    /// Makes an API token
    ///
    /// The answer holds the token itself, once. A program sends it as `Authorization: Bearer ks_…`.
    #[oai(path = "/tokens", method = "post", operation_id = "createToken")]
    async fn create(
        &self,
        person: InPerson,
        app: Data<&App>,
        body: Body<TokenRequest>,
    ) -> Result<Created<NewlyMadeToken>, Refusal<Conflicts>> {
        let MadeToken { token, view } = access::make_token(&app, &person.0.actor, body.0?).await?;
        Ok(Created { body: NewlyMadeToken { token, details: view.into() }, location: format!("{PREFIX}/tokens") })
    }

    /// Revokes an API token
    ///
    /// It opens nothing from then on. Revoking it again changes nothing.
    #[oai(
        path = "/tokens/:token",
        method = "delete",
        operation_id = "revokeToken",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn revoke(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// Identifier of the token; never the token itself.
        token: Path<Id>,
    ) -> Result<Done, Refusal> {
        access::revoke_token(&app, &person.0.actor, TokenId(token.named("token")?.0)).await?;
        Ok(Done)
    }
}
