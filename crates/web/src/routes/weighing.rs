//! Weighing together: the table, joint findings, and who sees them in another way.

use std::collections::BTreeMap;

use kernschil_app::AppError;
use kernschil_app::reviews::outcome;
use kernschil_app::reviews::weighing::{self, JointDraft, Table, ToldFinding, Weighing, WeighingRole, WeighingStage};
use kernschil_domain::frameworks::{FrameworkContent, Part, PartCode};
use kernschil_domain::ids::{FindingId, MemberId};
use kernschil_domain::reviews::{Dissent, Finding, JointFinding, Judgement, ReviewKind, SafeguardPicture, Spread, WeighedPart};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::reflection::{dossier, seen, title};
use super::support::{Answer, capital, done, field_errors, html_with, id, problem, see_other, size, workbook};
use super::{State, Web};
use crate::charts::SafeguardRow;
use crate::components::nav::NavItem;
use crate::views::evidence::PartChoice;
use crate::views::weighing::{
    DissentView, FindingView, JointForm, JointView, PictureRow, SideBySide, StageView, TableView, ToldView, WeighingView, weighing_page,
};

/// Signs of a finding that stand for it in a list.
const GLANCE: usize = 60;

/// The values of a form, of which some stand more than once.
type Pairs = Vec<(String, String)>;

