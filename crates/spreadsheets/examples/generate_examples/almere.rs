//! Almere (seed 003): OPLIS and SAMEN for primary, AAOS for secondary education. Too few kern places,
//! so the schil is used, and a few students stand outside with extra guidance. HKU's students do not
//! count for funding: HKU is no partner.

use crate::plan::{Case, Cohort, Condition, DemoSchool, Home, Need, Partnership, Period, Plan, Programme, Round, Standard, supply};

const YEAR: &str = "Schooljaar";
const WINDESHEIM: &str = "01VU";
const IPABO: &str = "21UG";
const HVA: &str = "28DN";
const HU: &str = "25DW";
const HKU: &str = "00MF";
const PABO: &str = "34808";
const VO: &str = "99002";
const ARTS: &str = "99003";
const CHANGER: &str = "99000";

const PABO_PHASES: &[(&str, &str)] = &[("propedeuse", "eerste"), ("hoofdfase", "midden"), ("afstudeerfase", "laatste")];
const VO_PHASES: &[(&str, &str)] = &[("vo propedeuse", "eerste"), ("vo hoofdfase", "midden"), ("vo afstudeerfase", "laatste")];

const TWO_DAYS: &[Need] = &[Need { period: YEAR, groups: &[""], days: "ma;di" }];
const BANDS: &[Need] = &[Need { period: YEAR, groups: &["1-2", "3-5", "6-8"], days: "ma;di" }];
const PART_TIME: &[Need] = &[Need { period: YEAR, groups: &[""], days: "wo" }];
const FINAL: &[Need] = &[Need { period: YEAR, groups: &[""], days: "ma;di;wo" }];
const FINAL_PART_TIME: &[Need] = &[Need { period: YEAR, groups: &[""], days: "do;vr" }];
const SECONDARY: &[Need] = &[Need { period: YEAR, groups: &[""], days: "di;do" }];

