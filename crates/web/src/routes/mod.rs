//! The handlers: one room per group of pages. A handler asks a use case, maps its answer to the view of
//! the page, and answers HTML, or 303 after a form. Nothing is decided here.

mod access;
mod account;
mod announcing;
mod answers;
mod assets;
mod audit;
mod board;
mod choosing;
mod codes;
mod coverage;
mod day;
mod errors;
mod evidence;
mod facets;
mod findings;
mod first_run;
mod follow_up;
mod frameworks;
mod glossary;
mod granting;
mod help;
mod history;
mod imports;
mod invitation;
mod jobs;
mod letters;
mod mutation;
mod mutations;
mod oidc;
mod orders;
mod outbox;
mod outcome;
mod people;
mod policy;
mod privacy;
mod programme;
mod proposal;
mod questions;
mod reflection;
mod report;
mod reset;
mod reviews;
mod round;
mod rules;
mod scenarios;
mod school;
mod schools;
mod second_factor;
mod seen;
mod settings;
mod several;
mod sheets;
mod shortages;
mod staging;
mod start;
mod steps;
mod student;
mod students;
mod support;
mod tokens;
mod users;
mod waiting_list;
mod weighing;
mod why;
mod words;
mod workbooks;

use std::sync::Arc;

use kernschil_app::App;
use kernschil_domain::access::Permission::{
    Announce, ExportStudents, HandlePrivacy, MakeProposals, ManageFrameworks, ManagePeers, ManageReview, ManageRounds, ManageSettings,
    ManageUsers, Mutate, PlaceStudents, ReadAudit, ReadCoverage, ReadPlacements, ReadReview, ReadReviews, ReadRounds, ReadSchools,
    ReadStudents, RespondToReport, WeighFindings, WriteFindings, WriteReflection, WriteReport,
};
use kernschil_http::{Caller, Door, Failure, LOADING, PageDoor, Pages, WORK};
use poem::endpoint::EndpointExt;
use poem::web::Data;
use poem::{Endpoint, Response};

use crate::components::nav::{NavItem, RoundRef};
use crate::components::page::Frame;
use crate::views::api_docs::ApiDocsView;

pub use errors::error_page;

/// What the handlers share.
struct Web {
    app: App,
    api: ApiDocsView,
    staging: staging::Staging,
    seen: seen::Seen,
}

type State<'a> = Data<&'a Arc<Web>>;

impl Web {
    /// The frame of a page of a round. The reader finds this round in the menu of other pages too.
    fn frame_of(&self, caller: &Caller, active: NavItem, round: &RoundRef) -> Frame {
        self.seen.note(caller, round);
        support::frame(caller, active, Some(round.clone()))
    }

    /// The frame of a page outside the rounds, with the round the reader looked at last, or the only one.
    async fn frame(&self, caller: &Caller, active: NavItem) -> Result<Frame, Failure> {
        let rounds = self.app.rounds(&caller.actor).await?;
        let last = self.seen.last(caller);
        let round = rounds.iter().find(|round| last.as_ref().is_some_and(|slug| *slug == round.slug));
        let only = if rounds.len() == 1 { rounds.first() } else { None };
        Ok(support::frame(caller, active, round.or(only).map(support::round_ref)))
    }
}

/// Every page of the product, and the files that go with them. `api` is what the page about the API shows.
pub fn routes(app: App, api: ApiDocsView) -> impl Endpoint<Output = Response> {
    let web = Web { app, api, staging: staging::Staging::default(), seen: seen::Seen::default() };
    pages().into_route().data(Arc::new(web))
}

/// Every page with its door.
pub fn doors() -> Vec<PageDoor> {
    pages().doors().to_vec()
}

fn pages() -> Pages {
    framing(reporting(reviewing(panels(finding(weighing_together(reflecting(privacy_pages(own(people(managing(loading(changing(
        of_round(general(Pages::default())),
    )))))))))))))
}

/// What opens the pages of quality frameworks; the use case keeps drafts to those who write them.
const FRAMEWORKS: Door = Door::NeedsOne(&[ReadReviews, ManageFrameworks]);

