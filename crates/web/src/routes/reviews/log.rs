//! What was done in a peer review, for who manages it.

use kernschil_app::audit;
use kernschil_app::listing::PageRequest;
use kernschil_http::Caller;
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;

use crate::components::nav::NavItem;
use crate::components::table::Paging;
use crate::routes::State;
use crate::routes::audit::days;
use crate::routes::reflection::dossier;
use crate::routes::support::{Answer, html, size};
use crate::views::reviews::{ReviewLogView, review_log_page};

/// Events on a page.
const ROWS: u32 = 50;

/// Which page is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    pagina: u32,
}

/// The log of a review.
#[handler]
pub(in crate::routes) async fn show_log(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let request = PageRequest { page: asked.pagina as usize, size: ROWS as usize };
    let log = audit::of_review(&web.app, &caller.actor, &slug, request).await?;
    let view = ReviewLogView {
        dossier: dossier(&log.review),
        paging: Paging { page: size(log.page.page), per_page: ROWS, rows: size(log.page.total) },
        days: days(log.page.rows),
    };
    Ok(html(review_log_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}
