//! Secrets: how they are made, recognised, stored as digests and, where they must stay readable, sealed.
//!
//! A secret is `{prefix}_{43 symbols}{6 symbols of CRC-32}` in base62, so it carries 256 random bits, survives
//! every encoding of HTTP Basic unchanged (RFC 6749 appendix B) and a mistyped one is told from a forged one
//! without looking anywhere. Secrets of this entropy are stored under a fast keyed hash; only passwords of
//! people need a slow one.

use crate::{Timestamp, id, random};
use aws_lc_rs::{aead, digest, hkdf, hmac};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BODY: usize = 43;
const CHECK: usize = 6;

/// What a secret is for. The purpose is hashed with it, so one kind can never pass for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// An OAuth client's secret.
    ClientSecret,
    /// An API key.
    ApiKey,
    /// An opaque OAuth access token.
    AccessToken,
    /// A personal access token for the management API.
    PersonalToken,
    /// The cookie of a browser session.
    Session,
    /// The link that proves an e-mail address.
    Verification,
    /// The link of an invitation into an organization.
    Invitation,
}

impl Purpose {
    /// The visible prefix, without the underscore.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ClientSecret => "wls",
            Self::ApiKey => "wlk",
            Self::AccessToken => "wlt",
            Self::PersonalToken => "wlp",
            Self::Session => "wlx",
            Self::Verification => "wlv",
            Self::Invitation => "wli",
        }
    }
}

/// A secret in the clear. It prints as `[secret]` and is wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A new secret for `purpose`.
    pub fn generate(purpose: Purpose) -> Self {
        Self::assemble(format!("{}_{}", purpose.prefix(), body()))
    }

    /// A new opaque access token: `wlt_<uuid>_<256 random bits>` (C42). The UUID is the handle.
    pub fn access_token(now: Timestamp) -> Self {
        Self::access_token_for(&id::uuid_text(id::uuid_v7(now)))
    }

    /// The same with a handle that was chosen before: the UUID of the token's own id.
    pub fn access_token_for(uuid: &str) -> Self {
        Self::assemble(format!("wlt_{uuid}_{}", body()))
    }

    /// Wraps text that came from outside.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    fn assemble(text: String) -> Self {
        let check = checksum(&text);
        Self(Zeroizing::new(text + &check))
    }

    /// The secret itself: for the one answer that shows it, and for hashing.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The last four symbols, by which a person recognises a secret in a list.
    pub fn hint(&self) -> String {
        let chars: Vec<char> = self.0.chars().collect();
        chars[chars.len().saturating_sub(4)..].iter().collect()
    }

    /// Whether the text is well-formed for `purpose`, checksum included. Says nothing about validity.
    pub fn looks_like(text: &str, purpose: Purpose) -> bool {
        let shaped = text.len() > purpose.prefix().len() + BODY + CHECK
            && text.is_ascii()
            && text.starts_with(purpose.prefix())
            && text.as_bytes()[purpose.prefix().len()] == b'_';
        shaped && {
            let (front, check) = text.split_at(text.len() - CHECK);
            checksum(front) == check
        }
    }
}

impl Secret {
    /// The fewest and the most bytes of a secret that was made elsewhere and brought in.
    pub const BROUGHT: std::ops::RangeInclusive<usize> = 16..=256;

    /// Whether a secret of this text may be kept for `purpose` although it was made elsewhere: visible ASCII of a length
    /// that is not guessed, and not a damaged one of ours. Says nothing about validity.
    pub fn looks_foreign(text: &str, purpose: Purpose) -> bool {
        let ours = text.strip_prefix(purpose.prefix()).is_some_and(|rest| rest.starts_with('_'));
        !ours && Self::BROUGHT.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
    }

