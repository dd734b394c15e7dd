//! `kernschil check`: what must always hold, and what nobody may touch: snapshots, what was sealed in peer reviews, the log.

use kernschil_app::announcements::{self, BrokenSnapshot};
use kernschil_app::audit::{self, LogCheck};
use kernschil_app::checks::{self, RoundViolations};
use kernschil_app::reviews::seals::{self, BrokenSeal};
use serde_json::json;

use crate::cli::{Check, CheckOnly};
use crate::exit::{Exit, Stop};
use crate::open::{Need, with};
use crate::output::{Align, Answer, table};
use crate::settings::Settings;

/// More lines than this nobody reads; machines get all.
const MOST: usize = 100;

/// Looks at everything, or only at the log.
pub(crate) async fn run(settings: &Settings, check: Check) -> Result<Answer, Stop> {
    with(settings, Need::Existing, async |app| {
        Ok(match check.only {
            Some(CheckOnly::Audit(asked)) => log(&audit::check(app, asked.since.as_ref()).await?),
            None => {
                let (rounds, snapshots, seals) = (checks::run(app).await?, announcements::broken(app).await?, seals::broken(app).await?);
                everything(&rounds, &snapshots, &seals, &audit::check(app, None).await?)
            }
        })
    })
    .await
}

fn everything(rounds: &[RoundViolations], snapshots: &[BrokenSnapshot], seals: &[BrokenSeal], log: &LogCheck) -> Answer {
    let of_rounds = rounds.iter().flat_map(|round| {
        round.violations.iter().map(|v| vec![round.round.clone(), v.code.to_owned(), v.subject.clone(), v.message.clone()])
    });
    let changed = "De inhoud hoort niet bij de vingerafdruk: er is later iets aan veranderd.";
    let of_snapshots = snapshots
        .iter()
        .map(|broken| vec![broken.round.clone(), "momentopname-gewijzigd".to_owned(), broken.kind.dutch().to_owned(), changed.to_owned()]);
    let of_seals = seals.iter().map(|broken| vec![broken.of.clone(), broken.code.to_owned(), broken.subject.clone(), changed.to_owned()]);
    let of_log = log.deviations.iter().map(|found| {
        let place = found.seq.map_or_else(String::new, |seq| format!("plaats {seq}"));
        vec!["Logboek".to_owned(), found.code.to_owned(), place, found.message.clone()]
    });
    let rows: Vec<_> = of_rounds.chain(of_snapshots).chain(of_seals).chain(of_log).collect();
    let columns = [("Waar", Align::Left), ("Code", Align::Left), ("Wat", Align::Left), ("Uitleg", Align::Left)];
    let text = format!("{}\n\n{}", found(&columns, &rows), end_of(log));
    let json = json!({ "violations": rows.len(), "rounds": rounds, "snapshots": snapshots, "seals": seals, "audit": log });
    Answer { exit: exit(&rows), text, json }
}

fn log(log: &LogCheck) -> Answer {
    let row = |found: &audit::LogDeviation| {
        vec![found.seq.map_or_else(String::new, |seq| seq.to_string()), found.code.to_owned(), found.message.clone()]
    };
    let rows: Vec<_> = log.deviations.iter().map(row).collect();
    let columns = [("Plaats", Align::Right), ("Code", Align::Left), ("Uitleg", Align::Left)];
    let advice = if rows.is_empty() {
        "Bewaar die regel buiten deze machine. Met --since ziet u later of het logboek tot daar nog hetzelfde is."
    } else {
        "Bewaar de database zoals zij nu is, en vergelijk haar met een reservekopie van voor de eerste afwijking."
    };
    let text = format!("{}\n\n{}\n{advice}", found(&columns, &rows), end_of(log));
    Answer { exit: exit(&rows), text, json: json!(log) }
}

