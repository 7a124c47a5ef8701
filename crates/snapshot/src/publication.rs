//! A publication made ready for calls: its templates compiled, its security sorted, its upstreams taken apart.

use crate::ending::Ending;
use crate::path;
use crate::row::PublicationRow;
use crate::template::{PathItem, Templates};
use crate::terms::Map;
use crate::treatment::Treatment;

/// An address to forward to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Upstream {
    /// Host name or address, IPv6 without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `host:port` as it stands in the `Host` field; the port is left out where it is the scheme's own.
    pub authority: String,
    /// Path before the call's own path, without a slash at its end.
    pub base_path: String,
}

impl Upstream {
    /// Takes `http://host:port/base` apart.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("upstream `{text}` {why}; one looks like http://host:8080/base");
        let rest = match text.split_once("://") {
            Some(("http", rest)) => rest,
            Some(("https", _)) => return Err(wrong("uses TLS, which this gateway does not speak to upstreams yet")),
            _ => return Err(wrong("does not begin with http://")),
        };
        let (authority, base) = match rest.find('/') {
            Some(at) => (&rest[..at], &rest[at..]),
            None => (rest, ""),
        };
        if authority.contains('@') || base.contains(['?', '#']) {
            return Err(wrong("carries user information, a query or a fragment"));
        }
        let (host, port) = split_authority(authority).ok_or_else(|| wrong("has no readable host and port"))?;
        let bare = base.trim_end_matches('/');
        let base_path = if bare.is_empty() { String::new() } else { canonical(bare).map_err(wrong)? };
        let shown = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let authority = if port == 80 { shown } else { format!("{shown}:{port}") };
        Ok(Self { host: host.to_owned(), port, authority, base_path })
    }
}

fn canonical(path: &str) -> Result<String, &'static str> {
    path::normalise(path).map(std::borrow::Cow::into_owned).map_err(path::PathFault::detail)
}

fn split_authority(authority: &str) -> Option<(&str, u16)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, port.strip_prefix(':').or_else(|| port.is_empty().then_some(""))?)
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let port = if port.is_empty() { 80 } else { port.parse().ok().filter(|p| *p != 0)? };
    let fine = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b));
    fine.then_some((host, port))
}

/// One version in one environment, ready to be called.
#[derive(Debug)]
pub struct Publication {
    /// What the control plane sent.
    pub row: PublicationRow,
    /// Unlike every other build of any publication in this process; usage is counted under it.
    pub serial: u64,
    /// When it ends, if it is deprecated or retired.
    pub ending: Option<Box<Ending>>,
    /// How calls are treated whose operation says nothing of its own.
    usual: Treatment,
    /// How calls of the other operations are treated, by their places in the row.
    own: Map<u32, Treatment>,
    /// Where to forward to; empty if no address of the row was usable, and then every call is answered 502.
    pub upstreams: Vec<Upstream>,
    /// The 128 bits of the API's id.
    pub api_bits: u128,
    /// The 128 bits of the environment's id.
    pub environment_bits: u128,
    templates: Templates,
}

impl Publication {
    /// Makes a row ready. What makes no sense in it is left out and named in the second part of the answer.
    pub fn compile(row: PublicationRow, serial: u64) -> (Self, Vec<String>) {
        let mut faults = Vec::new();
        let mut templates = Templates::default();
        for (i, operation) in row.operations.iter().enumerate() {
            let added = u32::try_from(i)
                .map_err(|_| "too many operations".to_owned())
                .and_then(|i| templates.add(&operation.path, &operation.method, i));
            if let Err(why) = added {
                faults.push(format!("operation `{}` of {} cannot be called: {why}", operation.name, row.version));
            }
        }
        let mut upstreams = Vec::with_capacity(row.upstreams.len());
        for text in &row.upstreams {
            match Upstream::parse(text) {
                Ok(upstream) => upstreams.push(upstream),
                Err(why) => faults.push(format!("{} in {}: {why}", row.version, row.environment)),
            }
        }
        let usual = Treatment::usual(&row, &mut faults);
        let own = (0u32..).zip(&row.operations).filter_map(|(at, o)| Some((at, Treatment::own(&row, o, &mut faults)?)));
        let own = own.collect();
        let ending = row.ending.clone().map(|ending| Box::new(Ending::of(ending)));
        let (api_bits, environment_bits) = (row.api.bits(), row.environment.bits());
        (Self { row, serial, ending, usual, own, upstreams, api_bits, environment_bits, templates }, faults)
    }

    /// How calls of the operation at this place are treated, or calls outside the document.
    pub fn treatment(&self, operation: Option<u32>) -> &Treatment {
        match operation {
            // Most publications have none, and then nothing is looked up.
            Some(at) if !self.own.is_empty() => self.own.get(&at).unwrap_or(&self.usual),
            _ => &self.usual,
        }
    }

    /// The path item that the path behind `/{api}/{version}` belongs to.
    pub fn item(&self, path: &str) -> Option<&PathItem> {
        self.templates.find(if path.is_empty() { "/" } else { path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstream_addresses_are_taken_apart_or_refused() {
        let parsed = Upstream::parse("http://127.0.0.1:9000/base/").unwrap();
        assert_eq!((parsed.host.as_str(), parsed.port), ("127.0.0.1", 9000));
        assert_eq!((parsed.authority.as_str(), parsed.base_path.as_str()), ("127.0.0.1:9000", "/base"));
        let plain = Upstream::parse("http://example.org").unwrap();
        assert_eq!((plain.authority.as_str(), plain.port, plain.base_path.as_str()), ("example.org", 80, ""));
        let six = Upstream::parse("http://[::1]:81").unwrap();
        assert_eq!((six.host.as_str(), six.authority.as_str()), ("::1", "[::1]:81"));
        for bad in [
            "",
            "ftp://x",
            "http://",
            "http://:80",
            "http://a:0",
            "http://a:x",
            "http://u@a",
            "http://a/?q",
            "http://[x]",
            "http://a b",
            "http://a/../b",
            "https://a",
        ] {
            assert!(Upstream::parse(bad).is_err(), "{bad}");
        }
    }
}
