//! One school of a round.

use kernschil_app::history;
use kernschil_app::schools::{self, ConditionView, MembershipView, TrainerView, VisitorView};
use kernschil_domain::access::Permission;
use kernschil_domain::codes::ConditionKind;
use kernschil_domain::periods::dutch_date;
use kernschil_http::Caller;
use poem::handler;
use poem::web::Path;

use super::State;
use super::support::{Answer, capital, find_round, groups, html, sign_at, whole};
use crate::components::nav::{NavItem, RoundRef};
use crate::components::signs::Sign;
use crate::components::status::Met;
use crate::views::history::HistoryOf;
use crate::views::school::{ConditionRow, GuestRow, MembershipRow, OfferRow, SchoolView, TrainerRow, school_page};

impl From<&ConditionView> for ConditionRow {
    fn from(condition: &ConditionView) -> Self {
        let asked = condition.asked.unwrap_or_default();
        let name = match condition.kind {
            ConditionKind::TrainedMentors => format!("Minstens {asked}% van de mentoren is getraind"),
            ConditionKind::MinimumPlaces => format!("Minstens {asked} plekken in de ronde"),
            ConditionKind::CertifiedSchoolTrainer => "Een gecertificeerde schoolopleider".to_owned(),
            ConditionKind::InspectionJudgement => "De inspectie beoordeelt de school niet als onvoldoende of zeer zwak".to_owned(),
            ConditionKind::GuidedByKern => "Een maatje uit de kern".to_owned(),
        };
        let met = if condition.unmet.is_none() { Met::Yes } else { Met::No };
        Self { name, met, reason: condition.unmet.as_deref().map(|text| format!("{}.", capital(text))).unwrap_or_default() }
    }
}

impl From<&MembershipView> for MembershipRow {
    fn from(membership: &MembershipView) -> Self {
        let from = dutch_date(membership.from);
        let dates = match membership.until.and_then(|until| until.pred_opt()) {
            Some(last) => format!("van {from} tot en met {}", dutch_date(last)),
            None => format!("sinds {from}"),
        };
        let board = membership.board_tier.map(|tier| format!("bestuur: {}", tier.dutch()));
        Self {
            partnership: membership.partnership.clone(),
            sign: if membership.tier == kernschil_domain::codes::Tier::Kern { Sign::Kern } else { Sign::Schil },
            tier: membership.tier.dutch().to_owned(),
            dates: [Some(dates), board].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            buddy: membership.buddy.clone().unwrap_or_default(),
            conditions: membership.conditions.iter().map(ConditionRow::from).collect(),
        }
    }
}

impl From<&TrainerView> for TrainerRow {
    fn from(trainer: &TrainerView) -> Self {
        let busy: Vec<_> =
            trainer.students.iter().filter(|(_, count)| *count > 0).map(|(period, count)| format!("{count} in {period}")).collect();
        let busy = if busy.is_empty() { "nu geen".to_owned() } else { busy.join(", ") };
        let qualification = |(kind, last): &(kernschil_domain::codes::QualificationKind, Option<chrono::NaiveDate>)| match last {
            Some(last) => format!("{} tot en met {}", kind.dutch(), dutch_date(*last)),
            None => kind.dutch().to_owned(),
        };
        Self {
            name: trainer.name.clone(),
            kind: trainer.kind.dutch().to_owned(),
            qualifications: trainer.qualifications.iter().map(qualification).collect(),
            load: trainer.capacity.map_or_else(|| busy.clone(), |most| format!("{busy}; hoogstens {most} per periode")),
            other_schools: trainer.other_schools.clone(),
        }
    }
}

fn guest(round: &RoundRef, visitor: &VisitorView) -> GuestRow {
    GuestRow {
        student: visitor.name.clone(),
        href: round.path(&format!("studenten/{}", visitor.student)),
        programme: format!("{}, {}", visitor.institute, visitor.phase),
        period: visitor.period.clone(),
        when: format!("{}; {}", visitor.weekdays, groups(&visitor.groups)),
        trainer: visitor.trainer.clone().unwrap_or_default(),
        standing: (sign_at(visitor.standing), visitor.standing.dutch().to_owned()),
        status: visitor.status.dutch().to_owned(),
    }
}

fn view(round: RoundRef, school: &schools::SchoolView) -> SchoolView {
    let row = &school.row;
    let address = [school.postcode.as_deref(), row.place.as_deref()];
    let mut limits: Vec<_> =
        school.totals.iter().map(|(period, most)| format!("In {period} komen er samen hoogstens {most} studenten.")).collect();
    if let Some(closed) = school.closed_on {
        limits.push(format!("Deze school sluit op {}. Vanaf dan komen er geen studenten meer.", dutch_date(closed)));
    }
    let offer = |offer: &schools::OfferView| OfferRow {
        period: offer.period.clone(),
        phases: offer.phases.clone(),
        groups: offer.groups.clone(),
        weekdays: offer.weekdays.clone(),
        count: whole(offer.count),
        used: whole(offer.used),
    };
    SchoolView {
        code: row.code.clone(),
        name: row.name.clone(),
        sector: row.sector.dutch().to_owned(),
        address: address.into_iter().flatten().collect::<Vec<_>>().join(" "),
        board: row.board.clone().unwrap_or_else(|| "niet bekend".to_owned()),
        offered: whole(row.offered),
        used: whole(row.used),
        memberships: school.memberships.iter().map(MembershipRow::from).collect(),
        trainers: school.trainers.iter().map(TrainerRow::from).collect(),
        offers: school.offers.iter().map(offer).collect(),
        limits,
        stays: Vec::new(),
        guests: school.visitors.iter().map(|visitor| guest(&round, visitor)).collect(),
        round,
    }
}

/// One school.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path((slug, code)): Path<(String, String)>) -> Answer {
    let round = find_round(&web.app, &caller.actor, &slug).await?;
    let mut view = view(round, &schools::get(&web.app, &caller.actor, &slug, &code).await?);
    // Who was here is for who may see students by name.
    if caller.actor.may(Permission::ReadStudents) {
        let stays = history::of_school(&web.app, &caller.actor, &slug, &code).await?;
        view.stays = super::history::lines(HistoryOf::School, &stays, web.app.clock.now());
    }
    Ok(html(school_page(&web.frame_of(caller, NavItem::Schools, &view.round), &view)))
}
