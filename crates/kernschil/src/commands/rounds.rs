//! `kernschil coverage` and `export`: what is done with a round.

use kernschil_app::coverage::{self, CoverageQuery, CoverageView};
use kernschil_app::exports::ExportKind;
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::coverage::percentage;
use kernschil_domain::rounds::Round;
use serde_json::json;

use super::workbooks;
use crate::cli;
use crate::exit::Stop;
use crate::open::{Need, with};
use crate::output::{Align, Answer, table};
use crate::settings::Settings;

/// Shows coverage.
pub(crate) async fn coverage(settings: &Settings, query: cli::Coverage) -> Result<Answer, Stop> {
    with(settings, Need::Existing, async |app| {
        let rounds = match &query.round {
            Some(slug) => vec![chosen(app, Some(slug)).await?],
            None => app.rounds(&Actor::CommandLine).await?,
        };
        let wanted = CoverageQuery { date: query.date, ..CoverageQuery::default() };
        let mut texts = Vec::new();
        let mut views = Vec::new();
        for round in &rounds {
            let view = coverage::of_round(app, &Actor::CommandLine, &round.slug, wanted).await?;
            texts.push(view_in_words(round, &view));
            views.push(json!({
                "round": round.slug, "name": round.name, "definition": view.definition, "date": query.date,
                "figures": view.figures, "divisions": view.divisions,
            }));
        }
        let text = if texts.is_empty() { "Er zijn nog geen rondes.".to_owned() } else { texts.join("\n\n") };
        Ok(Answer::done(text, json!({ "rounds": views })))
    })
    .await
}

fn view_in_words(round: &Round, view: &CoverageView) -> String {
    let figures = &view.figures;
    let title =
        format!("{}: dekking {} ({} van {} studenten)", round.name, percentage(figures.permille), figures.numerator, figures.denominator);
    let statuses: Vec<_> = figures.counts.iter().map(|(status, count)| vec![status.dutch().to_owned(), count.to_string()]).collect();
    let mut blocks = vec![title, table(&[("Status", Align::Left), ("Studenten", Align::Right)], &statuses)];
    for division in &view.divisions {
        let line = |part: &coverage::Part| {
            let (share, of) = (percentage(part.figures.permille), part.figures.denominator.to_string());
            vec![part.label.clone(), part.figures.numerator.to_string(), of, share]
        };
        let rows: Vec<_> = division.parts.iter().map(line).collect();
        if rows.len() > 1 {
            let columns = [("Per ".to_owned() + division.by.dutch(), Align::Left)];
            let columns =
                [(columns[0].0.as_str(), Align::Left), ("Gedekt", Align::Right), ("Van", Align::Right), ("Dekking", Align::Right)];
            blocks.push(table(&columns, &rows));
        }
    }
    blocks.join("\n\n")
}

/// The round with a short name, or the only one there is.
pub(super) async fn chosen(app: &App, slug: Option<&str>) -> Result<Round, Stop> {
    let mut rounds = app.rounds(&Actor::CommandLine).await?;
    let names: Vec<_> = rounds.iter().map(|round| round.slug.clone()).collect();
    let choice = if names.is_empty() { "Er zijn nog geen rondes.".to_owned() } else { format!("Kies uit: {}.", names.join(", ")) };
    match slug {
        Some(slug) => rounds.into_iter().find(|round| round.slug == slug).ok_or_else(|| {
            let message = format!("De ronde \"{slug}\" bestaat niet. {choice}");
            Stop::usage(AppError::NotFound.code(), message)
        }),
        None if rounds.len() == 1 => Ok(rounds.remove(0)),
        None => Err(Stop::usage("ronde-nodig", format!("Zeg met --round welke ronde. {choice}"))),
    }
}

/// Writes the workbooks of a round.
pub(crate) async fn export(settings: &Settings, export: cli::Export) -> Result<Answer, Stop> {
    with(settings, Need::Existing, async |app| {
        let round = chosen(app, export.round.round.as_deref()).await?;
        let kinds = if export.kind.is_empty() { &ExportKind::ALL[..] } else { &export.kind };
        let written = workbooks::write(app, &round.slug, kinds, &export.out).await?;
        Ok(Answer::done(written.in_words(&export.out), written.in_json(&export.out)))
    })
    .await
}
