//! A kept-alive HTTP/1.1 connection: just enough of a client to measure with, and to set up with.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::cmp::Ordering;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The largest answer that is read.
const MOST: usize = 1 << 20;

/// One connection.
pub struct Line {
    address: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
    head: &'a [u8],
}

impl Answer<'_> {
    /// The first field of the head with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let fields = std::str::from_utf8(self.head).ok()?.lines().filter_map(|line| line.split_once(':'));
        fields.filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

impl Line {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there, or the address is not loopback.
    pub fn open(address: SocketAddr) -> Result<Self> {
        if !address.ip().is_loopback() {
            bail!("{address} is not a loopback address");
        }
        let stream = TcpStream::connect(address).with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { address, stream, buffer: vec![0; 64 * 1024] })
    }

    /// Sends a whole request and reads its whole answer.
    ///
    /// # Errors
    /// When the connection breaks, or the answer does not say how long it is.
    pub fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request)?;
        let mut have = 0;
        loop {
            if have == self.buffer.len() {
                if have >= MOST {
                    bail!("an answer of more than {MOST} bytes");
                }
                self.buffer.resize(have * 2, 0);
            }
            let read = self.stream.read(&mut self.buffer[have..]).context("no answer")?;
            if read == 0 {
                bail!("the connection was closed after: {}", String::from_utf8_lossy(&self.buffer[..have]));
            }
            have += read;
            let Some(head) = head(&self.buffer[..have])? else { continue };
            match have.cmp(&(head.length + head.body)) {
                Ordering::Less => {}
                Ordering::Equal => {
                    let (text, body) = self.buffer[..have].split_at(head.length);
                    return Ok(Answer { status: head.status, body, head: text });
                }
                Ordering::Greater => bail!("the answer is longer than it says"),
            }
        }
    }

    /// Asks the management API; an answer other than 2xx is an error that shows it.
    ///
    /// # Errors
    /// As [`Line::exchange`], or when the call is refused.
    pub fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Value> {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}",
            self.address
        );
        let answer = self.exchange(request.as_bytes())?;
        if !(200..300).contains(&answer.status) {
            bail!("{method} {path} was answered with {}: {}", answer.status, String::from_utf8_lossy(answer.body));
        }
        Ok(serde_json::from_slice(answer.body).unwrap_or(Value::Null))
    }
}

/// The head of an answer: its status, its own length and that of the body.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    length: usize,
    body: usize,
}

/// Reads the head, once all of it is there.
fn head(bytes: &[u8]) -> Result<Option<Head>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..end]).context("the head of the answer is not text")?;
    let status = text.get(9..12).and_then(|digits| digits.parse().ok());
    let status = status.with_context(|| format!("no status in: {text}"))?;
    let fields = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    let mut lengths =
        fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).map(|(_, value)| value.trim());
    let body = match lengths.next() {
        Some(length) => length.parse()?,
        None if status == 204 || status == 304 => 0,
        None => bail!("no Content-Length in: {text}"),
    };
    Ok(Some(Head { status, length: end + 4, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_its_head_says() {
        let text = b"HTTP/1.1 403 Forbidden\r\nServer: x\r\ncontent-length: 5\r\n\r\nhello";
        assert_eq!(head(text).unwrap(), Some(Head { status: 403, length: text.len() - 5, body: 5 }));
        assert_eq!(head(&text[..30]).unwrap(), None);
        assert_eq!(head(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap(), Some(Head { status: 204, length: 27, body: 0 }));
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
