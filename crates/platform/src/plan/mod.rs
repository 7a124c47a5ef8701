//! Plans, under which consumers subscribe, and limit groups, whose windows cap the calls under a plan.
//!
//! **Invariant:** a plan names only a limit group that is shared or belongs to the same organization, and neither goes
//! while something names it (C06).

mod adopt;
mod http;
mod ops;
mod rule;
mod sql;

pub use adopt::{AdoptedPlan, adopt, adopt_limit_group};
pub use http::{LimitGroupView, PlanView, WindowView, routes};
pub use ops::{
    all_limit_group_rows, all_plan_rows, among, available, defaults, find, find_limit_group, limit_group_row, list,
    list_limit_groups, offered, plan_row, require, under,
};
pub use rule::{NewWindow, Per};
pub use sql::{limit_group_names, names};

use base::{Timestamp, id};
use snapshot::Window;

/// Windows that all hold at once (C73).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitGroup {
    /// Identity; never changes.
    pub id: id::LimitGroupId,
    /// Guard of the row.
    pub version: i64,
    /// Whose it is; `None` is shared by all.
    pub organization: Option<id::OrganizationId>,
    /// For people.
    pub name: String,
    /// One to eight, each of another length.
    pub windows: Vec<Window>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What a consumer subscribes under (C01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Identity; never changes (C02).
    pub id: id::PlanId,
    /// Guard of the row.
    pub version: i64,
    /// Whose it is; `None` is shared by all.
    pub organization: Option<id::OrganizationId>,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Whether APIs that are created from now on offer it (C03, C04).
    pub default: bool,
    /// Whether subscriptions under it wait for a decision (C07, C08).
    pub requires_approval: bool,
    /// What caps calls under it; `None` means no cap.
    pub limit_group: Option<id::LimitGroupId>,
    /// The windows of that limit group, as they are now. Read with the plan, never written through it.
    pub limits: Vec<Window>,
    /// Since when nobody can subscribe under it any more; those who have go on.
    pub retired_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
}
