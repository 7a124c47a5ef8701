//! Wayleave as it takes part: set up over its own HTTP API, as an operator would, and started as anybody starts it.

use super::line::Line;
use super::servers::{SERVER_CORE, Server, Site, local};
use super::{machine, middle};
use crate::{cargo, host};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Where the API of the run is published at the gateway: slug and version.
pub const PREFIX: &str = "/bench/v1";

/// Keys of one client, the most that it may have.
const KEYS_OF_A_CLIENT: usize = 20;
/// Clients of one app; each app has one subscription.
const CLIENTS_OF_AN_APP: usize = 5;
/// Starts that a time of starting is the median of.
const STARTS: usize = 9;

/// A prepared installation.
pub struct Subject {
    /// Every key and its app.
    pub keys: Vec<(String, String)>,
    program: PathBuf,
    folder: PathBuf,
    token: String,
    subscription: String,
}

/// A started installation.
pub struct Running {
    server: Server,
    ports: Ports,
    token: String,
    subscription: String,
    key: String,
}

#[derive(Clone, Copy)]
struct Ports {
    control: u16,
    gateway: u16,
    operations: u16,
}

impl Ports {
    fn free() -> Result<Self> {
        Ok(Self { control: host::free_port()?, gateway: host::free_port()?, operations: host::free_port()? })
    }
}

impl Subject {
    /// Builds the program and sets up an organization, an API, a plan, and `keys` keys of apps that subscribe to it.
    pub fn prepare(site: &Site, keys: usize) -> Result<Self> {
        let program = cargo::wayleave(true)?;
        let folder = site.folder.join("wayleave");
        std::fs::create_dir_all(&folder)?;
        let (server, ports, _) = start(&program, &folder)?;
        println!("setting up {keys} keys over the HTTP API ...");
        let mut operator = Operator::sign_in(ports.control, &folder)?;
        let api = operator.publish(site.upstream)?;
        let mut subject =
            Self { keys: Vec::new(), program, folder, token: operator.token.clone(), subscription: String::new() };
        while subject.keys.len() < keys {
            let (app, subscription) = operator.subscribe(&api, subject.keys.len())?;
            if subject.subscription.is_empty() {
                subject.subscription = subscription;
            }
            let wanted = (keys - subject.keys.len()).min(KEYS_OF_A_CLIENT * CLIENTS_OF_AN_APP);
            let made = operator.keys_of(&app, wanted)?;
            subject.keys.extend(made.into_iter().map(|key| (key, app.clone())));
        }
        drop(server);
        Ok(subject)
    }

    /// How long it takes from starting the process until it is ready, and what it then keeps in memory: on a new folder each
    /// time, and on the prepared one.
    pub fn start_times(&self) -> Result<Value> {
        let fresh = self.folder.with_file_name("wayleave-new");
        let mut new = Vec::new();
        let mut prepared = Vec::new();
        for _ in 0..STARTS {
            let _ = std::fs::remove_dir_all(&fresh);
            std::fs::create_dir_all(&fresh)?;
            new.push(self.started_in(&fresh)?);
            prepared.push(self.started_in(&self.folder)?);
        }
        let told = |starts: &[(f64, u64, u64)]| {
            let of = |value: fn(&(f64, u64, u64)) -> f64| middle(starts.iter().map(value).collect());
            json!({
                "starts": starts.len(),
                "median_ms": of(|start| start.0),
                "slowest_ms": starts.iter().map(|start| start.0).fold(0.0, f64::max),
                "idle_resident_bytes": of(|start| start.1 as f64),
                "idle_proportional_bytes": of(|start| start.2 as f64),
            })
        };
        Ok(json!({"new_folder": told(&new), "prepared_folder": told(&prepared)}))
    }

    fn started_in(&self, folder: &Path) -> Result<(f64, u64, u64)> {
        let (server, _, took) = start(&self.program, folder)?;
        // Idle is what is left when starting is over and done with.
        std::thread::sleep(Duration::from_millis(500));
        let (resident, proportional) = machine::memory_bytes(server.id());
        Ok((took.as_secs_f64() * 1e3, resident, proportional))
    }

    /// Starts it for the measurements.
    pub fn start(&self) -> Result<Running> {
        let (server, ports, _) = start(&self.program, &self.folder)?;
        let key = self.keys.first().context("there is no key")?.0.clone();
        Ok(Running { server, ports, token: self.token.clone(), subscription: self.subscription.clone(), key })
    }
}

