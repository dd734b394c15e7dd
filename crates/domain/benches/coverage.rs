//! Coverage of a country: 30,000 students at 6,500 schools.

#![expect(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::default_trait_access,
    reason = "a benchmark that shares its sketch with the tests"
)]

#[path = "../tests/counting/sketch.rs"]
mod sketch;

use divan::Bencher;
use kernschil_domain::codes::{Guidance, Tier};
use kernschil_domain::coverage::{CoverageScope, Moment, coverage};
use kernschil_domain::registry::Funding;
use kernschil_domain::standing::Standing;
use sketch::Sketch;

fn main() {
    divan::main();
}

fn country(students: usize, schools: usize) -> Sketch {
    let mut s = Sketch::new();
    let partnerships: Vec<_> = (0..50).map(|at| s.partnership(&format!("P{at}"))).collect();
    let institutes: Vec<_> =
        (0..24).map(|at| s.institute(&format!("{at:02}AA"), Funding::Counts, &[partnerships[at], partnerships[at + 24]])).collect();
    let offers: Vec<_> = (0..schools)
        .map(|at| {
            let tier = if at % 4 == 0 { Tier::Schil } else { Tier::Kern };
            let letter = char::from(b'A' + u8::try_from(at / 2600).unwrap());
            let code = format!("{:02}{letter}{}{:02}", at / 26 % 100, char::from(b'A' + u8::try_from(at % 26).unwrap()), 0);
            s.school(&code, (at % 10 != 0).then(|| (partnerships[at % 50], tier)), 10).1
        })
        .collect();
    for at in 0..students {
        let demand = s.student(institutes[at % 24]);
        if at % 20 != 0 {
            // Asking for the standing anew for each student would only make the set-up slow.
            s.place_as(demand, offers[at * 7 % schools], Standing::Outside, Guidance::Extra);
        }
    }
    s
}

#[divan::bench(args = [(1_131, 200), (30_000, 6_500)])]
fn whole_round(bencher: Bencher<'_, '_>, (students, schools): (usize, usize)) {
    let sketch = country(students, schools);
    bencher.bench_local(|| coverage(&sketch.data, &CoverageScope::everybody(Moment::WholeRound)).permille());
}
