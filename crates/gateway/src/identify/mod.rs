//! Phase 1: what credential does the call carry, and where?
//!
//! One table of plug-ins, each in its file. A plug-in looks at the call and offers what it finds; this module counts
//! the offers, and only the chosen one is examined. Adding a kind of credential is one file and one line here.
//!
//! What a version takes decides what counts: an `Authorization` field on an API that takes only keys is the
//! upstream's, is neither examined nor consumed, and goes on.

mod basic;
mod bearer;
mod jwt;
pub(crate) mod key;

pub(crate) use jwt::Jwts;
pub(crate) use key::USUAL;

use crate::core::Core;
use base::Timestamp;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use snapshot::{Accepts, Kind, Presented, Terms};

/// Where a credential was found; what is consumed here is not forwarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nothing was consumed.
    #[default]
    Nowhere,
    /// The `Authorization` field.
    Authorization,
    /// The place of an API key with this number in the list of what is accepted.
    Key(usize),
}

/// What plug-ins look at.
pub(crate) struct Evidence<'a> {
    pub core: &'a Core,
    pub headers: &'a HeaderMap,
    pub query: Option<&'a str>,
    pub now: Timestamp,
}

/// What a plug-in found.
pub(crate) struct Offer<'a> {
    kind: Kind,
    /// The version takes this kind.
    taken: bool,
    place: Place,
    value: &'a [u8],
    examine: fn(&Evidence<'_>, &Terms, &[u8]) -> Presented,
}

/// The offers of one call. More than four are as ambiguous as four.
#[derive(Default)]
pub(crate) struct Offers<'a> {
    list: [Option<Offer<'a>>; 4],
}

impl<'a> Offers<'a> {
    fn add(&mut self, offer: Offer<'a>) {
        if let Some(free) = self.list.iter_mut().find(|o| o.is_none()) {
            *free = Some(offer);
        }
    }

    fn all(&self) -> impl Iterator<Item = &Offer<'a>> {
        self.list.iter().flatten()
    }
}

type Plugin = for<'a> fn(&Evidence<'a>, &Accepts, &mut Offers<'a>);

const PLUGINS: &[Plugin] = &[key::find, basic::find, bearer::find];

/// Finds out what the call carries.
pub(crate) fn identify(evidence: &Evidence<'_>, terms: &Terms, accepts: &Accepts) -> (Presented, Place) {
    let mut offers = Offers::default();
    for find in PLUGINS {
        find(evidence, accepts, &mut offers);
    }
    let mut taken = offers.all().filter(|o| o.taken);
    match (taken.next(), taken.next()) {
        (Some(offer), None) => ((offer.examine)(evidence, terms, offer.value), offer.place),
        (Some(_), Some(_)) => {
            let kinds = offers.all().filter(|o| o.taken).map(|o| o.kind).collect();
            (Presented::Ambiguous(kinds), Place::Nowhere)
        }
        (None, _) => match offers.all().next() {
            Some(offer) => (Presented::NotTaken(offer.kind), Place::Nowhere),
            None => (Presented::Nothing, Place::Nowhere),
        },
    }
}

/// The values of `Authorization` fields that use a scheme, in any case, without the scheme.
fn authorizations<'a>(headers: &'a HeaderMap, scheme: &'static str) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(AUTHORIZATION).iter().filter_map(move |value| {
        let bytes = value.as_bytes();
        let (front, rest) = bytes.split_at_checked(scheme.len())?;
        let fits = front.eq_ignore_ascii_case(scheme.as_bytes()) && !matches!(rest.first(), Some(b) if *b != b' ');
        fits.then_some(rest)
    })
}
