//! What can be done with tokens: issue, introspect, revoke, sweep.

use super::key::{self, StoredKey};
use super::{Token, sql};
use crate::client::{self, Client, TokenType};
use crate::credential;
use crate::cx::{Cx, Describe, Platform};
use crate::user;
use base::id::Id;
use base::secret::{Purpose, Secret};
use base::{Kind, Problem, Timestamp, id};
use oauth::error::{ErrorCode, OAuthError};
use oauth::jose::{AccessTokenClaims, verify_access_token};
use oauth::token::{
    ClientCredential, GrantRequest, Introspection, TokenQuery, TokenResponse, effective_scopes, scope_text,
};
use serde_json::{Map, Value, json};
use snapshot::{TokenRow, Update};
use store::{Conn, Quiet};
use tokio::sync::watch;

/// Loads the signing keys; makes the first one if there is none.
///
/// # Errors
/// 500 if a key was sealed under another master key.
pub async fn ensure_key(cx: &Cx) -> Result<(), Problem> {
    let mut stored = sql::keys(&mut *cx.read().await?).await?;
    if stored.is_empty() {
        let mut tx = cx.write().await?;
        stored = sql::keys(&mut tx).await?;
        if stored.is_empty() {
            let new = StoredKey::make(cx)?;
            sql::insert_key(&mut tx, &new, cx.now).await?;
            let made = cx.change("signing_key.created", Kind::SigningKey, &new.id).by_system();
            cx.commit(tx, vec![made.detailing(json!({"after": {"kid": new.kid}}))]).await?;
            stored.push(new);
        }
    }
    cx.platform.signing.set(key::ring(cx, stored)?);
    Ok(())
}

/// A failure at an OAuth endpoint: in its own shape, or ours if it is our fault.
pub enum Failure {
    /// RFC 6749 section 5.2.
    OAuth(OAuthError),
    /// Ours.
    Problem(Problem),
}

