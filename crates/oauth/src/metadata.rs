//! The discovery documents (OpenID Connect Discovery 1.0 and RFC 8414). They list what is enabled and nothing else.

use crate::pkce;
use crate::token::ClientAuth;
use serde_json::{Map, Value, json};

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $member:literal;)*) => {
        /// The endpoints of an authorization server. Each has a fixed path behind the issuer and a metadata member.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Endpoint { $($(#[$doc])* $name,)* }
        impl Endpoint {
            /// Every endpoint that has a name, in the order in which documents list them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// The path behind the issuer.
            pub const fn path(self) -> &'static str { match self { $(Self::$name => $path),* } }
            /// The metadata member that carries its address.
            pub const fn member(self) -> &'static str { match self { $(Self::$name => $member),* } }
        }
    };
}

endpoints! {
    /// RFC 6749 section 3.1.
    Authorize = "/oauth2/authorize", "authorization_endpoint";
    /// RFC 6749 section 3.2.
    Token = "/oauth2/token", "token_endpoint";
    /// RFC 7517.
    Jwks = "/oauth2/jwks", "jwks_uri";
    /// RFC 7662.
    Introspect = "/oauth2/introspect", "introspection_endpoint";
    /// RFC 7009.
    Revoke = "/oauth2/revoke", "revocation_endpoint";
    /// OpenID Connect Core section 5.3.
    UserInfo = "/oauth2/userinfo", "userinfo_endpoint";
    /// OpenID Connect RP-Initiated Logout.
    Logout = "/oauth2/logout", "end_session_endpoint";
    /// RFC 9126.
    Par = "/oauth2/par", "pushed_authorization_request_endpoint";
    /// RFC 7591.
    Register = "/oauth2/register", "registration_endpoint";
}

/// What an authorization server offers right now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The issuer, byte for byte as it stands in tokens.
    pub issuer: String,
    /// The endpoints that answer.
    pub endpoints: Vec<Endpoint>,
    /// The scopes that a client may be given.
    pub scopes: Vec<String>,
    /// `grant_type` values of the token endpoint.
    pub grant_types: Vec<String>,
    /// `response_type` values of the authorization endpoint.
    pub response_types: Vec<String>,
    /// How clients authenticate at the token, introspection and revocation endpoints.
    pub client_auth: Vec<ClientAuth>,
    /// Algorithms of ID tokens; empty while none are issued.
    pub id_token_algs: Vec<String>,
}

impl Offer {
    /// A server for programs only: `client_credentials` with a secret by header or form, introspection, revocation
    /// and published keys.
    pub fn client_credentials(issuer: impl Into<String>, scopes: Vec<String>) -> Self {
        Self {
            issuer: issuer.into(),
            endpoints: vec![Endpoint::Token, Endpoint::Jwks, Endpoint::Introspect, Endpoint::Revoke],
            scopes,
            grant_types: vec!["client_credentials".to_owned()],
            response_types: Vec::new(),
            client_auth: vec![ClientAuth::Basic, ClientAuth::Post],
            id_token_algs: Vec::new(),
        }
    }

    /// The address of an endpoint.
    pub fn address(&self, endpoint: Endpoint) -> String {
        format!("{}{}", self.issuer.trim_end_matches('/'), endpoint.path())
    }

    fn offers(&self, endpoint: Endpoint) -> bool {
        self.endpoints.contains(&endpoint)
    }
}

/// Where the documents of an issuer are found: `(OpenID Connect, RFC 8414)`, as paths. The former appends to the
/// issuer's path, the latter inserts before it (RFC 8414 section 3.1).
pub fn paths(issuer: &str) -> (String, String) {
    let after_scheme = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]).trim_end_matches('/');
    (format!("{path}/.well-known/openid-configuration"), format!("/.well-known/oauth-authorization-server{path}"))
}

