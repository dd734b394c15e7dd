//! Allocation as a round: states with dates, who is waited for, rules and scenarios, what was fixed and announced, and
//! the changes afterwards.

use sea_orm_migration::prelude::*;

use crate::sql::{Check, change_check, drop_tables, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const STATE: Check = Check {
    table: "rounds",
    name: "ck_rounds_state",
    before: "state IN ('collecting', 'checking', 'fixed', 'published', 'closed')",
    after: "state IN ('collecting', 'offering', 'wishing', 'proposing', 'checking', 'fixed', 'published', 'changing', 'closed')",
};

const CHANGE_KIND: Check = Check {
    table: "board_changes",
    name: "ck_board_changes_kind",
    before: "kind IN ('proposal', 'place', 'release')",
    after: "kind IN ('proposal', 'place', 'release', 'swap', 'pin', 'exclude', 'leave-out', 'team', 'bulk', 'mutation')",
};

const UP: &[&str] = &[
    "ALTER TABLE rounds ADD COLUMN policy text",
    "CREATE TABLE round_dates (
        round_id {id} NOT NULL,
        state text NOT NULL,
        due_on date NOT NULL,
        CONSTRAINT pk_round_dates PRIMARY KEY (round_id, state),
        CONSTRAINT fk_round_dates_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT ck_round_dates_state CHECK (state IN ('collecting', 'offering', 'wishing', 'proposing', 'checking', 'fixed',
            'published', 'changing', 'closed'))
    )",
    "CREATE TABLE school_answers (
        round_id {id} NOT NULL,
        school_id {id} NOT NULL,
        answer text NOT NULL,
        asked_on date,
        reminded_on date,
        answered_on date,
        CONSTRAINT pk_school_answers PRIMARY KEY (round_id, school_id),
        CONSTRAINT fk_school_answers_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT fk_school_answers_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT ck_school_answers_answer CHECK (answer IN ('waiting', 'none'))
    )",
    "CREATE TABLE board_totals (
        round_id {id} NOT NULL,
        board_id {id} NOT NULL,
        period_id {id} NOT NULL,
        maximum integer NOT NULL,
        CONSTRAINT pk_board_totals PRIMARY KEY (round_id, board_id, period_id),
        CONSTRAINT fk_board_totals_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT fk_board_totals_board FOREIGN KEY (board_id) REFERENCES boards (id),
        CONSTRAINT fk_board_totals_period FOREIGN KEY (period_id) REFERENCES periods (id),
        CONSTRAINT ck_board_totals_maximum CHECK (maximum >= 0)
    )",
    "CREATE TABLE travel_times (
        from_area text NOT NULL,
        to_area text NOT NULL,
        mode text NOT NULL,
        minutes integer NOT NULL,
        CONSTRAINT pk_travel_times PRIMARY KEY (from_area, to_area, mode),
        CONSTRAINT ck_travel_times_mode CHECK (mode IN ('bicycle', 'car', 'transit')),
        CONSTRAINT ck_travel_times_minutes CHECK (minutes BETWEEN 0 AND 1440)
    )",
    "CREATE TABLE workplaces (
        student_id {id} NOT NULL,
        school_id {id} NOT NULL,
        CONSTRAINT pk_workplaces PRIMARY KEY (student_id),
        CONSTRAINT fk_workplaces_student FOREIGN KEY (student_id) REFERENCES students (id),
        CONSTRAINT fk_workplaces_school FOREIGN KEY (school_id) REFERENCES schools (id)
    )",
    "ALTER TABLE students ADD COLUMN email text",
    "ALTER TABLE students ADD COLUMN travel_mode text",
    "ALTER TABLE schools ADD COLUMN email text",
    "ALTER TABLE demands ADD COLUMN turn text NOT NULL DEFAULT 'takes-part'",
    "ALTER TABLE jobs ADD COLUMN subject_id {id}",
    "ALTER TABLE placements ADD COLUMN hold text NOT NULL DEFAULT 'free'",
    "ALTER TABLE placements ADD COLUMN broken text NOT NULL DEFAULT ''",
    "ALTER TABLE placements ADD COLUMN made_at {time}",
    "ALTER TABLE placements ADD COLUMN announced_at {time}",
    "ALTER TABLE placements ADD COLUMN ended_at {time}",
    "ALTER TABLE placements ADD COLUMN mutation_id {id}",
    "CREATE TABLE exclusions (
        demand_id {id} NOT NULL,
        school_id {id} NOT NULL,
        category text NOT NULL,
        made_at {time} NOT NULL,
        made_by {id},
        CONSTRAINT pk_exclusions PRIMARY KEY (demand_id, school_id),
        CONSTRAINT fk_exclusions_demand FOREIGN KEY (demand_id) REFERENCES demands (id),
        CONSTRAINT fk_exclusions_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT ck_exclusions_category CHECK (category IN ('school', 'student', 'family', 'trainer', 'other'))
    )",
    "CREATE TABLE teams (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        name text NOT NULL,
        CONSTRAINT pk_teams PRIMARY KEY (id),
        CONSTRAINT uq_teams_name UNIQUE (round_id, name),
        CONSTRAINT fk_teams_round FOREIGN KEY (round_id) REFERENCES rounds (id)
    )",
    "CREATE TABLE team_members (
        demand_id {id} NOT NULL,
        team_id {id} NOT NULL,
        CONSTRAINT pk_team_members PRIMARY KEY (demand_id),
        CONSTRAINT fk_team_members_demand FOREIGN KEY (demand_id) REFERENCES demands (id),
        CONSTRAINT fk_team_members_team FOREIGN KEY (team_id) REFERENCES teams (id)
    )",
    "CREATE INDEX ix_team_members_team ON team_members (team_id)",
    "CREATE TABLE scenarios (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        name text NOT NULL,
        rules text NOT NULL,
        changes text NOT NULL,
        made_at {time} NOT NULL,
        made_by {id},
        solved_at {time},
        input_hash text,
        result text,
        version integer NOT NULL,
        CONSTRAINT pk_scenarios PRIMARY KEY (id),
        CONSTRAINT uq_scenarios_name UNIQUE (round_id, name),
        CONSTRAINT fk_scenarios_round FOREIGN KEY (round_id) REFERENCES rounds (id)
    )",
    "CREATE TABLE snapshots (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        kind text NOT NULL,
        made_at {time} NOT NULL,
        made_by {id},
        hash text NOT NULL,
        content text NOT NULL,
        CONSTRAINT pk_snapshots PRIMARY KEY (id),
        CONSTRAINT fk_snapshots_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT ck_snapshots_kind CHECK (kind IN ('fixed', 'announced', 'mutation', 'closed'))
    )",
    "CREATE INDEX ix_snapshots_round ON snapshots (round_id, made_at)",
    "CREATE TABLE waves (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        ordinal integer NOT NULL,
        audience text NOT NULL,
        made_at {time} NOT NULL,
        made_by {id},
        mutation_id {id},
        CONSTRAINT pk_waves PRIMARY KEY (id),
        CONSTRAINT uq_waves_ordinal UNIQUE (round_id, ordinal),
        CONSTRAINT fk_waves_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT ck_waves_audience CHECK (audience IN ('schools', 'students', 'everybody'))
    )",
    "CREATE TABLE letters (
        id {id} NOT NULL,
        wave_id {id} NOT NULL,
        kind text NOT NULL,
        school_id {id},
        demand_id {id},
        placement_id {id},
        mail_id {id},
        CONSTRAINT pk_letters PRIMARY KEY (id),
        CONSTRAINT fk_letters_wave FOREIGN KEY (wave_id) REFERENCES waves (id),
        CONSTRAINT fk_letters_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT fk_letters_demand FOREIGN KEY (demand_id) REFERENCES demands (id),
        CONSTRAINT ck_letters_kind CHECK (kind IN ('school', 'placed', 'moved', 'ended')),
        CONSTRAINT ck_letters_recipient CHECK ((kind = 'school') = (demand_id IS NULL) AND (kind <> 'school' OR school_id IS NOT NULL))
    )",
    "CREATE INDEX ix_letters_wave ON letters (wave_id)",
    "CREATE TABLE mutations (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        kind text NOT NULL,
        state text NOT NULL,
        subject text NOT NULL,
        plan text,
        note text,
        made_at {time} NOT NULL,
        made_by {id},
        ended_at {time},
        version integer NOT NULL,
        CONSTRAINT pk_mutations PRIMARY KEY (id),
        CONSTRAINT fk_mutations_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT ck_mutations_kind CHECK (kind IN ('places-withdrawn', 'trainer-out', 'student-stopped', 'student-late',
            'student-refused', 'enrolment')),
        CONSTRAINT ck_mutations_state CHECK (state IN ('noted', 'planned', 'carried-out', 'cancelled'))
    )",
    "CREATE INDEX ix_mutations_round ON mutations (round_id, made_at)",
];

