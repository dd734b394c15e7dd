//! What this installation is called and which school year it works on. Shown on every page and under every mail.

use chrono::{Datelike, NaiveDate};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::values::SchoolYear;
use kernschil_storage::{Tx, settings};
use serde::Serialize;
use serde_json::json;

use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

const ORGANISATION: &str = "organisation";
const SCHOOL_YEAR: &str = "school-year";

/// An organisation may have a name of this many characters.
const MOST: usize = 100;

/// Whose installation this is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Installation {
    /// Name of the organisation; empty when nobody gave it yet.
    pub organisation: String,
    /// The school year people work on.
    pub school_year: Option<SchoolYear>,
}

/// What somebody fills in about the installation.
#[derive(Debug, Clone, Default)]
pub struct NewInstallation {
    /// Name of the organisation.
    pub organisation: String,
    /// School year, such as `2026-2027`.
    pub school_year: String,
}

/// The installation, in the transaction of something else.
pub(crate) async fn installation_in(tx: &Tx) -> Result<Installation, AppError> {
    let organisation = settings::get(tx, ORGANISATION).await?.unwrap_or_default();
    let school_year = settings::get(tx, SCHOOL_YEAR).await?.and_then(|text| SchoolYear::parse(&text).ok());
    Ok(Installation { organisation, school_year })
}

/// The installation. Its name stands on every page, so nobody is refused.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn installation(app: &App) -> Result<Installation, AppError> {
    app.store.read(async |tx| installation_in(tx).await).await
}

/// The school years one can choose from on a day: the one that runs, the one before and the two after it.
pub fn school_years(today: NaiveDate) -> [SchoolYear; 4] {
    let running = if today.month() >= 8 { today.year() } else { today.year() - 1 };
    [-1, 0, 1, 2].map(|years| SchoolYear::starting(running + years))
}

fn read(new: &NewInstallation) -> Result<Installation, AppError> {
    let mut errors = Vec::new();
    let organisation = new.organisation.trim().to_owned();
    if organisation.is_empty() || organisation.chars().count() > MOST || organisation.chars().any(char::is_control) {
        let message = format!("Vul de naam van uw organisatie in, van hoogstens {MOST} tekens.");
        errors.push(FieldError::new("organisation", "organisatie-ongeldig", message));
    }
    let school_year = SchoolYear::parse(&new.school_year).ok();
    if school_year.is_none() {
        errors.push(FieldError::new("school_year", "schooljaar-ongeldig", "Kies een schooljaar."));
    }
    if errors.is_empty() { Ok(Installation { organisation, school_year }) } else { Err(AppError::Invalid(errors)) }
}

/// Says whose installation this is.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] with everything that is wrong.
pub async fn change(app: &App, actor: &Actor, new: &NewInstallation) -> Result<(), AppError> {
    actor.require(Permission::ManageSettings)?;
    let after = read(new)?;
    app.store
        .write(async |tx| {
            let before = installation_in(tx).await?;
            if before == after {
                return Ok(());
            }
            settings::set(tx, ORGANISATION, &after.organisation).await?;
            if let Some(year) = after.school_year {
                settings::set(tx, SCHOOL_YEAR, &year.to_string()).await?;
            }
            app.audit(tx, actor, EventKind::SettingsChanged, "installation", Change::between(json!(before), json!(after)));
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_school_year_turns_on_the_first_of_august() {
        let years = |day: &str| school_years(day.parse().unwrap()).map(|year| year.to_string());
        assert_eq!(years("2026-11-22"), ["2025-2026", "2026-2027", "2027-2028", "2028-2029"]);
        assert_eq!(years("2026-07-31")[1], "2025-2026");
        assert_eq!(years("2026-08-01")[1], "2026-2027");
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let Err(AppError::Invalid(errors)) = read(&NewInstallation::default()) else { panic!("accepted") };
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["organisation", "school_year"]);
    }
}