/// Quality frameworks.
fn framing(pages: Pages) -> Pages {
    pages
        .get("/kaders", FRAMEWORKS, frameworks::index)
        .post("/kaders", Door::Needs(ManageFrameworks), frameworks::make)
        .get("/kaders/nieuw", Door::Needs(ManageFrameworks), frameworks::new_form)
        .get("/kaders/sjabloon.xlsx", Door::Needs(ManageFrameworks), frameworks::template)
        .post("/kaders/bestand", Door::Needs(ManageFrameworks), frameworks::load)
        .get("/kaders/:slug", FRAMEWORKS, frameworks::show)
        .get("/kaders/:slug/verschil", FRAMEWORKS, frameworks::compare)
        .get("/kaders/:slug/kader.xlsx", FRAMEWORKS, frameworks::sheet)
        .get("/kaders/:slug/kader.yaml", FRAMEWORKS, frameworks::yaml)
        .get("/kaders/:slug/wijzigen", Door::Needs(ManageFrameworks), frameworks::edit)
        .post("/kaders/:slug/wijzigen", Door::Needs(ManageFrameworks), frameworks::change)
        .post("/kaders/:slug/bestand", Door::Needs(ManageFrameworks), frameworks::replace)
        .post("/kaders/:slug/publiceren", Door::Needs(ManageFrameworks), frameworks::publish)
        .post("/kaders/:slug/aanbod", Door::Needs(ManageFrameworks), frameworks::set_offer)
        .get("/kaders/:slug/verwijderen", Door::Needs(ManageFrameworks), frameworks::removal_form)
        .post("/kaders/:slug/verwijderen", Door::Needs(ManageFrameworks), frameworks::remove)
        .get("/peer-reviews/:slug/kader", Door::Needs(ManageReview), frameworks::show_carry)
        .post("/peer-reviews/:slug/kader", Door::Needs(ManageReview), frameworks::carry)
}

/// The pool of peers, panels, who takes part in a review, and which day suits.
fn panels(pages: Pages) -> Pages {
    pages
        .get("/peers", Door::Needs(ManagePeers), people::list)
        .post("/peers", Door::Needs(ManagePeers), people::find)
        .get("/peers.xlsx", Door::Needs(ManagePeers), people::export)
        .get("/peers/nieuw", Door::Needs(ManagePeers), people::new_form)
        .post("/peers/nieuw", Door::Needs(ManagePeers), people::add)
        .get("/peers/:id", Door::Needs(ManagePeers), people::peer_page)
        .post("/peers/:id", Door::Needs(ManagePeers), people::change)
        .get("/peer-reviews/:slug/panel", Door::Needs(ManageReview), people::panel_page)
        .post("/peer-reviews/:slug/panel/oordeel", Door::Needs(ManageReview), people::judge)
        .get("/peer-reviews/:slug/deelnemers", Door::Needs(ReadReview), people::members_page)
        .post("/peer-reviews/:slug/deelnemers", Door::Needs(ManageReview), people::ask)
        .post("/peer-reviews/:slug/deelnemers/antwoord", Door::Needs(ReadReview), people::answer_invitation)
        .post("/peer-reviews/:slug/deelnemers/:id/opnieuw", Door::Needs(ManageReview), people::ask_again)
        .post("/peer-reviews/:slug/deelnemers/:id/toegang", Door::Needs(ManageReview), people::extend)
        .post("/peer-reviews/:slug/deelnemers/:id/weghalen", Door::Needs(ManageReview), people::withdraw)
        .get("/peer-reviews/:slug/datum", Door::Needs(ReadReview), people::poll_page)
        .post("/peer-reviews/:slug/datum", Door::Needs(ReadReview), people::answer_poll)
        .post("/peer-reviews/:slug/datum/dagen", Door::Needs(ManageReview), people::propose_days)
        .post("/peer-reviews/:slug/datum/kiezen", Door::Needs(ManageReview), people::choose)
}

/// The calendar of peer reviews, and each review as a whole.
fn reviewing(pages: Pages) -> Pages {
    pages
        .get("/peer-reviews", Door::Needs(ReadReviews), reviews::index)
        .get("/peer-reviews/werkboek.xlsx", Door::Needs(ReadReviews), reviews::export)
        .get("/peer-reviews/kalender.ics", Door::Needs(ReadReviews), reviews::calendar_days)
        .get("/peer-reviews/nieuw", Door::Needs(ManageReview), reviews::new_form)
        .post("/peer-reviews/nieuw", Door::Needs(ManageReview), reviews::make)
        .get("/peer-reviews/stappen", Door::Needs(ManageFrameworks), reviews::show_templates)
        .post("/peer-reviews/stappen", Door::Needs(ManageFrameworks), reviews::set_templates)
        .get("/peer-reviews/:slug", Door::Needs(ReadReview), reviews::show)
        .get("/peer-reviews/:slug/kalender.ics", Door::Needs(ReadReview), reviews::days)
        .get("/peer-reviews/:slug/gegevens", Door::Needs(ManageReview), reviews::details)
        .post("/peer-reviews/:slug/gegevens", Door::Needs(ManageReview), reviews::change)
        .get("/peer-reviews/:slug/logboek", Door::Needs(ManageReview), reviews::show_log)
        .get("/peer-reviews/:slug/stappen", Door::Needs(ManageReview), reviews::show_steps)
        .post("/peer-reviews/:slug/stappen", Door::Needs(ManageReview), reviews::add_step)
        .post("/peer-reviews/:slug/stappen/:nummer", Door::Needs(ManageReview), reviews::change_step)
        .post("/peer-reviews/:slug/stappen/:nummer/weg", Door::Needs(ManageReview), reviews::remove_step)
        .post("/peer-reviews/:slug/verder", Door::Needs(ManageReview), reviews::move_on)
        .post("/peer-reviews/:slug/tweede-kans", Door::Needs(ManageReview), reviews::second_chance)
}

