-- The life of a version to its retirement, the revisions of what it is, publications that pin one of them, and what
-- consumers are told of an environment.

-- Documents, each once however many revisions have it. `number` is the revision that brought it.
CREATE TABLE version_documents (
  version_id TEXT NOT NULL REFERENCES api_versions (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  format TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (version_id, number)
);
INSERT INTO version_documents (version_id, number, title, format, text)
  SELECT id, 1, title, format, document FROM api_versions;

-- What a version was, and is: never changed, only followed by the next one.
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
INSERT INTO version_revisions (version_id, number, document, settings, origin, note, author, created_at)
  SELECT id, 1, 1,
         '{"security":' || security || ',"forward_everything":' || CASE WHEN forward_everything THEN 'true' ELSE 'false' END || '}',
         'uploaded', '', 'system', created_at
  FROM api_versions;

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
INSERT INTO version_operations (version_id, document, position, name, method, path, summary, scopes, demands)
  SELECT version_id, 1, position, name, method, path, summary, scopes, demands FROM operations;
DROP TABLE operations;

ALTER TABLE api_versions DROP COLUMN document;
ALTER TABLE api_versions DROP COLUMN format;
ALTER TABLE api_versions DROP COLUMN title;
ALTER TABLE api_versions DROP COLUMN security;
ALTER TABLE api_versions DROP COLUMN forward_everything;
-- The newest.
ALTER TABLE api_versions ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE api_versions ADD COLUMN state TEXT NOT NULL DEFAULT 'draft';
ALTER TABLE api_versions ADD COLUMN deprecated_at BIGINT;
-- When subscribers were last told when it ends.
ALTER TABLE api_versions ADD COLUMN announced_at BIGINT;
ALTER TABLE api_versions ADD COLUMN sunset_at BIGINT;
ALTER TABLE api_versions ADD COLUMN retired_at BIGINT;
-- No reference: a successor that was deleted names nothing, and no id is given twice.
ALTER TABLE api_versions ADD COLUMN successor_id TEXT;
ALTER TABLE api_versions ADD COLUMN link TEXT NOT NULL DEFAULT '';
-- When the clock has to do something about it next.
ALTER TABLE api_versions ADD COLUMN due_at BIGINT;
CREATE INDEX api_versions_due ON api_versions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX api_versions_successor ON api_versions (successor_id) WHERE successor_id IS NOT NULL;
UPDATE api_versions SET state = 'published' WHERE id IN (SELECT version_id FROM publications);

-- What callers get there.
ALTER TABLE publications ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;

ALTER TABLE environments ADD COLUMN description TEXT NOT NULL DEFAULT '';
-- Empty: those of this program.
ALTER TABLE environments ADD COLUMN oauth_authorization_url TEXT NOT NULL DEFAULT '';
ALTER TABLE environments ADD COLUMN oauth_token_url TEXT NOT NULL DEFAULT '';
ALTER TABLE environments ADD COLUMN oidc_discovery_url TEXT NOT NULL DEFAULT '';
ALTER TABLE environments ADD COLUMN gateway TEXT NOT NULL DEFAULT '';
