//! Several chosen students on the right: who they are, and what can be done for all of them, each with what it does.

use maud::{Markup, html};

use super::parts::{effects, hidden, reason};
use super::{BoardView, Ends, Many, ManyAction, ManySwap, Picked};
use crate::components::forms::{Input, input};
use crate::components::icons::{Icon, icon};
use crate::components::page::Frame;
use crate::components::signs::{sign, sign_of};
use crate::components::text::counted;

fn picked(row: &Picked) -> Markup {
    html! {
        li class="picked" {
            (sign(sign_of(row.status)))
            span {
                span class="board-name" { (row.name) }
                span class="visually-hidden" { ", " (row.status.dutch()) }
                span class="muted" { " " @if row.school.is_empty() { "nog geen plek" } @else { (row.school) } }
                @if !row.remark.is_empty() { " " span class="board-remark" { (row.remark) } }
            }
        }
    }
}

fn rows(many: &Many) -> Markup {
    html! { @for row in &many.students { input type="hidden" name="rij" value=(row.pick); } }
}

fn action(frame: &Frame, view: &BoardView, many: &Many, action: &ManyAction) -> Markup {
    html! {
        li class="candidate" {
            div class="candidate-words" {
                p class="candidate-school" { (action.label) }
                (effects(&action.effects))
            }
            form method="post" action=(view.round.path("plaatsbord/meer")) {
                (hidden(frame, view, &[("handeling", &action.code)]))
                (rows(many))
                button class="button button-second" type="submit" { "Doe dit" span class="visually-hidden" { ": " (action.label) } }
            }
        }
    }
}

fn swap(frame: &Frame, view: &BoardView, swap: &ManySwap) -> Markup {
    let fields =
        [("vraag", swap.demand.as_str()), ("versie", &swap.version), ("ander", &swap.with.demand), ("anderversie", &swap.with.version)];
    html! {
        li class={ "candidate" @if !swap.with.rules.is_empty() { " candidate-bent" } } {
            div class="candidate-words" {
                p class="candidate-school" { "Wissel de plekken van " (swap.name) " en " (swap.with.name) }
                @for rule in &swap.with.rules { p class="candidate-warning" { (icon(Icon::Warning)) "Regel: " (rule) } }
                (effects(&swap.with.effects))
            }
            form method="post" action=(view.round.path("plaatsbord/wissel")) {
                (hidden(frame, view, &fields))
                @if swap.with.rules.is_empty() {
                    button class="button button-second" type="submit" { "Wissel" }
                } @else {
                    (reason("reden-wissel", &swap.reason, &view.errors))
                    button class="button button-second" type="submit" { "Wissel en zet de regel opzij" }
                }
            }
        }
    }
}

fn team(frame: &Frame, view: &BoardView, many: &Many) -> Markup {
    html! {
        h3 { "Bij elkaar op één school" }
        @if let Some(team) = &many.team {
            p { @if many.students.len() == 1 { "Deze student hoort" } @else { "Deze studenten horen" } " bij team " strong { (team.name) } "." }
            form class="decision" method="post" action=(view.round.path("plaatsbord/team")) {
                (hidden(frame, view, &[("team", &team.team), ("versie", &team.version)]))
                (rows(many))
                button class="button button-second" type="submit" { @if team.ends == Ends::Yes { "Hef dit team op" } @else { "Haal uit dit team" } }
            }
        } @else {
            form class="decision" method="post" action=(view.round.path("plaatsbord/team")) {
                (hidden(frame, view, &[]))
                (rows(many))
                (input(Input::text("naam", "Naam van het team", &many.team_name).hint("Een voorstel zet de leden op één school. Een bestaande naam? Dan komen zij bij dat team."), &view.errors))
                button class="button button-second" type="submit" { "Maak er een team van" }
            }
        }
    }
}

/// Several chosen students.
pub(super) fn many_panel(frame: &Frame, view: &BoardView, many: &Many) -> Markup {
    let count = u32::try_from(many.students.len()).unwrap_or(u32::MAX);
    html! {
        section class="board-chosen" id="gekozen" tabindex="-1" aria-labelledby="gekozen-naam" {
            p class="board-back" { a href={ "#lijst" } { "Terug naar de lijst" } }
            h2 id="gekozen-naam" { (counted(count, "student", "studenten")) " gekozen" }
            ul class="picked-list" { @for row in &many.students { (picked(row)) } }
            h3 { "Wat wilt u doen?" }
            @if many.actions.is_empty() && many.swap.is_none() { p class="board-empty" { "Voor deze studenten is hier niets te doen." } }
            ol class="candidates" {
                @if let Some(two) = &many.swap { (swap(frame, view, two)) }
                @for one in &many.actions { (action(frame, view, many, one)) }
            }
            @if count > 1 || many.team.is_some() { (team(frame, view, many)) }
        }
    }
}
