//! Proposal and placement board.

use kernschil_domain::coverage::CoverageStatus;
use kernschil_web::charts::{Column, Weight};
use kernschil_web::components::filters::{Chip, ChipState};
use kernschil_web::components::table::Paging;
use kernschil_web::views::{board, proposal, proposal_result};

use super::{HOSTILE, counts, round_ref, text, texts, undo};

pub(super) fn column(label: &str, value: u32, weight: Weight) -> Column {
    Column { label: text(label), value, weight }
}

pub(super) fn result() -> proposal_result::ProposalResult {
    let level = |aim: &str, outcome: &str| proposal_result::LevelResult { aim: text(aim), outcome: text(outcome) };
    proposal_result::ProposalResult {
        made: text("Gemaakt op 14 mei 2026 om 10.32 uur."),
        freshness: proposal_result::Freshness::Outdated,
        seed: text("1"),
        input_hash: text("9f2c41aa"),
        proof: proposal_result::Proof::Proven,
        counts: counts(),
        clear: 1043,
        unplaced: 38,
        remarkable: 19,
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

pub(super) fn proposal_view(result: Option<proposal_result::ProposalResult>) -> proposal::ProposalView {
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
        running: None,
        missing: vec![],
        result,
    }
}

pub(super) fn chosen() -> board::Chosen {
    let effect = |label: &str, after: &str, change, good| board::Effect { label: text(label), after: text(after), change, good };
    let candidate = |offer: &str, school: &str, status, minutes, wish, free, here| board::Candidate {
        offer: text(offer),
        school: text(school),
        code: text("08AB00"),
        place: text("Wijchen"),
        status,
        details: if offer == "o2" { text("alle fasen, groepen 3-5, ma-di") } else { String::new() },
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
        fitting_total: 31,
        all_href: text("/rondes/talent-2026/plaatsbord?vraag=d1&scholen=alle"),
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
        marks: vec![board::Mark { label: text("Vastgezet"), detail: text("een voorstel verplaatst deze student niet") }],
        bent: vec![board::Bent {
            place: candidate("o4", "Sint Jozef", CoverageStatus::Kern, 22, None, 1, board::Here::No),
            rules: texts(&["niet voor deze fase"]),
            reason: text("<b>stage</b>"),
        }],
        swaps: vec![swap()],
        pinned: Some(board::Pinned::Yes),
        left_out: board::LeftOut::No,
        excluded: vec![board::Excluded {
            school: text("s1"),
            name: text("De Regenboog"),
            category: text("family"),
            words: text("bekenden op de school"),
        }],
        schools: vec![(text("s2"), text("De Klimop (08AB00)"))],
        categories: vec![(text("school"), text("op verzoek van de school"))],
    }
}

fn swap() -> board::Swap {
    let effect = |label: &str, after: &str, change, good| board::Effect { label: text(label), after: text(after), change, good };
    board::Swap {
        demand: text("d2"),
        version: text("7"),
        name: text("Noor Bakker"),
        school: text("De Klimop"),
        effects: vec![effect("Noor: reis", "18 min", -12, board::Good::Better), effect("dekking blijft", "90,2%", 0, board::Good::Same)],
        rules: texts(&["niet voor deze fase (Noor Bakker)"]),
    }
}

pub(super) fn many() -> board::Many {
    let picked = |name: &str, school: &str, status, remark: &str| board::Picked {
        pick: text("d1.3"),
        name: text(name),
        school: text(school),
        status,
        remark: text(remark),
    };
    board::Many {
        students: vec![
            picked(HOSTILE, "Prins Maurits", CoverageStatus::OutsideGuided, "vastgezet"),
            picked("Noor Bakker", "", CoverageStatus::Unplaced, ""),
        ],
        actions: vec![board::ManyAction { code: text("release"), label: text("2 studenten van hun plek halen"), effects: swap().effects }],
        swap: Some(board::ManySwap { demand: text("d1"), version: text("3"), name: text(HOSTILE), with: swap(), reason: String::new() }),
        team_name: text(HOSTILE),
        team: None,
    }
}

pub(super) fn board_view() -> board::BoardView {
    let chip = |label: &str, count, state| Chip { label: text(label), count, href: text("/rondes/talent-2026/plaatsbord?groep=x"), state };
    let person = |name: &str, status, remark: &str, state| board::BoardStudent {
        pick: format!("d{}.3", name.len()),
        ticked: ChipState::Open,
        href: text("/rondes/talent-2026/plaatsbord?vraag=d1"),
        name: text(name),
        phase: text("propedeuse · Semester 1"),
        status,
        school: String::new(),
        remark: text(remark),
        state,
    };
    board::BoardView {
        many: None,
        errors: vec![],
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
        list_total: 154,
        paging: Paging { page: 2, per_page: 100, rows: 154 },
        chosen: Some(chosen()),
        undo: Some(undo()),
    }
}
