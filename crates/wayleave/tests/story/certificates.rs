//! Certificates, addresses, lifetimes and secrets of a client that come from elsewhere.

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use serde_json::{Value, json};
use testkit::{PETS, Story, TestApp};

/// The name that [`certificate`] carries for this person.
pub fn name(person: &str) -> String {
    format!("C=DK,OU=Partner,CN={person}")
}

/// Base64 of the DER of a certificate for this person that ends in this year, signed by itself.
pub fn certificate(person: &str, year: i32) -> String {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "DK");
    params.distinguished_name.push(DnType::OrganizationalUnitName, "Partner");
    params.distinguished_name.push(DnType::CommonName, person);
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    data_encoding::BASE64.encode(made.der())
}

fn credentials(story: &Story) -> String {
    format!("/api/v1/clients/{}/credentials", story.client)
}

/// C52 C53 C57
#[tokio::test]
async fn a_certificate_is_kept_as_it_is_and_who_added_it_is_written_down() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (path, admin) = (credentials(&story), app.admin().await);
    let der = certificate("Person", 2040);
    let body = json!({"kind": "certificate", "certificate": der, "subject": name("Person"), "description": "Batch"});
    let made = story.consumer.post(&path, body.clone()).await.is(201);
    assert!(made["secret"].is_null(), "a certificate has no secret");
    let kept = &made["certificate"];
    assert_eq!((&kept["certificate"], &kept["subject"]), (&json!(der), &json!(name("Person"))));
    assert_eq!((&kept["issuer"], &kept["not_after"]), (&json!(name("Person")), &json!("2040-01-01T00:00:00Z")));
    assert_eq!((&made["expires_at"], &made["state"]), (&kept["not_after"], &json!("active")));
    assert_eq!(kept["added_by"]["id"], story.consumer.id.as_str());
    assert!(kept["fingerprint"].as_str().unwrap().ends_with(made["hint"].as_str().unwrap()));
    // The same certificate leads to one client only.
    story.consumer.post(&path, body).await.problem(409, "exists");
    // An administrator is no developer of the app.
    let other = json!({"kind": "certificate", "certificate": certificate("Other", 2040), "skip_chain_checks": true});
    let other = admin.post(&path, other).await.is(201);
    assert_eq!(other["certificate"]["added_by"], Value::Null);
    assert_eq!(other["created_by"]["id"], admin.id.as_str());

    let faults = [
        (json!({"certificate": "garbage"}), "/certificate"),
        (
            json!({"certificate": format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----")}),
            "/certificate",
        ),
        (json!({}), "/certificate"),
        (json!({"certificate": certificate("New", 2040), "subject": name("Somebody")}), "/subject"),
        (json!({"certificate": certificate("New", 2040), "issuer": name("Somebody")}), "/issuer"),
        (json!({"certificate": certificate("New", 2040), "expires_at": "2039-01-01T00:00:00Z"}), "/expires_at"),
        (json!({"kind": "api_key", "certificate": certificate("New", 2040)}), "/certificate"),
    ];
    for (mut body, pointer) in faults {
        if body["kind"].is_null() {
            body["kind"] = json!("certificate");
        }
        let refused = story.consumer.post(&path, body).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{}", refused.text());
    }
    assert_eq!(story.consumer.get(&path).await.is(200).items().len(), 4);
}

/// C55 C56
#[tokio::test]
async fn an_expired_certificate_is_expired_unless_its_client_lets_it_count() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let body = json!({"kind": "certificate", "certificate": certificate("Old", 2026)});
    let made = story.consumer.post(&credentials(&story), body).await.is(201);
    assert_eq!((&made["state"], &made["certificate"]["allow_expired"]), (&json!("expired"), &json!(false)));
    let path = format!("/api/v1/credentials/{}", made.str("id"));
    let edited = story.consumer.patch(&path, json!({"allow_expired": true, "skip_chain_checks": true})).await.is(200);
    assert_eq!((&edited["state"], &edited["expires_at"]), (&json!("active"), &Value::Null));
    let flags = (&edited["certificate"]["allow_expired"], &edited["certificate"]["skip_chain_checks"]);
    assert_eq!(flags, (&json!(true), &json!(true)));
    let refused = story.consumer.patch(&path, json!({"expires_at": null})).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/expires_at");
    let rotated = story.consumer.post(&format!("{path}/rotate"), json!({"old_ends": "now"})).await;
    assert_eq!(rotated.problem(409, "wrong-state")["reason"], "not_rotated");
    let offered = edited["actions"].as_array().unwrap().iter().find(|a| a["action"] == "rotate").unwrap();
    assert_eq!((&offered["allowed"], &offered["reason"]), (&json!(false), &json!("not_rotated")));
    // Only certificates are checked like that.
    let key = story.consumer.post(&credentials(&story), json!({"kind": "api_key"})).await.is(201).str("id");
    let refused = story.consumer.patch(&format!("/api/v1/credentials/{key}"), json!({"allow_expired": true})).await;
    assert_eq!(refused.problem(422, "invalid")["errors"][0]["pointer"], "/allow_expired");
}

