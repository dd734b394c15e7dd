//! Why a file cannot be read at all.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codes;

/// A file that is refused as a whole. Each has a stable [code](Self::code), a Dutch sentence (the
/// `Display` text) and Dutch [advice](Self::advice).
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "error")]
pub enum ReadError {
    /// No bytes at all.
    #[error("Het bestand is leeg (0 bytes).")]
    Empty,
    /// More bytes than allowed.
    #[error("Het bestand is te groot. Het mag hoogstens {} MB zijn.", .max_bytes / (1024 * 1024))]
    FileTooLarge {
        /// Cap in bytes.
        max_bytes: u64,
    },
    /// Excel 97-2003.
    #[error("Dit is een oud Excel-bestand (.xls). Dat lezen wij niet.")]
    OldExcel,
    /// Excel binary workbook.
    #[error("Dit is een binair Excel-bestand (.xlsb). Dat lezen wij niet.")]
    BinaryExcel,
    /// `OpenDocument` spreadsheet.
    #[error("Dit is een OpenDocument-bestand (.ods). Dat lezen wij niet.")]
    OpenDocument,
    /// A web page with the name of a workbook.
    #[error("Dit is een webpagina (HTML), geen werkboek, ook al heet het bestand misschien .xls of .xlsx.")]
    Html,
    /// XML of Excel 2003 or another program.
    #[error("Dit is een XML-bestand, geen .xlsx-werkboek.")]
    Xml,
    /// A PDF with another name.
    #[error("Dit is een PDF, geen werkboek.")]
    Pdf,
    /// Encrypted with a password.
    #[error("Het bestand is beveiligd met een wachtwoord.")]
    Password,
    /// A zip without a workbook in it.
    #[error("Dit bestand is geen Excel-werkboek.")]
    NotAWorkbook,
    /// Something else.
    #[error("Wij herkennen dit soort bestand niet.")]
    Unknown,
    /// Cut off or damaged.
    #[error("Het bestand is beschadigd of niet volledig. {detail}")]
    Damaged {
        /// Where it went wrong, in Dutch; may be empty.
        detail: String,
    },
    /// Inflates to far more than its size.
    #[error("Het bestand is uitgepakt veel te groot. Wij hebben het niet geopend.")]
    TooLargeInside,
    /// Too many parts inside the zip.
    #[error("Het bestand heeft te veel onderdelen ({entries}; hoogstens {max}). Wij hebben het niet geopend.")]
    TooManyEntries {
        /// Parts found.
        entries: usize,
        /// Cap.
        max: usize,
    },
    /// Built to mislead: paths outside the file, double parts, document types, impossible counts.
    #[error("Het bestand is op een verdachte manier opgebouwd ({detail}). Wij hebben het niet geopend.")]
    Suspicious {
        /// What, in Dutch.
        detail: String,
    },
    /// More sheets than allowed.
    #[error("Het werkboek heeft te veel bladen ({sheets}; hoogstens {max}).")]
    TooManySheets {
        /// Sheets found.
        sheets: usize,
        /// Cap.
        max: usize,
    },
    /// More rows than allowed.
    #[error("Het werkboek heeft te veel gevulde rijen (meer dan {max}).")]
    TooManyRows {
        /// Cap.
        max: usize,
    },
    /// More cells than allowed.
    #[error("Het werkboek heeft te veel gevulde cellen (meer dan {max}).")]
    TooManyCells {
        /// Cap.
        max: usize,
    },
    /// A text too long for one cell, or too much text in all.
    #[error("Het bestand heeft te veel tekst{}.", .cell.as_ref().map(|cell| format!(" in cel {cell}")).unwrap_or_default())]
    TooMuchText {
        /// The cell, as `Blad!A1`; nothing when it is the sum.
        cell: Option<String>,
    },
    /// The worker took too long.
    #[error("Het lezen van het bestand duurde te lang en is gestopt.")]
    TimedOut,
    /// The worker died or answered nonsense.
    #[error("Het lezen van het bestand is afgebroken, omdat het bestand te veel geheugen vroeg of beschadigd is.")]
    Aborted,
    /// The worker could not be started.
    #[error("Het leesprogramma kon niet starten.")]
    NotStarted,
}

