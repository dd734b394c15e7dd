//! Documentation of the imports, made from the definitions.

use std::fmt::Write;

use crate::codes::CODES;
use crate::definition::{ImportKind, Presence, ValueKind, definition};
use crate::write::choices;

/// A Dutch page about a kind of import, in Markdown: what it is for, its sheets and its columns.
pub fn definition_markdown(kind: ImportKind) -> String {
    let definition = definition(kind);
    let mut page = format!("# {}\n\n{}\n", definition.title, definition.explanation.trim());
    for sheet in &definition.sheets {
        let required = if sheet.presence == Presence::Required { "Dit blad is verplicht." } else { "Dit blad mag u weglaten." };
        let _ = write!(page, "\n## Blad {}\n\n{} {required}\n\n", sheet.name, sheet.explanation);
        page.push_str("| Kolom | Verplicht | Wat vult u in | Voorbeeld | Andere namen |\n|---|---|---|---|---|\n");
        for column in &sheet.columns {
            let required = if column.presence == Presence::Required { "ja" } else { "nee" };
            let mut help = column.help.clone();
            if let Some(words) = choices(column.kind).filter(|_| column.kind != ValueKind::YesNo) {
                let _ = write!(help, " Kies uit: {}.", words.join(", "));
            }
            let cells = [column.header.clone(), required.to_owned(), help, column.example.clone(), column.aliases.join(", ")];
            let cells = cells.map(|cell| cell.replace('|', "\\|"));
            let _ = writeln!(page, "| {} |", cells.join(" | "));
        }
    }
    page
}

/// A Dutch page with every code that a finding or note can have, in Markdown.
pub fn codes_markdown() -> String {
    let mut page = String::from("# Codes van bevindingen\n\n| Code | Betekenis |\n|---|---|\n");
    for info in CODES {
        let _ = writeln!(page, "| `{}` | {} |", info.code, info.meaning);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_has_a_page_with_each_of_its_columns() {
        for kind in ImportKind::ALL {
            let page = definition_markdown(kind);
            for sheet in &definition(kind).sheets {
                assert!(page.contains(&format!("## Blad {}", sheet.name)));
                assert!(sheet.columns.iter().all(|column| page.contains(&format!("| {} |", column.header))));
            }
        }
        assert!(codes_markdown().contains("`student-dubbel`"));
    }
}
