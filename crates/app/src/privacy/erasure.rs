//! Making a student unrecognisable because she asks for it.
//!
//! Somebody who still needs or has a place in a round that goes on is not erased: the school expects her, and a place
//! would stay taken, or be given, for nobody. What has to be done first is told instead, so that who coordinates the
//! round takes the place back knowingly. In all other cases nothing that is counted changes.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Need, PlacementStatus, RoundState};
use kernschil_domain::cohorts::Student;
use kernschil_domain::ids::StudentId;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::rounds::Round;
use kernschil_storage::privacy::{self, ErasureGround};
use kernschil_storage::{Tx, placements, rounds};
use serde::Serialize;

use super::correction::student;
use super::retention::forget_students;
use crate::error::AppError;
use crate::listing::search_key;
use crate::{Actor, App, Change};

/// Why a student cannot be erased yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// Name of the round.
    pub round: String,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
    /// What to do first, in Dutch.
    pub advice: String,
}

/// What erasing a student would do.
#[derive(Debug, Clone, Serialize)]
pub struct Erasure {
    /// The student.
    pub id: StudentId,
    /// Name, to see that it is the right one.
    pub name: String,
    /// Number, likewise.
    pub number: String,
    /// What stands in the way; nothing when it can be done.
    pub obstacles: Vec<Obstacle>,
}

impl Erasure {
    /// What goes, in Dutch.
    pub const GOES: [&'static str; 9] = [
        "naam en studentnummer: er komt “Geanonimiseerd” met een willekeurig nummer voor in de plaats",
        "woonpostcode en manier van reizen, en daarmee de reistijden",
        "e-mailadres, en mails die daarheen gingen of gaan",
        "scholen die met de hand zijn uitgesloten, teams en de eigen werkplek",
        "maatwerk: een lagere reistijdgrens of een vaste school",
        "eerdere stagescholen en voorkeuren",
        "toelichtingen bij plaatsingen met de hand en bij wijzigingen",
        "de naam in brieven en in mails aan scholen: daar staat voortaan “Geanonimiseerd”",
        "bestandsnamen van importen waarin de naam of het nummer staat",
    ];

    /// What stays, in Dutch.
    pub const STAYS: [&'static str; 5] = [
        "opleiding, fase en inschrijving, zonder dat te zien is van wie",
        "plaatsingsvragen en plaatsen, zodat aantallen en dekking niet veranderen",
        "momentopnamen van de vaststelling en bekendmaking: die bevatten alleen nummers die naar niemand meer wijzen",
        "in het logboek: dat er iets gebeurd is, wanneer en door wie; namen stonden er nooit in",
        "werkboeken die al gedownload zijn en reservekopieën; verwijder die zelf",
    ];
}

/// The last day of a round: of its last period.
async fn end_of(tx: &Tx, round: &Round) -> Result<Option<NaiveDate>, AppError> {
    Ok(rounds::periods(tx, round.id).await?.iter().map(|period| period.ends_on).max())
}

/// What stands in the way in one round.
async fn obstacle(tx: &Tx, round: &Round, id: StudentId, today: NaiveDate) -> Result<Option<Obstacle>, AppError> {
    let ends_on = end_of(tx, round).await?;
    if round.state == RoundState::Closed || ends_on.is_some_and(|end| end < today) {
        return Ok(None);
    }
    let own: Vec<_> = rounds::demands(tx, round.id).await?.into_iter().filter(|demand| demand.student == id).collect();
    let (mut is_announced, mut is_placed) = (false, false);
    for demand in &own {
        if let Some(placement) = placements::live(tx, demand.id).await? {
            is_placed = true;
            is_announced |= placement.status == PlacementStatus::Announced;
        }
    }
    let is_needed = own.iter().any(|demand| demand.need == Need::Required);
    let until = ends_on.map(|end| format!(" Of wacht tot na {}; dan is de ronde afgelopen.", dutch_date(end))).unwrap_or_default();
    let name = &round.name;
    let advice = if is_announced {
        format!(
            "De plaats in ronde {name} is al bekendgemaakt: de school rekent op deze student. Overleg met wie de ronde coördineert.{until}"
        )
    } else if is_placed {
        format!(
            "De student heeft een plaats in ronde {name}. Laat wie de ronde coördineert de plaats losmaken op het plaatsbord, en daarna een \
             werkboek laden met Plaats nodig: nee.{until}"
        )
    } else if is_needed {
        format!(
            "De student heeft nog een plaats nodig in ronde {name}; een voorstel zou een plek aan niemand geven. Laat wie de ronde \
             coördineert een werkboek laden met Plaats nodig: nee.{until}"
        )
    } else {
        return Ok(None);
    };
    Ok(Some(Obstacle { round: name.clone(), ends_on, advice }))
}

