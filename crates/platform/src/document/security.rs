//! Declared security schemes, and which scopes an operation demands.

use super::Dialect;
use super::finding::{Findings, described, quoted};
use super::reference::References;
use super::survey::escaped;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

/// The most scopes that one operation may demand.
const MOST_SCOPES: usize = 100;

/// A security scheme that the document declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredSecurity {
    /// Its name in the document.
    pub name: String,
    /// What it is.
    pub kind: SecurityKind,
    /// The scopes that it declares, in alphabetical order.
    pub scopes: Vec<String>,
    /// Whether the document or an operation demands it.
    pub used: bool,
}

/// What a declared security scheme is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SecurityKind {
    /// A key in a header, a query parameter or a cookie.
    ApiKey {
        /// `header`, `query` or `cookie`.
        place: String,
        /// The name of the header, parameter or cookie.
        parameter: String,
    },
    /// HTTP Basic (RFC 7617).
    Basic,
    /// A bearer token (RFC 6750) that is not further described.
    Bearer,
    /// Another HTTP authentication scheme.
    Http {
        /// Its name, lower case.
        scheme: String,
    },
    /// OAuth 2.0.
    OAuth2,
    /// OpenID Connect.
    OpenIdConnect,
    /// A client certificate.
    MutualTls,
    /// Something else, or something incomplete.
    Other,
}

/// The declared schemes, and the requirements that hold where an operation says nothing.
pub(super) struct Security<'v> {
    declared: Vec<DeclaredSecurity>,
    by_name: HashMap<&'v str, usize>,
    default: Vec<String>,
}

/// Reads the declarations and the document's own requirements.
pub(super) fn read<'v>(
    root: &'v Value,
    dialect: Dialect,
    references: &mut References<'v>,
    findings: &mut Findings,
) -> Security<'v> {
    let pointer = if dialect == Dialect::V2 { "/securityDefinitions" } else { "/components/securitySchemes" };
    let mut security = Security { declared: Vec::new(), by_name: HashMap::new(), default: Vec::new() };
    match root.pointer(pointer) {
        None | Some(Value::Null) => {}
        Some(Value::Object(schemes)) => {
            for (name, scheme) in schemes.iter().filter(|(name, _)| !name.starts_with("x-")) {
                let at = format!("{pointer}/{}", escaped(name));
                let declared = declare(references, name, scheme, &at, findings);
                security.by_name.insert(name, security.declared.len());
                security.declared.push(declared);
            }
        }
        Some(other) => findings.refuse(
            pointer,
            format!("Security schemes are {}. Write an object: a name and its scheme each.", described(other)),
        ),
    }
    if let Some(value) = root.get("security").filter(|v| !v.is_null()) {
        security.default = security.demands(value, "/security", findings);
    }
    security
}

