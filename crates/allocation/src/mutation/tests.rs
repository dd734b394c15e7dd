//! What only happens when prices grow for a very long time.

use serde_json::json;

use super::{Kept, Round};
use crate::cost::Packing;
use crate::index::Index;
use crate::input::{DemandKey, Input, Standing, StandingRow};
use crate::{Change, PlaceKey, School, SchoolKey, StandingGroup};

fn round() -> Input {
    let demand = |key: u64| {
        json!({
            "key": key, "student": key, "period": 0, "phase": 1, "final_phase": "Earlier", "groups": 0, "weekdays": 0,
            "travel_limit": null, "wishes": [{ "schools": [key % 2] }], "earlier_schools": [], "only_school": null,
            "standing_group": 0, "origin": null, "tie_break": 7 * key + 1,
        })
    };
    let place = |key: u64| json!({ "key": key, "school": key, "period": 0, "phases": [], "groups": 0, "weekdays": 31, "count": 2, "tie_break": key });
    let read = |rows: Vec<serde_json::Value>| serde_json::Value::from(rows);
    let school = |key| School {
        key: SchoolKey(key),
        totals: Vec::new(),
        trainers: Vec::new(),
        board: None,
        minimum: Vec::new(),
        least: 0,
        tie_break: 3,
    };
    let mut input = Input {
        demands: serde_json::from_value(read((0..5).map(demand).collect())).expect("demands"),
        places: serde_json::from_value(read((0..2).map(place).collect())).expect("places"),
        schools: (0..2).map(school).collect(),
        ..Input::default()
    };
    input.standings.schools = vec![SchoolKey(0), SchoolKey(1)];
    input.standings.rows = vec![StandingRow { group: StandingGroup(0), standings: vec![Standing::Kern; 2] }];
    input
}

#[test]
fn solving_from_the_start_changes_nothing() {
    let input = round();
    let index = Index::new(&input).expect("a valid round");
    let mut kept = Kept::<4>::new(index, Packing::wide(&input)).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let changes = [Change::Leaves(DemandKey(2)), Change::Place(PlaceKey(0), 1), Change::Place(PlaceKey(1), 3)];
    assert!(!kept.change(&changes).expect("changes of a flow").is_empty());
    let before = kept.state.flow.choice.clone();
    kept.state.renew();
    assert_eq!(kept.state.flow.choice, before);
    assert!(kept.state.take_touched().iter().all(|(&demand, &choice)| kept.state.flow.choice[demand as usize] == choice));
    let back = [Change::Returns(DemandKey(2)), Change::Place(PlaceKey(0), 2), Change::Place(PlaceKey(1), 2)];
    assert!(!kept.change(&back).expect("changes of a flow").is_empty());
    let anew =
        Kept::<4>::new(Index::new(&input).expect("a valid round"), Packing::wide(&input)).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert_eq!(kept.state.flow.choice, anew.state.flow.choice);
}
