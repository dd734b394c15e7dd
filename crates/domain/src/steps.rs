//! The steps of a round: what moves it from one to the next, and what stands in the way.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use crate::codes::{RoundState, code_enum};

code_enum! {
    /// Something that moves a round.
    RoundEvent {
        /// To the next step of the preparation.
        Forward = "forward" / "naar de volgende stap",
        /// To the step before.
        Back = "back" / "een stap terug",
        /// A proposal is put on the board.
        Propose = "propose" / "voorstel maken",
        /// The placements are fixed.
        Fix = "fix" / "vaststellen",
        /// What was fixed is opened again, before anybody was told.
        Reopen = "reopen" / "vaststelling terugdraaien",
        /// Schools or students are told.
        Announce = "announce" / "bekendmaken",
        /// Something changes after that.
        Change = "change" / "wijziging melden",
        /// The round ends.
        Close = "close" / "sluiten",
    }
}

code_enum! {
    /// Why a fixed round is opened again. Categories only, so that the log holds no free text.
    ReopenReason {
        /// Something was wrong.
        Mistake = "mistake" / "er zat een fout in",
        /// A school said something else.
        School = "school" / "een school heeft iets gewijzigd",
        /// Students came or went.
        Students = "students" / "er zijn studenten bijgekomen of weggegaan",
        /// Another reason.
        Other = "other" / "een andere reden",
    }
}

/// Why an event does not fit the step a round is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StepError {
    /// There is no step before.
    #[error("dit is de eerste stap")]
    FirstStep,
    /// The placements were not checked yet.
    #[error("er is nog niets om vast te stellen; eerst komt het controleren")]
    NotChecked,
    /// The next step is fixing, which has a page of its own.
    #[error("de volgende stap is vaststellen")]
    FixNext,
    /// The next step is announcing, which has a page of its own.
    #[error("de volgende stap is bekendmaken")]
    AnnounceNext,
    /// Nothing was fixed yet.
    #[error("de plaatsingen zijn nog niet vastgesteld")]
    NotFixed,
    /// The placements are fixed; only taking that back opens them.
    #[error("de plaatsingen zijn vastgesteld; draai de vaststelling eerst terug")]
    Fixed,
    /// Schools or students were told; what changes now is a mutation.
    #[error("de plaatsingen zijn bekendgemaakt; wat nu verandert, is een wijziging")]
    Announced,
    /// Nobody was told yet.
    #[error("de plaatsingen zijn nog niet bekendgemaakt")]
    NotAnnounced,
    /// The round has ended.
    #[error("de ronde is gesloten")]
    Closed,
}

impl StepError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::FirstStep => "eerste-stap",
            Self::NotChecked => "nog-niet-gecontroleerd",
            Self::FixNext => "eerst-vaststellen",
            Self::AnnounceNext => "eerst-bekendmaken",
            Self::NotFixed => "niet-vastgesteld",
            Self::Fixed => "al-vastgesteld",
            Self::Announced => "al-bekendgemaakt",
            Self::NotAnnounced => "niet-bekendgemaakt",
            Self::Closed => "ronde-gesloten",
        }
    }
}