/// What each of the panel finds, before it is weighed together.
fn finding(pages: Pages) -> Pages {
    pages
        .get("/peer-reviews/:slug/bevindingen", Door::Needs(ReadReview), findings::show)
        .post("/peer-reviews/:slug/bevindingen", Door::Needs(WriteFindings), findings::add)
        .get("/peer-reviews/:slug/bevindingen/:finding", Door::Needs(WriteFindings), findings::edit)
        .post("/peer-reviews/:slug/bevindingen/:finding", Door::Needs(WriteFindings), findings::change)
        .post("/peer-reviews/:slug/bevindingen/:finding/verwijderen", Door::Needs(WriteFindings), findings::remove)
        .get("/peer-reviews/:slug/bevindingen-geschiedenis", Door::Needs(WriteFindings), findings::history)
        .post("/peer-reviews/:slug/bevindingen-geschiedenis", Door::Needs(WriteFindings), findings::put_back)
        .get("/peer-reviews/:slug/bevindingen-inleveren", Door::Needs(WriteFindings), findings::hand_in_form)
        .post("/peer-reviews/:slug/bevindingen-inleveren", Door::Needs(WriteFindings), findings::hand_in)
        .get("/peer-reviews/:slug/bevindingen-openen", Door::Needs(WeighFindings), findings::open_form)
        .post("/peer-reviews/:slug/bevindingen-openen", Door::Needs(WeighFindings), findings::open)
        .get("/peer-reviews/:slug/bevindingen-formulier.xlsx", Door::Needs(WriteFindings), findings::download)
        .post("/peer-reviews/:slug/bevindingen-formulier", Door::Needs(WriteFindings), findings::read)
        .post("/peer-reviews/:slug/bevindingen-formulier/overnemen", Door::Needs(WriteFindings), findings::take_over)
}

/// What the panel of a peer review finds together, and what is done with it.
fn weighing_together(pages: Pages) -> Pages {
    pages
        .get("/peer-reviews/:slug/weging", Door::Needs(ReadReview), weighing::show)
        .post("/peer-reviews/:slug/weging", Door::Needs(WeighFindings), weighing::add)
        .get("/peer-reviews/:slug/weging/werkboek.xlsx", Door::Needs(ReadReview), weighing::export)
        .post("/peer-reviews/:slug/weging/:joint", Door::Needs(WeighFindings), weighing::change)
        .post("/peer-reviews/:slug/weging/:joint/weghalen", Door::Needs(WeighFindings), weighing::remove)
        .post("/peer-reviews/:slug/weging/:joint/terugzetten", Door::Needs(WeighFindings), weighing::put_back)
        .post("/peer-reviews/:slug/weging/:joint/anders", Door::Needs(WriteFindings), weighing::dissent)
        .post("/peer-reviews/:slug/weging/:joint/anders-terug", Door::Needs(WriteFindings), weighing::withdraw_dissent)
        .get("/peer-reviews/:slug/oordeel", Door::Needs(ReadReview), outcome::show)
        .post("/peer-reviews/:slug/oordeel", Door::Needs(WeighFindings), outcome::judge)
        .get("/peer-reviews/:slug/opvolging", Door::Needs(ReadReview), follow_up::show)
        .post("/peer-reviews/:slug/opvolging", Door::Needs(ManageReview), follow_up::add)
        .get("/peer-reviews/:slug/opvolging/werkboek.xlsx", Door::Needs(ReadReview), follow_up::export)
        .post("/peer-reviews/:slug/opvolging/:action", Door::Needs(ManageReview), follow_up::change)
        .get("/peer-reviews/:slug/vorige", Door::Needs(ReadReview), follow_up::show_previous)
}

