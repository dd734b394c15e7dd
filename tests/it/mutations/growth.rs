//! Enrolment turns out a quarter higher: everybody new is placed if that can be, and nobody moves without need.

use std::collections::BTreeMap;

use kernschil_app::mutations::Proven;
use kernschil_domain::ids::StudentId;
use kernschil_domain::mutations::MutationSubject;
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::{Demand, RoundData, WishTarget};
use kernschil_spreadsheets::ImportKind;
use kernschil_spreadsheets::definition::definition;
use kernschil_spreadsheets::write::{FilledSheet, filled};

use super::{CLI, announced, carry_out, different, option, picture, planned, told, touched};
use crate::support::TestApp;

/// A row of the workbook for a new student with what another one needs.
fn row(data: &RoundData, demand: &Demand, number: usize) -> Vec<(&'static str, String)> {
    let student = &data.students[&demand.student];
    let phase = &data.registry.phases[&demand.phase];
    let programme = &data.registry.programmes[&phase.programme];
    let cohort = data.enrolments[&student.id].iter().find(|enrolment| enrolment.phase == demand.phase).unwrap().cohort;
    let wish = |rank: usize| match demand.wishes.get(rank) {
        Some(WishTarget::School(school)) => data.registry.schools[school].code.to_string(),
        Some(WishTarget::Board(board)) => data.registry.boards[board].number.to_string(),
        None => String::new(),
    };
    let partnership = demand.partnership.map(|id| data.registry.partnerships[&id].name.clone()).unwrap_or_default();
    vec![
        ("round", data.round.name.clone()),
        ("institute", data.registry.institutes[&student.institute].brin.to_string()),
        ("number", format!("n{number:05}")),
        ("given_name", "Nieuw".to_owned()),
        ("family_name", format!("Student {number}")),
        ("postcode", student.postcode.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("croho", programme.croho.to_string()),
        ("form", programme.form.dutch().to_owned()),
        ("start_year", data.cohorts[&cohort].start_year.to_string()),
        ("phase", phase.code.clone()),
        ("period", data.periods[&demand.period].name.clone()),
        ("groups", if demand.groups.bits() == 0 { String::new() } else { demand.groups.to_string() }),
        ("weekdays", if demand.weekdays.bits() == 0 { String::new() } else { demand.weekdays.to_string() }),
        ("partnership", partnership),
        ("wish1", wish(0)),
        ("wish2", wish(1)),
        ("wish3", wish(2)),
    ]
}

/// A quarter more students: every fourth one once more, with all that she needs.
fn quarter_more(data: &RoundData) -> Vec<u8> {
    let def = &definition(ImportKind::Students).sheets[0];
    let mut of: BTreeMap<StudentId, Vec<&Demand>> = BTreeMap::new();
    for demand in data.demands.values() {
        of.entry(demand.student).or_default().push(demand);
    }
    let chosen = of.values().step_by(4).take(283);
    let rows = chosen.zip(1..).flat_map(|(demands, number)| demands.iter().map(move |demand| (*demand, number)));
    let rows = rows.map(|(demand, number)| {
        let mut cells = vec![String::new(); def.columns.len()];
        for (field, value) in row(data, demand, number) {
            cells[def.column(field).unwrap()] = value;
        }
        cells
    });
    filled(ImportKind::Students, &[FilledSheet { key: def.key.clone(), rows: rows.collect() }]).unwrap()
}

both_databases! {
    async fn a_quarter_more_students_and_nobody_moves_without_need(app: TestApp) {
        let round = announced(&app, "talent").await;
        let old = picture(&app.app, &round).await;
        assert_eq!(old.students.len(), 1131);
        let file = kernschil_app::imports::ImportFile { name: "nieuw.xlsx".to_owned(), bytes: quarter_more(&old) };
        let report = kernschil_app::imports::load(&app.app, &CLI, ImportKind::Students, file).await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.outcome.findings.list.iter().take(5).collect::<Vec<_>>());
        let before = picture(&app.app, &round).await;
        assert_eq!(before.students.len(), 1414);
        assert_eq!(before.placements, old.placements);

        let started = std::time::Instant::now();
        let plan = planned(&app.app, &round, MutationSubject::Enrolment).await;
        let kept = option(&plan, Order::KeptFirst);
        let alone = plan.prices.as_ref().unwrap().unplaced_alone;
        eprintln!(
            "a quarter more: {:?} moved, lost, placed; {} unplaced; {alone} when nobody moves; covered first {:?}; steps {:?}; {:?}",
            kept.outcome, kept.after.unplaced, option(&plan, Order::CoveredFirst).outcome, plan.prices.as_ref().unwrap().steps, started.elapsed()
        );
        assert_eq!(kept.proven, Proven::Best);
        let (moved, ended, placed) = kept.outcome;
        assert_eq!(ended, 0);
        let count = |count: u32| usize::try_from(count).unwrap();
        assert_eq!(placed + count(kept.after.unplaced), count(plan.before.unplaced));
        // Each move makes room for somebody who has no place otherwise.
        assert!(moved > 0 && kept.after.unplaced < alone);
        assert_eq!((placed, moved, count(kept.after.unplaced), count(alone)), (71, 6, 228, 234));
        carry_out(&app.app, &round, &plan, Order::KeptFirst).await.unwrap();
        let after = picture(&app.app, &round).await;
        assert_eq!(different(&before, &after).len(), moved + placed);
        assert_eq!(told(&app.app, &round).await, (different(&before, &after), touched(&before, &after)));
        app.check_invariants().await;
    }
}
