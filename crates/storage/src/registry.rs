//! The registry: regions, boards, schools, institutes, partnerships, memberships, trainers, postcodes.

use std::collections::HashMap;

use kernschil_domain::codes::{
    ConditionKind, EvidenceKind, PartnershipStatus, PhaseKind, ProgrammeForm, ProgrammeLevel, QualificationKind, Sector, Tier, TrainerKind,
};
use kernschil_domain::geo::Coordinate;
use kernschil_domain::ids::{BoardId, InstituteId, PartnershipId, ProgrammeId, RegionId, SchoolId, StudyPhaseId, TrainerId};
use kernschil_domain::policy::TravelMode;
use kernschil_domain::registry::{
    Board, BoardMembership, Employer, Evidence, Funding, Institute, InstituteMembership, Partnership, PartnershipStanding, Programme,
    Qualification, Region, Registry, School, SchoolBoard, SchoolMembership, StudyPhase, TierCondition, Trainer, TrainerSchool,
};
use kernschil_domain::values::{BoardNumber, Brin, Croho, Postcode, SchoolCode};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::{
    board_memberships, boards, evidence, institute_memberships, institutes, partnership_regions, partnership_standings, partnerships,
    postcode_areas, programmes, qualifications, regions, school_boards, school_memberships, schools, study_phases, tier_conditions,
    trainer_schools, trainers, travel_times,
};
use crate::error::StorageError;
use crate::rows::{all, put, read, span};
use crate::store::{Tx, WriteTx};

/// The whole registry.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn load(tx: &Tx) -> Result<Registry, StorageError> {
    let mut registry = Registry::default();
    load_boards_and_schools(tx, &mut registry).await?;
    load_programmes(tx, &mut registry).await?;
    load_partnerships(tx, &mut registry).await?;
    load_trainers(tx, &mut registry).await?;
    registry.areas = areas(tx).await?;
    registry.travel_times = travel_times(tx).await?;
    Ok(registry)
}

async fn load_boards_and_schools(tx: &Tx, registry: &mut Registry) -> Result<(), StorageError> {
    for row in all::<regions::Entity>(tx).await? {
        registry.regions.insert(RegionId(row.id), Region { id: RegionId(row.id), name: row.name });
    }
    for row in all::<boards::Entity>(tx).await? {
        let number = read(BoardNumber::parse(&row.number).ok(), "boards.number")?;
        registry.boards.insert(BoardId(row.id), Board { id: BoardId(row.id), number, name: row.name });
    }
    for row in all::<schools::Entity>(tx).await? {
        let school = School {
            id: SchoolId(row.id),
            code: read(SchoolCode::parse(&row.code).ok(), "schools.code")?,
            name: row.name,
            sector: read(Sector::parse(&row.sector), "schools.sector")?,
            postcode: postcode(row.postcode.as_deref(), "schools.postcode")?,
            place: row.place,
            coordinate: row.latitude.zip(row.longitude).map(|(latitude, longitude)| Coordinate { latitude, longitude }),
            closed_on: row.closed_on,
            email: row.email,
        };
        registry.schools.insert(school.id, school);
    }
    for row in all::<school_boards::Entity>(tx).await? {
        let link = SchoolBoard { school: SchoolId(row.school_id), board: BoardId(row.board_id), span: span(row.valid_from, row.valid_to) };
        registry.school_boards.entry(link.school).or_default().push(link);
    }
    for row in all::<evidence::Entity>(tx).await? {
        let known = Evidence {
            school: SchoolId(row.school_id),
            kind: read(EvidenceKind::parse(&row.kind), "evidence.kind")?,
            value: row.value,
            span: span(row.valid_from, row.valid_to),
        };
        registry.evidence.entry(known.school).or_default().push(known);
    }
    Ok(())
}

pub(crate) fn postcode(text: Option<&str>, column: &'static str) -> Result<Option<Postcode>, StorageError> {
    text.map(|text| read(Postcode::parse(text).ok(), column)).transpose()
}

