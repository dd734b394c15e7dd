//! Haarlemmermeer Amstelland Kennemerland (seeds 000 and 001): four partnerships over one region,
//! kern and schil boards, boards with one school, and boards that are kern here and schil there.

use crate::plan::{Case, Cohort, Condition, DemoSchool, Home, Need, Partnership, Period, Plan, Programme, Round, Standard, supply};

const FIRST: &str = "Semester 1";
const SECOND: &str = "Semester 2";
const YEAR: &str = "Schooljaar";
const INHOLLAND: &str = "27PZ";
const LEIDEN: &str = "21RI";
const MARNIX: &str = "10IZ";
const IPABO: &str = "21UG";
const PABO: &str = "34808";
const CHANGER: &str = "99000";

const LEER: &str = "Het Leercollectief";
const OPLIS: &str = "OPLIS/ILA";
const POO: &str = "Partners in Opleiding en Ontwikkeling";
const SOL: &str = "Samen Opleidend Leren";
const HAK: &str = "Haarlemmermeer Amstelland Kennemerland (HAK)";

const PHASES: &[(&str, &str)] = &[("propedeuse", "eerste"), ("hoofdfase", "midden"), ("afstudeerfase", "laatste")];
const CHANGER_PHASES: &[(&str, &str)] = &[("zij-instroom jaar 1", "eerste"), ("zij-instroom jaar 2", "laatste")];

const BOTH_HALVES: &[Need] =
    &[Need { period: FIRST, groups: &["1-2", "3-5"], days: "di" }, Need { period: SECOND, groups: &["3-5", "6-8"], days: "di" }];
const SECOND_HALF: &[Need] = &[Need { period: SECOND, groups: &[""], days: "di" }];
const PART_TIME_FIRST: &[Need] = &[Need { period: SECOND, groups: &[""], days: "vr" }];
const MAIN: &[Need] = &[Need { period: YEAR, groups: &["3-5", "6-8", "1-2"], days: "ma;di" }];
const PART_TIME_MAIN: &[Need] = &[Need { period: YEAR, groups: &[""], days: "vr" }];
const DUAL: &[Need] = &[Need { period: YEAR, groups: &[""], days: "ma;di;wo" }];
const FINAL: &[Need] = &[Need { period: FIRST, groups: &[""], days: "ma;di;wo" }];
const PART_TIME_FINAL: &[Need] = &[Need { period: SECOND, groups: &[""], days: "do;vr" }];

