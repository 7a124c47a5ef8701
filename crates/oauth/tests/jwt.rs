//! JWT access tokens from outside: what is accepted, and the matrix of attacks that is not.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};
use aws_lc_rs::{encoding::AsDer, hmac, rand::SystemRandom, rsa};
use base::Timestamp;
use data_encoding::BASE64URL_NOPAD as B64;
use oauth::jose::{
    AccessTokenClaims, JoseError, LARGEST_TOKEN, PublicKey, SigningKey, TokenFault, verify_access_token,
};
use serde_json::{Map, Value, json};
use std::sync::{Arc, LazyLock};

const ISSUER: &str = "http://127.0.0.1:8080";
const AUDIENCE: &str = "http://127.0.0.1:8000";
const NOW: i64 = 1_795_340_000;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate_es256().expect("fixture"));
static RAW: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &KEY.to_pkcs8()).expect("fixture"));
static RSA: LazyLock<rsa::KeyPair> = LazyLock::new(|| rsa::KeyPair::generate(rsa::KeySize::Rsa2048).expect("fixture"));

fn claims() -> AccessTokenClaims {
    AccessTokenClaims {
        iss: ISSUER.into(),
        sub: "usr_01".into(),
        aud: vec![AUDIENCE.into()],
        client_id: "billing".into(),
        scope: vec!["users:read".into(), "users:write".into()],
        iat: Timestamp::from_seconds(NOW),
        exp: Timestamp::from_seconds(NOW + 60),
        jti: "tok_01".into(),
        extra: Map::new(),
    }
}

fn payload() -> Value {
    json!({
        "iss": ISSUER, "sub": "usr_01", "aud": AUDIENCE, "client_id": "billing", "scope": "users:read",
        "iat": NOW, "exp": NOW + 60, "jti": "tok_01",
    })
}

fn header() -> Value {
    json!({ "typ": "at+jwt", "alg": "ES256", "kid": KEY.kid() })
}

/// The modulus stands behind the two headers of a PKCS#1 public key of 2048 bits.
fn rsa_jwk(alg: &str) -> Value {
    let der = RSA.public_key().as_ref();
    json!({ "kty": "RSA", "n": B64.encode(&der[9..265]), "e": "AQAB", "alg": alg, "kid": "rsa", "use": "sig" })
}

fn keys(kid: &str) -> Option<Arc<PublicKey>> {
    let jwk = match kid {
        "rsa" => rsa_jwk("RS256"),
        _ if kid == KEY.kid() => KEY.public_jwk(),
        _ => return None,
    };
    Some(Arc::new(PublicKey::from_jwk(&jwk).expect("fixture")))
}

fn verify_at(token: &str, now: Timestamp) -> Result<AccessTokenClaims, TokenFault> {
    verify_access_token(token, keys, ISSUER, AUDIENCE, now)
}

fn verify(token: &str) -> Result<AccessTokenClaims, TokenFault> {
    verify_at(token, Timestamp::from_seconds(NOW))
}

/// A token with any header and payload text, well signed under [`KEY`].
fn signed(header: &str, payload: &str) -> String {
    let signed = format!("{}.{}", B64.encode(header.as_bytes()), B64.encode(payload.as_bytes()));
    let signature = RAW.sign(&SystemRandom::new(), signed.as_bytes()).expect("fixture");
    format!("{signed}.{}", B64.encode(signature.as_ref()))
}

fn with_header(change: impl FnOnce(&mut Value)) -> String {
    let mut header = header();
    change(&mut header);
    signed(&header.to_string(), &payload().to_string())
}

fn with_payload(change: impl FnOnce(&mut Value)) -> String {
    let mut payload = payload();
    change(&mut payload);
    signed(&header().to_string(), &payload.to_string())
}