async fn load_programmes(tx: &Tx, registry: &mut Registry) -> Result<(), StorageError> {
    for row in all::<institutes::Entity>(tx).await? {
        let brin = read(Brin::parse(&row.brin).ok(), "institutes.brin")?;
        registry.institutes.insert(InstituteId(row.id), Institute { id: InstituteId(row.id), brin, name: row.name });
    }
    for row in all::<programmes::Entity>(tx).await? {
        let programme = Programme {
            id: ProgrammeId(row.id),
            institute: InstituteId(row.institute_id),
            croho: read(Croho::parse(&row.croho).ok(), "programmes.croho")?,
            form: read(ProgrammeForm::parse(&row.form), "programmes.form")?,
            level: read(ProgrammeLevel::parse(&row.level), "programmes.level")?,
            name: row.name,
            funding: if row.funding == "counts" { Funding::Counts } else { Funding::DoesNotCount },
        };
        registry.programmes.insert(programme.id, programme);
    }
    for row in all::<study_phases::Entity>(tx).await? {
        let phase = StudyPhase {
            id: StudyPhaseId(row.id),
            programme: ProgrammeId(row.programme_id),
            ordinal: row.ordinal,
            code: row.code,
            kind: read(PhaseKind::parse(&row.kind), "study_phases.kind")?,
        };
        registry.phases.insert(phase.id, phase);
    }
    Ok(())
}

async fn load_partnerships(tx: &Tx, registry: &mut Registry) -> Result<(), StorageError> {
    let mut regions_of: HashMap<_, Vec<_>> = HashMap::new();
    for row in all::<partnership_regions::Entity>(tx).await? {
        regions_of.entry(row.partnership_id).or_default().push(RegionId(row.region_id));
    }
    for row in all::<partnerships::Entity>(tx).await? {
        let mut regions = regions_of.remove(&row.id).unwrap_or_default();
        regions.sort_unstable();
        let partnership = Partnership { id: PartnershipId(row.id), name: row.name, lead_board: row.lead_board_id.map(BoardId), regions };
        registry.partnerships.insert(partnership.id, partnership);
    }
    for row in all::<partnership_standings::Entity>(tx).await? {
        registry.partnership_standings.push(PartnershipStanding {
            partnership: PartnershipId(row.partnership_id),
            status: read(PartnershipStatus::parse(&row.status), "partnership_standings.status")?,
            span: span(row.valid_from, row.valid_to),
        });
    }
    for row in all::<institute_memberships::Entity>(tx).await? {
        registry.institute_memberships.push(InstituteMembership {
            partnership: PartnershipId(row.partnership_id),
            institute: InstituteId(row.institute_id),
            span: span(row.valid_from, row.valid_to),
        });
    }
    for row in all::<board_memberships::Entity>(tx).await? {
        registry.board_memberships.push(BoardMembership {
            partnership: PartnershipId(row.partnership_id),
            board: BoardId(row.board_id),
            tier: read(Tier::parse(&row.tier), "board_memberships.tier")?,
            buddy: row.buddy_id.map(BoardId),
            span: span(row.valid_from, row.valid_to),
        });
    }
    for row in all::<school_memberships::Entity>(tx).await? {
        let membership = SchoolMembership {
            partnership: PartnershipId(row.partnership_id),
            school: SchoolId(row.school_id),
            tier: read(Tier::parse(&row.tier), "school_memberships.tier")?,
            buddy: row.buddy_id.map(SchoolId),
            span: span(row.valid_from, row.valid_to),
        };
        registry.school_memberships.entry(membership.school).or_default().push(membership);
    }
    for row in all::<tier_conditions::Entity>(tx).await? {
        registry.conditions.push(TierCondition {
            partnership: PartnershipId(row.partnership_id),
            tier: read(Tier::parse(&row.tier), "tier_conditions.tier")?,
            kind: read(ConditionKind::parse(&row.kind), "tier_conditions.kind")?,
            parameter: row.parameter,
        });
    }
    Ok(())
}

