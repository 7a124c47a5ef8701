//! The token, introspection and revocation endpoints, as far as they are protocol.

use base::Timestamp;
use base::secret::Secret;
use data_encoding::BASE64;
use oauth::error::{ErrorCode, OAuthError};
use oauth::token::{
    ClientAuth, ClientCredential, Form, GrantRequest, Introspection, TokenResponse, backed_by_roles, client_credential,
    effective_scopes, grant_request, parse_scope, scope_text, token_query,
};
use proptest::prelude::*;
use serde_json::json;

fn form(body: &str) -> Form {
    Form::parse(body.as_bytes()).expect("a readable form")
}

fn basic(text: &str) -> String {
    format!("Basic {}", BASE64.encode(text.as_bytes()))
}

fn texts(items: &[&str]) -> Vec<String> {
    items.iter().map(|s| (*s).to_owned()).collect()
}

/// What the token endpoint does with a request before it looks anything up. Its client may do as this test says.
fn token_endpoint(authorization: Option<&str>, body: &str) -> Result<(ClientCredential, Vec<String>), OAuthError> {
    let form = Form::parse(body.as_bytes())?;
    let client = client_credential(authorization, &form)?.ok_or_else(OAuthError::invalid_client)?;
    let request = grant_request(&form)?;
    request.permitted_by(&texts(&["client_credentials"]))?;
    let GrantRequest::ClientCredentials { scope, .. } = request;
    Ok((client, effective_scopes(scope.as_deref(), &texts(&["a", "b"]))?))
}

/// F34 C33 C39
#[test]
fn a_client_authenticates_by_header_or_by_form_and_gets_its_scopes() {
    let header = basic("billing:s3cret");
    let (client, scopes) = token_endpoint(Some(&header), "grant_type=client_credentials&scope=b").unwrap();
    assert_eq!((client.client_id.as_str(), client.method), ("billing", ClientAuth::Basic));
    assert_eq!(client.secret.unwrap().reveal(), "s3cret");
    assert_eq!(scopes, ["b"]);

    let body = "grant_type=client_credentials&client_id=billing&client_secret=s3cret";
    let (client, scopes) = token_endpoint(None, body).unwrap();
    assert_eq!((client.client_id.as_str(), client.method), ("billing", ClientAuth::Post));
    assert_eq!(client.secret.unwrap().reveal(), "s3cret");
    assert_eq!(scopes, ["a", "b"]);
}

