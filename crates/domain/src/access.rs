//! Who may do what: roles, permissions, and how far a role reaches. One table drives the use cases, the screens,
//! the API and the page "wie mag wat".
//!
//! A role is granted to a person for a scope and for a time ([`Grant`]). [`roles`] says which roles hold a
//! permission. [`Reach`] turns the scopes in which somebody holds it into partnerships, institutes and schools, and
//! decides per round, student and school. Panel roles come from seed 008 (peer review); what each role may do is this
//! product's own choice, on the ground of data minimisation (AVG article 5).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codes::{PlacementStatus, code_enum};
use crate::cohorts::CustomEffect;
use crate::fit::Load;
use crate::ids::{BoardId, GrantId, InstituteId, OfferId, PartnershipId, RegionId, ReviewId, SchoolId, TrainerId, UserId};
use crate::periods::Span;
use crate::registry::{Employer, Registry};
use crate::rounds::{Demand, Offer, Round, RoundData};

#[cfg(test)]
mod tests;

code_enum! {
    /// What somebody is in Kernschil, within a scope.
    Role {
        /// Manages accounts, roles, settings and privacy; sees no students.
        Administrator = "administrator" / "beheerder",
        /// Coordinates a region, or all of them.
        RegionCoordinator = "region-coordinator" / "regiocoördinator" | "regiocoordinator",
        /// Coordinates one partnership.
        PartnershipCoordinator = "partnership-coordinator" / "partnerschapscoördinator" | "partnerschapscoordinator",
        /// Works at an institute: its own students, in every partnership.
        InstituteStaff = "institute-staff" / "pabo-medewerker" | "instituutsmedewerker",
        /// Trains students at a school or at the schools of a cluster.
        SchoolTrainer = "school-trainer" / "schoolopleider",
        /// Belongs to the governance of a board: reads, without names of students.
        BoardMember = "board-member" / "bestuurder",
        /// Member of the panel of one peer review.
        PanelMember = "panel-member" / "panellid",
        /// Chair of the panel of one peer review.
        PanelChair = "panel-chair" / "voorzitter",
        /// Secretary of the panel of one peer review.
        PanelSecretary = "panel-secretary" / "secretaris",
        /// Writes along in the kritische reflectie of one peer review.
        ReflectionAuthor = "reflection-author" / "auteur van de reflectie",
        /// Comes along with the panel of one peer review, to learn.
        Observer = "observer" / "waarnemer",
        /// Reads figures, without names of students.
        Reader = "reader" / "lezer",
    }
}

code_enum! {
    /// What a role is granted for.
    ScopeKind {
        /// Everything in this installation.
        All = "all" / "alles",
        /// A region.
        Region = "region" / "regio",
        /// A partnership.
        Partnership = "partnership" / "partnerschap",
        /// An institute.
        Institute = "institute" / "instituut",
        /// A school.
        School = "school" / "school",
        /// The schools that a trainer covers.
        Trainer = "trainer" / "cluster van een opleider" | "cluster",
        /// A school board.
        Board = "board" / "bestuur",
        /// A peer review.
        Review = "review" / "peer review",
    }
}

