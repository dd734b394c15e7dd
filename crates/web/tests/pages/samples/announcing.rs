//! Steps of a round, who is waited for, fixing, announcing, letters.

use kernschil_app::announcements::{LetterPart, LetterText, Visitor};
use kernschil_web::components::forms::{Choice, FieldError};
use kernschil_web::components::nav::NavItem;
use kernschil_web::components::status::Tone;
use kernschil_web::components::table::Paging;
use kernschil_web::views::{announcing, answers, letters, steps};
use maud::Markup;

use super::{HOSTILE, frame, options, round_ref, text, texts};

fn step(field: &str, name: &str, place: steps::StepPlace, date: &str) -> steps::Step {
    let due = if date.is_empty() { String::new() } else { text("1 maart 2027") };
    steps::Step { field: text(field), name: text(name), hint: text("Wat er gebeurt."), place, date: text(date), due }
}

fn steps_view(errors: Vec<FieldError>) -> steps::StepsView {
    use steps::StepPlace::{Late, Later, Past};
    let one = |event: &str, label: &str, blocked: &[&str], weight| steps::Move {
        event: text(event),
        label: text(label),
        blocked: texts(blocked),
        warnings: texts(&["4 scholen hebben nog niet geantwoord. U kunt een herinnering sturen."]),
        weight,
    };
    steps::StepsView {
        round: round_ref(),
        now: text("plekken"),
        steps: vec![
            step("collecting", "Gegevens", Past, ""),
            step("offering", "Plekken", Late, "2027-03-01"),
            step("wishing", "Voorkeuren", Later, "2027-03-01"),
        ],
        moves: vec![
            one(
                "forward",
                "Verder naar voorkeuren",
                &["Er zijn nog geen plekken. Laad een werkboek met plekken."],
                steps::MoveWeight::Main,
            ),
            one("back", "Terug naar gegevens", &[], steps::MoveWeight::Second),
        ],
        next: Some((text("Naar vaststellen"), text("/rondes/talent-2026/vaststellen"))),
        version: text("3"),
        errors,
    }
}

fn answers_view(rows: Vec<answers::AnswerRow>) -> answers::AnswersView {
    answers::AnswersView {
        round: round_ref(),
        answers: options(&[("waiting", "Nog geen antwoord", 4), ("places", "Met plekken", 183)]),
        partnerships: options(&[("HAN", "HAN", 120), ("PWPO", "PWPO", 78)]),
        contacts: options(&[("ja", "Ja", 190), ("nee", "Nee", 8)]),
        paging: Paging { page: 1, per_page: 50, rows: u32::from(!rows.is_empty()) },
        rows,
        waiting: 4,
        reachable: 3,
        without_address: 1,
        none: 11,
        with_places: 183,
        schools: 198,
        due: text("1 maart 2027"),
        ..answers::AnswersView::default()
    }
}

fn answer(name: &str, said: answers::Said) -> answers::AnswerRow {
    answers::AnswerRow {
        code: text("05XH00"),
        name: text(name),
        place: text("Nijmegen"),
        board: text("Stichting Kern"),
        tier: text("kern"),
        said,
        asked: text("1 februari 2027"),
        reminded: text("20 februari 2027"),
        answered: String::new(),
        contact: text("geen e-mailadres"),
    }
}

fn remark(words: &str) -> announcing::Remark {
    announcing::Remark { words: text(words), href: Some(text("/rondes/talent-2026/plaatsbord")) }
}

fn fix_view(stage: announcing::FixStage, blocked: Vec<announcing::Remark>) -> announcing::FixView {
    announcing::FixView {
        round: round_ref(),
        demands: 1286,
        placed: 1248,
        unremarkable: 1043,
        blocked,
        warnings: vec![remark("38 vragen hebben nog geen plaats.")],
        exceptions: vec![(text("niet geplaatst"), 38, text("/rondes/talent-2026/plaatsbord?groep=unplaced"))],
        stage,
        version: text("7"),
        reasons: vec![Choice { value: text("mistake"), label: text("Er zat een fout in"), hint: String::new() }],
        errors: Vec::new(),
    }
}

fn letter(parts: Vec<LetterPart>) -> LetterText {
    LetterText {
        to: texts(&[HOSTILE, "HAN"]),
        date: "2027-05-14".parse().unwrap_or_default(),
        subject: text("Uw plaats op een school in 2026-2027"),
        greeting: text("Beste student,"),
        parts,
        from: texts(&["HAN"]),
    }
}

fn student_letter() -> LetterText {
    letter(vec![
        LetterPart::Paragraph(text("U heeft een plaats op een school.")),
        LetterPart::Heading(text("De Krullevaar")),
        LetterPart::Facts(vec![(text("School"), text("De Krullevaar (05XH00)")), (text("Dagen"), text("maandag en dinsdag"))]),
    ])
}

