//! What can happen to a review as a whole, and what must be there first. Every pair of a state and an event has an
//! answer, for both kinds; what is refused says why, and what is missing says where it is mended.

use chrono::NaiveDate;
use thiserror::Error;

use super::{Outcome, ReportState, Review, ReviewEvent, ReviewKind, ReviewState};
use crate::codes::code_enum;
use crate::frameworks::FrameworkContent;

/// Why an event does not fit the state of a review, whatever was done in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WrongMove {
    /// The event belongs to another state.
    #[error("{event} does not follow {state}")]
    NotNow {
        /// Where the review is.
        state: ReviewState,
        /// What was asked.
        event: ReviewEvent,
    },
    /// It will not be held; it has to be planned again first.
    #[error("the review was cancelled")]
    Cancelled,
    /// It is done.
    #[error("the review is closed")]
    Closed,
    /// A judgement stands: the minister decided on it.
    #[error("a judgement stands")]
    JudgementStands,
}

impl WrongMove {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotNow { .. } => "stap-past-niet",
            Self::Cancelled => "review-vervallen",
            Self::Closed => "review-afgerond",
            Self::JudgementStands => "oordeel-staat",
        }
    }

    /// What is wrong and what to do, in Dutch.
    pub fn dutch(self) -> String {
        match self {
            Self::NotNow { state, event } => {
                format!("“{event}” past niet bij de stand “{state}”. Bekijk in het dossier wat nu de volgende stap is.")
            }
            Self::Cancelled => "Deze peer review is vervallen. Plan hem eerst opnieuw, met een reden.".to_owned(),
            Self::Closed => "Deze peer review is afgerond. Heropen hem eerst, met een reden.".to_owned(),
            Self::JudgementStands => {
                "Over een beoordelingsgerichte review is besloten; die heropent u niet. Maak zo nodig een tweede kans.".to_owned()
            }
        }
    }
}

/// Where an event leads from a state.
///
/// # Errors
/// [`WrongMove`] when it does not fit.
pub fn after(kind: ReviewKind, state: ReviewState, event: ReviewEvent) -> Result<ReviewState, WrongMove> {
    use ReviewEvent::{Begin, Cancel, Close, FinishConducting, FinishPreparing, Reopen, Resume};
    use ReviewState::{Cancelled, Closed, Concluding, Conducting, Planned, Preparing};
    match (state, event) {
        (Planned, Begin) | (Conducting, Reopen) => Ok(Preparing),
        (Preparing, FinishPreparing) | (Concluding, Reopen) => Ok(Conducting),
        (Concluding, Close) => Ok(Closed),
        (Closed, Reopen) if kind == ReviewKind::Judging => Err(WrongMove::JudgementStands),
        (Conducting, FinishConducting) | (Closed, Reopen) => Ok(Concluding),
        (Planned | Preparing | Conducting | Concluding, Cancel) => Ok(Cancelled),
        (Cancelled, Resume) => Ok(Planned),
        (Cancelled, _) => Err(WrongMove::Cancelled),
        (Closed, _) => Err(WrongMove::Closed),
        (Planned | Preparing | Conducting | Concluding, _) => Err(WrongMove::NotNow { state, event }),
    }
}

/// The events that fit a state, in their usual order.
pub fn possible(kind: ReviewKind, state: ReviewState) -> Vec<ReviewEvent> {
    ReviewEvent::ALL.iter().copied().filter(|event| after(kind, state, *event).is_ok()).collect()
}

impl ReviewEvent {
    /// Whether it is only done with a reason.
    pub fn needs_reason(self) -> bool {
        match self {
            Self::Reopen | Self::Cancel | Self::Resume => true,
            Self::Begin | Self::FinishPreparing | Self::FinishConducting | Self::Close => false,
        }
    }
}

