//! Waves of letters, the letters, and what was frozen.

use kernschil_app::AppError;
use kernschil_app::announcements::{self, Delivery, LetterRow as AppRow, SnapshotView, Soundness, WaveView as AppWave};
use kernschil_app::listing::search_key;
use kernschil_domain::ids::LetterId;
use kernschil_domain::mutations::{LetterKind, Wave};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::web::{Path, Query};

use super::State;
use super::facets::facet_of;
use super::support::{Answer, capital, html, id, part, round_ref, size, workbook};
use super::words::when;
use crate::components::nav::NavItem;
use crate::components::status::Tone;
use crate::views::letters::{
    LetterFilter, LetterRow, PrintView, SnapshotRow, Sound, WaveRow, WaveView, WavesView, print_page, wave_page, waves_page,
};

const AUDIENCES: [(&str, &str); 2] = [("scholen", "Scholen"), ("studenten", "Studenten")];
const DELIVERIES: [(&str, &str); 3] = [("papier", "Af te drukken"), ("mail", "Per mail"), ("onzeker", "Mail onzeker")];

/// The number of a wave in an address; what is none does not exist.
fn ordinal(text: &str) -> Result<i32, Failure> {
    Ok(text.parse().map_err(|_| AppError::NotFound)?)
}

fn occasion(wave: &Wave) -> &'static str {
    if wave.mutation.is_some() { "wijziging" } else { "bekendmaking" }
}

fn snapshot(view: SnapshotView, now: chrono::DateTime<chrono::Utc>) -> SnapshotRow {
    SnapshotRow {
        kind: capital(view.kind.dutch()),
        made: when(view.made_at, now),
        placed: size(view.placed),
        hash: view.hash,
        sound: if view.soundness == Soundness::Sound { Sound::Yes } else { Sound::No },
        differences: size(view.differences),
    }
}

/// The waves of a round.
#[handler]
pub(super) async fn list(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let now = web.app.clock.now();
    let (data, waves) = announcements::waves(&web.app, &caller.actor, &slug).await?;
    let (_, snapshots) = announcements::snapshots(&web.app, &caller.actor, &slug).await?;
    let row = |(wave, deliveries): &(Wave, Vec<Delivery>)| WaveRow {
        ordinal: wave.ordinal,
        audience: capital(wave.audience.dutch()),
        occasion: occasion(wave).to_owned(),
        made: when(wave.made_at, now),
        letters: size(deliveries.len()),
        mails: size(deliveries.iter().filter(|delivery| **delivery != Delivery::Print).count()),
        paper: size(deliveries.iter().filter(|delivery| delivery.needs_paper()).count()),
    };
    let view = WavesView {
        round: round_ref(&data.round),
        waves: waves.iter().map(row).collect(),
        snapshots: snapshots.into_iter().map(|view| snapshot(view, now)).collect(),
    };
    Ok(html(waves_page(&web.frame_of(caller, NavItem::Letters, &view.round), &view)))
}

fn is_for(letter: &AppRow, audience: &str) -> bool {
    (letter.kind == LetterKind::School) == (audience == "scholen")
}

fn goes(letter: &AppRow, delivery: &str) -> bool {
    match delivery {
        "papier" => letter.delivery.needs_paper(),
        "onzeker" => letter.delivery == Delivery::Mail(kernschil_app::mail::MailState::Unknown),
        _ => letter.delivery != Delivery::Print,
    }
}

/// Whether a letter passes the filters. Names of students are not looked through: they do not belong in an address.
fn passes(letter: &AppRow, filter: &LetterFilter) -> bool {
    let search = search_key(filter.zoek.trim());
    let school = if letter.kind == LetterKind::School { letter.to.as_str() } else { "" };
    let found = search.is_empty() || [school, &letter.about].iter().any(|text| search_key(text).contains(&search));
    found && (filter.voor.is_empty() || is_for(letter, &filter.voor)) && (filter.bezorging.is_empty() || goes(letter, &filter.bezorging))
}

fn tone(delivery: Delivery) -> Tone {
    use kernschil_app::mail::MailState;
    match delivery {
        Delivery::Mail(MailState::Sent) | Delivery::MailRemoved => Tone::Good,
        Delivery::Mail(MailState::Queued | MailState::Sending) => Tone::Busy,
        Delivery::Mail(MailState::Refused | MailState::Unknown) => Tone::Signal,
        Delivery::Print => Tone::Quiet,
    }
}

