//! Every operation of the interface, driven by its own description: who gets in, what writes, what garbage does.

use crate::world::{Operation, World};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Actor, Reply};

/// Whoever has not signed in may call these. (OAuth's authenticate clients in their own way.)
const PUBLIC: [&str; 21] = [
    "version_diff",
    "api_changelog",
    "api_group_list",
    "api_group_get",
    "page_list",
    "page_get",
    "tag_list",
    "platform_agreement_list",
    "version_reference",
    "platform_reference",
    "session_begin",
    "user_register",
    "api_list",
    "api_get",
    "version_list",
    "version_get",
    "version_document",
    "version_operations",
    "agreement_list",
    "agreement_get",
    "api_board",
];

/// Anybody who has signed in may call these, for themselves or to find what everybody may know.
const ANYBODY: [&str; 56] = [
    "ceptor_group_list",
    "ceptor_plan_list",
    "ceptor_partner_list",
    "ceptor_application_list",
    "me_verification",
    "me_verification_confirm",
    "me_invitation_list",
    "user_connections",
    "platform_agreement_list",
    "subscription_provided",
    "webhook_list",
    "notification_settings_get",
    "notification_settings_edit",
    "api_group_list",
    "tag_list",
    "markdown_preview",
    "document_check",
    "client_all",
    "pulse",
    "my_quickstart",
    "search",
    "dashboard_read",
    "platform_reference",
    "me_session_list",
    "api_list",
    "app_list",
    "organization_list",
    "subscription_list",
    "task_list",
    "plan_list",
    "limit_group_list",
    "environment_list",
    "environment_get",
    "gateway_list",
    "user_get",
    "me_get",
    "me_edit",
    "me_password",
    "me_follow_list",
    "my_connections",
    "dashboard",
    "notice_list",
    "notice_read_all",
    "token_list",
    "token_create",
    "session_begin",
    "session_get",
    "session_end",
    "user_register",
    "organization_create",
    "oauth_token",
    "oauth_introspect",
    "oauth_revoke",
    "oauth_jwks",
    "oauth_authorization_server",
    "oauth_openid_configuration",
];

/// These change nothing that others would have to know of.
const QUIET: [&str; 16] = [
    "task_read",
    "task_unread",
    "markdown_preview",
    "document_check",
    "dashboard_read",
    "session_reauthenticate",
    "me_session_end",
    "session_begin",
    "session_end",
    "notice_read",
    "notice_read_all",
    "subscription_read",
    "oauth_token",
    "oauth_introspect",
    "oauth_revoke",
    "decision_get",
];

/// Sends the operation with a body that fits, if it takes one.
async fn call(world: &World, who: &Actor, operation: &Operation, path: &str) -> Reply {
    let body = operation.body().map(|schema| world.sample(schema, "")).unwrap_or_default();
    send(who, operation, path, body).await
}

async fn send(who: &Actor, operation: &Operation, path: &str, body: Value) -> Reply {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let media = if operation.is_oauth() { "application/x-www-form-urlencoded" } else { "application/json" };
    let media = (!operation.reads()).then_some(media);
    who.send(operation.method.clone(), path, media, text.into()).await
}

