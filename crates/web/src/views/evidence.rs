//! Evidence of a review: the list, bringing a piece, and one piece with its versions.

use maud::{Markup, html};

use super::reflection::Dossier;
use crate::components::figures::empty;
use crate::components::forms::{FieldError, Input, csrf, error_at, file, input, submit, twice};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, note, tag};
use crate::components::table::{Density, table};

/// How the names of files that are taken end, for the file chooser.
const ACCEPT: &str = ".pdf,.docx,.xlsx,.pptx,.odt,.png,.jpg,.jpeg,.txt,.csv";

/// A piece in the list.
#[derive(Debug, Clone, Default)]
pub struct EvidenceLine {
    /// Identifier in addresses.
    pub id: String,
    /// Title.
    pub title: String,
    /// Name and size of the latest file, or the address of the link.
    pub what: String,
    /// Where it leads: to the latest file, or to the page elsewhere; empty when it was taken away.
    pub href: String,
    /// The codes of the parts it is used for.
    pub used_for: Vec<String>,
    /// Who brought the latest version and when, in words.
    pub brought: String,
    /// Whether it was taken away.
    pub is_gone: bool,
}

/// A part of the framework to choose.
#[derive(Debug, Clone, Default)]
pub struct PartChoice {
    /// Code.
    pub code: String,
    /// What it says.
    pub title: String,
    /// Whether it was chosen.
    pub is_chosen: bool,
}

