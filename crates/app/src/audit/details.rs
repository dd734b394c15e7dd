//! What was noted before and after, as rows of words instead of JSON.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Europe::Amsterdam;
use kernschil_domain::access::{Role, Scope, TokenScope};
use kernschil_domain::codes::{AnswerState, ExclusionCategory, Guidance, Hold, PlacementSource, PlacementStatus, RoundState, Turn};
use kernschil_domain::mutations::Audience;
use kernschil_domain::periods::{Span, dutch_date};
use kernschil_domain::policy::RuleKind;
use kernschil_domain::steps::ReopenReason;
use kernschil_spreadsheets::{ImportKind, definition};
use kernschil_storage::access::UserState;
use kernschil_storage::outbox::MailState;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Detail;
use super::known::Known;
use super::review_words;
use crate::board::BulkAction;
use crate::exports::ExportKind;

/// What identifiers stand for.
type Names<'a> = &'a dyn Fn(Uuid) -> Option<String>;

/// What changed, or what is told. What stayed the same is left out where both sides are told.
pub(super) fn details(known: &Known, before: Option<&Value>, after: Option<&Value>) -> Vec<Detail> {
    rows(&|id| known.name(id), before, after)
}

fn rows(names: Names<'_>, before: Option<&Value>, after: Option<&Value>) -> Vec<Detail> {
    let (mut old, new) = (flat(names, before), flat(names, after));
    let compares = !old.is_empty() && !new.is_empty();
    let mut details = Vec::new();
    for (label, after) in new {
        let at = old.iter().position(|(other, _)| *other == label);
        let before = at.map(|at| old.remove(at).1).unwrap_or_default();
        details.push(Detail { label, before, after });
    }
    details.extend(old.into_iter().map(|(label, before)| Detail { label, before, after: String::new() }));
    details.retain(|detail| detail.before != detail.after || (!compares && !detail.after.is_empty()));
    details
}

/// A value as labels and words.
fn flat(names: Names<'_>, value: Option<&Value>) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Object(fields)) => object(names, "", fields, &mut rows),
        Some(other) => rows.push(("Inhoud".to_owned(), word(names, "", other))),
    }
    rows
}

fn object(names: Names<'_>, above: &str, fields: &Map<String, Value>, rows: &mut Vec<(String, String)>) {
    for (key, value) in fields {
        let label = label(key);
        let label = if above.is_empty() { label } else { format!("{above}: {}", label.to_lowercase()) };
        match value {
            Value::Object(inner) => match special(names, value) {
                Some(words) => rows.push((label, words)),
                None => object(names, &label, inner, rows),
            },
            Value::Array(values) => list(names, key, &label, values, rows),
            other => rows.push((label, word(names, key, other))),
        }
    }
}

fn list(names: Names<'_>, key: &str, label: &str, values: &[Value], rows: &mut Vec<(String, String)>) {
    if values.iter().any(Value::is_object) {
        for (number, value) in (1..).zip(values) {
            match (table(value), value) {
                (Some(row), _) => rows.push(row),
                (None, Value::Object(inner)) => object(names, &format!("{label} {number}"), inner, rows),
                (None, other) => rows.push((format!("{label} {number}"), word(names, key, other))),
            }
        }
    } else {
        let words: Vec<_> = values.iter().map(|value| word(names, key, value)).collect();
        rows.push((label.to_owned(), words.join(", ")));
    }
}

/// What a workbook changed in one table.
fn table(value: &Value) -> Option<(String, String)> {
    let text = |key: &str| value.get(key)?.as_str();
    let count = |key: &str| value.get(key)?.as_u64();
    let name = text("dutch").or_else(|| text("table"))?;
    let words = format!("{} nieuw, {} gewijzigd, {} gelijk", count("added")?, count("changed")?, count("unchanged")?);
    Some((capital(name), words))
}

/// Objects that are one thing to people: what a role is for, and a time.
fn special(names: Names<'_>, value: &Value) -> Option<String> {
    if let Ok(found) = serde_json::from_value::<Scope>(value.clone()) {
        return Some(scope(found, names));
    }
    let span: Span = serde_json::from_value(value.clone()).ok()?;
    Some(match span.until {
        Some(until) => format!("van {} tot {}", dutch_date(span.from), dutch_date(until)),
        None => format!("vanaf {}", dutch_date(span.from)),
    })
}

/// What a role is for, in words.
pub(super) fn scope(scope: Scope, names: Names<'_>) -> String {
    let kind = scope.kind().dutch();
    match scope.id() {
        None => kind.to_owned(),
        Some(id) => names(id).map_or_else(|| format!("{kind} {id}"), |name| format!("{kind} {name}")),
    }
}