/// C43
#[test]
fn a_signed_token_verifies_and_says_what_was_signed() {
    let mut said = claims();
    said.extra.insert("roles".into(), json!(["viewer"]));
    let token = KEY.sign_access_token(&said).unwrap();
    assert_eq!(verify(&token), Ok(said));
    let parts: Vec<Value> = token
        .split('.')
        .take(2)
        .map(|part| serde_json::from_slice(&B64.decode(part.as_bytes()).unwrap()).unwrap())
        .collect();
    assert_eq!(parts[0], header());
    assert_eq!(parts[1]["scope"], "users:read users:write");
    assert_eq!(parts[1]["aud"], AUDIENCE);
    assert_eq!((&parts[1]["iat"], &parts[1]["exp"]), (&json!(NOW), &json!(NOW + 60)));
}

#[test]
fn several_audiences_travel_as_an_array_and_no_scope_as_nothing() {
    let mut said = claims();
    said.aud.push("https://other.example".into());
    said.scope.clear();
    let token = KEY.sign_access_token(&said).unwrap();
    assert_eq!(verify(&token), Ok(said));
    let body = B64.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["aud"], json!([AUDIENCE, "https://other.example"]));
    assert_eq!(body.get("scope"), None);
}

#[test]
fn a_further_claim_cannot_replace_one_of_the_servers() {
    for name in ["iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti"] {
        let mut said = claims();
        said.extra.insert(name.into(), json!("forged"));
        assert_eq!(KEY.sign_access_token(&said), Err(JoseError::ReservedClaim(name.into())));
    }
}

#[test]
fn a_token_that_no_verifier_would_take_is_not_signed() {
    let mut said = claims();
    said.extra.insert("big".into(), json!("x".repeat(LARGEST_TOKEN)));
    assert!(matches!(KEY.sign_access_token(&said), Err(JoseError::TooLarge(_))));
}

#[test]
fn a_header_that_lies_about_its_signature_is_refused() {
    let public = KEY.public_jwk();
    let cases: Vec<(&str, String, TokenFault)> = vec![
        ("none", with_header(|h| h["alg"] = json!("none")), TokenFault::Algorithm),
        ("None", with_header(|h| h["alg"] = json!("None")), TokenFault::Algorithm),
        ("no alg", with_header(|h| drop(h.as_object_mut().unwrap().remove("alg"))), TokenFault::Algorithm),
        ("alg in an array", with_header(|h| h["alg"] = json!(["ES256"])), TokenFault::Algorithm),
        ("lower case", with_header(|h| h["alg"] = json!("es256")), TokenFault::Algorithm),
        ("HS256", with_header(|h| h["alg"] = json!("HS256")), TokenFault::Algorithm),
        ("another curve", with_header(|h| h["alg"] = json!("ES384")), TokenFault::Algorithm),
        ("another key's", with_header(|h| h["alg"] = json!("RS256")), TokenFault::Algorithm),
        ("the key's by another's kid", with_header(|h| h["kid"] = json!("rsa")), TokenFault::Algorithm),
        ("no kid", with_header(|h| drop(h.as_object_mut().unwrap().remove("kid"))), TokenFault::UnknownKey),
        ("unknown kid", with_header(|h| h["kid"] = json!("../../dev/null")), TokenFault::UnknownKey),
        ("kid is a number", with_header(|h| h["kid"] = json!(0)), TokenFault::UnknownKey),
        (
            "its own key",
            with_header(|h| {
                h["kid"] = json!("mine");
                h["jwk"] = public;
                h["jku"] = json!("https://evil.example/jwks");
            }),
            TokenFault::UnknownKey,
        ),
        ("crit", with_header(|h| h["crit"] = json!(["b64"])), TokenFault::Critical),
        ("empty crit", with_header(|h| h["crit"] = json!([])), TokenFault::Critical),
        ("crit null", with_header(|h| h["crit"] = json!(null)), TokenFault::Critical),
    ];
    for (name, token, fault) in cases {
        assert_eq!(verify(&token), Err(fault), "{name}");
    }
}

