use std::io::{Cursor, Read};

use super::*;

fn example(watermark: Option<&str>) -> Document {
    Document {
        title: "Rapport & reactie <1>".to_owned(),
        header: "Peer review Proef, versie 1".to_owned(),
        footer: "Kernschil".to_owned(),
        watermark: watermark.map(str::to_owned),
        pieces: vec![
            Piece::Title { above: "Rapport".to_owned(), text: "Peer review".to_owned() },
            Piece::Facts(vec![("Kader".to_owned(), "A & B < C".to_owned())]),
            Piece::Heading(Level::One, "Leeromgeving".to_owned()),
            Piece::Table { columns: vec![("Naam".to_owned(), 40), ("Rol".to_owned(), 60)], rows: vec![vec!["Vera".to_owned(), "voorzitter".to_owned()]] },
            Piece::About("Criterium 1.1".to_owned()),
            Piece::Text(
                "# Kop\n\nEen *alinea* met **nadruk** en <b>tag</b>.\n\n1. een\n2. twee\n   - binnen\n\n3. drie\n\n> aangehaald\n\n[plan](https://school.example/a?b=1&c=2) en [slecht](javascript:alert(1)) en ![foto](https://elders.example/x.png)\n\n```\ncode <x>\n```"
                    .to_owned(),
            ),
            Piece::Aside { label: "Een panellid ziet dit anders:".to_owned(), text: "Ik *niet*.\n\n1. opnieuw".to_owned() },
            Piece::Aside { label: "Een panellid ziet dit anders:".to_owned(), text: "- alleen een lijst".to_owned() },
        ],
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_same_document_gives_the_same_bytes_whatever_was_written_before() {
    let first = docx(&example(Some("CONCEPT"))).unwrap();
    let other = std::thread::spawn(|| docx(&example(None)).unwrap()).join().unwrap();
    assert_ne!(first, other);
    assert_eq!(first, docx(&example(Some("CONCEPT"))).unwrap());
    let again = std::thread::spawn(|| docx(&example(Some("CONCEPT"))).unwrap()).join().unwrap();
    assert_eq!(first, again);
    assert!(part(&first, "docProps/core.xml").contains("2026-01-01T00:00:00Z"));
    let mut archive = zip::ZipArchive::new(Cursor::new(&first)).unwrap();
    for at in 0..archive.len() {
        assert_eq!(archive.by_index(at).unwrap().last_modified().map(|moment| moment.year()), Some(1980));
    }
}

#[test]
fn a_word_stands_across_every_page_only_when_it_is_asked_for() {
    let header = part(&docx(&example(Some("CONCEPT"))).unwrap(), "word/header1.xml");
    assert!(header.contains("string=\"CONCEPT\"") && header.contains("CONCEPT  "), "{header}");
    let header = part(&docx(&example(None)).unwrap(), "word/header1.xml");
    assert!(!header.contains("CONCEPT") && header.contains("Peer review Proef, versie 1"), "{header}");
}

#[test]
fn what_people_wrote_is_rendered_and_can_do_no_harm() {
    let bytes = docx(&example(None)).unwrap();
    let text = part(&bytes, "word/document.xml");
    for piece in [
        "A &amp; B &lt; C",
        "&lt;b&gt;",
        "<w:b />",
        "<w:i />",
        "w:val=\"Heading1\"",
        "w:val=\"Heading4\"",
        "w:val=\"Quote\"",
        "[afbeelding: ",
        "code &lt;x&gt;",
        "rIdLink1",
        "Een panellid ziet dit anders:",
    ] {
        assert!(text.contains(piece), "{piece} is not in {text}");
    }
    let links = part(&bytes, "word/_rels/document.xml.rels");
    assert!(links.contains("https://school.example/a?b=1&amp;c=2") && !links.contains("&amp;amp;"), "{links}");
    assert!(!links.contains("javascript") && !links.contains("elders"), "{links}");
}

#[test]
fn each_numbered_list_begins_again() {
    let text = part(&docx(&example(None)).unwrap(), "word/numbering.xml");
    let ids: Vec<_> = text.split("<w:num w:numId=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids, ["1", "11", "12", "13"], "one of the library, bullets, and two lists with numbers");
    assert_eq!(text.matches("<w:startOverride w:val=\"1\"").count(), 8, "{text}");
}

#[test]
fn signs_that_no_file_may_hold_are_left_out() {
    let document =
        Document { pieces: vec![Piece::Text("a\u{0}b\u{fffe}c\u{7}d".to_owned())], title: "x\u{1}y".to_owned(), ..example(None) };
    let bytes = docx(&document).unwrap();
    assert!(part(&bytes, "word/document.xml").contains("abcd"));
    assert!(part(&bytes, "docProps/core.xml").contains("<dc:title>xy</dc:title>"));
}
