-- What happened to a resource is found by the verb as well: on the board of an API that has many subscriptions strangers
-- see the few entries that are everybody's.
ALTER TABLE change_touches ADD COLUMN verb TEXT NOT NULL DEFAULT '';
UPDATE change_touches SET verb = COALESCE((SELECT c.verb FROM changes c WHERE c.seq = change_touches.seq), '');
CREATE INDEX change_touches_by_verb ON change_touches (kind, id, verb, seq);
