//! `kernschil check`: what must always hold.

use kernschil_app::checks::{self, RoundViolations};
use serde_json::json;

use crate::exit::{Exit, Stop};
use crate::open::{Need, with};
use crate::output::{Align, Answer, table};
use crate::settings::Settings;

/// Looks at everything.
pub(crate) async fn run(settings: &Settings) -> Result<Answer, Stop> {
    with(settings, Need::Existing, async |app| Ok(answer(&checks::run(app).await?))).await
}

fn answer(rounds: &[RoundViolations]) -> Answer {
    let rows: Vec<_> = rounds
        .iter()
        .flat_map(|round| {
            round.violations.iter().map(|v| vec![round.round.clone(), v.code.to_owned(), v.subject.clone(), v.message.clone()])
        })
        .collect();
    let count = rows.len();
    let title = if count == 1 { "1 afwijking".to_owned() } else { format!("{count} afwijkingen") };
    let text = if count == 0 {
        title
    } else {
        let columns = [("Ronde", Align::Left), ("Code", Align::Left), ("Wat", Align::Left), ("Uitleg", Align::Left)];
        format!("{}\n\n{title}", table(&columns, &rows))
    };
    Answer { exit: if count == 0 { Exit::Done } else { Exit::No }, text, json: json!({ "violations": count, "rounds": rounds }) }
}

#[cfg(test)]
mod tests {
    use kernschil_domain::invariants::Violation;

    use super::*;

    #[test]
    fn nothing_wrong_is_the_good_answer() {
        let good = answer(&[]);
        assert_eq!((good.exit, good.text.as_str()), (Exit::Done, "0 afwijkingen"));
        let violation = Violation { code: "plek-te-vol", subject: "05XH00".into(), message: "Er zijn 4 studenten op 3 plekken.".into() };
        let bad = answer(&[RoundViolations { round: "Talent 2026".into(), violations: vec![violation] }]);
        assert_eq!(bad.exit, Exit::No);
        assert!(bad.text.contains("Talent 2026  plek-te-vol  05XH00  Er zijn 4") && bad.text.ends_with("\n1 afwijking"), "{}", bad.text);
    }
}
