//! What is kept about people: of whom, why, how long, who sees it and where it goes. The register of processing, the
//! retention terms and the dossier of a student are all told from here. Which column holds what stands in
//! [`crate::register`].
//!
//! Terms are settings. Each has a default, with where that comes from; what must be kept for how long is for the
//! partnership to decide.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc};

use crate::access::Permission;
use crate::codes::code_enum;

code_enum! {
    /// About whom data are.
    Subject {
        /// A student or zij-instromer.
        Student = "student" / "studenten en zij-instromers",
        /// A trainer of a school or institute.
        Trainer = "trainer" / "opleiders",
        /// Somebody who is a peer or takes part in a review.
        Peer = "peer" / "peers en deelnemers van peer reviews",
        /// Somebody with an account.
        User = "user" / "gebruikers van Kernschil",
    }
}

code_enum! {
    /// How careful one must be with data.
    Care {
        /// Says nothing about a person.
        Plain = "none" / "geen persoonsgegeven",
        /// Says something about a person.
        Personal = "personal" / "persoonsgegeven",
        /// May hurt somebody when it gets out, or gives access.
        Special = "special-care" / "persoonsgegeven met extra zorg",
    }
}

code_enum! {
    /// On what ground data are kept. A proposal: the partnership determines it.
    Ground {
        /// For the education of the person.
        Education = "education" / "publieke taak of onderwijsovereenkomst (AVG artikel 6, lid 1, onder e of b)",
        /// For the work of the person.
        Work = "work" / "gerechtvaardigd belang bij de samenwerking (AVG artikel 6, lid 1, onder f)",
        /// To keep the data of others safe.
        Security = "security" / "beveiliging van de verwerking (AVG artikel 32 en artikel 6, lid 1, onder f)",
        /// To be able to show what was done.
        Accountability = "accountability" / "verantwoordingsplicht (AVG artikel 5, lid 2)",
    }
}

code_enum! {
    /// What a retention term is about.
    RetentionKind {
        /// Students, after the last round they took part in.
        Students = "students" / "studenten",
        /// Trainers who train at no school any more.
        Trainers = "trainers" / "opleiders zonder school",
        /// Peer reviews that were closed or cancelled, and peers that are not asked any more.
        Reviews = "reviews" / "peer reviews en peers",
        /// Accounts that were removed.
        Users = "users" / "verwijderde accounts",
        /// Browsers somebody signed in with, and API tokens that ended.
        Devices = "devices" / "apparaten en beëindigde API-sleutels",
        /// Mails that were sent or refused.
        Mails = "mails" / "verstuurde en geweigerde mail",
        /// File names of imports, and finished work in the background.
        History = "history" / "bestandsnamen van importen en afgeronde taken",
        /// The log of who did what.
        Audit = "audit" / "logboek",
    }
}

/// The longest term, in months.
pub const LONGEST_TERM: u16 = 240;

impl RetentionKind {
    /// The term as long as nobody chose another, in months.
    pub fn default_months(self) -> u16 {
        match self {
            Self::Students | Self::Trainers => 24,
            Self::Users | Self::Devices | Self::History => 12,
            Self::Mails => 3,
            Self::Audit => 36,
            // Longer than the rhythm of six years, so that the review before can be read at the next.
            Self::Reviews => 84,
        }
    }