/// The report of a peer review, what is said about it, and what is published of it.
fn reporting(pages: Pages) -> Pages {
    pages
        .get("/peer-reviews/:slug/rapport", Door::Needs(ReadReview), report::show)
        .post("/peer-reviews/:slug/rapport/nieuw", Door::Needs(WriteReport), report::renew)
        .get("/peer-reviews/:slug/rapport/schrijven", Door::Needs(WriteReport), report::edit)
        .post("/peer-reviews/:slug/rapport/schrijven", Door::Needs(WriteReport), report::save)
        .get("/peer-reviews/:slug/rapport/verschil", Door::Needs(ReadReview), report::compare)
        .get("/peer-reviews/:slug/rapport/versies/:number", Door::Needs(ReadReview), report::read)
        .get("/peer-reviews/:slug/rapport/versies/:number/rapport.docx", Door::Needs(ReadReview), report::document)
        .get("/peer-reviews/:slug/rapport/versies/:number/rapport.xlsx", Door::Needs(ReadReview), report::workbook)
        .post("/peer-reviews/:slug/rapport/versturen", Door::Needs(WriteReport), report::send)
        .post("/peer-reviews/:slug/rapport/termijn", Door::Needs(WriteReport), report::extend)
        .get("/peer-reviews/:slug/rapport/reactie", Door::Needs(ReadReview), report::responses)
        .post("/peer-reviews/:slug/rapport/reactie", Door::Needs(RespondToReport), report::add_comment)
        .post("/peer-reviews/:slug/rapport/reactie/:comment", Door::Needs(RespondToReport), report::change_comment)
        .post("/peer-reviews/:slug/rapport/reactie/:comment/verwijderen", Door::Needs(RespondToReport), report::remove_comment)
        .post("/peer-reviews/:slug/rapport/reactie/:comment/antwoord", Door::Needs(WriteReport), report::reply)
        .get("/peer-reviews/:slug/rapport/vaststellen", Door::Needs(WriteReport), report::show_final)
        .post("/peer-reviews/:slug/rapport/vaststellen", Door::Needs(WriteReport), report::finalise)
        .get("/peer-reviews/:slug/publiceren", Door::Needs(ManageReview), report::show_publish)
        .post("/peer-reviews/:slug/publiceren", Door::Needs(ManageReview), report::publish)
        .get("/peer-reviews/:slug/publicatie", Door::Needs(ReadReviews), report::published)
        .get("/peer-reviews/:slug/publicatie/rapport.docx", Door::Needs(ReadReviews), report::published_document)
        .get("/peer-reviews/:slug/publicatie/rapport.xlsx", Door::Needs(ReadReviews), report::published_workbook)
        .post("/peer-reviews/:slug/publicatie/terughalen", Door::Needs(ManageReview), report::withdraw)
}

/// What the receiving side of a peer review prepares.
fn reflecting(pages: Pages) -> Pages {
    pages
        .get("/peer-reviews/:slug/reflectie", Door::Needs(ReadReview), reflection::show)
        .post("/peer-reviews/:slug/reflectie-inleveren", Door::Needs(WriteReflection), reflection::hand_in)
        .post("/peer-reviews/:slug/reflectie-terughalen", Door::Needs(WriteReflection), reflection::take_back)
        .get("/peer-reviews/:slug/reflectie/:part", Door::Needs(ReadReview), reflection::edit)
        .post("/peer-reviews/:slug/reflectie/:part", Door::Needs(WriteReflection), reflection::save)
        .get("/peer-reviews/:slug/reflectie/:part/geschiedenis", Door::Needs(WriteReflection), reflection::history)
        .post("/peer-reviews/:slug/reflectie/:part/geschiedenis", Door::Needs(WriteReflection), reflection::restore)
        .get("/peer-reviews/:slug/reflectie/:part/samenvoegen", Door::Needs(WriteReflection), reflection::merge)
        .post("/peer-reviews/:slug/reflectie/:part/kerncijfers", Door::Needs(WriteReflection), reflection::pin_figure)
        .post("/peer-reviews/:slug/reflectie/:part/kerncijfers/:figure/weg", Door::Needs(WriteReflection), reflection::unpin_figure)
        .post("/peer-reviews/:slug/reflectie/:part/kerncijfers/:figure/terug", Door::Needs(WriteReflection), reflection::put_figure_back)
        .get("/peer-reviews/:slug/ontwikkelvragen", Door::Needs(ReadReview), questions::show)
        .post("/peer-reviews/:slug/ontwikkelvragen", Door::Needs(ManageReview), questions::add)
        .post("/peer-reviews/:slug/ontwikkelvragen/:question", Door::Needs(ManageReview), questions::change)
        .post("/peer-reviews/:slug/ontwikkelvragen/:question/verplaatsen", Door::Needs(ManageReview), questions::shift)
        .post("/peer-reviews/:slug/ontwikkelvragen/:question/verwijderen", Door::Needs(ManageReview), questions::remove)
        .get("/peer-reviews/:slug/dag", Door::Needs(WriteFindings), day::show)
        .get("/peer-reviews/:slug/dag/werker.js", Door::Needs(WriteFindings), day::worker)
        .post("/peer-reviews/:slug/dag/notities", Door::Needs(WriteFindings), day::save)
        .post("/peer-reviews/:slug/dag/notities/:note/weg", Door::Needs(WriteFindings), day::remove)
        .get("/peer-reviews/:slug/programma", Door::Needs(ReadReview), programme::show)
        .post("/peer-reviews/:slug/programma", Door::Needs(ManageReview), programme::add)
        .get("/peer-reviews/:slug/programma/:item", Door::Needs(ManageReview), programme::edit)
        .post("/peer-reviews/:slug/programma/:item", Door::Needs(ManageReview), programme::change)
        .post("/peer-reviews/:slug/programma/:item/verwijderen", Door::Needs(ManageReview), programme::remove)
        .get("/peer-reviews/:slug/bewijsstukken", Door::Needs(ReadReview), evidence::show)
        .post("/peer-reviews/:slug/bewijsstukken", Door::Needs(WriteReflection), evidence::add)
        .get("/peer-reviews/:slug/bewijsstukken/:evidence", Door::Needs(ReadReview), evidence::show_piece)
        .post("/peer-reviews/:slug/bewijsstukken/:evidence", Door::Needs(WriteReflection), evidence::change)
        .post("/peer-reviews/:slug/bewijsstukken/:evidence/versie", Door::Needs(WriteReflection), evidence::renew)
        .post("/peer-reviews/:slug/bewijsstukken/:evidence/weghalen", Door::Needs(WriteReflection), evidence::remove)
        .get("/peer-reviews/:slug/bewijsstukken/:evidence/versies/:number", Door::Needs(ReadReview), evidence::download)
}

