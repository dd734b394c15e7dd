//! Words in a coloured label, and notes that stand out.

use maud::{Markup, html};

use super::icons::{Icon, icon};

/// How a label looks. The word says it; the colour only helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ready, in order.
    Good,
    /// Being done.
    Busy,
    /// Waits for somebody.
    Quiet,
    /// Needs attention.
    Signal,
}

/// A word in a label.
pub fn tag(tone: Tone, word: &str) -> Markup {
    let class = match tone {
        Tone::Good => "tag tag-good",
        Tone::Busy => "tag tag-busy",
        Tone::Quiet => "tag tag-quiet",
        Tone::Signal => "tag tag-signal",
    };
    html! { span class=(class) { (word) } }
}

/// Yes or no, met or not met, with a sign and the word.
pub fn met(yes: Met, word: &str) -> Markup {
    match yes {
        Met::Yes => html! { span class="met met-yes" { (icon(Icon::Tick)) (word) } },
        Met::No => html! { span class="met met-no" { (icon(Icon::Warning)) (word) } },
    }
}

/// Whether a condition is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// A note that stands apart from the text.
pub fn note(body: &Markup) -> Markup {
    html! { div class="note" { (body) } }
}

/// A note about something to look at.
pub fn warning(body: &Markup) -> Markup {
    html! { div class="note note-signal" { (icon(Icon::Warning)) div { (body) } } }
}
