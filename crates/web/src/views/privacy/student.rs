//! Everything about one student: the dossier, correcting it, and making the student unrecognisable.

use maud::{Markup, html};

use super::{STUDENTS_PATH, TRAIL};
use crate::components::figures::facts;
use crate::components::forms::{Choice, FieldError, Input, csrf, error_at, input, radios, submit};
use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{note, warning};
use crate::components::table::{Density, table};

/// One table of the dossier.
#[derive(Debug, Clone)]
pub struct DossierTable {
    /// Code, for the heading.
    pub code: String,
    /// What is in it.
    pub title: String,
    /// What to know about it, or nothing.
    pub hint: String,
    /// Words above the columns.
    pub heads: Vec<String>,
    /// Rows; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

/// A student with everything that is kept.
#[derive(Debug, Clone, Default)]
pub struct DossierView {
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// What is known: a word and what it is.
    pub facts: Vec<(String, String)>,
    /// The rest.
    pub tables: Vec<DossierTable>,
}

fn dossier_table(one: &DossierTable) -> Markup {
    let head = html! { tr { @for words in &one.heads { th scope="col" { (words) } } } };
    let rows = html! {
        @for row in &one.rows {
            tr { @for (at, cell) in row.iter().enumerate() { @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } } } }
        }
    };
    html! {
        section class="panel" aria-labelledby={ "deel-" (one.code) } {
            h2 id={ "deel-" (one.code) } { (one.title) }
            @if !one.hint.is_empty() { p class="hint" { (one.hint) } }
            @if one.rows.is_empty() { p class="muted" { "Hier staat niets." } } @else { (table(&one.title, Density::Dense, &head, &rows)) }
        }
    }
}

/// `/privacy/studenten/{id}`
pub fn dossier_page(frame: &Frame, view: &DossierView) -> Markup {
    let here = format!("{STUDENTS_PATH}/{}", view.id);
    let known: Vec<_> = view
        .facts
        .iter()
        .map(|(word, what)| (word.as_str(), html! { @if what.is_empty() { span class="muted" { "niet bekend" } } @else { (what) } }))
        .collect();
    let body = html! {
        (facts(&known))
        div class="buttons" {
            a class="button" href={ (here) "/inzage.xlsx" } { (icon(Icon::Download)) "Download de inzage als werkboek" }
            a class="button button-second" href={ (here) "/inzage.json" } { (icon(Icon::Download)) "Download als JSON" }
            a class="button button-second" href={ (here) "/corrigeren" } { "Verbeter de gegevens" }
            a class="button button-second" href={ (here) "/anonimiseren" } { "Anonimiseer deze student" }
        }
        @for one in &view.tables { (dossier_table(one)) }
        (note(&html! {
            p { "Dat u dit bekijkt, staat in het logboek. Geeft u het werkboek aan de student, kijk dan eerst of namen van collega's en opleiders erin horen te staan, en stuur het langs een veilige weg." }
        }))
    };
    let lead = "Alles wat Kernschil van deze student weet, over alle rondes.";
    page(frame, Title::new(&view.name).lead(lead).trail(&TRAIL), &body)
}

