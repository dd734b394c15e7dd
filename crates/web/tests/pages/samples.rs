//! Every page, filled with made-up data: full, empty and with errors.

use kernschil_domain::coverage::CoverageStatus;
use kernschil_web::charts::{Bar, Column, Weight};
use kernschil_web::components::filters::{Chip, ChipState, FilterOption};
use kernschil_web::components::forms::FieldError;
use kernschil_web::components::nav::{NavItem, RoundRef};
use kernschil_web::components::page::{Flash, FlashKind, Frame, UndoForm};
use kernschil_web::components::signs::{Sign, StatusCounts};
use kernschil_web::components::status::{Met, Tone};
use kernschil_web::components::table::Paging;
use kernschil_web::views::{
    access, api_docs, board, coverage, errors, help, imports, jobs, proposal, proposal_result, round, school, schools, start, student,
    students, workbooks,
};
use maud::Markup;

/// A name that must be escaped wherever it is shown.
pub(crate) const HOSTILE: &str = "<script>alert('x')</script> van 't Hof";

fn text(value: &str) -> String {
    value.to_owned()
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| text(value)).collect()
}

fn round_ref() -> RoundRef {
    RoundRef { name: text("Talent voor Onderwijs"), school_year: text("2026-2027"), slug: text("talent-2026") }
}

fn frame(active: NavItem) -> Frame {
    Frame { user: Some(text("Marieke de Groot")), csrf: text("teken"), active, round: Some(round_ref()), flash: None }
}

fn stranger() -> Frame {
    Frame { user: None, csrf: text("teken"), active: NavItem::Elsewhere, round: None, flash: None }
}

fn undo() -> UndoForm {
    UndoForm {
        action: text("/rondes/talent-2026/plaatsbord/ongedaan"),
        label: text("Ongedaan maken"),
        fields: vec![(text("wijziging"), text("12"))],
    }
}

fn counts() -> StatusCounts {
    StatusCounts {
        kern: 806,
        schil: 214,
        schil_unmet: 19,
        outside_guided: 41,
        outside_unguided: 13,
        unplaced: 38,
        not_required: 21,
        not_countable: 4,
    }
}

fn options(values: &[(&str, &str, u32)]) -> Vec<FilterOption> {
    values.iter().map(|(value, label, count)| FilterOption::new(value, label, *count)).collect()
}

fn bar(label: &str, value: u32, target: u32) -> Bar {
    Bar { label: text(label), value, target }
}

fn task(name: &str, hint: &str, state: round::TaskState, href: &str) -> round::Task {
    round::Task { name: text(name), hint: text(hint), state, href: (!href.is_empty()).then(|| text(href)) }
}

fn start_view() -> start::StartView {
    start::StartView {
        rounds: vec![
            start::RoundCard {
                round: round_ref(),
                partnerships: texts(&["HAN", "PWPO"]),
                state: text("controleren"),
                students: 1131,
                schools: 198,
                places: 1184,
                counts: counts(),
                exceptions: 111,
            },
            start::RoundCard {
                round: RoundRef { name: text("Almere"), school_year: text("2026-2027"), slug: text("almere") },
                partnerships: texts(&["OPLIS", "AAOS", "SAMEN"]),
                state: text("verzamelen"),
                students: 412,
                schools: 74,
                places: 390,
                counts: StatusCounts { kern: 280, schil: 96, outside_guided: 14, unplaced: 22, ..StatusCounts::default() },
                exceptions: 0,
            },
        ],
    }
}

fn round_view() -> round::RoundView {
    use round::TaskState::{Attention, Busy, Done, Later};
    round::RoundView {
        round: round_ref(),
        tasks: vec![
            task("Gegevens", "198 scholen, 34 besturen en 121 opleiders", Done, "/importeren"),
            task("Plekken", "183 van 198 scholen gaven plekken op", Busy, "/rondes/talent-2026/scholen"),
            task("Voorkeuren", "1.087 van 1.131 studenten gaven voorkeuren op", Done, "/rondes/talent-2026/studenten"),
            task("Voorstel", "Gemaakt op 14 mei om 10.32 uur", Done, "/rondes/talent-2026/voorstel"),
            task("Controleren", "38 niet geplaatst, 19 met een waarschuwing", Attention, "/rondes/talent-2026/plaatsbord"),
            task("Vaststellen", "Komt in een volgende versie", Later, ""),
            task("Bekendmaken", "Komt in een volgende versie", Later, ""),
        ],
        students: 1131,
        demands: 1286,
        places: 1184,
        counts: counts(),
        by_phase: vec![
            bar("Propedeuse", 412, 450),
            bar("Hoofdfase jaar 2", 330, 318),
            bar("Hoofdfase jaar 3", 270, 262),
            bar("Afstudeerfase (LIO)", 172, 101),
        ],
        by_period: vec![bar("Semester 1", 610, 640), bar("Semester 2", 574, 491)],
    }
}

