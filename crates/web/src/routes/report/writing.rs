//! Writing the report.

use std::collections::BTreeMap;

use kernschil_app::AppError;
use kernschil_app::reviews::report::{self, ReportAction, ReportView, SavedReport};
use kernschil_domain::reviews::ReportContent;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};

use super::super::reflection::dossier;
use super::super::support::{Answer, html_with};
use super::super::{State, Web};
use super::{number, refusal, to_report};
use crate::components::nav::NavItem;
use crate::views::report::{TextField, WriteView, write_page};

/// The latest version, for who writes.
async fn latest(web: &Web, caller: &Caller, slug: &str) -> Result<ReportView, Failure> {
    let overview = report::overview(&web.app, &caller.actor, slug).await?;
    let version = overview.versions.first().filter(|_| overview.can(ReportAction::Write));
    let version = version.ok_or_else(|| {
        let message = "Aan dit rapport kan nu niet worden geschreven. Bekijk bij het rapport hoe het staat.";
        AppError::conflict("rapport-niet-te-schrijven", message)
    })?;
    Ok(report::version(&web.app, &caller.actor, slug, version.number).await?)
}

fn view(latest: ReportView, fields: Vec<TextField>) -> WriteView {
    WriteView {
        dossier: dossier(&latest.overview.review),
        number: latest.version.number,
        content: latest.content,
        fields,
        errors: Vec::new(),
    }
}

/// The form.
#[handler]
pub(in crate::routes) async fn edit(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let view = view(latest(&web, caller, &slug).await?, Vec::new());
    Ok(html_with(StatusCode::OK, write_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}

/// What somebody typed, each beside what is stored where that is something else. `before` is what she wrote on.
fn fields(texts: &BTreeMap<String, String>, now: &ReportContent, before: Option<&ReportContent>) -> Vec<TextField> {
    let of = |content: &ReportContent, key: &str| {
        content.paragraphs().find(|paragraph| paragraph.key == *key).map(|paragraph| paragraph.text.clone()).unwrap_or_default()
    };
    let field = |(key, text): (&String, &String)| {
        let (typed, stored) = (text.replace("\r\n", "\n").trim().to_owned(), of(now, key));
        // What she did not touch is what the other wrote.
        let is_untouched = before.is_some_and(|before| of(before, key) == typed);
        if is_untouched {
            return TextField { key: key.clone(), text: stored, stored: None };
        }
        TextField { key: key.clone(), stored: (typed != stored && before.is_some()).then_some(stored), text: typed }
    };
    texts.iter().map(field).collect()
}

/// Saves the texts as a new version. Over an older version than the latest, what was typed stays in the form, beside what is
/// stored.
#[handler]
pub(in crate::routes) async fn save(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let seen = pairs.iter().find(|(name, _)| name == "nummer").map_or(-1, |(_, value)| number(value));
    let texts: BTreeMap<_, _> =
        pairs.into_iter().filter_map(|(name, value)| name.strip_prefix("tekst:").map(|key| (key.to_owned(), value))).collect();
    let error = match report::save(&web.app, &caller.actor, &slug, seen, &texts).await {
        Ok(SavedReport::Stored(_)) => return Ok(to_report(&slug, "bewaard")),
        Ok(SavedReport::Unchanged(_)) => return Ok(to_report(&slug, "gelijk")),
        Err(error) => error,
    };
    let (status, flash, errors) = refusal(error, &[])?;
    let now = latest(&web, caller, &slug).await?;
    let before = if seen == now.version.number { None } else { report::version(&web.app, &caller.actor, &slug, seen).await.ok() };
    let fields = fields(&texts, &now.content, before.as_ref().map(|before| &before.content));
    let view = WriteView { errors, ..view(now, fields) };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = flash;
    Ok(html_with(status, write_page(&frame, &view)))
}
