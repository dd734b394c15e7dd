//! One line in the log per request: which route, how it went, how long it took. Never who or what.

use std::time::Duration;

use poem::{PathPattern, Response};

use crate::layers::Visit;
use crate::words::is_address_word;

/// Writes the line.
pub(crate) fn write(visit: &Visit, response: &Response, pattern: Option<&PathPattern>, took: Duration) {
    let route = route(&visit.path, pattern);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(target: "kernschil::request", request = %visit.id, method = %visit.method, route, status = response.status().as_u16(), ms);
}

/// The route of a request, without what stands in it.
pub(crate) fn route(path: &str, pattern: Option<&PathPattern>) -> String {
    let route = pattern.map(|pattern| pattern.0.as_ref()).filter(|pattern| !pattern.is_empty());
    route.map_or_else(|| impersonal(path), str::to_owned)
}

/// A path of which only words of ours are left: anything else may be a number, an address or a name.
fn impersonal(path: &str) -> String {
    let parts: Vec<_> = path.split('/').map(|part| if part.is_empty() || is_address_word(part) { part } else { "{}" }).take(10).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_do_not_reach_the_log() {
        assert_eq!(impersonal("/api/v1/students/0190f3b2-0000-7000-8000-000000000001"), "/api/v1/students/{}");
        assert_eq!(impersonal("/studenten/S1234567/plaatsbord"), "/studenten/{}/plaatsbord");
        assert_eq!(impersonal("/studenten/jan%20jansen"), "/studenten/{}");
        assert_eq!(impersonal("/Aalbers/jan-jansen"), "/{}/{}");
        assert_eq!(impersonal("/jan@school.nl"), "/{}");
        assert_eq!(impersonal("/scholen"), "/scholen");
    }
}