impl ReadError {
    /// Stable code, listed in [`codes::CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => codes::FILE_EMPTY,
            Self::FileTooLarge { .. } => codes::FILE_TOO_LARGE,
            Self::OldExcel => codes::FILE_XLS,
            Self::BinaryExcel => codes::FILE_XLSB,
            Self::OpenDocument => codes::FILE_ODS,
            Self::Html => codes::FILE_HTML,
            Self::Xml => codes::FILE_XML,
            Self::Pdf => codes::FILE_PDF,
            Self::Password => codes::FILE_PASSWORD,
            Self::NotAWorkbook => codes::FILE_NOT_A_WORKBOOK,
            Self::Unknown => codes::FILE_UNKNOWN,
            Self::Damaged { .. } => codes::FILE_DAMAGED,
            Self::TooLargeInside => codes::FILE_TOO_LARGE_INSIDE,
            Self::TooManyEntries { .. } => codes::FILE_TOO_MANY_ENTRIES,
            Self::Suspicious { .. } => codes::FILE_SUSPICIOUS,
            Self::TooManySheets { .. } => codes::FILE_TOO_MANY_SHEETS,
            Self::TooManyRows { .. } => codes::FILE_TOO_MANY_ROWS,
            Self::TooManyCells { .. } => codes::FILE_TOO_MANY_CELLS,
            Self::TooMuchText { .. } => codes::FILE_TOO_MUCH_TEXT,
            Self::TimedOut => codes::READER_TIMED_OUT,
            Self::Aborted => codes::READER_ABORTED,
            Self::NotStarted => codes::READER_NOT_STARTED,
        }
    }

    /// What the user can do about it, in Dutch.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Empty => "Kies het bestand opnieuw. Open het eerst zelf, om te zien of er iets in staat.",
            Self::FileTooLarge { .. } => "Haal plaatjes en bladen weg die u niet nodig hebt, of verdeel het bestand.",
            Self::OldExcel | Self::BinaryExcel | Self::OpenDocument | Self::Html | Self::Xml => {
                "Open het bestand in Excel of LibreOffice en sla het op als .xlsx."
            }
            Self::Pdf => "Vraag de maker om het werkboek zelf, als .xlsx of .csv.",
            Self::Password => {
                "Open het bestand in Excel, haal het wachtwoord weg (Bestand, Info, Werkmap beveiligen) en sla het op als .xlsx."
            }
            Self::NotAWorkbook | Self::Unknown => "Stuur een .xlsx-, .xlsm- of .csv-bestand.",
            Self::Damaged { .. } | Self::Aborted => {
                "Open het bestand in Excel en sla het opnieuw op als .xlsx. Stuur het daarna nog een keer."
            }
            Self::TooLargeInside | Self::TooManyEntries { .. } | Self::Suspicious { .. } => {
                "Kopieer de gegevens naar een nieuw werkboek of naar onze sjabloon, en stuur dat."
            }
            Self::TooManySheets { .. } | Self::TooManyRows { .. } | Self::TooManyCells { .. } | Self::TooMuchText { .. } => {
                "Bewaar alleen de bladen en rijen die u wilt inlezen, of verdeel het bestand."
            }
            Self::TimedOut => "Probeer het nog een keer. Lukt het weer niet, verdeel het bestand dan.",
            Self::NotStarted => "Probeer het later nog een keer, of vraag de beheerder om hulp.",
        }
    }

    /// A damaged file, with where it went wrong.
    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged { detail: detail.into() }
    }

    /// A file built to mislead, with how.
    pub(crate) fn suspicious(detail: impl Into<String>) -> Self {
        Self::Suspicious { detail: detail.into() }
    }
}
