//! The kritische reflectie: what was saved stays, whoever else saves, and until it is handed in only who writes it reads it.

use kernschil_app::reviews::reflection::{self, ReflectionAccess, Saved};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::frameworks::{Criterion, Framework, FrameworkContent, FrameworkState, Origin, PartCode, Safeguard};
use kernschil_domain::ids::{FrameworkId, ReviewId, Version};
use kernschil_domain::reviews::{Receiver, Review, ReviewKind, ReviewState, SaveCause, TEXT_SIGNS};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::{StorageError, frameworks, registry, reviews};

use super::browser::Browser;
use crate::support::TestApp;

/// Name of the review in addresses.
pub(super) const REVIEW: &str = "almere-proef";

/// Four safeguards, the first with a criterion.
fn content() -> FrameworkContent {
    let code = |text: &str| PartCode(text.to_owned());
    let safeguard = |number: usize, name: &str| Safeguard {
        code: code(&number.to_string()),
        name: name.to_owned(),
        description: "waar het over gaat".to_owned(),
        origin: Origin::Paraphrase,
        questions: vec!["Doen we de goede dingen?".to_owned()],
        criteria: Vec::new(),
    };
    let names = ["Lerende leraar", "Leeromgeving", "Organisatie", "Kwaliteitscultuur"];
    let mut safeguards: Vec<_> = (1..).zip(names).map(|(number, name)| safeguard(number, name)).collect();
    safeguards[0].criteria.push(Criterion {
        code: code("1.1"),
        text: "Eigen thema: gedeeld beeld van het beroep".to_owned(),
        origin: Origin::Own,
        questions: Vec::new(),
    });
    FrameworkContent { name: "Kader voor de proef".to_owned(), source: "deze proef".to_owned(), questions: Vec::new(), safeguards }
}

/// A review of a partnership of the example of Almere, in a state.
pub(super) async fn review(app: &TestApp, state: ReviewState) -> Review {
    app.load(ImportKind::Postcodes, "postcodes.txt").await;
    app.load(ImportKind::Partnerships, "almere/partnerschappen.xlsx").await;
    let now = app.app.clock.now();
    let framework = Framework {
        id: FrameworkId(app.app.ids.next()),
        slug: "proef".to_owned(),
        content: content(),
        state: FrameworkState::Published { at: now },
        hash: kernschil_app::frameworks::hash(&content()),
        made_at: now,
        made_by: None,
        version: Version(1),
    };
    let id = ReviewId(app.app.ids.next());
    app.app
        .store
        .write(async |tx| {
            let partnership = *registry::load(tx).await?.partnerships.keys().next().unwrap();
            let review = Review {
                id,
                slug: REVIEW.to_owned(),
                name: "Peer review van de proef".to_owned(),
                kind: ReviewKind::Developmental,
                receiver: Receiver::Partnership(partnership),
                framework: framework.id,
                state,
                years: Vec::new(),
                visit_on: None,
                held_on: None,
                due_on: None,
                reflected_at: None,
                opened_at: None,
                outcome: None,
                respond_by: None,
                report_year: None,
                published_at: None,
                previous: None,
                made_at: now,
                made_by: None,
                version: Version(1),
            };
            frameworks::insert(tx, &framework).await?;
            reviews::insert(tx, &review).await?;
            Ok::<_, StorageError>(review)
        })
        .await
        .unwrap()
}

/// Who writes for the receiving side, and somebody of the panel.
async fn people(app: &TestApp, review: &Review) -> (Actor, Actor) {
    let Receiver::Partnership(partnership) = review.receiver else { panic!("a partnership receives") };
    let author = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
    (author, app.with_role(Role::PanelMember, Scope::Review(review.id)).await)
}

async fn save(app: &TestApp, actor: &Actor, part: &str, seen: i32, body: &str) -> Result<Saved, AppError> {
    reflection::save(&app.app, actor, REVIEW, part, Version(seen), body).await
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer.unwrap_err() {
        AppError::Invalid(fields) => fields[0].code.clone(),
        other => other.code().to_owned(),
    }
}