/// The document of RFC 8414 section 2. `response_types_supported` is always there, since it is required, and is
/// empty while there is no authorization endpoint; other members without a value are left out.
pub fn authorization_server(offer: &Offer) -> Value {
    let mut out = Map::new();
    out.insert("issuer".into(), json!(offer.issuer));
    for endpoint in Endpoint::ALL.iter().filter(|e| offer.offers(**e)) {
        out.insert(endpoint.member().into(), json!(offer.address(*endpoint)));
    }
    let mut list = |name: &str, values: &[String]| {
        if !values.is_empty() {
            out.insert(name.into(), json!(values));
        }
    };
    let methods: Vec<String> = offer.client_auth.iter().map(|m| m.as_str().to_owned()).collect();
    list("scopes_supported", &offer.scopes);
    for (endpoint, name) in [
        (Endpoint::Token, "token_endpoint_auth_methods_supported"),
        (Endpoint::Introspect, "introspection_endpoint_auth_methods_supported"),
        (Endpoint::Revoke, "revocation_endpoint_auth_methods_supported"),
    ] {
        if offer.offers(endpoint) {
            list(name, &methods);
        }
    }
    // Both have defaults that would promise too much, so they are never left out (RFC 8414 section 2).
    out.insert("grant_types_supported".into(), json!(offer.grant_types));
    out.insert("response_types_supported".into(), json!(offer.response_types));
    if offer.grant_types.iter().any(|grant| grant == "authorization_code") {
        out.insert("code_challenge_methods_supported".into(), json!(pkce::METHODS));
    }
    if offer.offers(Endpoint::Authorize) {
        out.insert("authorization_response_iss_parameter_supported".into(), json!(true));
    }
    Value::Object(out)
}

/// The document of OpenID Connect Discovery section 3: that of RFC 8414 and the members that OpenID Connect requires.
/// `id_token_signing_alg_values_supported` is empty while no ID tokens are issued: readers with fixed types want the
/// member to be there.
pub fn openid_configuration(offer: &Offer) -> Value {
    let mut out = authorization_server(offer);
    out["subject_types_supported"] = json!(["public"]);
    out["id_token_signing_alg_values_supported"] = json!(offer.id_token_algs);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Offer {
        Offer::client_credentials("http://127.0.0.1:8080", vec!["users:read".into()])
    }

    /// X04
    #[test]
    fn the_document_lists_what_is_enabled_and_nothing_else() {
        let expected = json!({
            "issuer": "http://127.0.0.1:8080",
            "token_endpoint": "http://127.0.0.1:8080/oauth2/token",
            "jwks_uri": "http://127.0.0.1:8080/oauth2/jwks",
            "introspection_endpoint": "http://127.0.0.1:8080/oauth2/introspect",
            "revocation_endpoint": "http://127.0.0.1:8080/oauth2/revoke",
            "scopes_supported": ["users:read"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
        });
        assert_eq!(authorization_server(&today()), expected);
        let openid = openid_configuration(&today());
        assert_eq!(openid["subject_types_supported"], json!(["public"]));
        assert_eq!(openid["id_token_signing_alg_values_supported"], json!([]));
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(openid.get(name), Some(value), "{name}");
        }
        assert_eq!(openid.as_object().unwrap().len(), expected.as_object().unwrap().len() + 2);
    }

    #[test]
    fn what_is_switched_on_later_appears() {
        let mut offer = today();
        offer.endpoints.push(Endpoint::Authorize);
        offer.grant_types.push("authorization_code".into());
        offer.response_types.push("code".into());
        let document = authorization_server(&offer);
        assert_eq!(document["authorization_endpoint"], "http://127.0.0.1:8080/oauth2/authorize");
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    }

    #[test]
    fn the_issuer_stands_byte_for_byte_and_endpoints_have_no_double_slash() {
        let mut offer = today();
        offer.issuer = "https://id.example/tenant/".into();
        let document = authorization_server(&offer);
        assert_eq!(document["issuer"], "https://id.example/tenant/");
        assert_eq!(document["token_endpoint"], "https://id.example/tenant/oauth2/token");
    }

    #[test]
    fn a_path_of_the_issuer_is_appended_to_in_one_document_and_inserted_in_the_other() {
        for (issuer, openid, oauth) in [
            ("https://a.example", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
            ("https://a.example/", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
            (
                "https://a.example/t/1",
                "/t/1/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/t/1",
            ),
        ] {
            assert_eq!(paths(issuer), (openid.to_owned(), oauth.to_owned()), "{issuer}");
        }
    }
}
