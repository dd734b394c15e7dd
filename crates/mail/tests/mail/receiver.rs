//! A mail server on this machine that keeps what it gets, and goes wrong where it is told to.

use std::future::pending;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A moment at which the server is to say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Greeting,
    Hello,
    StartTls,
    SignIn,
    Mail,
    Rcpt,
    Data,
    Text,
    Quit,
}

/// What it does instead of what it should.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Does {
    Answers(&'static str),
    Closes,
    Hangs,
}

/// How the server behaves.
#[derive(Default)]
pub(crate) struct Script {
    /// Where it goes wrong, and how.
    pub(crate) wrong: Option<(At, Does)>,
    /// What it says it can do.
    pub(crate) offers: &'static [&'static str],
    /// What makes STARTTLS work.
    pub(crate) tls: Option<TlsAcceptor>,
    /// TLS from the first byte.
    pub(crate) implicit: bool,
}

/// What it got, from all connections together.
#[derive(Default, Clone)]
pub(crate) struct Log {
    pub(crate) commands: Vec<String>,
    pub(crate) texts: Vec<String>,
}

pub(crate) struct Receiver {
    pub(crate) port: u16,
    log: Arc<Mutex<Log>>,
    ended: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Receiver {
    pub(crate) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Arc::new(Mutex::new(Log::default()));
        let kept = Arc::clone(&log);
        let ended = Arc::new(Notify::new());
        let end = Arc::clone(&ended);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let stream: Box<dyn Stream> = match &script.tls {
                    Some(tls) if script.implicit => match tls.accept(stream).await {
                        Ok(stream) => Box::new(stream),
                        Err(_) => continue,
                    },
                    _ => Box::new(stream),
                };
                talk(BufReader::new(stream), &script, &kept).await;
                end.notify_one();
            }
        });
        Self { port, log, ended, task }
    }

    pub(crate) async fn wrong(at: At, does: Does) -> Self {
        Self::start(Script { wrong: Some((at, does)), ..Script::default() }).await
    }

    /// What it got, once a conversation is over.
    pub(crate) async fn whole_log(&self) -> Log {
        self.ended.notified().await;
        self.log()
    }

    /// What it got so far.
    pub(crate) fn log(&self) -> Log {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

type Line = BufReader<Box<dyn Stream>>;

/// Goes on until one of both closes.
async fn talk(mut line: Line, script: &Script, log: &Mutex<Log>) -> Option<()> {
    say(&mut line, script, At::Greeting, "220 ontvanger.test ESMTP").await?;
    loop {
        let command = read(&mut line).await?;
        log.lock().unwrap().commands.push(command.clone());
        match command.split([' ', ':']).next().unwrap() {
            "EHLO" => {
                let offers = [&["ontvanger.test"], script.offers].concat().join("\r\n250-");
                say(&mut line, script, At::Hello, &format!("250-{offers}\r\n250 HELP")).await?;
            }
            "STARTTLS" => {
                say(&mut line, script, At::StartTls, "220 begin maar").await?;
                let stream = script.tls.as_ref()?.accept(line.into_inner()).await.ok()?;
                line = BufReader::new(Box::new(stream));
            }
            "AUTH" => say(&mut line, script, At::SignIn, "235 welkom").await?,
            "MAIL" => say(&mut line, script, At::Mail, "250 goed").await?,
            "RCPT" => say(&mut line, script, At::Rcpt, "250 goed").await?,
            "DATA" => {
                say(&mut line, script, At::Data, "354 ga uw gang").await?;
                if !matches!(script.wrong, Some((At::Data, _))) {
                    let text = read_text(&mut line).await?;
                    log.lock().unwrap().texts.push(text);
                    say(&mut line, script, At::Text, "250 aangenomen").await?;
                }
            }
            "QUIT" => {
                say(&mut line, script, At::Quit, "221 dag").await?;
                return None;
            }
            _ => write(&mut line, "500 onbekend").await?,
        }
    }
}

async fn say(line: &mut Line, script: &Script, at: At, usual: &str) -> Option<()> {
    match script.wrong {
        Some((moment, does)) if moment == at => match does {
            Does::Answers(answer) => write(line, answer).await,
            Does::Closes => None,
            Does::Hangs => pending().await,
        },
        _ => write(line, usual).await,
    }
}

async fn write(line: &mut Line, answer: &str) -> Option<()> {
    line.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    line.flush().await.ok()
}

async fn read(line: &mut Line) -> Option<String> {
    let mut bytes = Vec::new();
    line.read_until(b'\n', &mut bytes).await.ok()?;
    let text = String::from_utf8_lossy(&bytes);
    text.strip_suffix("\r\n").map(str::to_owned)
}

async fn read_text(line: &mut Line) -> Option<String> {
    let mut text = String::new();
    loop {
        let next = read(line).await?;
        if next == "." {
            return Some(text);
        }
        text.push_str(next.strip_prefix('.').unwrap_or(&next));
        text.push_str("\r\n");
    }
}
