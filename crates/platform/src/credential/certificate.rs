//! Reading certificates: base64 of DER, whose names must be the ones that are said (C52, C53).

use super::name::Name;
use base::secret::Digest;
use base::{Problem, Timestamp, id};
use x509_parser::asn1_rs::Tag;
use x509_parser::prelude::{AttributeTypeAndValue, FromDer, X509Certificate, X509Name};

/// The longest certificate, in characters of base64. Certificates of people and programs have one to three thousand.
const LONGEST: usize = 16 * 1024;

/// What there is to know of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Base64 of the DER.
    pub der: String,
    /// Whose it is, as it was said.
    pub subject: String,
    /// Who signed it, as it was said.
    pub issuer: String,
    /// Its number at its issuer, in hexadecimal.
    pub serial: String,
    /// From when on it is good.
    pub not_before: Timestamp,
    /// Until when it is good.
    pub not_after: Timestamp,
    /// Whether it counts after its end (C55).
    pub allow_expired: bool,
    /// Whether it is trusted because it is this one, whoever signed it (C56).
    pub skip_chain_checks: bool,
    /// The developer who added it; `None` if an administrator did (C57).
    pub added_by: Option<id::UserId>,
}

impl Certificate {
    /// When a credential of this certificate ends: with it, unless it counts for longer.
    pub fn end(&self) -> Option<Timestamp> {
        (!self.allow_expired).then_some(self.not_after)
    }

    /// SHA-256 of the DER in hexadecimal.
    pub fn fingerprint(&self) -> String {
        let der = data_encoding::BASE64.decode(self.der.as_bytes()).unwrap_or_default();
        Digest::of_public(&der).to_hex()
    }
}

/// What somebody says of a certificate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// Base64 of the DER.
    pub certificate: &'a str,
    /// Whose it is; what it says itself unless given.
    pub subject: Option<&'a str>,
    /// Who signed it; what it says itself unless given.
    pub issuer: Option<&'a str>,
    /// See [`Certificate`].
    pub allow_expired: bool,
    /// See [`Certificate`].
    pub skip_chain_checks: bool,
}

/// Reads a certificate, and holds what was said of it against it.
///
/// # Errors
/// 422 naming `certificate`, `subject` or `issuer` below `pointer`.
pub fn read(pointer: &str, said: Said<'_>, added_by: Option<id::UserId>) -> Result<(Certificate, Digest), Problem> {
    let at = |member: &str| format!("{pointer}/{member}");
    let der = decoded(&at("certificate"), said.certificate)?;
    let no_certificate = || {
        let detail = "It is base64, but not of one X.509 certificate in DER form. Send what `openssl x509 -in \
                      certificate.pem -outform DER | base64 -w0` prints.";
        Problem::invalid(at("certificate"), detail)
    };
    let (rest, parsed) = X509Certificate::from_der(&der).map_err(|_| no_certificate())?;
    if !rest.is_empty() {
        return Err(no_certificate());
    }
    let subject = named(&at("subject"), said.subject, &carried(parsed.subject()))?;
    let issuer = named(&at("issuer"), said.issuer, &carried(parsed.issuer()))?;
    let digest = Digest::of_public(&der);
    let certificate = Certificate {
        der: said.certificate.to_owned(),
        subject,
        issuer,
        serial: parsed.raw_serial_as_string(),
        not_before: Timestamp::from_seconds(parsed.validity().not_before.timestamp()),
        not_after: Timestamp::from_seconds(parsed.validity().not_after.timestamp()),
        allow_expired: said.allow_expired,
        skip_chain_checks: said.skip_chain_checks,
        added_by,
    };
    Ok((certificate, digest))
}

fn decoded(pointer: &str, text: &str) -> Result<Vec<u8>, Problem> {
    let fix = if text.contains("-----BEGIN") {
        "This is PEM. Send the lines between `BEGIN` and `END` as one, without line breaks."
    } else if text.is_empty() || text.len() > LONGEST {
        "A certificate has 1 to 16384 characters of base64."
    } else {
        "This is no base64 with its padding and without line breaks (RFC 4648 section 4)."
    };
    let whole = (1..=LONGEST).contains(&text.len());
    let der = whole.then(|| data_encoding::BASE64.decode(text.as_bytes()).ok()).flatten();
    der.ok_or_else(|| Problem::invalid(pointer, fix))
}

/// The name that a certificate carries.
fn carried(name: &X509Name<'_>) -> Name {
    let attribute = |it: &AttributeTypeAndValue<'_>| (it.attr_type().to_id_string(), value(it));
    Name::of(name.iter_rdn().map(|part| part.iter().map(attribute).collect()).collect())
}