async fn look(app: &App, tx: &Tx, id: StudentId) -> Result<Erasure, AppError> {
    let student = student(tx, id).await?;
    let own = privacy::of_student(tx, id).await?;
    let mut obstacles = Vec::new();
    for round in rounds::list(tx).await?.iter().filter(|round| own.contains(&round.id)) {
        obstacles.extend(obstacle(tx, round, id, app.clock.today()).await?);
    }
    Ok(Erasure { id, name: student.full_name(), number: student.number.to_string(), obstacles })
}

/// What erasing a student would do, and what stands in the way.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also when the student was erased already.
pub async fn erasure(app: &App, actor: &Actor, id: StudentId) -> Result<Erasure, AppError> {
    actor.require(Permission::HandlePrivacy)?;
    app.store.read(async |tx| look(app, tx, id).await).await
}

/// Makes a student unrecognisable, for good. A later import of the same number makes a new student.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when something stands in the way.
pub async fn erase(app: &App, actor: &Actor, id: StudentId) -> Result<(), AppError> {
    actor.require(Permission::HandlePrivacy)?;
    app.store
        .write(async |tx| {
            let own = privacy::of_student(tx, id).await?;
            // In the order of names, so that two writers never wait for each other in a circle.
            for round in rounds::list(tx).await?.iter().filter(|round| own.contains(&round.id)) {
                rounds::lock(tx, &round.slug).await?;
            }
            let erasure = look(app, tx, id).await?;
            if !erasure.obstacles.is_empty() {
                let advice: Vec<_> = erasure.obstacles.into_iter().map(|obstacle| obstacle.advice).collect();
                return Err(AppError::conflict("student-doet-mee", advice.join(" ")));
            }
            forget_students(app, tx, &[id], ErasureGround::Request).await?;
            app.audit(tx, actor, EventKind::StudentErased, &id.to_string(), Change::none());
            Ok(())
        })
        .await
}

/// What names of files can tell of students: family names and numbers, in words.
pub(super) struct Traces(Vec<Vec<String>>);

impl Traces {
    pub(super) fn of(students: &[Student]) -> Self {
        let telling = students.iter().flat_map(|student| [words(&student.family_name), words(student.number.as_str())]);
        Self(telling.filter(|words| !words.is_empty()).collect())
    }

    /// Whether one of them stands in a text, word for word.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let text = words(text);
        self.0.iter().any(|wanted| text.windows(wanted.len()).any(|part| part == wanted.as_slice()))
    }
}

fn words(text: &str) -> Vec<String> {
    search_key(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_number_is_found_in_a_file_name_as_whole_words() {
        let traces = Traces(vec![words("van 't Hof-Smit"), words("S12-7")]);
        for telling in ["Van_'t_hof smit.xlsx", "studenten-s12-7.csv", "S12 7"] {
            assert!(traces.are_in(telling), "{telling}");
        }
        for innocent in ["hofsmit.xlsx", "S12-71.csv", "studenten.xlsx", ""] {
            assert!(!traces.are_in(innocent), "{innocent}");
        }
    }
}
