-- Sessions have an absolute end beside the one that use puts off, know when the password was last checked, and are shown
-- to their owner. Those that were open before end here. A session gets a new row and secret whenever the password is
-- checked; `lineage` stays, so that pages which are open go on.

DROP TABLE sessions;
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

ALTER TABLE users ADD COLUMN language TEXT;
-- Made by the program and not chosen by the person; signing in leads to choosing another.
ALTER TABLE users ADD COLUMN password_is_generated BOOLEAN NOT NULL DEFAULT FALSE;
