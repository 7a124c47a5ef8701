CREATE TABLE acceptances (
  id TEXT NOT NULL PRIMARY KEY,
  agreement_id TEXT NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  -- Absent for the platform's own text, which is answered at sign-in.
  request_id TEXT,
  answer TEXT NOT NULL,
  answered_at BIGINT NOT NULL
);
CREATE INDEX acceptances_agreement ON acceptances (agreement_id, id);
CREATE INDEX acceptances_request ON acceptances (request_id);
CREATE INDEX acceptances_user ON acceptances (user_id, agreement_id);

CREATE TABLE agreements (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  scope TEXT NOT NULL,
  api_id TEXT REFERENCES apis (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  published_at BIGINT,
  activated_at BIGINT,
  retired_at BIGINT
);
CREATE UNIQUE INDEX agreements_active ON agreements (scope) WHERE state = 'active';
CREATE INDEX agreements_api ON agreements (api_id);
CREATE UNIQUE INDEX agreements_number ON agreements (scope, number);

CREATE TABLE api_administrators (
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (api_id, user_id)
);
CREATE INDEX api_administrators_user ON api_administrators (user_id);

CREATE TABLE api_environments (
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  environment_id TEXT NOT NULL REFERENCES environments (id),
  approval TEXT NOT NULL,
  activation TEXT NOT NULL, auto_connect BOOLEAN NOT NULL DEFAULT FALSE, auto_plan_id TEXT REFERENCES plans (id),
  PRIMARY KEY (api_id, environment_id)
);
CREATE INDEX api_environments_auto ON api_environments (api_id, environment_id) WHERE auto_connect;

CREATE TABLE api_group_apis (
  group_id TEXT NOT NULL REFERENCES api_groups (id) ON DELETE CASCADE,
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, api_id)
);
CREATE INDEX api_group_apis_api ON api_group_apis (api_id, group_id);

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

CREATE TABLE api_plans (
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  plan_id TEXT NOT NULL REFERENCES plans (id),
  PRIMARY KEY (api_id, plan_id)
);
CREATE INDEX api_plans_plan ON api_plans (plan_id);

CREATE TABLE api_tags (
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  tag TEXT COLLATE "binary" NOT NULL,
  PRIMARY KEY (api_id, tag)
);
CREATE UNIQUE INDEX api_tags_tag ON api_tags (tag, api_id);

