-- The last step of a write, which writes the verb of an entry beside each of its touches.
CREATE OR REPLACE FUNCTION append_changes(
  ats BIGINT[], actors TEXT[], verbs TEXT[], subject_kinds TEXT[], subject_ids TEXT[], notes TEXT[], details TEXT[],
  requests TEXT[], digests TEXT[], touch_entries BIGINT[], touch_kinds TEXT[], touch_ids TEXT[]
) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
  base BIGINT;
  chain TEXT;
  n BIGINT := cardinality(ats);
BEGIN
  SELECT h.seq, h.hash INTO STRICT base, chain FROM change_head h WHERE h.id = 1 FOR UPDATE;
  FOR i IN 1 .. n LOOP
    chain := encode(sha256(convert_to(chain || E'\n' || (base + i)::TEXT || E'\n' || digests[i], 'UTF8')), 'hex');
    INSERT INTO changes (seq, at, actor, verb, subject_kind, subject_id, note, detail, request, hash)
    VALUES (base + i, ats[i], actors[i], verbs[i], subject_kinds[i], subject_ids[i], notes[i], details[i],
            requests[i], chain);
  END LOOP;
  INSERT INTO change_touches (kind, id, seq, verb)
  SELECT t.kind, t.id, base + t.entry, verbs[t.entry]
  FROM unnest(touch_kinds, touch_ids, touch_entries) AS t (kind, id, entry);
  UPDATE change_head SET seq = base + n, hash = chain WHERE id = 1;
  RETURN base + n;
END
$$;
