//! Settings of the installation.

use kernschil_app::listing::PageRequest;
use kernschil_app::mail::{self, MailState};
use kernschil_app::settings::{self, NewInstallation};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Query};
use serde::Deserialize;

use super::support::{Answer, done, field_errors, html_with, see_other};
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::components::text::listed;
use crate::views::settings::{InstallationForm, SettingsView, settings_page};

/// What somebody fills in about the installation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    organisation: String,
    school_year: String,
}

impl Filled {
    /// Stores it.
    pub(super) async fn store(&self, web: &Web, caller: &Caller) -> Result<(), AppError> {
        let new = NewInstallation { organisation: self.organisation.clone(), school_year: self.school_year.clone() };
        settings::change(&web.app, &caller.actor, &new).await
    }

    /// The form as it was filled in, with what is wrong.
    pub(super) fn again(self, web: &Web, errors: &[AppFieldError]) -> InstallationForm {
        let errors = field_errors(errors, &[]);
        InstallationForm { organisation: self.organisation, school_year: self.school_year, years: years(web, ""), errors }
    }
}

/// The school years to choose from, with the one that was chosen before.
fn years(web: &Web, chosen: &str) -> Vec<String> {
    let mut years: Vec<_> = settings::school_years(web.app.clock.today()).iter().map(ToString::to_string).collect();
    if !chosen.is_empty() && !years.iter().any(|year| year == chosen) {
        years.insert(0, chosen.to_owned());
    }
    years
}

/// The form as it is stored; where nothing is, the school year that runs is chosen.
pub(super) fn form(web: &Web, caller: &Caller) -> InstallationForm {
    let stored = &caller.installation;
    let running = settings::school_years(web.app.clock.today())[1];
    let school_year = stored.school_year.unwrap_or(running).to_string();
    InstallationForm { years: years(web, &school_year), organisation: stored.organisation.clone(), school_year, errors: Vec::new() }
}

/// `12 verstuurd, 1 wacht`
async fn mail_in_words(web: &Web, caller: &Caller) -> Result<String, Failure> {
    let outbox = mail::list(&web.app, &caller.actor, None, PageRequest { page: 1, size: 1 }).await?;
    let some = outbox.counts.iter().filter(|(_, count)| *count > 0);
    let words: Vec<_> = some.map(|(state, count)| format!("{count} {}", state.dutch())).collect();
    let attention = outbox.counts.iter().any(|(state, count)| *count > 0 && matches!(state, MailState::Unknown | MailState::Refused));
    Ok(match words.as_slice() {
        [] => "Er is nog geen mail verstuurd.".to_owned(),
        words if attention => format!("{}. Kijk wat er mis ging.", listed(words)),
        words => format!("{}.", listed(words)),
    })
}

async fn answer(web: &Web, caller: &Caller, form: InstallationForm, did: &str) -> Answer {
    let mut frame = web.frame(caller, NavItem::Settings).await?;
    frame.flash = (did == "bewaard").then(|| done("De instellingen zijn bewaard."));
    let status = if form.errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let view = SettingsView { form, mail: mail_in_words(web, caller).await? };
    Ok(html_with(status, settings_page(&frame, &view)))
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Did {
    pub(super) gedaan: String,
}

/// The settings.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Query(did): Query<Did>) -> Answer {
    answer(&web, caller, form(&web, caller), &did.gedaan).await
}

/// Stores them.
#[handler]
pub(super) async fn change(web: State<'_>, caller: &Caller, Form(filled): Form<Filled>) -> Answer {
    match filled.store(&web, caller).await {
        Ok(()) => Ok(see_other("/instellingen?gedaan=bewaard")),
        Err(AppError::Invalid(errors)) => answer(&web, caller, filled.again(&web, &errors), "").await,
        Err(error) => Err(error.into()),
    }
}
