//! `client_id` and client secret by HTTP Basic (RFC 7617; decoded as RFC 6749 section 2.3.1 says; C33).

use super::{Evidence, Offer, Offers, Place, authorizations};
use base::secret::{Purpose, Secret};
use oauth::token::{Form, client_credential};
use snapshot::{Accepts, Kind, Presented, Terms};

pub(super) fn find<'a>(evidence: &Evidence<'a>, accepts: &Accepts, offers: &mut Offers<'a>) {
    for _ in authorizations(evidence.headers, "Basic") {
        let taken = accepts.basic;
        let place = if taken { Place::Authorization } else { Place::Nowhere };
        offers.add(Offer { kind: Kind::Basic, taken, place, value: &[], examine });
    }
}

/// There is exactly one `Authorization` field of this scheme when this is asked.
fn examine(evidence: &Evidence<'_>, _: &Terms, _: &[u8]) -> Presented {
    let malformed =
        Presented::Malformed(Kind::Basic, "it is not the base64 of id and secret with a colon between them");
    let header = evidence.headers.get_all(http::header::AUTHORIZATION).iter().find_map(|value| {
        let text = value.to_str().ok()?;
        text.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("basic")).map(|_| text)
    });
    let Ok(empty) = Form::parse(b"") else { return malformed };
    let Ok(Some(found)) = client_credential(header, &empty) else { return malformed };
    match found.secret {
        Some(secret) if Secret::could_be(secret.reveal(), Purpose::ClientSecret) => {
            let digest = evidence.core.handle.config.keys.digest(Purpose::ClientSecret, secret.reveal());
            Presented::Basic { client_id: found.client_id, digest }
        }
        _ => {
            Presented::Malformed(Kind::Basic, "the secret is not of the form that secrets have here, or was cut short")
        }
    }
}
