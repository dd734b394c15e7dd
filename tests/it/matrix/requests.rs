//! How each operation and each page is asked for, and what it is about.

use kernschil_api::{PREFIX, operations};
use kernschil_domain::access::Permission;
use kernschil_http::Door;
use poem::http::Method;
use poem::test::{TestForm, TestFormField, TestRequestBuilder};
use serde_json::{Value, json};

use super::Client;
use super::world::{Relation, Session, Things, World};
use crate::support::root;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A round: part of it is enough.
    Round,
    /// A round as a whole.
    WholeRound,
    /// A school in a round.
    School,
    /// A student in a round, with demand and placement.
    Student,
    /// A scenario of a round.
    Scenario,
    /// A letter of a round.
    Letter,
    /// A peer review that an own role in it reaches.
    Review,
    /// Work for a round as a whole.
    Job,
    /// A workbook that somebody at the command line loaded.
    Import,
    /// Something of the whole installation, by its identifier: an account, a mail, a student for who handles privacy.
    Installation,
    /// A session or API token of the reader in this world.
    OfReader,
    /// Something that this installation does not have, such as a provider to sign in at.
    Nowhere,
    /// Something of one's own, or of nobody in particular.
    Own,
}

/// What goes with a request.
#[derive(Debug, Clone)]
enum Payload {
    Nothing,
    Json(Value),
    Form(Vec<(&'static str, String)>),
    File(&'static str),
    Upload(&'static str, &'static str),
}

/// A header that says which version somebody saw.
type HeaderOf = fn(&Things) -> (&'static str, String);

/// How an operation or page is asked for.
struct Spec {
    subjects: &'static [Subject],
    changes: bool,
    /// A permission besides the one of the door.
    also: Option<Permission>,
    payload: fn(&Things) -> Payload,
    header: Option<HeaderOf>,
}

/// One request of the matrix.
pub(super) struct Cell {
    pub(super) name: String,
    pub(super) is_api: bool,
    pub(super) door: Door,
    pub(super) also: Option<Permission>,
    pub(super) relation: Relation,
    pub(super) subjects: &'static [Subject],
    pub(super) changes: bool,
    method: Method,
    path: String,
    payload: Payload,
    header: Option<(&'static str, String)>,
}

const NOTHING: fn(&Things) -> Payload = |_| Payload::Nothing;

fn reads(subjects: &'static [Subject]) -> Spec {
    Spec { subjects, changes: false, also: None, payload: NOTHING, header: None }
}

fn changes(subjects: &'static [Subject], payload: fn(&Things) -> Payload) -> Spec {
    Spec { changes: true, payload, ..reads(subjects) }
}

/// How an operation is asked for; nothing when it is not known here.
#[expect(clippy::match_same_arms, reason = "an operation stands beside its kin")]
fn operation(id: &str) -> Option<Spec> {
    use Subject::{Installation, Job, Letter, Nowhere, OfReader, Own, Round, Scenario, School, Student, WholeRound};
    let tag = |things: &Things| ("if-match", format!("\"{}\"", things.placement));
    let first: HeaderOf = |_| ("if-match", "\"1\"".to_owned());
    Some(match id {
        "getOpenApiDocument"
        | "getCurrentSession"
        | "listRounds"
        | "listJobs"
        | "listImports"
        | "listSessions"
        | "listTokens"
        | "listUsers"
        | "getProcessingRegister"
        | "getRetention"
        | "listAuditEvents" => reads(&[Own]),
        // The pool of peers is one list; a peer or member that is not there, is not there for anybody.
        "listPeers" => reads(&[Own]),
        "createPeer" => changes(&[Own], |things| Payload::Json(json!({ "name": "P", "email": "p@elders.example", "region": things.job }))),
        "getPeer" => reads(&[Nowhere]),
        "putPeer" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |things| Payload::Json(json!({ "name": "P", "email": "p@elders.example", "region": things.job })))
        },
        "getPanel" | "getPanelProposal" | "listReviewMembers" | "getVisitPoll" => reads(&[Subject::Review]),
        "putPanelVerdict" => changes(&[Nowhere], |_| Payload::Json(json!({ "verdict": "conflict", "reason": "Familie" }))),
        "deletePanelVerdict" => changes(&[Nowhere], NOTHING),
        "askReviewMember" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "role": "observer", "name": "W", "email": "w@elders.example" })))
        }
        "askReviewMemberAgain" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "role": "member" }))) },
        "withdrawReviewMember" => Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) },
        "answerReviewInvitation" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "answer": "agreed" }))) },
        "putVisitPollDays" => changes(&[Subject::Review], |_| Payload::Json(json!({ "days": [] }))),
        "putVisitPollAnswers" => changes(&[Nowhere], |_| Payload::Json(json!({ "answers": [] }))),
        "chooseVisitDay" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "day": "2027-03-15" }))) },
        "listReviews" | "getReviewRhythm" | "getReviewWorkbook" | "getReviewCalendarDays" | "listStepTemplates" => reads(&[Own]),
        "createReview" => changes(&[Own], |_| Payload::Json(json!({ "name": "Proef", "kind": "developmental" }))),
        "putStepTemplates" => changes(&[Own], |_| Payload::Json(json!({ "steps": [] }))),
        "getReview" | "getReviewDays" | "listReviewSteps" | "listEvidence" | "listDevelopmentQuestions" | "getProgramme" => {
            reads(&[Subject::Review])
        }
        "changeReview" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "name": "Anders" }))) },
        "moveReview" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "event": "begin" }))) },
        "createSecondChance" => changes(&[Subject::Review], NOTHING),
        "addReviewStep" => Spec {
            header: Some(first),
            ..changes(&[Subject::Review], |_| {
                Payload::Json(json!({ "phase": "preparing", "name": "Bellen", "days": -3, "waitsFor": "chair" }))
            })
        },
        "changeReviewStep" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "name": "Anders" }))) },
        "removeReviewStep" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "addDevelopmentQuestion" => changes(&[Subject::Review], |_| Payload::Json(json!({ "text": "Hoe leren wij?" }))),
        "putDevelopmentQuestion" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "text": "Hoe?" }))) },
        "shiftDevelopmentQuestion" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "way": "up" }))) },
        "removeDevelopmentQuestion" | "removeProgrammePart" | "removeEvidence" => {
            Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) }
        }
        "addProgrammePart" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "startsAt": "09:30", "endsAt": "10:00", "title": "Ontvangst" })))
        }
        "putProgrammePart" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |_| Payload::Json(json!({ "startsAt": "09:30", "endsAt": "10:00", "title": "Ontvangst" })))
        },
        // Who has a right but no row in the review hears so; a note that is not there is not there for anybody.
        "listDayNotes" => reads(&[Subject::Review]),
        "putDayNote" => Spec {
            header: Some(|_| ("if-match", "\"0\"".to_owned())),
            ..changes(&[Subject::Review], |_| Payload::Json(json!({ "body": "Goed gesprek." })))
        },
        "removeDayNote" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "listFigureChoices" | "listPinnedFigures" => reads(&[Subject::Review]),
        "pinFigure" => changes(&[Subject::Review], |_| Payload::Json(json!({ "part": "1", "figure": "geen" }))),
        "unpinFigure" | "putFigureBack" => changes(&[Nowhere], NOTHING),
        "listFindings" | "getFindingsForm" => reads(&[Subject::Review]),
        "getFinding" => reads(&[Nowhere]),
        "addFinding" => changes(&[Subject::Review], |_| {
            Payload::Json(json!({ "kind": "strength", "part": "1", "text": "Er is een gedeeld beeld.", "evidence": [] }))
        }),
        "putFinding" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |_| Payload::Json(json!({ "kind": "strength", "part": "1", "text": "Anders.", "evidence": [] })))
        },
        "removeFinding" => Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) },
        "readFindingsForm" => changes(&[Subject::Review], |_| Payload::File("almere/studenten.xlsx")),
        "handInFindings" => {
            Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "contents": "findings" }))) }
        }
        // Weighing, outcome and follow-up. What is not there, is not there for anybody; no review follows on another here.
        "getWeighing" | "getWeighingWorkbook" | "getReviewOutcome" | "listFollowUps" | "getFollowUpWorkbook" => reads(&[Subject::Review]),
        "listPreviousFollowUps" => reads(&[Nowhere]),
        "addJointFinding" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "kind": "strength", "part": "1", "text": "Samen.", "sources": [] })))
        }
        "putJointFinding" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |_| Payload::Json(json!({ "kind": "strength", "part": "1", "text": "Samen.", "sources": [] })))
        },
        "removeJointFinding" | "putBackJointFinding" | "withdrawDissent" => Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) },
        "putDissent" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "text": "Anders." }))) },
        "putReviewOutcome" => Spec {
            header: Some(first),
            ..changes(&[Subject::Review], |_| {
                Payload::Json(json!({ "safeguards": { "1": "sufficient" }, "overall": "sufficient", "decidedOn": "2026-01-01" }))
            })
        },
        "addFollowUp" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "text": "Doen", "owner": "De coördinator", "dueOn": "2027-01-01" })))
        }
        "putFollowUp" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |_| Payload::Json(json!({ "text": "Doen", "owner": "De coördinator", "dueOn": "2027-01-01" })))
        },
        "openFindings" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "getEvidence" | "getEvidenceFile" => reads(&[Nowhere]),
        // What cannot be brought is refused in the same way for everybody who may.
        "addEvidenceFile" => changes(&[Subject::Review], |_| Payload::File("almere/studenten.xlsx")),
        "addEvidenceLink" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "title": "Site", "parts": ["1"], "link": "https://school.example/" })))
        }
        "putEvidence" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "title": "Plan", "parts": [] }))) },
        "renewEvidenceFile" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::File("almere/studenten.xlsx")) },
        "renewEvidenceLink" => {
            Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "link": "https://school.example/" }))) }
        }
        "listFrameworks" => reads(&[Own]),
        "getFramework" | "compareFrameworks" | "getFrameworkWorkbook" | "getFrameworkYaml" => reads(&[Installation]),
        "previewReviewFramework" => reads(&[Subject::Review]),
        "putReviewFramework" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "createFramework" => changes(&[Own], |_| Payload::Json(json!({ "name": "Proef" }))),
        "loadFramework" => changes(&[Own], |_| Payload::File("almere/studenten.xlsx")),
        "putFramework" => Spec { header: Some(first), ..changes(&[Installation], |_| Payload::Json(json!({ "name": "Proef" }))) },
        "publishFramework" | "removeFramework" => Spec { header: Some(first), ..changes(&[Installation], NOTHING) },
        "getReflection" | "getReflectionText" | "listReflectionVersions" => reads(&[Subject::Review]),
        "putReflectionText" => Spec {
            header: Some(|_| ("if-match", "\"0\"".to_owned())),
            ..changes(&[Subject::Review], |_| Payload::Json(json!({ "body": "Wij doen dit zo." })))
        },
        // A version that is not there is not there for anybody.
        "restoreReflectionVersion" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "number": 99 }))) },
        "handInReflection" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "takeReflectionBack" => {
            Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "reason": "iets vergeten" }))) }
        }
        "deleteSession" | "revokeToken" => changes(&[OfReader], NOTHING),
        "createToken" => changes(&[Own], |_| Payload::Json(json!({ "name": "proef", "scope": "read", "days": 30 }))),
        "searchUsers" => Spec { payload: |_| Payload::Json(json!({ "text": "iemand" })), ..reads(&[Own]) },
        "inviteUser" => changes(&[Own], |_| Payload::Json(json!({ "email": "nieuw@example.nl", "name": "Nieuw" }))),
        "getUser" | "getStudentDossier" => reads(&[Installation]),
        "removeUser"
        | "createInvitation"
        | "createPasswordReset"
        | "removeSecondFactor"
        | "blockUser"
        | "unblockUser"
        | "endRole"
        | "eraseStudent" => changes(&[Installation], NOTHING),
        "grantRole" => changes(&[Installation], |_| Payload::Json(json!({ "role": "reader", "scope": "all" }))),
        "correctStudent" => changes(&[Installation], |things| {
            let names = json!({ "version": things.placement.0, "givenName": "Anna", "familyName": "Bakker" });
            let mut body = names.as_object().unwrap().clone();
            body.insert("number".to_owned(), json!(things.number));
            body.insert("kind".to_owned(), json!("student"));
            Payload::Json(Value::Object(body))
        }),
        "putRetention" => changes(&[Own], |_| Payload::Json(json!({ "mails": 3 }))),
        "createSession" => changes(&[Own], |_| Payload::Json(json!({}))),
        "deleteCurrentSession" | "deleteOtherSessions" => changes(&[Own], NOTHING),
        "getRound"
        | "listSchools"
        | "listStudents"
        | "getExceptions"
        | "listDemands"
        | "getLatestChange"
        | "getCoverage"
        | "listCoverageStudents"
        | "getWorkbook" => reads(&[Round]),
        "searchStudents" => Spec { payload: |things| Payload::Json(json!({ "text": things.number })), ..reads(&[Round]) },
        "getSchool" => reads(&[Round, School]),
        "getStudent" | "getStudentReasons" | "listCandidates" | "getPlacement" => reads(&[Round, Student]),
        "putPlacement" => Spec {
            header: Some(tag),
            ..changes(&[Round, Student], |things| Payload::Json(json!({ "offer": things.offer, "guidance": "extra" })))
        },
        "deletePlacement" => Spec { header: Some(tag), ..changes(&[Round, Student], NOTHING) },
        "reverseChange" => changes(&[Round, Student], NOTHING),
        "listTeams" => reads(&[Round]),
        "listExclusions" => reads(&[Round, Student]),
        "swapPlacements" => changes(&[Round, Student], |things| Payload::Json(json!({ "one": row(things), "other": row(things) }))),
        "createBulkChange" => changes(&[Round, Student], |things| Payload::Json(json!({ "action": "pin", "demands": [row(things)] }))),
        "createTeam" => changes(&[Round, Student], |things| Payload::Json(json!({ "name": "Leerteam", "members": [things.demand] }))),
        "putTeam" => Spec {
            header: Some(tag),
            ..changes(&[Round, Subject::Nowhere], |things| Payload::Json(json!({ "name": "Leerteam", "members": [things.demand] })))
        },
        "deleteTeam" => Spec { header: Some(tag), ..changes(&[Round, Subject::Nowhere], NOTHING) },
        "putHold" => Spec { header: Some(tag), ..changes(&[Round, Student], |_| Payload::Json(json!({ "hold": "pinned" }))) },
        "putTurn" => Spec { header: Some(tag), ..changes(&[Round, Student], |_| Payload::Json(json!({ "turn": "left-out" }))) },
        "putExclusion" => Spec {
            header: Some(|_| ("if-none-match", "*".to_owned())),
            also: Some(Permission::ReadCustom),
            ..changes(&[Round, Student], |things| Payload::Json(json!({ "category": "family", "placement": things.placement })))
        },
        "deleteExclusion" => Spec {
            header: Some(|_| ("if-match", "\"family\"".to_owned())),
            also: Some(Permission::ReadCustom),
            ..changes(&[Round, Student], NOTHING)
        },
        "getRules" | "getBoardTotals" => reads(&[WholeRound]),
        "putRules" => Spec {
            header: Some(|_| ("if-match", "\"1\"".to_owned())),
            ..changes(&[WholeRound], |_| {
                let aims: Vec<_> = kernschil_domain::policy::Aim::ALL.iter().map(|aim| aim.code()).collect();
                Payload::Json(json!({ "rules": [], "aims": aims, "maxWishes": 3, "travelMode": "bicycle", "guidedBy": "school" }))
            })
        },
        "putBoardTotals" => Spec {
            header: Some(|_| ("if-match", "\"1\"".to_owned())),
            ..changes(&[WholeRound], |_| Payload::Json(json!({ "totals": [] })))
        },
        "listMutations" => reads(&[WholeRound]),
        "createMutation" => changes(&[WholeRound], |_| Payload::Json(json!({ "kind": "enrolment" }))),
        "getMutation" => reads(&[WholeRound, Scenario]),
        "createMutationPlan" | "cancelMutation" => Spec { header: Some(first), ..changes(&[WholeRound, Scenario], NOTHING) },
        "carryOutMutation" => {
            Spec { header: Some(first), ..changes(&[WholeRound, Scenario], |_| Payload::Json(json!({ "order": "kept-first" }))) }
        }
        "listWaiting" => reads(&[Round]),
        "placeWaiting" => changes(&[Round, Student], |things| Payload::Json(json!({ "offer": things.offer }))),
        "getStudentHistory" => reads(&[Round, Student]),
        "getSchoolHistory" => reads(&[Round, School]),
        "createProposal" => changes(&[WholeRound], NOTHING),
        "getLatestProposal" | "getShortages" | "listScenarios" | "compareScenarios" => reads(&[WholeRound]),
        // The report. There is no version here, and nothing is published.
        "getReport" => reads(&[Subject::Review]),
        "getReportVersion"
        | "getReportDocument"
        | "getReportWorkbook"
        | "compareReportVersions"
        | "getPublication"
        | "getPublicationDocument"
        | "getPublicationWorkbook" => reads(&[Nowhere]),
        "makeReportVersion" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "putReportTexts" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "texts": [] }))) },
        "sendReport" | "putReportDeadline" => {
            Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "respondBy": "2026-07-15" }))) }
        }
        "addReportComment" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "number": 1, "paragraph": "panel", "text": "Anders." })))
        }
        "putReportComment" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "text": "Anders." }))) },
        "removeReportComment" => Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) },
        "putReportReply" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "reply": "Gedaan." }))) },
        "finaliseReport" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({}))) },
        "publishReport" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "parts": [] }))) },
        "withdrawPublication" => {
            Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "reason": "Fout." }))) }
        }
        "createScenario" => changes(&[WholeRound], |_| Payload::Json(json!({ "name": "proef" }))),
        "getScenario" => reads(&[WholeRound, Scenario]),
        "changeScenario" => Spec {
            header: Some(first),
            ..changes(&[WholeRound, Scenario], |things| Payload::Json(json!({ "name": format!("proef {}", things.scenario) })))
        },
        "putScenarioRules" => Spec {
            header: Some(first),
            ..changes(&[WholeRound, Scenario], |_| {
                let aims: Vec<_> = kernschil_domain::policy::Aim::ALL.iter().map(|aim| aim.code()).collect();
                Payload::Json(json!({ "rules": [], "aims": aims, "maxWishes": 3, "travelMode": "car", "guidedBy": "school" }))
            })
        },
        "shiftScenarioPlaces" => Spec { header: Some(first), ..changes(&[WholeRound, Scenario], |_| Payload::Json(json!({ "by": 1 }))) },
        "removeScenario" | "chooseScenario" => Spec { header: Some(first), ..changes(&[WholeRound, Scenario], NOTHING) },
        "solveScenario" => changes(&[WholeRound, Scenario], NOTHING),
        "getRoundSteps" | "listSnapshots" | "listWaves" | "listLetters" => reads(&[WholeRound]),
        "getWaveWorkbook" => Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound]) },
        "getLetter" => reads(&[WholeRound, Letter]),
        "moveRound" => Spec { header: Some(first), ..changes(&[WholeRound], |_| Payload::Json(json!({ "event": "back" }))) },
        "putRoundDates" => {
            let dates = |_: &Things| Payload::Json(json!({ "dates": [{ "step": "offering", "dueOn": "2026-03-01" }] }));
            Spec { header: Some(first), ..changes(&[WholeRound], dates) }
        }
        "fixRound" => Spec { header: Some(first), ..changes(&[WholeRound], NOTHING) },
        "reopenRound" => Spec { header: Some(first), ..changes(&[WholeRound], |_| Payload::Json(json!({ "reason": "mistake" }))) },
        "announceRound" => Spec { header: Some(first), ..changes(&[WholeRound], |_| Payload::Json(json!({ "audience": "schools" }))) },
        "listSchoolAnswers" => reads(&[Round]),
        "putSchoolAnswer" => changes(&[Round, School], |_| Payload::Json(json!({ "answer": "none" }))),
        "askSchools" => changes(&[Round], NOTHING),
        "getJob" => reads(&[Job]),
        "cancelJob" => changes(&[Job], NOTHING),
        "getImportTemplate" => Spec { also: Some(Permission::ImportStudents), ..reads(&[Own]) },
        "createImport" => Spec { also: Some(Permission::ImportStudents), ..changes(&[Own], |_| Payload::File("almere/studenten.xlsx")) },
        _ => return None,
    })
}

