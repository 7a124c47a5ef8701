//! Settings as people and programs write and read them.

use crate::scheme::SecurityScheme;
use crate::version::settings::{Implementation, OperationSettings, Settings, escaped};
use base::{Problem, Wrong, gather};
use serde::{Deserialize, Deserializer, Serialize};
use snapshot::{Edits, Modification, Pair, Scheme};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Changes of a request before it is forwarded, in the order: remove, set, add.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RequestModification {
    /// Of its header fields. Those that frame messages, name the caller or belong to the gateway cannot be changed.
    pub headers: ValueEdits,
    /// Of the parameters of its query.
    pub query: ValueEdits,
}

/// Changes of named values.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ValueEdits {
    /// Taken off, every value of them.
    pub remove: Vec<String>,
    /// Put in the place of whatever was there.
    pub set: Vec<NamedValue>,
    /// Put beside whatever is there.
    pub add: Vec<NamedValue>,
}

/// A name and its value.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedValue {
    /// Its name.
    pub name: String,
    /// Its value: printable ASCII, at most 1,000 symbols. It can be read by many: no secret.
    pub value: String,
}

fn edits_view(edits: &Edits) -> ValueEdits {
    let pairs =
        |all: &[Pair]| all.iter().map(|p| NamedValue { name: p.name.clone(), value: p.value.clone() }).collect();
    ValueEdits { remove: edits.remove.clone(), set: pairs(&edits.set), add: pairs(&edits.add) }
}

fn edits(view: ValueEdits) -> Edits {
    let pairs = |all: Vec<NamedValue>| all.into_iter().map(|p| Pair { name: p.name, value: p.value }).collect();
    Edits { remove: view.remove, set: pairs(view.set), add: pairs(view.add) }
}

impl RequestModification {
    /// As people and programs see it.
    pub fn of(modification: &Modification) -> Self {
        Self { headers: edits_view(&modification.headers), query: edits_view(&modification.query) }
    }

    fn read(self) -> Modification {
        Modification { headers: edits(self.headers), query: edits(self.query) }
    }
}

/// Schemes as people and programs see them.
pub fn schemes(all: &[Scheme]) -> Vec<SecurityScheme> {
    all.iter().map(SecurityScheme::of).collect()
}

fn read_schemes(pointer: &str, views: Vec<SecurityScheme>) -> Result<Vec<Scheme>, Problem> {
    views.into_iter().enumerate().map(|(n, view)| view.read(&format!("{pointer}/{n}"))).collect()
}

/// What an operation says of its own. What is absent its version says.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = OperationSettings)]
pub struct OperationSettingsView {
    /// How callers authenticate, in the place of the version's ways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security: Option<Vec<SecurityScheme>>,
    /// What is changed on its requests, in the place of the version's changes. For designers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_modification: Option<RequestModification>,
    /// Who answers. For designers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implementation: Option<Implementation>,
}

impl OperationSettingsView {
    /// As designers see it; others see how callers authenticate.
    pub fn of(own: &OperationSettings, designs: bool) -> Self {
        Self {
            security: own.security.as_deref().map(schemes),
            request_modification: own.request_modification.as_ref().filter(|_| designs).map(RequestModification::of),
            implementation: own.implementation.clone().filter(|_| designs),
        }
    }
}

/// What a designer sets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VersionSettings)]
pub struct SettingsView {
    /// How callers authenticate, each a way of its own; empty means that anonymous calls pass.
    pub security: Vec<SecurityScheme>,
    /// Whether paths outside the document are forwarded too.
    pub forward_everything: bool,
    /// What is changed on requests before they are forwarded.
    pub request_modification: RequestModification,
    /// Who answers calls.
    pub implementation: Implementation,
    /// What single operations say of their own, by their names.
    pub operations: BTreeMap<String, OperationSettingsView>,
}

impl SettingsView {
    /// As designers see it.
    pub fn of(settings: &Settings) -> Self {
        let operations = settings.operations.iter();
        Self {
            security: schemes(&settings.security),
            forward_everything: settings.forward_everything,
            request_modification: RequestModification::of(&settings.request_modification),
            implementation: settings.implementation.clone(),
            operations: operations.map(|(name, own)| (name.clone(), OperationSettingsView::of(own, true))).collect(),
        }
    }
}

/// Reads a member that may be left out, and whose null takes the value away (RFC 7396).
///
/// # Errors
/// Those of the member's own type.
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

