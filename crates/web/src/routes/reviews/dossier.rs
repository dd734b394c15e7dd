//! The dossier of one review.

use kernschil_app::reviews::{self, Dossier};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::access::Permission;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{DossierPage, Missing, ReviewEvent, ReviewKind, ReviewPhase, ReviewState, StepStanding, StepState};
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::{Filled, day_words, filled};
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::status::Tone;
use crate::components::text::{counted, listed};
use crate::routes::steps::version;
use crate::routes::support::{Answer, capital, done, field_errors, html_with, problem, see_other, size};
use crate::routes::words::when;
use crate::routes::{State, Web};
use crate::views::reviews::{DossierView, MissingLine, MoveButton, MoveLine, PartLink, PhaseMark, PhasePlace, StepLine, dossier_page};

/// Where a part of the dossier is.
fn part(page: DossierPage) -> &'static str {
    match page {
        DossierPage::Details => "gegevens",
        DossierPage::Reflection => "reflectie",
        DossierPage::Panel => "panel",
        DossierPage::Members => "deelnemers",
        DossierPage::Questions => "ontwikkelvragen",
        DossierPage::Findings => "bevindingen",
        DossierPage::Outcome => "oordeel",
        DossierPage::Report => "rapport",
    }
}

/// What is needed to mend something on a page.
fn needed(page: DossierPage) -> Permission {
    match page {
        DossierPage::Details | DossierPage::Panel | DossierPage::Members | DossierPage::Questions => Permission::ManageReview,
        DossierPage::Reflection | DossierPage::Findings | DossierPage::Outcome | DossierPage::Report => Permission::ReadReview,
    }
}

fn missing_line(dossier: &Dossier, missing: &Missing) -> MissingLine {
    let page = missing.page();
    let link = || (capital(page.dutch()), format!("/peer-reviews/{}/{}", dossier.review.slug, part(page)));
    MissingLine { words: missing.dutch(), page: dossier.may(needed(page)).then(link) }
}

fn button(event: ReviewEvent) -> MoveButton {
    let label = match event {
        ReviewEvent::Begin => "Begin met de voorbereiding",
        ReviewEvent::FinishPreparing => "Sluit de voorbereidende fase af",
        ReviewEvent::FinishConducting => "Sluit de uitvoerende fase af",
        ReviewEvent::Close => "Rond de peer review af",
        ReviewEvent::Reopen => "Eén fase terug",
        ReviewEvent::Cancel => "Laat de peer review vervallen",
        ReviewEvent::Resume => "Plan de peer review opnieuw",
    };
    MoveButton { event: event.code().to_owned(), label: label.to_owned() }
}

fn phases(dossier: &Dossier) -> Vec<PhaseMark> {
    let state = dossier.review.state;
    if state == ReviewState::Cancelled || dossier.steps.is_empty() {
        return Vec::new();
    }
    let now = state.phase().filter(|_| state != ReviewState::Planned);
    let place = |phase: ReviewPhase| match now {
        Some(now) if now == phase => PhasePlace::Now,
        Some(now) if phase < now => PhasePlace::Past,
        None if state == ReviewState::Closed => PhasePlace::Past,
        _ => PhasePlace::Later,
    };
    let steps = |phase: ReviewPhase| {
        let of: Vec<_> = dossier.steps.iter().filter(|step| step.template.phase == phase).collect();
        if place(phase) == PhasePlace::Past {
            return counted(size(of.len()), "stap", "stappen");
        }
        let is_done = |standing: &&StepStanding| standing.waits().is_none() && of.iter().any(|step| step.ordinal == standing.ordinal);
        let done = dossier.standings.iter().filter(is_done).count();
        format!("{done} van {} stappen klaar", of.len())
    };
    ReviewPhase::ALL.iter().map(|phase| PhaseMark { name: capital(phase.dutch()), place: place(*phase), steps: steps(*phase) }).collect()
}

