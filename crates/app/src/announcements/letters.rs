//! What letters say, in plain Dutch. A letter is written from the round as it was when its wave was made, so that it
//! reads the same whenever it is opened.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Amsterdam;
use kernschil_domain::codes::{Guidance, Need};
use kernschil_domain::ids::{DemandId, SchoolId, StudentId};
use kernschil_domain::mutations::{Letter, LetterKind, Wave};
use kernschil_domain::periods::{Period, dutch_date};
use kernschil_domain::placements::Placement;
use kernschil_domain::rounds::{Demand, Offer, RoundData};
use kernschil_domain::standing::Standing;
use kernschil_domain::values::{Groups, Weekdays};
use serde::Serialize;

use crate::labels;

/// A letter as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LetterText {
    /// Name and place of who it is for, in lines.
    pub to: Vec<String>,
    /// Its date.
    pub date: NaiveDate,
    /// What it is about.
    pub subject: String,
    /// How it begins.
    pub greeting: String,
    /// What it says.
    pub parts: Vec<LetterPart>,
    /// Who it is from, in lines.
    pub from: Vec<String>,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LetterPart {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// Words and what they are.
    Facts(Vec<(String, String)>),
    /// Who come to a school.
    Visitors(Vec<Visitor>),
}

/// A student on the list of a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Visitor {
    /// Name as in a list.
    pub name: String,
    /// Institute.
    pub institute: String,
    /// Phase.
    pub phase: String,
    /// Period with its first and last day.
    pub period: String,
    /// Days.
    pub weekdays: String,
    /// Groups.
    pub groups: String,
    /// Trainer.
    pub trainer: String,
}

impl LetterText {
    /// The letter as plain text, for a mail.
    pub fn plain(&self) -> String {
        let mut text = format!("{}\n", self.greeting);
        for part in &self.parts {
            text.push('\n');
            match part {
                LetterPart::Heading(words) => _ = writeln!(text, "{}", words.to_uppercase()),
                LetterPart::Paragraph(words) => _ = writeln!(text, "{words}"),
                LetterPart::Facts(facts) => {
                    for (word, what) in facts {
                        _ = writeln!(text, "{word}: {what}");
                    }
                }
                LetterPart::Visitors(visitors) => {
                    for (number, visitor) in (1..).zip(visitors) {
                        let Visitor { name, institute, phase, period, weekdays, groups, trainer } = visitor;
                        _ = writeln!(text, "{number}. {name}\n   {institute}, {phase}\n   {period}\n   Dagen: {weekdays}; {groups}");
                        if !trainer.is_empty() {
                            _ = writeln!(text, "   Opleider: {trainer}");
                        }
                    }
                }
            }
        }
        text.push_str("\nMet vriendelijke groet,\n");
        self.from.iter().for_each(|line| _ = writeln!(text, "{line}"));
        text
    }
}