code_enum! {
    /// Something that can be permitted. Each use case asks for exactly one.
    Permission {
        /// Rounds and how far they are, in figures.
        ReadRounds = "rounds.read" / "rondes en hun voortgang bekijken",
        /// Schools and the places they offer.
        ReadSchools = "schools.read" / "scholen en plekken bekijken",
        /// Names and qualifications of trainers.
        ReadTrainers = "trainers.read" / "namen van opleiders zien",
        /// Students by name: numbers, programmes, wishes and places.
        ReadStudents = "students.read" / "studenten bij naam zien",
        /// Home postcodes of students, and travel times that follow from them.
        ReadPostcodes = "postcodes.read" / "woonpostcodes en reistijden van studenten zien",
        /// What is different for a student (maatwerk).
        ReadCustom = "custom.read" / "maatwerk van studenten zien",
        /// Coverage in figures.
        ReadCoverage = "coverage.read" / "dekking in cijfers bekijken",
        /// The placement board with its exceptions and reasons.
        ReadPlacements = "placements.read" / "het plaatsbord bekijken",
        /// Placing by hand, taking back and undoing.
        PlaceStudents = "placements.write" / "studenten met de hand plaatsen",
        /// Making a proposal for a round, and following or stopping that.
        MakeProposals = "proposals.make" / "voorstellen maken",
        /// Rules, dates and steps of a round, and what schools answered.
        ManageRounds = "rounds.manage" / "regels, datums en stand van een ronde wijzigen",
        /// Fixing a round and announcing places to schools and students.
        Announce = "placements.announce" / "vaststellen en bekendmaken",
        /// Changing places after publication.
        Mutate = "placements.mutate" / "wijzigingen na bekendmaking doorvoeren",
        /// Taking workbooks with students along.
        ExportStudents = "students.export" / "werkboeken met studenten downloaden",
        /// Loading partnerships, schools of DUO and postcode areas.
        ImportRegistry = "registry.import" / "partnerschappen, DUO-scholen en postcodes laden",
        /// Loading trainers.
        ImportTrainers = "trainers.import" / "opleiders laden",
        /// Loading rounds and offers.
        ImportOffers = "offers.import" / "plekken laden",
        /// Loading students, their demands and wishes.
        ImportStudents = "students.import" / "studenten laden",
        /// Accounts, invitations and roles.
        ManageUsers = "users.manage" / "accounts en rollen beheren",
        /// The log of who did what.
        ReadAudit = "audit.read" / "het logboek bekijken",
        /// Settings of the installation, retention terms and outgoing mail.
        ManageSettings = "settings.manage" / "instellingen en bewaartermijnen beheren",
        /// Everything about one student: inspection, correction and erasure.
        HandlePrivacy = "privacy.handle" / "inzage, correctie en verwijdering van studenten",
        /// The calendar of peer reviews, and reports that were published.
        ReadReviews = "reviews.read" / "de reviewkalender en gepubliceerde rapporten bekijken",
        /// The dossier of a peer review.
        ReadReview = "review.read" / "het dossier van een peer review bekijken",
        /// Planning a peer review: dates, steps, people, programme, and what is done with it.
        ManageReview = "review.manage" / "een peer review plannen, bemensen en opvolgen",
        /// Writing the kritische reflectie and bringing evidence.
        WriteReflection = "reflection.write" / "de kritische reflectie schrijven",
        /// Writing findings of one's own, and dissent.
        WriteFindings = "findings.write" / "eigen bevindingen vastleggen",
        /// Opening findings and weighing them together.
        WeighFindings = "findings.weigh" / "bevindingen openen en samen wegen",
        /// Writing the report of a peer review.
        WriteReport = "report.write" / "het rapport van een peer review maken",
        /// Responding to the report of a peer review.
        RespondToReport = "report.respond" / "reageren op het rapport van een peer review",
        /// Quality frameworks and the steps that new reviews get.
        ManageFrameworks = "frameworks.manage" / "kwaliteitskaders en stappen van reviews beheren",
        /// The pool of peers.
        ManagePeers = "peers.manage" / "de pool van peers beheren",
    }
}

use Role::{
    Administrator, BoardMember, InstituteStaff, Observer, PanelChair, PanelMember, PanelSecretary, PartnershipCoordinator, Reader,
    ReflectionAuthor, RegionCoordinator, SchoolTrainer,
};

