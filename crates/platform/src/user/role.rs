//! The roles that people hold: words that profiles ask for, and privileges to override what profiles fence.

use super::{Privilege, Roles};
use base::{Problem, id};

/// The longest role, in characters.
const LONGEST: usize = 60;
/// Roles that are given elsewhere, so that nobody takes a word here for one of them.
const ELSEWHERE: [(&str, &str); 3] = [
    ("site_admin", "POST /api/v1/users/{id}/appoint"),
    ("business_admin", "PUT /api/v1/organizations/{id}/business_admins/{user}"),
    ("api_designer", "the organization"),
];

/// The beginning of every privilege.
const PRIVILEGES: &str = "override.";

/// The privilege that this word is; `None` for a role that a profile may ask for.
///
/// # Errors
/// 422 naming `pointer` if it can be neither.
pub fn parse(pointer: &str, text: &str) -> Result<Option<Privilege>, Problem> {
    let shown: String = text.chars().take(80).collect();
    if text.trim() != text || text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        let detail = format!("`{shown}` is no role: 1 to {LONGEST} characters, no blanks around them.");
        return Err(Problem::invalid(pointer, detail));
    }
    if let Some((word, place)) = ELSEWHERE.iter().find(|(word, _)| *word == text) {
        return Err(Problem::invalid(pointer, format!("`{word}` is not given here but by {place}.")));
    }
    if !text.starts_with(PRIVILEGES) {
        return Ok(None);
    }
    Privilege::ALL.iter().copied().find(|p| p.as_str() == text).map(Some).ok_or_else(|| {
        let all: Vec<&str> = Privilege::ALL.iter().map(|p| p.as_str()).collect();
        Problem::invalid(pointer, format!("`{shown}` is none of {}.", all.join(", ")))
    })
}

/// Passes a role that a profile may ask for.
///
/// # Errors
/// 422 naming `pointer`.
pub fn word(pointer: &str, text: &str) -> Result<(), Problem> {
    match parse(pointer, text)? {
        None => Ok(()),
        Some(_) => Err(Problem::invalid(pointer, format!("`{text}` is a privilege, and no role to ask for."))),
    }
}

impl Roles {
    /// One more of them, as it is kept.
    #[must_use]
    pub fn with(mut self, role: &str, profile: Option<id::ProfileId>) -> Self {
        match Privilege::ALL.iter().find(|p| p.as_str() == role) {
            Some(privilege) => self.privileges.push((*privilege, profile)),
            None => {
                self.words.insert(role.to_owned());
            }
        }
        self
    }

    /// Whether the person holds one of these; nobody is asked for any of none (C10, C11, C12).
    pub fn any(&self, wanted: &[String]) -> bool {
        wanted.is_empty() || wanted.iter().any(|role| self.words.contains(role))
    }

    /// The first of these privileges that the person holds, everywhere or under this profile.
    pub fn privilege(&self, wanted: &[Privilege], profile: &id::ProfileId) -> Option<Privilege> {
        let holds = |wanted: &&Privilege| {
            self.privileges.iter().any(|(held, under)| held == *wanted && under.as_ref().is_none_or(|p| p == profile))
        };
        wanted.iter().find(holds).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_any_word_that_is_not_given_elsewhere() {
        for good in ["designer", "Payments team", "größe", "regulated.reviewer"] {
            assert_eq!(parse("role", good).ok(), Some(None), "{good}");
        }
        for privilege in Privilege::ALL {
            assert_eq!(parse("role", privilege.as_str()).ok(), Some(Some(*privilege)));
        }
        let long = "x".repeat(61);
        for bad in
            ["", " a", "a ", "a\nb", "site_admin", "business_admin", "api_designer", "override.", "override.x", &long]
        {
            assert!(parse("role", bad).is_err(), "{bad}");
        }
    }

    /// C10 C11 C12
    #[test]
    fn one_of_the_wanted_roles_is_enough_and_none_wanted_is_open_to_all() {
        let wanted = ["a".to_owned(), "b".to_owned()];
        assert!(Roles::default().any(&[]));
        assert!(!Roles::default().any(&wanted));
        assert!(Roles::default().with("b", None).any(&wanted));
        assert!(!Roles::default().with("c", None).with("override.all", None).any(&wanted));
    }

    /// C80
    #[test]
    fn a_privilege_holds_everywhere_or_under_its_profile_alone() {
        let (one, other) = (id::ProfileId::from_bits(1), id::ProfileId::from_bits(2));
        let wanted = [Privilege::Security, Privilege::All];
        for held in Privilege::ALL {
            let expected = wanted.contains(held).then_some(*held);
            assert_eq!(Roles::default().with(held.as_str(), None).privilege(&wanted, &one), expected, "{held:?}");
            let under = Roles::default().with(held.as_str(), Some(one.clone()));
            assert_eq!(under.privilege(&wanted, &one), expected, "{held:?}");
            assert_eq!(under.privilege(&wanted, &other), None, "{held:?}");
        }
        assert_eq!(Roles::default().privilege(&wanted, &one), None);
    }
}
