//! Why a student is here and not elsewhere: from the proof of the latest proposal. Counts and capacities only, never other
//! students.

use kernschil_allocation::{Bottleneck, Explanation, Here, Level, Outcome, Proposal, Reason, Reasons, Solved, Why, WhyNot};
use kernschil_domain::access::Permission;
use kernschil_domain::cohorts::Student;
use kernschil_domain::coverage::CoverageStatus;
use kernschil_domain::ids::{DemandId, StudentId};
use kernschil_domain::rounds::{Demand, Round, RoundData};
use kernschil_domain::standing::{Standing, Standings};
use serde::Serialize;

use crate::board::{self, Current};
use crate::error::AppError;
use crate::proposals::{self, Currency};
use crate::students::{self, StudentRow};
use crate::{Actor, App, labels, reasons, sight};

/// Other places that are looked into.
const ALTERNATIVES: usize = 8;

/// Why a student is where she is.
#[derive(Debug, Clone, Serialize)]
pub struct WhyView {
    /// The round.
    pub round: Round,
    /// The student.
    pub student: StudentId,
    /// Name as one is addressed.
    pub name: String,
    /// Whether there is a proposal to ask, and whether it is of the round as it is now.
    pub ground: Ground,
    /// One per place needed, by first day of the period.
    pub demands: Vec<DemandWhy>,
}

/// What the answers rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// No proposal was made yet.
    NoProposal,
    /// The latest proposal, which answers the round as it is now.
    Current,
    /// The latest proposal, made before something changed: what is known of it without asking on.
    Older,
}

/// Why one place was given, or none.
#[derive(Debug, Clone, Serialize)]
pub struct DemandWhy {
    /// As a row of the list.
    pub row: StudentRow,
    /// Why here, or why no place, as Dutch sentences.
    pub because: Vec<String>,
    /// What became of each wish, in order.
    pub wishes: Vec<WishWhy>,
    /// What would have to change, as a Dutch sentence; nothing when nothing has to.
    pub change: Option<String>,
    /// Capacities that, each raised by one, together are enough; no smaller set is.
    pub needed: Vec<String>,
    /// Other places, best first, with what they would cost.
    pub alternatives: Vec<Alternative>,
}

/// What became of a wish.
#[derive(Debug, Clone, Serialize)]
pub struct WishWhy {
    /// Rank, from 1.
    pub rank: usize,
    /// The school or board.
    pub target: String,
    /// Whether the student is there.
    pub granted: students::Granted,
    /// Why not, as Dutch sentences.
    pub because: Vec<String>,
    /// Capacities there that are full.
    pub full: Vec<String>,
}

/// Another place.
#[derive(Debug, Clone, Serialize)]
pub struct Alternative {
    /// Code of the school.
    pub school_code: String,
    /// Name of the school.
    pub school_name: String,
    /// What the school is to the student.
    pub standing: Standing,
    /// Rank among the wishes, from 1.
    pub wish_rank: Option<usize>,
    /// Minutes of travel one way, when known.
    pub minutes: Option<u16>,
    /// What it would cost, as Dutch sentences.
    pub costs: Vec<String>,
}

/// The round as the reader knows it, and as it is. Only the first is for words.
struct Asked<'a> {
    seen: &'a RoundData,
    whole: &'a RoundData,
}

