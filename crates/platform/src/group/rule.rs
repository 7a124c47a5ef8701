//! Where in the tree a group may stand.

use base::id::GroupId;
use base::{Problem, ProblemKind};

/// How many steps below the root a group is at most; one at the root is on step 1.
pub const DEEPEST: usize = 8;

/// Passes if a group whose own tree is so high (1 without children) may hang below these ancestors, the nearest first.
///
/// # Errors
/// 409 if it would hang below itself or the tree would grow too deep.
pub fn may_hang(own: Option<&GroupId>, height: usize, ancestors: &[GroupId]) -> Result<(), Problem> {
    if own.is_some_and(|own| ancestors.contains(own)) {
        let detail = "A group cannot belong to itself or to a group below it; move it elsewhere.";
        return Err(Problem::new(ProblemKind::WrongState, detail).at("/parent"));
    }
    if ancestors.len() + height > DEEPEST {
        let detail = format!("Groups are at most {DEEPEST} steps deep.");
        return Err(Problem::new(ProblemKind::WrongState, detail).at("/parent"));
    }
    Ok(())
}

/// A contract's number as people write it: at most 80 characters on one line; may be empty.
///
/// # Errors
/// 422.
pub fn contract_number(text: &str) -> Result<String, Problem> {
    let number = text.trim();
    if number.chars().count() > 80 || number.chars().any(char::is_control) {
        return Err(Problem::invalid("/contract_number", "At most 80 characters on one line."));
    }
    Ok(number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_never_hangs_below_itself_and_the_tree_stays_shallow() {
        let ids: Vec<GroupId> = (0..DEEPEST as u128).map(GroupId::from_bits).collect();
        assert!(may_hang(None, 1, &[]).is_ok());
        assert!(may_hang(Some(&ids[0]), 1, &ids[1..]).is_ok());
        assert!(may_hang(None, 1, &ids).is_err());
        assert!(may_hang(Some(&ids[0]), 2, &ids[1..]).is_err());
        for place in 0..3 {
            assert!(may_hang(Some(&ids[place]), 1, &ids[..3]).is_err(), "{place}");
        }
        assert!(may_hang(Some(&ids[3]), 1, &ids[..3]).is_ok());
    }

    #[test]
    fn numbers_of_contracts_are_one_short_line() {
        assert_eq!(contract_number(" C-2031/7 ").as_deref().ok(), Some("C-2031/7"));
        for bad in ["a\nb", &"1".repeat(81)] {
            assert!(contract_number(bad).is_err());
        }
    }
}
