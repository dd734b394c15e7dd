//! Events as Dutch sentences.

use kernschil_domain::access::{Grant, Permission};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{ImportId, UserId};
use kernschil_spreadsheets::{ImportKind, definition};
use kernschil_storage::audit::NewEvent;
use serde_json::Value;
use uuid::Uuid;

use super::known::Known;
use super::{About, Author, Destination, Sentence, details};

/// The sentence of an event.
pub(super) fn sentence(known: &Known, author: &Author, event: &NewEvent, after: Option<&Value>) -> Sentence {
    let who = match author {
        Author::Person { name, .. } => name,
        Author::Removed(_) => "Iemand met een verwijderd account",
        Author::Stranger => "Iemand die niet was ingelogd",
        Author::CommandLine => "Iemand op de opdrachtregel",
        Author::Program => "Kernschil",
    };
    Teller { known, who, event, after }.tell()
}

/// What a sentence is made of.
struct Teller<'a> {
    known: &'a Known,
    who: &'a str,
    event: &'a NewEvent,
    after: Option<&'a Value>,
}

impl Teller<'_> {
    fn tell(&self) -> Sentence {
        match self.event.kind {
            EventKind::UserAdded => self.about("heeft ", self.account(), " gemaakt."),
            EventKind::UserInvited => self.about("heeft ", self.person(), " uitgenodigd."),
            EventKind::UserChanged => self.about("heeft ", self.account(), " gewijzigd."),
            EventKind::UserBlocked => self.about("heeft ", self.account(), " geblokkeerd."),
            EventKind::UserUnblocked => self.about("heeft de blokkade opgeheven van ", self.account(), "."),
            EventKind::UserRemoved => self.about("heeft ", self.account(), " verwijderd."),
            EventKind::RoleGranted => self.about(&format!("heeft {} gegeven aan ", self.role()), self.person(), "."),
            EventKind::RoleEnded => self.about(&format!("heeft {} beëindigd van ", self.role()), self.person(), "."),
            EventKind::SignedIn => self.plain("heeft ingelogd."),
            EventKind::SignInRefused if self.event.subject.is_empty() => told("Een poging om in te loggen is geweigerd.", None, ""),
            EventKind::SignInRefused => told("Inloggen is geweigerd met ", Some(self.account()), "."),
            EventKind::SignedOut => self.plain("heeft uitgelogd."),
            EventKind::SessionsEnded => self.own("sessies", "van", "beëindigd"),
            EventKind::InvitationAccepted => self.own("de uitnodiging", "voor", "aanvaard"),
            EventKind::PasswordChanged => self.own("het wachtwoord", "van", "gewijzigd"),
            EventKind::ResetAsked => self.own("een nieuw wachtwoord", "voor", "gevraagd"),
            EventKind::PasswordReset => self.own("een nieuw wachtwoord", "voor", "gekozen"),
            EventKind::SecondFactorAdded => self.own("een tweede factor", "voor", "ingesteld"),
            EventKind::SecondFactorRemoved => self.own("de tweede factor", "van", "verwijderd"),
            EventKind::RecoveryCodesMade => self.own("nieuwe herstelcodes", "voor", "gemaakt"),
            EventKind::RecoveryCodeUsed => self.own("een herstelcode", "van", "gebruikt"),
            EventKind::LoginLinked => self.own("een login", "voor", "gekoppeld"),
            EventKind::LoginUnlinked => self.own("een login", "van", "losgekoppeld"),
            EventKind::TokenMade => self.own("een API-sleutel", "voor", "gemaakt"),
            EventKind::TokenRevoked => self.own("een API-sleutel", "van", "ingetrokken"),
            EventKind::Refused => self.about("is geweigerd bij ", words(&self.event.subject), "."),
            EventKind::ImportLoaded => self.about("heeft ", self.import(), " geladen."),
            EventKind::ExamplesAsked => self.plain("heeft gevraagd om de voorbeelden te laden."),
            EventKind::ProposalAsked => self.about("heeft een voorstel gevraagd voor ", self.round(), "."),
            EventKind::ProposalMade => self.about("heeft een voorstel laten maken voor ", self.round(), "."),
            EventKind::JobCancelAsked => self.plain("heeft werk op de achtergrond laten stoppen."),
            EventKind::PlacedByHand => self.about("heeft ", self.student(), " met de hand geplaatst."),
            EventKind::PlacementReleased => self.about("heeft de plaats losgemaakt van ", self.student(), "."),
            EventKind::PlacementsSwapped => self.about("heeft de plaats gewisseld van ", self.student(), "."),
            EventKind::PlacementPinned => self.about("heeft vastgezet of vrijgegeven: de plaats van ", self.student(), "."),
            EventKind::StudentExcluded => self.about("heeft bepaald naar welke school niet kan: ", self.student(), "."),
            EventKind::DemandTurned => self.about("heeft overgeslagen of weer meegenomen: ", self.student(), "."),
            EventKind::TeamChanged => self.about("heeft bepaald wie bij elkaar blijven in ", self.round(), "."),
            EventKind::BulkChanged => self.about("heeft meer studenten tegelijk gewijzigd in ", self.round(), "."),
            EventKind::PolicyChanged => self.about("heeft de regels gewijzigd van ", self.round(), "."),
            EventKind::RoundMoved => self.about("heeft een stap verder of terug gezet: ", self.round(), "."),
            EventKind::RoundDatesChanged => self.about("heeft datums gewijzigd van ", self.round(), "."),
            EventKind::SchoolAnswered => self.about("heeft het antwoord van een school genoteerd in ", self.round(), "."),
            EventKind::BoardTotalChanged => self.about("heeft een bestuurstotaal gewijzigd in ", self.round(), "."),
            EventKind::ScenarioMade => self.about("heeft een scenario gemaakt bij ", self.round(), "."),
            EventKind::ScenarioChanged => self.about("heeft een scenario gewijzigd bij ", self.round(), "."),
            EventKind::ScenarioRemoved => self.about("heeft een scenario verwijderd bij ", self.round(), "."),
            EventKind::ScenarioSolved => self.about("heeft een scenario laten doorrekenen bij ", self.round(), "."),
            EventKind::ScenarioChosen => self.about("heeft een scenario gekozen voor ", self.round(), "."),
            EventKind::RoundFixed => self.about("heeft vastgesteld: ", self.round(), "."),
            EventKind::RoundReopened => self.about("heeft de vaststelling teruggedraaid van ", self.round(), "."),
            EventKind::PlacementsAnnounced => self.about("heeft plaatsingen bekendgemaakt van ", self.round(), "."),
            EventKind::LettersSent => self.about("heeft brieven verstuurd van ", self.round(), "."),
            EventKind::MutationNoted => self.about("heeft een wijziging gemeld in ", self.round(), "."),
            EventKind::MutationPlanAsked => self.about("heeft een plan gevraagd voor een wijziging in ", self.round(), "."),
            EventKind::MutationPlanned => self.about("heeft een plan laten maken voor een wijziging in ", self.round(), "."),
            EventKind::MutationCarriedOut => self.about("heeft een wijziging doorgevoerd in ", self.round(), "."),
            EventKind::MutationCancelled => self.about("heeft een wijziging laten vervallen in ", self.round(), "."),
            EventKind::ChangeUndone => self.plain("heeft een wijziging op het plaatsbord ongedaan gemaakt."),
            EventKind::StudentsExported => self.about("heeft een lijst met studenten gedownload van ", self.round(), "."),
            EventKind::WorkbookExported => match self.known.round(&self.event.subject) {
                Some(_) => self.about("heeft een werkboek gedownload van ", self.round(), "."),
                None => self.about("heeft een werkboek gedownload: ", words(&self.event.subject), "."),
            },
            EventKind::ProposalExported => self.about("heeft een voorstel als bestand meegenomen van ", self.round(), "."),
            EventKind::AuditExported => self.plain("heeft het logboek gedownload."),
            EventKind::AuditPruned => self.plain("heeft het oudste deel van het logboek na de bewaartermijn verwijderd."),
            EventKind::DossierExported => self.about("heeft alle gegevens opgevraagd van ", self.student(), "."),
            EventKind::StudentCorrected => self.about("heeft gegevens verbeterd van ", self.student(), "."),
            EventKind::StudentErased => self.about("heeft ", self.student(), " geanonimiseerd."),
            EventKind::RetentionRun => self.plain("heeft de bewaartermijnen toegepast."),
            EventKind::SettingsChanged => self.plain("heeft instellingen gewijzigd."),
            EventKind::MailResent => self.plain("heeft een mail opnieuw laten versturen."),
            EventKind::MailTested => self.plain("heeft een proefmail laten versturen."),
            EventKind::FrameworkMade => self.about("heeft een kader gemaakt of geladen: ", self.framework(), "."),
            EventKind::FrameworkChanged => self.about("heeft een kader gewijzigd: ", self.framework(), "."),
            EventKind::FrameworkPublished => self.about("heeft een kader gepubliceerd: ", self.framework(), "."),
            EventKind::ReviewMade => self.about("heeft op de kalender gezet: ", self.review(), "."),
            EventKind::ReviewChanged => self.about("heeft datums of het kader gewijzigd van ", self.review(), "."),
            EventKind::ReviewMoved => self.about("heeft een fase verder of terug gezet: ", self.review(), "."),
            EventKind::ReviewStepChanged => self.about("heeft een stap gewijzigd van ", self.review(), "."),
            EventKind::ReviewMemberChanged => self.about("heeft een deelnemer gewijzigd van ", self.review(), "."),
            EventKind::PanelVerdictPinned => self.about("heeft de onafhankelijkheid van een peer beoordeeld voor ", self.review(), "."),
            EventKind::PollChanged => self.about("heeft de datumprikker gewijzigd van ", self.review(), "."),
            EventKind::ReflectionSaved => self.about("heeft een tekst opgeslagen in de reflectie van ", self.review(), "."),
            EventKind::ReflectionHandedIn => self.about("heeft de reflectie ingeleverd of teruggehaald van ", self.review(), "."),
            EventKind::EvidenceChanged => self.about("heeft een bewijsstuk gewijzigd van ", self.review(), "."),
            EventKind::FigurePinned => self.about("heeft een kerncijfer vastgezet of losgehaald in ", self.review(), "."),
            EventKind::QuestionsChanged => self.about("heeft ontwikkelvragen gewijzigd van ", self.review(), "."),
            EventKind::ProgrammeChanged => self.about("heeft het programma gewijzigd van ", self.review(), "."),
            EventKind::FindingsHandedIn => self.about("heeft de eigen bevindingen ingeleverd van ", self.review(), "."),
            EventKind::FindingsOpened => self.about("heeft de bevindingen geopend van ", self.review(), "."),
            EventKind::JointFindingChanged => self.about("heeft een gezamenlijke bevinding gewijzigd van ", self.review(), "."),
            EventKind::DissentChanged => self.about("heeft een andere mening gegeven of teruggenomen in ", self.review(), "."),
            EventKind::OutcomeChanged => self.about("heeft het oordeel gewijzigd van ", self.review(), "."),
            EventKind::ReportMade => self.about(
                "heeft het rapport geschreven, verstuurd of vastgesteld, of de reactietermijn gewijzigd, van ",
                self.review(),
                ".",
            ),
            EventKind::ReportCommented => self.about("heeft gereageerd op het rapport van ", self.review(), "."),
            EventKind::ReportAnswered => self.about("heeft een reactie beantwoord op het rapport van ", self.review(), "."),
            EventKind::ReportPublished => {
                self.about("heeft gepubliceerd of aan een jaarrapportage verbonden: het rapport van ", self.review(), ".")
            }
            EventKind::FollowUpChanged => self.about("heeft de opvolging gewijzigd van ", self.review(), "."),
            EventKind::ReviewExported => self.about("heeft stukken gedownload van ", self.review(), "."),
            EventKind::ReviewReminded => self.about("heeft een herinnering verstuurd over ", self.review(), "."),
            EventKind::StepTemplatesChanged => self.plain("heeft de stappen van nieuwe peer reviews gewijzigd."),
            EventKind::PeerChanged => self.plain("heeft iemand in de pool van peers gewijzigd."),
        }
    }

    fn plain(&self, what: &str) -> Sentence {
        told(&format!("{} {what}", self.who), None, "")
    }

    fn about(&self, lead: &str, about: About, tail: &str) -> Sentence {
        told(&format!("{} {lead}", self.who), Some(about), tail)
    }

    /// Something of an account: one's own, or that of somebody else.
    fn own(&self, what: &str, link: &str, verb: &str) -> Sentence {
        let whose = Uuid::try_parse(&self.event.subject).ok().map(UserId);
        match whose.filter(|id| Some(*id) != self.event.user && self.known.is_user(*id)) {
            Some(_) => self.about(&format!("heeft {what} {verb} {link} "), self.person(), "."),
            None => self.plain(&format!("heeft {what} {verb}.")),
        }
    }

    fn subject_user(&self) -> (Option<&str>, Option<Destination>) {
        let id = Uuid::try_parse(&self.event.subject).ok().map(UserId);
        let name = id.and_then(|id| self.known.user(id));
        let may = self.known.may(Permission::ManageUsers);
        (name, id.filter(|_| name.is_some() && may).map(Destination::User))
    }

    fn account(&self) -> About {
        let (name, page) = self.subject_user();
        let words = name.map_or_else(|| "een account dat nu verwijderd is".to_owned(), |name| format!("het account van {name}"));
        About { words, page }
    }

    fn person(&self) -> About {
        let (name, page) = self.subject_user();
        About { words: name.unwrap_or("iemand van wie het account nu verwijderd is").to_owned(), page }
    }

    fn role(&self) -> String {
        let grant = self.after.and_then(|after| serde_json::from_value::<Grant>(after.clone()).ok());
        grant.map_or_else(
            || "een rol".to_owned(),
            |grant| format!("de rol {} ({})", grant.role.dutch(), details::scope(grant.scope, &|id| self.known.name(id))),
        )
    }

    fn round(&self) -> About {
        let Some((round, page)) = self.known.round(&self.event.subject) else { return words("een ronde die er niet meer is") };
        About { words: round.name.clone(), page }
    }

    fn review(&self) -> About {
        let Some((review, page)) = self.known.review(&self.event.subject) else { return words("een peer review die er niet meer is") };
        About { words: review.name.clone(), page }
    }

    fn framework(&self) -> About {
        words(&format!("“{}”", self.event.subject))
    }

    fn student(&self) -> About {
        let found = Uuid::try_parse(&self.event.subject).ok().and_then(|id| self.known.student(id));
        let page = found.map(|(round, student)| Destination::Student { round: round.slug.clone(), student });
        About { words: "een student".to_owned(), page }
    }

    fn import(&self) -> About {
        let kind = self.after.and_then(|after| ImportKind::parse(after.get("kind")?.as_str()?));
        let words = kind.map_or_else(|| "een werkboek".to_owned(), |kind| format!("het werkboek “{}”", definition(kind).title));
        // Who loads for everybody sees what everybody loaded.
        let may = self.known.may(Permission::ImportRegistry);
        let page = Uuid::try_parse(&self.event.subject).ok().filter(|_| may).map(|id| Destination::Import(ImportId(id)));
        About { words, page }
    }
}

/// Something without a page.
fn words(text: &str) -> About {
    About { words: text.to_owned(), page: None }
}

fn told(lead: &str, about: Option<About>, tail: &str) -> Sentence {
    Sentence { lead: lead.to_owned(), about, tail: tail.to_owned() }
}
