//! A small framework for tests.

use super::{Criterion, FrameworkContent, Origin, PartCode, Safeguard};

pub(super) fn criterion(code: &str, text: &str) -> Criterion {
    Criterion { code: PartCode(code.to_owned()), text: text.to_owned(), origin: Origin::Own, questions: Vec::new() }
}

fn safeguard(code: &str, name: &str, criteria: Vec<Criterion>) -> Safeguard {
    Safeguard {
        code: PartCode(code.to_owned()),
        name: name.to_owned(),
        description: format!("Waar {name} over gaat."),
        origin: Origin::Paraphrase,
        questions: vec!["Waaraan ziet u dat?".to_owned()],
        criteria,
    }
}

/// Two safeguards, three criteria with the first and one with the second.
pub(super) fn small() -> FrameworkContent {
    FrameworkContent {
        name: "Klein kader".to_owned(),
        source: "Voor een test.".to_owned(),
        questions: vec!["Doen we de goede dingen?".to_owned(), "Hoe weten we dat?".to_owned()],
        safeguards: vec![
            safeguard("1", "Lerende leraar", vec![criterion("1.1", "Eerste."), criterion("1.2", "Tweede."), criterion("1.3", "Derde.")]),
            safeguard("2", "Leeromgeving", vec![criterion("2.1", "Vierde.")]),
        ],
    }
}
