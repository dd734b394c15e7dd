//! Key figures in a reflection: those of the coverage page on the day they were pinned, and the same ever after.

use kernschil_app::coverage::{self, CoverageQuery, Dimension};
use kernschil_app::reviews::{figures, reflection};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{FigureId, PartnershipId};
use kernschil_domain::reviews::{Receiver, Review, ReviewState};
use kernschil_storage::reviews;
use poem::http::Method;
use serde_json::json;

use super::people::codes;
use super::program::Program;
use super::reflection::{REVIEW, review};
use crate::support::TestApp;

/// A review that is prepared, of a partnership in a round that nobody was placed in yet.
async fn prepared(app: &TestApp) -> (Review, PartnershipId, String) {
    app.load_example("almere").await;
    let round = app.only_round().await;
    let made = review(app, ReviewState::Preparing).await;
    // Of a partnership that sees to students in the round.
    let seen = coverage::of_round(&app.app, &Actor::CommandLine, &round, CoverageQuery::default()).await.unwrap();
    let division = seen.divisions.into_iter().find(|division| division.by == Dimension::Partnership).unwrap();
    let partnership = division.parts.into_iter().find(|part| part.figures.permille.is_some()).unwrap().query.partnership.unwrap();
    let review = Review { receiver: Receiver::Partnership(partnership), ..made };
    let version = app.app.store.write(async |tx| reviews::save(tx, &review).await).await.unwrap();
    (Review { version, ..review }, partnership, round)
}

/// The share as the coverage page shows it, with how many of how many.
async fn shown(app: &TestApp, actor: &Actor, round: &str, partnership: PartnershipId) -> (u32, u32, u32) {
    let query = CoverageQuery { partnership: Some(partnership), ..CoverageQuery::default() };
    let figures = coverage::of_round(&app.app, actor, round, query).await.unwrap().figures;
    (figures.permille.unwrap(), figures.numerator, figures.denominator)
}

fn words((permille, numerator, denominator): (u32, u32, u32)) -> String {
    assert!(denominator < 1000, "points between thousands are for larger examples");
    let share = if permille == 1000 { "100%".to_owned() } else { format!("{},{}%", permille / 10, permille % 10) };
    format!("{share} ({numerator} van {denominator} studenten)")
}

