//! Keys as JWK, JWKS and PKCS#8.

use oauth::jose::{JoseError, PublicKey, SigningKey, jwks, thumbprint};
use proptest::prelude::*;
use serde_json::{Value, json};

// The example keys of RFC 7638 section 3.1 and RFC 8037 appendix A.2.
const RSA_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRX\
                     jBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaS\
                     qzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINH\
                     aQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
const ED_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn ec() -> Value {
    SigningKey::generate_es256().expect("a key").public_jwk()
}

#[test]
fn thumbprints_are_those_of_the_specifications_examples() {
    let rsa = json!({ "kty": "RSA", "n": RSA_N, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" });
    assert_eq!(thumbprint(&rsa).as_deref(), Ok("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    let ed = json!({ "kty": "OKP", "crv": "Ed25519", "x": ED_X });
    assert_eq!(thumbprint(&ed).as_deref(), Ok("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    assert_eq!(PublicKey::from_jwk(&ed).unwrap().kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert_eq!(
        PublicKey::from_jwk(&rsa).map(|k| (k.kid().to_owned(), k.alg().to_owned())).unwrap(),
        ("2011-04-29".to_owned(), "RS256".to_owned())
    );
}

/// X04
#[test]
fn a_published_key_has_its_public_members_and_no_other() {
    let key = SigningKey::generate_es256().unwrap();
    let jwk = key.public_jwk();
    let names: Vec<&str> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["kty", "crv", "x", "y", "kid", "use", "alg"]);
    assert_eq!((&jwk["kty"], &jwk["crv"], &jwk["use"]), (&json!("EC"), &json!("P-256"), &json!("sig")));
    assert_eq!(thumbprint(&jwk).as_deref(), Ok(key.kid()));
    let public = PublicKey::from_jwk(&jwk).unwrap();
    assert_eq!((public.kid(), public.alg()), (key.kid(), "ES256"));
}

#[test]
fn a_signing_key_survives_its_document_and_another_document_is_refused() {
    let key = SigningKey::generate_es256().unwrap();
    let again = SigningKey::from_pkcs8_es256(&key.to_pkcs8()).unwrap();
    assert_eq!(again.public_jwk(), key.public_jwk());
    let mut cut = key.to_pkcs8();
    cut.pop();
    let pair = aws_lc_rs::signature::Ed25519KeyPair::generate().unwrap();
    let ed = pair.to_pkcs8().unwrap();
    for document in [&cut[..], b"", b"-----BEGIN PRIVATE KEY-----", ed.as_ref()] {
        assert_eq!(SigningKey::from_pkcs8_es256(document).err(), Some(JoseError::PrivateKey));
    }
}

#[test]
fn a_key_never_prints_its_private_part() {
    let key = SigningKey::generate_es256().unwrap();
    assert_eq!(format!("{key:?}"), format!("SigningKey(ES256 {})", key.kid()));
}

#[test]
fn unusable_keys_are_refused() {
    let change = |mut jwk: Value, name: &str, value: Value| {
        jwk[name] = value;
        jwk
    };
    let rsa = |n: &str, e: &str| json!({ "kty": "RSA", "n": n, "e": e, "alg": "RS256", "kid": "r" });
    let cases = [
        ("not an object", json!("x")),
        ("nothing", json!({})),
        ("symmetric", json!({ "kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "s" })),
        ("private", change(ec(), "d", json!("AA"))),
        ("another curve", change(ec(), "crv", json!("P-384"))),
        ("off the curve", change(ec(), "x", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"))),
        ("short x", change(ec(), "x", json!("AQAB"))),
        ("padded x", change(ec(), "x", json!(format!("{}=", ec()["x"].as_str().unwrap())))),
        ("x is a number", change(ec(), "x", json!(1))),
        ("another key's alg", change(ec(), "alg", json!("RS256"))),
        ("unknown alg", change(ec(), "alg", json!("ES512"))),
        ("alg none", change(ec(), "alg", json!("none"))),
        ("for encryption", change(ec(), "use", json!("enc"))),
        ("signs only", change(ec(), "key_ops", json!(["sign"]))),
        ("empty kid", change(ec(), "kid", json!(""))),
        ("kid is a number", change(ec(), "kid", json!(7))),
        ("long kid", change(ec(), "kid", json!("k".repeat(257)))),
        ("rsa without alg", json!({ "kty": "RSA", "n": RSA_N, "e": "AQAB", "kid": "r" })),
        ("rsa as ES256", change(rsa(RSA_N, "AQAB"), "alg", json!("ES256"))),
        ("short rsa", rsa(&RSA_N[..172], "AQAB")),
        ("long rsa", rsa(&RSA_N.repeat(5)[..1366], "AQAB")),
        ("even exponent", rsa(RSA_N, "AQAC")),
        ("exponent one", rsa(RSA_N, "AQ")),
        ("no exponent", rsa(RSA_N, "")),
        ("low order", json!({ "kty": "OKP", "crv": "X25519", "x": ED_X })),
    ];
    for (name, jwk) in cases {
        assert!(matches!(PublicKey::from_jwk(&jwk), Err(JoseError::Jwk(_))), "{name}");
    }
    assert!(PublicKey::from_jwk(&change(ec(), "key_ops", json!(["verify"]))).is_ok());
}

/// X04
#[test]
fn a_jwks_document_never_holds_a_secret_nor_a_kid_twice() {
    let (a, b) = (ec(), ec());
    let mut leaky = b.clone();
    leaky["d"] = json!("private");
    let symmetric = json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "s" });
    assert_eq!(jwks(&[a.clone(), leaky, symmetric, a.clone(), json!("junk")]), json!({ "keys": [a, b] }));
    assert_eq!(jwks(&[]), json!({ "keys": [] }));
}

proptest! {
    #[test]
    fn reading_a_key_never_panics(kty in "RSA|EC|OKP|oct|x", crv in "P-256|Ed25519|x", a in ".{0,60}", b in "[A-Za-z0-9_-]{0,400}") {
        let jwk = json!({ "kty": kty, "crv": crv, "x": a, "y": b, "n": b, "e": a, "alg": "RS256" });
        let _ = PublicKey::from_jwk(&jwk);
        let _ = thumbprint(&jwk);
        let _ = SigningKey::from_pkcs8_es256(b.as_bytes());
    }
}