impl Asked<'_> {
    /// Whether something of the student is kept from the reader.
    fn keeps(&self, student: StudentId, part: impl Fn(&Student) -> bool) -> bool {
        let holds = |data: &RoundData| data.students.get(&student).is_some_and(&part);
        holds(self.whole) && !holds(self.seen)
    }

    /// A full capacity, without names that the reader does not know.
    fn capacity(&self, bottleneck: Bottleneck) -> String {
        let cap = bottleneck.cap();
        let is_known = match bottleneck {
            Bottleneck::Place(place, _) => self.seen.offers.contains_key(&proposals::offer_id(place)),
            Bottleneck::Trainer(trainer, ..) => self.seen.registry.trainers.contains_key(&proposals::trainer_id(trainer)),
            Bottleneck::SchoolTotal(..) | Bottleneck::Board(..) | Bottleneck::OutsideGuidance(_) => true,
        };
        match bottleneck {
            _ if is_known => reasons::bottleneck(self.seen, bottleneck),
            Bottleneck::Trainer(..) => format!("de opleiders van een school, nu hoogstens {cap} studenten"),
            _ => format!("een school met nu {cap} plekken"),
        }
    }

    /// The rules that keep a student from a place, in Dutch. What was agreed with a student is not told to who may not
    /// know of it.
    fn rules(&self, demand: &Demand, broken: Reasons) -> String {
        let own_limit = self.keeps(demand.student, |student| student.custom.travel_limit.is_some());
        let own_school = self.keeps(demand.student, |student| student.custom.fixed_school.is_some());
        let own_exclusion = self.seen.exclusions.len() != self.whole.exclusions.len();
        let word = |reason: Reason| match reason {
            Reason::TravelLimit if own_limit => reasons::AGREED,
            Reason::FixedSchool if own_school => reasons::AGREED,
            Reason::Excluded if own_exclusion => reasons::AGREED,
            other => reasons::ruled(other),
        };
        let mut words: Vec<_> = broken.iter().map(word).map(str::to_owned).collect();
        words.dedup();
        reasons::join(&words)
    }

    fn worse(&self, demand: &Demand, level: Level, by: i64) -> String {
        if level == Level::Lot {
            return "Tussen precies even goede voorstellen is geloot; het lot viel anders.".to_owned();
        }
        let is_travel = matches!(level, Level::Minutes | Level::TripsOver45 | Level::TripsOver60);
        let what = reasons::level(level);
        if is_travel && self.keeps(demand.student, |student| student.postcode.is_some()) {
            return "Dan wordt het geheel slechter: er komt meer reistijd. Wie hier geplaatst is, heeft daarop een sterkere aanspraak."
                .to_owned();
        }
        format!("Dan wordt het geheel slechter: {by} meer bij “{what}”. Wie hier geplaatst is, heeft daarop een sterkere aanspraak.")
    }

    /// Why not somewhere, as sentences, and what is full there.
    fn not(&self, demand: &Demand, answer: &WhyNot) -> (Vec<String>, Vec<String>) {
        let none = Vec::new;
        match answer {
            WhyNot::Granted => (vec!["Hier is de student geplaatst.".to_owned()], none()),
            WhyNot::Ruled(broken) => (vec![format!("Dit kan niet: {}.", self.rules(demand, *broken))], none()),
            WhyNot::NoPlace => (vec!["Hier zijn in deze periode geen plekken.".to_owned()], none()),
            WhyNot::Open => (vec!["Dit kan misschien zonder dat het geheel slechter wordt; dat is niet bewezen.".to_owned()], none()),
            WhyNot::Worse { level, by, full } => {
                let mut sentences = Vec::new();
                if !full.is_empty() {
                    sentences.push("Het is vol.".to_owned());
                }
                sentences.push(self.worse(demand, *level, *by));
                (sentences, full.iter().map(|one| self.capacity(*one)).collect())
            }
        }
    }
}

/// Why a student of a round is where she is.
///
/// # Errors
/// [`AppError::NotFound`] when the round has no such student within reach.
pub async fn get(app: &App, actor: &Actor, slug: &str, student: StudentId) -> Result<WhyView, AppError> {
    let (seen, whole, run) = app.store.read(async |tx| sight::asked(app, tx, actor, slug, Permission::ReadStudents).await).await?;
    let with_places = actor.may(Permission::ReadPlacements);
    let work = move || {
        let proposal = run.map(|run| (run.view.currency, run.reasons, run.proposal));
        view(&Asked { seen: &seen, whole: &whole }, student, proposal, if with_places { ALTERNATIVES } else { 0 })
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| AppError::Internal(error.to_string()))?
}

type Run = (Currency, std::collections::HashMap<DemandId, String>, Proposal);

fn view(asked: &Asked<'_>, id: StudentId, run: Option<Run>, alternatives: usize) -> Result<WhyView, AppError> {
    let student = asked.seen.students.get(&id).ok_or(AppError::NotFound)?;
    let ground = match &run {
        None => Ground::NoProposal,
        Some((Currency::Current, ..)) => Ground::Current,
        Some((Currency::Outdated, ..)) => Ground::Older,
    };
    let (reasons, proposal) = run.map(|(_, reasons, proposal)| (reasons, proposal)).unzip();
    let reasons = reasons.unwrap_or_default();
    let input = (ground == Ground::Current).then(|| proposals::input_of(asked.whole));
    // The proposal is the engine's own for this input: the hash says so.
    let solved = match (&input, &proposal) {
        (Some(input), Some(proposal)) => Solved::new(input, proposal).ok(),
        _ => None,
    };
    let mut standings = Standings::new(asked.seen);
    let mut own: Vec<_> = asked.seen.demands.values().filter(|demand| demand.student == id).collect();
    own.sort_by_key(|demand| asked.seen.periods.get(&demand.period).map(|period| period.starts_on));
    let demands = own.into_iter().filter_map(|demand| {
        let row = students::row(asked.seen, &mut standings, &reasons, demand)?;
        let question = Question { asked, demand, proposal: proposal.as_ref(), solved: solved.as_ref(), input: input.as_ref() };
        Some(question.answer(row, &mut standings, alternatives))
    });
    Ok(WhyView { round: asked.seen.round.clone(), student: id, name: student.full_name(), ground, demands: demands.collect() })
}