fn school_row(code: &str, name: &str, place: &str, sign: Sign, offered: Option<u32>, used: u32, met: bool) -> schools::SchoolRow {
    schools::SchoolRow {
        code: text(code),
        name: text(name),
        place: text(place),
        board: text("Stichting Conexus"),
        tiers: vec![schools::TierMark {
            sign,
            word: text(match sign {
                Sign::Kern => "kern",
                Sign::Schil => "schil",
                _ => "buiten",
            }),
            partnership: text("HAN"),
        }],
        offered,
        used,
        trainers: 2,
        conditions: if met { (Met::Yes, text("gehaald")) } else { (Met::No, text("1 van 3 niet gehaald")) },
    }
}

fn schools_view() -> schools::SchoolsView {
    schools::SchoolsView {
        round: round_ref(),
        filter: schools::SchoolFilter { rol: text("kern"), aantal: 50, ..schools::SchoolFilter::default() },
        partnerships: options(&[("han", "HAN", 150), ("pwpo", "PWPO", 61)]),
        boards: options(&[("41775", "Stichting Conexus", 31), ("40812", "SPOG", 4)]),
        tiers: options(&[("kern", "kern", 120), ("schil", "schil", 71), ("buiten", "buiten", 7)]),
        conditions: options(&[("ja", "gehaald", 181), ("nee", "niet gehaald", 17)]),
        free: options(&[("ja", "plek vrij", 66), ("nee", "vol", 132)]),
        rows: vec![
            school_row("05XH00", "De Klimop", "Nijmegen", Sign::Kern, Some(8), 8, true),
            school_row("08AB00", "Basisschool De Wieken", "Wijchen", Sign::Schil, Some(3), 1, false),
            school_row("11MT00", HOSTILE, "Beuningen gld", Sign::Kern, Some(5), 4, true),
            school_row("17BQ01", "Openbare Montessorischool Dukenburg", "Nijmegen", Sign::Kern, None, 0, true),
            school_row("23FK00", "Prins Maurits", "Elst", Sign::Outside, Some(2), 0, true),
        ],
        paging: Paging { page: 2, per_page: 50, rows: 198 },
        offered: 1184,
        used: 1093,
    }
}

fn school_view() -> school::SchoolView {
    let condition = |name: &str, met: Met, reason: &str| school::ConditionRow { name: text(name), met, reason: text(reason) };
    school::SchoolView {
        round: round_ref(),
        code: text("08AB00"),
        name: text("Basisschool De Wieken"),
        sector: text("bo"),
        address: text("6602 AK Wijchen"),
        board: text("Stichting Conexus (41775)"),
        offered: 8,
        used: 5,
        memberships: vec![
            school::MembershipRow {
                partnership: text("HAN"),
                sign: Sign::Kern,
                tier: text("kern"),
                dates: text("sinds 1 augustus 2022"),
                buddy: String::new(),
                conditions: vec![
                    condition("Gecertificeerde schoolopleider", Met::Yes, "Els Bakker, geldig tot 1 augustus 2027"),
                    condition("Minstens 80% van de mentoren is getraind", Met::No, "72% op 1 oktober 2025"),
                    condition("Inspectieoordeel niet zwak", Met::Yes, "goed, sinds 12 maart 2024"),
                ],
            },
            school::MembershipRow {
                partnership: text("PWPO"),
                sign: Sign::Schil,
                tier: text("schil"),
                dates: text("sinds 1 augustus 2025"),
                buddy: text("De Klimop"),
                conditions: vec![],
            },
        ],
        trainers: vec![
            school::TrainerRow {
                name: text("Els Bakker"),
                kind: text("schoolopleider"),
                qualifications: texts(&["certificaat schoolopleider, tot 1 augustus 2027", "BRLO-registratie, tot 1 januari 2028"]),
                load: text("11 van 15"),
                other_schools: texts(&["De Klimop"]),
            },
            school::TrainerRow {
                name: text(HOSTILE),
                kind: text("instituutopleider"),
                qualifications: vec![],
                load: text("24"),
                other_schools: vec![],
            },
        ],
        offers: vec![
            school::OfferRow {
                period: text("Semester 1"),
                phases: text("propedeuse, hoofdfase"),
                groups: text("3-5"),
                weekdays: text("ma"),
                count: 5,
                used: 5,
            },
            school::OfferRow {
                period: text("Semester 2"),
                phases: text("afstudeerfase"),
                groups: text("alle"),
                weekdays: text("ma-wo"),
                count: 3,
                used: 0,
            },
        ],
        guests: vec![school::GuestRow {
            student: text("Yasmin el Idrissi"),
            href: text("/rondes/talent-2026/studenten/1"),
            programme: text("HAN Pabo voltijd, propedeuse"),
            period: text("Semester 1"),
            when: text("ma, groep 3-5"),
            trainer: text("Els Bakker"),
            status: text("voorgesteld"),
        }],
    }
}