/// What somebody fills in to bring a piece.
#[derive(Debug, Clone, Default)]
pub struct EvidenceForm {
    /// Title.
    pub title: String,
    /// The address of a link.
    pub link: String,
    /// The parts to choose from.
    pub parts: Vec<PartChoice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The evidence of a review.
#[derive(Debug, Clone, Default)]
pub struct EvidenceView {
    /// The dossier.
    pub dossier: Dossier,
    /// The pieces.
    pub lines: Vec<EvidenceLine>,
    /// The form for another piece; nothing for who cannot bring one.
    pub form: Option<EvidenceForm>,
    /// The most of one file, such as `10 MB`.
    pub most: String,
}

fn list(view: &EvidenceView) -> Markup {
    let head = html! {
        tr { th scope="col" { "Titel" } th scope="col" { "Bestand of link" } th scope="col" { "Gebruikt bij" } th scope="col" { "Aangeleverd" } }
    };
    let rows = html! {
        @for line in &view.lines {
            tr {
                th scope="row" {
                    @if line.is_gone { (line.title) " " (tag(Tone::Quiet, "weggehaald")) }
                    @else { a href=(view.dossier.path(&format!("bewijsstukken/{}", line.id))) { (line.title) } }
                }
                td { @if line.href.is_empty() { (line.what) } @else { a href=(line.href) rel="noopener noreferrer" { (line.what) } } }
                td {
                    @if line.used_for.is_empty() { span class="muted" { "nog nergens" } }
                    @for (at, code) in line.used_for.iter().enumerate() {
                        @if at > 0 { ", " }
                        a href=(view.dossier.path(&format!("reflectie#deel-{code}"))) { (code) }
                    }
                }
                td { (line.brought) }
            }
        }
    };
    table("Bewijsstukken", Density::Roomy, &head, &rows)
}

fn parts_field(parts: &[PartChoice], errors: &[FieldError]) -> Markup {
    let error = error_at(errors, "onderdeel");
    html! {
        fieldset class={ "field" @if error.is_some() { " field-wrong" } } id="veld-onderdeel" {
            legend { "Waarbij gebruikt u het?" }
            @if let Some(error) = error { p class="field-error" { strong { "Fout: " } (error) } }
            ul class="choose-list" {
                @for part in parts {
                    li {
                        label { input type="checkbox" name="onderdeel" value=(part.code) checked[part.is_chosen]; " " (part.code) " " (part.title) }
                    }
                }
            }
        }
    }
}

fn file_hint(most: &str) -> String {
    format!("pdf, docx, xlsx, pptx, odt, png, jpg, txt of csv; hooguit {most}. Zonder macro's en zonder gegevens van studenten.")
}

fn new_piece(frame: &Frame, view: &EvidenceView, form: &EvidenceForm) -> Markup {
    html! {
        section class="panel" aria-labelledby="nieuw" {
            h2 id="nieuw" { "Bewijsstuk toevoegen" }
            form class="form" method="post" action=(view.dossier.path("bewijsstukken")) enctype="multipart/form-data" {
                (csrf(&frame.csrf))
                (input(Input::text("titel", "Titel", &form.title).hint("Zoals het panel het terugvindt."), &form.errors))
                (file("bestand", "Bestand", &file_hint(&view.most), ACCEPT, &form.errors))
                (input(Input::text("link", "Of een link", &form.link).hint("Het adres van een pagina, bijvoorbeeld https://…"), &form.errors))
                (parts_field(&form.parts, &form.errors))
                (submit("Voeg het bewijsstuk toe"))
            }
        }
    }
}

/// `/peer-reviews/{slug}/bewijsstukken`
pub fn evidence_page(frame: &Frame, view: &EvidenceView) -> Markup {
    let body = html! {
        @if view.lines.is_empty() {
            (empty("Er zijn nog geen bewijsstukken", &html! {
                p { "Een bewijsstuk is een bestand of een link die laat zien waarop de reflectie berust, zoals een visie, een handboek of een verslag." }
                @if view.form.is_some() { p { a href="#nieuw" { "Voeg het eerste bewijsstuk toe" } } }
            }))
        } @else {
            section class="panel" aria-labelledby="lijst" { h2 id="lijst" { "Alle bewijsstukken" } (list(view)) }
        }
        @if let Some(form) = &view.form { (new_piece(frame, view, form)) }
    };
    let (dossier, all) = (view.dossier.path(""), view.dossier.path("reflectie"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Kritische reflectie", all.as_str())];
    let errors = view.form.as_ref().map(|form| form.errors.as_slice()).unwrap_or_default();
    form_page(frame, Title::new("Bewijsstukken").lead("Waarop de reflectie berust.").trail(&trail), errors, &body)
}

/// A version of a piece.
#[derive(Debug, Clone, Default)]
pub struct EvidenceVersionLine {
    /// Number.
    pub number: String,
    /// Name of the file, or the address of the link.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// Size in words; empty for a link.
    pub size: String,
    /// Who brought it and when, in words.
    pub brought: String,
}

/// One piece of evidence.
#[derive(Debug, Clone, Default)]
pub struct PieceView {
    /// The dossier.
    pub dossier: Dossier,
    /// Identifier in addresses.
    pub id: String,
    /// Whether it is a file; a link otherwise.
    pub is_file: bool,
    /// Its versions, the latest first.
    pub versions: Vec<EvidenceVersionLine>,
    /// Title and parts, as they are or as they were filled in.
    pub form: EvidenceForm,
    /// Version of the row.
    pub version: String,
    /// Whether the reader can change it.
    pub can_change: bool,
    /// The most of one file, such as `10 MB`.
    pub most: String,
}

fn versions(view: &PieceView) -> Markup {
    let head = html! {
        tr { th scope="col" class="figure" { "Versie" } th scope="col" { "Bestand of link" } th scope="col" class="figure" { "Grootte" } th scope="col" { "Aangeleverd" } }
    };
    let rows = html! {
        @for line in &view.versions {
            tr {
                th scope="row" class="figure" { (line.number) }
                td { a href=(line.href) rel="noopener noreferrer" { (line.name) } }
                td class="figure" { (line.size) }
                td { (line.brought) }
            }
        }
    };
    table("Versies van dit bewijsstuk", Density::Roomy, &head, &rows)
}

fn forms(frame: &Frame, view: &PieceView, here: &str) -> Markup {
    let version = html! { (csrf(&frame.csrf)) input type="hidden" name="versie" value=(view.version); };
    html! {
        section class="panel" aria-labelledby="vernieuwen" {
            h2 id="vernieuwen" { "Nieuwe versie" }
            form class="form" method="post" action={ (here) "/versie" } enctype="multipart/form-data" {
                (version)
                @if view.is_file { (file("bestand", "Bestand", &file_hint(&view.most), ACCEPT, &view.form.errors)) }
                @else { (input(Input::text("link", "Adres", &view.form.link), &view.form.errors)) }
                (submit("Voeg deze versie toe"))
                p class="small muted" { "De oudere versies blijven staan." }
            }
        }
        section class="panel" aria-labelledby="wijzigen" {
            h2 id="wijzigen" { "Titel en gebruik" }
            form class="form" method="post" action=(here) {
                (version)
                (input(Input::text("titel", "Titel", &view.form.title), &view.form.errors))
                (parts_field(&view.form.parts, &view.form.errors))
                (submit("Bewaar titel en gebruik"))
            }
        }
        section class="panel" aria-labelledby="weghalen" {
            h2 id="weghalen" { "Weghalen" }
            p { "De bestanden verdwijnen dan voorgoed. De titel blijft staan, zodat te zien is dat het er was." }
            (twice("Haal dit bewijsstuk weg", &view.form.title, "Dit kan niet terug. Bewaar de bestanden zelf als u ze nog nodig heeft.", &html! {
                form method="post" action={ (here) "/weghalen" } { (version) button class="button button-second" type="submit" { "Ja, haal voorgoed weg" } }
            }))
        }
    }
}

/// `/peer-reviews/{slug}/bewijsstukken/{id}`
pub fn piece_page(frame: &Frame, view: &PieceView, title: &str) -> Markup {
    let here = view.dossier.path(&format!("bewijsstukken/{}", view.id));
    let body = html! {
        section class="panel" aria-labelledby="versies" { h2 id="versies" { "Versies" } (versions(view)) }
        @if view.can_change {
            (forms(frame, view, &here))
        } @else {
            @let used: Vec<_> = view.form.parts.iter().filter(|part| part.is_chosen).collect();
            @if !used.is_empty() {
                section class="panel" aria-labelledby="gebruik" {
                    h2 id="gebruik" { "Gebruikt bij" }
                    ul { @for part in used { li { (part.code) " " (part.title) } } }
                }
            }
            (note(&html! { p { "Dit bewijsstuk verandert nu niet: de reflectie is ingeleverd, of u schrijft er niet aan mee." } }))
        }
    };
    let (dossier, all) = (view.dossier.path(""), view.dossier.path("bewijsstukken"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Bewijsstukken", all.as_str())];
    form_page(frame, Title::new(title).trail(&trail), &view.form.errors, &body)
}
