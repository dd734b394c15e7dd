//! The kritische reflectie: the overview, writing, the history, and two texts beside each other.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_app::AppError;
use kernschil_app::reviews::evidence::{self, EvidenceItem};
use kernschil_app::reviews::figures::{self, FigureChoice};
use kernschil_app::reviews::follow_up::previous;
use kernschil_app::reviews::reflection::{self, PartText, Reflection, ReflectionAccess, Saved, TextHistory};
use kernschil_domain::frameworks::{FrameworkContent, Part, Safeguard};
use kernschil_domain::ids::{FigureId, UserId, Version};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{
    PinnedFigure, ReflectionEvent, ReflectionMove, Review, ReviewState, SafeguardProgress, SaveCause, TextVersion, differences,
};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::support::{Answer, capital, done, field_errors, html, html_with, id, problem, see_other, size};
use super::words::when;
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::components::page::{Flash, UndoForm};
use crate::components::text::number;
use crate::views::reflection::{
    Dossier, EditorView, FigureLine, HistoryView, MergeView, PartView, ReflectionView, SafeguardView, VersionLine, editor_page,
    history_page, merge_page, reflection_page,
};

/// Who wrote, and when, as words are made of it.
pub(super) struct Writers<'w> {
    pub(super) names: &'w BTreeMap<UserId, String>,
    pub(super) now: DateTime<Utc>,
}

impl Writers<'_> {
    fn name(&self, by: Option<UserId>) -> &str {
        by.and_then(|user| self.names.get(&user)).map_or("iemand met toegang tot de server", String::as_str)
    }

    /// `Carla Smit, vandaag om 14.03 uur`
    pub(super) fn line(&self, by: Option<UserId>, at: DateTime<Utc>) -> String {
        format!("{}, {}", self.name(by), when(at, self.now))
    }

    /// `Laatst gewijzigd door Carla Smit, vandaag om 14.03 uur.`
    fn changed(&self, by: Option<UserId>, at: DateTime<Utc>) -> String {
        format!("Laatst gewijzigd door {}.", self.line(by, at))
    }
}

/// The dossier of a review, as its pages refer to it.
pub(super) fn dossier(review: &Review) -> Dossier {
    Dossier { name: review.name.clone(), slug: review.slug.clone() }
}

/// How far a safeguard is, and who wrote last.
fn progress_words(progress: &SafeguardProgress, writers: &Writers<'_>) -> (String, String) {
    match progress.last {
        Some((at, by)) if progress.written > 0 => {
            (format!("{} van {} onderdelen", progress.written, progress.parts), format!("Laatst geschreven: {}.", writers.line(by, at)))
        }
        _ => ("nog niet begonnen".to_owned(), String::new()),
    }
}

fn part_view(view: &Reflection, part: &Part, title: String, writers: &Writers<'_>) -> PartView {
    let text = view.text(part);
    PartView {
        code: part.code().0.clone(),
        title,
        body: text.map(|text| text.body.trim().to_owned()).unwrap_or_default(),
        changed: text.map(|text| writers.changed(text.changed_by, text.changed_at)).unwrap_or_default(),
        evidence: Vec::new(),
        figures: Vec::new(),
    }
}

/// A pinned figure, with where it comes from and of which day it is.
fn figure_line(figure: &PinnedFigure) -> FigureLine {
    FigureLine {
        id: figure.id.to_string(),
        label: figure.label.clone(),
        value: figure.value.clone(),
        source: format!("{}. Stand van {}.", figure.source, dutch_date(figure.as_of)),
    }
}

