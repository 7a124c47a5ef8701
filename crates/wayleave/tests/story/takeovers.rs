//! Attempts to get more than was given: taking an organization over, dismissing each other, letting oneself in.

use serde_json::{Value, json};
use testkit::{Postbox, Story, TestApp};

/// K21 C51
#[tokio::test]
async fn by_management_nobody_takes_an_organization_from_its_owners() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (reseller, accomplice) = (app.person("reseller").await, app.person("accomplice").await);
    let customer = format!("/api/v1/organizations/{}", story.consumer_organization);
    let manager = json!({"name": "Reseller"});
    let manager = reseller.post("/api/v1/organizations", manager).await.is(201).str("id");
    story.consumer.put(&format!("{customer}/manager"), json!({"organization": manager})).await.is(200);

    let accomplice_seat = format!("{customer}/members/{}", accomplice.id);
    let owner_seat = format!("{customer}/members/{}", story.consumer.id);
    let business = format!("{customer}/roles/business_admin/{}", accomplice.id);
    for reply in [
        reseller.put(&accomplice_seat, json!({"role": "OWNER"})).await,
        reseller.put(&owner_seat, json!({"role": "READ_ONLY"})).await,
        reseller.delete(&owner_seat).await,
        reseller.put(&business, Value::Null).await,
        reseller.post(&format!("{customer}/invitations"), json!({"email": "x@example.com", "role": "OWNER"})).await,
    ] {
        assert_eq!(reply.problem(403, "forbidden")["reason"], "managed");
    }
    // The rest of an OWNER's work is theirs, and the OWNER ends it whenever they like.
    reseller.put(&accomplice_seat, json!({"role": "READ_ONLY"})).await.is(200);
    reseller.put(&accomplice_seat, json!({"role": "OWNER"})).await.problem(403, "forbidden");
    reseller.delete(&accomplice_seat).await.is(200);
    story.consumer.put(&accomplice_seat, json!({"role": "OWNER"})).await.is(200);
    story.consumer.delete(&format!("{customer}/manager")).await.is(200);
    reseller.get(&customer).await.problem(404, "not-found");
}

/// X07
#[tokio::test]
async fn of_two_site_administrators_who_dismiss_each_other_at_once_one_stays() {
    let app = TestApp::start().await;
    let (admin, other) = (app.admin().await, app.person("other").await);
    for act in ["dismiss", "lock"] {
        admin.post(&format!("/api/v1/users/{}/appoint", other.id), json!({})).await.is(200);
        let (first, second) =
            (format!("/api/v1/users/{}/{act}", other.id), format!("/api/v1/users/{}/{act}", admin.id));
        let (x, y) = tokio::join!(admin.post(&first, json!({})), other.post(&second, json!({})));
        let statuses = [x.status.as_u16(), y.status.as_u16()];
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{act}: {statuses:?}");
        if x.status.as_u16() != 200 {
            return;
        }
    }
}

/// A56
#[tokio::test]
async fn a_designer_lets_nobody_in() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let designer = app.person("designer").await;
    let role = format!("/api/v1/organizations/{}/roles/api_designer/{}", story.provider_organization, designer.id);
    story.provider.put(&role, Value::Null).await.is(200);
    let path = format!("/api/v1/apis/{}/environments/production", story.api);
    let open = json!({"approval": "automatic", "activation": "automatic"});
    designer.patch(&format!("/api/v1/apis/{}", story.api), json!({"description": "Designed"})).await.is(200);
    designer.put(&path, open.clone()).await.problem(403, "forbidden");
    story.provider.put(&path, open).await.is(200);
}

/// C79
#[tokio::test]
async fn an_address_that_a_mail_server_cannot_take_stops_no_other_mail() {
    let postbox = Postbox::start().await;
    let mail = postbox.address;
    let app = TestApp::with(|config| {
        config.smtp_host = Some(mail.ip().to_string());
        config.smtp_port = Some(mail.port());
        config.smtp_security = platform::notice::mail::Security::None;
        config.mail_from = Some("portal@example.com".to_owned());
    })
    .await;
    let register = async |name: &str, email: &str| {
        let body = json!({"username": name, "password": "a long passphrase", "email": email});
        app.nobody().post("/api/v1/users", body).await.is(201);
    };
    register("strange", "\u{fc}mlaut@example.com").await;
    register("usual", "usual@example.com").await;
    app.deliver().await;
    let reached: Vec<String> = postbox.mails().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(reached, ["usual@example.com"]);
    let state = app.admin().await.get("/api/v1/mail").await.is(200);
    assert_eq!((&state["failed"], &state["waiting"]), (&json!(1), &json!(0)), "{}", state.text());
}
