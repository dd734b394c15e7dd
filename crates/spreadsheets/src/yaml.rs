//! A quality framework as YAML: for who keeps texts in files. The same keys as the API uses for it.

use kernschil_domain::frameworks::FrameworkContent;
use thiserror::Error;

/// Largest file that is read, in bytes; far more than a framework needs.
const MOST: usize = 1024 * 1024;

/// Why a file is no framework.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum YamlError {
    /// It is too large.
    #[error("Dit bestand is te groot voor een kader.")]
    TooLarge,
    /// It is not text.
    #[error("Dit bestand is geen tekst.")]
    NotText,
    /// It is no YAML, or says something else than a framework.
    #[error("Dit bestand is niet te lezen als kader{}.", .line.map(|line| format!(": kijk bij regel {line}")).unwrap_or_default())]
    Unreadable {
        /// The line where that shows, from 1.
        line: Option<u64>,
    },
    /// The library refuses to write it; the text is for the log.
    #[error("Het kader is niet te schrijven als YAML: {0}")]
    Unwritable(String),
}

impl YamlError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "bestand-te-groot",
            Self::NotText => "bestand-geen-tekst",
            Self::Unreadable { .. } => "yaml-onleesbaar",
            Self::Unwritable(_) => "yaml-niet-geschreven",
        }
    }

    /// What to do, in Dutch.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::TooLarge => "Kies een ander bestand. Een kader past in 1 MB.",
            Self::NotText => "Bewaar het bestand als tekst in UTF-8 en probeer het opnieuw.",
            Self::Unreadable { .. } => "Download een kader als YAML en gebruik dat als voorbeeld: dezelfde namen en hetzelfde inspringen.",
            Self::Unwritable(_) => "Download het kader als werkboek.",
        }
    }
}

/// Writes a framework.
///
/// # Errors
/// [`YamlError::Unwritable`].
pub fn write(content: &FrameworkContent) -> Result<String, YamlError> {
    serde_saphyr::to_string(content).map_err(|error| YamlError::Unwritable(error.to_string()))
}

/// Reads a framework. Names that a framework does not have are refused, so that a mistyped one loses nothing. What the
/// framework says is not checked here.
///
/// # Errors
/// [`YamlError`].
pub fn read(bytes: &[u8]) -> Result<FrameworkContent, YamlError> {
    if bytes.len() > MOST {
        return Err(YamlError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| YamlError::NotText)?;
    let read = serde_saphyr::from_str::<FrameworkContent>(text.trim_start_matches('\u{feff}'));
    let content = read.map_err(|error| YamlError::Unreadable { line: error.location().map(|place| place.line()) })?;
    Ok(content.tidied())
}