    /// Where the default comes from, in Dutch.
    pub fn source(self) -> &'static str {
        match self {
            Self::Students => {
                "Stagedocumenten worden in de praktijk vaak 2 jaar bewaard, overeenkomsten 7 jaar. Dat zijn voorbeelden, geen wet. \
                 Overeenkomsten staan niet in Kernschil."
            }
            Self::Audit => {
                "Eigen keuze van het partnerschap. Langer dan de termijn van studenten, zodat terug te vinden blijft wie wat deed."
            }
            Self::Reviews => {
                "Eigen keuze van het partnerschap. Langer dan het ritme van zes jaar, zodat de vorige peer review te lezen blijft."
            }
            Self::Trainers | Self::Users | Self::Devices | Self::Mails | Self::History => "Eigen keuze van het partnerschap.",
        }
    }

    /// From when the term runs, and what happens at its end, in Dutch.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Students => {
                "Vanaf de laatste dag van de laatste ronde waarin de student meedeed. Daarna wordt de student geanonimiseerd: naam, nummer, \
                 postcode, maatwerk, eerdere scholen, voorkeuren en toelichtingen verdwijnen. Aantallen, plaatsen en dekking blijven."
            }
            Self::Trainers => {
                "Vanaf de dag waarop de opleider aan geen enkele school meer verbonden is. Daarna verdwijnen naam, nummer en kwalificaties. \
                 Bij welke school en hoeveel studenten blijft."
            }
            Self::Reviews => {
                "Vanaf het afronden of vervallen van de peer review. Daarna verdwijnen namen en adressen van deelnemers, bevindingen en \
                 notities van panelleden, reacties en oude versies van teksten. Het rapport, de reflectie en de opvolging blijven. Peers \
                 die niet meer gevraagd worden, verdwijnen uit de pool."
            }
            Self::Users => {
                "Vanaf het verwijderen van het account. Naam, e-mailadres en alles om mee in te loggen verdwijnen meteen; na deze termijn \
                 ook de rollen en wanneer er voor het laatst is ingelogd. Het logboek kent dan alleen nog een account zonder naam."
            }
            Self::Devices => {
                "Vanaf de eerste keer inloggen met het apparaat, of het einde van de sleutel. Verlopen sessies, links en halve inlogpogingen \
                 verdwijnen meteen, zonder termijn."
            }
            Self::Mails => "Vanaf het versturen of weigeren. Daarna verdwijnt de mail met adres en onderwerp.",
            Self::History => {
                "Vanaf het laden of het einde van de taak. Een bestandsnaam kan een naam bevatten; daarom verdwijnt hij. Wat er geladen is \
                 en hoeveel regels, blijft."
            }
            Self::Audit => {
                "Vanaf de gebeurtenis. Daarna verdwijnt het oudste deel van het logboek, in één keer en zonder gaten. Ook weigeringen en \
                 mislukte inlogpogingen staan in het logboek."
            }
        }
    }

    /// The word for one thing of which the term has passed, and for several, with what happens to it.
    pub fn result(self) -> (&'static str, &'static str) {
        match self {
            Self::Students => ("student geanonimiseerd", "studenten geanonimiseerd"),
            Self::Trainers => ("opleider geanonimiseerd", "opleiders geanonimiseerd"),
            Self::Reviews => ("peer review of peer opgeschoond", "peer reviews en peers opgeschoond"),
            Self::Users => ("verwijderd account opgeschoond", "verwijderde accounts opgeschoond"),
            Self::Devices => ("apparaat, sleutel of sessie verwijderd", "apparaten, sleutels en sessies verwijderd"),
            Self::Mails => ("mail verwijderd", "mails verwijderd"),
            Self::History => ("bestandsnaam of taak verwijderd", "bestandsnamen en taken verwijderd"),
            Self::Audit => ("gebeurtenis verwijderd", "gebeurtenissen verwijderd"),
        }
    }

    /// Name of the setting that holds the term.
    pub fn setting(self) -> String {
        format!("retention.{}", self.code())
    }
}

/// How long each kind of data is kept, in months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(BTreeMap<RetentionKind, u16>);

impl Terms {
    /// The terms that the settings hold; the default where they hold none.
    pub fn of(settings: &BTreeMap<String, String>) -> Self {
        let chosen =
            |kind: RetentionKind| settings.get(&kind.setting()).and_then(|text| text.parse().ok()).filter(|months| is_term(*months));
        Self(RetentionKind::ALL.iter().map(|kind| (*kind, chosen(*kind).unwrap_or_else(|| kind.default_months()))).collect())
    }

    /// The term of a kind, in months.
    pub fn months(&self, kind: RetentionKind) -> u16 {
        self.0.get(&kind).copied().unwrap_or_else(|| kind.default_months())
    }

    /// The same terms with another one for a kind.
    #[must_use]
    pub fn with(mut self, kind: RetentionKind, months: u16) -> Self {
        self.0.insert(kind, months);
        self
    }

    /// What ended before this day is past its term.
    pub fn limit(&self, kind: RetentionKind, today: NaiveDate) -> NaiveDate {
        today.checked_sub_months(Months::new(self.months(kind).into())).unwrap_or(NaiveDate::MIN)
    }

    /// What ended before this moment is past its term: the beginning of the day of [`Self::limit`].
    pub fn moment(&self, kind: RetentionKind, today: NaiveDate) -> DateTime<Utc> {
        self.limit(kind, today).and_time(chrono::NaiveTime::MIN).and_utc()
    }
}

