//! The document as the help page shows it.

use poem_openapi::OpenApi;
use serde_json::Value;

use super::TIDY;
use crate::rooms::Rooms;

/// A group of operations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDoc {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Its operations.
    pub operations: Vec<OperationDoc>,
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationDoc {
    /// Its stable name, such as `listSchools`.
    pub id: String,
    /// The group it belongs to.
    pub group: String,
    /// Its method, in capitals.
    pub method: String,
    /// Its path after the base of the API, such as `/rounds/{round}/schools`.
    pub path: String,
    /// What it does, in a few words.
    pub summary: String,
    /// More about it; may be empty.
    pub description: String,
    /// What can be sent beside a body.
    pub parameters: Vec<ParameterDoc>,
    /// Media types of the body; empty when it takes none.
    pub body: Vec<String>,
    /// What it can answer, by status.
    pub responses: Vec<ResponseDoc>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterDoc {
    /// Its name.
    pub name: String,
    /// Where it stands: `path`, `query` or `header`.
    pub place: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub description: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseDoc {
    /// Its status.
    pub status: String,
    /// What it means.
    pub description: String,
}

/// All operations in their groups, in the order of the rooms.
pub fn groups() -> Vec<GroupDoc> {
    let mut groups: Vec<GroupDoc> = Vec::new();
    for operation in operations() {
        match groups.iter_mut().find(|group| group.name == operation.group) {
            Some(group) => group.operations.push(operation),
            None => {
                groups.push(GroupDoc { name: operation.group.clone(), description: about(&operation.group), operations: vec![operation] });
            }
        }
    }
    groups
}

/// All operations, in the order of the rooms.
pub fn operations() -> Vec<OperationDoc> {
    let paths = Rooms::meta().into_iter().flat_map(|api| api.paths);
    let operations = paths.flat_map(|path| {
        let methods: Vec<_> = path.operations.iter().map(|operation| operation.method.to_string()).collect();
        methods.into_iter().map(move |method| (path.path.clone(), method))
    });
    operations.map(|(path, method)| operation(&TIDY["paths"][&path][method.to_lowercase()], path, method)).collect()
}

/// What a group is about.
fn about(group: &str) -> String {
    let tag = TIDY["tags"].as_array().into_iter().flatten().find(|tag| tag["name"] == group);
    tag.map(|tag| text(&tag["description"])).unwrap_or_default()
}

fn operation(written: &Value, path: String, method: String) -> OperationDoc {
    let parameter = |parameter: &Value| ParameterDoc {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        required: parameter["required"] == true,
        description: text(&parameter["description"]),
    };
    let response = |(status, response): (&String, &Value)| {
        let shared = response["$ref"].as_str().map(|_| &TIDY["components"]["responses"][status]);
        ResponseDoc { status: status.clone(), description: text(&shared.unwrap_or(response)["description"]) }
    };
    let mut responses: Vec<_> = written["responses"].as_object().into_iter().flatten().map(response).collect();
    responses.sort_by(|a, b| a.status.cmp(&b.status));
    OperationDoc {
        id: text(&written["operationId"]),
        group: text(&written["tags"][0]),
        method,
        path,
        summary: text(&written["summary"]),
        description: text(&written["description"]),
        parameters: written["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        body: written["requestBody"]["content"].as_object().into_iter().flatten().map(|(media_type, _)| media_type.clone()).collect(),
        responses,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
