//! What a designer sets for a version and for single operations of it, and what makes it acceptable.
//!
//! **Invariant:** what an operation says takes the place of what the version says, whole. Nothing that is kept here is
//! secret: settings stand in revisions, changes and answers.

use crate::scheme;
use base::{Problem, gather};
use serde::{Deserialize, Serialize};
use snapshot::{Edits, Modification, Scheme};
use std::collections::BTreeMap;

/// Who answers calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Implementation {
    /// The destination.
    Proxy {},
    /// A script in the gateway.
    Script {
        /// Its text.
        source: String,
    },
    /// Tasks in the gateway, one after the other.
    Pipeline {
        /// Their names, in their order.
        tasks: Vec<String>,
    },
}

impl Default for Implementation {
    fn default() -> Self {
        Self::Proxy {}
    }
}

impl Implementation {
    /// The word for its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Proxy {} => "proxy",
            Self::Script { .. } => "script",
            Self::Pipeline { .. } => "pipeline",
        }
    }
}

/// What an operation says of its own. What it leaves out, its version says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OperationSettings {
    /// How callers authenticate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security: Option<Vec<Scheme>>,
    /// What is changed on requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_modification: Option<Modification>,
    /// Who answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implementation: Option<Implementation>,
}

impl OperationSettings {
    /// Whether everything is left to the version.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a designer sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How callers authenticate; empty means that anonymous calls pass where no subscription is required.
    pub security: Vec<Scheme>,
    /// Whether paths outside the document are forwarded too.
    pub forward_everything: bool,
    /// What is changed on requests before they are forwarded.
    pub request_modification: Modification,
    /// Who answers calls.
    pub implementation: Implementation,
    /// What single operations say, by their names.
    pub operations: BTreeMap<String, OperationSettings>,
}

/// The most entries of one list of changes.
const MOST_EDITS: usize = 30;
/// The longest value of a header or parameter, in bytes.
const LONGEST_VALUE: usize = 1_000;
/// The longest script, in bytes.
const LONGEST_SCRIPT: usize = 64 * 1024;
/// The most tasks of a pipeline.
const MOST_TASKS: usize = 50;

/// Header fields that the gateway keeps for itself, frames messages with, or that carry secrets. `_` counts as `-`.
const FORBIDDEN: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-real-ip",
    "x-request-id",
    "x-rewrite-url",
];

/// Header fields that carry secrets: they may be taken off, but not written, for settings are no place for secrets.
const SECRET: &[&str] = &["authorization", "cookie"];

/// Passes a modification that a gateway can make.
///
/// # Errors
/// 422 naming the entry below `pointer`.
pub fn modification(pointer: &str, modification: &Modification) -> Result<(), Problem> {
    let headers = format!("{pointer}/headers");
    edits(&headers, &modification.headers, header)?;
    written(&headers, &modification.headers, SECRET)?;
    edits(&format!("{pointer}/query"), &modification.query, parameter)
}

fn edits(pointer: &str, edits: &Edits, name: fn(&str, &str) -> Result<(), Problem>) -> Result<(), Problem> {
    for (list, length) in [("remove", edits.remove.len()), ("set", edits.set.len()), ("add", edits.add.len())] {
        if length > MOST_EDITS {
            return Err(Problem::invalid(format!("{pointer}/{list}"), format!("At most {MOST_EDITS} entries.")));
        }
    }
    for (n, gone) in edits.remove.iter().enumerate() {
        name(&format!("{pointer}/remove/{n}"), gone)?;
    }
    for (list, pairs) in [("set", &edits.set), ("add", &edits.add)] {
        for (n, pair) in pairs.iter().enumerate() {
            name(&format!("{pointer}/{list}/{n}/name"), &pair.name)?;
            let plain = pair.value.bytes().all(|b| (0x20..0x7f).contains(&b)) && pair.value.trim() == pair.value;
            if !plain || pair.value.len() > LONGEST_VALUE {
                let detail = format!(
                    "A value is printable ASCII of at most {LONGEST_VALUE} symbols, without blanks at its ends."
                );
                return Err(Problem::invalid(format!("{pointer}/{list}/{n}/value"), detail));
            }
        }
    }
    let twice = |name: &str| edits.set.iter().filter(|pair| pair.name.eq_ignore_ascii_case(name)).count() > 1;
    match edits.set.iter().position(|pair| twice(&pair.name)) {
        Some(n) => Err(Problem::invalid(format!("{pointer}/set/{n}/name"), "It is set twice; keep one of them.")),
        None => Ok(()),
    }
}

/// Passes unless one of these names is written.
fn written(pointer: &str, edits: &Edits, secret: &[&str]) -> Result<(), Problem> {
    for (list, pairs) in [("set", &edits.set), ("add", &edits.add)] {
        if let Some(n) = pairs.iter().position(|pair| secret.contains(&folded(&pair.name).as_str())) {
            let detail = format!(
                "`{}` carries secrets, and settings can be read by many; it may be removed here, but not written.",
                pairs[n].name
            );
            return Err(Problem::invalid(format!("{pointer}/{list}/{n}/name"), detail));
        }
    }
    Ok(())
}