/// Puts evidence and key figures where they are used, and begins with what was done with the review before this one.
async fn with_evidence(web: &Web, caller: &Caller, mut view: ReflectionView) -> Result<ReflectionView, Failure> {
    let list = evidence::list(&web.app, &caller.actor, &view.dossier.slug).await?;
    let pinned = figures::pinned(&web.app, &caller.actor, &view.dossier.slug).await?;
    for part in view.safeguards.iter_mut().flat_map(|safeguard| &mut safeguard.parts) {
        part.figures = pinned.iter().filter(|figure| figure.part.code().0 == part.code).map(figure_line).collect();
        let used = list.items.iter().filter(|item| item.evidence.used_for.iter().any(|about| about.code().0 == part.code));
        let shown =
            |item: &EvidenceItem| (item.evidence.title.clone(), item.evidence.removed_at.is_none().then(|| item.evidence.id.to_string()));
        part.evidence = used.map(shown).collect();
    }
    let before = previous(&web.app, &caller.actor, &view.dossier.slug).await?;
    view.previous = before.as_ref().map(super::follow_up::sentence).unwrap_or_default();
    Ok(view)
}

/// What a part says: a safeguard as a whole has the same title at each.
pub(super) fn title(content: &FrameworkContent, part: &Part) -> String {
    if part.criterion.is_some() { content.title(part).to_owned() } else { format!("{} als geheel", content.title(part)) }
}

fn safeguard_view(view: &Reflection, safeguard: &Safeguard, progress: &SafeguardProgress, writers: &Writers<'_>) -> SafeguardView {
    let (how_far, last) = progress_words(progress, writers);
    let content = &view.framework.content;
    let parts = content.parts().filter(|part| part.safeguard == safeguard.code);
    SafeguardView {
        name: safeguard.name.clone(),
        description: safeguard.description.clone(),
        origin: safeguard.origin.dutch().to_owned(),
        progress: how_far,
        last,
        is_begun: progress.written > 0,
        parts: parts.map(|part| part_view(view, &part, title(content, &part), writers)).collect(),
    }
}

fn move_line(step: &ReflectionMove, writers: &Writers<'_>) -> String {
    let line = writers.line(step.by, step.at);
    match (step.event, &step.reason) {
        (ReflectionEvent::HandedIn, _) => format!("Ingeleverd door {line}."),
        (ReflectionEvent::TakenBack, Some(reason)) => format!("Teruggehaald door {line}: {reason}"),
        (ReflectionEvent::TakenBack, None) => format!("Teruggehaald door {line}."),
    }
}

/// What was written about parts that the framework lost.
fn old_texts(view: &Reflection) -> Vec<(String, String)> {
    let kept = view.lost_texts().filter(|text| text.is_written());
    kept.map(|text| (text.part.code().0.clone(), text.body.trim().to_owned())).collect()
}

fn reflection_view(view: &Reflection, now: DateTime<Utc>) -> ReflectionView {
    let writers = Writers { names: &view.names, now };
    let safeguards = view.framework.content.safeguards.iter().zip(&view.progress);
    ReflectionView {
        dossier: dossier(&view.review),
        receiver: view.receiver.clone(),
        framework: view.framework.content.name.clone(),
        safeguards: safeguards.map(|(safeguard, progress)| safeguard_view(view, safeguard, progress, &writers)).collect(),
        kept: old_texts(view),
        access: view.access,
        is_preparing: view.review.state == ReviewState::Preparing
            && (view.review.reflected_at.is_some() || view.access == ReflectionAccess::Write),
        previous: String::new(),
        handed_in: view.review.reflected_at.map(|at| format!("De reflectie is {} ingeleverd.", when(at, now))).unwrap_or_default(),
        moves: view.moves.iter().map(|step| move_line(step, &writers)).collect(),
        version: view.review.version.0.to_string(),
        reason: String::new(),
        errors: Vec::new(),
    }
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
    versie: String,
    cijfer: String,
}

fn flash(did: &str) -> Option<Flash> {
    match did {
        "bewaard" => Some(done("De tekst is opgeslagen.")),
        "ingeleverd" => Some(done("De reflectie is ingeleverd. Het panel kan haar lezen.")),
        "teruggehaald" => Some(done("De reflectie is teruggehaald. U kunt weer schrijven.")),
        "cijfer" => Some(done("Het kerncijfer staat vast, met de stand van vandaag.")),
        "cijfer-terug" => Some(done("Het kerncijfer staat er weer.")),
        "teruggezet" => Some(done("De eerdere tekst is teruggezet.")),
        _ => None,
    }
}

