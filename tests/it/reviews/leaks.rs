//! Nothing of a finding that may not be read shows anywhere: not its words, not its identifier, and not that it is there.
//!
//! Each moment of a review is played twice, from the same database: once without and once with findings of a member that
//! the others may not read yet. Whoever may not read them gets the same answers in both, byte for byte, headers included,
//! from every page and every operation there is about reviews, and from the log, the mails and what the database says of
//! the review itself.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use kernschil_app::access::{self, SignInWay};
use kernschil_app::reviews::findings::{self, FindingInput};
use kernschil_app::{Actor, App, StoreSettings};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::FindingId;
use kernschil_domain::reviews::{Finding, ReviewState};
use kernschil_storage::Backend;
use kernschil_storage::audit::EventFilter;
use kernschil_storage::{StorageError, audit, outbox, reviews};
use poem::http::Method;
use serde_json::json;

use super::reflection::REVIEW;
use super::stage::{Player, Stage};
use crate::support::site::{Client, client};
use crate::support::{TestApp, cluster, open_from};

/// Words that stand in the findings and nowhere else.
const MARKERS: [&str; 3] = ["zandlopertje", "vuurtorentje", "klaproosveld"];
/// The identifier that findings of the member get, in each play the same.
const FIRST_FINDING: u64 = 1 << 41;
/// Where identifiers of the answers begin.
const FIRST_ANSWER: u64 = 1 << 42;

/// Headers that are another one in each answer, whoever asks for whatever.
const OF_EACH_ANSWER: [&str; 1] = ["x-request-id"];

/// Somebody who looks.
pub(super) struct Viewer {
    name: &'static str,
    /// None for who is not signed in.
    pub(super) session: Option<String>,
    /// Whether she is one of the panel.
    panel: bool,
}

/// How far the review is when somebody looks.
struct Moment {
    name: &'static str,
    state: ReviewState,
    /// Names of those who handed in.
    handed_in: &'static [&'static str],
    /// Whether the chair opened the findings.
    opened: bool,
}

const MOMENTS: [Moment; 8] = [
    Moment { name: "preparing", state: ReviewState::Preparing, handed_in: &[], opened: false },
    Moment { name: "nobody handed in", state: ReviewState::Conducting, handed_in: &[], opened: false },
    Moment { name: "all others handed in", state: ReviewState::Conducting, handed_in: &["member", "secretary", "chair"], opened: false },
    Moment { name: "the writer and one handed in", state: ReviewState::Conducting, handed_in: &["other", "member"], opened: false },
    Moment { name: "opened", state: ReviewState::Conducting, handed_in: &["member"], opened: true },
    Moment { name: "concluding", state: ReviewState::Concluding, handed_in: &["member"], opened: false },
    Moment { name: "closed", state: ReviewState::Closed, handed_in: &["member", "secretary"], opened: false },
    Moment { name: "cancelled", state: ReviewState::Cancelled, handed_in: &["member"], opened: false },
];

/// The moments that are played: all on SQLite, and on PostgreSQL those in which most is still to be kept. What is kept is
/// decided above the database, and each moment takes a minute of every run.
fn moments(backend: Backend) -> impl Iterator<Item = &'static Moment> {
    let on_both = ["nobody handed in", "all others handed in", "concluding"];
    MOMENTS.iter().filter(move |moment| backend == Backend::Sqlite || on_both.contains(&moment.name))
}

impl Moment {
    /// Whether somebody may not read the findings of the writer. Written out here, so that it checks the code that decides.
    fn is_blind(&self, viewer: &Viewer) -> bool {
        let both = ["other", viewer.name].iter().all(|name| self.handed_in.contains(name));
        !viewer.panel || !(self.opened || both)
    }
}

/// What is asked.
pub(super) struct Surface {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<serde_json::Value>,
}

/// A database that can be copied while nobody works in it.
enum Source {
    File(PathBuf),
    Database(String),
}

impl Source {
    fn of(url: &str) -> Self {
        match url.strip_prefix("sqlite://") {
            Some(rest) => Self::File(rest.split('?').next().unwrap().into()),
            None => Self::Database(url.to_owned()),
        }
    }

