//! Every column of the database, and what it says about people. A test holds this against the schema of a migrated
//! database: a column that is not here, or is here and gone, fails it.

use crate::privacy::{Care, DataKind};

/// A table with its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableColumns {
    /// Name of the table.
    pub table: &'static str,
    /// Columns that say nothing about a person.
    pub plain: &'static [&'static str],
    /// Columns that do, by what they say.
    pub personal: &'static [(DataKind, &'static [&'static str])],
}

const fn plain(table: &'static str, plain: &'static [&'static str]) -> TableColumns {
    TableColumns { table, plain, personal: &[] }
}

const fn about(
    table: &'static str,
    plain: &'static [&'static str],
    personal: &'static [(DataKind, &'static [&'static str])],
) -> TableColumns {
    TableColumns { table, plain, personal }
}

/// All tables, room by room.
pub const TABLES: &[TableColumns] = &[
    plain("regions", &["id", "name"]),
    plain("boards", &["id", "number", "name"]),
    plain("schools", &["id", "code", "name", "sector", "postcode", "place", "latitude", "longitude", "closed_on", "email"]),
    plain("school_boards", &["school_id", "board_id", "valid_from", "valid_to"]),
    plain("institutes", &["id", "brin", "name"]),
    plain("programmes", &["id", "institute_id", "croho", "form", "level", "name", "funding"]),
    plain("study_phases", &["id", "programme_id", "ordinal", "code", "kind"]),
    plain("partnerships", &["id", "name", "lead_board_id"]),
    plain("partnership_regions", &["partnership_id", "region_id"]),
    plain("partnership_standings", &["partnership_id", "status", "valid_from", "valid_to"]),
    plain("institute_memberships", &["partnership_id", "institute_id", "valid_from", "valid_to"]),
    plain("board_memberships", &["partnership_id", "board_id", "tier", "buddy_id", "valid_from", "valid_to"]),
    plain("school_memberships", &["partnership_id", "school_id", "tier", "buddy_id", "valid_from", "valid_to"]),
    plain("tier_conditions", &["partnership_id", "tier", "kind", "parameter"]),
    plain("evidence", &["school_id", "kind", "value", "valid_from", "valid_to"]),
    about(
        "trainers",
        &[],
        &[
            (DataKind::TrainerIdentity, &["number", "name"]),
            (DataKind::TrainerWork, &["id", "kind", "board_id", "institute_id", "capacity"]),
        ],
    ),
    about("qualifications", &[], &[(DataKind::TrainerWork, &["trainer_id", "kind", "valid_from", "valid_to"])]),
    about("trainer_schools", &[], &[(DataKind::TrainerWork, &["trainer_id", "school_id", "valid_from", "valid_to"])]),
    plain("postcode_areas", &["area", "latitude", "longitude"]),
    plain("cohorts", &["id", "programme_id", "start_year"]),
    about(
        "students",
        &[],
        &[
            (DataKind::StudentKey, &["id"]),
            (DataKind::StudentIdentity, &["number", "given_name", "prefix", "family_name"]),
            (DataKind::StudentHome, &["postcode", "travel_mode"]),
            (DataKind::StudentContact, &["email"]),
            (DataKind::StudentStudy, &["institute_id", "kind"]),
            (DataKind::StudentCustom, &["travel_limit", "fixed_school_id"]),
        ],
    ),
    about(
        "enrolments",
        &[],
        &[
            (DataKind::StudentKey, &["student_id"]),
            (DataKind::StudentStudy, &["cohort_id", "phase_id", "status", "valid_from", "valid_to"]),
        ],
    ),
    about("earlier_schools", &[], &[(DataKind::StudentKey, &["student_id"]), (DataKind::StudentEarlier, &["school_id"])]),
    plain(
        "rounds",
        &["id", "slug", "name", "school_year", "state", "travel_limit", "outside_guidance", "max_wishes", "seed", "version", "policy"],
    ),
    plain("round_partnerships", &["round_id", "partnership_id"]),
    plain("periods", &["id", "round_id", "name", "starts_on", "ends_on"]),
    plain("offers", &["id", "round_id", "school_id", "period_id", "phases", "groups", "weekdays", "count", "used"]),
    plain("school_totals", &["round_id", "school_id", "period_id", "maximum"]),
    about(
        "demands",
        &[],
        &[
            (DataKind::StudentKey, &["id", "student_id"]),
            (DataKind::StudentDemand, &["round_id", "period_id", "phase_id", "groups", "weekdays", "need", "partnership_id", "turn"]),
        ],
    ),
    about("wishes", &[], &[(DataKind::StudentKey, &["demand_id"]), (DataKind::StudentWishes, &["rank", "school_id", "board_id"])]),
    about(
        "allocation_runs",
        &["id", "round_id", "made_at", "engine_version", "input_hash", "rules"],
        &[(DataKind::DoneBy, &["made_by"]), (DataKind::Proposal, &["result"])],
    ),
    about(
        "placements",
        &["version"],
        &[
            (DataKind::StudentKey, &["id", "demand_id"]),
            (
                DataKind::StudentPlacement,
                &[
                    "offer_id",
                    "standing",
                    "status",
                    "source",
                    "run_id",
                    "trainer_id",
                    "guidance",
                    "hold",
                    "broken",
                    "made_at",
                    "announced_at",
                    "ended_at",
                    "mutation_id",
                ],
            ),
            (DataKind::PlacementReason, &["reason"]),
        ],
    ),
    about(
        "board_changes",
        &["id", "round_id", "made_at", "kind", "undone_at"],
        &[(DataKind::DoneBy, &["made_by"]), (DataKind::PlacementReason, &["steps"])],
    ),
    plain("round_dates", &["round_id", "state", "due_on"]),
    plain("school_answers", &["round_id", "school_id", "answer", "asked_on", "reminded_on", "answered_on"]),
    plain("board_totals", &["round_id", "board_id", "period_id", "maximum"]),
    plain("travel_times", &["from_area", "to_area", "mode", "minutes"]),
    about("workplaces", &[], &[(DataKind::StudentKey, &["student_id"]), (DataKind::StudentStudy, &["school_id"])]),
    about(
        "exclusions",
        &["made_at"],
        &[
            (DataKind::StudentKey, &["demand_id"]),
            (DataKind::StudentExclusion, &["school_id", "category"]),
            (DataKind::DoneBy, &["made_by"]),
        ],
    ),
    plain("teams", &["id", "round_id", "name"]),
    about("team_members", &["team_id"], &[(DataKind::StudentKey, &["demand_id"])]),
    about(
        "scenarios",
        &["id", "round_id", "name", "rules", "changes", "made_at", "solved_at", "input_hash", "version"],
        &[(DataKind::DoneBy, &["made_by"]), (DataKind::Proposal, &["result"])],
    ),
    about(
        "snapshots",
        &["id", "round_id", "kind", "made_at", "hash"],
        &[(DataKind::DoneBy, &["made_by"]), (DataKind::StudentPlacement, &["content"])],
    ),
    about("waves", &["id", "round_id", "ordinal", "audience", "made_at", "mutation_id"], &[(DataKind::DoneBy, &["made_by"])]),
    about(
        "letters",
        &["id", "wave_id", "kind", "school_id"],
        &[(DataKind::StudentKey, &["demand_id", "placement_id"]), (DataKind::Mail, &["mail_id"])],
    ),
    about(
        "mutations",
        &["id", "round_id", "kind", "state", "made_at", "ended_at", "version"],
        &[(DataKind::DoneBy, &["made_by"]), (DataKind::StudentPlacement, &["subject", "plan"]), (DataKind::PlacementReason, &["note"])],
    ),
    about(
        "frameworks",
        &["id", "slug", "content", "hash", "published_at", "withdrawn_at", "made_at", "version"],
        &[(DataKind::DoneBy, &["made_by"])],
    ),
    plain("step_templates", &["kind", "ordinal", "phase", "name", "days", "waits_for", "fact"]),
    about(
        "reviews",
        &[
            "id",
            "slug",
            "name",
            "kind",
            "partnership_id",
            "region_id",
            "framework_id",
            "state",
            "visit_on",
            "held_on",
            "due_on",
            "reflected_at",
            "opened_at",
            "outcome",
            "respond_by",
            "report_year",
            "published_at",
            "previous_id",
            "made_at",
            "version",
        ],
        &[(DataKind::DoneBy, &["made_by"])],
    ),
    plain("review_years", &["review_id", "year", "source"]),
    about(
        "review_steps",
        &["review_id", "ordinal", "phase", "name", "days", "waits_for", "fact", "own_date", "done_on"],
        &[(DataKind::DoneBy, &["done_by"])],
    ),
    about(
        "review_moves",
        &["id", "review_id", "event", "from_state", "to_state", "at"],
        &[(DataKind::ReviewText, &["reason"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about(
        "peers",
        &["version"],
        &[
            (DataKind::PeerIdentity, &["name", "email"]),
            (DataKind::PeerWork, &["id", "region_id", "partnership_id", "board_id", "institute_id", "former", "trained_on", "ended_on"]),
        ],
    ),
    about("peer_visits", &[], &[(DataKind::PeerWork, &["peer_id", "visited_on", "label", "review_id", "region_id"])]),
    about(
        "review_members",
        &["review_id", "version"],
        &[
            (DataKind::PeerIdentity, &["name", "email"]),
            (DataKind::PeerWork, &["id", "role", "peer_id", "user_id", "grant_id", "invited_at", "answer", "answered_at"]),
        ],
    ),
    about(
        "panel_verdicts",
        &["review_id", "made_at"],
        &[(DataKind::PeerVerdict, &["peer_id", "verdict", "reason"]), (DataKind::DoneBy, &["made_by"])],
    ),
    plain("poll_days", &["review_id", "day"]),
    about("poll_answers", &[], &[(DataKind::PeerWork, &["member_id", "day", "availability"])]),
    about(
        "review_texts",
        &["id", "review_id", "safeguard", "criterion", "changed_at", "version"],
        &[(DataKind::ReviewText, &["body"]), (DataKind::DoneBy, &["changed_by"])],
    ),
    about(
        "review_text_versions",
        &["text_id", "number", "at", "cause", "merges"],
        &[(DataKind::ReviewText, &["body"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about(
        "reflection_moves",
        &["id", "review_id", "event", "at"],
        &[(DataKind::ReviewText, &["reason"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about("review_evidence", &["id", "review_id", "kind", "removed_at", "version"], &[(DataKind::ReviewEvidence, &["title"])]),
    about(
        "review_evidence_versions",
        &["evidence_id", "number", "media_type", "size", "hash", "at"],
        &[(DataKind::ReviewEvidence, &["name"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about("review_files", &["evidence_id", "number"], &[(DataKind::ReviewEvidence, &["bytes"])]),
    plain("review_evidence_uses", &["evidence_id", "safeguard", "criterion"]),
    about(
        "review_figures",
        &["id", "review_id", "safeguard", "criterion", "label", "value", "source", "as_of", "removed_at"],
        &[(DataKind::DoneBy, &["made_by"])],
    ),
    about(
        "development_questions",
        &["id", "review_id", "ordinal", "safeguard", "criterion", "version"],
        &[(DataKind::ReviewText, &["text"])],
    ),
    about(
        "programme_items",
        &["id", "review_id", "starts_at", "ends_at", "title", "room", "audience", "version"],
        &[(DataKind::PeerWork, &["members"])],
    ),
    about(
        "day_notes",
        &["id", "review_id", "item_id", "written_at", "version"],
        &[(DataKind::PeerWork, &["member_id"]), (DataKind::ReviewText, &["body"])],
    ),
    about(
        "findings",
        &["id", "review_id", "kind", "safeguard", "criterion", "evidence", "changed_at", "version"],
        &[(DataKind::PeerWork, &["member_id"]), (DataKind::ReviewText, &["text"])],
    ),
    about(
        "finding_changes",
        &["id", "review_id", "finding_id", "change", "at", "kind", "safeguard", "criterion", "evidence", "version"],
        &[(DataKind::PeerWork, &["member_id"]), (DataKind::ReviewText, &["text"])],
    ),
    about("hand_ins", &["review_id", "at", "salt", "hash"], &[(DataKind::PeerWork, &["member_id"])]),
    about(
        "joint_findings",
        &["id", "review_id", "kind", "safeguard", "criterion", "sources", "removed_at", "version"],
        &[(DataKind::ReviewText, &["text"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about("dissents", &["joint_id", "at", "version"], &[(DataKind::PeerWork, &["member_id"]), (DataKind::ReviewText, &["text", "about"])]),
    about(
        "report_versions",
        &["review_id", "number", "state", "hash", "at"],
        &[(DataKind::ReviewText, &["content"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about(
        "report_comments",
        &["id", "review_id", "number", "paragraph", "at", "version"],
        &[(DataKind::ReviewText, &["text", "reply"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about(
        "report_publications",
        &["id", "review_id", "number", "parts", "at", "ended_at"],
        &[(DataKind::ReviewText, &["reason"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about(
        "follow_ups",
        &["id", "review_id", "finding_id", "due_on", "status", "version"],
        &[(DataKind::ReviewText, &["text", "owner", "result"])],
    ),
    plain("review_reminders", &["review_id", "about", "days", "due_on", "sent_at"]),
    about(
        "users",
        &[],
        &[(DataKind::Account, &["id", "email", "name", "created_at", "state", "signed_in_at"]), (DataKind::Secret, &["password_hash"])],
    ),
    about("role_grants", &["id"], &[(DataKind::Roles, &["user_id", "role", "scope_kind", "scope_id", "valid_from", "valid_to"])]),
    about(
        "sessions",
        &[],
        &[
            (DataKind::Sessions, &["id", "user_id", "stage", "method", "browser", "attempts", "created_at", "seen_at", "expires_at"]),
            (DataKind::Secret, &["token_hash", "csrf_token"]),
        ],
    ),
    about("logins", &[], &[(DataKind::Login, &["provider", "subject", "user_id", "organisation", "linked_at", "used_at"])]),
    about(
        "oidc_flows",
        &[],
        &[
            (DataKind::Sessions, &["provider", "return_to", "user_id", "expires_at"]),
            (DataKind::Secret, &["state_hash", "browser_hash", "nonce", "verifier", "invitation_hash"]),
        ],
    ),
    about("second_factors", &[], &[(DataKind::Secret, &["user_id", "secret", "last_step", "failures", "confirmed_at"])]),
    about("recovery_codes", &[], &[(DataKind::Secret, &["user_id", "code_hash", "used_at"])]),
    about("known_devices", &[], &[(DataKind::Sessions, &["user_id", "created_at"]), (DataKind::Secret, &["token_hash"])]),
    about(
        "account_links",
        &[],
        &[(DataKind::Sessions, &["user_id", "purpose", "created_at", "expires_at", "used_at"]), (DataKind::Secret, &["token_hash"])],
    ),
    about(
        "api_tokens",
        &[],
        &[
            (DataKind::Sessions, &["id", "user_id", "name", "scope", "created_at", "expires_at", "used_at", "revoked_at"]),
            (DataKind::Secret, &["token_hash"]),
        ],
    ),
    about(
        "audit_log",
        &["previous", "hash"],
        &[(DataKind::Log, &["seq", "id", "at", "user_id", "role", "kind", "subject", "before", "after", "request_id"])],
    ),
    plain("audit_head", &["id", "seq", "hash", "base_seq", "base_hash"]),
    about(
        "mails",
        &[],
        &[(
            DataKind::Mail,
            &[
                "id",
                "kind",
                "to_address",
                "to_name",
                "subject",
                "body",
                "state",
                "attempts",
                "reason",
                "created_at",
                "next_at",
                "claimed_at",
                "ended_at",
            ],
        )],
    ),
    plain("settings", &["name", "value"]),
    about("erasures", &[], &[(DataKind::Erasure, &["student_id", "erased_at", "ground"])]),
    about(
        "imports",
        &["id", "kind", "file_hash", "made_at", "result"],
        &[(DataKind::FileName, &["file_name"]), (DataKind::DoneBy, &["made_by"])],
    ),
    about(
        "jobs",
        &["id", "kind", "round_id", "state", "done", "total", "message", "cancel_asked", "created_at", "seen_at", "ended_at", "subject_id"],
        &[(DataKind::DoneBy, &["created_by"])],
    ),
];

/// What a column says about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classified {
    /// Name of the table.
    pub table: &'static str,
    /// Name of the column.
    pub column: &'static str,
    /// What it says; nothing when it says nothing about a person.
    pub kind: Option<DataKind>,
}

impl Classified {
    /// How careful one must be with it.
    pub fn care(&self) -> Care {
        self.kind.map_or(Care::Plain, DataKind::care)
    }
}

/// Every column of every table.
pub fn columns() -> impl Iterator<Item = Classified> {
    TABLES.iter().flat_map(|table| {
        let plain = table.plain.iter().map(|column| (*column, None));
        let personal = table.personal.iter().flat_map(|(kind, columns)| columns.iter().map(|column| (*column, Some(*kind))));
        plain.chain(personal).map(|(column, kind)| Classified { table: table.table, column, kind })
    })
}

/// Where a kind of data stands: tables with their columns.
pub fn places(kind: DataKind) -> Vec<(&'static str, &'static [&'static str])> {
    let of_table = |table: &TableColumns| table.personal.iter().find(|(of, _)| *of == kind).map(|(_, columns)| (table.table, *columns));
    TABLES.iter().filter_map(of_table).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_column_has_one_place_and_a_kind_of_data_at_least_one() {
        let mut seen = BTreeSet::new();
        for one in columns() {
            assert!(seen.insert((one.table, one.column)), "{}.{} stands there twice", one.table, one.column);
        }
        for kind in DataKind::ALL {
            assert!(!places(*kind).is_empty(), "{kind:?} stands nowhere");
        }
    }
}
