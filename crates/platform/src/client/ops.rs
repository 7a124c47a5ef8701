//! What can be done with clients.

use super::{Client, GrantType, TokenType, rule, sql};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{app, environment, organization, text, user, version};
use app::App;
use base::{Change, Fault, Kind, Problem, ProblemKind, gather, id};
use serde_json::json;
use snapshot::ClientRow;
use store::Conn;

/// A client, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::ClientId) -> Result<Option<Client>, Problem> {
    sql::find(conn, id).await
}

/// A client, by its `client_id`.
///
/// # Errors
/// Those of the database.
pub async fn find_by_client_id(conn: &mut Conn, client_id: &str) -> Result<Option<Client>, Problem> {
    sql::find_by_client_id(conn, client_id).await
}

/// Clients by id, for a gateway that starts.
///
/// # Errors
/// Those of the database.
pub async fn all(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Client>, Problem> {
    sql::page(conn, after, limit).await
}

/// What a gateway knows of a client.
pub fn row(client: &Client) -> ClientRow {
    ClientRow {
        id: client.id.clone(),
        client_id: client.client_id.clone(),
        app: Some(client.app.clone()),
        enabled: client.enabled,
        environments: client.environments.clone(),
        tokens_not_before: client.tokens_not_before,
        expires_at: None,
    }
}

/// A client that the caller may see, its app, and how they stand to that.
///
/// # Errors
/// 404 if there is none that they may see.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: &id::ClientId) -> Result<(Client, App, Standing), Problem> {
    cx.signed()?;
    let client = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("client"))?;
    let app = app::find(conn, &client.app).await?.ok_or_else(|| Problem::not_found("client"))?;
    let standing = app::standing(cx, conn, &app).await?;
    cx.may_see(standing, Verb::AppRead, "client")?;
    Ok((client, app, standing))
}

/// The clients of an app.
///
/// # Errors
/// Those of the database.
pub async fn of_app(conn: &mut Conn, app: &id::AppId) -> Result<Vec<Client>, Problem> {
    sql::of_app(conn, app).await
}

/// Which clients somebody wants to see.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// Of these apps; `None` is any.
    pub apps: Option<&'a [id::AppId]>,
    /// Switched on or off; `None` is either.
    pub enabled: Option<bool>,
    /// Only these; `None` is any.
    pub ids: Option<&'a [String]>,
}

/// Clients by id. Who may see them is the caller's question.
///
/// # Errors
/// Those of the database.
pub async fn page(conn: &mut Conn, wanted: &Wanted<'_>, after: &str, limit: i64) -> Result<Vec<Client>, Problem> {
    if wanted.apps.is_some_and(<[_]>::is_empty) || wanted.ids.is_some_and(<[_]>::is_empty) {
        return Ok(Vec::new());
    }
    let among = sql::Among { apps: wanted.apps, enabled: wanted.enabled, ids: wanted.ids };
    sql::among(conn, &among, after, limit).await
}

/// The statement that remembers when a client first got a token, unless it is remembered already.
pub fn note_token(cx: &Cx, client: &Client) -> Option<store::Query> {
    client.first_token_at.is_none().then(|| sql::first_token(&client.id, cx.now))
}

/// Passes unless the caller is one of the people of the organization that manages the app's: they make no clients under
/// it (K21).
async fn not_for_resellers(cx: &Cx, conn: &mut Conn, app: &App) -> Result<(), Problem> {
    let who = cx.signed()?;
    if who.site_admin || organization::reseller(conn, &app.organization, &who.id).await?.is_none() {
        return Ok(());
    }
    let detail = "The app's organization is managed by yours. Whoever manages an organization makes no clients under it; \
                  its own people do.";
    Err(Problem::forbidden(detail).with("reason", "managed"))
}

