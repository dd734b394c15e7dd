//! The round as the engine sees it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernschil_allocation as engine;
use kernschil_domain::codes::{Hold, Need, PhaseKind, PlacementSource, PlacementStatus, Turn};
use kernschil_domain::fit::{Load, travel_limit};
use kernschil_domain::geo::travel_minutes;
use kernschil_domain::ids::{DemandId, InstituteId, PeriodId, SchoolId};
use kernschil_domain::placements::Placement;
use kernschil_domain::rounds::{Demand, Offer, RoundData, WishTarget};
use kernschil_domain::standing::{Standing, Standings};

/// FNV-1a: a stable number for a natural key, so that equal proposals are told apart in the same way
/// after a re-import with other identifiers.
pub(crate) fn stable_hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0x1f]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a placement stays when a new proposal is made: everything but drafts of earlier runs that nobody pinned.
pub(crate) fn stays(placement: &Placement) -> bool {
    placement.source != PlacementSource::Run || placement.status != PlacementStatus::Proposed || placement.hold == Hold::Pinned
}

/// The snapshot for the engine: every demand that needs a place and has none that stays, and what is
/// left of every capacity after those that stay.
pub(crate) fn snapshot(data: &RoundData) -> engine::Input {
    let builder = Builder::new(data);
    let demands = builder.demands();
    let places = builder.places();
    engine::Input {
        schools: builder.schools(),
        trainers: builder.trainers(),
        boards: Vec::new(),
        standings: builder.standings(),
        travel: builder.travel(),
        settings: builder.settings(),
        demands,
        places,
    }
}

/// A number for each phase code in the registry and the offers, in the order of the codes.
pub(crate) fn phase_codes(data: &RoundData) -> BTreeMap<String, u32> {
    let of_programmes = data.registry.phases.values().map(|phase| phase.code.clone());
    let of_offers = data.offers.values().flat_map(|offer| offer.phases.iter().cloned());
    let codes: BTreeSet<String> = of_programmes.chain(of_offers).collect();
    codes.into_iter().enumerate().map(|(at, code)| (code, number(at))).collect()
}

struct Builder<'a> {
    data: &'a RoundData,
    staying: Load,
    schools: BTreeSet<SchoolId>,
    phases: BTreeMap<String, u32>,
    groups: BTreeMap<(InstituteId, PeriodId), u32>,
    origins: BTreeMap<&'a str, u32>,
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn cap(count: i32) -> u32 {
    u32::try_from(count).unwrap_or_default()
}

fn school_key(id: SchoolId) -> engine::SchoolKey {
    engine::SchoolKey(id.0.as_u128())
}

fn period_key(id: PeriodId) -> engine::PeriodKey {
    engine::PeriodKey(id.0.as_u128())
}

impl<'a> Builder<'a> {
    fn new(data: &'a RoundData) -> Self {
        let staying = Load::of(data, stays);
        let open = |offer: &&Offer| offer.count > 0 && !is_closed(data, offer);
        let schools: BTreeSet<_> = data.offers.values().filter(open).map(|offer| offer.school).collect();
        let mut builder = Self { data, staying, schools, phases: phase_codes(data), groups: BTreeMap::new(), origins: BTreeMap::new() };
        builder.number_groups();
        builder
    }

    fn open_demands(&self) -> impl Iterator<Item = &'a Demand> + use<'a> {
        let data = self.data;
        data.demands.values().filter(move |d| d.need == Need::Required && d.turn == Turn::TakesPart && !data.placements.get(&d.id).is_some_and(stays))
    }

    fn number_groups(&mut self) {
        let mut groups = BTreeSet::new();
        let mut origins = BTreeSet::new();
        for demand in self.open_demands() {
            let Some(student) = self.data.students.get(&demand.student) else { continue };
            groups.insert((student.institute, demand.period));
            if let Some(postcode) = &student.postcode
                && self.data.registry.areas.contains_key(postcode.area())
            {
                origins.insert(postcode.area());
            }
        }
        self.groups = groups.into_iter().enumerate().map(|(at, group)| (group, number(at))).collect();
        self.origins = origins.into_iter().enumerate().map(|(at, area)| (area, number(at))).collect();
    }