    /// Whether it is worth looking this text up as a secret for `purpose`: it looks like one of ours, or like one that
    /// was made elsewhere and may have been brought in.
    pub fn could_be(text: &str, purpose: Purpose) -> bool {
        Self::looks_like(text, purpose) || Self::looks_foreign(text, purpose)
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        String::deserialize(reader).map(Self::from_text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

fn body() -> String {
    let mut out = String::with_capacity(BODY);
    while out.len() < BODY {
        for byte in random::bytes::<64>() {
            // 248 is the largest multiple of 62 below 256: no symbol is likelier than another.
            if byte < 248 && out.len() < BODY {
                out.push(char::from(BASE62[usize::from(byte % 62)]));
            }
        }
    }
    out
}

fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut out = [b'0'; CHECK];
    for slot in out.iter_mut().rev() {
        *slot = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What is stored of a secret: HMAC-SHA-256 under the pepper.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// SHA-256 of what is no secret, such as a certificate.
    pub fn of_public(bytes: &[u8]) -> Self {
        let mut out = [0; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
        Self(out)
    }

    /// 64 lower-case hexadecimal digits: the form in the database.
    pub fn to_hex(self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }

    /// The inverse of [`Digest::to_hex`].
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Compares without telling by its time where the first difference is.
    pub fn same(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[digest]")
    }
}

/// SHA-256 over these parts, each after its length, as 64 lower-case hexadecimal digits. For telling things apart, not for
/// secrets: those get a [`Digest`].
pub fn sha256<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    }
    data_encoding::HEXLOWER.encode(context.finish().as_ref())
}

/// The keys that are derived from the master key. Cloning shares nothing secret by printing: it has no `Debug` text.
#[derive(Clone)]
pub struct Keys {
    pepper: hmac::Key,
    sealing: Zeroizing<[u8; 32]>,
}

/// What was sealed could not be opened: another master key, or the text was altered.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value cannot be opened: it was sealed under another master key, or was altered")]
pub struct SealBroken;

impl Keys {
    /// Derives the pepper and the sealing key from 32 bytes of master key (HKDF-SHA-256, RFC 5869).
    pub fn derive(master: &[u8; 32]) -> Self {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"wayleave").extract(master);
        let pepper = expand(&prk, b"pepper/1");
        let sealing = Zeroizing::new(expand(&prk, b"seal/1"));
        Self { pepper: hmac::Key::new(hmac::HMAC_SHA256, &pepper), sealing }
    }

    /// The digest under which a secret is stored and looked up.
    pub fn digest(&self, purpose: Purpose, secret: &str) -> Digest {
        let mut context = hmac::Context::with_key(&self.pepper);
        context.update(purpose.prefix().as_bytes());
        context.update(&[0]);
        context.update(secret.as_bytes());
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        Digest(out)
    }

    /// Encrypts what must stay readable with AES-256-GCM; `about` is authenticated, not hidden.
    ///
    /// # Errors
    /// [`SealBroken`] if the text is longer than AES-GCM takes.
    pub fn seal(&self, about: &str, plain: &[u8]) -> Result<String, SealBroken> {
        let nonce = random::bytes::<12>();
        let mut sealed = plain.to_vec();
        self.aead()?
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(about.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| SealBroken)?;
        Ok(format!("1.{}{}", data_encoding::HEXLOWER.encode(&nonce), data_encoding::HEXLOWER.encode(&sealed)))
    }

    /// The inverse of [`Keys::seal`].
    ///
    /// # Errors
    /// [`SealBroken`] if the text was sealed under another key or about something else.
    pub fn open(&self, about: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
        let hex = sealed.strip_prefix("1.").ok_or(SealBroken)?;
        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).map_err(|_| SealBroken)?;
        let (nonce, body) = bytes.split_at_checked(12).ok_or(SealBroken)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealBroken)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .aead()?
            .open_in_place(nonce, aead::Aad::from(about.as_bytes()), &mut body)
            .map_err(|_| SealBroken)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    fn aead(&self) -> Result<aead::LessSafeKey, SealBroken> {
        let key = aead::UnboundKey::new(&aead::AES_256_GCM, self.sealing.as_ref()).map_err(|_| SealBroken)?;
        Ok(aead::LessSafeKey::new(key))
    }
}