/// The reflection as a whole.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    let view = reflection_view(&reflection::overview(&web.app, &caller.actor, &slug).await?, web.app.clock.now());
    let view = with_evidence(&web, caller, view).await?;
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = flash(&did.gedaan);
    Ok(html(reflection_page(&frame, &view)))
}

/// The overview again, with what stands in the way of handing in or taking back.
async fn refused(web: &Web, caller: &Caller, slug: &str, form: MoveForm, error: AppError) -> Answer {
    let view = reflection_view(&reflection::overview(&web.app, &caller.actor, slug).await?, web.app.clock.now());
    let mut view = with_evidence(web, caller, view).await?;
    view.reason = form.reden;
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let status = match error {
        AppError::Invalid(errors) => {
            view.errors = field_errors(&errors, &[("reason", "reden")]);
            StatusCode::BAD_REQUEST
        }
        AppError::Conflict { message, .. } => {
            frame.flash = Some(problem(message));
            StatusCode::CONFLICT
        }
        other => return Err(other.into()),
    };
    Ok(html_with(status, reflection_page(&frame, &view)))
}

/// What goes with handing in and taking back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MoveForm {
    versie: String,
    reden: String,
}

/// The version that somebody saw; what is none is never the current one.
pub(super) fn seen(text: &str) -> Version {
    Version(text.parse().unwrap_or(-1))
}

/// Hands the reflection to the panel.
#[handler]
pub(super) async fn hand_in(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<MoveForm>) -> Answer {
    match reflection::hand_in(&web.app, &caller.actor, &slug, seen(&form.versie)).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/reflectie?gedaan=ingeleverd"))),
        Err(error) => refused(&web, caller, &slug, form, error).await,
    }
}

/// Takes the reflection back, with a reason.
#[handler]
pub(super) async fn take_back(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<MoveForm>) -> Answer {
    match reflection::take_back(&web.app, &caller.actor, &slug, seen(&form.versie), &form.reden).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/reflectie?gedaan=teruggehaald"))),
        Err(error) => refused(&web, caller, &slug, form, error).await,
    }
}

fn questions(content: &FrameworkContent, part: &Part) -> Vec<String> {
    let own = match &part.criterion {
        None => content.safeguard(&part.safeguard).map(|safeguard| &safeguard.questions),
        Some(code) => content.criterion(code).map(|(_, criterion)| &criterion.questions),
    };
    own.into_iter().flatten().chain(&content.questions).cloned().collect()
}

fn neighbours(content: &FrameworkContent, part: &Part) -> (Option<String>, Option<String>) {
    let parts: Vec<_> = content.parts().collect();
    let at = parts.iter().position(|one| one == part).unwrap_or_default();
    let code = |at: usize| parts.get(at).map(|part| part.code().0.clone());
    (at.checked_sub(1).and_then(code), code(at + 1))
}

fn editor_view(text: &PartText, now: DateTime<Utc>) -> EditorView {
    let writers = Writers { names: &text.names, now };
    let content = &text.content;
    let safeguard = content.safeguard(&text.part.safeguard);
    let code = text.part.code().0.clone();
    let description = safeguard.filter(|_| text.part.criterion.is_none());
    EditorView {
        dossier: dossier(&text.review),
        title: title(content, &text.part),
        safeguard: safeguard.map(|safeguard| safeguard.name.clone()).unwrap_or_default(),
        description: description.map(|one| format!("{} ({})", one.description, one.origin.dutch())).unwrap_or_default(),
        questions: questions(content, &text.part),
        body: text.body().to_owned(),
        version: text.version().0.to_string(),
        changed: text.text.as_ref().map(|text| writers.changed(text.changed_by, text.changed_at)).unwrap_or_default(),
        neighbours: neighbours(content, &text.part),
        figures: Vec::new(),
        choices: Vec::new(),
        access: text.access,
        save_to: format!("/api/v1/reviews/{}/reflection/{code}", text.review.slug),
        errors: Vec::new(),
        code,
    }
}