#[test]
fn every_bad_request_gets_the_error_of_its_kind() {
    use ErrorCode::{InvalidClient, InvalidRequest, InvalidScope, InvalidTarget, UnsupportedGrantType};
    let good = basic("billing:s3cret");
    let header = Some(good.as_str());
    let cc = "grant_type=client_credentials";
    let rows: Vec<(Option<&str>, String, ErrorCode, &str)> = vec![
        (header, String::new(), InvalidRequest, "grant_type"),
        (header, "grant_type=".into(), InvalidRequest, "grant_type"),
        (header, "grant_type".into(), InvalidRequest, "grant_type"),
        (header, "Grant_Type=client_credentials".into(), InvalidRequest, "grant_type"),
        (header, "grant_type=password&username=a&password=b".into(), UnsupportedGrantType, "password"),
        (header, "grant_type=authorization_code&code=x".into(), UnsupportedGrantType, "authorization_code"),
        (header, "grant_type=Client_Credentials".into(), UnsupportedGrantType, "Client_Credentials"),
        (header, "grant_type=client_credentials+".into(), UnsupportedGrantType, "client_credentials "),
        (header, format!("{cc}&scope=c"), InvalidScope, "c"),
        (header, format!("{cc}&scope=a+c+d"), InvalidScope, "c d"),
        (header, format!("{cc}&scope=A"), InvalidScope, "A"),
        (header, format!("{cc}&scope=a++b"), InvalidScope, "one space"),
        (header, format!("{cc}&scope=+a"), InvalidScope, "one space"),
        (header, format!("{cc}&scope=a%22"), InvalidScope, "quotation"),
        (header, format!("{cc}&scope=a%5C"), InvalidScope, "backslash"),
        (header, format!("{cc}&scope=%C3%A9"), InvalidScope, "ASCII"),
        (header, format!("{cc}&resource=/v1"), InvalidTarget, "absolute URI"),
        (header, format!("{cc}&resource=https://a.example/%23x"), InvalidTarget, "fragment"),
        (header, format!("{cc}&resource=https://a.example/&resource=x"), InvalidTarget, "absolute URI"),
        (header, format!("{cc}&client_secret=s3cret"), InvalidRequest, "more than one way"),
        (header, format!("{cc}&client_assertion=x"), InvalidRequest, "more than one way"),
        (header, format!("{cc}&client_id=other"), InvalidRequest, "client_id"),
        (None, format!("{cc}&client_id=a&client_secret=b&client_assertion=c"), InvalidRequest, "more than one way"),
        (None, format!("{cc}&client_secret=b"), InvalidRequest, "client_id"),
        (None, format!("{cc}&client_id=a&client_assertion=x"), InvalidClient, "assertions"),
        (None, cc.into(), InvalidClient, "client_id"),
        (Some("Bearer x"), cc.into(), InvalidClient, "Basic"),
        (Some(""), cc.into(), InvalidClient, "Basic"),
        (Some("Basic"), cc.into(), InvalidClient, "base64"),
        (Some("Basic !!!"), cc.into(), InvalidClient, "base64"),
        (Some("Basic YWJj"), cc.into(), InvalidClient, "client_id:client_secret"),
        (Some("Basic OnNlY3JldA=="), cc.into(), InvalidClient, "client_id:client_secret"),
        (Some("Basic YTr/"), cc.into(), InvalidClient, "base64"),
        (header, format!("{cc}&scope=%zz"), InvalidRequest, "scope"),
        (header, format!("{cc}&scope=%"), InvalidRequest, "scope"),
        (header, format!("{cc}&x=%FF"), InvalidRequest, "UTF-8"),
        (header, format!("{cc}&x=%00"), InvalidRequest, "control"),
        (header, format!("{cc}&x=a%0Ab"), InvalidRequest, "control"),
        (header, format!("{cc}&x={}", "a".repeat(64 * 1024)), InvalidRequest, "larger"),
        (header, (0..70).map(|n| format!("p{n}=1&")).collect(), InvalidRequest, "more than 64"),
    ];
    for (authorization, body, code, named) in rows {
        let shown: String = body.chars().take(80).collect();
        let error = token_endpoint(authorization, &body).unwrap_err();
        assert_eq!(error.code, code, "{authorization:?} {shown}: {error}");
        assert!(error.description.contains(named), "{authorization:?} {shown}: {error}");
        assert_eq!(error.to_json()["error"], code.as_str());
    }
}

/// F25
#[test]
fn a_failed_client_is_401_and_is_challenged_where_it_used_the_header() {
    let error = OAuthError::invalid_client();
    assert_eq!((error.status(), error.code.as_str()), (401, "invalid_client"));
    assert_eq!(error.www_authenticate(true).as_deref(), Some("Basic realm=\"Wayleave\", charset=\"UTF-8\""));
    assert_eq!(error.www_authenticate(false), None);
}

/// C37
#[test]
fn a_grant_type_that_the_client_may_not_use_is_named() {
    let request = grant_request(&form("grant_type=client_credentials")).unwrap();
    assert_eq!(request.permitted_by(&texts(&["hybrid", "client_credentials"])), Ok(()));
    for valid in [texts(&[]), texts(&["authorization_code", "implicit"])] {
        let error = request.permitted_by(&valid).unwrap_err();
        assert_eq!((error.status(), error.code), (400, ErrorCode::UnauthorizedClient));
        assert!(error.description.contains("client_credentials"));
    }
}

