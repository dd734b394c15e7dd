//! Why a student is where she is, in Dutch. Counts and capacities only, never other students.

use std::collections::HashMap;

use kernschil_allocation::{BoardKey, Bottleneck, Explanation, Level, Outcome, PeriodKey, Proposal, Reason, Removed};
use kernschil_domain::ids::{BoardId, DemandId, PeriodId, SchoolId};
use kernschil_domain::rounds::RoundData;
use uuid::Uuid;

use crate::labels;

/// The reason per demand that is not placed, or not at a kern school.
pub fn of_proposal(data: &RoundData, proposal: &Proposal) -> HashMap<DemandId, String> {
    let reason = |outcome: &Outcome| match outcome {
        Outcome::Unplaced(explanation) => Some(explain(data, explanation, Aim::AnyPlace)),
        Outcome::Placed(placed) => placed.why_not_kern.as_ref().map(|explanation| explain(data, explanation, Aim::KernPlace)),
    };
    let reasons = proposal.assignments.iter().filter_map(|(key, outcome)| Some((DemandId(Uuid::from_u128(key.0)), reason(outcome)?)));
    reasons.collect()
}

/// What the student did not get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// No place at all.
    AnyPlace,
    /// A place, but not at a kern school.
    KernPlace,
}

/// One explanation in Dutch.
pub fn explain(data: &RoundData, explanation: &Explanation, aim: Aim) -> String {
    let (any, this) = match aim {
        Aim::AnyPlace => ("school", "een plaats"),
        Aim::KernPlace => ("kernschool", "een plaats op een kernschool"),
    };
    match explanation {
        Explanation::NoCandidate { removed } if removed.considered == 0 => {
            format!("Geen enkele {any} biedt in deze periode plekken aan.")
        }
        Explanation::NoCandidate { removed } => {
            let scholen = count(removed.considered, &format!("{any} biedt"), &format!("{} bieden", plural(any)));
            format!("Geen {any} past. {scholen} in deze periode plekken aan; {}.", removals(removed))
        }
        Explanation::Full { bottlenecks, removed } => {
            let full: Vec<_> = bottlenecks.iter().map(|b| bottleneck(data, *b)).collect();
            let enough = match full.as_slice() {
                [one] => format!("Met één plek meer is er {this}: {one}."),
                many => format!("Met overal één plek meer is er {this}: {}.", many.join("; ")),
            };
            let possible = count(removed.possible, &format!("passende {any} is"), &format!("passende {} zijn", plural(any)));
            let rest = removals(removed);
            if rest.is_empty() { format!("{possible} vol. {enough}") } else { format!("{possible} vol; {rest}. {enough}") }
        }
        Explanation::Held { removed, .. } => {
            let possible = count(removed.possible, &format!("passende {any} is"), &format!("passende {} zijn", plural(any)));
            format!("{possible} er wel, maar dan zou iemand alleen op een school komen of een team uit elkaar gaan.")
        }
        Explanation::Outranked { removed } => {
            let possible = count(removed.possible, "kernschool past", "kernscholen passen");
            format!("{possible} wel, maar dan zou een ander geen plaats hebben of buiten samen opleiden vallen.")
        }
    }
}

fn plural(word: &str) -> String {
    word.replace("school", "scholen")
}

fn count(number: u32, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// Which rule ruled out how many schools.
fn removals(removed: &Removed) -> String {
    let rules = [
        (removed.phase, "zijn niet voor deze fase", "is niet voor deze fase"),
        (removed.groups, "hebben andere groepen", "heeft andere groepen"),
        (removed.weekdays, "kunnen niet op de dagen van de student", "kan niet op de dagen van de student"),
        (removed.travel_limit, "liggen voorbij de reistijdgrens", "ligt voorbij de reistijdgrens"),
        (removed.earlier_school, "zijn scholen waar de student al was", "is een school waar de student al was"),
        (removed.fixed_school, "zijn niet de vaste school van de student", "is niet de vaste school van de student"),
        (removed.excluded, "zijn voor deze student uitgesloten", "is voor deze student uitgesloten"),
        (removed.pinned, "zijn niet de plek waarop de student is vastgezet", "is niet de plek waarop de student is vastgezet"),
        (removed.reserved, "houden hun plekken voor anderen", "houdt zijn plekken voor anderen"),
        (removed.not_qualified, "mogen deze fase in deze ronde niet opleiden", "mag deze fase in deze ronde niet opleiden"),
        (removed.familiar_school, "lijken op een eerdere school van de student", "lijkt op een eerdere school van de student"),
        (removed.familiar_groups, "hebben alleen groepen die de student al had", "heeft alleen groepen die de student al had"),
    ];
    let parts: Vec<_> =
        rules.iter().filter(|(n, ..)| *n > 0).map(|(n, many, one)| format!("{n} {}", if *n == 1 { one } else { many })).collect();
    join(&parts)
}

pub(crate) fn join(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} en {last}", rest.join(", ")),
    }
}