code_enum! {
    /// A page of the dossier, where something that is missing can be mended.
    DossierPage {
        /// Name, years and days of the review.
        Details = "details" / "gegevens en datums",
        /// The panel.
        Panel = "panel" / "panel",
        /// Who takes part, and who answered.
        Members = "members" / "deelnemers",
        /// The kritische reflectie.
        Reflection = "reflection" / "kritische reflectie",
        /// Development questions.
        Questions = "questions" / "ontwikkelvragen",
        /// Findings of the members of the panel.
        Findings = "findings" / "bevindingen",
        /// The judgement of a judging review.
        Outcome = "outcome" / "oordeel",
        /// The report.
        Report = "report" / "rapport",
    }
}

code_enum! {
    /// How far it is with somebody that a panel cannot do without.
    SeatState {
        /// Nobody was asked, or who was asked declined.
        Open = "open" / "nog niemand gevraagd",
        /// Somebody was asked and has not answered.
        Asked = "asked" / "gevraagd, nog geen antwoord",
        /// Somebody agreed.
        Agreed = "agreed" / "akkoord",
    }
}

/// Something a gate asks for that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// Nothing was written about these safeguards.
    Reflection(Vec<String>),
    /// The reflection was not handed to the panel.
    ReflectionHandIn,
    /// There is no development question.
    Question,
    /// Nobody is on the panel.
    Panel,
    /// The panel cannot be as it is: what is wrong, in Dutch, without names.
    PanelError(Vec<String>),
    /// Nobody was asked to chair the panel.
    Chair,
    /// Who was asked to chair the panel has not agreed.
    ChairAgreement,
    /// People of another region were asked, and none of them has agreed.
    OutsiderAgreement,
    /// No visit day was agreed.
    VisitDay,
    /// The visit was not held.
    Visit,
    /// Members of the panel did not hand in and the chair did not open the findings; so many.
    HandIn(usize),
    /// The report is not final.
    Report,
    /// The year of the annual report that carries the report.
    ReportYear,
    /// These safeguards, or the review as a whole, were not judged.
    Outcome(Vec<String>),
}

