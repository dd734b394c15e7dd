//! People of peer reviews: the pool of peers, panels, who takes part, and which day suits.

mod members;
mod panel;
mod peer;
mod peers;
mod poll;

use maud::{Markup, html};

use crate::components::page::Title;

pub use members::{AskForm, MemberRow, MembersView, OwnAnswer, members_page};
pub use panel::{ChoiceRow, FindingRow, PanelRow, PanelView, PassedRow, PinnedRow, ProposalView, VerdictForm, panel_page};
pub use peer::{FormerRow, PeerFormView, VisitRow, peer_page};
pub use peers::{PEERS, PeerFilter, PeerRow, PeerSort, PeersView, peers_page};
pub use poll::{PollDayRow, PollView, poll_page};

/// The review a page is part of.
#[derive(Debug, Clone, Default)]
pub struct ReviewRef {
    /// Name in addresses.
    pub slug: String,
    /// Name for people.
    pub name: String,
}

impl ReviewRef {
    /// The address of a part of its dossier.
    pub fn path(&self, part: &str) -> String {
        format!("/peer-reviews/{}/{part}", self.slug)
    }

    fn trail(&self) -> [(String, String); 2] {
        [("Peer reviews".to_owned(), "/peer-reviews".to_owned()), (self.name.clone(), format!("/peer-reviews/{}", self.slug))]
    }
}

/// Makes a page of a review with the pages above it.
fn with_trail(review: &ReviewRef, text: &str, lead: &str, make: impl FnOnce(Title<'_>) -> Markup) -> Markup {
    let trail = review.trail();
    let trail = trail.each_ref().map(|(words, href)| (words.as_str(), href.as_str()));
    make(Title::new(text).lead(lead).trail(&trail))
}

/// A form with one button and hidden values.
fn one_button(csrf: &str, action: &str, fields: &[(&str, &str)], words: &str, about: &str) -> Markup {
    html! {
        form class="inline-form" method="post" action=(action) {
            (crate::components::forms::csrf(csrf))
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button class="button button-quiet" type="submit" { (words) span class="visually-hidden" { ": " (about) } }
        }
    }
}
