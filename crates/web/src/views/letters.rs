//! Waves of letters and the letters themselves, on the screen and on A4.

use kernschil_app::announcements::{LetterPart, LetterText, Visitor};
use kernschil_domain::periods::dutch_date;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::figures::{Figure, empty, figures};
use crate::components::filters::{FilterOption, apply, search, select};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, Paging, export, pagination, pagination_below, table};
use crate::components::text::{counted, number};
use crate::components::url::href;

/// A wave in a list.
#[derive(Debug, Clone)]
pub struct WaveRow {
    /// Number in the round.
    pub ordinal: i32,
    /// For whom.
    pub audience: String,
    /// Why: the announcement, or a change.
    pub occasion: String,
    /// When, in words.
    pub made: String,
    /// Letters.
    pub letters: u32,
    /// Letters that a mail carries.
    pub mails: u32,
    /// Letters that somebody prints.
    pub paper: u32,
}

/// A snapshot in a list.
#[derive(Debug, Clone)]
pub struct SnapshotRow {
    /// What of.
    pub kind: String,
    /// When, in words.
    pub made: String,
    /// Places in it.
    pub placed: u32,
    /// Its hash.
    pub hash: String,
    /// Whether that is the hash of its content.
    pub sound: Sound,
    /// Demands whose place is another now.
    pub differences: u32,
}

/// Whether a snapshot is what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// It is.
    Yes,
    /// It was changed.
    No,
}

/// The waves of a round.
#[derive(Debug, Clone, Default)]
pub struct WavesView {
    /// Which round.
    pub round: RoundRef,
    /// Waves, the first one first.
    pub waves: Vec<WaveRow>,
    /// Snapshots, newest first.
    pub snapshots: Vec<SnapshotRow>,
}

fn wave_row(round: &RoundRef, wave: &WaveRow) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(round.path(&format!("brieven/{}", wave.ordinal))) { "Verzending " (wave.ordinal) } }
            td { (wave.audience) }
            td { (wave.occasion) }
            td { (wave.made) }
            td class="figure" { (number(wave.letters)) }
            td class="figure" { (number(wave.mails)) }
            td class="figure" { (number(wave.paper)) }
        }
    }
}

fn snapshot_row(snapshot: &SnapshotRow) -> Markup {
    html! {
        tr {
            th scope="row" { (snapshot.kind) }
            td { (snapshot.made) }
            td class="figure" { (number(snapshot.placed)) }
            td {
                @match snapshot.sound { Sound::Yes => (tag(Tone::Good, "klopt")), Sound::No => (tag(Tone::Signal, "is gewijzigd")) }
                code class="hash" { (snapshot.hash) }
            }
            td {
                @if snapshot.differences == 0 { "gelijk aan nu" }
                @else { (counted(snapshot.differences, "plaats is", "plaatsen zijn")) " nu anders" }
            }
        }
    }
}

/// `/rondes/{slug}/brieven`
pub fn waves_page(frame: &Frame, view: &WavesView) -> Markup {
    let heads = |words: &[&str]| html! { tr { @for word in words { th scope="col" { (word) } } } };
    let body = html! {
        section class="panel" aria-labelledby="verzendingen" {
            h2 id="verzendingen" { "Verzendingen" }
            @if view.waves.is_empty() {
                (empty("Er zijn nog geen brieven", &html! { p { "Brieven ontstaan bij het " a href=(view.round.path("bekendmaken")) { "bekendmaken" } "." } }))
            } @else {
                @let head = html! { tr { th scope="col" { "Verzending" } th scope="col" { "Voor" } th scope="col" { "Waarom" } th scope="col" { "Wanneer" } th scope="col" class="figure" { "Brieven" } th scope="col" class="figure" { "Per mail" } th scope="col" class="figure" { "Op papier" } } };
                (table("Verzendingen van deze ronde", Density::Roomy, &head, &html! { @for wave in &view.waves { (wave_row(&view.round, wave)) } }))
            }
        }
        section class="panel" aria-labelledby="momentopnamen" {
            h2 id="momentopnamen" { "Momentopnamen" }
            @if view.snapshots.is_empty() { p class="muted" { "Nog niets. Bij het vaststellen en bekendmaken legt Kernschil vast wie waar geplaatst is." } }
            @else {
                p class="panel-lead" { "Bij elke stap is vastgelegd wie waar geplaatst is, zonder namen. De vingerafdruk laat zien dat daarna niemand er iets aan heeft veranderd. Hij staat ook in het logboek." }
                (table("Momentopnamen van deze ronde", Density::Roomy, &heads(&["Wat", "Wanneer", "Plaatsen", "Vingerafdruk", "Vergeleken met nu"]), &html! { @for snapshot in &view.snapshots { (snapshot_row(snapshot)) } }))
            }
        }
    };
    let overview = view.round.path("");
    page(frame, Title::new("Brieven").lead("Wie wat te horen kreeg, en wanneer.").trail(&[(&view.round.name, &overview)]), &body)
}

