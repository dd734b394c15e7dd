//! A quality framework goes into a workbook and into YAML, and comes out as it was.

use kernschil_domain::frameworks::{Criterion, FrameworkContent, Origin, PartCode, Safeguard};
use kernschil_spreadsheets::definition::framework;
use kernschil_spreadsheets::parse::parse_framework;
use kernschil_spreadsheets::write::{framework_template, framework_workbook};
use kernschil_spreadsheets::{Limits, Parsed, read_direct, yaml};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

fn from_workbook(bytes: &[u8]) -> Parsed<FrameworkContent> {
    parse_framework(&read_direct(bytes, &Limits::default()).unwrap())
}

/// Texts that spreadsheet programs and YAML like to take for something else, and any others.
fn text() -> impl Strategy<Value = String> {
    const TRAPS: &[&str] = &[
        "=1+1",
        "'aanhaling",
        "\"dubbel\"",
        "_x0041_",
        "_x000D_",
        "1.10",
        "007",
        "1e3",
        "true",
        "nee",
        "null",
        "~",
        "-",
        "n.v.t.",
        "totaal",
        "Som",
        "Code",
        "Naam",
        "# kop",
        "- streep",
        "a: b",
        "{a}",
        "[1]",
        "&anker",
        "*ster",
        "!tag",
        "| blok",
        "> vouw",
        "%a",
        "@b",
        "`c`",
        "2026-01-01",
        "12:30",
        "bron: x",
        "regel één\nregel twee",
        "  spatie\n\n  vooraan",
        "tab\tin",
        "einde\n",
        "é ë ĳ 日本 🙂",
        "<b>&amp;</b>",
        "x\u{200b}y",
        "a\r\nb",
    ];
    prop_oneof![
        2 => prop::sample::select(TRAPS).prop_map(str::to_owned),
        2 => "\\PC{1,40}",
        1 => "[a-z ]{1,20}(\n[-# a-z:]{0,20}){0,3}",
    ]
}

fn origin() -> impl Strategy<Value = Origin> {
    prop::sample::select(Origin::ALL)
}

fn questions() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..4)
}