/// The roles that hold a permission, each within the scopes it was granted for.
pub fn roles(permission: Permission) -> &'static [Role] {
    match permission {
        Permission::ReadRounds | Permission::ReadSchools => {
            &[Administrator, RegionCoordinator, PartnershipCoordinator, InstituteStaff, SchoolTrainer, BoardMember, Reader]
        }
        Permission::ReadTrainers => &[RegionCoordinator, PartnershipCoordinator, InstituteStaff, SchoolTrainer, BoardMember],
        Permission::ReadStudents => &[RegionCoordinator, PartnershipCoordinator, InstituteStaff, SchoolTrainer],
        Permission::ReadPostcodes | Permission::ReadCustom | Permission::ReadPlacements | Permission::ImportStudents => {
            &[RegionCoordinator, PartnershipCoordinator, InstituteStaff]
        }
        Permission::ReadCoverage => &[RegionCoordinator, PartnershipCoordinator, InstituteStaff, Reader],
        Permission::ExportStudents => &[RegionCoordinator, PartnershipCoordinator, InstituteStaff],
        Permission::PlaceStudents
        | Permission::MakeProposals
        | Permission::ManageRounds
        | Permission::Announce
        | Permission::Mutate
        | Permission::ImportTrainers
        | Permission::ManageReview
        | Permission::ManagePeers => &[RegionCoordinator, PartnershipCoordinator],
        Permission::ImportOffers => &[RegionCoordinator, PartnershipCoordinator, SchoolTrainer],
        Permission::ImportRegistry | Permission::ManageFrameworks => &[Administrator, RegionCoordinator],
        Permission::ManageUsers | Permission::ReadAudit | Permission::ManageSettings | Permission::HandlePrivacy => &[Administrator],
        Permission::ReadReviews => &[
            RegionCoordinator,
            PartnershipCoordinator,
            InstituteStaff,
            BoardMember,
            PanelMember,
            PanelChair,
            PanelSecretary,
            ReflectionAuthor,
            Observer,
            Reader,
        ],
        Permission::ReadReview => {
            &[RegionCoordinator, PartnershipCoordinator, PanelMember, PanelChair, PanelSecretary, ReflectionAuthor, Observer]
        }
        Permission::WriteReflection | Permission::RespondToReport => &[RegionCoordinator, PartnershipCoordinator, ReflectionAuthor],
        Permission::WriteFindings => &[PanelMember, PanelChair, PanelSecretary],
        Permission::WeighFindings | Permission::WriteReport => &[PanelChair, PanelSecretary],
    }
}

impl Permission {
    /// Whether it is about more than one scope can hold: only somebody with everything in scope has it.
    pub fn needs_everything(self) -> bool {
        match self {
            Self::ImportRegistry
            | Self::ManageUsers
            | Self::ReadAudit
            | Self::ManageSettings
            | Self::HandlePrivacy
            | Self::ManageFrameworks => true,
            Self::ReadRounds
            | Self::ReadSchools
            | Self::ReadTrainers
            | Self::ReadStudents
            | Self::ReadPostcodes
            | Self::ReadCustom
            | Self::ReadCoverage
            | Self::ReadPlacements
            | Self::PlaceStudents
            | Self::MakeProposals
            | Self::ManageRounds
            | Self::Announce
            | Self::Mutate
            | Self::ExportStudents
            | Self::ImportTrainers
            | Self::ImportOffers
            | Self::ImportStudents
            | Self::ReadReviews
            | Self::ReadReview
            | Self::ManageReview
            | Self::WriteReflection
            | Self::WriteFindings
            | Self::WeighFindings
            | Self::WriteReport
            | Self::RespondToReport
            | Self::ManagePeers => false,
        }
    }
}

impl Role {
    /// What the role can be granted for.
    pub fn scopes(self) -> &'static [ScopeKind] {
        match self {
            Self::Administrator => &[ScopeKind::All],
            Self::RegionCoordinator => &[ScopeKind::All, ScopeKind::Region],
            Self::PartnershipCoordinator => &[ScopeKind::Partnership],
            Self::InstituteStaff => &[ScopeKind::Institute],
            Self::SchoolTrainer => &[ScopeKind::School, ScopeKind::Trainer],
            Self::BoardMember => &[ScopeKind::Board],
            Self::PanelMember | Self::PanelChair | Self::PanelSecretary | Self::ReflectionAuthor | Self::Observer => &[ScopeKind::Review],
            Self::Reader => &[ScopeKind::All, ScopeKind::Region, ScopeKind::Partnership, ScopeKind::Institute],
        }
    }
}

/// What a role is granted for, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "id")]
pub enum Scope {
    /// Everything in this installation.
    All,
    /// A region.
    Region(RegionId),
    /// A partnership.
    Partnership(PartnershipId),
    /// An institute.
    Institute(InstituteId),
    /// A school.
    School(SchoolId),
    /// The schools that a trainer covers.
    Trainer(TrainerId),
    /// A school board.
    Board(BoardId),
    /// A peer review.
    Review(ReviewId),
}

impl Scope {
    /// Puts a scope together; nothing when the kind needs an id and there is none, or the other way round.
    pub fn new(kind: ScopeKind, id: Option<Uuid>) -> Option<Self> {
        Some(match (kind, id) {
            (ScopeKind::All, None) => Self::All,
            (ScopeKind::Region, Some(id)) => Self::Region(id.into()),
            (ScopeKind::Partnership, Some(id)) => Self::Partnership(id.into()),
            (ScopeKind::Institute, Some(id)) => Self::Institute(id.into()),
            (ScopeKind::School, Some(id)) => Self::School(id.into()),
            (ScopeKind::Trainer, Some(id)) => Self::Trainer(id.into()),
            (ScopeKind::Board, Some(id)) => Self::Board(id.into()),
            (ScopeKind::Review, Some(id)) => Self::Review(id.into()),
            _ => return None,
        })
    }