CREATE TABLE api_versions (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
, revision BIGINT NOT NULL DEFAULT 1, state TEXT NOT NULL DEFAULT 'draft', deprecated_at BIGINT, announced_at BIGINT, sunset_at BIGINT, retired_at BIGINT, successor_id TEXT, link TEXT NOT NULL DEFAULT '', due_at BIGINT);
CREATE INDEX api_versions_due ON api_versions (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX api_versions_name ON api_versions (api_id, name);
CREATE INDEX api_versions_successor ON api_versions (successor_id) WHERE successor_id IS NOT NULL;

CREATE TABLE apis (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  visibility TEXT NOT NULL,
  subscription_required BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
, profile_id TEXT REFERENCES profiles (id));
CREATE INDEX apis_organization ON apis (organization_id);
CREATE INDEX apis_profile ON apis (profile_id, id);
CREATE UNIQUE INDEX apis_slug ON apis (slug);

CREATE TABLE app_members (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  PRIMARY KEY (app_id, user_id)
);
CREATE INDEX app_members_user ON app_members (user_id, app_id);

CREATE TABLE apps (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX apps_organization ON apps (organization_id, id);

CREATE TABLE certificates (
  credential_id TEXT NOT NULL PRIMARY KEY REFERENCES credentials (id) ON DELETE CASCADE,
  -- Base64 of the DER, as it was given.
  der TEXT NOT NULL,
  subject TEXT NOT NULL,
  issuer TEXT NOT NULL,
  serial TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  allow_expired BOOLEAN NOT NULL,
  skip_chain_checks BOOLEAN NOT NULL,
  -- The developer who added it; none if an administrator did.
  added_by TEXT
);

CREATE TABLE change_head (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);

CREATE TABLE change_origins (
  request TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  nonce TEXT NOT NULL,
  via TEXT
);
CREATE INDEX change_origins_by_at ON change_origins (at);

CREATE TABLE change_touches (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL, verb TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (kind, id, seq)
);
CREATE INDEX change_touches_by_seq ON change_touches (seq);
CREATE INDEX change_touches_by_verb ON change_touches (kind, id, verb, seq);

CREATE TABLE changes (
  seq BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  verb TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  note TEXT,
  detail TEXT NOT NULL,
  request TEXT,
  -- SHA-256 over the hash before, the number and the digest of the entry.
  hash TEXT NOT NULL
);
CREATE INDEX changes_by_actor ON changes (actor, seq);
CREATE INDEX changes_by_at ON changes (at);
CREATE INDEX changes_by_request ON changes (request);
CREATE INDEX changes_by_subject_kind ON changes (subject_kind, seq);
CREATE INDEX changes_by_verb ON changes (verb, seq);

CREATE TABLE client_tombstones (
  client_id TEXT NOT NULL PRIMARY KEY,
  deleted_at BIGINT NOT NULL
);

CREATE TABLE clients (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  client_id TEXT NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id),
  service_account TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  accesstoken_type TEXT NOT NULL,
  accesstoken_valid_seconds BIGINT,
  allowed_scopes TEXT NOT NULL,
  valid_grant_types TEXT NOT NULL,
  environments TEXT NOT NULL,
  tokens_not_before BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL
, first_token_at BIGINT, allowed_uris TEXT NOT NULL DEFAULT '[]', allowed_logout_uris TEXT NOT NULL DEFAULT '[]', refreshtoken_validity_seconds BIGINT, maximum_idtoken_expiration_minutes BIGINT);
CREATE INDEX clients_app ON clients (app_id, id);
CREATE UNIQUE INDEX clients_client_id ON clients (client_id);

CREATE TABLE credentials (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  digest TEXT NOT NULL,
  hint TEXT NOT NULL,
  description TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  expires_at BIGINT,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL
, last_used_at BIGINT);
CREATE INDEX credentials_client ON credentials (client_id);
CREATE UNIQUE INDEX credentials_digest ON credentials (digest);

CREATE TABLE cursors (
  reader TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);

CREATE TABLE decisions (
  id TEXT NOT NULL PRIMARY KEY,
  decided_at BIGINT NOT NULL,
  app_id TEXT NOT NULL,
  api_id TEXT NOT NULL,
  record TEXT NOT NULL
, allowed BOOLEAN NOT NULL DEFAULT FALSE, status BIGINT NOT NULL DEFAULT 0);
CREATE INDEX decisions_api ON decisions (api_id, id);
CREATE INDEX decisions_app ON decisions (app_id, id);
CREATE INDEX decisions_decided_at ON decisions (decided_at);

CREATE TABLE destinations (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX destinations_name ON destinations (organization_id, name);

CREATE TABLE environments (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  prefix TEXT NOT NULL,
  created_at BIGINT NOT NULL
, description TEXT NOT NULL DEFAULT '', oauth_authorization_url TEXT NOT NULL DEFAULT '', oauth_token_url TEXT NOT NULL DEFAULT '', oidc_discovery_url TEXT NOT NULL DEFAULT '', gateway TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX environments_address ON environments (host, prefix);
CREATE UNIQUE INDEX environments_slug ON environments (slug);

CREATE TABLE feed_marks (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  seq BIGINT NOT NULL
);

CREATE TABLE follows (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  followed_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, kind, resource_id)
);
CREATE INDEX follows_resource ON follows (kind, resource_id, user_id);

CREATE TABLE group_members (
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (group_id, user_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES organization_members (organization_id, user_id) ON DELETE CASCADE
);
CREATE INDEX group_members_member ON group_members (organization_id, user_id);
CREATE INDEX group_members_user ON group_members (user_id, group_id);

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
CREATE UNIQUE INDEX groups_name ON groups (parent_id, name) WHERE parent_id IS NOT NULL;
CREATE INDEX groups_organization ON groups (organization_id, id);
CREATE INDEX groups_parent ON groups (parent_id, id);
CREATE UNIQUE INDEX groups_root_name ON groups (organization_id, name) WHERE parent_id IS NULL;

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
CREATE INDEX invitations_email ON invitations (email, id) WHERE state = 'pending';
CREATE INDEX invitations_organization ON invitations (organization_id, id);
CREATE UNIQUE INDEX invitations_pending ON invitations (organization_id, email) WHERE state = 'pending';

CREATE TABLE kept_answers (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  at BIGINT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  print TEXT NOT NULL,
  answer TEXT,
  PRIMARY KEY (scope, key)
);
CREATE INDEX kept_answers_by_at ON kept_answers (at);

CREATE TABLE limit_groups (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id TEXT REFERENCES organizations (id),
  name TEXT NOT NULL,
  windows TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE mail_items (
  mail_id TEXT NOT NULL REFERENCES mails (id) ON DELETE CASCADE,
  seq BIGINT NOT NULL,
  PRIMARY KEY (mail_id, seq)
);

CREATE TABLE mails (
  -- The left side of the Message-ID: the change and the receiver.
  id TEXT NOT NULL PRIMARY KEY,
  -- NULL for an invitation, whose address the entry knows.
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  -- When it is tried next; a claimed one becomes due again when its claim has run out.
  due_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  tried_at BIGINT,
  ended_at BIGINT,
  error TEXT
, address TEXT);
CREATE INDEX mails_address ON mails (address, tried_at) WHERE address IS NOT NULL;
CREATE INDEX mails_due ON mails (due_at) WHERE state = 'waiting';
CREATE INDEX mails_ended ON mails (state, ended_at);
CREATE INDEX mails_failing ON mails (tried_at) WHERE error IS NOT NULL;
CREATE INDEX mails_user ON mails (user_id);

CREATE TABLE migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL);

CREATE TABLE notice_rounds (
  seq BIGINT NOT NULL,
  api_id TEXT NOT NULL,
  circle TEXT NOT NULL,
  -- The last key that was handled: of a follower or of a subscription.
  after_key TEXT NOT NULL,
  PRIMARY KEY (seq, api_id, circle)
);

CREATE TABLE notice_settings (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  version BIGINT NOT NULL,
  -- immediate, daily or off
  mail TEXT NOT NULL,
  -- The topics without mail, as a JSON list.
  muted TEXT NOT NULL
);

CREATE TABLE notices (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  seq BIGINT NOT NULL,
  verb TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  note TEXT,
  created_at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE UNIQUE INDEX notices_once ON notices (user_id, seq);
CREATE INDEX notices_unread ON notices (user_id) WHERE read_at IS NULL;

CREATE TABLE organization_members (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL, since BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX organization_members_user ON organization_members (user_id);

CREATE TABLE organization_roles (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (organization_id, role, user_id)
);
CREATE INDEX organization_roles_user ON organization_roles (user_id, organization_id);

CREATE TABLE organizations (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL
, contact_name TEXT NOT NULL DEFAULT '', contact_email TEXT NOT NULL DEFAULT '', contact_url TEXT NOT NULL DEFAULT '', managed_by TEXT REFERENCES organizations (id), managed_since BIGINT);
CREATE INDEX organizations_managed_by ON organizations (managed_by, id);

CREATE TABLE personal_tokens (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  hint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT
);
CREATE UNIQUE INDEX personal_tokens_digest ON personal_tokens (digest);
CREATE INDEX personal_tokens_user ON personal_tokens (user_id);

CREATE TABLE plans (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id TEXT REFERENCES organizations (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  is_default BOOLEAN NOT NULL,
  requires_approval BOOLEAN NOT NULL,
  limit_group_id TEXT REFERENCES limit_groups (id),
  created_at BIGINT NOT NULL
, retired_at BIGINT);
CREATE INDEX plans_limit_group ON plans (limit_group_id);

CREATE TABLE profile_destinations (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (profile_id, position)
);

CREATE TABLE profile_environments (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  environment_id TEXT NOT NULL REFERENCES environments (id),
  PRIMARY KEY (profile_id, position)
);
CREATE INDEX profile_environments_environment ON profile_environments (environment_id);

CREATE TABLE profile_plans (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  plan_id TEXT NOT NULL REFERENCES plans (id),
  PRIMARY KEY (profile_id, position)
);
CREATE INDEX profile_plans_plan ON profile_plans (plan_id);

CREATE TABLE profile_roles (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (profile_id, position)
);

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

CREATE TABLE publications (
  version_id TEXT NOT NULL REFERENCES api_versions (id) ON DELETE CASCADE,
  environment_id TEXT NOT NULL REFERENCES environments (id),
  destination_id TEXT NOT NULL REFERENCES destinations (id),
  published_at BIGINT NOT NULL, revision BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (version_id, environment_id)
);
CREATE INDEX publications_destination ON publications (destination_id);
CREATE INDEX publications_environment ON publications (environment_id);

CREATE TABLE revoked_jwts (
  id TEXT NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX revoked_jwts_expires ON revoked_jwts (expires_at);

CREATE TABLE search_terms (
  kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  term TEXT COLLATE "binary" NOT NULL,
  -- 0: its name or identifier; 1: its description.
  place BIGINT NOT NULL,
  PRIMARY KEY (kind, resource_id, term)
);
CREATE INDEX search_terms_term ON search_terms (kind, term, resource_id);

CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  lineage TEXT NOT NULL,
  digest TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  authenticated_at BIGINT NOT NULL,
  user_agent TEXT NOT NULL,
  is_replaced BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX sessions_digest ON sessions (digest);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE signing_keys (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  kid TEXT NOT NULL,
  alg TEXT NOT NULL,
  state TEXT NOT NULL,
  jwk TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX signing_keys_kid ON signing_keys (kid);

CREATE TABLE subscription_revisions (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
  request_id TEXT NOT NULL,
  plan_id TEXT NOT NULL REFERENCES plans (id),
  -- Absent leaves the end as it is.
  ends_at BIGINT,
  -- The terms that it was to replace, and then did.
  plan_before TEXT NOT NULL,
  ends_before BIGINT NOT NULL,
  state TEXT NOT NULL,
  comment_requestor TEXT,
  comment_response TEXT,
  requester TEXT NOT NULL,
  task_id TEXT,
  acceptance_id TEXT,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX subscription_revisions_open ON subscription_revisions (subscription_id)
  WHERE state IN ('requested', 'approved');
CREATE INDEX subscription_revisions_plan ON subscription_revisions (plan_id);
CREATE INDEX subscription_revisions_subscription ON subscription_revisions (subscription_id, id);

CREATE TABLE subscriptions (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  request_id TEXT NOT NULL,
  app_id TEXT NOT NULL,
  api_id TEXT NOT NULL,
  environment_id TEXT NOT NULL REFERENCES environments (id),
  plan_id TEXT NOT NULL REFERENCES plans (id),
  state TEXT NOT NULL,
  suspended_by TEXT,
  decision TEXT NOT NULL,
  comment_requestor TEXT,
  comment_response TEXT,
  unread BOOLEAN NOT NULL,
  requester TEXT NOT NULL,
  task_id TEXT,
  acceptance_id TEXT,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
, origin TEXT NOT NULL DEFAULT 'requested', ends_at BIGINT NOT NULL DEFAULT 9223372036854775807, due_at BIGINT);
CREATE INDEX subscriptions_api ON subscriptions (api_id, id);
CREATE INDEX subscriptions_api_place ON subscriptions (api_id, state, environment_id, id);
CREATE INDEX subscriptions_app ON subscriptions (app_id, id);
CREATE INDEX subscriptions_app_place ON subscriptions (app_id, state, environment_id, id);
CREATE INDEX subscriptions_due ON subscriptions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX subscriptions_ending ON subscriptions (api_id, ends_at, id);
CREATE INDEX subscriptions_key ON subscriptions (app_id, api_id, environment_id, id);
CREATE UNIQUE INDEX subscriptions_live ON subscriptions (app_id, api_id, environment_id)
  WHERE state IN ('requested', 'approved', 'active', 'suspended');
CREATE INDEX subscriptions_plan ON subscriptions (plan_id, state);
CREATE INDEX subscriptions_unread ON subscriptions (app_id) WHERE unread;

CREATE TABLE task_marks (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (task_id, user_id)
);
CREATE INDEX task_marks_user ON task_marks (user_id);

CREATE TABLE tasks (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL,
  -- The API or organization whose administrators have it in their inbox.
  inbox TEXT NOT NULL,
  subscription_id TEXT,
  revision_id TEXT,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  -- Of an alert: what it says, and what keeps it from being raised twice.
  code TEXT,
  alert_key TEXT,
  author TEXT,
  assignee TEXT,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- When something was last done or said about it: what was read before is unread again.
  active_at BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE UNIQUE INDEX tasks_alert ON tasks (alert_key) WHERE state = 'open';
CREATE INDEX tasks_assignee ON tasks (assignee, state, id) WHERE assignee IS NOT NULL;
CREATE INDEX tasks_inbox ON tasks (inbox, state, id);

CREATE TABLE tokens (
  id TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX tokens_client ON tokens (client_id);
CREATE UNIQUE INDEX tokens_digest ON tokens (digest);
CREATE INDEX tokens_expires ON tokens (expires_at);

CREATE TABLE trail_owners (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  organization TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);

CREATE TABLE trail_scopes (
  organization TEXT NOT NULL,
  seq BIGINT NOT NULL,
  whole BOOLEAN NOT NULL,
  PRIMARY KEY (organization, seq)
);

CREATE TABLE usage_minutes (
  minute BIGINT NOT NULL,
  environment_id TEXT NOT NULL,
  api_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  app_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  outcome TEXT NOT NULL,
  status BIGINT NOT NULL,
  calls BIGINT NOT NULL,
  duration_micros BIGINT NOT NULL,
  PRIMARY KEY (minute, environment_id, api_id, version_id, operation, app_id, client_id, subscription_id, outcome, status)
);
CREATE INDEX usage_minutes_api ON usage_minutes (api_id, minute);
CREATE INDEX usage_minutes_app ON usage_minutes (app_id, minute);
CREATE INDEX usage_minutes_client ON usage_minutes (client_id, minute);

CREATE TABLE user_roles (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT COLLATE "binary" NOT NULL,
  profile_id TEXT REFERENCES profiles (id) ON DELETE CASCADE,
  granted_by TEXT NOT NULL,
  granted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_roles_everywhere ON user_roles (user_id, role) WHERE profile_id IS NULL;
CREATE INDEX user_roles_profile ON user_roles (profile_id);
CREATE UNIQUE INDEX user_roles_under ON user_roles (user_id, role, profile_id) WHERE profile_id IS NOT NULL;
CREATE INDEX user_roles_user ON user_roles (user_id);

CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL,
  username TEXT NOT NULL,
  display_name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_verified BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  site_admin BOOLEAN NOT NULL,
  password TEXT,
  created_at BIGINT NOT NULL
, language TEXT, password_is_generated BOOLEAN NOT NULL DEFAULT FALSE, email_folded TEXT COLLATE "binary" NOT NULL DEFAULT '', verification_asked_at BIGINT);
CREATE INDEX users_email ON users (email_folded, id);
CREATE INDEX users_kind ON users (kind, id);
CREATE UNIQUE INDEX users_username ON users (username);
CREATE INDEX users_username_prefix ON users (username COLLATE "binary");
CREATE UNIQUE INDEX users_verified_email ON users (email_folded) WHERE email_verified;

CREATE TABLE version_documents (
  version_id TEXT NOT NULL REFERENCES api_versions (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  format TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (version_id, number)
);

CREATE TABLE version_operations (
  version_id TEXT NOT NULL REFERENCES api_versions (id) ON DELETE CASCADE,
  document BIGINT NOT NULL,
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  summary TEXT NOT NULL,
  scopes TEXT NOT NULL,
  -- How many required parameters, those of the path aside, and bodies it has: 0 can be tried without thinking.
  demands BIGINT NOT NULL,
  PRIMARY KEY (version_id, document, position)
);

CREATE TABLE version_revisions (
  version_id TEXT NOT NULL REFERENCES api_versions (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  document BIGINT NOT NULL,
  settings TEXT NOT NULL,
  -- What made it: uploaded, document, settings, rollback.
  origin TEXT NOT NULL,
  -- The revision that it brings back.
  restores BIGINT,
  note TEXT NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (version_id, number)
);

CREATE TABLE webhook_deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  -- The entry; NULL for a test.
  seq BIGINT,
  verb TEXT NOT NULL,
  subject TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  -- NULL while an earlier one about the same subject has not ended.
  due_at BIGINT,
  tries BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  tried_at BIGINT,
  ended_at BIGINT,
  status BIGINT,
  duration_ms BIGINT,
  excerpt TEXT,
  error TEXT
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (state, ended_at);
CREATE INDEX webhook_deliveries_state ON webhook_deliveries (webhook_id, state, id);
CREATE INDEX webhook_deliveries_subject ON webhook_deliveries (webhook_id, subject, seq) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);

CREATE TABLE webhooks (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  -- NULL: of the platform, told of everything.
  organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  -- Verbs, or prefixes with a star, as a JSON list.
  events TEXT NOT NULL,
  state TEXT NOT NULL,
  -- Why the program switched it off: gone, failing.
  fault TEXT,
  secret TEXT NOT NULL,
  old_secret TEXT,
  old_secret_until BIGINT,
  created_at BIGINT NOT NULL,
  -- Nothing that happened before is told.
  since BIGINT NOT NULL,
  failing_since BIGINT,
  failures BIGINT NOT NULL,
  -- When there is something to deliver next; NULL when there is nothing.
  next_at BIGINT,
  -- Until when somebody delivers, who alone may.
  claimed_until BIGINT
);
CREATE INDEX webhooks_next ON webhooks (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhooks_organization ON webhooks (organization_id, id);
