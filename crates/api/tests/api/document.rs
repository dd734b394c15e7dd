//! The document holds to its own rules.

use std::collections::BTreeSet;

use kernschil_api::{document, groups, operations};
use serde_json::Value;

fn walk(value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                visit(key, value);
                walk(value, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        _ => {}
    }
}

#[test]
fn it_is_the_same_text_every_time_and_ends_with_a_line() {
    assert_eq!(document(), document());
    assert!(document().starts_with("{\n  \"openapi\": \"3.0.3\",\n  \"info\"") && document().ends_with("}\n"));
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    let mut used = BTreeSet::new();
    walk(&document, &mut |key, value| {
        if key == "$ref" {
            used.insert(value.as_str().unwrap().to_owned());
        }
    });
    for reference in &used {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    for kind in ["schemas", "headers", "responses"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            assert!(used.contains(&format!("#/components/{kind}/{name}")), "{kind}/{name} is not used");
        }
    }
}

#[test]
fn every_field_and_parameter_is_explained() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name}");
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            assert!(schema["description"].is_string(), "{name}.{field}: {schema}");
        }
    }
    for operation in operations() {
        assert!(!operation.summary.is_empty() && !operation.description.is_empty(), "{}", operation.id);
        assert!(operation.parameters.iter().all(|parameter| !parameter.description.is_empty()), "{}", operation.id);
        assert!(operation.responses.iter().all(|response| !response.description.is_empty()), "{}", operation.id);
        assert!(operation.id.starts_with(|c: char| c.is_ascii_lowercase()) && operation.id.chars().all(|c| c.is_ascii_alphabetic()));
    }
}

#[test]
fn no_format_or_name_is_left_of_the_generator() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    walk(&document, &mut |key, value| match key {
        "format" => assert!(["uuid", "date", "date-time", "int32", "int64", "binary"].contains(&value.as_str().unwrap()), "{value}"),
        "in" => assert!(value.is_string()),
        _ => assert!(!key.contains("charset"), "{key}"),
    });
    let names =
        operations().into_iter().flat_map(|operation| operation.parameters).map(|parameter| parameter.name).collect::<BTreeSet<_>>();
    assert!(names.contains("If-Match") && names.contains("X-CSRF-Token") && !names.contains("IF-MATCH"), "{names:?}");
}

#[test]
fn requests_take_no_other_fields_than_they_say() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let Some(reference) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else { continue };
            let schema = document.pointer(reference.trim_start_matches('#')).unwrap();
            assert_eq!(schema["additionalProperties"], false, "{reference}");
        }
    }
}

#[test]
fn the_help_page_shows_every_operation_in_its_group() {
    let shown: usize = groups().iter().map(|group| group.operations.len()).sum();
    assert_eq!(shown, operations().len());
    assert_eq!(groups()[0].name, "Access");
    assert!(groups().iter().all(|group| !group.description.is_empty()));
    let place = operations().into_iter().find(|operation| operation.id == "putPlacement").unwrap();
    assert_eq!((place.method.as_str(), place.path.as_str()), ("PUT", "/rounds/{round}/demands/{demand}/placement"));
    assert_eq!(place.body, ["application/json"]);
    let statuses: Vec<_> = place.responses.iter().map(|response| response.status.as_str()).collect();
    assert_eq!(statuses, ["200", "201", "400", "401", "403", "404", "409", "412", "413", "415", "428", "500"]);
}
