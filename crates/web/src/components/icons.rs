//! Small drawings beside words. They carry no meaning of their own.

use maud::{Markup, html};

/// Which drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A house.
    Home,
    /// A list with ticks.
    Tasks,
    /// A school building.
    School,
    /// Two persons.
    People,
    /// A star of possibilities.
    Proposal,
    /// Two sheets beside each other.
    Scenarios,
    /// Columns.
    Board,
    /// Two arrows that pass each other.
    Changes,
    /// An envelope.
    Letter,
    /// A part of a circle.
    Coverage,
    /// A sheet.
    Sheet,
    /// An arrow into a tray.
    Import,
    /// A shield.
    Privacy,
    /// Two sliders.
    Settings,
    /// A book with lines.
    Log,
    /// A question mark.
    Help,
    /// An arrow out of a tray.
    Download,
    /// A magnifying glass.
    Search,
    /// An arrow to the right.
    Next,
    /// A tick.
    Tick,
    /// A warning triangle.
    Warning,
    /// An arrow that turns back.
    Undo,
}

/// Draws an icon in the colour of the text.
pub fn icon(icon: Icon) -> Markup {
    let path = match icon {
        Icon::Home => "M3 9.5 10 3.5l7 6M5 8.5V16h10V8.5M8.5 16v-4h3v4",
        Icon::Tasks => "M8.5 5H17M8.5 10H17M8.5 15H17M3 5l1 1 2-2.2M3 10l1 1 2-2.2M3 15l1 1 2-2.2",
        Icon::School => "M3 16V8l7-4 7 4v8M2 16h16M8 16v-4h4v4M10 7.8v.2M6 11v.5M14 11v.5",
        Icon::People => {
            "M7.5 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM2.5 16c.4-2.8 2.400-4 5-4s4.600 1.200 5 4M13 4.300a2.600 2.600 0 0 1 0 5M15 12.400c1.400.6 2.200 1.800 2.500 3.600"
        }
        Icon::Proposal => "M10 3v3M10 14v3M3 10h3M14 10h3M5 5l2 2M13 13l2 2M15 5l-2 2M7 13l-2 2",
        Icon::Scenarios => "M3.500 4.500h7v9h-7ZM13 6.500h3.500v9h-7v-2",
        Icon::Changes => "M4 7h11M12 4l3 3-3 3M16 13H5M8 10l-3 3 3 3",
        Icon::Board => "M3.500 4h5v12h-5ZM11.500 4h5v7.500h-5Z",
        Icon::Letter => "M3 5h14v10H3ZM3 5.500l7 5.500 7-5.500",
        Icon::Coverage => "M10 3a7 7 0 1 0 7 7h-7ZM13 3.600A7 7 0 0 1 16.400 7H13Z",
        Icon::Sheet => "M4.500 3h8l3 3v11h-11ZM4.500 9h11M4.500 13h11M9 9v8",
        Icon::Import => "M10 3v9M6.500 8.500 10 12l3.500-3.500M3.500 13v3.500h13V13",
        Icon::Download => "M10 3v9M6.500 8.500 10 12l3.500-3.500M4 16.500h12",
        Icon::Log => {
            "M5 3h10.500v14H5a1.500 1.500 0 0 1-1.500-1.500v-11A1.500 1.500 0 0 1 5 3ZM3.500 14.500A1.500 1.500 0 0 1 5 13h10.500M7.500 6.500h5M7.500 9.500h5"
        }
        Icon::Privacy => "M10 3 4 5.500v4.300c0 3.600 2.400 6 6 7.200 3.600-1.200 6-3.600 6-7.200V5.500ZM7.500 10l1.800 1.800L12.700 8.400",
        Icon::Settings => "M3 6h6M13 6h4M9 6a2 2 0 1 0 4 0a2 2 0 1 0-4 0M3 14h2M9 14h8M5 14a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
        Icon::Help => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM8 8a2 2 0 1 1 2.900 1.800c-.6.3-.9.6-.9 1.300M10 13.600v.1",
        Icon::Search => "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM13 13l4 4",
        Icon::Next => "M7.500 4.500 13 10l-5.500 5.500",
        Icon::Tick => "M4 10.500 8.200 15 16 5.500",
        Icon::Warning => "M10 3.500 17.500 16.500h-15ZM10 8.500v3.500M10 14.300v.1",
        Icon::Undo => "M7.500 5 4 8.500 7.500 12M4.500 8.500h7a4 4 0 0 1 0 8H9",
    };
    html! {
        svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false" {
            path d=(path) fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" {}
        }
    }
}
