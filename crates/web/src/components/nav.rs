//! The places in the product one can go to from everywhere.

use maud::{Markup, html};

use kernschil_domain::access::Permission;
use kernschil_domain::codes::RoundState;

use super::icons::{Icon, icon};
use super::may::May;

/// A place in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NavItem {
    /// All rounds.
    Start,
    /// Overview of one round.
    Overview,
    /// Its steps, who is waited for, and fixing.
    Steps,
    /// Checking and fixing.
    Fixing,
    /// Announcing.
    Announcing,
    /// The letters.
    Letters,
    /// Schools and places.
    Schools,
    /// Students.
    Students,
    /// Rules and wishes.
    Rules,
    /// Proposal.
    Proposal,
    /// Scenarios.
    Scenarios,
    /// Where places are short.
    Shortages,
    /// Placement board.
    Board,
    /// Changes after publication, and the waiting list.
    Mutations,
    /// Coverage.
    Coverage,
    /// Workbooks out.
    Workbooks,
    /// Peer reviews.
    Reviews,
    /// The pool of peers.
    Peers,
    /// Quality frameworks.
    Frameworks,
    /// Workbooks in.
    Import,
    /// Accounts and roles.
    Users,
    /// Settings of the installation, and setting it up.
    Settings,
    /// Register of what is kept, and everything about one student.
    Privacy,
    /// Help.
    Help,
    /// The log.
    Log,
    /// A page that is not in the navigation.
    Elsewhere,
}

/// The round the page is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundRef {
    /// Name for people.
    pub name: String,
    /// School year, such as `2026-2027`.
    pub school_year: String,
    /// Name in addresses.
    pub slug: String,
    /// How far it is; some places are there only when it was announced.
    pub state: Option<RoundState>,
}

impl RoundRef {
    /// The address of a page of this round; an empty page is the overview.
    pub fn path(&self, page: &str) -> String {
        if page.is_empty() { format!("/rondes/{}", self.slug) } else { format!("/rondes/{}/{page}", self.slug) }
    }
}

impl NavItem {
    /// What a reader needs one of to be offered this place; nothing means everybody is.
    fn needs(self) -> &'static [Permission] {
        match self {
            Self::Overview => &[Permission::ReadRounds],
            Self::Schools => &[Permission::ReadSchools],
            Self::Students => &[Permission::ReadStudents],
            Self::Proposal | Self::Scenarios | Self::Shortages => &[Permission::MakeProposals],
            Self::Board => &[Permission::ReadPlacements],
            Self::Mutations => &[Permission::Mutate],
            Self::Rules | Self::Steps => &[Permission::ManageRounds],
            Self::Fixing | Self::Announcing | Self::Letters => &[Permission::Announce],
            Self::Coverage => &[Permission::ReadCoverage],
            Self::Workbooks => &[Permission::ExportStudents],
            Self::Import => &[Permission::ImportRegistry, Permission::ImportTrainers, Permission::ImportOffers, Permission::ImportStudents],
            Self::Reviews => &[Permission::ReadReviews],
            Self::Peers => &[Permission::ManagePeers],
            Self::Frameworks => &[Permission::ReadReviews, Permission::ManageFrameworks],
            Self::Users => &[Permission::ManageUsers],
            Self::Settings => &[Permission::ManageSettings],
            Self::Privacy => &[Permission::HandlePrivacy],
            Self::Log => &[Permission::ReadAudit],
            Self::Start | Self::Help | Self::Elsewhere => &[],
        }
    }

    /// Whether a round has this place as it stands: what comes after a step is there once it is taken, and changes are
    /// noted only once people were told.
    fn is_in(self, round: &RoundRef) -> bool {
        match self {
            Self::Mutations => round.state.is_some_and(RoundState::is_announced),
            Self::Fixing => matches!(round.state, Some(RoundState::Checking | RoundState::Fixed)),
            Self::Announcing => round.state == Some(RoundState::Fixed),
            Self::Letters => round.state.is_some_and(|state| !state.is_open()),
            _ => true,
        }
    }

    fn is_offered(self, may: &May) -> bool {
        self.needs().is_empty() || may.has_any(self.needs())
    }
}

const ROUND_ITEMS: [(NavItem, &str, &str, Icon); 15] = [
    (NavItem::Overview, "", "Overzicht", Icon::Tasks),
    (NavItem::Steps, "stappen", "Stappen", Icon::Next),
    (NavItem::Schools, "scholen", "Scholen en plekken", Icon::School),
    (NavItem::Students, "studenten", "Studenten", Icon::People),
    (NavItem::Rules, "regels", "Regels", Icon::Settings),
    (NavItem::Proposal, "voorstel", "Voorstel", Icon::Proposal),
    (NavItem::Board, "plaatsbord", "Plaatsbord", Icon::Board),
    (NavItem::Shortages, "tekorten", "Tekorten", Icon::Warning),
    (NavItem::Scenarios, "scenarios", "Scenario's", Icon::Scenarios),
    (NavItem::Fixing, "vaststellen", "Vaststellen", Icon::Tick),
    (NavItem::Announcing, "bekendmaken", "Bekendmaken", Icon::Next),
    (NavItem::Letters, "brieven", "Brieven", Icon::Letter),
    (NavItem::Mutations, "wijzigingen", "Wijzigingen", Icon::Changes),
    (NavItem::Coverage, "dekking", "Dekking", Icon::Coverage),
    (NavItem::Workbooks, "werkboeken", "Werkboeken", Icon::Sheet),
];

const GENERAL_ITEMS: [(NavItem, &str, &str, Icon); 10] = [
    (NavItem::Start, "/", "Alle rondes", Icon::Home),
    (NavItem::Reviews, "/peer-reviews", "Peer reviews", Icon::Tasks),
    (NavItem::Peers, "/peers", "Pool van peers", Icon::People),
    (NavItem::Frameworks, "/kaders", "Kwaliteitskaders", Icon::Sheet),
    (NavItem::Import, "/importeren", "Importeren", Icon::Import),
    (NavItem::Users, "/gebruikers", "Gebruikers", Icon::People),
    (NavItem::Settings, "/instellingen", "Instellingen", Icon::Settings),
    (NavItem::Privacy, "/privacy", "Privacy", Icon::Privacy),
    (NavItem::Log, "/logboek", "Logboek", Icon::Log),
    (NavItem::Help, "/hulp", "Hulp", Icon::Help),
];

fn item(active: NavItem, place: NavItem, href: &str, label: &str, drawing: Icon) -> Markup {
    html! {
        li { a href=(href) aria-current=[(active == place).then_some("page")] { (icon(drawing)) span { (label) } } }
    }
}

/// The list of places, for the side of the page and for the menu on a small screen.
pub fn nav(active: NavItem, round: Option<&RoundRef>, may: &May) -> Markup {
    html! {
        @if let Some(round) = round {
            div class="nav-round" {
                p class="nav-round-name" { (round.name) }
                @if !round.name.contains(&round.school_year) { p class="nav-round-year" { "Studiejaar " (round.school_year) } }
            }
            ul class="nav-list" {
                @for (place, page, label, drawing) in ROUND_ITEMS.into_iter().filter(|(place, ..)| place.is_offered(may) && place.is_in(round)) { (item(active, place, &round.path(page), label, drawing)) }
            }
        }
        ul class="nav-list nav-general" {
            @for (place, href, label, drawing) in GENERAL_ITEMS.into_iter().filter(|(place, ..)| place.is_offered(may)) { (item(active, place, href, label, drawing)) }
        }
    }
}
