//! What can be done with a task, by its kind and state.

use super::{TaskKind as Kind, TaskState as State};
use crate::words::words;
use base::{Problem, ProblemKind};

words! {
    /// What can be done with a to-do or an alert. Requests are decided where they are made.
    pub enum Action {
        /// It is done.
        Done = "done",
        /// It is not done after all.
        Reopen = "reopen",
        /// Change title, text or who does it.
        Edit = "edit",
    }
}

/// Whether this can be done now.
pub const fn possible(action: Action, kind: Kind, state: State) -> bool {
    match (action, kind) {
        (_, Kind::SubscriptionRequest | Kind::RevisionRequest) | (Action::Edit, Kind::Alert) => false,
        (Action::Done | Action::Edit, _) => matches!(state, State::Open),
        // What the program withdrew is no longer true, so nothing of it is left to do.
        (Action::Reopen, _) => matches!(state, State::Done),
    }
}

/// Passes if this can be done now.
///
/// # Errors
/// 409 naming what can.
pub fn check(action: Action, kind: Kind, state: State) -> Result<(), Problem> {
    if possible(action, kind, state) {
        return Ok(());
    }
    let allowed: Vec<&str> = Action::ALL.iter().filter(|a| possible(**a, kind, state)).map(|a| a.as_str()).collect();
    let detail = match kind {
        Kind::SubscriptionRequest | Kind::RevisionRequest => {
            "A request is decided where it was made; the task names it.".to_owned()
        }
        _ => format!("`{}` is not possible while it is {}.", action.as_str(), state.as_str()),
    };
    Err(Problem::new(ProblemKind::WrongState, detail).with("state", state.as_str()).with("allowed_actions", allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_offers_exactly_these_actions_in_each_state() {
        let of = |kind, state| -> Vec<&str> {
            Action::ALL.iter().filter(|a| possible(**a, kind, state)).map(|a| a.as_str()).collect()
        };
        assert_eq!(of(Kind::Todo, State::Open), ["done", "edit"]);
        assert_eq!(of(Kind::Todo, State::Done), ["reopen"]);
        assert_eq!(of(Kind::Alert, State::Open), ["done"]);
        assert_eq!(of(Kind::Alert, State::Done), ["reopen"]);
        for kind in [Kind::Todo, Kind::Alert] {
            assert_eq!(of(kind, State::Withdrawn), [""; 0]);
        }
        for kind in [Kind::SubscriptionRequest, Kind::RevisionRequest] {
            for state in State::ALL {
                assert_eq!(of(kind, *state), [""; 0]);
                assert!(check(Action::Done, kind, *state).is_err_and(|p| p.kind == ProblemKind::WrongState));
            }
        }
    }
}
