//! Rounds with their periods, the places that schools offer, and totals per school.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kernschil_domain::codes::RoundState;
use kernschil_domain::ids::{OfferId, PeriodId, RoundId, SchoolId, Version};
use kernschil_domain::periods::{Period, dutch_date};
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::{Offer, Round, RoundRules, SchoolTotal, slug};
use kernschil_domain::values::{Groups, Label, Weekdays};
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::{OfferRow, OffersFile, PeriodRow, RoundRow};

use super::codes;
use super::diff::{Counts, Staged, Table};
use super::findings::{Place, key, names, problem};
use super::keys::Keys;
use super::known::{ForOffers, KnownRound, refuse_closed, unknown_period, unknown_round};
use super::lookup::{self, Source};
use super::planner::{Planner, first_day};

/// What makes two rows the same places.
type OfferKey = (RoundId, SchoolId, PeriodId, Vec<String>, Groups, Weekdays);

/// What to do when a round is not only of one's own partnerships.
const WHOLE_ROUND: &str =
    "Haal de rij weg en laad alleen plekken, of vraag de regiocoördinator: een ronde is van wie al haar partnerschappen coördineert.";

/// Everything the file says, next to what is known.
struct Plan<'p, 'a> {
    known: &'p ForOffers,
    planner: &'p mut Planner<'a>,
    keys: Keys,
    rounds: Staged<RoundId, Round>,
    /// Rounds by slug: known ones and those of the file.
    by_slug: BTreeMap<String, Round>,
    closed: HashSet<RoundId>,
    periods: Staged<PeriodId, Period>,
    /// Periods by round and name.
    by_name: HashMap<(RoundId, String), Period>,
    /// Rounds of the file that are out of reach, by slug. That is said where they are made, and nowhere else.
    refused: HashSet<String>,
    phases: HashMap<RoundId, HashMap<String, BTreeSet<String>>>,
}

/// Plans an offers file.
pub(super) fn plan(file: &OffersFile, known: &ForOffers, planner: &mut Planner<'_>) {
    let by_slug = known.rounds.iter().map(|(slug, known)| (slug.clone(), known.round.clone())).collect();
    let periods = known.rounds.values().flat_map(|round| &round.periods);
    let by_name = periods.map(|period| ((period.round, key(&period.name)), period.clone())).collect();
    let mut plan = Plan {
        known,
        planner,
        keys: Keys::of(&known.registry),
        rounds: Staged::default(),
        by_slug,
        closed: HashSet::new(),
        periods: Staged::default(),
        by_name,
        refused: HashSet::new(),
        phases: HashMap::new(),
    };
    for row in &file.rounds {
        plan.round(row);
    }
    for row in &file.periods {
        plan.period(row);
    }
    plan.offers(&file.offers);
    plan.totals(file);
    plan.settle();
}

impl Plan<'_, '_> {
    fn round(&mut self, row: &Located<RoundRow>) {
        let place = Place::of("rounds", row);
        let slug = slug(row.value.round.as_str());
        let known = self.by_slug.get(&slug).cloned();
        let twice = known.as_ref().is_some_and(|round| self.rounds.get(&round.id).is_some());
        if slug.is_empty() || twice {
            let message = format!("De naam “{}” kan niet: in adressen van pagina's blijft “{slug}” over.", row.value.round);
            let advice = "Kies een naam met letters en cijfers die duidelijk anders is dan die van andere rondes.";
            self.planner.found.error(place, "round", problem(codes::ROUND_NAME, message, advice));
            return;
        }
        if self.known.taken.contains(&slug) {
            // The one place where a round out of reach shows: names in addresses are unique over the installation, so
            // who makes a round has to hear that she cannot have this one.
            let message = format!("De naam “{}” is al van een ronde buiten uw bereik.", row.value.round);
            let advice = "Kies een andere naam, of vraag de regiocoördinator.";
            self.planner.found.out_of_reach(Some((place, "round")), message, advice);
            self.refused.insert(slug);
            return;
        }
        if let Some(round) = &known {
            self.refuse_closed_once(place, round);
            if round.school_year != row.value.school_year {
                let message = format!("Ronde “{}” bestaat al, voor schooljaar {}.", round.name, round.school_year);
                let advice = "Geef een ronde voor een ander schooljaar een andere naam.";
                self.planner.found.error(place, "school_year", problem(codes::ROUND_YEAR, message, advice));
            }
        }
        let partnerships: Vec<_> = row
            .value
            .partnerships
            .iter()
            .map(|name| lookup::partnership(self.planner, &self.keys, Source::Before, (place, "partnerships"), name))
            .collect();
        let all_known = partnerships.iter().all(Option::is_some);
        let partnerships: BTreeSet<_> = partnerships.into_iter().flatten().collect();
        let name = row.value.round.to_string();
        let before =
            known.as_ref().map_or_else(|| RoundRules { seed: seed_of(&name), ..RoundRules::default() }, |round| round.rules.clone());
        let rules = RoundRules {
            travel_limit: row.value.travel_limit.or(before.travel_limit),
            outside_guidance: row.value.outside_guidance.or(before.outside_guidance),
            max_wishes: row.value.max_wishes.unwrap_or(before.max_wishes),
            seed: before.seed,
            policy: before.policy,
        };
        let round = Round {
            id: known.as_ref().map_or_else(|| RoundId(self.planner.ids.next()), |round| round.id),
            slug: slug.clone(),
            name,
            school_year: row.value.school_year,
            state: known.as_ref().map_or(RoundState::Collecting, |round| round.state),
            rules,
            partnerships: partnerships.into_iter().collect(),
            version: known.as_ref().map_or(Version::FIRST, |round| round.version),
        };
        let reach = self.planner.reach;
        let was_hers = known.as_ref().is_none_or(|known| reach.covers_round(known));
        if known.as_ref() != Some(&round) && !(was_hers && reach.covers_round(&round)) {
            // With a partnership that is not known it is not known either whose the round will be.
            if all_known || !was_hers {
                let what = if known.is_some() { "wijzigen" } else { "maken" };
                let message = format!("Ronde “{}” is niet alleen voor uw eigen partnerschappen. U kunt haar niet {what}.", round.name);
                self.planner.found.out_of_reach(Some((place, "round")), message, WHOLE_ROUND);
            }
            // A round that is known stays as it is, so that the other sheets can be held against it.
            if known.is_none() {
                self.refused.insert(slug);
            }
            return;
        }
        self.by_slug.insert(slug, round.clone());
        self.rounds.put(round.id, round);
    }

