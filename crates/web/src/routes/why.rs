//! Why a student is here and not elsewhere.

use kernschil_app::students::Granted;
use kernschil_app::why::{self, Alternative, DemandWhy, Ground, WishWhy};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::StudentId;
use kernschil_http::Caller;
use poem::handler;
use poem::web::Path;

use super::State;
use super::support::{Answer, capital, html, id, round_ref, size, status_at};
use crate::components::nav::{NavItem, RoundRef};
use crate::components::url::href;
use crate::views::student::WishGiven;
use crate::views::why::{AlternativeRow, DemandReasons, WhyView, WishReasons, why_page};

fn wish(wish: &WishWhy) -> WishReasons {
    WishReasons {
        rank: size(wish.rank),
        target: wish.target.clone(),
        given: if wish.granted == Granted::Yes { WishGiven::Yes } else { WishGiven::No },
        because: wish.because.clone(),
        full: wish.full.iter().map(|text| capital(text)).collect(),
    }
}

fn alternative(round: &RoundRef, other: &Alternative) -> AlternativeRow {
    AlternativeRow {
        name: other.school_name.clone(),
        href: round.path(&format!("scholen/{}", other.school_code)),
        status: status_at(other.standing),
        minutes: other.minutes.map(u32::from),
        wish: other.wish_rank.map(size),
        costs: other.costs.clone(),
    }
}

fn demand(round: &RoundRef, demand: &DemandWhy, may_place: bool) -> DemandReasons {
    let row = &demand.row;
    let place = row.place.as_ref();
    DemandReasons {
        title: format!("{}, {}", capital(&row.period_name), row.phase_code),
        status: row.status,
        school: place.map(|place| (place.school_name.clone(), round.path(&format!("scholen/{}", place.school_code)))),
        minutes: place.and_then(|place| place.minutes).map(u32::from),
        because: demand.because.clone(),
        wishes: demand.wishes.iter().map(wish).collect(),
        change: demand.change.clone(),
        needed: demand.needed.iter().map(|text| capital(text)).collect(),
        alternatives: demand.alternatives.iter().map(|other| alternative(round, other)).collect(),
        board_href: may_place.then(|| href(&round.path("plaatsbord"), &[("vraag", &row.demand.to_string())])),
    }
}

/// Why a student is here.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path((slug, student)): Path<(String, String)>) -> Answer {
    let student: StudentId = id(&student)?;
    let answer = why::get(&web.app, &caller.actor, &slug, student).await?;
    let round = round_ref(&answer.round);
    let may_place = caller.actor.may(Permission::ReadPlacements);
    let view = WhyView {
        name: answer.name,
        student_href: round.path(&format!("studenten/{student}")),
        caution: match answer.ground {
            Ground::Current => String::new(),
            Ground::NoProposal => "Er is nog geen voorstel gemaakt. Daarna staat hier waarom de student een plek krijgt.".to_owned(),
            Ground::Older => {
                "Na het laatste voorstel is er iets veranderd. De redenen zijn van dat voorstel; maak een nieuw voorstel voor actuele redenen."
                    .to_owned()
            }
        },
        demands: answer.demands.iter().map(|one| demand(&round, one, may_place)).collect(),
        round,
    };
    Ok(html(why_page(&web.frame_of(caller, NavItem::Students, &view.round), &view)))
}
