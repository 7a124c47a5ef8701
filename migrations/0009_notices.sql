-- Mail and webhooks: what is to be sent because of entries of the log. Rows are made in the transaction that moves the
-- reader's cursor, so nothing is lost and nothing is made twice; whoever sends takes them from here.

CREATE TABLE notice_settings (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  version BIGINT NOT NULL,
  -- immediate, daily or off
  mail TEXT NOT NULL,
  -- The topics without mail, as a JSON list.
  muted TEXT NOT NULL
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
);
CREATE INDEX mails_due ON mails (due_at) WHERE state = 'waiting';
CREATE INDEX mails_ended ON mails (state, ended_at);
CREATE INDEX mails_user ON mails (user_id);
CREATE INDEX mails_failing ON mails (tried_at) WHERE error IS NOT NULL;

-- The entries of the log that a mail tells of.
CREATE TABLE mail_items (
  mail_id TEXT NOT NULL REFERENCES mails (id) ON DELETE CASCADE,
  seq BIGINT NOT NULL,
  PRIMARY KEY (mail_id, seq)
);

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
CREATE INDEX webhooks_organization ON webhooks (organization_id, id);
CREATE INDEX webhooks_next ON webhooks (next_at) WHERE next_at IS NOT NULL;

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
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_state ON webhook_deliveries (webhook_id, state, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_subject ON webhook_deliveries (webhook_id, subject, seq) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (state, ended_at);
