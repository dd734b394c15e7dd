//! Accounts, roles, invitations, tokens, and who may do what.

use kernschil_web::components::filters::FilterOption;
use kernschil_web::components::forms::{Choice, FieldError};
use kernschil_web::components::nav::NavItem;
use kernschil_web::components::status::Tone;
use kernschil_web::components::table::Paging;
use kernschil_web::views::granting::{GrantFor, RoleStep, ScopeList, ScopeStep, role_step_page, scope_step_page};
use kernschil_web::views::invitation::{InvitationView, invitation_page, useless_invitation_page};
use kernschil_web::views::policy::{Held, PermissionRow, PolicyView, RoleDoc, policy_page};
use kernschil_web::views::tokens::{MadeTokenView, Revoke, TokenForm, TokenRow, TokensView, made_token_page, tokens_page};
use kernschil_web::views::user::{GrantEnd, GrantRow, UserAction, UserView, user_page};
use kernschil_web::views::users::{UserFilter, UserRow, UsersView, users_page};
use maud::Markup;

use super::{HOSTILE, frame, stranger, text, texts};

fn user_row(id: &str, name: &str, state: (Tone, &str)) -> UserRow {
    UserRow {
        id: text(id),
        name: text(name),
        email: text("n.visser@hogeschool-almere.example"),
        roles: texts(&["partnerschapscoördinator van Almere", "lezer van alles"]),
        state: (state.0, text(state.1)),
        second_factor: text("aan"),
        signed_in: text("vandaag om 10.05 uur"),
    }
}

fn users() -> UsersView {
    let new = UserRow { roles: vec![], signed_in: text("nog nooit"), ..user_row("u2", "Bram Smits", (Tone::Busy, "uitgenodigd")) };
    UsersView {
        filter: UserFilter::default(),
        search: String::new(),
        roles: vec![FilterOption::new("administrator", "beheerder", 1), FilterOption::new("reader", "lezer", 12)],
        states: vec![FilterOption::new("active", "actief", 60), FilterOption::new("blocked", "geblokkeerd", 2)],
        rows: vec![user_row("u1", HOSTILE, (Tone::Good, "actief")), new, user_row("u3", "Noor Visser", (Tone::Signal, "geblokkeerd"))],
        paging: Paging { page: 1, per_page: 50, rows: 62 },
    }
}

fn user() -> UserView {
    let grant = |id: &str, words: &str, dates: &str, moment: (Tone, &str), end| GrantRow {
        id: text(id),
        words: text(words),
        dates: text(dates),
        moment: (moment.0, text(moment.1)),
        end,
    };
    UserView {
        id: text("u1"),
        name: text(HOSTILE),
        email: text("n.visser@hogeschool-almere.example"),
        state: (Tone::Good, text("actief")),
        facts: vec![(text("Laatst ingelogd"), text("vandaag om 10.05 uur")), (text("Logt in met"), text("wachtwoord, SURFconext"))],
        grants: vec![
            grant(
                "g1",
                "Partnerschapscoördinator van Almere",
                "1 augustus 2026 tot en met 31 juli 2027",
                (Tone::Good, "geldt nu"),
                GrantEnd::Open,
            ),
            grant("g2", "Lezer van alles", "vanaf 1 januari 2027", (Tone::Busy, "komt nog"), GrantEnd::Open),
            grant(
                "g3",
                "Schoolopleider van De Krul, Almere (05XH00)",
                "1 augustus 2025 tot en met 31 juli 2026",
                (Tone::Quiet, "voorbij"),
                GrantEnd::Closed,
            ),
        ],
        actions: vec![UserAction::Grant, UserAction::Reset, UserAction::SecondFactor, UserAction::Block, UserAction::Remove],
        today: text("2026-11-22"),
    }
}

fn role_step(whom: GrantFor) -> RoleStep {
    let role = |value: &str, label: &str, hint: &str| Choice { value: text(value), label: text(label), hint: text(hint) };
    RoleStep {
        whom,
        roles: vec![
            role("administrator.all", "Beheerder", "Beheert accounts, instellingen en privacy. Ziet geen studenten."),
            role(
                "school-trainer.school",
                "Schoolopleider van een school",
                "Begeleidt studenten op een school, of op de scholen van een cluster.",
            ),
        ],
        errors: vec![],
    }
}

fn scope_step(whom: GrantFor) -> ScopeStep {
    ScopeStep {
        whom,
        role: text("school-trainer.school"),
        role_words: text("schoolopleider van een school"),
        scopes: Some(ScopeList {
            label: text("School"),
            options: vec![(text("s1"), text("De Krul, Almere (05XH00)")), (text("s2"), text(HOSTILE))],
            total: 6512,
            search: String::new(),
        }),
        scope: text("s1"),
        from: text("2026-11-22"),
        through: String::new(),
        name: String::new(),
        email: String::new(),
        errors: vec![],
    }
}

fn tokens() -> TokensView {
    let choice = |value: &str, label: &str, hint: &str| Choice { value: text(value), label: text(label), hint: text(hint) };
    let row = |id: &str, state: (Tone, &str), revoke| TokenRow {
        id: text(id),
        name: text(HOSTILE),
        scope: text("alleen cijfers"),
        made: text("op 1 november 2026 om 09.12 uur"),
        until: text("30 januari 2027"),
        used: text("nog nooit"),
        state: (state.0, text(state.1)),
        revoke,
    };
    TokensView {
        rows: vec![row("t1", (Tone::Good, "werkt"), Revoke::Open), row("t2", (Tone::Quiet, "ingetrokken"), Revoke::Closed)],
        form: TokenForm {
            name: String::new(),
            scope: text("figures"),
            days: text("90"),
            scopes: vec![
                choice("figures", "Alleen cijfers", "Geen namen van studenten."),
                choice("read", "Lezen", "Alles wat u zelf ook kunt zien."),
            ],
            terms: vec![choice("30", "30 dagen", ""), choice("90", "90 dagen", "")],
            errors: vec![],
        },
    }
}

