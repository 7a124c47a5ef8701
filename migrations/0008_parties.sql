-- Partners: whom to ask, who manages whom, roles that are granted on an organization, invitations; people whose address
-- is proven; groups of people; and the indexes that connections are walked along.

ALTER TABLE organizations ADD COLUMN contact_name TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN contact_email TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN contact_url TEXT NOT NULL DEFAULT '';
-- The organization whose OWNERs act for this one, and since when.
ALTER TABLE organizations ADD COLUMN managed_by TEXT REFERENCES organizations (id);
ALTER TABLE organizations ADD COLUMN managed_since BIGINT;
CREATE INDEX organizations_managed_by ON organizations (managed_by, id);

ALTER TABLE organization_members ADD COLUMN since BIGINT NOT NULL DEFAULT 0;

-- What is granted on an organization beside membership: business_admin, api_designer.
CREATE TABLE organization_roles (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (organization_id, role, user_id)
);
CREATE INDEX organization_roles_user ON organization_roles (user_id, organization_id);
INSERT INTO organization_roles (organization_id, user_id, role, since)
  SELECT organization_id, user_id, 'business_admin', 0 FROM business_admins;
DROP TABLE business_admins;

-- One pending invitation for an address in an organization. The token in the mail is derived, not stored.
CREATE TABLE invitations (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  invited_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  closed_at BIGINT,
  accepted_by TEXT
);
CREATE UNIQUE INDEX invitations_pending ON invitations (organization_id, email) WHERE state = 'pending';
CREATE INDEX invitations_organization ON invitations (organization_id, id);
CREATE INDEX invitations_email ON invitations (email, id) WHERE state = 'pending';

-- Addresses in lower case: one that is proven belongs to one account.
ALTER TABLE users ADD COLUMN email_folded TEXT COLLATE "binary" NOT NULL DEFAULT '';
UPDATE users SET email_folded = LOWER(email);
CREATE UNIQUE INDEX users_verified_email ON users (email_folded) WHERE email_verified;
CREATE INDEX users_email ON users (email_folded, id);
CREATE INDEX users_username_prefix ON users (username COLLATE "binary");
-- When a link was last asked for, so that nobody is flooded with mail.
ALTER TABLE users ADD COLUMN verification_asked_at BIGINT;

CREATE TABLE groups (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  parent_id TEXT REFERENCES groups (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  contract_number TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX groups_organization ON groups (organization_id, id);
CREATE INDEX groups_parent ON groups (parent_id, id);
CREATE UNIQUE INDEX groups_name ON groups (parent_id, name) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX groups_root_name ON groups (organization_id, name) WHERE parent_id IS NULL;

-- Whoever leaves the organization leaves its groups.
CREATE TABLE group_members (
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (group_id, user_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES organization_members (organization_id, user_id) ON DELETE CASCADE
);
CREATE INDEX group_members_user ON group_members (user_id, group_id);
CREATE INDEX group_members_member ON group_members (organization_id, user_id);

-- Connections are listed by state and environment from either end, a page at a time.
CREATE INDEX subscriptions_api_place ON subscriptions (api_id, environment_id, state, id);
CREATE INDEX subscriptions_app_place ON subscriptions (app_id, environment_id, state, id);
DROP INDEX follows_resource;
CREATE INDEX follows_resource ON follows (kind, resource_id, user_id);