/// What to change of an operation's own settings. Null leaves a member to the version again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperationSettingsEdit {
    /// How callers authenticate.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Vec<SecurityScheme>>)]
    security: Option<Option<Vec<SecurityScheme>>>,
    /// What is changed on its requests.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<RequestModification>)]
    request_modification: Option<Option<RequestModification>>,
    /// Who answers.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Implementation>)]
    implementation: Option<Option<Implementation>>,
}

/// What to change of a version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionEdit {
    /// How callers authenticate. An empty list lets anonymous calls pass where no subscription is required.
    #[serde(default, deserialize_with = "crate::web::given")]
    security: Option<Vec<SecurityScheme>>,
    /// Whether paths outside the document are forwarded too.
    #[serde(default, deserialize_with = "crate::web::given")]
    forward_everything: Option<bool>,
    /// What is changed on requests before they are forwarded. It takes the place of what there was.
    #[serde(default, deserialize_with = "crate::web::given")]
    request_modification: Option<RequestModification>,
    /// Who answers calls: `{"kind": "proxy"}`, a script or a pipeline. Only proxies can be published yet.
    #[serde(default, deserialize_with = "crate::web::given")]
    implementation: Option<Implementation>,
    /// What single operations say of their own, by their names; null takes all of it away.
    #[serde(default, deserialize_with = "crate::web::given")]
    #[schema(value_type = Option<std::collections::HashMap<String, OperationSettingsEdit>>)]
    operations: Option<BTreeMap<String, Option<OperationSettingsEdit>>>,
    /// Why, for the history.
    #[serde(default)]
    pub note: Option<String>,
}

impl VersionEdit {
    /// Writes what is given into the settings.
    ///
    /// # Errors
    /// 422 naming a member that cannot be read.
    pub fn apply(self, settings: &mut Settings) -> Result<(), Problem> {
        gather(|wrong| self.read(settings, wrong))
    }

    fn read(self, settings: &mut Settings, wrong: &mut Wrong) {
        wrong.set(&mut settings.security, self.security.map(|views| read_schemes("/security", views)));
        settings.forward_everything = self.forward_everything.unwrap_or(settings.forward_everything);
        if let Some(view) = self.request_modification {
            settings.request_modification = view.read();
        }
        if let Some(implementation) = self.implementation {
            settings.implementation = implementation;
        }
        for (name, edit) in self.operations.into_iter().flatten() {
            let Some(edit) = edit else {
                settings.operations.remove(&name);
                continue;
            };
            let pointer = format!("/operations/{}/security", escaped(&name));
            let own = settings.operations.entry(name).or_default();
            let read = |views: Option<Vec<_>>| views.map(|views| read_schemes(&pointer, views)).transpose();
            wrong.set(&mut own.security, edit.security.map(read));
            if let Some(view) = edit.request_modification {
                own.request_modification = view.map(RequestModification::read);
            }
            if let Some(implementation) = edit.implementation {
                own.implementation = implementation;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn edited(settings: &Settings, edit: serde_json::Value) -> Settings {
        let mut after = settings.clone();
        serde_json::from_value::<VersionEdit>(edit).unwrap().apply(&mut after).unwrap();
        after
    }

    #[test]
    fn an_edit_changes_what_it_names_and_null_takes_it_away() {
        let start = edited(
            &Settings::default(),
            json!({"security": [{"scheme": "basic"}], "operations": {"a": {"security": [], "implementation": {"kind": "proxy"}}}}),
        );
        assert_eq!(start.operations["a"].security, Some(vec![]));
        let same = edited(&start, json!({"note": "nothing", "operations": {"a": {}}}));
        assert_eq!(same, start);
        let less = edited(&start, json!({"operations": {"a": {"security": null}}}));
        assert_eq!((less.operations["a"].security.clone(), less.security.len()), (None, 1));
        assert!(less.operations["a"].implementation.is_some());
        assert!(edited(&start, json!({"operations": {"a": null}})).operations.is_empty());
    }

    #[test]
    fn what_nobody_knows_is_refused_at_every_depth() {
        for body in [
            json!({"state": "retired"}),
            json!({"operations": {"a": {"scopes": []}}}),
            json!({"implementation": {"kind": "proxy", "source": "x"}}),
            json!({"implementation": {"kind": "lambda"}}),
            json!({"request_modification": {"body": {}}}),
            json!({"security": null}),
        ] {
            assert!(serde_json::from_value::<VersionEdit>(body.clone()).is_err(), "{body}");
        }
    }
}