/// Whether something can be a term: at least a month, at most twenty years.
pub fn is_term(months: u16) -> bool {
    (1..=LONGEST_TERM).contains(&months)
}

/// A number of months in Dutch: `2 jaar`, `3 maanden`.
pub fn duration(months: u16) -> String {
    match (months / 12, months % 12) {
        (years, 0) if years > 0 => format!("{years} jaar"),
        (0, 1) => "1 maand".to_owned(),
        _ => format!("{months} maanden"),
    }
}

/// What stands in the place of a name that is not kept any more.
pub const ANONYMOUS: &str = "Geanonimiseerd";
/// What a pseudonym begins with; random digits follow.
pub const PSEUDONYM: &str = "anoniem-";
/// What stands in the place of a file name that is not kept any more.
pub const FORGOTTEN_FILE: &str = "(bestandsnaam verwijderd)";

code_enum! {
    /// A kind of data about people. Each column of the database that says something about somebody belongs to one.
    DataKind {
        /// What ties rows to a student; says nothing once the student was made unrecognisable.
        StudentKey = "student-key" / "koppelsleutel van een student",
        /// Name and number.
        StudentIdentity = "student-identity" / "naam en studentnummer",
        /// Postcode of the home address.
        StudentHome = "student-home" / "woonpostcode",
        /// Address for mail.
        StudentContact = "student-contact" / "e-mailadres van een student, voor brieven over de plaatsing",
        /// What keeps a student from a school, as a category.
        StudentExclusion = "student-exclusion" / "uitgesloten scholen, met een categorie en nooit een reden",
        /// What is different for a student.
        StudentCustom = "student-custom" / "maatwerk: lagere reistijdgrens of vaste school, nooit de reden",
        /// Schools where a student was before.
        StudentEarlier = "student-earlier-schools" / "eerdere stagescholen",
        /// Programme, cohort, phase and enrolment.
        StudentStudy = "student-study" / "opleiding, startjaar, fase en inschrijving",
        /// What a student needs in a round.
        StudentDemand = "student-demand" / "plaatsingsvraag: periode, fase, groepen en dagen",
        /// What a student wishes.
        StudentWishes = "student-wishes" / "voorkeuren voor scholen en besturen",
        /// Where a student is placed.
        StudentPlacement = "student-placement" / "plaatsing: school, periode, opleider en begeleiding",
        /// Free text about a place given by hand.
        PlacementReason = "placement-reason" / "toelichting bij een plaatsing met de hand",
        /// What the engine answered, by keys of students.
        Proposal = "proposal" / "voorstellen met de uitleg per student",
        /// That somebody was made unrecognisable.
        Erasure = "erasure" / "welke studenten geanonimiseerd zijn",
        /// Name and number of a trainer.
        TrainerIdentity = "trainer-identity" / "naam en nummer van een opleider",
        /// Qualifications, schools and room of a trainer.
        TrainerWork = "trainer-work" / "kwalificaties, werkgever, scholen en ruimte van een opleider",
        /// Name and address of a peer or of somebody in a review.
        PeerIdentity = "peer-identity" / "naam en e-mailadres van peers en deelnemers van een peer review",
        /// Employer, region, training and visits of a peer, and part in reviews.
        PeerWork = "peer-work" / "werkgever, regio, training en bezoeken van een peer, en rol in een peer review",
        /// What was decided about independence.
        PeerVerdict = "peer-verdict" / "waarom een peer wel of niet onafhankelijk is",
        /// What people write in a review.
        ReviewText = "review-text" / "teksten, bevindingen, notities en reacties in een peer review",
        /// Files brought as evidence.
        ReviewEvidence = "review-evidence" / "bewijsstukken van een peer review",
        /// Name and address of an account.
        Account = "account" / "naam en e-mailadres van een account",
        /// What proves who somebody is.
        Secret = "secret" / "wachtwoord, tweede factor en sleutels (wachtwoorden en sleutels alleen als controlegetal)",
        /// Roles of an account.
        Roles = "roles" / "rollen van een account",
        /// Sessions and devices.
        Sessions = "sessions" / "sessies, apparaten en links om een account te openen",
        /// Logins at a provider.
        Login = "login" / "koppeling met een login bij SURFconext of een andere aanbieder",
        /// Who did something.
        DoneBy = "done-by" / "door welk account iets gedaan is",
        /// Names of files.
        FileName = "file-name" / "namen van geladen bestanden",
        /// Mail.
        Mail = "mail" / "uitgaande mail over accounts",
        /// The log.
        Log = "log" / "logboek: wie deed wat, wanneer en in welke rol",
    }
}

