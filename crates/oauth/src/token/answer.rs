//! What the endpoints answer.

use base::Timestamp;
use base::secret::Secret;
use serde_json::{Map, Value, json};

/// The `Cache-Control` of every answer of the token, introspection and revocation endpoints, errors included
/// (RFC 6749 section 5.1).
pub const CACHE_CONTROL: &str = "no-store";

/// The answer to a granted request (RFC 6749 section 5.1). It has no refresh token: no grant that is offered
/// yields one (F34).
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// The access token, opaque or a JWT.
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds that the token lives from now (C46).
    pub expires_in: i64,
    /// The scopes that it has; absent if it has none.
    pub scope: Option<String>,
}

impl TokenResponse {
    /// A bearer token that lives for `expires_in` seconds.
    pub fn bearer(access_token: Secret, expires_in: i64, scope: Option<String>) -> Self {
        Self { access_token, token_type: "Bearer", expires_in, scope }
    }

    /// The body of the answer. This is the one place that shows the token.
    pub fn to_json(&self) -> Value {
        let mut body = json!({
            "access_token": self.access_token.reveal(),
            "token_type": self.token_type,
            "expires_in": self.expires_in,
        });
        if let Some(scope) = &self.scope {
            body["scope"] = json!(scope);
        }
        body
    }
}

/// What introspection says about a live token (RFC 7662 section 2.2; X05).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// The scopes that it has.
    pub scope: Vec<String>,
    /// The client that it was issued to.
    pub client_id: String,
    /// A name of the subject for people.
    pub username: Option<String>,
    /// Whom it speaks for.
    pub sub: Option<String>,
    /// Whom it is meant for.
    pub aud: Vec<String>,
    /// Who issued it.
    pub iss: String,
    /// Its identity.
    pub jti: Option<String>,
    /// When it was issued.
    pub iat: Timestamp,
    /// When it ends.
    pub exp: Timestamp,
}

impl Introspection {
    /// The body for every token that is unknown, expired, revoked or not the caller's business. Nothing else may be
    /// said about such a token, and the status is 200 (RFC 7662 section 2.2).
    pub fn inactive() -> Value {
        json!({ "active": false })
    }

    /// The body for a live token.
    pub fn to_json(&self) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() {
                body.insert(name.to_owned(), value);
            }
        };
        put("active", json!(true));
        put("scope", json!(super::scope_text(&self.scope)));
        put("client_id", json!(self.client_id));
        put("username", json!(self.username));
        put("token_type", json!("Bearer"));
        put("exp", json!(self.exp.seconds()));
        put("iat", json!(self.iat.seconds()));
        put("sub", json!(self.sub));
        put("aud", one_or_many(&self.aud));
        put("iss", json!(self.iss));
        put("jti", json!(self.jti));
        Value::Object(body)
    }
}

/// `aud` on the wire: absent, one string, or an array (RFC 7519 section 4.1.3).
pub(crate) fn one_or_many(values: &[String]) -> Value {
    match values {
        [] => Value::Null,
        [one] => json!(one),
        many => json!(many),
    }
}
