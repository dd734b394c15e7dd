//! The round as the engine sees it.

mod keys;
mod phases;
mod places;
mod settings;
mod trainers;

use std::collections::{BTreeMap, BTreeSet};

use kernschil_allocation as engine;
use kernschil_domain::codes::{Hold, Need, PhaseKind, PlacementSource, PlacementStatus, Turn};
use kernschil_domain::cohorts::Student;
use kernschil_domain::fit::{self, Load, is_closed, travel_limit};
use kernschil_domain::ids::{InstituteId, PeriodId, SchoolId};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::{RuleKind, RuleMode, TravelMode};
use kernschil_domain::rounds::{Demand, Offer, RoundData, WishTarget};
use kernschil_domain::standing::{Standing, Standings};
use kernschil_domain::values::Postcode;

pub(crate) use keys::{demand_id, domain_standing, offer_id, place_of, stable_hash, trainer_id};
use keys::{engine_standing, period_key, school_key};
pub(crate) use phases::Phases;

/// Whether a placement stays when a new proposal is made: everything but drafts of earlier runs that nobody pinned.
pub(crate) fn stays(placement: &Placement) -> bool {
    placement.source != PlacementSource::Run || placement.status != PlacementStatus::Proposed || placement.hold == Hold::Pinned
}

/// The snapshot for the engine: every demand that needs a place, takes part and has none that stays, and what is left of
/// every capacity after those that stay.
pub(crate) fn snapshot(data: &RoundData) -> engine::Input {
    let builder = Builder::new(data);
    engine::Input {
        demands: builder.demands(),
        places: builder.places(),
        schools: builder.schools(),
        trainers: builder.trainers(),
        boards: builder.boards(),
        standings: builder.standings(),
        travel: builder.travel(),
        settings: builder.settings(),
    }
}

/// Where somebody travels from, and how.
type Origin<'a> = (&'a str, TravelMode);

struct Builder<'a> {
    data: &'a RoundData,
    staying: Load,
    schools: BTreeSet<SchoolId>,
    phases: Phases,
    groups: BTreeMap<(InstituteId, PeriodId), u32>,
    origins: BTreeMap<Origin<'a>, (u32, &'a Postcode)>,
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn cap(count: i32) -> u32 {
    u32::try_from(count).unwrap_or_default()
}

impl<'a> Builder<'a> {
    fn new(data: &'a RoundData) -> Self {
        let staying = Load::of(data, stays);
        let open = |offer: &&Offer| offer.count > 0 && !is_closed(data, offer);
        let schools: BTreeSet<_> = data.offers.values().filter(open).map(|offer| offer.school).collect();
        let mut builder = Self { data, staying, schools, phases: Phases::of(data), groups: BTreeMap::new(), origins: BTreeMap::new() };
        builder.number_groups();
        builder
    }

    fn open_demands(&self) -> impl Iterator<Item = &'a Demand> + use<'a> {
        let data = self.data;
        let takes_part = |demand: &&Demand| demand.need == Need::Required && demand.turn == Turn::TakesPart;
        data.demands.values().filter(takes_part).filter(|demand| !data.placements.get(&demand.id).is_some_and(stays))
    }

    fn origin_of(&self, student: &'a Student) -> Option<(Origin<'a>, &'a Postcode)> {
        let mode = student.travel_mode.unwrap_or(self.data.round.rules.policy.travel_mode);
        let postcode = student.postcode.as_ref()?;
        Some(((postcode.area(), mode), postcode))
    }

    fn number_groups(&mut self) {
        let mut groups = BTreeSet::new();
        let mut origins = BTreeMap::new();
        for demand in self.open_demands() {
            let Some(student) = self.data.students.get(&demand.student) else { continue };
            groups.insert((student.institute, demand.period));
            origins.extend(self.origin_of(student));
        }
        self.groups = groups.into_iter().enumerate().map(|(at, group)| (group, number(at))).collect();
        self.origins = origins.into_iter().enumerate().map(|(at, (origin, postcode))| (origin, (number(at), postcode))).collect();
    }

    fn wish(&self, wish: WishTarget, period: PeriodId) -> engine::Wish {
        let schools = match wish {
            // Also a school without places: the wish keeps its rank, and nobody gets it.
            WishTarget::School(school) => vec![school],
            WishTarget::Board(board) => {
                let date = self.data.periods.get(&period).map(|p| p.starts_on);
                let of_board =
                    |school: &&SchoolId| date.and_then(|d| self.data.registry.board_of(**school, d)).is_some_and(|b| b.id == board);
                self.schools.iter().filter(of_board).copied().collect()
            }
        };
        engine::Wish { schools: schools.into_iter().map(school_key).collect() }
    }

    fn demands(&self) -> Vec<engine::Demand> {
        let teams = self.teams();
        let demand = |demand: &Demand| {
            let mut seen = self.demand(demand)?;
            seen.team = teams.get(&demand.id).copied();
            Some(seen)
        };
        self.open_demands().filter_map(demand).collect()
    }

    /// Whether a rule is not off.
    fn regards(&self, kind: RuleKind) -> bool {
        self.data.round.rules.policy.mode(kind) != RuleMode::Off
    }

