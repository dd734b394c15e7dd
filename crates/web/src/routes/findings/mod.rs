//! Findings of a review: the page, one finding, handing in, opening, and the form to take along.

mod form;
mod journal;
mod steps;

use kernschil_app::AppError;
use kernschil_app::reviews::day;
use kernschil_app::reviews::findings::{self, FindingInput, FindingsList, Lock, OwnFindings, PanelHandIn};
use kernschil_domain::frameworks::Part;
use kernschil_domain::ids::{FindingId, ReviewEvidenceId};
use kernschil_domain::reviews::{Finding, FindingKind};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;
use uuid::Uuid;

pub(super) use form::{download, read, take_over};
pub(super) use journal::{history, put_back};
pub(super) use steps::{hand_in, hand_in_form, open, open_form};

use super::reflection::{dossier, seen, title};
use super::support::{Answer, capital, done, field_errors, html_with, id, problem, see_other};
use super::words::when;
use super::{State, Web};
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::views::evidence::PartChoice;
use crate::views::findings::{
    FindingChoices, FindingEditView, FindingFields, FindingItem, FindingsView, HandInLine, OtherFindingsView, OwnFindingsView,
    PartFindings, SealView, finding_page, findings_page,
};

/// Names of the fields of the forms, by those of the use case.
const FIELDS: [(&str, &str); 4] = [("kind", "soort"), ("part", "onderdeel"), ("text", "bevinding"), ("evidence", "bewijs")];

fn address(slug: &str) -> String {
    format!("/peer-reviews/{slug}/bevindingen")
}

/// What somebody filled in. `bewijs` stands in it once for each piece that was chosen.
#[derive(Debug, Default)]
struct Filled {
    fields: FindingFields,
    version: String,
}

fn filled(pairs: Vec<(String, String)>) -> Filled {
    let mut filled = Filled::default();
    for (name, value) in pairs {
        match name.as_str() {
            "soort" => filled.fields.kind = value,
            "onderdeel" => filled.fields.part = value,
            "bevinding" => filled.fields.text = value,
            "bewijs" => filled.fields.evidence.push(value),
            "versie" => filled.version = value,
            _ => {}
        }
    }
    filled
}

/// What was filled in, for the use case. What is no identifier is one of nothing, which it refuses.
fn input(fields: &FindingFields) -> FindingInput {
    FindingInput {
        kind: fields.kind.clone(),
        part: fields.part.clone(),
        text: fields.text.clone(),
        evidence: fields.evidence.iter().map(|text| id(text).unwrap_or(ReviewEvidenceId(Uuid::nil()))).collect(),
    }
}

fn stored(finding: &Finding) -> FindingFields {
    FindingFields {
        kind: finding.kind.code().to_owned(),
        part: finding.part.code().0.clone(),
        text: finding.text.clone(),
        evidence: finding.evidence.iter().map(ToString::to_string).collect(),
    }
}

fn part_words(list: &FindingsList, part: &Part) -> String {
    format!("{} {}", part.code(), title(&list.content, part)).trim().to_owned()
}

/// What there is to choose from. What a finding has already can stay, also when it was taken away since.
fn choices(list: &FindingsList, kept: &FindingFields) -> FindingChoices {
    let choice = |part: Part| PartChoice { title: title(&list.content, &part), code: part.code().0.clone(), is_chosen: false };
    let mut parts: Vec<_> = list.content.parts().map(choice).collect();
    if !kept.part.is_empty() && !parts.iter().any(|part| part.code == kept.part) {
        parts.push(PartChoice { code: kept.part.clone(), title: "(niet meer in het kader)".to_owned(), is_chosen: false });
    }
    let evidence = list.evidence.iter().filter(|piece| piece.removed_at.is_none() || kept.evidence.contains(&piece.id.to_string()));
    FindingChoices {
        kinds: FindingKind::ALL.iter().map(|kind| (kind.code().to_owned(), capital(kind.dutch()))).collect(),
        parts,
        evidence: evidence.map(|piece| (piece.id.to_string(), piece.title.clone())).collect(),
    }
}

/// Whether the reader can change what she sees.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    Hers,
    Fixed,
}

fn by_part(list: &FindingsList, all: &[Finding], hold: Hold) -> Vec<PartFindings> {
    let mut parts: Vec<(&Part, PartFindings)> = Vec::new();
    for finding in all {
        let titles = list.evidence.iter().filter(|piece| finding.evidence.contains(&piece.id)).map(|piece| piece.title.clone());
        let item = FindingItem {
            id: if hold == Hold::Hers { finding.id.to_string() } else { String::new() },
            kind: capital(finding.kind.dutch()),
            text: finding.text.clone(),
            evidence: titles.collect(),
            version: finding.version.0.to_string(),
        };
        match parts.last_mut() {
            Some((part, group)) if **part == finding.part => group.items.push(item),
            _ => parts.push((&finding.part, PartFindings { part: part_words(list, &finding.part), items: vec![item] })),
        }
    }
    parts.into_iter().map(|(_, group)| group).collect()
}