impl Missing {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reflection(_) => "reflectie-ontbreekt",
            Self::ReflectionHandIn => "reflectie-niet-ingeleverd",
            Self::Question => "ontwikkelvraag-ontbreekt",
            Self::Panel => "panel-ontbreekt",
            Self::PanelError(_) => "panel-ongeldig",
            Self::Chair => "voorzitter-ontbreekt",
            Self::ChairAgreement => "voorzitter-niet-akkoord",
            Self::OutsiderAgreement => "buitenstaander-niet-akkoord",
            Self::VisitDay => "bezoekdag-ontbreekt",
            Self::Visit => "bezoek-niet-gehouden",
            Self::HandIn(_) => "bevindingen-niet-ingeleverd",
            Self::Report => "rapport-niet-vastgesteld",
            Self::ReportYear => "jaarrapportage-ontbreekt",
            Self::Outcome(_) => "oordeel-ontbreekt",
        }
    }

    /// The page where it is mended.
    pub fn page(&self) -> DossierPage {
        match self {
            Self::Reflection(_) | Self::ReflectionHandIn => DossierPage::Reflection,
            Self::Question => DossierPage::Questions,
            Self::Panel | Self::PanelError(_) => DossierPage::Panel,
            Self::Chair | Self::ChairAgreement | Self::OutsiderAgreement => DossierPage::Members,
            Self::VisitDay | Self::Visit | Self::ReportYear => DossierPage::Details,
            Self::HandIn(_) => DossierPage::Findings,
            Self::Report => DossierPage::Report,
            Self::Outcome(_) => DossierPage::Outcome,
        }
    }

    /// What is missing and what to do, in Dutch.
    pub fn dutch(&self) -> String {
        match self {
            Self::Reflection(names) => format!("Er is nog geen reflectie op {}. Schrijf die eerst.", joined(names)),
            Self::ReflectionHandIn => "De reflectie is nog niet ingeleverd: het panel kan haar niet lezen. Lever haar in.".to_owned(),
            Self::Question => "Er is nog geen ontwikkelvraag. Schrijf er ten minste één.".to_owned(),
            Self::Panel => "Er is nog geen panel. Vraag panelleden.".to_owned(),
            Self::PanelError(sentences) => sentences.join(" "),
            Self::Chair => "Er is nog geen voorzitter van het panel. Vraag iemand als voorzitter.".to_owned(),
            Self::ChairAgreement => {
                "Wie als voorzitter is gevraagd, zei nog geen ja. Wacht op het antwoord, of vraag iemand anders.".to_owned()
            }
            Self::OutsiderAgreement => {
                "Nog niemand uit een andere onderwijsregio zei ja. Wacht op het antwoord, of vraag iemand anders.".to_owned()
            }
            Self::VisitDay => "Er is nog geen bezoekdag afgesproken. Vul de dag in.".to_owned(),
            Self::Visit => "Het bezoek is nog niet gehouden. Vul in op welke dag het panel is geweest.".to_owned(),
            Self::HandIn(0) => "Er zijn nog geen bevindingen ingeleverd.".to_owned(),
            Self::HandIn(1) => "Eén panellid heeft nog niet ingeleverd. De voorzitter kan de bevindingen ook openen.".to_owned(),
            Self::HandIn(count) => {
                format!("{count} panelleden hebben nog niet ingeleverd. De voorzitter kan de bevindingen ook openen.")
            }
            Self::Report => "Het rapport is nog niet vastgesteld. Stel het vast na de reactie.".to_owned(),
            Self::ReportYear => {
                "Het jaar van de jaarrapportage waarin het rapport staat, is nog niet ingevuld. Vul dat jaar in.".to_owned()
            }
            Self::Outcome(names) => format!("Er is nog geen oordeel over {}. Geef dat oordeel eerst.", joined(names)),
        }
    }
}

fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} en {last}", first.join(", ")),
    }
}

/// How far the work in a review is, as far as gates ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewProgress {
    /// Names of the safeguards that nothing was written about.
    pub unreflected: Vec<String>,
    /// Number of development questions.
    pub questions: usize,
    /// Number of people on the panel: members, chair and secretary who did not decline.
    pub panel: usize,
    /// Why the panel cannot be as it is, in Dutch, without names.
    pub panel_errors: Vec<String>,
    /// How far it is with the chair.
    pub chair: SeatState,
    /// How far it is with somebody of another region.
    pub outsider: SeatState,
    /// Of these, how many did not hand in.
    pub not_handed_in: usize,
    /// How far the latest version of the report is; nothing while there is none.
    pub report: Option<ReportState>,
    /// Names of what was not judged in a judging review: safeguards, and the review as a whole.
    pub unjudged: Vec<String>,
}

/// What a framework asks to be judged that an outcome does not judge, by name.
pub fn unjudged(framework: &FrameworkContent, outcome: Option<&Outcome>) -> Vec<String> {
    let open = framework.safeguards.iter().filter(|safeguard| outcome.is_none_or(|found| !found.safeguards.contains_key(&safeguard.code)));
    let mut names: Vec<String> = open.map(|safeguard| safeguard.name.clone()).collect();
    if outcome.is_none() {
        names.push("het geheel".to_owned());
    }
    names
}

/// What a review misses for an event; nothing when its gate is open. Events that go back, or off, have no gate.
pub fn missing(review: &Review, event: ReviewEvent, progress: &ReviewProgress) -> Vec<Missing> {
    match event {
        ReviewEvent::FinishPreparing => preparing(review, progress),
        ReviewEvent::FinishConducting => conducting(review, progress),
        ReviewEvent::Close => concluding(review, progress),
        ReviewEvent::Begin | ReviewEvent::Reopen | ReviewEvent::Cancel | ReviewEvent::Resume => Vec::new(),
    }
}