    fn copy(&self, name: &str) -> StoreSettings {
        match self {
            Self::File(file) => {
                let copy = file.with_file_name(format!("{name}.sqlite3"));
                std::fs::copy(file, &copy).unwrap();
                StoreSettings::sqlite(&copy)
            }
            Self::Database(url) => StoreSettings { url: cluster().unwrap().copy_of(url) },
        }
    }
}

/// An answer: status, headers and everything that is in it.
pub(super) type Answer = String;

/// The text of an answer, of workbooks and documents that of all their parts.
fn text_of(body: &[u8]) -> String {
    if !body.starts_with(b"PK") {
        return String::from_utf8_lossy(body).into_owned();
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(body)).unwrap();
    let mut all = String::new();
    for at in 0..archive.len() {
        let mut bytes = Vec::new();
        let mut part = archive.by_index(at).unwrap();
        all.push_str(&part.name().unwrap());
        part.read_to_end(&mut bytes).unwrap();
        all.push_str(&String::from_utf8_lossy(&bytes));
    }
    all
}

pub(super) async fn ask(client: &Client, viewer: &Viewer, csrf: &str, surface: &Surface) -> Answer {
    let mut request = client.request(surface.method.clone(), &surface.path);
    if let Some(session) = &viewer.session {
        request = request.header("cookie", format!("kernschil={session}")).header("x-csrf-token", csrf);
    }
    if surface.method != Method::GET {
        request = request.header("if-match", "\"1\"");
    }
    if let Some(body) = &surface.body {
        request = request.body_json(body);
    }
    let response = request.send().await.0;
    let headers: BTreeMap<_, _> = response.headers().iter().map(|(name, value)| (name.to_string(), format!("{value:?}"))).collect();
    let headers: Vec<_> = headers.into_iter().filter(|(name, _)| !OF_EACH_ANSWER.contains(&name.as_str())).collect();
    let status = response.status();
    assert!(status.as_u16() < 500, "{} {} for {}: {status}", surface.method, surface.path, viewer.name);
    let body = response.into_body().into_vec().await.unwrap();
    without_own_identifiers(&format!("{status}\n{headers:?}\n{}", text_of(&body)))
}

/// What may stand in the place of a name in an address.
fn segment(path: &str, name: &str, stage: &Stage, secret: FindingId) -> Vec<String> {
    let secret = secret.to_string();
    let all: Vec<&str> = match name {
        "review" => vec![REVIEW],
        "slug" if path.starts_with("/peer-reviews/") => vec![REVIEW],
        "part" => vec!["2"],
        // Another framework than that of the review: what its texts would become, is not told by what has findings only.
        "framework" => vec![OTHER_FRAMEWORK],
        "evidence" => return vec![stage.evidence.to_string()],
        "member" => return vec![stage.other.member.to_string()],
        "number" | "nummer" | "version" => vec!["1"],
        // Whatever else has an identifier is asked for with that of a finding.
        _ => vec![secret.as_str()],
    };
    all.into_iter().map(str::to_owned).collect()
}

fn filled(path: &str, stage: &Stage, secret: FindingId) -> Vec<String> {
    let mut all = vec![String::new()];
    for part in path.split('/').skip(1) {
        let name = part.strip_prefix(':').or_else(|| part.strip_prefix('{')?.strip_suffix('}'));
        let choices = name.map_or_else(|| vec![part.to_owned()], |name| segment(path, name, stage, secret));
        all = all.iter().flat_map(|start| choices.iter().map(move |choice| format!("{start}/{choice}"))).collect();
    }
    all
}

/// A published framework that the review could be given.
const OTHER_FRAMEWORK: &str = "proefkader";

/// Pages beside those of reviews on which something of them could show.
const OTHER_PAGES: [&str; 5] = ["/", "/logboek", "/logboek.xlsx", "/taken", "/peers"];