/// The plan.
pub(crate) const PLAN: Plan = Plan {
    folder: "almere",
    letter: "A",
    first_number: 100,
    seed: 36,
    round: Round { name: "Almere 2026-2027", school_year: "2026-2027", travel_limit: "90", outside_guidance: "10", wishes: 5 },
    partnerships: &[
        partnership("OPLIS", "Almere", "", &[WINDESHEIM, HVA], "2013-08-01"),
        partnership("SAMEN", "Almere;Flevoland buiten Almere (voorbeeldnaam)", "40950", &[WINDESHEIM, IPABO], "2023-12-01"),
        partnership("AAOS", "Almere", "", &[HVA, HU, WINDESHEIM], "2013-08-01"),
    ],
    programmes: &[
        programme(WINDESHEIM, "Windesheim", PABO, "Leraar basisonderwijs", "voltijd", PABO_PHASES),
        programme(WINDESHEIM, "Windesheim", PABO, "Leraar basisonderwijs", "deeltijd", PABO_PHASES),
        programme(
            WINDESHEIM,
            "Windesheim",
            CHANGER,
            "Zij-instroom in beroep po (voorbeeldcode)",
            "duaal",
            &[("zij-instroom jaar 1", "eerste"), ("zij-instroom jaar 2", "laatste")],
        ),
        programme(WINDESHEIM, "Windesheim", VO, "Leraar vo tweede graad (voorbeeldcode)", "deeltijd", VO_PHASES),
        programme(IPABO, "Hogeschool IPABO Amsterdam Alkmaar", PABO, "Leraar basisonderwijs", "voltijd", PABO_PHASES),
        programme(HVA, "Hogeschool van Amsterdam", PABO, "Leraar basisonderwijs", "voltijd", PABO_PHASES),
        programme(HVA, "Hogeschool van Amsterdam", VO, "Leraar vo tweede graad (voorbeeldcode)", "voltijd", VO_PHASES),
        programme(HU, "Hogeschool Utrecht", VO, "Leraar vo tweede graad (voorbeeldcode)", "voltijd", VO_PHASES),
        Programme {
            brin: HKU,
            institute: "Hogeschool voor de Kunsten Utrecht",
            croho: ARTS,
            name: "Docent kunstvakken (voorbeeldcode)",
            form: "voltijd",
            level: "hbo-bachelor",
            funded: "nee",
            phases: VO_PHASES,
        },
    ],
    conditions: &[
        Condition { partnership: "OPLIS", tier: "kern", kind: "gecertificeerde schoolopleider", value: "" },
        Condition { partnership: "OPLIS", tier: "schil", kind: "gecertificeerde schoolopleider", value: "" },
        Condition { partnership: "OPLIS", tier: "schil", kind: "begeleid door kern", value: "" },
        Condition { partnership: "SAMEN", tier: "kern", kind: "gecertificeerde schoolopleider", value: "" },
        Condition { partnership: "SAMEN", tier: "schil", kind: "begeleid door kern", value: "" },
        Condition { partnership: "AAOS", tier: "kern", kind: "gecertificeerde schoolopleider", value: "" },
    ],
    periods: &[Period { name: YEAR, begins: "2026-08-31", ends: "2027-07-09" }],
    homes: &[
        Home { area: "1315", share: 62, reach: 30 },
        Home { area: "1331", share: 14, reach: 20 },
        Home { area: "1391", share: 10, reach: 45 },
        Home { area: "1211", share: 8, reach: 35 },
        Home { area: "1102", share: 6, reach: 30 },
    ],
    cohorts: &[
        cohort(44, WINDESHEIM, PABO, "voltijd", "propedeuse", 2026, TWO_DAYS),
        cohort(34, WINDESHEIM, PABO, "voltijd", "hoofdfase", 2025, BANDS),
        cohort(30, WINDESHEIM, PABO, "voltijd", "hoofdfase", 2024, BANDS),
        cohort(24, WINDESHEIM, PABO, "voltijd", "afstudeerfase", 2023, FINAL),
        cohort(30, WINDESHEIM, PABO, "deeltijd", "propedeuse", 2026, PART_TIME),
        cohort(26, WINDESHEIM, PABO, "deeltijd", "hoofdfase", 2025, PART_TIME),
        cohort(22, WINDESHEIM, PABO, "deeltijd", "afstudeerfase", 2024, FINAL_PART_TIME),
        cohort(16, IPABO, PABO, "voltijd", "propedeuse", 2026, TWO_DAYS),
        cohort(14, IPABO, PABO, "voltijd", "hoofdfase", 2025, BANDS),
        cohort(10, IPABO, PABO, "voltijd", "afstudeerfase", 2023, FINAL),
        cohort(18, HVA, PABO, "voltijd", "propedeuse", 2026, TWO_DAYS),
        cohort(15, HVA, PABO, "voltijd", "hoofdfase", 2025, BANDS),
        cohort(12, HVA, PABO, "voltijd", "afstudeerfase", 2023, FINAL),
        Cohort {
            count: 30,
            brin: WINDESHEIM,
            croho: CHANGER,
            form: "duaal",
            phase: "zij-instroom jaar 1",
            start_year: 2026,
            kind: "zij-instromer",
            needs: FINAL,
            partnership: "",
            own_school: 22,
            home: None,
        },
        cohort(18, HVA, VO, "voltijd", "vo propedeuse", 2026, SECONDARY),
        cohort(14, HVA, VO, "voltijd", "vo hoofdfase", 2025, SECONDARY),
        cohort(10, HVA, VO, "voltijd", "vo afstudeerfase", 2023, FINAL),
        cohort(12, HU, VO, "voltijd", "vo hoofdfase", 2025, SECONDARY),
        cohort(6, HU, VO, "voltijd", "vo afstudeerfase", 2023, FINAL),
        cohort(15, WINDESHEIM, VO, "deeltijd", "vo hoofdfase", 2025, SECONDARY),
        cohort(9, HKU, ARTS, "voltijd", "vo afstudeerfase", 2023, FINAL),
    ],
    supply: &[
        supply("OPLIS", YEAR, "propedeuse", "", "ma;di", [50, 8, 0, 0]),
        supply("SAMEN", YEAR, "propedeuse", "", "ma;di", [18, 3, 0, 0]),
        supply("OPLIS", YEAR, "propedeuse;hoofdfase", "", "wo", [36, 7, 0, 0]),
        supply("SAMEN", YEAR, "propedeuse;hoofdfase", "", "wo", [10, 2, 0, 0]),
        supply("OPLIS", YEAR, "hoofdfase", "1-2", "ma;di", [19, 3, 0, 1]),
        supply("OPLIS", YEAR, "hoofdfase", "3;4;5", "ma;di", [20, 3, 0, 1]),
        supply("OPLIS", YEAR, "hoofdfase", "6-8", "ma;di", [18, 3, 0, 1]),
        supply("SAMEN", YEAR, "hoofdfase", "", "ma;di", [22, 3, 0, 0]),
        supply("OPLIS", YEAR, "afstudeerfase", "", "", [38, 8, 2, 4]),
        supply("SAMEN", YEAR, "afstudeerfase", "", "", [12, 3, 0, 0]),
        supply("OPLIS", YEAR, "zij-instroom jaar 1", "", "", [8, 0, 0, 0]),
        supply("SAMEN", YEAR, "zij-instroom jaar 1", "", "", [1, 0, 0, 0]),
        supply("AAOS", YEAR, "vo propedeuse", "", "", [20, 0, 0, 0]),
        supply("AAOS", YEAR, "vo hoofdfase", "", "", [44, 0, 0, 0]),
        supply("AAOS", YEAR, "vo afstudeerfase", "", "", [28, 0, 0, 2]),
    ],
    demo_schools: &[
        secondary("99VA00", "Vo-school Almere Stad (voorbeeld)", "1315", "41676", &[("AAOS", "kern")]),
        secondary("99VB00", "Vo-school Almere Stad Oost (voorbeeld)", "1325", "41676", &[("AAOS", "kern")]),
        secondary("99VC00", "Vo-school Almere Buiten (voorbeeld)", "1338", "41676", &[("AAOS", "kern")]),
        secondary("99VD00", "Vo-school Almere Haven (voorbeeld)", "1353", "41676", &[("AAOS", "kern")]),
        secondary("99VE00", "Vo-school Almere Poort (voorbeeld)", "1361", "41676", &[("AAOS", "kern")]),
        secondary("99VF00", "Vo-school Almere Tussen de Vaarten (voorbeeld)", "1318", "41676", &[("AAOS", "kern")]),
        secondary("99VG00", "Vo-school De Gouden Eik (voorbeeld)", "1326", "99903", &[]),
        DemoSchool {
            code: "99SA00",
            name: "Sbo-school De Waterlelie (voorbeeld)",
            sector: "sbo",
            postcode: "1328",
            place: "Almere",
            board: "99902",
            member: &[("OPLIS", "schil")],
            standard: Standard::Met,
            evidence: &[("inspectieoordeel", "voldoende")],
        },
        DemoSchool {
            code: "99AA00",
            name: "Basisschool De Zeemeeuw (voorbeeld)",
            sector: "bo",
            postcode: "1361",
            place: "Almere",
            board: "99904",
            member: &[("OPLIS", "schil"), ("SAMEN", "schil")],
            standard: Standard::Unmet,
            evidence: &[("inspectieoordeel", "onvoldoende"), ("getrainde mentoren", "30")],
        },
    ],
    extra_offers: &[],
    cases: &[
        Case { cohort: 2, nth: 3, home: None, travel_limit: None, school: None, needed: "nee" },
        Case { cohort: 6, nth: 0, home: None, travel_limit: None, school: None, needed: "nee" },
    ],
    tight_school: 0,
    tight_trainer: 0,
    registered: 3,
};

const fn partnership(
    name: &'static str,
    regions: &'static str,
    lead: &'static str,
    institutes: &'static [&'static str],
    since: &'static str,
) -> Partnership {
    Partnership { name, status: "erkend", regions, lead, institutes, since }
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

const fn cohort(
    count: usize,
    brin: &'static str,
    croho: &'static str,
    form: &'static str,
    phase: &'static str,
    start_year: u64,
    needs: &'static [Need],
) -> Cohort {
    Cohort { count, brin, croho, form, phase, start_year, kind: "student", needs, partnership: "", own_school: 0, home: None }
}

const fn secondary(
    code: &'static str,
    name: &'static str,
    postcode: &'static str,
    board: &'static str,
    member: &'static [(&'static str, &'static str)],
) -> DemoSchool {
    DemoSchool { code, name, sector: "vo", postcode, place: "Almere", board, member, standard: Standard::Met, evidence: &[] }
}
