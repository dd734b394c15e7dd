//! The programme of the visit day: by time, with what collides, changed by who plans the review.

use kernschil_app::reviews::programme::{self, NewItem};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{MemberId, Version};
use kernschil_domain::reviews::{Collision, ReviewState};

use super::reflection::{REVIEW, review};
use crate::support::TestApp;

const LINE: Actor = Actor::CommandLine;

fn part(from: &str, to: &str, title: &str, room: &str) -> NewItem {
    NewItem { starts_at: from.to_owned(), ends_at: to.to_owned(), title: title.to_owned(), room: room.to_owned(), ..NewItem::default() }
}

fn codes<T: std::fmt::Debug>(answer: Result<T, AppError>) -> Vec<String> {
    match answer.unwrap_err() {
        AppError::Invalid(fields) => fields.into_iter().map(|field| field.code).collect(),
        other => vec![other.code().to_owned()],
    }
}

both_databases! {
    async fn parts_stand_by_time_and_what_collides_is_said(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let panel = app.with_role(Role::PanelMember, Scope::Review(review.id)).await;
        let late = programme::add(&app.app, &LINE, REVIEW, &part("13:00", "14.00", "Gesprek met studenten", "Aula")).await.unwrap();
        programme::add(&app.app, &LINE, REVIEW, &part("9.30", "10.15", "Ontvangst", "")).await.unwrap();
        programme::add(&app.app, &LINE, REVIEW, &part("13.30", "14.30", "Gesprek met schoolopleiders", "aula")).await.unwrap();
        let seen = programme::get(&app.app, &panel, REVIEW).await.unwrap();
        let titles: Vec<_> = seen.items.iter().map(|item| item.title.as_str()).collect();
        assert_eq!(titles, ["Ontvangst", "Gesprek met studenten", "Gesprek met schoolopleiders"]);
        assert_eq!(seen.overlaps.iter().map(|overlap| overlap.what).collect::<Vec<_>>(), [Collision::Room, Collision::Members]);
        assert!(!seen.can_change);

        let moved = part("14.30", "15.00", "Gesprek met studenten", "Aula");
        programme::change(&app.app, &LINE, REVIEW, (late, Version::FIRST), &moved).await.unwrap();
        assert!(programme::get(&app.app, &LINE, REVIEW).await.unwrap().overlaps.is_empty());
        assert_eq!(codes(programme::remove(&app.app, &LINE, REVIEW, (late, Version::FIRST)).await), ["intussen-gewijzigd"]);
        programme::remove(&app.app, &LINE, REVIEW, (late, Version::FIRST.next())).await.unwrap();
        assert_eq!(programme::get(&app.app, &LINE, REVIEW).await.unwrap().items.len(), 2);
        app.check_invariants().await;
    }

    async fn everything_that_is_wrong_with_a_part_is_said_at_once(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let author = app.with_role(Role::ReflectionAuthor, Scope::Review(review.id)).await;
        let add = async |new: NewItem| programme::add(&app.app, &LINE, REVIEW, &new).await;
        assert_eq!(codes(add(part("half tien", "25.00", " ", "")).await), ["tijd-ongeldig", "tijd-ongeldig", "tekst-ongeldig"]);
        assert_eq!(codes(add(part("10.00", "9.00", "Ontvangst", "")).await), ["tijd-volgorde"]);
        let stranger = NewItem { members: vec![MemberId(app.app.ids.next())], ..part("9.00", "10.00", "Ontvangst", "") };
        assert_eq!(codes(add(stranger).await), ["lid-onbekend"]);
        assert_eq!(codes(programme::add(&app.app, &author, REVIEW, &part("9.00", "10.00", "Ontvangst", "")).await), ["niet-toegestaan"]);
        assert!(programme::get(&app.app, &LINE, REVIEW).await.unwrap().items.is_empty());
    }

    async fn after_the_visit_it_stays_as_it_was(app: TestApp) {
        review(&app, ReviewState::Concluding).await;
        assert_eq!(codes(programme::add(&app.app, &LINE, REVIEW, &part("9.00", "10.00", "Te laat", "")).await), ["programma-gesloten"]);
    }
}
