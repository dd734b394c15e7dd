//! The rules and aims as sentences for people.

use super::{Aim, GuidedBy, Order, RuleKind, RuleMode};
use crate::rounds::RoundRules;

/// What a rule says in each of its modes.
struct Sentences {
    hard: String,
    soft: String,
    off: String,
}

fn sentences(hard: impl Into<String>, soft: impl Into<String>, off: impl Into<String>) -> Sentences {
    Sentences { hard: hard.into(), soft: soft.into(), off: off.into() }
}

impl RoundRules {
    /// What a rule says as it stands, as a Dutch sentence.
    pub fn sentence(&self, kind: RuleKind) -> String {
        self.sentence_as(kind, self.policy.rule(kind).mode)
    }

    /// What a rule would say in a mode, as a Dutch sentence.
    pub fn sentence_as(&self, kind: RuleKind, mode: RuleMode) -> String {
        let said = match kind {
            RuleKind::TravelLimit => self.of_travel(),
            RuleKind::OutsideGuidance => self.of_guidance(),
            RuleKind::SchoolMinimum | RuleKind::NotAlone => self.of_number(kind),
            _ => plain(kind),
        };
        match mode {
            RuleMode::Hard => said.hard,
            RuleMode::Soft => said.soft,
            RuleMode::Off => said.off,
        }
    }

    fn of_travel(&self) -> Sentences {
        let off = "De reis mag zo lang zijn als zij is.";
        match self.travel_limit {
            Some(limit) => sentences(
                format!("De reis is hoogstens {limit} minuten, of korter als dat voor een student is afgesproken."),
                format!("De reis is liefst hoogstens {limit} minuten, of korter als dat voor een student is afgesproken."),
                off,
            ),
            None => sentences(
                "De reis is niet langer dan voor een student is afgesproken.",
                "De reis is liefst niet langer dan voor een student is afgesproken.",
                off,
            ),
        }
    }

    fn of_guidance(&self) -> Sentences {
        let hard = match self.outside_guidance {
            Some(0) => "Buiten kern en schil komt niemand: daar is geen extra begeleiding voor.".to_owned(),
            Some(1) => "Buiten kern en schil komt hoogstens 1 student: voor zoveel is er extra begeleiding.".to_owned(),
            Some(most) => format!("Buiten kern en schil komen hoogstens {most} studenten: voor zoveel is er extra begeleiding."),
            None => "Voor iedereen buiten kern en schil is er extra begeleiding.".to_owned(),
        };
        sentences(hard.clone(), hard, "Er is geen grens aan het aantal studenten buiten kern en schil.")
    }

    fn of_number(&self, kind: RuleKind) -> Sentences {
        let number = self.policy.number(kind);
        if kind == RuleKind::NotAlone {
            let hard = if number == 2 {
                "Een student is nooit de enige op een school.".to_owned()
            } else {
                format!("Op een school komt niemand, of minstens {number} studenten in een periode.")
            };
            return sentences(hard.clone(), hard, "Een student mag de enige op een school zijn.");
        }
        let students = if number == 1 { "1 student".to_owned() } else { format!("{number} studenten") };
        let soft = format!("Een kernschool met genoeg plekken krijgt liefst minstens {students} in een periode.");
        sentences(soft.clone(), soft, "Een kernschool heeft geen minimum.")
    }
}