/// The plan.
pub(crate) const PLAN: Plan = Plan {
    folder: "hak",
    letter: "H",
    first_number: 5000,
    seed: 2030,
    round: Round { name: "HAK 2026-2027", school_year: "2026-2027", travel_limit: "90", outside_guidance: "8", wishes: 3 },
    partnerships: &[
        partnership(LEER, HAK, &[INHOLLAND, IPABO], "2024-08-01"),
        partnership(OPLIS, "Haarlemmermeer Amstelland Kennemerland (HAK);Leiden (voorbeeldnaam)", &[LEIDEN, INHOLLAND], "2017-08-01"),
        partnership(POO, "Haarlemmermeer Amstelland Kennemerland (HAK);Utrecht (voorbeeldnaam)", &[MARNIX, IPABO], "2018-08-01"),
        partnership(SOL, "Haarlemmermeer Amstelland Kennemerland (HAK);Leiden (voorbeeldnaam)", &[LEIDEN], "2023-08-01"),
    ],
    programmes: &[
        programme(INHOLLAND, "Hogeschool Inholland", PABO, "Leraar basisonderwijs", "voltijd", PHASES),
        programme(INHOLLAND, "Hogeschool Inholland", PABO, "Leraar basisonderwijs", "deeltijd", PHASES),
        programme(INHOLLAND, "Hogeschool Inholland", PABO, "Leraar basisonderwijs", "duaal", PHASES),
        programme(INHOLLAND, "Hogeschool Inholland", CHANGER, "Zij-instroom in beroep po (voorbeeldcode)", "duaal", CHANGER_PHASES),
        programme(LEIDEN, "Hogeschool Leiden", PABO, "Leraar basisonderwijs", "voltijd", PHASES),
        programme(LEIDEN, "Hogeschool Leiden", CHANGER, "Zij-instroom in beroep po (voorbeeldcode)", "duaal", CHANGER_PHASES),
        programme(MARNIX, "Marnix Academie", PABO, "Leraar basisonderwijs", "voltijd", PHASES),
        programme(IPABO, "Hogeschool IPABO Amsterdam Alkmaar", PABO, "Leraar basisonderwijs", "voltijd", PHASES),
    ],
    conditions: &[
        condition(LEER, "kern", "gecertificeerde schoolopleider", ""),
        condition(LEER, "schil", "gecertificeerde schoolopleider", ""),
        condition(LEER, "schil", "begeleid door kern", ""),
        condition(LEER, "schil", "inspectieoordeel niet zwak", ""),
        condition(OPLIS, "kern", "gecertificeerde schoolopleider", ""),
        condition(OPLIS, "schil", "begeleid door kern", ""),
        condition(POO, "kern", "gecertificeerde schoolopleider", ""),
        condition(POO, "schil", "gecertificeerde schoolopleider", ""),
        condition(POO, "schil", "minimaal aantal plekken", "1"),
        condition(SOL, "schil", "begeleid door kern", ""),
    ],
    periods: &[
        Period { name: FIRST, begins: "2026-08-31", ends: "2027-01-29" },
        Period { name: SECOND, begins: "2027-02-01", ends: "2027-07-09" },
        Period { name: YEAR, begins: "2026-08-31", ends: "2027-07-09" },
    ],
    homes: &[
        Home { area: "2011", share: 34, reach: 40 },
        Home { area: "2131", share: 24, reach: 40 },
        Home { area: "1941", share: 14, reach: 35 },
        Home { area: "1181", share: 16, reach: 35 },
        Home { area: "1421", share: 6, reach: 30 },
        Home { area: "2161", share: 6, reach: 35 },
    ],
    cohorts: &[
        cohort(52, INHOLLAND, "voltijd", "propedeuse", 2026, BOTH_HALVES, 0),
        cohort(38, INHOLLAND, "voltijd", "hoofdfase", 2025, MAIN, 0),
        cohort(34, INHOLLAND, "voltijd", "hoofdfase", 2024, MAIN, 0),
        cohort(30, INHOLLAND, "voltijd", "afstudeerfase", 2023, FINAL, 0),
        cohort(24, INHOLLAND, "deeltijd", "propedeuse", 2026, PART_TIME_FIRST, 0),
        cohort(22, INHOLLAND, "deeltijd", "hoofdfase", 2025, PART_TIME_MAIN, 0),
        cohort(20, INHOLLAND, "deeltijd", "afstudeerfase", 2024, PART_TIME_FINAL, 0),
        cohort(44, INHOLLAND, "duaal", "hoofdfase", 2025, DUAL, 30),
        cohort(30, INHOLLAND, "duaal", "afstudeerfase", 2023, DUAL, 22),
        cohort(34, LEIDEN, "voltijd", "propedeuse", 2026, SECOND_HALF, 0),
        cohort(30, LEIDEN, "voltijd", "hoofdfase", 2025, MAIN, 0),
        cohort(26, LEIDEN, "voltijd", "hoofdfase", 2024, MAIN, 0),
        cohort(26, LEIDEN, "voltijd", "afstudeerfase", 2023, FINAL, 0),
        cohort(18, MARNIX, "voltijd", "propedeuse", 2026, SECOND_HALF, 0),
        cohort(20, MARNIX, "voltijd", "hoofdfase", 2025, MAIN, 0),
        cohort(14, MARNIX, "voltijd", "afstudeerfase", 2023, FINAL, 0),
        cohort(16, IPABO, "voltijd", "propedeuse", 2026, SECOND_HALF, 0),
        cohort(18, IPABO, "voltijd", "hoofdfase", 2025, MAIN, 0),
        cohort(12, IPABO, "voltijd", "afstudeerfase", 2023, FINAL, 0),
        changer(18, INHOLLAND, "zij-instroom jaar 1", 2026, 14),
        changer(12, LEIDEN, "zij-instroom jaar 2", 2025, 9),
    ],
    supply: &[
        supply(LEER, FIRST, "propedeuse", "", "di", [37, 3, 0, 0]),
        supply(OPLIS, FIRST, "propedeuse", "", "di", [13, 2, 0, 0]),
        supply(LEER, SECOND, "propedeuse", "", "di", [46, 5, 0, 0]),
        supply(OPLIS, SECOND, "propedeuse", "", "di", [46, 2, 0, 0]),
        supply(POO, SECOND, "propedeuse", "", "di", [20, 3, 0, 0]),
        supply(SOL, SECOND, "propedeuse", "", "di", [6, 0, 0, 0]),
        supply(LEER, SECOND, "propedeuse", "", "vr", [18, 2, 0, 0]),
        supply(OPLIS, SECOND, "propedeuse", "", "vr", [3, 0, 0, 0]),
        supply(LEER, YEAR, "hoofdfase", "", "ma;di", [60, 9, 0, 0]),
        supply(OPLIS, YEAR, "hoofdfase", "", "ma;di", [58, 4, 0, 0]),
        supply(POO, YEAR, "hoofdfase", "", "ma;di", [27, 4, 0, 0]),
        supply(SOL, YEAR, "hoofdfase", "", "ma;di", [8, 2, 0, 0]),
        supply(LEER, YEAR, "hoofdfase", "", "vr", [16, 3, 0, 0]),
        supply(OPLIS, YEAR, "hoofdfase", "", "vr", [4, 0, 0, 0]),
        supply(LEER, YEAR, "hoofdfase;afstudeerfase", "", "", [14, 3, 0, 0]),
        supply(OPLIS, YEAR, "hoofdfase;afstudeerfase", "", "", [6, 0, 0, 0]),
        supply(LEER, FIRST, "afstudeerfase", "", "", [26, 3, 1, 1]),
        supply(OPLIS, FIRST, "afstudeerfase", "", "", [28, 1, 0, 0]),
        supply(POO, FIRST, "afstudeerfase", "", "", [16, 2, 0, 0]),
        supply(SOL, FIRST, "afstudeerfase", "", "", [3, 0, 0, 0]),
        supply(LEER, SECOND, "afstudeerfase", "", "do;vr", [15, 2, 0, 0]),
        supply(OPLIS, SECOND, "afstudeerfase", "", "do;vr", [4, 0, 0, 0]),
        supply(LEER, YEAR, "zij-instroom jaar 1", "", "", [3, 0, 0, 0]),
        supply(OPLIS, YEAR, "zij-instroom jaar 1;zij-instroom jaar 2", "", "", [5, 0, 0, 0]),
    ],
    demo_schools: &[DemoSchool {
        code: "99HA00",
        name: "Basisschool De Strandloper (voorbeeld)",
        sector: "bo",
        postcode: "2037",
        place: "Haarlem",
        board: "99905",
        member: &[(LEER, "schil"), (OPLIS, "schil"), (POO, "schil")],
        standard: Standard::Unmet,
        evidence: &[("inspectieoordeel", "onvoldoende")],
    }],
    extra_offers: &[],
    cases: &[
        Case { cohort: 3, nth: 7, home: Some("2202"), travel_limit: Some(20), school: None, needed: "ja" },
        Case { cohort: 2, nth: 0, home: None, travel_limit: None, school: None, needed: "nee" },
        Case { cohort: 5, nth: 2, home: None, travel_limit: None, school: None, needed: "nee" },
        Case { cohort: 11, nth: 4, home: None, travel_limit: None, school: None, needed: "nee" },
    ],
    tight_school: 20,
    tight_trainer: 12,
    registered: 5,
};