#[test]
fn a_token_without_a_signature_is_refused_whatever_its_algorithm() {
    let token = KEY.sign_access_token(&claims()).unwrap();
    let unsigned = &token[..=token.rfind('.').unwrap()];
    assert_eq!(verify(unsigned), Err(TokenFault::Signature));
    let header = B64.encode(br#"{"typ":"at+jwt","alg":"none"}"#);
    let body = B64.encode(payload().to_string().as_bytes());
    assert_eq!(verify(&format!("{header}.{body}.")), Err(TokenFault::Algorithm));
}

#[test]
fn a_public_key_does_not_pass_as_a_shared_secret() {
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", rsa_jwk("RS256"));
    for secret in [RSA.public_key().as_ref(), pem.as_bytes(), rsa_jwk("RS256").to_string().as_bytes()] {
        for alg in ["HS256", "RS256"] {
            let header = json!({ "typ": "at+jwt", "alg": alg, "kid": "rsa" }).to_string();
            let signed = format!("{}.{}", B64.encode(header.as_bytes()), B64.encode(payload().to_string().as_bytes()));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
            let fault = if alg == "HS256" { TokenFault::Algorithm } else { TokenFault::Signature };
            assert_eq!(verify(&format!("{signed}.{}", B64.encode(tag.as_ref()))), Err(fault));
        }
    }
}

#[test]
fn only_the_type_of_access_tokens_is_accepted() {
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert!(verify(&with_header(|h| h["typ"] = json!(typ))).is_ok(), "{typ}");
    }
    for typ in ["JWT", "", "jwt", "logout+jwt", "client-authentication+jwt", "dpop+jwt", "at+jwt ", "application/JWT"] {
        assert_eq!(verify(&with_header(|h| h["typ"] = json!(typ))), Err(TokenFault::Type), "{typ}");
    }
    assert_eq!(verify(&with_header(|h| h["typ"] = json!(["at+jwt"]))), Err(TokenFault::Type));
    assert_eq!(verify(&with_header(|h| drop(h.as_object_mut().unwrap().remove("typ")))), Err(TokenFault::Type));
}

#[test]
fn one_altered_byte_anywhere_is_refused() {
    let token = KEY.sign_access_token(&claims()).unwrap();
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert!(verify(std::str::from_utf8(&bytes).unwrap()).is_err(), "byte {at}");
    }
    let other = SigningKey::generate_es256().unwrap().sign_access_token(&claims()).unwrap();
    assert_eq!(verify(&other), Err(TokenFault::UnknownKey));
    let (body, _) = token.rsplit_once('.').unwrap();
    let (_, foreign) = other.rsplit_once('.').unwrap();
    assert_eq!(verify(&format!("{body}.{foreign}")), Err(TokenFault::Signature));
}

#[test]
fn what_is_not_three_strict_parts_is_malformed() {
    let token = KEY.sign_access_token(&claims()).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let (h, p, s) = (parts[0], parts[1], parts[2]);
    let padded = B64.encode(format!("{} ", header()).as_bytes());
    let cases = [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        h.into(),
        format!("{h}.{p}"),
        format!("{h}.{p}.{s}.{s}"),
        format!("{h}.{p}.{s}.{s}.{s}"),
        format!("{h}=.{p}.{s}"),
        format!("{h}.{p}=.{s}"),
        format!("{h}.{p}.{s}=="),
        format!("{h}.{p}.{s}\n"),
        format!(" {h}.{p}.{s}"),
        format!("{h}.{p}.{}", &s[..s.len() - 1]),
        format!("{h}.{}.{s}", &p[..p.len() - (p.len() - 1) % 4]),
        format!("{}.{p}.{s}", B64.encode(b"[]")),
        format!("{}.{p}.{s}", B64.encode(b"\"at+jwt\"")),
        format!("{}.{p}.{s}", B64.encode(b"{}{}")),
        format!("{h}.{}.{s}", p.replace('.', "/")[..p.len() - 1].to_owned() + "+"),
        format!("{h}.{p}.\u{e9}"),
    ];
    for token in cases {
        assert_eq!(verify(&token), Err(TokenFault::Malformed), "{token}");
    }
    // White space within the JSON is the signer's business: only the signature decides.
    assert_eq!(verify(&format!("{padded}.{p}.{s}")), Err(TokenFault::Signature));
}

