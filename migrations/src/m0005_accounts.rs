//! Who may do what: roles, sign-in by several ways, tokens, a chained log, outgoing mail, settings, erased students.
//!
//! Sessions begin anew: everybody signs in once more. Who had an account could do everything, and keeps that.

use sea_orm_migration::prelude::*;

use crate::sql::{drop_tables, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &[&str] = &[
    "ALTER TABLE users ADD COLUMN state text NOT NULL DEFAULT 'active'",
    "ALTER TABLE users ADD COLUMN signed_in_at {time}",
    "CREATE TABLE role_grants (
        id {id} NOT NULL,
        user_id {id} NOT NULL,
        role text NOT NULL,
        scope_kind text NOT NULL,
        scope_id {id},
        valid_from date NOT NULL,
        valid_to date,
        CONSTRAINT pk_role_grants PRIMARY KEY (id),
        CONSTRAINT fk_role_grants_user FOREIGN KEY (user_id) REFERENCES users (id),
        CONSTRAINT ck_role_grants_role CHECK (role IN ('administrator', 'region-coordinator', 'partnership-coordinator',
            'institute-staff', 'school-trainer', 'board-member', 'panel-member', 'panel-chair', 'panel-secretary', 'reader')),
        CONSTRAINT ck_role_grants_scope CHECK (scope_kind IN ('all', 'region', 'partnership', 'institute', 'school', 'trainer',
            'board', 'review') AND ((scope_kind = 'all') = (scope_id IS NULL))),
        CONSTRAINT ck_role_grants_span CHECK (valid_to IS NULL OR valid_from <= valid_to)
    )",
    "CREATE INDEX ix_role_grants_user ON role_grants (user_id)",
    "DROP TABLE sessions",
    "CREATE TABLE sessions (
        id {id} NOT NULL,
        token_hash text NOT NULL,
        user_id {id} NOT NULL,
        csrf_token text NOT NULL,
        stage text NOT NULL,
        method text NOT NULL,
        browser text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        created_at {time} NOT NULL,
        seen_at {time} NOT NULL,
        expires_at {time} NOT NULL,
        CONSTRAINT pk_sessions PRIMARY KEY (id),
        CONSTRAINT uq_sessions_token UNIQUE (token_hash),
        CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (id),
        CONSTRAINT ck_sessions_stage CHECK (stage IN ('open', 'second-factor'))
    )",
    "CREATE INDEX ix_sessions_user ON sessions (user_id)",
    "CREATE TABLE logins (
        provider text NOT NULL,
        subject text NOT NULL,
        user_id {id} NOT NULL,
        organisation text,
        linked_at {time} NOT NULL,
        used_at {time},
        CONSTRAINT pk_logins PRIMARY KEY (provider, subject),
        CONSTRAINT fk_logins_user FOREIGN KEY (user_id) REFERENCES users (id)
    )",
    "CREATE INDEX ix_logins_user ON logins (user_id)",
    "CREATE TABLE oidc_flows (
        state_hash text NOT NULL,
        browser_hash text NOT NULL,
        provider text NOT NULL,
        nonce text NOT NULL,
        verifier text NOT NULL,
        return_to text NOT NULL,
        user_id {id},
        invitation_hash text,
        expires_at {time} NOT NULL,
        CONSTRAINT pk_oidc_flows PRIMARY KEY (state_hash)
    )",
    "CREATE TABLE second_factors (
        user_id {id} NOT NULL,
        secret text NOT NULL,
        last_step bigint,
        confirmed_at {time},
        failures integer NOT NULL DEFAULT 0,
        CONSTRAINT pk_second_factors PRIMARY KEY (user_id),
        CONSTRAINT fk_second_factors_user FOREIGN KEY (user_id) REFERENCES users (id)
    )",
    "CREATE TABLE recovery_codes (
        user_id {id} NOT NULL,
        code_hash text NOT NULL,
        used_at {time},
        CONSTRAINT pk_recovery_codes PRIMARY KEY (user_id, code_hash),
        CONSTRAINT fk_recovery_codes_user FOREIGN KEY (user_id) REFERENCES users (id)
    )",
    "CREATE TABLE known_devices (
        token_hash text NOT NULL,
        user_id {id} NOT NULL,
        created_at {time} NOT NULL,
        CONSTRAINT pk_known_devices PRIMARY KEY (token_hash),
        CONSTRAINT fk_known_devices_user FOREIGN KEY (user_id) REFERENCES users (id)
    )",
    "CREATE TABLE account_links (
        token_hash text NOT NULL,
        user_id {id} NOT NULL,
        purpose text NOT NULL,
        created_at {time} NOT NULL,
        expires_at {time} NOT NULL,
        used_at {time},
        CONSTRAINT pk_account_links PRIMARY KEY (token_hash),
        CONSTRAINT fk_account_links_user FOREIGN KEY (user_id) REFERENCES users (id),
        CONSTRAINT ck_account_links_purpose CHECK (purpose IN ('invitation', 'reset'))
    )",
    "CREATE INDEX ix_account_links_user ON account_links (user_id)",
    "CREATE TABLE api_tokens (
        id {id} NOT NULL,
        user_id {id} NOT NULL,
        name text NOT NULL,
        token_hash text NOT NULL,
        scope text NOT NULL,
        created_at {time} NOT NULL,
        expires_at {time} NOT NULL,
        used_at {time},
        revoked_at {time},
        CONSTRAINT pk_api_tokens PRIMARY KEY (id),
        CONSTRAINT uq_api_tokens_hash UNIQUE (token_hash),
        CONSTRAINT fk_api_tokens_user FOREIGN KEY (user_id) REFERENCES users (id),
        CONSTRAINT ck_api_tokens_scope CHECK (scope IN ('figures', 'read', 'change'))
    )",
    "CREATE INDEX ix_api_tokens_user ON api_tokens (user_id)",
    "CREATE TABLE audit_log (
        seq bigint NOT NULL,
        id {id} NOT NULL,
        at {time} NOT NULL,
        user_id {id},
        role text,
        kind text NOT NULL,
        subject text NOT NULL,
        before text,
        after text,
        request_id {id},
        previous text NOT NULL,
        hash text NOT NULL,
        CONSTRAINT pk_audit_log PRIMARY KEY (seq),
        CONSTRAINT uq_audit_log_id UNIQUE (id)
    )",
    "CREATE INDEX ix_audit_log_at ON audit_log (at)",
    "CREATE INDEX ix_audit_log_user ON audit_log (user_id)",
    "CREATE TABLE audit_head (
        id integer NOT NULL,
        seq bigint NOT NULL,
        hash text NOT NULL,
        base_seq bigint NOT NULL,
        base_hash text NOT NULL,
        CONSTRAINT pk_audit_head PRIMARY KEY (id),
        CONSTRAINT ck_audit_head_one CHECK (id = 1)
    )",
    "INSERT INTO audit_head (id, seq, hash, base_seq, base_hash) VALUES (1, 0, '', 0, '')",
    "CREATE TABLE mails (
        id {id} NOT NULL,
        kind text NOT NULL,
        to_address text NOT NULL,
        to_name text NOT NULL,
        subject text NOT NULL,
        body text NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        reason text NOT NULL,
        created_at {time} NOT NULL,
        next_at {time} NOT NULL,
        claimed_at {time},
        ended_at {time},
        CONSTRAINT pk_mails PRIMARY KEY (id),
        CONSTRAINT ck_mails_state CHECK (state IN ('queued', 'sending', 'sent', 'refused', 'unknown'))
    )",
    "CREATE INDEX ix_mails_state ON mails (state, next_at)",
    "CREATE TABLE settings (
        name text NOT NULL,
        value text NOT NULL,
        CONSTRAINT pk_settings PRIMARY KEY (name)
    )",
    "CREATE TABLE erasures (
        student_id {id} NOT NULL,
        erased_at {time} NOT NULL,
        ground text NOT NULL,
        CONSTRAINT pk_erasures PRIMARY KEY (student_id),
        CONSTRAINT fk_erasures_student FOREIGN KEY (student_id) REFERENCES students (id),
        CONSTRAINT ck_erasures_ground CHECK (ground IN ('request', 'retention'))
    )",
];

