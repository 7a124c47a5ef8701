-- The catalogue: profiles (template and fence for designers of APIs), the roles of people that profiles ask for, tags,
-- API groups and pages of documentation.

CREATE TABLE profiles (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  subscription_allow_override BOOLEAN NOT NULL,
  subscription_required BOOLEAN NOT NULL,
  requestmod_specify_defaults BOOLEAN NOT NULL,
  requestmod_allow_override BOOLEAN NOT NULL,
  -- JSON: the default request modification of a version.
  requestmod_defaults TEXT NOT NULL,
  security_specify_defaults BOOLEAN NOT NULL,
  security_allow_override BOOLEAN NOT NULL,
  security_allow_override_per_operation BOOLEAN NOT NULL,
  -- JSON: the default security of a version.
  security_defaults TEXT NOT NULL,
  implementation_limit_methods BOOLEAN NOT NULL,
  implementation_method_pipeline BOOLEAN NOT NULL,
  implementation_method_script BOOLEAN NOT NULL,
  implementation_method_proxy BOOLEAN NOT NULL,
  implementation_allow_override_per_operation BOOLEAN NOT NULL,
  publish_allow BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX profiles_name ON profiles (name);

-- The lists of a profile, in the order in which they were given.
CREATE TABLE profile_roles (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (profile_id, position)
);
CREATE TABLE profile_plans (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  plan_id TEXT NOT NULL REFERENCES plans (id),
  PRIMARY KEY (profile_id, position)
);
CREATE INDEX profile_plans_plan ON profile_plans (plan_id);
CREATE TABLE profile_environments (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  environment_id TEXT NOT NULL REFERENCES environments (id),
  PRIMARY KEY (profile_id, position)
);
CREATE INDEX profile_environments_environment ON profile_environments (environment_id);
CREATE TABLE profile_destinations (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (profile_id, position)
);

-- Which profile fences the designers of an API.
ALTER TABLE apis ADD COLUMN profile_id TEXT REFERENCES profiles (id);
CREATE INDEX apis_profile ON apis (profile_id, id);

-- What somebody holds beside being a member: words that profiles ask for, and privileges to override what a profile
-- fences, everywhere (no profile) or under one.
CREATE TABLE user_roles (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT COLLATE "binary" NOT NULL,
  profile_id TEXT REFERENCES profiles (id) ON DELETE CASCADE,
  granted_by TEXT NOT NULL,
  granted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_roles_everywhere ON user_roles (user_id, role) WHERE profile_id IS NULL;
CREATE UNIQUE INDEX user_roles_under ON user_roles (user_id, role, profile_id) WHERE profile_id IS NOT NULL;
CREATE INDEX user_roles_profile ON user_roles (profile_id);

CREATE TABLE api_tags (
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  tag TEXT COLLATE "binary" NOT NULL,
  PRIMARY KEY (api_id, tag)
);
CREATE UNIQUE INDEX api_tags_tag ON api_tags (tag, api_id);

CREATE TABLE api_groups (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_groups_name ON api_groups (organization_id, name);
CREATE INDEX api_groups_organization ON api_groups (organization_id, id);

CREATE TABLE api_group_apis (
  group_id TEXT NOT NULL REFERENCES api_groups (id) ON DELETE CASCADE,
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, api_id)
);
CREATE INDEX api_group_apis_api ON api_group_apis (api_id, group_id);

CREATE TABLE api_pages (
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  slug TEXT COLLATE "binary" NOT NULL,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  position BIGINT NOT NULL,
  -- Markdown, as it was written.
  text TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (api_id, slug)
);
CREATE INDEX api_pages_position ON api_pages (api_id, position, slug);

CREATE INDEX users_kind ON users (kind, id);

-- The words of APIs now come from more places than before: the reader begins anew.
DELETE FROM cursors WHERE reader = 'search';