both_databases! {
    async fn what_is_pinned_is_the_figure_of_that_day_and_never_changes(app: TestApp) {
        let (_, partnership, round) = prepared(&app).await;
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        let key = format!("{round}.dekking.{partnership}");
        let choices = figures::choices(&app.app, &coordinator, REVIEW).await.unwrap();
        let kinds: Vec<_> = choices.iter().map(|choice| choice.key.split('.').nth(1).unwrap()).collect();
        assert_eq!(kinds, ["dekking", "plekken", "scholen", "opleiders"]);
        let before = shown(&app, &coordinator, &round, partnership).await;
        figures::pin(&app.app, &coordinator, REVIEW, "1.1", &key).await.unwrap();
        assert_eq!(codes(figures::pin(&app.app, &coordinator, REVIEW, "1.1", &key).await), ["cijfer-staat-er-al"]);

        app.propose(&round).await;
        let after = shown(&app, &coordinator, &round, partnership).await;
        assert_ne!(before, after, "the proposal changes the coverage");
        let again = figures::pin(&app.app, &coordinator, REVIEW, "2", &key).await.unwrap();
        let pinned = figures::pinned(&app.app, &coordinator, REVIEW).await.unwrap();
        let seen: Vec<_> = pinned.iter().map(|figure| (figure.part.code().0.as_str(), figure.value.clone())).collect();
        assert_eq!(seen, [("1.1", words(before)), ("2", words(after))]);
        assert!(pinned.iter().all(|figure| figure.as_of == app.app.clock.today() && figure.source.contains("dekking-1")), "{pinned:?}");

        figures::unpin(&app.app, &coordinator, REVIEW, again).await.unwrap();
        assert_eq!(figures::pinned(&app.app, &coordinator, REVIEW).await.unwrap().len(), 1);
        assert!(matches!(figures::unpin(&app.app, &coordinator, REVIEW, again).await, Err(AppError::NotFound)));
        figures::put_back(&app.app, &coordinator, REVIEW, again).await.unwrap();
        assert_eq!(figures::pinned(&app.app, &coordinator, REVIEW).await.unwrap(), pinned, "put back as it was");
        app.check_invariants().await;
    }

    async fn who_reads_no_coverage_pins_none_and_what_was_handed_in_stays(app: TestApp) {
        let (review, partnership, round) = prepared(&app).await;
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        let author = app.with_role(Role::ReflectionAuthor, Scope::Review(review.id)).await;
        let panel = app.with_role(Role::PanelMember, Scope::Review(review.id)).await;
        let key = format!("{round}.plekken.{partnership}");
        assert_eq!(figures::choices(&app.app, &author, REVIEW).await.unwrap(), []);
        assert_eq!(codes(figures::pin(&app.app, &author, REVIEW, "1", &key).await), ["cijfer-onbekend"]);
        assert_eq!(codes(figures::pin(&app.app, &coordinator, REVIEW, "1", "geen.dekking.ronde").await), ["cijfer-onbekend"]);
        assert!(matches!(figures::pin(&app.app, &coordinator, REVIEW, "9.9", &key).await, Err(AppError::NotFound)));
        let id = figures::pin(&app.app, &coordinator, REVIEW, "1", &key).await.unwrap();
        assert_eq!(figures::pinned(&app.app, &author, REVIEW).await.unwrap().len(), 1);
        assert_eq!(figures::pinned(&app.app, &panel, REVIEW).await.unwrap(), [], "the panel reads what was handed in");

        for part in ["1", "2", "3", "4"] {
            reflection::save(&app.app, &author, REVIEW, part, kernschil_domain::ids::Version(0), "Zo doen wij dit.").await.unwrap();
        }
        reflection::hand_in(&app.app, &author, REVIEW, review.version).await.unwrap();
        assert_eq!(figures::pinned(&app.app, &panel, REVIEW).await.unwrap().len(), 1);
        assert_eq!(codes(figures::unpin(&app.app, &coordinator, REVIEW, id).await), ["reflectie-ingeleverd"]);
        assert_eq!(codes(figures::pin(&app.app, &coordinator, REVIEW, "1", &key).await), ["reflectie-ingeleverd"]);
        assert_eq!(figures::choices(&app.app, &coordinator, REVIEW).await.unwrap(), []);
        assert!(matches!(figures::unpin(&app.app, &coordinator, REVIEW, FigureId(review.id.0)).await, Err(AppError::NotFound)));
    }

    async fn a_program_pins_takes_away_and_puts_back(app: TestApp) {
        let (_, partnership, round) = prepared(&app).await;
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        let program = Program::of(&app.app, &coordinator).await;
        let path = format!("/reviews/{REVIEW}/figures");
        let choices = program.get(&format!("/reviews/{REVIEW}/figure-choices")).await.body;
        let key = choices[1]["key"].as_str().unwrap();
        assert_eq!(key, format!("{round}.plekken.{partnership}"));
        let made = program.send(Method::POST, &path, "", &json!({ "part": "3", "figure": key })).await;
        assert_eq!((made.status, &made.body["value"], &made.body["asOf"]), (201, &choices[1]["value"], &json!("2026-07-01")), "{}", made.text);
        let one = format!("{path}/{}", made.body["id"].as_str().unwrap());
        assert_eq!(program.delete(&one, "").await.status, 204);
        assert_eq!(program.get(&path).await.body, json!([]));
        assert_eq!(program.send(Method::POST, &format!("{one}/restorations"), "", &json!({})).await.status, 204);
        assert_eq!(program.get(&path).await.body, json!([made.body]));
    }
}
