//! A throw-away PostgreSQL cluster, made with `initdb` when the machine has its binaries.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running cluster. It stops, and its files go, when this process ends in whatever way.
pub(crate) struct Cluster {
    port: u16,
    bin: PathBuf,
    next: AtomicU32,
    // Its standard input closes when this process ends; the shell that waits for that stops the server.
    _keeper: Child,
}

static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(start);

/// The cluster of this test run; none when there are no binaries. In CI their absence is a failure.
pub(crate) fn cluster() -> Option<&'static Cluster> {
    let found = CLUSTER.as_ref();
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "PostgreSQL's initdb was not found; in CI these tests must run");
        eprintln!("skipped: PostgreSQL's initdb was not found");
    }
    found
}

impl Cluster {
    /// Address of a new, empty database.
    pub(crate) fn database(&self) -> String {
        self.create("template1")
    }

    /// Address of a copy of a database, to which nobody may be connected.
    pub(crate) fn copy_of(&self, url: &str) -> String {
        self.create(url.rsplit('/').next().unwrap())
    }

    fn create(&self, template: &str) -> String {
        let name = format!("test_{}", self.next.fetch_add(1, Ordering::Relaxed));
        let port = self.port.to_string();
        let arguments = ["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-T", template, &name];
        let done = Command::new(self.bin.join("createdb")).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }
}

fn start() -> Option<Cluster> {
    let bin = binaries()?;
    // Below the ports that the system gives to who asks for any, as another test does while this one makes its files.
    let begin = u16::try_from(std::process::id() % 10_000).unwrap();
    let port =
        (0..10_000).map(|step| 20_000 + (begin + step) % 10_000).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap();
    // PostgreSQL refuses to run as root, so root becomes nobody.
    let script = r#"
        dir=$(mktemp -d)
        as=""
        if [ "$(id -u)" = 0 ]; then chown 65534:65534 "$dir"; as="setpriv --reuid=65534 --regid=65534 --clear-groups"; fi
        $as "$BIN/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C >"$dir/log" 2>&1 || { cat "$dir/log" >&2; echo failed; exit 1; }
        $as "$BIN/postgres" -D "$dir/data" -p "$PORT" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir" \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 >"$dir/log" 2>&1 &
        server=$!
        until "$BIN/pg_isready" -q -h 127.0.0.1 -p "$PORT"; do kill -0 $server 2>/dev/null || { cat "$dir/log" >&2; echo failed; exit 1; }; sleep 0.05; done
        echo ready
        read -r _
        kill -INT $server; wait $server; rm -rf "$dir"
    "#;
    let mut keeper = Command::new("sh")
        .args(["-c", script])
        .env("BIN", &bin)
        .env("PORT", port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answer = String::new();
    BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut answer).unwrap();
    assert_eq!(answer.trim(), "ready", "PostgreSQL did not start");
    Some(Cluster { port, bin, next: AtomicU32::new(1), _keeper: keeper })
}

/// Whether a folder holds every program that is needed here.
fn is_whole(dir: &Path) -> bool {
    ["initdb", "postgres", "pg_isready", "createdb"].iter().all(|program| dir.join(program).exists())
}

/// The folder of the newest PostgreSQL server binaries on this machine.
fn binaries() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).find(|dir| is_whole(dir)));
    let packaged = std::fs::read_dir("/usr/lib/postgresql").ok().and_then(|versions| {
        let mut found: Vec<_> = versions.flatten().map(|entry| entry.path().join("bin")).filter(|dir| is_whole(dir)).collect();
        found.sort_by_key(|dir| dir.parent().and_then(Path::file_name).and_then(|v| v.to_str()).and_then(|v| v.parse::<u32>().ok()));
        found.pop()
    });
    on_path.or(packaged)
}