/// Whatever it is, it is answered properly: no fault of ours, and refusals are problems.
#[track_caller]
fn proper(operation: &Operation, what: &str, reply: &Reply) {
    let shown = what.chars().take(200).collect::<String>();
    assert!(!reply.status.is_server_error(), "{}: {shown}: {} {}", operation.id, reply.status, reply.text());
    if reply.status.is_client_error() && !operation.is_oauth() {
        let whole = ["type", "title", "code", "detail", "request_id"].iter().all(|m| reply[*m].is_string());
        assert!(whole && reply["status"] == reply.status.as_u16(), "{}: {shown}: {}", operation.id, reply.text());
        assert_eq!(reply.header("content-type"), "application/problem+json", "{}", operation.id);
    }
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own_a_summary_and_a_place_in_the_reference() {
    let world = World::make().await;
    let operations = world.operations();
    assert!(operations.len() > 100, "{} operations", operations.len());
    let docs = world.app.nobody().get("/api/docs").await.is(200);
    assert!(docs.header("content-type").starts_with("text/html"));
    let mut names = BTreeSet::new();
    for operation in &operations {
        let Operation { id, node, .. } = operation;
        assert!(names.insert(id.clone()), "{id} twice");
        let first = id.split('_').next().unwrap();
        let verbs =
            ["get", "list", "create", "make", "add", "edit", "update", "delete", "remove", "set", "put", "post"];
        assert!(!verbs.contains(&first) && id.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{id}: noun first");
        assert!(node["summary"].as_str().is_some_and(|s| s.len() > 3), "{id} has no summary");
        assert!(node["tags"][0].is_string(), "{id} has no tag");
        let parameters = node["parameters"].as_array().map_or(0, |p| p.iter().filter(|p| p["in"] == "path").count());
        assert_eq!(parameters, operation.path.matches('{').count(), "{id} describes its path parameters");
        assert!(docs.text().contains(id.as_str()), "{id} is not in the reference");
    }
}

/// X06
#[tokio::test]
async fn nobody_gets_in_who_has_not_signed_in() {
    let world = World::make().await;
    world.show("public").await;
    let (nobody, before) = (world.app.nobody(), world.head());
    let mut wrong = Vec::new();
    for operation in world.operations().iter().filter(|o| !o.is_oauth()) {
        let public = PUBLIC.contains(&operation.id.as_str());
        assert_eq!(operation.node["security"][0] == json!({}), public, "{} is described as it is", operation.id);
        if public && !operation.reads() {
            continue;
        }
        let reply = call(&world, &nobody, operation, &world.path(operation)).await;
        if reply.status.as_u16() != if public { 200 } else { 401 } {
            wrong.push(format!("{}: {} {}", operation.id, reply.status, reply.text()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(world.head(), before, "nothing was written");
    // What is public of an API is public only while the API is; then it is as if there were none.
    world.show("private").await;
    for operation in world.operations().iter().filter(|o| PUBLIC.contains(&o.id.as_str()) && o.path.contains("{id}")) {
        let hidden = nobody.get(&world.path(operation)).await.problem(401, "unauthenticated");
        let unknown = world.path_with(operation, |_, id| format!("{}{}", &id[..4], "0".repeat(26)));
        let unknown = nobody.get(&unknown).await.problem(401, "unauthenticated");
        assert_eq!(hidden["detail"], unknown["detail"], "{}", operation.id);
    }
    assert!(nobody.get("/api/v1/apis").await.is(200).items().is_empty());
}

/// X06
#[tokio::test]
async fn a_stranger_learns_nothing_of_what_is_not_theirs() {
    let world = World::make().await;
    world.show("private").await;
    let (before, mut wrong) = (world.head(), Vec::new());
    for operation in world.operations() {
        let path = world.path(&operation);
        if ANYBODY.contains(&operation.id.as_str()) {
            continue;
        }
        let reply = call(&world, &world.stranger, &operation, &path).await;
        proper(&operation, &path, &reply);
        let status = reply.status.as_u16();
        // Without an id in the path the body names what the stranger may not know of, or a role is missing.
        let private = operation.path.contains('{') && !path.contains("/users/") && !path.contains("/environments/env_");
        let shared = ["/plans/", "/limit_groups/", "/profiles/"].iter().any(|noun| path.contains(noun));
        // Who acts on a subscription of others is told that it is not theirs to decide (A16, A17).
        // Who brings data in is told that it takes a site administrator: the ids are those of another system.
        let brings = operation.id.starts_with("ceptor_") && !operation.reads();
        let told = brings
            || matches!(
                operation.id.as_str(),
                "subscription_modify" | "subscription_act" | "subscription_revision_request"
            );
        let expected: &[u16] = match (private, shared) {
            _ if told => &[403],
            (true, false) => &[404],
            (true, true) => &[403, 404],
            _ => &[403, 404, 422],
        };
        if !expected.contains(&status) {
            wrong.push(format!("{}: {status} {}", operation.id, reply.text()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(world.head(), before, "nothing was written");
    let story = &world.story;
    let foreign = [&story.api, &story.app, &story.client, &story.provider_organization, &story.consumer_organization];
    for operation in world.operations().iter().filter(|o| o.reads() && ANYBODY.contains(&o.id.as_str())) {
        let text = world.stranger.get(&world.path(operation)).await.is(200).text();
        let seen = foreign.iter().find(|id| text.contains(id.as_str()));
        assert!(seen.is_none(), "{} shows {seen:?}", operation.id);
    }
}

/// F25
#[tokio::test]
async fn reading_writes_nothing_and_everything_can_be_read_by_somebody() {
    let world = World::make().await;
    let before = world.head();
    for operation in world.operations().iter().filter(|o| o.reads()) {
        let path = world.path(operation);
        let mut statuses = Vec::new();
        for who in [&world.admin, &world.story.provider, &world.story.consumer, &world.stranger, &world.app.nobody()] {
            let reply = who.get(&path).await;
            proper(operation, &path, &reply);
            statuses.push(reply.status.as_u16());
        }
        assert!(statuses.contains(&200), "{path}: {statuses:?}");
        let reply = world.admin.send(Method::HEAD, &path, None, Default::default()).await;
        assert!(!reply.status.is_server_error() && reply.bytes.is_empty(), "{path}");
    }
    assert_eq!(world.head(), before, "a GET wrote something");
}

/// One write by whoever may: who, how, where, with what.
pub struct Write<'a>(pub &'a Actor, pub Method, pub String, pub Value);

/// The written resource's id goes to the place of `{}` in the next path.
pub async fn perform(world: &World, writes: Vec<Write<'_>>, covered: &mut BTreeSet<String>) {
    let mut made = String::new();
    for Write(who, method, path, body) in writes {
        let path = path.replace("{}", &made);
        let operation = world.operations().into_iter().find(|o| o.matches(&method, &path));
        let operation = operation.unwrap_or_else(|| panic!("{method} {path} is no operation"));
        let before = world.head();
        let reply = send(who, &operation, &path, body).await;
        assert!(reply.status.is_success(), "{}: {} {}", operation.id, reply.status, reply.text());
        let change = reply["change"].as_i64().unwrap_or_else(|| world.head());
        assert!(change > before && world.head() >= change, "{} appended no change: {}", operation.id, reply.text());
        if let Some(id) = reply["id"].as_str().filter(|_| reply.status.as_u16() == 201) {
            made = id.to_owned();
        }
        covered.insert(operation.id);
    }
}

pub fn at(path: &str) -> String {
    format!("/api/v1/{path}")
}

/// Writes to partners, groups and proven addresses.
fn parties<'a>(world: &'a World, newcomer: &'a Actor, unproven: &'a Actor, token: &str) -> Vec<Write<'a>> {
    let (s, a, p, x) = (&world.story, &world.admin, &world.story.provider, &world.stranger);
    let (own, consumer, none) = (s.provider_organization.as_str(), s.consumer_organization.as_str(), || json!(null));
    let invited = |email: String| json!({"email": email, "role": "READ_ONLY"});
    let follow = |of: &str| at(&format!("{of}/follow"));
    let mut writes = vec![
        Write(newcomer, Method::POST, at("me/verification"), none()),
        Write(newcomer, Method::POST, at("me/verification/confirm"), json!({"token": token})),
        Write(a, Method::POST, at(&format!("users/{}/verify", unproven.id)), none()),
        Write(
            p,
            Method::POST,
            at(&format!("organizations/{own}/members")),
            json!({"username": unproven.name, "role": "READ_ONLY"}),
        ),
        Write(p, Method::POST, at(&format!("organizations/{own}/invitations")), invited("somebody@example.com".into())),
        Write(p, Method::DELETE, at(&format!("organizations/{own}/invitations/{{}}")), none()),
        Write(
            p,
            Method::POST,
            at(&format!("organizations/{own}/invitations")),
            invited(format!("{}@example.com", x.name)),
        ),
        Write(x, Method::POST, at("me/invitations/{}/decline"), none()),
        Write(a, Method::PUT, at(&format!("organizations/{own}/manager")), json!({"organization": consumer})),
        Write(a, Method::DELETE, at(&format!("organizations/{own}/manager")), none()),
        Write(p, Method::POST, at("groups"), json!({"organization": own, "name": "North"})),
        Write(p, Method::PATCH, at("groups/{}"), json!({"contract_number": "C-7"})),
        Write(p, Method::PUT, at(&format!("groups/{{}}/members/{}", unproven.id)), none()),
        Write(p, Method::DELETE, at(&format!("groups/{{}}/members/{}", unproven.id)), none()),
        Write(p, Method::DELETE, at("groups/{}"), none()),
    ];
    for of in [format!("organizations/{own}"), format!("groups/{}", world.ids["groups"])] {
        writes.push(Write(p, Method::PUT, follow(&of), none()));
        writes.push(Write(p, Method::DELETE, follow(&of), none()));
        writes.push(Write(p, Method::PUT, follow(&of), none()));
        writes.push(Write(p, Method::DELETE, at(&format!("{of}/followers/{}", p.id)), none()));
    }
    writes
}

/// Writes of the site administrator in the words of another system.
fn exchanging(world: &World) -> Vec<Write<'_>> {
    let admin = &world.admin;
    let ceptor = |noun: &str, key: &str| at(&format!("ceptor/{noun}/{key}"));
    let own = |noun: &str| ceptor(noun, &world.ids[noun]);
    let [group, plan] = ["f83bb6fd-4252-4526-8bd0-49d973a41601", "f83bb6fd-4252-4526-8bd0-49d973a41602"];
    let limits = json!([{"count": 1, "seconds": 1}]);
    let partner = json!({"id": "f83bb6fd-4252-4526-8bd0-49d973a41604", "name": "Another"});
    vec![
        Write(admin, Method::PUT, ceptor("ratelimit_groups", group), json!({"name": "One", "limits": limits})),
        Write(admin, Method::PUT, ceptor("subscription_plans", plan), json!({"name": "One", "ratelimitgroup": group})),
        Write(admin, Method::PUT, own("api_profiles"), json!({"publish.allow": true})),
        Write(admin, Method::PUT, own("partners"), json!({"description": "From elsewhere"})),
        Write(admin, Method::PUT, own("applications"), json!({"description": "From elsewhere"})),
        Write(admin, Method::PUT, own("developers"), json!({"email": "elsewhere@example.com"})),
        Write(admin, Method::POST, at("ceptor/bundle"), json!({"partners": [partner]})),
    ]
}

/// The document with another title.
fn other_petstore() -> Value {
    let mut document = testkit::petstore();
    document["info"]["title"] = json!("Other pets");
    document
}

/// Writes of the provider.
fn providing(world: &World) -> Vec<Write<'_>> {
    let (s, p, c, other) = (&world.story, &world.story.provider, &world.story.consumer, world.stranger.id.as_str());
    let (api, none) = (s.api.as_str(), || json!(null));
    let rule = json!({"approval": "manual", "activation": "manual"});
    vec![
        Write(p, Method::POST, at("apis"), json!({"organization": s.provider_organization, "name": "Birds"})),
        Write(p, Method::PATCH, at("apis/{}"), json!({"description": "They fly"})),
        Write(p, Method::PUT, at(&format!("apis/{{}}/administrators/{other}")), none()),
        Write(p, Method::DELETE, at(&format!("apis/{{}}/administrators/{other}")), none()),
        Write(p, Method::POST, at("apis/{}/agreements"), json!({"title": "Rules", "text": "Be kind"})),
        Write(p, Method::PUT, at(&format!("apis/{api}/environments/production")), rule),
        Write(
            &world.admin,
            Method::PUT,
            at(&format!("apis/{api}/environments/production/auto_connect")),
            json!({"enabled": true, "plan": s.open_plan}),
        ),
        Write(p, Method::PUT, at(&format!("apis/{api}/plans")), json!({"plans": [s.open_plan, s.guarded_plan]})),
        Write(c, Method::PUT, at(&format!("apis/{api}/follow")), none()),
        Write(c, Method::DELETE, at(&format!("apis/{api}/follow")), none()),
        Write(c, Method::PUT, at(&format!("apis/{api}/follow")), none()),
        Write(p, Method::DELETE, at(&format!("apis/{api}/followers/{}", c.id)), none()),
        Write(p, Method::POST, at(&format!("apis/{api}/versions?name=v2")), testkit::petstore()),
        Write(p, Method::PATCH, at("versions/{}"), json!({"forward_everything": true})),
        Write(p, Method::PUT, at("versions/{}/publications/sandbox"), json!({"destination": s.destination})),
        Write(p, Method::DELETE, at("versions/{}/publications/sandbox"), none()),
        Write(p, Method::DELETE, at("versions/{}"), none()),
        Write(p, Method::POST, at("api_groups"), json!({"organization": s.provider_organization, "name": "Animals"})),
        Write(p, Method::PATCH, at("api_groups/{}"), json!({"description": "All of them"})),
        Write(p, Method::PUT, at(&format!("api_groups/{{}}/apis/{api}")), none()),
        Write(p, Method::DELETE, at(&format!("api_groups/{{}}/apis/{api}")), none()),
        Write(p, Method::DELETE, at("api_groups/{}"), none()),
        Write(p, Method::POST, at(&format!("apis/{api}/pages")), json!({"title": "Another", "text": "# Words"})),
        Write(p, Method::PATCH, at(&format!("apis/{api}/pages/another")), json!({"position": 1})),
        Write(p, Method::DELETE, at(&format!("apis/{api}/pages/another")), none()),
        Write(p, Method::POST, at(&format!("apis/{api}/versions?name=v3")), testkit::petstore()),
        Write(p, Method::PUT, at("versions/{}/document"), other_petstore()),
        Write(p, Method::POST, at("versions/{}/rollback"), json!({"revision": 1})),
        Write(p, Method::PUT, at("versions/{}/publications/sandbox"), json!({"destination": s.destination})),
        Write(p, Method::POST, at("versions/{}/deprecate"), json!({})),
        Write(p, Method::POST, at("versions/{}/reschedule"), json!({"sunset_at": "2027-06-01T00:00:00Z"})),
        Write(p, Method::POST, at("versions/{}/undeprecate"), json!({})),
        Write(p, Method::POST, at("versions/{}/deprecate"), json!({})),
        Write(p, Method::POST, at("versions/{}/retire"), json!({"note": "Nobody calls it."})),
        Write(p, Method::POST, at("apis"), json!({"organization": s.provider_organization, "name": "Fish"})),
        Write(p, Method::DELETE, at("apis/{}"), none()),
    ]
}

/// Writes of the consumer, and the answers to them.
fn consuming(world: &World) -> Vec<Write<'_>> {
    let (s, p, c, x) = (&world.story, &world.story.provider, &world.story.consumer, &world.stranger);
    let (app, client, other, none) = (s.app.as_str(), s.client.as_str(), x.id.as_str(), || json!(null));
    let request = json!({"apps": [app], "api": s.api, "environment": "sandbox", "plan": s.open_plan,
                         "agreement": {"agreement": world.ids["agreements"], "answer": "accepted"}});
    let pending = world.ids["subscriptions"].as_str();
    let revisions = format!("subscriptions/{}/revisions", world.ids["revised"]);
    let yes = json!({"agreement": world.ids["agreements"], "answer": "accepted"});
    vec![
        Write(c, Method::POST, at("apps"), json!({"organization": s.consumer_organization, "name": "Second"})),
        Write(c, Method::PATCH, at("apps/{}"), json!({"description": "The second"})),
        Write(c, Method::DELETE, at("apps/{}"), none()),
        Write(c, Method::PUT, at(&format!("apps/{app}/team/{other}")), json!({"role": "DEVELOPER"})),
        Write(x, Method::PUT, at(&format!("apps/{app}/follow")), none()),
        Write(x, Method::DELETE, at(&format!("apps/{app}/follow")), none()),
        Write(x, Method::PUT, at(&format!("apps/{app}/follow")), none()),
        Write(c, Method::DELETE, at(&format!("apps/{app}/followers/{other}")), none()),
        Write(c, Method::DELETE, at(&format!("apps/{app}/team/{other}")), none()),
        Write(c, Method::POST, at("clients"), json!({"app": app, "name": "Second"})),
        Write(c, Method::PATCH, at("clients/{}"), json!({"description": "The second"})),
        Write(c, Method::POST, at("clients/{}/disable"), json!({"comment": "lost"})),
        Write(c, Method::POST, at("clients/{}/enable"), json!({"comment": "found"})),
        Write(c, Method::DELETE, at("clients/{}"), none()),
        Write(c, Method::POST, at(&format!("clients/{client}/credentials")), json!({"kind": "api_key"})),
        Write(c, Method::PATCH, at("credentials/{}"), json!({"description": "for the night"})),
        Write(c, Method::POST, at("credentials/{}/rotate"), json!({"old_ends": "1h"})),
        Write(c, Method::POST, at("credentials/{}/deactivate"), none()),
        Write(c, Method::POST, at("credentials/{}/activate"), none()),
        Write(c, Method::POST, at("credentials/{}/deactivate"), none()),
        Write(c, Method::DELETE, at("credentials/{}"), none()),
        Write(p, Method::POST, at(&format!("tasks/{}/comments", world.ids["tasks"])), json!({"comment": "Well?"})),
        Write(c, Method::POST, at(&format!("subscriptions/{pending}/comments")), json!({"comment": "Please"})),
        Write(p, Method::POST, at(&format!("subscriptions/{pending}/approve")), json!({"comment": "Yes"})),
        Write(p, Method::PATCH, at(&format!("subscriptions/{pending}")), json!({"plan": s.open_plan})),
        Write(c, Method::POST, at(&format!("subscriptions/{pending}/cancel")), json!({})),
        Write(c, Method::POST, at("subscriptions"), request),
        Write(c, Method::POST, at(&format!("{revisions}/{}/withdraw", world.ids["revision"])), json!({})),
        Write(c, Method::POST, at(&revisions), json!({"plan": s.guarded_plan, "agreement": yes})),
    ]
}

/// Every write there is, each by somebody who may; the ids of their operations are the answer.
pub async fn everything(world: &World) -> BTreeSet<String> {
    let (leaver, nobody) = (world.app.person("leaver").await, world.app.nobody());
    let mut covered = BTreeSet::new();
    // Before the platform has terms that everybody has to accept first.
    let (newcomer, unproven) = (world.app.unproven_person("fresh").await, world.app.unproven_person("proved").await);
    perform(world, crate::household::household(world, &leaver, &nobody), &mut covered).await;
    world.app.clock.advance_seconds(200);
    let token = crate::people::token_of(&world.app, &newcomer).await;
    perform(world, parties(world, &newcomer, &unproven, &token), &mut covered).await;
    perform(world, providing(world), &mut covered).await;
    perform(world, consuming(world), &mut covered).await;
    crate::outbound::writes(world, &mut covered).await;
    perform(world, exchanging(world), &mut covered).await;
    covered
}

/// F25 A56
#[tokio::test]
async fn every_write_appends_a_change_and_names_it() {
    let world = World::make().await;
    let covered = everything(&world).await;
    let missed = |o: &Operation| !o.reads() && !covered.contains(&o.id) && !QUIET.contains(&o.id.as_str());
    let missed: Vec<String> = world.operations().into_iter().filter(missed).map(|o| o.id).collect();
    assert!(missed.is_empty(), "writes that nobody has tried: {missed:?}");
}
