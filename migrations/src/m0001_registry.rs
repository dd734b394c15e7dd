//! Who takes part: regions, boards, schools, institutes, partnerships, trainers.

use sea_orm_migration::prelude::*;

use crate::sql::{drop_tables, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "CREATE TABLE regions (
        id {id} NOT NULL,
        name text NOT NULL,
        CONSTRAINT pk_regions PRIMARY KEY (id),
        CONSTRAINT uq_regions_name UNIQUE (name)
    )",
    "CREATE TABLE boards (
        id {id} NOT NULL,
        number text NOT NULL,
        name text,
        CONSTRAINT pk_boards PRIMARY KEY (id),
        CONSTRAINT uq_boards_number UNIQUE (number),
        CONSTRAINT ck_boards_number CHECK (length(number) = 5)
    )",
    "CREATE TABLE schools (
        id {id} NOT NULL,
        code text NOT NULL,
        name text NOT NULL,
        sector text NOT NULL,
        postcode text,
        place text,
        latitude integer,
        longitude integer,
        closed_on date,
        CONSTRAINT pk_schools PRIMARY KEY (id),
        CONSTRAINT uq_schools_code UNIQUE (code),
        CONSTRAINT ck_schools_code CHECK (length(code) = 6),
        CONSTRAINT ck_schools_sector CHECK (sector IN ('bo', 'sbo', 'so', 'vso', 'vo')),
        CONSTRAINT ck_schools_coordinate CHECK ((latitude IS NULL) = (longitude IS NULL))
    )",
    "CREATE TABLE school_boards (
        school_id {id} NOT NULL,
        board_id {id} NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_school_boards PRIMARY KEY (school_id, valid_from),
        CONSTRAINT fk_school_boards_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT fk_school_boards_board FOREIGN KEY (board_id) REFERENCES boards (id),
        CONSTRAINT ck_school_boards_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE INDEX ix_school_boards_board ON school_boards (board_id)",
    "CREATE TABLE institutes (
        id {id} NOT NULL,
        brin text NOT NULL,
        name text NOT NULL,
        CONSTRAINT pk_institutes PRIMARY KEY (id),
        CONSTRAINT uq_institutes_brin UNIQUE (brin),
        CONSTRAINT ck_institutes_brin CHECK (length(brin) = 4)
    )",
    "CREATE TABLE programmes (
        id {id} NOT NULL,
        institute_id {id} NOT NULL,
        croho text NOT NULL,
        form text NOT NULL,
        level text NOT NULL,
        name text NOT NULL,
        funding text NOT NULL,
        CONSTRAINT pk_programmes PRIMARY KEY (id),
        CONSTRAINT uq_programmes_croho UNIQUE (institute_id, croho, form),
        CONSTRAINT fk_programmes_institute FOREIGN KEY (institute_id) REFERENCES institutes (id),
        CONSTRAINT ck_programmes_croho CHECK (length(croho) = 5),
        CONSTRAINT ck_programmes_form CHECK (form IN ('vt', 'dt', 'du')),
        CONSTRAINT ck_programmes_level CHECK (level IN ('ad', 'hbo-bachelor', 'hbo-master', 'wo-bachelor', 'wo-master')),
        CONSTRAINT ck_programmes_funding CHECK (funding IN ('counts', 'does_not_count'))
    )",
    "CREATE TABLE study_phases (
        id {id} NOT NULL,
        programme_id {id} NOT NULL,
        ordinal integer NOT NULL,
        code text NOT NULL,
        kind text NOT NULL,
        CONSTRAINT pk_study_phases PRIMARY KEY (id),
        CONSTRAINT uq_study_phases_code UNIQUE (programme_id, code),
        CONSTRAINT uq_study_phases_ordinal UNIQUE (programme_id, ordinal),
        CONSTRAINT fk_study_phases_programme FOREIGN KEY (programme_id) REFERENCES programmes (id),
        CONSTRAINT ck_study_phases_ordinal CHECK (ordinal BETWEEN 1 AND 99),
        CONSTRAINT ck_study_phases_kind CHECK (kind IN ('first', 'middle', 'final'))
    )",
    "CREATE TABLE partnerships (
        id {id} NOT NULL,
        name text NOT NULL,
        lead_board_id {id},
        CONSTRAINT pk_partnerships PRIMARY KEY (id),
        CONSTRAINT uq_partnerships_name UNIQUE (name),
        CONSTRAINT fk_partnerships_lead_board FOREIGN KEY (lead_board_id) REFERENCES boards (id)
    )",
    "CREATE TABLE partnership_regions (
        partnership_id {id} NOT NULL,
        region_id {id} NOT NULL,
        CONSTRAINT pk_partnership_regions PRIMARY KEY (partnership_id, region_id),
        CONSTRAINT fk_partnership_regions_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT fk_partnership_regions_region FOREIGN KEY (region_id) REFERENCES regions (id)
    )",
    "CREATE TABLE partnership_standings (
        partnership_id {id} NOT NULL,
        status text NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_partnership_standings PRIMARY KEY (partnership_id, valid_from),
        CONSTRAINT fk_partnership_standings_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT ck_partnership_standings_status CHECK (status IN ('aspirant', 'recognised')),
        CONSTRAINT ck_partnership_standings_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE TABLE institute_memberships (
        partnership_id {id} NOT NULL,
        institute_id {id} NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_institute_memberships PRIMARY KEY (partnership_id, institute_id, valid_from),
        CONSTRAINT fk_institute_memberships_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT fk_institute_memberships_institute FOREIGN KEY (institute_id) REFERENCES institutes (id),
        CONSTRAINT ck_institute_memberships_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE TABLE board_memberships (
        partnership_id {id} NOT NULL,
        board_id {id} NOT NULL,
        tier text NOT NULL,
        buddy_id {id},
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_board_memberships PRIMARY KEY (partnership_id, board_id, valid_from),
        CONSTRAINT fk_board_memberships_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT fk_board_memberships_board FOREIGN KEY (board_id) REFERENCES boards (id),
        CONSTRAINT fk_board_memberships_buddy FOREIGN KEY (buddy_id) REFERENCES boards (id),
        CONSTRAINT ck_board_memberships_tier CHECK (tier IN ('kern', 'schil')),
        CONSTRAINT ck_board_memberships_buddy CHECK (buddy_id IS NULL OR buddy_id <> board_id),
        CONSTRAINT ck_board_memberships_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE TABLE school_memberships (
        partnership_id {id} NOT NULL,
        school_id {id} NOT NULL,
        tier text NOT NULL,
        buddy_id {id},
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_school_memberships PRIMARY KEY (partnership_id, school_id, valid_from),
        CONSTRAINT fk_school_memberships_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT fk_school_memberships_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT fk_school_memberships_buddy FOREIGN KEY (buddy_id) REFERENCES schools (id),
        CONSTRAINT ck_school_memberships_tier CHECK (tier IN ('kern', 'schil')),
        CONSTRAINT ck_school_memberships_buddy CHECK (buddy_id IS NULL OR buddy_id <> school_id),
        CONSTRAINT ck_school_memberships_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE INDEX ix_school_memberships_school ON school_memberships (school_id)",
    "CREATE TABLE tier_conditions (
        partnership_id {id} NOT NULL,
        tier text NOT NULL,
        kind text NOT NULL,
        parameter integer,
        CONSTRAINT pk_tier_conditions PRIMARY KEY (partnership_id, tier, kind),
        CONSTRAINT fk_tier_conditions_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT ck_tier_conditions_tier CHECK (tier IN ('kern', 'schil')),
        CONSTRAINT ck_tier_conditions_kind CHECK (kind IN ('certified-school-trainer', 'trained-mentors', 'inspection-judgement',
            'minimum-places', 'guided-by-kern')),
        CONSTRAINT ck_tier_conditions_parameter CHECK (parameter IS NULL OR parameter >= 0)
    )",
    "CREATE TABLE evidence (
        school_id {id} NOT NULL,
        kind text NOT NULL,
        value text NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_evidence PRIMARY KEY (school_id, kind, valid_from),
        CONSTRAINT fk_evidence_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT ck_evidence_kind CHECK (kind IN ('inspection-judgement', 'trained-mentors')),
        CONSTRAINT ck_evidence_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE TABLE trainers (
        id {id} NOT NULL,
        number text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        board_id {id},
        institute_id {id},
        capacity integer,
        CONSTRAINT pk_trainers PRIMARY KEY (id),
        CONSTRAINT uq_trainers_number UNIQUE (number),
        CONSTRAINT fk_trainers_board FOREIGN KEY (board_id) REFERENCES boards (id),
        CONSTRAINT fk_trainers_institute FOREIGN KEY (institute_id) REFERENCES institutes (id),
        CONSTRAINT ck_trainers_kind CHECK (kind IN ('school', 'institute')),
        CONSTRAINT ck_trainers_employer CHECK ((board_id IS NULL) <> (institute_id IS NULL)),
        CONSTRAINT ck_trainers_capacity CHECK (capacity IS NULL OR capacity >= 0)
    )",
    "CREATE TABLE qualifications (
        trainer_id {id} NOT NULL,
        kind text NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_qualifications PRIMARY KEY (trainer_id, kind, valid_from),
        CONSTRAINT fk_qualifications_trainer FOREIGN KEY (trainer_id) REFERENCES trainers (id),
        CONSTRAINT ck_qualifications_kind CHECK (kind IN ('brlo', 'school-trainer-certificate', 'mentor-certificate')),
        CONSTRAINT ck_qualifications_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE TABLE trainer_schools (
        trainer_id {id} NOT NULL,
        school_id {id} NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_trainer_schools PRIMARY KEY (trainer_id, school_id, valid_from),
        CONSTRAINT fk_trainer_schools_trainer FOREIGN KEY (trainer_id) REFERENCES trainers (id),
        CONSTRAINT fk_trainer_schools_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT ck_trainer_schools_span CHECK (valid_to IS NULL OR valid_from < valid_to)
    )",
    "CREATE INDEX ix_trainer_schools_school ON trainer_schools (school_id)",
    "CREATE TABLE postcode_areas (
        area text NOT NULL,
        latitude integer NOT NULL,
        longitude integer NOT NULL,
        CONSTRAINT pk_postcode_areas PRIMARY KEY (area),
        CONSTRAINT ck_postcode_areas_area CHECK (length(area) = 4)
    )",
];

const DROP: &[&str] = &[
    "postcode_areas",
    "trainer_schools",
    "qualifications",
    "trainers",
    "evidence",
    "tier_conditions",
    "school_memberships",
    "board_memberships",
    "institute_memberships",
    "partnership_standings",
    "partnership_regions",
    "partnerships",
    "study_phases",
    "programmes",
    "institutes",
    "school_boards",
    "schools",
    "boards",
    "regions",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, DROP).await
    }
}
