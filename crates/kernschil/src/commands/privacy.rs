//! `kernschil privacy`: the register of processing, the retention terms, and the dossier of a student. A student number
//! is read from standard input, as what stands on a command line is seen by others and kept in its history.

use std::fs::OpenOptions;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use kernschil_app::privacy::{self, FoundStudent, RegisterLine, RetentionView};
use kernschil_app::{Actor, App};
use kernschil_domain::privacy::duration;
use serde_json::json;

use crate::cli::{Privacy, PrivacyDossier, PrivacyRegister, PrivacyRetention};
use crate::exit::{Stop, reason};
use crate::open::{Need, with};
use crate::output::{Align, Answer, table};
use crate::settings::Settings;

/// Does one of them.
pub(crate) async fn run(settings: &Settings, command: Privacy) -> Result<Answer, Stop> {
    with(settings, Need::Existing, async |app| match command {
        Privacy::Register(PrivacyRegister { out }) => register(app, out.as_deref()).await,
        Privacy::Retention(PrivacyRetention { apply: false }) => retention(app).await,
        Privacy::Retention(PrivacyRetention { apply: true }) => apply(app).await,
        Privacy::Dossier(PrivacyDossier { out }) => dossier(app, &out).await,
    })
    .await
}

/// Writes a file that was not there; it may hold personal data.
fn put(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| {
        let message = format!("Het bestand {} is niet te schrijven: {}. Kies een andere naam of map.", path.display(), reason(&error));
        Stop::outside("bestand-onbruikbaar", message)
    })
}

async fn register(app: &App, out: Option<&Path>) -> Result<Answer, Stop> {
    if let Some(path) = out {
        put(path, &privacy::register_workbook(app, &Actor::CommandLine).await?.bytes)?;
        let text = format!("Het register van verwerkingen staat in {}.", path.display());
        return Ok(Answer::done(text, json!({ "file": path })));
    }
    let register = privacy::register(app, &Actor::CommandLine).await?;
    let row = |line: &RegisterLine| {
        vec![line.kind.dutch().to_owned(), line.subject.dutch().to_owned(), line.care.dutch().to_owned(), duration(line.months)]
    };
    let rows: Vec<_> = register.lines.iter().map(row).collect();
    let columns = [("Gegeven", Align::Left), ("Van", Align::Left), ("Zorg", Align::Left), ("Bewaard", Align::Left)];
    let text = format!(
        "{}\n\n{} kolommen, waarvan {} over personen. Alles met reden, grondslag en ontvangers: kernschil privacy register --out BESTAND.xlsx",
        table(&columns, &rows),
        register.columns,
        register.personal
    );
    Ok(Answer::done(text, json!(register)))
}

fn terms(view: &RetentionView) -> String {
    let rows: Vec<_> = view
        .terms
        .iter()
        .map(|term| vec![term.kind.dutch().to_owned(), duration(term.months), term.limit.to_string(), term.due.to_string()])
        .collect();
    table(&[("Wat", Align::Left), ("Termijn", Align::Left), ("Wat ouder is dan", Align::Left), ("Nu", Align::Right)], &rows)
}

async fn retention(app: &App) -> Result<Answer, Stop> {
    let view = privacy::retention(app, &Actor::CommandLine).await?;
    let text = format!(
        "{}\n\nKernschil past dit elke dag zelf toe, als het draait. Meteen toepassen: kernschil privacy retention --apply",
        terms(&view)
    );
    Ok(Answer::done(text, json!(view)))
}

async fn apply(app: &App) -> Result<Answer, Stop> {
    let report = privacy::apply(app, &Actor::CommandLine).await?;
    Ok(Answer::done(format!("De bewaartermijnen zijn toegepast: {}", report.dutch()), json!(report)))
}

/// The student number that somebody types or sends.
fn number() -> Result<String, Stop> {
    if io::stdin().is_terminal() {
        let mut out = io::stderr().lock();
        let _ = write!(out, "Studentnummer: ").and_then(|()| out.flush());
    }
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Stop::outside("invoer-onleesbaar", format!("Het studentnummer is niet te lezen: {}.", reason(&error))))?;
    let number = line.trim().to_owned();
    if number.is_empty() {
        return Err(Stop::usage("studentnummer-ontbreekt", "Geef het studentnummer op de standaardinvoer."));
    }
    Ok(number)
}

async fn dossier(app: &App, out: &Path) -> Result<Answer, Stop> {
    let number = number()?;
    let (found, _) = privacy::find(app, &Actor::CommandLine, &number).await?;
    let exact: Vec<FoundStudent> = found.into_iter().filter(|student| student.number.eq_ignore_ascii_case(&number)).collect();
    let student = match exact.as_slice() {
        [one] => one.id,
        [] => return Err(Stop::usage("student-onbekend", "Er is geen student met dit nummer.")),
        _ => {
            let message = "Meer instituten hebben een student met dit nummer. Zoek de student op het scherm, onder Privacy.";
            return Err(Stop::usage("student-niet-eenduidig", message));
        }
    };
    let bytes = match out.extension().and_then(|extension| extension.to_str()) {
        Some("json") => privacy::dossier_json(app, &Actor::CommandLine, student).await?,
        Some("xlsx") => privacy::dossier_workbook(app, &Actor::CommandLine, student).await?.bytes,
        _ => return Err(Stop::usage("bestand-soort", "Geef bij --out een naam die eindigt op .xlsx of .json.")),
    };
    put(out, &bytes)?;
    let text = format!("De inzage staat in {}. Dat zij gemaakt is, staat in het logboek.", out.display());
    Ok(Answer::done(text, json!({ "file": out })))
}
