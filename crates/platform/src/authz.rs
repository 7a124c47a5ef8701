//! Who may do what: one pure function over one table of roles.
//!
//! A slice works out how the caller *stands* to a resource (a set of relations) and asks [`may`]. Nothing else in
//! the program decides a permission. The table is design, not code: change it and the committed role matrix differs.

/// How a caller stands to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u32)]
pub enum Relation {
    /// Anybody, signed in or not.
    Anyone,
    /// Signed in.
    Registered,
    /// The person the resource is about.
    Oneself,
    /// Holds `site_admin`.
    SiteAdmin,
    /// OWNER of the organization.
    OrganizationOwner,
    /// READ_ONLY member of the organization.
    OrganizationReader,
    /// Business administrator of the organization that owns the API.
    BusinessAdmin,
    /// Designer of the APIs of the organization.
    ApiDesigner,
    /// Member of the group.
    GroupMember,
    /// Listed on the API.
    ApiAdministrator,
    /// OWNER of the app.
    AppOwner,
    /// DEVELOPER of the app.
    AppDeveloper,
    /// READ_ONLY on the app.
    AppReader,
}

impl Relation {
    /// Every relation.
    pub const ALL: &'static [Self] = &[
        Self::Anyone,
        Self::Registered,
        Self::Oneself,
        Self::SiteAdmin,
        Self::OrganizationOwner,
        Self::OrganizationReader,
        Self::BusinessAdmin,
        Self::ApiDesigner,
        Self::GroupMember,
        Self::ApiAdministrator,
        Self::AppOwner,
        Self::AppDeveloper,
        Self::AppReader,
    ];
}

impl Relation {
    /// What people call it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Anyone => "anybody",
            Self::Registered => "anybody who has signed in",
            Self::Oneself => "oneself",
            Self::SiteAdmin => "site_admin",
            Self::OrganizationOwner => "OWNER of the organization",
            Self::OrganizationReader => "READ_ONLY in the organization",
            Self::BusinessAdmin => "business_admin of the organization",
            Self::ApiDesigner => "api_designer of the organization",
            Self::GroupMember => "member of the group",
            Self::ApiAdministrator => "administrator of the API",
            Self::AppOwner => "OWNER of the app",
            Self::AppDeveloper => "DEVELOPER of the app",
            Self::AppReader => "READ_ONLY on the app",
        }
    }
}

/// The relations that one caller has to one resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing(u32);

impl Standing {
    /// The same standing with one more relation.
    #[must_use]
    pub const fn and(self, relation: Relation) -> Self {
        Self(self.0 | (1 << relation as u32))
    }

    /// The same standing with one more relation, if `holds`.
    #[must_use]
    pub const fn and_if(self, holds: bool, relation: Relation) -> Self {
        if holds { self.and(relation) } else { self }
    }

    /// Both standings together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the caller has this relation.
    pub const fn has(self, relation: Relation) -> bool {
        self.0 & (1 << relation as u32) != 0
    }

    /// Whether the caller has one of these relations.
    pub fn any(self, relations: &[Relation]) -> bool {
        relations.iter().any(|r| self.has(*r))
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $verb:ident: $($relation:ident)|+;)*) => {
        /// What somebody wants to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Verb { $($(#[$doc])* $verb,)* }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Self] = &[$(Self::$verb),*];

            /// Who may.
            pub const fn allowed(self) -> &'static [Relation] {
                match self { $(Self::$verb => &[$(Relation::$relation),+],)* }
            }
        }
    };
}