fn value(pairs: &Pairs, name: &str) -> String {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

fn filled(pairs: &Pairs, at: &str) -> JointForm {
    JointForm {
        at: at.to_owned(),
        kind: value(pairs, "soort"),
        part: value(pairs, "onderdeel"),
        text: value(pairs, "tekst"),
        sources: pairs.iter().filter(|(key, _)| key == "bron").map(|(_, value)| value.clone()).collect(),
    }
}

fn draft(form: &JointForm) -> Result<JointDraft, Failure> {
    let sources: Result<Vec<FindingId>, _> = form.sources.iter().map(|source| id(source)).collect();
    Ok(JointDraft { kind: form.kind.clone(), part: form.part.clone(), text: form.text.clone(), sources: sources? })
}

fn about(content: &FrameworkContent, part: &Part) -> String {
    format!("{} {}", part.code(), title(content, part))
}

fn name(names: &BTreeMap<MemberId, String>, member: MemberId) -> String {
    names.get(&member).cloned().unwrap_or_default()
}

/// Whose a finding is and what it says, in a few words.
fn glance(laid: &Table, finding: &Finding) -> String {
    let text = finding.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = if text.chars().count() > GLANCE { text.chars().take(GLANCE).chain(['…']).collect() } else { text };
    format!("{}, {}: {short}", name(&laid.names, finding.member), finding.kind.dutch())
}

fn joint_view(view: &Weighing, laid: &Table, joint: &JointFinding) -> JointView {
    let found = |id: &FindingId| laid.finding(*id).map(|finding| (finding.id.to_string(), glance(laid, finding)));
    let same = laid.parts.iter().filter(|part| part.part == joint.part).flat_map(|part| part.members.iter().flat_map(|(_, own)| own));
    let mut choices: Vec<_> = joint.sources.iter().filter_map(found).collect();
    let others = same.filter(|finding| !joint.sources.contains(&finding.id));
    choices.extend(others.map(|finding| (finding.id.to_string(), glance(laid, finding))));
    let told = |said: &Dissent| DissentView {
        name: name(&laid.names, said.member),
        text: said.text.clone(),
        earlier: (said.about != joint.text).then(|| said.about.clone()),
        is_own: view.own == Some(said.member),
        version: said.version.0.to_string(),
    };
    JointView {
        id: joint.id.to_string(),
        kind: joint.kind.code().to_owned(),
        kind_words: capital(joint.kind.dutch()),
        part: joint.part.code().0.clone(),
        about: about(&view.content, &joint.part),
        text: joint.text.clone(),
        sources: joint.sources.iter().filter_map(found).collect(),
        choices,
        dissents: joint.dissents.iter().map(told).collect(),
        version: joint.version.0.to_string(),
    }
}

fn told_view(content: &FrameworkContent, told: &ToldFinding) -> ToldView {
    ToldView {
        kind: capital(told.kind.dutch()),
        about: about(content, &told.part),
        text: told.text.clone(),
        dissents: told.dissents.clone(),
    }
}

fn side_by_side(view: &Weighing, laid: &Table, part: &WeighedPart) -> SideBySide {
    let finding = |finding: &Finding| FindingView {
        id: finding.id.to_string(),
        kind: finding.kind.dutch().to_owned(),
        text: finding.text.clone(),
        is_weighed: !laid.unweighed.contains(&finding.id),
    };
    SideBySide {
        code: part.part.code().0.clone(),
        title: title(&view.content, &part.part),
        spread: part.spread.dutch(),
        differs: part.spread != Spread::default(),
        members: part.members.iter().map(|(member, own)| (name(&laid.names, *member), own.iter().map(finding).collect())).collect(),
    }
}

fn picture_row(content: &FrameworkContent, judged: &BTreeMap<PartCode, Judgement>, drawn: &SafeguardPicture) -> PictureRow {
    PictureRow {
        row: SafeguardRow {
            label: content.safeguard(&drawn.safeguard).map(|safeguard| safeguard.name.clone()).unwrap_or_default(),
            note: judged.get(&drawn.safeguard).map(|judgement| judgement.dutch().to_owned()).unwrap_or_default(),
            members: drawn.stances.iter().map(|(stance, count)| (*stance, size(*count))).collect(),
        },
        joint: drawn.joint.iter().map(|(kind, count)| (kind.dutch().to_owned(), size(*count))).collect(),
        spread: drawn.spread.dutch(),
    }
}

fn table_view(view: &Weighing, laid: &Table, judged: &BTreeMap<PartCode, Judgement>) -> TableView {
    let is_open = laid.locked.is_none();
    TableView {
        can_weigh: is_open && view.role == WeighingRole::Weigher,
        can_dissent: is_open,
        locked: laid.locked.clone().unwrap_or_default(),
        picture: laid.picture.iter().map(|drawn| picture_row(&view.content, judged, drawn)).collect(),
        parts: laid.parts.iter().map(|part| side_by_side(view, laid, part)).collect(),
        unweighed: laid.unweighed.len(),
        joint: laid.joint.iter().map(|joint| joint_view(view, laid, joint)).collect(),
        removed: laid.removed.iter().map(|joint| joint_view(view, laid, joint)).collect(),
    }
}

/// What a judging review found, for the picture.
async fn judged(web: &Web, caller: &Caller, view: &Weighing) -> Result<BTreeMap<PartCode, Judgement>, Failure> {
    if view.review.kind == ReviewKind::Developmental {
        return Ok(BTreeMap::new());
    }
    let found = outcome::get(&web.app, &caller.actor, &view.review.slug).await?;
    Ok(found.outcome.map(|outcome| outcome.safeguards).unwrap_or_default())
}

async fn page(web: &Web, caller: &Caller, slug: &str, form: JointForm, refused: Option<AppError>, did: &str) -> Answer {
    let view = weighing::get(&web.app, &caller.actor, slug).await?;
    let judged = judged(web, caller, &view).await?;
    let choice = |part: Part| PartChoice { title: title(&view.content, &part), code: part.code().0.clone(), is_chosen: false };
    let mut shown = WeighingView {
        dossier: dossier(&view.review),
        parts: view.content.parts().map(choice).collect(),
        stage: match &view.stage {
            WeighingStage::Waiting(names) => StageView::Waiting(names.clone()),
            WeighingStage::Private => StageView::Private,
            WeighingStage::Open(laid) => StageView::Open(Box::new(table_view(&view, laid, &judged))),
            WeighingStage::Told(findings) => StageView::Told(findings.iter().map(|told| told_view(&view.content, told)).collect()),
        },
        form,
        errors: Vec::new(),
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = match did {
        "bewaard" => Some(done("De gezamenlijke bevinding is bewaard.")),
        "weggehaald" => Some(done("De gezamenlijke bevinding is weggehaald. U kunt haar onderaan de lijst terugzetten.")),
        "teruggezet" => Some(done("De gezamenlijke bevinding staat er weer.")),
        "andere-mening" => Some(done("Uw andere mening is bewaard en komt in het rapport.")),
        "teruggenomen" => Some(done("Uw andere mening is teruggenomen.")),
        _ => None,
    };
    let status = match refused {
        None => StatusCode::OK,
        Some(AppError::Invalid(errors)) => {
            shown.errors = field_errors(&errors, &[("kind", "soort"), ("part", "onderdeel"), ("text", "tekst"), ("sources", "bron")]);
            StatusCode::BAD_REQUEST
        }
        Some(AppError::Conflict { message, .. }) => {
            let kept = if shown.form.text.is_empty() || shown.form.at == "nieuw" {
                ""
            } else {
                " Wat u typte staat nog in het formulier, onder wat er nu staat."
            };
            frame.flash = Some(problem(format!("{message}{kept}")));
            StatusCode::CONFLICT
        }
        Some(other) => return Err(other.into()),
    };
    Ok(html_with(status, weighing_page(&frame, &shown)))
}

async fn answered<T>(web: &Web, caller: &Caller, slug: &str, form: JointForm, (outcome, did): (Result<T, AppError>, &str)) -> Answer {
    match outcome {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/weging?gedaan={did}"))),
        Err(error) => page(web, caller, slug, form, Some(error), "").await,
    }
}

/// The table, when what somebody wrote about is not there any more; a review out of reach stays one that does not exist.
async fn gone(web: &Web, caller: &Caller, slug: &str, form: JointForm, message: String) -> Answer {
    page(web, caller, slug, form, Some(AppError::conflict("bevinding-weggehaald", message)), "").await
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Did {
    gedaan: String,
}

/// The table.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    page(&web, caller, &slug, JointForm::default(), None, &did.gedaan).await
}

/// Adds a joint finding.
#[handler]
pub(super) async fn add(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let form = filled(&pairs, &value(&pairs, "formulier"));
    let added = weighing::add(&web.app, &caller.actor, &slug, &draft(&form)?).await;
    answered(&web, caller, &slug, form, (added, "bewaard")).await
}

/// Changes a joint finding.
#[handler]
pub(super) async fn change(
    web: State<'_>,
    caller: &Caller,
    Path((slug, joint)): Path<(String, String)>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let form = filled(&pairs, &joint);
    let key = (id(&joint)?, seen(&value(&pairs, "versie")));
    let changed = weighing::change(&web.app, &caller.actor, &slug, key, &draft(&form)?).await;
    if matches!(changed, Err(AppError::NotFound)) && !form.text.is_empty() {
        let message = "Iemand heeft deze bevinding intussen weggehaald. Wat u typte staat in het formulier voor een nieuwe bevinding.";
        let form = JointForm { at: "nieuw".to_owned(), ..form };
        return gone(&web, caller, &slug, form, message.to_owned()).await;
    }
    answered(&web, caller, &slug, form, (changed, "bewaard")).await
}

/// Takes a joint finding away.
#[handler]
pub(super) async fn remove(
    web: State<'_>,
    caller: &Caller,
    Path((slug, joint)): Path<(String, String)>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let key = (id(&joint)?, seen(&value(&pairs, "versie")));
    let removed = weighing::remove(&web.app, &caller.actor, &slug, key).await;
    answered(&web, caller, &slug, JointForm::default(), (removed, "weggehaald")).await
}

/// Puts a joint finding back.
#[handler]
pub(super) async fn put_back(
    web: State<'_>,
    caller: &Caller,
    Path((slug, joint)): Path<(String, String)>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let key = (id(&joint)?, seen(&value(&pairs, "versie")));
    let back = weighing::put_back(&web.app, &caller.actor, &slug, key).await;
    answered(&web, caller, &slug, JointForm::default(), (back, "teruggezet")).await
}

/// Says where one sees a joint finding in another way.
#[handler]
pub(super) async fn dissent(
    web: State<'_>,
    caller: &Caller,
    Path((slug, joint)): Path<(String, String)>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let form = filled(&pairs, &format!("anders-{joint}"));
    let key = (id(&joint)?, seen(&value(&pairs, "versie")));
    let said = weighing::dissent(&web.app, &caller.actor, &slug, key, &form.text).await;
    if matches!(said, Err(AppError::NotFound)) && !form.text.is_empty() {
        let message = format!("Iemand heeft deze bevinding intussen weggehaald. U schreef: “{}”", form.text);
        return gone(&web, caller, &slug, JointForm::default(), message).await;
    }
    answered(&web, caller, &slug, form, (said, "andere-mening")).await
}

/// Takes that back.
#[handler]
pub(super) async fn withdraw_dissent(
    web: State<'_>,
    caller: &Caller,
    Path((slug, joint)): Path<(String, String)>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let key = (id(&joint)?, seen(&value(&pairs, "versie")));
    let taken_back = weighing::withdraw_dissent(&web.app, &caller.actor, &slug, key).await;
    answered(&web, caller, &slug, JointForm::default(), (taken_back, "teruggenomen")).await
}

/// The weighing as a workbook.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let made = weighing::workbook(&web.app, &caller.actor, &slug).await?;
    Ok(workbook(&made.file_name, made.bytes))
}
