//! From the bytes that somebody sent to typed rows.

use kernschil_spreadsheets::codes::FILE_NO_IMPORT;
use kernschil_spreadsheets::parse::{
    DuoFile, OffersFile, PartnershipsFile, PostcodesFile, StudentsFile, TrainersFile, TravelTimesFile, parse_duo, parse_offers,
    parse_partnerships, parse_postcodes, parse_students, parse_trainers, parse_travel_times,
};
use kernschil_spreadsheets::worker::read_in_worker;
use kernschil_spreadsheets::{ImportKind, Limits, Outcome, Parsed, RawWorkbook, ReadError, read_direct, recognise};
use sha2::{Digest, Sha256};

use super::ImportFile;
use crate::error::AppError;
use crate::{App, Reader};
use kernschil_credentials::tokens::hex;

/// The rows of a file.
#[derive(Debug)]
pub(super) enum Content {
    /// Partnerships.
    Partnerships(PartnershipsFile),
    /// Trainers.
    Trainers(TrainersFile),
    /// Rounds and offers.
    Offers(OffersFile),
    /// Students.
    Students(StudentsFile),
    /// Schools of DUO.
    Duo(DuoFile),
    /// Postcode areas.
    Postcodes(PostcodesFile),
    /// Travel times.
    TravelTimes(TravelTimesFile),
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct ReadFile {
    /// Kind.
    pub(super) kind: ImportKind,
    /// Name, fit to show.
    pub(super) name: String,
    /// SHA-256 of the bytes.
    pub(super) hash: String,
    /// Cells.
    pub(super) raw: RawWorkbook,
    /// Rows.
    pub(super) content: Content,
    /// What is wrong within the file itself.
    pub(super) outcome: Outcome,
}

/// Reads a file where untrusted files are read, and makes typed rows of it. Both take processor time,
/// so both happen beside the threads that answer requests. Without a kind, it is what the file looks like.
pub(super) async fn read(app: &App, kind: Option<ImportKind>, file: ImportFile) -> Result<ReadFile, AppError> {
    let reader = app.reader.clone();
    let work = move || read_now(&reader, kind, file);
    tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))?
}

/// The cells of any workbook, read where untrusted files are read, with its name fit to show.
pub(crate) async fn cells(app: &App, file: ImportFile) -> Result<(String, RawWorkbook), AppError> {
    let reader = app.reader.clone();
    let work = move || {
        let name = tidy(&file.name);
        let raw = cells_now(&reader, &name, file.bytes)?;
        Ok((name, raw))
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))?
}

fn cells_now(reader: &Reader, name: &str, bytes: Vec<u8>) -> Result<RawWorkbook, AppError> {
    let limits = Limits::default();
    let raw = match reader {
        Reader::Worker { program, argument } => read_in_worker(program, argument, name, bytes, &limits),
        Reader::Direct => read_direct(&bytes, &limits),
    };
    raw.map_err(|error| refused(&error))
}

fn read_now(reader: &Reader, kind: Option<ImportKind>, file: ImportFile) -> Result<ReadFile, AppError> {
    let name = tidy(&file.name);
    let hash = hex(&Sha256::digest(&file.bytes));
    let raw = cells_now(reader, &name, file.bytes)?;
    let kind = kind.or_else(|| recognise(&raw)).ok_or_else(of_no_import)?;
    let (content, outcome) = parse(kind, &raw);
    Ok(ReadFile { kind, name, hash, raw, content, outcome })
}

fn parse(kind: ImportKind, raw: &RawWorkbook) -> (Content, Outcome) {
    fn split<T>(parsed: Parsed<T>, content: impl FnOnce(T) -> Content) -> (Content, Outcome) {
        (content(parsed.value), parsed.outcome)
    }
    match kind {
        ImportKind::Partnerships => split(parse_partnerships(raw), Content::Partnerships),
        ImportKind::Trainers => split(parse_trainers(raw), Content::Trainers),
        ImportKind::Offers => split(parse_offers(raw), Content::Offers),
        ImportKind::Students => split(parse_students(raw), Content::Students),
        ImportKind::Duo => split(parse_duo(raw), Content::Duo),
        ImportKind::Postcodes => split(parse_postcodes(raw), Content::Postcodes),
        ImportKind::TravelTimes => split(parse_travel_times(raw), Content::TravelTimes),
    }
}

fn of_no_import() -> AppError {
    AppError::File {
        code: FILE_NO_IMPORT.to_owned(),
        message: "Wij herkennen niet wat er in dit bestand staat.".to_owned(),
        advice: "Kies zelf wat u wilt laden, of begin met een sjabloon.".to_owned(),
    }
}

fn refused(error: &ReadError) -> AppError {
    AppError::File { code: error.code().to_owned(), message: error.to_string(), advice: error.advice().to_owned() }
}

/// The name without folders and control characters, of a length that fits a page.
pub(super) fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(150).collect();
    let clean = clean.trim();
    if clean.is_empty() { "bestand".to_owned() } else { clean.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn a_file_name_has_no_folders_or_control_characters() {
        for (sent, shown) in
            [("C:\\Users\\Zoë\\plekken.xlsx", "plekken.xlsx"), ("../../etc/passwd", "passwd"), ("a\nb.csv", "ab.csv"), (" / ", "bestand")]
        {
            assert_eq!(tidy(sent), shown);
        }
    }
}
