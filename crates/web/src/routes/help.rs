//! Help: where to start, the words, the keys, what each workbook holds, and the API.

use kernschil_app::AppError;
use kernschil_app::imports::codes as known_codes;
use kernschil_http::Caller;
use kernschil_spreadsheets::definition::{ColumnDef, Presence, SheetDef};
use kernschil_spreadsheets::{ImportKind, codes as file_codes, definition};
use poem::handler;
use poem::web::Path;

use super::glossary::TERMS;
use super::support::{Answer, html};
use super::{State, imports};
use crate::components::nav::NavItem;
use crate::views::api_docs::api_docs_page;
use crate::views::help::{
    CodesView, ColumnDocs, GlossaryView, HelpTopic, HelpView, ImportDocsView, SheetDocs, Term, codes_page, glossary_page, help_page,
    import_docs_page, keys_page,
};

fn topic(title: &str, summary: &str, href: &str) -> HelpTopic {
    HelpTopic { title: title.to_owned(), summary: summary.to_owned(), href: href.to_owned() }
}

/// The first page of help.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller) -> Answer {
    let mut topics = vec![
        topic("Woordenlijst", "Wat de woorden op het scherm betekenen.", "/hulp/woordenlijst"),
        topic("Wie mag wat", "Uw eigen rollen, en wat elke rol mag.", "/hulp/wie-mag-wat"),
        topic("Toetsen", "Sneller werken zonder muis.", "/hulp/toetsen"),
    ];
    topics.extend(ImportKind::ALL.map(|kind| {
        let title = format!("Werkboek: {}", definition(kind).title);
        topic(&title, &imports::intro(kind), &format!("/hulp/importeren/{}", kind.code()))
    }));
    topics.push(topic("Codes van bevindingen", "Wat elke code in een controle betekent.", "/hulp/bevindingen"));
    topics.push(topic("Taken op de achtergrond", "Welk werk er loopt en hoe het is afgelopen.", "/taken"));
    topics.push(topic("API-sleutels", "Sleutels voor programma's die namens u werken.", "/account/sleutels"));
    topics.push(topic("API", "Voor programma's die gegevens met Kernschil uitwisselen.", "/hulp/api"));
    Ok(html(help_page(&web.frame(caller, NavItem::Help).await?, &HelpView { topics })))
}

/// The words.
#[handler]
pub(super) async fn glossary(web: State<'_>, caller: &Caller) -> Answer {
    let mut terms: Vec<_> = TERMS.iter().map(|(word, meaning)| Term { word: (*word).to_owned(), meaning: (*meaning).to_owned() }).collect();
    terms.sort_by_key(|term| term.word.to_lowercase());
    Ok(html(glossary_page(&web.frame(caller, NavItem::Help).await?, &GlossaryView { terms })))
}

/// The keys.
#[handler]
pub(super) async fn keys(web: State<'_>, caller: &Caller) -> Answer {
    Ok(html(keys_page(&web.frame(caller, NavItem::Help).await?)))
}

/// What a code of a finding means.
#[handler]
pub(super) async fn findings(web: State<'_>, caller: &Caller) -> Answer {
    let all = file_codes::CODES.iter().chain(known_codes::CODES);
    let mut codes: Vec<_> = all.map(|info| (info.code.to_owned(), info.meaning.to_owned())).collect();
    codes.sort();
    codes.dedup();
    Ok(html(codes_page(&web.frame(caller, NavItem::Help).await?, &CodesView { codes })))
}

/// The API.
#[handler]
pub(super) async fn api(web: State<'_>, caller: &Caller) -> Answer {
    Ok(html(api_docs_page(&web.frame(caller, NavItem::Help).await?, &web.api)))
}

fn column(column: &ColumnDef) -> ColumnDocs {
    ColumnDocs {
        name: column.header.clone(),
        required: if column.presence == Presence::Required { "ja" } else { "nee" }.to_owned(),
        help: column.help.clone(),
        examples: if column.example.is_empty() { Vec::new() } else { vec![column.example.clone()] },
        aliases: column.aliases.clone(),
    }
}

fn sheet(sheet: &SheetDef) -> SheetDocs {
    let needed = if sheet.presence == Presence::Required { "Dit blad is verplicht." } else { "Dit blad mag u weglaten." };
    SheetDocs {
        name: sheet.name.clone(),
        intro: format!("{} {needed}", sheet.explanation),
        columns: sheet.columns.iter().map(column).collect(),
    }
}

/// What a kind of workbook holds.
#[handler]
pub(super) async fn workbook(web: State<'_>, caller: &Caller, Path(kind): Path<String>) -> Answer {
    let kind = ImportKind::parse(&kind).ok_or(AppError::NotFound)?;
    let definition = definition(kind);
    let view = ImportDocsView {
        name: definition.title.clone(),
        intro: definition.explanation.trim().split("\n\n").map(|text| text.replace('\n', " ")).collect(),
        template: imports::template_href(caller, kind),
        sheets: definition.sheets.iter().map(sheet).collect(),
    };
    Ok(html(import_docs_page(&web.frame(caller, NavItem::Help).await?, &view)))
}