/// The editor with the key figures of its part, and those that can be pinned there.
async fn with_figures(web: &Web, caller: &Caller, view: EditorView) -> Result<EditorView, Failure> {
    let pinned = figures::pinned(&web.app, &caller.actor, &view.dossier.slug).await?;
    let choices = match view.access {
        ReflectionAccess::Write => figures::choices(&web.app, &caller.actor, &view.dossier.slug).await?,
        ReflectionAccess::Locked | ReflectionAccess::Read | ReflectionAccess::NotYet => Vec::new(),
    };
    let words = |choice: FigureChoice| (choice.key, format!("{}: {}. {}", choice.label, choice.value, choice.source));
    Ok(EditorView {
        figures: pinned.iter().filter(|figure| figure.part.code().0 == view.code).map(figure_line).collect(),
        choices: choices.into_iter().map(words).collect(),
        ..view
    })
}

/// What somebody chose of the key figures.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FigureForm {
    cijfer: String,
}

/// Pins a key figure.
#[handler]
pub(super) async fn pin_figure(
    web: State<'_>,
    caller: &Caller,
    Path((slug, part)): Path<(String, String)>,
    Form(form): Form<FigureForm>,
) -> Answer {
    let Err(refused) = figures::pin(&web.app, &caller.actor, &slug, &part, &form.cijfer).await else {
        return Ok(see_other(&format!("/peer-reviews/{slug}/reflectie/{part}?gedaan=cijfer#kerncijfers")));
    };
    let text = reflection::text(&web.app, &caller.actor, &slug, &part).await?;
    let mut view = with_figures(&web, caller, editor_view(&text, web.app.clock.now())).await?;
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let status = match refused {
        AppError::Invalid(errors) => {
            view.errors = field_errors(&errors, &[("figure", "cijfer")]);
            StatusCode::BAD_REQUEST
        }
        AppError::Conflict { message, .. } => {
            frame.flash = Some(problem(message));
            StatusCode::CONFLICT
        }
        other => return Err(other.into()),
    };
    Ok(html_with(status, editor_page(&frame, &view)))
}

/// Takes a key figure away; the page it goes back to offers to put it back.
#[handler]
pub(super) async fn unpin_figure(web: State<'_>, caller: &Caller, Path((slug, part, figure)): Path<(String, String, String)>) -> Answer {
    figures::unpin(&web.app, &caller.actor, &slug, id(&figure)?).await?;
    Ok(see_other(&format!("/peer-reviews/{slug}/reflectie/{part}?gedaan=cijfer-weg&cijfer={figure}")))
}

/// Puts a key figure back.
#[handler]
pub(super) async fn put_figure_back(web: State<'_>, caller: &Caller, Path((slug, part, figure)): Path<(String, String, String)>) -> Answer {
    figures::put_back(&web.app, &caller.actor, &slug, id(&figure)?).await?;
    Ok(see_other(&format!("/peer-reviews/{slug}/reflectie/{part}?gedaan=cijfer-terug#kerncijfers")))
}

/// How a key figure that was just taken away is put back; nothing for what is no identifier.
fn undo_figure(slug: &str, part: &str, figure: &str) -> Option<UndoForm> {
    let figure: FigureId = id(figure).ok()?;
    Some(UndoForm {
        action: format!("/peer-reviews/{slug}/reflectie/{part}/kerncijfers/{figure}/terug"),
        label: "Ongedaan maken".to_owned(),
        fields: Vec::new(),
    })
}