/// A client to create.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// The app that it belongs to, `app_...`.
    #[schema(value_type = String)]
    pub app: id::AppId,
    /// 1 to 120 characters.
    pub name: String,
    /// At most 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// Chosen by site administrators only; made by the server for everybody else. Never changes.
    #[serde(default)]
    pub client_id: Option<String>,
    /// `JWT` unless given.
    #[serde(default)]
    pub accesstoken_type: Option<TokenType>,
    /// Lifetime of access tokens in seconds, 1 to 86400; the server's unless given.
    #[serde(default)]
    pub accesstoken_valid_seconds: Option<i64>,
    /// The scopes that it may request.
    #[serde(default)]
    pub allowed_scopes: Option<Vec<String>>,
    /// How it may get tokens; `client_credentials` unless given. This server issues tokens for `client_credentials` only
    /// so far; the others are kept.
    #[serde(default)]
    pub valid_grant_types: Option<Vec<GrantType>>,
    /// Environments that it is narrowed to, by id or slug; empty means all.
    #[serde(default)]
    pub environments: Option<Vec<String>>,
    /// Lifetime of refresh tokens in seconds, 1 to 31622400; the server's unless given.
    #[serde(default)]
    pub refreshtoken_validity_seconds: Option<i64>,
    /// The longest lifetime of ID tokens in **minutes**, 1 to 1440; the server's unless given.
    #[serde(default)]
    pub maximum_idtoken_expiration_minutes: Option<i64>,
    /// Redirect URIs: `https`, `http` on this computer, a scheme such as `com.example.app`, or a path.
    #[serde(default)]
    pub allowed_uris: Option<Vec<String>>,
    /// Where people may be sent after they have signed out; the same forms.
    #[serde(default)]
    pub allowed_logout_uris: Option<Vec<String>>,
}

/// The settings of a client that can change; what is absent stays.
#[derive(Debug, Default)]
pub struct ClientSettings {
    /// What access tokens it gets.
    pub accesstoken_type: Option<TokenType>,
    /// `Some(None)` is the server's.
    pub accesstoken_valid_seconds: Option<Option<i64>>,
    /// The scopes that it may request.
    pub allowed_scopes: Option<Vec<String>>,
    /// How it may get tokens.
    pub valid_grant_types: Option<Vec<GrantType>>,
    /// By id or slug; empty means all.
    pub environments: Option<Vec<String>>,
    /// `Some(None)` is the server's.
    pub refreshtoken_validity_seconds: Option<Option<i64>>,
    /// `Some(None)` is the server's.
    pub maximum_idtoken_expiration_minutes: Option<Option<i64>>,
    /// Redirect URIs.
    pub allowed_uris: Option<Vec<String>>,
    /// Where people may be sent after they have signed out.
    pub allowed_logout_uris: Option<Vec<String>>,
}

/// The allowed scope that lets a client introspect tokens of others. It reaches beyond the client's own app, so only a
/// site administrator gives it.
pub const INTROSPECT_SCOPE: &str = "token.introspect";

/// Passes scopes that the caller may give to a client.
fn may_give(cx: &Cx, before: &[String], scopes: &[String]) -> Result<(), Problem> {
    let Some(n) = scopes.iter().position(|s| s == INTROSPECT_SCOPE) else { return Ok(()) };
    if before.contains(&scopes[n]) || cx.who.as_ref().is_some_and(|w| w.site_admin) {
        return Ok(());
    }
    let detail = format!("Only site administrators give `{INTROSPECT_SCOPE}`; leave it out, or ask one of them.");
    Err(Problem::forbidden(detail).field(format!("/allowed_scopes/{n}"), "Leave it out."))
}

fn scopes(cx: &Cx, before: &[String], scopes: Vec<String>) -> Result<Vec<String>, Problem> {
    if scopes.len() > 100 {
        return Err(Problem::invalid("/allowed_scopes", "At most 100 scopes.").code(Fault::Length));
    }
    for (n, scope) in scopes.iter().enumerate() {
        version::scope(&format!("/allowed_scopes/{n}"), scope)?;
    }
    may_give(cx, before, &scopes).map(|()| scopes)
}

fn grants(grants: Vec<GrantType>) -> Result<Vec<GrantType>, Problem> {
    match (0..grants.len()).find(|n| grants[..*n].contains(&grants[*n])) {
        Some(n) => {
            let pointer = format!("/valid_grant_types/{n}");
            Err(Problem::invalid(pointer, "It is in the list already; name it once.").code(Fault::Duplicate))
        }
        None => Ok(grants),
    }
}

async fn places(conn: &mut Conn, names: &[String]) -> Result<Vec<id::EnvironmentId>, Problem> {
    let mut places = Vec::with_capacity(names.len());
    for (n, name) in names.iter().enumerate() {
        places.push(environment::require(conn, name, &format!("/environments/{n}")).await?.id);
    }
    Ok(places)
}