#[test]
fn base64_whose_last_bits_are_not_zero_is_malformed() {
    // 64 bytes leave four unused bits in the last character, so sixteen spellings would decode alike.
    let token = KEY.sign_access_token(&claims()).unwrap();
    let last = token.chars().last().unwrap();
    let twin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let next = twin.chars().nth(twin.find(last).unwrap() + 1).unwrap();
    assert_eq!(verify(&format!("{}{next}", &token[..token.len() - 1])), Err(TokenFault::Malformed));
}

#[test]
fn an_oversized_token_is_malformed_even_if_well_signed() {
    let token = with_payload(|p| p["big"] = json!("x".repeat(LARGEST_TOKEN)));
    assert_eq!(verify(&token), Err(TokenFault::Malformed));
    assert!(verify(&with_payload(|p| p["big"] = json!("x".repeat(LARGEST_TOKEN / 2)))).is_ok());
}

#[test]
fn a_member_that_stands_twice_is_malformed() {
    let (h, p) = (header().to_string(), payload().to_string());
    let doubled = |text: &str, member: &str| format!("{{{member},{}", &text[1..]);
    for token in [
        signed(&doubled(&h, "\"alg\":\"none\""), &p),
        signed(&doubled(&h, "\"unknown\":1,\"unknown\":2"), &p),
        signed(&doubled(&h, "\"x\":{\"a\":1,\"a\":1}"), &p),
        signed(&h, &doubled(&p, "\"exp\":9999999999")),
        signed(&h, &doubled(&p, "\"unknown\":1,\"unknown\":2")),
    ] {
        assert_eq!(verify(&token), Err(TokenFault::Malformed));
    }
}

#[test]
fn a_payload_that_is_no_object_is_malformed() {
    for text in ["", "[]", "null", "1", "\"x\"", "{", "{\"exp\":1e999}"] {
        assert_eq!(verify(&signed(&header().to_string(), text)), Err(TokenFault::Malformed), "{text}");
    }
}

#[test]
fn issuer_and_audience_are_compared_byte_by_byte() {
    for iss in ["http://127.0.0.1:8080/", "http://localhost:8080", "HTTP://127.0.0.1:8080", "https://127.0.0.1:8080"] {
        assert_eq!(verify(&with_payload(|p| p["iss"] = json!(iss))), Err(TokenFault::Issuer), "{iss}");
    }
    for aud in [json!("http://127.0.0.1:8000/"), json!("billing"), json!([]), json!([ISSUER, "x"]), json!("")] {
        assert_eq!(verify(&with_payload(|p| p["aud"] = aud.clone())), Err(TokenFault::Audience), "{aud}");
    }
    for aud in [json!([AUDIENCE]), json!(["x", AUDIENCE]), json!([AUDIENCE, AUDIENCE])] {
        assert!(verify(&with_payload(|p| p["aud"] = aud.clone())).is_ok(), "{aud}");
    }
}

#[test]
fn every_required_claim_must_be_there_and_of_its_type() {
    for name in ["iss", "sub", "aud", "client_id", "iat", "exp", "jti"] {
        let missing = with_payload(|p| drop(p.as_object_mut().unwrap().remove(name)));
        assert_eq!(verify(&missing), Err(TokenFault::ClaimMissing(name)), "no {name}");
        for wrong in [json!(null), json!({}), json!(true), json!([1])] {
            let token = with_payload(|p| p[name] = wrong.clone());
            assert_eq!(verify(&token), Err(TokenFault::ClaimMissing(name)), "{name} is {wrong}");
        }
    }
    for name in ["iss", "sub", "client_id", "jti"] {
        assert_eq!(verify(&with_payload(|p| p[name] = json!(""))), Err(TokenFault::ClaimMissing(name)));
    }
    let array = with_payload(|p| p["scope"] = json!(["users:read"]));
    assert_eq!(verify(&array), Err(TokenFault::ClaimMissing("scope")));
}

