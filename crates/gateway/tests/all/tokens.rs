//! Opaque and JWT access tokens.

use crate::rig::{AUDIENCE, ISSUER, Rig, START};
use base::secret::{Purpose, Secret};
use base::{Timestamp, id};
use oauth::jose::{AccessTokenClaims, SigningKey};
use snapshot::{KeyRow, TokenRow, Update};

struct Opaque {
    secret: Secret,
    row: TokenRow,
}

fn opaque(rig: &Rig, scopes: &[&str]) -> Opaque {
    let secret = Secret::access_token(rig.clock.now());
    let row = TokenRow {
        id: id::TokenId::new(rig.clock.now()),
        digest: rig.keys.digest(Purpose::AccessToken, secret.reveal()),
        client: id::ClientId::from_bits(1),
        scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
        issued_at: rig.clock.now(),
        expires_at: rig.clock.now().plus_seconds(60),
    };
    rig.apply(Update::Token(row.id.clone(), Some(row.clone())));
    Opaque { secret, row }
}

fn claims(now: Timestamp) -> AccessTokenClaims {
    AccessTokenClaims {
        iss: ISSUER.into(),
        sub: "service-account-demo-client".into(),
        aud: vec![AUDIENCE.into()],
        client_id: "demo-client".into(),
        scope: vec!["read".into()],
        iat: now,
        exp: now.plus_seconds(60),
        jti: id::TokenId::new(now).to_string(),
        extra: serde_json::Map::new(),
    }
}

fn sign(key: &SigningKey, bend: impl FnOnce(&mut AccessTokenClaims), now: Timestamp) -> String {
    let mut claims = claims(now);
    bend(&mut claims);
    key.sign_access_token(&claims).unwrap()
}

fn bearer(rig: &Rig, target: &str, token: &str) -> crate::client::Answer {
    rig.get_with(target, &[("Authorization", &format!("Bearer {token}"))])
}

/// C42 C46
#[test]
fn an_opaque_token_is_good_until_its_end() {
    let rig = Rig::start();
    let token = opaque(&rig, &["read"]);
    let answer = bearer(&rig, "/oauth/v1/x", token.secret.reveal());
    assert_eq!(answer.echoed_header("authorization"), None);
    assert_eq!(
        rig.get_with("/oauth/v1/x", &[("Authorization", &format!("bearer  {}", token.secret.reveal()))]).status,
        200
    );
    rig.clock.advance_seconds(59);
    assert_eq!(bearer(&rig, "/oauth/v1/x", token.secret.reveal()).status, 200);
    rig.clock.advance_seconds(1);
    assert_eq!(bearer(&rig, "/oauth/v1/x", token.secret.reveal()).code(), "credential-expired");
}

/// C42 X02
#[test]
fn an_opaque_token_dies_with_its_row_its_client_and_their_epoch() {
    let rig = Rig::start();
    let token = opaque(&rig, &["read"]);
    let code = || bearer(&rig, "/oauth/v1/x", token.secret.reveal());
    rig.apply(Update::Token(token.row.id.clone(), None));
    assert_eq!(code().code(), "credential-invalid");
    rig.apply(Update::Token(token.row.id.clone(), Some(token.row.clone())));
    assert_eq!(code().status, 200);
    rig.apply(rig.client(|row| row.tokens_not_before = START.plus_micros(1)));
    assert_eq!(code().code(), "credential-disabled");
    rig.apply(rig.client(|row| row.enabled = false));
    assert_eq!(code().code(), "client-disabled");
    let mut altered = token.secret.reveal().to_owned();
    altered.replace_range(10..11, if &altered[10..11] == "0" { "1" } else { "0" });
    let answer = bearer(&rig, "/oauth/v1/x", &altered);
    assert!(answer.json()["detail"].as_str().unwrap().contains("checksum"));
}

/// C43 C46
#[test]
fn a_jwt_of_our_own_key_is_good_until_its_end() {
    let rig = Rig::start();
    let token = sign(&rig.signing, |_| (), START);
    for _ in 0..3 {
        assert_eq!(bearer(&rig, "/oauth/v1/x", &token).status, 200);
    }
    rig.clock.advance_seconds(60);
    assert_eq!(bearer(&rig, "/oauth/v1/x", &token).code(), "credential-expired", "also when it was verified before");
    let dead = sign(&rig.signing, |c| c.exp = START.plus_seconds(60), START);
    assert_eq!(bearer(&rig, "/oauth/v1/x", &dead).code(), "credential-expired", "also when it never was");
}

