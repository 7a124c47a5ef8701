-- What clients of the Ceptor data model have: where answers may be sent, two more lifetimes, and certificates.

ALTER TABLE clients ADD COLUMN allowed_uris TEXT NOT NULL DEFAULT '[]';
ALTER TABLE clients ADD COLUMN allowed_logout_uris TEXT NOT NULL DEFAULT '[]';
ALTER TABLE clients ADD COLUMN refreshtoken_validity_seconds BIGINT;
ALTER TABLE clients ADD COLUMN maximum_idtoken_expiration_minutes BIGINT;

-- What is known of a credential that is a certificate. Its digest is the SHA-256 of the DER.
CREATE TABLE certificates (
  credential_id TEXT NOT NULL PRIMARY KEY REFERENCES credentials (id) ON DELETE CASCADE,
  -- Base64 of the DER, as it was given.
  der TEXT NOT NULL,
  subject TEXT NOT NULL,
  issuer TEXT NOT NULL,
  serial TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  allow_expired BOOLEAN NOT NULL,
  skip_chain_checks BOOLEAN NOT NULL,
  -- The developer who added it; none if an administrator did.
  added_by TEXT
);
