//! Every write about mail and webhooks, for the test that goes through all writes.

use crate::surface::{Write, perform};
use crate::world::World;
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Answer, Receiver};

fn at(path: &str) -> String {
    format!("/api/v1/{path}")
}

/// Performs them, and names them as covered.
pub async fn writes(world: &World, covered: &mut BTreeSet<String>) {
    let (s, a, p, c) = (&world.story, &world.admin, &world.story.provider, &world.story.consumer);
    let none = || Value::Null;
    let gone = Receiver::start().await;
    gone.answers(|_| Answer::status(410));
    let body = json!({"organization": s.provider_organization, "url": gone.url(), "events": ["plan.*"]});
    let lively = json!({"organization": s.provider_organization, "url": world.receiver.url(), "events": ["plan.*"]});
    let dead = p.post("/api/v1/webhooks", body).await.is(201).str("id");
    p.post(&format!("/api/v1/webhooks/{dead}/test"), json!({})).await.is(200);
    a.patch("/api/v1/me", json!({"email": "nobody@example.com"})).await.is(200);
    world.postbox.refuse("nobody@example.com", "550 No such user");
    let before = vec![Write(a, Method::POST, at("mail/test"), none())];
    perform(world, before, covered).await;
    world.app.deliver().await;
    let (hook, delivery) = (&world.ids["webhooks"], &world.ids["deliveries"]);
    let writes = vec![
        Write(a, Method::POST, at("mail/retry"), none()),
        Write(c, Method::PATCH, at("me/notification_settings"), json!({"mail": "daily"})),
        Write(p, Method::POST, at("webhooks"), lively),
        Write(p, Method::PATCH, at("webhooks/{}"), json!({"description": "Another"})),
        Write(p, Method::POST, at("webhooks/{}/test"), none()),
        Write(p, Method::POST, at("webhooks/{}/rotate_secret"), none()),
        Write(p, Method::POST, at("webhooks/{}/disable"), none()),
        Write(p, Method::POST, at("webhooks/{}/enable"), none()),
        Write(p, Method::DELETE, at("webhooks/{}"), none()),
        Write(p, Method::POST, at(&format!("webhooks/{hook}/deliveries/{delivery}/replay")), none()),
        Write(p, Method::POST, at(&format!("webhooks/{dead}/enable")), none()),
        Write(p, Method::POST, at(&format!("webhooks/{dead}/replay")), none()),
    ];
    perform(world, writes, covered).await;
}
