//! Putting reviews on the calendar.

use kernschil_app::AppError;
use kernschil_app::reviews::{self, NewReview, PastReview};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::reviews::{PlannedYear, Receiver, ReviewKind};

use super::{LINE, new_review, one_review, registry, regions, store_framework};
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

async fn each_fault_has_its_code(app: &TestApp) {
    app.load(kernschil_spreadsheets::ImportKind::Partnerships, "talent/partnerschappen.xlsx").await;
    let own = *registry(app).await.partnerships.keys().next().unwrap();
    let region = regions(app, own).await[0];
    let year = |year, source: &str| vec![PlannedYear { year, source: source.to_owned() }];
    let of = |receiver| new_review("Proef", receiver);
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
    ];
    for (new, code) in cases {
        assert_eq!(codes(reviews::make(&app.app, &LINE, new).await), [code]);
    }
    // Somebody of another partnership gets the same answer as for one that does not exist.
    let other = registry(app).await.partnerships.keys().copied().find(|id| *id != own);
    if let Some(other) = other {
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(other)).await;
        assert_eq!(codes(reviews::make(&app.app, &coordinator, of(Receiver::Partnership(own))).await), ["ontvanger-onbekend"]);
    }
}
