//! Whom to believe when this program is the client of a TLS connection: the authorities of the machine, and those that the
//! configuration adds.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// The certificate authorities (DER) of this machine, and those of a PEM file.
///
/// # Errors
/// The PEM holds no certificate, or one that cannot be read.
pub fn authorities(more: Option<&[u8]>) -> Result<Arc<[Vec<u8>]>, String> {
    let mut all: Vec<CertificateDer<'static>> = rustls_native_certs::load_native_certs().certs;
    // One that a machine brings along and nobody can read is none of our business; one that was given is.
    all.retain(|authority| RootCertStore::empty().add(authority.clone()).is_ok());
    if let Some(pem) = more {
        let given = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
        if given.is_empty() {
            return Err("it holds no certificate in PEM form".to_owned());
        }
        for authority in &given {
            RootCertStore::empty().add(authority.clone()).map_err(|e| e.to_string())?;
        }
        all.extend(given);
    }
    Ok(all.into_iter().map(|authority| authority.to_vec()).collect())
}

/// What a client believes that trusts these authorities, speaking TLS 1.2 and 1.3.
///
/// # Errors
/// Only if the library knows none of its own versions.
pub fn client(authorities: &[Vec<u8>]) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(CertificateDer::from(authority.clone())).map_err(|e| e.to_string())?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(Arc::new(versions.map_err(|e| e.to_string())?.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_that_cannot_be_read_is_named_and_not_passed_over() {
        for nonsense in [&b"nothing"[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert!(authorities(Some(nonsense)).is_err());
        }
        let machine = authorities(None).expect("whatever this machine has");
        assert!(client(&machine).is_ok());
    }
}
