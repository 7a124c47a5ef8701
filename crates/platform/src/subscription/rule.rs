//! The lifecycle of a subscription: a table, and everything that is read off it.

use super::SuspendedBy;
use crate::api::{Activation, Admission, Approval};
use crate::words::words;
use base::{Fault, Problem, ProblemKind, Timestamp};
use snapshot::SubscriptionState as State;

words! {
    /// What can be done to a subscription.
    pub enum Action {
        /// Say yes.
        Approve = "approve",
        /// Say no.
        Reject = "reject",
        /// Let calls pass.
        Activate = "activate",
        /// Change the terms.
        Modify = "modify",
        /// Ask for other terms.
        Revise = "revise",
        /// Stop calls for a while.
        Suspend = "suspend",
        /// Let calls pass again.
        Resume = "resume",
        /// End it.
        Cancel = "cancel",
        /// Ask again after a no.
        Resubmit = "resubmit",
        /// The clock ends it.
        Expire = "expire",
    }

    /// The state as people read it.
    pub enum Status {
        /// No subscription, or one that was cancelled or has expired (A28).
        Inactive = "Inactive",
        /// Asked for, and not both approved and activated (A29, A30).
        AccessRequested = "Access Requested",
        /// Approved and activated (A31).
        Active = "Active",
        /// Refused (A32).
        Rejected = "Rejected",
        /// Stopped for a while (A33).
        Suspended = "Suspended",
    }

    /// Who acts.
    pub enum Side {
        /// The consumer.
        App = "app",
        /// The provider.
        Api = "api",
        /// The clock, or an automatic step.
        System = "system",
    }
}

/// One row of the lifecycle: in these states this side may do this, and then it is in that state.
pub struct Row {
    /// What is done.
    pub action: Action,
    /// In which states.
    pub from: &'static [State],
    /// What it is then; `None` leaves the state as it is.
    pub to: Option<State>,
    /// By whom.
    pub by: &'static [Side],
}

/// The whole lifecycle. Everything that is not here is 409.
pub const LIFECYCLE: &[Row] = &[
    Row { action: Action::Approve, from: &[State::Requested], to: Some(State::Approved), by: &[Side::Api] },
    Row { action: Action::Reject, from: &[State::Requested], to: Some(State::Rejected), by: &[Side::Api] },
    Row { action: Action::Activate, from: &[State::Approved], to: Some(State::Active), by: &[Side::Api, Side::System] },
    Row { action: Action::Modify, from: &[State::Approved, State::Active], to: None, by: &[Side::Api] },
    Row { action: Action::Revise, from: &[State::Approved, State::Active], to: None, by: &[Side::App] },
    Row { action: Action::Suspend, from: &[State::Active], to: Some(State::Suspended), by: &[Side::App, Side::Api] },
    Row { action: Action::Resume, from: &[State::Suspended], to: Some(State::Active), by: &[Side::App, Side::Api] },
    Row {
        action: Action::Cancel,
        from: &[State::Requested, State::Approved, State::Active, State::Suspended],
        to: Some(State::Cancelled),
        by: &[Side::App, Side::Api],
    },
    Row { action: Action::Resubmit, from: &[State::Rejected], to: Some(State::Requested), by: &[Side::App, Side::Api] },
    Row {
        action: Action::Expire,
        from: &[State::Approved, State::Active, State::Suspended],
        to: Some(State::Expired),
        by: &[Side::System],
    },
];

/// Every state.
pub const STATES: [State; 7] = [
    State::Requested,
    State::Approved,
    State::Active,
    State::Suspended,
    State::Rejected,
    State::Cancelled,
    State::Expired,
];

/// The states in which a subscription comes to its end by the clock.
pub const fn ends(state: State) -> bool {
    matches!(state, State::Approved | State::Active | State::Suspended)
}

/// How many days before its end people are reminded.
pub const REMINDERS: [i64; 3] = [30, 7, 1];

const DAY: i64 = 86_400;

/// When the clock has to do something next about what ends then: the first reminder that is still to come, or the end.
pub fn due(end: Timestamp, now: Timestamp) -> Timestamp {
    REMINDERS.iter().map(|days| end.plus_seconds(-days * DAY)).find(|at| *at > now).unwrap_or(end)
}

/// How many days are left, begun ones counted whole.
pub fn days_left(end: Timestamp, now: Timestamp) -> i64 {
    let seconds = end.seconds() - now.seconds();
    (seconds + DAY - 1).div_euclid(DAY).max(0)
}

