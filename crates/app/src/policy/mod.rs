//! The rules of a round: what they are, what they do to this round, and changing them.

mod effect;
mod totals;
mod warnings;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::Version;
use kernschil_domain::policy::{Order, Policy, PolicyProblem, Rule, RuleKind, problems};
use kernschil_domain::rounds::{Round, RoundData, RoundRules};
use kernschil_storage::{StorageError, policy, rounds};
use serde::Serialize;
use serde_json::json;

pub(crate) use effect::kern_schools;
pub use effect::{Effect, Effects, effects};
pub use totals::{MOST_STUDENTS, TotalChange, TotalView, set_totals};
pub use warnings::{Warning, warnings};

use crate::error::{AppError, FieldError};
use crate::proposals::require_open;
use crate::{Actor, App, Change, sight};

/// One rule as it stands, with what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleView {
    /// Which rule.
    pub kind: RuleKind,
    /// How hard, with its number.
    pub rule: Rule,
    /// As a Dutch sentence.
    pub sentence: String,
    /// What it does, or would do if it always held.
    pub effect: Effect,
    /// That, in Dutch; empty when there is nothing to say.
    pub effect_sentence: String,
}

/// The rules and aims of a round, with what they do.
#[derive(Debug, Clone)]
pub struct PolicyView {
    /// The round with everything in it.
    pub data: RoundData,
    /// Every rule, in a fixed order.
    pub rules: Vec<RuleView>,
    /// What all rules together do.
    pub effects: Effects,
    /// What is wrong with the rules themselves.
    pub problems: Vec<PolicyProblem>,
    /// What cannot work out in this round.
    pub warnings: Vec<Warning>,
    /// Boards with what they offer and their totals.
    pub totals: Vec<TotalView>,
}

/// Rules in the order of the screen: first who fits where, then how many, then what weighs.
pub const SHOWN: [RuleKind; 19] = [
    RuleKind::Phase,
    RuleKind::Groups,
    RuleKind::Weekdays,
    RuleKind::TravelLimit,
    RuleKind::EarlierSchool,
    RuleKind::FixedSchool,
    RuleKind::Exclusion,
    RuleKind::Workplace,
    RuleKind::Qualified,
    RuleKind::BoardTotal,
    RuleKind::OutsideGuidance,
    RuleKind::NotAlone,
    RuleKind::Team,
    RuleKind::SchoolMinimum,
    RuleKind::Wishes,
    RuleKind::LastTrip,
    RuleKind::Spread,
    RuleKind::OtherBoard,
    RuleKind::OtherGroups,
];

/// The rules of a round with what they do.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who does not coordinate the whole round.
pub async fn of_round(app: &App, actor: &Actor, slug: &str) -> Result<PolicyView, AppError> {
    let data = app
        .store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::ManageRounds).await?;
            Ok::<_, AppError>(rounds::picture(tx, slug).await?)
        })
        .await?;
    // Counting takes a while for a large round; it keeps nobody from anything.
    tokio::task::spawn_blocking(move || view(data)).await.map_err(|error| AppError::Internal(error.to_string()))
}

fn view(data: RoundData) -> PolicyView {
    let effects = effects(&data);
    let rules = &data.round.rules;
    let shown = SHOWN.iter().map(|kind| {
        let effect = effects.by_rule.get(kind).copied().unwrap_or_default();
        RuleView {
            kind: *kind,
            rule: rules.policy.rule(*kind),
            sentence: rules.sentence(*kind),
            effect,
            effect_sentence: effect.dutch(*kind),
        }
    });
    let rules = shown.collect();
    let (problems, warnings, totals) = (problems(&data.round.rules), warnings(&data, &effects), totals::views(&data));
    PolicyView { data, rules, effects, problems, warnings, totals }
}

fn students(count: u32) -> String {
    if count == 1 { "1 student".to_owned() } else { format!("{count} studenten") }
}