/// C43
#[test]
fn a_jwt_that_is_not_ours_or_not_meant_for_us_is_refused() {
    let rig = Rig::start();
    let foreign = SigningKey::generate_es256().unwrap();
    let good = sign(&rig.signing, |_| (), START);
    let (front, signature) = good.rsplit_once('.').unwrap();
    let swapped = if signature.starts_with('A') { "B" } else { "A" };
    for token in [
        sign(&foreign, |_| (), START),
        sign(&rig.signing, |c| c.iss = "http://elsewhere.test".into(), START),
        sign(&rig.signing, |c| c.aud = vec!["http://elsewhere.test".into()], START),
        sign(&rig.signing, |c| c.client_id = "nobody".into(), START),
        sign(&rig.signing, |c| c.jti = "not-ours".into(), START),
        sign(&rig.signing, |c| c.iat = START.plus_seconds(600), START),
        format!("{front}.{swapped}{}", &signature[1..]),
        "eyJhbGciOiJub25lIn0.e30.".into(),
        "a.b.c".into(),
        String::new(),
    ] {
        let answer = bearer(&rig, "/oauth/v1/x", &token);
        assert_eq!((answer.status, answer.code().as_str()), (401, "credential-invalid"), "{token}");
    }
    assert_eq!(bearer(&rig, "/oauth/v1/x", &good).status, 200);
}

/// X02 F26
#[test]
fn a_jwt_that_was_verified_before_dies_at_once_with_its_client_its_epoch_its_key_and_its_revocation() {
    let rig = Rig::start();
    let at = START.plus_seconds(1);
    rig.clock.advance_seconds(1);
    let token = sign(&rig.signing, |_| (), at);
    let call = || bearer(&rig, "/oauth/v1/x", &token);
    assert_eq!(call().status, 200);
    rig.apply(rig.client(|row| row.enabled = false));
    assert_eq!(call().code(), "client-disabled");
    rig.apply(rig.client(|row| row.tokens_not_before = at.plus_seconds(1)));
    assert_eq!(call().code(), "credential-disabled");
    rig.apply(rig.client(|_| ()));
    assert_eq!(call().status, 200);
    let kid = rig.signing.kid().to_owned();
    rig.apply(Update::Key(kid.clone(), None));
    assert_eq!(call().code(), "credential-invalid");
    let jwk = rig.signing.public_jwk();
    rig.apply(Update::Key(kid.clone(), Some(KeyRow { kid, alg: "ES256".into(), jwk })));
    assert_eq!(call().status, 200);
    let revoked = sign(&rig.signing, |c| c.jti = id::TokenId::from_bits(77).to_string(), at);
    assert_eq!(bearer(&rig, "/oauth/v1/x", &revoked).status, 200);
    rig.apply(Update::RevokedJwt(id::TokenId::from_bits(77), at.plus_seconds(60)));
    assert_eq!(bearer(&rig, "/oauth/v1/x", &revoked).code(), "credential-disabled");
    assert_eq!(call().status, 200, "another token lives on");
}

/// A token issued in the same second in which its client was switched on again counts.
#[test]
fn a_jwt_issued_just_after_the_epoch_counts_although_its_iat_is_rounded_down() {
    let rig = Rig::start();
    let epoch = START.plus_micros(300_000);
    rig.apply(rig.client(|row| row.tokens_not_before = epoch));
    let before = sign(&rig.signing, |_| (), START.plus_micros(200_000));
    let after = sign(&rig.signing, |_| (), START.plus_micros(400_000));
    assert_eq!(bearer(&rig, "/oauth/v1/x", &before).code(), "credential-disabled");
    assert_eq!(bearer(&rig, "/oauth/v1/x", &after).status, 200);
}

/// X03
#[test]
fn a_missing_scope_is_named_as_rfc_6750_says() {
    let rig = Rig::start();
    let token = sign(&rig.signing, |c| c.scope = vec!["other".into()], START);
    let answer = bearer(&rig, "/oauth/v1/items/7", &token);
    assert_eq!((answer.status, answer.code().as_str()), (403, "scope-missing"));
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.contains("error=\"insufficient_scope\"") && challenge.contains("scope=\"read\""), "{challenge}");
    assert_eq!(answer.json()["scopes"], serde_json::json!(["read"]));
    let reads = sign(&rig.signing, |_| (), START);
    let put = rig.send("PUT", "/oauth/v1/items/7", &[("Authorization", &format!("Bearer {reads}"))], "");
    assert_eq!(put.json()["scopes"], serde_json::json!(["read", "write"]));
    let both = opaque(&rig, &["read", "write"]);
    let put =
        rig.send("PUT", "/oauth/v1/items/7", &[("Authorization", &format!("Bearer {}", both.secret.reveal()))], "x");
    assert_eq!(put.status, 200);
}

#[test]
fn two_tokens_are_one_too_many() {
    let rig = Rig::start();
    let token = format!("Bearer {}", sign(&rig.signing, |_| (), START));
    let answer = rig.get_with("/oauth/v1/x", &[("Authorization", &token), ("Authorization", &token)]);
    assert_eq!((answer.status, answer.code().as_str()), (400, "credential-ambiguous"));
    assert!(answer.header("www-authenticate").unwrap().contains("error=\"invalid_request\""));
}
