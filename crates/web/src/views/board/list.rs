//! The students on the left: search, choose one, tick several.

use maud::{Markup, html};

use super::{BoardStudent, BoardView};
use crate::components::filters::{ChipState, search};
use crate::components::forms::csrf;
use crate::components::icons::{Icon, icon};
use crate::components::page::Frame;
use crate::components::signs::{sign, sign_of};
use crate::components::text::number;

fn student(entry: &BoardStudent) -> Markup {
    html! {
        li class="board-row" {
            span class="board-pick-field" {
                input type="checkbox" class="board-pick" id={ "kies-" (entry.pick) } form="kiezen" name="rij" value=(entry.pick)
                    checked[entry.ticked == ChipState::Chosen] data-pick;
                label class="visually-hidden" for={ "kies-" (entry.pick) } { "Kies " (entry.name) ", " (entry.phase) }
            }
            a class="board-student" href=(entry.href) aria-current=[(entry.state == ChipState::Chosen).then_some("true")] data-student {
                (sign(sign_of(entry.status)))
                span class="board-student-words" {
                    span class="board-name" { (entry.name) }
                    span class="board-phase" { (entry.phase) }
                    span class="visually-hidden" { (entry.status.dutch()) }
                    @if !entry.school.is_empty() { span class="board-phase" { (entry.school) } }
                    @if !entry.remark.is_empty() { span class="board-remark" { (entry.remark) } }
                }
            }
        }
    }
}

/// The list with its search.
pub(super) fn student_list(frame: &Frame, view: &BoardView) -> Markup {
    html! {
        section class="board-list" aria-labelledby="lijst" {
            h2 id="lijst" { (view.kind) " " span class="muted" { (number(view.list_total)) } }
            form class="board-search" method="post" action=(view.round.path("plaatsbord")) role="search" {
                (csrf(&frame.csrf))
                input type="hidden" name="groep" value=(view.kind_code);
                (search("zoek", "Zoek een student", &view.search))
                button class="button button-second" type="submit" { (icon(Icon::Search)) span class="visually-hidden" { "Zoek" } }
            }
            @if view.chosen.is_some() || view.many.is_some() { a class="skip skip-here" href="#gekozen" { "Direct naar wie u koos" } }
            @if view.list.is_empty() {
                p class="board-empty" { @if view.search.is_empty() { "Hier is niets meer te doen." } @else { "Niemand gevonden. Zoek op een deel van de naam of op studentnummer." } }
            } @else {
                ul class="board-students" tabindex="-1" { @for entry in &view.list { (student(entry)) } }
                form class="board-picked" id="kiezen" method="post" action=(view.round.path("plaatsbord/gekozen")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="groep" value=(view.kind_code);
                    button class="button button-second" type="submit" { "Verder met aangevinkte studenten" span data-picked {} }
                }
                @if view.paging.pages() > 1 { (pages(view)) }
            }
        }
    }
}

/// Other parts of the list; a search is a form, so it has only its first part.
fn pages(view: &BoardView) -> Markup {
    let (page, pages) = (view.paging.page, view.paging.pages());
    let to = |page: u32| format!("{}?groep={}&pagina={page}", view.round.path("plaatsbord"), view.kind_code);
    html! {
        @if view.search.is_empty() {
            nav class="board-pages" aria-label="Delen van de lijst" {
                @if page > 1 { a href=(to(page - 1)) rel="prev" { "Vorige" } }
                span class="muted" { "Deel " (page) " van " (pages) }
                @if page < pages { a href=(to(page + 1)) rel="next" { "Volgende" } }
            }
        } @else { p class="small muted" { "De eerste " (view.paging.per_page) " staan hier. Zoek preciezer om een ander te vinden." } }
    }
}
