//! Which right opens which operation. An operation without a row is refused to everybody, and fails a test.

use kernschil_domain::access::Permission;
use kernschil_http::{Door, LOADING};

/// The door of an operation; nothing when it has no row.
pub fn door(operation: &str) -> Option<Door> {
    Some(match operation {
        "createSession" => Door::Open,
        "getCurrentSession" | "deleteCurrentSession" | "getOpenApiDocument" => Door::SignedIn,
        "listRounds" | "getRound" => Door::Needs(Permission::ReadRounds),
        "listSchools" | "getSchool" => Door::Needs(Permission::ReadSchools),
        "listStudents" | "searchStudents" | "getStudent" | "listCoverageStudents" => Door::Needs(Permission::ReadStudents),
        "getCoverage" => Door::Needs(Permission::ReadCoverage),
        "listDemands" | "getExceptions" | "listCandidates" | "getPlacement" | "getLatestChange" => Door::Needs(Permission::ReadPlacements),
        "putPlacement" | "deletePlacement" | "reverseChange" => Door::Needs(Permission::PlaceStudents),
        "createProposal" | "getLatestProposal" | "listJobs" | "getJob" | "cancelJob" => Door::Needs(Permission::MakeProposals),
        "getWorkbook" => Door::Needs(Permission::ExportStudents),
        "listImports" | "getImportTemplate" | "createImport" => LOADING,
        _ => return None,
    })
}
