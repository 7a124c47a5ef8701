//! Identities of decisions, which are those of requests too.

use base::{Timestamp, random};
use bytes::Bytes;
use http::HeaderValue;

const POOL: usize = 1200;
const EACH: usize = 10;

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
        let text = Bytes::from(format!("dec_{}", base::id::encode(bits)));
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
    use base::id::{DecisionId, Id};

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
