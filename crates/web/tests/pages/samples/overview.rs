//! Start, overview of a round, workbooks, work in progress.

use kernschil_web::components::nav::RoundRef;
use kernschil_web::components::signs::StatusCounts;
use kernschil_web::views::{jobs, round, start, workbooks};

use super::{bar, counts, round_ref, text, texts};

pub(super) fn start_view() -> start::StartView {
    start::StartView {
        unfinished: Some(text("/eerste-keer")),
        waiting: Vec::new(),
        past: vec![(text("Peer review onderwijsregio HAK"), text("30 juni 2028"))],
        visits: start::Visits::Rounds,
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
                round: RoundRef { name: text("Almere"), school_year: text("2026-2027"), slug: text("almere"), state: None },
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

pub(super) fn task(name: &str, hint: &str, state: round::TaskState, href: &str) -> round::Task {
    round::Task { name: text(name), hint: text(hint), state, href: (!href.is_empty()).then(|| text(href)) }
}

pub(super) fn round_view() -> round::RoundView {
    use round::TaskState::{Attention, Busy, Done, Later};
    round::RoundView {
        round: round_ref(),
        partnerships: texts(&["HAN", "PWPO"]),
        tasks: vec![
            task("Gegevens", "198 scholen, 34 besturen en 121 opleiders", Done, "/importeren"),
            task("Plekken", "183 van 198 scholen gaven plekken op", Busy, "/rondes/talent-2026/scholen"),
            task("Voorkeuren", "1.087 van 1.131 studenten gaven voorkeuren op", Done, "/rondes/talent-2026/studenten"),
            task("Voorstel", "Gemaakt op 14 mei om 10.32 uur", Done, "/rondes/talent-2026/voorstel"),
            task("Controleren", "38 niet geplaatst, 19 met een waarschuwing", Attention, "/rondes/talent-2026/plaatsbord"),
            task("Vaststellen", "Eerst controleren", Later, ""),
            task("Bekendmaken", "Eerst vaststellen", Later, ""),
        ],
        students: 1131,
        demands: 1286,
        places: 1184,
        schools: 198,
        waiting: 4,
        several: 155,
        half_placed: 3,
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

pub(super) fn workbooks_view() -> workbooks::WorkbooksView {
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

pub(super) fn jobs_view() -> jobs::JobsView {
    let row = |state, message: &str| jobs::JobRow {
        href: text("/taken/7"),
        title: text("Voorstel voor Talent voor Onderwijs"),
        state,
        when: text("vandaag om 10.32 uur"),
        message: text(message),
    };
    jobs::JobsView {
        rows: vec![row(jobs::JobStage::Running, ""), row(jobs::JobStage::Done, "Klaar."), row(jobs::JobStage::Failed, "Mislukt.")],
    }
}

pub(super) fn job(state: jobs::JobStage) -> jobs::JobView {
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