fn steps(dossier: &Dossier, today: chrono::NaiveDate) -> Vec<StepLine> {
    let turn = dossier.turn.as_ref().map(|turn| turn.ordinal);
    let line = |(step, standing): (&kernschil_domain::reviews::ReviewStep, &StepStanding)| {
        let due = standing.due_on;
        let now = dossier.review.state.phase();
        let is_past = now.is_some_and(|now| step.template.phase < now) || dossier.review.state == ReviewState::Closed;
        let state = match &standing.state {
            StepState::Done(Some(day)) => (Tone::Good, format!("klaar op {}", dutch_date(*day))),
            StepState::Done(None) => (Tone::Good, "klaar".to_owned()),
            // A phase that was closed needs no more of its steps.
            StepState::Waits(_) if is_past => (Tone::Quiet, "fase afgesloten".to_owned()),
            StepState::Waits(_) if now.is_some() && due.is_some_and(|due| due < today) => (Tone::Signal, "te laat".to_owned()),
            StepState::Waits(_) if turn == Some(step.ordinal) => (Tone::Busy, "nu aan zet".to_owned()),
            StepState::Waits(_) => (Tone::Quiet, "nog niet klaar".to_owned()),
        };
        let words = match due {
            None if step.due_on(dossier.review.visit_on).is_some() => "opnieuw af te spreken".to_owned(),
            None => "volgt uit de bezoekdag".to_owned(),
            Some(day) if step.own_date == Some(day) => format!("{} (eigen datum)", dutch_date(day)),
            Some(day) => dutch_date(day),
        };
        StepLine {
            ordinal: step.ordinal,
            phase: capital(step.template.phase.dutch()),
            name: step.template.name.clone(),
            waits_for: capital(standing.waits().map_or(step.template.waits_for, |waits| waits.side).dutch()),
            due: words,
            state,
        }
    };
    dossier.steps.iter().zip(&dossier.standings).map(line).collect()
}

/// The step whose turn it is, when only somebody can say that it is done.
fn turn_step(dossier: &Dossier) -> Option<i32> {
    let turn = dossier.turn.as_ref()?.ordinal;
    dossier.steps.iter().find(|step| step.ordinal == turn && step.template.fact.is_none()).map(|step| step.ordinal)
}

fn facts(dossier: &Dossier) -> Vec<(&'static str, String)> {
    let review = &dossier.review;
    let years: Vec<_> = review.years.iter().map(|planned| format!("{} ({})", planned.year, planned.source)).collect();
    let mut facts = vec![
        ("Van", dossier.receiver.clone()),
        ("Soort", capital(review.kind.dutch())),
        ("Stand", capital(review.state.dutch())),
        ("Kader", dossier.framework.content.name.clone()),
        ("Jaar", if years.is_empty() { "–".to_owned() } else { listed(&years) }),
        ("Bezoekdag", day_words(review.visit_on)),
    ];
    facts.extend(review.held_on.map(|day| ("Gehouden op", dutch_date(day))));
    facts.extend(review.due_on.map(|day| ("Uiterlijk", dutch_date(day))));
    facts.extend(review.report_year.map(|year| ("In de jaarrapportage van", year.to_string())));
    facts
}

fn warnings(dossier: &Dossier) -> Vec<String> {
    let years = dossier.review.contradicting_years().map(|years| {
        let years: Vec<_> = years.iter().map(i32::to_string).collect();
        format!("Documenten spreken elkaar tegen over het jaar: {}. Spreek er een af en pas de gegevens aan.", listed(&years))
    });
    years.into_iter().chain(dossier.deadline.dutch()).collect()
}

/// Judgements of a judging review. A developmental one never has any.
fn judgements(dossier: &Dossier) -> Vec<(String, String)> {
    let Some(outcome) = &dossier.review.outcome else { return Vec::new() };
    let named = |safeguard: &kernschil_domain::frameworks::Safeguard| {
        let judged = outcome.safeguards.get(&safeguard.code).map_or("niet bekend", |judgement| judgement.dutch());
        (safeguard.name.clone(), judged.to_owned())
    };
    let mut found: Vec<_> = dossier.framework.content.safeguards.iter().map(named).collect();
    found.push(("Als geheel".to_owned(), outcome.overall.dutch().to_owned()));
    found.extend(outcome.decided_on.map(|day| ("Besloten op".to_owned(), dutch_date(day))));
    found
}

