//! What is known of one peer, to fill in and to change.

use maud::{Markup, html};

use super::PEERS;
use crate::components::forms::{FieldError, Input, InputKind, choose, csrf, error_at, input, submit};
use crate::components::page::{Frame, Title, form_page};
use crate::components::table::{Density, table};

/// A former employer, as filled in.
#[derive(Debug, Clone, Default)]
pub struct FormerRow {
    /// Name, number or BRIN of a board or institute.
    pub code: String,
    /// Last day.
    pub until: String,
}

/// A visit elsewhere, as filled in.
#[derive(Debug, Clone, Default)]
pub struct VisitRow {
    /// What it was.
    pub label: String,
    /// The day.
    pub day: String,
    /// Identifier of the region.
    pub region: String,
}

/// The form.
#[derive(Debug, Clone, Default)]
pub struct PeerFormView {
    /// Identifier; empty for somebody new.
    pub id: String,
    /// Version that was seen.
    pub version: String,
    /// Name.
    pub name: String,
    /// Address for mail.
    pub email: String,
    /// Identifier of the region.
    pub region: String,
    /// Identifier of the partnership.
    pub partnership: String,
    /// Name, number or BRIN of the board or institute she works for.
    pub employer: String,
    /// When she was trained.
    pub trained: String,
    /// From when she is not asked any more.
    pub ended: String,
    /// Former employers, with room for more.
    pub left: Vec<FormerRow>,
    /// Visits elsewhere, with room for more.
    pub told: Vec<VisitRow>,
    /// Visits to reviews in this installation: the day and the name.
    pub visits: Vec<(String, String)>,
    /// Regions to choose from.
    pub regions: Vec<(String, String)>,
    /// Partnerships to choose from.
    pub partnerships: Vec<(String, String)>,
    /// Boards and institutes to choose from: what to fill in, and number or BRIN.
    pub employers: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// Where the suggestions for employers are on the page.
const EMPLOYERS: &str = "werkgevers";

fn small(name: &str, label: &str, kind: &str, value: &str, list: Option<&str>) -> Markup {
    html! {
        label class="visually-hidden" for={ "veld-" (name) } { (label) }
        input class={ "input input-" (kind) } id={ "veld-" (name) } name=(name) type=(kind) value=(value) autocomplete="off" list=[list];
    }
}

fn employers(view: &PeerFormView) -> Markup {
    html! { datalist id=(EMPLOYERS) { @for (words, code) in &view.employers { option value=(words) label=[(words != code).then_some(code)]; } } }
}

fn former(view: &PeerFormView) -> Markup {
    let head = html! { tr { th scope="col" { "Bestuur of instituut" } th scope="col" { "Laatste dag" } } };
    let rows = html! {
        @for (at, row) in (1..).zip(&view.left) {
            tr {
                td { (small(&format!("werkgever-{at}"), &format!("Bestuur of instituut, regel {at}"), "text", &row.code, Some(EMPLOYERS))) }
                td { (small(&format!("tot-{at}"), &format!("Laatste dag, regel {at}"), "date", &row.until, None)) }
            }
        }
    };
    html! {
        fieldset class="field" id="veld-vroeger" {
            legend { h2 { "Vroegere werkgevers" } }
            p class="hint" { "Wie er korter dan drie jaar geleden werkte, krijgt in een panel een waarschuwing. Een lege regel telt niet mee." }
            @if let Some(error) = error_at(&view.errors, "vroeger") { p class="field-error" { strong { "Fout: " } (error) } }
            (table("Vroegere werkgevers", Density::Dense, &head, &rows))
        }
    }
}

fn told(view: &PeerFormView) -> Markup {
    let head = html! { tr { th scope="col" { "Welke peer review" } th scope="col" { "Bezoekdag" } th scope="col" { "Bezochte regio" } } };
    let rows = html! {
        @for (at, row) in (1..).zip(&view.told) {
            @let region = format!("bezochte-regio-{at}");
            tr {
                td { (small(&format!("bezoek-{at}"), &format!("Welke peer review, regel {at}"), "text", &row.label, None)) }
                td { (small(&format!("dag-{at}"), &format!("Bezoekdag, regel {at}"), "date", &row.day, None)) }
                td {
                    label class="visually-hidden" for={ "veld-" (region) } { "Bezochte regio, regel " (at) }
                    select class="input" id={ "veld-" (region) } name=(region) {
                        option value="" selected[row.region.is_empty()] { "onbekend" }
                        @for (value, words) in &view.regions { option value=(value) selected[*value == row.region] { (words) } }
                    }
                }
            }
        }
    };
    html! {
        fieldset class="field" id="veld-bezoeken" {
            legend { h2 { "Bezoeken aan reviews elders" } }
            p class="hint" { "Bezoeken aan reviews in Kernschil komen er vanzelf bij." }
            @if let Some(error) = error_at(&view.errors, "bezoeken") { p class="field-error" { strong { "Fout: " } (error) } }
            (table("Bezoeken aan reviews elders", Density::Dense, &head, &rows))
        }
    }
}

/// `/peers/:id` and `/peers/nieuw`
pub fn peer_page(frame: &Frame, view: &PeerFormView) -> Markup {
    let is_new = view.id.is_empty();
    let action = if is_new { format!("{PEERS}/nieuw") } else { format!("{PEERS}/{}", view.id) };
    let body = html! {
        form method="post" action=(action) novalidate {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(view.version);
            (input(Input::text("naam", "Naam", &view.name), &view.errors))
            (input(Input::text("email", "E-mailadres", &view.email).kind(InputKind::Email), &view.errors))
            (choose("regio", "Regio", "De onderwijsregio waar zij of hij vandaan komt.", &view.region, &view.regions, &view.errors))
            (choose("partnerschap", "Partnerschap", "Namens wie zij of hij op bezoek gaat. Mag leeg blijven.", &view.partnership, &view.partnerships, &view.errors))
            (input(Input::text("werkgever", "Werkgever", &view.employer).list(EMPLOYERS).hint("Bestuur of instituut: begin te typen en kies uit de lijst, of vul het bestuursnummer of de BRIN in. Mag leeg blijven."), &view.errors))
            (input(Input::text("getraind", "Getraind op", &view.trained).kind(InputKind::Date).hint("De dag van de training voor peer review. Leeg betekent: nog niet."), &view.errors))
            (former(view))
            (employers(view))
            (told(view))
            (input(Input::text("gestopt", "Doet niet meer mee vanaf", &view.ended).kind(InputKind::Date).hint("Leeg betekent: kan gevraagd worden. Na de bewaartermijn verdwijnen de gegevens vanzelf."), &view.errors))
            div class="buttons" { (submit(if is_new { "Zet in de pool" } else { "Bewaar" })) a class="quiet-link" href=(PEERS) { "Terug naar de pool" } }
        }
        @if !view.visits.is_empty() {
            h2 { "Bezoeken aan reviews in Kernschil" }
            ul { @for (day, name) in &view.visits { li { (day) ": " (name) } } }
        }
    };
    let text = if is_new { "Zet iemand in de pool" } else { view.name.as_str() };
    form_page(frame, Title::new(text).trail(&[("Pool van peers", PEERS)]), &view.errors, &body)
}