/// Where an event takes a round.
///
/// # Errors
/// [`StepError`] when the event does not fit the step.
#[expect(clippy::match_same_arms, reason = "a table: it reads step by step")]
pub fn next(state: RoundState, event: RoundEvent) -> Result<RoundState, StepError> {
    use RoundState::{Changing, Checking, Closed, Collecting, Fixed, Offering, Proposing, Published, Wishing};
    match (state, event) {
        (Collecting, RoundEvent::Forward) => Ok(Offering),
        (Offering, RoundEvent::Forward) => Ok(Wishing),
        (Wishing, RoundEvent::Forward) => Ok(Proposing),
        (Proposing, RoundEvent::Forward) => Ok(Checking),
        (Checking, RoundEvent::Forward) => Err(StepError::FixNext),
        (Collecting, RoundEvent::Back) => Err(StepError::FirstStep),
        (Offering, RoundEvent::Back) => Ok(Collecting),
        (Wishing, RoundEvent::Back) => Ok(Offering),
        (Proposing, RoundEvent::Back) => Ok(Wishing),
        (Checking, RoundEvent::Back) => Ok(Proposing),
        (Collecting | Offering | Wishing | Proposing | Checking, RoundEvent::Propose) => Ok(Checking),
        (Checking, RoundEvent::Fix) => Ok(Fixed),
        (Collecting | Offering | Wishing | Proposing, RoundEvent::Fix) => Err(StepError::NotChecked),
        (Collecting | Offering | Wishing | Proposing | Checking, RoundEvent::Reopen | RoundEvent::Announce) => Err(StepError::NotFixed),
        (Fixed, RoundEvent::Forward) => Err(StepError::AnnounceNext),
        (Fixed, RoundEvent::Reopen) => Ok(Checking),
        (Fixed, RoundEvent::Announce) => Ok(Published),
        (Fixed, RoundEvent::Back | RoundEvent::Propose | RoundEvent::Fix) => Err(StepError::Fixed),
        (Collecting | Offering | Wishing | Proposing | Checking | Fixed, RoundEvent::Change | RoundEvent::Close) => {
            Err(StepError::NotAnnounced)
        }
        // Students may hear later than schools.
        (Published, RoundEvent::Announce) => Ok(Published),
        (Changing, RoundEvent::Announce) | (Published | Changing, RoundEvent::Change) => Ok(Changing),
        (Published | Changing, RoundEvent::Close) => Ok(Closed),
        (Published | Changing, RoundEvent::Forward | RoundEvent::Back | RoundEvent::Propose | RoundEvent::Fix | RoundEvent::Reopen) => {
            Err(StepError::Announced)
        }
        // Something may still change after all.
        (Closed, RoundEvent::Back) => Ok(Changing),
        (Closed, _) => Err(StepError::Closed),
    }
}

/// Whether the latest proposal still answers the round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProposalState {
    /// There is none.
    #[default]
    None,
    /// Nothing changed since.
    Current,
    /// Somebody changed something by hand since.
    ByHand,
    /// The data changed since.
    Outdated,
}

/// What is known of a round when it is to move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Schools in its partnerships.
    pub schools: usize,
    /// Schools that did not answer yet.
    pub waiting: usize,
    /// Places offered.
    pub places: u32,
    /// Demands that need a place.
    pub demands: usize,
    /// Those among them with wishes.
    pub with_wishes: usize,
    /// The latest proposal.
    pub proposal: ProposalState,
    /// Demands with a place.
    pub placed: usize,
    /// Students with a place in some of their periods and not in others.
    pub half_placed: usize,
    /// What must always hold and does not.
    pub violations: usize,
    /// Mutations that are not done yet.
    pub open_mutations: usize,
    /// Groups of people (schools, students) who were not told yet.
    pub untold: usize,
}

/// Something that is missing, or worth knowing, before a round moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// The partnerships have no schools.
    NoSchools,
    /// No student needs a place.
    NoStudents,
    /// No school offers a place.
    NoPlaces,
    /// So many schools did not answer yet.
    SchoolsWaiting(usize),
    /// No student has a wish.
    NoWishes,
    /// There is no proposal.
    NoProposal,
    /// The data changed since the proposal.
    ProposalOutdated,
    /// Somebody changed something by hand since the proposal.
    ChangedByHand,
    /// Nobody has a place.
    NothingPlaced,
    /// So many demands have no place.
    Unplaced(usize),
    /// So many students have a place in only some of their periods.
    HalfPlaced(usize),
    /// So many things that must always hold do not.
    Violations(usize),
    /// So many mutations are not done yet.
    OpenMutations(usize),
    /// Schools or students were not told yet.
    Untold,
}

/// What a gate does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateWeight {
    /// The round cannot move.
    Blocks,
    /// The round can move; people should know.
    Warns,
}

