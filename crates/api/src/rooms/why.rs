//! Why a student is here and not elsewhere.

use kernschil_app::App;
use kernschil_app::students::Granted;
use kernschil_app::why::{self, Alternative as AppAlternative, DemandWhy, Ground as AppGround, WhyView, WishWhy};
use kernschil_domain::ids::StudentId;
use poem::web::Data;
use poem_openapi::{Enum, Object, OpenApi};

use super::Tag;
use super::codes::Standing;
use super::students::StudentDemand;
use crate::input::{All, Id, Path, Slug};
use crate::output::Found;
use crate::refusal::Refusal;
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Reasons;

/// What the reasons rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum Ground {
    /// No proposal was made yet.
    NoProposal,
    /// The latest proposal, which answers the round as it is now.
    Current,
    /// The latest proposal, made before something changed.
    Older,
}

/// What became of a wish.
#[derive(Debug, Object)]
pub(crate) struct WishReason {
    /// Rank, from 1.
    rank: usize,
    /// The school or board.
    target: String,
    /// Whether the student is there.
    granted: bool,
    /// Why not, as Dutch sentences.
    because: Vec<String>,
    /// Capacities there that are full, in Dutch.
    full: Vec<String>,
}

impl From<WishWhy> for WishReason {
    fn from(wish: WishWhy) -> Self {
        Self { rank: wish.rank, target: wish.target, granted: wish.granted == Granted::Yes, because: wish.because, full: wish.full }
    }
}

/// Another place that no rule keeps the student from.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct AlternativePlace {
    /// Code of the school.
    school_code: String,
    /// Name of the school.
    school_name: String,
    /// What the school is to the student.
    standing: Standing,
    /// Rank among the wishes, from 1.
    wish_rank: Option<usize>,
    /// Minutes of travel one way.
    minutes: Option<u16>,
    /// What it would cost all students together, as Dutch sentences.
    costs: Vec<String>,
}

impl From<AppAlternative> for AlternativePlace {
    fn from(other: AppAlternative) -> Self {
        Self {
            school_code: other.school_code,
            school_name: other.school_name,
            standing: other.standing.into(),
            wish_rank: other.wish_rank,
            minutes: other.minutes,
            costs: other.costs,
        }
    }
}

/// Why one place was given, or none.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct DemandReasons {
    /// The demand as in the list of students.
    summary: StudentDemand,
    /// Why here, or why no place, as Dutch sentences.
    because: Vec<String>,
    /// What became of each wish, in order.
    wishes: Vec<WishReason>,
    /// What would have to change, as a Dutch sentence.
    change: Option<String>,
    /// Capacities that, each raised by one, together are enough; no smaller set is.
    needed: Vec<String>,
    /// Other places, best first; for who may see the placement board.
    alternatives: Vec<AlternativePlace>,
}

impl From<DemandWhy> for DemandReasons {
    fn from(why: DemandWhy) -> Self {
        Self {
            summary: why.row.into(),
            because: why.because,
            wishes: why.wishes.into_iter().map(Into::into).collect(),
            change: why.change,
            needed: why.needed,
            alternatives: why.alternatives.into_iter().map(Into::into).collect(),
        }
    }
}

/// Why a student is where she is. Counts and capacities only, never other students.
#[derive(Debug, Object)]
pub(crate) struct StudentReasons {
    /// What the reasons rest on.
    ground: Ground,
    /// One per place needed, by first day of the period.
    demands: Vec<DemandReasons>,
}

impl From<WhyView> for StudentReasons {
    fn from(view: WhyView) -> Self {
        let ground = match view.ground {
            AppGround::NoProposal => Ground::NoProposal,
            AppGround::Current => Ground::Current,
            AppGround::Older => Ground::Older,
        };
        Self { ground, demands: view.demands.into_iter().map(Into::into).collect() }
    }
}

#[OpenApi(tag = "Tag::Students")]
impl Reasons {
    /// Shows why a student is here and not elsewhere
    ///
    /// By the latest proposal and its proof: why this place, what became of each wish, what would have to change, and what
    /// other places would cost.
    #[oai(path = "/rounds/:round/students/:student/reasons", method = "get", operation_id = "getStudentReasons")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The student.
        student: Path<Id>,
    ) -> Result<Found<StudentReasons>, Refusal> {
        let (round, student) = (round.named("round"), student.named("student")).all()?;
        Ok(Found(why::get(&app, &session.0.actor, &round.0, StudentId(student.0)).await?.into()))
    }
}
