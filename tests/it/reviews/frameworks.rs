//! Quality frameworks: two come along, drafts are written and published, and what is published never changes.

use kernschil_app::frameworks::{self, Begin, Loaded};
use kernschil_app::imports::ImportFile;
use kernschil_app::reviews::{self, NewReview, framework, questions, reflection};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::frameworks::{Carrying, Criterion, DifferenceKind, FrameworkContent, FrameworkState, Origin, Part, PartCode};
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{Receiver, Review, ReviewState, SaveCause};

use super::browser::Browser;
use super::people::codes;
use super::reflection::{REVIEW, review};
use super::{LINE, new_review, registry};
use crate::support::TestApp;

const NORM: &str = "samen-opleiden-in-de-onderwijsregio";
const INDUCTION: &str = "samen-opleiden-en-inductie";

async fn content(app: &TestApp, slug: &str) -> FrameworkContent {
    frameworks::get(&app.app, &LINE, slug).await.unwrap().framework.content
}

async fn version(app: &TestApp, slug: &str) -> Version {
    frameworks::get(&app.app, &LINE, slug).await.unwrap().framework.version
}

/// A draft that is a copy of the norm.
async fn copy(app: &TestApp) -> String {
    frameworks::make(&app.app, &LINE, Begin::Copy { of: NORM.to_owned(), name: None }).await.unwrap()
}

async fn slugs(app: &TestApp, actor: &Actor) -> Vec<String> {
    let mut all: Vec<_> = frameworks::list(&app.app, actor).await.unwrap().into_iter().map(|view| view.framework.slug).collect();
    all.sort();
    all
}

/// The texts of a review: safeguard, criterion and what they say.
async fn texts(app: &TestApp, review: &Review) -> Vec<(String, String, String)> {
    let stored = app.app.store.read(async |tx| kernschil_storage::reviews::texts::of_review(tx, review.id).await).await.unwrap();
    let criterion = |part: &Part| part.criterion.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut all: Vec<_> = stored.into_iter().map(|text| (text.part.safeguard.to_string(), criterion(&text.part), text.body)).collect();
    all.sort();
    all
}