    /// The teams with at least two members who are to be placed now. Those who stay where they are do not draw the others
    /// there; that is for the coordinator, who placed them by hand.
    fn teams(&self) -> BTreeMap<kernschil_domain::ids::DemandId, engine::TeamKey> {
        let mut teams = BTreeMap::new();
        if !self.regards(RuleKind::Team) {
            return teams;
        }
        let open: BTreeSet<_> = self.open_demands().map(|demand| demand.id).collect();
        for team in &self.data.teams {
            let members: Vec<_> = team.members.iter().filter(|member| open.contains(member)).collect();
            if members.len() > 1 {
                teams.extend(members.into_iter().map(|member| (*member, engine::TeamKey(team.id.0.as_u128()))));
            }
        }
        teams
    }

    /// Schools of the snapshot, each once, in order.
    fn known(&self, schools: impl Iterator<Item = SchoolId>) -> Vec<engine::SchoolKey> {
        let known: BTreeSet<_> = schools.filter(|school| self.schools.contains(school)).collect();
        known.into_iter().map(school_key).collect()
    }

    fn demand(&self, demand: &Demand) -> Option<engine::Demand> {
        let data = self.data;
        let student = data.students.get(&demand.student)?;
        let phase = data.registry.phases.get(&demand.phase)?;
        let period = data.periods.get(&demand.period)?;
        let brin = data.registry.institutes.get(&student.institute).map(|i| i.brin.as_str()).unwrap_or_default();
        // Where somebody works she may stay, however often she was there.
        let own = fit::workplace_offer(data, demand).and_then(|offer| data.offers.get(&offer)).map(|offer| offer.school);
        let elsewhere = |school: &SchoolId| own != Some(*school);
        let familiar = self.schools.iter().copied().filter(|school| self.is_familiar(demand, *school));
        let excluded = data.exclusions.iter().filter(|exclusion| exclusion.demand == demand.id).map(|exclusion| exclusion.school);
        let origin = self.origin_of(student).and_then(|(origin, _)| self.origins.get(&origin));
        let had = if self.regards(RuleKind::OtherGroups) { fit::earlier_groups(data, demand).bits() } else { 0 };
        Some(engine::Demand {
            key: keys::demand_key(demand.id),
            student: engine::StudentKey(student.id.0.as_u128()),
            period: period_key(demand.period),
            phase: self.phases.number(&phase.code, phase.kind)?,
            final_phase: if phase.kind == PhaseKind::Final { engine::FinalPhase::Final } else { engine::FinalPhase::Earlier },
            groups: engine::Groups(demand.groups.bits()),
            weekdays: engine::Weekdays(demand.weekdays.bits()),
            travel_limit: travel_limit(data, demand),
            // Of a board without schools nothing can be wished.
            wishes: demand.wishes.iter().map(|wish| self.wish(*wish, demand.period)).filter(|wish| !wish.schools.is_empty()).collect(),
            earlier_schools: self.known(fit::earlier_schools(data, student).filter(elsewhere)),
            only_school: student.custom.fixed_school.map(school_key),
            standing_group: engine::StandingGroup(self.groups.get(&(student.institute, demand.period)).copied()?),
            origin: origin.map(|(number, _)| engine::OriginGroup(*number)),
            keeps: None,
            pinned: None,
            excluded_schools: self.known(excluded),
            last_trip: if fit::had_long_trip(data, demand) { engine::LastTrip::Long } else { engine::LastTrip::Ordinary },
            familiar_schools: self.known(familiar.filter(elsewhere)),
            familiar_groups: engine::Groups(had),
            team: None,
            tie_break: stable_hash(&[brin, student.number.as_str(), &period.name]),
        })
    }

    fn is_familiar(&self, demand: &Demand, school: SchoolId) -> bool {
        self.regards(RuleKind::OtherBoard) && fit::is_familiar_school(self.data, demand, school)
    }

    fn standings(&self) -> engine::StandingTable {
        let mut standings = Standings::new(self.data);
        let columns: Vec<_> = self.all_schools().into_iter().collect();
        let mut rows = Vec::with_capacity(self.groups.len());
        for ((institute, period), group) in &self.groups {
            let Some(date) = self.data.periods.get(period).map(|p| p.starts_on) else { continue };
            let row = columns.iter().map(|school| engine_standing(standings.standing(*institute, *school, date))).collect();
            rows.push(engine::StandingRow { group: engine::StandingGroup(*group), standings: row });
        }
        engine::StandingTable { schools: columns.into_iter().map(school_key).collect(), rows }
    }

    fn travel(&self) -> engine::TravelTable {
        let registry = &self.data.registry;
        let columns: Vec<_> = self.all_schools().into_iter().collect();
        let rows = self.origins.iter().map(|((_, mode), (number, postcode))| {
            let to = |school: &SchoolId| registry.minutes(postcode, *mode, registry.schools.get(school)?);
            let minutes = columns.iter().map(|school| to(school).map(|minutes| minutes.min(engine::MAX_MINUTES)));
            engine::TravelRow { origin: engine::OriginGroup(*number), minutes: minutes.collect() }
        });
        engine::TravelTable { schools: columns.iter().copied().map(school_key).collect(), rows: rows.collect() }
    }

    fn settings(&self) -> engine::Settings {
        let rules = &self.data.round.rules;
        let staying_outside = self.data.placements.values().filter(|p| stays(p) && p.standing == Standing::Outside).count();
        let most = rules.outside_guidance.filter(|_| self.regards(RuleKind::OutsideGuidance));
        engine::Settings {
            travel_limit: rules.travel_limit,
            outside_cap: most.map(|most| most.saturating_sub(number(staying_outside))),
            seed: rules.seed,
            ..settings::settings(&rules.policy)
        }
    }
}
