//! The frameworks that come with the program.

use kernschil_domain::frameworks::{Framework, FrameworkContent, FrameworkState};
use kernschil_domain::ids::{FrameworkId, Version};
use kernschil_spreadsheets::yaml;
use kernschil_storage::{StorageError, frameworks};

use super::hash;
use crate::App;
use crate::error::AppError;

/// Their names in addresses, and what they say. A published framework never changes: another text is another entry here.
const SHIPPED: [(&str, &str); 2] = [
    ("samen-opleiden-en-inductie", include_str!("../../../../imports/kaders/samen-opleiden-en-inductie.yaml")),
    ("samen-opleiden-in-de-onderwijsregio", include_str!("../../../../imports/kaders/samen-opleiden-in-de-onderwijsregio.yaml")),
];

/// The frameworks that come with the program: name in addresses and content, the oldest first.
///
/// # Errors
/// [`AppError::Internal`] when one cannot be read; a test holds all of them to be readable.
pub fn shipped() -> Result<Vec<(&'static str, FrameworkContent)>, AppError> {
    let one = |(slug, text): (&'static str, &str)| match yaml::read(text.as_bytes()) {
        Ok(content) => Ok((slug, content)),
        Err(error) => Err(AppError::Internal(format!("{slug}: {error}"))),
    };
    SHIPPED.into_iter().map(one).collect()
}

/// Puts the frameworks of the program in the database where they are not there yet. Done at every start, so that an
/// installation that was there before gets them too; where they are, nothing is written.
///
/// # Errors
/// [`AppError::Storage`] when the database fails; [`AppError::Internal`].
pub async fn bring(app: &App) -> Result<(), AppError> {
    let known = app.store.read(async |tx| frameworks::list(tx).await).await?;
    for (slug, content) in shipped()? {
        if known.iter().any(|framework| framework.slug == slug) {
            continue;
        }
        let now = app.clock.now();
        let framework = Framework {
            id: FrameworkId(app.ids.next()),
            slug: slug.to_owned(),
            hash: hash(&content),
            content,
            state: FrameworkState::Published { at: now },
            made_at: now,
            made_by: None,
            version: Version::FIRST,
        };
        match app.store.write(async |tx| frameworks::insert(tx, &framework).await).await {
            // Another instance that started at the same time was first.
            Ok(()) | Err(StorageError::Constraint(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernschil_domain::frameworks::Origin;

    use super::*;

    #[test]
    fn what_comes_with_the_program_claims_no_official_words() {
        let all = shipped().unwrap();
        let names: Vec<_> = all.iter().map(|(slug, content)| (*slug, content.name.as_str())).collect();
        assert_eq!(
            names,
            [
                ("samen-opleiden-en-inductie", "Samen Opleiden & Inductie"),
                ("samen-opleiden-in-de-onderwijsregio", "Samen Opleiden in de Onderwijsregio"),
            ]
        );
        for (_, content) in &all {
            assert_eq!(content.faults(), []);
            let safeguards: Vec<_> = content.safeguards.iter().map(|safeguard| safeguard.name.as_str()).collect();
            assert_eq!(safeguards, ["Lerende leraar", "Leeromgeving", "Organisatie", "Kwaliteitscultuur"]);
            assert!(content.safeguards.iter().all(|safeguard| safeguard.origin == Origin::Paraphrase));
            let mut criteria = content.safeguards.iter().flat_map(|safeguard| &safeguard.criteria);
            assert!(criteria.all(|criterion| criterion.origin == Origin::Own));
            assert_eq!(content.questions.len(), 4);
        }
    }

    /// A review stays pinned to the words it was made with, so these hashes never change.
    #[test]
    fn what_was_published_with_the_program_never_changes() {
        let hashes: Vec<_> = shipped().unwrap().iter().map(|(_, content)| hash(content)).collect();
        assert_eq!(
            hashes,
            [
                "9ed04195c8c47c77e7eca610b84643070d14ceb20d919792ee7bc9fc988e4ccb",
                "81a75f2f4e3650ee68d7ee2a6c2ede096e35f517048fe58754527b9e202305e6"
            ]
        );
    }
}
