//! Making a proposal: what goes in, the rules, the button, and what came out last.

use chrono::{DateTime, Utc};
use kernschil_app::jobs;
use kernschil_app::policy::SHOWN;
use kernschil_app::proposals::{self, Currency, Desk, ProposalView as Run, ShortageView};
use kernschil_domain::policy::{Aim, RuleKind, RuleMode};
use kernschil_domain::rounds::RoundRules;
use kernschil_http::Caller;
use poem::handler;
use poem::web::Path;

use super::State;
use super::support::{Answer, capital, html, round_ref, see_other, size, status_counts, whole};
use super::words::when;
use crate::charts::{Column, Weight};
use crate::components::nav::{NavItem, RoundRef};
use crate::components::text::number;
use crate::views::proposal::{ProposalView, Rule, proposal_page};
use crate::views::proposal_result::{Freshness, LevelResult, Proof, ProposalResult, Shortage};

/// Shortages shown; there are seldom more than a few.
const MOST_SHORTAGES: usize = 20;

fn rule(sentence: String) -> Rule {
    Rule { sentence, effect: String::new() }
}

/// What always holds: what schools and trainers can take, and the hard rules of the round.
fn hard(rules: &RoundRules) -> Vec<Rule> {
    let capacities = [
        "Een school krijgt nooit meer studenten dan zij plekken geeft, en nooit meer dan haar eigen maximum.",
        "Een opleider begeleidt nooit meer studenten dan zijn of haar maximum.",
        "De plek is in de periode waarin de student komt.",
    ];
    let hard = SHOWN.into_iter().filter(|kind| rules.policy.mode(*kind) == RuleMode::Hard);
    capacities.into_iter().map(ToOwned::to_owned).chain(hard.map(|kind| rules.sentence(kind))).map(rule).collect()
}

/// The aims of the round in their order, each with what weighs there. An aim of which every rule is off does not count.
fn aims(rules: &RoundRules) -> Vec<Rule> {
    let policy = &rules.policy;
    let counts = |aim: &&Aim| {
        let mut of_aim = RuleKind::ALL.iter().filter(|kind| kind.aim() == Some(**aim)).peekable();
        **aim == Aim::Travel || of_aim.peek().is_none() || of_aim.any(|kind| policy.mode(*kind) == RuleMode::Soft)
    };
    let sentence = |aim: &Aim| {
        let here = RuleKind::ALL.iter().filter(|kind| kind.aim() == Some(*aim) && policy.mode(**kind) == RuleMode::Soft);
        let weighing: Vec<_> = here.map(|kind| rules.sentence(*kind)).collect();
        Rule { sentence: aim.sentence().to_owned(), effect: weighing.join(" ") }
    };
    let lot = "Tussen voorstellen die precies even goed zijn, wordt geloot. Met dezelfde gegevens is de uitkomst altijd dezelfde.";
    policy.aims.iter().filter(counts).map(sentence).chain([rule(lot.to_owned())]).collect()
}

fn missing(desk: &Desk) -> Vec<String> {
    let mut missing = Vec::new();
    if desk.overview.offered == 0 {
        missing.push("Er zijn nog geen plekken geladen.".to_owned());
    }
    if desk.overview.demands == 0 {
        missing.push("Er zijn nog geen studenten geladen die een plek nodig hebben.".to_owned());
    }
    missing
}

fn shortage(round: &RoundRef, shortage: &ShortageView) -> Shortage {
    let groups: Vec<_> = shortage.by_phase.iter().map(|(period, phase, short)| format!("{phase}, {period} ({short})")).collect();
    Shortage {
        group: if groups.is_empty() { "Alle fasen".to_owned() } else { groups.join("; ") },
        students: shortage.students,
        full: if shortage.capacities.is_empty() {
            vec!["Voor deze studenten past geen enkele plek.".to_owned()]
        } else {
            shortage.capacities.iter().map(|text| capital(text)).collect()
        },
        short: shortage.short,
        href: round.path("plaatsbord?groep=unplaced"),
    }
}

