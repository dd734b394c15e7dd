//! Talent voor Onderwijs (seed 004): two partnerships, HAN and PWPO, 1,131 students, a quarter more
//! first-years than a year before, nearly everybody trained in samen opleiden.

use crate::plan::{
    Case, Cohort, Condition, DemoSchool, ExtraOffer, Home, Need, Partnership, Period, Plan, Programme, Round, Standard, supply,
};

const YEAR: &str = "HAN schooljaar";
const PWPO_1: &str = "PWPO jaar 1";
const PWPO_2: &str = "PWPO jaar 2";
const PWPO_3A: &str = "PWPO jaar 3a";
const PWPO_3B: &str = "PWPO jaar 3b";
const HAN: &str = "25KB";
const RADBOUD: &str = "21PM";
const NO_GROUPS: &[&str] = &[""];

/// The plan.
pub(crate) const PLAN: Plan = Plan {
    folder: "talent",
    letter: "T",
    first_number: 100,
    seed: 1131,
    round: Round {
        name: "Talent voor Onderwijs 2026-2027",
        school_year: "2026-2027",
        travel_limit: "90",
        outside_guidance: "5",
        wishes: 3,
    },
    partnerships: &[
        Partnership { name: "HAN", status: "erkend", regions: "Talent voor Onderwijs", lead: "", institutes: &[HAN], since: "2014-08-01" },
        Partnership {
            name: "PWPO",
            status: "erkend",
            regions: "Talent voor Onderwijs",
            lead: "",
            institutes: &[RADBOUD],
            since: "2018-08-01",
        },
    ],
    programmes: &[
        Programme {
            brin: HAN,
            institute: "Hogeschool van Arnhem en Nijmegen",
            croho: "34808",
            name: "Leraar basisonderwijs",
            form: "voltijd",
            level: "hbo-bachelor",
            funded: "ja",
            phases: &[("propedeuse", "eerste"), ("kernfase", "midden"), ("afstudeerfase", "laatste")],
        },
        Programme {
            brin: HAN,
            institute: "Hogeschool van Arnhem en Nijmegen",
            croho: "34808",
            name: "Leraar basisonderwijs",
            form: "deeltijd",
            level: "hbo-bachelor",
            funded: "ja",
            phases: &[("propedeuse", "eerste"), ("kernfase", "midden"), ("afstudeerfase", "laatste")],
        },
        Programme {
            brin: HAN,
            institute: "Hogeschool van Arnhem en Nijmegen",
            croho: "99000",
            name: "Zij-instroom in beroep po (voorbeeldcode)",
            form: "duaal",
            level: "hbo-bachelor",
            funded: "ja",
            phases: &[("zij-instroom jaar 1", "eerste"), ("zij-instroom jaar 2", "laatste")],
        },
        Programme {
            brin: RADBOUD,
            institute: "Radboud Universiteit",
            croho: "99001",
            name: "Pedagogische Wetenschappen van Primair Onderwijs (voorbeeldcode)",
            form: "voltijd",
            level: "wo-bachelor",
            funded: "ja",
            phases: &[("jaar 1", "eerste"), ("jaar 2", "midden"), ("jaar 3", "laatste")],
        },
    ],
    conditions: &[
        Condition { partnership: "HAN", tier: "kern", kind: "gecertificeerde schoolopleider", value: "" },
        Condition { partnership: "HAN", tier: "schil", kind: "gecertificeerde schoolopleider", value: "" },
        Condition { partnership: "HAN", tier: "schil", kind: "begeleid door kern", value: "" },
        Condition { partnership: "PWPO", tier: "kern", kind: "gecertificeerde schoolopleider", value: "" },
        Condition { partnership: "PWPO", tier: "schil", kind: "gecertificeerde schoolopleider", value: "" },
        Condition { partnership: "PWPO", tier: "schil", kind: "begeleid door kern", value: "" },
    ],
    periods: &[
        Period { name: YEAR, begins: "2026-08-31", ends: "2027-07-09" },
        Period { name: PWPO_1, begins: "2026-10-05", ends: "2027-06-25" },
        Period { name: PWPO_2, begins: "2026-09-07", ends: "2027-06-25" },
        Period { name: PWPO_3A, begins: "2026-09-07", ends: "2026-12-18" },
        Period { name: PWPO_3B, begins: "2027-02-01", ends: "2027-06-25" },
    ],
    homes: &[
        Home { area: "6525", share: 34, reach: 45 },
        Home { area: "6602", share: 12, reach: 45 },
        Home { area: "5831", share: 16, reach: 50 },
        Home { area: "6661", share: 14, reach: 45 },
        Home { area: "6651", share: 10, reach: 45 },
        Home { area: "6561", share: 8, reach: 40 },
        Home { area: "6811", share: 6, reach: 30 },
    ],
    cohorts: &[
        han(222, "voltijd", "propedeuse", 2026, &[Need { period: YEAR, groups: NO_GROUPS, days: "di" }]),
        han(38, "deeltijd", "propedeuse", 2026, &[Need { period: YEAR, groups: NO_GROUPS, days: "vr" }]),
        han(178, "voltijd", "kernfase", 2025, &[Need { period: YEAR, groups: &["1-2", "3-5"], days: "ma;di" }]),
        han(30, "deeltijd", "kernfase", 2025, &[Need { period: YEAR, groups: NO_GROUPS, days: "vr" }]),
        han(198, "voltijd", "kernfase", 2024, &[Need { period: YEAR, groups: &["6-8", "3-5"], days: "ma;di" }]),
        han(34, "deeltijd", "kernfase", 2024, &[Need { period: YEAR, groups: NO_GROUPS, days: "vr" }]),
        han(182, "voltijd", "afstudeerfase", 2023, &[Need { period: YEAR, groups: NO_GROUPS, days: "ma;di;wo" }]),
        han(31, "deeltijd", "afstudeerfase", 2023, &[Need { period: YEAR, groups: NO_GROUPS, days: "do;vr" }]),
        changer(15, "zij-instroom jaar 1", 2026, 11),
        changer(12, "zij-instroom jaar 2", 2025, 10),
        pwpo(75, "jaar 1", 2026, &[Need { period: PWPO_1, groups: &["3-5"], days: "ma" }]),
        pwpo(60, "jaar 2", 2025, &[Need { period: PWPO_2, groups: &["6-8"], days: "ma" }]),
        pwpo(
            56,
            "jaar 3",
            2024,
            &[Need { period: PWPO_3A, groups: &["1-2"], days: "ma" }, Need { period: PWPO_3B, groups: &["3-8"], days: "ma;di;wo" }],
        ),
    ],
    supply: &[
        supply("HAN", YEAR, "propedeuse", "", "di", [235, 10, 0, 0]),
        supply("HAN", YEAR, "propedeuse;kernfase", "", "vr", [108, 4, 0, 0]),
        supply("HAN", YEAR, "kernfase", "1-2", "ma;di", [96, 2, 0, 0]),
        supply("HAN", YEAR, "kernfase", "3-5", "ma;di", [196, 4, 0, 0]),
        supply("HAN", YEAR, "kernfase", "6-8", "ma;di", [91, 12, 0, 0]),
        supply("HAN", YEAR, "afstudeerfase", "", "", [201, 18, 0, 0]),
        supply("HAN", YEAR, "zij-instroom jaar 1;zij-instroom jaar 2", "", "", [5, 0, 0, 0]),
        supply("PWPO", PWPO_1, "jaar 1", "3-5", "ma", [80, 0, 0, 0]),
        supply("PWPO", PWPO_2, "jaar 2", "6-8", "ma", [64, 2, 0, 0]),
        supply("PWPO", PWPO_3A, "jaar 3", "1-2", "ma", [50, 4, 3, 0]),
        supply("PWPO", PWPO_3B, "jaar 3", "3-8", "ma;di;wo", [60, 2, 0, 0]),
    ],
    demo_schools: &[
        DemoSchool {
            code: "99TA00",
            name: "Basisschool De Ooievaar (voorbeeld)",
            sector: "bo",
            postcode: "6543",
            place: "Nijmegen",
            board: "99901",
            member: &[("PWPO", "schil")],
            standard: Standard::Unmet,
            evidence: &[("getrainde mentoren", "40")],
        },
        DemoSchool {
            code: "99TB00",
            name: "Basisschool De Wulp (voorbeeld)",
            sector: "bo",
            postcode: "6601",
            place: "Wijchen",
            board: "99901",
            member: &[("PWPO", "schil"), ("HAN", "schil")],
            standard: Standard::Unmet,
            evidence: &[],
        },
    ],
    extra_offers: &[
        ExtraOffer { school: "12AR00", period: YEAR, phases: "zij-instroom jaar 1", days: "ma;di;wo;do", count: 1 },
        ExtraOffer { school: "03XV00", period: YEAR, phases: "zij-instroom jaar 1", days: "", count: 1 },
    ],
    cases: &[
        // Two zij-instromers work at the same school, which offers one place.
        Case { cohort: 8, nth: 11, home: None, travel_limit: None, school: Some("12AR00"), needed: "ja" },
        Case { cohort: 8, nth: 12, home: None, travel_limit: None, school: Some("12AR00"), needed: "ja" },
        // Works at a school outside the partnership.
        Case { cohort: 8, nth: 13, home: Some("6811"), travel_limit: None, school: Some("03XV00"), needed: "ja" },
        // Lives far away and can travel little: no school is near enough.
        Case { cohort: 6, nth: 20, home: Some("5854"), travel_limit: Some(15), school: None, needed: "ja" },
    ],
    tight_school: 30,
    tight_trainer: 15,
    registered: 9,
};

const fn han(count: usize, form: &'static str, phase: &'static str, start_year: u64, needs: &'static [Need]) -> Cohort {
    Cohort {
        count,
        brin: HAN,
        croho: "34808",
        form,
        phase,
        start_year,
        kind: "student",
        needs,
        partnership: "HAN",
        own_school: 0,
        home: None,
    }
}

const fn changer(count: usize, phase: &'static str, start_year: u64, own_school: usize) -> Cohort {
    Cohort {
        count,
        brin: HAN,
        croho: "99000",
        form: "duaal",
        phase,
        start_year,
        kind: "zij-instromer",
        needs: &[Need { period: YEAR, groups: NO_GROUPS, days: "ma;di;wo" }],
        partnership: "HAN",
        own_school,
        home: None,
    }
}

const fn pwpo(count: usize, phase: &'static str, start_year: u64, needs: &'static [Need]) -> Cohort {
    Cohort {
        count,
        brin: RADBOUD,
        croho: "99001",
        form: "voltijd",
        phase,
        start_year,
        kind: "student",
        needs,
        partnership: "PWPO",
        own_school: 0,
        home: Some("6525"),
    }
}
