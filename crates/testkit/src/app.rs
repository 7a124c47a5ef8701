//! The whole program in one process.

use crate::actor::Actor;
use crate::database::TestDatabase;
use crate::{Upstream, database, logged};
use base::{Clock, Timestamp};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::DbUrl;
use tempfile::TempDir;
use wayleave::{Config, Server, first_login};

/// The program, started for one test: real sockets, a clock that stands still, a database of its own.
pub struct TestApp {
    server: Option<Server>,
    /// Its clock.
    pub clock: Clock,
    /// An upstream that echoes.
    pub upstream: Upstream,
    /// Its data folder.
    pub folder: Arc<TempDir>,
    database: Arc<TestDatabase>,
    config: Config,
    names: AtomicU64,
}

/// Monday 2026-11-23 09:30:00 UTC: the beginning of a minute, an hour's half, not of a day.
pub const START: Timestamp = Timestamp::from_seconds(1_795_426_200);

impl TestApp {
    /// Starts the program as it comes, with registration open.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts it with other settings.
    ///
    /// # Panics
    /// It does not start.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        logged::begin();
        let folder = Arc::new(TempDir::new().expect("a folder"));
        let database = Arc::new(database::fresh().await);
        let any = "127.0.0.1:0".parse().expect("an address");
        let mut config = Config {
            listen: any,
            gateway_listen: any,
            operations_listen: any,
            data: folder.path().to_owned(),
            registration: platform::Registration::Open,
            gateway_threads: 2,
            decision_sample: 1.0,
            ..Config::default()
        };
        match database.url() {
            DbUrl::Sqlite(path) => config.database = Some(path.display().to_string()),
            DbUrl::Postgres(url) => {
                let key = folder.path().join("given.key");
                wayleave::master_key::write_private(&key, &"42".repeat(32)).expect("a key file");
                config.database = Some(url);
                config.master_key_file = Some(key);
            }
        }
        change(&mut config);
        let clock = Clock::manual(START);
        let server = Server::start(&config, clock.clone()).await.unwrap_or_else(|e| panic!("does not start: {e:?}"));
        let upstream = Upstream::start().await;
        Self { server: Some(server), clock, upstream, folder, database, config, names: AtomicU64::new(0) }
    }

    /// The running program.
    ///
    /// # Panics
    /// Only while it restarts.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("it runs")
    }

    /// Stops the program and starts it again on the same data and addresses.
    ///
    /// # Panics
    /// It does not start.
    pub async fn restart(&mut self) {
        // The same public address, or tokens issued before would be another issuer's.
        self.config.listen = self.server().control;
        self.config.gateway_listen = self.server().gateway;
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
        let started = Server::start(&self.config, self.clock.clone()).await;
        self.server = Some(started.unwrap_or_else(|e| panic!("does not start again: {e:?}")));
    }

    /// Somebody who has not signed in.
    pub fn nobody(&self) -> Actor {
        Actor::at(self.server().control)
    }

    /// Somebody who talks to the gateway.
    pub fn gateway(&self) -> Actor {
        Actor::at(self.server().gateway)
    }

    /// Somebody who asks the operations listener.
    pub fn operations(&self) -> Actor {
        Actor::at(self.server().operations)
    }

    /// Whoever calls the gateway with this API key.
    pub fn keyed(&self, key: &str) -> Actor {
        self.gateway().with("x-api-key", key)
    }

    /// The site administrator.
    ///
    /// # Panics
    /// The first start made none.
    pub async fn admin(&self) -> Actor {
        let text = std::fs::read_to_string(first_login::path(self.folder.path())).expect("the first log-in");
        let (name, password) = text.trim().split_once(' ').expect("name and password");
        self.sign_in(name, password).await
    }

    /// A person who registers under a name that begins like this, and whose address is proven.
    ///
    /// # Panics
    /// The program does not take it.
    pub async fn person(&self, name: &str) -> Actor {
        let person = self.unproven_person(name).await;
        let platform = &self.server().platform;
        let id = base::id::Id::parse(&person.id).expect("an id of a user");
        let marked = platform::across::vouch_for_address(&platform::Cx::system(platform), &id).await;
        marked.unwrap_or_else(|e| panic!("the address of {name} is not taken as proven: {e:?}"));
        person
    }

    /// A person who registers under a name that begins like this, and has proven no address.
    pub async fn unproven_person(&self, name: &str) -> Actor {
        let name = format!("{name}{}", self.names.fetch_add(1, Ordering::AcqRel));
        let password = "a long enough phrase";
        let body = json!({"username": name, "email": format!("{name}@example.com"), "password": password});
        self.nobody().post("/api/v1/users", body).await.is(201);
        self.sign_in(&name, password).await
    }

    /// Signs in with a password and answers an actor with a personal access token.
    pub async fn sign_in(&self, name: &str, password: &str) -> Actor {
        sign_in(&self.nobody(), name, password).await
    }

    /// Waits until the clock has done what is due and every reader of the log has handled what is in it.
    pub async fn settle(&self) {
        platform::subscription::tick(&self.server().platform).await.expect("what is due is done");
        let head = *self.server().platform.db.head().borrow();
        let platform = &self.server().platform;
        for reader in
            [platform::notice::READER, platform::search::READER, platform::trail::READER, platform::webhook::READER]
        {
            platform.readers.wait(reader, head).await;
        }
        while platform::notice::round(platform).await.expect("people are told") {}
        platform::usage::flush(&self.server().platform).await.expect("usage is stored");
    }

    /// Waits until everything that happened is told, and all that is due has been tried: mails and webhooks too. To be called
    /// again after the clock was moved.
    ///
    /// # Panics
    /// The database fails.
    pub async fn deliver(&self) {
        self.settle().await;
        let platform = &self.server().platform;
        platform::notice::mail::round(platform).await.expect("mails are tried");
        platform::webhook::round(platform).await.expect("webhooks are tried");
        // What has been tried may have switched a webhook off, which is told again.
        self.settle().await;
    }

    /// The raw bytes of the database file, if it is a file: for looking for what must not be in it.
    pub fn database_bytes(&self) -> Option<Vec<u8>> {
        let DbUrl::Sqlite(path) = self.database.url() else { return None };
        let mut bytes = std::fs::read(&path).ok()?;
        bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
        Some(bytes)
    }
}

/// Signs in with a password and answers an actor with a personal access token.
pub(crate) async fn sign_in(nobody: &Actor, name: &str, password: &str) -> Actor {
    let body = json!({"username": name, "password": password});
    let reply = nobody.post("/api/v1/session", body).await.is(200);
    let cookie = reply.header("set-cookie").split(';').next().unwrap_or("").to_owned();
    let csrf = reply.str("csrf_token");
    let session = nobody.with("cookie", &cookie).with("x-csrf-token", &csrf);
    let token = session.post("/api/v1/me/tokens", json!({"name": "test"})).await.is(201).str("token");
    let id = reply["user"]["id"].as_str().unwrap_or("").to_owned();
    nobody.with("authorization", &format!("Bearer {token}")).known_as(&id, name)
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let errors = logged::errors();
        if !errors.is_empty() && !std::thread::panicking() {
            panic!("logged at error: {errors:#?}");
        }
    }
}
