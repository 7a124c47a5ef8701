//! A client that sends exactly what a test says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// An answer, taken apart.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The only value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() <= 1, "`{name}` stands twice in {:?}", self.headers);
        all.first().copied()
    }

    /// All values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e} in {:?}", self.body))
    }

    /// The code of a problem; panics if the answer is none.
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status);
        body["code"].as_str().unwrap().to_owned()
    }

    /// What the upstream got, in lower case field names; panics if the call was refused.
    pub fn echoed(&self) -> &str {
        assert_eq!(self.status, 200, "{self:?}");
        &self.body
    }

    /// The value of a field that the upstream got.
    pub fn echoed_header(&self, name: &str) -> Option<String> {
        let mut all = self.echoed().lines().take_while(|l| !l.is_empty()).filter_map(|l| l.split_once(": "));
        let first = all.by_ref().find(|(n, _)| *n == name).map(|(_, v)| v.to_owned());
        assert!(!all.any(|(n, _)| n == name), "the upstream got `{name}` twice: {}", self.body);
        first
    }
}

/// A connection.
pub struct Connection {
    pub tcp: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let tcp = TcpStream::connect(address).unwrap();
        tcp.set_nodelay(true).unwrap();
        // A hang becomes a failure.
        tcp.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
        Self { tcp, buffer: Vec::new() }
    }

    pub fn write(&mut self, bytes: &[u8]) {
        // The other side may have refused and closed already.
        let _ = self.tcp.write_all(bytes);
    }

    fn more(&mut self) -> bool {
        let mut space = [0; 16 * 1024];
        match self.tcp.read(&mut space) {
            Ok(0) => false,
            Ok(count) => {
                self.buffer.extend_from_slice(&space[..count]);
                true
            }
            Err(error) => panic!("no answer: {error}; so far {:?}", String::from_utf8_lossy(&self.buffer)),
        }
    }

    /// Whether the other side closes, without another byte.
    pub fn is_closed(&mut self) -> bool {
        self.buffer.is_empty() && !self.more()
    }

    /// Reads the head of an answer; 1xx heads are returned like others.
    pub fn head(&mut self) -> Option<Answer> {
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            if !self.more() {
                assert!(self.buffer.is_empty(), "half an answer: {:?}", String::from_utf8_lossy(&self.buffer));
                return None;
            }
        };
        let head = String::from_utf8(self.buffer.drain(..end).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|l| l.split_once(':').unwrap()).map(|(n, v)| (n.to_lowercase(), v.trim().to_owned()));
        Some(Answer { status, headers: headers.collect(), body: String::new() })
    }

    fn line(&mut self) -> String {
        loop {
            if let Some(at) = self.buffer.windows(2).position(|w| w == b"\r\n") {
                let line: Vec<u8> = self.buffer.drain(..at + 2).collect();
                return String::from_utf8(line[..at].to_vec()).unwrap();
            }
            assert!(self.more(), "the answer ends in a line");
        }
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        while self.buffer.len() < count {
            assert!(self.more(), "the body is cut short");
        }
        self.buffer.drain(..count).collect()
    }

    /// One chunk of a chunked body; empty for the last one, whose trailer is returned as well.
    pub fn chunk(&mut self) -> (Vec<u8>, Vec<String>) {
        let line = self.line();
        let size = usize::from_str_radix(line.split(';').next().unwrap(), 16).unwrap();
        if size == 0 {
            let mut trailers = Vec::new();
            loop {
                let line = self.line();
                if line.is_empty() {
                    return (Vec::new(), trailers);
                }
                trailers.push(line);
            }
        }
        let data = self.bytes(size);
        self.bytes(2);
        (data, Vec::new())
    }

    /// Reads a whole answer to a request with this method; `None` if the connection was closed instead.
    pub fn answer_to(&mut self, method: &str) -> Option<Answer> {
        let mut answer = self.head()?;
        let bodiless = method == "HEAD" || matches!(answer.status, 204 | 304);
        let mut body = Vec::new();
        if bodiless {
        } else if answer.header("transfer-encoding").is_some() {
            loop {
                let (data, _) = self.chunk();
                if data.is_empty() {
                    break;
                }
                body.extend(data);
            }
        } else if let Some(length) = answer.header("content-length") {
            body = self.bytes(length.parse().unwrap());
        } else {
            while self.more() {}
            body = std::mem::take(&mut self.buffer);
        }
        answer.body = String::from_utf8(body).unwrap();
        Some(answer)
    }

    pub fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.write(request(method, target, headers, body).as_bytes());
        self.answer_to(method).expect("an answer")
    }
}

/// The text of a request to host `gateway.test`.
pub fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: gateway.test\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    text + "\r\n" + body
}
