//! How each operation and each page is asked for, and what it is about.

mod operations;
mod pages;

use kernschil_api::{PREFIX, operations};
use kernschil_domain::access::Permission;
use kernschil_http::Door;
use poem::http::Method;
use poem::test::{TestForm, TestFormField, TestRequestBuilder};
use serde_json::Value;

use super::Client;
use super::world::{Relation, Session, Things, World};
use crate::support::root;
use operations::operation;
use pages::page;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A round: part of it is enough.
    Round,
    /// A round as a whole.
    WholeRound,
    /// A school in a round.
    School,
    /// A student in a round, with demand and placement.
    Student,
    /// A scenario of a round.
    Scenario,
    /// A letter of a round.
    Letter,
    /// A peer review that an own role in it reaches.
    Review,
    /// Work for a round as a whole.
    Job,
    /// A workbook that somebody at the command line loaded.
    Import,
    /// Something of the whole installation, by its identifier: an account, a mail, a student for who handles privacy.
    Installation,
    /// A session or API token of the reader in this world.
    OfReader,
    /// Something that this installation does not have, such as a provider to sign in at.
    Nowhere,
    /// Something of one's own, or of nobody in particular.
    Own,
}

/// What goes with a request.
#[derive(Debug, Clone)]
enum Payload {
    Nothing,
    Json(Value),
    Form(Vec<(&'static str, String)>),
    File(&'static str),
    Upload(&'static str, &'static str),
}

/// A header that says which version somebody saw.
type HeaderOf = fn(&Things) -> (&'static str, String);

/// How an operation or page is asked for.
struct Spec {
    subjects: &'static [Subject],
    changes: bool,
    /// A permission besides the one of the door.
    also: Option<Permission>,
    payload: fn(&Things) -> Payload,
    header: Option<HeaderOf>,
}

/// One request of the matrix.
pub(super) struct Cell {
    pub(super) name: String,
    pub(super) is_api: bool,
    pub(super) door: Door,
    pub(super) also: Option<Permission>,
    pub(super) relation: Relation,
    pub(super) subjects: &'static [Subject],
    pub(super) changes: bool,
    method: Method,
    path: String,
    payload: Payload,
    header: Option<(&'static str, String)>,
}

const NOTHING: fn(&Things) -> Payload = |_| Payload::Nothing;

fn reads(subjects: &'static [Subject]) -> Spec {
    Spec { subjects, changes: false, also: None, payload: NOTHING, header: None }
}

fn changes(subjects: &'static [Subject], payload: fn(&Things) -> Payload) -> Spec {
    Spec { changes: true, payload, ..reads(subjects) }
}

/// The framework of the reviews; where there is no review, there is no framework either.
fn framework(things: &Things) -> String {
    if things.review == "bestaat-niet" { things.review.clone() } else { "proefkader".to_owned() }
}

/// A part of a path that stands for something, filled in.
fn part(path: &str, name: &str, things: &Things) -> Option<String> {
    Some(match name {
        "slug" if path.starts_with("/peer-reviews/") => things.review.clone(),
        "review" => things.review.clone(),
        "slug" if path.starts_with("/kaders/") => framework(things),
        "framework" | "earlier" => framework(things),
        "round" | "slug" => things.round.clone(),
        "student" => things.student.to_string(),
        "demand" => things.demand.to_string(),
        "code" | "school" => things.school.clone(),
        "letter" => things.letter.to_string(),
        "wave" | "part" | "number" | "later" | "nummer" => "1".to_owned(),
        "note" | "question" | "item" | "figure" | "finding" | "joint" | "action" | "comment" | "evidence" | "peer" | "member" => {
            "0190f3b2-7c4e-7000-8000-0000000000ee".to_owned()
        }
        "team" => "0190f3b2-7c4e-7000-8000-0000000000ff".to_owned(),
        "job" => things.job.to_string(),
        "change" => things.change.to_string(),
        "kind" if path.starts_with("/review-steps/") => "developmental".to_owned(),
        "kind" if path.contains("workbooks") => "students".to_owned(),
        "kind" => "students".to_owned(),
        "file" if path.contains("sjabloon") => "students.xlsx".to_owned(),
        "file" => "students.xlsx".to_owned(),
        "mutation" => things.mutation.to_string(),
        "id" if path.contains("/wijzigingen/") => things.mutation.to_string(),
        "id" if path.contains("/scenarios/") => things.scenario.to_string(),
        "scenario" => things.scenario.to_string(),
        "id" if path.starts_with("/peers/") || path.starts_with("/peer-reviews/") => "0190f3b2-7c4e-7000-8000-0000000000ee".to_owned(),
        "id" if path.contains("/studenten/") => things.student.to_string(),
        "id" if path.contains("/taken/") => things.job.to_string(),
        "id" if path.contains("/importeren/") => things.import.to_string(),
        "user" => things.user.to_string(),
        "id" if path.starts_with("/gebruikers/") => things.user.to_string(),
        "id" if path.starts_with("/instellingen/mail/") => things.mail.to_string(),
        "id" if path.starts_with("/account/sessies/") => things.session.to_string(),
        "id" if path.starts_with("/account/sleutels/") => things.token.to_string(),
        "grant" => things.grant.to_string(),
        "session" => things.session.to_string(),
        "token" if path.starts_with("/tokens/") => things.token.to_string(),
        "token" => "geen-bewijs".to_owned(),
        "provider" => "geen-dienst".to_owned(),
        _ => return None,
    })
}

fn filled(path: &str, things: &Things) -> String {
    let parts = path.split('/').map(|segment| {
        let name = segment.strip_prefix(':').or_else(|| segment.strip_prefix('{')?.strip_suffix('}'));
        match name {
            Some(name) => part(path, name, things).unwrap_or_else(|| panic!("the matrix does not know {name} in {path}")),
            None => segment.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

fn cells(world: &World, method: &Method, path: &str, door: Door, spec: &Spec, is_api: bool) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for relation in Relation::ALL {
        let things = world.things(relation);
        let payload = (spec.payload)(things);
        let full = if is_api { format!("{PREFIX}{}", filled(path, things)) } else { filled(path, things) };
        let is_known = |cell: &Cell| cell.path == full && format!("{:?}", cell.payload) == format!("{payload:?}");
        if cells.iter().any(is_known) {
            continue;
        }
        cells.push(Cell {
            name: format!("{method} {path}"),
            is_api,
            door,
            also: spec.also,
            relation,
            subjects: spec.subjects,
            changes: spec.changes,
            method: method.clone(),
            path: full,
            payload,
            header: spec.header.map(|header| header(things)),
        });
    }
    cells
}

/// A request for every operation and relation.
pub(super) fn api_cells(world: &World) -> Vec<Cell> {
    let of = |op: kernschil_api::OperationDoc| {
        let door = kernschil_api::door(&op.id).unwrap_or_else(|| panic!("operation {} has no door", op.id));
        let spec = operation(&op.id).unwrap_or_else(|| panic!("the matrix does not know operation {}", op.id));
        let method: Method = op.method.parse().unwrap();
        cells(world, &method, &op.path, door, &spec, true)
    };
    operations().into_iter().flat_map(of).collect()
}

/// A request for every page and relation.
pub(super) fn page_cells(world: &World) -> Vec<Cell> {
    let of = |page_door: kernschil_http::PageDoor| {
        let (method, path) = (page_door.method, page_door.path);
        let spec = page(&method, path).unwrap_or_else(|| panic!("the matrix does not know {method} {path}"));
        cells(world, &method, path, page_door.door, &spec, false)
    };
    kernschil_web::doors().into_iter().flat_map(of).collect()
}

fn example(name: &str) -> Vec<u8> {
    std::fs::read(root().join("imports/voorbeelden").join(name)).unwrap()
}

impl Cell {
    fn request<'c>(&self, client: &'c Client, csrf: &str) -> TestRequestBuilder<'c, poem::endpoint::BoxEndpoint<'static, poem::Response>> {
        let mut request = client.request(self.method.clone(), self.path.clone());
        if let Some((name, value)) = &self.header {
            request = request.header(*name, value.clone());
        }
        match &self.payload {
            Payload::Nothing => request,
            Payload::Json(body) => request.body_json(body),
            Payload::Form(fields) => {
                let mut all = vec![("csrf", csrf.to_owned())];
                all.extend(fields.clone());
                request.form(&all)
            }
            Payload::File(name) => request
                .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
                .header("content-disposition", "attachment; filename=\"studenten.xlsx\"")
                .body(example(name)),
            Payload::Upload(kind, name) => {
                let form = TestForm::new().text("csrf", csrf.to_owned()).text("soort", *kind);
                request.multipart(form.field(TestFormField::bytes(example(name)).name("bestand").filename("studenten.xlsx")))
            }
        }
    }

    async fn answer(request: TestRequestBuilder<'_, poem::endpoint::BoxEndpoint<'static, poem::Response>>) -> (u16, Vec<u8>) {
        let response = request.send().await.0;
        let status = response.status().as_u16();
        (status, response.into_body().into_bytes().await.unwrap_or_default().to_vec())
    }

    /// Sends it with the cookie of somebody.
    pub(super) async fn send(&self, client: &Client, session: &Session) -> (u16, Vec<u8>) {
        let request = self.request(client, &session.csrf).header("cookie", format!("kernschil={}", session.token));
        let request = if self.is_api && self.method != Method::GET { request.header("x-csrf-token", &session.csrf) } else { request };
        Self::answer(request).await
    }

    /// Sends it without a cookie.
    pub(super) async fn send_as_stranger(&self, client: &Client) -> (u16, Vec<u8>) {
        Self::answer(self.request(client, "")).await
    }
}