/// The log as it was goes into the new one; the store chains it when it opens the database. Nothing of it is lost.
const OLD_LOG: &[&str] = &[
    "INSERT INTO audit_log (seq, id, at, user_id, role, kind, subject, before, after, request_id, previous, hash)
     SELECT row_number() OVER (ORDER BY at, id), id, at, user_id, NULL, kind, subject, NULL, detail, NULL, '', '' FROM audit_events",
    "DROP TABLE audit_events",
];

const DOWN: &[&str] = &[
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
    "INSERT INTO audit_events (id, at, user_id, kind, subject, detail)
     SELECT id, at, user_id, kind, subject, COALESCE(after, '{}') FROM audit_log",
    "DROP TABLE sessions",
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
    "ALTER TABLE users DROP COLUMN signed_in_at",
    "ALTER TABLE users DROP COLUMN state",
];

const DROP: &[&str] = &[
    "erasures",
    "settings",
    "mails",
    "audit_head",
    "audit_log",
    "api_tokens",
    "account_links",
    "known_devices",
    "recovery_codes",
    "second_factors",
    "oidc_flows",
    "logins",
    "role_grants",
];

/// Who had an account may do what every account could do until now.
fn keep_rights(random_id: &str) -> Vec<String> {
    ["administrator", "region-coordinator"]
        .map(|role| {
            format!(
                "INSERT INTO role_grants (id, user_id, role, scope_kind, scope_id, valid_from, valid_to)
                 SELECT {random_id}, id, '{role}', 'all', NULL, '2026-01-01', NULL FROM users"
            )
        })
        .to_vec()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        run(manager, OLD_LOG).await?;
        let random_id = match manager.get_database_backend() {
            sea_orm_migration::sea_orm::DatabaseBackend::Postgres => "gen_random_uuid()",
            _ => "randomblob(16)",
        };
        let keep = keep_rights(random_id);
        run(manager, &keep.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await?;
        drop_tables(manager, DROP).await
    }
}
