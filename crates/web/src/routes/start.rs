//! Start: all rounds.

use kernschil_app::overview::{self, Overview};
use kernschil_app::reviews::lasting::{self, PastRole};
use kernschil_app::reviews::waiting::{self, Lateness, Waiting};
use kernschil_domain::access::Permission;
use kernschil_domain::periods::dutch_date;
use kernschil_http::Caller;
use poem::handler;

use super::State;
use super::first_run::unfinished;
use super::support::{Answer, html, round_ref, size, status_counts, whole};
use crate::components::nav::NavItem;
use crate::views::start::{RoundCard, StartView, Visits, WaitingLine, start_page};

impl From<&Overview> for RoundCard {
    fn from(overview: &Overview) -> Self {
        let counts = status_counts(&overview.coverage);
        Self {
            round: round_ref(&overview.round),
            partnerships: overview.partnerships.clone(),
            state: overview.round.state.dutch().to_owned(),
            students: size(overview.students),
            schools: size(overview.schools),
            places: whole(overview.offered),
            counts,
            exceptions: counts.unplaced + counts.outside() + counts.schil_unmet,
        }
    }
}

impl From<Waiting> for WaitingLine {
    fn from(waiting: Waiting) -> Self {
        Self { review: waiting.review, href: waiting.path, sentence: waiting.sentence, is_late: waiting.late == Lateness::Late }
    }
}

fn past_role(past: PastRole) -> (String, String) {
    (past.review, dutch_date(past.last_day))
}

/// What somebody comes for, by what she may read.
fn visits(caller: &Caller) -> Visits {
    if caller.actor.may(Permission::ReadRounds) {
        Visits::Rounds
    } else if caller.actor.may(Permission::ReadReviews) {
        Visits::Reviews
    } else {
        Visits::Nothing
    }
}

/// All rounds, the newest school year first.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller) -> Answer {
    let mut rounds = overview::all(&web.app, &caller.actor).await?;
    rounds.sort_by_key(|overview| std::cmp::Reverse(overview.round.school_year.first_year()));
    let view = StartView {
        rounds: rounds.iter().map(RoundCard::from).collect(),
        unfinished: unfinished(&web, caller).await?,
        waiting: waiting::mine(&web.app, &caller.actor).await?.into_iter().map(WaitingLine::from).collect(),
        past: lasting::past_roles(&web.app, &caller.actor).await?.into_iter().map(past_role).collect(),
        visits: visits(caller),
    };
    Ok(html(start_page(&web.frame(caller, NavItem::Start).await?, &view)))
}