/// Data of a student as they are filled in.
#[derive(Debug, Clone, Default)]
pub struct CorrectionView {
    /// Identifier in addresses.
    pub id: String,
    /// Which state of the data was seen.
    pub seen: String,
    /// Given name.
    pub given_name: String,
    /// Tussenvoegsel.
    pub prefix: String,
    /// Family name.
    pub family_name: String,
    /// Number at the institute.
    pub number: String,
    /// Home postcode.
    pub postcode: String,
    /// Code of the kind of student.
    pub kind: String,
    /// Kinds to choose from: code and word.
    pub kinds: Vec<(String, String)>,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// `/privacy/studenten/{id}/corrigeren`
pub fn correction_page(frame: &Frame, view: &CorrectionView) -> Markup {
    let here = format!("{STUDENTS_PATH}/{}", view.id);
    let kinds: Vec<_> =
        view.kinds.iter().map(|(code, word)| Choice { value: code.clone(), label: word.clone(), hint: String::new() }).collect();
    let postcode = Input::text("postcode", "Postcode van het woonadres", &view.postcode)
        .hint("Zoals 6525 HP, of alleen 6525. Leeg als die niet bekend hoeft te zijn.");
    let body = html! {
        form class="form" method="post" action={ (here) "/corrigeren" } novalidate {
            (csrf(&frame.csrf))
            input type="hidden" name="gezien" value=(view.seen);
            (input(Input::text("voornaam", "Voornaam", &view.given_name).autocomplete("off"), &view.errors))
            (input(Input::text("tussenvoegsel", "Tussenvoegsel", &view.prefix).autocomplete("off").hint("Mag leeg blijven."), &view.errors))
            (input(Input::text("achternaam", "Achternaam", &view.family_name).autocomplete("off"), &view.errors))
            (input(Input::text("nummer", "Studentnummer", &view.number).autocomplete("off"), &view.errors))
            (input(postcode.autocomplete("off"), &view.errors))
            (radios("soort", "Soort", &view.kind, &kinds, &view.errors))
            div class="buttons" { (submit("Bewaar de verbetering")) a class="quiet-link" href=(here) { "Terug zonder te wijzigen" } }
        }
        (note(&html! {
            p { "Verbeter het ook in het werkboek van de opleiding. Een volgend werkboek met de oude gegevens zet ze anders terug; Kernschil meldt dat dan als wijziging." }
            p { "Fase, inschrijving, voorkeuren en maatwerk verbetert u door een werkboek te laden." }
        }))
    };
    let up = [TRAIL[0], TRAIL[1], ("De student", here.as_str())];
    form_page(frame, Title::new("Gegevens verbeteren").trail(&up), &view.errors, &body)
}

/// What making a student unrecognisable does.
#[derive(Debug, Clone, Default)]
pub struct ErasureView {
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Number at the institute.
    pub number: String,
    /// What stands in the way; nothing when it can be done.
    pub obstacles: Vec<String>,
    /// What goes.
    pub goes: Vec<String>,
    /// What stays.
    pub stays: Vec<String>,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

fn confirm(frame: &Frame, view: &ErasureView, here: &str) -> Markup {
    let error = error_at(&view.errors, "zeker");
    html! {
        form class="form" method="post" action={ (here) "/anonimiseren" } novalidate {
            (csrf(&frame.csrf))
            div class={ "field" @if error.is_some() { " field-wrong" } } {
                @if let Some(error) = error { p class="field-error" id="fout-zeker" { strong { "Fout: " } (error) } }
                div class="radio" {
                    input type="checkbox" id="veld-zeker" name="zeker" value="ja" aria-describedby=[error.map(|_| "fout-zeker")] aria-invalid=[error.map(|_| "true")];
                    label for="veld-zeker" { "Ik weet dat dit niet ongedaan gemaakt kan worden" }
                }
            }
            div class="buttons" { (submit("Anonimiseer voorgoed")) a class="quiet-link" href=(here) { "Terug zonder te anonimiseren" } }
        }
    }
}

/// `/privacy/studenten/{id}/anonimiseren`
pub fn erasure_page(frame: &Frame, view: &ErasureView) -> Markup {
    let here = format!("{STUDENTS_PATH}/{}", view.id);
    let list = |items: &[String]| html! { ul class="bullets" { @for item in items { li { (item) } } } };
    let body = html! {
        (facts(&[("Student", html! { (view.name) }), ("Studentnummer", html! { (view.number) })]))
        @if !view.obstacles.is_empty() {
            (warning(&html! {
                p { strong { "Dit kan nog niet." } " Deze student doet nog mee. Anonimiseren zou een school laten rekenen op niemand." }
                (list(&view.obstacles))
            }))
        }
        div class="two-columns even" {
            section class="panel" aria-labelledby="weg" { h2 id="weg" { "Wat verdwijnt" } (list(&view.goes)) }
            section class="panel" aria-labelledby="blijft" { h2 id="blijft" { "Wat blijft" } (list(&view.stays)) }
        }
        @if view.obstacles.is_empty() {
            p { "Laadt iemand later een werkboek met het oude studentnummer, dan wordt dat een nieuwe student." }
            (confirm(frame, view, &here))
        } @else {
            p { a class="button button-second" href=(here) { "Terug naar de student" } }
        }
    };
    let up = [TRAIL[0], TRAIL[1], ("De student", here.as_str())];
    form_page(frame, Title::new("Student anonimiseren").trail(&up), &view.errors, &body)
}
