//! What is wrong with rules and aims, everything at once.

use serde::Serialize;

use super::{Aim, NumberRange, RuleKind, RuleMode};
use crate::rounds::RoundRules;

/// The longest travel limit of a round, in minutes one way.
pub const MOST_MINUTES: u16 = 600;
/// The largest number of students outside samen opleiden that can be asked for.
pub const MOST_GUIDED: u32 = 100_000;
/// The most wishes a student may give.
pub const MOST_WISHES: u8 = 5;

/// Something that is wrong with the rules of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyProblem {
    /// Stable code.
    pub code: &'static str,
    /// Code of the rule or aim it is about, or the name of the setting.
    pub subject: &'static str,
    /// A Dutch sentence that says what is wrong and what to do.
    pub sentence: String,
}

impl PolicyProblem {
    fn new(code: &'static str, subject: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, subject, sentence: sentence.into() }
    }
}

/// Everything that is wrong with the rules of a round; nothing when they can be worked with.
pub fn problems(rules: &RoundRules) -> Vec<PolicyProblem> {
    let mut found = Vec::new();
    settings(rules, &mut found);
    for kind in RuleKind::ALL {
        of_rule(rules, *kind, &mut found);
    }
    contradictions(rules, &mut found);
    aims(&rules.policy.aims, &mut found);
    found
}

fn settings(rules: &RoundRules, found: &mut Vec<PolicyProblem>) {
    if rules.travel_limit.is_some_and(|minutes| minutes == 0 || minutes > MOST_MINUTES) {
        let sentence =
            format!("De reistijdgrens is een getal van 1 tot en met {MOST_MINUTES} minuten. Vul zo'n getal in, of laat het veld leeg.");
        found.push(PolicyProblem::new("getal-buiten-bereik", RuleKind::TravelLimit.code(), sentence));
    }
    if rules.outside_guidance.is_some_and(|students| students > MOST_GUIDED) {
        let sentence =
            format!("Het aantal studenten met extra begeleiding is 0 tot en met {MOST_GUIDED}. Vul zo'n getal in, of laat het veld leeg.");
        found.push(PolicyProblem::new("getal-buiten-bereik", RuleKind::OutsideGuidance.code(), sentence));
    }
    if rules.max_wishes > MOST_WISHES {
        let sentence = format!("Een student geeft 0 tot en met {MOST_WISHES} voorkeuren. Vul zo'n getal in.");
        found.push(PolicyProblem::new("getal-buiten-bereik", "max-wishes", sentence));
    }
}

fn of_rule(rules: &RoundRules, kind: RuleKind, found: &mut Vec<PolicyProblem>) {
    let rule = rules.policy.rule(kind);
    if !kind.modes().contains(&rule.mode) {
        let modes: Vec<_> = kind.modes().iter().map(|mode| format!("\"{}\"", mode.dutch())).collect();
        let sentence =
            format!("De regel \"{}\" kan niet op \"{}\" staan. Kies uit: {}.", kind.dutch(), rule.mode.dutch(), modes.join(", "));
        found.push(PolicyProblem::new("stand-kan-niet", kind.code(), sentence));
    }
    match (kind.number(), rule.number) {
        (None, Some(_)) => {
            let sentence = format!("De regel \"{}\" heeft geen getal. Laat het getal weg.", kind.dutch());
            found.push(PolicyProblem::new("getal-zonder-regel", kind.code(), sentence));
        }
        (Some(NumberRange { least, most, .. }), Some(number)) if number < least || number > most => {
            let sentence = format!(
                "Bij de regel \"{}\" hoort een aantal studenten van {least} tot en met {most}, niet {number}. Vul zo'n getal in.",
                kind.dutch()
            );
            found.push(PolicyProblem::new("getal-buiten-bereik", kind.code(), sentence));
        }
        _ => {}
    }
}

/// Rules that cannot all be meant.
fn contradictions(rules: &RoundRules, found: &mut Vec<PolicyProblem>) {
    let policy = &rules.policy;
    let on = |kind| policy.rule(kind).mode != RuleMode::Off;
    let (least, minimum) = (policy.number(RuleKind::NotAlone), policy.number(RuleKind::SchoolMinimum));
    if on(RuleKind::NotAlone) && on(RuleKind::SchoolMinimum) && minimum < least {
        let sentence = format!(
            "Twee regels spreken elkaar tegen: een kernschool streeft naar minstens {minimum}, maar met minder dan {least} mag een \
             student er niet zijn. Zet het minimum per kernschool op {least} of hoger, of zet een van de twee regels uit."
        );
        found.push(PolicyProblem::new("regels-tegenstrijdig", RuleKind::SchoolMinimum.code(), sentence));
    }
    if on(RuleKind::Wishes) && rules.max_wishes == 0 {
        let sentence = "Twee regels spreken elkaar tegen: voorkeuren wegen mee, maar een student mag er nul geven. \
                        Zet de voorkeuren uit, of sta minstens één voorkeur toe.";
        found.push(PolicyProblem::new("regels-tegenstrijdig", RuleKind::Wishes.code(), sentence));
    }
}

fn aims(aims: &[Aim], found: &mut Vec<PolicyProblem>) {
    for aim in Aim::ALL {
        let times = aims.iter().filter(|other| *other == aim).count();
        if times == 0 {
            let sentence = format!("Het doel \"{}\" ontbreekt. Zet elk doel één keer in de volgorde.", aim.dutch());
            found.push(PolicyProblem::new("doel-ontbreekt", aim.code(), sentence));
        }
        if times > 1 {
            let sentence = format!("Het doel \"{}\" staat {times} keer in de volgorde. Zet elk doel er één keer in.", aim.dutch());
            found.push(PolicyProblem::new("doel-dubbel", aim.code(), sentence));
        }
    }
    if aims.first().is_some_and(|first| *first != Aim::Placed) {
        let sentence = "Dat iedereen een plek heeft, gaat altijd voor. Zet dat doel bovenaan.";
        found.push(PolicyProblem::new("doel-volgorde", Aim::Placed.code(), sentence));
    }
    let at = |aim: Aim| aims.iter().position(|other| *other == aim);
    if let (Some(covered), Some(ladder)) = (at(Aim::Covered), at(Aim::Ladder))
        && ladder < covered
    {
        let sentence = "Binnen samen opleiden gaat voor kern boven schil: zet \"binnen samen opleiden\" boven \"kern voor schil\".";
        found.push(PolicyProblem::new("doel-volgorde", Aim::Ladder.code(), sentence));
    }
}