/// Every page and every operation about reviews, those that only read; and what is answered to who guesses.
pub(super) fn surfaces(stage: &Stage, secret: FindingId) -> Vec<Surface> {
    let get = |path: String| Surface { method: Method::GET, path, body: None };
    let mut all = Vec::new();
    for door in kernschil_web::doors().into_iter().filter(|door| door.method == Method::GET) {
        if door.path.starts_with("/peer-reviews") || OTHER_PAGES.contains(&door.path) {
            all.extend(filled(door.path, stage, secret).into_iter().map(get));
        }
    }
    for operation in kernschil_api::operations().into_iter().filter(|operation| operation.method == "GET") {
        let of_reviews = operation.path.starts_with("/reviews") || operation.path.starts_with("/peers");
        if of_reviews || ["/audit-events", "/jobs"].contains(&operation.path.as_str()) {
            all.extend(filled(&operation.path, stage, secret).into_iter().map(|path| get(format!("{}{path}", kernschil_api::PREFIX))));
        }
    }
    // Lists that are searched, for a word of a finding.
    for path in ["/peer-reviews", "/peer-reviews/almere-proef/opvolging", "/peer-reviews/almere-proef/weging"] {
        all.push(get(format!("{path}?zoek={0}&q={0}", MARKERS[0])));
    }
    all.push(get(format!("{}/reviews?search={}", kernschil_api::PREFIX, MARKERS[0])));
    all.push(get(format!("/peer-reviews/{REVIEW}/kader?naar={OTHER_FRAMEWORK}")));
    let guessed = format!("{}/reviews/{REVIEW}/findings/{secret}", kernschil_api::PREFIX);
    let said = json!({ "kind": "strength", "part": "1", "text": "Van een ander", "evidence": [] });
    all.push(Surface { method: Method::PUT, path: guessed.clone(), body: Some(said) });
    all.push(Surface { method: Method::DELETE, path: guessed, body: None });
    // The log first: how many refusals it notes in a while is a matter of the clock on the wall.
    all.sort_by_key(|surface| !surface.path.contains("/logboek") && !surface.path.contains("/audit-events"));
    all
}

/// The findings that may not be read: made, changed and removed again, so that versions and times would show as well.
async fn write_secrets(app: &App, writer: &Player, stage: &Stage) -> Vec<Finding> {
    let input = |kind: &str, part: &str, word: &str| FindingInput {
        kind: kind.to_owned(),
        part: part.to_owned(),
        text: format!("Bij ons valt {word} op."),
        evidence: vec![stage.evidence],
    };
    let mut made = Vec::new();
    for ((kind, part), word) in [("strength", "2"), ("development", "1.1"), ("question", "4")].into_iter().zip(MARKERS) {
        made.push(findings::add(app, &writer.actor, REVIEW, &input(kind, part, word)).await.unwrap());
    }
    let again = input("good-practice", "3", MARKERS[2]);
    findings::change(app, &writer.actor, REVIEW, (made[2].id, made[2].version), &again).await.unwrap();
    let gone = findings::add(app, &writer.actor, REVIEW, &again).await.unwrap();
    findings::remove(app, &writer.actor, REVIEW, (gone.id, gone.version)).await.unwrap();
    made
}

/// Whether the findings are written in a play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Play {
    Without,
    With,
}

async fn hand_in(app: &App, who: &Player) {
    let own = findings::list(app, &who.actor, REVIEW).await.unwrap().own.unwrap();
    let contents = if own.findings.is_empty() { findings::Contents::Nothing } else { findings::Contents::Findings };
    findings::hand_in(app, &who.actor, REVIEW, &own.hash, contents).await.unwrap();
}

/// A database brought to a moment, and an identifier of a finding that is only there when it was played with findings.
async fn at(source: &Source, stage: &Stage, moment: &Moment, play: Play) -> (App, StoreSettings) {
    let settings = source.copy(&format!("{}-{play:?}", moment.name.replace(' ', "-")));
    if play == Play::With {
        let app = open_from(&settings, FIRST_FINDING).await;
        let made = write_secrets(&app, &stage.other, stage).await;
        assert_eq!(made[0].id, secret());
        app.store.close().await.unwrap();
    }
    let app = open_from(&settings, FIRST_ANSWER).await;
    let by_name = [("member", &stage.member), ("chair", &stage.chair), ("secretary", &stage.secretary), ("other", &stage.other)];
    if moment.state != ReviewState::Preparing {
        put_in(&app, ReviewState::Conducting).await;
    }
    for name in moment.handed_in {
        hand_in(&app, by_name.iter().find(|(known, _)| known == name).unwrap().1).await;
    }
    if moment.opened {
        let version = findings::list(&app, &stage.chair.actor, REVIEW).await.unwrap().review.version;
        findings::open(&app, &stage.chair.actor, REVIEW, version).await.unwrap();
    }
    put_in(&app, moment.state).await;
    (app, settings)
}

