//! How a round allocates: which rules hold, how hard, and what comes before what. Data of a round, or of a scenario.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::codes::code_enum;

mod problems;
#[cfg(test)]
mod tests;
mod words;

pub use problems::{MOST_GUIDED, MOST_MINUTES, MOST_WISHES, PolicyProblem, problems};

code_enum! {
    /// A rule about who goes where (DOMAIN 6). Capacities of offers, school totals and trainers always hold.
    RuleKind {
        /// The phase of the student fits the offer.
        Phase = "phase" / "fase",
        /// The groups fit.
        Groups = "groups" / "groepen",
        /// The weekdays fit.
        Weekdays = "weekdays" / "dagen",
        /// The trip is no longer than the limit.
        TravelLimit = "travel-limit" / "reistijdgrens",
        /// Not again a school where the student was before.
        EarlierSchool = "earlier-school" / "niet dezelfde school",
        /// Who has a fixed school goes there (maatwerk).
        FixedSchool = "fixed-school" / "vaste school",
        /// Nobody goes to a school that was excluded by hand for her.
        Exclusion = "exclusion" / "uitsluiting",
        /// The final phase only at a school with a certified trainer (Hogeschool Utrecht).
        Qualified = "qualified" / "laatste fase bij gecertificeerde opleider",
        /// No more students at the schools of a board than its total.
        BoardTotal = "board-total" / "bestuurstotaal",
        /// As many students outside samen opleiden as can get extra guidance.
        OutsideGuidance = "outside-guidance" / "begeleiding buiten",
        /// A kern school has at least so many students.
        SchoolMinimum = "school-minimum" / "minimum per kernschool",
        /// No student alone: none, or at least so many at a school.
        NotAlone = "not-alone" / "niet alleen",
        /// Members of a team stay at one school.
        Team = "team" / "samen op één school",
        /// Of the places of a school, one is kept for each zij-instromer who works there.
        Workplace = "workplace" / "eigen werkplek",
        /// A school of another board or kind than before.
        OtherBoard = "other-board" / "ander bestuur of soort school",
        /// Other groups than before.
        OtherGroups = "other-groups" / "andere groepen dan eerder",
        /// A long trip last time eases this one (HAN).
        LastTrip = "last-trip" / "lange reis de vorige keer",
        /// Students are spread over the schools by their places.
        Spread = "spread" / "eerlijke spreiding",
        /// Ranked wishes.
        Wishes = "wishes" / "voorkeuren",
    }
}

code_enum! {
    /// How hard a rule is.
    RuleMode {
        /// It does not count.
        Off = "off" / "uit",
        /// It weighs, at its place among the aims.
        Soft = "soft" / "weegt mee",
        /// It is never broken.
        Hard = "hard" / "altijd",
    }
}

code_enum! {
    /// Something a proposal strives for. What stands higher always goes before what stands lower.
    Aim {
        /// Everybody has a place, the final phase first.
        Placed = "placed" / "iedereen een plek",
        /// Inside samen opleiden.
        Covered = "covered" / "binnen samen opleiden",
        /// Places that are known stay.
        Kept = "kept" / "bekende plaatsen houden",
        /// Kern schools have their minimum.
        Minimum = "minimum" / "minimum per kernschool",
        /// Kern before schil before outside.
        Ladder = "ladder" / "kern voor schil",
        /// Soft rules of the round are broken as little as possible.
        SoftRules = "soft-rules" / "regels die meewegen",
        /// Wishes, the worst first.
        Wishes = "wishes" / "voorkeuren",
        /// Short trips.
        Travel = "travel" / "korte reizen",
        /// Students spread over the schools.
        Spread = "spread" / "spreiding",
        /// Another kind of school or other groups than before.
        Variety = "variety" / "afwisseling",
    }
}

code_enum! {
    /// How somebody travels.
    TravelMode {
        /// By bicycle, farther by what is fastest.
        Bicycle = "bicycle" / "fiets",
        /// By car.
        Car = "car" / "auto",
        /// By public transport.
        Transit = "transit" / "openbaar vervoer" | "ov",
    }
}

code_enum! {
    /// Which trainers of a school guide its students, where it has trainers of both kinds.
    #[derive(Default)]
    GuidedBy {
        /// School trainers; institute trainers where a school has none of its own.
        #[default]
        School = "school" / "schoolopleider",
        /// Institute trainers; school trainers where no institute trainer comes.
        Institute = "institute" / "instituutopleider",
        /// Whoever has room.
        Either = "either" / "schoolopleider of instituutopleider",
    }
}

code_enum! {
    /// The two orders of the aims that have a price: what comes first, coverage or the places that people know.
    Order {
        /// Inside samen opleiden goes before keeping places.
        CoveredFirst = "covered-first" / "dekking eerst",
        /// Keeping places goes before inside samen opleiden.
        KeptFirst = "kept-first" / "plaatsen houden eerst",
    }
}

/// Which numbers a rule can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberRange {
    /// Smallest.
    pub least: u32,
    /// Largest.
    pub most: u32,
    /// When none is given.
    pub usual: u32,
}