both_databases! {
    async fn two_come_along(app: TestApp) {
        frameworks::bring(&app.app).await.unwrap();
        let first = frameworks::list(&app.app, &LINE).await.unwrap();
        frameworks::bring(&app.app).await.unwrap();
        let again = frameworks::list(&app.app, &LINE).await.unwrap();
        let seen = |all: &[frameworks::FrameworkView]| all.iter().map(|view| view.framework.clone()).collect::<Vec<_>>();
        assert_eq!(seen(&first), seen(&again));
        assert_eq!(slugs(&app, &LINE).await, [INDUCTION, NORM]);
        assert!(first.iter().all(|view| matches!(view.framework.state, FrameworkState::Published { .. }) && view.framework.made_by.is_none()));
        let compared = frameworks::compare(&app.app, &LINE, INDUCTION, NORM).await.unwrap();
        let found: Vec<_> = compared.differences.iter().map(|d| (d.code.as_ref().map(ToString::to_string), d.kind)).collect();
        assert_eq!(
            found,
            [(None, DifferenceKind::Renamed), (None, DifferenceKind::Text), (Some("E3.2".to_owned()), DifferenceKind::Added)]
        );
    }

    async fn what_is_published_never_changes(app: TestApp) {
        frameworks::bring(&app.app).await.unwrap();
        let (norm, seen) = (content(&app, NORM).await, version(&app, NORM).await);
        let other = FrameworkContent { name: "Anders".to_owned(), ..norm.clone() };
        assert_eq!(codes(frameworks::change(&app.app, &LINE, NORM, seen, &other).await), ["kader-gepubliceerd"]);
        assert_eq!(codes(frameworks::publish(&app.app, &LINE, NORM, seen).await), ["kader-gepubliceerd"]);
        assert_eq!(codes(frameworks::remove(&app.app, &LINE, NORM, seen).await), ["kader-gepubliceerd"]);
        assert_eq!(content(&app, NORM).await, norm);
    }

    async fn a_draft_is_written_published_and_then_fixed(app: TestApp) {
        frameworks::bring(&app.app).await.unwrap();
        let draft = copy(&app).await;
        assert_eq!(draft, format!("{NORM}-2"));
        let mut new = content(&app, &draft).await;
        // Exactly what is there already is no other version.
        assert_eq!(codes(frameworks::publish(&app.app, &LINE, &draft, Version::FIRST).await), ["kader-bestaat"]);
        new.safeguards[0].criteria.push(Criterion {
            code: PartCode("1.1".to_owned()),
            text: "  Overgenomen uit het kader.\r\n".to_owned(),
            origin: Origin::Official,
            questions: Vec::new(),
        });
        let second = frameworks::change(&app.app, &LINE, &draft, Version::FIRST, &new).await.unwrap();
        assert_eq!(content(&app, &draft).await.safeguards[0].criteria[1].text, "Overgenomen uit het kader.");
        // Somebody who saw the first version changes nothing.
        assert_eq!(codes(frameworks::change(&app.app, &LINE, &draft, Version::FIRST, &new).await), ["intussen-gewijzigd"]);
        assert_eq!(codes(frameworks::publish(&app.app, &LINE, &draft, Version::FIRST).await), ["intussen-gewijzigd"]);
        assert_eq!(codes(frameworks::remove(&app.app, &LINE, &draft, Version::FIRST).await), ["intussen-gewijzigd"]);
        let third = frameworks::publish(&app.app, &LINE, &draft, second).await.unwrap();
        assert_eq!(codes(frameworks::change(&app.app, &LINE, &draft, third, &new).await), ["kader-gepubliceerd"]);
        let log = kernschil_app::audit::check(&app.app, None).await.unwrap();
        assert!(log.deviations.is_empty(), "{log:#?}");
    }

    async fn a_framework_that_is_not_offered_any_more_stays_with_who_has_it(app: TestApp) {
        frameworks::bring(&app.app).await.unwrap();
        app.load(kernschil_spreadsheets::ImportKind::Partnerships, "talent/partnerschappen.xlsx").await;
        let receiver = Receiver::Partnership(*registry(&app).await.partnerships.keys().next().unwrap());
        let draft = copy(&app).await;
        let wrong = FrameworkContent { name: "Verkeerd".to_owned(), ..content(&app, &draft).await };
        let seen = frameworks::change(&app.app, &LINE, &draft, Version::FIRST, &wrong).await.unwrap();
        assert_eq!(codes(frameworks::withdraw(&app.app, &LINE, &draft, seen).await), ["kader-concept"]);
        let published = frameworks::publish(&app.app, &LINE, &draft, seen).await.unwrap();

        let pinned = async |slug: &str| reviews::dossier(&app.app, &LINE, slug).await.unwrap().framework.slug;
        let first = reviews::make(&app.app, &LINE, new_review("Eerste", receiver)).await.unwrap();
        assert_eq!(pinned(&first).await, draft, "what was published last is what a review gets");
        assert_eq!(codes(frameworks::withdraw(&app.app, &LINE, &draft, seen).await), ["intussen-gewijzigd"]);
        let withdrawn = frameworks::withdraw(&app.app, &LINE, &draft, published).await.unwrap();
        assert_eq!(pinned(&first).await, draft);
        let second = reviews::make(&app.app, &LINE, new_review("Tweede", receiver)).await.unwrap();
        assert_ne!(pinned(&second).await, draft);
        let chosen = NewReview { framework: Some(draft.clone()), ..new_review("Derde", receiver) };
        assert_eq!(codes(reviews::make(&app.app, &LINE, chosen.clone()).await), ["kader-onbekend"]);
        assert_eq!(codes(framework::preview(&app.app, &LINE, &second, &draft).await), ["kader-niet-aangeboden"]);
        // What follows on a review that has it, may have it.
        let next = NewReview { previous: Some(first), ..chosen.clone() };
        assert_eq!(pinned(&reviews::make(&app.app, &LINE, next).await.unwrap()).await, draft);

        frameworks::offer(&app.app, &LINE, &draft, withdrawn).await.unwrap();
        assert_eq!(pinned(&reviews::make(&app.app, &LINE, chosen).await.unwrap()).await, draft);
        // Something to choose is always left.
        for slug in [draft.as_str(), NORM] {
            let seen = version(&app, slug).await;
            frameworks::withdraw(&app.app, &LINE, slug, seen).await.unwrap();
        }
        let last = version(&app, INDUCTION).await;
        assert_eq!(codes(frameworks::withdraw(&app.app, &LINE, INDUCTION, last).await), ["enige-kader"]);
        app.check_invariants().await;
    }

    async fn the_pages_of_a_framework_say_whether_it_is_offered(app: TestApp) {
        frameworks::bring(&app.app).await.unwrap();
        let administrator = app.with_role(Role::Administrator, Scope::All).await;
        let browser = Browser::of(&app, &administrator).await;
        app.load(kernschil_spreadsheets::ImportKind::Partnerships, "talent/partnerschappen.xlsx").await;
        let own = *registry(&app).await.partnerships.keys().next().unwrap();
        let planner = Browser::of(&app, &app.with_role(Role::PartnershipCoordinator, Scope::Partnership(own)).await).await;
        let (page, form) = (format!("/kaders/{NORM}"), "/peer-reviews/nieuw");
        let offered = planner.at(form).await.1;
        assert!(offered.contains("Samen Opleiden in de Onderwijsregio (gepubliceerd op"), "two can have one name: {offered}");
        let (status, _) = browser.post_at(&format!("{page}/aanbod"), &[("versie", "1"), ("keuze", "stop")]).await;
        assert_eq!(status, 303);
        let (_, told) = browser.at(&format!("{page}?gedaan=gestopt&versie=2")).await;
        assert!(told.contains("niet meer aangeboden") && told.contains("Ongedaan maken") && told.contains("Bied dit kader weer aan"), "{told}");
        assert!(!planner.at(form).await.1.contains("Samen Opleiden in de Onderwijsregio (gepubliceerd op"));
        let (status, refused) = browser.post_at(&format!("{page}/aanbod"), &[("versie", "1"), ("keuze", "weer")]).await;
        assert!(status == 409 && refused.contains("intussen"), "{status}");
        browser.post_at(&format!("{page}/aanbod"), &[("versie", "2"), ("keuze", "weer")]).await;
        assert!(planner.at(form).await.1.contains("Samen Opleiden in de Onderwijsregio (gepubliceerd op"));
        // A copy does not carry the name of what it was made of.
        browser.post_at("/kaders", &[("van", NORM)]).await;
        assert!(browser.at("/kaders").await.1.contains("Samen Opleiden in de Onderwijsregio (kopie)"));
    }

    async fn a_draft_may_wait_for_texts_but_publishing_asks_for_all(app: TestApp) {
        let draft = frameworks::make(&app.app, &LINE, Begin::Named("Kader & zo".to_owned())).await.unwrap();
        assert_eq!(draft, "kader-zo");
        assert_eq!(codes(frameworks::publish(&app.app, &LINE, &draft, Version::FIRST).await), ["leeg", "geen-waarborg"]);
        let mut twice = content(&app, &draft).await;
        let safeguard = kernschil_domain::frameworks::Safeguard {
            code: PartCode("1".to_owned()),
            name: String::new(),
            description: String::new(),
            origin: Origin::Own,
            questions: Vec::new(),
            criteria: Vec::new(),
        };
        twice.safeguards = vec![safeguard.clone(), safeguard.clone()];
        // What can never be right is refused at once; what is not there yet waits.
        assert_eq!(codes(frameworks::change(&app.app, &LINE, &draft, Version::FIRST, &twice).await), ["code-dubbel"]);
        twice.safeguards.truncate(1);
        frameworks::change(&app.app, &LINE, &draft, Version::FIRST, &twice).await.unwrap();
        let missing = frameworks::get(&app.app, &LINE, &draft).await.unwrap().missing;
        assert_eq!(missing.iter().map(|fault| fault.path.as_str()).collect::<Vec<_>>(), ["source", "safeguards/0/name"]);
        assert_eq!(codes(frameworks::make(&app.app, &LINE, Begin::Named("  ".to_owned())).await), ["leeg"]);
    }

    async fn files_go_out_and_come_in_without_loss(app: TestApp) {
        frameworks::bring(&app.app).await.unwrap();
        let norm = frameworks::get(&app.app, &LINE, NORM).await.unwrap().framework;
        for made in [frameworks::workbook(&app.app, &LINE, NORM).await.unwrap(), frameworks::yaml(&app.app, &LINE, NORM).await.unwrap()] {
            let file = ImportFile { name: made.file_name, bytes: made.bytes };
            let Loaded::Draft(slug) = frameworks::load(&app.app, &LINE, file, None).await.unwrap() else { panic!("refused") };
            let read = frameworks::get(&app.app, &LINE, &slug).await.unwrap().framework;
            assert_eq!((read.content, read.hash, read.state), (norm.content.clone(), norm.hash.clone(), FrameworkState::Draft));
        }
    }

    async fn a_file_replaces_a_draft_or_nothing_at_all(app: TestApp) {
        frameworks::bring(&app.app).await.unwrap();
        let draft = copy(&app).await;
        let before = content(&app, &draft).await;
        let yaml = |text: &str| ImportFile { name: "kader.yaml".to_owned(), bytes: text.as_bytes().to_vec() };
        let good = "name: Nieuw\nsource: Bron\nsafeguards:\n- code: 1\n  name: Een\n  description: ''\n  origin: official\n";
        let wrong = good.replace("name: Een", "name: ''");
        let refused = frameworks::load(&app.app, &LINE, yaml(&wrong), Some((&draft, Version::FIRST))).await.unwrap();
        let Loaded::Refused(report) = refused else { panic!("should be refused") };
        assert_eq!(report.outcome.findings.list[0].code, "leeg");
        let broken = frameworks::load(&app.app, &LINE, yaml("name: ["), None).await;
        assert_eq!(codes(broken), ["yaml-onleesbaar"]);
        let other = ImportFile { name: "kader.xlsx".to_owned(), bytes: b"%PDF-1.7 geen werkboek".to_vec() };
        assert!(matches!(frameworks::load(&app.app, &LINE, other, None).await, Err(AppError::File { .. })));
        let stale = frameworks::load(&app.app, &LINE, yaml(good), Some((&draft, Version(9)))).await;
        assert_eq!(codes(stale), ["intussen-gewijzigd"]);
        assert_eq!(content(&app, &draft).await, before);
        frameworks::load(&app.app, &LINE, yaml(good), Some((&draft, Version::FIRST))).await.unwrap();
        assert_eq!(content(&app, &draft).await.name, "Nieuw");
    }

    async fn drafts_are_for_those_who_write_them(app: TestApp) {
        frameworks::bring(&app.app).await.unwrap();
        app.load(kernschil_spreadsheets::ImportKind::Partnerships, "talent/partnerschappen.xlsx").await;
        let draft = copy(&app).await;
        let manager = app.with_role(Role::Administrator, Scope::All).await;
        let first = *registry(&app).await.partnerships.keys().next().unwrap();
        let reader = app.with_role(Role::Reader, Scope::Partnership(first)).await;
        assert_eq!(slugs(&app, &manager).await, [INDUCTION.to_owned(), NORM.to_owned(), draft.clone()]);
        assert_eq!(slugs(&app, &reader).await, [INDUCTION, NORM]);
        assert_eq!(codes(frameworks::get(&app.app, &reader, &draft).await), ["niet-gevonden"]);
        assert_eq!(codes(frameworks::yaml(&app.app, &reader, &draft).await), ["niet-gevonden"]);
        assert_eq!(codes(frameworks::compare(&app.app, &reader, NORM, &draft).await), ["niet-gevonden"]);
        assert_eq!(codes(frameworks::make(&app.app, &reader, Begin::Named("Eigen".to_owned())).await), ["niet-toegestaan"]);
        assert_eq!(codes(frameworks::change(&app.app, &reader, &draft, Version::FIRST, &content(&app, &draft).await).await), ["niet-toegestaan"]);
    }

    async fn a_review_takes_another_version_and_loses_nothing(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let Receiver::Partnership(partnership) = review.receiver else { panic!("a partnership receives") };
        let author = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        for (part, body) in [("1", "Over het geheel."), ("1.1", "Over het criterium."), ("4", "Over kwaliteit.")] {
            reflection::save(&app.app, &author, REVIEW, part, Version(0), body).await.unwrap();
        }
        questions::add(&app.app, &author, REVIEW, "Hoe doen anderen dit?", "1.1").await.unwrap();
        let written = texts(&app, &review).await;

        // In the other version the criterion belongs to another safeguard, and the last safeguard is not there.
        let other = frameworks::make(&app.app, &LINE, Begin::Copy { of: "proef".to_owned(), name: Some("Anders".to_owned()) }).await.unwrap();
        let mut new = content(&app, &other).await;
        let criterion = new.safeguards[0].criteria.remove(0);
        new.safeguards[1].criteria.push(criterion);
        new.safeguards.truncate(3);
        let seen = frameworks::change(&app.app, &LINE, &other, Version::FIRST, &new).await.unwrap();
        let as_draft = framework::preview(&app.app, &LINE, REVIEW, &other).await;
        assert_eq!(codes(as_draft), ["kader-concept"]);
        assert_eq!(codes(framework::preview(&app.app, &author, REVIEW, &other).await), ["niet-gevonden"]);
        frameworks::publish(&app.app, &LINE, &other, seen).await.unwrap();

        let preview = framework::preview(&app.app, &author, REVIEW, &other).await.unwrap();
        let told: Vec<_> =
            preview.parts.iter().map(|part| (part.carried.from.code().to_string(), part.carried.how, part.has_text, part.questions)).collect();
        let expected = [("1", Carrying::Same, true, 0), ("1.1", Carrying::Moved, true, 1), ("4", Carrying::Kept, true, 0)];
        assert_eq!(told, expected.map(|(code, how, text, asked)| (code.to_owned(), how, text, asked)));
        // Looking changes nothing.
        assert_eq!(texts(&app, &review).await, written);

        let version = preview.review.version;
        assert_eq!(codes(framework::change(&app.app, &author, REVIEW, Version(99), &other).await), ["intussen-gewijzigd"]);
        let version = framework::change(&app.app, &author, REVIEW, version, &other).await.unwrap();
        let carried = texts(&app, &review).await;
        let expected = [("1", "", "Over het geheel."), ("2", "1.1", "Over het criterium."), ("4", "", "Over kwaliteit.")];
        assert_eq!(carried, expected.map(|(safeguard, criterion, body)| (safeguard.to_owned(), criterion.to_owned(), body.to_owned())));
        let history = reflection::history(&app.app, &author, REVIEW, "1.1").await.unwrap();
        assert_eq!(history.versions.iter().filter(|version| version.cause == SaveCause::Carried).count(), 1);
        let asked = questions::list(&app.app, &author, REVIEW).await.unwrap().questions;
        assert_eq!(asked[0].part.as_ref().map(|part| part.safeguard.0.clone()), Some("2".to_owned()));

        // And back: everything is where it was.
        assert_eq!(codes(framework::change(&app.app, &author, REVIEW, version, &other).await), ["kader-al-gekozen"]);
        framework::change(&app.app, &author, REVIEW, version, "proef").await.unwrap();
        assert_eq!(texts(&app, &review).await, written);
        let log = kernschil_app::audit::check(&app.app, None).await.unwrap();
        assert!(log.deviations.is_empty(), "{log:#?}");
    }
}