    fn refuse_closed_once(&mut self, place: Place<'_>, round: &Round) {
        if self.closed.insert(round.id) {
            refuse_closed(self.planner, place, round);
        }
    }

    /// The round that a row names.
    fn round_of(&mut self, place: Place<'_>, name: &Label) -> Option<Round> {
        let slug = slug(name.as_str());
        if self.refused.contains(&slug) {
            return None;
        }
        let Some(round) = self.by_slug.get(&slug).cloned() else {
            unknown_round(self.planner, Source::SameFile, place, name, self.by_slug.values().map(|r| r.name.as_str()));
            return None;
        };
        self.refuse_closed_once(place, &round);
        Some(round)
    }

    /// The period that a row names.
    fn period_of(&mut self, place: Place<'_>, round: &Round, name: &Label) -> Option<Period> {
        let found = self.by_name.get(&(round.id, key(name.as_str()))).cloned();
        if found.is_none() {
            let others = self.by_name.values().filter(|p| p.round == round.id).map(|p| p.name.as_str());
            unknown_period(self.planner, Source::SameFile, place, name, others);
        }
        found
    }

    fn period(&mut self, row: &Located<PeriodRow>) {
        let place = Place::of("periods", row);
        let Some(round) = self.round_of(place, &row.value.round) else { return };
        let at = (round.id, key(row.value.period.as_str()));
        let known = self.by_name.get(&at);
        let id = known.map_or_else(|| PeriodId(self.planner.ids.next()), |known| known.id);
        let PeriodRow { starts_on, ends_on, .. } = row.value;
        let period = Period { id, round: round.id, name: row.value.period.to_string(), starts_on, ends_on };
        if known != Some(&period) && !self.planner.reach.covers_round(&round) {
            let what = if known.is_some() { "wijzigen" } else { "maken" };
            let message = format!("Ronde “{}” is niet alleen voor uw eigen partnerschappen. U kunt deze periode niet {what}.", round.name);
            self.planner.found.out_of_reach(Some((place, "period")), message, WHOLE_ROUND);
            return;
        }
        let (first, next) =
            (first_day(round.school_year), first_day(kernschil_domain::values::SchoolYear::starting(round.school_year.first_year() + 1)));
        if starts_on < first || next <= ends_on {
            let message = format!(
                "Deze periode ({} tot en met {}) valt niet in schooljaar {}.",
                dutch_date(starts_on),
                dutch_date(ends_on),
                round.school_year
            );
            self.planner.found.warning(
                place,
                "starts_on",
                problem(
                    codes::PERIOD_OUTSIDE_YEAR,
                    message,
                    "Controleer de datums en het schooljaar. Is dit het bestand van een ander jaar?",
                ),
            );
        }
        self.by_name.insert(at, period.clone());
        self.periods.put(id, period);
    }

