//! The board over the network: what programs send, and many of them at once on a real port.

use std::collections::BTreeMap;

use kernschil_app::App;
use kernschil_app::access::{self, NewToken};
use kernschil_app::board::{self, BoardView, PlaceAccess};
use kernschil_domain::access::{Role, Scope, TokenScope};
use kernschil_domain::ids::DemandId;
use poem::Server;
use poem::listener::{Acceptor, Listener, TcpListener};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::by_hand::pair;
use super::{movable, placement, view};
use crate::support::TestApp;
use crate::support::site::site;

/// A server on a port of its own; it ends with the test.
async fn serve(app: &App) -> String {
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
    let address = acceptor.local_addr()[0].as_socket_addr().unwrap().to_string();
    tokio::spawn(Server::new_with_acceptor(acceptor).run(site(app)));
    address
}

/// A program with a token, at an address.
#[derive(Clone)]
struct Program {
    address: String,
    token: String,
    round: String,
}

/// What came back: status, version, body.
struct Answer {
    status: u16,
    tag: String,
    body: Value,
}

impl Answer {
    fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl Program {
    async fn new(test: &TestApp, round: &str) -> Self {
        let actor = test.with_role(Role::RegionCoordinator, Scope::All).await;
        let new = NewToken { name: "programma".to_owned(), scope: TokenScope::Change, days: 30 };
        let token = access::make_token(&test.app, &actor, new).await.unwrap().token;
        Self { address: serve(&test.app).await, token, round: round.to_owned() }
    }

    async fn ask(&self, method: &str, path: &str, header: &str, body: Option<Value>) -> Answer {
        let text = body.map(|body| body.to_string()).unwrap_or_default();
        let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
        let kind = if text.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        let request = format!(
            "{method} {}/rounds/{}/{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n{header}{kind}Content-Length: {}\r\nConnection: close\r\n\r\n{text}",
            kernschil_api::PREFIX,
            self.round,
            self.address,
            self.token,
            text.len(),
        );
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let answer = String::from_utf8(bytes).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let tag = head.lines().find_map(|line| line.to_lowercase().strip_prefix("etag: ").map(str::to_owned)).unwrap_or_default();
        // A short answer comes in one piece, with or without its length before it.
        let json = body.find('{').and_then(|at| body.get(at..=body.rfind('}')?)).unwrap_or_default();
        Answer { status, tag, body: serde_json::from_str(json).unwrap_or_default() }
    }
}

fn tag(view: &BoardView, demand: DemandId) -> String {
    format!("If-Match: \"{}\"", placement(view, demand).unwrap())
}

both_databases! {
    async fn a_program_does_what_the_board_does(test: TestApp) {
        let round = test.proposed("almere").await;
        let program = Program::new(&test, &round).await;
        let seen = view(&test.app, &round).await;
        let (demand, _) = movable(&seen);
        let held = tag(&seen, demand);
        let hold = format!("demands/{demand}/hold");

        let bad = program.ask("PUT", &hold, &held, Some(json!({ "hold": "los", "x": 1 }))).await;
        assert_eq!((bad.status, bad.body["errors"].as_array().unwrap().len()), (400, 2));
        assert_eq!(program.ask("PUT", &hold, "", Some(json!({ "hold": "pinned" }))).await.status, 428);
        assert_eq!(program.ask("PUT", &hold, "If-Match: \"oud\"", Some(json!({ "hold": "pinned" }))).await.status, 412);
        assert_eq!(program.ask("PUT", &hold, &held, Some(json!({ "hold": "pinned" }))).await.status, 200);
        let placed = program.ask("GET", &format!("demands/{demand}/placement"), "", None).await;
        assert_eq!((placed.tag, placed.body["hold"].as_str().unwrap()), (format!("\"{}\"", placement(&seen, demand).unwrap()), "pinned"));

        let (one, other) = pair(&seen);
        let row = |view: &BoardView, demand: DemandId| json!({ "demand": demand, "placement": placement(view, demand) });
        let swap = json!({ "one": row(&seen, one), "other": row(&seen, other) });
        let half = json!({ "one": row(&seen, one), "other": { "demand": other } });
        assert_eq!(program.ask("POST", "swaps", "", Some(half)).await.status, 400);
        let swapped = program.ask("POST", "swaps", "", Some(swap.clone())).await;
        assert_eq!(swapped.status, 200, "{}", swapped.body);
        let again = program.ask("POST", "swaps", "", Some(swap)).await;
        assert_eq!((again.status, again.code()), (409, "intussen-gewijzigd"));
        let change = swapped.body["change"].as_str().unwrap().to_owned();
        assert_eq!(program.ask("POST", &format!("changes/{change}/reversals"), "", None).await.status, 204);

        let now = view(&test.app, &round).await;
        let school = now.data.registry.schools[&now.data.place_of(one).unwrap().1.school].code.to_string();
        let exclusion = format!("demands/{one}/exclusions/{school}");
        let wanted = json!({ "category": "family", "placement": placement(&now, one) });
        let medical = json!({ "category": "ziek", "placement": placement(&now, one) });
        assert_eq!(program.ask("PUT", &exclusion, "If-None-Match: *", Some(medical)).await.status, 400);
        assert_eq!(program.ask("PUT", &exclusion, "If-None-Match: *", Some(wanted.clone())).await.status, 200);
        assert_eq!(program.ask("PUT", &exclusion, "If-None-Match: *", Some(json!({ "category": "school" }))).await.status, 412);
        let listed = program.ask("GET", &format!("demands/{one}/exclusions"), "", None).await;
        assert_eq!(listed.body["exclusions"][0]["category"], "family");
        assert_eq!(program.ask("DELETE", &exclusion, "If-Match: \"school\"", None).await.status, 412);
        assert_eq!(program.ask("DELETE", &exclusion, "If-Match: \"family\"", None).await.status, 200);

        let team = program.ask("POST", "teams", "", Some(json!({ "name": "Leerteam", "members": [one, other] }))).await;
        assert_eq!(team.status, 200, "{}", team.body);
        assert_eq!(program.ask("POST", "teams", "", Some(json!({ "name": "leerteam", "members": [demand, other] }))).await.code(), "naam-bestaat");
        let teams = program.ask("GET", "teams", "", None).await;
        let (id, version) = (teams.body["teams"][0]["id"].as_str().unwrap(), teams.body["teams"][0]["version"].as_str().unwrap());
        let path = format!("teams/{id}");
        let renamed = json!({ "name": "Ander", "members": [one, other] });
        assert_eq!(program.ask("PUT", &path, &format!("If-Match: \"{version}\""), Some(renamed.clone())).await.status, 200);
        assert_eq!(program.ask("PUT", &path, &format!("If-Match: \"{version}\""), Some(renamed)).await.status, 412);
        assert_eq!(program.ask("DELETE", &path, "If-Match: \"oud\"", None).await.status, 412);

        let now = view(&test.app, &round).await;
        let bulk = json!({ "action": "leave-out", "demands": [row(&now, demand), row(&now, other)] });
        assert_eq!(program.ask("POST", "bulk-changes", "", Some(bulk.clone())).await.status, 200);
        assert_eq!(program.ask("POST", "bulk-changes", "", Some(bulk)).await.code(), "intussen-gewijzigd");
        let turned = program.ask("PUT", &format!("demands/{other}/turn"), "If-None-Match: *", Some(json!({ "turn": "takes-part" }))).await;
        assert_eq!(turned.status, 200, "{}", turned.body);
        test.check_invariants().await;
    }

    async fn sixty_four_programs_want_the_same_last_places(test: TestApp) {
        let round = test.proposed("almere").await;
        let program = Program::new(&test, &round).await;
        let seen = view(&test.app, &round).await;
        let (_, wanted) = movable(&seen);
        let wanting = seen.rows.iter().filter(|row| row.row.place.is_some()).map(|row| row.row.demand);
        let fits = |demand: &DemandId| {
            let all = board::candidates_of(&seen, *demand).unwrap();
            all.iter().any(|c| c.offer == wanted.offer && c.access == PlaceAccess::Fits && c.current == board::Current::Elsewhere)
        };
        let wanting: Vec<_> = wanting.filter(fits).take(64).collect();
        assert!(wanting.len() > usize::try_from(wanted.free).unwrap(), "the race needs more students than places");
        let clients: Vec<_> = wanting.iter().map(|demand| {
            let (program, header, demand) = (program.clone(), tag(&seen, *demand), *demand);
            let body = json!({ "offer": wanted.offer, "guidance": "extra" });
            tokio::spawn(async move { program.ask("PUT", &format!("demands/{demand}/placement"), &header, Some(body)).await })
        }).collect();
        let mut told: BTreeMap<(u16, String), i32> = BTreeMap::new();
        for client in clients {
            let answer = client.await.unwrap();
            *told.entry((answer.status, answer.code().to_owned())).or_default() += 1;
        }
        println!("{} programs want {} places: {told:?}", wanting.len(), wanted.free);
        assert_eq!(told.get(&(200, String::new())), Some(&wanted.free));
        assert!(told.keys().all(|key| *key == (200, String::new()) || *key == (409, "plek-vergeven".to_owned())), "{told:?}");
        test.check_invariants().await;
    }
}