    /// The kind.
    pub fn kind(self) -> ScopeKind {
        match self {
            Self::All => ScopeKind::All,
            Self::Region(_) => ScopeKind::Region,
            Self::Partnership(_) => ScopeKind::Partnership,
            Self::Institute(_) => ScopeKind::Institute,
            Self::School(_) => ScopeKind::School,
            Self::Trainer(_) => ScopeKind::Trainer,
            Self::Board(_) => ScopeKind::Board,
            Self::Review(_) => ScopeKind::Review,
        }
    }

    /// Which one; nothing for everything.
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::All => None,
            Self::Region(id) => Some(id.0),
            Self::Partnership(id) => Some(id.0),
            Self::Institute(id) => Some(id.0),
            Self::School(id) => Some(id.0),
            Self::Trainer(id) => Some(id.0),
            Self::Board(id) => Some(id.0),
            Self::Review(id) => Some(id.0),
        }
    }
}

/// A role that somebody has, for a scope and a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Identifier.
    pub id: GrantId,
    /// Who has it.
    pub user: UserId,
    /// The role.
    pub role: Role,
    /// For what.
    pub scope: Scope,
    /// When.
    pub span: Span,
}

/// How far somebody may go with one permission: everything, or these partnerships, institutes and schools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everything.
    Everything,
    /// A part.
    Part {
        /// Partnerships.
        partnerships: BTreeSet<PartnershipId>,
        /// Institutes.
        institutes: BTreeSet<InstituteId>,
        /// Schools.
        schools: BTreeSet<SchoolId>,
    },
}

impl Reach {
    /// Nothing at all.
    pub fn nothing() -> Self {
        Self::Part { partnerships: BTreeSet::new(), institutes: BTreeSet::new(), schools: BTreeSet::new() }
    }

    /// How far these scopes reach on a date: a region means its partnerships, a board its schools, a cluster the
    /// schools its trainer covers. A peer review reaches into no round.
    pub fn of(scopes: impl IntoIterator<Item = Scope>, registry: &Registry, date: NaiveDate) -> Self {
        let (mut partnerships, mut institutes, mut schools) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for scope in scopes {
            match scope {
                Scope::All => return Self::Everything,
                Scope::Region(region) => {
                    partnerships.extend(registry.partnerships.values().filter(|p| p.regions.contains(&region)).map(|p| p.id));
                }
                Scope::Partnership(id) => _ = partnerships.insert(id),
                Scope::Institute(id) => _ = institutes.insert(id),
                Scope::School(id) => _ = schools.insert(id),
                Scope::Trainer(trainer) => {
                    let links = registry.trainer_schools.values().flatten();
                    schools.extend(links.filter(|l| l.trainer == trainer && l.span.holds_on(date)).map(|l| l.school));
                }
                Scope::Board(board) => {
                    let links = registry.school_boards.values().flatten();
                    schools.extend(links.filter(|l| l.board == board && l.span.holds_on(date)).map(|l| l.school));
                }
                Scope::Review(_) => {}
            }
        }
        Self::Part { partnerships, institutes, schools }
    }

    /// Whether a round is within reach, in whole or in part. `offers_in` says whether a school offers places in it.
    pub fn touches_round(&self, round: &Round, registry: &Registry, offers_in: impl Fn(SchoolId) -> bool) -> bool {
        let Self::Part { partnerships, institutes, schools } = self else { return true };
        let of_round = |id: &PartnershipId| round.partnerships.contains(id);
        partnerships.iter().any(of_round)
            || registry.institute_memberships.iter().any(|m| institutes.contains(&m.institute) && of_round(&m.partnership))
            || schools.iter().any(|school| {
                let memberships = registry.school_memberships.get(school).map(Vec::as_slice).unwrap_or_default();
                memberships.iter().any(|m| of_round(&m.partnership)) || offers_in(*school)
            })
    }