fn row(letter: &AppRow) -> LetterRow {
    LetterRow {
        id: letter.id.to_string(),
        to: letter.to.clone(),
        about: letter.about.clone(),
        kind: letter.kind.dutch().to_owned(),
        delivery: letter.delivery.dutch().to_owned(),
        tone: tone(letter.delivery),
    }
}

/// One wave with its letters.
#[handler]
pub(super) async fn show(
    web: State<'_>,
    caller: &Caller,
    Path((slug, wave)): Path<(String, String)>,
    Query(filter): Query<LetterFilter>,
) -> Answer {
    let AppWave { data, wave, letters } = announcements::wave(&web.app, &caller.actor, &slug, ordinal(&wave)?).await?;
    let without = |change: fn(&mut LetterFilter)| {
        let mut filter = filter.clone();
        change(&mut filter);
        filter
    };
    let (any_audience, any_delivery) = (without(|filter| filter.voor.clear()), without(|filter| filter.bezorging.clear()));
    let chosen: Vec<_> = letters.iter().filter(|letter| passes(letter, &filter)).map(row).collect();
    let (rows, paging) = part(chosen, filter.pagina, filter.aantal);
    let view = WaveView {
        ordinal: wave.ordinal,
        lead: format!("{}, {}, {}.", capital(occasion(&wave)), wave.audience.dutch(), when(wave.made_at, web.app.clock.now())),
        audiences: facet_of(&letters, &AUDIENCES, |letter| passes(letter, &any_audience), is_for),
        deliveries: facet_of(&letters, &DELIVERIES, |letter| passes(letter, &any_delivery), goes),
        letters: size(letters.len()),
        mails: size(letters.iter().filter(|letter| letter.delivery != Delivery::Print).count()),
        paper: size(letters.iter().filter(|letter| letter.delivery.needs_paper()).count()),
        round: round_ref(&data.round),
        filter,
        rows,
        paging,
    };
    Ok(html(wave_page(&web.frame_of(caller, NavItem::Letters, &view.round), &view)))
}

/// Letters to print.
#[handler]
pub(super) async fn print(
    web: State<'_>,
    caller: &Caller,
    Path((slug, wave)): Path<(String, String)>,
    Query(filter): Query<LetterFilter>,
) -> Answer {
    let AppWave { data, wave, letters } = announcements::wave(&web.app, &caller.actor, &slug, ordinal(&wave)?).await?;
    let chosen = letters.into_iter().filter(|letter| passes(letter, &filter)).filter_map(|letter| letter.text);
    let view = PrintView { round: round_ref(&data.round), ordinal: wave.ordinal, letters: chosen.collect(), workbook: None };
    Ok(html(print_page(&web.frame_of(caller, NavItem::Letters, &view.round), &view)))
}

/// One letter.
#[handler]
pub(super) async fn one(web: State<'_>, caller: &Caller, Path((slug, wave, letter)): Path<(String, String, String)>) -> Answer {
    let (AppWave { data, wave, .. }, found) =
        announcements::letter(&web.app, &caller.actor, &slug, ordinal(&wave)?, id::<LetterId>(&letter)?).await?;
    let round = round_ref(&data.round);
    let address = round.path(&format!("brieven/{}/{}/werkboek.xlsx", wave.ordinal, found.id));
    let view = PrintView {
        ordinal: wave.ordinal,
        workbook: (found.kind == LetterKind::School).then_some(address),
        letters: vec![found.text.ok_or(AppError::NotFound)?],
        round,
    };
    Ok(html(print_page(&web.frame_of(caller, NavItem::Letters, &view.round), &view)))
}

/// A wave as a workbook.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path((slug, wave)): Path<(String, String)>) -> Answer {
    let made = announcements::wave_workbook(&web.app, &caller.actor, &slug, ordinal(&wave)?).await?;
    Ok(workbook(&made.file_name, made.bytes))
}

/// The list of one school as a workbook.
#[handler]
pub(super) async fn export_one(web: State<'_>, caller: &Caller, Path((slug, wave, letter)): Path<(String, String, String)>) -> Answer {
    let made = announcements::school_workbook(&web.app, &caller.actor, &slug, ordinal(&wave)?, id::<LetterId>(&letter)?).await?;
    Ok(workbook(&made.file_name, made.bytes))
}