/// C44 C45 C47 C48 C37
#[tokio::test]
async fn a_client_keeps_its_addresses_and_three_lifetimes_each_in_its_own_unit() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let path = format!("/api/v1/clients/{}", story.client);
    let wanted = json!({
        "allowed_uris": ["/redir1", "https://shop.example/cb"], "allowed_logout_uris": ["/logoff1"],
        "accesstoken_valid_seconds": 60, "refreshtoken_validity_seconds": 61, "maximum_idtoken_expiration_minutes": 12,
        "valid_grant_types": ["implicit", "authorization_code", "hybrid", "client_credentials"],
    });
    story.consumer.patch(&path, wanted.clone()).await.is(200);
    let kept = story.consumer.get(&path).await.is(200);
    for (member, value) in wanted.as_object().unwrap() {
        assert_eq!(kept[member.as_str()], *value, "{member}");
    }
    let faults = [
        (json!({"allowed_uris": ["/ok", "http://shop.example/cb"]}), "/allowed_uris/1"),
        (json!({"allowed_logout_uris": ["javascript:alert(1)"]}), "/allowed_logout_uris/0"),
        (json!({"refreshtoken_validity_seconds": 0}), "/refreshtoken_validity_seconds"),
        (json!({"maximum_idtoken_expiration_minutes": 1441}), "/maximum_idtoken_expiration_minutes"),
        (json!({"valid_grant_types": ["implicit", "implicit"]}), "/valid_grant_types/1"),
        (json!({"valid_grant_types": ["password"]}), "/valid_grant_types/0"),
    ];
    for (body, pointer) in faults {
        let refused = story.consumer.patch(&path, body).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{}", refused.text());
    }
    let unset = json!({"refreshtoken_validity_seconds": null, "maximum_idtoken_expiration_minutes": null});
    let cleared = story.consumer.patch(&path, unset).await.is(200);
    assert!(cleared["refreshtoken_validity_seconds"].is_null(), "{}", cleared.text());
}

/// C77 C33 C34
#[tokio::test]
async fn only_an_administrator_brings_a_secret_along_and_then_it_works() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    crate::tokens::takes(&story, json!([{"scheme": "api_key"}, {"scheme": "basic"}])).await;
    let (path, admin) = (credentials(&story), app.admin().await);
    let (secret, key) = ("f2add5d3-e67a-415f-8163-a751d7566047", "1b119b37-e43b-46e3-9343-7cf26cec17ef");
    let bodies = [json!({"kind": "client_secret", "secret": secret}), json!({"kind": "api_key", "secret": key})];
    for body in &bodies {
        let refused = story.consumer.post(&path, body.clone()).await.problem(403, "forbidden");
        assert_eq!(refused["errors"][0]["pointer"], "/secret");
        assert!(!refused.text().contains(secret) && !refused.text().contains(key));
    }
    app.keyed(key).get(PETS).await.problem(401, "credential-invalid");
    for body in &bodies {
        let made = admin.post(&path, body.clone()).await.is(201);
        assert!(made["secret"].is_null(), "who brings it has it");
    }
    app.keyed(key).get(PETS).await.is(200);
    let pair = data_encoding::BASE64.encode(format!("{}:{secret}", story.client_id).as_bytes());
    app.gateway().with("authorization", &format!("Basic {pair}")).get(PETS).await.is(200);
    for bad in ["short", "two words of some length", "wlk_cut-short-and-damaged"] {
        let refused = admin.post(&path, json!({"kind": "api_key", "secret": bad})).await.problem(422, "invalid");
        assert!(!refused.text().contains(bad), "a secret is in no answer: {}", refused.text());
    }
}

/// X08
#[tokio::test]
async fn a_third_secret_is_not_offered() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let offered = async || {
        let client = story.consumer.get(&format!("/api/v1/clients/{}", story.client)).await.is(200);
        client["actions"].as_array().unwrap().iter().find(|a| a["action"] == "add_secret").unwrap().clone()
    };
    assert_eq!(offered().await["allowed"], true);
    story.consumer.post(&credentials(&story), json!({"kind": "client_secret"})).await.is(201);
    assert_eq!(offered().await, json!({"action": "add_secret", "allowed": false, "reason": "full"}));
    let refused = story.consumer.post(&credentials(&story), json!({"kind": "client_secret"})).await;
    assert_eq!(refused.problem(409, "wrong-state")["reason"], "full");
}
