//! How the program ends: an exit code that means something, and one Dutch line when it did not work.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

use kernschil_app::AppError;
use kernschil_storage::StorageError;
use serde_json::{Value, json};

/// Exit codes. The help text of the program explains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It worked.
    Done = 0,
    /// It worked, and the answer is no: findings in a file, rules that do not hold.
    No = 1,
    /// The program was called in a wrong way.
    Usage = 2,
    /// Something outside the program is wrong: port, folder, file, database.
    Outside = 3,
    /// Something in the program is wrong.
    Internal = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the program stops before its work is done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stop {
    /// Exit code.
    pub(crate) exit: Exit,
    /// Stable code.
    pub(crate) code: String,
    /// One Dutch line that says what is wrong and what to do.
    pub(crate) message: String,
    /// More, for a machine.
    pub(crate) detail: Value,
}

impl Stop {
    /// A stop with a code and a line.
    pub(crate) fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        Self { exit, code: code.to_owned(), message: message.into(), detail: Value::Null }
    }

    /// Wrong use of the program.
    pub(crate) fn usage(code: &str, message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, code, message)
    }

    /// Something outside the program.
    pub(crate) fn outside(code: &str, message: impl Into<String>) -> Self {
        Self::new(Exit::Outside, code, message)
    }

    /// Something that should not happen; the reason goes to the log.
    pub(crate) fn internal(error: &dyn Display) -> Self {
        tracing::error!(%error, "internal error");
        Self::new(Exit::Internal, "interne-fout", AppError::Internal(String::new()).dutch())
    }

    /// The answer for a machine.
    pub(crate) fn json(&self) -> Value {
        let mut error = json!({ "code": self.code, "message": self.message });
        if !self.detail.is_null() {
            error["detail"] = self.detail.clone();
        }
        json!({ "error": error })
    }
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        let exit = match &error {
            AppError::Conflict { .. }
            | AppError::File { .. }
            | AppError::Forbidden { .. }
            | AppError::TokenScope { .. }
            | AppError::Cancelled => Exit::No,
            AppError::NotFound | AppError::Invalid(_) | AppError::SignIn | AppError::Unauthenticated => Exit::Usage,
            AppError::Storage(storage) => return of_storage(storage),
            AppError::Internal(_) => return Self::internal(&error),
        };
        let mut stop = Self::new(exit, error.code(), error.dutch());
        if let AppError::Invalid(fields) = &error {
            stop.detail = json!(fields);
        }
        stop
    }
}

impl From<StorageError> for Stop {
    fn from(error: StorageError) -> Self {
        AppError::from(error).into()
    }
}

/// The database, while it was in use.
fn of_storage(error: &StorageError) -> Stop {
    let text = error.to_string();
    if matches!(error, StorageError::NewerDatabase) {
        return Stop::outside("database-nieuwer", AppError::Storage(StorageError::NewerDatabase).dutch());
    }
    if text.contains("database or disk is full") {
        return Stop::outside("schijf-vol", "De schijf is vol. Maak ruimte en probeer het opnieuw. Er is niets veranderd.");
    }
    if text.contains("database is locked") {
        let message = "De database is te lang bezet door een ander programma. Wacht even en probeer het opnieuw. Er is niets veranderd.";
        return Stop::outside("database-bezet", message);
    }
    tracing::error!(%error, "the database failed");
    let message = "De database geeft een fout. Er is niets veranderd. Geef de regel uit het logboek hierboven door aan uw beheerder.";
    Stop::outside("database-fout", message)
}

/// What the machine says, in a few Dutch words.
pub(crate) fn reason(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "bestaat niet",
        io::ErrorKind::PermissionDenied => "geen toegang",
        io::ErrorKind::AlreadyExists => "bestaat al",
        io::ErrorKind::NotADirectory => "een deel van het pad is geen map",
        io::ErrorKind::IsADirectory => "is een map",
        io::ErrorKind::ReadOnlyFilesystem => "de schijf is alleen-lezen",
        io::ErrorKind::StorageFull => "de schijf is vol",
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidFilename => "ongeldige naam",
        _ => "fout van het systeem",
    }
}

#[cfg(test)]
mod tests {
    use kernschil_app::FieldError;

    use super::*;

    #[test]
    fn each_error_has_its_exit_code_and_no_details_of_the_machine() {
        let fields = vec![FieldError::new("email", "e-mailadres-ongeldig", "Vul een e-mailadres in.")];
        for (error, exit) in [
            (AppError::conflict("x", "Dit kan niet."), Exit::No),
            (AppError::Cancelled, Exit::No),
            (AppError::NotFound, Exit::Usage),
            (AppError::Invalid(fields), Exit::Usage),
            (AppError::Storage(StorageError::NewerDatabase), Exit::Outside),
            (AppError::Storage(StorageError::Database("secret (code: 13) database or disk is full".into())), Exit::Outside),
            (AppError::Storage(StorageError::Database("secret".into())), Exit::Outside),
            (AppError::Internal("secret".into()), Exit::Internal),
        ] {
            let stop = Stop::from(error);
            assert_eq!(stop.exit, exit, "{stop:?}");
            assert!(!stop.message.contains("secret") && !stop.message.contains('\n'), "{stop:?}");
        }
    }
}
