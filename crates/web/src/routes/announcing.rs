//! Fixing a round and announcing its places.

use kernschil_app::announcements::{self, AnnounceOption, Announced, FixDesk};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::codes::RoundState;
use kernschil_domain::mutations::Audience;
use kernschil_domain::steps::{Gate, GateWeight, ReopenReason};
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::settings::Did;
use super::steps::version;
use super::support::{Answer, capital, done, field_errors, html_with, problem, round_ref, see_other, size};
use super::{State, Web};
use crate::components::forms::Choice;
use crate::components::nav::{NavItem, RoundRef};
use crate::components::page::Flash;
use crate::components::text::counted;
use crate::views::announcing::{AnnounceView, FixStage, FixView, Remark, TellOption, announce_page, fix_page};

/// A gate with the page where it can be looked at.
fn remark(round: &RoundRef, gate: Gate) -> Remark {
    let page = match gate {
        Gate::NoSchools | Gate::NoStudents | Gate::NoPlaces => return Remark { words: gate.dutch(), href: Some("/importeren".to_owned()) },
        Gate::SchoolsWaiting(_) => Some("antwoorden?antwoord=waiting"),
        Gate::NoWishes => Some("studenten"),
        Gate::NoProposal | Gate::ProposalOutdated | Gate::NothingPlaced => Some("voorstel"),
        Gate::ChangedByHand => Some("plaatsbord?groep=by-hand"),
        Gate::Unplaced(_) => Some("plaatsbord?groep=unplaced"),
        Gate::HalfPlaced(_) => Some("plaatsbord?groep=half-placed"),
        Gate::Violations(_) => Some("plaatsbord"),
        Gate::OpenMutations(_) => Some("wijzigingen"),
        Gate::Untold => Some("bekendmaken"),
    };
    Remark { words: gate.dutch(), href: page.map(|page| round.path(page)) }
}

fn remarks(round: &RoundRef, gates: &[(Gate, GateWeight)], weight: GateWeight) -> Vec<Remark> {
    gates.iter().filter(|(_, has)| *has == weight).map(|(gate, _)| remark(round, *gate)).collect()
}

fn fix_view(desk: &FixDesk, errors: &[AppFieldError]) -> FixView {
    let round = round_ref(&desk.data.round);
    let stage = match (desk.data.round.state, &desk.misfit) {
        (RoundState::Fixed, _) => FixStage::Fixed,
        (_, Some(why)) => FixStage::Elsewhere(why.clone()),
        (_, None) => FixStage::Ready,
    };
    let exception = |(kind, count): &(kernschil_app::board::ExceptionKind, usize)| {
        (kind.dutch().to_owned(), size(*count), round.path(&format!("plaatsbord?groep={}", kind.code())))
    };
    let reason = |reason: &ReopenReason| Choice { value: reason.code().to_owned(), label: capital(reason.dutch()), hint: String::new() };
    FixView {
        demands: size(desk.facts.demands),
        placed: size(desk.facts.placed),
        unremarkable: size(desk.unremarkable),
        blocked: remarks(&round, &desk.gates, GateWeight::Blocks),
        warnings: remarks(&round, &desk.gates, GateWeight::Warns),
        exceptions: desk.exceptions.iter().map(exception).collect(),
        stage,
        version: desk.data.round.version.0.to_string(),
        reasons: ReopenReason::ALL.iter().map(reason).collect(),
        errors: field_errors(errors, &[]),
        round,
    }
}

async fn fix_answer(web: &Web, caller: &Caller, slug: &str, status: StatusCode, errors: &[AppFieldError], flash: Option<Flash>) -> Answer {
    let view = fix_view(&announcements::fix_desk(&web.app, &caller.actor, slug).await?, errors);
    let mut frame = web.frame_of(caller, NavItem::Fixing, &view.round);
    frame.flash = flash;
    Ok(html_with(status, fix_page(&frame, &view)))
}

/// The page to check before fixing.
#[handler]
pub(super) async fn show_fix(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    let flash = match did.gedaan.as_str() {
        "vastgesteld" => Some(done("De plaatsen zijn vastgesteld en vastgelegd.")),
        "teruggedraaid" => Some(done("De vaststelling is teruggedraaid. U kunt weer aanpassen.")),
        _ => None,
    };
    fix_answer(&web, caller, &slug, StatusCode::OK, &[], flash).await
}

/// What comes with a button.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    version: String,
    reason: String,
    audience: String,
}

