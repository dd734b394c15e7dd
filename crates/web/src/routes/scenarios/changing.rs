//! Changing a scenario: enrolment, rules and aims in one form, places and trainers in another.

use std::collections::BTreeMap;

use kernschil_app::scenarios::{self, Among, Edit, phases};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::codes::Need;
use kernschil_domain::ids::{OfferId, ScenarioId, TrainerId};
use kernschil_domain::policy::{Aim, GuidedBy, Rule, RuleKind, RuleMode};
use kernschil_domain::rounds::{RoundData, RoundRules, slug as slug_of};
use kernschil_domain::scenarios::{Scenario, ScenarioChanges};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};

use super::super::support::{Answer, capital, field_errors, groups, html_with, id, problem, see_other};
use super::super::{State, Web, codes};
use super::{scenario_view, seen, solve_and_follow, wrong};
use crate::components::nav::NavItem;
use crate::components::url::href;
use crate::views::scenarios::{AimField, OfferField, PartField, RuleField, ScenarioForm, scenario_page};

type Fields = BTreeMap<String, String>;

/// Words of the places to choose from: everywhere, a partnership, or a school by its code.
const EVERYWHERE: &str = "overal";
const PARTNERSHIP: &str = "partnerschap-";

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn rule_field(rules: &RoundRules, kind: RuleKind) -> RuleField {
    let rule = rules.policy.rule(kind);
    RuleField {
        code: kind.code().to_owned(),
        name: capital(kind.dutch()),
        sentence: rules.sentence(kind),
        modes: kind.modes().iter().map(|mode| (mode.code().to_owned(), mode.dutch().to_owned())).collect(),
        mode: rule.mode.code().to_owned(),
        number: kind.number().map(|range| rule.number.unwrap_or(range.usual).to_string()),
    }
}

fn enrolment(data: &RoundData, changes: &ScenarioChanges) -> Vec<PartField> {
    let count = |code: &str| {
        let of_phase = |demand: &&kernschil_domain::rounds::Demand| {
            demand.need == Need::Required && (code.is_empty() || data.registry.phases.get(&demand.phase).is_some_and(|p| p.code == code))
        };
        let students: std::collections::BTreeSet<_> = data.demands.values().filter(of_phase).map(|demand| demand.student).collect();
        students.len().to_string()
    };
    let field = |code: String| PartField {
        label: if code.is_empty() { "Alle fasen".to_owned() } else { code.clone() },
        value: text(changes.enrolment.iter().find(|(phase, _)| *phase == code).map(|(_, percent)| *percent)),
        now: count(&code),
        code,
    };
    std::iter::once(String::new()).chain(phases(data)).map(field).collect()
}

/// The places that can be chosen, with their words.
fn among(data: &RoundData) -> Vec<(String, String)> {
    let mut all = vec![(EVERYWHERE.to_owned(), "Alle scholen".to_owned())];
    let partnerships = data.round.partnerships.iter().filter_map(|id| data.registry.partnerships.get(id));
    all.extend(partnerships.map(|p| (format!("{PARTNERSHIP}{}", slug_of(&p.name)), format!("Partnerschap {}", p.name))));
    let offering: std::collections::BTreeSet<_> = data.offers.values().map(|offer| offer.school).collect();
    let mut schools: Vec<_> = offering.iter().filter_map(|id| data.registry.schools.get(id)).collect();
    schools.sort_by(|a, b| (&a.name, &a.code).cmp(&(&b.name, &b.code)));
    all.extend(schools.into_iter().map(|school| {
        let place = school.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
        (school.code.to_string(), format!("{}{place}", school.name))
    }));
    all
}

fn chosen(data: &RoundData, code: &str) -> Result<Option<Among>, Failure> {
    if code.is_empty() {
        return Ok(None);
    }
    if code == EVERYWHERE {
        return Ok(Some(Among::Everywhere));
    }
    if let Some(name) = code.strip_prefix(PARTNERSHIP) {
        let found = codes::find(name, data.round.partnerships.iter().copied(), |id| codes::partnership(data, id));
        return Ok(Some(Among::Partnership(found.ok_or(AppError::NotFound)?)));
    }
    let school = data.registry.schools.values().find(|school| school.code.to_string() == code).ok_or(AppError::NotFound)?;
    Ok(Some(Among::School(school.id)))
}