/// An end that somebody asks for.
///
/// # Errors
/// 422 unless it lies in the future.
pub fn end(pointer: &str, at: Timestamp, now: Timestamp) -> Result<Timestamp, Problem> {
    if at > now {
        return Ok(at);
    }
    Err(Problem::invalid(pointer, format!("`{at}` has passed; an end lies in the future, or `null` for none."))
        .code(Fault::Past))
}

/// The row of an action.
pub fn row(action: Action) -> &'static Row {
    let found = LIFECYCLE.iter().find(|r| r.action == action);
    #[expect(clippy::expect_used, reason = "a test shows that every action has a row")]
    found.expect("every action has a row")
}

/// The state as people read it; `None` is no subscription at all.
pub fn status(state: Option<State>) -> Status {
    match state {
        None | Some(State::Cancelled | State::Expired) => Status::Inactive,
        Some(State::Requested | State::Approved) => Status::AccessRequested,
        Some(State::Active) => Status::Active,
        Some(State::Rejected) => Status::Rejected,
        Some(State::Suspended) => Status::Suspended,
    }
}

/// The word for a state.
pub const fn state_word(state: State) -> &'static str {
    match state {
        State::Requested => "requested",
        State::Approved => "approved",
        State::Active => "active",
        State::Suspended => "suspended",
        State::Rejected => "rejected",
        State::Cancelled => "cancelled",
        State::Expired => "expired",
    }
}

/// On which sides of a subscription somebody stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standpoint {
    /// May act for the app.
    pub app: bool,
    /// May act for the API.
    pub api: bool,
    /// May lift any suspension.
    pub overrides: bool,
}

/// Why an action is not to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller is not on a side that may: 403.
    NotYourSide,
    /// The other side suspended it: 403.
    OtherSideSuspended,
    /// The state does not allow it: 409.
    WrongState,
    /// Other terms have been asked for already: 409.
    OpenRevision,
    /// Another one is live for the same app, API and environment: 409.
    LiveSubscription,
    /// The app or the API was deleted: 409.
    EndGone,
    /// The API does not offer the plan any more: 409.
    PlanGone,
    /// The API has another agreement than the one that was accepted: 409.
    AgreementChanged,
    /// The end that was asked for has passed: 409.
    EndPassed,
}

impl Refusal {
    /// The stable code in `actions[].reason`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotYourSide => "not_your_side",
            Self::OtherSideSuspended => "other_side_suspended",
            Self::WrongState => "wrong_state",
            Self::OpenRevision => "open_revision",
            Self::LiveSubscription => "live_subscription",
            Self::EndGone | Self::PlanGone | Self::AgreementChanged | Self::EndPassed => "outdated",
        }
    }

    /// What has become of what was asked for, if that is what stands against asking again.
    const fn since(self) -> Option<&'static str> {
        match self {
            Self::EndGone => Some("The app or the API has been deleted"),
            Self::PlanGone => Some("The API has taken this plan back"),
            Self::AgreementChanged => Some("The API's agreement has changed"),
            Self::EndPassed => Some("The end that was asked for has passed"),
            _ => None,
        }
    }
}

/// What stands against single actions beside side and state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hindrances {
    /// Against asking for other terms.
    pub revise: Option<Refusal>,
    /// Against asking again.
    pub resubmit: Option<Refusal>,
}

/// All that an offer depends on.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Where the subscription stands.
    pub state: State,
    /// Who suspended it, while it is.
    pub suspended_by: Option<SuspendedBy>,
    /// Where the caller stands.
    pub who: Standpoint,
    /// What else stands against it.
    pub hindrances: Hindrances,
}

/// For which side the caller would act: permission first, then the state (A40: a consumer who approves is refused
/// whatever the state).
///
/// # Errors
/// Why not.
pub fn check(
    action: Action,
    state: State,
    suspended_by: Option<SuspendedBy>,
    who: Standpoint,
) -> Result<Side, Refusal> {
    let row = row(action);
    let as_app = who.app && row.by.contains(&Side::App);
    let as_api = who.api && row.by.contains(&Side::Api);
    if !as_app && !as_api {
        return Err(Refusal::NotYourSide);
    }
    if !row.from.contains(&state) {
        return Err(Refusal::WrongState);
    }
    if action == Action::Resume && !who.overrides {
        return match suspended_by {
            Some(SuspendedBy::App) if as_app => Ok(Side::App),
            Some(SuspendedBy::Api) if as_api => Ok(Side::Api),
            Some(_) => Err(Refusal::OtherSideSuspended),
            None if as_api => Ok(Side::Api),
            None => Ok(Side::App),
        };
    }
    // Somebody on both sides acts for the provider, save for what consumers usually do.
    let consumers = matches!(action, Action::Cancel | Action::Resubmit);
    Ok(if as_api && !(consumers && as_app) { Side::Api } else { Side::App })
}

