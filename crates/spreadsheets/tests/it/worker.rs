//! The worker process, played by the example `read_workbook` that Cargo builds along with the tests.

use std::path::PathBuf;

use kernschil_spreadsheets::raw::RawNote;
use kernschil_spreadsheets::worker::read_in_worker;
use kernschil_spreadsheets::{Limits, RawWorkbook, ReadError, codes, read_direct};

use crate::support::{handmade, inline, parts, zip_parts};

fn exe() -> PathBuf {
    // target/debug/deps/it-... next to target/debug/examples/read_workbook
    let tests = std::env::current_exe().unwrap();
    tests.parent().and_then(|deps| deps.parent()).unwrap().join("examples").join("read_workbook")
}

fn in_worker(name: &str, bytes: &[u8], limits: &Limits) -> Result<RawWorkbook, ReadError> {
    read_in_worker(&exe(), "read-workbook", name, bytes.to_vec(), limits)
}

#[test]
fn the_worker_gives_the_same_cells_as_reading_here() {
    let bytes = handmade(&format!("<row r=\"1\">{}<c r=\"B1\"><v>46266.5</v></c></row>", inline("A1", "Zoë \"van 't\" Hof")));
    assert_eq!(in_worker("lijst.xlsx", &bytes, &Limits::default()), read_direct(&bytes, &Limits::default()));
    let named = in_worker("lijst.csv", &bytes, &Limits::default()).unwrap();
    assert_eq!(named.notes, [RawNote::Extension { name: "lijst.csv".to_owned() }]);
    assert_eq!(in_worker("x.pdf", b"%PDF-1.7", &Limits::default()), Err(ReadError::Pdf));
    assert_eq!(in_worker("x.csv", b"", &Limits::default()), Err(ReadError::Empty));
}

#[test]
fn a_worker_that_asks_for_too_much_memory_dies_alone() {
    // 40 MB of stored bytes do not fit in 32 MB.
    let limits = Limits { worker_memory_bytes: 32 * 1024 * 1024, file_bytes: 64 * 1024 * 1024, ..Limits::default() };
    let bytes = vec![b'x'; 40 * 1024 * 1024];
    assert_eq!(in_worker("groot.csv", &bytes, &limits).unwrap_err().code(), codes::READER_ABORTED);
    let died = read_in_worker(&exe(), "read-workbook-and-die", "a.csv", b"a;b".to_vec(), &Limits::default());
    assert_eq!(died, Err(ReadError::Aborted));
}

#[test]
fn an_answer_that_is_too_long_is_not_taken() {
    let mut all = parts("", "");
    all[4].1 =
        format!("<worksheet><sheetData><row r=\"1\">{}</row></sheetData></worksheet>", inline("A1", &"x".repeat(20_000))).into_bytes();
    let limits = Limits { worker_output_bytes: 1_000, ..Limits::default() };
    assert_eq!(in_worker("a.xlsx", &zip_parts(&all), &limits), Err(ReadError::Aborted));
}
