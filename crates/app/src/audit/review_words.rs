//! Words for what is noted of peer reviews, frameworks and their steps.

use kernschil_domain::reviews::{
    FollowUpStatus, PanelVerdict, ReportState, ReviewEvent, ReviewKind, ReviewPhase, ReviewRole, ReviewState, SaveCause,
};

/// The Dutch word of a code, by what it is a code of.
pub(super) fn coded(key: &str, text: &str) -> Option<&'static str> {
    Some(match key {
        "role" => ReviewRole::parse(text)?.dutch(),
        "kind" => ReviewKind::parse(text)?.dutch(),
        "phase" => ReviewPhase::parse(text)?.dutch(),
        "event" => ReviewEvent::parse(text)?.dutch(),
        "verdict" => PanelVerdict::parse(text)?.dutch(),
        "cause" => SaveCause::parse(text)?.dutch(),
        "status" => FollowUpStatus::parse(text)?.dutch(),
        "state" => ReviewState::parse(text).map(ReviewState::dutch).or_else(|| ReportState::parse(text).map(ReportState::dutch))?,
        "fields" => match text {
            "text" => "wat er gebeurt",
            "owner" => "wie ervoor zorgt",
            "result" => "resultaat",
            "finding" => "bevinding",
            _ => return None,
        },
        "what" => match text {
            "added" => "toegevoegd",
            "answered" => "beantwoord",
            "brought" => "geladen",
            "changed" => "gewijzigd",
            "moved" => "verplaatst",
            "pinned" => "vastgezet",
            "put-back" => "teruggezet",
            "removed" => "weggehaald",
            "renewed" => "nieuwe versie",
            "said" => "gegeven",
            "withdrawn" => "teruggenomen",
            "findings-form" => "formulier voor bevindingen",
            "follow-up" => "opvolging",
            "weighing" => "weging",
            _ => return None,
        },
        _ => return None,
    })
}

/// The Dutch word for a field.
pub(super) fn label(key: &str) -> Option<&'static str> {
    Some(match key {
        "answers" => "Antwoorden",
        "cause" => "Waardoor",
        "days" => "Dagen",
        "decidedOn" => "Beoordeeld op",
        "done" => "Gedaan",
        "doneOn" => "Klaar op",
        "dueOn" => "Uiterlijk",
        "evidence" => "Bewijsstuk",
        "figure" => "Kerncijfer",
        "finding" => "Bevinding",
        "followUp" => "Actie",
        "framework" => "Kader",
        "heldOn" => "Bezocht op",
        "item" => "Deel van het programma",
        "key" => "Cijfer",
        "member" => "Deelnemer",
        "notHandedIn" => "Nog niet ingeleverd",
        "ownDate" => "Eigen datum",
        "paragraph" => "Alinea",
        "part" => "Onderdeel",
        "parts" => "Delen",
        "peer" => "Peer",
        "phase" => "Fase",
        "published" => "Gepubliceerd",
        "questions" => "Ontwikkelvragen",
        "reminders" => "Herinneringen",
        "removed" => "Weggehaald",
        "report" => "Versie van het rapport",
        "reportYear" => "Jaarrapportage",
        "respondBy" => "Reageren tot en met",
        "safeguards" => "Waarborgen",
        "event" | "step" => "Stap",
        "verdict" => "Oordeel",
        "version" => "Versie",
        "visitOn" => "Bezoekdag",
        "what" => "Wat",
        "years" => "Geplande jaren",
        _ => return None,
    })
}
