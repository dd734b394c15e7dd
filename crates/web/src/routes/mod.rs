//! The handlers: one room per group of pages. A handler asks a use case, maps its answer to the view of
//! the page, and answers HTML, or 303 after a form. Nothing is decided here.

mod access;
mod assets;
mod board;
mod choosing;
mod codes;
mod coverage;
mod errors;
mod facets;
mod glossary;
mod help;
mod imports;
mod jobs;
mod proposal;
mod round;
mod school;
mod schools;
mod seen;
mod sheets;
mod staging;
mod start;
mod student;
mod students;
mod support;
mod words;
mod workbooks;

use std::sync::Arc;

use kernschil_app::App;
use kernschil_domain::access::Permission::{
    ExportStudents, MakeProposals, PlaceStudents, ReadCoverage, ReadPlacements, ReadRounds, ReadSchools, ReadStudents,
};
use kernschil_http::{Caller, Door, Failure, LOADING, PageDoor, Pages};
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
    loading(of_round(general(Pages::default())))
}

fn general(pages: Pages) -> Pages {
    pages
        .get("/", Door::SignedIn, start::show)
        .get("/inloggen", Door::Open, access::sign_in_form)
        .post("/inloggen", Door::Open, access::sign_in)
        .post("/uitloggen", Door::SignedIn, access::sign_out)
        .get("/eerste-keer", Door::Open, access::first_run_form)
        .post("/eerste-keer", Door::Open, access::first_run)
        .get("/taken", Door::Needs(MakeProposals), jobs::list)
        .get("/taken/:id", Door::Needs(MakeProposals), jobs::show)
        .post("/taken/:id/afbreken", Door::Needs(MakeProposals), jobs::cancel)
        .get("/hulp", Door::SignedIn, help::show)
        .get("/hulp/woordenlijst", Door::SignedIn, help::glossary)
        .get("/hulp/toetsen", Door::SignedIn, help::keys)
        .get("/hulp/bevindingen", Door::SignedIn, help::findings)
        .get("/hulp/api", Door::SignedIn, help::api)
        .get("/hulp/importeren/:kind", Door::SignedIn, help::workbook)
        .get("/assets/app.css", Door::Open, assets::css)
        .get("/assets/app.js", Door::Open, assets::js)
        .get("/assets/mark.svg", Door::Open, assets::mark)
}

fn of_round(pages: Pages) -> Pages {
    pages
        .get("/rondes/:slug", Door::Needs(ReadRounds), round::show)
        .get("/rondes/:slug/scholen", Door::Needs(ReadSchools), schools::show)
        .get("/rondes/:slug/scholen.xlsx", Door::Needs(ReadSchools), schools::export)
        .get("/rondes/:slug/scholen/:code", Door::Needs(ReadSchools), school::show)
        .get("/rondes/:slug/studenten", Door::Needs(ReadStudents), students::show)
        .post("/rondes/:slug/studenten", Door::Needs(ReadStudents), students::find)
        .get("/rondes/:slug/studenten.xlsx", Door::Needs(ExportStudents), students::export)
        .get("/rondes/:slug/studenten/:id", Door::Needs(ReadStudents), student::show)
        .get("/rondes/:slug/voorstel", Door::Needs(MakeProposals), proposal::show)
        .post("/rondes/:slug/voorstel", Door::Needs(MakeProposals), proposal::ask)
        .get("/rondes/:slug/plaatsbord", Door::Needs(ReadPlacements), board::show)
        .post("/rondes/:slug/plaatsbord", Door::Needs(ReadPlacements), board::find)
        .post("/rondes/:slug/plaatsbord/plaats", Door::Needs(PlaceStudents), board::place_student)
        .post("/rondes/:slug/plaatsbord/los", Door::Needs(PlaceStudents), board::release_student)
        .post("/rondes/:slug/plaatsbord/ongedaan", Door::Needs(PlaceStudents), board::undo_change)
        .get("/rondes/:slug/dekking", Door::Needs(ReadCoverage), coverage::show)
        .get("/rondes/:slug/dekking.xlsx", Door::Needs(ReadCoverage), coverage::export)
        .get("/rondes/:slug/dekking/studenten", Door::Needs(ReadStudents), coverage::show_students)
        .get("/rondes/:slug/dekking/studenten.xlsx", Door::Needs(ExportStudents), coverage::export_students)
        .get("/rondes/:slug/werkboeken", Door::Needs(ExportStudents), workbooks::show)
        .get("/rondes/:slug/werkboeken/:file", Door::Needs(ExportStudents), workbooks::download)
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
