//! Keys, signatures and JWT access tokens (RFC 7515, 7517, 7518, 7519, 7638, 8725 and 9068).
//!
//! A verifier here never lets the token choose how it is checked: the key names its algorithm and the header must
//! agree; keys are found by `kid` among those that the caller knows, never by anything else in the header.

mod claims;
mod json;
mod jws;
mod key;

pub use claims::{AccessTokenClaims, FUTURE_LEEWAY_SECONDS, verify_access_token};
pub use jws::LARGEST_TOKEN;
pub use key::{PublicKey, SigningKey, jwks, thumbprint};

use base::Timestamp;

/// A key or a set of claims that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// A JWK is malformed, private, or of a kind that is not used here.
    #[error("the JWK cannot be used: {0}")]
    Jwk(&'static str),
    /// A PKCS#8 document does not hold the private key that it should.
    #[error("the private key cannot be read: it must be an unencrypted PKCS#8 document with a P-256 key")]
    PrivateKey,
    /// The cryptographic library failed.
    #[error("the cryptographic library could not {0}")]
    Crypto(&'static str),
    /// A further claim has the name of one that is set already.
    #[error("the claim `{0}` is set by the server and cannot be given as a further claim")]
    ReservedClaim(String),
    /// The token would be longer than verifiers accept.
    #[error("the token would be {0} bytes long; at most {LARGEST_TOKEN} are accepted")]
    TooLarge(usize),
}

/// Why a token was refused. The text is for the owner of the client; it never repeats the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Not three parts of unpadded base64url, too long, not JSON objects, or an object with a member twice.
    #[error("the token is not a well-formed JWT")]
    Malformed,
    /// `alg` is `none`, unknown, or not that of the key.
    #[error("the token's algorithm is not the one of its key")]
    Algorithm,
    /// `kid` is absent or names no key that is published now.
    #[error("the token was signed with a key that is not known here")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the token's signature is wrong")]
    Signature,
    /// `typ` is not `at+jwt`: an ID token, a logout token, an assertion.
    #[error("the token is not an access token: its typ must be at+jwt")]
    Type,
    /// Somebody else issued it.
    #[error("the token was issued by another server")]
    Issuer,
    /// It is meant for somebody else.
    #[error("the token is meant for another audience")]
    Audience,
    /// It has ended.
    #[error("the token expired at {at}")]
    Expired {
        /// When it ended.
        at: Timestamp,
    },
    /// Its time has not come, or it was issued in the future.
    #[error("the token is not valid before {at}")]
    NotYet {
        /// When it begins.
        at: Timestamp,
    },
    /// A claim that must be there is absent or not of the type that it must have.
    #[error("the token's claim `{0}` is missing or has the wrong type")]
    ClaimMissing(&'static str),
    /// The header has `crit`: extensions that must be understood, and none is (RFC 7515 section 4.1.11).
    #[error("the token demands an extension that is not supported (crit)")]
    Critical,
}
