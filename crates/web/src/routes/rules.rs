//! Rules and wishes of a round: reading them with what they do, and changing them.

use std::collections::HashMap;

use kernschil_app::policy::{self, PolicyView, RuleView, TotalChange, TotalView};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::ids::Version;
use kernschil_domain::policy::{Aim, GuidedBy, Order, Policy, Rule, RuleKind, RuleMode, TravelMode};
use kernschil_domain::rounds::RoundRules;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::support::{Answer, capital, done, html, html_with, round_ref, see_other, whole};
use super::{State, Web};
use crate::components::forms::{Choice, FieldError};
use crate::components::nav::NavItem;
use crate::components::text::number;
use crate::views::rules::{AimRow, Editing, Move, NumberField, RuleGroup, RuleRow, RulesView, TotalRow, rules_page};

/// Fields of a form by name.
type Fields = HashMap<String, String>;

/// What was done, in the address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Did {
    #[serde(default)]
    gedaan: String,
}

const GROUPS: [(&str, &str, &[RuleKind]); 3] = [
    (
        "waar",
        "Wie waar past",
        &[
            RuleKind::Phase,
            RuleKind::Groups,
            RuleKind::Weekdays,
            RuleKind::TravelLimit,
            RuleKind::EarlierSchool,
            RuleKind::FixedSchool,
            RuleKind::Exclusion,
            RuleKind::Workplace,
            RuleKind::Qualified,
        ],
    ),
    (
        "hoeveel",
        "Hoeveel bij elkaar",
        &[RuleKind::BoardTotal, RuleKind::OutsideGuidance, RuleKind::NotAlone, RuleKind::Team, RuleKind::SchoolMinimum],
    ),
    (
        "weegt",
        "Wensen en afwisseling",
        &[RuleKind::Wishes, RuleKind::LastTrip, RuleKind::Spread, RuleKind::OtherBoard, RuleKind::OtherGroups],
    ),
];

/// The number field of a rule: what it counts, and how it stands.
fn number_of(kind: RuleKind, rules: &RoundRules) -> Option<NumberField> {
    let field = |label: &str, value: Option<String>| Some(NumberField { label: label.to_owned(), value: value.unwrap_or_default() });
    match kind {
        RuleKind::TravelLimit => field("Minuten, enkele reis", rules.travel_limit.map(|minutes| minutes.to_string())),
        RuleKind::OutsideGuidance => field("Studenten", rules.outside_guidance.map(|students| students.to_string())),
        RuleKind::Wishes => field("Voorkeuren per student", Some(rules.max_wishes.to_string())),
        _ => kind.number().and_then(|_| field("Studenten", Some(rules.policy.number(kind).to_string()))),
    }
}

fn rule_row(rule: &RuleView, rules: &RoundRules) -> RuleRow {
    RuleRow {
        code: rule.kind.code().to_owned(),
        title: capital(rule.kind.dutch()),
        sentence: rule.sentence.clone(),
        mode: rule.rule.mode.code().to_owned(),
        modes: rule.kind.modes().iter().map(|mode| (mode.code().to_owned(), mode.dutch().to_owned())).collect(),
        number: number_of(rule.kind, rules),
        effect: if rule.effect_sentence.is_empty() { String::new() } else { effect(rule) },
    }
}

fn effect(rule: &RuleView) -> String {
    let would = rule.rule.mode != RuleMode::Hard && rule.effect.ruled_out.is_some();
    if would { format!("Als zij altijd gold: {}.", rule.effect_sentence) } else { format!("{}.", capital(&rule.effect_sentence)) }
}

fn groups(view: &PolicyView) -> Vec<RuleGroup> {
    let rules = &view.data.round.rules;
    let group = |(code, title, kinds): (&str, &str, &[RuleKind])| RuleGroup {
        code: code.to_owned(),
        title: title.to_owned(),
        rules: kinds
            .iter()
            .filter_map(|kind| view.rules.iter().find(|rule| rule.kind == *kind))
            .map(|rule| rule_row(rule, rules))
            .collect(),
    };
    GROUPS.into_iter().map(group).collect()
}