fn plain(kind: RuleKind) -> Sentences {
    let (hard, soft, off) = match kind {
        RuleKind::Phase => (
            "De plek is bedoeld voor de fase van de student.",
            "De plek is liefst bedoeld voor de fase van de student.",
            "De plek hoeft niet voor de fase van de student bedoeld te zijn.",
        ),
        RuleKind::Groups => (
            "De plek heeft een groep die bij de student past.",
            "De plek heeft liefst een groep die bij de student past.",
            "De groepen hoeven niet te passen.",
        ),
        RuleKind::Weekdays => (
            "De school ontvangt op alle dagen die de student nodig heeft.",
            "De school ontvangt liefst op alle dagen die de student nodig heeft.",
            "De dagen hoeven niet te passen.",
        ),
        RuleKind::EarlierSchool => (
            "Een student komt niet opnieuw op een eerdere school.",
            "Een student komt liefst niet opnieuw op een eerdere school.",
            "Een student mag opnieuw naar een eerdere school.",
        ),
        RuleKind::FixedSchool => (
            "Wie een vaste school heeft, komt alleen daar.",
            "Wie een vaste school heeft, komt liefst daar.",
            "Een vaste school telt niet.",
        ),
        RuleKind::Exclusion => (
            "Een student komt niet op een school die met de hand voor haar of hem is uitgesloten.",
            "Een student komt liefst niet op een school die met de hand is uitgesloten.",
            "Uitsluitingen met de hand tellen niet.",
        ),
        RuleKind::Qualified => (
            "Een laatstefasestudent komt alleen op een school met een gecertificeerde opleider.",
            "Een laatstefasestudent komt liefst op een school met een gecertificeerde opleider.",
            "Een laatstefasestudent mag op elke school komen.",
        ),
        RuleKind::BoardTotal => (
            "De scholen van een bestuur krijgen samen nooit meer studenten dan het bestuurstotaal.",
            "De scholen van een bestuur krijgen samen liefst niet meer studenten dan het bestuurstotaal.",
            "Bestuurstotalen tellen niet.",
        ),
        RuleKind::Team => (
            "Wie samen in een team zit en een plek krijgt, komt op dezelfde school.",
            "Wie samen in een team zit, komt liefst op dezelfde school.",
            "Wie samen in een team zit, hoeft niet op dezelfde school te komen.",
        ),
        RuleKind::Workplace => (
            "Voor een zij-instromer blijft een plek op de eigen werkplek vrij. Fase, groepen en dagen tellen daar niet.",
            "Een zij-instromer komt liefst op de eigen werkplek.",
            "De eigen werkplek van een zij-instromer telt niet.",
        ),
        RuleKind::OtherBoard => (
            "Een student gaat naar een ander bestuur of een andere soort school dan eerder.",
            "Een student gaat liefst naar een ander bestuur of een andere soort school dan eerder.",
            "Een student mag naar hetzelfde bestuur en dezelfde soort school als eerder.",
        ),
        RuleKind::OtherGroups => (
            "Een student komt ook in groepen waar zij of hij nog niet was.",
            "Een student komt liefst ook in groepen waar zij of hij nog niet was.",
            "Groepen van eerdere plaatsen tellen niet.",
        ),
        RuleKind::LastTrip => (
            "Wie de vorige keer ver reisde, reist nu niet ver.",
            "Wie de vorige keer langer dan 45 minuten reisde, krijgt nu eerder een korte reis: een lange reis telt dubbel.",
            "Hoe ver een student de vorige keer reisde, telt niet.",
        ),
        RuleKind::Spread => (
            "Studenten zijn eerlijk verspreid over de scholen.",
            "Studenten zijn liefst verspreid over de scholen, naar het aantal plekken van elke school.",
            "Hoe studenten over de scholen verspreid zijn, telt niet.",
        ),
        RuleKind::Wishes => {
            ("Elke student krijgt een voorkeur.", "Voorkeuren wegen mee, de eerste het zwaarst.", "Voorkeuren tellen niet.")
        }
        // These depend on the round; they are asked for with it.
        RuleKind::TravelLimit | RuleKind::OutsideGuidance | RuleKind::SchoolMinimum | RuleKind::NotAlone => ("", "", ""),
    };
    sentences(hard, soft, off)
}

impl Aim {
    /// What it strives for, as a Dutch sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Placed => "Zo veel mogelijk studenten hebben een plek; wie in de laatste fase zit, gaat voor.",
            Self::Covered => "Zo veel mogelijk plekken tellen mee in de dekking: kern, of schil op orde.",
            Self::Kept => "Wie al een plek heeft, houdt die: eerst wie het al weet, dan wie nog niets hoorde.",
            Self::Minimum => "Kernscholen halen hun minimum aantal studenten.",
            Self::Ladder => "Liever kern dan schil, en liever schil dan buiten.",
            Self::SoftRules => "Regels die meewegen worden zo weinig mogelijk gebroken.",
            Self::Wishes => "Zo veel mogelijk voorkeuren, het liefst de eerste.",
            Self::Travel => "Zo weinig mogelijk lange reizen: eerst die langer dan een uur, dan die langer dan drie kwartier.",
            Self::Spread => "Studenten zijn eerlijk verspreid over de scholen.",
            Self::Variety => "Zo veel mogelijk studenten zien iets anders dan eerder.",
        }
    }
}

impl GuidedBy {
    /// Who guides a student, as a Dutch sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::School => "Een schoolopleider begeleidt de student. Op een school zonder schoolopleider doet de instituutopleider dat.",
            Self::Institute => {
                "Een instituutopleider begeleidt de student. Op een school zonder instituutopleider doet de schoolopleider dat."
            }
            Self::Either => "Een schoolopleider of een instituutopleider begeleidt de student, wie er ruimte heeft.",
        }
    }
}

impl Order {
    /// What choosing it costs, as a Dutch sentence.
    pub fn price(self) -> &'static str {
        match self {
            Self::CoveredFirst => "Meer studenten binnen samen opleiden, maar soms verliest iemand daarvoor een plek die al bekend was.",
            Self::KeptFirst => {
                "Niemand verliest een bekende plek om een ander binnen te krijgen, maar er blijven misschien meer studenten buiten."
            }
        }
    }
}
