//! The frame around every page: head, navigation, message, main part, footer.

use kernschil_app::settings::Installation;
use maud::{DOCTYPE, Markup, html};

use super::forms::{FieldError, csrf, error_summary};
use super::icons::{Icon, icon};
use super::may::May;
use super::nav::{NavItem, RoundRef, nav};
use super::signs::mark;
use crate::assets;
use crate::charts::patterns;

/// What every page needs to know besides its own view.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Name of the signed-in user; nobody on the pages before signing in.
    pub user: Option<String>,
    /// Whose texts a browser keeps while they are not stored: an identifier; empty for nobody.
    pub owner: String,
    /// Token that goes with every form.
    pub csrf: String,
    /// Where the reader is in the navigation.
    pub active: NavItem,
    /// The round the page is about, or the last one the reader looked at.
    pub round: Option<RoundRef>,
    /// Message about what just happened.
    pub flash: Option<Flash>,
    /// What the reader may do.
    pub may: May,
    /// Whose installation this is.
    pub installation: Installation,
}

/// A message at the top of the page about what just happened.
#[derive(Debug, Clone)]
pub struct Flash {
    /// How it went.
    pub kind: FlashKind,
    /// One sentence.
    pub text: String,
    /// How to take it back.
    pub undo: Option<UndoForm>,
}

/// How something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashKind {
    /// It was done.
    Done,
    /// It was not done, or only in part.
    Problem,
}

/// A form with one button that takes the last change back.
#[derive(Debug, Clone)]
pub struct UndoForm {
    /// Where it is posted.
    pub action: String,
    /// Words on the button, usually "Ongedaan maken".
    pub label: String,
    /// Hidden fields: name and value.
    pub fields: Vec<(String, String)>,
}

/// What a page says about itself.
#[derive(Debug, Clone, Copy)]
pub struct Title<'a> {
    /// Heading and title of the page.
    pub text: &'a str,
    /// A sentence under the heading, or nothing.
    pub lead: &'a str,
    /// Pages above this one: words and address.
    pub trail: &'a [(&'a str, &'a str)],
}

impl<'a> Title<'a> {
    /// A title without trail and without a sentence under it.
    pub fn new(text: &'a str) -> Self {
        Self { text, lead: "", trail: &[] }
    }

    /// The same title with a sentence under it.
    #[must_use]
    pub fn lead(self, lead: &'a str) -> Self {
        Self { lead, ..self }
    }

    /// The same title with the pages above it.
    #[must_use]
    pub fn trail(self, trail: &'a [(&'a str, &'a str)]) -> Self {
        Self { trail, ..self }
    }
}

fn head(title: &str, errors: &[FieldError]) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { @if !errors.is_empty() { "Fout: " } (title) " – Kernschil" }
            link rel="icon" href=(assets::mark_href()) type="image/svg+xml";
            link rel="stylesheet" href=(assets::css_href());
            script src=(assets::js_href()) defer {}
        }
    }
}

fn flash(frame: &Frame) -> Markup {
    html! {
        @if let Some(flash) = &frame.flash {
            @let (class, role, drawing) = match flash.kind {
                FlashKind::Done => ("flash", "status", Icon::Tick),
                FlashKind::Problem => ("flash flash-problem", "alert", Icon::Warning),
            };
            div class=(class) role=(role) tabindex="-1" data-focus {
                (icon(drawing))
                p { (flash.text) }
                @if let Some(undo) = &flash.undo {
                    form method="post" action=(undo.action) data-undo {
                        (csrf(&frame.csrf))
                        @for (name, value) in &undo.fields { input type="hidden" name=(name) value=(value); }
                        button class="button button-quiet" type="submit" { (icon(Icon::Undo)) (undo.label) }
                    }
                }
            }
        }
    }
}

fn title_block(title: &Title<'_>) -> Markup {
    html! {
        @if !title.trail.is_empty() {
            nav class="trail" aria-label="Kruimelpad" {
                ol { @for (words, href) in title.trail { li { a href=(href) { (words) } } } }
            }
        }
        div class="title-block" {
            h1 { (title.text) }
            @if !title.lead.is_empty() { p class="lead" { (title.lead) } }
        }
    }
}

/// Whose installation this is, once somebody said so.
fn place(installation: &Installation) -> Markup {
    html! {
        @if !installation.organisation.is_empty() {
            p class="side-place" {
                (installation.organisation)
                @if let Some(year) = installation.school_year { span { "Schooljaar " (year) } }
            }
        }
    }
}

fn sign_out(frame: &Frame, user: &str) -> Markup {
    html! {
        div class="account" {
            a class="account-name" href="/account" { span class="visually-hidden" { "Uw account, ingelogd als " } (user) }
            form method="post" action="/uitloggen" { (csrf(&frame.csrf)) button class="link-button" type="submit" { "Uitloggen" } }
        }
    }
}

/// A page inside the product.
pub fn page(frame: &Frame, title: Title<'_>, body: &Markup) -> Markup {
    form_page(frame, title, &[], body)
}

/// A page with a form that may have been filled in wrongly.
pub fn form_page(frame: &Frame, title: Title<'_>, errors: &[FieldError], body: &Markup) -> Markup {
    shell(frame, title, errors, body)
}

fn shell(frame: &Frame, title: Title<'_>, errors: &[FieldError], body: &Markup) -> Markup {
    let round = frame.round.as_ref();
    html! {
        (DOCTYPE)
        html lang="nl" {
            (head(title.text, errors))
            body class="product" data-owner=(frame.owner) {
                a class="skip" href="#inhoud" { "Direct naar de inhoud" }
                (patterns())
                header class="side" {
                    div class="side-top" {
                        a class="brand" href="/" { (mark()) span { "Kernschil" } }
                        details class="menu" {
                            summary { "Menu" }
                            div class="menu-panel" {
                                (place(&frame.installation))
                                nav aria-label="Menu" { (nav(frame.active, round, &frame.may)) }
                                @if let Some(user) = &frame.user { (sign_out(frame, user)) }
                            }
                        }
                    }
                    (place(&frame.installation))
                    nav class="side-nav" aria-label="Hoofdmenu" { (nav(frame.active, round, &frame.may)) }
                    @if let Some(user) = &frame.user { (sign_out(frame, user)) }
                }
                div class="content" {
                    main id="inhoud" tabindex="-1" {
                        (flash(frame))
                        (error_summary(errors))
                        (title_block(&title))
                        (body)
                    }
                    (footer())
                }
            }
        }
    }
}

/// A page for somebody who is not signed in: a card beside the mark.
pub fn outside_page(frame: &Frame, title: Title<'_>, errors: &[FieldError], body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="nl" {
            (head(title.text, errors))
            body class="outside-page" {
                a class="skip" href="#inhoud" { "Direct naar de inhoud" }
                (patterns())
                header class="cover" {
                    a class="brand" href="/" { (mark()) span { "Kernschil" } }
                    p class="cover-line" { "Een goede plek voor elke leraar in opleiding." }
                    (super::signs::orbit())
                }
                div class="content" {
                    main id="inhoud" tabindex="-1" {
                        (flash(frame))
                        (error_summary(errors))
                        (title_block(&title))
                        (body)
                    }
                }
            }
        }
    }
}

fn footer() -> Markup {
    html! {
        footer class="footer" {
            p { "Kernschil " (env!("CARGO_PKG_VERSION")) }
            ul {
                li { a href="/hulp" { "Hulp" } }
                li { a href="/hulp/woordenlijst" { "Woordenlijst" } }
                li { a href="/hulp/toetsen" { "Toetsen" } }
            }
        }
    }
}
