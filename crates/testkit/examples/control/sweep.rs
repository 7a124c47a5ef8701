//! Every read of the interface, by everybody whom it answers: what it takes must not grow with the data.

use serde_json::{Map, Value, json};
use std::time::Instant;
use testkit::{Actor, Story};

/// How often each is asked.
const TIMES: usize = 5;

/// Reads with parameters, beside those that the interface describes.
const FILTERED: [&str; 19] = [
    "/api/v1/apis?mine=true",
    "/api/v1/apis?q=measured",
    "/api/v1/apis/{api}/board?verb=subscription.requested",
    "/api/v1/apis/{api}/connections?type=follow",
    "/api/v1/apps?q=some",
    "/api/v1/apps/{app}/connections?state=active",
    "/api/v1/me/notices?unread=true",
    "/api/v1/people?q=person",
    "/api/v1/search?q=some",
    "/api/v1/subscriptions?mine=true",
    "/api/v1/subscriptions?state=suspended",
    "/api/v1/subscriptions?unread=true",
    "/api/v1/subscriptions?waiting_for_me=true",
    "/api/v1/tasks?state=done",
    "/api/v1/trail?actor={user}",
    "/api/v1/trail?kind=app&id={app}",
    "/api/v1/trail?organization={organization}",
    "/api/v1/trail?verb=app.created",
    "/api/v1/users?q=person",
];

/// Asks everything and keeps what is answered with 200: the median time, and the statements that it took.
pub async fn sweep(story: &Story, admin: &Actor) -> Value {
    let (subscription, task) = waiting(story).await;
    let named = [
        ("api", story.api.as_str()),
        ("app", &story.app),
        ("client", &story.client),
        ("organization", &story.provider_organization),
        ("plan", &story.guarded_plan),
        ("limit_group", &story.limit_group),
        ("version", &story.version),
        ("user", &story.consumer.id),
        ("environment", "production"),
        ("subscription", &subscription),
        ("task", &task),
    ];
    let mut all = Map::new();
    for path in paths(admin).await {
        let mut filled = path.clone();
        for (name, value) in named {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        if filled.contains('{') {
            continue;
        }
        for (who, actor) in [("admin", admin), ("provider", &story.provider), ("consumer", &story.consumer)] {
            if let Some(told) = ask(actor, &filled).await {
                all.insert(format!("{who} {path}"), told);
            }
        }
    }
    Value::Object(all)
}

async fn ask(actor: &Actor, path: &str) -> Option<Value> {
    let (mut times, mut statements) = (Vec::new(), u64::MAX);
    for _ in 0..TIMES {
        let (before, begun) = (testkit::statements_asked(), Instant::now());
        let reply = actor.get(path).await;
        times.push(begun.elapsed().as_secs_f64() * 1e6);
        // Readers of the log ask at times, too: the fewest are those of the read alone.
        statements = statements.min(testkit::statements_asked() - before);
        if reply.status != 200 {
            return None;
        }
    }
    times.sort_by(f64::total_cmp);
    Some(json!({"p50_us": times[TIMES / 2].round(), "statements": statements}))
}

/// What can be read, with `{kind}` in the place of each id.
async fn paths(admin: &Actor) -> Vec<String> {
    let interface = admin.get("/api/openapi.json").await.is(200).json;
    let described = interface["paths"].as_object().into_iter().flatten();
    let read = described.filter(|(path, verbs)| path.starts_with("/api/v1/") && verbs.get("get").is_some());
    let kinds = read.map(|(path, _)| {
        let section = path.split('/').nth(3).unwrap_or_default();
        path.replace("{id}", &format!("{{{}}}", section.strip_suffix('s').unwrap_or(section)))
    });
    // Downloads of everything take as long as there is much.
    let lists = kinds.filter(|path| !path.contains("/export") && !path.ends_with(".csv"));
    lists.chain(FILTERED.map(str::to_owned)).collect()
}

/// A subscription that waits, and its task.
async fn waiting(story: &Story) -> (String, String) {
    let tasks = story.provider.get("/api/v1/tasks?state=open&limit=1").await.is(200).json;
    let item = &tasks["items"][0];
    let id = |value: &Value| value.as_str().or_else(|| value["id"].as_str()).unwrap_or_default().to_owned();
    (id(&item["subscription"]), id(item))
}