fn invitation() -> InvitationView {
    InvitationView {
        action: text("/uitnodiging/0f"),
        invited_by: text(HOSTILE),
        roles: texts(&["partnerschapscoördinator van Almere", "lezer van alles"]),
        until: text("29 november 2026"),
        email: text("n.visser@hogeschool-almere.example"),
        name: text("Noor Visser"),
        ..InvitationView::default()
    }
}

fn policy() -> PolicyView {
    let role = |name: &str, scopes: &str| RoleDoc {
        name: text(name),
        what: text("Coördineert één partnerschap."),
        scopes: text(scopes),
        may: texts(&["studenten bij naam zien", "het plaatsbord bekijken", "studenten met de hand plaatsen"]),
    };
    let names = ["Beheerder", "Regiocoördinator", "Partnerschapscoördinator", "Pabo-medewerker", "Schoolopleider", "Bestuurder", "Lezer"];
    PolicyView {
        own: texts(&["U bent partnerschapscoördinator van Almere, tot en met 31 juli 2027."]),
        roles: names.iter().map(|name| role(name, "een partnerschap")).collect(),
        permissions: vec![PermissionRow {
            name: text("Partnerschappen, DUO-scholen en postcodes laden"),
            held: [Held::Yes, Held::Everything].into_iter().chain([Held::No; 5]).collect(),
        }],
    }
}

/// The pages, each with a name.
pub(super) fn pages() -> Vec<(&'static str, Markup)> {
    let frame = |active| frame(active);
    let people = || frame(NavItem::Users);
    let found = UsersView { search: text(HOSTILE), ..users() };
    let nobody = UsersView { search: text("xyz"), rows: vec![], ..users() };
    let filtered = UsersView { filter: UserFilter { stand: text("blocked"), ..UserFilter::default() }, rows: vec![], ..users() };
    let bare = UserView { grants: vec![], actions: vec![UserAction::Grant, UserAction::Invite, UserAction::Remove], ..user() };
    let gone = UserView { actions: vec![], ..user() };
    let noor = || GrantFor::User { id: text("u1"), name: text(HOSTILE) };
    let no_role = RoleStep { errors: vec![FieldError::new("rol", "Kies een rol.")], ..role_step(GrantFor::Guest) };
    let wrong = vec![
        FieldError::new("email", "Vul een e-mailadres in, zoals naam@school.nl."),
        FieldError::new("bereik", "Kies waarvoor de rol is."),
    ];
    let guest = ScopeStep { email: text("\"><script>"), scope: String::new(), errors: wrong, ..scope_step(GrantFor::Guest) };
    let everything = ScopeStep { role: text("reader.all"), role_words: text("lezer van alles"), scopes: None, ..scope_step(noor()) };
    let without = ScopeStep { role: text("geen"), role_words: String::new(), scopes: None, ..scope_step(GrantFor::Guest) };
    let nothing = ScopeStep { scopes: Some(ScopeList { label: text("Regio"), ..ScopeList::default() }), ..scope_step(noor()) };
    let short = vec![FieldError::new("password", "Kies een wachtwoord van minstens 12 tekens.")];
    let others = InvitationView {
        signed_in_as: text("Sanne de Wit"),
        providers: vec![(text("Aanvaard met SURFconext"), text("/inloggen/surfconext"))],
        errors: short,
        ..invitation()
    };
    let nameless = TokenForm { errors: vec![FieldError::new("name", "Geef de sleutel een naam.")], ..tokens().form };
    let made = MadeTokenView { name: text(HOSTILE), token: text("ks_0f0f0f0f"), sentence: text("De sleutel mag: alleen cijfers.") };
    vec![
        ("gebruikers", users_page(&people(), &users())),
        ("gebruikers-gezocht", users_page(&people(), &found)),
        ("gebruikers-niemand", users_page(&people(), &nobody)),
        ("gebruikers-niets", users_page(&people(), &filtered)),
        ("gebruiker", user_page(&people(), &user())),
        ("gebruiker-uitgenodigd", user_page(&people(), &bare)),
        ("gebruiker-verwijderd", user_page(&people(), &gone)),
        ("rol-kiezen", role_step_page(&people(), &role_step(noor()))),
        ("uitnodigen-fout", role_step_page(&people(), &no_role)),
        ("rol-bereik", scope_step_page(&people(), &scope_step(noor()))),
        ("rol-alles", scope_step_page(&people(), &everything)),
        ("rol-niets", scope_step_page(&people(), &nothing)),
        ("uitnodigen-wie", scope_step_page(&people(), &without)),
        ("uitnodigen-wie-fout", scope_step_page(&people(), &guest)),
        ("uitnodiging", invitation_page(&stranger(), &invitation())),
        ("uitnodiging-fout", invitation_page(&stranger(), &others)),
        ("uitnodiging-oud", useless_invitation_page(&stranger())),
        ("sleutels", tokens_page(&frame(NavItem::Elsewhere), &tokens())),
        ("sleutels-leeg-fout", tokens_page(&frame(NavItem::Elsewhere), &TokensView { rows: vec![], form: nameless })),
        ("sleutel-gemaakt", made_token_page(&frame(NavItem::Elsewhere), &made)),
        ("wie-mag-wat", policy_page(&frame(NavItem::Help), &policy())),
    ]
}
