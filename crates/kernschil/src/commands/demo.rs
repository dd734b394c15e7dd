//! `kernschil demo`: everything at work, on examples that came with the program.

mod roles;

use std::path::Path;

use kernschil_app::access::{self, NewUser};
use kernschil_app::overview::{self, Overview};
use kernschil_app::proposals::{self, Watch};
use kernschil_app::{Actor, App, examples};
use kernschil_domain::coverage::{CoverageStatus, percentage};
use kernschil_storage::{StorageError, access as accounts};
use serde_json::{Value, json};

use super::workbooks;
use crate::cli;
use crate::exit::Stop;
use crate::open::{Need, open};
use crate::output::{self, Answer, Format};
use crate::serving;
use crate::settings::Settings;

/// The account to look around with.
const EMAIL: &str = "demo@kernschil.nl";

/// Shows Kernschil.
pub(crate) async fn run(settings: &Settings, demo: cli::Demo, format: Format) -> Result<Answer, Stop> {
    // What could be in the way of serving is told before the work begins.
    let serving =
        if demo.exit { None } else { Some((serving::bind(&settings.listen)?, serving::hold_serving(settings)?, settings.mail_sender()?)) };
    let opened = open(settings, Need::Any).await?;
    let shown = show(&opened.app, settings, format, &demo).await;
    let Some((socket, _hold, sender)) = serving else {
        opened.app.store.close().await?;
        return shown;
    };
    let mut answer = shown?;
    let address = serving::base_address(&socket)?;
    answer.json["address"] = json!(address);
    output::print(format, &Ok(answer));
    if format == Format::Text {
        output::say(&format!("\nKernschil draait op {address} (stoppen: Ctrl-C)"));
    }
    serving::run(opened.app, settings, socket, sender).await?;
    Ok(Answer::done("", json!({ "stopped": true })))
}

async fn show(app: &App, settings: &Settings, format: Format, demo: &cli::Demo) -> Result<Answer, Stop> {
    let tell = |text: String| {
        if format == Format::Text {
            output::say(&text);
        }
    };
    let changes = examples::load(app, &Actor::CommandLine, |_| Ok(())).await?;
    let files = app.examples.len();
    tell(match changes {
        0 => format!("Voorbeelden: alle {files} bestanden waren al geladen."),
        _ => format!("Voorbeelden: {files} bestanden geladen, {changes} wijzigingen."),
    });
    let mut lines = Vec::new();
    let mut rounds = Vec::new();
    let mut written = workbooks::Written::default();
    let folder = settings.data.join("werkboeken");
    for round in app.rounds(&Actor::CommandLine).await? {
        let has_proposal = proposals::of_round(app, &Actor::CommandLine, &round.slug).await?.is_some();
        if changes > 0 || !has_proposal {
            tell(format!("{}: de plaatsen worden verdeeld.", round.name));
            Box::pin(proposals::make_and_apply(app, &Actor::CommandLine, &round.slug, Watch::default().into())).await?;
        }
        let overview = overview::of_round(app, &Actor::CommandLine, &round.slug).await?;
        lines.push(line(&overview));
        rounds.push(in_json(&overview));
        written.add(workbooks::keep(app, &round.slug, &folder).await?);
    }
    let account = account(app).await?;
    let mut text = format!("\n{}\n\n{}\n{}", lines.join("\n"), written.in_words(&folder), sign_in(&account, settings));
    let mut json =
        json!({ "changes": changes, "rounds": rounds, "workbooks": written.in_json(&folder), "account": account_json(&account) });
    if demo.accounts {
        let accounts = roles::make(app).await?;
        text = format!("{text}\n\n{}", roles::in_words(&accounts));
        json["accounts"] = roles::in_json(&accounts);
    }
    Ok(Answer::done(text, json))
}

/// Students by where they are.
struct Placed {
    all: u32,
    kern: u32,
    schil: u32,
    outside: u32,
}

impl Placed {
    fn of(overview: &Overview) -> Self {
        let count = |wanted: &[CoverageStatus]| {
            let counts = overview.coverage.counts.iter().filter(|(status, _)| wanted.contains(status));
            counts.map(|(_, count)| count).sum()
        };
        let kern = count(&[CoverageStatus::Kern]);
        let schil = count(&[CoverageStatus::Schil, CoverageStatus::SchilUnmet]);
        let outside = count(&[CoverageStatus::OutsideGuided, CoverageStatus::OutsideUnguided]);
        Self { all: kern + schil + outside, kern, schil, outside }
    }
}

/// `Talent voor Onderwijs: 1131 studenten, 1129 geplaatst (kern 1103, schil 25, buiten 1), 2 niet geplaatst, dekking 99,5%`.
/// Who is not counted is named, so that the figures add up.
fn line(overview: &Overview) -> String {
    let year = overview.round.school_year.to_string();
    let name = overview.round.name.trim_end_matches(&year).trim_end();
    let Placed { all, kern, schil, outside } = Placed::of(overview);
    let rest = [CoverageStatus::Unplaced, CoverageStatus::NotRequired, CoverageStatus::NotCountable].into_iter().filter_map(|status| {
        let (_, count) = overview.coverage.counts.iter().find(|(counted, _)| *counted == status)?;
        (*count > 0).then(|| format!(", {count} {}", status.dutch()))
    });
    let rest: String = rest.collect();
    format!(
        "{name}: {} studenten, {all} geplaatst (kern {kern}, schil {schil}, buiten {outside}){rest}, dekking {}",
        overview.students,
        percentage(overview.coverage.permille)
    )
}

fn in_json(overview: &Overview) -> Value {
    let placed = Placed::of(overview);
    json!({
        "round": overview.round.slug, "name": overview.round.name, "students": overview.students, "placed": placed.all,
        "kern": placed.kern, "schil": placed.schil, "outside": placed.outside, "coverage": overview.coverage,
    })
}

/// The account of the demo.
enum Account {
    /// It was there; its password is known only to who made it.
    Known,
    /// It was made now.
    New {
        /// Its password, shown once.
        password: String,
    },
}

async fn account(app: &App) -> Result<Account, Stop> {
    let known = app.store.read(async |tx| Ok::<_, StorageError>(accounts::user_by_email(tx, EMAIL).await?.is_some())).await?;
    if known {
        return Ok(Account::Known);
    }
    let password = access::fresh_password()?;
    let new = NewUser { email: EMAIL.to_owned(), name: "Demo".to_owned(), password: password.clone(), roles: access::EVERYTHING.to_vec() };
    access::add_user(app, &Actor::CommandLine, new).await?;
    Ok(Account::New { password })
}

fn sign_in(account: &Account, settings: &Settings) -> String {
    match account {
        Account::New { password } => format!("Inloggen: {EMAIL} met wachtwoord {password} (dit ziet u maar één keer)"),
        Account::Known => {
            let place = if settings.database_url.is_some() {
                "--database-url URL".to_owned()
            } else {
                format!("--data {}", quoted(&settings.data))
            };
            format!(
                "Inloggen: {EMAIL} met het wachtwoord van de eerste keer. Kwijt? Kies een nieuw:\n  kernschil user reset {place} --email {EMAIL}"
            )
        }
    }
}

/// A path that can be pasted in a command.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') { format!("\"{text}\"") } else { text }
}

fn account_json(account: &Account) -> Value {
    match account {
        Account::New { password } => json!({ "email": EMAIL, "password": password, "is_new": true }),
        Account::Known => json!({ "email": EMAIL, "is_new": false }),
    }
}
