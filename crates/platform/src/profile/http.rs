//! Writing profiles over HTTP. They are shown where their APIs are known: in `overview`.

use super::{
    Act, Fence, Implementation, ImplementationRule, Profile, ProfileEdit, RequestmodRule, SecurityRule,
    SubscriptionRule, Verdict, ops, rule,
};
use crate::cx::{Cx, Platform};
use crate::user::{Privilege, Roles};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems, Written};
use base::id;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Writing profiles.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(profile_create)).routes(routes!(profile_edit, profile_remove))
}

/// Template and fence for the designers of APIs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Profile)]
pub struct ProfileView {
    /// `prf_...`; never changes.
    pub id: String,
    /// Unique.
    pub name: String,
    /// For people.
    pub description: String,
    /// One of these is needed to choose it; empty is open to every designer.
    pub roles: Vec<String>,
    /// Whether a subscription is required.
    pub subscription: SubscriptionRule,
    /// `pln_...`: the plans that may be offered; empty means any.
    pub subscription_plans: Vec<String>,
    /// What the gateway changes of requests.
    pub requestmod: RequestmodRule,
    /// How callers authenticate.
    pub security: SecurityRule,
    /// What versions may be made of.
    pub implementation: ImplementationRule,
    /// Whether designers may publish.
    pub publish_allow: bool,
    /// The words of environments that they may publish to; empty means any.
    pub environments: Vec<String>,
    /// The names of destinations that they may forward to; empty means any.
    pub destinations: Vec<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl Profile {
    /// The profile as people and programs see it.
    pub fn view(&self) -> ProfileView {
        ProfileView {
            id: self.id.to_string(),
            name: self.name.clone(),
            description: self.description.clone(),
            roles: self.roles.clone(),
            subscription: self.subscription,
            subscription_plans: self.subscription_plans.iter().map(ToString::to_string).collect(),
            requestmod: self.requestmod.clone(),
            security: self.security.clone(),
            implementation: self.implementation,
            publish_allow: self.publish_allow,
            environments: self.environments.iter().map(|place| place.slug.clone()).collect(),
            destinations: self.destinations.clone(),
            created_at: self.created_at.to_string(),
        }
    }
}

/// Whether the caller may do something under a profile.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FencedAct {
    /// `choose`, `leave`, `subscription`, `request_modification`, `security`, `security_operation`, `pipeline`, `script`,
    /// `proxy`, `implementation_operation` or `publish`.
    pub act: &'static str,
    /// Whether the caller may.
    pub allowed: bool,
    /// The privilege by which they may, although the profile does not leave it to designers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Privilege>,
    /// Which limit of the profile stands in the way: `profile_role`, `profile_leave`, `profile_subscription`,
    /// `profile_request_modification`, `profile_security`, `profile_security_operation`, `profile_implementation`,
    /// `profile_implementation_operation` or `profile_publish`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Which privileges would lift it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub privileges: Vec<Privilege>,
}

/// Everything that a fence knows without a place or plan.
const ACTS: [(&str, Act<'static>); 11] = [
    ("choose", Act::Choose),
    ("leave", Act::Leave),
    ("subscription", Act::SetSubscription),
    ("request_modification", Act::SetRequestModification),
    ("security", Act::SetSecurity),
    ("security_operation", Act::SetOperationSecurity),
    ("pipeline", Act::Implement(Implementation::Pipeline)),
    ("script", Act::Implement(Implementation::Script)),
    ("proxy", Act::Implement(Implementation::Proxy)),
    ("implementation_operation", Act::ImplementOperation(Implementation::Proxy)),
    ("publish", Act::Publish),
];

impl FencedAct {
    /// What this profile leaves to somebody with these roles.
    pub fn all(profile: &Profile, roles: &Roles) -> Vec<Self> {
        let fence = Fence::of(Some(profile.clone()), roles.clone());
        let one = |(name, act): &(&'static str, Act<'static>)| match fence.judge(act) {
            Verdict::Allowed => Self { act: name, allowed: true, by: None, reason: None, privileges: Vec::new() },
            Verdict::Overridden(by) => {
                Self { act: name, allowed: true, by: Some(by), reason: None, privileges: Vec::new() }
            }
            Verdict::Fenced(limit) => Self {
                act: name,
                allowed: false,
                by: None,
                reason: Some(limit.as_str()),
                privileges: rule::lifted_by(limit, act),
            },
        };
        ACTS.iter().map(one).collect()
    }
}

/// Create a profile
///
/// For site administrators. What is left out is not allowed to designers; a subscription is required.
#[utoipa::path(post, path = "/api/v1/profiles", operation_id = "profile_create", tag = "Profiles",
    request_body = ops::NewProfile, responses((status = 201, body = Written<ProfileView>), Problems))]
async fn profile_create(cx: Cx, Body(body): Body<ops::NewProfile>) -> Result<Answer<Written<ProfileView>>, Fail> {
    let (profile, change) = ops::create(&cx, body).await?;
    let location = format!("/api/v1/profiles/{}", profile.id);
    Ok(Answer::created(location, Written { value: profile.view(), change }).version(profile.version))
}

/// Change a profile
///
/// For site administrators. It fences from the next request on; what designers did before stays as it is.
#[utoipa::path(patch, path = "/api/v1/profiles/{id}", operation_id = "profile_edit", tag = "Profiles",
    params(("id" = String, Path, description = "`prf_...`")), request_body = ProfileEdit,
    responses((status = 200, body = Written<ProfileView>), Problems))]
async fn profile_edit(
    cx: Cx,
    Ident(id): Ident<id::ProfileId>,
    Body(body): Body<ProfileEdit>,
) -> Result<Answer<Written<ProfileView>>, Fail> {
    let (profile, change) = ops::edit(&cx, &id, body).await?;
    Ok(Answer::ok(Written { value: profile.view(), change }).version(profile.version))
}

/// Delete a profile
///
/// For site administrators. 409 while an API has it; privileges that were given for it alone go with it.
#[utoipa::path(delete, path = "/api/v1/profiles/{id}", operation_id = "profile_remove", tag = "Profiles",
    params(("id" = String, Path, description = "`prf_...`")), responses((status = 200, body = Done), Problems))]
async fn profile_remove(cx: Cx, Ident(id): Ident<id::ProfileId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
}
