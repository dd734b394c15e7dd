//! A small partnership to load files into.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use kernschil_domain::ids::{Clock, IdGen};
use kernschil_domain::rounds::RoundData;
use kernschil_spreadsheets::ImportKind;
use kernschil_spreadsheets::definition::definition;
use kernschil_spreadsheets::write::{FilledSheet, filled};
use kernschil_storage::{Store, StoreSettings};
use uuid::Uuid;

use crate::imports::{self, ImportFile, ImportReport, Stored};
use crate::{Actor, App, AppError, Reader};

/// A time that stands still.
#[derive(Clone, Copy)]
pub(crate) struct At(pub(crate) &'static str);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        format!("{}T10:00:00Z", self.0).parse().unwrap()
    }
}

/// Identifiers that count.
#[derive(Default)]
pub(crate) struct Counted(AtomicU64);

impl IdGen for Counted {
    fn next(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1))
    }
}

/// An application on a database of its own, gone when the test ends.
pub(crate) struct World {
    pub(crate) app: App,
    folder: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A row: fields of the definition with their values.
pub(crate) type Row<'a> = &'a [(&'a str, &'a str)];

/// A workbook with these rows.
pub(crate) fn book(kind: ImportKind, sheets: &[(&str, Vec<Row<'_>>)]) -> ImportFile {
    let filled_sheet = |(key, rows): &(&str, Vec<Row<'_>>)| {
        let def = definition(kind).sheets.iter().find(|def| def.key == *key).unwrap();
        let row = |row: &Row<'_>| {
            let mut cells = vec![String::new(); def.columns.len()];
            for (field, value) in *row {
                cells[def.column(field).unwrap_or_else(|| panic!("{field}"))] = (*value).to_owned();
            }
            cells
        };
        FilledSheet { key: (*key).to_owned(), rows: rows.iter().map(row).collect() }
    };
    let sheets: Vec<_> = sheets.iter().map(filled_sheet).collect();
    ImportFile { name: format!("{}.xlsx", kind.code()), bytes: filled(kind, &sheets).unwrap() }
}

impl World {
    /// Empty.
    pub(crate) async fn empty() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("kernschil-imports-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&StoreSettings::sqlite(&folder.join("test.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let app = App {
            store,
            clock: Arc::new(At("2026-03-01")),
            ids: Arc::new(Counted::default()),
            reader: Reader::Direct,
            wake: Arc::new(tokio::sync::Notify::new()),
            wake_mail: Arc::default(),
            hashes: Arc::default(),
            examples: Arc::default(),
            address: "http://127.0.0.1:8080".into(),
            providers: Arc::default(),
        };
        Self { app, folder }
    }

    /// With partnerships, trainers and offers.
    pub(crate) async fn with_offers() -> Self {
        let world = Self::empty().await;
        world.load(ImportKind::Partnerships, partnerships()).await.good();
        world.load(ImportKind::Trainers, trainers()).await.good();
        world.load(ImportKind::Offers, offers()).await.good();
        world
    }

    /// At another date.
    pub(crate) fn on(&self, date: &'static str) -> App {
        App { clock: Arc::new(At(date)), ..self.app.clone() }
    }

    pub(crate) async fn load(&self, kind: ImportKind, file: ImportFile) -> Loaded {
        Loaded(imports::load(&self.app, &Actor::CommandLine, kind, file).await.unwrap())
    }

    pub(crate) async fn check(&self, kind: ImportKind, file: ImportFile) -> Loaded {
        Loaded(imports::check(&self.app, &Actor::CommandLine, kind, file).await.unwrap())
    }

    pub(crate) async fn refused(&self, kind: ImportKind, name: &str, bytes: &[u8]) -> String {
        let file = ImportFile { name: name.to_owned(), bytes: bytes.to_vec() };
        match imports::load(&self.app, &Actor::CommandLine, kind, file).await {
            Err(AppError::File { code, message, advice }) => {
                assert!(message.ends_with('.') && advice.ends_with('.'), "{message} {advice}");
                code
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn round(&self) -> RoundData {
        self.app.picture(&Actor::CommandLine, "talent-2026-2027", kernschil_domain::access::Permission::ReadStudents).await.unwrap()
    }
}

/// A report with ways to look at it.
pub(crate) struct Loaded(pub(crate) ImportReport);

impl Loaded {
    /// Everything was stored.
    pub(crate) fn good(&self) -> &Self {
        assert!(matches!(self.0.stored, Stored::Everything { .. }), "{:#?}", self.0);
        self
    }

    /// Nothing changed.
    pub(crate) fn unchanged(&self) -> &Self {
        assert_eq!(self.0.stored, Stored::Unchanged, "{:#?}", self.0.changes);
        assert!(!self.0.changes_anything());
        self
    }

    /// Added, changed, unchanged rows of a table.
    pub(crate) fn table(&self, code: &str) -> (usize, usize, usize) {
        self.0.changes.iter().find(|change| change.table == code).map_or((0, 0, 0), |c| (c.added, c.changed, c.unchanged))
    }

    /// Codes of all findings, in order.
    pub(crate) fn codes(&self) -> Vec<&str> {
        self.0.outcome.findings.list.iter().map(|finding| finding.code.as_ref()).collect()
    }

    /// Each finding as `code Blad!C2 value`.
    pub(crate) fn found(&self) -> Vec<String> {
        let one = |f: &kernschil_spreadsheets::Finding| {
            assert!(f.message.ends_with('.') && f.advice.ends_with(['.', '?']), "{f:?}");
            assert!(crate::imports::codes::meaning(&f.code).is_some(), "{}", f.code);
            let column = f.column.as_ref().map(|c| c.letters.as_str()).unwrap_or_default();
            let row = f.row.map(|row| row.to_string()).unwrap_or_default();
            format!("{} {}!{column}{row} {}", f.code, f.sheet.as_deref().unwrap_or_default(), f.value.as_deref().unwrap_or_default())
                .trim()
                .to_owned()
        };
        self.0.outcome.findings.list.iter().map(one).collect()
    }
}

pub(crate) const TALENT: &str = "Talent voor Onderwijs";
pub(crate) const ROUND: &str = "Talent 2026-2027";

pub(crate) const PARTNERSHIP: Row<'_> = &[
    ("name", TALENT),
    ("status", "erkend"),
    ("regions", "Gelderland-Zuid; Noordoost-Brabant"),
    ("lead_board", "41775"),
    ("institutes", "25KB"),
    ("valid_from", "01-08-2022"),
];

pub(crate) const YEAR_1: Row<'_> = &[
    ("institute", "25KB"),
    ("institute_name", "HAN"),
    ("croho", "34808"),
    ("name", "Leraar basisonderwijs"),
    ("form", "voltijd"),
    ("level", "hbo-bachelor"),
    ("counts_for_funding", "ja"),
    ("phase_ordinal", "1"),
    ("phase", "jaar 1"),
    ("phase_kind", "eerste"),
];

pub(crate) const YEAR_2: Row<'_> = &[
    ("institute", "25KB"),
    ("institute_name", "HAN"),
    ("croho", "34808"),
    ("name", "Leraar basisonderwijs"),
    ("form", "voltijd"),
    ("level", "hbo-bachelor"),
    ("counts_for_funding", "ja"),
    ("phase_ordinal", "2"),
    ("phase", "jaar 2"),
    ("phase_kind", "laatste"),
];

pub(crate) const KERN_BOARD: Row<'_> =
    &[("number", "41775"), ("name", "Stichting De Kern"), ("partnership", TALENT), ("tier", "kern"), ("valid_from", "01-08-2022")];

pub(crate) const SCHIL_BOARD: Row<'_> = &[
    ("number", "00123"),
    ("name", "Stichting Éénpitter"),
    ("partnership", TALENT),
    ("tier", "schil"),
    ("valid_from", "01-08-2022"),
    ("buddy", "41775"),
];

pub(crate) const KERN_SCHOOL: Row<'_> = &[
    ("school", "05XH00"),
    ("name", "De Krullevaar"),
    ("sector", "bo"),
    ("postcode", "6525 HP"),
    ("place", "Nijmegen"),
    ("board", "41775"),
    ("partnership", TALENT),
    ("tier", "kern"),
    ("valid_from", "01-08-2022"),
];

