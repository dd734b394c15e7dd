//! A working day: signing in, loading, searching, placing by hand, privacy, and all that goes wrong.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::visitor::{Got, Visitor, field, link};
use crate::support::root;

const EMAIL: &str = "Annemarijn.Ooievaar@school.example";
const NAME: &str = "Annemarijn Ooievaar";
const PASSWORD: &str = "een heel lange zin hier";
const ROUND: &str = "almere-2026-2027";

/// What the program wrote, and what people typed that no log may hold.
pub(super) struct Written {
    pub(super) log: String,
    pub(super) typed: Vec<String>,
}

/// The program, serving; it stops with the test.
struct Serving {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    address: String,
}

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kernschil"));
    command.arg("--data").arg(data).env("KERNSCHIL_LOG", "trace").env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
    command
}

fn example(path: &str) -> std::path::PathBuf {
    root().join("imports/voorbeelden").join(path)
}

fn serving(data: &Path, log: &Path) -> Serving {
    let mut child = program(data)
        .args(["serve", "--listen", "127.0.0.1:0", "--json"])
        .stdout(Stdio::piped())
        .stderr(File::options().append(true).create(true).open(log).unwrap())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
    Serving { address: said["address"].as_str().unwrap().to_owned(), child, out }
}

impl Serving {
    /// Stops it as a machine does; answers what else it said.
    fn stopped(mut self) -> String {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let mut said = String::new();
        self.out.read_to_string(&mut said).unwrap();
        self.child.wait().unwrap();
        said
    }
}

/// Runs a command of the program; what it answers to who asked is no log, what it writes beside it is.
fn command(data: &Path, log: &Path, args: &[&str], input: &str) {
    let mut child = program(data)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(File::options().append(true).create(true).open(log).unwrap())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{args:?}: {}", std::fs::read_to_string(log).unwrap());
}

fn expect(got: &Got, status: u16, what: &str) {
    assert_eq!(got.status, status, "{what}: {}", got.body);
}

/// Loads the students of the example as a coordinator does: check, then load.
fn load_students(visitor: &Visitor) {
    let bytes = std::fs::read(example("almere/studenten.xlsx")).unwrap();
    let checked = visitor.upload("students", "studenten Carlijn Aalbers 2500159.xlsx", &bytes);
    expect(&checked, 303, "upload");
    let address = checked.header("location").unwrap().to_owned();
    visitor.page(&address);
    expect(&visitor.post(&format!("{address}/laden"), &[]), 303, "load");
    let wrong = std::fs::read(example("fout/eigenlijk-een-pdf.xlsx")).unwrap();
    visitor.upload("students", "rapport Justin de Ridder.xlsx", &wrong);
    let late = std::fs::read(example("fout/te-veel-voorkeuren.xlsx")).unwrap();
    visitor.upload("students", "Ridder.xlsx", &late);
    visitor.upload("offers", "Ridder.xlsx", &bytes);
}

/// Asks for a proposal and waits until it is there.
fn propose(visitor: &Visitor) {
    let asked = visitor.post(&format!("/rondes/{ROUND}/voorstel"), &[]);
    expect(&asked, 303, "proposal");
    let job = asked.header("location").unwrap().to_owned();
    let since = Instant::now();
    while !visitor.page(&job).contains("Bekijk het resultaat") {
        assert!(since.elapsed() < Duration::from_mins(2), "no proposal");
        std::thread::yield_now();
    }
}

/// Places somebody by hand, with a reason that names her; answers her page.
fn place(visitor: &Visitor) -> String {
    let found = visitor.post(&format!("/rondes/{ROUND}/studenten"), &[("zoek", "Aalbers")]);
    expect(&found, 200, "search");
    let student = link(&found.body, &format!("/rondes/{ROUND}/studenten/"));
    let page = visitor.page(&student);
    let board = link(&page, &format!("/rondes/{ROUND}/plaatsbord?vraag="));
    let html = visitor.page(&format!("{board}&groep=alle"));
    let form = ["vraag", "plek", "versie", "groep"].map(|name| (name, field(&html, "plaatsbord/plaats\"", name)));
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("reden", "Carlijn Aalbers woont bij oma in 1338"));
    let path = format!("/rondes/{ROUND}/plaatsbord/plaats");
    expect(&visitor.post(&path, &fields), 303, "place");
    expect(&visitor.post(&path, &fields), 409, "place again");
    visitor.post(&format!("/rondes/{ROUND}/plaatsbord"), &[("zoek", "Aalbers")]);
    student.rsplit('/').next().unwrap().to_owned()
}

