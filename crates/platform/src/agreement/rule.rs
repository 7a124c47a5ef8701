//! What makes a legal text acceptable, and the table of its life.

use super::AgreementState as State;
use crate::text;
use crate::words::words;
use base::{Fault, Problem, ProblemKind};

/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 100_000;

/// The largest body that carries such a text, in bytes: as many characters of four bytes, and room for the rest.
pub const MOST_BODY: usize = 4 * LONGEST_TEXT + 64 * 1024;

words! {
    /// What can be done to a version of a text.
    pub enum Action {
        /// Change title or text.
        Edit = "edit",
        /// Let everybody concerned read it.
        Publish = "publish",
        /// Have it answered from now on, and the former one no more.
        Activate = "activate",
        /// Have it answered no more.
        Retire = "retire",
        /// Throw it away.
        Delete = "delete",
    }
}

/// One row of the life of a text.
pub struct Row {
    /// What is done.
    pub action: Action,
    /// In which states.
    pub from: &'static [State],
    /// What it is then; `None` leaves the state as it is.
    pub to: Option<State>,
}

/// The whole life. Everything that is not here is 409.
pub const LIFECYCLE: &[Row] = &[
    Row { action: Action::Edit, from: &[State::Uploaded], to: None },
    Row { action: Action::Publish, from: &[State::Uploaded], to: Some(State::Published) },
    Row { action: Action::Activate, from: &[State::Published], to: Some(State::Active) },
    Row { action: Action::Retire, from: &[State::Published, State::Active], to: Some(State::Retired) },
    Row { action: Action::Delete, from: &[State::Uploaded], to: None },
];

/// The state after an action.
///
/// # Errors
/// 409 naming what is possible.
pub fn after(action: Action, state: State) -> Result<State, Problem> {
    let row = LIFECYCLE.iter().find(|row| row.action == action && row.from.contains(&state));
    let Some(row) = row else {
        let allowed: Vec<&str> =
            LIFECYCLE.iter().filter(|row| row.from.contains(&state)).map(|row| row.action.as_str()).collect();
        let (word, now) = (action.as_str(), state.as_str());
        let detail = format!("`{word}` is not possible while the agreement is {now}.");
        return Err(Problem::new(ProblemKind::WrongState, detail).with("state", now).with("allowed_actions", allowed));
    };
    Ok(row.to.unwrap_or(state))
}

/// Whether an action is possible in this state.
pub fn possible(action: Action, state: State) -> bool {
    after(action, state).is_ok()
}

/// The text, which must say something. Its Markdown is kept as it is.
///
/// # Errors
/// 422 naming `/text`.
pub fn text(given: &str) -> Result<String, Problem> {
    let text = text::long("/text", given, LONGEST_TEXT)?;
    if text.is_empty() {
        return Err(
            Problem::invalid("/text", "An agreement needs a text of 1 to 100000 characters.").code(Fault::Length)
        );
    }
    Ok(text)
}

/// One cell of a table that spreadsheets read: quoted, and with nothing that they would take for a formula.
pub fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A18
    #[test]
    fn an_agreement_says_something_within_bounds_and_keeps_its_markdown() {
        let markdown = "# Terms\n\n1. Be *kind*.\r\n\t<b>x</b>";
        assert_eq!(text(markdown).as_deref().ok(), Some(markdown));
        assert!(text(&"§".repeat(LONGEST_TEXT)).is_ok());
        for bad in ["", "  \n ", "bell\u{7}", &"x".repeat(LONGEST_TEXT + 1)] {
            assert!(text(bad).is_err_and(|p| p.fields[0].pointer == "/text"));
        }
    }

    #[test]
    fn each_action_is_possible_in_exactly_these_states() {
        let states = |action| State::ALL.iter().copied().filter(|s| possible(action, *s)).collect::<Vec<_>>();
        assert_eq!(states(Action::Edit), [State::Uploaded]);
        assert_eq!(states(Action::Publish), [State::Uploaded]);
        assert_eq!(states(Action::Activate), [State::Published]);
        assert_eq!(states(Action::Retire), [State::Published, State::Active]);
        assert_eq!(states(Action::Delete), [State::Uploaded]);
        assert_eq!(after(Action::Activate, State::Published).ok(), Some(State::Active));
        let refused = after(Action::Activate, State::Uploaded).expect_err("refused");
        assert_eq!(refused.extra["allowed_actions"], serde_json::json!(["edit", "publish", "delete"]));
    }

    #[test]
    fn a_name_is_never_a_formula_and_never_leaves_its_cell() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("a, b"), "\"a, b\"");
        for bad in ["+1", "-1", "@x", "\tx"] {
            assert!(cell(bad).starts_with("\"'"), "{bad}");
        }
    }
}