async fn numbers(app: &TestApp, actor: &Actor, part: &str) -> Vec<(i32, SaveCause, String)> {
    let found = reflection::history(&app.app, actor, REVIEW, part).await.unwrap();
    found.versions.into_iter().map(|version| (version.number, version.cause, version.body)).collect()
}

/// Something about each of the four safeguards.
async fn write_all(app: &TestApp, author: &Actor) {
    for part in ["1.1", "2", "3", "4"] {
        save(app, author, part, 0, "Wij doen dit zo.").await.unwrap();
    }
}

both_databases! {
    async fn a_text_that_was_saved_is_a_version_that_stays(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let (author, _) = people(&app, &review).await;
        let first = save(&app, &author, "1.1", 0, "Een begin.\r\nEn verder.").await.unwrap();
        assert!(matches!(&first, Saved::Stored(text) if text.version == Version(1) && text.body == "Een begin.\nEn verder."), "{first:?}");
        assert!(matches!(save(&app, &author, "1.1", 1, "Een begin.\nEn verder.").await.unwrap(), Saved::Unchanged(_)));
        save(&app, &author, "1.1", 1, "Een beter begin.").await.unwrap();
        let back = reflection::restore(&app.app, &author, REVIEW, "1.1", 1, Version(2)).await.unwrap();
        assert_eq!(back.current().body, "Een begin.\nEn verder.");
        let causes: Vec<_> = numbers(&app, &author, "1.1").await.into_iter().map(|(number, cause, _)| (number, cause)).collect();
        assert_eq!(causes, [(1, SaveCause::Saved), (2, SaveCause::Saved), (3, SaveCause::Restored)]);
        app.check_invariants().await;
    }

    async fn two_tabs_write_and_both_texts_are_kept(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let (first, _) = people(&app, &review).await;
        let second = app.with_role(Role::ReflectionAuthor, Scope::Review(review.id)).await;
        save(&app, &first, "2", 0, "Samen begonnen.").await.unwrap();
        save(&app, &first, "2", 1, "Samen begonnen. De eerste schreef verder.").await.unwrap();
        let stale = save(&app, &second, "2", 1, "Samen begonnen. De tweede ook.").await.unwrap();
        let Saved::Aside { current, kept } = stale else { panic!("{stale:?}") };
        assert_eq!((current.version, kept.number, kept.cause), (Version(2), 3, SaveCause::Aside));
        assert_eq!(current.body, "Samen begonnen. De eerste schreef verder.");
        // The same tab that tries again makes no more versions, and who did not write anything keeps nothing aside.
        let again = save(&app, &second, "2", 1, "Samen begonnen. De tweede ook.").await.unwrap();
        assert!(matches!(again, Saved::Aside { kept, .. } if kept.number == 3));
        assert!(matches!(save(&app, &second, "2", 1, "Samen begonnen.").await.unwrap(), Saved::Unchanged(_)));
        // The first writes on as if nothing happened, and the second merges over what is there.
        save(&app, &first, "2", 2, "De eerste schreef nog verder.").await.unwrap();
        let merged = save(&app, &second, "2", 4, "Allebei.").await.unwrap();
        assert!(matches!(&merged, Saved::Stored(text) if text.version == Version(5)), "{merged:?}");
        assert_eq!(
            numbers(&app, &first, "2").await.into_iter().map(|(_, _, body)| body).collect::<Vec<_>>(),
            [
                "Samen begonnen.",
                "Samen begonnen. De eerste schreef verder.",
                "Samen begonnen. De tweede ook.",
                "De eerste schreef nog verder.",
                "Allebei.",
            ]
        );
        app.check_invariants().await;
    }

    async fn what_was_merged_asks_no_more_to_be_merged(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let (author, _) = people(&app, &review).await;
        save(&app, &author, "2", 0, "Van ons.").await.unwrap();
        save(&app, &author, "2", 1, "Van ons, verder.").await.unwrap();
        for text in ["Van de een.", "Van de ander."] {
            assert!(matches!(save(&app, &author, "2", 1, text).await.unwrap(), Saved::Aside { .. }));
        }
        let browser = Browser::of(&app, &author).await;
        let asked = |page: &str| page.matches("Voeg samen").count();
        let (_, before) = browser.page("reflectie/2/geschiedenis").await;
        assert_eq!((asked(&before), before.matches("Bekijk of zet terug").count()), (2, 3));

        let fields = [("versie", "2"), ("apart", "3"), ("tekst", "Van allebei.")];
        assert_eq!(browser.post("reflectie/2", &fields).await.0, 303);
        let (_, page) = browser.page("reflectie/2/geschiedenis").await;
        assert_eq!(asked(&page), 1, "the other one was not merged");
        assert!(page.contains("samengevoegd in versie 5") && page.contains("samengevoegd met versie 3"), "{page}");
        // Who leaves the text as it is decided as well.
        let fields = [("versie", "5"), ("apart", "4"), ("tekst", "Half."), ("keuze", "nu")];
        assert_eq!(browser.post("reflectie/2", &fields).await.0, 303);
        assert_eq!(asked(&browser.page("reflectie/2/geschiedenis").await.1), 0);
        let bodies: Vec<_> = numbers(&app, &author, "2").await.into_iter().map(|(_, _, body)| body).collect();
        assert_eq!(bodies, ["Van ons.", "Van ons, verder.", "Van de een.", "Van de ander.", "Van allebei.", "Van allebei."]);
        let wrong = reflection::merge(&app.app, &author, REVIEW, "2", (Version(6), 5), "Iets.").await;
        assert_eq!(refusal(wrong), "niet-gevonden", "version 5 was not kept aside");

        // What lies fixed asks for nothing.
        assert!(matches!(save(&app, &author, "2", 1, "Nog een.").await.unwrap(), Saved::Aside { .. }));
        assert_eq!(asked(&browser.page("reflectie/2/geschiedenis").await.1), 1);
        for part in ["1.1", "3", "4"] {
            save(&app, &author, part, 0, "Wij doen dit zo.").await.unwrap();
        }
        reflection::hand_in(&app.app, &author, REVIEW, Version(1)).await.unwrap();
        let (_, locked) = browser.page("reflectie/2/geschiedenis").await;
        assert_eq!((asked(&locked), locked.matches("zet terug").count()), (0, 0));
        app.check_invariants().await;
    }

    async fn a_text_that_is_too_long_is_refused_whole_and_stays_on_the_page(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let (author, _) = people(&app, &review).await;
        let browser = Browser::of(&app, &author).await;
        let editor = browser.page("reflectie/2").await.1;
        assert!(!editor.contains("maxlength"), "a browser would cut what is pasted");
        let long = format!("{} einde", "a".repeat(TEXT_SIGNS));
        let (status, page) = browser.post("reflectie/2", &[("versie", "0"), ("tekst", &long)]).await;
        assert_eq!(status, 400);
        assert!(page.contains(&format!("De tekst heeft {} tekens en er passen er {TEXT_SIGNS}.", TEXT_SIGNS + 6)), "the count is told");
        assert!(page.contains(&long), "the whole text is on the page");
        assert!(numbers(&app, &author, "2").await.is_empty());
    }

    async fn writers_at_the_same_moment_get_a_number_each(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let (author, _) = people(&app, &review).await;
        save(&app, &author, "3", 0, "begin").await.unwrap();
        let texts: Vec<_> = (0..8).map(|number| format!("tekst {number}")).collect();
        let mut writing = tokio::task::JoinSet::new();
        for text in texts.clone() {
            let (app, author) = (app.app.clone(), author.clone());
            writing.spawn(async move { reflection::save(&app, &author, REVIEW, "3", Version(1), &text).await });
        }
        let ends = writing.join_all().await;
        assert_eq!(ends.iter().filter(|end| matches!(end, Ok(Saved::Stored(_)))).count(), 1);
        assert_eq!(ends.iter().filter(|end| matches!(end, Ok(Saved::Aside { .. }))).count(), 7);
        let kept = numbers(&app, &author, "3").await;
        assert_eq!(kept.iter().map(|(number, ..)| *number).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
        assert!(texts.iter().all(|text| kept.iter().any(|(_, _, body)| body == text)), "{kept:?}");
    }

    async fn the_panel_reads_it_once_it_is_handed_in(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let (author, panel) = people(&app, &review).await;
        save(&app, &author, "1.1", 0, "nog geheim").await.unwrap();
        let seen = reflection::overview(&app.app, &panel, REVIEW).await.unwrap();
        assert_eq!((seen.access, seen.texts.len(), seen.progress[0].written), (ReflectionAccess::NotYet, 0, 1));
        assert_eq!(refusal(reflection::text(&app.app, &panel, REVIEW, "1.1").await), "reflectie-niet-ingeleverd");
        assert_eq!(refusal(save(&app, &panel, "1.1", 1, "van het panel").await), "niet-toegestaan");

        let refused = reflection::hand_in(&app.app, &author, REVIEW, Version(1)).await.unwrap_err();
        assert_eq!(refused.code(), "reflectie-onvolledig");
        assert!(refused.dutch().contains("Leeromgeving, Organisatie, Kwaliteitscultuur"), "{}", refused.dutch());
        write_all(&app, &author).await;
        let version = reflection::hand_in(&app.app, &author, REVIEW, Version(1)).await.unwrap();
        let seen = reflection::overview(&app.app, &panel, REVIEW).await.unwrap();
        assert_eq!((seen.access, seen.texts.len()), (ReflectionAccess::Read, 4));
        assert_eq!(refusal(save(&app, &author, "1.1", 1, "te laat").await), "reflectie-ingeleverd");
        assert_eq!(refusal(reflection::restore(&app.app, &author, REVIEW, "1.1", 1, Version(1)).await), "reflectie-ingeleverd");

        assert_eq!(refusal(reflection::take_back(&app.app, &author, REVIEW, version, "  ").await), "reden-nodig");
        assert_eq!(refusal(reflection::take_back(&app.app, &author, REVIEW, Version(1), "iets vergeten").await), "intussen-gewijzigd");
        reflection::take_back(&app.app, &author, REVIEW, version, "iets vergeten").await.unwrap();
        let seen = reflection::overview(&app.app, &panel, REVIEW).await.unwrap();
        assert_eq!((seen.access, seen.texts.len(), seen.moves.len()), (ReflectionAccess::NotYet, 0, 2));
        assert_eq!(seen.moves[1].reason.as_deref(), Some("iets vergeten"));
        save(&app, &author, "1.1", 1, "nog op tijd").await.unwrap();
        app.check_invariants().await;
    }

    async fn what_cannot_be_saved_is_refused_with_why_and_changes_nothing(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let (author, _) = people(&app, &review).await;
        assert_eq!(refusal(save(&app, &author, "1.1", 0, &"a".repeat(TEXT_SIGNS + 1)).await), "tekst-te-lang");
        assert_eq!(refusal(save(&app, &author, "9.9", 0, "een onderdeel dat er niet is").await), "niet-gevonden");
        assert_eq!(refusal(reflection::restore(&app.app, &author, REVIEW, "1.1", 1, Version(0)).await), "niet-gevonden");
        assert!(numbers(&app, &author, "1.1").await.is_empty());
        save(&app, &author, "1.1", 0, "een \u{0} teken dat niemand ziet").await.unwrap();
        let elsewhere = app.with_role(Role::ReflectionAuthor, Scope::Review(ReviewId(app.app.ids.next()))).await;
        assert_eq!(refusal(save(&app, &elsewhere, "1.1", 1, "van elders").await), "niet-gevonden");
        assert_eq!(refusal(reflection::overview(&app.app, &elsewhere, REVIEW).await), "niet-gevonden");
        assert_eq!(numbers(&app, &author, "1.1").await.len(), 1);
    }

    async fn it_is_closed_when_the_preparing_phase_is_over(app: TestApp) {
        let review = review(&app, ReviewState::Conducting).await;
        let (author, _) = people(&app, &review).await;
        assert_eq!(refusal(save(&app, &author, "1", 0, "te laat").await), "reflectie-gesloten");
        assert_eq!(refusal(reflection::hand_in(&app.app, &author, REVIEW, Version(1)).await), "reflectie-gesloten");
        assert_eq!(refusal(reflection::take_back(&app.app, &author, REVIEW, Version(1), "toch").await), "niet-in-voorbereiding");
    }
}