    /// Whether a school is out of reach in a round; then that is reported.
    fn refuse_school(&mut self, place: Place<'_>, round: &Round, school: Option<SchoolId>) -> bool {
        let Some(school) = school.filter(|school| !self.planner.reach.holds_school_of(&self.known.registry, round, *school)) else {
            return false;
        };
        let code = self.known.registry.schools.get(&school).map(|school| school.code.to_string()).unwrap_or_default();
        let message = format!("School {code} valt in deze ronde buiten uw bereik.");
        let advice = "Laad alleen plekken van uw eigen scholen of partnerschap, of vraag de regiocoördinator.";
        self.planner.found.out_of_reach(Some((place, "school")), message, advice);
        true
    }

    fn offers(&mut self, rows: &[Located<OfferRow>]) {
        let mut wanted: BTreeMap<OfferKey, (i32, Place<'_>)> = BTreeMap::new();
        let mut first_rows: BTreeMap<(RoundId, SchoolId, PeriodId), Place<'_>> = BTreeMap::new();
        for row in rows {
            let place = Place::of("offers", row);
            let school = lookup::school(self.planner, &self.keys, Source::Before, (place, "school"), &row.value.school);
            let Some(round) = self.round_of(place, &row.value.round) else { continue };
            if self.refuse_school(place, &round, school) {
                continue;
            }
            let phases = self.phases(place, &round, &row.value.phases);
            let (Some(period), Some(school)) = (self.period_of(place, &round, &row.value.period), school) else { continue };
            self.refuse_closed_school(row, school, &period);
            let key = (round.id, school, period.id, phases, row.value.groups, row.value.weekdays);
            wanted.entry(key).or_insert((0, place)).0 += row.value.count;
            first_rows.entry((round.id, school, period.id)).or_insert(place);
        }
        let mut counts = Counts::default();
        let offers =
            |round: &KnownRound| round.offers.iter().map(|offer| (offer_key(round.round.id, offer), offer.clone())).collect::<Vec<_>>();
        let mut known: BTreeMap<OfferKey, Offer> = self.known.rounds.values().flat_map(offers).collect();
        for (key, (count, place)) in wanted {
            match known.remove(&key) {
                Some(offer) if offer.count == count => counts.unchanged += 1,
                Some(offer) if count < offer.used => {
                    let message = format!("Op deze plekken zijn al {} studenten geplaatst. {count} plekken is te weinig.", offer.used);
                    let advice = "Haal eerst studenten van deze plekken op het plaatsbord, of verhoog het aantal.";
                    self.planner.found.error(place, "count", problem(codes::OFFER_IN_USE, message, advice));
                }
                Some(offer) => {
                    counts.changed += 1;
                    self.planner.rows.counts.push((offer.id, count));
                }
                None => {
                    counts.added += 1;
                    let (round, school, period, phases, groups, weekdays) = key;
                    let id = OfferId(self.planner.ids.next());
                    self.planner.rows.rounds.offers.push((round, Offer { id, school, period, phases, groups, weekdays, count, used: 0 }));
                }
            }
        }
        self.planner.tally.add(Table::Offers, counts);
        for ((round, school, period, ..), offer) in known.into_iter().filter(|(_, offer)| offer.count > 0) {
            if let Some(place) = first_rows.get(&(round, school, period)) {
                self.not_in_file(*place, &offer);
            }
        }
    }

    fn not_in_file(&mut self, place: Place<'_>, offer: &Offer) {
        let phases = if offer.phases.is_empty() { "alle fasen".to_owned() } else { offer.phases.join(", ") };
        let message = format!(
            "Deze school heeft in deze periode ook al {} plekken voor {phases}, groepen {}, dagen {}. Die staan niet in dit bestand en blijven staan.",
            offer.count, offer.groups, offer.weekdays
        );
        let advice = "Vervallen die plekken, zet ze dan in het bestand met aantal 0.";
        self.planner.found.warning(place, "school", problem(codes::OFFER_NOT_IN_FILE, message, advice));
    }

    fn refuse_closed_school(&mut self, row: &Located<OfferRow>, school: SchoolId, period: &Period) {
        let closed = self.known.registry.schools.get(&school).and_then(|school| school.closed_on);
        if let Some(closed) = closed.filter(|closed| row.value.count > 0 && *closed <= period.starts_on) {
            let message = format!("School {} is vanaf {} gesloten en kan geen plekken aanbieden.", row.value.school, dutch_date(closed));
            let what = problem(codes::SCHOOL_CLOSED, message, "Verwijder de rij, of verander de BRIN in die van de nieuwe school.");
            self.planner.found.error(Place::of("offers", row), "school", what);
        }
    }

    /// The phases as the programmes write them. Two programmes may write the same phase differently;
    /// then both are meant.
    fn phases(&mut self, place: Place<'_>, round: &Round, labels: &[Label]) -> Vec<String> {
        let known = self.phases.entry(round.id).or_insert_with(|| phases_of(&self.known.registry, round));
        let mut codes = BTreeSet::new();
        for label in labels {
            if let Some(spellings) = known.get(&key(label.as_str())) {
                codes.extend(spellings.iter().cloned());
                continue;
            }
            let all = names(known.values().flatten().map(String::as_str));
            let message = format!("Geen opleiding van deze ronde heeft een fase “{label}”. Op deze plekken komt dan niemand uit die fase.");
            let advice = if all.is_empty() {
                "Laad eerst het werkboek met de opleidingen.".to_owned()
            } else {
                format!("Controleer de naam. Bekend: {all}.")
            };
            self.planner.found.warning(place, "phases", problem(super::codes::PHASE_UNKNOWN, message, advice));
            codes.insert(label.to_string());
        }
        codes.into_iter().collect()
    }

    fn totals(&mut self, file: &OffersFile) {
        let mut staged: Staged<(RoundId, SchoolId, PeriodId), (RoundId, SchoolTotal)> = Staged::default();
        let mut used: HashMap<(SchoolId, PeriodId), i32> = HashMap::new();
        for offer in self.known.rounds.values().flat_map(|round| &round.offers) {
            *used.entry((offer.school, offer.period)).or_default() += offer.used;
        }
        for row in &file.totals {
            let place = Place::of("totals", row);
            let school = lookup::school(self.planner, &self.keys, Source::Before, (place, "school"), &row.value.school);
            let Some(round) = self.round_of(place, &row.value.round) else { continue };
            if self.refuse_school(place, &round, school) {
                continue;
            }
            let (Some(period), Some(school)) = (self.period_of(place, &round, &row.value.period), school) else { continue };
            let placed = used.get(&(school, period.id)).copied().unwrap_or_default();
            if placed > row.value.maximum {
                let message = format!(
                    "Bij school {} zijn in deze periode al {placed} studenten geplaatst. Dat is meer dan {}.",
                    row.value.school, row.value.maximum
                );
                let advice = "Haal eerst studenten van deze school op het plaatsbord, of verhoog het maximum.";
                self.planner.found.error(place, "maximum", problem(codes::TOTAL_IN_USE, message, advice));
            }
            staged.put((round.id, school, period.id), (round.id, SchoolTotal { school, period: period.id, maximum: row.value.maximum }));
        }
        let known: HashMap<_, _> = self
            .known
            .rounds
            .values()
            .flat_map(|known| {
                known.totals.iter().map(|total| ((known.round.id, total.school, total.period), (known.round.id, total.clone())))
            })
            .collect();
        let (rows, counts) = staged.settle(|key| known.get(key));
        self.planner.rows.rounds.totals = rows;
        self.planner.tally.add(Table::Totals, counts);
    }

    fn settle(self) {
        let known: HashMap<_, _> = self.known.rounds.values().map(|known| (known.round.id, &known.round)).collect();
        let (mut rounds, counts) = self.rounds.settle(|id| known.get(id).copied());
        for round in rounds.iter_mut().filter(|round| known.contains_key(&round.id)) {
            round.version = round.version.next();
        }
        self.planner.rows.cleared_partnerships = rounds.iter().map(|round| round.id).collect();
        self.planner.rows.rounds.rounds = rounds;
        self.planner.tally.add(Table::Rounds, counts);
        let known: HashMap<_, _> = self.known.rounds.values().flat_map(|known| &known.periods).map(|period| (period.id, period)).collect();
        let (periods, counts) = self.periods.settle(|id| known.get(id).copied());
        self.planner.rows.rounds.periods = periods;
        self.planner.tally.add(Table::Periods, counts);
    }
}

fn offer_key(round: RoundId, offer: &Offer) -> OfferKey {
    (round, offer.school, offer.period, offer.phases.clone(), offer.groups, offer.weekdays)
}

/// The phases of the programmes of the institutes of a round's partnerships, in every spelling.
fn phases_of(registry: &Registry, round: &Round) -> HashMap<String, BTreeSet<String>> {
    let members = registry.institute_memberships.iter().filter(|m| round.partnerships.contains(&m.partnership));
    let institutes: HashSet<_> = members.map(|m| m.institute).collect();
    let mut phases: HashMap<_, BTreeSet<_>> = HashMap::new();
    for phase in registry.phases.values() {
        let programme = registry.programmes.get(&phase.programme);
        if programme.is_some_and(|programme| institutes.contains(&programme.institute)) {
            phases.entry(key(&phase.code)).or_default().insert(phase.code.clone());
        }
    }
    phases
}

/// A number that is the same for the same name on every machine (FNV-1a).
fn seed_of(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