#[test]
fn dates_are_numbers_within_reason() {
    for name in ["exp", "iat", "nbf"] {
        let text = (NOW + 60).to_string();
        for wrong in
            [json!(text), json!(1e300), json!(-1e300), json!(u64::MAX), json!(i64::MIN), json!(253_402_300_800_i64)]
        {
            let token = with_payload(|p| p[name] = wrong.clone());
            assert_eq!(verify(&token), Err(TokenFault::ClaimMissing(name)), "{name} is {wrong}");
        }
    }
    let at = Timestamp::from_micros(NOW * 1_000_000 + 500_000);
    let token = with_payload(|p| p["exp"] = json!(NOW as f64 + 0.5));
    assert_eq!(verify_at(&token, at), Err(TokenFault::Expired { at }));
    assert!(verify_at(&token, at.plus_micros(-1)).is_ok());
    let past = with_payload(|p| p["exp"] = json!(-1));
    assert_eq!(verify(&past), Err(TokenFault::Expired { at: Timestamp::from_seconds(-1) }));
}

/// C46
#[test]
fn a_token_is_dead_from_the_very_instant_of_its_end() {
    let token = with_payload(|p| p["exp"] = json!(NOW + 2));
    let end = Timestamp::from_seconds(NOW + 2);
    assert!(verify_at(&token, end.plus_micros(-1)).is_ok());
    for late in [0, 1, 1_000_000, 60_000_000] {
        assert_eq!(verify_at(&token, end.plus_micros(late)), Err(TokenFault::Expired { at: end }));
    }
}

#[test]
fn a_token_from_the_future_is_refused_beyond_five_seconds() {
    for name in ["nbf", "iat"] {
        assert!(verify(&with_payload(|p| p[name] = json!(NOW + 5))).is_ok(), "{name}");
        let at = Timestamp::from_seconds(NOW + 6);
        assert_eq!(verify(&with_payload(|p| p[name] = json!(NOW + 6))), Err(TokenFault::NotYet { at }), "{name}");
    }
}

#[test]
fn the_earlier_fault_is_the_one_that_is_named() {
    let all_wrong = with_payload(|p| {
        p["iss"] = json!("x");
        p["aud"] = json!("x");
        p["exp"] = json!(1);
    });
    assert_eq!(verify(&all_wrong), Err(TokenFault::Issuer));
    let foreign = with_payload(|p| {
        p["aud"] = json!("x");
        p["exp"] = json!(1);
    });
    assert_eq!(verify(&foreign), Err(TokenFault::Audience));
}

