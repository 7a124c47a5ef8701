//! The life of a revision: a table, and what is read off it.

use super::RevisionState as State;
use crate::subscription::Side;
use crate::subscription::rule::Standpoint;
use crate::words::words;
use base::{Problem, ProblemKind};

words! {
    /// What can be done to a revision.
    pub enum RevisionAction {
        /// Say yes.
        Approve = "approve",
        /// Say no.
        Reject = "reject",
        /// Put its terms in the place of the old ones.
        Activate = "activate",
        /// Take it back.
        Withdraw = "withdraw",
    }
}

/// One row: in these states this side may do this, and then it is in that state.
pub struct Row {
    /// What is done.
    pub action: RevisionAction,
    /// In which states.
    pub from: &'static [State],
    /// What it is then.
    pub to: State,
    /// By whom.
    pub by: &'static [Side],
}

/// The whole life. Everything that is not here is 409.
pub const LIFECYCLE: &[Row] = &[
    Row {
        action: RevisionAction::Approve,
        from: &[State::Requested],
        to: State::Approved,
        by: &[Side::Api, Side::System],
    },
    Row { action: RevisionAction::Reject, from: &[State::Requested], to: State::Rejected, by: &[Side::Api] },
    Row {
        action: RevisionAction::Activate,
        from: &[State::Approved],
        to: State::Activated,
        by: &[Side::Api, Side::System],
    },
    Row {
        action: RevisionAction::Withdraw,
        from: &[State::Requested, State::Approved],
        to: State::Withdrawn,
        by: &[Side::App, Side::Api, Side::System],
    },
];

/// Why an action is not to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller is not on a side that may: 403.
    NotYourSide,
    /// The state does not allow it: 409.
    WrongState,
    /// The end that is asked for has passed: 409.
    EndPassed,
}

impl Refusal {
    /// The stable code in `actions[].reason`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotYourSide => "not_your_side",
            Self::WrongState => "wrong_state",
            Self::EndPassed => "outdated",
        }
    }
}

/// For which side the caller would act, and the state after: permission first, then the state. What asks for an end that
/// has `passed` can no longer become the terms.
///
/// # Errors
/// Why not.
pub fn check(action: RevisionAction, state: State, passed: bool, who: Standpoint) -> Result<(Side, State), Refusal> {
    let rows = || LIFECYCLE.iter().filter(|row| row.action == action);
    let as_app = who.app && rows().any(|row| row.by.contains(&Side::App));
    let as_api = who.api && rows().any(|row| row.by.contains(&Side::Api));
    if !as_app && !as_api {
        return Err(Refusal::NotYourSide);
    }
    let row = rows().find(|row| row.from.contains(&state)).ok_or(Refusal::WrongState)?;
    if passed && matches!(action, RevisionAction::Approve | RevisionAction::Activate) {
        return Err(Refusal::EndPassed);
    }
    Ok((if as_app { Side::App } else { Side::Api }, row.to))
}

/// The problem that a refusal is, naming what is allowed instead.
pub fn refused(action: RevisionAction, state: State, passed: bool, who: Standpoint, why: Refusal) -> Problem {
    let allowed: Vec<&str> =
        RevisionAction::ALL.iter().filter(|a| check(**a, state, passed, who).is_ok()).map(|a| a.as_str()).collect();
    let (word, state) = (action.as_str(), state.as_str());
    let problem = match why {
        Refusal::NotYourSide => Problem::forbidden(format!("`{word}` is not for your side of the subscription.")),
        Refusal::WrongState => {
            Problem::new(ProblemKind::WrongState, format!("`{word}` is not possible while the revision is {state}."))
        }
        Refusal::EndPassed => {
            let detail = "The end that was asked for has passed; reject the revision, or have another one asked for.";
            Problem::new(ProblemKind::WrongState, detail)
        }
    };
    problem.with("state", state).with("allowed_actions", allowed).with("reason", why.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: Standpoint = Standpoint { app: true, api: false, overrides: false };
    const API: Standpoint = Standpoint { app: false, api: true, overrides: false };

    #[test]
    fn each_action_is_possible_in_exactly_these_states_for_exactly_these_sides() {
        let states = |action, who| -> Vec<&str> {
            State::ALL.iter().filter(|s| check(action, **s, false, who).is_ok()).map(|s| s.as_str()).collect()
        };
        for (action, possible) in [
            (RevisionAction::Approve, &["requested"][..]),
            (RevisionAction::Reject, &["requested"]),
            (RevisionAction::Activate, &["approved"]),
            (RevisionAction::Withdraw, &["requested", "approved"]),
        ] {
            assert_eq!(states(action, API), possible, "{action:?}");
            let consumer: &[&str] = if action == RevisionAction::Withdraw { possible } else { &[] };
            assert_eq!(states(action, APP), consumer, "{action:?}");
            assert_eq!(states(action, Standpoint::default()), [""; 0], "{action:?}");
        }
    }

    #[test]
    fn the_wrong_side_is_told_so_whatever_the_state() {
        for state in State::ALL {
            for action in [RevisionAction::Approve, RevisionAction::Reject, RevisionAction::Activate] {
                assert_eq!(check(action, *state, true, APP), Err(Refusal::NotYourSide));
            }
        }
        let problem = refused(RevisionAction::Approve, State::Approved, false, API, Refusal::WrongState);
        assert_eq!(problem.extra["allowed_actions"], serde_json::json!(["activate", "withdraw"]));
        let problem = refused(RevisionAction::Activate, State::Approved, true, API, Refusal::EndPassed);
        assert_eq!(problem.extra["allowed_actions"], serde_json::json!(["withdraw"]));
    }
}
