//! Putting reviews on the calendar.

use kernschil_app::AppError;
use kernschil_app::reviews::peers::{self, PeerInput, ToldVisit};
use kernschil_app::reviews::{self, CalendarQuery, NewReview, PastReview};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::reviews::ReviewKind::{Developmental, Judging};
use kernschil_domain::reviews::ReviewState::{Closed, Planned};
use kernschil_domain::reviews::{Judgement, Outcome, PlannedYear, Receiver, ReviewKind};

use super::browser::Browser;
use super::{LINE, new_review, one_review, regions, registry, store_framework};
use crate::support::TestApp;

/// Codes of everything that is wrong.
fn codes(refused: Result<String, AppError>) -> Vec<String> {
    match refused {
        Err(AppError::Invalid(fields)) => fields.into_iter().map(|field| field.code).collect(),
        other => panic!("should be refused: {other:?}"),
    }
}

both_databases! {
    async fn two_reviews_of_one_name_have_their_own_addresses(app: TestApp) {
        let first = one_review(&app).await;
        let receiver = Receiver::Partnership(*registry(&app).await.partnerships.keys().next().unwrap());
        let second = reviews::make(&app.app, &LINE, new_review("Peer review proef", receiver)).await.unwrap();
        let word = reviews::make(&app.app, &LINE, new_review("Nieuw", receiver)).await.unwrap();
        assert_eq!([first.as_str(), second.as_str(), word.as_str()], ["peer-review-proef", "peer-review-proef-2", "nieuw-2"]);
        app.check_invariants().await;
    }

    async fn a_review_needs_a_name_a_receiver_a_framework_and_years_with_sources(app: TestApp) {
        let nobody = Receiver::Partnership(kernschil_domain::ids::PartnershipId(uuid::Uuid::nil()));
        assert_eq!(codes(reviews::make(&app.app, &LINE, new_review("Proef", nobody)).await), ["kader-onbekend"]);
        store_framework(&app.app).await;
        assert_eq!(codes(reviews::make(&app.app, &LINE, new_review(" ", nobody)).await), ["ontvanger-onbekend", "verplicht"]);
        each_fault_has_its_code(&app).await;
    }
}

both_databases! {
    async fn the_examples_of_the_field_stand_on_the_calendar_as_they_are(app: TestApp) {
        for folder in ["hak", "talent"] {
            app.load(kernschil_spreadsheets::ImportKind::Partnerships, &format!("{folder}/partnerschappen.xlsx")).await;
        }
        assert_eq!(kernschil_app::reviews::load_examples(&app.app, &LINE).await.unwrap(), 7);
        assert_eq!(kernschil_app::reviews::load_examples(&app.app, &LINE).await.unwrap(), 0);
        let calendar = reviews::calendar(&app.app, &LINE, &CalendarQuery::default()).await.unwrap();
        let told: Vec<_> = calendar
            .rows
            .iter()
            .map(|row| (row.review.name.as_str(), row.year.unwrap(), row.review.kind, row.review.state, row.contradicting.clone()))
            .collect();
        assert_eq!(
            told,
            [
                ("Beoordeling Samen Opleidend Leren 2022-2023", 2023, Judging, Closed, None),
                ("Beoordeling Het Leercollectief 2024", 2024, Judging, Closed, None),
                ("Peer review Partners in Opleiding en Ontwikkeling 2024", 2024, Developmental, Closed, None),
                ("Peer review OPLIS/ILA 2025", 2025, Developmental, Closed, None),
                ("Peer review Talent 2025", 2025, Developmental, Closed, None),
                ("Volgende peer review Talent", 2028, Developmental, Planned, Some(vec![2028, 2029])),
                ("Peer review onderwijsregio HAK", 2029, Developmental, Planned, None),
            ]
        );
        // A judgement is only where one was given, and never for a developmental review.
        let judged: Vec<_> = calendar.rows.iter().filter(|row| row.review.outcome.is_some()).map(|row| row.review.name.as_str()).collect();
        assert_eq!(judged, ["Beoordeling Het Leercollectief 2024"]);
        let talent = calendar.rows.iter().find(|row| row.contradicting.is_some()).unwrap();
        assert!(talent.warnings()[0].contains("2028 (tabel met activiteiten) en 2029 (tekst van het plan)"), "{:?}", talent.warnings());
        let in_2028 = CalendarQuery { year: Some(2028), ..CalendarQuery::default() };
        assert_eq!(reviews::calendar(&app.app, &LINE, &in_2028).await.unwrap().rows.len(), 1);
        let by_name = CalendarQuery { text: Some("oplis".to_owned()), ..CalendarQuery::default() };
        assert_eq!(reviews::calendar(&app.app, &LINE, &by_name).await.unwrap().rows.len(), 1);
        app.check_invariants().await;
    }
}