fn general(pages: Pages) -> Pages {
    pages
        .get("/", Door::SignedIn, start::show)
        .get("/inloggen", Door::Open, access::sign_in_form)
        .post("/inloggen", Door::Open, access::sign_in)
        .get("/inloggen/tweede-factor", Door::Open, access::second_factor_form)
        .post("/inloggen/tweede-factor", Door::Open, access::second_factor)
        .get("/inloggen/:provider", Door::Open, oidc::leave)
        .get("/inloggen/:provider/terug", Door::Open, oidc::come_back)
        .get("/uitnodiging/:token/:provider", Door::Open, oidc::accept)
        .get("/account/inlogdiensten", Door::SignedIn, oidc::show)
        .post("/account/inlogdiensten/koppelen", Door::SignedIn, oidc::link)
        .post("/account/inlogdiensten/loskoppelen", Door::SignedIn, oidc::unlink)
        .post("/uitloggen", Door::SignedIn, access::sign_out)
        .get("/eerste-keer", Door::Open, first_run::show)
        .post("/eerste-keer", Door::Open, first_run::make_account)
        .get("/taken", WORK, jobs::list)
        .get("/taken/:id", WORK, jobs::show)
        .post("/taken/:id/afbreken", WORK, jobs::cancel)
        .get("/hulp", Door::SignedIn, help::show)
        .get("/hulp/woordenlijst", Door::SignedIn, help::glossary)
        .get("/hulp/toetsen", Door::SignedIn, help::keys)
        .get("/hulp/bevindingen", Door::SignedIn, help::findings)
        .get("/hulp/api", Door::SignedIn, help::api)
        .get("/hulp/wie-mag-wat", Door::SignedIn, policy::show)
        .get("/hulp/importeren/:kind", Door::SignedIn, help::workbook)
        .get("/assets/app.css", Door::Open, assets::css)
        .get("/assets/app.js", Door::Open, assets::js)
        .get("/assets/mark.svg", Door::Open, assets::mark)
}

