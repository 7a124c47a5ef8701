//! Every operation under generated requests, good and bad, by everybody: made from the interface's own description.
//!
//! The requests follow from a number. `WAYLEAVE_FUZZ_SEED` sets another one, `WAYLEAVE_FUZZ_CASES` how many requests each
//! operation gets in a round.

use crate::generate::{Chance, Generator};
use crate::world::{Operation, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{Actor, Reply};

const SEED: u64 = 20_260_101;
const CASES: u64 = 24;
/// Operations that hash a password: few requests are enough.
const COSTLY: [&str; 5] = ["user_register", "session_begin", "session_reauthenticate", "me_password", "me_setup"];

#[expect(clippy::disallowed_methods, reason = "how long to look is for whoever runs the tests")]
fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// What the interface says of its answers.
struct Described<'a> {
    world: &'a World,
    validators: BTreeMap<(String, u16), Option<jsonschema::Validator>>,
}

impl Described<'_> {
    /// The validator for answers of this operation with this status; none if no JSON is described.
    fn validator(&mut self, operation: &Operation, status: u16) -> Option<&jsonschema::Validator> {
        let world = self.world;
        let made = self.validators.entry((operation.id.clone(), status)).or_insert_with(|| {
            let answer = &operation.node["responses"][status.to_string()];
            let schema = answer.pointer("/content/application~1json/schema")?;
            let whole = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "allOf": [schema],
                "components": world.document["components"],
            });
            Some(jsonschema::validator_for(&whole).unwrap_or_else(|e| panic!("{} {status}: {e}", operation.id)))
        });
        made.as_ref()
    }

    /// What is wrong with an answer, if anything.
    fn fault(&mut self, operation: &Operation, reply: &Reply) -> Option<String> {
        let status = reply.status.as_u16();
        let text = || reply.text().chars().take(600).collect::<String>();
        if reply.status.is_server_error() {
            return Some(format!("{status} {}", text()));
        }
        if reply.status.is_success() {
            if operation.node["responses"].get(status.to_string()).is_none() {
                return Some(format!("{status} is not described"));
            }
            let validator = self.validator(operation, status)?;
            let wrong = validator.iter_errors(&reply.json).next()?;
            return Some(format!("{status}: {wrong} at {}: {}", wrong.instance_path(), text()));
        }
        if operation.is_oauth() || reply.status.is_redirection() {
            return None;
        }
        let whole = ["type", "title", "code", "detail", "request_id"].iter().all(|member| reply[*member].is_string());
        let fits = whole && reply["status"] == status && reply.header("content-type") == "application/problem+json";
        (!fits).then(|| format!("{status} is no problem: {}", text()))
    }
}

/// One request as it was sent, to be sent again by whoever reads of it.
fn shown(operation: &Operation, who: &Actor, path: &str, body: &str) -> String {
    let name = if who.name.is_empty() { "nobody" } else { &who.name };
    let body: String = body.chars().take(300).collect();
    let path: String = path.chars().take(300).collect();
    format!("{} by {name}: {} {path} {body}", operation.id, operation.method)
}

/// Sends the requests of one round to a world of its own; answers what was wrong.
async fn round(seed: u64, cases: u64) -> Vec<String> {
    let world = World::make().await;
    let mut generator = Generator::new(&world, seed);
    let mut described = Described { world: &world, validators: BTreeMap::new() };
    let nobody = world.app.nobody();
    let everybody = [&nobody, &world.stranger, &world.story.consumer, &world.story.provider, &world.admin];
    // What everybody keeps for themselves, and what no answer may show.
    let secrets = [world.story.secret.as_str(), world.story.key.as_str(), "a long enough phrase"];
    let mut operations: Vec<Operation> = world.operations();
    // What takes something away comes last, so that there is something to ask about before.
    operations.sort_by_key(|operation| operation.method == http::Method::DELETE);
    let mut wrong = Vec::new();
    for operation in &operations {
        let most = if COSTLY.contains(&operation.id.as_str()) { 4 } else { cases };
        for _ in 0..most {
            let who = everybody[generator.chance.below(everybody.len())];
            let (path, media, body) = generator.request(operation);
            // A person who signs out or is locked has no more to say.
            let deadly = (operation.id == "session_end" || operation.id == "user_act") && generator.chance.one_in(2);
            if deadly {
                continue;
            }
            let reply = who.send(operation.method.clone(), &path, media, body.clone().into()).await;
            if let Some(fault) = described.fault(operation, &reply) {
                wrong.push(format!("{} -> {fault}", shown(operation, who, &path, &String::from_utf8_lossy(&body))));
            }
            let text = reply.text();
            // What somebody sent may come back to them in words about it.
            let sent = String::from_utf8_lossy(&body).into_owned() + &path;
            if secrets.iter().any(|secret| text.contains(secret) && !sent.contains(secret)) {
                wrong.push(format!("{} -> shows a secret", shown(operation, who, &path, "")));
            }
        }
    }
    let verified = world.admin.get("/api/v1/trail/verification").await;
    if verified["intact"] != Value::Bool(true) {
        wrong.push(format!("the trail: {}", verified.text()));
    }
    wrong
}

/// X06
#[tokio::test]
async fn no_generated_request_meets_a_fault_of_ours_a_secret_or_an_answer_that_is_not_described() {
    let (seed, cases) = (setting("WAYLEAVE_FUZZ_SEED", SEED), setting("WAYLEAVE_FUZZ_CASES", CASES));
    let mut chance = Chance::new(seed);
    for _ in 0..2 {
        let seed = chance.next();
        let wrong = round(seed, cases).await;
        assert!(
            wrong.is_empty(),
            "WAYLEAVE_FUZZ_SEED={seed}: {} faults: {:#?}",
            wrong.len(),
            &wrong[..wrong.len().min(40)]
        );
    }
}