impl Gate {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSchools => "geen-scholen",
            Self::NoStudents => "geen-vraag",
            Self::NoPlaces => "geen-plekken",
            Self::SchoolsWaiting(_) => "scholen-zonder-antwoord",
            Self::NoWishes => "geen-voorkeuren",
            Self::NoProposal => "geen-voorstel",
            Self::ProposalOutdated => "voorstel-verouderd",
            Self::ChangedByHand => "met-de-hand-gewijzigd",
            Self::NothingPlaced => "niets-geplaatst",
            Self::Unplaced(_) => "niet-geplaatst",
            Self::HalfPlaced(_) => "half-geplaatst",
            Self::Violations(_) => "controle-faalt",
            Self::OpenMutations(_) => "open-wijzigingen",
            Self::Untold => "niet-iedereen-weet-het",
        }
    }

    /// A Dutch sentence that says what is missing and what to do.
    pub fn dutch(self) -> String {
        let count = |number: usize, one: &str, many: &str| if number == 1 { format!("1 {one}") } else { format!("{number} {many}") };
        match self {
            Self::NoSchools => "Er doen nog geen scholen mee. Laad een werkboek met het partnerschap.".to_owned(),
            Self::NoStudents => "Er zijn nog geen studenten die een plaats nodig hebben. Laad een werkboek met studenten.".to_owned(),
            Self::NoPlaces => "Er zijn nog geen plekken. Laad een werkboek met plekken.".to_owned(),
            Self::SchoolsWaiting(number) => {
                format!("{} nog niet geantwoord. U kunt een herinnering sturen.", count(number, "school heeft", "scholen hebben"))
            }
            Self::NoWishes => "Geen enkele student heeft voorkeuren. Laad ze als u ze nog krijgt.".to_owned(),
            Self::NoProposal => "Er is nog geen voorstel. Maak eerst een voorstel.".to_owned(),
            Self::ProposalOutdated => "De gegevens zijn veranderd sinds het voorstel. Maak een nieuw voorstel.".to_owned(),
            Self::ChangedByHand => "Na het voorstel is er met de hand iets gewijzigd. Die wijzigingen blijven zoals ze zijn.".to_owned(),
            Self::NothingPlaced => "Er is nog niemand geplaatst. Maak een voorstel of plaats studenten op het plaatsbord.".to_owned(),
            Self::Unplaced(number) => format!("{} nog geen plaats.", count(number, "vraag heeft", "vragen hebben")),
            Self::HalfPlaced(number) => {
                format!("{} een plaats in niet alle perioden.", count(number, "student heeft", "studenten hebben"))
            }
            Self::Violations(number) => {
                let found = if number == 1 { "is 1 fout".to_owned() } else { format!("zijn {number} fouten") };
                format!("Bij de controle {found} gevonden. Bekijk de uitzonderingen en herstel ze op het plaatsbord.")
            }
            Self::OpenMutations(number) => {
                format!("{} nog open. Voer ze door of laat ze vervallen.", count(number, "wijziging staat", "wijzigingen staan"))
            }
            Self::Untold => "Nog niet iedereen heeft bericht gehad. Maak de plaatsingen eerst bekend.".to_owned(),
        }
    }
}

/// What stands in the way of an event, or is worth knowing: what blocks first. An event that does not fit the step at
/// all is for [`next`].
pub fn gates(state: RoundState, event: RoundEvent, facts: &Facts) -> Vec<(Gate, GateWeight)> {
    use GateWeight::{Blocks, Warns};
    let all = [
        (Gate::NoSchools, facts.schools == 0),
        (Gate::NoStudents, facts.demands == 0),
        (Gate::NoPlaces, facts.places == 0),
        (Gate::NoProposal, facts.proposal == ProposalState::None),
        (Gate::ProposalOutdated, facts.proposal == ProposalState::Outdated),
        (Gate::NothingPlaced, facts.placed == 0),
        (Gate::Violations(facts.violations), facts.violations > 0),
        (Gate::OpenMutations(facts.open_mutations), facts.open_mutations > 0),
        (Gate::ChangedByHand, facts.proposal == ProposalState::ByHand),
        (Gate::Unplaced(facts.demands.saturating_sub(facts.placed)), facts.placed < facts.demands),
        (Gate::HalfPlaced(facts.half_placed), facts.half_placed > 0),
        (Gate::SchoolsWaiting(facts.waiting), facts.waiting > 0),
        (Gate::NoWishes, facts.with_wishes == 0 && facts.demands > 0),
        (Gate::Untold, facts.untold > 0),
    ];
    let weighed = all.into_iter().filter(|(_, holds)| *holds).filter_map(|(gate, _)| Some((gate, weight(state, event, gate)?)));
    let mut found: Vec<_> = weighed.collect();
    found.sort_by_key(|(_, weight)| match weight {
        Blocks => 0,
        Warns => 1,
    });
    found
}

