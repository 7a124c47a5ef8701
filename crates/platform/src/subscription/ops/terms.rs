//! The API side changes terms directly (A44, A46).

use super::{acted_on, modified, no_longer_ending, offered, permitted};
use crate::cx::{Cx, Describe};
use crate::subscription::rule::{self, Action};
use crate::subscription::{Subscription, sql};
use crate::{api, text};
use base::{Problem, Timestamp, id};

/// New terms.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTerms {
    /// Another plan that the API offers, `pln_...`.
    #[serde(default, deserialize_with = "crate::web::given")]
    #[schema(value_type = Option<String>)]
    pub plan: Option<id::PlanId>,
    /// Another end, RFC 3339; null for none.
    #[serde(default, deserialize_with = "crate::subscription::nullable_time")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Option<Timestamp>>,
    /// Kept in the history.
    #[serde(default)]
    pub comment: Option<String>,
}

/// Changes plan or end: the API side's right alone (A44, A46). A revision that is open stays so.
pub async fn modify(cx: &Cx, id: &id::SubscriptionId, new: NewTerms) -> Result<(Subscription, i64), Problem> {
    let comment = text::comment("/comment", new.comment.as_deref())?;
    let mut tx = cx.write().await?;
    let (mut s, who) = acted_on(cx, &mut tx, id).await?;
    cx.expect_version(s.version)?;
    let side = permitted(cx, &mut tx, &s, Action::Modify, who).await?;
    let (plan_before, ends_before) = (s.plan.clone(), s.ends_at);
    if let Some(wanted) = &new.plan {
        let api = api::find(&mut tx, &s.api).await?.ok_or_else(|| Problem::not_found("API"))?;
        s.plan = offered(&mut tx, &api, wanted, Some(&s.plan)).await?.id;
    }
    let mut changes = Vec::new();
    if let Some(end) = new.ends_at {
        s.ends_at = end.map(|end| rule::end("/ends_at", end, cx.now)).transpose()?;
        if s.ends_at != ends_before {
            s.schedule(cx.now, true);
            changes.extend(no_longer_ending(cx, &mut tx, &s).await?);
        }
    }
    if new.plan.is_none() && new.ends_at.is_none() {
        return Err(Problem::invalid("/plan", "Name another plan, another end, or both."));
    }
    s.changed_at = cx.now;
    s.version = sql::put(&mut tx, &s).await?;
    changes.insert(0, modified(cx, &s, side, &plan_before, ends_before).noting(comment.as_deref()));
    let seq = cx.commit(tx, changes).await?;
    Ok((s, seq))
}
