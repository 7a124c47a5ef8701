//! What to change of a profile: a merge patch (RFC 7396) with a type.

use super::Profile;
use crate::web::given;
use base::id;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// What to change of whether a subscription is required.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProfileSubscriptionEdit)]
pub struct SubscriptionEdit {
    /// Whether designers may change it, and the plans offered.
    #[serde(default, deserialize_with = "given")]
    pub allow_override: Option<bool>,
    /// Whether only subscribers may call.
    #[serde(default, deserialize_with = "given")]
    pub required: Option<bool>,
}

/// What to change of the rule about request modification.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProfileRequestModificationEdit)]
pub struct RequestmodEdit {
    /// Whether `defaults` are the settings of new versions.
    #[serde(default, deserialize_with = "given")]
    pub specify_defaults: Option<bool>,
    /// Whether designers may change them.
    #[serde(default, deserialize_with = "given")]
    pub allow_override: Option<bool>,
    /// Merged with what is there (RFC 7396): null takes a member away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    pub defaults: Option<Map<String, Value>>,
}

/// What to change of the rule about security.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProfileSecurityEdit)]
pub struct SecurityEdit {
    /// Whether `defaults` are the settings of new versions.
    #[serde(default, deserialize_with = "given")]
    pub specify_defaults: Option<bool>,
    /// Whether designers may change the security of a version.
    #[serde(default, deserialize_with = "given")]
    pub allow_override: Option<bool>,
    /// Whether designers may set the security of single operations.
    #[serde(default, deserialize_with = "given")]
    pub allow_override_per_operation: Option<bool>,
    /// Merged with what is there (RFC 7396): null takes a member away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    pub defaults: Option<Map<String, Value>>,
}

/// What to change of the rule about implementations.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProfileImplementationEdit)]
pub struct ImplementationEdit {
    /// Whether only the kinds below are allowed.
    #[serde(default, deserialize_with = "given")]
    pub limit_methods: Option<bool>,
    /// Pipelines of tasks.
    #[serde(default, deserialize_with = "given")]
    pub method_pipeline: Option<bool>,
    /// Scripts.
    #[serde(default, deserialize_with = "given")]
    pub method_script: Option<bool>,
    /// Forwarding to a destination.
    #[serde(default, deserialize_with = "given")]
    pub method_proxy: Option<bool>,
    /// Whether designers may choose for single operations.
    #[serde(default, deserialize_with = "given")]
    pub allow_override_per_operation: Option<bool>,
}

/// What to change of a profile. Lists are replaced as wholes.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileEdit {
    /// 1 to 120 characters; unique.
    #[serde(default, deserialize_with = "given")]
    pub name: Option<String>,
    /// At most 4,000 characters.
    #[serde(default, deserialize_with = "given")]
    pub description: Option<String>,
    /// One of these is needed to choose it; empty is open to every designer.
    #[serde(default, deserialize_with = "given")]
    pub roles: Option<Vec<String>>,
    /// Whether a subscription is required.
    #[serde(default)]
    pub subscription: SubscriptionEdit,
    /// `pln_...`: the plans that may be offered; empty means any.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    pub subscription_plans: Option<Vec<id::PlanId>>,
    /// What the gateway changes of requests.
    #[serde(default)]
    pub requestmod: RequestmodEdit,
    /// How callers authenticate.
    #[serde(default)]
    pub security: SecurityEdit,
    /// What versions may be made of.
    #[serde(default)]
    pub implementation: ImplementationEdit,
    /// Whether designers may publish.
    #[serde(default, deserialize_with = "given")]
    pub publish_allow: Option<bool>,
    /// The words of environments that they may publish to; empty means any.
    #[serde(default, deserialize_with = "given")]
    pub environments: Option<Vec<String>>,
    /// The names of destinations that they may forward to; empty means any.
    #[serde(default, deserialize_with = "given")]
    pub destinations: Option<Vec<String>>,
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// RFC 7396.
fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                target.remove(&name);
            }
            Value::Object(members) => {
                let inner = target.entry(name).or_insert_with(|| json!({}));
                if !inner.is_object() {
                    *inner = json!({});
                }
                if let Value::Object(inner) = inner {
                    merge(inner, members);
                }
            }
            other => {
                target.insert(name, other);
            }
        }
    }
}

impl ProfileEdit {
    /// The rules of a profile after this; names and lists are looked at elsewhere.
    pub fn rules(&mut self, profile: &mut Profile) {
        let (subscription, new) = (&mut profile.subscription, std::mem::take(&mut self.subscription));
        set(&mut subscription.allow_override, new.allow_override);
        set(&mut subscription.required, new.required);
        let (requestmod, new) = (&mut profile.requestmod, std::mem::take(&mut self.requestmod));
        set(&mut requestmod.specify_defaults, new.specify_defaults);
        set(&mut requestmod.allow_override, new.allow_override);
        merge(&mut requestmod.defaults, new.defaults.unwrap_or_default());
        let (security, new) = (&mut profile.security, std::mem::take(&mut self.security));
        set(&mut security.specify_defaults, new.specify_defaults);
        set(&mut security.allow_override, new.allow_override);
        set(&mut security.allow_override_per_operation, new.allow_override_per_operation);
        merge(&mut security.defaults, new.defaults.unwrap_or_default());
        let (implementation, new) = (&mut profile.implementation, std::mem::take(&mut self.implementation));
        set(&mut implementation.limit_methods, new.limit_methods);
        set(&mut implementation.method_pipeline, new.method_pipeline);
        set(&mut implementation.method_script, new.method_script);
        set(&mut implementation.method_proxy, new.method_proxy);
        set(&mut implementation.allow_override_per_operation, new.allow_override_per_operation);
        set(&mut profile.publish_allow, self.publish_allow);
        set(&mut profile.subscription_plans, self.subscription_plans.take());
        set(&mut profile.roles, self.roles.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(target: Value, patch: Value) -> Value {
        let (Value::Object(mut target), Value::Object(patch)) = (target, patch) else { return Value::Null };
        merge(&mut target, patch);
        Value::Object(target)
    }

    #[test]
    fn defaults_are_merged_and_null_takes_a_member_away() {
        let target = json!({"a": 1, "b": {"c": 2, "d": 3}, "e": [1]});
        let patch = json!({"a": null, "b": {"c": null, "x": {"y": null}}, "e": {"f": 1}});
        assert_eq!(merged(target, patch), json!({"b": {"d": 3, "x": {}}, "e": {"f": 1}}));
    }
}
