//! Settings of the installation, and setting it up.

use std::sync::Arc;

use kernschil_app::examples::{self, Content, Example};
use kernschil_app::settings::{self, NewInstallation};
use kernschil_app::{Actor, App, AppError, jobs, setup};
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::JobState;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::StorageError;
use kernschil_storage::audit::{self, EventFilter, StoredEvent};

use crate::support::TestApp;

macro_rules! example {
    ($kind:ident, $path:literal) => {
        Example { kind: ImportKind::$kind, name: $path, bytes: include_bytes!(concat!("../../imports/voorbeelden/", $path)) }
    };
}

const EXAMPLES: [Example; 5] = [
    example!(Postcodes, "postcodes.txt"),
    example!(Partnerships, "almere/partnerschappen.xlsx"),
    example!(Trainers, "almere/opleiders.xlsx"),
    example!(Offers, "almere/plekken.xlsx"),
    example!(Students, "almere/studenten.xlsx"),
];

fn new(organisation: &str, school_year: &str) -> NewInstallation {
    NewInstallation { organisation: organisation.to_owned(), school_year: school_year.to_owned() }
}

async fn events(app: &App, kind: EventKind) -> Vec<StoredEvent> {
    let filter = EventFilter { kinds: Some(vec![kind]), ..EventFilter::default() };
    app.store.read(async |tx| Ok::<_, StorageError>(audit::events(tx, &filter, 0, 100).await?)).await.unwrap()
}

/// Does the waiting jobs until the one that loads the examples has ended.
async fn work(app: &App) {
    let is_done = async {
        while setup::of(app, &Actor::CommandLine).await.unwrap().job.is_none_or(|job| job.ended_at.is_none()) {
            tokio::task::yield_now().await;
        }
    };
    jobs::run(app.clone(), is_done).await;
}

both_databases! {
    async fn whose_installation_it_is_is_noted_before_and_after(app: TestApp) {
        let app = &app.app;
        settings::change(app, &Actor::CommandLine, &new(" Almere ", "2026-2027")).await.unwrap();
        settings::change(app, &Actor::CommandLine, &new("Almere", "2026/27")).await.unwrap();
        settings::change(app, &Actor::CommandLine, &new("Flevoland", "2027-2028")).await.unwrap();
        let now = settings::installation(app).await.unwrap();
        assert_eq!((now.organisation.as_str(), now.school_year.unwrap().first_year()), ("Flevoland", 2027));

        let mut noted = events(app, EventKind::SettingsChanged).await;
        noted.sort_by_key(|event| event.seq);
        let changes: Vec<_> = noted.into_iter().filter_map(|noted| noted.event).map(|event| (event.before.unwrap(), event.after.unwrap())).collect();
        assert_eq!(changes.len(), 2, "the same again changes nothing");
        assert_eq!(changes[1].0, changes[0].1);
        assert!(changes[1].1.contains("Flevoland") && changes[1].1.contains("2027"), "{}", changes[1].1);

        let wrong = settings::change(app, &Actor::CommandLine, &new(&"x".repeat(101), "2026-2028")).await;
        assert!(matches!(wrong, Err(AppError::Invalid(errors)) if errors.len() == 2));
        assert_eq!(settings::installation(app).await.unwrap(), now);
    }

    async fn the_examples_are_loaded_once_and_taken_up_where_they_were_left(app: TestApp) {
        let app = App { examples: EXAMPLES.into(), ..app.app.clone() };
        // As if the program stopped after the first workbook.
        let first = App { examples: Arc::from(&EXAMPLES[..1]), ..app.clone() };
        examples::load(&first, &Actor::CommandLine, |_| Ok(())).await.unwrap();
        assert_eq!(setup::of(&app, &Actor::CommandLine).await.unwrap().content, Content::Examples);

        examples::ask(&app, &Actor::CommandLine).await.unwrap();
        let twice = examples::ask(&app, &Actor::CommandLine).await;
        assert!(matches!(twice, Err(AppError::Conflict { code: "al-bezig", .. })));
        work(&app).await;
        let setup = setup::of(&app, &Actor::CommandLine).await.unwrap();
        let job = setup.job.clone().unwrap();
        assert_eq!((job.state, job.message.as_str()), (JobState::Done, "Klaar: 5 bestanden geladen, 1 voorstel gemaakt."));
        assert!(setup.is_filled() && !setup.is_named());
        assert_eq!((events(&app, EventKind::ExamplesAsked).await.len(), events(&app, EventKind::ImportLoaded).await.len()), (1, 5));
        assert_eq!(examples::load(&app, &Actor::CommandLine, |_| Ok(())).await.unwrap(), 0);
    }

    async fn loading_the_examples_can_be_stopped_and_begun_again(app: TestApp) {
        let app = App { examples: EXAMPLES.into(), ..app.app.clone() };
        let job = examples::ask(&app, &Actor::CommandLine).await.unwrap();
        jobs::cancel(&app, &Actor::CommandLine, job).await.unwrap();
        let setup = setup::of(&app, &Actor::CommandLine).await.unwrap();
        assert_eq!((setup.content, setup.job.unwrap().state), (Content::Nothing, JobState::Cancelled));
        examples::ask(&app, &Actor::CommandLine).await.unwrap();
    }

    async fn examples_stay_out_of_data_of_ones_own(app: TestApp) {
        app.load(ImportKind::Partnerships, "hak/partnerschappen.xlsx").await;
        let app = App { examples: EXAMPLES.into(), ..app.app.clone() };
        let refused = examples::ask(&app, &Actor::CommandLine).await;
        assert!(matches!(refused, Err(AppError::Conflict { code: "al-gegevens", .. })));
        assert!(events(&app, EventKind::ExamplesAsked).await.is_empty());
    }
}
