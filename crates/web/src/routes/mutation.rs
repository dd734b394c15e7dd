//! One mutation: its plans, and carrying one out.

use kernschil_app::mutations::{self, CarryOut, MoveView, OptionView, Prices, Proven, Stop, Tally};
use kernschil_app::proposals::Currency;
use kernschil_domain::ids::{MutationId, Version};
use kernschil_domain::mutations::MutationState;
use kernschil_domain::policy::Order;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::State;
use super::mutations::tone;
use super::support::{Answer, capital, html, id, round_ref, see_other, size, status_at, workbook};
use super::words::when;
use crate::components::nav::NavItem;
use crate::components::text::{counted, form, listed};
use crate::views::mutation::{Chosen, FigureLine, MoveLine, MutationView, OptionPanel, PriceStep, Stage, StopCell, mutation_page};

fn stop(stop: &Stop) -> StopCell {
    let minutes = stop.minutes.map(|minutes| format!("{minutes} min"));
    let wish = stop.wish_rank.map(|rank| format!("{rank}e voorkeur"));
    StopCell {
        code: stop.school_code.clone(),
        name: stop.school_name.clone(),
        status: status_at(stop.standing),
        about: minutes.into_iter().chain(wish).collect::<Vec<_>>().join(" · "),
    }
}

fn line(one: &MoveView) -> MoveLine {
    MoveLine {
        student: one.student.to_string(),
        name: one.name.clone(),
        about: format!("{} · {} · {}", one.number, one.phase, one.period),
        from: one.from.as_ref().map(stop),
        to: one.to.as_ref().map(stop),
        why: one.why.clone(),
    }
}

fn figures(before: &Tally, after: &Tally) -> Vec<FigureLine> {
    let first = |tally: &Tally| tally.by_wish.first().copied().unwrap_or_default();
    let any = |tally: &Tally| tally.by_wish.iter().sum();
    let average = |tally: &Tally| {
        let placed = u64::from(tally.demands.saturating_sub(tally.unplaced)).max(1);
        u32::try_from(tally.minutes / placed).unwrap_or(u32::MAX)
    };
    let line =
        |label: &str, count: &dyn Fn(&Tally) -> u32| FigureLine { label: label.to_owned(), before: count(before), after: count(after) };
    vec![
        line("Plekken nodig", &|tally| tally.demands),
        line("Zonder plek", &|tally| tally.unplaced),
        line("Binnen samen opleiden", &Tally::covered),
        line("Kern", &|tally| tally.kern),
        line("Buiten samen opleiden", &|tally| tally.outside),
        line("Eerste voorkeur", &first),
        line("Een van de voorkeuren", &any),
        line("Reis langer dan een uur", &|tally| tally.over_60),
        line("Reis gemiddeld, in minuten", &average),
    ]
}

/// What the button does: `Verplaats 4 studenten en stuur 9 brieven`.
fn button(option: &OptionView) -> String {
    let (moved, ended, placed) = option.outcome;
    let mut parts = Vec::new();
    if moved > 0 {
        parts.push(format!("verplaats {}", counted(size(moved), "student", "studenten")));
    }
    if placed > 0 {
        parts.push(format!("plaats {}", counted(size(placed), "student", "studenten")));
    }
    if ended > 0 {
        parts.push(format!("beëindig {}", counted(size(ended), "plaatsing", "plaatsingen")));
    }
    let letters = option.to_students + option.to_schools;
    if letters > 0 {
        parts.push(format!("stuur {}", counted(size(letters), "brief", "brieven")));
    }
    if parts.is_empty() { "Voer de wijziging door; niemand verhuist".to_owned() } else { capital(&listed(&parts)) }
}

