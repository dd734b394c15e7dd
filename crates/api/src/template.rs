//! Which addresses there are, with their methods and query parameters, as the operations declare them.

use std::collections::BTreeMap;

use poem::PathPattern;
use poem::http::Method;
use poem_openapi::OpenApi;
use poem_openapi::registry::{MetaOperation, MetaParamIn};

use crate::PREFIX;
use crate::rooms::Rooms;

/// All addresses.
pub(crate) struct Templates(Vec<Template>);

/// One address, with `{name}` where anything may stand.
pub(crate) struct Template {
    parts: Vec<String>,
    methods: BTreeMap<String, Operation>,
}

/// What an address does with one method.
struct Operation {
    id: String,
    query: Vec<String>,
}

impl Templates {
    /// Those of this API.
    pub(crate) fn of_api() -> Self {
        let paths = Rooms::meta().into_iter().flat_map(|api| api.paths);
        Self(paths.map(|path| Template::of(&path.path, &path.operations)).collect())
    }

    /// The address that a path is an instance of. Fixed parts go before variable ones.
    pub(crate) fn find(&self, path: &str) -> Option<&Template> {
        let matching = self.0.iter().filter(|template| template.matches(path));
        matching.min_by_key(|template| template.parts.iter().map(|part| is_variable(part)).collect::<Vec<_>>())
    }
}

impl Template {
    fn of(path: &str, operations: &[MetaOperation]) -> Self {
        let query = |operation: &MetaOperation| {
            operation.params.iter().filter(|param| param.in_type == MetaParamIn::Query).map(|param| param.name.clone()).collect()
        };
        let row = |operation: &MetaOperation| Operation {
            id: operation.operation_id.map(str::to_owned).unwrap_or_default(),
            query: query(operation),
        };
        Self {
            parts: path.split('/').map(str::to_owned).collect(),
            methods: operations.iter().map(|operation| (operation.method.to_string(), row(operation))).collect(),
        }
    }

    fn matches(&self, path: &str) -> bool {
        let mut given = path.split('/');
        let fits =
            self.parts.iter().all(|part| given.next().is_some_and(|given| part == given || (is_variable(part) && !given.is_empty())));
        fits && given.next().is_none()
    }

    /// Names of the query parameters of a method; nothing when the address does not have the method.
    pub(crate) fn parameters(&self, method: &Method) -> Option<&[String]> {
        self.operation(method).map(|operation| operation.query.as_slice())
    }

    /// The id of the operation behind a method.
    pub(crate) fn operation_id(&self, method: &Method) -> Option<&str> {
        self.operation(method).map(|operation| operation.id.as_str())
    }

    fn operation(&self, method: &Method) -> Option<&Operation> {
        let method = if method == Method::HEAD { Method::GET.as_str() } else { method.as_str() };
        self.methods.get(method)
    }

    /// The whole path, to note what was asked without what stood in it.
    pub(crate) fn pattern(&self) -> PathPattern {
        PathPattern(format!("{PREFIX}{}", self.parts.join("/")).into())
    }

    /// The methods, as in `Allow`.
    pub(crate) fn allow(&self) -> String {
        let head = self.methods.contains_key("GET").then_some("HEAD");
        self.methods.keys().map(String::as_str).chain(head).chain(["OPTIONS"]).collect::<Vec<_>>().join(", ")
    }
}

fn is_variable(part: &str) -> bool {
    part.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_template_with_its_methods_and_parameters() {
        let templates = Templates::of_api();
        let allow = |path| templates.find(path).map(Template::allow);
        assert_eq!(allow("/sessions/current").as_deref(), Some("DELETE, GET, HEAD, OPTIONS"));
        assert_eq!(allow("/rounds/almere/demands/x/placement").as_deref(), Some("DELETE, GET, PUT, HEAD, OPTIONS"));
        assert_eq!(allow("/rounds/almere/"), None);
        assert_eq!(allow("/rounds//schools"), None);
        assert_eq!(allow("/nothing"), None);
        let jobs = templates.find("/jobs").unwrap();
        assert_eq!(jobs.parameters(&Method::HEAD).unwrap(), ["page", "size"]);
        assert_eq!(jobs.parameters(&Method::PUT), None);
        let placement = templates.find("/rounds/almere/demands/x/placement").unwrap();
        assert_eq!(&*placement.pattern().0, "/api/v1/rounds/{round}/demands/{demand}/placement");
    }
}