/// What a gate does for an event; nothing when it does not matter for it.
fn weight(state: RoundState, event: RoundEvent, gate: Gate) -> Option<GateWeight> {
    use GateWeight::{Blocks, Warns};
    match (event, gate) {
        (RoundEvent::Forward, gate) => match (state, gate) {
            (RoundState::Collecting, Gate::NoSchools)
            | (RoundState::Offering, Gate::NoPlaces)
            | (RoundState::Wishing, Gate::NoStudents)
            | (RoundState::Proposing, Gate::NoProposal) => Some(Blocks),
            (RoundState::Collecting, Gate::NoStudents)
            | (RoundState::Offering | RoundState::Wishing, Gate::SchoolsWaiting(_))
            | (RoundState::Wishing, Gate::NoWishes)
            | (RoundState::Proposing, Gate::ProposalOutdated) => Some(Warns),
            _ => None,
        },
        (RoundEvent::Propose, Gate::NoStudents | Gate::NoPlaces)
        | (
            RoundEvent::Fix,
            Gate::NoStudents | Gate::NoPlaces | Gate::NoProposal | Gate::ProposalOutdated | Gate::NothingPlaced | Gate::Violations(_),
        )
        | (RoundEvent::Announce, Gate::NothingPlaced)
        | (RoundEvent::Close, Gate::OpenMutations(_)) => Some(Blocks),
        (RoundEvent::Propose, Gate::SchoolsWaiting(_))
        | (RoundEvent::Fix, Gate::ChangedByHand | Gate::Unplaced(_) | Gate::HalfPlaced(_) | Gate::SchoolsWaiting(_))
        | (RoundEvent::Announce, Gate::Unplaced(_) | Gate::HalfPlaced(_))
        | (RoundEvent::Close, Gate::Untold) => Some(Warns),
        _ => None,
    }
}

