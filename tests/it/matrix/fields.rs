//! Fields that are withheld by role, of somebody whom the role may see: home postcode, travel time, maatwerk, and names
//! of trainers.

use std::collections::BTreeSet;

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

/// Something of the student and the school that are a role's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Student,
    Postcode,
    Travel,
    Custom,
    School,
    Trainers,
}

async fn seen(world: &World, client: &Client, session: &Session) -> BTreeSet<Thing> {
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
    let found = [
        (Thing::Student, student.is_some()),
        (Thing::Postcode, postcode),
        (Thing::Travel, travel),
        (Thing::Custom, custom),
        (Thing::School, school.is_some()),
        (Thing::Trainers, trainers),
    ];
    found.into_iter().filter(|(_, shown)| *shown).map(|(thing, _)| thing).collect()
}

/// Written out by hand, so that it checks the table.
fn expected(role: Role) -> &'static [Thing] {
    match role {
        Role::RegionCoordinator | Role::PartnershipCoordinator | Role::InstituteStaff => {
            &[Thing::Student, Thing::Postcode, Thing::Travel, Thing::Custom, Thing::School, Thing::Trainers]
        }
        Role::SchoolTrainer => &[Thing::Student, Thing::School, Thing::Trainers],
        Role::BoardMember => &[Thing::School, Thing::Trainers],
        Role::Administrator | Role::Reader => &[Thing::School],
        Role::PanelMember | Role::PanelChair | Role::PanelSecretary | Role::ReflectionAuthor | Role::Observer => &[],
    }
}

/// Looks at every role.
pub(super) async fn check(world: &World, client: &Client) {
    for (role, session) in &world.sessions {
        assert_eq!(Vec::from_iter(seen(world, client, session).await), expected(*role), "{}", role.code());
    }
}
