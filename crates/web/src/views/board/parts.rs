//! What both panels use.

use maud::{Markup, html};

use super::{BoardView, Effect, Good};
use crate::components::forms::{FieldError, csrf, error_at};
use crate::components::page::Frame;
use crate::components::text::change;

/// What changes, as a row of small labels.
pub(super) fn effects(list: &[Effect]) -> Markup {
    html! {
        ul class="effects" aria-label="Wat er verandert" {
            @for effect in list {
                @let class = match effect.good { Good::Better => "effect effect-better", Good::Worse => "effect effect-worse", Good::Same => "effect" };
                li class=(class) {
                    (effect.label) " " strong { (effect.after) }
                    @if effect.change != 0 { span class="effect-change" { " (" (change(effect.change)) ")" } }
                }
            }
        }
    }
}

/// The hidden fields that every form of the board has.
pub(super) fn hidden(frame: &Frame, view: &BoardView, fields: &[(&str, &str)]) -> Markup {
    html! {
        (csrf(&frame.csrf))
        input type="hidden" name="groep" value=(view.kind_code);
        @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
    }
}

/// The field for why a rule is set aside; `id` tells it from others on the page.
pub(super) fn reason(id: &str, value: &str, errors: &[FieldError]) -> Markup {
    let error = error_at(errors, id);
    let described = if error.is_some() { format!("uitleg-{id} fout-{id}") } else { format!("uitleg-{id}") };
    html! {
        div class={ "field" @if error.is_some() { " field-wrong" } } {
            label for={ "veld-" (id) } { "Waarom wijkt u hier af van de regel?" }
            p class="hint" id={ "uitleg-" (id) } { "Hoogstens 500 tekens. Schrijf geen medische gegevens op: \u{201c}maatwerk\u{201d} is genoeg." }
            @if let Some(error) = error { p class="field-error" id={ "fout-" (id) } { strong { "Fout: " } (error) } }
            textarea class="input" id={ "veld-" (id) } name="reden" rows="2" maxlength="500" aria-describedby=(described) aria-invalid=[error.map(|_| "true")] { (value) }
        }
    }
}