/// The text of a value. Old certificates write it in one byte or two for each character.
fn value(attribute: &AttributeTypeAndValue<'_>) -> String {
    let bytes = attribute.as_slice();
    match (attribute.as_str(), attribute.attr_value().tag()) {
        (Ok(text), _) => text.to_owned(),
        (_, Tag::TeletexString) => bytes.iter().map(|b| char::from(*b)).collect(),
        (_, Tag::BmpString) => {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => format!("#{}", data_encoding::HEXLOWER.encode(bytes)),
    }
}

/// What is said, if it is what the certificate says; else the certificate's own words.
fn named(pointer: &str, said: Option<&str>, own: &Name) -> Result<String, Problem> {
    let Some(said) = said else { return Ok(own.to_string()) };
    let fits = said.len() <= 2_000 && !said.chars().any(char::is_control);
    let same = fits && (Name::read(said).is_some_and(|name| name.matches(own)) || said == own.to_string());
    if same {
        return Ok(said.to_owned());
    }
    let detail = format!("It must match the certificate, which says `{own}`. Say that, or leave it out.");
    Err(Problem::invalid(pointer, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};

    /// A certificate of this person, signed by itself, as base64 of its DER.
    fn certificate() -> String {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CountryName, "DK");
        params.distinguished_name.push(DnType::OrganizationalUnitName, "Partner");
        params.distinguished_name.push(DnType::CommonName, "Person");
        params.not_after = rcgen::date_time_ymd(2040, 1, 1);
        let key = KeyPair::generate().unwrap();
        data_encoding::BASE64.encode(params.self_signed(&key).unwrap().der())
    }

    fn pointer(said: Said<'_>) -> Option<String> {
        read("/certificates/0", said, None).err().map(|p| p.fields[0].pointer.clone())
    }

    /// C52
    #[test]
    fn the_names_that_are_said_must_be_those_of_the_certificate() {
        let der = certificate();
        let own = Said { certificate: &der, ..Said::default() };
        let (read_back, digest) = read("", own, None).unwrap();
        assert_eq!(read_back.subject, "C=DK,OU=Partner,CN=Person");
        assert_eq!(
            (read_back.issuer.as_str(), read_back.fingerprint()),
            ("C=DK,OU=Partner,CN=Person", digest.to_hex())
        );
        assert_eq!(read_back.not_after.to_string(), "2040-01-01T00:00:00Z");
        let said = Said { subject: Some("CN=Person, OU=Partner, C=DK"), ..own };
        assert_eq!(read("", said, None).unwrap().0.subject, "CN=Person, OU=Partner, C=DK", "kept as it was said");
        for wrong in ["C=DK,OU=Partner,CN=Somebody", "", "Person", "C=DK,OU=Partner,CN=Person,O=More"] {
            let subject = pointer(Said { subject: Some(wrong), ..own });
            assert_eq!(subject.as_deref(), Some("/certificates/0/subject"), "{wrong}");
            let issuer = pointer(Said { issuer: Some(wrong), ..own });
            assert_eq!(issuer.as_deref(), Some("/certificates/0/issuer"), "{wrong}");
        }
    }

    /// C53
    #[test]
    fn what_is_no_base64_of_one_certificate_is_refused() {
        let der = certificate();
        let bytes = data_encoding::BASE64.decode(der.as_bytes()).unwrap();
        let text = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
        let lines = format!("{}\n{}", &der[..64], &der[64..]);
        let pem = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----");
        let bad = [
            String::new(),
            "garbage".to_owned(),
            text(b"garbage"),
            text(&bytes[..bytes.len() - 1]),
            text(&[bytes.as_slice(), &[0]].concat()),
            text(&[bytes.as_slice(), &bytes].concat()),
            lines,
            pem,
            "A".repeat(LONGEST + 4),
            "MIIDVDCCAjygAwIBAgIHA9bbH0Y2ADANxxxxxxx ..... ==".to_owned(),
        ];
        for certificate in &bad {
            let shown: String = certificate.chars().take(40).collect();
            let found = pointer(Said { certificate, ..Said::default() });
            assert_eq!(found.as_deref(), Some("/certificates/0/certificate"), "{shown}");
        }
        for n in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[n] ^= 0xff;
            let certificate = text(&damaged);
            // Whatever is read of it, nothing panics, and a length that does not fit is noticed.
            let _ = pointer(Said { certificate: &certificate, ..Said::default() });
        }
    }

    /// C55
    #[test]
    fn a_certificate_ends_with_itself_unless_it_counts_for_longer() {
        let der = certificate();
        let said = Said { certificate: &der, ..Said::default() };
        let (own, _) = read("", said, None).unwrap();
        assert_eq!(own.end(), Some(own.not_after));
        let (longer, _) = read("", Said { allow_expired: true, ..said }, None).unwrap();
        assert_eq!(longer.end(), None);
    }
}
