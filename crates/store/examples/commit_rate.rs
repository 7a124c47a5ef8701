//! Measures the log's last step: `cargo run --release -p store --example commit_rate -- postgres://user@host:port/db`.
//!
//! The database must be an empty one. Each write is BEGIN, a read, a guarded update, the last step, COMMIT; writers
//! wait for one another at the same kind of gate as in the store. Ways of doing the last step take turns, several
//! rounds, beside the database and behind a proxy that adds 2 ms to each message; medians are printed, of the rates and
//! of the ratios within a round. Then quiet writes, one per transaction and batched, and SQLite.

use base::{Actor, Change, Kind, Ref, Timestamp};
use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx::{Executor as _, Row as _};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{Db, DbUrl, Quiet, log, sql};
use tokio::sync::Mutex;

const CONNECTIONS: u32 = 12;
const WRITERS: u64 = 48;
const ROUNDS: usize = 15;
const STRETCH: Duration = Duration::from_millis(700);
const DELAY: Duration = Duration::from_millis(2);
const THINGS: u64 = 1000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How the last step is done.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// The head, the entry and each touch by a statement of its own, then COMMIT.
    Several,
    /// One statement of common table expressions, then COMMIT.
    Cte,
    /// One call of the function, then COMMIT.
    Function,
    /// The store: the function and COMMIT in one message.
    Message,
}

const WAYS: [Way; 4] = [Way::Several, Way::Cte, Way::Function, Way::Message];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let Some(url) = std::env::args().nth(1) else { return Err("name an empty PostgreSQL database".into()) };
    let db = Db::open(&DbUrl::parse(&url)?).await?;
    db.migrate().await?;
    prepare(&db).await?;
    db.close().await;
    for (place, url) in [("beside the database", url.clone()), ("with 2 ms per message", delayed(&url)?)] {
        let mut rates: Vec<Vec<f64>> = vec![Vec::new(); WAYS.len()];
        for _ in 0..ROUNDS {
            for (way, rates) in WAYS.iter().zip(&mut rates) {
                rates.push(commits(&url, *way).await?);
            }
        }
        // Rounds are compared one by one: what else the machine does then touches all ways alike.
        let first = rates[0].clone();
        for (way, rates) in WAYS.iter().zip(rates) {
            let ratio = median(rates.iter().zip(&first).map(|(rate, first)| rate / first).collect());
            println!("PostgreSQL {place}: {way:?}: {:.0} commits/s, {ratio:.2} times the first way", median(rates));
        }
        let db = Db::open(&DbUrl::parse(&url)?).await?;
        quiet(&db, &format!("PostgreSQL {place}")).await?;
        assert_eq!(log::verify(&db).await?.broken.filter(|_| place.starts_with("beside")), None);
        db.close().await;
    }
    let folder = tempfile::tempdir()?;
    let db = Db::open(&DbUrl::Sqlite(folder.path().join("bench.db"))).await?;
    db.migrate().await?;
    prepare(&db).await?;
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        rates.push(by_store(&db).await?);
    }
    println!("SQLite: {:.0} commits/s", median(rates));
    quiet(&db, "SQLite").await
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

async fn prepare(db: &Db) -> Result<(), Failure> {
    let mut tx = db.write().await?;
    sql("CREATE TABLE bench_things (id TEXT NOT NULL PRIMARY KEY, size BIGINT NOT NULL, version BIGINT NOT NULL)")
        .run(&mut tx)
        .await?;
    sql("CREATE TABLE bench_tokens (id TEXT NOT NULL PRIMARY KEY, client TEXT NOT NULL, expires_at BIGINT NOT NULL)")
        .run(&mut tx)
        .await?;
    for i in 0..THINGS {
        sql("INSERT INTO bench_things (id, size, version) VALUES ($1, 0, 1)")
            .bind(format!("t{i}"))
            .run(&mut tx)
            .await?;
    }
    Ok(tx.commit_quiet(Quiet::ExpiredSwept).await?)
}

/// The address of a proxy that holds back each message to the server for two milliseconds.
fn delayed(url: &str) -> Result<String, Failure> {
    let (front, rest) = url.rsplit_once('@').ok_or("the URL needs a user")?;
    let (server, path) = rest.split_once('/').ok_or("the URL needs a database")?;
    let server = if server.contains(':') { server.to_owned() } else { format!("{server}:5432") };
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(upstream) = TcpStream::connect(&server) else { continue };
            for stream in [&client, &upstream] {
                let _best_effort = stream.set_nodelay(true);
            }
            let (Ok(client2), Ok(upstream2)) = (client.try_clone(), upstream.try_clone()) else { continue };
            std::thread::spawn(move || pass(client, upstream, DELAY));
            std::thread::spawn(move || pass(upstream2, client2, Duration::ZERO));
        }
    });
    Ok(format!("{front}@{address}/{path}"))
}

