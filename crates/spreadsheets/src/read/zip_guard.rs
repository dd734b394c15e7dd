//! The walk through the zip before any library opens the workbook: every entry is inflated through a
//! counting reader with caps, its name is looked at, and its XML is searched for tricks.

use std::collections::{BTreeMap, HashSet};
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::error::ReadError;
use super::scan::{SheetFacts, SheetScanner};
use crate::raw::{FileFormat, Limits};

/// What the walk learned about the workbook.
pub(super) struct Walked {
    /// Workbook with or without macros.
    pub(super) format: FileFormat,
    /// Hidden rows and columns and merged cells, by the path of the sheet inside the zip.
    pub(super) sheets: BTreeMap<String, SheetFacts>,
}

/// Walks through the zip.
pub(super) fn walk(bytes: &[u8], limits: &Limits) -> Result<Walked, ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| zip_error(&error))?;
    if archive.len() > limits.zip_entries {
        return Err(ReadError::TooManyEntries { entries: archive.len(), max: limits.zip_entries });
    }
    if archive.has_duplicate_names() {
        return Err(ReadError::suspicious("een onderdeel komt dubbel voor"));
    }
    let mut names = HashSet::new();
    let mut total = 0_u64;
    let mut sheets = BTreeMap::new();
    let mut opendocument = false;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| zip_error(&error))?;
        let name = file.name().map_err(|error| zip_error(&error)).and_then(|name| checked_name(&name))?;
        if !names.insert(name.to_lowercase()) {
            return Err(ReadError::suspicious("een onderdeel komt dubbel voor"));
        }
        if file.encrypted() {
            return Err(ReadError::Password);
        }
        let packed = file.compressed_size();
        let mut watch = Watch::new(&name);
        let size = inflate(file, packed, total, limits, &mut watch)?;
        total += size;
        opendocument |= name == "mimetype" && watch.head.starts_with(b"application/vnd.oasis.opendocument");
        if let Some(facts) = watch.finish()? {
            sheets.insert(name, facts);
        }
    }
    let format = if opendocument { Err(ReadError::OpenDocument) } else { format_of(&names) }?;
    Ok(Walked { format, sheets })
}

/// Inflates one entry to nowhere, counting. Returns its size.
fn inflate(mut file: impl Read, packed: u64, before: u64, limits: &Limits, watch: &mut Watch) -> Result<u64, ReadError> {
    let mut buffer = vec![0_u8; 64 * 1024];
    let mut size = 0_u64;
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => return Ok(size),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(ReadError::damaged("Een onderdeel is niet uit te pakken.")),
        };
        size += u64::try_from(count).unwrap_or(u64::MAX);
        let bomb = size > 1024 * 1024 && size / packed.max(1) > limits.ratio;
        if size > limits.entry_bytes || before + size > limits.total_bytes || bomb {
            return Err(ReadError::TooLargeInside);
        }
        watch.feed(buffer.get(..count).unwrap_or_default())?;
    }
}

/// A name that stays inside the zip, with `/` between its parts.
fn checked_name(name: &str) -> Result<String, ReadError> {
    let name = name.replace('\\', "/");
    let outside = name.starts_with('/') || name.split('/').any(|part| part == ".." || part.ends_with(':'));
    if outside || name.contains('\0') || name.len() > 512 {
        return Err(ReadError::suspicious("een onderdeel wijst naar een plek buiten het bestand"));
    }
    Ok(name)
}

/// Tells a workbook from other files that are a zip as well.
fn format_of(names: &HashSet<String>) -> Result<FileFormat, ReadError> {
    if names.contains("xl/workbook.bin") {
        return Err(ReadError::BinaryExcel);
    }
    let has_sheets = names.iter().any(|name| name.contains("worksheets/sheet") || name.contains("xl/worksheets/"));
    if !names.contains("[content_types].xml") || !has_sheets {
        return Err(ReadError::NotAWorkbook);
    }
    let macros = names.iter().any(|name| name.ends_with("vbaproject.bin"));
    Ok(if macros { FileFormat::Xlsm } else { FileFormat::Xlsx })
}

fn zip_error(error: &ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(message) if message.to_lowercase().contains("password") => ReadError::Password,
        ZipError::UnsupportedArchive(_) => ReadError::damaged("Het is ingepakt op een manier die wij niet kennen."),
        _ => ReadError::damaged("De inhoudsopgave klopt niet; misschien is het maar half verstuurd."),
    }
}

/// Looks at the bytes of one entry while they pass.
struct Watch {
    head: Vec<u8>,
    head_checked: bool,
    is_xml: bool,
    is_strings: bool,
    scanner: Option<SheetScanner>,
}

/// So much of an entry is kept to look for a document type; XML must declare it before its root.
const HEAD: usize = 8 * 1024;

impl Watch {
    fn new(name: &str) -> Self {
        let lower = name.to_lowercase();
        let is_xml = [".xml", ".rels", ".vml"].iter().any(|end| lower.ends_with(end));
        let is_sheet = is_xml && lower.contains("worksheets/") && !lower.contains("_rels/");
        Self {
            head: Vec::new(),
            head_checked: false,
            is_xml,
            is_strings: lower.ends_with("sharedstrings.xml"),
            scanner: is_sheet.then(SheetScanner::default),
        }
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        if self.head.len() < HEAD {
            let room = HEAD - self.head.len();
            self.head.extend(bytes.iter().take(room));
            if self.head.len() >= HEAD {
                self.check_head()?;
            }
        }
        if let Some(scanner) = &mut self.scanner {
            scanner.feed(bytes);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Option<SheetFacts>, ReadError> {
        self.check_head()?;
        Ok(self.scanner.map(SheetScanner::finish))
    }

    fn check_head(&mut self) -> Result<(), ReadError> {
        if self.head_checked || !self.is_xml {
            return Ok(());
        }
        self.head_checked = true;
        // Zeros go, so that UTF-16 is seen through as well.
        let head: String = self.head.iter().filter(|b| **b != 0).map(|b| char::from(b.to_ascii_lowercase())).collect();
        if head.contains("<!doctype") || head.contains("<!entity") {
            return Err(ReadError::suspicious("een documenttype in de XML"));
        }
        if self.is_strings && stated_count(&head).is_some_and(|count| count > MOST_STRINGS) {
            return Err(ReadError::suspicious("een onmogelijk aantal teksten"));
        }
        Ok(())
    }
}

/// Beyond this many shared strings a file is refused: the library reserves room for the stated count.
const MOST_STRINGS: u64 = 4_000_000;

/// The number of shared strings that the file claims to have.
fn stated_count(head: &str) -> Option<u64> {
    let rest = head.split_once("uniquecount")?.1.trim_start().strip_prefix('=')?.trim_start();
    let digits: String = rest.trim_start_matches(['"', '\'']).chars().take_while(char::is_ascii_digit).collect();
    if digits.len() > 18 { Some(u64::MAX) } else { digits.parse().ok() }
}
