//! What can be done with environments.

use super::{Environment, Urls, rule, sql};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use crate::text;
use base::id::Id;
use base::{Change, Fault, Kind, Problem, ProblemKind, gather, id};
use serde_json::{Value, json};
use snapshot::EnvironmentRow;
use store::Conn;

/// An environment, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::EnvironmentId) -> Result<Option<Environment>, Problem> {
    sql::find(conn, id).await
}

/// An environment, by the word for it.
///
/// # Errors
/// Those of the database.
pub async fn find_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Environment>, Problem> {
    sql::find_by_slug(conn, slug).await
}

/// Every environment, in the order of their creation.
///
/// # Errors
/// Those of the database.
pub async fn all(conn: &mut Conn) -> Result<Vec<Environment>, Problem> {
    sql::all(conn).await
}

/// The environment that a body names at `pointer`, by id or by slug.
///
/// # Errors
/// 422 if there is none; it names those that there are.
pub async fn require(conn: &mut Conn, name: &str, pointer: &str) -> Result<Environment, Problem> {
    if let Some(environment) = named(conn, name).await? {
        return Ok(environment);
    }
    let slugs: Vec<String> = sql::all(conn).await?.into_iter().map(|e| format!("`{}`", e.slug)).collect();
    let shown: String = name.chars().take(80).collect();
    Err(Problem::invalid(pointer, format!("There is no environment `{shown}`; there are {}.", slugs.join(", ")))
        .code(Fault::NotFound))
}

/// What gateways know of an environment.
///
/// # Errors
/// Those of the database.
pub async fn row(conn: &mut Conn, id: &id::EnvironmentId) -> Result<Option<EnvironmentRow>, Problem> {
    Ok(sql::find(conn, id).await?.map(|e| EnvironmentRow {
        id: e.id,
        slug: e.slug,
        host: Some(e.host).filter(|host| !host.is_empty()),
        prefix: e.prefix,
    }))
}

/// Creates `production` at the root of the gateway and `sandbox` under `/sandbox`, when there is no environment at all.
///
/// # Errors
/// Those of the database.
pub async fn ensure_defaults(cx: &Cx) -> Result<(), Problem> {
    let mut tx = cx.write().await?;
    if !sql::all(&mut tx).await?.is_empty() {
        return Ok(());
    }
    let mut changes = Vec::new();
    // A millisecond apart, so that production sorts first: ids of the same millisecond sort by chance.
    for (later_us, slug, name, prefix) in
        [(0, "production", "Production", ""), (1_000, "sandbox", "Sandbox", "/sandbox")]
    {
        let environment = Environment {
            id: id::EnvironmentId::new(cx.now.plus_micros(later_us)),
            version: 1,
            slug: slug.to_owned(),
            name: name.to_owned(),
            host: String::new(),
            prefix: prefix.to_owned(),
            description: String::new(),
            urls: Urls::default(),
            gateway: String::new(),
            created_at: cx.now,
        };
        match sql::insert(&mut tx, &environment).await {
            // Another process on the same database started at the same time and was faster.
            Err(problem) if problem.kind == ProblemKind::Exists => return Ok(()),
            other => other?,
        }
        let change = cx.change("environment.created", Kind::Environment, &environment.id);
        changes.push(change.by_system().detailing(json!({"after": facts(&environment)})));
    }
    cx.commit(tx, changes).await?;
    Ok(())
}

fn facts(environment: &Environment) -> Value {
    let Environment { slug, name, host, prefix, description, urls, gateway, .. } = environment;
    json!({"slug": slug, "name": name, "host": host, "prefix": prefix, "description": description,
           "oauth_authorization_url": urls.authorization, "oauth_token_url": urls.token,
           "oidc_discovery_url": urls.discovery, "gateway": gateway})
}

pub async fn list(cx: &Cx) -> Result<Vec<Environment>, Problem> {
    cx.signed()?;
    sql::all(&mut *cx.read().await?).await
}

/// By id or by slug.
pub async fn get(cx: &Cx, name: &str) -> Result<Environment, Problem> {
    cx.signed()?;
    named(&mut *cx.read().await?, name).await?.ok_or_else(missing)
}

async fn named(conn: &mut Conn, name: &str) -> Result<Option<Environment>, Problem> {
    match id::EnvironmentId::parse(name) {
        Ok(id) => sql::find(conn, &id).await,
        Err(_) => sql::find_by_slug(conn, name).await,
    }
}

fn missing() -> Problem {
    Problem::not_found("environment")
}