#[test]
fn every_parameter_may_stand_only_once_with_or_without_a_value() {
    for name in [
        "grant_type",
        "scope",
        "client_id",
        "client_secret",
        "token",
        "token_type_hint",
        "client_assertion",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "unknown",
        "audience",
    ] {
        for body in [
            format!("{name}=a&{name}=a"),
            format!("{name}=a&x=1&{name}=b"),
            format!("{name}=&{name}=a"),
            format!("{name}&{name}"),
            format!("{name}=a&%{:02X}{}=b", name.as_bytes()[0], &name[1..]),
        ] {
            let error = Form::parse(body.as_bytes()).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidRequest, "{body}");
            assert!(error.description.contains(name), "{body}: {error}");
        }
    }
    let resource = grant_request(&form("grant_type=client_credentials&resource=urn:a&resource=urn:b&resource=urn:a"));
    assert_eq!(resource, Ok(GrantRequest::ClientCredentials { scope: None, resource: texts(&["urn:a", "urn:b"]) }));
}

#[test]
fn an_empty_value_counts_as_absent_and_unknown_parameters_are_ignored() {
    let parsed = form("&&grant_type=client_credentials&scope=&resource=&nonsense=1&empty&=x&");
    assert_eq!(parsed.get("scope"), None);
    assert_eq!(parsed.get("empty"), None);
    assert_eq!(grant_request(&parsed), Ok(GrantRequest::ClientCredentials { scope: None, resource: vec![] }));
}

#[test]
fn values_are_form_decoded() {
    let parsed = form("a=x+y%2Bz&b=%C3%A9&c%20d=1=2&e=%41%6a");
    assert_eq!(parsed.get("a"), Some("x y+z"));
    assert_eq!(parsed.get("b"), Some("\u{e9}"));
    assert_eq!(parsed.get("c d"), Some("1=2"));
    assert_eq!(parsed.get("e"), Some("Aj"));
}

#[test]
fn the_body_must_say_that_it_is_a_form() {
    for good in ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"] {
        assert_eq!(Form::check_media_type(Some(good)), Ok(()), "{good}");
    }
    for bad in [None, Some(""), Some("application/json"), Some("multipart/form-data; boundary=x"), Some("text/plain")] {
        assert_eq!(Form::check_media_type(bad).unwrap_err().code, ErrorCode::InvalidRequest, "{bad:?}");
    }
}

#[test]
fn basic_is_form_decoded_after_it_is_split() {
    // Sent text, id, secret. Raw and encoded spellings of the same secret; a + that is not encoded is a space.
    for (sent, id, secret) in [
        ("id:p%2Bq", "id", "p+q"),
        ("id:p+q", "id", "p q"),
        ("id:p%25q", "id", "p%q"),
        ("id:p%q", "id", "p%q"),
        ("id:p%", "id", "p%"),
        ("id:p%3Aq", "id", "p:q"),
        ("id:p:q", "id", "p:q"),
        ("id:p%2Fq", "id", "p/q"),
        ("id:p/q", "id", "p/q"),
        ("i%3Ad:s", "i:d", "s"),
        ("i%2Dd%5Fx%2Ey%7Ez:%2D%5F", "i-d_x.y~z", "-_"),
        ("i-d_x.y~z:wls_Ab1", "i-d_x.y~z", "wls_Ab1"),
        ("id:%C3%A9", "id", "\u{e9}"),
        ("id:", "id", ""),
    ] {
        for scheme in ["Basic ", "basic ", "BASIC   "] {
            let header = format!("{scheme}{}", BASE64.encode(sent.as_bytes()));
            let found = client_credential(Some(&header), &form("client_id=")).unwrap().unwrap();
            assert_eq!(found.client_id, id, "{sent}");
            assert_eq!(found.secret.as_ref().map(Secret::reveal), Some(secret), "{sent}");
        }
    }
    for sent in ["id:%00", "i%0Ad:x", "id:%FF", ":s", "%:"] {
        let outcome = client_credential(Some(&basic(sent)), &form(""));
        if sent == "%:" {
            assert_eq!(outcome.unwrap().unwrap().client_id, "%");
        } else {
            assert_eq!(outcome.unwrap_err().code, ErrorCode::InvalidClient, "{sent}");
        }
    }
}

