//! What happened, in Dutch.

use kernschil_domain::ids::DemandId;
use kernschil_domain::mutations::MutationSubject;
use kernschil_domain::rounds::RoundData;

use crate::labels;

/// The name of the student of a demand, as one says it.
pub(super) fn student(data: &RoundData, demand: DemandId) -> String {
    let student = data.demands.get(&demand).and_then(|demand| data.students.get(&demand.student));
    student.map_or_else(|| "Een student".to_owned(), kernschil_domain::cohorts::Student::full_name)
}

/// What happened, as a sentence without its full stop. `before` is how many places there were.
pub(super) fn sentence(data: &RoundData, subject: &MutationSubject, before: Option<i32>) -> String {
    match subject {
        MutationSubject::PlacesWithdrawn { offer, left } => {
            let count = before.or_else(|| data.offers.get(offer).map(|offer| offer.count)).unwrap_or(*left);
            let fewer = count - left;
            let places = if fewer == 1 { "plek" } else { "plekken" };
            format!("{} trekt {fewer} {places} in: van {count} naar {left}", labels::offer(data, *offer))
        }
        MutationSubject::TrainerOut { trainer } => format!("Opleider {} valt uit", labels::trainer(data, *trainer)),
        MutationSubject::StudentStopped { demand } => format!("{} stopt ({})", student(data, *demand), period(data, *demand)),
        MutationSubject::StudentLate { demand } => {
            format!("{} heeft alsnog een plek nodig ({})", student(data, *demand), period(data, *demand))
        }
        MutationSubject::StudentRefused { demand, school } => {
            format!("{} neemt {} niet aan", labels::school(data, *school), student(data, *demand))
        }
        MutationSubject::Enrolment => "Meer studenten: wie nog geen plek heeft, krijgt er een".to_owned(),
    }
}

fn period(data: &RoundData, demand: DemandId) -> String {
    data.demands.get(&demand).map(|demand| labels::period(data, demand.period)).unwrap_or_default()
}

/// What kind of thing happened, without who or where.
pub(crate) fn what_happened(subject: &MutationSubject) -> &'static str {
    subject.dutch()
}