/// HMAC-SHA-256 of a message under a key that two parties share, such as a webhook's.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref());
    out
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[keys]")
    }
}

fn expand(prk: &hkdf::Prk, info: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    let info = [info];
    #[expect(clippy::expect_used, reason = "32 bytes are always within what HKDF-SHA-256 yields")]
    prk.expand(&info, hkdf::HKDF_SHA256).and_then(|okm| okm.fill(&mut out)).expect("32 bytes of key material");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_and_a_mutated_one_is_not() {
        let secret = Secret::generate(Purpose::ApiKey);
        assert!(Secret::looks_like(secret.reveal(), Purpose::ApiKey));
        assert!(!Secret::looks_like(secret.reveal(), Purpose::ClientSecret));
        let mut altered = secret.reveal().to_owned();
        let last = altered.pop();
        altered.push(if last == Some('0') { '1' } else { '0' });
        assert!(!Secret::looks_like(&altered, Purpose::ApiKey));
        assert!(!Secret::looks_like("wlk_", Purpose::ApiKey));
        assert!(!Secret::looks_like("wlk_é", Purpose::ApiKey));
    }

    /// C77
    #[test]
    fn a_secret_made_elsewhere_may_be_brought_in_and_a_damaged_one_of_ours_is_none() {
        let foreign = "f2add5d3-e67a-415f-8163-a751d7566047";
        assert!(
            Secret::could_be(foreign, Purpose::ClientSecret) && !Secret::looks_like(foreign, Purpose::ClientSecret)
        );
        let ours = Secret::generate(Purpose::ApiKey);
        assert!(Secret::could_be(ours.reveal(), Purpose::ApiKey));
        let cut = &ours.reveal()[..ours.reveal().len() - 1];
        let (blank, short, long) = ("two words of some length", "fifteen-symbols", "x".repeat(257));
        for bad in [cut, blank, short, &long, "sixteen-symbols-\u{e4}", "sixteen-symbols\n-"] {
            assert!(!Secret::could_be(bad, Purpose::ApiKey), "{bad}");
        }
    }

    /// C42
    #[test]
    fn an_access_token_starts_with_a_uuid_and_carries_256_random_bits() {
        let token = Secret::access_token(Timestamp::from_seconds(1));
        let parts: Vec<&str> = token.reveal().splitn(3, '_').collect();
        assert_eq!((parts[0], parts[1].len(), parts[2].len()), ("wlt", 36, BODY + CHECK));
        assert!(Secret::looks_like(token.reveal(), Purpose::AccessToken));
    }

    #[test]
    fn what_is_sealed_opens_only_under_the_same_key_and_subject() {
        let keys = Keys::derive(&[7; 32]);
        let sealed = keys.seal("key_1", b"private").expect("seals");
        assert_eq!(keys.open("key_1", &sealed).expect("opens").as_slice(), b"private");
        assert!(keys.open("key_2", &sealed).is_err());
        assert!(Keys::derive(&[8; 32]).open("key_1", &sealed).is_err());
        assert!(keys.open("key_1", "1.00").is_err());
    }

    #[test]
    fn a_digest_depends_on_the_purpose() {
        let keys = Keys::derive(&[7; 32]);
        assert_ne!(keys.digest(Purpose::ApiKey, "x"), keys.digest(Purpose::ClientSecret, "x"));
        let digest = keys.digest(Purpose::ApiKey, "x");
        assert_eq!(Digest::from_hex(&digest.to_hex()), Some(digest));
    }

    #[test]
    fn nothing_secret_is_printed() {
        assert_eq!(format!("{:?}", Secret::from_text("abcd1234")), "[secret]");
    }
}
