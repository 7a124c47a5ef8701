//! API keys, in a header field or a query parameter (C34, C35).

use super::{Evidence, Offer, Offers, Place};
use base::secret::{Purpose, Secret};
use http::HeaderName;
use percent_encoding::percent_decode_str;
use snapshot::treatment::USUAL_KEY_HEADER;
use snapshot::{Accepts, KeyPlace, Kind, Presented, Terms};
use std::borrow::Cow;

/// `X-API-Key`, spelled once.
pub(crate) const USUAL: HeaderName = HeaderName::from_static(USUAL_KEY_HEADER);

pub(super) fn find<'a>(evidence: &Evidence<'a>, accepts: &Accepts, offers: &mut Offers<'a>) {
    let places = &accepts.key_places;
    let mut usual = false;
    for (at, place) in places.iter().enumerate() {
        match place {
            KeyPlace::Header(name) if name == USUAL_KEY_HEADER => {
                usual = true;
                fields(evidence, &USUAL, Place::Key(at), true, offers);
            }
            KeyPlace::Header(name) => {
                for value in evidence.headers.get_all(name.as_str()) {
                    offers.add(offer(value.as_bytes(), Place::Key(at), true, examine));
                }
            }
            KeyPlace::Query(name) => {
                for (_, value) in pairs(evidence.query).filter(|(key, _)| decoded(key) == name.as_str()) {
                    offers.add(offer(value.as_bytes(), Place::Key(at), true, examine_encoded));
                }
            }
        }
    }
    if !usual {
        // A key where keys usually travel, on an API that does not take it there: worth a clear answer.
        fields(evidence, &USUAL, Place::Nowhere, false, offers);
    }
}

fn fields<'a>(evidence: &Evidence<'a>, name: &HeaderName, place: Place, taken: bool, offers: &mut Offers<'a>) {
    for value in evidence.headers.get_all(name) {
        offers.add(offer(value.as_bytes(), place, taken, examine));
    }
}

fn offer(value: &[u8], place: Place, taken: bool, examine: fn(&Evidence<'_>, &Terms, &[u8]) -> Presented) -> Offer<'_> {
    Offer { kind: Kind::ApiKey, taken, place, value, examine }
}

fn examine(evidence: &Evidence<'_>, _: &Terms, value: &[u8]) -> Presented {
    match std::str::from_utf8(value) {
        // The checksum tells a mistyped key of ours without a look at the tables; keys made elsewhere have none.
        Ok(text) if Secret::could_be(text, Purpose::ApiKey) => {
            Presented::ApiKey(evidence.core.handle.config.keys.digest(Purpose::ApiKey, text))
        }
        _ => Presented::Malformed(Kind::ApiKey, "it is not of the form that keys have here, or was cut short"),
    }
}

fn examine_encoded(evidence: &Evidence<'_>, terms: &Terms, value: &[u8]) -> Presented {
    let text = String::from_utf8_lossy(value);
    examine(evidence, terms, decoded(&text).as_bytes())
}

/// The pairs of a query, as they are written.
fn pairs(query: Option<&str>) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.unwrap_or("").split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// A name or value of a query, decoded as forms are.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}