/// C33
#[test]
fn a_secret_of_ours_arrives_unchanged_however_the_client_encodes_it() {
    let secret = Secret::generate(base::secret::Purpose::ClientSecret);
    let percent: String = secret.reveal().bytes().map(|b| format!("%{b:02x}")).collect();
    let partly = secret.reveal().replace('_', "%5F");
    for spelling in [secret.reveal(), &percent, &partly] {
        let found = client_credential(Some(&basic(&format!("cli-1:{spelling}"))), &form("")).unwrap().unwrap();
        assert_eq!(found.secret.unwrap().reveal(), secret.reveal());
    }
}

#[test]
fn the_id_in_the_form_may_repeat_that_of_the_header() {
    let header = basic("billing:s");
    let found = client_credential(Some(&header), &form("client_id=billing")).unwrap().unwrap();
    assert_eq!((found.client_id.as_str(), found.method), ("billing", ClientAuth::Basic));
}

#[test]
fn a_client_without_proof_and_no_client_at_all_are_told_apart() {
    let public = client_credential(None, &form("client_id=app")).unwrap().unwrap();
    assert_eq!((public.method, public.secret.is_none()), (ClientAuth::None, true));
    assert!(client_credential(None, &form("grant_type=x")).unwrap().is_none());
    let empty = client_credential(None, &form("client_id=app&client_secret=")).unwrap().unwrap();
    assert_eq!(empty.method, ClientAuth::None);
}

/// X06
#[test]
fn nothing_that_was_read_prints_a_secret() {
    let body = "client_id=billing&client_secret=s3cret&token=t0ken";
    let parsed = form(body);
    let query = token_query(&parsed).unwrap();
    let client = client_credential(None, &parsed).unwrap();
    let response = TokenResponse::bearer(Secret::from_text("t0ken"), 60, None);
    let printed = format!("{parsed:?} {query:?} {client:?} {response:?}");
    assert!(!printed.contains("s3cret") && !printed.contains("t0ken"), "{printed}");
    for bad in ["client_secret=s3cret%zz", "client_secret=s3cret&client_secret=s3cret", "token=s3cret%00"] {
        assert!(!Form::parse(bad.as_bytes()).unwrap_err().to_string().contains("s3cret"));
    }
}

/// C36
#[test]
fn a_client_gets_what_it_asks_for_within_what_it_may_have() {
    let allowed = texts(&["a", "b", "c"]);
    assert_eq!(effective_scopes(None, &allowed), Ok(allowed.clone()));
    assert_eq!(effective_scopes(Some(&[]), &allowed), Ok(allowed.clone()));
    assert_eq!(effective_scopes(Some(&texts(&["c", "a"])), &allowed), Ok(texts(&["c", "a"])));
    let error = effective_scopes(Some(&texts(&["a", "x", "B"])), &allowed).unwrap_err();
    assert_eq!((error.code, error.status()), (ErrorCode::InvalidScope, 400));
    assert!(error.description.contains("x B"), "{error}");
    assert_eq!(effective_scopes(None, &[]), Ok(vec![]));
    assert!(effective_scopes(Some(&texts(&["a"])), &[]).is_err());
}

/// F35
#[test]
fn a_scope_that_no_role_backs_is_left_out() {
    let scopes = texts(&["a", "b"]);
    assert_eq!(backed_by_roles(scopes.clone(), None), scopes);
    assert_eq!(backed_by_roles(scopes.clone(), Some(&texts(&["b", "z"]))), ["b"]);
    assert_eq!(backed_by_roles(scopes, Some(&[])), Vec::<String>::new());
}

#[test]
fn scopes_survive_their_text_and_stand_once() {
    assert_eq!(parse_scope("b a b"), Ok(texts(&["b", "a"])));
    assert_eq!(scope_text(&texts(&["b", "a"])).as_deref(), Some("b a"));
    assert_eq!(scope_text(&[]), None);
}

