//! One student: where she is, why, and what else there is.

use kernschil_app::history;
use kernschil_app::students::{self, DemandView, Granted, WishView};
use kernschil_domain::codes::{PlacementSource, PlacementStatus};
use kernschil_domain::ids::StudentId;
use kernschil_domain::periods::dutch_date;
use kernschil_http::Caller;
use poem::handler;
use poem::web::Path;

use super::State;
use super::choosing;
use super::support::{Answer, capital, find_round, groups, html, id, size};
use crate::components::nav::{NavItem, RoundRef};
use crate::views::history::HistoryOf;
use crate::views::student::{DemandStory, StudentView, WishGiven, WishOutcome, student_page};

/// Possible schools shown on the page; the board shows all.
const MOST_CANDIDATES: usize = 10;

impl From<&WishView> for WishOutcome {
    fn from(wish: &WishView) -> Self {
        let given = if wish.granted == Granted::Yes { WishGiven::Yes } else { WishGiven::No };
        Self { rank: size(wish.rank), target: wish.target.clone(), given, reason: format!("{}.", capital(&wish.outcome)) }
    }
}

fn because(demand: &DemandView) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(place) = &demand.row.place {
        match (place.wish_rank, demand.wishes.is_empty()) {
            (Some(rank), _) => sentences.push(format!("Dit is voorkeur {rank}.")),
            (None, true) => sentences.push("De student gaf geen voorkeuren op.".to_owned()),
            (None, false) => sentences.push("Dit is geen van de voorkeuren.".to_owned()),
        }
        sentences.push(match place.minutes {
            Some(minutes) => format!("De reis duurt naar schatting {minutes} minuten, enkele reis."),
            None => "De reistijd is niet bekend.".to_owned(),
        });
        if let Some(trainer) = &place.trainer {
            sentences.push(format!("De opleider is {trainer}."));
        }
    }
    if let Some(reason) = &demand.row.reason {
        sentences.push(reason.clone());
    }
    if sentences.is_empty() {
        sentences.push("Er is nog geen voorstel gemaakt waarin deze student meetelt.".to_owned());
    }
    sentences
}

fn source(demand: &DemandView) -> String {
    let Some(place) = &demand.row.place else { return String::new() };
    let source = match place.source {
        PlacementSource::Run => "uit het voorstel",
        PlacementSource::Hand => "met de hand geplaatst",
        PlacementSource::Import => "uit een werkboek",
    };
    if place.status == PlacementStatus::Proposed { source.to_owned() } else { format!("{source}, {}", place.status.dutch()) }
}

fn needs(demand: &DemandView) -> String {
    let mut parts = vec![
        format!("Van {} tot en met {}", dutch_date(demand.starts_on), dutch_date(demand.ends_on)),
        format!("dagen: {}", demand.weekdays),
        groups(&demand.groups),
    ];
    if let Some(limit) = demand.travel_limit {
        parts.push(format!("reis hoogstens {limit} minuten"));
    }
    parts.join(" · ")
}

fn story(round: &RoundRef, demand: &DemandView) -> DemandStory {
    let row = &demand.row;
    let is_kern = row.status == kernschil_domain::coverage::CoverageStatus::Kern;
    let mut possible = choosing::possible(&demand.candidates);
    let candidate_count = size(possible.len());
    possible.truncate(MOST_CANDIDATES);
    DemandStory {
        title: format!("{}, {}", capital(&row.period_name), row.phase_code),
        needs: needs(demand),
        status: row.status,
        school: row.place.as_ref().map(|place| (place.school_name.clone(), place.school_code.clone())),
        minutes: row.place.as_ref().and_then(|place| place.minutes).map(u32::from),
        source: source(demand),
        because: because(demand),
        wishes: demand.wishes.iter().map(WishOutcome::from).collect(),
        full: if is_kern { Vec::new() } else { choosing::full(&demand.candidates) },
        // The reason tells already which rules took schools away.
        removed: if row.reason.is_some() { Vec::new() } else { choosing::removed(&demand.candidates) },
        candidates: possible,
        candidate_count,
        board_href: round.path(&format!("plaatsbord?vraag={}", row.demand)),
    }
}

fn view(round: RoundRef, student: &students::StudentView) -> StudentView {
    let programme = student.demands.first().map(|demand| format!("{}, {}", student.institute, demand.row.programme_name));
    StudentView {
        why_href: round.path(&format!("studenten/{}/waarom", student.id)),
        name: student.name.clone(),
        number: student.number.clone(),
        kind: student.kind.dutch().to_owned(),
        programme: programme.unwrap_or_else(|| student.institute.clone()),
        home: student.postcode.as_deref().map(|postcode| postcode.chars().take(4).collect()).unwrap_or_default(),
        custom: student.custom.join("; "),
        demands: student.demands.iter().map(|demand| story(&round, demand)).collect(),
        history: student.earlier_schools.clone(),
        stays: Vec::new(),
        round,
    }
}

/// One student.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path((slug, student)): Path<(String, String)>) -> Answer {
    let student: StudentId = id(&student)?;
    let round = find_round(&web.app, &caller.actor, &slug).await?;
    let mut view = view(round, &students::get(&web.app, &caller.actor, &slug, student).await?);
    let stays = history::of_student(&web.app, &caller.actor, &slug, student).await?;
    view.stays = super::history::lines(HistoryOf::Student, &stays, web.app.clock.now());
    Ok(html(student_page(&web.frame_of(caller, NavItem::Students, &view.round), &view)))
}
