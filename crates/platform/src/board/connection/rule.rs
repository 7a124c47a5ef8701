//! Which connections somebody wants, where a page goes on, and what a tie is called.

use super::{Connection, ConnectionType};
use base::id::Id;
use base::{Kind, Problem, Ref, Timestamp, id};
use snapshot::SubscriptionState as State;

/// The word for a state.
pub const fn word(state: State) -> &'static str {
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

/// Those that are listed.
pub const LISTED: [State; 5] = [State::Requested, State::Approved, State::Active, State::Suspended, State::Rejected];

/// The states of accesses that a filter names.
///
/// # Errors
/// 422 naming `state`.
pub fn states(text: Option<&str>) -> Result<Vec<State>, Problem> {
    match text {
        None => Ok(LISTED.to_vec()),
        // Waits for a decision or for activation (A07).
        Some("pending") => Ok(vec![State::Requested, State::Approved]),
        Some(text) => {
            let found = LISTED.into_iter().find(|state| word(*state) == text);
            found.map(|state| vec![state]).ok_or_else(|| {
                let shown: String = text.chars().take(40).collect();
                let all: Vec<&str> = LISTED.into_iter().map(word).collect();
                Problem::invalid("state", format!("`{shown}` is none of pending, {}.", all.join(", ")))
            })
        }
    }
}

/// Which connections somebody wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of this type.
    pub kind: Option<ConnectionType>,
    /// With something of this kind at either end.
    pub end: Option<Kind>,
    /// Accesses in these states. Everything else is active.
    pub states: Vec<State>,
    /// Accesses in this environment; with one given there is nothing else.
    pub environment: Option<id::EnvironmentId>,
}

impl Wanted {
    /// Whether there can be one of this type among them.
    pub fn walks(&self, kind: ConnectionType) -> bool {
        let active = self.states.contains(&State::Active) && self.environment.is_none();
        self.kind.is_none_or(|only| only == kind) && (kind == ConnectionType::Access || active)
    }

    /// Whether one fits.
    pub fn takes(&self, it: &Connection) -> bool {
        self.end.is_none_or(|kind| it.a.kind == kind || it.b.kind == kind)
    }
}

/// The stages of a list, in their order.
pub const STAGES: [ConnectionType; 4] =
    [ConnectionType::Follow, ConnectionType::Management, ConnectionType::Membership, ConnectionType::Access];

/// Where a page goes on: in this stage, behind this key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// In which stage.
    pub stage: ConnectionType,
    /// Behind which key.
    pub key: String,
}

const fn prefix(stage: ConnectionType) -> &'static str {
    match stage {
        ConnectionType::Follow => "fol",
        ConnectionType::Management => "man",
        ConnectionType::Membership => "mem",
        ConnectionType::Access => "sub",
    }
}

impl Position {
    /// Reads the `next` of the page before.
    ///
    /// # Errors
    /// 422 naming `after`.
    pub fn read(after: &str) -> Result<Self, Problem> {
        if after.is_empty() {
            return Ok(Self { stage: STAGES[0], key: String::new() });
        }
        let (stage, key) = after.split_once('@').unwrap_or((after, ""));
        let fit = key.len() <= 120 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_@~".contains(&byte));
        let stage = STAGES.into_iter().find(|it| prefix(*it) == stage && fit);
        let stage = stage.ok_or_else(|| Problem::invalid("after", "Send the `next` of the page before."))?;
        Ok(Self { stage, key: key.to_owned() })
    }

    /// The text of it.
    pub fn text(&self) -> String {
        format!("{}@{}", prefix(self.stage), self.key)
    }

    /// The key to begin this stage with; `None` if it is behind already.
    pub fn start(&self, stage: ConnectionType) -> Option<&str> {
        match stage.cmp(&self.stage) {
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal => Some(&self.key),
            std::cmp::Ordering::Greater => Some(""),
        }
    }
}

/// A person's tie to a resource.
pub fn of_person(
    kind: ConnectionType,
    user: &id::UserId,
    resource: Ref,
    role: Option<&'static str>,
    since: Option<Timestamp>,
) -> Connection {
    let id = format!("{}_{user}_{}", prefix(kind), resource.id);
    Connection { id, kind, a: Ref::new(Kind::User, user), b: resource, role, subscription: None, since }
}