/// The steps whose date lies before that of an earlier step, each with that step.
pub fn misplaced_dates(dates: &BTreeMap<RoundState, NaiveDate>) -> Vec<(RoundState, RoundState)> {
    let mut latest: Option<(RoundState, NaiveDate)> = None;
    let mut found = Vec::new();
    for (state, date) in dates {
        match latest {
            Some((before, day)) if *date < day => found.push((*state, before)),
            _ => latest = Some((*state, *date)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each event does at each step, as the picture in docs/state-machines.md draws it: the code of the next step,
    /// or of why not.
    const TABLE: [(RoundState, [&str; 8]); 9] = {
        use RoundState::{Changing, Checking, Closed, Collecting, Fixed, Offering, Proposing, Published, Wishing};
        let (unchecked, unfixed, untold) = ("nog-niet-gecontroleerd", "niet-vastgesteld", "niet-bekendgemaakt");
        let (fixed, told, closed) = ("al-vastgesteld", "al-bekendgemaakt", "ronde-gesloten");
        // forward, back, propose, fix, reopen, announce, change, close
        [
            (Collecting, ["offering", "eerste-stap", "checking", unchecked, unfixed, unfixed, untold, untold]),
            (Offering, ["wishing", "collecting", "checking", unchecked, unfixed, unfixed, untold, untold]),
            (Wishing, ["proposing", "offering", "checking", unchecked, unfixed, unfixed, untold, untold]),
            (Proposing, ["checking", "wishing", "checking", unchecked, unfixed, unfixed, untold, untold]),
            (Checking, ["eerst-vaststellen", "proposing", "checking", "fixed", unfixed, unfixed, untold, untold]),
            (Fixed, ["eerst-bekendmaken", fixed, fixed, fixed, "checking", "published", untold, untold]),
            (Published, [told, told, told, told, told, "published", "changing", "closed"]),
            (Changing, [told, told, told, told, told, "changing", "changing", "closed"]),
            (Closed, [closed, "changing", closed, closed, closed, closed, closed, closed]),
        ]
    };

    #[test]
    fn every_event_has_an_answer_at_every_step() {
        assert_eq!(TABLE.map(|(state, _)| state).as_slice(), RoundState::ALL);
        for (state, row) in TABLE {
            for (event, expected) in RoundEvent::ALL.iter().zip(row) {
                let found = next(state, *event).map_or_else(StepError::code, RoundState::code);
                assert_eq!(found, expected, "{} {}", state.code(), event.code());
            }
        }
    }

    #[test]
    fn placements_are_open_exactly_until_they_are_fixed() {
        for state in RoundState::ALL {
            assert_eq!(next(*state, RoundEvent::Propose).is_ok(), state.is_open());
            assert_eq!(next(*state, RoundEvent::Change).is_ok(), state.is_announced());
        }
    }

    fn codes(state: RoundState, event: RoundEvent, facts: &Facts) -> Vec<(&'static str, GateWeight)> {
        gates(state, event, facts).into_iter().map(|(gate, weight)| (gate.code(), weight)).collect()
    }

    #[test]
    fn what_is_missing_is_named_all_at_once() {
        use GateWeight::{Blocks, Warns};
        let empty = Facts::default();
        assert_eq!(
            codes(RoundState::Checking, RoundEvent::Fix, &empty),
            [("geen-vraag", Blocks), ("geen-plekken", Blocks), ("geen-voorstel", Blocks), ("niets-geplaatst", Blocks)]
        );
        assert_eq!(codes(RoundState::Collecting, RoundEvent::Forward, &empty), [("geen-scholen", Blocks), ("geen-vraag", Warns)]);
        let waiting = Facts { schools: 9, waiting: 4, places: 12, ..empty };
        assert_eq!(codes(RoundState::Offering, RoundEvent::Forward, &waiting), [("scholen-zonder-antwoord", Warns)]);
        assert_eq!(codes(RoundState::Offering, RoundEvent::Back, &waiting), []);
        let full = Facts { demands: 8, placed: 6, half_placed: 1, proposal: ProposalState::ByHand, untold: 1, ..waiting };
        assert_eq!(
            codes(RoundState::Checking, RoundEvent::Fix, &full),
            [("met-de-hand-gewijzigd", Warns), ("niet-geplaatst", Warns), ("half-geplaatst", Warns), ("scholen-zonder-antwoord", Warns)]
        );
        let outdated = Facts { proposal: ProposalState::Outdated, violations: 2, ..full };
        assert_eq!(
            codes(RoundState::Checking, RoundEvent::Fix, &outdated)[..2],
            [("voorstel-verouderd", Blocks), ("controle-faalt", Blocks)]
        );
        let open = Facts { open_mutations: 1, ..full };
        assert_eq!(
            codes(RoundState::Changing, RoundEvent::Close, &open),
            [("open-wijzigingen", Blocks), ("niet-iedereen-weet-het", Warns)]
        );
    }

    #[test]
    fn a_gate_says_what_to_do_in_a_sentence() {
        let sentences = [
            (Gate::SchoolsWaiting(1), "1 school heeft nog niet geantwoord. U kunt een herinnering sturen."),
            (Gate::Violations(2), "Bij de controle zijn 2 fouten gevonden. Bekijk de uitzonderingen en herstel ze op het plaatsbord."),
            (Gate::HalfPlaced(3), "3 studenten hebben een plaats in niet alle perioden."),
        ];
        for (gate, sentence) in sentences {
            assert_eq!(gate.dutch(), sentence);
        }
    }

    #[test]
    fn a_date_before_that_of_an_earlier_step_is_found() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let dates = BTreeMap::from([
            (RoundState::Offering, day("2027-03-01")),
            (RoundState::Wishing, day("2027-02-01")),
            (RoundState::Fixed, day("2027-03-01")),
            (RoundState::Published, day("2027-02-15")),
        ]);
        let misplaced = [(RoundState::Wishing, RoundState::Offering), (RoundState::Published, RoundState::Fixed)];
        assert_eq!(misplaced_dates(&dates), misplaced);
        assert_eq!(misplaced_dates(&BTreeMap::new()), []);
    }
}