impl Effect {
    /// What a rule does, in Dutch; empty when there is nothing to say.
    pub fn dutch(&self, kind: RuleKind) -> String {
        let mut parts = Vec::new();
        match self.ruled_out {
            Some(0) => parts.push("sluit niets uit".to_owned()),
            Some(1) => parts.push("sluit 1 combinatie van student en school uit".to_owned()),
            Some(pairs) => parts.push(format!("sluit {pairs} combinaties van student en school uit")),
            None => {}
        }
        if let Some(stranded) = self.stranded.filter(|count| *count > 0) {
            let verb = if stranded == 1 { "houdt" } else { "houden" };
            parts.push(format!("{} {verb} hierdoor geen plek over", students(stranded)));
        }
        if let Some(count) = self.concerns {
            parts.push(match kind {
                RuleKind::BoardTotal => plural(count, "bestuur heeft een totaal", "besturen hebben een totaal"),
                RuleKind::Team => plural(count, "team", "teams"),
                RuleKind::SchoolMinimum => plural(count, "kernschool met plekken", "kernscholen met plekken"),
                RuleKind::Workplace => plural(count, "zij-instromer met een eigen werkplek", "zij-instromers met een eigen werkplek"),
                RuleKind::LastTrip => format!("gaat over {}", students(count)),
                _ => format!("{} met voorkeuren", students(count)),
            });
        }
        parts.join("; ")
    }
}

fn plural(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Gives a round other rules. Answers the new version of the round.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who does not coordinate the whole round; [`AppError::Invalid`] with
/// everything that is wrong with the rules; [`AppError::Conflict`] when the round is fixed or was changed since `seen`.
pub async fn change(app: &App, actor: &Actor, slug: &str, rules: RoundRules, seen: Version) -> Result<Version, AppError> {
    let rules = tidy(rules);
    app.store
        .write(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::ManageRounds).await?;
            require_sound(&rules)?;
            rounds::lock(tx, slug).await?;
            let data = rounds::picture(tx, slug).await?;
            require_open(&data)?;
            let round = &data.round;
            if round.version != seen {
                return Err(StorageError::Stale.into());
            }
            if round.rules == rules {
                return Ok(seen);
            }
            let version = policy::set_rules(tx, round.id, &rules, seen).await?;
            app.audit(tx, actor, EventKind::PolicyChanged, slug, Change::between(json!(round.rules), json!(rules)));
            Ok::<_, AppError>(version)
        })
        .await
}

/// Gives a round the usual rules and aims again; travel limit, guidance, wishes and seed stay. Answers the new version.
///
/// # Errors
/// As [`change`].
pub async fn reset(app: &App, actor: &Actor, slug: &str, seen: Version) -> Result<Version, AppError> {
    let round = whole(app, actor, slug).await?;
    change(app, actor, slug, RoundRules { policy: Policy::default(), ..round.rules }, seen).await
}

/// Puts the aims of a round in one of the two named orders. Answers the new version.
///
/// # Errors
/// As [`change`].
pub async fn set_order(app: &App, actor: &Actor, slug: &str, order: Order, seen: Version) -> Result<Version, AppError> {
    let round = whole(app, actor, slug).await?;
    change(app, actor, slug, RoundRules { policy: round.rules.policy.ordered(order), ..round.rules }, seen).await
}

async fn whole(app: &App, actor: &Actor, slug: &str) -> Result<Round, AppError> {
    app.store.read(async |tx| sight::require_whole(app, tx, actor, slug, Permission::ManageRounds).await).await
}

/// Rules that are as usual need not be stored.
fn tidy(mut rules: RoundRules) -> RoundRules {
    rules.policy.rules.retain(|kind, rule| *rule != kind.usual());
    rules
}

/// Refuses rules that cannot be worked with, with everything that is wrong.
pub(crate) fn require_sound(rules: &RoundRules) -> Result<(), AppError> {
    let found = problems(rules);
    if found.is_empty() {
        return Ok(());
    }
    Err(AppError::Invalid(found.into_iter().map(|problem| FieldError::new(problem.subject, problem.code, problem.sentence)).collect()))
}