fn student_row(id: &str, name: &str, status: CoverageStatus, school: Option<(&str, &str)>) -> students::StudentRow {
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
    }
}

fn student_rows() -> Vec<students::StudentRow> {
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

fn students_view() -> students::StudentsView {
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

fn story(status: CoverageStatus, school: Option<(&str, &str)>) -> student::DemandStory {
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

fn student_view() -> student::StudentView {
    student::StudentView {
        round: round_ref(),
        name: text(HOSTILE),
        number: text("5801242"),
        kind: text("student"),
        programme: text("Radboud Universiteit, PWPO voltijd"),
        home: text("6525"),
        custom: text("reis hoogstens 45 minuten"),
        demands: vec![story(CoverageStatus::Kern, Some(("Basisschool De Wieken", "08AB00"))), story(CoverageStatus::Unplaced, None)],
        history: texts(&["2025-2026: De Klimop, Nijmegen (groep 3-5)"]),
    }
}

fn column(label: &str, value: u32, weight: Weight) -> Column {
    Column { label: text(label), value, weight }
}

fn result() -> proposal_result::ProposalResult {
    let level = |aim: &str, outcome: &str| proposal_result::LevelResult { aim: text(aim), outcome: text(outcome) };
    proposal_result::ProposalResult {
        made: text("Gemaakt op 14 mei 2026 om 10.32 uur door Marieke de Groot"),
        duration: text("0,2 seconde"),
        seed: text("1"),
        input_hash: text("9f2c41aa"),
        proof: proposal_result::Proof::Proven,
        counts: counts(),
        clear: 1043,
        warnings: 19,
        levels: vec![
            level("Zo weinig mogelijk studenten zonder plek, de afstudeerfase eerst", "38 studenten"),
            level("Zo weinig mogelijk studenten buiten samen opleiden", "54 studenten"),
            level("Liever kern dan schil", "233 in de schil"),
            level("Zo veel mogelijk voorkeuren", "71,4% eerste voorkeur"),
            level("Zo kort mogelijk reizen", "gemiddeld 21 minuten"),
        ],
        shortages: vec![proposal_result::Shortage {
            group: text("Propedeuse, Semester 1"),
            students: 450,
            full: texts(&["Alle plekken voor propedeuse in Semester 1: 412", "7 schoolopleiders in Wijchen en Druten"]),
            short: 38,
            href: text("/rondes/talent-2026/plaatsbord?groep=unplaced"),
        }],
        wishes: vec![
            column("1e", 776, Weight::Plain),
            column("2e", 161, Weight::Plain),
            column("3e", 72, Weight::Plain),
            column("geen", 78, Weight::Signal),
        ],
        travel: vec![
            column("0-15", 402, Weight::Plain),
            column("16-30", 461, Weight::Plain),
            column("31-45", 170, Weight::Plain),
            column("46-60", 48, Weight::Plain),
            column("60+", 12, Weight::Signal),
        ],
    }
}

fn proposal_view(result: Option<proposal_result::ProposalResult>) -> proposal::ProposalView {
    let rule = |sentence: &str, effect: &str| proposal::Rule { sentence: text(sentence), effect: text(effect) };
    proposal::ProposalView {
        round: round_ref(),
        students: 1131,
        demands: 1286,
        schools: 183,
        places: 1184,
        kept: 4,
        hard: vec![
            rule("Een school krijgt nooit meer studenten dan de plekken die zij geeft.", ""),
            rule("Fase, groepen, dagen en periode van plek en student passen bij elkaar.", "41.208 combinaties vallen af"),
            rule("De reis is hoogstens 90 minuten.", "12.030 combinaties vallen af"),
            rule("Een student komt niet opnieuw op een eerdere school.", "318 combinaties vallen af"),
        ],
        aims: vec![
            rule("Zo weinig mogelijk studenten zonder plek, de afstudeerfase eerst.", ""),
            rule("Zo weinig mogelijk studenten buiten samen opleiden.", ""),
            rule("Liever kern dan schil.", ""),
            rule("Zo veel mogelijk voorkeuren.", ""),
            rule("Zo kort mogelijk reizen.", ""),
        ],
        seed: text("1"),
        running: None,
        missing: vec![],
        result,
        errors: vec![],
    }
}

fn job(state: jobs::JobStage) -> jobs::JobView {
    let step = |name: &str, state, outcome: &str| jobs::JobStep { name: text(name), state, outcome: text(outcome) };
    jobs::JobView {
        id: text("7"),
        title: text("Voorstel maken"),
        state,
        steps: vec![
            step("Gegevens lezen", jobs::StepState::Done, "1.286 plekken nodig, 1.184 aangeboden"),
            step("Combinaties zoeken die mogen", jobs::StepState::Busy, ""),
            step("Het beste voorstel zoeken", jobs::StepState::Waiting, ""),
            step("Narekenen en bewaren", jobs::StepState::Waiting, ""),
        ],
        progress: (state == jobs::JobStage::Running).then_some((612, 1286)),
        rate: text("4.100 studenten per seconde"),
        started: text("Begonnen om 10.32 uur"),
        failure: text(if state == jobs::JobStage::Failed {
            "De gegevens zijn tijdens het rekenen gewijzigd. Maak opnieuw een voorstel."
        } else {
            ""
        }),
        result_href: (state == jobs::JobStage::Done).then(|| text("/rondes/talent-2026/voorstel")),
        back_href: text("/rondes/talent-2026/voorstel"),
    }
}

fn chosen() -> board::Chosen {
    let effect = |label: &str, after: &str, change, good| board::Effect { label: text(label), after: text(after), change, good };
    let candidate = |offer: &str, school: &str, status, minutes, wish, free, here| board::Candidate {
        offer: text(offer),
        school: text(school),
        code: text("08AB00"),
        place: text("Wijchen"),
        status,
        minutes: Some(minutes),
        wish,
        free,
        count: 3,
        effects: vec![
            effect("niet geplaatst", "37", -1, board::Good::Better),
            effect("dekking", "90,2%", 0, board::Good::Better),
            effect("vrij op deze school", "0", -1, board::Good::Worse),
        ],
        warnings: if free == 0 { texts(&["De school is vol: er komt één student boven het aantal plekken."]) } else { vec![] },
        here,
    };
    board::Chosen {
        demand: text("d1"),
        version: text("3"),
        name: text(HOSTILE),
        href: text("/rondes/talent-2026/studenten/42"),
        needs: text("HAN Pabo voltijd · propedeuse · Semester 1 · maandag · groep 3-5"),
        status: CoverageStatus::OutsideGuided,
        now: text("Prins Maurits, Elst · reis 48 min"),
        remark: text("buiten samen opleiden"),
        fitting: vec![
            candidate("o1", "Basisschool De Wieken", CoverageStatus::Kern, 18, Some(2), 1, board::Here::No),
            candidate("o2", "De Klimop", CoverageStatus::Schil, 25, None, 2, board::Here::No),
            candidate("o3", "Prins Maurits", CoverageStatus::OutsideGuided, 48, None, 1, board::Here::Yes),
        ],
        unfit: vec![
            board::UnfitGroup {
                reason: text("De school is vol"),
                code: text("full"),
                schools: texts(&["De Klimop", "Sint Jozef"]),
                count: 61,
            },
            board::UnfitGroup {
                reason: text("De reis is langer dan 90 minuten"),
                code: text("travel"),
                schools: texts(&["Prins Willem"]),
                count: 1,
            },
        ],
    }
}

fn board_view() -> board::BoardView {
    let chip = |label: &str, count, state| Chip { label: text(label), count, href: text("/rondes/talent-2026/plaatsbord?groep=x"), state };
    let person = |name: &str, status, remark: &str, state| board::BoardStudent {
        href: text("/rondes/talent-2026/plaatsbord?vraag=d1"),
        name: text(name),
        phase: text("propedeuse · Semester 1"),
        status,
        school: String::new(),
        remark: text(remark),
        state,
    };
    board::BoardView {
        round: round_ref(),
        counts: counts(),
        kinds: vec![
            chip("Niet geplaatst", 38, ChipState::Open),
            chip("Buiten", 54, ChipState::Chosen),
            chip("Schil, niet op orde", 19, ChipState::Open),
            chip("Met een waarschuwing", 0, ChipState::Open),
            chip("Zonder bijzonderheden", 1043, ChipState::Open),
        ],
        kind: text("Buiten"),
        kind_code: text("buiten"),
        search: String::new(),
        list: vec![
            person("Anouk Brouwer", CoverageStatus::OutsideGuided, "", ChipState::Open),
            person(HOSTILE, CoverageStatus::OutsideGuided, "reis 48 min", ChipState::Chosen),
            person("Daan Vermeulen", CoverageStatus::OutsideUnguided, "geen extra begeleiding", ChipState::Open),
            person("Fleur van den Heuvel", CoverageStatus::OutsideGuided, "", ChipState::Open),
        ],
        list_total: 54,
        chosen: Some(chosen()),
        undo: Some(undo()),
    }
}

fn coverage_view() -> coverage::CoverageView {
    let row = |key: &str, label: &str, counts| coverage::CoverageRow { key: text(key), label: text(label), counts };
    coverage::CoverageView {
        round: round_ref(),
        filter: coverage::CoverageFilter::default(),
        partnerships: options(&[("han", "HAN", 1010), ("pwpo", "PWPO", 121)]),
        institutes: options(&[("han", "HAN", 1010), ("ru", "Radboud Universiteit", 121)]),
        programmes: options(&[("vt", "HAN Pabo voltijd", 820)]),
        phases: options(&[("p", "propedeuse", 450)]),
        periods: options(&[("s1", "Semester 1", 640)]),
        counts: counts(),
        covered_for_funding: 1004,
        moment: text("op de eerste dag van elke periode"),
        definition: text("dekking-1"),
        rows: vec![
            row(
                "vt",
                "HAN Pabo voltijd",
                StatusCounts {
                    kern: 600,
                    schil: 150,
                    schil_unmet: 14,
                    outside_guided: 22,
                    outside_unguided: 8,
                    unplaced: 26,
                    ..StatusCounts::default()
                },
            ),
            row(
                "dt",
                "HAN Pabo deeltijd",
                StatusCounts {
                    kern: 110,
                    schil: 45,
                    schil_unmet: 5,
                    outside_guided: 14,
                    outside_unguided: 5,
                    unplaced: 11,
                    not_required: 20,
                    ..StatusCounts::default()
                },
            ),
            row(
                "pwpo",
                "PWPO",
                StatusCounts {
                    kern: 96,
                    schil: 19,
                    outside_guided: 5,
                    unplaced: 1,
                    not_required: 1,
                    not_countable: 4,
                    ..StatusCounts::default()
                },
            ),
        ],
        date_error: String::new(),
    }
}

fn coverage_students_view() -> coverage::CoverageStudentsView {
    let chip =
        |label: &str, count, state| Chip { label: text(label), count, href: text("/rondes/talent-2026/dekking/studenten?status=x"), state };
    coverage::CoverageStudentsView {
        round: round_ref(),
        filter: coverage::CoverageFilter { opleiding: text("vt"), status: text("unplaced"), ..coverage::CoverageFilter::default() },
        scope: text("HAN Pabo voltijd · op de eerste dag van elke periode"),
        statuses: vec![chip("kern", 600, ChipState::Open), chip("niet geplaatst", 26, ChipState::Chosen)],
        rows: student_rows().into_iter().map(|row| (row, text("Alle plekken voor propedeuse zijn bezet."))).collect(),
        paging: Paging { page: 1, per_page: 50, rows: 26 },
    }
}

fn import_view(errors: Vec<FieldError>) -> imports::ImportView {
    let kind = |code: &str, name: &str, help: &str| imports::ImportKind {
        code: text(code),
        name: text(name),
        help: text(help),
        template: (code != "duo").then(|| format!("/importeren/sjablonen/{code}.xlsx")),
        docs: format!("/hulp/importeren/{code}"),
    };
    let row = |file: &str, outcome: &str, tone| imports::ImportRow {
        file: text(file),
        kind: text("Studenten en voorkeuren"),
        when: text("14 mei 2026, 10.12 uur, Marieke de Groot"),
        outcome: text(outcome),
        tone,
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
        history: vec![row("studenten 2026 v3.xlsx", "Geladen", Tone::Good), row(HOSTILE, "23 fouten", Tone::Signal)],
        max_size: text("20 MB"),
        errors,
    }
}

fn import_result(state: imports::ImportState) -> imports::ImportResultView {
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
        state,
        rows: 1131,
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
        finding_count: 23,
        rewritten: vec![
            imports::Rewrite { place: text("Studenten, rij 3, Postcode"), from: text("6525hp"), to: text("6525 HP") },
            imports::Rewrite { place: text("Studenten, rij 9, Voorkeur 1"), from: text("08 ab"), to: text("08AB00") },
        ],
        rewrite_count: 310,
        annotated: wrong.then(|| text("/importeren/3/opmerkingen.xlsx")),
    }
}

fn workbooks_view() -> workbooks::WorkbooksView {
    let card = |title: &str, description: &str, contents: &str, href: Option<&str>| workbooks::WorkbookCard {
        title: text(title),
        description: text(description),
        contents: text(contents),
        file: text("talent-2026-scholen.xlsx"),
        href: href.map(text),
    };
    workbooks::WorkbooksView {
        round: round_ref(),
        workbooks: vec![
            card(
                "Per school",
                "Voor elke school: wie komt wanneer, in welke groepen, met welke opleider.",
                "183 scholen, 1.093 plaatsingen",
                Some("/rondes/talent-2026/werkboeken/scholen.xlsx"),
            ),
            card(
                "Per student",
                "Voor elke student: naar welke school, op welke dagen.",
                "1.131 studenten",
                Some("/rondes/talent-2026/werkboeken/studenten.xlsx"),
            ),
            card("Uitzonderingen", "Wie niet is geplaatst of niet in de kern staat, en waarom.", "", None),
            card(
                "Dekking",
                "De dekking per opleiding, fase en periode, met een grafiek.",
                "1.131 studenten",
                Some("/rondes/talent-2026/werkboeken/dekking.xlsx"),
            ),
        ],
    }
}

fn help_view() -> help::HelpView {
    let topic = |title: &str, summary: &str, href: &str| help::HelpTopic { title: text(title), summary: text(summary), href: text(href) };
    help::HelpView {
        topics: vec![
            topic("Woordenlijst", "Wat kern, schil, dekking en andere woorden betekenen.", "/hulp/woordenlijst"),
            topic("Werkboek studenten", "Welke kolommen erin staan.", "/hulp/importeren/studenten"),
            topic("Toetsen", "Sneller werken zonder muis.", "/hulp/toetsen"),
            topic("API", "Voor programma's van anderen.", "/hulp/api"),
        ],
    }
}

fn glossary_view() -> help::GlossaryView {
    let term = |word: &str, meaning: &str| help::Term { word: text(word), meaning: text(meaning) };
    help::GlossaryView {
        terms: vec![
            term("dekking", "Het deel van de studenten dat volgens het kwaliteitskader wordt opgeleid."),
            term("kern", "Een school die volledig meedoet in een partnerschap."),
            term("schil", "Een school met weinig studenten, die hulp krijgt van de kern."),
        ],
    }
}

fn import_docs_view() -> help::ImportDocsView {
    help::ImportDocsView {
        name: text("Studenten"),
        intro: text("Wie een plek nodig heeft, en waar het liefst."),
        template: Some(text("/importeren/sjablonen/studenten.xlsx")),
        sheets: vec![help::SheetDocs {
            name: text("Studenten"),
            intro: text("Elke rij is een student."),
            columns: vec![help::ColumnDocs {
                name: text("Studentnummer"),
                required: text("ja"),
                help: text("Het nummer van de student bij het instituut."),
                examples: texts(&["580124"]),
                aliases: texts(&["studentnr", "nummer"]),
            }],
        }],
    }
}

fn api_view() -> api_docs::ApiDocsView {
    api_docs::ApiDocsView {
        version: text("1.0.0"),
        base: text("/api/v1"),
        document: text("/api/v1/openapi.json"),
        groups: vec![api_docs::ApiGroup {
            name: text("Scholen"),
            description: text("Scholen en hun plekken."),
            operations: vec![
                api_docs::ApiOperation {
                    method: text("GET"),
                    path: text("/schools/{code}"),
                    id: text("getSchool"),
                    summary: text("Geeft een school."),
                    parameters: vec![(text("code"), text("pad"), text("De schoolcode."))],
                    answers: vec![(text("200"), text("De school.")), (text("404"), text("Er is geen school met deze code."))],
                },
                api_docs::ApiOperation {
                    method: text("POST"),
                    path: text("/rounds/{slug}/allocation-runs"),
                    id: text("startRun"),
                    summary: text("Maakt een voorstel."),
                    parameters: vec![],
                    answers: vec![(text("202"), text("Het werk is begonnen."))],
                },
            ],
        }],
    }
}

fn error_view(status: u16) -> errors::ErrorView {
    errors::ErrorView { status, detail: String::new(), request_id: text("01J8ZK3Q"), back: String::new() }
}

/// Every page: a name for the file, and the page.
pub(crate) fn pages() -> Vec<(&'static str, Markup)> {
    let mut pages = forms_and_start();
    pages.extend(round_pages());
    pages.extend(other_pages());
    pages
}

fn forms_and_start() -> Vec<(&'static str, Markup)> {
    let wrong = vec![
        FieldError::new("email", "Vul uw e-mailadres in, zoals naam@school.nl."),
        FieldError::new("password", "Vul uw wachtwoord in."),
    ];
    let mut done = frame(NavItem::Start);
    done.flash = Some(Flash { kind: FlashKind::Done, text: text("12 plaatsingen verplaatst."), undo: Some(undo()) });
    let mut nobody = frame(NavItem::Start);
    nobody.round = None;
    vec![
        ("inloggen", access::sign_in_page(&stranger(), &access::SignInView::default())),
        (
            "inloggen-fout",
            access::sign_in_page(&stranger(), &access::SignInView { email: text("\"><script>"), next: text("/rondes/x"), errors: wrong }),
        ),
        ("eerste-keer", access::first_run_page(&stranger(), &access::FirstRunView::default())),
        ("start", start::start_page(&done, &start_view())),
        ("start-leeg", start::start_page(&nobody, &start::StartView::default())),
    ]
}

fn round_pages() -> Vec<(&'static str, Markup)> {
    let mut problem = frame(NavItem::Board);
    problem.flash = Some(Flash {
        kind: FlashKind::Problem,
        text: text("Deze plek is net door iemand anders gegeven. Kies een andere plek."),
        undo: None,
    });
    let empty_round = round::RoundView {
        by_phase: vec![],
        by_period: vec![],
        counts: StatusCounts::default(),
        students: 0,
        demands: 0,
        places: 0,
        ..round_view()
    };
    let nothing_found = schools::SchoolsView { rows: vec![], paging: Paging { page: 1, per_page: 50, rows: 0 }, ..schools_view() };
    let no_schools = schools::SchoolsView { filter: schools::SchoolFilter::default(), ..nothing_found.clone() };
    let found = students::StudentsView {
        search: text("smit"),
        rows: student_rows(),
        paging: Paging { page: 1, per_page: 100, rows: 140 },
        ..students_view()
    };
    let not_found = students::StudentsView { search: text(HOSTILE), rows: vec![], ..students_view() };
    let missing = proposal::ProposalView { missing: texts(&["Er zijn nog geen plekken geladen."]), ..proposal_view(None) };
    let busy = proposal::ProposalView { running: Some(text("/taken/7")), ..proposal_view(Some(result())) };
    let wrong_seed = proposal::ProposalView {
        errors: vec![FieldError::new("seed", "Vul een getal in, zoals 1.")],
        seed: text("x"),
        ..proposal_view(None)
    };
    let nobody_chosen = board::BoardView { chosen: None, undo: None, ..board_view() };
    let no_fit = board::BoardView {
        chosen: Some(board::Chosen {
            fitting: vec![],
            now: String::new(),
            status: CoverageStatus::Unplaced,
            remark: String::new(),
            ..chosen()
        }),
        ..board_view()
    };
    let nothing_covered = coverage::CoverageView {
        rows: vec![],
        counts: StatusCounts::default(),
        date_error: text("Deze datum bestaat niet."),
        ..coverage_view()
    };
    vec![
        ("ronde", round::round_page(&frame(NavItem::Overview), &round_view())),
        ("ronde-leeg", round::round_page(&frame(NavItem::Overview), &empty_round)),
        ("scholen", schools::schools_page(&frame(NavItem::Schools), &schools_view())),
        ("scholen-niets", schools::schools_page(&frame(NavItem::Schools), &nothing_found)),
        ("scholen-leeg", schools::schools_page(&frame(NavItem::Schools), &no_schools)),
        ("school", school::school_page(&frame(NavItem::Schools), &school_view())),
        (
            "school-leeg",
            school::school_page(
                &frame(NavItem::Schools),
                &school::SchoolView { round: round_ref(), name: text("Sint Jozef"), code: text("09XX00"), ..school::SchoolView::default() },
            ),
        ),
        ("studenten", students::students_page(&frame(NavItem::Students), &students_view())),
        ("studenten-gezocht", students::students_page(&frame(NavItem::Students), &found)),
        ("studenten-niets", students::students_page(&frame(NavItem::Students), &not_found)),
        ("student", student::student_page(&frame(NavItem::Students), &student_view())),
        ("voorstel", proposal::proposal_page(&frame(NavItem::Proposal), &proposal_view(Some(result())))),
        ("voorstel-nieuw", proposal::proposal_page(&frame(NavItem::Proposal), &proposal_view(None))),
        ("voorstel-kan-niet", proposal::proposal_page(&frame(NavItem::Proposal), &missing)),
        ("voorstel-bezig", proposal::proposal_page(&frame(NavItem::Proposal), &busy)),
        ("voorstel-fout", proposal::proposal_page(&frame(NavItem::Proposal), &wrong_seed)),
        ("plaatsbord", board::board_page(&frame(NavItem::Board), &board_view())),
        ("plaatsbord-niemand", board::board_page(&frame(NavItem::Board), &nobody_chosen)),
        ("plaatsbord-geen-plek", board::board_page(&problem, &no_fit)),
        ("dekking", coverage::coverage_page(&frame(NavItem::Coverage), &coverage_view())),
        ("dekking-leeg", coverage::coverage_page(&frame(NavItem::Coverage), &nothing_covered)),
        ("dekking-studenten", coverage::coverage_students_page(&frame(NavItem::Coverage), &coverage_students_view())),
        ("werkboeken", workbooks::workbooks_page(&frame(NavItem::Workbooks), &workbooks_view())),
    ]
}

fn other_pages() -> Vec<(&'static str, Markup)> {
    let wrong = vec![FieldError::new("bestand", "Dit bestand is leeg. Kies een ander bestand.")];
    vec![
        ("taak", jobs::job_page(&frame(NavItem::Proposal), &job(jobs::JobStage::Running))),
        ("taak-klaar", jobs::job_page(&frame(NavItem::Proposal), &job(jobs::JobStage::Done))),
        ("taak-mislukt", jobs::job_page(&frame(NavItem::Proposal), &job(jobs::JobStage::Failed))),
        ("importeren", imports::import_page(&frame(NavItem::Import), &import_view(vec![]))),
        ("importeren-fout", imports::import_page(&frame(NavItem::Import), &import_view(wrong))),
        ("import-goed", imports::import_result_page(&frame(NavItem::Import), &import_result(imports::ImportState::Ready))),
        ("import-fouten", imports::import_result_page(&frame(NavItem::Import), &import_result(imports::ImportState::Wrong))),
        ("hulp", help::help_page(&frame(NavItem::Help), &help_view())),
        ("woordenlijst", help::glossary_page(&frame(NavItem::Help), &glossary_view())),
        ("toetsen", help::keys_page(&frame(NavItem::Help))),
        ("hulp-import", help::import_docs_page(&frame(NavItem::Help), &import_docs_view())),
        ("api", api_docs::api_docs_page(&frame(NavItem::Help), &api_view())),
        ("fout-404", errors::error_page(&frame(NavItem::Elsewhere), &error_view(404))),
        ("fout-500", errors::error_page(&stranger(), &error_view(500))),
        (
            "fout-413",
            errors::error_page(
                &frame(NavItem::Import),
                &errors::ErrorView {
                    detail: text("Dit bestand is 34 MB. Hoogstens 20 MB mag."),
                    back: text("/importeren"),
                    ..error_view(413)
                },
            ),
        ),
    ]
}
