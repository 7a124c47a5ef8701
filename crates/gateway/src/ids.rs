//! Identities of decisions, which are those of requests too.

use base::id::{DecisionId, Id};
use base::{Timestamp, random};
use bytes::Bytes;
use http::HeaderValue;

const POOL: usize = 1200;
const EACH: usize = 10;

/// The length of an id's text whose prefix has three letters, as all have that go into header fields.
pub(crate) const ID_LENGTH: usize = 30;

/// Appends the text of an id (see [`base::id::encode`]), without the allocations that making the id itself takes.
pub(crate) fn push_id(text: &mut Vec<u8>, prefix: &str, bits: u128) {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let start = text.len();
    text.extend_from_slice(prefix.as_bytes());
    text.push(b'_');
    text.resize(start + ID_LENGTH, b'0');
    // 8, 60 and 60 bits, so that no step takes more than a machine word: 2, 12 and 12 symbols.
    let (first, rest) = text[start + ID_LENGTH - 26..].split_at_mut(2);
    let (second, third) = rest.split_at_mut(12);
    for (part, slots) in [bits >> 120, bits >> 60, bits].into_iter().zip([first, second, third]) {
        let mut word = (part & ((1 << 60) - 1)) as u64;
        for slot in slots.iter_mut().rev() {
            *slot = ALPHABET[(word & 31) as usize];
            word >>= 5;
        }
    }
}

/// Makes UUIDv7 of random bytes that are fetched in bulk.
#[derive(Debug)]
pub(crate) struct Ids {
    pool: [u8; POOL],
    at: usize,
}

/// One identity, as bits and as the two header values that carry it.
#[derive(Clone, Debug)]
pub(crate) struct CallId {
    pub bits: u128,
    /// `dec_...`
    pub decision: HeaderValue,
    /// The same without its prefix.
    pub request: HeaderValue,
}

impl Ids {
    pub(crate) fn new() -> Self {
        Self { pool: [0; POOL], at: POOL }
    }

    /// A new identity, born `now`.
    pub(crate) fn next(&mut self, now: Timestamp) -> CallId {
        if self.at + EACH > POOL {
            self.pool = random::bytes::<POOL>();
            self.at = 0;
        }
        let mut noise = [0; 16];
        noise[..EACH].copy_from_slice(&self.pool[self.at..self.at + EACH]);
        self.at += EACH;
        let noise = u128::from_le_bytes(noise);
        let millis = u128::from(u64::try_from(now.micros().max(0) / 1000).unwrap_or(0)) & 0xffff_ffff_ffff;
        let bits = (millis << 80) | (7 << 76) | ((noise >> 62 & 0xfff) << 64) | (2 << 62) | (noise & ((1 << 62) - 1));
        let mut text = Vec::with_capacity(ID_LENGTH);
        push_id(&mut text, DecisionId::PREFIX, bits);
        let text = Bytes::from(text);
        let header = |bytes: Bytes| HeaderValue::from_maybe_shared(bytes).unwrap_or(HeaderValue::from_static("-"));
        CallId { bits, request: header(text.slice(4..)), decision: header(text) }
    }
}

impl CallId {
    /// Whether this call belongs to a random share of all calls.
    pub(crate) fn is_in(&self, share: f64) -> bool {
        // The lowest 32 bits are random.
        f64::from(self.bits as u32) < share * 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_written_as_the_rest_of_the_program_writes_them() {
        for bits in [0, 1, 31, 1 << 60, 1 << 59, 1 << 120, u128::MAX, 0x0191_e5f5_2af5_7e42_ac1d_6b19_be04_c446] {
            let mut text = b"x".to_vec();
            push_id(&mut text, DecisionId::PREFIX, bits);
            assert_eq!(String::from_utf8(text).unwrap(), format!("x{}", DecisionId::from_bits(bits)));
        }
    }

    #[test]
    fn identities_are_distinct_uuids_of_version_seven() {
        let mut ids = Ids::new();
        let now = Timestamp::from_seconds(1_800_000_000);
        let all: std::collections::HashSet<u128> = (0..1000).map(|_| ids.next(now).bits).collect();
        assert_eq!(all.len(), 1000);
        let one = ids.next(now);
        assert_eq!((one.bits >> 76 & 0xf, one.bits >> 62 & 3), (7, 2));
        let text = one.decision.to_str().unwrap();
        assert_eq!(DecisionId::parse(text).unwrap().bits(), one.bits);
        assert_eq!(text.strip_prefix("dec_"), one.request.to_str().ok());
    }

    #[test]
    fn a_share_is_a_share() {
        let mut ids = Ids::new();
        let count = |ids: &mut Ids, share| (0..2000).filter(|_| ids.next(Timestamp::default()).is_in(share)).count();
        assert_eq!(count(&mut ids, 0.0), 0);
        assert_eq!(count(&mut ids, 1.0), 2000);
        // A binomial with mean 1,000 and deviation 22: 200 away from it is nine deviations.
        assert!((800..1200).contains(&count(&mut ids, 0.5)));
    }
}