/// How a page is asked for; nothing when it is not known here. One group of pages after the other, so that a new one
/// finds its place.
#[expect(clippy::match_same_arms, reason = "pages stand with those they belong to")]
fn page(method: &Method, path: &str) -> Option<Spec> {
    use Subject::{Import, Installation, Job, Letter, Nowhere, OfReader, Own, Round, Scenario, School, Student, WholeRound};
    let posts = *method == Method::POST;
    let empty: fn(&Things) -> Payload = |_| Payload::Form(Vec::new());
    Some(match path {
        // Before somebody is signed in; what such a link opens, its own tests show.
        "/inloggen/tweede-factor" | "/wachtwoord-vergeten" | "/wachtwoord-herstellen" | "/uitnodiging/:token" if posts => {
            changes(&[Own], empty)
        }
        "/inloggen/tweede-factor"
        | "/inloggen/:provider"
        | "/inloggen/:provider/terug"
        | "/uitnodiging/:token/:provider"
        | "/wachtwoord-vergeten"
        | "/wachtwoord-vergeten/verstuurd"
        | "/wachtwoord-herstellen"
        | "/wachtwoord-herstellen/:token"
        | "/uitnodiging/:token" => reads(&[Own]),
        // People of a peer review.
        "/peers" if posts => Spec { payload: |_| Payload::Form(vec![("zoek", "iemand".to_owned())]), ..reads(&[Own]) },
        "/peers/nieuw" if posts => changes(&[Own], empty),
        "/peers" | "/peers.xlsx" | "/peers/nieuw" => reads(&[Own]),
        "/peers/:id" if posts => changes(&[Nowhere], empty),
        "/peers/:id" => reads(&[Nowhere]),
        "/peer-reviews/:slug/deelnemers/antwoord" => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("antwoord", "agreed".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/deelnemers/:id/") => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("rol", "member".to_owned())]))
        }
        "/peer-reviews/:slug/datum" if posts => changes(&[Nowhere], empty),
        "/peer-reviews/:slug/panel/oordeel"
        | "/peer-reviews/:slug/deelnemers"
        | "/peer-reviews/:slug/datum/dagen"
        | "/peer-reviews/:slug/datum/kiezen"
            if posts =>
        {
            changes(&[Subject::Review], empty)
        }
        "/peer-reviews/:slug/panel" | "/peer-reviews/:slug/deelnemers" | "/peer-reviews/:slug/datum" => reads(&[Subject::Review]),
        // The calendar of peer reviews, and each review as a whole.
        "/peer-reviews" | "/peer-reviews/werkboek.xlsx" | "/peer-reviews/kalender.ics" => reads(&[Own]),
        "/peer-reviews/nieuw" | "/peer-reviews/stappen" if posts => changes(&[Own], empty),
        "/peer-reviews/nieuw" | "/peer-reviews/stappen" => reads(&[Own]),
        "/peer-reviews/:slug/stappen" if posts => changes(&[Subject::Review], |_| {
            let fields = [("versie", "1"), ("naam", "Bellen"), ("fase", "preparing"), ("dagen", "-3"), ("wie", "chair")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/stappen/:nummer/weg" => changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned())])),
        "/peer-reviews/:slug" | "/peer-reviews/:slug/kalender.ics" | "/peer-reviews/:slug/stappen" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/gegevens" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned()), ("naam", "Anders".to_owned())]))
        }
        "/peer-reviews/:slug/gegevens" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/verder" => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned()), ("gebeurtenis", "begin".to_owned())]))
        }
        "/peer-reviews/:slug/stappen/:nummer" => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned()), ("klaar-vandaag", "ja".to_owned())]))
        }
        "/peer-reviews/:slug/tweede-kans" => changes(&[Subject::Review], empty),
        // Quality frameworks.
        "/kaders" if posts => changes(&[Own], |_| Payload::Form(vec![("naam", "Proef".to_owned())])),
        "/kaders" | "/kaders/nieuw" | "/kaders/sjabloon.xlsx" => reads(&[Own]),
        "/kaders/bestand" => changes(&[Own], |_| Payload::Upload("students", "almere/studenten.xlsx")),
        "/kaders/:slug/bestand" => changes(&[Installation], |_| Payload::Upload("students", "almere/studenten.xlsx")),
        path if path.starts_with("/kaders/:slug") && posts => {
            changes(&[Installation], |_| Payload::Form(vec![("versie", "1".to_owned()), ("naam", "Proef".to_owned())]))
        }
        path if path.starts_with("/kaders/:slug") => reads(&[Installation]),
        "/peer-reviews/:slug/kader" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned()), ("naar", "proefkader".to_owned())]))
        }
        "/peer-reviews/:slug/kader" => reads(&[Subject::Review]),
        // What is prepared for a peer review.
        "/peer-reviews/:slug/reflectie/:part" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "0".to_owned()), ("tekst", "Wij doen dit zo.".to_owned())]))
        }
        "/peer-reviews/:slug/reflectie" | "/peer-reviews/:slug/reflectie/:part" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/reflectie/:part/kerncijfers" => changes(&[Subject::Review], empty),
        path if path.starts_with("/peer-reviews/:slug/reflectie/:part/kerncijfers/:figure") => changes(&[Nowhere], empty),
        "/peer-reviews/:slug/reflectie/:part/geschiedenis" if posts => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("terug", "99".to_owned())]))
        }
        "/peer-reviews/:slug/reflectie/:part/geschiedenis" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/reflectie/:part/samenvoegen" => reads(&[Nowhere]),
        // What cannot be brought is refused in the same way for everybody who may; a piece that is not there is not there.
        "/peer-reviews/:slug/bewijsstukken" if posts => {
            changes(&[Subject::Review], |_| Payload::Upload("students", "almere/studenten.xlsx"))
        }
        "/peer-reviews/:slug/bewijsstukken" => reads(&[Subject::Review]),
        path if path.starts_with("/peer-reviews/:slug/bewijsstukken/:evidence") && posts => {
            if path.ends_with("/versie") {
                changes(&[Nowhere], |_| Payload::Upload("students", "almere/studenten.xlsx"))
            } else {
                changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("titel", "Plan".to_owned())]))
            }
        }
        path if path.starts_with("/peer-reviews/:slug/bewijsstukken/:evidence") => reads(&[Nowhere]),
        "/peer-reviews/:slug/dag" | "/peer-reviews/:slug/dag/werker.js" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/dag/notities" => changes(&[Subject::Review], |_| {
            let fields = [("notitie", "0190f3b2-7c4e-7000-8000-0000000000ee"), ("versie", "0"), ("tekst", "Goed gesprek.")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/dag/notities/:note/weg" => changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned())])),
        "/peer-reviews/:slug/programma" if posts => changes(&[Subject::Review], |_| {
            Payload::Form(vec![("begin", "9.30".to_owned()), ("eind", "10.00".to_owned()), ("titel", "Ontvangst".to_owned())])
        }),
        "/peer-reviews/:slug/programma" => reads(&[Subject::Review]),
        path if path.starts_with("/peer-reviews/:slug/programma/:item") && posts => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("titel", "Ontvangst".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/programma/:item") => reads(&[Nowhere]),
        "/peer-reviews/:slug/ontwikkelvragen" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("vraag", "Hoe leren wij samen?".to_owned())]))
        }
        "/peer-reviews/:slug/ontwikkelvragen" => reads(&[Subject::Review]),
        path if path.starts_with("/peer-reviews/:slug/ontwikkelvragen/:question") => changes(&[Nowhere], |_| {
            Payload::Form(vec![("versie", "1".to_owned()), ("vraag", "Hoe?".to_owned()), ("richting", "omhoog".to_owned())])
        }),
        "/peer-reviews/:slug/reflectie-inleveren" | "/peer-reviews/:slug/reflectie-terughalen" => changes(&[Subject::Review], empty),
        // What each of the panel finds. A finding of another is not there.
        "/peer-reviews/:slug/bevindingen" if posts => changes(&[Subject::Review], |_| {
            let fields = [("soort", "strength"), ("onderdeel", "1"), ("bevinding", "Er is een gedeeld beeld.")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/bevindingen/:finding" | "/peer-reviews/:slug/bevindingen/:finding/verwijderen" if posts => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("bevinding", "Anders".to_owned())]))
        }
        "/peer-reviews/:slug/bevindingen/:finding" => reads(&[Nowhere]),
        "/peer-reviews/:slug/bevindingen-formulier" | "/peer-reviews/:slug/bevindingen-formulier/overnemen" => {
            changes(&[Subject::Review], |_| Payload::Upload("students", "almere/studenten.xlsx"))
        }
        "/peer-reviews/:slug/bevindingen-inleveren" | "/peer-reviews/:slug/bevindingen-openen" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("gezien", "1".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/bevindingen") => reads(&[Subject::Review]),
        // Weighing, outcome and follow-up. No review follows on another here.
        "/peer-reviews/:slug/weging" if posts => changes(&[Subject::Review], |_| {
            let fields = [("formulier", "nieuw"), ("soort", "strength"), ("onderdeel", "1"), ("tekst", "Samen.")];
            Payload::Form(fields.map(|(name, value)| (name, value.to_owned())).to_vec())
        }),
        "/peer-reviews/:slug/weging" | "/peer-reviews/:slug/weging/werkboek.xlsx" => reads(&[Subject::Review]),
        // What somebody wrote about a joint finding that is gone is shown to her again, so these send no text.
        path if path.starts_with("/peer-reviews/:slug/weging/:joint") => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned())]))
        }
        "/peer-reviews/:slug/oordeel" if posts => changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned())])),
        "/peer-reviews/:slug/oordeel" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/opvolging" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("actie", "Doen".to_owned()), ("wie", "De coördinator".to_owned())]))
        }
        "/peer-reviews/:slug/opvolging" | "/peer-reviews/:slug/opvolging/werkboek.xlsx" => reads(&[Subject::Review]),
        "/peer-reviews/:slug/opvolging/:action" => changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned())])),
        "/peer-reviews/:slug/vorige" => reads(&[Nowhere]),
        // The report. There is no version here, and nothing is published.
        "/peer-reviews/:slug/rapport/verschil" => reads(&[Nowhere]),
        path if path.starts_with("/peer-reviews/:slug/rapport/versies/") => reads(&[Nowhere]),
        path if path.starts_with("/peer-reviews/:slug/rapport/reactie/:comment") => {
            changes(&[Nowhere], |_| Payload::Form(vec![("versie", "1".to_owned()), ("tekst", "Anders.".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/rapport") && posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("nummer", "1".to_owned()), ("versie", "1".to_owned())]))
        }
        path if path.starts_with("/peer-reviews/:slug/rapport") => reads(&[Subject::Review]),
        "/peer-reviews/:slug/publiceren" | "/peer-reviews/:slug/publicatie/terughalen" if posts => {
            changes(&[Subject::Review], |_| Payload::Form(vec![("versie", "1".to_owned())]))
        }
        "/peer-reviews/:slug/publiceren" => reads(&[Subject::Review]),
        path if path.starts_with("/peer-reviews/:slug/publicatie") => reads(&[Nowhere]),
        // One's own account.
        "/account/sessies/:id/beeindigen" | "/account/sleutels/:id/intrekken" => changes(&[OfReader], empty),
        "/account/inlogdiensten/koppelen" | "/account/inlogdiensten/loskoppelen" => changes(&[Nowhere], empty),
        path if path.starts_with("/account") && posts => changes(&[Own], empty),
        path if path.starts_with("/account") => reads(&[Own]),
        // The installation.
        "/hulp/wie-mag-wat"
        | "/eerste-keer/organisatie"
        | "/eerste-keer/gegevens"
        | "/logboek"
        | "/logboek.xlsx"
        | "/instellingen"
        | "/instellingen/mail"
        | "/instellingen/bewaartermijnen"
        | "/privacy"
        | "/privacy/register"
        | "/privacy/register.xlsx"
        | "/privacy/studenten"
        | "/gebruikers"
        | "/gebruikers.xlsx"
        | "/gebruikers/uitnodigen"
            if !posts =>
        {
            reads(&[Own])
        }
        "/privacy/studenten" | "/gebruikers" => Spec { payload: |_| Payload::Form(vec![("zoek", "iemand".to_owned())]), ..reads(&[Own]) },
        "/eerste-keer/voorbeelden" => Spec { also: Some(Permission::MakeProposals), ..changes(&[Own], empty) },
        "/eerste-keer/organisatie"
        | "/instellingen"
        | "/instellingen/mail/proef"
        | "/instellingen/bewaartermijnen"
        | "/instellingen/bewaartermijnen/toepassen"
        | "/gebruikers/uitnodigen" => changes(&[Own], empty),
        "/privacy/studenten/:id"
        | "/privacy/studenten/:id/inzage.xlsx"
        | "/privacy/studenten/:id/inzage.json"
        | "/privacy/studenten/:id/corrigeren"
        | "/privacy/studenten/:id/anonimiseren"
        | "/gebruikers/:id"
        | "/gebruikers/:id/rollen/nieuw"
            if !posts =>
        {
            reads(&[Installation])
        }
        path if path.starts_with("/privacy/studenten/:id/")
            || path.starts_with("/gebruikers/:id/")
            || path.starts_with("/instellingen/mail/:id/") =>
        {
            changes(&[Installation], empty)
        }
        "/"
        | "/hulp"
        | "/hulp/woordenlijst"
        | "/hulp/toetsen"
        | "/hulp/bevindingen"
        | "/hulp/api"
        | "/hulp/importeren/:kind"
        | "/taken"
        | "/assets/app.css"
        | "/assets/app.js"
        | "/assets/mark.svg" => reads(&[Own]),
        "/inloggen" | "/eerste-keer" if posts => changes(&[Own], |_| Payload::Form(Vec::new())),
        "/inloggen" | "/eerste-keer" => reads(&[Own]),
        "/uitloggen" => changes(&[Own], |_| Payload::Form(Vec::new())),
        "/taken/:id" => reads(&[Job]),
        "/taken/:id/afbreken" => changes(&[Job], |_| Payload::Form(Vec::new())),
        "/rondes/:slug/studenten" | "/rondes/:slug/plaatsbord" if posts => {
            Spec { payload: |things| Payload::Form(vec![("zoek", things.number.clone())]), ..reads(&[Round]) }
        }
        "/rondes/:slug"
        | "/rondes/:slug/scholen"
        | "/rondes/:slug/scholen.xlsx"
        | "/rondes/:slug/studenten"
        | "/rondes/:slug/studenten.xlsx"
        | "/rondes/:slug/plaatsbord"
        | "/rondes/:slug/dekking"
        | "/rondes/:slug/dekking.xlsx"
        | "/rondes/:slug/dekking/studenten"
        | "/rondes/:slug/dekking/studenten.xlsx"
        | "/rondes/:slug/werkboeken"
        | "/rondes/:slug/werkboeken/:file" => reads(&[Round]),
        "/rondes/:slug/scholen/:code" => reads(&[Round, School]),
        "/rondes/:slug/studenten/:id" | "/rondes/:slug/studenten/:id/waarom" => reads(&[Round, Student]),
        "/rondes/:slug/tekorten" | "/rondes/:slug/tekorten.xlsx" | "/rondes/:slug/tekorten/studenten" => reads(&[WholeRound]),
        "/rondes/:slug/scenarios" if posts => {
            changes(&[WholeRound], |_| Payload::Form(vec![("naam", "proef".to_owned()), ("begin", "ronde".to_owned())]))
        }
        "/rondes/:slug/scenarios" | "/rondes/:slug/scenarios/nieuw" | "/rondes/:slug/scenarios/vergelijken" => reads(&[WholeRound]),
        "/rondes/:slug/scenarios/vergelijken.xlsx" => Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound]) },
        // Changes after publication.
        "/rondes/:slug/wijzigingen/nieuw" if posts => changes(&[WholeRound], |_| Payload::Form(vec![("soort", "enrolment".to_owned())])),
        "/rondes/:slug/wijzigingen" | "/rondes/:slug/wijzigingen/student" if posts => Spec {
            payload: |_| Payload::Form(vec![("zoek", "iemand".to_owned()), ("soort", "student-stopped".to_owned())]),
            ..reads(&[WholeRound])
        },
        "/rondes/:slug/wijzigingen" | "/rondes/:slug/wijzigingen/nieuw" => reads(&[WholeRound]),
        "/rondes/:slug/wijzigingen.xlsx" => Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound]) },
        "/rondes/:slug/wijzigingen/:id/verplaatsingen.xlsx" => {
            Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound, Scenario]) }
        }
        "/rondes/:slug/wijzigingen/:id" => reads(&[WholeRound, Scenario]),
        path if path.starts_with("/rondes/:slug/wijzigingen/:id/") && posts => {
            changes(&[WholeRound, Scenario], |_| Payload::Form(vec![("versie", "1".to_owned()), ("volgorde", "kept-first".to_owned())]))
        }
        "/rondes/:slug/wachtlijst" | "/rondes/:slug/wachtlijst.xlsx" => reads(&[Round]),
        "/rondes/:slug/wachtlijst/plaats" => changes(&[Round, Student], |things| {
            Payload::Form(vec![("vraag", things.demand.to_string()), ("plek", things.offer.to_string())])
        }),
        path if path.starts_with("/rondes/:slug/scenarios/:id") && posts => changes(&[WholeRound, Scenario], |things| {
            Payload::Form(vec![("naam", format!("proef {}", things.scenario)), ("versie", "1".to_owned())])
        }),
        path if path.starts_with("/rondes/:slug/scenarios/:id") => reads(&[WholeRound, Scenario]),
        "/rondes/:slug/regels" if !posts => reads(&[WholeRound]),
        "/rondes/:slug/regels" | "/rondes/:slug/regels/gewone" | "/rondes/:slug/regels/besturen" => {
            changes(&[WholeRound], |_| Payload::Form(vec![("versie", "1".to_owned())]))
        }
        "/rondes/:slug/stappen" if posts => changes(&[WholeRound], |_| Payload::Form(vec![("event", "back".to_owned())])),
        "/rondes/:slug/stappen/datums" => changes(&[WholeRound], empty),
        "/rondes/:slug/antwoorden" | "/rondes/:slug/antwoorden.xlsx" => reads(&[Round]),
        "/rondes/:slug/antwoorden/vragen" => changes(&[Round], empty),
        "/rondes/:slug/antwoorden/:code" => changes(&[Round, School], |_| Payload::Form(vec![("answer", "none".to_owned())])),
        "/rondes/:slug/vaststellen" if posts => changes(&[WholeRound], empty),
        "/rondes/:slug/vaststellen/terugdraaien" => changes(&[WholeRound], |_| Payload::Form(vec![("reason", "mistake".to_owned())])),
        "/rondes/:slug/bekendmaken" if posts => changes(&[WholeRound], |_| Payload::Form(vec![("audience", "schools".to_owned())])),
        "/rondes/:slug/brieven/:wave/werkboek.xlsx" => Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound]) },
        "/rondes/:slug/brieven/:wave/:letter" => reads(&[WholeRound, Letter]),
        "/rondes/:slug/brieven/:wave/:letter/werkboek.xlsx" => {
            Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound, Letter]) }
        }
        "/rondes/:slug/stappen"
        | "/rondes/:slug/vaststellen"
        | "/rondes/:slug/bekendmaken"
        | "/rondes/:slug/brieven"
        | "/rondes/:slug/brieven/:wave"
        | "/rondes/:slug/brieven/:wave/afdrukken" => reads(&[WholeRound]),
        "/rondes/:slug/voorstel" if posts => changes(&[WholeRound], |_| Payload::Form(Vec::new())),
        "/rondes/:slug/voorstel" | "/rondes/:slug/voorstel/volgorde" => reads(&[WholeRound]),
        "/rondes/:slug/plaatsbord/plaats" => changes(&[Round, Student], |things| {
            let fields =
                [("vraag", things.demand.to_string()), ("plek", things.offer.to_string()), ("versie", things.placement.to_string())];
            Payload::Form(fields.into_iter().chain([("begeleiding", "extra".to_owned())]).collect())
        }),
        "/rondes/:slug/plaatsbord/los" => changes(&[Round, Student], |things| {
            Payload::Form(vec![("vraag", things.demand.to_string()), ("versie", things.placement.to_string())])
        }),
        "/rondes/:slug/plaatsbord/gekozen" => Spec { payload: |things| Payload::Form(vec![("rij", picked(things))]), ..reads(&[Round]) },
        "/rondes/:slug/plaatsbord/meer" => {
            changes(&[Round, Student], |things| Payload::Form(vec![("rij", picked(things)), ("handeling", "pin".to_owned())]))
        }
        "/rondes/:slug/plaatsbord/team" => {
            changes(&[Round, Student], |things| Payload::Form(vec![("rij", picked(things)), ("naam", "Leerteam".to_owned())]))
        }
        "/rondes/:slug/plaatsbord/wissel" | "/rondes/:slug/plaatsbord/vastzetten" | "/rondes/:slug/plaatsbord/uitsluiten" => {
            changes(&[Round, Student], |things| {
                let (demand, placement) = (things.demand.to_string(), things.placement.to_string());
                Payload::Form(vec![
                    ("vraag", demand.clone()),
                    ("versie", placement.clone()),
                    ("ander", demand),
                    ("anderversie", placement),
                    ("stand", "pinned".to_owned()),
                ])
            })
        }
        "/rondes/:slug/plaatsbord/overslaan" => changes(&[Round, Student], |things| {
            let fields = [("vraag", things.demand.to_string()), ("versie", things.placement.to_string()), ("stand", "left-out".to_owned())];
            Payload::Form(fields.into())
        }),
        "/rondes/:slug/plaatsbord/ongedaan" => {
            changes(&[Round, Student], |things| Payload::Form(vec![("wijziging", things.change.to_string())]))
        }
        "/importeren" if posts => {
            Spec { also: Some(Permission::ImportStudents), ..changes(&[Own], |_| Payload::Upload("students", "almere/studenten.xlsx")) }
        }
        "/importeren" => reads(&[Own]),
        "/importeren/sjabloon/:file" => Spec { also: Some(Permission::ImportStudents), ..reads(&[Own]) },
        "/importeren/:id" => reads(&[Import]),
        "/importeren/:id/laden" => changes(&[Own], |_| Payload::Form(Vec::new())),
        "/importeren/:id/bevindingen.xlsx" => reads(&[Own]),
        _ => return None,
    })
}

