//! What can go wrong in a use case: a stable code, and a Dutch sentence that says what to do.

use kernschil_domain::access::{Permission, TokenScope};
use kernschil_storage::StorageError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is wrong with one field of a form or request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Name of the field, in English as the API and the forms call it.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// Dutch sentence.
    pub message: String,
}

impl FieldError {
    /// A new one.
    pub fn new(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), code: code.to_owned(), message: message.into() }
    }
}

/// Why a use case was not carried out. Nothing was changed then.
#[derive(Debug, Error)]
pub enum AppError {
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// What was sent is not right; all that is wrong at once.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// It cannot be done as things stand now.
    #[error("{code}")]
    Conflict {
        /// Stable code.
        code: &'static str,
        /// Dutch sentence.
        message: String,
    },
    /// A workbook that cannot be read at all.
    #[error("{code}")]
    File {
        /// Stable code.
        code: String,
        /// What is wrong, in Dutch.
        message: String,
        /// What to do, in Dutch.
        advice: String,
    },
    /// Address and password do not belong together.
    #[error("sign-in refused")]
    SignIn,
    /// Somebody has to sign in first.
    #[error("not signed in")]
    Unauthenticated,
    /// Somebody is signed in and may not do this.
    #[error("forbidden")]
    Forbidden {
        /// Dutch sentence.
        message: String,
    },
    /// Its owner may do this, the API token somebody came with does not carry it.
    #[error("not with this token")]
    TokenScope {
        /// Dutch sentence.
        message: String,
    },
    /// The work was stopped by a user.
    #[error("cancelled")]
    Cancelled,
    /// The database.
    #[error(transparent)]
    Storage(StorageError),
    /// Something that should not happen; the text is for the log.
    #[error("internal: {0}")]
    Internal(String),
}

impl AppError {
    /// A conflict.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }

    /// Somebody does not hold a permission.
    pub fn forbidden(permission: Permission) -> Self {
        let message = format!("Uw rol staat dit niet toe: {}. Heeft u dit nodig, vraag het dan uw beheerder.", permission.dutch());
        Self::Forbidden { message }
    }

    /// A token does not carry a permission that its owner holds.
    pub fn token_scope(permission: Permission) -> Self {
        let what = permission.dutch();
        let message = match TokenScope::least_for(permission) {
            Some(scope) => {
                format!("Deze API-sleutel staat dit niet toe: {what}. Gebruik een sleutel met het bereik \"{}\", of log in.", scope.dutch())
            }
            None => format!("Met een API-sleutel kan dit niet: {what}. Log in en doe het daar."),
        };
        Self::TokenScope { message }
    }

    /// Something that is for people only, whatever the scope of their token.
    pub fn session_only() -> Self {
        Self::TokenScope { message: "Met een API-sleutel kan dit niet. Log in met uw eigen account en doe het daar.".to_owned() }
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::NotFound => "niet-gevonden",
            Self::Invalid(_) => "ongeldige-invoer",
            Self::Conflict { code, .. } => code,
            Self::File { code, .. } => code,
            Self::SignIn => "inloggen-mislukt",
            Self::Unauthenticated => "niet-ingelogd",
            Self::Forbidden { .. } => "niet-toegestaan",
            Self::TokenScope { .. } => "token-bereik",
            Self::Cancelled => "afgebroken",
            Self::Storage(StorageError::NewerDatabase) => "database-nieuwer",
            Self::Storage(_) => "database-fout",
            Self::Internal(_) => "interne-fout",
        }
    }

    /// A Dutch sentence that says what is wrong and what to do; without details of the machine.
    pub fn dutch(&self) -> String {
        match self {
            Self::NotFound => "Dit bestaat niet (meer). Controleer het adres of zoek het opnieuw op.".to_owned(),
            Self::Invalid(fields) => {
                let sentences: Vec<_> = fields.iter().map(|f| f.message.as_str()).collect();
                sentences.join(" ")
            }
            Self::Conflict { message, .. } | Self::Forbidden { message } | Self::TokenScope { message } => message.clone(),
            Self::File { message, advice, .. } => format!("{message} {advice}"),
            Self::SignIn => "Het e-mailadres of het wachtwoord klopt niet. Probeer het opnieuw.".to_owned(),
            Self::Unauthenticated => "U bent niet ingelogd. Log in en probeer het opnieuw.".to_owned(),
            Self::Cancelled => "Het werk is afgebroken. Er is niets veranderd.".to_owned(),
            Self::Storage(StorageError::NewerDatabase) => {
                "De database is gemaakt door een nieuwere versie van Kernschil. Werk het programma bij of kies een andere gegevensmap."
                    .to_owned()
            }
            Self::Storage(_) | Self::Internal(_) => {
                "Er ging iets mis in Kernschil. Er is niets veranderd. Probeer het opnieuw of meld het aan uw beheerder.".to_owned()
            }
        }
    }
}

impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound => Self::NotFound,
            StorageError::PlaceTaken => {
                Self::conflict("plek-vergeven", "De plek is net vergeven. Kies een andere plek; de lijst is bijgewerkt.")
            }
            StorageError::Stale => Self::conflict(
                "intussen-gewijzigd",
                "Iemand anders heeft dit intussen gewijzigd. Bekijk de nieuwe stand en probeer het opnieuw.",
            ),
            other => Self::Storage(other),
        }
    }
}