#[test]
fn rsa_and_ed25519_keys_verify_their_own_algorithm_only() {
    let rsa_sign = |alg: &str, padding: &'static dyn aws_lc_rs::signature::RsaEncoding| {
        let header = json!({ "typ": "at+jwt", "alg": alg, "kid": "rsa" }).to_string();
        let signed = format!("{}.{}", B64.encode(header.as_bytes()), B64.encode(payload().to_string().as_bytes()));
        let mut signature = vec![0; RSA.public_modulus_len()];
        RSA.sign(padding, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", B64.encode(&signature))
    };
    let rs256 = rsa_sign("RS256", &RSA_PKCS1_SHA256);
    let ps256 = rsa_sign("PS256", &aws_lc_rs::signature::RSA_PSS_SHA256);
    assert!(verify(&rs256).is_ok());
    assert_eq!(verify(&ps256), Err(TokenFault::Algorithm));
    let as_ps = |_: &str| PublicKey::from_jwk(&rsa_jwk("PS256")).ok().map(Arc::new);
    let now = Timestamp::from_seconds(NOW);
    assert!(verify_access_token(&ps256, as_ps, ISSUER, AUDIENCE, now).is_ok());
    assert_eq!(verify_access_token(&rs256, as_ps, ISSUER, AUDIENCE, now), Err(TokenFault::Algorithm));

    let ed = Ed25519KeyPair::generate().unwrap();
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": B64.encode(ed.public_key().as_ref()) });
    let key = Arc::new(PublicKey::from_jwk(&jwk).unwrap());
    for alg in ["Ed25519", "EdDSA"] {
        let header = json!({ "typ": "at+jwt", "alg": alg, "kid": key.kid() }).to_string();
        let signed = format!("{}.{}", B64.encode(header.as_bytes()), B64.encode(payload().to_string().as_bytes()));
        let token = format!("{signed}.{}", B64.encode(ed.sign(signed.as_bytes()).as_ref()));
        assert!(verify_access_token(&token, |_| Some(key.clone()), ISSUER, AUDIENCE, now).is_ok(), "{alg}");
    }
}

#[test]
fn our_tokens_verify_in_another_library_and_its_tokens_verify_here() {
    use jsonwebtoken as jwt;
    let jwk: jwt::jwk::Jwk = serde_json::from_value(KEY.public_jwk()).unwrap();
    let mut rules = jwt::Validation::new(jwt::Algorithm::ES256);
    rules.validate_exp = false;
    rules.set_audience(&[AUDIENCE]);
    rules.set_issuer(&[ISSUER]);
    let token = KEY.sign_access_token(&claims()).unwrap();
    let read = jwt::decode::<Value>(&token, &jwt::DecodingKey::from_jwk(&jwk).unwrap(), &rules).unwrap();
    assert_eq!(read.header.kid.as_deref(), Some(KEY.kid()));
    assert_eq!(read.header.typ.as_deref(), Some("at+jwt"));
    assert_eq!(read.claims["sub"], "usr_01");

    let mut header = jwt::Header::new(jwt::Algorithm::ES256);
    header.typ = Some("at+jwt".into());
    header.kid = Some(KEY.kid().into());
    let theirs = jwt::encode(&header, &payload(), &jwt::EncodingKey::from_ec_der(&KEY.to_pkcs8())).unwrap();
    assert_eq!(verify(&theirs).map(|c| c.client_id).as_deref(), Ok("billing"));
}

#[test]
fn the_der_of_an_rsa_key_is_cut_where_the_modulus_stands() {
    // Guards the fixture: a changed layout would make the RSA rows above pass for the wrong reason.
    let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> = RSA.public_key().as_der().unwrap();
    let bytes = RSA.public_key().as_ref();
    assert_eq!((&bytes[..9], bytes.len()), (&[0x30, 0x82, 1, 10, 2, 0x82, 1, 1, 0][..], 270));
    assert!(der.as_ref().ends_with(bytes));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_verifier_panic_or_pass(text in "[A-Za-z0-9_.=-]{0,200}", noise in "\\PC{0,80}") {
        for token in [&text, &noise, &format!("{}.{text}", B64.encode(header().to_string().as_bytes()))] {
            proptest::prop_assert!(verify(token).is_err());
        }
    }

    #[test]
    fn no_signed_json_makes_the_verifier_panic(h in "\\{\"[a-z]{3}\":[0-9eE.+-]{1,9}\\}", p in "\\PC{0,60}", date in proptest::num::f64::ANY) {
        let _ = verify(&signed(&h, &p));
        let _ = verify(&signed(&header().to_string(), &p));
        for name in ["exp", "iat", "nbf"] {
            let _ = verify(&with_payload(|claims| claims[name] = json!(date)));
        }
    }
}
