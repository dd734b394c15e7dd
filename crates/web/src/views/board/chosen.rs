//! The chosen student on the right: where she is, which places fit, and everything else that can be decided by hand.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};

use super::parts::{effects, hidden, reason};
use super::{Bent, BoardView, Candidate, Chosen, Excluded, Here, LeftOut, Pinned, Swap, UnfitGroup};
use crate::components::forms::{choose, error_at};
use crate::components::icons::{Icon, icon};
use crate::components::page::Frame;
use crate::components::signs::{sign, sign_of, standing};
use crate::components::text::{counted, number};

fn facts(candidate: &Candidate) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(minutes) = candidate.minutes {
        out.push(format!("reis {minutes} min"));
    }
    out.push(candidate.wish.map_or_else(|| "geen voorkeur".to_owned(), |rank| format!("voorkeur {rank}")));
    out.push(match candidate.free {
        0 => "vol".to_owned(),
        free => format!("plek vrij {} van {}", number(free), number(candidate.count)),
    });
    out
}

fn words(view: &BoardView, candidate: &Candidate) -> Markup {
    html! {
        p class="candidate-school" {
            a href=(view.round.path(&format!("scholen/{}", candidate.code))) { (candidate.school) }
            span class="muted" { " " (candidate.place) }
        }
        p class="candidate-facts" { (standing(candidate.status)) " · " (facts(candidate).join(" · ")) }
        @if !candidate.details.is_empty() { p class="candidate-facts" { (candidate.details) } }
        @for text in &candidate.warnings { p class="candidate-warning" { (icon(Icon::Warning)) (text) } }
    }
}

/// Whether there is extra guidance, for a place outside samen opleiden.
fn guidance(candidate: &Candidate) -> Markup {
    html! {
        @if matches!(candidate.status, CoverageStatus::OutsideGuided | CoverageStatus::OutsideUnguided) {
            div class="radio candidate-guidance" {
                input type="checkbox" id={ "begeleiding-" (candidate.offer) } name="begeleiding" value="extra" checked;
                label for={ "begeleiding-" (candidate.offer) } { "Met extra begeleiding" }
            }
        }
    }
}

fn placing<'a>(chosen: &'a Chosen, offer: &'a str) -> [(&'static str, &'a str); 3] {
    [("vraag", &chosen.demand), ("plek", offer), ("versie", &chosen.version)]
}

fn candidate(frame: &Frame, view: &BoardView, chosen: &Chosen, candidate: &Candidate) -> Markup {
    html! {
        li class={ "candidate" @if candidate.here == Here::Yes { " candidate-here" } } data-candidate {
            div class="candidate-words" {
                (words(view, candidate))
                @if candidate.here == Here::No && !candidate.effects.is_empty() { (effects(&candidate.effects)) }
            }
            @if candidate.here == Here::Yes { p class="candidate-now" { (icon(Icon::Tick)) "Staat nu hier" } }
            @else {
                form method="post" action=(view.round.path("plaatsbord/plaats")) {
                    (hidden(frame, view, &placing(chosen, &candidate.offer)))
                    (guidance(candidate))
                    button class="button" type="submit" data-place { "Plaats hier" span class="visually-hidden" { ": " (candidate.school) } }
                }
            }
        }
    }
}

/// A place that asks for a rule to be set aside: the form opens when asked for, or when the reason was missing.
fn bent(frame: &Frame, view: &BoardView, chosen: &Chosen, bent: &Bent) -> Markup {
    let field = format!("reden-{}", bent.place.offer);
    html! {
        li class="candidate candidate-bent" {
            div class="candidate-words" {
                (words(view, &bent.place))
                @for rule in &bent.rules { p class="candidate-warning" { (icon(Icon::Warning)) "Regel: " (rule) } }
                (effects(&bent.place.effects))
            }
            details class="reason" open[error_at(&view.errors, &field).is_some()] {
                summary { "Plaats hier met een reden" span class="visually-hidden" { ": " (bent.place.school) } }
                form method="post" action=(view.round.path("plaatsbord/plaats")) {
                    (hidden(frame, view, &placing(chosen, &bent.place.offer)))
                    (reason(&field, &bent.reason, &view.errors))
                    (guidance(&bent.place))
                    button class="button" type="submit" { "Plaats hier en zet de regel opzij" }
                }
            }
        }
    }
}

