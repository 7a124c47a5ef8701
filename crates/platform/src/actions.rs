//! What a caller may do with a resource now: what buttons are drawn from.

use crate::authz::{self, Standing, Verb};

/// An action, whether the caller may take it now, and why not.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Offered {
    /// The action.
    pub action: String,
    /// Whether the caller may do it now.
    pub allowed: bool,
    /// Why not, as a stable code: `role` (another role may), `wrong_state` (its state does not allow it), `in_use`
    /// (something names it), `last_one` (one has to stay), `deactivate_first`, `published` (take it out of its
    /// environments first), `not_published`, `no_plan`, `no_app`, `full` (there are as many as
    /// there may be), `not_rotated`, `managed` (not for the people of the organization that manages this one),
    /// `not_configured`, `nothing_failed`, `site_administrator` (only they may).
    ///
    /// `profile_...`: a limit of the API's profile, as in the member `reason` of `fenced`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<crate::subscription::OfferedAction> for Offered {
    fn from(it: crate::subscription::OfferedAction) -> Self {
        Self { action: it.action.as_str().to_owned(), allowed: it.allowed, reason: it.reason }
    }
}

/// The actions of one resource for one caller.
#[derive(Debug)]
pub struct Actions {
    standing: Standing,
    list: Vec<Offered>,
}

impl Actions {
    /// None yet, for a caller who stands to the resource like this.
    pub fn of(standing: Standing) -> Self {
        Self { standing, list: Vec::new() }
    }

    /// One more, which takes this permission.
    #[must_use]
    pub fn offer(self, action: &str, verb: Verb) -> Self {
        self.offer_if(action, verb, None)
    }

    /// One more, which takes this permission and is not to be had while there is an `obstacle`.
    #[must_use]
    pub fn offer_if(mut self, action: &str, verb: Verb, obstacle: Option<&'static str>) -> Self {
        let reason = if authz::may(self.standing, verb) { obstacle } else { Some("role") };
        self.list.push(Offered {
            action: action.to_owned(),
            allowed: reason.is_none(),
            reason: reason.map(str::to_owned),
        });
        self
    }

    /// All of them.
    pub fn all(self) -> Vec<Offered> {
        self.list
    }
}

/// The obstacle unless this holds.
pub fn unless(holds: bool, obstacle: &'static str) -> Option<&'static str> {
    (!holds).then_some(obstacle)
}