impl Case {
    /// For which side the caller would do this.
    ///
    /// # Errors
    /// Why not.
    pub fn permits(&self, action: Action) -> Result<Side, Refusal> {
        let side = check(action, self.state, self.suspended_by, self.who)?;
        let against = match action {
            Action::Revise => self.hindrances.revise,
            Action::Resubmit => self.hindrances.resubmit,
            _ => None,
        };
        against.map_or(Ok(side), Err)
    }

    /// All actions for this caller, now, each with the reason if it is not to be had (A50). Expiry is the clock's alone.
    pub fn offered(&self) -> Vec<(Action, Result<Side, Refusal>)> {
        let people = Action::ALL.iter().filter(|a| **a != Action::Expire);
        people.map(|action| (*action, self.permits(*action))).collect()
    }
}

/// The problem that a refusal is, naming what is allowed instead.
pub fn refused(action: Action, case: &Case, why: Refusal) -> Problem {
    let allowed: Vec<&str> = case.offered().into_iter().filter(|(_, r)| r.is_ok()).map(|(a, _)| a.as_str()).collect();
    let (word, state) = (action.as_str(), state_word(case.state));
    let problem = match why {
        Refusal::NotYourSide => Problem::forbidden(format!("`{word}` is not for your side of the subscription.")),
        Refusal::OtherSideSuspended => {
            let by = case.suspended_by.map_or("other", SuspendedBy::as_str);
            Problem::forbidden(format!(
                "The {by} side suspended it; only that side or a business administrator resumes it."
            ))
        }
        Refusal::OpenRevision => {
            let detail = "Other terms have been asked for already; withdraw that revision or wait for its decision.";
            Problem::new(ProblemKind::Exists, detail)
        }
        Refusal::LiveSubscription => {
            let detail =
                "The app has a live subscription to this API in this environment already; change or cancel it.";
            Problem::new(ProblemKind::Exists, detail)
        }
        _ => Problem::new(
            ProblemKind::WrongState,
            match why.since() {
                Some(what) => format!("{what} since; make a new request instead."),
                None => format!("`{word}` is not possible while it is {state}."),
            },
        ),
    };
    problem.with("state", state).with("allowed_actions", allowed).with("reason", why.code())
}

/// What happens to a request by itself (A56, C07, C08).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Somebody on the API side must approve.
    pub needs_approval: bool,
    /// It activates by itself once approved.
    pub activates: bool,
}