    /// Whether the whole round is within reach: every partnership it is for.
    pub fn covers_round(&self, round: &Round) -> bool {
        match self {
            Self::Everything => true,
            Self::Part { partnerships, .. } => {
                !round.partnerships.is_empty() && round.partnerships.iter().all(|id| partnerships.contains(id))
            }
        }
    }

    /// Whether what somebody needs in a round is within reach by the partnership that sees to it. What no partnership
    /// sees to goes with the whole round.
    fn sees_to(&self, round: &Round, partnership: Option<PartnershipId>) -> bool {
        match (self, partnership) {
            (Self::Everything, _) => true,
            (Self::Part { partnerships, .. }, Some(id)) => partnerships.contains(&id),
            (Self::Part { .. }, None) => self.covers_round(round),
        }
    }

    /// Whether a whole institute is within reach, with all its students.
    pub fn holds_institute(&self, institute: InstituteId) -> bool {
        match self {
            Self::Everything => true,
            Self::Part { institutes, .. } => institutes.contains(&institute),
        }
    }

    /// Whether what a student of an institute needs in a round is within reach before there is any place: by the
    /// partnership that sees to it, or by the institute.
    pub fn holds_need(&self, round: &Round, institute: InstituteId, partnership: Option<PartnershipId>) -> bool {
        self.sees_to(round, partnership) || self.holds_institute(institute)
    }

    /// Whether a demand is within reach: by its partnership, by the student's institute, or by the school where the
    /// student was announced. Before that a school knows of nobody.
    pub fn holds_demand(&self, data: &RoundData, demand: &Demand) -> bool {
        let Self::Part { institutes, schools, .. } = self else { return true };
        let by_partnership = self.sees_to(&data.round, demand.partnership);
        let by_institute = || data.students.get(&demand.student).is_some_and(|student| institutes.contains(&student.institute));
        let by_school = || {
            let place = data.place_of(demand.id);
            place.is_some_and(|(placement, offer)| placement.status == PlacementStatus::Announced && schools.contains(&offer.school))
        };
        by_partnership || by_institute() || by_school()
    }

    /// Whether a school is within reach in a round: by itself, by a partnership of the round it belongs to, or by an
    /// institute that takes part in the round. Schools outside every partnership go with the whole round.
    pub fn holds_school(&self, data: &RoundData, school: SchoolId) -> bool {
        self.holds_school_of(&data.registry, &data.round, school)
    }

    /// The same of a round that is not loaded, or does not exist yet.
    pub fn holds_school_of(&self, registry: &Registry, round: &Round, school: SchoolId) -> bool {
        let Self::Part { partnerships, institutes, schools } = self else { return true };
        let memberships = registry.school_memberships.get(&school).map(Vec::as_slice).unwrap_or_default();
        let mut of_round = memberships.iter().map(|m| m.partnership).filter(|id| round.partnerships.contains(id)).peekable();
        let takes_part = || {
            let mut all = registry.institute_memberships.iter();
            all.any(|m| institutes.contains(&m.institute) && round.partnerships.contains(&m.partnership))
        };
        let by_partnership =
            if of_round.peek().is_none() { self.covers_round(round) } else { of_round.any(|id| partnerships.contains(&id)) };
        schools.contains(&school) || by_partnership || takes_part()
    }

    /// Whether a school is within reach apart from any round: by itself, or by a partnership it takes part in at any
    /// time.
    pub fn holds_member(&self, registry: &Registry, school: SchoolId) -> bool {
        let Self::Part { partnerships, schools, .. } = self else { return true };
        let memberships = registry.school_memberships.get(&school).map(Vec::as_slice).unwrap_or_default();
        schools.contains(&school) || memberships.iter().any(|m| partnerships.contains(&m.partnership))
    }

    /// Whether a trainer of these schools is within reach: when each of them is. A trainer without schools goes with the
    /// employer, who takes part in a partnership.
    pub fn holds_trainer(&self, registry: &Registry, schools: &BTreeSet<SchoolId>, employer: Employer) -> bool {
        let Self::Part { partnerships, .. } = self else { return true };
        if !schools.is_empty() {
            return schools.iter().all(|school| self.holds_member(registry, *school));
        }
        match employer {
            Employer::Board(id) => registry.board_memberships.iter().any(|m| m.board == id && partnerships.contains(&m.partnership)),
            Employer::Institute(id) => {
                self.holds_institute(id)
                    || registry.institute_memberships.iter().any(|m| m.institute == id && partnerships.contains(&m.partnership))
            }
        }
    }
}