/// What weighs at an aim.
fn weighing(policy: &Policy, aim: Aim) -> String {
    let here = RuleKind::ALL.iter().filter(|kind| policy.mode(**kind) == RuleMode::Soft && kind.aim() == Some(aim));
    let names: Vec<_> = here.map(|kind| kind.dutch()).collect();
    // An aim that is one rule needs no second name for it.
    if names.as_slice() == [aim.dutch()] { String::new() } else { names.join(", ") }
}

pub(super) fn aims(policy: &Policy) -> Vec<AimRow> {
    let last = policy.aims.len().saturating_sub(1);
    let row = |(at, aim): (usize, &Aim)| {
        let mut moves = Vec::new();
        // That everybody has a place always comes first.
        if at > 1 {
            moves.push(Move::Up);
        }
        if at > 0 && at < last {
            moves.push(Move::Down);
        }
        AimRow {
            code: aim.code().to_owned(),
            title: capital(aim.dutch()),
            sentence: aim.sentence().to_owned(),
            rules: weighing(policy, *aim),
            moves,
        }
    };
    policy.aims.iter().enumerate().map(row).collect()
}

fn total_field(total: &TotalView) -> String {
    format!("totaal-{}-{}", total.board, total.period)
}

fn measured(view: &PolicyView) -> String {
    let (all, some) = (view.effects.demands, view.effects.measured);
    if all == some {
        String::new()
    } else {
        format!("De ronde is heel groot. Wat regels doen, is geteld op {} van de {} plaatsingsvragen.", number(some), number(all))
    }
}

fn rules_view(view: &PolicyView) -> RulesView {
    let rules = &view.data.round.rules;
    let choice = |value: &str, label: &str, hint: &str| Choice { value: value.to_owned(), label: capital(label), hint: hint.to_owned() };
    let total = |total: &TotalView| TotalRow {
        field: total_field(total),
        board: total.board_name.clone(),
        period: total.period_name.clone(),
        offered: whole(total.offered),
        placed: whole(total.placed),
        maximum: total.maximum.map(|most| most.to_string()).unwrap_or_default(),
    };
    let sentences = view.problems.iter().map(|problem| problem.sentence.clone());
    RulesView {
        round: round_ref(&view.data.round),
        version: view.data.round.version.0.to_string(),
        editing: if view.data.round.state.is_open() { Editing::Open } else { Editing::Closed },
        groups: groups(view),
        aims: aims(&rules.policy),
        orders: Order::ALL.iter().map(|order| choice(order.code(), order.dutch(), order.price())).collect(),
        order: rules.policy.order().code().to_owned(),
        travel_modes: TravelMode::ALL.iter().map(|mode| choice(mode.code(), mode.dutch(), "")).collect(),
        travel_mode: rules.policy.travel_mode.code().to_owned(),
        guides: GuidedBy::ALL.iter().map(|by| choice(by.code(), by.dutch(), by.sentence())).collect(),
        guided_by: rules.policy.guided_by.code().to_owned(),
        totals: view.totals.iter().map(total).collect(),
        warnings: sentences.chain(view.warnings.iter().map(|warning| warning.sentence.clone())).collect(),
        measured: measured(view),
        errors: Vec::new(),
    }
}

/// The page about the rules.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    let view = rules_view(&policy::of_round(&web.app, &caller.actor, &slug).await?);
    let mut frame = web.frame_of(caller, NavItem::Rules, &view.round);
    frame.flash = match did.gedaan.as_str() {
        "bewaard" => Some(done("De regels zijn bewaard. Maak een nieuw voorstel om ermee te rekenen.")),
        "gewone" => Some(done("De gewone regels gelden weer.")),
        "besturen" => Some(done("De bestuurstotalen zijn bewaard.")),
        _ => None,
    };
    Ok(html(rules_page(&frame, &view)))
}

