//! A panel that changes while it works: from the conducting phase on, what is asked of a panel at the end of the preparing
//! phase is asked at each change of people, and the panel is told who was asked and who left.

use kernschil_domain::access::Permission;
use kernschil_domain::ids::MemberId;
use kernschil_domain::reviews::{ReviewMember, ReviewState};
use kernschil_storage::WriteTx;
use kernschil_storage::reviews::members;

use super::sight::{self, Known};
use super::{members as people, panel};
use crate::App;
use crate::error::AppError;
use crate::mail::{self, Letter, MailKind};

/// What happened to somebody of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PanelChange {
    /// She was asked.
    Asked,
    /// She was asked again, maybe for another role.
    AskedAgain,
    /// Who plans the review took her out.
    TakenOut,
    /// She said that she does not take part.
    Declined,
}

impl PanelChange {
    fn dutch(self, member: &ReviewMember) -> String {
        let (name, role) = (&member.name, member.role.dutch());
        match self {
            Self::Asked => format!("{name} is gevraagd als {role}"),
            Self::AskedAgain => format!("{name} is opnieuw gevraagd, nu als {role}"),
            Self::TakenOut => format!("{name} is uit het panel gehaald"),
            Self::Declined => format!("{name} doet niet meer mee"),
        }
    }
}

/// The panel of a review before somebody changes it.
pub(super) struct PanelWatch<'a> {
    app: &'a App,
    known: &'a Known,
    /// What made it impossible before already; nothing while panels may still be anything.
    before: Option<Vec<String>>,
}

impl<'a> PanelWatch<'a> {
    /// The panel as it is now.
    pub(super) async fn begin(app: &'a App, tx: &WriteTx, known: &'a Known) -> Result<Self, AppError> {
        let works = matches!(known.review.state, ReviewState::Conducting | ReviewState::Concluding);
        let before = if works { Some(panel::errors(tx, known, app.clock.today()).await?) } else { None };
        Ok(Self { app, known, before })
    }

    /// What makes the panel impossible that did not before.
    async fn new_errors(&self, tx: &WriteTx) -> Result<Vec<String>, AppError> {
        let Some(before) = &self.before else { return Ok(Vec::new()) };
        let now = panel::errors(tx, self.known, self.app.clock.today()).await?;
        Ok(now.into_iter().filter(|error| !before.contains(error)).collect())
    }

    /// Refuses a change that makes the panel impossible. One that was impossible already can be mended step by step.
    pub(super) async fn require_valid(&self, tx: &WriteTx) -> Result<(), AppError> {
        let wrong = self.new_errors(tx).await?;
        if wrong.is_empty() {
            return Ok(());
        }
        Err(AppError::conflict("panel-ongeldig", format!("Zo kan het panel niet verder. {} Doe dat eerst.", wrong.join(" "))))
    }

    /// Tells the others of the panel, by mail; and who plans the review when the panel cannot go on like this.
    pub(super) async fn tell(&self, tx: &WriteTx, member: &ReviewMember, change: PanelChange) -> Result<(), AppError> {
        if self.before.is_none() || !member.role.is_panel() {
            return Ok(());
        }
        let all = members::of_review(tx, self.known.review.id).await?;
        let wrong = self.new_errors(tx).await?;
        let mut to: Vec<_> =
            all.iter().filter(|other| is_told(other, member.id)).map(|other| (other.email.clone(), other.name.clone())).collect();
        if !wrong.is_empty() {
            to.extend(sight::holders(tx, self.known, Permission::ManageReview, self.app.clock.today()).await?);
        }
        to.sort();
        to.dedup_by(|a, b| a.0 == b.0);
        let text = self.words(&all, &change.dutch(member), &wrong);
        let letter = |(to_address, to_name): (String, String)| Letter {
            kind: MailKind::PeerReview,
            text: format!("Beste {to_name},\n\n{text}"),
            to_address,
            to_name,
            subject: "Het panel van een peer review is veranderd".to_owned(),
        };
        mail::queue_all(self.app, tx, to.into_iter().map(letter).collect()).await?;
        Ok(())
    }

    fn words(&self, all: &[ReviewMember], what: &str, wrong: &[String]) -> String {
        let line = |member: &ReviewMember| {
            let open = if member.has_agreed() { "" } else { " (heeft nog niet gezegd mee te doen)" };
            format!("- {}, {}{open}\n", member.name, member.role.dutch())
        };
        let panel: String = all.iter().filter(|member| member.is_on_panel()).map(line).collect();
        let wrong = if wrong.is_empty() { String::new() } else { format!("Let op: {}\n\n", wrong.join(" ")) };
        format!(
            "In het panel van “{}” is iets veranderd: {what}.\n\nIn het panel zitten nu:\n{panel}\n{wrong}\
             Hoort iemand hiervan bij de ontvangende partij? Zeg dat dan tegen elkaar, voordat u inlevert of bevindingen opent.\n\
             De deelnemers staan hier:\n{}{}\n",
            self.known.review.name,
            self.app.address,
            people::path(&self.known.review.slug),
        )
    }
}

/// Whether somebody hears of a change about another.
fn is_told(member: &ReviewMember, about: MemberId) -> bool {
    member.id != about && member.is_on_panel() && member.has_agreed() && !member.email.is_empty()
}