/// Offers and trainers of a chosen school.
fn offers(data: &RoundData, changes: &ScenarioChanges, among: Option<Among>) -> Vec<OfferField> {
    let Some(Among::School(school)) = among else { return Vec::new() };
    let here = data.offers.values().filter(|offer| offer.school == school);
    let mut fields: Vec<_> = here
        .map(|offer| {
            let period = data.periods.get(&offer.period).map(|period| period.name.as_str()).unwrap_or_default();
            let phases = if offer.phases.is_empty() { "alle fasen".to_owned() } else { offer.phases.join(", ") };
            let value = changes.offers.iter().find(|(id, _)| *id == offer.id).map_or(offer.count, |(_, count)| *count);
            OfferField {
                name: format!("plek-{}", offer.id),
                label: format!("{}: {phases}, {}", capital(period), groups(&offer.groups.to_string())),
                now: offer.count.to_string(),
                value: value.to_string(),
            }
        })
        .collect();
    fields.sort_by(|a, b| a.label.cmp(&b.label));
    let dates = data.periods.values().map(|period| period.starts_on);
    let trainers: BTreeMap<_, _> = dates.flat_map(|date| data.registry.trainers_of(school, date)).map(|t| (t.id, t)).collect();
    fields.extend(trainers.into_values().map(|trainer| {
        let value = changes.trainers.iter().find(|(id, _)| *id == trainer.id).map(|(_, capacity)| *capacity).or(trainer.capacity);
        OfferField {
            name: format!("opleider-{}", trainer.id),
            label: format!("Opleider {}, studenten op alle scholen samen", trainer.name),
            now: trainer.capacity.map_or_else(|| "geen grens".to_owned(), |capacity| capacity.to_string()),
            value: text(value),
        }
    }));
    fields
}

/// The forms as the scenario is now.
pub(super) fn form(data: &RoundData, scenario: &Scenario, at: &str) -> Result<ScenarioForm, Failure> {
    let Scenario { rules, changes, .. } = scenario;
    let aim = |(place, aim): (usize, &Aim)| AimField {
        code: aim.code().to_owned(),
        name: capital(aim.dutch()),
        sentence: aim.sentence().to_owned(),
        place: place.to_string(),
    };
    Ok(ScenarioForm {
        version: scenario.version.0.to_string(),
        name: scenario.name.clone(),
        travel_limit: text(rules.travel_limit),
        outside: text(rules.outside_guidance),
        guides: GuidedBy::ALL.iter().map(|by| (by.code().to_owned(), capital(by.dutch()))).collect(),
        guided_by: rules.policy.guided_by.code().to_owned(),
        enrolment: enrolment(data, changes),
        rules: RuleKind::ALL.iter().map(|kind| rule_field(rules, *kind)).collect(),
        aims: (1..).zip(&rules.policy.aims).map(aim).collect(),
        among: among(data),
        offers: offers(data, changes, chosen(data, at)?),
        chosen: at.to_owned(),
        errors: Vec::new(),
    })
}

/// A form that was sent, with what is wrong with it so far.
struct Sent<'a> {
    fields: &'a Fields,
    wrong: Vec<AppFieldError>,
}

