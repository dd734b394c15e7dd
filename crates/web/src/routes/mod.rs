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
use kernschil_http::{Caller, Failure, get, post};
use poem::endpoint::EndpointExt;
use poem::web::Data;
use poem::{Endpoint, Response, Route};

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
        let rounds = self.app.rounds().await?;
        let last = self.seen.last(caller);
        let round = rounds.iter().find(|round| last.as_ref().is_some_and(|slug| *slug == round.slug));
        let only = if rounds.len() == 1 { rounds.first() } else { None };
        Ok(support::frame(caller, active, round.or(only).map(support::round_ref)))
    }
}

/// Every page of the product, and the files that go with them. `api` is what the page about the API shows.
pub fn routes(app: App, api: ApiDocsView) -> impl Endpoint<Output = Response> {
    let web = Web { app, api, staging: staging::Staging::default(), seen: seen::Seen::default() };
    let pages = general(Route::new());
    let pages = of_round(pages);
    let pages = loading(pages);
    pages.data(Arc::new(web))
}

fn general(route: Route) -> Route {
    route
        .at("/", get(start::show))
        .at("/inloggen", get(access::sign_in_form).post(access::sign_in))
        .at("/uitloggen", post(access::sign_out))
        .at("/eerste-keer", get(access::first_run_form).post(access::first_run))
        .at("/taken", get(jobs::list))
        .at("/taken/:id", get(jobs::show))
        .at("/taken/:id/afbreken", post(jobs::cancel))
        .at("/hulp", get(help::show))
        .at("/hulp/woordenlijst", get(help::glossary))
        .at("/hulp/toetsen", get(help::keys))
        .at("/hulp/bevindingen", get(help::findings))
        .at("/hulp/api", get(help::api))
        .at("/hulp/importeren/:kind", get(help::workbook))
        .at("/assets/app.css", get(assets::css))
        .at("/assets/app.js", get(assets::js))
        .at("/assets/mark.svg", get(assets::mark))
}

fn of_round(route: Route) -> Route {
    route
        .at("/rondes/:slug", get(round::show))
        .at("/rondes/:slug/scholen", get(schools::show))
        .at("/rondes/:slug/scholen.xlsx", get(schools::export))
        .at("/rondes/:slug/scholen/:code", get(school::show))
        .at("/rondes/:slug/studenten", get(students::show).post(students::find))
        .at("/rondes/:slug/studenten.xlsx", get(students::export))
        .at("/rondes/:slug/studenten/:id", get(student::show))
        .at("/rondes/:slug/voorstel", get(proposal::show).post(proposal::ask))
        .at("/rondes/:slug/plaatsbord", get(board::show).post(board::find))
        .at("/rondes/:slug/plaatsbord/plaats", post(board::place_student))
        .at("/rondes/:slug/plaatsbord/los", post(board::release_student))
        .at("/rondes/:slug/plaatsbord/ongedaan", post(board::undo_change))
        .at("/rondes/:slug/dekking", get(coverage::show))
        .at("/rondes/:slug/dekking.xlsx", get(coverage::export))
        .at("/rondes/:slug/dekking/studenten", get(coverage::show_students))
        .at("/rondes/:slug/dekking/studenten.xlsx", get(coverage::export_students))
        .at("/rondes/:slug/werkboeken", get(workbooks::show))
        .at("/rondes/:slug/werkboeken/:file", get(workbooks::download))
}

fn loading(route: Route) -> Route {
    route
        .at("/importeren", get(imports::show).post(imports::check))
        .at("/importeren/sjabloon/:file", get(imports::template))
        .at("/importeren/:id", get(imports::result))
        .at("/importeren/:id/laden", post(imports::load))
        .at("/importeren/:id/bevindingen.xlsx", get(imports::annotated))
}
