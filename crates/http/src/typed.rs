//! What somebody typed into the fields of several lines of a form. When the form is refused before a handler saw it, the page
//! that says so gives it back, so that nothing typed is lost with a session.
//!
//! Only fields that are known to hold such a text are looked at: never a password, a token, a file or a choice. What was typed
//! lives as long as its request and is written nowhere.

use std::fmt;

use poem::web::{Form, Multipart};
use poem::{Body, FromRequest, Request, RequestBody};
use uuid::Uuid;

use crate::BODY_BYTES;
use crate::body::Kind;

/// Names of the fields of several lines, and what they are called.
const TEXTS: [(&str, &str); 8] = [
    ("actie", "Actie"),
    ("bevinding", "Bevinding"),
    ("bron", "Bron"),
    ("reden", "Reden"),
    ("resultaat", "Resultaat"),
    ("tekst", "Tekst"),
    ("vraag", "Vraag"),
    ("vragen", "Vragen"),
];

/// A text that was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedText {
    /// What its field is called.
    pub label: String,
    /// What was typed.
    pub text: String,
}

// By hand, so that no log ever shows what was typed.
impl fmt::Debug for TypedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedText").field("label", &self.label).finish_non_exhaustive()
    }
}

/// What a field of several lines is called; nothing for a field of another kind. A name can stand between others, as in
/// `bevinding-2` and `w1-tekst`, and before what it is about, as in `tekst:inleiding`.
fn label(name: &str) -> Option<String> {
    let (field, about) = name.split_once(':').unwrap_or((name, ""));
    let found = field.split('-').find_map(|word| TEXTS.iter().find(|(known, _)| *known == word));
    found.map(|(_, words)| if about.is_empty() { (*words).to_owned() } else { format!("{words} bij {about}") })
}

/// Whether a text of a field with this name is given back.
pub fn gives_back(name: &str) -> bool {
    label(name).is_some()
}

fn typed(name: &str, text: String) -> Option<TypedText> {
    // The name of a text in one form is that of a choice in another, and what is chosen is known by an identifier.
    let is_typed = !text.trim().is_empty() && Uuid::try_parse(text.trim()).is_err();
    label(name).filter(|_| is_typed).map(|label| TypedText { label, text })
}

/// The texts in a form. One with a file that is larger than a form without may be is not looked through.
pub(crate) async fn texts(req: &Request, kind: Kind, bytes: &[u8]) -> Vec<TypedText> {
    match kind {
        Kind::Form => of_form(req, bytes).await,
        Kind::Multipart if bytes.len() <= BODY_BYTES => of_parts(req, bytes).await,
        Kind::Multipart | Kind::Json | Kind::File | Kind::Other => None,
    }
    .unwrap_or_default()
}

async fn of_form(req: &Request, bytes: &[u8]) -> Option<Vec<TypedText>> {
    let mut body = RequestBody::new(Body::from_vec(bytes.to_vec()));
    let Form(fields) = Form::<Vec<(String, String)>>::from_request(req, &mut body).await.ok()?;
    Some(fields.into_iter().filter_map(|(name, text)| typed(&name, text)).collect())
}

async fn of_parts(req: &Request, bytes: &[u8]) -> Option<Vec<TypedText>> {
    let mut body = RequestBody::new(Body::from_vec(bytes.to_vec()));
    let mut parts = Multipart::from_request(req, &mut body).await.ok()?;
    let mut found = Vec::new();
    while let Ok(Some(part)) = parts.next_field().await {
        let Some(name) = part.name().map(str::to_owned).filter(|name| gives_back(name) && part.file_name().is_none()) else { continue };
        found.extend(part.text().await.ok().and_then(|text| typed(&name, text)));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fields_of_several_lines_are_given_back() {
        for (name, words) in [
            ("bevinding", "Bevinding"),
            ("bevinding-12", "Bevinding"),
            ("w1-c2-tekst", "Tekst"),
            ("tekst:lerende-leraar/2", "Tekst bij lerende-leraar/2"),
        ] {
            assert_eq!(label(name).as_deref(), Some(words));
        }
        for name in ["csrf", "password", "wachtwoord", "wachtwoord-nieuw", "token", "code", "email", "versie", "soort", ""] {
            assert_eq!(label(name), None, "{name}");
        }
    }

    #[test]
    fn a_choice_is_no_text_and_a_log_shows_neither() {
        assert_eq!(typed("vraag", "0190f3b2-7c4e-7000-8000-000000000001".to_owned()), None);
        assert_eq!(typed("tekst", " \r\n".to_owned()), None);
        let found = typed("tekst", "Geheim\r\nvan het panel".to_owned());
        assert!(!format!("{found:?}").contains("Geheim") && found.is_some());
    }
}