/// Writing about one part, or reading it.
#[handler]
pub(super) async fn edit(web: State<'_>, caller: &Caller, Path((slug, part)): Path<(String, String)>, Query(did): Query<Did>) -> Answer {
    let text = reflection::text(&web.app, &caller.actor, &slug, &part).await?;
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = flash(&did.gedaan);
    if did.gedaan == "cijfer-weg" {
        frame.flash = Some(Flash { undo: undo_figure(&slug, &part, &did.cijfer), ..done("Het kerncijfer is weggehaald.") });
    }
    let view = with_figures(&web, caller, editor_view(&text, web.app.clock.now())).await?;
    Ok(html(editor_page(&frame, &view)))
}

/// What somebody wrote, over which version; and where two texts are merged, the one that was kept aside, and whether the
/// text that is there stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TextForm {
    versie: String,
    tekst: String,
    apart: String,
    keuze: String,
}

/// The form again with what was sent in it, so that nothing of it is lost.
async fn again(web: &Web, caller: &Caller, (slug, part): (&str, &str), form: TextForm, error: AppError) -> Answer {
    let text = reflection::text(&web.app, &caller.actor, slug, part).await?;
    let mut view = with_figures(web, caller, editor_view(&text, web.app.clock.now())).await?;
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    view.body = form.tekst;
    let status = match error {
        AppError::Invalid(errors) => {
            view.version = form.versie;
            view.errors = field_errors(&errors, &[("body", "tekst")]);
            StatusCode::BAD_REQUEST
        }
        AppError::Conflict { message, .. } => {
            // What cannot be saved is shown to copy, also where the text itself is locked.
            frame.flash = Some(problem(format!("{message} Hieronder staat wat u schreef; kopieer het als u het wilt houden.")));
            StatusCode::CONFLICT
        }
        other => return Err(other.into()),
    };
    Ok(html_with(status, editor_page(&frame, &view)))
}

async fn stored(web: &Web, caller: &Caller, (slug, part): (&str, &str), form: &TextForm) -> Result<Saved, AppError> {
    let over = seen(&form.versie);
    if form.apart.is_empty() {
        return reflection::save(&web.app, &caller.actor, slug, part, over, &form.tekst).await;
    }
    let kept = form.apart.parse().map_err(|_| AppError::NotFound)?;
    if form.keuze == "nu" {
        let now = reflection::text(&web.app, &caller.actor, slug, part).await?;
        return reflection::merge(&web.app, &caller.actor, slug, part, (over, kept), now.body()).await;
    }
    reflection::merge(&web.app, &caller.actor, slug, part, (over, kept), &form.tekst).await
}

/// Saves a text. Somebody whose text was kept beside a newer one goes to see both.
#[handler]
pub(super) async fn save(
    web: State<'_>,
    caller: &Caller,
    Path((slug, part)): Path<(String, String)>,
    Form(form): Form<TextForm>,
) -> Answer {
    let here = format!("/peer-reviews/{slug}/reflectie/{part}");
    match stored(&web, caller, (&slug, &part), &form).await {
        Ok(Saved::Stored(_) | Saved::Unchanged(_)) => Ok(see_other(&format!("{here}?gedaan=bewaard"))),
        Ok(Saved::Aside { kept, .. }) => Ok(see_other(&format!("{here}/samenvoegen?versie={}", kept.number))),
        Err(error @ (AppError::Invalid(_) | AppError::Conflict { .. })) => again(&web, caller, (&slug, &part), form, error).await,
        Err(error) => Err(error.into()),
    }
}

/// Why there is a version, and where one that was kept aside went.
fn cause_words(all: &TextHistory, version: &TextVersion) -> String {
    let cause = version.cause.dutch();
    match (version.merges, all.merged_in(version.number)) {
        (Some(kept), _) => format!("{cause}, samengevoegd met versie {kept}"),
        (None, Some(merged)) => format!("{cause}, samengevoegd in versie {}", merged.number),
        (None, None) => cause.to_owned(),
    }
}