/// Gives a client a name and a description, where there are others, and these settings.
pub(super) async fn settle(
    cx: &Cx,
    conn: &mut Conn,
    client: &mut Client,
    (name, description): (Option<&str>, Option<&str>),
    settings: ClientSettings,
) -> Result<(), Problem> {
    let environments = match &settings.environments {
        Some(names) => Some(places(conn, names).await),
        None => None,
    };
    client.accesstoken_type = settings.accesstoken_type.unwrap_or(client.accesstoken_type);
    gather(|wrong| {
        wrong.set(&mut client.name, name.map(|name| text::name("/name", name)));
        wrong.set(&mut client.description, description.map(|text| text::prose("/description", text)));
        let seconds = settings.accesstoken_valid_seconds;
        let lifetime = seconds.map(|it| rule::lifetime("/accesstoken_valid_seconds", it));
        wrong.set(&mut client.accesstoken_valid_seconds, lifetime);
        let given = settings.allowed_scopes.map(|it| scopes(cx, &client.allowed_scopes, it));
        wrong.set(&mut client.allowed_scopes, given);
        wrong.set(&mut client.valid_grant_types, settings.valid_grant_types.map(grants));
        let seconds = settings.refreshtoken_validity_seconds;
        let lifetime = seconds.map(|it| rule::refresh_lifetime("/refreshtoken_validity_seconds", it));
        wrong.set(&mut client.refreshtoken_validity_seconds, lifetime);
        let minutes = settings.maximum_idtoken_expiration_minutes;
        let lifetime = minutes.map(|it| rule::idtoken_lifetime("/maximum_idtoken_expiration_minutes", it));
        wrong.set(&mut client.maximum_idtoken_expiration_minutes, lifetime);
        let read = |at: &'static str| move |list: Vec<String>| rule::addresses(at, &list).map(|()| list);
        wrong.set(&mut client.allowed_uris, settings.allowed_uris.map(read("/allowed_uris")));
        wrong.set(&mut client.allowed_logout_uris, settings.allowed_logout_uris.map(read("/allowed_logout_uris")));
        wrong.set(&mut client.environments, environments);
    })
}

/// Creates a client and the user that it appears as. It has no credential yet.
///
/// # Errors
/// 403, 409 if the `client_id` is taken, 422.
pub async fn create(cx: &Cx, new: NewClient) -> Result<(Client, Standing, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let (app, standing) = app::visible(cx, &mut tx, &new.app).await?;
    cx.may(standing, Verb::AppEdit)?;
    not_for_resellers(cx, &mut tx, &app).await?;
    let id = id::ClientId::new(cx.now);
    let client_id = match new.client_id {
        Some(_) if !who.site_admin => {
            return Err(Problem::forbidden("Only site administrators choose a client_id; leave it out.")
                .field("/client_id", "Leave it out."));
        }
        Some(chosen) => rule::client_id(&chosen)?,
        None => base::id::uuid_text(id.bits()),
    };
    let settings = ClientSettings {
        accesstoken_type: new.accesstoken_type,
        accesstoken_valid_seconds: new.accesstoken_valid_seconds.map(Some),
        allowed_scopes: new.allowed_scopes,
        valid_grant_types: new.valid_grant_types,
        environments: new.environments,
        refreshtoken_validity_seconds: new.refreshtoken_validity_seconds.map(Some),
        maximum_idtoken_expiration_minutes: new.maximum_idtoken_expiration_minutes.map(Some),
        allowed_uris: new.allowed_uris,
        allowed_logout_uris: new.allowed_logout_uris,
    };
    let born = Born { id, client_id, app: app.id, name: &new.name, description: &new.description };
    let (client, change) = make(cx, &mut tx, born, settings).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((client, standing, seq))
}

/// What of a client never changes, and what people call it.
pub(super) struct Born<'a> {
    pub id: id::ClientId,
    pub client_id: String,
    pub app: id::AppId,
    pub name: &'a str,
    pub description: &'a str,
}