fn of_round(pages: Pages) -> Pages {
    pages
        .get("/rondes/:slug", Door::Needs(ReadRounds), round::show)
        .get("/rondes/:slug/stappen", Door::Needs(ManageRounds), steps::show)
        .post("/rondes/:slug/stappen", Door::Needs(ManageRounds), steps::shift)
        .post("/rondes/:slug/stappen/datums", Door::Needs(ManageRounds), steps::change_dates)
        .get("/rondes/:slug/antwoorden", Door::Needs(ManageRounds), answers::show)
        .get("/rondes/:slug/antwoorden.xlsx", Door::Needs(ManageRounds), answers::export)
        .post("/rondes/:slug/antwoorden/vragen", Door::Needs(ManageRounds), answers::ask)
        .post("/rondes/:slug/antwoorden/:code", Door::Needs(ManageRounds), answers::note)
        .get("/rondes/:slug/vaststellen", Door::Needs(Announce), announcing::show_fix)
        .post("/rondes/:slug/vaststellen", Door::Needs(Announce), announcing::fix)
        .post("/rondes/:slug/vaststellen/terugdraaien", Door::Needs(Announce), announcing::reopen)
        .get("/rondes/:slug/bekendmaken", Door::Needs(Announce), announcing::show)
        .post("/rondes/:slug/bekendmaken", Door::Needs(Announce), announcing::announce)
        .get("/rondes/:slug/brieven", Door::Needs(Announce), letters::list)
        .get("/rondes/:slug/brieven/:wave", Door::Needs(Announce), letters::show)
        .get("/rondes/:slug/brieven/:wave/afdrukken", Door::Needs(Announce), letters::print)
        .get("/rondes/:slug/brieven/:wave/werkboek.xlsx", Door::Needs(Announce), letters::export)
        .get("/rondes/:slug/brieven/:wave/:letter", Door::Needs(Announce), letters::one)
        .get("/rondes/:slug/brieven/:wave/:letter/werkboek.xlsx", Door::Needs(Announce), letters::export_one)
        .get("/rondes/:slug/scholen", Door::Needs(ReadSchools), schools::show)
        .get("/rondes/:slug/scholen.xlsx", Door::Needs(ReadSchools), schools::export)
        .get("/rondes/:slug/scholen/:code", Door::Needs(ReadSchools), school::show)
        .get("/rondes/:slug/studenten", Door::Needs(ReadStudents), students::show)
        .post("/rondes/:slug/studenten", Door::Needs(ReadStudents), students::find)
        .get("/rondes/:slug/studenten.xlsx", Door::Needs(ExportStudents), students::export)
        .get("/rondes/:slug/studenten/:id", Door::Needs(ReadStudents), student::show)
        .get("/rondes/:slug/studenten/:id/waarom", Door::Needs(ReadStudents), why::show)
        .get("/rondes/:slug/regels", Door::Needs(ManageRounds), rules::show)
        .post("/rondes/:slug/regels", Door::Needs(ManageRounds), rules::change)
        .post("/rondes/:slug/regels/gewone", Door::Needs(ManageRounds), rules::reset)
        .post("/rondes/:slug/regels/besturen", Door::Needs(ManageRounds), rules::set_totals)
        .get("/rondes/:slug/voorstel", Door::Needs(MakeProposals), proposal::show)
        .post("/rondes/:slug/voorstel", Door::Needs(MakeProposals), proposal::ask)
        .get("/rondes/:slug/voorstel/volgorde", Door::Needs(MakeProposals), orders::show)
        .get("/rondes/:slug/tekorten", Door::Needs(MakeProposals), shortages::show)
        .get("/rondes/:slug/tekorten.xlsx", Door::Needs(MakeProposals), shortages::export)
        .get("/rondes/:slug/tekorten/studenten", Door::Needs(MakeProposals), shortages::students)
        .get("/rondes/:slug/scenarios", Door::Needs(MakeProposals), scenarios::index)
        .post("/rondes/:slug/scenarios", Door::Needs(MakeProposals), scenarios::make)
        .get("/rondes/:slug/scenarios/nieuw", Door::Needs(MakeProposals), scenarios::new_form)
        .get("/rondes/:slug/scenarios/vergelijken", Door::Needs(MakeProposals), scenarios::compare)
        .get("/rondes/:slug/scenarios/vergelijken.xlsx", Door::Needs(MakeProposals), scenarios::export)
        .get("/rondes/:slug/scenarios/:id", Door::Needs(MakeProposals), scenarios::show)
        .post("/rondes/:slug/scenarios/:id", Door::Needs(MakeProposals), scenarios::change)
        .post("/rondes/:slug/scenarios/:id/plekken", Door::Needs(MakeProposals), scenarios::places)
        .post("/rondes/:slug/scenarios/:id/doorrekenen", Door::Needs(MakeProposals), scenarios::solve)
        .get("/rondes/:slug/scenarios/:id/kiezen", Door::Needs(MakeProposals), scenarios::choice_form)
        .post("/rondes/:slug/scenarios/:id/kiezen", Door::Needs(MakeProposals), scenarios::choose)
        .get("/rondes/:slug/scenarios/:id/verwijderen", Door::Needs(MakeProposals), scenarios::removal_form)
        .post("/rondes/:slug/scenarios/:id/verwijderen", Door::Needs(MakeProposals), scenarios::remove)
        .get("/rondes/:slug/plaatsbord", Door::Needs(ReadPlacements), board::show)
        .post("/rondes/:slug/plaatsbord", Door::Needs(ReadPlacements), board::find)
        .post("/rondes/:slug/plaatsbord/plaats", Door::Needs(PlaceStudents), board::place_student)
        .post("/rondes/:slug/plaatsbord/los", Door::Needs(PlaceStudents), board::release_student)
        .post("/rondes/:slug/plaatsbord/wissel", Door::Needs(PlaceStudents), board::swap_students)
        .post("/rondes/:slug/plaatsbord/vastzetten", Door::Needs(PlaceStudents), board::hold_placement)
        .post("/rondes/:slug/plaatsbord/overslaan", Door::Needs(PlaceStudents), board::leave_out)
        .post("/rondes/:slug/plaatsbord/uitsluiten", Door::Needs(PlaceStudents), board::exclude_school)
        .post("/rondes/:slug/plaatsbord/gekozen", Door::Needs(PlaceStudents), board::pick)
        .post("/rondes/:slug/plaatsbord/meer", Door::Needs(PlaceStudents), board::change_several)
        .post("/rondes/:slug/plaatsbord/team", Door::Needs(PlaceStudents), board::team_up)
        .post("/rondes/:slug/plaatsbord/ongedaan", Door::Needs(PlaceStudents), board::undo_change)
        .get("/rondes/:slug/dekking", Door::Needs(ReadCoverage), coverage::show)
        .get("/rondes/:slug/dekking.xlsx", Door::Needs(ReadCoverage), coverage::export)
        .get("/rondes/:slug/dekking/studenten", Door::Needs(ReadStudents), coverage::show_students)
        .get("/rondes/:slug/dekking/studenten.xlsx", Door::Needs(ExportStudents), coverage::export_students)
        .get("/rondes/:slug/werkboeken", Door::Needs(ExportStudents), workbooks::show)
        .get("/rondes/:slug/werkboeken/:file", Door::Needs(ExportStudents), workbooks::download)
}

