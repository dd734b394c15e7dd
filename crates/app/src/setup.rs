//! How far a new installation is set up: what the wizard of the first run shows, so that it can be left and taken up
//! again.

use kernschil_domain::access::Permission;
use kernschil_domain::codes::JobState;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::rounds;

use crate::error::AppError;
use crate::examples::{self, Content};
use crate::jobs::JobView;
use crate::settings::{self, Installation};
use crate::{Actor, App};

/// The workbooks of an organisation itself, in the order in which they are loaded: each refers to the ones before.
pub const OWN_WORKBOOKS: [ImportKind; 4] = [ImportKind::Partnerships, ImportKind::Trainers, ImportKind::Offers, ImportKind::Students];

/// How far an installation is.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Whose it is.
    pub installation: Installation,
    /// What is in it.
    pub content: Content,
    /// The kinds of workbooks that were loaded.
    pub loaded: Vec<ImportKind>,
    /// Whether there is a round. From there on the page of the round says what is next.
    pub has_round: bool,
    /// The job that loads the examples, or did.
    pub job: Option<JobView>,
}

impl Setup {
    /// Whether the organisation and the school year are known.
    pub fn is_named(&self) -> bool {
        !self.installation.organisation.is_empty() && self.installation.school_year.is_some()
    }

    /// Whether there is something to work with: the examples, or a round of one's own.
    pub fn is_filled(&self) -> bool {
        match self.content {
            Content::Nothing => false,
            Content::Examples => self.job.as_ref().is_none_or(|job| job.state == JobState::Done),
            Content::Own => self.has_round,
        }
    }
}

/// How far the installation is.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Storage`] when the database fails.
pub async fn of(app: &App, actor: &Actor) -> Result<Setup, AppError> {
    actor.require(Permission::ManageSettings)?;
    app.store
        .read(async |tx| {
            let (content, past) = examples::content(app, tx).await?;
            Ok(Setup {
                installation: settings::installation_in(tx).await?,
                content,
                loaded: past.iter().filter_map(|import| ImportKind::parse(&import.kind)).collect(),
                has_round: !rounds::list(tx).await?.is_empty(),
                job: examples::latest_job(tx).await?,
            })
        })
        .await
}