impl DataKind {
    /// About whom they are.
    pub fn subject(self) -> Subject {
        match self {
            Self::StudentKey
            | Self::StudentIdentity
            | Self::StudentHome
            | Self::StudentContact
            | Self::StudentExclusion
            | Self::StudentCustom
            | Self::StudentEarlier
            | Self::StudentStudy
            | Self::StudentDemand
            | Self::StudentWishes
            | Self::StudentPlacement
            | Self::PlacementReason
            | Self::Proposal
            | Self::Erasure
            | Self::FileName => Subject::Student,
            Self::TrainerIdentity | Self::TrainerWork => Subject::Trainer,
            Self::PeerIdentity | Self::PeerWork | Self::PeerVerdict | Self::ReviewText | Self::ReviewEvidence => Subject::Peer,
            Self::Account | Self::Secret | Self::Roles | Self::Sessions | Self::Login | Self::DoneBy | Self::Mail | Self::Log => {
                Subject::User
            }
        }
    }

    /// How careful one must be with them.
    pub fn care(self) -> Care {
        match self {
            Self::StudentHome | Self::StudentCustom | Self::StudentExclusion | Self::PlacementReason | Self::PeerVerdict | Self::Secret => {
                Care::Special
            }
            _ => Care::Personal,
        }
    }