async fn load_trainers(tx: &Tx, registry: &mut Registry) -> Result<(), StorageError> {
    for row in all::<trainers::Entity>(tx).await? {
        let employer = match (row.board_id, row.institute_id) {
            (Some(board), None) => Employer::Board(BoardId(board)),
            (None, Some(institute)) => Employer::Institute(InstituteId(institute)),
            _ => return Err(StorageError::Unreadable { column: "trainers.board_id" }),
        };
        let kind = read(TrainerKind::parse(&row.kind), "trainers.kind")?;
        let trainer = Trainer { id: TrainerId(row.id), number: row.number, name: row.name, kind, employer, capacity: row.capacity };
        registry.trainers.insert(trainer.id, trainer);
    }
    for row in all::<qualifications::Entity>(tx).await? {
        let qualification = Qualification {
            trainer: TrainerId(row.trainer_id),
            kind: read(QualificationKind::parse(&row.kind), "qualifications.kind")?,
            span: span(row.valid_from, row.valid_to),
        };
        registry.qualifications.entry(qualification.trainer).or_default().push(qualification);
    }
    for row in all::<trainer_schools::Entity>(tx).await? {
        let link =
            TrainerSchool { trainer: TrainerId(row.trainer_id), school: SchoolId(row.school_id), span: span(row.valid_from, row.valid_to) };
        registry.trainer_schools.entry(link.school).or_default().push(link);
    }
    Ok(())
}

async fn travel_times(tx: &Tx) -> Result<HashMap<(String, String, TravelMode), u16>, StorageError> {
    let rows = all::<travel_times::Entity>(tx).await?;
    let time = |row: travel_times::Model| {
        let mode = read(TravelMode::parse(&row.mode), "travel_times.mode")?;
        let minutes = read(u16::try_from(row.minutes).ok(), "travel_times.minutes")?;
        Ok(((row.from_area, row.to_area, mode), minutes))
    };
    rows.into_iter().map(time).collect()
}

async fn areas(tx: &Tx) -> Result<HashMap<String, Coordinate>, StorageError> {
    let rows = all::<postcode_areas::Entity>(tx).await?;
    Ok(rows.into_iter().map(|row| (row.area, Coordinate { latitude: row.latitude, longitude: row.longitude })).collect())
}

/// Rows of the registry to store: new ones, and changed ones under their own key.
#[derive(Debug, Clone, Default)]
pub struct RegistryRows {
    /// Regions.
    pub regions: Vec<Region>,
    /// Boards.
    pub boards: Vec<Board>,
    /// Schools.
    pub schools: Vec<School>,
    /// Boards of schools.
    pub school_boards: Vec<SchoolBoard>,
    /// Institutes.
    pub institutes: Vec<Institute>,
    /// Programmes.
    pub programmes: Vec<Programme>,
    /// Study phases.
    pub phases: Vec<StudyPhase>,
    /// Partnerships, with their regions.
    pub partnerships: Vec<Partnership>,
    /// Status of partnerships.
    pub partnership_standings: Vec<PartnershipStanding>,
    /// Institutes in partnerships.
    pub institute_memberships: Vec<InstituteMembership>,
    /// Boards in partnerships.
    pub board_memberships: Vec<BoardMembership>,
    /// Schools in partnerships.
    pub school_memberships: Vec<SchoolMembership>,
    /// Conditions.
    pub conditions: Vec<TierCondition>,
    /// What is known of schools.
    pub evidence: Vec<Evidence>,
    /// Trainers.
    pub trainers: Vec<Trainer>,
    /// Qualifications.
    pub qualifications: Vec<Qualification>,
    /// Schools of trainers.
    pub trainer_schools: Vec<TrainerSchool>,
    /// Coordinates of four-digit postcode areas.
    pub areas: Vec<(String, Coordinate)>,
    /// Minutes between postcode areas, by way of travelling.
    pub travel_times: Vec<(String, String, TravelMode, u16)>,
}