impl Security<'_> {
    /// The scopes that `operation` demands.
    pub(super) fn scopes(
        &mut self,
        operation: &Map<String, Value>,
        pointer: &str,
        findings: &mut Findings,
    ) -> Vec<String> {
        match operation.get("security") {
            None | Some(Value::Null) => self.default.clone(),
            Some(value) => self.demands(value, &format!("{pointer}/security"), findings),
        }
    }

    /// Notes what is declared and never used, and hands the declarations out.
    pub(super) fn finish(self, dialect: Dialect, findings: &mut Findings) -> Vec<DeclaredSecurity> {
        let section = if dialect == Dialect::V2 { "/securityDefinitions" } else { "/components/securitySchemes" };
        for scheme in self.declared.iter().filter(|scheme| !scheme.used) {
            let detail = format!(
                "The security scheme {} is declared but no requirement names it. Add it under `security`, or remove it.",
                quoted(&scheme.name)
            );
            findings.note("security-unused", format!("{section}/{}", escaped(&scheme.name)), detail);
        }
        self.declared
    }

    /// Requirements are alternatives. The first that demands OAuth decides on scopes, since an operation here has one
    /// list of scopes; an empty alternative makes all of them optional.
    fn demands(&mut self, value: &Value, pointer: &str, findings: &mut Findings) -> Vec<String> {
        let Some(alternatives) = value.as_array() else {
            let detail = format!(
                "`security` is {}. Write a list of requirements, such as `[{{\"oauth\": [\"read\"]}}]`, or `[]` for none.",
                described(value)
            );
            findings.refuse(pointer, detail);
            return Vec::new();
        };
        let mut found: Vec<Vec<String>> = Vec::new();
        let mut optional = false;
        for (index, alternative) in alternatives.iter().enumerate() {
            let at = format!("{pointer}/{index}");
            let Some(schemes) = alternative.as_object() else {
                let detail = format!(
                    "A security requirement is {}. Write an object: scheme and scopes.",
                    described(alternative)
                );
                findings.refuse(at, detail);
                continue;
            };
            optional |= schemes.is_empty();
            if let Some(scopes) = self.alternative(schemes, &at, findings) {
                found.push(scopes);
            }
        }
        if optional {
            return Vec::new();
        }
        if found.iter().any(|scopes| *scopes != found[0]) {
            let detail = "Several alternatives demand different scopes; those of the first are demanded. Demand the same in each.";
            findings.note("security-alternatives", pointer, detail);
        }
        found.into_iter().next().unwrap_or_default()
    }

    /// Whether the list beside this scheme's name is one of scopes. Where the scheme is unknown it is, so that a slip of
    /// the pen never opens an operation.
    fn is_scoped(&mut self, name: &str, scopes: &[String], pointer: &str, findings: &mut Findings) -> bool {
        let Some(declared) = self.by_name.get(name).and_then(|&index| self.declared.get_mut(index)) else {
            let detail = format!(
                "No security scheme is called {}; what it lists counts as scopes. Declare it or correct the name.",
                quoted(name)
            );
            findings.note("security-undeclared", pointer, detail);
            return !scopes.is_empty();
        };
        declared.used = true;
        match declared.kind {
            SecurityKind::OAuth2 | SecurityKind::OpenIdConnect => true,
            SecurityKind::Other => !scopes.is_empty(),
            _ => false,
        }
    }

    /// The scopes of one alternative, if it has an OAuth or OpenID Connect scheme.
    fn alternative(&mut self, schemes: &Map<String, Value>, at: &str, findings: &mut Findings) -> Option<Vec<String>> {
        let mut oauth = false;
        let mut all: Vec<String> = Vec::new();
        for (name, scopes) in schemes {
            let pointer = format!("{at}/{}", escaped(name));
            let scopes: Option<Vec<String>> = match scopes {
                Value::Null => Some(Vec::new()),
                Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
                _ => None,
            };
            let Some(scopes) = scopes else {
                let detail = format!("The scopes of {} are not a list of texts. Write a list, or `[]`.", quoted(name));
                findings.refuse(pointer, detail);
                continue;
            };
            if self.is_scoped(name, &scopes, &pointer, findings) {
                oauth = true;
                if all.len() + scopes.len() > MOST_SCOPES {
                    let detail =
                        format!("More than {MOST_SCOPES} scopes are demanded at once. Demand fewer, broader ones.");
                    findings.refuse(pointer, detail);
                    continue;
                }
                for scope in scopes {
                    if !all.contains(&scope) {
                        all.push(scope);
                    }
                }
            }
        }
        oauth.then_some(all)
    }
}

fn declare<'v>(
    references: &mut References<'v>,
    name: &str,
    scheme: &'v Value,
    at: &str,
    findings: &mut Findings,
) -> DeclaredSecurity {
    let scheme = match references.follow(scheme, at) {
        Ok((scheme, _)) => scheme,
        // The audit of references says so.
        Err(_) => &Value::Null,
    };
    let kind = kind(scheme);
    if kind == SecurityKind::Other {
        let detail = format!(
            "The security scheme {} has no `type` that is known here, or lacks `in`, `name` or `scheme`. Complete it.",
            quoted(name)
        );
        findings.note("security-unknown", at, detail);
    }
    DeclaredSecurity { name: name.to_owned(), kind, scopes: declared_scopes(scheme), used: false }
}

fn kind(scheme: &Value) -> SecurityKind {
    let text = |name: &str| scheme.get(name).and_then(Value::as_str);
    match text("type") {
        Some("apiKey") => match (text("in"), text("name")) {
            (Some(place @ ("header" | "query" | "cookie")), Some(parameter)) if !parameter.is_empty() => {
                SecurityKind::ApiKey { place: place.to_owned(), parameter: parameter.to_owned() }
            }
            _ => SecurityKind::Other,
        },
        Some("basic") => SecurityKind::Basic,
        Some("http") => match text("scheme").map(str::to_ascii_lowercase).as_deref() {
            Some("basic") => SecurityKind::Basic,
            Some("bearer") => SecurityKind::Bearer,
            Some(scheme) => SecurityKind::Http { scheme: scheme.to_owned() },
            None => SecurityKind::Other,
        },
        Some("oauth2") => SecurityKind::OAuth2,
        Some("openIdConnect") => SecurityKind::OpenIdConnect,
        Some("mutualTLS") => SecurityKind::MutualTls,
        _ => SecurityKind::Other,
    }
}

/// 2.0 has `scopes` in the scheme, 3.x in each of its `flows`.
fn declared_scopes(scheme: &Value) -> Vec<String> {
    let flows = scheme.get("flows").and_then(Value::as_object).into_iter().flat_map(|flows| flows.values());
    flows
        .chain(std::iter::once(scheme))
        .filter_map(|flow| flow.get("scopes")?.as_object())
        .flat_map(|scopes| scopes.keys().filter(|name| !name.starts_with("x-")).cloned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}
