//! Who acts for whom, and how an address is shown to those who need not know it.

use super::{GrantedRole, OrganizationRole};
use crate::authz::{Relation, Standing};

/// What one person is in one organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// The role as a member.
    pub role: Option<OrganizationRole>,
    /// What was granted beside that.
    pub granted: Vec<GrantedRole>,
    /// The role in the organization that manages this one.
    pub at_manager: Option<OrganizationRole>,
}

impl Seat {
    /// Whether this person is an OWNER of it themselves.
    pub fn is_owner(&self) -> bool {
        self.role == Some(OrganizationRole::Owner)
    }

    /// Whether this person acts as its OWNER only because their organization manages it.
    pub fn by_management(&self) -> bool {
        !self.is_owner() && self.at_manager == Some(OrganizationRole::Owner)
    }

    /// Whether this person is one of the managing organization's people, who make no clients here (K21).
    pub fn is_reseller(&self) -> bool {
        matches!(self.at_manager, Some(OrganizationRole::Owner | OrganizationRole::ReadOnly))
    }

    /// The same as relations. An OWNER of the managing organization acts as OWNER.
    pub fn standing(&self, base: Standing) -> Standing {
        base.and_if(self.is_owner() || self.by_management(), Relation::OrganizationOwner)
            .and_if(self.role == Some(OrganizationRole::ReadOnly), Relation::OrganizationReader)
            .and_if(self.granted.contains(&GrantedRole::BusinessAdmin), Relation::BusinessAdmin)
            .and_if(self.granted.contains(&GrantedRole::ApiDesigner), Relation::ApiDesigner)
    }
}

/// An address as the log shows it: `a...@example.com`.
pub fn masked(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}...@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::{Verb, may};
    use OrganizationRole::{None as Nothing, Owner, ReadOnly};

    fn seat(role: Option<OrganizationRole>, granted: &[GrantedRole], at_manager: Option<OrganizationRole>) -> Standing {
        Seat { role, granted: granted.to_vec(), at_manager }.standing(Standing::default())
    }

    /// C69 C70
    #[test]
    fn an_owner_edits_a_reader_reads_and_none_is_nothing() {
        let (reads, edits) = (Verb::OrganizationRead, Verb::OrganizationEdit);
        let table = [
            (Some(Owner), true, true),
            (Some(ReadOnly), true, false),
            (Some(Nothing), false, false),
            (None, false, false),
        ];
        for (role, read, edit) in table {
            let standing = seat(role, &[], None);
            assert_eq!((may(standing, reads), may(standing, edits)), (read, edit), "{role:?}");
        }
    }

    #[test]
    fn only_owners_of_the_manager_act_for_the_managed_and_all_of_its_people_are_resellers() {
        for (at_manager, acts, reseller) in [
            (Some(Owner), true, true),
            (Some(ReadOnly), false, true),
            (Some(Nothing), false, false),
            (None, false, false),
        ] {
            let seat = Seat { at_manager, ..Seat::default() };
            assert_eq!((seat.by_management(), seat.is_reseller()), (acts, reseller), "{at_manager:?}");
            assert_eq!(may(seat.standing(Standing::default()), Verb::OrganizationMembers), acts, "{at_manager:?}");
        }
        let own = Seat { role: Some(Owner), at_manager: Some(Owner), ..Seat::default() };
        assert!(!own.by_management() && own.is_reseller());
    }

    #[test]
    fn a_designer_designs_and_decides_nothing() {
        let designer = seat(None, &[GrantedRole::ApiDesigner], None);
        assert!(may(designer, Verb::ApiEdit) && may(designer, Verb::OrganizationDesign));
        for verb in [Verb::ApiDecide, Verb::ApiAdminister, Verb::OrganizationMembers, Verb::OrganizationProvide] {
            assert!(!may(designer, verb), "{verb:?}");
        }
    }

    #[test]
    fn the_log_does_not_show_whole_addresses() {
        assert_eq!(masked("somebody@example.com"), "s...@example.com");
        assert_eq!(masked("odd"), "o...@");
    }
}
