//! The tables as sea-orm sees them. Private: the floors above speak the domain's types.

/// Declares a table: its key columns, then the others.
macro_rules! entity {
    ($module:ident, $table:literal, [$($key:ident: $key_type:ty),+], { $($field:ident: $field_type:ty),* $(,)? }) => {
        pub(crate) mod $module {
            #![expect(unreachable_pub, reason = "sea-orm derives public items, the module itself is private")]
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                $(#[sea_orm(primary_key, auto_increment = false)] pub $key: $key_type,)+
                $(pub $field: $field_type,)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity!(regions, "regions", [id: Uuid], { name: String });
entity!(boards, "boards", [id: Uuid], { number: String, name: Option<String> });
entity!(schools, "schools", [id: Uuid], {
    code: String, name: String, sector: String, postcode: Option<String>, place: Option<String>,
    latitude: Option<i32>, longitude: Option<i32>, closed_on: Option<Date>, email: Option<String>,
});
entity!(school_boards, "school_boards", [school_id: Uuid, valid_from: Date], { board_id: Uuid, valid_to: Option<Date> });
entity!(institutes, "institutes", [id: Uuid], { brin: String, name: String });
entity!(programmes, "programmes", [id: Uuid], {
    institute_id: Uuid, croho: String, form: String, level: String, name: String, funding: String,
});
entity!(study_phases, "study_phases", [id: Uuid], { programme_id: Uuid, ordinal: i32, code: String, kind: String });
entity!(partnerships, "partnerships", [id: Uuid], { name: String, lead_board_id: Option<Uuid> });
entity!(partnership_regions, "partnership_regions", [partnership_id: Uuid, region_id: Uuid], {});
entity!(partnership_standings, "partnership_standings", [partnership_id: Uuid, valid_from: Date], {
    status: String, valid_to: Option<Date>,
});
entity!(institute_memberships, "institute_memberships", [partnership_id: Uuid, institute_id: Uuid, valid_from: Date], {
    valid_to: Option<Date>,
});
entity!(board_memberships, "board_memberships", [partnership_id: Uuid, board_id: Uuid, valid_from: Date], {
    tier: String, buddy_id: Option<Uuid>, valid_to: Option<Date>,
});
entity!(school_memberships, "school_memberships", [partnership_id: Uuid, school_id: Uuid, valid_from: Date], {
    tier: String, buddy_id: Option<Uuid>, valid_to: Option<Date>,
});
entity!(tier_conditions, "tier_conditions", [partnership_id: Uuid, tier: String, kind: String], { parameter: Option<i32> });
entity!(evidence, "evidence", [school_id: Uuid, kind: String, valid_from: Date], { value: String, valid_to: Option<Date> });
entity!(trainers, "trainers", [id: Uuid], {
    number: String, name: String, kind: String, board_id: Option<Uuid>, institute_id: Option<Uuid>, capacity: Option<i32>,
});
entity!(qualifications, "qualifications", [trainer_id: Uuid, kind: String, valid_from: Date], { valid_to: Option<Date> });
entity!(trainer_schools, "trainer_schools", [trainer_id: Uuid, school_id: Uuid, valid_from: Date], { valid_to: Option<Date> });
entity!(postcode_areas, "postcode_areas", [area: String], { latitude: i32, longitude: i32 });

entity!(cohorts, "cohorts", [id: Uuid], { programme_id: Uuid, start_year: i32 });
entity!(students, "students", [id: Uuid], {
    institute_id: Uuid, number: String, given_name: String, prefix: Option<String>, family_name: String, postcode: Option<String>,
    kind: String, travel_limit: Option<i32>, fixed_school_id: Option<Uuid>, email: Option<String>, travel_mode: Option<String>,
});
entity!(enrolments, "enrolments", [student_id: Uuid, cohort_id: Uuid, phase_id: Uuid, valid_from: Date], {
    status: String, valid_to: Option<Date>,
});
entity!(earlier_schools, "earlier_schools", [student_id: Uuid, school_id: Uuid], {});

entity!(rounds, "rounds", [id: Uuid], {
    slug: String, name: String, school_year: i32, state: String, travel_limit: Option<i32>, outside_guidance: Option<i32>,
    max_wishes: i32, seed: i64, version: i32, policy: Option<String>,
});
entity!(round_partnerships, "round_partnerships", [round_id: Uuid, partnership_id: Uuid], {});
entity!(periods, "periods", [id: Uuid], { round_id: Uuid, name: String, starts_on: Date, ends_on: Date });
entity!(offers, "offers", [id: Uuid], {
    round_id: Uuid, school_id: Uuid, period_id: Uuid, phases: String, groups: i32, weekdays: i32, count: i32, used: i32,
});
entity!(school_totals, "school_totals", [round_id: Uuid, school_id: Uuid, period_id: Uuid], { maximum: i32 });
entity!(demands, "demands", [id: Uuid], {
    round_id: Uuid, student_id: Uuid, period_id: Uuid, phase_id: Uuid, groups: i32, weekdays: i32, need: String,
    partnership_id: Option<Uuid>, turn: String,
});
entity!(wishes, "wishes", [demand_id: Uuid, rank: i32], { school_id: Option<Uuid>, board_id: Option<Uuid> });
entity!(allocation_runs, "allocation_runs", [id: Uuid], {
    round_id: Uuid, made_at: DateTimeUtc, made_by: Option<Uuid>, engine_version: String, input_hash: String, rules: String, result: String,
});
entity!(placements, "placements", [id: Uuid], {
    demand_id: Uuid, offer_id: Uuid, standing: String, status: String, source: String, run_id: Option<Uuid>, trainer_id: Option<Uuid>,
    guidance: Option<String>, reason: Option<String>, version: i32, hold: String, broken: String, made_at: Option<DateTimeUtc>,
    announced_at: Option<DateTimeUtc>, ended_at: Option<DateTimeUtc>, mutation_id: Option<Uuid>,
});
entity!(board_changes, "board_changes", [id: Uuid], {
    round_id: Uuid, made_at: DateTimeUtc, made_by: Option<Uuid>, kind: String, steps: String, undone_at: Option<DateTimeUtc>,
});
entity!(round_dates, "round_dates", [round_id: Uuid, state: String], { due_on: Date });
entity!(school_answers, "school_answers", [round_id: Uuid, school_id: Uuid], {
    answer: String, asked_on: Option<Date>, reminded_on: Option<Date>, answered_on: Option<Date>,
});
entity!(board_totals, "board_totals", [round_id: Uuid, board_id: Uuid, period_id: Uuid], { maximum: i32 });
entity!(travel_times, "travel_times", [from_area: String, to_area: String, mode: String], { minutes: i32 });
entity!(workplaces, "workplaces", [student_id: Uuid], { school_id: Uuid });
entity!(exclusions, "exclusions", [demand_id: Uuid, school_id: Uuid], { category: String, made_at: DateTimeUtc, made_by: Option<Uuid> });
entity!(teams, "teams", [id: Uuid], { round_id: Uuid, name: String });
entity!(team_members, "team_members", [demand_id: Uuid], { team_id: Uuid });
entity!(scenarios, "scenarios", [id: Uuid], {
    round_id: Uuid, name: String, rules: String, changes: String, made_at: DateTimeUtc, made_by: Option<Uuid>,
    solved_at: Option<DateTimeUtc>, input_hash: Option<String>, result: Option<String>, version: i32,
});
entity!(snapshots, "snapshots", [id: Uuid], {
    round_id: Uuid, kind: String, made_at: DateTimeUtc, made_by: Option<Uuid>, hash: String, content: String,
});
entity!(waves, "waves", [id: Uuid], {
    round_id: Uuid, ordinal: i32, audience: String, made_at: DateTimeUtc, made_by: Option<Uuid>, mutation_id: Option<Uuid>,
});
entity!(letters, "letters", [id: Uuid], {
    wave_id: Uuid, kind: String, school_id: Option<Uuid>, demand_id: Option<Uuid>, placement_id: Option<Uuid>, mail_id: Option<Uuid>,
});
entity!(mutations, "mutations", [id: Uuid], {
    round_id: Uuid, kind: String, state: String, subject: String, plan: Option<String>, note: Option<String>, made_at: DateTimeUtc,
    made_by: Option<Uuid>, ended_at: Option<DateTimeUtc>, version: i32,
});

entity!(frameworks, "frameworks", [id: Uuid], {
    slug: String, content: String, hash: String, published_at: Option<DateTimeUtc>, withdrawn_at: Option<DateTimeUtc>,
    made_at: DateTimeUtc, made_by: Option<Uuid>, version: i32,
});
entity!(step_templates, "step_templates", [kind: String, ordinal: i32], {
    phase: String, name: String, days: i32, waits_for: String, fact: Option<String>,
});
entity!(reviews, "reviews", [id: Uuid], {
    slug: String, name: String, kind: String, partnership_id: Option<Uuid>, region_id: Option<Uuid>, framework_id: Uuid, state: String,
    visit_on: Option<Date>, held_on: Option<Date>, due_on: Option<Date>, reflected_at: Option<DateTimeUtc>, opened_at:
    Option<DateTimeUtc>, outcome: Option<String>, respond_by: Option<Date>, report_year: Option<i32>, published_at: Option<DateTimeUtc>,
    previous_id: Option<Uuid>, made_at: DateTimeUtc, made_by: Option<Uuid>, version: i32,
});
entity!(review_years, "review_years", [review_id: Uuid, year: i32, source: String], {});
entity!(review_steps, "review_steps", [review_id: Uuid, ordinal: i32], {
    phase: String, name: String, days: i32, waits_for: String, fact: Option<String>, own_date: Option<Date>, done_on: Option<Date>, done_by: Option<Uuid>,
});
entity!(review_moves, "review_moves", [id: Uuid], {
    review_id: Uuid, event: String, from_state: String, to_state: String, at: DateTimeUtc, made_by: Option<Uuid>, reason: Option<String>,
});
entity!(peers, "peers", [id: Uuid], {
    name: String, email: String, region_id: Uuid, partnership_id: Option<Uuid>, board_id: Option<Uuid>, institute_id: Option<Uuid>,
    former: String, trained_on: Option<Date>, ended_on: Option<Date>, version: i32,
});
entity!(peer_visits, "peer_visits", [peer_id: Uuid, visited_on: Date], { label: String, review_id: Option<Uuid>, region_id: Option<Uuid> });
entity!(review_members, "review_members", [id: Uuid], {
    review_id: Uuid, role: String, peer_id: Option<Uuid>, user_id: Option<Uuid>, grant_id: Option<Uuid>, name: String, email: String,
    invited_at: Option<DateTimeUtc>, answer: Option<String>, answered_at: Option<DateTimeUtc>, version: i32,
});
entity!(panel_verdicts, "panel_verdicts", [review_id: Uuid, peer_id: Uuid], {
    verdict: String, reason: String, made_at: DateTimeUtc, made_by: Option<Uuid>,
});
entity!(poll_days, "poll_days", [review_id: Uuid, day: Date], {});
entity!(poll_answers, "poll_answers", [member_id: Uuid, day: Date], { availability: String });
entity!(review_texts, "review_texts", [id: Uuid], {
    review_id: Uuid, safeguard: String, criterion: String, body: String, changed_at: DateTimeUtc, changed_by: Option<Uuid>, version: i32,
});
entity!(review_text_versions, "review_text_versions", [text_id: Uuid, number: i32], {
    body: String, at: DateTimeUtc, made_by: Option<Uuid>, cause: String, merges: Option<i32>,
});
entity!(reflection_moves, "reflection_moves", [id: Uuid], {
    review_id: Uuid, event: String, at: DateTimeUtc, made_by: Option<Uuid>, reason: Option<String>,
});
entity!(review_evidence, "review_evidence", [id: Uuid], {
    review_id: Uuid, title: String, kind: String, removed_at: Option<DateTimeUtc>, version: i32,
});
entity!(review_evidence_versions, "review_evidence_versions", [evidence_id: Uuid, number: i32], {
    name: String, media_type: String, size: i64, hash: String, at: DateTimeUtc, made_by: Option<Uuid>,
});
entity!(review_files, "review_files", [evidence_id: Uuid, number: i32], { bytes: Vec<u8> });
entity!(review_evidence_uses, "review_evidence_uses", [evidence_id: Uuid, safeguard: String, criterion: String], {});
entity!(review_figures, "review_figures", [id: Uuid], {
    review_id: Uuid, safeguard: String, criterion: String, label: String, value: String, source: String, as_of: Date, made_by: Option<Uuid>,
    removed_at: Option<DateTimeUtc>,
});
entity!(development_questions, "development_questions", [id: Uuid], {
    review_id: Uuid, ordinal: i32, text: String, safeguard: Option<String>, criterion: Option<String>, version: i32,
});
entity!(programme_items, "programme_items", [id: Uuid], {
    review_id: Uuid, starts_at: i32, ends_at: i32, title: String, room: String, audience: String, members: String, version: i32,
});
entity!(day_notes, "day_notes", [id: Uuid], {
    review_id: Uuid, member_id: Uuid, item_id: Option<Uuid>, body: String, written_at: DateTimeUtc, version: i32,
});
entity!(findings, "findings", [id: Uuid], {
    review_id: Uuid, member_id: Uuid, kind: String, safeguard: String, criterion: String, text: String, evidence: String, changed_at:
    DateTimeUtc, version: i32,
});
entity!(finding_changes, "finding_changes", [id: Uuid], {
    review_id: Uuid, member_id: Uuid, finding_id: Uuid, change: String, at: DateTimeUtc, kind: String, safeguard: String, criterion:
    String, text: String, evidence: String, version: i32,
});
entity!(hand_ins, "hand_ins", [member_id: Uuid], { review_id: Uuid, at: DateTimeUtc, salt: String, hash: String });
entity!(joint_findings, "joint_findings", [id: Uuid], {
    review_id: Uuid, kind: String, safeguard: String, criterion: String, text: String, sources: String, made_by: Option<Uuid>,
    removed_at: Option<DateTimeUtc>, version: i32,
});
entity!(dissents, "dissents", [joint_id: Uuid, member_id: Uuid], { text: String, about: String, at: DateTimeUtc, version: i32 });
entity!(report_versions, "report_versions", [review_id: Uuid, number: i32], {
    state: String, content: String, hash: String, at: DateTimeUtc, made_by: Option<Uuid>,
});
entity!(report_comments, "report_comments", [id: Uuid], {
    review_id: Uuid, number: i32, paragraph: String, text: String, made_by: Option<Uuid>, at: DateTimeUtc, reply: Option<String>,
    version: i32,
});
entity!(report_publications, "report_publications", [id: Uuid], {
    review_id: Uuid, number: i32, parts: String, at: DateTimeUtc, made_by: Option<Uuid>, ended_at: Option<DateTimeUtc>, reason:
    Option<String>,
});
entity!(follow_ups, "follow_ups", [id: Uuid], {
    review_id: Uuid, finding_id: Option<Uuid>, text: String, owner: String, due_on: Option<Date>, status: String, result: String,
    version: i32,
});
entity!(review_reminders, "review_reminders", [review_id: Uuid, about: String, due_on: Date, days: i32], { sent_at: DateTimeUtc });

entity!(users, "users", [id: Uuid], {
    email: String, name: String, password_hash: String, created_at: DateTimeUtc, state: String, signed_in_at: Option<DateTimeUtc>,
});
entity!(role_grants, "role_grants", [id: Uuid], {
    user_id: Uuid, role: String, scope_kind: String, scope_id: Option<Uuid>, valid_from: Date, valid_to: Option<Date>,
});
entity!(sessions, "sessions", [id: Uuid], {
    token_hash: String, user_id: Uuid, csrf_token: String, stage: String, method: String, browser: String, attempts: i32,
    created_at: DateTimeUtc, seen_at: DateTimeUtc, expires_at: DateTimeUtc,
});
entity!(logins, "logins", [provider: String, subject: String], {
    user_id: Uuid, organisation: Option<String>, linked_at: DateTimeUtc, used_at: Option<DateTimeUtc>,
});
entity!(oidc_flows, "oidc_flows", [state_hash: String], {
    browser_hash: String, provider: String, nonce: String, verifier: String, return_to: String, user_id: Option<Uuid>,
    invitation_hash: Option<String>, expires_at: DateTimeUtc,
});
entity!(second_factors, "second_factors", [user_id: Uuid], {
    secret: String, last_step: Option<i64>, confirmed_at: Option<DateTimeUtc>, failures: i32,
});
entity!(recovery_codes, "recovery_codes", [user_id: Uuid, code_hash: String], { used_at: Option<DateTimeUtc> });
entity!(known_devices, "known_devices", [token_hash: String], { user_id: Uuid, created_at: DateTimeUtc });
entity!(account_links, "account_links", [token_hash: String], {
    user_id: Uuid, purpose: String, created_at: DateTimeUtc, expires_at: DateTimeUtc, used_at: Option<DateTimeUtc>,
});
entity!(api_tokens, "api_tokens", [id: Uuid], {
    user_id: Uuid, name: String, token_hash: String, scope: String, created_at: DateTimeUtc, expires_at: DateTimeUtc,
    used_at: Option<DateTimeUtc>, revoked_at: Option<DateTimeUtc>,
});
entity!(audit_log, "audit_log", [seq: i64], {
    id: Uuid, at: DateTimeUtc, user_id: Option<Uuid>, role: Option<String>, kind: String, subject: String, before: Option<String>,
    after: Option<String>, request_id: Option<Uuid>, previous: String, hash: String,
});
entity!(audit_head, "audit_head", [id: i32], { seq: i64, hash: String, base_seq: i64, base_hash: String });
entity!(mails, "mails", [id: Uuid], {
    kind: String, to_address: String, to_name: String, subject: String, body: String, state: String, attempts: i32, reason: String,
    created_at: DateTimeUtc, next_at: DateTimeUtc, claimed_at: Option<DateTimeUtc>, ended_at: Option<DateTimeUtc>,
});
entity!(settings, "settings", [name: String], { value: String });
entity!(erasures, "erasures", [student_id: Uuid], { erased_at: DateTimeUtc, ground: String });
entity!(imports, "imports", [id: Uuid], {
    kind: String, file_name: String, file_hash: String, made_at: DateTimeUtc, made_by: Option<Uuid>, result: String,
});
entity!(jobs, "jobs", [id: Uuid], {
    kind: String, round_id: Option<Uuid>, state: String, done: i32, total: i32, message: String, cancel_asked: i32,
    created_at: DateTimeUtc, created_by: Option<Uuid>, seen_at: DateTimeUtc, ended_at: Option<DateTimeUtc>, subject_id: Option<Uuid>,
});