    fn wish(&self, wish: WishTarget, period: PeriodId) -> engine::Wish {
        let schools = match wish {
            WishTarget::School(school) => Vec::from_iter(self.schools.contains(&school).then_some(school)),
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
        let open: Vec<_> = self.open_demands().collect();
        open.into_iter().filter_map(|demand| self.demand(demand)).collect()
    }

    fn demand(&self, demand: &Demand) -> Option<engine::Demand> {
        let data = self.data;
        let student = data.students.get(&demand.student)?;
        let phase = data.registry.phases.get(&demand.phase)?;
        let period = data.periods.get(&demand.period)?;
        let brin = data.registry.institutes.get(&student.institute).map(|i| i.brin.as_str()).unwrap_or_default();
        let known = |school: &SchoolId| self.schools.contains(school);
        let earlier_schools = student.earlier_schools.iter().copied().filter(known).map(school_key).collect();
        let origin = student.postcode.as_ref().and_then(|p| self.origins.get(p.area())).copied().map(engine::OriginGroup);
        Some(engine::Demand {
            key: engine::DemandKey(demand.id.0.as_u128()),
            student: engine::StudentKey(student.id.0.as_u128()),
            period: period_key(demand.period),
            phase: engine::PhaseCode(self.phases.get(phase.code.as_str()).copied()?),
            final_phase: if phase.kind == PhaseKind::Final { engine::FinalPhase::Final } else { engine::FinalPhase::Earlier },
            groups: engine::Groups(demand.groups.bits()),
            weekdays: engine::Weekdays(demand.weekdays.bits()),
            travel_limit: travel_limit(data, demand),
            wishes: demand.wishes.iter().map(|wish| self.wish(*wish, demand.period)).collect(),
            earlier_schools,
            only_school: student.custom.fixed_school.map(school_key),
            standing_group: engine::StandingGroup(self.groups.get(&(student.institute, demand.period)).copied()?),
            origin,
            keeps: None,
            pinned: None,
            excluded_schools: Vec::new(),
            last_trip: engine::LastTrip::default(),
            familiar_schools: Vec::new(),
            familiar_groups: engine::Groups::default(),
            team: None,
            tie_break: stable_hash(&[brin, student.number.as_str(), &period.name]),
        })
    }

    fn places(&self) -> Vec<engine::Place> {
        let open = self.data.offers.values().filter(|offer| self.schools.contains(&offer.school) && !is_closed(self.data, offer));
        open.map(|offer| self.place(offer)).collect()
    }

    fn place(&self, offer: &Offer) -> engine::Place {
        let period = self.data.periods.get(&offer.period).map(|p| p.name.as_str()).unwrap_or_default();
        let phases = offer.phases.join(";");
        engine::Place {
            key: engine::PlaceKey(offer.id.0.as_u128()),
            school: school_key(offer.school),
            period: period_key(offer.period),
            phases: offer.phases.iter().filter_map(|code| self.phases.get(code.as_str()).copied().map(engine::PhaseCode)).collect(),
            groups: engine::Groups(offer.groups.bits()),
            weekdays: engine::Weekdays(offer.weekdays.bits()),
            count: cap(offer.count - self.staying.on_offer(offer.id)),
            refuses: Vec::new(),
            reserved_for: Vec::new(),
            tie_break: stable_hash(&[period, &phases, &offer.groups.to_string(), &offer.weekdays.to_string()]),
        }
    }

    /// The schools with offers, and the fixed schools of students, so that every reference is known.
    fn all_schools(&self) -> BTreeSet<SchoolId> {
        let fixed = self.data.students.values().filter_map(|s| s.custom.fixed_school);
        self.schools.iter().copied().chain(fixed).collect()
    }

    fn schools(&self) -> Vec<engine::School> {
        let mut totals: HashMap<_, Vec<_>> = HashMap::new();
        for total in &self.data.totals {
            let left = cap(total.maximum - self.staying.at_school(total.school, total.period));
            totals.entry(total.school).or_default().push(engine::PeriodCap { period: period_key(total.period), cap: left });
        }
        let school = |id| engine::School {
            key: school_key(id),
            totals: totals.remove(&id).unwrap_or_default(),
            trainers: self.trainer_ids(id),
            board: None,
            minimum: Vec::new(),
            least: 0,
            tie_break: self.data.registry.schools.get(&id).map_or(0, |s| stable_hash(&[s.code.as_str()])),
        };
        self.all_schools().into_iter().map(school).collect()
    }

    /// Everybody who trains at the school in some period of the round.
    fn trainer_ids(&self, school: SchoolId) -> Vec<engine::TrainerKey> {
        let ids: BTreeSet<_> = self
            .data
            .periods
            .values()
            .flat_map(|period| self.data.registry.trainers_of(school, period.starts_on))
            .map(|trainer| engine::TrainerKey(trainer.id.0.as_u128()))
            .collect();
        ids.into_iter().collect()
    }

    fn trainers(&self) -> Vec<engine::Trainer> {
        let used: BTreeSet<_> = self.all_schools().into_iter().flat_map(|school| self.trainer_ids(school)).collect();
        let trainers = self.data.registry.trainers.values().filter(|t| used.contains(&engine::TrainerKey(t.id.0.as_u128())));
        trainers
            .map(|trainer| {
                let left = |period: &PeriodId| self.data.capacity_of(trainer, *period).map(|most| cap(most - self.staying.of_trainer(trainer.id, *period)));
                let caps = self.data.periods.keys().filter_map(|p| Some(engine::PeriodCap { period: period_key(*p), cap: left(p)? }));
                engine::Trainer {
                    key: engine::TrainerKey(trainer.id.0.as_u128()),
                    capacity: caps.collect(),
                    tie_break: stable_hash(&[&trainer.number]),
                }
            })
            .collect()
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
        let at: Vec<_> = columns.iter().map(|id| registry.schools.get(id).and_then(|s| registry.coordinate_of(s))).collect();
        let rows = self.origins.iter().map(|(area, origin)| {
            let home = registry.areas.get(*area).copied();
            let minutes = at.iter().map(|school| Some(travel_minutes(home?, (*school)?).min(engine::MAX_MINUTES))).collect();
            engine::TravelRow { origin: engine::OriginGroup(*origin), minutes }
        });
        engine::TravelTable { schools: columns.iter().copied().map(school_key).collect(), rows: rows.collect() }
    }

    fn settings(&self) -> engine::Settings {
        let rules = &self.data.round.rules;
        let staying_outside = self.data.placements.values().filter(|p| stays(p) && p.standing == Standing::Outside).count();
        engine::Settings {
            travel_limit: rules.travel_limit,
            outside_cap: rules.outside_guidance.map(|most| most.saturating_sub(number(staying_outside))),
            seed: rules.seed,
            ..engine::Settings::default()
        }
    }
}

fn is_closed(data: &RoundData, offer: &Offer) -> bool {
    let start = data.periods.get(&offer.period).map(|p| p.starts_on);
    let closed = data.registry.schools.get(&offer.school).and_then(|s| s.closed_on);
    closed.zip(start).is_some_and(|(closed, start)| closed <= start)
}

fn engine_standing(standing: Standing) -> engine::Standing {
    match standing {
        Standing::Kern => engine::Standing::Kern,
        Standing::Schil => engine::Standing::Schil,
        Standing::SchilUnmet => engine::Standing::SchilUnmet,
        Standing::Outside => engine::Standing::Outside,
    }
}

/// The domain's word for the engine's.
pub(crate) fn domain_standing(standing: engine::Standing) -> Standing {
    match standing {
        engine::Standing::Kern => Standing::Kern,
        engine::Standing::Schil => Standing::Schil,
        engine::Standing::SchilUnmet => Standing::SchilUnmet,
        engine::Standing::Outside => Standing::Outside,
    }
}

/// The demand behind an engine's key.
pub(crate) fn demand_id(key: engine::DemandKey) -> DemandId {
    DemandId(uuid::Uuid::from_u128(key.0))
}
