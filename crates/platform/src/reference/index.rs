//! What can be called, and where the document describes it.

use super::{Calling, Demand, Operation, Scheme, SchemeKind, Tag, Ways, Webhook, describe};
use crate::document::{Document, SecurityKind};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The most webhooks that are listed.
const MOST_WEBHOOKS: usize = 1_000;
/// The methods of a path item.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Every operation with its place; `ways` are in the same order.
pub(super) fn operations(document: &Document, ways: Vec<Ways>) -> Vec<Operation> {
    let mut ways = ways.into_iter();
    let each = document.operations.iter().map(|operation| {
        let Ways { name, anonymous, security } = ways.next().unwrap_or_default();
        Operation {
            name: name.unwrap_or_else(|| operation.name.clone()),
            method: operation.method.clone(),
            path: operation.path.clone(),
            summary: operation.summary.clone().unwrap_or_default(),
            tags: operation.tags.clone(),
            deprecated: operation.deprecated,
            pointers: document.pointers(operation),
            anonymous,
            security,
        }
    });
    each.collect()
}

/// The calls that the provider makes (3.1).
pub(super) fn webhooks(document: &Document) -> Vec<Webhook> {
    let mut out = Vec::new();
    let items = document.value.get("webhooks").and_then(Value::as_object);
    for (name, item) in items.into_iter().flatten() {
        let Some((item, at)) = document.place(item, &format!("/webhooks/{}", escaped(name))) else { continue };
        for (method, operation) in item.as_object().into_iter().flatten() {
            let lower = method.to_ascii_lowercase();
            if !METHODS.contains(&lower.as_str()) || !operation.is_object() || out.len() >= MOST_WEBHOOKS {
                continue;
            }
            let summary = operation.get("summary").and_then(Value::as_str).unwrap_or_default();
            out.push(Webhook {
                name: name.clone(),
                method: lower.to_ascii_uppercase(),
                summary: summary.to_owned(),
                pointers: vec![format!("{at}/{}", escaped(method)), at.clone()],
            });
        }
    }
    out
}

/// A segment of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The groups, with what the document says of them.
pub(super) fn tags(document: &Document, budget: &mut usize) -> Vec<Tag> {
    let declared = document.value.get("tags").and_then(Value::as_array).into_iter().flatten();
    let texts: HashMap<&str, &str> =
        declared.filter_map(|tag| Some((tag.get("name")?.as_str()?, tag.get("description")?.as_str()?))).collect();
    let each = document.tags.iter().map(|name| Tag {
        name: name.clone(),
        description: texts.get(name.as_str()).map(|text| describe::tree(text, budget)).unwrap_or_default(),
    });
    each.collect()
}

/// How the document itself says that it is called.
pub(super) fn declared(document: &Document) -> Calling {
    let usual = document.value.get("security");
    let ways = document.operations.iter().map(|operation| {
        let own = document.described(operation).and_then(|described| described.get("security"));
        demands(own.or(usual))
    });
    Calling { servers: Vec::new(), schemes: document.security.iter().map(scheme).collect(), ways: ways.collect() }
}

fn scheme(declared: &crate::document::DeclaredSecurity) -> Scheme {
    let (kind, place, parameter) = match &declared.kind {
        SecurityKind::ApiKey { place, parameter } => (SchemeKind::ApiKey, Some(place.clone()), Some(parameter.clone())),
        SecurityKind::Basic => (SchemeKind::Basic, None, None),
        SecurityKind::Bearer => (SchemeKind::Bearer, None, None),
        SecurityKind::OAuth2 | SecurityKind::OpenIdConnect => (SchemeKind::OAuth, None, None),
        SecurityKind::Http { .. } | SecurityKind::MutualTls | SecurityKind::Other => (SchemeKind::Other, None, None),
    };
    Scheme { id: declared.name.clone(), kind, place, parameter, token_url: None }
}

/// Of alternatives that demand several schemes at once the first is told.
fn demands(security: Option<&Value>) -> Ways {
    let alternatives = security.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let maps = || alternatives.iter().filter_map(Value::as_object);
    Ways {
        name: None,
        anonymous: alternatives.is_empty() || maps().any(Map::is_empty),
        security: maps().filter_map(|schemes| schemes.iter().next()).map(demand).collect(),
    }
}

fn demand((scheme, scopes): (&String, &Value)) -> Demand {
    let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
    Demand { scheme: scheme.clone(), scopes: scopes.map(str::to_owned).collect() }
}