/// Stores rows of the registry, in an order that keeps every reference whole.
///
/// # Errors
/// [`StorageError::Constraint`] when a reference is missing or a natural key stands under another id.
pub async fn store(tx: &WriteTx, rows: RegistryRows) -> Result<(), StorageError> {
    put(tx, rows.regions.into_iter().map(|r| regions::Model { id: r.id.0, name: r.name }).collect()).await?;
    put(tx, rows.boards.into_iter().map(|b| boards::Model { id: b.id.0, number: b.number.to_string(), name: b.name }).collect()).await?;
    put(tx, rows.schools.into_iter().map(school_model).collect()).await?;
    let links = rows.school_boards.into_iter().map(|link| school_boards::Model {
        school_id: link.school.0,
        valid_from: link.span.from,
        board_id: link.board.0,
        valid_to: link.span.until,
    });
    put(tx, links.collect()).await?;
    let known = rows.evidence.into_iter().map(|e| evidence::Model {
        school_id: e.school.0,
        kind: e.kind.code().to_owned(),
        valid_from: e.span.from,
        value: e.value,
        valid_to: e.span.until,
    });
    put(tx, known.collect()).await?;
    store_programmes(tx, rows.institutes, rows.programmes, rows.phases).await?;
    store_partnerships(tx, rows.partnerships, rows.partnership_standings, rows.institute_memberships).await?;
    store_memberships(tx, rows.board_memberships, rows.school_memberships, rows.conditions).await?;
    store_trainers(tx, rows.trainers, rows.qualifications, rows.trainer_schools).await?;
    let areas = rows.areas.into_iter().map(|(area, at)| postcode_areas::Model { area, latitude: at.latitude, longitude: at.longitude });
    put(tx, areas.collect()).await?;
    let times = rows.travel_times.into_iter().map(|(from_area, to_area, mode, minutes)| travel_times::Model {
        from_area,
        to_area,
        mode: mode.code().to_owned(),
        minutes: i32::from(minutes),
    });
    put(tx, times.collect()).await
}

fn school_model(school: School) -> schools::Model {
    schools::Model {
        id: school.id.0,
        code: school.code.to_string(),
        name: school.name,
        sector: school.sector.code().to_owned(),
        postcode: school.postcode.map(|p| p.to_string()),
        place: school.place,
        latitude: school.coordinate.map(|c| c.latitude),
        longitude: school.coordinate.map(|c| c.longitude),
        closed_on: school.closed_on,
        email: school.email,
    }
}

async fn store_programmes(
    tx: &WriteTx,
    institutes: Vec<Institute>,
    programmes: Vec<Programme>,
    phases: Vec<StudyPhase>,
) -> Result<(), StorageError> {
    put(tx, institutes.into_iter().map(|i| institutes::Model { id: i.id.0, brin: i.brin.to_string(), name: i.name }).collect()).await?;
    let programmes = programmes.into_iter().map(|p| programmes::Model {
        id: p.id.0,
        institute_id: p.institute.0,
        croho: p.croho.to_string(),
        form: p.form.code().to_owned(),
        level: p.level.code().to_owned(),
        name: p.name,
        funding: match p.funding {
            Funding::Counts => "counts".to_owned(),
            Funding::DoesNotCount => "does_not_count".to_owned(),
        },
    });
    put(tx, programmes.collect()).await?;
    let phases = phases.into_iter().map(|p| study_phases::Model {
        id: p.id.0,
        programme_id: p.programme.0,
        ordinal: p.ordinal,
        code: p.code,
        kind: p.kind.code().to_owned(),
    });
    put(tx, phases.collect()).await
}