/// A single value in words.
fn word(names: Names<'_>, key: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "ja".to_owned(),
        Value::Bool(false) => "nee".to_owned(),
        Value::String(text) => coded(key, text)
            .or_else(|| review_words::coded(key, text).map(str::to_owned))
            .or_else(|| moment(text))
            .or_else(|| names(Uuid::try_parse(text).ok()?))
            .unwrap_or_else(|| text.clone()),
        other => other.to_string(),
    }
}

/// The Dutch word of a code, by what it is a code of.
fn coded(key: &str, text: &str) -> Option<String> {
    let words = match key {
        "role" => Role::parse(text)?.dutch(),
        "scope" => TokenScope::parse(text)?.dutch(),
        "status" => PlacementStatus::parse(text)?.dutch(),
        "source" => PlacementSource::parse(text)?.dutch(),
        "guidance" => Guidance::parse(text)?.dutch(),
        "hold" => Hold::parse(text)?.dutch(),
        "turn" => Turn::parse(text)?.dutch(),
        "broken" => RuleKind::parse(text)?.dutch(),
        "exclusion" => ExclusionCategory::parse(text)?.dutch(),
        "bulk" => BulkAction::parse(text)?.dutch(),
        "state" => UserState::parse(text)
            .map(UserState::dutch)
            .or_else(|| MailState::parse(text).map(MailState::dutch))
            .or_else(|| RoundState::parse(text).map(RoundState::dutch))?,
        "audience" => Audience::parse(text)?.dutch(),
        "reason" => ReopenReason::parse(text)?.dutch(),
        "answer" => match text {
            "places" => "plekken",
            _ => AnswerState::parse(text)?.dutch(),
        },
        "kind" if text == "letters" => "brieven",
        "kind" if text == "school-question" => "vraag om plekken",
        "kind" => ImportKind::parse(text)
            .map(|kind| definition(kind).title.as_str())
            .or_else(|| ExportKind::parse(text).map(ExportKind::dutch))?,
        "method" | "factor" | "way" => match text {
            "password" => "wachtwoord",
            "totp" | "app" => "code uit een app",
            "recovery" | "recovery-code" => "herstelcode",
            "command-line" => "opdrachtregel",
            _ => return None,
        },
        "form" => match text {
            "screen" => "op het scherm",
            "workbook" => "werkboek",
            _ => return None,
        },
        "fields" => match text {
            "name" => "naam",
            "given_name" | "given-name" => "voornaam",
            "prefix" => "tussenvoegsel",
            "family_name" | "family-name" => "achternaam",
            "number" => "studentnummer",
            "kind" => "soort student",
            _ => return None,
        },
        _ => return None,
    };
    Some(words.to_owned())
}

fn moment(text: &str) -> Option<String> {
    if text.len() == 10 {
        return text.parse::<NaiveDate>().ok().map(dutch_date);
    }
    let local = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Amsterdam);
    Some(format!("{} om {} uur", dutch_date(local.date_naive()), local.format("%H.%M")))
}