/// Inspection, a correction that is wrong and one that is right, and an erasure that cannot be.
fn privacy(visitor: &Visitor, student: &str) {
    expect(&visitor.post("/privacy/studenten", &[("zoek", "2500159")]), 200, "search");
    expect(&visitor.post("/privacy/studenten", &[("zoek", "a")]), 400, "short search");
    let here = format!("/privacy/studenten/{student}");
    visitor.page(&here);
    expect(&visitor.get(&format!("{here}/inzage.xlsx")), 200, "workbook");
    visitor.page(&format!("{here}/inzage.json"));
    let seen = field(&visitor.page(&format!("{here}/corrigeren")), "corrigeren\"", "gezien");
    let correct = |number: &str, postcode: &str| {
        let fields = [
            ("gezien", seen.as_str()),
            ("voornaam", "Carlijn"),
            ("achternaam", "Aalbers"),
            ("nummer", number),
            ("postcode", postcode),
            ("soort", "student"),
        ];
        visitor.post(&format!("{here}/corrigeren"), &fields)
    };
    expect(&correct("", "1338 XYZ"), 400, "wrong correction");
    expect(&correct("2500159", "1338 AB"), 303, "correction");
    expect(&correct("2500159", "1338 AC"), 409, "late correction");
    // The program has the clock of the machine: whether she still takes part depends on when this runs.
    let erased = visitor.post(&format!("{here}/anonimiseren"), &[("zeker", "ja")]).status;
    assert!([303, 409].contains(&erased), "erasure: {erased}");
    visitor.page("/privacy/register");
    visitor.page("/instellingen/bewaartermijnen");
}

/// What is asked wrongly, by mistake or on purpose, with names in every place.
fn mistakes(visitor: &Visitor, address: &str) {
    let stranger = Visitor::new(address);
    for email in ["Carlijn.Aalbers@school.example", EMAIL] {
        expect(&stranger.post("/inloggen", &[("email", email), ("password", "Aalbers weet het niet")]), 401, "wrong password");
    }
    for path in ["/rondes/Carlijn-Aalbers", "/studenten/Aalbers?naam=Carlijn%20Aalbers&nummer=2500159", "/Carlijn%20Aalbers/2500159/1338"] {
        expect(&visitor.get(path), 404, path);
        stranger.get(path);
    }
    stranger.post(&format!("/rondes/{ROUND}/studenten"), &[("zoek", "Aalbers")]);
    let mut without = Visitor::new(address);
    without.sign_in(EMAIL, PASSWORD);
    "Carlijn Aalbers".clone_into(&mut without.csrf);
    expect(&without.post(&format!("/rondes/{ROUND}/studenten"), &[("zoek", "Aalbers")]), 403, "forged");
    // What was typed comes back to who typed it, and to no log.
    let reason = [("reden", "Carlijn Aalbers woont bij oma in 1338")];
    let path = format!("/rondes/{ROUND}/plaatsbord/plaats");
    for (got, status) in [(without.post(&path, &reason), 403), (stranger.post(&path, &reason), 401)] {
        expect(&got, status, "typed");
        assert!(got.body.contains("woont bij oma"), "{}", got.body);
    }
    let search = format!("/rounds/{ROUND}/students/searches");
    expect(&visitor.api("POST", &search, r#"{"text": "Aalbers"}"#), 200, "api search");
    expect(&visitor.api("POST", &search, r#"{"text": "Aalbers", "Carlijn": 2500159}"#), 400, "api field");
    expect(&visitor.api("POST", &search, r#"{"text": "Aalbers"#), 400, "api json");
    expect(&visitor.api("GET", &format!("/rounds/{ROUND}/students/2500159"), ""), 400, "api id");
    expect(&visitor.api("GET", &format!("/rounds/{ROUND}/students?naam=Aalbers"), ""), 400, "api query");
    expect(&visitor.api("GET", "/Carlijn-Aalbers", ""), 404, "api path");
    expect(
        &stranger.api("POST", "/sessions", &format!(r#"{{"email": "{EMAIL}", "password": "Aalbers weet het niet"}}"#)),
        401,
        "api sign-in",
    );
    visitor.post("/wachtwoord-vergeten", &[("email", EMAIL)]);
}

/// Works a day and answers what was written.
pub(super) fn worked() -> Written {
    let data = tempfile::tempdir().unwrap();
    let log = data.path().join("log.txt");
    for (kind, file) in [
        ("postcodes", "postcodes.txt"),
        ("partnerships", "almere/partnerschappen.xlsx"),
        ("trainers", "almere/opleiders.xlsx"),
        ("offers", "almere/plekken.xlsx"),
    ] {
        command(data.path(), &log, &["import", kind, &example(file).display().to_string()], "");
    }
    command(data.path(), &log, &["user", "add", "--email", EMAIL, "--name", NAME, "--password-stdin"], PASSWORD);

    let server = serving(data.path(), &log);
    let mut visitor = Visitor::new(&server.address);
    visitor.sign_in(EMAIL, PASSWORD);
    load_students(&visitor);
    propose(&visitor);
    let student = place(&visitor);
    privacy(&visitor, &student);
    mistakes(&visitor, &server.address);
    expect(&visitor.get(&format!("/rondes/{ROUND}/werkboeken/students.xlsx")), 200, "workbook");
    expect(&visitor.post("/uitloggen", &[]), 303, "sign out");
    let said = server.stopped();

    let out = data.path().join("inzage.json").display().to_string();
    command(data.path(), &log, &["privacy", "dossier", "--out", &out], "00230103\n");
    let log = std::fs::read_to_string(&log).unwrap() + &said;
    let typed = [EMAIL, &EMAIL.to_lowercase(), "Annemarijn", "Ooievaar", "annemarijn", "Aalbers", "oma"].map(str::to_owned).to_vec();
    Written { log, typed }
}
