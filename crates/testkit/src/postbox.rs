//! A mail server that keeps what it is given.

use crate::authority::Authority;
use data_encoding::BASE64;
use mailparse::{MailHeaderMap as _, ParsedMail};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// What the server protects its connections with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Nothing.
    None,
    /// STARTTLS; no mail is taken before it.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

/// A mail as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Who it was for, by the envelope.
    pub to: Vec<String>,
    /// What came after DATA, dots undone.
    pub raw: String,
    /// Whether it came through TLS.
    pub protected: bool,
    /// As whom the sender had signed in.
    pub user: Option<String>,
}

impl Received {
    fn parsed<T>(&self, read: impl FnOnce(&ParsedMail<'_>) -> T) -> T {
        read(&mailparse::parse_mail(self.raw.as_bytes()).expect("a mail that can be read"))
    }

    /// A header, decoded; empty if it is absent.
    pub fn header(&self, name: &str) -> String {
        self.parsed(|mail| mail.headers.get_first_value(name).unwrap_or_default())
    }

    /// The names of all headers.
    pub fn headers(&self) -> Vec<String> {
        self.parsed(|mail| mail.headers.iter().map(|header| header.get_key()).collect())
    }

    /// The text, decoded.
    pub fn text(&self) -> String {
        self.parsed(|mail| mail.get_body().expect("a body that can be read").replace("\r\n", "\n"))
    }
}

struct Shared {
    protection: Protection,
    acceptor: Option<TlsAcceptor>,
    /// Name and password that it asks for.
    login: Option<(String, String)>,
    /// What it answers to RCPT for these addresses.
    refused: Mutex<BTreeMap<String, String>>,
    /// What it says instead of greeting, before it hangs up.
    closed: Mutex<Option<String>>,
    mails: watch::Sender<Vec<Received>>,
    visits: watch::Sender<usize>,
}

/// A mail server on this machine. It ends with the test.
#[derive(Clone)]
pub struct Postbox {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Postbox {
    /// One that takes everything.
    pub async fn start() -> Self {
        Self::with(Protection::None, None, None).await
    }

    /// One that is protected and asks for a login.
    ///
    /// # Panics
    /// No port is free.
    pub async fn with(protection: Protection, authority: Option<&Authority>, login: Option<(&str, &str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            protection,
            acceptor: authority.map(|authority| authority.acceptor("localhost")),
            login: login.map(|(name, password)| (name.to_owned(), password.to_owned())),
            refused: Mutex::default(),
            closed: Mutex::default(),
            mails: watch::channel(Vec::new()).0,
            visits: watch::channel(0).0,
        });
        let state = shared.clone();
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                state.visits.send_modify(|n| *n += 1);
                tokio::spawn(visit(state.clone(), tcp));
            }
        });
        Self { address, shared }
    }

    /// From now on mail for this address is refused with these words, such as `550 No such user`; takes it again when they
    /// are empty.
    pub fn refuse(&self, address: &str, words: &str) {
        let mut refused = lock(&self.shared.refused);
        match words {
            "" => refused.remove(address),
            _ => refused.insert(address.to_owned(), words.to_owned()),
        };
    }

    /// From now on everybody is sent away with these words; lets them in again when they are empty.
    pub fn close(&self, words: &str) {
        *lock(&self.shared.closed) = Some(words.to_owned()).filter(|words| !words.is_empty());
    }

    /// What it was given so far.
    pub fn mails(&self) -> Vec<Received> {
        self.shared.mails.borrow().clone()
    }

    /// How many connections it has had.
    pub fn visits(&self) -> usize {
        *self.shared.visits.borrow()
    }

    /// Waits until it was given this many mails.
    pub async fn wait(&self, many: usize) -> Vec<Received> {
        let mut mails = self.shared.mails.subscribe();
        let found = mails.wait_for(|mails| mails.len() >= many).await.expect("it lives as long as the test");
        found.clone()
    }
}

