-- The change log: the audit trail, the boards, and the bell for everyone who has to be told.
-- Numbers have no gaps and are in the order of commits. Nothing here is ever updated or deleted but the head
-- and the cursors.

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
CREATE INDEX changes_by_subject_kind ON changes (subject_kind, seq);
CREATE INDEX changes_by_verb ON changes (verb, seq);

-- Every resource whose board shows the change. No foreign key: it would cost a look-up per row inside the one
-- step that all writers queue for, and the hash of the change covers these rows.
CREATE TABLE change_touches (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (kind, id, seq)
);
CREATE INDEX change_touches_by_seq ON change_touches (seq);

-- One row: the last number given and the hash of its entry. Whoever holds this row writes the next entries.
CREATE TABLE change_head (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO change_head (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- How far each reader of the log has come.
CREATE TABLE cursors (
  reader TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
