//! What a profile leaves to the designers of its APIs, and who may do more.

use super::{Implementation, Profile};
use crate::user::{Privilege, Roles};
use crate::words::words;
use base::id;

words! {
    /// Which limit of a profile somebody ran into.
    pub enum Limit {
        /// Not one of the profile's roles (C10).
        Role = "profile_role",
        /// The API has a profile, which is not left by itself.
        Leave = "profile_leave",
        /// `subscription.allow_override` is off (C17).
        Subscription = "profile_subscription",
        /// Not one of the profile's plans (C16).
        Plan = "profile_plan",
        /// `requestmod.allow_override` is off (C19).
        RequestModification = "profile_request_modification",
        /// `security.allow_override` is off (C21).
        Security = "profile_security",
        /// `security.allow_override_per_operation` is off (C22).
        SecurityOperation = "profile_security_operation",
        /// A kind of implementation that is switched off (C23).
        Implementation = "profile_implementation",
        /// `implementation.allow_override_per_operation` is off (C25).
        ImplementationOperation = "profile_implementation_operation",
        /// `publish_allow` is off (C26).
        Publish = "profile_publish",
        /// Not one of the profile's environments (C27).
        Environment = "profile_environment",
        /// Not one of the profile's destinations (C29).
        Destination = "profile_destination",
    }
}

/// What a designer wants to do to an API that has a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act<'a> {
    /// Put an API under the profile.
    Choose,
    /// Put it under another one, or none.
    Leave,
    /// Change whether a subscription is required, or the plans offered.
    SetSubscription,
    /// Offer this plan: its id, and its name for people.
    Offer(&'a id::PlanId, &'a str),
    /// Change what the gateway changes of requests.
    SetRequestModification,
    /// Change how callers of a version authenticate.
    SetSecurity,
    /// Change how callers of one operation authenticate.
    SetOperationSecurity,
    /// Upload a document that sets the security of single operations itself, where the profile specifies security.
    DescribeOperationSecurity,
    /// Choose what a version is made of.
    Implement(Implementation),
    /// Choose what one operation is made of.
    ImplementOperation(Implementation),
    /// Publish at all.
    Publish,
    /// Publish to this environment: its id, and its word for people.
    PublishTo(&'a id::EnvironmentId, &'a str),
    /// Forward to the destination of this name.
    Forward(&'a str),
}

/// What the fence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The profile leaves it to designers.
    Allowed,
    /// It does not, but the caller holds this privilege.
    Overridden(Privilege),
    /// It does not.
    Fenced(Limit),
}

impl Limit {
    /// Who may go beyond, the narrower privilege first.
    pub const fn lifted_by(self) -> &'static [Privilege] {
        match self {
            Self::Role | Self::Leave => &[Privilege::All],
            Self::Subscription | Self::Plan => &[Privilege::Subscription, Privilege::All],
            Self::RequestModification => &[Privilege::RequestModification, Privilege::All],
            Self::Security | Self::SecurityOperation => &[Privilege::Security, Privilege::All],
            Self::Implementation | Self::ImplementationOperation | Self::Destination => {
                &[Privilege::Implementation, Privilege::All]
            }
            Self::Publish | Self::Environment => &[Privilege::Publish, Privilege::All],
        }
    }
}

/// The kinds that the profile allows, all of them if it does not limit them (C23, C24).
pub fn implementations(profile: &Profile) -> Vec<Implementation> {
    let rule = profile.implementation;
    let allowed = |kind: &Implementation| {
        !rule.limit_methods
            || match kind {
                Implementation::Pipeline => rule.method_pipeline,
                Implementation::Script => rule.method_script,
                Implementation::Proxy => rule.method_proxy,
            }
    };
    Implementation::ALL.iter().copied().filter(allowed).collect()
}

impl Profile {
    /// Whether APIs under it may offer this plan (C16).
    pub fn offers(&self, plan: &id::PlanId) -> bool {
        unlimited(&self.subscription_plans, |known| known == plan)
    }
}

fn unlimited<T>(list: &[T], is: impl Fn(&T) -> bool) -> bool {
    list.is_empty() || list.iter().any(is)
}

/// The limit that this runs into, whoever does it but for the roles that the profile asks for.
pub fn limit(profile: &Profile, roles: &Roles, act: &Act<'_>) -> Option<Limit> {
    let kind = |kind: Implementation| implementations(profile).contains(&kind);
    let (ok, limit) = match act {
        Act::Choose => (roles.any(&profile.roles), Limit::Role),
        Act::Leave => (false, Limit::Leave),
        Act::SetSubscription => (profile.subscription.allow_override, Limit::Subscription),
        Act::Offer(plan, _) => (profile.offers(plan), Limit::Plan),
        Act::SetRequestModification => (profile.requestmod.allow_override, Limit::RequestModification),
        Act::SetSecurity => (profile.security.allow_override, Limit::Security),
        Act::SetOperationSecurity => (profile.security.allow_override_per_operation, Limit::SecurityOperation),
        Act::DescribeOperationSecurity => {
            let rule = &profile.security;
            (rule.allow_override_per_operation || !rule.specify_defaults, Limit::SecurityOperation)
        }
        Act::Implement(it) => (kind(*it), Limit::Implementation),
        Act::ImplementOperation(_) if !profile.implementation.allow_override_per_operation => {
            (false, Limit::ImplementationOperation)
        }
        Act::ImplementOperation(it) => (kind(*it), Limit::Implementation),
        Act::Publish => (profile.publish_allow, Limit::Publish),
        Act::PublishTo(..) if !profile.publish_allow => (false, Limit::Publish),
        Act::PublishTo(id, _) => (unlimited(&profile.environments, |place| place.id == **id), Limit::Environment),
        Act::Forward(name) => (unlimited(&profile.destinations, |known| known == name), Limit::Destination),
    };
    (!ok).then_some(limit)
}

/// Who may do this although the profile does not leave it to designers.
pub fn lifted_by(limit: Limit, act: &Act<'_>) -> Vec<Privilege> {
    let mut all = limit.lifted_by().to_vec();
    if *act == Act::DescribeOperationSecurity {
        all.insert(0, Privilege::Document);
    }
    all
}

/// What the fence says to somebody with these roles.
pub fn judge(profile: &Profile, roles: &Roles, act: &Act<'_>) -> Verdict {
    let Some(limit) = limit(profile, roles, act) else { return Verdict::Allowed };
    match roles.privilege(&lifted_by(limit, act), &profile.id) {
        Some(privilege) => Verdict::Overridden(privilege),
        None => Verdict::Fenced(limit),
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
