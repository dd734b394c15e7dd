//! Which version the caller saw: `If-Match` and `If-None-Match`.

use kernschil_app::AppError;
use kernschil_domain::ids::Version;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use uuid::Uuid;

use crate::input::{Scalar, Wrong};
use crate::refusal::Trouble;

/// One strong entity tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntityTag(String);

impl Scalar for EntityTag {
    fn schema() -> MetaSchemaRef {
        let example = Some("\"0190f3b2-7c4e-7000-8000-000000000001\"".into());
        let pattern = Some("^\"[^\"]*\"$".to_owned());
        MetaSchemaRef::Inline(Box::new(MetaSchema { pattern, example, ..MetaSchema::new("string") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let inner = text.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"')).filter(|tag| !tag.contains('"'));
        let wrong = || Wrong::new("geen-etag", "Geef precies één ETag op, met de aanhalingstekens, zoals u die kreeg.");
        inner.map(|tag| Self(tag.to_owned())).ok_or_else(wrong)
    }
}

/// `*`: there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Absent;

impl Scalar for Absent {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { enum_items: vec!["*".into()], ..MetaSchema::new("string") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        if text.trim() == "*" { Ok(Self) } else { Err(Wrong::new("alleen-ster", "Hier kan alleen * staan: er was nog niets.")) }
    }
}

/// The same conflict has a status of its own when the caller said which version it saw.
pub(crate) fn stale(error: AppError) -> Trouble {
    match error {
        AppError::Conflict { code: "intussen-gewijzigd", message } => Trouble::Stale { message },
        other => other.into(),
    }
}

/// What the caller saw: the version, or nothing.
pub(crate) fn seen(if_match: Option<EntityTag>, if_none_match: Option<Absent>) -> Result<Option<Uuid>, Trouble> {
    match (if_match, if_none_match) {
        (tag @ Some(_), None) => seen_placement(tag).map(Some),
        (None, Some(Absent)) => Ok(None),
        (None, None) => Err(Trouble::VersionOrAbsenceNeeded),
        (Some(_), Some(Absent)) => {
            let message = "Stuur If-Match of If-None-Match, niet allebei: er was een plaatsing of niet.";
            Err(Wrong::new("tegenstrijdig", message).at("header.If-None-Match").into())
        }
    }
}

/// The version that the caller saw.
pub(crate) fn seen_placement(if_match: Option<EntityTag>) -> Result<Uuid, Trouble> {
    let tag = if_match.ok_or(Trouble::VersionNeeded)?;
    // A tag of ours is an identifier; any other cannot be the current one.
    Uuid::try_parse(&tag.0)
        .map_err(|_| Trouble::Stale { message: "De plaatsing is niet meer zoals u die zag. Haal haar opnieuw op.".to_owned() })
}

/// The version of a row that the caller saw, for what counts its changes.
pub(crate) fn seen_version(if_match: Option<EntityTag>) -> Result<Version, Trouble> {
    let tag = if_match.ok_or(Trouble::VersionNeeded)?;
    // A tag of ours is a number; any other cannot be the current one.
    tag.0.parse().map(Version).map_err(|_| Trouble::Stale { message: "Dit is niet meer zoals u het zag. Haal het opnieuw op.".to_owned() })
}

/// The tag that the caller saw, for what has another kind of version.
pub(crate) fn seen_tag(if_match: Option<EntityTag>) -> Result<String, Trouble> {
    if_match.map(|tag| tag.0).ok_or(Trouble::VersionNeeded)
}

#[cfg(test)]
mod tests {
    use poem::error::ResponseError;

    use super::*;

    const ID: &str = "0190f3b2-7c4e-7000-8000-000000000001";

    fn status(if_match: Option<&str>, if_none_match: Option<Absent>) -> u16 {
        let tag = if_match.map(|tag| EntityTag::read(tag).unwrap());
        seen(tag, if_none_match).map_or_else(|trouble| trouble.status().as_u16(), |_| 200)
    }

    #[test]
    fn a_change_says_what_it_replaces() {
        assert_eq!(status(Some(&format!("\"{ID}\"")), None), 200);
        assert_eq!(status(None, Some(Absent)), 200);
        assert_eq!(status(None, None), 428);
        assert_eq!(status(Some("\"old\""), None), 412);
        assert_eq!(status(Some(&format!("\"{ID}\"")), Some(Absent)), 400);
        for bad in ["", "*", ID, "W/\"a\"", "\"a\", \"b\"", "\""] {
            assert!(EntityTag::read(bad).is_err(), "{bad}");
        }
    }
}