/// What is asked of the letters of a wave, as it stands in the address. Names are not searched for there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LetterFilter {
    /// Code or name of a school, or an institute.
    pub zoek: String,
    /// `scholen` or `studenten`.
    pub voor: String,
    /// Code of a delivery, or `papier`.
    pub bezorging: String,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl LetterFilter {
    /// Filters that are filled in.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let pairs = [("zoek", self.zoek.as_str()), ("voor", &self.voor), ("bezorging", &self.bezorging)];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// A letter in a list.
#[derive(Debug, Clone)]
pub struct LetterRow {
    /// Identifier.
    pub id: String,
    /// Who it is for.
    pub to: String,
    /// Code of the school or name of the institute.
    pub about: String,
    /// What it says.
    pub kind: String,
    /// How it gets there.
    pub delivery: String,
    /// How that looks.
    pub tone: Tone,
}

/// A wave with its letters.
#[derive(Debug, Clone, Default)]
pub struct WaveView {
    /// Which round.
    pub round: RoundRef,
    /// Number in the round.
    pub ordinal: i32,
    /// For whom and when, in a sentence.
    pub lead: String,
    /// What was asked.
    pub filter: LetterFilter,
    /// For whom, to choose from.
    pub audiences: Vec<FilterOption>,
    /// Deliveries to choose from.
    pub deliveries: Vec<FilterOption>,
    /// The letters of this page.
    pub rows: Vec<LetterRow>,
    /// Which page it is.
    pub paging: Paging,
    /// Letters in all.
    pub letters: u32,
    /// Letters that a mail carries.
    pub mails: u32,
    /// Letters that somebody prints.
    pub paper: u32,
}

/// `/rondes/{slug}/brieven/{wave}`
pub fn wave_page(frame: &Frame, view: &WaveView) -> Markup {
    let here = format!("brieven/{}", view.ordinal);
    let path = view.round.path(&here);
    let pairs = view.filter.pairs();
    let print = |pairs: &[(&str, &str)]| href(&view.round.path(&format!("{here}/afdrukken")), pairs);
    let list = [
        Figure::count("Brieven", view.letters).href(path.clone()),
        Figure::count("Per mail", view.mails),
        Figure::count("Af te drukken", view.paper).note("geen adres, of geweigerd").href(href(&path, &[("bezorging", "papier")])),
    ];
    let head = html! { tr { th scope="col" { "Voor" } th scope="col" { "Brief" } th scope="col" { "Bezorging" } } };
    let rows = html! {
        @for letter in &view.rows {
            tr {
                th scope="row" { a href=(view.round.path(&format!("{here}/{}", letter.id))) { (letter.to) } span class="row-code" { (letter.about) } }
                td { (letter.kind) }
                td { (tag(letter.tone, &letter.delivery)) }
            }
        }
    };
    let body = html! {
        (figures(&list))
        div class="buttons" {
            @if view.paper > 0 { a class="button" href=(print(&[("bezorging", "papier")])) { "Druk " (counted(view.paper, "brief", "brieven")) " af die niet per mail gaan" } }
            a class="button button-second" href=(print(&pairs)) { "Alle brieven als pagina's" }
            (export(&view.round.path(&format!("{here}/werkboek.xlsx"))))
        }
        form class="filters" method="get" action=(path) role="search" aria-label="Brieven filteren" {
            (search("zoek", "Zoek op school, code of instituut", &view.filter.zoek))
            (select("voor", "Voor", "Iedereen", &view.filter.voor, &view.audiences))
            (select("bezorging", "Bezorging", "Alle", &view.filter.bezorging, &view.deliveries))
            (apply((!pairs.is_empty()).then_some(path.as_str())))
        }
        @if view.rows.is_empty() { (empty("Geen brief past bij deze filters", &html! { p { a href=(path) { "Wis de filters" } } })) }
        @else {
            div class="table-bar" { (pagination(&path, &pairs, &view.paging)) }
            (table("Brieven", Density::Dense, &head, &rows))
            (pagination_below(&path, &pairs, &view.paging))
        }
    };
    let (overview, all) = (view.round.path(""), view.round.path("brieven"));
    let title = format!("Verzending {}", view.ordinal);
    page(frame, Title::new(&title).lead(&view.lead).trail(&[(&view.round.name, &overview), ("Brieven", &all)]), &body)
}

fn visitors(school: &str, visitors: &[Visitor]) -> Markup {
    let head = html! { tr { th scope="col" { "Student" } th scope="col" { "Opleiding en fase" } th scope="col" { "Periode" } th scope="col" { "Dagen en groepen" } th scope="col" { "Opleider" } } };
    let rows = html! {
        @for visitor in visitors {
            tr {
                th scope="row" { (visitor.name) }
                td { (visitor.institute) br; (visitor.phase) }
                td { (visitor.period) }
                td { (visitor.weekdays) br; (visitor.groups) }
                td { @if visitor.trainer.is_empty() { "nog niet bekend" } @else { (visitor.trainer) } }
            }
        }
    };
    table(&format!("Wie er komen op {school}"), Density::Dense, &head, &rows)
}

fn letter_part(text: &LetterText, part: &LetterPart) -> Markup {
    match part {
        LetterPart::Heading(words) => html! { h3 { (words) } },
        LetterPart::Paragraph(words) => html! { p { (words) } },
        LetterPart::Facts(facts) => {
            html! { dl class="letter-facts" { @for (word, what) in facts { div { dt { (word) } dd { (what) } } } } }
        }
        LetterPart::Visitors(list) => visitors(text.to.first().map_or("", String::as_str), list),
    }
}

/// A letter as it stands on paper.
pub fn letter_sheet(text: &LetterText) -> Markup {
    html! {
        article class="letter" lang="nl" {
            p class="letter-to" { @for (at, line) in text.to.iter().enumerate() { @if at > 0 { br; } (line) } }
            p class="letter-date" { (dutch_date(text.date)) }
            h2 class="letter-subject" { (text.subject) }
            p { (text.greeting) }
            @for part in &text.parts { (letter_part(text, part)) }
            p class="letter-from" { "Met vriendelijke groet," br; br; @for (at, line) in text.from.iter().enumerate() { @if at > 0 { br; } (line) } }
        }
    }
}

/// Letters to print, each on a page of its own.
#[derive(Debug, Clone, Default)]
pub struct PrintView {
    /// Which round.
    pub round: RoundRef,
    /// Number of the wave.
    pub ordinal: i32,
    /// The letters.
    pub letters: Vec<LetterText>,
    /// The workbook of the one letter on the page, when it is the list of a school.
    pub workbook: Option<String>,
}

/// `/rondes/{slug}/brieven/{wave}/afdrukken` and one letter.
pub fn print_page(frame: &Frame, view: &PrintView) -> Markup {
    let one = view.letters.len() == 1;
    let body = html! {
        div class="buttons print-hide" {
            p class="muted" { "Druk deze pagina af met uw browser (Ctrl+P). " @if !one { "Elke brief staat op een eigen blad." } }
            @if let Some(address) = &view.workbook { (export(address)) }
        }
        @if view.letters.is_empty() { (empty("Er is niets af te drukken", &html! { p { "Alle brieven van deze keuze gaan per mail." } })) }
        div class="letters" { @for letter in &view.letters { (letter_sheet(letter)) } }
    };
    let (overview, all) = (view.round.path(""), view.round.path("brieven"));
    let wave = view.round.path(&format!("brieven/{}", view.ordinal));
    let words = format!("Verzending {}", view.ordinal);
    let title = if one { "Brief".to_owned() } else { counted(u32::try_from(view.letters.len()).unwrap_or(u32::MAX), "brief", "brieven") };
    page(frame, Title::new(&title).trail(&[(&view.round.name, &overview), ("Brieven", &all), (&words, &wave)]), &body)
}
