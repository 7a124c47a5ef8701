//! Limit groups, plans and profiles in the words of the other system.

use super::shape::{ApiProfile, Limit, RateLimitGroup, SubscriptionPlan, Uuid};
use crate::cx::Cx;
use crate::plan::{self, AdoptedPlan, LimitGroup, NewWindow, Plan};
use crate::profile::{self, Profile, ProfileEdit};
use base::{Change, Problem, id};
use store::Conn;

/// A problem with its places renamed from our words to those of the other system.
pub fn in_words(mut problem: Problem, words: &[(&str, &str)]) -> Problem {
    for field in &mut problem.fields {
        let found = words.iter().find(|(ours, _)| {
            field.pointer.strip_prefix(ours).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if let Some((ours, theirs)) = found {
            field.pointer = format!("{theirs}{}", &field.pointer[ours.len()..]);
        }
    }
    problem
}

pub fn limit_group(group: &LimitGroup) -> RateLimitGroup {
    let limit = |w: &snapshot::Window| Limit {
        count: i64::try_from(w.count).unwrap_or(i64::MAX),
        seconds: i64::try_from(w.seconds).unwrap_or(i64::MAX),
    };
    RateLimitGroup {
        id: Some(Uuid(group.id.bits())),
        name: Some(group.name.clone()),
        limits: Some(group.windows.iter().map(limit).collect()),
    }
}

pub async fn import_limit_group(
    cx: &Cx,
    conn: &mut Conn,
    id: Uuid,
    it: RateLimitGroup,
) -> Result<Vec<Change>, Problem> {
    let window = |l: &Limit| NewWindow { count: l.count, seconds: Some(l.seconds), per: None };
    let windows = it.limits.map(|limits| limits.iter().map(window).collect());
    let done = plan::adopt_limit_group(cx, conn, &id::LimitGroupId::from_bits(id.0), it.name, windows).await;
    let (_, change) = done.map_err(|p| in_words(p, &[("/windows", "/limits")]))?;
    Ok(change.into_iter().collect())
}

pub fn subscription_plan(plan: &Plan) -> SubscriptionPlan {
    SubscriptionPlan {
        id: Some(Uuid(plan.id.bits())),
        name: Some(plan.name.clone()),
        description: Some(plan.description.clone()),
        default: Some(plan.default),
        requires_approval: Some(plan.requires_approval),
        ratelimitgroup: Some(plan.limit_group.as_ref().map(|group| Uuid(group.bits()))),
    }
}

pub async fn import_plan(cx: &Cx, conn: &mut Conn, id: Uuid, it: SubscriptionPlan) -> Result<Vec<Change>, Problem> {
    let wanted = AdoptedPlan {
        name: it.name,
        description: it.description,
        default: it.default,
        requires_approval: it.requires_approval,
        limit_group: it.ratelimitgroup.map(|group| group.map(|id| id::LimitGroupId::from_bits(id.0))),
    };
    let done = plan::adopt(cx, conn, &id::PlanId::from_bits(id.0), wanted).await;
    let (_, change) = done.map_err(|p| in_words(p, &[("/limit_group", "/ratelimitgroup")]))?;
    Ok(change.into_iter().collect())
}

pub fn api_profile(profile: &Profile) -> ApiProfile {
    let Profile { subscription, requestmod, security, implementation, .. } = profile;
    ApiProfile {
        name: Some(profile.name.clone()),
        description: Some(profile.description.clone()),
        roles: Some(profile.roles.clone()),
        subscription_allow_override: Some(subscription.allow_override),
        subscription_required: Some(subscription.required),
        subscriptionplans: Some(profile.subscription_plans.iter().map(|plan| Uuid(plan.bits())).collect()),
        requestmod_specify_defaults: Some(requestmod.specify_defaults),
        requestmod_allow_override: Some(requestmod.allow_override),
        requestmod: Some(requestmod.defaults.clone()),
        security_specify_defaults: Some(security.specify_defaults),
        security_allow_override: Some(security.allow_override),
        security_allow_override_per_operation: Some(security.allow_override_per_operation),
        security: Some(security.defaults.clone()),
        implementation_limit_methods: Some(implementation.limit_methods),
        implementation_method_pipeline: Some(implementation.method_pipeline),
        implementation_method_script: Some(implementation.method_script),
        implementation_method_proxy: Some(implementation.method_proxy),
        implementation_allow_override_per_operation: Some(implementation.allow_override_per_operation),
        publish_allow: Some(profile.publish_allow),
        environments: Some(profile.environments.iter().map(|place| place.slug.clone()).collect()),
        destinations: Some(profile.destinations.clone()),
    }
}

pub async fn import_profile(cx: &Cx, conn: &mut Conn, name: &str, it: ApiProfile) -> Result<Vec<Change>, Problem> {
    let plans: Option<Vec<id::PlanId>> =
        it.subscriptionplans.map(|plans| plans.iter().map(|plan| id::PlanId::from_bits(plan.0)).collect());
    for (n, plan) in plans.iter().flatten().enumerate() {
        if plan::find(conn, plan).await?.is_none() {
            return Err(Problem::invalid(
                format!("/subscriptionplans/{n}"),
                format!("There is no plan `{plan}` here."),
            ));
        }
    }
    let mut wanted = ProfileEdit {
        description: it.description,
        roles: it.roles,
        subscription_plans: plans,
        publish_allow: it.publish_allow,
        environments: it.environments,
        destinations: it.destinations,
        ..ProfileEdit::default()
    };
    wanted.subscription.allow_override = it.subscription_allow_override;
    wanted.subscription.required = it.subscription_required;
    wanted.requestmod.specify_defaults = it.requestmod_specify_defaults;
    wanted.requestmod.allow_override = it.requestmod_allow_override;
    wanted.requestmod.defaults = it.requestmod;
    wanted.security.specify_defaults = it.security_specify_defaults;
    wanted.security.allow_override = it.security_allow_override;
    wanted.security.allow_override_per_operation = it.security_allow_override_per_operation;
    wanted.security.defaults = it.security;
    wanted.implementation.limit_methods = it.implementation_limit_methods;
    wanted.implementation.method_pipeline = it.implementation_method_pipeline;
    wanted.implementation.method_script = it.implementation_method_script;
    wanted.implementation.method_proxy = it.implementation_method_proxy;
    wanted.implementation.allow_override_per_operation = it.implementation_allow_override_per_operation;
    let words = [
        ("/subscription_plans", "/subscriptionplans"),
        ("/requestmod/defaults", "/requestmod"),
        ("/security/defaults", "/security"),
    ];
    let (_, change) = profile::adopt(cx, conn, name, wanted).await.map_err(|p| in_words(p, &words))?;
    Ok(change.into_iter().collect())
}