/// Fixes the round.
#[handler]
pub(super) async fn fix(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(asked): Form<Asked>) -> Answer {
    match announcements::fix(&web.app, &caller.actor, &slug, version(&asked.version)).await {
        Ok(_) => Ok(see_other(&format!("/rondes/{slug}/vaststellen?gedaan=vastgesteld"))),
        Err(AppError::Conflict { message, .. }) => fix_answer(&web, caller, &slug, StatusCode::CONFLICT, &[], Some(problem(message))).await,
        Err(error) => Err(error.into()),
    }
}

/// Opens a fixed round again.
#[handler]
pub(super) async fn reopen(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(asked): Form<Asked>) -> Answer {
    let Some(reason) = ReopenReason::parse(&asked.reason) else {
        let errors = [AppFieldError::new("reason", "reden-nodig", "Kies waarom u de vaststelling terugdraait.")];
        return fix_answer(&web, caller, &slug, StatusCode::BAD_REQUEST, &errors, None).await;
    };
    match announcements::reopen(&web.app, &caller.actor, &slug, reason, version(&asked.version)).await {
        Ok(_) => Ok(see_other(&format!("/rondes/{slug}/vaststellen?gedaan=teruggedraaid"))),
        Err(AppError::Conflict { message, .. }) => fix_answer(&web, caller, &slug, StatusCode::CONFLICT, &[], Some(problem(message))).await,
        Err(error) => Err(error.into()),
    }
}

fn letters(count: usize, by_mail: usize, whom: &str) -> String {
    let letters = counted(size(count), "brief", "brieven");
    match count - by_mail {
        0 => format!("{letters} aan {whom}, allemaal per mail."),
        paper if by_mail == 0 => {
            format!("{letters} aan {whom}. Er zijn geen e-mailadressen: u drukt {} af.", counted(size(paper), "brief", "ze allemaal"))
        }
        paper => format!("{letters} aan {whom}: {by_mail} per mail, {paper} om af te drukken."),
    }
}

fn option(option: &AnnounceOption) -> TellOption {
    let schools = letters(option.schools, option.schools_by_mail, "scholen");
    let students = letters(option.students, option.students_by_mail, "studenten");
    let see = "Schoolopleiders zien in Kernschil wie er op hun school komen.".to_owned();
    let (title, effects) = match option.audience {
        Audience::Schools => {
            ("Eerst alleen de scholen", vec![see, schools, "Studenten krijgen nog geen bericht. Dat doet u later.".to_owned()])
        }
        Audience::Students => ("Nu de studenten", vec![students]),
        Audience::Everybody => ("Iedereen tegelijk", vec![see, schools, students]),
    };
    let count = option.schools + option.students;
    let button = format!("Maak bekend aan {}: {}", option.audience.dutch(), counted(size(count), "brief", "brieven"));
    TellOption { audience: option.audience.code().to_owned(), title: title.to_owned(), effects, button }
}

async fn announce_answer(web: &Web, caller: &Caller, slug: &str, status: StatusCode, flash: Option<Flash>) -> Answer {
    let desk = announcements::announce_desk(&web.app, &caller.actor, slug).await?;
    let round = round_ref(&desk.data.round);
    let view = AnnounceView {
        placed: size(desk.data.placements.len()),
        without: size(desk.without),
        waves: size(desk.waves.len()),
        misfit: desk.misfit.unwrap_or_default(),
        blocked: remarks(&round, &desk.gates, GateWeight::Blocks),
        warnings: remarks(&round, &desk.gates, GateWeight::Warns),
        options: desk.options.iter().map(option).collect(),
        student_example: desk.student_example,
        school_example: desk.school_example,
        version: desk.data.round.version.0.to_string(),
        round,
    };
    let mut frame = web.frame_of(caller, NavItem::Announcing, &view.round);
    frame.flash = flash;
    Ok(html_with(status, announce_page(&frame, &view)))
}

/// The page to check before announcing.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    announce_answer(&web, caller, &slug, StatusCode::OK, None).await
}

/// Announces the places. Who presses twice comes to the same letters.
#[handler]
pub(super) async fn announce(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(asked): Form<Asked>) -> Answer {
    let audience = Audience::parse(&asked.audience).ok_or(AppError::NotFound)?;
    match announcements::announce(&web.app, &caller.actor, &slug, audience, version(&asked.version)).await {
        Ok(Announced::Now(_, ordinal) | Announced::Before(_, ordinal)) => Ok(see_other(&format!("/rondes/{slug}/brieven/{ordinal}"))),
        Err(AppError::Conflict { message, .. }) => announce_answer(&web, caller, &slug, StatusCode::CONFLICT, Some(problem(message))).await,
        Err(error) => Err(error.into()),
    }
}
