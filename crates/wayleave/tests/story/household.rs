//! What is written to organizations and people, and what stands around them.

use crate::surface::{Write, at};
use crate::world::World;
use http::Method;
use serde_json::json;
use testkit::Actor;

/// Writes to organizations, people, environments, plans.
pub fn household<'a>(world: &'a World, leaver: &'a Actor, nobody: &'a Actor) -> Vec<Write<'a>> {
    let mut writes = people(world, leaver, nobody);
    writes.extend(offers(world));
    writes.extend(duties(world));
    writes
}

/// Writes to people and organizations.
fn people<'a>(world: &'a World, leaver: &'a Actor, nobody: &'a Actor) -> Vec<Write<'a>> {
    let (s, a, p, c, x) = (&world.story, &world.admin, &world.story.provider, &world.story.consumer, &world.stranger);
    let (own, other, none) = (s.provider_organization.as_str(), x.id.as_str(), || json!(null));
    let new = json!({"username": "newcomer", "email": "n@example.com", "password": "a long enough phrase"});
    let password = json!({"old_password": "a long enough phrase", "password": "another long phrase"});
    vec![
        Write(nobody, Method::POST, at("users"), new),
        Write(a, Method::POST, at(&format!("users/{other}/lock")), json!({"comment": "odd"})),
        Write(a, Method::POST, at(&format!("users/{other}/unlock")), json!({})),
        Write(leaver, Method::POST, at("me/password"), password),
        Write(c, Method::POST, at("me/tokens"), json!({"name": "another"})),
        Write(c, Method::DELETE, at("me/tokens/{}"), none()),
        Write(c, Method::PATCH, at("me"), json!({"display_name": "The consumer"})),
        Write(x, Method::POST, at("organizations"), json!({"name": "Mine"})),
        Write(x, Method::PATCH, at("organizations/{}"), json!({"description": "All mine"})),
        Write(p, Method::PUT, at(&format!("organizations/{own}/members/{other}")), json!({"role": "READ_ONLY"})),
        Write(p, Method::DELETE, at(&format!("organizations/{own}/members/{other}")), none()),
        Write(p, Method::PUT, at(&format!("organizations/{own}/roles/business_admin/{other}")), none()),
        Write(p, Method::DELETE, at(&format!("organizations/{own}/roles/business_admin/{other}")), none()),
        Write(
            p,
            Method::POST,
            at(&format!("organizations/{own}/destinations")),
            json!({"name": "b", "url": "http://b.example"}),
        ),
        Write(p, Method::PATCH, at("destinations/{}"), json!({"url": "http://c.example"})),
        Write(a, Method::PUT, at(&format!("users/{other}/roles/designer")), none()),
        Write(a, Method::DELETE, at(&format!("users/{other}/roles/designer")), none()),
    ]
}

/// Writes to profiles, environments, limits and plans.
fn offers(world: &World) -> Vec<Write<'_>> {
    let (a, p) = (&world.admin, &world.story.provider);
    let (own, none) = (world.story.provider_organization.as_str(), || json!(null));
    let window = json!([{"count": 9, "per": "hour"}]);
    vec![
        Write(a, Method::POST, at("profiles"), json!({"name": "Second"})),
        Write(a, Method::PATCH, at("profiles/{}"), json!({"publish_allow": true})),
        Write(a, Method::DELETE, at("profiles/{}"), none()),
        Write(a, Method::POST, at("environments"), json!({"slug": "lab", "prefix": "/lab"})),
        Write(a, Method::PATCH, at("environments/{}"), json!({"name": "Laboratory"})),
        Write(p, Method::POST, at("limit_groups"), json!({"organization": own, "name": "Nine", "windows": window})),
        Write(p, Method::PATCH, at("limit_groups/{}"), json!({"name": "Nine an hour"})),
        Write(p, Method::DELETE, at("limit_groups/{}"), none()),
        Write(p, Method::POST, at("plans"), json!({"organization": own, "name": "Third"})),
        Write(p, Method::PATCH, at("plans/{}"), json!({"description": "The third"})),
        Write(p, Method::POST, at("plans/{}/retire"), none()),
        Write(p, Method::POST, at("plans/{}/restore"), none()),
        Write(p, Method::DELETE, at("plans/{}"), none()),
    ]
}

/// Writes to the terms of the platform and to tasks.
fn duties(world: &World) -> Vec<Write<'_>> {
    let (a, p, x) = (&world.admin, &world.story.provider, &world.stranger);
    let (own, none) = (world.story.provider_organization.as_str(), || json!(null));
    vec![
        Write(
            a,
            Method::POST,
            at("agreements"),
            json!({"title": "House rules", "text": "Be kind", "state": "uploaded"}),
        ),
        Write(a, Method::PATCH, at("agreements/{}"), json!({"text": "Be very kind"})),
        Write(a, Method::POST, at("agreements/{}/publish"), json!({})),
        Write(a, Method::POST, at("agreements/{}/activate"), json!({})),
        Write(x, Method::POST, at("agreements/{}/answer"), json!({"answer": "accepted"})),
        // Who signs in later is not asked any more.
        Write(a, Method::POST, at("agreements/{}/retire"), json!({})),
        Write(a, Method::POST, at("agreements"), json!({"title": "A draft", "text": "Hm", "state": "uploaded"})),
        Write(a, Method::DELETE, at("agreements/{}"), none()),
        Write(p, Method::POST, at("tasks"), json!({"organization": own, "title": "Call them"})),
        Write(p, Method::PATCH, at("tasks/{}"), json!({"assignee": p.id})),
        Write(p, Method::POST, at("tasks/{}/done"), json!({})),
        Write(p, Method::POST, at("tasks/{}/reopen"), json!({"comment": "Not quite"})),
    ]
}
