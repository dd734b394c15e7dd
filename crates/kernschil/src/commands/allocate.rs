//! `kernschil allocate`: making a proposal, writing it to a file, and checking one.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use kernschil_app::proposals::{self, Freshness, RunSummary, Verdict, Watch};
use kernschil_app::{Actor, AppError};
use kernschil_domain::rounds::Round;
use serde_json::json;

use super::rounds::chosen;
use crate::cli;
use crate::exit::{Exit, Stop};
use crate::open::{Need, with};
use crate::output::Answer;
use crate::serving::asked_to_stop;
use crate::settings::Settings;

/// The largest file that is read, in bytes: a proposal for the whole country with its input is smaller.
const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Makes, writes or checks a proposal.
pub(crate) async fn run(settings: &Settings, what: cli::Allocate) -> Result<Answer, Stop> {
    match (&what.verify, &what.out) {
        (Some(file), _) => verify(settings, &what, file).await,
        (None, Some(file)) => write(settings, &what.round, file).await,
        (None, None) => make(settings, what.round).await,
    }
}

/// Makes the proposal of a round.
async fn make(settings: &Settings, round: cli::OneRound) -> Result<Answer, Stop> {
    with(settings, Need::Existing, async |app| {
        let round = chosen(app, round.round.as_deref()).await?;
        let watch = Arc::new(Watch::default());
        let making = proposals::make_and_apply(app, &Actor::CommandLine, &round.slug, Arc::clone(&watch));
        let summary = until_stopped(making, &watch).await?;
        Ok(Answer::done(in_words(&round, &summary), json!({ "round": round.slug, "summary": summary })))
    })
    .await
}

/// Lets work go on until it ends or somebody asks to stop.
async fn until_stopped<T>(work: impl Future<Output = Result<T, AppError>>, watch: &Watch) -> Result<T, AppError> {
    let mut work = Box::pin(work);
    tokio::select! {
        done = &mut work => done,
        () = asked_to_stop() => {
            watch.stop();
            work.await
        }
    }
}

/// Writes the proposal of a round to a file.
async fn write(settings: &Settings, round: &cli::OneRound, file: &Path) -> Result<Answer, Stop> {
    with(settings, Need::Existing, async |app| {
        let round = chosen(app, round.round.as_deref()).await?;
        let watch = Arc::new(Watch::default());
        let bytes = until_stopped(proposals::plan_file(app, &Actor::CommandLine, &round.slug, Arc::clone(&watch)), &watch).await?;
        let failed = |error: std::io::Error| {
            Stop::outside(
                "bestand-niet-geschreven",
                format!("{} kan niet geschreven worden: {error}. Kies een nieuw bestand.", file.display()),
            )
        };
        let mut out = OpenOptions::new().write(true).create_new(true).open(file).map_err(failed)?;
        out.write_all(&bytes).and_then(|()| out.sync_all()).map_err(failed)?;
        let text =
            format!("Het voorstel voor {} staat met zijn invoer in {}. Op het plaatsbord is niets veranderd.", round.name, file.display());
        Ok(Answer::done(text, json!({ "round": round.slug, "file": file, "bytes": bytes.len() })))
    })
    .await
}

fn read(file: &Path) -> Result<Vec<u8>, Stop> {
    let failed = |error: std::io::Error| {
        Stop::outside("bestand-niet-gelezen", format!("{} kan niet gelezen worden: {error}. Controleer de naam.", file.display()))
    };
    let mut bytes = Vec::new();
    File::open(file).map_err(failed)?.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Checks a proposal. It is accepted, or refused with everything that is wrong.
async fn verify(settings: &Settings, what: &cli::Allocate, file: &Path) -> Result<Answer, Stop> {
    let proposal = read(file)?;
    let verdict = if let Some(slug) = &what.round.round {
        with(settings, Need::Existing, async |app| {
            let round = chosen(app, Some(slug)).await?;
            Ok(proposals::verify_against_round(app, &Actor::CommandLine, &round.slug, &proposal).await?)
        })
        .await?
    } else {
        let input = what.input.as_deref().map(read).transpose()?;
        proposals::verify_file(&proposal, input.as_deref())?
    };
    Ok(told(&verdict))
}

fn told(verdict: &Verdict) -> Answer {
    let json = json!({ "accepted": verdict.is_accepted(), "verdict": verdict });
    if verdict.is_accepted() {
        let text = format!(
            "Het voorstel klopt: {} van de {} plaatsingsvragen geplaatst, alle regels gehouden, en het bewijs sluit.",
            verdict.placed, verdict.demands
        );
        return Answer::done(text, json);
    }
    let mut lines = vec!["Het voorstel klopt niet:".to_owned()];
    lines.extend(verdict.violations.iter().map(|violation| format!("- {violation}")));
    Answer { exit: Exit::No, text: lines.join("\n"), json }
}

fn in_words(round: &Round, summary: &RunSummary) -> String {
    let figures = &summary.figures;
    let fresh = match summary.freshness {
        Freshness::New => "",
        Freshness::Unchanged => " Er is niets veranderd sinds het laatste voorstel, dus dat blijft staan.",
    };
    format!(
        "{}: {} plaatsen nodig, {} geplaatst (kern {}, schil {}, buiten {}), {} zonder plaats.{fresh}",
        round.name,
        figures.demands,
        figures.demands - figures.unplaced,
        figures.kern,
        figures.schil + figures.schil_unmet,
        figures.outside,
        figures.unplaced
    )
}
