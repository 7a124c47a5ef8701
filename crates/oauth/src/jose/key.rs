//! Keys: what is published, what signs, what verifies.

use super::JoseError;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, KeyPair, ParsedPublicKey, RsaPublicKeyComponents};
use aws_lc_rs::{digest, signature::RsaParameters};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use std::fmt;
use zeroize::Zeroizing;

/// The signature algorithms that are understood (RFC 7518 section 3.1, RFC 9864). Symmetric ones and `none` are not
/// among them, and cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Es256,
    Rs256,
    Ps256,
    Ed25519,
}

impl Algorithm {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "ES256" => Some(Self::Es256),
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            // RFC 9864 renames it; both names are met.
            "Ed25519" | "EdDSA" => Some(Self::Ed25519),
            _ => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Ed25519 => "Ed25519",
        }
    }
}

/// A key that verifies signatures. It takes one algorithm and no other.
#[derive(Clone)]
pub struct PublicKey {
    kid: String,
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl PublicKey {
    /// Reads a public JWK: P-256 for ES256, RSA of 2048 to 8192 bits for RS256 or PS256, Ed25519. Without `kid` the
    /// thumbprint serves.
    ///
    /// # Errors
    /// [`JoseError::Jwk`] naming what is wrong: private or symmetric keys, other curves, points off the curve, short
    /// or oversized RSA keys, an `alg` that does not fit the key, or a `use` or `key_ops` other than verifying.
    pub fn from_jwk(jwk: &Value) -> Result<Self, JoseError> {
        if PRIVATE.iter().any(|name| jwk.get(*name).is_some()) {
            return Err(JoseError::Jwk("it carries private or symmetric key material"));
        }
        if jwk.get("use").is_some_and(|u| u != "sig") {
            return Err(JoseError::Jwk("its `use` is not `sig`"));
        }
        let verifies = |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"));
        if jwk.get("key_ops").is_some_and(|ops| !verifies(ops)) {
            return Err(JoseError::Jwk("its `key_ops` do not contain `verify`"));
        }
        let (algorithm, key) = material(jwk)?;
        let kid = match jwk.get("kid") {
            None => thumbprint(jwk)?,
            Some(kid) => match kid.as_str().filter(|kid| !kid.is_empty() && kid.len() <= 256) {
                Some(kid) => kid.to_owned(),
                None => return Err(JoseError::Jwk("its `kid` must be text of 1 to 256 bytes")),
            },
        };
        Ok(Self { kid, algorithm, key })
    }

    /// The name by which tokens refer to it.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The one algorithm that it verifies: `ES256`, `RS256`, `PS256` or `Ed25519`.
    pub fn alg(&self) -> &str {
        self.algorithm.as_str()
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.algorithm.as_str(), self.kid)
    }
}

/// Members that only private and symmetric keys have (RFC 7518 section 6).
const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

fn material(jwk: &Value) -> Result<(Algorithm, ParsedPublicKey), JoseError> {
    let is = |name: &str, text: &str| jwk.get(name).is_some_and(|v| v == text);
    let alg = match jwk.get("alg") {
        None => None,
        Some(alg) => Some(alg.as_str().and_then(Algorithm::parse).ok_or(JoseError::Jwk("its `alg` is not supported"))?),
    };
    let fits = |algorithm: Algorithm| match alg {
        Some(said) if said != algorithm => Err(JoseError::Jwk("its `alg` does not fit its `kty`")),
        _ => Ok(algorithm),
    };
    if is("kty", "EC") && is("crv", "P-256") {
        let mut point = vec![4];
        point.extend(member(jwk, "x", Some(32))?);
        point.extend(member(jwk, "y", Some(32))?);
        let key = ParsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, &point)
            .map_err(|_| JoseError::Jwk("its point is not on the curve"))?;
        Ok((fits(Algorithm::Es256)?, key))
    } else if is("kty", "OKP") && is("crv", "Ed25519") {
        let key = ParsedPublicKey::new(&signature::ED25519, member(jwk, "x", Some(32))?)
            .map_err(|_| JoseError::Jwk("its point is not on the curve"))?;
        Ok((fits(Algorithm::Ed25519)?, key))
    } else if is("kty", "RSA") {
        match alg {
            Some(Algorithm::Rs256) => rsa(jwk, &signature::RSA_PKCS1_2048_8192_SHA256).map(|k| (Algorithm::Rs256, k)),
            Some(Algorithm::Ps256) => rsa(jwk, &signature::RSA_PSS_2048_8192_SHA256).map(|k| (Algorithm::Ps256, k)),
            Some(_) => Err(JoseError::Jwk("its `alg` does not fit its `kty`")),
            None => Err(JoseError::Jwk("an RSA key must say its `alg`: RS256 or PS256")),
        }
    } else {
        Err(JoseError::Jwk("its `kty` and `crv` must be EC with P-256, OKP with Ed25519, or RSA"))
    }
}

fn rsa(jwk: &Value, parameters: &'static RsaParameters) -> Result<ParsedPublicKey, JoseError> {
    let (n, e) = (member(jwk, "n", None)?, member(jwk, "e", None)?);
    // The library checks the size at each signature only; a key that can verify nothing should not be taken at all.
    let bits = n.len() * 8 - n.first().map_or(0, |b| b.leading_zeros() as usize);
    if !(2048..=8192).contains(&bits) {
        return Err(JoseError::Jwk("an RSA key must have 2048 to 8192 bits"));
    }
    if e.len() > 4 || e.last().is_none_or(|b| b & 1 == 0) || e == [1] {
        return Err(JoseError::Jwk("its exponent is not usable"));
    }
    RsaPublicKeyComponents { n, e }
        .to_parsed_public_key(parameters)
        .map_err(|_| JoseError::Jwk("its modulus or exponent is not usable"))
}

