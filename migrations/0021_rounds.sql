-- A change that everybody around an API is told of, and how far that has come: a row each, worked off in pages. Neither the
-- change nor the API is referred to: what is gone meanwhile has nobody around it.
CREATE TABLE notice_rounds (
  seq BIGINT NOT NULL,
  api_id TEXT NOT NULL,
  circle TEXT NOT NULL,
  -- The last key that was handled: of a follower or of a subscription.
  after_key TEXT NOT NULL,
  PRIMARY KEY (seq, api_id, circle)
);

-- Followers are read page by page, in the order of their ids.
DROP INDEX follows_resource;
CREATE INDEX follows_resource ON follows (kind, resource_id, user_id);