fn changing(pages: Pages) -> Pages {
    pages
        .get("/rondes/:slug/wijzigingen", Door::Needs(Mutate), mutations::show)
        .post("/rondes/:slug/wijzigingen", Door::Needs(Mutate), mutations::find)
        .get("/rondes/:slug/wijzigingen.xlsx", Door::Needs(Mutate), mutations::export)
        .get("/rondes/:slug/wijzigingen/nieuw", Door::Needs(Mutate), mutations::new_form)
        .post("/rondes/:slug/wijzigingen/nieuw", Door::Needs(Mutate), mutations::note)
        .post("/rondes/:slug/wijzigingen/student", Door::Needs(Mutate), mutations::find_student)
        .get("/rondes/:slug/wijzigingen/:id", Door::Needs(Mutate), mutation::show)
        .post("/rondes/:slug/wijzigingen/:id/plan", Door::Needs(Mutate), mutation::plan)
        .post("/rondes/:slug/wijzigingen/:id/doorvoeren", Door::Needs(Mutate), mutation::carry_out)
        .post("/rondes/:slug/wijzigingen/:id/vervallen", Door::Needs(Mutate), mutation::cancel)
        .get("/rondes/:slug/wijzigingen/:id/verplaatsingen.xlsx", Door::Needs(Mutate), mutation::export)
        .get("/rondes/:slug/wachtlijst", Door::Needs(ReadPlacements), waiting_list::show)
        .get("/rondes/:slug/wachtlijst.xlsx", Door::Needs(ExportStudents), waiting_list::export)
        .post("/rondes/:slug/wachtlijst/plaats", Door::Needs(Mutate), waiting_list::place)
}

fn managing(pages: Pages) -> Pages {
    pages
        .get("/eerste-keer/organisatie", Door::Needs(ManageSettings), first_run::show_organisation)
        .post("/eerste-keer/organisatie", Door::Needs(ManageSettings), first_run::name)
        .get("/eerste-keer/gegevens", Door::Needs(ManageSettings), first_run::show_content)
        .post("/eerste-keer/voorbeelden", Door::Needs(ManageSettings), first_run::load_examples)
        .get("/logboek", Door::Needs(ReadAudit), audit::show)
        .get("/logboek.xlsx", Door::Needs(ReadAudit), audit::export)
        .get("/instellingen", Door::Needs(ManageSettings), settings::show)
        .post("/instellingen", Door::Needs(ManageSettings), settings::change)
        .get("/instellingen/mail", Door::Needs(ManageSettings), outbox::show)
        .post("/instellingen/mail/proef", Door::Needs(ManageSettings), outbox::test)
        .post("/instellingen/mail/:id/opnieuw", Door::Needs(ManageSettings), outbox::again)
}

fn privacy_pages(pages: Pages) -> Pages {
    pages
        .get("/privacy", Door::Needs(HandlePrivacy), privacy::start)
        .get("/privacy/register", Door::Needs(HandlePrivacy), privacy::show_register)
        .get("/privacy/register.xlsx", Door::Needs(HandlePrivacy), privacy::export_register)
        .get("/privacy/studenten", Door::Needs(HandlePrivacy), privacy::search_form)
        .post("/privacy/studenten", Door::Needs(HandlePrivacy), privacy::search)
        .get("/privacy/studenten/:id", Door::Needs(HandlePrivacy), privacy::show)
        .get("/privacy/studenten/:id/inzage.xlsx", Door::Needs(HandlePrivacy), privacy::export_dossier)
        .get("/privacy/studenten/:id/inzage.json", Door::Needs(HandlePrivacy), privacy::export_json)
        .get("/privacy/studenten/:id/corrigeren", Door::Needs(HandlePrivacy), privacy::correction_form)
        .post("/privacy/studenten/:id/corrigeren", Door::Needs(HandlePrivacy), privacy::correct)
        .get("/privacy/studenten/:id/anonimiseren", Door::Needs(HandlePrivacy), privacy::erasure_form)
        .post("/privacy/studenten/:id/anonimiseren", Door::Needs(HandlePrivacy), privacy::erase)
        .get("/instellingen/bewaartermijnen", Door::Needs(ManageSettings), privacy::retention::show)
        .post("/instellingen/bewaartermijnen", Door::Needs(ManageSettings), privacy::retention::change)
        .post("/instellingen/bewaartermijnen/toepassen", Door::Needs(ManageSettings), privacy::retention::apply)
}

