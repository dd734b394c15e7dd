//! What a request can fail with: what the use cases say, and what only exists in HTTP.

use std::fmt;

use kernschil_app::{AppError, FieldError};
use poem::error::ResponseError;
use poem::http::StatusCode;

/// Why a request was not carried out. Handlers answer it; [`crate::wrap`] makes a problem or a page of it.
#[derive(Debug)]
pub enum Failure {
    /// The use case says no.
    App(AppError),
    /// Another site made the request.
    CrossSite,
    /// The form is not from our own page, or from one that is too old.
    Forged,
    /// A program did not send the token of its session.
    NoToken,
    /// The body is larger than it may be.
    TooLarge {
        /// The most, in bytes.
        most: usize,
    },
    /// Too many attempts to sign in.
    TooMany {
        /// When to try again, in seconds.
        seconds: u64,
    },
    /// The address exists, but not for this method.
    Method {
        /// Methods it does know, as in `Allow`.
        allow: String,
    },
    /// The body could not be read to its end.
    Body,
}

impl Failure {
    /// Something that should not happen. The text is for the log only.
    pub fn internal(error: &dyn fmt::Display) -> Self {
        Self::App(AppError::Internal(error.to_string()))
    }

    /// The status.
    pub fn http_status(&self) -> StatusCode {
        match self {
            Self::App(AppError::Invalid(_) | AppError::File { .. }) | Self::Body => StatusCode::BAD_REQUEST,
            Self::App(AppError::SignIn | AppError::Unauthenticated) => StatusCode::UNAUTHORIZED,
            Self::App(AppError::NotFound) => StatusCode::NOT_FOUND,
            Self::App(AppError::Conflict { .. } | AppError::Cancelled) => StatusCode::CONFLICT,
            Self::App(AppError::Storage(_) | AppError::Internal(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::App(AppError::Forbidden { .. } | AppError::TokenScope { .. }) | Self::CrossSite | Self::Forged | Self::NoToken => {
                StatusCode::FORBIDDEN
            }
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            // Which part of the machine failed is nobody's business outside it.
            Self::App(AppError::Storage(_) | AppError::Internal(_)) => "interne-fout",
            Self::App(error) => error.code(),
            Self::CrossSite => "andere-site",
            Self::Forged => "formulier-verlopen",
            Self::NoToken => "csrf-token-ontbreekt",
            Self::TooLarge { .. } => "te-groot",
            Self::TooMany { .. } => "te-veel-pogingen",
            Self::Method { .. } => "methode-niet-toegestaan",
            Self::Body => "inhoud-onleesbaar",
        }
    }

    /// A Dutch sentence that says what is wrong and what to do; nothing about the machine.
    pub fn dutch(&self) -> String {
        match self {
            Self::App(error) => error.dutch(),
            Self::CrossSite => "Dit verzoek komt van een andere website. Open Kernschil zelf en probeer het daar.".to_owned(),
            Self::Forged => "Deze pagina stond te lang open. Laad de pagina opnieuw en probeer het nog eens.".to_owned(),
            Self::NoToken => "Stuur JSON, of stuur het csrfToken van de sessie mee in de kop X-CSRF-Token.".to_owned(),
            Self::TooLarge { most } if *most >= 1024 * 1024 => {
                format!("Wat u stuurde is te groot. Het mag hoogstens {} MB zijn.", most / (1024 * 1024))
            }
            Self::TooLarge { .. } => "Wat u stuurde is te groot.".to_owned(),
            Self::TooMany { seconds } => {
                format!(
                    "Er is te vaak geprobeerd. Wacht {seconds} seconden en probeer het dan opnieuw. Lukt inloggen dan nog niet, \
                     kies dan een nieuw wachtwoord met 'Wachtwoord vergeten?' op de inlogpagina."
                )
            }
            Self::Method { .. } => "Dit kan niet op dit adres.".to_owned(),
            Self::Body => "Het verzoek kwam niet heel aan. Probeer het opnieuw.".to_owned(),
        }
    }

    /// What is wrong per field.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::App(AppError::Invalid(fields)) => fields,
            _ => &[],
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(error) => error.fmt(f),
            other => f.write_str(other.code()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl ResponseError for Failure {
    fn status(&self) -> StatusCode {
        self.http_status()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_of_a_use_case_has_its_status() {
        let file = AppError::File { code: "leeg-bestand".into(), message: "Leeg.".into(), advice: "Vul het.".into() };
        for (error, status, code) in [
            (AppError::Invalid(Vec::new()), 400, "ongeldige-invoer"),
            (file, 400, "leeg-bestand"),
            (AppError::SignIn, 401, "inloggen-mislukt"),
            (AppError::Unauthenticated, 401, "niet-ingelogd"),
            (AppError::Forbidden { message: "Nee.".into() }, 403, "niet-toegestaan"),
            (AppError::session_only(), 403, "token-bereik"),
            (AppError::NotFound, 404, "niet-gevonden"),
            (AppError::conflict("al-ingericht", "Er is al een account."), 409, "al-ingericht"),
            (AppError::Cancelled, 409, "afgebroken"),
            (AppError::Internal("secret".into()), 500, "interne-fout"),
        ] {
            let failure = Failure::from(error);
            assert_eq!((failure.http_status().as_u16(), failure.code()), (status, code));
            assert!(!failure.dutch().contains("secret"));
        }
    }
}
