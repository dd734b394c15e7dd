//! What a document is, by its bytes. For files that are kept and given back as they are: nothing is opened here, and of a
//! zip only the two entries that say what it is are unpacked, with caps.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use thiserror::Error;
use zip::ZipArchive;

/// More entries than this in one document are no document.
const ENTRIES: usize = 20_000;
/// So much of an entry is unpacked to see what the document is.
const HEAD_BYTES: u64 = 512 * 1024;
/// What all entries together may say they unpack to: what a slow computer still opens.
const UNPACKED_BYTES: u64 = 200 * 1024 * 1024;

/// Kinds of documents that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// PDF.
    Pdf,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// `PowerPoint`.
    Pptx,
    /// `OpenDocument` text.
    Odt,
    /// Picture, PNG.
    Png,
    /// Picture, JPEG.
    Jpeg,
    /// Plain text.
    Text,
    /// Text with separators.
    Csv,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [Self::Pdf, Self::Docx, Self::Xlsx, Self::Pptx, Self::Odt, Self::Png, Self::Jpeg, Self::Text, Self::Csv];

    /// The media type it is given back with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// How the name of such a file may end.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Text => &["txt"],
            Self::Csv => &["csv"],
        }
    }
}

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// It holds nothing.
    #[error("empty")]
    Empty,
    /// A document with macros: a program in a document.
    #[error("macros")]
    Macros,
    /// It is locked with a password.
    #[error("password")]
    Password,
    /// A document of Office before 2007, which can hold macros that nobody sees.
    #[error("old office")]
    OldOffice,
    /// A zip that says it becomes far too large, or has far too many entries.
    #[error("too large inside")]
    TooLargeInside,
    /// A zip that cannot be read.
    #[error("damaged")]
    Damaged,
    /// Something else.
    #[error("unknown kind")]
    Unknown,
    /// The name ends otherwise than a file with this content does.
    #[error("the name does not fit the content")]
    WrongName {
        /// What the content is.
        kind: DocumentKind,
    },
}

impl DocumentError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "bestand-leeg",
            Self::Macros => "bestand-met-macros",
            Self::Password => "bestand-met-wachtwoord",
            Self::OldOffice => "bestand-oud-office",
            Self::TooLargeInside => "bestand-uitgepakt-te-groot",
            Self::Damaged => "bestand-beschadigd",
            Self::Unknown => "bestandssoort-onbekend",
            Self::WrongName { .. } => "naam-past-niet",
        }
    }

    /// What is wrong and what to do, in Dutch.
    pub fn dutch(self) -> String {
        match self {
            Self::Empty => "Het bestand is leeg. Kies een ander bestand.".to_owned(),
            Self::Macros => {
                "Het bestand bevat macro's. Sla het op zonder macro's (als .docx, .xlsx of .pptx) en kies het opnieuw.".to_owned()
            }
            Self::Password => "Het bestand is beveiligd met een wachtwoord. Haal het wachtwoord eraf en kies het opnieuw.".to_owned(),
            Self::OldOffice => "Dit is een bestand van een oude Office-versie. Sla het op als .docx, .xlsx, .pptx of .pdf.".to_owned(),
            Self::TooLargeInside => "Het bestand wordt uitgepakt veel te groot. Maak een kleiner bestand, bijvoorbeeld een PDF.".to_owned(),
            Self::Damaged => "Het bestand is beschadigd. Open het zelf, sla het opnieuw op en probeer het nog eens.".to_owned(),
            Self::Unknown => "Deze soort bestand nemen wij niet aan. Kies pdf, docx, xlsx, pptx, odt, png, jpg, txt of csv.".to_owned(),
            Self::WrongName { kind } => {
                let ends = kind.extensions().join(" of .");
                format!("De inhoud past niet bij de naam van het bestand. Met deze inhoud eindigt de naam op .{ends}.")
            }
        }
    }
}

