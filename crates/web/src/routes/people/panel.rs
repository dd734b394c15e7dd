//! The panel of a review: findings, a proposal, and decisions by hand.

use kernschil_app::AppError;
use kernschil_app::FieldError;
use kernschil_app::reviews::panel::{self, Panel};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{Facts, MemberAnswer, PanelFinding, PanelRules, PanelVerdict, ReviewMember, Severity, WhyNot};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::super::support::{Answer, capital, done, field_errors, html_with, id, problem, see_other};
use super::super::{State, Web};
use super::{Fields, refused, review_ref, value};
use crate::components::forms::Choice;
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::status::Tone;
use crate::components::text::counted;
use crate::views::people::{ChoiceRow, FindingRow, PanelRow, PanelView, PassedRow, PinnedRow, ProposalView, VerdictForm, panel_page};

/// How large a panel is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    aantal: String,
    gedaan: String,
}

fn region_of(panel: &Panel, peer: kernschil_domain::ids::PeerId) -> String {
    let region = panel.peer(peer).and_then(|peer| panel.registry.regions.get(&peer.region));
    region.map(|region| region.name.clone()).unwrap_or_default()
}

fn findings(panel: &Panel, all: &[PanelFinding], severity: Severity) -> Vec<FindingRow> {
    let who =
        |finding: &PanelFinding| panel.members.iter().find(|member| Some(member.id) == finding.member).map(|member| member.name.clone());
    let of = all.iter().filter(|finding| finding.severity == severity);
    of.map(|finding| FindingRow { who: who(finding).unwrap_or_default(), text: finding.text.clone() }).collect()
}

fn panel_row(panel: &Panel, member: &ReviewMember) -> PanelRow {
    let answer = match member.answer {
        Some(MemberAnswer::Agreed) => (Tone::Good, MemberAnswer::Agreed.dutch().to_owned()),
        Some(MemberAnswer::Declined) => (Tone::Quiet, MemberAnswer::Declined.dutch().to_owned()),
        None => (Tone::Busy, "gevraagd".to_owned()),
    };
    PanelRow {
        name: member.name.clone(),
        role: capital(member.role.dutch()),
        region: member.peer.map(|peer| region_of(panel, peer)).unwrap_or_default(),
        answer,
    }
}

fn why(facts: &Facts) -> Vec<String> {
    // Somebody of the own region is told so by the doubt about it.
    let mut all: Vec<String> = facts.outsider.then(|| "Komt uit een andere regio.".to_owned()).into_iter().collect();
    match &facts.settled {
        Some(reason) => all.push(format!("Onafhankelijk verklaard: {}.", reason.trim_end_matches('.'))),
        None if facts.doubts.is_empty() => all.push("Geen twijfel over onafhankelijkheid.".to_owned()),
        None => all.extend(facts.doubts.iter().map(|doubt| format!("Let op: {}", doubt.because))),
    }
    if facts.owed > 0 {
        all.push(format!("Haar of zijn partnerschap moet nog {} doen.", counted(facts.owed, "bezoek", "bezoeken")));
    }
    let years = PanelRules::default().rhythm_years;
    all.push(format!("{} in {years} jaar.", counted(facts.visits, "bezoek", "bezoeken")));
    all.push(if facts.trained { "Getraind." } else { "Nog niet getraind." }.to_owned());
    if facts.if_needed {
        all.push("Kan op de bezoekdag als het moet.".to_owned());
    }
    match facts.kilometres {
        Some(kilometres) => all.push(format!("Ongeveer {kilometres} km, hemelsbreed vanaf het midden van de regio.")),
        None => all.push("Afstand niet bekend.".to_owned()),
    }
    all
}

fn proposal(panel: &Panel, size: Option<usize>) -> ProposalView {
    if panel.peers.is_empty() {
        return ProposalView::Nothing;
    }
    let made = match size {
        Some(size) => panel::propose(panel, size),
        None => return ProposalView::Refused("Vul in cijfers in hoeveel panelleden u zoekt.".to_owned()),
    };
    let name = |peer| panel.peer(peer).map(|peer| peer.name.clone()).unwrap_or_default();
    match made {
        Err(error) => ProposalView::Refused(error.dutch()),
        Ok(made) => ProposalView::Made {
            chosen: made
                .chosen
                .iter()
                .map(|choice| ChoiceRow {
                    id: choice.peer.to_string(),
                    name: name(choice.peer),
                    region: region_of(panel, choice.peer),
                    why: why(&choice.facts),
                    ask: !choice.already,
                })
                .collect(),
            others: made
                .others
                .iter()
                .map(|other| PassedRow {
                    name: name(other.peer),
                    region: region_of(panel, other.peer),
                    why: capital(WhyNot::dutch(other.why)),
                })
                .collect(),
        },
    }
}

