//! Who may look up what the gateways counted and decided.

use crate::authz::{self, Standing, Verb};

/// How a viewer stands to the app and to the API of a call; `None` where the call had none, or the viewer sees none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sides {
    /// To the app that was recognised.
    pub app: Option<Standing>,
    /// To the API that the address named.
    pub api: Option<Standing>,
}

impl Sides {
    /// Whether the viewer is on the side of the app.
    pub fn app_side(self) -> bool {
        self.app.is_some_and(|s| authz::may(s, Verb::AppRead))
    }

    /// Whether the viewer is on the side of the API.
    pub fn api_side(self) -> bool {
        self.api.is_some_and(|s| authz::may(s, Verb::ApiDecide))
    }
}

/// Whether somebody sees a decision, or usage: one of the two sides, or a site administrator (X03). A call of nobody
/// that was recognised has no app's side.
pub fn may_see(anyway: Standing, sides: Sides) -> bool {
    authz::may(anyway, Verb::TrailRead) || sides.app_side() || sides.api_side()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Relation;

    fn standing(relations: &[Relation]) -> Standing {
        relations.iter().fold(Standing::default().and(Relation::Registered), |s, r| s.and(*r))
    }

    /// X03
    #[test]
    fn a_decision_is_seen_by_both_sides_and_by_nobody_else() {
        let stranger = standing(&[]);
        assert!(!may_see(stranger, Sides::default()));
        for relation in Relation::ALL {
            let app = Sides { app: Some(standing(&[*relation])), api: None };
            let reads = [
                Relation::AppOwner,
                Relation::AppDeveloper,
                Relation::AppReader,
                Relation::OrganizationOwner,
                Relation::OrganizationReader,
                Relation::SiteAdmin,
            ];
            assert_eq!(may_see(stranger, app), reads.contains(relation), "{relation:?} of the app");
            let api = Sides { app: None, api: Some(standing(&[*relation])) };
            let decides = [Relation::ApiAdministrator, Relation::BusinessAdmin, Relation::SiteAdmin];
            assert_eq!(may_see(stranger, api), decides.contains(relation), "{relation:?} of the API");
        }
        assert!(may_see(standing(&[Relation::SiteAdmin]), Sides::default()));
    }
}