/// F34 C46
#[test]
fn a_token_answer_has_numbers_and_no_refresh_token() {
    let response = TokenResponse::bearer(Secret::from_text("wlt_x"), 60, Some("a b".into()));
    let expected = json!({ "access_token": "wlt_x", "token_type": "Bearer", "expires_in": 60, "scope": "a b" });
    assert_eq!(response.to_json(), expected);
    let bare = TokenResponse::bearer(Secret::from_text("wlt_x"), 60, None).to_json();
    assert_eq!(bare.get("scope"), None);
}

/// X05
#[test]
fn a_query_needs_a_token_and_may_hint_at_anything() {
    let query = token_query(&form("token=abc&token_type_hint=refresh_token")).unwrap();
    assert_eq!((query.token.as_str(), query.hint.as_deref()), ("abc", Some("refresh_token")));
    assert_eq!(token_query(&form("token=a&token_type_hint=pigeon")).unwrap().hint.as_deref(), Some("pigeon"));
    for body in ["", "token=", "token_type_hint=access_token"] {
        let error = token_query(&form(body)).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest);
        assert!(error.description.contains("token"), "{body}");
    }
}

/// X05
#[test]
fn introspection_tells_all_of_a_live_token_and_nothing_of_a_dead_one() {
    assert_eq!(Introspection::inactive(), json!({ "active": false }));
    let live = Introspection {
        scope: texts(&["a", "b"]),
        client_id: "billing".into(),
        username: Some("service-account-billing".into()),
        sub: Some("usr_1".into()),
        aud: texts(&["http://127.0.0.1:8000"]),
        iss: "http://127.0.0.1:8080".into(),
        jti: Some("tok_1".into()),
        iat: Timestamp::from_seconds(100),
        exp: Timestamp::from_seconds(160),
    };
    let expected = json!({
        "active": true, "scope": "a b", "client_id": "billing", "username": "service-account-billing",
        "token_type": "Bearer", "exp": 160, "iat": 100, "sub": "usr_1", "aud": "http://127.0.0.1:8000",
        "iss": "http://127.0.0.1:8080", "jti": "tok_1",
    });
    assert_eq!(live.to_json(), expected);
    let bare = Introspection { scope: vec![], username: None, sub: None, aud: vec![], jti: None, ..live };
    assert!(bare.to_json().as_object().unwrap().values().all(|v| !v.is_null()));
    assert_eq!(bare.to_json().get("scope"), None);
}

proptest! {
    #[test]
    fn no_bytes_make_the_parsers_panic(body in prop::collection::vec(any::<u8>(), 0..300), header in "\\PC{0,80}") {
        let parsed = Form::parse(&body).unwrap_or_else(|error| {
            assert!(error.description.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\'));
            form("grant_type=client_credentials")
        });
        let _ = client_credential(Some(&header), &parsed);
        let _ = client_credential(Some(&format!("Basic {}", BASE64.encode(&body))), &parsed);
        let _ = oauth::bearer::parse(Some(&header));
        let _ = oauth::bearer::parse(Some(&format!("Bearer {header}")));
        let _ = parse_scope(&header);
    }

    #[test]
    fn whatever_is_form_encoded_arrives_unchanged(value in "[^\\p{C}]{1,40}") {
        let encoded: String = value.bytes().map(|b| format!("%{b:02X}")).collect();
        let parsed = form(&format!("a={encoded}"));
        prop_assert_eq!(parsed.get("a"), Some(value.as_str()));
    }

    #[test]
    fn form_like_text_is_read_or_refused(body in "[a-z%+=&0-9A-F]{0,120}") {
        if let Ok(parsed) = Form::parse(body.as_bytes()) {
            let _ = grant_request(&parsed);
            let _ = token_query(&parsed);
        }
    }

    #[test]
    fn any_text_makes_a_challenge_of_one_line(text in "\\PC{0,60}") {
        let challenge = oauth::bearer::Challenge::new(&*text)
            .error(oauth::bearer::BearerError::InvalidToken, &*text)
            .scopes(std::slice::from_ref(&text));
        let header = challenge.to_header();
        prop_assert!(header.bytes().all(|b| (0x20..0x7f).contains(&b)));
        prop_assert_eq!(header.matches('"').count(), 8);
    }
}
