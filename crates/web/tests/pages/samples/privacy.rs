//! Privacy: register, terms, and a student.

use kernschil_web::components::forms::FieldError;
use kernschil_web::components::nav::NavItem;
use kernschil_web::components::status::Tone;
use kernschil_web::views::privacy::{
    CorrectionView, CountsOf, DossierTable, DossierView, ErasureView, FoundRow, RegisterGroup, RegisterRow, RegisterView, RetentionView,
    SearchView, TermRow, correction_page, dossier_page, erasure_page, privacy_page, register_page, retention_page, search_page,
};
use maud::Markup;

use super::{HOSTILE, frame, text, texts};

fn register() -> RegisterView {
    let row = |what: &str, tone, care: &str| RegisterRow {
        what: text(what),
        care: (tone, text(care)),
        purpose: text("De reistijd schatten, zodat een plaats bereikbaar is"),
        ground: text("publieke taak of onderwijsovereenkomst"),
        term: text("2 jaar (studenten)"),
        remains: text("niets"),
        seen_by: text("Beheerder, regiocoördinator"),
        goes_to: text("Reistijd in werkboeken"),
    };
    let rows = vec![row("Naam en studentnummer", Tone::Quiet, "persoonsgegeven"), row("Woonpostcode", Tone::Signal, "extra zorg")];
    RegisterView {
        groups: vec![RegisterGroup { code: text("student"), title: text("studenten en zij-instromers"), rows }],
        columns: 276,
        personal: 151,
        unknown: texts(&["students.new_column"]),
    }
}

fn search() -> SearchView {
    let row = |id: &str, name: &str| FoundRow {
        id: text(id),
        name: text(name),
        number: text("5801242"),
        institute: text("Radboud Universiteit"),
    };
    SearchView { search: text("hof"), rows: vec![row("1", HOSTILE), row("2", "Smit, Jan")], total: 80, errors: vec![] }
}

fn dossier() -> DossierView {
    let fact = |word: &str, what: &str| (text(word), text(what));
    let table = |code: &str, title: &str, rows: Vec<Vec<String>>| DossierTable {
        code: text(code),
        title: text(title),
        hint: text("Ook plaatsen die zijn ingetrokken."),
        heads: texts(&["Ronde en periode", "School"]),
        rows,
    };
    DossierView {
        id: text("1"),
        name: text(HOSTILE),
        facts: vec![fact("Studentnummer", "5801242"), fact("Postcode", "")],
        tables: vec![
            table("plaatsingen", "Plaatsingen", vec![texts(&["Talent, semester 1", HOSTILE])]),
            table("sporen", "Wie er iets mee deed", vec![]),
        ],
    }
}

fn correction(errors: Vec<FieldError>) -> CorrectionView {
    CorrectionView {
        id: text("1"),
        seen: text("0190f3b2-7c4e-7000-8000-000000000001"),
        given_name: text(HOSTILE),
        prefix: text("van 't"),
        family_name: text("Hof"),
        number: text("5801242"),
        postcode: text("6525 HP"),
        kind: text("student"),
        kinds: vec![(text("student"), text("Student")), (text("career-changer"), text("Zij-instromer"))],
        errors,
    }
}

fn erasure(obstacles: &[&str], errors: Vec<FieldError>) -> ErasureView {
    ErasureView {
        id: text("1"),
        name: text(HOSTILE),
        number: text("5801242"),
        obstacles: texts(obstacles),
        goes: texts(&["Naam en studentnummer", "Woonpostcode"]),
        stays: texts(&["Plaatsingsvragen en plaatsen"]),
        errors,
    }
}

fn retention(counts: CountsOf, errors: Vec<FieldError>) -> RetentionView {
    let row = |code: &str, title: &str, due| TermRow {
        code: text(code),
        title: text(title),
        months: text("24"),
        meaning: text("Vanaf de laatste dag van de laatste ronde."),
        source: text("Gewoonlijk 24 maanden (2 jaar)."),
        due,
    };
    let due = |count| if errors.is_empty() { Some(count) } else { None };
    let terms = vec![row("students", "Studenten", due(412)), row("mails", "Verstuurde en geweigerde mail", due(0))];
    let (last, next) =
        (text("Laatst toegepast vandaag om 03.00 uur: 3 mails verwijderd."), text("De volgende keer is op 2 september 2026."));
    RetentionView { terms, counts, due_now: 412, last, next, errors }
}

/// Every page about privacy.
pub(super) fn pages() -> Vec<(&'static str, Markup)> {
    let here = || frame(NavItem::Privacy);
    let wrong = |field: &str, message: &str| vec![FieldError::new(field, message)];
    let nobody = SearchView { search: text(HOSTILE), ..SearchView::default() };
    let too_short = SearchView { search: text("a"), errors: wrong("zoek", "Vul minstens twee tekens in."), ..SearchView::default() };
    let placed = ["De student heeft een plaats in ronde Talent. Laat die eerst losmaken op het plaatsbord."];
    vec![
        ("privacy", privacy_page(&here())),
        ("privacy-register", register_page(&here(), &register())),
        ("privacy-register-leeg", register_page(&here(), &RegisterView::default())),
        ("privacy-zoeken", search_page(&here(), &SearchView::default())),
        ("privacy-gevonden", search_page(&here(), &search())),
        ("privacy-niemand", search_page(&here(), &nobody)),
        ("privacy-zoeken-fout", search_page(&here(), &too_short)),
        ("privacy-student", dossier_page(&here(), &dossier())),
        ("privacy-corrigeren", correction_page(&here(), &correction(vec![]))),
        ("privacy-corrigeren-fout", correction_page(&here(), &correction(wrong("nummer", "Vul het studentnummer in.")))),
        ("privacy-anonimiseren", erasure_page(&here(), &erasure(&[], vec![]))),
        ("privacy-anonimiseren-fout", erasure_page(&here(), &erasure(&[], wrong("zeker", "Zet het vinkje.")))),
        ("privacy-anonimiseren-kan-niet", erasure_page(&here(), &erasure(&placed, vec![]))),
        ("bewaartermijnen", retention_page(&frame(NavItem::Settings), &retention(CountsOf::Stored, vec![]))),
        ("bewaartermijnen-bekeken", retention_page(&frame(NavItem::Settings), &retention(CountsOf::Typed, vec![]))),
        (
            "bewaartermijnen-fout",
            retention_page(&frame(NavItem::Settings), &retention(CountsOf::Stored, wrong("students", "Vul een heel aantal maanden in."))),
        ),
    ]
}