fn folded(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

fn header(pointer: &str, name: &str) -> Result<(), Problem> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let shown: String = name.chars().take(80).collect();
    if name.is_empty() || name.len() > 64 || !name.bytes().all(token) {
        return Err(Problem::invalid(
            pointer,
            format!("`{shown}` is no header name of 1 to 64 symbols (RFC 9110 section 5.1)."),
        ));
    }
    let folded = folded(name);
    let ours = ["wayleave-", "x-forwarded-"].iter().any(|prefix| folded.starts_with(prefix));
    if ours || FORBIDDEN.contains(&folded.as_str()) {
        return Err(Problem::invalid(pointer, format!("`{shown}` is the gateway's own and cannot be changed here.")));
    }
    Ok(())
}

fn parameter(pointer: &str, name: &str) -> Result<(), Problem> {
    if (1..=128).contains(&name.len()) && name.bytes().all(|b| (0x21..0x7f).contains(&b)) {
        return Ok(());
    }
    Err(Problem::invalid(pointer, "A parameter has a name of 1 to 128 printable symbols of ASCII without blanks."))
}

/// Passes an implementation that can be kept.
///
/// # Errors
/// 422 naming the member below `pointer`.
pub fn implementation(pointer: &str, implementation: &Implementation) -> Result<(), Problem> {
    match implementation {
        Implementation::Proxy {} => Ok(()),
        Implementation::Script { source } => {
            let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
            let fine = !source.trim().is_empty() && source.len() <= LONGEST_SCRIPT && !source.chars().any(odd);
            let detail = format!("A script has 1 to {LONGEST_SCRIPT} bytes of text without control characters.");
            if fine { Ok(()) } else { Err(Problem::invalid(format!("{pointer}/source"), detail)) }
        }
        Implementation::Pipeline { tasks } => {
            if tasks.is_empty() || tasks.len() > MOST_TASKS {
                return Err(Problem::invalid(format!("{pointer}/tasks"), format!("1 to {MOST_TASKS} tasks.")));
            }
            for (n, task) in tasks.iter().enumerate() {
                crate::text::name(&format!("{pointer}/tasks/{n}"), task)?;
            }
            Ok(())
        }
    }
}

/// A member name in a JSON pointer (RFC 6901 section 3).
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Passes settings that can be kept. `names` are the operations that the document has.
///
/// # Errors
/// 422 naming the member.
pub fn check(settings: &Settings, names: &dyn Fn(&str) -> bool) -> Result<(), Problem> {
    gather(|wrong| {
        wrong.of(scheme::check("/security", &settings.security));
        wrong.of(modification("/request_modification", &settings.request_modification));
        wrong.of(implementation("/implementation", &settings.implementation));
        for (name, own) in &settings.operations {
            wrong.of(operation(name, own, names(name)));
        }
    })
}

fn operation(name: &str, own: &OperationSettings, there: bool) -> Result<(), Problem> {
    let pointer = format!("/operations/{}", escaped(name));
    if !there {
        let shown: String = name.chars().take(80).collect();
        return Err(Problem::invalid(pointer, format!("The document has no operation `{shown}`.")));
    }
    gather(|wrong| {
        if let Some(security) = &own.security {
            wrong.of(scheme::check(&format!("{pointer}/security"), security));
        }
        if let Some(change) = &own.request_modification {
            wrong.of(modification(&format!("{pointer}/request_modification"), change));
        }
        if let Some(kind) = &own.implementation {
            wrong.of(implementation(&format!("{pointer}/implementation"), kind));
        }
    })
}

/// Operations that have settings and are not in the document: what they say would hold for nothing.
pub fn orphans<'s>(settings: &'s Settings, names: &dyn Fn(&str) -> bool) -> Vec<&'s str> {
    settings.operations.keys().map(String::as_str).filter(|name| !names(name)).collect()
}

/// Passes settings that a gateway can keep to in every respect: nothing is published whose effect would be another than
/// what is shown.
///
/// # Errors
/// 422 saying what has to be changed first.
pub fn publishable(settings: &Settings, names: &dyn Fn(&str) -> bool) -> Result<(), Problem> {
    let not_yet = |whose: String, kind: &str| {
        let detail =
            format!("{whose} is implemented by a {kind}, which gateways cannot run yet; set it to `proxy` to publish.");
        Err(Problem::invalid("/revision", detail).with("reason", "not_yet"))
    };
    if settings.implementation != (Implementation::Proxy {}) {
        return not_yet("The version".to_owned(), settings.implementation.kind());
    }
    for (name, own) in &settings.operations {
        if let Some(other) = own.implementation.as_ref().filter(|kind| **kind != Implementation::Proxy {}) {
            return not_yet(format!("Operation `{name}`"), other.kind());
        }
    }
    let lost = orphans(settings, names);
    if lost.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "There are settings of operations that the document does not have any more: {}. Take them away, or give the \
         operations their names again; else an operation that was renamed would lose its security unseen.",
        lost.iter().take(5).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    );
    Err(Problem::invalid("/revision", detail).with("reason", "orphaned_settings"))
}

