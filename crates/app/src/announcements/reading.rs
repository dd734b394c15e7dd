//! Waves and their letters, as people look at them.

use std::collections::BTreeMap;

use kernschil_domain::access::Permission;
use kernschil_domain::ids::{LetterId, MailId, StudentId, WaveId};
use kernschil_domain::mutations::{Audience, Letter, LetterKind, Wave};
use kernschil_domain::rounds::RoundData;
use kernschil_storage::outbox::MailState;
use kernschil_storage::{Tx, announcements, rounds};

use super::letters::{LetterText, Writer};
use super::waves::{Draft, drafts};
use crate::error::AppError;
use crate::{Actor, App, labels, sight};

/// How a letter reaches who it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// By mail, that fares so.
    Mail(MailState),
    /// By mail, of which nothing is kept any more.
    MailRemoved,
    /// There was no address: it is to be printed.
    Print,
}

impl Delivery {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mail(state) => state.code(),
            Self::MailRemoved => "removed",
            Self::Print => "print",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Mail(MailState::Queued | MailState::Sending) => "mail onderweg",
            Self::Mail(MailState::Sent) => "gemaild",
            Self::Mail(MailState::Refused) => "mail geweigerd, afdrukken",
            Self::Mail(MailState::Unknown) => "mail onzeker",
            Self::MailRemoved => "gemaild, langer geleden",
            Self::Print => "geen e-mailadres, afdrukken",
        }
    }

    /// Whether somebody has to print it.
    pub fn needs_paper(self) -> bool {
        matches!(self, Self::Print | Self::Mail(MailState::Refused))
    }
}

/// A letter of a wave.
#[derive(Debug, Clone)]
pub struct LetterRow {
    /// Identifier.
    pub id: LetterId,
    /// What it says.
    pub kind: LetterKind,
    /// Who it is for.
    pub to: String,
    /// Code of the school, or the institute of the student.
    pub about: String,
    /// How it gets there.
    pub delivery: Delivery,
    /// Its text; nothing when what it is about is gone.
    pub text: Option<LetterText>,
}

/// A wave with its letters.
#[derive(Debug, Clone)]
pub struct WaveView {
    /// The round and its registry.
    pub data: RoundData,
    /// The wave.
    pub wave: Wave,
    /// Its letters: schools by name, then students by name.
    pub letters: Vec<LetterRow>,
}

/// The waves of a round with their letters, the first one first.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round.
pub async fn waves(app: &App, actor: &Actor, slug: &str) -> Result<(RoundData, Vec<(Wave, Vec<Delivery>)>), AppError> {
    app.store
        .read(async |tx| {
            let data = whole(app, tx, actor, slug).await?;
            let waves = announcements::waves(tx, data.round.id).await?;
            let ids: Vec<_> = waves.iter().map(|wave| wave.id).collect();
            let letters = announcements::letters(tx, &ids).await?;
            let states = states(tx, &letters).await?;
            let mut of: BTreeMap<WaveId, Vec<_>> = BTreeMap::new();
            for letter in &letters {
                of.entry(letter.wave).or_default().push(delivery(letter, &states));
            }
            let waves = waves.into_iter().map(|wave| (of.remove(&wave.id).unwrap_or_default(), wave)).map(|(of, wave)| (wave, of));
            Ok((data, waves.collect()))
        })
        .await
}

/// A wave with its letters, by its number in the round.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round or wave.
pub async fn wave(app: &App, actor: &Actor, slug: &str, ordinal: i32) -> Result<WaveView, AppError> {
    app.store
        .read(async |tx| {
            let data = whole(app, tx, actor, slug).await?;
            let wave = announcements::waves(tx, data.round.id).await?.into_iter().find(|wave| wave.ordinal == ordinal);
            let wave = wave.ok_or(AppError::NotFound)?;
            let letters = announcements::letters(tx, &[wave.id]).await?;
            let states = states(tx, &letters).await?;
            let letters = {
                let writer = Writer::new(&data, &wave);
                letters.iter().map(|letter| row(&data, &writer, letter, delivery(letter, &states))).collect()
            };
            Ok(WaveView { data, wave, letters })
        })
        .await
}

