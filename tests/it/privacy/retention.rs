//! Retention terms: what goes, what stays, and that the log says so.

use std::collections::BTreeMap;

use kernschil_app::access::{self, NewUser};
use kernschil_app::coverage::{self, CoverageQuery, Explained};
use kernschil_app::exports::{ExportKind, export};
use kernschil_app::mail::{self, Letter, MailKind};
use kernschil_app::overview;
use kernschil_app::privacy::{self as use_cases, NewTerms};
use kernschil_app::{Actor, App, AppError, jobs, proposals, schools};
use kernschil_domain::access::{Permission, Role, Scope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::JobState;
use kernschil_domain::privacy::{ANONYMOUS, FORGOTTEN_FILE, RetentionKind};
use kernschil_spreadsheets::raw::RawValue;
use kernschil_spreadsheets::{Limits, read_direct};
use kernschil_storage::outbox::{self, MailState};
use kernschil_storage::{access as accounts, imports, settings};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{at, chain, events, found};
use crate::support::TestApp;

const NOBODY: Actor = Actor::CommandLine;

/// What a workbook says of one student by who she is, where she lives and what she wished: no count.
const OF_A_PERSON: [&str; 6] = ["Studentnummer", "Naam", "Student", "Voorkeur", "Reistijd (min)", "Ook"];

/// The rows of a workbook without those columns, in an order that does not know names.
fn rows_of(bytes: &[u8]) -> Vec<String> {
    let raw = read_direct(bytes, &Limits::default()).unwrap();
    let mut found = Vec::new();
    for sheet in &raw.sheets {
        let mut heads: BTreeMap<u32, String> = BTreeMap::new();
        for row in &sheet.rows {
            let mut cells = vec![sheet.name.clone()];
            for (column, value) in &row.cells {
                match value {
                    RawValue::Text(text) if row.number == 3 => _ = heads.insert(*column, text.clone()),
                    _ if heads.get(column).is_some_and(|head| OF_A_PERSON.contains(&head.as_str())) => {}
                    value => cells.push(format!("{value:?}")),
                }
            }
            found.push(cells.join(" | "));
        }
    }
    found.sort();
    found
}

/// Everything that is counted about a round.
async fn counted(app: &App, round: &str) -> Value {
    let coverage = coverage::of_round(app, &NOBODY, round, CoverageQuery::default()).await.unwrap();
    let Explained { data, reasons } = coverage::explained(app, &NOBODY, round, Permission::ExportStudents).await.unwrap();
    let on_a_date = CoverageQuery { date: Some("2026-10-05".parse().unwrap()), ..CoverageQuery::default() };
    let on_a_date = coverage::of_round(app, &NOBODY, round, on_a_date).await.unwrap();
    let proposal = proposals::of_round(app, &NOBODY, round).await.unwrap().unwrap();
    let overview = overview::of_round(app, &NOBODY, round).await.unwrap();
    let places: Vec<_> = schools::list(app, &NOBODY, round).await.unwrap().1.iter().map(|s| (s.code.clone(), s.offered, s.used)).collect();
    let explained = Explained { data, reasons };
    let workbooks: Vec<_> = ExportKind::ALL.iter().map(|kind| rows_of(&export(&explained, *kind).unwrap().bytes)).collect();
    assert!(workbooks.iter().all(|rows| rows.len() > 10));
    json!({
        "coverage": coverage, "on_a_date": on_a_date,
        "overview": [overview.students, overview.demands, overview.placed, overview.schools],
        "balances": overview.balances, "periods": overview.periods, "places": places,
        "proposal": { "figures": proposal.figures, "levels": proposal.levels, "proof": proposal.proof, "shortages": proposal.shortages },
        "reasons": explained.reasons.into_iter().map(|(demand, reason)| (demand.to_string(), reason)).collect::<BTreeMap<_, _>>(),
        "workbooks": workbooks,
    })
}

async fn keeps_every_count(app: &TestApp, example: &str) {
    let round = app.proposed(example).await;
    let students = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap().students.len();
    let before = counted(&app.app, &round).await;

    let too_early = use_cases::apply(&at(&app.app, "2029-07-01T03:00:00Z"), &NOBODY).await.unwrap();
    assert_eq!(too_early.counts[&RetentionKind::Students], 0);
    let later = at(&app.app, "2029-09-01T03:00:00Z");
    let report = use_cases::apply(&later, &NOBODY).await.unwrap();
    assert_eq!(report.counts[&RetentionKind::Students], u64::try_from(students).unwrap());

    let data = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
    for student in data.students.values() {
        assert_eq!((student.full_name().as_str(), student.list_name().as_str()), (ANONYMOUS, ANONYMOUS));
        assert!(student.number.as_str().starts_with("anoniem-") && student.postcode.is_none() && student.earlier_schools.is_empty());
        assert_eq!(student.custom, kernschil_domain::cohorts::CustomEffect::default());
    }
    assert!(data.demands.values().all(|demand| demand.wishes.is_empty()));
    let after = counted(&app.app, &round).await;
    for (what, count) in before.as_object().unwrap() {
        assert_eq!(after[what], *count, "{example}: {what}");
    }
    app.check_invariants().await;
    assert_eq!(use_cases::apply(&later, &NOBODY).await.unwrap().counts[&RetentionKind::Students], 0, "once is enough");
    assert!(found(&later, ANONYMOUS).await.is_empty());
}

fn terms(values: &[(RetentionKind, &str)]) -> NewTerms {
    NewTerms(values.iter().map(|(kind, months)| (*kind, (*months).to_owned())).collect())
}

async fn mail_sent(app: &App) {
    let letter = Letter {
        kind: MailKind::Test,
        to_address: "anna@school.nl".to_owned(),
        to_name: "Anna".to_owned(),
        subject: "Proef".to_owned(),
        text: "Dag Anna".to_owned(),
    };
    app.store
        .write(async |tx| {
            let id = mail::queue(app, tx, letter).await?;
            let mail = outbox::get(tx, id).await?;
            outbox::put_mail(tx, outbox::StoredMail { state: MailState::Sent, ended_at: Some(app.clock.now()), ..mail }).await?;
            Ok::<_, AppError>(())
        })
        .await
        .unwrap();
}

/// Makes an account and removes it again.
async fn removed_account(app: &App) -> kernschil_domain::ids::UserId {
    let new = NewUser {
        email: "weg@school.nl".into(),
        name: "Wim Weg".into(),
        password: "een lange zin hier".into(),
        roles: vec![(Role::Reader, Scope::All)],
    };
    let id = access::add_user(app, &NOBODY, new).await.unwrap();
    access::remove_user(app, &NOBODY, id).await.unwrap();
    id
}

both_databases! {
    async fn anonymised_students_still_count_in_almere(app: TestApp) {
        keeps_every_count(&app, "almere").await;
    }

    async fn anonymised_students_still_count_in_hak(app: TestApp) {
        keeps_every_count(&app, "hak").await;
    }

    async fn anonymised_students_still_count_in_talent(app: TestApp) {
        keeps_every_count(&app, "talent").await;
    }

    async fn what_would_go_is_told_before_it_goes_and_terms_can_be_chosen(app: TestApp) {
        app.load_example("almere").await;
        let app = at(&app.app, "2028-01-15T09:00:00Z");
        let due = |view: &use_cases::RetentionView, kind| view.terms.iter().find(|term| term.kind == kind).unwrap().due;
        let now = use_cases::retention(&app, &NOBODY).await.unwrap();
        assert_eq!((due(&now, RetentionKind::Students), due(&now, RetentionKind::History)), (0, 5));
        let shorter = terms(&[(RetentionKind::Students, "3"), (RetentionKind::Audit, "18")]);
        let preview = use_cases::preview(&app, &NOBODY, &shorter).await.unwrap();
        assert!(due(&preview, RetentionKind::Students) > 100 && due(&preview, RetentionKind::Audit) == 5);
        assert_eq!(use_cases::retention(&app, &NOBODY).await.unwrap().terms, now.terms, "a preview stores nothing");

        let wrong = use_cases::change_terms(&app, &NOBODY, &terms(&[(RetentionKind::Students, "0"), (RetentionKind::Mails, "x")])).await;
        let Err(AppError::Invalid(errors)) = wrong else { panic!("accepted") };
        assert_eq!(errors.len(), 2);
        use_cases::change_terms(&app, &NOBODY, &shorter).await.unwrap();
        let event = events(&app).await.into_iter().next().unwrap().event.unwrap();
        assert_eq!((event.kind, event.subject.as_str()), (EventKind::SettingsChanged, "retention"));
        assert_eq!((event.before.unwrap(), event.after.unwrap()), (r#"{"audit":36,"students":24}"#.into(), r#"{"audit":18,"students":3}"#.into()));
    }

    async fn each_kind_goes_after_its_own_term_and_the_log_still_holds_together(app: TestApp) {
        app.load_example("almere").await;
        mail_sent(&app.app).await;
        let account = removed_account(&app.app).await;
        let later = at(&app.app, "2030-01-01T03:00:00Z");
        let events_before = events(&app.app).await.len();
        let report = use_cases::apply(&later, &NOBODY).await.unwrap();
        let count = |kind| report.counts[&kind];
        assert_eq!((count(RetentionKind::Mails), count(RetentionKind::Users), count(RetentionKind::History)), (1, 1, 5));
        assert_eq!(count(RetentionKind::Audit), u64::try_from(events_before).unwrap());

        later
            .store
            .read(async |tx| {
                assert!(imports::latest(tx, None, 50).await?.iter().all(|import| import.file_name == FORGOTTEN_FILE));
                assert_eq!(outbox::latest(tx, None, 0, 10).await?.1, 0);
                assert!(accounts::grants_of(tx, account).await?.is_empty());
                Ok::<_, AppError>(())
            })
            .await
            .unwrap();
        let verdict = chain(&later).await;
        assert!(verdict.deviations.is_empty(), "{:?}", verdict.deviations);
        let kinds: Vec<_> = events(&later).await.into_iter().filter_map(|event| Some(event.event?.kind)).collect();
        assert_eq!(kinds, [EventKind::RetentionRun, EventKind::AuditPruned]);
        let again = use_cases::apply(&later, &NOBODY).await.unwrap();
        assert_eq!(again.dutch(), "er was niets over zijn termijn.");
    }

    async fn it_is_asked_for_once_a_day_by_itself_and_the_report_stands_with_the_work(app: TestApp) {
        app.load_example("almere").await;
        let later = at(&app.app, "2028-09-01T03:00:00Z");
        // Two instances that start at the same moment.
        let (stop, stopped) = watch::channel(());
        let instance = || {
            let (app, mut stopped) = (later.clone(), stopped.clone());
            tokio::spawn(async move { jobs::run(app, async move { while stopped.changed().await.is_ok() {} }).await })
        };
        let instances = [instance(), instance()];
        let all = loop {
            let all = jobs::latest(&later, &NOBODY).await.unwrap();
            if !all.is_empty() && all.iter().all(|job| !matches!(job.state, JobState::Queued | JobState::Running)) {
                break all;
            }
            tokio::task::yield_now().await;
        };
        drop(stop);
        for instance in instances {
            instance.await.unwrap();
        }
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].title.as_str(), all[0].state), ("Bewaartermijnen toepassen", JobState::Done));
        assert_eq!(all[0].message, "Klaar: 5 bestandsnamen en taken verwijderd.");
        let last = use_cases::retention(&later, &NOBODY).await.unwrap();
        assert_eq!(last.last.unwrap().counts[&RetentionKind::History], 5);
        assert_eq!(last.next_on.to_string(), "2028-09-02");
        let day = later.store.read(async |tx| settings::get(tx, "retention-run.day").await).await.unwrap();
        assert_eq!(day.as_deref(), Some("2028-09-01"));

        let asked = use_cases::ask(&later, &NOBODY).await.unwrap();
        assert!(matches!(use_cases::ask(&later, &NOBODY).await, Err(AppError::Conflict { code: "taak-loopt", .. })));
        assert_eq!(jobs::get(&later, &NOBODY, asked).await.unwrap().state, JobState::Queued);
    }
}