impl From<OAuthError> for Failure {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// The client that authenticated by its secret. Unknown, disabled and wrong look the same from outside (F25).
pub async fn authenticate(cx: &Cx, given: Option<ClientCredential>) -> Result<Client, Failure> {
    let Some(given) = given else { return Err(OAuthError::invalid_client().into()) };
    let Some(secret) = given.secret else { return Err(OAuthError::invalid_client().into()) };
    let mut tx = cx.read().await?;
    let client = client::find_by_client_id(&mut tx, &given.client_id).await?;
    let Some(client) = client.filter(|c| c.enabled) else { return Err(OAuthError::invalid_client().into()) };
    let Some(found) = credential::find_secret(cx, &mut tx, &client, &secret).await? else {
        return Err(OAuthError::invalid_client().into());
    };
    drop(tx);
    if let Some(noted) = credential::note_use(&found, cx.now) {
        cx.platform.db.quiet_batch(Quiet::CredentialUsed, vec![noted]).await?;
    }
    Ok(client)
}

/// Issues an access token (C39, F34). Never a refresh token for this grant.
pub async fn issue(cx: &Cx, client: &Client, request: &GrantRequest) -> Result<TokenResponse, Failure> {
    let valid: Vec<&str> = client.valid_grant_types.iter().map(|g| g.as_str()).collect();
    request.permitted_by(&valid)?;
    let GrantRequest::ClientCredentials { scope, resource } = request;
    let audience = &cx.platform.settings.gateway_url;
    if let Some(other) = resource.iter().find(|r| r.trim_end_matches('/') != audience.trim_end_matches('/')) {
        let text = format!("tokens are issued for {audience} only, not for {other}");
        return Err(OAuthError::new(ErrorCode::InvalidTarget, text).into());
    }
    let scopes = effective_scopes(scope.as_deref(), &client.allowed_scopes)?;
    let seconds = client.accesstoken_valid_seconds.unwrap_or(cx.platform.settings.access_token_seconds);
    // Never dated before the instant from which this client's tokens count: see client::rule::tokens_end.
    let issued_at = cx.now.max(client.tokens_not_before);
    let id = id::TokenId::new(cx.now);
    let secret = match client.accesstoken_type {
        TokenType::Uuid => issue_opaque(cx, client, id, &scopes, issued_at, seconds).await?,
        TokenType::Jwt => sign(cx, client, &id, &scopes, issued_at, seconds).await?,
    };
    if let Some(noted) = client::note_token(cx, client) {
        cx.platform.db.quiet_batch(Quiet::TokenIssued, vec![noted]).await?;
    }
    Ok(TokenResponse::bearer(secret, seconds, scope_text(&scopes)))
}

async fn issue_opaque(
    cx: &Cx,
    client: &Client,
    id: id::TokenId,
    scopes: &[String],
    issued_at: Timestamp,
    seconds: i64,
) -> Result<Secret, Failure> {
    let secret = Secret::access_token_for(&base::id::uuid_text(id.bits()));
    let token = Token {
        id,
        digest: cx.platform.keys.digest(Purpose::AccessToken, secret.reveal()),
        client: client.id.clone(),
        scopes: scopes.to_vec(),
        issued_at,
        expires_at: issued_at.plus_seconds(seconds),
    };
    cx.platform.db.quiet_batch(Quiet::TokenIssued, vec![sql::insertion(&token)?]).await?;
    // The gateway of this process knows it before the client does; other gateways ask for what they do not know.
    cx.platform.sink.apply(vec![Update::Token(token.id.clone(), Some(row(&token)))], 0);
    Ok(secret)
}

/// A JWT with the client and the user that it appears as (C43, RFC 9068).
async fn sign(
    cx: &Cx,
    client: &Client,
    id: &id::TokenId,
    scopes: &[String],
    issued_at: Timestamp,
    seconds: i64,
) -> Result<Secret, Failure> {
    let account = user::find(&mut *cx.read().await?, &client.service_account).await?;
    let mut extra = Map::new();
    if let Some(account) = account {
        extra.insert("preferred_username".into(), account.username.into());
        extra.insert("name".into(), account.display_name.into());
    }
    extra.insert("app".into(), client.app.to_string().into());
    let claims = AccessTokenClaims {
        iss: cx.platform.settings.public_url.clone(),
        sub: client.service_account.to_string(),
        aud: vec![cx.platform.settings.gateway_url.clone()],
        client_id: client.client_id.clone(),
        scope: scopes.to_vec(),
        iat: issued_at,
        exp: issued_at.plus_seconds(seconds),
        jti: id.to_string(),
        extra,
    };
    let text = cx.platform.signing.now()?.signing.sign_access_token(&claims).map_err(Problem::internal)?;
    Ok(Secret::from_text(text))
}

fn row(token: &Token) -> TokenRow {
    TokenRow {
        id: token.id.clone(),
        digest: token.digest,
        client: token.client.clone(),
        scopes: token.scopes.clone(),
        issued_at: token.issued_at,
        expires_at: token.expires_at,
    }
}

/// A token that somebody presented and that is, or was, ours.
struct Known {
    id: id::TokenId,
    client: Client,
    scopes: Vec<String>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    opaque: bool,
}

/// The token, if it is one of ours that lives: exactly what the gateway would let pass as a credential.
async fn recognise(cx: &Cx, text: &str) -> Result<Option<Known>, Problem> {
    let mut tx = cx.read().await?;
    let found = if Secret::looks_like(text, Purpose::AccessToken) {
        let digest = cx.platform.keys.digest(Purpose::AccessToken, text);
        let Some(token) = sql::find_by_digest(&mut tx, digest).await? else { return Ok(None) };
        let Some(client) = client::find(&mut tx, &token.client).await? else { return Ok(None) };
        let (scopes, issued_at, expires_at) = (token.scopes, token.issued_at, token.expires_at);
        Known { id: token.id, client, scopes, issued_at, expires_at, opaque: true }
    } else {
        let ring = cx.platform.signing.now()?;
        let key = |kid: &str| ring.verifying.iter().find(|k| k.kid() == kid).cloned();
        let settings = &cx.platform.settings;
        let checked = verify_access_token(text, key, &settings.public_url, &settings.gateway_url, cx.now);
        let Ok(claims) = checked else { return Ok(None) };
        let Ok(id) = id::TokenId::parse(&claims.jti) else { return Ok(None) };
        if sql::find_revoked_jwt(&mut tx, &id).await?.is_some() {
            return Ok(None);
        }
        let Some(client) = client::find_by_client_id(&mut tx, &claims.client_id).await? else { return Ok(None) };
        Known { id, client, scopes: claims.scope, issued_at: claims.iat, expires_at: claims.exp, opaque: false }
    };
    let lives = found.client.enabled && found.expires_at > cx.now && found.issued_at >= found.client.tokens_not_before;
    Ok(lives.then_some(found))
}

/// RFC 7662. A client learns of its own tokens; of others' only if it is allowed the scope `token.introspect`.
pub async fn introspect(cx: &Cx, caller: &Client, query: &TokenQuery) -> Result<Value, Failure> {
    let Some(known) = recognise(cx, &query.token).await? else { return Ok(Introspection::inactive()) };
    let allowed = known.client.id == caller.id || caller.allowed_scopes.iter().any(|s| s == client::INTROSPECT_SCOPE);
    if !allowed {
        return Ok(Introspection::inactive());
    }
    let account = user::find(&mut *cx.read().await?, &known.client.service_account).await?;
    let introspection = Introspection {
        scope: known.scopes,
        client_id: known.client.client_id,
        username: account.map(|a| a.username),
        sub: Some(known.client.service_account.to_string()),
        aud: vec![cx.platform.settings.gateway_url.clone()],
        iss: cx.platform.settings.public_url.clone(),
        jti: Some(known.id.to_string()),
        iat: known.issued_at,
        exp: known.expires_at,
    };
    Ok(introspection.to_json())
}

/// RFC 7009. Unknown and foreign tokens are answered like revoked ones; the next call that carries it is refused.
pub async fn revoke(cx: &Cx, caller: &Client, query: &TokenQuery) -> Result<(), Failure> {
    let Some(known) = recognise(cx, &query.token).await? else { return Ok(()) };
    if known.client.id != caller.id {
        return Ok(());
    }
    let mut tx = cx.write().await?;
    if known.opaque {
        sql::delete(&mut tx, &known.id).await?;
    } else {
        sql::revoke_jwt(&mut tx, &known.id, &known.client.id, known.expires_at).await?;
    }
    let mut change = cx
        .change("token.revoked", Kind::Grant, &known.id)
        .touching(Kind::Client, &known.client.id)
        .detailing(json!({"opaque": known.opaque, "before": {"active": true}, "after": {"active": false}}));
    change.actor = base::Actor::Client(caller.id.to_string());
    cx.commit(tx, vec![change]).await?;
    Ok(())
}

/// What a gateway has to know of a token that was revoked.
///
/// # Errors
/// Those of the database.
pub async fn updates_for(conn: &mut Conn, id: &id::TokenId) -> Result<Vec<Update>, Problem> {
    if let Some(end) = sql::find_revoked_jwt(conn, id).await? {
        return Ok(vec![Update::RevokedJwt(id.clone(), end)]);
    }
    let token = sql::find(conn, id).await?;
    Ok(vec![Update::Token(id.clone(), token.as_ref().map(row))])
}

/// Living opaque tokens by id, for a gateway that starts.
///
/// # Errors
/// Those of the database.
pub async fn token_rows(conn: &mut Conn, after: &str, now: Timestamp, limit: i64) -> Result<Vec<TokenRow>, Problem> {
    Ok(sql::page(conn, after, now, limit).await?.iter().map(row).collect())
}

/// Revoked JWTs that have not ended by themselves yet, for a gateway that starts.
///
/// # Errors
/// Those of the database.
pub async fn revoked_rows(conn: &mut Conn, now: Timestamp) -> Result<Vec<(id::TokenId, Timestamp)>, Problem> {
    sql::revoked_jwts(conn, now).await
}

/// Forgets tokens that have ended.
///
/// # Errors
/// Those of the database.
pub async fn sweep(platform: &Platform) -> Result<(), Problem> {
    let now = platform.clock.now();
    let mut tx = platform.db.write().await?;
    let ended = sql::expired(&mut tx, now, 1_000).await?;
    for id in &ended {
        sql::delete(&mut tx, id).await?;
    }
    sql::delete_expired_jwts(&mut tx, now).await?;
    tx.commit_quiet(Quiet::ExpiredSwept).await?;
    platform.sink.apply(ended.into_iter().map(|id| Update::Token(id, None)).collect(), 0);
    Ok(())
}

/// How often ended tokens are forgotten.
const SWEEP_EVERY: std::time::Duration = std::time::Duration::from_secs(60);

/// Sweeps until told to stop.
pub async fn run_sweep(platform: Platform, mut shutdown: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = crate::reader::stopped(&mut shutdown) => return,
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
        if let Err(problem) = sweep(&platform).await {
            tracing::warn!(problem = ?problem, "grant.sweep_failed");
        }
    }
}
