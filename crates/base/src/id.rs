//! Identifiers: a visible prefix and 128 bits in Crockford base32, as in `sub_01j9...`.
//!
//! New ones are UUIDv7 (RFC 9562 section 5.7), so they sort by time of birth; any foreign UUID maps
//! to one id and back.

use crate::{Timestamp, random};
use data_encoding::{Encoding, Specification};
use std::sync::LazyLock;

/// What all identifier types share.
pub trait Id: Clone + Eq + Ord + std::hash::Hash + std::fmt::Debug + std::fmt::Display + Send + Sync + 'static {
    /// The prefix before the underscore.
    const PREFIX: &'static str;
    /// The text, prefix included: what is stored and what people see.
    fn as_str(&self) -> &str;
    /// Reads the text form. Upper case is folded.
    ///
    /// # Errors
    /// Says what an id of this type looks like.
    fn parse(text: &str) -> Result<Self, String>;
}

static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    spec.check_trailing_bits = false;
    #[expect(clippy::expect_used, reason = "a constant specification")]
    spec.encoding().expect("32 distinct symbols")
});

/// 128 bits as 26 symbols, most significant first (the layout of a ULID).
pub fn encode(bits: u128) -> String {
    // 26 symbols hold 130 bits; two zero bits come first.
    let mut out = [0u8; 26];
    let alphabet = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut rest = bits;
    for slot in out.iter_mut().rev() {
        *slot = alphabet[(rest & 31) as usize];
        rest >>= 5;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The inverse of [`encode`]; `None` for anything else.
pub fn decode(text: &str) -> Option<u128> {
    if text.len() != 26 {
        return None;
    }
    let mut bits: u128 = 0;
    for (i, c) in text.bytes().enumerate() {
        let value = symbol(c)?;
        if i == 0 && value > 7 {
            return None;
        }
        bits = (bits << 5) | u128::from(value);
    }
    Some(bits)
}

fn symbol(c: u8) -> Option<u8> {
    let lower = c.to_ascii_lowercase();
    b"0123456789abcdefghjkmnpqrstvwxyz".iter().position(|&s| s == lower).and_then(|p| u8::try_from(p).ok())
}

/// A fresh UUIDv7 for `now`: 48 bits of milliseconds, then random bits.
pub fn uuid_v7(now: Timestamp) -> u128 {
    let millis = u128::from(u64::try_from(now.micros().max(0) / 1000).unwrap_or(0)) & 0xffff_ffff_ffff;
    let noise = u128::from_be_bytes(random::bytes::<16>());
    let low = noise & 0x3fff_ffff_ffff_ffff;
    let rand_a = (noise >> 64) & 0xfff;
    (millis << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | low
}

/// The UUIDv8 (RFC 9562 section 5.8) of something that happened `at` and is told apart by `about`: 48 bits of
/// milliseconds, 12 bits of `nth`, then SHA-256. The same again for the same arguments, and sorted by time like
/// [`uuid_v7`]; what happened in the same millisecond is sorted by `nth`, as far as its 12 bits go.
pub fn uuid_v8(at: Timestamp, nth: i64, about: &str) -> u128 {
    let millis = u128::from(u64::try_from(at.micros().max(0) / 1000).unwrap_or(0)) & 0xffff_ffff_ffff;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, about.as_bytes());
    let mut first = [0; 16];
    first.copy_from_slice(&digest.as_ref()[..16]);
    let noise = u128::from_be_bytes(first);
    let nth = u128::from(nth.unsigned_abs() & 0xfff);
    (millis << 80) | (0x8 << 76) | (nth << 64) | (0b10 << 62) | (noise & 0x3fff_ffff_ffff_ffff)
}

/// 128 bits in the usual form of a UUID, lower case.
pub fn uuid_text(bits: u128) -> String {
    let h = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &h[0..8], &h[8..12], &h[12..16], &h[16..20], &h[20..32])
}

/// The 128 bits of a UUID in its usual form, in either case; `None` for anything else.
pub fn uuid_bits(text: &str) -> Option<u128> {
    let dashes = [8, 13, 18, 23];
    let shaped = text.len() == 36 && text.bytes().enumerate().all(|(n, b)| (b == b'-') == dashes.contains(&n));
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    // Signs would be read as part of a number.
    (shaped && hex.bytes().all(|b| b.is_ascii_hexdigit())).then(|| u128::from_str_radix(&hex, 16).ok()).flatten()
}

/// Random bytes as text of the same alphabet, for handles that are not ids.
pub fn text(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

/// Declares identifier newtypes: `ids! { /// doc  UserId "usr"; }`.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// A new identifier, born `now`.
            pub fn new(now: $crate::Timestamp) -> Self {
                Self::from_bits($crate::id::uuid_v7(now))
            }
            /// The identifier that carries these 128 bits, such as those of a foreign UUID.
            pub fn from_bits(bits: u128) -> Self {
                Self(format!(concat!($prefix, "_{}"), $crate::id::encode(bits)).into())
            }
            /// The 128 bits.
            pub fn bits(&self) -> u128 {
                $crate::id::decode(&self.0[$prefix.len() + 1..]).unwrap_or_default()
            }
        }

        impl $crate::id::Id for $name {
            const PREFIX: &'static str = $prefix;
            fn as_str(&self) -> &str { &self.0 }
            fn parse(text: &str) -> Result<Self, String> {
                text.split_once('_')
                    .filter(|(prefix, _)| *prefix == $prefix)
                    .and_then(|(_, rest)| $crate::id::decode(rest))
                    .map(Self::from_bits)
                    .ok_or_else(|| format!(concat!("`{}` is not an id of this kind; one looks like ", $prefix, "_01j9z0000000000000000000000"), text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(&self.0) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                <Self as $crate::id::Id>::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person or a service account.
    UserId "usr";
    /// An owner of apps and APIs.
    OrganizationId "org";
    /// People inside an organization: a node of its tree.
    GroupId "grp";
    /// An invitation into an organization.
    InvitationId "inv";
    /// Where a version is published.
    EnvironmentId "env";
    /// Where the gateway forwards to.
    DestinationId "dst";
    /// A set of windows that cap calls.
    LimitGroupId "lim";
    /// What a consumer subscribes under.
    PlanId "pln";
    /// A fence and template for designers of APIs.
    ProfileId "prf";
    /// A published interface of a provider.
    ApiId "api";
    /// A set of APIs of one provider.
    ApiGroupId "apg";
    /// One version of an API.
    VersionId "ver";
    /// A consumer's program.
    AppId "app";
    /// A security principal.
    ClientId "cli";
    /// A secret, API key, certificate or signing key of a client.
    CredentialId "crd";
    /// One app x one API x one environment x one plan.
    SubscriptionId "sub";
    /// What several subscriptions of one request share.
    RequestId "req";
    /// Other terms for a subscription, while the old ones go on.
    SubscriptionRevisionId "srv";
    /// An item in an administrator's inbox.
    TaskId "tsk";
    /// A legal text.
    AgreementId "agr";
    /// An answer to a legal text.
    AcceptanceId "acc";
    /// A message in a person's inbox.
    NoticeId "ntc";
    /// A remark on a subscription or a task.
    CommentId "cmt";
    /// A role that somebody was given.
    UserRoleId "rol";
    /// A browser session.
    SessionId "ses";
    /// A personal access token.
    PersonalTokenId "pat";
    /// An OAuth token that was issued.
    TokenId "tok";
    /// A signing key of the authorization server.
    KeyId "key";
    /// A decision of the gateway about one call.
    DecisionId "dec";
    /// An address that is told of changes.
    WebhookId "whk";
    /// What one webhook is told of one change.
    DeliveryId "dlv";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_survives_its_text() {
        for bits in [0, 1, u128::MAX, 0x4841_e9f5_2af5_4e42_ac1d_6b19_be04_c446] {
            let id = PlanId::from_bits(bits);
            assert_eq!(PlanId::parse(id.as_str()), Ok(id.clone()));
            assert_eq!(id.bits(), bits);
        }
    }

    #[test]
    fn a_uuid_is_the_same_128_bits() {
        let text = "4841e9f5-2af5-4e42-ac1d-6b19be04c446";
        let bits = uuid_bits(text).expect("a UUID");
        assert_eq!((uuid_text(bits).as_str(), uuid_bits(&text.to_uppercase())), (text, Some(bits)));
        assert_eq!(PlanId::from_bits(bits).bits(), bits);
        let short = &text[1..];
        for bad in [
            "",
            "4841e9f52af54e42ac1d6b19be04c446",
            short,
            "+841e9f5-2af5-4e42-ac1d-6b19be04c446",
            "g841e9f5-2af5-4e42-ac1d-6b19be04c446",
        ] {
            assert_eq!(uuid_bits(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let user = UserId::from_bits(7);
        assert!(PlanId::parse(user.as_str()).is_err());
        assert!(PlanId::parse("pln_").is_err());
        assert!(PlanId::parse("pln_zzzzzzzzzzzzzzzzzzzzzzzzzz").is_err());
    }

    #[test]
    fn an_id_can_be_derived_again_from_what_it_names() {
        let at = Timestamp::from_seconds(1_000);
        let (a, b) = (uuid_v8(at, 7, "one"), uuid_v8(at, 7, "two"));
        assert_eq!(a, uuid_v8(at, 7, "one"));
        assert_ne!(a, b);
        assert!(a.max(b) < uuid_v8(at, 8, "one"));
        assert!(a < uuid_v8(Timestamp::from_seconds(2_000), 0, "one"));
        assert_eq!(((a >> 76) & 0xf, (a >> 62) & 0b11), (8, 0b10));
    }

    #[test]
    fn new_ids_sort_by_time_and_carry_version_seven() {
        let a = AppId::new(Timestamp::from_seconds(1_000));
        let b = AppId::new(Timestamp::from_seconds(2_000));
        assert!(a < b);
        assert_eq!((a.bits() >> 76) & 0xf, 7);
        assert_eq!((a.bits() >> 62) & 0b11, 0b10);
        assert_eq!(uuid_text(a.bits()).len(), 36);
    }
}