/// The deviations, and how many there are.
fn found(columns: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let title = if rows.len() == 1 { "1 afwijking".to_owned() } else { format!("{} afwijkingen", rows.len()) };
    match rows.len() {
        0 => title,
        1..=MOST => format!("{}\n\n{title}", table(columns, rows)),
        more => format!("{}\nen nog {}; met --json ziet u ze alle\n\n{title}", table(columns, &rows[..MOST]), more - MOST),
    }
}

fn end_of(log: &LogCheck) -> String {
    match log.events {
        0 => "Het logboek heeft geen gebeurtenissen.".to_owned(),
        1 => format!("Het logboek heeft 1 gebeurtenis en eindigt op:\n{}", log.end),
        events => format!("Het logboek heeft {events} gebeurtenissen en eindigt op:\n{}", log.end),
    }
}

fn exit(rows: &[Vec<String>]) -> Exit {
    if rows.is_empty() { Exit::Done } else { Exit::No }
}

#[cfg(test)]
mod tests {
    use kernschil_app::audit::LogDeviation;
    use kernschil_domain::ids::SnapshotId;
    use kernschil_domain::invariants::Violation;
    use kernschil_domain::mutations::SnapshotKind;

    use super::*;

    fn checked(deviations: Vec<LogDeviation>) -> LogCheck {
        LogCheck { events: 12, end: "12:0f".to_owned(), deviations }
    }

    fn gap(seq: i64) -> LogDeviation {
        LogDeviation { code: "regel-ontbreekt", seq: Some(seq), message: "Vóór plaats 3 ontbreekt een gebeurtenis.".to_owned() }
    }

    #[test]
    fn nothing_wrong_is_the_good_answer() {
        let good = everything(&[], &[], &[], &checked(Vec::new()));
        let expected = "0 afwijkingen\n\nHet logboek heeft 12 gebeurtenissen en eindigt op:\n12:0f";
        assert_eq!((good.exit, good.text.as_str()), (Exit::Done, expected));
        let good = log(&checked(Vec::new()));
        assert_eq!(good.exit, Exit::Done);
        assert!(good.text.starts_with(expected), "{}", good.text);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let violation = Violation { code: "plek-te-vol", subject: "05XH00".into(), message: "Er zijn 4 studenten op 3 plekken.".into() };
        let rounds = [RoundViolations { round: "Talent 2026".into(), violations: vec![violation] }];
        let id = SnapshotId(uuid::Uuid::nil());
        let snapshots = [BrokenSnapshot { round: "Talent 2026".into(), id, kind: SnapshotKind::Fixed }];
        let seals = [BrokenSeal { of: "Peer review HAK".into(), code: "inlevering-gewijzigd", subject: "0190".into() }];
        let bad = everything(&rounds, &snapshots, &seals, &checked(vec![gap(3)]));
        assert_eq!(bad.exit, Exit::No);
        let parts = [
            "Talent 2026      plek-te-vol",
            "momentopname-gewijzigd  vaststelling",
            "Peer review HAK  inlevering-gewijzigd    0190",
            "regel-ontbreekt         plaats 3",
            "\n4 afwijkingen\n",
        ];
        for part in parts {
            assert!(bad.text.contains(part), "{part} in {}", bad.text);
        }
        let bad = log(&checked(vec![gap(3)]));
        assert_eq!(bad.exit, Exit::No);
        assert!(bad.text.contains("     3  regel-ontbreekt  Vóór plaats 3") && bad.text.contains("\n1 afwijking\n"), "{}", bad.text);
        assert_eq!(bad.json["deviations"][0]["seq"], 3);
    }

    #[test]
    fn a_long_list_is_cut_for_people_only() {
        let bad = log(&checked((1..=130).map(gap).collect()));
        assert!(bad.text.contains("en nog 30; met --json") && bad.text.contains("130 afwijkingen"), "{}", bad.text);
        assert_eq!(bad.json["deviations"].as_array().unwrap().len(), 130);
    }
}