/// Makes a client inside the caller's transaction, and the user that it appears as: the change to commit with it.
pub(super) async fn make(
    cx: &Cx,
    conn: &mut Conn,
    born: Born<'_>,
    settings: ClientSettings,
) -> Result<(Client, Change), Problem> {
    let who = cx.signed()?;
    let mut client = Client {
        id: born.id,
        version: 1,
        // This one, its name and its description are set below, together with everything else that may be wrong.
        service_account: id::UserId::new(cx.now),
        client_id: born.client_id,
        app: born.app,
        name: String::new(),
        description: String::new(),
        enabled: true,
        accesstoken_type: TokenType::Jwt,
        accesstoken_valid_seconds: None,
        refreshtoken_validity_seconds: None,
        maximum_idtoken_expiration_minutes: None,
        allowed_uris: Vec::new(),
        allowed_logout_uris: Vec::new(),
        allowed_scopes: Vec::new(),
        valid_grant_types: vec![GrantType::ClientCredentials],
        environments: Vec::new(),
        tokens_not_before: base::Timestamp::default(),
        first_token_at: None,
        created_by: who.id.clone(),
        created_at: cx.now,
    };
    settle(cx, conn, &mut client, (Some(born.name), Some(born.description)), settings).await?;
    client.service_account = user::create_service_account(conn, &client.client_id, &client.name, cx.now).await?;
    sql::insert(conn, &client).await?;
    let change = cx
        .change("client.created", Kind::Client, &client.id)
        .touching(Kind::App, &client.app)
        .touching(Kind::User, &client.service_account)
        .detailing(json!({"after": summary(&client)}));
    Ok((client, change))
}

/// Deletes a client whose credentials are gone, inside the caller's transaction: the change to commit with it. Its
/// `client_id` is never given to another.
///
/// # Errors
/// Those of the database.
pub async fn remove(cx: &Cx, conn: &mut Conn, client: &Client) -> Result<Change, Problem> {
    sql::delete(conn, client, cx.now).await?;
    user::remove_service_account(conn, &client.service_account).await?;
    Ok(cx
        .change("client.deleted", Kind::Client, &client.id)
        .touching(Kind::App, &client.app)
        .touching(Kind::User, &client.service_account)
        .detailing(json!({"before": summary(client)})))
}

/// What to change of a client.
pub struct ClientEdit {
    pub name: Option<String>,
    pub description: Option<String>,
    pub settings: ClientSettings,
}

pub(super) fn summary(client: &Client) -> serde_json::Value {
    json!({"client_id": client.client_id, "name": client.name, "description": client.description, "enabled": client.enabled,
           "accesstoken_type": client.accesstoken_type, "accesstoken_valid_seconds": client.accesstoken_valid_seconds,
           "allowed_scopes": client.allowed_scopes, "valid_grant_types": client.valid_grant_types,
           "environments": client.environments,
           "refreshtoken_validity_seconds": client.refreshtoken_validity_seconds,
           "maximum_idtoken_expiration_minutes": client.maximum_idtoken_expiration_minutes,
           "allowed_uris": client.allowed_uris, "allowed_logout_uris": client.allowed_logout_uris})
}

pub async fn edit(cx: &Cx, id: &id::ClientId, edit: ClientEdit) -> Result<(Client, Standing, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, _, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    let words = (edit.name.as_deref(), edit.description.as_deref());
    settle(cx, &mut tx, &mut after, words, edit.settings).await?;
    if after.name != before.name {
        user::rename_service_account(&mut tx, &after.service_account, &after.name).await?;
    }
    after.version = sql::put(&mut tx, &after).await?;
    let change = cx
        .change("client.edited", Kind::Client, id)
        .touching(Kind::App, &after.app)
        .detailing(json!({"before": summary(&before), "after": summary(&after)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, standing, seq))
}

/// Enables or disables a client. Tokens issued before it was disabled stay dead when it is enabled again; its
/// secrets and keys work again unchanged (F25, F26, F27).
pub async fn set_enabled(
    cx: &Cx,
    id: &id::ClientId,
    enabled: bool,
    note: Option<&str>,
) -> Result<(Client, Standing, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut client, _, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.expect_version(client.version)?;
    if client.enabled == enabled {
        let state = if enabled { "enabled" } else { "disabled" };
        return Err(Problem::new(ProblemKind::WrongState, format!("The client is {state} already.")));
    }
    client.enabled = enabled;
    if !enabled {
        client.tokens_not_before = rule::tokens_end(cx.now, client.tokens_not_before);
    }
    client.version = sql::put(&mut tx, &client).await?;
    let verb = if enabled { "client.enabled" } else { "client.disabled" };
    let detail = json!({"before": {"enabled": !enabled}, "after": {"enabled": enabled}});
    let change = cx.change(verb, Kind::Client, id).touching(Kind::App, &client.app).noting(note).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((client, standing, seq))
}