/// A full capacity in Dutch.
pub fn bottleneck(data: &RoundData, bottleneck: Bottleneck) -> String {
    match bottleneck {
        Bottleneck::Place(place, cap) => {
            let offer = labels::offer(data, crate::proposals::offer_id(place));
            format!("{offer}, nu {}", count(cap, "plek", "plekken"))
        }
        Bottleneck::SchoolTotal(school, period, cap) => {
            let (school, period) = (SchoolId(Uuid::from_u128(school.0)), PeriodId(Uuid::from_u128(period.0)));
            format!("schooltotaal van {} ({}), nu hoogstens {cap}", labels::school(data, school), labels::period(data, period))
        }
        Bottleneck::Trainer(trainer, period, cap) => {
            let (trainer, period) = (crate::proposals::trainer_id(trainer), PeriodId(Uuid::from_u128(period.0)));
            format!("opleider {} ({}), nu hoogstens {cap}", labels::trainer(data, trainer), labels::period(data, period))
        }
        Bottleneck::Board(board, period, cap) => {
            format!("{} ({}), nu hoogstens {cap}", board_name(data, board), period_name(data, period))
        }
        Bottleneck::OutsideGuidance(cap) => format!("extra begeleiding buiten samen opleiden, nu hoogstens {cap}"),
    }
}

/// What one more of a capacity brings: a sentence for the first level that gets better, and one for each that gets worse
/// for it. The lot between equals says nothing.
pub fn brings(changes: &[(Level, i64)]) -> Vec<String> {
    let told = changes.iter().filter(|(level, change)| *change != 0 && *level != Level::Lot);
    told.map(|(kind, change)| {
        let way = if *change < 0 { "minder" } else { "meer" };
        format!("{} {way}: {}.", change.unsigned_abs(), level(*kind))
    })
    .collect()
}

fn board_name(data: &RoundData, board: BoardKey) -> String {
    let board = data.registry.boards.get(&BoardId(Uuid::from_u128(board.0)));
    board.map_or_else(|| "schoolbestuur".to_owned(), |board| format!("schoolbestuur {}", board.label()))
}

fn period_name(data: &RoundData, period: PeriodKey) -> String {
    labels::period(data, PeriodId(Uuid::from_u128(period.0)))
}

/// What a level of the objective counts, in Dutch.
pub fn level(level: Level) -> String {
    match level {
        Level::FinalNotPlaced => "niet geplaatst, laatste fase".to_owned(),
        Level::NotPlaced => "niet geplaatst, andere fasen".to_owned(),
        Level::NotCovered => "geplaatst, maar niet binnen samen opleiden".to_owned(),
        Level::AnnouncedMoved => "bekendgemaakte plaatsen die niet blijven".to_owned(),
        Level::DraftMoved => "voorlopige plaatsen die niet blijven".to_owned(),
        Level::Shortfall => "te weinig studenten op opleidingsscholen".to_owned(),
        Level::Ladder => "treden onder kern (schil 1, schil zonder voorwaarden 2, buiten 3)".to_owned(),
        Level::NotListed => "geen van de voorkeuren".to_owned(),
        Level::WishRank(rank) => format!("voorkeur {rank}"),
        Level::TripsOver60 => "reizen langer dan 60 minuten".to_owned(),
        Level::TripsOver45 => "reizen langer dan 45 minuten".to_owned(),
        Level::Minutes => "minuten reistijd in totaal".to_owned(),
        Level::Spread => "ongelijke verdeling over de scholen".to_owned(),
        Level::Variety => "studenten op een school of in groepen zoals eerder".to_owned(),
        Level::Broken(reason) => format!("studenten voor wie niet geldt: {}", rule(reason)),
        Level::Lot => "loting tussen gelijke voorstellen".to_owned(),
    }
}

/// What is said of an agreement with a student to who may not know of it.
pub(crate) const AGREED: &str = "een afspraak voor deze student";

/// Why a rule keeps a student from a place, in Dutch.
pub(crate) fn ruled(reason: Reason) -> &'static str {
    match reason {
        Reason::Period => "de plek is in een andere periode",
        Reason::Phase => "de plek is niet voor deze fase",
        Reason::Groups => "de groepen passen niet",
        Reason::Weekdays => "de school kan niet op de dagen van de student",
        Reason::TravelLimit => "de reis is langer dan de grens",
        Reason::EarlierSchool => "de student was al op deze school",
        Reason::FixedSchool => "de student heeft een vaste school",
        Reason::Excluded => "de school is voor deze student uitgesloten",
        Reason::Pinned => "de student is op een andere plek vastgezet",
        Reason::Reserved => "de plek is voor een ander",
        Reason::NotQualified => "de school mag deze fase in deze ronde niet opleiden",
        Reason::FamiliarSchool => "de school lijkt op een eerdere school",
        Reason::FamiliarGroups => "de student had alle groepen van de plek al",
    }
}

/// A rule of the round, in Dutch.
fn rule(reason: Reason) -> &'static str {
    match reason {
        Reason::Period => "de periode past",
        Reason::Phase => "de fase past",
        Reason::Groups => "de groepen passen",
        Reason::Weekdays => "de dagen passen",
        Reason::TravelLimit => "de reis blijft binnen de grens",
        Reason::EarlierSchool => "niet opnieuw dezelfde school",
        Reason::FixedSchool => "de vaste school",
        Reason::Excluded => "niet op een uitgesloten school",
        Reason::Pinned => "op de vastgezette plek",
        Reason::Reserved => "niet op een plek voor een ander",
        Reason::NotQualified => "de school mag de fase opleiden",
        Reason::FamiliarSchool => "een ander soort school dan eerder",
        Reason::FamiliarGroups => "andere groepen dan eerder",
    }
}
