//! Privacy (AVG): the register of what is kept and why, how long it is kept, and everything about one student:
//! inspection, correction and erasure.
//!
//! Students are found here apart from any round, by who holds [`Permission::HandlePrivacy`]: she sees everything of one
//! student, and every look is noted.

mod correction;
mod dossier;
mod erasure;
mod files;
mod register;
mod retention;
mod search;
mod terms;

use kernschil_credentials::tokens;
use kernschil_domain::access::{Permission, Role, roles};
use kernschil_domain::privacy::PSEUDONYM;

use crate::error::AppError;

pub use correction::{Corrected, Correction, correct};
pub use dossier::{
    Dossier, DossierDemand, DossierEnrolment, DossierExclusion, DossierForm, DossierLetter, DossierPerson, DossierPlacement, DossierTrace,
    dossier, dossier_json, dossier_workbook,
};
pub use erasure::{Erasure, Obstacle, erase, erasure};
pub use register::{Register, RegisterLine, register, register_workbook};
pub(crate) use retention::{JOB, ask_daily, work};
pub use retention::{RetentionReport, apply, ask};
pub use search::{FoundStudent, MOST_FOUND, find};
pub use terms::{LastRun, NewTerms, RetentionView, TermView, change_terms, preview, retention};

/// A number that says nothing about anybody and that nobody has.
fn pseudonym() -> Result<String, AppError> {
    let digits = tokens::fresh().map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(PSEUDONYM.chars().chain(digits.chars().take(20)).collect())
}

/// The roles that hold one of several permissions, in the order of the table.
fn seen_by(permissions: &[Permission]) -> Vec<Role> {
    let mut found: Vec<_> = permissions.iter().flat_map(|permission| roles(*permission)).copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use kernschil_domain::values::StudentNumber;

    use super::*;

    #[test]
    fn a_pseudonym_fits_and_is_another_each_time() {
        let (one, other) = (pseudonym().unwrap(), pseudonym().unwrap());
        assert_ne!(one, other);
        assert_eq!(StudentNumber::parse(&one).map(|number| number.to_string()), Ok(one));
    }
}