/// The rules as they are filled in. What is not in the form stays as it was.
struct Filled {
    rules: RoundRules,
    errors: Vec<FieldError>,
}

impl Filled {
    fn of(form: &Fields, before: &RoundRules) -> Self {
        let mut filled = Self { rules: before.clone(), errors: Vec::new() };
        for kind in RuleKind::ALL {
            filled.rule(form, *kind);
        }
        if let Some(mode) = form.get("vervoer").and_then(|code| TravelMode::parse(code)) {
            filled.rules.policy.travel_mode = mode;
        }
        if let Some(by) = form.get("begeleider").and_then(|code| GuidedBy::parse(code)) {
            filled.rules.policy.guided_by = by;
        }
        if let Some(order) = form.get("volgorde").and_then(|code| Order::parse(code)) {
            filled.rules.policy = filled.rules.policy.ordered(order);
        }
        if let Some((way, aim)) = form.get("doe").and_then(|what| what.split_once(':')) {
            filled.step(way, aim);
        }
        filled
    }

    fn rule(&mut self, form: &Fields, kind: RuleKind) {
        let before = self.rules.policy.rule(kind);
        let mode = form.get(&format!("regel-{}", kind.code())).and_then(|code| RuleMode::parse(code)).unwrap_or(before.mode);
        let mut number = before.number;
        let field = format!("getal-{}", kind.code());
        if let Some(typed) = form.get(&field).map(|text| text.trim()) {
            match (typed.is_empty(), typed.parse::<u32>()) {
                (true, _) => self.set_number(kind, None, &mut number),
                (false, Ok(value)) => self.set_number(kind, Some(value), &mut number),
                (false, Err(_)) => {
                    let message = format!("Bij \"{}\" hoort een heel getal, zonder min of komma.", kind.dutch());
                    self.errors.push(FieldError { field, message });
                }
            }
        }
        self.rules.policy.rules.insert(kind, Rule { mode, number });
    }

    fn set_number(&mut self, kind: RuleKind, value: Option<u32>, number: &mut Option<u32>) {
        match kind {
            // What does not fit the type is too large, and refused with that sentence.
            RuleKind::TravelLimit => self.rules.travel_limit = value.map(|minutes| u16::try_from(minutes).unwrap_or(u16::MAX)),
            RuleKind::OutsideGuidance => self.rules.outside_guidance = value,
            RuleKind::Wishes => self.rules.max_wishes = value.map_or(0, |wishes| u8::try_from(wishes).unwrap_or(u8::MAX)),
            _ => *number = value.filter(|value| kind.number().is_none_or(|range| *value != range.usual)),
        }
    }

    fn step(&mut self, way: &str, aim: &str) {
        let aims = &mut self.rules.policy.aims;
        let Some(at) = Aim::parse(aim).and_then(|aim| aims.iter().position(|other| *other == aim)) else { return };
        let to = if way == "omhoog" { at.saturating_sub(1) } else { (at + 1).min(aims.len().saturating_sub(1)) };
        aims.swap(at, to);
    }
}

/// The field of the form at which an error of the use case belongs.
fn field_of(error: &AppFieldError) -> String {
    if Aim::parse(&error.field).is_some() && error.code.starts_with("doel") {
        return "doelen".to_owned();
    }
    match (error.field.as_str(), error.code.as_str()) {
        ("max-wishes", _) => format!("getal-{}", RuleKind::Wishes.code()),
        (field, "getal-buiten-bereik" | "getal-zonder-regel") => format!("getal-{field}"),
        (field, _) => format!("regel-{field}"),
    }
}

fn version(form: &Fields) -> Result<Version, AppError> {
    // A form without a version is not one of ours.
    form.get("versie").and_then(|text| text.parse().ok()).map(Version).ok_or(AppError::NotFound)
}