impl Sent<'_> {
    fn text(&self, name: &str) -> &str {
        self.fields.get(name).map(|value| value.trim()).unwrap_or_default()
    }

    /// A number that may be left empty.
    fn number<T: std::str::FromStr>(&mut self, name: &str, field: &str) -> Option<T> {
        let value = self.text(name).replace('−', "-").replace('%', "");
        let value = value.trim().trim_start_matches('+');
        if value.is_empty() {
            return None;
        }
        let number = value.parse().ok();
        if number.is_none() {
            self.wrong.push(AppFieldError::new(field, "geen-getal", format!("“{value}” is geen getal dat hier past. Vul cijfers in.")));
        }
        number
    }

    fn rules(&mut self, before: &RoundRules) -> RoundRules {
        let mut rules = before.clone();
        rules.travel_limit = self.number("reisgrens", RuleKind::TravelLimit.code());
        rules.outside_guidance = self.number("buiten", RuleKind::OutsideGuidance.code());
        rules.policy.guided_by = GuidedBy::parse(self.text("begeleider")).unwrap_or(before.policy.guided_by);
        for kind in RuleKind::ALL {
            let code = kind.code();
            let Some(mode) = RuleMode::parse(self.text(&format!("regel-{code}"))) else { continue };
            let number = if kind.number().is_some() { self.number(&format!("getal-{code}"), code) } else { None };
            let rule = Rule { mode, number };
            if rule == kind.usual() {
                rules.policy.rules.remove(kind)
            } else {
                rules.policy.rules.insert(*kind, rule)
            };
        }
        rules.policy.aims = self.aims(&before.policy.aims);
        rules
    }

    /// The aims by their places; equal places stay in the order they were in.
    fn aims(&mut self, before: &[Aim]) -> Vec<Aim> {
        let mut placed: Vec<(i32, Aim)> = Vec::new();
        for (at, aim) in (1..).zip(before) {
            let place = self.number(&format!("doel-{}", aim.code()), "doelen").unwrap_or(at);
            placed.push((place, *aim));
        }
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, aim)| aim).collect()
    }

    fn enrolment(&mut self, data: &RoundData) -> Vec<(String, i32)> {
        let mut all = Vec::new();
        for code in std::iter::once(String::new()).chain(phases(data)) {
            if let Some(percent) = self.number(&format!("instroom-{code}"), "enrolment") {
                all.push((code, percent));
            }
        }
        all
    }
}

/// Where what is wrong stands in the forms.
const NAMES: [(&str, &str); 8] = [
    ("name", "naam"),
    ("enrolment", "instroom"),
    ("travel-limit", "reisgrens"),
    ("outside-guidance", "buiten"),
    ("aims", "doelen"),
    ("offers", "erbij"),
    ("trainers", "erbij"),
    ("by", "erbij"),
];

/// The page as it was filled in, with what is wrong.
async fn again(web: &Web, caller: &Caller, slug: &str, id: ScenarioId, sent: Again<'_>) -> Answer {
    let (data, view) = scenarios::get(&web.app, &caller.actor, slug, id).await?;
    let at = sent.fields.get("waar").cloned().unwrap_or_default();
    let mut form = form(&data, &view.scenario, &at)?;
    let said = |name: &str, value: &mut String| {
        if let Some(filled) = sent.fields.get(name) {
            value.clone_from(filled);
        }
    };
    said("naam", &mut form.name);
    said("reisgrens", &mut form.travel_limit);
    said("buiten", &mut form.outside);
    said("begeleider", &mut form.guided_by);
    form.enrolment.iter_mut().for_each(|part| said(&format!("instroom-{}", part.code), &mut part.value));
    form.aims.iter_mut().for_each(|aim| said(&format!("doel-{}", aim.code), &mut aim.place));
    form.offers.iter_mut().for_each(|offer| said(&offer.name, &mut offer.value));
    for rule in &mut form.rules {
        said(&format!("regel-{}", rule.code), &mut rule.mode);
        if let Some(number) = &mut rule.number {
            said(&format!("getal-{}", rule.code), number);
        }
    }
    form.errors = field_errors(sent.errors, &NAMES);
    let rules: Vec<_> = form.rules.iter().map(|rule| rule.code.clone()).collect();
    for error in form.errors.iter_mut().filter(|error| rules.contains(&error.field)) {
        error.field = format!("regel-{}", error.field);
    }
    let view = scenario_view(&data, &view, form, web.app.clock.now());
    let mut frame = web.frame_of(caller, NavItem::Scenarios, &view.round);
    frame.flash = sent.refusal.map(problem);
    let status = if sent.errors.is_empty() { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
    Ok(html_with(status, scenario_page(&frame, &view)))
}

struct Again<'a> {
    fields: &'a Fields,
    errors: &'a [AppFieldError],
    refusal: Option<String>,
}