/// An organization manages another.
pub fn of_management(
    manager: &id::OrganizationId,
    managed: &id::OrganizationId,
    since: Option<Timestamp>,
) -> Connection {
    Connection {
        id: format!("man_{}_{}", manager.as_str(), managed.as_str()),
        kind: ConnectionType::Management,
        a: Ref::new(Kind::Organization, manager),
        b: Ref::new(Kind::Organization, managed),
        role: None,
        subscription: None,
        since,
    }
}

/// An app's access to an API.
pub fn of_subscription(it: crate::subscription::Subscription) -> Connection {
    Connection {
        id: it.id.to_string(),
        kind: ConnectionType::Access,
        a: Ref::new(Kind::App, &it.app),
        b: Ref::new(Kind::Api, &it.api),
        role: None,
        since: Some(it.created_at),
        subscription: Some(Box::new(it)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [State; 7] = [
        State::Requested,
        State::Approved,
        State::Active,
        State::Suspended,
        State::Rejected,
        State::Cancelled,
        State::Expired,
    ];

    /// A07 A35
    #[test]
    fn what_was_cancelled_or_has_expired_is_listed_nowhere() {
        let all = states(None).unwrap();
        assert_eq!(ALL.into_iter().filter(|state| !all.contains(state)).collect::<Vec<_>>(), ALL[5..]);
        assert_eq!(states(Some("pending")).unwrap(), ALL[..2]);
        for state in LISTED {
            assert_eq!(states(Some(word(state))).unwrap(), [state]);
        }
        for bad in ["cancelled", "expired", "", "Active", "x"] {
            assert_eq!(states(Some(bad)).expect_err("refused").fields[0].pointer, "state", "{bad}");
        }
    }

    #[test]
    fn what_is_always_active_is_left_out_where_that_is_not_wanted() {
        let wanted =
            |state: Option<&str>| Wanted { kind: None, end: None, states: states(state).unwrap(), environment: None };
        for stage in STAGES {
            assert!(wanted(None).walks(stage) && wanted(Some("active")).walks(stage));
            assert_eq!(wanted(Some("pending")).walks(stage), stage == ConnectionType::Access);
            let there = Wanted { environment: Some(id::EnvironmentId::from_bits(1)), ..wanted(None) };
            assert_eq!(there.walks(stage), stage == ConnectionType::Access);
            let only = Wanted { kind: Some(ConnectionType::Follow), ..wanted(None) };
            assert_eq!(only.walks(stage), stage == ConnectionType::Follow);
        }
    }

    /// A02
    #[test]
    fn a_tie_has_one_id_whoever_lists_it() {
        let (user, api) = (id::UserId::from_bits(1), id::ApiId::from_bits(2));
        let follow = of_person(ConnectionType::Follow, &user, Ref::new(Kind::Api, &api), None, None);
        assert_eq!(follow.id, format!("fol_{user}_{api}"));
        let member = of_person(ConnectionType::Membership, &user, Ref::new(Kind::Api, &api), None, None);
        assert_eq!(member.id, format!("mem_{user}_{api}"));
    }

    #[test]
    fn positions_are_read_back_and_nothing_else_is() {
        for position in [
            Position { stage: ConnectionType::Follow, key: "usr_1".into() },
            Position { stage: ConnectionType::Access, key: "app_1@sub_2".into() },
        ] {
            assert_eq!(Position::read(&position.text()).unwrap(), position);
            assert_eq!(position.start(position.stage), Some(position.key.as_str()));
        }
        assert_eq!(Position::read("mem@usr_1").unwrap().start(ConnectionType::Follow), None);
        assert_eq!(Position::read("mem@usr_1").unwrap().start(ConnectionType::Access), Some(""));
        for bad in ["x", "fol_usr", "sub@' OR 1=1", "@", "zzz@1"] {
            assert_eq!(Position::read(bad).expect_err("refused").fields[0].pointer, "after", "{bad}");
        }
    }

    #[test]
    fn the_stages_stand_in_the_order_of_the_types() {
        assert!(STAGES.is_sorted());
    }
}
