//! How each page is asked for.

use kernschil_domain::access::Permission;
use poem::http::Method;

use super::{Payload, Spec, Subject, changes, reads};
use crate::matrix::world::Things;

/// How a page is asked for; nothing when it is not known here. One group of pages after the other, so that a new one
/// finds its place.
#[expect(clippy::match_same_arms, reason = "pages stand with those they belong to")]
pub(super) fn page(method: &Method, path: &str) -> Option<Spec> {
    use Subject::{Import, Installation, Job, Letter, Nowhere, OfReader, Own, Round, Scenario, School, Student, WholeRound};
    let posts = *method == Method::POST;
    let empty: fn(&Things) -> Payload = |_| Payload::Form(Vec::new());
    Some(match path {
        // Before somebody is signed in; what such a link opens, its own tests show.
        "/inloggen/tweede-factor" | "/wachtwoord-vergeten" | "/wachtwoord-herstellen" | "/uitnodiging/:token" if posts => {
            changes(&[Own], empty)
        }
        "/inloggen/tweede-factor"
        | "/inloggen/:provider"
        | "/inloggen/:provider/terug"
        | "/uitnodiging/:token/:provider"
        | "/wachtwoord-vergeten"
        | "/wachtwoord-vergeten/verstuurd"
        | "/wachtwoord-herstellen"
        | "/wachtwoord-herstellen/:token"
        | "/uitnodiging/:token" => reads(&[Own]),
        // People of a peer review.
        "/peers" if posts => Spec { payload: |_| Payload::Form(vec![("zoek", "iemand".to_owned())]), ..reads(&[Own]) },
        "/peers/nieuw" if posts => changes(&[Own], empty),
        "/peers" | "/peers.xlsx" | "/peers/nieuw" => reads(&[Own]),
        "/peers/:id" if posts => changes(&[Nowhere], empty),
        "/peers/:id" => reads(&[Nowhere]),
        "/peer-reviews/:slug/deelnemers/antwoord" => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("antwoord", "agreed".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/deelnemers/:id/") => changes(&[Nowhere], |_| {
            let fields = [("versie", "1"), ("rol", "member"), ("tot", "2027-01-01")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/datum" if posts => changes(&[Nowhere], empty),
        "/peer-reviews/:slug/panel/oordeel"
        | "/peer-reviews/:slug/deelnemers"
        | "/peer-reviews/:slug/datum/dagen"
        | "/peer-reviews/:slug/datum/kiezen"
            if posts =>
        {
            changes(&[Subject::Review], empty)
        }
        "/peer-reviews/:slug/panel" | "/peer-reviews/:slug/deelnemers" | "/peer-reviews/:slug/datum" => reads(&[Subject::Review]),
        // The calendar of peer reviews, and each review as a whole.
        "/peer-reviews" | "/peer-reviews/werkboek.xlsx" | "/peer-reviews/kalender.ics" => reads(&[Own]),
        "/peer-reviews/nieuw" | "/peer-reviews/stappen" if posts => changes(&[Own], empty),
        "/peer-reviews/nieuw" | "/peer-reviews/stappen" => reads(&[Own]),
        "/peer-reviews/:slug/stappen" if posts => changes(&[Subject::Review], |_| {
            let fields = [("versie", "1"), ("naam", "Bellen"), ("fase", "preparing"), ("dagen", "-3"), ("wie", "chair")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/stappen/:nummer/weg" => changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned())])),
        "/peer-reviews/:slug" | "/peer-reviews/:slug/kalender.ics" | "/peer-reviews/:slug/stappen" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/logboek" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/gegevens" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned()), ("naam", "Anders".to_owned())]))
        }
        "/peer-reviews/:slug/gegevens" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/verder" => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned()), ("gebeurtenis", "begin".to_owned())]))
        }
        "/peer-reviews/:slug/stappen/:nummer" => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned()), ("klaar-vandaag", "ja".to_owned())]))
        }
        "/peer-reviews/:slug/tweede-kans" => changes(&[Subject::Review], empty),
        // Quality frameworks.
        "/kaders" if posts => changes(&[Own], |_| Payload::Form(vec![("naam", "Proef".to_owned())])),
        "/kaders" | "/kaders/nieuw" | "/kaders/sjabloon.xlsx" => reads(&[Own]),
        "/kaders/bestand" => changes(&[Own], |_| Payload::Upload("students", "almere/studenten.xlsx")),
        "/kaders/:slug/bestand" => changes(&[Installation], |_| Payload::Upload("students", "almere/studenten.xlsx")),
        path if path.starts_with("/kaders/:slug") && posts => {
            changes(&[Installation], |_| Payload::Form(vec![("versie", "1".to_owned()), ("naam", "Proef".to_owned())]))
        }
        path if path.starts_with("/kaders/:slug") => reads(&[Installation]),
        "/peer-reviews/:slug/kader" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned()), ("naar", "proefkader".to_owned())]))
        }
        "/peer-reviews/:slug/kader" => reads(&[Subject::Review]),
        // What is prepared for a peer review.
        "/peer-reviews/:slug/reflectie/:part" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "0".to_owned()), ("tekst", "Wij doen dit zo.".to_owned())]))
        }
        "/peer-reviews/:slug/reflectie" | "/peer-reviews/:slug/reflectie/:part" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/reflectie/:part/kerncijfers" => changes(&[Subject::Review], empty),
        path if path.starts_with("/peer-reviews/:slug/reflectie/:part/kerncijfers/:figure") => changes(&[Nowhere], empty),
        "/peer-reviews/:slug/reflectie/:part/geschiedenis" if posts => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("terug", "99".to_owned())]))
        }
        "/peer-reviews/:slug/reflectie/:part/geschiedenis" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/reflectie/:part/samenvoegen" => reads(&[Nowhere]),
        // What cannot be brought is refused in the same way for everybody who may; a piece that is not there is not there.
        "/peer-reviews/:slug/bewijsstukken" if posts => {
            changes(&[Subject::Review], |_| Payload::Upload("students", "almere/studenten.xlsx"))
        }
        "/peer-reviews/:slug/bewijsstukken" => reads(&[Subject::Review]),
        path if path.starts_with("/peer-reviews/:slug/bewijsstukken/:evidence") && posts => {
            if path.ends_with("/versie") {
                changes(&[Nowhere], |_| Payload::Upload("students", "almere/studenten.xlsx"))
            } else {
                changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("titel", "Plan".to_owned())]))
            }
        }
        path if path.starts_with("/peer-reviews/:slug/bewijsstukken/:evidence") => reads(&[Nowhere]),
        "/peer-reviews/:slug/dag" | "/peer-reviews/:slug/dag/werker.js" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/dag/notities" => changes(&[Subject::Review], |_| {
            let fields = [("notitie", "0190f3b2-7c4e-7000-8000-0000000000ee"), ("versie", "0"), ("tekst", "Goed gesprek.")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/dag/notities/:note/weg" => changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned())])),
        "/peer-reviews/:slug/programma" if posts => changes(&[Subject::Review], |_| {
            Payload::Form(vec![("begin", "9.30".to_owned()), ("eind", "10.00".to_owned()), ("titel", "Ontvangst".to_owned())])
        }),
        "/peer-reviews/:slug/programma" => reads(&[Subject::Review]),
        path if path.starts_with("/peer-reviews/:slug/programma/:item") && posts => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("titel", "Ontvangst".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/programma/:item") => reads(&[Nowhere]),
        "/peer-reviews/:slug/ontwikkelvragen" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("vraag", "Hoe leren wij samen?".to_owned())]))
        }
        "/peer-reviews/:slug/ontwikkelvragen" => reads(&[Subject::Review]),
        path if path.starts_with("/peer-reviews/:slug/ontwikkelvragen/:question") => changes(&[Nowhere], |_| {
            Payload::Form(vec![("versie", "1".to_owned()), ("vraag", "Hoe?".to_owned()), ("richting", "omhoog".to_owned())])
        }),
        "/peer-reviews/:slug/reflectie-inleveren" | "/peer-reviews/:slug/reflectie-terughalen" => changes(&[Subject::Review], empty),
        // What each of the panel finds. A finding of another is not there.
        "/peer-reviews/:slug/bevindingen" if posts => changes(&[Subject::Review], |_| {
            let fields = [("soort", "strength"), ("onderdeel", "1"), ("bevinding", "Er is een gedeeld beeld.")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/bevindingen/:finding" | "/peer-reviews/:slug/bevindingen/:finding/verwijderen" if posts => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("bevinding", "Anders".to_owned())]))
        }
        "/peer-reviews/:slug/bevindingen/:finding" => reads(&[Nowhere]),
        "/peer-reviews/:slug/bevindingen-formulier" | "/peer-reviews/:slug/bevindingen-formulier/overnemen" => {
            changes(&[Subject::Review], |_| Payload::Upload("students", "almere/studenten.xlsx"))
        }
        "/peer-reviews/:slug/bevindingen-inleveren" | "/peer-reviews/:slug/bevindingen-openen" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("gezien", "1".to_owned())]))
        }
        "/peer-reviews/:slug/bevindingen-geschiedenis" if posts => changes(&[Subject::Review], |_| {
            Payload::Form(vec![("wijziging", "00000000-0000-7000-8000-000000000000".to_owned()), ("gezien", "1".to_owned())])
        }),
        path if path.starts_with("/peer-reviews/:slug/bevindingen") => reads(&[Subject::Review]),
        // Weighing, outcome and follow-up. No review follows on another here.
        "/peer-reviews/:slug/weging" if posts => changes(&[Subject::Review], |_| {
            let fields = [("formulier", "nieuw"), ("soort", "strength"), ("onderdeel", "1"), ("tekst", "Samen.")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/weging" | "/peer-reviews/:slug/weging/werkboek.xlsx" => reads(&[Subject::Review]),
        // What somebody wrote about a joint finding that is gone is shown to her again, so these send no text.
        path if path.starts_with("/peer-reviews/:slug/weging/:joint") => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned())]))
        }
        "/peer-reviews/:slug/oordeel" if posts => changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned())])),
        "/peer-reviews/:slug/oordeel" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/opvolging" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("actie", "Doen".to_owned()), ("wie", "De coördinator".to_owned())]))
        }
        "/peer-reviews/:slug/opvolging" | "/peer-reviews/:slug/opvolging/werkboek.xlsx" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/opvolging/:action" => changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned())])),
        "/peer-reviews/:slug/vorige" => reads(&[Nowhere]),
        // The report. There is no version here, and nothing is published.
        "/peer-reviews/:slug/rapport/verschil" => reads(&[Nowhere]),
        path if path.starts_with("/peer-reviews/:slug/rapport/versies/") => reads(&[Nowhere]),
        path if path.starts_with("/peer-reviews/:slug/rapport/reactie/:comment") => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("tekst", "Anders.".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/rapport") && posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("nummer", "1".to_owned()), ("versie", "1".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/rapport") => reads(&[Subject::Review]),
        "/peer-reviews/:slug/publiceren" | "/peer-reviews/:slug/publicatie/terughalen" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned())]))
        }
        "/peer-reviews/:slug/publiceren" => reads(&[Subject::Review]),
        path if path.starts_with("/peer-reviews/:slug/publicatie") => reads(&[Nowhere]),
        // One's own account.
        "/account/sessies/:id/beeindigen" | "/account/sleutels/:id/intrekken" => changes(&[OfReader], empty),
        "/account/inlogdiensten/koppelen" | "/account/inlogdiensten/loskoppelen" => changes(&[Nowhere], empty),
        path if path.starts_with("/account") && posts => changes(&[Own], empty),
        path if path.starts_with("/account") => reads(&[Own]),
        // The installation.
        "/hulp/wie-mag-wat"
        | "/eerste-keer/organisatie"
        | "/eerste-keer/gegevens"
        | "/logboek"
        | "/logboek.xlsx"
        | "/instellingen"
        | "/instellingen/mail"
        | "/instellingen/bewaartermijnen"
        | "/privacy"
        | "/privacy/register"
        | "/privacy/register.xlsx"
        | "/privacy/studenten"
        | "/gebruikers"
        | "/gebruikers.xlsx"
        | "/gebruikers/uitnodigen"
            if !posts =>
        {
            reads(&[Own])
        }
        "/privacy/studenten" | "/gebruikers" => Spec { payload: |_| Payload::Form(vec![("zoek", "iemand".to_owned())]), ..reads(&[Own]) },
        "/eerste-keer/voorbeelden" => Spec { also: Some(Permission::MakeProposals), ..changes(&[Own], empty) },
        "/eerste-keer/organisatie"
        | "/instellingen"
        | "/instellingen/mail/proef"
        | "/instellingen/bewaartermijnen"
        | "/instellingen/bewaartermijnen/toepassen"
        | "/gebruikers/uitnodigen" => changes(&[Own], empty),
        "/privacy/studenten/:id"
        | "/privacy/studenten/:id/inzage.xlsx"
        | "/privacy/studenten/:id/inzage.json"
        | "/privacy/studenten/:id/corrigeren"
        | "/privacy/studenten/:id/anonimiseren"
        | "/gebruikers/:id"
        | "/gebruikers/:id/rollen/nieuw"
            if !posts =>
        {
            reads(&[Installation])
        }
        path if path.starts_with("/privacy/studenten/:id/")
            || path.starts_with("/gebruikers/:id/")
            || path.starts_with("/instellingen/mail/:id/") =>
        {
            changes(&[Installation], empty)
        }
        "/"
        | "/hulp"
        | "/hulp/woordenlijst"
        | "/hulp/toetsen"
        | "/hulp/bevindingen"
        | "/hulp/api"
        | "/hulp/importeren/:kind"
        | "/taken"
        | "/assets/app.css"
        | "/assets/app.js"
        | "/assets/mark.svg" => reads(&[Own]),
        "/inloggen" | "/eerste-keer" if posts => changes(&[Own], |_| Payload::Form(Vec::new())),
        "/inloggen" | "/eerste-keer" => reads(&[Own]),
        "/uitloggen" => changes(&[Own], |_| Payload::Form(Vec::new())),
        "/taken/:id" => reads(&[Job]),
        "/taken/:id/afbreken" => changes(&[Job], |_| Payload::Form(Vec::new())),
        "/rondes/:slug/studenten" | "/rondes/:slug/plaatsbord" if posts => {
            Spec { payload: |things| Payload::Form(vec![("zoek", things.number.clone())]), ..reads(&[Round]) }
        }
        "/rondes/:slug"
        | "/rondes/:slug/scholen"
        | "/rondes/:slug/scholen.xlsx"
        | "/rondes/:slug/studenten"
        | "/rondes/:slug/studenten.xlsx"
        | "/rondes/:slug/plaatsbord"
        | "/rondes/:slug/dekking"
        | "/rondes/:slug/dekking.xlsx"
        | "/rondes/:slug/dekking/studenten"
        | "/rondes/:slug/dekking/studenten.xlsx"
        | "/rondes/:slug/werkboeken"
        | "/rondes/:slug/werkboeken/:file" => reads(&[Round]),
        "/rondes/:slug/scholen/:code" => reads(&[Round, School]),
        "/rondes/:slug/studenten/:id" | "/rondes/:slug/studenten/:id/waarom" => reads(&[Round, Student]),
        "/rondes/:slug/tekorten" | "/rondes/:slug/tekorten.xlsx" | "/rondes/:slug/tekorten/studenten" => reads(&[WholeRound]),
        "/rondes/:slug/scenarios" if posts => {
            changes(&[WholeRound], |_| Payload::Form(vec![("naam", "proef".to_owned()), ("begin", "ronde".to_owned())]))
        }
        "/rondes/:slug/scenarios" | "/rondes/:slug/scenarios/nieuw" | "/rondes/:slug/scenarios/vergelijken" => reads(&[WholeRound]),
        "/rondes/:slug/scenarios/vergelijken.xlsx" => Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound]) },
        // Changes after publication.
        "/rondes/:slug/wijzigingen/nieuw" if posts => changes(&[WholeRound], |_| Payload::Form(vec![("soort", "enrolment".to_owned())])),
        "/rondes/:slug/wijzigingen" | "/rondes/:slug/wijzigingen/student" if posts => Spec {
            payload: |_| Payload::Form(vec![("zoek", "iemand".to_owned()), ("soort", "student-stopped".to_owned())]),
            ..reads(&[WholeRound])
        },
        "/rondes/:slug/wijzigingen" | "/rondes/:slug/wijzigingen/nieuw" => reads(&[WholeRound]),
        "/rondes/:slug/wijzigingen.xlsx" => Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound]) },
        "/rondes/:slug/wijzigingen/:id/verplaatsingen.xlsx" => {
            Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound, Scenario]) }
        }
        "/rondes/:slug/wijzigingen/:id" => reads(&[WholeRound, Scenario]),
        path if path.starts_with("/rondes/:slug/wijzigingen/:id/") && posts => {
            changes(&[WholeRound, Scenario], |_| Payload::Form(vec![("versie", "1".to_owned()), ("volgorde", "kept-first".to_owned())]))
        }
        "/rondes/:slug/wachtlijst" | "/rondes/:slug/wachtlijst.xlsx" => reads(&[Round]),
        "/rondes/:slug/wachtlijst/plaats" => changes(&[Round, Student], |things| {
            Payload::Form(vec![("vraag", things.demand.to_string()), ("plek", things.offer.to_string())])
        }),
        path if path.starts_with("/rondes/:slug/scenarios/:id") && posts => changes(&[WholeRound, Scenario], |things| {
            Payload::Form(vec![("naam", format!("proef {}", things.scenario)), ("versie", "1".to_owned())])
        }),
        path if path.starts_with("/rondes/:slug/scenarios/:id") => reads(&[WholeRound, Scenario]),
        "/rondes/:slug/regels" if !posts => reads(&[WholeRound]),
        "/rondes/:slug/regels" | "/rondes/:slug/regels/gewone" | "/rondes/:slug/regels/besturen" => {
            changes(&[WholeRound], |_| Payload::Form(vec![("versie", "1".to_owned())]))
        }
        "/rondes/:slug/stappen" if posts => changes(&[WholeRound], |_| Payload::Form(vec![("event", "back".to_owned())])),
        "/rondes/:slug/stappen/datums" => changes(&[WholeRound], empty),
        "/rondes/:slug/antwoorden" | "/rondes/:slug/antwoorden.xlsx" => reads(&[Round]),
        "/rondes/:slug/antwoorden/vragen" => changes(&[Round], empty),
        "/rondes/:slug/antwoorden/:code" => changes(&[Round, School], |_| Payload::Form(vec![("answer", "none".to_owned())])),
        "/rondes/:slug/vaststellen" if posts => changes(&[WholeRound], empty),
        "/rondes/:slug/vaststellen/terugdraaien" => changes(&[WholeRound], |_| Payload::Form(vec![("reason", "mistake".to_owned())])),
        "/rondes/:slug/bekendmaken" if posts => changes(&[WholeRound], |_| Payload::Form(vec![("audience", "schools".to_owned())])),
        "/rondes/:slug/brieven/:wave/werkboek.xlsx" => Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound]) },
        "/rondes/:slug/brieven/:wave/:letter" => reads(&[WholeRound, Letter]),
        "/rondes/:slug/brieven/:wave/:letter/werkboek.xlsx" => {
            Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound, Letter]) }
        }
        "/rondes/:slug/stappen"
        | "/rondes/:slug/vaststellen"
        | "/rondes/:slug/bekendmaken"
        | "/rondes/:slug/brieven"
        | "/rondes/:slug/brieven/:wave"
        | "/rondes/:slug/brieven/:wave/afdrukken" => reads(&[WholeRound]),
        "/rondes/:slug/voorstel" if posts => changes(&[WholeRound], |_| Payload::Form(Vec::new())),
        "/rondes/:slug/voorstel" | "/rondes/:slug/voorstel/volgorde" => reads(&[WholeRound]),
        "/rondes/:slug/plaatsbord/plaats" => changes(&[Round, Student], |things| {
            let fields =
                [("vraag", things.demand.to_string()), ("plek", things.offer.to_string()), ("versie", things.placement.to_string())];
            Payload::Form(fields.into_iter().chain([("begeleiding", "extra".to_owned())]).collect())
        }),
        "/rondes/:slug/plaatsbord/los" => changes(&[Round, Student], |things| {
            Payload::Form(vec![("vraag", things.demand.to_string()), ("versie", things.placement.to_string())])
        }),
        "/rondes/:slug/plaatsbord/gekozen" => Spec { payload: |things| Payload::Form(vec![("rij", picked(things))]), ..reads(&[Round]) },
        "/rondes/:slug/plaatsbord/meer" => {
            changes(&[Round, Student], |things| Payload::Form(vec![("rij", picked(things)), ("handeling", "pin".to_owned())]))
        }
        "/rondes/:slug/plaatsbord/team" => {
            changes(&[Round, Student], |things| Payload::Form(vec![("rij", picked(things)), ("naam", "Leerteam".to_owned())]))
        }
        "/rondes/:slug/plaatsbord/wissel" | "/rondes/:slug/plaatsbord/vastzetten" | "/rondes/:slug/plaatsbord/uitsluiten" => {
            changes(&[Round, Student], |things| {
                let (demand, placement) = (things.demand.to_string(), things.placement.to_string());
                Payload::Form(vec![
                    ("vraag", demand.clone()),
                    ("versie", placement.clone()),
                    ("ander", demand),
                    ("anderversie", placement),
                    ("stand", "pinned".to_owned()),
                ])
            })
        }
        "/rondes/:slug/plaatsbord/overslaan" => changes(&[Round, Student], |things| {
            let fields = [("vraag", things.demand.to_string()), ("versie", things.placement.to_string()), ("stand", "left-out".to_owned())];
            Payload::Form(fields.into())
        }),
        "/rondes/:slug/plaatsbord/ongedaan" => {
            changes(&[Round, Student], |things| Payload::Form(vec![("wijziging", things.change.to_string())]))
        }
        "/importeren" if posts => {
            Spec { also: Some(Permission::ImportStudents), ..changes(&[Own], |_| Payload::Upload("students", "almere/studenten.xlsx")) }
        }
        "/importeren" => reads(&[Own]),
        "/importeren/sjabloon/:file" => Spec { also: Some(Permission::ImportStudents), ..reads(&[Own]) },
        "/importeren/:id" => reads(&[Import]),
        "/importeren/:id/laden" => changes(&[Own], |_| Payload::Form(Vec::new())),
        "/importeren/:id/bevindingen.xlsx" => reads(&[Own]),
        _ => return None,
    })
}

/// A demand as it was seen, as the value of a tick box.
fn picked(things: &Things) -> String {
    format!("{}.{}", things.demand, things.placement)
}