fn wishes(run: &Run) -> Vec<Column> {
    let column = |label: String, value, weight| Column { label, value, weight };
    let mut columns: Vec<_> =
        (1..).zip(&run.figures.by_wish).map(|(rank, count)| column(format!("{rank}e"), *count, Weight::Plain)).collect();
    columns.push(column("geen".to_owned(), run.figures.not_listed, Weight::Signal));
    if columns.iter().all(|column| column.value == 0) { Vec::new() } else { columns }
}

/// Travel times of everybody who is placed now.
fn travel(desk: &Desk) -> Vec<Column> {
    let bands = [(0, 15, "0-15"), (16, 30, "16-30"), (31, 45, "31-45"), (46, 60, "46-60"), (61, u16::MAX, "60+")];
    let minutes: Vec<_> = desk.rows.iter().filter_map(|row| row.row.place.as_ref()?.minutes).collect();
    if minutes.is_empty() {
        return Vec::new();
    }
    let column = |(from, to, label): (u16, u16, &str)| Column {
        label: label.to_owned(),
        value: size(minutes.iter().filter(|minutes| (from..=to).contains(*minutes)).count()),
        weight: if from > 60 { Weight::Signal } else { Weight::Plain },
    };
    bands.map(column).into()
}

fn result(desk: &Desk, run: &Run, round: &RoundRef, now: DateTime<Utc>) -> ProposalResult {
    // The last level is the lot between equals: its value means nothing to people.
    let levels = run.levels.split_last().map_or(&[][..], |(_, levels)| levels);
    let level = |level: &proposals::LevelView| LevelResult {
        aim: capital(&level.label),
        outcome: number(u32::try_from(level.value).unwrap_or(u32::MAX)),
    };
    let unplaced = desk.rows.iter().filter(|row| row.row.place.is_none()).count();
    let clear = desk.rows.iter().filter(|row| row.exceptions.is_empty()).count();
    ProposalResult {
        made: format!("Gemaakt {}.", when(run.made_at, now)),
        freshness: if run.currency == Currency::Current { Freshness::Current } else { Freshness::Outdated },
        seed: run.rules.seed.to_string(),
        input_hash: run.input_hash.chars().take(12).collect(),
        proof: if run.is_proven() { Proof::Proven } else { Proof::Unchecked },
        counts: status_counts(&desk.overview.coverage),
        clear: size(clear),
        unplaced: size(unplaced),
        remarkable: size(desk.rows.len() - clear - unplaced),
        levels: levels.iter().map(level).collect(),
        shortages: run.shortages.iter().take(MOST_SHORTAGES).map(|one| shortage(round, one)).collect(),
        wishes: wishes(run),
        travel: travel(desk),
    }
}

fn view(desk: &Desk, running: Option<String>, now: DateTime<Utc>) -> ProposalView {
    let round = round_ref(&desk.data.round);
    ProposalView {
        students: size(desk.overview.students),
        demands: size(desk.overview.demands),
        schools: size(desk.overview.schools),
        places: whole(desk.overview.offered),
        kept: size(desk.kept),
        hard: hard(&desk.data.round.rules),
        aims: aims(&desk.data.round.rules),
        running,
        missing: missing(desk),
        result: desk.run.as_ref().map(|run| result(desk, run, &round, now)),
        round,
    }
}

/// The page about the proposal.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let desk = proposals::desk(&web.app, &caller.actor, &slug).await?;
    let latest = jobs::latest(&web.app, &caller.actor).await?;
    let running = latest.iter().find(|job| job.round.as_ref() == Some(&slug) && super::jobs::is_open(job));
    let view = view(&desk, running.map(|job| format!("/taken/{}", job.id)), web.app.clock.now());
    Ok(html(proposal_page(&web.frame_of(caller, NavItem::Proposal, &view.round), &view)))
}

/// Asks for a proposal; the page of the work follows it.
#[handler]
pub(super) async fn ask(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let job = jobs::ask_proposal(&web.app, &caller.actor, &slug).await?;
    Ok(see_other(&format!("/taken/{job}")))
}