fn all_bent(frame: &Frame, view: &BoardView, chosen: &Chosen) -> Markup {
    let is_asked = |bent: &Bent| error_at(&view.errors, &format!("reden-{}", bent.place.offer)).is_some();
    html! {
        @if !chosen.bent.is_empty() {
            details class="unfit" open[chosen.bent.iter().any(is_asked)] {
                summary { "Plekken waarvoor een regel opzij moet " span class="muted" { (chosen.bent.len()) } }
                p class="hint" { "U kunt hier plaatsen als u opschrijft waarom. De plaatsing krijgt dan een markering." }
                ol class="candidates" { @for one in &chosen.bent { (bent(frame, view, chosen, one)) } }
            }
        }
    }
}

fn swap(frame: &Frame, view: &BoardView, chosen: &Chosen, swap: &Swap) -> Markup {
    html! {
        li class="candidate" {
            div class="candidate-words" {
                p class="candidate-school" { (swap.name) span class="muted" { " " (swap.school) } }
                (effects(&swap.effects))
            }
            form method="post" action=(view.round.path("plaatsbord/wissel")) {
                (hidden(frame, view, &[("vraag", &chosen.demand), ("versie", &chosen.version), ("ander", &swap.demand), ("anderversie", &swap.version)]))
                button class="button button-second" type="submit" { "Wissel" span class="visually-hidden" { " met " (swap.name) } }
            }
        }
    }
}

fn swaps(frame: &Frame, view: &BoardView, chosen: &Chosen) -> Markup {
    html! {
        @if !chosen.swaps.is_empty() {
            details class="unfit" {
                summary { "Wisselen met een andere student " span class="muted" { (chosen.swaps.len()) } }
                p class="hint" { "Deze studenten passen op elkaars plek. Bovenaan staat de ruil die het meeste oplevert." }
                ol class="candidates" { @for one in &chosen.swaps { (swap(frame, view, chosen, one)) } }
            }
        }
    }
}

fn excluded(frame: &Frame, view: &BoardView, chosen: &Chosen, row: &Excluded) -> Markup {
    let fields = [("vraag", chosen.demand.as_str()), ("versie", &chosen.version), ("school", &row.school), ("gezien", &row.category)];
    html! {
        li {
            span { (row.name) span class="muted" { ", " (row.words) } }
            form method="post" action=(view.round.path("plaatsbord/uitsluiten")) {
                (hidden(frame, view, &fields))
                button class="button button-quiet" type="submit" { "Neem terug" span class="visually-hidden" { ": " (row.name) } }
            }
        }
    }
}

/// Excluding a school, and leaving the student out.
fn decisions(frame: &Frame, view: &BoardView, chosen: &Chosen) -> Markup {
    let seen = [("vraag", chosen.demand.as_str()), ("versie", &chosen.version)];
    let is_wrong = ["school", "soort"].iter().any(|field| error_at(&view.errors, field).is_some());
    html! {
        details class="unfit" open[is_wrong] {
            summary { "School uitsluiten of student overslaan" }
            @if !chosen.excluded.is_empty() {
                h4 { "Uitgesloten scholen" }
                ul class="excluded" { @for row in &chosen.excluded { (excluded(frame, view, chosen, row)) } }
            }
            @if !chosen.schools.is_empty() {
                form class="decision" method="post" action=(view.round.path("plaatsbord/uitsluiten")) {
                    (hidden(frame, view, &seen))
                    (choose("school", "Naar welke school kan de student niet?", "", "", &chosen.schools, &view.errors))
                    (choose("soort", "Waarom niet?", "Alleen de soort. Schrijf nergens een medische reden op.", "", &chosen.categories, &view.errors))
                    p class="hint" { "Staat de student nu op deze school, dan komt die plek vrij." }
                    button class="button button-second" type="submit" { "Sluit deze school uit" }
                }
            }
            form class="decision" method="post" action=(view.round.path("plaatsbord/overslaan")) {
                @let to = if chosen.left_out == LeftOut::Yes { "takes-part" } else { "left-out" };
                (hidden(frame, view, &seen))
                input type="hidden" name="stand" value=(to);
                @if chosen.left_out == LeftOut::Yes {
                    p class="hint" { "Deze student is overgeslagen: een nieuw voorstel geeft geen plek." }
                    button class="button button-second" type="submit" { "Laat weer meedoen" }
                } @else {
                    p class="hint" { "Een nieuw voorstel geeft deze student dan geen plek. " @if !chosen.now.is_empty() { "De plek van nu komt vrij." } }
                    button class="button button-second" type="submit" { "Sla deze student over" }
                }
            }
        }
    }
}

