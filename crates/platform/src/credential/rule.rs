//! How many credentials a client has, and what each kind is called.

use base::secret::Purpose;
use base::{Problem, ProblemKind, Timestamp};
use snapshot::CredentialKind;

/// What a secret of this kind is for.
pub const fn purpose(kind: CredentialKind) -> Purpose {
    match kind {
        CredentialKind::ClientSecret => Purpose::ClientSecret,
        CredentialKind::ApiKey => Purpose::ApiKey,
    }
}

/// The word for the kind.
pub const fn word(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ClientSecret => "client_secret",
        CredentialKind::ApiKey => "api_key",
    }
}

/// How many of one kind a client may have at once. Two secrets are enough to rotate one with an overlap.
pub const fn most(kind: CredentialKind) -> usize {
    match kind {
        CredentialKind::ClientSecret => 2,
        CredentialKind::ApiKey => 20,
    }
}

/// Passes if one more of this kind may be made.
pub fn room(kind: CredentialKind, existing: usize) -> Result<(), Problem> {
    if existing < most(kind) {
        return Ok(());
    }
    let detail = format!(
        "The client has {existing} credentials of kind `{}`, the most it may have. Delete one first.",
        word(kind)
    );
    Err(Problem::new(ProblemKind::WrongState, detail))
}

/// Passes an end that lies in the future.
pub fn end(expires_at: Option<Timestamp>, now: Timestamp) -> Result<(), Problem> {
    match expires_at {
        Some(end) if end <= now => {
            Err(Problem::invalid("/expires_at", format!("`{end}` has passed; the end must lie in the future.")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_secret_is_refused_and_several_keys_are_not() {
        assert!(room(CredentialKind::ClientSecret, 1).is_ok() && room(CredentialKind::ClientSecret, 2).is_err());
        assert!(room(CredentialKind::ApiKey, 19).is_ok() && room(CredentialKind::ApiKey, 20).is_err());
    }
}