fn own_view(web: &Web, list: &FindingsList, own: &OwnFindings) -> OwnFindingsView {
    let hold = if own.lock.is_none() { Hold::Hers } else { Hold::Fixed };
    OwnFindingsView {
        parts: by_part(list, &own.findings, hold),
        lock: own.lock.map(Lock::dutch).unwrap_or_default().to_owned(),
        handed_in: own.handed_in.as_ref().map(|handed| SealView {
            when: when(handed.at, web.app.clock.now()),
            hash: handed.hash.clone(),
            salt: handed.salt.clone(),
        }),
        can_hand_in: own.can_hand_in,
    }
}

fn hand_in_line(web: &Web, one: &PanelHandIn) -> HandInLine {
    HandInLine {
        name: one.name.clone(),
        role: one.role.to_owned(),
        when: one.at.map(|at| when(at, web.app.clock.now())).unwrap_or_default(),
    }
}

fn view(web: &Web, list: &FindingsList, fields: FindingFields) -> FindingsView {
    let now = web.app.clock.now();
    let others = list.others.iter().map(|other| OtherFindingsView {
        name: other.name.clone(),
        when: match &other.handed_in {
            Some(handed) => format!("Ingeleverd: {}.", when(handed.at, now)),
            None => "Niet ingeleverd; de voorzitter heeft de bevindingen geopend.".to_owned(),
        },
        hash: other.handed_in.as_ref().map(|handed| handed.hash.clone()).unwrap_or_default(),
        parts: by_part(list, &other.findings, Hold::Fixed),
    });
    FindingsView {
        dossier: dossier(&list.review),
        own: list.own.as_ref().map(|own| own_view(web, list, own)),
        others: others.collect(),
        panel: list.panel.iter().map(|one| hand_in_line(web, one)).collect(),
        // Who waits for nobody has nothing to open.
        can_open: list.can_open && list.panel.iter().any(|one| one.at.is_none()),
        choices: choices(list, &FindingFields::default()),
        filled: fields,
        errors: Vec::new(),
    }
}

/// The page with what was filled in, after a refusal; nothing of it is lost.
async fn page(web: &Web, caller: &Caller, slug: &str, fields: FindingFields, refused: Option<AppError>) -> Answer {
    let list = findings::list(&web.app, &caller.actor, slug).await?;
    let mut view = view(web, &list, fields);
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let status = match refused {
        None => StatusCode::OK,
        Some(AppError::Invalid(errors)) => {
            view.errors = field_errors(&errors, &FIELDS);
            StatusCode::BAD_REQUEST
        }
        Some(error @ AppError::File { .. }) => {
            view.errors = vec![FieldError::new("bestand", &error.dutch())];
            StatusCode::BAD_REQUEST
        }
        Some(AppError::NotFound) => {
            let again = "Deze bevinding is er niet, of niet meer. Wat u schreef staat onder ‘Bevinding toevoegen’.";
            frame.flash = Some(problem(again.to_owned()));
            StatusCode::NOT_FOUND
        }
        Some(AppError::Conflict { message, .. }) => {
            let typed = view.filled.text.trim().to_owned();
            let lost = if typed.is_empty() || view.own.as_ref().is_some_and(|own| own.lock.is_empty()) {
                String::new()
            } else {
                format!(" Dit schreef u, en het is niet bewaard: “{typed}”")
            };
            frame.flash = Some(problem(format!("{message}{lost}")));
            StatusCode::CONFLICT
        }
        Some(other) => return Err(other.into()),
    };
    Ok(html_with(status, findings_page(&frame, &view)))
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
    /// A note of the visit day that becomes a finding.
    notitie: String,
}

/// The findings somebody may see.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    let list = findings::list(&web.app, &caller.actor, &slug).await?;
    let mut fields = FindingFields::default();
    if !did.notitie.is_empty() {
        fields.text = day::note(&web.app, &caller.actor, &slug, id(&did.notitie)?).await?.body;
    }
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = match did.gedaan.as_str() {
        "bewaard" => Some(done("De bevinding is bewaard.")),
        "verwijderd" => Some(journal::removed(&web, caller, &list).await?),
        "teruggezet" => Some(done("De bevinding staat er weer zoals u koos.")),
        "ingeleverd" => Some(done("U heeft ingeleverd. Uw bevindingen liggen vast.")),
        "geopend" => Some(done("De bevindingen zijn geopend voor het hele panel.")),
        "overgenomen" => Some(done("Het formulier is overgenomen zoals u koos.")),
        _ => None,
    };
    Ok(html_with(StatusCode::OK, findings_page(&frame, &view(&web, &list, fields))))
}

