//! Fixing a round, announcing its places, and the letters.

use kernschil_app::App;
use kernschil_app::announcements::{self, Announced, LetterPart, LetterRow, LetterText, SnapshotView, Soundness};
use kernschil_domain::ids::LetterId;
use kernschil_domain::mutations;
use kernschil_domain::steps;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use crate::input::{All, Body, Day, Header, Id, PageNumber, PageSize, Path, Query, Scalar, Slug, Wrong, coded, one_field, paging};
use crate::output::{Created, Found, Here, Listed, Moment, Page, Workbook};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Refusal, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Announcing;

coded! {
    /// Whom letters are for.
    Audience(mutations::Audience)
}

coded! {
    /// What a letter says.
    LetterKind(mutations::LetterKind)
}

coded! {
    /// What a snapshot is of.
    SnapshotKind(mutations::SnapshotKind)
}

coded! {
    /// Why a fixed round is opened again.
    ReopenReason(steps::ReopenReason)
}

/// Number of a wave in its round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WaveNumber(i32);

impl Scalar for WaveNumber {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { minimum: Some(1.0), ..MetaSchema::new_with_format("integer", "int32") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let number = text.parse().ok().filter(|number| *number >= 1);
        number.map(Self).ok_or_else(|| Wrong::new("geen-getal", "Geef een heel getal op, 1 of hoger."))
    }
}

/// That a round was fixed.
#[derive(Debug, Object)]
pub(crate) struct RoundFixed {
    /// SHA-256 of what was fixed, hexadecimal.
    hash: String,
}

/// What was frozen when a round was fixed or announced, or when a mutation was carried out.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Snapshot {
    /// Identifier.
    id: Uuid,
    /// What of.
    kind: SnapshotKind,
    /// When.
    made_at: Moment,
    /// SHA-256 of its content, hexadecimal.
    hash: String,
    /// Whether its content still has that hash.
    sound: bool,
    /// Demands with a place in it.
    placed: usize,
    /// Demands whose place is another now.
    differences: usize,
}

impl From<SnapshotView> for Snapshot {
    fn from(view: SnapshotView) -> Self {
        Self {
            id: view.id.0,
            kind: SnapshotKind(view.kind),
            made_at: Moment(view.made_at),
            hash: view.hash,
            sound: view.soundness == Soundness::Sound,
            placed: view.placed,
            differences: view.differences,
        }
    }
}

one_field! {
    /// Why a fixed round is to be opened again.
    ReopenRequest {
        /// A category, never a name.
        reason: ReopenReason => steps::ReopenReason,
    }
}

one_field! {
    /// Who is to be told.
    AnnounceRequest {
        /// Schools first, or everybody at once; students only once schools know.
        audience: Audience => mutations::Audience,
    }
}

/// Letters that went out together.
#[expect(clippy::struct_field_names, reason = "the number of a wave is called so in every answer")]
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Wave {
    /// Number in the round, from 1.
    wave: i32,
    /// For whom.
    audience: Audience,
    /// When.
    made_at: Moment,
    /// Letters.
    letters: usize,
    /// Letters that somebody has to print.
    on_paper: usize,
}

/// The wave that was made, or was there already.
#[derive(Debug, Object)]
pub(crate) struct WaveMade {
    /// Number in the round, from 1.
    wave: i32,
    /// Whether it was made now; otherwise somebody asked twice.
    new: bool,
}

/// A letter.
#[derive(Debug, Object)]
pub(crate) struct LetterSummary {
    /// Identifier.
    id: Uuid,
    /// What it says.
    kind: LetterKind,
    /// Who it is for.
    to: String,
    /// Code of the school, or name of the student's institute.
    about: String,
    /// How it gets there: `print`, `removed`, or how its mail fares.
    delivery: String,
}

impl From<&LetterRow> for LetterSummary {
    fn from(row: &LetterRow) -> Self {
        Self {
            id: row.id.0,
            kind: LetterKind(row.kind),
            to: row.to.clone(),
            about: row.about.clone(),
            delivery: row.delivery.code().to_owned(),
        }
    }
}

/// A letter with its text.
#[derive(Debug, Object)]
pub(crate) struct Letter {
    /// The letter as in the list.
    summary: LetterSummary,
    /// Its date.
    date: Day,
    /// What it is about.
    subject: String,
    /// Its text, in lines.
    text: String,
    /// Students on the list of a school; 0 for another letter.
    students: usize,
}

fn letter(row: &LetterRow, text: &LetterText) -> Letter {
    let visitors = text.parts.iter().map(|part| match part {
        LetterPart::Visitors(visitors) => visitors.len(),
        LetterPart::Heading(_) | LetterPart::Paragraph(_) | LetterPart::Facts(_) => 0,
    });
    Letter { summary: row.into(), date: Day(text.date), subject: text.subject.clone(), students: visitors.sum(), text: text.plain() }
}

#[expect(clippy::too_many_arguments, reason = "an argument for each parameter of the request")]
#[OpenApi(tag = "Tag::Announcing")]
impl Announcing {
    /// Fixes the placements of a round
    ///
    /// From then on nothing is proposed or moved; nobody is told yet. Say what you saw: `If-Match` with the `ETag` of
    /// the steps. Refused with everything that is missing at once.
    #[oai(
        path = "/rounds/:round/fix",
        method = "post",
        operation_id = "fixRound",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn fix(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// `ETag` of the steps.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Found<RoundFixed>, Refusal<Versions>> {
        let (round, if_match) = (round.named("round"), if_match.0).all()?;
        let seen = seen_version(if_match)?;
        let hash = announcements::fix(&app, &session.0.actor, &round.0, seen).await.map_err(stale)?;
        Ok(Found(RoundFixed { hash }))
    }

