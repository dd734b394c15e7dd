//! Who hears by mail what happens to a report. No letter holds anything of what the report or a comment says.

use kernschil_domain::access::Permission;
use kernschil_domain::reviews::{MemberAnswer, ReviewMember, ReviewRole};
use kernschil_storage::WriteTx;
use kernschil_storage::reviews::members;

use super::Desk;
use crate::App;
use crate::error::AppError;
use crate::mail::{self, Letter, MailKind};
use crate::reviews::sight;

/// What a letter says, and where it leads.
pub(super) struct Tidings<'t> {
    pub(super) subject: &'t str,
    /// What happened, in Dutch sentences.
    pub(super) what: String,
    /// What can be done, before the address.
    pub(super) next: &'t str,
    /// The page of the dossier.
    pub(super) page: &'t str,
}

impl Desk {
    /// Address and name of who takes part in a way, without who said no.
    async fn members(&self, tx: &WriteTx, takes_part: impl Fn(&ReviewMember) -> bool) -> Result<Vec<(String, String)>, AppError> {
        let all = members::of_review(tx, self.review().id).await?;
        let told = all.into_iter().filter(|member| takes_part(member) && member.answer != Some(MemberAnswer::Declined));
        Ok(told.map(|member| (member.email, member.name)).collect())
    }

    /// Each address gets one letter; how many went out is answered.
    async fn write_to(
        &self,
        (app, tx): (&App, &WriteTx),
        mut who: Vec<(String, String)>,
        tidings: &Tidings<'_>,
    ) -> Result<usize, AppError> {
        who.sort();
        who.dedup_by(|a, b| a.0 == b.0);
        let Tidings { subject, what, next, page } = tidings;
        let address = format!("{}/peer-reviews/{}/{page}", app.address, self.review().slug);
        let letter = |(to_address, to_name): (String, String)| Letter {
            kind: MailKind::PeerReview,
            text: format!("Beste {to_name},\n\n{what}\n\n{next}\n{address}\n"),
            to_address,
            to_name,
            subject: (*subject).to_owned(),
        };
        let letters: Vec<_> = who.into_iter().map(letter).collect();
        let count = letters.len();
        mail::queue_all(app, tx, letters).await?;
        Ok(count)
    }

    /// Tells the receiving side: who wrote the reflection, and who manages the review for it.
    pub(super) async fn tell_receivers(&self, app: &App, tx: &WriteTx, tidings: &Tidings<'_>) -> Result<usize, AppError> {
        let mut who = self.members(tx, |member| member.role == ReviewRole::Author).await?;
        who.extend(sight::holders(tx, &self.known, Permission::RespondToReport, app.clock.today()).await?);
        self.write_to((app, tx), who, tidings).await
    }

    /// Tells the receiving side that the report is final.
    pub(super) async fn tell_that_it_is_final(&self, app: &App, tx: &WriteTx) -> Result<usize, AppError> {
        let tidings = Tidings {
            subject: "Het rapport is vastgesteld",
            what: format!(
                "De voorzitter van het panel heeft het rapport van “{}” vastgesteld. Uw reacties staan erin, met wat het panel ermee deed.",
                self.review().name
            ),
            next: "Lees het rapport:",
            page: "rapport",
        };
        self.tell_receivers(app, tx, &tidings).await
    }

    /// Tells the receiving side that all it said was answered.
    pub(in crate::reviews) async fn tell_that_all_is_answered(&self, app: &App, tx: &WriteTx) -> Result<usize, AppError> {
        let tidings = Tidings {
            subject: "Het panel heeft uw reacties beantwoord",
            what: format!("Het panel heeft alle reacties op het conceptrapport van “{}” beantwoord.", self.review().name),
            next: "Lees wat het panel ermee doet:",
            page: "rapport/reactie",
        };
        self.tell_receivers(app, tx, &tidings).await
    }

    /// Tells who writes the report that the receiving side commented on it.
    pub(in crate::reviews) async fn tell_of_comments(&self, app: &App, tx: &WriteTx) -> Result<usize, AppError> {
        let who = self.members(tx, |member| matches!(member.role, ReviewRole::Chair | ReviewRole::Secretary)).await?;
        let tidings = Tidings {
            subject: "Reactie op het conceptrapport",
            what: format!(
                "De ontvangende partij heeft gereageerd op het conceptrapport van “{}”. Volgen er meer reacties voordat u antwoordt, dan krijgt u daar geen bericht van.",
                self.review().name
            ),
            next: "Lees de reacties en schrijf erbij wat het panel ermee doet:",
            page: "rapport/reactie",
        };
        self.write_to((app, tx), who, &tidings).await
    }
}
