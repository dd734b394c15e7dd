//! Two orders side by side, and a proposal as a file that anybody can check.

use std::path::Path;
use std::process::{Command, Output};

use kernschil_app::proposals::{self, Watch};
use serde_json::Value;

use super::*;

fn kernschil(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kernschil")).arg("--data").arg(data).args(args).output().unwrap()
}

both_databases! {
    async fn two_orders_are_solved_side_by_side_and_keeping_moves_fewest(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        assert!(proposals::two_orders(&app.app, &Actor::CommandLine, &round).await.unwrap().is_none());
        app.propose(&round).await;
        // Wishes count no more, so that much would change when everybody is placed afresh.
        let before = view(&app, &round).await;
        let rules = with(&before, RuleKind::Wishes, RuleMode::Off, None);
        change(&app, &round, rules, before.data.round.version).await.unwrap();

        let both = proposals::two_orders(&app.app, &Actor::CommandLine, &round).await.unwrap().unwrap();
        let [covered, kept] = both.plans.as_slice() else { panic!("{:?}", both.plans) };
        assert_eq!((covered.order, kept.order, both.current), (Order::CoveredFirst, Order::KeptFirst, Order::CoveredFirst));
        assert_eq!(kept.moved, 0);
        assert!(covered.moved > 0);
        assert_eq!(covered.figures.unplaced, kept.figures.unplaced);
        // Looking changed nothing; choosing to keep makes a proposal that moves nobody.
        let seen = view(&app, &round).await.data;
        let version = policy::set_order(&app.app, &Actor::CommandLine, &round, Order::KeptFirst, seen.round.version).await.unwrap();
        assert!(version > seen.round.version);
        app.propose(&round).await;
        let after = view(&app, &round).await.data;
        assert_eq!(after.placements.len(), seen.placements.len());
        assert!(seen.placements.iter().all(|(demand, placement)| after.placements[demand].offer == placement.offer));
        app.check_invariants().await;
    }
}

#[tokio::test]
async fn a_proposal_in_a_file_is_accepted_and_a_changed_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::sqlite().await;
    app.load_example("almere").await;
    let round = app.only_round().await;
    let bytes = proposals::plan_file(&app.app, &Actor::CommandLine, &round, std::sync::Arc::new(Watch::default())).await.unwrap();
    assert!(view(&app, &round).await.data.placements.is_empty(), "a file leaves the board alone");
    let verdict = proposals::verify_against_round(&app.app, &Actor::CommandLine, &round, &bytes).await.unwrap();
    assert!(verdict.is_accepted(), "{verdict:?}");

    let good = folder.path().join("plan.json");
    std::fs::write(&good, &bytes).unwrap();
    let checked = kernschil(folder.path(), &["allocate", "--verify", good.to_str().unwrap(), "--json"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
    let answer: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(answer["accepted"], true);

    // One student at a place who is not there in the proof, and one figure that is not so.
    let text = String::from_utf8(bytes).unwrap();
    let (head, tail) = text.split_once("\"unplaced\":").unwrap();
    let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap();
    let bad = format!("{head}\"unplaced\":{}{}", tail[..digits].parse::<u32>().unwrap() + 1, &tail[digits..]);
    let wrong = folder.path().join("fout.json");
    std::fs::write(&wrong, bad).unwrap();
    let refused = kernschil(folder.path(), &["allocate", "--verify", wrong.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stdout).unwrap();
    assert!(said.starts_with("Het voorstel klopt niet:\n- ") && said.contains("totalen"), "{said}");
    // The same proposal against the input of the good file.
    let with_input = ["allocate", "--verify", wrong.to_str().unwrap(), "--input", good.to_str().unwrap()];
    assert_eq!(kernschil(folder.path(), &with_input).status.code(), Some(1));

    let junk = folder.path().join("iets.json");
    std::fs::write(&junk, "{}").unwrap();
    let unreadable = kernschil(folder.path(), &["allocate", "--verify", junk.to_str().unwrap()]);
    assert_eq!(unreadable.status.code(), Some(1));
    assert!(String::from_utf8(unreadable.stderr).unwrap().contains("kernschil allocate --out"));
}
