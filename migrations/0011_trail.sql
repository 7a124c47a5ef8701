-- Where the requests came from that wrote something. The name of a request, which the chain of the log covers, is made of
-- these values and of `nonce`: they can be forgotten, but not altered unnoticed. `via` is not among them: the session or
-- token is known only when the request already has its name.
CREATE TABLE change_origins (
  request TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  nonce TEXT NOT NULL,
  via TEXT
);
CREATE INDEX change_origins_by_at ON change_origins (at);

CREATE INDEX changes_by_request ON changes (request);
CREATE INDEX changes_by_at ON changes (at);

-- Which entries are about the resources of an organization; made of the log by its reader `trail`. Where `whole` is
-- false they are about one of its apps only, beside what is of others.
CREATE TABLE trail_scopes (
  organization TEXT NOT NULL,
  seq BIGINT NOT NULL,
  whole BOOLEAN NOT NULL,
  PRIMARY KEY (organization, seq)
);

-- What the same reader knows of owners, also of what is gone.
CREATE TABLE trail_owners (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  organization TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);

-- Requests with an `Idempotency-Key` that wrote something. The row is written in the transaction of that write; the
-- answer follows. `print` and `answer` are sealed: bodies may hold secrets.
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