/// What older versions do not know becomes the nearest thing they do know.
const DOWN: &[&str] = &[
    "UPDATE rounds SET state = 'collecting' WHERE state IN ('offering', 'wishing', 'proposing')",
    "UPDATE rounds SET state = 'published' WHERE state = 'changing'",
    "DELETE FROM board_changes WHERE kind NOT IN ('proposal', 'place', 'release')",
    "ALTER TABLE rounds DROP COLUMN policy",
    "ALTER TABLE students DROP COLUMN email",
    "ALTER TABLE students DROP COLUMN travel_mode",
    "ALTER TABLE schools DROP COLUMN email",
    "ALTER TABLE demands DROP COLUMN turn",
    "ALTER TABLE jobs DROP COLUMN subject_id",
    "ALTER TABLE placements DROP COLUMN hold",
    "ALTER TABLE placements DROP COLUMN broken",
    "ALTER TABLE placements DROP COLUMN made_at",
    "ALTER TABLE placements DROP COLUMN announced_at",
    "ALTER TABLE placements DROP COLUMN ended_at",
    "ALTER TABLE placements DROP COLUMN mutation_id",
];

const DROP: &[&str] = &[
    "mutations",
    "letters",
    "waves",
    "snapshots",
    "scenarios",
    "team_members",
    "teams",
    "exclusions",
    "workplaces",
    "travel_times",
    "board_totals",
    "school_answers",
    "round_dates",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        change_check(manager, &STATE).await?;
        change_check(manager, &CHANGE_KIND).await?;
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await?;
        drop_tables(manager, DROP).await?;
        change_check(manager, &STATE.reversed()).await?;
        change_check(manager, &CHANGE_KIND.reversed()).await
    }
}