/// What letters of a wave are written from: the places as they were then.
pub(super) struct Writer<'a> {
    data: &'a RoundData,
    wave: &'a Wave,
    by_demand: HashMap<DemandId, &'a Placement>,
    by_school: HashMap<SchoolId, Vec<&'a Placement>>,
    by_student: HashMap<StudentId, Vec<&'a Demand>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(data: &'a RoundData, wave: &'a Wave) -> Self {
        let mut writer = Self { data, wave, by_demand: HashMap::new(), by_school: HashMap::new(), by_student: HashMap::new() };
        for placement in data.placements.values().chain(data.withdrawn.values()).filter(|placement| stood(placement, wave.made_at)) {
            let Some(offer) = data.offers.get(&placement.offer) else { continue };
            writer.by_demand.insert(placement.demand, placement);
            writer.by_school.entry(offer.school).or_default().push(placement);
        }
        for demand in data.demands.values() {
            writer.by_student.entry(demand.student).or_default().push(demand);
        }
        writer
    }

    /// The text of a letter; nothing when what it is about is gone.
    pub(super) fn text(&self, letter: &Letter) -> Option<LetterText> {
        let find = |letter: &Letter| {
            let id = letter.placement?;
            let live = letter.demand.and_then(|demand| self.data.placements.get(&demand)).filter(|placement| placement.id == id);
            live.or_else(|| self.data.withdrawn.get(&id))
        };
        match letter.kind {
            LetterKind::School => self.school(letter.school?),
            LetterKind::Placed => self.placed(letter.demand?),
            LetterKind::Moved => self.moved(letter.demand?, find(letter)?),
            LetterKind::Ended => self.ended(letter.demand?, find(letter)?),
        }
    }

    fn school(&self, school: SchoolId) -> Option<LetterText> {
        let found = self.data.registry.schools.get(&school)?;
        let visitors = self.visitors(school);
        let several = visitors.len() != 1;
        let come = if several { format!("komen {} studenten", visitors.len()) } else { "komt 1 student".to_owned() };
        let year = self.data.round.school_year;
        let mut parts = Vec::new();
        if self.wave.mutation.is_some() {
            parts.push(paragraph("De lijst van studenten op uw school is veranderd. Deze lijst vervangt de vorige."));
        }
        if visitors.is_empty() {
            parts.push(paragraph(&format!(
                "In schooljaar {year} komt er bij deze plaatsing geen student op uw school. Dank dat u plekken beschikbaar stelde. Komt er later toch een student, dan hoort u dat van ons."
            )));
        } else {
            parts.push(paragraph(&format!("In schooljaar {year} {come} op uw school. Hieronder ziet u wie er komt, en wanneer.")));
            parts.push(LetterPart::Visitors(visitors));
            parts.push(LetterPart::Heading("Wat vragen wij van u?".to_owned()));
            parts.push(paragraph(
                "Wilt u de lijst bespreken met de schoolopleider en de werkplekbegeleiders? Klopt er iets niet, laat het ons dan zo snel mogelijk weten.",
            ));
            parts.push(paragraph(
                "Deze lijst bevat persoonsgegevens. Deel hem alleen met wie de studenten begeleidt, en gooi hem na het schooljaar weg.",
            ));
        }
        let place =
            [found.postcode.as_ref().map(ToString::to_string), found.place.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Some(LetterText {
            to: [found.name.clone(), "De directie en de schoolopleider".to_owned(), place]
                .into_iter()
                .filter(|line| !line.is_empty())
                .collect(),
            date: self.date(),
            subject: format!("Studenten op {} in {year}", found.name),
            greeting: "Beste collega,".to_owned(),
            parts,
            from: self.from(None),
        })
    }

    /// Who come to a school, by the first day and name.
    pub(super) fn visitors(&self, school: SchoolId) -> Vec<Visitor> {
        let mut found: Vec<_> = self
            .by_school
            .get(&school)
            .into_iter()
            .flatten()
            .filter_map(|placement| {
                let demand = self.data.demands.get(&placement.demand)?;
                let offer = self.data.offers.get(&placement.offer)?;
                let student = self.data.students.get(&demand.student)?;
                let period = self.data.periods.get(&offer.period)?;
                let visitor = Visitor {
                    name: student.list_name(),
                    institute: labels::institute(self.data, student.institute),
                    phase: labels::phase(self.data, demand.phase),
                    period: period_words(period),
                    weekdays: weekdays(demand.weekdays),
                    groups: groups(demand, offer),
                    trainer: placement.trainer.map(|id| labels::trainer(self.data, id)).unwrap_or_default(),
                };
                Some(((period.starts_on, crate::listing::search_key(&visitor.name), demand.id), visitor))
            })
            .collect();
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.into_iter().map(|(_, visitor)| visitor).collect()
    }

    /// The letter to a student with all places that she has in the round, and the periods that still miss one.
    fn placed(&self, demand: DemandId) -> Option<LetterText> {
        let demand = self.data.demands.get(&demand)?;
        let mut own = self.by_student.get(&demand.student).cloned().unwrap_or_default();
        own.sort_by_key(|demand| (self.data.periods.get(&demand.period).map(|period| period.starts_on), demand.id));
        let places: Vec<_> = own.iter().filter_map(|demand| Some((*demand, *self.by_demand.get(&demand.id)?))).collect();
        let missing: Vec<_> = own
            .iter()
            .filter(|demand| demand.need == Need::Required && !self.by_demand.contains_key(&demand.id))
            .filter_map(|demand| self.data.periods.get(&demand.period))
            .collect();
        let mut parts = vec![paragraph(match places.as_slice() {
            [_] => "U heeft een plaats op een school. Hieronder leest u waar en wanneer.",
            _ => "U heeft een plaats voor elke periode hieronder. U leest waar en wanneer.",
        })];
        for (demand, placement) in places {
            parts.extend(self.place(demand, placement));
        }
        for period in missing {
            let words = format!(
                "Voor {} hebben wij nog geen plaats voor u. Wij zoeken verder. U krijgt daarover een aparte brief.",
                period_words(period)
            );
            parts.push(paragraph(&words));
        }
        parts.extend(next_steps());
        self.to_student(demand, "Uw plaats op een school", parts)
    }

    fn moved(&self, demand: DemandId, placement: &Placement) -> Option<LetterText> {
        let demand = self.data.demands.get(&demand)?;
        let before = self.before(demand.id).and_then(|before| self.data.offers.get(&before.offer));
        let before = before.map(|offer| labels::school(self.data, offer.school));
        let first = match before {
            Some(school) => format!(
                "Uw plaats is veranderd. U zou naar {school} gaan. Dat gaat helaas niet door. Wij hebben een andere school voor u gevonden."
            ),
            None => "Uw plaats is veranderd. Wij hebben een andere school voor u gevonden.".to_owned(),
        };
        let mut parts = vec![paragraph(&first)];
        parts.extend(self.place(demand, placement));
        parts.extend(next_steps());
        self.to_student(demand, "Uw plaats is veranderd", parts)
    }

    fn ended(&self, demand: DemandId, placement: &Placement) -> Option<LetterText> {
        let demand = self.data.demands.get(&demand)?;
        let offer = self.data.offers.get(&placement.offer)?;
        let period = self.data.periods.get(&offer.period)?;
        let words = format!("Uw plaats op {} voor {} gaat niet door.", labels::school(self.data, offer.school), period_words(period));
        let parts = vec![
            paragraph(&words),
            paragraph("Heeft u nog een plaats nodig, dan zoeken wij verder. Zodra er een plaats is, krijgt u een nieuwe brief."),
            paragraph("Heeft u vragen? Neem dan contact op met uw opleiding."),
        ];
        self.to_student(demand, "Uw plaats gaat niet door", parts)
    }

    /// Where a student goes, and what the school is to her.
    fn place(&self, demand: &Demand, placement: &Placement) -> Vec<LetterPart> {
        let Some(offer) = self.data.offers.get(&placement.offer) else { return Vec::new() };
        let (Some(school), Some(period)) = (self.data.registry.schools.get(&offer.school), self.data.periods.get(&offer.period)) else {
            return Vec::new();
        };
        let address =
            [school.postcode.as_ref().map(ToString::to_string), school.place.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let fact = |word: &str, what: String| (word.to_owned(), what);
        let mut facts = vec![fact("School", format!("{} ({})", school.name, school.code))];
        if !address.is_empty() {
            facts.push(fact("Adres", address));
        }
        facts.push(fact("Periode", period_words(period)));
        facts.push(fact("Dagen", weekdays(demand.weekdays)));
        facts.push(fact("Groepen", groups(demand, offer)));
        if let Some(trainer) = placement.trainer {
            facts.push(fact("Opleider", labels::trainer(self.data, trainer)));
        }
        vec![LetterPart::Heading(school.name.clone()), LetterPart::Facts(facts), paragraph(explained(placement))]
    }

    fn to_student(&self, demand: &Demand, subject: &str, parts: Vec<LetterPart>) -> Option<LetterText> {
        let student = self.data.students.get(&demand.student)?;
        let greeting = if student.given_name.is_empty() { "Beste student,".to_owned() } else { format!("Beste {},", student.given_name) };
        Some(LetterText {
            to: vec![student.full_name(), labels::institute(self.data, student.institute)],
            date: self.date(),
            subject: format!("{subject} in {}", self.data.round.school_year),
            greeting,
            parts,
            from: self.from(Some(demand)),
        })
    }

    /// The announced place that a demand lost last before the wave.
    fn before(&self, demand: DemandId) -> Option<&'a Placement> {
        let ended = self.data.withdrawn.values().filter(|placement| placement.demand == demand && placement.announced_at.is_some());
        ended
            .filter(|placement| placement.ended_at.is_some_and(|at| at <= self.wave.made_at))
            .max_by_key(|placement| (placement.ended_at, placement.id))
    }

    fn date(&self) -> NaiveDate {
        self.wave.made_at.with_timezone(&Amsterdam).date_naive()
    }

    /// The partnership that sees to the place, or all of the round.
    fn from(&self, demand: Option<&Demand>) -> Vec<String> {
        match demand.and_then(|demand| demand.partnership) {
            Some(id) => vec![labels::partnership(self.data, id)],
            None => self.data.round.partnerships.iter().map(|id| labels::partnership(self.data, *id)).collect(),
        }
    }
}

