//! Evidence: brought, made newer, used, taken along and taken away; what could do harm is refused, and nothing is lost by it.

use kernschil_app::reviews::evidence::{self, EvidenceFile, FILE_BYTES, Source};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::ReviewState;

use super::reflection::{REVIEW, review};
use crate::support::TestApp;

fn file(name: &str, bytes: &[u8]) -> Source {
    Source::File(EvidenceFile { name: name.to_owned(), bytes: bytes.to_vec() })
}

fn link(address: &str) -> Source {
    Source::Link(address.to_owned())
}

fn codes<T>(answer: Result<T, AppError>) -> Vec<String> {
    match answer.err().unwrap() {
        AppError::Invalid(fields) => fields.into_iter().map(|field| field.code).collect(),
        other => vec![other.code().to_owned()],
    }
}

async fn add(app: &TestApp, actor: &Actor, title: &str, source: Source) -> Result<kernschil_domain::ids::ReviewEvidenceId, AppError> {
    evidence::add(&app.app, actor, REVIEW, (title, &["1.1".to_owned(), "2".to_owned()]), source).await
}

both_databases! {
    async fn a_piece_is_brought_made_newer_and_taken_away(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let author = app.with_role(Role::ReflectionAuthor, Scope::Review(review.id)).await;
        let panel = app.with_role(Role::PanelMember, Scope::Review(review.id)).await;
        let id = add(&app, &author, "  Onze   visie ", file("map/visie.pdf", b"%PDF-1.7 een")).await.unwrap();
        let second = evidence::renew(&app.app, &author, REVIEW, (id, Version::FIRST), file("visie.pdf", b"%PDF-1.7 twee")).await.unwrap();
        // The same file again is the same version.
        assert_eq!(evidence::renew(&app.app, &author, REVIEW, (id, second), file("visie.pdf", b"%PDF-1.7 twee")).await.unwrap(), second);

        let list = evidence::list(&app.app, &panel, REVIEW).await.unwrap();
        let item = &list.items[0];
        assert_eq!((item.evidence.title.as_str(), item.versions.len(), list.takes_more()), ("Onze visie", 2, false));
        assert_eq!(item.evidence.used_for.iter().map(|part| part.code().0.as_str()).collect::<Vec<_>>(), ["1.1", "2"]);
        let first = evidence::download(&app.app, &panel, REVIEW, id, 1).await.unwrap();
        assert_eq!((first.name.as_str(), first.media_type.as_str(), first.bytes.as_slice()), ("visie.pdf", "application/pdf", b"%PDF-1.7 een".as_slice()));

        let stale = evidence::change(&app.app, &author, REVIEW, (id, Version::FIRST), ("Anders", &[])).await;
        assert_eq!(codes(stale), ["intussen-gewijzigd"]);
        evidence::remove(&app.app, &author, REVIEW, (id, second)).await.unwrap();
        let list = evidence::list(&app.app, &panel, REVIEW).await.unwrap();
        assert_eq!((list.items[0].evidence.title.as_str(), list.items[0].evidence.removed_at.is_some()), ("Onze visie", true));
        assert_eq!(codes(evidence::download(&app.app, &panel, REVIEW, id, 1).await), ["niet-gevonden"]);
        app.check_invariants().await;
    }

    async fn what_could_do_harm_is_refused_with_why(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let author = app.with_role(Role::ReflectionAuthor, Scope::Review(review.id)).await;
        let cases = [
            (file("plan.docm", b"PK\x03\x04"), "bestand-met-macros"),
            (file("pagina.pdf", b"<script>alert(1)</script>"), "bestandssoort-onbekend"),
            (file("programma.exe", b"MZ\x90\0"), "bestandssoort-onbekend"),
            (file("plan.docx", b"%PDF-1.7"), "naam-past-niet"),
            (file("leeg.pdf", b""), "bestand-leeg"),
            (file("foto.png", &vec![0; FILE_BYTES + 1]), "bestand-te-groot"),
            (link("javascript:alert(1)"), "adres-ongeldig"),
        ];
        for (source, code) in cases {
            assert_eq!(codes(add(&app, &author, "Bewijs", source).await), [code]);
        }
        assert_eq!(codes(add(&app, &author, " ", link("geen adres")).await), ["titel-ongeldig", "adres-ongeldig"]);
        let unknown = evidence::add(&app.app, &author, REVIEW, ("Bewijs", &["9".to_owned()]), link("https://a.example")).await;
        assert_eq!(codes(unknown), ["onderdeel-onbekend"]);
        assert!(evidence::list(&app.app, &author, REVIEW).await.unwrap().items.is_empty());
    }

    async fn only_who_writes_the_reflection_brings_evidence_and_only_until_the_visit_is_over(app: TestApp) {
        let review = review(&app, ReviewState::Concluding).await;
        let author = app.with_role(Role::ReflectionAuthor, Scope::Review(review.id)).await;
        let panel = app.with_role(Role::PanelMember, Scope::Review(review.id)).await;
        assert_eq!(codes(add(&app, &panel, "Bewijs", link("https://a.example")).await), ["niet-toegestaan"]);
        assert_eq!(codes(add(&app, &author, "Bewijs", link("https://a.example")).await), ["bewijs-gesloten"]);
    }
}
