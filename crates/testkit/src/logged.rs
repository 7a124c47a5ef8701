//! What was logged at `error`: nothing, in a test that passes.

use std::fmt::Write as _;
use std::sync::{Mutex, Once, PoisonError};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static BEGIN: Once = Once::new();

struct Errors;

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Errors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
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

/// Everything that was logged at `error` so far.
pub fn errors() -> Vec<String> {
    ERRORS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