pub(crate) const SCHIL_SCHOOL: Row<'_> = &[
    ("school", "11AM00"),
    ("name", "De Zoë"),
    ("sector", "bo"),
    ("postcode", "6500 AA"),
    ("place", "Nijmegen"),
    ("board", "00123"),
    ("partnership", TALENT),
    ("tier", "schil"),
    ("valid_from", "01-08-2022"),
    ("buddy", "05XH00"),
];

/// One partnership with a kern and a schil school.
pub(crate) fn partnerships() -> ImportFile {
    book(
        ImportKind::Partnerships,
        &[
            ("partnerships", vec![PARTNERSHIP]),
            ("programmes", vec![YEAR_1, YEAR_2]),
            ("boards", vec![KERN_BOARD, SCHIL_BOARD]),
            ("schools", vec![KERN_SCHOOL, SCHIL_SCHOOL]),
            ("conditions", vec![&[("partnership", TALENT), ("tier", "schil"), ("kind", "getrainde mentoren"), ("value", "50%")]]),
            ("quality", vec![&[("school", "11AM00"), ("kind", "getrainde mentoren"), ("value", "80"), ("valid_from", "01-08-2025")]]),
        ],
    )
}

pub(crate) const TRAINER: Row<'_> = &[
    ("number", "SO-1"),
    ("name", "Zoë van 't Hof"),
    ("kind", "schoolopleider"),
    ("employer", "41775"),
    ("capacity", "15"),
    ("schools", "05XH00; 11AM00"),
    ("valid_from", "01-08-2025"),
];

