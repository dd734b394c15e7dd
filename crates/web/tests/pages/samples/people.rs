//! Students, and why they are where they are.

use kernschil_domain::coverage::CoverageStatus;
use kernschil_web::components::table::Paging;
use kernschil_web::views::{student, students};

use super::{HOSTILE, options, round_ref, text, texts};

pub(super) fn student_row(id: &str, name: &str, status: CoverageStatus, school: Option<(&str, &str)>) -> students::StudentRow {
    students::StudentRow {
        id: text(id),
        name: text(name),
        number: format!("58012{id}"),
        programme: text("HAN Pabo voltijd"),
        phase: text("propedeuse"),
        period: text("Semester 1"),
        status,
        school: school.map(|(name, code)| (text(name), text(code))),
        minutes: school.map(|_| 18),
        wish: text(if school.is_some() { "2e voorkeur" } else { "niet gekregen" }),
        set_aside: if id == "43" { texts(&["reistijd", "fase"]) } else { Vec::new() },
    }
}

pub(super) fn student_rows() -> Vec<students::StudentRow> {
    vec![
        student_row("41", "Yasmin el Idrissi", CoverageStatus::Kern, Some(("De Klimop", "05XH00"))),
        student_row("42", HOSTILE, CoverageStatus::Unplaced, None),
        student_row("43", "Daan Vermeulen", CoverageStatus::Schil, Some(("Basisschool De Wieken", "08AB00"))),
        student_row("44", "Sanne Null", CoverageStatus::SchilUnmet, Some(("Prins Maurits", "23FK00"))),
        student_row(
            "45",
            "Zoë d'Ancona-van der Heijden",
            CoverageStatus::OutsideGuided,
            Some(("Openbare Montessorischool Dukenburg", "17BQ01")),
        ),
        student_row("46", "Tom Smit", CoverageStatus::NotRequired, None),
        student_row("47", "Lotte Jansen", CoverageStatus::NotCountable, None),
    ]
}

pub(super) fn students_view() -> students::StudentsView {
    students::StudentsView {
        round: round_ref(),
        filter: students::StudentFilter::default(),
        search: String::new(),
        institutes: options(&[("han", "HAN", 1010), ("ru", "Radboud Universiteit", 121)]),
        programmes: options(&[("vt", "HAN Pabo voltijd", 820), ("dt", "HAN Pabo deeltijd", 190), ("pwpo", "PWPO", 121)]),
        phases: options(&[("p", "propedeuse", 450), ("h2", "hoofdfase jaar 2", 318)]),
        statuses: options(&[("kern", "kern", 806), ("unplaced", "niet geplaatst", 38)]),
        rows: student_rows(),
        paging: Paging { page: 1, per_page: 50, rows: 1286 },
    }
}

pub(super) fn story(status: CoverageStatus, school: Option<(&str, &str)>) -> student::DemandStory {
    let wish = |rank, target: &str, given, reason: &str| student::WishOutcome { rank, target: text(target), given, reason: text(reason) };
    let candidate = |code: &str, name: &str, status, minutes, wish, free| student::CandidateRow {
        code: text(code),
        name: text(name),
        status,
        minutes: Some(minutes),
        wish,
        free,
        count: 3,
    };
    student::DemandStory {
        title: text(if school.is_some() { "Semester 1, hoofdfase jaar 3" } else { "Semester 2, hoofdfase jaar 3" }),
        needs: text("maandag, groep 1-2"),
        status,
        school: school.map(|(name, code)| (text(name), text(code))),
        minutes: school.map(|_| 18),
        source: text(if school.is_some() { "voorstel van 14 mei" } else { "" }),
        because: if school.is_some() {
            texts(&[
                "Dit is de beste kernschool met een vrije plek. De 1e voorkeur was vol met studenten in de afstudeerfase, die voorgaan.",
            ])
        } else {
            texts(&["Er zijn 12 studenten voor 9 plekken in deze groepen. Drie studenten houden hoe dan ook geen plek over."])
        },
        wishes: vec![
            wish(1, "De Klimop", student::WishGiven::No, "Alle 8 plekken zijn bezet."),
            wish(
                2,
                "Basisschool De Wieken",
                if school.is_some() { student::WishGiven::Yes } else { student::WishGiven::No },
                "De reis is langer dan 90 minuten.",
            ),
            wish(3, "Bestuur SPOG", student::WishGiven::No, "Een hogere voorkeur werd gegeven."),
        ],
        full: texts(&["De Klimop: 8 van 8 plekken bezet in Semester 1", "Schoolopleider Els Bakker: 15 van 15 studenten"]),
        removed: vec![
            student::RemovedBy { rule: text("De reis is langer dan 90 minuten"), schools: 112 },
            student::RemovedBy { rule: text("Geen plek voor deze fase"), schools: 41 },
            student::RemovedBy { rule: text("De student liep hier al eerder stage"), schools: 2 },
        ],
        candidates: vec![
            candidate("08AB00", "Basisschool De Wieken", CoverageStatus::Kern, 18, Some(2), 1),
            candidate("05XH00", "De Klimop", CoverageStatus::Kern, 9, Some(1), 0),
            candidate("23FK00", "Prins Maurits", CoverageStatus::Schil, 34, None, 2),
        ],
        candidate_count: 43,
        board_href: text("/rondes/talent-2026/plaatsbord?vraag=1"),
    }
}

pub(super) fn student_view() -> student::StudentView {
    student::StudentView {
        round: round_ref(),
        why_href: text("/rondes/talent/studenten/1/waarom"),
        name: text(HOSTILE),
        number: text("5801242"),
        kind: text("student"),
        programme: text("Radboud Universiteit, PWPO voltijd"),
        home: text("6525"),
        custom: text("reis hoogstens 45 minuten"),
        demands: vec![story(CoverageStatus::Kern, Some(("Basisschool De Wieken", "08AB00"))), story(CoverageStatus::Unplaced, None)],
        stays: Vec::new(),
        history: texts(&["2025-2026: De Klimop, Nijmegen (groep 3-5)"]),
    }
}
