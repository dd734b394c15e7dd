//! Key figures, lists of facts, small bars.

use maud::{Markup, html};

use super::signs::{Sign, sign};
use super::text::{number, percent};

/// One figure with its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Word under it.
    pub label: String,
    /// The figure, ready to show.
    pub value: String,
    /// A few more words, or nothing.
    pub note: String,
    /// Sign before the word.
    pub sign: Option<Sign>,
    /// Where the things behind it are.
    pub href: Option<String>,
}

impl Figure {
    /// A count.
    pub fn count(label: &str, value: u32) -> Self {
        Self { label: label.to_owned(), value: number(value), note: String::new(), sign: None, href: None }
    }

    /// A share of a whole, with both numbers beside it.
    pub fn share(label: &str, part: u32, whole: u32) -> Self {
        Self { note: format!("{} van {}", number(part), number(whole)), value: percent(part, whole), ..Self::count(label, 0) }
    }

    /// The same figure with a sign.
    #[must_use]
    pub fn sign(self, sign: Sign) -> Self {
        Self { sign: Some(sign), ..self }
    }

    /// The same figure with a few more words.
    #[must_use]
    pub fn note(self, note: &str) -> Self {
        Self { note: note.to_owned(), ..self }
    }

    /// The same figure as a link.
    #[must_use]
    pub fn href(self, href: String) -> Self {
        Self { href: Some(href), ..self }
    }
}

/// A row of figures.
pub fn figures(list: &[Figure]) -> Markup {
    html! {
        dl class="figures" {
            @for figure in list {
                div class="figure-item" {
                    dt { @if let Some(drawn) = figure.sign { (sign(drawn)) } (figure.label) }
                    dd {
                        @if let Some(href) = &figure.href { a class="figure-value" href=(href) { (figure.value) } }
                        @else { span class="figure-value" { (figure.value) } }
                        @if !figure.note.is_empty() { span class="figure-note" { (figure.note) } }
                    }
                }
            }
        }
    }
}

/// Facts: a word and what it is.
pub fn facts(list: &[(&str, Markup)]) -> Markup {
    html! { dl class="facts" { @for (word, what) in list { div { dt { (word) } dd { (what) } } } } }
}

/// A line for when there is nothing to show, with what to do.
pub fn empty(title: &str, body: &Markup) -> Markup {
    html! { div class="empty" { (super::signs::mark()) p class="empty-title" { (title) } (body) } }
}

/// How full something is, in a table cell. The figures beside it say the same.
pub fn meter(used: u32, whole: u32) -> Markup {
    let filled = (u64::from(used) * 60).checked_div(u64::from(whole)).unwrap_or(0).min(60);
    html! {
        svg class={ "meter" @if used >= whole && whole > 0 { " meter-full" } } viewBox="0 0 60 6" width="60" height="6" aria-hidden="true" focusable="false" {
            rect class="meter-track" x="0" y="0" width="60" height="6" rx="3" {}
            @if filled > 0 { rect class="meter-fill" x="0" y="0" width=(filled) height="6" rx="3" {} }
        }
    }
}
