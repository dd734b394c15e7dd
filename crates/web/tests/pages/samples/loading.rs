//! Workbooks in.

use kernschil_web::components::forms::FieldError;
use kernschil_web::views::imports;
use kernschil_web::views::several::{Next, SeveralView};

use super::{HOSTILE, text};

pub(super) fn import_view(errors: Vec<FieldError>) -> imports::ImportView {
    let kind = |code: &str, name: &str, help: &str| imports::ImportKind {
        code: text(code),
        name: text(name),
        help: text(help),
        template: (code != "duo").then(|| format!("/importeren/sjablonen/{code}.xlsx")),
        docs: format!("/hulp/importeren/{code}"),
    };
    let row = |file: &str, outcome: &str| imports::ImportRow {
        file: text(file),
        kind: text("Studenten en voorkeuren"),
        when: text("14 mei 2026, 10.12 uur, Marieke de Groot"),
        outcome: text(outcome),
        href: text("/importeren/3"),
    };
    imports::ImportView {
        kinds: vec![
            kind("scholen", "Besturen en scholen", "Welke scholen meedoen, en of zij kern of schil zijn."),
            kind("opleiders", "Opleiders", "Schoolopleiders en instituutopleiders met hun kwalificaties."),
            kind("plekken", "Plekken", "Hoeveel studenten een school kan ontvangen, per periode."),
            kind("studenten", "Studenten en voorkeuren", "Wie een plek nodig heeft, en waar het liefst."),
            kind("duo", "Scholen van DUO", "Bestand 02 van DUO, zoals het is gepubliceerd."),
        ],
        chosen: text("studenten"),
        history: vec![row("studenten 2026 v3.xlsx", "1.098 nieuw, 12 gewijzigd"), row(HOSTILE, "3 nieuw, 0 gewijzigd")],
        max_size: text("20 MB"),
        errors,
    }
}

pub(super) fn import_result(state: imports::ImportState) -> imports::ImportResultView {
    let wrong = state == imports::ImportState::Wrong;
    let finding = |row, column: &str, value: &str, code: &str, message: &str, advice: &str| imports::Finding {
        sheet: text("Studenten"),
        row,
        column: text(column),
        value: text(value),
        code: text(code),
        message: text(message),
        advice: text(advice),
    };
    imports::ImportResultView {
        id: text("3"),
        file: text("studenten 2026 v3.xlsx"),
        kind: text("Studenten en voorkeuren"),
        loaded: if state == imports::ImportState::Loaded { text("Vandaag om 10.12 uur, door Marieke de Groot") } else { String::new() },
        state,
        changes: if wrong {
            vec![]
        } else {
            vec![
                imports::ChangeRow { table: text("Studenten"), new: 1098, changed: 12, unchanged: 21 },
                imports::ChangeRow { table: text("Voorkeuren"), new: 3204, changed: 0, unchanged: 66 },
            ]
        },
        errors: if wrong {
            vec![
                finding(
                    Some(12),
                    "Voorkeur 1",
                    "O8AB00",
                    "school-unknown",
                    "Deze schoolcode bestaat niet. Staat er een letter O in plaats van een nul?",
                    "Vul de schoolcode in, zoals 08AB00.",
                ),
                finding(None, "Studentnummer", "", "column-missing", "Deze kolom ontbreekt.", "Voeg de kolom Studentnummer toe."),
                finding(Some(40), "Voornaam", HOSTILE, "text-long", "Deze tekst is te lang.", "Kort de tekst in."),
            ]
        } else {
            vec![]
        },
        remarks: vec![finding(
            Some(77),
            "Postcode",
            "",
            "postcode-missing",
            "Zonder postcode kunnen wij de reistijd niet berekenen.",
            "Vul de postcode in, als u die weet.",
        )],
        error_count: if wrong { 23 } else { 0 },
        remark_count: 1,
        rewritten: vec![
            imports::Rewrite { place: text("Studenten, rij 3, Postcode"), from: text("6525hp"), to: text("6525 HP") },
            imports::Rewrite { place: text("Studenten, rij 9, Voorkeur 1"), from: text("08 ab"), to: text("08AB00") },
        ],
        rewrite_count: 310,
        notes: vec![imports::Remark { place: text("Studenten, rij 40"), text: text("Een rij met totalen is overgeslagen.") }],
        annotated: wrong.then(|| text("/importeren/3/bevindingen.xlsx")),
    }
}

pub(super) fn several(state: imports::ImportState) -> SeveralView {
    let fine = if state == imports::ImportState::Loaded { state } else { imports::ImportState::Ready };
    let wrong = state == imports::ImportState::Wrong;
    SeveralView {
        id: text("4"),
        state,
        files: vec![import_result(fine), import_result(state)],
        waiting: if wrong { vec![text(HOSTILE)] } else { vec![] },
        next: (state == imports::ImportState::Loaded)
            .then(|| Next { words: text("Naar Talent 2026-2027"), href: text("/rondes/talent-2026-2027") }),
    }
}