code_enum! {
    /// How much of its owner's rights a token carries. Accounts, roles, settings and privacy are for people only.
    TokenScope {
        /// Rounds, schools and coverage in figures; no students.
        Figures = "figures" / "alleen cijfers",
        /// Everything the owner may see.
        Read = "read" / "lezen",
        /// Everything the owner may see and change.
        Change = "change" / "lezen en wijzigen",
    }
}

impl TokenScope {
    /// The least a token must be for to carry a permission; nothing when no token carries it.
    pub fn least_for(permission: Permission) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.carries(permission))
    }

    /// Whether a token with this scope carries a permission, where its owner has it.
    pub fn carries(self, permission: Permission) -> bool {
        match permission {
            Permission::ReadRounds | Permission::ReadSchools | Permission::ReadCoverage | Permission::ReadReviews => true,
            Permission::ReadTrainers
            | Permission::ReadStudents
            | Permission::ReadPostcodes
            | Permission::ReadCustom
            | Permission::ReadPlacements
            | Permission::ExportStudents
            | Permission::ReadReview => self != Self::Figures,
            Permission::PlaceStudents
            | Permission::MakeProposals
            | Permission::ManageRounds
            | Permission::Announce
            | Permission::Mutate
            | Permission::ImportRegistry
            | Permission::ImportTrainers
            | Permission::ImportOffers
            | Permission::ImportStudents
            | Permission::ManageReview
            | Permission::WriteReflection
            | Permission::WriteFindings
            | Permission::WeighFindings
            | Permission::WriteReport
            | Permission::RespondToReport
            | Permission::ManageFrameworks
            | Permission::ManagePeers => self == Self::Change,
            Permission::ManageUsers | Permission::ReadAudit | Permission::ManageSettings | Permission::HandlePrivacy => false,
        }
    }
}

/// What somebody may do at this moment: the grants that hold today, and what the token they came with leaves of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    grants: Vec<Grant>,
    token: Option<TokenScope>,
}

impl Rights {
    /// The rights of grants that hold on a date.
    pub fn on(date: NaiveDate, mut grants: Vec<Grant>, token: Option<TokenScope>) -> Self {
        grants.retain(|grant| grant.span.holds_on(date));
        Self { grants, token }
    }

    /// The grants that hold.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// How much of them the token carries, for who came with one.
    pub fn token(&self) -> Option<TokenScope> {
        self.token
    }

    fn held(&self, permission: Permission) -> impl Iterator<Item = &Grant> {
        let enough = move |grant: &&Grant| !permission.needs_everything() || grant.scope == Scope::All;
        self.grants.iter().filter(move |grant| roles(permission).contains(&grant.role)).filter(enough)
    }

    fn giving(&self, permission: Permission) -> impl Iterator<Item = &Grant> {
        let carried = self.token.is_none_or(|token| token.carries(permission));
        self.held(permission).filter(move |_| carried)
    }

    /// Whether only the token stands in the way: its owner holds the permission, and the token does not carry it.
    pub fn lost_to_token(&self, permission: Permission) -> bool {
        !self.may(permission) && self.held(permission).next().is_some()
    }

    /// The scopes in which a permission is held; none means it is not held at all.
    pub fn scopes(&self, permission: Permission) -> Vec<Scope> {
        self.giving(permission).map(|grant| grant.scope).collect()
    }

    /// The role by which a permission is held, the first of the table.
    pub fn role(&self, permission: Permission) -> Option<Role> {
        self.giving(permission).map(|grant| grant.role).min()
    }

    /// Whether a permission is held in any scope.
    pub fn may(&self, permission: Permission) -> bool {
        self.giving(permission).next().is_some()
    }
}

/// How far somebody may look into rounds: what of demands, and what of schools and single fields.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Students and demands.
    pub demands: Reach,
    /// Schools and offers.
    pub schools: Reach,
    /// Names of trainers.
    pub trainers: Reach,
    /// Home postcodes.
    pub postcodes: Reach,
    /// Maatwerk.
    pub custom: Reach,
}

impl Sight {
    /// Everything.
    pub fn everything() -> Self {
        let all = || Reach::Everything;
        Self { demands: all(), schools: all(), trainers: all(), postcodes: all(), custom: all() }
    }

