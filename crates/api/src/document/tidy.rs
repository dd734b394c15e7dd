//! From what poem-openapi writes to what the design rules ask.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{VERSION, examples};

type Object = Map<String, Value>;

/// Makes a document complete and readable.
pub(crate) fn tidy(mut document: Value) -> Value {
    document["openapi"] = "3.0.3".into();
    schemas(&mut document);
    let known = document["components"]["schemas"].clone();
    for (path, item) in entries(&mut document["paths"]) {
        let in_path = path.contains('{');
        for (method, operation) in entries(item) {
            operation_parts(operation, method, in_path, &known);
        }
    }
    document["components"]["headers"] = headers();
    document["components"]["responses"] = usual_responses();
    numbers(&mut document);
    document
}

fn entries(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// Names of what is sent as JSON: they take no other fields than they say, as the program refuses others.
fn sent(document: &Value) -> BTreeSet<String> {
    let operations = document["paths"].as_object().into_iter().flatten().flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let references = operations.filter_map(|(_, operation)| {
        let schema =
            &operation["requestBody"]["content"].as_object()?.iter().find(|(kind, _)| kind.starts_with("application/json"))?.1["schema"];
        schema["$ref"].as_str()?.rsplit('/').next()
    });
    references.map(str::to_owned).collect()
}

fn schemas(document: &mut Value) {
    let sent = sent(document);
    let schemas = &mut document["components"]["schemas"];
    for (name, schema) in entries(schemas) {
        if sent.contains(name) {
            schema["additionalProperties"] = false.into();
        }
        if let Some(example) = examples::of(name) {
            schema["example"] = example;
        }
    }
    each_object(document, &mut |object| {
        // The generator repeats the name of a schema as its title, and describes a reference twice.
        if object.contains_key("type") && object.contains_key("properties") {
            object.remove("title");
        }
        if let Some(Value::Array(all)) = object.get_mut("allOf") {
            all.retain(|part| part.get("$ref").is_some());
        }
        if let Some(Value::String(text)) = object.get_mut("description") {
            *text = unwrap_lines(text);
        }
        for flag in ["deprecated", "explode"] {
            if object.get(flag).is_some_and(|value| *value == json!(flag == "explode")) {
                object.remove(flag);
            }
        }
        let format = object.get("format").and_then(Value::as_str).map(str::to_owned);
        match format.as_deref() {
            Some("uint8" | "uint16" | "uint32") => set_integer(object, "int32"),
            Some("uint64") => set_integer(object, "int64"),
            _ => {}
        }
    });
}

/// Lines of a paragraph as one; items of a list stay apart.
fn unwrap_lines(text: &str) -> String {
    let paragraph = |text: &str| text.replace("\n* ", "\0* ").replace('\n', " ").replace('\0', "\n");
    text.split("\n\n").map(paragraph).collect::<Vec<_>>().join("\n\n")
}

/// `OpenAPI` has no unsigned integers; the lowest value says the same.
fn set_integer(schema: &mut Object, format: &str) {
    schema.insert("format".into(), format.into());
    schema.entry("minimum").or_insert_with(|| 0.into());
}

fn operation_parts(operation: &mut Value, method: &str, in_path: bool, known: &Value) {
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        if parameter["in"] == "header"
            && let Some(name) = parameter["name"].as_str()
        {
            parameter["name"] = header_name(name).into();
        }
    }
    if operation["parameters"].is_null()
        && let Some(operation) = operation.as_object_mut()
    {
        operation.remove("parameters");
    }
    let is_public = operation["security"].is_null();
    if is_public {
        operation["security"] = json!([]);
    }
    let is_unsafe = method != "get";
    let has_body = !operation["requestBody"].is_null();
    if !has_body && let Some(operation) = operation.as_object_mut() {
        operation.remove("requestBody");
    }
    let usual = [
        (400, !is_public || is_unsafe),
        (401, !is_public),
        (403, !is_public || is_unsafe),
        (404, in_path),
        (413, is_unsafe),
        (415, has_body),
        (500, true),
    ];
    let responses = &mut operation["responses"];
    for (status, response) in entries(responses) {
        response_parts(response, status.starts_with(['2', '3']), known);
        if status == "429" {
            response["headers"]["Retry-After"] =
                json!({ "description": "Seconds to wait.", "schema": { "type": "integer", "format": "int32" } });
        }
    }
    for (status, _) in usual.into_iter().filter(|(_, applies)| *applies) {
        let status = status.to_string();
        if responses[&status].is_null() {
            responses[&status] = json!({ "$ref": format!("#/components/responses/{status}") });
        }
    }
}

