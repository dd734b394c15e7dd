//! Nothing is kept of which the register does not tell.

use std::collections::BTreeSet;

use kernschil_app::{Actor, privacy};
use kernschil_domain::access::Role;
use kernschil_domain::privacy::DataKind;
use kernschil_domain::register::columns;
use kernschil_spreadsheets::{Limits, read_direct};
use kernschil_storage::privacy as rows;

use crate::support::TestApp;

both_databases! {
    async fn every_column_of_every_table_is_classified_and_none_that_is_gone(app: TestApp) {
        let real: BTreeSet<_> = app.app.store.read(async |tx| rows::columns(tx).await).await.unwrap().into_iter().collect();
        let told: BTreeSet<_> = columns().map(|one| (one.table.to_owned(), one.column.to_owned())).collect();
        assert!(real.len() > 250, "the schema was not read: {real:?}");
        assert_eq!(real.difference(&told).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "say in domain::register what these hold");
        assert_eq!(told.difference(&real).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "these are not in the database any more");
    }

    async fn the_register_follows_from_the_rights_and_the_terms(app: TestApp) {
        let register = privacy::register(&app.app, &Actor::CommandLine).await.unwrap();
        assert_eq!(register.unknown, Vec::<String>::new());
        assert_eq!(register.lines.len(), DataKind::ALL.len());
        let line = |kind: DataKind| register.lines.iter().find(|line| line.kind == kind).unwrap();
        let home = line(DataKind::StudentHome);
        assert_eq!(home.seen_by, [Role::Administrator, Role::RegionCoordinator, Role::PartnershipCoordinator, Role::InstituteStaff]);
        assert_eq!((home.term().as_str(), home.stands_in.as_slice()), ("2 jaar (studenten)", &["students: postcode, travel_mode".to_owned()][..]));
        assert!(line(DataKind::Secret).seen_by.is_empty());

        let workbook = privacy::register_workbook(&app.app, &Actor::CommandLine).await.unwrap();
        let raw = read_direct(&workbook.bytes, &Limits::default()).unwrap();
        let sheets: Vec<_> = raw.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.rows.len())).collect();
        // A title and a head above the rows.
        assert_eq!(sheets[..2], [("Register", DataKind::ALL.len() + 2), ("Alle kolommen", columns().count() + 2)]);
    }
}
