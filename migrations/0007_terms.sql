-- Terms that end and that change, connections that come about by themselves, legal texts with a life of their own, and
-- inboxes for more than requests. 9223372036854775807 as an end means never, so that what ends soonest comes first.

ALTER TABLE plans ADD COLUMN retired_at BIGINT;

ALTER TABLE api_environments ADD COLUMN auto_connect BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE api_environments ADD COLUMN auto_plan_id TEXT REFERENCES plans (id);
CREATE INDEX api_environments_auto ON api_environments (api_id, environment_id) WHERE auto_connect;

ALTER TABLE subscriptions ADD COLUMN origin TEXT NOT NULL DEFAULT 'requested';
ALTER TABLE subscriptions ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 9223372036854775807;
-- When the clock has to do something next: remind of the end, or end it.
ALTER TABLE subscriptions ADD COLUMN due_at BIGINT;
CREATE INDEX subscriptions_due ON subscriptions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX subscriptions_ending ON subscriptions (api_id, ends_at, id);

-- Other terms that were asked for while the old ones go on.
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
CREATE INDEX subscription_revisions_subscription ON subscription_revisions (subscription_id, id);
CREATE INDEX subscription_revisions_plan ON subscription_revisions (plan_id);

-- Agreements belong to an API or to the platform, and go through states. The scope is the API's id, or `platform`.
CREATE TABLE kept_agreements AS SELECT * FROM agreements;
CREATE TABLE kept_acceptances AS SELECT * FROM acceptances;
DROP TABLE acceptances;
DROP TABLE agreements;
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
INSERT INTO agreements (id, version, scope, api_id, number, title, text, state, created_at, published_at, activated_at)
  SELECT id, version, api_id, api_id, number, title, text, CASE WHEN active THEN 'active' ELSE 'retired' END,
    created_at, created_at, created_at FROM kept_agreements;
CREATE UNIQUE INDEX agreements_number ON agreements (scope, number);
CREATE UNIQUE INDEX agreements_active ON agreements (scope) WHERE state = 'active';
CREATE INDEX agreements_api ON agreements (api_id);
CREATE TABLE acceptances (
  id TEXT NOT NULL PRIMARY KEY,
  agreement_id TEXT NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  -- Absent for the platform's own text, which is answered at sign-in.
  request_id TEXT,
  answer TEXT NOT NULL,
  answered_at BIGINT NOT NULL
);
INSERT INTO acceptances (id, agreement_id, user_id, request_id, answer, answered_at)
  SELECT id, agreement_id, user_id, request_id, answer, answered_at FROM kept_acceptances;
CREATE INDEX acceptances_agreement ON acceptances (agreement_id, id);
CREATE INDEX acceptances_user ON acceptances (user_id, agreement_id);
CREATE INDEX acceptances_request ON acceptances (request_id);
DROP TABLE kept_acceptances;
DROP TABLE kept_agreements;

-- Tasks are for the administrators of an API or of an organization; not each of them is about a subscription.
CREATE TABLE kept_tasks AS SELECT * FROM tasks;
DROP TABLE tasks;
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
INSERT INTO tasks (id, version, kind, inbox, subscription_id, title, text, state, created_at, active_at, closed_at)
  SELECT id, version, kind, api_id, subscription_id, '', '', state, created_at, created_at, closed_at FROM kept_tasks;
CREATE INDEX tasks_inbox ON tasks (inbox, state, id);
CREATE INDEX tasks_assignee ON tasks (assignee, state, id) WHERE assignee IS NOT NULL;
CREATE UNIQUE INDEX tasks_alert ON tasks (alert_key) WHERE state = 'open';
DROP TABLE kept_tasks;

-- Up to when somebody has read a task.
CREATE TABLE task_marks (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (task_id, user_id)
);
CREATE INDEX task_marks_user ON task_marks (user_id);