fn response_parts(response: &mut Value, is_success: bool, known: &Value) {
    if response["description"] == "" {
        response["description"] = description(response, known).unwrap_or_else(|| "Done.".into());
    }
    let names = if is_success { &SUCCESS_HEADERS[..] } else { &PROBLEM_HEADERS[..] };
    for name in names {
        if response["headers"][name].is_null() {
            response["headers"][name] = json!({ "$ref": format!("#/components/headers/{name}") });
        }
    }
}

/// The description of the schema that a response brings.
fn description(response: &Value, known: &Value) -> Option<Value> {
    let schema = response["content"].as_object()?.values().next()?.get("schema")?;
    let name = schema.get("$ref")?.as_str()?.rsplit('/').next()?;
    known[name].get("description").cloned()
}

/// The generator writes names of headers in capitals.
fn header_name(name: &str) -> String {
    if name.chars().any(|c| c.is_ascii_lowercase()) {
        return name.to_owned();
    }
    let part = |part: &str| match part {
        "CSRF" => part.to_owned(),
        _ => part.chars().enumerate().map(|(at, c)| if at == 0 { c } else { c.to_ascii_lowercase() }).collect(),
    };
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}

const SUCCESS_HEADERS: [&str; 7] = [
    "API-Version",
    "Cache-Control",
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Request-Id",
];
const PROBLEM_HEADERS: [&str; 2] = ["API-Version", "X-Request-Id"];

fn headers() -> Value {
    let text = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string", "example": example } });
    json!({
        "API-Version": { "description": "Version of the API.", "required": true, "schema": { "type": "string", "example": VERSION } },
        "Cache-Control": text("Answers about persons are never kept.", "no-store"),
        "Content-Security-Policy": text("What a browser may do with the answer.", "default-src 'self'; frame-ancestors 'none'"),
        "Strict-Transport-Security": text("Browsers use https from now on.", "max-age=31536000"),
        "X-Content-Type-Options": text("The type is what `Content-Type` says.", "nosniff"),
        "X-Frame-Options": text("The answer is shown in no frame.", "DENY"),
        "X-Request-Id": {
            "description": "Number of the request. Mention it when asking for help.",
            "schema": { "type": "string", "format": "uuid" },
        },
    })
}

/// What every operation of a kind can answer.
fn usual_responses() -> Value {
    let all = [
        (400, "What was sent is not right. `errors` holds everything that is wrong.", Some(examples::invalid())),
        (401, "Nobody is signed in, or the session or token ended.", None),
        (
            403,
            "Your roles do not allow it (`niet-toegestaan`), or your token does not carry it (`token-bereik`). Or the request comes from \
             another site, or lacks the right `X-CSRF-Token`.",
            None,
        ),
        (404, "There is no such thing.", None),
        (413, "The body is too large: 20 MB for a file, 1 MB for anything else.", None),
        (415, "The body is not of the kind that the operation takes.", None),
        (500, "Something went wrong in Kernschil. Nothing was changed.", None),
    ];
    let response = |(status, description, example): (u16, &str, Option<Value>)| {
        let mut content = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        if let Some(example) = example {
            content["example"] = example;
        }
        let mut response = json!({ "description": description, "content": { "application/problem+json": content } });
        response_parts(&mut response, false, &Value::Null);
        (status.to_string(), response)
    };
    Value::Object(all.into_iter().map(response).collect())
}

/// Whole numbers without a decimal point.
fn numbers(value: &mut Value) {
    match value {
        Value::Object(object) => object.values_mut().for_each(numbers),
        Value::Array(items) => items.iter_mut().for_each(numbers),
        Value::Number(number) => {
            // Limits in schemas: small, and whole where they look whole.
            if let Some(whole) =
                number.as_f64().filter(|n| number.is_f64() && n.fract() == 0.0).and_then(|n| format!("{n:.0}").parse::<i64>().ok())
            {
                *value = whole.into();
            }
        }
        _ => {}
    }
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Object)) {
    match value {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|value| each_object(value, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| each_object(value, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{header_name, unwrap_lines};

    #[test]
    fn paragraphs_and_lists_stay_what_they_are() {
        assert_eq!(unwrap_lines("One\nline.\n\nTwo\nlines."), "One line.\n\nTwo lines.");
        assert_eq!(unwrap_lines("List:\n* a\n* b"), "List:\n* a\n* b");
        assert_eq!(unwrap_lines("List:\n\n* a\n* b"), "List:\n\n* a\n* b");
    }

    #[test]
    fn headers_are_written_as_people_write_them() {
        for (written, expected) in
            [("X-CSRF-TOKEN", "X-CSRF-Token"), ("IF-MATCH", "If-Match"), ("If-None-Match", "If-None-Match"), ("ETag", "ETag")]
        {
            assert_eq!(header_name(written), expected);
        }
    }
}
