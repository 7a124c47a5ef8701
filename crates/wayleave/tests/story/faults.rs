//! A body with several faults is answered once: every wrong member is named, and nothing is written.

use crate::world::World;
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::Actor;

/// A body of which these members are wrong.
struct Broken<'a>(&'a Actor, Method, String, Value, &'a [&'a str]);

fn at(path: &str) -> String {
    format!("/api/v1/{path}")
}

/// The body with this owner.
fn owned(owner: (&str, &str), body: &Value) -> Value {
    let mut body = body.clone();
    body[owner.0] = json!(owner.1);
    body
}

/// What is made and changed in the organization of the provider.
fn provided(world: &World) -> Vec<Broken<'_>> {
    let (s, p) = (&world.story, &world.story.provider);
    let (own, long) = (("organization", s.provider_organization.as_str()), "x".repeat(4_001));
    let named = json!({"name": "", "description": long});
    let api = json!({"name": "", "description": long, "tags": ["Not a tag"]});
    let fresh = owned(own, &json!({"name": "", "slug": "Not a slug", "tags": ["Not a tag"]}));
    let windows = json!({"name": "", "windows": [{"count": 0, "per": "hour"}]});
    let hook = json!({"url": "nowhere", "description": long, "events": ["Not an event"]});
    let group = json!({"name": "", "description": long, "contract_number": "7".repeat(81)});
    let page = json!({"title": "", "position": -1});
    let target = json!({"name": "", "url": "ftp://a.example"});
    let legal = json!({"title": "", "text": ""});
    let note = json!({"note": long, "operations": {"nothing": {"security": []}}});
    let todo = json!({"title": "", "text": long});
    let id = |noun: &str| at(&format!("{noun}/{}", world.ids[noun]));
    let of_api = |noun: &str| at(&format!("apis/{}/{noun}", s.api));
    let targets = at(&format!("organizations/{}/destinations", own.1));
    vec![
        Broken(p, Method::POST, at("apis"), fresh, &["/name", "/slug", "/tags/0"]),
        Broken(p, Method::PATCH, id("apis"), api, &["/name", "/description", "/tags/0"]),
        Broken(p, Method::PATCH, id("versions"), note, &["/note", "/operations/nothing"]),
        Broken(p, Method::POST, at("plans"), owned(own, &named), &["/name", "/description"]),
        Broken(p, Method::POST, at("limit_groups"), owned(own, &windows), &["/name", "/windows/0/count"]),
        Broken(p, Method::POST, at("webhooks"), owned(own, &hook), &["/url", "/description", "/events/0"]),
        Broken(p, Method::PATCH, id("webhooks"), hook, &["/url", "/description", "/events/0"]),
        Broken(p, Method::POST, at("groups"), owned(own, &group), &["/name", "/description", "/contract_number"]),
        Broken(p, Method::PATCH, id("groups"), group, &["/name", "/description", "/contract_number"]),
        Broken(p, Method::POST, of_api("pages"), page.clone(), &["/title", "/position"]),
        Broken(p, Method::PATCH, of_api("pages/start"), page, &["/title", "/position"]),
        Broken(p, Method::POST, of_api("agreements"), legal, &["/title", "/text"]),
        Broken(p, Method::POST, targets, target.clone(), &["/name", "/url"]),
        Broken(p, Method::PATCH, id("destinations"), target, &["/name", "/url"]),
        Broken(p, Method::POST, at("tasks"), owned(own, &todo), &["/title", "/text"]),
    ]
}

/// What consumers and site administrators make and change.
fn others<'a>(world: &'a World, nobody: &'a Actor) -> Vec<Broken<'a>> {
    let (s, a, c) = (&world.story, &world.admin, &world.story.consumer);
    let long = "x".repeat(4_001);
    let named = json!({"name": "", "description": long});
    let party = json!({"name": "", "contact": {"email": "nobody", "url": "nowhere"}});
    let client = json!({"name": "", "allowed_uris": ["nowhere"], "accesstoken_valid_seconds": -1});
    let place = json!({"slug": "Not a slug", "prefix": "no prefix", "gateway": "x".repeat(121)});
    let profile = json!({"name": "", "roles": [""], "destinations": [""]});
    let person = json!({"username": "a", "email": "nobody", "password": "short"});
    let own = json!({"display_name": "", "email": "nobody"});
    let id = |noun: &str| at(&format!("{noun}/{}", world.ids[noun]));
    let owner = ("organization", s.consumer_organization.as_str());
    let ours = at(&format!("organizations/{}", owner.1));
    let contact: &[_] = &["/name", "/contact/email", "/contact/url"];
    let secured: &[_] = &["/name", "/allowed_uris/0", "/accesstoken_valid_seconds"];
    vec![
        Broken(c, Method::POST, at("organizations"), party.clone(), contact),
        Broken(c, Method::PATCH, ours, party, contact),
        Broken(c, Method::POST, at("apps"), owned(owner, &named), &["/name", "/description"]),
        Broken(c, Method::PATCH, id("apps"), named.clone(), &["/name", "/description"]),
        Broken(c, Method::POST, at("clients"), owned(("app", &s.app), &client), secured),
        Broken(c, Method::PATCH, id("clients"), client, secured),
        Broken(a, Method::PATCH, id("plans"), named, &["/name", "/description"]),
        Broken(a, Method::POST, at("environments"), place.clone(), &["/slug", "/prefix", "/gateway"]),
        Broken(a, Method::PATCH, id("environments"), place, &["/slug", "/prefix", "/gateway"]),
        Broken(a, Method::POST, at("profiles"), profile.clone(), &["/name", "/roles/0", "/destinations/0"]),
        Broken(a, Method::PATCH, id("profiles"), profile, &["/name", "/roles/0", "/destinations/0"]),
        Broken(nobody, Method::POST, at("users"), person, &["/username", "/email", "/password"]),
        Broken(c, Method::PATCH, at("me"), own, &["/display_name", "/email"]),
    ]
}

#[tokio::test]
async fn every_member_of_a_form_that_is_wrong_is_named_in_one_answer() {
    let world = World::make().await;
    let (nobody, before) = (world.app.nobody(), world.head());
    let mut wrong = Vec::new();
    for Broken(who, method, path, body, pointers) in provided(&world).into_iter().chain(others(&world, &nobody)) {
        let media = Some("application/json");
        let reply = who.send(method.clone(), &path, media, body.to_string().into()).await;
        let errors = reply["errors"].as_array().cloned().unwrap_or_default();
        let whole = errors.iter().all(|e| ["pointer", "code", "detail"].iter().all(|m| e[*m].is_string()));
        let named: BTreeSet<&str> = errors.iter().filter_map(|e| e["pointer"].as_str()).collect();
        if reply.status.as_u16() != 422 || !whole || named != pointers.iter().copied().collect() {
            wrong.push(format!("{method} {path}: {} {}", reply.status, reply.text()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(world.head(), before, "nothing was written");
}