permissions! {
    /// See a person's name.
    UserRead: Registered;
    /// See a person's e-mail address and state.
    UserReadPrivate: Oneself | SiteAdmin;
    /// Lock, unlock, appoint site administrators.
    UserAdminister: SiteAdmin;
    /// Found an organization (C71).
    OrganizationCreate: Registered;
    /// See an organization and its members.
    OrganizationRead: OrganizationOwner | OrganizationReader | BusinessAdmin | ApiDesigner | SiteAdmin;
    /// Change name, description and whom to ask.
    OrganizationEdit: OrganizationOwner | SiteAdmin;
    /// Add, invite, change and remove members.
    OrganizationMembers: OrganizationOwner | SiteAdmin;
    /// Search and export what of the audit trail is about the organization's resources.
    OrganizationTrail: OrganizationOwner | BusinessAdmin | SiteAdmin;
    /// Grant and take business_admin and api_designer.
    OrganizationRoles: OrganizationOwner | SiteAdmin;
    /// Let another organization manage this one, and end that. An OWNER by management may only end it.
    OrganizationManagement: OrganizationOwner | SiteAdmin;
    /// See a group and who is in it.
    GroupRead: OrganizationOwner | OrganizationReader | BusinessAdmin | GroupMember | SiteAdmin;
    /// Make, change, move and delete groups, and say who is in them.
    GroupEdit: OrganizationOwner | SiteAdmin;
    /// Create APIs in the organization.
    OrganizationDesign: OrganizationOwner | BusinessAdmin | ApiDesigner | SiteAdmin;
    /// Create plans, limit groups and destinations in the organization.
    OrganizationProvide: OrganizationOwner | BusinessAdmin | SiteAdmin;
    /// Create apps in the organization.
    OrganizationConsume: OrganizationOwner | SiteAdmin;
    /// See, make and change the webhooks of an organization, and what was delivered.
    OrganizationWebhooks: OrganizationOwner | SiteAdmin;
    /// Create and change environments, shared plans and shared limit groups.
    PlatformSettings: SiteAdmin;
    /// See profiles: whoever designs APIs anywhere.
    ProfileRead: OrganizationOwner | BusinessAdmin | ApiDesigner | ApiAdministrator | SiteAdmin;
    /// See a plan or limit group.
    PlanRead: Registered;
    /// See an API that is public.
    ApiReadPublic: Anyone;
    /// See an API that registered people may see.
    ApiReadRegistered: Registered;
    /// See an API that is private.
    ApiReadPrivate: OrganizationOwner | OrganizationReader | BusinessAdmin | ApiDesigner | ApiAdministrator | SiteAdmin;
    /// Change an API, its versions and where they are published.
    ApiEdit: ApiAdministrator | BusinessAdmin | ApiDesigner | OrganizationOwner | SiteAdmin;
    /// Appoint and remove API administrators, remove followers.
    ApiAdminister: ApiAdministrator | BusinessAdmin | OrganizationOwner | SiteAdmin;
    /// See who asks for access, decide, suspend, resume, cancel, modify: the API side (A17, A41, C65).
    ApiDecide: ApiAdministrator | BusinessAdmin | SiteAdmin;
    /// Lift a suspension whichever side set it.
    ApiOverrideSuspension: BusinessAdmin | SiteAdmin;
    /// See an app and its subscriptions.
    AppRead: AppOwner | AppDeveloper | AppReader | OrganizationOwner | OrganizationReader | SiteAdmin;
    /// Mark a decision as read, for the whole team (C63).
    AppTeam: AppOwner | AppDeveloper | AppReader;
    /// Change an app, its clients and their credentials (C51, C72).
    AppEdit: AppOwner | AppDeveloper | SiteAdmin;
    /// Manage the team, remove followers, delete the app.
    AppManage: AppOwner | OrganizationOwner | SiteAdmin;
    /// Request access, suspend, resume, cancel, resubmit: the app side (A16, A40).
    AppSubscribe: AppOwner | SiteAdmin;
    /// Bring data of another system in, and take all of it out (C77).
    Exchange: SiteAdmin;
    /// Read the whole audit trail.
    TrailRead: SiteAdmin;
}

/// Whether a caller who stands like this may do that.
pub fn may(standing: Standing, verb: Verb) -> bool {
    standing.any(verb.allowed())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A16 A17 A40 C65
    #[test]
    fn the_two_sides_of_a_subscription_are_disjoint() {
        let app_side = [
            Relation::ApiDesigner,
            Relation::GroupMember,
            Relation::AppOwner,
            Relation::AppDeveloper,
            Relation::AppReader,
            Relation::OrganizationOwner,
        ];
        for relation in app_side {
            let standing = Standing::default().and(Relation::Registered).and(relation);
            assert!(!may(standing, Verb::ApiDecide), "{relation:?} must not decide");
        }
        for relation in
            [Relation::ApiAdministrator, Relation::BusinessAdmin, Relation::ApiDesigner, Relation::AppDeveloper]
        {
            let standing = Standing::default().and(Relation::Registered).and(relation);
            assert!(!may(standing, Verb::AppSubscribe), "{relation:?} must not subscribe");
        }
    }

    #[test]
    fn nobody_may_do_nothing_but_look_at_what_is_public() {
        let nobody = Standing::default().and(Relation::Anyone);
        let allowed: Vec<Verb> = Verb::ALL.iter().copied().filter(|v| may(nobody, *v)).collect();
        assert_eq!(allowed, [Verb::ApiReadPublic]);
    }

    #[test]
    fn a_site_admin_may_do_everything_that_needs_a_standing() {
        let admin = Standing::default().and(Relation::Anyone).and(Relation::Registered).and(Relation::SiteAdmin);
        let personal = [Verb::UserReadPrivate, Verb::AppTeam];
        assert!(Verb::ALL.iter().filter(|v| !personal.contains(v)).all(|v| may(admin, *v)));
    }

    #[test]
    fn the_role_matrix_is_the_committed_one() {
        let mut matrix = String::new();
        for verb in Verb::ALL {
            let row: Vec<String> = verb.allowed().iter().map(|r| format!("{r:?}")).collect();
            matrix.push_str(&format!("{:<28} {}\n", format!("{verb:?}"), row.join(" ")));
        }
        insta::assert_snapshot!("role_matrix", matrix);
    }
}
