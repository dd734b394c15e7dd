//! Correcting what is kept about a student.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::StudentKind;
use kernschil_domain::cohorts::Student;
use kernschil_domain::ids::StudentId;
use kernschil_domain::values::{Label, Postcode, StudentNumber, ValueError};
use kernschil_storage::cohorts::CohortRows;
use kernschil_storage::{StorageError, Tx, cohorts, privacy};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// What somebody fills in; an empty prefix or postcode means that there is none.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The data as they were seen: the version in the dossier.
    pub seen: Uuid,
    /// Given name.
    pub given_name: String,
    /// Tussenvoegsel.
    pub prefix: String,
    /// Family name.
    pub family_name: String,
    /// Number at the institute.
    pub number: String,
    /// Home postcode.
    pub postcode: String,
    /// Code or Dutch word of the kind of student.
    pub kind: String,
}

/// What was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// Names of the fields; none when everything was as it is.
    pub fields: Vec<&'static str>,
}

/// What tells one state of the data of a student from another.
pub(super) fn version(student: &Student) -> Uuid {
    let postcode = student.postcode.as_ref().map(Postcode::as_str).unwrap_or_default();
    let prefix = student.prefix.as_deref().unwrap_or_default();
    let parts = [&student.given_name, prefix, &student.family_name, student.number.as_str(), postcode, student.kind.code()];
    let mut hasher = Sha256::new();
    hasher.update(student.id.0.as_bytes());
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0x1f]);
    }
    let digest = hasher.finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.iter()).for_each(|(byte, from)| *byte = *from);
    Uuid::from_bytes(bytes)
}

/// The student with an id who was not made unrecognisable.
pub(super) async fn student(tx: &Tx, id: StudentId) -> Result<Student, AppError> {
    privacy::of_student(tx, id).await?;
    cohorts::students(tx, &[id]).await?.pop().ok_or(AppError::NotFound)
}

fn label(field: &str, dutch: &str, text: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    let read = Label::parse(text);
    if read.is_err() {
        let message = format!("Vul de {dutch} in, van hoogstens {} tekens.", Label::MAX);
        errors.push(FieldError::new(field, &format!("{dutch}-ongeldig"), message));
    }
    read.ok().map(|label| label.to_string())
}

/// The student as somebody wants it, or everything that is wrong.
fn read(known: &Student, new: &Correction) -> Result<Student, AppError> {
    let mut errors = Vec::new();
    let given_name = label("given_name", "voornaam", &new.given_name, &mut errors);
    let family_name = label("family_name", "achternaam", &new.family_name, &mut errors);
    let prefix = match new.prefix.trim() {
        "" => None,
        text => label("prefix", "tussenvoegsel", text, &mut errors),
    };
    let mut wrong = |field: &str, code: &str, message: String| errors.push(FieldError::new(field, code, message));
    let number = StudentNumber::parse(&new.number)
        .map_err(|_| {
            wrong("number", "studentnummer-ongeldig", format!("Vul het studentnummer in, van hoogstens {} tekens.", StudentNumber::MAX));
        })
        .ok();
    let postcode = match new.postcode.trim() {
        "" => None,
        text => {
            Postcode::parse(text).map_err(|e: ValueError| wrong("postcode", "postcode-ongeldig", format!("Kijk de postcode na: {e}."))).ok()
        }
    };
    let kind = StudentKind::parse(&new.kind);
    if kind.is_none() {
        wrong("kind", "soort-ongeldig", "Kies student of zij-instromer.".to_owned());
    }
    match (given_name, family_name, number, kind) {
        (Some(given_name), Some(family_name), Some(number), Some(kind)) if errors.is_empty() => {
            Ok(Student { given_name, prefix, family_name, number, postcode, kind, ..known.clone() })
        }
        _ => Err(AppError::Invalid(errors)),
    }
}

fn differences(before: &Student, after: &Student) -> Vec<&'static str> {
    let fields = [
        ("given_name", before.given_name == after.given_name),
        ("prefix", before.prefix == after.prefix),
        ("family_name", before.family_name == after.family_name),
        ("number", before.number == after.number),
        ("postcode", before.postcode == after.postcode),
        ("kind", before.kind == after.kind),
    ];
    fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

/// Corrects the data of a student. The log keeps which fields, never what was in them.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when somebody else changed the student since.
pub async fn correct(app: &App, actor: &Actor, id: StudentId, new: &Correction) -> Result<Corrected, AppError> {
    actor.require(Permission::HandlePrivacy)?;
    app.store
        .write(async |tx| {
            let known = student(tx, id).await?;
            let after = read(&known, new)?;
            let fields = differences(&known, &after);
            if fields.is_empty() {
                return Ok(Corrected { fields });
            }
            if version(&known) != new.seen {
                return Err(StorageError::Stale.into());
            }
            let number = after.number.as_str().to_lowercase();
            let others = cohorts::students_of(tx, known.institute).await?;
            if others.iter().any(|other| other.id != id && other.number.as_str().to_lowercase() == number) {
                let message = "Dit nummer is bij dit instituut al van een andere student. Controleer het nummer.";
                return Err(AppError::Invalid(vec![FieldError::new("number", "studentnummer-bezet", message)]));
            }
            cohorts::store(tx, CohortRows { students: vec![after], ..CohortRows::default() }).await?;
            app.audit(tx, actor, EventKind::StudentCorrected, &id.to_string(), Change::to(json!({ "fields": fields })));
            Ok(Corrected { fields })
        })
        .await
}