    /// What they are kept for, in Dutch.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::StudentKey => "gegevens van één student bij elkaar houden",
            Self::StudentIdentity => "weten wie waar geplaatst is, en een student terugvinden in de werkboeken van de opleiding",
            Self::StudentHome => "de reistijd schatten, zodat een plaats bereikbaar is",
            Self::StudentContact => "de student laten weten waar zij geplaatst is",
            Self::StudentExclusion => "een student niet plaatsen waar dat niet kan, zonder de reden te kennen",
            Self::StudentCustom => "rekening houden met persoonlijke omstandigheden, zonder die te kennen",
            Self::StudentEarlier => "een student niet twee keer naar dezelfde school sturen",
            Self::StudentStudy => "de goede plaats bij de fase vinden, en de dekking tellen",
            Self::StudentDemand => "weten wie in welke periode een plaats nodig heeft",
            Self::StudentWishes => "voorkeuren meewegen in het voorstel",
            Self::StudentPlacement => "school, student en opleider laten weten wie waar komt, en de dekking verantwoorden",
            Self::PlacementReason => "kunnen uitleggen waarom van het voorstel is afgeweken",
            Self::Proposal => "kunnen uitleggen waarom een student wel of niet ergens geplaatst is",
            Self::Erasure => "weten dat gegevens zijn weggehaald, en waarom",
            Self::TrainerIdentity => "een student laten weten wie begeleidt",
            Self::TrainerWork => "niet meer studenten plaatsen dan er begeleiding is, en voorwaarden van het partnerschap nagaan",
            Self::PeerIdentity => "iemand uitnodigen voor een panel, en weten wie meedoet",
            Self::PeerWork => "een onafhankelijk panel maken, en bezoeken eerlijk verdelen",
            Self::PeerVerdict => "kunnen uitleggen waarom iemand wel of niet in een panel zit",
            Self::ReviewText => "van elkaar leren en verantwoorden wat gevonden is",
            Self::ReviewEvidence => "laten zien waarop een reflectie berust",
            Self::Account => "weten wie inlogt, en iemand een uitnodiging of herstellink sturen",
            Self::Secret => "vaststellen dat iemand is wie zij zegt te zijn",
            Self::Roles => "ieder alleen laten zien en doen wat bij de rol hoort",
            Self::Sessions => "ingelogd blijven, vreemde apparaten herkennen en overal kunnen uitloggen",
            Self::Login => "inloggen met het account van de eigen organisatie",
            Self::DoneBy | Self::Log => "achteraf kunnen zien wie wat deed, en misbruik opmerken",
            Self::FileName => "terugvinden welk bestand wanneer geladen is",
            Self::Mail => "nagaan of een mail is aangekomen",
        }
    }

    /// On what ground; a proposal for the partnership to determine.
    pub fn ground(self) -> Ground {
        match self {
            Self::StudentKey
            | Self::StudentIdentity
            | Self::StudentHome
            | Self::StudentContact
            | Self::StudentExclusion
            | Self::StudentCustom
            | Self::StudentEarlier
            | Self::StudentStudy
            | Self::StudentDemand
            | Self::StudentWishes
            | Self::StudentPlacement
            | Self::PlacementReason
            | Self::Proposal => Ground::Education,
            Self::TrainerIdentity
            | Self::TrainerWork
            | Self::PeerIdentity
            | Self::PeerWork
            | Self::PeerVerdict
            | Self::ReviewText
            | Self::ReviewEvidence
            | Self::Account
            | Self::Roles
            | Self::Mail
            | Self::Login => Ground::Work,
            Self::Secret | Self::Sessions => Ground::Security,
            Self::Erasure | Self::DoneBy | Self::FileName | Self::Log => Ground::Accountability,
        }
    }

    /// Which term decides how long they are kept.
    pub fn retention(self) -> RetentionKind {
        match self {
            Self::StudentKey
            | Self::StudentIdentity
            | Self::StudentHome
            | Self::StudentContact
            | Self::StudentExclusion
            | Self::StudentCustom
            | Self::StudentEarlier
            | Self::StudentStudy
            | Self::StudentDemand
            | Self::StudentWishes
            | Self::StudentPlacement
            | Self::PlacementReason
            | Self::Proposal
            | Self::Erasure => RetentionKind::Students,
            Self::TrainerIdentity | Self::TrainerWork => RetentionKind::Trainers,
            Self::PeerIdentity | Self::PeerWork | Self::PeerVerdict | Self::ReviewText | Self::ReviewEvidence => RetentionKind::Reviews,
            Self::Account | Self::Secret | Self::Roles | Self::Login | Self::DoneBy => RetentionKind::Users,
            Self::Sessions => RetentionKind::Devices,
            Self::FileName => RetentionKind::History,
            Self::Mail => RetentionKind::Mails,
            Self::Log => RetentionKind::Audit,
        }
    }

    /// What remains when the term has passed, in Dutch.
    pub fn remains(self) -> &'static str {
        match self {
            Self::StudentKey | Self::StudentStudy | Self::StudentDemand | Self::StudentPlacement | Self::Proposal | Self::Erasure => {
                "blijft voor de aantallen, zonder dat te zien is van wie"
            }
            Self::TrainerWork => "scholen en ruimte blijven voor de aantallen; kwalificaties verdwijnen",
            Self::ReviewText => "het rapport, de reflectie en de opvolging",
            Self::ReviewEvidence => "de titel",
            Self::PeerWork => "dat er een bezoek was, zonder van wie",
            Self::Account | Self::DoneBy => "een account zonder naam, zodat het logboek blijft kloppen",
            _ => "niets",
        }
    }

    /// With which permissions one sees them; more than one when there are several ways.
    pub fn seen_with(self) -> &'static [Permission] {
        match self {
            Self::StudentKey
            | Self::StudentIdentity
            | Self::StudentStudy
            | Self::StudentDemand
            | Self::StudentWishes
            | Self::StudentEarlier => &[Permission::ReadStudents, Permission::HandlePrivacy],
            Self::StudentPlacement | Self::Proposal => &[Permission::ReadStudents, Permission::ReadPlacements, Permission::HandlePrivacy],
            Self::StudentHome => &[Permission::ReadPostcodes, Permission::HandlePrivacy],
            Self::StudentCustom | Self::StudentExclusion => &[Permission::ReadCustom, Permission::HandlePrivacy],
            Self::StudentContact => &[Permission::Announce, Permission::HandlePrivacy],
            Self::PlacementReason => &[Permission::HandlePrivacy, Permission::ExportStudents],
            Self::Erasure => &[Permission::HandlePrivacy],
            Self::TrainerIdentity | Self::TrainerWork => &[Permission::ReadTrainers],
            Self::PeerIdentity | Self::PeerWork => &[Permission::ReadReview, Permission::ManagePeers],
            Self::PeerVerdict => &[Permission::ManageReview],
            Self::ReviewText | Self::ReviewEvidence => &[Permission::ReadReview],
            Self::Account | Self::Roles | Self::Login => &[Permission::ManageUsers],
            Self::Secret | Self::Sessions => &[],
            Self::FileName => {
                &[Permission::ImportRegistry, Permission::ImportTrainers, Permission::ImportOffers, Permission::ImportStudents]
            }
            Self::DoneBy | Self::Log => &[Permission::ReadAudit],
            Self::Mail => &[Permission::ManageSettings],
        }
    }

    /// Where they go outside the database, in Dutch.
    pub fn goes_to(self) -> &'static str {
        match self {
            Self::StudentIdentity | Self::StudentStudy | Self::StudentDemand | Self::StudentPlacement => {
                "werkboeken voor scholen en opleidingen, de API voor wie dat recht heeft, en de inzage van de student zelf"
            }
            Self::StudentHome => "reistijd in werkboeken, de API voor wie dat recht heeft, en de inzage van de student zelf",
            Self::StudentContact => "de mailserver van deze installatie, bij een brief over de plaatsing, en de inzage van de student zelf",
            Self::StudentCustom | Self::StudentExclusion | Self::StudentEarlier | Self::StudentWishes | Self::Proposal => {
                "de API voor wie dat recht heeft, en de inzage van de student zelf"
            }
            Self::PlacementReason => "de inzage van de student zelf, en het werkboek met uitzonderingen van wie plaatst",
            Self::TrainerIdentity | Self::TrainerWork => "werkboeken voor scholen en opleidingen, en de API voor wie dat recht heeft",
            Self::PeerIdentity => "de mailserver van deze installatie, bij een uitnodiging of herinnering, en het rapport",
            Self::PeerWork => "de API voor wie dat recht heeft",
            Self::ReviewText => "het rapport, en werkboeken en de API voor wie dat recht heeft",
            Self::ReviewEvidence => "downloads door wie het dossier mag lezen",
            Self::Account => "de mailserver van deze installatie, bij een mail over het account",
            Self::Login => "de aanbieder van de login weet dat iemand bij Kernschil inlogt",
            Self::Mail => "de mailserver van deze installatie",
            Self::Log => "het werkboek met het logboek, voor wie dat recht heeft",
            Self::StudentKey
            | Self::Erasure
            | Self::PeerVerdict
            | Self::Secret
            | Self::Roles
            | Self::Sessions
            | Self::DoneBy
            | Self::FileName => "nergens buiten Kernschil",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_term_is_what_the_settings_say_or_the_default() {
        let settings = |value: &str| BTreeMap::from([("retention.students".to_owned(), value.to_owned())]);
        assert_eq!(Terms::of(&settings("84")).months(RetentionKind::Students), 84);
        for unreadable in ["0", "241", "-1", "twee jaar", ""] {
            assert_eq!(Terms::of(&settings(unreadable)).months(RetentionKind::Students), 24, "{unreadable}");
        }
        assert_eq!(Terms::of(&BTreeMap::new()).months(RetentionKind::Audit), 36);
    }

    #[test]
    fn what_ended_before_the_limit_is_past_its_term() {
        let terms = Terms::of(&BTreeMap::new()).with(RetentionKind::Mails, 1);
        assert_eq!(terms.limit(RetentionKind::Students, day("2029-08-01")), day("2027-08-01"));
        assert_eq!(terms.limit(RetentionKind::Mails, day("2026-03-31")), day("2026-02-28"));
        assert_eq!(terms.moment(RetentionKind::Mails, day("2026-03-31")).to_rfc3339(), "2026-02-28T00:00:00+00:00");
    }

    #[test]
    fn whole_years_are_told_as_years() {
        assert_eq!([1, 3, 12, 18, 24].map(duration), ["1 maand", "3 maanden", "1 jaar", "18 maanden", "2 jaar"]);
    }

    #[test]
    fn special_care_is_never_seen_by_more_people_than_names_are() {
        let roles = |kind: DataKind| kind.seen_with().iter().flat_map(|permission| crate::access::roles(*permission)).copied();
        let names: Vec<_> = roles(DataKind::StudentIdentity).collect();
        for kind in DataKind::ALL.iter().filter(|kind| kind.care() == Care::Special && kind.subject() == Subject::Student) {
            assert!(roles(*kind).all(|role| names.contains(&role)), "{kind:?}");
        }
    }
}
