//! x
use kernschil_spreadsheets::*;
#[test]
fn t() {
    let w = read_direct(&std::fs::read("/work/shared/data/duo-02-alle-schoolvestigingen-basisonderwijs.csv").unwrap(), &Limits::default()).unwrap();
    println!("{} {:?}", w.sheets[0].rows.len(), w.sheets[0].rows.last().unwrap().number);
    let p = parse::parse_duo(&w);
    for r in &w.sheets[0].rows { if !p.value.schools.iter().any(|s| s.row==r.number) { println!("{:?}", r)} }
}