/// What makes an environment.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnvironment {
    /// The word for it in requests: 1 to 60 of a-z 0-9 . _ -; unique.
    pub slug: String,
    /// 1 to 120 characters; the slug unless given.
    #[serde(default)]
    pub name: Option<String>,
    /// The host name that selects it; empty means any host.
    #[serde(default)]
    pub host: String,
    /// The path prefix that selects it: empty or like `/sandbox`.
    #[serde(default)]
    pub prefix: String,
    /// What it is for; at most 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// Where people say yes to apps; empty is this program's own.
    #[serde(default)]
    pub oauth_authorization_url: String,
    /// Where tokens are issued; empty is this program's own.
    #[serde(default)]
    pub oauth_token_url: String,
    /// Where OpenID Connect describes itself; empty is this program's own.
    #[serde(default)]
    pub oidc_discovery_url: String,
    /// The name of the gateway configuration that serves it, for operators; at most 120 characters, may be empty.
    #[serde(default)]
    pub gateway: String,
}

/// The name of a gateway configuration, or nothing.
fn gateway(name: &str) -> Result<String, Problem> {
    if name.trim().is_empty() { Ok(String::new()) } else { text::name("/gateway", name) }
}

/// Creates an environment, inside the caller's transaction, which sees to it that it hides no API.
///
/// # Errors
/// 409 if slug or address are taken.
pub async fn create(cx: &Cx, conn: &mut Conn, new: NewEnvironment) -> Result<(Environment, Change), Problem> {
    cx.may(cx.standing(), Verb::PlatformSettings)?;
    let environment = gather(|wrong| {
        let slug = wrong.of(rule::slug(&new.slug));
        let name = new.name.as_deref().map_or_else(|| Ok(slug.clone()), |name| text::name("/name", name));
        Environment {
            id: id::EnvironmentId::new(cx.now),
            version: 1,
            slug,
            name: wrong.of(name),
            host: wrong.of(rule::host(&new.host)),
            prefix: wrong.of(rule::prefix(&new.prefix)),
            description: wrong.of(text::prose("/description", &new.description)),
            urls: Urls {
                authorization: wrong.of(rule::address("/oauth_authorization_url", &new.oauth_authorization_url)),
                token: wrong.of(rule::address("/oauth_token_url", &new.oauth_token_url)),
                discovery: wrong.of(rule::address("/oidc_discovery_url", &new.oidc_discovery_url)),
            },
            gateway: wrong.of(gateway(&new.gateway)),
            created_at: cx.now,
        }
    })?;
    sql::insert(conn, &environment).await?;
    let change = cx
        .change("environment.created", Kind::Environment, &environment.id)
        .detailing(json!({"after": facts(&environment)}));
    Ok((environment, change))
}

/// What to change. Host and prefix move every address of the environment at once.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentEdit {
    /// Unique.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub slug: Option<String>,
    /// 1 to 120 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub name: Option<String>,
    /// The host name that selects it; empty means any host.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub host: Option<String>,
    /// The path prefix that selects it: empty or like `/sandbox`.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub prefix: Option<String>,
    /// What it is for; at most 4,000 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub description: Option<String>,
    /// Where people say yes to apps; empty is this program's own.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub oauth_authorization_url: Option<String>,
    /// Where tokens are issued; empty is this program's own.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub oauth_token_url: Option<String>,
    /// Where OpenID Connect describes itself; empty is this program's own.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub oidc_discovery_url: Option<String>,
    /// The name of the gateway configuration that serves it, for operators; at most 120 characters, may be empty.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub gateway: Option<String>,
}

/// Changes an environment, inside the caller's transaction, which sees to it that it hides no API.
///
/// # Errors
/// 409 if slug or address are taken.
pub async fn edit(
    cx: &Cx,
    conn: &mut Conn,
    name: &str,
    edit: EnvironmentEdit,
) -> Result<(Environment, Change), Problem> {
    cx.may(cx.standing(), Verb::PlatformSettings)?;
    let before = named(conn, name).await?.ok_or_else(missing)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    gather(|wrong| {
        wrong.set(&mut after.slug, edit.slug.map(|slug| rule::slug(&slug)));
        wrong.set(&mut after.name, edit.name.map(|name| text::name("/name", &name)));
        wrong.set(&mut after.description, edit.description.map(|text| text::prose("/description", &text)));
        wrong.set(&mut after.host, edit.host.map(|host| rule::host(&host)));
        wrong.set(&mut after.prefix, edit.prefix.map(|prefix| rule::prefix(&prefix)));
        wrong.set(&mut after.gateway, edit.gateway.map(|name| gateway(&name)));
        let (urls, read) = (&mut after.urls, |at: &'static str| move |url: String| rule::address(at, &url));
        wrong.set(&mut urls.authorization, edit.oauth_authorization_url.map(read("/oauth_authorization_url")));
        wrong.set(&mut urls.token, edit.oauth_token_url.map(read("/oauth_token_url")));
        wrong.set(&mut urls.discovery, edit.oidc_discovery_url.map(read("/oidc_discovery_url")));
    })?;
    after.version = sql::put(conn, &after).await?;
    let change = cx
        .change("environment.edited", Kind::Environment, &after.id)
        .detailing(json!({"before": facts(&before), "after": facts(&after)}));
    Ok((after, change))
}
