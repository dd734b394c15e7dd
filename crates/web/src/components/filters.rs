//! Filters above a table: lists to choose from with counts, search, and chips.

use maud::{Markup, html};

use super::icons::{Icon, icon};
use super::text::number;

/// One value of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterOption {
    /// Value in the address.
    pub value: String,
    /// Words for people.
    pub label: String,
    /// How many rows there would be; not shown when it is not known.
    pub count: Option<u32>,
}

impl FilterOption {
    /// A value with its number of rows.
    pub fn new(value: &str, label: &str, count: u32) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), count: Some(count) }
    }
}

/// A list to choose one value from; the first choice is no filter.
pub fn select(name: &str, label: &str, all: &str, chosen: &str, options: &[FilterOption]) -> Markup {
    html! {
        div class="filter" {
            label for={ "filter-" (name) } { (label) }
            select class="input" id={ "filter-" (name) } name=(name) {
                option value="" selected[chosen.is_empty()] { (all) }
                @for option in options {
                    option value=(option.value) selected[option.value == chosen] {
                        (option.label) @if let Some(count) = option.count { " (" (number(count)) ")" }
                    }
                }
            }
        }
    }
}

/// A search field.
pub fn search(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div class="filter filter-search" {
            label for={ "filter-" (name) } { (label) }
            input class="input" type="search" id={ "filter-" (name) } name=(name) value=(value) autocomplete="off" data-search;
        }
    }
}

/// Values that go along with a form without being shown.
pub fn hidden(pairs: &[(&str, &str)]) -> Markup {
    html! {
        @for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// A button that applies the filters, and a link that clears them when there are any.
pub fn apply(clear: Option<&str>) -> Markup {
    html! {
        div class="filter-buttons" {
            button class="button button-second" type="submit" { (icon(Icon::Search)) "Toon" }
            @if let Some(clear) = clear { a class="quiet-link" href=(clear) { "Wis filters" } }
        }
    }
}

/// A link that filters, with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Words for people.
    pub label: String,
    /// How many.
    pub count: u32,
    /// Where it goes.
    pub href: String,
    /// Whether the page shows this now.
    pub state: ChipState,
}

/// Whether a chip is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChipState {
    /// The page shows this now.
    Chosen,
    /// It can be chosen.
    Open,
}

/// A row of chips.
pub fn chips(label: &str, chips: &[Chip]) -> Markup {
    html! {
        nav class="chips" aria-label=(label) {
            ul {
                @for chip in chips {
                    li {
                        a class={ "chip" @if chip.count == 0 { " chip-zero" } } href=(chip.href) aria-current=[(chip.state == ChipState::Chosen).then_some("true")] {
                            (chip.label) " " span class="chip-count" { (number(chip.count)) }
                        }
                    }
                }
            }
        }
    }
}
