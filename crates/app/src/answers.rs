//! Who is waited for: what each school of a round said about its places, noting it by hand, and asking again.

use std::fmt::Write as _;

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::answers::{Answer, answers};
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{AnswerState, RoundState, Tier};
use kernschil_domain::ids::SchoolId;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::registry::Board;
use kernschil_domain::rounds::{RoundData, SchoolAnswer};
use kernschil_domain::values::SchoolCode;
use kernschil_storage::{Tx, WriteTx, planning};
use serde_json::json;

use crate::error::AppError;
use crate::listing::search_key;
use crate::mail::{self, Letter, MailKind};
use crate::proposals::require_open;
use crate::schools::first_day;
use crate::{Actor, App, Change, labels, sight};

/// A school with what it said.
#[derive(Debug, Clone)]
pub struct AnswerRow {
    /// The school.
    pub school: SchoolId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Town.
    pub place: Option<String>,
    /// Board.
    pub board: Option<String>,
    /// Kern when it is that in one of the round's partnerships.
    pub tier: Tier,
    /// Names of the round's partnerships it belongs to.
    pub partnerships: Vec<String>,
    /// What it said.
    pub answer: Answer,
    /// When it was asked.
    pub asked_on: Option<NaiveDate>,
    /// When it was reminded last.
    pub reminded_on: Option<NaiveDate>,
    /// When it answered, as far as that was noted by hand.
    pub answered_on: Option<NaiveDate>,
    /// Whether mail reaches it.
    pub contact: Contact,
}

/// Whether mail reaches a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// It has an e-mail address.
    Mail,
    /// None is known.
    Unknown,
}

/// The schools of a round within reach, by name, with what they said.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round.
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<(RoundData, Vec<AnswerRow>), AppError> {
    app.store.read(async |tx| in_transaction(app, tx, actor, slug).await).await
}

async fn in_transaction(app: &App, tx: &Tx, actor: &Actor, slug: &str) -> Result<(RoundData, Vec<AnswerRow>), AppError> {
    let data = sight::round(app, tx, actor, slug, Permission::ManageRounds).await?;
    let reach = actor.reach(Permission::ManageRounds, &data.registry, app.clock.today());
    let date = first_day(&data);
    let all = answers(&data, date).into_iter().filter(|(school, _)| reach.holds_school(&data, *school));
    let mut rows: Vec<_> = all.filter_map(|(school, answer)| row(&data, date, school, answer)).collect();
    rows.sort_by_cached_key(|row| (search_key(&row.name), row.code.clone()));
    Ok((data, rows))
}

fn row(data: &RoundData, date: NaiveDate, id: SchoolId, answer: Answer) -> Option<AnswerRow> {
    let school = data.registry.schools.get(&id)?;
    let noted = data.answers.get(&id);
    let memberships: Vec<_> = data.registry.memberships_of(id, date).filter(|m| data.round.partnerships.contains(&m.partnership)).collect();
    Some(AnswerRow {
        school: id,
        code: school.code.to_string(),
        name: school.name.clone(),
        place: school.place.clone(),
        board: data.registry.board_of(id, date).map(Board::label),
        tier: if memberships.iter().any(|m| m.tier == Tier::Kern) { Tier::Kern } else { Tier::Schil },
        partnerships: memberships.iter().map(|m| labels::partnership(data, m.partnership)).collect(),
        answer,
        asked_on: noted.and_then(|answer| answer.asked_on),
        reminded_on: noted.and_then(|answer| answer.reminded_on),
        answered_on: noted.and_then(|answer| answer.answered_on),
        contact: if school.email.as_deref().is_some_and(|address| !address.is_empty()) { Contact::Mail } else { Contact::Unknown },
    })
}

/// Notes by hand what a school said: that it has no places, or that it is waited for after all. Places come with a
/// workbook, and are an answer by themselves.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such school in the round; [`AppError::Conflict`]
/// when it offers places, or the round is fixed.
pub async fn note(app: &App, actor: &Actor, slug: &str, code: &str, said: AnswerState) -> Result<(), AppError> {
    let code = SchoolCode::parse(code).map_err(|_| AppError::NotFound)?.to_string();
    app.store
        .write(async |tx| {
            sight::locked(app, tx, actor, slug, Permission::ManageRounds).await?;
            let (data, rows) = in_transaction(app, tx, actor, slug).await?;
            require_open(&data)?;
            let row = rows.iter().find(|row| row.code == code).ok_or(AppError::NotFound)?;
            if let Answer::Places(places) = row.answer {
                let message = format!("Deze school biedt al {places} plekken aan. Laad een werkboek met plekken om dat te veranderen.");
                return Err(AppError::conflict("school-heeft-plekken", message));
            }
            let answered_on = (said == AnswerState::None).then(|| app.clock.today());
            store(tx, &data, row.school, |answer| SchoolAnswer { state: said, answered_on, ..answer }).await?;
            let change = Change::between(json!({ "answer": row.answer.code() }), json!({ "answer": said.code(), "school": row.code }));
            app.audit(tx, actor, EventKind::SchoolAnswered, slug, change);
            Ok(())
        })
        .await
}

