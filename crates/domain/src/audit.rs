//! What is kept about who did what: one typed event per change, chained so that nothing can be taken out unseen.

use std::fmt;

use crate::access::Permission;
use crate::codes::code_enum;

code_enum! {
    /// What happened.
    EventKind {
        /// An account was made.
        UserAdded = "user-added" / "account gemaakt",
        /// Somebody was invited by mail.
        UserInvited = "user-invited" / "uitgenodigd",
        /// An invitation was accepted.
        InvitationAccepted = "invitation-accepted" / "uitnodiging aanvaard",
        /// The name or address of an account changed.
        UserChanged = "user-changed" / "account gewijzigd",
        /// An account was blocked.
        UserBlocked = "user-blocked" / "account geblokkeerd",
        /// An account was let in again.
        UserUnblocked = "user-unblocked" / "blokkade opgeheven",
        /// An account was removed; what it did stays known.
        UserRemoved = "user-removed" / "account verwijderd",
        /// A role was granted.
        RoleGranted = "role-granted" / "rol toegekend",
        /// A role was ended.
        RoleEnded = "role-ended" / "rol beëindigd",
        /// Somebody signed in.
        SignedIn = "signed-in" / "ingelogd",
        /// An attempt to sign in was refused.
        SignInRefused = "sign-in-refused" / "inloggen geweigerd",
        /// Somebody signed out.
        SignedOut = "signed-out" / "uitgelogd",
        /// Other sessions were ended.
        SessionsEnded = "sessions-ended" / "sessies beëindigd",
        /// A password was changed.
        PasswordChanged = "password-changed" / "wachtwoord gewijzigd",
        /// A link to choose a new password was asked for.
        ResetAsked = "reset-asked" / "herstel van wachtwoord gevraagd",
        /// A new password was chosen by a link.
        PasswordReset = "password-reset" / "wachtwoord hersteld",
        /// A second factor was set up.
        SecondFactorAdded = "second-factor-added" / "tweede factor ingesteld",
        /// A second factor was removed.
        SecondFactorRemoved = "second-factor-removed" / "tweede factor verwijderd",
        /// New recovery codes were made.
        RecoveryCodesMade = "recovery-codes-made" / "herstelcodes gemaakt",
        /// A recovery code was used.
        RecoveryCodeUsed = "recovery-code-used" / "herstelcode gebruikt",
        /// A login at a provider was linked to an account.
        LoginLinked = "login-linked" / "login gekoppeld",
        /// A login at a provider was taken off an account.
        LoginUnlinked = "login-unlinked" / "login losgekoppeld",
        /// An API token was made.
        TokenMade = "token-made" / "API-sleutel gemaakt",
        /// An API token was revoked.
        TokenRevoked = "token-revoked" / "API-sleutel ingetrokken",
        /// Something was refused.
        Refused = "refused" / "geweigerd",
        /// A workbook was loaded.
        ImportLoaded = "import-loaded" / "werkboek geladen",
        /// A proposal was asked for.
        ProposalAsked = "proposal-asked" / "voorstel gevraagd",
        /// A proposal was put on the board.
        ProposalMade = "proposal-made" / "voorstel gemaakt",
        /// The rules or aims of a round changed.
        PolicyChanged = "policy-changed" / "regels gewijzigd",
        /// A round went to another step.
        RoundMoved = "round-moved" / "ronde een stap verder of terug",
        /// Dates of a round changed.
        RoundDatesChanged = "round-dates-changed" / "datums gewijzigd",
        /// What a school answered was noted.
        SchoolAnswered = "school-answered" / "antwoord van een school genoteerd",
        /// The total of a board changed.
        BoardTotalChanged = "board-total-changed" / "bestuurstotaal gewijzigd",
        /// A scenario was made.
        ScenarioMade = "scenario-made" / "scenario gemaakt",
        /// A scenario was changed.
        ScenarioChanged = "scenario-changed" / "scenario gewijzigd",
        /// A scenario was removed.
        ScenarioRemoved = "scenario-removed" / "scenario verwijderd",
        /// A scenario was solved.
        ScenarioSolved = "scenario-solved" / "scenario doorgerekend",
        /// A scenario became the rules of its round.
        ScenarioChosen = "scenario-chosen" / "scenario gekozen",
        /// Long work was asked to stop.
        JobCancelAsked = "job-cancel-asked" / "werk afgebroken",
        /// A student was placed by hand.
        PlacedByHand = "placed-by-hand" / "met de hand geplaatst",
        /// A place was taken back.
        PlacementReleased = "placement-released" / "plaats losgemaakt",
        /// Two students changed places.
        PlacementsSwapped = "placements-swapped" / "plaatsen gewisseld",
        /// A placement was pinned or set free.
        PlacementPinned = "placement-pinned" / "plaatsing vastgezet of vrijgegeven",
        /// It was decided by hand whether a student can go to a school.
        StudentExcluded = "student-excluded" / "school uitgesloten voor een student",
        /// A demand was left out or takes part again.
        DemandTurned = "demand-turned" / "plaatsingsvraag overgeslagen of weer meegenomen",
        /// It was decided who stay together.
        TeamChanged = "team-changed" / "team gewijzigd",
        /// Several students were dealt with at once.
        BulkChanged = "bulk-changed" / "meer studenten tegelijk gewijzigd",
        /// The placements of a round were fixed.
        RoundFixed = "round-fixed" / "ronde vastgesteld",
        /// A fixed round was opened again.
        RoundReopened = "round-reopened" / "vaststelling teruggedraaid",
        /// Places were announced.
        PlacementsAnnounced = "placements-announced" / "plaatsingen bekendgemaakt",
        /// Letters were sent or taken along.
        LettersSent = "letters-sent" / "brieven verstuurd",
        /// A mutation was noted.
        MutationNoted = "mutation-noted" / "wijziging gemeld",
        /// A plan for a mutation was asked for.
        MutationPlanAsked = "mutation-plan-asked" / "plan voor wijziging gevraagd",
        /// A plan for a mutation was made.
        MutationPlanned = "mutation-planned" / "plan voor wijziging gemaakt",
        /// A mutation was carried out.
        MutationCarriedOut = "mutation-carried-out" / "wijziging doorgevoerd",
        /// A mutation was taken back.
        MutationCancelled = "mutation-cancelled" / "wijziging vervallen",
        /// A change on the board was undone.
        ChangeUndone = "change-undone" / "wijziging ongedaan gemaakt",
        /// A list of students was taken along.
        StudentsExported = "students-exported" / "lijst met studenten gedownload",
        /// A workbook was taken along.
        WorkbookExported = "workbook-exported" / "werkboek gedownload",
        /// A proposal was taken along as a file, with what it was made from.
        ProposalExported = "proposal-exported" / "voorstel als bestand meegenomen",
        /// The log was taken along.
        AuditExported = "audit-exported" / "logboek gedownload",
        /// The oldest part of the log was removed after its term.
        AuditPruned = "audit-pruned" / "logboek opgeschoond",
        /// Everything about one student was taken along (inzage).
        DossierExported = "dossier-exported" / "inzage gegeven",
        /// Data of a student were corrected.
        StudentCorrected = "student-corrected" / "student gecorrigeerd",
        /// A student was made unrecognisable.
        StudentErased = "student-erased" / "student geanonimiseerd",
        /// Data past their term were removed.
        RetentionRun = "retention-run" / "bewaartermijnen toegepast",
        /// A setting was changed.
        SettingsChanged = "settings-changed" / "instelling gewijzigd",
        /// A mail was sent again by hand.
        MailResent = "mail-resent" / "mail opnieuw verstuurd",
        /// A mail was sent to see whether mail works.
        MailTested = "mail-tested" / "proefmail verstuurd",
        /// A draft of a framework was made or loaded.
        FrameworkMade = "framework-made" / "kader gemaakt",
        /// A draft of a framework was changed or removed.
        FrameworkChanged = "framework-changed" / "kader gewijzigd",
        /// A version of a framework was published.
        FrameworkPublished = "framework-published" / "kader gepubliceerd",
        /// The steps that new reviews get changed.
        StepTemplatesChanged = "step-templates-changed" / "stappen van nieuwe reviews gewijzigd",
        /// A peer review was put on the calendar.
        ReviewMade = "review-made" / "peer review gemaakt",
        /// Dates, years or the framework of a peer review changed.
        ReviewChanged = "review-changed" / "peer review gewijzigd",
        /// A peer review went to another state.
        ReviewMoved = "review-moved" / "peer review een fase verder of terug",
        /// A step of a peer review was done or changed.
        ReviewStepChanged = "review-step-changed" / "stap van een peer review gewijzigd",
        /// Somebody was asked for, answered, or left a peer review.
        ReviewMemberChanged = "review-member-changed" / "deelnemer van een peer review gewijzigd",
        /// Somebody in the pool of peers was added, changed or removed.
        PeerChanged = "peer-changed" / "peer gewijzigd",
        /// It was decided by hand whether a peer is independent.
        PanelVerdictPinned = "panel-verdict-pinned" / "onafhankelijkheid beoordeeld",
        /// Days of a poll, or an answer to it, changed.
        PollChanged = "poll-changed" / "datumprikker gewijzigd",
        /// A text of a kritische reflectie was saved or put back.
        ReflectionSaved = "reflection-saved" / "reflectie opgeslagen",
        /// A kritische reflectie was handed to the panel, or taken back.
        ReflectionHandedIn = "reflection-handed-in" / "reflectie ingeleverd",
        /// A piece of evidence was brought, changed or taken away.
        EvidenceChanged = "evidence-changed" / "bewijsstuk gewijzigd",
        /// A key figure was pinned into a reflection, or taken off.
        FigurePinned = "figure-pinned" / "kerncijfer vastgezet",
        /// Development questions changed.
        QuestionsChanged = "questions-changed" / "ontwikkelvragen gewijzigd",
        /// The programme of a visit day changed.
        ProgrammeChanged = "programme-changed" / "programma gewijzigd",
        /// A member of a panel handed in her findings.
        FindingsHandedIn = "findings-handed-in" / "bevindingen ingeleverd",
        /// The chair opened the findings to the panel.
        FindingsOpened = "findings-opened" / "bevindingen geopend",
        /// A finding of the panel together changed.
        JointFindingChanged = "joint-finding-changed" / "gezamenlijke bevinding gewijzigd",
        /// Another view of a joint finding was given or taken back.
        DissentChanged = "dissent-changed" / "andere mening gewijzigd",
        /// The judgement of a judging review changed.
        OutcomeChanged = "outcome-changed" / "oordeel gewijzigd",
        /// A version of a report was made, sent, or made final.
        ReportMade = "report-made" / "rapport gemaakt",
        /// The receiving side responded to a report.
        ReportCommented = "report-commented" / "op rapport gereageerd",
        /// The panel said what it did with a response to its report.
        ReportAnswered = "report-answered" / "reactie op rapport beantwoord",
        /// A report was published, or its annual report was named.
        ReportPublished = "report-published" / "rapport gepubliceerd",
        /// A follow-up of a peer review changed.
        FollowUpChanged = "follow-up-changed" / "opvolging gewijzigd",
        /// Something of a peer review was taken along.
        ReviewExported = "review-exported" / "stukken van een peer review gedownload",
        /// A reminder of a peer review was sent.
        ReviewReminded = "review-reminded" / "herinnering verstuurd",
        /// The examples that come with the program were asked for.
        ExamplesAsked = "examples-asked" / "voorbeelden gevraagd",
    }
}