fn pass(mut from: TcpStream, mut to: TcpStream, delay: Duration) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(n) = from.read(&mut buffer) {
        std::thread::sleep(delay);
        if n == 0 || to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _already = to.shutdown(std::net::Shutdown::Both);
}

/// Runs `WRITERS` tasks for one stretch and answers with what they did per second.
async fn rate<F, W>(work: F) -> Result<f64, Failure>
where
    F: Fn(u64) -> W + Clone + Send + 'static,
    W: Future<Output = Result<u64, Failure>> + Send,
{
    let (start, done) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let (work, done) = (work.clone(), done.clone());
        tasks.push(tokio::spawn(async move {
            let mut n = writer;
            while start.elapsed() < STRETCH {
                done.fetch_add(work(n).await?, Ordering::Relaxed);
                n += WRITERS;
            }
            Ok::<_, Failure>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(done.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

fn change(n: u64) -> Change {
    let reference = |kind, id: String| Ref { kind, id };
    Change {
        at: Timestamp::from_micros(1_700_000_000_000_000),
        actor: Actor::User("usr_01j9z0000000000000000000000".into()),
        verb: "subscription.approved",
        subject: reference(Kind::Subscription, format!("sub_{n}")),
        touches: vec![
            reference(Kind::App, format!("app_{}", n % 100)),
            reference(Kind::Api, format!("api_{}", n % 10)),
            reference(Kind::Organization, "org_1".into()),
        ],
        note: Some("as agreed on the phone".into()),
        detail: serde_json::json!({"state": ["requested", "approved"], "plan": "pln_01j9z0000000000000000000000"}),
        request: Some("req_01j9z0000000000000000000000".into()),
    }
}

async fn by_store(db: &Db) -> Result<f64, Failure> {
    let db = db.clone();
    rate(move |n| {
        let db = db.clone();
        async move {
            let id = format!("t{}", n % THINGS);
            let mut tx = db.write().await?;
            let row = sql("SELECT version FROM bench_things WHERE id = $1").bind(&id).one(&mut tx).await?;
            sql("UPDATE bench_things SET size = size + 1, version = version + 1 WHERE id = $1 AND version = $2 RETURNING version")
                .bind(&id)
                .bind(row.get::<i64>("version")?)
                .find(&mut tx)
                .await?;
            tx.commit(vec![change(n)]).await?;
            Ok(1)
        }
    })
    .await
}

async fn commits(url: &str, way: Way) -> Result<f64, Failure> {
    if way == Way::Message {
        let db = Db::open(&DbUrl::parse(url)?).await?;
        let rate = by_store(&db).await?;
        db.close().await;
        return Ok(rate);
    }
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false).connect(url).await?;
    let gate = Arc::new(Mutex::new(()));
    let shared = (pool.clone(), gate);
    let rate = rate(move |n| {
        let (pool, gate) = shared.clone();
        async move { by_driver(&pool, &gate, way, n).await }
    })
    .await?;
    pool.close().await;
    Ok(rate)
}

async fn by_driver(pool: &PgPool, gate: &Mutex<()>, way: Way, n: u64) -> Result<u64, Failure> {
    let id = format!("t{}", n % THINGS);
    let mut conn = pool.acquire().await?;
    conn.execute("BEGIN").await?;
    let row = sqlx::query("SELECT version FROM bench_things WHERE id = $1").bind(&id).fetch_one(&mut *conn).await?;
    sqlx::query(
        "UPDATE bench_things SET size = size + 1, version = version + 1 WHERE id = $1 AND version = $2 RETURNING version",
    )
    .bind(&id)
    .bind(row.try_get::<i64, _>("version")?)
    .fetch_optional(&mut *conn)
    .await?;
    let change = change(n);
    let _turn = gate.lock().await;
    match way {
        Way::Several => several(&mut conn, &change).await?,
        Way::Cte => cte(&mut conn, &change).await?,
        Way::Function | Way::Message => function(&mut conn, &change).await?,
    }
    conn.execute("COMMIT").await?;
    Ok(1)
}

async fn several(conn: &mut PgConnection, change: &Change) -> Result<(), Failure> {
    let head = sqlx::query("UPDATE change_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash");
    let head = head.fetch_one(&mut *conn).await?;
    let (seq, before): (i64, String) = (head.try_get("seq")?, head.try_get("hash")?);
    let hash = log::link(&before, seq, &log::digest(change));
    sqlx::query(
        "INSERT INTO changes (seq, at, actor, verb, subject_kind, subject_id, note, detail, request, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(seq)
    .bind(change.at.micros())
    .bind(change.actor.to_text())
    .bind(change.verb)
    .bind(change.subject.kind.as_str())
    .bind(&change.subject.id)
    .bind(&change.note)
    .bind(change.detail.to_string())
    .bind(&change.request)
    .bind(&hash)
    .execute(&mut *conn)
    .await?;
    for touch in change.all_touches() {
        sqlx::query("INSERT INTO change_touches (kind, id, seq) VALUES ($1, $2, $3)")
            .bind(touch.kind.as_str())
            .bind(&touch.id)
            .bind(seq)
            .execute(&mut *conn)
            .await?;
    }
    sqlx::query("UPDATE change_head SET hash = $1 WHERE id = 1").bind(hash).execute(conn).await?;
    Ok(())
}

fn touches(change: &Change) -> (Vec<&'static str>, Vec<String>) {
    change.all_touches().into_iter().map(|touch| (touch.kind.as_str(), touch.id.clone())).unzip()
}

async fn cte(conn: &mut PgConnection, change: &Change) -> Result<(), Failure> {
    let (kinds, ids) = touches(change);
    sqlx::query(
        "WITH held AS (SELECT seq + 1 AS seq, hash FROM change_head WHERE id = 1 FOR UPDATE), \
         next AS (SELECT seq, encode(sha256(convert_to(hash || E'\\n' || seq || E'\\n' || $9, 'UTF8')), 'hex') AS hash \
                  FROM held), \
         entry AS (INSERT INTO changes (seq, at, actor, verb, subject_kind, subject_id, note, detail, request, hash) \
                   SELECT seq, $1, $2, $3, $4, $5, $6, $7, $8, hash FROM next), \
         touch AS (INSERT INTO change_touches (kind, id, seq) \
                   SELECT t.kind, t.id, next.seq FROM next, unnest($10::TEXT[], $11::TEXT[]) AS t (kind, id)) \
         UPDATE change_head SET seq = next.seq, hash = next.hash FROM next WHERE id = 1 RETURNING change_head.seq",
    )
    .bind(change.at.micros())
    .bind(change.actor.to_text())
    .bind(change.verb)
    .bind(change.subject.kind.as_str())
    .bind(&change.subject.id)
    .bind(&change.note)
    .bind(change.detail.to_string())
    .bind(&change.request)
    .bind(log::digest(change))
    .bind(kinds)
    .bind(ids)
    .fetch_one(conn)
    .await?;
    Ok(())
}

async fn function(conn: &mut PgConnection, change: &Change) -> Result<(), Failure> {
    let (kinds, ids) = touches(change);
    sqlx::query("SELECT append_changes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(vec![change.at.micros()])
        .bind(vec![change.actor.to_text()])
        .bind(vec![change.verb])
        .bind(vec![change.subject.kind.as_str()])
        .bind(vec![change.subject.id.as_str()])
        .bind(vec![change.note.as_deref()])
        .bind(vec![change.detail.to_string()])
        .bind(vec![change.request.as_deref()])
        .bind(vec![log::digest(change)])
        .bind(vec![1_i64; kinds.len()])
        .bind(kinds)
        .bind(ids)
        .fetch_one(conn)
        .await?;
    Ok(())
}

async fn quiet(db: &Db, place: &str) -> Result<(), Failure> {
    let put = || {
        sql("INSERT INTO bench_tokens (id, client, expires_at) VALUES ($1, $2, $3)")
            .bind(base::id::TokenId::new(Timestamp::from_seconds(1)))
            .bind("cli_01j9z0000000000000000000000")
            .bind(Timestamp::from_seconds(2))
    };
    let (mut single, mut batched) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let one = db.clone();
        let alone = rate(move |_| {
            let db = one.clone();
            async move {
                let mut tx = db.write().await?;
                put().run(&mut tx).await?;
                tx.commit_quiet(Quiet::TokenIssued).await?;
                Ok(1)
            }
        });
        single.push(alone.await?);
        let many = db.clone();
        let together = rate(move |_| {
            let db = many.clone();
            async move {
                // Four callers per task: the writer's batch must be able to fill.
                let four = || db.quiet_batch(Quiet::TokenIssued, vec![put()]);
                tokio::try_join!(four(), four(), four(), four())?;
                Ok(4)
            }
        });
        batched.push(together.await?);
    }
    println!("{place}: quiet writes: {:.0}/s one by one, {:.0}/s batched", median(single), median(batched));
    Ok(())
}