/// Whether a place was announced and not taken back at a moment.
fn stood(placement: &Placement, at: DateTime<Utc>) -> bool {
    placement.announced_at.is_some_and(|announced| announced <= at) && placement.ended_at.is_none_or(|ended| ended > at)
}

fn paragraph(words: &str) -> LetterPart {
    LetterPart::Paragraph(words.to_owned())
}

fn next_steps() -> [LetterPart; 2] {
    [
        LetterPart::Heading("Wat doet u nu?".to_owned()),
        paragraph(
            "Neem voor de eerste dag contact op met de school en maak een afspraak om kennis te maken. Heeft u vragen over deze plaats? Neem dan contact op met uw opleiding.",
        ),
    ]
}

/// What the school is to the student, in words for who never heard of kern and schil.
fn explained(placement: &Placement) -> &'static str {
    match (placement.standing, placement.guidance) {
        (Standing::Kern, _) => {
            "Dit is een kernschool: een school die samen met uw opleiding studenten opleidt, volgens de afspraken van het partnerschap."
        }
        (Standing::Schil, _) => {
            "Dit is een schilschool: een school die meedoet aan samen opleiden, en daarbij hulp kan krijgen van een kernschool."
        }
        (Standing::SchilUnmet, _) => {
            "Dit is een schilschool: een school die meedoet aan samen opleiden, en die nog toewerkt naar alle afspraken van het partnerschap."
        }
        (Standing::Outside, Some(Guidance::Extra)) => {
            "Deze school hoort niet bij het partnerschap van uw opleiding. Daarom krijgt u extra begeleiding van het partnerschap."
        }
        (Standing::Outside, Some(Guidance::None) | None) => {
            "Deze school hoort niet bij het partnerschap van uw opleiding. Uw opleiding vertelt u wie u begeleidt."
        }
    }
}

/// A period in a sentence: `heel jaar (31 augustus 2026 tot en met 16 juli 2027)`.
fn period_words(period: &Period) -> String {
    format!("{} ({} tot en met {})", period.name, dutch_date(period.starts_on), dutch_date(period.ends_on))
}

fn weekdays(days: Weekdays) -> String {
    const NAMES: [&str; 5] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"];
    if days.bits() == 0 {
        return "in overleg met de school".to_owned();
    }
    let words: Vec<_> = (0..).zip(NAMES).filter(|(bit, _)| days.bits() & (1 << bit) != 0).map(|(_, name)| name).collect();
    match words.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} en {last}", rest.join(", ")),
        words => words.join(""),
    }
}

fn groups(demand: &Demand, offer: &Offer) -> String {
    let both = Groups::from_bits(demand.groups.bits() & offer.groups.bits());
    if both == Groups::ALL { "alle groepen".to_owned() } else { format!("groep {both}") }
}