fn preparing(review: &Review, progress: &ReviewProgress) -> Vec<Missing> {
    let mut found = Vec::new();
    if !progress.unreflected.is_empty() {
        found.push(Missing::Reflection(progress.unreflected.clone()));
    } else if review.reflected_at.is_none() {
        // After this phase it can be handed in no more, and the panel would never read it.
        found.push(Missing::ReflectionHandIn);
    }
    if review.kind == ReviewKind::Developmental && progress.questions == 0 {
        found.push(Missing::Question);
    }
    if progress.panel == 0 {
        found.push(Missing::Panel);
    } else {
        found.extend(panel(review.kind, progress));
    }
    if review.visit_on.is_none() {
        found.push(Missing::VisitDay);
    }
    found
}

/// What a panel that was asked still misses: it can be as it is, and who it cannot do without agreed.
fn panel(kind: ReviewKind, progress: &ReviewProgress) -> Vec<Missing> {
    let mut found = panel_error(progress);
    match progress.chair {
        SeatState::Open => found.push(Missing::Chair),
        SeatState::Asked => found.push(Missing::ChairAgreement),
        SeatState::Agreed => {}
    }
    // That nobody of another region was asked is an error of the panel already.
    if kind == ReviewKind::Developmental && progress.outsider == SeatState::Asked {
        found.push(Missing::OutsiderAgreement);
    }
    found
}

fn panel_error(progress: &ReviewProgress) -> Vec<Missing> {
    let errors = &progress.panel_errors;
    if errors.is_empty() { Vec::new() } else { vec![Missing::PanelError(errors.clone())] }
}

fn conducting(review: &Review, progress: &ReviewProgress) -> Vec<Missing> {
    // People come and go after the preparing phase as well.
    let mut found = panel_error(progress);
    if review.held_on.is_none() {
        found.push(Missing::Visit);
    }
    if review.opened_at.is_none() && (progress.panel == 0 || progress.not_handed_in > 0) {
        found.push(Missing::HandIn(progress.not_handed_in));
    }
    found
}

fn concluding(review: &Review, progress: &ReviewProgress) -> Vec<Missing> {
    let mut found = Vec::new();
    if review.kind == ReviewKind::Judging && !progress.unjudged.is_empty() {
        found.push(Missing::Outcome(progress.unjudged.clone()));
    }
    if progress.report != Some(ReportState::Final) {
        found.push(Missing::Report);
    }
    if review.kind == ReviewKind::Developmental && review.report_year.is_none() {
        found.push(Missing::ReportYear);
    }
    found
}

/// Why an event was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoveRefused {
    /// It does not fit the state.
    #[error(transparent)]
    Wrong(#[from] WrongMove),
    /// It is only done with a reason.
    #[error("a reason is missing")]
    Reason,
    /// A gate is closed.
    #[error("{} things are missing", .0.len())]
    Missing(Vec<Missing>),
}

/// Where an event leads for a review, when its gate is open and a reason is given where one is asked.
///
/// # Errors
/// [`MoveRefused`] with everything that is missing at once.
pub fn attempt(review: &Review, event: ReviewEvent, reason: Option<&str>, progress: &ReviewProgress) -> Result<ReviewState, MoveRefused> {
    let state = after(review.kind, review.state, event)?;
    if event.needs_reason() && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(MoveRefused::Reason);
    }
    let missing = missing(review, event, progress);
    if missing.is_empty() { Ok(state) } else { Err(MoveRefused::Missing(missing)) }
}

/// Whether the visit may be noted as held on a day: not before the preparing phase was done, and not in the future.
pub fn may_be_held(review: &Review, day: NaiveDate, today: NaiveDate) -> bool {
    day <= today && matches!(review.state, ReviewState::Conducting | ReviewState::Concluding | ReviewState::Closed)
}

#[cfg(test)]
mod tests;
