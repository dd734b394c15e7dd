//! Coverage.

use kernschil_web::components::filters::{Chip, ChipState};
use kernschil_web::components::signs::StatusCounts;
use kernschil_web::components::table::Paging;
use kernschil_web::views::coverage;

use super::{counts, options, people::student_rows, round_ref, text};

pub(super) fn coverage_view() -> coverage::CoverageView {
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

pub(super) fn coverage_students_view() -> coverage::CoverageStudentsView {
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
