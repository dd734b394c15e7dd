//! Examples, with made-up persons.

use serde_json::{Value, json};

/// The example of a schema.
pub(crate) fn of(schema: &str) -> Option<Value> {
    Some(match schema {
        "SignIn" => json!({ "email": "sanne@school.example", "password": "een lange zin als wachtwoord" }),
        "CurrentSession" => {
            json!({ "name": "Sanne de Wit", "csrfToken": "5f1c0a7e9d3b48260f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978" })
        }
        "RoundSummary" => json!({
            "slug": "almere-2026-2027", "name": "Almere 2026-2027", "schoolYear": "2026-2027", "state": "checking",
        }),
        "StudentSearch" => json!({ "text": "jansen", "size": 20 }),
        "PlacementRequest" => json!({
            "offer": "0190f3b2-7c4e-7000-8000-000000000007", "guidance": "none", "reason": "Op verzoek van de school",
        }),
        "CorrectionRequest" => json!({
            "version": "0190f3b2-7c4e-7000-8000-000000000013", "givenName": "Noor", "prefix": "de", "familyName": "Wit", "number": "5801242",
            "postcode": "6525 HP", "kind": "student",
        }),
        "RetentionRequest" => json!({ "students": 24, "audit": 36 }),
        "SchoolSummary" => json!({
            "code": "05XH00", "name": "De Regenboog", "place": "Almere", "sector": "bo", "board": "41775 Stichting Prisma", "standing": "kern",
            "offered": 6, "used": 5, "trainers": ["Noor Visser"], "unmet": [],
        }),
        "Job" => json!({
            "id": "0190f3b2-7c4e-7000-8000-000000000009", "title": "Voorstel voor Almere 2026-2027", "round": "almere-2026-2027",
            "state": "running", "done": 180, "total": 412, "message": "De plaatsingen worden berekend.", "createdAt": "2026-06-01T08:00:00Z",
        }),
        "TokenRequest" => json!({ "name": "Rooster van de pabo", "scope": "figures", "days": 90 }),
        "InvitationRequest" => json!({
            "email": "noor@school.example", "name": "Noor Visser", "role": "partnership-coordinator", "scope": "partnership",
            "scopeId": "0190f3b2-7c4e-7000-8000-000000000011", "from": "2026-08-01", "until": "2027-08-01",
        }),
        "RoleRequest" => json!({ "role": "reader", "scope": "all" }),
        "UserSearch" => json!({ "text": "visser", "size": 20 }),
        _ => return None,
    })
}

/// A problem with what was sent.
pub(crate) fn invalid() -> Value {
    json!({
        "type": "about:blank",
        "title": "Ongeldig verzoek",
        "status": 400,
        "detail": "Geef een heel getal van 1 tot en met 500 op. Geef een bestaande datum op als jjjj-mm-dd, zoals 2026-09-01.",
        "code": "ongeldige-invoer",
        "instance": "urn:uuid:0190f3b2-7c4e-7000-8000-000000000001",
        "errors": [
            { "pointer": "/query/size", "code": "geen-getal", "message": "Geef een heel getal van 1 tot en met 500 op." },
            { "pointer": "/query/date", "code": "geen-datum", "message": "Geef een bestaande datum op als jjjj-mm-dd, zoals 2026-09-01." },
        ],
    })
}
