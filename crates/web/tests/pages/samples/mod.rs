//! Every page, filled with made-up data: full, empty and with errors.

mod accounts;
mod announcing;
mod audit;
mod counting;
mod loading;
mod oidc;
mod overview;
mod own;
mod people;
mod places;
mod planning;
mod privacy;
mod reading;
mod rules;
mod settings;

use counting::{coverage_students_view, coverage_view};
use kernschil_app::settings::Installation;
use kernschil_domain::coverage::CoverageStatus;
use kernschil_web::charts::Bar;
use kernschil_web::components::filters::FilterOption;
use kernschil_web::components::forms::FieldError;
use kernschil_web::components::may::May;
use kernschil_web::components::nav::{NavItem, RoundRef};
use kernschil_web::components::page::{Flash, FlashKind, Frame, UndoForm};
use kernschil_web::components::signs::StatusCounts;
use kernschil_web::components::table::Paging;
use kernschil_web::views::several::several_page;
use kernschil_web::views::{
    access, api_docs, board, coverage, errors, help, imports, jobs, proposal, round, school, schools, start, student, students, workbooks,
};
use loading::{import_result, import_view, several};
use maud::Markup;
use overview::{job, jobs_view, round_view, start_view, workbooks_view};
use people::{student_rows, student_view, students_view};
use places::{school_view, schools_view};
use planning::{board_view, chosen, many, proposal_view, result};
use reading::{api_view, codes_view, error_view, glossary_view, help_view, import_docs_view};

/// A name that must be escaped wherever it is shown.
pub(crate) const HOSTILE: &str = "<script>alert('x')</script> van 't Hof";

fn text(value: &str) -> String {
    value.to_owned()
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| text(value)).collect()
}

fn round_ref() -> RoundRef {
    RoundRef { name: text("Talent voor Onderwijs"), school_year: text("2026-2027"), slug: text("talent-2026"), state: None }
}

fn frame(active: NavItem) -> Frame {
    Frame {
        user: Some(text("Marieke de Groot")),
        owner: text("0190f3b2-7c4e-7000-8000-000000000001"),
        csrf: text("teken"),
        active,
        round: Some(round_ref()),
        flash: None,
        may: May::everything(),
        installation: settings::installation(),
    }
}

fn stranger() -> Frame {
    Frame {
        user: None,
        owner: String::new(),
        csrf: text("teken"),
        active: NavItem::Elsewhere,
        round: None,
        flash: None,
        may: May::nothing(),
        installation: Installation::default(),
    }
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

/// Every page: a name for the file, and the page.
pub(crate) fn pages() -> Vec<(&'static str, Markup)> {
    let mut pages = forms_and_start();
    pages.extend(round_pages());
    pages.extend(other_pages());
    pages.extend(audit::pages());
    pages.extend(privacy::pages());
    pages.extend(oidc::pages());
    pages.extend(own::pages());
    pages.extend(accounts::pages());
    pages.extend(settings::pages());
    pages.extend(rules::pages());
    pages.extend(announcing::pages());
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
            access::sign_in_page(
                &stranger(),
                &access::SignInView { email: text("\"><script>"), next: text("/rondes/x"), providers: Vec::new(), errors: wrong },
            ),
        ),
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
    let several = board::BoardView {
        chosen: None,
        many: Some(many()),
        errors: vec![FieldError::new("reden-wissel", "Schrijf op waarom.")],
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
        ("plaatsbord", board::board_page(&frame(NavItem::Board), &board_view())),
        ("plaatsbord-niemand", board::board_page(&frame(NavItem::Board), &nobody_chosen)),
        ("plaatsbord-meer", board::board_page(&frame(NavItem::Board), &several)),
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
        ("taken", jobs::jobs_page(&frame(NavItem::Elsewhere), &jobs_view())),
        ("taken-leeg", jobs::jobs_page(&frame(NavItem::Elsewhere), &jobs::JobsView::default())),
        ("taak-klaar", jobs::job_page(&frame(NavItem::Proposal), &job(jobs::JobStage::Done))),
        ("taak-mislukt", jobs::job_page(&frame(NavItem::Proposal), &job(jobs::JobStage::Failed))),
        ("importeren", imports::import_page(&frame(NavItem::Import), &import_view(vec![]))),
        ("importeren-fout", imports::import_page(&frame(NavItem::Import), &import_view(wrong))),
        ("import-goed", imports::import_result_page(&frame(NavItem::Import), &import_result(imports::ImportState::Ready))),
        ("import-meer", several_page(&frame(NavItem::Import), &several(imports::ImportState::Ready))),
        ("import-meer-fouten", several_page(&frame(NavItem::Import), &several(imports::ImportState::Wrong))),
        ("import-meer-geladen", several_page(&frame(NavItem::Import), &several(imports::ImportState::Loaded))),
        ("import-fouten", imports::import_result_page(&frame(NavItem::Import), &import_result(imports::ImportState::Wrong))),
        ("hulp", help::help_page(&frame(NavItem::Help), &help_view())),
        ("woordenlijst", help::glossary_page(&frame(NavItem::Help), &glossary_view())),
        ("bevindingen", help::codes_page(&frame(NavItem::Help), &codes_view())),
        ("toetsen", help::keys_page(&frame(NavItem::Help))),
        ("hulp-import", help::import_docs_page(&frame(NavItem::Help), &import_docs_view())),
        ("api", api_docs::api_docs_page(&frame(NavItem::Help), &api_view())),
        ("fout-404", errors::error_page(&frame(NavItem::Elsewhere), &error_view(404))),
        ("fout-500", errors::error_page(&stranger(), &error_view(500))),
        (
            "fout-401",
            errors::error_page(
                &stranger(),
                &errors::ErrorView {
                    typed: Some(errors::TypedView {
                        texts: vec![(text("Bevinding"), text("Het team is open.\nHet leert van elkaar."))],
                        way_on: (text("/inloggen?terug=/peer-reviews/talent/bevindingen"), "Log in, in een nieuw tabblad"),
                    }),
                    ..error_view(401)
                },
            ),
        ),
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
