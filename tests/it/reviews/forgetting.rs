//! What goes when a review is past its term, and what stays.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernschil_app::privacy;
use kernschil_app::reviews::members::{self, NewMember};
use kernschil_app::reviews::peers::{self, PeerInput};
use kernschil_app::reviews::{panel, poll, reflection};
use kernschil_app::{App, AppError};
use kernschil_domain::ids::{Clock, Version};
use kernschil_domain::privacy::RetentionKind;
use kernschil_domain::reviews::{Availability, PanelVerdict, PollAnswer, Review, ReviewEvent, ReviewMove, ReviewRole, ReviewState};
use kernschil_storage::reviews as stored;

use super::{LINE, one_review};
use crate::support::TestApp;

struct Later(DateTime<Utc>);

impl Clock for Later {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

fn at(app: &App, moment: &str) -> App {
    App { clock: Arc::new(Later(moment.parse().unwrap())), ..app.clone() }
}

async fn people(app: &App, slug: &str) -> Vec<kernschil_domain::reviews::ReviewMember> {
    members::list(app, &LINE, slug).await.unwrap().members.into_iter().map(|view| view.member).collect()
}

both_databases! {
    async fn a_closed_review_loses_its_people_after_its_term_and_keeps_its_reflection(app: TestApp) {
        let slug = one_review(&app).await;
        let review = panel::get(&app.app, &LINE, &slug).await.unwrap();
        let region = review.registry.regions.keys().next().copied();
        let (review, today) = (review.review, review.day);
        let input = PeerInput { name: "Vera Visser".to_owned(), email: "vera@elders.example".to_owned(), region, ended_on: Some(today), ..PeerInput::default() };
        let peer = peers::add(&app.app, &LINE, &PeerInput { ended_on: None, ..input.clone() }).await.unwrap();
        panel::pin(&app.app, &LINE, &slug, peer, PanelVerdict::NoConflict, "Werkte er nooit").await.unwrap();
        let ask = NewMember { role: ReviewRole::Member, peer: Some(peer), name: String::new(), email: String::new(), until: None };
        let member = members::ask(&app.app, &LINE, &slug, &ask).await.unwrap();
        poll::set_days(&app.app, &LINE, &slug, &["2027-03-15".parse().unwrap()]).await.unwrap();
        let answer = PollAnswer { member, day: "2027-03-15".parse().unwrap(), availability: Availability::Yes };
        app.app.store.write(async |tx| stored::poll::put_answers(tx, &[answer]).await).await.unwrap();
        reflection::save(&app.app, &LINE, &slug, "1", Version(0), "Wij leren van elkaar.").await.unwrap();
        peers::change(&app.app, &LINE, peer, Version::FIRST, &input).await.unwrap();
        app.app
            .store
            .write(async |tx| {
                let known = stored::list(tx).await?.into_iter().find(|known| known.id == review.id).unwrap();
                let (event, from, to) = (ReviewEvent::Close, ReviewState::Concluding, ReviewState::Closed);
                let closed = ReviewMove { review: review.id, event, from, to, at: app.app.clock.now(), by: None, reason: None };
                stored::steps::note_move(tx, app.app.ids.next(), &closed).await?;
                stored::save(tx, &Review { state: to, ..known }).await
            })
            .await
            .unwrap();

        let soon = at(&app.app, "2033-06-30T03:00:00Z");
        privacy::apply(&soon, &LINE).await.unwrap();
        assert_eq!(people(&soon, &slug).await[0].name, "Vera Visser", "not before its term");

        let late = at(&app.app, "2033-09-01T03:00:00Z");
        privacy::apply(&late, &LINE).await.unwrap();
        let known = people(&late, &slug).await;
        assert_eq!(known.len(), 1, "somebody was on the panel; who, is not known any more");
        assert!(!known[0].name.contains("Vera") && !known[0].email.contains("vera"), "{:?}", known[0]);
        assert_eq!((known[0].user, known[0].grant, known[0].peer), (None, None, None));
        let (texts, answers, verdicts, pool) = late
            .store
            .read(async |tx| {
                let texts = stored::texts::of_review(tx, review.id).await?;
                let answers = stored::poll::answers(tx, &[member]).await?;
                let verdicts = stored::verdicts::of_review(tx, review.id).await?;
                Ok::<_, AppError>((texts, answers, verdicts, stored::peers::list(tx).await?))
            })
            .await
            .unwrap();
        assert_eq!(texts.iter().map(|text| text.body.as_str()).collect::<Vec<_>>(), ["Wij leren van elkaar."]);
        assert_eq!((answers, verdicts, pool), (Vec::new(), Vec::new(), Vec::new()));
        let again = privacy::apply(&late, &LINE).await.unwrap();
        assert_eq!(again.counts.get(&RetentionKind::Reviews).copied().unwrap_or_default(), 0);
    }
}
