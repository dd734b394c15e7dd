//! What a file is, by its first bytes. The name is never trusted.

use super::error::ReadError;

/// Kinds of content that have a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A zip, probably with an Excel workbook in it.
    Zip,
    /// Text with separators.
    Text,
}

const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Recognises the kind of file.
pub(super) fn recognise(bytes: &[u8]) -> Result<Content, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.starts_with(&OLE) {
        // An encrypted .xlsx is an OLE file with a stream of this name (UTF-16).
        return Err(if contains(bytes, &utf16("EncryptedPackage")) { ReadError::Password } else { ReadError::OldExcel });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Content::Zip);
    }
    if bytes.starts_with(b"PK\x05\x06") {
        return Err(ReadError::NotAWorkbook);
    }
    // BIFF2-5 files start with a BOF record without any container.
    if bytes.starts_with(&[0x09, 0x08]) || bytes.starts_with(&[0x09, 0x04]) || bytes.starts_with(&[0x09, 0x02]) {
        return Err(ReadError::OldExcel);
    }
    let head = head_as_text(bytes);
    if head.starts_with("%pdf") {
        return Err(ReadError::Pdf);
    }
    if ["<!doctype html", "<html", "<table", "<meta", "<head", "<body", "<style", "<div", "<!--"].iter().any(|tag| head.starts_with(tag)) {
        return Err(ReadError::Html);
    }
    if head.starts_with("<?xml") || head.starts_with("<workbook") || head.starts_with("<!doctype") {
        return Err(if head.contains("<html") { ReadError::Html } else { ReadError::Xml });
    }
    if head.starts_with("{\\rtf") || looks_binary(bytes) {
        return Err(ReadError::Unknown);
    }
    Ok(Content::Text)
}

/// The first kilobyte in small letters, without byte order mark and leading space.
fn head_as_text(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let skip = if utf16 { 2 } else { 0 };
    let text: String = bytes.iter().skip(skip).take(1_024).filter(|b| **b != 0).map(|b| char::from(b.to_ascii_lowercase())).collect();
    text.trim_start().to_owned()
}

/// Whether the first bytes cannot be text: control characters that no text holds. UTF-16 is text.
fn looks_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..4_096).unwrap_or(bytes);
    if super::text::utf16_of(head).is_some() {
        return false;
    }
    head.iter().any(|b| matches!(b, 0x00..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
