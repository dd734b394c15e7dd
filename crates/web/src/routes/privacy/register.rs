//! The register as the page shows it.

use kernschil_app::privacy::{Register, RegisterLine};
use kernschil_domain::privacy::{Care, Subject};

use crate::components::status::Tone;
use crate::routes::support::{capital, size};
use crate::views::privacy::{RegisterGroup, RegisterRow, RegisterView};

fn row(line: &RegisterLine) -> RegisterRow {
    let care = match line.care {
        Care::Special => (Tone::Signal, "extra zorg"),
        Care::Personal | Care::Plain => (Tone::Quiet, "persoonsgegeven"),
    };
    RegisterRow {
        what: capital(line.kind.dutch()),
        care: (care.0, care.1.to_owned()),
        purpose: capital(line.purpose),
        ground: line.ground.dutch().to_owned(),
        term: capital(&line.term()),
        remains: line.remains.to_owned(),
        seen_by: capital(&line.seen_by_in_words()),
        goes_to: capital(line.goes_to),
    }
}

/// Group by group: students, trainers, users.
pub(super) fn view(register: &Register) -> RegisterView {
    let group = |subject: &Subject| RegisterGroup {
        code: subject.code().to_owned(),
        title: subject.dutch().to_owned(),
        rows: register.lines.iter().filter(|line| line.subject == *subject).map(row).collect(),
    };
    RegisterView {
        groups: Subject::ALL.iter().map(group).collect(),
        columns: size(register.columns),
        personal: size(register.personal),
        unknown: register.unknown.clone(),
    }
}