/// What just happened, in words, by its code in the address after a form.
fn flash(did: &str) -> Option<Flash> {
    match did {
        "oordeel" => Some(done("Het oordeel is vastgelegd.")),
        "ingetrokken" => Some(done("Het oordeel is ingetrokken. De regels bepalen het nu weer.")),
        _ => None,
    }
}

struct Said {
    form: VerdictForm,
    message: Option<String>,
    status: StatusCode,
}

async fn page(web: &Web, caller: &Caller, slug: &str, asked: &Asked, said: Said) -> Answer {
    let panel = panel::get(&web.app, &caller.actor, slug).await?;
    let found = panel.findings();
    let usual = PanelRules::default().members.max(panel.on_it().count() + 1).min(panel::SIZES.1);
    let size = if asked.aantal.is_empty() { usual.to_string() } else { asked.aantal.clone() };
    let name = |peer| panel.peer(peer).map(|peer| peer.name.clone()).unwrap_or_default();
    let pinned = panel.verdicts.iter().map(|verdict| PinnedRow {
        id: verdict.peer.to_string(),
        name: name(verdict.peer),
        verdict: capital(verdict.verdict.dutch()),
        reason: format!("{} ({})", verdict.reason, dutch_date(verdict.at.date_naive())),
    });
    let choice = |verdict: &PanelVerdict| Choice {
        value: verdict.code().to_owned(),
        label: capital(verdict.dutch()),
        hint: match verdict {
            PanelVerdict::Conflict => "Mag niet in dit panel, wat de regels ook zeggen.",
            PanelVerdict::NoConflict => "Mag in dit panel. De waarschuwingen staan daarna bij Afgehandeld.",
        }
        .to_owned(),
    };
    let view = PanelView {
        review: review_ref(&panel.review),
        errors: findings(&panel, &found, Severity::Error),
        warnings: findings(&panel, &found, Severity::Warning),
        settled: findings(&panel, &found, Severity::Settled),
        panel: panel.on_it().map(|member| panel_row(&panel, member)).collect(),
        proposal: proposal(&panel, size.trim().parse().ok()),
        size,
        pinned: pinned.collect(),
        pool: panel.peers.iter().map(|peer| (peer.id.to_string(), format!("{}, {}", peer.name, region_of(&panel, peer.id)))).collect(),
        verdicts: PanelVerdict::ALL.iter().map(choice).collect(),
        form: said.form,
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = said.message.map(problem).or_else(|| flash(&asked.gedaan));
    Ok(html_with(said.status, panel_page(&frame, &view)))
}

/// The panel of a review.
#[handler]
pub(in super::super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Answer {
    page(&web, caller, &slug, &asked, Said { form: VerdictForm::default(), message: None, status: StatusCode::OK }).await
}

async fn judged(web: &Web, caller: &Caller, slug: &str, fields: &Fields) -> Result<Result<(), AppError>, Failure> {
    let wrong = |field: &str, message: &str| Err(AppError::Invalid(vec![FieldError::new(field, "verplicht", message)]));
    if value(fields, "peer").is_empty() {
        return Ok(wrong("peer", "Kies over wie het gaat."));
    }
    let peer = id(value(fields, "peer"))?;
    // The button that takes a decision back sends an empty verdict; the form without a choice sends none.
    if fields.get("oordeel").is_some_and(String::is_empty) {
        return Ok(panel::unpin(&web.app, &caller.actor, slug, peer).await);
    }
    let Some(verdict) = PanelVerdict::parse(value(fields, "oordeel")) else { return Ok(wrong("verdict", "Kies een oordeel.")) };
    Ok(panel::pin(&web.app, &caller.actor, slug, peer, verdict, value(fields, "reden")).await)
}

/// Decides by hand about somebody's independence, or takes that back.
#[handler]
pub(in super::super) async fn judge(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let Err(error) = judged(&web, caller, &slug, &fields).await? else {
        let did = if value(&fields, "oordeel").is_empty() { "ingetrokken" } else { "oordeel" };
        return Ok(see_other(&format!("/peer-reviews/{slug}/panel?gedaan={did}#oordeel")));
    };
    let refused = refused(error)?;
    let form = VerdictForm {
        peer: value(&fields, "peer").to_owned(),
        verdict: value(&fields, "oordeel").to_owned(),
        reason: value(&fields, "reden").to_owned(),
        errors: field_errors(&refused.errors, &[("verdict", "oordeel"), ("reason", "reden")]),
    };
    page(&web, caller, &slug, &Asked::default(), Said { form, message: refused.message, status: refused.status }).await
}