async fn store(tx: &WriteTx, data: &RoundData, school: SchoolId, change: impl Fn(SchoolAnswer) -> SchoolAnswer) -> Result<(), AppError> {
    let new = || SchoolAnswer { school, state: AnswerState::Waiting, asked_on: None, reminded_on: None, answered_on: None };
    let answer = change(data.answers.get(&school).cloned().unwrap_or_else(new));
    Ok(planning::set_answers(tx, data.round.id, &[answer]).await?)
}

/// What asking did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Mails queued.
    pub mails: usize,
    /// Schools that are waited for and have no e-mail address.
    pub without_address: usize,
    /// Schools that were asked earlier on the same day, and are left alone.
    pub today: usize,
}

/// Asks every school within reach that is waited for, or reminds it: one mail per school, and one per school a day.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round; [`AppError::Conflict`] when the round
/// is fixed, or has no date for the places.
pub async fn ask(app: &App, actor: &Actor, slug: &str) -> Result<Asked, AppError> {
    app.store
        .write(async |tx| {
            sight::locked(app, tx, actor, slug, Permission::ManageRounds).await?;
            let (data, rows) = in_transaction(app, tx, actor, slug).await?;
            require_open(&data)?;
            let due = data.dates.get(&RoundState::Offering).copied().ok_or_else(|| {
                let message =
                    "Er is nog geen datum voor de plekken. Vul bij de stappen van de ronde in wanneer de plekken binnen moeten zijn.";
                AppError::conflict("geen-datum", message)
            })?;
            let today = app.clock.today();
            let waiting: Vec<_> = rows.iter().filter(|row| row.answer == Answer::Waiting).collect();
            let (reachable, unreachable): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|row| row.contact == Contact::Mail);
            let (left_alone, to_ask): (Vec<_>, Vec<_>) =
                reachable.into_iter().partition(|row| [row.asked_on, row.reminded_on].contains(&Some(today)));
            let mails = to_ask.iter().filter_map(|row| letter(&data, row, due, today)).collect();
            mail::queue_all(app, tx, mails).await?;
            for row in &to_ask {
                store(tx, &data, row.school, |answer| match answer.asked_on {
                    None => SchoolAnswer { asked_on: Some(today), ..answer },
                    Some(_) => SchoolAnswer { reminded_on: Some(today), ..answer },
                })
                .await?;
            }
            let asked = Asked { mails: to_ask.len(), without_address: unreachable.len(), today: left_alone.len() };
            let detail = json!({ "kind": MailKind::SchoolQuestion.code(), "mails": asked.mails, "left": asked.without_address });
            let role = actor.role(Some(Permission::ManageRounds));
            app.audit_as(tx, actor, role, EventKind::LettersSent, slug, Change::to(detail));
            Ok(asked)
        })
        .await
}

fn letter(data: &RoundData, row: &AnswerRow, due: NaiveDate, today: NaiveDate) -> Option<Letter> {
    let year = data.round.school_year;
    let before = dutch_date(due);
    let mut text = String::from("Beste collega,\n\n");
    let subject = if row.asked_on.is_none() {
        _ = write!(text, "Hoeveel studenten kan {} ontvangen in schooljaar {year}? ", row.name);
        _ = writeln!(text, "Wilt u ons dat laten weten voor {before}?");
        format!("Uw plekken voor studenten in {year}")
    } else {
        _ = write!(text, "Wij vroegen u hoeveel studenten {} kan ontvangen in schooljaar {year}. ", row.name);
        text.push_str("Wij hebben nog geen antwoord van u.\n");
        let by_when = if due < today {
            format!("De datum daarvoor was {before}. Wilt u zo snel mogelijk antwoorden?\n")
        } else {
            format!("Wilt u antwoorden voor {before}?\n")
        };
        text.push_str(&by_when);
        format!("Herinnering: uw plekken voor studenten in {year}")
    };
    text.push_str("\nHet gaat om:\n");
    let mut periods: Vec<_> = data.periods.values().collect();
    periods.sort_by_key(|period| (period.starts_on, period.name.clone()));
    for period in periods {
        _ = writeln!(text, "- {}: {} tot en met {}", period.name, dutch_date(period.starts_on), dutch_date(period.ends_on));
    }
    text.push_str("\nHeeft u deze keer geen plekken? Laat dat dan ook weten. Dan wachten wij niet op u.\n");
    _ = writeln!(text, "\nMet vriendelijke groet,\n{}", row.partnerships.join("\n"));
    let to_address = data.registry.schools.get(&row.school)?.email.clone()?;
    Some(Letter { kind: MailKind::SchoolQuestion, to_address, to_name: row.name.clone(), subject, text })
}