/// The Dutch word for a field. One that is not known here is shown as it is called.
fn label(key: &str) -> String {
    if let Some(step) = RoundState::ALL.iter().find(|state| state.code() == key) {
        return capital(step.dutch());
    }
    let words = match key {
        "scenario" => "Scenario",
        "rules" => "Regels",
        "enrolment" => "Instroom",
        "offers" => "Andere plekken",
        "answer" => "Antwoord",
        "audience" => "Voor",
        "letters" => "Brieven",
        "reason" => "Reden",
        "wave" => "Verzending",
        "added" => "Nieuw",
        "broken" => "Regels opzij gezet",
        "bulk" => "Handeling",
        "exclusion" => "Uitgesloten",
        "hold" => "Vastgezet",
        "turn" => "Doet mee",
        "team" => "Team",
        "members" => "Leden",
        "school" => "School",
        "after" => "Daarna",
        "audit" => "Logboek",
        "before" => "Daarvoor",
        "changed" => "Gewijzigd",
        "changes" => "Wijzigingen",
        "code" => "Code",
        "devices" => "Apparaten",
        "discarded" => "Vervangen",
        "factor" => "Gegeven met",
        "fields" => "Velden",
        "files" => "Bestanden",
        "filter" => "Filters",
        "form" => "Vorm",
        "from" => "Vanaf",
        "group" => "Onderwerp",
        "guidance" => "Begeleiding",
        "hash" => "Vingerafdruk",
        "history" => "Geschiedenis",
        "id" => "Nummer",
        "job" => "Taak",
        "kind" => "Soort",
        "left" => "Nog over",
        "mails" => "Mails",
        "method" | "way" => "Manier",
        "name" => "Naam",
        "offer" => "Plek",
        "organisation" => "Organisatie",
        "placed" => "Geplaatst",
        "placement" => "Plaatsing",
        "provider" => "Aanbieder",
        "role" => "Rol",
        "rows" => "Rijen",
        "run" => "Voorstel",
        "school_year" => "Schooljaar",
        "scope" => "Bereik",
        "seq" => "Plaats in het logboek",
        "sessions" => "Sessies",
        "source" => "Herkomst",
        "span" => "Tijd",
        "state" | "status" => "Stand",
        "students" => "Studenten",
        "subject" => "Over",
        "token" => "API-sleutel",
        "trainer" => "Opleider",
        "trainers" => "Opleiders",
        "unchanged" => "Gelijk",
        "until" => "Tot",
        "user" => "Account",
        "users" => "Accounts",
        "who" => "Wie",
        other => return review_words::label(other).map_or_else(|| capital(&other.replace(['_', '-'], " ")), str::to_owned),
    };
    words.to_owned()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: &Value, after: &Value) -> Vec<String> {
        let names = |id: Uuid| (id.as_u128() == 7).then(|| "Almere".to_owned());
        let rows = rows(&names, Some(before), Some(after));
        rows.iter().map(|row| format!("{} | {} | {}", row.label, row.before, row.after)).collect()
    }

    #[test]
    fn a_role_is_told_in_words() {
        let grant = json!({
            "id": Uuid::from_u128(1), "user": Uuid::from_u128(2), "role": "partnership-coordinator",
            "scope": { "kind": "partnership", "id": Uuid::from_u128(7) }, "span": { "from": "2026-11-22", "until": null },
        });
        let told = told(&Value::Null, &grant);
        assert!(told.contains(&"Rol |  | partnerschapscoördinator".to_owned()), "{told:?}");
        assert!(told.contains(&"Bereik |  | partnerschap Almere".to_owned()), "{told:?}");
        assert!(told.contains(&"Tijd |  | vanaf 22 november 2026".to_owned()), "{told:?}");
    }

    #[test]
    fn of_a_change_only_what_changed_is_told() {
        let (before, after) = (json!({ "offer": "a", "status": "proposed" }), json!({ "offer": "b", "status": "proposed" }));
        assert_eq!(told(&before, &after), ["Plek | a | b"]);
        assert_eq!(told(&before, &Value::Null), ["Plek | a | ", "Stand | voorgesteld | "]);
        assert_eq!(told(&json!({ "trainer": null, "offer": "a" }), &json!({ "trainer": "t", "offer": "a" })), ["Opleider |  | t"]);
    }

    #[test]
    fn a_workbook_tells_what_it_changed_per_table() {
        let after = json!({ "kind": "students", "changes": [{ "table": "students", "dutch": "studenten", "added": 4, "changed": 1, "unchanged": 9 }] });
        let told = told(&Value::Null, &after);
        assert!(told.contains(&"Studenten |  | 4 nieuw, 1 gewijzigd, 9 gelijk".to_owned()), "{told:?}");
        assert!(told.contains(&"Soort |  | Studenten, hun plaatsingsvraag en voorkeuren".to_owned()), "{told:?}");
    }

    #[test]
    fn a_peer_review_is_told_in_words() {
        let asked = json!({ "member": Uuid::from_u128(7), "role": "secretary", "done": "gevraagd" });
        assert_eq!(told(&Value::Null, &asked), ["Gedaan |  | gevraagd", "Deelnemer |  | Almere", "Rol |  | secretaris"]);
        let moved = (json!({ "state": "planned" }), json!({ "state": "preparing", "event": "begin" }));
        assert_eq!(told(&moved.0, &moved.1), ["Stap |  | voorbereiding begonnen", "Stand | gepland | voorbereidende fase"]);
        let action = json!({ "status": "open", "dueOn": "2027-05-11", "fields": ["text", "owner"] });
        assert_eq!(
            told(&Value::Null, &action),
            ["Uiterlijk |  | 11 mei 2027", "Velden |  | wat er gebeurt, wie ervoor zorgt", "Stand |  | open"]
        );
    }

    #[test]
    fn anything_can_stand_there() {
        assert_eq!(told(&Value::Null, &json!("iets")), ["Inhoud |  | iets"]);
        assert_eq!(
            told(&Value::Null, &json!({ "a_b": [1, true], "c": { "d": "2026-11-22T08:00:00Z" } })),
            ["A b |  | 1, ja", "C: d |  | 22 november 2026 om 09.00 uur"]
        );
        assert!(told(&Value::Null, &json!({})).is_empty());
    }
}
