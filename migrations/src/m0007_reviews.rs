//! Peer reviews: frameworks, reviews with their phases and people, reflections, findings, reports and follow-up.

use sea_orm_migration::prelude::*;

use crate::sql::{Check, change_check, drop_tables, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const ROLE: Check = Check {
    table: "role_grants",
    name: "ck_role_grants_role",
    before: "role IN ('administrator', 'region-coordinator', 'partnership-coordinator',
            'institute-staff', 'school-trainer', 'board-member', 'panel-member', 'panel-chair', 'panel-secretary', 'reader')",
    after: "role IN ('administrator', 'region-coordinator', 'partnership-coordinator',
            'institute-staff', 'school-trainer', 'board-member', 'panel-member', 'panel-chair', 'panel-secretary',
            'reflection-author', 'observer', 'reader')",
};

const UP: &[&str] = &[
    "CREATE TABLE frameworks (
        id {id} NOT NULL,
        slug text NOT NULL,
        content text NOT NULL,
        hash text NOT NULL,
        published_at {time},
        made_at {time} NOT NULL,
        made_by {id},
        version integer NOT NULL,
        CONSTRAINT pk_frameworks PRIMARY KEY (id),
        CONSTRAINT uq_frameworks_slug UNIQUE (slug)
    )",
    "CREATE TABLE step_templates (
        kind text NOT NULL,
        ordinal integer NOT NULL,
        phase text NOT NULL,
        name text NOT NULL,
        days integer NOT NULL,
        waits_for text NOT NULL,
        CONSTRAINT pk_step_templates PRIMARY KEY (kind, ordinal),
        CONSTRAINT ck_step_templates_kind CHECK (kind IN ('developmental', 'judging')),
        CONSTRAINT ck_step_templates_phase CHECK (phase IN ('preparing', 'conducting', 'concluding')),
        CONSTRAINT ck_step_templates_waits_for CHECK (waits_for IN ('receiver', 'panel', 'chair', 'secretary', 'everybody'))
    )",
    "CREATE TABLE reviews (
        id {id} NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        partnership_id {id},
        region_id {id},
        framework_id {id} NOT NULL,
        state text NOT NULL,
        visit_on date,
        held_on date,
        due_on date,
        reflected_at {time},
        opened_at {time},
        outcome text,
        respond_by date,
        report_year integer,
        published_at {time},
        previous_id {id},
        made_at {time} NOT NULL,
        made_by {id},
        version integer NOT NULL,
        CONSTRAINT pk_reviews PRIMARY KEY (id),
        CONSTRAINT uq_reviews_slug UNIQUE (slug),
        CONSTRAINT fk_reviews_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT fk_reviews_region FOREIGN KEY (region_id) REFERENCES regions (id),
        CONSTRAINT fk_reviews_framework FOREIGN KEY (framework_id) REFERENCES frameworks (id),
        CONSTRAINT fk_reviews_previous FOREIGN KEY (previous_id) REFERENCES reviews (id),
        CONSTRAINT ck_reviews_kind CHECK (kind IN ('developmental', 'judging')),
        CONSTRAINT ck_reviews_receiver CHECK ((partnership_id IS NULL) <> (region_id IS NULL)),
        CONSTRAINT ck_reviews_outcome CHECK (outcome IS NULL OR kind = 'judging'),
        CONSTRAINT ck_reviews_state CHECK (state IN ('planned', 'preparing', 'conducting', 'concluding', 'closed', 'cancelled'))
    )",
    "CREATE TABLE review_years (
        review_id {id} NOT NULL,
        year integer NOT NULL,
        source text NOT NULL,
        CONSTRAINT pk_review_years PRIMARY KEY (review_id, year, source),
        CONSTRAINT fk_review_years_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT ck_review_years_year CHECK (year BETWEEN 2000 AND 2100)
    )",
    "CREATE TABLE review_steps (
        review_id {id} NOT NULL,
        ordinal integer NOT NULL,
        phase text NOT NULL,
        name text NOT NULL,
        days integer NOT NULL,
        waits_for text NOT NULL,
        own_date date,
        done_on date,
        done_by {id},
        CONSTRAINT pk_review_steps PRIMARY KEY (review_id, ordinal),
        CONSTRAINT fk_review_steps_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT ck_review_steps_phase CHECK (phase IN ('preparing', 'conducting', 'concluding')),
        CONSTRAINT ck_review_steps_waits_for CHECK (waits_for IN ('receiver', 'panel', 'chair', 'secretary', 'everybody'))
    )",
    "CREATE TABLE review_moves (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        event text NOT NULL,
        from_state text NOT NULL,
        to_state text NOT NULL,
        at {time} NOT NULL,
        made_by {id},
        reason text,
        CONSTRAINT pk_review_moves PRIMARY KEY (id),
        CONSTRAINT fk_review_moves_review FOREIGN KEY (review_id) REFERENCES reviews (id)
    )",
    "CREATE INDEX ix_review_moves_review ON review_moves (review_id, at)",
    "CREATE TABLE peers (
        id {id} NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        region_id {id} NOT NULL,
        partnership_id {id},
        board_id {id},
        institute_id {id},
        former text NOT NULL,
        trained_on date,
        ended_on date,
        version integer NOT NULL,
        CONSTRAINT pk_peers PRIMARY KEY (id),
        CONSTRAINT uq_peers_email UNIQUE (email),
        CONSTRAINT fk_peers_region FOREIGN KEY (region_id) REFERENCES regions (id),
        CONSTRAINT fk_peers_partnership FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
        CONSTRAINT fk_peers_board FOREIGN KEY (board_id) REFERENCES boards (id),
        CONSTRAINT fk_peers_institute FOREIGN KEY (institute_id) REFERENCES institutes (id)
    )",
    "CREATE TABLE peer_visits (
        peer_id {id} NOT NULL,
        visited_on date NOT NULL,
        label text NOT NULL,
        review_id {id},
        region_id {id},
        CONSTRAINT pk_peer_visits PRIMARY KEY (peer_id, visited_on),
        CONSTRAINT fk_peer_visits_peer FOREIGN KEY (peer_id) REFERENCES peers (id),
        CONSTRAINT fk_peer_visits_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT fk_peer_visits_region FOREIGN KEY (region_id) REFERENCES regions (id)
    )",
    "CREATE TABLE review_members (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        role text NOT NULL,
        peer_id {id},
        user_id {id},
        grant_id {id},
        name text NOT NULL,
        email text NOT NULL,
        invited_at {time},
        answer text,
        answered_at {time},
        version integer NOT NULL,
        CONSTRAINT pk_review_members PRIMARY KEY (id),
        CONSTRAINT uq_review_members_email UNIQUE (review_id, email),
        CONSTRAINT fk_review_members_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT fk_review_members_peer FOREIGN KEY (peer_id) REFERENCES peers (id),
        CONSTRAINT fk_review_members_user FOREIGN KEY (user_id) REFERENCES users (id),
        CONSTRAINT fk_review_members_grant FOREIGN KEY (grant_id) REFERENCES role_grants (id),
        CONSTRAINT ck_review_members_role CHECK (role IN ('author', 'member', 'chair', 'secretary', 'observer')),
        CONSTRAINT ck_review_members_answer CHECK (answer IS NULL OR answer IN ('agreed', 'declined'))
    )",
    "CREATE TABLE panel_verdicts (
        review_id {id} NOT NULL,
        peer_id {id} NOT NULL,
        verdict text NOT NULL,
        reason text NOT NULL,
        made_at {time} NOT NULL,
        made_by {id},
        CONSTRAINT pk_panel_verdicts PRIMARY KEY (review_id, peer_id),
        CONSTRAINT fk_panel_verdicts_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT fk_panel_verdicts_peer FOREIGN KEY (peer_id) REFERENCES peers (id),
        CONSTRAINT ck_panel_verdicts_verdict CHECK (verdict IN ('conflict', 'no-conflict'))
    )",
    "CREATE TABLE poll_days (
        review_id {id} NOT NULL,
        day date NOT NULL,
        CONSTRAINT pk_poll_days PRIMARY KEY (review_id, day),
        CONSTRAINT fk_poll_days_review FOREIGN KEY (review_id) REFERENCES reviews (id)
    )",
    "CREATE TABLE poll_answers (
        member_id {id} NOT NULL,
        day date NOT NULL,
        availability text NOT NULL,
        CONSTRAINT pk_poll_answers PRIMARY KEY (member_id, day),
        CONSTRAINT fk_poll_answers_member FOREIGN KEY (member_id) REFERENCES review_members (id),
        CONSTRAINT ck_poll_answers_availability CHECK (availability IN ('yes', 'if-needed', 'no'))
    )",
    "CREATE TABLE review_texts (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        safeguard text NOT NULL,
        criterion text NOT NULL,
        body text NOT NULL,
        changed_at {time} NOT NULL,
        changed_by {id},
        version integer NOT NULL,
        CONSTRAINT pk_review_texts PRIMARY KEY (id),
        CONSTRAINT uq_review_texts_part UNIQUE (review_id, safeguard, criterion),
        CONSTRAINT fk_review_texts_review FOREIGN KEY (review_id) REFERENCES reviews (id)
    )",
    "CREATE TABLE review_text_versions (
        text_id {id} NOT NULL,
        number integer NOT NULL,
        body text NOT NULL,
        at {time} NOT NULL,
        made_by {id},
        cause text NOT NULL,
        CONSTRAINT pk_review_text_versions PRIMARY KEY (text_id, number),
        CONSTRAINT fk_review_text_versions_text FOREIGN KEY (text_id) REFERENCES review_texts (id),
        CONSTRAINT ck_review_text_versions_cause CHECK (cause IN ('saved', 'restored', 'aside', 'carried'))
    )",
    "CREATE TABLE reflection_moves (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        event text NOT NULL,
        at {time} NOT NULL,
        made_by {id},
        reason text,
        CONSTRAINT pk_reflection_moves PRIMARY KEY (id),
        CONSTRAINT fk_reflection_moves_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT ck_reflection_moves_event CHECK (event IN ('handed-in', 'taken-back'))
    )",
    "CREATE INDEX ix_reflection_moves_review ON reflection_moves (review_id, at)",
    "CREATE TABLE review_evidence (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        title text NOT NULL,
        kind text NOT NULL,
        removed_at {time},
        version integer NOT NULL,
        CONSTRAINT pk_review_evidence PRIMARY KEY (id),
        CONSTRAINT fk_review_evidence_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT ck_review_evidence_kind CHECK (kind IN ('file', 'link'))
    )",
    "CREATE INDEX ix_review_evidence_review ON review_evidence (review_id)",
    "CREATE TABLE review_evidence_versions (
        evidence_id {id} NOT NULL,
        number integer NOT NULL,
        name text NOT NULL,
        media_type text NOT NULL,
        size bigint NOT NULL,
        hash text NOT NULL,
        at {time} NOT NULL,
        made_by {id},
        CONSTRAINT pk_review_evidence_versions PRIMARY KEY (evidence_id, number),
        CONSTRAINT fk_review_evidence_versions_evidence FOREIGN KEY (evidence_id) REFERENCES review_evidence (id),
        CONSTRAINT ck_review_evidence_versions_size CHECK (size >= 0)
    )",
    "CREATE TABLE review_files (
        evidence_id {id} NOT NULL,
        number integer NOT NULL,
        bytes {bytes} NOT NULL,
        CONSTRAINT pk_review_files PRIMARY KEY (evidence_id, number),
        CONSTRAINT fk_review_files_version FOREIGN KEY (evidence_id, number) REFERENCES review_evidence_versions (evidence_id, number)
    )",
    "CREATE TABLE review_evidence_uses (
        evidence_id {id} NOT NULL,
        safeguard text NOT NULL,
        criterion text NOT NULL,
        CONSTRAINT pk_review_evidence_uses PRIMARY KEY (evidence_id, safeguard, criterion),
        CONSTRAINT fk_review_evidence_uses_evidence FOREIGN KEY (evidence_id) REFERENCES review_evidence (id)
    )",
    "CREATE TABLE review_figures (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        safeguard text NOT NULL,
        criterion text NOT NULL,
        label text NOT NULL,
        value text NOT NULL,
        source text NOT NULL,
        as_of date NOT NULL,
        made_by {id},
        removed_at {time},
        CONSTRAINT pk_review_figures PRIMARY KEY (id),
        CONSTRAINT fk_review_figures_review FOREIGN KEY (review_id) REFERENCES reviews (id)
    )",
    "CREATE INDEX ix_review_figures_review ON review_figures (review_id)",
    "CREATE TABLE development_questions (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        ordinal integer NOT NULL,
        text text NOT NULL,
        safeguard text,
        criterion text,
        version integer NOT NULL,
        CONSTRAINT pk_development_questions PRIMARY KEY (id),
        CONSTRAINT fk_development_questions_review FOREIGN KEY (review_id) REFERENCES reviews (id)
    )",
    "CREATE INDEX ix_development_questions_review ON development_questions (review_id)",
    "CREATE TABLE programme_items (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        starts_at integer NOT NULL,
        ends_at integer NOT NULL,
        title text NOT NULL,
        room text NOT NULL,
        audience text NOT NULL,
        members text NOT NULL,
        version integer NOT NULL,
        CONSTRAINT pk_programme_items PRIMARY KEY (id),
        CONSTRAINT fk_programme_items_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT ck_programme_items_times CHECK (starts_at >= 0 AND starts_at < ends_at AND ends_at <= 1440)
    )",
    "CREATE INDEX ix_programme_items_review ON programme_items (review_id)",
    "CREATE TABLE day_notes (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        member_id {id} NOT NULL,
        item_id {id},
        body text NOT NULL,
        written_at {time} NOT NULL,
        version integer NOT NULL,
        CONSTRAINT pk_day_notes PRIMARY KEY (id),
        CONSTRAINT fk_day_notes_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT fk_day_notes_member FOREIGN KEY (member_id) REFERENCES review_members (id)
    )",
    "CREATE INDEX ix_day_notes_member ON day_notes (member_id)",
    "CREATE TABLE findings (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        member_id {id} NOT NULL,
        kind text NOT NULL,
        safeguard text NOT NULL,
        criterion text NOT NULL,
        text text NOT NULL,
        evidence text NOT NULL,
        changed_at {time} NOT NULL,
        version integer NOT NULL,
        CONSTRAINT pk_findings PRIMARY KEY (id),
        CONSTRAINT fk_findings_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT fk_findings_member FOREIGN KEY (member_id) REFERENCES review_members (id),
        CONSTRAINT ck_findings_kind CHECK (kind IN ('strength', 'development', 'question', 'good-practice'))
    )",
    "CREATE INDEX ix_findings_review ON findings (review_id)",
    "CREATE TABLE hand_ins (
        member_id {id} NOT NULL,
        review_id {id} NOT NULL,
        at {time} NOT NULL,
        salt text NOT NULL,
        hash text NOT NULL,
        CONSTRAINT pk_hand_ins PRIMARY KEY (member_id),
        CONSTRAINT fk_hand_ins_member FOREIGN KEY (member_id) REFERENCES review_members (id),
        CONSTRAINT fk_hand_ins_review FOREIGN KEY (review_id) REFERENCES reviews (id)
    )",
    "CREATE TABLE joint_findings (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        kind text NOT NULL,
        safeguard text NOT NULL,
        criterion text NOT NULL,
        text text NOT NULL,
        sources text NOT NULL,
        made_by {id},
        removed_at {time},
        version integer NOT NULL,
        CONSTRAINT pk_joint_findings PRIMARY KEY (id),
        CONSTRAINT fk_joint_findings_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT ck_joint_findings_kind CHECK (kind IN ('strength', 'development', 'question', 'good-practice'))
    )",
    "CREATE INDEX ix_joint_findings_review ON joint_findings (review_id)",
    "CREATE TABLE dissents (
        joint_id {id} NOT NULL,
        member_id {id} NOT NULL,
        text text NOT NULL,
        at {time} NOT NULL,
        version integer NOT NULL,
        CONSTRAINT pk_dissents PRIMARY KEY (joint_id, member_id),
        CONSTRAINT fk_dissents_joint FOREIGN KEY (joint_id) REFERENCES joint_findings (id),
        CONSTRAINT fk_dissents_member FOREIGN KEY (member_id) REFERENCES review_members (id)
    )",
    "CREATE TABLE report_versions (
        review_id {id} NOT NULL,
        number integer NOT NULL,
        state text NOT NULL,
        content text NOT NULL,
        hash text NOT NULL,
        at {time} NOT NULL,
        made_by {id},
        CONSTRAINT pk_report_versions PRIMARY KEY (review_id, number),
        CONSTRAINT fk_report_versions_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT ck_report_versions_state CHECK (state IN ('concept', 'responding', 'final'))
    )",
    "CREATE TABLE report_comments (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        number integer NOT NULL,
        paragraph text NOT NULL,
        text text NOT NULL,
        made_by {id},
        at {time} NOT NULL,
        reply text,
        version integer NOT NULL,
        CONSTRAINT pk_report_comments PRIMARY KEY (id),
        CONSTRAINT fk_report_comments_version FOREIGN KEY (review_id, number) REFERENCES report_versions (review_id, number)
    )",
    "CREATE INDEX ix_report_comments_review ON report_comments (review_id, number)",
    "CREATE TABLE report_publications (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        number integer NOT NULL,
        parts text NOT NULL,
        at {time} NOT NULL,
        made_by {id},
        ended_at {time},
        reason text,
        CONSTRAINT pk_report_publications PRIMARY KEY (id),
        CONSTRAINT fk_report_publications_version FOREIGN KEY (review_id, number) REFERENCES report_versions (review_id, number)
    )",
    "CREATE INDEX ix_report_publications_review ON report_publications (review_id, at)",
    "CREATE TABLE follow_ups (
        id {id} NOT NULL,
        review_id {id} NOT NULL,
        finding_id {id},
        text text NOT NULL,
        owner text NOT NULL,
        due_on date,
        status text NOT NULL,
        result text NOT NULL,
        version integer NOT NULL,
        CONSTRAINT pk_follow_ups PRIMARY KEY (id),
        CONSTRAINT fk_follow_ups_review FOREIGN KEY (review_id) REFERENCES reviews (id),
        CONSTRAINT fk_follow_ups_finding FOREIGN KEY (finding_id) REFERENCES joint_findings (id),
        CONSTRAINT ck_follow_ups_status CHECK (status IN ('open', 'busy', 'done', 'dropped'))
    )",
    "CREATE INDEX ix_follow_ups_review ON follow_ups (review_id)",
    "CREATE TABLE review_reminders (
        review_id {id} NOT NULL,
        about text NOT NULL,
        days integer NOT NULL,
        due_on date NOT NULL,
        sent_at {time} NOT NULL,
        CONSTRAINT pk_review_reminders PRIMARY KEY (review_id, about, due_on, days),
        CONSTRAINT fk_review_reminders_review FOREIGN KEY (review_id) REFERENCES reviews (id)
    )",
];

/// Roles that older versions do not know are taken back.
const DOWN: &[&str] = &["DELETE FROM role_grants WHERE role IN ('reflection-author', 'observer')"];

const DROP: &[&str] = &[
    "review_reminders",
    "follow_ups",
    "report_publications",
    "report_comments",
    "report_versions",
    "dissents",
    "joint_findings",
    "hand_ins",
    "findings",
    "day_notes",
    "programme_items",
    "development_questions",
    "review_figures",
    "review_evidence_uses",
    "review_files",
    "review_evidence_versions",
    "review_evidence",
    "reflection_moves",
    "review_text_versions",
    "review_texts",
    "poll_answers",
    "poll_days",
    "panel_verdicts",
    "review_members",
    "peer_visits",
    "peers",
    "review_moves",
    "review_steps",
    "review_years",
    "reviews",
    "step_templates",
    "frameworks",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        change_check(manager, &ROLE).await?;
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, DROP).await?;
        run(manager, DOWN).await?;
        change_check(manager, &ROLE.reversed()).await
    }
}