/// A demand as it was seen, in a request of the API.
fn row(things: &Things) -> Value {
    json!({ "demand": things.demand, "placement": things.placement })
}

/// A demand as it was seen, as the value of a tick box.
fn picked(things: &Things) -> String {
    format!("{}.{}", things.demand, things.placement)
}

/// The framework of the reviews; where there is no review, there is no framework either.
fn framework(things: &Things) -> String {
    if things.review == "bestaat-niet" { things.review.clone() } else { "proefkader".to_owned() }
}

/// A part of a path that stands for something, filled in.
fn part(path: &str, name: &str, things: &Things) -> Option<String> {
    Some(match name {
        "slug" if path.starts_with("/peer-reviews/") => things.review.clone(),
        "review" => things.review.clone(),
        "slug" if path.starts_with("/kaders/") => framework(things),
        "framework" | "earlier" => framework(things),
        "round" | "slug" => things.round.clone(),
        "student" => things.student.to_string(),
        "demand" => things.demand.to_string(),
        "code" | "school" => things.school.clone(),
        "letter" => things.letter.to_string(),
        "wave" | "part" | "number" | "later" | "nummer" => "1".to_owned(),
        "note" | "question" | "item" | "figure" | "finding" | "joint" | "action" | "comment" | "evidence" | "peer" | "member" => {
            "0190f3b2-7c4e-7000-8000-0000000000ee".to_owned()
        }
        "team" => "0190f3b2-7c4e-7000-8000-0000000000ff".to_owned(),
        "job" => things.job.to_string(),
        "change" => things.change.to_string(),
        "kind" if path.starts_with("/review-steps/") => "developmental".to_owned(),
        "kind" if path.contains("workbooks") => "students".to_owned(),
        "kind" => "students".to_owned(),
        "file" if path.contains("sjabloon") => "students.xlsx".to_owned(),
        "file" => "students.xlsx".to_owned(),
        "mutation" => things.mutation.to_string(),
        "id" if path.contains("/wijzigingen/") => things.mutation.to_string(),
        "id" if path.contains("/scenarios/") => things.scenario.to_string(),
        "scenario" => things.scenario.to_string(),
        "id" if path.starts_with("/peers/") || path.starts_with("/peer-reviews/") => "0190f3b2-7c4e-7000-8000-0000000000ee".to_owned(),
        "id" if path.contains("/studenten/") => things.student.to_string(),
        "id" if path.contains("/taken/") => things.job.to_string(),
        "id" if path.contains("/importeren/") => things.import.to_string(),
        "user" => things.user.to_string(),
        "id" if path.starts_with("/gebruikers/") => things.user.to_string(),
        "id" if path.starts_with("/instellingen/mail/") => things.mail.to_string(),
        "id" if path.starts_with("/account/sessies/") => things.session.to_string(),
        "id" if path.starts_with("/account/sleutels/") => things.token.to_string(),
        "grant" => things.grant.to_string(),
        "session" => things.session.to_string(),
        "token" if path.starts_with("/tokens/") => things.token.to_string(),
        "token" => "geen-bewijs".to_owned(),
        "provider" => "geen-dienst".to_owned(),
        _ => return None,
    })
}

