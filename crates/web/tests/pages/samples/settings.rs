//! Managing the installation, and the first run.

use kernschil_app::settings::Installation;
use kernschil_domain::values::SchoolYear;
use kernschil_web::components::filters::{Chip, ChipState};
use kernschil_web::components::forms::FieldError;
use kernschil_web::components::nav::NavItem;
use kernschil_web::components::status::Tone;
use kernschil_web::components::table::Paging;
use kernschil_web::views::first_run::{
    AccountView, ContentView, Done, Examples, Loading, OrganisationView, OwnLinks, OwnState, OwnWorkbook, Step, account_page, content_page,
    organisation_page, overview_page,
};
use kernschil_web::views::jobs::JobStage;
use kernschil_web::views::outbox::{Again, MailRow, OutboxView, outbox_page};
use kernschil_web::views::settings::{InstallationForm, SettingsView, settings_page};
use maud::Markup;

use super::{HOSTILE, frame, stranger, text, texts};

pub(super) fn installation() -> Installation {
    Installation { organisation: text(HOSTILE), school_year: Some(SchoolYear::starting(2026)) }
}

fn form(errors: Vec<FieldError>) -> InstallationForm {
    InstallationForm { organisation: text(HOSTILE), school_year: text("2026-2027"), years: texts(&["2025-2026", "2026-2027"]), errors }
}

fn wrong() -> Vec<FieldError> {
    vec![
        FieldError::new("organisation", "Vul de naam van uw organisatie in, van hoogstens 100 tekens."),
        FieldError::new("school_year", "Kies een schooljaar."),
    ]
}

fn own(name: &str, help: &str, state: OwnState, links: Option<&str>) -> OwnWorkbook {
    let links =
        links.map(|code| OwnLinks { template: format!("/importeren/sjabloon/{code}.xlsx"), load: format!("/importeren?soort={code}") });
    OwnWorkbook { name: text(name), help: text(help), links, state }
}

fn content(examples: Examples) -> ContentView {
    ContentView {
        examples,
        own: vec![
            own("Partnerschappen", "Besturen en scholen, kern of schil.", OwnState::Loaded, Some("partnerships")),
            own("Opleiders", "Wie begeleidt.", OwnState::Next, Some("trainers")),
            own("Plekken", "Hoeveel studenten een school kan ontvangen.", OwnState::Later, Some("offers")),
            own("Studenten", "Wie een plek nodig heeft.", OwnState::Later, None),
        ],
        done: Done(vec![Step::Account, Step::Organisation]),
    }
}

fn loading(stage: JobStage, progress: Option<(u32, u32)>) -> Examples {
    Examples::Loading(Loading { stage, progress, message: text("almere/plekken.xlsx wordt geladen."), href: text("/taken/7") })
}

fn mail(kind: &str, state: &str, tone: Tone, remark: &str, again: Again) -> MailRow {
    MailRow {
        id: text("7"),
        kind: text(kind),
        to: text("m***@school.nl"),
        when: text("Vandaag om 10.32 uur"),
        state: text(state),
        tone,
        attempts: 1,
        remark: text(remark),
        again,
    }
}

fn outbox() -> OutboxView {
    let chip = |label: &str, count, state| Chip { label: text(label), count, href: text("/instellingen/mail?stand=sent"), state };
    let instead = Again::Instead(text("De link in deze mail is verwijderd. Verstuur een nieuwe uitnodiging."));
    OutboxView {
        states: vec![
            chip("Alle", 4, ChipState::Chosen),
            chip("Verstuurd", 1, ChipState::Open),
            chip("Wordt verstuurd", 0, ChipState::Open),
        ],
        state: String::new(),
        rows: vec![
            mail("Uitnodiging", "verstuurd", Tone::Good, "Verstuurd vandaag om 10.33 uur.", Again::NotNeeded),
            mail("Nieuw wachtwoord", "geweigerd", Tone::Signal, "Ontvanger noemen: de mailserver antwoordt 550.", instead),
            mail("Proefmail", "onzeker", Tone::Signal, "Tekst aanbieden: de mailserver antwoordt niet op tijd.", Again::Possible),
            mail(
                "Uitnodiging",
                "wacht",
                Tone::Quiet,
                "Verbinden: er is geen verbinding. Volgende poging vandaag om 10.37 uur.",
                Again::NotNeeded,
            ),
        ],
        paging: Paging { page: 1, per_page: 50, rows: 4 },
        unknown: 1,
    }
}

/// The pages of this topic.
pub(super) fn pages() -> Vec<(&'static str, Markup)> {
    let frame = || frame(NavItem::Settings);
    let nothing = OutboxView { paging: Paging { page: 1, per_page: 50, rows: 0 }, ..OutboxView::default() };
    let none_in_state = OutboxView { state: text("refused"), ..nothing.clone() };
    let all = Done(vec![Step::Account, Step::Organisation, Step::Content]);
    let account =
        AccountView { name: text(HOSTILE), email: text("\"><script>"), errors: vec![FieldError::new("email", "Vul een e-mailadres in.")] };
    let organisation = |errors| OrganisationView { form: form(errors), done: Done(vec![Step::Account]) };
    let settings = |errors| SettingsView { form: form(errors), mail: text("12 verstuurd en 1 onzeker. Kijk wat er mis ging.") };
    vec![
        ("eerste-keer", account_page(&stranger(), &AccountView::default())),
        ("eerste-keer-fout", account_page(&stranger(), &account)),
        ("inrichten", overview_page(&frame(), &Done(vec![Step::Account]))),
        ("inrichten-klaar", overview_page(&frame(), &all)),
        ("inrichten-organisatie", organisation_page(&frame(), &organisation(vec![]))),
        ("inrichten-organisatie-fout", organisation_page(&frame(), &organisation(wrong()))),
        ("inrichten-gegevens", content_page(&frame(), &content(Examples::Offered(String::new())))),
        ("inrichten-gegevens-mislukt", content_page(&frame(), &content(Examples::Offered(text("Het werk is afgebroken."))))),
        ("inrichten-gegevens-wacht", content_page(&frame(), &content(loading(JobStage::Queued, None)))),
        ("inrichten-gegevens-bezig", content_page(&frame(), &content(loading(JobStage::Running, Some((3, 16)))))),
        ("inrichten-gegevens-geladen", content_page(&frame(), &content(Examples::Loaded(text("Klaar: 13 bestanden geladen."))))),
        ("inrichten-gegevens-eigen", content_page(&frame(), &content(Examples::Withheld(text("Er zijn eigen gegevens geladen."))))),
        ("instellingen", settings_page(&frame(), &settings(vec![]))),
        ("instellingen-fout", settings_page(&frame(), &settings(wrong()))),
        ("uitgaande-mail", outbox_page(&frame(), &outbox())),
        ("uitgaande-mail-leeg", outbox_page(&frame(), &nothing)),
        ("uitgaande-mail-niets", outbox_page(&frame(), &none_in_state)),
    ]
}
