-- To which address a mail that proves one went, folded: so that nobody has many sent to somebody else.
ALTER TABLE mails ADD COLUMN address TEXT;
CREATE INDEX mails_address ON mails (address, tried_at) WHERE address IS NOT NULL;