/// The page again with what was filled in and what is wrong with it.
async fn again(web: &Web, caller: &Caller, slug: &str, form: &Fields, errors: Vec<FieldError>) -> Answer {
    let stored = policy::of_round(&web.app, &caller.actor, slug).await?;
    let mut view = rules_view(&stored);
    for rule in view.groups.iter_mut().flat_map(|group| &mut group.rules) {
        if let Some(mode) = form.get(&format!("regel-{}", rule.code)) {
            rule.mode.clone_from(mode);
        }
        if let (Some(number), Some(typed)) = (&mut rule.number, form.get(&format!("getal-{}", rule.code))) {
            number.value.clone_from(typed);
        }
    }
    for total in &mut view.totals {
        if let Some(typed) = form.get(&total.field) {
            total.maximum.clone_from(typed);
        }
    }
    view.errors = errors;
    let frame = web.frame_of(caller, NavItem::Rules, &view.round);
    Ok(html_with(StatusCode::BAD_REQUEST, rules_page(&frame, &view)))
}

/// Changes the rules, and moves an aim when that is what was asked.
#[handler]
pub(super) async fn change(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Fields>) -> Answer {
    let seen = version(&form)?;
    let before = policy::of_round(&web.app, &caller.actor, &slug).await?.data.round.rules;
    let filled = Filled::of(&form, &before);
    if !filled.errors.is_empty() {
        return again(&web, caller, &slug, &form, filled.errors).await;
    }
    match policy::change(&web.app, &caller.actor, &slug, filled.rules, seen).await {
        Ok(_) => {
            let anchor = if form.get("doe").is_some_and(|what| what.contains(':')) { "#doelen" } else { "" };
            Ok(see_other(&format!("/rondes/{slug}/regels?gedaan=bewaard{anchor}")))
        }
        Err(AppError::Invalid(errors)) => {
            let errors = errors.iter().map(|error| FieldError { field: field_of(error), message: error.message.clone() }).collect();
            again(&web, caller, &slug, &form, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts the usual rules back.
#[handler]
pub(super) async fn reset(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Fields>) -> Answer {
    policy::reset(&web.app, &caller.actor, &slug, version(&form)?).await?;
    Ok(see_other(&format!("/rondes/{slug}/regels?gedaan=gewone")))
}

/// Changes totals of boards.
#[handler]
pub(super) async fn set_totals(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Fields>) -> Answer {
    let seen = version(&form)?;
    let stored = policy::of_round(&web.app, &caller.actor, &slug).await?;
    let mut errors = Vec::new();
    let mut changes = Vec::new();
    for total in &stored.totals {
        let field = total_field(total);
        let Some(typed) = form.get(&field).map(|text| text.trim()) else { continue };
        let maximum = if typed.is_empty() { Ok(None) } else { typed.parse::<i64>().map(Some) };
        if let Ok(maximum) = maximum {
            changes.push(TotalChange { board: total.board, period: total.period, maximum });
        } else {
            let message = format!("Het bestuurstotaal van {} is een heel getal, of leeg.", total.board_name);
            errors.push(FieldError { field, message });
        }
    }
    if !errors.is_empty() {
        return again(&web, caller, &slug, &form, errors).await;
    }
    match policy::set_totals(&web.app, &caller.actor, &slug, changes, seen).await {
        Ok(_) => Ok(see_other(&format!("/rondes/{slug}/regels?gedaan=besturen#besturen"))),
        Err(AppError::Invalid(errors)) => {
            let field = |field: &str| field.replace("totals.", "totaal-").replace('.', "-");
            let errors = errors.iter().map(|error| FieldError { field: field(&error.field), message: error.message.clone() }).collect();
            again(&web, caller, &slug, &form, errors).await
        }
        Err(error) => Err(error.into()),
    }
}
