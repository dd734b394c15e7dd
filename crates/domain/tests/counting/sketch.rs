//! A round drawn with a few strokes: partnerships, schools and students for tests and benchmarks.

use chrono::NaiveDate;
use kernschil_domain::codes::{
    ConditionKind, EnrolmentStatus, Guidance, Hold, Need, PhaseKind, PlacementSource, PlacementStatus, ProgrammeForm, ProgrammeLevel,
    RoundState, Sector, StudentKind, Tier, TrainerKind, Turn,
};
use kernschil_domain::cohorts::{CustomEffect, Enrolment, Student};
use kernschil_domain::ids::{
    BoardId, CohortId, DemandId, InstituteId, OfferId, PartnershipId, PeriodId, PlacementId, ProgrammeId, RoundId, SchoolId, StudentId,
    StudyPhaseId, TrainerId, Version,
};
use kernschil_domain::periods::{Period, Span};
use kernschil_domain::placements::Placement;
use kernschil_domain::registry::{
    Employer, Funding, Institute, InstituteMembership, Partnership, Programme, Registry, School, SchoolMembership, StudyPhase,
    TierCondition, Trainer, TrainerSchool,
};
use kernschil_domain::rounds::{Demand, Offer, Round, RoundData, RoundRules};
use kernschil_domain::standing::{Standing, Standings};
use kernschil_domain::values::{Brin, Croho, Groups, SchoolCode, SchoolYear, StudentNumber, Weekdays};
use uuid::Uuid;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn start() -> NaiveDate {
    day("2026-09-01")
}

pub struct Sketch {
    pub data: RoundData,
    next: u128,
}

impl Sketch {
    /// One period, the whole year.
    pub fn new() -> Self {
        let round = RoundId(Uuid::from_u128(1));
        let period = Period {
            id: PeriodId(Uuid::from_u128(2)),
            round,
            name: "heel jaar".to_owned(),
            starts_on: start(),
            ends_on: day("2027-06-30"),
        };
        let round = Round {
            id: round,
            slug: "proef".to_owned(),
            name: "Proef".to_owned(),
            school_year: SchoolYear::starting(2026),
            state: RoundState::Collecting,
            rules: RoundRules::default(),
            partnerships: Vec::new(),
            version: Version::FIRST,
        };
        let data = RoundData {
            registry: Registry::default(),
            round,
            periods: [(period.id, period)].into(),
            cohorts: Default::default(),
            students: Default::default(),
            enrolments: Default::default(),
            offers: Default::default(),
            totals: Vec::new(),
            demands: Default::default(),
            placements: Default::default(),
            withdrawn: Default::default(),
            dates: Default::default(),
            answers: Default::default(),
            board_totals: Vec::new(),
            exclusions: Vec::new(),
            teams: Vec::new(),
            absences: Vec::new(),
            past: Default::default(),
        };
        Self { data, next: 100 }
    }

