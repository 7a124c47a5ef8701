//! HTTP/2 by prior knowledge.

use crate::rig::Rig;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::future::Future;

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

async fn connect(rig: &Rig) -> http2::SendRequest<Full<Bytes>> {
    let tcp = tokio::net::TcpStream::connect(rig.address).await.unwrap();
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(tcp)).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn call(rig: &Rig, target: &str, body: &'static str) -> Request<Full<Bytes>> {
    let method = if body.is_empty() { "GET" } else { "POST" };
    Request::builder()
        .method(method)
        .uri(format!("http://gateway.test{target}"))
        .header("x-api-key", rig.key.reveal())
        .body(Full::from(body))
        .unwrap()
}

#[test]
fn calls_share_a_connection_and_are_decided_each_for_itself() {
    let rig = Rig::start();
    run(async {
        let mut sender = connect(&rig).await;
        let calls: Vec<_> = (0..20).map(|i| sender.send_request(call(&rig, &format!("/echo/v1/{i}"), "hi"))).collect();
        for (i, answer) in calls.into_iter().enumerate() {
            let answer = answer.await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            assert!(answer.headers().contains_key("wayleave-decision"));
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert!(text.starts_with(&format!("POST /base/{i} HTTP/1.1\r\n")), "{text}");
            assert!(text.contains("x-forwarded-host: gateway.test\r\n") && text.ends_with("hi"), "{text}");
        }
        let refused = sender.send_request(call(&rig, "/none/v1", "")).await.unwrap();
        assert_eq!(refused.status(), StatusCode::NOT_FOUND);
        assert_eq!(refused.headers()["content-type"], "application/problem+json");
    });
}

#[test]
fn a_host_field_that_differs_from_the_authority_is_refused() {
    let rig = Rig::start();
    run(async {
        let mut sender = connect(&rig).await;
        let mut request = call(&rig, "/echo/v1/x", "");
        request.headers_mut().insert("host", "other.test".parse().unwrap());
        assert_eq!(sender.send_request(request).await.unwrap().status(), StatusCode::BAD_REQUEST);
        let mut request = call(&rig, "/echo/v1/x", "");
        request.headers_mut().insert("host", "gateway.test".parse().unwrap());
        assert_eq!(sender.send_request(request).await.unwrap().status(), StatusCode::OK);
    });
    assert_eq!(rig.echo.requests(), 1);
}
