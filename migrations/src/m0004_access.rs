//! Who signs in and what was done: users, sessions, audit, jobs, imports.

use sea_orm_migration::prelude::*;

use crate::sql::{drop_tables, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "CREATE TABLE users (
        id {id} NOT NULL,
        email text NOT NULL,
        name text NOT NULL,
        password_hash text NOT NULL,
        created_at {time} NOT NULL,
        CONSTRAINT pk_users PRIMARY KEY (id),
        CONSTRAINT uq_users_email UNIQUE (email)
    )",
    "CREATE TABLE sessions (
        token_hash text NOT NULL,
        user_id {id} NOT NULL,
        csrf_token text NOT NULL,
        created_at {time} NOT NULL,
        seen_at {time} NOT NULL,
        expires_at {time} NOT NULL,
        CONSTRAINT pk_sessions PRIMARY KEY (token_hash),
        CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (id)
    )",
    "CREATE INDEX ix_sessions_user ON sessions (user_id)",
    "CREATE TABLE audit_events (
        id {id} NOT NULL,
        at {time} NOT NULL,
        user_id {id},
        kind text NOT NULL,
        subject text NOT NULL,
        detail text NOT NULL,
        CONSTRAINT pk_audit_events PRIMARY KEY (id)
    )",
    "CREATE INDEX ix_audit_events_at ON audit_events (at)",
    "CREATE TABLE imports (
        id {id} NOT NULL,
        kind text NOT NULL,
        file_name text NOT NULL,
        file_hash text NOT NULL,
        made_at {time} NOT NULL,
        made_by {id},
        result text NOT NULL,
        CONSTRAINT pk_imports PRIMARY KEY (id)
    )",
    "CREATE TABLE jobs (
        id {id} NOT NULL,
        kind text NOT NULL,
        round_id {id},
        state text NOT NULL,
        done integer NOT NULL,
        total integer NOT NULL,
        message text NOT NULL,
        cancel_asked integer NOT NULL,
        created_at {time} NOT NULL,
        created_by {id},
        seen_at {time} NOT NULL,
        ended_at {time},
        CONSTRAINT pk_jobs PRIMARY KEY (id),
        CONSTRAINT fk_jobs_round FOREIGN KEY (round_id) REFERENCES rounds (id),
        CONSTRAINT ck_jobs_state CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
        CONSTRAINT ck_jobs_progress CHECK (0 <= done AND done <= total),
        CONSTRAINT ck_jobs_cancel CHECK (cancel_asked IN (0, 1))
    )",
    "CREATE INDEX ix_jobs_state ON jobs (state, created_at)",
];

const DROP: &[&str] = &["jobs", "imports", "audit_events", "sessions", "users"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, DROP).await
    }
}