async fn visit(shared: Arc<Shared>, tcp: TcpStream) {
    let acceptor = shared.acceptor.clone();
    let ended = match (shared.protection, acceptor) {
        (Protection::Tls, Some(acceptor)) => match acceptor.accept(tcp).await {
            Ok(tls) => talk(&shared, tls, true, true).await.map(drop),
            Err(error) => Err(error),
        },
        (Protection::Starttls, Some(acceptor)) => match talk(&shared, tcp, false, true).await {
            Ok(Some(tcp)) => match acceptor.accept(tcp).await {
                Ok(tls) => talk(&shared, tls, true, false).await.map(drop),
                Err(error) => Err(error),
            },
            other => other.map(drop),
        },
        _ => talk(&shared, tcp, false, true).await.map(drop),
    };
    // Whoever hangs up early is none of the server's business.
    drop(ended);
}

/// Talks SMTP; answers the stream if TLS is to begin.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    shared: &Shared,
    stream: S,
    protected: bool,
    greet: bool,
) -> std::io::Result<Option<S>> {
    let mut stream = BufReader::new(stream);
    let closed = lock(&shared.closed).clone();
    if let Some(words) = closed {
        say(&mut stream, &words).await?;
        return Ok(None);
    }
    if greet {
        say(&mut stream, "220 postbox.test ESMTP").await?;
    }
    let (mut to, mut user) = (Vec::new(), None);
    let must_protect = shared.protection == Protection::Starttls && !protected;
    loop {
        let line = hear(&mut stream).await?;
        // Connections that somebody has kept end as well.
        let closed = lock(&shared.closed).clone();
        if let Some(words) = closed {
            say(&mut stream, &words).await?;
            return Ok(None);
        }
        let upper = line.to_ascii_uppercase();
        match upper.split([' ', ':']).next().unwrap_or_default() {
            "" => return Ok(None),
            "EHLO" => say(&mut stream, &ehlo(shared, protected)).await?,
            "STARTTLS" if must_protect => {
                say(&mut stream, "220 Go ahead").await?;
                return Ok(Some(stream.into_inner()));
            }
            "AUTH" => {
                user = login(shared, &line);
                say(&mut stream, if user.is_some() { "235 Welcome" } else { "535 Wrong name or password" }).await?;
            }
            "MAIL" if must_protect => say(&mut stream, "530 Must issue STARTTLS first").await?,
            "MAIL" if shared.login.is_some() && user.is_none() => say(&mut stream, "530 Sign in first").await?,
            "RCPT" => say(&mut stream, &receiver(shared, &line, &mut to)).await?,
            "DATA" => {
                say(&mut stream, "354 Go on").await?;
                let raw = data(&mut stream).await?;
                let mail = Received { to: std::mem::take(&mut to), raw, protected, user: user.clone() };
                shared.mails.send_modify(|mails| mails.push(mail));
                say(&mut stream, "250 Kept").await?;
            }
            "QUIT" => {
                say(&mut stream, "221 Bye").await?;
                return Ok(None);
            }
            "RSET" => {
                to.clear();
                say(&mut stream, "250 Fine").await?;
            }
            _ => say(&mut stream, "250 Fine").await?,
        }
    }
}

/// Takes a receiver, or says why not.
fn receiver(shared: &Shared, line: &str, to: &mut Vec<String>) -> String {
    let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
    let refusal = lock(&shared.refused).get(&address).cloned();
    refusal.unwrap_or_else(|| {
        to.push(address);
        "250 Fine".to_owned()
    })
}

fn ehlo(shared: &Shared, protected: bool) -> String {
    let mut lines = vec!["postbox.test".to_owned(), "8BITMIME".to_owned()];
    if shared.protection == Protection::Starttls && !protected {
        lines.push("STARTTLS".to_owned());
    }
    if shared.login.is_some() {
        lines.push("AUTH PLAIN LOGIN".to_owned());
    }
    let last = lines.len() - 1;
    let line = |(i, line): (usize, String)| format!("250{}{line}", if i == last { ' ' } else { '-' });
    lines.into_iter().enumerate().map(line).collect::<Vec<_>>().join("\r\n")
}

/// Who signs in with `AUTH PLAIN`, if name and password are right.
fn login(shared: &Shared, line: &str) -> Option<String> {
    let (name, password) = shared.login.as_ref()?;
    let given = BASE64.decode(line.split(' ').nth(2)?.as_bytes()).ok()?;
    (given == format!("\0{name}\0{password}").into_bytes()).then(|| name.clone())
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), words: &str) -> std::io::Result<()> {
    stream.write_all(format!("{words}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn hear<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn data<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
