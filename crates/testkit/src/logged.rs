//! What was logged at `error`: nothing, in a test that passes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static BEGIN: Once = Once::new();

/// The texts of the statements that were asked, in order and each once.
static STATEMENTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// How many statements were asked.
static ASKED: AtomicU64 = AtomicU64::new(0);

struct Errors;

/// The one member of an event that says what is asked.
#[derive(Default)]
struct Asked(String);

impl Visit for Asked {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "text" {
            self.0 = format!("{value:?}");
        }
    }
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Errors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "store::statement" {
            ASKED.fetch_add(1, Ordering::Relaxed);
            let mut asked = Asked::default();
            event.record(&mut asked);
            STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner).insert(asked.0);
        }
        if *event.metadata().level() == Level::ERROR {
            let mut text = Text(format!("{}: ", event.metadata().target()));
            event.record(&mut text);
            ERRORS.lock().unwrap_or_else(PoisonError::into_inner).push(text.0);
        }
    }
}

/// Begins to listen, once for all tests of the process.
pub fn begin() {
    BEGIN.call_once(|| {
        let shown = tracing_subscriber::EnvFilter::new("warn,sqlx=error");
        let lines = tracing_subscriber::fmt::layer().with_test_writer().with_filter(shown);
        let subscriber = tracing_subscriber::registry().with(lines).with(Errors);
        tracing::subscriber::set_global_default(subscriber).expect("nobody else listens");
    });
}

/// The texts of the statements that this process has asked databases so far, each once.
pub fn statements() -> Vec<String> {
    STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
}

/// How many statements this process has asked databases so far.
pub fn statements_asked() -> u64 {
    ASKED.load(Ordering::Relaxed)
}

/// Forgets the texts of statements.
pub fn statements_forget() {
    STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// Everything that was logged at `error` so far.
pub fn errors() -> Vec<String> {
    ERRORS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