fn secret() -> FindingId {
    FindingId(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(FIRST_FINDING + 1)))
}

async fn put_in(app: &App, state: ReviewState) {
    let day = Some("2026-06-15".parse().unwrap());
    app.store
        .write(async |tx| {
            let review = reviews::list(tx).await?.into_iter().find(|review| review.slug == REVIEW).unwrap();
            let held_on = if state == ReviewState::Preparing { None } else { day };
            reviews::save(tx, &kernschil_domain::reviews::Review { state, visit_on: day, held_on, ..review }).await
        })
        .await
        .unwrap();
}

/// A text without the hashes and salts in it: what somebody handed in is noted with its hash, which is another one each time.
fn without_hashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for sign in text.chars().chain(['\n']) {
        if sign.is_ascii_hexdigit() {
            run.push(sign);
            continue;
        }
        out.push_str(if run.len() == 64 { "<hash>" } else { &run });
        run.clear();
        out.push(sign);
    }
    out
}

/// A text without the identifiers that were given while it was asked for: of requests and of what is noted in the log.
fn without_own_identifiers(text: &str) -> String {
    let start = format!("01900000-0000-7000-8000-{:04x}", FIRST_ANSWER >> 32);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&start) {
        out.push_str(&rest[..at]);
        out.push_str("<id>");
        rest = rest.get(at + 36..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The answers to everybody who may not read the findings, by who asked for what.
async fn answers(app: &App, stage: &Stage, moment: &Moment, viewers: &[Viewer]) -> BTreeMap<String, Answer> {
    let (client, surfaces) = (client(app), surfaces(stage, secret()));
    let mut all = BTreeMap::new();
    for viewer in viewers.iter().filter(|viewer| moment.is_blind(viewer)) {
        let csrf = match &viewer.session {
            Some(token) => access::session(app, token, None).await.unwrap().csrf_token,
            None => String::new(),
        };
        for surface in &surfaces {
            let answer = ask(&client, viewer, &csrf, surface).await;
            all.insert(format!("{} {} {}", viewer.name, surface.method, surface.path), answer);
        }
    }
    // What no page shows, and leaves the house or stays in it: mails, the log as it is stored, and the review itself.
    let stored = app
        .store
        .read(async |tx| {
            let (mails, count) = outbox::latest(tx, None, 0, 500).await?;
            let mails: Vec<_> = mails.into_iter().map(|mail| (mail.to_address, mail.subject, mail.body)).collect();
            let log = audit::events(tx, &EventFilter::default(), 0, 5_000).await?;
            let log = log.into_iter().filter_map(|row| row.event).filter(|event| event.kind != EventKind::Refused);
            let log: Vec<_> = log.map(|event| (event.kind, event.subject, event.after)).collect();
            let review = reviews::list(tx).await?;
            Ok::<_, StorageError>([format!("{count} {mails:?}"), format!("{log:?}"), format!("{review:?}")])
        })
        .await
        .unwrap();
    all.extend(["mails", "log", "review"].into_iter().map(str::to_owned).zip(stored));
    all
}

/// Where two answers begin to differ.
fn difference(one: &str, other: &str) -> String {
    let at = one.bytes().zip(other.bytes()).position(|(a, b)| a != b).unwrap_or(one.len().min(other.len()));
    let around = |text: &str| String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(60)..(at + 120).min(text.len())]).into_owned();
    format!("{:?} / {:?}", around(one), around(other))
}

/// Somebody who signs in, where she has an account.
pub(super) async fn viewer(app: &TestApp, name: &'static str, actor: &Actor, panel: bool) -> Viewer {
    let mut session = None;
    if let Some(user) = actor.user() {
        let account = app.app.store.read(async |tx| kernschil_storage::access::user(tx, user).await).await.unwrap().unwrap();
        let way = SignInWay { browser: "proef".to_owned(), request: None };
        session = Some(access::sign_in(&app.app, &account.email, "een lang wachtwoord", way).await.unwrap().token);
    }
    Viewer { name, session, panel }
}

