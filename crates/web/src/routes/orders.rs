//! The two orders of coverage and known places, side by side.

use kernschil_app::proposals::{self, OrderPlan};
use kernschil_domain::policy::Order;
use kernschil_http::Caller;
use poem::handler;
use poem::web::Path;

use super::State;
use super::support::{Answer, capital, find_round, html, round_ref};
use crate::components::nav::NavItem;
use crate::views::orders::{Chosen, OrderColumn, OrdersView, orders_page};

const FIGURES: [&str; 7] = [
    "Niet geplaatst",
    "Buiten samen opleiden",
    "Schil, voorwaarden niet gehaald",
    "Krijgt een andere plaats dan nu op het bord",
    "Kern",
    "Schil",
    "Eerste voorkeur",
];

fn column(plan: &OrderPlan, current: Order) -> OrderColumn {
    let figures = &plan.figures;
    OrderColumn {
        code: plan.order.code().to_owned(),
        name: capital(plan.order.dutch()),
        price: plan.order.price().to_owned(),
        chosen: if plan.order == current { Chosen::Now } else { Chosen::Not },
        figures: vec![
            figures.unplaced,
            figures.outside,
            figures.schil_unmet,
            plan.moved,
            figures.kern,
            figures.schil,
            figures.by_wish.first().copied().unwrap_or_default(),
        ],
    }
}

/// Both orders.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let view = match proposals::two_orders(&web.app, &caller.actor, &slug).await? {
        Some(both) => OrdersView {
            round: round_ref(&both.data.round),
            version: both.version.0.to_string(),
            movable: both.movable,
            figures: FIGURES.map(ToOwned::to_owned).to_vec(),
            columns: both.plans.iter().map(|plan| column(plan, both.current)).collect(),
        },
        None => OrdersView { round: find_round(&web.app, &caller.actor, &slug).await?, ..OrdersView::default() },
    };
    Ok(html(orders_page(&web.frame_of(caller, NavItem::Proposal, &view.round), &view)))
}
