//! How long who was asked for a review has access, what she hears of it, and what the panel says about her answers.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_app::reviews::lasting::{self, PastRole};
use kernschil_app::reviews::members::{self, MemberState, NewMember};
use kernschil_app::reviews::peers::{self, PeerInput, ToldVisit};
use kernschil_app::reviews::{self, CalendarQuery, ReviewEdit, asked, panel, poll, waiting};
use kernschil_app::{Actor, App, access};
use kernschil_domain::ids::{Clock, Version};
use kernschil_domain::reviews::{Availability, MemberAnswer, PanelIssue, ReviewRole};
use kernschil_storage::outbox;

use super::browser::Browser;
use super::people::{codes, comes_in, day, guest, input, mail_to, member, with_regions};
use super::reflection::REVIEW;
use super::stage::Stage;
use super::{LINE, one_review, registry};
use crate::support::TestApp;

struct Later(DateTime<Utc>);

impl Clock for Later {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

async fn visit_on(app: &TestApp, slug: &str, visit: &str) {
    let version = reviews::dossier(&app.app, &LINE, slug).await.unwrap().review.version;
    let edit = ReviewEdit { visit_on: Some(Some(day(visit))), ..ReviewEdit::default() };
    reviews::change(&app.app, &LINE, slug, version, edit).await.unwrap();
}

async fn until(app: &TestApp, slug: &str, name: &str) -> Option<NaiveDate> {
    let all = members::list(&app.app, &LINE, slug).await.unwrap().members;
    all.into_iter().find(|view| view.member.name == name).unwrap().until
}

/// Members that something is said about.
async fn told_of(app: &TestApp, slug: &str, issue: PanelIssue) -> Vec<String> {
    let panel = panel::get(&app.app, &LINE, slug).await.unwrap();
    let found = panel.findings().into_iter().filter(|finding| finding.issue == issue);
    found
        .filter_map(|finding| panel.members.iter().find(|member| Some(member.id) == finding.member))
        .map(|member| member.name.clone())
        .collect()
}

/// Where what waits for somebody is done, of what she was asked herself.
async fn asked_of(app: &App, actor: &Actor) -> Vec<String> {
    let paths = waiting::mine(app, actor).await.unwrap().into_iter().map(|waiting| waiting.path);
    paths.filter(|path| path.ends_with("/deelnemers") || path.ends_with("/datum")).collect()
}

async fn mails(app: &TestApp) -> usize {
    app.app.store.read(async |tx| outbox::latest(tx, None, 0, 100).await).await.unwrap().0.len()
}

both_databases! {
    async fn access_moves_along_with_the_visit_unless_another_day_was_chosen(app: TestApp) {
        let slug = one_review(&app).await;
        members::ask(&app.app, &LINE, &slug, &guest("Els", ReviewRole::Secretary)).await.unwrap();
        assert_eq!(until(&app, &slug, "Els").await, Some(day("2027-07-01")), "a year, while there is no visit day");
        visit_on(&app, &slug, "2027-06-15").await;
        members::ask(&app.app, &LINE, &slug, &guest("Vera", ReviewRole::Chair)).await.unwrap();
        let chosen = NewMember { until: Some(day("2027-10-01")), ..guest("Bas", ReviewRole::Member) };
        members::ask(&app.app, &LINE, &slug, &chosen).await.unwrap();
        assert!(mail_to(&app, "bas@elders.example").await.contains("tot en met 30 september 2027"), "as the page says it");
        visit_on(&app, &slug, "2028-06-15").await;
        assert_eq!(until(&app, &slug, "Vera").await, Some(day("2028-09-13")));
        assert_eq!(until(&app, &slug, "Els").await, Some(day("2028-09-13")));
        assert_eq!(until(&app, &slug, "Bas").await, Some(day("2027-10-01")));
        assert_eq!(told_of(&app, &slug, PanelIssue::AccessEnds).await, ["Bas"]);
        app.check_invariants().await;
    }

    async fn the_day_that_is_proposed_can_be_chosen_however_far_the_visit_is(app: TestApp) {
        let slug = one_review(&app).await;
        visit_on(&app, &slug, "2035-12-01").await;
        let proposed = members::list(&app.app, &LINE, &slug).await.unwrap().until;
        assert_eq!(proposed, day("2029-07-03"));
        let ask = async |name: &str, until| members::ask(&app.app, &LINE, &slug, &NewMember { until, ..guest(name, ReviewRole::Member) }).await;
        ask("Vera", Some(proposed)).await.unwrap();
        ask("Bas", None).await.unwrap();
        assert_eq!(codes(ask("Karin", proposed.succ_opt()).await), ["datum-buiten-bereik"]);
    }

    async fn access_that_ended_is_told_and_given_again_without_asking_anew(app: TestApp) {
        let slug = one_review(&app).await;
        let id = members::ask(&app.app, &LINE, &slug, &guest("Vera", ReviewRole::Chair)).await.unwrap();
        let vera = comes_in(&app, "vera@elders.example", "Vera").await;
        members::answer(&app.app, &vera, &slug, Version::FIRST, MemberAnswer::Agreed).await.unwrap();
        assert_eq!(lasting::past_roles(&app.app, &vera).await.unwrap(), []);

        let later = App { clock: Arc::new(Later("2027-08-01T08:00:00Z".parse().unwrap())), ..app.app.clone() };
        let vera = access::actor(&later, vera.user().unwrap()).await.unwrap();
        let state = async || members::list(&later, &LINE, &slug).await.unwrap().members[0].state;
        assert_eq!(state().await, MemberState::Ended);
        let past = PastRole { review: "Peer review proef".to_owned(), last_day: day("2027-06-30") };
        assert_eq!(lasting::past_roles(&later, &vera).await.unwrap(), [past]);

        let extend = async |seen, until| lasting::extend(&later, &LINE, &slug, id, seen, day(until)).await;
        let version = member(&app, "vera@elders.example").await.version;
        assert_eq!(codes(extend(Version::FIRST, "2028-01-01").await), ["intussen-gewijzigd"]);
        assert_eq!(codes(extend(version, "2027-08-01").await), ["datum-buiten-bereik"]);
        assert_eq!(extend(version, "2028-01-01").await.unwrap(), version.next());
        assert_eq!(state().await, MemberState::Agreed, "what she answered stays");
        assert!(mail_to(&app, "vera@elders.example").await.contains("tot en met 31 december 2027"));
        let vera = access::actor(&later, vera.user().unwrap()).await.unwrap();
        assert_eq!(lasting::past_roles(&later, &vera).await.unwrap(), []);
        members::list(&later, &vera, &slug).await.unwrap();
        members::answer(&later, &vera, &slug, version.next(), MemberAnswer::Declined).await.unwrap();
        let version = member(&app, "vera@elders.example").await.version;
        assert_eq!(codes(extend(version, "2028-01-01").await), ["heeft-afgezegd"]);
        app.check_invariants().await;
    }

    async fn who_is_asked_something_finds_it_where_she_comes_in_and_in_her_mail(app: TestApp) {
        let slug = one_review(&app).await;
        let (here, days_page) = (members::path(&slug), format!("/peer-reviews/{slug}/datum"));
        let id = members::ask(&app.app, &LINE, &slug, &guest("Vera", ReviewRole::Chair)).await.unwrap();
        assert_eq!(asked::first_page(&app.app, "vera@elders.example").await.unwrap(), here);
        let vera = comes_in(&app, "vera@elders.example", "Vera").await;
        assert_eq!(asked_of(&app.app, &vera).await, [here]);
        members::answer(&app.app, &vera, &slug, Version::FIRST, MemberAnswer::Agreed).await.unwrap();
        assert_eq!(asked_of(&app.app, &vera).await, Vec::<String>::new());
        assert_eq!(asked::first_page(&app.app, "vera@elders.example").await.unwrap(), "/");

        let (tuesday, sunday) = (day("2027-06-15"), day("2027-06-20"));
        poll::set_days(&app.app, &LINE, &slug, &[tuesday, sunday]).await.unwrap();
        let body = mail_to(&app, "vera@elders.example").await;
        assert!(body.contains("- dinsdag 15 juni 2027\n- zondag 20 juni 2027") && body.contains(&days_page), "{body}");
        assert_eq!(asked_of(&app.app, &vera).await, std::slice::from_ref(&days_page));
        poll::answer(&app.app, &vera, &slug, &[(tuesday, Availability::No)]).await.unwrap();
        assert_eq!(asked_of(&app.app, &vera).await, [days_page], "a day is left");
        poll::answer(&app.app, &vera, &slug, &[(sunday, Availability::Yes)]).await.unwrap();
        assert_eq!(asked_of(&app.app, &vera).await, Vec::<String>::new());
        let before = mails(&app).await;
        poll::set_days(&app.app, &LINE, &slug, &[tuesday, sunday]).await.unwrap();
        assert_eq!(mails(&app).await, before, "nothing new to answer");

        let version = reviews::dossier(&app.app, &LINE, &slug).await.unwrap().review.version;
        poll::choose(&app.app, &LINE, &slug, version, tuesday).await.unwrap();
        assert!(mail_to(&app, "vera@elders.example").await.contains("is gekozen: dinsdag 15 juni 2027"));
        assert_eq!(told_of(&app, &slug, PanelIssue::Away).await, ["Vera"]);
        let version = member(&app, "vera@elders.example").await.version;
        members::withdraw(&app.app, &LINE, &slug, id, version).await.unwrap();
        assert!(mail_to(&app, "vera@elders.example").await.contains("U doet niet meer mee"));
        app.check_invariants().await;
    }

    async fn a_visit_to_ones_own_region_pays_nothing_that_is_owed(app: TestApp) {
        let (_, own, other) = with_regions(&app).await;
        let partnership = registry(&app).await.partnerships.values().find(|one| one.regions.contains(&own)).unwrap().clone();
        let visit = |on: &str, region| ToldVisit { label: format!("Review {on}"), visited_on: day(on), region: Some(region) };
        let visits = vec![visit("2025-05-01", own), visit("2025-06-01", other)];
        let new = PeerInput { partnership: Some(partnership.id), visits, ..input("Nel Nabij", own) };
        peers::add(&app.app, &LINE, &new).await.unwrap();
        let calendar = reviews::calendar(&app.app, &LINE, &CalendarQuery::default()).await.unwrap();
        let row = calendar.visits.iter().find(|row| row.partnership == partnership.name).unwrap();
        assert_eq!((row.paid, row.owed), (1, 1));
    }

    async fn an_employer_is_found_by_name_number_or_code(app: TestApp) {
        let (_, own, _) = with_regions(&app).await;
        let id = peers::add(&app.app, &LINE, &input("Fleur Vers", own)).await.unwrap();
        let (view, choices) = peers::get(&app.app, &LINE, id).await.unwrap();
        let mut version = view.peer.version;
        let employers = choices.employers();
        assert!(employers.len() > 2);
        for (words, code) in employers {
            for text in [words.to_lowercase(), code.clone()] {
                let change = PeerInput { employer: text, ..input("Fleur Vers", own) };
                version = peers::change(&app.app, &LINE, id, version, &change).await.unwrap();
                let (view, choices) = peers::get(&app.app, &LINE, id).await.unwrap();
                assert_eq!(choices.employer_code(view.peer.board, view.peer.institute), code);
                assert_eq!(choices.employer_words(view.peer.board, view.peer.institute), words);
            }
        }
        for text in ["Nergens bekend", "99999"] {
            let wrong = PeerInput { employer: text.to_owned(), ..input("Fleur Vers", own) };
            assert_eq!(codes(peers::change(&app.app, &LINE, id, version, &wrong).await), ["werkgever-onbekend"]);
        }
    }

    async fn the_page_gives_another_end_and_says_what_was_done(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let browser = Browser::of(&app, &stage.coordinator).await;
        let action = format!("deelnemers/{}/toegang", stage.member.member);
        let (status, text) = browser.post(&action, &[("versie", "1"), ("tot", "niet")]).await;
        assert!(status == 400 && text.contains("is geen datum"), "{text}");
        assert_eq!(browser.post(&action, &[("versie", "1"), ("tot", "2026-12-31")]).await.0, 303);
        assert_eq!(until(&app, REVIEW, "Mo Panellid").await, Some(day("2027-01-01")));
        let (_, text) = browser.page("deelnemers?gedaan=toegang").await;
        assert!(text.contains("De toegang is gewijzigd") && text.contains("31 december 2026"), "{text}");
    }
}