const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// What a file is. The bytes decide; the name must fit them, as whoever downloads the file goes by its name.
///
/// # Errors
/// [`DocumentError`] when it is not kept.
pub fn recognise(name: &str, bytes: &[u8]) -> Result<DocumentKind, DocumentError> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    if ["docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm"].contains(&extension.as_str()) {
        return Err(DocumentError::Macros);
    }
    let kind = by_content(bytes, &extension)?;
    if kind.extensions().contains(&extension.as_str()) { Ok(kind) } else { Err(DocumentError::WrongName { kind }) }
}

fn by_content(bytes: &[u8], extension: &str) -> Result<DocumentKind, DocumentError> {
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    if bytes.is_empty() {
        Err(DocumentError::Empty)
    } else if starts(b"%PDF-") {
        Ok(DocumentKind::Pdf)
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Ok(DocumentKind::Png)
    } else if starts(&[0xff, 0xd8, 0xff]) {
        Ok(DocumentKind::Jpeg)
    } else if starts(&OLE) {
        // An encrypted document is such a file with a stream of this name, in UTF-16.
        let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_locked = bytes.windows(mark.len()).any(|window| window == mark);
        Err(if is_locked { DocumentError::Password } else { DocumentError::OldOffice })
    } else if starts(b"PK") {
        zipped(bytes)
    } else if is_text(bytes) {
        Ok(if extension == "csv" { DocumentKind::Csv } else { DocumentKind::Text })
    } else {
        Err(DocumentError::Unknown)
    }
}

/// Whether it can only be text to read: no control characters, and nothing that a program would take for a page or a
/// script to run.
fn is_text(bytes: &[u8]) -> bool {
    let is_control = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) || *byte == 0x7f;
    let head = String::from_utf8_lossy(bytes.get(..1_024).unwrap_or(bytes)).trim_start_matches('\u{feff}').trim_start().to_lowercase();
    !bytes.iter().any(is_control) && !head.starts_with('<') && !head.starts_with("{\\rtf") && !head.starts_with("#!")
}

fn zipped(bytes: &[u8]) -> Result<DocumentKind, DocumentError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| DocumentError::Damaged)?;
    if archive.len() > ENTRIES {
        return Err(DocumentError::TooLargeInside);
    }
    let mut names = HashSet::new();
    let mut unpacked = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| DocumentError::Damaged)?;
        if entry.encrypted() {
            return Err(DocumentError::Password);
        }
        unpacked = unpacked.saturating_add(entry.size());
        names.insert(entry.name().map_err(|_| DocumentError::Damaged)?.replace('\\', "/").to_lowercase());
    }
    if unpacked > UNPACKED_BYTES {
        return Err(DocumentError::TooLargeInside);
    }
    let is_macro = |name: &String| name.ends_with("vbaproject.bin") || name.starts_with("basic/") || name.starts_with("scripts/");
    if names.iter().any(is_macro) {
        return Err(DocumentError::Macros);
    }
    if names.contains("[content_types].xml") {
        return office(&head_of(&mut archive, "[Content_Types].xml")?);
    }
    match head_of(&mut archive, "mimetype") {
        Ok(kind) if kind.trim() == DocumentKind::Odt.media_type() => Ok(DocumentKind::Odt),
        _ => Err(DocumentError::Unknown),
    }
}