/// Any content that a framework can have: put together freely, tidied, and taken when nothing is wrong with it.
fn content() -> impl Strategy<Value = FrameworkContent> {
    let criterion = (text(), origin(), questions());
    let safeguard = (text(), prop_oneof![Just(String::new()), text()], origin(), questions(), prop::collection::vec(criterion, 0..4));
    let all = (text(), text(), questions(), prop::collection::vec(safeguard, 1..5));
    let put = |(name, source, questions, safeguards): (_, _, _, Vec<_>)| {
        let safeguards = safeguards.into_iter().enumerate().map(|(at, (name, description, origin, questions, criteria))| {
            // Codes that look like numbers, dates and words.
            let code = ["1", "2.10", "totaal", "L-A", "007"][at % 5].to_owned();
            let criterion = |(place, (text, origin, questions)): (usize, (String, Origin, Vec<String>))| Criterion {
                code: PartCode(format!("{code}.{place}0")),
                text,
                origin,
                questions,
            };
            let criteria = Vec::from_iter(criteria).into_iter().enumerate().map(criterion).collect();
            Safeguard { code: PartCode(code.clone()), name, description, origin, questions, criteria }
        });
        FrameworkContent { name, source, questions, safeguards: safeguards.collect() }.tidied()
    };
    all.prop_map(put).prop_filter("nothing is wrong with it", |content: &FrameworkContent| content.faults().is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_framework_comes_out_of_its_workbook_as_it_went_in(content in content()) {
        let read = from_workbook(&framework_workbook(&content).unwrap());
        prop_assert!(read.is_clean(), "{:?}", read.outcome.findings.list);
        prop_assert_eq!(read.value.canonical(), content.canonical());
        prop_assert_eq!(read.value, content);
    }

    #[test]
    fn any_framework_comes_out_of_its_yaml_as_it_went_in(content in content()) {
        let text = yaml::write(&content).unwrap();
        let read = yaml::read(text.as_bytes());
        prop_assert_eq!(read.as_ref(), Ok(&content), "{}", text);
    }
}

/// A sheet: name, headers, rows.
type Sheet<'a> = (&'a str, &'a [&'a str], &'a [&'a [&'a str]]);

/// A workbook of sheets with headers and rows of text.
fn book(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, headers, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in (0..).zip(std::iter::once(headers).chain(rows.iter())) {
            for (column, cell) in (0..).zip(*cells) {
                if !cell.is_empty() {
                    sheet.write_string(row, column, *cell).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const GENERAL: (&str, &[&str], &[&[&str]]) = ("Kader", &["Naam", "Bron"], &[&["Kader van de regio", "Vastgesteld in 2027"]]);
const SAFEGUARD: &[&str] = &["Code", "Waarborg", "Omschrijving", "Herkomst"];
const CRITERION: &[&str] = &["Waarborgcode", "Code", "Criterium", "Herkomst"];

fn findings(bytes: &[u8]) -> Vec<String> {
    let read = from_workbook(bytes);
    let cell = |finding: &kernschil_spreadsheets::Finding| {
        let column = finding.column.as_ref().map(|column| column.letters.as_str()).unwrap_or_default();
        let row = finding.row.map(|row| row.to_string()).unwrap_or_default();
        format!("{}!{column}{row} {}", finding.sheet.as_deref().unwrap_or_default(), finding.code)
    };
    read.outcome.findings.list.iter().map(cell).collect()
}

#[test]
fn what_is_wrong_is_said_at_its_cell_and_all_at_once() {
    let wrong = book(&[
        GENERAL,
        (
            "Waarborgen",
            SAFEGUARD,
            &[&["1", "Lerende leraar", "", "uit het kader"], &["1", "Leeromgeving", "", "eigen thema"], &["a b", "x", "", "eigen thema"]],
        ),
        ("Criteria", CRITERION, &[&["1", "1.1", "Goed.", "uit het kader"], &["1", "1.1", "Weer.", "uit het kader"]]),
        ("Vragen", &["Code", "Vraag"], &[&["", "Hoe?"], &["", "Hoe?"]]),
    ]);
    assert_eq!(
        findings(&wrong),
        ["Waarborgen!A3 kadercode-dubbel", "Waarborgen!A4 kadercode-ongeldig", "Criteria!B3 kadercode-dubbel", "Vragen!B3 vraag-dubbel"]
    );
    let unread = book(&[
        ("Kader", &["Naam", "Bron"], &[&["Een", "Bron"], &["Twee", "Bron"]]),
        ("Waarborgen", SAFEGUARD, &[&["1", "Lerende leraar", "", "van ons"]]),
        ("Criteria", CRITERION, &[&["9", "9.1", "Zonder waarborg.", "eigen thema"]]),
        ("Vragen", &["Code", "Vraag"], &[&["9.1", "Hoe?"]]),
    ]);
    assert_eq!(
        findings(&unread),
        ["Kader!A3 kader-rijen", "Waarborgen!D2 waarde-onbekend", "Criteria!A2 kadercode-onbekend", "Vragen!A2 kadercode-onbekend"]
    );
}

#[test]
fn a_code_that_excel_made_a_number_of_is_refused() {
    let mut workbook = Workbook::new();
    for (name, headers, number) in [("Kader", &["Naam", "Bron"][..], None), ("Waarborgen", SAFEGUARD, Some(1.1))] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap();
        for (column, header) in (0..).zip(headers) {
            sheet.write_string(0, column, *header).unwrap();
            sheet.write_string(1, column, "eigen thema").unwrap();
        }
        if let Some(number) = number {
            sheet.write_number(1, 0, number).unwrap();
        }
    }
    assert_eq!(findings(&workbook.save_to_buffer().unwrap()), ["Waarborgen!A2 code-is-getal"]);
}

#[test]
fn the_template_has_every_sheet_and_nothing_filled_in() {
    let read = read_direct(&framework_template().unwrap(), &Limits::default()).unwrap();
    let names: Vec<_> = read.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let mut expected: Vec<_> = framework().sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    expected.push("Uitleg");
    assert_eq!(names, expected);
    assert!(!parse_framework(&read).is_clean());
}

#[test]
fn yaml_that_is_no_framework_is_refused_with_its_line() {
    let good = "name: Kader\nsource: Bron\nsafeguards:\n- code: 1\n  name: Een\n  description: ''\n  origin: own\n  criteria:\n  - code: 1.10\n    text: Goed.\n    origin: official\n";
    let read = yaml::read(good.as_bytes()).unwrap();
    assert_eq!(read.safeguards[0].criteria[0].code, PartCode("1.10".to_owned()));
    let code = |text: &str| yaml::read(text.as_bytes()).unwrap_err();
    assert!(matches!(code(&good.replace("criteria:", "critera:")), yaml::YamlError::Unreadable { .. }));
    assert_eq!(code(&good.replace("origin: official", "origin: wij")).code(), "yaml-onleesbaar");
    assert_eq!(code(&format!("{good}name: Weer\n")).code(), "yaml-onleesbaar");
    assert_eq!(code("- 1\n- 2").code(), "yaml-onleesbaar");
    assert_eq!(code(&"x".repeat(1024 * 1024 + 1)).code(), "bestand-te-groot");
    assert_eq!(yaml::read(&[0xff, 0xfe, 0x00]).unwrap_err().code(), "bestand-geen-tekst");
    // What unfolds to far more than it is, is refused and not unfolded.
    let bomb = (1..20).fold("a0: &a0 [x,x,x,x,x,x,x,x]\n".to_owned(), |text, n| {
        let before = n - 1;
        format!("{text}a{n}: &a{n} [*a{before},*a{before},*a{before},*a{before},*a{before},*a{before},*a{before},*a{before}]\n")
    });
    assert_eq!(code(&bomb).code(), "yaml-onleesbaar");
}