async fn store_partnerships(
    tx: &WriteTx,
    partnerships: Vec<Partnership>,
    standings: Vec<PartnershipStanding>,
    institutes: Vec<InstituteMembership>,
) -> Result<(), StorageError> {
    let links: Vec<_> = partnerships
        .iter()
        .flat_map(|p| p.regions.iter().map(|r| partnership_regions::Model { partnership_id: p.id.0, region_id: r.0 }))
        .collect();
    let models =
        partnerships.into_iter().map(|p| partnerships::Model { id: p.id.0, name: p.name, lead_board_id: p.lead_board.map(|b| b.0) });
    put(tx, models.collect()).await?;
    put(tx, links).await?;
    let standings = standings.into_iter().map(|s| partnership_standings::Model {
        partnership_id: s.partnership.0,
        valid_from: s.span.from,
        status: s.status.code().to_owned(),
        valid_to: s.span.until,
    });
    put(tx, standings.collect()).await?;
    let institutes = institutes.into_iter().map(|m| institute_memberships::Model {
        partnership_id: m.partnership.0,
        institute_id: m.institute.0,
        valid_from: m.span.from,
        valid_to: m.span.until,
    });
    put(tx, institutes.collect()).await
}

async fn store_memberships(
    tx: &WriteTx,
    boards: Vec<BoardMembership>,
    schools: Vec<SchoolMembership>,
    conditions: Vec<TierCondition>,
) -> Result<(), StorageError> {
    let boards = boards.into_iter().map(|m| board_memberships::Model {
        partnership_id: m.partnership.0,
        board_id: m.board.0,
        valid_from: m.span.from,
        tier: m.tier.code().to_owned(),
        buddy_id: m.buddy.map(|b| b.0),
        valid_to: m.span.until,
    });
    put(tx, boards.collect()).await?;
    let schools = schools.into_iter().map(|m| school_memberships::Model {
        partnership_id: m.partnership.0,
        school_id: m.school.0,
        valid_from: m.span.from,
        tier: m.tier.code().to_owned(),
        buddy_id: m.buddy.map(|b| b.0),
        valid_to: m.span.until,
    });
    put(tx, schools.collect()).await?;
    let conditions = conditions.into_iter().map(|c| tier_conditions::Model {
        partnership_id: c.partnership.0,
        tier: c.tier.code().to_owned(),
        kind: c.kind.code().to_owned(),
        parameter: c.parameter,
    });
    put(tx, conditions.collect()).await
}

async fn store_trainers(
    tx: &WriteTx,
    trainers: Vec<Trainer>,
    qualifications: Vec<Qualification>,
    schools: Vec<TrainerSchool>,
) -> Result<(), StorageError> {
    let trainers = trainers.into_iter().map(|t| {
        let (board_id, institute_id) = match t.employer {
            Employer::Board(board) => (Some(board.0), None),
            Employer::Institute(institute) => (None, Some(institute.0)),
        };
        let kind = t.kind.code().to_owned();
        trainers::Model { id: t.id.0, number: t.number, name: t.name, kind, board_id, institute_id, capacity: t.capacity }
    });
    put(tx, trainers.collect()).await?;
    let qualifications = qualifications.into_iter().map(|q| qualifications::Model {
        trainer_id: q.trainer.0,
        kind: q.kind.code().to_owned(),
        valid_from: q.span.from,
        valid_to: q.span.until,
    });
    put(tx, qualifications.collect()).await?;
    let schools = schools.into_iter().map(|s| trainer_schools::Model {
        trainer_id: s.trainer.0,
        school_id: s.school.0,
        valid_from: s.span.from,
        valid_to: s.span.until,
    });
    put(tx, schools.collect()).await
}

/// Forgets in which regions partnerships work; [`store`] then stores the new ones.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn clear_regions(tx: &WriteTx, partnerships: &[PartnershipId]) -> Result<(), StorageError> {
    let these = partnership_regions::Column::PartnershipId.is_in(partnerships.iter().map(|id| id.0));
    partnership_regions::Entity::delete_many().filter(these).exec(tx.connection()).await?;
    Ok(())
}
