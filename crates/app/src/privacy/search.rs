//! Finding a student by name or number, whatever round she is in. Who was made unrecognisable is not found.

use kernschil_domain::access::Permission;
use kernschil_domain::cohorts::Student;
use kernschil_domain::ids::StudentId;
use kernschil_storage::{cohorts, privacy, registry};
use serde::Serialize;

use crate::error::{AppError, FieldError};
use crate::listing::search_key;
use crate::{Actor, App};

/// No more students than these are shown; who sees more looks more precisely.
pub const MOST_FOUND: usize = 50;

/// A student who was found.
#[derive(Debug, Clone, Serialize)]
pub struct FoundStudent {
    /// Identifier.
    pub id: StudentId,
    /// Number at the institute.
    pub number: String,
    /// Name as in a list.
    pub name: String,
    /// Name of the institute.
    pub institute: String,
}

/// Students of whom the name or number holds every word, by name: the first [`MOST_FOUND`], and how many there are.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] when less than two signs are given.
pub async fn find(app: &App, actor: &Actor, text: &str) -> Result<(Vec<FoundStudent>, usize), AppError> {
    actor.require(Permission::HandlePrivacy)?;
    let wanted = search_key(text.trim());
    if wanted.chars().count() < 2 {
        let message = "Vul minstens twee tekens van de naam of het studentnummer in.";
        return Err(AppError::Invalid(vec![FieldError::new("text", "zoektekst-te-kort", message)]));
    }
    app.store
        .read(async |tx| {
            let students = cohorts::students(tx, &privacy::known(tx).await?).await?;
            let institutes = registry::load(tx).await?.institutes;
            let mut found: Vec<_> = students.iter().filter(|student| is_found(student, &wanted)).collect();
            found.sort_by_cached_key(|student| (search_key(&student.list_name()), student.number.clone()));
            let shown = found.iter().take(MOST_FOUND).map(|student| FoundStudent {
                id: student.id,
                number: student.number.to_string(),
                name: student.list_name(),
                institute: institutes.get(&student.institute).map(|institute| institute.name.clone()).unwrap_or_default(),
            });
            Ok((shown.collect(), found.len()))
        })
        .await
}

fn is_found(student: &Student, wanted: &str) -> bool {
    let (name, number) = (search_key(&student.full_name()), search_key(student.number.as_str()));
    // A name may be typed as lists show it: "Jansen, Noor".
    let mut words = wanted.split(|sign: char| sign.is_whitespace() || sign == ',').filter(|word| !word.is_empty());
    words.all(|word| name.contains(word) || number.contains(word))
}
