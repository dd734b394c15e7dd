//! Fields that are withheld by role, of somebody whom the role may see: home postcode, travel time, maatwerk, and names
//! of trainers.

use kernschil_domain::access::Role;
use serde_json::Value;

use super::Client;
use super::world::{Relation, Session, World};

async fn answer(client: &Client, session: &Session, path: &str) -> (u16, String) {
    let request = client.get(path).header("cookie", format!("kernschil={}", session.token));
    let response = request.send().await.0;
    (response.status().as_u16(), response.into_body().into_string().await.unwrap())
}

async fn json(client: &Client, session: &Session, path: &str) -> Option<Value> {
    let (status, body) = answer(client, session, &format!("{}{path}", kernschil_api::PREFIX)).await;
    (status == 200).then(|| serde_json::from_str(&body).unwrap())
}

/// What a role sees of the student and the school that are its own: whether it gets the answer at all, and the field.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    student: bool,
    postcode: bool,
    travel: bool,
    custom: bool,
    school: bool,
    trainers: bool,
}

async fn seen(world: &World, client: &Client, session: &Session) -> Seen {
    let own = world.things(Relation::Own);
    let student = json(client, session, &format!("/rounds/{}/students/{}", own.round, own.student)).await;
    let school = json(client, session, &format!("/rounds/{}/schools/{}", own.round, own.school)).await;
    let listed = json(client, session, &format!("/rounds/{}/schools?size=100", own.round)).await;
    let (_, page) = answer(client, session, &format!("/rondes/{}/studenten/{}", own.round, own.student)).await;
    let field = |name: &str| student.as_ref().map(|student| student[name].clone()).unwrap_or_default();
    let postcode = field("postcode").is_string();
    let custom = field("custom").as_array().is_some_and(|custom| !custom.is_empty());
    // The page and the API say the same.
    assert_eq!(custom, page.contains("hoogstens 45 minuten reizen"));
    let travel = student.as_ref().is_some_and(|student| student.to_string().contains("\"minutes\""));
    let names = |value: &Value| value["trainers"].as_array().is_some_and(|trainers| !trainers.is_empty());
    let of_list = listed.is_some_and(|listed| listed["items"].as_array().unwrap().iter().any(names));
    let trainers = school.as_ref().is_some_and(names);
    assert_eq!(trainers, of_list, "the list and the school itself");
    Seen { student: student.is_some(), postcode, travel, custom, school: school.is_some(), trainers }
}

/// Written out by hand, so that it checks the table.
fn expected(role: Role) -> Seen {
    let (all, some, none) = (true, true, false);
    match role {
        Role::RegionCoordinator | Role::PartnershipCoordinator | Role::InstituteStaff => {
            Seen { student: all, postcode: all, travel: all, custom: all, school: all, trainers: all }
        }
        Role::SchoolTrainer => Seen { student: some, postcode: none, travel: none, custom: none, school: some, trainers: some },
        Role::BoardMember => Seen { student: none, postcode: none, travel: none, custom: none, school: some, trainers: some },
        Role::Administrator | Role::Reader => {
            Seen { student: none, postcode: none, travel: none, custom: none, school: some, trainers: none }
        }
        Role::PanelMember | Role::PanelChair | Role::PanelSecretary => {
            Seen { student: none, postcode: none, travel: none, custom: none, school: none, trainers: none }
        }
    }
}

/// Looks at every role.
pub(super) async fn check(world: &World, client: &Client) {
    for (role, session) in &world.sessions {
        assert_eq!(seen(world, client, session).await, expected(*role), "{}", role.code());
    }
}
