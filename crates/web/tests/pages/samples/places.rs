//! Schools.

use kernschil_web::components::signs::Sign;
use kernschil_web::components::status::Met;
use kernschil_web::components::table::Paging;
use kernschil_web::views::{school, schools};

use super::{HOSTILE, options, round_ref, text, texts};

pub(super) fn school_row(
    code: &str,
    name: &str,
    place: &str,
    sign: Sign,
    offered: Option<u32>,
    used: u32,
    met: bool,
) -> schools::SchoolRow {
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
        conditions: Some(if met { (Met::Yes, text("gehaald")) } else { (Met::No, text("1 van 3 niet gehaald")) }),
    }
}

pub(super) fn schools_view() -> schools::SchoolsView {
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

pub(super) fn school_view() -> school::SchoolView {
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
        limits: texts(&["In Semester 1 komen er samen hoogstens 5 studenten."]),
        stays: Vec::new(),
        guests: vec![school::GuestRow {
            student: text("Yasmin el Idrissi"),
            href: text("/rondes/talent-2026/studenten/1"),
            programme: text("HAN Pabo voltijd, propedeuse"),
            period: text("Semester 1"),
            when: text("ma, groep 3-5"),
            trainer: text("Els Bakker"),
            standing: (Sign::Kern, text("kern")),
            status: text("voorgesteld"),
        }],
    }
}