const fn partnership(name: &'static str, regions: &'static str, institutes: &'static [&'static str], since: &'static str) -> Partnership {
    Partnership { name, status: "erkend", regions, lead: "", institutes, since }
}

const fn programme(
    brin: &'static str,
    institute: &'static str,
    croho: &'static str,
    name: &'static str,
    form: &'static str,
    phases: &'static [(&'static str, &'static str)],
) -> Programme {
    Programme { brin, institute, croho, name, form, level: "hbo-bachelor", funded: "ja", phases }
}

const fn condition(partnership: &'static str, tier: &'static str, kind: &'static str, value: &'static str) -> Condition {
    Condition { partnership, tier, kind, value }
}

const fn cohort(
    count: usize,
    brin: &'static str,
    form: &'static str,
    phase: &'static str,
    start_year: u64,
    needs: &'static [Need],
    own_school: usize,
) -> Cohort {
    Cohort { count, brin, croho: PABO, form, phase, start_year, kind: "student", needs, partnership: "", own_school, home: None }
}

const fn changer(count: usize, brin: &'static str, phase: &'static str, start_year: u64, own_school: usize) -> Cohort {
    Cohort {
        count,
        brin,
        croho: CHANGER,
        form: "duaal",
        phase,
        start_year,
        kind: "zij-instromer",
        needs: DUAL,
        partnership: "",
        own_school,
        home: None,
    }
}