/// One trainer at both schools.
pub(crate) fn trainers() -> ImportFile {
    let certificate: Row<'_> =
        &[("number", "SO-1"), ("kind", "BRLO-registratie"), ("valid_from", "15-03-2024"), ("valid_until", "14-03-2028")];
    book(ImportKind::Trainers, &[("trainers", vec![TRAINER]), ("qualifications", vec![certificate])])
}

pub(crate) const ROUND_ROW: Row<'_> = &[("round", ROUND), ("school_year", "2026-2027"), ("partnerships", TALENT), ("travel_limit", "60")];
pub(crate) const WHOLE_YEAR: Row<'_> = &[("round", ROUND), ("period", "heel jaar"), ("starts_on", "31-08-2026"), ("ends_on", "16-07-2027")];
pub(crate) const FIRST_HALF: Row<'_> =
    &[("round", ROUND), ("period", "semester 1"), ("starts_on", "31-08-2026"), ("ends_on", "29-01-2027")];
pub(crate) const SECOND_HALF: Row<'_> =
    &[("round", ROUND), ("period", "semester 2"), ("starts_on", "01-02-2027"), ("ends_on", "16-07-2027")];
pub(crate) const KERN_OFFER: Row<'_> = &[
    ("round", ROUND),
    ("school", "05XH00"),
    ("period", "heel jaar"),
    ("phases", "Jaar 2; jaar 1"),
    ("groups", "1-4"),
    ("weekdays", "ma;di"),
    ("count", "2"),
];
pub(crate) const SCHIL_OFFER: Row<'_> = &[("round", ROUND), ("school", "11AM00"), ("period", "heel jaar"), ("count", "3")];

/// One round with places at both schools.
pub(crate) fn offers() -> ImportFile {
    book(
        ImportKind::Offers,
        &[
            ("rounds", vec![ROUND_ROW]),
            ("periods", vec![WHOLE_YEAR, FIRST_HALF, SECOND_HALF]),
            ("offers", vec![KERN_OFFER, SCHIL_OFFER]),
            ("totals", vec![&[("round", ROUND), ("school", "05XH00"), ("period", "heel jaar"), ("maximum", "2")]]),
        ],
    )
}

/// A student with changes to the usual row.
pub(crate) fn student(changes: Row<'_>) -> Vec<(&str, &str)> {
    let usual = [
        ("round", ROUND),
        ("institute", "25KB"),
        ("number", "s001"),
        ("given_name", "Zoë"),
        ("prefix", "van 't"),
        ("family_name", "Hof"),
        ("postcode", "6525 HP"),
        ("croho", "34808"),
        ("form", "voltijd"),
        ("start_year", "2026"),
        ("phase", "jaar 1"),
        ("period", "heel jaar"),
        ("groups", "1-2"),
        ("weekdays", "ma"),
        ("wish1", "05XH00"),
        ("wish2", "00123"),
    ];
    let kept = usual.into_iter().filter(|(field, _)| changes.iter().all(|(changed, _)| changed != field));
    kept.chain(changes.iter().copied()).collect()
}

/// A workbook of students.
pub(crate) fn students(rows: &[Vec<(&str, &str)>]) -> ImportFile {
    book(ImportKind::Students, &[("students", rows.iter().map(Vec::as_slice).collect())])
}
