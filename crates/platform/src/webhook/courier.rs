//! One request to one endpoint: resolved, judged, connected to, answered, within bounds.

use super::{Network, WebhookSettings, address, rule};
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, Notify, watch};
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use url::Url;

/// How long one try may take, from the look-up of the name to the end of the answer.
const WHOLE: Duration = Duration::from_secs(10);
/// How long one address may take to be connected to.
const CONNECT: Duration = Duration::from_secs(4);
/// How long the beginning of an answer's body may take.
const BODY: Duration = Duration::from_secs(2);
/// How many bytes of an answer are read.
const MOST_ANSWER: usize = 4_096;
/// How many addresses of a name are tried.
const MOST_ADDRESSES: usize = 4;

/// What delivers to webhooks. Shared by everything that has to wait for it.
pub struct Couriers {
    tls: Option<Arc<ClientConfig>>,
    /// Held while webhooks are claimed, until they count as busy: whoever looks next sees all of them.
    pub(super) claiming: Mutex<()>,
    /// How many endpoints are being delivered to.
    pub(super) busy: watch::Sender<usize>,
    /// Rung when there is something to deliver that no reader has queued.
    pub(super) bell: Notify,
}

impl Default for Couriers {
    fn default() -> Self {
        Self { tls: None, claiming: Mutex::new(()), busy: watch::channel(0).0, bell: Notify::new() }
    }
}

impl std::fmt::Debug for Couriers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Couriers")
    }
}

/// What is sent.
pub struct Parcel<'a> {
    pub url: &'a Url,
    pub id: &'a str,
    pub timestamp: i64,
    pub signature: &'a str,
    pub payload: &'a str,
}

/// How it went.
pub struct Outcome {
    /// The status and what the answer asks for with `Retry-After`; `None`: there was no answer.
    pub answer: Option<Answer>,
    /// Why there was none, or why the answer is no success.
    pub error: Option<String>,
    /// How long it took.
    pub took: Duration,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub excerpt: String,
}

impl Couriers {
    /// Couriers who believe these authorities (DER).
    ///
    /// # Errors
    /// Says which authority cannot be used.
    pub fn new(authorities: &[Vec<u8>]) -> Result<Self, String> {
        Ok(Self { tls: Some(crate::tls::client(authorities)?), ..Self::default() })
    }

    /// Sends it once. Redirects are answers like any other.
    pub async fn carry(&self, settings: &WebhookSettings, parcel: &Parcel<'_>) -> Outcome {
        let begun = Instant::now();
        let tried = tokio::time::timeout(WHOLE, self.attempt(settings, parcel)).await;
        let took = begun.elapsed();
        match tried.unwrap_or_else(|_| Err(format!("no answer within {} seconds", WHOLE.as_secs()))) {
            Ok(answer) => {
                let error = match answer.status {
                    200..=299 => None,
                    300..=399 => Some(format!("{}: redirects are not followed", answer.status)),
                    other => Some(format!("the endpoint answered {other}")),
                };
                Outcome { answer: Some(answer), error, took }
            }
            Err(error) => Outcome { answer: None, error: Some(error), took },
        }
    }

    async fn attempt(&self, settings: &WebhookSettings, parcel: &Parcel<'_>) -> Result<Answer, String> {
        let tcp = connect(parcel.url, &settings.allow_networks, &settings.own).await?;
        tcp.set_nodelay(true).map_err(|e| e.to_string())?;
        if parcel.url.scheme() != "https" {
            return exchange(tcp, parcel).await;
        }
        let tls = self.tls.clone().ok_or("TLS is not set up")?;
        // Brackets belong to the URL, not to the name.
        let host = parcel.url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|e| e.to_string())?;
        let secured = TlsConnector::from(tls).connect(name, tcp).await.map_err(|e| format!("TLS: {e}"))?;
        exchange(secured, parcel).await
    }
}

/// Connects to an address of the URL that may be connected to. What is judged is what is connected to: there is no second
/// look-up in between.
async fn connect(url: &Url, networks: &[Network], own: &[SocketAddr]) -> Result<TcpStream, String> {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    let literal = rule::literal(url);
    let found: Vec<SocketAddr> = match literal {
        Some(address) => vec![address],
        None => tokio::net::lookup_host((host, port)).await.map_or_else(|_| Vec::new(), |all| all.take(64).collect()),
    };
    let mut fault = format!(
        "the name {host} has no address that is public or that webhook_allow_networks names, or it is this program"
    );
    let mut tried = 0;
    for address in found {
        if let Err(why) = address::allowed(address, networks, own) {
            // Of a name it is not said which: whether it means something inside of this network is nobody's business.
            if literal.is_some() {
                fault = why;
            }
            continue;
        }
        if tried == MOST_ADDRESSES {
            break;
        }
        tried += 1;
        match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => return Ok(tcp),
            Ok(Err(error)) => fault = format!("{address}: {error}"),
            Err(_) => fault = format!("{address}: no connection within {} seconds", CONNECT.as_secs()),
        }
    }
    Err(fault)
}

fn request(parcel: &Parcel<'_>) -> Result<Request<Full<Bytes>>, String> {
    let (host, port) = (parcel.url.host_str().unwrap_or_default(), parcel.url.port());
    let host = port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let target = match parcel.url.query() {
        Some(query) => format!("{}?{query}", parcel.url.path()),
        None => parcel.url.path().to_owned(),
    };
    Request::post(target)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("Wayleave/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close")
        .header("webhook-id", parcel.id)
        .header("webhook-timestamp", parcel.timestamp)
        .header("webhook-signature", parcel.signature)
        .body(Full::new(Bytes::copy_from_slice(parcel.payload.as_bytes())))
        .map_err(|e| e.to_string())
}

async fn exchange<S>(stream: S, parcel: &Parcel<'_>) -> Result<Answer, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let handshake = http1::Builder::new().max_buf_size(64 * 1024).handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|e| e.to_string())?;
    let connection = tokio::spawn(connection);
    let answered = answer(&mut sender, request(parcel)?).await;
    // Whatever the endpoint would still like to say.
    connection.abort();
    answered
}

async fn answer(sender: &mut http1::SendRequest<Full<Bytes>>, request: Request<Full<Bytes>>) -> Result<Answer, String> {
    let response = sender.send_request(request).await.map_err(|e| format!("the answer cannot be read: {e}"))?;
    let (parts, mut body) = response.into_parts();
    let mut start = Vec::new();
    let reading = async {
        while start.len() < MOST_ANSWER {
            let Some(Ok(frame)) = body.frame().await else { break };
            start.extend_from_slice(frame.data_ref().map_or(&[], Bytes::as_ref));
        }
    };
    // The status has been read: an answer that breaks off or takes its time afterwards is an answer.
    let _slow = tokio::time::timeout(BODY, reading).await;
    start.truncate(MOST_ANSWER);
    let retry_after = text(&parts.headers, header::RETRY_AFTER);
    Ok(Answer { status: parts.status.as_u16(), retry_after, excerpt: rule::excerpt(&start) })
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