/// The pages of the dossier, each with the phase in which most is done there.
fn parts(dossier: &Dossier) -> Vec<PartLink> {
    use ReviewPhase::{Concluding, Conducting, Preparing};
    let link = |phase: ReviewPhase, label: &str, part: &str, hint: &str| PartLink {
        phase: capital(phase.dutch()),
        label: label.to_owned(),
        href: format!("/peer-reviews/{}/{part}", dossier.review.slug),
        hint: hint.to_owned(),
    };
    let mut found = Vec::new();
    if dossier.review.previous.is_some() {
        found.push(link(Preparing, "Wat er met de vorige review is gedaan", "vorige", "de eerste bladzijde: elke actie en wat eruit kwam"));
    }
    if dossier.may(Permission::ManageReview) {
        found.push(link(Preparing, "Gegevens en datums", "gegevens", "naam, jaren, bezoekdag en jaarrapportage"));
    }
    let follow_up = link(Concluding, "Opvolging", "opvolging", "wat er met de bevindingen gebeurt, door wie en wanneer");
    // Of a review that was held elsewhere, nothing is written here but what is done with it.
    if dossier.steps.is_empty() {
        found.push(follow_up);
        return found;
    }
    found.push(link(Preparing, "Deelnemers", "deelnemers", "wie meedoet, in welke rol, en wie nog niet heeft geantwoord"));
    if dossier.may(Permission::ManageReview) {
        found.push(link(Preparing, "Panel", "panel", "een onafhankelijk panel samenstellen"));
    }
    found.push(link(Preparing, "Datumprikker", "datum", "welke dag iedereen kan"));
    found.push(link(Preparing, "Kritische reflectie", "reflectie", "per waarborg en criterium"));
    found.push(link(Preparing, "Bewijsstukken", "bewijsstukken", "bestanden en links bij de reflectie"));
    if dossier.review.kind == ReviewKind::Developmental {
        found.push(link(Preparing, "Ontwikkelvragen", "ontwikkelvragen", "waar u van het panel over wilt leren"));
    }
    found.push(link(Preparing, "Programma", "programma", "rondes, ruimtes en groepen van de bezoekdag"));
    if dossier.may(Permission::WriteFindings) {
        found.push(link(Conducting, "Bezoekdag", "dag", "het programma met uw eigen notities, ook zonder internet"));
    }
    found.push(link(Conducting, "Bevindingen", "bevindingen", "van elk panellid, eerst voor zichzelf"));
    found.push(link(Conducting, "Samen wegen", "weging", "bevindingen naast elkaar, en wat het panel samen vindt"));
    if dossier.review.kind == ReviewKind::Judging {
        found.push(link(Concluding, "Oordeel", "oordeel", "voldoende of onvoldoende, per waarborg en als geheel"));
    }
    found.push(link(Concluding, "Rapport", "rapport", "van conceptversie, via de reactie, naar een vastgesteld rapport"));
    if dossier.may(Permission::ManageReview) {
        found.push(link(Concluding, "Publiceren", "publiceren", "wat anderen van het vastgestelde rapport lezen"));
    }
    found.push(follow_up);
    found
}

fn view(web: &Web, dossier: &Dossier) -> DossierView {
    let (review, now) = (&dossier.review, web.app.clock.now());
    let manages = dossier.may(Permission::ManageReview);
    let (next, missing) = dossier.next.clone().map_or((None, Vec::new()), |(event, missing)| (Some(event), missing));
    let told = |done: &reviews::MoveView| MoveLine {
        what: capital(done.event.dutch()),
        when: format!("{}{}", when(done.at, now), done.by.as_ref().map(|name| format!(", door {name}")).unwrap_or_default()),
        reason: done.reason.clone().unwrap_or_default(),
    };
    let neighbour = |words, other: &reviews::Neighbour| (words, other.name.clone(), format!("/peer-reviews/{}", other.slug));
    DossierView {
        slug: review.slug.clone(),
        name: review.name.clone(),
        version: review.version.0.to_string(),
        lead: format!("{}, van {}.", capital(review.kind.dutch()), dossier.receiver),
        facts: facts(dossier),
        phases: phases(dossier),
        turn: dossier.turn.as_ref().map(reviews::Turn::sentence).unwrap_or_default(),
        turn_step: turn_step(dossier).filter(|_| manages && review.state != ReviewState::Planned),
        warnings: warnings(dossier),
        next: next.filter(|_| manages).map(button),
        missing: missing.iter().map(|missing| missing_line(dossier, missing)).collect(),
        others: dossier.possible.iter().filter(|event| manages && event.needs_reason()).map(|event| button(*event)).collect(),
        reason: String::new(),
        refused: String::new(),
        errors: Vec::new(),
        parts: parts(dossier),
        steps: steps(dossier, now.date_naive()),
        moves: dossier.moves.iter().rev().map(told).collect(),
        log_href: manages.then(|| format!("/peer-reviews/{}/logboek", review.slug)),
        judgements: judgements(dossier),
        second_chance: dossier.second_chance.filter(|_| manages).map(dutch_date),
        neighbours: dossier
            .previous
            .iter()
            .map(|other| neighbour("Volgt op", other))
            .chain(dossier.following.iter().map(|other| neighbour("Volgende", other)))
            .collect(),
        steps_href: (manages && review.state.phase().is_some()).then(|| format!("/peer-reviews/{}/stappen", review.slug)),
    }
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::routes) struct Did {
    gedaan: String,
}

