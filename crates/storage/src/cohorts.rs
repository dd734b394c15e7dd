//! Cohorts, students, enrolments.

use std::collections::HashMap;

use kernschil_domain::codes::{EnrolmentStatus, StudentKind};
use kernschil_domain::cohorts::{Cohort, CustomEffect, Enrolment, Student};
use kernschil_domain::ids::{CohortId, InstituteId, ProgrammeId, SchoolId, StudentId, StudyPhaseId};
use kernschil_domain::policy::TravelMode;
use kernschil_domain::values::StudentNumber;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::{cohorts, earlier_schools, enrolments, students, workplaces};
use crate::error::StorageError;
use crate::registry::postcode;
use crate::rows::{all, in_chunks, put, read, span};
use crate::store::{Tx, WriteTx};

/// All cohorts.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn cohorts(tx: &Tx) -> Result<Vec<Cohort>, StorageError> {
    let rows = all::<cohorts::Entity>(tx).await?;
    let cohort =
        |row: cohorts::Model| Cohort { id: CohortId(row.id), programme: ProgrammeId(row.programme_id), start_year: row.start_year };
    Ok(rows.into_iter().map(cohort).collect())
}

/// All students of an institute.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn students_of(tx: &Tx, institute: InstituteId) -> Result<Vec<Student>, StorageError> {
    let rows = students::Entity::find().filter(students::Column::InstituteId.eq(institute.0)).all(tx.connection()).await?;
    with_earlier_schools(tx, rows).await
}

/// Students by id.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn students(tx: &Tx, ids: &[StudentId]) -> Result<Vec<Student>, StorageError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = in_chunks::<students::Entity, _>(tx, students::Column::Id, &ids).await?;
    with_earlier_schools(tx, rows).await
}

async fn with_earlier_schools(tx: &Tx, rows: Vec<students::Model>) -> Result<Vec<Student>, StorageError> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut earlier: HashMap<_, Vec<_>> = HashMap::new();
    for row in in_chunks::<earlier_schools::Entity, _>(tx, earlier_schools::Column::StudentId, &ids).await? {
        earlier.entry(row.student_id).or_default().push(SchoolId(row.school_id));
    }
    let found = in_chunks::<workplaces::Entity, _>(tx, workplaces::Column::StudentId, &ids).await?;
    let workplaces: HashMap<_, _> = found.into_iter().map(|row| (row.student_id, SchoolId(row.school_id))).collect();
    rows.into_iter()
        .map(|row| {
            let mut earlier_schools = earlier.remove(&row.id).unwrap_or_default();
            earlier_schools.sort_unstable();
            Ok(Student {
                id: StudentId(row.id),
                institute: InstituteId(row.institute_id),
                number: read(StudentNumber::parse(&row.number).ok(), "students.number")?,
                given_name: row.given_name,
                prefix: row.prefix,
                family_name: row.family_name,
                postcode: postcode(row.postcode.as_deref(), "students.postcode")?,
                kind: read(StudentKind::parse(&row.kind), "students.kind")?,
                custom: CustomEffect {
                    travel_limit: row.travel_limit.and_then(|minutes| u16::try_from(minutes).ok()),
                    fixed_school: row.fixed_school_id.map(SchoolId),
                },
                earlier_schools,
                email: row.email,
                travel_mode: row.travel_mode.map(|code| read(TravelMode::parse(&code), "students.travel_mode")).transpose()?,
                workplace: workplaces.get(&row.id).copied(),
            })
        })
        .collect()
}

/// Enrolments of students.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn enrolments(tx: &Tx, students: &[StudentId]) -> Result<Vec<Enrolment>, StorageError> {
    let ids: Vec<_> = students.iter().map(|id| id.0).collect();
    let rows = in_chunks::<enrolments::Entity, _>(tx, enrolments::Column::StudentId, &ids).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Enrolment {
                student: StudentId(row.student_id),
                cohort: CohortId(row.cohort_id),
                phase: StudyPhaseId(row.phase_id),
                status: read(EnrolmentStatus::parse(&row.status), "enrolments.status")?,
                span: span(row.valid_from, row.valid_to),
            })
        })
        .collect()
}

/// Rows to store: new ones, and changed ones under their own key.
#[derive(Debug, Clone, Default)]
pub struct CohortRows {
    /// Cohorts.
    pub cohorts: Vec<Cohort>,
    /// Students; their earlier schools replace the stored ones.
    pub students: Vec<Student>,
    /// Enrolments.
    pub enrolments: Vec<Enrolment>,
}

/// Stores cohorts, students and enrolments.
///
/// # Errors
/// [`StorageError::Constraint`] when a reference is missing.
pub async fn store(tx: &WriteTx, rows: CohortRows) -> Result<(), StorageError> {
    let cohorts = rows.cohorts.into_iter().map(|c| cohorts::Model { id: c.id.0, programme_id: c.programme.0, start_year: c.start_year });
    put(tx, cohorts.collect()).await?;
    let ids: Vec<_> = rows.students.iter().map(|s| s.id.0).collect();
    for chunk in ids.chunks(10_000) {
        let these = earlier_schools::Column::StudentId.is_in(chunk.iter().copied());
        earlier_schools::Entity::delete_many().filter(these).exec(tx.connection()).await?;
        let these = workplaces::Column::StudentId.is_in(chunk.iter().copied());
        workplaces::Entity::delete_many().filter(these).exec(tx.connection()).await?;
    }
    let earlier: Vec<_> = rows
        .students
        .iter()
        .flat_map(|s| s.earlier_schools.iter().map(|school| earlier_schools::Model { student_id: s.id.0, school_id: school.0 }))
        .collect();
    let workplaces: Vec<_> =
        rows.students.iter().filter_map(|s| Some(workplaces::Model { student_id: s.id.0, school_id: s.workplace?.0 })).collect();
    put(tx, rows.students.into_iter().map(student_model).collect()).await?;
    put(tx, workplaces).await?;
    put(tx, earlier).await?;
    let enrolments = rows.enrolments.into_iter().map(|e| enrolments::Model {
        student_id: e.student.0,
        cohort_id: e.cohort.0,
        phase_id: e.phase.0,
        valid_from: e.span.from,
        status: e.status.code().to_owned(),
        valid_to: e.span.until,
    });
    put(tx, enrolments.collect()).await
}

fn student_model(student: Student) -> students::Model {
    students::Model {
        id: student.id.0,
        institute_id: student.institute.0,
        number: student.number.to_string(),
        given_name: student.given_name,
        prefix: student.prefix,
        family_name: student.family_name,
        postcode: student.postcode.map(|p| p.to_string()),
        kind: student.kind.code().to_owned(),
        travel_limit: student.custom.travel_limit.map(i32::from),
        fixed_school_id: student.custom.fixed_school.map(|s| s.0),
        email: student.email,
        travel_mode: student.travel_mode.map(|mode| mode.code().to_owned()),
    }
}

/// Takes back enrolments that were never true: a correction, not history.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn take_back_enrolments(tx: &WriteTx, wrong: &[Enrolment]) -> Result<(), StorageError> {
    for e in wrong {
        enrolments::Entity::delete_by_id((e.student.0, e.cohort.0, e.phase.0, e.span.from)).exec(tx.connection()).await?;
    }
    Ok(())
}
