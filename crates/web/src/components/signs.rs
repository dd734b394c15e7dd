//! The four signs. Kern is a filled dot, schil a ring, outside a dashed ring, unplaced a cross: the
//! same in tables, charts and legends, always beside the word.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};

/// A drawn sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// A filled dot.
    Kern,
    /// A ring.
    Schil,
    /// A hollow dashed dot.
    Outside,
    /// A cross.
    Unplaced,
    /// A short line: nothing to place.
    Idle,
    /// A question mark: not known.
    Unknown,
}

impl Sign {
    /// The end of the class name that colours the sign.
    pub fn class(self) -> &'static str {
        match self {
            Self::Kern => "kern",
            Self::Schil => "schil",
            Self::Outside => "outside",
            Self::Unplaced => "unplaced",
            Self::Idle => "idle",
            Self::Unknown => "unknown",
        }
    }
}

/// The statuses of students who must hold a place: the denominator of coverage.
pub const REQUIRED: [CoverageStatus; 6] = [
    CoverageStatus::Kern,
    CoverageStatus::Schil,
    CoverageStatus::SchilUnmet,
    CoverageStatus::OutsideGuided,
    CoverageStatus::OutsideUnguided,
    CoverageStatus::Unplaced,
];

/// Short words for a column head.
pub fn short(status: CoverageStatus) -> &'static str {
    match status {
        CoverageStatus::SchilUnmet => "schil, niet op orde",
        CoverageStatus::OutsideGuided => "buiten, begeleid",
        CoverageStatus::OutsideUnguided => "buiten, onbegeleid",
        other => other.dutch(),
    }
}

/// The sign of a status.
pub fn sign_of(status: CoverageStatus) -> Sign {
    match status {
        CoverageStatus::Kern => Sign::Kern,
        CoverageStatus::Schil | CoverageStatus::SchilUnmet => Sign::Schil,
        CoverageStatus::OutsideGuided | CoverageStatus::OutsideUnguided => Sign::Outside,
        CoverageStatus::Unplaced => Sign::Unplaced,
        CoverageStatus::NotRequired => Sign::Idle,
        CoverageStatus::NotCountable => Sign::Unknown,
    }
}

/// The end of the class names in charts, one per status.
pub fn class_of(status: CoverageStatus) -> &'static str {
    match status {
        CoverageStatus::SchilUnmet => "schil-unmet",
        CoverageStatus::OutsideGuided => "guided",
        other => sign_of(other).class(),
    }
}

/// How many students have each status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// At kern schools.
    pub kern: u32,
    /// At schil schools that meet the conditions.
    pub schil: u32,
    /// At schil schools that do not.
    pub schil_unmet: u32,
    /// Outside, with extra guidance.
    pub outside_guided: u32,
    /// Outside, without.
    pub outside_unguided: u32,
    /// Without a place.
    pub unplaced: u32,
    /// No place needed.
    pub not_required: u32,
    /// Not countable.
    pub not_countable: u32,
}

impl StatusCounts {
    /// The count of one status.
    pub fn get(&self, status: CoverageStatus) -> u32 {
        match status {
            CoverageStatus::Kern => self.kern,
            CoverageStatus::Schil => self.schil,
            CoverageStatus::SchilUnmet => self.schil_unmet,
            CoverageStatus::OutsideGuided => self.outside_guided,
            CoverageStatus::OutsideUnguided => self.outside_unguided,
            CoverageStatus::Unplaced => self.unplaced,
            CoverageStatus::NotRequired => self.not_required,
            CoverageStatus::NotCountable => self.not_countable,
        }
    }

    /// Students trained by the framework: the numerator of coverage.
    pub fn covered(&self) -> u32 {
        self.kern + self.schil
    }

    /// Students who must hold a place: the denominator of coverage.
    pub fn required(&self) -> u32 {
        REQUIRED.into_iter().map(|status| self.get(status)).sum()
    }

    /// Students outside samen opleiden, with and without guidance.
    pub fn outside(&self) -> u32 {
        self.outside_guided + self.outside_unguided
    }

    /// Students at any schil school.
    pub fn all_schil(&self) -> u32 {
        self.schil + self.schil_unmet
    }