/// Adds a finding.
#[handler]
pub(super) async fn add(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Answer {
    let filled = filled(pairs);
    match findings::add(&web.app, &caller.actor, &slug, &input(&filled.fields)).await {
        Ok(_) => Ok(see_other(&format!("{}?gedaan=bewaard", address(&slug)))),
        Err(error) => page(&web, caller, &slug, filled.fields, Some(error)).await,
    }
}

/// A finding of hers that can be changed now.
async fn own_finding(web: &Web, caller: &Caller, slug: &str, id: FindingId) -> Result<(FindingsList, Finding), Failure> {
    findings::get(&web.app, &caller.actor, slug, id).await?;
    let list = findings::list(&web.app, &caller.actor, slug).await?;
    let own = list.own.as_ref().and_then(|own| own.findings.iter().find(|finding| finding.id == id)).cloned();
    Ok((list, own.ok_or(AppError::NotFound)?))
}

/// One finding, to change.
#[handler]
pub(super) async fn edit(web: State<'_>, caller: &Caller, Path((slug, finding)): Path<(String, String)>) -> Answer {
    let (list, finding) = own_finding(&web, caller, &slug, id(&finding)?).await?;
    if let Some(lock) = list.own.as_ref().and_then(|own| own.lock) {
        return Err(AppError::from(lock).into());
    }
    let fields = stored(&finding);
    let view = FindingEditView {
        dossier: dossier(&list.review),
        id: finding.id.to_string(),
        version: finding.version.0.to_string(),
        choices: choices(&list, &fields),
        filled: fields,
        ..FindingEditView::default()
    };
    Ok(html_with(StatusCode::OK, finding_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}

/// The form of one finding again, with what was typed beside what is stored when that changed.
async fn again(web: &Web, caller: &Caller, slug: &str, id: FindingId, filled: Filled, error: AppError) -> Answer {
    let is_gone = matches!(error, AppError::NotFound);
    let Ok((list, now)) = own_finding(web, caller, slug, id).await else {
        return page(web, caller, slug, filled.fields, Some(if is_gone { AppError::NotFound } else { error })).await;
    };
    if list.own.as_ref().is_some_and(|own| own.lock.is_some()) {
        return page(web, caller, slug, filled.fields, Some(error)).await;
    }
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let mut view = FindingEditView {
        dossier: dossier(&list.review),
        id: id.to_string(),
        version: filled.version,
        choices: choices(&list, &stored(&now)),
        filled: filled.fields,
        ..FindingEditView::default()
    };
    let status = match error {
        AppError::Invalid(errors) => {
            view.errors = field_errors(&errors, &FIELDS);
            StatusCode::BAD_REQUEST
        }
        AppError::Conflict { .. } => {
            view.version = now.version.0.to_string();
            view.stored = Some(now.text);
            let message = "U heeft deze bevinding intussen ergens anders gewijzigd. Voeg samen wat u wilt houden en bewaar opnieuw.";
            frame.flash = Some(problem(message.to_owned()));
            StatusCode::CONFLICT
        }
        other => return Err(other.into()),
    };
    Ok(html_with(status, finding_page(&frame, &view)))
}

/// Changes a finding.
#[handler]
pub(super) async fn change(
    web: State<'_>,
    caller: &Caller,
    Path((slug, finding)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let (filled, id) = (filled(pairs), id(&finding)?);
    match findings::change(&web.app, &caller.actor, &slug, (id, seen(&filled.version)), &input(&filled.fields)).await {
        Ok(_) => Ok(see_other(&format!("{}?gedaan=bewaard", address(&slug)))),
        Err(error) => again(&web, caller, &slug, id, filled, error).await,
    }
}

/// Removes a finding.
#[handler]
pub(super) async fn remove(
    web: State<'_>,
    caller: &Caller,
    Path((slug, finding)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let seen = seen(&filled(pairs).version);
    match findings::remove(&web.app, &caller.actor, &slug, (id(&finding)?, seen)).await {
        Ok(()) => Ok(see_other(&format!("{}?gedaan=verwijderd", address(&slug)))),
        Err(error @ AppError::Conflict { .. }) => page(&web, caller, &slug, FindingFields::default(), Some(error)).await,
        Err(error) => Err(error.into()),
    }
}