fn also(option: &OptionView) -> Vec<String> {
    let (moved, ended, placed) = option.outcome;
    let mut sentences = Vec::new();
    if moved > 0 {
        sentences.push(format!("{} naar een andere plek.", counted(size(moved), "student gaat", "studenten gaan")));
    }
    if placed > 0 {
        sentences.push(format!("{} een plek.", counted(size(placed), "student krijgt", "studenten krijgen")));
    }
    if ended > 0 {
        sentences.push(format!("Van {} eindigt de plaatsing, zonder een andere plek.", counted(size(ended), "student", "studenten")));
    }
    if sentences.is_empty() {
        sentences.push("Niemand gaat naar een andere plek.".to_owned());
    }
    if option.retrained > 0 {
        sentences.push(format!(
            "{} dezelfde plek en een andere opleider.",
            counted(size(option.retrained), "student houdt", "studenten houden")
        ));
    }
    sentences.push(format!("Brieven: {} aan studenten en {} aan scholen. Anderen horen niets.", option.to_students, option.to_schools));
    sentences
}

fn panel(view: &mutations::MutationView, option: &OptionView) -> OptionPanel {
    let (title, lead) = match option.order {
        _ if view.options.len() == 1 => ("Het plan", "Beide volgordes, plaatsen houden eerst en dekking eerst, geven hetzelfde plan."),
        Order::KeptFirst => ("Plaatsen houden eerst", "Zo weinig mogelijk studenten verhuizen; daarna zo goed mogelijk."),
        Order::CoveredFirst => {
            ("Dekking eerst", "Zo veel mogelijk studenten binnen samen opleiden; daarna zo weinig mogelijk verhuizingen.")
        }
    };
    let proof = match option.proven {
        Proven::Best => {
            "Bewezen: beter kan niet met deze gegevens, in deze volgorde van doelen. Een tweede berekening heeft het nagerekend."
        }
        Proven::Unknown => "Dit plan houdt alle regels. Of er een beter plan bestaat, is niet bewezen.",
        Proven::Chosen => "Met de hand gekozen.",
    };
    OptionPanel {
        code: option.order.code().to_owned(),
        title: title.to_owned(),
        lead: if option.proven == Proven::Chosen { String::new() } else { lead.to_owned() },
        figures: figures(&view.before, &option.after),
        moves: option.moves.iter().map(line).collect(),
        waiting: option.waiting.clone(),
        also: also(option),
        proof: proof.to_owned(),
        button: button(option),
        chosen: if view.done == Some(option.order) { Chosen::Yes } else { Chosen::No },
    }
}

fn prices(prices: &Prices) -> (Vec<String>, Vec<PriceStep>) {
    let mut sentences = vec![match prices.unplaced_alone {
        0 => "Verhuist alleen wie de wijziging zelf aangaat, dan heeft toch iedereen een plek.".to_owned(),
        count => {
            let blijven = form(count, "blijft", "blijven");
            format!("Verhuist alleen wie de wijziging zelf aangaat, dan {blijven} {} zonder plek.", counted(count, "student", "studenten"))
        }
    }];
    match prices.steps.as_slice() {
        [only] if only.outside == 0 => {
            sentences.push("Er staat dan niemand buiten samen opleiden; meer verhuizingen leveren daar niets op.".to_owned());
        }
        [only] => {
            let staan = form(only.outside, "staat", "staan");
            let students = counted(only.outside, "student", "studenten");
            sentences.push(format!("Er {staan} dan {students} buiten samen opleiden. Met meer verhuizingen worden dat er niet minder."));
        }
        _ => sentences
            .push("De tabel zegt per student minder buiten samen opleiden hoeveel studenten er ten minste moeten verhuizen.".to_owned()),
    }
    sentences.push(match &prices.more {
        Some(more) if more.proven == Proven::Best => format!("{} Dat is bewezen: met minder verhuizingen kan het niet.", more.sentence()),
        Some(more) => more.sentence(),
        None => "Meer verhuizingen maken het plan op geen enkel doel beter.".to_owned(),
    });
    let step = |step: &mutations::Step| PriceStep {
        outside: step.outside,
        moved: step.moved,
        proven: if step.proven == Proven::Best { "bewezen" } else { "minder niet uitgesloten" }.to_owned(),
    };
    (sentences, prices.steps.iter().map(step).collect())
}