fn school_letter() -> LetterText {
    let visitor = Visitor {
        name: text(HOSTILE),
        institute: text("HAN"),
        phase: text("jaar 1"),
        period: text("heel jaar"),
        weekdays: text("maandag"),
        groups: text("groep 3-5"),
        trainer: String::new(),
    };
    letter(vec![LetterPart::Paragraph(text("Er komt 1 student.")), LetterPart::Visitors(vec![visitor])])
}

fn announce_view(misfit: &str) -> announcing::AnnounceView {
    let option = |audience: &str, title: &str| announcing::TellOption {
        audience: text(audience),
        title: text(title),
        effects: texts(&["41 brieven aan scholen: 40 per mail, 1 om af te drukken."]),
        button: text("Maak bekend aan scholen: 41 brieven"),
    };
    announcing::AnnounceView {
        round: round_ref(),
        placed: 1248,
        without: 12,
        waves: 1,
        misfit: text(misfit),
        warnings: vec![remark("38 vragen hebben nog geen plaats.")],
        options: vec![option("schools", "Eerst alleen de scholen"), option("everybody", "Iedereen tegelijk")],
        student_example: Some(student_letter()),
        school_example: Some(school_letter()),
        version: text("8"),
        ..announcing::AnnounceView::default()
    }
}

fn waves_view() -> letters::WavesView {
    let snapshot = |sound, differences| letters::SnapshotRow {
        kind: text("Vaststelling"),
        made: text("vandaag om 10.05 uur"),
        placed: 1248,
        hash: "0f".repeat(32),
        sound,
        differences,
    };
    let wave = letters::WaveRow {
        ordinal: 1,
        audience: text("Scholen"),
        occasion: text("bekendmaking"),
        made: text("vandaag om 10.05 uur"),
        letters: 41,
        mails: 40,
        paper: 1,
    };
    letters::WavesView {
        round: round_ref(),
        waves: vec![wave],
        snapshots: vec![snapshot(letters::Sound::Yes, 0), snapshot(letters::Sound::No, 1)],
    }
}

fn wave_view() -> letters::WaveView {
    let row = letters::LetterRow {
        id: text("1"),
        to: text(HOSTILE),
        about: text("HAN"),
        kind: text("plaatsing"),
        delivery: text("geen e-mailadres, afdrukken"),
        tone: Tone::Quiet,
    };
    letters::WaveView {
        round: round_ref(),
        ordinal: 1,
        lead: text("Bekendmaking, scholen, vandaag om 10.05 uur."),
        audiences: options(&[("scholen", "Scholen", 41)]),
        deliveries: options(&[("papier", "Af te drukken", 1)]),
        rows: vec![row],
        paging: Paging { page: 1, per_page: 50, rows: 1 },
        letters: 41,
        mails: 40,
        paper: 1,
        ..letters::WaveView::default()
    }
}

/// All of them.
pub(super) fn pages() -> Vec<(&'static str, Markup)> {
    let (going, sending) = (frame(NavItem::Steps), frame(NavItem::Letters));
    let wrong = vec![FieldError::new("wishing", "De datum van voorkeuren ligt voor die van plekken. Kies een latere datum.")];
    let elsewhere = announcing::FixStage::Elsewhere(text("de ronde is gesloten"));
    let print = |letters: Vec<LetterText>| letters::PrintView { round: round_ref(), ordinal: 1, letters, workbook: Some(text("/x.xlsx")) };
    let schools =
        vec![answer(HOSTILE, answers::Said::Waiting), answer("De Boom", answers::Said::None), answer("De Eik", answers::Said::Places(4))];
    vec![
        ("stappen", steps::steps_page(&going, &steps_view(Vec::new()))),
        ("stappen-fout", steps::steps_page(&going, &steps_view(wrong))),
        ("antwoorden", answers::answers_page(&going, &answers_view(schools))),
        ("antwoorden-geen", answers::answers_page(&going, &answers_view(Vec::new()))),
        ("vaststellen", announcing::fix_page(&going, &fix_view(announcing::FixStage::Ready, Vec::new()))),
        (
            "vaststellen-kan-niet",
            announcing::fix_page(&going, &fix_view(announcing::FixStage::Ready, vec![remark("Er is nog geen voorstel.")])),
        ),
        ("vastgesteld", announcing::fix_page(&going, &fix_view(announcing::FixStage::Fixed, Vec::new()))),
        ("vaststellen-elders", announcing::fix_page(&going, &fix_view(elsewhere, Vec::new()))),
        ("bekendmaken", announcing::announce_page(&sending, &announce_view(""))),
        ("bekendmaken-elders", announcing::announce_page(&sending, &announce_view("de plaatsingen zijn nog niet vastgesteld"))),
        ("brieven", letters::waves_page(&sending, &waves_view())),
        ("brieven-geen", letters::waves_page(&sending, &letters::WavesView { round: round_ref(), ..letters::WavesView::default() })),
        ("verzending", letters::wave_page(&sending, &wave_view())),
        ("afdrukken", letters::print_page(&sending, &print(vec![student_letter(), school_letter()]))),
        ("brief", letters::print_page(&sending, &print(vec![school_letter()]))),
    ]
}
