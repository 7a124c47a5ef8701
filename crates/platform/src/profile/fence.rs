//! The fence of one API for one caller: what passes, what passes by a privilege, and what is refused with its reason.

use super::{Act, Limit, Profile, Verdict, rule};
use crate::scheme;
use crate::user::{Privilege, Roles};
use base::{Problem, ProblemKind};
use serde_json::{Map, Value, json};
use snapshot::Scheme;

/// What holds for one caller at an API. Without a profile everything passes.
#[derive(Clone, Debug, Default)]
pub struct Fence {
    profile: Option<Profile>,
    roles: Roles,
}

/// The privileges that were used, to be written into the change.
#[derive(Clone, Debug, Default)]
pub struct Overrides(Vec<(Privilege, Profile)>);

impl Overrides {
    /// The same detail with the privileges that were used, if there were any (C80).
    pub fn told(&self, mut detail: Value) -> Value {
        if let (false, Some(members)) = (self.0.is_empty(), detail.as_object_mut()) {
            let told = |(privilege, profile): &(Privilege, Profile)| json!({"privilege": privilege, "profile": {"id": profile.id, "name": profile.name}});
            members.insert("overrides".to_owned(), self.0.iter().map(told).collect());
        }
        detail
    }

    fn add(&mut self, privilege: Privilege, profile: &Profile) {
        if !self.0.iter().any(|(known, of)| *known == privilege && of.id == profile.id) {
            self.0.push((privilege, profile.clone()));
        }
    }
}

impl Fence {
    /// That of this profile for somebody who holds these roles.
    pub fn of(profile: Option<Profile>, roles: Roles) -> Self {
        Self { profile, roles }
    }

    /// The profile, if there is one.
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// What the fence says.
    pub fn judge(&self, act: &Act<'_>) -> Verdict {
        self.profile.as_ref().map_or(Verdict::Allowed, |profile| rule::judge(profile, &self.roles, act))
    }

    /// Passes if designers may, or if the caller holds a privilege, which is remembered.
    ///
    /// # Errors
    /// 403 `fenced` with the reason, the profile and the privileges that would lift it.
    pub fn pass(&self, act: &Act<'_>, used: &mut Overrides) -> Result<(), Problem> {
        let Some(profile) = &self.profile else { return Ok(()) };
        match rule::judge(profile, &self.roles, act) {
            Verdict::Allowed => Ok(()),
            Verdict::Overridden(privilege) => {
                used.add(privilege, profile);
                Ok(())
            }
            Verdict::Fenced(limit) => Err(refused(profile, limit, act)),
        }
    }

    /// The stable code of what stands in the way, for `actions`.
    pub fn obstacle(&self, act: &Act<'_>) -> Option<&'static str> {
        match self.judge(act) {
            Verdict::Fenced(limit) => Some(limit.as_str()),
            Verdict::Allowed | Verdict::Overridden(_) => None,
        }
    }

    /// How callers of a new version authenticate, if the profile says it (C20); an empty list is anonymous.
    pub fn security_defaults(&self) -> Option<Vec<Scheme>> {
        let rule = &self.profile.as_ref()?.security;
        // What was written was looked at then.
        let given = || scheme::schemes("", rule.defaults.get("schemes")?).ok();
        if rule.specify_defaults { given() } else { None }
    }

    /// What the gateway changes of requests to a new version, if the profile says it (C18).
    pub fn requestmod_defaults(&self) -> Option<&Map<String, Value>> {
        let rule = &self.profile.as_ref()?.requestmod;
        rule.specify_defaults.then_some(&rule.defaults)
    }
}

fn quoted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn sentence(profile: &Profile, limit: Limit, act: &Act<'_>) -> String {
    let name = &profile.name;
    let not = |what: &str| format!("The profile `{name}` does not let designers {what}");
    match (limit, act) {
        (Limit::Role, _) => {
            let roles = quoted(profile.roles.iter().map(String::as_str));
            format!("The profile `{name}` is for designers with one of the roles {roles}")
        }
        (Limit::Leave, _) => not("take an API out of it"),
        (Limit::Subscription, _) => not("change whether a subscription is required, or the plans offered"),
        (Limit::Plan, Act::Offer(_, plan)) => not(&format!("offer the plan `{plan}`")),
        (Limit::Plan, _) => not("offer other plans than its own"),
        (Limit::RequestModification, _) => not("change what the gateway changes of requests"),
        (Limit::Security, _) => not("change how callers authenticate"),
        (Limit::SecurityOperation, _) => not("set the security of single operations"),
        (Limit::Implementation, _) => {
            let kinds = rule::implementations(profile);
            match kinds.as_slice() {
                [] => not("choose any kind of implementation"),
                kinds => {
                    not(&format!("choose another implementation than {}", quoted(kinds.iter().map(|k| k.as_str()))))
                }
            }
        }
        (Limit::ImplementationOperation, _) => not("choose the implementation of single operations"),
        (Limit::Publish, _) => not("publish"),
        (Limit::Environment, act) => {
            let there = quoted(profile.environments.iter().map(|place| place.slug.as_str()));
            match act {
                Act::PublishTo(_, slug) => not(&format!("publish to `{slug}`, only to {there}")),
                _ => not(&format!("publish elsewhere than to {there}")),
            }
        }
        (Limit::Destination, act) => {
            let there = quoted(profile.destinations.iter().map(String::as_str));
            match act {
                Act::Forward(name) => not(&format!("forward to the destination `{name}`, only to {there}")),
                _ => not(&format!("forward elsewhere than to {there}")),
            }
        }
    }
}

fn refused(profile: &Profile, limit: Limit, act: &Act<'_>) -> Problem {
    let lifted: Vec<&str> = rule::lifted_by(limit, act).iter().map(|p| p.as_str()).collect();
    let detail = format!("{}. It takes {}.", sentence(profile, limit, act), lifted.join(" or "));
    Problem::new(ProblemKind::Fenced, detail)
        .with("reason", limit.as_str())
        .with("profile", json!({"id": profile.id, "name": profile.name}))
        .with("privileges", lifted)
}