impl EventKind {
    /// The permission it was done with; nothing for what belongs to one's own account, and for refusals.
    pub fn permission(self) -> Option<Permission> {
        match self {
            Self::UserAdded
            | Self::UserInvited
            | Self::UserBlocked
            | Self::UserUnblocked
            | Self::UserRemoved
            | Self::RoleGranted
            | Self::RoleEnded => Some(Permission::ManageUsers),
            Self::ProposalAsked | Self::ProposalMade | Self::JobCancelAsked => Some(Permission::MakeProposals),
            Self::ScenarioMade | Self::ScenarioChanged | Self::ScenarioRemoved | Self::ScenarioSolved | Self::ScenarioChosen => {
                Some(Permission::MakeProposals)
            }
            Self::PolicyChanged | Self::RoundMoved | Self::RoundDatesChanged | Self::SchoolAnswered | Self::BoardTotalChanged => {
                Some(Permission::ManageRounds)
            }
            Self::RoundFixed | Self::RoundReopened | Self::PlacementsAnnounced | Self::LettersSent => Some(Permission::Announce),
            Self::MutationNoted | Self::MutationPlanAsked | Self::MutationPlanned | Self::MutationCarriedOut | Self::MutationCancelled => {
                Some(Permission::Mutate)
            }
            Self::PlacedByHand
            | Self::PlacementReleased
            | Self::PlacementsSwapped
            | Self::PlacementPinned
            | Self::StudentExcluded
            | Self::DemandTurned
            | Self::TeamChanged
            | Self::BulkChanged
            | Self::ChangeUndone => Some(Permission::PlaceStudents),
            Self::StudentsExported | Self::WorkbookExported | Self::ProposalExported => Some(Permission::ExportStudents),
            Self::AuditExported => Some(Permission::ReadAudit),
            Self::DossierExported | Self::StudentCorrected | Self::StudentErased => Some(Permission::HandlePrivacy),
            Self::AuditPruned | Self::RetentionRun | Self::SettingsChanged | Self::MailResent | Self::MailTested | Self::ExamplesAsked => {
                Some(Permission::ManageSettings)
            }
            Self::FrameworkMade | Self::FrameworkChanged | Self::FrameworkPublished | Self::StepTemplatesChanged => {
                Some(Permission::ManageFrameworks)
            }
            Self::ReviewMade
            | Self::ReviewChanged
            | Self::ReviewMoved
            | Self::ReviewStepChanged
            | Self::ReviewMemberChanged
            | Self::PanelVerdictPinned
            | Self::QuestionsChanged
            | Self::ProgrammeChanged
            | Self::ReportPublished
            | Self::FollowUpChanged
            | Self::ReviewReminded => Some(Permission::ManageReview),
            Self::PeerChanged => Some(Permission::ManagePeers),
            Self::PollChanged | Self::ReviewExported => Some(Permission::ReadReview),
            Self::ReflectionSaved | Self::ReflectionHandedIn | Self::EvidenceChanged | Self::FigurePinned => {
                Some(Permission::WriteReflection)
            }
            Self::FindingsHandedIn | Self::DissentChanged => Some(Permission::WriteFindings),
            Self::FindingsOpened | Self::JointFindingChanged | Self::OutcomeChanged => Some(Permission::WeighFindings),
            Self::ReportMade | Self::ReportAnswered => Some(Permission::WriteReport),
            Self::ReportCommented => Some(Permission::RespondToReport),
            // Which kind of workbook decides; the import says so itself.
            Self::ImportLoaded
            | Self::InvitationAccepted
            | Self::UserChanged
            | Self::SignedIn
            | Self::SignInRefused
            | Self::SignedOut
            | Self::SessionsEnded
            | Self::PasswordChanged
            | Self::ResetAsked
            | Self::PasswordReset
            | Self::SecondFactorAdded
            | Self::SecondFactorRemoved
            | Self::RecoveryCodesMade
            | Self::RecoveryCodeUsed
            | Self::LoginLinked
            | Self::LoginUnlinked
            | Self::TokenMade
            | Self::TokenRevoked
            | Self::Refused => None,
        }
    }

