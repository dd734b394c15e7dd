//! One's own account, and getting in.

use kernschil_app::access::Password;
use kernschil_web::components::forms::{Choice, FieldError};
use kernschil_web::components::nav::NavItem;
use kernschil_web::views::access::{SecondFactorView, SignInView, second_factor_page, sign_in_page};
use kernschil_web::views::account::{
    AccountView, PasswordView, Place, Section, SessionRow, SessionsView, account_page, no_password_page, password_page, sessions_page,
};
use kernschil_web::views::reset::{ForgotView, forgot_page, forgot_sent_page, reset_page, useless_link_page};
use kernschil_web::views::second_factor::{
    About, CodesView, Occasion, OffView, OnView, ProofView, SetupView, codes_page, off_page, on_page, proof_page, setup_page,
};
use maud::Markup;

use super::{HOSTILE, frame, stranger, text, texts};

fn wrong(field: &str) -> Vec<FieldError> {
    vec![FieldError::new(field, "Deze code klopt niet of is al gebruikt.")]
}

fn account(errors: Vec<FieldError>) -> AccountView {
    let section = |name: &str, href: &str, state: &str| Section { name: text(name), href: text(href), state: text(state) };
    AccountView {
        name: text(HOSTILE),
        email: text("m.degroot@school.nl"),
        sections: vec![
            section("Wachtwoord wijzigen", "/account/wachtwoord", ""),
            section(
                "Tweede factor",
                "/account/tweede-factor",
                "Staat aan, ingesteld op 3 november 2026 om 10.05 uur. Nog 8 herstelcodes over.",
            ),
            section("Uw sessies", "/account/sessies", "U bent op 2 plekken ingelogd."),
            section("API-sleutels", "/account/sleutels", "Voor programma's die namens u met Kernschil werken."),
        ],
        errors,
    }
}

fn password(errors: Vec<FieldError>) -> PasswordView {
    let choice = |value: &str, label: &str, hint: &str| Choice { value: text(value), label: text(label), hint: text(hint) };
    PasswordView {
        tokens: vec![
            choice("houden", "Laat ze werken", "Uw programma's merken niets."),
            choice("intrekken", "Trek ze in", "Voor de zekerheid."),
        ],
        chosen: text("houden"),
        errors,
    }
}

fn session(id: &str, browser: &str, place: Place) -> SessionRow {
    SessionRow {
        id: text(id),
        browser: text(browser),
        method: text("uw wachtwoord"),
        began: text("vandaag om 08.30 uur"),
        seen: text("vandaag om 10.02 uur"),
        place,
    }
}

fn setup(errors: Vec<FieldError>) -> SetupView {
    SetupView {
        qr: text(r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#000" d="M4 4h1v1h-1z"/></svg>"##),
        address: text("otpauth://totp/Kernschil:m.degroot%40school.nl?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kernschil"),
        secret: text("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        errors,
    }
}

fn getting_in() -> Vec<(&'static str, Markup)> {
    let providers = vec![(text("Inloggen met SURFconext"), text("/inloggen/surfconext")), (text(HOSTILE), text("/inloggen/school"))];
    let sign_in = SignInView { providers, next: text("/rondes/x"), ..SignInView::default() };
    let no_code = SecondFactorView { next: text("\"><script>"), errors: wrong("code") };
    let no_recovery = SecondFactorView { next: text("/account"), errors: wrong("recovery") };
    let forgot = ForgotView { email: text(HOSTILE), errors: vec![FieldError::new("email", "Vul uw e-mailadres in.")] };
    vec![
        ("inloggen-diensten", sign_in_page(&stranger(), &sign_in)),
        ("inloggen-code", second_factor_page(&stranger(), &SecondFactorView::default())),
        ("inloggen-code-fout", second_factor_page(&stranger(), &no_code)),
        ("inloggen-herstelcode-fout", second_factor_page(&stranger(), &no_recovery)),
        ("wachtwoord-vergeten", forgot_page(&stranger(), &ForgotView::default())),
        ("wachtwoord-vergeten-fout", forgot_page(&stranger(), &forgot)),
        ("wachtwoord-vergeten-verstuurd", forgot_sent_page(&stranger())),
        ("wachtwoord-herstellen", reset_page(&stranger(), &[])),
        (
            "wachtwoord-herstellen-fout",
            reset_page(&stranger(), &[FieldError::new("password", "Kies een wachtwoord van minstens 12 tekens.")]),
        ),
        ("wachtwoord-herstellen-verlopen", useless_link_page(&stranger())),
    ]
}

pub(super) fn pages() -> Vec<(&'static str, Markup)> {
    let frame = frame(NavItem::Elsewhere);
    let rows = vec![session("1", "Firefox op Windows", Place::Here), session("2", HOSTILE, Place::Elsewhere)];
    let alone = SessionsView { rows: rows[..1].to_vec() };
    let codes = texts(&["k3fq8d-w4nx7h-mj9apt-cg6yek", "r6yhmc-3tcvea-8dqkxp-9fgwub"]);
    let proof = |about, password, errors| proof_page(&frame, &ProofView { about, password, errors });
    let mut pages = getting_in();
    pages.extend([
        ("account", account_page(&frame, &account(Vec::new()))),
        ("account-fout", account_page(&frame, &account(vec![FieldError::new("name", "Vul een naam in van hoogstens 100 tekens.")]))),
        ("account-wachtwoord", password_page(&frame, &PasswordView::default())),
        ("account-wachtwoord-fout", password_page(&frame, &password(vec![FieldError::new("current", "Dit is niet uw wachtwoord.")]))),
        ("account-geen-wachtwoord", no_password_page(&frame)),
        ("account-sessies", sessions_page(&frame, &SessionsView { rows })),
        ("account-sessies-alleen", sessions_page(&frame, &alone)),
        ("tweede-factor-uit", off_page(&frame, &OffView::default())),
        ("tweede-factor-uit-fout", off_page(&frame, &OffView { password: Password::Set, errors: wrong("password") })),
        ("tweede-factor-instellen", setup_page(&frame, &setup(Vec::new()))),
        ("tweede-factor-instellen-fout", setup_page(&frame, &setup(wrong("code")))),
        ("tweede-factor-codes", codes_page(&frame, &CodesView { codes: codes.clone(), occasion: Occasion::SetUp })),
        ("tweede-factor-nieuwe-codes", codes_page(&frame, &CodesView { codes, occasion: Occasion::Replaced })),
        ("tweede-factor-aan", on_page(&frame, &OnView { since: text("Op 3 november 2026 om 10.05 uur"), codes_left: 8 })),
        ("tweede-factor-bijna-op", on_page(&frame, &OnView { since: text("Vandaag om 10.05 uur"), codes_left: 1 })),
        ("tweede-factor-herstelcodes", proof(About::Codes, Password::Set, Vec::new())),
        ("tweede-factor-verwijderen", proof(About::Removal, Password::None, Vec::new())),
        ("tweede-factor-verwijderen-fout", proof(About::Removal, Password::Set, wrong("code"))),
    ]);
    pages
}