impl Did {
    fn flash(&self) -> Option<Flash> {
        Some(done(match self.gedaan.as_str() {
            "gegevens" => "De gegevens zijn bewaard. Stappen en toegang zonder eigen datum verschoven mee.",
            "kader" => "De peer review gebruikt nu het andere kader. Alle teksten zijn er nog.",
            "fase" => "De stand van de peer review is gewijzigd.",
            "tweede-kans" => "De tweede kans staat op de kalender.",
            _ => return None,
        }))
    }
}

/// The dossier of a review.
#[handler]
pub(in crate::routes) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    let dossier = reviews::dossier(&web.app, &caller.actor, &slug).await?;
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = did.flash();
    Ok(html_with(StatusCode::OK, dossier_page(&frame, &view(&web, &dossier))))
}

/// The dossier, with why something was refused.
async fn refused(web: &Web, caller: &Caller, slug: &str, form: &Filled, error: AppError) -> Answer {
    let (errors, message): (Vec<AppFieldError>, _) = match error {
        AppError::Invalid(errors) => {
            // What a gate misses stands on the page, each with its own link.
            let (reason, gate): (Vec<_>, Vec<_>) = errors.into_iter().partition(|error| error.field == "reason");
            let count = size(gate.len());
            let message = match count {
                0 => None,
                1 => Some("De fase is nog niet af: er ontbreekt één ding. Hieronder staat wat.".to_owned()),
                _ => Some(format!("De fase is nog niet af: er ontbreken {count} dingen. Hieronder staat welke.")),
            };
            (reason, message)
        }
        AppError::Conflict { message, .. } => (Vec::new(), Some(message)),
        other => return Err(other.into()),
    };
    let dossier = reviews::dossier(&web.app, &caller.actor, slug).await?;
    let status = if message.is_some() { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
    let view = DossierView {
        reason: filled(form, "reden").to_owned(),
        refused: filled(form, "gebeurtenis").to_owned(),
        errors: field_errors(&errors, &[("reason", "reden")]),
        ..view(web, &dossier)
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = message.map(problem);
    Ok(html_with(status, dossier_page(&frame, &view)))
}

/// Moves a review to another state.
#[handler]
pub(in crate::routes) async fn move_on(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Filled>) -> Answer {
    let event = ReviewEvent::parse(filled(&form, "gebeurtenis"));
    let event = event.ok_or_else(|| {
        let wrong = AppFieldError::new("event", "gebeurtenis-onbekend", "Kies een van de knoppen in het dossier.");
        AppError::Invalid(vec![wrong])
    })?;
    let reason = form.get("reden").cloned();
    match reviews::move_on(&web.app, &caller.actor, &slug, version(filled(&form, "versie")), event, reason).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}?gedaan=fase"))),
        Err(error) => refused(&web, caller, &slug, &form, error).await,
    }
}

/// Puts the second chance on the calendar.
#[handler]
pub(in crate::routes) async fn second_chance(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    match reviews::make_second_chance(&web.app, &caller.actor, &slug).await {
        Ok(made) => Ok(see_other(&format!("/peer-reviews/{made}?gedaan=tweede-kans"))),
        Err(error) => refused(&web, caller, &slug, &Filled::new(), error).await,
    }
}