    /// What it belongs to, for who looks through the log.
    pub fn group(self) -> EventGroup {
        match self {
            Self::UserAdded
            | Self::UserInvited
            | Self::InvitationAccepted
            | Self::UserChanged
            | Self::UserBlocked
            | Self::UserUnblocked
            | Self::UserRemoved
            | Self::RoleGranted
            | Self::RoleEnded => EventGroup::Accounts,
            Self::SignedIn
            | Self::SignedOut
            | Self::SessionsEnded
            | Self::PasswordChanged
            | Self::ResetAsked
            | Self::PasswordReset
            | Self::SecondFactorAdded
            | Self::SecondFactorRemoved
            | Self::RecoveryCodesMade
            | Self::RecoveryCodeUsed
            | Self::LoginLinked
            | Self::LoginUnlinked
            | Self::TokenMade
            | Self::TokenRevoked => EventGroup::SignIn,
            Self::SignInRefused | Self::Refused => EventGroup::Refusals,
            Self::ImportLoaded | Self::ExamplesAsked => EventGroup::Loading,
            Self::ProposalAsked
            | Self::ProposalMade
            | Self::JobCancelAsked
            | Self::PlacedByHand
            | Self::PlacementReleased
            | Self::PlacementsSwapped
            | Self::PlacementPinned
            | Self::StudentExcluded
            | Self::DemandTurned
            | Self::TeamChanged
            | Self::BulkChanged
            | Self::ChangeUndone
            | Self::ScenarioMade
            | Self::ScenarioChanged
            | Self::ScenarioRemoved
            | Self::ScenarioSolved
            | Self::ScenarioChosen
            | Self::RoundFixed
            | Self::RoundReopened
            | Self::PlacementsAnnounced
            | Self::LettersSent
            | Self::MutationNoted
            | Self::MutationPlanAsked
            | Self::MutationPlanned
            | Self::MutationCarriedOut
            | Self::MutationCancelled => EventGroup::Placements,
            Self::PolicyChanged | Self::RoundMoved | Self::RoundDatesChanged | Self::SchoolAnswered | Self::BoardTotalChanged => {
                EventGroup::Rounds
            }
            Self::StudentsExported | Self::WorkbookExported | Self::ProposalExported | Self::AuditExported => EventGroup::Exports,
            Self::DossierExported | Self::StudentCorrected | Self::StudentErased | Self::RetentionRun => EventGroup::Privacy,
            Self::SettingsChanged | Self::MailResent | Self::MailTested | Self::AuditPruned => EventGroup::Management,
            Self::FrameworkMade
            | Self::FrameworkChanged
            | Self::FrameworkPublished
            | Self::StepTemplatesChanged
            | Self::ReviewMade
            | Self::ReviewChanged
            | Self::ReviewMoved
            | Self::ReviewStepChanged
            | Self::ReviewMemberChanged
            | Self::PeerChanged
            | Self::PanelVerdictPinned
            | Self::PollChanged
            | Self::ReflectionSaved
            | Self::ReflectionHandedIn
            | Self::EvidenceChanged
            | Self::FigurePinned
            | Self::QuestionsChanged
            | Self::ProgrammeChanged
            | Self::FindingsHandedIn
            | Self::FindingsOpened
            | Self::JointFindingChanged
            | Self::DissentChanged
            | Self::OutcomeChanged
            | Self::ReportMade
            | Self::ReportCommented
            | Self::ReportAnswered
            | Self::ReportPublished
            | Self::FollowUpChanged
            | Self::ReviewExported
            | Self::ReviewReminded => EventGroup::Reviews,
        }
    }

