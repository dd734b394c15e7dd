//! Who is trained: cohorts, students, enrolments, earlier schools.

use sea_orm_migration::prelude::*;

use crate::sql::{drop_tables, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "CREATE TABLE cohorts (
        id {id} NOT NULL,
        programme_id {id} NOT NULL,
        start_year integer NOT NULL,
        CONSTRAINT pk_cohorts PRIMARY KEY (id),
        CONSTRAINT uq_cohorts_start UNIQUE (programme_id, start_year),
        CONSTRAINT fk_cohorts_programme FOREIGN KEY (programme_id) REFERENCES programmes (id),
        CONSTRAINT ck_cohorts_start_year CHECK (start_year BETWEEN 1990 AND 2100)
    )",
    "CREATE TABLE students (
        id {id} NOT NULL,
        institute_id {id} NOT NULL,
        number text NOT NULL,
        given_name text NOT NULL,
        prefix text,
        family_name text NOT NULL,
        postcode text,
        kind text NOT NULL,
        travel_limit integer,
        fixed_school_id {id},
        CONSTRAINT pk_students PRIMARY KEY (id),
        CONSTRAINT uq_students_number UNIQUE (institute_id, number),
        CONSTRAINT fk_students_institute FOREIGN KEY (institute_id) REFERENCES institutes (id),
        CONSTRAINT fk_students_fixed_school FOREIGN KEY (fixed_school_id) REFERENCES schools (id),
        CONSTRAINT ck_students_kind CHECK (kind IN ('student', 'career-changer')),
        CONSTRAINT ck_students_travel_limit CHECK (travel_limit IS NULL OR travel_limit BETWEEN 0 AND 600)
    )",
    "CREATE TABLE enrolments (
        student_id {id} NOT NULL,
        cohort_id {id} NOT NULL,
        phase_id {id} NOT NULL,
        status text NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_enrolments PRIMARY KEY (student_id, cohort_id, phase_id, valid_from),
        CONSTRAINT fk_enrolments_student FOREIGN KEY (student_id) REFERENCES students (id),
        CONSTRAINT fk_enrolments_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
        CONSTRAINT fk_enrolments_phase FOREIGN KEY (phase_id) REFERENCES study_phases (id),
        CONSTRAINT ck_enrolments_status CHECK (status IN ('active', 'interrupted', 'stopped', 'graduated')),
        CONSTRAINT ck_enrolments_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE TABLE earlier_schools (
        student_id {id} NOT NULL,
        school_id {id} NOT NULL,
        CONSTRAINT pk_earlier_schools PRIMARY KEY (student_id, school_id),
        CONSTRAINT fk_earlier_schools_student FOREIGN KEY (student_id) REFERENCES students (id),
        CONSTRAINT fk_earlier_schools_school FOREIGN KEY (school_id) REFERENCES schools (id)
    )",
];

const DROP: &[&str] = &["earlier_schools", "enrolments", "students", "cohorts"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, DROP).await
    }
}
