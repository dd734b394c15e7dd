//! What was handed in, published or made final is held against its hash.

use kernschil_app::reviews::seals;
use kernschil_domain::frameworks::Framework;
use kernschil_domain::ids::FrameworkId;
use kernschil_domain::reviews::{Finding, FindingKind, ReportState, ReportVersion};
use kernschil_storage::reviews::{findings, reports};
use kernschil_storage::{StorageError, frameworks};

use super::stage::Stage;
use super::weighing::report_in;
use crate::support::TestApp;

async fn codes(app: &TestApp) -> Vec<&'static str> {
    seals::broken(&app.app).await.unwrap().into_iter().map(|broken| broken.code).collect()
}

both_databases! {
    async fn what_somebody_changes_in_the_database_shows(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let handed_in = stage.finds(&app, &stage.member, FindingKind::Strength, "2", "Zoals ingeleverd").await;
        let open = stage.finds(&app, &stage.other, FindingKind::Strength, "2", "Nog niet ingeleverd").await;
        stage.hands_in(&app, &stage.member).await;
        report_in(&app, &stage, ReportState::Concept).await;
        assert_eq!(codes(&app).await, [] as [&str; 0]);
        app.app
            .store
            .write(async |tx| {
                findings::save(tx, &Finding { text: "Mag nog".to_owned(), ..open.clone() }).await?;
                findings::save(tx, &Finding { text: "Achteraf mooier".to_owned(), ..handed_in.clone() }).await?;
                let published = frameworks::find(tx, "proef").await?;
                let slug = "ander".to_owned();
                let other = Framework { id: FrameworkId(app.app.ids.next()), slug, hash: "0".repeat(64), ..published };
                frameworks::insert(tx, &other).await?;
                let first = reports::versions(tx, handed_in.review).await?.remove(0);
                reports::insert(tx, &ReportVersion { number: 2, content: format!("{} ", first.content), ..first }).await?;
                Ok::<_, StorageError>(())
            })
            .await
            .unwrap();
        let (handed_in, own) = ("inlevering-gewijzigd", "bevindingen-buiten-dagboek");
        assert_eq!(codes(&app).await, ["kader-gewijzigd", handed_in, own, own, "rapport-gewijzigd"]);
    }

    async fn who_handed_in_nothing_cannot_be_told_from_the_hash(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.hands_in(&app, &stage.member).await;
        let review = stage.review(&app).await.id;
        let done = app.app.store.read(async |tx| findings::hand_ins(tx, review).await).await.unwrap().remove(0);
        assert_ne!(done.hash, kernschil_app::reviews::findings::state_hash(review, done.member, &[]));
        assert_eq!(done.hash, kernschil_app::reviews::findings::seal(&done.salt, review, done.member, &[]));
    }
}