/// How hard a rule is, and its number where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// How hard.
    pub mode: RuleMode,
    /// Students, for rules with a number of them; nothing otherwise.
    pub number: Option<u32>,
}

/// The rules and aims of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Rules that are not as [`RuleKind::usual`] says.
    pub rules: BTreeMap<RuleKind, Rule>,
    /// The aims, most important first; each once, [`Aim::Placed`] first.
    pub aims: Vec<Aim>,
    /// How students travel of whom it is not known.
    pub travel_mode: TravelMode,
    /// Which trainers of a school guide its students.
    #[serde(default)]
    pub guided_by: GuidedBy,
}

impl Default for Policy {
    fn default() -> Self {
        Self { rules: BTreeMap::new(), aims: Aim::ALL.to_vec(), travel_mode: TravelMode::Bicycle, guided_by: GuidedBy::default() }
    }
}

impl RuleKind {
    /// How the rule stands in a new round.
    pub fn usual(self) -> Rule {
        let mode = match self {
            Self::Phase
            | Self::Groups
            | Self::Weekdays
            | Self::TravelLimit
            | Self::EarlierSchool
            | Self::FixedSchool
            | Self::Exclusion
            | Self::BoardTotal
            | Self::OutsideGuidance
            | Self::Team
            | Self::Workplace => RuleMode::Hard,
            Self::LastTrip | Self::Wishes => RuleMode::Soft,
            Self::Qualified | Self::SchoolMinimum | Self::NotAlone | Self::OtherBoard | Self::OtherGroups | Self::Spread => RuleMode::Off,
        };
        Rule { mode, number: None }
    }
}

impl RuleKind {
    /// How hard it can be.
    pub fn modes(self) -> &'static [RuleMode] {
        match self {
            Self::Phase
            | Self::Groups
            | Self::Weekdays
            | Self::TravelLimit
            | Self::EarlierSchool
            | Self::FixedSchool
            | Self::Qualified
            | Self::OtherBoard
            | Self::OtherGroups => &[RuleMode::Off, RuleMode::Soft, RuleMode::Hard],
            Self::Exclusion => &[RuleMode::Hard],
            Self::BoardTotal | Self::OutsideGuidance | Self::NotAlone | Self::Team | Self::Workplace => &[RuleMode::Off, RuleMode::Hard],
            Self::SchoolMinimum | Self::LastTrip | Self::Spread | Self::Wishes => &[RuleMode::Off, RuleMode::Soft],
        }
    }

    /// The number of students that goes with it, for rules that have one.
    pub fn number(self) -> Option<NumberRange> {
        match self {
            Self::SchoolMinimum => Some(NumberRange { least: 1, most: 50, usual: 2 }),
            Self::NotAlone => Some(NumberRange { least: 2, most: 20, usual: 2 }),
            _ => None,
        }
    }

    /// The aim at which it weighs when it is soft; nothing for rules that never are.
    pub fn aim(self) -> Option<Aim> {
        match self {
            Self::Phase | Self::Groups | Self::Weekdays | Self::TravelLimit | Self::EarlierSchool | Self::FixedSchool | Self::Qualified => {
                Some(Aim::SoftRules)
            }
            Self::OtherBoard | Self::OtherGroups => Some(Aim::Variety),
            Self::SchoolMinimum => Some(Aim::Minimum),
            Self::LastTrip => Some(Aim::Travel),
            Self::Spread => Some(Aim::Spread),
            Self::Wishes => Some(Aim::Wishes),
            Self::Exclusion | Self::BoardTotal | Self::OutsideGuidance | Self::NotAlone | Self::Team | Self::Workplace => None,
        }
    }
}

impl Policy {
    /// How a rule stands.
    pub fn rule(&self, kind: RuleKind) -> Rule {
        self.rules.get(&kind).copied().unwrap_or_else(|| kind.usual())
    }

    /// How hard a rule is.
    pub fn mode(&self, kind: RuleKind) -> RuleMode {
        self.rule(kind).mode
    }

    /// The number of a rule; 0 for a rule without one.
    pub fn number(&self, kind: RuleKind) -> u32 {
        let usual = kind.number().map_or(0, |range| range.usual);
        self.rule(kind).number.unwrap_or(usual)
    }

    /// Which of the two comes first, coverage or the places that people know.
    pub fn order(&self) -> Order {
        let at = |aim| self.aims.iter().position(|other| *other == aim);
        if at(Aim::Kept) < at(Aim::Covered) { Order::KeptFirst } else { Order::CoveredFirst }
    }

    /// The same policy in a named order: only the place of [`Aim::Kept`] changes.
    #[must_use]
    pub fn ordered(&self, order: Order) -> Self {
        let mut policy = self.clone();
        if policy.order() == order {
            return policy;
        }
        policy.aims.retain(|aim| *aim != Aim::Kept);
        if let Some(covered) = policy.aims.iter().position(|aim| *aim == Aim::Covered) {
            let at = match order {
                Order::CoveredFirst => covered + 1,
                Order::KeptFirst => covered,
            };
            policy.aims.insert(at, Aim::Kept);
        }
        policy
    }
}