/// Starts the program in `folder` and waits until it says that it is ready.
fn start(program: &Path, folder: &Path) -> Result<(Server, Ports, Duration)> {
    let ports = Ports::free()?;
    let mut command = Command::new(program);
    command.arg("serve").current_dir(folder);
    command.env("WAYLEAVE_DATA", folder.join("wayleave-data"));
    command.env("WAYLEAVE_LISTEN", local(ports.control).to_string());
    command.env("WAYLEAVE_GATEWAY_LISTEN", local(ports.gateway).to_string());
    command.env("WAYLEAVE_OPERATIONS_LISTEN", local(ports.operations).to_string());
    command.env("WAYLEAVE_PUBLIC_URL", format!("http://{}", local(ports.control)));
    let begun = Instant::now();
    let mut server = Server::start(&command, SERVER_CORE, &folder.join("serve.log"))?;
    server.listening(local(ports.operations)).with_context(|| format!("its log is in {}", folder.display()))?;
    let ask = format!("GET /readyz HTTP/1.1\r\nHost: {}\r\n\r\n", local(ports.operations));
    while Line::open(local(ports.operations))?.exchange(ask.as_bytes())?.status != 200 {
        if begun.elapsed() > Duration::from_secs(30) {
            bail!("not ready after 30 s; its log is in {}", folder.display());
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    Ok((server, ports, begun.elapsed()))
}

/// The administrator, at the management API.
struct Operator {
    line: Line,
    token: String,
    organization: String,
    plan: String,
}

impl Operator {
    /// Signs in with the password of the first start, and makes a token to act with.
    fn sign_in(control: u16, folder: &Path) -> Result<Self> {
        let login =
            std::fs::read_to_string(folder.join("wayleave-data/first-login.txt")).context("no first-login.txt")?;
        let (username, password) = login.trim().split_once(' ').context("first-login.txt is not `name password`")?;
        let mut line = Line::open(local(control))?;
        let sign_in = json!({"username": username, "password": password}).to_string();
        let request = format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{sign_in}",
            local(control),
            sign_in.len()
        );
        let answer = line.exchange(request.as_bytes())?;
        if answer.status != 200 {
            bail!("the administrator cannot sign in: {}", String::from_utf8_lossy(answer.body));
        }
        let session: Value = serde_json::from_slice(answer.body)?;
        let csrf = text(&session, "/csrf_token")?;
        let cookie =
            answer.header("set-cookie").and_then(|value| value.split(';').next()).context("no cookie")?.to_owned();
        let headers = format!("Cookie: {cookie}\r\nX-CSRF-Token: {csrf}\r\nOrigin: http://{}\r\n", local(control));
        let made = line.ask("POST", "/api/v1/me/tokens", &headers, &json!({"name": "bench"}).to_string())?;
        let token = text(&made, "/token")?;
        Ok(Self { line, token, organization: String::new(), plan: String::new() })
    }

    fn ask(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let headers = format!("Authorization: Bearer {}\r\n", self.token);
        self.line.ask(method, path, &headers, &body.to_string())
    }

    fn id(&mut self, path: &str, body: &Value) -> Result<String> {
        text(&self.ask("POST", path, body)?, "/id")
    }

    /// An organization, its API in production, and a plan with two windows that no run uses up. Answers the API.
    fn publish(&mut self, upstream: u16) -> Result<String> {
        self.organization = self.id("/api/v1/organizations", &json!({"name": "Bench"}))?;
        let organization = self.organization.clone();
        let windows =
            json!([{"count": 1_000_000_000_i64, "per": "minute"}, {"count": 1_000_000_000_000_i64, "per": "day"}]);
        let group = json!({"name": "Bench", "windows": windows, "organization": organization});
        let group = self.id("/api/v1/limit_groups", &group)?;
        let plan = json!({"name": "Bench", "limit_group": group, "organization": organization});
        self.plan = self.id("/api/v1/plans", &plan)?;
        let api = self.id("/api/v1/apis", &json!({"organization": organization, "name": "Bench", "slug": "bench"}))?;
        self.ask("PUT", &format!("/api/v1/apis/{api}/plans"), &json!({"plans": [self.plan]}))?;
        let version = self.id(&format!("/api/v1/apis/{api}/versions?name=v1"), &document())?;
        let destination = json!({"name": "Upstream", "url": format!("http://{}", local(upstream))});
        let destination = self.id(&format!("/api/v1/organizations/{organization}/destinations"), &destination)?;
        let publish = format!("/api/v1/versions/{version}/publications/production");
        self.ask("PUT", &publish, &json!({"destination": destination}))?;
        Ok(api)
    }

    /// A new app with an active subscription: `(app, subscription)`.
    fn subscribe(&mut self, api: &str, number: usize) -> Result<(String, String)> {
        let app = json!({"organization": self.organization, "name": format!("App {number}")});
        let app = self.id("/api/v1/apps", &app)?;
        let request = json!({"api": api, "apps": [app], "plan": self.plan, "environment": "production"});
        let answer = self.ask("POST", "/api/v1/subscriptions", &request)?;
        Ok((app, text(&answer, "/items/0/id")?))
    }

    /// New keys for an app, over as many clients as that takes.
    fn keys_of(&mut self, app: &str, count: usize) -> Result<Vec<String>> {
        let mut keys = Vec::new();
        let mut client = String::new();
        for number in 0..count {
            if number % KEYS_OF_A_CLIENT == 0 {
                client = self.id("/api/v1/clients", &json!({"app": app, "name": format!("Client {number}")}))?;
            }
            let made =
                self.ask("POST", &format!("/api/v1/clients/{client}/credentials"), &json!({"kind": "api_key"}))?;
            keys.push(text(&made, "/secret")?);
        }
        Ok(keys)
    }
}

/// A document of a hundred operations, one of which is called.
fn document() -> Value {
    let mut paths = serde_json::Map::new();
    for kind in (0..99).map(|number| format!("kind{number}")).chain(["items".to_owned()]) {
        let read = json!({"operationId": kind, "responses": {"200": {"description": "It"}}});
        let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
        paths.insert(format!("/{kind}/{{id}}"), json!({"parameters": id, "get": read}));
    }
    json!({"openapi": "3.0.3", "info": {"title": "Bench", "version": "1.0.0"}, "paths": paths})
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.map(str::to_owned).with_context(|| format!("no {pointer} in {value}"))
}

/// One call of the caller who never stops.
struct Seen {
    begun: Instant,
    ended: Instant,
    status: u16,
}

impl Running {
    /// Suspends and resumes the first app's subscription while it is being called all the time.
    pub fn suspensions(&self, times: usize, path: &str) -> Result<Value> {
        let stop = AtomicBool::new(false);
        let last_status = AtomicU64::new(0);
        let gateway = local(self.ports.gateway);
        let call = format!("GET {path} HTTP/1.1\r\nHost: {gateway}\r\nX-API-Key: {}\r\n\r\n", self.key);
        std::thread::scope(|scope| {
            let caller = scope.spawn(|| -> Result<Vec<Seen>> {
                let mut line = Line::open(gateway)?;
                let mut seen = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    let status = line.exchange(call.as_bytes())?.status;
                    seen.push(Seen { begun, ended: Instant::now(), status });
                    last_status.store(status.into(), Ordering::Relaxed);
                }
                Ok(seen)
            });
            let acted = self.suspend_and_resume(times, &last_status);
            stop.store(true, Ordering::Relaxed);
            let seen = caller.join().unwrap_or_else(|_| bail!("the caller's thread panicked"))?;
            judge(&acted?, &seen)
        })
    }

    /// Answers when each suspension was asked for and answered, and when its end was asked for.
    fn suspend_and_resume(&self, times: usize, last_status: &AtomicU64) -> Result<Vec<[Instant; 3]>> {
        let mut line = Line::open(local(self.ports.control))?;
        let headers = format!("Authorization: Bearer {}\r\n", self.token);
        let wait_for = |status: u64| {
            let begun = Instant::now();
            while last_status.load(Ordering::Relaxed) != status {
                if begun.elapsed() > Duration::from_secs(5) {
                    bail!("the caller is answered {} and not {status}", last_status.load(Ordering::Relaxed));
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        };
        let mut acted = Vec::new();
        for _ in 0..times {
            wait_for(200)?;
            let asked = Instant::now();
            line.ask("POST", &format!("/api/v1/subscriptions/{}/suspend", self.subscription), &headers, "{}")?;
            let answered = Instant::now();
            wait_for(403)?;
            // Long enough for a call that slipped through to be seen.
            std::thread::sleep(Duration::from_millis(20));
            acted.push([asked, answered, Instant::now()]);
            line.ask("POST", &format!("/api/v1/subscriptions/{}/resume", self.subscription), &headers, "{}")?;
        }
        Ok(acted)
    }

    /// The process, and where its gateway listens.
    pub fn into_parts(self) -> (Server, SocketAddr) {
        (self.server, local(self.ports.gateway))
    }
}

/// What the caller saw around each suspension.
fn judge(acted: &[[Instant; 3]], seen: &[Seen]) -> Result<Value> {
    let micros = |from: Instant, to: Instant| match to.checked_duration_since(from) {
        Some(after) => after.as_secs_f64() * 1e6,
        None => -(from.duration_since(to).as_secs_f64() * 1e6),
    };
    let (mut answer, mut first, mut passed) = (Vec::new(), Vec::new(), 0);
    for [asked, answered, until] in acted {
        let during = || seen.iter().filter(|call| call.begun >= *asked && call.begun < *until);
        let refused = during().find(|call| call.status == 403).context("no call was refused")?;
        answer.push(micros(*asked, *answered));
        first.push(micros(*answered, refused.ended));
        passed += during().filter(|call| call.begun >= *answered && call.status == 200).count();
    }
    Ok(json!({
        "suspensions": acted.len(),
        "calls": seen.len(),
        "suspend_answered_after_us": {"median": middle(answer.clone()), "slowest": answer.iter().copied().fold(0.0, f64::max)},
        "first_refusal_after_answer_us": {"median": middle(first.clone()), "slowest": first.iter().copied().fold(f64::MIN, f64::max)},
        "calls_begun_after_the_answer_that_passed": passed,
        "note": "a negative time means that the refusal came before the answer to suspend had been read",
    }))
}