/// The way of a request: approval if the plan or the API in this environment asks for it; activation by itself if the
/// API says so, or by default when no approval was needed.
pub fn way(plan_requires_approval: bool, admission: Admission) -> Way {
    let needs_approval = plan_requires_approval || admission.approval == Approval::Manual;
    let activates = match admission.activation {
        Activation::Automatic => true,
        Activation::Manual => false,
        Activation::Default => !needs_approval,
    };
    Way { needs_approval, activates }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_exactly_one_row() {
        for action in Action::ALL {
            assert_eq!(LIFECYCLE.iter().filter(|r| r.action == *action).count(), 1, "{action:?}");
        }
    }

    /// A37 A39 A43
    #[test]
    fn each_action_is_possible_in_exactly_these_states() {
        let both = Standpoint { app: true, api: true, overrides: true };
        let possible = |action: Action| -> Vec<State> {
            STATES.into_iter().filter(|s| check(action, *s, None, both).is_ok()).collect()
        };
        assert_eq!(possible(Action::Approve), [State::Requested]);
        assert_eq!(possible(Action::Reject), [State::Requested]);
        assert_eq!(possible(Action::Activate), [State::Approved]);
        assert_eq!(possible(Action::Modify), [State::Approved, State::Active]);
        assert_eq!(possible(Action::Revise), [State::Approved, State::Active]);
        assert_eq!(possible(Action::Suspend), [State::Active]);
        assert_eq!(possible(Action::Resume), [State::Suspended]);
        assert_eq!(possible(Action::Cancel), [State::Requested, State::Approved, State::Active, State::Suspended]);
        assert_eq!(possible(Action::Resubmit), [State::Rejected]);
        assert_eq!(possible(Action::Expire), []);
    }

    /// A40 A41
    #[test]
    fn each_side_has_exactly_its_own_actions() {
        let of = |who: Standpoint| -> Vec<&str> {
            let any = |a: &&Action| STATES.iter().any(|s| check(**a, *s, None, who).is_ok());
            Action::ALL.iter().filter(any).map(|a| a.as_str()).collect()
        };
        let app = Standpoint { app: true, ..Standpoint::default() };
        let api = Standpoint { api: true, ..Standpoint::default() };
        assert_eq!(of(app), ["revise", "suspend", "resume", "cancel", "resubmit"]);
        assert_eq!(of(api), ["approve", "reject", "activate", "modify", "suspend", "resume", "cancel", "resubmit"]);
        assert_eq!(of(Standpoint::default()), [""; 0]);
    }

    /// A40
    #[test]
    fn the_wrong_side_is_told_so_whatever_the_state() {
        let app = Standpoint { app: true, ..Standpoint::default() };
        for state in STATES {
            for action in [Action::Approve, Action::Reject, Action::Activate, Action::Modify] {
                assert_eq!(check(action, state, None, app), Err(Refusal::NotYourSide));
            }
        }
    }

    /// A54
    #[test]
    fn a_suspension_is_lifted_by_the_side_that_set_it_or_from_above() {
        let app = Standpoint { app: true, ..Standpoint::default() };
        let api = Standpoint { api: true, ..Standpoint::default() };
        let above = Standpoint { api: true, overrides: true, ..Standpoint::default() };
        let resume = |by, who| check(Action::Resume, State::Suspended, Some(by), who);
        assert_eq!(resume(SuspendedBy::Api, app), Err(Refusal::OtherSideSuspended));
        assert_eq!(resume(SuspendedBy::App, api), Err(Refusal::OtherSideSuspended));
        assert_eq!(resume(SuspendedBy::App, app), Ok(Side::App));
        assert_eq!(resume(SuspendedBy::Api, api), Ok(Side::Api));
        assert_eq!(resume(SuspendedBy::App, above), Ok(Side::Api));
    }

    /// A28 A29 A30 A32 A33
    #[test]
    fn the_status_is_read_off_the_state() {
        assert_eq!(status(None), Status::Inactive);
        let read: Vec<&str> = STATES.iter().map(|s| status(Some(*s)).as_str()).collect();
        let expected =
            ["Access Requested", "Access Requested", "Active", "Suspended", "Rejected", "Inactive", "Inactive"];
        assert_eq!(read, expected);
    }

    #[test]
    fn reminders_come_30_7_and_1_days_before_the_end_and_then_the_end() {
        let end = Timestamp::from_seconds(100 * DAY);
        let due_on = |day: i64| due(end, Timestamp::from_seconds(day * DAY)).seconds() / DAY;
        assert_eq!([0, 69, 70, 71, 92, 93, 98, 99, 100].map(due_on), [70, 70, 93, 93, 93, 99, 99, 100, 100]);
        let left = |seconds: i64| days_left(end, Timestamp::from_seconds(100 * DAY - seconds));
        assert_eq!([0, 1, DAY, DAY + 1, 7 * DAY].map(left), [0, 1, 1, 2, 7]);
        assert_eq!(left(-5), 0);
    }

    #[test]
    fn an_end_lies_in_the_future() {
        let now = Timestamp::from_seconds(10);
        assert_eq!(end("/ends_at", now.plus_micros(1), now).ok(), Some(now.plus_micros(1)));
        for past in [now, now.plus_micros(-1)] {
            assert!(end("/ends_at", past, now).is_err_and(|p| p.fields[0].pointer == "/ends_at"));
        }
        let live: Vec<State> = STATES.into_iter().filter(|s| ends(*s)).collect();
        assert_eq!(live, row(Action::Expire).from);
    }

    /// A56 C07 C08
    #[test]
    fn a_request_goes_its_way_by_plan_and_admission() {
        let mut seen = Vec::new();
        for plan in [false, true] {
            for approval in [Approval::Automatic, Approval::Manual] {
                for activation in [Activation::Default, Activation::Automatic, Activation::Manual] {
                    let way = way(plan, Admission { approval, activation });
                    seen.push((way.needs_approval, way.activates));
                }
            }
        }
        let open = [(false, true), (false, true), (false, false)];
        let guarded = [(true, false), (true, true), (true, false)];
        assert_eq!(seen, [open, guarded, guarded, guarded].concat());
    }
}