    /// The kinds of a group.
    pub fn of(group: EventGroup) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |kind| kind.group() == group)
    }
}

code_enum! {
    /// What kinds of events belong to.
    EventGroup {
        /// Rules, dates and steps of rounds.
        Rounds = "rounds" / "rondes",
        /// Accounts and roles.
        Accounts = "accounts" / "accounts en rollen",
        /// Signing in and what goes with it.
        SignIn = "sign-in" / "inloggen en beveiliging",
        /// What was refused.
        Refusals = "refusals" / "weigeringen",
        /// Workbooks that were loaded.
        Loading = "loading" / "geladen werkboeken",
        /// Proposals and places.
        Placements = "placements" / "voorstellen en plaatsingen",
        /// Peer reviews and frameworks.
        Reviews = "reviews" / "peer reviews",
        /// Data that were taken along.
        Exports = "exports" / "downloads",
        /// Inspection, correction, erasure and retention.
        Privacy = "privacy" / "privacy",
        /// The installation itself.
        Management = "management" / "beheer",
    }
}

/// Where the log ended at some moment: the place and hash of its last event. Who keeps it elsewhere can prove later
/// that nothing up to there was changed, also not by somebody who wrote the whole log anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEnd {
    /// Place in the chain, from 1; 0 for a log without events.
    pub seq: i64,
    /// Hash of the event at that place, in 64 hexadecimal digits; empty for a log without events.
    pub hash: String,
}

impl LogEnd {
    /// Reads `12:9f86…`, as it is shown; nothing when it is not that.
    pub fn parse(text: &str) -> Option<Self> {
        let (seq, hash) = text.trim().split_once(':')?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self { seq, hash: hash.to_ascii_lowercase() })
    }
}

impl fmt::Display for LogEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_log_is_read_as_it_is_shown() {
        let text = format!("12:{}", "0f".repeat(32));
        assert_eq!(LogEnd::parse(&text).map(|end| end.to_string()), Some(text.clone()));
        assert_eq!(LogEnd::parse(&text.to_uppercase()), LogEnd::parse(&text));
        for bad in
            ["", "12", "12:", "0:", ":0f", &text[1..].replace(':', ""), &format!("x{text}"), &format!("{text}0"), &text.replace('f', "g")]
        {
            assert_eq!(LogEnd::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_group_has_kinds() {
        assert!(EventGroup::ALL.iter().all(|group| EventKind::of(*group).next().is_some()));
    }
}