    fn id(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    pub fn period(&self) -> PeriodId {
        *self.data.periods.keys().next().unwrap()
    }

    pub fn add_period(&mut self, name: &str, starts_on: &str, ends_on: &str) -> PeriodId {
        let id = PeriodId(self.id());
        let period = Period { id, round: self.data.round.id, name: name.to_owned(), starts_on: day(starts_on), ends_on: day(ends_on) };
        self.data.periods.insert(id, period);
        id
    }

    pub fn partnership(&mut self, name: &str) -> PartnershipId {
        let id = PartnershipId(self.id());
        self.data.registry.partnerships.insert(id, Partnership { id, name: name.to_owned(), lead_board: None, regions: Vec::new() });
        self.data.round.partnerships.push(id);
        id
    }

    /// An institute with one programme and one phase `jaar 1`, in these partnerships.
    pub fn institute(&mut self, brin: &str, funding: Funding, partnerships: &[PartnershipId]) -> (InstituteId, StudyPhaseId) {
        let (id, programme, phase) = (InstituteId(self.id()), ProgrammeId(self.id()), StudyPhaseId(self.id()));
        let registry = &mut self.data.registry;
        registry.institutes.insert(id, Institute { id, brin: Brin::parse(brin).unwrap(), name: brin.to_owned() });
        let croho = Croho::parse("34808").unwrap();
        registry.programmes.insert(
            programme,
            Programme {
                id: programme,
                institute: id,
                croho,
                form: ProgrammeForm::FullTime,
                level: ProgrammeLevel::HboBachelor,
                name: "Pabo".to_owned(),
                funding,
            },
        );
        registry.phases.insert(phase, StudyPhase { id: phase, programme, ordinal: 1, code: "jaar 1".to_owned(), kind: PhaseKind::First });
        for partnership in partnerships {
            let span = Span::since(day("2020-08-01"));
            registry.institute_memberships.push(InstituteMembership { partnership: *partnership, institute: id, span });
        }
        (id, phase)
    }

    /// A school with an offer in the first period; in a partnership or in none.
    pub fn school(&mut self, code: &str, member: Option<(PartnershipId, Tier)>, count: i32) -> (SchoolId, OfferId) {
        let (id, offer) = (SchoolId(self.id()), OfferId(self.id()));
        let school = School {
            id,
            code: SchoolCode::parse(code).unwrap(),
            name: code.to_owned(),
            sector: Sector::Bo,
            postcode: None,
            place: None,
            coordinate: None,
            closed_on: None,
            email: None,
        };
        self.data.registry.schools.insert(id, school);
        if let Some((partnership, tier)) = member {
            self.member(id, partnership, tier, Span::since(day("2020-08-01")));
        }
        let period = self.period();
        self.data.offers.insert(
            offer,
            Offer { id: offer, school: id, period, phases: Vec::new(), groups: Groups::ALL, weekdays: Weekdays::ALL, count, used: 0 },
        );
        (id, offer)
    }

    pub fn member(&mut self, school: SchoolId, partnership: PartnershipId, tier: Tier, span: Span) {
        let membership = SchoolMembership { partnership, school, tier, buddy: None, span };
        self.data.registry.school_memberships.entry(school).or_default().push(membership);
    }

    /// A trainer of these schools without a maximum.
    pub fn trainer(&mut self, number: &str, kind: TrainerKind, schools: &[SchoolId], span: Span) -> TrainerId {
        let id = TrainerId(self.id());
        let employer = Employer::Board(BoardId(Uuid::from_u128(4)));
        let trainer = Trainer { id, number: number.to_owned(), name: number.to_owned(), kind, employer, capacity: None };
        self.data.registry.trainers.insert(id, trainer);
        for school in schools {
            self.data.registry.trainer_schools.entry(*school).or_default().push(TrainerSchool { trainer: id, school: *school, span });
        }
        id
    }

    pub fn condition(&mut self, partnership: PartnershipId, kind: ConditionKind, parameter: Option<i32>) {
        self.data.registry.conditions.push(TierCondition { partnership, tier: Tier::Schil, kind, parameter });
    }

    /// A student with a demand in the first period.
    pub fn student(&mut self, (institute, phase): (InstituteId, StudyPhaseId)) -> DemandId {
        let id = StudentId(self.id());
        let student = Student {
            id,
            institute,
            number: StudentNumber::parse(&id.to_string()).unwrap_or_else(|_| StudentNumber::parse("1").unwrap()),
            given_name: "Noor".to_owned(),
            prefix: Some("van 't".to_owned()),
            family_name: "Hof".to_owned(),
            postcode: None,
            kind: StudentKind::Student,
            custom: CustomEffect::default(),
            earlier_schools: Vec::new(),
            email: None,
            travel_mode: None,
            workplace: None,
        };
        self.data.students.insert(id, student);
        let cohort = CohortId(Uuid::from_u128(3));
        let span = Span::since(day("2026-08-01"));
        self.data.enrolments.insert(id, vec![Enrolment { student: id, cohort, phase, status: EnrolmentStatus::Active, span }]);
        let period = self.period();
        self.demand(id, phase, period)
    }

    pub fn demand(&mut self, student: StudentId, phase: StudyPhaseId, period: PeriodId) -> DemandId {
        let id = DemandId(self.id());
        let demand = Demand {
            id,
            student,
            period,
            phase,
            groups: Groups::ALL,
            weekdays: Weekdays::NONE,
            need: Need::Required,
            turn: Turn::TakesPart,
            partnership: None,
            wishes: Vec::new(),
        };
        self.data.demands.insert(id, demand);
        id
    }

    /// Places a student, with what the school is to her now.
    pub fn place(&mut self, demand: DemandId, offer: OfferId, guidance: Guidance) {
        let student = &self.data.students[&self.data.demands[&demand].student];
        let date = self.data.periods[&self.data.offers[&offer].period].starts_on;
        let standing = Standings::new(&self.data).standing(student.institute, self.data.offers[&offer].school, date);
        self.place_as(demand, offer, standing, guidance);
    }

    /// Places a student with a given standing.
    pub fn place_as(&mut self, demand: DemandId, offer: OfferId, standing: Standing, guidance: Guidance) {
        let id = PlacementId(self.id());
        let placement = Placement {
            id,
            demand,
            offer,
            standing,
            status: PlacementStatus::Proposed,
            source: PlacementSource::Hand,
            run: None,
            trainer: None,
            guidance: (standing == Standing::Outside).then_some(guidance),
            reason: None,
            hold: Hold::Free,
            broken: Vec::new(),
            made_at: None,
            announced_at: None,
            ended_at: None,
            mutation: None,
            version: Version::FIRST,
        };
        self.data.placements.insert(demand, placement);
        self.data.offers.get_mut(&offer).unwrap().used += 1;
    }
}