fn view(view: &mutations::MutationView, now: chrono::DateTime<chrono::Utc>) -> MutationView {
    let row = &view.row;
    let stage = match (row.state, view.currency) {
        (MutationState::Planned, Some(Currency::Outdated)) => Stage::Outdated,
        (MutationState::Planned, Some(Currency::Current)) => Stage::Planned,
        (MutationState::Noted | MutationState::Planned, _) => Stage::Noted,
        (MutationState::CarriedOut, _) => Stage::Done,
        (MutationState::Cancelled, _) => Stage::Cancelled,
    };
    let (sentences, steps) = view.prices.as_ref().filter(|prices| !prices.steps.is_empty()).map(prices).unwrap_or_default();
    let by = row.made_by.as_ref().map(|name| format!(" door {name}")).unwrap_or_default();
    MutationView {
        round: round_ref(&view.round),
        id: row.id.to_string(),
        what: row.what.clone(),
        kind: capital(row.subject.dutch()),
        state: Some((tone(row.state), row.state.dutch().to_owned())),
        noted: format!("{}{by}", when(row.made_at, now)),
        ended: row.ended_at.map(|at| when(at, now)).unwrap_or_default(),
        note: view.note.clone().unwrap_or_default(),
        version: row.version.0.to_string(),
        stage,
        planning: view.planning.map(|job| format!("/taken/{job}")).unwrap_or_default(),
        planned: view.planned_at.map(|at| when(at, now)).unwrap_or_default(),
        options: view.options.iter().map(|option| panel(view, option)).collect(),
        prices: sentences,
        steps,
    }
}

/// One mutation.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path((slug, mutation)): Path<(String, String)>) -> Answer {
    let found = mutations::get(&web.app, &caller.actor, &slug, id(&mutation)?).await?;
    let view = view(&found, web.app.clock.now());
    Ok(html(mutation_page(&web.frame_of(caller, NavItem::Mutations, &view.round), &view)))
}

/// What goes with the buttons.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VersionForm {
    versie: String,
    volgorde: String,
}

fn seen(form: &VersionForm) -> Version {
    // What is no version is none that anybody saw.
    Version(form.versie.trim().parse().unwrap_or_default())
}

/// An order by its code; any other is the first one.
fn order(code: &str) -> Order {
    Order::parse(code).unwrap_or(Order::KeptFirst)
}

fn back(slug: &str, mutation: MutationId) -> poem::Response {
    see_other(&format!("/rondes/{slug}/wijzigingen/{mutation}"))
}

/// Has the plan made, or made again.
#[handler]
pub(super) async fn plan(
    web: State<'_>,
    caller: &Caller,
    Path((slug, mutation)): Path<(String, String)>,
    Form(sent): Form<VersionForm>,
) -> Answer {
    let mutation: MutationId = id(&mutation)?;
    let job = mutations::ask_plan(&web.app, &caller.actor, &slug, mutation, seen(&sent)).await?;
    Ok(see_other(&format!("/taken/{job}")))
}

/// Carries a plan out.
#[handler]
pub(super) async fn carry_out(
    web: State<'_>,
    caller: &Caller,
    Path((slug, mutation)): Path<(String, String)>,
    Form(sent): Form<VersionForm>,
) -> Answer {
    let mutation: MutationId = id(&mutation)?;
    let command = CarryOut { mutation, order: order(&sent.volgorde), seen: seen(&sent) };
    mutations::carry_out(&web.app, &caller.actor, &slug, command).await?;
    Ok(back(&slug, mutation))
}

/// Takes a mutation back.
#[handler]
pub(super) async fn cancel(
    web: State<'_>,
    caller: &Caller,
    Path((slug, mutation)): Path<(String, String)>,
    Form(sent): Form<VersionForm>,
) -> Answer {
    let mutation: MutationId = id(&mutation)?;
    mutations::cancel(&web.app, &caller.actor, &slug, mutation, seen(&sent)).await?;
    Ok(back(&slug, mutation))
}

/// Which plan.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OrderQuery {
    volgorde: String,
}

/// Who moves, as a workbook.
#[handler]
pub(super) async fn export(
    web: State<'_>,
    caller: &Caller,
    Path((slug, mutation)): Path<(String, String)>,
    Query(query): Query<OrderQuery>,
) -> Answer {
    let found = mutations::workbook(&web.app, &caller.actor, &slug, id(&mutation)?, order(&query.volgorde)).await?;
    Ok::<_, Failure>(workbook(&found.file_name, found.bytes))
}