/// One demand and what can be asked about it.
struct Question<'a> {
    asked: &'a Asked<'a>,
    demand: &'a Demand,
    proposal: Option<&'a Proposal>,
    solved: Option<&'a Solved<'a>>,
    input: Option<&'a kernschil_allocation::Input>,
}

impl Question<'_> {
    fn key(&self) -> kernschil_allocation::DemandKey {
        kernschil_allocation::DemandKey(self.demand.id.0.as_u128())
    }

    fn answer(&self, row: StudentRow, standings: &mut Standings<'_>, alternatives: usize) -> DemandWhy {
        let why = self.solved.and_then(|solved| solved.why(self.key()));
        let outcome = self.proposal.and_then(|proposal| proposal.outcome(self.key()));
        let (change, needed) = self.change(&row, outcome);
        DemandWhy {
            because: self.because(&row, why.as_ref()),
            wishes: self.wishes(&row, why.as_ref()),
            alternatives: if self.is_as_proposed(why.as_ref()) { self.alternatives(standings, alternatives) } else { Vec::new() },
            change,
            needed,
            row,
        }
    }

    /// Whether the student is where the proposal put her: not moved by hand since.
    fn is_as_proposed(&self, why: Option<&Why>) -> bool {
        let Some(why) = why else { return false };
        let now = self.asked.seen.placements.get(&self.demand.id).map(|placement| placement.offer);
        now == why.here.as_ref().map(|here| proposals::offer_id(here.place))
    }

    fn because(&self, row: &StudentRow, why: Option<&Why>) -> Vec<String> {
        let mut sentences = Vec::new();
        let Some(place) = &row.place else {
            sentences.push(row.reason.clone().unwrap_or_else(|| "Er is nog geen voorstel waarin deze student meetelt.".to_owned()));
            return sentences;
        };
        if place.source != kernschil_domain::codes::PlacementSource::Run {
            sentences.push("Deze plek is niet uit het voorstel: zij is met de hand gegeven of kwam uit een werkboek. Een nieuw voorstel laat haar staan.".to_owned());
        }
        sentences.push(standing_sentence(place.standing).to_owned());
        sentences.push(match (place.wish_rank, self.demand.wishes.is_empty()) {
            (Some(rank), _) => format!("Dit is voorkeur {rank}."),
            (None, true) => "De student gaf geen voorkeuren op; dan telt elke plek even zwaar.".to_owned(),
            (None, false) => "Dit is geen van de voorkeuren.".to_owned(),
        });
        if let Some(minutes) = place.minutes {
            sentences.push(format!("De reis duurt naar schatting {minutes} minuten, enkele reis."));
        }
        if let Some(here) = why.and_then(|why| why.here.as_ref()) {
            sentences.extend(self.rules_here(here));
        }
        if let Some(reason) = &row.reason {
            sentences.push(format!("Waarom niet op een kernschool? {reason}"));
        }
        sentences
    }

    fn rules_here(&self, here: &Here) -> Vec<String> {
        let mut sentences = vec!["De plek voldoet aan alle regels die in deze ronde altijd gelden.".to_owned()];
        if !here.broken.is_empty() {
            sentences.push(format!("Zij voldoet niet aan wat alleen meeweegt: {}.", self.asked.rules(self.demand, here.broken)));
        }
        let seed = self.asked.seen.round.rules.seed;
        sentences.push(format!(
            "Tussen voorstellen die precies even goed zijn, beslist een lot met een vast startgetal ({seed}), niet een mens."
        ));
        sentences
    }

    fn wishes(&self, row: &StudentRow, why: Option<&Why>) -> Vec<WishWhy> {
        let placed_at = row.place.as_ref().and_then(|place| place.wish_rank);
        let answer = |(at, wish): (usize, &kernschil_domain::rounds::WishTarget)| {
            let granted = placed_at == Some(at + 1);
            let answer = why.and_then(|why| why.wishes.get(at));
            let (because, full) = match (granted, answer) {
                (true, _) => (vec!["Hier is de student geplaatst.".to_owned()], Vec::new()),
                (false, Some(answer)) => self.asked.not(self.demand, answer),
                (false, None) => (Vec::new(), Vec::new()),
            };
            let granted = if granted { students::Granted::Yes } else { students::Granted::No };
            WishWhy { rank: at + 1, target: labels::wish(self.asked.seen, *wish), granted, because, full }
        };
        self.demand.wishes.iter().enumerate().map(answer).collect()
    }

    /// What would have to change for a place, or for a place at a kern school.
    fn change(&self, row: &StudentRow, outcome: Option<&Outcome>) -> (Option<String>, Vec<String>) {
        let (explanation, what) = match outcome {
            Some(Outcome::Unplaced(explanation)) if row.place.is_none() => (explanation, "een plek"),
            Some(Outcome::Placed(placed)) if row.place.is_some() && row.status != CoverageStatus::Kern => match &placed.why_not_kern {
                Some(explanation) => (explanation, "een plek op een kernschool"),
                None => return (None, Vec::new()),
            },
            _ => return (None, Vec::new()),
        };
        match explanation {
            Explanation::Full { bottlenecks, .. } => {
                let needed: Vec<_> = bottlenecks.iter().map(|one| self.asked.capacity(*one)).collect();
                let sentence = match needed.len() {
                    1 => format!("Met één meer hierin heeft deze student {what}, en verliest niemand iets:"),
                    _ => {
                        format!("Met één meer in elk van deze heeft deze student {what}, en verliest niemand iets. Minder is niet genoeg:")
                    }
                };
                (Some(sentence), needed)
            }
            Explanation::NoCandidate { .. } => (
                Some(format!(
                    "Meer plekken op de scholen van nu helpen niet: geen ervan past. Voor {what} is een andere school nodig, of een regel die niet altijd geldt."
                )),
                Vec::new(),
            ),
            Explanation::Held { .. } => {
                (Some("Er is ruimte, maar een regel over wie samen of niet alleen is, houdt haar tegen.".to_owned()), Vec::new())
            }
            Explanation::Outranked { .. } => (
                Some("Meer plekken zijn niet nodig; een ander zou dan geen plek hebben of buiten samen opleiden vallen.".to_owned()),
                Vec::new(),
            ),
        }
    }

    /// Other places that no rule keeps the student from, best first.
    fn alternatives(&self, standings: &mut Standings<'_>, most: usize) -> Vec<Alternative> {
        let (Some(solved), Some(input)) = (self.solved, self.input) else { return Vec::new() };
        let candidates = board::candidates(self.asked.seen, standings, self.demand).into_iter();
        let possible = candidates.filter(|c| c.current == Current::Elsewhere && c.misfits.iter().all(|misfit| misfit.is_capacity()));
        let alternative = |c: board::Candidate| {
            let answer = solved.force(self.key(), proposals::place_of(input, self.demand.id, c.offer));
            let (mut costs, full) = self.asked.not(self.demand, &answer);
            if !full.is_empty() {
                costs[0] = format!("Het is vol: {}.", reasons::join(&full));
            }
            Alternative {
                school_code: c.school_code,
                school_name: c.school_name,
                standing: c.standing,
                wish_rank: c.wish_rank,
                minutes: c.minutes,
                costs,
            }
        };
        let mut possible: Vec<_> = possible.collect();
        possible.sort_by_key(|c| (c.standing, c.wish_rank.unwrap_or(usize::MAX), c.minutes.unwrap_or(u16::MAX), c.offer));
        possible.into_iter().take(most).map(alternative).collect()
    }
}

fn standing_sentence(standing: Standing) -> &'static str {
    match standing {
        Standing::Kern => "Dit is een kernschool van een partnerschap van de opleiding: beter kan op de ladder niet.",
        Standing::Schil => "Dit is een schilschool die op orde is: de plek telt mee in de dekking.",
        Standing::SchilUnmet => "Dit is een schilschool die de voorwaarden niet haalt: de plek telt niet mee in de dekking.",
        Standing::Outside => "Deze school valt buiten samen opleiden: de student krijgt extra begeleiding.",
    }
}