    /// What somebody sees of demands with one permission, and of the rest with the permissions for those.
    pub fn of(rights: &Rights, permission: Permission, registry: &Registry, date: NaiveDate) -> Self {
        let reach = |permission| Reach::of(rights.scopes(permission), registry, date);
        Self {
            demands: reach(permission),
            schools: reach(Permission::ReadSchools),
            trainers: reach(Permission::ReadTrainers),
            postcodes: reach(Permission::ReadPostcodes),
            custom: reach(Permission::ReadCustom),
        }
    }

    /// The round as somebody with this sight may know it. What is out of sight is not there, so that no list, count,
    /// search or export can show it. Places taken by others stay as places taken, without who or why.
    pub fn narrow(&self, mut data: RoundData) -> RoundData {
        if [&self.demands, &self.schools, &self.trainers, &self.postcodes, &self.custom].iter().all(|reach| **reach == Reach::Everything) {
            return data;
        }
        let seen: BTreeSet<_> = data.demands.values().filter(|demand| self.demands.holds_demand(&data, demand)).map(|d| d.id).collect();
        let with_field = |reach: &Reach| -> BTreeSet<_> {
            let demands = data.demands.values().filter(|demand| seen.contains(&demand.id) && reach.holds_demand(&data, demand));
            demands.map(|demand| demand.student).collect()
        };
        let (postcodes, custom) = (with_field(&self.postcodes), with_field(&self.custom));
        let placed_at: BTreeSet<_> = seen.iter().filter_map(|demand| data.place_of(*demand)).map(|(_, offer)| offer.id).collect();
        let (mut shown, mut guided) = (BTreeSet::new(), BTreeSet::new());
        for school in data.registry.schools.keys() {
            if self.schools.holds_school(&data, *school) {
                shown.insert(*school);
            }
            if self.trainers.holds_school(&data, *school) {
                guided.insert(*school);
            }
        }
        data.demands.retain(|id, _| seen.contains(id));
        let students: BTreeSet<_> = data.demands.values().map(|demand| demand.student).collect();
        data.students.retain(|id, _| students.contains(id));
        data.enrolments.retain(|id, _| students.contains(id));
        data.past.retain(|id, _| students.contains(id));
        data.exclusions.retain(|exclusion| data.demands.get(&exclusion.demand).is_some_and(|demand| custom.contains(&demand.student)));
        for team in &mut data.teams {
            team.members.retain(|demand| seen.contains(demand));
        }
        data.teams.retain(|team| !team.members.is_empty());
        for student in data.students.values_mut() {
            if !postcodes.contains(&student.id) {
                student.postcode = None;
                student.travel_mode = None;
            }
            if !custom.contains(&student.id) {
                student.custom = CustomEffect::default();
            }
        }
        lower_board_totals(&mut data, |id, offer| shown.contains(&offer.school) || placed_at.contains(id));
        data.offers.retain(|id, offer| shown.contains(&offer.school) || placed_at.contains(id));
        data.totals.retain(|total| shown.contains(&total.school));
        data.withdrawn.retain(|_, placement| seen.contains(&placement.demand));
        for placement in data.placements.values_mut().filter(|placement| !seen.contains(&placement.demand)) {
            placement.reason = None;
            placement.guidance = None;
        }
        let placed_schools: BTreeSet<_> = data.offers.values().map(|offer| offer.school).collect();
        let registry = &mut data.registry;
        registry.school_memberships.retain(|school, _| shown.contains(school) || placed_schools.contains(school));
        registry.trainer_schools.retain(|school, _| guided.contains(school));
        let trainers: BTreeSet<_> = registry.trainer_schools.values().flatten().map(|link| link.trainer).collect();
        registry.trainers.retain(|id, _| trainers.contains(id));
        registry.qualifications.retain(|id, _| trainers.contains(id));
        data
    }
}

/// Takes places at schools that go out of sight off the totals of their boards, so that what is left stays what is left.
fn lower_board_totals(data: &mut RoundData, stays: impl Fn(&OfferId, &Offer) -> bool) {
    if data.board_totals.is_empty() {
        return;
    }
    let hidden = Load::of(data, |placement| data.offers.get(&placement.offer).is_some_and(|offer| !stays(&offer.id, offer)));
    for total in &mut data.board_totals {
        total.maximum = (total.maximum - hidden.of_board(total.board, total.period)).max(0);
    }
}
