//! Two texts about one part: the one that is there, and the one that was kept beside it.

use kernschil_app::reviews::reflection::ReflectionAccess;
use kernschil_domain::reviews::DiffLine;
use maud::{Markup, html};

use super::Dossier;
use super::history::diff;
use crate::components::forms::csrf;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{note, warning};

/// Two texts about one part.
#[derive(Debug, Clone)]
pub struct MergeView {
    /// The dossier.
    pub dossier: Dossier,
    /// Code of the part.
    pub code: String,
    /// What the part says.
    pub title: String,
    /// The text that is there.
    pub current: String,
    /// Its version, and who wrote it when.
    pub current_by: (String, String),
    /// The text that was kept beside it.
    pub kept: String,
    /// Its version, and who wrote it when.
    pub kept_by: (String, String),
    /// What differs, from the text that is there to the one that was kept.
    pub lines: Vec<DiffLine>,
    /// What the reader may do.
    pub access: ReflectionAccess,
}

/// `/peer-reviews/{slug}/reflectie/{part}/samenvoegen`
pub fn merge_page(frame: &Frame, view: &MergeView) -> Markup {
    let part = view.dossier.path(&format!("reflectie/{}", view.code));
    let body = html! {
        (warning(&html! {
            p { strong { "Er staan nu twee teksten." } " Versie " (view.current_by.0) " is de tekst: " (view.current_by.1) "." }
            p { "Versie " (view.kept_by.0) " is apart bewaard: " (view.kept_by.1) ". Beide blijven in de geschiedenis; er is niets verloren." }
        }))
        section class="panel" aria-labelledby="verschil" {
            h2 id="verschil" { "Wat er verschilt" }
            p class="small muted" { "Doorgehaald staat alleen in versie " (view.current_by.0) ". Onderstreept staat alleen in versie " (view.kept_by.0) "." }
            (diff(&view.lines))
        }
        @if view.access == ReflectionAccess::Write {
            form class="writing" method="post" action=(part) {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(view.current_by.0);
                input type="hidden" name="apart" value=(view.kept_by.0);
                div class="two-columns even" {
                    div class="field" {
                        label for="veld-nu" { "De tekst van nu (versie " (view.current_by.0) ")" }
                        textarea class="input writing-field" id="veld-nu" rows="16" readonly { "\n" (view.current) }
                    }
                    div class="field" {
                        label for="veld-tekst" { "De tekst die u maakt" }
                        textarea class="input writing-field" id="veld-tekst" name="tekst" rows="16" { "\n" (view.kept) }
                    }
                }
                div class="buttons" {
                    button class="button" type="submit" { "Sla dit op als de tekst" }
                    button class="button button-second" type="submit" name="keuze" value="nu" { "Laat de tekst van nu staan" }
                }
            }
        } @else {
            (note(&html! { p { "De reflectie ligt vast. U kunt de teksten lezen, niet samenvoegen." } }))
        }
    };
    let (dossier, all) = (view.dossier.path(""), view.dossier.path("reflectie"));
    let name = format!("{} {}", view.code, view.title);
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Kritische reflectie", all.as_str()), (name.as_str(), part.as_str())];
    page(frame, Title::new("Twee teksten samenvoegen").trail(&trail), &body)
}