fn version_line(all: &TextHistory, version: &TextVersion, writers: &Writers<'_>) -> VersionLine {
    VersionLine {
        number: version.number.to_string(),
        at: capital(&when(version.at, writers.now)),
        by: writers.name(version.by).to_owned(),
        cause: cause_words(all, version),
        waits: version.cause == SaveCause::Aside && all.merged_in(version.number).is_none(),
        signs: number(size(version.body.chars().count())),
    }
}

async fn history_answer(web: &Web, caller: &Caller, (slug, part): (&str, &str), shown: &str, refusal: Option<String>) -> Answer {
    let found = reflection::history(&web.app, &caller.actor, slug, part).await?;
    let writers = Writers { names: &found.names, now: web.app.clock.now() };
    let current = found.current.as_ref().map(|text| text.version.0);
    let shown = shown.parse().ok().or(current).and_then(|number| found.version(number)).map(|version| {
        let before = found.before(version.number);
        let lines = differences(before.map_or("", |before| &before.body), &version.body);
        (version.number.to_string(), before.map(|before| before.number.to_string()).unwrap_or_default(), lines)
    });
    let view = HistoryView {
        dossier: dossier(&found.review),
        code: found.part.code().0.clone(),
        title: title(&found.content, &found.part),
        versions: found.versions.iter().rev().map(|version| version_line(&found, version, &writers)).collect(),
        current: current.map(|number| number.to_string()).unwrap_or_default(),
        shown,
        access: found.access,
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    frame.flash = refusal.map(problem);
    Ok(html_with(status, history_page(&frame, &view)))
}

/// What a text was before.
#[handler]
pub(super) async fn history(
    web: State<'_>,
    caller: &Caller,
    Path((slug, part)): Path<(String, String)>,
    Query(asked): Query<Did>,
) -> Answer {
    history_answer(&web, caller, (&slug, &part), &asked.versie, None).await
}

/// Which version to put back, over which.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RestoreForm {
    versie: String,
    terug: String,
}

/// Puts a version back.
#[handler]
pub(super) async fn restore(
    web: State<'_>,
    caller: &Caller,
    Path((slug, part)): Path<(String, String)>,
    Form(form): Form<RestoreForm>,
) -> Answer {
    let number = form.terug.parse().map_err(|_| Failure::from(AppError::NotFound))?;
    match reflection::restore(&web.app, &caller.actor, &slug, &part, number, seen(&form.versie)).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/reflectie/{part}?gedaan=teruggezet"))),
        Err(AppError::Conflict { message, .. }) => history_answer(&web, caller, (&slug, &part), &form.terug, Some(message)).await,
        Err(error) => Err(error.into()),
    }
}

/// Two texts beside each other: the one that is there, and one that was kept; the latest of the reader's own when the
/// address names none.
#[handler]
pub(super) async fn merge(web: State<'_>, caller: &Caller, Path((slug, part)): Path<(String, String)>, Query(asked): Query<Did>) -> Answer {
    let found = reflection::history(&web.app, &caller.actor, &slug, &part).await?;
    let writers = Writers { names: &found.names, now: web.app.clock.now() };
    let is_own = |version: &&TextVersion| version.cause == SaveCause::Aside && version.by == caller.actor.user();
    let kept = match asked.versie.parse() {
        Ok(number) => found.version(number),
        Err(_) => found.versions.iter().rev().find(is_own),
    };
    let (Some(current), Some(kept)) = (&found.current, kept) else { return Err(AppError::NotFound.into()) };
    let view = MergeView {
        dossier: dossier(&found.review),
        code: found.part.code().0.clone(),
        title: title(&found.content, &found.part),
        current: current.body.clone(),
        current_by: (current.version.0.to_string(), writers.line(current.changed_by, current.changed_at)),
        kept: kept.body.clone(),
        kept_by: (kept.number.to_string(), writers.line(kept.by, kept.at)),
        lines: differences(&current.body, &kept.body),
        access: found.access,
    };
    Ok(html(merge_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}
