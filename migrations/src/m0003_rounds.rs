//! Rounds: periods, offers, demand, wishes, runs, placements, hand-made changes.

use sea_orm_migration::prelude::*;

use crate::sql::{drop_tables, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "CREATE TABLE rounds (
        id {id} NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        school_year integer NOT NULL,
        state text NOT NULL,
        travel_limit integer,
        outside_guidance integer,
        max_wishes integer NOT NULL,
        seed bigint NOT NULL,
        version integer NOT NULL,
        CONSTRAINT pk_rounds PRIMARY KEY (id),
        CONSTRAINT uq_rounds_slug UNIQUE (slug),
        CONSTRAINT uq_rounds_name UNIQUE (name),
        CONSTRAINT ck_rounds_state CHECK (state IN ('collecting', 'checking', 'fixed', 'published', 'closed')),
        CONSTRAINT ck_rounds_travel_limit CHECK (travel_limit IS NULL OR travel_limit BETWEEN 0 AND 600),
        CONSTRAINT ck_rounds_outside_guidance CHECK (outside_guidance IS NULL OR outside_guidance >= 0),
        CONSTRAINT ck_rounds_max_wishes CHECK (max_wishes BETWEEN 0 AND 5)
    )",
    "CREATE TABLE round_partnerships (
        round_id {id} NOT NULL,
        partnership_id {id} NOT NULL,
        CONSTRAINT pk_round_partnerships PRIMARY KEY (round_id, partnership_id),
        CONSTRAINT fk_round_partnerships_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT fk_round_partnerships_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id)
    )",
    "CREATE TABLE periods (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        name text NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        CONSTRAINT pk_periods PRIMARY KEY (id),
        CONSTRAINT uq_periods_name UNIQUE (round_id, name),
        CONSTRAINT fk_periods_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT ck_periods_order CHECK (starts_on <= ends_on)
    )",
    "CREATE TABLE offers (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        school_id {id} NOT NULL,
        period_id {id} NOT NULL,
        phases text NOT NULL,
        groups integer NOT NULL,
        weekdays integer NOT NULL,
        count integer NOT NULL,
        used integer NOT NULL,
        CONSTRAINT pk_offers PRIMARY KEY (id),
        CONSTRAINT uq_offers_place UNIQUE (round_id, school_id, period_id, phases, groups, weekdays),
        CONSTRAINT fk_offers_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT fk_offers_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT fk_offers_period FOREIGN KEY (period_id) REFERENCES periods (id),
        CONSTRAINT ck_offers_groups CHECK (groups BETWEEN 1 AND 255),
        CONSTRAINT ck_offers_weekdays CHECK (weekdays BETWEEN 0 AND 31),
        CONSTRAINT ck_offers_used CHECK (0 <= used AND used <= count)
    )",
    "CREATE TABLE school_totals (
        round_id {id} NOT NULL,
        school_id {id} NOT NULL,
        period_id {id} NOT NULL,
        maximum integer NOT NULL,
        CONSTRAINT pk_school_totals PRIMARY KEY (round_id, school_id, period_id),
        CONSTRAINT fk_school_totals_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT fk_school_totals_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT fk_school_totals_period FOREIGN KEY (period_id) REFERENCES periods (id),
        CONSTRAINT ck_school_totals_maximum CHECK (maximum >= 0)
    )",
    "CREATE TABLE demands (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        student_id {id} NOT NULL,
        period_id {id} NOT NULL,
        phase_id {id} NOT NULL,
        groups integer NOT NULL,
        weekdays integer NOT NULL,
        need text NOT NULL,
        partnership_id {id},
        CONSTRAINT pk_demands PRIMARY KEY (id),
        CONSTRAINT uq_demands_period UNIQUE (student_id, period_id),
        CONSTRAINT fk_demands_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT fk_demands_student FOREIGN KEY (student_id) REFERENCES students (id),
        CONSTRAINT fk_demands_period FOREIGN KEY (period_id) REFERENCES periods (id),
        CONSTRAINT fk_demands_phase FOREIGN KEY (phase_id) REFERENCES study_phases (id),
        CONSTRAINT fk_demands_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT ck_demands_groups CHECK (groups BETWEEN 1 AND 255),
        CONSTRAINT ck_demands_weekdays CHECK (weekdays BETWEEN 0 AND 31),
        CONSTRAINT ck_demands_need CHECK (need IN ('required', 'not-required'))
    )",
    "CREATE INDEX ix_demands_round ON demands (round_id)",
    "CREATE TABLE wishes (
        demand_id {id} NOT NULL,
        rank integer NOT NULL,
        school_id {id},
        board_id {id},
        CONSTRAINT pk_wishes PRIMARY KEY (demand_id, rank),
        CONSTRAINT fk_wishes_demand FOREIGN KEY (demand_id) REFERENCES demands (id),
        CONSTRAINT fk_wishes_school FOREIGN KEY (school_id) REFERENCES schools (id),
        CONSTRAINT fk_wishes_board FOREIGN KEY (board_id) REFERENCES boards (id),
        CONSTRAINT ck_wishes_rank CHECK (rank BETWEEN 1 AND 5),
        CONSTRAINT ck_wishes_target CHECK ((school_id IS NULL) <> (board_id IS NULL))
    )",
    "CREATE TABLE allocation_runs (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        made_at {time} NOT NULL,
        made_by {id},
        engine_version text NOT NULL,
        input_hash text NOT NULL,
        rules text NOT NULL,
        result text NOT NULL,
        CONSTRAINT pk_allocation_runs PRIMARY KEY (id),
        CONSTRAINT fk_allocation_runs_round FOREIGN KEY (round_id) REFERENCES rounds (id)
    )",
    "CREATE INDEX ix_allocation_runs_round ON allocation_runs (round_id, made_at)",
    "CREATE TABLE placements (
        id {id} NOT NULL,
        demand_id {id} NOT NULL,
        offer_id {id} NOT NULL,
        standing text NOT NULL,
        status text NOT NULL,
        source text NOT NULL,
        run_id {id},
        trainer_id {id},
        guidance text,
        reason text,
        version integer NOT NULL,
        CONSTRAINT pk_placements PRIMARY KEY (id),
        CONSTRAINT fk_placements_demand FOREIGN KEY (demand_id) REFERENCES demands (id),
        CONSTRAINT fk_placements_offer FOREIGN KEY (offer_id) REFERENCES offers (id),
        CONSTRAINT fk_placements_run FOREIGN KEY (run_id) REFERENCES allocation_runs (id),
        CONSTRAINT fk_placements_trainer FOREIGN KEY (trainer_id) REFERENCES trainers (id),
        CONSTRAINT ck_placements_standing CHECK (standing IN ('kern', 'schil', 'schil-unmet', 'outside')),
        CONSTRAINT ck_placements_status CHECK (status IN ('proposed', 'fixed', 'announced', 'withdrawn')),
        CONSTRAINT ck_placements_source CHECK (source IN ('run', 'hand', 'import')),
        CONSTRAINT ck_placements_guidance CHECK (guidance IS NULL OR guidance IN ('extra', 'none')),
        CONSTRAINT ck_placements_outside CHECK ((standing = 'outside') = (guidance IS NOT NULL))
    )",
    "CREATE UNIQUE INDEX uq_placements_live ON placements (demand_id) WHERE status <> 'withdrawn'",
    "CREATE INDEX ix_placements_demand ON placements (demand_id)",
    "CREATE INDEX ix_placements_offer ON placements (offer_id)",
    "CREATE TABLE board_changes (
        id {id} NOT NULL,
        round_id {id} NOT NULL,
        made_at {time} NOT NULL,
        made_by {id},
        kind text NOT NULL,
        steps text NOT NULL,
        undone_at {time},
        CONSTRAINT pk_board_changes PRIMARY KEY (id),
        CONSTRAINT fk_board_changes_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT ck_board_changes_kind CHECK (kind IN ('proposal', 'place', 'release'))
    )",
    "CREATE INDEX ix_board_changes_round ON board_changes (round_id, made_at)",
];

const DROP: &[&str] = &[
    "board_changes",
    "placements",
    "allocation_runs",
    "wishes",
    "demands",
    "school_totals",
    "offers",
    "periods",
    "round_partnerships",
    "rounds",
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