fn unfit(list: &[UnfitGroup]) -> Markup {
    let count: u32 = list.iter().map(|group| group.count).sum();
    html! {
        @if count > 0 {
            details class="unfit" {
                summary { (counted(count, "school past", "scholen passen")) " niet" }
                @for group in list {
                    h4 { (group.reason) " " span class="muted" { (number(group.count)) } }
                    p class="small" {
                        (group.schools.join(", "))
                        @let shown = u32::try_from(group.schools.len()).unwrap_or(u32::MAX);
                        @if group.count > shown { " en " (number(group.count - shown)) " andere" }
                    }
                }
            }
        }
    }
}

/// Pinning the placement, and taking it back.
fn place_buttons(frame: &Frame, view: &BoardView, chosen: &Chosen) -> Markup {
    let seen = [("vraag", chosen.demand.as_str()), ("versie", &chosen.version)];
    html! {
        div class="verdict-buttons" {
            @if let Some(pinned) = chosen.pinned {
                form method="post" action=(view.round.path("plaatsbord/vastzetten")) {
                    (hidden(frame, view, &seen))
                    input type="hidden" name="stand" value=(if pinned == Pinned::Yes { "free" } else { "pinned" });
                    button class="button button-quiet" type="submit" { @if pinned == Pinned::Yes { "Zet niet meer vast" } @else { "Zet vast" } }
                }
            }
            form method="post" action=(view.round.path("plaatsbord/los")) {
                (hidden(frame, view, &seen))
                button class="button button-quiet" type="submit" { "Haal van deze plek" }
            }
        }
    }
}

fn marks(chosen: &Chosen) -> Markup {
    html! {
        @if !chosen.marks.is_empty() {
            ul class="marks" {
                @for mark in &chosen.marks {
                    li { span class="board-mark" { (mark.label) } @if !mark.detail.is_empty() { " " span class="muted" { (mark.detail) } } }
                }
            }
        }
    }
}

fn verdict(frame: &Frame, view: &BoardView, chosen: &Chosen) -> Markup {
    html! {
        div class={ "verdict verdict-" (sign_of(chosen.status).class()) } {
            (sign(sign_of(chosen.status)))
            div {
                p class="verdict-place" { @if chosen.now.is_empty() { "Nog geen plek" } @else { (chosen.now) } }
                p class="muted" { (chosen.status.dutch()) }
            }
            @if !chosen.now.is_empty() { (place_buttons(frame, view, chosen)) }
        }
    }
}

/// The chosen student.
pub(super) fn chosen_panel(frame: &Frame, view: &BoardView, chosen: &Chosen) -> Markup {
    html! {
        section class="board-chosen" id="gekozen" tabindex="-1" aria-labelledby="gekozen-naam" {
            p class="board-back" { a href={ "#lijst" } { "Terug naar de lijst" } }
            div class="board-chosen-head" {
                div {
                    h2 id="gekozen-naam" { (chosen.name) }
                    p class="muted" { (chosen.needs) }
                }
                a class="quiet-link" href={ (chosen.href) "/waarom" } { "Waarom hier?" }
            }
            (verdict(frame, view, chosen))
            (marks(chosen))
            @if !chosen.remark.is_empty() { p class="board-why" { (chosen.remark) } }
            h3 { "Plekken die passen " span class="muted" { (number(chosen.fitting_total)) } }
            @if chosen.fitting.is_empty() { p class="board-empty" { "Er is geen school met een vrije plek die aan alle regels voldoet. Hieronder ziet u waarom." } }
            @else {
                ol class="candidates" { @for one in &chosen.fitting { (candidate(frame, view, chosen, one)) } }
                @let shown = u32::try_from(chosen.fitting.len()).unwrap_or(u32::MAX);
                @if chosen.fitting_total > shown { p { a href=(chosen.all_href) { "Toon alle " (number(chosen.fitting_total)) " plekken die passen" } } }
            }
            (swaps(frame, view, chosen))
            (all_bent(frame, view, chosen))
            (decisions(frame, view, chosen))
            (unfit(&chosen.unfit))
        }
    }
}
