//! An upstream that answers with the very bytes that it got, or misbehaves when its path says so.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

#[derive(Default)]
pub struct Counts {
    pub connections: AtomicUsize,
    pub requests: AtomicUsize,
}

pub struct Echo {
    pub address: SocketAddr,
    pub counts: Arc<Counts>,
    /// What `/stream` sends next; dropping it ends the stream.
    pub stream: Mutex<Option<Sender<String>>>,
    /// What `/observe` read so far.
    pub seen: Mutex<Receiver<String>>,
}

impl Echo {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        let (stream, feed) = channel();
        let (report, seen) = channel();
        let feed = Arc::new(Mutex::new(feed));
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let (counts, feed, report) = (Arc::clone(&shared), Arc::clone(&feed), report.clone());
                thread::spawn(move || serve(tcp, &counts, &feed, &report));
            }
        });
        Self { address, counts, stream: Mutex::new(Some(stream)), seen: Mutex::new(seen) }
    }

    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }
}

/// Reads requests from one connection until it ends.
fn serve(tcp: TcpStream, counts: &Counts, feed: &Mutex<Receiver<String>>, report: &Sender<String>) {
    tcp.set_nodelay(true).unwrap();
    let mut writer = tcp.try_clone().unwrap();
    let mut reader = BufReader::new(tcp);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        counts.requests.fetch_add(1, Ordering::SeqCst);
        let path = head.split(' ').nth(1).unwrap().to_owned();
        let path = path.split('?').next().unwrap();
        if path.ends_with("/observe") {
            let _ = report.send(head.clone());
            observe(&mut reader, &head, report);
            let _ = writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            continue;
        }
        if let Some(done) = misbehave(path, &mut writer, feed) {
            if done {
                return;
            }
            continue;
        }
        let Some(body) = body(&mut reader, &head) else { return };
        let text = head + &body;
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nX-Upstream: echo\r\n\r\n", text.len());
        let is_head = text.starts_with("HEAD ");
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
        if !is_head && writer.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

fn field(head: &str, name: &str) -> Option<String> {
    head.lines()
        .filter_map(|l| l.split_once(": "))
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, v)| v.to_owned())
}

/// The body as it stands on the wire.
fn body(reader: &mut impl BufRead, head: &str) -> Option<String> {
    let mut body = Vec::new();
    if field(head, "transfer-encoding").is_some() {
        let ended = |body: &[u8]| body.windows(3).any(|w| w == b"0\r\n") && body.ends_with(b"\r\n\r\n");
        while !ended(&body) {
            if reader.read_until(b'\n', &mut body).ok()? == 0 {
                return None;
            }
        }
    } else if let Some(length) = field(head, "content-length") {
        body.resize(length.parse().unwrap(), 0);
        reader.read_exact(&mut body).ok()?;
    }
    String::from_utf8(body).ok()
}

/// Reports each piece of a body as it arrives.
fn observe(reader: &mut BufReader<TcpStream>, head: &str, report: &Sender<String>) {
    let mut missing: usize = field(head, "content-length").map_or(usize::MAX, |l| l.parse().unwrap());
    while missing > 0 {
        let mut space = [0; 4096];
        let Ok(count @ 1..) = reader.read(&mut space) else {
            let _ = report.send("(cut off)".into());
            return;
        };
        missing = missing.saturating_sub(count);
        let _ = report.send(String::from_utf8_lossy(&space[..count]).into_owned());
    }
}

/// Answers in a special way; `Some(true)` closes the connection.
fn misbehave(path: &str, writer: &mut TcpStream, feed: &Mutex<Receiver<String>>) -> Option<bool> {
    let last = path.rsplit('/').next().unwrap();
    let answer: &[u8] = match last {
        "hang" => {
            // Until the gateway gives up and closes.
            let _ = writer.read(&mut [0]);
            return Some(true);
        }
        "close" => return Some(true),
        "garbage" => b"SMTP ready\r\n\r\n",
        "both" => b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "hops" => {
            b"HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\n\
              Proxy-Connection: x\r\nUpgrade: h2c\r\nX-Request-Id: theirs\r\nWayleave-Decision: theirs\r\n\
              X-Public: 1\r\nContent-Length: 0\r\n\r\n"
        }
        "nocontent" => b"HTTP/1.1 204 No Content\r\n\r\n",
        "notmodified" => b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 10\r\n\r\n",
        "early" => b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "switch" => b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        "cookies" => {
            b"HTTP/1.1 200 OK\r\nSet-Cookie: Wayleave_Session=planted; Path=/\r\nSet-Cookie: a=1\r\n\
              Content-Length: 0\r\n\r\n"
        }
        "teapot" => b"HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n",
        "trailers" => {
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n"
        }
        "untilclose" => {
            let _ = writer.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it");
            return Some(true);
        }
        "lastcall" => {
            // Answers properly, and then closes without having said so.
            let _ = writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return Some(true);
        }
        "stream" => {
            let _ = writer
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for text in feed.lock().unwrap().iter() {
                if writer.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).is_err() {
                    return Some(true);
                }
            }
            let _ = writer.write_all(b"0\r\n\r\n");
            return Some(false);
        }
        _ => return None,
    };
    let _ = writer.write_all(answer);
    Some(false)
}
