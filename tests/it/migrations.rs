//! The database is built and taken down, step by step, on both databases.

use crate::support::TestApp;

both_databases! {
    async fn every_step_goes_up_down_and_up_again(app: TestApp) {
        let store = &app.app.store;
        assert!(store.is_migrated().await.unwrap());
        store.migrate_down(7).await.unwrap();
        assert!(!store.is_migrated().await.unwrap());
        store.migrate().await.unwrap();
        assert!(store.is_migrated().await.unwrap());
    }

    async fn migrating_a_migrated_database_changes_nothing(app: TestApp) {
        app.app.store.migrate().await.unwrap();
        app.app.store.migrate().await.unwrap();
        assert!(app.app.store.is_migrated().await.unwrap());
    }

    async fn two_instances_that_start_together_do_not_collide(app: TestApp) {
        let store = &app.app.store;
        store.migrate_down(7).await.unwrap();
        let other = store.clone();
        let (one, two) = tokio::join!(store.migrate(), other.migrate());
        one.unwrap();
        two.unwrap();
        assert!(store.is_migrated().await.unwrap());
    }
}