async fn answered(
    web: &Web,
    caller: &Caller,
    (slug, id): (&str, ScenarioId),
    fields: &Fields,
    changed: Result<(), AppError>,
) -> Result<Option<poem::Response>, Failure> {
    let (errors, refusal) = match changed {
        Ok(()) => return Ok(None),
        Err(AppError::Conflict { code: "intussen-gewijzigd", message }) => (Vec::new(), Some(message)),
        Err(error) => (wrong(error)?, None),
    };
    again(web, caller, slug, id, Again { fields, errors: &errors, refusal }).await.map(Some)
}

/// Changes the name, enrolment, rules and aims of a scenario, and has it solved when that was asked.
#[handler]
pub(in super::super) async fn change(
    web: State<'_>,
    caller: &Caller,
    Path((slug, scenario)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let scenario: ScenarioId = id(&scenario)?;
    let (data, before) = scenarios::get(&web.app, &caller.actor, &slug, scenario).await?;
    let mut sent = Sent { fields: &fields, wrong: Vec::new() };
    let rules = sent.rules(&before.scenario.rules);
    let changes = ScenarioChanges { enrolment: sent.enrolment(&data), ..before.scenario.changes };
    let edit = Edit { name: Some(sent.text("naam").to_owned()), rules: Some(rules), changes: Some(changes), shift: None };
    let changed = if sent.wrong.is_empty() {
        scenarios::change(&web.app, &caller.actor, &slug, scenario, seen(sent.text("versie")), edit).await.map(|_| ())
    } else {
        Err(AppError::Invalid(sent.wrong))
    };
    if let Some(page) = answered(&web, caller, (&slug, scenario), &fields, changed).await? {
        return Ok(page);
    }
    if fields.get("daarna").is_some_and(|next| next == "doorrekenen") {
        return solve_and_follow(&web, caller, &slug, scenario).await;
    }
    Ok(see_other(&format!("/rondes/{slug}/scenarios/{scenario}")))
}

/// The changes of a scenario with the numbers of a form.
fn with_numbers(sent: &mut Sent<'_>, before: ScenarioChanges) -> Result<ScenarioChanges, Failure> {
    let mut changes = before;
    let names: Vec<_> = sent.fields.keys().cloned().collect();
    for name in names {
        if let Some(offer) = name.strip_prefix("plek-") {
            let offer: OfferId = id(offer)?;
            if let Some(count) = sent.number(&name, "offers") {
                changes.offers.retain(|(known, _)| *known != offer);
                changes.offers.push((offer, count));
            }
        } else if let Some(trainer) = name.strip_prefix("opleider-") {
            let trainer: TrainerId = id(trainer)?;
            changes.trainers.retain(|(known, _)| *known != trainer);
            if let Some(capacity) = sent.number(&name, "trainers") {
                changes.trainers.push((trainer, capacity));
            }
        }
    }
    Ok(changes)
}

/// Changes the numbers of places and the capacities of trainers.
#[handler]
pub(in super::super) async fn places(
    web: State<'_>,
    caller: &Caller,
    Path((slug, scenario)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let scenario: ScenarioId = id(&scenario)?;
    let (data, before) = scenarios::get(&web.app, &caller.actor, &slug, scenario).await?;
    let mut sent = Sent { fields: &fields, wrong: Vec::new() };
    let at = sent.text("waar").to_owned();
    let among = chosen(&data, &at)?;
    let changes = with_numbers(&mut sent, before.scenario.changes)?;
    let by: Option<i32> = sent.number("erbij", "by");
    let edit = Edit { changes: Some(changes), shift: among.zip(by.filter(|by| *by != 0)), ..Edit::default() };
    let changed = if sent.wrong.is_empty() {
        scenarios::change(&web.app, &caller.actor, &slug, scenario, seen(sent.text("versie")), edit).await.map(|_| ())
    } else {
        Err(AppError::Invalid(sent.wrong))
    };
    if let Some(page) = answered(&web, caller, (&slug, scenario), &fields, changed).await? {
        return Ok(page);
    }
    Ok(see_other(&format!("{}#plekken", href(&format!("/rondes/{slug}/scenarios/{scenario}"), &[("waar", &at)]))))
}
