//! The lifecycle of a version: a table, and everything that is read off it.

use crate::words::words;
use base::{Problem, ProblemKind};

words! {
    /// Where a version stands.
    pub enum State {
        /// Published nowhere, and not announced to anybody.
        Draft = "draft",
        /// Calls are answered where it is published.
        Published = "published",
        /// Calls are still answered; callers are advised to leave, and told when it ends.
        Deprecated = "deprecated",
        /// Calls are refused with 410.
        Retired = "retired",
    }

    /// What can be done to a version.
    pub enum Action {
        /// Make the next revision: another document, other settings, an old revision again.
        Edit = "edit",
        /// Let calls pass in an environment.
        Publish = "publish",
        /// Take it out of an environment.
        Unpublish = "unpublish",
        /// Tell everybody that it ends, when, and what comes after it.
        Deprecate = "deprecate",
        /// Say anew when it ends and what comes after it.
        Reschedule = "reschedule",
        /// Take the announcement back.
        Undeprecate = "undeprecate",
        /// End it.
        Retire = "retire",
        /// Delete it.
        Delete = "delete",
    }

    /// Who acts on a version.
    pub enum Hand {
        /// Who may edit the API.
        Designer = "designer",
        /// The program, when the announced day has come.
        Clock = "clock",
    }
}

/// One row of the lifecycle: in these states this hand may do this, and then it is in that state.
pub struct Row {
    /// What is done.
    pub action: Action,
    /// In which states.
    pub from: &'static [State],
    /// What it is then; `None` leaves the state as it is.
    pub to: Option<State>,
    /// By whom.
    pub by: &'static [Hand],
}

const DESIGNER: &[Hand] = &[Hand::Designer];

/// The whole lifecycle. Everything that is not here is 409.
///
/// Publishing and taking back leave the state as it is, but for the first publication of a draft and for the last one of
/// a version that is not deprecated: see [`published`].
pub const LIFECYCLE: &[Row] = &[
    Row { action: Action::Edit, from: &[State::Draft, State::Published, State::Deprecated], to: None, by: DESIGNER },
    Row { action: Action::Publish, from: &[State::Draft, State::Published, State::Deprecated], to: None, by: DESIGNER },
    Row {
        action: Action::Unpublish,
        from: &[State::Published, State::Deprecated, State::Retired],
        to: None,
        by: DESIGNER,
    },
    Row { action: Action::Deprecate, from: &[State::Published], to: Some(State::Deprecated), by: DESIGNER },
    Row {
        action: Action::Reschedule,
        from: &[State::Deprecated, State::Retired],
        to: Some(State::Deprecated),
        by: DESIGNER,
    },
    Row { action: Action::Undeprecate, from: &[State::Deprecated], to: Some(State::Published), by: DESIGNER },
    Row {
        action: Action::Retire,
        from: &[State::Deprecated],
        to: Some(State::Retired),
        by: &[Hand::Designer, Hand::Clock],
    },
    Row { action: Action::Delete, from: &[State::Draft, State::Deprecated, State::Retired], to: None, by: DESIGNER },
];

/// The row of an action.
pub fn row(action: Action) -> &'static Row {
    let found = LIFECYCLE.iter().find(|r| r.action == action);
    #[expect(clippy::expect_used, reason = "a test shows that every action has a row")]
    found.expect("every action has a row")
}

/// The state of a version that is published in this many environments now, after one was added or taken away.
pub fn published(state: State, environments: usize) -> State {
    match (state, environments) {
        (State::Draft | State::Published, 0) => State::Draft,
        (State::Draft | State::Published, _) => State::Published,
        (state, _) => state,
    }
}

/// The state afterwards; `None` leaves it as it is.
///
/// # Errors
/// 409 naming what is allowed instead.
pub fn check(action: Action, state: State) -> Result<Option<State>, Problem> {
    let row = row(action);
    if row.from.contains(&state) {
        return Ok(row.to);
    }
    let allowed: Vec<&str> = allowed(state).map(Action::as_str).collect();
    let from: Vec<&str> = row.from.iter().map(|s| s.as_str()).collect();
    let detail =
        format!("The version is {}; `{}` takes one that is {}.", state.as_str(), action.as_str(), from.join(" or "));
    Err(Problem::new(ProblemKind::WrongState, detail).with("state", state.as_str()).with("allowed_actions", allowed))
}

/// What people may do in this state.
pub fn allowed(state: State) -> impl Iterator<Item = Action> {
    LIFECYCLE
        .iter()
        .filter(move |row| row.from.contains(&state) && row.by.contains(&Hand::Designer))
        .map(|row| row.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_one_row() {
        for action in Action::ALL {
            assert_eq!(LIFECYCLE.iter().filter(|row| row.action == *action).count(), 1, "{action:?}");
        }
        assert_eq!(LIFECYCLE.len(), Action::ALL.len());
    }

    /// F33
    #[test]
    fn each_state_takes_what_the_table_says_and_nothing_else() {
        use Action::{Delete, Deprecate, Edit, Publish, Reschedule, Retire, Undeprecate, Unpublish};
        let expected: [(State, &[Action]); 4] = [
            (State::Draft, &[Edit, Publish, Delete]),
            (State::Published, &[Edit, Publish, Unpublish, Deprecate]),
            (State::Deprecated, &[Edit, Publish, Unpublish, Reschedule, Undeprecate, Retire, Delete]),
            (State::Retired, &[Unpublish, Reschedule, Delete]),
        ];
        for (state, actions) in expected {
            assert_eq!(allowed(state).collect::<Vec<_>>(), actions, "{state:?}");
            for action in Action::ALL {
                let verdict = check(*action, state);
                assert_eq!(verdict.is_ok(), actions.contains(action), "{action:?} while {state:?}");
                if let Err(problem) = verdict {
                    assert_eq!(problem.kind, ProblemKind::WrongState);
                    assert_eq!(problem.extra["allowed_actions"].as_array().map(Vec::len), Some(actions.len()));
                }
            }
        }
    }

    /// F33
    #[test]
    fn nothing_is_retired_that_was_not_announced_before() {
        let leads: Vec<&Row> = LIFECYCLE.iter().filter(|row| row.to == Some(State::Retired)).collect();
        assert!(leads.iter().all(|row| row.from == [State::Deprecated]) && leads.len() == 1);
        let by_clock: Vec<Action> =
            LIFECYCLE.iter().filter(|r| r.by.contains(&Hand::Clock)).map(|r| r.action).collect();
        assert_eq!(by_clock, [Action::Retire]);
    }

    #[test]
    fn publications_make_a_draft_published_and_never_undo_an_announcement() {
        for (state, environments, then) in [
            (State::Draft, 1, State::Published),
            (State::Published, 2, State::Published),
            (State::Published, 0, State::Draft),
            (State::Deprecated, 0, State::Deprecated),
            (State::Deprecated, 3, State::Deprecated),
            (State::Retired, 0, State::Retired),
        ] {
            assert_eq!(published(state, environments), then, "{state:?} in {environments}");
        }
    }
}