fn own(pages: Pages) -> Pages {
    pages
        .get("/wachtwoord-vergeten", Door::Open, reset::forgot_form)
        .post("/wachtwoord-vergeten", Door::Open, reset::forgot)
        .get("/wachtwoord-vergeten/verstuurd", Door::Open, reset::forgot_sent)
        .get("/wachtwoord-herstellen", Door::Open, reset::reset_form)
        .post("/wachtwoord-herstellen", Door::Open, reset::reset)
        .get("/wachtwoord-herstellen/:token", Door::Open, reset::follow)
        .get("/account", Door::SignedIn, account::show)
        .post("/account/naam", Door::SignedIn, account::rename)
        .get("/account/wachtwoord", Door::SignedIn, account::password_form)
        .post("/account/wachtwoord", Door::SignedIn, account::change_password)
        .get("/account/sessies", Door::SignedIn, account::sessions)
        .post("/account/sessies/andere", Door::SignedIn, account::end_others)
        .post("/account/sessies/:id/beeindigen", Door::SignedIn, account::end_session)
        .get("/account/tweede-factor", Door::SignedIn, second_factor::show)
        .post("/account/tweede-factor", Door::SignedIn, second_factor::begin)
        .get("/account/tweede-factor/instellen", Door::SignedIn, second_factor::setup)
        .post("/account/tweede-factor/instellen", Door::SignedIn, second_factor::confirm)
        .get("/account/tweede-factor/herstelcodes", Door::SignedIn, second_factor::codes_form)
        .post("/account/tweede-factor/herstelcodes", Door::SignedIn, second_factor::new_codes)
        .get("/account/tweede-factor/verwijderen", Door::SignedIn, second_factor::removal_form)
        .post("/account/tweede-factor/verwijderen", Door::SignedIn, second_factor::remove)
}

fn people(pages: Pages) -> Pages {
    pages
        .get("/uitnodiging/:token", Door::Open, invitation::show)
        .post("/uitnodiging/:token", Door::Open, invitation::accept)
        .get("/account/sleutels", Door::SignedIn, tokens::list)
        .post("/account/sleutels", Door::SignedIn, tokens::make)
        .post("/account/sleutels/:id/intrekken", Door::SignedIn, tokens::withdraw)
        .get("/gebruikers", Door::Needs(ManageUsers), users::list)
        .post("/gebruikers", Door::Needs(ManageUsers), users::find)
        .get("/gebruikers.xlsx", Door::Needs(ManageUsers), users::export)
        .get("/gebruikers/uitnodigen", Door::Needs(ManageUsers), granting::invitation_form)
        .post("/gebruikers/uitnodigen", Door::Needs(ManageUsers), granting::invite)
        .get("/gebruikers/:id", Door::Needs(ManageUsers), users::show)
        .get("/gebruikers/:id/rollen/nieuw", Door::Needs(ManageUsers), granting::show)
        .post("/gebruikers/:id/rollen", Door::Needs(ManageUsers), granting::grant)
        .post("/gebruikers/:id/rollen/:grant/eind", Door::Needs(ManageUsers), users::end)
        .post("/gebruikers/:id/uitnodiging", Door::Needs(ManageUsers), users::invite_again)
        .post("/gebruikers/:id/wachtwoord", Door::Needs(ManageUsers), users::reset)
        .post("/gebruikers/:id/tweede-factor", Door::Needs(ManageUsers), users::reset_second_factor)
        .post("/gebruikers/:id/blokkeren", Door::Needs(ManageUsers), users::block)
        .post("/gebruikers/:id/deblokkeren", Door::Needs(ManageUsers), users::unblock)
        .post("/gebruikers/:id/verwijderen", Door::Needs(ManageUsers), users::remove)
}

fn loading(pages: Pages) -> Pages {
    pages
        .get("/importeren", LOADING, imports::show)
        .post("/importeren", LOADING, imports::check)
        .get("/importeren/sjabloon/:file", LOADING, imports::template)
        .get("/importeren/:id", LOADING, imports::result)
        .post("/importeren/:id/laden", LOADING, imports::load)
        .get("/importeren/:id/bevindingen.xlsx", LOADING, imports::annotated)
}
