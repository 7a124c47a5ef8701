//! Bearer tokens (RFC 6750): opaque ones by digest, JWTs by signature.

use super::{Evidence, Offer, Offers, Place, authorizations, jwt};
use base::secret::{Purpose, Secret};
use snapshot::{Accepts, Kind, Presented, Terms};

pub(super) fn find<'a>(evidence: &Evidence<'a>, accepts: &Accepts, offers: &mut Offers<'a>) {
    for rest in authorizations(evidence.headers, "Bearer") {
        let value = rest.trim_ascii();
        let opaque = value.starts_with(Purpose::AccessToken.prefix().as_bytes());
        let taken = accepts.bearer;
        let place = if taken { Place::Authorization } else { Place::Nowhere };
        let kind = if opaque { Kind::OpaqueToken } else { Kind::Jwt };
        offers.add(Offer { kind, taken, place, value, examine: if opaque { examine_opaque } else { jwt::examine } });
    }
}

fn examine_opaque(evidence: &Evidence<'_>, _: &Terms, value: &[u8]) -> Presented {
    match std::str::from_utf8(value) {
        Ok(text) if Secret::looks_like(text, Purpose::AccessToken) => {
            Presented::OpaqueToken(evidence.core.handle.config.keys.digest(Purpose::AccessToken, text))
        }
        _ => Presented::Malformed(Kind::OpaqueToken, "its checksum is wrong; it was altered or cut short"),
    }
}