async fn viewers(app: &TestApp, stage: &Stage) -> Vec<Viewer> {
    let known: [(&'static str, &Actor, bool); 10] = [
        ("administrator", &stage.administrator, false),
        ("member", &stage.member.actor, true),
        ("chair", &stage.chair.actor, true),
        ("secretary", &stage.secretary.actor, true),
        ("observer", &stage.observer.actor, false),
        ("author", &stage.author.actor, false),
        ("coordinator", &stage.coordinator, false),
        ("reader", &stage.reader, false),
        ("stranger", &stage.stranger, false),
        ("nobody", &Actor::CommandLine, false),
    ];
    let mut all = Vec::new();
    for (name, actor, panel) in known {
        all.push(viewer(app, name, actor, panel).await);
    }
    all
}

both_databases! {
    async fn nothing_of_an_unread_finding_shows_anywhere(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Preparing).await;
        let viewers = viewers(&app, &stage).await;
        // Others have findings in both plays, so that lists are not empty.
        for who in [&stage.member, &stage.chair, &stage.secretary] {
            stage.finds(&app, who, kernschil_domain::reviews::FindingKind::Strength, "1", "Dit mag gelezen worden.").await;
        }
        crate::reviews::store_framework(&app.app).await;
        let source = Source::of(&app.url);
        let backend = app.app.store.backend();
        app.app.store.close().await.unwrap();
        let (mut cells, mut wrong) = (0, Vec::new());
        for moment in moments(backend) {
            let mut plays = Vec::new();
            for play in [Play::Without, Play::With] {
                let (app, _) = at(&source, &stage, moment, play).await;
                plays.push(answers(&app, &stage, moment, &viewers).await);
                app.store.close().await.unwrap();
            }
            let (with, without) = (plays.pop().unwrap(), plays.pop().unwrap());
            assert_eq!(with.len(), without.len());
            let previews = with.iter().filter(|(asked, answer)| asked.contains(OTHER_FRAMEWORK) && answer.starts_with("200"));
            // Once anybody handed in, the framework is fixed.
            let can_change = moment.handed_in.is_empty();
            assert!(!can_change || previews.count() > 1, "{}: nobody looked at another framework", moment.name);
            // Every hand-in has a salt of its own, so that its hash is another one each time.
            let has_hashes = !moment.handed_in.is_empty();
            for ((asked, with), without) in with.iter().zip(without.values()) {
                cells += 1;
                let is_search = asked.contains(MARKERS[0]);
                if !is_search && MARKERS.iter().any(|word| with.contains(word)) {
                    wrong.push(format!("{}: {asked}: shows a word of a finding", moment.name));
                }
                let is_same = if has_hashes { without_hashes(with) == without_hashes(without) } else { with == without };
                if !is_same {
                    wrong.push(format!("{}: {asked}: {}", moment.name, difference(without, with)));
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {cells} cells leak:\n{}", wrong.len(), wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
        assert!(cells > 2_000, "only {cells} cells");
        eprintln!("leak test: {cells} answers, each the same without and with findings that may not be read");
    }

    async fn who_may_read_them_does_see_them(app: TestApp) {
        // The search for words finds them where they may be read, so that it is no empty one.
        let stage = Stage::conducting(&app).await;
        let token = viewers(&app, &stage).await;
        let made = write_secrets(&app.app, &stage.other, &stage).await;
        for who in [&stage.member, &stage.other] {
            hand_in(&app.app, who).await;
        }
        let client = client(&app.app);
        for path in [format!("/peer-reviews/{REVIEW}/bevindingen"), format!("{}/reviews/{REVIEW}/findings", kernschil_api::PREFIX)] {
            let asked = Surface { method: Method::GET, path, body: None };
            let sees = async |name: &str| {
                let viewer = token.iter().find(|viewer| viewer.name == name).unwrap();
                let answer = ask(&client, viewer, "", &asked).await;
                MARKERS.iter().filter(|word| answer.contains(*word)).count()
            };
            assert_eq!((sees("member").await, sees("chair").await, sees("coordinator").await), (3, 0, 0));
        }
        let asked = Surface { method: Method::GET, path: format!("{}/reviews/{REVIEW}/findings/{}", kernschil_api::PREFIX, made[0].id), body: None };
        assert!(ask(&client, token.iter().find(|viewer| viewer.name == "member").unwrap(), "", &asked).await.starts_with("200"));
    }
}
