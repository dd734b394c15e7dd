//! One word per thing: every entity and enum of the domain stands in the glossary.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{root, sources};

/// Names of the public structs and enums of the domain.
fn domain_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in sources(&root().join("crates/domain/src")) {
        let text = fs::read_to_string(path).unwrap();
        for line in text.lines().map(str::trim_start) {
            let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
            if let Some(rest) = rest.filter(|rest| !rest.starts_with('$')) {
                names.insert(rest.chars().take_while(|c| c.is_alphanumeric()).collect());
            }
        }
        // The closed lists and text values are declared by macros of the domain.
        for (macro_name, skip) in [("code_enum! {", 0), ("text_value! {", 0)] {
            for block in text.split(macro_name).skip(1) {
                let name = block
                    .lines()
                    .map(str::trim)
                    .find(|line| !(line.is_empty() || line.starts_with("///") || line.starts_with("#[")))
                    .unwrap_or_default();
                let name: String = name.chars().skip(skip).take_while(|c| c.is_alphanumeric()).collect();
                if name.chars().next().is_some_and(char::is_uppercase) {
                    names.insert(name);
                }
            }
        }
    }
    names
}

#[test]
fn the_glossary_has_every_entity_and_enum_of_the_domain() {
    let glossary = fs::read_to_string(root().join("GLOSSARY.md")).unwrap();
    let names = domain_names();
    assert!(names.len() > 60, "the domain was not read: {names:?}");
    let missing: Vec<_> = names.iter().filter(|name| !glossary.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "not in GLOSSARY.md: {missing:?}");
}

#[test]
fn the_glossary_has_no_word_that_the_domain_lost() {
    let glossary = fs::read_to_string(root().join("GLOSSARY.md")).unwrap();
    let names = domain_names();
    let listed: Vec<_> = glossary
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split('`').next())
        .filter(|name| !names.contains(*name))
        .collect();
    assert!(listed.is_empty(), "in GLOSSARY.md and not in the domain: {listed:?}");
}
