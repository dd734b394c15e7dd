//! Two scenarios beside each other, or one and the board.

use maud::{Markup, html};

use super::beside;
use crate::charts::{Pair, pair_chart, pair_key};
use crate::components::figures::empty;
use crate::components::filters::{Chip, FilterOption, chips};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag, warning};
use crate::components::table::{Density, Paging, export, pagination, pagination_below, table};
use crate::components::text::{change, counted, number};

/// One side.
#[derive(Debug, Clone, Default)]
pub struct SideView {
    /// Name.
    pub name: String,
    /// Where it is.
    pub href: String,
    /// Whether it is of before a change; a sentence then.
    pub outdated: String,
    /// What is known about how good it is; empty when nothing is.
    pub proof: String,
}

/// A figure of both.
#[derive(Debug, Clone)]
pub struct Beside {
    /// What it counts.
    pub label: String,
    /// In the first.
    pub before: String,
    /// In the second.
    pub after: String,
    /// The change in words, `+3`; empty when it cannot be counted.
    pub change: String,
    /// Whether the change is for better or worse, or neither.
    pub tone: Option<Tone>,
}

/// Somebody for whom it makes a difference.
#[derive(Debug, Clone)]
pub struct DifferenceRow {
    /// Name.
    pub name: String,
    /// Where the student is; nothing for one that a scenario adds.
    pub href: Option<String>,
    /// Phase and period.
    pub phase: String,
    /// Where in the first, in words.
    pub from: String,
    /// Where in the second, in words.
    pub to: String,
    /// Better, worse or as good.
    pub direction: String,
    /// How it looks.
    pub tone: Tone,
    /// At what.
    pub at: String,
}

/// Two beside each other.
#[derive(Debug, Clone, Default)]
pub struct ComparisonView {
    /// Which round.
    pub round: RoundRef,
    /// The scenarios to choose from.
    pub options: Vec<FilterOption>,
    /// What was chosen.
    pub chosen: (String, String),
    /// The first.
    pub before: SideView,
    /// The second.
    pub after: SideView,
    /// Who gains and who loses, in a sentence.
    pub sentence: String,
    /// Key figures.
    pub figures: Vec<Beside>,
    /// Kern, schil, outside, unplaced.
    pub ladder: Vec<Pair>,
    /// Ranks of wishes.
    pub wishes: Vec<Pair>,
    /// Bands of travel time.
    pub travel: Vec<Pair>,
    /// Schools with more or fewer students.
    pub schools: Vec<Pair>,
    /// How many schools have more or fewer.
    pub schools_changed: u32,
    /// Directions and aspects to filter by.
    pub chips: Vec<Chip>,
    /// Address and filters of this page, for its other pages.
    pub pairs: Vec<(&'static str, String)>,
    /// Those for whom it makes a difference.
    pub rows: Vec<DifferenceRow>,
    /// Which part of them.
    pub paging: Paging,
    /// Where the workbook is.
    pub export_href: String,
}

fn sides(view: &ComparisonView) -> Markup {
    html! {
        @for side in [&view.before, &view.after] {
            @if !side.outdated.is_empty() { (warning(&html! { p { a href=(side.href) { (side.name) } ": " (side.outdated) } })) }
        }
    }
}

fn key_figures(view: &ComparisonView) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Cijfer" }
            th scope="col" class="figure" { (view.before.name) }
            th scope="col" class="figure" { (view.after.name) }
            th scope="col" class="figure" { "Verschil" }
        }
    };
    let rows = html! {
        @for figure in &view.figures {
            tr {
                th scope="row" { (figure.label) }
                td class="figure" { (figure.before) }
                td class="figure" { (figure.after) }
                td class="figure" { @match figure.tone { Some(tone) => (tag(tone, &figure.change)), None => (figure.change) } }
            }
        }
    };
    table("De cijfers naast elkaar", Density::Roomy, &head, &rows)
}