    /// Students with a place, wherever it is.
    pub fn placed(&self) -> u32 {
        self.required() - self.unplaced
    }
}

/// Draws a sign without words; the word must stand beside it.
pub fn sign(sign: Sign) -> Markup {
    html! {
        svg class={ "sign sign-" (sign.class()) } viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" {
            @match sign {
                Sign::Kern => { circle cx="8" cy="8" r="6" fill="currentColor" {} }
                Sign::Schil => { circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2.5" {} }
                Sign::Outside => { circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="2.6 1.72" {} }
                Sign::Unplaced => { path d="M3.5 3.5l9 9M12.5 3.5l-9 9" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" {} }
                Sign::Idle => { path d="M3.5 8h9" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" {} }
                Sign::Unknown => {
                    path d="M5.4 6a2.6 2.6 0 1 1 3.7 2.4c-.8.4-1.1.8-1.1 1.6" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" {}
                    circle cx="8" cy="12.7" r="1.1" fill="currentColor" {}
                }
            }
        }
    }
}

/// A sign with its word.
pub fn standing(status: CoverageStatus) -> Markup {
    html! { span class={ "standing standing-" (class_of(status)) } { (sign(sign_of(status))) (status.dutch()) } }
}

/// Which signs mean what, for above a table or chart.
pub fn legend(statuses: &[CoverageStatus]) -> Markup {
    html! {
        ul class="legend" {
            @for status in statuses {
                li {
                    svg class="swatch" viewBox="0 0 22 14" width="22" height="14" aria-hidden="true" focusable="false" {
                        rect class={ "fill-" (class_of(*status)) } x="0" y="0" width="22" height="14" rx="3" {}
                        rect class="pattern" fill={ "url(#pattern-" (class_of(*status)) ")" } x="0" y="0" width="22" height="14" rx="3" {}
                    }
                    (standing(*status))
                }
            }
        }
    }
}

/// The mark of Kernschil: a filled disc in a ring.
pub fn mark() -> Markup {
    html! {
        svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false" {
            circle cx="16" cy="16" r="13.5" fill="none" stroke="currentColor" stroke-width="3" {}
            circle cx="16" cy="16" r="6.5" fill="currentColor" {}
        }
    }
}

/// The mark as a picture: students on their rings. Only decoration.
pub fn orbit() -> Markup {
    const KERN: [(u16, u16); 14] = [
        (258, 200),
        (246, 235),
        (215, 256),
        (178, 254),
        (150, 229),
        (142, 193),
        (157, 160),
        (188, 143),
        (224, 147),
        (250, 170),
        (222, 205),
        (192, 226),
        (176, 192),
        (207, 174),
    ];
    const SCHIL: [(u16, u16); 12] = [
        (330, 200),
        (313, 265),
        (265, 313),
        (200, 330),
        (135, 313),
        (87, 265),
        (70, 200),
        (87, 135),
        (135, 87),
        (200, 70),
        (265, 87),
        (313, 135),
    ];
    html! {
        svg class="orbit" viewBox="0 0 400 400" aria-hidden="true" focusable="false" {
            circle class="orbit-line" cx="200" cy="200" r="190" fill="none" stroke-dasharray="4 9" {}
            circle class="orbit-line" cx="200" cy="200" r="130" fill="none" {}
            circle class="orbit-core" cx="200" cy="200" r="86" {}
            @for (x, y) in KERN { circle class="orbit-kern" cx=(x) cy=(y) r="7" {} }
            @for (x, y) in SCHIL { circle class="orbit-schil" cx=(x) cy=(y) r="8" {} }
            @for (x, y) in [(364, 104), (49, 316), (296, 364)] {
                circle class="orbit-outside" cx=(x) cy=(y) r="8" fill="none" stroke-dasharray="4 3" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerator_and_rest_add_up_to_the_denominator() {
        let counts = StatusCounts {
            kern: 5,
            schil: 3,
            schil_unmet: 1,
            outside_guided: 2,
            outside_unguided: 1,
            unplaced: 4,
            not_required: 9,
            not_countable: 7,
        };
        assert_eq!((counts.covered(), counts.required(), counts.placed(), counts.outside()), (8, 16, 12, 3));
    }
}