fn filled(path: &str, things: &Things) -> String {
    let parts = path.split('/').map(|segment| {
        let name = segment.strip_prefix(':').or_else(|| segment.strip_prefix('{')?.strip_suffix('}'));
        match name {
            Some(name) => part(path, name, things).unwrap_or_else(|| panic!("the matrix does not know {name} in {path}")),
            None => segment.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

fn cells(world: &World, method: &Method, path: &str, door: Door, spec: &Spec, is_api: bool) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for relation in Relation::ALL {
        let things = world.things(relation);
        let payload = (spec.payload)(things);
        let full = if is_api { format!("{PREFIX}{}", filled(path, things)) } else { filled(path, things) };
        let is_known = |cell: &Cell| cell.path == full && format!("{:?}", cell.payload) == format!("{payload:?}");
        if cells.iter().any(is_known) {
            continue;
        }
        cells.push(Cell {
            name: format!("{method} {path}"),
            is_api,
            door,
            also: spec.also,
            relation,
            subjects: spec.subjects,
            changes: spec.changes,
            method: method.clone(),
            path: full,
            payload,
            header: spec.header.map(|header| header(things)),
        });
    }
    cells
}

/// A request for every operation and relation.
pub(super) fn api_cells(world: &World) -> Vec<Cell> {
    let of = |op: kernschil_api::OperationDoc| {
        let door = kernschil_api::door(&op.id).unwrap_or_else(|| panic!("operation {} has no door", op.id));
        let spec = operation(&op.id).unwrap_or_else(|| panic!("the matrix does not know operation {}", op.id));
        let method: Method = op.method.parse().unwrap();
        cells(world, &method, &op.path, door, &spec, true)
    };
    operations().into_iter().flat_map(of).collect()
}

/// A request for every page and relation.
pub(super) fn page_cells(world: &World) -> Vec<Cell> {
    let of = |page_door: kernschil_http::PageDoor| {
        let (method, path) = (page_door.method, page_door.path);
        let spec = page(&method, path).unwrap_or_else(|| panic!("the matrix does not know {method} {path}"));
        cells(world, &method, path, page_door.door, &spec, false)
    };
    kernschil_web::doors().into_iter().flat_map(of).collect()
}

fn example(name: &str) -> Vec<u8> {
    std::fs::read(root().join("imports/voorbeelden").join(name)).unwrap()
}

impl Cell {
    fn request<'c>(&self, client: &'c Client, csrf: &str) -> TestRequestBuilder<'c, poem::endpoint::BoxEndpoint<'static, poem::Response>> {
        let mut request = client.request(self.method.clone(), self.path.clone());
        if let Some((name, value)) = &self.header {
            request = request.header(*name, value.clone());
        }
        match &self.payload {
            Payload::Nothing => request,
            Payload::Json(body) => request.body_json(body),
            Payload::Form(fields) => {
                let mut all = vec![("csrf", csrf.to_owned())];
                all.extend(fields.clone());
                request.form(&all)
            }
            Payload::File(name) => request
                .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
                .header("content-disposition", "attachment; filename=\"studenten.xlsx\"")
                .body(example(name)),
            Payload::Upload(kind, name) => {
                let form = TestForm::new().text("csrf", csrf.to_owned()).text("soort", *kind);
                request.multipart(form.field(TestFormField::bytes(example(name)).name("bestand").filename("studenten.xlsx")))
            }
        }
    }

    async fn answer(request: TestRequestBuilder<'_, poem::endpoint::BoxEndpoint<'static, poem::Response>>) -> (u16, Vec<u8>) {
        let response = request.send().await.0;
        let status = response.status().as_u16();
        (status, response.into_body().into_bytes().await.unwrap_or_default().to_vec())
    }

    /// Sends it with the cookie of somebody.
    pub(super) async fn send(&self, client: &Client, session: &Session) -> (u16, Vec<u8>) {
        let request = self.request(client, &session.csrf).header("cookie", format!("kernschil={}", session.token));
        let request = if self.is_api && self.method != Method::GET { request.header("x-csrf-token", &session.csrf) } else { request };
        Self::answer(request).await
    }

    /// Sends it without a cookie.
    pub(super) async fn send_as_stranger(&self, client: &Client) -> (u16, Vec<u8>) {
        Self::answer(self.request(client, "")).await
    }
}