fn chart(view: &ComparisonView, title: &str, sentence: &str, first: &str, pairs: &[Pair]) -> Markup {
    let head = html! {
        tr { th scope="col" { (first) } th scope="col" class="figure" { (view.before.name) } th scope="col" class="figure" { (view.after.name) } th scope="col" class="figure" { "Verschil" } }
    };
    let difference = |pair: &Pair| change(i32::try_from(i64::from(pair.after) - i64::from(pair.before)).unwrap_or_default());
    let rows = html! {
        @for pair in pairs { tr { th scope="row" { (pair.label) } td class="figure" { (number(pair.before)) } td class="figure" { (number(pair.after)) } td class="figure" { (difference(pair)) } } }
    };
    html! {
        div {
            h3 { (title) }
            @if pairs.is_empty() { p class="muted" { "Geen verschil." } }
            @else {
                p { (sentence) }
                figure class="plain-figure" { (pair_chart(title, &view.before.name, &view.after.name, pairs)) }
                details class="figures-table" { summary { "Dezelfde cijfers in een tabel" } (table(title, Density::Dense, &head, &rows)) }
            }
        }
    }
}

fn most_changed(pairs: &[Pair]) -> String {
    let largest = pairs.iter().max_by_key(|pair| pair.before.abs_diff(pair.after)).filter(|pair| pair.before != pair.after);
    match largest {
        Some(pair) => format!("Het meest verandert “{}”: van {} naar {}.", pair.label, number(pair.before), number(pair.after)),
        None => "Hierin verandert niets.".to_owned(),
    }
}

fn differences(view: &ComparisonView) -> Markup {
    let head = html! {
        tr { th scope="col" { "Student" } th scope="col" { "Fase" } th scope="col" { (view.before.name) } th scope="col" { (view.after.name) } th scope="col" { "Verschil" } }
    };
    let rows = html! {
        @for row in &view.rows {
            tr {
                th scope="row" { @match &row.href { Some(href) => { a href=(href) { (row.name) } }, None => (row.name) } }
                td { (row.phase) }
                td { (row.from) }
                td { (row.to) }
                td { (tag(row.tone, &row.direction)) @if !row.at.is_empty() { span class="row-code" { (row.at) } } }
            }
        }
    };
    let pairs: Vec<_> = view.pairs.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let path = view.round.path("scenarios/vergelijken");
    html! {
        section class="panel" aria-labelledby="wie" {
            div class="panel-head" { h2 id="wie" { "Wie wint en wie verliest" } (export(&view.export_href)) }
            p { (view.sentence) }
            (chips("Wie wint en wie verliest", &view.chips))
            @if view.rows.is_empty() { p class="muted" { "Voor niemand maakt dit verschil." } }
            @else {
                (pagination(&path, &pairs, &view.paging))
                (table("Studenten voor wie het verschil maakt", Density::Dense, &head, &rows))
                (pagination_below(&path, &pairs, &view.paging))
            }
        }
    }
}

/// `/rondes/{slug}/scenarios/vergelijken`
pub fn comparison_page(frame: &Frame, view: &ComparisonView) -> Markup {
    let list = view.round.path("scenarios");
    let body = html! {
        @if view.options.is_empty() {
            (empty("Er is nog niets om te vergelijken", &html! { p { "Maak een scenario en reken het door." } p { a class="button" href=(list) { "Naar de scenario's" } } }))
        } @else {
            (beside(&view.round, &view.options, (&view.chosen.0, &view.chosen.1)))
            (sides(view))
            section class="panel" aria-labelledby="cijfers" {
                h2 id="cijfers" { "In cijfers" }
                p { (view.sentence) }
                (key_figures(view))
                @for side in [&view.before, &view.after] {
                    @if !side.proof.is_empty() { div class="note" { (icon(Icon::Tick)) div { p { strong { (side.name) } ": " (side.proof) } } } }
                }
            }
            section class="panel" aria-labelledby="beeld" {
                h2 id="beeld" { "In beeld" }
                (pair_key(&view.before.name, &view.after.name))
                div class="two-columns even" {
                    (chart(view, "Kern, schil, buiten", &most_changed(&view.ladder), "Waar", &view.ladder))
                    (chart(view, "Voorkeuren", &most_changed(&view.wishes), "Gekregen", &view.wishes))
                    (chart(view, "Reistijd in minuten", &most_changed(&view.travel), "Minuten", &view.travel))
                    (chart(view, "Spreiding over scholen", &format!("{} krijgen meer of minder studenten.", counted(view.schools_changed, "school", "scholen")), "School", &view.schools))
                }
            }
            (differences(view))
        }
    };
    page(frame, Title::new("Scenario's vergelijken").trail(&[("Scenario's", &list)]), &body)
}
