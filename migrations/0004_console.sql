-- What a console asks for: words to search by, decisions by app and API, when credentials were last used, when an app
-- first got a token, and how far somebody has read their feed.

CREATE TABLE search_terms (
  kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  term TEXT COLLATE "binary" NOT NULL,
  -- 0: its name or identifier; 1: its description.
  place BIGINT NOT NULL,
  PRIMARY KEY (kind, resource_id, term)
);
CREATE INDEX search_terms_term ON search_terms (term, kind, resource_id);

ALTER TABLE decisions ADD COLUMN allowed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE decisions ADD COLUMN status BIGINT NOT NULL DEFAULT 0;
UPDATE decisions SET allowed = TRUE WHERE record LIKE '%"allowed":true%';
CREATE INDEX decisions_app ON decisions (app_id, id);
CREATE INDEX decisions_api ON decisions (api_id, id);

ALTER TABLE credentials ADD COLUMN last_used_at BIGINT;
ALTER TABLE clients ADD COLUMN first_token_at BIGINT;
CREATE INDEX usage_minutes_client ON usage_minutes (client_id, minute);

CREATE INDEX notices_unread ON notices (user_id) WHERE read_at IS NULL;
CREATE INDEX subscriptions_unread ON subscriptions (app_id) WHERE unread;

CREATE TABLE feed_marks (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  seq BIGINT NOT NULL
);

-- How many required parameters, those of the path aside, and bodies an operation has: 0 can be tried without thinking.
ALTER TABLE operations ADD COLUMN demands BIGINT NOT NULL DEFAULT 0;