    /// Opens a fixed round again
    ///
    /// While nobody was told. Say what you saw: `If-Match` with the `ETag` of the steps.
    #[oai(path = "/rounds/:round/reopen", method = "post", operation_id = "reopenRound")]
    async fn reopen(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// `ETag` of the steps.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReopenRequest>,
    ) -> Result<crate::output::Done, Refusal<Versions>> {
        let (round, if_match, reason) = (round.named("round"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        announcements::reopen(&app, &session.0.actor, &round.0, reason, seen).await.map_err(stale)?;
        Ok(crate::output::Done)
    }

    /// Lists what was frozen of a round
    ///
    /// Newest first, each held against its hash and against the round as it is now.
    #[oai(path = "/rounds/:round/snapshots", method = "get", operation_id = "listSnapshots")]
    async fn snapshots(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<Snapshot>, Refusal> {
        let (round, request) = (round.named("round"), paging(page, size)).all()?;
        let (_, found) = announcements::snapshots(&app, &session.0.actor, &round.0).await?;
        Ok(Listed(Page::of(found, request), here))
    }

    /// Announces the places of a round
    ///
    /// Makes a letter for each school or student and queues a mail where there is an address, all at once or not at all.
    /// Who asks twice gets the wave that was made the first time. Say what you saw: `If-Match` with the `ETag` of the
    /// steps.
    #[oai(path = "/rounds/:round/waves", method = "post", operation_id = "announceRound")]
    async fn announce(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// `ETag` of the steps.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<AnnounceRequest>,
    ) -> Result<Created<WaveMade>, Refusal<Versions>> {
        let (round, if_match, audience) = (round.named("round"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        let made = announcements::announce(&app, &session.0.actor, &round.0, audience, seen).await.map_err(stale)?;
        let body = WaveMade { wave: made.ordinal(), new: matches!(made, Announced::Now(..)) };
        Ok(Created { location: format!("{}/rounds/{}/waves/{}/letters", crate::PREFIX, round.0, body.wave), body })
    }

    /// Lists the waves of letters of a round
    ///
    /// The first one first.
    #[oai(path = "/rounds/:round/waves", method = "get", operation_id = "listWaves")]
    async fn waves(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<Wave>, Refusal> {
        let (round, request) = (round.named("round"), paging(page, size)).all()?;
        let (_, waves) = announcements::waves(&app, &session.0.actor, &round.0).await?;
        let wave = |(wave, letters): (mutations::Wave, Vec<announcements::Delivery>)| Wave {
            wave: wave.ordinal,
            audience: Audience(wave.audience),
            made_at: Moment(wave.made_at),
            letters: letters.len(),
            on_paper: letters.iter().filter(|delivery| delivery.needs_paper()).count(),
        };
        Ok(Listed(Page::of(waves.into_iter().map(wave).collect::<Vec<_>>(), request), here))
    }

    /// Lists the letters of a wave
    ///
    /// Schools by name, then students by name.
    #[oai(path = "/rounds/:round/waves/:wave/letters", method = "get", operation_id = "listLetters")]
    async fn letters(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Number of the wave in the round.
        wave: Path<WaveNumber>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<LetterSummary>, Refusal> {
        let (round, wave, request) = (round.named("round"), wave.named("wave"), paging(page, size)).all()?;
        let view = announcements::wave(&app, &session.0.actor, &round.0, wave.0).await?;
        let rows: Vec<LetterSummary> = view.letters.iter().map(Into::into).collect();
        Ok(Listed(Page::of(rows, request), here))
    }

    /// Shows a letter
    ///
    /// With its text, as it was when its wave was made.
    #[oai(path = "/rounds/:round/waves/:wave/letters/:letter", method = "get", operation_id = "getLetter")]
    async fn letter(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Number of the wave in the round.
        wave: Path<WaveNumber>,
        /// The letter.
        letter: Path<Id>,
    ) -> Result<Found<Letter>, Refusal> {
        let (round, wave, id) = (round.named("round"), wave.named("wave"), letter.named("letter")).all()?;
        let (_, row) = announcements::letter(&app, &session.0.actor, &round.0, wave.0, LetterId(id.0)).await?;
        let text = row.text.as_ref().ok_or(kernschil_app::AppError::NotFound)?;
        Ok(Found(self::letter(&row, text)))
    }

    /// Gives a wave as a workbook
    ///
    /// The lists per school, the students, and what is to be printed. That it was taken along is noted.
    #[oai(path = "/rounds/:round/waves/:wave/workbook", method = "get", operation_id = "getWaveWorkbook")]
    async fn workbook(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Number of the wave in the round.
        wave: Path<WaveNumber>,
    ) -> Result<Workbook, Refusal> {
        let (round, wave) = (round.named("round"), wave.named("wave")).all()?;
        let made = announcements::wave_workbook(&app, &session.0.actor, &round.0, wave.0).await?;
        Ok(Workbook { bytes: made.bytes, file_name: made.file_name })
    }
}