/// Settings as a change shows them: without the text of scripts, which the revisions have.
pub fn shown(settings: &Settings) -> serde_json::Value {
    let mut brief = settings.clone();
    let all = brief.operations.values_mut().filter_map(|own| own.implementation.as_mut());
    for implementation in all.chain(std::iter::once(&mut brief.implementation)) {
        if let Implementation::Script { source } = implementation {
            *source = format!("({} bytes)", source.len());
        }
    }
    serde_json::to_value(brief).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot::Pair;

    fn set(name: &str, value: &str) -> Modification {
        let headers = Edits { set: vec![Pair { name: name.into(), value: value.into() }], ..Edits::default() };
        Modification { headers, ..Modification::default() }
    }

    fn place(change: &Modification) -> Option<String> {
        modification("/m", change).err().map(|p| p.fields[0].pointer.clone())
    }

    /// C19
    #[test]
    fn what_the_gateway_says_itself_cannot_be_changed_in_any_spelling() {
        assert_eq!(place(&set("X-Tier", "gold")), None);
        for name in
            FORBIDDEN.iter().chain(&["Wayleave-App", "wayleave_app", "X_Forwarded_For", "Host", "TE", "X_Request_Id"])
        {
            assert_eq!(place(&set(name, "x")).as_deref(), Some("/m/headers/set/0/name"), "{name}");
            let headers = Edits { remove: vec![(*name).to_owned()], ..Edits::default() };
            let gone = Modification { headers, ..Modification::default() };
            assert_eq!(place(&gone).as_deref(), Some("/m/headers/remove/0"), "{name}");
        }
    }

    #[test]
    fn secrets_may_be_taken_off_but_not_written() {
        for name in ["Authorization", "cookie"] {
            assert_eq!(place(&set(name, "x")).as_deref(), Some("/m/headers/set/0/name"));
            let headers = Edits { remove: vec![name.to_owned()], ..Edits::default() };
            assert_eq!(place(&Modification { headers, ..Modification::default() }), None);
        }
    }

    #[test]
    fn a_value_cannot_bring_a_field_of_its_own() {
        for bad in ["a\r\nHost: b", "a\nb", "\u{e9}", " a", "a ", "a\0", "a\tb"] {
            assert_eq!(place(&set("X-A", bad)).as_deref(), Some("/m/headers/set/0/value"), "{bad:?}");
        }
        for bad in ["", "X A", "X:A", "X\r\nA", "\u{e9}"] {
            assert_eq!(place(&set(bad, "x")).as_deref(), Some("/m/headers/set/0/name"), "{bad:?}");
        }
        let mut many = set("X-A", "1");
        many.headers.set = vec![many.headers.set[0].clone(); 2];
        assert_eq!(place(&many).as_deref(), Some("/m/headers/set/0/name"));
        many.headers.add = vec![many.headers.set[0].clone(); MOST_EDITS + 1];
        assert_eq!(place(&many).as_deref(), Some("/m/headers/add"));
    }

    /// C23
    #[test]
    fn scripts_and_pipelines_are_kept_but_not_published() {
        let script = Implementation::Script { source: "return 204".into() };
        let pipeline = Implementation::Pipeline { tasks: vec!["Mask".into()] };
        for kind in [&script, &pipeline] {
            let whole = Settings { implementation: kind.clone(), ..Settings::default() };
            assert!(check(&whole, &|_| true).is_ok());
            assert_eq!(publishable(&whole, &|_| true).expect_err("refused").extra["reason"], "not_yet");
            let own = OperationSettings { implementation: Some(kind.clone()), ..OperationSettings::default() };
            let one = Settings { operations: BTreeMap::from([("a".into(), own)]), ..Settings::default() };
            assert!(check(&one, &|_| true).is_ok());
            assert_eq!(publishable(&one, &|_| true).expect_err("refused").extra["reason"], "not_yet");
        }
        for bad in [Implementation::Script { source: " ".into() }, Implementation::Pipeline { tasks: vec![] }] {
            assert!(implementation("/i", &bad).is_err());
        }
        assert!(publishable(&Settings::default(), &|_| true).is_ok());
    }

    /// C22
    #[test]
    fn settings_of_an_operation_that_is_gone_stop_the_publication() {
        let own = OperationSettings { security: Some(vec![Scheme::Basic]), ..OperationSettings::default() };
        let settings = Settings { operations: BTreeMap::from([("a/b".into(), own)]), ..Settings::default() };
        assert!(publishable(&settings, &|name| name == "a/b").is_ok());
        let problem = publishable(&settings, &|_| false).expect_err("refused");
        assert_eq!(problem.extra["reason"], "orphaned_settings");
        assert_eq!(check(&settings, &|_| false).expect_err("refused").fields[0].pointer, "/operations/a~1b");
    }

    #[test]
    fn what_was_kept_before_there_was_more_is_still_read() {
        let old: Settings =
            serde_json::from_str(r#"{"security":[{"scheme":"basic"}],"forward_everything":true}"#).unwrap();
        assert_eq!(
            (old.security, old.forward_everything, old.implementation),
            (vec![Scheme::Basic], true, Implementation::Proxy {})
        );
    }
}
