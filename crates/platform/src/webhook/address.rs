//! Which addresses a request may go to: judged by the address that is connected to, never by a name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A network such as `10.0.0.0/8`.
pub type Network = ipnet::IpNet;

/// Where webhooks may lead to.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Networks that are allowed although they are private.
    pub allow_networks: Vec<Network>,
    /// Whether `http` is allowed beside `https`.
    pub allow_http: bool,
    /// Our own listeners, which no webhook ever reaches.
    pub own: Vec<SocketAddr>,
    /// After how many days without a single success a webhook is switched off.
    pub disable_after_days: i64,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self { allow_networks: Vec::new(), allow_http: false, own: Vec::new(), disable_after_days: 5 }
    }
}

/// Reads networks; an address alone is a network of one.
///
/// # Errors
/// Names the one that cannot be read.
pub fn networks(texts: &[String]) -> Result<Vec<Network>, String> {
    let read = |text: &String| {
        let one = || text.parse::<IpAddr>().map(Network::from).ok();
        let network = text.parse::<Network>().ok().or_else(one);
        network.map(|network| network.trunc()).ok_or_else(|| format!("{text:?} is no network such as 10.0.0.0/8"))
    };
    texts.iter().map(read).collect()
}

/// The networks that are not the public Internet (the registries of RFC 6890, and multicast).
const PRIVATE: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Parts of the global unicast space (`2000::/3`) that are not the public Internet, or lead to other addresses.
const PRIVATE_V6: [(Ipv6Addr, u8); 5] = [
    // Protocol assignments, Teredo among them.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4: an IPv4 address in disguise.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
];

/// Whether this is an address of the public Internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let within =
                |(network, bits): &(Ipv4Addr, u8)| u32::from(ip) >> (32 - bits) == u32::from(*network) >> (32 - bits);
            !PRIVATE.iter().any(within)
        }
        IpAddr::V6(ip) => {
            let within = |(network, bits): &(Ipv6Addr, u8)| {
                u128::from(ip) >> (128 - bits) == u128::from(*network) >> (128 - bits)
            };
            let global = u128::from(ip) >> 125 == 0b001;
            global && !PRIVATE_V6.iter().any(within)
        }
    }
}

/// Passes an address that a request may go to.
///
/// # Errors
/// Says why it may not.
pub fn allowed(address: SocketAddr, networks: &[Network], own: &[SocketAddr]) -> Result<(), String> {
    let ip = address.ip().to_canonical();
    // The unspecified address reaches every listener of this machine; one on all addresses is reached by any of them.
    let ours = |listener: &SocketAddr| {
        let same = listener.ip().to_canonical() == ip;
        let any = listener.ip().is_unspecified() && !is_public(ip);
        listener.port() == address.port() && (same || any || ip.is_unspecified())
    };
    if own.iter().any(ours) {
        return Err("it leads to this program itself".to_owned());
    }
    if is_public(ip) || networks.iter().any(|network| network.contains(&ip)) {
        return Ok(());
    }
    // Not which: what names mean inside of this network is nobody's business outside.
    Err("it leads to an address that is not public and that webhook_allow_networks does not name".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ip: &str) -> SocketAddr {
        SocketAddr::new(ip.parse().expect("an address"), 443)
    }

    #[test]
    fn only_the_public_internet_is_public() {
        for public in
            ["1.1.1.1", "100.128.0.1", "172.32.0.1", "11.0.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1"]
        {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.19.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "ffff::1",
        ] {
            assert!(!is_public(private.parse().expect("an address")), "{private}");
        }
        // An IPv4 address in the clothes of IPv6 is what it is.
        assert!(is_public("::ffff:1.1.1.1".parse().expect("an address")));
    }

    #[test]
    fn a_private_network_can_be_allowed_but_never_our_own_listeners() {
        let allow = networks(&["127.0.0.0/8".into(), "10.1.2.3".into(), "fd00::/8".into()]).expect("networks");
        for fine in ["127.0.0.1", "127.9.9.9", "::ffff:127.0.0.1", "10.1.2.3", "fd00::1", "1.1.1.1"] {
            assert_eq!(allowed(at(fine), &allow, &[]), Ok(()), "{fine}");
        }
        for barred in ["10.1.2.4", "::1", "169.254.169.254", "0.0.0.0"] {
            assert!(allowed(at(barred), &allow, &[]).is_err(), "{barred}");
        }
        let own = ["127.0.0.1:443".parse().expect("an address")];
        assert!(allowed(at("127.0.0.1"), &allow, &own).is_err());
        assert!(allowed(at("::ffff:127.0.0.1"), &allow, &own).is_err());
        assert!(allowed(at("0.0.0.0"), &networks(&["0.0.0.0/0".into()]).expect("a network"), &own).is_err());
        assert!(allowed("127.0.0.1:8443".parse().expect("an address"), &allow, &own).is_ok());
        let everywhere = ["0.0.0.0:443".parse().expect("an address")];
        assert!(allowed(at("127.9.9.9"), &allow, &everywhere).is_err());
        assert!(allowed(at("1.1.1.1"), &allow, &everywhere).is_ok());
    }

    #[test]
    fn a_network_that_cannot_be_read_is_named() {
        assert!(networks(&["10.0.0.0/33".into()]).is_err_and(|e| e.contains("10.0.0.0/33")));
        assert_eq!(networks(&["10.1.2.3/8".into()]).expect("a network")[0].to_string(), "10.0.0.0/8");
    }
}