fn member(jwk: &Value, name: &'static str, length: Option<usize>) -> Result<Vec<u8>, JoseError> {
    let wrong = match name {
        "x" => JoseError::Jwk("its `x` must be unpadded base64url of the key's length"),
        "y" => JoseError::Jwk("its `y` must be unpadded base64url of the key's length"),
        "n" => JoseError::Jwk("its `n` must be unpadded base64url"),
        _ => JoseError::Jwk("its `e` must be unpadded base64url"),
    };
    jwk.get(name)
        .and_then(Value::as_str)
        .and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok())
        .filter(|bytes| length.is_none_or(|length| bytes.len() == length))
        .ok_or(wrong)
}

/// The SHA-256 thumbprint of a key in base64url (RFC 7638): the same for every JWK of the same key.
///
/// # Errors
/// [`JoseError::Jwk`] if a member that the thumbprint is made of is missing or no text.
pub fn thumbprint(jwk: &Value) -> Result<String, JoseError> {
    let names: &[&str] = match jwk.get("kty").and_then(Value::as_str) {
        Some("EC") => &["crv", "kty", "x", "y"],
        Some("OKP") => &["crv", "kty", "x"],
        Some("RSA") => &["e", "kty", "n"],
        _ => return Err(JoseError::Jwk("its `kty` must be EC, OKP or RSA")),
    };
    // Lexicographic order, no white space: RFC 7638 section 3.3. The values are base64url or registered names.
    let mut text = String::from("{");
    for (at, name) in names.iter().enumerate() {
        let value = jwk.get(*name).and_then(Value::as_str).ok_or(JoseError::Jwk("a member of the key is missing"))?;
        text.push_str(if at == 0 { "" } else { "," });
        text.push_str(&format!("\"{name}\":{}", Value::from(value)));
    }
    text.push('}');
    Ok(BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref()))
}

/// A private key that signs tokens, with the parts of its tokens that never change.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    pkcs8: Zeroizing<Vec<u8>>,
    jwk: Value,
    kid: String,
    access_token_header: String,
}

impl SigningKey {
    /// A new P-256 key for ES256.
    ///
    /// # Errors
    /// [`JoseError::Crypto`] if the machine has no randomness to give.
    pub fn generate_es256() -> Result<Self, JoseError> {
        let pair = EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING)
            .map_err(|_| JoseError::Crypto("generate a key"))?;
        Self::of_pair(pair)
    }

    /// Reads what [`SigningKey::to_pkcs8`] gave.
    ///
    /// # Errors
    /// [`JoseError::PrivateKey`] for anything but an unencrypted PKCS#8 document with a P-256 key.
    pub fn from_pkcs8_es256(pkcs8: &[u8]) -> Result<Self, JoseError> {
        let pair = EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
            .map_err(|_| JoseError::PrivateKey)?;
        Self::of_pair(pair)
    }

    fn of_pair(pair: EcdsaKeyPair) -> Result<Self, JoseError> {
        let unusable = JoseError::Crypto("write a key down");
        let document = pair.to_pkcs8v1().map_err(|_| unusable.clone())?;
        // Uncompressed: 4, then x and y of 32 bytes each.
        let (x, y) = pair.public_key().as_ref().get(1..65).ok_or(unusable)?.split_at(32);
        let mut jwk = json!({
            "kty": "EC", "crv": "P-256", "x": BASE64URL_NOPAD.encode(x), "y": BASE64URL_NOPAD.encode(y),
        });
        let kid = thumbprint(&jwk)?;
        jwk["kid"] = json!(kid);
        jwk["use"] = json!("sig");
        jwk["alg"] = json!("ES256");
        let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": kid });
        Ok(Self {
            pkcs8: Zeroizing::new(document.as_ref().to_vec()),
            access_token_header: BASE64URL_NOPAD.encode(header.to_string().as_bytes()),
            pair,
            jwk,
            kid,
        })
    }

    /// The private key as an unencrypted PKCS#8 document. It must be sealed before it is stored.
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        self.pkcs8.clone()
    }

    /// Its name in tokens: the RFC 7638 thumbprint.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its algorithm: `ES256`.
    pub fn alg(&self) -> &'static str {
        Algorithm::Es256.as_str()
    }

    /// The public key as a JWK with `kid`, `use` and `alg`, for the JWKS document. It has no private member.
    pub fn public_jwk(&self) -> Value {
        self.jwk.clone()
    }

    /// The encoded header of its access tokens.
    pub(super) fn access_token_header(&self) -> &str {
        &self.access_token_header
    }

    /// The signature as JWS wants it: r and s of 32 bytes each.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        // The library draws its nonce itself and ignores the generator that its signature demands.
        let signature = self.pair.sign(&SystemRandom::new(), message).map_err(|_| JoseError::Crypto("sign"))?;
        Ok(signature.as_ref().to_vec())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(ES256 {})", self.kid)
    }
}

/// The JWKS document of these public keys (RFC 7517 section 5). As a last line of defence it leaves out symmetric
/// keys and private members, and a key whose `kid` is in the document already.
pub fn jwks(keys: &[Value]) -> Value {
    let mut out: Vec<Value> = Vec::new();
    for key in keys.iter().filter(|key| key.is_object() && key["kty"] != "oct") {
        let known = |other: &Value| other.get("kid").is_some() && other.get("kid") == key.get("kid");
        if out.iter().any(known) {
            continue;
        }
        let mut key = key.clone();
        if let Some(members) = key.as_object_mut() {
            members.retain(|name, _| !PRIVATE.contains(&name.as_str()));
        }
        out.push(key);
    }
    json!({ "keys": out })
}