/// The first part of an entry, as text.
fn head_of(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, DocumentError> {
    let entry = archive.by_name(name).map_err(|_| DocumentError::Damaged)?;
    let mut head = Vec::new();
    entry.take(HEAD_BYTES).read_to_end(&mut head).map_err(|_| DocumentError::Damaged)?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn office(content_types: &str) -> Result<DocumentKind, DocumentError> {
    let types = content_types.to_lowercase();
    if types.contains("macroenabled") || types.contains("vbaproject") {
        return Err(DocumentError::Macros);
    }
    let known = [
        ("wordprocessingml.document.main+xml", DocumentKind::Docx),
        ("spreadsheetml.sheet.main+xml", DocumentKind::Xlsx),
        ("presentationml.presentation.main+xml", DocumentKind::Pptx),
    ];
    known.into_iter().find(|(mark, _)| types.contains(mark)).map(|(_, kind)| kind).ok_or(DocumentError::Unknown)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    const WORD: &str =
        r#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

    fn word(more: &[(&str, &str)]) -> Vec<u8> {
        zip(&[&[("[Content_Types].xml", WORD), ("word/document.xml", "<w/>")], more].concat())
    }

    #[test]
    fn the_bytes_say_what_it_is() {
        let cases: [(&str, Vec<u8>, DocumentKind); 7] = [
            ("plan.pdf", b"%PDF-1.7 ...".to_vec(), DocumentKind::Pdf),
            ("foto.PNG", b"\x89PNG\r\n\x1a\n....".to_vec(), DocumentKind::Png),
            ("foto.jpeg", vec![0xff, 0xd8, 0xff, 0xe0, 0, 0], DocumentKind::Jpeg),
            ("plan.docx", word(&[]), DocumentKind::Docx),
            ("plan.odt", zip(&[("mimetype", "application/vnd.oasis.opendocument.text")]), DocumentKind::Odt),
            ("notitie.txt", "Een café, in UTF-8.".as_bytes().to_vec(), DocumentKind::Text),
            ("lijst.csv", b"a;b\r\n1;2\r\n".to_vec(), DocumentKind::Csv),
        ];
        for (name, bytes, kind) in cases {
            assert_eq!(recognise(name, &bytes), Ok(kind), "{name}");
        }
    }

    #[test]
    fn what_could_do_harm_is_refused() {
        let macros = r#"<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"#;
        let cases: [(&str, Vec<u8>, DocumentError); 13] = [
            ("leeg.pdf", Vec::new(), DocumentError::Empty),
            ("plan.docm", word(&[]), DocumentError::Macros),
            ("plan.docx", word(&[("word/vbaProject.bin", "x")]), DocumentError::Macros),
            ("plan.docx", word(&[("word\\VBAPROJECT.BIN", "x")]), DocumentError::Macros),
            ("plan.docx", zip(&[("[Content_Types].xml", macros)]), DocumentError::Macros),
            (
                "plan.odt",
                zip(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("Basic/Standard/x.xml", "x")]),
                DocumentError::Macros,
            ),
            ("oud.doc", OLE.to_vec(), DocumentError::OldOffice),
            ("bundel.zip", zip(&[("a.txt", "x")]), DocumentError::Unknown),
            ("half.docx", word(&[])[..40].to_vec(), DocumentError::Damaged),
            ("programma.pdf", b"MZ\x90\0\x03".to_vec(), DocumentError::Unknown),
            ("pagina.txt", b"\n <!DOCTYPE html><script>alert(1)</script>".to_vec(), DocumentError::Unknown),
            ("plaatje.txt", b"<svg onload=alert(1)>".to_vec(), DocumentError::Unknown),
            ("pagina.html", b"gewone tekst".to_vec(), DocumentError::WrongName { kind: DocumentKind::Text }),
        ];
        for (name, bytes, error) in cases {
            assert_eq!(recognise(name, &bytes), Err(error), "{name}");
        }
    }

    #[test]
    fn a_name_that_says_otherwise_is_refused() {
        let wrong = recognise("plan.pdf", &word(&[])).unwrap_err();
        assert_eq!(wrong, DocumentError::WrongName { kind: DocumentKind::Docx });
        assert!(wrong.dutch().contains(".docx"));
    }

    #[test]
    fn a_bomb_is_weighed_and_not_unpacked() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("[Content_Types].xml", SimpleFileOptions::default()).unwrap();
        writer.write_all(WORD.as_bytes()).unwrap();
        let zeros = vec![0_u8; 1024 * 1024];
        for number in 0..3 {
            writer.start_file(format!("word/{number}.xml"), SimpleFileOptions::default()).unwrap();
            for _ in 0..70 {
                writer.write_all(&zeros).unwrap();
            }
        }
        let bomb = writer.finish().unwrap().into_inner();
        assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
        assert_eq!(recognise("bom.docx", &bomb), Err(DocumentError::TooLargeInside));
    }
}