/// One letter of a wave.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round, wave or letter.
pub async fn letter(app: &App, actor: &Actor, slug: &str, ordinal: i32, id: LetterId) -> Result<(WaveView, LetterRow), AppError> {
    let view = wave(app, actor, slug, ordinal).await?;
    let found = view.letters.iter().find(|letter| letter.id == id).cloned().ok_or(AppError::NotFound)?;
    Ok((view, found))
}

async fn whole(app: &App, tx: &Tx, actor: &Actor, slug: &str) -> Result<RoundData, AppError> {
    sight::require_whole(app, tx, actor, slug, Permission::Announce).await?;
    Ok(rounds::picture(tx, slug).await?)
}

async fn states(tx: &Tx, letters: &[Letter]) -> Result<BTreeMap<MailId, MailState>, AppError> {
    let mails: Vec<_> = letters.iter().filter_map(|letter| letter.mail).collect();
    Ok(announcements::mail_states(tx, &mails).await?.into_iter().collect())
}

fn delivery(letter: &Letter, states: &BTreeMap<MailId, MailState>) -> Delivery {
    match letter.mail {
        None => Delivery::Print,
        Some(mail) => states.get(&mail).copied().map_or(Delivery::MailRemoved, Delivery::Mail),
    }
}

fn row(data: &RoundData, writer: &Writer<'_>, letter: &Letter, delivery: Delivery) -> LetterRow {
    let student = letter.demand.and_then(|demand| data.students.get(&data.demands.get(&demand)?.student));
    let school = letter.school.and_then(|school| data.registry.schools.get(&school));
    let (to, about) = match (student, school) {
        (Some(student), _) => (student.list_name(), labels::institute(data, student.institute)),
        (None, Some(school)) => (school.name.clone(), school.code.to_string()),
        (None, None) => (String::new(), String::new()),
    };
    LetterRow { id: letter.id, kind: letter.kind, to, about, delivery, text: writer.text(letter) }
}

/// The first letter to a student, and the list of the school with most students, as they would be now.
pub(super) fn examples(app: &App, data: &RoundData) -> (Option<LetterText>, Option<LetterText>) {
    let now = app.clock.now();
    let mut data = data.clone();
    for placement in data.placements.values_mut() {
        placement.announced_at = placement.announced_at.or(Some(now));
    }
    // Neither is stored, so the identifiers do not matter.
    let wave = Wave {
        id: WaveId(data.round.id.0),
        round: data.round.id,
        ordinal: 1,
        audience: Audience::Everybody,
        made_at: now,
        made_by: None,
        mutation: None,
    };
    let writer = Writer::new(&data, &wave);
    let text = |draft: &Draft| writer.text(&draft.letter(LetterId(data.round.id.0), wave.id));
    let student = drafts(&data, Audience::Students).first().and_then(text);
    let schools = drafts(&data, Audience::Schools);
    let fullest = schools.iter().rev().max_by_key(|draft| draft.school().map(|school| writer.visitors(school).len()));
    (student, fullest.and_then(text))
}

/// The letters to a student in a round, the oldest first.
pub(crate) async fn to_student(
    tx: &Tx,
    data: &RoundData,
    student: StudentId,
) -> Result<Vec<(Wave, LetterKind, Option<LetterText>)>, AppError> {
    let demands = data.demands.values().filter(|demand| demand.student == student).map(|demand| demand.id).collect();
    let letters = announcements::letters_about(tx, &demands).await?;
    let waves: BTreeMap<_, _> = announcements::waves(tx, data.round.id).await?.into_iter().map(|wave| (wave.id, wave)).collect();
    let line = |letter: &Letter| {
        let wave = waves.get(&letter.wave)?;
        Some((wave.clone(), letter.kind, Writer::new(data, wave).text(letter)))
    };
    Ok(letters.iter().filter_map(line).collect())
}
