//! How many credentials a client has, and what gateways call each kind.

use super::{CredentialKind, CredentialState};
use base::secret::{Purpose, Secret};
use base::{Fault, Problem, ProblemKind, Timestamp};

/// What a secret of this kind is for; a certificate is none.
pub const fn purpose(kind: CredentialKind) -> Option<Purpose> {
    match kind {
        CredentialKind::ClientSecret => Some(Purpose::ClientSecret),
        CredentialKind::ApiKey => Some(Purpose::ApiKey),
        CredentialKind::Certificate => None,
    }
}

/// What gateways call the kind; `None` is what they do not take.
pub const fn at_gateways(kind: CredentialKind) -> Option<snapshot::CredentialKind> {
    match kind {
        CredentialKind::ClientSecret => Some(snapshot::CredentialKind::ClientSecret),
        CredentialKind::ApiKey => Some(snapshot::CredentialKind::ApiKey),
        CredentialKind::Certificate => None,
    }
}

/// Passes a secret that somebody brings along (C77). It is never part of the answer.
///
/// # Errors
/// 422 naming `pointer`.
pub fn brought(pointer: &str, secret: &Secret, purpose: Purpose) -> Result<(), Problem> {
    if Secret::could_be(secret.reveal(), purpose) {
        return Ok(());
    }
    let (least, most) = (Secret::BROUGHT.start(), Secret::BROUGHT.end());
    let detail = format!(
        "A secret that is brought along has {least} to {most} visible ASCII characters without spaces. One that begins \
         like those of this server (`{}_`) has to be one of them, uncut.",
        purpose.prefix()
    );
    Err(Problem::invalid(pointer, detail))
}

/// How long before its end a credential is said to be expiring, in seconds.
const SOON_SECONDS: i64 = 14 * 24 * 3600;

/// Where a credential stands now.
pub fn state(active: bool, expires_at: Option<Timestamp>, now: Timestamp) -> CredentialState {
    match expires_at {
        _ if !active => CredentialState::Inactive,
        Some(end) if end <= now => CredentialState::Expired,
        Some(end) if end <= now.plus_seconds(SOON_SECONDS) => CredentialState::Expiring,
        _ => CredentialState::Active,
    }
}

/// How many credentials of one kind a client may have that are good at once. Two secrets are enough to rotate one with an
/// overlap.
pub const fn most(kind: CredentialKind) -> usize {
    match kind {
        CredentialKind::ClientSecret => 2,
        CredentialKind::ApiKey | CredentialKind::Certificate => 20,
    }
}

/// How many credentials of one kind a client may have altogether, those that are switched off or have ended included.
const MOST_KEPT: usize = 40;

/// Passes if one more of this kind may be good: `live` are, `kept` are there in all.
pub fn room(kind: CredentialKind, live: usize, kept: usize) -> Result<(), Problem> {
    let word = kind.as_str();
    let detail = if live >= most(kind) {
        format!(
            "The client has {live} live credentials of kind `{word}`, the most it may have. Switch one off or delete it \
             first, or rotate one with `old_ends: now`."
        )
    } else if kept >= MOST_KEPT {
        format!("The client keeps {kept} credentials of kind `{word}`, the most it may. Delete those that have ended.")
    } else {
        return Ok(());
    };
    Err(Problem::new(ProblemKind::WrongState, detail).with("reason", "full"))
}

/// When the old credential ends that is rotated.
///
/// # Errors
/// 422 naming `/old_ends`.
pub fn old_end(text: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let hours = match text {
        "now" => 0,
        "1h" => 1,
        "24h" => 24,
        "7d" => 7 * 24,
        other => {
            let end = Timestamp::parse(other).map_err(|e| {
                Problem::invalid("/old_ends", format!("{e}, and none of `now`, `1h`, `24h`, `7d` either."))
                    .code(Fault::Choice)
            })?;
            if end <= now {
                return Err(Problem::invalid("/old_ends", "That has passed; say `now`.").code(Fault::Past));
            }
            return Ok(end);
        }
    };
    Ok(now.plus_seconds(hours * 3600))
}

/// Passes an end that lies in the future.
pub fn end(expires_at: Option<Timestamp>, now: Timestamp) -> Result<(), Problem> {
    match expires_at {
        Some(end) if end <= now => {
            Err(Problem::invalid("/expires_at", format!("`{end}` has passed; the end must lie in the future."))
                .code(Fault::Past))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_secret_is_refused_and_several_keys_are_not() {
        assert!(room(CredentialKind::ClientSecret, 1, 9).is_ok() && room(CredentialKind::ClientSecret, 2, 2).is_err());
        assert!(room(CredentialKind::ApiKey, 19, 19).is_ok() && room(CredentialKind::ApiKey, 20, 20).is_err());
        assert!(room(CredentialKind::ApiKey, 0, 39).is_ok() && room(CredentialKind::ApiKey, 0, 40).is_err());
    }

    #[test]
    fn a_credential_says_where_it_stands() {
        let now = Timestamp::from_seconds(1_000_000);
        let at = |seconds| Some(now.plus_seconds(seconds));
        assert_eq!(state(true, None, now), CredentialState::Active);
        assert_eq!(state(true, at(SOON_SECONDS + 1), now), CredentialState::Active);
        assert_eq!(state(true, at(SOON_SECONDS), now), CredentialState::Expiring);
        assert_eq!(state(true, at(0), now), CredentialState::Expired);
        assert_eq!(state(false, at(0), now), CredentialState::Inactive);
    }

    #[test]
    fn the_old_credential_ends_when_somebody_says() {
        let now = Timestamp::from_seconds(1_000_000);
        let seconds = |text: &str| old_end(text, now).map(|end| end.seconds() - 1_000_000).ok();
        assert_eq!(["now", "1h", "24h", "7d"].map(seconds), [Some(0), Some(3_600), Some(86_400), Some(604_800)]);
        assert_eq!(seconds("1970-01-12T13:46:41Z"), Some(1));
        for bad in ["", "2h", "soon", "1970-01-12T13:46:40Z", "1h "] {
            assert_eq!(old_end(bad, now).expect_err("refused").fields[0].pointer, "/old_ends", "{bad}");
        }
    }
}