both_databases! {
    async fn visits_of_peers_without_a_partnership_count_for_nobody_and_that_is_told(app: TestApp) {
        one_review(&app).await;
        let own = *registry(&app).await.partnerships.keys().next().unwrap();
        let region = regions(&app, own).await[0];
        let visit = |partnership, email: &str| PeerInput {
            name: "Piet Peer".to_owned(),
            email: email.to_owned(),
            region: Some(region),
            partnership,
            visits: vec![ToldVisit { label: "Review elders".to_owned(), visited_on: "2025-05-01".parse().unwrap(), region: None }],
            ..PeerInput::default()
        };
        peers::add(&app.app, &LINE, &visit(None, "piet@peers.nl")).await.unwrap();
        peers::add(&app.app, &LINE, &visit(Some(own), "pia@peers.nl")).await.unwrap();
        let calendar = reviews::calendar(&app.app, &LINE, &CalendarQuery::default()).await.unwrap();
        assert_eq!(calendar.visits_for_nobody, 1);
        assert_eq!(calendar.visits.iter().map(|visits| visits.paid).sum::<usize>(), 1);
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(own)).await;
        let (_, page) = Browser::of(&app, &coordinator).await.at("/peer-reviews").await;
        assert!(page.contains("Eén bezoek telt voor niemand mee") && page.contains("Vul dat in bij de peers"), "{page}");
    }
}

async fn each_fault_has_its_code(app: &TestApp) {
    app.load(kernschil_spreadsheets::ImportKind::Partnerships, "talent/partnerschappen.xlsx").await;
    let own = *registry(app).await.partnerships.keys().next().unwrap();
    let region = regions(app, own).await[0];
    let year = |year, source: &str| vec![PlannedYear { year, source: source.to_owned() }];
    let of = |receiver| new_review("Proef", receiver);
    let judged = |kind, decided_on| NewReview {
        kind,
        past: Some(PastReview {
            held_on: "2025-06-01".parse().ok(),
            outcome: Some(Outcome::overall(Judgement::Insufficient, decided_on)),
            ..PastReview::default()
        }),
        ..of(Receiver::Partnership(own))
    };
    let cases = [
        (NewReview { years: year(28, "jaarplan"), ..of(Receiver::Partnership(own)) }, "jaar-ongeldig"),
        (NewReview { years: year(2028, " "), ..of(Receiver::Partnership(own)) }, "bron-ongeldig"),
        (NewReview { visit_on: "1999-01-01".parse().ok(), ..of(Receiver::Partnership(own)) }, "dag-ongeldig"),
        (NewReview { kind: ReviewKind::Judging, ..of(Receiver::Region(region)) }, "geen-partnerschap"),
        (NewReview { past: Some(PastReview::default()), ..of(Receiver::Partnership(own)) }, "verplicht"),
        (
            NewReview {
                past: Some(PastReview { held_on: "2026-07-02".parse().ok(), ..PastReview::default() }),
                ..of(Receiver::Partnership(own))
            },
            "dag-in-toekomst",
        ),
        (judged(ReviewKind::Developmental, None), "geen-oordeel"),
        (judged(ReviewKind::Judging, "2025-05-31".parse().ok()), "dag-buiten-bereik"),
    ];
    for (new, code) in cases {
        assert_eq!(codes(reviews::make(&app.app, &LINE, new).await), [code]);
    }
    let refused = |past, judgement, day: &str| PastReview::judged(past, judgement, day.parse().ok()).unwrap_err().code;
    assert_eq!(refused(None, Some(Judgement::Sufficient), ""), "nog-geen-oordeel");
    assert_eq!(refused(Some(PastReview::default()), None, "2025-06-15"), "oordeel-ontbreekt");
    let known = reviews::make(&app.app, &LINE, judged(ReviewKind::Judging, "2025-06-15".parse().ok())).await.unwrap();
    let again = reviews::make_second_chance(&app.app, &LINE, &known).await.unwrap();
    assert_eq!(reviews::dossier(&app.app, &LINE, &again).await.unwrap().review.kind, ReviewKind::Judging);
    // Somebody of another partnership gets the same answer as for one that does not exist.
    let other = registry(app).await.partnerships.keys().copied().find(|id| *id != own);
    if let Some(other) = other {
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(other)).await;
        assert_eq!(codes(reviews::make(&app.app, &coordinator, of(Receiver::Partnership(own))).await), ["ontvanger-onbekend"]);
    }
}
