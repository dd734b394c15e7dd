//! A mail server on this machine that keeps what it gets and goes wrong when it is told to.

use std::future::pending;
use std::sync::{Arc, Mutex};

use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What it does with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does {
    /// Takes it.
    Accepts,
    /// Says that the recipient has to wait.
    Defers,
    /// Says that there is no such recipient.
    Refuses,
    /// Takes the text and closes without an answer.
    Closes,
    /// Takes the text and says nothing.
    Hangs,
}

/// A mail as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Address it was handed over for.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) message_id: String,
}

/// The server; it stops when it is dropped.
pub(crate) struct Receiver {
    pub(crate) port: u16,
    does: Arc<Mutex<Does>>,
    got: watch::Receiver<Vec<Received>>,
    task: JoinHandle<()>,
}

impl Receiver {
    pub(crate) async fn start(does: Does) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let does = Arc::new(Mutex::new(does));
        let (keep, got) = watch::channel(Vec::new());
        let now = Arc::clone(&does);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(talk(BufReader::new(stream), *now.lock().unwrap(), keep.clone()));
            }
        });
        Self { port, does, got, task }
    }

    /// From the next conversation on it does this.
    pub(crate) fn now(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }

    /// Every mail whose text came in, also when it was not accepted.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.got.borrow().clone()
    }

    /// Waits until so many texts came in.
    pub(crate) async fn has(&self, count: usize) {
        self.got.clone().wait_for(|got| got.len() >= count).await.unwrap();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Line = BufReader<TcpStream>;

/// Goes on until one of both closes.
async fn talk(mut line: Line, does: Does, keep: watch::Sender<Vec<Received>>) -> Option<()> {
    say(&mut line, "220 ontvanger.test ESMTP").await?;
    let mut to = String::new();
    loop {
        let command = read(&mut line).await?;
        match command.split([' ', ':']).next().unwrap() {
            "EHLO" => say(&mut line, "250 ontvanger.test").await?,
            "MAIL" => say(&mut line, "250 goed").await?,
            "RCPT" if does == Does::Defers => say(&mut line, "451 4.7.1 straks").await?,
            "RCPT" if does == Does::Refuses => say(&mut line, "550 onbekend").await?,
            "RCPT" => {
                to = command.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                say(&mut line, "250 goed").await?;
            }
            "DATA" => {
                say(&mut line, "354 ga uw gang").await?;
                let mail = received(&to, &read_text(&mut line).await?);
                keep.send_modify(|got| got.push(mail));
                match does {
                    Does::Closes => return None,
                    Does::Hangs => pending().await,
                    Does::Accepts | Does::Defers | Does::Refuses => say(&mut line, "250 aangenomen").await?,
                }
            }
            "QUIT" => return say(&mut line, "221 dag").await,
            _ => say(&mut line, "500 onbekend").await?,
        }
    }
}

fn received(to: &str, text: &str) -> Received {
    let mail = MessageParser::default().parse(text.as_bytes()).unwrap();
    Received {
        to: to.to_owned(),
        subject: mail.subject().unwrap_or_default().to_owned(),
        text: mail.body_text(0).unwrap_or_default().into_owned(),
        message_id: mail.message_id().unwrap_or_default().to_owned(),
    }
}

async fn say(line: &mut Line, answer: &str) -> Option<()> {
    line.write_all(format!("{answer}\r\n").as_bytes()).await.ok()
}

async fn read(line: &mut Line) -> Option<String> {
    let mut bytes = Vec::new();
    line.read_until(b'\n', &mut bytes).await.ok()?;
    String::from_utf8_lossy(&bytes).strip_suffix("\r\n").map(str::to_owned)
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
